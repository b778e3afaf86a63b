//! The one page of an empty portal (ACC-1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::access::model::{Access, Actor, browser};
use crate::access::roles_model::Role;
use crate::access::stage_model::Proof;
use crate::access::store::{self as sessions, NewSession};
use crate::kernel::countries;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::http::Response;
use crate::kernel::secret::{same, token_hash};
use crate::kernel::text::{self, Email, FirmName, PersonName};
use crate::page::{Cx, Done, Problem, Route};
use crate::partners::model::{Founded, Founding};
use crate::partners::{actions, store, views};

/// The routes.
pub const ROUTES: &[Route] =
    &[Route::get("/set-up/{secret}", Access::Anyone, show), Route::post("/set-up/{secret}", Access::Anyone, set_up)];

/// Without the secret there is no such page.
fn secret(cx: &Cx<'_>) -> Result<()> {
    let known = cx.portal.set_up_secret.as_deref().ok_or(Error::NotFound)?;
    if same(known, &token_hash(cx.param_text("secret")?)) { Ok(()) } else { Err(Error::NotFound) }
}

fn show(cx: &Cx<'_>) -> Result<Response> {
    secret(cx)?;
    match cx.read(|db| store::operating(db))? {
        None => draw(cx, &Problem::default()),
        Some(_) => Err(Error::NotFound),
    }
}

fn draw(cx: &Cx<'_>, problem: &Problem) -> Result<Response> {
    let summary = problem.summary();
    let content = views::set_up(&cx.request.path, &cx.form_id()?, cx.form, &summary, |field| problem.of(field).map(ToOwned::to_owned));
    cx.plain("Set up Portico", &content)
}

fn set_up(cx: &Cx<'_>) -> Result<Response> {
    secret(cx)?;
    let (founding, password) = match parse(cx) {
        Ok(parsed) => parsed,
        Err(error) => return cx.submit(|_| Err(error), |problem| draw(cx, problem)),
    };
    let hash = cx.portal.hasher.hash(&password, cx.portal.world.tokens)?;
    // Made of the form, so that the form sent twice is answered with the same session (ALL-7).
    let content = [cx.form.get("form_id").as_bytes(), cx.request.body.as_slice()];
    let token = URL_SAFE_NO_PAD.encode(cx.portal.db.vault().keyed_hash("set-up session", &content));
    let response = cx.submit(|tx| found(cx, tx, &founding, &hash, &token), |problem| draw(cx, problem))?;
    if response.status == 303 { cx.portal.cookies.begin_session(response, &token) } else { Ok(response) }
}

fn found(cx: &Cx<'_>, tx: &Tx<'_>, founding: &Founding, hash: &str, token: &str) -> Result<Done> {
    if store::operating(tx)?.is_some() {
        return Err(Error::NotFound);
    }
    let address = cx.request.peer.to_string();
    let by = |founded: &Founded| Actor {
        partner: founded.partner,
        account: Some(founded.account),
        name: format!("{} {} ({})", founding.first_name.as_str(), founding.last_name.as_str(), founding.email),
        roles: Role::PrimaryAccount.shown().to_owned(),
        address: address.clone(),
    };
    let founded = actions::set_up(tx, founding, hash, by)?;
    let session = NewSession {
        token_hash: &token_hash(token),
        partner: founded.partner,
        identity: founded.identity,
        account: Some(founded.account),
        address: &address,
        browser: &browser(cx.request.header("user-agent").unwrap_or_default()),
        proof: Proof::Password,
    };
    sessions::begin_session(tx, &session)?;
    crate::accounts::identities_store::note_sign_in(tx, founded.identity, Some(founded.account))?;
    Ok(Done::said("/", format!("{} is set up. Create the first organization, or import what you have.", founding.partner.as_str())))
}

fn parse(cx: &Cx<'_>) -> Result<(Founding, String)> {
    let mut errors = FieldErrors::default();
    let partner = errors.take("partner", FirmName::parse(cx.form.get("partner")));
    let country = errors.take("country", countries::parse(cx.form.get("country")));
    let first_name = errors.take("first_name", PersonName::parse(cx.form.get("first_name")));
    let last_name = errors.take("last_name", PersonName::parse(cx.form.get("last_name")));
    let email = errors.take("email", Email::parse(cx.form.get("email")));
    let password = errors.take("password", text::password(cx.form.get("password"), cx.form.get("email"), text::PASSWORD_LEAST));
    if password.is_some() && cx.form.get("password") != cx.form.get("password_again") {
        errors.add("password_again", "This is not the same as above. Enter the password twice.");
    }
    let founding = partner
        .zip(country)
        .zip(first_name)
        .zip(last_name)
        .zip(email)
        .map(|((((partner, country), first_name), last_name), email)| Founding { partner, country, first_name, last_name, email });
    errors.or(founding.zip(password))
}
