//! Uploaded pictures over the wire (BRA-4): half, announced wrongly, too many, too large; and how they are served.

use std::net::SocketAddr;

use crate::support::people::*;
use crate::support::pictures::png;
use crate::support::portal::{Portal, SESSION_COOKIE, Served};
use crate::support::wire::{Client, Reply};

fn address(served: &Served) -> SocketAddr {
    served.address.trim_start_matches("http://").parse().expect("an address")
}

fn field(name: &str, value: &str) -> Vec<u8> {
    format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes()
}

fn file(name: &str, file_name: &str, content_type: &str, bytes: &[u8]) -> Vec<u8> {
    let head =
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {content_type}\r\n\r\n");
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

/// The form with these files, as a browser sends it.
fn form(number: usize, files: &[Vec<u8>]) -> Vec<u8> {
    let fields = [
        ("form_id", format!("a-form-id-of-twenty-signs{number}")),
        ("devices_named", "hostname".to_owned()),
        ("portal", "none".to_owned()),
        ("clients", "none".to_owned()),
        ("step", "save".to_owned()),
    ];
    let fields: Vec<u8> = fields.iter().flat_map(|(name, value)| field(name, value)).collect();
    [fields, files.concat(), b"--b--\r\n".to_vec()].concat()
}

struct Sender {
    portal: Portal,
    served: Served,
    cookie: String,
}

impl Sender {
    fn new() -> Self {
        let portal = Portal::firm();
        let served = portal.serve();
        let cookie = portal.sign_in(ADA).cookie(SESSION_COOKIE).expect("a session").to_owned();
        Self { portal, served, cookie }
    }

    /// Sends so much of a body under this length.
    fn begin(&self, length: usize, body: &[u8]) -> Client {
        let mut client = Client::connect(address(&self.served));
        client.send(format!(
            "POST /branding HTTP/1.1\r\nHost: {}\r\nCookie: {SESSION_COOKIE}={}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n",
            address(&self.served),
            self.cookie,
        ));
        client.send(body);
        client
    }

    fn send(&self, body: &[u8]) -> Reply {
        self.begin(body.len(), body).reply()
    }

    fn kept(&self) -> i64 {
        self.portal.sql_count("branding") + self.portal.sql_count("branding_file")
    }
}

/// BRA-4: what is half, wrongly announced or too large changes nothing, is answered, and the next one is taken.
#[test]
fn uploads_that_are_half_or_too_large_change_nothing() {
    let sender = Sender::new();
    let good = form(1, &[file("logo_file", "logo.png", "image/png", &png(60, 60, [9, 9, 9, 255]))]);
    // Half of it, and then nobody is there any more.
    let mut half = sender.begin(good.len(), &good[..good.len() / 2]);
    half.half_close();
    assert!(half.maybe(false).is_none_or(|reply| reply.status == 400), "a half body is no form");
    sender.begin(good.len(), &good[..good.len() / 2]).reset();
    // All of it under a shorter length: the form has no end.
    let cut = sender.begin(good.len() - 40, &good[..good.len() - 40]).reply();
    assert!((400..500).contains(&cut.status), "{}", cut.text());
    // A length of 100 MB is refused before anything of it came, with words.
    let vast = sender.begin(100_000_000, b"").reply();
    assert_eq!(vast.status, 413);
    assert!(vast.text().to_lowercase().contains("large"), "{}", vast.text());
    // Within the form's own limit the picture's is told at its field, in the page.
    let large = form(2, &[file("logo_file", "logo.png", "image/png", &vec![7; 3 * 1024 * 1024])]);
    let large = sender.send(&large);
    assert_eq!(large.status, 422, "{}", large.text());
    assert!(large.text().contains("This file is larger than 2 MB."), "{}", large.text());
    assert_eq!(sender.kept(), 0);
    assert_eq!(sender.send(&good).status, 303);
    assert_eq!(sender.portal.sql_count("branding_file where kind = 'png'"), 1);
}

/// BRA-4: a name and a declared type say nothing; the first of two files of a field counts; a field without a file changes no picture.
#[test]
fn a_picture_is_taken_by_what_it_holds_whatever_is_declared() {
    let sender = Sender::new();
    let logo = png(60, 60, [9, 9, 9, 255]);
    let declared = file("logo_file", "../../evil.html.svg", "text/html", &logo);
    assert_eq!(sender.send(&form(1, &[declared])).status, 303);
    let name: String = sender.portal.sql("select name from branding_file where kind = 'png'", []);
    let script = file("logo_file", "logo.png", "image/png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
    let reply = sender.send(&form(2, &[script]));
    assert!(reply.status == 422 && reply.text().contains("This is an SVG."), "{}", reply.text());
    let empty = file("logo_file", "", "application/octet-stream", b"");
    assert_eq!(sender.send(&form(3, &[empty])).status, 303, "no file was chosen");
    let two = [file("logo_file", "a.png", "image/png", &logo), file("logo_file", "b.png", "image/png", &png(50, 50, [200, 0, 0, 255]))];
    let reply = sender.send(&form(4, &two));
    assert!(reply.status == 422 && reply.text().contains("several files came"), "{}", reply.text());
    assert_eq!(sender.portal.sql::<String>("select logo from branding where stage = 'live'", []), name, "neither of them");
    // It is served as a picture and as nothing else, to be kept for good.
    let served =
        Client::connect(address(&sender.served)).ask(format!("GET /brand/{name} HTTP/1.1\r\nHost: {}\r\n\r\n", address(&sender.served)));
    assert_eq!(served.status, 200);
    for (field, part) in [
        ("Content-Type", "image/png"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Disposition", "attachment"),
        ("Content-Security-Policy", "sandbox"),
        ("Cache-Control", "immutable"),
    ] {
        assert!(served.field(field).is_some_and(|value| value.contains(part)), "{field}: {:?}", served.field(field));
    }
}
