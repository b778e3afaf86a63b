//! How transfers look: the list, one of them, and the forms that ask for one.

use maud::{Markup, html};

use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Field};
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::when::Times;
use crate::kernel::ids::PartnerId;
use crate::kernel::time::Zone;
use crate::transfers::model::{DryRun, LAPSES_AFTER, Own, State, Step, Thing, Transfer, cut_off};

/// Where the list is.
pub const LIST: &str = "/transfers";

/// The page **Transfers**.
pub fn list(transfers: &[Transfer], viewer: PartnerId, times: &Times) -> Markup {
    let table = Table {
        id: "transfers".to_owned(),
        caption: "Transfers".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("What") },
            Column::new("From"),
            Column::new("To"),
            Column { class: "short", ..Column::new("State") },
        ],
        rows: transfers.iter().map(|transfer| row(transfer, viewer, times)).collect(),
        empty: Some(parts::empty(
            "No transfers",
            "The Owner or a full administrator of an organization asks for its transfer under Account Settings; that of a single SaaS account is asked for on its page.",
            None,
        )),
        ..Table::default()
    };
    table.render()
}

fn row(transfer: &Transfer, viewer: PartnerId, times: &Times) -> Row {
    let what = match transfer.thing {
        Thing::Organization(_) => "Organization",
        Thing::SaasAccount(_) => "SaaS account",
    };
    Row {
        cells: vec![
            parts::two_lines(&html! { (transfer.name) }, &html! { (what) " · asked " (times.ago(transfer.asked_at)) }),
            html! { (transfer.holder.name) },
            html! { (transfer.receiver_for(viewer)) },
            html! { div.two { span { (badge(transfer)) } div.sub { (moment(transfer, times)) } } },
        ],
        href: Some(format!("{LIST}/{}", transfer.id)),
        ..Row::default()
    }
}

/// The state's badge.
pub fn badge(transfer: &Transfer) -> Markup {
    let (tone, shape) = transfer.state.look();
    parts::badge(tone, shape, transfer.state.shown())
}

fn moment(transfer: &Transfer, times: &Times) -> Markup {
    html! {
        @match (transfer.state, transfer.due_at, transfer.ended_at) {
            (State::Waiting, _, _) => { (times.countdown("lapses", transfer.asked_at + LAPSES_AFTER)) }
            (State::Validated, Some(due), _) => { (times.countdown("goes", due)) }
            (_, _, Some(ended)) => { (times.date(ended)) }
            _ => {}
        }
    }
}

/// One transfer's page.
#[derive(Debug)]
pub struct Page<'a> {
    /// Which.
    pub transfer: &'a Transfer,
    /// Whose eyes.
    pub viewer: PartnerId,
    /// What goes and what does not; nothing once it is over.
    pub dry_run: Option<DryRun>,
    /// What stands in the way, for who validates.
    pub obstacles: Vec<String>,
    /// How times are read.
    pub times: &'a Times,
}

/// What is asked for, what it would do, and the steps that are this viewer's to take.
pub fn page(page: &Page<'_>) -> Markup {
    let transfer = page.transfer;
    parts::columns(
        &html! {
            @if let Some(dry_run) = &page.dry_run {
                (parts::card("what", "What moves, and what does not", None, None, parts::padded(&run(dry_run))))
            }
            @if let Some(reason) = &transfer.reason { (parts::card("reason", "Why", None, None, parts::padded(&html! { p { (reason) } }))) }
        },
        &html! { (facts(page)) (steps(page)) },
    )
}

/// PAR-3: the lines of a dry run.
pub fn run(dry_run: &DryRun) -> Markup {
    html! {
        div.stack {
            p.name { "Goes to the new partner on the cut-off date" }
            ul.bullets { @for line in &dry_run.moves { li { (line) } } }
            p.name { "Stays behind" }
            ul.bullets { @for line in &dry_run.stays { li { (line) } } }
        }
    }
}

fn facts(page: &Page<'_>) -> Markup {
    let (transfer, times) = (page.transfer, page.times);
    let validator = transfer.validator_for(page.viewer).unwrap_or("The partner above both sides, or the other side");
    let cut_off = match (transfer.state, transfer.due_at) {
        (_, Some(due)) => html! { (times.exact(due)) },
        (State::Waiting, None) => html! { (times.exact(cut_off(times.now))) div.sub { "if it is validated before" } },
        _ => html! { "—" },
    };
    let mut lines = vec![
        ("State", html! { (badge(transfer)) " " span.sub { (moment(transfer, times)) } }),
        ("From", html! { (transfer.holder.name) }),
        ("To", html! { (transfer.receiver_for(page.viewer)) }),
        ("Asked for by", html! { (transfer.asked_by) ", " (times.exact(transfer.asked_at)) }),
        ("Validated by", html! { (validator) @if let Some(by) = &transfer.validated_by { ", " (by) } }),
        ("Cut-off date", cut_off),
    ];
    if let (Some(by), Some(at)) = (&transfer.ended_by, transfer.ended_at) {
        lines.push(("Ended by", html! { (by) ", " (times.exact(at)) }));
    }
    parts::card("facts", "Transfer", None, None, parts::definition_list(&lines))
}

fn steps(page: &Page<'_>) -> Markup {
    let transfer = page.transfer;
    let may = |step: Step| transfer.check(step, page.viewer, page.times.now).is_ok();
    let button = |step: Step, kind: ButtonKind| {
        form::dialog_link(step.shown(), &format!("{LIST}/{}/{}", transfer.id, step.noun()), kind, None, None)
    };
    html! {
        @if may(Step::Validate) || may(Step::Withdraw) {
            (parts::card("steps", "What you can do", None, None, parts::padded(&html! {
                div.stack {
                    @for obstacle in &page.obstacles { p.error { (obstacle) } }
                    @if may(Step::Validate) {
                        p.hint { "Validating checks the names, and keeps them free at the new partner until it is carried out." }
                        div.buttons {
                            (button(Step::Refuse, ButtonKind::Danger))
                            @if page.obstacles.is_empty() { (button(Step::Validate, ButtonKind::Primary)) }
                        }
                    }
                    @if may(Step::Withdraw) {
                        p.hint { "Either side can withdraw until the cut-off date." }
                        div.buttons { (button(Step::Withdraw, ButtonKind::Danger)) }
                    }
                }
            })))
        }
    }
}

/// The dialog before a step.
#[derive(Debug)]
pub struct Confirmation<'a> {
    /// Which transfer.
    pub transfer: &'a Transfer,
    /// Whose eyes.
    pub viewer: PartnerId,
    /// Which step.
    pub step: Step,
    /// What would go.
    pub dry_run: &'a DryRun,
    /// Where Cancel leads.
    pub back: &'a str,
    /// Where the form goes.
    pub action: &'a str,
    /// The reason as it was entered.
    pub reason: &'a str,
    /// What is wrong.
    pub errors: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// How times are read.
    pub times: &'a Times,
    /// The form's id.
    pub form_id: Markup,
}

/// What the step will do, why it is taken, and the button.
pub fn confirmation(dialog: &Confirmation<'_>) -> Markup {
    let validates = dialog.step == Step::Validate;
    let kind = if validates { ButtonKind::Primary } else { ButtonKind::DangerPrimary };
    let hint = if validates { None } else { Some("The other side reads it, on the transfer's page and in a letter.") };
    html! {
        form.stack method="post" action=(dialog.action) {
            (dialog.summary)
            (dialog.form_id)
            ul.bullets { @for line in effects(dialog) { li { (line) } } }
            @if validates { (run(dialog.dry_run)) }
            @else {
                (Field { name: "reason", label: "Reason", value: dialog.reason, required: true, error: dialog.errors.of("reason"), hint, autocomplete: Some("off"), ..Field::default() })
            }
            (form::buttons(None, &[form::cancel(dialog.back), form::button("Yes, Continue", kind, None)]))
        }
    }
}

fn effects(dialog: &Confirmation<'_>) -> Vec<Markup> {
    let transfer = dialog.transfer;
    let (name, from, to) = (&transfer.name, &transfer.holder.name, transfer.receiver_for(dialog.viewer));
    let again = "It can be asked for again at any time.";
    match dialog.step {
        Step::Validate => vec![
            html! { (name) " goes from " (from) " to " (to) " on " (dialog.times.exact(cut_off(dialog.times.now))) "." },
            html! { "Its name and its contact's e-mail are kept free at " (to) " from now on." },
            html! { "Both sides get a letter, and either can withdraw until then." },
        ],
        Step::Refuse => vec![
            html! { (name) " stays with " (from) ": nothing moves." },
            html! { "Those concerned get a letter with your reason." },
            html! { (again) },
        ],
        Step::Withdraw => vec![
            html! { (name) " stays with " (from) ": nothing moves" @if let Some(due) = transfer.due_at { ", on " (dialog.times.exact(due)) " either" } "." },
            html! { @if transfer.due_at.is_some() { "What was kept free for it at the new partner is free again. " } "Those concerned get a letter with your reason." },
            html! { (again) },
        ],
    }
}

/// In the place of the form, where the step cannot be taken.
pub fn refused(sentence: &str, back: &str) -> Markup {
    html! {
        p { (sentence) }
        (form::buttons(None, &[form::cancel(back)]))
    }
}

/// What was done, for the alert.
pub fn validated(transfer: &Transfer, zone: &Zone) -> String {
    let due = transfer.due_at.map(|due| zone.exact(due)).unwrap_or_default();
    format!("Validated. {} is transferred on {due}; either side can withdraw until then.", transfer.name)
}

/// A form that asks for a transfer.
#[derive(Debug)]
pub struct Asking<'a> {
    /// Where it goes.
    pub action: &'a str,
    /// Where Cancel leads, in a dialog.
    pub back: Option<&'a str>,
    /// What was entered.
    pub entered: &'a str,
    /// What would go.
    pub dry_run: &'a DryRun,
    /// What else is to be known before.
    pub note: Option<&'static str>,
    /// What is wrong.
    pub errors: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// The form's id.
    pub form_id: Markup,
}

/// What would go, and the Partner ID.
pub fn asking(form_of: &Asking<'_>) -> Markup {
    // On a page with a main action of its own this is none.
    let kind = if form_of.back.is_some() { ButtonKind::Primary } else { ButtonKind::Secondary };
    let send = form::button("Ask for transfer", kind, None);
    let buttons: Vec<Markup> = form_of.back.map(form::cancel).into_iter().chain([send]).collect();
    html! {
        div.stack {
            (form_of.summary)
            (run(form_of.dry_run))
            form.stack method="post" action=(form_of.action) {
                (form_of.form_id)
                (Field {
                    name: "receiver_id", label: "Partner ID", value: form_of.entered, required: true, error: form_of.errors.of("receiver_id"),
                    hint: Some("That of the new partner, which finds it in the menu at the top right."), autocomplete: Some("off"), ..Field::default()
                })
                @if let Some(note) = form_of.note { p.hint { (note) } }
                (form::buttons(None, &buttons))
            }
        }
    }
}

/// PAR-3: the card of Personal Details, where the organization's Owner or a full administrator asks, or sees what is under way. Where the
/// right was taken away it says whom to ask instead (PAR-5).
pub fn own_card(own: &Own, entered: &str, (errors, summary): (&FieldErrors, Markup), (form_id, times): (Markup, &Times)) -> Markup {
    let body = match (&own.open, own.refused) {
        (Some(open), _) => html! { (summary) (under_way(open, &own.dry_run, times)) },
        (None, Some(sentence)) => html! { (own_last(own, times)) p { (sentence) } },
        (None, None) => html! {
            (own_last(own, times))
            (asking(&Asking { action: "/account/transfer", back: None, entered, dry_run: &own.dry_run, note: None, errors, summary, form_id }))
        },
    };
    parts::card("transfer", "Transfer to another partner", None, None, parts::padded(&body))
}

/// What became of the transfer before, with the reason.
fn own_last(own: &Own, times: &Times) -> Markup {
    html! {
        @if let Some(last) = own.last.as_ref() {
            p { (badge(last)) " " (last.name) " to " code { (last.receiver_id) } @if let Some(ended) = last.ended_at { ", " (times.ago(ended)) } "."
                @if let Some(reason) = &last.reason { " " (reason) } }
        }
    }
}

/// PAR-3: what the organization's people see of what they asked for, the same whether or not the Partner ID is one.
fn under_way(transfer: &Transfer, dry_run: &DryRun, times: &Times) -> Markup {
    html! {
        div.stack {
            p { (badge(transfer)) " " (transfer.name) " to " code { (transfer.receiver_id) } ", asked for " (times.ago(transfer.asked_at)) " by " (transfer.asked_by) "." }
            @match (transfer.state, transfer.due_at) {
                (State::Validated, Some(due)) => { p { "It is carried out on " (times.exact(due)) "." } }
                _ => { p { "It waits to be validated by the partners concerned, or the one above both, and lapses on " (times.exact(transfer.asked_at + LAPSES_AFTER)) ". It is carried out on the first day of the month after it is validated." } }
            }
            (run(dry_run))
            @if transfer.check(Step::Withdraw, transfer.holder.partner, times.now).is_ok() {
                div.buttons { (form::dialog_link("Withdraw", "/account/transfer/withdrawal", ButtonKind::Danger, None, None)) }
            }
        }
    }
}
