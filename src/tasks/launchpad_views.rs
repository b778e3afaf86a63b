//! How the Recovery Launchpad looks (DEV-9).

use maud::{Markup, html};

use crate::devices::model::Device;
use crate::devices::report_model::{AssetReport, BackupReport};
use crate::kernel::html::form::{self, ButtonKind, Checkbox, Field, Kind, Select};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table, pager};
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::kernel::web;
use crate::tasks::list_model::PER_PAGE;
use crate::tasks::model::{Point, Task, TaskKind};
use crate::tasks::views::{Drawn, LIST, badge};

/// The launchpad of one device.
#[derive(Debug)]
pub struct Launchpad<'a> {
    /// Which device.
    pub device: &'a Device,
    /// What it protects, with its recovery points.
    pub assets: &'a [AssetReport],
    /// Its restore requests.
    pub requests: &'a Requests,
    /// Why nothing can be asked for, if so.
    pub refusal: Option<&'a str>,
    /// How times are read.
    pub times: &'a Times,
}

/// Recovery points by agent, and what was asked for.
pub fn launchpad(page: &Launchpad<'_>) -> Markup {
    parts::columns(
        &html! {
            @if let Some(sentence) = page.refusal { (parts::banner(Tone::Info, sentence, None)) }
            @if page.assets.is_empty() {
                (parts::card("points", "Recovery points", None, None,
                    parts::empty("No recovery point is known", "No import brought what this device protects.", None)))
            }
            @for (place, asset) in page.assets.iter().enumerate() { (points(page, place, asset)) }
        },
        &requests(page.requests, false, page.times),
    )
}

fn points(page: &Launchpad<'_>, place: usize, asset: &AssetReport) -> Markup {
    let table = Table {
        id: format!("points-{place}"),
        caption: format!("Recovery points of {}", asset.name),
        columns: vec![
            Column { class: "main", ..Column::new("Made") },
            Column { class: "short", ..Column::new("State") },
            Column::actions(),
        ],
        rows: asset.backups.iter().map(|point| row(page, asset, point)).collect(),
        bare: true,
        empty: Some(parts::empty("No recovery point is known", "Points come in with the vendor's report of this device.", None)),
        ..Table::default()
    };
    let count = asset.backups.len().to_string();
    let title = if asset.archived { format!("{} (archived)", asset.name) } else { asset.name.clone() };
    parts::card(&format!("asset-{place}"), &title, Some(&count), None, table.render())
}

fn row(page: &Launchpad<'_>, asset: &AssetReport, point: &BackupReport) -> Row {
    let screenshot = match point.screenshot.as_deref() {
        Some("1") => "screenshot good",
        Some(_) => "screenshot failed",
        None => "no screenshot",
    };
    let (tone, shape, word) =
        if point.is_good() { (Tone::Good, Icon::Check, "Backup good") } else { (Tone::Bad, Icon::Cross, "Backup failed") };
    let asked = [("volume", asset.volume.clone()), ("at", point.at.0.to_string())];
    let href = web::address(&format!("/devices/{}/recovery/new", page.device.id), asked);
    let name = format!("Restore {} of {}", asset.name, page.times.zone.exact(point.at));
    let action = html! {
        @if point.is_good() && page.refusal.is_none() {
            (form::dialog_link("Restore", &href, ButtonKind::Secondary, None, Some(&name)))
        }
    };
    Row {
        cells: vec![
            parts::two_lines(&html! { (page.times.exact(point.at)) }, &html! { (point.error.as_deref().unwrap_or(screenshot)) }),
            parts::badge(tone, shape, word),
            action,
        ],
        ..Row::default()
    }
}

/// A page of restore requests: open ones first, whatever their age.
#[derive(Debug)]
pub struct Requests {
    /// Those of this page.
    pub shown: Vec<Task>,
    /// How many there are in all.
    pub count: i64,
    /// Which page this is, from 1.
    pub number: i64,
    /// The address without the page.
    pub at: String,
}

/// The card of restore requests; `several` is whether organizations are told apart.
pub fn requests(requests: &Requests, several: bool, times: &Times) -> Markup {
    let page = |number: i64| format!("{}?page={number}", requests.at);
    let previous = (1 < requests.number).then(|| page(requests.number - 1));
    let next = (requests.number * PER_PAGE < requests.count).then(|| page(requests.number + 1));
    let table = Table {
        id: "requests".to_owned(),
        caption: "Restore requests".to_owned(),
        columns: vec![Column { class: "main", ..Column::new("Request") }, Column { class: "short", ..Column::new("State") }],
        rows: requests.shown.iter().map(|task| request(task, several, times)).collect(),
        bare: true,
        empty: Some(parts::empty("No restore requests", "Choose a recovery point to ask for its files or for a virtual machine.", None)),
        footer: (previous.is_some() || next.is_some())
            .then(|| pager(previous.as_deref(), next.as_deref(), &text::counted(requests.count, "request", "requests"))),
        ..Table::default()
    };
    parts::card("requests-card", "Restore requests", Some(&text::thousands(requests.count)), None, table.render())
}

fn request(task: &Task, several: bool, times: &Times) -> Row {
    let point = task.point.as_ref().map(|point| times.exact(point.at));
    Row {
        cells: vec![
            parts::two_lines(
                &html! { (task.title()) },
                &html! { @if let Some(point) = point { "of " (point) " · " } (task.device_name()) @if several { " of " (task.organization.1) } " · asked " (times.ago(task.asked.at)) },
            ),
            badge(task.state),
        ],
        href: Some(format!("{LIST}/{}", task.id)),
        ..Row::default()
    }
}

/// What was entered in the form.
#[derive(Clone, Copy, Debug)]
pub struct Entered<'a> {
    /// The kind's word.
    pub kind: &'a str,
    /// The note.
    pub note: &'a str,
    /// Whether the box Disaster recovery was ticked.
    pub disaster_recovery: bool,
}

/// The dialog that asks for a restore.
pub fn ask_form(device: &Device, point: &Point, entered: Entered<'_>, times: &Times, drawn: &Drawn<'_>) -> Markup {
    let kinds = [
        ("", "Choose…"),
        (TaskKind::RestoreFiles.word(), TaskKind::RestoreFiles.shown()),
        (TaskKind::RestoreMachine.word(), TaskKind::RestoreMachine.shown()),
    ];
    html! {
        (drawn.summary)
        form.stack method="post" action={ "/devices/" (device.id) "/recovery/new" } {
            (drawn.form_id)
            (form::hidden("volume", &point.volume)) (form::hidden("at", &point.at.0.to_string()))
            p { "From the recovery point of " (point.asset) " of " (times.exact(point.at)) " on " (device.name()) "." }
            (Select {
                name: "kind", label: "What to restore", options: &kinds, selected: entered.kind, required: true, error: drawn.errors.of("kind"),
                hint: Some("File restore makes the point's files available; Virtual machine runs the machine as it was then."), ..Select::default()
            })
            (Field {
                name: "note", label: "Note", value: entered.note, kind: Kind::TextArea, required: true, error: drawn.errors.of("note"),
                hint: Some("Which files, and where to; or how the machine is to be reached."), ..Field::default()
            })
            (Checkbox {
                name: "disaster_recovery", value: "1", label: "Disaster recovery", checked: entered.disaster_recovery,
                hint: Some("Systems are down and have to be recovered: it stands before all others."), ..Checkbox::default()
            })
            p.hint { "A file restore is queued at once. A virtual machine, or disaster recovery, waits for approval where whoever asks is not authorized for support." }
            (form::buttons(None, &[form::cancel(&format!("/devices/{}/recovery", device.id)), form::button("Ask for restore", ButtonKind::Primary, None)]))
        }
    }
}

/// For an employee: what is a device's own is reached through Device Status.
pub fn through_status(sentence: &str) -> Markup {
    let way = form::link_button("Device Status", "/status/devices", ButtonKind::Secondary, None);
    parts::empty("Choose a device", sentence, Some(way))
}

/// For a user: which device it is about.
pub fn choose_device(devices: &[Device]) -> Markup {
    html! {
        @if devices.is_empty() {
            (parts::empty("No device yet", "Your provider links the devices it looks after for you.", None))
        } @else {
            ul.lines {
                @for device in devices {
                    li {
                        span.two { span.name { (device.name()) } span.sub { (device.facts()) } }
                        (form::link_button("Recovery points", &format!("/devices/{}/recovery", device.id), ButtonKind::Secondary, None))
                    }
                }
            }
        }
    }
}
