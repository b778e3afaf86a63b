//! The dialogs about an account's authorization, and what its page says while it waits for it (SAS-6).

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind, Field, Kind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::picks::{Pick, pick_one};
use crate::kernel::html::when::Times;
use crate::saas::model::SaasAccount;
use crate::saas::terms_model::Terms;
use crate::users::model::User;

/// What the dialogs about one account show.
#[derive(Debug)]
pub struct Authorization<'a> {
    /// The account.
    pub account: &'a SaasAccount,
    /// How its authorization stands.
    pub terms: &'a Terms,
    /// The partner's name, for the organization's users.
    pub partner: &'a str,
    /// What is wrong, above the form.
    pub summary: Markup,
    /// What is wrong with the customer id.
    pub error: Option<&'a str>,
    /// What was typed as one.
    pub customer_id: &'a str,
    /// The form's id.
    pub hidden: Markup,
    /// Whether this is the demo, which simulates the vendor.
    pub demo: bool,
    /// How the reader reads times.
    pub times: &'a Times,
}

fn home(account: &SaasAccount) -> String {
    format!("/saas/{}", account.id)
}

/// It has its authorization.
pub fn done(page: &Authorization<'_>) -> Markup {
    html! {
        (page.summary)
        p { (page.account.name) " is authorized." }
        (form::buttons(None, &[form::link_button("Open the account", &home(page.account), ButtonKind::Primary, None)]))
    }
}

/// For those who may only look.
pub fn waiting(page: &Authorization<'_>) -> Markup {
    html! {
        (page.summary)
        p { (standing(page)) }
        (form::buttons(None, &[form::link_button("Open the account", &home(page.account), ButtonKind::Secondary, None)]))
    }
}

/// The consent of a user of the organization.
pub fn consent(page: &Authorization<'_>) -> Markup {
    let account = page.account;
    if page.terms.consent.is_some() {
        return waiting(page);
    }
    html! {
        (page.summary)
        form action={ "/saas/" (account.id) "/consent" } method="post" {
            (page.hidden)
            p { (page.partner) " wants to protect " strong { (account.product.shown()) } " of " strong { (account.domain) } "." }
            ul.bullets {
                li { "Mailboxes, files and sites of this domain are copied and kept, so that they can be restored." }
                @for sentence in page.terms.agreed(account.region.as_deref()) { li { (sentence) } }
                li { "Your consent is kept with your name and the time, and " (page.partner) " sees it." }
                @if page.demo { li { "This demo simulates the vendor: the account is authorized at once." } }
                @else { li { "It signs you in nowhere and connects nothing by itself: " (page.partner) " completes the authorization at the vendor." } }
            }
            (form::buttons(None, &[form::cancel(&home(account)), form::button("Authorize", ButtonKind::Primary, Some(Icon::Check))]))
        }
    }
}

/// By hand, with the customer id.
pub fn by_hand(page: &Authorization<'_>) -> Markup {
    let account = page.account;
    html! {
        (page.summary)
        form action={ "/saas/" (account.id) "/authorization" } method="post" {
            (page.hidden)
            p { (standing(page)) }
            p { "An import that reports " (account.product.shown()) " of " strong { (account.domain) } " authorizes it by itself." }
            (Field {
                name: "customer_id", label: "Customer id", value: page.customer_id, kind: Kind::Number, required: true, error: page.error,
                hint: Some("As the vendor's console shows it. Imports know the account by it from then on."), autocomplete: Some("off"),
                ..Field::default()
            })
            (form::buttons(None, &[form::cancel(&home(account)), form::button("Authorize", ButtonKind::Primary, None)]))
        }
    }
}

/// Another customer id than was entered by hand, while no import has filled the account.
pub fn correction(page: &Authorization<'_>) -> Markup {
    let account = page.account;
    let known = account.vendor_id.map(|id| id.to_string()).unwrap_or_default();
    let typed = if page.customer_id.is_empty() { known.as_str() } else { page.customer_id };
    html! {
        (page.summary)
        form action={ "/saas/" (account.id) "/authorization" } method="post" {
            (page.hidden)
            (form::hidden("instead_of", &known))
            p { (account.name) " is authorized under the customer id " strong { (known) } ". No import has filled it yet, so a slip can be corrected." }
            (Field {
                name: "customer_id", label: "Customer id", value: typed, kind: Kind::Number, required: true, error: page.error,
                hint: Some("As the vendor's console shows it. Imports know the account by it from then on."), autocomplete: Some("off"),
                ..Field::default()
            })
            (form::buttons(None, &[form::cancel(&home(account)), form::button("Correct the customer id", ButtonKind::Primary, None)]))
        }
    }
}

/// How far it is, in sentences.
fn standing(page: &Authorization<'_>) -> String {
    words(page.terms, page.times)
}

fn words(terms: &Terms, times: &Times) -> String {
    match (&terms.consent, &terms.asked) {
        (Some((who, when)), _) => {
            format!("{who} consented on {}. What is missing is the customer id, or an import that reports it.", times.zone.date(*when))
        }
        (None, Some((who, when))) => {
            format!("{who} was asked on {} to authorize it, and has not yet. Nothing is backed up before.", times.zone.date(*when))
        }
        (None, None) => "It waits for its authorization. Nothing is backed up before.".to_owned(),
    }
}

/// What the account's page says while it waits: to those who can go on with it, with the button that does.
pub fn banner(account: &SaasAccount, terms: &Terms, may_change: bool, is_user: bool, times: &Times) -> Markup {
    let href = |word: &str| format!("/saas/{}/{word}", account.id);
    let action = if may_change {
        Some(html! {
            @if account.organization.is_some() {
                (form::dialog_link(
                    if terms.asked.is_some() { "Send the letter again" } else { "Ask a user" }, &href("authorization/letter"),
                    ButtonKind::Secondary, Some(Icon::Mail), None))
                " "
            }
            (form::dialog_link("Authorize", &href("authorization"), ButtonKind::Secondary, Some(Icon::Check), None))
        })
    } else if is_user && terms.consent.is_none() {
        Some(form::dialog_link("Authorize", &href("authorization"), ButtonKind::Secondary, Some(Icon::Check), None))
    } else {
        None
    };
    parts::banner(Tone::Warn, &format!("Pending authorization. {}", words(terms, times)), action)
}

/// The dialog that sends the letter.
#[derive(Debug)]
pub struct Asking<'a> {
    /// The account.
    pub account: &'a SaasAccount,
    /// The organization's users who could.
    pub users: &'a [User],
    /// Who was chosen before.
    pub chosen: &'a str,
    /// What is wrong.
    pub summary: Markup,
    /// The form's id.
    pub hidden: Markup,
}

/// The content of **Ask to authorize**.
pub fn ask(page: &Asking<'_>) -> Markup {
    let picks: Vec<Pick> = page.users.iter().map(|user| pick(user, page.chosen)).collect();
    let back = form::cancel(&home(page.account));
    html! {
        (page.summary)
        form action={ "/saas/" (page.account.id) "/authorization/letter" } method="post" {
            (page.hidden)
            p { "The user signs in with their own account and consents. The letter holds no secret." }
            @match &page.account.organization {
                _ if !picks.is_empty() => { (pick_one("User", &picks)) }
                Some((organization, name)) => {
                    (parts::empty("Nobody can be asked", &format!("{name} has no user with Full access."),
                        Some(form::link_button("Add Users", &format!("/organizations/{organization}/users/new"), ButtonKind::Secondary, None))))
                }
                None => { (parts::empty("Nobody can be asked", "Link the account to an organization first.", None)) }
            }
            @if picks.is_empty() { (form::buttons(None, &[back])) }
            @else { (form::buttons(None, &[back, form::button("Send letter", ButtonKind::Primary, Some(Icon::Mail))])) }
        }
    }
}

fn pick(user: &User, chosen: &str) -> Pick {
    let value = user.account.id.to_string();
    let (tone, shape, word) = user.account.state.look();
    Pick {
        name: "user".to_owned(),
        checked: value == chosen,
        value,
        label: html! { (user.name()) },
        detail: Some(html! { (user.account.email) }),
        badge: Some(parts::badge(tone, shape, word)),
        disabled: false,
    }
}
