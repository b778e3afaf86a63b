//! How offsite audits look.

use maud::{Markup, html};

use crate::audits::model::{Audit, Dataset, Orphaned, Report};
use crate::devices::model::Device;
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::html::table::{Column, Row, Table};
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::kernel::time::Timestamp;

/// What is not known, in the same words everywhere.
const UNKNOWN: &str = "not known";

/// A device's audits.
#[derive(Debug)]
pub struct DevicePage<'a> {
    /// Which device.
    pub device: &'a Device,
    /// The newest first.
    pub audits: &'a [Audit],
    /// Whether one was made today.
    pub made_today: bool,
    /// Why none can be made, if so.
    pub refusal: Option<&'a str>,
    /// The form's id.
    pub form_id: Markup,
    /// How times are read.
    pub times: &'a Times,
}

/// The page **Offsite audit** of a device.
pub fn device(page: &DevicePage<'_>) -> Markup {
    let make = html! {
        div.stack {
            p { "An audit writes down what is known of the device at this moment: its size, what lies offsite by agent, and chains that belong to nothing any more." }
            @match (page.refusal, page.made_today) {
                (Some(sentence), _) => p.hint { (sentence) },
                (None, true) => p.hint { "One was made today (UTC). The next can be made tomorrow." },
                (None, false) => div.buttons {
                    (parts::action_form(&format!("/devices/{}/audits", page.device.id), &page.form_id, "Make an offsite audit", ButtonKind::Primary, None))
                },
            }
        }
    };
    let table = Table {
        id: "audits".to_owned(),
        caption: "Offsite audits, the newest first".to_owned(),
        columns: vec![Column { class: "main", ..Column::new("Made") }, Column { class: "short", ..Column::new("Found") }],
        rows: page.audits.iter().map(|audit| row(audit, page.times)).collect(),
        bare: true,
        empty: Some(parts::empty("No audit yet", "The first one is the measure for what vanishes later.", None)),
        ..Table::default()
    };
    parts::columns(
        &parts::card("audits-card", "Audits", Some(&page.audits.len().to_string()), None, table.render()),
        &parts::card("make", "Make one", None, None, parts::padded(&make)),
    )
}

fn row(audit: &Audit, times: &Times) -> Row {
    Row {
        cells: vec![
            parts::two_lines(&html! { (times.exact(audit.made_at)) }, &html! { (audit.made_by) }),
            parts::two_lines(
                &html! { "offsite " (bytes(audit.report.offsite_bytes)) },
                &html! { (text::counted(i64::try_from(audit.report.orphans.len()).unwrap_or(0), "orphaned chain", "orphaned chains")) },
            ),
        ],
        href: Some(format!("/audits/{}", audit.id)),
        ..Row::default()
    }
}

fn bytes(count: Option<i64>) -> String {
    count.map_or_else(|| UNKNOWN.to_owned(), text::bytes)
}

/// One audit, as it was made.
pub fn audit(audit: &Audit, times: &Times) -> Markup {
    let report = &audit.report;
    parts::columns(&html! { (datasets(report, times)) (orphans(report, times)) }, &facts(audit, times))
}

fn facts(audit: &Audit, times: &Times) -> Markup {
    let report = &audit.report;
    let lines = [
        ("Device", html! { (audit.device_name()) div.sub { (audit.device_beneath()) } }),
        ("Organization", html! { (audit.organization.1) }),
        ("Offsite", html! { (bytes(report.offsite_bytes)) }),
        ("On the device", html! { (bytes(report.local_kb.map(|kb| kb.saturating_mul(1_000)))) }),
        ("Recycle bin", html! { (UNKNOWN) div.sub { "The vendor does not report it." } }),
        ("As of", html! { @match report.as_of { Some(at) => (times.exact(at)), None => "no data yet" } }),
        ("Made by", html! { (audit.made_by) ", " (times.exact(audit.made_at)) }),
    ];
    parts::card("facts", "Audit", None, None, parts::definition_list(&lines))
}

fn datasets(report: &Report, times: &Times) -> Markup {
    let known = i64::try_from(report.datasets.len() + report.orphans.len()).unwrap_or(i64::MAX);
    let body = html! {
        @if report.datasets.is_empty() {
            (parts::empty("No dataset is known", "No import brought what this device protects.", None))
        } @else {
            ul.lines { @for dataset in &report.datasets { (line(dataset, None, times)) } }
        }
        @if known < report.counted {
            (parts::padded(&html! {
                p.hint { "The vendor counts " (text::counted(report.counted, "agent or share", "agents and shares")) " and reported " (known) ". Of the others nothing is known." }
            }))
        }
    };
    parts::card("datasets-card", "Datasets by agent", Some(&report.datasets.len().to_string()), None, body)
}

fn line(dataset: &Dataset, orphaned: Option<Markup>, times: &Times) -> Markup {
    let newest = |at: Option<Timestamp>| html! { @match at { Some(at) => { "newest " (times.exact(at)) }, None => "none known" } };
    let good = dataset.points.iter().filter(|(_, good)| *good).count();
    html! {
        li {
            span.two {
                span.name {
                    (dataset.name)
                    @if let Some(why) = orphaned { " " (parts::badge(Tone::Warn, Icon::Warning, "Orphaned")) " " span.sub { (why) } }
                    @else if dataset.paused { " " (parts::badge(Tone::Quiet, Icon::Pause, "Paused")) }
                }
                span.sub { "Offsite: " (newest(dataset.newest_offsite)) }
                span.sub { "On the device: " (text::counted(dataset.local_points, "recovery point", "recovery points")) ", " (newest(dataset.newest_local)) }
                span.sub {
                    @if dataset.points.is_empty() { "No recovery point is known one by one." }
                    @else { (good) " of the " (dataset.points.len()) " newest recovery points are good." }
                }
            }
        }
    }
}

fn orphans(report: &Report, times: &Times) -> Markup {
    let why = |why: &Orphaned| match why {
        Orphaned::Archived => html! { "archived" },
        Orphaned::Vanished(at) => html! { "vanished since " (times.exact(*at)) },
    };
    let body = html! {
        @if report.orphans.is_empty() {
            (parts::empty("No orphaned chain is known", "A chain is orphaned when its agent is archived, or is not reported any more.", None))
        } @else {
            ul.lines { @for (dataset, reason) in &report.orphans { (line(dataset, Some(why(reason)), times)) } }
        }
        (parts::padded(&html! {
            p.hint {
                @match report.before {
                    Some(at) => { "Compared with the audit of " (times.exact(at)) "." },
                    None => "What vanished before this audit is not known: it is the first of this device.",
                }
            }
        }))
    };
    parts::card("orphans-card", "Orphaned chains", Some(&report.orphans.len().to_string()), None, body)
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
                        (form::link_button("Offsite audit", &format!("/devices/{}/audits", device.id), ButtonKind::Secondary, None))
                    }
                }
            }
        }
    }
}
