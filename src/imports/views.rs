//! The Import page, and the preview of one import.

use maud::{Markup, html};

use crate::imports::format_views;
use crate::imports::model::{Counts, FileCounts, Import, Kind, Level, Problem, State};
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Field};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::when::Times;
use crate::kernel::text::{counted, thousands};

/// So many files are named in a line.
const SHOWN_NAMES: usize = 3;

/// The page with the form for files and the history.
#[derive(Debug)]
pub struct ListPage<'a> {
    /// Imports, newest first, each with its files.
    pub imports: &'a [(Import, Vec<FileCounts>)],
    /// What was wrong with the form.
    pub errors: &'a FieldErrors,
    /// The summary of it.
    pub summary: Markup,
    /// The form's id.
    pub form_id: Markup,
    /// How times are read.
    pub times: &'a Times,
}

/// The Import page.
pub fn list(page: &ListPage<'_>) -> Markup {
    let files = Field {
        name: "files",
        label: "Files",
        kind: form::Kind::File { accept: ".json,.csv", multiple: true },
        hint: Some(
            "domains.json, seats-….json, applications-….json, devices.json, assets-….json, organizations.csv, users.csv; up to 32 MB together.",
        ),
        error: page.errors.of("files"),
        required: true,
        ..Field::default()
    };
    let body = html! {
        form action="/imports" method="post" enctype="multipart/form-data" {
            (page.form_id)
            (parts::stack(&html! {
                (page.summary)
                p { "What a script saved from the vendor's API, and CSV lists. A preview shows first what would change; nothing is changed before you say so." }
                (files)
                (format_views::help())
                (form::buttons(None, &[form::button("Preview", ButtonKind::Primary, Some(Icon::Upload))]))
            }))
        }
    };
    parts::stack(&html! {
        (parts::card("files", "Bring files in", None, None, parts::padded(&body)))
        (history(page))
    })
}

fn history(page: &ListPage<'_>) -> Markup {
    let rows = page.imports.iter().map(|(import, files)| {
        let total = files.iter().fold(Counts::default(), |sum, file| sum.plus(file.counts));
        // Of a refused import nothing came, whatever its other rows would have done.
        let number = |count| html! { @if import.state == State::Refused { "–" } @else { (thousands(count)) } };
        Row {
            cells: vec![
                page.times.exact(import.created_at),
                html! { (import.actor) },
                html! { (first_names(files)) },
                state_badge(import),
                number(total.new),
                number(total.changed),
                number(total.unchanged),
            ],
            href: Some(format!("/imports/{}", import.id)),
            ..Row::default()
        }
    });
    let table = Table {
        id: "imports".to_owned(),
        caption: "Imports, newest first".to_owned(),
        columns: vec![
            Column::new("Begun"),
            Column::new("By"),
            Column::new("Files"),
            Column::new("State"),
            Column::number("New"),
            Column::number("Changed"),
            Column::number("Unchanged"),
        ],
        rows: rows.collect(),
        empty: Some(parts::empty("No imports yet", "Each import is listed here, and a day long also what waits or was refused.", None)),
        ..Table::default()
    };
    titled("Imports so far", &table)
}

/// The first files by name, and how many more there are.
fn first_names(files: &[FileCounts]) -> String {
    let mut names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    names.dedup();
    let more = names.len().saturating_sub(SHOWN_NAMES);
    names.truncate(SHOWN_NAMES);
    let first = names.join(", ");
    if more == 0 { first } else { format!("{first} and {more} more") }
}

fn titled(title: &str, table: &Table) -> Markup {
    html! { section aria-label=(title) { (parts::stack(&html! { h2 { (title) } (table) })) } }
}

fn state_badge(import: &Import) -> Markup {
    match import.state {
        State::Done => parts::badge(Tone::Good, Icon::Check, "Imported"),
        State::Ready => parts::badge(Tone::Info, Icon::Clock, "Waiting for you"),
        State::Refused => parts::badge(Tone::Bad, Icon::Cross, "Refused"),
        State::Staging => parts::badge(Tone::Quiet, Icon::Clock, "Being read"),
    }
}

/// The page of one import.
#[derive(Debug)]
pub struct PreviewPage<'a> {
    /// The import.
    pub import: &'a Import,
    /// Its files.
    pub files: &'a [FileCounts],
    /// All rows together.
    pub total: Counts,
    /// A page of refusals.
    pub refusals: &'a [Problem],
    /// Where their next page is, if there is one.
    pub next: Option<String>,
    /// What is worth knowing.
    pub notes: &'a [Problem],
    /// Form ids: for carrying out, for discarding, for the list of refusals.
    pub form_ids: [Markup; 3],
    /// How times are read.
    pub times: &'a Times,
}

/// The preview (IMP-1).
pub fn preview(page: &PreviewPage<'_>) -> Markup {
    parts::stack(&html! {
        (standing(page))
        (decision(page))
        @if page.import.refused > 0 { (problems("refusals", "Refused", page.refusals, page.next.as_deref())) }
        @if !page.notes.is_empty() { (problems("notes", "Worth knowing", page.notes, None)) }
        (files(page.files))
    })
}

/// Where the import stands, in a sentence.
fn standing(page: &PreviewPage<'_>) -> Markup {
    let (new, changed) = (page.total.new, page.total.changed);
    match page.import.state {
        State::Done => {
            let when = page.import.finished_at.map_or_else(String::new, |at| page.times.zone.exact(at));
            let what = format!("Imported {when}. {} new, {} changed.", counted(new, "row", "rows"), counted(changed, "row", "rows"));
            // The alert of the import itself is green already.
            html! { p { (what) } }
        }
        State::Refused => parts::banner(
            Tone::Bad,
            &format!(
                "Nothing of these files comes in while something in them is refused. {} below; mend the files and bring them in again.",
                counted(page.import.refused, "refusal is listed", "refusals are listed")
            ),
            None,
        ),
        State::Ready | State::Staging if new + changed == 0 => {
            parts::banner(Tone::Info, "Everything in these files is here already. There is nothing to import.", None)
        }
        State::Ready | State::Staging => parts::banner(
            Tone::Info,
            &format!(
                "Nothing is changed yet. Importing brings in {} and changes {}.",
                counted(new, "new row", "new rows"),
                counted(changed, "row that is here", "rows that are here")
            ),
            None,
        ),
    }
}

fn decision(page: &PreviewPage<'_>) -> Markup {
    let path = format!("/imports/{}", page.import.id);
    let [carry_out, discard, export] = &page.form_ids;
    let users = page.files.iter().any(|file| file.kind == Some(Kind::Users) && file.counts.new > 0);
    let can_go_on = page.import.state == State::Ready && page.total.new + page.total.changed > 0;
    html! {
        @if can_go_on {
            (parts::card("decision", "Import these files?", None, None, parts::padded(&html! {
                form action={ (path) "/completion" } method="post" {
                    (carry_out)
                    @if users {
                        (Checkbox {
                            name: "send_letters",
                            value: "yes",
                            label: "Send letters to new users",
                            hint: Some("Otherwise they are Not invited until somebody sends them their letter; their seven days start then."),
                            ..Checkbox::default()
                        })
                    }
                    (form::buttons(None, &[form::button("Import", ButtonKind::Primary, Some(Icon::Check))]))
                }
            })))
        }
        @if page.import.state != State::Done {
            div.actions {
                (parts::action_form(&format!("{path}/discard"), discard, "Discard", ButtonKind::Secondary, None))
                @if page.import.refused > 0 {
                    (parts::action_form(&format!("{path}/refusals"), export, "Export refusals", ButtonKind::Secondary, Some(Icon::Download)))
                }
            }
        }
    }
}

fn problems(id: &str, title: &str, problems: &[Problem], next: Option<&str>) -> Markup {
    let rows = problems.iter().map(|problem| Row {
        cells: vec![
            html! { (problem.file) },
            html! { @if problem.line > 0 { (problem.line) } @else { "–" } },
            html! { @if problem.field.is_empty() { "–" } @else { code { (problem.field) } } },
            html! { (problem.reason) },
        ],
        tone: (problem.level == Level::Refused).then_some(Tone::Bad),
        ..Row::default()
    });
    let table = Table {
        id: id.to_owned(),
        caption: title.to_owned(),
        columns: vec![Column::new("File"), Column::number("Line"), Column::new("Field"), Column::new("Why")],
        rows: rows.collect(),
        footer: next.map(|href| {
            html! { div.pager { span.sub { "There are more." } (form::link_button("Next", href, ButtonKind::Secondary, None)) } }
        }),
        ..Table::default()
    };
    titled(title, &table)
}

fn files(files: &[FileCounts]) -> Markup {
    let rows = files.iter().map(|file| Row {
        cells: vec![
            html! { (file.name) },
            html! { (file.kind.map_or("unknown", Kind::shown)) },
            html! { (thousands(file.counts.new)) },
            html! { (thousands(file.counts.changed)) },
            html! { (thousands(file.counts.unchanged)) },
            html! { (thousands(file.counts.refused)) },
        ],
        ..Row::default()
    });
    let table = Table {
        id: "import-files".to_owned(),
        caption: "Rows by file".to_owned(),
        columns: vec![
            Column::new("File"),
            Column::new("Holds"),
            Column::number("New"),
            Column::number("Changed"),
            Column::number("Unchanged"),
            Column::number("Refused"),
        ],
        rows: rows.collect(),
        ..Table::default()
    };
    html! { @if !table.rows.is_empty() { (titled("Files", &table)) } }
}
