//! Guides as pages show them.

use maud::{Markup, html};

use crate::guides::model::{Guide, Part, Step};
use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::parts;

/// The list of guides.
pub fn list(guides: &[&Guide]) -> Markup {
    html! {
        section.card aria-label="Guides" {
            ul.lines.doors {
                @for guide in guides {
                    li {
                        (icon(Icon::Document))
                        span.two { a.name href={ "/guides/" (guide.slug) } { (guide.title) } span.sub { (guide.about) } }
                    }
                }
            }
        }
    }
}

/// A guide.
pub fn guide(guide: &Guide) -> Markup {
    html! {
        p.lead { (guide.about) }
        div.stack.guide { @for (index, part) in guide.parts.iter().enumerate() { (one_part(index, part)) } }
    }
}

fn one_part(index: usize, part: &Part) -> Markup {
    let body = html! {
        div.padded {
            @if !part.steps.is_empty() { ol.guide-steps { @for step in part.steps { li { (one_step(step)) } } } }
            @if !part.notes.is_empty() { ul.guide-notes { @for note in part.notes { li { (marked(note)) } } } }
        }
    };
    parts::card(&format!("part-{}", index + 1), part.title, None, None, body)
}

fn one_step(step: &Step) -> Markup {
    html! {
        (marked(step.text))
        @if let Some(older) = step.older { " " span.sub { "(older pages: " (older) ")" } }
        @if let Some((label, href)) = step.place { " " a.guide-place href=(href) { (label) (icon(Icon::ChevronRight)) } }
    }
}

/// Words between asterisks are words of the page, those between backticks are typed as they stand.
fn marked(text: &str) -> Markup {
    html! {
        @for (index, piece) in text.split('`').enumerate() { @if index % 2 == 1 { code { (piece) } } @else { (words(piece)) } }
    }
}

fn words(text: &str) -> Markup {
    html! {
        @for (index, piece) in text.split('*').enumerate() { @if index % 2 == 1 { strong { (piece) } } @else { (piece) } }
    }
}
