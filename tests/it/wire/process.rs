//! The whole program under attack: no thread and no descriptor is lost, and it ends in order (OPS-5).

#![cfg(target_os = "linux")]

use std::time::{Duration, Instant};

use crate::support::process::Process;
use crate::support::wire::{Client, PATIENCE};

/// A request that has begun and waits for its body.
fn upload(process: &Process, length: usize) -> Client {
    let mut client = Client::connect(process.address);
    let fields = format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n");
    assert_eq!(client.ask(process.request("POST", "/sign-in", &fields)).status, 100);
    client
}

/// What brings tiny_http down by itself, a few hundred times.
#[test]
fn no_attack_leaves_a_thread_or_a_descriptor_behind() {
    let mut process = Process::start();
    process.is_well();
    let before = process.holds();
    let post = |fields: &str| process.request("POST", "/sign-in", fields);
    let attacks = [
        (process.request("GET", "/sign-in", "Content-Length: 100000000000\r\n"), Some(413)),
        (post("Content-Length: 18446744073709551615\r\n"), Some(413)),
        (post("Content-Length: -1\r\n"), Some(400)),
        (post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), Some(411)),
        ("GET / HTTP/2.0\r\n\r\n".to_owned(), Some(505)),
        (process.request("GET", "/\0", ""), Some(400)),
        (process.request("GET", "/sign-in?next=%0d%0aSet-Cookie:%20a=b", ""), None),
        (post("Content-Length: 200000\r\n"), None),
        (process.good().repeat(8), None),
        (process.good(), None),
        ("GET / HT".to_owned(), None),
    ];
    for (attack, status) in &attacks {
        for round in 0..40 {
            let mut client = Client::connect(process.address);
            client.send(attack);
            if let Some(status) = status {
                assert_eq!(client.reply().status, *status, "{attack}");
            } else if round % 2 == 0 {
                client.reset();
            }
        }
        process.is_well();
    }
    process.comes_back_to(before);
    process.ends_well();
}

/// Four bodies, four readers, eight requests at once: enough to hold every worker of tiny_http itself. Here with fifty of each.
#[test]
fn slow_clients_hold_nobody_up() {
    let mut process = Process::start();
    process.is_well();
    let before = process.holds();
    let uploads: Vec<Client> = (0..50).map(|_| upload(&process, 1_000)).collect();
    let readers: Vec<Client> = (0..50)
        .map(|_| {
            let mut client = Client::connect(process.address);
            socket2::SockRef::from(&client.socket).set_recv_buffer_size(2_048).expect("a small buffer");
            client.send(process.good().repeat(100));
            client
        })
        .collect();
    let heads: Vec<Client> = (0..50)
        .map(|_| {
            let mut client = Client::connect(process.address);
            client.send("GET / HTTP/1.1\r\nHost:");
            client
        })
        .collect();
    let mut slowest = Duration::ZERO;
    for _ in 0..20 {
        slowest = slowest.max(process.is_well());
    }
    println!("the slowest of 20 pairs of good requests took {slowest:?}");
    drop((uploads, readers, heads));
    process.comes_back_to(before);
    process.ends_well();
}

/// What is announced is not set aside: four hundred megabytes of promises cost nothing.
#[test]
fn promised_bytes_take_no_memory() {
    let process = Process::start();
    process.is_well();
    let before = process.memory();
    let promises: Vec<Client> = (0..100).map(|_| upload(&process, 256 * 1_024)).collect();
    let floods: Vec<Client> = (0..20)
        .map(|_| {
            let mut client = Client::connect(process.address);
            client.socket.set_write_timeout(Some(Duration::from_millis(50))).expect("a timeout");
            client.send(process.good().repeat(20_000));
            client
        })
        .collect();
    process.is_well();
    let grown = process.memory().saturating_sub(before);
    assert!(grown < 40 * 1_024 * 1_024, "it grew by {grown} bytes");
    drop((promises, floods));
}

/// When descriptors run out, those who are there are served, and nothing dies of it.
#[test]
fn it_survives_that_descriptors_run_out() {
    let mut process = Process::start();
    process.is_well();
    let mut inside = Client::connect(process.address);
    assert_eq!(inside.ask(process.good()).status, 200);
    process.limit_descriptors(process.descriptors() + 1);
    let outside: Vec<Client> = (0..30)
        .map(|_| {
            let mut client = Client::connect(process.address);
            client.send(process.good());
            client
        })
        .collect();
    for _ in 0..20 {
        assert_eq!(inside.ask(process.good()).status, 200);
        std::thread::sleep(Duration::from_millis(20));
    }
    process.limit_descriptors(4_096);
    for mut client in outside {
        assert_eq!(client.reply().status, 200, "whoever waited is let in");
    }
    process.is_well();
    process.ends_well();
}

/// With few descriptors from the start the caps are lower, and 300 connections find that they hold.
#[test]
fn few_descriptors_mean_low_caps() {
    let mut process = Process::start_at("127.0.0.1:0", Some(96));
    process.is_well();
    let before = process.holds();
    for _ in 0..3 {
        let mut crowd: Vec<Client> = (0..100).map(|_| Client::connect(process.address)).collect();
        for client in &mut crowd {
            client.send("GET / HT");
        }
        let descriptors = process.descriptors();
        assert!(descriptors < 96, "{descriptors}");
    }
    process.comes_back_to(before);
    // Some of the crowd may still stand in the queue, though they have left.
    let begun = Instant::now();
    while process.ask(&process.good()).status != 200 {
        assert!(begun.elapsed() < PATIENCE, "there is no room again");
    }
    process.is_well();
    process.ends_well();
}

/// What is in flight is finished, who is quiet is let go, and nobody new comes in.
#[test]
fn it_finishes_what_is_in_flight() {
    let mut process = Process::start();
    let mut quiet = Client::connect(process.address);
    assert_eq!(quiet.ask(process.good()).status, 200);
    let mut uploading = upload(&process, 20);
    assert!(uploading.send("email=a%40"));
    process.tell("-TERM");
    assert!(quiet.is_ended());
    while std::net::TcpStream::connect(process.address).is_ok() {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(uploading.send("b.example"));
    std::thread::sleep(Duration::from_millis(50));
    let reply = uploading.ask("x");
    assert!(reply.status < 500, "{reply:?}");
    assert_eq!(reply.field("connection"), Some("close"));
    let (status, words) = process.ends();
    assert!(status.success() && words.is_empty(), "{status} {words}");
}

/// Whoever says it twice does not wait.
#[test]
fn a_second_signal_ends_it_at_once() {
    for (first, second) in [("-TERM", "-TERM"), ("-INT", "-TERM")] {
        let mut process = Process::start();
        let mut uploading = upload(&process, 20);
        process.tell(first);
        while std::net::TcpStream::connect(process.address).is_ok() {
            std::thread::sleep(Duration::from_millis(10));
        }
        let begun = Instant::now();
        process.tell(second);
        let (status, _) = process.ends();
        assert_eq!(status.code(), Some(130));
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        assert!(uploading.is_ended());
    }
}

/// The port is free for the next start, whatever is still connected.
#[test]
fn it_starts_again_at_the_same_address() {
    let mut process = Process::start();
    let address = process.address.to_string();
    for _ in 0..3 {
        let mut connected: Vec<Client> = (0..20).map(|_| Client::connect(process.address)).collect();
        for client in &mut connected {
            assert_eq!(client.ask(process.good()).status, 200);
        }
        process.ends_well();
        process = Process::start_at(&address, None);
        process.is_well();
        drop(connected);
    }
}
