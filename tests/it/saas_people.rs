//! Linking all exact ones, the vendor's console, the charts, Home, and what an organization's users may do: SAS-5, SAS-8, SAS-11, SEA-5,
//! HOM-1, USR-7.

use portico::kernel::ids::SaasAccountId;
use portico::kernel::web::WebAddress;
use portico::saas::model::Product;
use portico::seats::model::{SeatState, SeatType};

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};
use crate::support::saas::account;

const EXACT: &str = "/status/saas/unmapped/exact";

fn unlinked(portal: &Portal, vendor_id: i64, name: &str, domain: &str) -> SaasAccountId {
    let mut one = account(portal, vendor_id, name);
    domain.clone_into(&mut one.domain);
    one.put(portal)
}

fn organization_of(portal: &Portal, id: SaasAccountId) -> Option<i64> {
    portal.sql("select organization from saas_account where id = ?1", [id])
}

/// SAS-5: those of one organization's domain or name, after a preview that says why; the others stay.
#[test]
fn all_exact_ones_are_linked_together_after_a_preview() {
    let portal = Portal::firm();
    let by_domain = unlinked(&portal, 1, "Something", "alder.example");
    let by_name = unlinked(&portal, 2, "BIRCH & sons", "elsewhere.example");
    let alike = unlinked(&portal, 3, "Aldder Dental", "nowhere.example");
    let stranger = unlinked(&portal, 4, "Zephyr", "zephyr.example");
    let mut ada = portal.sign_in(ADA);
    ada.visit("/status/saas/unmapped").press("Link all exact matches");
    ada.sees("Something → Alder Dental").sees("same domain: one of its users writes from alder.example");
    ada.sees("BIRCH & sons → Birch & Sons").sees("same name").does_not_see("Aldder").does_not_see("Zephyr");
    ada.press("Link Services").sees("Linked 2 SaaS accounts to 2 organizations.");
    assert_eq!([by_domain, by_name].map(|id| organization_of(&portal, id)), [Some(ALDER_ID), Some(BIRCH_ID)]);
    assert_eq!([alike, stranger].map(|id| organization_of(&portal, id)), [None, None]);
    assert_eq!(portal.sql_count("activity where kind = 'saas_account.linked'"), 2);
    ada.visit(EXACT).sees("No exact match");
    ada.visit("/status/saas/unmapped").sees("Zephyr").is_not_offered("Link all exact matches");
    ada.post(EXACT, &[]).status(422).sees("Tick at least one account.");
}

/// SAS-4, SAS-5: what somebody unlinked on purpose is offered with the reason and not ticked; what was never linked is.
#[test]
fn what_was_unlinked_on_purpose_is_not_linked_again_unless_somebody_ticks_it() {
    let portal = Portal::firm();
    let fresh = unlinked(&portal, 1, "Something", "alder.example");
    let mut taken = account(&portal, 2, "Birch & Sons");
    taken.domain = "birch-mail.example".to_owned();
    let taken = taken.linked(&portal, BIRCH_ID);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/organizations/{BIRCH_ID}/services/{taken}/unlink")).press("Unlink").status(200);
    ada.visit(EXACT).sees("Unlinked by Ada").sees("on 22 Nov 2026").sees("and so not ticked").press("Link Services");
    ada.sees("Linked 1 SaaS account to 1 organization.");
    assert_eq!([fresh, taken].map(|id| organization_of(&portal, id)), [Some(ALDER_ID), None]);
    ada.visit(EXACT)
        .tick("Birch & Sons → Birch & Sons Microsoft 365 · same name · Unlinked by Ada Lane on 22 Nov 2026 and so not ticked")
        .press("Link Services")
        .sees("Linked 1 SaaS account");
    assert_eq!(organization_of(&portal, taken), Some(BIRCH_ID));
}

/// SAS-5: the suggested organization stands first, and a list that ends early says so; both sides of its length.
#[test]
fn the_suggested_organization_stands_first_and_a_list_that_is_cut_says_so() {
    let portal = Portal::firm();
    let id = unlinked(&portal, 1, "Something", "birch.example");
    let mut google = account(&portal, 2, "Birch Mail");
    google.domain = "birch.example".to_owned();
    google.product = Product::GoogleWorkspace;
    google.linked(&portal, BIRCH_ID);
    let mut ada = portal.sign_in(ADA);
    let page = format!("/status/saas/unmapped/{id}");
    let here = portal.sql_count("organization where partner = 1 and deleted_at is null");
    for number in here..20 {
        ada.post("/organizations", &[("name", &format!("Aaa {number}"))]).status(303);
    }
    ada.visit(&page).sees("Suggested").does_not_see("More organizations are not shown");
    // Once more, without the alert of the last organization that was made.
    let text = ada.visit(&page).text();
    assert!(text.find("Birch & Sons") < text.find("Aaa"), "{text}");
    assert_eq!(ada.forms().iter().flat_map(|form| &form.fields).filter(|field| field.name == "organization").count(), 20);
    ada.post("/organizations", &[("name", "Zzz")]).status(303);
    ada.visit(&page).sees("More organizations are not shown.");
    ada.visit(&format!("{page}?q=zzz")).sees("Zzz").does_not_see("More organizations").does_not_see("Suggested");
}

/// SAS-5: where two organizations have the domain, or one the domain and another the name, nobody but a person can say which is meant.
#[test]
fn what_two_organizations_could_have_is_linked_by_nobody_at_once() {
    let portal = Portal::firm();
    let torn = unlinked(&portal, 1, BIRCH, "alder.example");
    let mut ada = portal.sign_in(ADA);
    ada.visit(EXACT).sees("No exact match");
    portal.execute("update saas_account set name = 'Alder Dental', name_key = 'alder dental' where id = ?1", [torn]);
    ada.visit(EXACT).sees("Alder Dental → Alder Dental");
    let mut other = account(&portal, 2, "Birch Mail");
    other.domain = "alder.example".to_owned();
    other.product = Product::GoogleWorkspace;
    other.linked(&portal, BIRCH_ID);
    ada.visit(EXACT).sees("No exact match");
}

/// SAS-2, SAS-3: all or none; whoever is late is told who was faster.
#[test]
fn when_one_of_them_was_linked_meanwhile_none_is_and_it_is_said_by_whom() {
    let portal = Portal::firm();
    let first = unlinked(&portal, 1, "Something", "alder.example");
    let second = unlinked(&portal, 2, "Birch & Sons", "elsewhere.example");
    let (mut ada, mut sam) = (portal.sign_in(ADA), portal.sign_in(SAM));
    ada.visit(EXACT);
    sam.post(&format!("/status/saas/unmapped/{second}"), &[("organization", &ALDER_ID.to_string())]).status(303);
    ada.press("Link Services").status(422).sees("Birch & Sons was linked to Alder Dental by Sam Okafor");
    assert_eq!(organization_of(&portal, first), None);
    ada.press("Link Services").sees("Linked 1 SaaS account to 1 organization.");
    assert_eq!([first, second].map(|id| organization_of(&portal, id)), [Some(ALDER_ID), Some(ALDER_ID)]);
}

/// ALL-1: nobody links what is not theirs, in whatever pair.
#[test]
fn a_pair_with_anything_foreign_in_it_is_not_found() {
    let portal = Portal::firm();
    let own = unlinked(&portal, 1, "Something", "alder.example");
    let mut foreign = account(&portal, 2, "Foreign");
    foreign.partner = 3;
    let foreign = foreign.put(&portal);
    let mut pia = portal.sign_in(PIA);
    for pair in
        [format!("{own}:{CEDAR_ID}"), format!("{foreign}:{CEDAR_ID}"), format!("{own}:{ALDER_ID}"), "x:y".to_owned(), "1".to_owned()]
    {
        pia.post(EXACT, &[("pair", &pair)]).status(404);
    }
    portal.sign_in(ADA).post(EXACT, &[("pair", &format!("{own}:{CEDAR_ID}"))]).status(404);
    portal.sign_in(ADA).post(EXACT, &[("pair", &format!("{own}:{ALDER_ID}"))]).status(303);
}

/// SAS-11, ALL-5: http or https, checked when it comes in.
#[test]
fn a_console_is_an_address_of_the_web_and_nothing_that_looks_like_one() {
    for good in ["https://console.example.com", "http://10.0.0.7:8443/path?a=b#c", "HTTPS://Vendor.example/"] {
        assert_eq!(WebAddress::parse(good).expect("an address").expect("one").as_str(), good);
    }
    for bad in [
        "javascript:alert(1)",
        "ftp://vendor.example",
        "//vendor.example",
        "vendor.example",
        "https://",
        "https:///path",
        "https://good.example@evil.example/",
        "https://user:word@vendor.example",
        "https://vendor.example/\"onmouseover=x",
        "https://ven dor.example",
        "https://vendor.example\\@evil",
        "https://vendor..example",
        "https://vendor.example:0",
        "https://vendor.example:99999",
        "data:text/html,x",
    ] {
        assert!(WebAddress::parse(bad).is_err(), "{bad}");
    }
    assert_eq!(WebAddress::parse("  "), Ok(None));
}

/// SAS-11: an account offers to open it in a new tab, told nothing of where somebody came from; without an address nothing does.
#[test]
fn an_account_opens_the_vendors_console_where_its_partner_has_set_the_address() {
    let portal = Portal::firm();
    let id = account(&portal, 1, "Alder Mail").linked(&portal, ALDER_ID);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/saas/{id}")).does_not_see("Open vendor console");
    ada.visit("/status/saas")
        .press("Set vendor console")
        .fill("Address", "javascript:x")
        .press("Save Changes")
        .status(422)
        .sees("with http or https");
    ada.fill("Address", "https://console.vendor.example/login").press("Save Changes").sees("Saved.");
    assert_eq!(portal.last_activity(), "set the address of the vendor's console");
    let link = "href=\"https://console.vendor.example/login\" target=\"_blank\" rel=\"noreferrer noopener\"";
    let (row, page) = (format!("/status/saas/{id}"), format!("/saas/{id}"));
    for (person, page) in [(ADA, &row), (TESS, &row), (OLU, &row), (OLU, &page)] {
        assert!(portal.sign_in(person).visit(page).body().contains(link), "{} at {page}", person.email);
    }
    let mut foreign = account(&portal, 2, "Foreign");
    foreign.partner = 2;
    let foreign = foreign.linked(&portal, CEDAR_ID);
    portal.sign_in(PIA).visit(&format!("/saas/{foreign}")).does_not_see("Open vendor console");
    ada.visit(&format!("/saas/{foreign}")).does_not_see("Open vendor console");
    ada.visit("/status/saas/console").fill("Address", "").press("Save Changes").sees("No account offers");
    ada.visit(&format!("/saas/{id}")).does_not_see("Open vendor console");
}

fn set_cap(portal: &Portal, id: SaasAccountId, cap: i64) {
    portal.execute("update saas_account set licence_cap = ?2 where id = ?1", (id.0, cap));
}

/// SAS-8, SAS-10, SEA-5: license use has a source as soon as an account has a cap, and says what it counts.
#[test]
fn the_chart_of_license_use_counts_what_is_under_caps() {
    let portal = Portal::firm();
    let one = account(&portal, 1, "Alder Mail").with_seats(&[(SeatType::User, SeatState::Active, 3)]).linked(&portal, ALDER_ID);
    let two = account(&portal, 2, "Birch Mail").with_seats(&[(SeatType::User, SeatState::Active, 4)]).linked(&portal, BIRCH_ID);
    portal.execute("update subscription set auto_license = 1, seats = null", []);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/status/saas").sees("License use").sees("no account has a cap to compare with");
    set_cap(&portal, one, 10);
    ada.visit("/status/saas").sees("3 billable seats of 10 under license caps").sees("4 billable seats without a cap");
    set_cap(&portal, two, 4);
    ada.visit("/status/saas").sees("7 billable seats of 14 under license caps").sees("1 cap reached");
    portal.sign_in(OLU).visit("/status/saas").sees("3 billable seats of 10 under license caps").does_not_see("reached");
    portal.execute("update subscription set auto_license = 0, seats = 20 where organization = ?1", [ALDER_ID]);
    ada.visit("/status/saas").sees("3 billable seats of 20 committed").sees("7 of 14 under license caps, 1 reached");
    portal.execute("update saas_account set cancelled_at = 1, cancelled_because = 'x' where id = ?1", [two]);
    ada.visit("/status/saas").sees("3 of 10 under license caps");
}

/// HOM-1: accounts that wait for their authorization, and those at their cap; each with its next step, for whoever may take it.
#[test]
fn home_tells_of_pending_authorizations_and_of_caps_that_are_reached() {
    let portal = Portal::firm();
    let pending = account(&portal, 1, "Alder Mail").with_days(&[]).linked(&portal, ALDER_ID);
    portal.execute("update saas_account set authorized = 0, vendor_id = null where id = ?1", [pending]);
    let full = account(&portal, 2, "Birch Mail").with_seats(&[(SeatType::User, SeatState::Active, 4)]).linked(&portal, BIRCH_ID);
    set_cap(&portal, full, 5);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/").sees("nothing is backed up yet").does_not_see("Cap reached");
    set_cap(&portal, full, 4);
    ada.visit("/").sees("Cap reached").sees("4 of 4 licenses used");
    ada.open("Change Birch Mail").sees("Commitment and licenses");
    portal.execute("update saas_account set consent_by = 'Olu Adeyemi', consent_at = ?2 where id = ?1", (pending.0, portal.now().0));
    ada.visit("/").sees("Olu Adeyemi consented").open("Authorize Alder Mail").sees("Customer id");
    for person in [TESS, BEA, OLU, PIA] {
        portal.sign_in(person).visit("/").does_not_see("the customer id is missing").does_not_see("Cap reached");
    }
    portal.execute("update saas_account set authorized = 1, vendor_id = 1 where id = ?1", [pending]);
    ada.visit("/").does_not_see("consented").does_not_see("backed up yet");
}

/// Whether somebody's next click on an account's page finds it.
fn manages(visit: &mut Visit, id: SaasAccountId) -> bool {
    visit.get(&format!("/saas/{id}"));
    match visit.response.status {
        200 => true,
        404 | 303 => false,
        other => panic!("{other}"),
    }
}

/// USR-7: Manage opens the account as its Super Administrator, with nothing of the partner's on it.
#[test]
fn manage_opens_the_account_as_super_administrator_without_what_is_the_partners() {
    let portal = Portal::firm();
    let id = account(&portal, 1, "Alder Mail").linked(&portal, ALDER_ID);
    let other = account(&portal, 2, "Birch Mail").linked(&portal, BIRCH_ID);
    let mut olu = portal.sign_in(OLU);
    olu.visit("/status/saas")
        .does_not_see("Birch Mail")
        .does_not_see("Add SaaS Protection Organization")
        .does_not_see("Set vendor console");
    olu.open("Manage").sees("You are Super Administrator of this account.").sees("Seats").sees("Applications and services");
    for words in ["Commitment", "Unlink", "Cancel subscription", "License cap", "Managed by"] {
        olu.does_not_see(words);
    }
    assert!(!manages(&mut olu, other));
    for partners in ["terms", "cancellation", "authorization/letter"] {
        olu.get(&format!("/saas/{id}/{partners}")).status(404);
        olu.post(&format!("/saas/{id}/{partners}"), &[("typed", "CANCEL SUBSCRIPTION"), ("reason", "x")]).status(404);
    }
    for elsewhere in ["/status/saas/unmapped", EXACT, "/status/saas/add", "/status/saas/console", &format!("/organizations/{ALDER_ID}")] {
        olu.get(elsewhere).status(404);
    }
    portal.sign_in(ADA).visit(&format!("/saas/{id}")).does_not_see("You are Super Administrator").sees("Commitment");
}

/// USR-7: "the access ends the moment the link, the user or the organization's active state ends": the next click finds nothing.
#[test]
fn the_access_ends_the_moment_link_access_user_or_organization_end() {
    let ends: [(&str, fn(&mut Visit, SaasAccountId)); 5] = [
        ("the link", |ada, id| {
            ada.post(&format!("/organizations/{ALDER_ID}/services/{id}/unlink"), &[]).status(303);
        }),
        ("Full access", |ada, _| {
            ada.visit(&format!("/organizations/{ALDER_ID}/users/{}", OLU.account));
            ada.fill("Organization Access", "No access").press("Save Changes").sees("Saved");
        }),
        ("the user", |ada, _| {
            ada.post(&format!("/organizations/{ALDER_ID}/users/{}/deactivation", OLU.account), &[]).status(303);
        }),
        ("the user's place", |ada, _| {
            ada.post(&format!("/organizations/{ALDER_ID}/users/{}/removal", OLU.account), &[]).status(303);
        }),
        ("the organization", |ada, _| {
            ada.post(&format!("/organizations/{ALDER_ID}/deletion"), &[("typed", ALDER), ("backups", "keep")]).status(303);
        }),
    ];
    for (what, end) in ends {
        let portal = Portal::firm();
        let id = account(&portal, 1, "Alder Mail").linked(&portal, ALDER_ID);
        let (mut ada, mut olu) = (portal.sign_in(ADA), portal.sign_in(OLU));
        assert!(manages(&mut olu, id), "before {what} ends");
        end(&mut ada, id);
        assert!(!manages(&mut olu, id), "after {what} ended");
        olu.post(&format!("/saas/{id}/consent"), &[]);
        assert!(matches!(olu.response.status, 303 | 404), "{what}: {}", olu.response.status);
    }
    for (state, opens) in [("suspended", false), ("unsubscribed", false), ("active", true)] {
        let portal = Portal::firm();
        let id = account(&portal, 1, "Alder Mail").linked(&portal, ALDER_ID);
        let mut olu = portal.sign_in(OLU);
        portal.execute("update subscription set state = ?2 where organization = ?1", (ALDER_ID, state));
        assert_eq!(manages(&mut olu, id), opens, "{state}");
    }
}
