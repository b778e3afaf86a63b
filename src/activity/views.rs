//! The log as pages show it.

use maud::{Markup, html};

use crate::activity::model::{ChainCheck, Entry, Kind};
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::parts;
use crate::kernel::html::table::{self, Column, Row, Table, Unfolds, pager};
use crate::kernel::html::when::Times;
use crate::kernel::ids::{EventId, OrganizationId};
use crate::kernel::text;

/// How many events an organization's card shows.
pub const ON_CARD: i64 = 5;

/// The card on an organization's page.
#[derive(Debug)]
pub struct Card<'a> {
    /// Whose events.
    pub organization: OrganizationId,
    /// The newest, `ON_CARD` of them.
    pub entries: &'a [Entry],
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// The latest events of an organization, with the way to all of them.
pub fn card(card: &Card<'_>) -> Markup {
    let lines: Vec<(Markup, Markup)> =
        card.entries.iter().map(|entry| (html! { (entry.actor_name()) " " (sentence(entry)) }, below(entry, card.times))).collect();
    let all = html! { a.button.quiet-button href={ "/activity?organization=" (card.organization) } aria-label="All activity" { "All" } };
    let body = if lines.is_empty() {
        parts::empty("Nothing has happened yet", "Every change to this organization is listed here.", None)
    } else {
        parts::feed(&lines)
    };
    parts::card("activity", "Activity", None, Some(all), body)
}

/// The sentence, its target's name in a stronger weight.
pub fn sentence(entry: &Entry) -> Markup {
    let split = if entry.target_name.is_empty() { None } else { entry.sentence.split_once(entry.target_name.as_str()) };
    html! {
        @match split {
            Some((before, after)) => { (before) strong { (entry.target_name) } (after) }
            None => { (entry.sentence) }
        }
    }
}

fn below(entry: &Entry, times: &Times) -> Markup {
    html! { (times.ago(entry.at)) " · " (entry.address) }
}

/// The filters as they were entered.
#[derive(Clone, Debug, Default)]
pub struct Entered {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Part of a name or e-mail.
    pub person: String,
    /// ID or beginning of a name.
    pub organization: String,
    /// A kind's word.
    pub kind: String,
}

impl Entered {
    /// Name and value of each field that is filled.
    pub fn filled(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("from", self.from.as_str()),
            ("to", self.to.as_str()),
            ("person", self.person.as_str()),
            ("organization", self.organization.as_str()),
            ("kind", self.kind.as_str()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// What is known about the chain, as the viewer may know it.
#[derive(Debug)]
pub struct Chain {
    /// The last look.
    pub check: Option<ChainCheck>,
    /// The first event that does not fit, if it is the viewer's own partner's.
    pub own_bad: Option<Entry>,
    /// Number and hash of the newest event.
    pub head: (EventId, String),
    /// The last event whose key is lost; 0 when none is.
    pub unverifiable: EventId,
}

/// The page of the log.
#[derive(Debug)]
pub struct LogPage<'a> {
    /// The filters.
    pub entered: &'a Entered,
    /// What is wrong with them.
    pub problem: Option<&'a str>,
    /// The organization that was meant.
    pub organization: Option<&'a str>,
    /// One page of events.
    pub entries: &'a [Entry],
    /// The way to newer ones.
    pub newer: Option<String>,
    /// The way to older ones.
    pub older: Option<String>,
    /// The chain.
    pub chain: &'a Chain,
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// The log: filters, events, and how its chain is.
pub fn page(page: &LogPage<'_>) -> Markup {
    let empty = if let Some(problem) = page.problem {
        parts::empty("Nothing can be looked for", problem, None)
    } else if page.entered.filled().is_empty() {
        parts::empty("Nothing has happened yet", "Each change, sign-in, export and opened letter will be listed here.", None)
    } else {
        let all = form::link_button("Show everything", "/activity", ButtonKind::Secondary, None);
        parts::empty("Nothing fits these filters", "Take one of them away to see more.", Some(all))
    };
    let table = Table {
        id: "events".to_owned(),
        caption: "Events, newest first".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("What happened") },
            Column { class: "opt", ..Column::new("Kind") },
            Column { class: "opt", ..Column::new("From where") },
            Column { class: "unlabeled", ..Column::new("When") },
        ],
        rows: page.entries.iter().map(|entry| row(entry, page.times)).collect(),
        empty: Some(empty),
        toolbar: Some(filters(page)),
        footer: Some(pager(page.newer.as_deref(), page.older.as_deref(), &shown(page.entries.len()))),
        ..Table::default()
    };
    parts::stack(&html! { (table) (chain(page.chain, page.times)) })
}

fn shown(count: usize) -> String {
    text::counted(i64::try_from(count).unwrap_or(i64::MAX), "event, newest first", "events, newest first")
}

fn row(entry: &Entry, times: &Times) -> Row {
    let what = html! { (entry.actor_name()) " " (sentence(entry)) };
    Row {
        cells: vec![
            parts::two_lines(&what, &html! { (entry.roles) }),
            html! { (entry.kind.shown()) },
            html! { (entry.address) },
            times.ago(entry.at),
        ],
        unfolds: Some(Unfolds { href: format!("/activity?event={}", entry.seq), label: format!("Details of event {}", entry.seq) }),
        ..Row::default()
    }
}

/// One event: what its row unfolds, and above it the row's sentence.
pub fn event(entry: &Entry, times: &Times) -> Markup {
    html! {
        p.lead { (entry.actor_name()) " " (sentence(entry)) }
        (parts::card("event", "Details", None, None, table::unfolded(&detail(entry, times))))
    }
}

fn detail(entry: &Entry, times: &Times) -> Markup {
    let facts = [
        ("Event", html! { (text::thousands(entry.seq.0)) }),
        ("When", times.exact(entry.at)),
        ("Who", html! { (entry.actor) ", " (entry.roles) }),
        ("From where", html! { (entry.address) }),
        ("Kind", html! { (entry.kind.shown()) }),
    ];
    html! {
        (parts::definition_list(&facts))
        @if !entry.changes.is_empty() {
            div.scroll {
                table.bare {
                    caption.hidden { "What changed" }
                    thead { tr { th scope="col" { "Field" } th scope="col" { "Before" } th scope="col" { "After" } } }
                    tbody {
                        @for change in &entry.changes { tr { td { (change.field) } td { (value(&change.from)) } td { (value(&change.to)) } } }
                    }
                }
            }
        }
    }
}

fn value(text: &str) -> Markup {
    html! { @if text.is_empty() { span.sub { "empty" } } @else { (text) } }
}

fn filters(page: &LogPage<'_>) -> Markup {
    let entered = page.entered;
    html! {
        form.toolbar action="/activity" method="get" role="search" aria-label="Filter" data-live data-target="events events-note events-export" {
            div.toolbar-search {
                label.hidden for="events-person" { "Person" }
                (icon(Icon::Search))
                input id="events-person" type="search" name="person" value=(entered.person) placeholder="Person" autocomplete="off" spellcheck="false";
            }
            div.toolbar-search {
                label.hidden for="events-organization" { "Organization, by name or ID" }
                (icon(Icon::Building))
                input id="events-organization" type="search" name="organization" value=(entered.organization) placeholder="Organization"
                    autocomplete="off" spellcheck="false";
            }
            label.choice {
                span { "Kind:" }
                select name="kind" {
                    option value="" { "All" }
                    @for kind in Kind::ALL { option value=(kind.word()) selected[kind.word() == entered.kind] { (kind.shown()) } }
                }
            }
            label.choice { span { "From:" } input type="date" name="from" value=(entered.from); }
            label.choice { span { "To:" } input type="date" name="to" value=(entered.to); }
            button.button.secondary.without-script type="submit" { "Apply" }
            span.note id="events-note" role="status" { @if let Some(name) = page.organization { "At " (name) } }
        }
    }
}

fn chain(chain: &Chain, times: &Times) -> Markup {
    let (state, events) = match &chain.check {
        None => (html! { (parts::badge(Tone::Quiet, Icon::Clock, "Not checked yet")) }, html! { "–" }),
        Some(check) => (chain_state(check, chain.own_bad.as_ref(), times), html! { (text::thousands(check.events)) }),
    };
    let facts = [
        ("State", state),
        ("Last checked", chain.check.as_ref().map_or_else(|| html! { "–" }, |check| times.ago(check.at))),
        ("Events that fit", events),
        ("Newest event", html! { (text::thousands(chain.head.0.0)) }),
        ("Its mark", html! { code.break { (chain.head.1) } " " (parts::copy_button(&chain.head.1, "Copy the mark")) }),
    ];
    let body = html! {
        (parts::definition_list(&facts))
        div.padded {
            @if chain.unverifiable.0 > 0 {
                p {
                    "The portal was restored without its key. Events up to " (text::thousands(chain.unverifiable.0))
                    " were made with that key and cannot be verified any more; later ones are."
                }
            }
            p.sub {
                "Each event carries a mark made from it and all before it, with a key that is not in the database. A changed or missing event "
                "therefore shows. Events cut off at the very end show only to who kept an earlier mark: write it down now and then."
            }
        }
    };
    parts::card("chain", "The chain of events", None, None, body)
}

fn chain_state(check: &ChainCheck, own: Option<&Entry>, times: &Times) -> Markup {
    html! {
        @match (check.first_bad, own) {
            (None, _) => { (parts::badge(Tone::Good, Icon::Check, "All events fit")) }
            (Some(bad), None) => {
                (parts::badge(Tone::Bad, Icon::Cross, "Broken")) " Event " (text::thousands(bad.0)) " is the first that does not fit."
            }
            (Some(bad), Some(entry)) => {
                (parts::badge(Tone::Bad, Icon::Cross, "Broken")) " Event " (text::thousands(bad.0)) " is the first that does not fit: "
                (entry.actor_name()) " " (entry.sentence) ", " (times.exact(entry.at)) "."
            }
        }
    }
}

/// How the chain is, beside the page's title.
pub fn chain_badge(chain: &Chain, times: &Times) -> Markup {
    match &chain.check {
        None => parts::badge(Tone::Quiet, Icon::Clock, "Chain not checked yet"),
        Some(check) if check.first_bad.is_none() => html! {
            (parts::badge(Tone::Good, Icon::Check, "Chain unbroken")) " " a.sub href="#chain" { "checked " (times.ago(check.at)) }
        },
        Some(check) => html! {
            (parts::badge(Tone::Bad, Icon::Cross, "Chain broken")) " " a.sub href="#chain" { "checked " (times.ago(check.at)) }
        },
    }
}

/// The form that exports exactly what is shown; a live filter brings it up to date.
pub fn export_form(form_id: &Markup, entered: &Entered) -> Markup {
    html! {
        form.inline id="events-export" action="/activity/export" method="post" {
            (form_id)
            @for (name, value) in entered.filled() { (form::hidden(name, value)) }
            (form::button("Export CSV", ButtonKind::Secondary, Some(Icon::Download)))
        }
    }
}
