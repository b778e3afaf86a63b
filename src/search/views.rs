//! What was found, as suggestions and as a page.

use maud::{Markup, html};

use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::parts::{self, highlight};
use crate::kernel::html::search::{self as kit, Suggestion};
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::text;
use crate::search::model::{Found, Place};

/// The address of the page with all results.
pub fn href(query: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", query).finish();
    format!("/search?{query}")
}

/// The list under the field of the top bar.
pub fn suggestions(found: &Found, query: &str) -> Markup {
    let places = found.places.iter().map(|place| place_row(place, query));
    let organizations = organizations(found, query);
    let users = users(found, query);
    let employees = employees(found, query);
    let saas = saas(found, query);
    let all: Vec<Suggestion> = places
        .chain(organizations)
        .chain(users)
        .chain(employees)
        .chain(saas)
        .chain(devices(found, query))
        .chain(networks(found, query))
        .chain(guides(found, query))
        .collect();
    kit::suggestions(&all, &href(query))
}

fn place_row(place: &Place, query: &str) -> Suggestion {
    let detail = match (place.older, place.way) {
        (Some(older), "") => Some(html! { "Older word: " (highlight(older, query)) }),
        (Some(older), way) => Some(html! { (way) " · older word: " (highlight(older, query)) }),
        (None, "") => None,
        (None, way) => Some(html! { (way) }),
    };
    Suggestion { label: highlight(place.label, query), detail, kind: "Page".to_owned(), icon: Icon::Document, href: place.href.to_owned() }
}

fn organizations(found: &Found, query: &str) -> Vec<Suggestion> {
    let row = |firm: &crate::search::model::Firm| Suggestion {
        label: highlight(&firm.name, query),
        detail: Some(html! { (highlight(&firm.id.shown(), query)) }),
        kind: "Organization".to_owned(),
        icon: Icon::Building,
        href: format!("/organizations/{}", firm.id),
    };
    found.organizations.iter().map(row).collect()
}

fn users(found: &Found, query: &str) -> Vec<Suggestion> {
    let row = |user: &crate::search::model::User| Suggestion {
        label: highlight(&user.name, query),
        detail: Some(html! { (highlight(&user.email, query)) " · " (user.organization_name) }),
        kind: "User".to_owned(),
        icon: Icon::Users,
        href: format!("/organizations/{}/users/{}", user.organization, user.account),
    };
    found.users.iter().map(row).collect()
}

fn employees(found: &Found, query: &str) -> Vec<Suggestion> {
    let row = |employee: &crate::search::model::Employee| Suggestion {
        label: highlight(&employee.name, query),
        detail: Some(html! { (highlight(&employee.email, query)) " · " (employee.role.shown()) }),
        kind: "Employee".to_owned(),
        icon: Icon::Users,
        href: format!("/employees?{}", form_urlencoded::Serializer::new(String::new()).append_pair("q", &employee.email).finish()),
    };
    found.employees.iter().map(row).collect()
}

fn saas(found: &Found, query: &str) -> Vec<Suggestion> {
    let row = |saas: &crate::search::model::Saas| Suggestion {
        label: highlight(&saas.name, query),
        detail: Some(html! {
            (highlight(&saas.domain, query)) " · "
            @match &saas.organization_name { Some(name) => { (name) } None => { "not linked" } }
        }),
        kind: "SaaS account".to_owned(),
        icon: Icon::Cloud,
        href: format!("/saas/{}", saas.id),
    };
    found.saas.iter().map(row).collect()
}

fn networks(found: &Found, query: &str) -> Vec<Suggestion> {
    let row = |network: &crate::networks::model::Network| Suggestion {
        label: highlight(&network.name, query),
        detail: Some(html! {
            (highlight(&network.facts(), query)) " · "
            @match &network.organization { Some((_, name)) => { (name) } None => { "not linked" } }
        }),
        kind: "Network".to_owned(),
        icon: Icon::Network,
        href: format!("/networks/{}", network.id),
    };
    found.networks.iter().map(row).collect()
}

fn devices(found: &Found, query: &str) -> Vec<Suggestion> {
    let row = |device: &crate::search::model::Device| Suggestion {
        label: highlight(&device.name, query),
        detail: Some(html! {
            @if !device.beneath.is_empty() { (highlight(&device.beneath, query)) " · " }
            @match &device.organization_name { Some(name) => { (name) } None => { "not linked" } }
        }),
        kind: "Device".to_owned(),
        icon: Icon::Device,
        href: format!("/devices/{}", device.id),
    };
    found.devices.iter().map(row).collect()
}

fn guides(found: &Found, query: &str) -> Vec<Suggestion> {
    let row = |guide: &&crate::guides::model::Guide| Suggestion {
        label: highlight(guide.title, query),
        detail: Some(html! { (guide.about) }),
        kind: "Guide".to_owned(),
        icon: Icon::Document,
        href: format!("/guides/{}", guide.slug),
    };
    found.guides.iter().map(row).collect()
}

/// The page of results, by kind.
pub fn page(found: &Found, query: &str) -> Markup {
    html! {
        div.stack {
            (kit::plain_field("results", query))
            @if text::key(query).is_empty() {
                (parts::empty("What are you looking for?", "Enter a name, an ID, an e-mail address, a domain, a serial number, or a word of an older guide.", None))
            } @else if found.is_empty() {
                (parts::empty("Nothing found", "Try fewer or other words. Users and accounts are found from three letters on.", None))
            } @else {
                (kind("places", "Pages", &found.places.iter().map(|place| place_row(place, query)).collect::<Vec<_>>()))
                (kind("organizations", "Organizations", &organizations(found, query)))
                (kind("users", "Users", &users(found, query)))
                (kind("employees", "Employees", &employees(found, query)))
                (kind("saas", "SaaS accounts", &saas(found, query)))
                (kind("networks", "Networks", &networks(found, query)))
                (kind("devices", "Devices", &devices(found, query)))
                (kind("guides", "Guides", &guides(found, query)))
            }
        }
    }
}

/// One kind's card; nothing when nothing of it was found.
fn kind(id: &str, title: &str, rows: &[Suggestion]) -> Markup {
    let row = |found: &Suggestion| Row {
        cells: vec![parts::two_lines(
            &html! { (icon(found.icon)) " " (found.label) },
            &html! { @if let Some(detail) = &found.detail { (detail) } },
        )],
        href: Some(found.href.clone()),
        ..Row::default()
    };
    let list = Table {
        caption: title.to_owned(),
        columns: vec![Column::new("Name")],
        rows: rows.iter().map(row).collect(),
        bare: true,
        ..Table::default()
    };
    html! { @if !rows.is_empty() { (parts::card(id, title, None, None, list.render())) } }
}
