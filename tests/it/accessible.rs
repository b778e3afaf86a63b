//! Axe-core looks at every page there is, in light and dark, on a desk and on a phone (ALL-4); what it saw is kept in `docs/accessibility.md`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::access_matrix::pages::{Shown, design_page, every_page, every_refusal, set_up_page};
use crate::support::browser::Browser;
use crate::support::golden;
use crate::support::html::{Element, parse};
use crate::support::portal::{Portal, Served};
use crate::support::tools;

/// How many browsers look at a time.
const BROWSERS: usize = 2;

/// How a page is looked at: width and height, whether dark, and which rules; none stands for all of them.
struct Look {
    name: &'static str,
    size: (u32, u32),
    dark: bool,
    rules: &'static [&'static str],
}

/// What color alone decides: everything else is the same page in the dark.
const COLORS: &[&str] = &["color-contrast", "link-in-text-block"];

const LOOKS: [Look; 4] = [
    Look { name: "light, 1280", size: (1280, 900), dark: false, rules: &[] },
    Look { name: "dark, 1280", size: (1280, 900), dark: true, rules: COLORS },
    Look { name: "light, 360", size: (360, 740), dark: false, rules: &[] },
    Look { name: "dark, 360", size: (360, 740), dark: true, rules: COLORS },
];

/// Runs all rules of WCAG 2.2 A and AA and the best practices, or the named ones; a line for each place that breaks one. An open menu covers what
/// lies beneath until it closes, so then nothing is said of how much of a button is in sight.
const LOOK: &str = "
    const [only] = arguments;
    const options = { resultTypes: ['violations'], rules: { 'target-size': { enabled: !document.querySelector('[open] > .popup') } } };
    if (only.length) options.runOnly = { type: 'rule', values: only };
    return axe.run(document, options).then(found => found.violations.flatMap(broken =>
        broken.nodes.map(node => `${broken.id}: ${node.target.join(' ')} ${node.html.slice(0, 160)}\n        ${node.any.concat(node.all, node.none).map(one => one.message).join('; ').slice(0, 300)}`)))";

/// What each look at a page found.
type Found = Vec<Vec<String>>;

/// Lets the browser be whoever has this session.
pub fn become_them(browser: &mut Browser, served: &Served, session: Option<&str>) {
    browser.devtools("Network.clearBrowserCookies", &json!({}));
    let name = served.portal.cookies().session();
    if let Some(token) = session {
        let cookie = json!({ "name": name, "value": token, "url": served.address, "path": "/", "secure": true, "httpOnly": true });
        browser.devtools("Network.setCookie", &cookie);
    }
}

fn looked_at(browser: &mut Browser) -> Found {
    let look = |look: &Look| {
        let (width, height) = look.size;
        browser.window(width, height).still(look.dark);
        let said = browser.script_with(LOOK, &json!([look.rules]));
        let lines = said.as_array().expect("axe answers with a list");
        lines.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
    };
    LOOKS.iter().map(look).collect()
}

/// Brings each page into one of a few browsers and looks at it from all sides; its title, and what was found.
fn look_at_all<S: AsRef<Shown> + Sync>(served: &Served, pages: &[S], bring: fn(&mut Browser, &S)) -> BTreeMap<usize, (String, Found)> {
    let source = tools::axe();
    let waiting: Mutex<VecDeque<usize>> = Mutex::new((0..pages.len()).collect());
    let found = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..BROWSERS {
            scope.spawn(|| {
                let mut browser = Browser::start(&served.address);
                browser.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": source }));
                let mut session = None;
                loop {
                    let Some(next) = waiting.lock().expect("nobody panicked").pop_front() else { break };
                    let whole = &pages[next];
                    let page = whole.as_ref();
                    if page.session != session {
                        become_them(&mut browser, served, page.session.as_deref());
                        session.clone_from(&page.session);
                    }
                    bring(browser.window(1280, 900).still(false), whole);
                    let title = browser.script("return document.title").as_str().unwrap_or_default().to_owned();
                    let seen = looked_at(&mut browser);
                    found.lock().expect("nobody panicked").insert(next, (title, seen));
                }
            });
        }
    });
    let found = found.into_inner().expect("nobody panicked");
    assert_eq!(found.len(), pages.len(), "every page is looked at");
    found
}

/// Opens the page as a link would.
fn open(browser: &mut Browser, page: &Shown) {
    browser.visit(&page.url);
    let url = browser.script("return location.pathname + location.search");
    assert_eq!(url, json!(page.url), "{} leads elsewhere", page.name());
}

/// Writes the page as it was answered into the browser, where it finds its style sheet.
fn write(browser: &mut Browser, page: &Shown) {
    browser.visit("/sign-in").script_with(
        "const [page] = arguments; document.open(); document.write(page); document.close();
         return document.readyState === 'complete' || new Promise(done => addEventListener('load', () => done(true)))",
        &json!([page.body]),
    );
    assert!(
        page.body.contains(&browser.script("return document.title").as_str().unwrap_or("-").replace('&', "&amp;")),
        "{} is shown",
        page.name()
    );
}

/// A line for each place that breaks a rule.
fn broken<S: AsRef<Shown>>(pages: &[S], found: &BTreeMap<usize, (String, Found)>) -> String {
    let mut broken = String::new();
    for (index, (_, looks)) in found {
        for (look, lines) in LOOKS.iter().zip(looks) {
            for line in lines {
                writeln!(broken, "{} ({}): {line}", pages[*index].as_ref().name(), look.name).expect("text");
            }
        }
    }
    broken
}

/// ALL-4: axe-core finds nothing on any page, by any rule of WCAG 2.2 A and AA or best practice, in light and dark, on a desk and on a phone.
#[test]
fn axe_finds_nothing_on_any_page() {
    let portal = Portal::estate();
    let pages = every_page(&portal);
    let found = look_at_all(&portal.serve(), &pages, open);
    let mut broken = broken(&pages, &found);
    // What only an empty portal, and only the demo has.
    let mut seen: Vec<_> = pages.into_iter().zip(found.into_values()).collect();
    for (portal, page) in [set_up_page(), design_page()] {
        let page = [page];
        let mut found = look_at_all(&portal.serve(), &page, open);
        broken += &self::broken(&page, &found);
        seen.extend(page.into_iter().zip(found.remove(&0)));
    }
    let mut table = String::from(HEAD);
    for (page, (title, looks)) in &seen {
        let counts: Vec<String> = looks.iter().map(|look| look.len().to_string()).collect();
        let weight = page.body.len().div_ceil(20_000) * 20;
        writeln!(table, "| `{}` | {} | {title} | {weight} | {} |", page.route, page.who, counts.join(" | ")).expect("text");
    }
    assert!(broken.is_empty(), "axe finds:\n{broken}");
    golden::matches("../../docs/accessibility.md", &table);
}

/// What opens on a page only when somebody presses something.
enum Opens {
    /// The menu of this name: one at a time stays open.
    Menu(String),
    /// Every row that unfolds.
    Rows,
    /// The dialog behind this link.
    Dialog(String),
}

/// A page, and what is opened on it.
struct Opened<'a>(&'a Shown, Opens);

impl AsRef<Shown> for Opened<'_> {
    fn as_ref(&self) -> &Shown {
        self.0
    }
}

/// What opens on these pages: rows wherever there are any, menus of a kind once a page, those around each page once for everyone who looks,
/// each dialog on the first page that has a link to it.
fn all_that_opens(pages: &[Shown]) -> Vec<Opened<'_>> {
    let mut known = BTreeSet::new();
    let mut opened = Vec::new();
    for page in pages {
        let html = parse(&page.body);
        let Some(content) = html.first("main") else { continue };
        let menus =
            |part: &Element| part.all(|each| each.name == "summary" || each.has("data-menu")).into_iter().map(Element::label).collect();
        let inside: Vec<String> = menus(content);
        let all: Vec<String> = menus(&html);
        for menu in all {
            let kind = menu.split(' ').next().unwrap_or_default().to_owned();
            let place = if inside.contains(&menu) { page.route } else { "around" };
            if known.insert((page.who, place, kind)) {
                opened.push(Opened(page, Opens::Menu(menu)));
            }
        }
        if !content.all(|each| each.name == "a" && each.has_class("fold")).is_empty() {
            opened.push(Opened(page, Opens::Rows));
        }
        for link in content.all(|each| each.name == "a" && each.has("data-dialog")) {
            let href = link.attr("href").unwrap_or_default();
            if known.insert((page.who, "dialog", href.replace(|letter: char| letter.is_ascii_digit(), ""))) {
                opened.push(Opened(page, Opens::Dialog(href.to_owned())));
            }
        }
    }
    opened
}

/// Opens the page, and what is to be opened on it.
fn open_more(browser: &mut Browser, Opened(page, opens): &Opened<'_>) {
    open(browser, page);
    let (press, name) = match opens {
        Opens::Menu(name) => (OPEN_MENU, name.as_str()),
        Opens::Rows => (OPEN_ROWS, ""),
        Opens::Dialog(href) => (OPEN_DIALOG, href.as_str()),
    };
    let opened = browser.script_with(&format!("{PATIENT}\n{press}"), &json!([name]));
    assert_eq!(opened, json!(true), "{name:?} opens on {}", page.name());
}

/// Waits up to five seconds for what a press brings.
const PATIENT: &str = "
    const patient = async (there) => {
        for (let turn = 0; turn < 250 && !there(); turn += 1) await new Promise(done => setTimeout(done, 20));
        return there();
    };";
const OPEN_MENU: &str = "
    const letters = (text) => (text ?? '').replaceAll(/[^a-z0-9]/gi, '');
    const menu = () => [...document.querySelectorAll('summary, a[data-menu]')].find(menu =>
        (letters(menu.textContent) || letters(menu.ariaLabel)) === letters(arguments[0]));
    if (!menu().parentElement.open) menu().click();
    return patient(() => menu().parentElement.open);";
const OPEN_ROWS: &str = "
    for (const row of document.querySelectorAll('main a.fold')) row.click();
    return patient(() => !document.querySelector('main a.fold[aria-expanded=false]'));";
const OPEN_DIALOG: &str = "
    const [href] = arguments;
    [...document.querySelectorAll('main a[data-dialog]')].find(link => link.getAttribute('href') === href)?.click();
    return patient(() => !!document.querySelector('dialog[open] form, dialog[open] a'));";

/// ALL-4: nor in menus, unfolded rows and dialogs once they are open; ids stay apart, and so do names and colors.
#[test]
fn axe_finds_nothing_in_what_opens() {
    let portal = Portal::estate();
    let pages = every_page(&portal);
    let opened = all_that_opens(&pages);
    let count = |fits: fn(&Opens) -> bool| opened.iter().filter(|each| fits(&each.1)).count();
    let [menus, rows, dialogs] = [
        count(|opens| matches!(opens, Opens::Menu(_))),
        count(|opens| matches!(opens, Opens::Rows)),
        count(|opens| matches!(opens, Opens::Dialog(_))),
    ];
    println!("{menus} menus, {rows} pages with rows that unfold, {dialogs} dialogs");
    assert!(10 < menus && 3 < rows && 30 < dialogs, "{menus} menus, {rows} pages with rows, {dialogs} dialogs");
    let found = look_at_all(&portal.serve(), &opened, open_more);
    let broken = broken(&opened, &found);
    assert!(broken.is_empty(), "axe finds:\n{broken}");
}

/// ALL-4: nor on the pages that say no.
#[test]
fn axe_finds_nothing_on_forms_that_come_back() {
    let portal = Portal::estate();
    let pages = every_refusal();
    let found = look_at_all(&portal.serve(), &pages, write);
    let broken = broken(&pages, &found);
    assert!(broken.is_empty(), "axe finds:\n{broken}");
}

/// The looks above see: what is wrong in one of them only is found there, and nowhere else.
#[test]
fn axe_sees_what_is_wrong_in_each_look() {
    let served = Portal::estate().serve();
    let mut browser = Browser::start(&served.address);
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": tools::axe() }));
    browser.visit("/sign-in");
    assert!(looked_at(&mut browser).iter().all(Vec::is_empty), "nothing is wrong at first");
    browser.script(
        "const sheet = new CSSStyleSheet();
         sheet.replaceSync(`
           h1 { color: light-dark(black, #222) !important; }
           @media (max-width: 500px) { .button { color: #888 !important; background: #999 !important; } }`);
         document.adoptedStyleSheets.push(sheet)",
    );
    let found = looked_at(&mut browser);
    let sees = |look: usize, words: &str| found[look].iter().any(|line| line.starts_with("color-contrast") && line.contains(words));
    assert_eq!([0, 1, 2, 3].map(|look| sees(look, "<h1")), [false, true, false, true], "{found:?}");
    assert_eq!([0, 1, 2, 3].map(|look| sees(look, "<button")), [false, false, true, true], "{found:?}");
    browser.script("document.querySelector('label').remove(); document.querySelector('h1').remove()");
    let found = looked_at(&mut browser);
    assert!(["label: ", "page-has-heading-one: "].iter().all(|rule| found[0].iter().any(|line| line.starts_with(rule))), "{found:?}");
}

const HEAD: &str = "# Accessibility

What axe-core 4.14.1 finds on every page there is: all rules of WCAG 2.2 A and AA and the best practices, in light and dark, 1280 and 360 px wide.
Made by `tests/it/accessible.rs` from the route table, for those who see most of it: an employee (the primary account), an organization's
user, a guest, and who stands in the middle of signing in. `PORTICO_GOLDEN=write ./test accessible` writes it anew. The weight is the HTML's, up to so
many thousand bytes, with the few rows of the tests' data.

| route | seen by | title | KB up to | light, 1280 | dark, 1280 | light, 360 | dark, 360 |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
";
