//! Who draws pages: a few workers, so that what they have cached stays warm. The others rest until one of these has a change to make,
//! which may have to wait for other changes, and leaves them its place.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Workers that draw pages, for each processor: while one waits for the disk, another draws.
const EACH: usize = 2;
/// However few processors there are.
const FEWEST: usize = 4;

/// Who draws pages, and where the other workers rest.
#[derive(Debug)]
pub struct Crew {
    /// Places that nobody has taken.
    free: Mutex<usize>,
    freed: Condvar,
}

impl Crew {
    /// As many places as keep this machine's processors at work.
    pub fn of_this_machine() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self { free: Mutex::new(FEWEST.max(EACH * processors)), freed: Condvar::new() }
    }

    fn free(&self) -> MutexGuard<'_, usize> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A worker takes a place, as soon as one is free or all is `over`.
    pub fn take_place(&self, over: &impl Fn() -> bool) {
        let full = |free: &mut usize| *free == 0 && !over();
        let mut free = self.freed.wait_while(self.free(), full).unwrap_or_else(PoisonError::into_inner);
        *free = free.saturating_sub(1);
    }

    /// A worker that may have to wait leaves its place to another.
    fn leave_place(&self) {
        *self.free() += 1;
        self.freed.notify_one();
    }

    /// Wakes everybody who rests: all may be over.
    pub fn call_all(&self) {
        // Under the lock: whoever goes to rest meanwhile has seen that it is over.
        let free = self.free();
        self.freed.notify_all();
        drop(free);
    }
}

/// A worker's place among those who draw pages, during one request.
pub struct Place<'a> {
    crew: &'a Crew,
    over: &'a dyn Fn() -> bool,
    left: bool,
}

impl<'a> Place<'a> {
    /// Of a worker that has taken it; `over` as in `take_place`.
    pub fn new(crew: &'a Crew, over: &'a impl Fn() -> bool) -> Self {
        Self { crew, over, left: false }
    }

    /// What follows may have to wait for a change.
    pub fn leave(&mut self) {
        if !self.left {
            self.crew.leave_place();
            self.left = true;
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.left {
            self.crew.take_place(&self.over);
        }
    }
}
