//! The one connection that writes, and the truth about a commit that failed (OPS-4).
//!
//! A commit is frames at the end of the write-ahead log, the last one with a mark, and then a sync. If that fails, this process goes
//! on as if the frames were not there. But they may have reached the disk, and whoever reads the log from its beginning, after a
//! crash, would find them: whether the work was saved is not known. So the writer settles it before anything else is written. It
//! looks on a fresh connection whether the work is there. If not, it writes a commit of its own over those frames: each frame's
//! checksum continues the one before, so that nothing behind an overwritten frame is ever read again. Until one of the two has
//! reached the disk, nothing is promised and nothing is written.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use crate::kernel::disk::{Fault, Outcome, Trouble};
use crate::kernel::error::{Error, Result};
use crate::kernel::random::Tokens;

/// What each commit leaves in the file's header, so that one can look for it: a random number.
const MARK: &str = "user_version";

/// The writing connection.
#[derive(Debug)]
pub(super) struct Writer {
    connection: Connection,
    path: PathBuf,
    /// The mark of the commit that failed last, until it is settled.
    doubt: Option<i64>,
    /// Whether the log was told that writing fails.
    told: bool,
}

impl Writer {
    /// Opens it, for a file whose schema is up to date.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let connection = connect(path)?;
        // What a killed process left may be in the machine's memory only, after a sync that failed; nothing is built on it before it
        // is in the file. Where another process is at work this does nothing: it knows what it left.
        empty_log(&connection, 0)?;
        Ok(Self { connection, path: path.to_owned(), doubt: None, told: false })
    }

    /// The connection, outside of any transaction.
    pub(super) const fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Does work in one transaction: `Ok` is on the disk, `Err` was rolled back, unless it is a `Disk` that says otherwise.
    pub(super) fn write<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let result = match self.doubt {
            None => self.attempt(work),
            Some(mark) => match self.settle(mark) {
                Ok(_) => self.attempt(work),
                Err(error) => Err(error.with_outcome(Outcome::NotBegun)),
            },
        };
        self.tell(&result);
        result
    }

    fn attempt<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let not_saved = |error: Error| error.with_outcome(Outcome::NotSaved);
        let before = self.connection.total_changes();
        let mark = Tokens.number(1, i64::from(i32::MAX))?;
        let begun = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = begun.map_err(|error| not_saved(error.into()))?;
        let answer = work(&transaction).map_err(not_saved)?;
        if transaction.is_autocommit() {
            return Err(Error::internal("a transaction was ended by an error that its work did not pass on"));
        }
        if transaction.total_changes() != before {
            transaction.pragma_update(None, MARK, mark).map_err(|error| not_saved(error.into()))?;
        }
        let Err(error) = transaction.execute_batch("commit") else { return Ok(answer) };
        // SQLite refused before it wrote anything; going out of scope rolls back.
        if !transaction.is_autocommit() {
            return Err(not_saved(error.into()));
        }
        drop(transaction);
        self.doubt = Some(mark);
        match self.settle(mark) {
            Ok(Found::There) => Ok(answer),
            Ok(Found::NotThere) => Err(not_saved(error.into())),
            Err(_) => Err(Error::from(error).with_outcome(Outcome::InDoubt)),
        }
    }

    /// Finds out whether the commit with this mark is in the file, and makes that answer last.
    fn settle(&mut self, mark: i64) -> Result<Found> {
        // Opened before the old one goes: with a process's last connection its index of the log would go too.
        self.connection = connect(&self.path)?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let last: i64 = transaction.pragma_query_value(None, MARK, |row| row.get(0))?;
        let found = if last == mark {
            transaction.rollback()?;
            // Its own sync failed, and a later one need not repeat what that one lost.
            if !empty_log(&self.connection, 5_000)? {
                return Err(Error::Disk(Trouble::busy("the log is being read")));
            }
            Found::There
        } else {
            transaction.pragma_update(None, MARK, Tokens.number(1, i64::from(i32::MAX))?)?;
            transaction.commit()?;
            Found::NotThere
        };
        self.doubt = None;
        Ok(found)
    }

    /// The operator hears once that the disk fails, and once that it works again.
    fn tell<T>(&mut self, result: &Result<T>) {
        match result {
            Err(Error::Disk(trouble)) if trouble.fault != Fault::Busy && !self.told => {
                eprintln!("{} cannot be written ({}): {}", self.path.display(), trouble.why, trouble.advice());
                self.told = true;
            }
            Ok(_) if self.told => {
                eprintln!("{} can be written again", self.path.display());
                self.told = false;
            }
            _ => {}
        }
    }
}

/// What looking for a commit gave.
enum Found {
    There,
    NotThere,
}

fn connect(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    super::prepare(&connection)?;
    connection.execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on;")?;
    Ok(connection)
}

/// Moves the log into the file and empties it; false where others were in the way for so many milliseconds.
pub(super) fn empty_log(connection: &Connection, patience: u32) -> Result<bool> {
    connection.execute_batch(&format!("pragma busy_timeout = {patience};"))?;
    let busy = connection.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get::<_, bool>(0));
    connection.execute_batch("pragma busy_timeout = 5000;")?;
    Ok(!busy?)
}
