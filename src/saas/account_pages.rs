//! An account's own page, where **Manage** leads.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::backups::model::account_days;
use crate::kernel::error::Result;
use crate::kernel::html::form::{self, ButtonKind};
use crate::kernel::http::Response;
use crate::kernel::ids::SaasAccountId;
use crate::kernel::web;
use crate::page::{Cx, Route, Sheet};
use crate::partners;
use crate::saas::account_views::{self as views, Overview, Reader};
use crate::saas::{days_views, store, terms_actions, terms_store};
use crate::seats;
use crate::seats::model::{Seat, SeatState, SeatType, Tally};
use crate::seats::store::Query;
use crate::seats::views::SeatList;

/// The page's address.
pub const ROUTES: &[Route] = &[Route::get("/saas/{saas_account}", Access::SaasViewer, account)];

/// Seats on a page.
const SEATS: usize = 50;
/// Longest search, in characters.
const WORDS: usize = 120;

fn account(cx: &Cx<'_>) -> Result<Response> {
    let scope = cx.signed_in()?.scope();
    let id: SaasAccountId = cx.param("saas_account")?;
    let query = asked(cx);
    let (account, terms, unfilled, console, administrators, applications, rows, tallies, found) = cx.read(|db| {
        let account = store::find(db, &scope, id)?;
        let terms = terms_store::find(db, &scope, id)?;
        let console = partners::store::vendor_console(db, account.partner)?;
        let administrators = match &account.organization {
            Some((organization, _)) => store::super_administrators(db, *organization)?,
            None => Vec::new(),
        };
        let query = place(cx, db, id, &query)?;
        let found = seats::store::list(db, id, &query, SEATS + 1)?;
        let page = edges(found, &query);
        Ok((
            account,
            terms,
            terms_store::is_unfilled(db, id)?,
            console,
            administrators,
            store::applications(db, id)?,
            store::days(db, id)?,
            seats::store::tallies(db, id)?,
            page,
        ))
    })?;
    let (here, closed) = (format!("/saas/{id}"), account.refuses_changes_by(&scope));
    // SAS-7: every seat is unprotected and stays so, so nothing is offered that would be refused.
    let ended = account.facts.cancelled_at.map(|_| "The account was cancelled, so its seats stay as they are.");
    let list = SeatList {
        here: &here,
        seats: &found.0,
        tallies: &tallies,
        seat_type: query.seat_type,
        state: query.state,
        words: &query.words,
        pages: (found.1.map(|seat| address(&here, &query, "before", seat)), found.2.map(|seat| address(&here, &query, "after", seat))),
        closed: closed.as_deref().or(ended),
        form_id: cx.form_id()?,
        times: &cx.times(),
    };
    let newest = account.facts.as_of.map(|as_of| account_days(&rows, as_of, 1)).unwrap_or_default();
    let held = terms_actions::refuses_cancelling(&account, &terms);
    let overview = Overview {
        account: &account,
        terms: &terms,
        active_users: (!tallies.is_empty()).then(|| active_users(&tallies)),
        newest: newest.first(),
        console: console.as_deref(),
        may_change: closed.is_none(),
        held: held.as_deref(),
        unfilled: unfilled && closed.is_none() && cx.may(Right::ChangeSaas),
        administrators: &administrators,
        reader: match (cx.may(Right::ManageOrganizations), cx.may(Right::SeeSaasStatus)) {
            (true, _) => Reader::Manager,
            (false, true) => Reader::Employee,
            (false, false) => Reader::SuperAdministrator,
        },
        transfer: Access::Unlimited(Right::RunPortal).admits(cx.visitor).then(|| {
            form::dialog_link(
                "Transfer",
                &format!("{here}/transfer"),
                ButtonKind::Secondary,
                None,
                Some(&format!("Transfer {}", account.name)),
            )
        }),
        times: &cx.times(),
    };
    let sheet = Sheet {
        title: &account.name,
        crumbs: vec![("Status", String::new()), ("SaaS Protection Status", "/status/saas".to_owned())],
        aside: Some(views::aside(&account, &cx.times())),
        ..Sheet::default()
    };
    let content = html! {
        (views::overview(&overview))
        (days_views::card(&applications, &rows, account.facts.is_emptied(), &cx.times()))
        (seats::views::card(&list))
    };
    cx.page(sheet, &content)
}

fn active_users(tallies: &[Tally]) -> i64 {
    let active = tallies.iter().filter(|tally| tally.seat_type == SeatType::User && tally.state == SeatState::Active);
    active.map(|tally| tally.count).sum()
}

fn asked(cx: &Cx<'_>) -> Query {
    Query {
        seat_type: SeatType::from_word(&cx.query("type")),
        state: SeatState::from_word(&cx.query("state")),
        words: cx.query("q").chars().take(WORDS).collect(),
        ..Query::default()
    }
}

/// The query with the place it goes on from, if the address names a seat that is still there.
fn place(cx: &Cx<'_>, db: &impl crate::kernel::db::Read, account: SaasAccountId, query: &Query) -> Result<Query> {
    let mut query = query.clone();
    if let Ok(seat) = cx.query("before").parse() {
        query.before = seats::store::place_of(db, account, seat)?;
    } else if let Ok(seat) = cx.query("after").parse() {
        query.after = seats::store::place_of(db, account, seat)?;
    }
    Ok(query)
}

type Page = (Vec<Seat>, Option<crate::kernel::ids::SeatId>, Option<crate::kernel::ids::SeatId>);

/// Cuts the surplus seat off; the seats from which the pages before and after go on.
fn edges(mut found: Vec<Seat>, query: &Query) -> Page {
    let more = found.len() > SEATS;
    if more && query.before.is_some() {
        found.remove(0);
    } else {
        found.truncate(SEATS);
    }
    let (before, after) = if query.before.is_some() { (more, true) } else { (query.after.is_some(), more) };
    let (first, last) = (found.first().map(|seat| seat.id), found.last().map(|seat| seat.id));
    (found, first.filter(|_| before), last.filter(|_| after))
}

fn address(here: &str, query: &Query, edge: &str, seat: crate::kernel::ids::SeatId) -> String {
    let pairs = [
        ("q", query.words.as_str()),
        ("type", query.seat_type.map_or("", SeatType::word)),
        ("state", query.state.map_or("", SeatState::word)),
    ];
    let seat = seat.to_string();
    format!("{}#seats-card", web::address(here, pairs.into_iter().chain([(edge, seat.as_str())])))
}
