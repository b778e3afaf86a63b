//! Changing seats on an account's page (SEA-2, SEA-3, SEA-6, USR-7), one test a sentence.

use portico::kernel::ids::SaasAccountId;
use portico::kernel::time::Span;
use portico::seats::changes_model::KEPT;
use portico::seats::model::{SeatState, SeatType};

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};
use crate::support::saas::account;

/// Alder's account: three active users, two paused, one archived, one unprotected.
fn alder() -> (Portal, SaasAccountId) {
    let portal = Portal::firm();
    let seats = [
        (SeatType::User, SeatState::Active, 3),
        (SeatType::User, SeatState::Paused, 2),
        (SeatType::User, SeatState::Archived, 1),
        (SeatType::User, SeatState::Unprotected, 1),
    ];
    let id = account(&portal, 77, "Alder Mail").with_seats(&seats).linked(&portal, ALDER_ID);
    (portal, id)
}

/// The seats of the account that stand so: id, name and e-mail.
fn seats(portal: &Portal, state: &str) -> Vec<(String, String, String)> {
    let connection = portal.connection();
    let mut found = connection.prepare("select id, name, main_id from seat where state = ?1 order by name_key, id").expect("a query");
    let rows = found.query_map([state], |row| Ok((row.get::<_, i64>(0)?.to_string(), row.get(1)?, row.get(2)?))).expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

fn count(portal: &Portal, state: &str) -> i64 {
    portal.sql("select count(*) from seat where state = ?1", [state])
}

/// Reviews a change of these seats and confirms it.
fn confirm<'a>(visit: &'a mut Visit, id: SaasAccountId, action: &str, ids: &[&str], button: &str) -> &'a mut Visit {
    let mut fields = vec![("action", action)];
    fields.extend(ids.iter().map(|id| ("seat", *id)));
    visit.post(&format!("/saas/{id}/seats/review"), &fields).status(200).press(button)
}

/// SEA-2: a row offers what may become of its seat and nothing else; each way is taken, and the log tells it.
#[test]
fn a_row_offers_what_its_seat_may_become() {
    let (portal, id) = alder();
    let mut tess = portal.sign_in(TESS);
    for (state, offered) in
        [("Active", "Pause Unprotect"), ("Paused", "Protect Unprotect"), ("Archived", "Delete Backups"), ("Unprotected", "Protect")]
    {
        let name = seats(&portal, state)[0].1.clone();
        tess.visit(&format!("/saas/{id}?state={state}&q={}", name.replace(' ', "+")));
        tess.open(&format!("Change {name}"));
        let links: Vec<String> = tess.links().into_iter().filter(|link| link.1.contains("/seats/review?")).map(|link| link.0).collect();
        assert_eq!(links.join(" "), offered, "{state}");
    }
    let first = seats(&portal, "Active")[0].clone();
    tess.visit(&format!("/saas/{id}/seats/review?action=Pause&seat={}", first.0)).sees(&first.1).sees("The backups so far are kept");
    assert_eq!(count(&portal, "Paused"), 2, "nothing changes before it is confirmed");
    tess.press("Pause 1 seat").status(200).sees("Paused 1 seat.");
    assert_eq!(count(&portal, "Paused"), 3);
    assert!(portal.last_activity().contains("paused 1 seat of Alder Mail"), "{}", portal.last_activity());
}

/// SEA-2: what may not be is refused seat by seat with its reason, before and after, and the rest of the change goes through.
#[test]
fn a_bulk_change_goes_through_where_it_may() {
    let (portal, id) = alder();
    let mut abe = portal.sign_in(ABE);
    let all: Vec<String> =
        ["Active", "Paused", "Archived", "Unprotected"].iter().flat_map(|state| seats(&portal, state)).map(|seat| seat.0).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let mut fields = vec![("action", "Unlicense")];
    fields.extend(all.iter().map(|id| ("seat", *id)));
    abe.post(&format!("/saas/{id}/seats/review"), &fields).sees("2 seats stay as they are").sees("only its backups can be deleted");
    abe.sees("Billable seats of the organization: 1 instead of 6.");
    abe.press("Unprotect 5 seats").sees("Unprotected 5 seats.").sees("The seat is Unprotected already.");
    assert_eq!((count(&portal, "Unprotected"), count(&portal, "Archived")), (6, 1));
    assert_eq!(portal.sql_count("activity where kind = 'seat.changed'"), 1);
}

/// What each change does to the bill is said before it is confirmed, in money to those who see prices.
#[test]
fn the_bill_is_told_before_the_change() {
    let (portal, id) = alder();
    let from = portico::kernel::month::Month::of(portal.now()).iso();
    let mut ada = portal.sign_in(ADA);
    ada.post("/price-list", &[("from", from.as_str()), ("currency", "EUR"), ("backup", "2")]).status(303);
    portal.execute("update subscription set auto_license = 1, seats = null where organization = ?1", [ALDER_ID]);
    let seat = seats(&portal, "Active")[0].0.clone();
    let review = format!("/saas/{id}/seats/review?action=Unlicense&seat={seat}");
    ada.visit(&review).sees("Billable seats of the organization: 5 instead of 6.").sees("10.00 EUR a month instead of 12.00 EUR.");
    portal.sign_in(TESS).visit(&review).sees("5 instead of 6.").does_not_see("EUR");
    portal.sign_in(OLU).visit(&review).sees("5 instead of 6.").does_not_see("EUR");
    portal.execute("update subscription set auto_license = 0, seats = 7 where organization = ?1", [ALDER_ID]);
    ada.visit(&review).sees("14.00 EUR a month as before.").sees("7 seats are bought and billed whatever is used.");
}

/// What was shown before it is confirmed holds: other seats, another bill or other prices lead back to the review, which says so.
#[test]
fn what_is_confirmed_is_what_was_shown() {
    let (portal, id) = alder();
    portal.execute("update subscription set auto_license = 1, seats = null where organization = ?1", [ALDER_ID]);
    let active = seats(&portal, "Active");
    let review = format!("/saas/{id}/seats/review?action=Unlicense&seat={}", active[0].0);
    let mut late = portal.sign_in(ADA);
    late.visit(&review).sees("5 instead of 6.");
    // Another seat is unprotected meanwhile.
    portal.sign_in(ABE).post(&format!("/saas/{id}/seats"), &[("action", "Unlicense"), ("seat", &active[1].0)]).status(303);
    late.press("Unprotect 1 seat").status(422).sees("another than you were shown, so nothing was done").sees("4 instead of 5.");
    assert_eq!(count(&portal, "Unprotected"), 2);
    // Then there is a price.
    let from = portico::kernel::month::Month::of(portal.now()).iso();
    portal.sign_in(ADA).post("/price-list", &[("from", from.as_str()), ("currency", "EUR"), ("backup", "2")]).status(303);
    late.press("Unprotect 1 seat").status(422).sees("another than you were shown").sees("8.00 EUR a month instead of 10.00 EUR.");
    // And now nothing changed: the same form, sent twice, does its work once.
    let form: Vec<(String, String)> = late
        .forms()
        .into_iter()
        .filter(|form| form.action.ends_with("/seats"))
        .flat_map(|form| form.fields)
        .filter(|field| field.sent)
        .map(|field| (field.name, field.value))
        .collect();
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for _ in 0..2 {
        late.post(&format!("/saas/{id}/seats"), &form).status(303);
        late.clone().follow().sees("Unprotected 1 seat.");
    }
    assert_eq!((count(&portal, "Unprotected"), portal.sql_count("activity where kind = 'seat.changed'")), (3, 2));
}

/// SEA-6: a file that could be reviewed and then not be confirmed is refused before, and so is one in another encoding or with signs that turn
/// the text around them.
#[test]
fn a_file_that_could_not_be_confirmed_is_refused_before() {
    let (portal, id) = alder();
    let mut abe = portal.sign_in(ABE);
    let many = |count: usize| -> String {
        let lines: Vec<String> = (0..count).map(|number| format!("{number:0>100}{}@alder.example", "\u{e9}".repeat(60))).collect();
        format!("email\n{}\n", lines.join("\n"))
    };
    let utf_16: Vec<u8> = "email\njo@alder.example\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, why) in [
        (many(600).into_bytes(), "too many and too long"),
        (utf_16, "This is no CSV in UTF-8."),
        ("email\njo\u{202e}@alder.example\n".as_bytes().to_vec(), "Line 2: the first column holds no e-mail."),
    ] {
        abe.visit(&format!("/saas/{id}/seats/file")).fill("What to do", "Pause").attach("File", "seats.csv", &bytes);
        abe.press("Show what would happen").status(422).sees(why);
    }
    abe.visit(&format!("/saas/{id}/seats/file")).fill("What to do", "Pause").attach("File", "seats.csv", many(300).as_bytes());
    abe.press("Show what would happen").status(200).sees("300 seats stay as they are");
}

/// SEA-3: the row of an unprotected seat counts its thirty days down; protected again in time it loses nothing, one second later it has.
#[test]
fn an_unprotected_seat_counts_down() {
    for (passed, words) in [(Span(KEPT.0 - 1_000), "backups destroyed"), (Span(KEPT.0 + 1_000), "backups destroyed")] {
        let (portal, id) = alder();
        let (seat, name, _) = seats(&portal, "Active")[0].clone();
        confirm(&mut portal.sign_in(ABE), id, "Unlicense", &[&seat], "Unprotect 1 seat").status(200);
        portal.wait(passed);
        let mut abe = portal.sign_in(ABE);
        abe.visit(&format!("/saas/{id}?q={}", name.replace(' ', "+"))).sees(words);
        let left = abe.text().contains("in less than a minute");
        assert_eq!(left, passed.0 < KEPT.0, "{}", abe.text());
    }
}

/// SEA-6: a CSV with a header row and e-mails in its first column; unknown ones are told, and nothing changes before it is confirmed.
#[test]
fn a_file_names_the_seats() {
    let (portal, id) = alder();
    let mut abe = portal.sign_in(ABE);
    let (active, paused) = (seats(&portal, "Active"), seats(&portal, "Paused"));
    let file = format!("\u{feff}E-mail;Name\r\n{};x\r\n{};y\r\nnobody@alder.example;z\r\n\r\n", active[0].2.to_uppercase(), paused[0].2);
    let page = format!("/saas/{id}/seats/file");
    abe.visit(&page).fill("What to do", "Pause").attach("File", "seats.csv", file.as_bytes()).press("Show what would happen").status(200);
    abe.sees(&active[0].1).sees("2 seats stay as they are").sees("nobody@alder.example").sees("There is no such seat");
    assert_eq!(count(&portal, "Paused"), 2);
    abe.press("Pause 1 seat").sees("Paused 1 seat.");
    assert_eq!(count(&portal, "Paused"), 3);
    for (bytes, why) in [
        (&b"jo@alder.example\n"[..], "The first line is the header row"),
        (b"email\n", "There is no e-mail in the first column"),
        (b"email\njo doe\n", "Line 2: the first column holds no e-mail."),
        (b"name;email\nEdda;edda@alder.example\n", "Line 2: the first column holds no e-mail. It says \u{201c}Edda\u{201d}."),
        (b"email\n\xff\xfe@x\n", "Line 2 is not CSV in UTF-8."),
    ] {
        abe.visit(&page)
            .fill("What to do", "Pause")
            .attach("File", "seats.csv", bytes)
            .press("Show what would happen")
            .status(422)
            .sees(why);
    }
    let line = |count: usize| format!("email\n{}", "jo@alder.example\n".repeat(count));
    abe.visit(&page)
        .fill("What to do", "Pause")
        .attach("File", "s.csv", line(2_001).as_bytes())
        .press("Show what would happen")
        .status(422);
    abe.visit(&page)
        .fill("What to do", "Pause")
        .attach("File", "s.csv", line(2_000).as_bytes())
        .press("Show what would happen")
        .status(200);
}

/// USR-7: a user with Full access does the same to their own account as Super Administrator, and nothing to any other; it ends with the link,
/// the access, and the organization's active state.
#[test]
fn a_super_administrator_changes_seats_of_their_own_account_alone() {
    let (portal, id) = alder();
    let other = account(&portal, 78, "Birch Mail").with_seats(&[(SeatType::Site, SeatState::Active, 1)]).linked(&portal, BIRCH_ID);
    let one = |account: SaasAccountId| {
        portal.sql::<i64>("select min(id) from seat where saas_account = ?1 and state = 'Active'", [account]).to_string()
    };
    let (seat, foreign) = (one(id), one(other));
    let mut olu = portal.sign_in(OLU);
    confirm(&mut olu, id, "Pause", &[&seat], "Pause 1 seat").status(200);
    olu.get(&format!("/saas/{other}/seats/review?action=Pause&seat={foreign}")).status(404);
    olu.post(&format!("/saas/{other}/seats"), &[("action", "Pause"), ("seat", &foreign)]).status(404);
    olu.post(&format!("/saas/{id}/seats"), &[("action", "Pause"), ("seat", &foreign)]).follow().sees("There is no such seat");
    assert_eq!(portal.sql::<String>("select state from seat where id = ?1", [&foreign]), "Active");
    portal.sign_in(NOOR).get(&format!("/saas/{id}/seats/review?action=Pause&seat={seat}")).status(404);
    portal.sign_in(ABE).post(&format!("/organizations/{ALDER_ID}/services/{id}/unlink"), &[]).status(303);
    olu.post(&format!("/saas/{id}/seats"), &[("action", "License"), ("seat", &seat)]).status(404);
}

/// SEC-2: deleting backups is asked for again, and never goes by the address of the other changes.
#[test]
fn deleting_backups_is_a_dangerous_step() {
    let (portal, id) = alder();
    let seat = seats(&portal, "Archived")[0].0.clone();
    let mut abe = portal.sign_in(ABE);
    abe.post(&format!("/saas/{id}/seats"), &[("action", "DeleteBackups"), ("seat", &seat)]).status(404);
    portal.wait_idle(Span::minutes(16));
    abe.visit(&format!("/saas/{id}/seats/review?action=DeleteBackups&seat={seat}")).sees("Nobody can bring them back.");
    abe.press("Delete Backups of 1 seat").sees("Enter your password again");
    assert_eq!(count(&portal, "Archived"), 1);
    abe.fill("Password", PASSWORD).press("Continue").sees("Deleted the backups of 1 seat.");
    assert_eq!(count(&portal, "Archived"), 0);
}

/// SEA-6: who is named twice in a file is meant once, and from what is shown there is a way to another file.
#[test]
fn a_seat_that_a_file_names_twice_is_changed_once_and_not_refused() {
    let (portal, id) = alder();
    let mut abe = portal.sign_in(ABE);
    let active = seats(&portal, "Active")[0].clone();
    let send = |abe: &mut Visit, file: &str| {
        let page = format!("/saas/{id}/seats/file");
        abe.visit(&page).fill("What to do", "Pause").attach("File", "s.csv", file.as_bytes()).press("Show what would happen").status(200);
    };
    send(&mut abe, &format!("email\n{0}\n{1}\n", active.2, active.2.to_uppercase()));
    abe.is_offered("Pause 1 seat").does_not_see("stays as it is").is_offered("Choose another file");
    abe.press("Pause 1 seat").sees("Paused 1 seat.").does_not_see("already");
    send(&mut abe, &format!("email\n{}\n", active.2));
    abe.sees("The seat is Paused already").is_offered("Choose another file").is_not_offered("Pause 1 seat");
}
