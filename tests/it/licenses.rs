//! What Licenses tells (SEA-4, SEA-5, SUB-1), one test a sentence.

use portico::kernel::month::Month;
use portico::kernel::time::Span;
use portico::licenses::model::PAUSED_LONG;
use portico::seats::model::{SeatState, SeatType};

use crate::support::people::*;
use crate::support::portal::Portal;
use crate::support::saas::account;

/// Alder with one account: three active users, two archived, one paused and one unprotected; and two shared mailboxes, archived.
fn alder() -> Portal {
    let portal = Portal::firm();
    let seats = [
        (SeatType::User, SeatState::Active, 3),
        (SeatType::User, SeatState::Archived, 2),
        (SeatType::User, SeatState::Paused, 1),
        (SeatType::User, SeatState::Unprotected, 1),
        (SeatType::SharedMailbox, SeatState::Archived, 2),
    ];
    account(&portal, 77, "Alder Mail").with_seats(&seats).linked(&portal, ALDER_ID);
    portal
}

fn price(portal: &Portal, amount: &str) {
    let from = Month::of(portal.now()).iso();
    portal.sign_in(ADA).post("/price-list", &[("from", from.as_str()), ("currency", "EUR"), ("backup", amount)]).status(303);
}

/// SEA-4, SEA-5: archived users are billed and listed with what they cost; shared mailboxes and unprotected seats are not.
#[test]
fn archived_users_are_listed_with_what_they_cost() {
    let portal = alder();
    portal.sign_in(ADA).visit("/licenses").sees("The price list has no prices for this month, so costs cannot be told.").sees("Alder Mail");
    price(&portal, "3.50");
    let mut ada = portal.sign_in(ADA);
    ada.visit("/licenses").does_not_see("no prices for this month");
    ada.near("Billable seats 6 in use").near("A month at list price 21.00 EUR").near("Idle seats 2").near("A month of idle seats 7.00 EUR");
    ada.post("/licenses/export", &[]).status(200);
    assert_eq!(ada.body().lines().nth(1), Some("Alder Dental,Alder Mail,Microsoft 365,Backup,2,0,7.00,EUR"), "{}", ada.body());
    assert!(portal.last_activity().contains("exported the idle seats of Licenses"));
}

/// SEA-5: a seat counts as paused for long from the first moment after thirty days.
#[test]
fn a_seat_is_paused_for_long_after_thirty_days() {
    for (passed, paused) in [(Span(PAUSED_LONG.0 - 1_000), 0), (PAUSED_LONG, 0), (Span(PAUSED_LONG.0 + 1_000), 1)] {
        let portal = alder();
        portal.wait(passed);
        let mut bea = portal.sign_in(BEA);
        bea.visit("/licenses").sees(&format!("2 archived, {paused} paused for over 30 days"));
    }
}

/// The table "Employees and roles", PAR-1, EMP-4: Business looks and opens no account; nobody sees another partner's.
#[test]
fn licenses_are_seen_by_who_may_and_of_ones_own_partner() {
    let portal = alder();
    portal.sign_in(ABE).visit("/licenses").sees("Alder Mail").is_offered("Seats");
    portal.sign_in(BEA).visit("/licenses").sees("Alder Mail").is_not_offered("Seats");
    for member in [TESS, SID, OLU] {
        portal.sign_in(member).get("/licenses").status(404);
    }
    portal.sign_in(PIA).visit("/licenses").sees("Nothing is idle").does_not_see("Alder Mail");
    account(&portal, 78, "Loose Mail").with_seats(&[(SeatType::User, SeatState::Archived, 4)]).put(&portal);
    price(&portal, "1");
    portal.sign_in(ADA).visit("/licenses").sees("not linked").near("A month of idle seats 2.00 EUR");
}
