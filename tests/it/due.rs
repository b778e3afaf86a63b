//! What falls due one by one goes on past what fails (SUB-12), in short transactions, and leaves the search in few pieces.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use portico::access::witness_model::Clockwork;
use portico::app::due::{end_subscriptions, join_indexes};
use portico::kernel::db::indexes::is_scattered;
use portico::kernel::db::slices::{Sliced, Slices};
use portico::kernel::db::{Db, Read as _};
use portico::kernel::error::{Error, Result};
use portico::kernel::queue::{Queue, Stumbles, TOLD_AGAIN};
use portico::kernel::time::{Span, Timestamp};
use portico::organizations;
use portico::subscriptions::model::WINDOW;

use crate::support::disk::Disk;
use crate::support::estate::{ALDERINE, CEDARINE};
use crate::support::people::*;
use crate::support::portal::Portal;
use crate::support::workload::portal_on;

const BIRCH: i64 = 10_000_002;
const CEDAR: i64 = 20_000_001;

/// Unsubscribes these, one an hour after the other, and lets the days of all run out.
fn unsubscribe(portal: &Portal, organizations: &[i64]) {
    let since = portal.now();
    for (hours, organization) in (1..).zip(organizations) {
        let at = since.0 + hours * Span::hours(1).0;
        portal.execute("update subscription set state = 'unsubscribed', since = ?2 where organization = ?1", (organization, at));
    }
    portal.wait(Span(WINDOW.0 + Span::hours(24).0));
}

fn is_deleted(portal: &Portal, organization: i64) -> bool {
    portal.sql("select state = 'deleted' from subscription where organization = ?1", [organization])
}

/// SUB-12, OPS-4: an end that fails, early or at its last step, leaves its organization wholly before, and those behind it do not wait; once
/// it can be done it is, with the moment it was due.
#[test]
fn an_end_that_fails_keeps_no_other_waiting() {
    for fault in [
        "create trigger fault before delete on organization_user when old.organization = 10000001 begin select raise(abort, 'a fault'); end",
        "create trigger fault before insert on receipt when new.organization = 10000001 begin select raise(abort, 'a fault'); end",
        "create trigger fault before insert on receipt when new.organization = 10000001 begin select raise(rollback, 'a fault'); end",
    ] {
        let portal = Portal::firm();
        unsubscribe(&portal, &[BIRCH, ALDER_ID, CEDAR]);
        let users = portal.sql_count("organization_user where organization = 10000001");
        assert!(users > 0);
        portal.execute(fault, []);
        portal.run_jobs();
        assert_eq!([BIRCH, ALDER_ID, CEDAR].map(|each| is_deleted(&portal, each)), [true, false, true], "{fault}");
        assert_eq!(portal.sql_count("organization_user where organization = 10000001"), users, "wholly before");
        assert_eq!(portal.sql_count("activity where kind = 'organization.deleted' and target_id = 10000001"), 0);
        portal.execute("drop trigger fault", []);
        portal.run_jobs();
        assert!(is_deleted(&portal, ALDER_ID));
        assert_eq!(portal.sql_count("receipt"), 3, "each once");
        portal.run_jobs();
        assert_eq!(portal.sql_count("receipt"), 3, "each once");
    }
}

/// SUB-12: the same of transfers, where one can be neither carried out nor ended.
#[test]
fn a_transfer_that_fails_keeps_no_other_waiting() {
    let portal = Portal::estate();
    portal.execute("delete from transfer", []);
    let transfer = |id: i64, organization: i64, holder: i64, receiver: i64| {
        portal.execute(
            "insert into transfer (id, partner, organization, name, asked_by, asked_at, receiver, receiver_id, state, validator, validated_by, due_at)
             select ?1, ?3, ?2, name, 'Jo', ?5, ?4, '', 'validated', 1, 'Ada', ?5 + ?1 from organization where id = ?2",
            (id, organization, holder, receiver, portal.now().0 - 1_000),
        );
    };
    let holder = |organization: i64| -> i64 { portal.sql("select partner from organization where id = ?1", [organization]) };
    transfer(1, CEDARINE.organization, holder(CEDARINE.organization), 3);
    transfer(2, ALDERINE.organization, holder(ALDERINE.organization), 2);
    portal.execute("create trigger fault before update on transfer when new.id = 1 begin select raise(abort, 'a fault'); end", []);
    portal.run_jobs();
    let states = || portal.sql::<String>("select group_concat(state) from (select state from transfer order by id)", []);
    assert_eq!((states(), holder(ALDERINE.organization)), ("validated,done".to_owned(), 2));
    portal.execute("drop trigger fault", []);
    portal.run_jobs();
    assert_eq!((states(), holder(CEDARINE.organization)), ("done,done".to_owned(), 3));
}

/// OPS-4: a disk that fails is nobody's own fault: the job stops, and goes on where it was.
#[test]
fn a_failing_disk_leaves_nobody_out() {
    let disk = Disk::new(31);
    let portal = portal_on(&disk);
    unsubscribe(&portal, &[ALDER_ID]);
    disk.leave_room(0);
    let end = || end_subscriptions(portal.db(), &Clockwork::ticking(), &Stumbles::default());
    assert!(matches!(end(), Err(Error::Disk(_))));
    assert!(!is_deleted(&portal, ALDER_ID));
    disk.mend();
    assert_eq!(end().expect("there is room").steps, 1);
    assert!(is_deleted(&portal, ALDER_ID));
}

/// Whoever runs the portal hears of what fails once an hour, of each by its number.
#[test]
fn a_failure_is_told_once_an_hour() {
    let (stumbles, now) = (Stumbles::default(), Timestamp(1_000_000));
    assert!(stumbles.is_news("ends", 7, now));
    assert!(!stumbles.is_news("ends", 7, now));
    assert!(stumbles.is_news("ends", 8, now) && stumbles.is_news("transfers", 7, now), "another one");
    assert!(!stumbles.is_news("ends", 7, now + Span(TOLD_AGAIN.0 - 1)));
    assert!(stumbles.is_news("ends", 7, now + TOLD_AGAIN));
}

/// What fails is left out, whatever comes before or behind it; what is done is nobody's fault.
#[test]
fn a_queue_leaves_out_what_was_in_hand() {
    let mut queue = Queue::default();
    let due = |queue: &Queue| (1..=queue.length().min(3)).collect::<Vec<i64>>();
    assert_eq!(queue.take(due(&queue), |number| *number), Some(1));
    queue.lay_down();
    assert_eq!(queue.leave_out(), None);
    assert_eq!(queue.take(due(&queue), |number| *number), Some(1));
    assert_eq!(queue.leave_out(), Some(1));
    assert_eq!(queue.take(due(&queue), |number| *number), Some(2));
    assert_eq!((queue.leave_out(), queue.left_out()), (Some(2), 2));
    assert_eq!(queue.take(vec![1, 2], |number| *number), None);
}

const SHORT: Slices = Slices { length: Duration::from_millis(10), pause: Duration::ZERO, most: 10 };

fn asked(db: &Db, pragma: &str) -> i64 {
    db.write(|tx| Ok(tx.connection().pragma_query_value(None, pragma, |row| row.get(0))?)).expect("an answer")
}

/// Steps share a transaction for as long as it is short; an error takes back its own transaction's steps and no others; and the writer is
/// afterwards as it was, also after a panic.
#[test]
fn slices_are_short_and_leave_the_writer_as_it_was() {
    let portal = Portal::firm();
    let usual = ["cache_size", "wal_autocheckpoint"].map(|pragma| asked(portal.db(), pragma));
    let (mut done, mut steps) = (Sliced::default(), 0);
    let quick = portal.db().in_slices(SHORT, &mut done, |_| {
        steps += 1;
        Ok(steps <= 50)
    });
    assert!(quick.is_ok() && done.steps == 50 && done.held.len() < 10, "{done:?}");
    let (mut done, mut steps) = (Sliced::default(), 0);
    let slow = portal.db().in_slices(SHORT, &mut done, |tx| {
        steps += 1;
        std::thread::sleep(Duration::from_millis(12));
        tx.execute("update organization set country = ?1 where id = 10000001", [format!("{steps}")])?;
        if steps == 4 { Err(Error::internal("a fault")) } else { Ok(true) }
    });
    assert!(slow.is_err());
    assert_eq!((done.steps, done.held.len()), (3, 3), "each alone");
    assert_eq!(portal.sql::<String>("select country from organization where id = 10000001", []), "3");
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        portal.db().in_slices(SHORT, &mut Sliced::default(), |tx| -> Result<bool> {
            assert_ne!(tx.connection().pragma_query_value(None, "wal_autocheckpoint", |row| row.get(0)), Ok(usual[1]));
            panic!("a panic in a step")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(["cache_size", "wal_autocheckpoint"].map(|pragma| asked(portal.db(), pragma)), usual);
}

/// An index in many pieces is joined to few, with everything in it, and one that is in few is left alone: jobs that have nothing to do write
/// nothing.
#[test]
fn search_indexes_are_joined_when_they_are_in_many_pieces() {
    let portal = Portal::firm();
    join_indexes(portal.db()).expect("it is joined");
    let scattered = || portal.db().read(|db| is_scattered(db, organizations::store::INDEX, 4)).expect("a look");
    assert!(!scattered());
    for number in 0..9 {
        portal.execute("update organization set search = ?1 where id = 10000001", [format!("renamed practice {number}")]);
    }
    assert!(scattered());
    let found = |words: &str| -> i64 {
        portal.sql("select count(*) from organization_search where organization_search match ?1", [format!("\"{words}\"")])
    };
    let mark = || -> i64 { portal.sql("select user_version from pragma_user_version", []) };
    assert_eq!((found("practice 8"), found("practice 7")), (1, 0));
    assert!(join_indexes(portal.db()).expect("it is joined") > 0);
    assert!(!scattered());
    assert_eq!((found("practice 8"), found("practice 7"), found("birch")), (1, 0, 1));
    portal.execute("insert into organization_search (organization_search, rank) values ('integrity-check', 1)", []);
    let before = mark();
    assert_eq!(join_indexes(portal.db()).expect("a look"), 0);
    assert_eq!(mark(), before, "nothing was written");
}
