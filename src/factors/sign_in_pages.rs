//! What follows the password: a code, a new password after a one-time passcode, setting a second factor up.

use std::cell::RefCell;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maud::html;

use crate::access::actions::refusal;
use crate::access::model::{Access, Visitor};
use crate::access::stage_model::{PROOF_LASTS, Stage};
use crate::access::views::leave;
use crate::accounts;
use crate::accounts::model::{Candidate, passcode_key};
use crate::factors::actions::{self, Given, GoingOn, Owner};
use crate::factors::model::{self, Typed};
use crate::factors::own_proof_pages::check_password;
use crate::factors::store;
use crate::factors::views::{self, CodePage, FreshCodes, SetUpForm};
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::html::form;
use crate::kernel::html::qr;
use crate::kernel::http::Response;
use crate::kernel::secret::token_hash;
use crate::kernel::text;
use crate::kernel::totp::Secret;
use crate::page::{Cx, Done, Problem, Route, carried, way_on};
use crate::partners;
use crate::security;

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/sign-in/code", Access::At(Stage::Code), show_code),
    Route::post("/sign-in/code", Access::At(Stage::Code), give_code),
    Route::get("/sign-in/password", Access::At(Stage::Password), show_password),
    Route::post("/sign-in/password", Access::At(Stage::Password), choose_password),
    Route::get("/sign-in/second-factor", Access::At(Stage::SetUp), show_set_up),
    Route::post("/sign-in/second-factor", Access::At(Stage::SetUp), set_up),
    Route::post("/recovery-codes", Access::AnySession, save_codes),
];

/// Whose session it is.
pub(super) fn owner(cx: &Cx<'_>) -> Result<Owner> {
    Owner::of(cx.visitor).ok_or(Error::SignIn)
}

fn candidate(cx: &Cx<'_>) -> Result<Candidate> {
    let identity = owner(cx)?.identity;
    cx.read(|db| accounts::identities_store::candidate_again(db, identity))?.ok_or(Error::NotFound)
}

/// Where to go once in, as the address or the form carries it.
fn next(cx: &Cx<'_>) -> String {
    let sent = cx.form.get("next");
    if sent.is_empty() { cx.query("next") } else { sent.to_owned() }
}

fn show_code(cx: &Cx<'_>) -> Result<Response> {
    draw_code(cx, cx.query("with") == "recovery", None)
}

fn draw_code(cx: &Cx<'_>, recovery: bool, error: Option<&str>) -> Result<Response> {
    let next = next(cx);
    let plain = way_on(cx.visitor, &next);
    let other = match (recovery, plain.contains('?')) {
        (true, _) => plain,
        (false, true) => format!("{plain}&with=recovery"),
        (false, false) => format!("{plain}?with=recovery"),
    };
    let page = CodePage { recovery, next: carried(&next), entered: cx.form.get("code"), error, form_id: cx.form_id()?, other: &other };
    let leave = leave(&cx.fresh_form_id()?);
    cx.plain(if recovery { "Enter a recovery code" } else { "Enter the code" }, &html! { (views::code(&page)) (leave) })
}

/// No form answer is kept here (ALL-7), as at the sign-in page: a kept answer would be a way in without a code.
fn give_code(cx: &Cx<'_>) -> Result<Response> {
    let (owner, typed) = (owner(cx)?, Typed::read(cx.form.get("code")));
    let token = cx.token_of_form("session of a second factor")?;
    let hash = token_hash(&token);
    let on = GoingOn { token_hash: &hash, address: cx.request.peer, demand: cx.portal.demand() };
    let (visitor, codes_left) = match cx.portal.db.write(|tx| actions::give(tx, &owner, &typed, &on))? {
        Given::Right { visitor, codes_left } => (visitor, codes_left),
        Given::Wrong { wait } => {
            let mut response = draw_code(cx, cx.form.get("with") == "recovery", Some(&refusal("This code is not right.", wait)))?;
            response.status = 422;
            return Ok(response);
        }
    };
    let location = way_on(&visitor, cx.form.get("next"));
    let done = match codes_left {
        Some(left) => {
            let left = text::counted(left, "is left", "are left");
            Done::said(location, format!("You signed in with a recovery code, of which {left}.")).then("Second factor", "/account/security")
        }
        None => Done::at(location),
    };
    cx.portal.cookies.begin_session(cx.see_other(&done)?, &token)
}

fn show_password(cx: &Cx<'_>) -> Result<Response> {
    draw_password(cx, &Problem::default())
}

fn draw_password(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let (candidate, next, summary) = (candidate(cx)?, next(cx), problem.summary());
    let problem = (&summary, problem.of("password"), problem.of("password_again"));
    let content = views::password((&candidate.email, least(cx, &candidate)?), carried(&next), &cx.form_id()?, problem);
    let leave = leave(&cx.fresh_form_id()?);
    cx.plain("Choose a new password", &html! { (content) (leave) })
}

/// SEC-3: how long a password has to be at the partner.
fn least(cx: &Cx<'_>, candidate: &Candidate) -> Result<i64> {
    Ok(cx.read(|db| security::store::settings(db, candidate.partner))?.password_length)
}

fn choose_password(cx: &Cx<'_>) -> Result<Response> {
    let redraw = |problem: &Problem| draw_password(cx, problem);
    let owner = owner(cx)?;
    let typed = cx.form.get("password");
    let mut errors = FieldErrors::default();
    let candidate = candidate(cx)?;
    let password = errors.take("password", text::password(typed, &candidate.email, least(cx, &candidate)?));
    if password.is_some() && typed != cx.form.get("password_again") {
        errors.add("password_again", "This is not the same as above. Enter the password twice.");
    }
    let password = match errors.or(password) {
        Ok(password) => password,
        Err(error) => return cx.submit(|_| Err(error), redraw),
    };
    // ACC-8: who sent the passcode has seen it.
    if cx.portal.hasher.verify(&passcode_key(&password), Some(&candidate.password_hash))? {
        let known = || Error::field("password", "This is the one-time passcode. Choose a password of your own.");
        return cx.submit(|_| Err(known()), redraw);
    }
    let hash = cx.portal.hasher.hash(&password, cx.portal.world.tokens)?;
    let token = cx.token_of_form("session of a new password")?;
    let new = token_hash(&token);
    let on = GoingOn { token_hash: &new, address: cx.request.peer, demand: cx.portal.demand() };
    let response = cx.submit(
        |tx| {
            let visitor = actions::choose_password(tx, &owner, &hash, &on)?;
            Ok(Done::at(way_on(&visitor, cx.form.get("next"))))
        },
        redraw,
    )?;
    if response.status == 303 { cx.portal.cookies.begin_session(response, &token) } else { Ok(response) }
}

/// The secret that is offered to this session.
pub(super) fn offered(cx: &Cx<'_>) -> Result<Secret> {
    let identity = owner(cx)?.identity;
    let session = cx.portal.cookies.session_hash(cx.request).ok_or(Error::SignIn)?;
    let now = cx.read(|db| store::status(db, identity))?;
    model::offered(cx.portal.db.vault(), &session, identity, now)
}

/// What the page of setting up shows of a secret: the QR code, and the key in groups of four.
pub(super) fn shown(cx: &Cx<'_>, secret: &Secret) -> Result<(maud::Markup, String)> {
    let (owner, candidate) = (owner(cx)?, candidate(cx)?);
    let issuer = cx.read(|db| partners::store::signature(db, owner.partner))?.name;
    let drawn = qr::code(&secret.address(&issuer, &candidate.email), "QR code for an authenticator app")?;
    Ok((drawn, text::groups_of_four(&secret.text(), ' ')))
}

const WHY: &str = "Signing in here takes a second factor besides the password: codes of an authenticator app on your phone.";

fn show_set_up(cx: &Cx<'_>) -> Result<Response> {
    draw_set_up(cx, &offered(cx)?, &Problem::default())
}

fn draw_set_up(cx: &Cx<'_>, secret: &Secret, problem: &Problem) -> Result<Response> {
    let ((qr, key), next) = (shown(cx, secret)?, next(cx));
    let hidden = html! { (cx.form_id()?) @if !carried(&next).is_empty() { (form::hidden("next", carried(&next))) } };
    let page = SetUpForm {
        action: Stage::SetUp.path(),
        lead: WHY,
        qr,
        key: &key,
        hidden,
        summary: problem.summary(),
        entered: cx.form.get("code"),
        code_error: problem.of("code"),
        password: owes_password(cx).then(|| problem.of("current_password")),
    };
    let leave = leave(&cx.fresh_form_id()?);
    cx.plain("Set up a second factor", &html! { (views::set_up(&page)) (leave) })
}

/// ORG-9: a session that was open already may have been left open, and a second factor of somebody else's would shut its owner out. So it
/// is asked for the password as Account Settings would be, once that was given long ago.
fn owes_password(cx: &Cx<'_>) -> bool {
    match cx.visitor {
        Visitor::Half { proved_at, .. } => *proved_at + PROOF_LASTS < cx.times().now,
        Visitor::Guest | Visitor::Person(_) | Visitor::Script(_) => false,
    }
}

/// A POST whose answer carries the recovery codes; what it did commits first.
fn set_up(cx: &Cx<'_>) -> Result<Response> {
    let (secret, typed) = (offered(cx)?, Typed::read(cx.form.get("code")));
    if owes_password(cx)
        && let Err(error) = check_password(cx)
    {
        return cx.submit(|_| Err(error), |problem| draw_set_up(cx, &secret, problem));
    }
    let token = cx.token_of_form("session of a second factor")?;
    let hash = token_hash(&token);
    let on = GoingOn { token_hash: &hash, address: cx.request.peer, demand: cx.portal.demand() };
    let made = RefCell::new(None);
    let response = cx.submit(
        |tx| {
            let (visitor, codes) = actions::set_up(tx, cx.visitor, &secret, &typed, &on)?;
            let onward = way_on(&visitor, cx.form.get("next"));
            *made.borrow_mut() = Some((onward.clone(), codes));
            Ok(Done::at(onward))
        },
        |problem| draw_set_up(cx, &secret, problem),
    )?;
    match made.into_inner() {
        Some((onward, codes)) if response.status == 303 => {
            let content = fresh_codes(cx, &codes, &onward)?;
            cx.portal.cookies.begin_session(cx.plain("Your recovery codes", &content)?, &token)
        }
        // The form sent twice is answered with the same session, and without the codes: they are shown once.
        None if response.status == 303 => cx.portal.cookies.begin_session(response, &token),
        _ => Ok(response),
    }
}

const ON_THEIR_WAY: &str = "recovery codes on their way";

/// The page's content, with the codes sealed for the form that saves them.
pub(super) fn fresh_codes(cx: &Cx<'_>, codes: &[String], onward: &str) -> Result<maud::Markup> {
    let identity = owner(cx)?.identity.0.to_le_bytes();
    let sealed = cx.portal.db.vault().seal(ON_THEIR_WAY, &identity, codes.join("\n").as_bytes(), cx.portal.world.tokens)?;
    let hidden = html! { (cx.fresh_form_id()?) (form::hidden("sealed", &URL_SAFE_NO_PAD.encode(sealed))) };
    Ok(views::fresh_codes(&FreshCodes { codes, hidden, onward }))
}

/// The codes as a file, from the page that showed them; the event commits first.
fn save_codes(cx: &Cx<'_>) -> Result<Response> {
    let owner = owner(cx)?;
    let sealed = URL_SAFE_NO_PAD.decode(cx.form.get("sealed")).unwrap_or_default();
    let opened = cx.portal.db.vault().open(ON_THEIR_WAY, &owner.identity.0.to_le_bytes(), &sealed);
    let codes = opened.and_then(|bytes| String::from_utf8(bytes).ok());
    let codes = codes.ok_or_else(|| Error::refused("There are no codes to save here. Make new ones under Account Settings, Security."))?;
    let (email, partner) = (candidate(cx)?.email, cx.read(|db| partners::store::signature(db, owner.partner))?.name);
    cx.portal.db.write(|tx| actions::save_as_file(tx, &owner, cx.visitor, cx.request.peer))?;
    Response::file("portico-recovery-codes.txt", "text/plain; charset=utf-8", model::file_of(&codes, &partner, &email).into_bytes())
}
