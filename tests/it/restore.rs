//! `portico restore`: a verified backup in the place of what is there, which is kept; all of it or nothing (OPS-1, OPS-2, OPS-3).

use std::path::{Path, PathBuf};
use std::time::Duration;

use portico::app::demo;
use portico::kernel::db::migrations;
use portico::kernel::secret::Vault;
use portico::upkeep::files_store::key_of;
use portico::upkeep::swap_store::Swap;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::command_line::{INIT, Serving, age, out, portico, refused, run};
use crate::support::older;
use crate::support::people::PASSWORD;
use crate::support::portal::{START, tables};

const KEY: [u8; 32] = [9; 32];

fn write_key(path: &Path) {
    portico::app::machine::write_key(path, &KEY).expect("its key");
}

/// A data folder with the demo's portal in it, and a place for backups beside it.
struct Place {
    folder: TempDir,
    data: PathBuf,
}

impl Place {
    fn filled() -> Self {
        let place = Self::empty();
        std::fs::create_dir(&place.data).expect("a folder");
        demo::fill(&place.database(), Vault::new(KEY), START).expect("a filled database");
        write_key(&place.key());
        place
    }

    fn empty() -> Self {
        let folder = TempDir::new().expect("a folder");
        let data = folder.path().join("data");
        Self { folder, data }
    }

    fn database(&self) -> PathBuf {
        self.data.join("portico.db")
    }

    fn key(&self) -> PathBuf {
        self.data.join("portico.key")
    }

    fn connection(&self) -> Connection {
        Connection::open(self.database()).expect("the database opens")
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("copy.db")
    }

    #[track_caller]
    fn back_up(&self) -> PathBuf {
        let output = run(&self.data, &["backup", &self.file().display().to_string()], "");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.file()
    }

    fn restore(&self, more: &[&str]) -> std::process::Output {
        let file = self.file().display().to_string();
        run(&self.data, &[&["restore", file.as_str()], more].concat(), "")
    }

    #[track_caller]
    fn restored(&self, more: &[&str]) -> String {
        let output = self.restore(more);
        assert!(output.status.success(), "{}{}", out(&output), String::from_utf8_lossy(&output.stderr));
        out(&output)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.data).expect("the folder");
        let mut names: Vec<String> = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        // What SQLite, the lock and the clock put there says nothing.
        names.retain(|name| !["backups", "portico.db-wal", "portico.db-shm", "portico.lock"].contains(&name.as_str()));
        names.sort();
        names
    }

    #[track_caller]
    fn is_well(&self) {
        let output = run(&self.data, &["check"], "");
        assert!(output.status.success(), "{}{}", out(&output), String::from_utf8_lossy(&output.stderr));
    }
}

fn one<T: rusqlite::types::FromSql>(connection: &Connection, sql: &str) -> T {
    connection.query_row(sql, [], |row| row.get(0)).expect("one value")
}

/// Every row of every table but those that a restore settles.
fn content(connection: &Connection) -> Vec<(String, String)> {
    let settled = [
        "session",
        "link",
        "letter",
        "activity",
        "sqlite_sequence",
        "upkeep",
        "reset_request",
        "form_answer",
        "chain_check",
        "support_pin",
    ];
    let kept = tables(connection).into_iter().filter(|table| !settled.contains(&table.as_str()));
    kept.map(|table| {
        let columns: Vec<String> = {
            let statement = connection.prepare(&format!("select * from \"{table}\"")).expect("a table");
            statement.column_names().map(|name| format!("quote(\"{name}\")")).collect()
        };
        let line = columns.join(" || '|' || ");
        let sql = format!("select coalesce(group_concat(line, char(10)), '') from (select {line} as line from \"{table}\" order by 1)");
        let lines = one(connection, &sql);
        (table, lines)
    })
    .collect()
}

/// OPS-1: what was in the backup is in the portal again, word by word; what was there is kept; sessions and links are over, letters on
/// their way are held, and the operator's event says so.
#[test]
fn a_restore_brings_back_what_the_backup_holds() {
    let place = Place::filled();
    place.connection().execute_batch("update letter set state = 'queued', next_attempt_at = 9000000000000").expect("letters on their way");
    place
        .connection()
        .execute_batch("insert into session select 7, x'07', partner, id, null, 1, 1, 1, '', '', null from identity limit 1")
        .expect("a session");
    let file = place.back_up();
    let before = content(&Connection::open(&file).expect("the backup"));
    assert_eq!(one::<i64>(&Connection::open(&file).expect("the backup"), "select count(*) from session"), 1);
    let unspent: i64 = one(&Connection::open(&file).expect("the backup"), "select count(*) from link where spent_at is null");
    let queued: i64 = one(&Connection::open(&file).expect("the backup"), "select count(*) from letter where state = 'queued'");
    assert!(unspent > 0 && queued > 0, "there is something to void: {unspent} {queued}");
    place.connection().execute_batch("update organization set name = 'changed since'; delete from seat").expect("it changes");
    let told = place.restored(&[]);
    let connection = place.connection();
    assert_eq!(content(&connection), before);
    assert_eq!(one::<i64>(&connection, "select count(*) from session"), 0);
    assert_eq!(one::<i64>(&connection, "select count(*) from support_pin"), 0);
    assert_eq!(one::<i64>(&connection, "select count(*) from link where spent_at is null"), 0);
    assert_eq!(one::<i64>(&connection, "select count(*) from letter where state = 'queued'"), 0);
    let (kind, actor): (String, String) = connection
        .query_row("select kind, actor from activity order by seq desc limit 1", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("an event");
    assert_eq!((kind.as_str(), actor.as_str()), ("portal.restored", "The operator of this machine"));
    drop(connection);
    place.is_well();
    let kept = place
        .data
        .join(place.names().into_iter().find(|name| name.starts_with("portico-replaced-") && name.ends_with(".db")).expect("it is kept"));
    assert!(told.contains(&kept.display().to_string()), "{told}");
    assert!(told.starts_with("Restored ") && told.contains(&format!(" into {}.\n", place.data.display())), "{told}");
    assert_eq!(
        one::<i64>(&Connection::open(&kept).expect("it opens"), "select count(*) from organization where name <> 'changed since'"),
        0
    );
    assert_eq!(place.names().len(), 4, "{:?}", place.names());
    // The backup itself is as it was, and restores once more.
    assert_eq!(content(&Connection::open(&file).expect("the backup")), before);
}

/// OPS-1: a portal that is lost altogether comes back in an empty folder, on any machine.
#[test]
fn a_restore_into_an_empty_folder_needs_nothing_but_the_backup() {
    let place = Place::filled();
    let file = place.back_up();
    let other = Place::empty();
    std::fs::copy(&file, other.file()).expect("it is carried over");
    std::fs::copy(key_of(&file), key_of(&other.file())).expect("it is carried over");
    let told = other.restored(&[]);
    assert!(!told.contains("is kept in"), "{told}");
    assert_eq!(content(&other.connection()), content(&place.connection()));
    other.is_well();
    assert_eq!(Serving::start(&other.data).stop(), Some(0));
    #[cfg(unix)]
    for file in [other.database(), other.key()] {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
    }
}

/// OPS-1: whose accounts were deactivated or removed since can sign in again, and the operator is told.
#[test]
fn a_restore_names_whose_accounts_come_back() {
    let place = Place::filled();
    place.back_up();
    assert!(!place.restored(&[]).contains("since can be used again"));
    let connection = place.connection();
    let pick = |offset: i64| {
        let sql = "select a.id, i.email from account a join identity i on i.id = a.identity where a.state = 'active' and a.organization is not null
                    order by a.id limit 1 offset ?1";
        connection.query_row(sql, [offset], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))).expect("somebody")
    };
    let ((off, off_email), (gone, gone_email), (_, other_email)) = (pick(0), pick(3), pick(5));
    connection.execute("update account set state = 'deactivated' where id = ?1", [off]).expect("deactivated");
    connection
        .execute_batch(&format!(
            "pragma foreign_keys = off; delete from organization_user where account = {gone}; delete from account where id = {gone}"
        ))
        .expect("removed");
    drop(connection);
    let told = place.restored(&[]);
    let line = |words: &str, email: &str| told.lines().any(|line| line.contains(words) && line.contains(email));
    assert!(told.contains("2 accounts that were"), "{told}");
    assert!(line("deactivated:", &off_email) && line("removed:", &gone_email) && !told.contains(&other_email), "{told}");
}

/// What a file may bring along that only looks like a backup: once anybody has signed in, the first password is everybody's.
const QUIET_TRIGGER: &str = "create trigger quiet after insert on session begin
    update identity set password_hash = (select password_hash from identity order by id limit 1); end";

/// Whoever reads this history never comes to its end.
const ENDLESS_HISTORY: &str = "alter table refinery_schema_history rename to past; create view Refinery_schema_history as
    with recursive on_and_on (n) as (select 1 union all select n + 1 from on_and_on)
    select version, name, applied_on, checksum from past, on_and_on";

fn clear(path: &Path) {
    drop(std::fs::remove_file(path).or_else(|_| std::fs::remove_dir(path)));
}

/// A pipe that nobody writes to, or a folder, at a file's place.
fn become_a(path: &Path, what: &str) {
    clear(path);
    let made = if what == "pipe" { "mkfifo" } else { "mkdir" };
    let status = std::process::Command::new(made).arg(path).status().expect("it is made");
    assert!(status.success(), "{made}");
}

/// OPS-1, OPS-3: what is no backup of Portico's, is not whole, is newer, or is in use is refused in one sentence, and nothing changes.
#[test]
fn what_cannot_be_restored_is_refused_and_nothing_changes() {
    let place = Place::filled();
    // The portal that is served below would make the day's own.
    place.connection().execute_batch("update upkeep set daily = 0").expect("none is made");
    // And close what months have passed since the portal was filled.
    assert_eq!(Serving::start(&place.data).stop(), Some(0));
    let good = place.back_up();
    let bytes = std::fs::read(&good).expect("a backup");
    let before = (content(&place.connection()), std::fs::read(place.key()).expect("a key"), place.names());
    let spoil = |sql: &str| Connection::open(&good).expect("it opens").execute_batch(sql).expect("it is spoiled");
    let unchanged = |why: &str| {
        let now = (content(&place.connection()), std::fs::read(place.key()).expect("a key"), place.names());
        assert!(now == before, "{why}: {:?}", now.2);
    };
    let newer = "insert into refinery_schema_history select 9999, 'later', applied_on, checksum from refinery_schema_history limit 1";
    let cases: Vec<(&str, Box<dyn Fn()>)> = vec![
        ("cannot be read", Box::new(|| std::fs::remove_file(&good).expect("it goes"))),
        ("it is no database", Box::new(|| std::fs::write(&good, "no database").expect("a file"))),
        ("another program", Box::new(|| spoil("pragma application_id = 3"))),
        ("newer Portico", Box::new(|| spoil(newer))),
        ("is damaged", Box::new(|| std::fs::write(&good, &bytes[..bytes.len() / 2]).expect("it is cut"))),
        ("point at nothing", Box::new(|| spoil("pragma foreign_keys = off; delete from identity"))),
        ("the trigger quiet is not of Portico's making", Box::new(|| spoil(QUIET_TRIGGER))),
        ("the view quiet is not of Portico's making", Box::new(|| spoil("create view quiet as select email from identity"))),
        ("The history in this file is not of Portico's making", Box::new(|| spoil(ENDLESS_HISTORY))),
        ("the trigger activity_stays is missing", Box::new(|| spoil("drop trigger activity_stays"))),
        ("the table upkeep is not of Portico's making", Box::new(|| spoil("alter table upkeep add column more integer as (daily + 1)"))),
        ("was copied while it was", Box::new(|| std::fs::write(good.with_file_name("copy.db-wal"), "a log").expect("a log"))),
        ("it is no database", Box::new(|| become_a(&good, "pipe"))),
        ("it is no database", Box::new(|| become_a(&good, "folder"))),
        ("is not a key file", Box::new(|| become_a(&key_of(&good), "pipe"))),
        ("is not a key file", Box::new(|| std::fs::write(key_of(&good), "short").expect("a key"))),
        (
            "is not the key of this backup",
            Box::new(|| {
                std::fs::write(key_of(&good), [1; 32]).expect("a key");
                std::fs::rename(place.key(), place.folder.path().join("away")).expect("the own one is away");
                std::fs::write(place.key(), [2; 32]).expect("another");
            }),
        ),
    ];
    for (words, case) in cases {
        case();
        refused(&place.restore(&[]), 1, words);
        let away = place.folder.path().join("away");
        if away.exists() {
            assert_eq!(std::fs::read(place.key()).expect("a key"), [2; 32]);
            std::fs::rename(away, place.key()).expect("it is back");
        }
        unchanged(words);
        clear(&good);
        clear(&key_of(&good));
        std::fs::write(&good, &bytes).expect("it is whole again");
        std::fs::write(key_of(&good), KEY).expect("its key");
        drop(std::fs::remove_file(good.with_file_name("copy.db-wal")));
    }
    let itself = place.database().display().to_string();
    refused(&run(&place.data, &["restore", &itself], ""), 1, "the database itself");
    unchanged("itself");
    let serving = Serving::start(&place.data);
    refused(&place.restore(&[]), 1, "A portal runs in");
    assert_eq!(serving.stop(), Some(0));
    // Another command has it open: neither would notice the other.
    let other = place.connection();
    other.query_row("select count(*) from partner", [], |_| Ok(())).expect("it reads");
    refused(&place.restore(&[]), 1, "Another command of Portico's is at work");
    drop(other);
    unchanged("in use");
    place.restored(&[]);
}

/// OPS-1: a restore finds the key beside the backup, at the place it is told, or in the data folder; without any it says what that
/// costs and wants to be told.
#[test]
fn a_restore_without_the_key_says_what_that_costs() {
    let place = Place::filled();
    let file = place.back_up();
    std::fs::rename(key_of(&file), place.folder.path().join("apart")).expect("it is kept apart");
    place.restored(&[]);
    assert_eq!(std::fs::read(place.key()).expect("a key"), KEY, "the one in use fits");
    std::fs::remove_file(place.key()).expect("it is lost");
    let lost = place.restore(&[]);
    refused(&lost, 1, "can no longer be verified");
    for words in ["links in letters", "second factors", "--key-file", "--without-key"] {
        assert!(String::from_utf8_lossy(&lost.stderr).contains(words), "{words}");
    }
    assert!(!place.key().exists());
    let apart = place.folder.path().join("apart").display().to_string();
    place.restored(&["--key-file", &apart]);
    assert_eq!(std::fs::read(place.key()).expect("a key"), KEY);
    place.is_well();

    std::fs::remove_file(place.key()).expect("it is lost");
    let told = place.restored(&["--without-key"]);
    assert!(told.contains("A new key was made"), "{told}");
    assert_ne!(std::fs::read(place.key()).expect("a key"), KEY);
    let connection = place.connection();
    assert_eq!(one::<i64>(&connection, "select count(*) from letter where sealed_link is not null"), 0);
    assert_eq!(one::<i64>(&connection, "select count(*) from held_email"), 0);
    drop(connection);
    // The chain goes on from there, and is verified from there; what was before is not, and the check says so.
    place.is_well();
    let checked = out(&run(&place.data, &["check"], ""));
    assert!(checked.contains("event fits") && checked.contains(" were sealed with a key that is lost and are not verified"), "{checked}");
    let output = run(&place.data, &["account", "set-password", "nobody@fjord.example"], PASSWORD);
    refused(&output, 1, "Nobody signs in with");
    assert_eq!(Serving::start(&place.data).stop(), Some(0));
    place.is_well();
    // An event like it that the key in use did not make begins nothing.
    place
        .connection()
        .execute_batch("drop trigger activity_stays; update activity set sentence = sentence || '!' where target_kind = 'lost_key'")
        .expect("it is changed");
    let output = run(&place.data, &["check"], "");
    assert!(output.status.code() == Some(1) && out(&output).contains("event 1 is the first"), "{}", out(&output));
}

/// OPS-2: the copy from before an upgrade brings the old state back; the newer program brings it up to date on the way in.
#[test]
fn the_copy_from_before_an_upgrade_brings_the_old_state_back() {
    let place = Place::filled();
    age(&place.database());
    let before = one::<String>(&place.connection(), "select group_concat(name) from (select name from organization order by id)");
    let told = out(&run(&place.data, &["account", "set-password", "nobody@fjord.example"], PASSWORD));
    let copy = told.split_whitespace().find(|word| word.contains("before-upgrade")).expect("it is named").trim_end_matches(';').to_owned();
    place.connection().execute_batch("update organization set name = 'spoiled by the upgrade'").expect("it is spoiled");
    let output = run(&place.data, &["restore", &copy], "");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let newest = migrations::newest();
    assert!(out(&output).contains(&format!("from schema {} to {newest}", older::previous())), "{}", out(&output));
    assert_eq!(one::<String>(&place.connection(), "select group_concat(name) from (select name from organization order by id)"), before);
    assert_eq!(
        one::<i32>(&Connection::open(&copy).expect("the copy"), "select max(version) from refinery_schema_history"),
        older::previous()
    );
    place.is_well();
}

/// Two restores keep two old portals, however soon one follows the other.
#[test]
fn each_restore_keeps_what_it_replaces() {
    let place = Place::filled();
    place.back_up();
    for _ in 0..3 {
        place.restored(&[]);
    }
    assert_eq!(place.names().iter().filter(|name| name.starts_with("portico-replaced-") && name.ends_with(".db")).count(), 3);
}

/// A pair of files that tell which they are.
fn pair(folder: &Path, word: &str, database: &Path, key: &Path) {
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(database, format!("{word} database")).expect("a file");
    std::fs::write(key, format!("{word} key")).expect("a file");
}

fn word(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// OPS-1: whatever renaming a crash comes after, the pair is the old one or the new one, never one of each; before it was decided on
/// the old one, after that the new one.
#[test]
fn a_swap_that_is_cut_off_anywhere_is_whole_in_the_end() {
    let folder = TempDir::new().expect("a folder");
    let mut lengths = Vec::new();
    for logged in [false, true] {
        for cut in 0.. {
            let place = folder.path().join(format!("{logged}-{cut}"));
            let (database, key) = (place.join("portico.db"), place.join("portico.key"));
            pair(&place, "old", &database, &key);
            let swap = Swap::of(&database, &key);
            pair(&place, "new", &swap.new_database(), &swap.new_key());
            if logged {
                std::fs::write(place.join("portico.db-wal"), "old log").expect("a log");
            }
            swap.note(START).expect("it is decided on");
            if cut > swap.length().expect("its steps") {
                lengths.push(cut);
                break;
            }
            swap.advance(cut).expect("so far it goes");
            // The process is gone; the next one looks.
            let next = Swap::of(&database, &key);
            assert!(next.is_noted());
            let replaced = next.finish().expect("it is finished");
            assert_eq!((word(&database), word(&key)), ("new database".to_owned(), "new key".to_owned()), "cut after {cut}");
            let (kept, kept_key) = (replaced.database.expect("it is kept"), replaced.key.expect("it is kept"));
            assert_eq!((word(&kept), word(&kept_key)), ("old database".to_owned(), "old key".to_owned()), "cut after {cut}");
            assert!(!place.join("portico.db-wal").exists(), "the old log would be taken for the new database's");
            let log = PathBuf::from(format!("{}-wal", kept.display()));
            assert_eq!(log.exists(), logged);
            assert!(!next.is_noted() && !swap.new_database().exists() && !swap.new_key().exists());
        }
    }
    assert!(lengths.iter().all(|length| *length > 5), "{lengths:?}");
}

/// OPS-1: a swap that was never decided on leaves nothing but the old pair.
#[test]
fn what_was_brought_in_without_a_decision_is_swept() {
    let folder = TempDir::new().expect("a folder");
    let (database, key) = (folder.path().join("portico.db"), folder.path().join("portico.key"));
    pair(folder.path(), "old", &database, &key);
    let swap = Swap::of(&database, &key);
    pair(folder.path(), "new", &swap.new_database(), &swap.new_key());
    for ending in ["-journal", "-wal", "-shm"] {
        std::fs::write(format!("{}{ending}", swap.new_database().display()), "half").expect("a log");
    }
    assert!(!swap.is_noted());
    swap.sweep();
    assert_eq!((word(&database), word(&key)), ("old database".to_owned(), "old key".to_owned()));
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 2);
}

/// OPS-1: a renaming that fails takes all of them back.
#[test]
fn a_swap_that_fails_is_taken_back() {
    for (obstacle, reached) in [("portico-replaced-20261122T062600Z.db", 0), ("portico-replaced-20261122T062600Z.key", 1)] {
        let folder = TempDir::new().expect("a folder");
        let (database, key) = (folder.path().join("portico.db"), folder.path().join("portico.key"));
        pair(folder.path(), "old", &database, &key);
        let swap = Swap::of(&database, &key);
        pair(folder.path(), "new", &swap.new_database(), &swap.new_key());
        swap.note(START).expect("it is decided on");
        std::fs::create_dir(folder.path().join(obstacle)).expect("something is in the way");
        assert!(swap.finish().expect_err("it cannot be finished").to_string().contains("in the way"));
        assert_eq!(database.exists(), reached == 0, "it had begun");
        swap.take_back().expect("it is taken back");
        assert_eq!((word(&database), word(&key)), ("old database".to_owned(), "old key".to_owned()));
        assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 3);
    }
}

/// OPS-1: a restore that is killed at any moment leaves a portal that is whole: the old one or the new one.
#[test]
fn a_restore_that_is_killed_leaves_a_whole_portal() {
    let place = Place::filled();
    place.back_up();
    place.connection().execute_batch("update partner set name = 'the old one' where parent is null").expect("it changes");
    let (mut old, mut new) = (0, 0);
    let begun = std::time::Instant::now();
    place.restored(&[]);
    let whole = begun.elapsed();
    // Later and later, until it is killed too late; the machine may be busy.
    for turn in 0..40 {
        if new > 1 {
            break;
        }
        place.connection().execute_batch("update partner set name = 'the old one' where parent is null").expect("it changes");
        let mut child = portico(&place.data).arg("restore").arg(place.file()).spawn().expect("it starts");
        std::thread::sleep(whole.mul_f64(0.1 * 1.2_f64.powi(turn)));
        drop(child.kill());
        let killed = child.wait_with_output().expect("it is over");
        assert_ne!(killed.status.code(), Some(1), "it was not refused: {}", String::from_utf8_lossy(&killed.stderr));
        let output = run(&place.data, &["check"], "");
        assert!(output.status.success(), "{}{}", out(&output), String::from_utf8_lossy(&output.stderr));
        match one::<String>(&place.connection(), "select name from partner where parent is null").as_str() {
            "the old one" => old += 1,
            _ => new += 1,
        }
        let left = place.names().into_iter().filter(|name| name.starts_with("portico.restoring") && name.len() < 20).count();
        assert_eq!(left, 0, "{:?}", place.names());
    }
    assert!(old > 0 && new > 0, "killed before and after: {old} {new}");
    place.restored(&[]);
    assert!(place.names().iter().all(|name| !name.starts_with("portico.restoring")), "{:?}", place.names());
    assert!(whole < Duration::from_mins(1), "it does not hang");
}

/// OPS-1: the next command finishes what was decided on, and says so.
#[test]
fn the_next_command_finishes_a_restore_that_was_cut_off() {
    let place = Place::filled();
    let file = place.back_up();
    place.connection().execute_batch("update partner set name = 'the old one' where parent is null").expect("it changes");
    let swap = Swap::of(&place.database(), &place.key());
    std::fs::copy(&file, swap.new_database()).expect("it is brought in");
    write_key(&swap.new_key());
    swap.note(START).expect("it is decided on");
    swap.advance(3).expect("the old one is aside");
    assert!(!place.database().exists());
    let output = run(&place.data, &["check"], "");
    assert!(output.status.success() && out(&output).contains("was finished"), "{}", out(&output));
    assert_ne!(one::<String>(&place.connection(), "select name from partner where parent is null"), "the old one");
}

/// OPS-1: a restore that was killed while the copy beside was in the making is no obstacle to the next one.
#[test]
fn what_a_killed_restore_left_is_no_obstacle() {
    let place = Place::filled();
    place.back_up();
    let new = Swap::of(&place.database(), &place.key()).new_database();
    // A journal that belongs to that half copy, as SQLite finds it: it would be played back.
    std::fs::copy(place.file(), &new).expect("half a copy");
    let half = Connection::open(&new).expect("it opens");
    half.execute_batch("pragma journal_mode = persist; pragma synchronous = off; begin; update partner set name = 'half'")
        .expect("it is at work");
    let journal = format!("{}-journal", new.display());
    std::fs::copy(&journal, place.folder.path().join("kept")).expect("its journal");
    drop(half);
    std::fs::copy(place.folder.path().join("kept"), &journal).expect("it was killed");
    place.restored(&[]);
    assert_ne!(one::<String>(&place.connection(), "select name from partner where parent is null"), "half");
    place.is_well();
}

/// A portal that was never set up can be backed up and restored too.
#[test]
fn a_portal_that_nobody_set_up_is_restored_as_it_is() {
    let place = Place::empty();
    assert_eq!(Serving::start(&place.data).stop(), Some(0));
    place.back_up();
    assert!(run(&place.data, INIT, PASSWORD).status.success());
    place.restored(&[]);
    assert_eq!(one::<i64>(&place.connection(), "select count(*) from partner"), 0);
}

/// The program with files limited to so many blocks of 512 bytes, as on a disk that is full there.
fn limited(data: &Path, blocks: usize, arguments: &[&str]) -> std::process::Output {
    let mut command = std::process::Command::new("sh");
    command.arg("-c").arg(format!("ulimit -f {blocks}; exec \"$0\" \"$@\"")).arg(env!("CARGO_BIN_EXE_portico"));
    command.arg("--data").arg(data).args(arguments).env_remove("PORTICO_DATA").stdin(std::process::Stdio::null()).output().expect("it ends")
}

/// OPS-1, OPS-2, OPS-3: where there is no room, a backup, a restore and an upgrade are refused in one sentence; nothing half is left and
/// nothing is changed.
#[test]
fn without_room_nothing_is_half_done() {
    let place = Place::filled();
    let file = place.back_up().display().to_string();
    place.restored(&[]);
    let (before, names) = (content(&place.connection()), place.names());
    let around = || std::fs::read_dir(place.folder.path()).expect("a folder").count();
    let beside = around();
    for blocks in [0, 1, 16, 200, 1_000, 2_000] {
        let other = format!("{file}.other");
        for arguments in [&["backup", other.as_str()][..], &["restore", &file]] {
            let output = limited(&place.data, blocks, arguments);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{arguments:?} {blocks}: {said}");
            let sentences = said.lines().filter(|line| line.starts_with("portico: ")).count();
            assert_eq!(sentences, 1, "{arguments:?} {blocks}: {said}");
            assert!(content(&place.connection()) == before && place.names() == names, "{arguments:?} {blocks}: {:?}", place.names());
            assert_eq!(around(), beside, "{arguments:?} {blocks}");
        }
    }
    age(&place.database());
    let output = limited(&place.data, 1_000, &["serve", "--listen", "127.0.0.1:0"]);
    refused(&output, 1, "The schema was not brought up to date");
    assert_eq!(one::<i32>(&place.connection(), "select max(version) from refinery_schema_history"), older::previous());
    assert_eq!(std::fs::read_dir(place.data.join("backups")).expect("a folder").count(), 0);
}

/// OPS-2: an upgrade that is tried again and again keeps one copy of one state.
#[test]
fn an_upgrade_that_is_tried_again_keeps_one_copy() {
    let place = Place::filled();
    age(&place.database());
    place.connection().execute_batch("pragma user_version = 77").expect("the mark of a commit");
    let copies = || portico::upkeep::files_store::list(&place.database()).expect("the copies").len();
    for _ in 0..3 {
        portico::upkeep::actions::before_upgrade(&place.database(), START).expect("it is kept");
    }
    assert_eq!(copies(), 1);
    place.connection().execute_batch("pragma user_version = 78").expect("another state");
    portico::upkeep::actions::before_upgrade(&place.database(), START).expect("it is kept");
    assert_eq!(copies(), 2);
    // The look at an older file says how old it is, and leaves what it cannot judge.
    let output = run(&place.data, &["check"], "");
    assert!(
        out(&output).contains("ok      migrations    schema") && out(&output).contains("the next start brings it to"),
        "{}",
        out(&output)
    );
}

/// OPS-1, LOG-2: a backup that was changed from outside is refused with what the check finds in it, before anything is replaced; in an
/// emergency it is restored with a word, and what does not fit is told.
#[test]
fn a_backup_that_was_changed_from_outside_is_restored_only_on_purpose() {
    let guard = |connection: &Connection| -> String { one(connection, "select sql from sqlite_schema where name = 'activity_stays'") };
    let cases: [(&str, &str); 3] = [
        ("activity log: event 2 is the first that does not fit", "update activity set sentence = 'nothing' where seq = 2"),
        ("counts: 2 tabs with a wrong number", "update organization_count set count = count + 1 where viewer = 1 and state = 'active'"),
        ("search: 1 row of account", "insert into account_search (rowid, tags, search) values (77777, 'x', 'nobody at all')"),
    ];
    for (words, sql) in cases {
        let place = Place::filled();
        let file = place.back_up();
        let backup = Connection::open(&file).expect("the backup");
        // Whoever does it covers the traces in the schema.
        let guard = guard(&backup);
        backup.execute_batch(&format!("drop trigger activity_stays; {sql}; {guard}")).expect("it is changed");
        drop(backup);
        place.connection().execute_batch("update partner set name = 'the old one' where parent is null").expect("it changes");
        let before = (content(&place.connection()), place.names());
        let output = place.restore(&[]);
        refused(&output, 1, words);
        refused(&output, 1, "--despite-findings");
        assert_eq!((content(&place.connection()), place.names()), before, "{words}");
        let told = place.restored(&["--despite-findings"]);
        assert!(told.contains(&format!("FAILED  {words}")), "{told}");
        assert_ne!(one::<String>(&place.connection(), "select name from partner where parent is null"), "the old one");
    }
    let place = Place::filled();
    place.back_up();
    assert!(!place.restored(&["--despite-findings"]).contains("FAILED"), "nothing is found in a good one");
}

/// OPS-1: a restore that fails leaves nothing of a folder that it made itself; a folder that was there stays.
#[test]
fn a_restore_that_fails_leaves_no_folder_behind() {
    let place = Place::filled();
    let file = place.back_up();
    std::fs::remove_file(key_of(&file)).expect("its key is lost");
    let (file, made) = (file.display().to_string(), place.folder.path().join("made"));
    refused(&run(&made.join("for/it"), &["restore", &file], ""), 1, "--without-key");
    assert!(!made.exists());
    std::fs::create_dir(&made).expect("a folder");
    refused(&run(&made.join("for/it"), &["restore", &file], ""), 1, "--without-key");
    assert!(made.exists() && std::fs::read_dir(&made).expect("the folder").next().is_none());
    assert!(run(&made.join("for/it"), &["restore", &file, "--without-key"], "").status.success());
    assert!(made.join("for/it/portico.db").exists());
}
