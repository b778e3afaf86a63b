//! How device tasks look: the list, one of them, and the forms.

use maud::{Markup, html};

use crate::devices::model::Device;
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Field, Kind, Select};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Tab, Table, tabs};
use crate::kernel::html::when::Times;
use crate::kernel::ids::DeviceId;
use crate::kernel::text;
use crate::tasks::model::{Entry, Stamp, State, Task, TaskKind, Urgency, Which};

/// Where the list is.
pub const LIST: &str = "/tasks";

/// The page **Device Tasks**.
#[derive(Debug)]
pub struct ListPage<'a> {
    /// The tasks of the tab.
    pub tasks: &'a [Task],
    /// Which tab.
    pub which: Which,
    /// How many there are in each: open, over.
    pub counts: (i64, i64),
    /// The device that the list is narrowed to: its id and name.
    pub device: Option<(DeviceId, &'a str)>,
    /// Whether organizations are told apart.
    pub employee: bool,
    /// How times are read.
    pub times: &'a Times,
}

/// Where a list is: a tab, of one device or of all.
pub fn at(which: Which, device: Option<DeviceId>) -> String {
    let over = if which == Which::Over { "show=over" } else { "" };
    let device = device.map(|device| format!("device={device}")).unwrap_or_default();
    let query: Vec<&str> = [over, device.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    if query.is_empty() { LIST.to_owned() } else { format!("{LIST}?{}", query.join("&")) }
}

/// The list.
pub fn list(page: &ListPage<'_>) -> Markup {
    let device = page.device.map(|(id, _)| id);
    let tab = |label: &str, which: Which, count: i64| Tab {
        label: label.to_owned(),
        href: at(which, device),
        count: Some(text::thousands(count)),
        current: page.which == which,
    };
    let mut columns = vec![Column { class: "main", ..Column::new("Task") }, Column::new("Asked for by")];
    if page.employee {
        columns.insert(1, Column::new("Organization"));
    }
    columns.push(Column { class: "short", ..Column::new("State") });
    let total = if page.which == Which::Open { page.counts.0 } else { page.counts.1 };
    let shown = i64::try_from(page.tasks.len()).unwrap_or(0);
    let footer =
        (shown < total).then(|| parts::padded(&html! { p.hint { (text::thousands(shown)) " of " (text::thousands(total)) " shown" } }));
    let table = Table {
        id: "tasks".to_owned(),
        caption: "Device tasks".to_owned(),
        columns,
        rows: page.tasks.iter().map(|task| row(task, page)).collect(),
        empty: Some(nothing(page)),
        footer,
        ..Table::default()
    };
    html! {
        (tabs(&[tab("Open", Which::Open, page.counts.0), tab("Over", Which::Over, page.counts.1)]))
        @if let Some((_, name)) = page.device {
            p.hint { "Of " (name) " alone. " a href=(at(page.which, None)) { "Show all" } }
        }
        (table.render())
    }
}

fn nothing(page: &ListPage<'_>) -> Markup {
    let (title, sentence) = match page.which {
        Which::Open => ("No open tasks", "What is asked for on a device stands here until it is done or refused."),
        Which::Over => ("No task is over yet", "What was done or refused stands here, with what came of it."),
    };
    parts::empty(title, sentence, None)
}

fn row(task: &Task, page: &ListPage<'_>) -> Row {
    let mut cells = vec![
        parts::two_lines(&html! { (task.title()) (urgent(task)) }, &html! { (task.device.1) " · " (task.device.2) }),
        parts::two_lines(&html! { (name_alone(&task.asked)) }, &html! { (page.times.ago(task.asked.at)) }),
    ];
    if page.employee {
        cells.insert(1, html! { (task.organization.1) });
    }
    cells.push(html! { div.two { span { (badge(task.state)) } div.sub { (moment(task, page.times)) } } });
    Row { cells, href: Some(format!("{LIST}/{}", task.id)), ..Row::default() }
}

/// "Ada Lane" of "Ada Lane (ada@…)".
fn name_alone(stamp: &Stamp) -> &str {
    stamp.by.split_once(" (").map_or(&stamp.by, |(name, _)| name)
}

fn urgent(task: &Task) -> Markup {
    html! { @if task.urgency == Urgency::DisasterRecovery { " " (parts::badge(Tone::Bad, Icon::Warning, "Disaster recovery")) } }
}

/// The state's badge.
pub fn badge(state: State) -> Markup {
    let (tone, shape) = state.look();
    parts::badge(tone, shape, state.shown())
}

fn moment(task: &Task, times: &Times) -> Markup {
    html! {
        @match (&task.ended, &task.taken) {
            (Some(ended), _) => { (times.date(ended.at)) }
            (None, Some(taken)) => { "taken " (times.ago(taken.at)) }
            (None, None) => { @if !task.linked { "device unlinked" } }
        }
    }
}

/// One task's page.
#[derive(Debug)]
pub struct TaskPage<'a> {
    /// Which.
    pub task: &'a Task,
    /// Whether the steps of employees are this reader's to take: approve with refuse, close.
    pub steps: (bool, bool),
    /// The approval's form id.
    pub form_id: Markup,
    /// How times are read.
    pub times: &'a Times,
}

/// What is asked for, what became of it, and the steps that are this reader's to take.
pub fn page(page: &TaskPage<'_>) -> Markup {
    let task = page.task;
    parts::columns(
        &html! {
            (parts::card("note", "What is to be done", None, None, parts::padded(&words(&task.note))))
            @if let Some((said, at)) = &task.progress {
                (parts::card("progress", "Progress", None, None, parts::padded(&html! { (words(said)) p.hint { "Said " (page.times.ago(*at)) } })))
            }
            @if let Some(result) = &task.result {
                (parts::card("result", if task.state == State::Done { "What came of it" } else { "Why it was refused" }, None, None, parts::padded(&words(result))))
            }
        },
        &html! { (facts(page)) (steps(page)) },
    )
}

/// A text of several lines.
fn words(text: &str) -> Markup {
    html! { @if text.is_empty() { p.hint { "Nothing more was said." } } @for line in text.lines() { p { (line) } } }
}

fn facts(page: &TaskPage<'_>) -> Markup {
    let (task, times) = (page.task, page.times);
    let stamp = |stamp: &Stamp| html! { (stamp.by) ", " (times.exact(stamp.at)) };
    let device = html! { (task.device.1) div.sub { (task.device.2) @if !task.linked { " · no longer linked to " (task.organization.1) } } };
    let mut lines = vec![
        ("State", html! { (badge(task.state)) (urgent(task)) }),
        ("Kind", html! { (task.kind.shown()) }),
        ("Device", device),
        ("Organization", html! { (task.organization.1) }),
    ];
    if let Some(point) = &task.point {
        lines.push(("Recovery point", html! { (point.asset) ", " (times.exact(point.at)) }));
    }
    lines.push(("Asked for by", stamp(&task.asked)));
    if let Some(authorization) = &task.authorization {
        lines.push(("Support", html! { (authorization) }));
    }
    for (label, some) in [("Approved by", &task.approved), ("Taken by", &task.taken), ("Ended by", &task.ended)] {
        if let Some(some) = some {
            lines.push((label, stamp(some)));
        }
    }
    parts::card("facts", "Task", None, None, parts::definition_list(&lines))
}

fn steps(page: &TaskPage<'_>) -> Markup {
    let at = format!("{LIST}/{}", page.task.id);
    let (decides, closes) = page.steps;
    html! {
        @if decides || closes {
            (parts::card("steps", "What you can do", None, None, parts::padded(&html! {
                div.stack {
                    @if decides {
                        p.hint { "Who asked is not authorized for support, so an employee decides." }
                        div.buttons {
                            (form::dialog_link("Refuse", &format!("{at}/refusal"), ButtonKind::Danger, None, None))
                            (parts::action_form(&format!("{at}/approval"), &page.form_id, "Approve", ButtonKind::Primary, None))
                        }
                    }
                    @if closes {
                        p.hint { "A connector takes and reports it. What was done without one is closed by hand." }
                        div.buttons { (form::dialog_link("Close by hand", &format!("{at}/closing"), ButtonKind::Secondary, None, None)) }
                    }
                }
            })))
        }
    }
}

/// A form that is drawn (again).
#[derive(Debug)]
pub struct Drawn<'a> {
    /// The form's id.
    pub form_id: Markup,
    /// What is wrong, above the form.
    pub summary: Markup,
    /// The same by field.
    pub errors: &'a FieldErrors,
}

/// The dialog **Add device task**; `waits` is whether it waits for an employee's approval.
pub fn add_form(device: &Device, entry: &Entry, waits: bool, drawn: &Drawn<'_>) -> Markup {
    let offered = TaskKind::OFFERED.map(|kind| (kind.word(), kind.shown()));
    let kinds: Vec<(&str, &str)> = std::iter::once(("", "Choose…")).chain(offered).collect();
    html! {
        (drawn.summary)
        form.stack method="post" action={ "/devices/" (device.id) "/tasks/new" } {
            (drawn.form_id)
            (Select {
                name: "kind", label: "What is to be done", options: &kinds, selected: &entry.kind, required: true,
                error: drawn.errors.of("kind"), ..Select::default()
            })
            (Field {
                name: "note", label: "Note", value: &entry.note, kind: Kind::TextArea, required: true, error: drawn.errors.of("note"),
                hint: Some("What exactly, when, and what to mind."), ..Field::default()
            })
            (Checkbox {
                name: "disaster_recovery", value: "1", label: "Disaster recovery", checked: entry.disaster_recovery,
                hint: Some("Systems are down and have to be recovered: it stands before all others."), ..Checkbox::default()
            })
            p.hint {
                @if waits {
                    "You are not authorized for support, so it waits for your provider's approval."
                } @else {
                    "It is queued at once."
                }
            }
            (form::buttons(None, &[form::cancel(&at(Which::Open, Some(device.id))), form::button("Add device task", ButtonKind::Primary, None)]))
        }
    }
}

/// For a user: which device it is about.
pub fn choose_device(devices: &[Device]) -> Markup {
    html! {
        @if devices.is_empty() {
            (parts::empty("No device yet", "Your provider links the devices it looks after for you.", None))
        } @else {
            ul.lines {
                @for device in devices {
                    li {
                        span.two { span.name { (device.name()) } span.sub { (device.facts()) } }
                        (form::dialog_link("Add device task", &format!("/devices/{}/tasks/new", device.id), ButtonKind::Secondary, None,
                            Some(&format!("Add device task for {}", device.name()))))
                    }
                }
            }
        }
    }
}

/// The dialog behind **Refuse**.
pub fn refuse_form(task: &Task, entered: &str, drawn: &Drawn<'_>) -> Markup {
    let at = format!("{LIST}/{}", task.id);
    html! {
        (drawn.summary)
        form.stack method="post" action={ (at) "/refusal" } {
            (drawn.form_id)
            (Field {
                name: "reason", label: "Reason", value: entered, kind: Kind::TextArea, required: true, error: drawn.errors.of("reason"),
                hint: Some("Who asked reads it, here and in a letter."), ..Field::default()
            })
            (form::buttons(None, &[form::cancel(&at), form::button("Refuse task", ButtonKind::DangerPrimary, None)]))
        }
    }
}

/// The dialog behind **Close by hand**.
pub fn close_form(task: &Task, (outcome, result): (&str, &str), drawn: &Drawn<'_>) -> Markup {
    let at = format!("{LIST}/{}", task.id);
    let outcomes = [("", "Choose…"), (State::Done.word(), "It was done"), (State::Refused.word(), "It was not done")];
    html! {
        (drawn.summary)
        form.stack method="post" action={ (at) "/closing" } {
            (drawn.form_id)
            (Select {
                name: "outcome", label: "Outcome", options: &outcomes, selected: outcome, required: true, error: drawn.errors.of("outcome"),
                ..Select::default()
            })
            (Field {
                name: "result", label: "Result", value: result, kind: Kind::TextArea, required: true, error: drawn.errors.of("result"),
                hint: Some("What came of it. Who asked reads it, here and in a letter."), ..Field::default()
            })
            (form::buttons(None, &[form::cancel(&at), form::button("Close task", ButtonKind::Primary, None)]))
        }
    }
}

/// A dialog that says why something cannot be done now.
pub fn not_now(sentence: &str, back: &str) -> Markup {
    html! { p { (sentence) } (form::buttons(None, &[form::cancel(back)])) }
}
