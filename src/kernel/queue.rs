//! What is due, one after the other: whatever fails is left out, so that nothing behind it waits for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::kernel::time::{Span, Timestamp};

/// Whoever runs the portal hears so often of a thing that fails again and again.
pub const TOLD_AGAIN: Span = Span::hours(1);

/// A job's way through what is due.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    left_out: BTreeSet<i64>,
    in_hand: Option<i64>,
}

impl Queue {
    /// So many of what is due, in its order, have the next one among them.
    pub fn length(&self) -> i64 {
        i64::try_from(self.left_out.len()).map_or(i64::MAX, |left_out| left_out.saturating_add(1))
    }

    /// Takes the next one in hand: the first that is not left out.
    pub fn take<T>(&mut self, due: Vec<T>, number: impl Fn(&T) -> i64) -> Option<T> {
        let next = due.into_iter().find(|each| !self.left_out.contains(&number(each)));
        self.in_hand = next.as_ref().map(number);
        next
    }

    /// What was in hand is done.
    pub fn lay_down(&mut self) {
        self.in_hand = None;
    }

    /// Leaves out what was in hand when something failed; its number, or nothing if it was nobody's fault.
    pub fn leave_out(&mut self) -> Option<i64> {
        let failed = self.in_hand.take()?;
        self.left_out.insert(failed);
        Some(failed)
    }

    /// How many were left out.
    pub fn left_out(&self) -> usize {
        self.left_out.len()
    }
}

/// What failed lately, by the job and its number, and when that was told.
#[derive(Clone, Debug, Default)]
pub struct Stumbles(Arc<Mutex<BTreeMap<(&'static str, i64), Timestamp>>>);

impl Stumbles {
    /// Whether a failure is to be told now: the first time, and once an hour while it lasts.
    pub fn is_news(&self, job: &'static str, number: i64, now: Timestamp) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, at| now - *at < TOLD_AGAIN);
        if told.contains_key(&(job, number)) {
            return false;
        }
        told.insert((job, number), now);
        true
    }
}
