//! The card Subscriptions of an organization's page, and the dialog of its plan.

use maud::{Markup, html};

use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Field, Kind, Select};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::subscriptions::life_model::{Operation, after};
use crate::subscriptions::model::{EnteredPlan, Plan, State, Subscription};
use crate::subscriptions::price_model::PriceList;

/// What the card shows.
#[derive(Debug)]
pub struct Card<'a> {
    /// The subscription.
    pub subscription: &'a Subscription,
    /// Billable seats in use (SEA-4).
    pub used: i64,
    /// What holds this month.
    pub prices: Option<&'a PriceList>,
    /// How times are read.
    pub times: &'a Times,
    /// The last of the steps that may be taken: the deletion, which is the organization's own.
    pub deletion: Option<Markup>,
}

/// State and what comes next, plan, seats and what they cost a month, and the steps that the state allows (SUB-13).
pub fn card(card: &Card<'_>) -> Markup {
    let Card { subscription, used, prices, times, .. } = *card;
    let plan = html! {
        @if let Some(plan) = subscription.plan { (plan.shown()) } @else { "None yet, so nothing is billed." }
    };
    let bought = match (subscription.auto_license, subscription.seats) {
        (true, _) => Some("Auto License on".to_owned()),
        (false, Some(seats)) => Some(format!("{} bought", text::thousands(seats))),
        (false, None) => None,
    };
    let over = subscription.seats.filter(|seats| !subscription.auto_license && *seats < used).map(|seats| used - seats);
    let over = over.map(|seats| parts::badge(Tone::Warn, Icon::Warning, &format!("{} more than bought", text::thousands(seats))));
    let (tone, shape) = subscription.state.look();
    let state = parts::badge(tone, shape, subscription.state.shown());
    let mut lines = vec![("State", html! { (state) " since " (times.date(subscription.since)) " (" (times.ago(subscription.since)) ")" })];
    lines.extend(next(subscription, times).map(|next| ("Next", next)));
    lines.extend([
        ("Plan", plan),
        ("Seats", html! { (text::thousands(used)) " billable in use" @if let Some(bought) = bought { ", " (bought) } @if let Some(over) = over { " " (over) } }),
    ]);
    if let Some(plan) = subscription.plan {
        let seats = if subscription.auto_license { used } else { subscription.seats.unwrap_or_default().max(used) };
        let cost = prices.and_then(|prices| Some((prices.shown(plan, 1)?, prices.shown(plan, seats)?)));
        lines.push((
            "Price",
            html! {
                @if let Some((each, all)) = cost { (each) " a seat, " (all) " a month as it stands" } @else { "No price for this month yet" }
            },
        ));
    }
    let label = if subscription.plan.is_some() { "Change plan" } else { "Choose plan" };
    let href = format!("/organizations/{}/plan", subscription.organization);
    let body = html! { (parts::definition_list(&lines)) div.steps-row { (steps(card)) } };
    parts::card("subscriptions", "Subscriptions", None, Some(form::dialog_link(label, &href, ButtonKind::Secondary, None, None)), body)
}

/// What comes by itself; nothing for an active one.
fn next(subscription: &Subscription, times: &Times) -> Option<Markup> {
    match (subscription.state, subscription.ends()) {
        (State::Unsubscribed, Some(end)) => Some(html! {
            strong { (times.left(end, "to reactivate it")) }
            ". On " (times.exact(end)) " it is deleted, and all its backups are destroyed."
        }),
        (State::Suspended, _) => Some(html! { "Nothing by itself: backups rest and billing goes on until somebody reactivates it." }),
        (State::Active | State::Unsubscribed | State::Deleted, _) => None,
    }
}

/// A button for each step that the state allows, by the same rule as the step itself.
fn steps(card: &Card<'_>) -> Markup {
    let state = card.subscription.state_at(card.times.now);
    let button = |operation: Operation, kind: ButtonKind| {
        let href = format!("/organizations/{}/{}", card.subscription.organization, operation.noun());
        after(state, operation).is_ok().then(|| form::dialog_link(operation.shown(), &href, kind, None, None))
    };
    html! {
        @if let Some(button) = button(Operation::Reactivate, ButtonKind::Primary) { (button) }
        @if let Some(button) = button(Operation::Suspend, ButtonKind::Secondary) { (button) }
        @if let Some(button) = button(Operation::Unsubscribe, ButtonKind::Danger) { (button) }
        @if let Some(deletion) = &card.deletion { (deletion) }
    }
}

/// The dialog of plan and seats.
#[derive(Debug)]
pub struct PlanDialog<'a> {
    /// Whose.
    pub organization: OrganizationId,
    /// Whether there is a plan already.
    pub chosen: bool,
    /// What its fields hold.
    pub entered: &'a EnteredPlan,
    /// What it was drawn from.
    pub seen: &'a str,
    /// Billable seats in use (SEA-4).
    pub used: i64,
    /// What holds this month.
    pub prices: Option<&'a PriceList>,
    /// What is wrong with the fields.
    pub problem: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// The form's id.
    pub form_id: Markup,
}

/// Plan, Auto License, Number of seats, and what each plan would cost with the seats that are in use.
pub fn plan_dialog(dialog: &PlanDialog<'_>) -> Markup {
    let (entered, problem) = (dialog.entered, dialog.problem);
    let mut plans: Vec<(&str, &str)> = if dialog.chosen { Vec::new() } else { vec![("", "Choose a plan")] };
    plans.extend(Plan::ALL.iter().map(|plan| (plan.word(), plan.shown())));
    let back = format!("/organizations/{}", dialog.organization);
    html! {
        form.stack.plan-form method="post" action={ (back) "/plan" } {
            (dialog.summary)
            (dialog.form_id)
            (form::hidden("seen", dialog.seen))
            (Select { name: "plan", label: "Plan", options: &plans, selected: &entered.plan, error: problem.of("plan"), required: true, ..Select::default() })
            div.bought {
                (Checkbox {
                    name: "auto_license", value: "on", label: "Auto License", hint: Some("Seats follow use; what is protected is billed."),
                    checked: entered.auto_license, ..Checkbox::default()
                })
                div.seats {
                    (Field {
                        name: "seats", label: "Number of seats", value: &entered.seats, kind: Kind::Number, error: problem.of("seats"),
                        hint: Some("Billed even when fewer are used; more cannot be protected. Not needed with Auto License."),
                        autocomplete: Some("off"), either: true, ..Field::default()
                    })
                }
            }
            (bill(dialog))
            (form::buttons(None, &[form::cancel(&back), form::button("Save plan", ButtonKind::Primary, None)]))
        }
    }
}

/// What a month costs by the prices that hold now.
fn bill(dialog: &PlanDialog<'_>) -> Markup {
    let seats = text::counted(dialog.used, "billable seat is", "billable seats are");
    let costs = |plan: Plan| {
        // A personal plan is refused then.
        let prices = dialog.prices.filter(|_| plan != Plan::Personal || dialog.used < 2)?;
        let count = if plan == Plan::Personal { 1 } else { dialog.used };
        Some((plan, prices.shown(plan, 1)?, prices.shown(plan, count)?))
    };
    let costs: Vec<_> = Plan::ALL.iter().copied().filter_map(costs).collect();
    html! {
        div.bill {
            p { (seats) " in use." @if costs.is_empty() { " The price list has no prices for this month, so no amount can be told." } }
            @if !costs.is_empty() {
                ul {
                    @for (plan, each, all) in &costs {
                        li { (plan.shown()) ": " (each) (if *plan == Plan::Personal { " a person" } else { " a seat" }) ", so at least " (all) " a month with what is in use." }
                    }
                }
            }
        }
    }
}
