//! Status → Device Tasks, **Add device task**, and a task's own page.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::witness_model::{DeviceAsker, Technician};
use crate::devices;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::html::icons::Icon;
use crate::kernel::html::parts;
use crate::kernel::http::Response;
use crate::kernel::ids::{DeviceId, TaskId};
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::tasks::model::{End, Entry, Operation, State, Task, Which};
use crate::tasks::views::{self, Drawn, LIST, ListPage, TaskPage};
use crate::tasks::{actions, store};
use crate::users;

const VIEWERS: Access = Access::DeviceViewer;

const TECHNICIANS: Access = Access::Employee(Right::SeeDevices);

/// The pages' addresses. What is asked for may destroy local data, so asking and approving are dangerous steps (SEC-2).
pub const ROUTES: &[Route] = &[
    Route::get("/tasks", VIEWERS, list),
    Route::get("/tasks/new", Access::FullUser, choose_device),
    Route::get("/devices/{device}/tasks/new", VIEWERS, show_add),
    Route::post("/devices/{device}/tasks/new", VIEWERS, add).dangerous(),
    Route::get("/tasks/{task}", VIEWERS, show),
    Route::post("/tasks/{task}/approval", TECHNICIANS, approve).dangerous(),
    Route::get("/tasks/{task}/refusal", TECHNICIANS, show_refuse),
    Route::post("/tasks/{task}/refusal", TECHNICIANS, refuse),
    Route::get("/tasks/{task}/closing", TECHNICIANS, show_close),
    Route::post("/tasks/{task}/closing", TECHNICIANS, close),
];

fn crumbs(cx: &Cx<'_>) -> Vec<(&'static str, String)> {
    let list = if cx.request.path == LIST { None } else { Some(("Device Tasks", LIST.to_owned())) };
    std::iter::once(("Status", String::new())).chain(list).collect()
}

fn list(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.device_asker()?;
    let which = if cx.query("show") == "over" { Which::Over } else { Which::Open };
    let wanted: Option<DeviceId> = match cx.query("device").as_str() {
        "" => None,
        id => Some(id.parse()?),
    };
    let (tasks, open, over, device) = cx.read(|db| {
        let device = wanted.map(|device| devices::store::find(db, by.scope(), device)).transpose()?;
        let (open, over) = (store::list(db, by.scope(), Which::Open, wanted)?, store::list(db, by.scope(), Which::Over, wanted)?);
        Ok((if which == Which::Open { open.0 } else { over.0 }, open.1, over.1, device))
    })?;
    let page = ListPage {
        tasks: &tasks,
        which,
        counts: (open, over),
        device: device.as_ref().map(|device| (device.id, device.name())),
        employee: by.user().is_none(),
        times: &cx.times(),
    };
    let add = match (&device, by.user()) {
        (Some(device), _) => Some(format!("/devices/{}/tasks/new", device.id)),
        (None, Some(_)) => Some("/tasks/new".to_owned()),
        (None, None) => None,
    };
    let actions = add.map(|href| form::dialog_link("Add device task", &href, ButtonKind::Primary, Some(Icon::Plus), None));
    cx.page(Sheet { title: "Device Tasks", crumbs: crumbs(cx), actions, ..Sheet::default() }, &views::list(&page))
}

fn choose_device(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.device_asker()?;
    let organization = by.scope().only().ok_or(Error::NotFound)?;
    let devices = cx.read(|db| devices::store::linked(db, by.scope(), organization))?;
    let sheet = Sheet { title: "Add device task", crumbs: crumbs(cx), ..Sheet::default() };
    cx.page(sheet, &parts::card("devices", "On which device?", None, None, views::choose_device(&devices)))
}

fn show_add(cx: &Cx<'_>) -> Result<Response> {
    draw_add(cx, &Entry::default(), &Problem::default())
}

fn draw_add(cx: &Cx<'_>, entry: &Entry, problem: &Problem) -> Result<Response> {
    let (by, id) = (cx.device_asker()?, cx.param("device")?);
    let ((device, verdict), waits) = cx.read(|db| Ok((actions::askable(db, &by, id)?, waits(db, &by)?)))?;
    let content = if let Err(sentence) = verdict {
        views::not_now(&sentence, LIST)
    } else {
        let drawn = Drawn { form_id: cx.form_id()?, summary: problem.summary(), errors: &problem.fields };
        views::add_form(&device, entry, waits, &drawn)
    };
    let title = format!("Add device task for {}", device.name());
    cx.dialog(Sheet { title: &title, crumbs: crumbs(cx), ..Sheet::default() }, None, &content)
}

/// SUP-1: whether what this person asks for waits for approval.
fn waits(db: &impl crate::kernel::db::Read, by: &DeviceAsker) -> Result<bool> {
    Ok(match by.user() {
        Some(account) => users::support_store::of_account(db, account)?.recorded().is_none(),
        None => false,
    })
}

fn add(cx: &Cx<'_>) -> Result<Response> {
    let (by, id): (_, DeviceId) = (cx.device_asker()?, cx.param("device")?);
    let entry = Entry {
        kind: cx.form.get("kind").to_owned(),
        note: cx.form.get("note").to_owned(),
        disaster_recovery: cx.form.ticked("disaster_recovery"),
    };
    cx.read(|db| devices::store::find(db, by.scope(), id))?;
    cx.submit(
        |tx| {
            let task = actions::ask(tx, &by, id, &entry.parse()?)?;
            let said = match task.state {
                State::Waiting => format!("{} on {} waits for your provider's approval.", task.title(), task.device.1),
                State::Queued | State::InProgress | State::Done | State::Refused => {
                    format!("{} on {} is queued.", task.title(), task.device.1)
                }
            };
            Ok(Done::said(format!("{LIST}/{}", task.id), said).then("Device Tasks", LIST))
        },
        |problem| draw_add(cx, &entry, problem),
    )
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    let (by, id): (_, TaskId) = (cx.device_asker()?, cx.param("task")?);
    let task = cx.read(|db| store::find(db, by.scope(), id))?;
    let technician = cx.technician().ok();
    let may = |operation| technician.as_ref().is_some_and(|by| actions::refusal(by, &task, operation).is_none());
    let page = TaskPage {
        task: &task,
        steps: (may(Operation::Approve), may(Operation::Close(End::Done))),
        form_id: cx.form_id()?,
        times: &cx.times(),
    };
    let title = task.title();
    let sheet = Sheet { title: &title, crumbs: crumbs(cx), aside: Some(views::badge(task.state)), ..Sheet::default() };
    cx.page(sheet, &views::page(&page))
}

/// The task of the path, for a dialog about a step; its sentence where that step cannot be taken now.
fn about(cx: &Cx<'_>, operation: Operation) -> Result<(Task, Option<String>)> {
    let (by, id) = (cx.technician()?, cx.param("task")?);
    let task = cx.read(|db| store::find(db, by.scope(), id))?;
    let refusal = actions::refusal(&by, &task, operation);
    Ok((task, refusal))
}

fn approve(cx: &Cx<'_>) -> Result<Response> {
    let (task, _) = about(cx, Operation::Approve)?;
    let by = cx.technician()?;
    cx.press(&format!("{LIST}/{}", task.id), |tx| {
        let task = actions::approve(tx, &by, task.id)?;
        Ok(Done::said(format!("{LIST}/{}", task.id), format!("Approved. {} on {} is queued.", task.title(), task.device.1))
            .then("Device Tasks", LIST))
    })
}

fn show_refuse(cx: &Cx<'_>) -> Result<Response> {
    draw_refuse(cx, &Problem::default())
}

fn draw_refuse(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let (task, refusal) = about(cx, Operation::Decline)?;
    let drawn = Drawn { form_id: cx.form_id()?, summary: problem.summary(), errors: &problem.fields };
    let content = match refusal {
        Some(sentence) => views::not_now(&sentence, &format!("{LIST}/{}", task.id)),
        None => views::refuse_form(&task, cx.form.get("reason"), &drawn),
    };
    cx.dialog(Sheet { title: "Refuse task", crumbs: crumbs(cx), ..Sheet::default() }, None, &content)
}

fn refuse(cx: &Cx<'_>) -> Result<Response> {
    let reason = cx.form.get("reason");
    step(cx, Operation::Decline, |tx, by, id| actions::decline(tx, by, id, reason), draw_refuse)
}

fn show_close(cx: &Cx<'_>) -> Result<Response> {
    draw_close(cx, &Problem::default())
}

fn draw_close(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let (task, refusal) = about(cx, Operation::Close(End::Done))?;
    let drawn = Drawn { form_id: cx.form_id()?, summary: problem.summary(), errors: &problem.fields };
    let content = match refusal {
        Some(sentence) => views::not_now(&sentence, &format!("{LIST}/{}", task.id)),
        None => views::close_form(&task, (cx.form.get("outcome"), cx.form.get("result")), &drawn),
    };
    cx.dialog(Sheet { title: "Close task by hand", crumbs: crumbs(cx), ..Sheet::default() }, None, &content)
}

fn close(cx: &Cx<'_>) -> Result<Response> {
    let (outcome, result) = (End::from_word(cx.form.get("outcome")), cx.form.get("result"));
    step(cx, Operation::Close(End::Done), |tx, by, id| actions::close(tx, by, id, outcome, result), draw_close)
}

/// A step that ends a task, whose form comes back when something is wrong with it.
fn step(
    cx: &Cx<'_>,
    operation: Operation,
    act: impl FnOnce(&Tx<'_>, &Technician, TaskId) -> Result<Task>,
    redraw: fn(&Cx<'_>, &Problem) -> Result<Response>,
) -> Result<Response> {
    let (task, _) = about(cx, operation)?;
    let by = cx.technician()?;
    cx.submit(
        |tx| {
            let task = act(tx, &by, task.id)?;
            let word = task.state.shown().to_lowercase();
            Ok(Done::said(format!("{LIST}/{}", task.id), format!("{} on {}: {word}.", task.title(), task.device.1))
                .then("Device Tasks", LIST))
        },
        |problem| redraw(cx, problem),
    )
}
