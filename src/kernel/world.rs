//! What reaches outside, given to the portal as values: chance, the cost of passwords, the way letters leave.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

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

impl Transport {
    /// Hands a message over under a name of ours; the error is a sentence. A file appears whole or not at all.
    pub fn hand_over(&self, name: &str, message: &[u8]) -> Result<(), String> {
        match self {
            Self::Hold => Ok(()),
            Self::Folder(folder) => {
                write_whole(folder, name, message).map_err(|error| format!("{} cannot be written ({error}).", folder.display()))
            }
            Self::Memory(letters) => {
                letters.lock().unwrap_or_else(PoisonError::into_inner).push(message.to_vec());
                Ok(())
            }
            Self::Failing => Err("The way out for letters is closed.".to_owned()),
        }
    }
}

/// A temporary file that nobody else on the machine can read (letters hold secrets), synced, then renamed.
fn write_whole(folder: &Path, name: &str, message: &[u8]) -> std::io::Result<()> {
    let (temporary, finished) = (folder.join(format!(".{name}.part")), folder.join(format!("{name}.eml")));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(message)?;
    file.sync_all()?;
    std::fs::rename(&temporary, &finished)
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
