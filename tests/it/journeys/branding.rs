//! The primary account brands the portal, and an organization's user sees it.

use base64::Engine as _;
use serde_json::json;

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::browser::Browser;
use crate::support::people::{ADA, ALDER, OLU};
use crate::support::pictures::png;
use crate::support::portal::Portal;

/// S2: BRA-1, BRA-5, ORG-10
#[test]
fn the_primary_account_brands_the_portal_and_a_user_sees_it() {
    walk(Scripts::On);
}

/// S2, ALL-3
#[test]
fn branding_works_without_javascript() {
    walk(Scripts::Off);
}

fn walk(scripts: Scripts) {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut ada = browser(&served, scripts);
    sign_in(&mut ada, ADA);

    // The Set Branding button opens the Customize page.
    ada.click("Admin").click("Set Branding").sees("How to identify devices").sees("Background images for all organizations");
    ada.fill("Portal title", "Harbor Care").tick("Dusk").tick("Both").fill("Support contact", "+1 555 0100");
    ada.click("Keep as draft").sees("Nobody else sees it until you save.").sees("Draft: only you see it");
    ada.click("Sign-in page, dark").sees("Harbor Care").sees("Sample data").click("Status page").sees("SAMPLE-BCDR-01 (0000A1)");
    ada.click("Back to Customize").click("Save").sees("show it from now on.");

    // The Add Users card also offers to use custom branding for the organization.
    ada.click("Admin").click("Manage Organizations").click(&format!("Edit {ALDER}"));
    ada.click("Use custom branding for the organization").sees("Turned custom branding on for Alder Dental.");

    // Its user comes by the partner's own address.
    let mut olu = browser(&served, scripts);
    olu.visit("/p/harbor/sign-in").sees("Harbor Care").sees("Support: +1 555 0100");
    sign_in(&mut olu, OLU);
    olu.sees("Harbor Care").sees("Support: +1 555 0100").title_is("Home · Harbor Care");

    // Back to Portico's own in one click, and one to confirm.
    ada.click("Set Branding").click("Back to Portico's own").click("Yes, Continue").sees("Everybody sees Portico's own look.");
    olu.visit("/").does_not_see("Harbor Care").title_is("Home · Portico");
    no_complaints(&mut ada);
    no_complaints(&mut olu);
}

/// BRA-5: with scripts the previews follow at once and stay in sight, and nothing jumps; on a phone one step leads to them.
#[test]
fn the_preview_follows_at_once_and_stays_in_sight() {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut ada = browser(&served, Scripts::On);
    sign_in(&mut ada, ADA);
    ada.window(1280, 720).visit("/branding").sees("Portico's own look");
    let button = |ada: &mut Browser, color: &str| {
        let script =
            "return getComputedStyle(document.querySelector('#preview [data-theme=light] .primary')).backgroundColor === arguments[0]";
        ada.until(script, &json!([color]));
    };
    ada.fill("Portal title", "Harbor Care").sees("Not kept yet").sees_in("Sign-in page, light", "Harbor Care");
    ada.tick("A color of your own").fill("Your accent color", "#0f766e");
    button(&mut ada, "rgb(15, 118, 110)");
    ada.tick("Dunes");
    ada.until(
        "return getComputedStyle(document.querySelector('#preview .look'), '::before').backgroundImage.includes('backdrop-dunes')",
        &json!([]),
    );
    // Far below the fields the previews and the buttons are still there, and what is kept moves nothing.
    ada.script("scrollTo(0, 700)");
    let in_sight =
        "const box = one => document.querySelector(one).getBoundingClientRect(); const [look, bar] = [box('#preview'), box('.save-bar')];
                    return scrollY === 700 && 52 <= bar.top && bar.bottom <= look.top && look.bottom <= innerHeight";
    assert_eq!(ada.script(in_sight), json!(true));
    ada.script("document.querySelector('.save-bar [value=preview]').click()");
    ada.sees("Draft: only you see it");
    assert_eq!(ada.script(in_sight), json!(true));
    assert_eq!(ada.focused(), "Dunes", "the focus stays where it was");
    button(&mut ada, "rgb(15, 118, 110)");
    // Enter in a field keeps a draft as well, and the focus stays in it.
    ada.fill("Portal title", "Harbor Two").press("Enter").sees("Draft: only you see it").sees_in("Sign-in page, light", "Harbor Two");
    assert_eq!(ada.focused(), "Portal title");
    assert_eq!(portal.sql::<String>("select title from branding where stage = 'draft'", []), "Harbor Two");
    // Whoever goes to Local loses nothing and is asked nothing.
    ada.fill("Portal title", "Harbor Three")
        .click("Local")
        .sees("is kept as a draft.")
        .click("Global")
        .holds("Portal title", "Harbor Three");
    ada.window(360, 740).visit("/branding").click("See the preview");
    ada.until("const box = document.querySelector('#preview').getBoundingClientRect(); return 0 <= box.top && box.top < 200", &json!([]));
    no_complaints(&mut ada);
}

/// BRA-4: a picture that is dropped on its card is taken: the card says so while it is dragged there, the draft has it at once, and of two
/// none is taken.
#[test]
fn a_picture_is_dropped_on_its_card() {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut ada = browser(&served, Scripts::On);
    sign_in(&mut ada, ADA);
    let bytes = base64::engine::general_purpose::STANDARD.encode(png(400, 300, [10, 60, 90, 255]));
    let drag = |ada: &mut Browser, card: &str, kind: &str, count: u8| {
        let script = "const [card, kind, count, data] = arguments;
            const bytes = Uint8Array.from(atob(data), one => one.charCodeAt(0));
            const dataTransfer = new DataTransfer();
            for (let each = 0; each < count; each++) dataTransfer.items.add(new File([bytes], `sea-${each}.png`, { type: 'image/png' }));
            const place = document.querySelector(`#${card} .card-head`);
            place.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
            return document.querySelector('.dropping')?.id ?? ''";
        ada.script_with(script, &json!([card, kind, count, bytes]))
    };
    ada.visit("/branding");
    assert_eq!(drag(&mut ada, "background-clients", "dragover", 1), "background-clients", "the card says so");
    assert_eq!(drag(&mut ada, "look", "dragover", 1), "look");
    assert_eq!(drag(&mut ada, "devices-named", "dragover", 1), "", "no file belongs there");
    assert_eq!(drag(&mut ada, "background-clients", "dragover", 1), "background-clients");
    assert_eq!(drag(&mut ada, "background-clients", "dragleave", 1), "");
    assert_eq!(drag(&mut ada, "background-clients", "drop", 2), "");
    assert_eq!(portal.sql_count("branding_file"), 0);
    let said = "return document.querySelector('#f-clients_file').validationMessage";
    assert_eq!(ada.script(said), "Only one picture is taken here, and several files came. Choose one of them.");
    assert_eq!(drag(&mut ada, "background-clients", "drop", 1), "");
    ada.sees("Draft: only you see it");
    assert_eq!(portal.sql::<String>("select clients_kind from branding where stage = 'draft'", []), "upload");
    ada.until(
        "return getComputedStyle(document.querySelector('#preview .look'), '::before').backgroundImage.includes('/brand/')",
        &json!([]),
    );
    no_complaints(&mut ada);
}

/// BRA-4: a picture is sent with its progress; one that is too large is told before it is sent, and what is no picture after it.
#[test]
fn a_logo_is_chosen_and_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    };
    let good = file("logo.png", &png(600, 150, [200, 30, 30, 255]));
    let large = file("large.png", &[&png(9, 9, [1, 2, 3, 255])[..], &vec![0; 2 * 1024 * 1024]].concat());
    let none = file("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>");
    for scripts in [Scripts::On, Scripts::Off] {
        let portal = Portal::firm();
        let served = portal.serve();
        let mut ada = browser(&served, scripts);
        sign_in(&mut ada, ADA);
        ada.visit("/branding").upload("The file with your logo", &[&large]).click("Save");
        if let Scripts::Off = scripts {
            ada.sees("This file is larger than 2 MB.");
        }
        assert_eq!(portal.sql_count("branding_file"), 0);
        // With scripts a file is drafted as soon as it is chosen.
        let send = |ada: &mut Browser| {
            if let Scripts::Off = scripts {
                ada.click("Keep as draft");
            }
        };
        ada.visit("/branding").upload("The file with your logo", &[&none]);
        send(&mut ada);
        ada.sees("Logo for all organizations: This is an SVG. Save it as PNG and choose it again.");
        if let Scripts::On = scripts {
            assert_eq!(ada.focused(), "The file with your logo");
        }
        ada.upload("The file with your logo", &[&good]);
        send(&mut ada);
        ada.sees("Draft: only you see it")
            .sees("Remove the logo")
            .click("Save")
            .sees("show it from now on.")
            .sees("Saved: everybody sees it");
        assert_eq!(portal.sql_count("branding_file where kind = 'png'"), 1);
    }
}

/// BRA-4: a file that was refused holds up nothing once another background is chosen.
#[test]
fn a_refused_file_that_was_left_holds_up_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let large = folder.path().join("large.png");
    std::fs::write(&large, [&png(9, 9, [1, 2, 3, 255])[..], &vec![0; 2 * 1024 * 1024]].concat()).expect("a file");
    let portal = Portal::firm();
    let served = portal.serve();
    let mut ada = browser(&served, Scripts::On);
    sign_in(&mut ada, ADA);
    let tile = |value: &str| format!("document.querySelector('[name=clients][value={value}]').click()");
    ada.visit("/branding").script(&tile("upload"));
    let field = "const [field] = [...document.querySelectorAll('[name=clients_file]')]; return [field.files.length, field.checkValidity()]";
    ada.upload("The file with your picture", &[&large]);
    assert_eq!(ada.script(field), serde_json::json!([1, false]), "it is refused");
    ada.click("Save");
    assert_eq!(portal.sql_count("branding"), 0, "and while it is chosen, nothing is sent");
    ada.script(&tile("none"));
    assert_eq!(ada.script(field), serde_json::json!([0, true]));
    ada.fill("Portal title", "Harbor Care").click("Save").sees("show it from now on.");
}
