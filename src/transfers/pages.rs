//! Admin → Transfers, for both sides and for who validates.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::witness_model::Manager;
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::html::when::Times;
use crate::kernel::http::Response;
use crate::kernel::ids::TransferId;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::transfers::model::Step;
use crate::transfers::views::{self, Confirmation, LIST, Page};
use crate::transfers::{actions, store};

/// Limited employees see no transfers (EMP-4).
const ADMINS: Access = Access::Unlimited(Right::RunPortal);

/// The pages' addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/transfers", ADMINS, list),
    Route::get("/transfers/{transfer}", ADMINS, show),
    Route::get("/transfers/{transfer}/validation", ADMINS, |cx| confirm(cx, Step::Validate, &Problem::default())),
    Route::post("/transfers/{transfer}/validation", ADMINS, validate).dangerous(),
    Route::get("/transfers/{transfer}/refusal", ADMINS, |cx| confirm(cx, Step::Refuse, &Problem::default())),
    Route::post("/transfers/{transfer}/refusal", ADMINS, refuse).dangerous(),
    Route::get("/transfers/{transfer}/withdrawal", ADMINS, |cx| confirm(cx, Step::Withdraw, &Problem::default())),
    Route::post("/transfers/{transfer}/withdrawal", ADMINS, withdraw).dangerous(),
];

fn list(cx: &Cx<'_>) -> Result<Response> {
    let viewer = cx.manager()?.scope().viewer();
    let transfers = cx.read(|db| store::list(db, viewer))?;
    let sheet = Sheet { title: "Transfers", crumbs: vec![("Admin", String::new())], ..Sheet::default() };
    cx.page(sheet, &views::list(&transfers, viewer, &cx.times()))
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    let viewer = cx.manager()?.scope().viewer();
    let id: TransferId = cx.param("transfer")?;
    let times = cx.times();
    let (transfer, dry_run, obstacles) = cx.read(|db| {
        let transfer = store::find(db, viewer, id)?;
        let dry_run = if transfer.state.is_open() { Some(actions::dry_run(db, transfer.thing)?) } else { None };
        let validates = transfer.check(Step::Validate, viewer, times.now).is_ok();
        let obstacles = if validates { actions::obstacles(db, &transfer)? } else { Vec::new() };
        Ok((transfer, dry_run, obstacles))
    })?;
    let title = format!("Transfer of {}", transfer.name);
    let page = Page { transfer: &transfer, viewer, dry_run, obstacles, times: &times };
    let crumbs = vec![("Admin", String::new()), ("Transfers", LIST.to_owned())];
    cx.page(Sheet { title: &title, crumbs, aside: Some(views::badge(&transfer)), ..Sheet::default() }, &views::page(&page))
}

/// The dialog before a step: what it will do, and where the other side reads it, why.
fn confirm(cx: &Cx<'_>, step: Step, problem: &Problem) -> Result<Response> {
    let viewer = cx.manager()?.scope().viewer();
    let id: TransferId = cx.param("transfer")?;
    let times = cx.times();
    let (transfer, dry_run) = cx.read(|db| {
        let transfer = store::find(db, viewer, id)?;
        let dry_run = actions::dry_run(db, transfer.thing)?;
        Ok((transfer, dry_run))
    })?;
    let back = format!("{LIST}/{id}");
    let content = match transfer.check(step, viewer, times.now) {
        Err(sentence) => views::refused(&sentence, &back),
        Ok(()) => views::confirmation(&Confirmation {
            transfer: &transfer,
            viewer,
            step,
            dry_run: &dry_run,
            back: &back,
            action: &format!("{back}/{}", step.noun()),
            reason: cx.form.get("reason"),
            errors: &problem.fields,
            summary: problem.summary(),
            times: &times,
            form_id: cx.form_id()?,
        }),
    };
    let title = format!("{} the transfer of {}", step.shown(), transfer.name);
    let crumbs = vec![("Admin", String::new()), ("Transfers", LIST.to_owned())];
    cx.dialog(Sheet { title: &title, crumbs, ..Sheet::default() }, None, &content)
}

fn press(cx: &Cx<'_>, step: Step, act: impl FnOnce(&Tx<'_>, &Manager, TransferId, &Times) -> Result<String>) -> Result<Response> {
    let by = cx.manager()?;
    let id: TransferId = cx.param("transfer")?;
    let viewer = by.scope().viewer();
    cx.read(|db| store::find(db, viewer, id))?;
    let back = format!("{LIST}/{id}");
    cx.press_or_redraw(
        &back,
        |tx| {
            let said = act(tx, &by, id, &cx.times())?;
            Ok(Done::said(back.as_str(), said).then("Transfers", LIST))
        },
        |problem| if problem.fields.0.is_empty() { Ok(None) } else { confirm(cx, step, problem).map(Some) },
    )
}

fn validate(cx: &Cx<'_>) -> Result<Response> {
    press(cx, Step::Validate, |tx, by, id, times| {
        let transfer = actions::validate(tx, by, id)?;
        Ok(views::validated(&transfer, &times.zone))
    })
}

fn refuse(cx: &Cx<'_>) -> Result<Response> {
    press(cx, Step::Refuse, |tx, by, id, _| {
        let transfer = actions::refuse(tx, by, id, cx.form.get("reason"))?;
        Ok(format!("Refused the transfer of {}. Nothing moves, and the other side is told why.", transfer.name))
    })
}

fn withdraw(cx: &Cx<'_>) -> Result<Response> {
    press(cx, Step::Withdraw, |tx, by, id, _| {
        let transfer = actions::withdraw(tx, by, id, cx.form.get("reason"))?;
        Ok(format!("Withdrew the transfer of {}. Nothing moves, and the other side is told why.", transfer.name))
    })
}
