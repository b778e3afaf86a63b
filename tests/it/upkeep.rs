//! Backups, what they hold and which are kept (OPS-1, OPS-2), and the look at the whole portal (LOG-2).

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use portico::app::{demo, jobs};
use portico::kernel::db::copies::{self, Header, Pace, Watch};
use portico::kernel::http::Method;
use portico::kernel::secret::Vault;
use portico::kernel::time::{Span, Timestamp};
use portico::upkeep::actions::{self, Made, Order};
use portico::upkeep::model::{Copy, Daily, Failure, Finding, Kind, Turn, Upkeep, Verdict, quoted, surplus};
use portico::upkeep::{check_actions, files_store};
use rusqlite::Connection;

use crate::support::people::*;
use crate::support::portal::{Portal, START, tables};

fn back_up(portal: &Portal, to: &Path) -> portico::kernel::error::Result<Made> {
    let key = portal.folder().join("portico.key");
    let watch = Watch::unstopped(Pace::Alone);
    let key = Some((key.as_path(), files_store::key_of(to)));
    actions::back_up(&Order { database: portal.db().path(), to, key, now: portal.now(), watch: &watch })
}

/// Every row of every table, in the tables' own order.
fn content(connection: &Connection) -> Vec<(String, String)> {
    tables(connection)
        .into_iter()
        .map(|table| {
            let columns: Vec<String> = {
                let statement = connection.prepare(&format!("select * from \"{table}\"")).expect("a table");
                statement.column_names().map(|name| format!("quote(\"{name}\")")).collect()
            };
            let sql = format!(
                "select coalesce(group_concat(line, char(10)), '') from (select {} as line from \"{table}\" order by 1)",
                columns.join(" || '|' || ")
            );
            let lines = connection.query_row(&sql, [], |row| row.get(0)).expect("a table");
            (table, lines)
        })
        .collect()
}

#[track_caller]
fn sentence(result: portico::kernel::error::Result<Made>) -> String {
    result.expect_err("it is refused").to_string()
}

/// OPS-1: what was committed is in the copy, all of it; what was not is not; nobody waits meanwhile.
#[test]
fn a_backup_holds_what_was_committed_and_nothing_else() {
    let portal = Portal::estate();
    let before = content(&portal.connection());
    let file = portal.folder().join("copy.db");
    let made = portal.write(|tx| {
        tx.execute("update organization set name = 'not committed'", [])?;
        // The write lock is held, and by this thread: a backup that wanted it would never end.
        let made = back_up(&portal, &file)?;
        tx.execute("update organization set name = name", [])?;
        Ok(made)
    });
    let copy = Connection::open(&file).expect("the copy opens");
    assert_eq!(content(&copy), before);
    assert_eq!(made.facts.organizations, portal.sql_count("organization where deleted_at is null"));
    assert_eq!(made.bytes, std::fs::metadata(&file).expect("it is there").len());
    assert_eq!(
        std::fs::read(files_store::key_of(&file)).expect("its key"),
        std::fs::read(portal.folder().join("portico.key")).expect("the key")
    );
    assert_eq!(copies::header(&file).expect("it is read"), Header::Ours);
}

/// OPS-1: the copy names the newest event, by which a log that was cut off later shows.
#[test]
fn a_backup_tells_the_newest_event_and_its_mark() {
    let portal = Portal::firm();
    portal.sign_in(ADA).post("/activity/export", &[]).status(200);
    let made = back_up(&portal, &portal.folder().join("copy.db")).expect("it is made");
    let (seq, hash): (i64, Vec<u8>) = portal
        .connection()
        .query_row("select seq, hash from activity order by seq desc limit 1", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("an event");
    assert_eq!(made.facts.head.0, seq);
    assert_eq!(made.facts.mark, hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
}

/// OPS-1: nothing is overwritten, neither a file nor a key, and nothing half is left beside.
#[test]
fn a_backup_never_overwrites() {
    let portal = Portal::firm();
    let (file, key) = (portal.folder().join("copy.db"), portal.folder().join("copy.db.key"));
    std::fs::write(&file, "mine").expect("a file");
    assert!(sentence(back_up(&portal, &file)).contains("is there already"));
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), "mine");
    assert!(!key.exists());
    std::fs::remove_file(&file).expect("it goes");
    std::fs::write(&key, "mine").expect("a file");
    assert!(sentence(back_up(&portal, &file)).contains("is there already"));
    assert!(!file.exists());
    std::fs::remove_file(&key).expect("it goes");
    back_up(&portal, &file).expect("now there is room for it");
    assert!(parts(portal.folder()).is_empty());
}

/// What is left of copies in the making.
fn parts(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.extension().is_some_and(|ending| ending == "part")).collect()
}

/// The copy and its key are for this user alone.
#[cfg(unix)]
#[test]
fn a_backup_is_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let portal = Portal::firm();
    let file = portal.folder().join("copy.db");
    back_up(&portal, &file).expect("it is made");
    for path in [&file, &files_store::key_of(&file)] {
        assert_eq!(std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
}

/// OPS-1: a copy that is stopped leaves nothing.
#[test]
fn a_backup_that_is_stopped_leaves_nothing() {
    let portal = Portal::estate();
    let file = portal.folder().join("copy.db");
    let watch = Watch::unstopped(Pace::Gentle);
    watch.stop.store(true, std::sync::atomic::Ordering::SeqCst);
    let order = Order { database: portal.db().path(), to: &file, key: None, now: portal.now(), watch: &watch };
    assert!(sentence(actions::back_up(&order)).contains("stopped"));
    assert!(!file.exists() && parts(portal.folder()).is_empty());
    watch.stop.store(false, std::sync::atomic::Ordering::SeqCst);
    actions::back_up(&order).expect("it is made");
}

/// OPS-1: a file is verified: its owner, its pages, its references, its history.
#[test]
fn a_file_that_is_not_whole_is_not_verified() {
    let portal = Portal::estate();
    let verify = |path: &Path| copies::verify(path, &Watch::unstopped(Pace::Alone));
    let made = |name: &str| {
        let file = portal.folder().join(name);
        back_up(&portal, &file).expect("it is made");
        file
    };
    let spoiled = |name: &str, sql: &str| {
        let file = made(name);
        Connection::open(&file).expect("it opens").execute_batch(sql).expect("it is spoiled");
        verify(&file).expect_err("it is not whole").to_string()
    };
    verify(&made("good.db")).expect("it is whole");
    assert!(spoiled("foreign.db", "pragma application_id = 7").contains("not a file of Portico's"));
    assert!(spoiled("dangling.db", "pragma foreign_keys = off; delete from identity").contains("point at nothing"));
    let newer = "insert into refinery_schema_history select 9999, 'later', applied_on, checksum from refinery_schema_history limit 1";
    assert!(spoiled("newer.db", newer).contains("newer Portico"));
    assert!(spoiled("other.db", "update refinery_schema_history set checksum = '7' where version = 2").contains("migration 2"));
    let index = "pragma writable_schema = on; update sqlite_schema set sql = replace(sql, 'name_key, id', 'id, name_key')
                 where name = 'account_by_organization'";
    assert!(spoiled("index.db", index).contains("is damaged"));
    let torn = made("torn.db");
    let length = std::fs::metadata(&torn).expect("it is there").len();
    std::fs::OpenOptions::new().write(true).open(&torn).expect("it opens").set_len(length / 2).expect("it is cut");
    assert!(verify(&torn).expect_err("it is not whole").to_string().contains("damaged"));
    let text = portal.folder().join("text.db");
    std::fs::write(&text, "no database, but long enough to be read as one, so much is certain from the start".repeat(20)).expect("a file");
    verify(&text).expect_err("it is none");
    assert_eq!(copies::header(&text).expect("it is read"), Header::Other);
}

const KEY: [u8; 32] = [9; 32];

/// A portal that only its own actions have filled: the demo's. A copy for each test, made once.
fn grown() -> (tempfile::TempDir, PathBuf) {
    static GROWN: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, grown) = GROWN.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("portico.db");
        demo::fill(&path, Vault::new(KEY), START).expect("a filled database");
        (folder, path)
    });
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("portico.db");
    std::fs::copy(grown, &path).expect("a copy");
    (folder, path)
}

fn findings(database: &Path) -> Vec<Finding> {
    let mut found = Vec::new();
    check_actions::check(database, Some(&Vault::new(KEY)), START, &mut |finding| found.push(finding)).expect("it can be read");
    found
}

fn wrong(database: &Path) -> Vec<(&'static str, String)> {
    let bad = findings(database).into_iter().filter_map(|finding| match finding.result {
        Verdict::Bad(sentence) => Some((finding.what, sentence)),
        Verdict::Good(_) => None,
    });
    bad.collect()
}

/// LOG-2, OPS-1: what is well is said to be.
#[test]
fn the_check_finds_nothing_wrong_with_what_portico_did_itself() {
    let (_folder, path) = grown();
    assert_eq!(wrong(&path), []);
    assert_eq!(findings(&path).len(), 8);
}

/// LOG-2, OPS-1: each thing that is spoiled is found and named.
#[test]
fn the_check_finds_each_thing_that_is_wrong() {
    let cases: &[(&str, &str, &str)] = &[
        ("counts", "update organization_count set count = count + 1 where viewer = 1 and state = 'active'", "tabs"),
        (
            "counts",
            "update organization_listing set users = users + 1 where viewer = 1 and organization = $organization",
            "1 organizations whose",
        ),
        (
            "counts",
            "update organization_listing set seats_used = seats_used + 1 where viewer = 1 and organization = $organization",
            "1 organizations whose",
        ),
        (
            "counts",
            "update organization_listing set name_key = 'x' where viewer = 1 and organization = $organization",
            "1 organizations whose",
        ),
        ("counts", "delete from organization_listing where viewer = 1 and organization = $organization", "1 organizations missing"),
        (
            "counts",
            "insert into organization_listing (viewer, organization, state, name_key) select p.id, l.organization, l.state, l.name_key \
          from organization_listing l join organization o on o.id = l.organization join partner p on p.parent is not null and p.id <> o.partner \
          where l.viewer = 1 limit 1",
            "1 organizations on a list",
        ),
        ("counts", "update partner_ancestor set depth = 2 where depth = 1 and partner = (select max(id) from partner)", "2 lines"),
        ("summaries", "update saas_account set strip = 'rgrgrgrgrg' where id = (select min(saas_account) from backup_day)", "1 summary is"),
        (
            "search",
            "insert into organization_search (organization_search, rowid, tags, search) \
          select 'delete', id, tags, search from organization where id = $organization",
            "1 row of organization not indexed",
        ),
        (
            "search",
            "insert into account_search (rowid, tags, search) values (77, 'x', 'nobody at all')",
            "1 row of account indexed without",
        ),
        (
            "search",
            "drop trigger saas_account_reindexed; update saas_account set search = 'another name of it'",
            "not found by their own words",
        ),
        (
            "references",
            "pragma foreign_keys = off; delete from identity where id = (select identity from account limit 1)",
            "pointing at no identity",
        ),
        ("activity log", "drop trigger activity_stays; update activity set sentence = 'nothing' where seq = 2", "event 2 "),
        ("activity log", "drop trigger activity_remains; delete from activity where seq = 3", "event 3 "),
        (
            "key",
            "drop trigger activity_stays; update activity set sentence = 'nothing' where seq = (select max(seq) from activity)",
            "newest event",
        ),
        ("migrations", "update refinery_schema_history set checksum = '7' where version = 3", "migration 3 is not"),
        ("migrations", "delete from refinery_schema_history where version = 2", "migration 2 was left out"),
        (
            "file",
            "pragma writable_schema = on; update sqlite_schema set sql = replace(sql, 'name_key, id', 'id, name_key') \
          where name = 'account_by_organization'",
            "account_by_organization",
        ),
    ];
    for (what, sql, words) in cases {
        let (_folder, path) = grown();
        let sql = sql.replace("$organization", "(select min(organization) from organization_listing where viewer = 1)");
        Connection::open(&path).expect("it opens").execute_batch(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let found = wrong(&path);
        assert!(found.iter().any(|(place, sentence)| place == what && sentence.contains(words)), "{sql}: {found:?}");
    }
}

/// LOG-2: events that are gone from the end show, as far as the database remembers their numbers.
#[test]
fn the_check_misses_events_cut_off_at_the_end() {
    let (_folder, path) = grown();
    let connection = Connection::open(&path).expect("it opens");
    let last: i64 = connection.query_row("select max(seq) from activity", [], |row| row.get(0)).expect("a number");
    let guard: String =
        connection.query_row("select sql from sqlite_schema where name = 'activity_remains'", [], |row| row.get(0)).expect("the guard");
    connection
        .execute_batch("drop trigger activity_remains; delete from activity where seq = (select max(seq) from activity)")
        .expect("it goes");
    let cut_off = ("activity log", format!("event {last} is the first that does not fit"));
    let unguarded = ("migrations", "the trigger activity_remains is missing, or is another one".to_owned());
    assert_eq!(wrong(&path), [unguarded, cut_off.clone()]);
    connection.execute_batch(&guard).expect("nobody is to see it");
    assert_eq!(wrong(&path), [cut_off]);
}

/// Without its key a portal cannot be verified, and with another's neither.
#[test]
fn the_check_asks_for_the_key() {
    let (_folder, path) = grown();
    for (vault, words) in [(None, "the key file is missing"), (Some(Vault::new([8; 32])), "did not make the newest event")] {
        let mut found = Vec::new();
        check_actions::check(&path, vault.as_ref(), START, &mut |finding| found.push(finding)).expect("it can be read");
        let told =
            |finding: &Finding| finding.what == "key" && matches!(&finding.result, Verdict::Bad(sentence) if sentence.contains(words));
        assert!(found.iter().any(told), "{found:?}");
    }
}

/// The check changes nothing.
#[test]
fn the_check_only_looks() {
    let (_folder, path) = grown();
    let witness = Connection::open(&path).expect("it opens");
    let version = || witness.query_row("pragma data_version", [], |row| row.get::<_, i64>(0)).expect("a number");
    let before = version();
    assert_eq!(findings(&path).len(), 8);
    assert_eq!(version(), before);
}

const DAY: Span = Span::days(1);

fn at(days_ago: i64) -> Timestamp {
    START - Span(DAY.0 * days_ago)
}

fn daily(days_ago: i64) -> Copy {
    Copy::made(at(days_ago), Kind::Daily)
}

/// OPS-1: one copy of each of seven days, and one of each of the four weeks before this one. START is a Sunday.
#[test]
fn daily_copies_are_kept_for_seven_days_and_four_weeks() {
    let all: Vec<Copy> = (0..60).map(daily).collect();
    let gone = surplus(&all, START);
    let kept: Vec<i64> = (0..60).filter(|days| !gone.contains(&daily(*days))).collect();
    // Today is the last day of its week; the four Sundays before it end their weeks.
    assert_eq!(kept, [0, 1, 2, 3, 4, 5, 6, 7, 14, 21, 28]);
    // On Monday a new week begins: the Sunday of four weeks before is the oldest.
    let monday = START + DAY;
    let kept: Vec<i64> = (0..60).filter(|days| !surplus(&all, monday).contains(&daily(*days))).collect();
    assert_eq!(kept, [0, 1, 2, 3, 4, 5, 7, 14, 21]);
}

/// OPS-1: taking what is surplus away day by day keeps the same as taking it away at once.
#[test]
fn rotating_every_day_loses_no_week() {
    let mut there: Vec<Copy> = Vec::new();
    for day in (0..60).rev() {
        there.push(daily(day));
        let gone = surplus(&there, at(day));
        there.retain(|copy| !gone.contains(copy));
        assert!(there.len() <= 11, "{there:?}");
    }
    let mut kept: Vec<i64> = there.iter().map(|copy| START.utc_day() - copy.at.utc_day()).collect();
    kept.sort_unstable();
    assert_eq!(kept, [0, 1, 2, 3, 4, 5, 6, 7, 14, 21, 28]);
}

/// OPS-1: of several copies of one day the newest stays; the edges of a day are those of UTC.
#[test]
fn the_newest_copy_of_a_day_stays() {
    let midnight = Timestamp::of_utc_day(START.utc_day());
    let copy = |at: Timestamp| Copy::made(at, Kind::Daily);
    let [late, early, before] = [copy(midnight + Span::hours(5)), copy(midnight), copy(midnight - Span::seconds(1))];
    assert_eq!(surplus(&[early, late, before], START), [early]);
}

/// What was made by hand stays; what was made before an upgrade stays for four weeks; what is yet to come stays.
#[test]
fn other_copies_have_rules_of_their_own() {
    let by_hand = Copy::made(at(4_000), Kind::ByHand);
    let young = Copy::made(START - Span::days(28) + Span::seconds(1), Kind::BeforeUpgrade);
    let old = Copy::made(START - Span::days(28), Kind::BeforeUpgrade);
    let future = Copy::made(START + Span::days(400), Kind::Daily);
    assert_eq!(surplus(&[by_hand, young, old, future], START), [old]);
    // The last copy of a portal that was off for months stays until there is a newer one.
    assert_eq!(surplus(&[daily(90)], START), []);
    assert_eq!(surplus(&[daily(90), daily(0)], START), [daily(90)]);
}

/// A copy's name tells when and why; no other name is taken for one.
#[test]
fn a_copys_name_tells_when_and_why() {
    for kind in Kind::ALL {
        let copy = Copy::made(START + Span(999), *kind);
        assert_eq!(copy.at, START);
        assert_eq!(Copy::named(&copy.file_name()), Some(copy));
    }
    assert_eq!(daily(0).file_name(), "portico-20261122T062600Z-daily.db");
    for name in [
        "portico.db",
        "portico-20261122T062600Z-daily.db.key",
        "portico-20261122T062600Z-other.db",
        "portico-20261322T062600Z-daily.db",
        "portico-20261122T0626Z-daily.db",
        "portico-20261122T062600Z-daily.db.part",
        "../portico-20261122T062600Z-daily.db",
        "portico-20261122T062600+00-daily.db",
    ] {
        assert_eq!(Copy::named(name), None, "{name}");
    }
    assert_eq!((daily(6).shown(START), daily(7).shown(START)), ("Daily", "Weekly"));
}

/// OPS-1: once a day, whatever was restarted; an hour after a failure again; never while it is switched off.
#[test]
fn a_daily_copy_is_due_once_a_day() {
    let begins = Timestamp::of_utc_day(START.utc_day()) + Span::hours(2);
    let upkeep = |made_at: Option<Timestamp>| Upkeep { daily: Daily::On, made_at, failure: None, asked_at: None };
    assert!(upkeep(None).is_due(START));
    assert!(!upkeep(Some(begins)).is_due(begins + DAY - Span(1)));
    assert!(upkeep(Some(begins)).is_due(begins + DAY));
    assert!(upkeep(Some(begins - Span(1))).is_due(begins));
    assert!(!upkeep(Some(begins + DAY - Span(1))).is_due(begins + DAY - Span(1)));
    // The clock was put back.
    assert!(upkeep(Some(START + Span::days(400))).is_due(START));
    assert!(!Upkeep { daily: Daily::Off, ..upkeep(None) }.is_due(START));
    let failed = |at: Timestamp| Upkeep { failure: Some(Failure { at, why: String::new() }), ..upkeep(None) };
    assert!(!failed(START).is_due(START + Span::hours(1) - Span(1)));
    assert!(failed(START).is_due(START + Span::hours(1)));
    assert!(failed(START + Span::days(400)).is_due(START));
}

fn files(portal: &Portal) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(portal.folder().join("backups")) else { return Vec::new() };
    let mut names: Vec<String> = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn run_backups(portal: &Portal) {
    jobs::back_up(portal.app.portal(), Turn::AskedOrDaily, &Watch::unstopped(Pace::Alone));
}

/// OPS-1: the clock makes one copy a day with its key, whatever was restarted, and says so in the log.
#[test]
fn the_clock_makes_one_backup_a_day() {
    let portal = Portal::firm();
    for _ in 0..3 {
        run_backups(&portal);
    }
    assert_eq!(files(&portal), ["portico-20261122T062600Z-daily.db", "portico-20261122T062600Z-daily.db.key"]);
    assert!(portal.last_activity().contains("made the backup portico-20261122T062600Z-daily.db"), "{}", portal.last_activity());
    portal.wait(Span::hours(19));
    run_backups(&portal);
    assert_eq!(files(&portal).len(), 2, "still the same day, which begins at two");
    portal.wait(Span::hours(1));
    run_backups(&portal);
    assert_eq!(files(&portal).len(), 4);
    for path in ["portico-20261122T062600Z-daily.db", "portico-20261123T022600Z-daily.db"] {
        copies::verify(&portal.folder().join("backups").join(path), &Watch::unstopped(Pace::Alone)).expect("it is whole");
    }
    portal.sign_in(ADA).get("/backups").status(200).sees("Daily").sees("Verified");
}

/// OPS-1: after a month of days the folder holds seven days and four weeks; keys go with their copies.
#[test]
fn old_backups_go_when_a_new_one_is_made() {
    let portal = Portal::firm();
    for _ in 0..40 {
        run_backups(&portal);
        portal.wait(Span::days(1));
    }
    let (keys, copies): (Vec<String>, Vec<String>) = files(&portal).into_iter().partition(|name| name.ends_with(".key"));
    assert!(copies.len() <= 11 && 10 <= copies.len(), "{copies:?}");
    assert_eq!(keys, copies.iter().map(|name| format!("{name}.key")).collect::<Vec<_>>());
    portal.sign_in(ADA).get("/backups").sees("Daily").sees("Weekly");
}

/// Just after a start only what somebody asks for is made: people get their pages first.
#[test]
fn the_days_backup_waits_for_a_quiet_start() {
    let portal = Portal::firm();
    let round = || jobs::back_up(portal.app.portal(), Turn::Asked, &Watch::unstopped(Pace::Alone));
    round();
    assert_eq!(files(&portal), Vec::<String>::new());
    portal.sign_in(ADA).get("/backups").press("Back up now");
    round();
    assert_eq!(files(&portal).len(), 2);
    run_backups(&portal);
    assert_eq!(files(&portal).len(), 4);
}

/// What a killed copy left in the folder goes with the next one; what is not of Portico's making stays.
#[test]
fn what_a_killed_copy_left_is_swept() {
    let portal = Portal::firm();
    let folder = portal.folder().join("backups");
    std::fs::create_dir(&folder).expect("a folder");
    let half = ".portico-20261121T062600Z-daily.db.123456.part";
    for name in [half.to_owned(), format!("{half}-journal"), "notes.part".to_owned()] {
        std::fs::write(folder.join(name), "half").expect("a file");
    }
    run_backups(&portal);
    let copy = "portico-20261122T062600Z-daily.db";
    assert_eq!(files(&portal), ["notes.part".to_owned(), copy.to_owned(), format!("{copy}.key")]);
}

/// OPS-1: switched off, none is made and none goes; an empty portal and the demo make none.
#[test]
fn daily_backups_can_be_switched_off() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.get("/backups").press("Daily backups").follow().sees("Daily backups are off");
    assert_eq!(portal.last_activity(), "turned daily backups off");
    run_backups(&portal);
    assert_eq!(files(&portal), Vec::<String>::new());
    ada.get("/backups").press("Daily backups").follow().sees("Daily backups are on");
    run_backups(&portal);
    assert_eq!(files(&portal).len(), 2);
    let empty = Portal::empty();
    run_backups(&empty);
    assert_eq!(files(&empty), Vec::<String>::new());
}

/// OPS-1: a copy that could not be made is told on the page and on Home, to whom it concerns, and tried again an hour later.
#[test]
fn a_failing_backup_is_shown_and_tried_again() {
    let portal = Portal::firm();
    std::fs::write(portal.folder().join("backups"), "in the way").expect("a file");
    run_backups(&portal);
    portal.sign_in(ADA).get("/").status(200).sees("The last backup could not be made").sees("backups cannot be written");
    portal.sign_in(SAM).get("/").status(200).does_not_see("The last backup");
    portal.sign_in(QUINN).get("/").status(200).does_not_see("The last backup");
    assert!(portal.last_activity().starts_with("could not make a backup"), "{}", portal.last_activity());
    std::fs::remove_file(portal.folder().join("backups")).expect("it goes");
    let events = portal.sql_count("activity");
    run_backups(&portal);
    assert_eq!((files(&portal).len(), portal.sql_count("activity")), (0, events), "not at once");
    portal.wait(Span::hours(1));
    run_backups(&portal);
    assert_eq!(files(&portal).len(), 2);
    portal.sign_in(ADA).get("/").does_not_see("The last backup");
}

/// OPS-1: what the page asks for is made by the clock's thread, once, and named for who asked in the log.
#[test]
fn a_backup_is_made_on_request() {
    let portal = Portal::firm();
    run_backups(&portal);
    portal.wait(Span::minutes(5));
    let mut ada = portal.sign_in(ADA);
    ada.get("/backups").press("Back up now").follow().sees("A backup is being made").is_not_offered("Back up now");
    assert_eq!(portal.last_activity(), "asked for a backup");
    ada.get("/backups").is_offered("Look again");
    for _ in 0..2 {
        run_backups(&portal);
    }
    assert_eq!(files(&portal).len(), 4);
    assert!(portal.last_activity().contains("-by-hand.db"), "{}", portal.last_activity());
    ada.get("/backups").status(200).sees("By hand").is_offered("Back up now").does_not_see("is being made");
}

/// While a server runs, a small portal's backup is there when the answer comes.
#[test]
fn a_small_portals_backup_is_there_at_once() {
    let portal = Portal::firm();
    let scheduler = jobs::Scheduler::start(portal.app.portal().clone()).expect("the jobs run");
    let mut ada = portal.sign_in(ADA);
    ada.get("/backups").press("Back up now").follow().sees("backup");
    for _ in 0..200 {
        if files(&portal).iter().any(|name| name.ends_with("-by-hand.db")) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    scheduler.stop();
    assert!(files(&portal).iter().any(|name| name.ends_with("-by-hand.db")), "{:?}", files(&portal));
}

/// OPS-6: backups hold every partner's data, so they are the operating partner's primary account's alone.
#[test]
fn backups_are_for_the_operating_partners_primary_account_alone() {
    let portal = Portal::firm();
    run_backups(&portal);
    let name = "portico-20261122T062600Z-daily.db";
    for member in [SAM, ABE, QUINN, PIA, OLU] {
        let mut visit = portal.sign_in(member);
        visit.get("/backups").status(404).does_not_see("Backups");
        for path in ["/backups", "/backups/daily", &format!("/backups/{name}/download"), &format!("/backups/{name}/deletion")] {
            visit.post(path, &[("daily", "off")]).status(404);
        }
    }
    assert_eq!(files(&portal).len(), 2);
    portal.sign_in(ADA).get("/").is_offered("Backups").get("/backups").status(200).sees("Verified");
}

/// OPS-6, ALL-2: a download is an export, noted before it begins, and never holds the key.
#[test]
fn a_backup_is_downloaded_without_its_key() {
    let portal = Portal::firm();
    run_backups(&portal);
    let mut ada = portal.sign_in(ADA);
    let name = "portico-20261122T062600Z-daily.db";
    ada.get("/backups").press(&format!("Download {name}")).status(200);
    assert_eq!(ada.response.header("content-disposition"), Some(format!("attachment; filename=\"{name}\"").as_str()));
    let stored = ada.response.stored.clone().expect("it goes by file");
    assert_eq!(stored.path, portal.folder().join("backups").join(name));
    assert_eq!(stored.length, std::fs::metadata(&stored.path).expect("it is there").len());
    assert_eq!(portal.last_activity(), format!("downloaded the backup {name}"));
    for other in [format!("{name}.key"), "portico.key".to_owned(), "..%2Fportico.key".to_owned(), "..%2Fportico.db".to_owned()] {
        ada.post(&format!("/backups/{other}/download"), &[]).status(404);
    }
}

/// A large answer goes by file through the gate, byte for byte.
#[test]
fn a_download_arrives_whole_through_the_gate() {
    let portal = Portal::firm();
    run_backups(&portal);
    let served = portal.serve();
    let ada = portal.sign_in(ADA);
    let cookie = ada.cookie("__Host-portico").expect("a session").to_owned();
    let name = "portico-20261122T062600Z-daily.db";
    let host = served.address.trim_start_matches("http://").to_owned();
    let mut stream = std::net::TcpStream::connect(&host).expect("a connection");
    let request = format!(
        "POST /backups/{name}/download HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n\
         Cookie: __Host-portico={cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n"
    );
    std::io::Write::write_all(&mut stream, request.as_bytes()).expect("it is sent");
    let mut answer = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut answer).expect("an answer");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    let file = std::fs::read(portal.folder().join("backups").join(name)).expect("the file");
    assert!(head.starts_with("http/1.1 200") && head.contains(&format!("content-length: {}", file.len())), "{head}");
    assert!(!head.contains("x-portico-file"), "no path leaves the house: {head}");
    assert!(answer[end..] == file[..]);
}

/// A backup is deleted with its key, after a question, and the log says who did it.
#[test]
fn a_backup_is_deleted_after_a_question() {
    let portal = Portal::firm();
    run_backups(&portal);
    let mut ada = portal.sign_in(ADA);
    let name = "portico-20261122T062600Z-daily.db";
    ada.get(&format!("/backups/{name}/deletion")).status(200).sees("Nobody can bring them back").is_offered("Cancel");
    assert_eq!(files(&portal).len(), 2);
    ada.press("Delete backup").follow().sees(&format!("Deleted the backup {name}")).sees("No backup yet");
    assert_eq!(files(&portal), Vec::<String>::new());
    assert_eq!(portal.last_activity(), format!("deleted the backup {name}"));
    ada.get(&format!("/backups/{name}/deletion")).status(404);
}

/// A file that was spoiled in the folder is shown as such, and what is no backup is not shown.
#[test]
fn a_spoiled_backup_says_so() {
    let portal = Portal::firm();
    run_backups(&portal);
    let folder = portal.folder().join("backups");
    std::fs::write(folder.join("portico-20261121T062600Z-daily.db"), "spoiled").expect("a file");
    std::fs::write(folder.join("notes.txt"), "a stranger").expect("a file");
    portal
        .sign_in(ADA)
        .get("/backups")
        .status(200)
        .sees("Cannot be read")
        .sees("Verified when made")
        .sees("Without its key")
        .does_not_see("notes");
    std::fs::remove_file(folder.join("portico-20261121T062600Z-daily.db")).expect("it goes");
    portal.sign_in(ADA).get("/backups").sees("Verified when made").does_not_see("Without its key");
}

/// Supervisors hear that all is well, and nothing else, whoever they are.
#[test]
fn the_health_page_tells_nothing_but_health() {
    let portal = Portal::firm();
    for mut visit in [portal.guest(), portal.sign_in(OLU), portal.sign_in(ADA)] {
        visit.send(Method::Get, "/health", &[], Vec::new());
        assert_eq!((visit.response.status, visit.response.body.as_slice()), (200, b"ok\n".as_slice()));
    }
}

/// OPS-1: the command on the page is run as it is printed, from wherever one stands: it names the data folder and the newest backup that
/// can be read.
#[test]
fn the_page_prints_the_whole_command_that_restores() {
    let portal = Portal::firm();
    let data = portal.folder().display().to_string();
    let mut ada = portal.sign_in(ADA);
    ada.get("/backups").sees(&format!("portico restore --data {data} FILE"));
    run_backups(&portal);
    std::fs::write(portal.folder().join("backups/portico-20261123T062600Z-daily.db"), "spoiled").expect("a file");
    ada.get("/backups").sees(&format!("portico restore --data {data} {data}/backups/portico-20261122T062600Z-daily.db"));
}

/// What a shell would take apart is quoted.
#[cfg(unix)]
#[test]
fn a_folder_with_spaces_is_quoted_for_the_shell() {
    for word in ["/srv/portico", "/srv/my portal", "/srv/Ada's", "/srv/$HOME", "~", "", "/srv/a;b", "/srv/ö"] {
        let echoed = std::process::Command::new("sh").arg("-c").arg(format!("printf %s {}", quoted(word))).output().expect("a shell");
        assert_eq!(String::from_utf8_lossy(&echoed.stdout), word);
    }
    assert_eq!((quoted("/srv/portico").as_str(), quoted("/my portal").as_str()), ("/srv/portico", "'/my portal'"));
}

/// Where the folder of backups is none, the page stays up and says so; nothing else of it can be used, and no page breaks.
#[test]
fn a_folder_of_backups_that_is_none_is_told_on_the_page() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.get("/backups").status(200).does_not_see("cannot be used");
    std::fs::write(portal.folder().join("backups"), "in the way").expect("a file");
    ada.get("/backups").status(200).sees("The folder of backups cannot be used").sees("No backup yet");
}

/// HOM-1, OPS-1: who may look after backups hears on Home that none are made, and nobody else does.
#[test]
fn home_says_when_no_daily_backups_are_made() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.get("/").does_not_see("daily backup").does_not_see("Daily backups");
    ada.get("/backups").sees("On").press("Daily backups").follow().sees("Off");
    ada.get("/").sees("Daily backups are switched off").sees("None was made yet");
    portal.sign_in(SAM).get("/").does_not_see("Daily backups");
    portal.sign_in(QUINN).get("/").does_not_see("Daily backups");
    ada.get("/backups").press("Daily backups");
    run_backups(&portal);
    portal.wait(Span::days(2));
    let mut ada = portal.sign_in(ADA);
    ada.get("/").does_not_see("No daily backup");
    portal.wait(Span::seconds(1));
    ada.get("/").sees("No daily backup for more than two days");
    run_backups(&portal);
    ada.get("/").does_not_see("No daily backup");
}

/// A copy that cannot be written is refused with the name that was given, not that of the copy in the making.
#[test]
fn a_backup_that_cannot_be_written_names_the_file_that_was_given() {
    let portal = Portal::firm();
    // A name that is just short enough, and the one in the making is not.
    let file = portal.folder().join("c".repeat(250));
    let told = sentence(back_up(&portal, &file));
    assert!(told.starts_with(&format!("{} cannot be written", file.display())) && !told.contains(".part"), "{told}");
}
