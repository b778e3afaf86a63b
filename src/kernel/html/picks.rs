//! Lists of rows to tick, as in the dialogs that link or add things.

use maud::{Markup, html};

use crate::kernel::html::icons::{Icon, icon};

/// One row of a list to tick, as in a dialog that links things.
#[derive(Debug, Clone)]
pub struct Pick {
    /// The name in the sent form.
    pub name: String,
    /// What is sent when ticked.
    pub value: String,
    /// What it is, the match marked.
    pub label: Markup,
    /// What tells it from others.
    pub detail: Option<Markup>,
    /// A badge at the right.
    pub badge: Option<Markup>,
    /// Whether it is ticked.
    pub checked: bool,
    /// Whether it cannot be ticked.
    pub disabled: bool,
}

/// A list of rows to tick, with lines between them from edge to edge.
pub fn pick_list(legend: &str, picks: &[Pick]) -> Markup {
    rows("checkbox", legend, picks)
}

/// The same, of which only one can be chosen.
pub fn pick_one(legend: &str, picks: &[Pick]) -> Markup {
    rows("radio", legend, picks)
}

fn rows(kind: &str, legend: &str, picks: &[Pick]) -> Markup {
    html! {
        fieldset.picks {
            legend.hidden { (legend) }
            @for pick in picks {
                label.pick {
                    input type=(kind) name=(pick.name) value=(pick.value) checked[pick.checked] disabled[pick.disabled];
                    span.two { span.name { (pick.label) } @if let Some(detail) = &pick.detail { span.sub { (detail) } } }
                    @if let Some(badge) = &pick.badge { (badge) }
                }
            }
        }
    }
}

/// The search field above a list to tick: a form of its own that asks for the same dialog again.
pub fn pick_search(action: &str, name: &str, label: &str, value: &str) -> Markup {
    html! {
        form.pick-search action=(action) method="get" role="search" aria-label=(label) data-live {
            label.hidden for="pick-search" { (label) }
            (icon(Icon::Search))
            input #pick-search type="search" name=(name) value=(value) placeholder=(label) autocomplete="off" spellcheck="false" autofocus;
            button.button.secondary type="submit" { "Search" }
        }
    }
}

/// The same where Enter fills in what it finds (`fill` is asked for) and what is ticked under the name `ticks` goes along, so that several
/// searches add to one list.
pub fn fill_search(action: &str, label: &str, value: &str, (ticks, kept): (&str, &[String])) -> Markup {
    html! {
        form.pick-search action=(action) method="get" role="search" aria-label=(label) data-live data-keeps=(ticks) {
            label.hidden for="pick-search" { (label) }
            (icon(Icon::Search))
            @for id in kept { input type="hidden" name=(ticks) value=(id); }
            input #pick-search type="search" name="q" value=(value) placeholder=(label) autocomplete="off" spellcheck="false" autofocus;
            button.button.secondary type="submit" name="fill" value="1" { "Search" }
        }
    }
}

/// "2 selected", kept up to date by the script and absent without it.
pub fn ticked_count() -> Markup {
    html! { span data-count role="status" {} }
}
