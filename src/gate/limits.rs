//! What one client, one address and all of them together may take.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::gate::stream::Wrap;
use crate::gate::tray::Trays;
use crate::kernel::http::{Method, Response};

/// A request's head, in bytes.
pub const HEAD: usize = 16 * 1_024;
/// Fields in a head.
pub const FIELDS: usize = 64;
/// The path and query, in bytes.
pub const TARGET: usize = 4 * 1_024;
/// Bodies up to this many bytes are always taken in; the larger ones share `Limits::bodies`.
pub const SMALL_BODY: usize = 256 * 1_024;
/// Answers longer than this wait for their client in a file, in bytes.
pub const LONG_ANSWER: usize = 512 * 1_024;
/// Descriptors for everything but connections: the database, its log, the listeners, the terminal.
const RESERVED: u64 = 20;
/// Descriptors of an inner connection: ours, and two of the server behind.
const PER_INNER: u64 = 3;
/// How many descriptors are asked for.
const WANTED: u64 = 4_096;

/// Numbers and times; tests shorten them.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Connections of one address at once, but for this machine's own and the trusted proxy's.
    pub per_address: usize,
    /// Requests being answered at once: as many inner connections are kept.
    pub in_flight: usize,
    /// Bytes of large bodies at once, all clients together.
    pub bodies: usize,
    /// From the connection, or a request's first byte, to its whole head; a handshake counts.
    pub head: Duration,
    /// From an answer to the next request's first byte.
    pub idle: Duration,
    /// For a body or an answer, whatever its length.
    pub transfer: Duration,
    /// And a second more for each so many bytes.
    pub rate: usize,
    /// How long a client in the middle of a request or an answer may keep its place when others need one, beside a second for each so
    /// many bytes.
    pub patience: Duration,
    /// From the whole request to the whole answer, the wait for an inner connection included.
    pub handler: Duration,
    /// How long a client that was refused is listened to, so that it reads why.
    pub farewell: Duration,
    /// How long what is in flight may take when the portal is told to end.
    pub drain: Duration,
}

impl Limits {
    /// What this machine's descriptors allow, after asking for as many as are wanted.
    pub fn of_this_machine() -> Self {
        let descriptors = rlimit::increase_nofile_limit(WANTED).unwrap_or(256);
        let in_flight = (descriptors / 16).clamp(1, 64);
        let connections = (descriptors.saturating_sub(RESERVED + PER_INNER * in_flight) / 2).clamp(1, 256);
        Self {
            connections: usize::try_from(connections).unwrap_or(1),
            per_address: 64,
            in_flight: usize::try_from(in_flight).unwrap_or(1),
            bodies: 64 * 1_024 * 1_024,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(15),
            transfer: Duration::from_secs(30),
            rate: 64 * 1_024,
            patience: Duration::from_secs(2),
            handler: Duration::from_mins(1),
            farewell: Duration::from_secs(5),
            drain: Duration::from_secs(10),
        }
    }

    /// How long so many bytes may take.
    pub fn transfer_of(&self, bytes: usize) -> Duration {
        self.transfer.saturating_add(self.pace_of(bytes))
    }

    /// How long so many bytes take at the least rate.
    pub fn pace_of(&self, bytes: usize) -> Duration {
        Duration::from_secs(u64::try_from(bytes / self.rate.max(1)).unwrap_or(u64::MAX))
    }
}

/// What the portal tells its gate.
#[derive(Clone)]
pub struct Rules {
    /// The `Host` values that are answered.
    pub hosts: Vec<String>,
    /// SEC-1: whose `X-Forwarded-For` is believed.
    pub trusted_proxy: Option<IpAddr>,
    /// How long a body may be at this path, in bytes; `None` where there is nothing to send anything to.
    pub body_limit: fn(Method, &str) -> Option<usize>,
    /// Whether whoever shows these cookies, as they stand in the head, may send a large body: others could fill the room for all of them.
    pub known: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    /// Gives an answer of the gate's own the fields that every answer carries.
    pub dress: fn(Response) -> Response,
    /// How the client's bytes are wrapped; plain when there is none.
    pub wrap: Option<Arc<dyn Wrap>>,
    /// Where the server behind lays its answers' bodies.
    pub trays: Arc<Trays>,
    /// Numbers and times.
    pub limits: Limits,
}

impl fmt::Debug for Rules {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Rules").field("hosts", &self.hosts).field("limits", &self.limits).finish_non_exhaustive()
    }
}
