//! Changing seats from an account's page: what would become of them first, then the change (SEA-2, SEA-6).

use std::cell::Cell;

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::access::witness_model::SeatManager;
use crate::kernel::csv;
use crate::kernel::db::Read;
use crate::kernel::error::{Error, Result};
use crate::kernel::html::frame::{Alert, Tone};
use crate::kernel::html::menus;
use crate::kernel::http::Response;
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::kernel::month::Month;
use crate::kernel::text;
use crate::organizations;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::saas;
use crate::saas::model::SaasAccount;
use crate::seats::actions;
use crate::seats::changes_model::{Action, MOST_ON_A_PAGE};
use crate::seats::review_views::{self as views, Named, Price, Review};
use crate::seats::store::{self, Pick};
use crate::seats::views as list_views;
use crate::subscriptions::{self, price_store};

const ACCESS: Access = Access::SaasViewer;
/// The answer to whoever confirms what does not hold any more.
const CHANGED: &str = "What this does, or what it costs, is another than you were shown, so nothing was done. It stands here as it is now.";
/// E-mails in a form: less than the body of a request may have, so that what was reviewed can be confirmed.
const MOST_BYTES: usize = 200 * 1024;
/// What is said of more than that.
const TOO_LONG: &str =
    "The e-mails of this file are too many and too long for one change. Split the file in two, and send one after the other.";
/// A line's end in a form.
const LINE_END: usize = "%0D%0A".len();

/// The addresses of changes.
pub const ROUTES: &[Route] = &[
    Route::get("/saas/{saas_account}/seats/review", ACCESS, review_one),
    Route::post("/saas/{saas_account}/seats/review", ACCESS, review_ticked),
    Route::get("/saas/{saas_account}/seats/file", ACCESS, ask_for_file),
    Route::upload("/saas/{saas_account}/seats/file", ACCESS, review_file),
    Route::post("/saas/{saas_account}/seats", ACCESS, change),
    Route::post("/saas/{saas_account}/seats/deletion", ACCESS, delete_backups).dangerous(),
];

fn by(cx: &Cx<'_>) -> Result<SeatManager> {
    SeatManager::of(cx.person()?).ok_or(Error::NotFound)
}

/// A seat and what to do with it; where that is not said, what may be done.
fn review_one(cx: &Cx<'_>) -> Result<Response> {
    let named = Named::Ids(cx.query("seat").parse().into_iter().collect());
    if cx.query("action").is_empty() && !named.is_empty() {
        return options(cx, &named);
    }
    review(cx, Action::from_word(&cx.query("action")), &named, &Problem::default())
}

fn review_ticked(cx: &Cx<'_>) -> Result<Response> {
    review(cx, Action::from_word(cx.form.get("action")), &named(cx), &Problem::default())
}

/// What the three dots of a seat's row open.
fn options(cx: &Cx<'_>, named: &Named) -> Result<Response> {
    let (by, id): (_, SaasAccountId) = (by(cx)?, cx.param("saas_account")?);
    let (account, seats) = cx.read(|db| Ok((saas::store::find(db, by.scope(), id)?, store::picked(db, id, &picks(named))?)))?;
    let seat = seats.into_iter().flatten().next().ok_or(Error::NotFound)?;
    let here = views::home(id);
    let closed = account.refuses_changes_by(by.scope()).is_some() || account.facts.cancelled_at.is_some();
    let entries = if closed { Vec::new() } else { list_views::options(&here, &seat) };
    let title = format!("Change {}", seat.name);
    cx.page(Sheet { title: &title, crumbs: crumbs(&account), ..Sheet::default() }, &menus::options_page(&entries, &here))
}

/// The seats that a form names: by their ids, or by e-mails.
fn named(cx: &Cx<'_>) -> Named {
    match cx.form.get("emails") {
        "" => Named::Ids(cx.form.all("seat").filter_map(|id| id.parse().ok()).take(MOST_ON_A_PAGE).collect()),
        emails => Named::Emails(emails.split_ascii_whitespace().take(MOST_ON_A_PAGE).map(ToOwned::to_owned).collect()),
    }
}

fn picks(named: &Named) -> Vec<Pick> {
    match named {
        Named::Ids(ids) => ids.iter().copied().map(Pick::Id).collect(),
        Named::Emails(emails) => emails.iter().cloned().map(Pick::Email).collect(),
    }
}

/// What would become of the seats and of the bill; nothing changes yet.
fn review(cx: &Cx<'_>, action: Option<Action>, named: &Named, problem: &Problem) -> Result<Response> {
    let (by, id): (_, SaasAccountId) = (by(cx)?, cx.param("saas_account")?);
    let account = cx.read(|db| saas::store::find(db, by.scope(), id))?;
    let Some(action) = action.filter(|_| !named.is_empty()) else {
        let text = "Tick the seats to change, and choose what to do with them.".to_owned();
        return cx.see_other(&Done { location: views::home(id), alert: Some(Alert { tone: Tone::Bad, text, next: Vec::new() }) });
    };
    let (account, outcome, price) = cx.read(|db| {
        let outcome = actions::foresee(db, &by, &account, action, &picks(named))?;
        let price = price(cx, db, &by, &account)?;
        Ok((account, outcome, price))
    })?;
    let count = outcome.changing().count();
    let title = views::heading(action, i64::try_from(count).unwrap_or(i64::MAX));
    let review = Review {
        account: &account,
        outcome: &outcome,
        named,
        price: price.as_ref(),
        form_id: html! { (problem.summary()) (cx.form_id()?) },
        times: &cx.times(),
    };
    dialog(cx, &account, &title, &views::review(&review))
}

fn dialog(cx: &Cx<'_>, account: &SaasAccount, title: &str, content: &maud::Markup) -> Result<Response> {
    cx.dialog(Sheet { title, crumbs: crumbs(account), ..Sheet::default() }, None, content)
}

fn crumbs(account: &SaasAccount) -> Vec<(&str, String)> {
    vec![("Status", String::new()), ("SaaS Protection Status", "/status/saas".to_owned()), (account.name.as_str(), views::home(account.id))]
}

/// What a seat of the account's organization costs, for those who see prices and manage it.
fn price(cx: &Cx<'_>, db: &impl Read, by: &SeatManager, account: &SaasAccount) -> Result<Option<Price>> {
    let Some(organization) = account.organization.as_ref().map(|(id, _): &(OrganizationId, _)| *id) else { return Ok(None) };
    if !cx.may(Right::SeePriceList) {
        return Ok(None);
    }
    let partner = organizations::store::find(db, by.scope(), organization)?.partner;
    let subscription = subscriptions::store::find(db, by.scope(), organization)?;
    let list = price_store::valid(db, partner, Month::of(cx.times().now))?;
    Ok(list.zip(subscription.plan).map(|(list, plan)| Price {
        list,
        plan,
        bought: subscription.seats.filter(|_| !subscription.auto_license),
    }))
}

fn ask_for_file(cx: &Cx<'_>) -> Result<Response> {
    draw_file(cx, None)
}

fn draw_file(cx: &Cx<'_>, problem: Option<&str>) -> Result<Response> {
    let (by, id): (_, SaasAccountId) = (by(cx)?, cx.param("saas_account")?);
    let account = cx.read(|db| saas::store::find(db, by.scope(), id))?;
    let chosen = Action::from_word(cx.form.get("action"));
    let mut response = dialog(
        cx,
        &account,
        &format!("Change seats of {} by a file", account.name),
        &views::file(account.id, chosen, problem, &cx.form_id()?),
    )?;
    if problem.is_some() {
        response.status = 422;
    }
    Ok(response)
}

/// SEA-6: a CSV with a header row and e-mails in its first column.
fn review_file(cx: &Cx<'_>) -> Result<Response> {
    let (by, id): (_, SaasAccountId) = (by(cx)?, cx.param("saas_account")?);
    cx.read(|db| saas::store::find(db, by.scope(), id))?;
    let Some(action) = Action::from_word(cx.form.get("action")) else { return draw_file(cx, Some("Choose what to do with the seats.")) };
    let emails = match cx.form.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty()) {
        Some(file) => csv::first_column(&file.bytes, MOST_ON_A_PAGE),
        None => Err("Choose a CSV file with a header row and e-mails in its first column.".to_owned()),
    };
    match emails {
        Ok(mut emails) => {
            // Whoever is named twice is meant once.
            let mut met = std::collections::BTreeSet::new();
            emails.retain(|email| met.insert(text::key(email)));
            if MOST_BYTES < emails.iter().map(|email| form_length(email)).sum() {
                return draw_file(cx, Some(TOO_LONG));
            }
            review(cx, Some(action), &Named::Emails(emails), &Problem::default())
        }
        Err(sentence) => draw_file(cx, Some(&sentence)),
    }
}

/// What an e-mail takes in the form that confirms the change.
fn form_length(email: &str) -> usize {
    form_urlencoded::byte_serialize(email.as_bytes()).map(str::len).sum::<usize>() + LINE_END
}

/// Everything but what destroys backups at once, which has an address of its own (SEC-2).
fn change(cx: &Cx<'_>) -> Result<Response> {
    match Action::from_word(cx.form.get("action")) {
        Some(action @ (Action::License | Action::Pause | Action::Unlicense)) => carry_out(cx, action),
        Some(Action::DeleteBackups) | None => Err(Error::NotFound),
    }
}

fn delete_backups(cx: &Cx<'_>) -> Result<Response> {
    carry_out(cx, Action::DeleteBackups)
}

fn carry_out(cx: &Cx<'_>, action: Action) -> Result<Response> {
    let (by, id): (_, SaasAccountId) = (by(cx)?, cx.param("saas_account")?);
    let account = cx.read(|db| saas::store::find(db, by.scope(), id))?;
    let home = views::home(id);
    let (seen, changed) = (cx.form.get("seen"), Cell::new(false));
    cx.press_or_redraw(
        &home,
        |tx| {
            if !seen.is_empty() {
                // As it stands in this transaction.
                let account = saas::store::find(tx, by.scope(), id)?;
                let outcome = actions::foresee(tx, &by, &account, action, &picks(&named(cx)))?;
                if views::mark(&outcome, price(cx, tx, &by, &account)?.as_ref()) != seen {
                    changed.set(true);
                    return Err(Error::Conflict(CHANGED.to_owned()));
                }
            }
            let results = actions::change(tx, &by, &account, action, &picks(&named(cx)))?;
            views::told(action, &results).map(|sentence| Done::said(&home, sentence)).map_err(Error::refused)
        },
        |problem| if changed.get() { review(cx, Some(action), &named(cx), problem).map(Some) } else { Ok(None) },
    )
}
