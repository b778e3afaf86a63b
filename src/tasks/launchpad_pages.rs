//! **Recovery Launchpad** (DEV-9): the recovery points of a device's agents, and restore requests.

use crate::access::model::Access;
use crate::access::witness_model::DeviceAsker;
use crate::devices;
use crate::devices::model::Device;
use crate::kernel::db::Read;
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::html::parts;
use crate::kernel::http::Response;
use crate::kernel::ids::DeviceId;
use crate::kernel::time::Timestamp;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::restores;
use crate::tasks::actions;
use crate::tasks::launchpad_views::{self as views, Entered, Launchpad, Requests};
use crate::tasks::list_model::PER_PAGE;
use crate::tasks::list_pages::page_of;
use crate::tasks::list_store;
use crate::tasks::model::{NewTask, Point, State, TaskKind, Urgency, said, written};
use crate::tasks::views::{Drawn, LIST, not_now};

/// The pages' addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/recovery", Access::DeviceViewer, all),
    Route::get("/devices/{device}/recovery", Access::DeviceViewer, of_device),
    Route::get("/devices/{device}/recovery/new", Access::DeviceViewer, show_ask),
    Route::post("/devices/{device}/recovery/new", Access::DeviceViewer, ask),
];

/// Endpoint agents' file restores that are over and still shown, beside all that wait.
const RESTORES: usize = 20;

/// A page of the restore requests in sight, of one device if one is named: open ones first.
fn requests(cx: &Cx<'_>, db: &impl Read, by: &DeviceAsker, device: Option<DeviceId>) -> Result<Requests> {
    let count = list_store::count_requests(db, by.scope(), device)?;
    let number = page_of(cx, count);
    let shown = list_store::requests(db, by.scope(), device, ((number - 1) * PER_PAGE, PER_PAGE))?;
    Ok(Requests { shown, count, number, at: cx.request.path.clone() })
}

/// For a user their devices, with the way to the recovery points of each; an employee comes to those from Device Status.
fn all(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.device_asker()?;
    let (devices, requests) = cx.read(|db| {
        let devices = by.scope().only().map(|organization| devices::store::linked(db, by.scope(), organization)).transpose()?;
        Ok((devices, requests(cx, db, &by, None)?))
    })?;
    let times = cx.times();
    let ways = match &devices {
        Some(devices) => parts::card("devices", "Your devices", Some(&devices.len().to_string()), None, views::choose_device(devices)),
        None => parts::card(
            "devices",
            "Recovery points",
            None,
            None,
            views::through_status("Recovery points are a device's, and restores begin with one."),
        ),
    };
    let content = parts::stack(&maud::html! {
        (parts::columns(&ways, &views::requests(&requests, by.scope().only().is_none(), &times)))
        @if let Some(restores) = endpoint_restores(cx)? { (restores) }
    });
    cx.page(Sheet { title: "Recovery Launchpad", crumbs: vec![("Status", String::new())], ..Sheet::default() }, &content)
}

/// END-2: file restores from endpoint agents, for who may ask for them: all that wait, and the newest of the others.
fn endpoint_restores(cx: &Cx<'_>) -> Result<Option<maud::Markup>> {
    let Ok(by) = cx.restorer() else { return Ok(None) };
    let found = cx.read(|db| {
        let waiting = restores::store::count_waiting(db, by.scope())?;
        restores::store::newest(db, by.scope(), None, waiting.saturating_add(RESTORES))
    })?;
    let times = cx.times();
    let card = restores::views::Card { restores: &found, organizations: by.scope().only().is_none(), closes: by.closes(), times: &times };
    Ok(Some(restores::views::card(&card)))
}

fn of_device(cx: &Cx<'_>) -> Result<Response> {
    let (by, id): (_, DeviceId) = (cx.device_asker()?, cx.param("device")?);
    let ((device, verdict), assets, requests) = cx.read(|db| {
        let found = actions::askable(db, &by, id)?;
        let assets: Vec<_> = devices::assets_store::of_device(db, id)?.into_iter().map(|asset| asset.report).collect();
        Ok((found, assets, requests(cx, db, &by, Some(id))?))
    })?;
    let page = Launchpad {
        device: &device,
        assets: &assets,
        requests: &requests,
        refusal: verdict.as_ref().err().map(String::as_str),
        times: &cx.times(),
    };
    let title = format!("Recovery Launchpad of {}", device.name());
    let crumbs =
        vec![("Status", String::new()), ("Device Status", "/status/devices".to_owned()), (device.name(), format!("/status/devices/{id}"))];
    cx.page(Sheet { title: &title, crumbs, ..Sheet::default() }, &views::launchpad(&page))
}

/// The recovery point that is meant, one that can be restored from; `NotFound` for any other.
fn point(db: &impl Read, device: DeviceId, volume: &str, at: &str) -> Result<Point> {
    let at = Timestamp(at.parse().map_err(|_| Error::NotFound)?);
    let assets = devices::assets_store::of_device(db, device)?;
    let asset = assets.into_iter().map(|asset| asset.report).find(|asset| asset.volume == volume).ok_or(Error::NotFound)?;
    let good = asset.backups.iter().any(|point| point.at == at && point.is_good());
    if good { Ok(Point { asset: asset.name, volume: asset.volume, at }) } else { Err(Error::NotFound) }
}

/// The device, why nothing can be asked of it, if so, and the point that the address or the form names.
fn about(cx: &Cx<'_>) -> Result<(Device, Option<String>, Point)> {
    let (by, id) = (cx.device_asker()?, cx.param("device")?);
    let given = |name: &str| if cx.form.get(name).is_empty() { cx.query(name) } else { cx.form.get(name).to_owned() };
    cx.read(|db| {
        let (device, verdict) = actions::askable(db, &by, id)?;
        Ok((device, verdict.err(), point(db, id, &given("volume"), &given("at"))?))
    })
}

fn show_ask(cx: &Cx<'_>) -> Result<Response> {
    draw_ask(cx, &Problem::default())
}

fn draw_ask(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let (device, refusal, point) = about(cx)?;
    let entered = Entered { kind: cx.form.get("kind"), note: cx.form.get("note"), disaster_recovery: cx.form.ticked("disaster_recovery") };
    let drawn = Drawn { form_id: cx.form_id()?, summary: problem.summary(), errors: &problem.fields };
    let content = match refusal {
        None => views::ask_form(&device, &point, entered, &cx.times(), &drawn),
        Some(sentence) => not_now(&sentence, &format!("/devices/{}/recovery", device.id)),
    };
    let title = format!("Restore {}", point.asset);
    let crumbs = vec![("Status", String::new()), ("Recovery Launchpad", format!("/devices/{}/recovery", device.id))];
    cx.dialog(Sheet { title: &title, crumbs, ..Sheet::default() }, None, &content)
}

fn ask(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.device_asker()?;
    let (device, _, point) = about(cx)?;
    cx.submit(
        |tx| {
            let task = actions::ask(tx, &by, device.id, &wanted(cx, point)?)?;
            let what = if task.state == State::Waiting { "waits for approval" } else { "is queued" };
            let said = format!("{} {what}.", task.title());
            Ok(Done::said(format!("{LIST}/{}", task.id), said).then("Recovery Launchpad", format!("/devices/{}/recovery", device.id)))
        },
        |problem| draw_ask(cx, problem),
    )
}

fn wanted(cx: &Cx<'_>, point: Point) -> Result<NewTask> {
    let mut errors = FieldErrors::default();
    let kind = TaskKind::from_word(cx.form.get("kind")).filter(|kind| kind.is_restore());
    let kind = errors.take("kind", kind.ok_or_else(|| "Choose what to restore.".to_owned()));
    let note = written(cx.form.get("note")).and_then(|note| said(note, "Say which files, or how the machine is to be reached."));
    let note = errors.take("note", note);
    let (kind, note) = errors.or(kind.zip(note))?;
    Ok(NewTask { kind, point: Some(point), note, urgency: Urgency::of(cx.form.ticked("disaster_recovery")) })
}
