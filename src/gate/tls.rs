//! TLS in the connection's own thread, under the same deadlines as everything else; and a clear word for whoever speaks plain HTTP to
//! an address that speaks TLS.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection};

use crate::gate::refusal::{self, Addressee};
use crate::gate::stream::{Timed, Wire, Wrap};
use crate::kernel::http::Response;

/// How much of a plain request is looked at for its host.
const PLAIN_HEAD: usize = 8 * 1_024;
/// How much more of it is read, and for how long, so that its sender gets to read the answer.
const PLAIN_REST: usize = 256 * 1_024;
const FAREWELL: Duration = Duration::from_secs(2);
/// For the protocol's last word to a client that may be gone.
const WORD: Duration = Duration::from_secs(1);

/// What is presented to new connections; it can be changed while the gate is open.
pub struct Tls {
    config: RwLock<Arc<ServerConfig>>,
    /// The `Host` values that are ours, for the word to whoever came without TLS.
    hosts: Vec<String>,
    dress: fn(Response) -> Response,
}

impl fmt::Debug for Tls {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Tls").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

impl Tls {
    /// Presents this to whoever connects. `dress` gives the word to plain clients the fields that every answer carries.
    pub fn new(config: Arc<ServerConfig>, hosts: Vec<String>, dress: fn(Response) -> Response) -> Self {
        Self { config: RwLock::new(config), hosts, dress }
    }

    /// Presents this from now on. Connections that are open keep what they began with; none is resumed.
    pub fn present(&self, config: Arc<ServerConfig>) {
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
    }

    fn presented(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Says in plain HTTP that this address speaks TLS, and where.
    fn turn_away(&self, mut socket: Timed<TcpStream>, first: u8) -> io::Error {
        let mut head = vec![first];
        let mut piece = [0_u8; 1_024];
        while head.len() < PLAIN_HEAD && !head.windows(4).any(|end| end == b"\r\n\r\n") {
            match socket.read(&mut piece) {
                Ok(0) => break,
                Ok(count) => head.extend_from_slice(piece.get(..count).unwrap_or_default()),
                Err(error) => return error,
            }
        }
        let word = self.word(&head);
        if let Err(error) = socket.write_all(&word) {
            return error;
        }
        socket.finish();
        // What is left unread would reset the connection, and the answer with it.
        socket.wait_until(Instant::now() + FAREWELL);
        let mut rest = PLAIN_REST;
        while rest > 0 {
            match socket.read(&mut piece) {
                Ok(0) | Err(_) => break,
                Ok(count) => rest = rest.saturating_sub(count),
            }
        }
        io::Error::new(ErrorKind::InvalidData, "plain HTTP at an address that speaks TLS")
    }

    /// The whole answer. The address is named only if the request's host is one of ours.
    fn word(&self, head: &[u8]) -> Vec<u8> {
        let mut room = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut room);
        let whole = matches!(request.parse(head), Ok(httparse::Status::Complete(_)));
        let host = request.headers.iter().filter(|_| whole).find(|field| field.name.eq_ignore_ascii_case("host")).map(|field| field.value);
        let host = host.and_then(|value| std::str::from_utf8(value).ok()).unwrap_or_default();
        // Whoever asks in plain HTTP for the port that https leaves out has to name it.
        let host = host.strip_suffix(":443").unwrap_or(host);
        let sentence = match self.hosts.iter().find(|known| known.eq_ignore_ascii_case(host)) {
            Some(known) => format!("This address speaks https. Go to https://{known}/ instead."),
            None => "This address speaks https.".to_owned(),
        };
        refusal::answer((400, "bad_request"), &sentence, self.dress, Addressee::of(head))
    }
}

impl Wrap for Tls {
    fn wrap(&self, mut socket: Timed<TcpStream>) -> io::Result<Box<dyn Wire>> {
        let mut first = [0_u8; 1];
        socket.read_exact(&mut first)?;
        // A handshake begins with 22; every method begins with a letter.
        if let [letter] = first
            && letter.is_ascii_alphabetic()
        {
            return Err(self.turn_away(socket, letter));
        }
        let mut session = ServerConnection::new(self.presented()).map_err(io::Error::other)?;
        session.read_tls(&mut first.as_slice())?;
        let mut wire = Encrypted { session, socket, finished: false };
        while wire.session.is_handshaking() {
            wire.take_in()?;
        }
        Ok(Box::new(wire))
    }
}

/// A client's bytes under TLS.
struct Encrypted {
    session: ServerConnection,
    socket: Timed<TcpStream>,
    finished: bool,
}

impl Encrypted {
    /// Takes in what the client sends next, and sends what the protocol answers: handshakes, new keys, alerts.
    fn take_in(&mut self) -> io::Result<()> {
        if self.session.read_tls(&mut self.socket)? == 0 && self.session.is_handshaking() {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let outcome = self.session.process_new_packets();
        // After an error this is the alert that says which.
        let sent = self.send_out();
        outcome.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        sent
    }

    fn send_out(&mut self) -> io::Result<()> {
        while self.session.wants_write() {
            if self.session.write_tls(&mut self.socket)? == 0 {
                return Err(ErrorKind::WriteZero.into());
            }
        }
        Ok(())
    }
}

impl Read for Encrypted {
    /// 0 after the client has said that nothing follows; a connection that just ends is an error, so that nothing cut off looks whole.
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.session.reader().read(into) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.take_in()?,
                done => return done,
            }
        }
    }
}

impl Write for Encrypted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.session.writer().write(bytes)?;
        self.send_out()?;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send_out()
    }
}

impl Wire for Encrypted {
    fn wait_until(&mut self, until: Instant) {
        self.socket.wait_until(until);
    }

    fn finish(&mut self) {
        self.finished = true;
        self.session.send_close_notify();
        // A client that is gone already is as finished as can be.
        drop(self.send_out());
        self.socket.finish();
    }
}

/// A connection that was idle for too long ends with the protocol's word as well; one with an answer stuck in it does not, since that
/// answer is not whole.
impl Drop for Encrypted {
    fn drop(&mut self) {
        if !self.finished && !self.session.is_handshaking() && !self.session.wants_write() {
            self.socket.wait_until(Instant::now() + WORD);
            self.finish();
        }
    }
}
