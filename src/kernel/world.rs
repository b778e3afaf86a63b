//! What reaches outside, given to the portal as values: chance, the cost of passwords, the way letters leave.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::kernel::random::Tokens;
use crate::kernel::secret::PasswordCost;
use crate::kernel::time::Clock;

/// How letters leave the portal (MAI-1).
#[derive(Clone, Debug)]
pub enum Transport {
    /// They stay in the outbox, to be read in the portal.
    Hold,
    /// Each becomes an `.eml` file in this folder.
    Folder(PathBuf),
    /// For tests: kept as raw messages.
    Memory(Arc<Mutex<Vec<Vec<u8>>>>),
    /// For tests: every delivery fails.
    Failing,
}

/// The world outside.
#[derive(Clone, Debug)]
pub struct World {
    /// Now.
    pub clock: Clock,
    /// Chance.
    pub tokens: Tokens,
    /// The way out for letters.
    pub transport: Transport,
    /// What a password hash costs.
    pub password_cost: PasswordCost,
}
