//! Admin → Licenses.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::csv::Csv;
use crate::kernel::db::Reader;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::month::Month;
use crate::licenses::model::Licenses;
use crate::licenses::store;
use crate::licenses::views::{self, HERE, Page};
use crate::page::{Cx, Route, Sheet};
use crate::subscriptions::model::Plan;
use crate::subscriptions::price_store;

const READERS: Access = Access::Employee(Right::SeeLicenses);

/// The page's addresses.
pub const ROUTES: &[Route] = &[Route::get(HERE, READERS, show), Route::post("/licenses/export", READERS, export)];

fn licenses(cx: &Cx<'_>, db: &Reader<'_>) -> Result<Licenses> {
    let scope = cx.signed_in()?.scope();
    let prices = price_store::valid(db, scope.viewer(), Month::of(cx.times().now))?;
    Ok(Licenses::new(store::uses(db, &scope)?, store::idle(db, &scope)?, prices))
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    let licenses = cx.read(|db| licenses(cx, db))?;
    let page = views::page(&Page { licenses: &licenses, may_open: cx.may(Right::SeeSaasStatus) });
    let sheet = Sheet {
        title: "Licenses",
        crumbs: vec![("Admin", String::new())],
        actions: Some(views::export(&cx.form_id()?)),
        wide: true,
        ..Sheet::default()
    };
    let banner = licenses.prices.is_none().then(|| views::no_prices(cx.may(Right::RunPortal)));
    cx.page(sheet, &html! { @if let Some(banner) = banner { (banner) } (page) })
}

/// ALL-2: every account with idle seats; the event stands in the log before the first byte leaves (LOG-1).
fn export(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    let event = Event::new(Kind::Exported, "exported the idle seats of Licenses");
    cx.portal.db.write(|tx| activity::store::record(tx, &person.actor(), &event))?;
    let licenses = cx.read(|db| licenses(cx, db))?;
    let mut csv =
        Csv::new(&["Organization", "Account", "Service", "Plan", "Archived seats", "Seats paused for over 30 days", "A month", "Currency"]);
    for idle in &licenses.idle {
        let price =
            licenses.prices.as_ref().and_then(|prices| Some((prices.currency.plain(idle.cost(Some(prices))?), prices.currency.code)));
        let (cost, currency) = price.unwrap_or_default();
        csv.row([
            idle.organization.as_ref().map(|(_, name)| name.as_str()).unwrap_or_default(),
            &idle.name,
            idle.product.shown(),
            idle.plan.map(Plan::shown).unwrap_or_default(),
            &idle.archived.to_string(),
            &idle.paused.to_string(),
            &cost,
            currency,
        ]);
    }
    Response::file("idle-seats.csv", "text/csv; charset=utf-8", csv.into_bytes())
}
