//! Manage Employees in real browsers, with scripts and without.

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::browser::Browser;
use crate::support::people::{ADA, TESS};
use crate::support::portal::Portal;

/// ACC-2, USR-5, EMP-2: a colleague is added from the dialog, with another one after it, and given another role.
#[test]
fn colleagues_are_added_and_given_a_role() {
    for scripts in [Scripts::On, Scripts::Off] {
        let portal = Portal::firm();
        let served = portal.serve();
        let mut ada = browser(&served, scripts);
        sign_in(&mut ada, ADA);
        ada.visit("/employees").click("Add Employees").fill("First name", "Ivo").fill("Last name", "Marsh");
        ada.fill("Email", "ivo@harbor.example").choose("Role", "Tech").tick("Add another employee").click("Add Employee");
        ada.sees("1 employee is entered").fill("First name", "Una").fill("Last name", "Moss").fill("Email", "una@harbor.example");
        ada.choose("Role", "Business").click("Add Employee").sees("Added 2 employees.").sees("Ivo Marsh").sees("Una Moss");
        ada.click("Edit Una Moss").choose("Role", "Admin").choose("BCDR", "As the role has it").click("Save Changes");
        ada.sees("Saved the changes to Una Moss.").sees_in("Una Moss", "Admin").sees_in("Una Moss", "BCDR");
        if scripts == Scripts::On {
            ada.is_at("/employees");
            no_complaints(&mut ada);
        }
    }
}

/// ACC-5: in two browsers: the admin deactivates somebody, whose next click is the sign-in page.
#[test]
fn whoever_is_deactivated_meets_the_sign_in_page_at_the_next_click() {
    let portal = Portal::firm();
    let served = portal.serve();
    let (mut ada, mut tess) = (browser(&served, Scripts::On), browser(&served, Scripts::On));
    sign_in(&mut tess, TESS);
    sign_in(&mut ada, ADA);
    tess.visit("/status/saas").sees("SaaS Protection Status");
    ada.visit("/employees")
        .click("Options for Tess Moreau")
        .click("Deactivate Account")
        .click("Deactivate Employee")
        .sees("Deactivated Tess Moreau.");
    tess.sees("SaaS Protection Status").click("Home").sees("Sign in").is_at("/sign-in");
}

/// Moves the focus on until it is here.
#[track_caller]
fn tab_to(browser: &mut Browser, name: &str) {
    for _ in 0..60 {
        if browser.focused() == name {
            return;
        }
        browser.press("Tab");
    }
    panic!("no way by the keyboard to {name:?}");
}

/// ALL-4, USR-5: a colleague is added, switched off and on again with the keyboard alone.
#[test]
fn the_keyboard_is_enough() {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut ada = browser(&served, Scripts::On);
    sign_in(&mut ada, ADA);
    ada.visit("/employees");
    tab_to(&mut ada, "Add Employees");
    ada.press("Enter").sees("They get a letter with a link");
    assert_eq!(ada.focused(), "First name");
    ada.type_text("Ivo").press("Tab").type_text("Marsh").press("Tab").type_text("ivo@harbor.example");
    tab_to(&mut ada, "Role");
    ada.type_text("Tech");
    tab_to(&mut ada, "Add Employee");
    ada.press("Enter").sees("Added Ivo Marsh as Tech.").sees_in("Ivo Marsh", "Invited");
    for (step, said) in [("Deactivate Account", "Deactivated Ivo Marsh."), ("Reactivate Account", "Reactivated Ivo Marsh.")] {
        tab_to(&mut ada, "Options for Ivo Marsh");
        ada.press("Enter").press("Tab");
        tab_to(&mut ada, step);
        ada.press("Enter");
        if step == "Deactivate Account" {
            tab_to(&mut ada, "Deactivate Employee");
            ada.press("Enter");
        }
        ada.sees(said);
    }
    no_complaints(&mut ada);
}
