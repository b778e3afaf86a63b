//! The pages behind mailed links (ACC-2, ACC-9): setting up an account, choosing a new password, asking for a letter.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::access::model::{Access, browser};
use crate::accounts::actions::{self, Arrival};
use crate::accounts::links_store;
use crate::accounts::model::{Link, Purpose};
use crate::accounts::views::{self, LinkPage};
use crate::branding;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::html::frame::Look;
use crate::kernel::http::Response;
use crate::kernel::secret::token_hash;
use crate::kernel::text::{self, Email};
use crate::page::{Cx, Done, Problem, Route};
use crate::security;

/// The routes.
pub const ROUTES: &[Route] = &[
    Route::get("/links/{token}", Access::Anyone, show_link),
    Route::post("/links/{token}", Access::Anyone, use_link),
    Route::get("/forgot-password", Access::Anyone, show_forgot),
    Route::post("/forgot-password", Access::Anyone, forgot),
    Route::get("/p/{slug}/forgot-password", Access::Anyone, show_forgot),
    Route::post("/p/{slug}/forgot-password", Access::Anyone, forgot),
];

/// The link of the path; nothing when it does not work.
fn link(cx: &Cx<'_>) -> Result<Option<Link>> {
    let token = cx.param_text("token")?;
    match cx.read(|db| links_store::find(db, token)) {
        Ok(link) => Ok(Some(link)),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Looking at a link never spends it: mail programs look at links before people do.
fn show_link(cx: &Cx<'_>) -> Result<Response> {
    match link(cx)? {
        Some(link) => draw_link(cx, &link, &Problem::default()),
        None => dead_link(cx),
    }
}

fn draw_link(cx: &Cx<'_>, link: &Link, problem: &Problem) -> Result<Response> {
    let page = LinkPage {
        link,
        action: &cx.request.path,
        form_id: cx.form_id()?,
        summary: problem.summary(),
        password: problem.of("password"),
        again: problem.of("password_again"),
        least: least(cx, link)?,
        times: &cx.times(),
    };
    let title = match link.purpose {
        Purpose::SetUp => "Set up your account",
        Purpose::Reset | Purpose::Passcode => "Reset your password",
    };
    let look = cx.shown(cx.read(|db| branding::store::look_of(db, link.partner))?);
    cx.plain_in(&look, title, &views::link(&page))
}

fn dead_link(cx: &Cx<'_>) -> Result<Response> {
    let mut response = cx.plain("This link no longer works", &views::dead_link())?;
    response.status = 404;
    Ok(response)
}

fn use_link(cx: &Cx<'_>) -> Result<Response> {
    // A form sent twice finds its link spent, and is answered as the first time (ALL-7).
    let Some(link) = link(cx)? else { return alive(cx, cx.submit(|_| Err(Error::NotFound), |_| dead_link(cx))) };
    let chosen = match chosen_password(cx, &link) {
        Ok(chosen) => chosen,
        Err(error) => return cx.submit(|_| Err(error), |problem| draw_link(cx, &link, problem)),
    };
    let hash = cx.portal.hasher.hash(&chosen, cx.portal.world.tokens)?;
    alive(cx, cx.submit(|tx| arrive(cx, tx, &hash), |problem| draw_link(cx, &link, problem)))
}

/// A link that died on the way gets the page of dead links; one that led in gets its session.
fn alive(cx: &Cx<'_>, answer: Result<Response>) -> Result<Response> {
    match answer {
        Ok(response) if response.status == 303 => {
            let inside = response.header("location") == Some(INSIDE);
            let answer = cx.portal.cookies.keep_browser(response, &browser_token(cx))?;
            if inside { cx.portal.cookies.begin_session(answer, &session_token(cx)) } else { Ok(answer) }
        }
        Err(Error::NotFound) => dead_link(cx),
        other => other,
    }
}

const INSIDE: &str = "/";

/// Made of the form, so that the form sent twice is answered with the same session (ALL-7).
fn session_token(cx: &Cx<'_>) -> String {
    let content = [cx.request.path.as_bytes(), cx.form.get("form_id").as_bytes(), cx.request.body.as_slice()];
    URL_SAFE_NO_PAD.encode(cx.portal.db.vault().keyed_hash("session of a mailed link", &content))
}

fn chosen_password(cx: &Cx<'_>, link: &Link) -> Result<String> {
    let least = least(cx, link)?;
    let mut errors = FieldErrors::default();
    let typed = cx.form.get("password");
    let password = errors.take("password", text::password(typed, &link.email, least));
    if password.is_some() && typed != cx.form.get("password_again") {
        errors.add("password_again", "This is not the same as above. Enter the password twice.");
    }
    errors.or(password)
}

/// SEC-3: how long a password has to be at the link's partner.
fn least(cx: &Cx<'_>, link: &Link) -> Result<i64> {
    Ok(cx.read(|db| security::store::settings(db, link.partner))?.password_length)
}

/// The token by which this browser is known from now on. A new one is made of the form, so that the form sent twice is answered with the
/// same (ALL-7).
fn browser_token(cx: &Cx<'_>) -> String {
    if let Some(token) = cx.portal.cookies.browser_token(cx.request) {
        return token.to_owned();
    }
    let content = [cx.request.path.as_bytes(), cx.form.get("form_id").as_bytes(), cx.request.body.as_slice()];
    URL_SAFE_NO_PAD.encode(cx.portal.db.vault().keyed_hash("browser of a mailed link", &content))
}

/// ACC-2: a set-up leads straight in; ACC-9: a reset leads to the sign-in page.
fn arrive(cx: &Cx<'_>, tx: &Tx<'_>, hash: &str) -> Result<Done> {
    let session = session_token(cx);
    let arrival = Arrival {
        token: cx.param_text("token")?,
        password_hash: hash,
        session: &token_hash(&session),
        address: &cx.request.peer.to_string(),
        browser: &browser(cx.request.header("user-agent").unwrap_or_default()),
        browser_token: &token_hash(&browser_token(cx)),
        demand: cx.portal.demand(),
    };
    let arrived = actions::arrive(tx, &arrival)?;
    let sign_in = format!("/p/{}/sign-in", arrived.slug);
    Ok(match arrived.account {
        Some(account) if arrived.inside => Done::said(INSIDE, format!("Welcome, {}. Your account is set up.", account.first_name)),
        Some(_) => {
            Done::said(sign_in, "Your account is set up. Its organization is switched off at the moment; sign in once it is active again.")
        }
        None => Done::said(sign_in, "Your new password is set. Sign in with it."),
    })
}

fn sign_in_address(cx: &Cx<'_>) -> String {
    match cx.param_text("slug") {
        Ok(slug) => format!("/p/{}/sign-in", percent_encoding::utf8_percent_encode(slug, percent_encoding::NON_ALPHANUMERIC)),
        Err(_) => "/sign-in".to_owned(),
    }
}

fn show_forgot(cx: &Cx<'_>) -> Result<Response> {
    draw_forgot(cx, &Problem::default())
}

fn draw_forgot(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let summary = problem.summary();
    let content =
        views::forgot(&cx.request.path, &sign_in_address(cx), cx.form.get("email"), &cx.form_id()?, (&summary, problem.of("email")));
    let look = match cx.param_text("slug") {
        Ok(slug) => cx.shown(cx.read(|db| branding::store::look_of_slug(db, slug))?),
        Err(_) => Look::default(),
    };
    cx.plain_in(&look, "Reset your password", &content)
}

/// Says nothing of whether the e-mail is known. The portal may keep its letters, so it names who finds one that does not arrive.
const ASKED: &str = "If this e-mail is known here, a letter is written to it. The link in it works for one hour. If nothing arrives, ask your \
    provider: whoever runs this portal finds every letter it wrote in the Outbox.";

/// The same answer by the same work for known and unknown: one row (ACC-9).
fn forgot(cx: &Cx<'_>) -> Result<Response> {
    let back = sign_in_address(cx);
    cx.submit(
        |tx| {
            let email = Email::parse(cx.form.get("email")).map_err(|sentence| Error::field("email", sentence))?;
            actions::ask_reset(tx, &email, cx.param_text("slug").ok(), &cx.request.peer.to_string())?;
            Ok(Done::said(back, ASKED))
        },
        |problem| draw_forgot(cx, problem),
    )
}
