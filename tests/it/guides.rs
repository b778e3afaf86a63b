//! The guides, one test a sentence.

use portico::guides::texts;

use crate::support::people::*;
use crate::support::portal::Portal;

/// product.md, Help → Guides: a reader sees only guides whose places they may open.
#[test]
fn a_reader_sees_only_guides_whose_places_they_may_open() {
    let portal = Portal::firm();
    let linking = "/guides/linking-a-client-to-an-organization";
    let status = "/guides/reading-the-status-page";
    for (member, may_manage, may_see_status) in [
        (ADA, true, true),
        (ABE, true, true),
        (TESS, false, true),
        (BEA, false, false),
        (SID, false, false),
        (OLU, false, true),
        (NOOR, false, false),
    ] {
        let mut visit = portal.sign_in(member);
        let listed = visit.visit("/guides").body();
        assert_eq!(listed.contains(linking), may_manage, "{}", member.name());
        assert_eq!(listed.contains(status), may_see_status, "{}", member.name());
        visit.get(linking).status(if may_manage { 200 } else { 404 });
        visit.get(status).status(if may_see_status { 200 } else { 404 });
        visit.get("/guides/your-own-account").status(200);
    }
    portal.guest().get("/guides").status(303);
}

/// product.md, Help → Guides: each step links to its place.
#[test]
fn every_place_that_a_guide_links_to_opens_for_its_reader() {
    let portal = Portal::firm();
    for member in [ADA, TESS, SID, OLU, NOOR] {
        let mut visit = portal.sign_in(member);
        for guide in texts::ALL {
            if visit.get(&format!("/guides/{}", guide.slug)).response.status != 200 {
                continue;
            }
            for (_, href) in guide.parts.iter().flat_map(|part| part.steps).filter_map(|step| step.place) {
                visit.visit(href).status(200);
            }
        }
    }
}

/// product.md, Older words: the guides show the older word in brackets.
#[test]
fn the_guides_show_older_words_in_brackets() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ABE);
    visit
        .visit("/guides")
        .open("Link a SaaS account to an organization")
        .sees("(older pages: Manage Clients)")
        .sees("(older pages: Create Client)")
        .sees("Link Services");
    visit.visit("/guides/clients-manage-their-own-accounts").sees("(older pages: wastebasket)").sees("(older pages: Add Client User)");
    visit.visit("/guides/give-clients-access-to-their-status").sees("(older pages: Client Admin)");
}

/// SAS-9: the status page links the guide that explains its colors and columns.
#[test]
fn the_status_page_leads_to_the_guide_of_its_colors_and_columns() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(TESS);
    visit.visit("/status/saas").open("What the colors and columns mean").status(200);
    for word in ["Protected", "Some missed", "Failing", "Licensed seats", "Success rate", "Last fully protected", "48 hours"] {
        visit.sees(word);
    }
}
