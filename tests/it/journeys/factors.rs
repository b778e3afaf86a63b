//! A second factor, from the first sight of the QR code to signing in with it, as people do it.

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::authenticator::{code, typed};
use crate::support::people::*;
use crate::support::portal::{Portal, START};

/// ACC-7: with and without scripts.
#[test]
fn somebody_sets_a_second_factor_up_and_signs_in_with_it() {
    for scripts in [Scripts::On, Scripts::Off] {
        let portal = Portal::firm();
        portal.lose_factor(ABE);
        let served = portal.serve();
        let mut abe = browser(&served, scripts);
        abe.fill("E-mail", ABE.email).fill("Password", PASSWORD).click("Sign in").sees("Set up a second factor");
        abe.click("It cannot be scanned").sees("Enter this key in the app instead");
        let page = abe.text();
        let after = page.split("as a time-based one:").nth(1).expect("a key");
        let secret = typed(after.lines().map(str::trim).find(|line| !line.is_empty()).expect("a key"));
        abe.fill("Code", "000000").click("Confirm").sees("This is not the code of this moment.");
        abe.fill("Code", &code(&secret, START)).click("Confirm").sees("Your recovery codes").sees("They are not shown again.");
        abe.click("I have kept them").sees("Abe");
        abe.visit("/account/security").sees("10 of 10 recovery codes left.");
        abe.click("AW").click("Sign out").sees("You are signed out.");
        portal.wait(portico::kernel::time::Span::seconds(30));
        abe.fill("E-mail", ABE.email).fill("Password", PASSWORD).click("Sign in").sees("Enter the code");
        abe.fill("Code", &code(&secret, portal.now())).click("Continue").sees("Abe");
        no_complaints(&mut abe);
    }
}

/// ACC-8: the Security Admin resets in one browser; the user's next click in another is the sign-in page.
#[test]
fn a_reset_is_felt_at_the_next_click() {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut olu = browser(&served, Scripts::On);
    sign_in(&mut olu, OLU);
    let mut sam = browser(&served, Scripts::On);
    sign_in(&mut sam, SAM);
    sam.visit(&format!("/organizations/{ALDER_ID}"));
    sam.click_in("Olu Adeyemi", "Options for Olu Adeyemi").click("Reset MFA").sees("no longer accepted");
    sam.click("Reset MFA").sees("The letter with a one-time passcode is written");
    olu.visit("/account").sees("Sign in");
    no_complaints(&mut sam);
}
