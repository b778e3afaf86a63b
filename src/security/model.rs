//! What a partner's security settings are and decide. Pure.

use std::net::IpAddr;

use crate::access::roles_model::Role;
use crate::access::stage_model::{SESSION_IDLE, SESSION_LONGEST};
use crate::activity::model::Change;
use crate::kernel::addresses::Range;
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::ids::OrganizationId;
use crate::kernel::text::PASSWORD_LEAST;
use crate::kernel::time::{Span, Timestamp};
use crate::text_enum;

text_enum!(
    /// Whether a letter goes out when somebody signs in with a browser that is not known.
    BrowserLetter {
        /// It does.
        Send = "send",
        /// It does not.
        Skip = "skip",
    }
);

impl BrowserLetter {
    /// As the log tells it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Send => "sent",
            Self::Skip => "not sent",
        }
    }
}

/// ACC-10: "for 90 days".
pub const INACTIVE_DAYS: i64 = 90;
/// No partner asks for longer passwords; a person may choose up to 128 characters.
const LONGEST_LEAST: i64 = 64;
/// Minutes; a session is seen to the minute, so that less would end sessions in use.
const IDLE: std::ops::RangeInclusive<i64> = 5..=480;
/// Minutes.
const LONGEST: std::ops::RangeInclusive<i64> = 15..=1_440;
/// Days.
const INACTIVE: std::ops::RangeInclusive<i64> = 1..=730;
/// Lines of allowed addresses.
const MOST_RANGES: usize = 200;

/// What a partner has set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// The fewest characters of a new password.
    pub password_length: i64,
    /// A session nobody used ends after this.
    pub session_idle: Span,
    /// A session ends after this whatever happens.
    pub session_longest: Span,
    /// ACC-10.
    pub inactive_days: i64,
    /// SEC-1.
    pub browser_letter: BrowserLetter,
    /// From where employees may come; empty for everywhere.
    pub addresses: Vec<Range>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            password_length: PASSWORD_LEAST,
            session_idle: SESSION_IDLE,
            session_longest: SESSION_LONGEST,
            inactive_days: INACTIVE_DAYS,
            browser_letter: BrowserLetter::Skip,
            addresses: Vec::new(),
        }
    }
}

/// Why an active account may not be entered at this moment, or from there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Closed {
    /// ACC-10: not before its person has reset the password.
    Inactive {
        /// The partner's number of days.
        days: i64,
    },
    /// SEC-3: not from this address.
    Address,
}

impl Settings {
    /// ACC-10, SEC-3: whether an account may be entered. Both are about employees only. `came_at` is when its person last signed in to it or
    /// set a password.
    pub fn closed(&self, role: Option<Role>, came_at: Timestamp, now: Timestamp, address: IpAddr) -> Option<Closed> {
        role?;
        if !admits(&self.addresses, address) {
            return Some(Closed::Address);
        }
        (came_at + Span::days(self.inactive_days) <= now).then_some(Closed::Inactive { days: self.inactive_days })
    }

    /// What differs from `before`, for the log.
    pub fn changes(&self, before: &Self) -> Vec<Change> {
        let minutes = |span: Span| format!("{} minutes", span.0 / Span::minutes(1).0);
        [
            Change::between("Minimum password length", before.password_length.to_string(), self.password_length.to_string()),
            Change::between("Session ends when idle for", minutes(before.session_idle), minutes(self.session_idle)),
            Change::between("Session ends after", minutes(before.session_longest), minutes(self.session_longest)),
            Change::between("Days to inactivity", before.inactive_days.to_string(), self.inactive_days.to_string()),
            Change::between("Letter about a new browser", before.browser_letter.shown(), self.browser_letter.shown()),
            Change::between("Allowed addresses", listed(&before.addresses, "everywhere"), listed(&self.addresses, "everywhere")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// SEC-3: whether an address is among the allowed ones; all are where none is named.
pub fn admits(allowed: &[Range], address: IpAddr) -> bool {
    allowed.is_empty() || allowed.iter().any(|range| range.contains(address))
}

/// Ranges as they are stored, one a line. An error names the line that is none.
pub fn ranges(text: &str) -> Result<Vec<Range>, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut found = lines.map(Range::parse).collect::<Result<Vec<_>, _>>()?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The ranges in a row, or `none`.
fn listed(ranges: &[Range], none: &str) -> String {
    if ranges.is_empty() { none.to_owned() } else { ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ") }
}

/// The page as somebody filled it in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entered {
    /// Minimum password length.
    pub password_length: String,
    /// Minutes.
    pub session_idle: String,
    /// Minutes.
    pub session_longest: String,
    /// Days.
    pub inactive_days: String,
    /// Whether the letter is ticked.
    pub browser_letter: bool,
    /// One a line.
    pub addresses: String,
}

impl Entered {
    /// As it stands.
    pub fn of(settings: &Settings) -> Self {
        let minutes = |span: Span| (span.0 / Span::minutes(1).0).to_string();
        Self {
            password_length: settings.password_length.to_string(),
            session_idle: minutes(settings.session_idle),
            session_longest: minutes(settings.session_longest),
            inactive_days: settings.inactive_days.to_string(),
            browser_letter: settings.browser_letter == BrowserLetter::Send,
            addresses: settings.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        }
    }

    /// All fields parsed, or a sentence for each that is not right. `from` is where the one who sets this is: that must stay allowed.
    pub fn parse(&self, from: IpAddr) -> Result<Settings> {
        let mut errors = FieldErrors::default();
        let password_length = errors.take("password_length", number(&self.password_length, PASSWORD_LEAST..=LONGEST_LEAST));
        let idle = errors.take("session_idle", number(&self.session_idle, IDLE));
        let longest = errors.take("session_longest", number(&self.session_longest, LONGEST));
        let inactive_days = errors.take("inactive_days", number(&self.inactive_days, INACTIVE));
        let addresses = errors.take("addresses", allowed(&self.addresses, from));
        if let (Some(idle), Some(longest)) = (idle, longest)
            && longest < idle
        {
            errors.add("session_longest", "A session cannot last shorter than it may be idle.");
        }
        let settings = match (password_length, idle, longest, inactive_days, addresses) {
            (Some(password_length), Some(idle), Some(longest), Some(inactive_days), Some(addresses)) => Some(Settings {
                password_length,
                session_idle: Span::minutes(idle),
                session_longest: Span::minutes(longest),
                inactive_days,
                browser_letter: if self.browser_letter { BrowserLetter::Send } else { BrowserLetter::Skip },
                addresses,
            }),
            _ => None,
        };
        errors.or(settings)
    }
}

fn number(raw: &str, among: std::ops::RangeInclusive<i64>) -> Result<i64, String> {
    let (text, least, most) = (raw.trim(), among.start(), among.end());
    let plain = (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| plain && among.contains(number));
    number.ok_or_else(|| format!("Enter a whole number from {least} to {most}."))
}

/// SEC-3: nobody locks themselves out.
fn allowed(raw: &str, from: IpAddr) -> Result<Vec<Range>, String> {
    let found = ranges(raw)?;
    if found.len() > MOST_RANGES {
        return Err(format!("Name at most {MOST_RANGES} addresses and ranges."));
    }
    if admits(&found, from) {
        return Ok(found);
    }
    Err(format!(
        "You are at {}, which is not in this list: saving it would lock you out. Add it, or a range that it is in.",
        from.to_canonical()
    ))
}

/// An organization as the card about second factors shows it (ORG-9).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Requirement {
    /// Which.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// Whether its users must have one.
    pub required: bool,
}

/// The longest word that is searched for.
pub const LONGEST_SEARCH: usize = 100;
/// So many organizations are shown at once.
pub const SHOWN: i64 = 20;
