//! The dialogs that ask for a file restore, close it and remove it.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::endpoints;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::{EndpointAgentId, FileRestoreId};
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::restores::model::{Entered, FileRestore, Step, outcome};
use crate::restores::views::{self, AskDialog};
use crate::restores::{actions, store};

const VIEWER: Access = Access::EndpointViewer;
const CLOSER: Access = Access::Employee(Right::SeeEndpointBackup);

/// The slice's addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/status/endpoints/{endpoint_agent}/restores/new", VIEWER, new),
    Route::post("/status/endpoints/{endpoint_agent}/restores/new", VIEWER, create),
    Route::get("/restores/{file_restore}/completion", CLOSER, completion),
    Route::post("/restores/{file_restore}/completion", CLOSER, close),
    Route::get("/restores/{file_restore}/removal", VIEWER, removal),
    Route::post("/restores/{file_restore}/removal", VIEWER, remove),
];

/// The list of agents, which all of it belongs to.
const LIST: &str = "/status/endpoints";

fn crumbs<'a>() -> Vec<(&'a str, String)> {
    vec![("Status", String::new()), ("Endpoint Backup Status", LIST.to_owned())]
}

fn new(cx: &Cx<'_>) -> Result<Response> {
    draw_new(cx, &Problem::default())
}

fn draw_new(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.restorer()?;
    let id: EndpointAgentId = cx.param("endpoint_agent")?;
    let (agent, points) = cx.read(|db| {
        let agent = endpoints::store::find(db, by.scope(), id)?;
        let points = store::points(db, agent.id)?;
        Ok((agent, points))
    })?;
    let back = format!("{LIST}/{id}");
    let entered = entered(cx);
    let dialog = AskDialog {
        agent: (id, &agent.hostname),
        points: &points,
        entered: &entered,
        errors: &problem.fields,
        hidden: html! { (cx.form_id()?) (problem.summary()) },
        times: &cx.times(),
        back: &back,
    };
    let title = format!("Restore files from {}", agent.hostname);
    let intro = if by.closes() {
        html! { "It is carried out in the vendor's console; close it here with what came of it." }
    } else {
        html! { "Your provider carries it out and says here what came of it." }
    };
    cx.dialog(Sheet { title: &title, crumbs: crumbs(), ..Sheet::default() }, Some(intro), &views::ask_dialog(&dialog))
}

fn entered(cx: &Cx<'_>) -> Entered {
    let field = |name: &str| cx.form.get(name).to_owned();
    Entered { point: field("point"), path: field("path"), note: field("note") }
}

fn create(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.restorer()?;
    let id: EndpointAgentId = cx.param("endpoint_agent")?;
    cx.submit(
        |tx| {
            let restore = actions::ask(tx, &by, id, &entered(cx))?;
            let sentence = format!("Created the file restore of {} from {}.", restore.path, restore.dataset);
            Ok(Done::said(format!("{LIST}/{id}"), sentence).then("Endpoint Backup Status", LIST))
        },
        |problem| draw_new(cx, problem),
    )
}

/// The restore of the path, for a dialog about a step; of one that cannot be taken there is no dialog.
fn restore(cx: &Cx<'_>, step: Step, problem: &Problem) -> Result<FileRestore> {
    let by = cx.restorer()?;
    let id: FileRestoreId = cx.param("file_restore")?;
    let restore = cx.read(|db| store::find(db, by.scope(), id))?;
    if !problem.any() && restore.check(step).is_err() {
        return Err(Error::NotFound);
    }
    Ok(restore)
}

fn completion(cx: &Cx<'_>) -> Result<Response> {
    draw_completion(cx, &Problem::default())
}

fn draw_completion(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let restore = restore(cx, Step::Close, problem)?;
    let back = format!("{LIST}/{}", restore.agent.0);
    let hidden = html! { (cx.form_id()?) (problem.summary()) };
    let entered = (cx.form.get("state"), cx.form.get("result"));
    let content = views::close_dialog(&restore, entered, &problem.fields, &hidden, (&cx.times(), &back));
    cx.dialog(Sheet { title: "Close File Restore", crumbs: crumbs(), ..Sheet::default() }, None, &content)
}

fn close(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.restorer()?;
    let id: FileRestoreId = cx.param("file_restore")?;
    cx.read(|db| store::find(db, by.scope(), id))?;
    cx.submit(
        |tx| {
            let (state, result) = outcome(cx.form.get("state"), cx.form.get("result"))?;
            let restore = actions::close(tx, &by, id, (state, &result))?;
            let sentence = format!("The file restore from {} is closed: {}.", restore.dataset, state.shown().to_lowercase());
            Ok(Done::said(format!("{LIST}/{}", restore.agent.0), sentence).then("Endpoint Backup Status", LIST))
        },
        |problem| draw_completion(cx, problem),
    )
}

fn removal(cx: &Cx<'_>) -> Result<Response> {
    draw_removal(cx, &Problem::default())
}

fn draw_removal(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let restore = restore(cx, Step::Remove, problem)?;
    let back = format!("{LIST}/{}", restore.agent.0);
    let hidden = html! { (cx.form_id()?) (problem.summary()) };
    let content = views::remove_dialog(&restore, &hidden, (&cx.times(), &back));
    cx.dialog(Sheet { title: "Remove File Restore?", crumbs: crumbs(), ..Sheet::default() }, None, &content)
}

fn remove(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.restorer()?;
    let id: FileRestoreId = cx.param("file_restore")?;
    cx.submit(
        |tx| {
            let restore = actions::remove(tx, &by, id)?;
            let sentence = format!("Removed the file restore from {}. The backups stay.", restore.dataset);
            Ok(Done::said(format!("{LIST}/{}", restore.agent.0), sentence).then("Endpoint Backup Status", LIST))
        },
        |problem| draw_removal(cx, problem),
    )
}
