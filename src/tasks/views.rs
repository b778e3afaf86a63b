//! How a device task looks, and the forms about it.

use maud::{Markup, html};

use crate::devices::model::Device;
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Field, Kind, Select};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::tasks::model::{Entry, Stamp, State, Task, TaskKind, Urgency};

/// Where the list is.
pub const LIST: &str = "/tasks";

/// The badge of what is marked disaster recovery, with a space before it.
pub(super) fn urgent(task: &Task) -> Markup {
    html! { @if task.urgency == Urgency::DisasterRecovery { " " (parts::badge(Tone::Bad, Icon::Warning, "Disaster recovery")) } }
}

/// The state's badge.
pub fn badge(state: State) -> Markup {
    let (tone, shape) = state.look();
    parts::badge(tone, shape, state.shown())
}

/// Which steps can be taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Steps {
    /// None.
    None,
    /// An employee decides: approve, refuse.
    Decide,
    /// An employee closes by hand.
    Close,
    /// An employee closes by hand, or puts it back into the queue.
    CloseOrPutBack,
}

/// One task's page.
#[derive(Debug)]
pub struct TaskPage<'a> {
    /// Which.
    pub task: &'a Task,
    /// The steps that are this reader's to take.
    pub steps: Steps,
    /// Whether the reader asked for it and may take it back.
    pub withdraws: bool,
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
            @if let Some(heard) = task.silent_since(page.times.now) {
                (parts::banner(Tone::Warn, &format!("Nothing was heard of the connector since {}.", page.times.zone.exact(heard)), None))
            }
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
    let (name, beneath) = (task.device_name(), task.device_beneath());
    let device = html! { (name) div.sub { (beneath) @if !task.linked { " · no longer linked to " (task.organization.1) } } };
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
    let ended = if task.state == State::Withdrawn { "Withdrawn by" } else { "Ended by" };
    for (label, some) in [("Approved by", &task.approved), ("Taken by", &task.taken), (ended, &task.ended)] {
        if let Some(some) = some {
            lines.push((label, stamp(some)));
        }
    }
    parts::card("facts", "Task", None, None, parts::definition_list(&lines))
}

fn steps(page: &TaskPage<'_>) -> Markup {
    let at = format!("{LIST}/{}", page.task.id);
    let close = || form::dialog_link("Close by hand", &format!("{at}/closing"), ButtonKind::Secondary, None, None);
    html! {
        @if page.steps != Steps::None || page.withdraws {
            (parts::card("steps", "What you can do", None, None, parts::padded(&html! {
                div.stack {
                    @match page.steps {
                        Steps::None => {}
                        Steps::Decide => {
                            p.hint { "Who asked is not authorized for support, so an employee decides." }
                            div.buttons {
                                (form::dialog_link("Refuse", &format!("{at}/refusal"), ButtonKind::Danger, None, None))
                                (parts::action_form(&format!("{at}/approval"), &page.form_id, "Approve", ButtonKind::Primary, None))
                            }
                        }
                        Steps::Close => {
                            p.hint { "A connector takes and reports it. What was done without one is closed by hand." }
                            div.buttons { (close()) }
                        }
                        Steps::CloseOrPutBack => {
                            p.hint { "A connector is at it. If it fell silent, close the task by hand or let another one take it." }
                            div.buttons {
                                (close())
                                (form::dialog_link("Put back into the queue", &format!("{at}/return"), ButtonKind::Secondary, None, None))
                            }
                        }
                    }
                    @if page.withdraws {
                        p.hint { "You asked for it, and no connector has it yet." }
                        div.buttons { (form::dialog_link("Withdraw", &format!("{at}/withdrawal"), ButtonKind::Danger, None, None)) }
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
                hint: Some(if waits { "Systems are down and have to be recovered: once it is approved it stands before all others." } else { "Systems are down and have to be recovered: it stands before all others." }), ..Checkbox::default()
            })
            p.hint {
                @if waits {
                    "You are not authorized for support, so it waits for your provider's approval."
                } @else {
                    "It is queued at once."
                }
            }
            (form::buttons(None, &[form::cancel(&format!("{LIST}?device={}", device.id)), form::button("Add device task", ButtonKind::Primary, None)]))
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

/// The dialog that asks once before a task is withdrawn.
pub fn withdraw_form(task: &Task, hidden: &Markup) -> Markup {
    let at = format!("{LIST}/{}", task.id);
    html! {
        form.stack method="post" action={ (at) "/withdrawal" } {
            (hidden)
            p { (task.title()) " on " (task.device_name()) " is not carried out, and stays in the list as withdrawn." }
            (form::buttons(None, &[form::cancel(&at), form::button("Withdraw task", ButtonKind::DangerPrimary, None)]))
        }
    }
}

/// The dialog that asks once before a task goes back into the queue.
pub fn return_form(task: &Task, hidden: &Markup, times: &Times) -> Markup {
    let at = format!("{LIST}/{}", task.id);
    let taker = task.taken.as_ref().map_or("A connector", |taken| taken.by.as_str());
    html! {
        form.stack method="post" action={ (at) "/return" } {
            (hidden)
            p { (taker) " has " (task.title()) " on " (task.device_name()) @if let Some(heard) = task.heard() { ", last heard " (times.ago(heard)) } "." }
            p { "Another connector takes it next. What this one still reports is refused; what it did on the device already stays done." }
            (form::buttons(None, &[form::cancel(&at), form::button("Put back into the queue", ButtonKind::Primary, None)]))
        }
    }
}

/// A dialog that says why something cannot be done now.
pub fn not_now(sentence: &str, back: &str) -> Markup {
    html! { p { (sentence) } (form::buttons(None, &[form::cancel(back)])) }
}
