//! What is over and says so: seats whose thirty days are up (SEA-3), accounts that were cancelled (SAS-7). One test a sentence.

use portico::access::witness_model::{Operator, SeatManager};
use portico::kernel::ids::{PartnerId, SaasAccountId};
use portico::kernel::time::{Span, Zone};
use portico::seats::changes_model::{Action, DESTROYED_AT_ONCE, KEPT};
use portico::seats::model::{SeatState, SeatType};
use portico::seats::store::Pick;
use serde_json::{Value, json};

use crate::api::{bring_in, known, saved, script};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};
use crate::support::saas::{Account, account};

const MILLI: Span = Span(1);

/// An account of three active seats at Alder.
fn alder(portal: &Portal) -> (Account, SaasAccountId) {
    let one = account(portal, 1, "Alder Mail");
    let id = one.linked(portal, ALDER_ID);
    (one, id)
}

fn change(portal: &Portal, id: SaasAccountId, action: Action, emails: &[&str]) {
    let by = SeatManager::operator(&Operator::of_this_machine(), PartnerId(1));
    let picks: Vec<Pick> = emails.iter().map(|email| Pick::Email((*email).to_owned())).collect();
    portal.write(|tx| {
        let account = portico::saas::store::find(tx, by.scope(), id)?;
        portico::seats::actions::change(tx, &by, &account, action, &picks)
    });
}

const JO: &str = "user-active-000@aldermail.example";
const MO: &str = "user-active-001@aldermail.example";
const DESTRUCTIONS: &str = "activity where kind = 'seat.backups_destroyed'";

fn destroyed(portal: &Portal, email: &str) -> Option<i64> {
    portal.sql("select destroyed_at from seat where main_id = ?1", [email])
}

/// SEA-3: at its moment and not a millisecond before, once, and with both times in the log.
#[test]
fn the_backups_of_an_unprotected_seat_are_destroyed_when_its_thirty_days_are_up() {
    let portal = Portal::firm();
    let (_, id) = alder(&portal);
    change(&portal, id, Action::Unlicense, &[JO]);
    let due = portal.now() + KEPT;
    portal.wait(Span(KEPT.0 - 1)).run_jobs();
    assert_eq!((destroyed(&portal, JO), portal.sql_count(DESTRUCTIONS)), (None, 0));
    portal.sign_in(ADA).visit(&format!("/saas/{id}")).does_not_see("backups destroyed on");
    portal.wait(MILLI).run_jobs();
    assert_eq!((destroyed(&portal, JO), portal.sql_count(DESTRUCTIONS)), (Some(due.0), 1));
    let moment = Zone::utc().exact(due);
    let sentence = format!("destroyed the backups of 1 seat of Alder Mail, unprotected for 30 days: due {moment}, done {moment}");
    assert_eq!(portal.sql::<String>("select sentence from activity where kind = 'seat.backups_destroyed'", []), sentence);
    let day = Zone::utc().date(due);
    portal.sign_in(ADA).visit(&format!("/saas/{id}")).sees(&format!("backups destroyed on {day}"));
    let log = format!("/organizations/{ALDER_ID}");
    portal.sign_in(ADA).visit(&log).sees("destroyed the backups of 1 seat of Alder Mail");
    portal.wait(Span::days(40)).run_jobs();
    assert_eq!((destroyed(&portal, JO), portal.sql_count(DESTRUCTIONS)), (Some(due.0), 1), "once");
    assert_eq!(portal.sql_count("seat where destroyed_at is not null"), 1, "and no other seat");
}

/// SEA-3, SUB-12: from that moment on it reads as gone, whether or not a job ran; a week switched off is told with both times.
#[test]
fn a_read_after_the_thirty_days_shows_them_gone_before_any_job_ran() {
    let portal = Portal::firm();
    let (_, id) = alder(&portal);
    change(&portal, id, Action::Unlicense, &[JO]);
    let due = portal.now() + KEPT;
    let words = format!("backups destroyed on {}", Zone::utc().date(due));
    portal.wait(Span(KEPT.0 - 1));
    portal.sign_in(ADA).visit(&format!("/saas/{id}")).does_not_see(&words);
    portal.wait(MILLI);
    portal.sign_in(ADA).visit(&format!("/saas/{id}")).sees(&words);
    assert_eq!(destroyed(&portal, JO), None);
    portal.wait(Span::days(7)).run_jobs();
    let (due, done) = (Zone::utc().exact(due), Zone::utc().exact(portal.now()));
    let told: String = portal.sql("select sentence from activity where kind = 'seat.backups_destroyed'", []);
    assert!(told.ends_with(&format!("due {due}, done {done}")), "{told}");
    portal.sign_in(ADA).visit(&format!("/saas/{id}")).sees(&words);
}

/// SEA-3: "protecting again before that keeps it"; after it, the seat begins anew and the log says what was lost.
#[test]
fn protecting_again_keeps_the_backups_until_the_last_millisecond_and_begins_anew_after_it() {
    for (waited, kept) in [(Span(KEPT.0 - 1), true), (KEPT, false)] {
        for with_jobs in [false, true] {
            let portal = Portal::firm();
            let (_, id) = alder(&portal);
            change(&portal, id, Action::Unlicense, &[JO]);
            let due = portal.now() + KEPT;
            portal.wait(waited);
            if with_jobs {
                portal.run_jobs();
            }
            let seat: i64 = portal.sql("select id from seat where main_id = ?1", [JO]);
            let mut ada = portal.sign_in(ADA);
            ada.visit(&format!("/saas/{id}/seats/review?action=License&seat={seat}"));
            assert_eq!(ada.text().contains("begins anew: backups destroyed on"), !kept, "{waited:?}");
            ada.press("Protect 1 seat").sees("Protected 1 seat.");
            let changes: String = portal.sql("select changes from activity where kind = 'seat.changed' order by seq desc limit 1", []);
            let lost = format!("without backups: they were destroyed on {}", Zone::utc().exact(due));
            assert_eq!(changes.contains(&lost), !kept, "{changes}");
            // Nothing of the old countdown is left for any job to come.
            portal.wait(Span::days(60)).run_jobs();
            assert_eq!(portal.sql_count("seat where state = 'Active' and data_until is null and destroyed_at is null"), 3);
            assert_eq!(portal.sql_count(DESTRUCTIONS), i64::from(!kept && with_jobs));
            // A new unprotection counts its own thirty days.
            change(&portal, id, Action::Unlicense, &[JO]);
            portal.wait(Span(KEPT.0 - 1)).run_jobs();
            assert_eq!(destroyed(&portal, JO), None);
            portal.wait(MILLI).run_jobs();
            assert!(destroyed(&portal, JO).is_some());
        }
    }
}

/// What is destroyed by somebody at once is not destroyed by the clock again; a purge waits for no countdown.
#[test]
fn what_was_destroyed_at_once_is_not_destroyed_again() {
    let portal = Portal::firm();
    let kinds = [(SeatType::User, SeatState::Active, 3), (SeatType::User, SeatState::Archived, 1)];
    let id = account(&portal, 1, "Alder Mail").with_seats(&kinds).linked(&portal, ALDER_ID);
    change(&portal, id, Action::DeleteBackups, &["user-archived-000@aldermail.example"]);
    change(&portal, id, Action::Unlicense, &[JO]);
    portal.wait(Span::days(1));
    let now = portal.now();
    portal.write(|tx| portico::seats::store::unprotect_all(tx, portico::kernel::ids::OrganizationId(ALDER_ID)));
    assert_eq!(destroyed(&portal, JO), Some(now.0), "its countdown ended with the purge");
    portal.wait(Span::days(31)).run_jobs();
    assert_eq!(portal.sql_count(DESTRUCTIONS), 0);
    assert_eq!(portal.sql_count("seat where destroyed_at is null"), 0);
}

/// SUB-12: in small batches and in the order of the moments, one event an account and batch.
#[test]
fn many_seats_are_destroyed_in_small_batches() {
    let portal = Portal::firm();
    let many = usize::try_from(DESTROYED_AT_ONCE).expect("a few") + 50;
    let one = account(&portal, 1, "Alder Mail").with_seats(&[(SeatType::User, SeatState::Unprotected, many)]).linked(&portal, ALDER_ID);
    let other = account(&portal, 2, "Birch Mail").with_seats(&[(SeatType::User, SeatState::Unprotected, 5)]).put(&portal);
    let now = portal.now();
    portal.execute("update seat set data_until = ?2 where saas_account = ?1", (one.0, now.0 - 10));
    portal.execute("update seat set data_until = ?2 where saas_account = ?1", (other.0, now.0 - 20));
    let due = portal.db().read(|db| portico::seats::store::due(db, DESTROYED_AT_ONCE)).expect("a look");
    assert_eq!((due.len(), due[0].account.0, due[4].account.0, due[5].account.0), (many - 50, other, other, one));
    portal.run_jobs();
    assert_eq!(portal.sql_count("seat where destroyed_at is null"), 0);
    assert_eq!(portal.sql_count(DESTRUCTIONS), 3, "two of the larger account and one of the smaller");
}

/// API-2: what is served after a destruction comes into an empty portal with nothing lost that the bodies have a place for.
#[test]
fn what_is_served_after_the_end_comes_in_whole() {
    let portal = Portal::firm();
    let (_, id) = alder(&portal);
    portal.execute("update seat set remote_id = main_id", []);
    portal.execute("update saas_account set stats_active = 10, stats_recent = 10, stats_percentage = 100", []);
    change(&portal, id, Action::Unlicense, &[JO, MO]);
    portal.wait(KEPT).run_jobs();
    let other = Portal::firm();
    let files = saved(&script(&portal, None));
    bring_in(&other, &files);
    assert_eq!(known(&other), known(&portal));
    assert_eq!(bring_in(&other, &files).1, 0, "and the same a second time changes nothing");
    other.run_jobs();
    assert_eq!(other.sql_count(DESTRUCTIONS), 0, "nobody there ever saw them protected");
}

/// Cancels Alder's account on its page.
#[track_caller]
fn cancel(portal: &Portal, id: SaasAccountId) {
    portal.execute("update saas_account set commitment = 'month_to_month', retention = 'ICR' where id = ?1", [id.0]);
    let fields = [("reason", "They left"), ("typed", "CANCEL SUBSCRIPTION")];
    portal.sign_in(ADA).post(&format!("/saas/{id}/cancellation"), &fields).status(303);
}

/// SAS-7: a cancelled account says when it was, wherever it is listed; its seats are Unprotected and their backups gone.
#[test]
fn a_cancelled_account_says_so_with_its_date_everywhere() {
    let portal = Portal::firm();
    let (_, id) = alder(&portal);
    account(&portal, 2, "Birch Mail").linked(&portal, BIRCH_ID);
    cancel(&portal, id);
    let words = "Cancelled on 22 Nov 2026";
    let sees = |visit: &mut Visit, url: &str| _ = visit.visit(url).sees(words).does_not_see("purged on");
    let mut ada = portal.sign_in(ADA);
    for url in
        [format!("/saas/{id}"), format!("/organizations/{ALDER_ID}"), "/status/saas".to_owned(), "/status/saas?state=cancelled".to_owned()]
    {
        sees(&mut ada, &url);
    }
    ada.visit("/status/saas").sees("Seat protection 3 of 3 protected");
    ada.visit("/status/saas?state=purged").does_not_see("Alder");
    ada.visit("/status/saas?state=cancelled").does_not_see("Birch");
    sees(&mut portal.sign_in(OLU), "/status/saas");
    sees(&mut portal.sign_in(OLU), "/");
    ada.post("/status/saas/export", &[]).status(200);
    assert!(ada.body().contains("Cancelled"), "{}", ada.body());
    portal.write(|tx| {
        portico::saas::store::unlink(
            tx,
            portico::kernel::ids::OrganizationId(ALDER_ID),
            id,
            portico::saas::model::Reason::ByPerson,
            "Ada Lane",
        )
    });
    sees(&mut ada, "/status/saas/unmapped");
}

/// api.md: only what is pending is left out; a cancelled account is served with what is left of it, and comes in whole elsewhere.
#[test]
fn a_cancelled_account_is_served_empty() {
    let portal = Portal::firm();
    let (_, id) = alder(&portal);
    cancel(&portal, id);
    let script = script(&portal, None);
    let domain = script.read("/v1/saas/domains")[0].clone();
    assert_eq!(
        (&domain["saasCustomerId"], &domain["seatsUsed"], &domain["backupStats"]["activeServicesCount"]),
        (&json!(1), &json!(0), &json!(0))
    );
    let seats = script.read("/v1/saas/1/seats");
    assert!(seats.as_array().expect("a bare array").iter().all(|seat| seat["seatState"] == "Unprotected" && seat["billable"] == ""));
    assert_eq!(script.read("/v1/saas/1/applications")["items"][0]["suites"][0]["appTypes"], json!([]));
    let other = Portal::firm();
    bring_in(&other, &saved(&script));
    assert_eq!(other.sql_count("seat where state = 'Unprotected'"), 3);
}

/// What the vendor's script saves of Alder's account, with a report whose newest window ends then.
fn files(portal: &Portal, until: i64) -> Vec<(String, Vec<u8>)> {
    let mut files = saved(&script(portal, None));
    for (name, bytes) in files.iter_mut().filter(|(name, _)| name.starts_with("applications")) {
        let mut report: Value = serde_json::from_slice(bytes).unwrap_or_else(|_| panic!("{name} is JSON"));
        let history = report["items"][0]["suites"][0]["appTypes"][0]["backupHistory"].as_array_mut().expect("days");
        history.truncate(1);
        history[0]["startTime"] = json!(until);
        history[0]["endTime"] = json!(until - 86_400_000);
        *bytes = report.to_string().into_bytes();
    }
    files
}

/// SAS-7: lists of accounts and seats say nothing of when, and an old report nothing new: the account stays cancelled and empty, at once and
/// after the seven days for which what is set here stays; the preview says so.
#[test]
fn what_is_reported_of_the_time_before_fills_no_cancelled_account() {
    let portal = Portal::firm();
    let (_, id) = alder(&portal);
    let now = portal.now();
    let before = files(&portal, now.0);
    cancel(&portal, id);
    for days in [0, 8] {
        portal.wait(Span::days(days));
        let (new, changed, _) = bring_in(&portal, &before);
        assert_eq!((new, changed), (0, 0), "after {days} days");
        assert_eq!(portal.sql_count("saas_account where cancelled_at is not null and seats_used = 0 and stats_active is null"), 1);
        assert_eq!(portal.sql_count("seat where state <> 'Unprotected'"), 0);
        assert_eq!(portal.sql_count("backup_day"), 0);
        assert!(portal.sql_count("import_problem where reason like '%was cancelled here on 22 Nov 2026. It stays so%'") > 0);
    }
}

/// SAS-7: a report of backups made after the cancellation, to the millisecond, shows that the account is backed up again: it is taken on with
/// its seats, the log and the preview say so, and the same files a second time change nothing.
#[test]
fn a_report_of_backups_made_after_it_takes_a_cancelled_account_on_again() {
    for (after, again) in [(0, false), (1, true)] {
        let portal = Portal::firm();
        let (_, id) = alder(&portal);
        let all = files(&portal, portal.now().0 + after);
        cancel(&portal, id);
        portal.wait(Span::hours(1));
        bring_in(&portal, &all);
        let found = (
            portal.sql_count("saas_account where cancelled_at is null"),
            portal.sql_count("seat where state = 'Active'"),
            portal.sql_count("backup_day"),
            portal.sql_count("activity where kind = 'saas_account.taken_on_again'"),
        );
        assert_eq!(found, if again { (1, 3, 1, 1) } else { (0, 0, 0, 0) }, "{after} ms after");
        assert_eq!(portal.sql_count("import_problem where reason like '%so it is taken on again%'"), i64::from(again));
        let (new, changed, _) = bring_in(&portal, &all);
        assert_eq!((new, changed), (0, 0), "{after} ms after");
        let mut ada = portal.sign_in(ADA);
        ada.visit("/status/saas");
        assert_eq!(ada.text().contains("Cancelled on"), !again);
    }
}
