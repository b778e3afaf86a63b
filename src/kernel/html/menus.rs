//! What can be done with a thing of a list: three dots that open a menu.
//!
//! The entries of fifty menus would be half a page's weight. So a row has only a link to a page with its thing's options, and scripts
//! fetch that page when somebody opens the menu (`options_link`, `options_page`). Where a menu's only entry is a page, the link leads
//! to it itself (`options_of_one`). What few rows have stands beside them as it is (`options_menu`).

use maud::{Markup, Render, html};

use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::text::{Value, Words};

/// Three dots that lead to the page with a thing's options, `options_page`; with scripts they open it as a menu.
pub const fn options_link<Name: Render, Href: Render>(accessible_name: Name, href: Href) -> OptionsLink<Name, Href> {
    OptionsLink { name: accessible_name, href, only: "" }
}

/// Three dots that lead to a page; with scripts they open a menu whose only entry, `label`, leads there.
pub const fn options_of_one<Name: Render, Href: Render>(accessible_name: Name, label: &'static str, href: Href) -> OptionsLink<Name, Href> {
    OptionsLink { name: accessible_name, href, only: label }
}

/// Such a link, written straight into the page.
#[derive(Debug, Clone, Copy)]
pub struct OptionsLink<Name, Href> {
    name: Name,
    href: Href,
    only: &'static str,
}

impl<Name: Render, Href: Render> Render for OptionsLink<Name, Href> {
    fn render_to(&self, page: &mut String) {
        page.push_str("<a href=");
        Value(&self.href).render_to(page);
        page.push_str(" data-menu");
        if !self.only.is_empty() {
            page.push('=');
            Value(Words(self.only)).render_to(page);
        }
        page.push_str(" aria-label=");
        Value(&self.name).render_to(page);
        page.push('>');
        icon(Icon::Dots).render_to(page);
        page.push_str("</a>");
    }
}

/// The content of a page with a thing's options; `back` is where it is listed.
pub fn options_page(entries: &[MenuEntry], back: &str) -> Markup {
    html! {
        @if entries.is_empty() {
            p { "There is nothing to choose here now. " a href=(back) { "Back" } }
        } @else {
            div.popup data-options { (Entries(entries)) }
        }
    }
}

/// One line of an options menu.
#[derive(Debug, Clone)]
pub enum MenuEntry {
    /// Leads to a page.
    Link {
        /// What it says.
        label: &'static str,
        /// Its address.
        href: String,
    },
    /// Opens a dialog.
    DialogLink {
        /// What it says.
        label: String,
        /// The dialog's page.
        href: String,
        /// Shown in red.
        danger: bool,
    },
    /// Does something at once.
    Form {
        /// What it says.
        label: String,
        /// Where the form goes.
        action: String,
        /// Its hidden fields.
        fields: Markup,
        /// Shown in red.
        danger: bool,
    },
}

/// Three dots that open a menu which stands beside them.
pub fn options_menu<Name: Render>(accessible_name: Name, entries: &[MenuEntry]) -> Options<'_, Name> {
    Options { name: accessible_name, entries }
}

/// Such a menu, written straight into the page.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a, Name> {
    name: Name,
    entries: &'a [MenuEntry],
}

impl<Name: Render> Render for Options<'_, Name> {
    fn render_to(&self, page: &mut String) {
        page.push_str("<details class=\"menu options\"><summary class=\"icon-button\" aria-label=\"");
        self.name.render_to(page);
        page.push_str("\">");
        icon(Icon::Dots).render_to(page);
        page.push_str("</summary><div class=\"popup end\">");
        Entries(self.entries).render_to(page);
        page.push_str("</div></details>");
    }
}

/// The lines of a menu.
struct Entries<'a>(&'a [MenuEntry]);

impl Render for Entries<'_> {
    fn render_to(&self, page: &mut String) {
        for entry in self.0 {
            menu_entry(page, entry);
        }
    }
}

fn menu_entry(page: &mut String, entry: &MenuEntry) {
    match entry {
        MenuEntry::Link { label, href } => {
            page.push_str("<a href=\"");
            Words(href).render_to(page);
            page.push_str("\">");
            Words(label).render_to(page);
            page.push_str("</a>");
        }
        MenuEntry::DialogLink { label, href, danger } => {
            html! { a class=[danger.then_some("danger-text")] href=(href) data-dialog { (label) } }.render_to(page);
        }
        MenuEntry::Form { label, action, fields, danger } => {
            html! { form action=(action) method="post" { (fields) button class=[danger.then_some("danger-text")] type="submit" { (label) } } }
                .render_to(page);
        }
    }
}
