//! The list of an account's seats.

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::menus::{self, MenuEntry};
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Filter, Row, Table, Tick, Toolbar, bulk_bar, pager, toolbar};
use crate::kernel::html::text::Joined;
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::seats::changes_model::{Action, Backups, after};
use crate::seats::model::{Seat, SeatState, SeatType, Tally, billable};

/// Everything the list shows.
#[derive(Debug)]
pub struct SeatList<'a> {
    /// The account's page.
    pub here: &'a str,
    /// The rows.
    pub seats: &'a [Seat],
    /// How many of each type stand how, whatever the list is narrowed to.
    pub tallies: &'a [Tally],
    /// Only this type.
    pub seat_type: Option<SeatType>,
    /// Only this state.
    pub state: Option<SeatState>,
    /// Only what contains this.
    pub words: &'a str,
    /// The addresses of the pages before and after.
    pub pages: (Option<String>, Option<String>),
    /// EMP-4: why the reader may change none of them, if so.
    pub closed: Option<&'a str>,
    /// A hidden form id for the bar of ticked seats.
    pub form_id: Markup,
    /// How the reader reads times.
    pub times: &'a Times,
}

/// The form that ticked seats belong to.
const TICKED: &str = "seats-ticked";

/// A seat's state as a badge.
pub fn state_badge(state: SeatState) -> Markup {
    match state {
        SeatState::Active => parts::badge(Tone::Good, Icon::Check, "Active"),
        SeatState::Paused => parts::badge(Tone::Quiet, Icon::Pause, "Paused"),
        SeatState::Archived => parts::badge(Tone::Info, Icon::Document, "Archived"),
        SeatState::Unprotected => parts::badge(Tone::Quiet, Icon::Dash, "Unprotected"),
    }
}

/// "14 billable, 3 active shared mailboxes …": what the seats come to (SEA-4).
pub fn summary(tallies: &[Tally]) -> Markup {
    let of = |state: SeatState| tallies.iter().filter(|tally| tally.state == state).map(|tally| tally.count).sum::<i64>();
    html! {
        (text::counted(billable(tallies), "billable seat", "billable seats"))
        @for state in SeatState::ALL {
            @let count = of(*state);
            @if 0 < count { " · " (text::thousands(count)) " " (state.word().to_lowercase()) }
        }
    }
}

/// The card **Seats** with its filters.
pub fn card(list: &SeatList<'_>) -> Markup {
    let all: i64 = list.tallies.iter().map(|tally| tally.count).sum();
    let found: i64 = list
        .tallies
        .iter()
        .filter(|tally| {
            list.seat_type.is_none_or(|wanted| wanted == tally.seat_type) && list.state.is_none_or(|wanted| wanted == tally.state)
        })
        .map(|tally| tally.count)
        .sum();
    let note = if list.words.is_empty() { text::counted(found, "seat", "seats") } else { String::new() };
    let table = Table {
        id: "seats".into(),
        caption: "Seats".into(),
        columns: vec![
            Column { class: "main", ..Column::new("Seat") },
            Column::new("Type"),
            Column::new("State"),
            Column::new("Billable"),
            Column::new("Added"),
            Column::actions(),
        ],
        rows: list.seats.iter().map(|seat| row(list, seat)).collect(),
        bulk: list.closed.is_none().then(|| TICKED.to_owned()),
        empty: Some(if all == 0 {
            parts::empty("No seats yet", "Seats show here with the first report of them.", None)
        } else {
            parts::empty("Nothing fits", "No seat fits this search and these filters.", None)
        }),
        toolbar: Some(filters(list, note)),
        footer: Some(html! {
            @if list.pages.0.is_some() || list.pages.1.is_some() {
                (pager(list.pages.0.as_deref(), list.pages.1.as_deref(), &text::counted(all, "seat", "seats")))
            }
        }),
        ..Table::default()
    };
    html! {
        section #seats-card aria-labelledby="seats-title" {
            div.section-head {
                h2 id="seats-title" { "Seats" }
                p.sub { (summary(list.tallies)) }
                @if let Some(sentence) = list.closed { p.sub { (sentence) } }
                @else if 0 < all { (form::dialog_link("Change by a file", &format!("{}/seats/file", list.here), ButtonKind::Secondary, Some(Icon::Upload), None)) }
            }
            (table.render())
            @if list.closed.is_none() { (bulk_bar(TICKED, &format!("{}/seats/review", list.here), &list.form_id, &choices())) }
        }
    }
}

fn filters(list: &SeatList<'_>, note: String) -> Markup {
    let mut types = vec![("", "Any")];
    types.extend(
        SeatType::ALL
            .iter()
            .filter(|each| list.tallies.iter().any(|tally| tally.seat_type == **each))
            .map(|each| (each.word(), each.shown())),
    );
    let mut states = vec![("", "Any")];
    states.extend(SeatState::ALL.iter().map(|each| (each.word(), each.word())));
    toolbar(&Toolbar {
        action: list.here,
        target: "seats",
        search: Some(("q", "Name or e-mail", list.words)),
        filters: vec![
            Filter { name: "type", label: "Type", options: &types, selected: list.seat_type.map_or("", SeatType::word) },
            Filter { name: "state", label: "State", options: &states, selected: list.state.map_or("", SeatState::word) },
        ],
        note: Some(note),
        ..Toolbar::default()
    })
}

/// What can be done with ticked seats; which of them it may be done with is said before it is.
fn choices() -> Markup {
    html! {
        @for action in Action::ALL {
            @let destroys = matches!(action, Action::Unlicense | Action::DeleteBackups);
            (form::value_button(action.shown(), if destroys { ButtonKind::Danger } else { ButtonKind::Secondary }, None, "action", action.word()))
        }
    }
}

fn row(list: &SeatList<'_>, seat: &Seat) -> Row {
    let times = list.times;
    Row {
        cells: vec![
            parts::two_lines(&html! { (seat.name) }, &html! { @if seat.main_id != seat.name { (seat.main_id) } }),
            html! { (seat.seat_type.shown()) },
            html! { (state_badge(seat.state)) (kept(seat, times)) },
            billed(seat),
            html! { @match seat.date_added { Some(moment) => { (times.date(moment)) } None => { span.sub { "—" } } } },
            html! { @if list.closed.is_none() { (menus::options_link(Joined(&["Change ", &seat.name]), format!("{}/seats/review?seat={}", list.here, seat.id))) } },
        ],
        tick: list.closed.is_none().then(|| Tick { name: "seat".to_owned(), value: seat.id.to_string(), label: seat.name.clone() }),
        ..Row::default()
    }
}

/// SEA-2: what may become of a seat; `here` is its account's page.
pub fn options(here: &str, seat: &Seat) -> Vec<MenuEntry> {
    let may = |action: &&Action| after(seat.state, **action).is_ok();
    let entry = |action: &Action| MenuEntry::DialogLink {
        label: action.shown().to_owned(),
        href: format!("{here}/seats/review?action={}&seat={}", action.word(), seat.id),
        danger: matches!(action, Action::Unlicense | Action::DeleteBackups),
    };
    Action::ALL.iter().filter(may).map(entry).collect()
}

/// SEA-4, as the bill counts it and the summary above the list.
fn billed(seat: &Seat) -> Markup {
    match seat.state {
        SeatState::Unprotected => html! { span.sub { "No" } },
        SeatState::Active | SeatState::Paused | SeatState::Archived => html! {
            @if seat.seat_type == SeatType::User { "Yes" } @else if seat.seat_type.is_site() { "All sites as one" } @else { span.sub { "No" } }
        },
    }
}

/// SEA-3: what is left of an unprotected seat's thirty days.
fn kept(seat: &Seat, times: &Times) -> Markup {
    match seat.backups(times.now) {
        Backups::Until(until) => html! { " " span.sub { (times.countdown("backups destroyed", until)) } },
        Backups::Gone(at) => html! { " " span.sub { "backups destroyed on " (times.date(at)) } },
        Backups::There | Backups::Unknown => html! {},
    }
}
