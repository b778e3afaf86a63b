//! Link a SaaS Protection client that is linked to no organization.

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::estate::ALDERINE;
use crate::support::people::{ABE, ADA, TESS, TIDEWATER};
use crate::support::portal::Portal;

/// S0: ORG-1, SAS-2, SAS-3
#[test]
fn a_client_that_is_not_linked_is_linked_to_a_new_organization() {
    walk(Scripts::On);
}

/// S0, ALL-3
#[test]
fn the_same_works_without_javascript() {
    walk(Scripts::Off);
}

fn walk(scripts: Scripts) {
    let portal = Portal::estate();
    let served = portal.serve();
    let mut abe = browser(&served, scripts);

    // Step 1: log in to the partner portal, click on Admin, select Manage Organizations.
    sign_in(&mut abe, ABE);
    abe.click("Admin").click("Manage Organizations").title_is("Manage Organizations · Portico");

    // Step 2: click Create Organization, enter a name, create it, use the search bar to locate it.
    abe.click("Create Organization").fill("Organization name", "New Client").click("Create Organization");
    abe.sees("New Client").sees("SaaS Protection Services");
    abe.click("Admin").click("Manage Organizations");
    abe.fill("Name, ID, contact or domain", "new cli").press("Enter").sees_in("New Client", "Active").does_not_see("Birch");

    // Step 3: click the Edit button next to the organization, scroll down to the SaaS Protection Services section.
    abe.click_in("New Client", "Edit").sees("SaaS Protection Services");

    // Step 4: click Link, search for the existing client, select the correct one, click Link Services.
    abe.click("Link SaaS Protection Services").fill("Name, domain or id", "alderine").click("Search");
    abe.sees("Alderine Spare").tick("Alderine Spare").click("Link Services");

    // Step 5: the client is now associated with the organization; further services and users can be added.
    abe.sees_in("Alderine Spare", "alderine-spare.example").sees("Add Users");
    no_complaints(&mut abe);
    let organization: i64 = portal.sql("select organization from saas_account where id = ?1", [ALDERINE.unlinked()]);
    assert_eq!(portal.sql::<String>("select name from organization where id = ?1", [organization]), "New Client");
}

/// EMP-1: who may not manage organizations does not find the way, nor the place.
#[test]
fn a_tech_is_offered_no_way_to_manage_organizations() {
    let portal = Portal::estate();
    let served = portal.serve();
    let mut tess = browser(&served, Scripts::On);
    sign_in(&mut tess, TESS);
    tess.does_not_see("Admin").visit("/organizations").sees("Not found");
}

/// PAR-1, ALL-3: choosing a partner answers at once, and the tabs follow what was chosen.
#[test]
fn the_partner_filter_answers_at_once_and_the_tabs_keep_it() {
    let portal = Portal::estate();
    let served = portal.serve();
    let mut ada = browser(&served, Scripts::On);
    sign_in(&mut ada, ADA);
    ada.visit("/organizations")
        .sees("Alder Dental")
        .choose("Partner", TIDEWATER)
        .sees("1 found")
        .sees("Cedar")
        .does_not_see("Alder Dental");
    ada.click("Suspended").sees("Nothing found").click("Active").sees("1 found").does_not_see("Alder Dental");
    no_complaints(&mut ada);
}
