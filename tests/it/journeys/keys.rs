//! API Keys in a real browser: the secret is on the page that answers, with and without JavaScript, and after the password was asked for.

use portico::kernel::time::Span;

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::people::{ADA, PASSWORD};
use crate::support::portal::Portal;
use crate::support::script::Script;

/// API-1, SEC-2: "shown once with a copy button".
#[test]
fn a_key_is_made_and_shown_once() {
    for scripts in [Scripts::On, Scripts::Off] {
        let portal = Portal::estate();
        let served = portal.serve();
        let mut ada = browser(&served, scripts);
        sign_in(&mut ada, ADA);
        ada.visit("/api-keys").sees("Alderine Nightly").click("Create API Key").fill("Name", "Seats to tickets");
        ada.click("Create API Key").sees("Your API key").sees("The secret is not shown again").sees("Seats to tickets");
        let both = ada.text().split_whitespace().find(|word| word.contains(":sk_")).expect("both parts").to_owned();
        assert_eq!(Script::with(&portal, &both).status("/v1/saas/domains"), 200);
        ada.click("I have kept it").is_at("/api-keys").sees("Seats to tickets").does_not_see("sk_");

        portal.db().clock().advance(Span::minutes(16));
        ada.visit("/api-keys").click("Create API Key").fill("Name", "Asked first").click("Create API Key");
        ada.sees("Enter your password again").fill("Password", PASSWORD).click("Continue");
        ada.sees("Your API key").sees("Asked first");
        no_complaints(&mut ada);
    }
}
