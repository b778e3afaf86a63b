//! The rules of `settings`, one test a sentence.

use portico::kernel::time::Span;

use crate::support::people::*;
use crate::support::portal::{Portal, SESSION_COOKIE};

const NEW: &str = "five other unrelated harbor words";

/// Everybody has Account Settings, and finds their own name, role and place there.
#[test]
fn everybody_has_account_settings() {
    let portal = Portal::firm();
    for (member, role, place) in [
        (ADA, "Primary account", HARBOR),
        (SID, "Sales & Marketing", HARBOR),
        (OLU, "Organization user", ALDER),
        (MALLORY, "Admin", TIDEWATER),
    ] {
        let mut visit = portal.sign_in(member);
        visit.visit("/account").sees("Account Settings").sees(&member.name()).sees(member.email).sees(role).sees(place);
        visit.visit("/account/security").status(200).sees("Where you are signed in");
    }
    portal.guest().get("/account").status(303);
    portal.half_signed_in(OLU).get("/account").status(303);
}

/// ALL-6: the default is UTC; another zone shows every time with its offset.
#[test]
fn times_are_shown_in_the_chosen_zone() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    visit.visit("/account").sees("22 Nov 2026, 06:26:00 (UTC)");
    visit.fill("Time zone", "America/St_Johns").press("Save").sees("Your settings are saved.").sees("22 Nov 2026, 02:56:00 (UTC-03:30)");
    assert_eq!(portal.last_activity(), "changed their own settings");
    assert_eq!(
        portal.sql::<String>("select changes from activity order by seq desc limit 1", []),
        r#"[["Time zone","UTC","America/St_Johns"]]"#
    );
    portal.sign_in(ABE).visit("/account").sees("06:26:00 (UTC)");
}

/// A zone or theme that is none is refused, and the form comes back.
#[test]
fn an_unknown_zone_or_theme_is_refused() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    visit.post("/account", &[("time_zone", "Mars/Olympus"), ("theme", "neon")]).status(422);
    visit.sees("Choose a time zone from the list.").sees("Choose automatic, light or dark.");
    assert_eq!(portal.sql::<String>("select time_zone || theme from identity where email = ?1", [ADA.email]), "UTCauto");
}

/// The theme holds on every page; the menu's switch leads back to where it was pressed, and never elsewhere.
#[test]
fn the_theme_is_chosen_in_settings_or_in_the_menu() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    assert!(!visit.visit("/account").body().contains("data-theme"));
    visit.fill("Theme", "Dark").press("Save");
    assert!(visit.body().contains("data-theme=\"dark\""));
    visit.visit("/account/security").press("Light");
    assert_eq!(visit.url, "/account/security");
    assert!(visit.body().contains("data-theme=\"light\""));
    visit.post("/account/theme", &[("theme", "auto"), ("back", "//elsewhere.example")]).status(303);
    assert_eq!(visit.location(), "/");
}

/// ACC-13: a new password ends all other sessions and renews this one's token.
#[test]
fn a_new_password_ends_all_other_sessions() {
    let portal = Portal::firm();
    let (mut visit, mut other, mut stranger) = (portal.sign_in(ABE), portal.sign_in(ABE), portal.sign_in(TESS));
    let mut stolen = visit.clone();
    let before = visit.cookie(SESSION_COOKIE).map(ToOwned::to_owned);
    visit.visit("/account/security").fill("Current password", PASSWORD).fill("New password", NEW).press("Change password");
    visit.status(200).sees("Your password is changed.");
    assert_ne!(visit.cookie(SESSION_COOKIE).map(ToOwned::to_owned), before);
    visit.get("/account").status(200);
    stolen.get("/account").status(303);
    other.get("/account").status(303);
    stranger.get("/account").status(200);
    for (password, status) in [(PASSWORD, 422), (NEW, 303)] {
        portal.guest().post("/sign-in", &[("email", ABE.email), ("password", password)]).status(status);
    }
}

/// ACC-13: changing the password asks for the current one; a wrong one changes nothing and ends nothing.
#[test]
fn the_current_password_is_asked_for() {
    let portal = Portal::firm();
    let (mut visit, mut other) = (portal.sign_in(ABE), portal.sign_in(ABE));
    for (current, new, says) in [
        ("wrong wrong wrong", NEW, "This is not your current password."),
        (PASSWORD, "short", "Use at least 12 characters."),
        (PASSWORD, "password1234", "among the first that are tried"),
        (PASSWORD, ABE.email, "among the first that are tried"),
    ] {
        visit.visit("/account/security").fill("Current password", current).fill("New password", new).press("Change password");
        visit.status(422).sees(says);
    }
    other.get("/account").status(200);
    portal.guest().post("/sign-in", &[("email", ABE.email), ("password", PASSWORD)]).status(303);
}

/// SEC-1: a session left open is no place to guess the password either.
#[test]
fn guessing_the_current_password_is_slowed_down() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ABE);
    for _ in 0..6 {
        visit.visit("/account/security").fill("Current password", "wrong wrong wrong").fill("New password", NEW).press("Change password");
        visit.status(422).sees("This is not your current password.");
    }
    visit.visit("/account/security").fill("Current password", PASSWORD).fill("New password", NEW).press("Change password");
    visit.status(422).sees("You can try again in 1 second.");
    portal.wait(Span::seconds(1));
    visit.visit("/account/security").fill("Current password", PASSWORD).fill("New password", NEW).press("Change password");
    visit.sees("Your password is changed.");
}

/// ACC-13: one sees one's own sessions and ends one of them, or all others; never the one in use.
#[test]
fn people_see_and_end_their_own_sessions() {
    let portal = Portal::firm();
    let (mut visit, mut second, mut third) = (portal.sign_in(ABE), portal.sign_in(ABE), portal.sign_in(ABE));
    let mut tess = portal.sign_in(TESS);
    visit.visit("/account/security").sees("This one").sees("Test").sees("127.0.0.1");
    let mine: i64 = portal.sql("select min(id) from session", []);
    visit.post(&format!("/account/sessions/{mine}/removal"), &[]).follow().sees("This is the session you are using.");
    visit.post(&format!("/account/sessions/{}/removal", mine + 1), &[]).follow().sees("That session is ended.");
    second.get("/account").status(303);
    third.get("/account").status(200);
    visit.visit("/account/security").press("End all others").sees("1 other session is ended.").is_not_offered("End all others");
    third.get("/account").status(303);
    visit.get("/account").status(200);
    tess.get("/account").status(200);
}

/// ACC-13: only sessions that still lead somewhere are listed; one without an account does for ten minutes.
#[test]
fn a_session_that_is_over_is_not_listed() {
    let portal = Portal::firm();
    let (mut visit, _half) = (portal.sign_in(ABE), portal.half_signed_in(ABE));
    portal.wait_idle(Span(Span::minutes(10).0 - 1));
    visit.visit("/account/security").is_offered("End all others");
    portal.wait_idle(Span(1));
    visit.visit("/account/security").is_not_offered("End all others");
}

/// ACC-13, ALL-1: somebody else's session is not found, like one that does not exist.
#[test]
fn somebody_elses_session_is_not_found() {
    let portal = Portal::firm();
    let mut tess = portal.sign_in(TESS);
    let hers: i64 = portal.sql("select id from session", []);
    let mut visit = portal.sign_in(ABE);
    visit.post(&format!("/account/sessions/{hers}/removal"), &[]).status(404);
    let foreign = visit.response.headers.clone();
    visit.post("/account/sessions/987654/removal", &[]).status(404);
    assert_eq!(visit.response.headers, foreign);
    tess.get("/account").status(200);
}
