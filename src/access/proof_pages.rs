//! Asks for the password again before a dangerous step (SEC-2), or for a code of the person's app, and goes on with the step once it was
//! given. What the form held waits in the page meanwhile, sealed: it may hold secrets, and only whoever sent it can send it on.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::access::actions;
use crate::access::proof_views::{self, Asking};
use crate::factors;
use crate::factors::model::Typed;
use crate::kernel::error::{Error, Result};
use crate::kernel::form::Form;
use crate::kernel::http::Response;
use crate::page::{Answer, Cx, Sheet, local, problem};

/// What became of the question.
#[derive(Debug)]
pub enum Settled {
    /// The proof is fresh: the step may be taken, with this form.
    GoOn(Form),
    /// The page that asks.
    Asked(Response),
}

/// The hidden field in which the form waits, and the one that knows where it was sent from.
const WAITING: &str = "waiting_form";
const BACK: &str = "waiting_from";
/// The fields of the password and of the code.
const PASSWORD: &str = "proof";
const CODE: &str = "proof_code";
/// What the form is sealed for.
const PURPOSE: &str = "form that waits for a password";

/// What is wrong with what was given: the field, and a sentence.
type Wrong = (&'static str, String);

/// SEC-2: whether the step of this request may be taken now. `NotFound` and `SignIn` as for any page.
pub fn settle(cx: &Cx<'_>, answer: Answer) -> Result<Settled> {
    let waiting = waiting(cx)?;
    if cx.person()?.proved_lately(cx.times().now) {
        return Ok(Settled::GoOn(waiting.unwrap_or_else(|| cx.form.clone())));
    }
    let Some(form) = waiting else { return ask(cx, cx.form, None).map(Settled::Asked) };
    match (prove(cx)?, answer) {
        (None, Answer::Page) => Ok(Settled::GoOn(form)),
        (None, Answer::File) => ready(cx, &form).map(Settled::Asked),
        (Some(wrong), _) => {
            let mut response = ask(cx, &form, Some(&wrong))?;
            response.status = 422;
            Ok(Settled::Asked(response))
        }
    }
}

/// The form that came back from the page that asks.
fn waiting(cx: &Cx<'_>) -> Result<Option<Form>> {
    if !cx.form.ticked(WAITING) {
        return Ok(None);
    }
    let sealed = URL_SAFE_NO_PAD.decode(cx.form.get(WAITING)).ok();
    let opened = match sealed {
        Some(sealed) => cx.portal.db.vault().open(PURPOSE, &meant_for(cx)?, &sealed),
        None => None,
    };
    let fields =
        opened.ok_or_else(|| Error::refused("What waited for the password cannot be read any more. Go back and send it again."))?;
    let fields = form_urlencoded::parse(&fields).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    Ok(Some(Form { fields, files: Vec::new() }))
}

/// A form waits for its own address and its own sender.
fn meant_for(cx: &Cx<'_>) -> Result<Vec<u8>> {
    let mut words = cx.request.path.as_bytes().to_vec();
    words.extend(cx.person()?.account.0.to_le_bytes());
    Ok(words)
}

fn sealed(cx: &Cx<'_>, form: &Form) -> Result<String> {
    let fields = form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
    Ok(URL_SAFE_NO_PAD.encode(cx.portal.db.vault().seal(PURPOSE, &meant_for(cx)?, fields.as_bytes(), cx.portal.world.tokens)?))
}

fn ask(cx: &Cx<'_>, form: &Form, wrong: Option<&Wrong>) -> Result<Response> {
    let (person, times) = (cx.person()?, cx.times());
    let error_of = |field: &str| wrong.filter(|(wrong, _)| *wrong == field).map(|(_, sentence)| sentence.as_str());
    let asking = Asking {
        action: &cx.request.path,
        waiting: (WAITING, &sealed(cx, form)?),
        back: (BACK, &back(cx)),
        password: (PASSWORD, error_of(PASSWORD)),
        code: has_factor(cx)?.then(|| (CODE, error_of(CODE))),
        email: &person.email,
        given: times.ago(person.proved_at),
    };
    cx.dialog(
        Sheet { title: "Enter your password again", ..Sheet::default() },
        Some(proof_views::intro(&asking)),
        &proof_views::ask(&asking),
    )
}

/// A file leaves the page as it is, so the page says that all is well before it comes, and leads back.
fn ready(cx: &Cx<'_>, form: &Form) -> Result<Response> {
    let content = proof_views::ready(&cx.request.path, (WAITING, &sealed(cx, form)?), (BACK, &back(cx)));
    cx.dialog(Sheet { title: "Your file is ready", ..Sheet::default() }, None, &content)
}

fn has_factor(cx: &Cx<'_>) -> Result<bool> {
    let identity = cx.person()?.identity;
    Ok(cx.read(|db| factors::store::status(db, identity))?.is_some())
}

/// The page that the form was sent from, for whoever thinks better of it.
fn back(cx: &Cx<'_>) -> String {
    let known = cx.form.get(BACK);
    if !known.is_empty() {
        return local(known).to_owned();
    }
    let from = cx.request.header("referer").and_then(|whole| whole.split_once("://"));
    let path = from.and_then(|(_, rest)| rest.strip_prefix(cx.request.header("host")?));
    local(path.unwrap_or("/")).to_owned()
}

/// Nothing when what was given is right, the password or a code, else what is wrong.
fn prove(cx: &Cx<'_>) -> Result<Option<Wrong>> {
    match (cx.form.get(PASSWORD), cx.form.get(CODE)) {
        ("", "") => Ok(Some((PASSWORD, "Enter your password.".to_owned()))),
        ("", code) if has_factor(cx)? => prove_by_code(cx, code),
        _ => Ok(prove_by_password(cx)?.map(|sentence| (PASSWORD, sentence))),
    }
}

/// A code of the app, counted and spent as at sign-in (ACC-7, SEC-1). Recovery codes are for signing in without the app.
fn prove_by_code(cx: &Cx<'_>, typed: &str) -> Result<Option<Wrong>> {
    let Typed::Code(code) = Typed::read(typed) else {
        return Ok(Some((CODE, "Enter the six digits that your authenticator app shows now.".to_owned())));
    };
    let person = cx.person()?;
    let wait = cx.portal.db.write(|tx| actions::prove_by_code(tx, person, &code))?;
    Ok(wait.map(|wait| (CODE, actions::refusal("This code is not right.", wait))))
}

/// Checks the password as the sign-in page does (SEC-1): counted first, hashed outside of any transaction.
fn prove_by_password(cx: &Cx<'_>) -> Result<Option<String>> {
    let (person, db) = (cx.person()?, &cx.portal.db);
    let candidate = match db.write(|tx| actions::admit_again(tx, person.identity, person.address)) {
        Ok(candidate) => candidate,
        Err(error) => return sentence(error).map(Some),
    };
    match cx.portal.hasher.verify(cx.form.get(PASSWORD), Some(&candidate.password_hash)) {
        Ok(true) => match db.write(|tx| actions::prove(tx, person, &candidate)) {
            Ok(()) => Ok(None),
            Err(error) => sentence(error).map(Some),
        },
        Ok(false) => {
            let wait = db.write(|tx| actions::not_proved(tx, person, &candidate, "gave a wrong password when asked for it again"))?;
            Ok(Some(actions::refusal("The password is not right.", wait)))
        }
        Err(error) => {
            db.write(|tx| actions::undecided(tx, &candidate.email, Some(&candidate), person.address))?;
            sentence(error).map(Some)
        }
    }
}

/// What a person can mend or wait for comes back with the form; anything else goes on up.
fn sentence(error: Error) -> Result<String> {
    let problem = problem(error)?;
    let fields = problem.fields.0.into_iter().map(|(_, sentence)| sentence);
    Ok(problem.sentence.into_iter().chain(fields).collect::<Vec<_>>().join(" "))
}
