//! Add SaaS Protection Organization, its authorization and its cancellation in real browsers, with scripts and without.

use super::{Scripts, browser, no_complaints, sign_in};
use portico::seats::model::{SeatState, SeatType};

use crate::support::people::{ADA, ALDER_ID, OLU};
use crate::support::portal::Portal;
use crate::support::saas::account;

/// SAS-6, SAS-7, seed 001: added by the words on the page, consented to by the organization's user, authorized by the customer id, set to
/// month to month before that, and cancelled.
#[test]
fn an_account_is_added_authorized_and_cancelled_by_the_words_on_the_pages() {
    for scripts in [Scripts::On, Scripts::Off] {
        let portal = Portal::firm();
        let served = portal.serve();
        let (mut ada, mut olu) = (browser(&served, scripts), browser(&served, scripts));
        sign_in(&mut ada, ADA);
        ada.visit("/status/saas").click("Add SaaS Protection Organization").fill("Organization's name or ID", "alder");
        if scripts == Scripts::Off {
            ada.click("Search");
        }
        ada.does_not_see("Birch").tick("Alder Dental").click("Next");
        ada.choose("Service", "Google Workspace").fill("Domain", "alder.example").choose("Region", "Germany").click("Next");
        ada.choose("Commitment", "Month to month").choose("Retention", "Time-based retention, TBR").fill("License cap", "12").click("Back");
        ada.holds("Domain", "alder.example").click("Next").holds("License cap", "12").click("Next");
        ada.sees("Google Workspace of alder.example")
            .tick("The organization")
            .tick("Olu Adeyemi")
            .click("Add SaaS Protection Organization");
        ada.sees("Olu Adeyemi is asked by a letter to authorize it.").sees("Pending authorization");
        if scripts == Scripts::On {
            let focused = ada.script("return document.activeElement.matches('main [role=status][data-alert]')");
            assert_eq!(focused, true, "what became of the step is where one is");
            // A row of the status page opens where it stands.
            ada.visit("/status/saas").click("Applications of Alder Dental").sees("No data yet: no application has been reported.");
            ada.is_at("/status/saas");
        }

        sign_in(&mut olu, OLU);
        olu.visit("/").sees("Your services").visit("/status/saas").click("Manage").click("Authorize").sees("It signs you in nowhere");
        olu.click("Authorize").sees("Your consent to Alder Dental is kept.");

        ada.visit("/").sees("Olu Adeyemi consented").click("Authorize Alder Dental").fill("Customer id", "54000").click("Authorize");
        ada.sees("Authorized Alder Dental.").sees("0 of 12").click("Cancel subscription").sees("are destroyed at once");
        ada.fill("Reason", "Added for the wrong firm").fill("Type CANCEL SUBSCRIPTION", "CANCEL SUBSCRIPTION");
        ada.click("Cancel subscription").sees("Cancelled Alder Dental:").sees("Added for the wrong firm");
        if scripts == Scripts::On {
            no_complaints(&mut ada);
            no_complaints(&mut olu);
        }
    }
}

/// SEA-6: what was ticked stays ticked while one searches for the next, and is cleared together.
#[test]
fn ticked_seats_stay_ticked_while_one_searches_for_more() {
    let portal = Portal::firm();
    let id = account(&portal, 1, "Ember").with_seats(&[(SeatType::User, SeatState::Active, 4)]).linked(&portal, ALDER_ID);
    let served = portal.serve();
    let mut ada = browser(&served, Scripts::On);
    sign_in(&mut ada, ADA);
    ada.visit(&format!("/saas/{id}")).tick("Select User Active 001").sees("1 selected").fill("Name or e-mail", "active 002");
    ada.does_not_see("User Active 001").sees("1 selected").tick("Select User Active 002").sees("2 selected");
    ada.fill("Name or e-mail", "active").sees("User Active 001").sees("2 selected").click("Pause");
    ada.sees("Pause 2 seats").sees("User Active 001").sees("User Active 002").click("Pause 2 seats").sees("Paused 2 seats.");
    assert_eq!(portal.sql_count("seat where state = 'Paused' and (name like '%001' or name like '%002')"), 2);
    ada.tick("Select User Active 003").sees("1 selected").fill("Name or e-mail", "000").does_not_see("User Active 003").sees("1 selected");
    ada.click("Clear").does_not_see("1 selected");
    no_complaints(&mut ada);
}
