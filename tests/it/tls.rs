//! How browsers reach the portal from other machines: hosts, origins and cookies of each way in, and TLS over the wire.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use portico::app::certificates::{Presented, Source};
use portico::app::config::{Reach, Spoken};
use portico::app::server::{self, Options, Running};
use portico::app::{listening, self_signed};
use portico::gate::limits::Limits;
use portico::kernel::http::{Method, Request, Response};
use portico::kernel::time::{Clock, Span, Timestamp};
use portico::page::cookies::Cookies;
use rustls::ProtocolVersion;
use rustls::pki_types::CertificateDer;
use tempfile::TempDir;

use crate::command_line::{Serving, refused, run};
use crate::support::crawl;
use crate::support::people::*;
use crate::support::portal::{Portal, START};
use crate::support::secure::{Authority, Client, Exchange, free_port};

fn reach(listen: &str, spoken: Spoken, public_url: &str) -> Reach {
    Reach { listen: listen.parse().expect("an address"), spoken, public_url: public_url.parse().expect("a public address") }
}

/// The names that are answered: this machine's with our port, the listening address, and the public one; never "every address".
#[test]
fn hosts_and_origins_follow_from_the_way_in() {
    let sorted = |mut list: Vec<&'static str>| {
        list.sort_unstable();
        list
    };
    let plain = Reach::on_this_machine(SocketAddr::from((Ipv4Addr::LOCALHOST, 8090)));
    assert_eq!(plain.hosts(), sorted(vec!["127.0.0.1:8090", "localhost:8090", "[::1]:8090"]));
    assert_eq!(plain.origins(), ["http://127.0.0.1:8090", "http://localhost:8090", "http://[::1]:8090"]);

    let proxied = reach("127.0.0.1:8090", Spoken::Plain, "https://portal.example");
    // Some proxies write the port that browsers leave out.
    let public = ["portal.example", "portal.example:443"];
    assert_eq!(proxied.hosts(), sorted([&["127.0.0.1:8090", "localhost:8090", "[::1]:8090"][..], &public].concat()));
    assert_eq!(proxied.origins().last().map(String::as_str), Some("https://portal.example"));
    assert!(!proxied.origins().contains(&"http://portal.example".to_owned()));

    let tls = reach("0.0.0.0:443", Spoken::Tls, "https://portal.example");
    let own = ["127.0.0.1", "127.0.0.1:443", "localhost", "localhost:443", "[::1]", "[::1]:443"];
    assert_eq!(tls.hosts(), sorted([&own[..], &public].concat()));
    assert!(tls.origins().iter().all(|origin| origin.starts_with("https://") && !origin.ends_with(":443")), "{:?}", tls.origins());

    let lan = reach("192.0.2.7:8090", Spoken::InsecureLan, "http://portal.example:8090");
    let all = ["127.0.0.1:8090", "localhost:8090", "[::1]:8090", "192.0.2.7:8090", "portal.example:8090"];
    assert_eq!(lan.hosts(), sorted(all.to_vec()));
    let any = reach("[::]:8090", Spoken::InsecureLan, "http://[2001:db8::7]:8090");
    assert_eq!(any.hosts(), sorted(vec!["127.0.0.1:8090", "localhost:8090", "[::1]:8090", "[2001:db8::7]:8090"]));
}

/// Cookies are guarded wherever browsers keep guarded ones.
#[test]
fn cookies_are_guarded_unless_plain_http_crosses_a_network() {
    for (spoken, public_url, cookies) in [
        (Spoken::Plain, "http://127.0.0.1:8090", Cookies::Guarded),
        (Spoken::Plain, "https://portal.example", Cookies::Guarded),
        (Spoken::Tls, "https://portal.example", Cookies::Guarded),
        (Spoken::SelfSigned, "https://portal.example:8443", Cookies::Guarded),
        (Spoken::InsecureLan, "http://portal.example:8090", Cookies::Bare),
        // A proxy on another machine speaks TLS to browsers.
        (Spoken::InsecureLan, "https://portal.example", Cookies::Guarded),
    ] {
        assert_eq!(reach("127.0.0.1:8090", spoken, public_url).cookies(), cookies, "{spoken:?} {public_url}");
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
    for (spoken, public_url, origin, done) in [
        (Spoken::Tls, "https://portico.example", "https://portico.example", true),
        (Spoken::Tls, "https://portico.example", "HTTPS://Portico.Example", true),
        (Spoken::Tls, "https://portico.example", "http://portico.example", false),
        (Spoken::Tls, "https://portico.example", "https://portico.example:1", false),
        (Spoken::Tls, "https://portico.example", "https://localhost:1", true),
        (Spoken::Tls, "https://portico.example", "http://localhost:1", false),
        (Spoken::Plain, "https://portico.example", "https://portico.example", true),
        (Spoken::Plain, "https://portico.example", "http://portico.example", false),
        (Spoken::Plain, "https://portico.example", "http://localhost:1", true),
        (Spoken::InsecureLan, "http://portico.example", "http://portico.example", true),
        (Spoken::InsecureLan, "http://portico.example", "https://portico.example", false),
        (Spoken::InsecureLan, "http://portico.example", "http://elsewhere.example", false),
        (Spoken::InsecureLan, "http://portico.example", "null", false),
    ] {
        let portal = Portal::firm().reached(spoken, public_url);
        let visit = portal.sign_in(ADA);
        let name = portal.cookies().session();
        let cookie = format!("{name}={}", visit.cookie(name).expect("a session"));
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let headers = [("Host", "portico.example"), ("Cookie", cookie.as_str()), kind, ("Origin", origin)];
        let answer = ask(&portal, Method::Post, "/account/theme", &headers, "form_id=a-form-id-of-twenty-signs&theme=dark&back=/account");
        assert_eq!(answer.status, if done { 303 } else { 403 }, "{spoken:?} {public_url} {origin}");
        let theme: String = portal.sql("select theme from identity where email = ?1", [ADA.email]);
        assert_eq!(theme, if done { "dark" } else { "auto" });
    }
}

/// Without TLS on a network a session lives in a bare cookie, and a guarded name is nobody's; elsewhere it is the other way round.
#[test]
fn a_session_is_read_from_the_cookie_of_this_way_in_only() {
    for (spoken, public_url) in [(Spoken::InsecureLan, "http://portico.example"), (Spoken::Plain, "http://portico.example")] {
        let portal = Portal::firm().reached(spoken, public_url);
        let own = portal.cookies();
        let other = if own == Cookies::Bare { Cookies::Guarded } else { Cookies::Bare };
        let mut visit = portal.guest();
        visit.post("/sign-in", &[("email", OLU.email), ("password", PASSWORD)]).status(303);
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
    let portal = Portal::estate().reached(Spoken::InsecureLan, "http://portico.example");
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
    let mut founder =
        Portal::waiting_for_set_up("a-secret-that-was-printed").reached(Spoken::InsecureLan, "http://portico.example").guest();
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
    for (spoken, public_url, host, told) in [
        (Spoken::Tls, "https://portico.example", "portico.example", true),
        (Spoken::Tls, "https://portico.example", "PORTICO.example", true),
        (Spoken::Tls, "https://portico.example", "localhost:1", false),
        (Spoken::Tls, "https://localhost:1", "localhost:1", false),
        (Spoken::SelfSigned, "https://portico.example", "portico.example", false),
        (Spoken::Plain, "https://portico.example", "portico.example", false),
        (Spoken::InsecureLan, "http://portico.example", "portico.example", false),
    ] {
        let portal = Portal::firm().reached(spoken, public_url);
        for (path, status) in [("/sign-in", 200), ("/account", 303), ("/nowhere", 404), (portico::kernel::assets::href("app.css"), 200)] {
            let answer = ask(&portal, Method::Get, path, &[("Host", host)], "");
            assert_eq!(answer.status, status);
            let header = answer.header("strict-transport-security");
            assert_eq!(header, told.then_some("max-age=31536000"), "{spoken:?} {public_url} {host} {path}");
        }
    }
}

// Over the wire, by the real binary.

/// A portal that speaks TLS with a certificate that was given.
struct Given {
    folder: TempDir,
    authority: Authority,
    chain: PathBuf,
    key: PathBuf,
    serving: Serving,
    port: u16,
}

impl Given {
    fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        let authority = Authority::new();
        let (chain, key) = authority.write(folder.path(), &["portal.example", "127.0.0.1"]);
        let port = free_port();
        let (listen, public_url) = (format!("127.0.0.1:{port}"), format!("https://portal.example:{port}"));
        let files = (chain.display().to_string(), key.display().to_string());
        let options = ["--listen", &listen, "--public-url", &public_url, "--tls-cert", &files.0, "--tls-key", &files.1];
        let mut serving = Serving::start_with(&folder.path().join("data"), &options);
        assert_eq!(serving.url, public_url);
        // Nothing is to be said about the certificate.
        assert!(serving.line().contains(&format!("{public_url}/set-up/")));
        Self { folder, authority, chain, key, serving, port }
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn get(&self, client: &Client, path: &str) -> std::io::Result<Exchange> {
        client.get(&self.address(), "portal.example", &format!("portal.example:{}", self.port), path)
    }
}

/// TLS 1.2 and 1.3, HTTP/1.1 inside, an end that says so, and HSTS under the public name.
#[test]
fn tls_1_2_and_1_3_are_spoken() {
    let given = Given::start();
    for (version, is) in [(&rustls::version::TLS12, ProtocolVersion::TLSv1_2), (&rustls::version::TLS13, ProtocolVersion::TLSv1_3)] {
        let client = given.authority.client().only(version).offering(&["h2", "http/1.1"]);
        let exchange = given.get(&client, "/sign-in").expect("an answer");
        assert!(exchange.answer.starts_with("HTTP/1.1 200"), "{}", exchange.answer);
        assert_eq!((exchange.version, exchange.inside.as_deref()), (is, Some(b"http/1.1".as_slice())));
        assert!(exchange.answer.to_lowercase().contains("\r\nstrict-transport-security: max-age=31536000\r\n"), "{}", exchange.answer);
    }
    assert!(given.get(&given.authority.client().offering(&["h2"]), "/sign-in").is_err(), "HTTP/2 is not spoken");
    assert!(given.get(&Authority::new().client(), "/sign-in").is_err(), "another authority's client believes nothing");
    let elsewhere = given.authority.client().get(&given.address(), "elsewhere.example", "elsewhere.example", "/sign-in");
    assert!(elsewhere.is_err(), "the certificate stands for its names only");
    assert_eq!(given.serving.stop(), Some(0));
}

/// A first message of TLS 1.1, as old clients send it, with suites that they and TLS 1.2 share.
fn old_hello(version: [u8; 2]) -> Vec<u8> {
    let mut body = version.to_vec();
    body.extend([7; 32]);
    body.push(0);
    body.extend([0, 4, 0xc0, 0x2b, 0xc0, 0x09]);
    body.extend([1, 0]);
    // Signature algorithms, groups and point formats, without which nobody could answer.
    body.extend([0, 24, 0, 13, 0, 4, 0, 2, 4, 3, 0, 10, 0, 6, 0, 4, 0, 29, 0, 23, 0, 11, 0, 2, 1, 0]);
    let length = u8::try_from(body.len()).expect("short");
    let mut hello = vec![22, 3, 1, 0, length + 4, 1, 0, 0, length];
    hello.extend(body);
    hello
}

/// Whoever speaks only older versions is told so (alert 70, `protocol_version`).
#[test]
fn older_versions_are_refused() {
    let given = Given::start();
    for version in [[3, 0], [3, 1], [3, 2]] {
        let mut socket = TcpStream::connect(given.address()).expect("a connection");
        socket.write_all(&old_hello(version)).expect("it is sent");
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).expect("an answer");
        assert_eq!(answer, [21, 3, 3, 0, 2, 2, 70], "{version:?}");
    }
    // The same message of TLS 1.2 is answered.
    let mut socket = TcpStream::connect(given.address()).expect("a connection");
    socket.write_all(&old_hello([3, 3])).expect("it is sent");
    let mut answer = [0; 6];
    socket.read_exact(&mut answer).expect("an answer");
    assert_eq!((answer[0], answer[5]), (22, 2), "the server's own first message");
    drop(socket);
    assert!(given.get(&given.authority.client(), "/sign-in").is_ok());
}

/// Other names are misdirected under TLS too.
#[test]
fn another_host_is_misdirected_under_tls() {
    let given = Given::start();
    let client = given.authority.client();
    for (host, status) in [
        (format!("portal.example:{}", given.port), "HTTP/1.1 200"),
        (format!("localhost:{}", given.port), "HTTP/1.1 200"),
        ("portal.example".to_owned(), "HTTP/1.1 421"),
        (format!("elsewhere.example:{}", given.port), "HTTP/1.1 421"),
    ] {
        let answer = client.get(&given.address(), "portal.example", &host, "/sign-in").expect("an answer").answer;
        assert!(answer.starts_with(status), "{host}: {answer}");
    }
}

fn plainly(address: &str, request: &str) -> String {
    let mut socket = TcpStream::connect(address).expect("a connection");
    socket.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    socket.write_all(request.as_bytes()).expect("it is sent");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    answer
}

/// Plain HTTP at the TLS port gets a clear word at once, and the address where Host is one of ours.
#[test]
fn plain_http_is_told_that_this_address_speaks_https() {
    let given = Given::start();
    let ours = format!("portal.example:{}", given.port);
    let address = given.address();
    let long = format!("Content-Length: 200000\r\n\r\n{}", "x".repeat(200_000));
    for (host, more, named) in
        [(ours.as_str(), "\r\n", true), (&address, "\r\n", true), ("elsewhere.example", "\r\n", false), (&ours, long.as_str(), true)]
    {
        let answer = plainly(&address, &format!("POST /sign-in HTTP/1.1\r\nHost: {host}\r\n{more}"));
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(answer.contains("text/plain") && answer.contains("This address speaks https."), "{answer}");
        assert_eq!(answer.contains(&format!("https://{host}/")), named, "{answer}");
        assert!(!answer.contains("elsewhere.example"), "{answer}");
        assert!(!answer.to_lowercase().contains("strict-transport-security") && !answer.to_lowercase().contains("set-cookie"), "{answer}");
    }
    assert!(plainly(&address, "GARBLED\r\n\r\n").contains("This address speaks https."));
    assert!(given.get(&given.authority.client(), "/sign-in").is_ok());
}

/// Whoever begins a handshake and stops, or sends what is none, costs a connection and no more.
#[test]
fn half_a_handshake_keeps_nobody_waiting() {
    let given = Given::start();
    let mut idlers = Vec::new();
    for place in 0..40 {
        let mut socket = TcpStream::connect(given.address()).expect("a connection");
        let hello = old_hello([3, 3]);
        socket.write_all(&hello[..place % hello.len()]).expect("it is sent");
        idlers.push(socket);
    }
    let begin = Instant::now();
    for _ in 0..5 {
        assert!(given.get(&given.authority.client(), "/sign-in").expect("an answer").answer.starts_with("HTTP/1.1 200"));
    }
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    // The deadline of the head ends them all.
    for mut socket in idlers {
        socket.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        let mut rest = Vec::new();
        drop(socket.read_to_end(&mut rest));
    }
    assert!(begin.elapsed() < Duration::from_secs(25), "{:?}", begin.elapsed());
    assert_eq!(given.serving.stop(), Some(0));
}

/// SIGHUP: a newer certificate is presented to who comes then; a bad one is named in one line, and the old one stays.
#[test]
fn the_certificate_is_read_again_on_sighup() {
    let mut given = Given::start();
    let client = given.authority.client();
    let first = given.get(&client, "/sign-in").expect("an answer").certificate;
    let mut open = client.connect(&given.address(), "portal.example").expect("a connection");

    let (old_chain, old_key) = (std::fs::read(&given.chain).expect("a file"), std::fs::read(&given.key).expect("a file"));
    for (chain, key, words) in [
        (b"no certificate".to_vec(), old_key.clone(), "holds no certificate"),
        (old_chain.clone(), b"no key".to_vec(), "holds no private key"),
        (old_chain.clone(), given.authority.sign(&["portal.example"], 2020, 2090).1.into_bytes(), "is not the key of"),
    ] {
        std::fs::write(&given.chain, chain).expect("a file");
        std::fs::write(&given.key, key).expect("a file");
        given.serving.signal("HUP");
        let told = given.serving.complaint();
        assert!(told.starts_with("The certificate stays the old one: ") && told.contains(words), "{told}");
        assert_eq!(given.get(&client, "/sign-in").expect("an answer").certificate, first);
    }
    std::fs::remove_file(&given.chain).expect("it goes");
    given.serving.signal("HUP");
    assert!(given.serving.complaint().contains("cannot be read"));

    let _ = given.authority.write(given.folder.path(), &["portal.example"]);
    given.serving.signal("HUP");
    let told = given.serving.line();
    assert!(told.starts_with("The certificate was read again"), "{told}");
    let second = given.get(&client, "/sign-in").expect("an answer").certificate;
    assert_ne!(second, first);
    assert_eq!(told.trim().rsplit(' ').next(), Some(fingerprint(&second).as_str()));

    // Who was connected meanwhile is served to the end.
    write!(open, "GET /sign-in HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", given.port).expect("it is sent");
    let mut answer = String::new();
    open.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(given.serving.stop(), Some(0));
}

fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(certificate).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

/// What cannot be presented is a sentence before anything is made; what browsers will dislike is a warning.
#[test]
fn files_that_cannot_be_used_are_named() {
    let folder = TempDir::new().expect("a folder");
    let authority = Authority::new();
    let (chain, key) = authority.write(folder.path(), &["portal.example"]);
    let (chain, key) = (chain.display().to_string(), key.display().to_string());
    let other = folder.path().join("other.pem");
    std::fs::write(&other, authority.sign(&["portal.example"], 2020, 2090).1).expect("a file");
    let text = folder.path().join("text.pem");
    std::fs::write(&text, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n").expect("a file");
    let (other, text) = (other.display().to_string(), text.display().to_string());
    let data = folder.path().join("data");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--public-url", "https://portal.example"];
    for (options, words) in [
        (&["--tls-cert", "nowhere.pem", "--tls-key", &key][..], "nowhere.pem cannot be read"),
        (&["--tls-cert", &text, "--tls-key", &key], "holds no certificate"),
        (&["--tls-cert", &key, "--tls-key", &key], "holds no certificate"),
        (&["--tls-cert", &chain, "--tls-key", &chain], "holds no private key"),
        (&["--tls-cert", &chain, "--tls-key", &other], "is not the key of"),
        (&["--tls-cert", &chain, "--tls-key", &key, "--tls-self-signed"], "leave out --tls-self-signed"),
        (&["--tls-cert", &chain, "--tls-key", &key, "--insecure-lan"], "--insecure-lan is for plain HTTP"),
        (&["--tls-self-signed", "--insecure-lan"], "--insecure-lan is for plain HTTP"),
    ] {
        let arguments: Vec<&str> = serve.iter().chain(options).copied().collect();
        refused(&run(&data, &arguments, ""), 1, words);
        assert!(!data.join("portico.db").exists(), "{options:?}");
    }
    refused(&run(&data, &["serve", "--tls-self-signed", "--public-url", "http://portal.example"], ""), 1, "begins with https://");
    refused(&run(&data, &["serve", "--tls-self-signed", "--listen", "0.0.0.0:0"], ""), 1, "--public-url");
    assert_eq!(run(&data, &["serve", "--tls-cert", &chain], "").status.code(), Some(2));

    let (worn, worn_key) = authority.sign(&["other.example"], 2020, 2021);
    std::fs::write(&chain, worn).expect("a file");
    std::fs::write(&key, worn_key).expect("a file");
    let options = ["--listen", "127.0.0.1:0", "--public-url", "https://portal.example", "--tls-cert", &chain, "--tls-key", &key];
    let mut serving = Serving::start_with(&data, &options);
    assert!(serving.line().contains("does not stand for portal.example"));
    assert!(serving.line().contains("has run out"));
    assert_eq!(serving.stop(), Some(0));
}

/// Portico's own certificate: made once, for these names, its key for this user alone; its fingerprint is printed at each start.
#[test]
fn a_certificate_of_its_own_is_made_once() {
    let folder = TempDir::new().expect("a folder");
    let (certificate, key) = (folder.path().join("self-signed.crt"), folder.path().join("self-signed.key"));
    let mut serving = Serving::start_with(folder.path(), &["--listen", "127.0.0.2:0", "--tls-self-signed"]);
    assert!(serving.url.starts_with("https://127.0.0.2:"), "{}", serving.url);
    assert_eq!(serving.line(), "A new certificate was made, since there was none.\n");
    let told = serving.line();
    let client = Client::believing_file(&certificate);
    for name in ["localhost", "127.0.0.1", "127.0.0.2", "::1"] {
        let exchange = client.get(&serving.address, name, &serving.address, "/sign-in").expect("an answer");
        assert!(exchange.answer.starts_with("HTTP/1.1 200"));
        assert!(!exchange.answer.to_lowercase().contains("strict-transport-security"), "{}", exchange.answer);
        assert!(told.trim().ends_with(&fingerprint(&exchange.certificate)), "{told}");
    }
    assert!(client.get(&serving.address, "portal.example", &serving.address, "/sign-in").is_err());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&key).expect("it is there").permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(serving.stop(), Some(0));

    let before = (std::fs::read(&certificate).expect("a file"), std::fs::read(&key).expect("a file"));
    let again = |options: &[&str]| {
        let all: Vec<&str> = ["--tls-self-signed"].iter().chain(options).copied().collect();
        let mut serving = Serving::start_with(folder.path(), &all);
        let line = serving.line();
        assert_eq!(serving.stop(), Some(0));
        line
    };
    assert!(again(&["--listen", "127.0.0.2:0"]).contains("fingerprint"), "nothing new");
    assert_eq!((std::fs::read(&certificate).expect("a file"), std::fs::read(&key).expect("a file")), before);
    let line = again(&["--listen", "127.0.0.2:0", "--public-url", "https://portal.example"]);
    assert_eq!(line, "A new certificate was made, since the old one did not stand for portal.example.\n");
    std::fs::write(&key, &before.1).expect("a file");
    assert!(again(&["--listen", "127.0.0.2:0"]).contains("could not be used"), "a key that does not fit");
}

/// It is made anew when its time is over, 30 days before its end.
#[test]
fn a_certificate_of_its_own_is_made_anew_before_its_end() {
    let folder = TempDir::new().expect("a folder");
    let reach = reach("192.0.2.7:8443", Spoken::SelfSigned, "https://my_portal.example:8443");
    assert_eq!(self_signed::names(&reach), ["localhost", "127.0.0.1", "::1", "192.0.2.7", "my_portal.example"]);
    let kept = |now: Timestamp| self_signed::keep(folder.path(), &reach, now).expect("a certificate").1;
    let begin = START;
    assert!(kept(begin).is_some_and(|why| why.contains("there was none")));
    let end = begin + self_signed::LIFE;
    let edge = end - self_signed::RENEWAL;
    assert_eq!(kept(begin), None);
    assert_eq!(kept(edge), None, "30 days are left");
    assert!(kept(edge + Span::seconds(1)).is_some_and(|why| why.contains("not valid")));
    assert_eq!(kept(edge + Span::seconds(1)), None, "made a moment ago");
    // A clock that was wrong when it was made: it is not valid yet.
    assert_eq!(kept(edge - Span::hours(20)), None, "a day is granted to slow clocks");
    assert!(kept(edge - Span::hours(48)).is_some_and(|why| why.contains("not valid")));
}

/// SIGHUP looks after Portico's own certificate as well.
#[test]
fn a_certificate_of_its_own_is_looked_after_on_sighup() {
    let folder = TempDir::new().expect("a folder");
    let certificate = folder.path().join("self-signed.crt");
    let mut serving = Serving::start_with(folder.path(), &["--listen", "127.0.0.1:0", "--tls-self-signed"]);
    let first = std::fs::read(&certificate).expect("a file");
    assert!((0..3).any(|_| serving.line().contains("/set-up/")));
    serving.signal("HUP");
    assert!(serving.line().starts_with("The certificate was read again"));
    assert!(serving.line().starts_with("Portico made its certificate itself"));
    assert_eq!(std::fs::read(&certificate).expect("a file"), first);
    std::fs::remove_file(&certificate).expect("it goes");
    serving.signal("HUP");
    assert!(serving.line().starts_with("The certificate was read again"));
    assert_eq!(serving.line(), "A new certificate was made, since there was none.\n");
    let exchange = Client::believing_file(&certificate).get(&serving.address, "localhost", &serving.address, "/sign-in");
    assert!(exchange.expect("an answer").answer.starts_with("HTTP/1.1 200"));
    assert_ne!(std::fs::read(&certificate).expect("a file"), first);
    assert_eq!(serving.stop(), Some(0));
}

/// A portal in this process that speaks TLS.
struct Own {
    running: Running,
    client: Client,
    address: String,
}

impl Own {
    fn start(limits: Limits) -> Self {
        let folder = TempDir::new().expect("a folder");
        let listener = server::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a port");
        let address = listener.local_addr().expect("its address").to_string();
        let public_url = format!("https://{address}");
        let source = Source::SelfSigned(folder.path().to_owned());
        let presented =
            Presented::open(source, &reach(&address, Spoken::SelfSigned, &public_url), Clock::System.now()).expect("a certificate");
        let portal = Portal::firm().reached(Spoken::SelfSigned, &public_url);
        let options = Options { wrap: Some(presented.tls()), limits, ..Options::default() };
        let running = Running::start(&portal.app, listener, options).expect("a server");
        Self { running, client: Client::believing_file(&folder.path().join("self-signed.crt")), address }
    }
}

/// A connection under TLS is kept open for more requests, and when it has been idle for too long it ends with TLS's own word, not in
/// the middle of nowhere.
#[test]
fn an_idle_connection_ends_with_a_word() {
    let own = Own::start(Limits { idle: Duration::from_millis(300), ..Limits::of_this_machine() });
    let mut stream = own.client.connect(&own.address, "127.0.0.1").expect("a connection");
    for _ in 0..3 {
        write!(stream, "GET /account HTTP/1.1\r\nHost: {}\r\n\r\n", own.address).expect("it is sent");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("an answer");
            head.extend(byte);
        }
        assert!(head.starts_with(b"HTTP/1.1 303"), "{}", String::from_utf8_lossy(&head));
    }
    let mut rest = Vec::new();
    assert_eq!(stream.read_to_end(&mut rest).expect("the word that nothing follows"), 0);
    own.running.stop();
}

/// What is longer than a record of TLS, and than its buffers, comes in and goes out whole; a body that is cut off is not taken for a
/// whole one, though TLS ends in order.
#[test]
fn long_requests_and_answers_pass_whole() {
    let own = Own::start(Limits::of_this_machine());
    let email = "x".repeat(200_000);
    let body = format!("form_id=a-form-id-of-twenty-signs&email={email}&password=wrong");
    let head = |length: usize| {
        let kind = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\nConnection: close";
        format!("POST /sign-in HTTP/1.1\r\nHost: {}\r\n{kind}\r\nContent-Length: {length}\r\n\r\n", own.address)
    };
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let client = own.client.clone().only(version);
        let answer = client.exchange(&own.address, "localhost", &(head(body.len()) + &body)).expect("an answer").answer;
        assert!(
            answer.starts_with("HTTP/1.1 422") && answer.contains(&email) && answer.trim_end().ends_with("</html>"),
            "{}",
            &answer[..300]
        );
    }
    let mut stream = own.client.connect(&own.address, "localhost").expect("a connection");
    stream.write_all((head(body.len() + 1) + &body).as_bytes()).expect("it is sent");
    stream.conn.send_close_notify();
    stream.flush().expect("it is sent");
    let mut answer = String::new();
    drop(stream.read_to_string(&mut answer));
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    own.running.stop();
}

/// Behind a proxy with TLS whose address is not named, everybody seems to be one: that is said.
#[test]
fn a_proxy_that_is_not_named_is_pointed_out() {
    let with = |trusted: Option<IpAddr>| listening::warnings(&reach("127.0.0.1:8090", Spoken::Plain, "https://portal.example"), trusted);
    assert!(with(None).iter().any(|line| line.contains("--trusted-proxy")));
    assert!(with(Some(IpAddr::V4(Ipv4Addr::LOCALHOST))).is_empty());
    assert!(listening::warnings(&Reach::on_this_machine(SocketAddr::from((Ipv4Addr::LOCALHOST, 1))), None).is_empty());
    assert!(listening::warnings(&reach("192.0.2.7:443", Spoken::Tls, "https://portal.example"), None).is_empty());
}

/// Without TLS everybody's passwords can be read; behind a proxy with TLS, only on the way from there.
#[test]
fn the_way_that_is_open_is_named() {
    let said = |url: &str| listening::warnings(&reach("192.0.2.7:8090", Spoken::InsecureLan, url), Some(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    let (plain, proxied) = (said("http://192.0.2.7:8090"), said("https://portal.example"));
    assert!(plain.len() == 1 && plain[0].contains("without TLS, whoever is on the same network can read passwords"), "{plain:?}");
    assert!(proxied.len() == 1 && proxied[0].contains("from the proxy to Portico") && !proxied[0].contains("same network"), "{proxied:?}");
}

/// On an address that other machines reach, if this machine has one: refused without a word, served with one.
#[test]
fn an_address_of_the_network_is_served_if_that_is_wanted() {
    // Asks the routing table; nothing is sent.
    let probe = std::net::UdpSocket::bind("0.0.0.0:0").and_then(|socket| socket.connect("192.0.2.1:9").and_then(|()| socket.local_addr()));
    let Some(ip) = probe.ok().map(|address| address.ip()).filter(|ip| !ip.is_loopback() && !ip.is_unspecified()) else {
        eprintln!("skipped: this machine has no address but its own");
        return;
    };
    let folder = TempDir::new().expect("a folder");
    let listen = format!("{ip}:0");
    refused(&run(folder.path(), &["serve", "--listen", &listen], ""), 1, "--insecure-lan");
    let serving = Serving::start_with(folder.path(), &["--listen", &listen, "--insecure-lan"]);
    assert!(serving.url.starts_with(&format!("http://{ip}:")), "{}", serving.url);
    let answer = |host: &str| plainly(&serving.address, &format!("GET /sign-in HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    assert!(answer(&serving.address).starts_with("HTTP/1.1 200"));
    assert!(answer("portal.example").starts_with("HTTP/1.1 421"));
    assert_eq!(serving.stop(), Some(0));
    let serving = Serving::start_with(folder.path(), &["--listen", &listen, "--tls-self-signed"]);
    let client = Client::believing_file(&folder.path().join("self-signed.crt"));
    let exchange = client.get(&serving.address, &ip.to_string(), &serving.address, "/sign-in").expect("an answer");
    assert!(exchange.answer.starts_with("HTTP/1.1 200"));
    assert_eq!(serving.stop(), Some(0));
}
