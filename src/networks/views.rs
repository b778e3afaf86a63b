//! Networks on pages: the organization's card, a network's own page, the dialogs that link and unlink.

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::text::{Joined, Words};
use crate::kernel::html::when::Times;
use crate::kernel::ids::{NetworkId, OrganizationId};
use crate::linking::model::Linkable as _;
use crate::networks::model::Network;

/// Where a network's own page is.
pub fn href(network: NetworkId) -> String {
    format!("/networks/{network}")
}

/// The card **Networks** of an organization's page.
pub fn card(organization: OrganizationId, networks: &[Network]) -> Markup {
    let link =
        || form::dialog_link("Link Networks", &Network::WORDS.link_href(organization), ButtonKind::Secondary, Some(Icon::Link), None);
    let table = Table {
        id: "organization-networks".into(),
        caption: "Linked networks".into(),
        columns: vec![Column::new("Network"), Column::actions()],
        rows: networks.iter().map(|network| card_row(organization, network)).collect(),
        bare: true,
        empty: Some(parts::empty("No network is linked", "Link the networks that are this organization's.", None)),
        ..Table::default()
    };
    parts::card("networks", "Networks", Some(&networks.len().to_string()), Some(link()), table.render())
}

fn card_row(organization: OrganizationId, network: &Network) -> Row {
    let trash = Network::WORDS.unlink_href(organization, network.id);
    Row {
        cells: vec![
            parts::two_lines(Words(&network.name), Words(&network.facts())),
            html! { (form::icon_link(Icon::Trash, Joined(&["Unlink ", &network.name]), Words(&trash), true)) },
        ],
        ..Row::default()
    }
}

fn or_dash(text: Option<&str>) -> &str {
    text.unwrap_or("—")
}

/// A network's own page: what it is known by, and where it is linked, or why not.
pub fn page(network: &Network, times: &Times) -> Markup {
    let linked = match (&network.organization, &network.unlinked) {
        (Some((organization, name)), _) => html! {
            a href={ "/organizations/" (organization) "#networks" } { (name) }
            @if let Some(moment) = network.linked_at { " " span.sub { "since " (times.date(moment)) } }
        },
        (None, Some(unlinked)) => html! { (unlinked.shown()) " " span.sub { (times.date(unlinked.at)) } },
        (None, None) => html! { "—" },
    };
    let facts = parts::definition_list(&[
        ("Group name", html! { (or_dash(network.group_name.as_deref())) }),
        ("DNA hostname", html! { (or_dash(network.dna_hostname.as_deref())) }),
        ("DNA serial number", html! { (network.dna_serial) }),
        ("Organization", linked),
    ]);
    let way = html! {
        p { "Choose an organization in Manage Organizations; " strong { "Link Networks" } " stands in the card Networks of its page." }
        div.buttons { (form::link_button("Manage Organizations", "/organizations", ButtonKind::Secondary, Some(Icon::Building))) }
    };
    html! {
        div.narrow.stack {
            (parts::card("network", "Network", None, None, facts))
            @match &network.organization {
                Some((organization, _)) => {
                    div.buttons {
                        (form::dialog_link("Unlink", &Network::WORDS.unlink_href(*organization, network.id), ButtonKind::Danger, Some(Icon::Trash), Some(&format!("Unlink {}", network.name))))
                    }
                }
                None => { (parts::card("way", "Link it", None, None, parts::padded(&way))) }
            }
        }
    }
}
