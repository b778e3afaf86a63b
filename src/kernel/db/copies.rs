//! Copies of a database file: made while others read and write, verified, and looked into without changing them.
//!
//! A copy is read on a connection of its own that cannot write, so it never holds the write lock. It holds one moment's state of the
//! file for as long as it takes, and so long the write-ahead log cannot be emptied: `Watch` therefore looks at what is left of the
//! disk, and gives up before it is full.

use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use crate::kernel::db::Reader;
use crate::kernel::db::migrations::{self, APPLICATION_ID};
use crate::kernel::disk::Fault;
use crate::kernel::error::{Error, Result};
use crate::kernel::time::Timestamp;

/// So much of the disk stays free whatever is copied: room for the write-ahead log and for letters.
pub const SPARE: u64 = 64 * 1024 * 1024;
/// How often a copy in the making looks around, in steps of SQLite's machine: some hundred microseconds.
const STEPS: i32 = 4_000;
/// Written pages are handed to the disk in pieces of this size: one great heap at the end would hold up every other sync.
const PIECE: u64 = 8 * 1024 * 1024;

/// How eagerly a copy is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// Nobody else is there.
    Alone,
    /// Beside people who wait for their pages: it rests as long as it works.
    Gentle,
}

/// Work in one go at a gentle pace, and the rest after it. Shorter than a scheduler's slice, so that no page waits for one.
const WORK: Duration = Duration::from_millis(1);

/// A write-ahead log longer than this in bytes is reason to hurry: it cannot be emptied before the copy is made.
const LONG_LOG: u64 = 128 * 1024 * 1024;

/// Who may stop a copy, and how eagerly it is made.
#[derive(Clone, Debug)]
pub struct Watch {
    /// Set by whoever wants it to end.
    pub stop: Arc<AtomicBool>,
    /// How eagerly.
    pub pace: Pace,
}

impl Watch {
    /// Nobody will stop it.
    pub fn unstopped(pace: Pace) -> Self {
        Self { stop: Arc::default(), pace }
    }

    /// Sees to it that the connection rests now and then, hands what it writes to the disk and ends early when it must. `way` is from
    /// where to where a copy is made; nothing where none is.
    fn over(&self, connection: &mut Connection, way: Option<(&Path, &Path)>) -> Result<()> {
        let (watch, mut worked, mut synced) = (self.clone(), Instant::now(), 0);
        let way = way.map(|(from, to)| (log_of(from), to.to_owned()));
        let mut file = None;
        let look = move || {
            let mut hurry = watch.pace == Pace::Alone;
            if let Some((log, to)) = &way {
                hand_over(to, &mut file, &mut synced);
                if fs4::available_space(to).is_ok_and(|free| free < SPARE / 2) {
                    return true;
                }
                hurry |= std::fs::metadata(log).is_ok_and(|log| LONG_LOG < log.len());
            }
            if !hurry && WORK <= worked.elapsed() {
                std::thread::sleep(worked.elapsed().min(WORK * 4));
                worked = Instant::now();
            }
            watch.stop.load(Ordering::Relaxed)
        };
        Ok(connection.progress_handler(STEPS, Some(look))?)
    }
}

fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    PathBuf::from(log)
}

/// What could not be handed over now is so at the end, where failing counts.
fn hand_over(path: &Path, file: &mut Option<File>, synced: &mut u64) {
    let Ok(length) = std::fs::metadata(path).map(|known| known.len()) else { return };
    if length < *synced + PIECE {
        return;
    }
    if file.is_none() {
        *file = OpenOptions::new().write(true).open(path).ok();
    }
    if let Some(file) = file {
        drop(file.sync_data());
    }
    *synced = length;
}

/// The mark that the newest commit left in a file, and its schema: two files with the same pair are of the same state, unless the mark
/// is 0, which an older program left.
pub fn state(path: &Path) -> Result<(i64, i32)> {
    let mut connection = read_only(path)?;
    let mark = connection.query_row("pragma user_version", [], |row| row.get(0))?;
    Ok((mark, migrations::schema(&mut connection)?))
}

/// How many bytes a copy of this file will have at most.
pub fn size(path: &Path) -> Result<u64> {
    let connection = read_only(path)?;
    let asked = |pragma: &str| connection.query_row(&format!("pragma {pragma}"), [], |row| row.get::<_, i64>(0));
    let pages = asked("page_count")? - asked("freelist_count")?;
    Ok(u64::try_from(pages * asked("page_size")?).unwrap_or_default())
}

/// Copies one moment's state of a file into a new one at `to`, for this user alone, without gaps and without a log beside it. What is
/// there after an error is to be thrown away.
pub fn copy(from: &Path, to: &Path, watch: &Watch) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(to).map_err(|error| unwritable(to, &error))?);
    let mut connection = read_only(from)?;
    // The pages pass through once; a large cache would only push others out of memory.
    // `query_only` would forbid the new file too; that this connection cannot write the old one is in how it was opened.
    connection.execute_batch("pragma query_only = off; pragma cache_size = -4096; pragma mmap_size = 0;")?;
    watch.over(&mut connection, Some((from, to)))?;
    let target = to.to_str().ok_or_else(|| Error::refused(format!("{} has a name that is no text.", to.display())))?;
    connection.execute("vacuum into ?1", [target]).map_err(|error| interrupted(&error, to))?;
    drop(connection);
    // Whatever was not handed over on the way.
    let file = OpenOptions::new().write(true).open(to).map_err(|error| unwritable(to, &error))?;
    file.sync_all().map_err(|error| unwritable(to, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::refused(format!("{} cannot be written ({error}).", path.display()))
}

fn interrupted(error: &rusqlite::Error, to: &Path) -> Error {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::OperationInterrupted) if fs4::available_space(to).is_ok_and(|free| free < SPARE) => {
            Error::refused("The disk became too full while the copy was made, so it was given up.")
        }
        Some(rusqlite::ErrorCode::OperationInterrupted) => Error::refused("The copy was stopped before it was whole."),
        Some(rusqlite::ErrorCode::DiskFull) => Error::refused("The disk is full, so the copy was given up."),
        _ => Error::refused(format!("The copy could not be made ({error}).")),
    }
}

/// A connection that cannot write. It makes no file that is not there.
pub(super) fn read_only(path: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch("pragma query_only = on; pragma trusted_schema = off; pragma temp_store = memory;")?;
    Ok(connection)
}

/// Reads from one moment's state of any file of Portico's, such as a copy or one that a server has open.
pub fn look<T>(path: &Path, now: Timestamp, work: impl FnOnce(&Reader<'_>) -> Result<T>) -> Result<T> {
    let mut connection = read_only(path)?;
    connection.execute_batch("pragma mmap_size = 2147418112;")?;
    let transaction = connection.transaction()?;
    work(&Reader { connection: &transaction, shelf: &RefCell::default(), now })
}

/// Refuses to go on while anybody else has this file open, and brings what its log holds into it. Whoever opens it after this is not
/// kept away. A file that cannot be read at all has nobody at work in it.
pub fn alone(path: &Path) -> Result<()> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(2))?;
    connection.execute_batch("pragma locking_mode = exclusive; pragma trusted_schema = off;")?;
    let asked = connection.execute_batch("begin exclusive; rollback; pragma wal_checkpoint(truncate);");
    if asked.as_ref().is_err_and(|error| error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)) {
        return Err(Error::refused("Another command of Portico's is at work in this folder. Wait for it, then try again."));
    }
    Ok(())
}

/// Brings all of a file that nobody else has open into one, without a log beside it, down to the disk.
pub fn in_one_piece(path: &Path) -> Result<()> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    let mode: String = connection.query_row("pragma journal_mode = delete", [], |row| row.get(0))?;
    drop(connection);
    if mode != "delete" {
        return Err(Error::internal(format!("{} keeps its log ({mode})", path.display())));
    }
    OpenOptions::new().write(true).open(path).and_then(|file| file.sync_all()).map_err(|error| unwritable(path, &error))
}

/// What a file says of itself, before a connection is opened to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Header {
    /// Portico's.
    Ours,
    /// A database of another program's.
    Foreign,
    /// No database at all.
    Other,
}

/// Whose file this is, by its first hundred bytes alone. Not for a file that this process has open: reading it by hand would let go
/// of SQLite's locks.
pub fn header(path: &Path) -> std::io::Result<Header> {
    use std::io::Read as _;
    // Whoever opens a pipe waits for somebody at its other end.
    if !std::fs::metadata(path)?.is_file() {
        return Ok(Header::Other);
    }
    let mut first = Vec::new();
    File::open(path)?.take(100).read_to_end(&mut first)?;
    if first.len() < 100 || !first.starts_with(b"SQLite format 3\0") {
        return Ok(Header::Other);
    }
    Ok(if first.get(68..72) == Some(&APPLICATION_ID.to_be_bytes()) { Header::Ours } else { Header::Foreign })
}

/// What `verify` found out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verified {
    /// The number of its newest migration.
    pub schema: i32,
}

/// Verifies a file that nobody writes: Portico's, no newer than this program, its pages, indexes and search whole, every reference
/// kept. The refusal says what is wrong, one sentence.
pub fn verify(path: &Path, watch: &Watch) -> Result<Verified> {
    look_whole(path, watch).map_err(|error| unverified(path, error))
}

fn unverified(path: &Path, error: Error) -> Error {
    let damaged = |why: &str| Error::refused(format!("{} is damaged ({why}).", path.display()));
    if let Error::Internal(why) = &error {
        return if why.contains("interrupted") { Error::refused("The copy was stopped before it was verified.") } else { damaged(why) };
    }
    if let Error::Disk(trouble) = &error {
        let unreadable = || Error::refused(format!("{} cannot be read ({}).", path.display(), trouble.why));
        return if trouble.fault == Fault::Damaged { damaged(&trouble.why) } else { unreadable() };
    }
    error
}

fn look_whole(path: &Path, watch: &Watch) -> Result<Verified> {
    let wrong = |what: String| Error::refused(format!("{} {what}", path.display()));
    let mut connection = read_only(path)?;
    connection.execute_batch("pragma mmap_size = 2147418112; pragma cache_size = -8192;")?;
    watch.over(&mut connection, None)?;
    let id: i32 = connection.query_row("pragma application_id", [], |row| row.get(0))?;
    if id != APPLICATION_ID {
        return Err(wrong("is not a file of Portico's.".to_owned()));
    }
    let (schema, newest) = (migrations::schema(&mut connection)?, migrations::newest());
    if newest < schema {
        return Err(wrong(format!(
            "was written by a newer Portico (schema {schema}, this program knows {newest}). Use the newer program."
        )));
    }
    if let Some(first) = migrations::divergences(&mut connection)?.first() {
        return Err(wrong(format!("has another history than this program: {first}.")));
    }
    if let Some(first) = integrity(&connection)?.first() {
        return Err(wrong(format!("is damaged ({first}).")));
    }
    if let Some(first) = migrations::strangers(&connection, schema)?.first() {
        return Err(wrong(format!("has a schema of its own: {first}.")));
    }
    let dangling: i64 = connection.query_row("select count(*) from pragma_foreign_key_check", [], |row| row.get(0))?;
    if dangling > 0 {
        return Err(wrong(format!("holds {dangling} rows that point at nothing.")));
    }
    Ok(Verified { schema })
}

/// What SQLite finds wrong with pages, indexes and search indexes; nothing when all is well. At most ten findings.
fn integrity(connection: &Connection) -> Result<Vec<String>> {
    let mut statement = connection.prepare("pragma integrity_check(10)")?;
    let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(found.into_iter().filter(|line| line != "ok").map(|line| line.replace('\n', " ")).collect())
}

/// The same three looks at a file that may be in use, each by itself: what is wrong, one sentence each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Health {
    /// Pages, indexes and search indexes.
    pub integrity: Vec<String>,
    /// Rows that point at nothing, by table.
    pub references: Vec<String>,
    /// The schema's history.
    pub history: Vec<String>,
    /// The number of the newest migration.
    pub schema: i32,
}

impl Health {
    /// What else is read from a damaged file says nothing.
    const fn damaged(integrity: Vec<String>) -> Self {
        Self { integrity, references: Vec::new(), history: Vec::new(), schema: 0 }
    }
}

/// Looks at all of a file, whoever is using it. Each look is a transaction of its own, so that none holds the log for long.
pub fn health(path: &Path) -> Result<Health> {
    let mut connection = read_only(path)?;
    connection.execute_batch("pragma mmap_size = 2147418112; pragma cache_size = -16384;")?;
    let integrity = match integrity(&connection) {
        Ok(found) if found.is_empty() => found,
        Ok(found) => return Ok(Health::damaged(found)),
        Err(error) => return Ok(Health::damaged(vec![error.to_string()])),
    };
    let sql =
        "select count(*) || ' of ' || \"table\" || ' pointing at no ' || parent from pragma_foreign_key_check group by \"table\", parent";
    let references = connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let (schema, mut history) = (migrations::schema(&mut connection)?, migrations::divergences(&mut connection)?);
    if history.is_empty() {
        history = migrations::strangers(&connection, schema)?;
    }
    Ok(Health { integrity, references, history, schema })
}
