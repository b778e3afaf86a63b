//! The page Device Status.

use maud::{Markup, Render, html};

use crate::devices::model::{Device, Fill};
use crate::devices::page_views::device_web_small;
use crate::devices::spotlight_views;
use crate::devices::status_model::{Judged, Judgement, Query, Side, Sort, State};
use crate::kernel::html::charts;
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts::{self, Badge, TwoLines};
use crate::kernel::html::table::{Cells, Column, Direction, Filter, Row, Table, Toolbar, Unfolds, pager, toolbar};
use crate::kernel::html::text::{Sub, Words};
use crate::kernel::html::when::{SubAgo, Times};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::kernel::web;
use crate::settings::local_model::{LocalView, STORAGE_COLORS, StorageAs};

/// Where the page is.
pub const HERE: &str = "/status/devices";
/// The id of the table, which a live filter replaces.
const LIST: &str = "devices";
/// The id of the export's form, which follows the filter.
const EXPORT: &str = "devices-export";
/// The choice of states that somebody should look at.
pub const ATTENTION: &str = "attention";

/// Everything on the page.
#[derive(Debug)]
pub struct StatusPage<'a> {
    /// What was asked for.
    pub query: &'a Query,
    /// The chosen state as it stands in the address: empty, `attention` or a state's word.
    pub state: &'a str,
    /// Every device in sight, worst first.
    pub judgement: &'a Judgement,
    /// The worst of those that need attention, in full.
    pub worst: &'a [(&'a Judged, &'a Device)],
    /// This page's devices.
    pub devices: &'a [(&'a Judged, &'a Device)],
    /// How many the query finds.
    pub count: usize,
    /// How the viewer likes to see devices.
    pub view: &'a LocalView,
    /// Whether they are those of several organizations.
    pub several: bool,
    /// Whether the reader may import, and so be told how the first device comes.
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
        if !self.judgement.all.is_empty() {
            spotlight_views::spotlight(self, page);
        }
        if let Some(name) = self.only {
            let all = address(&Query { organization: None, ..self.query.clone() }, self.state, None);
            html! { p.guide-line { "Only devices of " strong { (name) } ". " a href=(all) { "Show all organizations" } } }.render_to(page);
        }
        table(self, page);
        html! {
            p.guide-line.sub {
                "Backups warn after " (text::counted(self.view.warn_hours, "hour", "hours")) " and fail after "
                (text::counted(self.view.fail_hours, "hour", "hours")) ": "
                a href="/account/display" { "your own view of devices" }
            }
            @if self.devices.iter().any(|(_, device)| device.local_permille.is_some()) {
                (charts::legend("Local storage in use, whatever the state:", &STORAGE_COLORS))
            }
        }
        .render_to(page);
    }
}

/// Beside the title: when the newest data was true (SAS-10).
pub fn aside(moment: Option<Timestamp>, times: &Times) -> Markup {
    html! {
        span.sub {
            @match moment {
                Some(moment) => { "as of " (times.zone.clock(moment)) ", " (times.ago(moment)) }
                None => { "no data yet" }
            }
        }
    }
}

/// The button that exports exactly what is shown.
pub fn export(hidden: &Markup, query: &Query, state: &str) -> Markup {
    html! {
        form.inline id=(EXPORT) action="/status/devices/export" method="post" {
            (hidden)
            @for (name, value) in parameters(query, state) { (form::hidden(name, &value)) }
            (form::button("Export CSV", ButtonKind::Secondary, Some(Icon::Download)))
        }
    }
}

/// A state's color and shape.
pub const fn look(state: State) -> (Tone, Icon) {
    match state {
        State::Failing => (Tone::Bad, Icon::Cross),
        State::Warning => (Tone::Warn, Icon::Warning),
        State::NoRecentData => (Tone::Quiet, Icon::Clock),
        State::NoData => (Tone::Quiet, Icon::Dash),
        State::Suspended | State::Idle => (Tone::Quiet, Icon::Pause),
        State::Healthy => (Tone::Good, Icon::Check),
    }
}

/// The query as it stands in an address, without what is the default.
pub fn parameters(query: &Query, state: &str) -> Vec<(&'static str, String)> {
    let all = [
        ("q", query.words.clone()),
        ("state", state.to_owned()),
        ("organization", query.organization.map(|id| id.to_string()).unwrap_or_default()),
        ("sort", query.sort.map_or("", Sort::word).to_owned()),
        ("order", if query.reversed { "reversed" } else { "" }.to_owned()),
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
        caption: "Devices".into(),
        columns: columns(page),
        empty: Some(empty(page)),
        toolbar: Some(filters(page)),
        footer: Some(footer(page)),
        ..Table::default()
    };
    let row = |(_, device): &(&Judged, &Device)| {
        let (href, label) = (format!("{HERE}/{}", device.id), format!("Details of {}", device.name()));
        Row { unfolds: Some(Unfolds { href, label }), ..Row::default() }
    };
    table.render_lines(to, page.devices, row, |(judged, device), row| cells(page, judged, device, row));
}

fn columns(page: &StatusPage<'_>) -> Vec<Column> {
    let now = page.query.sort.unwrap_or_else(|| Sort::preferred(page.view.sort));
    let sorted = |column: Column, sort: Sort| {
        let (current, reversed) = (now == sort, page.query.reversed);
        let query = Query { sort: Some(sort), reversed: current && !reversed, ..page.query.clone() };
        let down = sort.starts_down() != reversed;
        let direction = current.then_some(if down { Direction::Descending } else { Direction::Ascending });
        column.sorted(address(&query, page.state, None), direction)
    };
    let mut columns = vec![sorted(Column { class: "main", ..Column::new("Device") }, Sort::Name)];
    if page.several {
        columns.push(sorted(Column::new("Organization"), Sort::Organization));
    }
    columns.extend([
        sorted(Column::new("Local"), Sort::State),
        Column::new("Offsite"),
        sorted(Column { class: "opt", ..Column::new("Model") }, Sort::Model),
        sorted(Column { class: "filled", ..Column::new("Local storage") }, Sort::Local),
        sorted(Column::number("Offsite storage"), Sort::Offsite),
        sorted(Column { class: "short", ..Column::new("Last seen") }, Sort::Seen),
        Column::actions(),
    ]);
    columns
}

fn cells(page: &StatusPage<'_>, judged: &Judged, device: &Device, row: &mut Cells<'_>) {
    row.cell(TwoLines(Words(device.name()), Words(device.beneath())));
    if page.several {
        match &device.organization {
            Some((_, name)) => row.cell(Words(name)),
            None => row.cell(Sub(Words("not linked"))),
        }
    }
    side(judged, Side::Local, row);
    side(judged, Side::Offsite, row);
    row.cell(Words(device.report.model.as_deref().unwrap_or("—")));
    row.cell(local_storage(device, page.view));
    row.cell(offsite_storage(device));
    match device.report.last_seen {
        Some(moment) => row.cell(SubAgo(page.times, moment)),
        None => row.cell(Sub(Words("not yet"))),
    }
    row.cell(device_web_small(device));
}

/// One side of a device: its badge, and beneath it what is wrong.
fn side(judged: &Judged, side: Side, row: &mut Cells<'_>) {
    let state = match side {
        Side::Local => judged.verdict.local,
        Side::Offsite => judged.verdict.offsite,
    };
    let (tone, shape) = look(state);
    let badge = Badge(tone, shape, state.shown());
    match judged.verdict.why_of(side) {
        why if why.is_empty() => row.cell(badge),
        why => row.cell(TwoLines(badge, Words(&why))),
    }
}

/// How full a device is, as the viewer likes it told (BRA-3): green below 51 %, orange to 80 %, red above (DEV-4).
pub fn local_storage(device: &Device, view: &LocalView) -> Markup {
    let (Some(permille), Some(used), Some(free)) = (device.local_permille, device.report.local_used_kb, device.report.local_free_kb) else {
        return html! { span.sub { "no data yet" } };
    };
    let whole = text::bytes(used.saturating_add(free).saturating_mul(1_000));
    let words = match view.storage {
        StorageAs::Percent => format!("{} %", permille / 10),
        StorageAs::Amounts => format!("{} of {whole}", text::bytes(used.saturating_mul(1_000))),
    };
    let tone = match Fill::of(permille) {
        Fill::Low => Tone::Good,
        Fill::High => Tone::Warn,
        Fill::Full => Tone::Bad,
    };
    let share = u16::try_from(permille).map_or(1.0, |permille| f32::from(permille) / 1_000.0);
    html! { (charts::Meter(&[(share, tone)], &format!("{} % of {whole} in use", permille / 10))) (words) }
}

fn offsite_storage(device: &Device) -> Markup {
    device.report.offsite_bytes.map_or_else(|| html! { span.sub { "no data yet" } }, |bytes| html! { (text::bytes(bytes)) })
}

fn counted(count: usize) -> String {
    text::counted(i64::try_from(count).unwrap_or(i64::MAX), "device", "devices")
}

fn filters(page: &StatusPage<'_>) -> Markup {
    let mut states = vec![("", "Any"), (ATTENTION, "Needs attention")];
    states.extend(State::ALL.iter().map(|state| (state.word(), state.shown())));
    let organization = page.query.organization.map(|id| id.to_string()).unwrap_or_default();
    let sort = page.query.sort.map_or("", Sort::word);
    let order = if page.query.reversed { "reversed" } else { "" };
    let by_state = page.query.sort.unwrap_or_else(|| Sort::preferred(page.view.sort)) == Sort::State && !page.query.reversed;
    toolbar(&Toolbar {
        action: HERE,
        target: LIST,
        also: EXPORT,
        search: Some((
            "q",
            if page.several { "Device, serial number, model or organization" } else { "Device, serial number or model" },
            &page.query.words,
        )),
        filters: vec![Filter { name: "state", label: "State", options: &states, selected: page.state }],
        keep: [("sort", sort), ("order", order), ("organization", &organization)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        note: Some(format!("{}{}", counted(page.count), if by_state { ", worst first" } else { "" })),
    })
}

fn empty(page: &StatusPage<'_>) -> Markup {
    if page.judgement.all.is_empty() {
        let action = page.may_import.then(|| form::link_button("Import", "/imports", ButtonKind::Secondary, Some(Icon::Upload)));
        let how = if page.may_import { "Devices come with the vendor's list of devices." } else { "Linked devices show here." };
        return parts::empty("No device yet", how, action);
    }
    let all = form::link_button("Show all", HERE, ButtonKind::Secondary, None);
    parts::empty("Nothing fits", "No device fits this search and these filters.", Some(all))
}

fn footer(page: &StatusPage<'_>) -> Markup {
    let (previous, next) = &page.pages;
    html! {
        @if previous.is_some() || next.is_some() { (pager(previous.as_deref(), next.as_deref(), &counted(page.count))) }
    }
}
