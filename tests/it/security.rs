//! The rules of asking again (SEC-2) and of the security settings (SEC-3, ACC-10, ACC-12, ACC-13), one test a sentence.

use portico::access::model::PROOF_LASTS;
use portico::kernel::time::Span;

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const DELETION: &str = "/organizations/10000001/deletion";
const ASKED: &str = "Enter your password again";

/// Alder's deletion as a person would send it, from its dialog.
fn delete_alder(visit: &mut Visit) -> &mut Visit {
    visit.visit(DELETION).fill("Type the organization's name", ALDER).press("Yes, Continue")
}

fn is_there(portal: &Portal) -> bool {
    portal.sql_count("subscription where organization = 10000001 and state = 'active'") == 1
}

/// SEC-2: up to fifteen minutes after the password was given a dangerous step is taken at once; a second later it asks first.
#[test]
fn a_dangerous_step_asks_for_the_password_after_fifteen_minutes() {
    for (passed, asks) in [(Span(PROOF_LASTS.0 - 1_000), false), (PROOF_LASTS, false), (Span(PROOF_LASTS.0 + 1_000), true)] {
        let portal = Portal::firm();
        let mut abe = portal.sign_in(ABE);
        portal.wait_idle(passed);
        delete_alder(&mut abe).status(200);
        assert_eq!(abe.text().contains(ASKED), asks, "after {} seconds", passed.0 / 1_000);
        assert_eq!(is_there(&portal), asks);
    }
}

/// SEC-2, ALL-7: what was entered waits for the password and is done with it, once, however often it is sent.
#[test]
fn the_form_loses_nothing_and_does_its_work_once() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    portal.wait_idle(Span::minutes(20));
    delete_alder(&mut abe).sees("You gave it 20 minutes ago").fill("Password", PASSWORD);
    let mut twice = abe.clone();
    abe.press("Continue").status(200).sees("Deleted Alder Dental.");
    assert_eq!(abe.url, "/organizations");
    twice.press("Continue").status(200).sees("Deleted Alder Dental.");
    assert_eq!(portal.sql_count("activity where kind = 'organization.deleted'"), 1);
}

/// SEC-2: who has just proved it is not asked again, in this session alone.
#[test]
fn a_proof_holds_for_its_session_for_fifteen_minutes() {
    let portal = Portal::firm();
    let (mut abe, mut elsewhere) = (portal.sign_in(ABE), portal.sign_in(ABE));
    portal.wait_idle(Span::minutes(20));
    delete_alder(&mut abe).fill("Password", PASSWORD).press("Continue").sees("Deleted Alder Dental.");
    let birch = format!("/organizations/{BIRCH_ID}/deletion");
    elsewhere.visit(&birch).fill("Type the organization's name", BIRCH).press("Yes, Continue").sees(ASKED);
    portal.wait_idle(PROOF_LASTS);
    abe.visit(&birch).fill("Type the organization's name", BIRCH).press("Yes, Continue").sees("Deleted Birch & Sons.");
    let cedar = format!("/organizations/{CEDAR_ID}/deletion");
    portal.wait_idle(Span::seconds(1));
    abe.visit(&cedar).fill("Type the organization's name", CEDAR).press("Yes, Continue").sees(ASKED);
}

/// SEC-2: a form that is not in order comes back after the password, filled in, and is not asked about a second time.
#[test]
fn a_mistake_in_the_form_is_told_after_the_password() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    portal.wait_idle(Span::minutes(20));
    abe.visit(DELETION).fill("Type the organization's name", "Elder").press("Yes, Continue").sees(ASKED);
    abe.fill("Password", PASSWORD).press("Continue").status(422).sees("Type Alder Dental to confirm");
    assert_eq!(abe.value_of("Type the organization's name"), "Elder");
    abe.fill("Type the organization's name", ALDER).press("Yes, Continue").sees("Deleted Alder Dental.");
}

/// SEC-1, SEC-2: a wrong password does nothing, is an event, and is slowed down like one at the sign-in page, together with those.
#[test]
fn guessing_where_it_asks_again_is_slowed_down() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    portal.wait_idle(Span::minutes(16));
    delete_alder(&mut abe);
    for _ in 0..5 {
        abe.fill("Password", "wrong wrong wrong").press("Continue").status(422).sees("The password is not right.");
    }
    abe.does_not_see("You can try again");
    abe.fill("Password", "wrong wrong wrong").press("Continue").status(422).sees("You can try again in 1 second.");
    assert_eq!(portal.last_activity(), "gave a wrong password when asked for it again");
    assert_eq!(portal.sql_count("activity where kind = 'session.proof_failed'"), 6);
    abe.fill("Password", PASSWORD).press("Continue").status(422).sees("You can try again in 1 second.");
    portal.guest().post("/sign-in", &[("email", ABE.email), ("password", PASSWORD)]).status(422).sees("You can try again in 1 second.");
    assert!(is_there(&portal));
    portal.wait_idle(Span::seconds(1));
    abe.fill("Password", PASSWORD).press("Continue").status(200).sees("Deleted Alder Dental.");
    assert_eq!(portal.sql_count("sign_in_failure where kind = 'email'"), 0);
}

/// SEC-2: what waits is sealed, so that secrets of the form are not in the page, and only its sender can send it on, to its own address.
#[test]
fn what_waits_for_the_password_is_its_senders_alone() {
    let portal = Portal::firm();
    let (mut ada, mut sam) = (portal.sign_in(ADA), portal.sign_in(SAM));
    portal.wait_idle(Span::minutes(20));
    let fields = [
        ("delivery", "smtp"),
        ("host", "127.0.0.1"),
        ("port", "25"),
        ("security", "none"),
        ("user", "harbor"),
        ("password", "a password for the mail server"),
        ("from_address", "portal@harbor.example"),
    ];
    ada.post("/mail", &fields).status(200).sees(ASKED);
    assert!(!ada.body().contains("for the mail server") && !ada.body().contains("portal@harbor.example"));
    ada.fill("Password", PASSWORD).press("Continue").status(200).sees("Saved. New letters leave through 127.0.0.1:25.");
    assert_eq!(portal.sql_count("mail_setting where sealed_password is not null"), 1);

    let mut abe = portal.sign_in(ABE);
    portal.wait_idle(Span::minutes(20));
    delete_alder(&mut abe).sees(ASKED);
    let waiting = abe.value_of("waiting_form");
    sam.renew(SAM);
    portal.wait_idle(Span::minutes(9));
    for (visit, path) in [(&mut sam, DELETION.to_owned()), (&mut abe, format!("/organizations/{BIRCH_ID}/deletion"))] {
        let sent = [("waiting_form", waiting.as_str()), ("proof", PASSWORD)];
        visit.post(&path, &sent).status(422).sees("cannot be read any more");
    }
    assert_eq!(portal.sql_count("subscription where state = 'active'"), 4);
}

/// SEC-2, ALL-1: asking again tells nobody of what is not theirs: the question comes before the look, and the look finds nothing.
#[test]
fn a_stranger_is_asked_and_finds_nothing() {
    let portal = Portal::firm();
    let (visits, mut mallory) = ([portal.sign_in(MALLORY), portal.sign_in(MALLORY)], portal.guest());
    portal.wait_idle(Span::minutes(20));
    for (mut visit, id) in visits.into_iter().zip([ALDER_ID, 99_999_999]) {
        visit.post(&format!("/organizations/{id}/deletion"), &[("typed", ALDER), ("backups", "keep")]).status(200).sees(ASKED);
        visit.fill("Password", PASSWORD).press("Continue").status(404);
    }
    mallory.renew(MALLORY);
    mallory.post(DELETION, &[("typed", ALDER), ("backups", "keep")]).status(404);
    assert!(is_there(&portal));
}

/// SEC-2: whoever thinks better of it goes back to where they were, and never elsewhere.
#[test]
fn cancel_leads_back() {
    let portal = Portal::firm();
    let abe = portal.sign_in(ABE);
    portal.wait_idle(Span::minutes(20));
    for (from, leads) in [
        ("http://portico.example/organizations/10000001", "/organizations/10000001"),
        ("http://elsewhere.example/organizations", "/"),
        ("http://portico.example.elsewhere.example/x", "/"),
        ("http://portico.example//elsewhere.example", "/"),
    ] {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin"), ("referer", from)];
        let mut visit = abe.clone();
        visit.send(portico::kernel::http::Method::Post, DELETION, &headers, b"typed=Alder".to_vec()).sees(ASKED);
        assert_eq!(
            visit.links().into_iter().find(|(words, _, _)| words == "Cancel").map(|(_, href, _)| href).as_deref(),
            Some(leads),
            "{from}"
        );
        visit.fill("Password", "wrong").press("Continue").sees(ASKED);
        assert_eq!(
            visit.links().into_iter().find(|(words, _, _)| words == "Cancel").map(|(_, href, _)| href).as_deref(),
            Some(leads),
            "{from}"
        );
    }
}
