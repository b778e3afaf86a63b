//! The second factor in Account Settings.

use std::cell::RefCell;

use crate::access::model::Access;
use crate::accounts;
use crate::factors::actions::{self, GoingOn};
use crate::factors::model::Typed;
use crate::factors::own_proof_pages::{check_password, check_password_or_code};
use crate::factors::sign_in_pages::{fresh_codes, offered, shown};
use crate::factors::store;
use crate::factors::views::{self, SetUpForm};
use crate::kernel::error::Result;
use crate::kernel::html::parts;
use crate::kernel::http::Response;
use crate::kernel::secret::token_hash;
use crate::kernel::totp::Secret;
use crate::page::{Cx, Done, Problem, Route, Sheet};

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/account/second-factor", Access::SignedIn, show),
    Route::post("/account/second-factor", Access::SignedIn, set_up),
    Route::get("/account/second-factor/removal", Access::SignedIn, show_removal),
    Route::post("/account/second-factor/removal", Access::SignedIn, remove),
    Route::get("/account/recovery-codes", Access::SignedIn, show_new_codes),
    Route::post("/account/recovery-codes", Access::SignedIn, new_codes),
];

const BACK: &str = "/account/security";

fn sheet(title: &str) -> Sheet<'_> {
    Sheet { title, crumbs: vec![("Account Settings", "/account".to_owned()), ("Security", BACK.to_owned())], ..Sheet::default() }
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    draw(cx, &offered(cx)?, &Problem::default())
}

fn draw(cx: &Cx<'_>, secret: &Secret, problem: &Problem) -> Result<Response> {
    let identity = cx.person()?.identity;
    let replaced = cx.read(|db| store::status(db, identity))?.is_some();
    let (title, lead) = if replaced {
        ("Replace the second factor", "The codes of the app you use now, and your recovery codes, stop working once you confirm.")
    } else {
        ("Set up a second factor", "From then on you sign in with your password and a code of an authenticator app on your phone.")
    };
    let (qr, key) = shown(cx, secret)?;
    let page = SetUpForm {
        action: "/account/second-factor",
        lead,
        qr,
        key: &key,
        hidden: cx.form_id()?,
        summary: problem.summary(),
        entered: cx.form.get("code"),
        code_error: problem.of("code"),
        password: Some(problem.of("current_password")),
    };
    cx.page(sheet(title), &parts::card("set-up", "Authenticator app", None, None, parts::padded(&views::set_up(&page))))
}

/// A POST whose answer carries the recovery codes; what it did commits first.
fn set_up(cx: &Cx<'_>) -> Result<Response> {
    let (secret, typed) = (offered(cx)?, Typed::read(cx.form.get("code")));
    let redraw = |problem: &Problem| draw(cx, &secret, problem);
    if let Err(error) = check_password(cx) {
        return cx.submit(|_| Err(error), redraw);
    }
    let token = cx.token_of_form("session of a second factor")?;
    let hash = token_hash(&token);
    let on = GoingOn { token_hash: &hash, address: cx.request.peer, demand: cx.portal.demand() };
    let made = RefCell::new(Vec::new());
    let response = cx.submit(
        |tx| {
            *made.borrow_mut() = actions::set_up(tx, cx.visitor, &secret, &typed, &on)?.1;
            Ok(Done::said(BACK, "The second factor is set up. Everywhere else you are signed out."))
        },
        redraw,
    )?;
    let codes = made.into_inner();
    if response.status != 303 {
        return Ok(response);
    }
    if codes.is_empty() {
        // The form sent twice is answered with the same session, and without the codes: they are shown once.
        return cx.portal.cookies.begin_session(response, &token);
    }
    let page = cx.page(
        sheet("Your recovery codes"),
        &parts::card("codes", "Ten codes", None, None, parts::padded(&parts::stack(&fresh_codes(cx, &codes, BACK)?))),
    )?;
    cx.portal.cookies.begin_session(page, &token)
}

fn show_removal(cx: &Cx<'_>) -> Result<Response> {
    draw_removal(cx, &Problem::default())
}

fn draw_removal(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let identity = cx.person()?.identity;
    let removable =
        cx.read(|db| Ok(store::status(db, identity)?.is_some() && !accounts::identities_store::must_have_factor(db, identity)?))?;
    let content = if removable {
        views::removal(&cx.form_id()?, &problem.summary(), (problem.of("current_password"), problem.of("code")))
    } else {
        views::no_removal()
    };
    cx.dialog(sheet("Remove the second factor"), None, &content)
}

fn remove(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.signed_in()?;
    let redraw = |problem: &Problem| draw_removal(cx, problem);
    if let Err(error) = check_password_or_code(cx) {
        return cx.submit(|_| Err(error), redraw);
    }
    let token = cx.portal.world.tokens.token()?;
    let hash = token_hash(&token);
    let done = std::cell::Cell::new(false);
    let response = cx.submit(
        |tx| {
            actions::remove_own(tx, &by, &hash)?;
            done.set(true);
            Ok(Done::said(BACK, "The second factor is removed; your password alone lets you in. Everywhere else you are signed out."))
        },
        redraw,
    )?;
    // The form sent twice is answered as the first time, whose session it was.
    if done.get() { cx.portal.cookies.begin_session(response, &token) } else { Ok(response) }
}

fn show_new_codes(cx: &Cx<'_>) -> Result<Response> {
    draw_new_codes(cx, &Problem::default())
}

fn draw_new_codes(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let content = views::new_codes(&cx.form_id()?, &problem.summary(), problem.of("current_password"));
    cx.dialog(sheet("New recovery codes"), None, &content)
}

fn new_codes(cx: &Cx<'_>) -> Result<Response> {
    let by = cx.signed_in()?;
    let redraw = |problem: &Problem| draw_new_codes(cx, problem);
    if let Err(error) = check_password(cx) {
        return cx.submit(|_| Err(error), redraw);
    }
    let made = RefCell::new(Vec::new());
    let response = cx.submit(
        |tx| {
            *made.borrow_mut() = actions::new_codes(tx, &by)?;
            Ok(Done::said(BACK, "New recovery codes were made already. Make new ones if you have not kept them."))
        },
        redraw,
    )?;
    let codes = made.into_inner();
    if response.status != 303 || codes.is_empty() {
        return Ok(response);
    }
    cx.page(
        sheet("Your recovery codes"),
        &parts::card("codes", "Ten codes", None, None, parts::padded(&parts::stack(&fresh_codes(cx, &codes, BACK)?))),
    )
}
