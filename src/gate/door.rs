//! The accept loop: it never ends by itself.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use crate::gate::hall::{Engine, Left, Way};
use crate::gate::limits::Rules;
use crate::gate::pool::Pool;
use crate::gate::refusal::{Addressee, Refusal};
use crate::gate::register::Register;
use crate::gate::visit::{self, House};

/// How long the loop rests after an error that may last, such as too few descriptors.
const PAUSE: Duration = Duration::from_millis(50);
/// A connection's thread needs little: its buffers are elsewhere.
const STACK: usize = 512 * 1_024;
/// So many connections that were turned away are seen off at once, so that they can read why; fewer where descriptors are few.
const TURNED_AWAY: usize = 32;
/// How long that may take for each.
const MOMENT: Duration = Duration::from_millis(100);

/// An open gate.
pub struct Door {
    house: Arc<House>,
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Door {
    /// Opens the inner side and then the gate. The listener stands already.
    pub fn open(listener: TcpListener, rules: Rules, engine: Arc<dyn Engine>, way: Way) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let pool = Pool::open(engine, way, rules.limits.in_flight)?;
        let register = Register::new(rules.limits);
        let house = Arc::new(House { rules, pool, register, bodies: AtomicUsize::new(0) });
        let filling = Arc::clone(&house);
        Builder::new().name("pool".to_owned()).stack_size(STACK).spawn(move || filling.pool.fill())?;
        let inside = Arc::clone(&house);
        let accepting = Builder::new().name("gate".to_owned()).spawn(move || accept(&inside, &listener))?;
        Ok(Self { house, address, accepting })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes: nobody new comes in, quiet connections end, requests in flight are finished, for as long as the drain may take.
    pub fn close(self) -> Left {
        let house = &self.house;
        house.register.begin_closing();
        if self.wake() && self.accepting.join().is_err() {
            eprintln!("the accept loop ended in a panic");
        }
        let cut_off = house.register.drain();
        if cut_off > 0 {
            eprintln!("{cut_off} connections did not finish in time and were cut off");
        }
        let left = house.pool.close();
        house.register.settle();
        left
    }

    /// The accept loop waits for a connection: this is one. Whether the loop sees that it is over.
    fn wake(&self) -> bool {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { IpAddr::V6(Ipv6Addr::LOCALHOST) });
        }
        // Without a descriptor for it the loop is in its pauses, and looks up after each.
        TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok() || {
            std::thread::sleep(PAUSE * 2);
            self.accepting.is_finished()
        }
    }
}

fn accept(house: &Arc<House>, listener: &TcpListener) {
    let (turned_away, waiting) = sync_channel(TURNED_AWAY.min(house.rules.limits.connections / 4));
    let inside = Arc::clone(house);
    let usher = Builder::new().name("usher".to_owned()).stack_size(STACK).spawn(move || see_off(&inside, &waiting));
    if usher.is_err() {
        eprintln!("no thread for connections that are turned away; they are closed at once");
    }
    loop {
        let accepted = listener.accept();
        if house.register.is_closing() {
            return;
        }
        match accepted {
            Ok((socket, peer)) => welcome(house, socket, peer.ip().to_canonical(), &turned_away),
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
}

/// Gives a connection its place and its thread. What fails here costs this connection only.
fn welcome(house: &Arc<House>, socket: TcpStream, peer: IpAddr, turned_away: &SyncSender<TcpStream>) {
    if socket.set_nodelay(true).is_err() {
        return;
    }
    let socket = Arc::new(socket);
    let known = peer.is_loopback() || house.rules.trusted_proxy == Some(peer);
    let Some(seat) = house.register.admit(&socket, peer, known) else {
        if let Some(socket) = Arc::into_inner(socket)
            && house.rules.wrap.is_none()
        {
            turn_away(house, socket, turned_away);
        }
        return;
    };
    let inside = Arc::clone(house);
    let thread = Builder::new().name("guest".to_owned()).stack_size(STACK);
    if thread.spawn(move || visit::attend(&inside, &seat, socket, peer)).is_err() {
        eprintln!("no thread for a connection");
    }
}

/// Says that there is no place. Nothing here waits.
fn turn_away(house: &House, mut socket: TcpStream, turned_away: &SyncSender<TcpStream>) {
    if socket.set_nonblocking(true).is_ok() {
        drop(socket.write(&Refusal::FULL.bytes(house.rules.dress, Addressee::default())));
        drop(socket.shutdown(Shutdown::Write));
        // Where too many are seen off already, this one is closed, and may not read why.
        drop(turned_away.try_send(socket));
    }
}

/// Listens a moment to each connection that was turned away: one that is closed with something unread in it takes back what was sent.
fn see_off(house: &House, turned_away: &Receiver<TcpStream>) {
    let mut unread = [0; 4_096];
    for mut socket in turned_away {
        let until = Instant::now() + MOMENT;
        let ready = socket.set_nonblocking(false).and_then(|()| socket.set_read_timeout(Some(MOMENT)));
        while ready.is_ok()
            && !house.register.is_closing()
            && Instant::now() < until
            && socket.read(&mut unread).is_ok_and(|count| count > 0)
        {}
    }
}
