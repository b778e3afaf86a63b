//! The rules of `seats`, one test a sentence.

use portico::kernel::ids::PartnerId;
use portico::saas::totals_store;
use portico::seats::model::{SeatState, SeatType, Tally, billable};
use portico::seats::store;

use crate::support::people::*;
use crate::support::portal::Portal;
use crate::support::saas::account;

fn tally(seat_type: SeatType, state: SeatState, count: i64) -> Tally {
    Tally { seat_type, state, count }
}

/// SEA-4
#[test]
fn each_user_seat_that_is_not_unprotected_is_billed_and_all_sites_together_as_one() {
    let users = |state| billable(&[tally(SeatType::User, state, 3)]);
    assert_eq!((users(SeatState::Active), users(SeatState::Paused), users(SeatState::Archived)), (3, 3, 3));
    assert_eq!(users(SeatState::Unprotected), 0);
    for site in [SeatType::Site, SeatType::TeamSite] {
        assert_eq!(billable(&[tally(site, SeatState::Active, 5)]), 1);
        assert_eq!(billable(&[tally(site, SeatState::Unprotected, 5)]), 0);
    }
    assert_eq!(billable(&[tally(SeatType::Site, SeatState::Active, 5), tally(SeatType::TeamSite, SeatState::Archived, 2)]), 1);
    for none in [SeatType::SharedMailbox, SeatType::SharedDrive, SeatType::Team] {
        assert_eq!(billable(&[tally(none, SeatState::Active, 5)]), 0);
    }
}

/// SEA-4, SAS-8: what the chart counts over accounts is what the rule counts in each.
#[test]
fn licence_use_adds_up_the_billable_seats_of_each_account() {
    let portal = Portal::firm();
    let kinds = [
        (SeatType::User, SeatState::Active, 4),
        (SeatType::User, SeatState::Unprotected, 2),
        (SeatType::Site, SeatState::Active, 3),
        (SeatType::SharedMailbox, SeatState::Active, 2),
    ];
    let one = account(&portal, 1, "One").with_seats(&kinds).linked(&portal, ALDER_ID);
    let two = account(&portal, 2, "Two").with_seats(&kinds).linked(&portal, BIRCH_ID);
    portal.execute("update subscription set seats = null", []);
    portal.execute("update subscription set plan = 'backup', seats = 7, auto_license = 0 where organization = ?1", [ALDER_ID]);
    let scope = portico::access::model::Scope::all(PartnerId(1));
    let (totals, sum) = portal
        .db()
        .read(|db| {
            let sum = billable(&store::tallies(db, one)?) + billable(&store::tallies(db, two)?);
            Ok((totals_store::totals(db, &scope)?, sum))
        })
        .expect("the figures");
    assert_eq!((totals.seats.billable, sum), (10, 10));
    assert_eq!((totals.seats.billable_committed, totals.committed), (5, Some(7)));
    assert_eq!((totals.seats.active, totals.seats.unprotected), (18, 4));
    portal.sign_in(ADA).visit("/status/saas").sees("5 of 7 committed").sees("5 billable seats without a commitment");
}

/// SAS-10: "a chart without a source says so"
#[test]
fn without_a_commitment_the_licence_chart_says_so() {
    let portal = Portal::firm();
    account(&portal, 1, "One").linked(&portal, ALDER_ID);
    portal.execute("update subscription set seats = null", []);
    portal.sign_in(ADA).visit("/status/saas").sees("3 billable seats").sees("No organization has bought a number of seats");
}

/// SEA-1, the import's rule: vanished Active and Paused seats become Archived, vanished Unprotected ones go.
#[test]
fn a_report_is_the_full_set_of_an_accounts_seats() {
    let portal = Portal::firm();
    let all = [
        (SeatType::User, SeatState::Active, 2),
        (SeatType::User, SeatState::Paused, 1),
        (SeatType::User, SeatState::Archived, 1),
        (SeatType::User, SeatState::Unprotected, 1),
    ];
    let full = account(&portal, 1, "One").with_seats(&all);
    let id = full.put(&portal);
    let replace = |seats: &[_]| portal.write(|tx| store::replace(tx, PartnerId(1), id, seats));
    assert_eq!(replace(&full.reported_seats()), 0, "the same again changes nothing");
    let less = account(&portal, 1, "One").with_seats(&[(SeatType::User, SeatState::Active, 1)]);
    assert_eq!(replace(&less.reported_seats()), 3);
    let count = |state: &str| portal.sql_count(&format!("seat where state = '{state}'"));
    assert_eq!((count("Active"), count("Paused"), count("Archived"), count("Unprotected")), (1, 0, 3, 0));
    assert_eq!(replace(&less.reported_seats()), 0);
}

/// SEA-1
#[test]
fn the_list_of_seats_filters_searches_and_pages_by_fifty() {
    let portal = Portal::firm();
    let kinds =
        [(SeatType::User, SeatState::Active, 60), (SeatType::User, SeatState::Paused, 2), (SeatType::SharedMailbox, SeatState::Active, 3)];
    let id = account(&portal, 1, "One").with_seats(&kinds).linked(&portal, ALDER_ID);
    let mut olu = portal.sign_in(OLU);
    let page = format!("/saas/{id}");
    olu.visit(&format!("{page}?type=SharedMailbox")).sees("Shared mailbox Active 002").does_not_see("User Active 001");
    olu.visit(&format!("{page}?state=Paused")).sees("User Paused 001").does_not_see("User Active 001").sees("2 paused");
    olu.visit(&format!("{page}?q=user-active-017")).sees("User Active 017").does_not_see("User Active 018");
    olu.visit(&format!("{page}?type=User&state=Active")).sees("User Active 049").does_not_see("User Active 050");
    olu.press("Next").sees("User Active 050").sees("User Active 059").does_not_see("User Active 049");
    olu.press("Previous").sees("User Active 000").does_not_see("User Active 050");
    portal.sign_in(NIA).get(&page).status(404);
}
