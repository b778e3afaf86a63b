//! Many at once (security.md, "The server": caps).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use portico::gate::hall::Way;
use portico::gate::limits::Limits;
use portico::gate::register::Register;

use crate::support::wire::{Client, GOOD, Gate, PATIENCE, ask, is_well, short_limits};

const HOST: &str = "Host: portal.example\r\n";

/// Tries until it is so.
#[track_caller]
fn soon(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// On tiny_http itself 122 of 200 starve.
#[test]
fn two_hundred_connections_at_once_are_all_answered() {
    let gate = Gate::open(Limits { handler: PATIENCE, head: PATIENCE, ..short_limits() });
    let answered = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..200 {
            scope.spawn(|| {
                is_well(gate.address);
                answered.fetch_add(1, Ordering::SeqCst);
            });
        }
    });
    assert_eq!(answered.load(Ordering::SeqCst), 200);
}

/// Whoever has been quiet longest makes room.
#[test]
fn quiet_connections_give_way() {
    let limits = Limits { connections: 20, idle: PATIENCE, head: PATIENCE, ..short_limits() };
    let gate = Gate::open(limits);
    let mut quiet = vec![Client::connect(gate.address)];
    std::thread::sleep(Duration::from_millis(100));
    quiet.extend((1..20).map(|_| Client::connect(gate.address)));
    for client in quiet.iter_mut().skip(10) {
        assert_eq!(client.ask(GOOD).status, 200);
    }
    std::thread::sleep(Duration::from_millis(700));
    let mut new = Client::connect(gate.address);
    assert_eq!(new.ask(GOOD).status, 200);
    assert!(quiet[0].is_ended(), "it was quiet longest");
    for client in quiet.iter_mut().skip(1) {
        assert_eq!(client.ask(GOOD).status, 200, "the others are there");
    }
}

/// 300 connections that say nothing, more than there may be: everybody who has something to say is heard.
#[test]
fn three_hundred_silent_connections_keep_nobody_out() {
    let gate = Gate::open(Limits { head: PATIENCE, ..short_limits() });
    let silent: Vec<Client> = (0..300).map(|_| Client::connect(gate.address)).collect();
    std::thread::sleep(Duration::from_millis(700));
    for _ in 0..20 {
        is_well(gate.address);
    }
    drop(silent);
    is_well(gate.address);
}

/// Over the cap: 503 and close, and room again as soon as somebody leaves.
#[test]
fn over_the_cap_is_told_so() {
    let gate = Gate::open(Limits { connections: 4, head: PATIENCE, patience: PATIENCE, ..short_limits() });
    let mut busy: Vec<Client> = (0..4).map(|_| Client::connect(gate.address)).collect();
    for client in &mut busy {
        client.send("GET /good HTTP/1.1\r\n");
    }
    std::thread::sleep(Duration::from_millis(700));
    for _ in 0..50 {
        let mut client = Client::connect(gate.address);
        client.send(GOOD);
        let reply = client.reply();
        assert_eq!((reply.status, reply.field("connection"), reply.field("retry-after")), (503, Some("close"), Some("2")));
        assert!(client.is_ended());
    }
    // Whoever is still sending is listened to a moment, so that the answer is not taken back.
    let is_heard = || {
        let mut client = Client::connect(gate.address);
        (0..3).all(|_| {
            std::thread::sleep(Duration::from_millis(3));
            client.send("GET /good ")
        })
    };
    assert!((0..20).any(|_| is_heard()));
    for client in &mut busy {
        assert_eq!(client.ask(format!("{HOST}\r\n")).status, 200);
    }
    drop(busy);
    soon("there is room again", || ask(gate.address, GOOD).status == 200);
}

/// Slow in the middle of something is let be, until others need the place: then the slowest make room.
#[test]
fn slow_clients_give_way_when_others_wait() {
    let limits =
        Limits { connections: 6, patience: Duration::from_secs(1), rate: usize::MAX, head: PATIENCE, transfer: PATIENCE, ..short_limits() };
    let gate = Gate::open(limits);
    let begin = [
        "GET /good HTTP/1.1\r\nX: ",
        "POST /body HTTP/1.1\r\nHost: portal.example\r\nContent-Length: 9\r\n\r\n1",
        "GET /long HTTP/1.1\r\nHost: portal.example\r\n\r\n",
    ];
    let mut slow: Vec<Client> = (0..6)
        .map(|number| {
            let mut client = Client::connect(gate.address);
            client.send(begin[number % 3]);
            client
        })
        .collect();
    assert_eq!(ask(gate.address, GOOD).status, 503, "nobody is slow yet");
    std::thread::sleep(limits.patience + Duration::from_millis(500));
    // All at once, so that none has been quiet for long when the next one needs a place.
    let mut others: Vec<Client> = (0..6).map(|_| Client::connect(gate.address)).collect();
    for client in &mut others {
        assert_eq!(client.ask(GOOD).status, 200);
    }
    assert!(slow[0].is_ended() && slow[3].is_ended(), "they are gone");
}

/// Room for large bodies is for those whom the portal knows.
#[test]
fn a_large_body_is_taken_from_known_clients_only() {
    let gate = Gate::with(short_limits(), Way::Private, |rules| rules.known = std::sync::Arc::new(|cookies| cookies == "a=b; known=1"));
    let post = |length: usize, cookies: &str| {
        format!("POST /body HTTP/1.1\r\n{HOST}{cookies}Content-Length: {length}\r\n\r\n{}", "x".repeat(length))
    };
    let known = "Cookie: a=b\r\nCookie: known=1\r\n";
    assert_eq!(ask(gate.address, post(256 * 1_024, "")).status, 200);
    for cookies in ["", "Cookie: known=2\r\n", "Cookie: \u{fc}\r\n"] {
        let reply = ask(gate.address, post(256 * 1_024 + 1, cookies));
        assert_eq!((reply.status, reply.field("connection")), (403, Some("close")), "{cookies}");
    }
    assert_eq!(ask(gate.address, post(256 * 1_024 + 1, known)).status, 200);
}

/// One address has its share; this machine, and the proxy that speaks for many, have no such limit.
#[test]
fn one_address_cannot_take_all_places() {
    let limits = Limits { per_address: 3, head: PATIENCE, ..short_limits() };
    let Some(own) = other_address() else { return };
    let all = || std::net::TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("a port");
    let count = |gate: &Gate, from: IpAddr| {
        let address = SocketAddr::new(from, gate.address.port());
        let mut clients: Vec<Client> = (0..6).map(|_| Client::connect(address)).collect();
        clients.iter_mut().filter_map(|client| (client.ask(GOOD).status == 200).then_some(())).count()
    };
    let gate = Gate::on(all(), limits, Way::Private, |_| {});
    assert_eq!(count(&gate, own), 3);
    assert_eq!(count(&gate, IpAddr::V4(Ipv4Addr::LOCALHOST)), 6);
    let gate = Gate::on(all(), limits, Way::Private, |rules| rules.trusted_proxy = Some(own));
    assert_eq!(count(&gate, own), 6);
}

/// A household has one address of the old kind and 2⁶⁴ of the new; both count as one.
#[test]
fn a_household_is_one_address() {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let socket = Arc::new(std::net::TcpStream::connect(listener.local_addr().expect("its address")).expect("a socket"));
    let register = Register::new(Limits { per_address: 2, ..short_limits() });
    let admit = |address: &str| register.admit(&socket, address.parse().expect("an address"), false);
    let first = (admit("2001:db8:0:1::1"), admit("2001:db8:0:1:ffff::2"));
    assert!(first.0.is_some() && first.1.is_some());
    assert!(admit("2001:db8:0:1::3").is_none());
    let (next_door, old, same) = (admit("2001:db8:0:2::1"), admit("192.0.2.1"), admit("::ffff:192.0.2.1"));
    assert!(next_door.is_some() && old.is_some() && same.is_some());
    assert!(admit("192.0.2.1").is_none());
    drop(first);
    assert!(admit("2001:db8:0:1::4").is_some());
}

/// An address of this machine that is not a loopback one.
fn other_address() -> Option<IpAddr> {
    let socket = std::net::UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|address| !address.is_loopback())
}

/// Who asks and is gone before the answer: three hundred times.
#[test]
fn connections_that_are_reset_cost_nothing() {
    let gate = Gate::open(short_limits());
    for round in 0..300 {
        let mut client = Client::connect(gate.address);
        client.send(if round % 3 == 0 {
            "GET /page HTTP/1.1\r\nHost: portal"
        } else {
            "GET /page HTTP/1.1\r\nHost: portal.example\r\n\r\n"
        });
        client.reset();
    }
    is_well(gate.address);
    assert_eq!(gate.behind.starts.load(Ordering::SeqCst), 1);
}

/// Thousands of requests at once on one connection are answered in order; nobody's memory grows for them.
#[test]
fn a_flood_of_pipelined_requests_is_answered_in_order() {
    let gate = Gate::open(Limits { transfer: PATIENCE, ..short_limits() });
    let mut client = Client::connect(gate.address);
    let mut sender = client.socket.try_clone().expect("a second handle");
    let sending = std::thread::spawn(move || {
        for number in 0..5_000 {
            let request = format!("POST /body HTTP/1.1\r\n{HOST}Content-Length: 5\r\n\r\n{number:05}");
            std::io::Write::write_all(&mut sender, request.as_bytes()).expect("it is read");
        }
    });
    is_well(gate.address);
    for number in 0..5_000 {
        assert_eq!(client.reply().text(), format!("{number:05}"));
    }
    sending.join().expect("all are sent");
}

/// The same from somebody who never reads: they are let go, and meanwhile nobody waits.
#[test]
fn a_flood_that_is_never_read_is_let_go() {
    let gate = Gate::open(short_limits());
    let mut client = Client::connect(gate.address);
    client.socket.set_write_timeout(Some(Duration::from_millis(100))).expect("a timeout");
    let begun = Instant::now();
    let requests = format!("GET /page HTTP/1.1\r\n{HOST}\r\n").repeat(1_000);
    let mut rounds = 0;
    loop {
        match std::io::Write::write_all(&mut client.socket, requests.as_bytes()) {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
        rounds += 1;
        assert!(begun.elapsed() < PATIENCE, "it is still listened to");
        if rounds < 5 {
            is_well(gate.address);
        }
    }
    is_well(gate.address);
}
