//! Create a new organization, by the words of the how-to.

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::people::{ABE, ADA, CARL, MALLORY, QUINN, TIDEWATER};
use crate::support::portal::Portal;

/// S3: ORG-2, SUB-8
#[test]
fn a_new_organization_is_created_with_every_field() {
    walk(Scripts::On);
}

/// S3, ALL-3
#[test]
fn the_same_works_without_javascript() {
    walk(Scripts::Off);
}

fn walk(scripts: Scripts) {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut abe = browser(&served, scripts);
    sign_in(&mut abe, ABE);

    // Steps 1 and 2: navigate to the Organizations page, click + New Organization.
    abe.click("Admin").click("Manage Organizations").click("+ New Organization").title_is("Create New Organization · Portico");

    // Step 3: complete all required fields. Fields come and go with the plan and with Auto License.
    abe.sees("Organization name").does_not_see("Auto License").does_not_see("Number of seats");
    abe.fill("First Name", "Una").fill("Last Name", "Elm").fill("Email address", "una@elm.example");
    abe.choose("Select Plan", "Personal").does_not_see("Organization name").does_not_see("Auto License").sees("named after its contact");
    abe.choose("Select Plan", "Backup").sees("Organization name").sees("Auto License").does_not_see("Number of seats");
    abe.untick("Auto License").sees("Number of seats").fill("Number of seats", "5").fill("Organization name", "Alder Dental");

    // Step 4: Save. An error alert for a name that exists already; then the success alert.
    abe.tick("Send sign in").click("Save").sees("There is already an organization named “Alder Dental”");
    abe.holds("First Name", "Una").holds("Number of seats", "5").fill("Organization name", "Elm Garage").click("Save");
    abe.sees("Created Elm Garage.").sees("The sign-in letter to Una Elm is written").sees("Owner");
    no_complaints(&mut abe);
    assert_eq!(
        portal.sql_count("organization o join subscription s on s.organization = o.id where o.name = 'Elm Garage' and s.seats = 5"),
        1
    );
}

/// S3: the name is filled in by the system under a personal plan.
#[test]
fn a_personal_organization_is_named_by_the_system() {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut abe = browser(&served, Scripts::On);
    sign_in(&mut abe, ABE);
    abe.visit("/organizations/new-organization")
        .fill("First Name", "Una")
        .fill("Last Name", "Elm")
        .fill("Email address", "una@elm.example");
    abe.fill("Organization name", "Not this").choose("Select Plan", "Personal").click("Save").sees("Created Una Elm.");
    no_complaints(&mut abe);
}

/// S3, ORG-2: the country follows the partner at once; without scripts after a button, and nothing is lost.
#[test]
fn the_country_follows_the_partner_with_and_without_scripts() {
    let portal = Portal::firm();
    portal.execute("update partner set country = case id when 1 then 'NO' when 2 then 'IE' else country end", []);
    let served = portal.serve();
    for scripts in [Scripts::On, Scripts::Off] {
        let mut ada = browser(&served, scripts);
        sign_in(&mut ada, ADA);
        ada.visit("/organizations/new-organization")
            .holds("Country", "Norway")
            .fill("First Name", "Una")
            .choose("Select Partner", TIDEWATER);
        if scripts == Scripts::Off {
            ada.holds("Country", "Norway").click("Update fields").holds("First Name", "Una");
        } else {
            ada.does_not_see("Update fields");
        }
        ada.holds("Country", "Ireland").choose("Country", "Germany").choose("Select Partner", "Harbor MSP").holds("Country", "Germany");
        no_complaints(&mut ada);
    }
}

/// S3: PAR-2, PAR-3, PAR-4: the steps of the how-to, with and without scripts.
#[test]
fn an_organization_is_transferred() {
    for scripts in [Scripts::On, Scripts::Off] {
        let portal = Portal::firm();
        portal.execute("update organization_user set owner = 1 where account = ?1", [CARL.account]);
        let served = portal.serve();

        // Step 1: share your Partner ID with your user: it is in the menu at the top right.
        let id: String = portal.sql("select public_id from partner where name = 'Quay Systems'", []);
        let mut quinn = browser(&served, scripts);
        sign_in(&mut quinn, QUINN);
        quinn.click("QA Quinn Abara Primary account").sees(&id);

        // Steps 2 to 4: the user clicks the menu, Account Settings, and on Personal Details inputs the Partner ID.
        let mut carl = browser(&served, scripts);
        sign_in(&mut carl, CARL);
        carl.click("CD Carl Dietz Organization user").click("Account Settings").sees("Personal Details").sees("Goes to the new partner");
        carl.fill("Partner ID", &id).click("Ask for transfer").sees("waiting to be validated").sees("Waiting");
        no_complaints(&mut carl);

        // Step 5: support is informed by it; the transfer is validated and waits for the cut-off date.
        let mut ada = browser(&served, scripts);
        sign_in(&mut ada, ADA);
        ada.sees("from Tidewater IT to Quay Systems").click("Validate Cedar Clinic").sees("What moves, and what does not");
        ada.click("Validate").click("Yes, Continue").sees("is transferred on 1 Dec 2026").sees("Validated");
        no_complaints(&mut ada);

        let mut mallory = browser(&served, scripts);
        sign_in(&mut mallory, MALLORY);
        mallory.click("Admin").click("Transfers").sees("goes 1 Dec").click("Cedar Clinic").click("Withdraw");
        mallory.fill("Reason", "It stays with us").click("Yes, Continue").sees("Nothing moves, and the other side is told why.");
        no_complaints(&mut mallory);
    }
}
