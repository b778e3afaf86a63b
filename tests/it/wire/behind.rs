//! The server behind the gate: slow, broken, dead, or not the gate's (security.md, "The server": inner connections).

use std::sync::atomic::Ordering;
use std::time::Duration;

use portico::gate::hall::Way;
use portico::gate::limits::Limits;
use portico::gate::tray::Trays;

use crate::support::wire::{Client, GOOD, Gate, PATIENCE, ask, is_well, short_limits};

const HOST: &str = "Host: portal.example\r\n";

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\n{HOST}\r\n")
}

/// What comes back broken is told as a sentence, and nothing of it reaches the client.
#[test]
fn a_broken_answer_is_not_passed_on() {
    let gate = Gate::open(Limits { in_flight: 2, handler: Duration::from_secs(5), ..short_limits() });
    for path in ["/gone", "/half", "/more", "/chunked", "/both", "/lengthless", "/garbage"] {
        let reply = ask(gate.address, get(path));
        assert_eq!(reply.status, 502, "{path}");
        assert!(reply.text().contains("Look before you send it again."), "{path}");
        is_well(gate.address);
    }
}

/// A body that lies in a file comes from there, if it is the file that was meant; nobody is told where it lies.
#[test]
fn a_stored_body_comes_from_its_file() {
    let gate = Gate::open(Limits { in_flight: 2, ..short_limits() });
    let mut file = tempfile::NamedTempFile::with_prefix("a file, 100% of it\r\n").expect("a file");
    std::io::Write::write_all(&mut file, &b"0123456789".repeat(100_000)).expect("bytes");
    let asked = |method: &str, length: usize, place: &std::path::Path| {
        format!("{method} /stored?{length}&{} HTTP/1.1\r\n{HOST}\r\n", portico::gate::answer::in_a_field(place))
    };
    let mut client = Client::connect(gate.address);
    let reply = client.ask(asked("GET", 1_000_000, file.path()));
    assert_eq!((reply.status, reply.field("x-portico-file")), (200, None));
    assert!(reply.body == b"0123456789".repeat(100_000));
    client.send(asked("HEAD", 1_000_000, file.path()));
    assert_eq!(client.maybe(true).expect("an answer").field("content-length"), Some("1000000"));
    assert_eq!(client.ask(GOOD).text(), "good");
    for length in [0, 999_999, 1_000_001] {
        assert_eq!(ask(gate.address, asked("GET", length, file.path())).status, 502, "{length}");
    }
    assert_eq!(ask(gate.address, asked("GET", 1_000_000, std::path::Path::new("/nowhere"))).status, 502);
    is_well(gate.address);
}

/// A body that lies on its request's tray is the answer's, whole and nothing else; a request that is over leaves no tray behind.
#[test]
fn a_body_on_a_tray_is_taken_whole_or_not_at_all() {
    let gate = Gate::open(Limits { in_flight: 2, ..short_limits() });
    let mut client = Client::connect(gate.address);
    for body in ["a body", "another"] {
        let reply = client.ask(get(&format!("/laid?{}&{body}&", body.len()).replace(' ', "_")));
        assert_eq!((reply.status, reply.text(), reply.field("x-portico-tray")), (200, body.replace(' ', "_"), None));
    }
    assert_eq!(client.ask(GOOD).text(), "good");
    for broken in ["5&123456&", "7&123456&", "6&&", "6&&123456", "6&123456&123456"] {
        assert_eq!(ask(gate.address, get(&format!("/laid?{broken}"))).status, 502, "{broken}");
        is_well(gate.address);
    }
    assert_eq!(gate.behind.trays.count(), 0);
}

/// What comes for a request that is over is forgotten; what comes twice for one counts once.
#[test]
fn a_tray_holds_one_body_for_as_long_as_its_request() {
    let trays = Trays::default();
    let (one, other) = (trays.set_out(), trays.set_out());
    trays.lay(one.number(), b"first".to_vec());
    trays.lay(one.number(), b"second".to_vec());
    assert_eq!((one.take(), one.take(), other.take()), (Some(b"first".to_vec()), None, None));
    let gone = one.number();
    drop(one);
    trays.lay(gone, b"late".to_vec());
    assert_eq!(trays.count(), 1);
    drop(other);
    assert_eq!(trays.count(), 0);
}

/// Reading may be asked twice when an inner connection breaks; a change never is.
#[test]
fn a_change_is_never_asked_for_twice() {
    let gate = Gate::open(Limits { in_flight: 1, ..short_limits() });
    let seen = || gate.behind.seen.swap(0, Ordering::SeqCst);
    assert_eq!((ask(gate.address, get("/gone")).status, seen()), (502, 2));
    for method in ["POST", "PUT", "DELETE"] {
        let reply = ask(gate.address, format!("{method} /gone HTTP/1.1\r\n{HOST}Content-Length: 1\r\n\r\nx"));
        assert_eq!((reply.status, seen()), (502, 1), "{method}");
    }
}

#[test]
fn an_answer_that_does_not_come_has_a_deadline() {
    let gate = Gate::open(Limits { in_flight: 2, ..short_limits() });
    let mut clients: Vec<Client> = (0..2).map(|_| Client::connect(gate.address)).collect();
    for client in &mut clients {
        client.send(get("/never"));
    }
    for client in &mut clients {
        let reply = client.reply();
        assert_eq!(reply.status, 504);
        assert!(reply.text().contains("not certain"), "{}", reply.text());
        assert!(client.is_ended());
    }
    is_well(gate.address);
}

/// More requests than inner connections wait their turn, up to the deadline.
#[test]
fn requests_wait_their_turn() {
    let gate = Gate::open(Limits { in_flight: 2, handler: Duration::from_secs(20), ..short_limits() });
    let mut clients: Vec<Client> = (0..16).map(|_| Client::connect(gate.address)).collect();
    for client in &mut clients {
        client.send(get("/slow"));
    }
    assert!(clients.iter_mut().all(|client| client.reply().text() == "slow"));

    let gate = Gate::open(Limits { in_flight: 1, handler: Duration::from_millis(500), ..short_limits() });
    let mut clients: Vec<Client> = (0..8).map(|_| Client::connect(gate.address)).collect();
    for client in &mut clients {
        client.send(get("/slow"));
    }
    let statuses: Vec<u16> = clients.iter_mut().map(|client| client.reply().status).collect();
    assert!(statuses.contains(&200), "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 503, 504].contains(status)) && statuses.iter().any(|status| *status != 200), "{statuses:?}");
    is_well(gate.address);
}

/// A dead inner listener harms nobody while inner connections are open; when one is needed it is built again.
#[test]
fn a_dead_inner_listener_is_built_again() {
    let gate = Gate::open(Limits { in_flight: 3, handler: Duration::from_secs(10), ..short_limits() });
    for round in 1..=2 {
        gate.behind.die();
        is_well(gate.address);
        assert_eq!(gate.behind.starts.load(Ordering::SeqCst), round);
        for _ in 0..3 {
            assert_eq!(ask(gate.address, format!("POST /gone HTTP/1.1\r\n{HOST}\r\n")).status, 502);
        }
        is_well(gate.address);
        assert_eq!(gate.behind.starts.load(Ordering::SeqCst), round + 1);
    }
}

/// Where there are no private sockets: a port of this machine, at which nobody else is answered.
#[test]
fn on_a_port_of_this_machine_every_request_shows_the_pass() {
    let gate = Gate::with(short_limits(), Way::Loopback("a secret of this start".to_owned()), |_| {});
    let mut client = Client::connect(gate.address);
    let reply = client.ask(get("/head"));
    assert!(reply.text().contains("x-portico-pass: a secret of this start\r\n"), "{}", reply.text());
    let forged = client.ask(format!("GET /head HTTP/1.1\r\n{HOST}X-Portico-Pass: forged\r\n\r\n"));
    assert!(forged.text().contains("x-portico-pass: a secret of this start\r\n") && !forged.text().contains("forged"), "{}", forged.text());
}

/// The private socket's folder is for this user alone, and gone afterwards.
#[cfg(unix)]
#[test]
fn nobody_else_can_reach_the_private_socket() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut gate = Gate::open(short_limits());
    let ours = gate.behind.path.lock().expect("a path").clone().expect("a private socket");
    let folder = ours.parent().expect("its folder").to_owned();
    assert_eq!(std::fs::metadata(&folder).expect("it is there").permissions().mode() & 0o777, 0o700);
    gate.close();
    assert!(!folder.exists());
}

/// Ending finishes what is in flight, ends who is quiet, and cuts off who takes too long.
#[test]
fn closing_finishes_what_is_in_flight() {
    let mut gate = Gate::open(Limits { idle: Duration::from_secs(20), head: Duration::from_secs(20), ..short_limits() });
    let address = gate.address;
    let mut quiet = Client::connect(address);
    assert_eq!(quiet.ask(GOOD).status, 200);
    let mut fresh = Client::connect(address);
    let mut busy = Client::connect(address);
    busy.send(format!("{}{GOOD}", get("/slow")));
    let mut sending = Client::connect(address);
    sending.send(format!("POST /body HTTP/1.1\r\n{HOST}Content-Length: 6\r\n\r\nabc"));
    std::thread::sleep(Duration::from_millis(100));
    let closing = std::thread::spawn(move || gate.close());
    assert!(quiet.is_ended() && fresh.is_ended());
    assert!(sending.send("def"));
    let reply = sending.reply();
    assert_eq!((reply.text().as_str(), reply.field("connection")), ("abcdef", Some("close")));
    assert_eq!(busy.reply().text(), "slow");
    closing.join().expect("it closes");
    assert!(std::net::TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[test]
fn closing_does_not_wait_for_ever() {
    let patient = Limits { handler: PATIENCE, head: PATIENCE, ..short_limits() };
    let mut gate = Gate::open(Limits { drain: Duration::from_millis(300), ..patient });
    let mut busy = Client::connect(gate.address);
    busy.send(get("/never"));
    let mut slow = Client::connect(gate.address);
    slow.send("GET /good HT");
    std::thread::sleep(Duration::from_millis(100));
    let begun = std::time::Instant::now();
    gate.close();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(busy.is_ended() && slow.is_ended());
}
