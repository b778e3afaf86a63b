//! Manage Partners in real browsers, with scripts and without.

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::people::SAM;
use crate::support::portal::Portal;

/// PAR-1, ACC-14, ALL-3: created from the menu, its letter opened, and set up by the link in it.
#[test]
fn a_sub_partner_is_created_and_sets_itself_up() {
    for scripts in [Scripts::On, Scripts::Off] {
        let portal = Portal::firm();
        let served = portal.serve();
        let (mut sam, mut ivy) = (browser(&served, scripts), browser(&served, scripts));
        sign_in(&mut sam, SAM);
        sam.click("Admin").click("Manage Partners").sees("Tidewater IT").click("+ New Partner");
        sam.fill("Partner name", "Tidewater IT").fill("First name", "Ivy").fill("Last name", "Marsh").fill("Email", "ivy@nordlys.example");
        sam.click("Create Partner").sees("There is already a sub-partner named Tidewater IT.").holds("First name", "Ivy");
        sam.fill("Partner name", "Nordlys IT").click("Create Partner").sees("Created Nordlys IT, Partner ID P-").sees("Invited");
        sam.click("Edit").choose("Country", "Norway").click("Save Changes").sees("Saved.").sees("Norway");
        sam.click("Open the letter").sees("Nordlys IT");
        let link = sam.link_in_text("/links/");

        ivy.visit(&link).fill("Password", "quiet lantern over water").fill("Password again", "quiet lantern over water");
        ivy.click("Set up account").sees("authenticator");
        sam.visit("/partners").sees("Nordlys IT").sees("Norway").does_not_see("Invited");
        if scripts == Scripts::On {
            no_complaints(&mut sam);
            no_complaints(&mut ivy);
        }
    }
}
