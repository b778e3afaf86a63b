//! One client's connection: requests in, one after the other, and their answers out.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::gate::answer::Wish;
use crate::gate::limits::{HEAD, Rules, SMALL_BODY};
use crate::gate::pool::Pool;
use crate::gate::reader;
use crate::gate::refusal::{Addressee, Refusal};
use crate::gate::register::{Register, Seat};
use crate::gate::stream::{Timed, Wire};
use crate::gate::tray::Tray;
use crate::kernel::http::Method;

/// A client that has to send more than this at once has its body read in pieces of this many bytes.
const PIECE: usize = 256 * 1_024;
/// So much of what a refused client still sends is listened to, in bytes: a little more than the longest body.
const FAREWELL: usize = 40 * 1_024 * 1_024;

/// What all connections share.
pub struct House {
    /// What the portal said.
    pub rules: Rules,
    /// The way in.
    pub pool: Pool,
    /// Who is there.
    pub register: Arc<Register>,
    /// Bytes of large bodies that are in hand.
    pub bodies: AtomicUsize,
}

/// Serves a connection until it ends.
pub fn attend(house: &House, seat: &Seat, socket: Arc<TcpStream>, peer: IpAddr) {
    let first = Instant::now() + house.rules.limits.head;
    let socket = Timed::new(socket, first);
    let wire: Box<dyn Wire> = match &house.rules.wrap {
        Some(wrap) => match wrap.wrap(socket) {
            Ok(wire) => wire,
            Err(_) => return,
        },
        None => Box::new(socket),
    };
    let mut visit = Visit { house, seat, wire, peer, buffer: vec![0; 4 * 1_024], filled: 0, asking: None };
    let end = visit.serve(first);
    if let End::Refused(refusal) = end {
        visit.refuse(refusal);
    }
    if !matches!(end, End::Gone) {
        visit.part();
    }
}

/// How a connection ends.
#[derive(Debug)]
enum End {
    /// The last answer has been given.
    Done,
    /// The client went away, or was too slow to be told so.
    Gone,
    /// The client is told why.
    Refused(Refusal),
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

impl From<Refusal> for End {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

struct Visit<'a> {
    house: &'a House,
    seat: &'a Seat,
    wire: Box<dyn Wire>,
    peer: IpAddr,
    buffer: Vec<u8>,
    filled: usize,
    /// Who is being answered, once the head is whole: the buffer may have been emptied by the time something goes wrong.
    asking: Option<Addressee>,
}

/// What a head asks of the gate.
struct Plan<'a> {
    method: Method,
    length: usize,
    stays: bool,
    waits: bool,
    /// The head as it goes on; the body is put behind it.
    message: Vec<u8>,
    /// Where the answer's body comes to lie.
    tray: Tray<'a>,
}

impl<'a> Visit<'a> {
    /// Answers one request after the other.
    fn serve(&mut self, first: Instant) -> End {
        let mut until = first;
        loop {
            match self.serve_one(until) {
                Ok(true) => until = Instant::now() + self.house.rules.limits.idle,
                Ok(false) => return End::Done,
                Err(end) => return end,
            }
        }
    }

    /// Answers one request whose first byte comes before `until`; whether another may follow.
    fn serve_one(&mut self, until: Instant) -> Result<bool, End> {
        self.asking = None;
        let end = self.read_head(until)?;
        self.asking = Some(Addressee::of(self.buffer.get(..end).unwrap_or_default()));
        let mut plan = self.plan(end)?;
        let held = self.read_body(&mut plan, end)?;
        let limits = &self.house.rules.limits;
        let last = !plan.stays || self.house.register.is_closing();
        let wish = Wish { head_only: plan.method == Method::Head, last };
        self.seat.waits_for_nothing();
        let again = matches!(plan.method, Method::Get | Method::Head);
        let answer = self.house.pool.exchange((&plan.message, &plan.tray), wish, again, Instant::now() + limits.handler)?;
        drop(plan);
        drop(held);
        self.wire.wait_until(Instant::now() + limits.transfer_of(answer.length()));
        self.seat.waits_for(answer.length());
        answer.write(&mut *self.wire)?;
        Ok(!last)
    }

    /// Fills the buffer until it holds a whole head; the head's length.
    fn read_head(&mut self, until: Instant) -> Result<usize, End> {
        let mut seen = 0;
        self.wire.wait_until(until);
        let mut at_work = false;
        if self.filled == 0 {
            self.seat.rest();
        }
        loop {
            if !at_work && self.filled > 0 {
                at_work = true;
                self.seat.work();
                self.seat.waits_for(0);
                // Time that passed before the first byte was not the head's.
                self.wire.wait_until(Instant::now() + self.house.rules.limits.head);
            }
            if !self.skip_empty_line()
                && let Some(end) = reader::end_of_head(self.buffer.get(..self.filled).unwrap_or_default(), seen)?
            {
                return Ok(end);
            }
            seen = self.filled;
            if self.filled == self.buffer.len() {
                self.buffer.resize(HEAD + 1, 0);
            }
            let count = match self.wire.read(self.buffer.get_mut(self.filled..).unwrap_or_default()) {
                Ok(0) => return Err(End::Gone),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => 0,
                Err(error) if error.kind() == ErrorKind::TimedOut && self.filled > 0 => return Err(Refusal::LATE.into()),
                Err(_) => return Err(End::Gone),
            };
            self.filled += count;
        }
    }

    /// One empty line before a request is forgiven: old clients end a body with it.
    /// Whether there is nothing else yet.
    fn skip_empty_line(&mut self) -> bool {
        if self.buffer.get(..self.filled.min(2)) == Some(b"\r\n".as_slice()) {
            self.forget(2);
        }
        self.filled == 0 || self.buffer.get(..self.filled) == Some(b"\r".as_slice())
    }

    /// Reads the head and decides what is to be done about it.
    fn plan(&self, end: usize) -> Result<Plan<'a>, Refusal> {
        let rules = &self.house.rules;
        let head = reader::read(self.buffer.get(..end).unwrap_or_default(), &rules.hosts)?;
        match (rules.body_limit)(head.method, head.path()) {
            Some(limit) if limit < head.length => return Err(Refusal::TOO_LARGE),
            // A small body goes on, for the page that says so; a large one is never read where there is nothing.
            None if SMALL_BODY < head.length => return Err(Refusal::NOTHING_HERE),
            Some(_) | None => {}
        }
        if head.length > SMALL_BODY && !(rules.known)(&head.cookies()) {
            return Err(Refusal::STRANGER);
        }
        let client = head.client(self.peer, rules.trusted_proxy);
        let tray = rules.trays.set_out();
        let message = head.rebuilt(client, self.house.pool.pass(), tray.number());
        Ok(Plan { method: head.method, length: head.length, stays: head.stays, waits: head.waits, message, tray })
    }

    /// Puts the whole body behind the head, and takes both out of the buffer.
    fn read_body(&mut self, plan: &mut Plan<'a>, end: usize) -> Result<Held<'a>, End> {
        let mut held = Held { bodies: &self.house.bodies, bytes: 0 };
        let limits = &self.house.rules.limits;
        let here = (self.filled - end).min(plan.length);
        plan.message.reserve_exact(plan.length);
        plan.message.extend_from_slice(self.buffer.get(end..end + here).unwrap_or_default());
        let mut missing = plan.length - here;
        if missing > 0 {
            self.wire.wait_until(Instant::now() + limits.transfer_of(plan.length));
            if plan.waits && here == 0 {
                self.wire.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
                self.wire.flush()?;
            }
        }
        while missing > 0 {
            let piece = missing.min(PIECE);
            if plan.length > SMALL_BODY {
                held.more(piece, limits.bodies)?;
            }
            self.seat.waits_for(piece);
            let wanted = u64::try_from(piece).unwrap_or(u64::MAX);
            let came = match (&mut *self.wire).take(wanted).read_to_end(&mut plan.message) {
                Ok(came) => came,
                Err(error) if error.kind() == ErrorKind::TimedOut => return Err(Refusal::LATE.into()),
                Err(_) => return Err(End::Gone),
            };
            if came < piece {
                return Err(Refusal::CUT_OFF.into());
            }
            missing -= piece;
        }
        self.forget(end + here);
        Ok(held)
    }

    fn forget(&mut self, count: usize) {
        self.buffer.copy_within(count..self.filled, 0);
        self.filled -= count;
    }

    fn refuse(&mut self, refusal: Refusal) {
        let to = self.asking.unwrap_or_else(|| Addressee::of(self.buffer.get(..self.filled).unwrap_or_default()));
        let bytes = refusal.bytes(self.house.rules.dress, to);
        self.wire.wait_until(Instant::now() + self.house.rules.limits.farewell);
        drop(self.wire.write_all(&bytes).and_then(|()| self.wire.flush()));
    }

    /// Ends the connection so that the client gets the last answer whole: a socket closed with something unread in it takes back
    /// what was sent.
    fn part(&mut self) {
        self.wire.wait_until(Instant::now() + self.house.rules.limits.farewell);
        self.wire.finish();
        self.seat.rest();
        self.buffer.resize(HEAD, 0);
        let mut heard = 0;
        while heard < FAREWELL {
            match self.wire.read(&mut self.buffer) {
                Ok(count) if count > 0 => heard += count,
                Ok(_) | Err(_) => break,
            }
        }
    }
}

/// Bytes of large bodies that are counted until this is dropped.
struct Held<'a> {
    bodies: &'a AtomicUsize,
    bytes: usize,
}

impl Held<'_> {
    /// Counts so many more, unless that is more than all clients together may have here.
    fn more(&mut self, bytes: usize, limit: usize) -> Result<(), Refusal> {
        self.bytes += bytes;
        let all = self.bodies.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if all > limit { Err(Refusal::FULL) } else { Ok(()) }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.bodies.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
