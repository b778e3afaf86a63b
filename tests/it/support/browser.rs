//! A person at a real Chromium: clicks, fills and reads by the words on the page.
//!
//! Every step waits until what it names is there and panics with what was visible instead when it does not come.

#![allow(dead_code, reason = "a chest of tools, of which a journey takes some")]
#![allow(clippy::panic, reason = "a failed step fails its test")]

mod driver;

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use driver::{Element, Session, Trouble};

/// How long a step waits for what it names.
const PATIENCE: Duration = Duration::from_secs(12);

/// How long only the exact words count; after that a name that begins with them does ("Edit" for "Edit Acme Dental").
const EXACTNESS: Duration = Duration::from_millis(800);

/// How often the page is asked.
const PAUSE: Duration = Duration::from_millis(40);

/// Text up to this long is typed key by key; longer text arrives at once, like a paste.
const TYPED: usize = 120;

/// How much of the page a failure shows.
const SHOWN: usize = 2500;

/// Ends what fades or slides in; what moves for ever goes on.
const AT_REST: &str =
    "document.getAnimations().filter(one => isFinite(one.effect?.getComputedTiming().endTime)).forEach(one => one.finish())";

const PAGE: &str = include_str!("browser/page.js");

/// One person's browser, with cookies and a profile of its own.
pub struct Browser {
    session: Session,
    base: String,
    errors: Vec<String>,
}

impl Browser {
    /// A fresh browser for the portal at `base_url` (`http://127.0.0.1:1234`); it shows an empty page.
    #[track_caller]
    pub fn start(base_url: &str) -> Self {
        Self::with(base_url, &json!({}), &[])
    }

    /// The same on another machine, so to speak: with flags that say where names lead and which certificates are accepted.
    #[track_caller]
    pub fn start_with_flags(base_url: &str, flags: &[String]) -> Self {
        Self::with(base_url, &json!({}), flags)
    }

    /// The same with JavaScript switched off, as for a person whose firm forbids it.
    #[track_caller]
    pub fn start_without_javascript(base_url: &str) -> Self {
        Self::with(base_url, &json!({ "profile.managed_default_content_settings.javascript": 2 }), &[])
    }

    #[track_caller]
    fn with(base_url: &str, preferences: &Value, flags: &[String]) -> Self {
        match Session::start(preferences, flags) {
            Ok(session) => {
                let base = base_url.trim_end_matches('/').to_owned();
                let mut browser = Self { session, base, errors: Vec::new() };
                browser.window(1280, 900);
                browser
            }
            Err(trouble) => panic!("Chromium does not start: {trouble}"),
        }
    }

    // Going somewhere.

    /// Opens a path of the portal, or a whole address such as a letter's link.
    #[track_caller]
    pub fn visit(&mut self, path: &str) -> &mut Self {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        self.command("/url", &json!({ "url": url }), &format!("visit {path}"))
    }

    /// Loads the page again.
    #[track_caller]
    pub fn reload(&mut self) -> &mut Self {
        self.command("/refresh", &json!({}), "reload")
    }

    /// Goes back one page.
    #[track_caller]
    pub fn back(&mut self) -> &mut Self {
        self.command("/back", &json!({}), "go back")
    }

    #[track_caller]
    fn command(&mut self, path: &str, body: &Value, what: &str) -> &mut Self {
        if let Err(trouble) = self.session.post(path, body) {
            self.fail(&format!("cannot {what}: {trouble}"));
        }
        self.settle()
    }

    // Doing something.

    /// Presses the button, link, tab, menu entry or label of this name (visible words, or what a screen reader says).
    #[track_caller]
    pub fn click(&mut self, name: &str) -> &mut Self {
        if let Err(last) = self.try_to_click("return clickable(...arguments)", &json!([name])) {
            self.fail(&format!("there is no {name:?} to click{last}. There is: {}", self.list("return clickables()")));
        }
        self.settle()
    }

    /// The same within the row, list entry or card that shows `row`.
    #[track_caller]
    pub fn click_in(&mut self, row: &str, name: &str) -> &mut Self {
        if let Err(last) = self.try_to_click("return clickableInRow(...arguments)", &json!([row, name])) {
            let rows = self.list_of("return rowTexts(...arguments)", &json!([row]));
            self.fail(&format!("there is no {name:?} to click in a row with {row:?}{last}. Such rows: {rows}"));
        }
        self.settle()
    }

    /// Types into the field with this label, in place of what it held.
    #[track_caller]
    pub fn fill(&mut self, label: &str, text: &str) -> &mut Self {
        let filled = self.attempt(|browser, loose| {
            let found = browser.ask("return readied(...arguments)", &json!(["text", label, loose, text]))?;
            if found.is_null() {
                return Ok(None);
            }
            if found.get("done") == Some(&json!(true)) {
                return Ok(Some(()));
            }
            // The content is selected: typing replaces it, and the delete key is the way to nothing.
            if !text.is_empty() {
                browser.enter(text)?;
            } else if found.get("empty") == Some(&json!(false)) {
                browser.strike("Delete")?;
            }
            Ok(Some(()))
        });
        self.must_field(filled, &format!("there is no field {label:?} to fill"))
    }

    /// Chooses an option of the select (or radio group) with this label.
    #[track_caller]
    pub fn choose(&mut self, label: &str, option: &str) -> &mut Self {
        let script = "return choice(arguments[0], arguments[1], arguments[2])";
        let chosen = self.try_to_click(script, &json!([label, option]));
        self.must_field(chosen, &format!("there is no choice {option:?} under {label:?}"))
    }

    /// Ticks the box (or radio button) with this label, unless it is ticked.
    #[track_caller]
    pub fn tick(&mut self, label: &str) -> &mut Self {
        let ticked = self.set_tick(label, true);
        self.must_field(ticked, &format!("there is no box {label:?} to tick"))
    }

    /// Takes the tick away, if there is one.
    #[track_caller]
    pub fn untick(&mut self, label: &str) -> &mut Self {
        let ticked = self.set_tick(label, false);
        self.must_field(ticked, &format!("there is no box {label:?} to untick"))
    }

    fn set_tick(&mut self, label: &str, on: bool) -> Result<(), String> {
        self.attempt(|browser, loose| {
            let found = browser.ask("return tick(...arguments)", &json!([label, loose]))?;
            if found.get("on") == Some(&json!(on)) {
                return Ok(Some(()));
            }
            let Some(element) = found.get("press").and_then(Element::from) else { return Ok(None) };
            browser.session.post(&element.path("click"), &json!({}))?;
            Ok(Some(()))
        })
    }

    /// Picks files for the file field with this label.
    #[track_caller]
    pub fn upload(&mut self, label: &str, files: &[impl AsRef<Path>]) -> &mut Self {
        let paths: Vec<String> = files.iter().map(|file| absolute(file.as_ref())).collect();
        let uploaded = self.attempt(|browser, loose| {
            let found = browser.ask("return field(...arguments)", &json!(["file", label, loose]))?;
            let Some(element) = Element::from(&found) else { return Ok(None) };
            browser.session.post(&element.path("value"), &json!({ "text": paths.join("\n") }))?;
            Ok(Some(()))
        });
        self.must_field(uploaded, &format!("there is no file field {label:?}"))
    }

    /// Presses a key or a chord on whatever has the focus: `Enter`, `Tab`, `Shift+Tab`, `Escape`, `ArrowDown`, `/`.
    #[track_caller]
    pub fn press(&mut self, keys: &str) -> &mut Self {
        if let Err(trouble) = self.strike(keys) {
            self.fail(&format!("cannot press {keys}: {trouble}"));
        }
        self.settle()
    }

    /// Types into whatever has the focus.
    #[track_caller]
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        if let Err(trouble) = self.enter(text) {
            self.fail(&format!("cannot type {text:?}: {trouble}"));
        }
        self
    }

    // Reading the page.

    /// The text is visible; white space does not matter, capitals as written in the page do, whatever CSS makes of them.
    #[track_caller]
    pub fn sees(&mut self, text: &str) -> &mut Self {
        self.must("return has(document.body, arguments[0])", &json!([text]), &format!("does not see {text:?}"))
    }

    /// The text is not visible, or stops being so shortly.
    #[track_caller]
    pub fn does_not_see(&mut self, text: &str) -> &mut Self {
        self.must("return !has(document.body, arguments[0])", &json!([text]), &format!("sees {text:?}"))
    }

    /// A row, list entry or card that shows `row` also shows `text`.
    #[track_caller]
    pub fn sees_in(&mut self, row: &str, text: &str) -> &mut Self {
        self.must("return rowHas(...arguments)", &json!([row, text]), &format!("does not see {text:?} in a row with {row:?}"))
    }

    /// The field with this label holds this value (a select: the chosen option's words).
    #[track_caller]
    pub fn holds(&mut self, label: &str, value: &str) -> &mut Self {
        let script = "return value(arguments[0], true) === arguments[1]";
        let held = self.ask("return value(arguments[0], true)", &json!([label]));
        let now = held.map_or_else(|trouble| trouble.to_string(), |held| held.to_string());
        self.must(script, &json!([label, value]), &format!("the field {label:?} does not hold {value:?} (at first it held {now})"))
    }

    /// The address' path is this one or lies below it; `/` is the start page only.
    #[track_caller]
    pub fn is_at(&mut self, path: &str) -> &mut Self {
        let there = self.attempt(|browser, _| {
            let url = browser.session.get("/url")?;
            Ok(below(url.as_str().unwrap_or_default(), path).then_some(()))
        });
        if there.is_err() {
            self.fail(&format!("is not at {path}"));
        }
        self
    }

    /// The page's title is exactly this.
    #[track_caller]
    pub fn title_is(&mut self, title: &str) -> &mut Self {
        self.must("return squash(document.title) === squash(arguments[0])", &json!([title]), &format!("the title is not {title:?}"))
    }

    /// The visible text, a line a block.
    #[track_caller]
    pub fn text(&self) -> String {
        match self.attempt(|browser, _| browser.ask("return text()", &json!([])).map(|text| text.as_str().map(str::to_owned))) {
            Ok(text) => text,
            Err(last) => panic!("the page cannot be read{last}"),
        }
    }

    /// The whole address.
    #[track_caller]
    pub fn url(&self) -> String {
        match self.session.get("/url") {
            Ok(url) => url.as_str().unwrap_or_default().to_owned(),
            Err(trouble) => panic!("the browser does not say where it is: {trouble}"),
        }
    }

    /// The first link to this machine in the visible text whose path (or, if `prefix` starts with `http`, address) begins so.
    #[track_caller]
    pub fn link_in_text(&self, prefix: &str) -> String {
        match self.attempt(|browser, _| Ok(link_in(&browser.text(), prefix))) {
            Ok(link) => link,
            Err(_) => self.fail(&format!("no link to {prefix:?} in the text")),
        }
    }

    /// What a function body returns when run in the page is, or shortly becomes, true.
    #[track_caller]
    pub fn until(&mut self, body: &str, arguments: &Value) -> &mut Self {
        self.must(body, arguments, &format!("it does not become true that {body}"))
    }

    /// What a function body returns when run in the page.
    #[track_caller]
    pub fn script(&self, body: &str) -> Value {
        match self.session.run(body, &json!([])) {
            Ok(value) => value,
            Err(trouble) => self.fail(&format!("the script fails: {trouble}")),
        }
    }

    /// The same with arguments; a promise is waited for.
    #[track_caller]
    pub fn script_with(&self, body: &str, arguments: &Value) -> Value {
        match self.session.run(body, arguments) {
            Ok(value) => value,
            Err(trouble) => self.fail(&format!("the script fails: {trouble}")),
        }
    }

    /// What a screen reader calls the element that has the focus; empty when nothing has.
    #[track_caller]
    pub fn focused(&self) -> String {
        let name = self.session.get("/element/active").and_then(|active| {
            let Some(element) = Element::from(&active) else { return Ok(Value::Null) };
            self.session.get(&element.path("computedlabel"))
        });
        match name {
            Ok(name) => name.as_str().unwrap_or_default().to_owned(),
            Err(trouble) if trouble.code == "no such element" => String::new(),
            Err(trouble) => self.fail(&format!("nobody knows what has the focus: {trouble}")),
        }
    }

    /// The errors on the browser's console since the start: scripts that threw, policies broken, assets that are missing.
    /// A page that was refused (its path has no dot) is an answer, not an error.
    #[track_caller]
    pub fn console_errors(&mut self) -> Vec<String> {
        let log = match self.session.post("/se/log", &json!({ "type": "browser" })) {
            Ok(log) => log,
            Err(trouble) => self.fail(&format!("the console cannot be read: {trouble}")),
        };
        let field = |entry: &Value, key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let severe = log.as_array().into_iter().flatten().filter(|entry| field(entry, "level") == "SEVERE");
        let errors = severe.filter(|entry| field(entry, "source") != "network" || is_file(&field(entry, "message")));
        self.errors.extend(errors.map(|entry| field(entry, "message")));
        self.errors.clone()
    }

    // How it looks.

    /// A picture of the whole page, as PNG, once what moves has come to rest.
    #[track_caller]
    pub fn screenshot(&mut self, path: impl AsRef<Path>) -> &mut Self {
        self.script(AT_REST);
        let shot = self.session.devtools("Page.captureScreenshot", &json!({ "format": "png", "captureBeyondViewport": true }));
        let png = match shot {
            Ok(shot) => STANDARD.decode(shot.get("data").and_then(Value::as_str).unwrap_or_default()).unwrap_or_default(),
            Err(trouble) => self.fail(&format!("no screenshot: {trouble}")),
        };
        let path = path.as_ref();
        let saved = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, png));
        if let Err(error) = saved {
            panic!("{}: {error}", path.display());
        }
        self
    }

    /// The size of the page's window; a narrow one behaves as a phone.
    #[track_caller]
    pub fn window(&mut self, width: u32, height: u32) -> &mut Self {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.emulate("Emulation.setDeviceMetricsOverride", &size)
    }

    /// Whether the person prefers dark colors.
    #[track_caller]
    pub fn dark(&mut self, dark: bool) -> &mut Self {
        let scheme = if dark { "dark" } else { "light" };
        self.emulate("Emulation.setEmulatedMedia", &json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }))
    }

    /// The same for somebody who prefers that nothing moves, so that no color is on its way.
    #[track_caller]
    pub fn still(&mut self, dark: bool) -> &mut Self {
        let scheme = if dark { "dark" } else { "light" };
        let features =
            json!([{ "name": "prefers-color-scheme", "value": scheme }, { "name": "prefers-reduced-motion", "value": "reduce" }]);
        self.emulate("Emulation.setEmulatedMedia", &json!({ "features": features }))
    }

    /// What a command of the Chrome `DevTools` protocol answers.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        match self.session.devtools(command, parameters) {
            Ok(answer) => answer,
            Err(trouble) => self.fail(&format!("{command}: {trouble}")),
        }
    }

    #[track_caller]
    fn emulate(&mut self, command: &str, parameters: &Value) -> &mut Self {
        if let Err(trouble) = self.session.devtools(command, parameters) {
            self.fail(&format!("{command}: {trouble}"));
        }
        self
    }

    // How the above is done.

    /// Tries until there is an answer; the error is why the last try failed, as the end of a sentence.
    fn attempt<T>(&self, mut step: impl FnMut(&Self, bool) -> Result<Option<T>, Trouble>) -> Result<T, String> {
        let start = Instant::now();
        loop {
            let last = match step(self, start.elapsed() > EXACTNESS) {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => String::new(),
                // The page moved on between the question and the answer, or something is in the way for a moment.
                Err(trouble) if !trouble.is_final() => format!(" ({trouble})"),
                Err(trouble) => return Err(format!(" ({trouble})")),
            };
            if start.elapsed() > PATIENCE {
                return Err(last);
            }
            thread::sleep(PAUSE);
        }
    }

    /// Clicks what the script finds; `arguments` get one more, whether to look loosely.
    fn try_to_click(&self, script: &str, arguments: &Value) -> Result<(), String> {
        self.attempt(|browser, loose| {
            let mut arguments = arguments.clone();
            arguments.as_array_mut().into_iter().for_each(|list| list.push(json!(loose)));
            let Some(element) = Element::from(&browser.ask(script, &arguments)?) else { return Ok(None) };
            browser.session.post(&element.path("click"), &json!({}))?;
            Ok(Some(()))
        })
    }

    #[track_caller]
    fn must(&mut self, script: &str, arguments: &Value, otherwise: &str) -> &mut Self {
        let held = self.attempt(|browser, _| Ok((browser.ask(script, arguments)? == json!(true)).then_some(())));
        if let Err(last) = held {
            self.fail(&format!("{otherwise}{last}"));
        }
        self
    }

    #[track_caller]
    fn must_field(&mut self, done: Result<(), String>, otherwise: &str) -> &mut Self {
        if let Err(last) = done {
            self.fail(&format!("{otherwise}{last}. The fields: {}", self.list("return fieldList()")));
        }
        self.settle()
    }

    /// Waits until the page is there whole, so that the next step meets the new page and not the old one.
    fn settle(&mut self) -> &mut Self {
        let ready = |browser: &Self| browser.session.run("return document.readyState", &json!([]));
        // A page that never finishes is for the next step to complain about.
        drop(self.attempt(|browser, _| Ok((ready(browser)? == json!("complete")).then_some(()))));
        self
    }

    fn ask(&self, script: &str, arguments: &Value) -> Result<Value, Trouble> {
        self.session.run(&format!("{PAGE}\n{script}"), arguments)
    }

    fn list(&self, script: &str) -> String {
        self.list_of(script, &json!([]))
    }

    fn list_of(&self, script: &str, arguments: &Value) -> String {
        let found = self.ask(script, arguments).unwrap_or_default();
        let names: Vec<&str> = found.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if names.is_empty() { "nothing".to_owned() } else { cut(&names.join(" | ")) }
    }

    /// Keys one after the other for short plain text; chromedriver's keys know neither emoji nor control characters.
    fn enter(&self, text: &str) -> Result<Value, Trouble> {
        let plain = |c: char| c == ' ' || (c.is_alphanumeric() && u32::from(c) < 0x250) || c.is_ascii_punctuation();
        if text.chars().count() > TYPED || !text.chars().all(plain) {
            return self.session.devtools("Input.insertText", &json!({ "text": text }));
        }
        let keys = text.chars().flat_map(|c| [json!({ "type": "keyDown", "value": c }), json!({ "type": "keyUp", "value": c })]);
        self.keyboard(&keys.collect())
    }

    fn strike(&self, keys: &str) -> Result<Value, Trouble> {
        let names = if keys.len() > 1 { keys.split('+').collect() } else { vec![keys] };
        let down = names.iter().map(|name| json!({ "type": "keyDown", "value": key(name) }));
        let up = names.iter().rev().map(|name| json!({ "type": "keyUp", "value": key(name) }));
        self.keyboard(&down.chain(up).collect())
    }

    fn keyboard(&self, actions: &Value) -> Result<Value, Trouble> {
        self.session.post("/actions", &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }))
    }

    /// Ends the test with what was there instead.
    #[track_caller]
    fn fail(&self, what: &str) -> ! {
        let url = self.session.get("/url").unwrap_or_default();
        let title = self.session.get("/title").unwrap_or_default();
        let text = self.ask("return text()", &json!([])).unwrap_or_default();
        let text = text.as_str().unwrap_or("(the page cannot be read)");
        panic!("{what}\n— address: {url}\n— title: {title}\n— visible:\n{}\n—", cut(text))
    }
}

/// `WebDriver`'s code for a named key; a character stands for itself.
fn key(name: &str) -> String {
    let code = match name {
        "Backspace" => '\u{E003}',
        "Tab" => '\u{E004}',
        "Enter" => '\u{E007}',
        "Shift" => '\u{E008}',
        "Control" => '\u{E009}',
        "Alt" => '\u{E00A}',
        "Escape" => '\u{E00C}',
        "Space" => ' ',
        "PageUp" => '\u{E00E}',
        "PageDown" => '\u{E00F}',
        "End" => '\u{E010}',
        "Home" => '\u{E011}',
        "ArrowLeft" => '\u{E012}',
        "ArrowUp" => '\u{E013}',
        "ArrowRight" => '\u{E014}',
        "ArrowDown" => '\u{E015}',
        "Delete" => '\u{E017}',
        character => return character.to_owned(),
    };
    code.to_string()
}

/// The path, query and fragment of an address.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or("/")
}

fn below(url: &str, path: &str) -> bool {
    let Some(rest) = path_of(url).strip_prefix(path) else { return false };
    let ended = path != "/" && path.ends_with(['/', '?', '=', '#']);
    ended || rest.is_empty() || rest.starts_with(['?', '#']) || (path != "/" && rest.starts_with(['/', '&']))
}

fn link_in(text: &str, prefix: &str) -> Option<String> {
    let starts = text.match_indices("http://127.0.0.1").filter_map(|(start, _)| text.get(start..));
    let links = starts.map(|rest| {
        let end = rest.find(|c: char| c.is_whitespace() || "<>\"'".contains(c)).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default().trim_end_matches(['.', ',', ';', ':', ')', ']', '!', '?'])
    });
    let mut fitting = links.filter(|link| if prefix.starts_with("http") { *link } else { path_of(link) }.starts_with(prefix));
    fitting.next().map(str::to_owned)
}

/// Whether the address a console message begins with is a file's.
fn is_file(message: &str) -> bool {
    let url = message.split_whitespace().next().unwrap_or_default();
    let path = path_of(url).split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

#[track_caller]
fn absolute(file: &Path) -> String {
    match fs::canonicalize(file) {
        Ok(path) => path.display().to_string(),
        Err(error) => panic!("{} cannot be uploaded: {error}", file.display()),
    }
}

fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push_str(" […]");
    }
    short
}
