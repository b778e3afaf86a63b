//! Networks on pages: the organization's card, a network's own page, the dialogs that link and unlink.

use maud::{Markup, html};

use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::picks::{LinkForm, Pick, fill_search, link_form, linked_already};
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::text::{Joined, Words};
use crate::kernel::html::when::Times;
use crate::kernel::ids::{NetworkId, OrganizationId};
use crate::networks::model::Network;
use crate::organizations::link_model::Unlinked;

/// Where a network's own page is.
pub fn href(network: NetworkId) -> String {
    format!("/networks/{network}")
}

/// Where networks are linked to an organization.
pub fn link_href(organization: OrganizationId) -> String {
    format!("/organizations/{organization}/networks/link")
}

/// Where a link is taken away again.
pub fn unlink_href(organization: OrganizationId, network: NetworkId) -> String {
    format!("/organizations/{organization}/networks/{network}/unlink")
}

/// The card **Networks** of an organization's page.
pub fn card(organization: OrganizationId, networks: &[Network]) -> Markup {
    let link = || form::dialog_link("Link Networks", &link_href(organization), ButtonKind::Secondary, Some(Icon::Link), None);
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
    let trash = unlink_href(organization, network.id);
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

/// Why a network is unlinked, as a badge (DEV-3).
fn reason_badge(unlinked: &Unlinked, times: &Times) -> Markup {
    let (tone, shape) = unlinked.look();
    parts::badge(tone, shape, &unlinked.in_short(&times.zone.day_and_month(unlinked.at)))
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
                        (form::dialog_link("Unlink", &unlink_href(*organization, network.id), ButtonKind::Danger, Some(Icon::Trash), Some(&format!("Unlink {}", network.name))))
                    }
                }
                None => { (parts::card("way", "Link it", None, None, parts::padded(&way))) }
            }
        }
    }
}

/// Why the Link dialog has nothing to tick.
#[derive(Debug)]
pub enum Nothing {
    /// The partner has no network at all.
    NoNetwork {
        /// Whether the viewer may import some.
        may_import: bool,
    },
    /// All are linked.
    AllLinked,
    /// No unlinked network holds the words.
    NotFound {
        /// Some that hold them and are linked.
        linked: Vec<Network>,
    },
}

/// What the Link dialog shows.
#[derive(Debug)]
pub struct LinkDialog<'a> {
    /// Where the networks go.
    pub organization: OrganizationId,
    /// What is searched.
    pub words: &'a str,
    /// Those filled in or ticked before; they stand first.
    pub chosen: &'a [Network],
    /// The other unlinked networks found.
    pub found: &'a [Network],
    /// Why none was found.
    pub nothing: Option<&'a Nothing>,
    /// Whether there are more than are shown.
    pub more: bool,
    /// The form's id and what was wrong with it.
    pub hidden: Markup,
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// The content of **Link Networks** (DEV-2).
pub fn link_dialog(dialog: &LinkDialog<'_>) -> Markup {
    let here = link_href(dialog.organization);
    let kept: Vec<String> = dialog.chosen.iter().map(|network| network.id.to_string()).collect();
    let chosen = dialog.chosen.iter().map(|network| pick(dialog, network, true));
    let picks: Vec<Pick> = chosen.chain(dialog.found.iter().map(|network| pick(dialog, network, false))).collect();
    link_form(&LinkForm {
        search: fill_search(&here, "Name, group name, DNA hostname or DNA serial number", dialog.words, ("network", &kept)),
        action: &here,
        back: &format!("/organizations/{}", dialog.organization),
        hidden: &dialog.hidden,
        nothing: dialog.nothing.map(nothing_found),
        legend: "Unlinked networks",
        picks: &picks,
        more: dialog.more.then_some("More networks match. Search for the one you mean."),
        button: "Link Networks",
    })
}

fn nothing_found(nothing: &Nothing) -> Markup {
    match nothing {
        Nothing::NoNetwork { may_import } => parts::empty(
            "There is no network yet",
            "Networks come with an import of networks.csv; then they can be linked here.",
            may_import.then(|| form::link_button("Import", "/imports", ButtonKind::Secondary, Some(Icon::Upload))),
        ),
        Nothing::AllLinked => {
            parts::empty("No network is waiting to be linked", "Every network of this partner is linked to an organization already.", None)
        }
        Nothing::NotFound { linked } if linked.is_empty() => {
            parts::empty("Nothing found", "No network has this in its name, group name, DNA hostname or DNA serial number.", None)
        }
        Nothing::NotFound { linked } => {
            let linked = linked.iter().filter_map(|network| {
                let (organization, name) = network.organization.as_ref()?;
                Some((network.name.as_str(), name.as_str(), format!("/organizations/{organization}#networks")))
            });
            linked_already("No unlinked network has this", &linked.collect::<Vec<_>>())
        }
    }
}

fn pick(dialog: &LinkDialog<'_>, network: &Network, checked: bool) -> Pick {
    Pick {
        name: "network".into(),
        value: network.id.to_string(),
        label: parts::highlight(&network.name, dialog.words),
        detail: Some(parts::highlight(&network.facts(), dialog.words)),
        badge: network.unlinked.as_ref().map(|unlinked| reason_badge(unlinked, dialog.times)),
        checked,
        disabled: false,
    }
}

/// The content of the dialog that asks once before unlinking (DEV-3).
pub fn unlink_dialog(organization: (OrganizationId, &str), network: &Network, hidden: &Markup) -> Markup {
    html! {
        form action=(unlink_href(organization.0, network.id)) method="post" {
            (hidden)
            p { strong { (network.name) } " is no longer " (organization.1) "'s." }
            p { "Nothing is deleted: the network stays, and it can be linked again at any time." }
            (form::buttons(None, &[
                form::cancel(&format!("/organizations/{}", organization.0)),
                form::button("Unlink", ButtonKind::DangerPrimary, Some(Icon::Trash)),
            ]))
        }
    }
}
