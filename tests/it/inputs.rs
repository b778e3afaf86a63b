//! Strange input everywhere: every field of every form that a crawl finds, for everyone who can reach it.

use portico::access::stage_model::Stage;
use portico::app::jobs;
use portico::kernel::db::copies::{Pace, Watch};
use portico::upkeep::model::Turn;

use crate::support::authenticator;
use crate::support::crawl::{crawl, shape};
use crate::support::estate::{ALDERINE, BIRCHINE, DOGWOODINE};
use crate::support::html::{Form, forms, parse};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const MARK: &str = "zq9";

/// What is typed: what it is called, and the text. Each holds the mark, so that it can be found again.
fn strange() -> Vec<(&'static str, String)> {
    vec![
        ("10,000 characters", format!("{MARK}{}", "x".repeat(10_000))),
        ("10,000 wide characters", format!("{MARK}{}", "\u{1f9ff}".repeat(10_000))),
        ("control characters", format!("{MARK}\u{1}\u{7}\u{1b}[31m\r\nSet-Cookie: a=b\u{7f}")),
        ("NUL", format!("{MARK}\0after")),
        ("right to left", format!("{MARK}\u{202e}txt.exe\u{202c}\u{2066}\u{200f}")),
        ("a formula", format!("=cmd|' /C calc'!A0 {MARK}")),
        ("another formula", format!("+{MARK}")),
        ("a script", format!("<script>alert(1)</script>{MARK}")),
        ("quotes", format!("\"'><img src=x onerror=alert(1)>{MARK}")),
        ("SQL", format!("{MARK}' or 1=1; drop table account; --")),
        ("search syntax", format!("{MARK}\" OR tags : \" NEAR(a b) * ^")),
        ("like syntax", format!("%_{MARK}\\%")),
        ("an emoji and accents", format!("Zo\u{eb} \u{1f469}\u{200d}\u{1f680} {MARK}")),
        ("lone halves and fillers", format!("\u{fffd}\u{feff}\u{3164}{MARK}")),
        ("private signs", format!("\u{e000}\u{e100}\u{e101}{MARK}")),
        ("only spaces", "   \t  ".to_owned()),
        ("a huge number", "9".repeat(400)),
        ("a negative number", "-1".to_owned()),
        ("nothing", String::new()),
    ]
}

/// Nothing of what was typed became part of the page itself.
#[track_caller]
fn is_harmless(visit: &Visit, what: &str) {
    let place = format!("{} with {what}", visit.url);
    assert!(visit.response.status < 500, "{place}: {} {}", visit.response.status, visit.excerpt());
    for (name, value) in &visit.response.headers {
        assert!(!value.contains(['\r', '\n', '\0']), "{place}: the header {name} breaks its line");
        assert!(!(name == &"Set-Cookie" && value.starts_with("a=b")), "{place}: a header was smuggled in");
    }
    let body = visit.body();
    let kind = visit.response.header("content-type").unwrap_or_default();
    if kind.starts_with("text/csv") {
        is_safe_csv(&body, &place);
    }
    if !kind.starts_with("text/html") {
        return;
    }
    assert!(!body.contains("<script>alert") && !body.contains("<img src=x"), "{place}: the page runs what was typed");
    let page = parse(&body);
    assert!(page.all(|element| element.has("onerror") || element.has("style")).is_empty(), "{place}: an attribute came in");
    assert!(page.named("script").len() <= 1, "{place}: a script came in");
    if is_piece(&body) {
        return;
    }
    assert_eq!(page.named("h1").len(), 1, "{place}: the page is broken");
    assert!(page.attributes.is_empty() && page.named("main").len() == 1, "{place}: the page is broken");
}

/// A piece of a page, such as the suggestions that come as one types.
fn is_piece(body: &str) -> bool {
    !body.starts_with("<!DOCTYPE html>")
}

/// ALL-2
#[track_caller]
fn is_safe_csv(body: &str, place: &str) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(false).from_reader(body.as_bytes());
    for record in reader.records() {
        for cell in &record.unwrap_or_else(|error| panic!("{place}: {error}")) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']) || cell == "-", "{place}: {cell:?} is a formula");
        }
    }
}

/// Somebody at each stage of the way in.
fn on_the_way(portal: &Portal) -> [Visit; 3] {
    [(TESS, Stage::Code), (PIA, Stage::Password), (QUINN, Stage::SetUp)].map(|(member, stage)| portal.at_stage(member, stage))
}

/// Every different form that these people can reach, with the page it stands on.
pub fn every_form(portal: &Portal) -> Vec<(Visit, Form)> {
    let mut seen = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    let everybody = [portal.sign_in(ADA), portal.sign_in(MALLORY), portal.sign_in(OLU), portal.guest(), portal.half_signed_in(OLU)];
    for visit in everybody.into_iter().chain(on_the_way(portal)) {
        for page in crawl(&visit, 2) {
            for form in forms(page.page()) {
                let names: Vec<&str> = form.fields.iter().map(|field| field.name.as_str()).collect();
                let key = format!("{} {} {}", form.method, shape(&page.absolute(&form.action)), names.join(","));
                if seen.insert(key) {
                    found.push((page.clone(), form));
                }
            }
        }
    }
    found
}

fn can_be_typed(kind: &str) -> bool {
    !matches!(kind, "checkbox" | "radio" | "file" | "submit" | "button")
}

/// What the form sends with these fields changed.
fn with(form: &Form, names: &[&str], value: &str) -> Vec<(String, String)> {
    form.fields
        .iter()
        .filter(|field| (field.sent || names.contains(&field.name.as_str())) && field.kind != "file")
        .map(|field| {
            let own = if field.value.is_empty() && field.kind == "email" { "someone@example.com".to_owned() } else { field.value.clone() };
            (field.name.clone(), if names.contains(&field.name.as_str()) { value.to_owned() } else { own })
        })
        .collect()
}

/// Sends a form with these fields from its page, in another portal.
pub fn send(portal: &Portal, page: &Visit, form: &Form, fields: &[(String, String)]) -> Visit {
    let mut visit = page.clone();
    visit.portal = portal.clone();
    let action = page.absolute(&form.action);
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    match (form.method.as_str(), form.multipart) {
        ("post", true) => visit.upload(&action, &pairs, &[]),
        ("post", false) => visit.post(&action, &pairs),
        _ => {
            let path = action.split('?').next().unwrap_or_default().to_owned();
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            visit.get(&format!("{path}?{query}"))
        }
    };
    visit
}

/// Issue "bad input": a clear refusal or faithful text, never an error, a broken page or a script.
#[test]
fn no_field_of_any_form_can_be_broken() {
    let portal = Portal::estate();
    let forms = every_form(&portal);
    assert!(forms.len() > 5, "forms are found");
    let mut sent = 0;
    for (page, form) in &forms {
        // Signing out would end the session with which the rest is asked.
        if form.action.ends_with("/sign-out") {
            continue;
        }
        let here = Portal::estate();
        let mut page = page.clone();
        adopt(&here, &portal);
        page.portal = here.clone();
        let names: Vec<&str> = form.fields.iter().filter(|field| can_be_typed(&field.kind)).map(|field| field.name.as_str()).collect();
        for (what, text) in strange() {
            // Each field of a change by itself, since one refusal hides the next; a question's fields all at once.
            let rounds: Vec<Vec<&str>> = match form.method.as_str() {
                "post" => names.iter().map(|name| vec![*name]).collect(),
                _ => vec![names.clone()],
            };
            for round in rounds.into_iter().filter(|round| !round.is_empty()) {
                let answer = send(&here, &page, form, &with(form, &round, &text));
                is_harmless(&answer, &format!("{what} in {round:?}"));
                if answer.response.status == 303 {
                    let mut after = answer.clone();
                    after.follow();
                    is_harmless(&after, &format!("{what} in {round:?}, afterwards"));
                }
                sent += 1;
            }
        }
    }
    assert!(sent > 100, "fields were filled");
}

/// The sessions of one portal hold in the other.
pub fn adopt(here: &Portal, from: &Portal) {
    let connection = here.connection();
    let path = from.db().path().to_string_lossy().into_owned();
    connection.execute("attach database ?1 as origin", [path]).expect("the other portal");
    connection
        .execute_batch(
            "insert or ignore into session select * from origin.session;
             delete from recovery_code where identity not in (select identity from origin.second_factor);
             delete from second_factor where identity not in (select identity from origin.second_factor);
             update identity as i set (passcode_until, owes_factor) = (select o.passcode_until, o.owes_factor from origin.identity o where o.id = i.id)
              where i.id in (select id from origin.identity);",
        )
        .expect("its sessions, and what their owners owe");
}

/// A refused form keeps what was entered, whatever it was.
#[test]
fn a_refused_form_comes_back_as_it_was_filled_in() {
    let portal = Portal::estate();
    let mut kept = 0;
    for (page, form) in every_form(&portal).into_iter().filter(|(_, form)| form.method == "post") {
        let typed: Vec<_> = form
            .fields
            .iter()
            .filter(|field| matches!(field.kind.as_str(), "text" | "email" | "tel" | "textarea") && !field.read_only)
            .collect();
        if typed.is_empty() {
            continue;
        }
        let value = format!("<b>\"{MARK}'\u{202e}&amp; {}", "long ".repeat(60));
        let here = Portal::estate();
        adopt(&here, &portal);
        let fields: Vec<(String, String)> = form
            .fields
            .iter()
            .filter(|field| (field.sent || typed.contains(field)) && field.kind != "file")
            .map(|field| (field.name.clone(), if typed.contains(&field) { value.trim().to_owned() } else { field.value.clone() }))
            .collect();
        let answer = send(&here, &page, &form, &fields);
        if answer.response.status != 422 {
            continue;
        }
        let back = forms(answer.page());
        for field in &typed {
            let same = back.iter().flat_map(|form| &form.fields).find(|one| one.name == field.name);
            let same = same.unwrap_or_else(|| panic!("{} comes back without {:?}", answer.url, field.name));
            assert_eq!(same.value, value.trim(), "{}: {:?} was not kept", answer.url, field.name);
            kept += 1;
        }
        let said = answer.page().all(|element| element.has_class("error") || element.attr("role") == Some("alert"));
        assert!(!said.is_empty(), "{} says why", answer.url);
    }
    assert!(kept > 0, "forms were refused");
}

/// Whether an address is one of a route's.
fn is_of(pattern: &str, address: &str) -> bool {
    let (pattern, address): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), address.split('/').collect());
    // Ids have digits, words of ours have none.
    let fits = |want: &str, have: &str| want == "{slug}" || want.starts_with('{') && have.bytes().any(|byte| byte.is_ascii_digit());
    pattern.len() == address.len() && pattern.iter().zip(&address).all(|(want, have)| want == have || fits(want, have))
}

/// ALL-3: a walk without JavaScript comes by a form for every change the portal knows, but for those that begin with a mailed or printed
/// link, or with codes that are shown once; and no button waits for a script, but for those that copy and print, which are not shown without one.
#[test]
fn every_change_is_reached_without_javascript() {
    let portal = Portal::estate();
    // A refused import and one that can be carried out.
    for content in ["name\nFine\n", "name,country\nFine,Atlantis\n"] {
        portal.sign_in(ADA).visit("/imports").attach("Files", "a.csv", content.as_bytes()).press("Preview");
    }
    // Somebody to reactivate, and somebody with an account to accept.
    for member in [NOOR, SID] {
        portal.execute("update account set state = 'deactivated' where id = ?1", [member.account]);
    }
    for member in [FINN, BEA] {
        portal.execute("update account set state = 'not_invited', invited_until = null where id = ?1", [member.account]);
    }
    // An organization to reactivate.
    for table in ["subscription", "organization_listing"] {
        portal.execute(&format!("update {table} set state = 'suspended' where organization = ?1"), [DOGWOODINE.organization]);
    }
    // A sub-partner that nobody has set up yet.
    let mut ada = portal.sign_in(ADA);
    ada.visit("/partners/new").fill("Partner name", "Low Tide").fill("First name", "Ivy").fill("Last name", "Marsh");
    ada.fill("Email", "ivy@lowtide.example").press("Create Partner").status(200);
    // A task to close, to put back and to withdraw, beside those that wait for approval.
    portal.execute(
        "update device_task set state = 'in_progress', takes = 1, taken_by = 'Connector', taken_at = 1 where id = ?1",
        [BIRCHINE.task()],
    );
    portal.execute("update device_task set asked_account = ?2 where id = ?1", [ALDERINE.task(), ADA.account]);
    // A support PIN to confirm.
    portal.sign_in(ADA).post(&format!("/organizations/10000002/users/{}/support", NIA.account), &[]).status(303);
    // A key to reactivate.
    portal.execute("update api_key set state = 'deactivated' where id = ?1", [ALDERINE.key()]);
    // Prices to take back, somebody whom no group shows anything, an archived seat, and accounts that wait or can be cancelled.
    portal.execute("insert into price_list (partner, month, currency, backup) values (1, 2027 * 12, 'EUR', 300)", []);
    portal.execute("update employee set limited = 1 where account = ?1", [TESS.account]);
    portal.execute("update seat set state = 'Archived' where id = ?1", [ALDERINE.seat()]);
    portal.execute("update saas_account set commitment = 'month_to_month' where id = ?1", [ALDERINE.linked()]);
    portal.execute("update saas_account set authorized = 0, vendor_id = null where id = ?1", [BIRCHINE.linked()]);
    // A transfer to validate, one that its asker can withdraw, and one that can be asked for.
    portal.execute("update transfer set receiver = 2, validator = 1 where id = ?1", [ALDERINE.transfer()]);
    portal.execute("update organization_user set owner = 1 where account in (?1, ?2)", (OLU.account, NIA.account));
    portal.sign_in(NIA).post("/account/transfer", &[("receiver_id", "P-00000001")]).status(303);
    // A second factor that nobody demands.
    let mut olu = portal.sign_in(OLU);
    olu.visit("/account/second-factor");
    let code = authenticator::code(&olu.offered_secret(), portal.now());
    olu.fill("Current password", PASSWORD).fill("Code", &code).press("Confirm").status(200);
    // Letters leave by a mail server, but for one that was given up and one that was held.
    portal.execute("insert into mail_setting values (1, 'smtp', 'localhost', 25, 'none', '', null, '', 'portal@harbor.example', '')", []);
    for (id, state) in [(1, "failed"), (2, "held")] {
        portal.execute(
            "insert into letter (id, partner, kind, to_name, to_email, subject, text, html, state, created_at)
             values (?1, 1, 'notice', 'Nia', 'nia@birch.example', 'A notice', 'Text', '<p>Text</p>', ?2, ?3)",
            (id, state, portal.now().0),
        );
    }
    // A draft to discard.
    let draft = [("devices_named", "both"), ("portal", "none"), ("clients", "none"), ("step", "preview")];
    portal.sign_in(ADA).post("/branding", &draft).status(303);
    // A backup to download or delete.
    jobs::back_up(portal.app.portal(), Turn::AskedOrDaily, &Watch::unstopped(Pace::Alone));
    let mut actions: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    // Another session to end.
    portal.sign_in(ADA);
    let (ada, guest, half) = (portal.sign_in(ADA), portal.guest(), portal.half_signed_in(NIA));
    for visit in [ada, olu, portal.sign_in(NIA), guest, half].into_iter().chain(on_the_way(&portal)) {
        for page in crawl(&visit, 6) {
            for form in forms(page.page()).iter().filter(|form| form.method == "post") {
                actions.insert(page.absolute(&form.action));
                actions.extend(form.buttons.iter().filter_map(|button| button.action.as_deref()).map(|action| page.absolute(action)));
            }
            for button in page.page().all(|element| element.name == "button" && element.attr("type") == Some("button")) {
                assert!(
                    ["data-copy", "data-print", "data-clear"].iter().any(|mark| button.has(mark)),
                    "{}: a button does nothing without JavaScript: {:?}",
                    page.url,
                    button.attributes
                );
            }
        }
    }
    // Behind a mailed link, or at the end of steps that are filled in (journeys walk through them without scripts).
    let by_link = [
        "/links/{token}",
        "/set-up/{secret}",
        "/choose-account/acceptance",
        "/recovery-codes",
        "/status/saas/add",
        "/organizations/states",
    ];
    let missing: Vec<&str> = portico::app::routes::all()
        .filter(|route| route.method == portico::kernel::http::Method::Post && !by_link.contains(&route.path))
        .map(|route| route.path)
        .filter(|path| !actions.iter().any(|action| is_of(path, action.split('?').next().unwrap_or_default())))
        .collect();
    assert!(missing.is_empty(), "no form leads to {missing:?}");
}

/// ALL-5: what pages load loads nothing from elsewhere either, and letters load nothing at all.
#[test]
fn assets_and_letters_load_nothing_from_elsewhere() {
    let folder = crate::support::source::root().join("assets");
    for entry in std::fs::read_dir(folder).expect("the assets") {
        let path = entry.expect("an asset").path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        // A picture names its own parts by `#`.
        let text = text.replace("http://www.w3.org/2000/svg", "").replace("url(#", "");
        for word in ["http:", "https:", "//cdn", "@import", "url(", "WebSocket", "EventSource", "sendBeacon", "import("] {
            assert!(!text.contains(word), "{} holds {word}", path.display());
        }
    }
    let portal = Portal::estate();
    portal.guest().post("/forgot-password", &[("email", OLU.email)]);
    portal.run_jobs();
    assert!(portal.sql_count("letter where html like '%<p%' or html like '%<h%'") > 0);
    for word in ["<img", "<link", "<script", "<style", "src=", "url(", "@import"] {
        assert_eq!(portal.sql_count(&format!("letter where html like '%{word}%'")), 0, "a letter loads {word}");
    }
}

/// Pages ask for themselves only: nothing inline, nothing from elsewhere, one heading, every field with a label (ALL-4, ALL-5).
#[test]
fn every_page_is_whole() {
    let portal = Portal::estate();
    let mut pages = 0;
    for visit in [portal.sign_in(ADA), portal.sign_in(TESS), portal.sign_in(OLU), portal.sign_in(NOOR), portal.guest()] {
        for page in crawl(&visit, 2) {
            pages += 1;
            let (url, tree) = (&page.url, page.page());
            if is_piece(&page.body()) {
                continue;
            }
            assert_eq!(page.response.status, 200, "{url} is linked and not there: {}", page.excerpt());
            // Suggestions are a piece of a page.
            let headings = usize::from(!url.starts_with("/search/suggestions"));
            assert_eq!(tree.named("h1").len(), headings, "{url} has one heading");
            assert!(
                tree.all(|element| element.has("style") || element.attributes.iter().any(|(name, _)| name.starts_with("on"))).is_empty(),
                "{url}"
            );
            assert!(tree.named("style").is_empty(), "{url} has no inline style");
            for element in tree.all(|element| element.has("src") || element.name == "link") {
                let address = element.attr("src").or(element.attr("href")).unwrap_or_default();
                assert!(address.starts_with('/') && !address.starts_with("//"), "{url} loads {address}");
            }
            let mut ids = std::collections::BTreeSet::new();
            for element in tree.all(|element| element.has("id")) {
                let id = element.attr("id").unwrap_or_default();
                assert!(ids.insert(id.to_owned()), "{url} has the id {id:?} twice");
            }
            for form in forms(tree) {
                for field in form.fields.iter().filter(|field| field.kind != "hidden") {
                    assert!(!field.label.is_empty(), "{url}: the field {:?} has no label", field.name);
                }
                for button in &form.buttons {
                    assert!(!button.label.is_empty(), "{url}: a button of {} says nothing", form.action);
                }
                assert!(
                    form.method != "post" || form.fields.iter().any(|field| field.name == "form_id"),
                    "{url}: {} has no form id",
                    form.action
                );
            }
            for (text, href, _) in page.links() {
                assert!(!text.is_empty(), "{url}: the link to {href} says nothing");
            }
        }
    }
    assert!(pages > 5, "pages are found");
}
