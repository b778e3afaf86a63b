//! Admin → Price List (SUB-1).

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::month::Month;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::subscriptions::price_model::{EnteredPrices, SHOWN, fingerprint};
use crate::subscriptions::price_views::{self as views, HERE, ListPage, PriceForm};
use crate::subscriptions::{price_actions as actions, price_store as store};

const READERS: Access = Access::Employee(Right::SeePriceList);
/// Prices hold for all organizations, those that a limited employee does not see as well (EMP-4).
const WRITERS: Access = Access::Unlimited(Right::RunPortal);

/// The page's addresses.
pub const ROUTES: &[Route] =
    &[Route::get(HERE, READERS, show), Route::post(HERE, WRITERS, set), Route::post("/price-list/{month}/removal", WRITERS, take_back)];

fn show(cx: &Cx<'_>) -> Result<Response> {
    draw(cx, None)
}

fn draw(cx: &Cx<'_>, problem: Option<&Problem>) -> Result<Response> {
    let (partner, may_change) = (cx.person()?.partner, WRITERS.admits(cx.visitor));
    let now = Month::of(cx.times().now);
    // The first list begins at once, since nothing is billed by another; each further one with the next month, since this one is.
    let (lists, first) = cx.read(|db| Ok((store::lists(db, partner, SHOWN)?, store::valid(db, partner, now)?.is_none())))?;
    let next = if first { now } else { now.plus(1) };
    let current = cx.read(|db| store::valid(db, partner, next))?;
    let seen = fingerprint(&lists);
    let lists = lists
        .into_iter()
        .map(|list| Ok((list, (may_change && now < list.from).then(|| cx.fresh_form_id()).transpose()?)))
        .collect::<Result<Vec<_>>>()?;
    let fine = Problem::default();
    let entered = if problem.is_some() { entered(cx) } else { EnteredPrices::after(current.as_ref(), next) };
    let problem = problem.unwrap_or(&fine);
    let form = may_change
        .then(|| {
            Ok::<_, Error>(PriceForm {
                entered: &entered,
                problem: &problem.fields,
                summary: problem.summary(),
                seen: &seen,
                form_id: cx.form_id()?,
            })
        })
        .transpose()?;
    let crumbs = vec![("Admin", String::new())];
    cx.page(Sheet { title: "Price List", crumbs, ..Sheet::default() }, &views::page(&ListPage { lists: &lists, now, form }))
}

fn entered(cx: &Cx<'_>) -> EnteredPrices {
    let field = |name: &str| cx.form.get(name).to_owned();
    EnteredPrices {
        from: field("from"),
        currency: field("currency"),
        backup: field("backup"),
        archiver: field("archiver"),
        personal: field("personal"),
        running: !cx.form.get("running").is_empty(),
        seen: field("seen"),
    }
}

fn set(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    cx.submit(
        |tx| {
            let list = actions::set(tx, &by, &entered(cx))?;
            Ok(Done::said(HERE, format!("These prices hold from {} on.", list.from.shown())))
        },
        |problem| draw(cx, Some(problem)),
    )
}

fn take_back(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let month = Month::parse(cx.param_text("month")?).ok_or(Error::NotFound)?;
    cx.press(HERE, |tx| {
        let list = actions::take_back(tx, &by, month)?;
        Ok(Done::said(HERE, format!("Took the prices from {} on back.", list.from.shown())))
    })
}
