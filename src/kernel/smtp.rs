//! A conversation with a mail server (MAI-1): opened once, then one letter after the other.
//!
//! The grammar of commands and replies is lettre's. The line under it is ours (`wire`), because lettre's own waits as long for each
//! byte as for a whole reply, reads a line of any length, takes what came before STARTTLS for an answer from inside TLS, and hangs up
//! after one refused receiver.

use std::time::{Duration, Instant};

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::commands::{Auth, Data, Ehlo, Mail, Quit, Rcpt, Rset, Starttls};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter, ServerInfo};
use lettre::transport::smtp::response::Response;

use crate::kernel::time::Clock;
use crate::text_enum;

mod replies;
mod wire;

use replies::{accepted, broken, on_the_wire, said};
pub use wire::Stop;
use wire::{Cut, Wire};

text_enum!(
    /// How the line to the mail server is kept from others.
    Security {
        /// TLS after STARTTLS, which the server must offer.
        StartTls = "starttls",
        /// TLS from the first byte.
        Tls = "tls",
        /// Not at all: to a mail server on this machine only.
        Plain = "none",
    }
);

impl Security {
    /// The port that is usual for it.
    pub const fn usual_port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::Plain => 25,
        }
    }
}

/// A name and password for the mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The user's name there.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Login of {}", self.user)
    }
}

/// A mail server and how to speak to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Server {
    /// Its name or address; its certificate must bear it.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line is kept from others.
    pub security: Security,
    /// Who we are there, if it wants to know.
    pub login: Option<Login>,
    /// The only authority whose certificates count, as PEM; the publicly trusted ones if there is none.
    pub authority: Option<String>,
}

/// How long a mail server is waited for, whatever it does meanwhile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Patience {
    /// Until it is ready to take letters.
    pub opening: Duration,
    /// For one letter, until it has said that it took it.
    pub letter: Duration,
}

impl Patience {
    /// For letters on their way. Filters behind a mail server may think for a minute before it answers.
    pub const DELIVERY: Self = Self { opening: Duration::from_secs(30), letter: Duration::from_mins(2) };
    /// While a person waits for a test letter.
    pub const TEST: Self = Self { opening: Duration::from_secs(10), letter: Duration::from_secs(10) };
}

/// Where in the conversation something went wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Before it was ready: name, connection, TLS, greeting.
    Opening,
    /// It did not take user name and password.
    SignIn,
    /// It did not take the sender's address.
    Sender,
    /// It did not take the receiver's address.
    Receiver,
    /// It did not take the letter.
    Content,
}

/// What went wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// Where.
    pub stage: Stage,
    /// The reply's number; none when there was no reply.
    pub code: Option<u16>,
    /// The reply's finer number, such as `5.1.1`; empty when it had none.
    pub status: String,
    /// In a sentence for people, with what the server said.
    pub sentence: String,
    /// Whether we hung up ourselves because the portal stops.
    pub stopped: bool,
}

/// Whether a text can be used as an authority of certificates; the error is a sentence.
pub fn check_authority(pem: &str) -> Result<(), String> {
    wire::own_roots(pem).map(drop)
}

/// Whether a host is this machine by its very name.
pub fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An open conversation.
pub struct Session {
    wire: Wire,
    place: String,
    info: ServerInfo,
    patience: Duration,
    usable: bool,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Session with {}", self.place)
    }
}

impl Session {
    /// Connects, encrypts and signs in, all within the patience. `me` is how we introduce ourselves: a domain.
    pub fn open(server: &Server, me: &str, patience: Patience, clock: &Clock, stop: &Stop) -> Result<Self, Trouble> {
        Self::begin(server, me, patience, clock, stop).map_err(|mut trouble| {
            if trouble.stage == Stage::Opening && trouble.code.is_none() {
                trouble.sentence.push_str(usual_elsewhere(server).unwrap_or_default());
            }
            trouble
        })
    }

    fn begin(server: &Server, me: &str, patience: Patience, clock: &Clock, stop: &Stop) -> Result<Self, Trouble> {
        let place = format!("{}:{}", server.host, server.port);
        let cut = |cut: &Cut| broken(&place, Stage::Opening, cut);
        let deadline = Instant::now() + patience.opening;
        let plain = server.security == Security::Plain;
        let mut wire = Wire::connect(&server.host, server.port, plain, deadline, stop).map_err(|error| cut(&error))?;
        if server.security == Security::Tls {
            let encrypted = wire.encrypt(&server.host, server.authority.as_deref(), clock);
            encrypted.map_err(|error| if error == Cut::NoTls { begins_without_tls(server, &place) } else { cut(&error) })?;
        }
        let greeting = wire.reply().map_err(|error| cut(&error))?;
        accepted(&place, Stage::Opening, greeting, 2)?;
        let info = hello(&mut wire, &place, me)?;
        let mut session = Self { wire, place, info, patience: patience.letter, usable: true };
        if server.security == Security::StartTls {
            session.start_tls(server, me, clock)?;
        }
        if let Some(login) = &server.login {
            session.sign_in(login)?;
        }
        Ok(session)
    }

    fn start_tls(&mut self, server: &Server, me: &str, clock: &Clock) -> Result<(), Trouble> {
        if !self.info.supports_feature(Extension::StartTls) {
            let sentence = format!("{} offers no encryption (STARTTLS), so nothing was sent to it.", self.place);
            return Err(Trouble { stage: Stage::Opening, code: None, status: String::new(), sentence, stopped: false });
        }
        self.command(Stage::Opening, &Starttls.to_string(), 2)?;
        let encrypted = self.wire.encrypt(&server.host, server.authority.as_deref(), clock);
        encrypted.map_err(|error| broken(&self.place, Stage::Opening, &error))?;
        // What it said before is worth nothing: anybody could have said it.
        self.info = hello(&mut self.wire, &self.place, me)?;
        Ok(())
    }

    fn sign_in(&mut self, login: &Login) -> Result<(), Trouble> {
        let known = [Mechanism::Plain, Mechanism::Login];
        let refused = |sentence| Trouble { stage: Stage::SignIn, code: None, status: String::new(), sentence, stopped: false };
        let Some(mechanism) = self.info.get_auth_mechanism(&known) else {
            return Err(refused(format!("{} offers no way to sign in with a user name and a password.", self.place)));
        };
        let odd = || refused(format!("{} asked something unknown while signing in.", self.place));
        let credentials = Credentials::new(login.user.clone(), login.password.clone());
        let mut command = Auth::new(mechanism, credentials.clone(), None).map_err(|_| odd())?;
        for _ in 0..4 {
            let reply = self.wire.ask(&command.to_string()).map_err(|error| broken(&self.place, Stage::SignIn, &error))?;
            if !reply.has_code(334) {
                return accepted(&self.place, Stage::SignIn, reply, 2).map(drop);
            }
            command = Auth::new_from_response(mechanism, credentials.clone(), &reply).map_err(|_| odd())?;
        }
        Err(odd())
    }

    /// Hands a letter over; what the server said when it took it. After trouble the conversation may go on if `is_usable` says so.
    pub fn send(&mut self, from: &Address, to: &Address, message: &[u8]) -> Result<String, Trouble> {
        self.wire.set_deadline(Instant::now() + self.patience);
        let foreign = |address: &Address| !AsRef::<str>::as_ref(address).is_ascii();
        let international = foreign(from) || foreign(to);
        if international && !self.info.supports_feature(Extension::SmtpUtfEight) {
            let sentence = format!("{} takes no addresses with letters other than A to Z.", self.place);
            let stage = if foreign(from) { Stage::Sender } else { Stage::Receiver };
            return Err(Trouble { stage, code: Some(553), status: "5.6.7".to_owned(), sentence, stopped: false });
        }
        let parameters = if international { vec![MailParameter::SmtpUtfEight] } else { Vec::new() };
        self.before_the_letter(Stage::Sender, &Mail::new(Some(from.clone()), parameters).to_string(), 2)?;
        self.before_the_letter(Stage::Receiver, &Rcpt::new(to.clone(), Vec::new()).to_string(), 2)?;
        self.before_the_letter(Stage::Content, &Data.to_string(), 3)?;
        let sent = self.wire.send(&on_the_wire(message)).and_then(|()| self.wire.reply());
        let reply = sent.map_err(|error| self.lost(Stage::Content, &error))?;
        self.usable = !reply.has_code(421);
        let said = said(&reply);
        accepted(&self.place, Stage::Content, reply, 2)?;
        Ok(said)
    }

    /// Whether another letter can follow.
    pub const fn is_usable(&self) -> bool {
        self.usable
    }

    /// Says goodbye, without waiting long for an answer.
    pub fn close(mut self) {
        if self.usable {
            self.wire.set_deadline(Instant::now() + Duration::from_secs(1));
            // It is over either way.
            drop(self.wire.ask(&Quit.to_string()));
        }
    }

    /// A command before the letter itself: when it is refused, what was begun is dropped, so that another letter can follow.
    fn before_the_letter(&mut self, stage: Stage, command: &str, kind: u16) -> Result<(), Trouble> {
        let Err(trouble) = self.command(stage, command, kind) else { return Ok(()) };
        if self.usable && self.command(stage, &Rset.to_string(), 2).is_err() {
            self.usable = false;
        }
        Err(trouble)
    }

    fn command(&mut self, stage: Stage, command: &str, kind: u16) -> Result<Response, Trouble> {
        let reply = self.wire.ask(command).map_err(|error| self.lost(stage, &error))?;
        self.usable = !reply.has_code(421);
        accepted(&self.place, stage, reply, kind)
    }

    fn lost(&mut self, stage: Stage, cut: &Cut) -> Trouble {
        self.usable = false;
        broken(&self.place, stage, cut)
    }
}

/// The port does not begin with TLS: what to try instead.
fn begins_without_tls(server: &Server, place: &str) -> Trouble {
    let or = if server.port == Security::Tls.usual_port() { "" } else { ", or port 465" };
    let sentence = format!("{place} does not begin with TLS. Try STARTTLS{or}.");
    Trouble { stage: Stage::Opening, code: None, status: String::new(), sentence, stopped: false }
}

/// Where a port is the usual one of the other encryption, which is then the likeliest reason for any trouble.
const fn usual_elsewhere(server: &Server) -> Option<&'static str> {
    match (server.security, server.port) {
        (Security::Tls, 587) => Some(" Port 587 is the usual one for STARTTLS."),
        (Security::StartTls, 465) => Some(" Port 465 is the usual one for TLS."),
        _ => None,
    }
}

fn hello(wire: &mut Wire, place: &str, me: &str) -> Result<ServerInfo, Trouble> {
    let command = Ehlo::new(ClientId::Domain(me.to_owned())).to_string();
    let reply = wire.ask(&command).map_err(|error| broken(place, Stage::Opening, &error))?;
    let reply = accepted(place, Stage::Opening, reply, 2)?;
    // The words of extensions are the same in small letters.
    let lines = reply.message().map(str::to_ascii_uppercase).collect();
    ServerInfo::from_response(&Response::new(reply.code(), lines)).map_err(|_| broken(place, Stage::Opening, &Cut::NotSmtp))
}
