//! The pages of support authorization (SUP-1).

use std::cell::RefCell;

use crate::access::model::Access;
use crate::access::roles_model::Right;
use crate::kernel::error::{Error, Result};
use crate::kernel::html::parts;
use crate::kernel::http::Response;
use crate::page::{Cx, Done, Problem, Route, Sheet};
use crate::users::model::Step;
use crate::users::pages::{about_user, allowed, ids, not_now, sheet};
use crate::users::support_actions as actions;
use crate::users::support_views as views;
use crate::users::views::home;

const MANAGERS: Access = Access::Employee(Right::ManageOrganizations);

const BACK: &str = "/account/security";

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/organizations/{organization}/users/{user}/support", MANAGERS, show_authorize),
    Route::post("/organizations/{organization}/users/{user}/support", MANAGERS, authorize).dangerous(),
    Route::get("/organizations/{organization}/users/{user}/support/pin", MANAGERS, show_pin),
    Route::post("/organizations/{organization}/users/{user}/support/pin", MANAGERS, confirm),
    Route::get("/organizations/{organization}/users/{user}/support/withdrawal", MANAGERS, show_withdraw),
    Route::post("/organizations/{organization}/users/{user}/support/withdrawal", MANAGERS, withdraw),
    Route::post("/account/support-pin", Access::FullUser, make_pin).dangerous(),
];

fn show_authorize(cx: &Cx<'_>) -> Result<Response> {
    let (organization, user) = about_user(cx)?;
    let title = format!("Authorize {} for Support", user.name());
    let content = match allowed(cx, &user, Step::AuthorizeForSupport)? {
        Some(sentence) => not_now(&sentence, organization.id),
        None => views::authorize_form(organization.id, &user, &cx.form_id()?),
    };
    cx.dialog(sheet(&title, &organization), None, &content)
}

fn authorize(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (id, user) = ids(cx)?;
    cx.press(&home(id), |tx| {
        let user = actions::authorize(tx, &by, id, user)?;
        let said = format!("Authorized {} for support. It holds once you have confirmed the support PIN.", user.name());
        Ok(Done::said(home(id), said).then("Confirm support PIN", format!("{}/pin", views::at(id, &user))))
    })
}

fn show_pin(cx: &Cx<'_>) -> Result<Response> {
    draw_pin(cx, &Problem::default())
}

fn draw_pin(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let (organization, user) = about_user(cx)?;
    let content = match allowed(cx, &user, Step::ConfirmPin)? {
        Some(sentence) => not_now(&sentence, organization.id),
        None => views::pin_form(organization.id, &user, (&cx.form_id()?, &problem.summary()), problem.of("pin")),
    };
    cx.dialog(sheet("Confirm support PIN", &organization), None, &content)
}

/// Two transactions: a wrong PIN is counted even though the form comes back.
fn confirm(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (id, user) = ids(cx)?;
    let typed = cx.form.get("pin");
    let refused = cx.portal.db.write(|tx| actions::try_pin(tx, &by, id, user, typed))?;
    cx.submit(
        |tx| {
            if let Some(sentence) = refused {
                return Err(Error::field("pin", sentence));
            }
            let user = actions::confirm(tx, &by, id, user, typed)?;
            Ok(Done::said(home(id), format!("Confirmed. {} is authorized for support.", user.name())))
        },
        |problem| draw_pin(cx, problem),
    )
}

fn show_withdraw(cx: &Cx<'_>) -> Result<Response> {
    let (organization, user) = about_user(cx)?;
    let title = format!("Withdraw the support authorization of {}", user.name());
    let content = match allowed(cx, &user, Step::WithdrawSupport)? {
        Some(sentence) => not_now(&sentence, organization.id),
        None => views::withdraw_form(organization.id, &user, &cx.form_id()?),
    };
    cx.dialog(sheet(&title, &organization), None, &content)
}

fn withdraw(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.manager()?;
    let (id, user) = ids(cx)?;
    cx.press(&home(id), |tx| {
        let user = actions::withdraw(tx, &by, id, user)?;
        Ok(Done::said(home(id), format!("Withdrew the support authorization of {}.", user.name())))
    })
}

/// A POST whose answer carries the PIN; what it did commits first. The same form sent again leads back instead.
fn make_pin(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.signed_in()?;
    let made = RefCell::new(None);
    let response = cx.press(BACK, |tx| {
        *made.borrow_mut() = Some(actions::make_pin(tx, &by)?);
        Ok(Done::said(BACK, "This PIN was made already, and is not shown again. Make a new one if you have not kept it."))
    })?;
    let Some(pin) = made.into_inner() else { return Ok(response) };
    let card = parts::card("pin", "Your support PIN", None, None, parts::padded(&parts::stack(&views::fresh(&pin, BACK))));
    let crumbs = vec![("Account Settings", "/account".to_owned()), ("Security", BACK.to_owned())];
    cx.page(Sheet { title: "Your support PIN", crumbs, ..Sheet::default() }, &card)
}
