//! The page SaaS Protection Status.

use maud::{Markup, Render, html};

use crate::backups::model::{Application, BackupDay, application_shown};
use crate::kernel::html::charts;
use crate::kernel::html::form::{self, ButtonKind, SmallLink};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts::{self, TwoLines};
use crate::kernel::html::table::{self, Cells, Column, Direction, Filter, Row, Table, Toolbar, Unfolds, pager, toolbar};
use crate::kernel::html::text::{Both, Figure, Joined, Words};
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::kernel::web;
use crate::saas::adding_views::HERE as ADD;
use crate::saas::model::{Product, Retention, SaasAccount, Shown, percent, permille};
use crate::saas::status_model::{Line, Query, SeatTotals, Sort, Totals};
use crate::saas::views::{self, SubFullyProtected, TenDays};
use crate::saas::{console_views, days_views};

/// Where the page is.
pub const HERE: &str = "/status/saas";
/// The id of the table, which a live filter replaces.
const LIST: &str = "accounts";
/// The id of the export's form, which follows the filter.
const EXPORT: &str = "accounts-export";
/// The choice of states that somebody should look at.
pub const ATTENTION: &str = "attention";

/// Everything on the page.
#[derive(Debug)]
pub struct StatusPage<'a> {
    /// What was asked for.
    pub query: &'a Query,
    /// The chosen state as it stands in the address: empty, `attention` or a state's word.
    pub state: &'a str,
    /// The rows.
    pub accounts: &'a [SaasAccount],
    /// How many the query finds in all.
    pub count: i64,
    /// The figures.
    pub totals: &'a Totals,
    /// Whether the banner about unlinked accounts belongs to this reader (SAS-5).
    pub banner: bool,
    /// Whether the reader may import, and so be told how the first account comes.
    pub may_import: bool,
    /// The name of the organization that the table is narrowed to.
    pub only: Option<&'a str>,
    /// The addresses of the pages before and after.
    pub pages: (Option<String>, Option<String>),
    /// How the reader reads times.
    pub times: &'a Times,
}

/// The content below the heading.
impl Render for StatusPage<'_> {
    fn render_to(&self, page: &mut String) {
        if self.banner && 0 < self.totals.unlinked {
            banner(self.totals.unlinked).render_to(page);
        }
        stats(self.totals, self.times).render_to(page);
        if let Some(name) = self.only {
            let all = address(&Query { organization: None, ..self.query.clone() }, self.state, None);
            html! { p.guide-line { "Only accounts of " strong { (name) } ". " a href=(all) { "Show all organizations" } } }.render_to(page);
        }
        table(self, page);
        html! { p.guide-line.sub { a href="/guides/reading-the-status-page" { "What the colors and columns mean" } } }.render_to(page);
    }
}

/// Beside the title: when the newest data was true (SAS-10).
pub fn aside(totals: &Totals, times: &Times) -> Markup {
    html! {
        span.sub {
            @match totals.as_of {
                Some(moment) => { "as of " (times.zone.clock(moment)) ", " (times.ago(moment)) }
                None => { "no data yet" }
            }
        }
    }
}

/// The buttons beside the heading: for whom changes accounts, and for whom sees all of the partner's besides.
pub fn actions(hidden: &Markup, query: &Query, state: &str, (may_add, sees_all): (bool, bool)) -> Markup {
    html! {
        @if may_add && sees_all { (form::dialog_link("Set vendor console", console_views::HERE, ButtonKind::Quiet, None, None)) " " }
        (export(hidden, query, state))
        @if may_add { " " (form::link_button("Add SaaS Protection Organization", ADD, ButtonKind::Primary, Some(Icon::Plus))) }
    }
}

/// The button that exports exactly what is shown.
fn export(hidden: &Markup, query: &Query, state: &str) -> Markup {
    html! {
        form.inline id=(EXPORT) action="/status/saas/export" method="post" {
            (hidden)
            @for (name, value) in parameters(query, state) { (form::hidden(name, &value)) }
            (form::button("Export CSV", ButtonKind::Secondary, Some(Icon::Download)))
        }
    }
}

fn banner(unlinked: i64) -> Markup {
    let text = if unlinked == 1 {
        "1 SaaS account is not linked to an organization. Its users cannot sign in and its seats may be billed to nobody.".to_owned()
    } else {
        format!(
            "{} SaaS accounts are not linked to an organization. Their users cannot sign in and their seats may be billed to nobody.",
            text::thousands(unlinked)
        )
    };
    let action = form::link_button("View Unmapped Organizations", "/status/saas/unmapped", ButtonKind::Secondary, None);
    parts::banner(Tone::Warn, &text, Some(action))
}

fn stats(totals: &Totals, times: &Times) -> Markup {
    charts::stats(&[success_card(totals, times), seats_card(&totals.seats), pending_card(totals), license_card(totals)])
}

fn share(part: i64, whole: i64) -> f32 {
    permille(part, whole).and_then(|value| u16::try_from(value).ok()).map_or(0.0, |value| f32::from(value) / 1_000.0)
}

fn success_card(totals: &Totals, times: &Times) -> Markup {
    const TITLE: &str = "Total success rate, 24 hours";
    let left_out = totals.accounts - totals.counted;
    let note = (0 < left_out && 0 < totals.counted)
        .then(|| format!("{} without current data left out", text::counted(left_out, "account", "accounts")));
    match (permille(totals.backed, totals.active), totals.as_of) {
        (Some(value), _) => {
            let good = share(totals.backed, totals.active);
            let label = format!("{} of {} services backed up", totals.backed, totals.active);
            let meter = charts::meter(&[(good, Tone::Good), (1.0 - good, Tone::Bad)], &label);
            let rest = format!("of {}", text::counted(totals.active, "service", "services"));
            charts::stat_card(TITLE, &percent(value), &rest, Some(meter), note.as_deref())
        }
        (None, None) => charts::stat_card(TITLE, "—", "no data yet", None, Some("Shown from the first report of backups on.")),
        (None, Some(moment)) => {
            let note = format!("The newest data is from {}.", times.zone.date(moment));
            charts::stat_card(TITLE, "—", "no recent data", None, Some(&note))
        }
    }
}

fn seats_card(seats: &SeatTotals) -> Markup {
    const TITLE: &str = "Seat protection";
    if seats.all() == 0 {
        return charts::stat_card(TITLE, "—", "no data yet", None, Some("Shown from the first report of seats on."));
    }
    let protected = seats.active + seats.kept;
    let label = format!("{} active, {} paused or archived, {} unprotected", seats.active, seats.kept, seats.unprotected);
    let parts = [
        (share(seats.active, seats.all()), Tone::Good),
        (share(seats.kept, seats.all()), Tone::Info),
        (share(seats.unprotected, seats.all()), Tone::Quiet),
    ];
    let note = format!("{} paused or archived, {} unprotected", text::thousands(seats.kept), text::thousands(seats.unprotected));
    let rest = format!("of {} protected", text::thousands(seats.all()));
    charts::stat_card(TITLE, &text::thousands(protected), &rest, Some(charts::meter(&parts, &label)), Some(&note))
}

fn pending_card(totals: &Totals) -> Markup {
    let label = format!("{} of {} accounts pending authorization", totals.pending, totals.accounts);
    let part = share(totals.pending, totals.accounts);
    let meter = (0 < totals.accounts).then(|| charts::meter(&[(part, Tone::Warn), (1.0 - part, Tone::Quiet)], &label));
    let rest = format!("of {}", text::counted(totals.accounts, "account", "accounts"));
    charts::stat_card("Pending authorization", &text::thousands(totals.pending), &rest, meter, None)
}

/// What is used of what may be used: seats that organizations bought, else license caps; the other of the two as a note.
fn license_card(totals: &Totals) -> Markup {
    const TITLE: &str = "License use";
    let seats = &totals.seats;
    let caps = totals.capped.map(|capped| {
        let reached = if capped.reached == 0 { String::new() } else { format!(", {} reached", text::thousands(capped.reached)) };
        format!("{} of {} under license caps{reached}", text::thousands(capped.used), text::thousands(capped.cap))
    });
    match (totals.committed, totals.capped) {
        (None, None) if seats.all() == 0 => {
            charts::stat_card(TITLE, "—", "no data yet", None, Some("Shown from the first report of seats on."))
        }
        (Some(committed), _) => {
            let used = seats.billable_committed;
            let other = seats.billable - used;
            let more = (0 < other).then(|| format!("{} without a commitment", text::counted(other, "billable seat", "billable seats")));
            let note: Vec<String> = caps.into_iter().chain(more).collect();
            let label = format!("{used} billable seats of {committed} committed");
            let rest = format!("of {} committed", text::thousands(committed));
            let note = note.join("; ");
            used_of(TITLE, used, committed, &label, &rest, (!note.is_empty()).then_some(note.as_str()))
        }
        (None, Some(capped)) => {
            let other = seats.billable - capped.used;
            let more = (0 < other).then(|| format!("{} without a cap", text::counted(other, "billable seat", "billable seats")));
            let reached = (0 < capped.reached).then(|| format!("{} reached", text::counted(capped.reached, "cap", "caps")));
            let note = reached.into_iter().chain(more).collect::<Vec<_>>().join("; ");
            let label = format!("{} billable seats of {} under license caps", capped.used, capped.cap);
            let rest = format!("of {} under caps", text::thousands(capped.cap));
            used_of(TITLE, capped.used, capped.cap, &label, &rest, (!note.is_empty()).then_some(note.as_str()))
        }
        (None, None) => {
            let note = "No organization has bought a number of seats and no account has a cap to compare with.";
            charts::stat_card(TITLE, &text::thousands(seats.billable), "billable seats", None, Some(note))
        }
    }
}

fn used_of(title: &str, used: i64, whole: i64, label: &str, rest: &str, note: Option<&str>) -> Markup {
    let part = share(used, whole);
    let tone = if whole < used { Tone::Bad } else { Tone::Info };
    let meter = charts::meter(&[(part, tone), (1.0 - part, Tone::Quiet)], label);
    charts::stat_card(title, &text::thousands(used), rest, Some(meter), note)
}

/// The query as it stands in an address, without what is the default.
pub fn parameters(query: &Query, state: &str) -> Vec<(&'static str, String)> {
    let sort = if query.sort == Sort::State { "" } else { query.sort.word() };
    let all = [
        ("q", query.words.clone()),
        ("state", state.to_owned()),
        ("product", query.product.map_or("", Product::word).to_owned()),
        ("organization", query.organization.map(|id| id.to_string()).unwrap_or_default()),
        ("sort", sort.to_owned()),
        ("order", if query.descending { "desc" } else { "" }.to_owned()),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// The page's address for a query.
pub fn address(query: &Query, state: &str, place: Option<(&str, String)>) -> String {
    web::address(HERE, parameters(query, state).into_iter().chain(place))
}

fn table(page: &StatusPage<'_>, to: &mut String) {
    let table = Table {
        id: LIST.into(),
        caption: "SaaS accounts".into(),
        columns: columns(page),
        empty: Some(empty(page)),
        toolbar: Some(filters(page)),
        footer: Some(footer(page)),
        ..Table::default()
    };
    let row = |account: &SaasAccount| {
        let (href, label) = (format!("{HERE}/{}", account.id), format!("Applications of {}", account.name));
        Row { unfolds: Some(Unfolds { href, label }), ..Row::default() }
    };
    table.render_lines(to, page.accounts, row, |account, row| cells(account, page.times, row));
}

fn columns(page: &StatusPage<'_>) -> Vec<Column> {
    let sorted = |column: Column, sort: Sort| {
        let current = page.query.sort == sort;
        let down = page.query.descending;
        let query = Query { sort, descending: if current { !down } else { starts_down(sort) }, ..page.query.clone() };
        let direction = current.then_some(if down { Direction::Descending } else { Direction::Ascending });
        column.sorted(address(&query, page.state, None), direction)
    };
    vec![
        sorted(Column { class: "main", ..Column::new("Organization") }, Sort::Organization),
        sorted(Column::new("State"), Sort::State),
        sorted(Column { class: "opt", ..Column::new("Service") }, Sort::Service),
        sorted(Column { class: "opt", ..Column::new("Retention") }, Sort::Retention),
        sorted(Column::number("Seats"), Sort::Seats),
        sorted(Column::number("24 h"), Sort::Success),
        Column { class: "strip-cell", ..Column::new("Last ten days") },
        sorted(Column::new("Fully protected"), Sort::Protected),
        sorted(Column::number("Storage"), Sort::Storage),
        Column::actions(),
    ]
}

/// Large figures first, words from A on, and what was protected longest ago first.
const fn starts_down(sort: Sort) -> bool {
    matches!(sort, Sort::Seats | Sort::Storage)
}

fn cells(account: &SaasAccount, times: &Times, row: &mut Cells<'_>) {
    row.cell(TwoLines(Words(account.title()), Below(account)));
    row.cell(views::StateOf(account, times));
    row.cell(Words(account.product.shown()));
    row.cell(Words(account.retention.map_or("—", Retention::word)));
    row.cell(Figure(account.seats_used));
    row.cell(views::success(account, times));
    row.cell(TenDays(account, times));
    row.cell(SubFullyProtected(account, times));
    row.cell(views::storage(account));
    row.cell(SmallLink("Manage", Joined(&["Manage ", &account.name]), Both("/saas/", account.id.0)));
}

/// What stands below an account's title: its domain, and its own name where that is not the title.
struct Below<'a>(&'a SaasAccount);

impl Render for Below<'_> {
    fn render_to(&self, page: &mut String) {
        let account = self.0;
        Words(&account.domain).render_to(page);
        if account.organization.is_none() {
            Words(" · not linked").render_to(page);
        } else if account.title() != account.name {
            Joined(&[" · ", &account.name]).render_to(page);
        }
    }
}

/// What a row opens: its applications and services, and its days in words. A page of its own, which scripts put below the row.
pub fn unfolded(line: &Line, console: Option<&str>, times: &Times) -> Markup {
    let account = &line.account;
    let body = html! {
        div.applications {
            @if line.applications.is_empty() && account.facts.is_emptied() { p.sub { "Its backups were destroyed." } }
            @else if line.applications.is_empty() { p.sub { "No data yet: no application has been reported." } }
            @for (application, day) in &line.applications { (application_line(application, day.as_ref(), times)) }
            @if account.facts.as_of.is_some() { p.sub { "Last ten days: " (views::strip_words(account, times)) "." } }
            p.sub {
                @match account.facts.as_of {
                    Some(moment) => { "As of " (times.exact(moment)) ". " }
                    None if account.facts.is_emptied() => {}
                    None => { "No data yet. " }
                }
                a href={ "/saas/" (account.id) } { "Thirty days and seats of " (account.name) }
                @if let Some(address) = console { " · " (console_views::link(address)) }
            }
        }
    };
    parts::card("applications", "Applications and services", None, None, parts::padded(&table::unfolded(&body)))
}

fn application_line(application: &Application, day: Option<&BackupDay>, times: &Times) -> Markup {
    html! {
        div.application-line {
            span.name { (application_shown(&application.application)) }
            span { (days_views::services(day)) }
            span.sub { "fully protected " (days_views::fully_protected(application, times)) }
            span.sub.num { (text::bytes(application.used_bytes)) }
        }
    }
}

fn filters(page: &StatusPage<'_>) -> Markup {
    let mut states = vec![("", "Any"), (ATTENTION, "Needs attention")];
    states.extend(Shown::ALL.iter().map(|shown| (shown.word(), shown.word_shown())));
    let mut products = vec![("", "Any")];
    products.extend(Product::ALL.iter().map(|product| (product.word(), product.shown())));
    let order = if page.query.descending { "desc" } else { "" };
    let sort = if page.query.sort == Sort::State { "" } else { page.query.sort.word() };
    let organization = page.query.organization.map(|id| id.to_string()).unwrap_or_default();
    let order_shown = if page.query.sort == Sort::State && !page.query.descending { ", worst first" } else { "" };
    toolbar(&Toolbar {
        action: HERE,
        target: LIST,
        also: EXPORT,
        search: Some(("q", "Organization, domain or id", &page.query.words)),
        filters: vec![
            Filter { name: "state", label: "State", options: &states, selected: page.state },
            Filter { name: "product", label: "Service", options: &products, selected: page.query.product.map_or("", Product::word) },
        ],
        keep: [("sort", sort), ("order", order), ("organization", &organization)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        note: Some(format!("{}{order_shown}", text::counted(page.count, "account", "accounts"))),
    })
}

fn empty(page: &StatusPage<'_>) -> Markup {
    if !parameters(page.query, page.state).iter().any(|(name, _)| matches!(*name, "q" | "state" | "product" | "organization")) {
        let action = page.may_import.then(|| form::link_button("Import", "/imports", ButtonKind::Secondary, Some(Icon::Upload)));
        let how = if page.may_import { "Accounts come with the vendor's list of domains." } else { "Linked accounts show here." };
        return parts::empty("No SaaS account yet", how, action);
    }
    parts::empty(
        "Nothing fits",
        "No account fits this search and these filters.",
        Some(form::link_button("Show all", HERE, ButtonKind::Secondary, None)),
    )
}

fn footer(page: &StatusPage<'_>) -> Markup {
    let (previous, next) = &page.pages;
    html! {
        @if previous.is_some() || next.is_some() {
            (pager(previous.as_deref(), next.as_deref(), &text::counted(page.count, "account", "accounts")))
        }
    }
}
