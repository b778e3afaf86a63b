//! What a request may look like (security.md, "The server": the reader).

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::Ordering;

use portico::gate::hall::Way;
use portico::gate::limits::Limits;

use crate::support::wire::{Client, GOOD, Gate, PATIENCE, ask, is_well, short_limits};

const HOST: &str = "Host: portal.example\r\n";

/// Sends each request on a connection of its own: it gets this status, the connection ends, nothing of it reaches the server behind,
/// and a good request is answered.
#[track_caller]
fn refused(gate: &Gate, status: u16, requests: &[String]) {
    for request in requests {
        let seen = gate.behind.seen.load(Ordering::SeqCst);
        let mut client = Client::connect(gate.address);
        let reply = client.ask(request);
        let shown: String = request.chars().take(120).collect();
        assert_eq!(reply.status, status, "{shown:?}");
        assert_eq!(reply.field("connection"), Some("close"), "{shown:?}");
        assert!(reply.field("content-security-policy").is_some(), "{shown:?}");
        assert!(reply.text().ends_with(".\n"), "a sentence: {}", reply.text());
        assert!(client.is_ended(), "{shown:?}");
        assert_eq!(gate.behind.seen.load(Ordering::SeqCst), seen, "{shown:?} went on");
    }
    is_well(gate.address);
}

fn gate() -> Gate {
    Gate::open(Limits { in_flight: 4, ..short_limits() })
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn with_fields(fields: &[&str]) -> Vec<String> {
    fields.iter().map(|fields| format!("POST /body HTTP/1.1\r\n{HOST}{fields}\r\n\r\n12345")).collect()
}

#[test]
fn what_is_not_http_is_refused() {
    refused(
        &gate(),
        400,
        &lines(&[
            "GET /good\r\nHost: portal.example\r\n\r\n",
            "GET  /good HTTP/1.1\r\nHost: portal.example\r\n\r\n",
            "GET /good  HTTP/1.1\r\nHost: portal.example\r\n\r\n",
            "GET /good HTTP/1.1 \r\nHost: portal.example\r\n\r\n",
            "GET\t/good\tHTTP/1.1\r\nHost: portal.example\r\n\r\n",
            " GET /good HTTP/1.1\r\nHost: portal.example\r\n\r\n",
            "GET /go od HTTP/1.1\r\nHost: portal.example\r\n\r\n",
            "GET good HTTP/1.1\r\nHost: portal.example\r\n\r\n",
            "GET /g\u{f6}\u{f6}d HTTP/1.1\r\nHost: portal.example\r\n\r\n",
            "GET /good# HTTP/1.1\r\nHost: portal.example\r\n\r\n",
            "GET * HTTP/1.1\r\nHost: portal.example\r\n\r\n",
            "GET http://portal.example/good HTTP/1.1\r\nHost: portal.example\r\n\r\n",
            "GET //portal.example\\good#x HTTP/1.1\r\nHost: portal.example\r\n\r\n",
            "GET /good HTTP/1.1\nHost: portal.example\n\n",
            "GET /good HTTP/1.1\r\nHost: portal.example\n\r\n",
            "GET /good HTTP/1.1\r\nHost: portal.example\r\r\n\r\n",
            "GET /good HTTP/1.1\r\nHost: portal.example\r\nA\r\n\r\n",
            "GET /good HTTP/1.1\r\nHost: portal.example\r\n: b\r\n\r\n",
            "GET /good HTTP/1.1\r\nHost: portal.example\r\nA : b\r\n\r\n",
            "GET /good HTTP/1.1\r\nHost : portal.example\r\n\r\n",
            "GET /good HTTP/1.1\r\nHost: portal.example\r\n A: b\r\n\r\n",
            "GET /good HTTP/1.1\r\nHost: portal.example\r\nA: b\r\n c\r\n\r\n",
            "GET /good HTTP/1.1\r\n Host: portal.example\r\n\r\n",
            "GET /good HTTP/1.1\r\nHost: portal.example\r\nA(b): c\r\n\r\n",
            "GET /good HTTP/1.1\r\nHost: portal.example\r\nÄ: b\r\n\r\n",
            "GET /good FTP/1.1\r\nHost: portal.example\r\n\r\n",
            "GET /good http/1.1\r\nHost: portal.example\r\n\r\n",
            "GET /good HTTP/x.1\r\nHost: portal.example\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}",
            "{\"jsonrpc\":\"2.0\"}\n",
            "\r\n\r\nGET /good HTTP/1.1\r\nHost: portal.example\r\n\r\n",
        ]),
    );
}

/// NUL, CR, LF, escape, delete: in the target, a name, a value.
#[test]
fn control_bytes_are_refused_wherever_they_stand() {
    let gate = gate();
    for byte in (0..0x20).chain([0x7F]).map(char::from) {
        let mut requests =
            vec![format!("GET /go{byte}od HTTP/1.1\r\n{HOST}\r\n"), format!("GET /good HTTP/1.1\r\n{HOST}A{byte}: b\r\n\r\n")];
        if byte != '\t' {
            requests.push(format!("GET /good HTTP/1.1\r\n{HOST}A: b{byte}c\r\n\r\n"));
        }
        refused(&gate, 400, &requests);
    }
}

#[test]
fn another_version_of_http_is_told_which_ones_there_are() {
    let versions = ["HTTP/2.0", "HTTP/2", "HTTP/0.9", "HTTP/1.2", "HTTP/1", "HTTP/3.0", "HTTP/1.10", "HTTP/9.9"];
    refused(&gate(), 505, &versions.map(|version| format!("GET /good {version}\r\n{HOST}\r\n")));
    refused(&gate(), 505, &lines(&["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]));
}

#[test]
fn unknown_methods_are_refused() {
    let methods = ["OPTIONS", "TRACE", "CONNECT", "PATCH", "PROPFIND", "get", "GETT", "G", "X-1"];
    refused(&gate(), 405, &methods.map(|method| format!("{method} /good HTTP/1.1\r\n{HOST}\r\n")));
    let reply = ask(gate().address, format!("TRACE /good HTTP/1.1\r\n{HOST}\r\n"));
    assert_eq!(reply.field("allow"), Some("GET, HEAD, POST, PUT, DELETE"));
}

/// A body has one length, told in digits: nobody may see another end of it than we do.
#[test]
fn a_length_that_can_be_read_in_two_ways_is_refused() {
    refused(
        &gate(),
        400,
        &with_fields(&[
            "Content-Length: +5",
            "Content-Length: -5",
            "Content-Length: 0x5",
            "Content-Length: 5.0",
            "Content-Length: 5, 5",
            "Content-Length: 5,6",
            "Content-Length: 5 5",
            "Content-Length: 5\r\nContent-Length: 5",
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 5\r\ncontent-length: 0",
            "Content-Length:",
            "Content-Length: ",
            "Content-Length: five",
            "Content-Length: ٥",
            "Content-Length : 5",
            "Content-Length\t: 5",
            "Content-Length: 5\r\n\t",
            "Content-Length: \u{b}5",
        ]),
    );
}

#[test]
fn chunks_are_refused_however_they_are_announced() {
    refused(
        &gate(),
        411,
        &with_fields(&[
            "Transfer-Encoding: chunked",
            "transfer-encoding: CHUNKED",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: identity",
            "Transfer-Encoding:",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding:\tchunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Foo: bar\r\nTransfer-Encoding: chunked",
        ]),
    );
    refused(
        &gate(),
        400,
        &with_fields(&["Transfer-Encoding : chunked", "Transfer-Encoding: \u{b}chunked", "X: y\r\n Transfer-Encoding: chunked"]),
    );
}

#[test]
fn a_body_over_its_routes_limit_is_refused_before_it_is_read() {
    let lengths = ["33554433", "100000000000", "18446744073709551615", "18446744073709551616", "99999999999999999999999999999999999999999"];
    refused(&gate(), 413, &lengths.map(|length| format!("POST /body HTTP/1.1\r\n{HOST}Content-Length: {length}\r\n\r\n")));
    refused(&gate(), 413, &[format!("POST /small?a=b HTTP/1.1\r\n{HOST}Content-Length: 11\r\n\r\n12345678901")]);
    let reply = ask(gate().address, format!("POST /small?a=b HTTP/1.1\r\n{HOST}Content-Length: 10\r\n\r\n1234567890"));
    assert_eq!(reply.status, 200);
}

/// Where there is nothing, a large body is not read either, and a small one goes on to whoever says so.
#[test]
fn a_large_body_for_an_address_that_is_none_is_never_read() {
    let lengths = ["262145", "33554433", "18446744073709551615"];
    refused(&gate(), 404, &lengths.map(|length| format!("POST /nothing HTTP/1.1\r\n{HOST}Content-Length: {length}\r\n\r\n")));
    let gate = gate();
    let body = "x".repeat(262_144);
    let reply = ask(gate.address, format!("POST /nothing HTTP/1.1\r\n{HOST}Content-Length: 262144\r\n\r\n{body}"));
    assert_eq!((reply.status, gate.behind.seen.load(Ordering::SeqCst)), (204, 1), "what stands behind answers");
}

#[test]
fn exactly_one_host_of_ours_is_answered() {
    let hosts = [
        "",
        "Host: elsewhere.example\r\n",
        "Host:\r\n",
        "Host: portal.example:80\r\n",
        "Host: portal.example.\r\n",
        "Host: pörtal.example\r\n",
    ];
    let twice = "Host: portal.example\r\nHost: portal.example\r\n";
    let other = "Host: portal.example\r\nHost: elsewhere.example\r\n";
    let listed = "Host: portal.example, elsewhere.example\r\n";
    let requests: Vec<String> =
        hosts.iter().chain(&[twice, other, listed]).map(|host| format!("GET /good HTTP/1.1\r\n{host}\r\n")).collect();
    refused(&gate(), 421, &requests);
    refused(&gate(), 421, &lines(&["GET /good HTTP/1.0\r\n\r\n"]));
    assert_eq!(ask(gate().address, "GET /good HTTP/1.1\r\nhOST:\t PORTAL.Example \r\n\r\n").status, 200);
}

#[test]
fn a_head_has_its_limits() {
    let gate = gate();
    let path = "/".to_owned() + &"a".repeat(4_095);
    assert_eq!(ask(gate.address, format!("GET {path} HTTP/1.1\r\n{HOST}\r\n")).status, 200);
    refused(&gate, 414, &[format!("GET {path}a HTTP/1.1\r\n{HOST}\r\n"), format!("GET /{} HTTP/1.1\r\n{HOST}\r\n", "a".repeat(20_000))]);
    let fields = |count: usize| "A: b\r\n".repeat(count);
    assert_eq!(ask(gate.address, format!("GET /good HTTP/1.1\r\n{HOST}{}\r\n", fields(63))).status, 200);
    refused(&gate, 431, &[format!("GET /good HTTP/1.1\r\n{HOST}{}\r\n", fields(64))]);
    let sized = |size: usize| {
        let start = format!("GET /good HTTP/1.1\r\n{HOST}A: ");
        format!("{start}{}\r\n\r\n", "a".repeat(size - start.len() - 4))
    };
    assert_eq!(ask(gate.address, sized(16 * 1_024)).status, 200);
    refused(&gate, 431, &[sized(16 * 1_024 + 1), sized(20_000), sized(1_000_000)]);
}

/// Of a head of 200 MB 16 KiB are read, and what follows is listened to for no more than the longest body.
#[test]
fn a_head_without_an_end_is_cut_off() {
    let gate = Gate::open(Limits { farewell: PATIENCE, ..short_limits() });
    let mut client = Client::connect(gate.address);
    let mut sent = client.send(format!("GET /good HTTP/1.1\r\n{HOST}"));
    let mut bytes = 0;
    while sent && bytes < 200_000_000 {
        sent = client.send("A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n".repeat(10_000));
        bytes += 460_000;
    }
    assert!(bytes < 200_000_000, "all of it was taken");
    is_well(gate.address);
}

#[test]
fn an_expectation_that_cannot_be_met_is_refused() {
    refused(&gate(), 417, &with_fields(&["Content-Length: 5\r\nExpect: a-miracle", "Expect:"]));
}

/// What goes on has been written by the gate: fields of this hop and of proxies stay here, and nobody can speak in the gate's name.
#[test]
fn only_what_the_gate_has_written_goes_on() {
    let gate = gate();
    let reply = ask(
        gate.address,
        "POST /head?q=%00%0d%0a HTTP/1.1\r\nhost: PORTAL.example\r\nConnection: keep-alive, Upgrade, Cookie\r\nUpgrade: websocket\r\n\
         Keep-Alive: 5\r\nTE: trailers, chunked\r\nTrailer: x\r\nProxy-Connection: close\r\nProxy-Authorization: x\r\nHTTP2-Settings: x\r\n\
         X-Forwarded-For: 10.0.0.9\r\nX-Forwarded-Host: evil.example\r\nX-FORWARDED-PROTO: https\r\nForwarded: for=10.0.0.9\r\n\
         X-Portico-Client: 10.0.0.9\r\nx-portico-pass: secret\r\nX-Portico-Tray: 123456\r\nX-Portico-Dialog: 1\r\nCookie: a=\u{e9}; b=2\r\nUser-Agent: \ttwo\twords \r\n\
         Content-Length: 0005\r\n\r\n12345",
    );
    let expected = "POST /head?q=%00%0d%0a HTTP/1.1\r\nhost: PORTAL.example\r\nX-Portico-Dialog: 1\r\nCookie: a=??; b=2\r\n\
                    User-Agent: two words\r\nx-portico-client: 127.0.0.1\r\ncontent-length: 5\r\n\r\n";
    // The tray's number is the gate's own, whatever a client writes.
    let (before, after) = expected.split_once("content-length").expect("a length");
    let shown = reply.text();
    let tray = shown.lines().find_map(|line| line.strip_prefix("x-portico-tray: ")).expect("a tray");
    assert!(tray.parse::<u64>().is_ok_and(|number| number != 123_456), "{tray}");
    assert_eq!((reply.status, shown.as_str()), (200, format!("{before}x-portico-tray: {tray}\r\ncontent-length{after}").as_str()));
    assert_eq!(reply.field("server"), None, "what stands behind is nobody's affair");
}

/// SEC-1: only the trusted proxy is believed, and only the last it names, which it has seen itself.
#[test]
fn an_address_is_believed_only_of_the_trusted_proxy() {
    let proxy = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let cases: &[(Option<IpAddr>, &str, &str)] = &[
        (None, "X-Forwarded-For: 10.0.0.9\r\n", "127.0.0.1"),
        (Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1))), "X-Forwarded-For: 10.0.0.9\r\n", "127.0.0.1"),
        (proxy, "", "127.0.0.1"),
        (proxy, "X-Forwarded-For: 10.0.0.9\r\n", "10.0.0.9"),
        (proxy, "X-Forwarded-For: 1.1.1.1, 10.0.0.9\r\n", "10.0.0.9"),
        (proxy, "X-Forwarded-For: 1.1.1.1\r\nx-forwarded-for: 2.2.2.2,10.0.0.9\r\n", "10.0.0.9"),
        (proxy, "X-Forwarded-For: 10.0.0.9:1234\r\n", "10.0.0.9"),
        (proxy, "X-Forwarded-For: [2001:db8::9]:1234\r\n", "2001:db8::9"),
        (proxy, "X-Forwarded-For: ::ffff:10.0.0.9\r\n", "10.0.0.9"),
        (proxy, "X-Forwarded-For: 10.0.0.9, unknown\r\n", "127.0.0.1"),
        (proxy, "X-Forwarded-For: 10.0.0.9,\r\n", "127.0.0.1"),
    ];
    for (trusted, field, expected) in cases {
        let gate = Gate::with(short_limits(), Way::Private, |rules| rules.trusted_proxy = *trusted);
        let reply = ask(gate.address, format!("GET /head HTTP/1.1\r\n{HOST}{field}\r\n"));
        assert!(reply.text().contains(&format!("x-portico-client: {expected}\r\n")), "{field} {}", reply.text());
    }
}

#[test]
fn requests_that_come_together_are_answered_one_after_the_other() {
    let gate = gate();
    let mut client = Client::connect(gate.address);
    let post = |body: &str| format!("POST /body HTTP/1.1\r\n{HOST}Content-Length: {}\r\n\r\n{body}", body.len());
    let head = format!("HEAD /page HTTP/1.1\r\n{HOST}\r\n");
    client.send(format!("\r\n{}{}{GOOD}\r\n{head}{}", post("first"), post("GET /smuggled HTTP/1.1\r\n\r\n"), post("")));
    assert_eq!(client.reply().text(), "first");
    assert_eq!(client.reply().text(), "GET /smuggled HTTP/1.1\r\n\r\n");
    assert_eq!(client.reply().text(), "good");
    let reply = client.maybe(true).expect("the head");
    assert_eq!((reply.status, reply.field("content-length")), (200, Some("14800")));
    assert_eq!(client.reply().text(), "");
    // After one that is refused there is no next: nobody knows where it would begin.
    client.send(format!("{GOOD}GET /x HTTP/2.0\r\n\r\n{GOOD}"));
    assert_eq!((client.reply().status, client.reply().status), (200, 505));
    assert!(client.is_ended());
}

#[test]
fn answers_without_a_body_have_none() {
    let gate = gate();
    let mut client = Client::connect(gate.address);
    for (path, status) in [("/nothing", 204), ("/unchanged", 304)] {
        let reply = client.ask(format!("GET {path} HTTP/1.1\r\n{HOST}\r\n"));
        assert_eq!((reply.status, reply.field("content-length"), reply.body.len()), (status, None, 0));
    }
    client.send(format!("HEAD /good HTTP/1.1\r\n{HOST}\r\n"));
    assert_eq!(client.maybe(true).and_then(|reply| reply.field("content-length").map(ToOwned::to_owned)).as_deref(), Some("4"));
    assert_eq!(client.ask(GOOD).text(), "good");
    client.send("HEAD /good HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n");
    assert_eq!(client.maybe(true).map(|reply| reply.status), Some(421));
    assert!(client.is_ended(), "a refusal of HEAD has no body either");
}

/// Who stays connected: HTTP/1.1 unless it says close, HTTP/1.0 only if it asks to.
#[test]
fn a_connection_stays_for_those_who_want_it() {
    let gate = gate();
    for (request, stays) in [
        ("GET /good HTTP/1.1\r\nHost: portal.example\r\n\r\n", true),
        ("GET /good HTTP/1.1\r\nHost: portal.example\r\nConnection: close\r\n\r\n", false),
        ("GET /good HTTP/1.1\r\nHost: portal.example\r\nConnection: x, CLOSE\r\n\r\n", false),
        ("GET /good HTTP/1.1\r\nHost: portal.example\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", false),
        ("GET /good HTTP/1.0\r\nHost: portal.example\r\n\r\n", false),
        ("GET /good HTTP/1.0\r\nHost: portal.example\r\nConnection: Keep-Alive\r\n\r\n", true),
    ] {
        let mut client = Client::connect(gate.address);
        let reply = client.ask(request);
        assert_eq!((reply.status, reply.field("connection")), (200, Some(if stays { "keep-alive" } else { "close" })), "{request}");
        client.send(GOOD);
        assert_eq!(client.maybe(false).is_some(), stays, "{request}");
    }
}

/// curl asks before it sends something large.
#[test]
fn who_asks_before_sending_is_told_to_go_on() {
    let gate = gate();
    let mut client = Client::connect(gate.address);
    let head = format!("POST /body HTTP/1.1\r\n{HOST}Expect: 100-Continue\r\nContent-Length: 5\r\n\r\n");
    assert_eq!(client.ask(&head).status, 100);
    assert_eq!(client.ask("12345").text(), "12345");
    // Who does not wait for it is not told.
    assert_eq!(client.ask(format!("{head}abcde")).text(), "abcde");
    // And who would send too much is told so instead.
    let reply = client.ask(format!("POST /small HTTP/1.1\r\n{HOST}Expect: 100-continue\r\nContent-Length: 11\r\n\r\n"));
    assert_eq!(reply.status, 413);
    assert!(client.is_ended());
    assert_eq!(ask(gate.address, format!("POST /body HTTP/1.0\r\n{HOST}Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx")).text(), "x");
}

/// Everything arrives a byte at a time, and is the same.
#[test]
fn a_request_may_come_in_pieces() {
    let gate = Gate::open(Limits::of_this_machine());
    let mut client = Client::connect(gate.address);
    for byte in format!("\r\nPOST /body HTTP/1.1\r\n{HOST}Content-Length: 7\r\n\r\npiecesX{GOOD}").bytes() {
        client.send([byte]);
        std::thread::yield_now();
    }
    assert_eq!((client.reply().text().as_str(), client.reply().text().as_str()), ("piecesX", "good"));
}
