//! `/v1/saas/…`: accounts and their reports, for scripts.

use crate::access::roles_model::Right;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::json::{self, Paging};
use crate::page::{Cx, Route};
use crate::saas::served_model::{BackupReport, SaasDomain, customer};
use crate::saas::{served_store, store};
use crate::seats;
use crate::seats::served_model::remote_ids;

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::read("/v1/saas/domains", Right::SeeSaasStatus, domains),
    Route::read("/v1/saas/{saasCustomerId}/applications", Right::SeeSaasStatus, applications),
];

/// Days of history that a report holds when nothing is said, and at most.
const DAYS: i64 = 10;
const MOST_DAYS: i64 = 30;
/// Reports on a page.
const PER_PAGE: i64 = 100;

fn domains(cx: &Cx<'_>) -> Result<Response> {
    let scope = cx.script()?.scope();
    let accounts = cx.read(|db| served_store::all(db, &scope))?;
    json::answer(&accounts.into_iter().map(SaasDomain::of).collect::<Vec<_>>())
}

fn applications(cx: &Cx<'_>) -> Result<Response> {
    let (scope, customer) = (cx.script()?.scope(), customer(cx.param_text("saasCustomerId")?)?);
    let paging = Paging::read(cx.request, PER_PAGE)?;
    let days = json::number(cx.request, &["daysUntil"], DAYS, (1, MOST_DAYS))?;
    let with_ids = json::number(cx.request, &["includeRemoteID"], 0, (0, 1))? == 1;
    let report = cx.read(|db| {
        let served = served_store::find(db, &scope, customer)?;
        let id = served.account.id;
        let ids = if with_ids { Some(remote_ids(&seats::store::all(db, id)?)) } else { None };
        Ok(BackupReport::of(served, &store::applications(db, id)?, &store::days(db, id)?, days, ids))
    })?;
    let items = if paging.page == 1 { vec![report] } else { Vec::new() };
    json::answer(&paging.envelope(items, 1))
}
