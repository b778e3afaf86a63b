//! Backups: made, verified, named, rotated.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use crate::access::model::Person;
use crate::access::witness_model::Clockwork;
use crate::activity;
use crate::activity::model::{Event, Kind as EventKind};
use crate::kernel::db::copies::{self, Pace, SPARE, Watch};
use crate::kernel::db::{Db, Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::random::Tokens;
use crate::kernel::text::bytes;
use crate::kernel::time::{Span, Timestamp};
use crate::partners;
use crate::upkeep::files_store::{self, KEY_FILE, Part};
use crate::upkeep::model::{Copy, Daily, Facts, Kind, Turn, surplus};
use crate::upkeep::store;

/// A copy to make.
#[derive(Debug)]
pub struct Order<'a> {
    /// Of this database.
    pub database: &'a Path,
    /// To this file, which must not be there.
    pub to: &'a Path,
    /// The key file to copy as well, and where to; nothing when it is left out.
    pub key: Option<(&'a Path, PathBuf)>,
    /// The moment.
    pub now: Timestamp,
    /// How eagerly, and who may stop it.
    pub watch: &'a Watch,
}

/// A copy that was made and verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Made {
    /// Its size in bytes.
    pub bytes: u64,
    /// What it holds.
    pub facts: Facts,
    /// The number of its schema.
    pub schema: i32,
}

/// OPS-1: copies a database while others use it, verifies the copy, and gives it its name when all of it is on the disk. What stands
/// at that name already is never touched. The work is done on connections of its own that cannot write.
pub fn back_up(order: &Order<'_>) -> Result<Made> {
    files_store::refuse_existing(order.to)?;
    if let Some((_, to)) = &order.key {
        files_store::refuse_existing(to)?;
    }
    refuse_without_room(order.database, order.to)?;
    let part = Part::of(order.to, Tokens)?;
    let named = |error: Error| files_store::named_after(order.to, part.path(), error);
    copies::copy(order.database, part.path(), order.watch).map_err(named)?;
    let verified = copies::verify(part.path(), order.watch).map_err(named)?;
    let facts = copies::look(part.path(), order.now, |db| facts(db))?;
    let bytes = std::fs::metadata(part.path())?.len();
    // The key first: a copy that has its name has its key.
    if let Some((from, to)) = &order.key {
        let key = Part::of(to, Tokens)?;
        key.write(&std::fs::read(from).map_err(|error| Error::refused(format!("{} cannot be read ({error}).", from.display())))?)?;
        key.keep()?;
        files_store::sync_folder(to)?;
    }
    part.keep()?;
    files_store::sync_folder(order.to)?;
    Ok(Made { bytes, facts, schema: verified.schema })
}

/// Asks for a copy; refused while one is being made. Who made it then is the clock: it may take longer than anybody waits.
pub fn ask(tx: &Tx<'_>, by: &Person) -> Result<()> {
    if !store::ask(tx)? {
        return Err(Error::refused("A backup is being made already."));
    }
    activity::store::record(tx, &by.actor(), &Event::new(EventKind::BackupAsked, "asked for a backup")).map(drop)
}

/// Turns daily copies on or off.
pub fn switch(tx: &Tx<'_>, by: &Person, daily: Daily) -> Result<()> {
    store::set_daily(tx, daily)?;
    let word = if daily == Daily::On { "on" } else { "off" };
    activity::store::record(tx, &by.actor(), &Event::new(EventKind::BackupsChanged, format!("turned daily backups {word}"))).map(drop)
}

/// Deletes a copy and its key; the files go last, so that they stay when the event cannot be written.
pub fn delete(tx: &Tx<'_>, by: &Person, database: &Path, copy: Copy) -> Result<()> {
    let event = Event::new(EventKind::BackupDeleted, format!("deleted the backup {}", copy.file_name()));
    activity::store::record(tx, &by.actor(), &event)?;
    files_store::remove(database, copy)
}

/// Makes the copy that is due, if any is: one that was asked for, or the day's. How many were made, or could not be and were noted so.
/// The work takes no transaction but a short one at its end.
pub fn make_due(db: &Db, clock: &Clockwork, turn: Turn, watch: &Watch) -> Result<usize> {
    let (upkeep, operating) = db.read(|db| Ok((store::upkeep(db)?, partners::store::operating(db)?)))?;
    let now = db.clock().now();
    let kind = match (upkeep.asked_at, turn == Turn::AskedOrDaily && upkeep.is_due(now)) {
        (Some(_), _) => Kind::ByHand,
        (None, true) => Kind::Daily,
        (None, false) => return Ok(0),
    };
    // Nobody has set the portal up, so there is nothing to lose.
    let Some(partner) = operating else { return Ok(0) };
    let made = make(db.path(), kind, now, watch);
    if watch.stop.load(Ordering::Relaxed) {
        // The portal ends; the next start finds it due again.
        return Ok(0);
    }
    let actor = clock.actor(partner);
    db.write(|tx| {
        if kind == Kind::ByHand {
            store::answered(tx)?;
        }
        let event = match &made {
            Ok((copy, made)) => {
                store::made(tx, (kind == Kind::Daily).then_some(now))?;
                let size = bytes(i64::try_from(made.bytes).unwrap_or(i64::MAX));
                Event::new(
                    EventKind::BackupMade,
                    format!("made the backup {}, {size}, whose newest event is {}", copy.file_name(), made.facts.head),
                )
            }
            Err(error) => {
                store::failed(tx, &error.to_string())?;
                Event::new(EventKind::BackupFailed, format!("could not make a backup: {error}"))
            }
        };
        // A day's tries that fail one after the other are one event.
        let again = made.is_err() && upkeep.failure.is_some() && kind == Kind::Daily;
        if again { Ok(()) } else { activity::store::record(tx, &actor, &event).map(drop) }
    })?;
    if made.is_ok() && upkeep.daily == Daily::On {
        rotate(db.path(), now)?;
    }
    // What was written meanwhile has made the log long.
    db.checkpoint()?;
    Ok(1)
}

/// OPS-2: the copy of a database as it is before its schema is brought up to date; where it is. A supervisor may try an upgrade that
/// fails again and again: a copy of just this state is kept once. For who holds the folder's lock.
pub fn before_upgrade(database: &Path, now: Timestamp) -> Result<PathBuf> {
    let watch = Watch::unstopped(Pace::Alone);
    let state = copies::state(database)?;
    for (copy, _) in files_store::list(database)? {
        let path = files_store::path(database, copy);
        let same = copy.kind == Kind::BeforeUpgrade && state.0 != 0 && copies::state(&path).is_ok_and(|kept| kept == state);
        if same && files_store::key_of(&path).exists() && copies::verify(&path, &watch).is_ok() {
            return Ok(path);
        }
    }
    make(database, Kind::BeforeUpgrade, now, &watch).map(|(copy, _)| files_store::path(database, copy))
}

/// Makes a copy in the folder of copies.
fn make(database: &Path, kind: Kind, now: Timestamp, watch: &Watch) -> Result<(Copy, Made)> {
    files_store::folder(database)?;
    files_store::sweep(database)?;
    let mut copy = Copy::made(now, kind);
    while files_store::path(database, copy).exists() {
        copy = Copy::made(copy.at + Span::seconds(1), kind);
    }
    let path = files_store::path(database, copy);
    let own = database.with_file_name(KEY_FILE);
    let key = Some((own.as_path(), files_store::key_of(&path)));
    let made = back_up(&Order { database, to: &path, key, now, watch })?;
    Ok((copy, made))
}

/// OPS-1: removes the copies that have had their time.
fn rotate(database: &Path, now: Timestamp) -> Result<()> {
    let there: Vec<Copy> = files_store::list(database)?.into_iter().map(|(copy, _)| copy).collect();
    surplus(&there, now).into_iter().try_for_each(|copy| files_store::remove(database, copy))
}

/// What a file of Portico's holds.
pub fn facts(db: &impl Read) -> Result<Facts> {
    let (head, mark) = activity::store::head_shown(db)?;
    Ok(Facts { organizations: store::organizations(db)?, head, mark })
}

/// There must be room for the copy, and some more for everything else.
fn refuse_without_room(database: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let free = fs4::available_space(folder).map_err(|error| Error::refused(format!("{} cannot be used ({error}).", folder.display())))?;
    let needed = copies::size(database)? + SPARE;
    if free < needed {
        let shown = |count: u64| bytes(i64::try_from(count).unwrap_or(i64::MAX));
        return Err(Error::refused(format!(
            "There is not enough room in {}: {} are needed and {} are free.",
            folder.display(),
            shown(needed),
            shown(free)
        )));
    }
    Ok(())
}
