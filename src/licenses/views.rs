//! The page Licenses.

use maud::{Markup, html};

use crate::kernel::html::charts;
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::text::{counted, thousands};
use crate::licenses::model::{Idle, Licenses, SHOWN, Share, Use, UseKind};
use crate::saas::model::{Commitment, Retention};
use crate::subscriptions::model::Plan;

/// Where the page is.
pub const HERE: &str = "/licenses";

/// Everything on the page.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The figures.
    pub licenses: &'a Licenses,
    /// The accounts behind the line that was opened.
    pub opened: Option<(UseKind, &'a [Share])>,
    /// Whether the viewer may open an account.
    pub may_open: bool,
}

/// At the right of the title.
pub fn export(form_id: &Markup) -> Markup {
    parts::action_form("/licenses/export", form_id, "Export CSV", ButtonKind::Secondary, Some(Icon::Download))
}

/// Four figures, what is used of what, and what is idle.
pub fn page(page: &Page<'_>) -> Markup {
    html! { (figures(page.licenses)) (uses(page)) @if let Some((kind, shares)) = page.opened { (behind(page, kind, shares)) } (idle(page)) }
}

fn figures(licenses: &Licenses) -> Markup {
    let prices = licenses.prices.as_ref();
    let billable: i64 = licenses.uses.iter().map(|each| each.billable).sum();
    let billed: i64 = licenses.uses.iter().map(|each| each.billed).sum();
    let unused = (billable < billed).then(|| format!("{} bought and not used", thousands(billed - billable)));
    let cost = licenses.total(licenses.uses.iter().map(|each| each.cost(prices)));
    let sum = |count: fn(&Idle) -> i64| licenses.idle.iter().map(count).sum::<i64>();
    let idle_cost = licenses.total(licenses.idle.iter().map(|each| each.cost(prices)));
    let no_price = "no price for this month";
    let (idle, unbilled) =
        (sum(|each| each.archived + each.paused), sum(|each| if each.plan.is_none() { each.archived + each.paused } else { 0 }));
    let whose = match unbilled {
        0 => "billed all the same".to_owned(),
        all if all == idle => "not billed: their organizations have no plan".to_owned(),
        some => format!("{} billed all the same, {} without a plan", thousands(idle - some), thousands(some)),
    };
    html! {
        div.stats {
            (charts::stat_card("Billable seats", &thousands(billable), "in use", None, None))
            (charts::stat_card("A month at list price", cost.as_deref().unwrap_or("—"), if cost.is_none() { no_price } else { "of billed seats" }, None,
                unused.as_deref()))
            (charts::stat_card("Idle seats", &thousands(idle), &whose, None,
                Some(&format!("{} archived, {} paused for over 30 days", thousands(sum(|each| each.archived)), thousands(sum(|each| each.paused))))))
            (charts::stat_card("A month of idle seats", idle_cost.as_deref().unwrap_or("—"),
                if idle_cost.is_none() { no_price } else { "at list price" }, None, None))
        }
    }
}

fn uses(page: &Page<'_>) -> Markup {
    let licenses = page.licenses;
    let prices = licenses.prices.as_ref();
    let table = Table {
        id: "uses".to_owned(),
        caption: "Seats in use, and billed, by plan, commitment and retention".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("Plan") },
            Column::new("Commitment"),
            Column::new("Retention"),
            Column::number("Accounts"),
            Column::number("Billable seats"),
            Column::number("Billed"),
            Column::number("A month"),
        ],
        rows: licenses.uses.iter().map(|each| use_row(each, each.cost(prices).map(|cost| shown(licenses, cost)).as_deref())).collect(),
        empty: Some(parts::empty("No SaaS account yet", "What is used shows here once accounts have been imported.", None)),
        ..Table::default()
    };
    let how = "Billed is what is used, or what an organization has bought if that is more.";
    parts::card("use", "In use", None, None, html! { (table.render()) p.sub.padded { (how) } })
}

fn shown(licenses: &Licenses, cost: i64) -> String {
    licenses.total(std::iter::once(Some(cost))).unwrap_or_default()
}

fn use_row(each: &Use, cost: Option<&str>) -> Row {
    let href = format!("{HERE}?behind={}#behind", each.kind().word());
    Row {
        href: Some(href.clone()),
        cells: vec![
            html! { span.name { (each.plan.map_or("No plan", Plan::shown)) span.hidden { ": who is behind it" } } },
            html! { (each.commitment.map_or("Not known", Commitment::shown)) },
            html! { (each.retention.map_or("Not known", Retention::word)) },
            html! { (thousands(each.accounts)) },
            html! { (thousands(each.billable)) },
            html! { (thousands(if each.plan.is_none() { 0 } else { each.billed })) },
            html! { (cost.unwrap_or("—")) },
        ],
        ..Row::default()
    }
}

/// Who is behind a line of the table above: its accounts, the most billed first.
fn behind(page: &Page<'_>, kind: UseKind, shares: &[Share]) -> Markup {
    let licenses = page.licenses;
    let row = |share: &Share| {
        let cost = share.cost(licenses.prices.as_ref()).map(|cost| shown(licenses, cost));
        let organization = share.organization.as_ref().map(|(_, name)| name.as_str());
        let (name, below) = match &share.account {
            Some((_, name, product)) => (name.as_str(), format!("{} · {}", product.shown(), organization.unwrap_or("not linked"))),
            None => (organization.unwrap_or("—"), "no SaaS account yet".to_owned()),
        };
        Row {
            cells: vec![
                parts::two_lines(&html! { (name) }, &html! { (below) }),
                html! { (thousands(share.billable)) },
                html! { (thousands(if share.kind.plan.is_none() { 0 } else { share.billed })) },
                html! { (cost.as_deref().unwrap_or("—")) },
                html! {
                    @if let Some((id, name, _)) = share.account.as_ref().filter(|_| page.may_open) {
                        a.button.secondary.small href={ "/saas/" (id) } aria-label={ "Open " (name) } { "Open" }
                    }
                },
            ],
            ..Row::default()
        }
    };
    let table = Table {
        id: "behind-list".to_owned(),
        caption: format!("Accounts behind {}", kind.shown()),
        columns: vec![
            Column { class: "main", ..Column::new("Account") },
            Column::number("Billable seats"),
            Column::number("Billed"),
            Column::number("A month"),
            Column::actions(),
        ],
        rows: shares.iter().take(SHOWN).map(row).collect(),
        empty: Some(parts::empty("Nobody any more", "No account is of this kind now.", None)),
        footer: (SHOWN < shares.len()).then(|| {
            let more = i64::try_from(shares.len() - SHOWN).unwrap_or(i64::MAX);
            html! { p.sub.padded { "These are billed most; " (counted(more, "more account is", "more accounts are")) " in the file." } }
        }),
        ..Table::default()
    };
    let close = form::link_button("Close", HERE, ButtonKind::Secondary, None);
    let count = thousands(i64::try_from(shares.len()).unwrap_or(i64::MAX));
    parts::card("behind", &kind.shown(), Some(&count), Some(close), table.render())
}

fn idle(page: &Page<'_>) -> Markup {
    let licenses = page.licenses;
    let count = thousands(i64::try_from(licenses.idle.len()).unwrap_or(i64::MAX));
    let table = Table {
        id: "idle".to_owned(),
        caption: "Accounts with archived seats, or seats paused for over 30 days".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("Account") },
            Column::number("Archived"),
            Column::number("Paused long"),
            Column::number("A month"),
            Column::actions(),
        ],
        rows: licenses.idle.iter().take(SHOWN).map(|each| idle_row(page, each)).collect(),
        empty: Some(parts::empty("Nothing is idle", "No seat is archived, and none has been paused for over 30 days.", None)),
        footer: (SHOWN < licenses.idle.len()).then(|| {
            let more = i64::try_from(licenses.idle.len() - SHOWN).unwrap_or(i64::MAX);
            html! { p.sub.padded { "These cost most; " (counted(more, "more account is", "more accounts are")) " in the file." } }
        }),
        ..Table::default()
    };
    parts::card("idle-seats", "In nobody's use", Some(&count), None, table.render())
}

fn idle_row(page: &Page<'_>, each: &Idle) -> Row {
    let cost = each.cost(page.licenses.prices.as_ref()).map(|cost| shown(page.licenses, cost));
    let below = html! {
        (each.product.shown()) " · "
        @match &each.organization { Some((_, name)) => { (name) } None => { "not linked" } }
    };
    let label = format!("Seats of {}", each.name);
    Row {
        cells: vec![
            parts::two_lines(&html! { (each.name) }, &below),
            html! { (thousands(each.archived)) },
            html! { (thousands(each.paused)) },
            html! { @if each.plan.is_none() { span.sub { "no plan, not billed" } } @else { (cost.as_deref().unwrap_or("—")) } },
            html! {
                @if page.may_open { a.button.secondary.small href={ "/saas/" (each.account) "#seats" } aria-label=(label) { "Seats" } }
            },
        ],
        ..Row::default()
    }
}

/// The words above the page while nothing can be told of costs.
pub fn no_prices(may_set: bool) -> Markup {
    let action = may_set.then(|| form::link_button("Price List", "/price-list", ButtonKind::Secondary, None));
    parts::banner(crate::kernel::html::frame::Tone::Info, "The price list has no prices for this month, so costs cannot be told.", action)
}
