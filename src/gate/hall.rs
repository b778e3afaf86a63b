//! Where the server behind the gate is reached: its private socket, built again when nobody answers there any more.

use std::io::{self, ErrorKind, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
#[cfg(unix)]
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};
use tempfile::TempDir;

use crate::gate::answer::{Answer, Wish};
use crate::gate::reader::PASS_FIELD;
use crate::gate::stream::{Raw, Timed};
use crate::gate::tray::Tray;

/// What a new inner connection asks. No client's target can be this one.
pub const PROBE: &str = "*";
/// How long it may take to answer.
const PROOF: Duration = Duration::from_secs(2);
/// The listener is built at most this often.
const REBUILD: Duration = Duration::from_secs(1);
/// What an answer is read through, in bytes.
const BUFFER: usize = 32 * 1_024;
/// A path that every unix system takes as a socket's.
const SOCKET_PATH: usize = 90;

/// How the gate reaches the server behind.
#[derive(Clone, Debug)]
pub enum Way {
    /// By a socket in a folder that only this user can enter.
    #[cfg(unix)]
    Private,
    /// By a port of this machine, where every request shows this pass: for systems without such sockets.
    Loopback(String),
}

/// Where the server behind listens.
#[derive(Debug)]
pub enum Listener {
    /// On a private socket.
    #[cfg(unix)]
    Private(UnixListener),
    /// On a port of this machine.
    Loopback(TcpListener),
}

/// The server behind.
pub trait Engine: Send + Sync {
    /// Answers on this listener from now on, `PROBE` with 204. What came in on the one before is still answered.
    fn serve(&self, listener: Listener) -> io::Result<()>;
    /// Ends. What is being worked on is given a moment; whether it was finished.
    fn end(&self) -> Left;
}

/// What an end leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Left {
    /// Everything that was begun is finished.
    Nothing,
    /// Something is being worked on still.
    Work,
}

/// The inner side's socket.
#[derive(Debug)]
pub enum Inner {
    /// To a private socket.
    #[cfg(unix)]
    Private(UnixStream),
    /// To a port of this machine.
    Loopback(TcpStream),
}

impl Inner {
    fn raw(&self) -> &dyn Raw {
        match self {
            #[cfg(unix)]
            Self::Private(socket) => socket,
            Self::Loopback(socket) => socket,
        }
    }
}

impl Raw for Inner {
    fn receive(&self, into: &mut [u8]) -> io::Result<usize> {
        self.raw().receive(into)
    }
    fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        self.raw().send(bytes)
    }
    fn receive_within(&self, left: Duration) -> io::Result<()> {
        self.raw().receive_within(left)
    }
    fn send_within(&self, left: Duration) -> io::Result<()> {
        self.raw().send_within(left)
    }
    fn end(&self, how: Shutdown) -> io::Result<()> {
        self.raw().end(how)
    }
}

/// An inner connection that has answered.
#[derive(Debug)]
pub struct Line {
    socket: Timed<Inner>,
    buffer: Vec<u8>,
    /// Which listener it leads to, counted from 1.
    pub generation: u64,
}

impl Line {
    /// Sends a whole request and takes back the whole answer. After an error the line is of no more use.
    pub fn ask(&mut self, request: &[u8], tray: Option<&Tray<'_>>, wish: Wish, folder: &Path, until: Instant) -> io::Result<Answer> {
        self.socket.wait_until(until);
        self.socket.write_all(request)?;
        Answer::read(&mut self.socket, &mut self.buffer, tray, wish, folder)
    }

    /// The socket, for whoever has to end it from outside.
    pub const fn socket(&self) -> &Arc<Inner> {
        self.socket.raw()
    }
}

/// Where the server behind is reached.
pub struct Hall {
    engine: Arc<dyn Engine>,
    way: Way,
    folder: TempDir,
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    address: Option<Address>,
    generation: u64,
    built: Option<Instant>,
    closed: bool,
}

enum Address {
    #[cfg(unix)]
    Private(PathBuf),
    Loopback(SocketAddr),
}

impl Hall {
    /// Nothing listens yet.
    pub fn new(engine: Arc<dyn Engine>, way: Way) -> io::Result<Self> {
        Ok(Self { engine, way, folder: private_folder()?, now: Mutex::default() })
    }

    /// The folder of the gate's own files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What every request on the way must show, if anything.
    pub const fn pass(&self) -> Option<&str> {
        match &self.way {
            #[cfg(unix)]
            Way::Private => None,
            Way::Loopback(pass) => Some(pass.as_str()),
        }
    }

    /// Ends the server behind, and leaves no file.
    pub fn close(&self) -> Left {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        let left = self.engine.end();
        // Not left to the last connection's thread, which the process may not wait for.
        drop(std::fs::remove_dir_all(self.folder.path()));
        left
    }

    /// A new line that has answered. They are opened one at a time, since the server behind may leave one of two that come together
    /// without a thread. Where nobody answers, the listener is built again.
    pub fn open_line(&self) -> io::Result<Line> {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if now.closed {
            return Err(ErrorKind::NotConnected.into());
        }
        for _ in 0..2 {
            if let Some(address) = &now.address
                && let Ok(line) = self.connect(address, now.generation)
            {
                return Ok(line);
            }
        }
        if let Some(built) = now.built {
            // Without a descriptor to be had it is not the listener's fault.
            drop(Socket::new(Domain::IPV4, Type::STREAM, None)?);
            eprintln!("the inner server does not answer; it is started again");
            std::thread::sleep(REBUILD.saturating_sub(built.elapsed()));
        }
        now.built = Some(Instant::now());
        now.generation += 1;
        let (listener, address) = self.listener(now.generation)?;
        self.engine.serve(listener)?;
        let line = self.connect(&address, now.generation);
        now.address = Some(address);
        line
    }

    fn listener(&self, generation: u64) -> io::Result<(Listener, Address)> {
        match &self.way {
            #[cfg(unix)]
            Way::Private => {
                let path = self.folder.path().join(format!("{generation}.socket"));
                Ok((Listener::Private(UnixListener::bind(&path)?), Address::Private(path)))
            }
            Way::Loopback(_) => {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
                let address = listener.local_addr()?;
                Ok((Listener::Loopback(listener), Address::Loopback(address)))
            }
        }
    }

    fn connect(&self, address: &Address, generation: u64) -> io::Result<Line> {
        let until = Instant::now() + PROOF;
        let inner = match address {
            #[cfg(unix)]
            Address::Private(path) => Inner::Private(UnixStream::connect(path)?),
            Address::Loopback(address) => {
                let socket = TcpStream::connect_timeout(address, PROOF)?;
                socket.set_nodelay(true)?;
                Inner::Loopback(socket)
            }
        };
        let mut line = Line { socket: Timed::new(Arc::new(inner), until), buffer: vec![0; BUFFER], generation };
        let pass = self.pass().map(|pass| format!("{PASS_FIELD}: {pass}\r\n")).unwrap_or_default();
        let probe = format!("GET {PROBE} HTTP/1.1\r\n{pass}\r\n");
        let wish = Wish { head_only: false, last: false };
        let answer = line.ask(probe.as_bytes(), None, wish, self.folder.path(), until)?;
        if answer.status() == 204 { Ok(line) } else { Err(ErrorKind::InvalidData.into()) }
    }
}

/// A new folder that only this user can enter, at a path that is short enough for a socket's name.
fn private_folder() -> io::Result<TempDir> {
    let make = |place: &Path| {
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(<std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o700));
        builder.prefix("portico-gate-").tempdir_in(place)
    };
    let usual = std::env::temp_dir();
    if cfg!(unix) && usual.as_os_str().len() > SOCKET_PATH - 30 { make(Path::new("/tmp")) } else { make(&usual) }
}
