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
use crate::licenses::model::{Licenses, UseKind};
use crate::licenses::store;
use crate::licenses::views::{self, HERE, Page};
use crate::page::{Cx, Route, Sheet};
use crate::saas::model::{Commitment, Retention};
use crate::subscriptions::model::Plan;
use crate::subscriptions::price_store;

const READERS: Access = Access::Employee(Right::SeeLicenses);

/// The page's addresses.
pub const ROUTES: &[Route] = &[Route::get(HERE, READERS, show), Route::post("/licenses/export", READERS, export)];

fn licenses(cx: &Cx<'_>, db: &Reader<'_>) -> Result<Licenses> {
    let scope = cx.signed_in()?.scope();
    let prices = price_store::valid(db, scope.viewer(), Month::of(cx.times().now))?;
    let counted = store::counted(db, &scope)?;
    Ok(Licenses::new(counted.uses.clone(), counted.idle.clone(), prices))
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    let kind = UseKind::of_word(&cx.query("behind"));
    let scope = cx.signed_in()?.scope();
    let (licenses, shares) = cx.read(|db| {
        let shares = kind.map(|kind| store::shares(db, &scope, Some(kind))).transpose()?;
        Ok((licenses(cx, db)?, shares.unwrap_or_default()))
    })?;
    let opened = kind.map(|kind| (kind, shares.as_slice()));
    let page = views::page(&Page { licenses: &licenses, opened, may_open: cx.may(Right::SeeSaasStatus) });
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

/// ALL-2: every account with what is used, billed and idle of it; the event stands in the log before the first byte leaves (LOG-1).
fn export(cx: &Cx<'_>) -> Result<Response> {
    let person = cx.person()?;
    let event = Event::new(Kind::Exported, "exported Licenses");
    cx.portal.db.write(|tx| activity::store::record(tx, &person.actor(), &event))?;
    let scope = cx.signed_in()?.scope();
    let (licenses, shares) = cx.read(|db| Ok((licenses(cx, db)?, store::shares(db, &scope, None)?)))?;
    let mut csv = Csv::new(&COLUMNS);
    let prices = licenses.prices.as_ref();
    for share in &shares {
        let id = share.account.as_ref().map(|(id, _, _)| *id);
        let idle = licenses.idle.iter().find(|idle| Some(idle.account) == id);
        let plain = |cost: Option<i64>| prices.zip(cost).map(|(prices, cost)| prices.currency.plain(cost)).unwrap_or_default();
        let (archived, paused) = idle.map_or((0, 0), |idle| (idle.archived, idle.paused));
        csv.row([
            share.organization.as_ref().map(|(_, name)| name.as_str()).unwrap_or_default(),
            share.account.as_ref().map(|(_, name, _)| name.as_str()).unwrap_or_default(),
            share.account.as_ref().map(|(_, _, product)| product.shown()).unwrap_or_default(),
            share.kind.plan.map(Plan::shown).unwrap_or_default(),
            share.kind.commitment.map(Commitment::shown).unwrap_or_default(),
            share.kind.retention.map(Retention::word).unwrap_or_default(),
            &share.billable.to_string(),
            &if share.kind.plan.is_none() { 0 } else { share.billed }.to_string(),
            &plain(share.cost(prices)),
            &archived.to_string(),
            &paused.to_string(),
            &plain(idle.and_then(|idle| idle.cost(prices))),
            prices.map(|prices| prices.currency.code).unwrap_or_default(),
        ]);
    }
    Response::file("licenses.csv", "text/csv; charset=utf-8", csv.into_bytes())
}

const COLUMNS: [&str; 13] = [
    "Organization",
    "Account",
    "Service",
    "Plan",
    "Commitment",
    "Retention",
    "Billable seats",
    "Billed seats",
    "A month",
    "Archived seats",
    "Seats paused for over 30 days",
    "A month of idle seats",
    "Currency",
];
