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
    /// The letter's deadline as people read it, in UTC.
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
            format!("This confirms that {} has made an account for you at {at}.", between.partner),
            format!("Set your password with this link until {}:", between.until),
        ],
        Some(LINK),
        &["The link works once.".to_owned(), status.to_owned()],
    )
}

/// ACC-15: an identity with a password gets no link; it accepts at its next sign-in.
pub fn further_account(between: Between<'_>) -> Content {
    let at = between.organization.unwrap_or(between.partner);
    letter(
        between,
        &format!("A further account for you at {at}"),
        &[
            format!("{} has made a further account for you, at {at}.", between.partner),
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

fn letter(between: Between<'_>, subject: &str, before: &[String], link: Option<char>, after: &[String]) -> Content {
    let address = format!("{BASE}/p/{}/sign-in", between.slug);
    let mut text = format!("Hello {},\n\n{}\n", between.name, before.join("\n"));
    if let Some(link) = link {
        text.push_str(&format!("\n{BASE}/links/{link}\n\n"));
    } else {
        text.push('\n');
    }
    let after: Vec<&String> = after.iter().filter(|line| !line.is_empty()).collect();
    for line in &after {
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(&format!("\nThe sign-in address is {address}\n\n{}\n", between.partner));
    let page = html! {
        p { "Hello " (between.name) "," }
        @for line in before { p { (line) } }
        @if let Some(link) = link { @let address = format!("{BASE}/links/{link}"); p { a href=(address) { (address) } } }
        @for line in &after { p { (line) } }
        p { "The sign-in address is " a href=(address) { (address) } }
        p { (between.partner) }
    };
    Content { subject: format!("{}: {subject}", between.partner), text, html: page.into_string() }
}
