//! Where branding is unavailable.

use std::process::Command;

use portico::kernel::countries::{COUNTRIES, is_emea};

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const LOOK: [(&str, &str); 9] = [
    ("devices_named", "serial"),
    ("portal", "color"),
    ("portal_color", "#123456"),
    ("clients", "built_in:harbor"),
    ("clients_color", "#123456"),
    ("accent_choice", "own"),
    ("accent", "#0f766e"),
    ("title", "Harbor Care"),
    ("step", "save"),
];

const SENTENCE: &str = "Branding is unavailable to partners in Europe, the Middle East and Africa.";

fn moves(portal: &Portal, country: &str) {
    assert_eq!(portal.execute("update partner set country = ?1 where slug = 'harbor'", [country]), 1);
}

/// Whether a page has a look of its partner's own.
fn is_branded(visit: &mut Visit, page: &str) -> bool {
    let body = visit.get(page).status(200).body();
    assert_eq!(body.contains("/brand/"), body.contains("href=\"/brand/"), "a sheet or nothing");
    body.contains("/brand/") || body.contains("Harbor Care")
}

/// BRA-2
#[test]
fn every_country_is_in_emea_or_not() {
    for inside in ["DE", "GB", "CH", "RU", "UA", "XK", "IS", "AE", "IL", "SA", "TR", "GE", "IR", "EG", "ZA", "NG", "MA", "MU", "RE"] {
        assert!(is_emea(inside), "{inside}");
    }
    for outside in
        ["US", "CA", "MX", "BR", "GL", "AU", "NZ", "JP", "CN", "IN", "PK", "AF", "KZ", "UZ", "SG", "GF", "", " ", "de", "D", "AD AL"]
    {
        assert!(!is_emea(outside), "{outside:?}");
    }
    assert_eq!(
        COUNTRIES.iter().filter(|(code, ..)| is_emea(code)).count(),
        50 + 19 + 57,
        "Europe, the Middle East, Africa: none is misspelled"
    );
}

/// BRA-2: Customize explains, its addresses refuse, and nothing changes; a partner elsewhere may.
#[test]
fn a_partner_in_emea_reads_that_branding_is_unavailable() {
    let portal = Portal::firm();
    moves(&portal, "DE");
    let mut ada = portal.sign_in(ADA);
    ada.visit("/branding").sees(SENTENCE).sees("Portico's own look").is_not_offered("Save");
    ada.get("/branding/local").status(200);
    for page in ["/branding/own", "/branding/preview", "/branding/preview/sign-in", "/branding/preview/status"] {
        ada.get(page).status(422).sees(SENTENCE);
    }
    for page in ["/branding", "/branding/own", "/branding/discard"] {
        ada.post(page, &LOOK).status(422).sees(SENTENCE);
    }
    assert_eq!((portal.sql_count("branding"), portal.sql_count("branding_file")), (0, 0));
    // For anybody else it is not found, there as everywhere.
    portal.sign_in(ABE).get("/branding").status(404);
    moves(&portal, "US");
    ada.post("/branding", &LOOK).status(303);
    ada.get("/branding/preview/sign-in").status(200);
    assert!(is_branded(&mut portal.guest(), "/p/harbor/sign-in"));
}

/// BRA-2, ORG-10: where there is no branding, an organization's page says so in the place of the switch, and its address refuses; elsewhere,
/// and where the operator lifts it, it switches.
#[test]
fn an_organization_of_a_partner_in_emea_has_nothing_to_switch() {
    let portal = Portal::firm();
    let page = format!("/organizations/{ALDER_ID}");
    let switch =
        |visit: &mut Visit, wanted: &str| visit.post(&format!("{page}/branding"), &[("wanted", wanted)]).status(303).follow().body();
    let on = |portal: &Portal| portal.sql::<i64>("select custom_branding from organization where id = ?1", [ALDER_ID]);
    let mut abe = portal.sign_in(ABE);
    assert!(switch(&mut abe, "on").contains("Turned custom branding on"));
    moves(&portal, "DE");
    for mut visit in [portal.sign_in(ABE), portal.sign_in(ADA)] {
        visit.visit(&page).sees("Use custom branding for the organization").sees(SENTENCE);
        let body = visit.body();
        assert!(!body.contains("class=\"button secondary\" href=\"/branding\""), "and nothing to set");
        let switch = body.split("aria-labelledby=\"custom-branding-label\"").nth(1).and_then(|rest| rest.split('>').next());
        assert_eq!(switch, Some(" disabled"), "it cannot be switched");
        assert!(body.contains("aria-checked=\"false\" aria-labelledby=\"custom-branding-label\""), "and has no effect");
    }
    let events = portal.sql_count("activity");
    for wanted in ["on", "off"] {
        assert!(switch(&mut abe, wanted).contains(SENTENCE), "{wanted}");
    }
    assert_eq!((on(&portal), portal.sql_count("activity")), (1, events));
    moves(&portal, "US");
    abe.visit(&page).does_not_see(SENTENCE);
    assert!(switch(&mut abe, "off").contains("Turned custom branding off"));
    let lifted = Portal::firm().branding_everywhere();
    moves(&lifted, "DE");
    lifted.sign_in(ABE).visit(&page).does_not_see(SENTENCE).press("Use custom branding for the organization");
    assert_eq!(on(&lifted), 1);
}

/// BRA-2: what was saved before is not shown, and is there again once it may be.
#[test]
fn what_a_partner_in_emea_had_saved_is_not_shown() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post("/branding", &LOOK).status(303);
    portal.sign_in(ABE).post(&format!("/organizations/{ALDER_ID}/branding"), &[("wanted", "on")]).status(303);
    let (mut olu, mut guest) = (portal.sign_in(OLU), portal.guest());
    for (country, shown) in [("US", true), ("FR", false), ("AU", true)] {
        moves(&portal, country);
        assert_eq!(is_branded(&mut olu, "/"), shown, "an organization's user in {country}");
        assert_eq!(is_branded(&mut ada, "/"), shown, "the partner's own people in {country}");
        for page in ["/p/harbor/sign-in", "/p/harbor/forgot-password"] {
            assert_eq!(is_branded(&mut guest, page), shown, "{page} in {country}");
        }
    }
}

/// BRA-2: whoever runs the portal may lift it for their own install.
#[test]
fn an_operator_may_lift_it_for_everybody() {
    let portal = Portal::firm().branding_everywhere();
    moves(&portal, "DE");
    let mut ada = portal.sign_in(ADA);
    ada.post("/branding", &LOOK).status(303).follow().does_not_see(SENTENCE);
    assert!(is_branded(&mut portal.guest(), "/p/harbor/sign-in"));
    let told = Command::new(env!("CARGO_BIN_EXE_portico")).args(["serve", "--help"]).output().expect("the program");
    assert!(String::from_utf8_lossy(&told.stdout).contains("--branding-everywhere"), "it is an option of serve");
}
