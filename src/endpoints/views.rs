//! Agents on pages: badges, strips, and the organization's card.

use maud::{Markup, Render, html};

use crate::endpoints::model::{Agent, Dataset, LAST_BACKUPS, Standing};
use crate::kernel::html::charts;
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts::{self, Badge};
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::text::Words;
use crate::kernel::html::when::Times;
use crate::kernel::text;

/// The standing as a badge: word, shape and color.
pub const fn standing_badge(standing: Standing) -> Badge<'static> {
    let (tone, shape) = match standing {
        Standing::Failing | Standing::Overdue => (Tone::Bad, Icon::Cross),
        Standing::Late | Standing::ScreenshotFailed | Standing::SomeFailed => (Tone::Warn, Icon::Warning),
        Standing::NoBackupYet => (Tone::Quiet, Icon::Clock),
        Standing::BackedUp => (Tone::Good, Icon::Check),
        Standing::Suspended | Standing::Unsubscribed => (Tone::Quiet, Icon::Pause),
    };
    Badge(tone, shape, standing.shown())
}

/// The last ten backups, oldest first: one picture with one name.
#[derive(Debug, Clone, Copy)]
pub struct LastTen<'a>(pub &'a Agent);

impl Render for LastTen<'_> {
    fn render_to(&self, page: &mut String) {
        let letters = &self.0.summary.strip;
        let missing = LAST_BACKUPS.saturating_sub(letters.chars().count());
        let tones = std::iter::repeat_n('-', missing).chain(letters.chars()).map(tone);
        charts::Strip { days: tones, words: &strip_words(letters) }.render_to(page);
    }
}

const fn tone(letter: char) -> Tone {
    match letter {
        'g' => Tone::Good,
        's' => Tone::Warn,
        'r' => Tone::Bad,
        _ => Tone::Quiet,
    }
}

/// The same in words: "Last 10 backups, oldest first: 8 good, 1 failed, 1 good".
pub fn strip_words(letters: &str) -> String {
    if letters.is_empty() {
        return "Last ten backups: not told".to_owned();
    }
    let signs: Vec<char> = letters.chars().collect();
    let runs = signs.chunk_by(|one, other| one == other).map(|run| {
        let word = match run.first() {
            Some('g') => "good",
            Some('s') => "without a good screenshot",
            Some('r') => "failed",
            _ => "not told",
        };
        format!("{} {word}", run.len())
    });
    let count = i64::try_from(signs.len()).unwrap_or(i64::MAX);
    format!("Last {}, oldest first: {}", text::counted(count, "backup", "backups"), runs.collect::<Vec<_>>().join(", "))
}

/// When the newest backup was.
pub fn last_backup(agent: &Agent, times: &Times) -> Markup {
    html! { @match agent.summary.last_backup { Some(moment) => { (times.ago(moment)) } None => { span.sub { "no backup yet" } } } }
}

/// When the newest screenshot was taken, and what it showed; the picture itself is never shown (ALL-5).
pub fn screenshot(agent: &Agent, times: &Times) -> Markup {
    let word = match agent.summary.shot_success {
        Some(true) => Some("good"),
        Some(false) => Some("failed"),
        None => None,
    };
    html! {
        @match (agent.summary.shot_at, word) {
            (Some(moment), Some(word)) => { (word) ", " (times.ago(moment)) }
            (Some(moment), None) => { (times.ago(moment)) }
            (None, Some(word)) => { (word) }
            (None, None) => { span.sub { "—" } }
        }
    }
}

/// The card **Endpoint Backup** of an organization's page.
#[derive(Debug)]
pub struct Card<'a> {
    /// Its first agents by name, each with its datasets.
    pub agents: &'a [(Agent, Vec<Dataset>)],
    /// How many agents there are, and how many datasets.
    pub counts: (i64, i64),
    /// Where their status is, for who may see it.
    pub status: Option<&'a str>,
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// Agents with their last backups, and their datasets.
pub fn card(card: &Card<'_>) -> Markup {
    let table = Table {
        id: "endpoint-agents".into(),
        caption: "Endpoint agents and their datasets".into(),
        columns: vec![Column { class: "main", ..Column::new("Agent") }, Column { class: "strip-cell", ..Column::new("Last ten backups") }],
        rows: card.agents.iter().map(|(agent, datasets)| row(card, agent, datasets)).collect(),
        bare: true,
        empty: Some(parts::empty(
            "No endpoint agent",
            "Agents are tied to an organization when they are registered. They come with an import of what the backup service reports.",
            None,
        )),
        ..Table::default()
    };
    let (agents, datasets) = card.counts;
    let shown = i64::try_from(card.agents.len()).unwrap_or(i64::MAX);
    let body = html! {
        (table)
        @if 0 < agents {
            p.padded.sub {
                @if shown < agents { (text::thousands(agents - shown)) " more. " }
                (text::counted(datasets, "dataset hangs", "datasets hang")) " on this organization. Deleting it destroys them; removing a user does not."
            }
        }
    };
    let status = card.status.filter(|_| 0 < agents).map(|href| form::link_button("Status", href, ButtonKind::Quiet, None));
    parts::card("endpoint-backup", "Endpoint Backup", Some(&text::thousands(agents)), status, body)
}

fn row(card: &Card<'_>, agent: &Agent, datasets: &[Dataset]) -> Row {
    let standing = agent.standing(card.times.now);
    let name = html! { (agent.hostname) @if standing != Standing::BackedUp { " " (standing_badge(standing)) } };
    let below = html! {
        (Words(&agent.facts()))
        @for dataset in datasets {
            br; "Dataset " (dataset.shown)
            @if let Some(status) = &dataset.status { " · " (status) }
        }
        @if datasets.is_empty() { br; "No dataset yet" }
    };
    Row {
        cells: vec![
            parts::two_lines(&name, &below),
            html! { span.two.figures { (LastTen(agent)) span.sub { (last_backup(agent, card.times)) } } },
        ],
        ..Row::default()
    }
}
