//! Both ends of a gate: a client that sends bytes as they are, and a server behind that can misbehave.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portico::app::errors;
use portico::gate::door::Door;
use portico::gate::hall::{Engine, Left, Listener, Way};
use portico::gate::limits::{Limits, Rules};
use portico::gate::tray::Trays;

/// Longer than anything here takes; whatever waits longer hangs.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A request that every gate of these tests lets through.
pub const GOOD: &str = "GET /good HTTP/1.1\r\nHost: portal.example\r\n\r\n";

/// A client's connection.
pub struct Client {
    pub socket: TcpStream,
    unread: Vec<u8>,
}

/// An answer as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    /// A field's value.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Client {
    #[track_caller]
    pub fn connect(address: SocketAddr) -> Self {
        let socket = TcpStream::connect_timeout(&address, PATIENCE).expect("a connection");
        socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        socket.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        socket.set_nodelay(true).expect("no delay");
        Self { socket, unread: Vec::new() }
    }

    /// Sends bytes as they are; whether they could be sent.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.socket.write_all(bytes.as_ref()).is_ok()
    }

    /// The next answer; nothing when the connection ended instead.
    #[track_caller]
    pub fn maybe(&mut self, to_head: bool) -> Option<Reply> {
        let end = loop {
            if let Some(place) = self.unread.windows(4).position(|four| four == b"\r\n\r\n") {
                break place + 4;
            }
            if !self.more() {
                assert!(self.unread.is_empty(), "half an answer: {:?}", String::from_utf8_lossy(&self.unread));
                return None;
            }
        };
        let head = String::from_utf8(self.unread.drain(..end).collect()).expect("a head is text");
        let status = head.split(' ').nth(1).expect("a status").parse().expect("a number");
        let mut reply = Reply { status, head, body: Vec::new() };
        let length = reply.field("content-length").map_or(0, |length| length.parse().expect("a length"));
        if !to_head && status >= 200 {
            while self.unread.len() < length {
                assert!(self.more(), "the answer is cut off after {} of {length} bytes", self.unread.len());
            }
            reply.body = self.unread.drain(..length).collect();
        }
        Some(reply)
    }

    /// The next answer.
    #[track_caller]
    pub fn reply(&mut self) -> Reply {
        self.maybe(false).expect("an answer")
    }

    /// Asks and listens.
    #[track_caller]
    pub fn ask(&mut self, bytes: impl AsRef<[u8]>) -> Reply {
        self.send(bytes);
        self.reply()
    }

    #[track_caller]
    fn more(&mut self) -> bool {
        let mut piece = [0; 16 * 1_024];
        match self.socket.read(&mut piece) {
            Ok(count) => {
                self.unread.extend_from_slice(&piece[..count]);
                count > 0
            }
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => false,
            Err(error) => panic!("the gate neither answers nor ends: {error}"),
        }
    }

    /// Whether the connection ends without another byte.
    #[track_caller]
    pub fn is_ended(&mut self) -> bool {
        self.unread.is_empty() && !self.more()
    }

    /// Nothing more will be sent.
    pub fn half_close(&self) {
        self.socket.shutdown(Shutdown::Write).expect("one half is closed");
    }

    /// Ends it the rude way: with RST.
    pub fn reset(self) {
        socket2::SockRef::from(&self.socket).set_linger(Some(Duration::ZERO)).expect("no lingering");
    }
}

/// One answer on a connection of its own.
#[track_caller]
pub fn ask(address: SocketAddr, bytes: impl AsRef<[u8]>) -> Reply {
    Client::connect(address).ask(bytes)
}

/// A good request is answered, and soon.
#[track_caller]
pub fn is_well(address: SocketAddr) {
    let begun = Instant::now();
    let reply = ask(address, GOOD);
    assert_eq!((reply.status, reply.text().as_str()), (200, "good"), "{reply:?}");
    assert!(begun.elapsed() < Duration::from_secs(5), "a good request took {:?}", begun.elapsed());
}

/// Limits so short that a test can wait for them.
pub fn short_limits() -> Limits {
    Limits {
        head: Duration::from_millis(400),
        idle: Duration::from_millis(400),
        transfer: Duration::from_millis(600),
        handler: Duration::from_millis(800),
        farewell: Duration::from_millis(300),
        drain: Duration::from_secs(2),
        in_flight: 4,
        ..Limits::of_this_machine()
    }
}

/// A gate with a server behind that does as the path says.
pub struct Gate {
    pub address: SocketAddr,
    pub behind: Arc<Behind>,
    door: Option<Door>,
}

impl Gate {
    pub fn open(limits: Limits) -> Self {
        Self::with(limits, Way::Private, |_| {})
    }

    pub fn with(limits: Limits, way: Way, change: impl FnOnce(&mut Rules)) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        Self::on(listener, limits, way, change)
    }

    pub fn on(listener: TcpListener, limits: Limits, way: Way, change: impl FnOnce(&mut Rules)) -> Self {
        let behind = Arc::new(Behind::default());
        let mut rules = Rules {
            hosts: vec!["portal.example".to_owned()],
            trusted_proxy: None,
            body_limit: |_, path| match path {
                "/small" => Some(10),
                "/nothing" => None,
                _ => Some(32 * 1_024 * 1_024),
            },
            known: Arc::new(|_| true),
            dress: errors::finish,
            wrap: None,
            trays: Arc::clone(&behind.trays),
            limits,
        };
        change(&mut rules);
        let door = Door::open(listener, rules, Arc::clone(&behind) as Arc<dyn Engine>, way).expect("an open gate");
        while behind.probes.load(Ordering::SeqCst) < limits.in_flight {
            std::thread::sleep(Duration::from_millis(1));
        }
        Self { address: door.address(), behind, door: Some(door) }
    }

    /// Closes it, as the portal does when it is told to end.
    pub fn close(&mut self) {
        if let Some(door) = self.door.take() {
            door.close();
        }
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.close();
    }
}

/// A server behind the gate that answers as the path says, well or badly.
#[derive(Default)]
pub struct Behind {
    /// How many listeners it was given.
    pub starts: AtomicUsize,
    /// How many inner connections it has answered for.
    pub probes: Arc<AtomicUsize>,
    /// How many requests it has seen whole, probes not counted.
    pub seen: Arc<AtomicUsize>,
    /// Where it lays bodies.
    pub trays: Arc<Trays>,
    /// Where its private socket is.
    pub path: Mutex<Option<std::path::PathBuf>>,
    /// The last listener, to be killed.
    listener: Mutex<Option<socket2::Socket>>,
}

impl Behind {
    /// Its listener dies; connections that are open stay open.
    pub fn die(&self) {
        let listener = self.listener.lock().expect("the listener").take().expect("a listener");
        listener.shutdown(Shutdown::Both).expect("it dies");
    }
}

trait Both: std::io::Read + std::io::Write + Send {}
impl<T: std::io::Read + std::io::Write + Send> Both for T {}

impl Engine for Behind {
    fn serve(&self, listener: Listener) -> std::io::Result<()> {
        self.starts.fetch_add(1, Ordering::SeqCst);
        let (copy, mut accept): (socket2::Socket, Box<dyn FnMut() -> std::io::Result<Box<dyn Both>> + Send>) = match listener {
            Listener::Private(listener) => {
                let path = listener.local_addr()?.as_pathname().map(ToOwned::to_owned);
                *self.path.lock().expect("the path") = path;
                (listener.try_clone()?.into(), Box::new(move || Ok(Box::new(listener.accept()?.0) as Box<dyn Both>)))
            }
            Listener::Loopback(listener) => {
                (listener.try_clone()?.into(), Box::new(move || Ok(Box::new(listener.accept()?.0) as Box<dyn Both>)))
            }
        };
        *self.listener.lock().expect("the listener") = Some(copy);
        let shared = (Arc::clone(&self.seen), Arc::clone(&self.probes), Arc::clone(&self.trays));
        std::thread::spawn(move || {
            while let Ok(socket) = accept() {
                let (seen, probes, trays) = shared.clone();
                std::thread::spawn(move || drop(attend(socket, &seen, &probes, &trays)));
            }
        });
        Ok(())
    }

    fn end(&self) -> Left {
        if let Some(listener) = self.listener.lock().expect("the listener").take() {
            drop(listener.shutdown(Shutdown::Both));
        }
        Left::Nothing
    }
}

/// Reads requests as the gate writes them, and answers each as its path says.
fn attend(mut socket: Box<dyn Both>, seen: &AtomicUsize, probes: &AtomicUsize, trays: &Trays) -> std::io::Result<()> {
    let mut unread = Vec::new();
    loop {
        let end = loop {
            if let Some(place) = unread.windows(4).position(|four| four == b"\r\n\r\n") {
                break place + 4;
            }
            let mut piece = [0; 4_096];
            let count = socket.read(&mut piece)?;
            if count == 0 {
                return Ok(());
            }
            unread.extend_from_slice(&piece[..count]);
        };
        let head = String::from_utf8(unread.drain(..end).collect()).expect("the gate writes text");
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |length| length.parse().expect("digits"));
        let mut body: Vec<u8> = unread.drain(..unread.len().min(length)).collect();
        let have = body.len();
        body.resize(length, 0);
        socket.read_exact(&mut body[have..])?;
        let path = head.split(' ').nth(1).expect("a path").to_owned();
        if path == "*" { probes } else { seen }.fetch_add(1, Ordering::SeqCst);
        let bare = head.starts_with("HEAD ");
        let mut plain = |status: &str, body: &[u8]| {
            let mut answer = format!("HTTP/1.1 {status}\r\nServer: secret\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
            if !bare && !status.starts_with("204") && !status.starts_with("304") {
                answer.extend_from_slice(body);
            }
            socket.write_all(&answer)
        };
        match path.split('?').next().unwrap_or_default() {
            "*" => plain("204 No Content", b"")?,
            "/head" => plain("200 OK", head.as_bytes())?,
            "/body" => plain("200 OK", &body)?,
            "/nothing" => plain("204 No Content", b"")?,
            "/unchanged" => plain("304 Not Modified", b"")?,
            "/long" => plain("200 OK", &vec![b'x'; 8 * 1_024 * 1_024])?,
            "/page" => plain("200 OK", &vec![b'x'; 14_800])?,
            "/slow" => {
                std::thread::sleep(Duration::from_millis(200));
                plain("200 OK", b"slow")?;
            }
            "/never" => std::thread::sleep(Duration::from_secs(3)),
            "/gone" => return Ok(()),
            "/half" => return socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
            "/more" => socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nmore")?,
            "/chunked" => socket.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n")?,
            "/both" => {
                let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 11\r\n\r\n";
                socket.write_all(format!("{head}1\r\nx\r\n0\r\n\r\n").as_bytes())?;
            }
            "/lengthless" => socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?,
            "/stored" => {
                // `/stored?LENGTH&PATH`: the body lies in a file.
                let (length, file) = path.split_once('?').and_then(|(_, rest)| rest.split_once('&')).expect("a file");
                socket.write_all(format!("HTTP/1.1 200 OK\r\nX-Portico-File: {file}\r\nContent-Length: {length}\r\n\r\n").as_bytes())?;
            }
            "/laid" => {
                // `/laid?LENGTH&BODY&BEHIND`: the first body, if there is one, lies on the tray, the other comes behind the head.
                let [length, body, behind] = path.split_once('?').expect("a query").1.splitn(3, '&').collect::<Vec<_>>()[..] else {
                    panic!("three parts")
                };
                let tray = head.lines().find_map(|line| line.strip_prefix("x-portico-tray: ")).expect("a tray").parse().expect("digits");
                for body in [body, "the same again, later"].into_iter().filter(|_| !body.is_empty()) {
                    trays.lay(tray, body.as_bytes().to_vec());
                }
                socket.write_all(
                    format!("HTTP/1.1 200 OK\r\nX-Portico-Tray: {tray}\r\nContent-Length: {length}\r\n\r\n{behind}").as_bytes(),
                )?;
            }
            "/garbage" => socket.write_all(&[0xFF; 64 * 1_024])?,
            _ => plain("200 OK", b"good")?,
        }
    }
}
