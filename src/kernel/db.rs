//! The database: one file, one writer, readers that cannot write, one transaction a request.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Params, Row};

use self::kept::Shelf;
use self::writer::Writer;

use crate::kernel::error::{Error, Result};
use crate::kernel::random::Tokens;
use crate::kernel::secret::Vault;
use crate::kernel::time::{Clock, Timestamp};

pub mod copies;
pub mod indexes;
mod kept;
pub mod migrations;
pub mod sight;
pub mod slices;
mod writer;

/// How many milliseconds one of very many transactions waits for others that wait.
const LONGEST_TURN: u32 = 1_000;

/// The open database with what every transaction is given: clock, chance and the key file's vault.
#[derive(Clone, Debug)]
pub struct Db(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    writer: Mutex<Writer>,
    /// How many threads wait for the writer.
    waiting: AtomicUsize,
    readers: Mutex<Vec<Reading>>,
    clock: Clock,
    tokens: Tokens,
    vault: Vault,
}

impl Db {
    /// Opens the file, making it and bringing its schema up to date as needed. A file that is not Portico's, or is newer than
    /// this program, is refused with a sentence and left as it was. It is for this user alone to read.
    pub fn open(path: &Path, clock: Clock, vault: Vault) -> Result<Self> {
        make_private(path);
        migrations::run(path)?;
        let writer = Writer::open(path)?;
        keep_private(path);
        let inner = Inner {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            waiting: AtomicUsize::new(0),
            readers: Mutex::new(Vec::new()),
            clock,
            tokens: Tokens,
            vault,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// The clock that all transactions share.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The key file's vault.
    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }

    /// Reads from one moment's state of the file, on a connection that cannot write.
    pub fn read<T>(&self, work: impl FnOnce(&Reader<'_>) -> Result<T>) -> Result<T> {
        let taken = self.0.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reading = match taken {
            Some(reading) => reading,
            None => Reading { connection: reader(&self.0.path)?, shelf: RefCell::default() },
        };
        let moment = Moment::of(&reading.connection)?;
        let answer = work(&Reader { connection: &reading.connection, shelf: &reading.shelf, now: self.0.clock.now() });
        drop(moment);
        // A connection that met a failing disk, or could not end what it began, is not used again.
        if reading.connection.is_autocommit() && !matches!(answer, Err(Error::Disk(_))) {
            self.0.readers.lock().unwrap_or_else(PoisonError::into_inner).push(reading);
        }
        answer
    }

    /// Does one piece of work in one transaction: `Ok` commits, `Err` rolls back. On `Ok` it is on the disk; a `Disk` error says
    /// what became of it (OPS-4).
    pub fn write<T>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
        self.writer().write(|connection| work(&Tx { connection, now: self.0.clock.now(), tokens: self.0.tokens, vault: &self.0.vault }))
    }

    /// The same for one of very many transactions that follow on each other: whoever waits goes first. A lock that is let go and taken
    /// again at once would never reach them, and another process looks for it only now and then: so there is a `pause`.
    pub fn write_in_turn<T>(&self, pause: Duration, work: impl FnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
        std::thread::sleep(pause);
        for _ in 0..LONGEST_TURN {
            if self.0.waiting.load(Ordering::SeqCst) == 0 {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        self.write(work)
    }

    /// A panic in the middle of a transaction rolled it back, so what it poisoned is sound.
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.0.waiting.fetch_add(1, Ordering::SeqCst);
        let writer = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
        writer
    }

    /// Whether the last work that was to be saved was, as far as is known; somebody at work at this moment is no bad sign.
    pub fn takes_writes(&self) -> bool {
        match self.0.writer.try_lock() {
            Ok(writer) => !writer.fails(),
            Err(TryLockError::Poisoned(poisoned)) => !poisoned.into_inner().fails(),
            Err(TryLockError::WouldBlock) => true,
        }
    }

    /// Does work whose one transaction touches very many rows: the pages it changes stay in memory until the commit, and are given
    /// back after it.
    pub fn with_room<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let set = |batch: &str| -> Result<()> { Ok(self.writer().connection().execute_batch(batch)?) };
        set("pragma cache_size = -98304; pragma wal_autocheckpoint = 16000;")?;
        let answer = work();
        set("pragma cache_size = -2000; pragma wal_autocheckpoint = 1000; pragma shrink_memory;")?;
        answer
    }

    /// Moves the write-ahead log into the file and empties it, when nobody is in the way.
    pub fn checkpoint(&self) -> Result<()> {
        writer::empty_log(self.writer().connection())
    }
}

fn reader(path: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    prepare(&connection)?;
    connection.execute_batch("pragma query_only = on; pragma mmap_size = 2147418112;")?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // Otherwise a statement that may use a partial index is compiled anew whenever one of its values is another one than before.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch("pragma foreign_keys = on; pragma trusted_schema = off; pragma temp_store = memory;")?;
    Ok(())
}

/// Makes the file for this user alone, if it is not there yet: whatever SQLite puts beside it takes its mode from it. A file that
/// cannot be made is for SQLite to complain of.
fn make_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(path));
}

/// Takes the file, and what lies beside it, back from others: an older program, or a copy, may have left it open to them. Somebody
/// else's file stays as it is.
fn keep_private(path: &Path) {
    #[cfg(unix)]
    for ending in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(ending);
        let private = <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600);
        drop(std::fs::set_permissions(Path::new(&file), private));
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// One moment's state of the file, until this is dropped. Its statements are compiled once, since every page has some.
struct Moment<'a>(&'a Connection);

impl<'a> Moment<'a> {
    fn of(connection: &'a Connection) -> Result<Self> {
        connection.prepare_cached("begin")?.execute([])?;
        Ok(Self(connection))
    }
}

impl Drop for Moment<'_> {
    fn drop(&mut self) {
        // A connection that is still in its transaction then is thrown away.
        drop(self.0.prepare_cached("rollback").and_then(|mut rollback| rollback.execute([])));
    }
}

/// What stores ask of a reader and of a transaction alike.
pub trait Read {
    /// The connection inside its transaction.
    fn connection(&self) -> &Connection;
    /// The moment this piece of work began.
    fn now(&self) -> Timestamp;

    /// The only row, or `NotFound`.
    fn one<T>(&self, sql: &str, params: impl Params, read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>) -> Result<T> {
        Ok(self.connection().prepare_cached(sql)?.query_row(params, read)?)
    }

    /// The first row, if there is one.
    fn maybe<T>(&self, sql: &str, params: impl Params, read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>) -> Result<Option<T>> {
        match self.connection().prepare_cached(sql)?.query_row(params, read) {
            Ok(value) => Ok(Some(value)),
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Every row, in the statement's order.
    fn all<T>(&self, sql: &str, params: impl Params, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>> {
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// A connection that reads, and what it remembers between two changes.
#[derive(Debug)]
struct Reading {
    connection: Connection,
    shelf: RefCell<Shelf>,
}

/// A read-only view of one moment.
#[derive(Debug)]
pub struct Reader<'a> {
    connection: &'a Connection,
    shelf: &'a RefCell<Shelf>,
    now: Timestamp,
}

impl Reader<'_> {
    /// What `work` makes of the file as it is at this moment. It is worked out once for as long as nothing is committed, whoever commits; what
    /// else it depends on is said in `name` or, of the clock, by `holds`.
    pub fn kept<T: Send + Sync + 'static>(
        &self,
        name: String,
        holds: impl FnOnce(&T) -> bool,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<Arc<T>> {
        let version = self.one("pragma data_version", [], |row| row.get(0))?;
        let known = self.shelf.borrow_mut().find(version, &name, holds);
        if let Some(known) = known {
            return Ok(known);
        }
        let made = Arc::new(work()?);
        self.shelf.borrow_mut().keep(name, &made);
        Ok(made)
    }
}

impl Read for Reader<'_> {
    fn connection(&self) -> &Connection {
        self.connection
    }
    fn now(&self) -> Timestamp {
        self.now
    }
}

/// One write transaction, with the only now, chance and keys below it.
#[derive(Debug)]
pub struct Tx<'a> {
    connection: &'a Connection,
    now: Timestamp,
    tokens: Tokens,
    vault: &'a Vault,
}

impl Read for Tx<'_> {
    fn connection(&self) -> &Connection {
        self.connection
    }
    fn now(&self) -> Timestamp {
        self.now
    }
}

impl<'a> Tx<'a> {
    /// Chance.
    pub fn tokens(&self) -> Tokens {
        self.tokens
    }

    /// The key file's vault.
    pub fn vault(&self) -> &'a Vault {
        self.vault
    }

    /// Runs work whose very many rows point only at what its caller has seen to be there, all of it at once: to look for each row's
    /// targets again would hold the write lock half as long again.
    pub fn without_looking<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let looking = Looking(self.connection);
        self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false)?;
        let answer = work();
        drop(looking);
        answer
    }

    /// Work that is taken back by itself if it fails, while what was done before it stays: the inner answer is its own. Where the transaction
    /// itself is over, as an error of the disk ends it, that is the outer one.
    pub fn apart<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<Result<T>> {
        self.connection.execute_batch("savepoint apart")?;
        let answer = work();
        if self.connection.is_autocommit() || matches!(answer, Err(Error::Disk(_))) {
            return answer.map(Ok);
        }
        self.connection.execute_batch(if answer.is_ok() { "release apart" } else { "rollback to apart; release apart" })?;
        Ok(answer)
    }

    /// Runs a statement; the number of rows it changed. None runs after an error of the disk has ended the transaction: it would be
    /// committed by itself.
    pub fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        if self.connection.is_autocommit() {
            return Err(Error::internal("the transaction was ended by an error before this statement"));
        }
        Ok(self.connection.prepare_cached(sql)?.execute(params)?)
    }

    /// Runs a statement that must change exactly one row; `Conflict` if somebody else was faster.
    pub fn change_one(&self, sql: &str, params: impl Params) -> Result<()> {
        match self.execute(sql, params)? {
            1 => Ok(()),
            _ => Err(Error::Conflict("Somebody else changed this at the same moment. Look at it as it is now and try again.".to_owned())),
        }
    }
}

/// Lets a connection look for the targets of foreign keys again, also when the work in between ended in a panic.
struct Looking<'a>(&'a Connection);

impl Drop for Looking<'_> {
    fn drop(&mut self) {
        // Setting one of the connection's own bits does not fail.
        drop(self.0.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true));
    }
}
