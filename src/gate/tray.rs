//! Where an answer's body waits for the gate. It is made and sent on in one process, so it need not go through the socket between the
//! two: only its head does.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Names a request's tray; in an answer's head, says that the body lies there.
pub const TRAY_FIELD: &str = "x-portico-tray";

/// Every tray that is out, by its number; empty until the body comes.
#[derive(Debug, Default)]
pub struct Trays {
    last: AtomicU64,
    out: Mutex<HashMap<u64, Option<Vec<u8>>>>,
}

impl Trays {
    /// A tray for one request, which is taken in again when it is dropped.
    pub fn set_out(&self) -> Tray<'_> {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.out().insert(number, None);
        Tray { trays: self, number }
    }

    /// Lays a body on a tray. If its request is over, it is forgotten; if a body lies there, the first try of the same request was only
    /// slow, and one is as good as the other.
    pub fn lay(&self, number: u64, body: Vec<u8>) {
        if let Some(tray) = self.out().get_mut(&number) {
            tray.get_or_insert(body);
        }
    }

    /// How many are out.
    pub fn count(&self) -> usize {
        self.out().len()
    }

    fn out(&self) -> MutexGuard<'_, HashMap<u64, Option<Vec<u8>>>> {
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request's tray.
#[derive(Debug)]
pub struct Tray<'a> {
    trays: &'a Trays,
    number: u64,
}

impl Tray<'_> {
    /// What the request says in `TRAY_FIELD`.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The body that lies there.
    pub fn take(&self) -> Option<Vec<u8>> {
        self.trays.out().get_mut(&self.number)?.take()
    }
}

impl Drop for Tray<'_> {
    fn drop(&mut self) {
        drop(self.trays.out().remove(&self.number));
    }
}
