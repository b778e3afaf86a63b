//! Where transfers are asked for: by an organization's own people in Account Settings, on a SaaS account's page, and by a partner above.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::{Error, Result};
use crate::kernel::http::Response;
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::transfers::actions;
use crate::transfers::model::{State, Step, Thing};
use crate::transfers::views::{self, Asking, Confirmation, LIST};
use crate::{organizations, saas};

/// Where an organization's own people find their transfer.
const ACCOUNT: &str = "/account";

const ADMINS: Access = Access::Unlimited(Right::RunPortal);

/// The forms' addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/account/transfer", Access::SignedIn, show_own),
    Route::post("/account/transfer", Access::SignedIn, ask_own).dangerous(),
    Route::get("/account/transfer/withdrawal", Access::SignedIn, show_withdrawal),
    Route::post("/account/transfer/withdrawal", Access::SignedIn, withdraw_own).dangerous(),
    Route::get("/saas/{saas_account}/transfer", ADMINS, show_account),
    Route::post("/saas/{saas_account}/transfer", ADMINS, ask_account).dangerous(),
    Route::get("/organizations/{organization}/transfer", ADMINS, show_organization),
    Route::post("/organizations/{organization}/transfer", ADMINS, ask_organization).dangerous(),
];

fn show_own(cx: &Cx<'_>) -> Result<Response> {
    draw_own(cx, &Problem::default())
}

fn draw_own(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.signed_in()?;
    let content = if let Some(own) = cx.read(|db| actions::own(db, &by))? {
        views::own_card(&own, cx.form.get("receiver_id"), (&problem.fields, problem.summary()), (cx.form_id()?, &cx.times()))
    } else {
        html! { (problem.summary()) p { (actions::ASKERS) } }
    };
    let sheet = Sheet { title: "Transfer", crumbs: vec![("Account Settings", "/account".to_owned())], ..Sheet::default() };
    cx.page(sheet, &html! { div.narrow { (content) } })
}

fn ask_own(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.signed_in()?;
    cx.submit(
        |tx| {
            actions::ask_for_own(tx, &by, cx.form.get("receiver_id"))?;
            Ok(Done::said("/account", "The transfer is asked for, and waiting to be validated."))
        },
        |problem| draw_own(cx, problem),
    )
}

fn show_withdrawal(cx: &Cx<'_>) -> Result<Response> {
    confirm_withdrawal(cx, &Problem::default())
}

/// What taking it back does, to both sides, and why.
fn confirm_withdrawal(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.signed_in()?;
    let found = cx.read(|db| match actions::own_open(db, &by) {
        Ok(transfer) => Ok(Ok((actions::dry_run(db, transfer.thing)?, transfer))),
        Err(Error::Refused(sentence)) => Ok(Err(sentence)),
        Err(error) => Err(error),
    })?;
    let times = cx.times();
    let content = match &found {
        Err(sentence) => views::refused(sentence, ACCOUNT),
        Ok((dry_run, transfer)) => views::confirmation(&Confirmation {
            transfer,
            viewer: transfer.holder.partner,
            step: Step::Withdraw,
            dry_run,
            back: ACCOUNT,
            action: "/account/transfer/withdrawal",
            reason: cx.form.get("reason"),
            errors: &problem.fields,
            summary: problem.summary(),
            times: &times,
            form_id: cx.form_id()?,
        }),
    };
    let crumbs = vec![("Account Settings", ACCOUNT.to_owned())];
    cx.dialog(Sheet { title: "Withdraw the transfer", crumbs, ..Sheet::default() }, None, &content)
}

fn withdraw_own(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.signed_in()?;
    cx.press_or_redraw(
        ACCOUNT,
        |tx| {
            let transfer = actions::withdraw_own(tx, &by, cx.form.get("reason"))?;
            Ok(Done::said(ACCOUNT, format!("Withdrew the transfer of {}. Nothing moves.", transfer.name)))
        },
        |problem| if problem.fields.0.is_empty() { Ok(None) } else { confirm_withdrawal(cx, problem).map(Some) },
    )
}

/// PAR-5: said to a partner above.
const ENTERED: &str =
    "Where the new partner is beneath you as well, or is your own, you validate it in the same step; else it waits for whoever does.";

fn dialog(cx: &Cx<'_>, thing: Thing, (title, back): (&str, &str), problem: &Problem) -> Result<Response> {
    let dry_run = cx.read(|db| actions::dry_run(db, thing))?;
    let action = format!("{back}/transfer");
    let asking = Asking {
        action: &action,
        back: Some(back),
        entered: cx.form.get("receiver_id"),
        dry_run: &dry_run,
        note: matches!(thing, Thing::Organization(_)).then_some(ENTERED),
        errors: &problem.fields,
        summary: problem.summary(),
        form_id: cx.form_id()?,
    };
    cx.dialog(Sheet { title, ..Sheet::default() }, None, &views::asking(&asking))
}

fn show_account(cx: &Cx<'_>) -> Result<Response> {
    draw_account(cx, &Problem::default())
}

fn draw_account(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let id: SaasAccountId = cx.param("saas_account")?;
    let account = cx.read(|db| saas::store::find(db, by.scope(), id))?;
    dialog(cx, Thing::SaasAccount(id), (&format!("Transfer {}", account.name), &format!("/saas/{id}")), problem)
}

fn ask_account(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: SaasAccountId = cx.param("saas_account")?;
    cx.read(|db| saas::store::find(db, by.scope(), id))?;
    cx.submit(
        |tx| {
            actions::ask_for_account(tx, &by, id, cx.form.get("receiver_id"))?;
            Ok(Done::said(format!("/saas/{id}"), "The transfer is asked for, and waiting to be validated.").then("Transfers", LIST))
        },
        |problem| draw_account(cx, problem),
    )
}

fn show_organization(cx: &Cx<'_>) -> Result<Response> {
    draw_organization(cx, &Problem::default())
}

fn draw_organization(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    let organization = cx.read(|db| organizations::store::find(db, by.scope(), id))?;
    dialog(cx, Thing::Organization(id), (&format!("Transfer {}", organization.name), &format!("/organizations/{id}")), problem)
}

fn ask_organization(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let id: OrganizationId = cx.param("organization")?;
    cx.read(|db| organizations::store::find(db, by.scope(), id))?;
    cx.submit(
        |tx| {
            let transfer = actions::enter(tx, &by, id, cx.form.get("receiver_id"))?;
            let said = match transfer.state {
                State::Validated => views::validated(&transfer, &cx.times().zone),
                State::Waiting | State::Refused | State::Withdrawn | State::Lapsed | State::Done => {
                    "The transfer is asked for, and waiting to be validated.".to_owned()
                }
            };
            Ok(Done::said(format!("/organizations/{id}"), said).then("Transfers", LIST))
        },
        |problem| draw_organization(cx, problem),
    )
}
