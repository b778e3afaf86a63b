//! Signing in and out, and choosing an account.

use crate::access::actions::{self, Admission, Attempt, Outcome};
use crate::access::guard_actions::inactive;
use crate::access::model::{Access, Visitor, browser};
use crate::access::stage_model::Stage;
use crate::access::state_model::AccountState;
use crate::access::views::{self, Offer, SignIn};
use crate::accounts;
use crate::accounts::model::passcode_key;
use crate::branding;
use crate::kernel::error::{Error, Result};
use crate::kernel::html::frame::{Alert, Look, Tone};
use crate::kernel::http::Response;
use crate::kernel::ids::{AccountId, IdentityId, SessionId};
use crate::kernel::secret::token_hash;
use crate::page::{Cx, Done, Problem, Route, Sheet, carried, local, way_on};
use crate::partners;

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/sign-in", Access::Anyone, show_sign_in),
    Route::post("/sign-in", Access::Anyone, sign_in),
    Route::get("/p/{slug}/sign-in", Access::Anyone, show_sign_in),
    Route::post("/p/{slug}/sign-in", Access::Anyone, sign_in),
    Route::post("/sign-out", Access::AnySession, sign_out),
    Route::get("/choose-account", Access::At(Stage::Choice), show_choices),
    Route::post("/choose-account", Access::At(Stage::Choice), choose),
    Route::post("/choose-account/acceptance", Access::At(Stage::Choice), accept),
];

fn show_sign_in(cx: &Cx<'_>) -> Result<Response> {
    let next = cx.query("next");
    match cx.visitor {
        Visitor::Person(_) | Visitor::Half { .. } => Response::see_other(&way_on(cx.visitor, &next)),
        Visitor::Guest | Visitor::Script(_) => sign_in_page(cx, "", &next, None),
    }
}

fn sign_in_page(cx: &Cx<'_>, email: &str, next: &str, error: Option<&str>) -> Result<Response> {
    let forgot = match cx.param_text("slug") {
        Ok(slug) => format!("/p/{}/forgot-password", percent_encoding::utf8_percent_encode(slug, percent_encoding::NON_ALPHANUMERIC)),
        Err(_) => "/forgot-password".to_owned(),
    };
    let empty_portal = cx.portal.set_up_secret.is_some() && cx.read(|db| partners::store::operating(db))?.is_none();
    // BRA-5: a partner's own address is in its look, whoever comes; an unknown one in Portico's own.
    let mut look = match cx.param_text("slug") {
        Ok(slug) => cx.shown(cx.read(|db| branding::store::look_of_slug(db, slug))?),
        Err(_) => Look::default(),
    };
    let support = look.support.take();
    let page = SignIn {
        action: &cx.request.path,
        forgot: &forgot,
        email,
        next: carried(next),
        error,
        empty_portal,
        own: look.name.is_some(),
        support: support.as_deref(),
    };
    cx.plain_in(&look, "Sign in", &views::sign_in(&page, &cx.form_id()?))
}

/// No form answer is kept here (ALL-7): a kept answer would let a password in that was changed since.
fn sign_in(cx: &Cx<'_>) -> Result<Response> {
    let browser = browser(cx.request.header("user-agent").unwrap_or_default());
    let email = cx.form.get("email");
    let known_by = match cx.portal.cookies.browser_token(cx.request) {
        Some(token) => token.to_owned(),
        None => cx.portal.world.tokens.token()?,
    };
    let browser_token = &token_hash(&known_by);
    let (slug, address, demand) = (cx.param_text("slug").ok(), cx.request.peer, cx.portal.demand());
    let attempt = Attempt { email, slug, address, browser: &browser, demand, browser_token };
    let candidate = match cx.portal.db.write(|tx| actions::admit(tx, &attempt))? {
        Admission::Wait(wait) => return refused(cx, &actions::refusal(NOT_RIGHT, wait)),
        Admission::Check(candidate) => candidate,
    };
    let stored = candidate.as_ref().map(|candidate| candidate.password_hash.as_str());
    let typed = cx.form.get("password");
    let passcode = candidate.as_ref().is_some_and(|candidate| candidate.passcode_until.is_some());
    let given = if passcode { passcode_key(typed) } else { typed.to_owned() };
    let right = match cx.portal.hasher.verify(&given, stored) {
        Ok(right) => right,
        Err(error) => {
            cx.portal.db.write(|tx| actions::undecided(tx, email, candidate.as_ref(), cx.request.peer))?;
            return Err(error);
        }
    };
    let token = cx.portal.world.tokens.token()?;
    let replaced = own_session(cx.visitor);
    let proved = candidate.as_ref().filter(|_| right);
    match cx.portal.db.write(|tx| actions::finish(tx, &attempt, proved, &token_hash(&token), replaced))? {
        Outcome::Out { wait } => refused(cx, &actions::refusal(NOT_RIGHT, wait)),
        Outcome::Inactive { days } => refused(cx, &inactive(days)),
        Outcome::In { visitor } => {
            let location = way_on(&visitor, cx.form.get("next"));
            let answer = cx.portal.cookies.begin_session(Response::see_other(&location)?, &token)?;
            cx.portal.cookies.keep_browser(answer, &known_by)
        }
    }
}

const NOT_RIGHT: &str = "E-mail or password is not right.";

fn refused(cx: &Cx<'_>, sentence: &str) -> Result<Response> {
    let mut response = sign_in_page(cx, cx.form.get("email"), cx.form.get("next"), Some(sentence))?;
    response.status = 422;
    Ok(response)
}

fn own_session(visitor: &Visitor) -> Option<(IdentityId, SessionId)> {
    match visitor {
        Visitor::Guest | Visitor::Script(_) => None,
        Visitor::Half { session, identity, .. } => Some((*identity, *session)),
        Visitor::Person(person) => Some((person.identity, person.session)),
    }
}

/// Signing out twice is signing out: no form answer is kept.
fn sign_out(cx: &Cx<'_>) -> Result<Response> {
    cx.portal.db.write(|tx| actions::sign_out(tx, cx.visitor, cx.request.peer))?;
    let alert = Alert { tone: Tone::Good, text: "You are signed out.".to_owned(), next: Vec::new() };
    let answer = cx.see_other(&Done { location: way_out(cx), alert: Some(alert) })?;
    cx.portal.cookies.end_session(answer)
}

/// Whoever saw their partner's look is led to its own sign-in page, not to Portico's.
fn way_out(cx: &Cx<'_>) -> String {
    match cx.visitor {
        Visitor::Person(person) if cx.look().name.is_some() => format!("/p/{}/sign-in", person.slug),
        Visitor::Guest | Visitor::Half { .. } | Visitor::Person(_) | Visitor::Script(_) => "/sign-in".to_owned(),
    }
}

fn show_choices(cx: &Cx<'_>) -> Result<Response> {
    choices_page(cx, &cx.query("next"), &Problem::default())
}

fn choices_page(cx: &Cx<'_>, next: &str, problem: &Problem) -> Result<Response> {
    let (identity, _) = own_session(cx.visitor).ok_or(Error::SignIn)?;
    let choices = cx.read(|db| accounts::store::choices(db, identity))?;
    let times = cx.times();
    let current = cx.person().ok().map(|person| person.account);
    let mut offers = Vec::new();
    for choice in &choices {
        let until = match choice.state {
            AccountState::Invited { until } => Some(times.countdown("accept until", until)),
            AccountState::NotInvited | AccountState::Active { .. } | AccountState::Lapsed { .. } | AccountState::Deactivated { .. } => None,
        };
        offers.push(Offer { choice, current: current == Some(choice.account), until, form_id: cx.fresh_form_id()? });
    }
    let content = views::choose(&offers, carried(next), problem.any().then(|| problem.summary()));
    match cx.visitor {
        Visitor::Person(_) => cx.page(Sheet { title: "Switch account", ..Sheet::default() }, &content),
        Visitor::Guest | Visitor::Half { .. } | Visitor::Script(_) => {
            let leave = views::leave(&cx.fresh_form_id()?);
            cx.plain("Choose an account", &maud::html! { (content) (leave) })
        }
    }
}

fn choose(cx: &Cx<'_>) -> Result<Response> {
    enter(cx, "You are in another account now.", |_, _, _| Ok(()))
}

fn accept(cx: &Cx<'_>) -> Result<Response> {
    enter(cx, "The account is yours now.", |tx, identity, account| {
        let by = actions::offered_to(tx, identity, account, cx.request.peer)?;
        accounts::actions::accept(tx, identity, account, &by, cx.portal.demand()).map(drop)
    })
}

fn enter(
    cx: &Cx<'_>,
    sentence: &str,
    before: impl FnOnce(&crate::kernel::db::Tx<'_>, IdentityId, AccountId) -> Result<()>,
) -> Result<Response> {
    let (identity, session) = own_session(cx.visitor).ok_or(Error::SignIn)?;
    let account: AccountId = cx.form.get("account").parse()?;
    let next = cx.form.get("next");
    cx.submit(
        |tx| {
            before(tx, identity, account)?;
            actions::choose(tx, session, identity, account, cx.request.peer)?;
            Ok(Done::said(local(next), sentence))
        },
        |problem| choices_page(cx, next, problem),
    )
}
