//! Proving again who one is: by a code of the app, before a file, and in a session that was open already (SEC-2, ACC-7, ORG-9).

use portico::access::stage_model::{PROOF_LASTS, Stage};
use portico::app::jobs;
use portico::kernel::db::copies::{Pace, Watch};
use portico::kernel::time::Span;
use portico::upkeep::model::Turn;

use crate::support::authenticator::{codes_around, secret_of};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const DELETION: &str = "/organizations/10000001/deletion";
const ASKED: &str = "Enter your password again";

/// Abe, who wants to delete Alder Dental and gave his password long ago.
fn asked(portal: &Portal) -> Visit {
    let mut abe = portal.sign_in(ABE);
    make_old(portal);
    abe.visit(DELETION).fill("Type the organization's name", ALDER).press("Yes, Continue").status(200).sees(ASKED);
    abe
}

/// Every proof is older than fifteen minutes from now on.
fn make_old(portal: &Portal) {
    portal.execute("update session set proved_at = proved_at - ?1", [PROOF_LASTS.0 + 1_000]);
}

fn is_there(portal: &Portal) -> bool {
    portal.sql_count("subscription where organization = 10000001 and state = 'active'") == 1
}

/// SEC-2: the password or a code of the app, whichever is at hand.
#[test]
fn a_code_of_the_app_does_as_well() {
    let portal = Portal::firm();
    let mut abe = asked(&portal);
    abe.fill("Or a code", &portal.fresh_code(ABE)).press("Continue").status(200).sees("Deleted Alder Dental.");
    assert!(!is_there(&portal));
    abe.visit("/organizations/10000002/deletion").fill("Type the organization's name", BIRCH).press("Yes, Continue").sees("Deleted Birch");
}

/// ACC-7: a code that was given is spent, here and at sign-in alike, and so are those before it.
#[test]
fn a_code_is_taken_once_wherever_it_was_given() {
    let portal = Portal::firm();
    let [before, now, after] = codes_around(&secret_of(ABE), portal.now());
    let mut abe = asked(&portal);
    let mut again = abe.clone();
    let mut elsewhere = portal.guest();
    elsewhere.visit("/sign-in").fill("E-mail", ABE.email).fill("Password", PASSWORD).press("Sign in").fill("Code", &now).press("Continue");
    for spent in [&now, &before] {
        abe.fill("Or a code", spent).press("Continue").status(422).sees("This code is not right.");
    }
    assert!(is_there(&portal));
    abe.fill("Or a code", &after).press("Continue").status(200).sees("Deleted Alder Dental.");
    make_old(&portal);
    again.fill("Or a code", &after).press("Continue").status(422).sees("This code is not right.");
}

/// ACC-7: recovery codes are for signing in without the app, and stay as they are here.
#[test]
fn a_recovery_code_is_none() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    abe.visit("/account/recovery-codes").fill("Current password", PASSWORD).press("Make new codes");
    let code = abe.recovery_codes().first().expect("ten codes").clone();
    let mut abe = asked(&portal);
    abe.fill("Or a code", &code).press("Continue").status(422).sees("Enter the six digits that your authenticator app shows now.");
    assert!(is_there(&portal));
    assert_eq!(portal.sql_count("recovery_code where used_at is null"), 10);
    abe.press("Continue").status(422).sees("Enter your password.");
}

/// SEC-1, LOG-1: wrong codes are events and are slowed down, by the same count as wrong passwords here and at sign-in.
#[test]
fn guessing_the_code_where_it_asks_again_is_slowed_down() {
    let portal = Portal::firm();
    let mut abe = asked(&portal);
    for _ in 0..3 {
        abe.fill("Or a code", "000000").press("Continue").status(422).sees("This code is not right.");
        abe.fill("Password", "wrong wrong wrong").press("Continue").status(422).sees("The password is not right.");
    }
    abe.sees("You can try again in 1 second.");
    assert_eq!(portal.sql_count("activity where sentence = 'gave a wrong code when asked for the password again'"), 3);
    let right = portal.fresh_code(ABE);
    abe.fill("Or a code", &right).press("Continue").status(422).sees("You can try again in 1 second.");
    assert!(is_there(&portal));
    portal.wait_idle(Span::seconds(1));
    abe.fill("Or a code", &right).press("Continue").status(200).sees("Deleted Alder Dental.");
    assert_eq!(portal.sql_count("sign_in_failure where kind = 'email'"), 0);
}

/// SEC-2: where the step is answered with a file, a page between says that all is well and leads back; the file comes from there.
#[test]
fn a_file_comes_from_a_page_that_leads_back() {
    let portal = Portal::firm();
    jobs::back_up(portal.app.portal(), Turn::AskedOrDaily, &Watch::unstopped(Pace::Alone));
    let name = "portico-20261122T062600Z-daily.db";
    let mut ada = portal.sign_in(ADA);
    make_old(&portal);
    ada.visit("/backups").press(&format!("Download {name}")).status(200).sees(ASKED);
    ada.fill("Password", "wrong wrong wrong").press("Continue").status(422).sees("The password is not right.");
    ada.fill("Password", PASSWORD).press("Continue").status(200).sees("Your file is ready").is_offered("Back").does_not_see("Password");
    let mut file = ada.clone();
    file.press("Download").status(200);
    assert_eq!(file.response.header("content-disposition"), Some(format!("attachment; filename=\"{name}\"").as_str()));
    assert_eq!(portal.last_activity(), format!("downloaded the backup {name}"));
}

/// ORG-9: a session that was open already is asked for the password too before a second factor is set up in it, once that was given long
/// ago: who finds it open could shut its owner out. Up to fifteen minutes, and on the way in, it is not.
#[test]
fn an_open_session_gives_the_password_again_before_it_sets_a_second_factor_up() {
    for (passed, asks) in [(PROOF_LASTS, false), (Span(PROOF_LASTS.0 + 1_000), true)] {
        let portal = Portal::firm();
        let mut visit = portal.at_stage(ABE, Stage::SetUp);
        portal.wait_idle(passed);
        visit.visit("/organizations").sees("Set up a second factor");
        assert_eq!(visit.text().contains("Current password"), asks, "after {} seconds", passed.0 / 1_000);
        if asks {
            let code = crate::support::authenticator::code(&visit.offered_secret(), portal.now());
            for wrong in ["", "wrong wrong wrong"] {
                visit.fill("Current password", wrong).fill("Code", &code).press("Confirm").status(422);
            }
            assert_eq!(portal.sql_count("second_factor where identity = 110000000000503"), 0);
            visit.fill("Current password", PASSWORD);
        }
        visit.set_up_factor();
        visit.status(200);
        assert_eq!(visit.url, "/organizations");
    }
}

const REMOVAL: &str = "/account/second-factor/removal";

/// Olu with a second factor that nobody asks of her, and a session elsewhere.
fn guarded(portal: &Portal) -> (Visit, Visit, Vec<u8>) {
    let mut olu = portal.sign_in(OLU);
    olu.visit("/account/second-factor").fill("Current password", PASSWORD);
    let secret = olu.set_up_factor();
    (olu, portal.sign_in(OLU), secret)
}

fn factors_of_olu(portal: &Portal) -> i64 {
    portal.sql_count("second_factor where identity = 120000000000501") + portal.sql_count("recovery_code where identity = 120000000000501")
}

/// ACC-7, ACC-13: an organization's user whose organization asks for none takes it away again, with the password or a code; all other
/// sessions end, and the password alone lets them in.
#[test]
fn a_second_factor_that_nobody_asks_for_can_be_removed() {
    for by_code in [false, true] {
        let portal = Portal::firm();
        let (mut olu, mut elsewhere, secret) = guarded(&portal);
        portal.wait(Span::minutes(1));
        let code = crate::support::authenticator::code(&secret, portal.now());
        olu.visit("/account/security").press("Remove");
        for wrong in [("", ""), ("wrong wrong wrong", ""), ("", "000000"), ("", "AAAA-BBBB")] {
            olu.fill("Current password", wrong.0).fill("Or a code", wrong.1).press("Remove").status(422);
            assert_eq!(factors_of_olu(&portal), 11);
        }
        portal.execute("delete from sign_in_failure", []);
        if by_code {
            olu.fill("Or a code", &code)
        } else {
            olu.fill("Current password", PASSWORD)
        };
        olu.press("Remove").status(200).sees("The second factor is removed").is_offered("Set up");
        assert_eq!(factors_of_olu(&portal), 0);
        assert_eq!(portal.last_activity(), "removed their second factor");
        elsewhere.get("/account").status(303);
        olu.get("/account").status(200);
        portal.guest().visit("/sign-in").fill("E-mail", OLU.email).fill("Password", PASSWORD).press("Sign in").sees("Olu Adeyemi");
    }
}

/// ACC-7, ORG-9: employees never remove theirs, nor users whose organization requires one, even if another account of theirs needs none.
#[test]
fn a_second_factor_that_is_asked_for_stays() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    abe.visit("/account/security").is_offered("Replace").is_not_offered("Remove");
    abe.visit(REMOVAL).sees("It can be replaced, not removed.");
    abe.post(REMOVAL, &[("current_password", PASSWORD)]).status(422);
    assert_eq!(portal.sql_count("second_factor where identity = 110000000000503"), 1);
    let (mut olu, _, _) = guarded(&portal);
    portal.sign_in(ABE).post("/organizations/10000001/second-factor", &[("wanted", "required")]).status(303);
    olu.visit("/account/security").is_not_offered("Remove");
    olu.post(REMOVAL, &[("current_password", PASSWORD)]).status(422);
    assert_eq!(factors_of_olu(&portal), 11);
    portal.sign_in(NIA).visit(REMOVAL).sees("or you have none");
}
