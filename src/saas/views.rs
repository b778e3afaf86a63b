//! SaaS accounts on pages: badges, strips, the organization's card, the dialogs that link and unlink.

use maud::{Markup, html};

use crate::backups::model::{Grade, LONG_AGO};
use crate::kernel::html::charts::{self, Day};
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::picks::{Pick, pick_list, pick_search, ticked_count};
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::text::{Joined, Words};
use crate::kernel::html::when::Times;
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::kernel::text;
use crate::kernel::time::Span;
use crate::saas::days_views::{grade_tone, grade_word};
use crate::saas::model::{Reason, Retention, SaasAccount, Shown, Unlinked, percent};

/// The state as a badge: word, shape and color (SAS-9).
pub fn state_badge(shown: Shown) -> Markup {
    let (tone, shape) = match shown {
        Shown::Protected => (Tone::Good, Icon::Check),
        Shown::SomeMissed => (Tone::Warn, Icon::Warning),
        Shown::Failing => (Tone::Bad, Icon::Cross),
        Shown::PendingAuthorization | Shown::NoRecentData => (Tone::Quiet, Icon::Clock),
        Shown::Paused | Shown::Suspended | Shown::Unsubscribed => (Tone::Quiet, Icon::Pause),
        Shown::Purged => (Tone::Quiet, Icon::Trash),
        Shown::TooLittleHistory | Shown::NoDataYet | Shown::NoActiveServices => (Tone::Quiet, Icon::Dash),
    };
    parts::badge(tone, shape, shown.word_shown())
}

/// The last ten days, oldest first. Days that have passed since the newest data are empty: they are not known to have gone well (SAS-10).
pub fn strip(account: &SaasAccount, times: &Times) -> Markup {
    let grades: Vec<Grade> = account.strip.chars().rev().map(Grade::of_letter).collect();
    let since = account.facts.as_of.map_or(0, |as_of| (times.now - as_of).0.div_euclid(Span::days(1).0).max(0));
    let newest = account.facts.as_of.unwrap_or(times.now) + Span::days(since);
    let days: Vec<Day> = (0_i64..)
        .zip(&grades)
        .map(|(back, _)| {
            let known = usize::try_from(back - since).ok().and_then(|place| grades.get(place)).copied();
            let (tone, share) = grade_tone(known.unwrap_or(Grade::NoData));
            let words = match (account.facts.as_of, known) {
                (None, _) => "no data yet",
                (Some(_), None) => "no data",
                (Some(_), Some(grade)) => grade_word(grade),
            };
            Day { tone, share, label: format!("To {}: {words}", times.zone.day_and_month(newest - Span::days(back))) }
        })
        .collect();
    charts::strip(&days.into_iter().rev().collect::<Vec<_>>())
}

/// "96.8 %" of the last 24 hours, or a dash where there is nothing to say.
pub fn success(account: &SaasAccount, times: &Times) -> Markup {
    html! {
        @match account.success(times.now) { Some(permille) => { (percent(permille)) } None => { span.sub { "—" } } }
    }
}

/// When all of it was last whole.
pub fn fully_protected(account: &SaasAccount, times: &Times) -> Markup {
    html! {
        @match (account.last_fully_protected, account.facts.as_of) {
            (Some(moment), _) if moment == LONG_AGO => { "over 10 days ago" }
            (Some(moment), _) => { (times.ago(moment)) }
            (None, Some(_)) => { "not known" }
            (None, None) => { "no data yet" }
        }
    }
}

/// What its backups take up.
pub fn storage(account: &SaasAccount) -> Markup {
    html! {
        @match account.used_bytes { Some(bytes) => { (text::bytes(bytes)) } None => { span.sub { "—" } } }
    }
}

/// "ember.example · Microsoft 365 · ICR".
pub fn facts_line(account: &SaasAccount) -> String {
    let parts = [Some(account.domain.as_str()), Some(account.product.shown()), account.retention.map(Retention::word)];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The card on an organization's page.
#[derive(Debug)]
pub struct Card<'a> {
    /// Whose accounts.
    pub organization: OrganizationId,
    /// The linked ones.
    pub accounts: &'a [SaasAccount],
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// The card **SaaS Protection Services**: accounts with strip, **Manage** and trash can, and the **Link** button.
pub fn card(card: &Card<'_>) -> Markup {
    let href = format!("/organizations/{}/services/link", card.organization);
    let link = form::dialog_link("Link", &href, ButtonKind::Secondary, Some(Icon::Link), Some("Link SaaS Protection Services"));
    let empty = parts::empty(
        "No SaaS account is linked",
        "Link the accounts that this organization's users may manage.",
        Some(form::dialog_link("Link Services", &href, ButtonKind::Secondary, Some(Icon::Link), None)),
    );
    let table = Table {
        id: "saas-services".into(),
        caption: "Linked SaaS accounts".into(),
        columns: vec![Column::new("Account"), Column { class: "strip-cell", ..Column::new("Last ten days") }, Column::actions()],
        rows: card.accounts.iter().map(|account| card_row(card, account)).collect(),
        bare: true,
        empty: Some(empty),
        ..Table::default()
    };
    let count = card.accounts.len().to_string();
    let status = (!card.accounts.is_empty()).then(|| {
        let href = format!("/status/saas?organization={}", card.organization);
        form::link_button("Status", &href, ButtonKind::Quiet, None)
    });
    let actions = html! { @if let Some(status) = status { (status) " " } (link) };
    parts::card("services", "SaaS Protection Services", Some(&count), Some(actions), table.render())
}

fn card_row(card: &Card<'_>, account: &SaasAccount) -> Row {
    let seats = text::counted(account.seats_used, "seat", "seats");
    let under = match account.success(card.times.now) {
        Some(permille) => format!("{} of {seats}", percent(permille)),
        None => seats,
    };
    let manage = form::link_button("Manage", &format!("/saas/{}", account.id), ButtonKind::Secondary, None);
    let trash = format!("/organizations/{}/services/{}/unlink", card.organization, account.id);
    let shown = account.facts.shown(card.times.now);
    // The card is narrow: that all is well is said by the strip and the percentage alone.
    let name = html! { (account.name) @if shown != Shown::Protected { " " (state_badge(shown)) } };
    Row {
        cells: vec![
            parts::two_lines(&name, &html! { (facts_line(account)) }),
            html! { span.two.figures { (strip(account, card.times)) span.sub { (under) } } },
            html! { (manage) " " (form::icon_link(Icon::Trash, Joined(&["Unlink ", &account.name]), Words(&trash), true)) },
        ],
        ..Row::default()
    }
}

/// Why an account is unlinked, as a badge (SAS-4).
pub fn reason_badge(unlinked: &Unlinked, times: &Times) -> Markup {
    let date = times.zone.day_and_month(unlinked.at);
    match (unlinked.reason, unlinked.detail.as_deref()) {
        (Reason::NeverLinked, _) => parts::badge(Tone::Quiet, Icon::Dash, "Never linked"),
        (Reason::ByPerson, who) => {
            let who = who.map(|who| format!(" by {who}")).unwrap_or_default();
            parts::badge(Tone::Quiet, Icon::Dash, &format!("Unlinked {date}{who}"))
        }
        (Reason::OrganizationDeleted, _) => parts::badge(Tone::Quiet, Icon::Trash, &format!("Organization deleted {date}")),
        (Reason::ReceivedByTransfer, _) => parts::badge(Tone::Warn, Icon::Clock, "Received by transfer"),
    }
}

/// Why the Link dialog has nothing to tick.
#[derive(Debug)]
pub enum Nothing {
    /// The partner has no account at all.
    NoAccount {
        /// Whether the viewer may import some.
        may_import: bool,
    },
    /// All are linked.
    AllLinked,
    /// No unlinked account holds the words.
    NotFound {
        /// Some that hold them and are linked.
        linked: Vec<SaasAccount>,
    },
}

/// What the Link dialog shows.
#[derive(Debug)]
pub struct LinkDialog<'a> {
    /// Where the accounts go.
    pub organization: OrganizationId,
    /// What is searched.
    pub words: &'a str,
    /// The unlinked accounts found.
    pub found: &'a [SaasAccount],
    /// Why none was found.
    pub nothing: Option<&'a Nothing>,
    /// Whether there are more than are shown.
    pub more: bool,
    /// Those ticked before.
    pub ticked: &'a [SaasAccountId],
    /// The form's id and what was wrong with it.
    pub hidden: Markup,
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// The content of **Link SaaS Protection Services** (SAS-3).
pub fn link_dialog(dialog: &LinkDialog<'_>) -> Markup {
    let here = format!("/organizations/{}/services/link", dialog.organization);
    let picks: Vec<Pick> = dialog.found.iter().map(|account| pick(dialog, account)).collect();
    html! {
        (pick_search(&here, "q", "Name, domain or id", dialog.words))
        form action=(here) method="post" {
            (dialog.hidden)
            @match dialog.nothing {
                Some(nothing) => { (nothing_found(nothing)) }
                None => { (pick_list("Unlinked SaaS accounts", &picks)) }
            }
            @if dialog.more { p.padded.sub { "More accounts match. Search for the one you mean." } }
            @let cancel = form::cancel(&format!("/organizations/{}", dialog.organization));
            @if picks.is_empty() { (form::buttons(Some(&ticked_count()), &[cancel])) }
            @else { (form::buttons(Some(&ticked_count()), &[cancel, form::button("Link Services", ButtonKind::Primary, None)])) }
        }
    }
}

fn nothing_found(nothing: &Nothing) -> Markup {
    match nothing {
        Nothing::NoAccount { may_import } => parts::empty(
            "There is no SaaS account yet",
            "SaaS accounts come with an import of what the backup service reports; then they can be linked here.",
            may_import.then(|| form::link_button("Import", "/imports", ButtonKind::Secondary, Some(Icon::Upload))),
        ),
        Nothing::AllLinked => parts::empty(
            "No account is waiting to be linked",
            "Every SaaS account of this partner is linked to an organization already.",
            None,
        ),
        Nothing::NotFound { linked } if linked.is_empty() => {
            parts::empty("Nothing found", "No account has this in its name, domain or id.", None)
        }
        Nothing::NotFound { linked } => html! {
            div.empty {
                p.name { "No unlinked account has this" }
                @for account in linked {
                    @if let Some((organization, name)) = &account.organization {
                        p.sub { (account.name) " is linked to " a href={ "/organizations/" (organization) "#services" } { (name) } " already." }
                    }
                }
            }
        },
    }
}

fn pick(dialog: &LinkDialog<'_>, account: &SaasAccount) -> Pick {
    let detail = html! {
        (parts::highlight(&account.domain, dialog.words)) " · " (account.product.shown())
        " · " (text::counted(account.seats_used, "seat", "seats"))
        @if let Some(id) = account.vendor_id { " · " (parts::highlight(&id.to_string(), dialog.words)) }
    };
    Pick {
        name: "saas_account".into(),
        value: account.id.to_string(),
        label: parts::highlight(&account.name, dialog.words),
        detail: Some(detail),
        badge: account.unlinked.as_ref().map(|unlinked| reason_badge(unlinked, dialog.times)),
        checked: dialog.ticked.contains(&account.id),
        disabled: false,
    }
}

/// The content of the dialog that asks once before unlinking (SAS-4, USR-10).
pub fn unlink_dialog(organization: (OrganizationId, &str), account: &SaasAccount, hidden: &Markup) -> Markup {
    html! {
        form action={ "/organizations/" (organization.0) "/services/" (account.id) "/unlink" } method="post" {
            (hidden)
            p { "The users of " (organization.1) " can no longer manage " strong { (account.name) } "." }
            p { "Nothing is deleted: the account, its seats and its backups stay, and it can be linked again at any time." }
            (form::buttons(None, &[
                form::cancel(&format!("/organizations/{}", organization.0)),
                form::button("Unlink", ButtonKind::DangerPrimary, Some(Icon::Trash)),
            ]))
        }
    }
}
