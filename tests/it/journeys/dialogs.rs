//! Dialogs and tabs in a real browser: what was entered is not dropped unasked.

use portico::kernel::time::Span;

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::browser::Browser;
use crate::support::people::{ABE, PASSWORD};
use crate::support::portal::Portal;

/// Answers every question so from now on, and counts them.
fn answer(browser: &mut Browser, yes: bool) {
    browser.script(&format!("window.asked = 0; window.confirm = () => {{ window.asked += 1; return {yes}; }};"));
}

#[track_caller]
fn was_asked(browser: &mut Browser, times: u64) {
    assert_eq!(browser.script("return window.asked").as_u64(), Some(times), "questions asked");
}

/// ALL-3: Escape and Cancel ask before they drop what was entered, and people entered before count too.
#[test]
fn a_dialog_asks_before_it_drops_what_was_entered() {
    let portal = Portal::estate();
    let served = portal.serve();
    let mut abe = browser(&served, Scripts::On);
    sign_in(&mut abe, ABE);
    abe.visit("/organizations/10000001");

    answer(&mut abe, false);
    abe.click("Add Users").sees("Add Organization Users").press("Escape").does_not_see("Add Organization Users");
    was_asked(&mut abe, 0);

    abe.click("Add Users").fill("First name", "Eva");
    abe.press("Escape").press("Escape").click("Cancel").sees("Add Organization Users").holds("First name", "Eva");
    was_asked(&mut abe, 3);

    abe.fill("Last name", "Elm").fill("Email", "eva@elm.example").tick("Add another organization user");
    abe.click("Add Organization User").sees("1 user is entered").press("Escape").sees("1 user is entered");
    was_asked(&mut abe, 4);
    answer(&mut abe, true);
    abe.press("Escape").does_not_see("1 user is entered");
    was_asked(&mut abe, 1);
    no_complaints(&mut abe);
}

/// interface.md: the tab that was chosen is the current one.
#[test]
fn a_chosen_tab_of_an_organization_is_the_current_one() {
    let portal = Portal::estate();
    let served = portal.serve();
    let mut abe = browser(&served, Scripts::On);
    sign_in(&mut abe, ABE);
    let current =
        |abe: &mut Browser| abe.script("return [...document.querySelectorAll('.tabs [aria-current]')].map((tab) => tab.hash).join()");
    abe.visit("/organizations/10000001#users");
    assert_eq!(current(&mut abe), "#users");
    abe.script("document.querySelector('.tabs a[href=\"#activity\"]').click()");
    assert_eq!(current(&mut abe), "#activity");
}

/// SEC-2, ALL-3: a dangerous step asks for the password where it was begun, in its dialog or on its page, and goes on from there.
#[test]
fn a_dangerous_step_asks_for_the_password_in_its_place() {
    for scripts in [Scripts::On, Scripts::Off] {
        let portal = Portal::estate();
        let served = portal.serve();
        let mut abe = browser(&served, scripts);
        sign_in(&mut abe, ABE);
        abe.visit("/organizations/10000001");
        let name: String = portal.sql("select name from organization where id = 10000001", []);
        // The estate has receipts of organizations that are still there; this one gets its own.
        portal.execute("delete from receipt where organization = 10000001", []);
        portal.wait_idle(Span::minutes(20));
        abe.visit("/organizations/10000001")
            .click(&format!("Delete {name}"))
            .fill("Type the organization's name", &name)
            .click("Yes, Continue");
        abe.sees("Enter your password again").fill("Password", "wrong wrong wrong").click("Continue").sees("The password is not right.");
        if scripts == Scripts::On {
            abe.is_at("/organizations/10000001");
        }
        abe.fill("Password", PASSWORD).click("Continue").sees(&format!("Deleted {name}."));
        if scripts == Scripts::On {
            no_complaints(&mut abe);
        }
    }
}
