//! The how-tos, step by step, in a real browser, by the words on the page alone.

mod backups;
mod branding;
mod dialogs;
mod employees;
mod factors;
mod groups;
mod keys;
mod mail;
mod menus;
mod networks;
mod other_machines;
mod partners;
mod saas_accounts;
mod seed_000;
mod seed_001;
mod seed_002;
mod seed_003;
mod seed_004;

use portico::kernel::time::Timestamp;

use crate::support::authenticator::{code, codes_around, secret_of, typed};
use crate::support::browser::Browser;
use crate::support::people::{Member, PASSWORD};
use crate::support::portal::{START, Served};

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
    browser.fill("E-mail", member.email).fill("Password", PASSWORD).click("Sign in");
    // On a busy machine the page after it takes its time; only then is it known whether a code is asked for.
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(12);
    while browser.text().contains("Forgot password") && std::time::Instant::now() < patience {
        std::thread::sleep(std::time::Duration::from_millis(40));
    }
    if browser.url().contains("/sign-in/code") {
        // Whoever signed in a moment ago has used up the first of them.
        for code in codes_around(&secret_of(member), START) {
            browser.fill("Code", &code).click("Continue");
            if !browser.text().contains("This code is not right") {
                break;
            }
        }
    }
    browser.sees(member.first);
}

/// Sets up the second factor that the page offers, with the code of this moment, and goes on; what the app keeps of it.
#[track_caller]
fn set_up_factor(browser: &mut Browser, now: Timestamp) -> Vec<u8> {
    browser.sees("Set up a second factor").click("It cannot be scanned");
    let key = browser.script("return document.querySelector('.key code').textContent").as_str().expect("a key").to_owned();
    let secret = typed(&key);
    browser.fill("Code", &code(&secret, now)).click("Confirm").sees("Your recovery codes").click("I have kept them");
    secret
}

/// Nothing went wrong behind the page either.
#[track_caller]
fn no_complaints(browser: &mut Browser) {
    let errors = browser.console_errors();
    assert!(errors.is_empty(), "the browser complains: {errors:?}");
}
