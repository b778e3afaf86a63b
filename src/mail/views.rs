//! The outbox as pages show it.

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Filter, Row, Table, Toolbar, pager, toolbar};
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::mail::model::{Content, DEAD_LINK, LetterState, Letterhead, Listed};

/// How one may come at a letter.
#[derive(Debug)]
pub enum Opening {
    /// With a button: the form's id.
    Form(Markup),
    /// Not at all, for this reason.
    Closed(String),
}

/// A letter of the list.
#[derive(Debug)]
pub struct Line {
    /// The letter.
    pub letter: Listed,
    /// How it may be opened.
    pub opening: Opening,
    /// The id of the form that has it tried again, where that makes sense.
    pub retry: Option<Markup>,
}

/// The page of the outbox.
#[derive(Debug)]
pub struct OutboxPage<'a> {
    /// What is looked for among the receivers.
    pub receiver: &'a str,
    /// The chosen state's word, or nothing.
    pub state: &'a str,
    /// One page of letters, each with what can be done with it.
    pub letters: Vec<Line>,
    /// The way to newer ones.
    pub newer: Option<String>,
    /// The way to older ones.
    pub older: Option<String>,
    /// Whether letters stay here.
    pub held: bool,
    /// Why none leaves at the moment, if that is so.
    pub closed: Option<&'a str>,
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// The list of letters.
pub fn page(page: &OutboxPage<'_>) -> Markup {
    let states: Vec<(&str, &str)> =
        std::iter::once(("", "All")).chain(LetterState::ALL.iter().map(|state| (state.word(), state.shown()))).collect();
    let bar = Toolbar {
        action: "/outbox",
        target: "letters",
        search: Some(("receiver", "Receiver, by name or e-mail", page.receiver)),
        filters: vec![Filter { name: "state", label: "State", options: &states, selected: page.state }],
        ..Toolbar::default()
    };
    let empty = if page.receiver.is_empty() && page.state.is_empty() {
        parts::empty("No letters yet", "Every letter Portico writes is kept here: invitations, welcome letters, password resets.", None)
    } else {
        let all = form::link_button("Show all letters", "/outbox", ButtonKind::Secondary, None);
        parts::empty("No letter fits", "Look for another receiver or another state.", Some(all))
    };
    let count = i64::try_from(page.letters.len()).unwrap_or(i64::MAX);
    let table = Table {
        id: "letters".to_owned(),
        caption: "Letters, newest first".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("To") },
            Column { class: "wide-cell", ..Column::new("Subject") },
            Column::new("State"),
            Column::new("Written"),
            Column { class: "actions single", ..Column::actions() },
        ],
        rows: page.letters.iter().map(|line| row(line, page.times)).collect(),
        empty: Some(empty),
        toolbar: Some(toolbar(&bar)),
        footer: Some(pager(
            page.newer.as_deref(),
            page.older.as_deref(),
            &text::counted(count, "letter, newest first", "letters, newest first"),
        )),
        ..Table::default()
    };
    html! {
        @if page.held {
            (parts::banner(Tone::Info, "Letters are held here. None leaves this machine; open one to read it and pass its link on.", None))
        }
        @if let Some(reason) = page.closed {
            (parts::banner(Tone::Bad, &format!("Letters do not leave at the moment. They wait here and are tried again. {reason}"), None))
        }
        (table)
    }
}

fn row(line: &Line, times: &Times) -> Row {
    let letter = &line.letter;
    Row {
        cells: vec![
            parts::two_lines(&html! { (letter.to_name) }, &html! { (letter.to_email) }),
            parts::two_lines(&html! { (letter.subject) }, &html! { (letter.kind.shown()) }),
            state(letter, times),
            times.ago(letter.created_at),
            html! { (retry_button(line)) (open_cell(letter, &line.opening)) },
        ],
        tone: (letter.state == LetterState::Failed).then_some(Tone::Bad),
        ..Row::default()
    }
}

fn state(letter: &Listed, times: &Times) -> Markup {
    let (tone, shape) = match letter.state {
        LetterState::Queued if letter.attempts > 0 => (Tone::Warn, Icon::Clock),
        LetterState::Queued => (Tone::Info, Icon::Clock),
        LetterState::Held => (Tone::Quiet, Icon::Pause),
        LetterState::Delivered => (Tone::Good, Icon::Check),
        LetterState::Failed => (Tone::Bad, Icon::Cross),
    };
    let tries = text::counted(letter.attempts, "try failed", "tries failed");
    html! {
        span.two {
            (parts::badge(tone, shape, letter.state.shown()))
            @match (letter.state, letter.next_attempt_at, letter.delivered_at) {
                (LetterState::Queued, Some(next), _) if letter.attempts > 0 => { span.sub { (tries) ", next " (times.until(next)) } }
                (LetterState::Delivered, _, Some(at)) => { span.sub { (times.ago(at)) } }
                _ => {}
            }
            @if let Some(reason) = &letter.last_error { span.sub { (reason) } }
        }
    }
}

/// "Retry now", or "Send" for one that was held.
fn retry_button(line: &Line) -> Markup {
    let letter = &line.letter;
    let word = if letter.state == LetterState::Held { "Send" } else { "Retry now" };
    html! {
        @if let Some(form_id) = &line.retry {
            form.inline method="post" action={ "/outbox/" (letter.id) "/retry" } {
                (form_id)
                button.button.secondary.small type="submit" aria-label={ (word) ": the letter to " (letter.to_name) } { (word) }
            }
        }
    }
}

fn open_cell(letter: &Listed, opening: &Opening) -> Markup {
    match opening {
        Opening::Form(form_id) => html! {
            form.inline method="post" action={ "/outbox/" (letter.id) "/opening" } {
                (form_id)
                button.button.secondary.small type="submit" aria-label={ "Open the letter to " (letter.to_name) } { "Open" }
            }
        },
        Opening::Closed(reason) => html! { span.sub.locked { (icon(Icon::Lock)) (reason) } },
    }
}

/// An opened letter.
pub fn letter(letter: &Listed, content: &Content, (sender, head): (&str, Option<&Letterhead>), times: &Times) -> Markup {
    let facts = [
        ("From", html! { (sender) }),
        ("To", html! { (letter.to_name) " <" (letter.to_email) ">" }),
        ("Written", times.exact(letter.created_at)),
        ("State", state(letter, times)),
    ];
    let body = html! {
        (parts::definition_list(&facts))
        div.padded.letter {
            @if let Some(head) = head {
                @let (width, height) = head.shown();
                p { img src={ "/brand/" (head.file) } alt=(head.name) width=(width) height=(height); }
            }
            @for line in content.text.trim().lines() { (line_of_text(line)) }
        }
    };
    parts::card("letter", &letter.subject, None, None, body)
}

/// A line of the letter's text; an address of ours becomes a link, a dead one is set apart.
fn line_of_text(line: &str) -> Markup {
    let address = line.split(' ').next_back().filter(|word| word.starts_with("http://") || word.starts_with("https://"));
    let before = address.and_then(|address| line.strip_suffix(address));
    html! {
        @match (address, before) {
            (Some(address), Some(before)) => { p { (before) a.break href=(address) rel="noreferrer" { (address) } } }
            _ if line == DEAD_LINK => { p { em { (line) } } }
            _ if !line.is_empty() => { p { (line) } }
            _ => {}
        }
    }
}
