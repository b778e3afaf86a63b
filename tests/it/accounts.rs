//! The rules of `accounts`, one test a sentence.

use portico::access::model::Actor;
use portico::access::stage_model::Demand;
use portico::accounts;
use portico::kernel::ids::{AccountId, IdentityId, OrganizationId, PartnerId};
use portico::kernel::time::Span;

use crate::support::golden;
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const NEW: &str = "six quiet lanterns at noon";
const ADD: &str = "/organizations/10000001/users/new";
const IRA: &str = "ira@alder.example";

fn add(visit: &mut Visit, path: &str, email: &str) {
    let fields = [("first_name", "Ira"), ("last_name", "Moss"), ("email", email), ("access", "full"), ("endpoint_access", "none")];
    visit.post(path, &fields);
}

/// A portal in which Ira was just invited, and the path of the letter's link.
#[track_caller]
fn invited() -> (Portal, String) {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    add(&mut ada, ADD, IRA);
    ada.status(303);
    let link = portal.link_for(IRA);
    (portal, link)
}

fn set<'a>(visit: &'a mut Visit, link: &str, password: &str) -> &'a mut Visit {
    visit.post(link, &[("password", password), ("password_again", password)])
}

fn state_of_ira(portal: &Portal) -> String {
    portal.sql("select state from account where last_name = 'Moss'", [])
}

/// ACC-2
#[test]
fn a_set_up_link_shows_whom_it_is_for_and_leads_straight_in() {
    let (portal, link) = invited();
    let mut ira = portal.guest();
    ira.get(&link).status(200).sees("Set up your account").sees("Ira").sees("Alder Dental").sees(IRA).sees("12 to 128 characters");
    ira.fill("Password", NEW).fill("Password again", NEW).press("Set up account");
    ira.get("/choose-account").status(200).sees("Switch account");
    assert_eq!(state_of_ira(&portal), "active");
    assert_eq!(portal.sql_count("activity where kind in ('account.set_up', 'session.signed_in')"), 2);
    let mut later = portal.guest();
    later.visit("/p/harbor/sign-in").fill("E-mail", IRA).fill("Password", NEW).press("Sign in");
    later.get("/choose-account").status(200).sees("Switch account");
}

/// ACC-2: mail programs look at links before people do.
#[test]
fn looking_at_a_link_does_not_spend_it() {
    let (portal, link) = invited();
    for _ in 0..3 {
        portal.guest().get(&link).status(200);
        portal.guest().send(portico::kernel::http::Method::Head, &link, &[], Vec::new()).status(200);
    }
    set(&mut portal.guest(), &link, NEW).status(303);
}

/// ACC-2, ACC-3
#[test]
fn a_set_up_link_works_until_the_seven_days_are_over_to_the_millisecond() {
    let (portal, link) = invited();
    portal.wait(Span(Span::days(7).0 - 1));
    portal.guest().get(&link).status(200);
    set(&mut portal.guest(), &link, NEW).status(303);
    assert_eq!(state_of_ira(&portal), "active");

    let (portal, link) = invited();
    portal.wait(Span::days(7));
    assert_eq!(state_of_ira(&portal), "invited", "no job has run");
    portal.guest().get(&link).status(404);
    set(&mut portal.guest(), &link, NEW).status(404);
    assert_eq!(state_of_ira(&portal), "invited");
}

/// ACC-3, LOG-1
#[test]
fn what_lapsed_is_written_down_once_with_the_moment_it_lapsed() {
    let (portal, _) = invited();
    let invited_at = portal.now();
    portal.wait(Span(Span::days(7).0 - 1)).run_jobs();
    assert_eq!(state_of_ira(&portal), "invited");
    portal.wait(Span::days(3)).run_jobs().run_jobs();
    assert_eq!(state_of_ira(&portal), "deactivated");
    assert_eq!(portal.sql::<i64>("select since from account where last_name = 'Moss'", []), (invited_at + Span::days(7)).0);
    assert_eq!(portal.sql_count("activity where kind = 'account.lapsed' and organization = 10000001"), 1);
}

/// ACC-2
#[test]
fn a_set_up_link_works_once_and_a_form_sent_twice_is_answered_as_the_first_time() {
    let (portal, link) = invited();
    let mut ira = portal.guest();
    let fields = [("password", NEW), ("password_again", NEW), ("form_id", "abcdefghijklmnopqrstuvwxyz0123456789")];
    ira.post(&link, &fields).status(303);
    let mut twin = portal.guest();
    twin.post(&link, &fields).status(303);
    twin.get("/choose-account").status(200).sees("Switch account");
    set(&mut portal.guest(), &link, "another set of good words").status(404).sees("This link no longer works");
    portal.guest().get(&link).status(404).sees("Set up your account already? Then sign in").is_offered("Sign in");
    assert_eq!(portal.sql_count("activity where kind = 'account.set_up'"), 1);
}

/// ACC-2
#[test]
fn a_password_is_chosen_twice_and_keeps_the_rules() {
    let (portal, link) = invited();
    let mut ira = portal.guest();
    ira.post(&link, &[("password", NEW), ("password_again", "something else here")]).status(422).sees("This is not the same as above.");
    set(&mut ira, &link, "elevenchars").status(422).sees("Use at least 12 characters.");
    set(&mut ira, &link, &"aB3$".repeat(33)).status(422).sees("Use at most 128 characters.");
    set(&mut ira, &link, IRA).status(422).sees("among the first that are tried");
    assert!(!ira.body().contains(&"aB3$".repeat(33)), "a password never comes back in a page");
    assert_eq!(state_of_ira(&portal), "invited");
    set(&mut ira, &link, "twelve chars").status(303);
}

/// ACC-2, ALL-1
#[test]
fn every_link_that_does_not_work_answers_with_one_and_the_same_page() {
    let (portal, link) = invited();
    set(&mut portal.guest(), &link, NEW).status(303);
    let mut ada = portal.sign_in(ADA);
    add(&mut ada, ADD, "two@alder.example");
    let expired = portal.link_for("two@alder.example");
    portal.wait(Span::days(8));
    let page = |path: &str| {
        let mut guest = portal.guest();
        guest.get(path).status(404);
        (guest.response.headers.clone(), guest.body())
    };
    let spent = page(&link);
    for path in [expired.as_str(), "/links/x", "/links/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "/links/%00%ff", "/links/%27%20or%201"]
    {
        let there = page(path);
        assert!(there == spent || there.1.contains("Not found"), "{path} differs");
    }
    assert_eq!(page(&expired), spent);
    assert_eq!(page("/links/x"), spent);
}

/// ACC-2, SUB-2
#[test]
fn setting_up_at_a_suspended_organization_leads_to_the_sign_in_page() {
    let (portal, link) = invited();
    portal.execute("update subscription set state = 'suspended' where organization = 10000001", []);
    let mut ira = portal.guest();
    set(&mut ira, &link, NEW).status(303);
    assert_eq!(ira.location(), "/p/harbor/sign-in");
    ira.follow().sees("Its organization is switched off at the moment");
    assert_eq!(state_of_ira(&portal), "active");
    assert_eq!(portal.sql_count("session where identity = (select identity from account where last_name = 'Moss')"), 0);
}

/// ACC-5
#[test]
fn deactivating_ends_the_link_and_half_a_session_cannot_choose_the_account() {
    let portal = Portal::firm();
    let mut half = portal.half_signed_in(OLU);
    portal.sign_in(ADA).post("/organizations/10000001/users/120000000000001/deactivation", &[]).status(303);
    half.post("/choose-account", &[("account", "120000000000001")]);
    assert!(half.response.status != 303 || half.location() != "/", "{} {}", half.response.status, half.excerpt());
    assert_eq!(portal.sql_count("session where account = 120000000000001"), 0);

    let (portal, link) = invited();
    let account: i64 = portal.sql("select account from link order by created_at desc, rowid desc limit 1", []);
    assert_eq!(portal.sql_count(&format!("link where account = {account} and spent_at is null")), 1);
    portal.sign_in(ADA).post(&format!("/organizations/10000001/users/{account}/deactivation"), &[]).status(303);
    portal.guest().get(&link).status(404);
    // It is dead by itself, whatever the account becomes later, and its letter forgets it.
    assert_eq!(portal.sql_count(&format!("link where account = {account} and spent_at is null")), 0);
    portal.run_jobs();
    assert_eq!(portal.sql_count("letter where sealed_link is not null"), 0);
}

/// ACC-6
#[test]
fn a_removed_e_mail_rests_for_24_hours_to_the_millisecond_and_only_at_that_partner() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post("/organizations/10000001/users/120000000000001/removal", &[]).status(303);
    portal.wait(Span(Span::hours(24).0 - 1));
    add(&mut ada, ADD, "OLU@Alder.example");
    ada.status(422).sees("It can be used again from 23 Nov 2026, 06:26:00 (UTC).");
    add(&mut ada, &format!("/organizations/{CEDAR_ID}/users/new"), OLU.email);
    ada.status(303);
    portal.wait(Span(1));
    add(&mut ada, ADD, OLU.email);
    ada.status(303);
    portal.run_jobs();
    assert_eq!(portal.sql_count("held_email"), 0);
}

/// ACC-6
#[test]
fn an_e_mail_at_rest_is_no_way_around_by_editing() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post("/organizations/10000001/users/120000000000001/removal", &[]).status(303);
    ada.visit("/organizations/10000001/users/120000000000002").fill("Email", OLU.email).press("Save Changes").status(422);
    ada.sees("It can be used again from 23 Nov 2026");
    // Whose own e-mail rests because another account of theirs was removed can still be spelled anew.
    add(&mut ada, "/organizations/10000002/users/new", NOOR.email);
    let second: i64 = portal.sql("select id from account where last_name = 'Moss'", []);
    ada.post(&format!("/organizations/10000002/users/{second}/removal"), &[]).status(303);
    ada.visit("/organizations/10000001/users/120000000000002").fill("Email", "Noor@Alder.example").press("Save Changes").sees("Saved");
}

fn ask(portal: &Portal, path: &str, email: &str) -> Visit {
    let mut guest = portal.guest();
    guest.post(path, &[("email", email)]);
    guest
}

/// ACC-9
#[test]
fn known_and_unknown_are_answered_alike_by_the_same_work() {
    let portal = Portal::firm();
    let known = ask(&portal, "/forgot-password", OLU.email);
    assert_eq!(portal.sql_count("reset_request"), 1);
    let unknown = ask(&portal, "/forgot-password", "nobody@alder.example");
    assert_eq!(portal.sql_count("reset_request"), 2);
    assert_eq!((known.response.status, known.location()), (303, "/sign-in"));
    assert_eq!(known.response.headers, unknown.response.headers);
    known
        .clone()
        .follow()
        .sees("If nothing arrives, ask your provider: whoever runs this portal finds every letter it wrote in the Outbox.");
    assert_eq!(portal.sql_count("letter"), 0, "the page itself writes no letter");
    portal.run_jobs();
    assert_eq!((portal.sql_count("reset_request"), portal.sql_count("letter")), (0, 1));
    portal.guest().post("/forgot-password", &[("email", "no e-mail")]).status(422).sees("Enter an e-mail address");
}

/// ACC-9
#[test]
fn a_reset_link_works_once_for_one_hour_and_ends_every_session() {
    let portal = Portal::firm();
    ask(&portal, "/forgot-password", OLU.email);
    portal.run_jobs();
    let link = portal.link_for(OLU.email);
    let mut before = portal.sign_in(OLU);
    portal.wait(Span(Span::hours(1).0 - 1));
    let mut olu = portal.guest();
    olu.get(&link).status(200).sees("Reset your password").sees("Harbor MSP");
    set(&mut olu, &link, NEW).status(303);
    assert_eq!(olu.location(), "/p/harbor/sign-in");
    olu.follow().sees("Your new password is set.");
    before.get("/choose-account").status(303);
    set(&mut portal.guest(), &link, NEW).status(404);
    olu.fill("E-mail", OLU.email).fill("Password", PASSWORD).press("Sign in").status(422);
    olu.fill("E-mail", OLU.email).fill("Password", NEW).press("Sign in");
    olu.get("/choose-account").status(200).sees("Switch account");

    ask(&portal, "/forgot-password", OLU.email);
    portal.run_jobs();
    let link = portal.link_for(OLU.email);
    portal.wait(Span::hours(1));
    portal.guest().get(&link).status(404);
    set(&mut portal.guest(), &link, "yet another fine phrase").status(404);
}

/// ACC-9
#[test]
fn a_newer_reset_letter_takes_the_place_of_the_older() {
    let portal = Portal::firm();
    ask(&portal, "/forgot-password", OLU.email);
    portal.run_jobs();
    let first = portal.link_for(OLU.email);
    portal.wait(Span::minutes(1));
    ask(&portal, "/forgot-password", OLU.email);
    portal.run_jobs();
    portal.guest().get(&first).status(404);
    portal.guest().get(&portal.link_for(OLU.email)).status(200);
}

/// ACC-9, ACC-11
#[test]
fn a_reset_at_the_common_address_reaches_each_identity_and_at_a_partners_own_only_theirs() {
    let portal = Portal::firm();
    let mut pia = portal.sign_in(PIA);
    add(&mut pia, &format!("/organizations/{CEDAR_ID}/users/new"), OLU.email);
    set(&mut portal.guest(), &portal.link_for(OLU.email), NEW).status(303);
    let asked = "letter where kind = 'reset' and to_email = 'olu@alder.example'";
    ask(&portal, "/p/tidewater/forgot-password", OLU.email);
    portal.run_jobs();
    assert_eq!(portal.sql_count(&format!("{asked} and partner = 2")), 1);
    assert_eq!(portal.sql_count(asked), 1);
    ask(&portal, "/forgot-password", OLU.email);
    portal.run_jobs();
    assert_eq!((portal.sql_count(&format!("{asked} and partner = 1")), portal.sql_count(asked)), (1, 3));
    ask(&portal, "/p/nowhere/forgot-password", OLU.email);
    portal.run_jobs();
    assert_eq!(portal.sql_count(asked), 3);
}

/// ACC-9, ACC-15: who was never set up has the letter of the invitation, and no other.
#[test]
fn who_has_no_password_yet_gets_no_reset_letter() {
    let (portal, link) = invited();
    let letters = portal.sql_count("letter");
    ask(&portal, "/forgot-password", IRA);
    portal.run_jobs();
    assert_eq!(portal.sql_count("letter"), letters);
    portal.guest().get(&link).status(200);
}

/// ACC-9, SEC-1
#[test]
fn asking_too_often_has_to_wait_known_or_not() {
    for email in [OLU.email, "nobody@alder.example"] {
        let portal = Portal::firm();
        for _ in 0..6 {
            assert_eq!(ask(&portal, "/forgot-password", email).response.status, 303);
        }
        ask(&portal, "/forgot-password", email).status(422).sees("This was asked too often. Try again in");
        assert_eq!(portal.sql_count("reset_request"), 6);
        portal.wait(Span::seconds(1));
        ask(&portal, "/forgot-password", email).status(303);
    }
    let portal = Portal::firm();
    for number in 0..20 {
        assert_eq!(ask(&portal, "/forgot-password", &format!("n{number}@alder.example")).response.status, 303);
    }
    ask(&portal, "/forgot-password", "n20@alder.example").status(422).sees("This was asked too often.");
    portal.wait(Span::minutes(1));
    ask(&portal, "/forgot-password", "n20@alder.example").status(303);
    // Signing in is counted by itself.
    portal.sign_in(OLU).get("/choose-account").status(200).sees("Switch account");
}

/// ACC-11
#[test]
fn one_e_mail_at_two_partners_is_two_identities_that_never_touch() {
    let portal = Portal::firm();
    let mut pia = portal.sign_in(PIA);
    add(&mut pia, &format!("/organizations/{CEDAR_ID}/users/new"), "OLU@alder.example");
    pia.status(303);
    assert_eq!(portal.sql_count("identity where email_key = 'olu@alder.example'"), 2);
    set(&mut portal.guest(), &portal.link_for("OLU@alder.example"), NEW).status(303);
    let mut at_home = portal.guest();
    at_home.visit("/p/harbor/sign-in").fill("E-mail", OLU.email).fill("Password", PASSWORD).press("Sign in");
    at_home.get("/choose-account").status(200).sees("Switch account");
}

/// ACC-11, ACC-15
#[test]
fn an_identity_with_a_password_gets_no_link_and_accepts_at_its_next_sign_in() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    add(&mut ada, "/organizations/10000002/users/new", "Olu@alder.example");
    ada.status(303);
    assert_eq!(portal.sql_count("identity where email_key = 'olu@alder.example'"), 1);
    assert_eq!(portal.sql_count("link"), 0);
    let letter = portal.letter_to(OLU.email);
    assert!(letter.contains("A further account for you at Birch & Sons") && !letter.contains("/links/"), "{letter}");
    let mut olu = portal.guest();
    olu.visit("/sign-in").fill("E-mail", OLU.email).fill("Password", PASSWORD).press("Sign in");
    olu.sees("Birch & Sons").press("Accept");
    olu.get("/choose-account").status(200).sees("Switch account");
    assert_eq!(state_of_ira(&portal), "active");
}

/// ACC-15, ACC-3
#[test]
fn a_further_account_can_be_accepted_until_its_seven_days_are_over() {
    for (late, fine) in [(Span(Span::days(7).0 - 1), true), (Span::days(7), false)] {
        let portal = Portal::firm();
        let mut ada = portal.sign_in(ADA);
        add(&mut ada, "/organizations/10000002/users/new", OLU.email);
        let (account, identity): (i64, i64) = portal
            .connection()
            .query_row("select id, identity from account where last_name = 'Moss'", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        portal.wait(late);
        let actor = Actor {
            partner: PartnerId(1),
            account: None,
            name: "Olu".to_owned(),
            roles: "Organization user".to_owned(),
            address: "127.0.0.1".to_owned(),
        };
        let done = portal.db().write(|tx| accounts::actions::accept(tx, IdentityId(identity), AccountId(account), &actor, Demand::AsRuled));
        assert_eq!(done.is_ok(), fine, "{done:?}");
        let nobody =
            portal.db().write(|tx| accounts::actions::accept(tx, IdentityId(identity + 1), AccountId(account), &actor, Demand::AsRuled));
        assert!(nobody.is_err());
    }
}

/// ACC-15
#[test]
fn setting_one_account_up_leaves_the_other_to_be_accepted_and_its_link_dead() {
    let (portal, first) = invited();
    let mut ada = portal.sign_in(ADA);
    portal.wait(Span::seconds(1));
    add(&mut ada, "/organizations/10000002/users/new", IRA);
    let second: String = portal.link_for(IRA);
    assert_ne!(first, second);
    set(&mut portal.guest(), &first, NEW).status(303);
    portal.guest().get(&second).status(404);
    assert_eq!(portal.sql_count("account where last_name = 'Moss' and state = 'invited'"), 1);
}

/// ACC-6, ORG-8
#[test]
fn the_accounts_of_an_organization_go_together_and_nothing_of_others() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    add(&mut ada, "/organizations/10000002/users/new", OLU.email);
    add(&mut ada, ADD, IRA);
    ask(&portal, "/forgot-password", NOOR.email);
    portal.run_jobs();
    let mut finn = portal.sign_in(FINN);
    let gone = portal.write(|tx| accounts::actions::remove_all_of(tx, OrganizationId(ALDER_ID)));
    assert_eq!(gone, 4);
    assert_eq!(
        portal.sql_count("account where organization = 10000001") + portal.sql_count("organization_user where organization = 10000001"),
        0
    );
    assert_eq!(portal.sql_count("identity where email_key like '%@alder.example'"), 1, "Olu is at Birch & Sons too");
    assert_eq!(portal.sql_count("letter where organization = 10000001"), 0);
    assert_eq!((portal.sql_count("held_email"), portal.sql_count("account where organization = 10000002")), (4, 2));
    finn.get("/choose-account").status(303);
    add(&mut ada, "/organizations/10000002/users/new", FINN.email);
    ada.status(422).sees("It can be used again from");
}

/// MAI-4, USR-6, ACC-9, ACC-15
#[test]
fn the_letters_read_as_they_should() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let kept = |name: &str, email: &str| {
        let letter = portal.letter_to(email).replace('\u{e100}', "(address)").replace('\u{e101}', "(link)");
        golden::matches(&format!("letters/{name}.txt"), &letter);
    };
    add(&mut ada, ADD, IRA);
    kept("welcome", IRA);
    add(&mut ada, "/organizations/10000002/users/new", NOOR.email);
    kept("further_account", NOOR.email);
    ask(&portal, "/forgot-password", OLU.email);
    portal.run_jobs();
    kept("reset", OLU.email);
}
