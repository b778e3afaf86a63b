//! What a handler gets and is: `Cx`, `Route`, and the pieces every page is made of.

pub mod cookies;
pub mod menu;

use std::cell::Cell;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maud::{Markup, Render, html};
use serde_json::json;

use crate::access::model::{Access, Person, Risk, Visitor};
use crate::access::roles_model::Right;
use crate::access::script_model::Script;
use crate::access::stage_model::Demand;
use crate::access::store;
use crate::access::witness_model::{Manager, PrimaryAccount, SecurityAdmin, SignedIn, StaffManager};
use crate::kernel::db::{Db, Reader, Tx};
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::form::Form;
use crate::kernel::html::frame::{self, Alert, Frame, Link, Theme, Tone};
use crate::kernel::html::when::Times;
use crate::kernel::html::{form as kit, parts};
use crate::kernel::http::{Method, Request, Response};
use crate::kernel::secret::{Hasher, same};
use crate::kernel::text;
use crate::kernel::time::Zone;
use crate::kernel::world::World;
use crate::page::cookies::Cookies;

/// The portal as handlers see it.
#[derive(Clone, Debug)]
pub struct Portal {
    /// The database.
    pub db: Db,
    /// The two threads that hash passwords.
    pub hasher: Hasher,
    /// What reaches outside.
    pub world: World,
    /// Where people reach the portal, without a slash at the end; links in letters begin with it.
    pub public_url: String,
    /// Whether only browsers on this very machine can open such links.
    pub only_here: bool,
    /// How its cookies are named and guarded.
    pub cookies: Cookies,
    /// ACC-1: the one-time secret's hash, while the portal is empty.
    pub set_up_secret: Option<Vec<u8>>,
    /// Whether this is `portico demo`.
    pub demo: bool,
}

impl Portal {
    /// How strictly second factors are asked for: in the demo they are optional.
    pub const fn demand(&self) -> Demand {
        if self.demo { Demand::Optional } else { Demand::AsRuled }
    }
}

/// What a route is answered with when all is well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// A page, or the way to one.
    Page,
    /// A file to keep: the page that asked for it stays open.
    File,
}

/// One line of a slice's route table.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The method; GET answers HEAD as well.
    pub method: Method,
    /// The path; `{name}` stands for one segment.
    pub path: &'static str,
    /// Who may pass.
    pub access: Access,
    /// SEC-2: whether the password is asked for again when it was given long ago.
    pub risk: Risk,
    /// What it is answered with when all is well.
    pub answer: Answer,
    /// What is done.
    pub handler: fn(&Cx<'_>) -> Result<Response>,
    /// How large a body may be, in bytes.
    pub body_limit: usize,
}

/// Forms are small.
const FORM_LIMIT: usize = 256 * 1024;
/// Imports are not.
const IMPORT_LIMIT: usize = 32 * 1024 * 1024;

impl Route {
    /// A page.
    pub const fn get(path: &'static str, access: Access, handler: fn(&Cx<'_>) -> Result<Response>) -> Self {
        Self { method: Method::Get, path, access, risk: Risk::Usual, answer: Answer::Page, handler, body_limit: 0 }
    }

    /// A change.
    pub const fn post(path: &'static str, access: Access, handler: fn(&Cx<'_>) -> Result<Response>) -> Self {
        Self { method: Method::Post, path, access, risk: Risk::Usual, answer: Answer::Page, handler, body_limit: FORM_LIMIT }
    }

    /// A change that comes with files.
    pub const fn upload(path: &'static str, access: Access, handler: fn(&Cx<'_>) -> Result<Response>) -> Self {
        Self { method: Method::Post, path, access, risk: Risk::Usual, answer: Answer::Page, handler, body_limit: IMPORT_LIMIT }
    }

    /// What a script reads.
    pub const fn read(path: &'static str, right: Right, handler: fn(&Cx<'_>) -> Result<Response>) -> Self {
        Self { method: Method::Get, path, access: Access::Script(right), risk: Risk::Usual, answer: Answer::Page, handler, body_limit: 0 }
    }

    /// What a script changes.
    pub const fn put(path: &'static str, right: Right, handler: fn(&Cx<'_>) -> Result<Response>) -> Self {
        Self {
            method: Method::Put,
            path,
            access: Access::Script(right),
            risk: Risk::Usual,
            answer: Answer::Page,
            handler,
            body_limit: FORM_LIMIT,
        }
    }

    /// The same change as a dangerous one (SEC-2): it asks for the password again when that was given more than fifteen minutes ago.
    /// Its handler is called with the form as it was sent, once that is settled. Not for files, which cannot wait in a page.
    #[must_use]
    pub const fn dangerous(self) -> Self {
        Self { risk: Risk::Dangerous, ..self }
    }

    /// The same change, answered with a file. Where the password is asked for first, a page between says so and leads back.
    #[must_use]
    pub const fn with_file(self) -> Self {
        Self { answer: Answer::File, ..self }
    }
}

/// Everything a handler gets.
#[derive(Debug)]
pub struct Cx<'a> {
    /// The portal.
    pub portal: &'a Portal,
    /// The request.
    pub request: &'a Request,
    /// Who is asking.
    pub visitor: &'a Visitor,
    /// What a POST sent.
    pub form: &'a Form,
    /// The path's `{names}`, decoded.
    pub params: Vec<(&'static str, String)>,
}

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

/// A page's heading and surroundings; `Default` for what it has none of.
#[derive(Default)]
pub struct Sheet<'a> {
    /// The `h1` and the tab's title.
    pub title: &'a str,
    /// The way here: label and path, the path empty where there is none.
    pub crumbs: Vec<(&'a str, String)>,
    /// Beside the title: a badge, an ID, "as of".
    pub aside: Option<Markup>,
    /// At the right of the title.
    pub actions: Option<Markup>,
    /// Tables may use the full width.
    pub wide: bool,
}

impl Cx<'_> {
    /// The person, or the way to sign in.
    pub fn person(&self) -> Result<&Person> {
        match self.visitor {
            Visitor::Person(person) => Ok(person),
            Visitor::Guest | Visitor::Half { .. } | Visitor::Script(_) => Err(Error::SignIn),
        }
    }

    /// The script that came with a key, on addresses for scripts.
    pub fn script(&self) -> Result<&Script> {
        match self.visitor {
            Visitor::Script(script) => Ok(script),
            Visitor::Guest | Visitor::Half { .. } | Visitor::Person(_) => Err(Error::SignIn),
        }
    }

    /// The witness for managing organizations; `NotFound` for anybody who may not (EMP-1).
    pub fn manager(&self) -> Result<Manager> {
        Manager::of(self.person()?).ok_or(Error::NotFound)
    }

    /// The witness for managing employees; `NotFound` for anybody who may not.
    pub fn staff_manager(&self) -> Result<StaffManager> {
        StaffManager::of(self.person()?).ok_or(Error::NotFound)
    }

    /// The witness of being the partner's primary account; `NotFound` for anybody else.
    pub fn primary_account(&self) -> Result<PrimaryAccount> {
        PrimaryAccount::of(self.person()?).ok_or(Error::NotFound)
    }

    /// The witness for guarding access; `NotFound` for anybody who may not.
    pub fn security_admin(&self) -> Result<SecurityAdmin> {
        SecurityAdmin::of(self.person()?).ok_or(Error::NotFound)
    }

    /// The witness for looking at and changing what is one's own.
    pub fn signed_in(&self) -> Result<SignedIn> {
        Ok(SignedIn::of(self.person()?))
    }

    /// Whether the person has this right as an employee.
    pub fn may(&self, right: Right) -> bool {
        self.person().is_ok_and(|person| person.may(right))
    }

    /// A `{name}` of the path as an id; what is no id is not found.
    pub fn param<T: FromStr<Err = Error>>(&self, name: &str) -> Result<T> {
        self.param_text(name)?.parse()
    }

    /// A `{name}` of the path as text.
    pub fn param_text(&self, name: &str) -> Result<&str> {
        self.params.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str()).ok_or(Error::NotFound)
    }

    /// A query parameter, empty when absent.
    pub fn query(&self, name: &str) -> String {
        self.request.param(name)
    }

    /// The token of a session that this form begins in the place of the one it came in: made of both, so that the form sent twice is
    /// answered with the same session (ALL-7).
    pub fn token_of_form(&self, purpose: &str) -> Result<String> {
        let session = self.portal.cookies.session_hash(self.request).ok_or(Error::SignIn)?;
        let content = [session.as_slice(), self.form.get("form_id").as_bytes(), self.request.body.as_slice()];
        Ok(URL_SAFE_NO_PAD.encode(self.portal.db.vault().keyed_hash(purpose, &content)))
    }

    /// Reads.
    pub fn read<T>(&self, work: impl FnOnce(&Reader<'_>) -> Result<T>) -> Result<T> {
        self.portal.db.read(work)
    }

    /// How this person reads times, and now.
    pub fn times(&self) -> Times {
        let zone = self.person().ok().and_then(|person| Zone::named(&person.time_zone)).unwrap_or_else(Zone::utc);
        Times { zone, now: self.portal.db.clock().now() }
    }

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
        match self.answer_once(work) {
            Ok(done) => self.see_other(&done),
            Err(error) => {
                let problem = problem(error)?;
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

    fn carried_alert(&self) -> Option<Alert> {
        let (text, mark) = self.portal.cookies.carried_alert(self.request)?.split_once('.')?;
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mark = URL_SAFE_NO_PAD.decode(mark).ok()?;
        let expected = self.portal.db.vault().keyed_hash("alert cookie", &[text.as_bytes()]);
        if same(&mark, &expected) { read_alert(&text) } else { None }
    }

    /// A whole page in the frame, for whoever is asking.
    pub fn page(&self, sheet: Sheet<'_>, content: &impl Render) -> Result<Response> {
        let alert = self.carried_alert();
        let spent = alert.is_some();
        let frame = self.frame(sheet, alert)?;
        let response = Response::html(200, frame::page(&frame, content));
        if spent { self.portal.cookies.drop_alert(response) } else { Ok(response) }
    }

    /// The small centred page of people who are not in yet.
    pub fn plain(&self, title: &str, content: &Markup) -> Result<Response> {
        let alert = self.carried_alert();
        let response = Response::html(200, frame::plain(title, "Portico", alert.as_ref(), content));
        if alert.is_some() { self.portal.cookies.drop_alert(response) } else { Ok(response) }
    }

    /// A page that is one dialog: a page of its own without JavaScript, lifted into a dialog with it.
    pub fn dialog(&self, sheet: Sheet<'_>, intro: Option<Markup>, content: &Markup) -> Result<Response> {
        let body = parts::dialog_body(sheet.title, intro, content);
        self.page(sheet, &body)
    }

    /// The surroundings of a page.
    fn frame<'b>(&self, sheet: Sheet<'b>, alert: Option<Alert>) -> Result<Frame<'b>> {
        let person = match self.visitor {
            Visitor::Person(person) => Some(self.account_menu(person)?),
            Visitor::Guest | Visitor::Half { .. } | Visitor::Script(_) => None,
        };
        let theme = match self.visitor {
            Visitor::Person(person) => match person.theme.as_str() {
                "light" => Theme::Light,
                "dark" => Theme::Dark,
                _ => Theme::Auto,
            },
            Visitor::Guest | Visitor::Half { .. } | Visitor::Script(_) => Theme::Auto,
        };
        Ok(Frame {
            title: sheet.title,
            crumbs: sheet.crumbs.into_iter().map(|(label, href)| Link::new(label, href)).collect(),
            menu: menu::items(self.request.path.as_str(), self.visitor),
            search: person.is_some(),
            person,
            alert,
            aside: sheet.aside,
            actions: sheet.actions,
            wide: sheet.wide,
            theme,
            brand: "Portico".to_owned(),
        })
    }

    fn account_menu(&self, person: &Person) -> Result<frame::Person> {
        let mut links = vec![Link::new("Account Settings", "/account")];
        if person.active_accounts > 1 {
            links.push(Link::new("Switch account", "/choose-account"));
        }
        let (partner_id, organization) = match &person.place {
            crate::access::model::Place::Employee { .. } => (Some(person.partner_public_id.clone()), person.partner_name.clone()),
            crate::access::model::Place::OrganizationUser { organization_name, .. } => (None, organization_name.clone()),
        };
        let (themes, themes_id) = ([("auto", "Automatic"), ("light", "Light"), ("dark", "Dark")], self.fresh_form_id()?);
        // An error's page knows no path: from there it is back to Home, whatever was asked for.
        let path = self.request.path.as_str();
        let here = if self.request.method == Method::Get && !path.is_empty() { path } else { "/" };
        let sign_out = html! {
            form.themes method="post" action="/account/theme" {
                (themes_id) (kit::hidden("back", here))
                @for (word, label) in themes {
                    button type="submit" name="theme" value=(word) aria-pressed=(if person.theme == word { "true" } else { "false" }) { (label) }
                }
            }
            form method="post" action="/sign-out" { (self.fresh_form_id()?) (kit::button("Sign out", kit::ButtonKind::Quiet, None)) }
        };
        Ok(frame::Person {
            initials: text::initials(&person.name),
            name: person.name.clone(),
            role: person.role_shown().to_owned(),
            partner_id,
            organization: Some(organization),
            links,
            sign_out,
        })
    }
}

/// A place to go to that came with a request: a path of ours outside the way in, else Home.
pub fn local(next: &str) -> &str {
    let plain = next.len() <= 2_000 && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let elsewhere = !next.starts_with('/') || next.starts_with("//");
    let way_in = ["/sign-in", "/sign-out", "/choose-account", "/p/"].iter().any(|path| next.starts_with(path));
    if plain && !elsewhere && !way_in { next } else { "/" }
}

/// The same with nothing for Home, as a form or an address carries it on.
pub fn carried(next: &str) -> &str {
    match local(next) {
        "/" => "",
        next => next,
    }
}

/// Where somebody goes who signs in: to the page of their stage, and from there on to `next`; or there at once.
pub fn way_on(visitor: &Visitor, next: &str) -> String {
    let page = match visitor {
        Visitor::Person(_) => return local(next).to_owned(),
        Visitor::Half { stage, .. } => stage.path(),
        Visitor::Guest | Visitor::Script(_) => "/sign-in",
    };
    match carried(next) {
        "" => page.to_owned(),
        next => format!("{page}?next={}", percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC)),
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
