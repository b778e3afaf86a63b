//! OPS-4, security.md "The measure" 3: whatever the disk, the power or an operator does, nothing that was acknowledged is lost,
//! nothing is there by half, and the person hears the truth.

use portico::kernel::db::{Db, Read as _};
use portico::kernel::disk::{Fault, Outcome, Trouble};
use portico::kernel::error::{Error, Result};
use portico::kernel::secret::Vault;
use portico::kernel::text::FirmName;
use portico::kernel::time::Clock;
use portico::organizations;
use rusqlite::Connection;

use crate::support::disk::{Chance, Disk, Lasting, Op, Survivors};
use crate::support::portal::{KEY, Portal, START};
use crate::support::workload::{Day, by, file_in, is_whole, portal_on, template};

/// How often a thing is tried: so often here, and more often when somebody takes the time.
pub fn times(here: u64, thorough: u64) -> u64 {
    if std::env::var_os("PORTICO_FAULTS").is_some() { thorough } else { here }
}

/// So many steps make a day.
const STEPS: usize = 7;

/// How many operations a whole day takes on a sound disk.
fn operations_of_a_day() -> u64 {
    let disk = Disk::new(1);
    let mut day = Day::begin(portal_on(&disk));
    for _ in 0..STEPS {
        day.step().expect("the disk is sound");
    }
    disk.operations()
}

/// The look itself: a sound day passes it, and what is broken by hand does not.
#[test]
fn a_day_on_a_sound_disk_is_whole() {
    let disk = Disk::new(1);
    let mut day = Day::begin(portal_on(&disk));
    for _ in 0..STEPS {
        day.step().expect("the disk is sound");
    }
    let path = day.portal.db().path().to_owned();
    day.is_kept_by(&path, "a sound disk");
    assert!(disk.count(Op::Write) > 300 && disk.count(Op::Sync) > 15, "the disk was asked: {disk:?}");
    assert!(std::panic::catch_unwind(|| is_whole(template(), "before the day")).is_ok());
    for broken in [
        "update organization_count set count = count + 1",
        "delete from letter where account in (select id from account where state = 'invited')",
        "update organization set name = 'Day 1 Farm' where name = 'Day 1 Firm'",
        "update organization set deleted_at = null where deleted_at is not null",
        "delete from organization_search where rowid = (select max(id) from organization)",
    ] {
        let copy = tempfile::tempdir().expect("a folder");
        day.portal.db().checkpoint().expect("the log is emptied");
        std::fs::copy(&path, file_in(&copy)).expect("a copy");
        let raw = Connection::open(file_in(&copy)).expect("the copy");
        raw.execute_batch(&format!("pragma foreign_keys = off; {broken}")).expect(broken);
        drop(raw);
        let looked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| day.is_kept_by(&file_in(&copy), "broken")));
        assert!(looked.is_err(), "nobody noticed: {broken}");
    }
}

/// security.md, "SQLite"
#[test]
fn no_power_cut_loses_what_was_acknowledged() {
    let whole_day = operations_of_a_day();
    let mut dark = 0;
    for seed in 0..times(150, 600) {
        let mut chance = Chance(seed);
        let disk = Disk::new(seed);
        let mut day = Day::begin(portal_on(&disk));
        disk.lose_power_after(chance.below(whole_day - disk.operations()));
        for _ in 0..STEPS {
            if day.step().is_err() {
                break;
            }
        }
        dark += u64::from(disk.is_dark());
        let survivors =
            [Survivors::Nothing, Survivors::Some, Survivors::Some, Survivors::Everything][usize::try_from(seed % 4).expect("a place")];
        let left = disk.after_the_cut(survivors);
        day.is_kept_by(&file_in(&left), &format!("power cut {seed}, {survivors:?}"));
    }
    assert!(dark * 10 >= times(150, 600) * 9, "the power went out during the day: {dark}");
}

/// An organization of this name comes to be.
fn create(db: &Db, name: &str) -> Result<()> {
    db.write(|tx| organizations::actions::create(tx, &by(), &FirmName::parse(name).map_err(Error::refused)?).map(drop))
}

/// Whether the portal shows an organization of this name.
#[track_caller]
fn shows(db: &Db, name: &str) -> bool {
    let found = db.read(|db| db.one("select count(*) from organization where name = ?1", [name], |row| row.get::<_, i64>(0)));
    found.expect("reads go on") == 1
}

/// Whether it would be there after the power went out now and this much of what was not synced survived.
#[track_caller]
fn outlasts_a_power_cut(disk: &Disk, survivors: Survivors, name: &str) -> bool {
    let left = disk.after_the_cut(survivors);
    is_whole(&file_in(&left), name);
    let raw = Connection::open(file_in(&left)).expect("the file opens");
    let found: i64 = raw.query_row("select count(*) from organization where name = ?1", [name], |row| row.get(0)).expect("a count");
    found == 1
}

#[track_caller]
fn trouble(result: Result<()>) -> Trouble {
    match result {
        Err(Error::Disk(trouble)) => trouble,
        other => panic!("an error of the disk was expected: {other:?}"),
    }
}

fn open(folder: &std::path::Path) -> Db {
    Db::open(&folder.join("portico.db"), Clock::manual(START), Vault::new(KEY)).expect("it opens")
}

/// security.md: "An error from COMMIT means unknown". All that was written may have reached the disk before its sync failed: it is
/// overwritten before anybody hears that it is not there.
#[test]
fn what_is_said_not_to_be_saved_does_not_come_back() {
    for survivors in [Survivors::Everything, Survivors::Some, Survivors::Nothing] {
        let disk = Disk::new(7);
        let portal = portal_on(&disk);
        create(portal.db(), "Before").expect("the disk is sound");
        disk.failed_syncs_leave(survivors);
        disk.fail(Op::Sync, 0, Lasting::Once);
        let trouble = trouble(create(portal.db(), "Doubtful"));
        assert_eq!((trouble.outcome, trouble.fault), (Outcome::NotSaved, Fault::Failing));
        assert!(disk.has_failed());
        assert!(!shows(portal.db(), "Doubtful"));
        for after in [Survivors::Nothing, Survivors::Some, Survivors::Everything] {
            assert!(!outlasts_a_power_cut(&disk, after, "Doubtful"), "{survivors:?}, {after:?}");
            assert!(outlasts_a_power_cut(&disk, after, "Before"), "{survivors:?}, {after:?}");
        }
        create(portal.db(), "Doubtful").expect("it can be tried again");
        assert!(outlasts_a_power_cut(&disk, Survivors::Nothing, "Doubtful"));
    }
}

/// As long as the disk fails nobody can know, and nobody is told anything else; what comes meanwhile is refused, and reads go on.
#[test]
fn while_the_disk_fails_a_commit_is_in_doubt() {
    let disk = Disk::new(8);
    let portal = portal_on(&disk);
    create(portal.db(), "Before").expect("the disk is sound");
    disk.failed_syncs_leave(Survivors::Everything);
    disk.fail(Op::Sync, 0, Lasting::FromThenOn);
    assert_eq!(trouble(create(portal.db(), "Doubtful")).outcome, Outcome::InDoubt);
    for name in ["Second", "Third"] {
        assert_eq!(trouble(create(portal.db(), name)).outcome, Outcome::NotBegun);
        assert!(!shows(portal.db(), name) && shows(portal.db(), "Alder Dental"));
    }
    disk.mend();
    create(portal.db(), "Fourth").expect("the disk works again");
    assert!(shows(portal.db(), "Fourth") && !shows(portal.db(), "Doubtful"));
    for survivors in [Survivors::Nothing, Survivors::Everything] {
        assert!(outlasts_a_power_cut(&disk, survivors, "Fourth") && !outlasts_a_power_cut(&disk, survivors, "Doubtful"));
    }
}

/// A disk counts as failing until something was written to it; the jobs, who mostly have nothing to write, find out that it works.
#[test]
fn a_failing_disk_counts_as_failing_until_something_was_written() {
    let disk = Disk::new(14);
    let portal = portal_on(&disk);
    let nothing_to_write = || portal.db().write(|tx| tx.execute("update organization set name = '' where id = 0", []).map(drop));
    let before = disk.count(Op::Write);
    nothing_to_write().expect("the disk is sound");
    assert_eq!(disk.count(Op::Write), before, "and is not troubled for nothing");
    assert!(portal.db().takes_writes());
    disk.leave_room(0);
    assert_eq!(trouble(create(portal.db(), "Refused")).outcome, Outcome::NotSaved);
    assert_eq!(trouble(nothing_to_write()).outcome, Outcome::NotSaved);
    assert!(!portal.db().takes_writes());
    disk.mend();
    nothing_to_write().expect("there is room");
    assert!(portal.db().takes_writes());
}

/// In doubt means in doubt: whether the frames reached the disk decides, and the next start knows.
#[test]
fn what_was_in_doubt_is_known_at_the_next_start() {
    for (left, there) in [(Survivors::Everything, true), (Survivors::Nothing, false)] {
        let disk = Disk::new(9);
        let portal = portal_on(&disk);
        create(portal.db(), "Before").expect("the disk is sound");
        disk.failed_syncs_leave(left);
        // Nothing can be written over the frames.
        disk.fail(Op::Sync, 0, Lasting::Once);
        disk.fail(Op::Write, 0, Lasting::FromThenOn);
        assert_eq!(trouble(create(portal.db(), "Doubtful")).outcome, Outcome::InDoubt);
        assert!(!shows(portal.db(), "Doubtful"));
        assert_eq!(outlasts_a_power_cut(&disk, Survivors::Nothing, "Doubtful"), there, "{left:?}");
        assert!(outlasts_a_power_cut(&disk, Survivors::Nothing, "Before"));
    }
}

/// The truth is found by looking: here another process died at the same moment and took the log's index with it, so that everybody
/// reads the log anew and finds the commit whose sync had failed.
#[test]
fn a_commit_that_is_there_after_all_is_said_to_be() {
    let disk = Disk::new(10);
    let portal = portal_on(&disk);
    create(portal.db(), "Before").expect("the disk is sound");
    disk.failed_syncs_leave(Survivors::Nothing);
    disk.watch_files();
    disk.lose_the_index_too();
    disk.fail(Op::Sync, 0, Lasting::Once);
    create(portal.db(), "Doubtful").expect("it is there");
    assert!(disk.has_failed() && shows(portal.db(), "Doubtful"));
    assert!(outlasts_a_power_cut(&disk, Survivors::Nothing, "Doubtful"), "and was brought to the disk before anybody heard so");
    create(portal.db(), "Next").expect("it goes on");
    assert!(outlasts_a_power_cut(&disk, Survivors::Nothing, "Next"));
}

/// Moving the log into the file comes after the commit: what fails there takes nothing back.
#[test]
fn a_failing_checkpoint_takes_no_commit_back() {
    for op in [Op::Write, Op::Sync] {
        let disk = Disk::new(11);
        let portal = portal_on(&disk);
        create(portal.db(), "Before").expect("the disk is sound");
        disk.fail(op, 0, Lasting::FromThenOn);
        assert!(matches!(portal.db().checkpoint(), Err(Error::Disk(_))));
        assert!(shows(portal.db(), "Before") && outlasts_a_power_cut(&disk, Survivors::Some, "Before"));
        disk.mend();
        portal.db().checkpoint().expect("it works again");
        create(portal.db(), "After").expect("it works again");
        assert!(outlasts_a_power_cut(&disk, Survivors::Nothing, "After"));
    }
}

/// A sync that failed lost what it should have brought to the disk, and later ones do not try again. A portal that is killed then
/// and started again sees those bytes all the same; nothing may be built on them.
#[test]
fn nothing_is_built_on_what_only_the_memory_holds() {
    let disk = Disk::new(12);
    let portal = portal_on(&disk);
    create(portal.db(), "Before").expect("the disk is sound");
    disk.failed_syncs_leave(Survivors::Nothing);
    disk.fail(Op::Sync, 0, Lasting::Once);
    disk.fail(Op::Write, 0, Lasting::FromThenOn);
    assert_eq!(trouble(create(portal.db(), "Doubtful")).outcome, Outcome::InDoubt);
    let later = disk.after_a_kill();
    let db = open(later.path());
    let there = shows(&db, "Doubtful");
    assert!(there, "the log in memory has it");
    assert!(outlasts_a_power_cut(&later, Survivors::Nothing, "Doubtful"), "what was shown once stays");
    create(&db, "After").expect("it works again");
    for survivors in [Survivors::Nothing, Survivors::Some, Survivors::Everything] {
        for name in ["Before", "Doubtful", "After"] {
            assert!(outlasts_a_power_cut(&later, survivors, name), "{name}, {survivors:?}");
        }
    }
}

/// A panic in the middle of a transaction costs what it had done, and nothing else.
#[test]
fn a_panic_in_the_middle_of_a_transaction_rolls_it_back() {
    let portal = Portal::firm();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        portal.db().write(|tx| -> Result<()> {
            organizations::actions::create(tx, &by(), &FirmName::parse("Half").map_err(Error::refused)?)?;
            panic!("in the middle");
        })
    }));
    assert!(panicked.is_err());
    create(portal.db(), "Next").expect("the writer goes on");
    assert!(shows(portal.db(), "Next") && !shows(portal.db(), "Half"));
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| portal.db().read(|_| -> Result<()> { panic!("reading") })));
    assert!(read.is_err() && shows(portal.db(), "Next"));
}

/// An error of the disk can end the transaction in the middle of its work. What the work does after that is not committed by itself.
#[test]
fn work_that_goes_on_after_its_transaction_ended_changes_nothing() {
    let portal = Portal::firm();
    let result = portal.db().write(|tx| {
        organizations::actions::create(tx, &by(), &FirmName::parse("Half").map_err(Error::refused)?)?;
        tx.connection().execute_batch("rollback")?;
        drop(tx.execute("update organization set name = 'Stray' where name = 'Alder Dental'", []));
        Ok(())
    });
    assert!(matches!(result, Err(Error::Internal(_))), "{result:?}");
    assert!(shows(portal.db(), "Alder Dental") && !shows(portal.db(), "Half"));
    create(portal.db(), "Half").expect("the writer goes on");
}

/// A reader that met a failing disk is not handed to the next one; any other is.
#[test]
fn a_reader_is_used_again_only_when_it_is_sound() {
    let portal = Portal::firm();
    let marked = |failure: Option<Error>| {
        let size = || portal.db().read(|db| Ok(db.connection().pragma_query_value(None, "cache_size", |row| row.get::<_, i64>(0))?));
        let before = size().expect("it reads");
        let tried = portal.db().read(|db| {
            db.connection().pragma_update(None, "cache_size", before - 1)?;
            failure.map_or(Ok(()), Err)
        });
        (tried.is_ok(), size().expect("it reads") == before - 1)
    };
    assert_eq!(marked(None), (true, true));
    assert_eq!(marked(Some(Error::NotFound)), (false, true));
    let failing = Trouble { fault: Fault::Failing, outcome: Outcome::NotRead, why: "as tests have it".to_owned() };
    assert_eq!(marked(Some(Error::Disk(failing))), (false, false), "a new connection");
}

/// One fault after the other through a whole day: what fails says so, the next thing works, and all that was acknowledged is there.
fn faults_one_by_one(op: Op, lasting: Lasting, places: impl Iterator<Item = u64>) -> u64 {
    let mut met = 0;
    for place in places {
        let disk = Disk::new(place);
        let mut day = Day::begin(portal_on(&disk));
        disk.fail(op, place, lasting);
        for _ in 0..STEPS {
            if let Err(error) = day.step() {
                assert!(matches!(error, Error::Disk(_)), "{op:?} {place}: {error:?}");
                assert!(shows(day.portal.db(), "Alder Dental"), "reads go on");
            }
        }
        met += u64::from(disk.has_failed());
        let survivors = [Survivors::Nothing, Survivors::Some][usize::try_from(place % 2).expect("a place")];
        let left = disk.after_the_cut(survivors);
        day.is_kept_by(&file_in(&left), &format!("{op:?} {place}, {lasting:?}, in the dark"));
        disk.mend();
        day.step().unwrap_or_else(|error| panic!("{op:?} {place}: it works again: {error:?}"));
        let path = day.portal.db().path().to_owned();
        day.is_kept_by(&path, &format!("{op:?} {place}, {lasting:?}"));
    }
    met
}

/// OPS-4
#[test]
fn each_of_the_first_hundred_writes_can_fail_once() {
    assert_eq!(faults_one_by_one(Op::Write, Lasting::Once, 0..100), 100);
}

/// OPS-4
#[test]
fn each_of_the_first_hundred_writes_can_be_the_last_for_a_while() {
    assert_eq!(faults_one_by_one(Op::Write, Lasting::FromThenOn, 0..100), 100);
}

/// OPS-4
#[test]
fn each_sync_can_fail_once_or_from_then_on() {
    let disk = Disk::new(1);
    let mut day = Day::begin(portal_on(&disk));
    let before = disk.count(Op::Sync);
    (0..STEPS).for_each(|_| day.step().expect("the disk is sound"));
    let syncs = (disk.count(Op::Sync) - before).min(100);
    assert!(syncs > 15, "{syncs}");
    assert_eq!(faults_one_by_one(Op::Sync, Lasting::Once, 0..syncs), syncs);
    assert_eq!(faults_one_by_one(Op::Sync, Lasting::FromThenOn, 0..syncs), syncs);
}

/// OPS-4: "a full disk", full after so many bytes, wherever that is.
#[test]
fn a_disk_that_fills_up_refuses_and_goes_on_when_there_is_room() {
    for kilobytes in (0..200).step_by(5) {
        let disk = Disk::new(kilobytes);
        let mut day = Day::begin(portal_on(&disk));
        disk.leave_room(usize::try_from(kilobytes * 1_024 + kilobytes * 7).expect("a size"));
        let mut refused = 0;
        for _ in 0..STEPS {
            if let Err(error) = day.step() {
                let told = trouble(Err(error));
                // Without an outcome: the log could not be moved into the file, and stays where it is with all that is in it.
                let outcomes = [Outcome::NotSaved, Outcome::NotRead];
                assert!(told.fault == Fault::Full && outcomes.contains(&told.outcome), "{kilobytes} KB: {told:?}");
                refused += 1;
            }
            assert!(shows(day.portal.db(), "Alder Dental"), "reads go on");
        }
        assert!(refused > 0, "{kilobytes} KB were enough");
        disk.mend();
        day.step().expect("there is room again");
        let path = day.portal.db().path().to_owned();
        day.is_kept_by(&path, &format!("{kilobytes} KB"));
    }
}
