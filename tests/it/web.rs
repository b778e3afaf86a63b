//! The web around every page: where a request may come from, what every answer carries, and forms that are sent twice.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, TcpStream};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portico::kernel::assets;
use portico::kernel::http::{Method, Request, Response};

use crate::support::people::*;
use crate::support::portal::{ALERT_COOKIE, HOST, Portal, SESSION_COOKIE};

const OTHER: &str = "https://elsewhere.example";

fn ask(portal: &Portal, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let (path, query) = (path.to_owned(), String::new());
    portal.app.handle(&Request { method, path, query, headers, body: body.as_bytes().to_vec(), peer: IpAddr::V4(Ipv4Addr::LOCALHOST) })
}

fn theme_of(portal: &Portal, member: Member) -> String {
    portal.sql("select theme from identity where email = ?1", [member.email])
}

/// CSRF: with a session, only what the browser says came from our own pages is done.
#[test]
fn a_change_is_done_only_for_our_own_pages() {
    let ours = format!("http://{HOST}");
    let secure = format!("https://{HOST}");
    let cases: &[(Option<&str>, Option<&str>, bool)] = &[
        (Some("same-origin"), None, true),
        (Some("same-origin"), Some(&ours), true),
        (Some("same-site"), Some(&ours), false),
        (Some("same-site"), None, false),
        (Some("cross-site"), Some(OTHER), false),
        (Some("cross-site"), Some(&ours), false),
        (Some("none"), None, false),
        (Some(""), None, false),
        (None, Some(&ours), true),
        (None, Some(&secure), false),
        (None, Some("http://localhost:1"), true),
        (None, Some("http://localhost:2"), false),
        (None, Some("null"), false),
        (None, Some(OTHER), false),
        (None, Some(""), false),
        (None, None, false),
    ];
    for (site, origin, done) in cases {
        let portal = Portal::firm();
        let visit = portal.sign_in(ADA);
        let cookie = format!("{SESSION_COOKIE}={}", visit.cookie(SESSION_COOKIE).expect("a session"));
        let mut headers = vec![("Host", HOST), ("Cookie", cookie.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
        headers.extend(site.map(|site| ("Sec-Fetch-Site", site)));
        headers.extend(origin.map(|origin| ("Origin", origin)));
        let answer = ask(&portal, Method::Post, "/account/theme", &headers, "form_id=a-form-id-of-twenty-signs&theme=dark&back=/account");
        assert_eq!(answer.status, if *done { 303 } else { 403 }, "{site:?} {origin:?}");
        assert_eq!(theme_of(&portal, ADA), if *done { "dark" } else { "auto" }, "{site:?} {origin:?}");
    }
}

/// CSRF: without a session cookie, a client that says nothing of itself may sign in; one that says it comes from elsewhere may not.
#[test]
fn nobody_is_signed_in_from_elsewhere() {
    let body = format!("email={}&password={}", ADA.email, PASSWORD.replace(' ', "+"));
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    for (extra, status) in [
        (None, 303),
        (Some(("Sec-Fetch-Site", "same-origin")), 303),
        (Some(("Sec-Fetch-Site", "cross-site")), 403),
        (Some(("Sec-Fetch-Site", "same-site")), 403),
        (Some(("Origin", OTHER)), 403),
    ] {
        let portal = Portal::firm();
        let mut headers = vec![("Host", HOST), form];
        headers.extend(extra);
        assert_eq!(ask(&portal, Method::Post, "/sign-in", &headers, &body).status, status, "{extra:?}");
        assert_eq!(portal.sql_count("session"), i64::from(status == 303));
    }
}

/// A link from elsewhere may be followed: reading changes nothing.
#[test]
fn a_page_may_be_opened_from_elsewhere() {
    let portal = Portal::firm();
    let answer = ask(&portal, Method::Get, "/sign-in", &[("Host", HOST), ("Sec-Fetch-Site", "cross-site")], "");
    assert_eq!(answer.status, 200);
}

/// Only our own names are answered, pages and assets alike.
#[test]
fn another_host_is_misdirected() {
    let portal = Portal::firm();
    let asset = assets::href("app.css");
    for (host, status) in [
        (HOST, 200),
        ("PORTICO.example", 200),
        ("127.0.0.1:1", 200),
        ("localhost:1", 200),
        ("[::1]:1", 200),
        ("127.0.0.1", 421),
        ("localhost:8090", 421),
        ("portico.example.elsewhere.example", 421),
        ("elsewhere.example", 421),
        ("", 421),
    ] {
        for path in ["/sign-in", asset] {
            let answer = ask(&portal, Method::Get, path, &[("Host", host)], "");
            assert_eq!(answer.status, status, "{host} {path}");
        }
    }
    assert_eq!(ask(&portal, Method::Get, "/sign-in", &[], "").status, 421);
    assert!(ask(&portal, Method::Get, "/sign-in", &[("Host", "elsewhere.example")], "").body.is_empty());
}

/// Every answer carries the headers: pages, redirects, refusals, assets.
#[test]
fn every_answer_carries_the_headers() {
    let portal = Portal::firm();
    let host = ("Host", HOST);
    let answers = [
        (ask(&portal, Method::Get, "/sign-in", &[host], ""), 200),
        (ask(&portal, Method::Get, "/account", &[host], ""), 303),
        (ask(&portal, Method::Get, "/nowhere", &[host], ""), 404),
        (ask(&portal, Method::Post, "/sign-in", &[host, ("Origin", OTHER)], ""), 403),
        (ask(&portal, Method::Get, "/sign-in", &[], ""), 421),
        (ask(&portal, Method::Get, assets::href("app.css"), &[host], ""), 200),
        (portal.sign_in(ADA).get("/account").response.clone(), 200),
        (portal.sign_in(ADA).post("/account", &[("theme", "neon")]).response.clone(), 422),
    ];
    for (answer, status) in answers {
        assert_eq!(answer.status, status);
        let csp = answer.header("content-security-policy").expect("a policy");
        for rule in ["default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(csp.contains(rule), "{status}: {csp}");
        }
        assert!(!csp.contains("unsafe"));
        for (name, value) in [
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{status} {name}");
        }
        assert!(answer.header("permissions-policy").is_some());
        let of_assets = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/css"));
        assert_eq!(answer.header("cache-control") == Some("no-store"), !of_assets, "{status}");
    }
}

/// The session's cookie is bound to this origin, kept from scripts, and gone after signing out.
#[test]
fn the_sessions_cookie_is_guarded() {
    let portal = Portal::firm();
    let mut visit = portal.guest();
    visit.post("/sign-in", &[("email", ADA.email), ("password", PASSWORD)]).status(303);
    let cookie = visit.response.header("set-cookie").expect("a cookie").to_owned();
    assert!(cookie.starts_with("__Host-"), "{cookie}");
    let rules: Vec<&str> = cookie.split("; ").skip(1).collect();
    assert_eq!(rules, ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"]);
    let answer = visit.post("/sign-out", &[]).response.clone();
    let gone: Vec<&String> = answer.headers.iter().filter(|(name, _)| *name == "Set-Cookie").map(|(_, value)| value).collect();
    assert!(gone.iter().any(|value| value.starts_with(&format!("{SESSION_COOKIE}=;")) && value.contains("Max-Age=0")), "{gone:?}");
}

/// A cookie that is no session's is a guest's.
#[test]
fn a_made_up_token_is_nobodys() {
    let portal = Portal::firm();
    portal.sign_in(ADA);
    let hash: Vec<u8> = portal.sql("select token_hash from session", []);
    for token in ["", "x", &"A".repeat(43), &URL_SAFE_NO_PAD.encode(hash)] {
        let cookie = format!("{SESSION_COOKIE}={token}");
        assert_eq!(ask(&portal, Method::Get, "/account", &[("Host", HOST), ("Cookie", &cookie)], "").status, 303, "{token}");
    }
}

/// ALL-7: the same form with the same content does its work once, and answers the same twice.
#[test]
fn a_form_sent_twice_does_its_work_once() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    let fields = [("form_id", "a-form-id-of-twenty-signs"), ("time_zone", "Europe/Oslo"), ("theme", "dark")];
    let mut answers = Vec::new();
    for _ in 0..2 {
        visit.post("/account", &fields).status(303);
        answers.push((visit.location().to_owned(), visit.cookie(ALERT_COOKIE).map(ToOwned::to_owned)));
        visit.portal.execute("update identity set theme = 'light' where email = ?1", [ADA.email]);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(theme_of(&portal, ADA), "light", "the second one did nothing");
    assert_eq!(portal.sql_count("activity where kind = 'account.details_changed'"), 1);
}

/// ALL-7: with other content it comes back filled, and says that it was sent before.
#[test]
fn a_form_sent_again_with_other_content_comes_back() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    let id = ("form_id", "a-form-id-of-twenty-signs");
    visit.post("/account", &[id, ("time_zone", "Europe/Oslo"), ("theme", "dark")]).status(303);
    visit.post("/account", &[id, ("time_zone", "Asia/Tokyo"), ("theme", "dark")]).status(422).sees("This form was already sent");
    assert_eq!(visit.value_of("Time zone"), "Asia/Tokyo");
    assert_eq!(portal.sql::<String>("select time_zone from identity where email = ?1", [ADA.email]), "Europe/Oslo");
}

/// ALL-7: the same id and fields at another address are another form: the first answer is not given for it.
#[test]
fn a_form_id_used_elsewhere_is_not_answered_with_the_first_answer() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    let fields = [("form_id", "a-form-id-of-twenty-signs"), ("time_zone", "UTC"), ("theme", "dark"), ("back", "/guides")];
    visit.post("/account", &fields).status(303);
    visit.post("/account/theme", &fields).status(303);
    assert_eq!(visit.location(), "/guides");
    visit.follow().sees("This form was already sent");
}

/// ALL-7: a refused form keeps its id, and its mended version does the work.
#[test]
fn a_refused_form_does_not_use_up_its_id() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    let id = ("form_id", "a-form-id-of-twenty-signs");
    visit.post("/account", &[id, ("time_zone", "Mars/Olympus"), ("theme", "dark")]).status(422);
    assert!(visit.body().contains("value=\"a-form-id-of-twenty-signs\""));
    visit.post("/account", &[id, ("time_zone", "Europe/Oslo"), ("theme", "dark")]).status(303);
    assert_eq!(theme_of(&portal, ADA), "dark");
}

/// ALL-7: an id belongs to who used it; the same from somebody else is their own form.
#[test]
fn a_form_id_belongs_to_its_person() {
    let portal = Portal::firm();
    let fields = [("form_id", "a-form-id-of-twenty-signs"), ("time_zone", "UTC"), ("theme", "dark")];
    for member in [ADA, ABE] {
        portal.sign_in(member).post("/account", &fields).status(303);
        assert_eq!(theme_of(&portal, member), "dark");
    }
}

/// ALL-7: what a form answered is kept for a day.
#[test]
fn answers_of_forms_are_kept_for_a_day() {
    use portico::kernel::time::Span;
    let portal = Portal::firm();
    portal.sign_in(ADA).post("/account", &[("time_zone", "UTC"), ("theme", "dark")]).status(303);
    portal.wait(Span(Span::days(1).0 - 1)).run_jobs();
    assert_eq!(portal.sql_count("form_answer"), 1);
    portal.wait(Span(1)).run_jobs();
    assert_eq!(portal.sql_count("form_answer"), 0);
}

/// A form without an id does nothing.
#[test]
fn a_form_without_an_id_does_nothing() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    for id in ["", "short", "a form id with other signs!!"] {
        visit.post("/account", &[("form_id", id), ("time_zone", "UTC"), ("theme", "dark")]).status(422).sees("send it again");
    }
    assert_eq!(theme_of(&portal, ADA), "auto");
}

/// An alert is shown once, and only one that the portal wrote itself.
#[test]
fn an_alert_cannot_be_forged() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    visit.post("/account", &[("time_zone", "UTC"), ("theme", "dark")]);
    let real = visit.cookie(ALERT_COOKIE).expect("an alert").to_owned();
    visit.follow().sees("Your settings are saved.");
    visit.visit("/account").does_not_see("Your settings are saved.");

    let (text, mark) = real.split_once('.').expect("text and mark");
    let forged = URL_SAFE_NO_PAD.encode(r#"{"tone":"good","text":"Call this number.","next":[]}"#);
    let session = visit.cookie(SESSION_COOKIE).expect("a session").to_owned();
    for (alert, shown) in [
        (real.clone(), true),
        (format!("{forged}.{mark}"), false),
        (format!("{forged}."), false),
        (forged, false),
        (format!("{text}.{}", mark.chars().rev().collect::<String>()), false),
    ] {
        let cookies = format!("{SESSION_COOKIE}={session}; {ALERT_COOKIE}={alert}");
        let answer = ask(&portal, Method::Get, "/account", &[("Host", HOST), ("Cookie", &cookies)], "");
        let page = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(page.contains("Your settings are saved."), shown, "{alert}");
        assert!(!page.contains("Call this number."));
    }
}

/// The sign-in page with everything it loads is under 30 KB.
#[test]
fn the_sign_in_page_is_light() {
    let portal = Portal::firm();
    let page = ask(&portal, Method::Get, "/sign-in", &[("Host", HOST)], "");
    let body = String::from_utf8(page.body).expect("text");
    let mut sum = body.len();
    for asset in assets::each().filter(|asset| body.contains(&asset.href)) {
        let answer = ask(&portal, Method::Get, &asset.href, &[("Host", HOST), ("Accept-Encoding", "gzip")], "");
        sum += answer.body.len();
    }
    assert!(sum < 30_000, "{sum} bytes");
    assert_eq!(body.matches("src=").count() + body.matches("rel=\"stylesheet\"").count() + body.matches("rel=\"icon\"").count(), 3);
}

fn exchange(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(request.as_bytes()).expect("the request is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// Over the wire: HEAD is GET without its body, and what is too large or of another method is refused.
#[test]
fn over_the_wire() {
    let portal = Portal::firm();
    let served = portal.serve();
    let address = served.address.trim_start_matches("http://");
    let request =
        |line: &str, more: &str| exchange(address, &format!("{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{more}\r\n"));
    let (get, head) = (request("GET /sign-in", ""), request("HEAD /sign-in", ""));
    let heads = |answer: &str| answer.split_once("\r\n\r\n").map(|(head, body)| (head.to_owned(), body.len())).expect("a head");
    assert!(get.starts_with("HTTP/1.1 200") && head.starts_with("HTTP/1.1 200"));
    assert!(heads(&get).1 > 500);
    assert_eq!(heads(&head).1, 0);
    let length = |head: &str| head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-length")).map(ToOwned::to_owned);
    assert_eq!(length(&heads(&get).0), length(&heads(&head).0));
    assert!(request("PATCH /sign-in", "").starts_with("HTTP/1.1 405"));
    assert!(request("POST /sign-in", "Content-Length: 300000\r\n").starts_with("HTTP/1.1 413"));
    assert!(request("GET /sign-in", "Content-Length: 1\r\n").starts_with("HTTP/1.1 413"), "no page takes a body");
    // Where nothing is, that is what is said: with the page for it, or without a look at what is too much to be read for nothing.
    for line in ["POST /no-such-address", "POST /guides", "GET /no-such-address"] {
        let small = exchange(
            address,
            &format!(
                "{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nname=me"
            ),
        );
        assert!(small.starts_with("HTTP/1.1 404") && small.contains("<!DOCTYPE html>"), "{line}: {small}");
        for length in ["262145", "100000000000", "18446744073709551615"] {
            let answer = request(line, &format!("Content-Length: {length}\r\n"));
            assert!(
                answer.starts_with("HTTP/1.1 404") && answer.contains("There is nothing at this address"),
                "{line}, {length}: {answer}"
            );
        }
        assert!(!request(line, "Expect: 100-continue\r\nContent-Length: 262145\r\n").contains("100 Continue"), "nothing is asked for");
    }
    assert!(exchange(address, "GET /sign-in HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 421"));
}

/// Over the wire: room for a large file is given to whoever is signed in, and to nobody else.
#[test]
fn a_large_file_is_taken_in_from_whoever_is_signed_in() {
    let portal = Portal::firm();
    let served = portal.serve();
    let address = served.address.trim_start_matches("http://");
    let name = portal.cookies().session();
    let token = portal.sign_in(ABE).cookie(name).expect("a session").to_owned();
    let send = |cookie: &str| {
        let fields = format!("Origin: {}\r\nContent-Type: text/csv\r\nContent-Length: 300000\r\n", served.address);
        let body = "x".repeat(300_000);
        exchange(address, &format!("POST /imports HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{fields}{cookie}\r\n{body}"))
    };
    for nobody in [String::new(), format!("Cookie: {name}={}\r\n", "a".repeat(43))] {
        let answer = send(&nobody);
        assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("Sign in, then send this again."), "{answer}");
    }
    let answer = send(&format!("Cookie: {name}={token}\r\n"));
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
}

/// ALL-7: whoever was signed out meanwhile hears that nothing was done, and comes back to the page they were on.
#[test]
fn a_form_sent_after_signing_out_says_that_nothing_was_done() {
    let portal = Portal::firm();
    let mut visit = portal.guest();
    let answer = visit.post("/organizations", &[("name", "New Client")]);
    assert_eq!(answer.location(), "/sign-in");
    visit.visit("/sign-in").sees("what you sent was not done");
    visit.visit("/sign-in").does_not_see("what you sent was not done");
}
