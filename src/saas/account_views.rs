//! An account's own page.

use maud::{Markup, html};

use crate::backups::model::AccountDay;
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::saas::model::SaasAccount;
use crate::saas::terms_model::Terms;
use crate::saas::views::{self, FullyProtected};
use crate::saas::{authorizing_views, console_views, mapping_views, terms_views};

/// Who reads an account's page, and so which of its ways on are there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reader {
    /// Links, authorizes, sets and cancels.
    Manager,
    /// Looks.
    Employee,
    /// USR-7: a user of the organization, who administers the account and nothing of the partner's.
    SuperAdministrator,
}

/// Everything above the applications and seats.
#[derive(Debug)]
pub struct Overview<'a> {
    /// The account.
    pub account: &'a SaasAccount,
    /// Name and e-mail of the users with Full access, and whether they are set up (USR-7).
    pub administrators: &'a [(String, String, bool)],
    /// What it was taken on for.
    pub terms: &'a Terms,
    /// Active User seats; nothing while no seat was reported.
    pub active_users: Option<i64>,
    /// What its newest 24 hours came to.
    pub newest: Option<&'a AccountDay>,
    /// Where the vendor's console is, if that is known (SAS-11).
    pub console: Option<&'a str>,
    /// Who reads it.
    pub reader: Reader,
    /// EMP-4: whether the reader may change it, as far as it is theirs to change accounts at all.
    pub may_change: bool,
    /// SAS-7: why it cannot be cancelled now.
    pub held: Option<&'a str>,
    /// Whether its customer id was entered by hand and this reader may correct it (SAS-6).
    pub unfilled: bool,
    /// PAR-7: the button that asks for its transfer, for who may.
    pub transfer: Option<Markup>,
    /// How the reader reads times.
    pub times: &'a Times,
}

/// Beside the title: the state, and when its data was true.
pub fn aside(account: &SaasAccount, times: &Times) -> Markup {
    html! {
        (views::account_badge(account, times)) " "
        span.sub {
            @match account.facts.as_of {
                Some(moment) => { "as of " (times.zone.clock(moment)) ", " (times.ago(moment)) }
                None if account.facts.cancelled_at.is_some() => {}
                None => { "no data yet" }
            }
        }
    }
}

/// The two cards at the top: what the account is, and who administers it.
pub fn overview(page: &Overview<'_>) -> Markup {
    let manages = page.reader == Reader::Manager;
    let role = "You are Super Administrator of this account. Lesser administrators are made in the vendor's console.";
    let user = page.reader == Reader::SuperAdministrator;
    html! {
        @if !page.terms.authorized { (authorizing_views::banner(page.account, page.terms, manages && page.may_change, user, page.times)) }
        @if user { p.sub { (role) } }
        (parts::columns(&identity(page), &html! {
            (organization(page))
            @if !user { (terms_views::card(page.account, page.terms, (manages && page.may_change, page.held), page.times)) }
            (administrators(page))
        }))
    }
}

fn identity(page: &Overview<'_>) -> Markup {
    let account = page.account;
    let or_dash = |text: Option<&str>| html! { (text.unwrap_or("—")) };
    let mut pairs = vec![
        ("Name", html! { (account.name) }),
        ("Domain", html! { (account.domain) }),
        ("Customer id", customer_id(page)),
        ("Service", html! { (account.product.shown()) }),
        ("Subscription id", or_dash(account.external_subscription_id.as_deref())),
        ("Region", or_dash(account.region.as_deref())),
        (
            "Retention",
            html! { @match account.retention { Some(kept) => { (kept.word()) " " span.sub { (kept.explained()) } } None => { "—" } } },
        ),
        ("Authorized", html! { @if account.facts.authorized { "Yes" } @else { "Pending" } }),
        (
            "Licensed seats",
            html! { (text::thousands(account.seats_used)) " " span.sub { "those that are billed; while no seats are known, what the vendor reports" } },
        ),
        (
            "Active users",
            html! { @match page.active_users { Some(count) => { (text::thousands(count)) " " span.sub { "users backed up at this time" } } None => { "no data yet" } } },
        ),
        ("Success rate, 24 hours", success(account, page.times)),
        ("Fully protected, 24 h", whole(page)),
        ("Last ten days", views::strip(account, page.times)),
        ("Last fully protected", html! { (FullyProtected(account, page.times)) }),
        ("Storage", html! { (views::storage(account)) }),
        (
            "What is counted",
            html! { span.sub { "A service is what is backed up of a seat in one application, such as a user's mail. A seat is billed or not as its list below says." } },
        ),
    ];
    if let Some(moment) = account.facts.cancelled_at {
        pairs.push(("Cancelled", html! { "on " (page.times.date(moment)) ", its backups were destroyed" }));
    } else if let Some(moment) = account.facts.purged_at {
        pairs.push(("Purged", html! { "purged on " (page.times.date(moment)) ", its backups were destroyed" }));
    }
    if let Some(address) = page.console {
        pairs.push(("At the vendor", console_views::link(address)));
    }
    parts::card("overview", "Overview", None, page.transfer.clone(), parts::definition_list(&pairs))
}

/// With the way to correct it, while it was only entered by hand.
fn customer_id(page: &Overview<'_>) -> Markup {
    let href = format!("/saas/{}/authorization", page.account.id);
    html! {
        @match page.account.vendor_id { Some(id) => { (id) } None => { "none until it is authorized" } }
        @if page.unfilled { " " a href=(href) data-dialog { "Correct" } }
    }
}

/// Services of the last 24 hours of data that nothing is missing from, where the state has figures.
fn whole(page: &Overview<'_>) -> Markup {
    let has_figures = page.account.facts.shown(page.times.now).has_figures();
    html! {
        @match page.newest.filter(|day| has_figures && 0 < day.active) {
            Some(day) => { (text::thousands(day.perfect)) " " span.sub { "of " (text::counted(day.active, "service", "services")) } }
            None => { span.sub { "—" } }
        }
    }
}

fn success(account: &SaasAccount, times: &Times) -> Markup {
    html! {
        (views::success(account, times))
        @if account.success(times.now).is_some() {
            " " span.sub { "of " (text::counted(account.facts.active_services, "service", "services")) }
        }
    }
}

fn organization(page: &Overview<'_>) -> Markup {
    let account = page.account;
    let body = match &account.organization {
        Some((id, name)) => {
            let shown = html! { @if page.reader == Reader::Manager { a href={ "/organizations/" (id) } { (name) } } @else { (name) } };
            let since = html! { @if let Some(moment) = account.linked_at { (page.times.date(moment)) } @else { "—" } };
            parts::definition_list(&[("Linked to", shown), ("Since", since)])
        }
        None => {
            parts::definition_list(&[("Linked to", html! { "no organization" }), ("Because", mapping_views::reason(account, page.times))])
        }
    };
    let action = (page.reader == Reader::Manager).then(|| {
        if let Some((id, _)) = &account.organization {
            let href = format!("/organizations/{id}/services/{}/unlink", account.id);
            form::dialog_link("Unlink", &href, ButtonKind::Secondary, Some(Icon::Trash), Some(&format!("Unlink {}", account.name)))
        } else {
            let href = format!("{}/{}", mapping_views::HERE, account.id);
            form::dialog_link("Link", &href, ButtonKind::Secondary, Some(Icon::Link), Some(&format!("Link {}", account.name)))
        }
    });
    parts::card("organization", "Organization", None, action, body)
}

fn administrators(page: &Overview<'_>) -> Markup {
    let lines: Vec<(Markup, Markup)> = page
        .administrators
        .iter()
        .map(|(name, email, set_up)| (html! { (name) }, html! { (email) @if !*set_up { " · invited, not set up yet" } }))
        .collect();
    let body = if lines.is_empty() {
        let why = if page.account.organization.is_some() {
            "Users of the organization with Full access administer this account."
        } else {
            "Link the account to an organization; its users with Full access administer it."
        };
        parts::empty("Nobody yet", why, None)
    } else {
        parts::feed(&lines)
    };
    let count = lines.len().to_string();
    parts::card("administrators", "Super Administrators", Some(&count), None, body)
}
