//! Who is connected: the caps, and the end of all connections.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::gate::limits::Limits;
use crate::gate::stream::Raw as _;

/// A connection that has been quiet for less than this keeps its place when others wait.
const SETTLED: Duration = Duration::from_millis(500);

/// Every connection there is.
#[derive(Debug)]
pub struct Register {
    begun: Instant,
    limits: Limits,
    closing: AtomicBool,
    book: Mutex<Book>,
    left: Condvar,
}

#[derive(Debug, Default)]
struct Book {
    next: u64,
    seats: HashMap<u64, Entry>,
    by_address: HashMap<IpAddr, usize>,
    /// Connections that have their threads still, but whose places are given away.
    leaving: usize,
}

#[derive(Debug)]
struct Entry {
    socket: Arc<TcpStream>,
    waits: Arc<Waits>,
    address: IpAddr,
    evicted: bool,
}

/// Since when a connection's client is waited for, in milliseconds since the register began.
#[derive(Debug)]
struct Waits {
    /// Since when it is quiet; 0 while it is at work.
    quiet: AtomicU64,
    /// From when on its client is slow in the middle of a request or an answer; 0 while nothing is expected of it.
    late: AtomicU64,
}

/// A connection's place. It is free again when this is dropped.
#[derive(Debug)]
pub struct Seat {
    register: Arc<Register>,
    number: u64,
    waits: Arc<Waits>,
}

impl Register {
    /// Nobody is there yet.
    pub fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { begun: Instant::now(), limits, closing: AtomicBool::new(false), book: Mutex::default(), left: Condvar::new() })
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn clock(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1)
    }

    /// A place for this connection; nothing when there is none. When all are taken, whoever has been quiet longest gives theirs up, or
    /// else whoever is slowest.
    /// `known` are addresses that share no cap: this machine, and a proxy that speaks for many.
    pub fn admit(self: &Arc<Self>, socket: &Arc<TcpStream>, peer: IpAddr, known: bool) -> Option<Seat> {
        let address = of_one_household(peer);
        let mut book = self.book();
        if self.is_closing() || (!known && book.by_address.get(&address).is_some_and(|count| *count >= self.limits.per_address)) {
            return None;
        }
        if book.seats.len() - book.leaving >= self.limits.connections && !self.evict_one(&mut book) {
            return None;
        }
        book.next += 1;
        let number = book.next;
        let waits = Arc::new(Waits { quiet: AtomicU64::new(self.clock()), late: AtomicU64::new(0) });
        *book.by_address.entry(address).or_default() += 1;
        book.seats.insert(number, Entry { socket: Arc::clone(socket), waits: Arc::clone(&waits), address, evicted: false });
        Some(Seat { register: Arc::clone(self), number, waits })
    }

    /// Asks the connection that has been quiet longest to go: what it has sent already can still be read and is answered. Where all are at
    /// work, the one whose client is slow for longest is cut off, or a few hundred slow ones would keep everybody else out.
    fn evict_one(&self, book: &mut Book) -> bool {
        let now = self.clock();
        let settled = now.saturating_sub(u64::try_from(SETTLED.as_millis()).unwrap_or_default());
        let quiet = |entry: &Entry| entry.waits.quiet.load(Ordering::Relaxed);
        let late = |entry: &Entry| entry.waits.late.load(Ordering::Relaxed);
        let staying = || book.seats.iter().filter(|(_, entry)| !entry.evicted);
        let oldest = staying().filter(|(_, entry)| (1..settled).contains(&quiet(entry))).min_by_key(|(_, entry)| quiet(entry));
        let slowest = || staying().filter(|(_, entry)| (1..now).contains(&late(entry))).min_by_key(|(_, entry)| late(entry));
        let found = oldest.map(|found| (found, Shutdown::Read)).or_else(|| slowest().map(|found| (found, Shutdown::Both)));
        let Some((number, how)) = found.map(|((number, _), how)| (*number, how)) else { return false };
        let Some(entry) = book.seats.get_mut(&number) else { return false };
        entry.evicted = true;
        drop(entry.socket.end(how));
        book.leaving += 1;
        true
    }

    /// Whether the portal is ending: an answer is then the connection's last.
    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// From now on nobody is admitted, quiet connections end, and every answer is its connection's last.
    pub fn begin_closing(&self) {
        let book = self.book();
        self.closing.store(true, Ordering::SeqCst);
        for entry in book.seats.values().filter(|entry| entry.waits.quiet.load(Ordering::SeqCst) > 0) {
            drop(entry.socket.end(Shutdown::Read));
        }
    }

    /// Waits until everybody has left, for as long as the drain may take, then ends the connections that are left over. How many.
    pub fn drain(&self) -> usize {
        let book = self.wait_until_empty(self.book(), self.limits.drain);
        for entry in book.seats.values() {
            drop(entry.socket.end(Shutdown::Both));
        }
        book.seats.len()
    }

    /// Waits a moment for connections that have been cut off.
    pub fn settle(&self) {
        drop(self.wait_until_empty(self.book(), Duration::from_secs(2)));
    }

    fn wait_until_empty<'a>(&self, book: MutexGuard<'a, Book>, patience: Duration) -> MutexGuard<'a, Book> {
        let waited = self.left.wait_timeout_while(book, patience, |book| !book.seats.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl Seat {
    /// The connection waits for its client's next request.
    pub fn rest(&self) {
        self.waits.late.store(0, Ordering::Relaxed);
        self.waits.quiet.store(self.register.clock(), Ordering::SeqCst);
        // Whoever closes has either seen this, or is seen here.
        if self.register.is_closing() {
            self.end_reading();
        }
    }

    /// The connection is at work.
    pub fn work(&self) {
        self.waits.quiet.store(0, Ordering::SeqCst);
    }

    /// The client has so many bytes to send or to take, in its own time as long as nobody needs the place.
    pub fn waits_for(&self, bytes: usize) {
        let limits = &self.register.limits;
        let fair = limits.patience.saturating_add(limits.pace_of(bytes));
        let late = self.register.clock().saturating_add(u64::try_from(fair.as_millis()).unwrap_or(u64::MAX));
        self.waits.late.store(late, Ordering::Relaxed);
    }

    /// The client has done its part.
    pub fn waits_for_nothing(&self) {
        self.waits.late.store(0, Ordering::Relaxed);
    }

    fn end_reading(&self) {
        if let Some(entry) = self.register.book().seats.get(&self.number) {
            drop(entry.socket.end(Shutdown::Read));
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut book = self.register.book();
        if let Some(entry) = book.seats.remove(&self.number) {
            book.leaving -= usize::from(entry.evicted);
            if let Some(count) = book.by_address.get_mut(&entry.address) {
                *count -= 1;
                if *count == 0 {
                    book.by_address.remove(&entry.address);
                }
            }
        }
        drop(book);
        self.register.left.notify_all();
    }
}

/// A household has one address of the old kind, and 2⁶⁴ of the new.
fn of_one_household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        old @ IpAddr::V4(_) => old,
    }
}
