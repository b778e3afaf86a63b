//! Statements as pages show them.

use maud::{Markup, html};

use crate::kernel::html::charts;
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table, Toolbar, pager, toolbar};
use crate::kernel::html::when::Times;
use crate::kernel::month::Month;
use crate::kernel::text::{counted, thousands};
use crate::kernel::time::Timestamp;
use crate::statements::model::{Line, OwnLine, Statement};
use crate::subscriptions::model::State;

/// Where the pages are.
pub const HERE: &str = "/statements";

/// A month's page.
pub fn address(month: Month) -> String {
    format!("{HERE}/{}", month.iso())
}

/// The list: the month that runs, and those that are closed.
pub fn list(running: &Statement, closed: &[Statement], times: &Times) -> Markup {
    let table = Table {
        id: "closed".to_owned(),
        caption: "Closed statements, the latest first".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("Month") },
            Column::number("Organizations"),
            Column::number("Seats billed"),
            Column::number("Total"),
            Column { class: "opt", ..Column::new("Closed") },
        ],
        rows: closed.iter().map(|statement| row(statement, times)).collect(),
        empty: Some(parts::empty(
            "No month is over yet",
            &format!("The statement of {} is closed when {} begins.", running.month.shown(), running.month.plus(1).shown()),
            None,
        )),
        ..Table::default()
    };
    html! {
        (parts::card("running", &format!("{} so far", running.month.shown()), None, Some(open(running.month)), parts::padded(&figures(running))))
        (parts::card("closed-months", "Closed months", None, None, table.render()))
    }
}

fn open(month: Month) -> Markup {
    form::link_button("Open", &address(month), ButtonKind::Secondary, None)
}

fn row(statement: &Statement, times: &Times) -> Row {
    Row {
        cells: vec![
            html! { (statement.month.shown()) },
            html! { (thousands(statement.sums.lines)) },
            html! { (thousands(statement.sums.seats)) },
            html! { (statement.total().unwrap_or_else(|| "—".to_owned())) },
            html! { @if let Some(at) = statement.closed_at { (times.date(at)) } },
        ],
        href: Some(address(statement.month)),
        ..Row::default()
    }
}

/// Three figures of a statement.
pub fn figures(statement: &Statement) -> Markup {
    let sums = statement.sums;
    let note = match (statement.prices.is_some(), sums.unpriced) {
        (false, _) => format!("no prices held on 1 {}", statement.month.shown()),
        (true, 0) => format!("at the prices of 1 {}", statement.month.shown()),
        (true, count) => {
            format!("without {}", counted(count, "organization whose plan has no price", "organizations whose plans have no price"))
        }
    };
    html! {
        div.stats {
            (charts::stat_card("Organizations", &thousands(sums.lines), "with a plan", None, None))
            (charts::stat_card("Seats billed", &thousands(sums.seats), "the most bought or in use", None, None))
            (charts::stat_card("Total", &statement.total().unwrap_or_else(|| "—".to_owned()), &note, None, None))
        }
    }
}

/// Closed, or still open.
pub fn badge(statement: &Statement, times: &Times) -> Markup {
    match statement.closed_at {
        Some(at) => html! { (parts::badge(Tone::Good, Icon::Check, "Closed")) span.sub { (times.date(at)) } },
        None => parts::badge(Tone::Info, Icon::Clock, "So far"),
    }
}

/// A line as the page shows it.
#[derive(Debug)]
pub struct Shown {
    /// The line.
    pub line: Line,
    /// What became of its subscription in the month, and when; before it what it was already, since when.
    pub changes: Vec<(Timestamp, State)>,
    /// Whether the viewer may open the organization.
    pub open: bool,
}

/// A month's page.
#[derive(Debug)]
pub struct MonthPage<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// The lines on this page.
    pub lines: &'a [Shown],
    /// What is looked for.
    pub words: &'a str,
    /// The way back to the first lines, where these are not the first.
    pub first: Option<String>,
    /// The way to further ones.
    pub next: Option<String>,
    /// Whose statement it is, for the paper it is printed on.
    pub partner: &'a str,
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// A statement with its lines.
pub fn month(page: &MonthPage<'_>) -> Markup {
    let statement = page.statement;
    let count = i64::try_from(page.lines.len()).unwrap_or(i64::MAX);
    let empty = if page.words.is_empty() {
        parts::empty(
            "Nothing is billed",
            "No organization has a plan in this month. One is chosen on an organization's page, under Subscriptions.",
            None,
        )
    } else {
        parts::empty("No organization has this in its name", "Look for other words.", None)
    };
    let table = Table {
        id: "lines".to_owned(),
        caption: format!("What each organization is billed for {}", statement.month.shown()),
        columns: vec![
            Column { class: "main", ..Column::new("Organization") },
            Column::new("Plan"),
            Column::number("Bought"),
            Column::number("Most in use"),
            Column::number("Billed"),
            Column::number("A seat"),
            Column::number("Amount"),
        ],
        rows: page.lines.iter().map(|shown| line(statement, shown, page.times)).collect(),
        empty: Some(empty),
        toolbar: Some(toolbar(&Toolbar {
            action: &address(statement.month),
            target: "lines",
            search: Some(("q", "Organization", page.words)),
            ..Toolbar::default()
        })),
        footer: Some(pager(
            page.first.as_deref(),
            page.next.as_deref(),
            &counted(count, "organization here, by name", "organizations here, by name"),
        )),
        ..Table::default()
    };
    html! {
        p.only-print { strong { (page.partner) } ", printed on " (page.times.zone.date(page.times.now)) }
        (figures(statement))
        (parts::card("lines-card", "Organizations", Some(&thousands(statement.sums.lines)), None, table.render()))
    }
}

fn line(statement: &Statement, shown: &Shown, times: &Times) -> Row {
    let line = &shown.line;
    let prices = statement.prices.as_ref();
    let below = html! {
        @for (place, (at, state)) in shown.changes.iter().enumerate() {
            @if 0 < place { " · " }
            (state.shown()) " " @if *at < statement.month.begins() { "since " } (times.date(*at))
        }
    };
    let bought = if line.committed == 0 { "auto".to_owned() } else { thousands(line.committed) };
    Row {
        cells: vec![
            parts::two_lines(&html! { (line.name) }, &below),
            html! { (line.plan.shown()) },
            html! { (bought) },
            html! { (thousands(line.used)) },
            html! { (thousands(line.billed())) },
            html! { (statement.money(prices.and_then(|prices| prices.of(line.plan)))) },
            html! { (statement.money(line.amount(prices))) },
        ],
        href: shown.open.then(|| format!("/organizations/{}", line.organization)),
        ..Row::default()
    }
}

/// Export and comparison, at the right of the title.
pub fn actions(statement: &Statement, form_id: &Markup) -> Markup {
    let here = address(statement.month);
    html! {
        (parts::print_button("Print"))
        (form::link_button("Reconcile", &format!("{here}/reconcile"), ButtonKind::Secondary, None))
        (parts::action_form(&format!("{here}/export"), form_id, "Export CSV", ButtonKind::Secondary, Some(Icon::Download)))
    }
}

/// An organization's own months, for its page.
pub fn own_card(lines: &[OwnLine], may_open: bool) -> Markup {
    let table = Table {
        id: "own-statements".to_owned(),
        caption: "What this organization was billed, by month".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("Month") },
            Column::new("Plan"),
            Column::number("Seats billed"),
            Column::number("Amount"),
        ],
        rows: lines
            .iter()
            .map(|own| Row {
                cells: vec![
                    html! { (own.month.shown()) @if !own.closed { " " span.sub { "so far" } } },
                    html! { (own.line.plan.shown()) },
                    html! { (thousands(own.line.billed())) },
                    html! { (own.amount.as_deref().unwrap_or("—")) },
                ],
                href: may_open.then(|| address(own.month)),
                ..Row::default()
            })
            .collect(),
        empty: Some(parts::empty("Nothing billed yet", "A line appears here for each month in which this organization has a plan.", None)),
        ..Table::default()
    };
    parts::card("statements", "Statements", None, None, table.render())
}
