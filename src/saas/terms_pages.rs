//! The dialogs that change what an account was taken on for, and that cancel it (SAS-7, SEA-5).

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::ids::SaasAccountId;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::saas::model::SaasAccount;
use crate::saas::terms_model::{ConditionsEntry, Terms};
use crate::saas::terms_views::{self as views, CancelForm, TermsForm};
use crate::saas::{store, terms_actions as actions, terms_store};

const CHANGES: Access = Access::Employee(Right::ChangeSaas);

/// The dialogs' addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/saas/{saas_account}/terms", CHANGES, terms),
    Route::post("/saas/{saas_account}/terms", CHANGES, save),
    Route::get("/saas/{saas_account}/cancellation", CHANGES, cancellation),
    Route::post("/saas/{saas_account}/cancellation", CHANGES, cancel).dangerous(),
];

fn found(cx: &Cx<'_>) -> Result<(SaasAccount, Terms)> {
    let by = cx.manager()?;
    let id: SaasAccountId = cx.param("saas_account")?;
    cx.read(|db| Ok((store::find(db, by.scope(), id)?, terms_store::find(db, by.scope(), id)?)))
}

/// The way to an account's dialog.
pub fn sheet<'a>(title: &'a str, account: &'a SaasAccount) -> Sheet<'a> {
    Sheet {
        title,
        crumbs: vec![
            ("Status", String::new()),
            ("SaaS Protection Status", "/status/saas".to_owned()),
            (&account.name, format!("/saas/{}", account.id)),
        ],
        ..Sheet::default()
    }
}

fn terms(cx: &Cx<'_>) -> Result<Response> {
    draw_terms(cx, None, &Problem::default())
}

fn draw_terms(cx: &Cx<'_>, entry: Option<&ConditionsEntry>, problem: &Problem) -> Result<Response> {
    let (account, terms) = found(cx)?;
    let now = ConditionsEntry::of(&terms);
    let given = cx.form.get("seen");
    let seen = if given.is_empty() { terms.fingerprint() } else { given.to_owned() };
    let form = TermsForm {
        account: &account,
        terms: &terms,
        entry: entry.unwrap_or(&now),
        errors: &problem.fields,
        summary: problem.summary(),
        hidden: html! { (cx.form_id()?) (crate::kernel::html::form::hidden("seen", &seen)) },
        times: &cx.times(),
    };
    cx.dialog(sheet("Commitment and licenses", &account), None, &views::terms(&form))
}

fn save(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: SaasAccountId = cx.param("saas_account")?;
    let entry = ConditionsEntry::read(|name| cx.form.get(name).to_owned());
    found(cx)?;
    cx.submit(
        |tx| {
            let changed = actions::save(tx, &by, id, cx.form.get("seen"), &entry.parse()?)?;
            Ok(Done::said(format!("/saas/{id}"), if changed { "Saved the account's terms." } else { "Nothing was changed." }))
        },
        |problem| draw_terms(cx, Some(&entry), problem),
    )
}

fn cancellation(cx: &Cx<'_>) -> Result<Response> {
    draw_cancellation(cx, &Problem::default())
}

fn draw_cancellation(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let (account, terms) = found(cx)?;
    let stake = cx.read(|db| actions::at_stake(db, account.id))?;
    let form = CancelForm {
        stake: &stake,
        account: &account,
        terms: &terms,
        refusal: account.refuses_changes_by(cx.manager()?.scope()).or_else(|| actions::refuses_cancelling(&account, &terms)),
        typed: cx.form.get("typed"),
        reason: cx.form.get("reason"),
        errors: &problem.fields,
        summary: problem.summary(),
        hidden: cx.form_id()?,
    };
    let title = if terms.authorized { "Cancel subscription" } else { "Take back the account" };
    cx.dialog(sheet(title, &account), None, &views::cancellation(&form))
}

fn cancel(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: SaasAccountId = cx.param("saas_account")?;
    // Found by the work itself: who takes a pending account back and sends that twice gets the first answer again (ALL-7).
    cx.submit(
        |tx| {
            let receipt = actions::cancel(tx, &by, id, cx.form.get("typed"), cx.form.get("reason"))?;
            Ok(match receipt.destroyed {
                Some(what) => Done::said(format!("/saas/{id}"), format!("Cancelled {}: {what}.", receipt.account.name)),
                None => Done::said(
                    "/status/saas",
                    format!("Took back {}. Nothing of it is kept but the line in the log.", receipt.account.name),
                ),
            })
        },
        |problem| draw_cancellation(cx, problem),
    )
}
