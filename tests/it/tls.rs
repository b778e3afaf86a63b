//! How browsers reach the portal from other machines: hosts, origins and cookies of each way in, and TLS over the wire.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use portico::app::config::{Door, Reach};
use portico::kernel::http::{Method, Request, Response};
use portico::page::cookies::Cookies;

use crate::support::crawl;
use crate::support::people::*;
use crate::support::portal::Portal;

fn reach(listen: &str, door: Door, public_url: &str) -> Reach {
    Reach { listen: listen.parse().expect("an address"), door, public_url: public_url.parse().expect("a public address") }
}

/// The names that are answered: this machine's with our port, the listening address, and the public one; never "every address".
#[test]
fn hosts_and_origins_follow_from_the_way_in() {
    let plain = Reach::on_this_machine(SocketAddr::from((Ipv4Addr::LOCALHOST, 8090)));
    assert_eq!(plain.hosts(), ["127.0.0.1:8090", "localhost:8090", "[::1]:8090"]);
    assert_eq!(plain.origins(), ["http://127.0.0.1:8090", "http://localhost:8090", "http://[::1]:8090"]);

    let proxied = reach("127.0.0.1:8090", Door::Plain, "https://portal.example");
    assert_eq!(proxied.hosts(), ["127.0.0.1:8090", "localhost:8090", "[::1]:8090", "portal.example"]);
    assert_eq!(proxied.origins().last().map(String::as_str), Some("https://portal.example"));
    assert!(!proxied.origins().contains(&"http://portal.example".to_owned()));

    let tls = reach("0.0.0.0:443", Door::Tls, "https://portal.example");
    assert_eq!(tls.hosts(), ["127.0.0.1", "localhost", "[::1]", "portal.example"], "a browser leaves out 443");
    assert!(tls.origins().iter().all(|origin| origin.starts_with("https://")), "{:?}", tls.origins());

    let lan = reach("192.0.2.7:8090", Door::InsecureLan, "http://portal.example:8090");
    assert_eq!(lan.hosts(), ["127.0.0.1:8090", "localhost:8090", "[::1]:8090", "192.0.2.7:8090", "portal.example:8090"]);
    let any = reach("[::]:8090", Door::InsecureLan, "http://[2001:db8::7]:8090");
    assert_eq!(any.hosts(), ["127.0.0.1:8090", "localhost:8090", "[::1]:8090", "[2001:db8::7]:8090"]);
}

/// Cookies are guarded wherever browsers keep guarded ones.
#[test]
fn cookies_are_guarded_unless_plain_http_crosses_a_network() {
    for (door, public_url, cookies) in [
        (Door::Plain, "http://127.0.0.1:8090", Cookies::Guarded),
        (Door::Plain, "https://portal.example", Cookies::Guarded),
        (Door::Tls, "https://portal.example", Cookies::Guarded),
        (Door::SelfSigned, "https://portal.example:8443", Cookies::Guarded),
        (Door::InsecureLan, "http://portal.example:8090", Cookies::Bare),
        // A proxy on another machine speaks TLS to browsers.
        (Door::InsecureLan, "https://portal.example", Cookies::Guarded),
    ] {
        assert_eq!(reach("127.0.0.1:8090", door, public_url).cookies(), cookies, "{door:?} {public_url}");
    }
}

fn ask(portal: &Portal, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let (path, query) = (path.to_owned(), String::new());
    portal.app.handle(&Request { method, path, query, headers, body: body.as_bytes().to_vec(), peer: IpAddr::V4(Ipv4Addr::LOCALHOST) })
}

/// An origin is ours with its scheme: what plain HTTP shows under our name is somebody else's, once we speak TLS.
#[test]
fn an_origin_is_ours_with_its_scheme() {
    for (door, public_url, origin, done) in [
        (Door::Tls, "https://portico.example", "https://portico.example", true),
        (Door::Tls, "https://portico.example", "HTTPS://Portico.Example", true),
        (Door::Tls, "https://portico.example", "http://portico.example", false),
        (Door::Tls, "https://portico.example", "https://portico.example:1", false),
        (Door::Tls, "https://portico.example", "https://localhost:1", true),
        (Door::Tls, "https://portico.example", "http://localhost:1", false),
        (Door::Plain, "https://portico.example", "https://portico.example", true),
        (Door::Plain, "https://portico.example", "http://portico.example", false),
        (Door::Plain, "https://portico.example", "http://localhost:1", true),
        (Door::InsecureLan, "http://portico.example", "http://portico.example", true),
        (Door::InsecureLan, "http://portico.example", "https://portico.example", false),
        (Door::InsecureLan, "http://portico.example", "http://elsewhere.example", false),
        (Door::InsecureLan, "http://portico.example", "null", false),
    ] {
        let portal = Portal::firm().reached(door, public_url);
        let visit = portal.sign_in(ADA);
        let name = portal.cookies().session();
        let cookie = format!("{name}={}", visit.cookie(name).expect("a session"));
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let headers = [("Host", "portico.example"), ("Cookie", cookie.as_str()), kind, ("Origin", origin)];
        let answer = ask(&portal, Method::Post, "/account/theme", &headers, "form_id=a-form-id-of-twenty-signs&theme=dark&back=/account");
        assert_eq!(answer.status, if done { 303 } else { 403 }, "{door:?} {public_url} {origin}");
        let theme: String = portal.sql("select theme from identity where email = ?1", [ADA.email]);
        assert_eq!(theme, if done { "dark" } else { "auto" });
    }
}

/// Without TLS on a network a session lives in a bare cookie, and a guarded name is nobody's; elsewhere it is the other way round.
#[test]
fn a_session_is_read_from_the_cookie_of_this_way_in_only() {
    for (door, public_url) in [(Door::InsecureLan, "http://portico.example"), (Door::Plain, "http://portico.example")] {
        let portal = Portal::firm().reached(door, public_url);
        let own = portal.cookies();
        let other = if own == Cookies::Bare { Cookies::Guarded } else { Cookies::Bare };
        let mut visit = portal.guest();
        visit.post("/sign-in", &[("email", ADA.email), ("password", PASSWORD)]).status(303);
        let set = visit.response.header("set-cookie").expect("a cookie").to_owned();
        assert_eq!(set.contains("Secure"), own == Cookies::Guarded, "{set}");
        assert_eq!(set.starts_with("__Host-"), own == Cookies::Guarded, "{set}");
        let token = visit.cookie(own.session()).expect("a session").to_owned();
        for (name, status) in [(own.session(), 200), (other.session(), 303)] {
            let cookie = format!("{name}={token}");
            assert_eq!(
                ask(&portal, Method::Get, "/account", &[("Host", "portico.example"), ("Cookie", &cookie)], "").status,
                status,
                "{name}"
            );
        }
        visit.visit("/account").status(200);
        visit.post("/account", &[("time_zone", "UTC"), ("theme", "dark")]).follow().sees("Your settings are saved.");
        visit.get("/account").does_not_see("Your settings are saved.");
        visit.post("/sign-out", &[]).status(303);
        assert_eq!(visit.cookie(own.session()), None);
        visit.get("/account").status(303);
    }
}

/// Every page and every way into a session sets the cookies of this way in (each `Visit` looks at each cookie it is given).
#[test]
fn no_page_sets_a_cookie_of_another_kind() {
    let portal = Portal::estate().reached(Door::InsecureLan, "http://portico.example");
    for member in [ADA, OLU] {
        assert!(crawl::crawl(&portal.sign_in(member), 2).len() > 5);
    }
    let set = |visit: &crate::support::portal::Visit| {
        let set: Vec<String> =
            visit.response.headers.iter().filter(|(name, _)| *name == "Set-Cookie").map(|(_, value)| value.clone()).collect();
        assert!(set.iter().any(|value| value.starts_with("portico=")), "{set:?}");
        assert!(set.iter().all(|value| value.starts_with("portico") && !value.contains("Secure")), "{set:?}");
    };
    let mut ada = portal.sign_in(ADA);
    ada.post("/account/password", &[("current_password", PASSWORD), ("new_password", "five other unrelated harbor words")]).status(303);
    set(&ada);
    ada.post("/sign-out", &[]).status(303);
    set(&ada);
    let mut founder = Portal::waiting_for_set_up("a-secret-that-was-printed").reached(Door::InsecureLan, "http://portico.example").guest();
    let fields = [
        ("partner", "Fjord IT"),
        ("country", "NO"),
        ("first_name", "Ada"),
        ("last_name", "Lane"),
        ("email", "ada@fjord.example"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    founder.post("/set-up/a-secret-that-was-printed", &fields).status(303);
    set(&founder);
}

/// Nothing but the cookies' own file knows their names or sets one.
#[test]
fn cookies_have_one_home() {
    let mut homes = Vec::new();
    for source in crate::support::source::sources("src") {
        let text = source.strings.join("\n").to_lowercase();
        if text.contains("set-cookie") || text.contains("__host-") || text.contains("httponly") {
            homes.push(source.path);
        }
    }
    assert_eq!(homes, ["page/cookies.rs"]);
}

/// HSTS: asked for with a certificate that was given and under the public name; never where it would lock people out or bind others.
#[test]
fn browsers_are_told_to_stay_with_tls_where_that_is_right() {
    for (door, public_url, host, told) in [
        (Door::Tls, "https://portico.example", "portico.example", true),
        (Door::Tls, "https://portico.example", "PORTICO.example", true),
        (Door::Tls, "https://portico.example", "localhost:1", false),
        (Door::Tls, "https://localhost:1", "localhost:1", false),
        (Door::SelfSigned, "https://portico.example", "portico.example", false),
        (Door::Plain, "https://portico.example", "portico.example", false),
        (Door::InsecureLan, "http://portico.example", "portico.example", false),
    ] {
        let portal = Portal::firm().reached(door, public_url);
        for (path, status) in [("/sign-in", 200), ("/account", 303), ("/nowhere", 404), (portico::kernel::assets::href("app.css"), 200)] {
            let answer = ask(&portal, Method::Get, path, &[("Host", host)], "");
            assert_eq!(answer.status, status);
            let header = answer.header("strict-transport-security");
            assert_eq!(header, told.then_some("max-age=31536000"), "{door:?} {public_url} {host} {path}");
        }
    }
}
