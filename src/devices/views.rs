//! Devices on pages: the organization's card, and the dialogs that link and unlink.

use maud::{Markup, html};

use crate::devices::model::{Device, Fill};
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts::{self, Badge};
use crate::kernel::html::picks::{LinkForm, Pick, fill_search, link_form, linked_already};
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::text::{Joined, Words};
use crate::kernel::html::when::{Ago, Times};
use crate::kernel::ids::{DeviceId, OrganizationId};
use crate::kernel::text;
use crate::organizations::link_model::Unlinked;

/// Where devices are linked to an organization.
pub fn link_href(organization: OrganizationId) -> String {
    format!("/organizations/{organization}/devices/link")
}

/// Where a link is taken away again.
pub fn unlink_href(organization: OrganizationId, device: DeviceId) -> String {
    format!("/organizations/{organization}/devices/{device}/unlink")
}

/// The card on an organization's page.
#[derive(Debug)]
pub struct Card<'a> {
    /// Whose devices.
    pub organization: OrganizationId,
    /// The linked ones.
    pub devices: &'a [Device],
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// The card **Devices**: each with when it was last seen, its local storage, its agents and a trash can; and the **Add Devices** button.
pub fn card(card: &Card<'_>) -> Markup {
    let href = link_href(card.organization);
    let link = || form::dialog_link("Add Devices", &href, ButtonKind::Secondary, Some(Icon::Link), None);
    let empty = parts::empty("No device is linked", "Link the backup appliances that protect this organization.", None);
    let table = Table {
        id: "organization-devices".into(),
        caption: "Linked devices".into(),
        columns: vec![
            Column { class: "main", ..Column::new("Device") },
            Column::new("Last seen"),
            Column::new("Local storage"),
            Column::actions(),
        ],
        rows: card.devices.iter().map(|device| card_row(card, device)).collect(),
        bare: true,
        empty: Some(empty),
        ..Table::default()
    };
    parts::card("devices", "Devices", Some(&card.devices.len().to_string()), Some(link()), table.render())
}

fn card_row(card: &Card<'_>, device: &Device) -> Row {
    let trash = unlink_href(card.organization, device.id);
    let name = html! { a href={ "/devices/" (device.id) } { (device.name()) } @if device.report.hidden { " " (parts::badge(Tone::Quiet, Icon::Dash, "Hidden")) } };
    Row {
        cells: vec![
            parts::two_lines(&name, &html! { (device.facts()) }),
            parts::two_lines(last_seen(device, card.times), device.holds()),
            local_storage(device),
            html! { (form::icon_link(Icon::Trash, Joined(&["Unlink ", device.name()]), Words(&trash), true)) },
        ],
        ..Row::default()
    }
}

/// When a device last checked in.
pub fn last_seen(device: &Device, times: &Times) -> Markup {
    html! { @match device.report.last_seen { Some(moment) => (Ago(times, moment)), None => "not known" } }
}

/// How full a device's local storage is: in color, shape and words (DEV-4), and of how much; "no data yet" where the vendor sent none.
pub fn local_storage(device: &Device) -> Markup {
    let (Some(permille), Some(used), Some(free)) = (device.local_permille, device.report.local_used_kb, device.report.local_free_kb) else {
        return html! { span.sub { "no data yet" } };
    };
    let whole = used.saturating_add(free).saturating_mul(1_000);
    parts::two_lines(fill_badge(permille), html! { "of " (text::bytes(whole)) })
}

/// "24 %", green below 51 %, orange to 80 %, red above (DEV-4); each with a shape of its own.
pub fn fill_badge(permille: i64) -> Markup {
    let (tone, shape) = match Fill::of(permille) {
        Fill::Low => (Tone::Good, Icon::Check),
        Fill::High => (Tone::Warn, Icon::Warning),
        Fill::Full => (Tone::Bad, Icon::Cross),
    };
    let word = format!("{} % used", permille.div_euclid(10));
    html! { (Badge(tone, shape, &word)) }
}

/// Why a device is unlinked, as a badge (DEV-3).
fn reason_badge(unlinked: &Unlinked, times: &Times) -> Markup {
    let (tone, shape) = unlinked.look();
    parts::badge(tone, shape, &unlinked.in_short(&times.zone.day_and_month(unlinked.at)))
}

/// Why the dialog has nothing to tick.
#[derive(Debug)]
pub enum Nothing {
    /// The partner has no device at all.
    NoDevice {
        /// Whether the viewer may import some.
        may_import: bool,
    },
    /// All are linked.
    AllLinked,
    /// No unlinked device holds the words.
    NotFound {
        /// Some that hold them and are linked.
        linked: Vec<Device>,
    },
}

/// What the dialog shows.
#[derive(Debug)]
pub struct LinkDialog<'a> {
    /// Where the devices go.
    pub organization: OrganizationId,
    /// What is searched.
    pub words: &'a str,
    /// Those filled in or ticked before; they stand first.
    pub chosen: &'a [Device],
    /// The other unlinked devices found.
    pub found: &'a [Device],
    /// Why none was found.
    pub nothing: Option<&'a Nothing>,
    /// Whether there are more than are shown.
    pub more: bool,
    /// The form's id and what was wrong with it.
    pub hidden: Markup,
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// The content of **Add Devices** (DEV-1).
pub fn link_dialog(dialog: &LinkDialog<'_>) -> Markup {
    let here = link_href(dialog.organization);
    let kept: Vec<String> = dialog.chosen.iter().map(|device| device.id.to_string()).collect();
    let chosen = dialog.chosen.iter().map(|device| pick(dialog, device, true));
    let picks: Vec<Pick> = chosen.chain(dialog.found.iter().map(|device| pick(dialog, device, false))).collect();
    link_form(&LinkForm {
        search: fill_search(&here, "Hostname or serial number", dialog.words, ("device", &kept)),
        action: &here,
        back: &format!("/organizations/{}", dialog.organization),
        hidden: &dialog.hidden,
        nothing: dialog.nothing.map(nothing_found),
        legend: "Unlinked devices",
        picks: &picks,
        more: dialog.more.then_some("More devices match. Search for the one you mean."),
        button: "Link Devices",
    })
}

fn nothing_found(nothing: &Nothing) -> Markup {
    match nothing {
        Nothing::NoDevice { may_import } => parts::empty(
            "There is no device yet",
            "Devices come with an import of what the backup service reports; then they can be linked here.",
            may_import.then(|| form::link_button("Import", "/imports", ButtonKind::Secondary, Some(Icon::Upload))),
        ),
        Nothing::AllLinked => {
            parts::empty("No device is waiting to be linked", "Every device of this partner is linked to an organization already.", None)
        }
        Nothing::NotFound { linked } if linked.is_empty() => {
            parts::empty("Nothing found", "No device has this in its hostname or serial number.", None)
        }
        Nothing::NotFound { linked } => {
            let linked = linked.iter().filter_map(|device| {
                let (organization, name) = device.organization.as_ref()?;
                Some((device.name(), name.as_str(), format!("/organizations/{organization}#devices")))
            });
            linked_already("No unlinked device has this", &linked.collect::<Vec<_>>())
        }
    }
}

fn pick(dialog: &LinkDialog<'_>, device: &Device, checked: bool) -> Pick {
    let detail = html! { (parts::highlight(&device.facts(), dialog.words)) " · " (device.holds()) };
    Pick {
        name: "device".into(),
        value: device.id.to_string(),
        label: parts::highlight(device.name(), dialog.words),
        detail: Some(detail),
        badge: device.unlinked.as_ref().map(|unlinked| reason_badge(unlinked, dialog.times)),
        checked,
        disabled: false,
    }
}

/// The content of the dialog that asks once before unlinking (DEV-3).
pub fn unlink_dialog(organization: (OrganizationId, &str), device: &Device, hidden: &Markup) -> Markup {
    html! {
        form action=(unlink_href(organization.0, device.id)) method="post" {
            (hidden)
            p { "The users of " (organization.1) " no longer see " strong { (device.name()) } "." }
            p { "Nothing is deleted: the device and its backups stay, and it can be linked again at any time." }
            (form::buttons(None, &[
                form::cancel(&format!("/organizations/{}", organization.0)),
                form::button("Unlink", ButtonKind::DangerPrimary, Some(Icon::Trash)),
            ]))
        }
    }
}
