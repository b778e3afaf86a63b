//! The page Addresses in other products.

use maud::{Markup, html};

use crate::addresses::model::Listed;
use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Field, Kind};
use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table, pager};
use crate::kernel::text;
use crate::kernel::web;

/// Everything on the page.
#[derive(Debug)]
pub struct ListPage<'a> {
    /// The rows.
    pub rows: &'a [Listed],
    /// A fresh hidden form id for each.
    pub forms: &'a [Markup],
    /// How many there are in all.
    pub count: i64,
    /// What is searched for.
    pub words: &'a str,
    /// Whether this is not the first page.
    pub later: bool,
    /// Where the next page begins.
    pub next: Option<&'a str>,
    /// What was entered as e-mail.
    pub email: &'a str,
    /// What was entered as product.
    pub product: &'a str,
    /// What is wrong with the fields.
    pub problem: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// The form's id.
    pub form_id: Markup,
}

/// The list at the left, one more at the right.
pub fn page(page: &ListPage<'_>) -> Markup {
    parts::columns(&list(page), &one_more(page))
}

fn list(page: &ListPage<'_>) -> Markup {
    let count = text::thousands(page.count);
    let search = html! {
        form.pick-search action="/addresses" method="get" role="search" aria-label="Addresses" data-live data-target="addresses" {
            label.hidden for="address-search" { "E-mail or product" }
            (icon(Icon::Search))
            input #address-search type="search" name="q" value=(page.words) placeholder="E-mail or product" autocomplete="off" spellcheck="false";
            button.button.secondary type="submit" { "Search" }
        }
    };
    let table = Table {
        id: "addresses".to_owned(),
        caption: "E-mails that other products use".to_owned(),
        columns: vec![Column { class: "main", ..Column::new("E-mail, product") }, Column { class: "actions single", ..Column::actions() }],
        rows: page.rows.iter().zip(page.forms).map(|(listed, hidden)| row(listed, hidden)).collect(),
        bare: true,
        empty: Some(if page.words.is_empty() {
            parts::empty("No other product is listed", "List an e-mail with its product, or import a list of both.", None)
        } else {
            parts::empty("Nothing found", "No e-mail and no product in the list has this.", None)
        }),
        footer: (page.next.is_some() || page.later).then(|| {
            let next = page.next.map(|place| href(page.words, place));
            pager(page.later.then_some("/addresses"), next.as_deref(), &text::counted(page.count, "address", "addresses"))
        }),
        ..Table::default()
    };
    let import = form::link_button("Import", "/imports", ButtonKind::Secondary, Some(Icon::Upload));
    let body = html! { div.padded { (search) } (table.render()) };
    parts::card("list", "In the list", Some(&count), Some(import), body)
}

fn href(words: &str, after: &str) -> String {
    web::address("/addresses", [("q", words), ("after", after)])
}

fn row(listed: &Listed, hidden: &Markup) -> Row {
    let label = format!("Take {} off the list of {}", listed.email, listed.product);
    Row {
        cells: vec![
            parts::two_lines(&html! { (listed.email) }, &html! { (listed.product) }),
            html! {
                form.inline method="post" action={ "/addresses/" (listed.id) "/removal" } { (hidden) (form::icon_button(Icon::Trash, &label)) }
            },
        ],
        ..Row::default()
    }
}

fn one_more(page: &ListPage<'_>) -> Markup {
    let body = html! {
        form.stack method="post" action="/addresses" {
            (page.summary)
            (page.form_id)
            p.hint {
                "A new user may have such an e-mail. Changing it here would part them from the other product, so it stays as it is; the same \
                 holds for the e-mail of an organization's contact."
            }
            (Field {
                name: "email", label: "E-mail", value: page.email, kind: Kind::Email, required: true, error: page.problem.of("email"),
                autocomplete: Some("off"), ..Field::default()
            })
            (Field {
                name: "product", label: "Product", value: page.product, required: true, error: page.problem.of("product"),
                hint: Some("What people call it, such as the ticket system's name."), autocomplete: Some("off"), ..Field::default()
            })
            (form::buttons(None, &[form::button("Add address", ButtonKind::Primary, None)]))
        }
    };
    parts::card("add", "One more", None, None, parts::padded(&body))
}
