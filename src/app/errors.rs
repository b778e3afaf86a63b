//! Where an error becomes a status, a page and a log line: the only such place.

use maud::html;
use serde_json::json;

use crate::access::model::Visitor;
use crate::kernel::disk::Outcome;
use crate::kernel::error::Error;
use crate::kernel::form::Form;
use crate::kernel::html::form::{ButtonKind, link_button};
use crate::kernel::html::frame::{Alert, Tone};
use crate::kernel::http::{Method, Request, Response};
use crate::page::{Cx, Done, Portal, Sheet};

/// The page of an error. Foreign and absent look alike, since both are `NotFound` (ALL-1).
pub fn page(portal: &Portal, request: &Request, visitor: &Visitor, error: &Error) -> Response {
    if let Error::SignIn = error {
        return sign_in(portal, request, visitor);
    }
    let (status, title, sentence) = told(portal, request, error);
    let mut response = draw(portal, request, visitor, title, &sentence).unwrap_or_else(|_| Response::empty(status));
    response.status = status;
    with_pause(response, error)
}

/// What a script is told: the same as JSON, `{"code":…,"message":…}`. What is wrong with a request is 400, and who is not known 401.
pub fn for_script(portal: &Portal, request: &Request, error: &Error) -> Response {
    let (status, code, message) = match (error, told(portal, request, error)) {
        (Error::SignIn, _) => {
            (401, "unauthorized", "Send a key's public part as user name and its secret as password (HTTP Basic).".to_owned())
        }
        (Error::NotFound, _) => (404, "not_found", "There is nothing at this address, or it is not for this key.".to_owned()),
        (Error::Invalid(_) | Error::Refused(_), (_, _, sentence)) => (400, "bad_request", sentence),
        (Error::Forbidden(_), (status, _, sentence)) => (status, "forbidden", sentence),
        (Error::Conflict(_), (status, _, sentence)) => (status, "conflict", sentence),
        (Error::TooOften { .. }, (status, _, sentence)) => (status, "too_many_requests", sentence),
        (Error::Unavailable { .. } | Error::Disk(_), (status, _, sentence)) => (status, "unavailable", sentence),
        (Error::Internal(_), (status, _, sentence)) => (status, "internal_error", sentence),
    };
    let mut response = Response::json(status, json!({ "code": code, "message": message }).to_string().into_bytes());
    if status == 401 {
        response.headers.push(("WWW-Authenticate", "Basic realm=\"Portico\", charset=\"UTF-8\"".to_owned()));
    }
    with_pause(response, error)
}

fn with_pause(mut response: Response, error: &Error) -> Response {
    if let Error::Unavailable { retry_after, .. } | Error::TooOften { retry_after } = error {
        response.headers.push(("Retry-After", retry_after.to_string()));
    }
    response
}

/// Status, title and sentence of an error. What is the operator's or ours to mend is logged here, once.
fn told(portal: &Portal, request: &Request, error: &Error) -> (u16, &'static str, String) {
    match error {
        Error::SignIn | Error::NotFound => {
            (404, "Not found", "There is nothing at this address, or it is not for this account.".to_owned())
        }
        Error::Forbidden(why) => (403, "Not done", (*why).to_owned()),
        Error::Invalid(_) | Error::Refused(_) => (422, "Not done", error.to_string()),
        Error::Conflict(sentence) => (409, "Not done", sentence.clone()),
        Error::TooOften { .. } => (429, "Please try again", error.to_string()),
        Error::Unavailable { sentence, .. } => (503, "Please try again", sentence.clone()),
        Error::Disk(trouble) => {
            // The writer told the log already, once.
            if trouble.outcome == Outcome::NotRead {
                let place = format!("{} {}", method(request.method), printable(&request.path));
                eprintln!("{place}: the database could not be read ({}): {}", printable(&trouble.why), trouble.advice());
            }
            (503, trouble.title(), trouble.to_string())
        }
        Error::Internal(what) => {
            let id = portal.world.tokens.number(100_000, 1_000_000).unwrap_or_default();
            eprintln!("error {id}: {} {}: {}", method(request.method), printable(&request.path), printable(what));
            (
                500,
                "Something went wrong here",
                format!("Nothing was changed. If it happens again, tell whoever runs this portal: error {id}."),
            )
        }
    }
}

fn draw(portal: &Portal, request: &Request, visitor: &Visitor, title: &str, sentence: &str) -> crate::kernel::error::Result<Response> {
    // The path plays no part in an error's page, so that two refused addresses cannot be told apart.
    let anonymous = Request { path: String::new(), headers: Vec::new(), ..request.clone() };
    let form = Form::default();
    let cx = Cx { portal, request: &anonymous, visitor, form: &form, params: Vec::new() };
    let content = html! { p.lead { (sentence) } p { (link_button("Go to Home", "/", ButtonKind::Secondary, None)) } };
    match visitor {
        Visitor::Person(_) => cx.page(Sheet { title, ..Sheet::default() }, &content),
        Visitor::Guest | Visitor::Half { .. } | Visitor::Script(_) => cx.plain(title, &content),
    }
}

/// A guest is led to sign in, and from there back to where they wanted to go. Whose session ended meanwhile hears that what they
/// sent was not done, and comes back to the page that it was sent from. Who is on the way in is led to the page of their stage.
fn sign_in(portal: &Portal, request: &Request, visitor: &Visitor) -> Response {
    let change = request.method != Method::Get && request.method != Method::Head;
    let wanted = match (change, request.query.as_str()) {
        (true, _) => page_it_came_from(request).unwrap_or_default().to_owned(),
        (false, "") => request.path.clone(),
        (false, query) => format!("{}?{query}", request.path),
    };
    let mut location = "/sign-in".to_owned();
    if !matches!(wanted.as_str(), "" | "/") {
        let next = percent_encoding::utf8_percent_encode(&wanted, percent_encoding::NON_ALPHANUMERIC);
        location = format!("{location}?next={next}");
    }
    let text = match visitor {
        Visitor::Half { .. } => "What you sent was not done, since this has to be done first. Send it again afterwards.",
        Visitor::Guest | Visitor::Person(_) | Visitor::Script(_) => {
            "You are signed out, so what you sent was not done. Sign in and send it again."
        }
    };
    let text = text.to_owned();
    let alert = change.then_some(Alert { tone: Tone::Bad, text, next: Vec::new() });
    let form = Form::default();
    let cx = Cx { portal, request, visitor: &Visitor::Guest, form: &form, params: Vec::new() };
    cx.see_other(&Done { location, alert }).unwrap_or_else(|_| Response::empty(404))
}

/// The path of the page of ours that a form was on.
fn page_it_came_from(request: &Request) -> Option<&str> {
    let (_, rest) = request.header("referer")?.split_once("://")?;
    rest.strip_prefix(request.header("host")?).filter(|path| path.starts_with('/'))
}

/// The headers that every answer carries (security.md, "Headers").
pub fn finish(mut response: Response) -> Response {
    const ALWAYS: &[(&str, &str)] = &[
        (
            "Content-Security-Policy",
            "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; \
             frame-ancestors 'none'; base-uri 'none'",
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ];
    for (name, value) in ALWAYS {
        response.headers.push((name, (*value).to_owned()));
    }
    if response.header("cache-control").is_none() {
        response.headers.push(("Cache-Control", "no-store".to_owned()));
    }
    response
}

/// One line for the operator.
pub fn log(what: &str, error: &Error) {
    eprintln!("{what}: {}", printable(&error.to_string()));
}

/// Text that cannot break a line, hide in it or turn it around.
pub fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|sign| if sign.is_control() || !sign.is_ascii() { sign.escape_default().collect::<Vec<_>>() } else { vec![sign] })
        .collect()
}

const fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
    }
}
