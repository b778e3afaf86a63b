//! The rules of plans, seats and prices (SUB-1, SUB-7), one test a sentence.

use portico::kernel::time::Span;
use portico::seats::model::{SeatState, SeatType};

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};
use crate::support::saas::account;

/// Fills in the prices of a month and sends them.
fn set_prices<'a>(visit: &'a mut Visit, from: &str, currency: &str, backup: &str) -> &'a mut Visit {
    visit.visit("/price-list").fill("From", from).fill("Currency", currency).fill("Backup, a seat", backup).press("Save prices")
}

/// Alder's bought seats, as they are stored and as the list has them.
fn bought(portal: &Portal) -> (String, String) {
    let row = |table: &str| {
        portal.sql::<String>(
            &format!("select coalesce(plan, '-') || ' ' || auto_license || ' ' || coalesce(seats, '-') from {table} where organization = ?1 limit 1"),
            [ALDER_ID],
        )
    };
    (row("subscription"), row("organization_listing"))
}

fn both(text: &str) -> (String, String) {
    (text.to_owned(), text.to_owned())
}

/// The portal in November 2026, Alder with `seats` active users in one linked account.
fn with_seats(seats: usize) -> Portal {
    let portal = Portal::firm();
    account(&portal, 77, "Alder Mail").with_seats(&[(SeatType::User, SeatState::Active, seats)]).linked(&portal, ALDER_ID);
    portal
}

/// SUB-1: prices hold from the first of their month until the next list begins; past months stay as they were.
#[test]
fn prices_hold_from_the_first_moment_of_their_month() {
    let portal = with_seats(3);
    let mut ada = portal.sign_in(ADA);
    let month = |ahead: i64| portico::kernel::month::Month::of(portal.now()).plus(ahead);
    set_prices(&mut ada, &month(0).iso(), "EUR", "3.50").sees(&format!("These prices hold from {} on.", month(0).shown()));
    set_prices(&mut ada, &month(1).iso(), "EUR", "4").sees("4.00 EUR").sees("To come").sees("Holds now");
    let card = |ada: &mut Visit| ada.visit(&format!("/organizations/{ALDER_ID}")).text();
    let before = month(1).begins() - Span(1) - portal.now();
    portal.wait(before);
    let mut ada = portal.sign_in(ADA);
    assert!(card(&mut ada).contains("3.50 EUR a seat, 24.50 EUR a month as it stands"), "{}", card(&mut ada));
    portal.wait(Span(1));
    assert!(card(&mut ada).contains("4.00 EUR a seat, 28.00 EUR a month as it stands"), "{}", card(&mut ada));
    ada.visit("/price-list").sees("Past").sees("3.50 EUR");
    let past = month(-1).iso();
    ada.post("/price-list", &[("from", past.as_str()), ("currency", "EUR"), ("backup", "1")]).status(422).sees("billed already");
    ada.post("/price-list", &[("from", month(13).iso().as_str()), ("currency", "EUR"), ("backup", "1")]).status(422);
    set_prices(&mut ada, &month(12).iso(), "EUR", "1").status(200);
    assert_eq!(portal.sql_count("price_list"), 3);
}

/// SUB-1: what is wrong with a price is told at its field, nothing is lost and nothing kept.
#[test]
fn a_wrong_price_comes_back_as_it_was_typed() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let now = portico::kernel::month::Month::of(portal.now()).iso();
    set_prices(&mut ada, &now, "JPY", "3.50").status(422).sees("Backup: JPY has no digits after the point.");
    assert_eq!((ada.value_of("Backup, a seat"), ada.value_of("Currency")), ("3.50".to_owned(), "JPY".to_owned()));
    set_prices(&mut ada, &now, "EUR", "").status(422).sees("Enter the price of at least one plan.");
    ada.post("/price-list", &[("from", now.as_str()), ("currency", "ZZZ"), ("backup", "3")])
        .status(422)
        .sees("Choose a currency from the list.");
    assert_eq!(portal.sql_count("price_list") + portal.sql_count("activity where kind = 'price.changed'"), 0);
    set_prices(&mut ada, &now, "JPY", "350").status(200).sees("350 JPY");
    set_prices(&mut ada, &now, "JPY", "350").status(200);
    assert_eq!(portal.sql_count("activity where kind = 'price.changed'"), 1, "the same again is no change");
}

/// SUB-1: a month that runs is billed by its prices, so the form begins with the next one, and other prices for the running one are told
/// before and after and wait for a tick; the log keeps what they were.
#[test]
fn other_prices_for_the_month_that_runs_are_only_taken_when_they_are_meant() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let month = |ahead: i64| portico::kernel::month::Month::of(portal.now()).plus(ahead);
    assert_eq!(ada.visit("/price-list").value_of("From"), month(0).iso(), "the first list begins at once");
    set_prices(&mut ada, &month(0).iso(), "EUR", "3.50").status(200).does_not_see("runs already");
    assert_eq!(ada.visit("/price-list").value_of("From"), month(1).iso());
    ada.is_not_offered("Change the bills of November 2026");
    ada.fill("From", &month(0).iso()).fill("Backup, a seat", "4").press("Save prices").status(422);
    ada.sees("November 2026 runs already").sees("Backup 4.00 EUR, until now 3.50 EUR").does_not_see("Archiver no price");
    assert_eq!(portal.sql::<i64>("select backup from price_list", []), 350, "nothing was changed");
    ada.tick("Change the bills of November 2026").press("Save prices").status(200).sees("These prices hold from November 2026 on.");
    assert_eq!(portal.sql::<i64>("select backup from price_list", []), 400);
    ada.visit("/activity").sees("set the prices from November 2026 on").open("Details of event").sees("3.50 EUR").sees("4.00 EUR");
    set_prices(&mut ada, &month(1).iso(), "EUR", "5").status(200).sees("5.00 EUR");
    let changes: String = portal.sql("select changes from activity where kind = 'price.changed' order by seq desc limit 1", []);
    assert!(changes.contains("4.00 EUR") && changes.contains("5.00 EUR"), "the prices that the new ones take the place of: {changes}");
}

/// SUB-1: who sets prices sees whose place they take: of two at once the second is told, and asked again.
#[test]
fn prices_are_set_on_what_was_seen() {
    let portal = Portal::firm();
    let month = |ahead: i64| portico::kernel::month::Month::of(portal.now()).plus(ahead).iso();
    set_prices(&mut portal.sign_in(ADA), &month(0), "EUR", "3");
    let mut late = portal.sign_in(ABE);
    late.visit("/price-list").fill("From", &month(1)).fill("Backup, a seat", "5");
    set_prices(&mut portal.sign_in(ADA), &month(1), "EUR", "4").status(200);
    late.press("Save prices").status(422).sees("Somebody else changed the price list meanwhile").sees("4.00 EUR");
    assert_eq!(late.value_of("Backup, a seat"), "5");
    assert_eq!(portal.sql::<i64>("select max(backup) from price_list", []), 400);
    late.press("Save prices").status(200).sees("5.00 EUR");
    assert_eq!(portal.sql::<i64>("select max(backup) from price_list", []), 500);
}

/// SUB-7: accounts are linked only as far as their seats were bought, whichever way; what adds none may be linked, and what an import
/// brings is told on the organization's page and on Home.
#[test]
fn no_account_is_linked_beyond_what_was_bought() {
    let portal = with_seats(5);
    let more = |number: i64, name: &str, seats: usize| {
        account(&portal, number, name).with_seats(&[(SeatType::User, SeatState::Active, seats)]).put(&portal)
    };
    let (two, three, none) = (more(2, "Two Mail", 2), more(3, "Three Mail", 3), more(4, "None Mail", 0));
    portal.execute("update subscription set auto_license = 0, seats = 7 where organization = ?1", [ALDER_ID]);
    let mut ada = portal.sign_in(ADA);
    let link = format!("/organizations/{ALDER_ID}/services/link");
    let said = "7 seats are bought for Alder Dental with Auto License off, and with this it would use 8. Buy 1 more first";
    ada.post(&link, &[("saas_account", &three.to_string())]).status(422).sees(said);
    ada.post(&format!("/status/saas/unmapped/{three}"), &[("organization", &ALDER_ID.to_string())]).status(422).sees(said);
    let pair = format!("{three}:{ALDER_ID}");
    ada.post("/status/saas/unmapped/exact", &[("pair", &pair)]).status(422).sees(said);
    ada.post(&link, &[("saas_account", &two.to_string()), ("saas_account", &three.to_string())]).status(422).sees("Buy 3 more first");
    assert_eq!(portal.sql_count("saas_account where organization is not null"), 1, "all or none");
    ada.visit("/").does_not_see("seats in use,");
    ada.post(&link, &[("saas_account", &two.to_string())]).status(303);
    // Bought to the last seat, and then an import brings more.
    portal.execute("update subscription set seats = 6 where organization = ?1", [ALDER_ID]);
    portal.write(|tx| portico::organizations::store::refresh(tx, portico::kernel::ids::OrganizationId(ALDER_ID)));
    ada.visit(&format!("/organizations/{ALDER_ID}")).sees("7 billable in use, 6 bought").sees("1 more than bought");
    ada.visit("/").sees("7 seats in use, 6 bought");
    portal.sign_in(MALLORY).visit("/").does_not_see("7 seats in use");
    ada.post(&link, &[("saas_account", &none.to_string())]).status(303);
    ada.post(&link, &[("saas_account", &three.to_string())]).status(422).sees("Buy 4 more first");
    portal.execute("update subscription set auto_license = 1, seats = null where organization = ?1", [ALDER_ID]);
    ada.post(&link, &[("saas_account", &three.to_string())]).status(303);
    ada.visit(&format!("/organizations/{ALDER_ID}")).does_not_see("more than bought");
}

/// SUB-1: prices yet to come can be taken back, those that hold cannot.
#[test]
fn only_prices_that_are_yet_to_come_can_be_taken_back() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let month = |ahead: i64| portico::kernel::month::Month::of(portal.now()).plus(ahead);
    set_prices(&mut ada, &month(0).iso(), "EUR", "3");
    set_prices(&mut ada, &month(1).iso(), "EUR", "4");
    ada.post(&format!("/price-list/{}/removal", month(0).iso()), &[]).follow().sees("is billed by these prices, so they stay");
    ada.visit("/price-list").press(&format!("Take back the prices from {}", month(1).shown())).does_not_see("4.00 EUR").sees("3.00 EUR");
    for missing in [month(2).iso(), "x".to_owned()] {
        ada.post(&format!("/price-list/{missing}/removal"), &[]).status(404);
    }
}

/// The table "Employees and roles": Business and Sales & Marketing read the price list and change nothing in it.
#[test]
fn who_may_only_read_prices_has_no_form() {
    let portal = Portal::firm();
    let now = portico::kernel::month::Month::of(portal.now()).iso();
    set_prices(&mut portal.sign_in(ABE), &now, "EUR", "3").sees("3.00 EUR");
    for member in [BEA, SID] {
        let mut visit = portal.sign_in(member);
        visit.visit("/price-list").sees("3.00 EUR").is_not_offered("Save prices");
        visit.post("/price-list", &[("from", now.as_str()), ("currency", "EUR"), ("backup", "1")]).status(404);
    }
    portal.sign_in(TESS).get("/price-list").status(404);
    portal.sign_in(PIA).visit("/price-list").sees("No prices yet");
}

/// SUB-7: with Auto License off at least the seats in use are bought; with it on, seats follow use.
#[test]
fn fewer_seats_than_are_in_use_cannot_be_bought() {
    let portal = with_seats(12);
    let mut ada = portal.sign_in(ADA);
    let dialog = format!("/organizations/{ALDER_ID}/plan");
    ada.visit(&dialog).sees("12 billable seats are in use.").fill("Number of seats", "11").press("Save plan").status(422);
    ada.sees("12 seats are in use.");
    assert_eq!((ada.value_of("Number of seats"), bought(&portal)), ("11".to_owned(), both("backup 0 7")));
    ada.fill("Number of seats", "12").press("Save plan").status(200).sees("Saved the plan of Alder Dental.").sees("12 bought");
    assert_eq!(bought(&portal), both("backup 0 12"));
    ada.visit(&dialog).tick("Auto License").press("Save plan").sees("Auto License on");
    assert_eq!(bought(&portal), both("backup 1 -"));
    assert!(portal.last_activity().contains("chose the plan Backup for Alder Dental"), "{}", portal.last_activity());
    for wrong in ["0", "-3", "1.5", "x", "1000001", ""] {
        ada.visit(&dialog).untick("Auto License").fill("Number of seats", wrong).press("Save plan").status(422);
    }
    assert_eq!(bought(&portal), both("backup 1 -"));
}

/// SUB-1: a personal plan is one seat, whatever is sent with it, and not for more people than one.
#[test]
fn a_personal_plan_is_one_seat() {
    let portal = with_seats(1);
    let mut ada = portal.sign_in(ADA);
    let dialog = format!("/organizations/{ALDER_ID}/plan");
    ada.visit(&dialog).fill("Plan", "personal").tick("Auto License").fill("Number of seats", "40").press("Save plan").status(200);
    assert_eq!(bought(&portal), both("personal 0 1"));
    account(&portal, 78, "Alder Drive").with_seats(&[(SeatType::User, SeatState::Active, 1)]).linked(&portal, ALDER_ID);
    ada.visit(&dialog).fill("Plan", "archiver").fill("Number of seats", "2").press("Save plan").status(200);
    ada.visit(&dialog)
        .fill("Plan", "personal")
        .press("Save plan")
        .status(422)
        .sees("2 seats are in use, and a personal plan is for one person.");
}

/// ORG-1, SUB-13: the first plan is chosen, not given; a deleted organization has none to choose; somebody else's change is not lost.
#[test]
fn a_plan_is_chosen_on_what_was_seen() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let fresh = ada.visit("/organizations/new").fill("Organization name", "Fresh").press("Create Organization").url.clone();
    ada.visit(&fresh).sees("None yet, so nothing is billed.").open("Choose plan").press("Save plan").status(422).sees("Choose a plan.");
    let dialog = format!("/organizations/{ALDER_ID}/plan");
    let mut late = portal.sign_in(ABE);
    late.visit(&dialog);
    ada.visit(&dialog).fill("Number of seats", "9").press("Save plan").status(200);
    late.fill("Number of seats", "8").press("Save plan").status(422).sees("Somebody else changed the plan of Alder Dental meanwhile.");
    assert_eq!(bought(&portal), both("backup 0 9"));
    ada.visit(&dialog);
    let mut other = portal.sign_in(ADA);
    other
        .visit(&format!("/organizations/{ALDER_ID}/deletion"))
        .fill("Type the organization's name", ALDER)
        .press("Yes, Continue")
        .status(200);
    ada.press("Save plan").status(404);
    ada.get(&format!("/organizations/{CEDAR_ID}/plan")).status(200);
    portal.sign_in(MALLORY).get(&dialog).status(404);
}
