//! The page Endpoint Backup Status, and an agent's own.

use maud::{Markup, Render, html};

use crate::endpoints::model::{Agent, Dataset, Standing};
use crate::endpoints::status_model::{PER_PAGE, Query, Sort, Tally};
use crate::endpoints::views::{LastTen, last_backup, screenshot, standing_badge, strip_words};
use crate::kernel::html::charts;
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Cells, Column, Direction, Filter, Row, Table, Toolbar, pager, toolbar};
use crate::kernel::html::text::Words;
use crate::kernel::html::when::Times;
use crate::kernel::ids::EndpointAgentId;
use crate::kernel::text;
use crate::kernel::web;

/// Where the page is.
pub const HERE: &str = "/status/endpoints";
/// The id of the table, which a live filter replaces.
const LIST: &str = "agents";
/// The id of the export's form, which follows the filter.
const EXPORT: &str = "agents-export";
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
    pub agents: &'a [Agent],
    /// How many the query finds in all, and which page of them this is, from 1.
    pub count: i64,
    /// See `count`.
    pub number: i64,
    /// How all of them stand.
    pub tally: &'a Tally,
    /// The name of the organization that the table is narrowed to.
    pub only: Option<&'a str>,
    /// Whether the reader may import, and so be told how the first agent comes.
    pub may_import: bool,
    /// The card with file restores.
    pub restores: Markup,
    /// How the reader reads times.
    pub times: &'a Times,
}

/// The content below the heading.
impl Render for StatusPage<'_> {
    fn render_to(&self, page: &mut String) {
        if 0 < self.tally.all() {
            stats(self.tally).render_to(page);
        }
        if let Some(name) = self.only {
            let all = address(&Query { organization: None, ..self.query.clone() }, self.state, 1);
            html! { p.guide-line { "Only agents of " strong { (name) } ". " a href=(all) { "Show all organizations" } } }.render_to(page);
        }
        table(self, page);
        html! { div.after-table { (self.restores) } }.render_to(page);
    }
}

/// The button that exports exactly what is shown.
pub fn export(hidden: &Markup, query: &Query, state: &str) -> Markup {
    html! {
        form.inline id=(EXPORT) action="/status/endpoints/export" method="post" {
            (hidden)
            @for (name, value) in parameters(query, state) { (form::hidden(name, &value)) }
            (form::button("Export CSV", ButtonKind::Secondary, Some(Icon::Download)))
        }
    }
}

fn stats(tally: &Tally) -> Markup {
    let all = tally.all();
    let share = |part: i64| {
        let permille = u16::try_from((part * 1_000).div_euclid(all.max(1))).unwrap_or_default();
        f32::from(permille) / 1_000.0
    };
    let card = |title: &str, count: i64, tone: Tone, note: &str| {
        let label = format!("{count} of {all} agents");
        let meter = charts::meter(&[(share(count), tone), (1.0 - share(count), Tone::Quiet)], &label);
        let rest = format!("of {}", text::counted(all, "agent", "agents"));
        charts::stat_card(title, &text::thousands(count), &rest, Some(meter), Some(note))
    };
    let good = tally.of(|standing| standing == Standing::BackedUp);
    let bad = tally.of(|standing| matches!(standing, Standing::Failing | Standing::Overdue));
    let warn = tally.of(|standing| matches!(standing, Standing::Late | Standing::ScreenshotFailed | Standing::SomeFailed));
    charts::stats(&[
        card("Backed up", good, Tone::Good, "Within 24 hours, and none of the last ten failed"),
        card("Failing or overdue", bad, Tone::Bad, "The last backup failed, or none for three days"),
        card("Worth a look", warn, Tone::Warn, "Late, a failed screenshot, or some failed"),
    ])
}

/// The query as it stands in an address, without what is the default.
fn parameters(query: &Query, state: &str) -> Vec<(&'static str, String)> {
    let sort = if query.sort == Sort::State { "" } else { query.sort.word() };
    let all = [
        ("q", query.words.clone()),
        ("state", state.to_owned()),
        ("organization", query.organization.map(|id| id.to_string()).unwrap_or_default()),
        ("sort", sort.to_owned()),
        ("order", if query.descending { "desc" } else { "" }.to_owned()),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// The page's address for a query and a page of it.
fn address(query: &Query, state: &str, number: i64) -> String {
    let page = (1 < number).then(|| ("page", number.to_string()));
    web::address(HERE, parameters(query, state).into_iter().chain(page))
}

/// Where an agent's own page is.
pub fn href(agent: EndpointAgentId) -> String {
    format!("{HERE}/{agent}")
}

fn table(page: &StatusPage<'_>, to: &mut String) {
    let table = Table {
        id: LIST.into(),
        caption: "Endpoint agents".into(),
        columns: columns(page),
        empty: Some(empty(page)),
        toolbar: Some(filters(page)),
        footer: Some(footer(page)),
        ..Table::default()
    };
    let row = |agent: &Agent| Row { href: Some(href(agent.id)), ..Row::default() };
    table.render_lines(to, page.agents, row, |agent, row| cells(agent, page.times, row));
}

fn columns(page: &StatusPage<'_>) -> Vec<Column> {
    let sorted = |column: Column, sort: Sort| {
        let current = page.query.sort == sort;
        let down = page.query.descending;
        let query = Query { sort, descending: current && !down, ..page.query.clone() };
        let direction = current.then_some(if down { Direction::Descending } else { Direction::Ascending });
        column.sorted(address(&query, page.state, 1), direction)
    };
    vec![
        sorted(Column { class: "main", ..Column::new("Agent") }, Sort::Agent),
        sorted(Column::new("Organization"), Sort::Organization),
        sorted(Column::new("State"), Sort::State),
        sorted(Column::new("Last backup"), Sort::LastBackup),
        Column { class: "strip-cell", ..Column::new("Last ten backups") },
        Column::new("Screenshot"),
        Column::number("Datasets"),
        Column::actions(),
    ]
}

fn cells(agent: &Agent, times: &Times, row: &mut Cells<'_>) {
    row.cell(parts::two_lines(Words(&agent.hostname), Words(&agent.facts())));
    row.cell(Words(&agent.organization.1));
    row.cell(standing_badge(agent.standing(times.now)));
    row.cell(last_backup(agent, times));
    row.cell(LastTen(agent));
    row.cell(screenshot(agent, times));
    row.cell(text::thousands(agent.datasets).as_str());
    row.cell(if 0 < agent.datasets {
        restore(agent)
    } else {
        html! {}
    });
}

fn restore(agent: &Agent) -> Markup {
    let (href, name) = (format!("{HERE}/{}/restores/new", agent.id), format!("Restore files from {}", agent.hostname));
    form::dialog_link("Restore files", &href, ButtonKind::Secondary, None, Some(&name))
}

fn filters(page: &StatusPage<'_>) -> Markup {
    let mut states = vec![("", "Any"), (ATTENTION, "Needs attention")];
    states.extend(Standing::ALL.iter().map(|standing| (standing.word(), standing.shown())));
    let order = if page.query.descending { "desc" } else { "" };
    let sort = if page.query.sort == Sort::State { "" } else { page.query.sort.word() };
    let organization = page.query.organization.map(|id| id.to_string()).unwrap_or_default();
    let order_shown = if page.query.sort == Sort::State && !page.query.descending { ", worst first" } else { "" };
    toolbar(&Toolbar {
        action: HERE,
        target: LIST,
        also: EXPORT,
        search: Some(("q", "Computer, code, serial number or organization", &page.query.words)),
        filters: vec![Filter { name: "state", label: "State", options: &states, selected: page.state }],
        keep: [("sort", sort), ("order", order), ("organization", &organization)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        note: Some(format!("{}{order_shown}", text::counted(page.count, "agent", "agents"))),
    })
}

fn empty(page: &StatusPage<'_>) -> Markup {
    if page.query.finds_all() {
        let action = page.may_import.then(|| form::link_button("Import", "/imports", ButtonKind::Secondary, Some(Icon::Upload)));
        let how = if page.may_import {
            "Agents come with the vendor's list of them."
        } else {
            "Agents of your computers show here once they are known."
        };
        return parts::empty("No endpoint agent yet", how, action);
    }
    let all = Some(form::link_button("Show all", HERE, ButtonKind::Secondary, None));
    parts::empty("Nothing fits", "No agent fits this search and these filters.", all)
}

fn footer(page: &StatusPage<'_>) -> Markup {
    let previous = (1 < page.number).then(|| address(page.query, page.state, page.number - 1));
    let next = (page.number * PER_PAGE < page.count).then(|| address(page.query, page.state, page.number + 1));
    html! {
        @if previous.is_some() || next.is_some() {
            (pager(previous.as_deref(), next.as_deref(), &text::counted(page.count, "agent", "agents")))
        }
    }
}

/// An agent's own page: how it stands, its datasets, and the restores from them.
pub fn agent(agent: &Agent, datasets: &[Dataset], restores: &Markup, times: &Times) -> Markup {
    let facts = parts::definition_list(&[
        ("Organization", html! { (agent.organization.1) }),
        ("State", html! { (standing_badge(agent.standing(times.now))) }),
        ("Last backup", last_backup(agent, times)),
        ("Last ten backups", html! { (LastTen(agent)) div.sub { (strip_words(&agent.summary.strip)) } }),
        ("Screenshot", screenshot(agent, times)),
        ("Code and serial number", html! { (agent.facts()) }),
    ]);
    let table = Table {
        id: "datasets".into(),
        caption: "Datasets".into(),
        columns: vec![Column { class: "main", ..Column::new("Dataset") }, Column::new("State"), Column::new("Last backup")],
        rows: datasets.iter().map(|dataset| dataset_row(dataset, times)).collect(),
        empty: Some(parts::empty("No dataset yet", "The first backup makes one.", None)),
        ..Table::default()
    };
    html! {
        div.stack {
            (parts::card("agent", "Agent", None, None, facts))
            (parts::card("datasets-card", "Datasets", Some(&datasets.len().to_string()), None, table.render()))
            (restores)
        }
    }
}

fn dataset_row(dataset: &Dataset, times: &Times) -> Row {
    Row {
        cells: vec![
            html! { (dataset.shown) },
            html! { (dataset.status.as_deref().unwrap_or("—")) },
            html! { @match dataset.last_backup { Some(moment) => { (times.ago(moment)) } None => { "—" } } },
        ],
        ..Row::default()
    }
}

/// The main action of an agent's page.
pub fn restore_button(agent: &Agent) -> Markup {
    form::dialog_link("Restore files", &format!("{HERE}/{}/restores/new", agent.id), ButtonKind::Primary, None, None)
}
