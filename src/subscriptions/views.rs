//! The card Subscriptions of an organization's page, and the badge of a state.

use maud::{Markup, html};

use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::subscriptions::model::{State, Subscription};

/// The badge of a state: word, shape and color.
pub fn badge(state: State) -> Markup {
    let (tone, shape) = match state {
        State::Active => (Tone::Good, Icon::Check),
        State::Suspended => (Tone::Warn, Icon::Pause),
        State::Unsubscribed => (Tone::Bad, Icon::Clock),
        State::Deleted => (Tone::Quiet, Icon::Dash),
    };
    parts::badge(tone, shape, state.shown())
}

/// Seats used beside those bought: "42 / 45", "31 / auto", "9".
pub fn seats(subscription: &Subscription, used: i64) -> Markup {
    html! {
        (text::thousands(used))
        @if let Some(bought) = subscription.seats_bought() { " " span.sub { "/ " (bought) } }
    }
}

/// State, plan and seats, with the ways to change them at the right of the heading.
pub fn card(subscription: &Subscription, used: i64, times: &Times, actions: Option<Markup>) -> Markup {
    let plan = match subscription.plan {
        Some(plan) => html! { (plan.shown()) },
        None => html! { "None yet" br; span.sub { "Nothing is billed until a plan is chosen." } },
    };
    let bought = match (subscription.auto_license, subscription.seats) {
        (true, _) => Some("Auto License on".to_owned()),
        (false, Some(seats)) => Some(format!("{} bought", text::thousands(seats))),
        (false, None) => None,
    };
    let body = parts::definition_list(&[
        ("State", html! { (badge(subscription.state)) " since " (times.date(subscription.since)) }),
        ("Plan", plan),
        ("Seats", html! { (text::thousands(used)) " used" @if let Some(bought) = bought { ", " (bought) } }),
    ]);
    parts::card("subscriptions", "Subscriptions", None, actions, body)
}
