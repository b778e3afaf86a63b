//! The main pages by keyboard alone, in a real browser: what Tab reaches, in which order, and whether one sees where one is (ALL-4).

use serde_json::{Value, json};

use crate::access_matrix::pages::every_page;
use crate::accessible::become_them;
use crate::support::browser::Browser;
use crate::support::estate::ALDERINE;
use crate::support::html::parse;
use crate::support::people::ADA;
use crate::support::portal::{Portal, SESSION_COOKIE, Served};

/// How many stops of each page are walked: the bars, the page's actions and the first rows.
const STOPS: usize = 30;

/// Where the focus is: what has it, its place on the page, and whether something is drawn around it that is not there without the focus.
const HERE: &str = r#"
    const here = document.activeElement;
    if (!here || here === document.body) return null;
    const around = () => [here, here.parentElement, here.closest(".choice, .choice-tile, .switch, label")].flatMap(each => each
        ? ["", "::after", "::before"].map(part => {
            const style = getComputedStyle(each, part || null);
            return (style.outlineStyle === "none" || style.outlineWidth === "0px" ? "" : style.outline) + "|" + (style.boxShadow === "none" ? "" : style.boxShadow);
        }) : []).join(" ");
    const focused = around(), place = here.getBoundingClientRect();
    const inside = !!here.closest("dialog");
    here.blur();
    const plain = around();
    here.focus({ preventScroll: true });
    return {
        what: (here.getAttribute("aria-label") || here.innerText || here.placeholder || here.name || here.outerHTML.slice(0, 90)).trim(),
        visible: focused !== plain, inside, skip: here.matches(".skip"), bar: !!here.closest("header.top"),
        top: place.top + scrollY, bottom: place.bottom + scrollY, left: place.left, right: place.right,
    }"#;

/// Ada at a real browser.
fn at_a_browser(served: &Served) -> Browser {
    let mut browser = Browser::start(&served.address);
    let ada = served.portal.sign_in(ADA);
    become_them(&mut browser, served, ada.cookie(SESSION_COOKIE));
    browser.still(false);
    browser
}

fn number(stop: &Value, key: &str) -> f64 {
    stop[key].as_f64().expect("a place")
}

/// Walks with Tab from the page's beginning; the stops.
fn walk(browser: &mut Browser, path: &str) -> Vec<Value> {
    browser.visit(path);
    let mut stops: Vec<Value> = Vec::new();
    for _ in 0..STOPS {
        let stop = browser.press("Tab").script(HERE);
        if stop.is_null() {
            break;
        }
        stops.push(stop);
    }
    stops
}

/// ALL-4: Tab goes down the page, or on to the next column; wherever it stops one sees it, and the first stop skips what all pages have.
#[test]
fn tab_goes_down_each_main_page_and_is_always_seen() {
    let portal = Portal::estate();
    let served = portal.serve();
    let mut browser = at_a_browser(&served);
    let account = format!("/saas/{}", ALDERINE.linked());
    let mut found = Vec::new();
    for path in [
        "/",
        "/organizations",
        "/organizations/10000001",
        "/status/saas",
        &account,
        "/status/devices",
        "/employees",
        "/statements",
        "/imports",
        "/forgot-password",
    ] {
        let stops = walk(&mut browser, path);
        let main: Vec<&Value> = stops.iter().filter(|stop| stop["skip"] != json!(true) && stop["bar"] != json!(true)).collect();
        assert!(!main.is_empty(), "{path}: Tab reaches the page itself");
        if path != "/forgot-password" {
            assert_eq!(stops[0]["skip"], json!(true), "{path} begins with {}", stops[0]["what"]);
        }
        found
            .extend(stops.iter().filter(|stop| stop["visible"] != json!(true)).map(|stop| format!("{path}: {} is not seen", stop["what"])));
        for pair in main.windows(2) {
            let (before, after) = (pair[0], pair[1]);
            let down = number(after, "bottom") > number(before, "top");
            let aside = number(after, "left") >= number(before, "right") - 2.0;
            if !down && !aside {
                found.push(format!("{path}: {} comes after {}, and stands above it", after["what"], before["what"]));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// ALL-4: the first stop leads past the bars, into the page.
#[test]
fn the_first_stop_skips_to_the_content() {
    let served = Portal::estate().serve();
    let mut browser = at_a_browser(&served);
    browser.visit("/organizations").press("Tab").press("Enter").press("Tab");
    let next = browser.script(HERE);
    assert_eq!(next["bar"], json!(false), "{next}");
    assert_eq!(browser.script("return !!document.activeElement.closest('main')"), json!(true), "{next}");
}

/// ALL-4: Tab stays in a dialog both ways round, and Escape leads back to what opened it.
#[test]
fn focus_stays_in_a_dialog_and_returns_to_its_opener() {
    let served = Portal::estate().serve();
    let mut browser = at_a_browser(&served);
    for (path, name) in
        [("/organizations/10000001", "Add Users"), ("/organizations", "Delete Alder Dental"), ("/employees", "Edit Tess Moreau")]
    {
        browser.visit(path);
        browser.script_with(
            "const [name] = arguments;
             [...document.querySelectorAll('a[data-dialog]')].find(link => (link.ariaLabel || link.innerText).trim().startsWith(name)).focus()",
            &json!([name]),
        );
        let opener = browser.focused();
        browser.press("Enter");
        let patience = std::time::Instant::now();
        while browser.script("return !!document.querySelector('dialog[open]')") != json!(true) {
            assert!(patience.elapsed().as_secs() < 12, "{name} opens a dialog");
        }
        let mut inside = 0;
        for keys in ["Tab"; 14].into_iter().chain(["Shift+Tab"; 14]) {
            let stop = browser.press(keys).script(HERE);
            // Between the last and the first the focus is the browser's own, for one step.
            assert!(stop.is_null() || stop["inside"] == json!(true), "{name}: {keys} leads out to {stop}");
            inside += usize::from(!stop.is_null());
        }
        assert!(inside > 14, "{name}: Tab goes round in the dialog");
        browser.press("Escape");
        assert_eq!(browser.script("return !!document.querySelector('dialog[open]')"), json!(false), "{name} closes");
        assert_eq!(browser.focused(), opener, "{name}: the focus returns");
    }
}

/// ALL-4: nothing on any page jumps the queue.
#[test]
fn nothing_has_a_place_of_its_own_in_the_order_of_tab() {
    for page in every_page(&Portal::estate()) {
        let tree = parse(&page.body);
        let jumps = tree.all(|element| element.attr("tabindex").is_some_and(|place| !["0", "-1"].contains(&place)));
        assert!(jumps.is_empty(), "{}: {:?}", page.name(), jumps.iter().map(|element| element.label()).collect::<Vec<_>>());
    }
}

/// What is on paper is what is told: nothing to press, black on white in the dark too, and a table's head on each page.
const PAPER: &str = r#"
    const shown = [...document.querySelectorAll("header.top, .skip, .toolbar, .tabs, .pager, .bulk, .button, .icon-button, button, select, input:not([type=hidden]), details.menu, td.actions")]
        .filter(each => each.getClientRects().length && getComputedStyle(each).visibility !== "hidden").map(each => each.outerHTML.slice(0, 80));
    const heads = [...document.querySelectorAll("table:not(.bare) thead")].map(each => getComputedStyle(each).display);
    const rows = [...document.querySelectorAll("tbody tr")].map(each => getComputedStyle(each).breakInside);
    const told = [...document.querySelectorAll("main h1, main td, main p, main li, main dd")].filter(each => each.getClientRects().length && each.innerText.trim());
    const light = color => { const [r, g, b] = color.match(/[\d.]+/g).map(Number); return (r * 3 + g * 6 + b) / 10; };
    const pale = told.filter(each => light(getComputedStyle(each).color) > 130).map(each => each.innerText);
    const addresses = [...document.querySelectorAll("a")].filter(each => getComputedStyle(each, "::after").content.includes("http")).length;
    return { shown, heads: [...new Set(heads)], rows: [...new Set(rows)], told: told.length, pale, addresses, body: getComputedStyle(document.body).color,
        card: [...document.querySelectorAll(".card, main")].map(each => getComputedStyle(each).backgroundColor).filter(color => !/, 0\)$/.test(color) && light(color) < 240) }"#;

/// Statements, the status pages and recovery codes on paper.
#[test]
fn what_is_printed_is_told_in_black_on_white_with_nothing_to_press() {
    let portal = Portal::estate();
    let served = portal.serve();
    let mut browser = at_a_browser(&served);
    for path in
        ["/statements", "/statements/2026-11", "/status/saas", "/status/devices", "/status/endpoints", "/organizations/10000001", "codes"]
    {
        if path == "codes" {
            browser.visit("/account/recovery-codes").fill("Current password", crate::support::people::PASSWORD).click("Make new codes");
            browser.sees("Keep these where you find them");
        } else {
            browser.visit(path);
        }
        let on = |media: &str| json!({ "media": media, "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
        browser.window(718, 1000).devtools("Emulation.setEmulatedMedia", &on("screen"));
        assert!(
            !browser.script(PAPER)["shown"].as_array().expect("a list").is_empty(),
            "{path}: there is something to press on the screen"
        );
        browser.devtools("Emulation.setEmulatedMedia", &on("print"));
        let paper = browser.script(PAPER);
        assert_eq!(paper["shown"], json!([]), "{path} prints what one presses");
        assert_eq!(paper["pale"], json!([]), "{path} is pale on paper");
        assert_eq!((&paper["addresses"], &paper["card"], &paper["body"]), (&json!(0), &json!([]), &json!("rgb(0, 0, 0)")), "{path}");
        if path != "codes" && paper["heads"] != json!([]) {
            assert_eq!((&paper["heads"], &paper["rows"]), (&json!(["table-header-group"]), &json!(["avoid"])), "{path}");
        }
        assert!(paper["told"].as_u64() > Some(2), "{path} is not empty on paper: {paper}");
        browser.devtools("Emulation.setEmulatedMedia", &on("screen"));
        browser.window(1280, 900);
    }
}
