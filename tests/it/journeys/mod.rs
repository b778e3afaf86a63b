//! The how-tos, step by step, in a real browser, by the words on the page alone.

mod backups;
mod dialogs;
mod employees;
mod mail;
mod other_machines;
mod seed_000;
mod seed_001;
mod seed_004;

use crate::support::browser::Browser;
use crate::support::people::{Member, PASSWORD};
use crate::support::portal::Served;

/// How somebody's browser is set up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scripts {
    On,
    Off,
}

/// A browser at the portal's front door.
#[track_caller]
fn browser(served: &Served, scripts: Scripts) -> Browser {
    let mut browser = match scripts {
        Scripts::On => Browser::start(&served.address),
        Scripts::Off => Browser::start_without_javascript(&served.address),
    };
    browser.visit("/");
    browser
}

/// Signs in as people do.
#[track_caller]
fn sign_in(browser: &mut Browser, member: Member) {
    browser.fill("E-mail", member.email).fill("Password", PASSWORD).click("Sign in").sees(member.first);
}

/// Nothing went wrong behind the page either.
#[track_caller]
fn no_complaints(browser: &mut Browser) {
    let errors = browser.console_errors();
    assert!(errors.is_empty(), "the browser complains: {errors:?}");
}
