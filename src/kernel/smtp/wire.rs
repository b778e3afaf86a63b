//! The line to a mail server: every wait ends at a deadline, nothing is read without a limit, and TLS trusts only what it was told to.

use std::io::{Error as IoError, ErrorKind, Read, Result as IoResult, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, UNIX_EPOCH};

use lettre::transport::smtp::response::Response;
use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{CertificateError, ClientConfig, ClientConnection, Error as TlsError, InvalidMessage, RootCertStore, StreamOwned};

use crate::kernel::time::Clock;

/// Says "come to an end" to whoever is waiting for a mail server.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// From now on nobody waits longer than a few seconds more.
    pub fn set(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether it was said.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Why a conversation broke off.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Cut {
    /// The other end hung up.
    Closed,
    /// The deadline came first.
    Late,
    /// We were told to stop.
    Stopped,
    /// What came is no SMTP.
    NotSmtp,
    /// More came than was asked for, at a moment when nothing may come.
    OutOfStep,
    /// What came instead of TLS is none.
    NoTls,
    /// The name has no address, or none that may be used; in words.
    NoAddress(String),
    /// TLS did not come about; in words.
    Tls(String),
    /// The system's own words.
    Other(String),
}

/// How long one look at a silent line lasts before deadline and stop are asked again.
const SLICE: Duration = Duration::from_millis(100);
/// OPS-5: so long may what is in flight still take once we were told to stop.
const GRACE: Duration = Duration::from_secs(3);
/// One address of several is not waited for longer than this.
const CONNECT: Duration = Duration::from_secs(10);
/// The longest reply, in bytes; real ones have a few hundred.
const LONGEST_REPLY: usize = 16 * 1024;

/// A socket on which no read or write outlasts the deadline.
pub(super) struct Paced {
    socket: TcpStream,
    deadline: Instant,
    stop: Stop,
    hurried: bool,
}

impl Paced {
    fn arm(&mut self) -> IoResult<()> {
        let now = Instant::now();
        if self.stop.is_set() && !self.hurried {
            self.hurried = true;
            self.deadline = self.deadline.min(now + GRACE);
        }
        let left = self.deadline.saturating_duration_since(now);
        if left.is_zero() {
            return Err(IoError::new(ErrorKind::TimedOut, "the deadline has passed"));
        }
        let slice = Some(left.min(SLICE));
        self.socket.set_read_timeout(slice)?;
        self.socket.set_write_timeout(slice)
    }

    fn patiently<T>(&mut self, mut work: impl FnMut(&mut TcpStream) -> IoResult<T>) -> IoResult<T> {
        loop {
            self.arm()?;
            match work(&mut self.socket) {
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {}
                done => return done,
            }
        }
    }
}

impl Read for Paced {
    fn read(&mut self, buffer: &mut [u8]) -> IoResult<usize> {
        self.patiently(|socket| socket.read(buffer))
    }
}

impl Write for Paced {
    fn write(&mut self, buffer: &[u8]) -> IoResult<usize> {
        self.patiently(|socket| socket.write(buffer))
    }

    fn flush(&mut self) -> IoResult<()> {
        self.socket.flush()
    }
}

enum Stream {
    Plain(Paced),
    Tls(Box<StreamOwned<ClientConnection, Paced>>),
    /// Between the two.
    Gone,
}

/// A line to a mail server.
pub(super) struct Wire {
    stream: Stream,
    unread: Vec<u8>,
    stop: Stop,
}

impl Wire {
    /// Connects, to a loopback address alone where `loopback_only` says so.
    pub(super) fn connect(host: &str, port: u16, loopback_only: bool, deadline: Instant, stop: &Stop) -> Result<Self, Cut> {
        let addresses = resolve(host, port, deadline, stop)?;
        if loopback_only && addresses.iter().any(|address| !address.ip().is_loopback()) {
            return Err(Cut::NoAddress("is not this machine, and without encryption letters go to this machine only".to_owned()));
        }
        let mut failure = Cut::NoAddress("has no address".to_owned());
        for address in addresses {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || stop.is_set() {
                return Err(if stop.is_set() { Cut::Stopped } else { Cut::Late });
            }
            match TcpStream::connect_timeout(&address, left.min(CONNECT)) {
                Ok(socket) => {
                    socket.set_nodelay(true).map_err(|error| Cut::Other(plain(&error)))?;
                    let paced = Paced { socket, deadline, stop: stop.clone(), hurried: false };
                    return Ok(Self { stream: Stream::Plain(paced), unread: Vec::new(), stop: stop.clone() });
                }
                Err(error) if error.kind() == ErrorKind::TimedOut => failure = Cut::Late,
                Err(error) => failure = Cut::Other(plain(&error)),
            }
        }
        Err(failure)
    }

    /// From now on everything must be done by then.
    pub(super) fn set_deadline(&mut self, deadline: Instant) {
        match &mut self.stream {
            Stream::Plain(paced) => paced.deadline = deadline,
            Stream::Tls(tls) => tls.sock.deadline = deadline,
            Stream::Gone => {}
        }
    }

    /// Speaks TLS from here on. What came before it and was not read yet would be taken for an answer from inside, so it ends the
    /// conversation.
    pub(super) fn encrypt(&mut self, host: &str, authority: Option<&str>, clock: &Clock) -> Result<(), Cut> {
        if !self.unread.is_empty() {
            return Err(Cut::OutOfStep);
        }
        let Stream::Plain(paced) = std::mem::replace(&mut self.stream, Stream::Gone) else { return Err(Cut::OutOfStep) };
        let name = ServerName::try_from(host.to_owned()).map_err(|_| Cut::Tls(format!("{host} is no name of a server")))?;
        let config = client_config(authority, clock).map_err(Cut::Tls)?;
        let connection = ClientConnection::new(Arc::new(config), name).map_err(|error| Cut::Tls(error.to_string()))?;
        let mut stream = StreamOwned::new(connection, paced);
        while stream.conn.is_handshaking() {
            let done = stream.conn.complete_io(&mut stream.sock);
            done.map_err(|error| if is_no_tls(&error) { Cut::NoTls } else { self.cut(&error) })?;
        }
        self.stream = Stream::Tls(Box::new(stream));
        Ok(())
    }

    /// Sends a command and reads its reply. Nothing may have come before it was asked.
    pub(super) fn ask(&mut self, command: &str) -> Result<Response, Cut> {
        if !self.unread.is_empty() {
            return Err(Cut::OutOfStep);
        }
        self.send(command.as_bytes())?;
        self.reply()
    }

    /// Sends bytes as they are.
    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<(), Cut> {
        let sent = match &mut self.stream {
            Stream::Plain(paced) => paced.write_all(bytes).and_then(|()| paced.flush()),
            Stream::Tls(tls) => tls.write_all(bytes).and_then(|()| tls.flush()),
            Stream::Gone => return Err(Cut::Closed),
        };
        sent.map_err(|error| self.cut(&error))
    }

    /// Reads one reply, all its lines.
    pub(super) fn reply(&mut self) -> Result<Response, Cut> {
        let mut text = String::new();
        loop {
            let line = self.line(LONGEST_REPLY.saturating_sub(text.len()))?;
            let numbered = line.bytes().take(3).filter(u8::is_ascii_digit).count() == 3;
            if !numbered {
                return Err(Cut::NotSmtp);
            }
            let goes_on = line.get(3..4) == Some("-");
            text.push_str(&line);
            text.push_str("\r\n");
            if !goes_on {
                return text.parse().map_err(|_| Cut::NotSmtp);
            }
        }
    }

    /// One line without its end. What is not text in it is replaced.
    fn line(&mut self, at_most: usize) -> Result<String, Cut> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                let line = String::from_utf8_lossy(&line);
                return Ok(line.trim_end_matches(['\r', '\n']).replace(['\r', '\0'], " "));
            }
            if self.unread.len() > at_most {
                return Err(Cut::NotSmtp);
            }
            let mut piece = [0; 2_048];
            let read = match &mut self.stream {
                Stream::Plain(paced) => paced.read(&mut piece),
                Stream::Tls(tls) => tls.read(&mut piece),
                Stream::Gone => return Err(Cut::Closed),
            };
            match read {
                Ok(0) => return Err(Cut::Closed),
                Ok(count) => self.unread.extend(piece.iter().take(count)),
                Err(error) => return Err(self.cut(&error)),
            }
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's list, which grows")]
    fn cut(&self, error: &IoError) -> Cut {
        match error.kind() {
            _ if self.stop.is_set() => Cut::Stopped,
            ErrorKind::TimedOut => Cut::Late,
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => Cut::Closed,
            _ => match error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>()) {
                Some(error) => Cut::Tls(tls_words(error)),
                None => Cut::Other(plain(error)),
            },
        }
    }
}

/// The addresses of a name. The system's resolver knows no deadline, so it is asked by a thread of its own, which is left behind when it
/// takes too long.
fn resolve(host: &str, port: u16, deadline: Instant, stop: &Stop) -> Result<Vec<SocketAddr>, Cut> {
    if let Ok(address) = host.parse() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let (answer, addresses) = std::sync::mpsc::channel();
    let name = host.to_owned();
    let ask = move || {
        // Whoever asked may have gone.
        drop(answer.send((name.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>)));
    };
    std::thread::Builder::new().name("resolver".to_owned()).spawn(ask).map_err(|error| Cut::Other(plain(&error)))?;
    loop {
        match addresses.recv_timeout(SLICE) {
            Ok(Ok(found)) if !found.is_empty() => return Ok(found),
            Ok(_) => return Err(Cut::NoAddress("has no address".to_owned())),
            Err(_) if stop.is_set() => return Err(Cut::Stopped),
            Err(_) if deadline <= Instant::now() => return Err(Cut::Late),
            Err(_) => {}
        }
    }
}

/// TLS 1.2 and 1.3, name and chain checked against the given authority alone, or else against the publicly trusted ones.
fn client_config(authority: Option<&str>, clock: &Clock) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = match authority {
        Some(pem) => own_roots(pem)?,
        None => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
    };
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().map_err(|error| error.to_string())?;
    let config = ClientConfig::builder_with_details(provider, Arc::new(PortalTime(clock.clone())))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|error| error.to_string())?;
    Ok(config.with_webpki_verifier(verifier).with_no_client_auth())
}

/// The certificates of a PEM text as the only ones to trust; the error is a sentence.
pub(super) fn own_roots(pem: &str) -> Result<RootCertStore, String> {
    const NONE: &str = "This is no certificate in PEM form (a text that begins with -----BEGIN CERTIFICATE-----).";
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|_| NONE.to_owned())?;
        roots.add(certificate).map_err(|_| NONE.to_owned())?;
    }
    if roots.is_empty() { Err(NONE.to_owned()) } else { Ok(roots) }
}

/// ALL-6: certificates expire by the portal's clock.
#[derive(Debug)]
struct PortalTime(Clock);

impl TimeProvider for PortalTime {
    fn current_time(&self) -> Option<UnixTime> {
        let since = UNIX_EPOCH.checked_add(Duration::from_millis(u64::try_from(self.0.now().0).ok()?))?;
        since.duration_since(UNIX_EPOCH).ok().map(UnixTime::since_unix_epoch)
    }
}

/// Whether the very first byte was none of TLS, such as that of a greeting in the clear.
fn is_no_tls(error: &IoError) -> bool {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>());
    tls.is_some_and(|error| *error == TlsError::InvalidMessage(InvalidMessage::InvalidContentType))
}

fn tls_words(error: &TlsError) -> String {
    let TlsError::InvalidCertificate(certificate) = error else { return format!("no TLS came about: {error}") };
    #[expect(clippy::wildcard_enum_match_arm, reason = "another crate's list, which may grow")]
    match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "its certificate is not valid yet",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => "its certificate is for another name",
        CertificateError::UnknownIssuer => "its certificate comes from an authority that is not trusted here",
        CertificateError::Revoked => "its certificate was revoked",
        _ => return format!("its certificate cannot be trusted: {certificate}"),
    }
    .to_owned()
}

/// The system's words without their number.
fn plain(error: &IoError) -> String {
    let text = error.to_string().to_lowercase();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}
