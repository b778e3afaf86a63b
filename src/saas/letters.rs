//! The letter that asks an organization's user to authorize an account, and the one that tells of the consent (SAS-6, MAI-4). They hold no
//! secret: whoever signs in does what they tell of.

use maud::html;

use crate::kernel::ids::SaasAccountId;
use crate::mail::model::{BASE, Content};

/// Who is asked to authorize what.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The receiver's full name.
    pub name: &'a str,
    /// The partner's name.
    pub partner: &'a str,
    /// The partner's own sign-in address begins with this slug.
    pub slug: &'a str,
    /// The organization's name.
    pub organization: &'a str,
    /// The account.
    pub account: SaasAccountId,
    /// Its domain.
    pub domain: &'a str,
    /// Its product as people read it.
    pub product: &'a str,
    /// What is agreed with it, in sentences.
    pub agreed: &'a [String],
}

/// What is asked, where it is done, and what happens then.
pub fn authorize(asking: Asking<'_>) -> Content {
    let Asking { name, partner, slug, organization, account, domain, product, agreed } = asking;
    let address = format!("{BASE}/saas/{account}/authorization");
    let sign_in = format!("{BASE}/p/{slug}/sign-in");
    let lines = [
        format!("{partner} wants to protect {product} of {domain} for {organization}."),
        format!("What is agreed with it: {}", agreed.join(" ")),
        "Before anything is backed up, somebody of your organization has to allow it. Sign in and authorize it here:".to_owned(),
    ];
    let after = format!("Your consent is kept with your name and the time, and {partner} is told. Nothing is backed up before.");
    let text = format!("Hello {name},\n\n{}\n\n{address}\n\n{after}\n\nThe sign-in address is {sign_in}\n\n{partner}\n", lines.join("\n"));
    let page = html! {
        p { "Hello " (name) "," }
        @for line in &lines { p { (line) } }
        p { a href=(address) { (address) } }
        p { (after) }
        p { "The sign-in address is " a href=(sign_in) { (sign_in) } }
        p { (partner) }
    };
    Content { subject: format!("{partner}: Authorize {product} of {domain}"), text, html: page.into_string() }
}

/// Who consented to what, and who hears of it.
#[derive(Clone, Copy, Debug)]
pub struct Consented<'a> {
    /// The receiver's full name.
    pub name: &'a str,
    /// The partner's name.
    pub partner: &'a str,
    /// The partner's own sign-in address begins with this slug.
    pub slug: &'a str,
    /// Who consented.
    pub user: &'a str,
    /// The organization's name.
    pub organization: &'a str,
    /// The account.
    pub account: SaasAccountId,
    /// Its domain.
    pub domain: &'a str,
    /// Its product as people read it.
    pub product: &'a str,
}

/// Who consented, and what is left to do.
pub fn consented(told: &Consented<'_>) -> Content {
    let Consented { name, partner, slug, user, organization, account, domain, product } = *told;
    let address = format!("{BASE}/saas/{account}/authorization");
    let sign_in = format!("{BASE}/p/{slug}/sign-in");
    let said = format!("{user} of {organization} has consented to {product} of {domain} being backed up.");
    let next = "The account is authorized as soon as an import reports it. Until then you can enter its customer id here:";
    let text = format!("Hello {name},\n\n{said}\n\n{next}\n\n{address}\n\nThe sign-in address is {sign_in}\n\n{partner}\n");
    let page = html! {
        p { "Hello " (name) "," }
        p { (said) }
        p { (next) }
        p { a href=(address) { (address) } }
        p { "The sign-in address is " a href=(sign_in) { (sign_in) } }
        p { (partner) }
    };
    Content { subject: format!("{partner}: {organization} authorized {product} of {domain}"), text, html: page.into_string() }
}
