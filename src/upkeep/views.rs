//! Backups as the page shows them.

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts::{self, SettingsRow};
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::text::Joined;
use crate::kernel::html::when::Times;
use crate::kernel::ids::EventId;
use crate::kernel::text;
use crate::upkeep::model::{Copy, Daily, Upkeep, quoted};

/// The newest event that a copy holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// Its number.
    pub event: EventId,
    /// Its mark.
    pub mark: String,
}

/// A copy in the list.
#[derive(Debug)]
pub struct Line {
    /// Which.
    pub copy: Copy,
    /// Its size.
    pub bytes: u64,
    /// The newest event in it; nothing if it cannot be read any more.
    pub head: Option<Head>,
    /// Whether its key lies beside it.
    pub key: bool,
    /// The id of the form that downloads it.
    pub form_id: Markup,
}

/// The page.
#[derive(Debug)]
pub struct BackupsPage<'a> {
    /// The switch, and how it goes.
    pub upkeep: &'a Upkeep,
    /// The copies, newest first.
    pub lines: &'a [Line],
    /// Why the folder of copies cannot be used.
    pub trouble: Option<&'a str>,
    /// Bytes that are free, if that is known.
    pub free: Option<u64>,
    /// Bytes that a copy takes.
    pub needed: u64,
    /// The data folder, an absolute path.
    pub data: &'a str,
    /// Where the copies are, an absolute path.
    pub folder: &'a str,
    /// Whether this is the demo, which makes none.
    pub demo: bool,
    /// The id of the switch's form.
    pub switch_id: Markup,
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// The page's one filled button.
pub fn ask_form(form_id: &Markup, asked: bool) -> Markup {
    if asked {
        return form::link_button("Look again", "/backups", ButtonKind::Secondary, Some(Icon::Refresh));
    }
    parts::action_form("/backups", form_id, "Back up now", ButtonKind::Primary, Some(Icon::Plus))
}

fn size(bytes: u64) -> String {
    text::bytes(i64::try_from(bytes).unwrap_or(i64::MAX))
}

/// What is kept, how it comes about, and how to use it.
pub fn page(page: &BackupsPage<'_>) -> Markup {
    parts::stack(&html! {
        (notices(page))
        (table(page))
        (automatic(page))
        (restoring(page))
    })
}

fn notices(page: &BackupsPage<'_>) -> Markup {
    html! {
        @if page.demo {
            (parts::banner(Tone::Info, "This is the demo. It is forgotten when it ends, so it makes no backups.", None))
        }
        @if let Some(trouble) = page.trouble {
            @let sentence = format!("The folder of backups cannot be used. {trouble} Put a folder in its place, or mend its permissions.");
            (parts::banner(Tone::Bad, &sentence, None))
        }
        @if let Some(failure) = &page.upkeep.failure {
            (parts::banner(Tone::Bad, &format!("The last backup could not be made. {}", failure.why), Some(page.times.ago(failure.at))))
        }
        @if let Some(asked) = page.upkeep.asked_at {
            (parts::banner(Tone::Info, "A backup is being made. A large portal takes some minutes; go on with your work meanwhile.",
                Some(html! { "asked for " (page.times.ago(asked)) })))
        }
    }
}

fn table(page: &BackupsPage<'_>) -> Markup {
    let total: u64 = page.lines.iter().map(|line| line.bytes).sum();
    let count = text::counted(i64::try_from(page.lines.len()).unwrap_or(i64::MAX), "backup", "backups");
    let table = Table {
        id: "backups".to_owned(),
        caption: "Backups, newest first".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("Made") },
            Column::new("State"),
            Column::number("Size"),
            Column { class: "short wide-cell", ..Column::new("Newest event") },
            Column { class: "actions", ..Column::actions() },
        ],
        rows: page.lines.iter().map(|line| row(line, page.times)).collect(),
        empty: Some(parts::empty(
            "No backup yet",
            "A daily one is made at night. Back up now makes one at once, while everybody goes on working.",
            None,
        )),
        footer: (!page.lines.is_empty()).then(|| {
            html! {
                div.sum {
                    p.sub { (count) ", " (size(total)) " together" }
                    p.sub {
                        "The newest event of the activity log that a backup holds, and its mark: whoever keeps both elsewhere can show later "
                        "that no event up to it was changed or cut off."
                    }
                }
            }
        }),
        ..Table::default()
    };
    table.render()
}

fn row(line: &Line, times: &Times) -> Row {
    let name = line.copy.file_name();
    Row {
        cells: vec![
            parts::two_lines(times.exact(line.copy.at), line.copy.shown(times.now)),
            html! {
                @match line.head {
                    Some(_) => (parts::badge(Tone::Good, Icon::Check, "Verified when made")),
                    None => (parts::badge(Tone::Bad, Icon::Cross, "Cannot be read")),
                }
                @if !line.key { " " (parts::badge(Tone::Warn, Icon::Warning, "Without its key")) }
            },
            html! { (size(line.bytes)) },
            head(line),
            html! {
                form.inline method="post" action={ "/backups/" (name) "/download" } {
                    (line.form_id)
                    (form::icon_button(Icon::Download, &format!("Download {name}")))
                }
                (form::icon_link(Icon::Trash, Joined(&["Delete ", &name]), Joined(&["/backups/", &name, "/deletion"]), true))
            },
        ],
        tone: line.head.is_none().then_some(Tone::Bad),
        ..Row::default()
    }
}

fn head(line: &Line) -> Markup {
    html! {
        @match &line.head {
            Some(head) => {
                @let short: String = head.mark.chars().take(12).collect();
                span.beside {
                    (text::thousands(head.event.0)) code.sub title=(head.mark) { (short) "…" }
                    (parts::copy_button(&head.mark, "Copy the mark"))
                }
            }
            None => { "–" }
        }
    }
}

fn automatic(page: &BackupsPage<'_>) -> Markup {
    let on = page.upkeep.daily == Daily::On;
    let fields = html! { (page.switch_id) (form::hidden("daily", if on { "off" } else { "on" })) };
    let row = SettingsRow {
        id: "daily",
        title: "Daily backups",
        text: "One a day, after 02:00 UTC, while everybody goes on working. The newest of each of the last 7 days is kept, and of each of the \
               4 weeks before; older ones go. Switched off, none is made and none goes.",
        action: "/backups/daily",
        fields,
        on,
        locked: page.demo.then_some("The demo makes none."),
        dialog: false,
    };
    let facts = [
        ("Last daily backup", page.upkeep.made_at.map_or_else(|| html! { "none yet" }, |at| page.times.ago(at))),
        ("Folder", html! { code.break { (page.folder) } }),
        ("Free space", free(page)),
    ];
    parts::card("automatic", "Automatic backups", None, None, html! { (parts::settings_row(&row)) (parts::definition_list(&facts)) })
}

fn free(page: &BackupsPage<'_>) -> Markup {
    html! {
        @match page.free {
            Some(free) => {
                @if free < page.needed { (parts::badge(Tone::Bad, Icon::Warning, "Too little")) " " }
                (size(free)) " free; a backup takes " (size(page.needed))
            }
            None => { "unknown" }
        }
    }
}

fn restoring(page: &BackupsPage<'_>) -> Markup {
    let newest = page.lines.iter().find(|line| line.head.is_some());
    let file = newest.map_or_else(
        || "FILE".to_owned(),
        |line| quoted(&format!("{}{}{}", page.folder, std::path::MAIN_SEPARATOR, line.copy.file_name())),
    );
    let command = format!("portico restore --data {} {file}", quoted(page.data));
    let body = html! {
        p { "Whoever has the machine stops Portico and runs:" }
        div.command { code.break { (command) } (parts::copy_button(&command, "Copy the command")) }
        p {
            "It verifies the backup, keeps what it replaces, and tells whose accounts come back. Everybody signs in again afterwards, and links in "
            "letters sent before are void."
        }
        p {
            "A backup's key lies beside it on the server, in a file that ends with .key. It opens what is sealed in the backup and verifies its "
            "activity log, so it is never handed out here: whoever has the machine copies it, to another place than the backup. Without it a "
            "restore works too, but loses what is sealed."
        }
        p {
            "Backups beside the portal do not help when the disk fails: download one now and then, or run " code { "portico backup" }
            " to another disk. What is deleted or purged in the portal lives on in older backups until they go."
        }
    };
    parts::card("restoring", "To restore one", None, None, html! { div.padded.letter { (body) } })
}

/// The dialog that asks before a copy goes.
pub fn deletion(copy: Copy, bytes: u64, form_id: &Markup, times: &Times) -> Markup {
    html! {
        form method="post" action={ "/backups/" (copy.file_name()) "/deletion" } {
            (form_id)
            (parts::stack(&html! {
                p { "The backup of " strong { (times.exact(copy.at)) } ", " (size(bytes)) ", and its key will be deleted. Nobody can bring them back." }
                (form::buttons(None, &[form::cancel("/backups"), form::button("Delete backup", ButtonKind::DangerPrimary, Some(Icon::Trash))]))
            }))
        }
    }
}
