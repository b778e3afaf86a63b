//! Every page there is, as those see it who see most of it: made from the route table, so that a new page is looked at by itself.

use std::collections::BTreeSet;

use portico::access::model::{Access, Risk};
use portico::app::routes;
use portico::kernel::http::Method;
use portico::kernel::time::Span;
use portico::page::Route;

use super::forms::{self, Step};
use super::kinds::{Kind, admits};
use super::things::filled;
use crate::support::portal::{Portal, Visit};

/// A page and who sees it.
pub struct Shown {
    /// The path as the route table has it.
    pub route: &'static str,
    /// The path as it was asked for.
    pub url: String,
    /// Who sees it.
    pub who: &'static str,
    /// The page's HTML.
    pub body: String,
    /// The cookie by which the portal knows them.
    pub session: Option<String>,
}

impl AsRef<Self> for Shown {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl Shown {
    /// "/users as employee", for sentences.
    pub fn name(&self) -> String {
        format!("{} as {}", self.route, self.who)
    }
}

/// Who looks: the primary account, an organization's user, nobody in particular, and whoever stands in the middle of signing in.
const LOOKING: [(Kind, &str); 7] = [
    (Kind::PrimaryAccount, "employee"),
    (Kind::FullUser, "user"),
    (Kind::Guest, "guest"),
    (Kind::Half, "who has yet to choose"),
    (Kind::MustGiveCode, "who owes a code"),
    (Kind::MustSetPassword, "who owes a password"),
    (Kind::MustSetFactor, "who owes a second factor"),
];

/// Addresses for a GET that are no pages, and what they are instead.
const NO_PAGE: &[(&str, &str)] = &[
    ("/design", "in the demo alone: `design_page`"),
    ("/brand/{file}", "a picture"),
    ("/account/display/example", "a piece of a page"),
    ("/branding/preview", "pieces of a page"),
    ("/search/suggestions", "a piece of a page"),
    ("/set-up/{secret}", "gone once the portal is set up: `set_up_page`"),
];

/// The page that an empty portal has, and the portal (ACC-1).
pub fn set_up_page() -> (Portal, Shown) {
    let secret = "s".repeat(43);
    let portal = Portal::waiting_for_set_up(&secret);
    let url = format!("/set-up/{secret}");
    let mut visit = portal.guest();
    let body = visit.get(&url).status(200).body();
    (portal, Shown { route: "/set-up/{secret}", url, who: "guest", body, session: None })
}

/// The page with all parts that the demo alone has, and the demo.
pub fn design_page() -> (Portal, Shown) {
    let portal = Portal::estate().into_demo();
    let mut visit = Kind::PrimaryAccount.visit(&portal);
    let body = visit.get("/design").status(200).body();
    let session = visit.cookie(portal.cookies().session()).map(ToOwned::to_owned);
    (portal, Shown { route: "/design", url: "/design".to_owned(), who: "employee", body, session })
}

/// All pages of the estate, in the order of the route table, each for everyone who looks and may. Fails where a route shows nobody a page.
#[track_caller]
pub fn every_page(portal: &Portal) -> Vec<Shown> {
    let mut found = Vec::new();
    let mut shown = BTreeSet::new();
    let mut visits: Vec<(Kind, &str, Visit)> = LOOKING.into_iter().map(|(kind, who)| (kind, who, kind.visit(portal))).collect();
    for route in routes::all().filter(|route| route.method == Method::Get) {
        for (kind, who, visit) in &mut visits {
            if !looks(*kind, route) {
                continue;
            }
            let url = address(visit, route, *kind);
            visit.get(&url);
            if visit.response.status == 200 && visit.body().starts_with("<!DOCTYPE html>") {
                shown.insert(route.path);
                let session = visit.cookie(portal.cookies().session()).map(ToOwned::to_owned);
                found.push(Shown { route: route.path, url, who, body: visit.body(), session });
            } else if visit.response.status == 200
                && visit.response.header("Content-Type").is_some_and(|kind| !kind.starts_with("text/html"))
            {
                // A file of its own kind.
                shown.insert(route.path);
            }
        }
    }
    let silent =
        |route: &&Route| route.method == Method::Get && !shown.contains(route.path) && !NO_PAGE.iter().any(|(path, _)| *path == route.path);
    let unseen: Vec<&str> = routes::all().filter(silent).map(|route| route.path).collect();
    assert!(unseen.is_empty(), "nobody who looks sees a page at {unseen:?}: teach LOOKING or NO_PAGE");
    found
}

/// The pages that say no: each form as it comes back when it is sent empty, where that is refused; what is not there; what another page
/// sent; and the question for the password before something dangerous (SEC-2).
#[track_caller]
pub fn every_refusal() -> Vec<Shown> {
    let mut found = Vec::new();
    for route in routes::all().filter(|route| route.method == Method::Post) {
        let Some((kind, who)) = LOOKING.into_iter().find(|(kind, _)| looks(*kind, route)) else { continue };
        // What is sent empty may still be done: nobody else is to miss it afterwards.
        let portal = Portal::estate();
        let mut visit = kind.visit(&portal);
        let url = filled(route, |sort| sort.of(kind.home(), &portal, kind.member()));
        visit.post(&url, &[]);
        keep(&mut found, route.path, who, &visit);
        if route.risk == Risk::Dangerous {
            portal.wait_idle(Span::minutes(16));
            visit.post(&url, &[]);
            keep(&mut found, route.path, "employee who has not given the password lately", &visit);
        }
    }
    let portal = Portal::estate();
    for (kind, who) in [(Kind::PrimaryAccount, "employee"), (Kind::FullUser, "user"), (Kind::Guest, "guest")] {
        let mut visit = kind.visit(&portal);
        keep(&mut found, "nothing", who, visit.get("/no-such-page"));
        keep(&mut found, "forged", who, visit.send(Method::Post, "/account", &[("sec-fetch-site", "cross-site")], Vec::new()));
    }
    assert!(found.len() > 40, "forms are refused");
    found
}

/// Keeps the page if it says no.
fn keep(found: &mut Vec<Shown>, route: &'static str, who: &'static str, visit: &Visit) {
    let body = visit.body();
    if visit.response.status != 303 && body.starts_with("<!DOCTYPE html>") {
        found.push(Shown { route, url: visit.url.clone(), who, body, session: None });
    }
}

/// Whether this one's page is worth a look of its own: everybody's own stage, and what the three who look may see.
fn looks(kind: Kind, route: &Route) -> bool {
    admits(route.access, kind) && (kind.is_in() || kind == Kind::Guest || matches!(route.access, Access::At(_)))
}

/// The route's address with everything that its page asks for.
fn address(visit: &Visit, route: &Route, kind: Kind) -> String {
    let (portal, step) = (&visit.portal, Step { by: kind.member(), tenant: kind.home() });
    let path = filled(route, |sort| sort.of(kind.home(), portal, kind.member()));
    let fields = forms::fields(visit, route, &path, step);
    if fields.is_empty() {
        return path;
    }
    let path = forms::prepare(route, portal, step).unwrap_or(path);
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    format!("{path}?{query}")
}
