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

const VIEW: [(&str, &str); 6] = [
    ("devices_by", "name"),
    ("storage_as", "amounts"),
    ("backup_warn_hours", "6"),
    ("backup_fail_hours", "30"),
    ("devices_per_page", "50"),
    ("theme", "auto"),
];

fn view_of(portal: &Portal, member: Member) -> String {
    portal.sql(
        "select devices_by || ' ' || storage_as || ' ' || backup_warn_hours || ' ' || backup_fail_hours || ' ' || devices_per_page
           from identity where email = ?1",
        [member.email],
    )
}

/// BRA-3: everybody has a view of devices of their own under Display, and begins with the same one.
#[test]
fn everybody_chooses_how_they_see_devices() {
    let portal = Portal::firm();
    for member in [ADA, ABE, TESS, BEA, OLU] {
        assert_eq!(view_of(&portal, member), "state percent 12 24 25");
    }
    let mut visit = portal.sign_in(TESS);
    visit.visit("/account").open("Display").sees("Local: your own view of devices").sees("after 12 hours").sees("62 %");
    visit.fill("Sort devices by", "Name").fill("Local storage format", "Amounts").fill("Devices per page", "50");
    visit.fill("Warn after, hours", "6").fill("Fail after, hours", "30").press("Save");
    visit.sees("Your view of devices is saved.").sees("after 6 hours").sees("after 30 hours").sees("of 8.0 TB").does_not_see("62 %");
    assert_eq!(view_of(&portal, TESS), "name amounts 6 30 50");
    for other in [ADA, ABE, OLU] {
        assert_eq!(view_of(&portal, other), "state percent 12 24 25");
    }
    assert_eq!(portal.last_activity(), "changed their own view of devices");
    let before = portal.sql_count("activity");
    visit.press("Save").sees("Nothing was changed.");
    assert_eq!(portal.sql_count("activity"), before);
}

/// BRA-3: an hour at least, thirty days at most, and a failure after its warning; what else is entered comes back with a sentence.
#[test]
fn a_view_of_devices_that_makes_no_sense_is_refused() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ABE);
    let mut with = |name: &str, value: &str, also: &[(&str, &str)]| {
        let mut fields: Vec<(&str, &str)> = VIEW.iter().copied().filter(|(field, _)| *field != name).collect();
        fields.push((name, value));
        for (field, value) in also {
            fields.retain(|(there, _)| there != field);
            fields.push((field, value));
        }
        visit.post("/account/display", &fields);
        (visit.response.status, visit.body())
    };
    for (name, value, sentence) in [
        ("devices_by", "color", "Choose what devices are sorted by."),
        ("storage_as", "", "Choose percent or amounts."),
        ("backup_warn_hours", "0", "Enter whole hours, 1 to 720."),
        ("backup_warn_hours", "1.5", "Enter whole hours, 1 to 720."),
        ("backup_fail_hours", "721", "Enter whole hours, 1 to 720."),
        ("backup_fail_hours", "6", "A failure comes after the warning: enter more than 6 hours."),
        ("theme", "sepia", "Choose automatic, light or dark."),
        ("devices_per_page", "24", "Choose 10, 25, 50 or 100."),
        ("devices_per_page", "1000", "Choose 10, 25, 50 or 100."),
    ] {
        let (status, body) = with(name, value, &[]);
        assert_eq!(status, 422, "{name}={value}");
        assert!(body.contains(sentence), "{name}={value}: {sentence}");
    }
    assert_eq!(view_of(&portal, ABE), "state percent 12 24 25");
    for (name, value, also) in [
        ("backup_warn_hours", "1", &[][..]),
        ("backup_fail_hours", "7", &[]),
        ("backup_fail_hours", "720", &[("backup_warn_hours", "719")]),
        ("devices_per_page", "100", &[]),
    ] {
        assert_eq!(with(name, value, also).0, 303, "{name}={value}");
    }
    assert_eq!(view_of(&portal, ABE), "name amounts 6 30 100");
}
