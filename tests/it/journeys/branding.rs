//! The primary account brands the portal, and an organization's user sees it.

use super::{Scripts, browser, no_complaints, sign_in};
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
    ada.click("Update preview").sees("Nobody else sees it until you save.").sees("These changes are a draft.");
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
        ada.visit("/branding")
            .upload("The file with your logo", &[&none])
            .click("Save")
            .sees("This is an SVG. Save it as PNG and choose it again.");
        ada.upload("The file with your logo", &[&good]).click("Save").sees("show it from now on.").sees("Remove the logo");
        assert_eq!(portal.sql_count("branding_file where kind = 'png'"), 1);
    }
}
