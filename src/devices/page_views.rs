//! A device's own page: what is known of it, what it protects, and where it is linked, or why not.

use maud::{Markup, html};

use crate::devices::model::Device;
use crate::devices::report_model::{AssetKind, AssetReport};
use crate::devices::views::{fill_badge, last_seen};
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::when::{Ago, Times};
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp};
use crate::linking::model::Linkable as _;

/// The page.
#[derive(Debug)]
pub struct Page<'a> {
    /// The device.
    pub device: &'a Device,
    /// What it protects, by name.
    pub assets: &'a [AssetReport],
    /// Whether the reader manages organizations, and so unlinks it.
    pub manages: bool,
    /// How the reader reads times.
    pub times: &'a Times,
}

/// DEV-5: opens the device's own address in a new tab, or says that none is known.
pub fn device_web(device: &Device) -> Markup {
    web(device, "button secondary", "Device web: no address is known")
}

/// The same in a list's row.
pub fn device_web_small(device: &Device) -> Markup {
    web(device, "button", "no address known")
}

fn web(device: &Device, class: &str, none: &str) -> Markup {
    html! {
        @match &device.report.web_address {
            Some(address) => (parts::link_out("Device web", address, Some(class))),
            None => span.sub { (none) },
        }
    }
}

/// What is known of a device, beneath its name.
pub fn page(page: &Page<'_>) -> Markup {
    html! {
        (parts::columns(
            &html! { (parts::card("assets", "Agents and shares", Some(&page.assets.len().to_string()), None, assets(page))) },
            &html! { (parts::card("device", "Device", None, None, facts(page))) (link(page)) },
        ))
    }
}

fn facts(page: &Page<'_>) -> Markup {
    let report = &page.device.report;
    let words = |text: &Option<String>| html! { (text.as_deref().unwrap_or("not known")) };
    let date = |moment: Option<Timestamp>| html! { @match moment { Some(moment) => (page.times.date(moment)), None => "not known" } };
    let bytes = |count: Option<i64>| html! { @match count { Some(count) => (text::bytes(count)), None => "no data yet" } };
    let kilobytes = |count: Option<i64>| bytes(count.map(|count| count.saturating_mul(1_000)));
    let local = html! {
        (kilobytes(report.local_used_kb)) " in use, " (kilobytes(report.local_free_kb)) " free"
        @if let Some(permille) = page.device.local_permille { " " (fill_badge(permille)) }
    };
    let running = report.uptime_seconds.map_or_else(|| "not known".to_owned(), |seconds| Span::seconds(seconds).words());
    parts::definition_list(&[
        ("Serial number", html! { (report.serial) }),
        ("Model", words(&report.model)),
        ("Last seen", last_seen(page.device, page.times)),
        ("Local storage", local),
        ("Offsite storage", bytes(report.offsite_bytes)),
        ("Protected disks", bytes(report.managed_bytes)),
        ("Service plan", words(&report.service_plan)),
        ("Service period ends", date(report.service_until)),
        ("Warranty ends", date(report.warranty_until)),
        ("Registered", date(report.registered_at)),
        ("Running for", html! { (running) }),
        ("Region", words(&report.location)),
        ("Internal IP", words(&report.internal_ip)),
    ])
}

fn link(page: &Page<'_>) -> Markup {
    let device = page.device;
    let body = match (&device.organization, &device.unlinked) {
        (Some((_, name)), _) if !page.manages => html! {
            p { (name) @if let Some(moment) = device.linked_at { " " span.sub { "since " (page.times.date(moment)) } } }
        },
        (None, _) if !page.manages => html! { p { "Linked to no organization." } },
        (Some((organization, name)), _) => html! {
            p {
                a href={ "/organizations/" (organization) "#devices" } { (name) }
                @if let Some(moment) = device.linked_at { " " span.sub { "since " (page.times.date(moment)) } }
            }
            (form::buttons(None, &[form::dialog_link(
                "Unlink", &Device::WORDS.unlink_href(*organization, device.id), ButtonKind::Danger, Some(Icon::Trash), Some(&format!("Unlink {}", device.name())),
            )]))
        },
        (None, unlinked) => html! {
            @if let Some(unlinked) = unlinked { p { (unlinked.shown()) " " span.sub { "since " (page.times.date(unlinked.at)) } } }
            p { "Choose an organization in Manage Organizations; " strong { "Add Devices" } " stands in the card Devices of its page." }
            (form::buttons(None, &[form::link_button("Manage Organizations", "/organizations", ButtonKind::Secondary, Some(Icon::Building))]))
        },
    };
    parts::card("organization", "Organization", None, None, parts::padded(&parts::stack(&body)))
}

fn assets(page: &Page<'_>) -> Markup {
    let table = Table {
        id: "device-assets".into(),
        caption: "Agents and shares".into(),
        columns: vec![
            Column { class: "main", ..Column::new("Name") },
            Column::new("Last snapshot"),
            Column::new("Last screenshot"),
            Column::new("Last offsite"),
        ],
        rows: page.assets.iter().map(|asset| asset_row(asset, page.times)).collect(),
        empty: Some(parts::empty("No agent and no share is known", "They come with an import of this device's assets.", None)),
        ..Table::default()
    };
    html! { (table) }
}

fn asset_row(asset: &AssetReport, times: &Times) -> Row {
    let kind = match asset.kind {
        AssetKind::Agent => "Agent",
        AssetKind::Share => "Share",
    };
    let about = [Some(kind), asset.os.as_deref(), asset.local_ip.as_deref()];
    let about = about.into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
    let name = html! {
        (asset.name)
        @if asset.archived { " " (parts::badge(Tone::Quiet, Icon::Dash, "Archived")) }
        @else if asset.paused { " " (parts::badge(Tone::Quiet, Icon::Pause, "Paused")) }
        @if asset.backups.first().is_some_and(|point| !point.is_good()) { " " (parts::badge(Tone::Bad, Icon::Cross, "Backup failed")) }
    };
    let ago = |moment: Option<Timestamp>| html! { @match moment { Some(moment) => (Ago(times, moment)), None => "none yet" } };
    let screenshot = match asset.screenshot_ok {
        Some(true) => Some(parts::badge(Tone::Good, Icon::Check, "Good")),
        Some(false) => Some(parts::badge(Tone::Bad, Icon::Cross, "Failed")),
        None => None,
    };
    Row {
        cells: vec![
            parts::two_lines(&name, &about),
            ago(asset.last_snapshot),
            html! { (ago(asset.screenshot_at)) @if let Some(badge) = screenshot { " " (badge) } },
            ago(asset.latest_offsite),
        ],
        ..Row::default()
    }
}
