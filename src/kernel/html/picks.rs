//! Lists of rows to tick, as in the dialogs that link or add things.

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind};
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

/// A dialog's form that links what is ticked.
#[derive(Debug)]
pub struct LinkForm<'a> {
    /// The search above it.
    pub search: Markup,
    /// Where it is sent.
    pub action: &'a str,
    /// Where Cancel leads.
    pub back: &'a str,
    /// The form's id and what was wrong with it.
    pub hidden: &'a Markup,
    /// Why nothing was found, if so.
    pub nothing: Option<Markup>,
    /// What the rows are.
    pub legend: &'a str,
    /// The rows.
    pub picks: &'a [Pick],
    /// What to do when there are more than are shown.
    pub more: Option<&'a str>,
    /// What the button says.
    pub button: &'a str,
}

/// The search, the rows to tick, and the button, which is there while something can be ticked.
pub fn link_form(of: &LinkForm<'_>) -> Markup {
    html! {
        (of.search)
        form action=(of.action) method="post" {
            (of.hidden)
            @if let Some(nothing) = &of.nothing { (nothing) }
            @if !of.picks.is_empty() { (pick_list(of.legend, of.picks)) }
            @if let Some(more) = of.more { p.padded.sub { (more) } }
            @let cancel = form::cancel(of.back);
            @if of.picks.is_empty() { (form::buttons(Some(&ticked_count()), &[cancel])) }
            @else { (form::buttons(Some(&ticked_count()), &[cancel, form::button(of.button, ButtonKind::Primary, None)])) }
        }
    }
}

/// What was found and cannot be ticked, since each is linked already: its name, where to, and that one's page.
pub fn linked_already(title: &str, found: &[(&str, &str, String)]) -> Markup {
    html! {
        div.empty {
            p.name { (title) }
            @for (name, whose, href) in found { p.sub { (name) " is linked to " a href=(href) { (whose) } " already." } }
        }
    }
}
