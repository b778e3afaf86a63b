//! The search field of the top bar and the list of suggestions that scripts show under it.

use maud::{Markup, html};

use crate::kernel::html::icons::{Icon, Sheet, icon};

/// One suggestion or result.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// What was found, the match marked.
    pub label: Markup,
    /// What tells it from others of the same name.
    pub detail: Option<Markup>,
    /// What kind of thing it is, in a word.
    pub kind: String,
    /// A picture of the kind.
    pub icon: Icon,
    /// Its page.
    pub href: String,
}

/// The field in the top bar, with its empty list.
pub fn field() -> Markup {
    html! {
        form.search action="/search" method="get" role="search" aria-label="The whole portal" data-suggest="/search/suggestions" {
            label.hidden for="q" { "Search organizations, users, accounts, devices and pages" }
            (icon(Icon::Search))
            // A list may hang on a field for text; one for searching has a role of its own.
            input #q type="text" inputmode="search" enterkeyhint="search" name="q" placeholder="Search organizations, users, accounts…" autocomplete="off"
                spellcheck="false" role="combobox" aria-expanded="false" aria-controls="suggestions" aria-autocomplete="list";
            kbd aria-hidden="true" { "/" }
            div #suggestions .popup role="listbox" aria-label="Suggestions" hidden {}
        }
    }
}

/// A search field without suggestions, for the phone's menu and the page of results.
pub fn plain_field(id: &str, value: &str) -> Markup {
    html! {
        form.search-plain action="/search" method="get" role="search" aria-label={ "Search, " (id) } {
            label.hidden for=(id) { "Search" }
            (icon(Icon::Search))
            input id=(id) type="search" name="q" value=(value) placeholder="Search" autocomplete="off" spellcheck="false";
        }
    }
}

/// The answer to `/search/suggestions`: the options, at the end all results, and the drawings they use.
pub fn suggestions(found: &[Suggestion], all: &str) -> Markup {
    html! {
        @for suggestion in found {
            a role="option" tabindex="-1" aria-selected="false" href=(suggestion.href) {
                (icon(suggestion.icon))
                span.two {
                    span { (suggestion.label) }
                    @if let Some(detail) = &suggestion.detail { span.sub { (detail) } }
                }
                span.sub { (suggestion.kind) }
            }
        }
        a role="option" tabindex="-1" aria-selected="false" href=(all) {
            (icon(Icon::Search)) span { @if found.is_empty() { "Nothing found so far. Open the page of results" } @else { "All results" } }
        }
        (Sheet)
    }
}
