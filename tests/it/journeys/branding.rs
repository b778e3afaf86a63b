//! The primary account brands the portal, and an organization's user sees it.

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::people::{ADA, ALDER, OLU};
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
    ada.click("Back to Customize").click("Save").sees("This is what everybody sees from now on.");

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
