//! How often a key may ask. Pure.

use crate::kernel::time::{Span, Timestamp};

/// A key's requests that may come at once, and those a second from then on.
const BURST: i64 = 1_000;
const A_SECOND: i64 = 20;

/// How many requests a key has left at a moment, in thousandths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bucket {
    left: i64,
    at: Timestamp,
}

impl Bucket {
    /// Of a key that has rested.
    pub const fn full(now: Timestamp) -> Self {
        Self { left: BURST * 1_000, at: now }
    }

    fn left_at(self, now: Timestamp) -> i64 {
        let rested = (now - self.at).0.clamp(0, BURST * 1_000 / A_SECOND);
        (self.left + rested * A_SECOND).min(BURST * 1_000)
    }

    /// Whether it has rested long enough to be forgotten.
    pub fn is_full(self, now: Timestamp) -> bool {
        self.left_at(now) == BURST * 1_000
    }

    /// Takes one request out; else how long to wait for the next.
    pub fn take(&mut self, now: Timestamp) -> std::result::Result<(), Span> {
        let left = self.left_at(now);
        *self = Self { left, at: now };
        if left < 1_000 {
            return Err(Span((1_000 - left + A_SECOND - 1) / A_SECOND));
        }
        self.left -= 1_000;
        Ok(())
    }
}
