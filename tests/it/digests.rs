//! The rules of a partner's own letters: Errors, Invoices, General (NOT-1, SUB-12), one test a sentence.

use portico::kernel::month::Month;
use portico::kernel::time::{Span, Timestamp};
use portico::notifications::digest_model::Every;

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};
use crate::support::saas::account;

const PAGE: &str = "/notification-settings";

fn moment(text: &str) -> Timestamp {
    Timestamp::from_rfc3339(text).expect("a moment")
}

/// Lets time pass until this moment, and runs the jobs.
fn at(portal: &Portal, until: Timestamp) {
    portal.wait(until - portal.now()).run_jobs();
}

fn set(visit: &mut Visit, label: &str, often: &str) {
    visit.visit(PAGE).fill(label, often).press("Save").sees("Saved.");
}

/// Who got the letter of this name, each once for each letter, in the order of addresses.
fn told(portal: &Portal, name: &str) -> Vec<String> {
    let connection = portal.connection();
    let mut statement =
        connection.prepare("select to_email from letter where subject like '%: ' || ?1 || ' of %' order by to_email").expect("sql");
    let rows = statement.query_map([name], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

fn text(portal: &Portal, name: &str, email: &str) -> String {
    portal.sql(
        "select text from letter where subject like '%: ' || ?1 || ' of %' and to_email = ?2 order by created_at desc limit 1",
        (name, email),
    )
}

/// Harbor MSP with a red account at Alder Dental.
fn red() -> Portal {
    let portal = Portal::firm();
    account(&portal, 7, "Alder Mail").linked(&portal, ALDER_ID);
    make_red(&portal);
    portal
}

/// As of now: what is not reported for 48 hours is red no longer.
fn make_red(portal: &Portal) {
    portal.execute(
        "update saas_account set health = 'failing', severity = 3, as_of = ?1, active_services = 9, backed_services = 4",
        [portal.now().0],
    );
}

/// NOT-1: edges of days, Mondays and months in UTC; what is exactly at one is next due at the one after it.
#[test]
fn edges_are_those_of_days_mondays_and_months_in_utc() {
    for (every, before, edge, next) in [
        (Every::Daily, "2026-11-22T23:59:59.999Z", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"),
        (Every::Weekly, "2026-11-22T23:59:59.999Z", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"),
        (Every::Weekly, "2026-11-23T00:00:00.001Z", "2026-11-30T00:00:00Z", "2026-12-07T00:00:00Z"),
        (Every::Monthly, "2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z"),
        (Every::Weekly, "1970-01-04T12:00:00Z", "1970-01-05T00:00:00Z", "1970-01-12T00:00:00Z"),
        (Every::Weekly, "1969-12-28T12:00:00Z", "1969-12-29T00:00:00Z", "1970-01-05T00:00:00Z"),
    ] {
        let (before, edge) = (moment(before), moment(edge));
        assert_eq!(every.next(before), edge, "{every:?}");
        assert_eq!(every.next(edge), moment(next), "{every:?}");
        assert_eq!(every.latest(edge), edge, "{every:?}");
        assert!(every.latest(edge - Span(1)) < edge, "{every:?}");
    }
}

/// NOT-1: a letter is due at the very edge and not a millisecond before, once, to primary account, Security Admins and Admins alone.
#[test]
fn a_letter_is_written_at_its_edge_once_and_to_admins() {
    let portal = red();
    let mut ada = portal.sign_in(ADA);
    ada.visit(PAGE);
    assert_eq!(["Errors", "Invoices", "General"].map(|label| ada.value_of(label)), ["off", "off", "off"]);
    set(&mut ada, "Errors", "daily");
    assert_eq!(portal.last_activity(), "changed the notification settings");
    ada.visit(PAGE).sees("The next one is due 23 Nov 2026, 00:00:00 (UTC)");
    let edge = moment("2026-11-23T00:00:00Z");
    at(&portal, edge - Span(1));
    assert_eq!(told(&portal, "Errors"), [""; 0]);
    at(&portal, edge);
    assert_eq!(told(&portal, "Errors"), [ABE.email, ADA.email, SAM.email]);
    let letter = text(&portal, "Errors", ADA.email);
    assert!(letter.contains("Backups fail\n- Alder Dental: Alder Mail, 4 of 9 services backed up"), "{letter}");
    assert!(letter.contains("/status/saas?state=failing") && letter.contains("You get this letter daily."), "{letter}");
    let changes: String = portal.sql("select changes from activity where kind = 'notifications.digest_written'", []);
    assert!(changes.contains(&edge.iso()), "when it was due: {changes}");
    assert_eq!(portal.last_activity(), "wrote the letter Errors to 3 people");
    portal.run_jobs();
    at(&portal, edge + Span::hours(23));
    assert_eq!(told(&portal, "Errors").len(), 3, "once");
    at(&portal, edge + Span::days(1));
    assert_eq!(told(&portal, "Errors").len(), 6, "and again a day later");
}

/// SUB-12: after a week switched off one letter is written, of the last edge, and the next one at the next edge.
#[test]
fn after_a_week_switched_off_one_letter_is_written() {
    let portal = red();
    set(&mut portal.sign_in(ADA), "Errors", "daily");
    portal.wait(Span::days(7));
    make_red(&portal);
    portal.run_jobs();
    assert_eq!(told(&portal, "Errors").len(), 3);
    let subject: String = portal.sql("select subject from letter where to_email = ?1", [ADA.email]);
    assert_eq!(subject, "Harbor MSP: Errors of 29 Nov 2026");
    let edge = moment("2026-11-30T00:00:00Z");
    at(&portal, edge - Span(1));
    assert_eq!(told(&portal, "Errors").len(), 3);
    at(&portal, edge);
    assert_eq!(told(&portal, "Errors").len(), 6);
}

/// NOT-1: a letter with nothing to say is not written; what is off is not, and each partner has its own.
#[test]
fn nothing_is_written_where_there_is_nothing_to_say() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    for label in ["Errors", "Invoices", "General"] {
        set(&mut ada, label, "daily");
    }
    at(&portal, moment("2026-11-23T00:00:00Z"));
    assert_eq!((portal.sql_count("letter"), portal.sql_count("activity where kind = 'notifications.digest_written'")), (0, 0));
    account(&portal, 7, "Alder Mail").linked(&portal, ALDER_ID);
    make_red(&portal);
    at(&portal, moment("2026-11-24T00:00:00Z"));
    assert_eq!(told(&portal, "Errors").len(), 3, "the edge before was only passed over");
    ada.renew(ADA);
    set(&mut ada, "Errors", "off");
    make_red(&portal);
    at(&portal, moment("2026-11-25T00:00:00Z"));
    assert_eq!(told(&portal, "Errors").len(), 3);
    assert_eq!(portal.sql_count("letter where partner <> 1"), 0);
}

/// EMP-4: nobody reads in a letter what their pages do not show: a limited Admin hears of their own organizations, and of no statement.
#[test]
fn a_limited_admin_reads_of_their_own_organizations_only() {
    let portal = red();
    set(&mut portal.sign_in(ADA), "Errors", "daily");
    portal.execute("update employee set limited = 1 where account = ?1", [ABE.account]);
    at(&portal, moment("2026-11-23T00:00:00Z"));
    assert_eq!(told(&portal, "Errors"), [ADA.email, SAM.email]);
    let group = portal.sql_count("access_group");
    let mut sam = portal.sign_in(SAM);
    sam.post("/groups", &[("name", "Clinics")]).status(303);
    assert_eq!(portal.sql_count("access_group"), group + 1);
    let group: i64 = portal.sql("select id from access_group where name = 'Clinics'", []);
    sam.post(&format!("/groups/{group}/organizations"), &[("organization", &ALDER_ID.to_string())]).status(303);
    sam.post(&format!("/groups/{group}/members"), &[("employee", &ABE.account.to_string())]).status(303);
    make_red(&portal);
    at(&portal, moment("2026-11-24T00:00:00Z"));
    assert!(told(&portal, "Errors").contains(&ABE.email.to_owned()));
}

/// NOT-1, SUB-9: Invoices lists the statements closed since the last one, with their sums, on the day they are closed; none twice.
#[test]
fn invoices_lists_each_closed_statement_once() {
    let portal = Portal::firm();
    account(&portal, 7, "Alder Mail").linked(&portal, ALDER_ID);
    let month = Month::of(portal.now());
    let mut ada = portal.sign_in(ADA);
    ada.visit("/price-list").fill("From", &month.iso()).fill("Currency", "EUR").fill("Backup, a seat", "3.50").press("Save prices");
    portal.execute("update employee set limited = 1 where account = ?1", [ABE.account]);
    set(&mut ada, "Invoices", "monthly");
    at(&portal, month.plus(1).begins() - Span(1));
    assert_eq!(told(&portal, "Invoices"), [""; 0]);
    at(&portal, month.plus(1).begins());
    assert_eq!(told(&portal, "Invoices"), [ADA.email, SAM.email], "limited people see no statements");
    let total: i64 = portal.sql("select total from statement where partner = 1 and month = ?1", [month.0]);
    let seats: i64 = portal.sql("select seats from statement where partner = 1 and month = ?1", [month.0]);
    let letter = text(&portal, "Invoices", ADA.email);
    let line = format!("- November 2026: 2 organizations, {seats} seats, {}.{:02} EUR", total / 100, total % 100);
    assert!(letter.contains(&line), "{line}\n{letter}");
    assert!(!letter.contains("October"), "{letter}");
    // Two months at once after a pause, each once.
    at(&portal, month.plus(3).begins());
    let letter = text(&portal, "Invoices", ADA.email);
    assert!(letter.contains("- December 2026:") && letter.contains("- January 2027:") && !letter.contains("November"), "{letter}");
    assert_eq!(told(&portal, "Invoices").len(), 4);
}

/// NOT-1, SUB-9: while a month is still to be closed, the letter that tells of it waits, and the others do not.
#[test]
fn invoices_waits_for_the_statements() {
    let portal = red();
    let month = Month::of(portal.now());
    let mut ada = portal.sign_in(ADA);
    set(&mut ada, "Invoices", "monthly");
    set(&mut ada, "Errors", "monthly");
    portal.wait(month.plus(1).begins() - portal.now());
    make_red(&portal);
    portal.execute("create trigger stuck before insert on statement begin select raise(abort, 'stuck'); end", []);
    portal.run_jobs();
    assert_eq!((told(&portal, "Invoices").len(), told(&portal, "Errors").len()), (0, 3));
    portal.execute("drop trigger stuck", []);
    portal.run_jobs();
    assert_eq!(told(&portal, "Invoices").len(), 3);
}

/// NOT-1, HOM-1: General lists countdowns, transfers that wait, set-ups about to lapse, and what waits to be linked.
#[test]
fn general_lists_what_waits_for_somebody() {
    let portal = Portal::estate();
    portal.execute("delete from letter", []);
    let mut ada = portal.sign_in(ADA);
    ada.post(&format!("/organizations/{BIRCH_ID}/unsubscription"), &[]).status(303);
    portal.execute("update organization_user set owner = 1 where account = ?1", [CARL.account]);
    let quay: String = portal.sql("select public_id from partner where id = 3", []);
    portal.execute("delete from transfer", []);
    portal.sign_in(CARL).post("/account/transfer", &[("receiver_id", &quay)]).status(303);
    set(&mut ada, "General", "weekly");
    at(&portal, moment("2026-11-23T00:00:00Z"));
    assert_eq!(told(&portal, "General"), [ABE.email, ADA.email, SAM.email]);
    let letter = text(&portal, "General", ADA.email);
    for part in [
        "Unsubscribed, with the days counting\n- Birch & Sons Birchine: ",
        "left to reactivate it; destroyed on 6 Jan 2027",
        "Transfers that wait for you\n- Cedar Clinic Cedarine: from Tidewater IT to Quay Systems",
        "SaaS accounts linked to no organization",
    ] {
        assert!(letter.contains(part), "{part}\n{letter}");
    }
}

/// NOT-1, ALL-7: off, daily, weekly and monthly are all there is; anything else changes nothing.
#[test]
fn what_is_no_choice_is_refused() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    for word in ["hourly", "", "Daily"] {
        let fields = [("errors", word), ("invoices", "daily"), ("general", "off")];
        ada.post(PAGE, &fields).status(422).sees("Choose off, daily, weekly or monthly.");
    }
    assert_eq!(portal.sql_count("digest"), 0);
    ada.post(PAGE, &[("errors", "weekly"), ("invoices", "daily"), ("general", "off")]).status(303);
    assert_eq!(portal.sql_count("digest where partner = 1"), 2);
}
