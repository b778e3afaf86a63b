//! Admin → Mail in a real browser: fields appear as chosen, and a test letter says what became of it.

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::mail_server::MailServer;
use crate::support::people::ADA;
use crate::support::portal::Portal;

/// MAI-1, ALL-3: with and without JavaScript.
#[test]
fn a_mail_server_is_tried_and_set_by_the_page() {
    for scripts in [Scripts::On, Scripts::Off] {
        let server = MailServer::plain().wants("PLAIN", "harbor", "the right password").start();
        let portal = Portal::estate();
        let served = portal.serve();
        let mut ada = browser(&served, scripts);
        sign_in(&mut ada, ADA);
        ada.visit("/mail").sees("Keep them here").does_not_see("Mail server").does_not_see("Send a test letter");
        ada.tick("Send them through a mail server").sees("Mail server").sees("Send a test letter");
        ada.tick("Keep them here").does_not_see("Send a test letter").tick("Send them through a mail server");
        ada.fill("Mail server", "127.0.0.1").choose("Encryption", "None (this machine only)").fill("Port", &server.port().to_string());
        ada.fill("User name", "harbor").fill("Password", "a wrong one").fill("Sender’s address", "portal@harbor.example");
        ada.click("Send a test letter").sees("The test letter did not leave.").sees("535 5.7.8").holds("User name", "harbor");
        ada.fill("Password", "the right password").click("Send a test letter").sees("took the test letter to ada@harbor.example");
        ada.holds("Password", "").click("Save").sees("Saved.").sees("Letters leave").is_at("/mail");
        assert_eq!(server.arrived().len(), 1);
        no_complaints(&mut ada);
    }
}
