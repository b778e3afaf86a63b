//! The portal behind its gate: work that waits, and answers as they are written for the gate.

use std::net::SocketAddr;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portico::app::server::Options;
use portico::gate::hall::Left;
use portico::gate::limits::Limits;
use portico::kernel::assets;
use portico::kernel::time::Span;

use crate::support::people::*;
use crate::support::portal::{Portal, SESSION_COOKIE, START, Served};
use crate::support::wire::{Client, PATIENCE, Reply};

fn address(served: &Served) -> SocketAddr {
    served.address.trim_start_matches("http://").parse().expect("an address")
}

fn get(served: &Served, method: &str, path: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n\r\n", address(served))
}

fn sign_in(served: &Served, email: &str) -> String {
    let body = format!("email={email}&password=not+the+password+at+all");
    let fields = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length:";
    format!("POST /sign-in HTTP/1.1\r\nHost: {}\r\n{fields} {}\r\n\r\n{body}", address(served), body.len())
}

/// Holds the database for one long change, as an import does, until it is told to let go.
fn hold(portal: &Portal) -> (Sender<()>, JoinHandle<()>) {
    let (release, held) = channel::<()>();
    let (begun, holding) = channel::<()>();
    let portal = portal.clone();
    let writing = std::thread::spawn(move || {
        portal.write(|_| {
            begun.send(()).expect("somebody waits");
            held.recv_timeout(PATIENCE).expect("it is released");
            Ok(())
        });
    });
    holding.recv().expect("it has begun");
    (release, writing)
}

/// A long change makes other changes wait; whoever only reads does not.
#[test]
fn pages_are_drawn_while_changes_wait_for_their_turn() {
    let portal = Portal::firm();
    let served = portal.serve();
    let (release, writing) = hold(&portal);
    let mut waiting: Vec<Client> = (0..30).map(|_| Client::connect(address(&served))).collect();
    for (number, client) in waiting.iter_mut().enumerate() {
        client.send(sign_in(&served, &format!("nobody{number}%40harbor.example")));
    }
    std::thread::sleep(Duration::from_millis(300));
    for _ in 0..5 {
        assert_eq!(Client::connect(address(&served)).ask(get(&served, "GET", "/sign-in")).status, 200);
    }
    release.send(()).expect("it is held");
    writing.join().expect("it ends");
    for client in &mut waiting {
        assert!(client.reply().status < 500);
    }
}

/// OPS-5: the end does not wait for a change that takes longer than the drain, and says that there was one.
#[test]
fn ending_does_not_wait_for_a_change_without_an_end() {
    let portal = Portal::firm();
    let limits = Limits { drain: Duration::from_millis(300), ..Limits::of_this_machine() };
    let mut served = portal.serve_with(Options { limits, ..Options::default() });
    let (release, writing) = hold(&portal);
    let mut client = Client::connect(address(&served));
    client.send(sign_in(&served, "nobody%40harbor.example"));
    std::thread::sleep(Duration::from_millis(200));
    let begun = Instant::now();
    assert_eq!(served.stop(), Left::Work);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert!(client.is_ended());
    release.send(()).expect("it is held");
    writing.join().expect("it ends");

    let mut served = portal.serve();
    assert_eq!(Client::connect(address(&served)).ask(sign_in(&served, "nobody%40harbor.example")).status, 422);
    assert_eq!(served.stop(), Left::Nothing);
}

/// The answer to HEAD is that to GET without its body; the date is the portal's; nobody is told what stands behind the gate.
#[test]
fn answers_look_the_same_with_and_without_their_bodies() {
    let portal = Portal::firm();
    let served = portal.serve();
    portal.wait(Span::days(1));
    let fields = |reply: &Reply| {
        let lines = reply.head.lines().filter(|line| !line.starts_with("Set-Cookie"));
        lines.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    for (path, status) in [("/sign-in", 200), (assets::href("app.css"), 200), ("/", 303), ("/nothing-here", 404)] {
        let mut client = Client::connect(address(&served));
        let whole = client.ask(get(&served, "GET", path));
        client.send(get(&served, "HEAD", path));
        let head = client.maybe(true).expect("an answer");
        assert_eq!((whole.status, fields(&head)), (status, fields(&whole)), "{path}");
        assert_eq!(whole.field("date"), Some((START + Span::days(1)).http_date().as_str()));
        assert_eq!((whole.field("server"), whole.field("content-length")), (None, Some(whole.body.len().to_string().as_str())));
        assert_eq!(client.ask(get(&served, "GET", path)).status, status, "the connection goes on after HEAD");
    }
}

/// A body reaches the handler whole, to its last boundary: three megabytes of import, with the question before it and without.
#[test]
fn an_upload_arrives_whole() {
    let portal = Portal::firm();
    let served = portal.serve();
    let cookie = portal.sign_in(ADA).cookie(SESSION_COOKIE).expect("a session").to_owned();
    for (number, expects) in ["", "Expect: 100-continue\r\n"].iter().enumerate() {
        let field = |name: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        let row = format!("Firm {number},,,,US,backup,no,3");
        let file =
            format!("name,external_id,domain,industry,country,plan,prune_after_removal,licensed_users\n{row}\n{}", "\n".repeat(3_000_000));
        let disposition = "Content-Disposition: form-data; name=\"files\"; filename=\"organizations.csv\"";
        let body =
            format!("{}--b\r\n{disposition}\r\n\r\n{file}\r\n--b--\r\n", field("form_id", &format!("a-form-id-of-twenty-signs{number}")));
        let mut client = Client::connect(address(&served));
        client.send(format!(
            "POST /imports HTTP/1.1\r\nHost: {}\r\nCookie: {SESSION_COOKIE}={cookie}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: multipart/form-data; boundary=b\r\n{expects}Content-Length: {}\r\n\r\n",
            address(&served),
            body.len()
        ));
        if !expects.is_empty() {
            assert_eq!(client.reply().status, 100);
        }
        client.send(&body);
        let reply = client.reply();
        assert_eq!(reply.status, 303, "{}", reply.text());
        assert_eq!(portal.sql_count("import"), i64::try_from(number).expect("a number") + 1);
    }
}
