//! Link accounts and users, so that a client signs in and sees its own status.

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::people::ADA;
use crate::support::portal::Portal;

/// S4: USR-6, USR-7, USR-8, ACC-2, MAI-1, MAI-3, SAS-8
#[test]
fn a_client_gets_a_letter_signs_in_and_sees_its_own_account_and_nothing_else() {
    let portal = Portal::estate();
    let served = portal.serve();
    let mut ada = browser(&served, Scripts::On);
    sign_in(&mut ada, ADA);

    // The partner makes the organization, links its account and adds its user.
    ada.click("Admin").click("Manage Organizations").click("Create Organization");
    ada.fill("Organization name", "Elm Bakery").click("Create Organization").sees("Elm Bakery");
    ada.click("Link SaaS Protection Services").fill("Name, domain or id", "alderine").click("Search");
    ada.tick("Alderine Spare").click("Link Services").sees_in("Alderine Spare", "alderine-spare.example");
    ada.click("Add Users").fill("First name", "Eva").fill("Last name", "Elm").fill("Email", "eva@elm.example");
    ada.click("Add Organization User").sees_in("Eva Elm", "Invited");
    portal.run_jobs();

    // The letter is in the outbox, and only there.
    ada.click("Admin").click("Outbox").click_in("eva@elm.example", "Open").sees("Eva Elm");
    let link = ada.link_in_text("/links/");

    // The client follows its link, sets a password, and is in.
    let mut eva = browser(&served, Scripts::On);
    eva.visit(&link).fill("Password", "bread in warm ovens").fill("Password again", "bread in warm ovens").click("Set up account");
    eva.visit("/");
    if eva.text().contains("Forgot password") {
        eva.fill("E-mail", "eva@elm.example").fill("Password", "bread in warm ovens").click("Sign in");
    }
    eva.sees("Eva Elm").sees("Elm Bakery");

    // Status → SaaS Protection Status: its own account and nothing else.
    eva.click("Status").click("SaaS Protection Status").sees("Alderine Spare").does_not_see("Alderine Mail").does_not_see("Birchine");
    eva.does_not_see("Admin").visit("/organizations").sees("Not found");

    // The link is spent.
    eva.visit(&link).does_not_see("Set up account");
    no_complaints(&mut ada);
}
