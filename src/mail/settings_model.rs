//! What the Mail page sets (MAI-1), and how delivery goes. Pure.

use crate::kernel::error::FieldErrors;
use crate::kernel::smtp::{self, Login, Security, Server, Stage, Trouble};
use crate::kernel::text::{self, Email};
use crate::kernel::time::{Span, Timestamp};
use crate::text_enum;

text_enum!(
    /// MAI-1: where letters go, as the page sets it. A folder is the command line's alone: a page that names one would write files
    /// anywhere on the machine.
    Delivery {
        /// They stay in the outbox.
        Hold = "hold",
        /// Through a mail server.
        Smtp = "smtp",
    }
);

/// What is set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Where letters go.
    pub delivery: Delivery,
    /// The mail server's name or address; empty before it was ever set.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line is kept from others.
    pub security: Security,
    /// Who we are there; empty where it does not want to know.
    pub user: String,
    /// The password, sealed.
    pub sealed_password: Option<Vec<u8>>,
    /// The only authority of certificates to trust, as PEM; empty for the publicly trusted ones.
    pub authority: String,
    /// The one sender address.
    pub from_address: String,
    /// The name beside it in the operating partner's own letters; empty for the partner's.
    pub from_name: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            delivery: Delivery::Hold,
            host: String::new(),
            port: Security::StartTls.usual_port(),
            security: Security::StartTls,
            user: String::new(),
            sealed_password: None,
            authority: String::new(),
            from_address: String::new(),
            from_name: String::new(),
        }
    }
}

impl Settings {
    /// For whom a password is meant: this server, reached in this way, as this user. It is sealed with these words, so that it opens for
    /// nobody else: whoever points the page at a server of his own does not get the password that was given for another.
    pub fn meant_for(&self) -> Vec<u8> {
        let (host, port) = (self.host.to_lowercase(), self.port.to_string());
        let words = [host.as_str(), port.as_str(), self.security.word(), self.user.as_str(), self.authority.as_str()];
        words.map(|word| format!("{}:{word}", word.len())).concat().into_bytes()
    }

    /// The server with its password, if it has one.
    pub fn server(&self, password: Option<String>) -> Server {
        Server {
            host: self.host.clone(),
            port: self.port,
            security: self.security,
            login: password.map(|password| Login { user: self.user.clone(), password }),
            authority: Some(self.authority.clone()).filter(|pem| !pem.is_empty()),
        }
    }

    /// `mail.example:587`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// Who letters are from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sender {
    /// The one address.
    pub address: String,
    /// The name beside it in the operating partner's own letters; every other letter bears its partner's (MAI-4).
    pub name: Option<String>,
}

impl Sender {
    /// The address's domain: how we introduce ourselves, and what ends the number of each message.
    pub fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
    }
}

/// What somebody typed into the page.
#[derive(Clone, Default, Debug)]
pub struct Entered {
    /// The chosen delivery's word.
    pub delivery: String,
    /// Name or address.
    pub host: String,
    /// Digits.
    pub port: String,
    /// The chosen encryption's word.
    pub security: String,
    /// User name.
    pub user: String,
    /// The new password; empty keeps the old one.
    pub password: String,
    /// PEM.
    pub authority: String,
    /// The sender's address.
    pub from_address: String,
    /// The sender's name.
    pub from_name: String,
}

impl Entered {
    /// What is set, as it stands in the fields; the password is never among it.
    pub fn of(settings: &Settings) -> Self {
        Self {
            delivery: settings.delivery.word().to_owned(),
            host: settings.host.clone(),
            port: settings.port.to_string(),
            security: settings.security.word().to_owned(),
            user: settings.user.clone(),
            password: String::new(),
            authority: settings.authority.clone(),
            from_address: settings.from_address.clone(),
            from_name: settings.from_name.clone(),
        }
    }

    /// For whom the password in the field is meant, as it was typed.
    pub fn meant_for(&self) -> Vec<u8> {
        let words = [&self.host, &self.port, &self.security, &self.user, &self.authority];
        words.map(|word| format!("{}:{word}", word.len())).concat().into_bytes()
    }

    /// The settings that are meant, the password aside. Where letters are held, all else stays as it was.
    pub fn parse(&self, before: &Settings, given_address: Option<&str>) -> Result<Settings, FieldErrors> {
        let mut errors = FieldErrors::default();
        let delivery = Delivery::from_word(&self.delivery).ok_or("Choose one of the two.".to_owned());
        let delivery = errors.take("delivery", delivery);
        if delivery == Some(Delivery::Hold) {
            return Ok(Settings { delivery: Delivery::Hold, ..before.clone() });
        }
        let host = errors.take("host", host(&self.host));
        let security = Security::from_word(&self.security).ok_or("Choose one of these.".to_owned());
        let usual = security.as_ref().map_or(Security::StartTls, |security| *security).usual_port();
        let port = errors.take("port", port(&self.port, usual));
        let security = errors.take("security", security.and_then(|security| allowed(security, &self.host)));
        let user = errors.take("user", text::line(&self.user, 254));
        if !self.password.is_empty() && user.as_ref().is_some_and(String::is_empty) {
            errors.add("user", "Enter the user name that the password belongs to.");
        }
        if self.password.chars().count() > 500 || self.password.chars().any(char::is_control) {
            errors.add("password", "Use at most 500 characters, none of them a control character.");
        }
        let from_address = match given_address {
            Some(_) => Some(before.from_address.clone()),
            None => errors.take("from_address", Email::parse(&self.from_address).map(|email| email.as_str().to_owned())),
        };
        let from_name = errors.take("from_name", text::line(&self.from_name, 120));
        let authority = errors.take("authority", authority(&self.authority));
        let settings = (|| {
            Some(Settings {
                delivery: delivery?,
                host: host?,
                port: port?,
                security: security?,
                user: user?,
                sealed_password: None,
                authority: authority?,
                from_address: from_address?,
                from_name: from_name?,
            })
        })();
        match settings {
            Some(settings) if errors.0.is_empty() => Ok(settings),
            _ => Err(errors),
        }
    }
}

/// The name or address of a mail server.
pub fn host(raw: &str) -> Result<String, String> {
    let text = raw.trim();
    if text.is_empty() {
        return Err("Enter the mail server\u{2019}s name, such as mail.example.com.".to_owned());
    }
    let is_address = text.parse::<std::net::IpAddr>().is_ok();
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if is_address || (text.len() <= 253 && text.split('.').all(is_label)) {
        return Ok(text.to_owned());
    }
    Err("Enter a name such as mail.example.com, or an address such as 192.0.2.7, without anything before or after it.".to_owned())
}

/// An empty one is the usual one of the chosen encryption.
fn port(raw: &str, usual: u16) -> Result<u16, String> {
    if raw.trim().is_empty() {
        return Ok(usual);
    }
    let port = raw.trim().parse::<u16>().ok().filter(|port| *port > 0);
    port.ok_or("Enter a number from 1 to 65535; 587, 465 and 25 are usual.".to_owned())
}

/// Letters carry links that let people in; without encryption they do not leave this machine.
pub fn allowed(security: Security, host: &str) -> Result<Security, String> {
    if security == Security::Plain && !smtp::is_loopback(host.trim()) {
        return Err("Letters carry links that let people in. Without encryption they go only to a mail server on this machine: \
                    127.0.0.1, ::1 or localhost."
            .to_owned());
    }
    Ok(security)
}

fn authority(raw: &str) -> Result<String, String> {
    let text = raw.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Ok(text);
    }
    if text.len() > 64 * 1024 {
        return Err("Use at most 64 KB.".to_owned());
    }
    smtp::check_authority(&text).map(|()| text)
}

/// What is wrong with links that begin with an address of this very machine.
pub fn only_here(public_url: &str) -> String {
    format!("Links in letters begin with {public_url}, which nobody on another machine can open. Start Portico with --public-url.")
}

/// How delivery goes.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Status {
    /// When a letter was last handed over.
    pub last_success_at: Option<Timestamp>,
    /// When the way out was last found closed.
    pub last_failure_at: Option<Timestamp>,
    /// Why, in a sentence.
    pub last_failure: Option<String>,
    /// Since when it is closed; none while it is open.
    pub failing_since: Option<Timestamp>,
    /// How often in a row it was found closed.
    pub failures: i64,
    /// When it is tried again.
    pub pause_until: Option<Timestamp>,
    /// The last test letter: when, whether it was taken, and what was said.
    pub test: Option<(Timestamp, bool, String)>,
}

impl Status {
    /// When the way out was last found closed and why, unless letters left since.
    pub fn trouble(&self) -> Option<(Timestamp, &str)> {
        let (at, why) = (self.last_failure_at?, self.last_failure.as_deref()?);
        (self.failing_since.is_some() || self.is_after_success(at)).then_some((at, why))
    }

    /// What came of the last test letter, unless it was not taken and letters left since.
    pub fn tested(&self) -> Option<(Timestamp, bool, &str)> {
        let (at, ok, said) = self.test.as_ref()?;
        (*ok || self.is_after_success(*at)).then_some((*at, *ok, said.as_str()))
    }

    fn is_after_success(&self, moment: Timestamp) -> bool {
        self.last_success_at.is_none_or(|success| success < moment)
    }
}

/// How many letters there are of a kind, in the whole portal.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    /// On their way.
    pub waiting: i64,
    /// Given up.
    pub failed: i64,
    /// Kept for reading.
    pub held: i64,
    /// Of these, how many could still be sent: what they carry has not expired.
    pub sendable: i64,
}

/// Counting stops here.
pub const COUNTED: i64 = 10_000;

/// MAI-2: the first pause after the way out was found closed; each further one is twice as long.
pub const FIRST_CLOSED: Span = Span::minutes(1);
/// MAI-2: no such pause is longer: once the mail server is back, letters leave soon.
pub const LONGEST_CLOSED: Span = Span::minutes(15);

/// MAI-2: how long nothing at all is tried after the way out was found closed so many times in a row.
pub fn closed_for(failures: i64) -> Span {
    let doublings = u32::try_from(failures.clamp(1, 20) - 1).unwrap_or(0);
    Span(FIRST_CLOSED.0.saturating_mul(2_i64.saturating_pow(doublings)).min(LONGEST_CLOSED.0))
}

/// What trouble with one letter means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// No letter would get through: wait before anything is tried again.
    Closed,
    /// This letter did not, and the conversation is over; perhaps it was the letter, perhaps not.
    Broken,
    /// This letter did not, for now.
    Later,
    /// This letter never will.
    Never,
}

/// MAI-2: whom trouble concerns. What a person can mend (name, certificate, password, sender, a relay that wants to be signed in to)
/// fails no letter: a thousand of them must not be lost to one wrong setting. A receiver who is refused for good (5xx) fails at once,
/// and so does a letter whose content is: the same letter would be refused the same way for three days, while a person could act.
pub fn verdict(trouble: &Trouble) -> Verdict {
    let policy = trouble.code == Some(530) || trouble.status.starts_with("5.7.");
    match (trouble.stage, trouble.code) {
        (Stage::Opening | Stage::SignIn, _) => Verdict::Closed,
        (_, None | Some(421)) => Verdict::Broken,
        (Stage::Sender, Some(_)) => Verdict::Closed,
        (Stage::Receiver, Some(500..)) if policy => Verdict::Later,
        (Stage::Receiver | Stage::Content, Some(500..)) => Verdict::Never,
        (Stage::Receiver | Stage::Content, Some(_)) => Verdict::Later,
    }
}

/// So many conversations that break off in a row, and it is the server.
pub const BROKEN_IN_A_ROW: usize = 3;
/// So many letters put off in a row, and it is the server.
pub const PUT_OFF_IN_A_ROW: usize = 10;
