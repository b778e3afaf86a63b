//! The page Price List.

use maud::{Markup, html};

use crate::kernel::error::FieldErrors;
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Field, Select};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::money::CURRENCIES;
use crate::kernel::month::Month;
use crate::subscriptions::model::Plan;
use crate::subscriptions::price_model::{AHEAD, EnteredPrices, PriceList};

/// Where the page is.
pub const HERE: &str = "/price-list";

/// The prices there are.
#[derive(Debug)]
pub struct ListPage<'a> {
    /// The latest first, each with a form id to take it back where the viewer may.
    pub lists: &'a [(PriceList, Option<Markup>)],
    /// The month it is.
    pub now: Month,
    /// The form, for who may change prices.
    pub form: Option<PriceForm<'a>>,
}

/// The form for new prices.
#[derive(Debug)]
pub struct PriceForm<'a> {
    /// What its fields hold.
    pub entered: &'a EnteredPrices,
    /// What is wrong with them.
    pub problem: &'a FieldErrors,
    /// The same above the form.
    pub summary: Markup,
    /// The lists beside it, as they were when it was drawn.
    pub seen: &'a str,
    /// The form's id.
    pub form_id: Markup,
}

/// All lists at the left, new prices at the right.
pub fn page(page: &ListPage<'_>) -> Markup {
    match &page.form {
        Some(form) => parts::columns(&lists(page), &new_prices(page.now, form)),
        None => lists(page),
    }
}

fn lists(page: &ListPage<'_>) -> Markup {
    let current = page.lists.iter().map(|(list, _)| list.from).find(|from| *from <= page.now);
    let table = Table {
        id: "prices".to_owned(),
        caption: "Price of a seat a month, by plan".to_owned(),
        columns: vec![
            Column { class: "main", ..Column::new("From") },
            Column::number(Plan::Backup.shown()),
            Column::number(Plan::Archiver.shown()),
            Column::number(Plan::Personal.shown()),
            Column::actions(),
        ],
        rows: page.lists.iter().map(|(list, form_id)| row(list, current, page.now, form_id.as_ref())).collect(),
        empty: Some(parts::empty(
            "No prices yet",
            "Organizations can have a plan all the same; statements then show seats without amounts.",
            None,
        )),
        ..Table::default()
    };
    parts::card("list", "Prices of a seat a month", None, None, table.render())
}

fn row(list: &PriceList, current: Option<Month>, now: Month, form_id: Option<&Markup>) -> Row {
    let price = |plan| {
        html! { @if let Some(price) = list.shown(plan, 1) { (price) } @else { span.sub { "no price" } } }
    };
    let standing = match Some(list.from) == current {
        true => parts::badge(Tone::Good, Icon::Check, "Holds now"),
        false if now < list.from => parts::badge(Tone::Info, Icon::Clock, "To come"),
        false => parts::badge(Tone::Quiet, Icon::Dash, "Past"),
    };
    let label = format!("Take back the prices from {}", list.from.shown());
    Row {
        cells: vec![
            parts::two_lines(&html! { (list.from.shown()) }, &standing),
            price(Plan::Backup),
            price(Plan::Archiver),
            price(Plan::Personal),
            html! {
                @if let Some(form_id) = form_id {
                    form.inline method="post" action={ (HERE) "/" (list.from.iso()) "/removal" } { (form_id) (form::icon_button(Icon::Trash, &label)) }
                }
            },
        ],
        ..Row::default()
    }
}

fn new_prices(now: Month, form: &PriceForm<'_>) -> Markup {
    let months: Vec<(String, String)> = (0..=AHEAD).map(|ahead| (now.plus(ahead).iso(), now.plus(ahead).shown())).collect();
    let months: Vec<(&str, &str)> = months.iter().map(|(value, label)| (value.as_str(), label.as_str())).collect();
    let currencies: Vec<(&str, String)> = CURRENCIES.iter().map(|each| (each.code, format!("{} – {}", each.code, each.name))).collect();
    let currencies: Vec<(&str, &str)> = currencies.iter().map(|(code, label)| (*code, label.as_str())).collect();
    let (entered, problem) = (form.entered, form.problem);
    let price = |name, label, value| Field { name, label, value, error: problem.of(name), autocomplete: Some("off"), ..Field::default() };
    let body = html! {
        form.stack method="post" action=(HERE) {
            (form.summary)
            (form.form_id)
            (form::hidden("seen", form.seen))
            div.pair {
                (Select {
                    name: "from", label: "From", options: &months, selected: &entered.from, error: problem.of("from"), required: true,
                    ..Select::default()
                })
                (Select {
                    name: "currency", label: "Currency", options: &currencies, selected: &entered.currency, error: problem.of("currency"),
                    required: true, ..Select::default()
                })
            }
            (price("backup", "Backup, a seat", &entered.backup))
            (price("archiver", "Archiver, a seat", &entered.archiver))
            (price("personal", "Personal, a person", &entered.personal))
            @if problem.of("running").is_some() || entered.running {
                (Checkbox {
                    name: "running", value: "on", label: &format!("Change the bills of {}", now.shown()), checked: entered.running,
                    ..Checkbox::default()
                })
            }
            p.hint { "A month is billed by the prices that hold on its first day. Prices for a month that has some already take their place." }
            (form::buttons(None, &[form::button("Save prices", ButtonKind::Primary, None)]))
        }
    };
    parts::card("new", "New prices", None, None, parts::padded(&body))
}
