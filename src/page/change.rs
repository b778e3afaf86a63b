//! A form's work: done once (ALL-7), answered with a place and a sentence there, or with what is to be mended.

use std::cell::Cell;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maud::{Markup, html};
use serde_json::json;

use crate::access::model::Visitor;
use crate::access::store;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::html::form as kit;
use crate::kernel::html::frame::{Alert, Link, Tone};
use crate::kernel::http::Response;
use crate::kernel::secret::same;
use crate::page::Cx;

/// What a piece of work answers: where to look now, and what to say there.
#[derive(Clone, Debug)]
pub struct Done {
    /// A path of ours.
    pub location: String,
    /// Shown at the top of that page.
    pub alert: Option<Alert>,
}

impl Done {
    /// Go there and say so.
    pub fn said(location: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { location: location.into(), alert: Some(Alert { tone: Tone::Good, text: sentence.into(), next: Vec::new() }) }
    }

    /// Go there quietly.
    pub fn at(location: impl Into<String>) -> Self {
        Self { location: location.into(), alert: None }
    }

    /// Offers a next step in the alert.
    #[must_use]
    pub fn then(mut self, label: &str, href: impl Into<String>) -> Self {
        if let Some(alert) = &mut self.alert {
            alert.next.push(Link::new(label, href));
        }
        self
    }
}

/// Why a form comes back: sentences for its fields, or one for the whole.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// By field.
    pub fields: FieldErrors,
    /// For the whole form.
    pub sentence: Option<String>,
}

impl Problem {
    /// The sentence for a field, for `Field::error`.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.fields.of(field)
    }

    /// Whether anything is wrong at all.
    pub fn any(&self) -> bool {
        self.sentence.is_some() || !self.fields.0.is_empty()
    }

    /// The summary above the form; nothing when all is well.
    pub fn summary(&self) -> Markup {
        let mut lines: Vec<(&str, &str)> = self.fields.0.iter().map(|(field, sentence)| (field.as_str(), sentence.as_str())).collect();
        if let Some(sentence) = &self.sentence {
            lines.insert(0, ("", sentence));
        }
        if lines.is_empty() {
            html! {}
        } else {
            kit::error_summary(&lines)
        }
    }
}
impl Cx<'_> {
    /// The hidden field that makes a form do its work once (ALL-7). A form that came back keeps its id.
    pub fn form_id(&self) -> Result<Markup> {
        let given = self.form.get("form_id");
        if is_form_id(given) { Ok(kit::form_id(given)) } else { Ok(kit::form_id(&self.portal.world.tokens.token()?)) }
    }

    /// A fresh form id whatever came in: for the other forms of a page that is drawn again.
    pub fn fresh_form_id(&self) -> Result<Markup> {
        Ok(kit::form_id(&self.portal.world.tokens.token()?))
    }

    /// Does a form's work once, in one transaction with its answer (ALL-7). What a person can mend is drawn by `redraw`, status 422.
    pub fn submit(
        &self,
        work: impl FnOnce(&Tx<'_>) -> Result<Done>,
        redraw: impl FnOnce(&Problem) -> Result<Response>,
    ) -> Result<Response> {
        match self.answer_once(work) {
            Ok(done) => self.see_other(&done),
            Err(error) => {
                let status = if matches!(error, Error::Disk(_)) { 503 } else { 422 };
                let mut response = redraw(&problem(error)?)?;
                response.status = status;
                Ok(response)
            }
        }
    }

    /// Like `submit` for a button without fields: a refusal becomes an alert on the page at `back`.
    pub fn press(&self, back: &str, work: impl FnOnce(&Tx<'_>) -> Result<Done>) -> Result<Response> {
        self.press_or_redraw(back, work, |_| Ok(None))
    }

    /// Like `press`; where `redraw` draws something, that is what comes back instead of the alert, status 422.
    pub fn press_or_redraw(
        &self,
        back: &str,
        work: impl FnOnce(&Tx<'_>) -> Result<Done>,
        redraw: impl FnOnce(&Problem) -> Result<Option<Response>>,
    ) -> Result<Response> {
        match self.answer_once(work) {
            Ok(done) => self.see_other(&done),
            Err(error) => {
                let problem = problem(error)?;
                if let Some(response) = redraw(&problem)? {
                    return Ok(Response { status: 422, ..response });
                }
                let fields = problem.fields.0.into_iter().map(|(_, sentence)| sentence);
                let text = problem.sentence.into_iter().chain(fields).collect::<Vec<_>>().join(" ");
                self.see_other(&Done { location: back.to_owned(), alert: Some(Alert { tone: Tone::Bad, text, next: Vec::new() }) })
            }
        }
    }

    /// Whether work could be done: it is tried in a transaction that is taken back. What a person can mend is the problem that comes back,
    /// or one that has nothing in it.
    pub fn try_out(&self, work: impl FnOnce(&Tx<'_>) -> Result<()>) -> Result<Problem> {
        let fine = Cell::new(false);
        let tried: Result<()> = self.portal.db.write(|tx| {
            work(tx)?;
            fine.set(true);
            Err(Error::refused("Only tried."))
        });
        match tried {
            Ok(()) => Err(Error::internal("what was only to be tried was kept")),
            Err(_) if fine.get() => Ok(Problem::default()),
            Err(error) => problem(error),
        }
    }

    fn answer_once(&self, work: impl FnOnce(&Tx<'_>) -> Result<Done>) -> Result<Done> {
        let given = self.form.get("form_id");
        if !is_form_id(given) {
            return Err(Error::refused("This form had lost its id. It is filled in as you left it; please send it again."));
        }
        let vault = self.portal.db.vault();
        let who = match self.visitor {
            Visitor::Guest | Visitor::Script(_) => 0,
            Visitor::Half { identity, .. } => identity.0,
            Visitor::Person(person) => person.account.0,
        };
        let form = vault.keyed_hash("form id", &[given.as_bytes(), &who.to_le_bytes()]);
        let body = vault.keyed_hash("form body", &self.form_parts());
        self.portal.db.write(|tx| {
            if let Some((known, location, alert)) = store::form_answer(tx, &form)? {
                if same(&known, &body) {
                    return Ok(Done { location, alert: read_alert(&alert) });
                }
                return Err(Error::refused(
                    "This form was already sent, with other content. What you entered is still here; open the page anew to send it as a second one.",
                ));
            }
            let done = work(tx)?;
            store::keep_form_answer(tx, &form, &body, &done.location, &done.alert.as_ref().map(write_alert).unwrap_or_default())?;
            Ok(done)
        })
    }

    /// What makes two bodies the same: path, fields and files. Not the bytes: a browser draws a new boundary for each upload.
    fn form_parts(&self) -> Vec<&[u8]> {
        let mut parts = vec![self.request.path.as_bytes()];
        for (name, value) in &self.form.fields {
            parts.extend([b"field".as_slice(), name.as_bytes(), value.as_bytes()]);
        }
        for file in &self.form.files {
            parts.extend([b"file".as_slice(), file.field.as_bytes(), file.name.as_bytes(), file.bytes.as_slice()]);
        }
        parts
    }

    /// 303 to `done`, its alert in a cookie that the next page takes away.
    pub fn see_other(&self, done: &Done) -> Result<Response> {
        let response = Response::see_other(&done.location)?;
        match &done.alert {
            Some(alert) => self.portal.cookies.carry_alert(response, &self.sign(&write_alert(alert))),
            None => Ok(response),
        }
    }

    fn sign(&self, text: &str) -> String {
        let mark = self.portal.db.vault().keyed_hash("alert cookie", &[text.as_bytes()]);
        format!("{}.{}", URL_SAFE_NO_PAD.encode(text), URL_SAFE_NO_PAD.encode(mark))
    }

    pub(super) fn carried_alert(&self) -> Option<Alert> {
        let (text, mark) = self.portal.cookies.carried_alert(self.request)?.split_once('.')?;
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mark = URL_SAFE_NO_PAD.decode(mark).ok()?;
        let expected = self.portal.db.vault().keyed_hash("alert cookie", &[text.as_bytes()]);
        if same(&mark, &expected) { read_alert(&text) } else { None }
    }
}

fn is_form_id(text: &str) -> bool {
    (20..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// What a person can mend goes back to them; anything else goes on up.
pub fn problem(error: Error) -> Result<Problem> {
    match error {
        Error::Invalid(fields) => Ok(Problem { fields, sentence: None }),
        Error::Refused(sentence) | Error::Conflict(sentence) | Error::Unavailable { sentence, .. } => {
            Ok(Problem { fields: FieldErrors::default(), sentence: Some(sentence) })
        }
        // The form keeps what was entered and its id: sent again, it does its work once.
        Error::Disk(trouble) => Ok(Problem { fields: FieldErrors::default(), sentence: Some(trouble.to_string()) }),
        Error::SignIn | Error::Forbidden(_) | Error::NotFound | Error::TooOften { .. } | Error::Internal(_) => Err(error),
    }
}

fn write_alert(alert: &Alert) -> String {
    let tone = if alert.tone == Tone::Bad { "bad" } else { "good" };
    let next: Vec<_> = alert.next.iter().map(|link| json!([link.label, link.href])).collect();
    json!({ "tone": tone, "text": alert.text, "next": next }).to_string()
}

fn read_alert(text: &str) -> Option<Alert> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let link = |pair: &serde_json::Value| Some(Link::new(pair.get(0)?.as_str()?, pair.get(1)?.as_str()?));
    Some(Alert {
        tone: if value.get("tone")?.as_str()? == "bad" { Tone::Bad } else { Tone::Good },
        text: value.get("text")?.as_str()?.to_owned(),
        next: value.get("next")?.as_array()?.iter().filter_map(link).collect(),
    })
}
