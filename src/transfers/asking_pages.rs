//! Where transfers are asked for: by an organization's own people in Account Settings, on a SaaS account's page, and by a partner above.

use maud::html;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::Result;
use crate::kernel::http::Response;
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::transfers::actions;
use crate::transfers::model::Thing;
use crate::transfers::views::{self, Asking, LIST};
use crate::{organizations, saas};

const ADMINS: Access = Access::Unlimited(Right::RunPortal);

/// The forms' addresses.
pub const ROUTES: &[Route] = &[
    Route::get("/account/transfer", Access::SignedIn, show_own),
    Route::post("/account/transfer", Access::SignedIn, ask_own).dangerous(),
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

fn withdraw_own(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.signed_in()?;
    cx.press("/account", |tx| {
        let transfer = actions::withdraw_own(tx, &by)?;
        Ok(Done::said("/account", format!("Withdrew the transfer of {}. Nothing moves.", transfer.name)))
    })
}

fn dialog(cx: &Cx<'_>, thing: Thing, (title, back): (&str, &str), problem: &Problem) -> Result<Response> {
    let dry_run = cx.read(|db| actions::dry_run(db, thing))?;
    let action = format!("{back}/transfer");
    let asking = Asking {
        action: &action,
        back: Some(back),
        entered: cx.form.get("receiver_id"),
        dry_run: &dry_run,
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
            actions::enter(tx, &by, id, cx.form.get("receiver_id"))?;
            Ok(Done::said(format!("/organizations/{id}"), "The transfer is asked for, and waiting to be validated.")
                .then("Transfers", LIST))
        },
        |problem| draw_organization(cx, problem),
    )
}
