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
use crate::tasks::launchpad_views::{self as views, Entered, Launchpad};
use crate::tasks::model::{NewTask, Point, State, Task, TaskKind, Urgency, Which, said, written};
use crate::tasks::views::{Drawn, LIST, not_now};
use crate::tasks::{actions, store};

/// The pages' addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/recovery", Access::FullUser, all),
    Route::get("/devices/{device}/recovery", Access::DeviceViewer, of_device),
    Route::get("/devices/{device}/recovery/new", Access::DeviceViewer, show_ask),
    Route::post("/devices/{device}/recovery/new", Access::DeviceViewer, ask),
];

/// Restore requests inside `scope`, of one device if one is named: open ones first.
fn requests(db: &impl Read, by: &DeviceAsker, device: Option<DeviceId>) -> Result<Vec<Task>> {
    let (open, over) = (store::list(db, by.scope(), Which::Open, device)?.0, store::list(db, by.scope(), Which::Over, device)?.0);
    Ok(open.into_iter().chain(over).filter(|task| task.kind.is_restore()).collect())
}

fn all(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.device_asker()?;
    let organization = by.scope().only().ok_or(Error::NotFound)?;
    let (devices, requests) = cx.read(|db| Ok((devices::store::linked(db, by.scope(), organization)?, requests(db, &by, None)?)))?;
    let content = parts::columns(
        &parts::card("devices", "Your devices", Some(&devices.len().to_string()), None, views::choose_device(&devices)),
        &views::requests(&requests, &cx.times()),
    );
    cx.page(Sheet { title: "Recovery Launchpad", crumbs: vec![("Status", String::new())], ..Sheet::default() }, &content)
}

fn of_device(cx: &Cx<'_>) -> Result<Response> {
    let (by, id): (_, DeviceId) = (cx.device_asker()?, cx.param("device")?);
    let ((device, verdict), assets, requests) = cx.read(|db| {
        let found = actions::askable(db, &by, id)?;
        let assets: Vec<_> = devices::assets_store::of_device(db, id)?.into_iter().map(|asset| asset.report).collect();
        Ok((found, assets, requests(db, &by, Some(id))?))
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
