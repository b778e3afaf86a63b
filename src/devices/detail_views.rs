//! What a row of Device Status opens: a page of its own, which scripts put below the row.

use maud::{Markup, html};

use crate::devices::model::Device;
use crate::devices::page_views::device_web;
use crate::devices::report_model::{AssetKind, AssetReport, BackupReport};
use crate::devices::status_model::{State, Verdict};
use crate::devices::status_views::{local_storage, look};
use crate::kernel::html::charts::Strip;
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::{Icon, icon};
use crate::kernel::html::parts;
use crate::kernel::html::table;
use crate::kernel::html::when::Times;
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp};
use crate::settings::local_model::LocalView;

/// Backups on a strip.
const STRIP: usize = 10;

/// Everything below a row.
#[derive(Debug)]
pub struct Detail<'a> {
    /// The device.
    pub device: &'a Device,
    /// What is said of it.
    pub verdict: &'a Verdict,
    /// What it protects, by name.
    pub assets: &'a [AssetReport],
    /// How the viewer likes to see devices.
    pub view: &'a LocalView,
    /// The newest moment that the data knows.
    pub moment: Option<Timestamp>,
    /// Where else this viewer may go from here.
    pub ways: &'a [(&'static str, String)],
    /// How the reader reads times.
    pub times: &'a Times,
}

/// The content.
pub fn detail(page: &Detail<'_>) -> Markup {
    let of = |kind: AssetKind| page.assets.iter().filter(move |asset| asset.kind == kind).collect::<Vec<_>>();
    let body = html! {
        div.device-detail {
            @if !page.verdict.troubles.is_empty() { (troubles(page.verdict)) }
            (facts(page))
            (assets("Agents", "No agent is known: none is set up, or no import brought this device's assets.", &of(AssetKind::Agent), page.times))
            @let shares = of(AssetKind::Share);
            @if !shares.is_empty() || 0 < page.device.report.shares { (assets("Shares", "No share is known yet.", &shares, page.times)) }
            div.device-ways {
                (device_web(page.device))
                @for (label, href) in page.ways { a.button.secondary href=(href) { (label) } }
            }
        }
    };
    parts::card("details", "Details", None, None, parts::padded(&table::unfolded(&body)))
}

fn troubles(verdict: &Verdict) -> Markup {
    html! {
        ul.troubles {
            @for (state, trouble) in &verdict.troubles {
                @let (tone, shape) = look(*state);
                li class=(tone.class()) { span.shape { (icon(shape)) } span.hidden { (state.shown()) ": " } (trouble.sentence()) }
            }
        }
    }
}

fn facts(page: &Detail<'_>) -> Markup {
    let (device, times) = (page.device, page.times);
    let report = &device.report;
    let ago = |moment: Option<Timestamp>, none: &str| html! { @match moment { Some(moment) => (times.ago(moment)), None => (none) } };
    let date = |moment: Option<Timestamp>| html! { @match moment { Some(moment) => (times.date(moment)), None => "not known" } };
    let running = report.uptime_seconds.map_or_else(|| "not known".to_owned(), |seconds| Span::seconds(seconds).words());
    let service = html! {
        (report.service_plan.as_deref().unwrap_or("not known"))
        @if let Some(until) = report.service_until { span.sub { (if until <= times.now { "ended " } else { "until " }) (times.date(until)) } }
    };
    let pairs = [
        ("Local storage", local_storage(device, page.view)),
        ("Last snapshot", ago(device.summary.newest_snapshot, "none yet")),
        ("Last screenshot", screenshot(device, times)),
        ("Last offsite", ago(device.summary.newest_offsite, "none yet")),
        ("Last seen", ago(report.last_seen, "not yet")),
        ("Alerts", html! { @if report.alerts == 0 { "none" } @else { (text::counted(report.alerts, "alert", "alerts")) } }),
        ("Service plan and period", service),
        (
            "Warranty",
            html! { @if report.warranty_until.is_some_and(|until| until <= times.now) { "ended " } (date(report.warranty_until)) },
        ),
        ("Uptime", html! { (running) }),
        ("As of", ago(page.moment, "no data yet")),
    ];
    html! { dl.device-facts { @for (label, value) in &pairs { div { dt { (label) } dd { (value) } } } } }
}

/// ALL-5: when it was taken and what came of it; the picture itself stays at the vendor.
fn screenshot(device: &Device, times: &Times) -> Markup {
    let Some(moment) = device.summary.newest_screenshot else { return html! { "none yet" } };
    html! {
        (times.ago(moment)) " "
        @if 0 < device.summary.failed_screenshots {
            (parts::badge(Tone::Bad, Icon::Cross, &format!("{} failed", device.summary.failed_screenshots)))
        } @else { (parts::badge(Tone::Good, Icon::Check, "Good")) }
    }
}

fn assets(title: &str, none: &str, assets: &[&AssetReport], times: &Times) -> Markup {
    html! {
        section.assets {
            h3 { (title) " " span.sub { (assets.len()) } }
            @if assets.is_empty() { p.sub { (none) } }
            @else { ul { @for asset in assets { (line(asset, times)) } } }
        }
    }
}

fn line(asset: &AssetReport, times: &Times) -> Markup {
    let ago = |moment: Option<Timestamp>| html! { @match moment { Some(moment) => (times.ago(moment)), None => "none yet" } };
    html! {
        li.asset-line {
            span.two {
                span.name {
                    (asset.name)
                    @if asset.archived { " " (parts::badge(Tone::Quiet, Icon::Dash, "Archived")) }
                    @else if asset.paused { " " (parts::badge(Tone::Quiet, Icon::Pause, "Paused")) }
                    @else if asset.backups.first().is_some_and(|point| !point.is_good()) { " " (parts::badge(Tone::Bad, Icon::Cross, "Backup failed")) }
                }
                @if let Some(os) = &asset.os { span.sub { (os) } }
            }
            (strip(&asset.backups))
            span.sub { span.on { "snapshot " } (ago(asset.last_snapshot)) }
            span.sub {
                span.on { "offsite " } (ago(asset.latest_offsite))
            }
            span.sub {
                span.on { "screenshot " } (ago(asset.screenshot_at))
                @match asset.screenshot_ok {
                    Some(true) => { " " span.good.shape { (icon(Icon::Check)) span.hidden { "good" } } }
                    Some(false) => { " " (parts::badge(Tone::Bad, Icon::Cross, "Failed")) }
                    None => {}
                }
            }
        }
    }
}

/// The newest ten backups, oldest first.
fn strip(backups: &[BackupReport]) -> Markup {
    if backups.is_empty() {
        return html! { span.sub { "no backup reported" } };
    }
    let newest = || backups.iter().take(STRIP);
    let good = newest().filter(|point| point.is_good()).count();
    let words = match newest().find(|point| !point.is_good()).and_then(|point| point.error.as_deref()).filter(|error| !error.is_empty()) {
        Some(error) => format!("{good} of the newest {} backups good; {error}", newest().count()),
        None => format!("{good} of the newest {} backups good", newest().count()),
    };
    let days = newest().map(|point| if point.is_good() { Tone::Good } else { Tone::Bad }).rev();
    html! { (Strip { days, words: &words }) " " span.sub { "last " (text::counted(i64::try_from(newest().count()).unwrap_or(i64::MAX), "backup", "backups")) } }
}

/// Beside a device's name: how it is.
pub fn badge(verdict: &Verdict) -> Markup {
    let state: State = verdict.state();
    let (tone, shape) = look(state);
    parts::badge(tone, shape, state.shown())
}
