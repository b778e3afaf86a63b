//! The server behind the gate, and the only file that names tiny_http: its requests and responses as values, answered by a few
//! workers. It listens on a socket of the gate's own and sees nothing but whole requests with heads that the gate has written.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, Socket, Type};
use tiny_http::{Server, StatusCode};

use crate::app::crew::{Crew, Place};
use crate::app::{App, errors, routes};
use crate::gate::answer::{FILE_FIELD, in_a_field};
use crate::gate::door::Door;
use crate::gate::hall::{Engine, Left, Listener, PROBE, Way};
use crate::gate::limits::{LONG_ANSWER, Limits, Rules};
use crate::gate::reader::{CLIENT_FIELD, PASS_FIELD};
use crate::gate::stream::Wrap;
use crate::gate::tray::{TRAY_FIELD, Trays};
use crate::kernel::error::{Error, Result};
use crate::kernel::http::{Method, Request, Response};
use crate::kernel::time::Timestamp;

/// How many requests are worked on at once: more than can wait for a password's hash (2 and 32 in the queue), so that pages are still
/// drawn when everybody signs in; and while a long change holds the database, many others may wait for their turn.
const WORKERS: usize = 40;
/// How long a worker of a listener that was replaced stays for what came in on it: longer than the gate waits.
const STAY: Duration = Duration::from_secs(70);
/// How long workers may take to finish when the portal ends; the gate has waited for requests before.
const PATIENCE: Duration = Duration::from_secs(1);

/// A portal that answers on a socket.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    door: Door,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Running").field("address", &self.address).finish_non_exhaustive()
    }
}

/// What a portal's gate is told beside what its configuration says.
#[derive(Clone)]
pub struct Options {
    /// SEC-1: the proxy whose X-Forwarded-For is believed.
    pub trusted_proxy: Option<IpAddr>,
    /// How clients' bytes are wrapped; plain when there is none.
    pub wrap: Option<Arc<dyn Wrap>>,
    /// Numbers and times.
    pub limits: Limits,
    /// How the gate reaches the server behind; by the private socket where there are such.
    pub way: Option<Way>,
}

impl Default for Options {
    fn default() -> Self {
        Self { trusted_proxy: None, wrap: None, limits: Limits::of_this_machine(), way: None }
    }
}

/// Takes the address. Do this before anything is printed that names it: the port may have been 0.
pub fn listen(address: SocketAddr) -> Result<TcpListener> {
    let taken =
        |error: std::io::Error| Error::refused(format!("Portico cannot listen on {address} ({error}). Choose another with --listen."));
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP)).map_err(taken)?;
    socket.set_reuse_address(true).map_err(taken)?;
    socket.bind(&address.into()).map_err(taken)?;
    socket.listen(1_024).map_err(taken)?;
    Ok(socket.into())
}

impl Running {
    /// Starts the server behind and opens the gate before it.
    pub fn start(app: &App, listener: TcpListener, options: Options) -> Result<Self> {
        let trays = Arc::new(Trays::default());
        let rules = Rules {
            hosts: app.hosts().to_vec(),
            trusted_proxy: options.trusted_proxy.map(|address| address.to_canonical()),
            body_limit: routes::body_limit,
            known: known(app),
            dress: errors::finish,
            wrap: options.wrap,
            trays: Arc::clone(&trays),
            limits: options.limits,
        };
        let way = match options.way {
            Some(way) => way,
            None => way(app)?,
        };
        let pass = match &way {
            #[cfg(unix)]
            Way::Private => None,
            Way::Loopback(pass) => Some(pass.clone()),
        };
        let behind = Behind { app: app.clone(), pass, trays, serving: Mutex::default() };
        let door = Door::open(listener, rules, Arc::new(behind), way)?;
        Ok(Self { address: door.address(), door })
    }

    /// Lets nobody in any more, finishes what is in flight and ends the workers, as far as that can be done in time.
    pub fn stop(self) -> Left {
        self.door.close()
    }
}

/// Asks for one client at a time, so that many at once take no more than one connection to the database.
fn known(app: &App) -> Arc<dyn Fn(&str) -> bool + Send + Sync> {
    let app = Mutex::new(app.clone());
    Arc::new(move |cookies| app.lock().unwrap_or_else(PoisonError::into_inner).knows(cookies))
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "where there are no private sockets, chance may fail")]
const fn way(_: &App) -> Result<Way> {
    Ok(Way::Private)
}

#[cfg(not(unix))]
fn way(app: &App) -> Result<Way> {
    Ok(Way::Loopback(app.portal().world.tokens.token()?))
}

/// tiny_http with its workers: the newest, and those it has replaced, which still answer what came in on them.
struct Behind {
    app: App,
    pass: Option<String>,
    trays: Arc<Trays>,
    serving: Mutex<Vec<Serving>>,
}

/// One listener's server.
struct Serving {
    server: Arc<Server>,
    stage: Arc<AtomicU8>,
    crew: Arc<Crew>,
    workers: Vec<JoinHandle<()>>,
}

/// Requests may come at any time.
const OPEN: u8 = 0;
/// Another listener has taken over.
const REPLACED: u8 = 1;
/// The portal ends.
const ENDED: u8 = 2;

impl Behind {
    fn serving(&self) -> MutexGuard<'_, Vec<Serving>> {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine for Behind {
    fn serve(&self, listener: Listener) -> std::io::Result<()> {
        let listener = match listener {
            #[cfg(unix)]
            Listener::Private(listener) => tiny_http::Listener::from(listener),
            Listener::Loopback(listener) => tiny_http::Listener::from(listener),
        };
        let server = Arc::new(Server::from_listener(listener, None).map_err(std::io::Error::other)?);
        let mut new =
            Serving { server, stage: Arc::new(AtomicU8::new(OPEN)), crew: Arc::new(Crew::of_this_machine()), workers: Vec::new() };
        for number in 0..WORKERS {
            let worker = Worker {
                app: self.app.clone(),
                server: Arc::clone(&new.server),
                stage: Arc::clone(&new.stage),
                crew: Arc::clone(&new.crew),
                trays: Arc::clone(&self.trays),
                pass: self.pass.clone(),
            };
            new.workers.push(std::thread::Builder::new().name(format!("worker-{number}")).spawn(move || worker.run())?);
        }
        let mut serving = self.serving();
        serving.retain(|old| !old.has_ended());
        for old in serving.iter() {
            old.tell(REPLACED);
        }
        serving.push(new);
        Ok(())
    }

    fn end(&self) -> Left {
        let serving = std::mem::take(&mut *self.serving());
        for one in &serving {
            one.tell(ENDED);
        }
        let until = Instant::now() + PATIENCE;
        while !serving.iter().all(Serving::has_ended) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
        if serving.iter().all(Serving::has_ended) { Left::Nothing } else { Left::Work }
    }
}

impl Serving {
    fn tell(&self, stage: u8) {
        self.stage.store(stage, Ordering::SeqCst);
        self.crew.call_all();
        for _ in &self.workers {
            self.server.unblock();
        }
    }

    fn has_ended(&self) -> bool {
        self.workers.iter().all(JoinHandle::is_finished)
    }
}

/// One of the threads that answer requests.
struct Worker {
    app: App,
    server: Arc<Server>,
    stage: Arc<AtomicU8>,
    crew: Arc<Crew>,
    trays: Arc<Trays>,
    pass: Option<String>,
}

impl Worker {
    /// Answers requests until its server is over.
    fn run(&self) {
        let mut leaves = None;
        let over = || self.stage.load(Ordering::SeqCst) != OPEN;
        self.crew.take_place(&over);
        loop {
            // An error says that the listener is dead, or that the stage is another; what is connected goes on being served.
            let request = match self.stage.load(Ordering::SeqCst) {
                OPEN => self.server.recv().ok(),
                REPLACED if Instant::now() < *leaves.get_or_insert_with(|| Instant::now() + STAY) => {
                    self.server.recv_timeout(Duration::from_secs(1)).ok().flatten()
                }
                _ => return,
            };
            let Some(request) = request else { continue };
            let mut place = Place::new(&self.crew, &over);
            if catch_unwind(AssertUnwindSafe(|| self.serve(request, &mut place))).is_err() {
                eprintln!("a request ended in a panic; the server goes on");
            }
        }
    }

    fn serve(&self, mut inner: tiny_http::Request, place: &mut Place<'_>) {
        let head_only = *inner.method() == tiny_http::Method::Head;
        if !matches!(inner.method(), tiny_http::Method::Get | tiny_http::Method::Head) {
            place.leave();
        }
        let tray = field(&inner, TRAY_FIELD).and_then(|number| number.parse().ok());
        let (response, seen) = match read(&mut inner, self.pass.as_deref()) {
            Ok(Asked::Probe) => (Response::empty(204), None),
            Ok(Asked::Portal(request)) => catch_unwind(AssertUnwindSafe(|| self.app.answer(&request)))
                .unwrap_or_else(|_| (errors::finish(Response::empty(500)), None)),
            Err(status) => (errors::finish(Response::empty(status)), None),
        };
        let bytes = self.written(response, head_only, tray);
        // In one piece: tiny_http would wake the gate three times for a page. The gate may have given up; that is its own affair.
        let mut writer = inner.into_writer();
        drop(writer.write_all(&bytes).and_then(|()| writer.flush()));
        drop((bytes, writer));
        if let Some(seen) = seen {
            place.leave();
            self.app.note(seen);
        }
    }

    /// A whole answer as the gate reads it: never in chunks, and always with its length; the body laid on the request's tray, unless it
    /// is so long that the gate keeps it in a file.
    fn written(&self, response: Response, head_only: bool, tray: Option<u64>) -> Vec<u8> {
        let bodiless = head_only || response.body.is_empty() || matches!(response.status, 204 | 304);
        let tray = tray.filter(|_| !bodiless && response.body.len() <= LONG_ANSWER);
        let mut out = head(&response, self.app.portal().db.clock().now(), tray).into_bytes();
        match tray {
            Some(number) => self.trays.lay(number, response.body),
            None if !bodiless => out.extend_from_slice(&response.body),
            None => {}
        }
        out
    }
}

/// An answer's head, on the way to the gate.
fn head(response: &Response, now: Timestamp, tray: Option<u64>) -> String {
    let (status, date) = (response.status, now.http_date());
    let reason = StatusCode(status).default_reason_phrase();
    let length = response.stored.as_ref().map_or_else(|| u64::try_from(response.body.len()).unwrap_or(u64::MAX), |stored| stored.length);
    let mut head = format!("HTTP/1.1 {status} {reason}\r\nDate: {date}\r\nContent-Length: {length}\r\n");
    if let Some(stored) = &response.stored {
        head.extend([FILE_FIELD, ": ", &in_a_field(&stored.path), "\r\n"]);
    }
    if let Some(number) = tray {
        head.extend([TRAY_FIELD, ": ", &number.to_string(), "\r\n"]);
    }
    for (name, value) in &response.headers {
        if value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            head.extend([*name, ": ", value, "\r\n"]);
        } else {
            eprintln!("the field {name} cannot be sent: {}", errors::printable(value));
        }
    }
    head.push_str("\r\n");
    head
}

/// What the gate asks.
enum Asked {
    /// Whether somebody answers.
    Probe,
    /// What a client wants.
    Portal(Request),
}

/// The whole request as a value, or the status of a refusal. The gate has looked at all of it; what does not look like its work did not
/// come from it.
fn read(inner: &mut tiny_http::Request, pass: Option<&str>) -> std::result::Result<Asked, u16> {
    if pass.is_some() && field(inner, PASS_FIELD).as_deref() != pass {
        return Err(403);
    }
    if inner.url() == PROBE {
        return Ok(Asked::Probe);
    }
    let method = match inner.method() {
        tiny_http::Method::Get => Method::Get,
        tiny_http::Method::Head => Method::Head,
        tiny_http::Method::Post => Method::Post,
        tiny_http::Method::Put => Method::Put,
        tiny_http::Method::Delete => Method::Delete,
        tiny_http::Method::Connect
        | tiny_http::Method::Options
        | tiny_http::Method::Trace
        | tiny_http::Method::Patch
        | tiny_http::Method::NonStandard(_) => return Err(405),
    };
    let (path, query) = inner.url().split_once('?').unwrap_or((inner.url(), ""));
    let (path, query) = (path.to_owned(), query.to_owned());
    let peer = field(inner, CLIENT_FIELD).and_then(|client| client.parse().ok()).ok_or(400_u16)?;
    let own = |name: &str| [CLIENT_FIELD, PASS_FIELD, TRAY_FIELD].iter().any(|own| own.eq_ignore_ascii_case(name));
    let headers = inner.headers().iter().map(|header| (header.field.as_str().as_str(), header.value.as_str()));
    let headers = headers.filter(|(name, _)| !own(name)).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let length = inner.body_length().unwrap_or_default();
    let mut body = Vec::with_capacity(length);
    let ceiling = u64::try_from(length).unwrap_or(u64::MAX);
    inner.as_reader().take(ceiling).read_to_end(&mut body).map_err(|_| 400_u16)?;
    if body.len() == length { Ok(Asked::Portal(Request { method, path, query, headers, body, peer })) } else { Err(400) }
}

fn field(inner: &tiny_http::Request, name: &str) -> Option<String> {
    let mut found = inner.headers().iter().filter(|header| header.field.as_str().as_str().eq_ignore_ascii_case(name));
    found.next().map(|header| header.value.as_str().to_owned())
}
