//! Letters in a partner's look.

use base64::Engine as _;

use crate::support::people::*;
use crate::support::pictures::{decoded, png};
use crate::support::portal::Portal;

const LOOK: [(&str, &str); 9] = [
    ("devices_named", "hostname"),
    ("portal", "none"),
    ("portal_color", "#123456"),
    ("clients", "none"),
    ("clients_color", "#123456"),
    ("accent_choice", ""),
    ("accent", "#0f766e"),
    ("title", "Harbor <Care>"),
    ("step", "save"),
];

/// Harbor MSP with a red logo; `on` says whether Alder Dental has custom branding.
fn branded(portal: Portal, on: bool) -> Portal {
    let logo = png(600, 150, [200, 30, 30, 255]);
    portal.sign_in(ADA).upload("/branding", &LOOK, &[("logo_file", "logo.png", &logo)]).status(303);
    if on {
        portal.sign_in(ABE).post(&format!("/organizations/{ALDER_ID}/branding"), &[("wanted", "on")]).status(303);
    }
    portal
}

/// The last letter that left, after a person asked for a new password.
fn asked_by(portal: &Portal, member: Member) -> String {
    portal.guest().post("/forgot-password", &[("email", member.email)]);
    portal.run_jobs();
    let left = portal.left.lock().expect("letters");
    let letter = String::from_utf8(left.last().expect("a letter").clone()).expect("text");
    assert!(letter.contains(member.email), "it is theirs");
    letter
}

/// The file that a letter brings along, and its parts' types.
fn logo_of(letter: &str) -> Option<Vec<u8>> {
    let part = letter.split("Content-ID: <logo>").nth(1)?;
    let (head, rest) = part.split_once("\r\n\r\n").expect("a part");
    assert!(head.contains("base64") && head.contains("image/png"), "{head}");
    let body = rest.split("\r\n--").next().expect("a body").replace("\r\n", "");
    Some(base64::engine::general_purpose::STANDARD.decode(body).expect("base 64"))
}

/// BRA-5, ORG-10: an organization's user gets letters with the partner's logo in them, and nothing is loaded from elsewhere.
#[test]
fn a_letter_to_an_organizations_user_carries_the_partners_logo() {
    let portal = branded(Portal::firm_that_sends(), true);
    let letter = asked_by(&portal, OLU);
    let logo = logo_of(&letter).expect("a logo");
    assert_eq!(decoded(&logo).dimensions(), (600, 150));
    assert!(letter.contains("multipart/alternative") && letter.contains("multipart/related") && letter.contains("text/plain"), "{letter}");
    let unfolded = letter.replace("=\r\n", "").replace("=3D", "=");
    assert!(unfolded.contains("<img src=\"cid:logo\" alt=\"Harbor &lt;Care&gt;\" width=\"192\" height=\"48\">"), "{unfolded}");
    assert!(!unfolded.contains("src=\"http") && !unfolded.contains("/brand/"));
    // Whoever may read it in the Outbox sees it as well.
    let id: i64 = portal.sql("select id from letter where to_email = ?1", [OLU.email]);
    let mut abe = portal.sign_in(ABE);
    let page = abe.post(&format!("/outbox/{id}/opening"), &[]).status(200).body();
    let address =
        page.split("img src=\"").find_map(|rest| rest.split('"').next().filter(|src| src.starts_with("/brand/"))).expect("a logo");
    assert_eq!(abe.get(address).status(200).response.body, logo);
}

/// BRA-5: the logo is the one for all organizations: neither those without custom branding nor the partner's own people get it.
#[test]
fn letters_to_anybody_else_carry_none() {
    let portal = branded(Portal::firm_that_sends(), true);
    for member in [TESS, NIA] {
        let letter = asked_by(&portal, member);
        assert!(logo_of(&letter).is_none() && !letter.contains("multipart/related"), "{}", member.email);
    }
    let portal = branded(Portal::firm_that_sends(), false);
    assert!(logo_of(&asked_by(&portal, OLU)).is_none(), "custom branding is off");
    portal.sign_in(ABE).post(&format!("/organizations/{ALDER_ID}/branding"), &[("wanted", "on")]).status(303);
    portal.execute("update partner set country = 'DE' where slug = 'harbor'", []);
    portal.wait(portico::kernel::time::Span::hours(1));
    assert!(logo_of(&asked_by(&portal, OLU)).is_none(), "BRA-2: branding is unavailable there");
    let portal = Portal::firm_that_sends();
    portal.sign_in(ADA).post("/branding", &LOOK).status(303);
    portal.sign_in(ABE).post(&format!("/organizations/{ALDER_ID}/branding"), &[("wanted", "on")]).status(303);
    assert!(logo_of(&asked_by(&portal, OLU)).is_none(), "there is no logo");
}
