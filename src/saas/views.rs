//! SaaS accounts on pages: badges, strips, the organization's card, the dialogs that link and unlink.

use maud::{Markup, Render, html};

use crate::backups::model::{Grade, LONG_AGO};
use crate::kernel::html::charts;
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts::{self, Badge};
use crate::kernel::html::picks::{LinkForm, Pick, link_form, linked_already, pick_search};
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::text::{Joined, Sub, Words};
use crate::kernel::html::when::{Ago, SubAgo, Times};
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp};
use crate::saas::days_views::{grade_tone, grade_word};
use crate::saas::model::{Reason, Retention, SaasAccount, Shown, Unlinked, percent};

/// The state as a badge: word, shape and color (SAS-9).
pub const fn state_badge(shown: Shown) -> Badge<'static> {
    let (tone, shape) = match shown {
        Shown::Protected => (Tone::Good, Icon::Check),
        Shown::SomeMissed => (Tone::Warn, Icon::Warning),
        Shown::Failing => (Tone::Bad, Icon::Cross),
        Shown::PendingAuthorization | Shown::NoRecentData => (Tone::Quiet, Icon::Clock),
        Shown::Paused | Shown::Suspended | Shown::Unsubscribed => (Tone::Quiet, Icon::Pause),
        Shown::Purged | Shown::Cancelled => (Tone::Quiet, Icon::Trash),
        Shown::TooLittleHistory | Shown::NoDataYet | Shown::NoActiveServices => (Tone::Quiet, Icon::Dash),
    };
    Badge(tone, shape, shown.word_shown())
}

/// The state of an account as a badge; one that was cancelled says when (SAS-7).
pub fn account_badge(account: &SaasAccount, times: &Times) -> Markup {
    StateOf(account, times).render()
}

/// The same, written straight into the page: for long lists.
#[derive(Debug, Clone, Copy)]
pub struct StateOf<'a>(pub &'a SaasAccount, pub &'a Times);

impl Render for StateOf<'_> {
    fn render_to(&self, page: &mut String) {
        let Self(account, times) = *self;
        match account.facts.cancelled_at {
            Some(moment) => Badge(Tone::Quiet, Icon::Trash, &format!("Cancelled on {}", times.zone.date(moment))).render_to(page),
            None => state_badge(account.facts.shown(times.now)).render_to(page),
        }
    }
}

/// The last ten days, oldest first. Days that have passed since the newest data are empty: they are not known to have gone well (SAS-10).
pub fn strip(account: &SaasAccount, times: &Times) -> Markup {
    TenDays(account, times).render()
}

/// The same, written straight into the page: for long lists.
#[derive(Debug, Clone, Copy)]
pub struct TenDays<'a>(pub &'a SaasAccount, pub &'a Times);

impl Render for TenDays<'_> {
    fn render_to(&self, page: &mut String) {
        let days = last_days(self.0, self.1.now);
        let tones = days.iter().map(|day| grade_tone(day.unwrap_or(Grade::NoData)));
        charts::Strip { days: tones, words: &strip_words(self.0, self.1) }.render_to(page);
    }
}

/// How each of the last ten days went, oldest first; nothing for a day that nobody has reported.
fn last_days(account: &SaasAccount, now: Timestamp) -> Vec<Option<Grade>> {
    let passed = usize::try_from(days_passed(account, now)).unwrap_or(usize::MAX);
    let reported = account.strip.chars().map(|letter| Some(Grade::of_letter(letter)));
    let length = account.strip.len();
    reported.skip(passed).chain(std::iter::repeat_n(None, passed.min(length))).collect()
}

/// Whole days since an account's newest data.
fn days_passed(account: &SaasAccount, now: Timestamp) -> i64 {
    account.facts.as_of.map_or(0, |as_of| (now - as_of).0.div_euclid(Span::days(1).0).max(0))
}

/// The same in words: "13 Nov to 20 Nov: all backed up, 21 Nov: some missed, 22 Nov: all backed up". A day bears the date it ended on.
pub fn strip_words(account: &SaasAccount, times: &Times) -> String {
    let Some(as_of) = account.facts.as_of else { return "Last ten days: no data yet".to_owned() };
    let newest = as_of + Span::days(days_passed(account, times.now));
    let days = last_days(account, times.now);
    let date = |place: usize| {
        let back = days.len().saturating_sub(place + 1);
        times.zone.day_and_month(newest - Span::days(i64::try_from(back).unwrap_or_default()))
    };
    let mut first = 0;
    let runs = days.chunk_by(|one, other| one == other).map(|run| {
        let (from, last) = (first, first + run.len() - 1);
        first += run.len();
        let word = run.first().copied().flatten().map_or("no data", grade_word);
        if from < last { format!("{} to {}: {word}", date(from), date(last)) } else { format!("{}: {word}", date(from)) }
    });
    runs.collect::<Vec<_>>().join(", ")
}

/// A figure that there may be none of.
#[derive(Debug, Clone, Copy)]
pub struct OrDash<T>(pub Option<T>);

impl<T: Render> Render for OrDash<T> {
    fn render_to(&self, page: &mut String) {
        match &self.0 {
            Some(figure) => figure.render_to(page),
            None => Sub(Words("—")).render_to(page),
        }
    }
}

/// "96.8 %" of the last 24 hours.
pub fn success(account: &SaasAccount, times: &Times) -> OrDash<String> {
    OrDash(account.success(times.now).map(percent))
}

/// What its backups take up.
pub fn storage(account: &SaasAccount) -> OrDash<String> {
    OrDash(account.used_bytes.map(text::bytes))
}

/// When all of it was last whole.
#[derive(Debug, Clone, Copy)]
pub struct FullyProtected<'a>(pub &'a SaasAccount, pub &'a Times);

impl Render for FullyProtected<'_> {
    fn render_to(&self, page: &mut String) {
        match self.at() {
            Ok(moment) => Ago(self.1, moment).render_to(page),
            Err(words) => Words(words).render_to(page),
        }
    }
}

impl FullyProtected<'_> {
    /// When, or what is said instead.
    fn at(&self) -> Result<Timestamp, &'static str> {
        match (self.0.last_fully_protected, self.0.facts.as_of) {
            (Some(moment), _) if moment == LONG_AGO => Err("over 10 days ago"),
            (Some(moment), _) => Ok(moment),
            (None, Some(_)) => Err("not known"),
            // SAS-7: nothing comes any more.
            (None, None) if self.0.facts.cancelled_at.is_some() => Err("—"),
            (None, None) => Err("no data yet"),
        }
    }
}

/// The same, smaller and paler.
#[derive(Debug, Clone, Copy)]
pub struct SubFullyProtected<'a>(pub &'a SaasAccount, pub &'a Times);

impl Render for SubFullyProtected<'_> {
    fn render_to(&self, page: &mut String) {
        match FullyProtected(self.0, self.1).at() {
            Ok(moment) => SubAgo(self.1, moment).render_to(page),
            Err(words) => Sub(Words(words)).render_to(page),
        }
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
    let name = html! { (account.name) @if shown != Shown::Protected { " " (account_badge(account, card.times)) } };
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
    link_form(&LinkForm {
        search: pick_search(&here, "q", "Name, domain or id", dialog.words),
        action: &here,
        back: &format!("/organizations/{}", dialog.organization),
        hidden: &dialog.hidden,
        nothing: dialog.nothing.map(nothing_found),
        legend: "Unlinked SaaS accounts",
        picks: &picks,
        more: dialog.more.then_some("More accounts match. Search for the one you mean."),
        button: "Link Services",
    })
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
        Nothing::NotFound { linked } => {
            let linked = linked.iter().filter_map(|account| {
                let (organization, name) = account.organization.as_ref()?;
                Some((account.name.as_str(), name.as_str(), format!("/organizations/{organization}#services")))
            });
            linked_already("No unlinked account has this", &linked.collect::<Vec<_>>())
        }
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
        badge: match account.facts.cancelled_at {
            Some(_) => Some(account_badge(account, dialog.times)),
            None => account.unlinked.as_ref().map(|unlinked| reason_badge(unlinked, dialog.times)),
        },
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
