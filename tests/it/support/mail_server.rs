//! A small real mail server on loopback: it speaks SMTP, TLS and AUTH, keeps what it took, and misbehaves where it is told to.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How it speaks TLS.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tls {
    /// Not at all.
    None,
    /// After STARTTLS.
    Starts,
    /// From the first byte.
    First,
}

/// Which certificate it shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// One for `localhost` and 127.0.0.1, by the authority.
    Good,
    /// One for another name.
    OtherName,
    /// One that expired long ago.
    Expired,
    /// One by another authority.
    OtherAuthority,
}

/// A moment at which it may misbehave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Before its first word.
    Greeting,
    /// After EHLO.
    Hello,
    /// After STARTTLS.
    StartTls,
    /// After AUTH.
    Auth,
    /// After MAIL FROM.
    Sender,
    /// After RCPT TO.
    Receiver,
    /// After DATA.
    Data,
    /// In the middle of the letter.
    Middle,
    /// After the letter.
    End,
}

/// What it does at such a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Act {
    /// What it should.
    Well,
    /// Says this instead.
    Say(&'static str),
    /// Hangs up.
    Drop,
    /// Takes the letter and hangs up before it says so.
    TakeAndDrop,
    /// Takes the letter and says nothing more.
    TakeAndSilence,
    /// Says nothing more.
    Silence,
    /// Says its answer, a byte now and then.
    Drip,
    /// Says so many megabytes without a line's end.
    Flood(usize),
}

/// Where in its life it is: the moment, what the command said, and how many conversations there were before this one.
#[derive(Clone, Debug)]
pub struct Moment {
    /// Which.
    pub step: Step,
    /// The whole command.
    pub command: String,
    /// The conversation's number, from 0.
    pub conversation: usize,
    /// How many letters it has taken.
    pub taken: usize,
}

type Manner = dyn Fn(&Moment) -> Act + Send + Sync;

/// A letter that it took.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// From which address.
    pub from: String,
    /// To which.
    pub to: String,
    /// As it came, the dots undone.
    pub message: String,
    /// Whether by TLS.
    pub encrypted: bool,
    /// By whom, if somebody signed in.
    pub user: Option<String>,
    /// In which conversation, from 0.
    pub conversation: usize,
}

impl Arrived {
    /// A header's value.
    #[track_caller]
    pub fn header(&self, name: &str) -> String {
        let head = self.message.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
        let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(ToOwned::to_owned));
        found.unwrap_or_else(|| panic!("no {name} in {head}"))
    }
}

/// How it is made.
pub struct Making {
    tls: Tls,
    shown: Shown,
    mechanisms: &'static str,
    login: Option<(&'static str, &'static str)>,
    international: bool,
    manner: Box<Manner>,
}

/// The server.
pub struct MailServer {
    /// Where it listens.
    pub address: SocketAddr,
    inner: Arc<Inner>,
    listening: Option<JoinHandle<()>>,
}

struct Inner {
    making: Making,
    config: Arc<ServerConfig>,
    arrived: Mutex<Vec<Arrived>>,
    heard: Mutex<Vec<String>>,
    conversations: AtomicUsize,
    flooded: AtomicUsize,
    stop: AtomicBool,
}

/// No conversation of the server's lasts longer, so that no test can hang.
const LONGEST: Duration = Duration::from_secs(20);

impl MailServer {
    /// Plain SMTP, behaving well.
    pub fn plain() -> Making {
        Making { tls: Tls::None, shown: Shown::Good, mechanisms: "", login: None, international: false, manner: Box::new(|_| Act::Well) }
    }

    /// What it took so far.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.inner.arrived.lock().unwrap().clone()
    }

    /// Every command it heard, the letters' lines not among them.
    pub fn heard(&self) -> Vec<String> {
        self.inner.heard.lock().unwrap().clone()
    }

    /// How many conversations were begun.
    pub fn conversations(&self) -> usize {
        self.inner.conversations.load(Ordering::SeqCst)
    }

    /// How many bytes of a flood somebody let it send.
    pub fn flooded(&self) -> usize {
        self.inner.flooded.load(Ordering::SeqCst)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

impl Making {
    /// With TLS.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }

    /// With this certificate.
    pub fn shows(mut self, shown: Shown) -> Self {
        self.shown = shown;
        self
    }

    /// Takes letters only from who signs in by one of these.
    pub fn wants(mut self, mechanisms: &'static str, user: &'static str, password: &'static str) -> Self {
        (self.mechanisms, self.login) = (mechanisms, Some((user, password)));
        self
    }

    /// Takes addresses of any script.
    pub fn international(mut self) -> Self {
        self.international = true;
        self
    }

    /// Does so at each moment.
    pub fn manner(mut self, manner: impl Fn(&Moment) -> Act + Send + Sync + 'static) -> Self {
        self.manner = Box::new(manner);
        self
    }

    /// Does this at that step, whenever it comes.
    pub fn at(self, step: Step, act: Act) -> Self {
        self.manner(move |moment| if moment.step == step { act.clone() } else { Act::Well })
    }

    /// Listens on a free port until it is dropped.
    pub fn start(self) -> MailServer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("it does not block");
        let address = listener.local_addr().expect("its address");
        let inner = Arc::new(Inner {
            config: server_config(self.shown),
            making: self,
            arrived: Mutex::default(),
            heard: Mutex::default(),
            conversations: AtomicUsize::new(0),
            flooded: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
        });
        let own = Arc::clone(&inner);
        let listening = std::thread::spawn(move || {
            let mut talking = Vec::new();
            while !own.stop.load(Ordering::SeqCst) {
                match listener.accept() {
                    Ok((socket, _)) => {
                        let own = Arc::clone(&own);
                        let number = own.conversations.fetch_add(1, Ordering::SeqCst);
                        talking.push(std::thread::spawn(move || Talk::begin(&own, socket, number)));
                    }
                    Err(_) => std::thread::sleep(Duration::from_millis(5)),
                }
            }
            for talk in talking {
                drop(talk.join());
            }
        });
        MailServer { address, inner, listening: Some(listening) }
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.inner.stop.store(true, Ordering::SeqCst);
        if let Some(listening) = self.listening.take() {
            drop(listening.join());
        }
    }
}

/// The authority that tests trust, as PEM.
pub fn authority() -> &'static str {
    &authorities().0.2
}

struct Signing(CertificateParams, KeyPair, String);

fn authorities() -> &'static (Signing, Signing) {
    static BOTH: OnceLock<(Signing, Signing)> = OnceLock::new();
    BOTH.get_or_init(|| {
        let make = |name: &str| {
            let mut params = CertificateParams::new(Vec::new()).expect("parameters");
            params.distinguished_name.push(rcgen::DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let key = KeyPair::generate().expect("a key");
            let pem = params.self_signed(&key).expect("a certificate").pem();
            Signing(params, key, pem)
        };
        (make("Trusted in tests"), make("Trusted by nobody"))
    })
}

fn server_config(shown: Shown) -> Arc<ServerConfig> {
    let names: &[&str] = if shown == Shown::OtherName { &["elsewhere.example"] } else { &["localhost", "127.0.0.1"] };
    let mut params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).expect("parameters");
    if shown == Shown::Expired {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    }
    let (trusted, other) = authorities();
    let by = if shown == Shown::OtherAuthority { other } else { trusted };
    let key = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&key, &Issuer::from_params(&by.0, &by.1)).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a certificate");
    Arc::new(config)
}

enum Line {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

/// One conversation; `None` anywhere ends it.
struct Talk<'a> {
    inner: &'a Inner,
    line: Line,
    unread: Vec<u8>,
    number: usize,
    user: Option<String>,
    until: Instant,
}

impl<'a> Talk<'a> {
    fn begin(inner: &'a Inner, socket: TcpStream, number: usize) {
        socket.set_nonblocking(false).expect("it blocks");
        socket.set_read_timeout(Some(Duration::from_millis(20))).expect("a limit");
        let line = if inner.making.tls == Tls::First { encrypted(inner, socket) } else { Line::Plain(socket) };
        let mut talk = Talk { inner, line, unread: Vec::new(), number, user: None, until: Instant::now() + LONGEST };
        // However it ended, it is over.
        let _ = talk.hold();
    }

    fn hold(&mut self) -> Option<()> {
        self.act(Step::Greeting, "", "220 test mail server")?;
        let (mut from, mut to) = (String::new(), String::new());
        loop {
            let command = self.read_line()?;
            self.inner.heard.lock().unwrap().push(command.clone());
            let word = command.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            match word.as_str() {
                "EHLO" => self.hello(&command)?,
                "STARTTLS" => self.start_tls(&command)?,
                "AUTH" => self.sign_in(&command)?,
                "MAIL" if self.inner.making.login.is_some() && self.user.is_none() => self.say("530 5.7.0 sign in first")?,
                "MAIL" if !from.is_empty() => self.say("503 5.5.1 one letter at a time")?,
                "MAIL" => {
                    if self.act(Step::Sender, &command, "250 2.1.0 ok")? {
                        from = in_brackets(&command);
                    }
                }
                "RCPT" => {
                    to = in_brackets(&command);
                    self.act(Step::Receiver, &command, "250 2.1.5 ok")?;
                }
                "DATA" => {
                    if self.act(Step::Data, &command, "354 go on")? {
                        self.letter(&from, &to)?;
                        from.clear();
                    }
                }
                "RSET" => {
                    from.clear();
                    self.say("250 2.0.0 ok")?;
                }
                "QUIT" => {
                    self.say("221 2.0.0 goodbye")?;
                    return None;
                }
                _ => self.say("500 5.5.1 unknown")?,
            }
        }
    }

    fn hello(&mut self, command: &str) -> Option<()> {
        let mut lines = vec!["250-test mail server".to_owned()];
        if self.inner.making.tls == Tls::Starts && matches!(self.line, Line::Plain(_)) {
            lines.push("250-starttls".to_owned());
        }
        if !self.inner.making.mechanisms.is_empty() && (self.inner.making.tls == Tls::None || matches!(self.line, Line::Tls(_))) {
            lines.push(format!("250-AUTH {}", self.inner.making.mechanisms));
        }
        if self.inner.making.international {
            lines.push("250-SMTPUTF8".to_owned());
        }
        lines.push("250 8BITMIME".to_owned());
        self.act(Step::Hello, command, &lines.join("\r\n")).map(drop)
    }

    fn start_tls(&mut self, command: &str) -> Option<()> {
        if !self.act(Step::StartTls, command, "220 2.0.0 go on")? {
            return Some(());
        }
        let Line::Plain(socket) = &self.line else { return None };
        self.line = encrypted(self.inner, socket.try_clone().ok()?);
        Some(())
    }

    fn sign_in(&mut self, command: &str) -> Option<()> {
        let (user, password) = if command.to_uppercase().starts_with("AUTH PLAIN ") {
            let told = STANDARD.decode(&command["AUTH PLAIN ".len()..]).ok()?;
            let mut parts = told.split(|byte| *byte == 0).map(|part| String::from_utf8_lossy(part).into_owned());
            (parts.nth(1)?, parts.next()?)
        } else {
            self.say(&format!("334 {}", STANDARD.encode("Username:")))?;
            let user = String::from_utf8(STANDARD.decode(self.read_line()?).ok()?).ok()?;
            self.say(&format!("334 {}", STANDARD.encode("Password:")))?;
            (user, String::from_utf8(STANDARD.decode(self.read_line()?).ok()?).ok()?)
        };
        if self.inner.making.login.is_some_and(|known| known == (user.as_str(), password.as_str())) {
            self.user = Some(user);
            self.act(Step::Auth, command, "235 2.7.0 welcome").map(drop)
        } else {
            self.say("535 5.7.8 user name or password wrong")
        }
    }

    fn letter(&mut self, from: &str, to: &str) -> Option<()> {
        let mut lines = Vec::new();
        loop {
            let line = self.read_line()?;
            if line == "." {
                break;
            }
            lines.push(line.strip_prefix('.').unwrap_or(&line).to_owned());
            if lines.len() == 2 && self.decide(Step::Middle, "") == Act::Drop {
                return None;
            }
        }
        let arrived = Arrived {
            from: from.to_owned(),
            to: to.to_owned(),
            message: lines.join("\r\n"),
            encrypted: matches!(self.line, Line::Tls(_)),
            user: self.user.clone(),
            conversation: self.number,
        };
        let act = self.decide(Step::End, to);
        if matches!(act, Act::Well | Act::TakeAndDrop | Act::TakeAndSilence) {
            self.inner.arrived.lock().unwrap().push(arrived);
        }
        self.perform(&act, "250 2.0.0 taken as 4711").map(drop)
    }

    fn decide(&self, step: Step, command: &str) -> Act {
        let taken = self.inner.arrived.lock().unwrap().len();
        (self.inner.making.manner)(&Moment { step, command: command.to_owned(), conversation: self.number, taken })
    }

    /// Whether it did well.
    fn act(&mut self, step: Step, command: &str, well: &str) -> Option<bool> {
        let act = self.decide(step, command);
        self.perform(&act, well)
    }

    fn perform(&mut self, act: &Act, well: &str) -> Option<bool> {
        match act {
            Act::Well => self.say(well).map(|()| true),
            Act::Say(words) => self.say(words).map(|()| false),
            Act::Drop | Act::TakeAndDrop => None,
            Act::Silence | Act::TakeAndSilence => {
                self.wait(LONGEST);
                None
            }
            Act::Drip => {
                for byte in well.bytes() {
                    self.write(&[byte])?;
                    self.wait(Duration::from_millis(400))?;
                }
                self.say("").map(|()| true)
            }
            Act::Flood(megabytes) => {
                for _ in 0..megabytes * 16 {
                    self.write(&vec![b'2'; 65_536])?;
                    self.inner.flooded.fetch_add(65_536, Ordering::SeqCst);
                }
                self.say("").map(|()| true)
            }
        }
    }

    fn wait(&self, how_long: Duration) -> Option<()> {
        let end = (Instant::now() + how_long).min(self.until);
        while Instant::now() < end {
            if self.inner.stop.load(Ordering::SeqCst) {
                return None;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        (Instant::now() < self.until).then_some(())
    }

    fn say(&mut self, words: &str) -> Option<()> {
        self.write(format!("{words}\r\n").as_bytes())
    }

    fn write(&mut self, bytes: &[u8]) -> Option<()> {
        match &mut self.line {
            Line::Plain(socket) => socket.write_all(bytes).ok(),
            Line::Tls(tls) => tls.write_all(bytes).and_then(|()| tls.flush()).ok(),
        }
    }

    fn read_line(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.unread.windows(2).position(|pair| pair == b"\r\n") {
                let line: Vec<u8> = self.unread.drain(..end + 2).collect();
                return String::from_utf8(line[..end].to_vec()).ok();
            }
            if self.inner.stop.load(Ordering::SeqCst) || self.until < Instant::now() {
                return None;
            }
            let mut piece = [0; 4_096];
            let read = match &mut self.line {
                Line::Plain(socket) => socket.read(&mut piece),
                Line::Tls(tls) => tls.read(&mut piece),
            };
            match read {
                Ok(0) => return None,
                Ok(count) => self.unread.extend(&piece[..count]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => return None,
            }
        }
    }
}

fn encrypted(inner: &Inner, socket: TcpStream) -> Line {
    let connection = ServerConnection::new(Arc::clone(&inner.config)).expect("TLS");
    Line::Tls(Box::new(StreamOwned::new(connection, socket)))
}

fn in_brackets(command: &str) -> String {
    command.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address.to_owned()).unwrap_or_default()
}
