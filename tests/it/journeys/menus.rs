//! The options of a row: a page of their own, which scripts open beside the row as a menu.

use serde_json::json;

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::browser::Browser;
use crate::support::people::{ABE, ADA, SAM};
use crate::support::portal::Portal;

/// Moves the focus on until it is here.
#[track_caller]
fn tab_to(browser: &mut Browser, name: &str) {
    for _ in 0..80 {
        if browser.focused() == name {
            return;
        }
        browser.press("Tab");
    }
    panic!("no way by the keyboard to {name:?}");
}

/// Whether all icons in the page have their drawing in it.
fn is_drawn(browser: &Browser) -> bool {
    let missing = "return [...document.querySelectorAll('use')].filter(use => !document.querySelector(use.getAttribute('href'))).length";
    browser.script(missing) == json!(0)
}

/// interface.md: a menu opens by Enter and by Space, is read out as one, and gives the focus back.
#[test]
fn the_keyboard_opens_a_row_s_options_and_comes_back_to_them() {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut sam = browser(&served, Scripts::On);
    sign_in(&mut sam, SAM);
    for key in ["Enter", "Space"] {
        sam.visit("/employees").does_not_see("Reset MFA");
        tab_to(&mut sam, "Options for Tess Moreau");
        let told = "const it = document.activeElement; return [it.role, it.ariaExpanded]";
        assert_eq!(sam.script(told), json!(["button", "false"]));
        sam.press(key).sees("Reset MFA").sees("Deactivate Account").is_at("/employees");
        assert_eq!(sam.focused(), "Options for Tess Moreau");
        sam.press("Tab");
        assert_eq!(sam.focused(), "Reset MFA");
        sam.press("Escape").does_not_see("Reset MFA");
        assert_eq!(sam.focused(), "Options for Tess Moreau");
        sam.press("Enter").sees("Reset MFA").press("Tab").press("Enter").sees("Reset MFA of Tess Moreau");
        assert!(is_drawn(&sam));
        sam.press("Escape").does_not_see("Reset MFA of Tess Moreau");
        assert_eq!(sam.focused(), "Options for Tess Moreau");
    }
    no_complaints(&mut sam);
}

/// interface.md: arrows walk a menu round, and it closes when the focus goes on.
#[test]
fn arrows_walk_the_options_and_tab_leaves_them() {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut sam = browser(&served, Scripts::On);
    sign_in(&mut sam, SAM);
    sam.visit("/employees");
    tab_to(&mut sam, "Options for Tess Moreau");
    sam.press("Enter").sees("Reset MFA");
    for (key, entry) in
        [("ArrowDown", "Reset MFA"), ("ArrowDown", "Deactivate Account"), ("ArrowDown", "Reset MFA"), ("ArrowUp", "Deactivate Account")]
    {
        sam.press(key);
        assert_eq!(sam.focused(), entry, "{key}");
    }
    sam.press("Tab").does_not_see("Reset MFA");
    no_complaints(&mut sam);
}

/// A menu at the lower edge opens upwards, where there is room for it.
#[test]
fn a_menu_without_room_below_opens_above() {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut ada = browser(&served, Scripts::On);
    sign_in(&mut ada, ADA);
    ada.visit("/organizations");
    let place = "const dots = document.querySelector('a[aria-label=\"Options for Alder Dental\"], summary[aria-label=\"Options for Alder Dental\"]');
         return Math.ceil(dots.getBoundingClientRect().bottom)";
    let bottom = ada.script(place).as_u64().and_then(|bottom| u32::try_from(bottom).ok()).expect("a place");
    let above = "const [dots, popup] = [...document.querySelectorAll('.options[open] > *')].map(each => each.getBoundingClientRect());
         return popup.bottom <= dots.top";
    for (height, opens_above) in [(bottom + 300, false), (bottom + 10, true)] {
        // Not by a click of the browser's driver: that scrolls first.
        ada.window(1280, height)
            .visit("/organizations")
            .script("document.querySelector('a[aria-label=\"Options for Alder Dental\"]').click()");
        ada.sees("View Details");
        assert_eq!(ada.script(above), json!(opens_above), "{height} pixels high");
    }
}

/// ALL-3: the words of the how-to are the same without scripts, on a page.
#[test]
fn without_scripts_the_options_are_a_page() {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut ada = browser(&served, Scripts::Off);
    sign_in(&mut ada, ADA);
    ada.visit("/employees").click("Options for Tess Moreau").sees("Options for Tess Moreau").sees("Deactivate Account");
    ada.click("Deactivate Account").click("Deactivate Employee").sees_in("Tess Moreau", "Deactivated");
    ada.click("Options for Tess Moreau").click("Reactivate Account").sees_in("Tess Moreau", "Active");
    ada.visit("/organizations/10000001").click("Options for Olu Adeyemi").click("Reset MFA").sees("no longer accepted");
    ada.visit("/organizations").click("Options for Alder Dental").is_at("/organizations/10000001");
}

/// A menu of one entry asks nobody.
#[test]
fn an_organizations_options_lead_to_its_page() {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut abe = browser(&served, Scripts::On);
    sign_in(&mut abe, ABE);
    abe.visit("/organizations").click("Options for Alder Dental").sees("View Details").is_at("/organizations");
    abe.click("Options for Dogwood Freight");
    assert_eq!(abe.script("return document.querySelectorAll('.options[open]').length"), json!(1));
    abe.click("View Details").sees("Dogwood Freight").does_not_see("Alder Dental");
    no_complaints(&mut abe);
}

/// Two clicks open one menu, and it stays open.
#[test]
fn a_double_click_opens_one_menu() {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut ada = browser(&served, Scripts::On);
    sign_in(&mut ada, ADA);
    ada.visit("/employees");
    let middle = "const at = document.querySelector('a[aria-label=\"Options for Tess Moreau\"]').getBoundingClientRect();
         return [at.x + at.width / 2, at.y + at.height / 2]";
    let middle = ada.script(middle);
    for (kind, count) in [("mousePressed", 1), ("mouseReleased", 1), ("mousePressed", 2), ("mouseReleased", 2)] {
        let event = json!({ "type": kind, "x": middle[0], "y": middle[1], "button": "left", "clickCount": count });
        ada.devtools("Input.dispatchMouseEvent", &event);
    }
    ada.sees("Deactivate Account").is_at("/employees");
    assert_eq!(ada.script("return document.querySelectorAll('.options[open]').length"), json!(1));
    no_complaints(&mut ada);
}

/// ACC-9: whose session is over meets the sign-in page, also by a menu.
#[test]
fn a_menu_asked_for_after_the_session_ended_leads_to_the_sign_in_page() {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut ada = browser(&served, Scripts::On);
    sign_in(&mut ada, ADA);
    ada.visit("/employees");
    portal.execute("delete from session", []);
    ada.click("Options for Tess Moreau").sees("Sign in").is_at("/sign-in");
    let back = ada.script("return new URLSearchParams(location.search).get('next')");
    assert_eq!(back, json!("/employees"), "and comes back to the list");
}
