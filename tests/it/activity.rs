//! The rules of `activity`, one test a sentence.

#![allow(clippy::expect_used, reason = "what cannot be read fails its test")]

use portico::access::model::{Actor, Scope, Sight};
use portico::access::witness_model::Clockwork;
use portico::activity::model::{CHECK_EVERY, Change, Event, Kind};
use portico::activity::{actions, store};
use portico::kernel::ids::{OrganizationId, PartnerId};
use portico::kernel::time::Span;

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

fn actor(partner: i64, name: &str) -> Actor {
    Actor { partner: PartnerId(partner), account: None, name: name.to_owned(), roles: "Admin".to_owned(), address: "10.0.0.9".to_owned() }
}

fn happened(portal: &Portal, by: &Actor, kind: Kind, sentence: &str, organization: Option<i64>) {
    let mut event = Event::new(kind, sentence);
    event.organization = organization.map(OrganizationId);
    portal.write(|tx| store::record(tx, by, &event));
}

/// The sentences of the page, in order.
fn sentences(visit: &Visit, word: &str) -> Vec<String> {
    let body = visit.body();
    body.split(word).skip(1).map(|rest| rest.split(['<', ' ']).next().unwrap_or_default().to_owned()).collect()
}

fn check(portal: &Portal) {
    actions::verify(portal.db(), &Clockwork::ticking()).expect("the chain is read");
}

/// LOG-1
#[test]
fn an_event_says_who_from_where_and_what_changed_from_what_to_what() {
    let portal = Portal::firm();
    let event = Event::new(Kind::OrganizationRenamed, "renamed Alder to Alder Dental")
        .about("organization", ALDER_ID, "Alder Dental")
        .with(Change::between("Organization name", "Alder", "Alder Dental"));
    portal.write(|tx| store::record(tx, &actor(1, "Abe Winter (abe@harbor.example)"), &event));
    portal
        .sign_in(ADA)
        .visit("/activity")
        .sees("Abe Winter renamed Alder to Alder Dental")
        .sees("10.0.0.9")
        .does_not_see("abe@harbor.example")
        .open("Details of event")
        .sees("Abe Winter renamed Alder to Alder Dental")
        .sees("abe@harbor.example")
        .sees("Organization name Alder Alder Dental");
    assert_eq!(Change::between("Name", "same", "same"), None);
}

/// LOG-3
#[test]
fn the_log_is_paged_newest_first_without_losing_or_repeating_an_event() {
    let portal = Portal::firm();
    for number in 0..120 {
        happened(&portal, &actor(1, "Ada"), Kind::Exported, &format!("no{number:03}"), None);
    }
    let mut visit = portal.sign_in(ABE);
    let mut met = sentences(visit.visit("/activity"), "Ada no");
    assert_eq!((met.len(), met[0].as_str()), (50, "119"));
    met.extend(sentences(visit.open("Next"), "Ada no"));
    met.extend(sentences(visit.open("Next"), "Ada no"));
    visit.is_not_offered("Next");
    let expected: Vec<String> = (0..120).rev().map(|number| format!("{number:03}")).collect();
    assert_eq!(met, expected);
    assert_eq!(sentences(visit.open("Previous"), "Ada no"), expected[50..100]);
    assert_eq!(sentences(visit.open("Previous"), "Ada no"), expected[..50]);
    visit.is_not_offered("Previous");
}

/// LOG-3
#[test]
fn the_log_is_filtered_by_person_kind_organization_and_day() {
    let portal = Portal::firm();
    happened(&portal, &actor(1, "Ada Lane (ada@harbor.example)"), Kind::SignedIn, "came-early", None);
    portal.wait(Span::days(1));
    happened(&portal, &actor(1, "Abe Winter (abe@harbor.example)"), Kind::UserAdded, "added-somebody", Some(ALDER_ID));
    let mut visit = portal.sign_in(SAM);
    visit.visit("/activity").sees("came-early").sees("added-somebody");
    visit.visit("/activity?person=ABE%40harbor").sees("added-somebody").does_not_see("came-early");
    visit.visit("/activity?person=a%25e").does_not_see("came-early");
    visit.visit("/activity?kind=session.signed_in").sees("came-early").does_not_see("added-somebody");
    visit.visit("/activity?organization=alder").sees("added-somebody").does_not_see("came-early");
    visit.visit("/activity?organization=100000-01").sees("added-somebody").does_not_see("came-early");
    visit.visit("/activity?organization=birch").sees("Nothing fits these filters");
    visit.visit("/activity?from=2026-11-23").sees("added-somebody").does_not_see("came-early");
    visit.visit("/activity?to=2026-11-22").sees("came-early").does_not_see("added-somebody");
    visit.visit("/activity?from=2026-13-40").sees("Enter dates such as 2026-11-22.");
}

/// LOG-3: the days of the filter are the viewer's.
#[test]
fn a_day_of_the_filter_begins_and_ends_in_the_viewers_zone() {
    let portal = Portal::firm();
    happened(&portal, &actor(1, "Ada"), Kind::Exported, "before-seven", None);
    let mut visit = portal.sign_in(ADA);
    visit.visit("/activity?from=2026-11-22&to=2026-11-22").sees("before-seven");
    portal.execute("update identity set time_zone = 'America/Los_Angeles' where email_key = 'ada@harbor.example'", []);
    visit.visit("/activity?from=2026-11-22&to=2026-11-22").does_not_see("before-seven");
    visit.visit("/activity?from=2026-11-21&to=2026-11-21").sees("before-seven");
}

/// LOG-3, ALL-2
#[test]
fn the_export_is_the_whole_filtered_list_as_a_safe_csv_and_is_an_event_itself() {
    let portal = Portal::firm();
    for number in 0..60 {
        happened(&portal, &actor(1, "Ada"), Kind::UserAdded, &format!("added-{number}"), None);
    }
    happened(&portal, &actor(1, "=cmd()"), Kind::UserAdded, "@added-last", None);
    happened(&portal, &actor(1, "Ada"), Kind::SignedIn, "signed-in", None);
    let mut visit = portal.sign_in(ABE);
    visit.post("/activity/export", &[("kind", "user.added")]).status(200);
    let file = visit.body();
    assert!(file.starts_with("Event,Time (UTC),Person,Role,From where,Kind,Target,What happened,What changed\r\n"), "{file}");
    assert_eq!(file.lines().count(), 62);
    assert!(file.contains(",'=cmd(),") && file.contains(",'@added-last,") && !file.contains("signed-in"), "{file}");
    assert_eq!(portal.last_activity(), "exported the activity log");
    assert_eq!(portal.sql::<String>("select kind from activity order by seq desc limit 1", []), "export.made");
}

/// LOG-3, ALL-1, PAR-1
#[test]
fn a_partner_reads_its_own_log_and_at_an_organization_beneath_it_that_organizations() {
    let portal = Portal::firm();
    happened(&portal, &actor(1, "Ada"), Kind::UserAdded, "of-harbor", Some(ALDER_ID));
    happened(&portal, &actor(2, "Mallory"), Kind::UserAdded, "of-tidewater", Some(CEDAR_ID));
    portal.sign_in(MALLORY).visit("/activity").sees("of-tidewater").does_not_see("of-harbor");
    portal.sign_in(ADA).visit("/activity").sees("of-harbor").does_not_see("of-tidewater");
    portal.sign_in(ADA).visit("/activity?organization=20000001").sees("of-tidewater");
    let absent = portal.sign_in(MALLORY).visit("/activity?organization=10000009").text();
    let foreign = portal.sign_in(MALLORY).visit("/activity?organization=10000001").text();
    assert_eq!(absent.replace("10000009", "ID"), foreign.replace("10000001", "ID"));
    for member in [TESS, BEA, SID, OLU] {
        portal.sign_in(member).get("/activity").status(404);
    }
}

/// LOG-1, PAR-1: what somebody above does to what a partner holds is in both logs, with and without an organization, on the page, in the
/// export and for scripts; a sister's log has none of it, and nothing of what they do at home.
#[test]
fn what_is_done_from_above_is_in_the_holders_log_too() {
    let portal = Portal::firm();
    let loose = |partner: i64, number: i64, name: &str| {
        let mut made = crate::support::saas::account(&portal, number, name);
        made.partner = partner;
        made.put(&portal)
    };
    let (home, cedar, dogwood) = (loose(1, 1, "Home Mail"), loose(2, 2, "Cedar Mail"), loose(3, 3, "Dogwood Mail"));
    let mut ada = portal.sign_in(ADA);
    let seat =
        |id: portico::kernel::ids::SaasAccountId| portal.sql::<i64>("select min(id) from seat where saas_account = ?1", [id.0]).to_string();
    for id in [home, cedar, dogwood] {
        ada.post(&format!("/saas/{id}/seats"), &[("action", "Pause"), ("seat", &seat(id))]).status(303);
    }
    ada.post(&format!("/status/saas/unmapped/{cedar}"), &[("organization", &CEDAR_ID.to_string())]).status(303);
    ada.post(&format!("/organizations/{CEDAR_ID}/services/{cedar}/unlink"), &[]).status(303);
    let told = ["paused 1 seat of Cedar Mail", "linked Cedar Mail to Cedar Clinic", "unlinked Cedar Mail from Cedar Clinic"];
    for member in [ADA, MALLORY] {
        let mut visit = portal.sign_in(member);
        visit.visit("/activity");
        for sentence in told {
            visit.sees(sentence);
        }
        visit.sees("Ada Lane");
        visit.visit("/activity?person=ada").sees(told[0]).visit("/activity?person=pia").does_not_see(told[0]);
        visit.visit("/activity").press("Export CSV");
        for sentence in &told {
            assert!(visit.body().contains(sentence), "{}: {sentence}", member.name());
        }
    }
    portal.sign_in(MALLORY).visit("/activity").does_not_see("Home Mail").does_not_see("Dogwood Mail");
    portal.sign_in(QUINN).visit("/activity").sees("paused 1 seat of Dogwood Mail").does_not_see("Cedar Mail").does_not_see("Home Mail");
    // What they do at home is in no other log.
    portal.sign_in(MALLORY).post(&format!("/saas/{cedar}/seats"), &[("action", "License"), ("seat", &seat(cedar))]).status(303);
    ada.visit("/activity").does_not_see("protected 1 seat of Cedar Mail");
    // Whose log it is in belongs to the event as much as all else does.
    check(&portal);
    portal.sign_in(ADA).visit("/activity").does_not_see("does not fit");
    portal.execute("drop trigger activity_stays", []);
    portal.execute("update activity set holder = 3 where sentence like 'unlinked Cedar%'", []);
    check(&portal);
    assert_eq!(
        portal.sql::<i64>("select first_bad from chain_check", []),
        portal.sql::<i64>("select seq from activity where holder = 3 and sentence like 'unlinked%'", [])
    );
}

/// PAR-1: a Tech looks at what partners beneath hold and changes none of it; primary account, Security Admin and Admin do, and so do the
/// Techs of the partner itself.
#[test]
fn a_tech_changes_nothing_that_a_partner_beneath_holds() {
    let portal = Portal::firm();
    let mut made = crate::support::saas::account(&portal, 2, "Cedar Mail");
    made.partner = 2;
    let id = made.linked(&portal, CEDAR_ID);
    let own = crate::support::saas::account(&portal, 3, "Alder Mail").linked(&portal, ALDER_ID);
    let tries = |member: Member, id: portico::kernel::ids::SaasAccountId| {
        let seat: i64 = portal.sql("select min(id) from seat where saas_account = ?1", [id.0]);
        portal.execute("update seat set state = 'Active' where id = ?1", [seat]);
        let mut visit = portal.sign_in(member);
        visit.post(&format!("/saas/{id}/seats"), &[("action", "Pause"), ("seat", &seat.to_string())]);
        (portal.sql::<String>("select state from seat where id = ?1", [seat]), visit)
    };
    let (state, mut tess) = tries(TESS, id);
    assert_eq!(state, "Active");
    tess.visit(&format!("/saas/{id}")).sees("Cedar Mail is held by a partner beneath yours.").is_not_offered("Pause");
    for member in [ADA, SAM, ABE, MALLORY] {
        assert_eq!(tries(member, id).0, "Paused", "{}", member.name());
    }
    let (state, mut tess) = tries(TESS, own);
    assert_eq!(state, "Paused");
    tess.visit(&format!("/saas/{own}")).does_not_see("beneath yours").is_offered("Change by a file");
}

/// LOG-3
#[test]
fn an_organizations_own_events_are_read_inside_the_scope_only() {
    let portal = Portal::firm();
    happened(&portal, &actor(1, "Ada"), Kind::UserAdded, "of-alder", Some(ALDER_ID));
    let read = |viewer: i64, only: Option<i64>| {
        let scope = Scope::new(PartnerId(viewer), only.map_or(Sight::All, |id| Sight::Organization(OrganizationId(id))));
        portal.db().read(|db| store::of_organization(db, &scope, OrganizationId(ALDER_ID), 5)).expect("it reads").len()
    };
    assert_eq!((read(1, None), read(1, Some(ALDER_ID))), (1, 1));
    assert_eq!((read(2, None), read(1, Some(BIRCH_ID))), (0, 0));
}

/// LOG-2
#[test]
fn an_untouched_chain_fits_and_the_page_says_when_that_was_seen() {
    let portal = Portal::firm();
    for number in 0..5 {
        happened(&portal, &actor(1 + number % 2, "Ada"), Kind::Exported, "something", None);
    }
    portal.sign_in(ADA).visit("/activity").sees("Not checked yet");
    check(&portal);
    portal.sign_in(ADA).visit("/activity").sees("All events fit").sees("Chain unbroken").sees("Events that fit 5");
}

/// LOG-2
#[test]
fn a_changed_event_is_named_to_its_own_partner_and_to_another_only_by_number() {
    let portal = Portal::firm();
    for (partner, sentence) in [(1, "first-thing"), (2, "secret-thing"), (1, "third-thing")] {
        happened(&portal, &actor(partner, "Somebody"), Kind::Exported, sentence, None);
    }
    portal.execute("drop trigger activity_stays", []);
    portal.execute("update activity set address = '10.0.0.10' where seq = 2", []);
    check(&portal);
    portal.sign_in(ADA).visit("/activity").sees("Event 2 is the first that does not fit.").does_not_see("secret-thing");
    portal.sign_in(MALLORY).visit("/activity").sees("Event 2 is the first that does not fit: Somebody secret-thing");
}

/// LOG-2
#[test]
fn a_missing_event_breaks_the_chain_in_the_middle_and_at_its_end() {
    let portal = Portal::firm();
    for _ in 0..4 {
        happened(&portal, &actor(1, "Ada"), Kind::Exported, "something", None);
    }
    let bad = || portal.sql::<Option<i64>>("select first_bad from chain_check", []);
    check(&portal);
    assert_eq!(bad(), None);
    portal.execute("drop trigger activity_remains", []);
    portal.execute("delete from activity where seq = 4", []);
    check(&portal);
    assert_eq!(bad(), Some(4));
    portal.execute("delete from activity where seq = 2", []);
    check(&portal);
    assert_eq!(bad(), Some(2));
}

/// LOG-2
#[test]
fn an_event_can_neither_be_changed_nor_removed() {
    let portal = Portal::firm();
    happened(&portal, &actor(1, "Ada"), Kind::Exported, "something", None);
    let connection = portal.connection();
    assert!(connection.execute("update activity set sentence = 'else'", []).is_err());
    assert!(connection.execute("delete from activity", []).is_err());
    assert_eq!(portal.last_activity(), "something");
}

/// LOG-2
#[test]
fn the_chain_is_looked_at_again_after_an_hour_and_not_before() {
    let portal = Portal::firm();
    let look = || actions::verify_when_due(portal.db(), &Clockwork::ticking()).expect("it looks");
    assert_eq!((look(), look()), (1, 0));
    portal.wait_idle(Span(CHECK_EVERY.0 - 1));
    assert_eq!(look(), 0);
    portal.wait_idle(Span(1));
    assert_eq!(look(), 1);
}
