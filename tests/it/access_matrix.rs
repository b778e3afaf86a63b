//! Route by visitor by state: who is let in, and who must not even learn that there is something.
//!
//! Made from the route table. A route whose path it cannot fill fails until it is taught to (`things.rs`), and a change that nobody can make
//! here until `forms.rs` says what its form holds. What comes of it is printed, for people to read, in `tests/golden/access_matrix.txt`.

mod forms;
mod kinds;
pub mod pages;
mod table;
mod things;

use portico::access::model::Risk;
use portico::app::routes;
use portico::kernel::http::{Method, Response};
use portico::page::Route;

use self::kinds::Kind::*;
use self::kinds::{KINDS, admits};
use self::things::{Sort, filled, sorts};
use crate::support::estate::{ALDERINE, CEDARINE, DOGWOODINE};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

/// What a form must name for its address to be there at all: paths and the account whose id they want in `account`.
const WITH_ACCOUNT: &[&str] = &["/choose-account", "/choose-account/acceptance"];

fn ask<'v>(visit: &'v mut Visit, route: &Route, path: &str) -> &'v Response {
    match route.method {
        Method::Post if WITH_ACCOUNT.contains(&route.path) => {
            let own = visit.own_account().to_string();
            visit.post(path, &[("account", &own)])
        }
        Method::Post => visit.post(path, &[]),
        _ => visit.get(path),
    };
    &visit.response
}

/// Status, headers and body, with form ids and request ids masked (ALL-1).
fn masked(response: &Response) -> String {
    let body = String::from_utf8_lossy(&response.body);
    let mut out = format!("{}\n", response.status);
    for (name, value) in response.headers.iter().filter(|(name, _)| *name != "Date") {
        out.extend([name, ": ", value, "\n"]);
    }
    let mut rest = body.as_ref();
    while let Some(at) = rest.find("name=\"form_id\" value=\"") {
        let begin = at + "name=\"form_id\" value=\"".len();
        out.push_str(&rest[..begin]);
        let end = rest[begin..].find('"').expect("the value ends");
        rest = &rest[begin + end..];
    }
    out.push_str(rest);
    out
}

/// Paths that exist while the portal is empty and never again (ACC-1).
const GONE: &[&str] = &["/set-up/{secret}"];

/// Paths that exist in the demo alone.
const DEMO: &[&str] = &["/design"];

/// ALL-1: a stranger's thing answers as one that does not exist, byte for byte, on every route, for everyone who may use the route.
#[test]
fn what_is_not_ones_own_is_not_found_exactly_as_what_does_not_exist() {
    let mut broken = Vec::new();
    let mut asked = 0;
    let portal = Portal::estate();
    for member in [OLU, NIA, CARL, QUINN] {
        portal.sign_in(member);
    }
    for route in routes::all().filter(|route| sorts(route).iter().any(|sort| sort.has_owner())) {
        let sorts = sorts(route);
        for kind in KINDS.into_iter().filter(|kind| admits(route.access, *kind) && kind.is_in()) {
            let mut visit = kind.visit(&portal);
            // Each name of the path in turn is a stranger's, and then all of them.
            for which in 0..=sorts.len() {
                let strange = |place: usize| which == place || which == sorts.len();
                let mut place = 0;
                let missing = filled(route, |sort| {
                    place += 1;
                    if strange(place - 1) { sort.missing() } else { sort.of(kind.home(), &portal, kind.member()) }
                });
                let expected = masked(ask(&mut visit, route, &missing));
                if !expected.starts_with("404") {
                    broken.push(format!("{:?} {missing} for {kind:?} exists: {}", route.method, &expected[..3]));
                    continue;
                }
                for tenant in kind.strangers(sorts.get(which).copied().unwrap_or(sorts[0])) {
                    let mut place = 0;
                    let path = filled(route, |sort| {
                        place += 1;
                        if strange(place - 1) { sort.of(tenant, &portal, None) } else { sort.of(kind.home(), &portal, kind.member()) }
                    });
                    asked += 1;
                    let found = masked(ask(&mut visit, route, &path));
                    if found != expected {
                        broken.push(format!("{:?} {path} for {kind:?} tells of {}: {}", route.method, tenant.word, &found[..3]));
                    }
                }
            }
        }
    }
    assert!(asked > 0, "strangers asked");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Ids that are none, or far too large, are not found; never an error.
#[test]
fn what_is_no_id_is_not_found() {
    let portal = Portal::estate();
    let mut ada = portal.sign_in(ADA);
    for route in routes::all().filter(|route| !sorts(route).is_empty() && admits(route.access, PrimaryAccount)) {
        for wrong in ["0", "-1", "007", "abc", "1e3", "9223372036854775808", "%00", "%FF", "%27", "..", "1%20or%201=1", "%E2%80%AE"] {
            let path = filled(route, |_| wrong.to_owned());
            let status = ask(&mut ada, route, &path).status;
            assert!(matches!(status, 404 | 200 | 303 | 422) && (status == 404 || !sorts(route)[0].has_owner()), "{path}: {status}");
        }
    }
}

/// A change is taken from our own pages only, on every route (security.md, "CSRF").
#[test]
fn no_other_page_can_send_our_forms() {
    let portal = Portal::estate();
    let mut ada = portal.sign_in(ADA);
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    for route in routes::all().filter(|route| route.method == Method::Post && admits(route.access, PrimaryAccount)) {
        let path = filled(route, |sort| sort.of(ALDERINE, &portal, Some(ADA)));
        for forged in [
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("sec-fetch-site", "none")],
            vec![("origin", "https://elsewhere.example")],
            vec![("origin", "null")],
            vec![],
        ] {
            let headers: Vec<(&str, &str)> = kind.iter().copied().chain(forged.iter().copied()).collect();
            ada.send(Method::Post, &path, &headers, Vec::new()).status(403);
        }
    }
}

/// A GET changes nothing: whatever was asked for, the database is as it was.
#[test]
fn looking_changes_nothing() {
    let portal = Portal::estate();
    let mut visits: Vec<Visit> = [ADA, OLU, MALLORY].map(|member| portal.sign_in(member)).to_vec();
    let gets = routes::all().filter(|route| route.method == Method::Get);
    let paths: Vec<String> = gets.map(|route| filled(route, |sort| sort.of(ALDERINE, &portal, None))).collect();
    let before = fingerprint(&portal);
    for path in &paths {
        for visit in &mut visits {
            visit.get(path);
        }
    }
    assert_eq!(fingerprint(&portal), before);
}

fn fingerprint(portal: &Portal) -> Vec<(String, i64, String)> {
    fingerprint_on(&portal.connection())
}

/// Every table: how many rows, and what stands in them.
fn fingerprint_on(connection: &rusqlite::Connection) -> Vec<(String, i64, String)> {
    crate::support::portal::tables(connection)
        .into_iter()
        .map(|table| {
            let columns: Vec<String> = {
                let mut statement = connection.prepare(&format!("select * from \"{table}\" limit 0")).expect("a table");
                let names: Vec<String> = statement.column_names().map(|name| format!("quote(\"{name}\")")).collect();
                drop(statement.query([]).expect("a table"));
                names
            };
            let sql = format!("select count(*), coalesce(group_concat({}, ','), '') from \"{table}\"", columns.join(" || '|' || "));
            let (count, content) = connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("a table");
            (table, count, content)
        })
        .collect()
}

/// No two rows answer the same address.
#[test]
fn every_address_has_one_row() {
    let mut seen = std::collections::BTreeSet::new();
    for route in routes::all() {
        let shape: Vec<&str> = route.path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment }).collect();
        assert!(seen.insert((format!("{:?}", route.method), shape.join("/"))), "{:?} {} stands twice", route.method, route.path);
    }
}

/// The two other tenants of the sister partners exist for those who own them.
#[test]
fn the_sister_sees_her_own() {
    let portal = Portal::estate();
    assert_eq!(portal.sql::<i64>("select partner from organization where id = ?1", [DOGWOODINE.organization]), 3);
    assert!(!OtherAdmin.strangers(Sort::Organization).contains(&CEDARINE));
    assert!(OtherAdmin.strangers(Sort::Organization).contains(&DOGWOODINE));
}

/// What needs no account stands here by name; nothing joins it by accident.
#[test]
fn only_the_ways_in_need_no_account() {
    let ways_in = [
        "/api/openapi.json",
        "/brand/{file}",
        "/choose-account",
        "/choose-account/acceptance",
        "/forgot-password",
        "/health",
        "/links/{token}",
        "/p/{slug}/forgot-password",
        "/p/{slug}/sign-in",
        "/recovery-codes",
        "/set-up/{secret}",
        "/sign-in",
        "/sign-in/code",
        "/sign-in/password",
        "/sign-in/second-factor",
        "/sign-out",
    ];
    let open: std::collections::BTreeSet<&str> = routes::all()
        .filter(|route| KINDS.iter().any(|kind| !kind.is_in() && admits(route.access, *kind)))
        .map(|route| route.path)
        .collect();
    assert_eq!(open.into_iter().collect::<Vec<_>>(), ways_in);
}

/// SEC-2: what asks for the password again when it was given long ago.
const DANGEROUS: &[&str] = &[
    "/account/support-pin",
    "/account/transfer",
    "/api-keys/new",
    "/api-keys/{key}/deactivation",
    "/api-keys/{key}/deletion",
    "/api-keys/{key}/reactivation",
    "/api-keys/{key}/regeneration",
    "/backups/{backup}/deletion",
    "/backups/{backup}/download",
    "/devices/{device}/tasks/new",
    "/employees/primary-account",
    "/employees/{employee}/removal",
    "/employees/{employee}/second-factor",
    "/groups/limits/{employee}/removal",
    "/groups/{group}/deletion",
    "/groups/{group}/members/{employee}/removal",
    "/mail",
    "/organizations/{organization}/deletion",
    "/organizations/{organization}/transfer",
    "/organizations/{organization}/users/{user}/removal",
    "/organizations/{organization}/users/{user}/second-factor",
    "/organizations/{organization}/users/{user}/support",
    "/saas/{saas_account}/cancellation",
    "/saas/{saas_account}/seats/deletion",
    "/saas/{saas_account}/transfer",
    "/security-settings",
    "/security-settings/organizations/{organization}",
    "/tasks/{task}/approval",
    "/transfers/{transfer}/validation",
    "/account/transfer/withdrawal",
    "/transfers/{transfer}/refusal",
    "/transfers/{transfer}/withdrawal",
];

/// SEC-2: what does not, because it can be taken back, shows what the page shows, ends no more than one's own session, or asks for the
/// password by itself.
const HARMLESS: &[&str] = &[
    "/account",
    "/account/display",
    "/account/password",
    "/account/recovery-codes",
    "/account/second-factor",
    "/account/second-factor/removal",
    "/account/sessions/removal",
    "/account/sessions/{session}/removal",
    "/account/theme",
    "/addresses",
    "/alerts",
    "/alerts/{organization}",
    "/addresses/{address}/removal",
    "/activity/export",
    "/backups",
    "/backups/daily",
    "/branding",
    "/branding/discard",
    "/branding/local",
    "/branding/own",
    "/choose-account",
    "/choose-account/acceptance",
    "/devices/{device}/audits",
    "/devices/{device}/recovery/new",
    "/employees/new",
    "/employees/{employee}",
    "/employees/{employee}/deactivation",
    "/employees/{employee}/letter",
    "/employees/{employee}/reactivation",
    "/forgot-password",
    "/groups",
    "/groups/{group}/members",
    "/groups/{group}/name",
    "/groups/{group}/organizations",
    "/groups/{group}/organizations/{organization}/removal",
    "/imports",
    "/imports/{import}/completion",
    "/imports/{import}/discard",
    "/imports/{import}/refusals",
    "/links/{token}",
    "/licenses/export",
    "/mail/held-letters",
    "/mail/test-letter",
    "/notification-settings",
    "/organizations",
    "/organizations/export",
    "/organizations/new-organization",
    "/organizations/states",
    "/organizations/states/review",
    "/organizations/{organization}/branding",
    "/organizations/{organization}/networks/link",
    "/organizations/{organization}/networks/{network}/unlink",
    "/organizations/{organization}/plan",
    "/organizations/{organization}/reactivation",
    "/organizations/{organization}/devices/link",
    "/organizations/{organization}/devices/{device}/unlink",
    "/organizations/{organization}/services/link",
    "/organizations/{organization}/services/{saas_account}/unlink",
    "/organizations/{organization}/settings",
    "/organizations/{organization}/second-factor",
    "/organizations/{organization}/sign-in",
    "/organizations/{organization}/suspension",
    "/organizations/{organization}/unsubscription",
    "/organizations/{organization}/users/letters",
    "/organizations/{organization}/users/new",
    "/organizations/{organization}/users/{user}",
    "/organizations/{organization}/users/{user}/deactivation",
    "/organizations/{organization}/users/{user}/letter",
    "/organizations/{organization}/users/{user}/reactivation",
    "/organizations/{organization}/users/{user}/support/pin",
    "/organizations/{organization}/users/{user}/support/withdrawal",
    "/outbox/{letter}/opening",
    "/outbox/{letter}/retry",
    "/partners",
    "/partners/{partner}/edit",
    "/partners/{partner}/letter",
    "/partners/{partner}/letter/opening",
    "/partners/{partner}/transfer-right",
    "/p/{slug}/forgot-password",
    "/p/{slug}/sign-in",
    "/price-list",
    "/price-list/{month}/removal",
    "/recovery-codes",
    "/restores/{file_restore}/completion",
    "/restores/{file_restore}/removal",
    "/saas/{saas_account}/authorization",
    "/saas/{saas_account}/authorization/letter",
    "/saas/{saas_account}/consent",
    "/status/endpoints/export",
    "/status/endpoints/{endpoint_agent}/restores/new",
    "/saas/{saas_account}/seats",
    "/saas/{saas_account}/seats/file",
    "/saas/{saas_account}/seats/review",
    "/saas/{saas_account}/terms",
    "/set-up/{secret}",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/password",
    "/sign-in/second-factor",
    "/sign-out",
    "/statements/{month}/export",
    "/statements/{month}/reconcile",
    "/statements/{month}/reconcile/export",
    "/statements/{month}/reconcile/forget",
    "/statements/{month}/reconcile/match",
    "/status/saas/add",
    "/status/saas/console",
    "/status/devices/export",
    "/status/saas/export",
    "/status/saas/unmapped/exact",
    "/status/saas/unmapped/{saas_account}",
    "/tasks/export",
    "/tasks/{task}/closing",
    "/tasks/{task}/refusal",
    "/tasks/{task}/return",
    "/tasks/{task}/withdrawal",
];

/// SEC-2: every change stands in one of the two lists, and asks for the password again just where the first one says. Files cannot wait
/// for it, and who is not signed in has none to give.
#[test]
fn every_change_is_either_dangerous_or_known_to_be_harmless() {
    for route in routes::all() {
        let (dangerous, harmless) = (DANGEROUS.contains(&route.path), HARMLESS.contains(&route.path));
        if route.method == Method::Get {
            assert_eq!(route.risk, Risk::Usual, "looking at {} asks for the password", route.path);
            continue;
        }
        assert!(
            dangerous != harmless,
            "{}: DANGEROUS or HARMLESS? It stands in {}.",
            route.path,
            if dangerous { "both" } else { "neither" }
        );
        assert_eq!(route.risk == Risk::Dangerous, dangerous, "{} is dangerous: {dangerous}", route.path);
        assert!(!dangerous || route.body_limit <= 256 * 1024, "{} takes files", route.path);
        assert!(!dangerous || KINDS.iter().all(|kind| kind.is_in() || !admits(route.access, *kind)), "{} has nobody to ask", route.path);
    }
    for path in DANGEROUS.iter().chain(HARMLESS) {
        assert!(routes::all().any(|route| route.path == *path && route.method != Method::Get), "{path} is no more");
    }
}

/// USR-8, EMP-1: nothing of organizations, imports, letters or the log is ever a user's or a Tech's.
#[test]
fn what_runs_the_portal_is_for_who_may_run_it() {
    for route in routes::all() {
        let runs = ["/organizations", "/imports", "/outbox", "/activity"].iter().any(|begin| route.path.starts_with(begin));
        for kind in [
            Guest,
            Half,
            MustGiveCode,
            MustSetPassword,
            MustSetFactor,
            Tech,
            Business,
            Sales,
            FullUser,
            NoAccessUser,
            EndpointUser,
            OtherUser,
        ] {
            assert!(!(runs && admits(route.access, kind)), "{} lets {kind:?} in", route.path);
        }
    }
}
