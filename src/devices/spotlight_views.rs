//! Above the list of devices: what is worst right now and why, and all of them at a glance.

use maud::{Markup, Render, html};

use crate::devices::model::Device;
use crate::devices::status_model::{Judged, Query, State};
use crate::devices::status_views::{HERE, StatusPage, address, look};
use crate::kernel::html::charts::Glance;
use crate::kernel::html::icons::{Icon, icon, large_icon};
use crate::kernel::html::parts;
use crate::kernel::text;

/// Devices named in the Spotlight.
pub const NAMED: usize = 3;
/// Squares drawn at most; of more devices a square stands for several.
const SQUARES: usize = 400;

/// Both cards.
pub fn spotlight(page: &StatusPage<'_>, to: &mut String) {
    html! {
        div.spotlight {
            section.card aria-labelledby="spotlight-title" { (worst(page)) }
            section.card aria-labelledby="glance-title" { (glance(page)) }
        }
    }
    .render_to(to);
}

/// What is worst, each with why and one way on.
fn worst(page: &StatusPage<'_>) -> Markup {
    let rest = page.judgement.troubled().saturating_sub(page.worst.len());
    html! {
        header.card-head {
            h2 id="spotlight-title" { "Spotlight" }
            @if 0 < rest {
                @let query = Query { words: String::new(), states: Vec::new(), organization: None, ..page.query.clone() };
                div.actions { a href=(address(&query, "attention", None)) { "and " (thousands(rest)) " more that " (if rest == 1 { "needs" } else { "need" }) " attention" } }
            }
        }
        @if page.worst.is_empty() { (all_is_well(page)) }
        @else { ul.lines { @for (judged, device) in page.worst { (line(page, judged, device)) } } }
    }
}

fn line(page: &StatusPage<'_>, judged: &Judged, device: &Device) -> Markup {
    let state = judged.verdict.state();
    let (tone, shape) = look(state);
    let why = if state == State::NoRecentData { "Nothing was reported for two days".to_owned() } else { judged.verdict.why() };
    let organization = device.organization.as_ref().filter(|_| page.several).map(|(_, name)| name.as_str());
    html! {
        li {
            (parts::badge(tone, shape, state.shown()))
            span.two {
                span.name { (judged.name) @if let Some(name) = organization { " " span.of { (name) } } }
                span.sub { (why) }
            }
            a.button.secondary.small href={ (HERE) "/" (judged.id) } aria-label={ "Details of " (judged.name) } { "Details" }
        }
    }
}

fn all_is_well(page: &StatusPage<'_>) -> Markup {
    let healthy = page.judgement.count(State::Healthy);
    let sentence = match (healthy, page.judgement.all.len()) {
        (0, _) => "No device has reported its backups yet.".to_owned(),
        (1, 1) => "The device is backed up, and so is its copy offsite.".to_owned(),
        (healthy, all) if healthy == all => format!("All {} devices are backed up.", thousands(all)),
        (healthy, all) => format!("{} of {} devices are backed up; the others have nothing to tell.", thousands(healthy), thousands(all)),
    };
    let (class, shape) = if healthy == 0 { ("quiet", Icon::Clock) } else { ("good", Icon::Check) };
    html! { div class={ "all-well " (class) } { (large_icon(shape)) p { strong { "Nothing stands out. " } (sentence) } } }
}

/// A square a device, or a few where there are very many, worst first, and what the squares say in words, each the way to those devices.
fn glance(page: &StatusPage<'_>) -> Markup {
    let (all, counts) = (&page.judgement.all, &page.judgement.counts);
    let words: Vec<String> =
        counts.iter().map(|(state, count)| format!("{} {}", thousands(*count), state.shown().to_lowercase())).collect();
    let label = format!("{} by state: {}", text::counted(number(all.len()), "device", "devices"), words.join(", "));
    let each = all.len().div_ceil(SQUARES).max(1);
    // The first of those that a square stands for is the worst of them.
    let title = |judged: &Judged| if each == 1 { title(judged) } else { None };
    let squares = all.iter().step_by(each).map(|judged| (look(judged.verdict.state()).0, title(judged)));
    html! {
        header.card-head { h2 id="glance-title" { "At a glance" } span.card-count { (thousands(all.len())) } }
        div.padded.glance-body {
            (Glance { squares, count: all.len(), label: &label })
            @if 1 < each { p.sub { "Each square stands for " (each) " devices, colored as the worst of them." } }
            ul.legend {
                @for (state, count) in counts { (legend(page, *state, *count)) }
            }
        }
    }
}

fn legend(page: &StatusPage<'_>, state: State, count: usize) -> Markup {
    let query = Query { words: String::new(), states: Vec::new(), organization: None, ..page.query.clone() };
    let (tone, shape) = look(state);
    html! {
        li {
            a.legend-entry href=(address(&query, state.word(), None)) {
                span class={ "shape " (tone.class()) } { (icon(shape)) }
                strong { (thousands(count)) } " " (state.shown())
            }
        }
    }
}

/// What a pointer reads on a square; nothing on those that are well, of which there are most.
fn title(judged: &Judged) -> Option<String> {
    let state = judged.verdict.state();
    if state == State::Healthy {
        return None;
    }
    let why = judged.verdict.why();
    let why = if why.is_empty() { String::new() } else { format!(". {why}") };
    Some(format!("{}: {}{why}", judged.name, state.shown()))
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn thousands(count: usize) -> String {
    text::thousands(number(count))
}
