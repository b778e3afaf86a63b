//! Devices on pages: the organization's card, and the dialogs that link and unlink.

use maud::{Markup, html};

use crate::devices::model::{Device, Fill};
use crate::kernel::html::charts;
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::text::{Joined, Words};
use crate::kernel::html::when::{Ago, Times};
use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::linking::model::Linkable as _;

/// The card on an organization's page.
#[derive(Debug)]
pub struct Card<'a> {
    /// Whose devices.
    pub organization: OrganizationId,
    /// The linked ones.
    pub devices: &'a [Device],
    /// Whether the viewer opens a device's page (EMP-3).
    pub opens: bool,
    /// How the viewer reads times.
    pub times: &'a Times,
}

/// The card **Devices**: each with when it was last seen, its local storage, its agents and a trash can; and the **Add Devices** button.
pub fn card(card: &Card<'_>) -> Markup {
    let href = Device::WORDS.link_href(card.organization);
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
    let trash = Device::WORDS.unlink_href(card.organization, device.id);
    let name = html! { @if card.opens { a href={ "/devices/" (device.id) } { (device.name()) } } @else { (device.name()) } @if device.report.hidden { " " (parts::badge(Tone::Quiet, Icon::Dash, "Hidden")) } };
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

/// How full a device's local storage is: in color, length and words (DEV-4), and of how much; "no data yet" where the vendor sent none.
pub fn local_storage(device: &Device) -> Markup {
    let (Some(permille), Some(used), Some(free)) = (device.local_permille, device.report.local_used_kb, device.report.local_free_kb) else {
        return html! { span.sub { "no data yet" } };
    };
    let whole = used.saturating_add(free).saturating_mul(1_000);
    parts::two_lines(fill_badge(permille), html! { "of " (text::bytes(whole)) })
}

/// "24 % used" below a bar, green below 51 %, orange to 80 %, red above (DEV-4). It is no verdict: a device fails by its thresholds, which its
/// state tells, so it has none of a state's shapes.
pub fn fill_badge(permille: i64) -> Markup {
    let tone = match Fill::of(permille) {
        Fill::Low => Tone::Good,
        Fill::High => Tone::Warn,
        Fill::Full => Tone::Bad,
    };
    let share = u16::try_from(permille).map_or(1.0, |permille| f32::from(permille) / 1_000.0);
    let words = format!("{} % used", permille.div_euclid(10));
    html! { span.fill-cell { (charts::meter(&[(share, tone)], &words)) span { (words) } } }
}
