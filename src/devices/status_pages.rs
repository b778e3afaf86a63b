//! Device Status (DEV-4): for employees every device in sight, for an organization's users just theirs (USR-8).

use std::sync::Arc;

use crate::access::model::{Access, Scope};
use crate::access::roles_model::Right;
use crate::accounts;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::devices::detail_views::{self, Detail};
use crate::devices::model::Device;
use crate::devices::spotlight_views::NAMED;
use crate::devices::status_model::{Judged, Place, Query, Sort, State, found, page};
use crate::devices::status_views::{self as views, ATTENTION, StatusPage};
use crate::devices::{assets_store, status_store, store};
use crate::kernel::csv::Csv;
use crate::kernel::db::{Read, Reader};
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::{DeviceId, OrganizationId};
use crate::kernel::time::Timestamp;
use crate::organizations;
use crate::page::{Cx, Route, Sheet};
use crate::settings::local_model::LocalView;

/// The page's addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/status/devices", Access::DeviceViewer, status),
    Route::get("/status/devices/{device}", Access::DeviceViewer, detail),
    Route::post("/status/devices/export", Access::DeviceViewer, export),
];

/// Longest search, in characters.
const WORDS: usize = 120;

fn status(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    let scope = person.scope();
    let (query, state) = asked(|name| cx.query(name));
    let place = match (cx.query("before").parse::<DeviceId>(), cx.query("after").parse::<DeviceId>()) {
        (Ok(id), _) => Place::Before(id),
        (_, Ok(id)) => Place::After(id),
        _ => Place::First,
    };
    let (view, judgement, looked_for, only) = cx.read(|db| {
        let view = accounts::identities_store::local_view(db, person.identity)?;
        let only = match query.organization {
            Some(id) => Some(organization_name(db, &scope, id)?),
            None => None,
        };
        Ok((view, status_store::judged(db, &scope, &view)?, looked_for(db, &scope, &query, &view)?, only))
    })?;
    let found = found(&judgement.all, looked_for.as_deref(), &query, &view);
    let (shown, edges) = page(&found, place, usize::try_from(view.per_page).unwrap_or(usize::MAX));
    let worst: Vec<&Judged> = judgement.all.iter().take(NAMED).filter(|judged| judged.verdict.state().needs_attention()).collect();
    let (all_shown, all_worst) = cx.read(|db| Ok((in_full(db, &scope, &shown)?, in_full(db, &scope, &worst)?)))?;
    let (devices, worst) = (beside(&shown, &all_shown), beside(&worst, &all_worst));
    let link = |name, id: DeviceId| views::address(&query, &state, Some((name, id.to_string())));
    let content = StatusPage {
        query: &query,
        state: &state,
        judgement: &judgement,
        worst: &worst,
        devices: &devices,
        count: found.len(),
        view: &view,
        several: scope.only().is_none(),
        may_import: Access::Unlimited(Right::RunPortal).admits(cx.visitor),
        only: only.as_deref(),
        pages: (edges.0.map(|id| link("before", id)), edges.1.map(|id| link("after", id))),
        times: &cx.times(),
    };
    let sheet = Sheet {
        title: title(&scope),
        crumbs: vec![("Status", String::new())],
        aside: Some(views::aside(judgement.moment, &cx.times())),
        actions: Some(views::export(&cx.form_id()?, &query, &state)),
        wide: true,
    };
    cx.page(sheet, &content)
}

/// Seed 002 writes it so for an organization's users.
const fn title(scope: &Scope) -> &'static str {
    if scope.only().is_some() { "Device status" } else { "Device Status" }
}

/// What a query has to look for, if it has to.
fn looked_for(db: &Reader<'_>, scope: &Scope, query: &Query, view: &LocalView) -> Result<Option<Vec<DeviceId>>> {
    if query.is_looked_for(view) { status_store::looked_for(db, scope, query, view).map(Some) } else { Ok(None) }
}

fn in_full(db: &Reader<'_>, scope: &Scope, shown: &[&Judged]) -> Result<Arc<Vec<Device>>> {
    let ids: Vec<DeviceId> = shown.iter().map(|judged| judged.id).collect();
    status_store::page_in_full(db, scope, &ids)
}

/// Each device in full beside what is said of it; one that went meanwhile is left out.
fn beside<'a>(shown: &[&'a Judged], full: &'a [Device]) -> Vec<(&'a Judged, &'a Device)> {
    full.iter().filter_map(|device| shown.iter().find(|judged| judged.id == device.id).map(|judged| (*judged, device))).collect()
}

/// What a row of the table opens.
fn detail(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    let (scope, times) = (person.scope(), cx.times());
    let id: DeviceId = cx.param("device")?;
    let (device, facts, assets, view) = cx.read(|db| {
        let device = store::find(db, &scope, id)?;
        let facts = status_store::facts(db, &device)?;
        let assets: Vec<_> = assets_store::of_device(db, id)?.into_iter().map(|asset| asset.report).collect();
        Ok((device, facts, assets, accounts::identities_store::local_view(db, person.identity)?))
    })?;
    let verdict = facts.verdict(&view, times.now);
    let ways = ways(&device);
    let content = detail_views::detail(&Detail {
        device: &device,
        verdict: &verdict,
        assets: &assets,
        view: &view,
        moment: facts.moment,
        ways: &ways,
        times: &times,
    });
    let sheet = Sheet {
        title: device.name(),
        crumbs: vec![("Status", String::new()), (title(&scope), views::HERE.to_owned())],
        aside: Some(detail_views::badge(&verdict)),
        ..Sheet::default()
    };
    cx.page(sheet, &content)
}

/// Where else this viewer may go from a device.
fn ways(device: &Device) -> Vec<(&'static str, String)> {
    let at = |rest: &str| format!("/devices/{}/{rest}", device.id);
    let mut ways = vec![
        ("Add device task", at("tasks/new")),
        ("Device Tasks", format!("/tasks?device={}", device.id)),
        ("Offsite audit", at("audits")),
        ("Recovery Launchpad", at("recovery")),
    ];
    if let Some((organization, _)) = &device.organization {
        ways.push(("Alert settings", format!("/alerts/{organization}")));
    }
    ways.push(("Device page", format!("/devices/{}", device.id)));
    ways
}

/// The name of the organization that the table is narrowed to; of one out of sight nothing is said but that nothing is found.
fn organization_name(db: &impl Read, scope: &Scope, id: OrganizationId) -> Result<String> {
    match organizations::store::find(db, scope, id) {
        Ok(organization) => Ok(organization.name),
        Err(Error::NotFound) => Ok("an organization that is not here".to_owned()),
        Err(error) => Err(error),
    }
}

/// What an address or the export's form asks for; what it does not say, or says wrongly, is the default.
fn asked(get: impl Fn(&str) -> String) -> (Query, String) {
    let state = get("state");
    let states: Vec<State> = match state.as_str() {
        ATTENTION => State::ALL.iter().copied().filter(|state| state.needs_attention()).collect(),
        word => State::from_word(word).into_iter().collect(),
    };
    let query = Query {
        words: get("q").chars().take(WORDS).collect(),
        organization: get("organization").parse().ok(),
        sort: Sort::from_word(&get("sort")),
        reversed: get("order") == "reversed",
        states,
    };
    let state = if query.states.is_empty() { String::new() } else { state };
    (query, state)
}

/// ALL-2: the whole filtered list, in the order shown.
fn export(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    let scope = person.scope();
    let (query, _) = asked(|name| cx.form.get(name).to_owned());
    let event = Event::new(Kind::Exported, "exported Device Status");
    let event = match scope.only() {
        Some(organization) => event.at(organization),
        None => event,
    };
    cx.portal.db.write(|tx| activity::store::record(tx, &person.actor(), &event))?;
    let (devices, all) = cx.read(|db| {
        let view = accounts::identities_store::local_view(db, person.identity)?;
        let all = status_store::judged(db, &scope, &view)?;
        let looked_for = looked_for(db, &scope, &query, &view)?;
        let ids: Vec<DeviceId> = found(&all.all, looked_for.as_deref(), &query, &view).into_iter().map(|judged| judged.id).collect();
        Ok((status_store::in_full(db, &scope, ids.into_iter())?, all))
    })?;
    let verdicts: std::collections::HashMap<DeviceId, &Judged> = all.all.iter().map(|judged| (judged.id, judged)).collect();
    let mut csv = Csv::new(&HEAD);
    for device in &devices {
        if let Some(judged) = verdicts.get(&device.id) {
            csv.row(cells(device, judged).iter().map(String::as_str));
        }
    }
    Response::file("device-status.csv", "text/csv; charset=utf-8", csv.into_bytes())
}

const HEAD: [&str; 22] = [
    "Organization",
    "Device",
    "Serial number",
    "Model",
    "State",
    "Local",
    "Offsite",
    "What is wrong",
    "Local storage in use, percent",
    "Local storage in use, bytes",
    "Local storage free, bytes",
    "Offsite storage, bytes",
    "Agents",
    "Shares",
    "Alerts",
    "Last seen (UTC)",
    "Last snapshot (UTC)",
    "Last screenshot (UTC)",
    "Last offsite (UTC)",
    "Service period ends (UTC)",
    "Warranty ends (UTC)",
    "As of (UTC)",
];

fn cells(device: &Device, judged: &Judged) -> [String; 22] {
    let (report, verdict) = (&device.report, &judged.verdict);
    let figure = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    let bytes = |kilobytes: Option<i64>| figure(kilobytes.map(|kilobytes| kilobytes.saturating_mul(1_000)));
    let moment = |moment: Option<Timestamp>| moment.map(Timestamp::iso).unwrap_or_default();
    [
        device.organization.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
        report.name.clone(),
        report.serial.clone(),
        report.model.clone().unwrap_or_default(),
        verdict.state().shown().to_owned(),
        verdict.local.shown().to_owned(),
        verdict.offsite.shown().to_owned(),
        verdict.why(),
        device.local_permille.map(|permille| format!("{}.{}", permille / 10, permille % 10)).unwrap_or_default(),
        bytes(report.local_used_kb),
        bytes(report.local_free_kb),
        figure(report.offsite_bytes),
        report.agents.to_string(),
        report.shares.to_string(),
        report.alerts.to_string(),
        moment(report.last_seen),
        moment(device.summary.newest_snapshot),
        moment(device.summary.newest_screenshot),
        moment(device.summary.newest_offsite),
        moment(report.service_until),
        moment(report.warranty_until),
        moment(judged.facts.moment),
    ]
}
