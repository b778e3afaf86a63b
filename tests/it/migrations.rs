//! The database's history: forward only, embedded, and equal to what the code says.

use portico::kernel::db::Db;
use portico::kernel::db::migrations::{self, APPLICATION_ID};
use portico::kernel::error::Error;
use portico::kernel::secret::Vault;
use portico::kernel::time::{Clock, Span};
use portico::seats::model::{SeatState, SeatType};
use rusqlite::Connection;

use crate::support::older;
use crate::support::people::{ALDER_ID, BIRCH_ID};
use crate::support::portal::{Portal, START, tables};
use crate::support::saas::account;
use crate::support::source::root;

fn open(path: &std::path::Path) -> Result<Db, Error> {
    Db::open(path, Clock::manual(START), Vault::new([7; 32]))
}

fn schema(connection: &Connection) -> Vec<String> {
    let mut statement =
        connection.prepare("select type || ' ' || name || ' ' || coalesce(sql, '') from sqlite_schema order by 1").expect("a schema");
    statement.query_map([], |row| row.get(0)).expect("a schema").collect::<rusqlite::Result<_>>().expect("a schema")
}

#[test]
fn a_new_file_is_ours_and_whole() {
    let portal = Portal::empty();
    assert_eq!(portal.sql::<i32>("pragma application_id", []), APPLICATION_ID);
    assert_eq!(portal.sql::<String>("pragma journal_mode", []), "wal");
    assert_eq!(portal.sql::<String>("pragma integrity_check", []), "ok");
    assert_eq!(portal.sql_count("pragma_foreign_key_check"), 0);
    let applied = portal.sql_count("refinery_schema_history");
    assert_eq!(usize::try_from(applied), Ok(migrations::embedded()));
}

#[test]
fn opening_again_changes_nothing() {
    let portal = Portal::estate();
    let (before, accounts) = (schema(&portal.connection()), portal.sql_count("account"));
    let path = portal.db().path().to_owned();
    drop(open(&path).expect("it opens again"));
    assert_eq!(schema(&portal.connection()), before);
    assert_eq!(portal.sql_count("account"), accounts);
    assert_eq!(portal.sql_count("pragma_foreign_key_check"), 0);
}

/// OPS-2
#[test]
fn a_newer_file_is_refused_and_left_as_it_was() {
    let portal = Portal::firm();
    portal
        .execute("insert into refinery_schema_history select 9999, 'later', applied_on, checksum from refinery_schema_history limit 1", []);
    let path = portal.db().path().to_owned();
    let before = schema(&portal.connection());
    let witness = portal.connection();
    let version = || witness.query_row("pragma data_version", [], |row| row.get::<_, i64>(0)).expect("a number");
    let untouched = version();
    let refusal = open(&path).expect_err("a newer file is refused");
    assert_eq!(version(), untouched, "not a byte of it was written");
    assert!(matches!(&refusal, Error::Refused(sentence) if sentence.contains("newer Portico")), "{refusal}");
    assert_eq!(schema(&portal.connection()), before);
}

/// OPS-3
#[test]
fn a_file_of_another_program_is_refused_and_left_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("portico.db");
    Connection::open(&path)
        .expect("a file")
        .execute_batch("create table recipe (name text); insert into recipe values ('soup');")
        .expect("a table");
    let refusal = open(&path).expect_err("a foreign file is refused");
    assert!(matches!(&refusal, Error::Refused(sentence) if sentence.contains("another program")), "{refusal}");
    assert_eq!(tables(&Connection::open(&path).expect("the file")), ["recipe"]);

    std::fs::write(&path, "these are not the bytes of a database, however long one looks at them; so much is certain from the start")
        .expect("a file");
    assert!(matches!(open(&path), Err(Error::Refused(_))));
}

/// Every migration says on its first line why it is there.
#[test]
fn every_migration_says_why() {
    for entry in std::fs::read_dir(root().join("migrations")).expect("the migrations") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a migration");
        assert!(text.starts_with("-- ") && !text.contains('\r'), "{}", path.display());
    }
}

/// Whoever deletes decides: a table that points at organizations or accounts is known to the tests that delete them.
#[test]
fn every_reference_has_an_index_to_delete_by() {
    let portal = Portal::empty();
    let connection = portal.connection();
    for table in tables(&connection) {
        let mut statement = connection.prepare("select \"table\", \"from\" from pragma_foreign_key_list(?1)").expect("the keys");
        let keys: Vec<(String, String)> = statement
            .query_map([&table], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("the keys")
            .collect::<rusqlite::Result<_>>()
            .expect("the keys");
        // Partners are never deleted.
        for (target, column) in keys.into_iter().filter(|(target, _)| target != "partner") {
            let plan: String = connection
                .query_row(&format!("explain query plan select 1 from \"{table}\" where \"{column}\" = 1"), [], |row| row.get(3))
                .expect("a plan");
            assert!(plan.contains("SEARCH"), "{table}.{column} points at {target} without an index: {plan}");
        }
    }
}

/// Accounts in many states, at two tiers of partners, with seats that are committed and seats that are not.
fn various(portal: &Portal) {
    let sites =
        [(SeatType::User, SeatState::Active, 4), (SeatType::Site, SeatState::Active, 2), (SeatType::User, SeatState::Unprotected, 3)];
    let kinds: [&[(i64, i64, i64)]; 4] = [&[(10, 10, 10)], &[(10, 9, 9)], &[(10, 0, 0)], &[]];
    for (kind, number) in kinds.iter().zip(0..) {
        account(portal, 100 + number, &format!("Alder {number}")).with_days(kind).with_seats(&sites).linked(portal, ALDER_ID);
        account(portal, 200 + number, &format!("Birch {number}")).with_days(kind).linked(portal, BIRCH_ID);
        let mut stale = account(portal, 300 + number, &format!("Free {number}")).with_days(kind);
        stale.until = START - Span::hours(47 + number);
        stale.put(portal);
    }
    account(portal, 500, "Paused").with_seats(&[(SeatType::User, SeatState::Paused, 1)]).put(portal);
    portal.execute("update subscription set plan = 'backup', seats = 7, auto_license = 0 where organization = ?1", [ALDER_ID]);
    portal.execute("update subscription set state = 'suspended' where organization = ?1", [BIRCH_ID]);
    portal.execute("update saas_account set authorized = 0 where vendor_id = 301", []);
    portal.execute("update saas_account set purged_at = 5 where vendor_id = 303", []);
}

/// What lists sort and count by, as text.
fn kept(connection: &Connection) -> Vec<String> {
    let mut rows = Vec::new();
    for table in ["organization_listing", "organization_count", "saas_listing", "saas_tally", "saas_total"] {
        let columns: String = connection
            .query_row("select group_concat(name, ', ') from (select name from pragma_table_info(?1) order by name)", [table], |row| {
                row.get(0)
            })
            .expect("the columns");
        let mut statement = connection.prepare(&format!("select json_array({columns}) from {table}")).expect("a table");
        let found = statement.query_map([], |row| row.get::<_, String>(0)).expect("its rows");
        rows.extend(found.map(|row| format!("{table} {}", row.expect("a row"))));
    }
    rows.sort();
    rows
}

/// SAS-6, SEA-4: what had followed an account out of a link, or into the next one, is forgotten, and what was said in the present one stays;
/// seats used that had drifted are those that are billed, where the seats are known.
#[test]
fn an_older_file_forgets_what_was_consented_in_another_link() {
    let portal = Portal::firm();
    let linked = |number: i64| account(&portal, number, &format!("Account {number}")).linked(&portal, ALDER_ID);
    let (before, in_it, loose) = (linked(1), linked(2), account(&portal, 3, "Account 3").put(&portal));
    let unknown = account(&portal, 4, "Account 4").with_seats(&[]).linked(&portal, BIRCH_ID);
    let path = portal.folder().join("older.db");
    portal.connection().execute("vacuum into ?1", [path.to_str().expect("a path")]).expect("a copy");
    older::age(&path, 21);
    let connection = Connection::open(&path).expect("the older file");
    connection
        .execute_batch(
            "update saas_account set seats_used = 9, managed_by = 'organization', asked_name = 'Una', consent_by = 'Una',
                    linked_at = iif(organization is null, null, 1000), asked_at = 1000, consent_at = 1001;
             update saas_account set asked_at = 999, consent_at = 999 where vendor_id = 1;
             update organization_listing set seats_used = 18 where seats_used > 0;",
        )
        .expect("as it was");
    drop(connection);
    drop(open(&path).expect("it is brought up to date"));
    let connection = Connection::open(&path).expect("the file");
    let said = |id: portico::kernel::ids::SaasAccountId| {
        let sql = "select coalesce(asked_name, '-') || ' ' || coalesce(consent_by, '-') || ' ' || managed_by || ' ' || seats_used
                     from saas_account where id = ?1";
        connection.query_row(sql, [id.0], |row| row.get::<_, String>(0)).expect("a row")
    };
    assert_eq!((said(before).as_str(), said(in_it).as_str()), ("- - partner 3", "Una Una organization 3"));
    assert_eq!((said(loose).as_str(), said(unknown).as_str()), ("- - partner 3", "Una Una organization 9"));
    let listed =
        "select group_concat(seats_used) from (select distinct seats_used from organization_listing where services > 0 order by 1)";
    assert_eq!(connection.query_row(listed, [], |row| row.get::<_, String>(0)).expect("a row"), "6,9");
}

/// OPS-2: an older file's rows are given the figures that are kept today, just as if they had come in today.
#[test]
fn the_rows_of_an_older_file_are_given_what_is_kept_about_them_today() {
    let portal = Portal::estate();
    various(&portal);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("portico.db");
    portal.connection().execute("vacuum into ?1", [path.to_str().expect("a path")]).expect("a copy");
    let today = kept(&Connection::open(&path).expect("the copy"));
    assert!(today.iter().filter(|row| row.starts_with("saas_listing")).count() > 20, "{today:?}");
    older::age(&path, 6);
    assert!(!tables(&Connection::open(&path).expect("the older file")).contains(&"saas_listing".to_owned()));
    drop(open(&path).expect("it is brought up to date"));
    let connection = Connection::open(&path).expect("the file");
    assert_eq!(kept(&connection), today);
    assert_eq!(connection.query_row("select count(*) from pragma_foreign_key_check", [], |row| row.get::<_, i64>(0)), Ok(0));
}
