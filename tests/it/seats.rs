//! The rules of `seats`, one test a sentence.

use portico::access::witness_model::SeatManager;
use portico::kernel::ids::PartnerId;
use portico::kernel::time::Span;
use portico::saas::totals_store;
use portico::seats::changes_model::{Action, Backups, KEPT, Refusal};
use portico::seats::model::{SeatState, SeatType, Tally, billable};
use portico::seats::{actions, store};

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

/// SEA-4, API-2: seats used are the vendor's number until the seats are known, and from then on those that are billed, wherever they change.
#[test]
fn seats_used_are_those_that_are_billed_once_they_are_known() {
    let portal = Portal::firm();
    let kinds = [
        (SeatType::User, SeatState::Active, 2),
        (SeatType::User, SeatState::Unprotected, 1),
        (SeatType::Site, SeatState::Active, 2),
        (SeatType::SharedMailbox, SeatState::Active, 2),
    ];
    let known = account(&portal, 77, "Alder Mail").with_seats(&kinds);
    // The vendor's list alone, with its own number.
    let id = known.clone().with_seats(&[]).linked(&portal, ALDER_ID);
    let used = || {
        let one: i64 = portal.sql("select seats_used from saas_account where id = ?1", [id.0]);
        assert_eq!(one, portal.sql::<i64>("select seats_used from saas_listing where saas_account = ?1 and viewer = 1", [id.0]));
        assert_eq!(
            one,
            portal.sql::<i64>("select seats_used from organization_listing where organization = ?1 and viewer = 1", [ALDER_ID])
        );
        one
    };
    let report = |count: i64| {
        let reported = portico::saas::model::Reported {
            vendor_id: 77,
            name: "Alder Mail".to_owned(),
            domain: "aldermail.example".to_owned(),
            product: portico::saas::model::Product::Microsoft365,
            external_subscription_id: None,
            retention: None,
            seats_used: count,
            stats: None,
        };
        portal.write(|tx| {
            portico::saas::store::upsert(tx, PartnerId(1), &reported)?;
            portico::organizations::store::refresh(tx, portico::kernel::ids::OrganizationId(ALDER_ID))
        });
    };
    report(40);
    assert_eq!(used(), 40, "nothing better is known");
    // The seats' file alone: two users, and the sites as one.
    let seats = |list: &crate::support::saas::Account| {
        portal.write(|tx| {
            store::replace(tx, PartnerId(1), id, &list.reported_seats())?;
            portico::saas::store::refresh_summary(tx, id)?;
            portico::organizations::store::refresh(tx, portico::kernel::ids::OrganizationId(ALDER_ID))
        });
    };
    seats(&known);
    assert_eq!(used(), 3);
    report(40);
    assert_eq!(used(), 3, "the vendor's list says less than the seats themselves");
    // Whatever the vendor's mark on a seat says.
    portal.execute("update seat set billable = 0", []);
    let mut sam = portal.sign_in(SAM);
    let mut press = |action: &str, seat_type: &str, from: &str, count: usize| {
        let sql = "select group_concat(id) from (select id from seat where seat_type = ?1 and state = ?2 order by main_id limit ?3)";
        let ids: String = portal.sql(sql, (seat_type, from, i64::try_from(count).expect("a number")));
        let mut fields = vec![("action", action)];
        fields.extend(ids.split(',').map(|seat| ("seat", seat)));
        sam.post(&format!("/saas/{id}/seats"), &fields).status(303);
        used()
    };
    assert_eq!(press("Pause", "Site", "Active", 1), 3);
    assert_eq!(press("License", "Site", "Paused", 1), 3);
    assert_eq!(press("Unlicense", "Site", "Active", 2), 2);
    assert_eq!(press("License", "Site", "Unprotected", 1), 3);
    assert_eq!(press("Unlicense", "User", "Active", 2), 1);
    assert_eq!(press("License", "User", "Unprotected", 3), 4);
    assert_eq!(press("Unlicense", "SharedMailbox", "Active", 2), 4);
    report(40);
    assert_eq!(used(), 4);
    seats(&known.clone().with_seats(&[]));
    assert_eq!(used(), 4, "who left is archived, and billed");
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

/// Everything a seat's change is made with: somebody who may, and their account.
fn changed(
    portal: &Portal,
    id: portico::kernel::ids::SaasAccountId,
    action: Action,
    picks: &[store::Pick],
) -> Vec<Result<SeatState, Refusal>> {
    let operator = portico::access::witness_model::Operator::of_this_machine();
    let by = SeatManager::operator(&operator, PartnerId(1));
    portal.write(|tx| {
        let account = portico::saas::store::find(tx, by.scope(), id)?;
        Ok(actions::change(tx, &by, &account, action, picks)?.into_iter().map(|one| one.result).collect())
    })
}

/// SEA-6: seats are named by id, by e-mail or by the vendor's id, each in its own place; those of another account are none of this one's.
#[test]
fn seats_are_named_in_three_ways() {
    use store::Pick::{Email, Id, Remote};
    let portal = Portal::firm();
    let one =
        account(&portal, 1, "One").with_seats(&[(SeatType::User, SeatState::Active, 3), (SeatType::SharedMailbox, SeatState::Active, 1)]);
    let (here, there) = (one.put(&portal), account(&portal, 2, "Two").put(&portal));
    portal.execute("update seat set remote_id = 'r-' || main_id", []);
    let id = |account: portico::kernel::ids::SaasAccountId, number: usize| {
        let sql = format!("select id from seat where saas_account = ?1 and seat_type = 'User' order by main_id limit 1 offset {number}");
        portico::kernel::ids::SeatId(portal.sql(&sql, [account.0]))
    };
    let picks = [
        Remote(SeatType::SharedMailbox, "r-sharedmailbox-active-000@one.example".to_owned()),
        Id(id(there, 0)),
        Email(" USER-active-001@One.example ".to_owned()),
        Id(id(here, 0)),
        Email("sharedmailbox-active-000@one.example".to_owned()),
        Email("user-active-000@two.example".to_owned()),
        Remote(SeatType::User, "r-sharedmailbox-active-000@one.example".to_owned()),
        Id(id(here, 0)),
    ];
    let paused = Ok(SeatState::Paused);
    let nobody = Err(Refusal::NotFound);
    let results = changed(&portal, here, Action::Pause, &picks);
    let expected = [
        paused.clone(),
        nobody.clone(),
        paused.clone(),
        paused,
        nobody.clone(),
        nobody.clone(),
        nobody,
        Err(Refusal::Already(SeatState::Paused)),
    ];
    assert_eq!(results, expected);
    assert_eq!(changed(&portal, here, Action::License, &[Id(id(here, 0))]), [Ok(SeatState::Active)]);
    assert_eq!(changed(&portal, here, Action::License, &[]), []);
}

/// SEA-3: thirty days to the millisecond; a deleted backup is gone at once, and what was never protected here is not known.
#[test]
fn what_is_left_of_an_unprotected_seats_backups_is_told() {
    let portal = Portal::firm();
    let kinds =
        [(SeatType::User, SeatState::Active, 1), (SeatType::User, SeatState::Archived, 1), (SeatType::User, SeatState::Unprotected, 1)];
    let one = account(&portal, 1, "One").with_seats(&kinds);
    let id = one.put(&portal);
    let start = portal.now();
    let email = |state: &str| store::Pick::Email(format!("user-{state}-000@one.example"));
    let backups = |state: &str| {
        let seat = portal.db().read(|db| store::picked(db, id, &[email(state)])).expect("a look").remove(0).expect("a seat");
        seat.backups(portal.now())
    };
    assert_eq!((backups("active"), backups("archived"), backups("unprotected")), (Backups::There, Backups::There, Backups::Unknown));
    assert_eq!(changed(&portal, id, Action::Unlicense, &[email("active")]), [Ok(SeatState::Unprotected)]);
    assert_eq!(changed(&portal, id, Action::DeleteBackups, &[email("archived"), email("active")]).len(), 2);
    assert_eq!((backups("active"), backups("archived")), (Backups::Until(start + KEPT), Backups::Gone(start)));
    portal.wait(Span(KEPT.0 - 1));
    assert_eq!(backups("active"), Backups::Until(start + KEPT));
    portal.wait(Span(1));
    assert_eq!(backups("active"), Backups::Gone(start + KEPT));
    assert_eq!(changed(&portal, id, Action::License, &[email("active")]), [Ok(SeatState::Active)]);
    assert_eq!(backups("active"), Backups::There);
    assert_eq!(
        portal.sql::<String>("select sentence from activity where kind = 'seat.changed' order by seq limit 1 offset 1", []),
        "deleted the backups of 1 seat of One"
    );
    // An import that shows the vendor unprotected it begins the same thirty days; one that says the same again does not begin them anew.
    portal.execute("update seat set set_at = null", []);
    let again = || {
        let mut seats = one.reported_seats();
        seats[0].state = SeatState::Unprotected;
        portal.write(|tx| store::replace(tx, PartnerId(1), id, &seats));
    };
    again();
    let seen = portal.now();
    portal.wait(Span::days(3));
    again();
    assert_eq!(backups("active"), Backups::Until(seen + KEPT));
}

/// SEA-4: all sites of an account are billed as one, so what is done with one of them and undone again leaves every figure as it was.
#[test]
fn a_site_that_is_paused_or_unprotected_and_protected_again_is_billed_as_before() {
    let portal = Portal::firm();
    let kinds =
        [(SeatType::User, SeatState::Active, 3), (SeatType::Site, SeatState::Active, 1), (SeatType::TeamSite, SeatState::Active, 1)];
    let id = account(&portal, 1, "One").with_seats(&kinds).linked(&portal, ALDER_ID);
    portal.execute("update seat set billable = 1 where seat_type = 'Site'", []);
    portal.execute("update saas_account set seats_used = 4", []);
    let figures = || {
        let used: i64 = portal.sql("select seats_used from saas_account", []);
        let counted: i64 = portal.sql("select seats_billable from saas_account", []);
        (used, counted, portal.sql_count("seat where billable = 1"))
    };
    let pick =
        |word: &str| vec![store::Pick::Id(portico::kernel::ids::SeatId(portal.sql("select id from seat where seat_type = ?1", [word])))];
    let go = |action, word| assert!(changed(&portal, id, action, &pick(word)).iter().all(Result::is_ok), "{action:?} {word}");
    assert_eq!(figures(), (4, 4, 4));
    let mut ada = portal.sign_in(ADA);
    for (away, back) in [(Action::Pause, Action::License), (Action::Unlicense, Action::License)] {
        go(away, "Site");
        assert_eq!(figures(), (4, 4, 4), "the other site is still there, after {away:?}");
        go(back, "Site");
        assert_eq!(figures(), (4, 4, 4), "after {back:?}");
    }
    ada.visit(&format!("/saas/{id}")).sees("4 billable seats").sees("All sites as one");
    go(Action::Unlicense, "Site");
    go(Action::Unlicense, "TeamSite");
    assert_eq!(figures(), (3, 3, 3), "the last site is gone");
    ada.visit(&format!("/saas/{id}")).sees("3 billable seats").does_not_see("All sites as one");
    go(Action::License, "TeamSite");
    assert_eq!(figures(), (4, 4, 4), "one is back");
}
