//! Manage company and organization users: an organization, its people, its devices and networks, and what its people may do with them.

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::people::{ADA, OLU};
use crate::support::portal::Portal;

/// S2: ORG-1, ORG-6, USR-1, USR-9, DEV-1, DEV-2, ORG-9
#[test]
fn an_organization_gets_people_devices_and_networks() {
    walk(Scripts::On);
}

/// S2, ALL-3
#[test]
fn the_same_works_without_javascript() {
    walk(Scripts::Off);
}

fn walk(scripts: Scripts) {
    let portal = Portal::estate();
    let served = portal.serve();
    let mut ada = browser(&served, scripts);
    sign_in(&mut ada, ADA);

    // How to add an organization.
    ada.click("Admin").click("Manage Organizations").click("Create Organization");
    ada.fill("Organization name", "Elm Bakery").click("Create Organization").sees("Elm Bakery");

    // How to add an organization user: the drop-down on the left, and the one on the right.
    ada.click("Add Users").fill("First name", "Eva").fill("Last name", "Elm").fill("Email", "eva@elm.example");
    ada.choose("Organization Access", "Full access").choose("Endpoint Backup Access", "No access");
    ada.fill("Mobile Phone Number", "5550100").click("Add Organization User").sees_in("Eva Elm", "Invited");

    // How to change the organization's name.
    ada.fill("Organization name", "Elm Bakeries").click("Save Changes").sees("Elm Bakeries");

    // How to edit an organization user, and to deactivate one by the options icon.
    ada.click("Edit Eva Elm").fill("Last name", "Elmwood").click("Save Changes").sees("Eva Elmwood");
    ada.click_in("eva@elm.example", "Options for Eva Elmwood")
        .click("Deactivate Account")
        .click("Deactivate User")
        .sees_in("Eva Elmwood", "Deactivated");

    // How to link devices: Enter fills in what is found.
    ada.click("Add Devices").fill("Hostname or serial number", "alderine-spare").press("Enter").sees("alderine-spare");
    ada.click("Link Devices").sees("Linked 1 device to Elm Bakeries");

    // How to link networks: by name, group name, DNA hostname or DNA serial number.
    ada.click("Link Networks").fill("Name, group name, DNA hostname or DNA serial number", "alderine").press("Enter");
    ada.click("Link Networks").sees("Linked 1 network to Elm Bakeries");
    no_complaints(&mut ada);
    let elm = portal.sql::<i64>("select id from organization where name = 'Elm Bakeries'", []);
    assert_eq!(portal.sql_count(&format!("device where organization = {elm}")), 1);
    assert_eq!(portal.sql_count(&format!("network where organization = {elm}")), 1);
}

/// S2, "User features": USR-8, DEV-4 to DEV-9
#[test]
fn an_organization_user_has_the_features_that_the_page_lists() {
    let portal = Portal::estate();
    let served = portal.serve();
    let mut olu = browser(&served, Scripts::On);
    sign_in(&mut olu, OLU);
    olu.click("Status").click("Device status").sees("alderine-siris").does_not_see("birchine");
    olu.click("Status").click("Alert settings").sees("right now");
    olu.click("Status").click("Device Tasks").sees("Add device task");
    olu.click("Status").click("Offsite audit").sees("alderine-siris");
    olu.click("Status").click("Recovery Launchpad").sees("alderine-siris");
    olu.does_not_see("Admin").visit("/organizations").sees("Not found");
    no_complaints(&mut olu);
}
