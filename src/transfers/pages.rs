//! Admin → Transfers, for both sides and for who validates.

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::witness_model::Manager;
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::html::when::Times;
use crate::kernel::http::Response;
use crate::kernel::ids::TransferId;
use crate::page::{Cx, Done, Route, Sheet};
use crate::transfers::model::{Step, Transfer};
use crate::transfers::views::{self, LIST, Page};
use crate::transfers::{actions, store};

/// Limited employees see no transfers (EMP-4).
const ADMINS: Access = Access::Unlimited(Right::RunPortal);

/// The pages' addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/transfers", ADMINS, list),
    Route::get("/transfers/{transfer}", ADMINS, show),
    Route::post("/transfers/{transfer}/validation", ADMINS, validate).dangerous(),
    Route::post("/transfers/{transfer}/refusal", ADMINS, refuse).dangerous(),
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
    let page = Page {
        transfer: &transfer,
        viewer,
        dry_run,
        obstacles,
        times: &times,
        form_ids: [cx.fresh_form_id()?, cx.fresh_form_id()?, cx.fresh_form_id()?],
    };
    let crumbs = vec![("Admin", String::new()), ("Transfers", LIST.to_owned())];
    cx.page(Sheet { title: &title, crumbs, aside: Some(views::badge(&transfer)), ..Sheet::default() }, &views::page(&page))
}

fn press(cx: &Cx<'_>, act: impl FnOnce(&Tx<'_>, &Manager, TransferId, &Times) -> Result<(Transfer, String)>) -> Result<Response> {
    let by = cx.manager()?;
    let id: TransferId = cx.param("transfer")?;
    let viewer = by.scope().viewer();
    cx.read(|db| store::find(db, viewer, id))?;
    let back = format!("{LIST}/{id}");
    cx.press(&back, |tx| {
        let (_, said) = act(tx, &by, id, &cx.times())?;
        Ok(Done::said(back.as_str(), said).then("Transfers", LIST))
    })
}

fn validate(cx: &Cx<'_>) -> Result<Response> {
    press(cx, |tx, by, id, times| {
        let transfer = actions::validate(tx, by, id)?;
        let due = transfer.due_at.map(|due| times.zone.exact(due)).unwrap_or_default();
        let said = format!("Validated. {} is transferred on {due}; either side can withdraw until then.", transfer.name);
        Ok((transfer, said))
    })
}

fn refuse(cx: &Cx<'_>) -> Result<Response> {
    press(cx, |tx, by, id, _| {
        let transfer = actions::refuse(tx, by, id)?;
        let said = format!("Refused the transfer of {}. Nothing moves.", transfer.name);
        Ok((transfer, said))
    })
}

fn withdraw(cx: &Cx<'_>) -> Result<Response> {
    press(cx, |tx, by, id, _| {
        let transfer = actions::withdraw(tx, by, id)?;
        let said = format!("Withdrew the transfer of {}. Nothing moves.", transfer.name);
        Ok((transfer, said))
    })
}
