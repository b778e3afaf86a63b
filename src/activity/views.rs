//! The log as pages show it.

use maud::{Markup, html};

use crate::activity::model::Entry;
use crate::kernel::html::parts;
use crate::kernel::html::when::Times;
use crate::kernel::ids::OrganizationId;

/// How many events an organization's card shows.
pub const ON_CARD: i64 = 5;

/// The card on an organization's page.
#[derive(Debug)]
pub struct Card<'a> {
    /// Whose events.
    pub organization: OrganizationId,
    /// The newest, `ON_CARD` of them.
    pub entries: &'a [Entry],
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// The latest events of an organization, with the way to all of them.
pub fn card(card: &Card<'_>) -> Markup {
    let lines: Vec<(Markup, Markup)> =
        card.entries.iter().map(|entry| (html! { (entry.actor_name()) " " (sentence(entry)) }, below(entry, card.times))).collect();
    let all = html! { a.button.quiet-button href={ "/activity?organization=" (card.organization) } aria-label="All activity" { "All" } };
    let body = if lines.is_empty() {
        parts::empty("Nothing has happened yet", "Every change to this organization is listed here.", None)
    } else {
        parts::feed(&lines)
    };
    parts::card("activity", "Activity", None, Some(all), body)
}

/// The sentence, its target's name in a stronger weight.
pub fn sentence(entry: &Entry) -> Markup {
    let split = if entry.target_name.is_empty() { None } else { entry.sentence.split_once(entry.target_name.as_str()) };
    html! {
        @match split {
            Some((before, after)) => { (before) strong { (entry.target_name) } (after) }
            None => { (entry.sentence) }
        }
    }
}

fn below(entry: &Entry, times: &Times) -> Markup {
    html! { (times.ago(entry.at)) " · " (entry.address) }
}
