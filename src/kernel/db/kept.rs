//! What was worked out from the file, as long as nobody has written to it since.
//!
//! A page that judges thousands of rows by its viewer's own thresholds cannot keep the outcome in rows; between two changes it is the same
//! all the same. So each reading connection remembers the few last ones. Whether anybody has committed since, in this process or another, is
//! SQLite's to say (`pragma data_version`), and it says so of the moment that the reader sees: nothing stale is ever found.

use std::any::Any;
use std::sync::Arc;

/// Outcomes that one connection remembers; each may be some hundred kilobytes.
const MOST: usize = 8;

/// What one reading connection remembers, the last used first.
#[derive(Default)]
pub struct Shelf {
    version: i64,
    things: Vec<(String, Arc<dyn Any + Send + Sync>)>,
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").field("version", &self.version).field("things", &self.things.len()).finish()
    }
}

impl Shelf {
    /// What is remembered of this version of the file under this name, if it is one of these and still holds.
    pub fn find<T: Send + Sync + 'static>(&mut self, version: i64, name: &str, holds: impl FnOnce(&T) -> bool) -> Option<Arc<T>> {
        if self.version != version {
            self.version = version;
            self.things.clear();
        }
        let at = self.things.iter().position(|(known, _)| known == name)?;
        let (name, thing) = self.things.remove(at);
        let thing = thing.downcast::<T>().ok().filter(|thing| holds(thing))?;
        self.things.insert(0, (name, Arc::<T>::clone(&thing)));
        Some(thing)
    }

    /// Remembers something of the version that was last looked for.
    pub fn keep<T: Send + Sync + 'static>(&mut self, name: String, thing: &Arc<T>) {
        self.things.truncate(MOST - 1);
        let thing: Arc<dyn Any + Send + Sync> = Arc::<T>::clone(thing);
        self.things.insert(0, (name, thing));
    }
}
