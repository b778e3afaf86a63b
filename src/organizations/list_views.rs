//! The list as a page shows it.

use maud::{Markup, Render, html};

use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::menus;
use crate::kernel::html::parts::{self, Badge, Highlighted, TwoLines};
use crate::kernel::html::table::{self, Cells, Column, Direction, Row, Tab, Table, Tick, Toolbar};
use crate::kernel::html::text::{Figure, Joined, Sub, Words};
use crate::kernel::html::when::Times;
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::text;
use crate::organizations::list_model::{Counts, Filter, Listed, Offered, Part, PlanFilter, Sort, Turn};
use crate::organizations::new_views;
use crate::subscriptions::life_model::Operation;
use crate::subscriptions::model::{Plan, State};

/// The page Manage Organizations.
#[derive(Debug)]
pub struct ListPage<'a> {
    /// Whose eyes.
    pub viewer: PartnerId,
    /// What is asked for.
    pub filter: &'a Filter,
    /// What was found.
    pub part: &'a Part,
    /// Counts on the tabs.
    pub counts: &'a Counts,
    /// SUB-3: those that are over and still to be destroyed.
    pub over: i64,
    /// The id of the form that ticked rows belong to.
    pub ticked: Markup,
    /// How far they were counted; all the way if not said.
    pub counted_to: Option<i64>,
    /// The viewer and the partners beneath it (PAR-1).
    pub partners: &'a [Offered],
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// The ids of the list, of the tabs and of the export's form, which all follow the filter.
const LIST: &str = "organizations";
const TABS: &str = "organizations-tabs";
const EXPORT: &str = "organizations-export";
/// The form of ticked rows.
const TICKED: &str = "ticked";

/// Tabs, filters and rows.
impl Render for ListPage<'_> {
    fn render_to(&self, page: &mut String) {
        tabs(self).render_to(page);
        if 0 < self.over {
            let organizations =
                text::counted(self.over, "organization whose 45 days are over is", "organizations whose 45 days are over are");
            parts::banner(Tone::Info, &format!("{organizations} being destroyed at this moment."), None).render_to(page);
        }
        list(self, page);
        if let Some((label, word)) = bulk_step(self.filter.tab) {
            let button = form::value_button(label, ButtonKind::Secondary, None, "operation", word);
            table::bulk_bar(TICKED, "/organizations/states/review", &self.ticked, &button).render_to(page);
        }
    }
}

/// What can be done with several organizations under a tab (ORG-5).
const fn bulk_step(tab: State) -> Option<(&'static str, &'static str)> {
    match tab {
        State::Active => Some((Operation::Suspend.shown(), Operation::Suspend.word())),
        State::Suspended | State::Unsubscribed => Some((Operation::Reactivate.shown(), Operation::Reactivate.word())),
        State::Deleted => None,
    }
}

/// Export CSV, + New Organization and Create Organization; `form_id` for the export's form.
pub fn actions(filter: &Filter, form_id: &Markup) -> Markup {
    html! {
        form.inline id=(EXPORT) action="/organizations/export" method="post" {
            (form_id)
            @for (name, value) in filter.pairs() { (form::hidden(name, &value)) }
            (form::button("Export CSV", ButtonKind::Secondary, Some(Icon::Download)))
        }
        // The how-to's own words.
        (form::link_button("+ New Organization", new_views::HERE, ButtonKind::Secondary, None))
        (create_button())
    }
}

fn create_button() -> Markup {
    form::dialog_link("Create Organization", "/organizations/new", ButtonKind::Primary, Some(Icon::Plus), None)
}

fn tabs(page: &ListPage<'_>) -> Markup {
    let tabs: Vec<Tab> = page
        .counts
        .iter()
        .map(|(state, count)| Tab {
            label: state.shown().to_owned(),
            href: page.filter.under(*state).href(Turn::First),
            count: Some(number(page, *count)),
            current: *state == page.filter.tab,
        })
        .collect();
    table::live_tabs(TABS, &tabs)
}

/// "412", or "5,000+" where nobody counted further.
fn number(page: &ListPage<'_>, count: i64) -> String {
    match page.counted_to {
        Some(most) if most < count => format!("{}+", text::thousands(most)),
        _ => text::thousands(count),
    }
}

fn list(page: &ListPage<'_>, to: &mut String) {
    let filter = page.filter;
    let deleted = filter.tab == State::Deleted;
    let pages = page.part.previous.is_some() || page.part.next.is_some();
    let href = |turn: Option<Turn>| turn.map(|turn| filter.href(turn));
    let (previous, next) = (href(page.part.previous), href(page.part.next));
    let list = Table {
        id: LIST.to_owned(),
        caption: format!("{} organizations", filter.tab.shown()),
        columns: if deleted { deleted_columns(filter) } else { columns(filter) },
        empty: Some(empty(page)),
        toolbar: Some(toolbar(page)),
        bulk: bulk_step(filter.tab).map(|_| TICKED.to_owned()),
        footer: pages.then(|| table::pager(previous.as_deref(), next.as_deref(), &shown(page))),
        ..Table::default()
    };
    if deleted {
        list.render_lines(to, &page.part.rows, |_| Row::default(), |row, cells| deleted_cells(page, row, cells));
    } else {
        let linked = |row: &Listed| Row {
            href: Some(address(row)),
            tick: Some(Tick { name: "organization".to_owned(), value: row.id.to_string(), label: row.words.name().to_owned() }),
            ..Row::default()
        };
        list.render_lines(to, &page.part.rows, linked, |row, to| cells(page, row, to));
    }
}

fn toolbar(page: &ListPage<'_>) -> Markup {
    let filter = page.filter;
    let order = filter.order();
    let mut plans = vec![("", "All")];
    plans.extend(Plan::ALL.iter().map(|plan| (plan.word(), plan.shown())));
    plans.push(("none", "None yet"));
    let deleted = filter.tab == State::Deleted;
    let named = partner_names(page);
    let mut partners = vec![("", "All")];
    partners.extend(page.partners.iter().zip(&named).map(|(partner, name)| (partner.public_id.as_str(), name.as_str())));
    let mut filters = Vec::new();
    if page.partners.len() > 1 {
        filters.push(table::Filter { name: "partner", label: "Partner", options: &partners, selected: &filter.partner });
    }
    if !deleted {
        filters.push(table::Filter { name: "plan", label: "Plan", options: &plans, selected: filter.plan.word() });
    }
    let search = if deleted { "Name or ID" } else { "Name, ID, contact or domain" };
    let keep = [("tab", filter.tab.word()), ("sort", order.as_str())];
    table::toolbar(&Toolbar {
        action: "/organizations",
        target: LIST,
        also: &format!("{EXPORT} {TABS}"),
        search: Some(("q", search, &filter.query)),
        filters,
        keep: keep.into_iter().filter(|(_, value)| !value.is_empty() && *value != "active").collect(),
        note: Some(shown(page)),
    })
}

/// PAR-1: one's own organizations alone, or those of one partner beneath with whatever is beneath that.
fn partner_names(page: &ListPage<'_>) -> Vec<String> {
    let name = |offered: &Offered| {
        if offered.partner == page.viewer { format!("{} only", offered.name) } else { offered.name.clone() }
    };
    page.partners.iter().map(name).collect()
}

/// "41 organizations", "50 of 412", "7 found".
fn shown(page: &ListPage<'_>) -> String {
    let rows = i64::try_from(page.part.rows.len()).unwrap_or(i64::MAX);
    let total = page.counts.iter().find(|(state, _)| *state == page.filter.tab).map_or(rows, |(_, count)| *count);
    let whole = page.part.previous.is_none() && page.part.next.is_none();
    match (page.filter.narrows(), whole) {
        (false, true) => text::counted(rows, "organization", "organizations"),
        (false, false) => format!("{} of {}", text::thousands(rows), number(page, total)),
        (true, true) => format!("{} found", text::thousands(rows)),
        (true, false) => format!("{} shown", text::thousands(rows)),
    }
}

/// A column that sorts, unless words are searched for: then the order is best match (ORG-5).
fn sortable(column: Column, filter: &Filter, sort: Sort) -> Column {
    if !filter.query.is_empty() {
        return column;
    }
    let current = filter.sort == sort;
    let direction = if filter.descending { Direction::Descending } else { Direction::Ascending };
    // Names begin with the first, figures with the largest.
    let descending = if current { !filter.descending } else { !matches!(sort, Sort::Name | Sort::End) };
    let href = Filter { sort, descending, ..filter.clone() }.href(Turn::First);
    column.sorted(href, current.then_some(direction))
}

fn columns(filter: &Filter) -> Vec<Column> {
    vec![
        sortable(Column::new("Name"), filter, Sort::Name),
        Column { class: "wide-cell", ..Column::new("Contact") },
        Column::new("Plan"),
        sortable(Column::number("Seats"), filter, Sort::Seats),
        sortable(Column::number("Users"), filter, Sort::Users),
        sortable(Column::number("Services"), filter, Sort::Services),
        // SUB-3: where all are in one state, what is left of it says more.
        match filter.tab {
            State::Unsubscribed => sortable(Column::new("Ends"), filter, Sort::End),
            State::Active | State::Suspended | State::Deleted => Column::new("State"),
        },
        Column::actions(),
    ]
}

fn address(row: &Listed) -> String {
    format!("/organizations/{}", row.id)
}

fn cells(page: &ListPage<'_>, row: &Listed, cells: &mut Cells<'_>) {
    let (contact, email) = (row.words.contact(), row.words.email());
    name(page, row, cells);
    if contact.is_empty() {
        cells.cell(mark(page, email));
    } else {
        cells.cell(TwoLines(mark(page, contact), mark(page, email)));
    }
    match row.plan {
        Some(plan) => cells.cell(Words(plan.shown())),
        None => cells.cell(html! { span.sub { "None yet" } }),
    }
    cells.cell(seats(row));
    cells.cell(Figure(row.users));
    cells.cell(Figure(row.services));
    if let Some(end) = row.ends {
        cells.cell(TwoLines(page.times.date(end), page.times.left(end, "")));
    } else {
        let (tone, shape) = row.state.look();
        cells.cell(Badge(tone, shape, row.state.shown()));
    }
    cells.cell(Actions(row));
}

/// Name over ID, the match marked; the partner's name too where it is not the viewer's own (PAR-1).
fn name(page: &ListPage<'_>, row: &Listed, cells: &mut Cells<'_>) {
    let shown = row.id.shown();
    // Somebody may look for an ID with or without its dash.
    let whole = page.filter.query.parse::<OrganizationId>().is_ok_and(|id| id == row.id);
    let id = Highlighted { text: &shown, query: if whole { &shown } else { &page.filter.query } };
    let partner = page.partners.iter().find(|offered| offered.partner == row.partner && row.partner != page.viewer);
    match partner {
        None => cells.cell(TwoLines(mark(page, row.words.name()), id)),
        Some(partner) => cells.cell(TwoLines(mark(page, row.words.name()), html! { (id) " · " (Words(&partner.name)) })),
    }
}

fn mark<'a>(page: &ListPage<'a>, text: &'a str) -> Highlighted<'a> {
    Highlighted { text, query: &page.filter.query }
}

/// Seats used beside those bought: "42 / 45", "31 / auto", "9".
fn seats(row: &Listed) -> Markup {
    html! {
        (Figure(row.seats_used))
        @if let Some(bought) = row.bought.shown() { " " (Sub(Joined(&["/ ", &bought]))) }
    }
}

/// The icons at a row's end.
struct Actions<'a>(&'a Listed);

impl Render for Actions<'_> {
    fn render_to(&self, page: &mut String) {
        let (name, href) = (self.0.words.name(), address(self.0));
        form::icon_link(Icon::Pencil, Joined(&["Edit ", name]), Words(&href), false).render_to(page);
        form::icon_link(Icon::Trash, Joined(&["Delete ", name]), Joined(&[&href, "/deletion"]), true).render_to(page);
        menus::options_of_one(Joined(&["Options for ", name]), "View Details", Words(&href)).render_to(page);
    }
}

fn deleted_columns(filter: &Filter) -> Vec<Column> {
    vec![sortable(Column::new("Name"), filter, Sort::Name), Column::new("Created"), Column::new("Deleted"), Column::actions()]
}

/// ORG-8: ID, name and dates are all that is left, and of a purge its receipt.
fn deleted_cells(page: &ListPage<'_>, row: &Listed, cells: &mut Cells<'_>) {
    name(page, row, cells);
    cells.cell(page.times.date(row.created_at));
    cells.cell(html! { @if let Some(moment) = row.deleted_at { (page.times.date(moment)) } });
    cells.cell(html! {
        @if row.receipt { a.button.secondary.small href={ "/receipts/" (row.id) } { "Receipt" span.hidden { " of " (row.words.name()) } } }
    });
}

fn empty(page: &ListPage<'_>) -> Markup {
    let filter = page.filter;
    if filter.narrows() {
        let clear = Filter { query: String::new(), plan: PlanFilter::All, partner: String::new(), ..filter.clone() };
        let all = form::link_button("Show all", &clear.href(Turn::First), ButtonKind::Secondary, None);
        let sentence = format!("No {} organization fits. Try fewer words, or look under another tab.", filter.tab.shown().to_lowercase());
        return parts::empty("Nothing found", &sentence, Some(all));
    }
    match filter.tab {
        State::Active => parts::empty(
            "No organizations yet",
            "An organization is a firm or a person you look after. It needs nothing but a name.",
            Some(create_button()),
        ),
        State::Suspended => parts::empty("No suspended organizations", "An organization whose backups are paused stands here.", None),
        State::Unsubscribed => {
            parts::empty("No unsubscribed organizations", "An organization on its way out stands here while it can still come back.", None)
        }
        State::Deleted => parts::empty("No deleted organizations", "A deleted organization leaves its name, ID and dates here.", None),
    }
}
