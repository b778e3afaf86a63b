//! The rules of `home`, one test a sentence.

use portico::access::witness_model::{Manager, Operator};
use portico::home::model::sentence;
use portico::home::store;
use portico::kernel::ids::{OrganizationId, PartnerId, SaasAccountId};
use portico::kernel::time::{Span, Timestamp};
use portico::saas;
use portico::saas::model::{Product, Reported, SaasAccount};

use crate::support::people::*;
use crate::support::portal::Portal;

/// A SaaS account of a partner's, linked if an organization is given, as its newest data shows it.
fn account(portal: &Portal, partner: i64, number: i64, name: &str, organization: Option<i64>, health: (&str, i64)) -> SaasAccountId {
    let reported = Reported {
        vendor_id: number,
        name: name.to_owned(),
        domain: format!("d{number}.example"),
        product: Product::Microsoft365,
        external_subscription_id: None,
        retention: None,
        seats_used: 1,
        stats: None,
    };
    let id = portal.write(|tx| {
        let (id, _) = saas::store::upsert(tx, PartnerId(partner), &reported)?;
        if let Some(organization) = organization {
            let by = Manager::operator(&Operator::of_this_machine(), PartnerId(partner));
            saas::actions::link(tx, &by, OrganizationId(organization), &[id])?;
        }
        Ok(id)
    });
    portal.execute(
        "update saas_account set health = ?2, severity = ?3, as_of = ?4, active_services = 9, backed_services = 4 where id = ?1",
        (id.0, health.0, health.1, portal.now().0),
    );
    id
}

const FAILING: (&str, i64) = ("failing", 3);
const MISSED: (&str, i64) = ("some_missed", 2);
const PROTECTED: (&str, i64) = ("protected", 0);

fn invite(portal: &Portal, first: &str, email: &str) {
    let fields = [
        ("first_name", first),
        ("last_name", "Moss"),
        ("email", email),
        ("country_code", ""),
        ("mobile_phone", ""),
        ("access", "full"),
        ("endpoint_access", "none"),
    ];
    portal.sign_in(ABE).post("/organizations/10000001/users/new", &fields).status(303);
}

/// HOM-1
#[test]
fn nothing_to_do_says_so() {
    let portal = Portal::firm();
    for member in [ADA, SAM, ABE, TESS, BEA, SID] {
        portal.sign_in(member).visit("/").sees("Nothing needs you today.");
    }
}

/// HOM-1, SAS-9
#[test]
fn a_failing_account_is_on_home_with_its_one_next_step_until_its_data_is_too_old() {
    let portal = Portal::firm();
    let failing = account(&portal, 1, 501, "Alder Mail", Some(ALDER_ID), FAILING);
    account(&portal, 1, 502, "Birch Mail", Some(BIRCH_ID), MISSED);
    let mut visit = portal.sign_in(TESS);
    visit.visit("/").sees("Failing Alder Dental").sees("4 of 9 services backed up").sees("Some missed Birch & Sons");
    visit.near("Alder Dental").open("Manage").status(200);
    assert_eq!(visit.url, format!("/saas/{failing}"));
    portal.wait(Span::hours(48));
    visit.visit("/").sees("Failing Alder Dental").sees("Some missed Birch & Sons").does_not_see("No recent data");
    portal.wait(Span(1));
    visit.visit("/").sees("No recent data Alder Dental").sees("No recent data Birch & Sons");
    visit.does_not_see("Failing").does_not_see("Some missed");
}

/// HOM-1, SUB-2: a suspended organization's account is grey, and no red line on Home.
#[test]
fn a_suspended_organizations_account_is_not_failing_on_home() {
    let portal = Portal::firm();
    account(&portal, 1, 1, "Ember Mail", Some(ALDER_ID), ("failing", 3));
    let mut abe = portal.sign_in(ABE);
    abe.visit("/").sees("Ember Mail");
    portal.execute("update subscription set state = 'suspended' where organization = ?1", [ALDER_ID]);
    abe.visit("/").does_not_see("Ember Mail");
}

/// HOM-1: worst first.
#[test]
fn the_worst_comes_first() {
    let portal = Portal::firm();
    account(&portal, 1, 501, "Lonely Mail", None, PROTECTED);
    account(&portal, 1, 502, "Alder Mail", Some(ALDER_ID), FAILING);
    invite(&portal, "Ira", "ira@alder.example");
    portal.wait(Span::days(6));
    portal.execute("update saas_account set as_of = ?1", [portal.now().0]);
    let text = portal.sign_in(ADA).visit("/").text();
    let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words} is not in {text}"));
    assert!(place("Failing") < place("About to lapse") && place("About to lapse") < place("Lonely Mail"), "{text}");
}

/// HOM-1
#[test]
fn only_what_this_person_may_see_and_do_is_on_home() {
    let portal = Portal::firm();
    account(&portal, 1, 501, "Lonely Mail", None, PROTECTED);
    account(&portal, 1, 502, "Alder Mail", Some(ALDER_ID), FAILING);
    account(&portal, 2, 503, "Cedar Mail", Some(CEDAR_ID), FAILING);
    portal.sign_in(ABE).visit("/").sees("Lonely Mail").sees("Alder Dental").sees("Cedar Clinic");
    portal.sign_in(TESS).visit("/").sees("Alder Dental").does_not_see("Lonely Mail");
    portal.sign_in(BEA).visit("/").sees("Nothing needs you today.");
    portal.sign_in(MALLORY).visit("/").sees("Cedar Clinic").does_not_see("Alder").does_not_see("Lonely");
}

/// HOM-1, SAS-5
#[test]
fn an_unlinked_account_leads_to_where_it_is_linked() {
    let portal = Portal::firm();
    account(&portal, 1, 501, "Lonely Mail", None, PROTECTED);
    let mut visit = portal.sign_in(ABE);
    visit.visit("/").sees("Unlinked Lonely Mail Never linked").open("Link").status(200).sees("Lonely Mail");
}

/// HOM-1, ACC-3
#[test]
fn a_set_up_is_on_home_from_two_days_before_it_lapses_to_thirty_days_after() {
    let portal = Portal::firm();
    invite(&portal, "Ira", "ira@alder.example");
    let mut visit = portal.sign_in(ABE);
    portal.wait(Span::days(5));
    visit.visit("/").sees("Nothing needs you today.");
    portal.wait(Span(1));
    visit.visit("/").sees("About to lapse Ira Moss");
    portal.wait(Span(Span::days(2).0 - 1));
    visit.visit("/").sees("Lapsed Ira Moss").does_not_see("About to lapse");
    portal.run_jobs();
    visit.visit("/").sees("Lapsed Ira Moss").is_offered("Reactivate Ira Moss");
    portal.wait(Span(Span::days(30).0 - 1));
    visit.visit("/").sees("Lapsed Ira Moss");
    portal.wait(Span(1));
    visit.visit("/").sees("Nothing needs you today.");
}

/// HOM-1, IMP-4
#[test]
fn users_without_a_letter_are_counted_by_organization() {
    let portal = Portal::firm();
    for first in ["Ira", "Isa"] {
        invite(&portal, first, &format!("{first}@alder.example"));
    }
    portal.execute("update account set state = 'not_invited', invited_until = null where last_name = 'Moss'", []);
    portal.sign_in(ABE).visit("/").sees("Not invited 2 users of Alder Dental").open("Users").status(200).sees("Ira Moss");
}

/// HOM-1: long lists end with how many more there are, and never count beyond a thousand.
#[test]
fn more_than_five_of_a_kind_are_counted() {
    let portal = Portal::firm();
    for number in 0..7 {
        account(&portal, 1, 500 + number, &format!("Spare {number}"), None, PROTECTED);
    }
    portal.sign_in(ABE).visit("/").sees("Spare 4").does_not_see("Spare 5").sees("and 2 more accounts linked to no organization");
    let scope = Manager::operator(&Operator::of_this_machine(), PartnerId(1)).scope().to_owned();
    let found = portal.db().read(|db| store::loose(db, &scope)).expect("it reads");
    assert_eq!((found.total, found.first.len(), found.rest()), (7, 5, 2));
    portal.execute("delete from saas_account where vendor_id = 506", []);
    portal.sign_in(ABE).visit("/").sees("Spare 5").does_not_see("more accounts linked to no organization");
    let found = portal.db().read(|db| store::loose(db, &scope)).expect("it reads");
    assert_eq!((found.total, found.first.len(), found.rest()), (6, 6, 0), "no line says that there is one more");
}

/// HOM-2
#[test]
fn an_organization_user_sees_its_state_in_one_sentence_its_services_and_what_they_may_do() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(OLU);
    visit.visit("/").sees("No SaaS service is linked to Alder Dental yet.");
    account(&portal, 1, 501, "Alder Mail", Some(ALDER_ID), PROTECTED);
    account(&portal, 1, 502, "Birch Mail", Some(BIRCH_ID), FAILING);
    visit.visit("/").sees("The service of Alder Dental is protected.").sees("Alder Mail").does_not_see("Birch");
    visit.is_offered("SaaS Protection Status").is_offered("Guides").does_not_see("Manage Organizations");
    account(&portal, 1, 503, "Alder Files", Some(ALDER_ID), FAILING);
    visit.visit("/").sees("1 of 2 services of Alder Dental is failing.");
}

/// HOM-2, USR-8
#[test]
fn a_user_without_access_sees_no_service_on_home() {
    let portal = Portal::firm();
    account(&portal, 1, 501, "Alder Mail", Some(ALDER_ID), FAILING);
    for member in [NOOR, FINN] {
        portal
            .sign_in(member)
            .visit("/")
            .sees("You are a user of Alder Dental.")
            .does_not_see("Alder Mail")
            .is_not_offered("SaaS Protection Status");
    }
}

/// HOM-2
#[test]
fn the_sentence_counts_in_words_that_fit() {
    let portal = Portal::firm();
    for (number, health) in [(501, PROTECTED), (502, PROTECTED)] {
        account(&portal, 1, number, "Mail", Some(ALDER_ID), health);
    }
    let read = || -> (Vec<SaasAccount>, Timestamp) {
        let scope = Manager::operator(&Operator::of_this_machine(), PartnerId(1)).scope().to_owned();
        (portal.db().read(|db| saas::store::linked(db, &scope, OrganizationId(ALDER_ID))).expect("it reads"), portal.now())
    };
    let say = || {
        let (services, now) = read();
        sentence("Alder", &services, now)
    };
    assert_eq!(say(), "Both services of Alder are protected.");
    portal.execute("update saas_account set health = 'some_missed' where vendor_id = 501", []);
    assert_eq!(say(), "1 of 2 services of Alder has missed some backups.");
    portal.execute("update saas_account set health = 'failing'", []);
    assert_eq!(say(), "Both services of Alder are failing. Your provider sees this too.");
    portal.execute("update saas_account set health = 'protected', as_of = null where vendor_id = 501", []);
    portal.execute("update saas_account set health = 'protected' where vendor_id = 502", []);
    assert_eq!(say(), "1 of 2 services of Alder is protected; about the others there is no recent news.");
}

/// HOM-1, SAS-9: what the status page calls in need of attention is on Home as well, all of it, and for whom it is in sight.
#[test]
fn home_and_status_agree_on_what_needs_attention() {
    let portal = Portal::firm();
    account(&portal, 1, 501, "Alder Mail", Some(ALDER_ID), FAILING);
    account(&portal, 1, 502, "Birch Mail", Some(BIRCH_ID), MISSED);
    account(&portal, 1, 503, "Cold Mail", Some(BIRCH_ID), PROTECTED);
    account(&portal, 1, 504, "Well Mail", Some(BIRCH_ID), PROTECTED);
    portal.execute("update saas_account set as_of = as_of - 200000000 where vendor_id = 503", []);
    let mut tess = portal.sign_in(TESS);
    for name in ["Alder Mail", "Birch Mail", "Cold Mail"] {
        tess.visit("/status/saas?state=attention").sees(name);
        tess.visit("/").sees(name);
    }
    tess.does_not_see("Well Mail");
    portal.sign_in(PIA).visit("/").does_not_see("Mail");
}

/// HOM-1: where to go names every place of the page map that this person may open.
#[test]
fn where_to_go_names_the_places_of_each_role() {
    let portal = Portal::firm();
    for (member, places, others) in [
        (BEA, "Licenses Price List", "API Keys"),
        (SID, "Price List", "Licenses API Keys"),
        (ABE, "Licenses Price List API Keys", ""),
        (TESS, "", "Licenses Price List API Keys"),
    ] {
        let text = portal.sign_in(member).visit("/").text();
        for (label, what) in [
            ("Licenses", "Seats in use, what is billed, what is idle"),
            ("Price List", "What a seat costs a month, by plan"),
            ("API Keys", "What scripts come in with"),
        ] {
            assert_eq!(text.contains(what), places.contains(label), "{} {label}", member.email);
            assert_eq!(others.contains(label), !places.contains(label), "{label} is in one of the lists");
        }
    }
}

/// HOM-1: "Where to go" names the places of billing, partners and letters for whoever may open them, and for nobody else.
#[test]
fn where_to_go_names_the_places_that_open() {
    let portal = Portal::firm();
    let places = [
        ("Statements", "/statements"),
        ("Manage Partners", "/partners"),
        ("Transfers", "/transfers"),
        ("Notification Settings", "/notification-settings"),
    ];
    for member in [ADA, SAM, ABE, TESS, BEA, SID, OLU] {
        for limited in [0, 1] {
            portal.execute("update employee set limited = ?2 where account = ?1", (member.account, limited));
            for (label, path) in places {
                let mut visit = portal.sign_in(member);
                let opens = visit.get(path).response.status == 200;
                visit.visit("/");
                let card = visit.page().all(|element| element.attr("id") == Some("places"));
                let named = card.iter().any(|card| card.text().contains(label));
                assert_eq!(named, opens, "{label} for {}, limited {limited}", member.first);
            }
        }
    }
}
