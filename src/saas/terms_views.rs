//! What an account was taken on for: the card on its page, and the dialogs that change and cancel it.

use maud::{Markup, html};

use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Field};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::saas::adding_views::conditions;
use crate::saas::model::{Commitment, SaasAccount};
use crate::saas::terms_model::{CANCEL_WORDS, ConditionsEntry, ManagedBy, Resale, Terms};

/// The dialog that changes them.
#[derive(Debug)]
pub struct TermsForm<'a> {
    /// The account.
    pub account: &'a SaasAccount,
    /// What it has now.
    pub terms: &'a Terms,
    /// What the fields hold.
    pub entry: &'a ConditionsEntry,
    /// What is wrong with them.
    pub errors: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// The form's id, and what it was drawn from.
    pub hidden: Markup,
    /// How the reader reads times.
    pub times: &'a Times,
}

/// The content of **Commitment and licenses**.
pub fn terms(page: &TermsForm<'_>) -> Markup {
    let terms = page.terms;
    let held = terms.refuses(Commitment::MonthToMonth, page.times.now);
    html! {
        (page.summary)
        form action={ "/saas/" (page.account.id) "/terms" } method="post" {
            (page.hidden)
            @if let Some(held) = held { p { "One year is committed until " (page.times.date(held.until)) ". From then on it can become month to month." } }
            p { (text::counted(terms.billable, "billable seat is", "billable seats are")) " protected now; the cap cannot be below that." }
            (conditions(page.entry, page.errors, (None, None)))
            p.hint { "What is set here is kept here. It changes nothing at the vendor: set it in its console as well." }
            (form::buttons(None, &[
                form::cancel(&format!("/saas/{}", page.account.id)),
                form::button("Save Changes", ButtonKind::Primary, None),
            ]))
        }
    }
}

/// The dialog that cancels.
#[derive(Debug)]
pub struct CancelForm<'a> {
    /// The account.
    pub account: &'a SaasAccount,
    /// What it has now.
    pub terms: &'a Terms,
    /// What cancelling destroys, counted.
    pub stake: &'a str,
    /// Why it cannot be cancelled.
    pub refusal: Option<String>,
    /// What was typed to confirm.
    pub typed: &'a str,
    /// The reason.
    pub reason: &'a str,
    /// What is wrong with them.
    pub errors: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// The form's id.
    pub hidden: Markup,
}

/// The content of **Cancel subscription**, or of taking back an account that was never authorized.
pub fn cancellation(page: &CancelForm<'_>) -> Markup {
    let account = page.account;
    // Beside "Cancel subscription" a button that says "Cancel" could be either.
    let back = form::leave(&format!("/saas/{}", account.id), "Keep it");
    if let Some(refusal) = &page.refusal {
        return html! { (page.summary) p { (refusal) } (form::buttons(None, &[back])) };
    }
    let verb = if page.terms.authorized { "Cancel subscription" } else { "Take back" };
    html! {
        (page.summary)
        form action={ "/saas/" (account.id) "/cancellation" } method="post" {
            (page.hidden)
            ul.bullets {
                @if page.terms.authorized {
                    li { "All backups of " strong { (account.name) } " (" (account.domain) ") are destroyed at once: " (page.stake) ". They cannot be brought back." }
                    li { "All its seats become unprotected, so none of them is billed any more. The current month still is." }
                    li { "The account stays in the lists, marked as cancelled on this day." }
                    li { "Cancel it in the vendor's console as well: this portal does not reach the vendor, and what it bills ends there." }
                } @else {
                    li { strong { (account.name) } " (" (account.domain) ") was never authorized: it has no seats and no backups." }
                    li { "It goes from every list. Only the lines in the activity log stay." }
                }
            }
            (Field {
                name: "reason", label: "Reason", value: page.reason, required: true, error: page.errors.of("reason"), autocomplete: Some("off"),
                ..Field::default()
            })
            @if page.terms.authorized {
                (Field {
                    name: "typed", label: &format!("Type {CANCEL_WORDS}"), value: page.typed, required: true, error: page.errors.of("typed"),
                    autocomplete: Some("off"), ..Field::default()
                })
            }
            (form::buttons(None, &[back, form::button(verb, ButtonKind::DangerPrimary, Some(Icon::Trash))]))
        }
    }
}

/// The card **Commitment and licenses**; its buttons are for those who may change it, that which cancels only where nothing holds it.
pub fn card(account: &SaasAccount, terms: &Terms, (may_change, held): (bool, Option<&str>), times: &Times) -> Markup {
    if let Some(moment) = account.facts.purged_at.filter(|_| account.facts.is_emptied() && terms.cancelled.is_none()) {
        let body = html! {
            "No terms: its backups were destroyed on " (times.date(moment)) ", so nothing of it is protected or billed. "
            "Terms can be set again once an import shows new backups."
        };
        return parts::card("terms", "Commitment and licenses", None, None, parts::padded(&html! { p { (body) } }));
    }
    let commitment = html! {
        (terms.commitment.map_or("not known", Commitment::shown))
        @if let Some(until) = terms.committed_until { ", until " (times.date(until)) }
        @else if terms.commitment == Some(Commitment::OneYear) && !terms.authorized { ", from the authorization on" }
    };
    let use_of_it = html! {
        (text::thousands(terms.billable))
        @match terms.licence_cap { Some(cap) => { " of " (text::thousands(cap)) } None => { " used, no cap" } }
        " " span.sub { "billable seats" }
        @if terms.cap_reached() { " " (parts::badge(Tone::Warn, Icon::Warning, "Cap reached")) }
    };
    let mut pairs = vec![
        ("Commitment", commitment),
        ("Licenses", use_of_it),
        ("Auto-add", html! { (terms.auto_add.shown()) }),
        ("Managed by", html! { @match terms.managed_by { ManagedBy::Partner => "us", ManagedBy::Organization => "the organization" } }),
    ];
    if terms.resale == Resale::NotForResale {
        pairs.push(("Resale", html! { "Not for resale" }));
    }
    if let Some((when, reason)) = &terms.cancelled {
        pairs.push(("Cancelled", html! { "on " (times.date(*when)) ": " (reason) }));
    }
    if let Some(held) = held.filter(|_| may_change && terms.cancelled.is_none()) {
        pairs.push(("Cancelling", html! { (held) }));
    }
    let change = (may_change && terms.cancelled.is_none()).then(|| {
        let href = |word: &str| format!("/saas/{}/{word}", account.id);
        let cancel = if terms.authorized { "Cancel subscription" } else { "Take back" };
        html! {
            (form::dialog_link("Change", &href("terms"), ButtonKind::Secondary, Some(Icon::Pencil), Some("Change commitment and licenses")))
            @if held.is_none() { " " (form::dialog_link(cancel, &href("cancellation"), ButtonKind::Danger, None, None)) }
        }
    });
    parts::card("terms", "Commitment and licenses", None, change, parts::definition_list(&pairs))
}
