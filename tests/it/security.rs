//! The rules of asking again (SEC-2) and of the security settings (SEC-3, ACC-10, ACC-12, ACC-13), one test a sentence.

use portico::access::stage_model::PROOF_LASTS;
use portico::kernel::time::Span;

use std::net::IpAddr;

use portico::kernel::addresses::Range;
use portico::kernel::http::Method;

use crate::support::people::*;
use crate::support::portal::{Portal, SESSION_COOKIE, Visit};

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
        visit.send(Method::Post, DELETION, &headers, b"typed=Alder".to_vec()).sees(ASKED);
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

const PAGE: &str = "/security-settings";

/// Sets one field of Security Settings as Ada, who has signed in just now.
#[track_caller]
fn set(portal: &Portal, label: &str, value: &str) {
    portal.sign_in(ADA).visit(PAGE).fill(label, value).press("Save").status(200).sees("Saved. This holds from everybody's next click on.");
}

/// Tries the password at the sign-in page from an address, with what is remembered of the browser.
fn try_from<'v>(visit: &'v mut Visit, address: &str, email: &str) -> &'v mut Visit {
    visit.from(address.parse().expect("an address"));
    visit.post("/sign-in", &[("email", email), ("password", PASSWORD)])
}

/// SEC-3: the primary account and Security Admins see the page; nobody else finds it, and a partner sees and sets its own alone.
#[test]
fn security_settings_are_for_who_guards_access() {
    let portal = Portal::firm();
    for member in [ADA, SAM, PIA] {
        portal.sign_in(member).visit(PAGE).status(200).sees("Minimum length").is_offered("Security Settings");
    }
    for member in [ABE, TESS, BEA, SID, OLU, MALLORY] {
        let mut visit = portal.sign_in(member);
        visit.get(PAGE).status(404);
        visit.post(PAGE, &[("password_length", "20")]).status(404);
        visit.post(&format!("{PAGE}/organizations/{ALDER_ID}"), &[("second_factor", "required")]).status(404);
    }
    set(&portal, "Minimum length", "20");
    assert_eq!(portal.sign_in(SAM).visit(PAGE).value_of("Minimum length"), "20");
    assert_eq!(portal.sign_in(PIA).visit(PAGE).value_of("Minimum length"), "12");
}

/// LOG-1, SEC-3: a change is one event that tells each setting from what to what; saving the same again is none.
#[test]
fn each_change_is_told_from_what_to_what() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(PAGE).fill("Minimum length", "16").fill("Days to inactivity", "30").tick("Letter on sign-in from a new browser");
    ada.fill("Allowed addresses of employees", "127.0.0.1\n192.0.2.9/24").fill("Ends when idle, minutes", "10");
    ada.fill("Ends in any case, minutes", "60").press("Save").sees("Saved.");
    assert_eq!(portal.last_activity(), "changed the security settings");
    assert_eq!(
        portal.sql::<String>("select changes from activity order by seq desc limit 1", []),
        r#"[["Minimum password length","12","16"],["Session ends when idle for","30 minutes","10 minutes"],["Session ends after","480 minutes","60 minutes"],["Days to inactivity","90","30"],["Letter about a new browser","not sent","sent"],["Allowed addresses","everywhere","127.0.0.1, 192.0.2.0/24"]]"#
    );
    let events = portal.sql_count("activity");
    ada.visit(PAGE).press("Save").sees("Nothing was changed.");
    assert_eq!(portal.sql_count("activity"), events);
}

/// SEC-3: each limit, from both sides; the form comes back as it was filled in and nothing is kept.
#[test]
fn settings_have_limits() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    for (label, bad, good) in [
        ("Minimum length", ["11", "65"], ["12", "64"]),
        ("Ends when idle, minutes", ["4", "481"], ["5", "480"]),
        ("Ends in any case, minutes", ["14", "1441"], ["480", "1440"]),
        ("Days to inactivity", ["0", "731"], ["1", "730"]),
    ] {
        for value in bad.into_iter().chain(["", "12.5", "-30", "many"]) {
            ada.visit(PAGE).fill(label, value).press("Save").status(422).sees("Enter a whole number from");
            assert_eq!(ada.value_of(label), value);
        }
        for value in good {
            ada.visit(PAGE).fill(label, value).press("Save").status(200);
        }
    }
    ada.visit(PAGE).fill("Ends when idle, minutes", "60").fill("Ends in any case, minutes", "59").press("Save").status(422);
    ada.sees("A session cannot last shorter than it may be idle.");
    ada.visit(PAGE).fill("Ends when idle, minutes", "60").fill("Ends in any case, minutes", "60").press("Save").status(200);
}

/// SEC-3, ACC-2, ACC-9, ACC-13: new passwords are as long as the partner says, wherever one is chosen; other partners' are not touched.
#[test]
fn new_passwords_are_as_long_as_the_partner_says() {
    let portal = Portal::firm();
    set(&portal, "Minimum length", "20");
    let (short, long) = ("nineteen characters", "twenty characters ok");
    assert_eq!((short.len(), long.len()), (19, 20));
    let mut abe = portal.sign_in(ABE);
    abe.visit("/account/security").sees("At least 20 characters").fill("Current password", PASSWORD).fill("New password", short);
    abe.press("Change password").status(422).sees("Use at least 20 characters.");
    abe.fill("Current password", PASSWORD).fill("New password", long).press("Change password").status(200);
    portal.guest().post("/forgot-password", &[("email", OLU.email)]);
    portal.guest().post("/forgot-password", &[("email", CARL.email)]);
    portal.run_jobs();
    let mut olu = portal.guest();
    olu.visit(&portal.link_for(OLU.email)).sees("20 to 128 characters").fill("Password", short).fill("Password again", short);
    olu.press("Set password").status(422).sees("Use at least 20 characters.");
    olu.fill("Password", long).fill("Password again", long).press("Set password").status(200).sees("Your new password is set.");
    let mut carl = portal.guest();
    carl.visit(&portal.link_for(CARL.email)).sees("12 to 128 characters").fill("Password", short).fill("Password again", short);
    carl.press("Set password").sees("Your new password is set.");
}

/// SEC-3: a session ends when it was idle as long as the partner says, from the next click on, open ones too; to the second.
#[test]
fn sessions_end_when_idle_as_long_as_the_partner_says() {
    let portal = Portal::firm();
    let (mut abe, mut mallory) = (portal.sign_in(ABE), portal.sign_in(MALLORY));
    set(&portal, "Ends when idle, minutes", "10");
    portal.wait_idle(Span(Span::minutes(10).0 - 1_000));
    abe.get("/account").status(200);
    portal.wait_idle(Span(Span::minutes(10).0 - 1_000));
    let mut twin = abe.clone();
    abe.get("/account").status(200);
    portal.wait_idle(Span::minutes(10));
    twin.get("/account").status(303);
    mallory.get("/account").status(200);
}

/// SEC-3: a session ends after the partner's longest time however busy it is; to the second. What is over is not listed and is pruned.
#[test]
fn sessions_end_after_the_partners_longest_time() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    set(&portal, "Ends in any case, minutes", "60");
    for _ in 0..3 {
        portal.wait_idle(Span(Span::minutes(20).0 - 1_000));
        abe.get("/account").status(200);
    }
    portal.wait_idle(Span::seconds(2));
    abe.get("/account").status(200);
    portal.wait_idle(Span::seconds(1));
    abe.get("/account").status(303);
    let mut again = portal.sign_in(ABE);
    again.visit("/account/security").is_not_offered("End all others");
    portal.run_jobs();
    assert_eq!(portal.sql_count("session s join account a on a.id = s.account where a.id = 110000000000003"), 1);
}

/// SEC-3: a longer time than the usual one holds as well.
#[test]
fn sessions_may_last_longer_than_usual() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    set(&portal, "Ends when idle, minutes", "60");
    portal.wait_idle(Span(Span::minutes(60).0 - 1_000)).run_jobs();
    abe.visit("/account/security").status(200).sees("This one");
}

/// ACC-10: at ninety days to the second an employee's password is right and yet has to be reset; then they come back.
#[test]
fn who_has_not_signed_in_for_ninety_days_must_reset_the_password() {
    for (away, out) in [(Span(Span::days(90).0 - 1_000), false), (Span::days(90), true)] {
        let portal = Portal::firm();
        portal.guest().post("/sign-in", &[("email", ABE.email), ("password", PASSWORD)]).status(303);
        portal.wait_idle(away);
        let mut abe = portal.guest();
        abe.post("/sign-in", &[("email", ABE.email), ("password", PASSWORD)]).status(if out { 422 } else { 303 });
        if !out {
            continue;
        }
        abe.sees("You have not signed in for 90 days or more. Choose Forgot password");
        assert_eq!(portal.last_activity(), "tried to sign in after 90 days or more, and has to reset the password");
        abe.post("/sign-in", &[("email", ABE.email), ("password", "wrong wrong wrong")]).status(422).does_not_see("90 days");
        portal.guest().post("/sign-in", &[("email", OLU.email), ("password", PASSWORD)]).status(303);
        portal.guest().post("/forgot-password", &[("email", ABE.email)]);
        portal.run_jobs();
        let new = "five other unrelated harbor words";
        abe.visit(&portal.link_for(ABE.email)).fill("Password", new).fill("Password again", new).press("Set password").status(200);
        portal.wait_idle(Span::minutes(1));
        abe.post("/sign-in", &[("email", ABE.email), ("password", new)]).status(303);
    }
}

/// ACC-10, SEC-3: the number of days is the partner's, and it is the clock that decides.
#[test]
fn the_days_to_inactivity_are_the_partners() {
    let portal = Portal::firm();
    portal.wait_idle(Span::days(7));
    let tries = |member: Member| portal.guest().post("/sign-in", &[("email", member.email), ("password", PASSWORD)]).response.status;
    portal.execute("update account set last_sign_in_at = ?1 where id = ?2", (portal.now().0, ADA.account));
    set(&portal, "Days to inactivity", "7");
    assert_eq!((tries(ABE), tries(MALLORY), tries(ADA)), (422, 303, 303));
    set(&portal, "Days to inactivity", "8");
    assert_eq!(tries(ABE), 303);
}

/// ACC-10, ACC-11: who has an account at an organization too still enters that one, and no detour leads to the other.
#[test]
fn an_inactive_employees_other_account_stays_open() {
    let portal = Portal::firm();
    portal.execute("update account set identity = ?1 where id = ?2", (ABE.account + 500, OLU.account));
    let sign_in = [("email", ABE.email), ("password", PASSWORD)];
    let gives_the_code = || portal.execute("update session set factor_at = created_at", []);
    let mut both = portal.guest();
    both.post("/sign-in", &sign_in).status(303);
    gives_the_code();
    both.get("/choose-account").status(200).sees(ALDER).sees("Admin");
    portal.wait_idle(Span::days(90));
    let mut one = portal.guest();
    one.post("/sign-in", &sign_in).status(303);
    gives_the_code();
    one.visit("/").status(200).sees(ALDER);
    let account = ABE.account.to_string();
    one.post("/choose-account", &[("account", &account)]).status(422).sees("You have not signed in for 90 days or more.");
    portal.wait_idle(Span::days(1));
    one.post("/sign-in", &sign_in).status(303);
    assert_eq!(portal.sql::<i64>("select account from session order by id desc limit 1", []), OLU.account);
}

/// SEC-3: from elsewhere an employee's right password is refused like a wrong one, and the log says why; users are not limited.
#[test]
fn employees_sign_in_from_allowed_addresses_only() {
    let portal = Portal::firm();
    set(&portal, "Allowed addresses of employees", "127.0.0.1\n192.0.2.0/24");
    let mut inside = portal.guest();
    try_from(&mut inside, "192.0.2.200", ABE.email).status(303);
    let mut outside = portal.guest();
    try_from(&mut outside, "198.51.100.1", ABE.email).status(422);
    let refused = outside.text();
    assert_eq!(portal.last_activity(), "tried to sign in from an address that is not allowed, and was refused");
    outside.post("/sign-in", &[("email", ABE.email), ("password", "wrong wrong wrong")]).status(422);
    assert_eq!(outside.text(), refused);
    try_from(&mut portal.guest(), "198.51.100.1", OLU.email).status(303);
    try_from(&mut portal.guest(), "198.51.100.1", MALLORY.email).status(303);
}

/// SEC-3: an open session from elsewhere stops at the next click, and goes on where it is allowed; a user's goes on anywhere.
#[test]
fn open_sessions_from_elsewhere_stop_at_the_next_click() {
    let portal = Portal::firm();
    let outside: IpAddr = "198.51.100.1".parse().expect("an address");
    let (mut abe, mut olu) = (portal.sign_in(ABE), portal.sign_in(OLU));
    abe.from(outside).get("/account").status(200);
    olu.from(outside).get("/account").status(200);
    set(&portal, "Allowed addresses of employees", "127.0.0.0/8");
    abe.get("/account").status(303);
    abe.post("/organizations", &[("name", "From Elsewhere")]).status(303);
    assert_eq!(portal.sql_count("organization where name = 'From Elsewhere'"), 0);
    olu.get("/account").status(200);
    abe.from("127.9.9.9".parse().expect("an address")).get("/account").status(200);
    set(&portal, "Allowed addresses of employees", "");
    abe.from(outside).get("/account").status(200);
}

/// SEC-3: nobody locks themselves out, and what is no range is named.
#[test]
fn a_list_of_addresses_that_locks_its_maker_out_is_refused() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    for (typed, says) in [
        ("192.0.2.0/24", "You are at 127.0.0.1, which is not in this list: saving it would lock you out."),
        ("::1", "would lock you out"),
        ("127.0.0.1\nharbor.example", "“harbor.example” is neither an address nor a range such as 192.0.2.0/24."),
        ("127.0.0.1/33", "“127.0.0.1/33” is neither"),
        ("127.0.0.1/-1", "is neither"),
        ("127.0.0.1/", "is neither"),
        ("127.0.0.256", "is neither"),
    ] {
        ada.visit(PAGE).fill("Allowed addresses of employees", typed).press("Save").status(422).sees(says);
        assert_eq!(portal.sql_count("security_setting"), 0, "{typed}");
    }
    let mut visit = portal.sign_in(ADA);
    visit.from("::ffff:192.0.2.7".parse().expect("an address"));
    visit.visit(PAGE).sees("You are at 192.0.2.7.").fill("Allowed addresses of employees", "192.0.2.7").press("Save").status(200);
    visit.visit(PAGE).status(200);
    ada.get(PAGE).status(303);
}

/// SEC-3: ranges hold just what they say.
#[test]
fn a_range_holds_just_its_addresses() {
    for (range, inside, outside) in [
        ("192.0.2.7", vec!["192.0.2.7", "::ffff:192.0.2.7"], vec!["192.0.2.6", "192.0.2.8", "::7"]),
        ("192.0.2.0/25", vec!["192.0.2.0", "192.0.2.127"], vec!["192.0.1.255", "192.0.2.128"]),
        ("192.0.2.77/24", vec!["192.0.2.0", "192.0.2.255"], vec!["192.0.3.0"]),
        ("0.0.0.0/0", vec!["0.0.0.0", "255.255.255.255"], vec!["::1"]),
        ("2001:db8::/33", vec!["2001:db8::1", "2001:db8:7fff::"], vec!["2001:db8:8000::", "2001:db9::"]),
        ("::/0", vec!["::", "2001:db8::1"], vec!["127.0.0.1"]),
        ("::ffff:192.0.2.0/120", vec!["192.0.2.9"], vec!["192.0.3.9"]),
    ] {
        let parsed = Range::parse(range).expect("a range");
        for address in inside {
            assert!(parsed.contains(address.parse().expect("an address")), "{range} holds {address}");
        }
        for address in outside {
            assert!(!parsed.contains(address.parse().expect("an address")), "{range} does not hold {address}");
        }
    }
    assert_eq!(Range::parse("192.0.2.77/24").map(|range| range.to_string()), Ok("192.0.2.0/24".to_owned()));
    for none in ["", "/8", "192.0.2.0/24/1", "192.0.2/24", "::ffff:192.0.2.0/95", "::/129", "192.0.2.0/ 8", "192.0.2.0/+8"] {
        assert!(Range::parse(none).is_err(), "{none:?}");
    }
}

/// SEC-1, MAI-1: a sign-in from a browser that is not known writes a letter that says when, with what and from where; a known one, or
/// where it is switched off, writes none.
#[test]
fn a_new_browser_is_told_in_a_letter() {
    let portal = Portal::firm();
    let mut before = portal.guest();
    try_from(&mut before, "127.0.0.1", ABE.email).status(303);
    assert_eq!(portal.sql_count("letter"), 0);
    portal.sign_in(ADA).visit(PAGE).tick("Letter on sign-in from a new browser").press("Save").sees("Saved.");
    try_from(&mut before, "127.0.0.1", ABE.email).status(303);
    assert_eq!(portal.sql_count("letter"), 0, "it was known before the setting was on");
    let mut other = portal.guest();
    try_from(&mut other, "192.0.2.7", ABE.email).status(303);
    let letter = portal.letter_to(ABE.email);
    for words in ["A sign-in from a new browser", "22 Nov 2026, 06:26:00 (UTC)", "Unknown browser", "192.0.2.7", "change your password"] {
        assert!(letter.contains(words), "{words}: {letter}");
    }
    try_from(&mut other, "192.0.2.7", ABE.email).status(303);
    try_from(&mut portal.guest(), "192.0.2.7", MALLORY.email).status(303);
    portal.guest().post("/sign-in", &[("email", ABE.email), ("password", "wrong wrong wrong")]).status(422);
    assert_eq!(portal.sql_count("letter"), 1);
    try_from(&mut other, "192.0.2.7", TESS.email).status(303);
    assert_eq!(portal.sql_count("letter"), 2, "a browser is known for each identity by itself");
}

/// SEC-1: a browser stays known for 400 days after it was last used, to the second; who came by a set-up link brought a known one.
#[test]
fn a_browser_is_known_for_400_days() {
    for (away, letters) in [(Span(Span::days(400).0 - 1_000), 0), (Span::days(400), 1)] {
        let portal = Portal::firm();
        portal.sign_in(ADA).visit(PAGE).tick("Letter on sign-in from a new browser").fill("Days to inactivity", "730").press("Save");
        portal.execute(
            "insert into known_browser (identity, token_hash, partner, last_used_at) values (?1, ?2, 1, ?3)",
            (ABE.account + 500, portico::kernel::secret::token_hash(&"b".repeat(43)), portal.now().0),
        );
        portal.wait_idle(away);
        let cookie = format!("__Host-portico-browser={}", "b".repeat(43));
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin"), ("cookie", cookie.as_str())];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs([("email", ABE.email), ("password", PASSWORD)]).finish();
        portal.guest().send(Method::Post, "/sign-in", &headers, body.into_bytes()).status(303);
        assert_eq!(portal.sql_count("letter"), letters);
    }
    let portal = Portal::firm();
    portal.sign_in(ADA).visit(PAGE).tick("Letter on sign-in from a new browser").press("Save");
    portal.guest().post("/forgot-password", &[("email", ABE.email)]);
    portal.run_jobs();
    let (mut abe, new) = (portal.guest(), "five other unrelated harbor words");
    abe.visit(&portal.link_for(ABE.email)).fill("Password", new).fill("Password again", new).press("Set password").status(200);
    abe.post("/sign-in", &[("email", ABE.email), ("password", new)]).status(303);
    assert_eq!(portal.sql_count("letter where kind = 'notice'"), 0);
    assert!(abe.cookie(SESSION_COOKIE).is_some());
}

/// ORG-9, PAR-1: which organizations require a second factor is found, set and told; those of sub-partners too, those of others never.
#[test]
fn organizations_that_require_a_second_factor_are_listed_and_set() {
    let portal = Portal::firm();
    let mut sam = portal.sign_in(SAM);
    sam.visit(PAGE).sees(ALDER).sees(CEDAR).is_not_offered("Make optional");
    sam.visit("/security-settings?q=alder")
        .sees(ALDER)
        .does_not_see(BIRCH)
        .press("Require")
        .sees("Users of Alder Dental must set up a second factor");
    assert_eq!(portal.last_activity(), "enabled multifactor authentication for Alder Dental");
    assert_eq!(
        portal.sql::<String>("select changes from activity order by seq desc limit 1", []),
        r#"[["Second factor","optional","required"]]"#
    );
    assert_eq!(portal.sql_count("organization where require_second_factor = 1 and id = 10000001"), 1);
    let events = portal.sql_count("activity");
    sam.post(&format!("{PAGE}/organizations/{ALDER_ID}"), &[("second_factor", "required")]).status(303);
    assert_eq!(portal.sql_count("activity"), events, "the same again is no event");
    sam.visit("/security-settings?q=cedar").press("Require").sees(CEDAR);
    sam.visit(PAGE).near(ALDER).press("Make optional").sees("need none");
    assert_eq!(portal.sql::<i64>("select id from organization where require_second_factor = 1", []), CEDAR_ID);
    let mut pia = portal.sign_in(PIA);
    pia.visit(PAGE).sees(CEDAR);
    pia.visit("/security-settings?q=alder").does_not_see(ALDER).sees("Nothing found");
    pia.visit("/security-settings?q=dogwood").sees("Nothing found");
    for id in [ALDER_ID, DOGWOOD_ID, 99_999_999] {
        pia.post(&format!("{PAGE}/organizations/{id}"), &[("second_factor", "required")]).status(404);
    }
    assert_eq!(portal.sql_count("organization where require_second_factor = 1"), 1);
}

const LIST: &str = "/addresses";

/// Lists an e-mail as used in a product, as Abe.
#[track_caller]
fn list(portal: &Portal, email: &str, product: &str) {
    portal.sign_in(ABE).visit(LIST).fill("E-mail", email).fill("Product", product).press("Add address").status(200).sees("Listed");
}

/// ACC-12: the list is for those who run the portal; it is searched, added to and taken from, each with an event, for one's own partner.
#[test]
fn addresses_in_other_products_are_listed() {
    let portal = Portal::firm();
    for member in [TESS, BEA, SID, OLU] {
        portal.sign_in(member).get(LIST).status(404);
        portal.sign_in(member).post(LIST, &[("email", "a@b.example"), ("product", "X")]).status(404);
    }
    let mut abe = portal.sign_in(ABE);
    abe.visit(LIST).sees("No other product is listed").is_offered("Addresses in other products");
    abe.fill("E-mail", "nobody")
        .fill("Product", " ")
        .press("Add address")
        .status(422)
        .sees("Enter an e-mail address")
        .sees("Enter the product's name.");
    list(&portal, OLU.email, "Ticket system");
    assert_eq!(portal.last_activity(), "listed olu@alder.example as used in Ticket system");
    list(&portal, "zed@birch.example", "Remote monitoring");
    abe.visit(LIST).fill("E-mail", "OLU@alder.example").fill("Product", "ticket SYSTEM").press("Add address").status(422);
    abe.sees("OLU@alder.example is in the list for ticket SYSTEM already.");
    abe.visit("/addresses?q=TICKET").sees(OLU.email).does_not_see("zed@birch.example");
    abe.visit("/addresses?q=zed").sees("zed@birch.example").does_not_see(OLU.email);
    let mut mallory = portal.sign_in(MALLORY);
    mallory.visit(LIST).does_not_see(OLU.email).sees("No other product is listed");
    let id: i64 = portal.sql("select id from other_product_address where email_key = ?1", [OLU.email]);
    mallory.post(&format!("{LIST}/{id}/removal"), &[]).status(404);
    abe.visit("/addresses")
        .near(OLU.email)
        .press("Take olu@alder.example off the list of Ticket system")
        .sees("Took olu@alder.example off");
    assert_eq!(portal.last_activity(), "took olu@alder.example off the list of e-mails used in Ticket system");
    assert_eq!(portal.sql_count("other_product_address"), 1);
}

/// ACC-12: such an e-mail may be given to a new user and cannot be changed afterwards: the field is locked with the reason, a form that
/// changes it all the same is refused, everything else can be changed; off the list it can be changed again.
#[test]
fn a_users_email_that_another_product_uses_stays() {
    let portal = Portal::firm();
    list(&portal, "ira@alder.example", "Ticket system");
    let mut abe = portal.sign_in(ABE);
    abe.visit("/organizations/10000001/users/new").fill("First name", "Ira").fill("Last name", "Moss").fill("Email", "Ira@Alder.example");
    abe.press("Add Organization User").status(200).sees("Added Ira Moss.");
    let id: i64 = portal.sql("select a.id from account a join identity i on i.id = a.identity where i.email_key = 'ira@alder.example'", []);
    let edit = format!("/organizations/10000001/users/{id}");
    let reason = "Ira@Alder.example is also used in Ticket system, so it cannot be changed here.";
    abe.visit(&edit).sees(reason);
    abe.fill("Email", "other@alder.example").fill("Last name", "Marsh").press("Save Changes").status(422).sees(reason);
    assert_eq!(portal.sql_count("account where last_name = 'Marsh'"), 0);
    abe.visit(&edit).fill("Last name", "Marsh").press("Save Changes").sees("Saved the changes to Ira Marsh.");
    abe.visit(&format!("/organizations/10000001/users/{}", OLU.account)).does_not_see("is also used in");
    portal.execute("delete from other_product_address", []);
    abe.visit(&edit)
        .does_not_see(reason)
        .fill("Email", "other@alder.example")
        .press("Save Changes")
        .sees("Saved the changes to Ira Marsh.");
}

/// ACC-12: what another partner lists locks nobody here.
#[test]
fn another_partners_list_locks_nobody_here() {
    let portal = Portal::firm();
    portal.execute(
        "insert into other_product_address (id, partner, email, email_key, product, product_key, created_at) values (7, 2, ?1, ?1, 'X', 'x', 1)",
        [NOOR.email],
    );
    let edit = format!("/organizations/10000001/users/{}", NOOR.account);
    portal
        .sign_in(ABE)
        .visit(&edit)
        .does_not_see("is also used in")
        .fill("Email", "noor2@alder.example")
        .press("Save Changes")
        .sees("Saved");
}

/// ACC-12: the same holds for the e-mail of an organization's contact, on its page and in an import; it may be given, and not be changed
/// or taken away.
#[test]
fn a_contacts_email_that_another_product_uses_stays() {
    let portal = Portal::firm();
    list(&portal, "con@alder.example", "Ticket system");
    list(&portal, "con@alder.example", "Remote monitoring");
    let mut abe = portal.sign_in(ABE);
    let page = "/organizations/10000001";
    abe.visit(page).fill("Contact e-mail", "con@alder.example").press("Save Changes").sees("Saved the settings");
    let reason = "con@alder.example is also used in Remote monitoring and Ticket system, so it cannot be changed here.";
    abe.visit(page).sees(reason).fill("Contact first name", "Con").press("Save Changes").sees("Saved the settings");
    for other in ["other@alder.example", ""] {
        abe.visit(page).fill("Contact e-mail", other).press("Save Changes").status(422).sees(reason);
    }
    for (row, refused) in
        [("Alder Dental,new@alder.example", 1), ("Alder Dental,CON@alder.example", 0), ("Birch & Sons,new@birch.example", 0)]
    {
        let file = format!("name,contact_email\n{row}\n");
        abe.visit("/imports").attach("Files", "organizations.csv", file.as_bytes()).press("Preview");
        assert_eq!(abe.text().contains(reason), refused == 1, "{row}: {}", abe.excerpt());
    }
    assert_eq!(portal.sql::<String>("select contact_email from organization where id = 10000001", []), "con@alder.example");
}

/// IMP-1, IMP-2: a list of e-mails and products is previewed, comes in whole or not at all, and the same again changes nothing.
#[test]
fn addresses_in_other_products_are_imported() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    let bring = |abe: &mut Visit, rows: &str| {
        let file = format!("Email;Product\n{rows}");
        abe.visit("/imports").attach("Files", "other-products.csv", file.as_bytes()).press("Preview");
    };
    bring(&mut abe, "olu@alder.example;Tickets\nnobody;Tickets\n");
    abe.sees("Enter an e-mail address such as jo@example.com.");
    bring(&mut abe, "olu@alder.example;Tickets\nOLU@alder.example;tickets\n");
    abe.sees("OLU@alder.example stands in these files for tickets already.");
    bring(&mut abe, "olu@alder.example;Tickets\nolu@alder.example;Monitoring\nzed@birch.example;Tickets\n");
    assert_eq!(portal.sql_count("other_product_address"), 0);
    abe.press("Import").sees("Imported 3 new rows");
    assert_eq!(portal.sql_count("other_product_address where partner = 1"), 3);
    let edit = format!("/organizations/10000001/users/{}", OLU.account);
    abe.visit(&edit).sees("olu@alder.example is also used in Monitoring and Tickets, so it cannot be changed here.");
    bring(&mut abe, "Olu@alder.example;TICKETS\nnew@birch.example;Tickets\n");
    abe.press("Import").sees("Imported 1 new row");
    assert_eq!(portal.sql_count("other_product_address"), 4);
    portal.wait(Span::days(1)).run_jobs();
    assert_eq!(portal.sql_count("import_other_product"), 0);
}
