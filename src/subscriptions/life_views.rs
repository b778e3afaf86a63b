//! The dialogs that suspend, unsubscribe and reactivate, and the sentences that tell what was done.

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::ids::OrganizationId;
use crate::kernel::month::Month;
use crate::kernel::text::counted;
use crate::kernel::time::Zone;
use crate::subscriptions::life_model::{Changed, LETTERS_AT, Operation, Reached};
use crate::subscriptions::model::{State, Subscription, WINDOW};

/// Everything in a dialog.
#[derive(Debug)]
pub struct StepDialog<'a> {
    /// Whose subscription.
    pub organization: OrganizationId,
    /// That organization's name.
    pub name: &'a str,
    /// Plan, seats and state.
    pub subscription: &'a Subscription,
    /// The step.
    pub operation: Operation,
    /// What it reaches.
    pub reached: &'a Reached,
    /// How times are read.
    pub times: &'a Times,
    /// The form's id.
    pub form_id: Markup,
}

/// What happens now, what happens later, and the button (SUB-6).
pub fn step(dialog: &StepDialog<'_>) -> Markup {
    let page = format!("/organizations/{}", dialog.organization);
    let (now, later) = match dialog.operation {
        Operation::Reactivate => (begins(dialog), goes_on(dialog)),
        Operation::Suspend | Operation::Unsubscribe | Operation::Delete => (stops(dialog), stays(dialog)),
    };
    let kind = if dialog.operation == Operation::Unsubscribe { ButtonKind::DangerPrimary } else { ButtonKind::Primary };
    html! {
        form.stack action={ (page) "/" (dialog.operation.noun()) } method="post" {
            (dialog.form_id)
            @if dialog.operation == Operation::Unsubscribe { (warning(dialog)) }
            section.so-far {
                h2 { "Now" }
                ul.bullets { @for line in &now { li { (line) } } }
            }
            section.so-far {
                h2 { "Later" }
                ul.bullets { @for line in &later { li { (line) } } }
            }
            (form::buttons(None, &[form::cancel(&page), form::button("Yes, Continue", kind, None)]))
        }
    }
}

fn warning(dialog: &StepDialog<'_>) -> Markup {
    let end = dialog.times.zone.exact(dialog.times.now + WINDOW);
    parts::banner(Tone::Warn, &format!("Unless it is reactivated before {end}, all of it is destroyed at that moment, for good."), None)
}

/// "2 SaaS accounts (31 protected seats)"; nothing where there is none.
fn backups(reached: &Reached) -> Option<String> {
    let seats = counted(reached.seats, "protected seat", "protected seats");
    (0 < reached.accounts).then(|| format!("{} ({seats})", counted(reached.accounts, "SaaS account", "SaaS accounts")))
}

fn stops(dialog: &StepDialog<'_>) -> Vec<Markup> {
    let reached = dialog.reached;
    let resting = dialog.subscription.state != State::Active;
    let word = if dialog.operation == Operation::Suspend { "Suspended" } else { "Unsubscribed" };
    let backups = match backups(reached) {
        None => html! { "No SaaS account is linked to it, so there is no backup to stop. What is linked later is not backed up either." },
        Some(all) if resting => html! { "Backups of " (all) " have stopped already; they show gray " (word) " instead of Suspended." },
        Some(all) => html! { "All backups stop: " (all) ". They show gray " (word) "." },
    };
    let users = match (reached.users, resting) {
        (0, _) => html! { "It has no users who could sign in." },
        (users, true) => html! { (counted(users, "user stays", "users stay")) " locked out." },
        (users, false) => html! {
            (counted(users, "user", "users")) " can no longer sign in to it"
            @if 0 < reached.sessions { ", and " (counted(reached.sessions, "open session ends", "open sessions end")) } "."
            @if 0 < reached.administrators && 0 < reached.accounts {
                " " (counted(reached.administrators, "Super Administrator", "Super Administrators")) " of its SaaS accounts "
                (if reached.administrators == 1 { "is" } else { "are" }) " none meanwhile."
            }
        },
    };
    vec![
        backups,
        html! { "Protecting a seat is refused, on pages, by Auto-add and for scripts." },
        users,
        html! { "All data stays. You and your colleagues still see everything." },
    ]
}

fn stays(dialog: &StepDialog<'_>) -> Vec<Markup> {
    if dialog.operation == Operation::Suspend {
        let billing = billing(dialog, |plan| format!("Billing goes on as it is ({plan}), every month that it is suspended."));
        return vec![billing, html! { "Nothing ends by itself: it stays suspended until it is reactivated, unsubscribed or deleted." }];
    }
    let end = dialog.times.now + WINDOW;
    let last = Month::of(end).shown();
    let billing = billing(dialog, |plan| format!("Billing goes on meanwhile ({plan}): {last} is the last month billed."));
    let [_, two_weeks, three, one] = LETTERS_AT;
    vec![
        html! { "For " (WINDOW.words()) ", until " (dialog.times.exact(end)) ", Reactivate brings everything back as it was." },
        html! {
            "Letters say how long it can still come back, now and with " (two_weeks) ", " (three) " and " (one) " days left: to its users who have access, and to your "
            "primary account, Security Admins and Admins who see it."
        },
        html! {
            "Then it is deleted by itself: its users are removed, its SaaS accounts unlinked and all their backups destroyed"
            @if 0 < dialog.reached.kept { ", as of now those of " (counted(dialog.reached.kept, "seat", "seats")) }
            ", and so are its endpoint agents' datasets. A receipt lists what it was."
        },
        billing,
    ]
}

fn begins(dialog: &StepDialog<'_>) -> Vec<Markup> {
    let reached = dialog.reached;
    let backups = match backups(reached) {
        None => html! { "No SaaS account is linked to it, so there is no backup to resume." },
        Some(all) => html! { "Backups resume: " (all) ". Their color follows with the next report." },
    };
    let users = match reached.users {
        0 => html! { "It has no users who could sign in." },
        users => html! {
            (counted(users, "user", "users")) " can sign in to it again; open sessions were ended and do not come back."
            @if 0 < reached.administrators && 0 < reached.accounts {
                " " (counted(reached.administrators, "of them is Super Administrator", "of them are Super Administrators")) " of its SaaS accounts again."
            }
        },
    };
    let letters = html! { "Letters say so to its users who have access, and to your primary account, Security Admins and Admins who see it, unless Notification Settings say otherwise." };
    vec![backups, html! { "Seats can be protected again." }, users, letters]
}

fn goes_on(dialog: &StepDialog<'_>) -> Vec<Markup> {
    let ends =
        dialog.subscription.ends().map(|end| html! { "It is not deleted on " (dialog.times.exact(end)) "; everything is as it was." });
    let billing = billing(dialog, |plan| format!("Billing goes on as before ({plan})."));
    ends.into_iter().chain([billing]).collect()
}

/// What of its plan is billed; that nothing is, without one.
fn billing(dialog: &StepDialog<'_>, sentence: impl FnOnce(&str) -> String) -> Markup {
    let nothing = || "It has no plan, so nothing is billed.".to_owned();
    let sentence = dialog.subscription.plan.map_or_else(nothing, |plan| sentence(plan.shown()));
    html! { (sentence) }
}

/// In the place of the form, where the state does not allow the step.
pub fn refused(sentence: &str, organization: OrganizationId) -> Markup {
    html! {
        p { (sentence) }
        (form::buttons(None, &[form::cancel(&format!("/organizations/{organization}"))]))
    }
}

/// What was done, for the alert.
pub fn told(changed: &Changed, zone: &Zone) -> String {
    let reached = &changed.reached;
    let backups = backups(reached);
    let name = &changed.name;
    match changed.operation {
        Operation::Reactivate => {
            let backups = backups.map_or_else(|| "No SaaS account is linked".to_owned(), |all| format!("Backups of {all} resume"));
            format!("Reactivated {name}. {backups}; {} can sign in again.", counted(reached.users, "user", "users"))
        }
        Operation::Suspend | Operation::Unsubscribe | Operation::Delete => {
            let what = if changed.operation == Operation::Suspend { "Suspended" } else { "Unsubscribed" };
            let backups = backups.map_or_else(|| "No backups had to stop".to_owned(), |all| format!("Backups of {all} have stopped"));
            let users = counted(reached.users, "user", "users");
            let sessions = counted(reached.sessions, "open session", "open sessions");
            let ends = changed.ends.map(|end| format!(" It can be reactivated until {}.", zone.exact(end))).unwrap_or_default();
            format!("{what} {name}. {backups}; {users} cannot sign in to it, {sessions} ended.{ends}")
        }
    }
}
