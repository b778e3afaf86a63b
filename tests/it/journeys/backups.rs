//! Looking after backups as the operating partner's primary account does (OPS-1, OPS-6), with scripts and without.

use portico::app::jobs;
use portico::kernel::db::copies::{Pace, Watch};
use portico::upkeep::model::Turn;

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::people::ADA;
use crate::support::portal::Portal;

fn look_after_backups(scripts: Scripts) {
    let portal = Portal::firm();
    let served = portal.serve();
    let mut ada = browser(&served, scripts);
    sign_in(&mut ada, ADA);
    ada.visit("/backups").sees("No backup yet").click("Back up now").sees("A backup is being made");
    // What the thread of a served portal does.
    jobs::back_up(portal.app.portal(), Turn::AskedOrDaily, &Watch::unstopped(Pace::Alone));
    ada.click("Look again").sees("Verified").sees("By hand").does_not_see("is being made");
    ada.click("Delete portico-20261122T062600Z-by-hand.db").sees("Nobody can bring them back").click("Delete backup");
    ada.sees("Deleted the backup").sees("No backup yet");
    ada.click("Daily backups").sees("Daily backups are off");
    no_complaints(&mut ada);
}

/// OPS-1
#[test]
fn backups_are_looked_after_on_their_page() {
    look_after_backups(Scripts::On);
}

/// OPS-1: and without JavaScript.
#[test]
fn backups_are_looked_after_without_scripts() {
    look_after_backups(Scripts::Off);
}
