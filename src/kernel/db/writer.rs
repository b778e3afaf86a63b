//! The one connection that writes, and the truth about a commit that failed (OPS-4).
//!
//! A commit is frames at the end of the write-ahead log, the last one with a mark, and then a sync. If that fails, this process goes
//! on as if the frames were not there. But they may have reached the disk, and whoever reads the log from its beginning, after a
//! crash, would find them: whether the work was saved is not known. So the writer settles it before anything else is written. It
//! looks on a fresh connection whether the work is there. If not, it writes a commit of its own over those frames: each frame's
//! checksum continues the one before, so that nothing behind an overwritten frame is ever read again. If it is, what the failed sync
//! may have lost is written to the log again. Until one of the two has reached the disk, nothing is promised and nothing is written.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use crate::kernel::disk::{Fault, Outcome};
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
        Ok(Self { connection, path: path.to_owned(), doubt: None, told: false })
    }

    /// Whether the disk refused the last work, or nobody knows yet what became of it.
    pub(super) const fn fails(&self) -> bool {
        self.told || self.doubt.is_some()
    }

    /// The connection, outside of any transaction.
    pub(super) const fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Does work in one transaction: `Ok` is on the disk, `Err` was rolled back, unless it is a `Disk` that says otherwise.
    pub(super) fn write<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let (mut work, mut answer) = (Some(work), None);
        self.carry_out(&mut |transaction| {
            if let Some(work) = work.take() {
                answer = Some(work(transaction)?);
            }
            Ok(())
        })?;
        answer.ok_or_else(|| Error::internal("a transaction was saved without its work"))
    }

    /// All of it but the work itself, once in the program and not for each of hundreds of changes.
    fn carry_out(&mut self, work: Work<'_>) -> Result<()> {
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

    fn attempt(&mut self, work: Work<'_>) -> Result<()> {
        let not_saved = |error: Error| error.with_outcome(Outcome::NotSaved);
        let before = self.connection.total_changes();
        let mark = Tokens.number(1, i64::from(i32::MAX))?;
        let begun = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = begun.map_err(|error| not_saved(error.into()))?;
        work(&transaction).map_err(not_saved)?;
        if transaction.is_autocommit() {
            return Err(Error::internal("a transaction was ended by an error that its work did not pass on"));
        }
        // While the disk fails, work that has nothing to write, such as that of the jobs, tries it all the same.
        if self.told || transaction.total_changes() != before {
            transaction.pragma_update(None, MARK, mark).map_err(|error| not_saved(error.into()))?;
        }
        let Err(error) = transaction.execute_batch("commit") else { return Ok(()) };
        // SQLite refused before it wrote anything, and going out of scope rolls back; or the end of the commit is what found no room.
        if !transaction.is_autocommit() || error.sqlite_error_code() == Some(ErrorCode::DiskFull) {
            return Err(not_saved(error.into()));
        }
        drop(transaction);
        self.doubt = Some(mark);
        match self.settle(mark) {
            Ok(Found::There) => Ok(()),
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
            write_log_again(&self.path)?;
            transaction.rollback()?;
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
    fn tell(&mut self, result: &Result<()>) {
        match result {
            Err(Error::Disk(trouble)) if trouble.fault != Fault::Busy && !self.told => {
                eprintln!("{} cannot be written ({}): {}", self.path.display(), trouble.why, trouble.advice());
                self.told = true;
            }
            Ok(()) if self.told => {
                eprintln!("{} can be written again", self.path.display());
                self.told = false;
            }
            _ => {}
        }
    }
}

/// What is done in a transaction, once.
type Work<'a> = &'a mut dyn FnMut(&Connection) -> Result<()>;

/// What looking for a commit gave.
enum Found {
    There,
    NotThere,
}

/// A connection that may write.
pub(super) fn connect(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    super::prepare(&connection)?;
    connection.execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on;")?;
    Ok(connection)
}

/// Moves the log into the file and empties it, when nobody is in the way.
pub(super) fn empty_log(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "busy_timeout", 0)?;
    let result = connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()));
    connection.pragma_update(None, "busy_timeout", 5_000)?;
    Ok(result?)
}

/// What a killed process left in the log may be in the machine's memory only, after a sync that failed. Nothing is built on it before
/// it was written again; that comes before any connection to the file closes, since the last one moves the log into the file.
pub(super) fn secure_log(connection: &mut Connection, path: &Path) -> Result<()> {
    connection.pragma_update(None, "busy_timeout", 0)?;
    match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(_lock) => write_log_again(path)?,
        // Whoever is writing just now knows what the log holds.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(connection.pragma_update(None, "busy_timeout", 5_000)?)
}

/// Writes what the log holds over itself and syncs it; the caller has the lock of writers. A sync that failed may have lost what the
/// machine's memory still shows, and a later one does not try that again: only what is written anew reaches the disk. Moving the log
/// into the file instead would not do, since the old beginning of the log would outlast a power cut and hide what was moved.
fn write_log_again(path: &Path) -> Result<()> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let mut file = match OpenOptions::new().read(true).write(true).open(log) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let mut chunk = vec![0; 1 << 20];
    loop {
        let length = file.read(&mut chunk)?;
        let Some(read) = chunk.get(..length).filter(|read| !read.is_empty()) else { break };
        file.seek_relative(i64::try_from(length).unwrap_or_default().saturating_neg())?;
        file.write_all(read)?;
    }
    Ok(file.sync_all()?)
}
