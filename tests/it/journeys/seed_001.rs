//! Set up clients to manage their SaaS accounts: create one, link accounts, add, edit and remove its users.

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::people::ABE;
use crate::support::portal::Portal;

/// S1: ORG-1, SAS-3, SAS-4, USR-1, USR-5, USR-6, USR-9
#[test]
fn a_client_is_created_with_accounts_and_users_of_its_own() {
    walk(Scripts::On);
}

/// S1, ALL-3
#[test]
fn the_same_works_without_javascript() {
    walk(Scripts::Off);
}

fn walk(scripts: Scripts) {
    let portal = Portal::estate();
    let served = portal.serve();
    let mut abe = browser(&served, scripts);
    sign_in(&mut abe, ABE);

    // Creating your client.
    abe.click("Admin").click("Manage Organizations").click("Create Organization");
    abe.fill("Organization name", "Elm Bakery").click("Create Organization").sees("Elm Bakery");

    // Linking SaaS accounts.
    abe.click("Link SaaS Protection Services").fill("Name, domain or id", "birchine").click("Search");
    abe.tick("Birchine Spare").click("Link Services").sees_in("Birchine Spare", "birchine-spare.example");

    // Setting up your clients.
    abe.click("Add Users").fill("First name", "Eva").fill("Last name", "Elm").fill("Email", "eva@elm.example");
    abe.fill("Mobile Phone Number", "5550100").click("Add Organization User");
    abe.sees_in("Eva Elm", "eva@elm.example").sees_in("Eva Elm", "Invited");

    // Editing your clients: the pencil next to the wastebasket.
    abe.click("Edit Eva Elm").fill("Last name", "Elmwood").click("Save Changes").sees_in("Eva Elmwood", "eva@elm.example");

    // Removing SaaS accounts: the wastebasket next to the account.
    abe.click("Unlink Birchine Spare").click("Unlink").sees("Elm Bakery");
    abe.sees("No SaaS account is linked").does_not_see("birchine-spare.example");

    // And the user, by the trash can.
    abe.click("Remove Eva Elmwood").click("Remove User").sees("Elm Bakery").sees("No users yet");
    no_complaints(&mut abe);
    assert_eq!(portal.sql_count("identity where email = 'eva@elm.example'"), 0);
    assert_eq!(portal.sql_count("saas_account where name = 'Birchine Spare' and unlinked_reason = 'by_person'"), 1);
}
