//! The rules of statements and of comparing them (SUB-9, SUB-10), one test a sentence.

use portico::access::witness_model::{Manager, Operator};
use portico::kernel::db::Read as _;
use portico::kernel::ids::{OrganizationId, PartnerId};
use portico::kernel::money::CURRENCIES;
use portico::kernel::month::Month;
use portico::kernel::text::FirmName;
use portico::kernel::time::Span;
use portico::organizations;
use portico::organizations::deletion_actions;
use portico::organizations::model::Backups;
use portico::seats::model::{SeatState, SeatType};
use portico::statements::model::Sums;
use portico::statements::store::{self, Part, Which};
use portico::subscriptions::life_actions;
use portico::subscriptions::life_model::Operation;
use portico::subscriptions::price_model::PriceList;

use crate::support::disk::Chance;
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};
use crate::support::saas::account;

/// Alder (7 seats bought) with active users in one linked account and a price of 3.50 EUR a seat, Birch with 7 bought. The month has just
/// begun.
fn alder(users: usize) -> Portal {
    let portal = Portal::firm();
    account(&portal, 77, "Alder Mail").with_seats(&[(SeatType::User, SeatState::Active, users)]).linked(&portal, ALDER_ID);
    price(&portal, Month::of(portal.now()), "3.50");
    begin_month(&portal);
    portal
}

/// The first moment of the next month.
fn begin_month(portal: &Portal) {
    portal.wait(Month::of(portal.now()).plus(1).begins() - portal.now()).run_jobs();
}

/// A millisecond before the month is over.
fn end_of_month(portal: &Portal) {
    let left = Month::of(portal.now()).plus(1).begins() - portal.now();
    portal.wait(Span(left.0 - 1)).run_jobs();
}

fn price(portal: &Portal, from: Month, amount: &str) {
    let mut ada = portal.sign_in(ADA);
    ada.visit("/price-list").fill("From", &from.iso()).fill("Currency", "EUR").fill("Backup, a seat", amount);
    ada.press("Save prices").status(200).sees("These prices hold from");
}

/// Chooses a plan: with seats bought, or Auto License.
fn choose(portal: &Portal, organization: i64, plan: &str, seats: Option<i64>) {
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/organizations/{organization}/plan")).fill("Plan", plan);
    match seats {
        Some(seats) => ada.untick("Auto License").fill("Number of seats", &seats.to_string()),
        None => ada.tick("Auto License"),
    };
    ada.press("Save plan").status(200);
}

/// Protects or unprotects so many users.
fn change(portal: &Portal, action: &str, count: usize) {
    let state = if action == "License" { "Unprotected" } else { "Active" };
    let seat = |place: usize| -> i64 {
        let order = "select id from seat where state = ?1 and seat_type = 'User' order by name_key, id limit 1 offset ?2";
        portal.sql(order, (state, i64::try_from(place).expect("a number")))
    };
    let ids: Vec<String> = (0..count).map(|place| seat(place).to_string()).collect();
    let account: i64 = portal.sql("select saas_account from seat limit 1", []);
    let mut fields: Vec<(&str, &str)> = vec![("action", action)];
    fields.extend(ids.iter().map(|id| ("seat", id.as_str())));
    portal.sign_in(ADA).post(&format!("/saas/{account}/seats"), &fields).status(303);
}

/// The lines of a month's CSV, without the header row.
fn csv(portal: &Portal, month: Month) -> Vec<String> {
    let mut ada = portal.sign_in(ADA);
    ada.post(&format!("/statements/{}/export", month.iso()), &[]).status(200);
    ada.body().lines().skip(1).map(ToOwned::to_owned).collect()
}

/// Plan, bought, most in use, billed, price and amount of Alder's line.
fn alders(portal: &Portal, month: Month) -> Option<String> {
    let line = csv(portal, month).into_iter().find(|line| line.contains(ALDER))?;
    Some(line.split(',').skip(3).take(6).collect::<Vec<_>>().join(" "))
}

/// SUB-9: the most seats in use at any moment are billed, however short it was, and however late anybody looks.
#[test]
fn the_highest_count_at_any_moment_is_billed() {
    let portal = alder(9);
    choose(&portal, ALDER_ID, "backup", None);
    let month = Month::of(portal.now());
    change(&portal, "Unlicense", 4);
    assert_eq!(alders(&portal, month).as_deref(), Some("Backup 7 9 9 3.50 31.50"), "nine were in use when the month began");
    begin_month(&portal);
    let next = month.plus(1);
    assert_eq!(alders(&portal, month).as_deref(), Some("Backup 7 9 9 3.50 31.50"));
    assert_eq!(alders(&portal, next).as_deref(), Some("Backup auto 5 5 3.50 17.50"));
    change(&portal, "License", 3);
    change(&portal, "Unlicense", 6);
    assert_eq!(alders(&portal, next).as_deref(), Some("Backup auto 8 8 3.50 28.00"));
}

/// SUB-9: a change in the last millisecond of a month counts in it, one in the first of the next does not; the count goes on into the next.
#[test]
fn a_month_ends_to_the_millisecond() {
    for (late, expected) in [(false, 5), (true, 3)] {
        let portal = alder(5);
        choose(&portal, ALDER_ID, "backup", None);
        change(&portal, "Unlicense", 2);
        begin_month(&portal);
        let month = Month::of(portal.now());
        end_of_month(&portal);
        if late {
            portal.wait(Span(1));
        }
        change(&portal, "License", 2);
        portal.run_jobs();
        if !late {
            portal.wait(Span(1)).run_jobs();
        }
        let line = format!("Backup auto {expected} {expected} 3.50 {}.50", if expected == 5 { 17 } else { 10 });
        assert_eq!(alders(&portal, month), Some(line), "late: {late}");
        assert_eq!(alders(&portal, month.plus(1)).as_deref(), Some("Backup auto 5 5 3.50 17.50"));
    }
}

/// SUB-9: bought seats are billed where fewer are in use; with Auto License there are none. The most that were bought in the month count.
#[test]
fn bought_seats_are_the_least_that_is_billed() {
    let portal = alder(5);
    let month = Month::of(portal.now());
    assert_eq!(alders(&portal, month).as_deref(), Some("Backup 7 5 7 3.50 24.50"));
    choose(&portal, ALDER_ID, "backup", Some(12));
    choose(&portal, ALDER_ID, "backup", Some(6));
    assert_eq!(alders(&portal, month).as_deref(), Some("Backup 12 5 12 3.50 42.00"));
    begin_month(&portal);
    assert_eq!(alders(&portal, month.plus(1)).as_deref(), Some("Backup 6 5 6 3.50 21.00"));
    choose(&portal, ALDER_ID, "backup", None);
    begin_month(&portal);
    assert_eq!(alders(&portal, month.plus(2)).as_deref(), Some("Backup auto 5 5 3.50 17.50"));
}

/// SUB-9: a month is billed by the prices that held on its first day; later ones change nothing of it, and a plan without a price no amount.
#[test]
fn the_prices_of_the_first_are_billed() {
    let portal = alder(8);
    let month = Month::of(portal.now());
    price(&portal, month.plus(1), "4");
    begin_month(&portal);
    assert_eq!(alders(&portal, month).as_deref(), Some("Backup 7 8 8 3.50 28.00"));
    assert_eq!(alders(&portal, month.plus(1)).as_deref(), Some("Backup 7 8 8 4.00 32.00"));
    choose(&portal, ALDER_ID, "archiver", None);
    begin_month(&portal);
    assert_eq!(alders(&portal, month.plus(1)).as_deref(), Some("Archiver 7 8 8  "));
    portal.sign_in(ADA).visit(&format!("/statements/{}", month.plus(1).iso())).sees("without 1 organization whose plan has no price");
}

/// SUB-9: a closed statement never changes: not by a new name, other seats, other prices, nor by the organization's end.
#[test]
fn a_closed_statement_never_changes() {
    let portal = alder(8);
    let month = Month::of(portal.now()).plus(-1);
    let before = csv(&portal, month);
    assert_eq!(before.len(), 2, "{before:?}");
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/organizations/{ALDER_ID}")).fill("Organization name", "Alder & Sons").press("Save Changes").status(200);
    change(&portal, "Unlicense", 6);
    assert_eq!(csv(&portal, month), before);
    ada.visit(&format!("/organizations/{ALDER_ID}/deletion")).fill("Type the organization's name", "Alder & Sons").press("Yes, Continue");
    assert_eq!(csv(&portal, month), before);
    begin_month(&portal);
    portal.run_jobs();
    assert_eq!(csv(&portal, month), before);
    ada.renew(ADA);
    let page = ada.visit(&format!("/statements/{}", month.iso())).text();
    assert!(page.contains(ALDER) && !page.contains("Alder & Sons"), "{page}");
}

/// SUB-5, SUB-9, ORG-8: the month of a deletion is billed under the name it had, and none after.
#[test]
fn the_month_of_a_deletion_is_billed_and_none_after() {
    for last in [true, false] {
        let portal = alder(9);
        let first = Month::of(portal.now());
        end_of_month(&portal);
        if !last {
            portal.wait(Span(1));
        }
        portal
            .sign_in(ADA)
            .visit(&format!("/organizations/{ALDER_ID}/deletion"))
            .fill("Type the organization's name", ALDER)
            .press("Yes, Continue")
            .status(200);
        let month = if last { first } else { first.plus(1) };
        assert_eq!(alders(&portal, month).as_deref(), Some("Backup 7 9 9 3.50 31.50"));
        begin_month(&portal);
        begin_month(&portal);
        assert_eq!(alders(&portal, month).as_deref(), Some("Backup 7 9 9 3.50 31.50"), "last: {last}");
        assert_eq!(alders(&portal, month.plus(1)), None, "last: {last}");
    }
}

/// SUB-3, SUB-9, the worked example: unsubscribed on 8 August, billed in the statement that 1 September closes and, the window running, in that
/// of 1 October; purged on 22 September, and not billed after. Whether jobs ran on that day or a month later is all one.
#[test]
fn an_unsubscribed_organization_is_billed_to_the_end_of_its_window() {
    for late in [false, true] {
        let portal = alder(9);
        let august = Month::parse("2027-08").expect("a month");
        portal.wait(august.begins() + Span::days(7) - portal.now()).run_jobs();
        portal.sign_in(ADA).post(&format!("/organizations/{ALDER_ID}/unsubscription"), &[]).status(303);
        begin_month(&portal);
        assert_eq!(alders(&portal, august).as_deref(), Some("Backup 7 9 9 3.50 31.50"), "the statement of 1 September");
        if !late {
            portal.wait(august.begins() + Span::days(7 + 45) - portal.now());
            assert_eq!(portal.now().iso()[..10], *"2027-09-22");
            portal.run_jobs();
            assert_eq!(portal.sql_count("receipt"), 1);
        }
        portal.wait(august.plus(3).begins() - portal.now()).run_jobs();
        assert_eq!(alders(&portal, august.plus(1)).as_deref(), Some("Backup 7 9 9 3.50 31.50"), "that of 1 October, late: {late}");
        assert_eq!(alders(&portal, august.plus(2)), None, "and none after, late: {late}");
        let told = format!("/statements/{}", august.plus(1).iso());
        portal.sign_in(ADA).visit(&told).near(ALDER).near("Deleted 22 Sep 2027");
    }
}

/// SUB-2, SUB-9: a suspended month is billed, and the statement says since when.
#[test]
fn suspended_months_are_billed() {
    let portal = alder(9);
    let month = Month::of(portal.now());
    portal.sign_in(ADA).post(&format!("/organizations/{ALDER_ID}/suspension"), &[]).status(303);
    begin_month(&portal);
    begin_month(&portal);
    portal.sign_in(ADA).visit(&format!("/statements/{}", month.iso())).near(&format!("{ALDER} Suspended 1 {}", &month.shown()[..3]));
    assert_eq!(alders(&portal, month.plus(1)).as_deref(), Some("Backup 7 9 9 3.50 31.50"));
    assert!(csv(&portal, month).iter().any(|line| line.contains("Suspended 2026-12-01T00:00:00")), "{:?}", csv(&portal, month));
}

/// SUB-9: totals are the sums of the lines.
#[test]
fn totals_are_the_sums_of_the_lines() {
    let portal = alder(9);
    choose(&portal, BIRCH_ID, "backup", Some(4));
    begin_month(&portal);
    let month = Month::of(portal.now()).plus(-1);
    let lines = csv(&portal, month);
    let column = |place: usize| lines.iter().map(|line| line.split(',').nth(place).unwrap_or_default().to_owned()).collect::<Vec<_>>();
    let cents: i64 = column(8).iter().map(|amount| amount.replace('.', "").parse::<i64>().unwrap_or(0)).sum();
    let seats: i64 = column(6).iter().map(|seats| seats.parse::<i64>().expect("a number")).sum();
    let row = (
        portal.sql::<i64>("select lines from statement where month = ?1", [month.0]),
        portal.sql::<i64>("select seats from statement where month = ?1", [month.0]),
        portal.sql::<i64>("select total from statement where month = ?1", [month.0]),
    );
    assert_eq!(row, (i64::try_from(lines.len()).expect("a number"), seats, cents));
    assert!(2 <= lines.len() && 0 < cents, "{lines:?}");
}

/// ORG-1: without a plan nothing is billed, and what was in use before it was chosen is not.
#[test]
fn nothing_is_billed_before_a_plan_is_chosen() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let fresh = ada.visit("/organizations/new").fill("Organization name", "Fresh").press("Create Organization").url.clone();
    let id: i64 = fresh.rsplit('/').next().and_then(|id| id.split(['?', '#']).next()?.parse().ok()).expect("an id");
    account(&portal, 99, "Fresh Mail").with_seats(&[(SeatType::User, SeatState::Active, 9)]).linked(&portal, id);
    let month = Month::of(portal.now());
    let line = || csv(&portal, month).into_iter().find(|line| line.contains(",Fresh,"));
    assert_eq!(line(), None);
    change(&portal, "Unlicense", 5);
    choose(&portal, id, "backup", None);
    assert!(line().expect("a line").contains(",Backup,auto,4,4,"), "{:?}", line());
}

/// SUB-12: months that passed while the portal was off are closed in their order, each once, and each is told.
#[test]
fn months_that_passed_unseen_are_closed_in_their_order() {
    let portal = alder(9);
    let month = Month::of(portal.now());
    portal.wait(month.plus(3).begins() - portal.now());
    assert_eq!(portal.sql_count("statement where partner = 1"), 1);
    portal.run_jobs();
    assert_eq!(
        portal.sql::<String>("select group_concat(month) from (select month from statement where partner = 1 order by month)", []),
        {
            let months: Vec<String> = (-1..3).map(|ahead| month.plus(ahead).0.to_string()).collect();
            months.join(",")
        }
    );
    portal.run_jobs();
    assert_eq!(portal.sql_count("activity where kind = 'statement.closed' and partner = 1"), 4);
    for ahead in 0..3 {
        assert_eq!(alders(&portal, month.plus(ahead)).as_deref(), Some("Backup 7 9 9 3.50 31.50"), "{ahead}");
    }
}

/// The table "Employees and roles", PAR-1, EMP-4: who may see statements sees their own partner's, and no month that has none.
#[test]
fn statements_are_seen_by_who_may_and_of_ones_own_partner() {
    let portal = alder(9);
    let month = Month::of(portal.now()).plus(-1);
    let page = format!("/statements/{}", month.iso());
    for member in [ADA, ABE, BEA] {
        portal.sign_in(member).visit("/statements").sees("Closed months").open(&month.shown()).sees(ALDER);
    }
    for member in [TESS, SID] {
        portal.sign_in(member).get("/statements").status(404);
        portal.sign_in(member).get(&page).status(404);
    }
    portal.sign_in(PIA).visit(&page).does_not_see(ALDER).sees(CEDAR);
    portal.sign_in(ADA).visit(&page).does_not_see(CEDAR);
    for missing in [month.plus(2).iso(), month.plus(-1).iso(), "2026-13".to_owned(), "x".to_owned()] {
        portal.sign_in(ADA).get(&format!("/statements/{missing}")).status(404);
    }
}

/// SUB-9: an organization's page shows its own months.
#[test]
fn an_organization_shows_what_it_was_billed() {
    let portal = alder(9);
    let month = Month::of(portal.now());
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/organizations/{ALDER_ID}")).near(&format!("{} so far Backup 9 31.50 EUR", month.shown()));
    ada.near(&format!("{} Backup 9 31.50 EUR", month.plus(-1).shown()));
}

/// Brings a file of the billing system for a month.
fn bring<'a>(visit: &'a mut Visit, month: Month, file: &str) -> &'a mut Visit {
    visit.visit(&format!("/statements/{}/reconcile", month.iso()));
    visit.attach("CSV file of the billing system", "billed.csv", file.as_bytes()).press("Compare")
}

/// SUB-10: under-billed, over-billed, unknown and missing are told apart, in seats and in money; what agrees is counted.
#[test]
fn a_file_is_compared_in_seats_and_in_money() {
    let portal = alder(9);
    let month = Month::of(portal.now()).plus(-1);
    let mut ada = portal.sign_in(ADA);
    for (quantity, told) in [
        (7, "Alder Dental Under-billed 7 9 2 too few 7.00 EUR"),
        (9, "Alder Dental Agrees 9 9 0 —"),
        (10, "Alder Dental Over-billed 10 9 1 too many 3.50 EUR"),
    ] {
        bring(&mut ada, month, &format!("Client,Quantity\n alder DENTAL ,{quantity}\n")).sees("Compared 1 name.").near(told);
    }
    bring(&mut ada, month, "Client;Quantity\nAlder Dental;4\nElder Dental Ltd;3\nAlder Dental;5\n");
    ada.near("Alder Dental Agrees 9 9").near("Elder Dental Ltd Unknown name 3 — 3 too many —");
    bring(&mut ada, month, "Client,Quantity\nSomebody,1\n").near("Alder Dental Not billed 0 9 9 too few 31.50 EUR");
    ada.post(&format!("/statements/{}/reconcile/export", month.iso()), &[]).status(200);
    assert!(ada.body().contains("Alder Dental,100000-01,Not billed,0,9,9,31.50,EUR,"), "{}", ada.body());
}

/// SUB-10: a name that was matched by hand is known in every later file, until that is forgotten.
#[test]
fn a_name_matched_by_hand_is_remembered() {
    let portal = alder(9);
    let month = Month::of(portal.now()).plus(-1);
    let mut bea = portal.sign_in(BEA);
    bring(&mut bea, month, "Client,Quantity\nAlder Dental Ltd,9\n").near("Alder Dental Ltd Unknown name");
    bea.open("Match");
    assert_eq!(bea.value_of("Organization"), ALDER, "the one that is not billed and has a name like it is suggested");
    bea.fill("Organization", "Nobody").press("Match").status(422).sees("No organization of yours has the ID or the name Nobody.");
    bea.fill("Organization", "100000-01").press("Match").status(200).sees("Alder Dental Ltd means Alder Dental from now on.");
    bea.near("Alder Dental").near("billed as Alder Dental Ltd, matched by hand").sees("Agrees");
    bring(&mut bea, Month::of(portal.now()), "Client,Quantity\nALDER dental ltd,9\n")
        .near("billed as ALDER dental ltd, matched by hand")
        .sees("Agrees");
    bea.open("Change").press("Forget this match").sees("Forgot whom ALDER dental ltd means.").near("ALDER dental ltd Unknown name");
}

/// SUB-10: a file that cannot be read says in which line and why, and what was compared before stays.
#[test]
fn a_file_that_cannot_be_read_changes_nothing() {
    let portal = alder(9);
    let month = Month::of(portal.now()).plus(-1);
    let mut ada = portal.sign_in(ADA);
    bring(&mut ada, month, "Client,Quantity\nAlder Dental,9\n").sees("Agrees");
    for (file, told) in [
        ("Client,Quantity\nAlder Dental,nine\n", "Line 2: the billed quantity is not a whole number of seats."),
        ("Client,Quantity\nAlder Dental,-9\n", "Line 2: the billed quantity is not a whole number of seats."),
        ("Client,Quantity\nAlder Dental,1.5\n", "Line 2: the billed quantity is not a whole number of seats."),
        ("Client,Quantity\nAlder Dental,9\n,4\n", "Line 3 names no organization."),
        ("Alder Dental,9\nCedar,4\n", "The first line is the header row, and this one has a quantity in it."),
        ("Client\nAlder Dental\n", "The file needs two columns"),
        ("Client,Quantity\n", "There is no row below the header row."),
    ] {
        bring(&mut ada, month, file).status(422).sees(told);
        assert_eq!(portal.sql_count("billed_row where quantity = 9"), 1, "{file}");
    }
    bring(&mut ada, month, "Client,Quantity\nAlder Dental,9.00\n").sees("Compared 1 name.");
}

/// ALL-1: an address that asks for a row beyond all rows shows none.
#[test]
fn a_comparison_has_no_rows_beyond_its_last() {
    let portal = alder(9);
    let month = Month::of(portal.now()).plus(-1);
    let mut ada = portal.sign_in(ADA);
    bring(&mut ada, month, "Client,Quantity\nAlder Dental,9\n");
    for from in ["18446744073709551615", "18446744073709551600", "51", "x"] {
        ada.get(&format!("/statements/{}/reconcile?from={from}", month.iso())).status(200);
    }
}

/// SEA-4, SUB-9: what the vendor reports of an account is billed until its seats are known, as the organization's page tells; from then on it
/// is what they come to.
#[test]
fn an_account_whose_seats_are_not_known_is_billed_as_the_vendor_reports_it() {
    let portal = alder(9);
    let month = Month::of(portal.now());
    let unknown = account(&portal, 78, "Alder Archive").put(&portal);
    portal.execute("update saas_account set seats_used = 4 where id = ?1", [unknown]);
    choose(&portal, ALDER_ID, "backup", None);
    portal.write(|tx| {
        let alder = portico::kernel::ids::OrganizationId(ALDER_ID);
        portico::saas::store::link(tx, alder, unknown)?;
        portico::organizations::store::refresh(tx, alder)
    });
    assert_eq!(alders(&portal, month).as_deref(), Some("Backup 7 13 13 3.50 45.50"));
    portal.sign_in(ADA).visit(&format!("/organizations/{ALDER_ID}")).sees("13");
}

/// SUB-9: a line says the state that the month began with and since when, besides what changed in it.
#[test]
fn a_line_tells_of_a_state_that_began_before() {
    let portal = alder(9);
    let month = Month::of(portal.now());
    let mut ada = portal.sign_in(ADA);
    portal.wait(Span::days(3));
    ada.post(&format!("/organizations/{ALDER_ID}/suspension"), &[]).status(303);
    let day = format!("4 {}", month.shown().replace("December", "Dec"));
    ada.visit(&format!("/statements/{}", month.iso())).near(&format!("Alder Dental Suspended {day}"));
    begin_month(&portal);
    begin_month(&portal);
    ada.renew(ADA);
    let later = month.plus(2);
    ada.visit(&format!("/statements/{}", later.iso())).near(&format!("Alder Dental Suspended since {day}"));
    assert!(csv(&portal, later).iter().any(|line| line.contains("Suspended since 2026-12-04T00:00:00Z")), "{:?}", csv(&portal, later));
    portal.sign_in(ADA).post(&format!("/organizations/{ALDER_ID}/reactivation"), &[]).status(303);
    begin_month(&portal);
    portal.sign_in(ADA).visit(&format!("/statements/{}", later.plus(1).iso())).does_not_see("Suspended").does_not_see("since");
}

/// SUB-10: an organization that was deleted in the month that runs is known by its name, and still due.
#[test]
fn an_organization_that_was_deleted_in_the_month_is_known() {
    let portal = alder(9);
    let month = Month::of(portal.now());
    let mut ada = portal.sign_in(ADA);
    portal.wait(Span::hours(1));
    ada.post(&format!("/organizations/{ALDER_ID}/deletion"), &[("typed", ALDER), ("backups", "keep")]).status(303);
    bring(&mut ada, month, "Client,Quantity\nAlder Dental,9\n").near("Alder Dental Agrees 9 9").does_not_see("Unknown name 9");
    begin_month(&portal);
    ada.renew(ADA);
    bring(&mut ada, month, "Client,Quantity\nAlder Dental,9\n").near("Alder Dental Agrees 9 9");
    bring(&mut ada, month.plus(1), "Client,Quantity\nAlder Dental,9\n").near("Alder Dental Unknown name 9");
}

/// SUB-10: where nothing is due and nothing billed nothing agrees; names that stand there several times are told.
#[test]
fn nothing_on_both_sides_agrees_with_nothing() {
    let portal = alder(9);
    let month = Month::of(portal.now());
    choose(&portal, BIRCH_ID, "backup", None);
    begin_month(&portal);
    let month = month.plus(1);
    let mut ada = portal.sign_in(ADA);
    bring(&mut ada, month, "Client,Quantity\nAlder Dental,9\n").near("Alder Dental Agrees 9 9").does_not_see("Birch & Sons");
    ada.near("Agrees 1 9 seats");
    bring(&mut ada, month, "Client,Quantity\nAlder Dental,9\nBirch & Sons,0\n")
        .does_not_see("Birch & Sons Agrees")
        .near("Agrees 1 9 seats");
    bring(&mut ada, month, "Client,Quantity\nAlder Dental,9\nBirch & Sons,2\n").near("Birch & Sons Over-billed 2 0");
    bring(&mut ada, month, "Client,Quantity\nAlder Dental,4\nSomebody,1\nALDER dental,5\n");
    ada.sees("Compared 2 names. Several rows were added up for: Alder Dental.").near("Alder Dental Agrees 9 9");
}

/// The lines of the month that runs, from the states themselves, as SUB-9 has it.
const COUNTED: &str = "select o.name_key, u.organization, iif(u.month < ?2, u.plan_now, u.plan) as plan,
        max(iif(u.month < ?2, u.used, u.most_used), iif(u.month < ?2, u.committed, u.most_committed)) as seats
   from organization_usage u join organization o on o.id = u.organization join subscription s on s.organization = u.organization
  where u.partner = ?1 and (s.state <> 'deleted' or ?3 <= s.since) and (s.state <> 'unsubscribed' or ?3 <= s.since + 45 * 86400000)";

/// What is kept of a partner's running month is what is counted, line by line, in the order of the names.
#[track_caller]
fn is_as_counted(portal: &Portal, partner: i64, context: &str) {
    let month = Month::of(portal.now());
    let prices = PriceList { from: month, currency: CURRENCIES[0], backup: Some(1), archiver: Some(1_000), personal: Some(1_000_000) };
    let counted: Vec<(String, i64, String, i64)> = portal
        .db()
        .read(|db| {
            db.all(
                &format!("select * from ({COUNTED}) where plan is not null order by name_key, organization"),
                (partner, month, month.begins()),
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )
        })
        .expect("lines");
    let price = |plan: &str| match plan {
        "backup" => 1,
        "archiver" => 1_000,
        _ => 1_000_000,
    };
    let expected = Sums {
        lines: i64::try_from(counted.len()).expect("a few"),
        seats: counted.iter().map(|line| line.3).sum(),
        total: counted.iter().map(|line| line.3 * price(&line.2)).sum(),
        unpriced: 0,
    };
    let which = Which { partner: PartnerId(partner), month, runs: true };
    let (sums, lines) = portal
        .db()
        .read(|db| Ok((store::sums(db, which, Some(&prices))?, store::lines(db, which, &Part::default())?)))
        .expect("a statement");
    assert_eq!(sums, expected, "{context}");
    let lines: Vec<_> = lines.into_iter().map(|(line, (key, id))| (key, id.0, line.plan.word().to_owned(), line.billed())).collect();
    assert_eq!(lines, counted, "{context}");
}

/// Something that happens to one of the organizations, or time that passes, with and without jobs.
fn happens(portal: &Portal, chance: &mut Chance, step: u64) {
    let by = |partner: i64| Manager::operator(&Operator::of_this_machine(), PartnerId(partner));
    let count = portal.sql_count("organization");
    let offset = i64::try_from(chance.below(u64::try_from(count).expect("a count"))).expect("a number");
    let (id, partner): (i64, i64) = (
        portal.sql("select id from organization order by id limit 1 offset ?1", [offset]),
        portal.sql("select partner from organization order by id limit 1 offset ?1", [offset]),
    );
    let (organization, roll, number) = (OrganizationId(id), chance.below(8), chance.below(30));
    let number = i64::try_from(number).expect("a number");
    // What may not be done at this moment is refused, and nothing happens.
    let done = portal.db().write(|tx| match roll {
        0 => {
            let plan = ["backup", "archiver", "personal"][usize::try_from(number % 3).expect("a place")];
            tx.execute(
                "update subscription set plan = iif(?3 = 29, null, ?2), auto_license = ?3 % 2, seats = ?3 where organization = ?1 and state <> 'deleted'",
                (id, plan, number),
            )?;
            organizations::store::refresh(tx, organization)
        }
        1 => organizations::actions::rename(tx, &by(partner), organization, &FirmName::parse(&format!("Firm {number} {step}")).expect("a name")),
        2 | 3 => {
            let operation = [Operation::Suspend, Operation::Unsubscribe, Operation::Reactivate][usize::try_from(number % 3).expect("a place")];
            life_actions::change(tx, &by(partner), organization, operation).map(drop)
        }
        4 => {
            tx.execute("update saas_account set seats_used = ?2 where organization = ?1", (id, number))?;
            organizations::store::refresh(tx, organization)
        }
        5 => organizations::actions::create(tx, &by(1 + number % 2), &FirmName::parse(&format!("New {step}")).expect("a name")).map(drop),
        6 if number < 8 => {
            let name: String = tx.one("select name from organization where id = ?1", [id], |row| row.get(0))?;
            deletion_actions::delete(tx, &by(partner), organization, if number < 4 { Backups::Keep } else { Backups::Purge }, &name).map(drop)
        }
        _ => Ok(()),
    });
    drop(done);
    if 7 <= roll {
        portal.wait(Span::hours(number * 24));
        if number % 2 == 0 {
            portal.run_jobs();
        }
    }
}

/// SUB-9: whatever happens, in whatever order, what is kept is what is counted; also in a month that nobody has begun yet, and after it.
#[test]
fn what_the_running_month_keeps_is_what_is_counted() {
    let (mut lines, mut over) = (0, 0);
    for seed in 0..4 {
        let mut chance = Chance(seed);
        let portal = Portal::firm();
        account(&portal, 77, "Alder Mail").with_seats(&[(SeatType::User, SeatState::Active, 3)]).linked(&portal, ALDER_ID);
        for step in 0..120 {
            happens(&portal, &mut chance, step);
            for partner in [1, 2] {
                is_as_counted(&portal, partner, &format!("seed {seed}, step {step}"));
            }
            lines = lines.max(portal.sql_count("organization_usage where plan is not null"));
            over += portal.sql_count("organization_usage where over is not null");
        }
        assert!(portal.sql_count("statement") > 0, "months went by");
    }
    assert!(lines > 3 && over > 100, "something was there to be counted: {lines}, {over}");
}
