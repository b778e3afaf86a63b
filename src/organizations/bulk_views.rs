//! Several organizations at once: what would become of each, and what became of it.

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::ids::OrganizationId;
use crate::kernel::text::counted;
use crate::subscriptions::life_model::{Operation, Reached};

/// For an ID that is nobody's, or out of sight.
pub const NOT_THERE: &str = "There is no such organization.";

/// What becomes of one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// The step is taken, and reaches this.
    Changes(Reached),
    /// It is not, for this reason.
    Stays(String),
}

/// One of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Which.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// What becomes of it.
    pub fate: Fate,
}

fn changing(listed: &[Listed]) -> i64 {
    i64::try_from(listed.iter().filter(|one| matches!(one.fate, Fate::Changes(_))).count()).unwrap_or(i64::MAX)
}

/// "Suspend 3 organizations".
pub fn heading(operation: Operation, listed: &[Listed]) -> String {
    match changing(listed) {
        0 => format!("{} organizations", operation.shown()),
        count => format!("{} {}", operation.shown(), counted(count, "organization", "organizations")),
    }
}

/// What it means, each organization with what it reaches, those that stay with the reason, and the button (SUB-6).
pub fn review(operation: Operation, listed: &[Listed], form_id: &Markup) -> Markup {
    let staying: Vec<&Listed> = listed.iter().filter(|one| matches!(one.fate, Fate::Stays(_))).collect();
    let any = 0 < changing(listed);
    html! {
        form.stack action="/organizations/states" method="post" {
            (form_id)
            (form::hidden("operation", operation.word()))
            @for one in listed { (form::hidden("organization", &one.id.to_string())) }
            @if any {
                p { (meaning(operation)) }
                ul.bullets {
                    @for one in listed {
                        @if let Fate::Changes(reached) = &one.fate { li { strong { (one.name) } ": " (reach(reached)) } }
                    }
                }
            } @else {
                p { "None of them can be changed in this way." }
            }
            @if !staying.is_empty() {
                (parts::banner(Tone::Info, &counted(i64::try_from(staying.len()).unwrap_or(i64::MAX), "stays as it is:", "stay as they are:"), None))
                ul.bullets {
                    @for one in staying { @if let Fate::Stays(sentence) = &one.fate { li { (sentence) } } }
                }
            }
            (form::buttons(None, &buttons(any)))
        }
    }
}

fn buttons(any: bool) -> Vec<Markup> {
    let go = any.then(|| form::button("Yes, Continue", ButtonKind::Primary, None));
    [form::cancel("/organizations")].into_iter().chain(go).collect()
}

fn meaning(operation: Operation) -> &'static str {
    if operation == Operation::Reactivate {
        "Their backups resume, seats can be protected and their users can sign in again. What was to be deleted is not."
    } else {
        "Their backups stop, no seat can be protected and their users cannot sign in until they are reactivated; open sessions end. Data stays and \
         billing goes on."
    }
}

/// "2 SaaS accounts (31 protected seats), 3 users, 1 open session".
fn reach(reached: &Reached) -> String {
    let accounts = counted(reached.accounts, "SaaS account", "SaaS accounts");
    let seats = counted(reached.seats, "protected seat", "protected seats");
    format!("{accounts} ({seats}), {}", counted(reached.users, "user", "users"))
}

/// How many it was done with, for the alert.
pub fn told(operation: Operation, done: i64, of: i64) -> String {
    let what = if operation == Operation::Reactivate { "Reactivated" } else { "Suspended" };
    match of - done {
        0 => format!("{what} {}.", counted(done, "organization", "organizations")),
        rest => format!(
            "{what} {done} of {}; {rest} stayed as before, each with its reason below.",
            counted(of, "organization", "organizations")
        ),
    }
}

/// Each organization with what became of it.
pub fn result(operation: Operation, listed: &[Listed]) -> Markup {
    let rows = listed.iter().map(|one| row(operation, one)).collect();
    Table {
        id: "states".to_owned(),
        caption: "What became of each organization".to_owned(),
        columns: vec![Column::new("Organization"), Column::new("Result"), Column::new("About")],
        rows,
        empty: Some(parts::empty("Nothing was changed", "Tick organizations in the list, and choose what to do with them.", None)),
        footer: Some(parts::padded(&form::link_button("Manage Organizations", "/organizations", ButtonKind::Secondary, None))),
        ..Table::default()
    }
    .render()
}

fn row(operation: Operation, one: &Listed) -> Row {
    let (badge, about) = match &one.fate {
        Fate::Changes(reached) if operation == Operation::Reactivate => {
            (parts::badge(Tone::Good, Icon::Check, "Reactivated"), reach(reached))
        }
        Fate::Changes(reached) => (parts::badge(Tone::Warn, Icon::Pause, "Suspended"), reach(reached)),
        Fate::Stays(sentence) => (parts::badge(Tone::Quiet, Icon::Dash, "As before"), sentence.clone()),
    };
    let href = matches!(one.fate, Fate::Changes(_)).then(|| format!("/organizations/{}", one.id));
    Row { cells: vec![html! { (one.name) }, badge, html! { (about) }], href, ..Row::default() }
}
