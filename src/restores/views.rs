//! File restores on pages: the card, and the dialogs that ask for one, close it and remove it.

use maud::{Markup, html};

use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Field, Kind, Select};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::text::{Joined, Words};
use crate::kernel::html::when::Times;
use crate::kernel::ids::{EndpointAgentId, FileRestoreId};
use crate::restores::model::{Entered, FileRestore, RecoveryPoint, State, Step};

/// Where a restore is asked for.
pub fn new_href(agent: EndpointAgentId) -> String {
    format!("/status/endpoints/{agent}/restores/new")
}

fn href(restore: FileRestoreId, step: &str) -> String {
    format!("/restores/{restore}/{step}")
}

fn badge(state: State) -> Markup {
    let (tone, shape) = match state {
        State::Requested => (Tone::Info, Icon::Clock),
        State::Done => (Tone::Good, Icon::Check),
        State::Refused => (Tone::Bad, Icon::Cross),
        State::Removed => (Tone::Quiet, Icon::Trash),
    };
    parts::badge(tone, shape, state.shown())
}

/// The card **File restores**.
#[derive(Debug)]
pub struct Card<'a> {
    /// The restores, those that wait first.
    pub restores: &'a [FileRestore],
    /// Whether the organization of each is said: for who sees several.
    pub organizations: bool,
    /// Whether the reader says what came of one.
    pub closes: bool,
    /// How times are read.
    pub times: &'a Times,
}

/// Who asked for what, when, and what came of it.
pub fn card(card: &Card<'_>) -> Markup {
    let table = Table {
        id: "file-restores".into(),
        caption: "File restores".into(),
        columns: vec![
            Column { class: "main", ..Column::new("What") },
            Column::new("From"),
            Column::new("Asked"),
            Column::new("State"),
            Column::actions(),
        ],
        rows: card.restores.iter().map(|restore| row(card, restore)).collect(),
        empty: Some(parts::empty("No file restore", "Restore files takes files from an agent's backup.", None)),
        ..Table::default()
    };
    parts::card("restores", "File restores", Some(&card.restores.len().to_string()), None, table.render())
}

fn row(card: &Card<'_>, restore: &FileRestore) -> Row {
    let from = html! {
        (restore.dataset) @if card.organizations { ", " (restore.organization.1) }
        div.sub { "backup of " (card.times.exact(restore.recovery_point)) }
    };
    let state = html! {
        (badge(restore.state))
        @if let Some((who, at)) = &restore.changed { div.sub { (who) ", " (card.times.ago(*at)) } }
        @if !restore.result.is_empty() { div.sub { (restore.result) } }
    };
    let label = [restore.path.as_str(), " from ", &restore.dataset].concat();
    let actions = html! {
        @if card.closes && restore.check(Step::Close).is_ok() {
            (form::dialog_link("Close", &href(restore.id, "completion"), ButtonKind::Secondary, None, Some(&format!("Close the restore of {label}")))) " "
        }
        @if restore.check(Step::Remove).is_ok() {
            (form::icon_link(Icon::Trash, Joined(&["Remove the restore of ", &label]), Words(&href(restore.id, "removal")), true))
        }
    };
    let what = html! { (restore.path) };
    Row {
        cells: vec![
            if restore.note.is_empty() { what } else { parts::two_lines(&what, &html! { (restore.note) }) },
            from,
            html! { (restore.asked_by) div.sub { (card.times.ago(restore.asked_at)) } },
            state,
            actions,
        ],
        ..Row::default()
    }
}

/// The dialog that asks for a restore.
#[derive(Debug)]
pub struct AskDialog<'a> {
    /// The agent, and its computer's name.
    pub agent: (EndpointAgentId, &'a str),
    /// What files can be taken from, the newest first.
    pub points: &'a [RecoveryPoint],
    /// What was entered before.
    pub entered: &'a Entered,
    /// What is wrong with its fields.
    pub errors: &'a FieldErrors,
    /// The form's id and the summary above it.
    pub hidden: Markup,
    /// How times are read.
    pub times: &'a Times,
    /// Where Cancel leads.
    pub back: &'a str,
}

/// The content of **Restore files** (END-2).
pub fn ask_dialog(dialog: &AskDialog<'_>) -> Markup {
    if dialog.points.is_empty() {
        let text = "Files can be restored once a backup of this agent was reported.";
        return html! { (parts::empty("No backup to restore from", text, None)) (form::buttons(None, &[form::cancel(dialog.back)])) };
    }
    let labels: Vec<(String, String)> =
        dialog.points.iter().map(|point| (point.value(), format!("{} · {}", dialog.times.zone.exact(point.at), point.shown))).collect();
    let options: Vec<(&str, &str)> = labels.iter().map(|(value, label)| (value.as_str(), label.as_str())).collect();
    let entered = dialog.entered;
    html! {
        form.stack action=(new_href(dialog.agent.0)) method="post" {
            (dialog.hidden)
            (Select { name: "point", label: "Recovery point", options: &options, selected: &entered.point, error: dialog.errors.of("point"), required: true, ..Select::default() })
            (Field {
                name: "path", label: "Files or folders", value: &entered.path, required: true, error: dialog.errors.of("path"),
                hint: Some("Such as C:\\Users\\Ana\\Documents\\Plan.docx"), autocomplete: Some("off"), ..Field::default()
            })
            (Field { name: "note", label: "Note", value: &entered.note, error: dialog.errors.of("note"), autocomplete: Some("off"), ..Field::default() })
            (form::buttons(None, &[form::cancel(dialog.back), form::button("Create File Restore", ButtonKind::Primary, None)]))
        }
    }
}

/// The facts of a restore, above what is asked about it.
fn facts(restore: &FileRestore, times: &Times) -> Markup {
    let mut lines = vec![
        ("Files or folders", html! { (restore.path) }),
        ("From", html! { (restore.dataset) ", " (restore.organization.1) }),
        ("Recovery point", html! { (times.exact(restore.recovery_point)) }),
        ("Asked for by", html! { (restore.asked_by) ", " (times.exact(restore.asked_at)) }),
    ];
    if !restore.note.is_empty() {
        lines.push(("Note", html! { (restore.note) }));
    }
    parts::definition_list(&lines)
}

/// The content of the dialog that says what came of a restore.
pub fn close_dialog(
    restore: &FileRestore,
    (state, result): (&str, &str),
    errors: &FieldErrors,
    hidden: &Markup,
    (times, back): (&Times, &str),
) -> Markup {
    let options =
        [("", "Choose"), (State::Done.word(), "Done: the files were restored"), (State::Refused.word(), "Refused: they were not")];
    html! {
        (facts(restore, times))
        form.stack action=(href(restore.id, "completion")) method="post" {
            (hidden)
            (Select { name: "state", label: "What came of it", options: &options, selected: state, error: errors.of("state"), required: true, ..Select::default() })
            (Field { kind: Kind::Text, name: "result", label: "Result", value: result, error: errors.of("result"), hint: Some("Where the files are, or why not. Whoever asked reads it."), autocomplete: Some("off"), ..Field::default() })
            (form::buttons(None, &[form::cancel(back), form::button("Close File Restore", ButtonKind::Primary, None)]))
        }
    }
}

/// The content of the dialog that asks once before a restore is removed.
pub fn remove_dialog(restore: &FileRestore, hidden: &Markup, (times, back): (&Times, &str)) -> Markup {
    html! {
        (facts(restore, times))
        form action=(href(restore.id, "removal")) method="post" {
            (hidden)
            p { "The restore ends, and stays in the list as removed. The backups stay." }
            (form::buttons(None, &[form::cancel(back), form::button("Remove File Restore", ButtonKind::DangerPrimary, Some(Icon::Trash))]))
        }
    }
}
