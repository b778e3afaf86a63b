//! The rules of Notification Settings, one test a sentence.

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const PAGE: &str = "/notification-settings";
const NEW: &str = "/organizations/new-organization";

fn letters(portal: &Portal, email: &str) -> i64 {
    portal.sql_count(&format!("letter where to_email = '{email}'"))
}

/// Creates an organization with Send sign in ticked, whatever the page shows.
#[track_caller]
fn create<'v>(visit: &'v mut Visit, partner: i64, name: &str, email: &str) -> &'v mut Visit {
    let partner: String = visit.portal.sql("select public_id from partner where id = ?1", [partner]);
    let fields = [
        ("first_name", "Una"),
        ("last_name", "Elm"),
        ("email", email),
        ("country", "NO"),
        ("partner", &partner),
        ("plan", "backup"),
        ("auto_license", "on"),
        ("name", name),
        ("send_sign_in", "on"),
    ];
    visit.post(NEW, &fields).status(303).follow()
}

/// An Owner of Alder Dental, and an invited user beside.
fn owner_and_invited(portal: &Portal) -> String {
    portal.execute("update organization_user set owner = 1 where account = ?1", [OLU.account]);
    let mut ada = portal.sign_in(ADA);
    let page = format!("/organizations/{ALDER_ID}/users/new");
    ada.visit(&page).fill("First name", "Ira").fill("Last name", "Moss").fill("Email", "ira@alder.example").press("Add Organization User");
    portal.link_for("ira@alder.example")
}

fn set_up(portal: &Portal, link: &str) {
    let mut guest = portal.guest();
    guest
        .visit(link)
        .fill("Password", "another four harbor words")
        .fill("Password again", "another four harbor words")
        .press("Set up account");
    guest.status(200);
}

/// NOT-1: Send sign in is the first row of its section, and every switch switches something: none stands there dead.
#[test]
fn the_page_shows_only_what_has_an_effect() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(PAGE).sees("Your own letters").sees("User Management Notification").sees("Transfer Notification");
    let text = ada.text();
    let first = text.find("Organization first created").expect("the row");
    assert!(text.find("Deactivated account reactivated").is_some_and(|next| first < next), "first row of its section");
    let switches = ada.page().all(|element| element.attr("type") == Some("checkbox") || element.name == "select");
    assert!(switches.len() >= 11 && switches.iter().all(|one| !one.has("disabled")), "none is dead");
    let ticked: Vec<_> = switches.iter().filter(|one| one.has("checked")).filter_map(|one| one.attr("value")).collect();
    assert!(ticked.contains(&"organization_created") && !ticked.contains(&"user_set_up"), "{ticked:?}");
}

/// NOT-1, SUB-8: switched off, Send sign in is gone from both places, and no letter is written whatever is sent; switched on, it is back.
#[test]
fn the_first_row_hides_and_shows_send_sign_in() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(PAGE).untick("Organization first created").press("Save").sees("Saved.");
    assert_eq!(portal.last_activity(), "changed the notification settings");
    create(&mut ada, 1, "Elm Garage", "una@elm.example").sees("Created Elm Garage.").is_not_offered("Send sign in");
    assert_eq!((letters(&portal, "una@elm.example"), portal.sql_count("organization_user where owner = 1")), (0, 0));
    let id: i64 = portal.sql("select id from organization where name = 'Elm Garage'", []);
    ada.post(&format!("/organizations/{id}/sign-in"), &[]).follow().sees("Send sign in is switched off in Notification Settings.");
    assert_eq!(portal.sql_count("organization_user where owner = 1"), 0);
    assert!(portal.last_activity().starts_with("created the organization Elm Garage"), "the event is recorded all the same");

    ada.visit(PAGE).tick("Organization first created").press("Save").sees("Saved.");
    ada.visit(&format!("/organizations/{id}")).press("Send sign in").sees("Una Elm is the Owner now.");
    create(&mut ada, 1, "Elm Two", "two@elm.example").sees("The sign-in letter to Una Elm is written");
    assert_eq!((letters(&portal, "una@elm.example"), letters(&portal, "two@elm.example")), (1, 1));
}

/// NOT-1, PAR-1: each partner chooses for its own organizations, also where the partner above creates them.
#[test]
fn the_setting_is_that_of_the_organizations_partner() {
    let portal = Portal::firm();
    portal.sign_in(MALLORY).visit(PAGE).untick("Organization first created").press("Save").sees("Saved.");
    let mut ada = portal.sign_in(ADA);
    let marked = |visit: &mut Visit| visit.visit(NEW).page().all(|element| element.has("data-marked")).len();
    assert_eq!(marked(&mut ada), 1, "the one whose choice hides the box");
    create(&mut ada, 2, "Elm Garage", "una@elm.example").sees("Created Elm Garage.");
    create(&mut ada, 1, "Elm Garage", "una2@elm.example").sees("The sign-in letter");
    assert_eq!((letters(&portal, "una@elm.example"), letters(&portal, "una2@elm.example")), (0, 1));
}

/// NOT-1, ACC-4: the letter to a reactivated user is written only where it is wanted, and the event in any case.
#[test]
fn a_reactivated_user_is_told_where_the_partner_wants_it() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let user = format!("/organizations/{ALDER_ID}/users/{}", OLU.account);
    for (wanted, expected) in [(false, 0), (true, 1)] {
        if wanted {
            ada.visit(PAGE).tick("Deactivated account reactivated").press("Save");
        }
        ada.post(&format!("{user}/deactivation"), &[]).status(303);
        ada.post(&format!("{user}/reactivation"), &[]).status(303);
        assert_eq!(portal.last_activity(), "reactivated Olu Adeyemi");
        assert_eq!(letters(&portal, OLU.email), expected);
    }
    assert!(portal.letter_to(OLU.email).contains("You can sign in again"));
    ada.post(&format!("{user}/deactivation"), &[]);
    portal.execute("update subscription set state = 'suspended' where organization = ?1", [ALDER_ID]);
    ada.post(&format!("{user}/reactivation"), &[]).status(303);
    assert_eq!(letters(&portal, OLU.email), 1, "nobody signs in to a suspended organization");
}

/// NOT-1, ACC-2: the Owner hears of a user who set up the account only where it is wanted.
#[test]
fn the_owner_is_told_of_who_set_up_an_account_where_the_partner_wants_it() {
    for wanted in [false, true] {
        let portal = Portal::firm();
        if wanted {
            portal.sign_in(ADA).visit(PAGE).tick("Invited user has set a password").press("Save").sees("Saved.");
        }
        let link = owner_and_invited(&portal);
        set_up(&portal, &link);
        assert_eq!(letters(&portal, OLU.email), i64::from(wanted));
        assert_eq!(letters(&portal, NOOR.email), 0, "the Owner alone");
        assert_eq!(portal.sql_count("activity where kind = 'account.set_up'"), 1);
    }
}

/// NOT-1, EMP-1: primary account, Security Admin and Admin choose, each for their own partner; nobody else finds the page.
#[test]
fn admins_alone_choose_and_for_their_own_partner() {
    let portal = Portal::firm();
    for member in [TESS, BEA, SID, OLU] {
        portal.sign_in(member).get(PAGE).status(404);
        portal.sign_in(member).post(PAGE, &[]).status(404);
    }
    assert_eq!(portal.sql_count("notification"), 0);
    for member in [SAM, ABE] {
        portal.sign_in(member).get(PAGE).status(200);
    }
    portal.sign_in(MALLORY).visit(PAGE).tick("Invited user has set a password").press("Save").sees("Saved.");
    assert_eq!(portal.sql_count("notification where partner <> 2"), 0);
    let mut ada = portal.sign_in(ADA);
    ada.visit(PAGE).press("Save").sees("Nothing was changed.");
    ada.post(PAGE, &[("notice", "no_such_letter"), ("errors", "off"), ("invoices", "off"), ("general", "off")])
        .status(422)
        .sees("There is no such letter.");
    assert_eq!(portal.sql_count("notification where partner <> 2"), 0);
}

/// NOT-1, SUB-4: a reactivated organization's users and the partner's admins hear of it, unless it is switched off; the event is there anyway.
#[test]
fn a_reactivated_organization_is_told_where_the_partner_wants_it() {
    for wanted in [true, false] {
        let portal = Portal::firm();
        let mut ada = portal.sign_in(ADA);
        if !wanted {
            ada.visit(PAGE).untick("Organization reactivated").press("Save").sees("Saved.");
        }
        let page = format!("/organizations/{ALDER_ID}");
        ada.post(&format!("{page}/suspension"), &[]).status(303);
        assert_eq!(portal.sql_count("letter"), 0);
        ada.post(&format!("{page}/reactivation"), &[]).status(303);
        assert_eq!(portal.sql_count("activity where kind = 'subscription.reactivated'"), 1);
        let told = i64::from(wanted);
        for email in [OLU.email, FINN.email, ADA.email, SAM.email, ABE.email] {
            assert_eq!(letters(&portal, email), told, "{email}");
        }
        assert_eq!((letters(&portal, NOOR.email), letters(&portal, TESS.email)), (0, 0), "who has access to nothing, and no admin");
        if wanted {
            assert!(portal.letter_to(OLU.email).contains("You can sign in to it again:"));
            assert!(portal.letter_to(OLU.email).contains("/p/harbor/sign-in"));
            assert!(portal.letter_to(ABE.email).contains(&page));
        }
    }
}
