//! The letters an account causes (MAI-4): plain text and the same as HTML, named after the partner.

use maud::html;

use crate::mail::model::{BASE, Content, LINK};

/// Who a letter is for and who it is from.
#[derive(Clone, Copy, Debug)]
pub struct Between<'a> {
    /// The receiver's full name.
    pub name: &'a str,
    /// The partner's name.
    pub partner: &'a str,
    /// The partner's own sign-in address begins with this slug.
    pub slug: &'a str,
    /// The organization of an organization user.
    pub organization: Option<&'a str>,
    /// The letter's deadline, or the moment it tells of, as people read it, in UTC.
    pub until: &'a str,
    /// Whether the receiver will see the status of SaaS accounts (USR-6).
    pub sees_status: bool,
}

/// USR-6.
const STATUS: &str = "After signing in, choose Status → SaaS Protection Status.";

/// USR-6, ACC-2: the account is confirmed, the sign-in address named, seven days to set it up.
pub fn set_up(between: Between<'_>) -> Content {
    let at = between.organization.unwrap_or(between.partner);
    let status = if between.sees_status { STATUS } else { "" };
    letter(
        between,
        &format!("Set up your account at {at}"),
        &[
            format!("This confirms that {} has made an account for you {}.", between.partner, place(between)),
            format!("Set your password with this link until {}:", between.until),
        ],
        Some(LINK),
        &["The link works once.".to_owned(), status.to_owned()],
    )
}

/// Where the account is: an organization, or the partner's own staff.
fn place(between: Between<'_>) -> String {
    between.organization.map_or_else(|| "on its staff".to_owned(), |organization| format!("at {organization}"))
}

/// ACC-15: an identity with a password gets no link; it accepts at its next sign-in.
pub fn further_account(between: Between<'_>) -> Content {
    let at = between.organization.unwrap_or(between.partner);
    letter(
        between,
        &format!("A further account for you at {at}"),
        &[
            format!("{} has made a further account for you, {}.", between.partner, place(between)),
            format!("Sign in with the password you have and accept it until {}.", between.until),
        ],
        None,
        &[if between.sees_status { STATUS } else { "" }.to_owned()],
    )
}

/// ACC-9.
pub fn reset(between: Between<'_>) -> Content {
    letter(
        between,
        "Reset your password",
        &[
            "Somebody, probably you, asked to reset your password.".to_owned(),
            format!("Choose a new one with this link until {}:", between.until),
        ],
        Some(LINK),
        &["The link works once. If it was not you, nothing has changed and nothing needs to be done.".to_owned()],
    )
}

/// ACC-8: the passcode, what it is for, and what follows.
pub fn passcode(between: Between<'_>) -> Content {
    secret_letter(
        between,
        "Your one-time passcode",
        &[
            format!("{} has reset how you sign in: your password and your authenticator app are no longer accepted.", between.partner),
            format!("Sign in with your e-mail and, in the place of the password, this one-time passcode until {}:", between.until),
        ],
        Secret::Passcode,
        &["It works once. You then choose a new password and set up an authenticator app anew. If you did not expect this, \
           ask your provider before you do anything."
            .to_owned()],
    )
}

/// SEC-1: somebody signed in with a browser that was not known; `until` is the moment.
pub fn new_browser(between: Between<'_>, browser: &str, address: &str) -> Content {
    letter(
        between,
        "A sign-in from a new browser",
        &[format!("Somebody, probably you, gave your password on {} from {browser} at the address {address}.", between.until)],
        None,
        &["If it was not you, sign in, change your password under Account Settings, Security, and tell whoever runs this portal."
            .to_owned()],
    )
}

/// NOT-1, ACC-4: a user who was deactivated can sign in again.
pub fn reactivated(between: Between<'_>) -> Content {
    let at = between.organization.unwrap_or(between.partner);
    let lines =
        [format!("{} has reactivated your account at {at}. You can sign in again, with what you signed in with before.", between.partner)];
    letter(between, &format!("You can sign in to {at} again"), &lines, None, &[])
}

/// NOT-1, ACC-2: to an organization's Owner: one of its users has set up the account.
pub fn user_set_up(between: Between<'_>, name: &str, email: &str) -> Content {
    let at = between.organization.unwrap_or(between.partner);
    let lines = [format!("{name} ({email}) was invited to {at}, and has set up the account on {}.", between.until)];
    letter(between, &format!("{name} has set up an account at {at}"), &lines, None, &[])
}

/// What a letter keeps for its receiver's eyes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secret {
    None,
    Link,
    Passcode,
}

fn letter(between: Between<'_>, subject: &str, before: &[String], link: Option<char>, after: &[String]) -> Content {
    let secret = if link.is_some() { Secret::Link } else { Secret::None };
    secret_letter(between, subject, before, secret, after)
}

fn secret_letter(between: Between<'_>, subject: &str, before: &[String], secret: Secret, after: &[String]) -> Content {
    let address = format!("{BASE}/p/{}/sign-in", between.slug);
    let link = match secret {
        Secret::None => None,
        Secret::Link => Some(format!("{BASE}/links/{LINK}")),
        Secret::Passcode => Some(LINK.to_string()),
    };
    let after: Vec<&str> = after.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
    let mut blocks = vec![format!("Hello {},", between.name), before.join("\n")];
    blocks.extend(link.clone());
    blocks.extend((!after.is_empty()).then(|| after.join("\n")));
    blocks.push(format!("The sign-in address is {address}"));
    blocks.push(between.partner.to_owned());
    let text = format!("{}\n", blocks.join("\n\n"));
    let page = html! {
        p { "Hello " (between.name) "," }
        @for line in before { p { (line) } }
        @if let Some(link) = &link {
            p { @if secret == Secret::Link { a href=(link) { (link) } } @else { strong { (link) } } }
        }
        @for line in &after { p { (line) } }
        p { "The sign-in address is " a href=(address) { (address) } }
        p { (between.partner) }
    };
    Content { subject: format!("{}: {subject}", between.partner), text, html: page.into_string() }
}
