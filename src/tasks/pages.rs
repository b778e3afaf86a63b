//! **Add device task**, and a task's own page with what can be done about it.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::witness_model::{DeviceAsker, Technician};
use crate::devices;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::html::parts;
use crate::kernel::http::Response;
use crate::kernel::ids::{DeviceId, TaskId};
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::tasks::model::{End, Entry, Operation, State, Task};
use crate::tasks::views::{self, Drawn, LIST, Steps, TaskPage};
use crate::tasks::{actions, store};
use crate::users;

const VIEWERS: Access = Access::DeviceViewer;

const TECHNICIANS: Access = Access::Employee(Right::SeeDevices);

/// The pages' addresses. What is asked for may destroy local data, so asking and approving are dangerous steps (SEC-2).
pub const ROUTES: &[Route] = &[
    Route::get("/tasks/new", Access::FullUser, choose_device),
    Route::get("/devices/{device}/tasks/new", VIEWERS, show_add),
    Route::post("/devices/{device}/tasks/new", VIEWERS, add).dangerous(),
    Route::get("/tasks/{task}", VIEWERS, show),
    Route::post("/tasks/{task}/approval", TECHNICIANS, approve).dangerous(),
    Route::get("/tasks/{task}/refusal", TECHNICIANS, show_refuse),
    Route::post("/tasks/{task}/refusal", TECHNICIANS, refuse),
    Route::get("/tasks/{task}/closing", TECHNICIANS, show_close),
    Route::post("/tasks/{task}/closing", TECHNICIANS, close),
    Route::get("/tasks/{task}/withdrawal", VIEWERS, show_withdraw),
    Route::post("/tasks/{task}/withdrawal", VIEWERS, withdraw),
    Route::get("/tasks/{task}/return", TECHNICIANS, show_return),
    Route::post("/tasks/{task}/return", TECHNICIANS, put_back),
];

fn crumbs() -> Vec<(&'static str, String)> {
    vec![("Status", String::new()), ("Device Tasks", LIST.to_owned())]
}

fn choose_device(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.device_asker()?;
    let organization = by.scope().only().ok_or(Error::NotFound)?;
    let devices = cx.read(|db| devices::store::linked(db, by.scope(), organization))?;
    let sheet = Sheet { title: "Add device task", crumbs: crumbs(), ..Sheet::default() };
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
    cx.dialog(Sheet { title: &title, crumbs: crumbs(), ..Sheet::default() }, None, &content)
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
                State::Waiting => format!("{} on {} waits for your provider's approval.", task.title(), task.device_name()),
                State::Queued | State::InProgress | State::Done | State::Refused | State::Withdrawn => {
                    format!("{} on {} is queued.", task.title(), task.device_name())
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
        steps: steps(may),
        withdraws: actions::keeps(&by, &task).is_none(),
        form_id: cx.form_id()?,
        times: &cx.times(),
    };
    let title = task.title();
    let sheet = Sheet { title: &title, crumbs: crumbs(), aside: Some(views::badge(task.state)), ..Sheet::default() };
    cx.page(sheet, &views::page(&page))
}

/// The steps of employees that are open.
fn steps(may: impl Fn(Operation) -> bool) -> Steps {
    match (may(Operation::Approve), may(Operation::Close(End::Done)), may(Operation::PutBack)) {
        (true, _, _) => Steps::Decide,
        (false, true, true) => Steps::CloseOrPutBack,
        (false, true, false) => Steps::Close,
        (false, false, _) => Steps::None,
    }
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
        Ok(Done::said(format!("{LIST}/{}", task.id), format!("Approved. {} on {} is queued.", task.title(), task.device_name()))
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
    cx.dialog(Sheet { title: "Refuse task", crumbs: crumbs(), ..Sheet::default() }, None, &content)
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
    cx.dialog(Sheet { title: "Close task by hand", crumbs: crumbs(), ..Sheet::default() }, None, &content)
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
            Ok(Done::said(format!("{LIST}/{}", task.id), format!("{} on {}: {word}.", task.title(), task.device_name()))
                .then("Device Tasks", LIST))
        },
        |problem| redraw(cx, problem),
    )
}

fn show_withdraw(cx: &Cx<'_>) -> Result<Response> {
    let (by, id): (_, TaskId) = (cx.device_asker()?, cx.param("task")?);
    let task = cx.read(|db| store::find(db, by.scope(), id))?;
    let content = match actions::keeps(&by, &task) {
        Some(sentence) => views::not_now(&sentence, &format!("{LIST}/{id}")),
        None => views::withdraw_form(&task, &cx.form_id()?),
    };
    cx.dialog(Sheet { title: "Withdraw task", crumbs: crumbs(), ..Sheet::default() }, None, &content)
}

fn withdraw(cx: &Cx<'_>) -> Result<Response> {
    let (by, id): (_, TaskId) = (cx.device_asker()?, cx.param("task")?);
    cx.read(|db| store::find(db, by.scope(), id))?;
    let back = format!("{LIST}/{id}");
    cx.press(&back, |tx| {
        let task = actions::withdraw(tx, &by, id)?;
        Ok(Done::said(back.clone(), format!("{} on {} is withdrawn.", task.title(), task.device_name())).then("Device Tasks", LIST))
    })
}

fn show_return(cx: &Cx<'_>) -> Result<Response> {
    let (task, refusal) = about(cx, Operation::PutBack)?;
    let content = match refusal {
        Some(sentence) => views::not_now(&sentence, &format!("{LIST}/{}", task.id)),
        None => views::return_form(&task, &cx.form_id()?, &cx.times()),
    };
    cx.dialog(Sheet { title: "Put back into the queue", crumbs: crumbs(), ..Sheet::default() }, None, &content)
}

fn put_back(cx: &Cx<'_>) -> Result<Response> {
    let (task, _) = about(cx, Operation::PutBack)?;
    let by = cx.technician()?;
    let back = format!("{LIST}/{}", task.id);
    cx.press(&back, |tx| {
        let task = actions::put_back(tx, &by, task.id)?;
        Ok(Done::said(back.clone(), format!("{} on {} is queued again.", task.title(), task.device_name())).then("Device Tasks", LIST))
    })
}
