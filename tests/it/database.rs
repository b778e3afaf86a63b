//! The database's connections: what is switched on, what cannot be done, and what a page never does.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use portico::kernel::db::migrations::APPLICATION_ID;
use portico::kernel::db::{Db, Read as _, Tx};
use portico::kernel::secret::Vault;
use portico::kernel::time::Clock;
use rusqlite::{Connection, ErrorCode};

use crate::support::crawl::crawl;
use crate::support::people::*;
use crate::support::portal::{Portal, START, tables};

fn asked(connection: &Connection, pragma: &str) -> i64 {
    connection.query_row(&format!("pragma {pragma}"), [], |row| row.get(0)).expect("a number")
}

/// security.md, "SQLite": what the writer has switched on.
#[test]
fn the_writer_is_durable_and_trusts_nothing() {
    let portal = Portal::firm();
    portal.write(|tx| {
        let connection = tx.connection();
        let mode: String = connection.query_row("pragma journal_mode", [], |row| row.get(0))?;
        assert_eq!(mode, "wal");
        assert_eq!(asked(connection, "synchronous"), 2, "FULL");
        assert_eq!(asked(connection, "foreign_keys"), 1);
        assert_eq!(asked(connection, "trusted_schema"), 0);
        assert_eq!(asked(connection, "secure_delete"), 1);
        assert_eq!(asked(connection, "busy_timeout"), 5_000);
        assert!(connection.prepare("select \"no such column\" from account").is_err(), "double quotes name columns only");
        Ok(())
    });
}

/// security.md, "SQLite": DEFENSIVE. Neither the schema nor the search indexes' own tables can be written behind SQLite's back.
#[test]
fn the_writer_cannot_change_the_schema_by_hand() {
    let portal = Portal::firm();
    for sql in [
        "pragma writable_schema = on; update sqlite_schema set sql = '' where name = 'account'",
        "insert into organization_search_data (id, block) values (99, x'00')",
    ] {
        assert!(portal.db().write(|tx| Ok(tx.connection().execute_batch(sql)?)).is_err(), "{sql}");
    }
    portal.write(|tx| {
        tx.connection().execute_batch("pragma journal_mode = off")?;
        let mode: String = tx.connection().query_row("pragma journal_mode", [], |row| row.get(0))?;
        assert_eq!(mode, "wal");
        Ok(())
    });
}

/// security.md, "SQLite": a transaction that may write holds the lock from its first moment.
#[test]
fn a_write_transaction_begins_immediately() {
    let portal = Portal::firm();
    let other = portal.connection();
    other.busy_timeout(Duration::ZERO).expect("a timeout");
    portal.write(|_| {
        let refused = other.execute_batch("begin immediate").expect_err("the lock is held");
        assert_eq!(refused.sqlite_error_code(), Some(ErrorCode::DatabaseBusy));
        Ok(())
    });
    other.execute_batch("begin immediate; rollback").expect("it is free again");
}

/// architecture.md: "GET handlers never write". What they read from cannot.
#[test]
fn a_reader_cannot_write_even_if_it_tries() {
    let portal = Portal::firm();
    let tried = portal.db().read(|db| {
        let connection = db.connection();
        assert_eq!(asked(connection, "query_only"), 1);
        assert_eq!(asked(connection, "trusted_schema"), 0);
        connection.execute_batch("pragma query_only = off")?;
        let refused = connection.execute("update partner set name = 'x'", []).expect_err("it is read only");
        assert_eq!(refused.sqlite_error_code(), Some(ErrorCode::ReadOnly));
        connection.execute_batch("pragma query_only = on")?;
        Ok(())
    });
    assert!(tried.is_ok(), "{tried:?}");
}

/// performance.md: what was worked out is found again until somebody commits, be it another process, and no longer than it says itself.
#[test]
fn what_a_reader_worked_out_is_kept_until_anybody_commits() {
    let portal = Portal::firm();
    let worked = AtomicUsize::new(0);
    let look = |holds: bool| -> String {
        let found = portal.db().read(|db| {
            db.kept(
                "the first partner's name".to_owned(),
                |_: &String| holds,
                || {
                    worked.fetch_add(1, Ordering::SeqCst);
                    db.one("select name from partner order by id limit 1", [], |row| row.get(0))
                },
            )
        });
        found.expect("a name").as_str().to_owned()
    };
    let times = || worked.load(Ordering::SeqCst);
    let first = look(true);
    assert_eq!((look(true), times()), (first, 1), "it is found again");
    look(false);
    assert_eq!(times(), 2, "it said itself that it does not hold");
    portal.connection().execute("update partner set name = 'Elsewhere'", []).expect("another process writes");
    assert_eq!((look(true), times()), ("Elsewhere".to_owned(), 3));
    portal.write(|tx| tx.execute("update partner set name = 'Here'", []).map(drop));
    assert_eq!((look(true), times()), ("Here".to_owned(), 4));
    let refused = portal.db().write(|tx| {
        tx.execute("update partner set name = 'Nowhere'", [])?;
        Err::<(), _>(portico::kernel::error::Error::NotFound)
    });
    assert!(refused.is_err());
    assert_eq!(look(true), "Here", "what is taken back was never there");
}

/// architecture.md: "GET handlers never write": no page that anybody can reach leaves a trace in the file.
#[test]
fn no_page_writes() {
    let portal = Portal::estate();
    let witness = portal.connection();
    let mut pages = 0;
    for visit in [portal.sign_in(ADA), portal.sign_in(TESS), portal.sign_in(OLU), portal.half_signed_in(OLU), portal.guest()] {
        let before = asked(&witness, "data_version");
        pages += crawl(&visit, 2).len();
        assert_eq!(asked(&witness, "data_version"), before, "a page of {} wrote", visit.url);
    }
    assert!(pages > 30, "pages are found");
    let before = asked(&witness, "data_version");
    portal.write(|tx| tx.execute("update partner set name = name || '!'", []));
    assert!(asked(&witness, "data_version") != before, "a write would have been seen");
}

/// security.md, "SQLite": all migrations are one transaction with their history.
#[test]
fn migrations_come_all_or_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("portico.db");
    // The table of a later migration is in the way, in a file that no migration was noted in yet.
    Connection::open(&path)
        .expect("a file")
        .execute_batch(&format!(
            "pragma application_id = {APPLICATION_ID};
             create table refinery_schema_history (version int4 primary key, name text, applied_on text, checksum text);
             create table letter (id integer)"
        ))
        .expect("a table");
    let refusal = Db::open(&path, Clock::manual(START), Vault::new([7; 32])).expect_err("it cannot be migrated");
    assert!(refusal.to_string().contains("letter"), "{refusal}");
    let left = Connection::open(&path).expect("the file");
    assert_eq!(tables(&left), ["letter"], "no earlier migration stayed");
    let noted: i64 = left.query_row("select count(*) from refinery_schema_history", [], |row| row.get(0)).expect("a number");
    assert_eq!(noted, 0, "and none is noted");
}

/// A statement is compiled once, whatever it is run with, also where a partial index answers it.
#[test]
fn a_statement_is_not_compiled_anew_for_every_value() {
    let portal = Portal::firm();
    let anew = portal.db().read(|db| {
        let sql = "select s.plan from organization o join subscription s on s.organization = o.id
                    where o.partner = ?1 and o.name_key = ?2 and o.deleted_at is null";
        let mut statement = db.connection().prepare(sql)?;
        let mut found = 0;
        for name in ["birch & sons", "nobody", "nobody else", "birch & sons"] {
            found += usize::from(statement.exists((1, name))?);
        }
        assert_eq!(found, 2);
        Ok(statement.get_status(rusqlite::StatementStatus::RePrepare))
    });
    assert_eq!(anew.expect("a number"), 0);
}

/// api.md, "Import": "others write in between".
#[test]
fn whoever_waits_goes_before_the_next_of_very_many_transactions() {
    let portal = Portal::firm();
    let written = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..300 {
                let work = |tx: &Tx<'_>| {
                    tx.execute("update partner set name = name || '.'", [])?;
                    std::thread::sleep(Duration::from_millis(2));
                    Ok(())
                };
                portal.db().write_in_turn(Duration::ZERO, work).expect("it is written");
                written.fetch_add(1, Ordering::SeqCst);
            }
        });
        for _ in 0..20 {
            let before = written.load(Ordering::SeqCst);
            portal.write(|tx| tx.execute("update partner set name = 'Harbor' where id = 1", []));
            let passed = written.load(Ordering::SeqCst) - before;
            assert!(passed <= 3, "{passed} transactions went before the one that waited");
            std::thread::sleep(Duration::from_millis(5));
        }
    });
}
