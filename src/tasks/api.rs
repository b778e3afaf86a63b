//! `/api/v1/tasks`: the connector's side, for scripts. It takes the next task, says how far it is, and what came of it (DEV-7).

use crate::access::roles_model::Right;
use crate::access::witness_model::Technician;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::json::{self, Paging};
use crate::kernel::text;
use crate::page::{Cx, Route};
use crate::tasks::model::{End, State};
use crate::tasks::served_model::{Finished, Progress, ServedTask, Taken, Taking};
use crate::tasks::{actions, store};

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::read("/api/v1/tasks", Right::SeeDevices, list),
    Route::read("/api/v1/tasks/{task}", Right::SeeDevices, show),
    Route::call("/api/v1/tasks/take", Right::SeeDevices, take),
    Route::call("/api/v1/tasks/{task}/progress", Right::SeeDevices, report),
    Route::call("/api/v1/tasks/{task}/result", Right::SeeDevices, finish),
];

/// Tasks on a page.
const PER_PAGE: i64 = 100;
/// Serial numbers are shorter.
const SERIAL: usize = 120;

fn technician(cx: &Cx<'_>) -> Result<Technician> {
    Technician::of_script(cx.script()?).ok_or(Error::NotFound)
}

fn list(cx: &Cx<'_>) -> Result<Response> {
    let (by, paging) = (technician(cx)?, Paging::read(cx.request, PER_PAGE)?);
    let state = match cx.query("state").as_str() {
        "" => None,
        word => Some(State::from_word(word).ok_or_else(|| {
            let known: Vec<&str> = State::ALL.iter().map(|state| state.word()).collect();
            Error::refused(format!("state is one of {}.", known.join(", ")))
        })?),
    };
    let (tasks, count) = cx.read(|db| store::page_of_own(db, by.scope(), state, paging))?;
    json::answer(&paging.envelope(tasks.iter().map(ServedTask::of).collect(), count))
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    let (by, id) = (technician(cx)?, cx.param("task")?);
    json::answer(&ServedTask::of(&cx.read(|db| store::find_own(db, by.scope(), id))?))
}

fn take(cx: &Cx<'_>) -> Result<Response> {
    let by = technician(cx)?;
    let wanted: Taking = if cx.request.body.trim_ascii().is_empty() { Taking::default() } else { json::body(cx.request)? };
    let serial = match wanted.device {
        Some(serial) => Some(text::line(&serial, SERIAL).map_err(|_| Error::refused("device is a serial number."))?),
        None => None,
    };
    let task = cx.portal.db.write(|tx| actions::take(tx, &by, cx.script()?, serial.as_deref()))?;
    json::answer(&Taken { task: task.as_ref().map(ServedTask::of) })
}

fn report(cx: &Cx<'_>) -> Result<Response> {
    let (by, id, said): (_, _, Progress) = (technician(cx)?, cx.param("task")?, json::body(cx.request)?);
    let task = cx.portal.db.write(|tx| actions::report(tx, &by, cx.script()?, (id, said.take), &said.text))?;
    json::answer(&ServedTask::of(&task))
}

fn finish(cx: &Cx<'_>) -> Result<Response> {
    let (by, id, said): (_, _, Finished) = (technician(cx)?, cx.param("task")?, json::body(cx.request)?);
    let how = End::from_word(&said.state).ok_or_else(|| Error::refused("state is done or refused."))?;
    let task = cx.portal.db.write(|tx| actions::finish(tx, &by, cx.script()?, (id, said.take), (how, &said.result)))?;
    json::answer(&ServedTask::of(&task))
}
