//! The card Subscriptions of an organization's page.

use maud::{Markup, html};

use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::subscriptions::model::{Plan, Subscription};

/// State, plan and seats, with the ways to change them at the right of the heading.
pub fn card(subscription: &Subscription, used: i64, times: &Times, actions: Option<Markup>) -> Markup {
    let plan = subscription.plan.map(Plan::shown);
    let plan = html! {
        @if let Some(plan) = plan { (plan) } @else { "None yet, so nothing is billed; a plan comes with an import of organizations." }
    };
    let bought = match (subscription.auto_license, subscription.seats) {
        (true, _) => Some("Auto License on".to_owned()),
        (false, Some(seats)) => Some(format!("{} bought", text::thousands(seats))),
        (false, None) => None,
    };
    let (tone, shape) = subscription.state.look();
    let state = parts::badge(tone, shape, subscription.state.shown());
    let body = parts::definition_list(&[
        ("State", html! { (state) " since " (times.date(subscription.since)) }),
        ("Plan", plan),
        ("Seats", html! { (text::thousands(used)) " used" @if let Some(bought) = bought { ", " (bought) } }),
    ]);
    parts::card("subscriptions", "Subscriptions", None, actions, body)
}
