//! What Licenses tells (SEA-4, SEA-5, SUB-1), one test a sentence.

use portico::access::model::{Scope, Sight};
use portico::kernel::ids::PartnerId;
use portico::kernel::month::Month;
use portico::kernel::time::Span;
use portico::licenses::model::PAUSED_LONG;
use portico::licenses::store;
use portico::seats::model::{SeatState, SeatType};

use crate::support::people::*;
use crate::support::portal::Portal;
use crate::support::saas::account;

/// Alder, the only one with seats of its own, with one account: three active users, two archived, one paused and one unprotected; and two shared mailboxes, archived.
fn alder() -> Portal {
    let portal = Portal::firm();
    let seats = [
        (SeatType::User, SeatState::Active, 3),
        (SeatType::User, SeatState::Archived, 2),
        (SeatType::User, SeatState::Paused, 1),
        (SeatType::User, SeatState::Unprotected, 1),
        (SeatType::SharedMailbox, SeatState::Archived, 2),
    ];
    portal.execute("update subscription set plan = null, seats = null where organization <> ?1", [ALDER_ID]);
    portal.execute("update subscription set auto_license = 1, seats = null where organization = ?1", [ALDER_ID]);
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
    ada.sees("Billable seats 6 in use").sees("A month at list price 21.00 EUR").sees("Idle seats 2").sees("A month of idle seats 7.00 EUR");
    ada.post("/licenses/export", &[]).status(200);
    assert_eq!(
        ada.body().lines().nth(1),
        Some("Alder Dental,Alder Mail,Microsoft 365,Backup,,ICR,6,6,21.00,2,0,7.00,EUR"),
        "{}",
        ada.body()
    );
    assert!(portal.last_activity().contains("exported Licenses"));
}

/// SUB-9: billed is the larger of what is bought and what is used, as a statement would bill it; Auto License bills what is used; an
/// organization that has bought seats and has no account yet is billed all the same.
#[test]
fn seats_that_are_bought_and_not_used_cost_as_well() {
    let portal = alder();
    price(&portal, "3.50");
    let set = |auto: bool, seats: Option<i64>| {
        portal.execute("update subscription set auto_license = ?2, seats = ?3 where organization = ?1", (ALDER_ID, auto, seats));
    };
    for (auto, seats, billed, cost) in [
        (false, Some(6), 6, "21.00 EUR"),
        (false, Some(7), 7, "24.50 EUR"),
        (false, Some(10), 10, "35.00 EUR"),
        (false, Some(5), 6, "21.00 EUR"),
        (true, Some(10), 6, "21.00 EUR"),
    ] {
        set(auto, seats);
        let mut ada = portal.sign_in(ADA);
        ada.visit("/licenses").sees("Billable seats 6 in use").sees(&format!("A month at list price {cost} of billed seats"));
        ada.sees(&format!("6 {billed} {cost}"));
        assert_eq!(ada.text().contains("bought and not used"), 6 < billed, "{seats:?}");
    }
    set(false, Some(10));
    portal.execute("update subscription set plan = 'backup', auto_license = 0, seats = 2 where organization = ?1", [BIRCH_ID]);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/licenses").sees("A month at list price 42.00 EUR of billed seats 6 bought and not used");
    // Two accounts of one organization: what is bought beyond both is billed once.
    account(&portal, 79, "Alder Files").with_seats(&[(SeatType::User, SeatState::Active, 3)]).linked(&portal, ALDER_ID);
    portal.sign_in(ADA).visit("/licenses").sees("Billable seats 9 in use").sees("A month at list price 42.00 EUR of billed seats 3 bought");
    // What is over is billed no more.
    portal.execute("update subscription set state = 'deleted' where organization = ?1", [BIRCH_ID]);
    portal.sign_in(ADA).visit("/licenses").sees("A month at list price 35.00 EUR of billed seats 1 bought");
}

/// SUB-9, SAS-7: seats that were bought and are not used stand with an account that is still there, not with a cancelled one.
#[test]
fn what_is_bought_and_not_used_stands_with_an_account_that_is_not_cancelled() {
    for (cancelled, left) in [(77, "Month to month"), (79, "One year")] {
        let portal = alder();
        price(&portal, "3.50");
        account(&portal, 79, "Alder Files").with_seats(&[(SeatType::User, SeatState::Active, 3)]).linked(&portal, ALDER_ID);
        portal.execute("update subscription set auto_license = 0, seats = 10 where organization = ?1", [ALDER_ID]);
        portal.execute("update saas_account set retention = 'ICR', commitment = iif(vendor_id = 77, 'one_year', 'month_to_month')", []);
        portal.execute(
            "update saas_account set cancelled_at = 5, cancelled_because = 'over', seats_billable = 0, seats_used = 0 where vendor_id = ?1",
            [cancelled],
        );
        let used = if cancelled == 77 { 3 } else { 6 };
        portal.sign_in(ADA).visit("/licenses").sees(&format!("{left} ICR 1 {used} 10 35.00 EUR"));
    }
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

/// SEA-5: the same where nothing is written meanwhile, so that what was counted before is still remembered.
#[test]
fn time_alone_makes_a_seat_paused_for_long() {
    let portal = alder();
    let scope = Scope::new(PartnerId(1), Sight::All);
    let paused = || -> i64 {
        let counted = portal.db().read(|db| store::counted(db, &scope)).expect("the licenses");
        counted.idle.iter().map(|idle| idle.paused).sum()
    };
    assert_eq!(paused(), 0);
    portal.wait_idle(PAUSED_LONG);
    assert_eq!(paused(), 0, "thirty days to the millisecond");
    portal.wait_idle(Span(1));
    assert_eq!(paused(), 1);
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
    portal.sign_in(ADA).visit("/licenses").sees("not linked").sees("A month of idle seats 2.00 EUR");
}

/// SEA-5, SUB-1: without a plan nothing is billed, and the page says so; each line of what is in use opens who is behind it, and nobody else.
#[test]
fn a_line_opens_who_is_behind_it_and_idle_seats_without_a_plan_are_not_called_billed() {
    let portal = alder();
    price(&portal, "3.50");
    portal.sign_in(ADA).visit("/licenses").sees("Idle seats 2 billed all the same");
    account(&portal, 79, "Birch Mail").with_seats(&[(SeatType::User, SeatState::Archived, 5)]).linked(&portal, BIRCH_ID);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/licenses").sees("Idle seats 7 2 billed all the same, 5 without a plan").sees("no plan, not billed");
    ada.open("No plan")
        .sees("No plan, commitment not known, retention ICR 1")
        .sees("Microsoft 365 · Birch & Sons 5 0 —")
        .is_offered("Open");
    ada.does_not_see("Microsoft 365 · Alder Dental 6 6");
    ada.visit("/licenses?behind=backup.none.ICR")
        .sees("Microsoft 365 · Alder Dental 6 6")
        .does_not_see("Microsoft 365 · Birch & Sons 5 0 —");
    for other in ["none", "none.none", "x.none.ICR", "none.none.ICR.none"] {
        ada.visit(&format!("/licenses?behind={other}")).does_not_see("retention ICR");
    }
    portal.sign_in(BEA).visit("/licenses?behind=none.none.ICR").sees("Microsoft 365 · Birch & Sons 5 0 —").is_not_offered("Open");
    portal.sign_in(PIA).visit("/licenses?behind=none.none.ICR").does_not_see("Birch Mail");
    portal.execute("update subscription set plan = null where organization = ?1", [ALDER_ID]);
    portal.sign_in(ADA).visit("/licenses").sees("not billed: their organizations have no plan");
}
