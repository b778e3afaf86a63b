//! The only file that names tiny_http: its requests and responses as values, answered by a few workers.
//!
//! It listens on loopback; the door before it (`gate/`) is still to be built.

use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;

use socket2::{Domain, Protocol, Socket, Type};
use tiny_http::{Header, Server};

use crate::app::{App, errors, routes};
use crate::kernel::error::{Error, Result};
use crate::kernel::http::{Method, Request, Response};

/// How many requests are worked on at once.
const WORKERS: usize = 8;

/// A portal that answers on a socket.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    server: Arc<Gate>,
    workers: Vec<JoinHandle<()>>,
}

struct Gate(Server);

impl std::fmt::Debug for Gate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Server")
    }
}

/// Takes the address. Do this before anything is printed that names it: the port may have been 0.
pub fn listen(address: SocketAddr) -> Result<std::net::TcpListener> {
    let taken =
        |error: std::io::Error| Error::refused(format!("Portico cannot listen on {address} ({error}). Choose another with --listen."));
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP)).map_err(taken)?;
    socket.set_reuse_address(true).map_err(taken)?;
    // Accepted sockets inherit it; without it a kept-alive answer waits 40 ms for an acknowledgement.
    socket.set_tcp_nodelay(true).map_err(taken)?;
    socket.bind(&address.into()).map_err(taken)?;
    socket.listen(1_024).map_err(taken)?;
    Ok(socket.into())
}

impl Running {
    /// Starts the workers. `trusted_proxy` is the one whose X-Forwarded-For is believed (SEC-1).
    pub fn start(app: &App, listener: std::net::TcpListener, trusted_proxy: Option<IpAddr>) -> Result<Self> {
        let address = listener.local_addr()?;
        let server =
            Server::from_listener(listener, None).map_err(|error| Error::internal(format!("the server did not start: {error}")))?;
        let server = Arc::new(Gate(server));
        let mut workers = Vec::new();
        for number in 0..WORKERS {
            let (server, app) = (Arc::clone(&server), app.clone());
            let work = move || {
                while let Ok(request) = server.0.recv() {
                    let outcome = catch_unwind(AssertUnwindSafe(|| serve(&app, request, trusted_proxy)));
                    if outcome.is_err() {
                        eprintln!("a request ended in a panic; the server goes on");
                    }
                }
            };
            workers.push(std::thread::Builder::new().name(format!("worker-{number}")).spawn(work)?);
        }
        Ok(Self { address, server, workers })
    }

    /// Finishes what is in flight and ends the workers.
    pub fn stop(self) {
        for _ in &self.workers {
            self.server.0.unblock();
        }
        for worker in self.workers {
            if worker.join().is_err() {
                eprintln!("a worker ended in a panic");
            }
        }
    }
}

fn serve(app: &App, mut inner: tiny_http::Request, trusted_proxy: Option<IpAddr>) {
    let response = match read(&mut inner, trusted_proxy) {
        Ok(request) => catch_unwind(AssertUnwindSafe(|| app.handle(&request))).unwrap_or_else(|_| errors::finish(Response::empty(500))),
        Err(status) => errors::finish(Response::empty(status)),
    };
    let headers = response.headers.iter().filter_map(|(name, value)| Header::from_bytes(name.as_bytes(), value.as_bytes()).ok()).collect();
    let length = response.body.len();
    let answer =
        tiny_http::Response::new(tiny_http::StatusCode(response.status), headers, std::io::Cursor::new(response.body), Some(length), None);
    // The other end may be gone; that is its own affair.
    drop(inner.respond(answer));
}

/// The whole request as a value, or the status of a refusal.
fn read(inner: &mut tiny_http::Request, trusted_proxy: Option<IpAddr>) -> std::result::Result<Request, u16> {
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
    if path.len() + query.len() > 4_096 || !path.starts_with('/') {
        return Err(400);
    }
    let (path, query) = (path.to_owned(), query.to_owned());
    let headers: Vec<(String, String)> =
        inner.headers().iter().map(|header| (header.field.as_str().as_str().to_owned(), header.value.as_str().to_owned())).collect();
    let peer = peer(inner.remote_addr(), &headers, trusted_proxy);
    let limit = routes::body_limit(method, &path);
    if inner.body_length().is_some_and(|length| length > limit) {
        return Err(413);
    }
    let mut body = Vec::new();
    let ceiling = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    inner.as_reader().take(ceiling).read_to_end(&mut body).map_err(|_| 400_u16)?;
    if body.len() > limit {
        return Err(413);
    }
    if inner.body_length().is_some_and(|announced| announced != body.len()) {
        return Err(400);
    }
    Ok(Request { method, path, query, headers, body, peer })
}

fn peer(remote: Option<&SocketAddr>, headers: &[(String, String)], trusted_proxy: Option<IpAddr>) -> IpAddr {
    let remote = remote.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), SocketAddr::ip);
    if trusted_proxy != Some(remote) {
        return remote;
    }
    let forwarded = headers.iter().rfind(|(name, _)| name.eq_ignore_ascii_case("x-forwarded-for"));
    forwarded.and_then(|(_, value)| value.rsplit(',').next()).and_then(|last| last.trim().parse().ok()).unwrap_or(remote)
}
