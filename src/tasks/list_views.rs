//! How the list of device tasks looks.

use maud::{Markup, Render, html};

use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Cells, Column, Direction, Filter, Row, Tab, Table, Toolbar, live_tabs, pager, toolbar};
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::kernel::web;
use crate::tasks::list_model::{PER_PAGE, Query, Sort, Which};
use crate::tasks::model::{Stamp, Task};
use crate::tasks::views::{LIST, badge, urgent};

/// The id of the table, which a live filter replaces.
const TABLE: &str = "tasks";
/// The id of the tabs, which keep the search.
const TABS: &str = "tasks-tabs";
/// The id of the export's form, which follows the filter.
const EXPORT: &str = "tasks-export";

/// The page **Device Tasks**.
#[derive(Debug)]
pub struct ListPage<'a> {
    /// What was asked for.
    pub query: &'a Query,
    /// The rows.
    pub tasks: &'a [Task],
    /// How many the query finds in all, and which page of them this is, from 1.
    pub count: i64,
    /// See `count`.
    pub number: i64,
    /// How many there are in each tab: open, over.
    pub counts: (i64, i64),
    /// The name of the device that the list is narrowed to.
    pub device: Option<&'a str>,
    /// Whether organizations are told apart.
    pub several: bool,
    /// How times are read.
    pub times: &'a Times,
}

/// The content below the heading.
impl Render for ListPage<'_> {
    fn render_to(&self, page: &mut String) {
        let tab = |label: &str, which: Which, count: i64| Tab {
            label: label.to_owned(),
            href: address(&Query { which, state: None, sort: Sort::Place, descending: false, ..self.query.clone() }, 1),
            count: Some(text::thousands(count)),
            current: self.query.which == which,
        };
        live_tabs(TABS, &[tab("Open", Which::Open, self.counts.0), tab("Over", Which::Over, self.counts.1)]).render_to(page);
        if let Some(name) = self.device {
            let all = address(&Query { device: None, ..self.query.clone() }, 1);
            html! { p.guide-line { "Only tasks of " strong { (name) } ". " a href=(all) { "Show all devices" } } }.render_to(page);
        }
        table(self, page);
    }
}

/// The button that exports exactly what is shown.
pub fn export(hidden: &Markup, query: &Query) -> Markup {
    html! {
        form.inline id=(EXPORT) action={ (LIST) "/export" } method="post" {
            (hidden)
            @for (name, value) in parameters(query) { (form::hidden(name, &value)) }
            (form::button("Export CSV", ButtonKind::Secondary, Some(Icon::Download)))
        }
    }
}

/// The query as it stands in an address, without what is the default.
fn parameters(query: &Query) -> Vec<(&'static str, String)> {
    let all = [
        ("show", if query.which == Which::Over { "over" } else { "" }.to_owned()),
        ("q", query.words.clone()),
        ("state", query.state.map_or("", |state| state.word()).to_owned()),
        ("device", query.device.map(|id| id.to_string()).unwrap_or_default()),
        ("sort", if query.sort == Sort::Place { "" } else { query.sort.word() }.to_owned()),
        ("order", if query.descending { "desc" } else { "" }.to_owned()),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// The page's address for a query and a page of it.
fn address(query: &Query, number: i64) -> String {
    let page = (1 < number).then(|| ("page", number.to_string()));
    web::address(LIST, parameters(query).into_iter().chain(page))
}

fn table(page: &ListPage<'_>, to: &mut String) {
    let table = Table {
        id: TABLE.into(),
        caption: "Device tasks".into(),
        columns: columns(page),
        empty: Some(empty(page)),
        toolbar: Some(filters(page)),
        footer: Some(footer(page)),
        ..Table::default()
    };
    let row = |task: &Task| Row { href: Some(format!("{LIST}/{}", task.id)), ..Row::default() };
    table.render_lines(to, page.tasks, row, |task, row| cells(task, page, row));
}

fn columns(page: &ListPage<'_>) -> Vec<Column> {
    let sorted = |column: Column, sort: Sort| {
        let current = page.query.sort == sort;
        let down = page.query.descending;
        let query = Query { sort, descending: current && !down, ..page.query.clone() };
        let direction = current.then_some(if down { Direction::Descending } else { Direction::Ascending });
        column.sorted(address(&query, 1), direction)
    };
    let mut columns = vec![
        sorted(Column { class: "main", ..Column::new("Task") }, Sort::Task),
        sorted(Column::new("Device"), Sort::Device),
        sorted(Column::new("Asked for by"), Sort::Asked),
        sorted(Column { class: "short", ..Column::new("State") }, Sort::State),
    ];
    if page.several {
        columns.insert(2, sorted(Column::new("Organization"), Sort::Organization));
    }
    columns
}

fn cells(task: &Task, page: &ListPage<'_>, row: &mut Cells<'_>) {
    row.cell(html! { (task.title()) (urgent(task)) });
    let (name, beneath) = (task.device_name(), task.device_beneath());
    row.cell(parts::two_lines(&html! { (name) }, &html! { (beneath) @if !task.linked { " · unlinked" } }));
    if page.several {
        row.cell(html! { (task.organization.1) });
    }
    row.cell(parts::two_lines(&html! { (name_alone(&task.asked)) }, &html! { (page.times.ago(task.asked.at)) }));
    row.cell(html! { div.two { span { (badge(task.state)) } div.sub { (moment(task, page.times)) } } });
}

/// "Ada Lane" of "Ada Lane (ada@…)".
fn name_alone(stamp: &Stamp) -> &str {
    stamp.by.split_once(" (").map_or(&stamp.by, |(name, _)| name)
}

fn moment(task: &Task, times: &Times) -> Markup {
    html! {
        @match (&task.ended, task.silent_since(times.now), &task.taken) {
            (Some(ended), _, _) => { (times.date(ended.at)) }
            (None, Some(heard), _) => { "silent, last heard " (times.ago(heard)) }
            (None, None, Some(taken)) => { "taken " (times.ago(taken.at)) }
            (None, None, None) => {}
        }
    }
}

fn filters(page: &ListPage<'_>) -> Markup {
    let query = page.query;
    let states: Vec<(&str, &str)> =
        std::iter::once(("", "Any")).chain(query.which.states().map(|state| (state.word(), state.shown()))).collect();
    let kept = parameters(query);
    let keep = kept.iter().filter(|(name, _)| !matches!(*name, "q" | "state")).map(|(name, value)| (*name, value.as_str())).collect();
    toolbar(&Toolbar {
        action: LIST,
        target: TABLE,
        also: &format!("{TABS} {EXPORT}"),
        search: Some(("q", "Task, device, who asked or note", &query.words)),
        filters: vec![Filter { name: "state", label: "State", options: &states, selected: query.state.map_or("", |state| state.word()) }],
        keep,
        note: Some(shown(page)),
    })
}

/// "12 tasks", "51–100 of 412 tasks".
fn shown(page: &ListPage<'_>) -> String {
    let tasks = text::counted(page.count, "task", "tasks");
    let first = (page.number - 1) * PER_PAGE + 1;
    let last = first - 1 + i64::try_from(page.tasks.len()).unwrap_or(0);
    if page.count <= PER_PAGE || last < first {
        tasks
    } else {
        format!("{}–{} of {tasks}", text::thousands(first), text::thousands(last))
    }
}

fn empty(page: &ListPage<'_>) -> Markup {
    if !page.query.finds_all() {
        let all =
            Some(form::link_button("Show all", &address(&Query::all(page.query.which, page.query.device), 1), ButtonKind::Secondary, None));
        return parts::empty("Nothing fits", "No task fits this search and this state.", all);
    }
    let (title, sentence) = match page.query.which {
        Which::Open => ("No open tasks", "What is asked for on a device stands here until it is done, refused or withdrawn."),
        Which::Over => ("No task is over yet", "What was done, refused or withdrawn stands here, with what came of it."),
    };
    parts::empty(title, sentence, None)
}

fn footer(page: &ListPage<'_>) -> Markup {
    let previous = (1 < page.number).then(|| address(page.query, page.number - 1));
    let next = (page.number * PER_PAGE < page.count).then(|| address(page.query, page.number + 1));
    html! { @if previous.is_some() || next.is_some() { (pager(previous.as_deref(), next.as_deref(), &shown(page))) } }
}
