//! Clients that are slow, silent or gone (security.md, "The server": deadlines, not timeouts).

use std::io::Read as _;
use std::net::TcpListener;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use portico::gate::hall::Way;
use portico::gate::limits::Limits;

use crate::support::wire::{Client, GOOD, Gate, PATIENCE, Reply, is_well, short_limits};

const HOST: &str = "Host: portal.example\r\n";

fn gate() -> Gate {
    Gate::open(short_limits())
}

/// Sends a byte now and then for as long as the gate listens; the answer that ends it.
fn drip(gate: &Gate, start: &str, byte: u8) -> (Option<Reply>, Duration) {
    let begun = Instant::now();
    let mut client = Client::connect(gate.address);
    client.send(start);
    while begun.elapsed() < PATIENCE && client.send([byte]) {
        std::thread::sleep(Duration::from_millis(20));
        client.socket.set_nonblocking(true).expect("no waiting");
        let mut first = [0];
        let answered = client.socket.peek(&mut first).is_ok();
        client.socket.set_nonblocking(false).expect("waiting");
        if answered {
            break;
        }
    }
    (client.maybe(false), begun.elapsed())
}

#[test]
fn a_head_that_comes_a_byte_at_a_time_has_a_deadline() {
    let gate = gate();
    for start in ["G", "GET /good HTTP/1.1\r\nA: ", &format!("GET /good HTTP/1.1\r\n{HOST}A: b\r\n")] {
        let (reply, took) = drip(&gate, start, b'x');
        assert_eq!(reply.map(|reply| reply.status), Some(408), "{start}");
        assert!(took < Duration::from_secs(10), "{start} was listened to for {took:?}");
        is_well(gate.address);
    }
}

#[test]
fn a_body_that_comes_a_byte_at_a_time_has_a_deadline_and_goes_nowhere() {
    let gate = gate();
    let (reply, took) = drip(&gate, &format!("POST /body HTTP/1.1\r\n{HOST}Content-Length: 60000\r\n\r\n"), b'x');
    assert_eq!(reply.map(|reply| reply.status), Some(408));
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(gate.behind.seen.load(Ordering::SeqCst), 0);
    is_well(gate.address);
}

/// Longer bodies have longer: a second for each 64 KiB.
#[test]
fn a_large_body_may_take_its_time() {
    let limits = Limits::of_this_machine();
    assert_eq!(limits.transfer_of(0), Duration::from_secs(30));
    assert_eq!(limits.transfer_of(64 * 1_024), Duration::from_secs(31));
    assert_eq!(limits.transfer_of(32 * 1_024 * 1_024), Duration::from_secs(30 + 512));
    let gate = gate();
    let mut client = Client::connect(gate.address);
    client.send(format!("POST /body HTTP/1.1\r\n{HOST}Content-Length: 200000\r\n\r\n"));
    for _ in 0..10 {
        std::thread::sleep(Duration::from_millis(100));
        client.send("x".repeat(20_000));
    }
    assert_eq!(client.reply().body.len(), 200_000);
}

/// Bodies that are announced and never sent hold nobody else up: neither the large ones nor all the small ones.
#[test]
fn bodies_that_never_come_hold_nobody_up() {
    let gate = Gate::open(Limits { transfer: PATIENCE, ..short_limits() });
    let mut waiting: Vec<Client> = (0..40).map(|_| Client::connect(gate.address)).collect();
    for (place, client) in waiting.iter_mut().enumerate() {
        let length = if place % 2 == 0 { 5 } else { 32 * 1_024 * 1_024 };
        client.send(format!("POST /body HTTP/1.1\r\n{HOST}Content-Length: {length}\r\n\r\n1234"));
    }
    is_well(gate.address);
    let mut large = Client::connect(gate.address);
    assert_eq!(
        large.ask(format!("POST /body HTTP/1.1\r\n{HOST}Content-Length: 1000000\r\n\r\n{}", "x".repeat(1_000_000))).body.len(),
        1_000_000
    );
    assert_eq!(waiting[0].ask("5").text(), "12345");
}

/// Large bodies share their room; whoever finds none is told to try again, and small ones always have room.
#[test]
fn large_bodies_share_their_room() {
    let gate = Gate::open(Limits { bodies: 3_000_000, transfer: PATIENCE, farewell: PATIENCE, ..short_limits() });
    let mut holding = Client::connect(gate.address);
    holding.send(format!("POST /body HTTP/1.1\r\n{HOST}Content-Length: 2500001\r\n\r\n{}", "x".repeat(2_500_000)));
    // Once it has been read it is held, and another large one finds no room.
    std::thread::sleep(Duration::from_secs(1));
    let large = format!("POST /body HTTP/1.1\r\n{HOST}Content-Length: 1000000\r\n\r\n{}", "x".repeat(1_000_000));
    let begun = Instant::now();
    let refused = loop {
        let reply = Client::connect(gate.address).ask(&large);
        if reply.status != 200 || begun.elapsed() > PATIENCE / 2 {
            break reply;
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    assert_eq!((refused.status, refused.field("retry-after")), (503, Some("2")));
    let small = format!("POST /body HTTP/1.1\r\n{HOST}Content-Length: 200000\r\n\r\n{}", "x".repeat(200_000));
    assert_eq!(Client::connect(gate.address).ask(&small).body.len(), 200_000);
    assert_eq!(holding.ask("x").body.len(), 2_500_001);
    assert_eq!(Client::connect(gate.address).ask(&large).status, 200, "the room is free again");
}

#[test]
fn a_body_that_is_cut_off_goes_nowhere() {
    let gate = gate();
    for (sent, length) in [("half", "9"), ("", "1"), (&*"x".repeat(300_000), "300001")] {
        let mut client = Client::connect(gate.address);
        client.send(format!("POST /body HTTP/1.1\r\n{HOST}Content-Length: {length}\r\n\r\n{sent}"));
        client.half_close();
        let reply = client.reply();
        assert_eq!(reply.status, 400);
        assert!(reply.text().contains("nothing was done"), "{}", reply.text());
    }
    assert_eq!(gate.behind.seen.load(Ordering::SeqCst), 0);
    is_well(gate.address);
}

/// Whoever says nothing more may still listen.
#[test]
fn a_half_closed_connection_gets_its_answer() {
    let gate = gate();
    let mut client = Client::connect(gate.address);
    client.send(format!("GET /slow HTTP/1.1\r\n{HOST}\r\n{GOOD}"));
    client.half_close();
    assert_eq!((client.reply().text().as_str(), client.reply().text().as_str()), ("slow", "good"));
    assert!(client.is_ended());
    let mut client = Client::connect(gate.address);
    client.send("GET /good HT");
    client.half_close();
    assert!(client.is_ended(), "half a head is nothing");
}

#[test]
fn a_quiet_connection_ends_by_itself() {
    let gate = gate();
    let mut fresh = Client::connect(gate.address);
    let mut used = Client::connect(gate.address);
    assert_eq!(used.ask(GOOD).status, 200);
    assert!(fresh.is_ended(), "nothing is said to somebody who has said nothing");
    assert!(used.is_ended());
    is_well(gate.address);
}

/// Readers that do not read hold up nobody: each answer has left the server behind whole. In the end they are let go.
#[test]
fn slow_readers_hold_nobody_up() {
    let gate = gate();
    let mut readers: Vec<Client> = (0..12).map(|_| Client::connect(gate.address)).collect();
    for reader in &mut readers {
        socket2::SockRef::from(&reader.socket).set_recv_buffer_size(4_096).expect("a small buffer");
        reader.send(format!("GET /long HTTP/1.1\r\n{HOST}\r\n"));
    }
    for _ in 0..5 {
        is_well(gate.address);
    }
    // 8 MiB may take 128 seconds; these are 0.6 and a little more.
    let gate = Gate::open(Limits { rate: usize::MAX, ..short_limits() });
    let mut reader = Client::connect(gate.address);
    reader.send(format!("GET /long HTTP/1.1\r\n{HOST}\r\n"));
    std::thread::sleep(Duration::from_millis(1_500));
    let mut whole = Vec::new();
    drop(reader.socket.read_to_end(&mut whole));
    assert!(whole.len() < 8 * 1_024 * 1_024, "the answer was cut off");
    is_well(gate.address);
}

#[test]
fn a_long_answer_arrives_whole() {
    let gate = Gate::open(Limits::of_this_machine());
    let mut client = Client::connect(gate.address);
    for _ in 0..2 {
        let reply = client.ask(format!("GET /long HTTP/1.1\r\n{HOST}\r\n"));
        assert!(reply.body.len() == 8 * 1_024 * 1_024 && reply.body.iter().all(|byte| *byte == b'x'));
    }
    assert_eq!(client.ask(GOOD).text(), "good");
}

/// Whoever is refused in the middle of an upload hears why, though not all of it has been read.
#[test]
fn a_refusal_reaches_whoever_is_still_sending() {
    let gate = Gate::open(Limits { farewell: PATIENCE, ..short_limits() });
    for _ in 0..20 {
        let mut client = Client::connect(gate.address);
        let body = "x".repeat(3_000_000);
        assert!(client.send(format!("POST /small HTTP/1.1\r\n{HOST}Content-Length: 3000000\r\n\r\n{body}")));
        assert_eq!(client.reply().status, 413);
    }
}

/// A listener with a timeout on it, which once was the end of the server after the first quiet moment.
#[test]
fn the_accept_loop_survives_its_own_errors() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    socket2::SockRef::from(&listener).set_read_timeout(Some(Duration::from_millis(20))).expect("a timeout");
    let gate = Gate::on(listener, short_limits(), Way::Private, |_| {});
    std::thread::sleep(Duration::from_millis(300));
    is_well(gate.address);
}
