//! Manage Groups in real browsers, with scripts and without.

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::people::{ALDER, BIRCH, SAM, TESS};
use crate::support::portal::Portal;

/// EMP-4: a Security Admin makes a group by the words on the page; the Tech's next click shows just what is in it, and after the group is
/// deleted nothing, until they are let see everything.
#[test]
fn a_group_is_made_and_the_techs_next_click_shows_just_that() {
    for scripts in [Scripts::On, Scripts::Off] {
        let portal = Portal::estate();
        let served = portal.serve();
        let (mut sam, mut tess) = (browser(&served, scripts), browser(&served, scripts));
        sign_in(&mut tess, TESS);
        sign_in(&mut sam, SAM);
        tess.visit("/status/saas").sees(ALDER).sees(BIRCH);
        sam.visit("/groups").click("Create Group").fill("Group name", "Northern team").click("Create Group");
        sam.sees("Created Northern team.").click("Add Organizations").fill("Name, ID or domain", "alder");
        if scripts == Scripts::Off {
            sam.click("Search");
        }
        // What is ticked before the list has answered is not ticked in the list that answers.
        sam.does_not_see(BIRCH)
            .tick("Alder Dental Alderine 100000-01")
            .click("Add to Group")
            .sees("Added 1 organization to the group.")
            .sees(ALDER);
        sam.click("Add Employees").tick("Tess Moreau").click("Add to Group").sees("Added 1 employee to the group.").sees("Tess Moreau");
        tess.click("Status").click("SaaS Protection Status").sees(ALDER).does_not_see(BIRCH);
        sam.visit("/employees").sees_in("Tess Moreau", "Northern team");
        sam.click("Northern team").click("Delete Group").sees("Tess Moreau will see no organization at all.");
        sam.fill("Type the group's name to confirm", "northern team").click_in("Type the group's name to confirm", "Delete Group");
        sam.sees("Deleted the group Northern team. Tess Moreau sees no organization until they are moved.");
        tess.click("Status").click("SaaS Protection Status").does_not_see(ALDER).does_not_see(BIRCH);
        sam.click("Let Tess Moreau see all organizations").click("Let See All Organizations");
        sam.sees("Tess Moreau sees all organizations from the next click on.");
        tess.click("Status").click("SaaS Protection Status").sees(ALDER).sees(BIRCH);
        if scripts == Scripts::On {
            no_complaints(&mut sam);
            no_complaints(&mut tess);
        }
    }
}
