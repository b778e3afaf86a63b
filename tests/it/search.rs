//! The rules of `search`, one test a sentence.

use portico::access::witness_model::{Manager, Operator};
use portico::kernel::ids::{OrganizationId, PartnerId};
use portico::organizations::deletion_actions;
use portico::organizations::model::Backups;

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

/// Two accounts: Alder Dental's, and one of Tidewater that is linked to Cedar Clinic.
fn portal() -> Portal {
    let portal = Portal::firm();
    for (id, partner, organization, name) in [(501, 1, ALDER_ID, "Northern Mail"), (502, 2, CEDAR_ID, "Northern Lights")] {
        let tags = portal.write(|tx| portico::accounts::store::tags(tx, PartnerId(partner)));
        let key = name.to_lowercase();
        portal.execute(
            "insert into saas_account (id, partner, organization, name, name_key, domain, domain_key, product, linked_at, created_at, tags, search)
             values (?1, ?2, ?3, ?4, ?5, 'northern.example', 'northern.example', 'microsoft_365', 1, 1, ?6, ?5 || char(10) || 'northern.example')",
            (id, partner, organization, name, &key, tags),
        );
    }
    portal
}

fn search<'a>(visit: &'a mut Visit, words: &str) -> &'a mut Visit {
    let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
    visit.get(&format!("/search?{query}")).status(200)
}

/// interface.md: the field finds organizations, users, SaaS accounts and pages.
#[test]
fn a_manager_finds_organizations_users_accounts_and_places() {
    let portal = portal();
    let mut ada = portal.sign_in(ADA);
    search(&mut ada, "alder").sees(ALDER).sees("Olu Adeyemi");
    search(&mut ada, "ade").sees("Olu Adeyemi");
    search(&mut ada, "northern").sees("Northern Mail").sees("Northern Lights");
    search(&mut ada, "outbox").open("Outbox");
    search(&mut ada, "al").sees(ALDER);
    search(&mut ada, "nothing like it").sees("Nothing found");
    search(&mut ada, "").sees("What are you looking for?");
    ada.get("/search/suggestions?q=alder").status(200).sees(ALDER).sees("All results");
    assert!(!ada.body().contains("<html"), "suggestions are a piece of a page");
}

/// ALL-1: nothing of a neighbour, of a parent's other partners, or of a deleted organization.
#[test]
fn nobody_finds_what_is_not_in_their_sight() {
    let portal = portal();
    let mut mallory = portal.sign_in(MALLORY);
    for words in ["alder", "olu", "adeyemi", "dogwood", "northern mail"] {
        search(&mut mallory, words).sees("Nothing found");
    }
    search(&mut mallory, "cedar").sees(CEDAR).sees("Carl Dietz");
    search(&mut mallory, "dar clin").sees(CEDAR);
    search(&mut mallory, "northern").sees("Northern Lights").does_not_see("Northern Mail");
    let by = Manager::operator(&Operator::of_this_machine(), PartnerId(1));
    portal.write(|tx| deletion_actions::delete(tx, &by, OrganizationId(CEDAR_ID), Backups::Keep, CEDAR));
    search(&mut mallory, "cedar").does_not_see(CEDAR).does_not_see("Carl Dietz");
    search(&mut mallory, "dar clin").does_not_see(CEDAR);
}

/// EMP-1: who may not open an organization's page does not find it; accounts and places only as the roles allow.
#[test]
fn a_tech_finds_accounts_but_no_organization_and_business_neither() {
    let portal = portal();
    let mut tess = portal.sign_in(TESS);
    search(&mut tess, "alder").sees("Nothing found");
    search(&mut tess, "northern").sees("Northern Mail");
    search(&mut tess, "manage clients").sees("Nothing found");
    search(&mut tess, "saas status").sees("SaaS Protection Status");
    let mut bea = portal.sign_in(BEA);
    for words in ["alder", "northern", "manage clients", "saas status", "outbox"] {
        search(&mut bea, words).sees("Nothing found");
    }
}

/// USR-8: their own accounts with Full access, nothing at all without.
#[test]
fn an_organization_user_finds_their_own_accounts_only() {
    let portal = portal();
    search(&mut portal.sign_in(OLU), "northern").sees("Northern Mail").does_not_see("Northern Lights");
    search(&mut portal.sign_in(NIA), "northern").sees("Nothing found");
    search(&mut portal.sign_in(NOOR), "northern").sees("Nothing found");
    search(&mut portal.sign_in(OLU), "birch").sees("Nothing found");
    search(&mut portal.sign_in(OLU), "noor").sees("Nothing found");
}

/// product.md "Older words": each word on the left gives the place on the right.
#[test]
fn every_older_word_leads_to_its_place() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    for (older, place) in [
        ("Manage Clients", "Manage Organizations"),
        ("Organizations", "Manage Organizations"),
        ("Create Client", "Create Organization"),
        ("Client Name page", "An organization's page"),
        ("organization admin page", "An organization's page"),
        ("SaaS Accounts", "SaaS Protection Services"),
        ("Link Accounts", "Link"),
        ("Link Services", "Link"),
        ("Link SaaS Accounts", "Link Services"),
        ("Link SaaS Protection Services", "Link Services"),
        ("Add Client User", "Add Organization Users"),
        ("Add Client Users", "Add Organization Users"),
        ("Edit Client User", "Edit Organization User"),
        ("Client Admin", "Organization user"),
        ("Manage Users", "Users"),
        ("SaaS Status", "SaaS Protection Status"),
        ("G Suite", "Google Workspace"),
        ("Office 365", "Microsoft 365"),
        ("wastebasket", "Trash can"),
        ("trashcan", "Trash can"),
        ("log in", "Sign in"),
    ] {
        search(&mut ada, older);
        let links: Vec<String> = ada.page().first("main").expect("a page").named("a").iter().map(|link| link.text()).collect();
        let leads = links.iter().any(|link| link == place || link.starts_with(&format!("{place} ")) && link.contains(older));
        assert!(leads, "{older:?} does not lead to {place:?}: {links:?}");
        search(&mut ada, &older.to_uppercase()).sees(place);
    }
}

/// Places are found by words of their own titles and by what is done there; guides by their titles, for who may read them.
#[test]
fn places_and_guides_are_found_by_what_is_done_there() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    for (words, place, href) in [
        ("unlink", "Trash can beside a SaaS account", "/organizations"),
        ("unmapped", "View Unmapped Organizations", "/status/saas/unmapped"),
        ("password", "Security", "/account/security"),
        ("sign out", "Sign out", "/account"),
        ("organizations view", "View Unmapped Organizations", "/status/saas/unmapped"),
        ("users of an", "Look after the users of an organization", "/guides/users-of-an-organization"),
        ("wastebasket", "Let a client look after its own SaaS accounts", "/guides/clients-manage-their-own-accounts"),
    ] {
        search(&mut ada, words);
        let found = ada
            .page()
            .first("main")
            .expect("a page")
            .named("a")
            .iter()
            .any(|link| link.text().starts_with(place) && link.attr("href") == Some(href));
        assert!(found, "{words:?} does not lead to {place:?} at {href}");
    }
    search(&mut portal.sign_in(BEA), "users of an").sees("Nothing found");
    search(&mut portal.sign_in(NOOR), "password").sees("Security").does_not_see("Unmapped");
    ada.get("/search/suggestions?q=zzzzzz").status(200).sees("Nothing found so far.");
}

/// Bad input: quotes, operators of the index's language, private and control characters find nothing and break nothing.
#[test]
fn odd_words_break_nothing() {
    let portal = portal();
    let mut ada = portal.sign_in(ADA);
    for words in
        ["\"", "a OR b", "search : *", "alder\"*", "\u{e001}\u{e000}\u{e000}", "\0\0\0", "<script>", "' or 1=1 --", &"x".repeat(3_000)]
    {
        let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
        for path in ["/search", "/search/suggestions", "/organizations"] {
            ada.get(&format!("{path}?{query}")).status(200);
            assert!(!ada.body().contains("<script>"), "{words}");
        }
    }
    portal.guest().get("/search?q=alder").does_not_see(ALDER);
}
