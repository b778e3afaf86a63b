//! Admin → Statements (SUB-9).

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::csv::Csv;
use crate::kernel::db::Reader;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::OrganizationId;
use crate::kernel::month::Month;
use crate::kernel::time::Timestamp;
use crate::kernel::web;
use crate::page::{Cx, Route, Sheet};
use crate::statements::model::Statement;
use crate::statements::store::{self, Part, Place, Which};
use crate::statements::views::{self, HERE, MonthPage, Shown};
use crate::subscriptions::model::State;
use crate::subscriptions::price_store;

/// Statements are of the whole partner (EMP-4).
pub const READERS: Access = Access::Unlimited(Right::SeeStatements);

/// The pages' addresses.
pub const ROUTES: &[Route] = &[
    Route::get(HERE, READERS, list),
    Route::get("/statements/{month}", READERS, month),
    Route::post("/statements/{month}/export", READERS, export),
];

/// Closed months on the list: ten years.
const LISTED: i64 = 120;
/// Lines on a page.
const PER_PAGE: usize = 50;

/// The statement of a month: the one that runs, or a closed one; `NotFound` for any other.
pub fn find(cx: &Cx<'_>, db: &Reader<'_>, month: Month) -> Result<(Statement, Which)> {
    let (partner, now) = (cx.person()?.partner, Month::of(cx.times().now));
    let which = Which { partner, month, runs: month == now };
    if which.runs {
        let prices = price_store::valid(db, partner, month)?;
        let sums = store::sums(db, which, prices.as_ref())?;
        return Ok((Statement { month, prices, sums, closed_at: None }, which));
    }
    let closed = store::closed_one(db, partner, month)?.ok_or(Error::NotFound)?;
    Ok((closed, which))
}

/// The `{month}` of an address.
pub fn month_of(cx: &Cx<'_>) -> Result<Month> {
    Month::parse(cx.param_text("month")?).ok_or(Error::NotFound)
}

/// The way here; with the month's own words on the pages beneath it.
pub fn crumbs(month: Option<(Month, &str)>) -> Vec<(&str, String)> {
    let mut crumbs = vec![("Admin", String::new()), ("Statements", if month.is_some() { HERE.to_owned() } else { String::new() })];
    crumbs.extend(month.map(|(month, words)| (words, views::address(month))));
    crumbs
}

fn list(cx: &Cx<'_>) -> Result<Response> {
    let now = Month::of(cx.times().now);
    let (running, closed) = cx.read(|db| Ok((find(cx, db, now)?.0, store::closed(db, cx.person()?.partner, LISTED)?)))?;
    let sheet = Sheet { title: "Statements", crumbs: crumbs(None), wide: true, ..Sheet::default() };
    cx.page(sheet, &views::list(&running, &closed, &cx.times()))
}

fn month(cx: &Cx<'_>) -> Result<Response> {
    let (month, words) = (month_of(cx)?, cx.query("q"));
    let after = cx.query("beyond").parse::<OrganizationId>().ok().map(|id| (cx.query("after"), id));
    let part = Part { words: words.clone(), after, limit: i64::try_from(PER_PAGE + 1).ok() };
    let scope = cx.signed_in()?.scope();
    let (statement, lines, next) = cx.read(|db| {
        let (statement, which) = find(cx, db, month)?;
        let mut found = store::lines(db, which, &part)?;
        let more = PER_PAGE < found.len();
        found.truncate(PER_PAGE);
        let next = found.last().filter(|_| more).map(|(_, place)| further(month, &words, place));
        let lines = found.into_iter().map(|(line, _)| {
            let open = cx.may(Right::ManageOrganizations) && store::in_sight(db, &scope, line.organization)?;
            Ok(Shown { changes: store::state_changes(db, line.organization, month)?, line, open })
        });
        Ok((statement, lines.collect::<Result<Vec<_>>>()?, next))
    })?;
    let first = part.after.is_some().then(|| views::address(month));
    let (partner, times) = (cx.person()?.partner_name.as_str(), cx.times());
    let page = MonthPage { statement: &statement, lines: &lines, words: &words, first, next, partner, times: &times };
    let title = format!("Statement of {}", month.shown());
    let sheet = Sheet {
        title: &title,
        crumbs: crumbs(None).into_iter().take(1).chain([("Statements", HERE.to_owned())]).collect(),
        aside: Some(views::badge(&statement, &cx.times())),
        actions: Some(views::actions(&statement, &cx.form_id()?)),
        wide: true,
    };
    cx.page(sheet, &views::month(&page))
}

fn further(month: Month, words: &str, (name, organization): &Place) -> String {
    web::address(&views::address(month), [("after", name.as_str()), ("beyond", &organization.to_string()), ("q", words)])
}

/// ALL-2: every line; the event stands in the log before the first byte leaves (LOG-1).
fn export(cx: &Cx<'_>) -> Result<Response> {
    let (month, person) = (month_of(cx)?, cx.person()?);
    let event = Event::new(Kind::Exported, format!("exported the statement of {}", month.shown()));
    cx.read(|db| find(cx, db, month).map(drop))?;
    cx.portal.db.write(|tx| activity::store::record(tx, &person.actor(), &event))?;
    let mut csv = Csv::new(&[
        "Month",
        "Organization",
        "ID",
        "Plan",
        "Bought",
        "Most in use",
        "Billed",
        "Price of a seat",
        "Amount",
        "Currency",
        "What changed",
    ]);
    cx.read(|db| {
        let (statement, which) = find(cx, db, month)?;
        let plain =
            |amount: Option<i64>| statement.currency().zip(amount).map(|(currency, amount)| currency.plain(amount)).unwrap_or_default();
        for (line, _) in store::lines(db, which, &Part::default())? {
            let prices = statement.prices.as_ref();
            csv.row([
                month.iso().as_str(),
                &line.name,
                &line.organization.shown(),
                line.plan.shown(),
                &if line.committed == 0 { "auto".to_owned() } else { line.committed.to_string() },
                &line.used.to_string(),
                &line.billed().to_string(),
                &plain(prices.and_then(|prices| prices.of(line.plan))),
                &plain(line.amount(prices)),
                statement.currency().map_or("", |currency| currency.code),
                &changes(db, line.organization, month)?,
            ]);
        }
        Ok(())
    })?;
    Response::file(&format!("statement-{}.csv", month.iso()), "text/csv; charset=utf-8", csv.into_bytes())
}

fn changes(db: &Reader<'_>, organization: OrganizationId, month: Month) -> Result<String> {
    let words = |(at, state): (Timestamp, State)| {
        let since = if at < month.begins() { "since " } else { "" };
        format!("{} {since}{}", state.shown(), at.iso())
    };
    Ok(store::state_changes(db, organization, month)?.into_iter().map(words).collect::<Vec<_>>().join("; "))
}
