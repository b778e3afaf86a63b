//! One server a data folder (OPS-3): a file that the operating system locks for as long as the process lives.
//!
//! A crash leaves the file behind and lets go of the lock with the process, so what was left is no obstacle. Beside it stands a note of
//! who holds it: the address that a server answers at, or the word of another command. The note alone means nothing.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::kernel::error::{Error, Result};

/// The file that is locked; it is removed from no folder that is in use, or two could each lock one of their own.
const LOCK: &str = "portico.lock";
/// The note beside it.
const NOTE: &str = "portico.address";
/// The note of a restore, whose folder nobody else may use meanwhile.
const RESTORING: &str = "restore";
/// Somebody who only asks whether it is held holds it for a moment.
const TRIES: usize = 20;

/// What the folder is locked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// A server.
    Serve,
    /// Bringing the schema up to date.
    Upgrade,
    /// Replacing the database.
    Restore,
}

/// The proof that this process alone serves, upgrades or replaces what is in a folder. Dropping it lets go.
#[derive(Debug)]
pub struct Lock {
    /// Locked for as long as it is open.
    _file: File,
    note: PathBuf,
}

impl Lock {
    /// Locks the folder, or says in a sentence who has it.
    pub fn take(data: &Path, purpose: Purpose) -> Result<Self> {
        let file = open(data)?;
        for attempt in 0..TRIES {
            match file.try_lock() {
                Ok(()) => {
                    let lock = Self { _file: file, note: data.join(NOTE) };
                    lock.write(if purpose == Purpose::Restore { RESTORING } else { "" })?;
                    return Ok(lock);
                }
                Err(TryLockError::WouldBlock) if attempt + 1 < TRIES => std::thread::sleep(Duration::from_millis(10)),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => {
                    return Err(Error::refused(format!("{} cannot be locked ({error}).", data.join(LOCK).display())));
                }
            }
        }
        Err(taken(data, purpose))
    }

    /// Writes down where the server answers, for `portico healthcheck`.
    pub fn tell(&self, address: &str) -> Result<()> {
        self.write(address)
    }

    /// Lets go, and takes the file away with it: only from a folder that this process made and leaves empty.
    pub fn remove(self) {
        // Where it cannot be removed the folder stays, and a lock that nobody holds.
        drop(std::fs::remove_file(self.note.with_file_name(LOCK)));
    }

    fn write(&self, note: &str) -> Result<()> {
        std::fs::write(&self.note, note).map_err(|error| unusable(&self.note, &error))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A note that stays says nothing without the lock.
        drop(std::fs::remove_file(&self.note));
    }
}

fn open(data: &Path) -> Result<File> {
    let path = data.join(LOCK);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&path).map_err(|error| unusable(&path, &error))
}

fn unusable(path: &Path, error: &std::io::Error) -> Error {
    Error::refused(format!("{} cannot be written ({error}). Mend the folder's permissions, or name another with --data.", path.display()))
}

fn taken(data: &Path, purpose: Purpose) -> Error {
    let who = match std::fs::read_to_string(data.join(NOTE)).unwrap_or_default().as_str() {
        RESTORING => format!("A backup is being restored in {}", data.display()),
        "" => format!("Another Portico uses {}", data.display()),
        address => format!("A portal runs in {} already, at {address}", data.display()),
    };
    let what = match purpose {
        Purpose::Serve => "Stop it first, or name another folder with --data.",
        Purpose::Upgrade => "Its database has to be brought up to date by this newer program; stop it first.",
        Purpose::Restore => "Stop it, then restore.",
    };
    Error::refused(format!("{who}. {what}"))
}

/// Who holds the folder at this moment, by their note: a server's address, or nothing where it is not known. `None` when nobody does.
pub fn holder(data: &Path) -> Result<Option<String>> {
    let path = data.join(LOCK);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::refused(format!("{} cannot be read ({error}).", path.display()))),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => Ok(Some(std::fs::read_to_string(data.join(NOTE)).unwrap_or_default())),
        Err(TryLockError::Error(error)) => Err(Error::refused(format!("{} cannot be locked ({error}).", path.display()))),
    }
}

/// Refuses to work in a folder whose database is being replaced. Ask after opening it: a restore notes its purpose first and looks for
/// others second, so that one of the two sees the other.
pub fn refuse_beside_restore(data: &Path) -> Result<()> {
    match holder(data)?.as_deref() {
        Some(RESTORING) => Err(Error::refused(format!("A backup is being restored in {}. Try again when that is done.", data.display()))),
        _ => Ok(()),
    }
}
