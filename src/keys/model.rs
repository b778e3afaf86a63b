//! Keys, their secrets and how they stand. Pure.

use std::net::IpAddr;

use crate::access::model::Reach;
use crate::access::roles_model::{Right, Role};
use crate::access::script_model::Script;
use crate::kernel::addresses::Range;
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::ids::{AccountId, KeyId, OrganizationId, PartnerId};
use crate::kernel::random::Tokens;
use crate::kernel::secret::{Vault, same, token_hash};
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp, Zone};
use crate::security::model::admits;
use crate::text_enum;

/// The longest name, in characters.
const NAME: usize = 80;
/// The most keys of a partner.
pub const MOST: i64 = 100;
/// API-1: no key is good for longer.
pub const LONGEST: Span = Span::days(730);
/// What a form offers, in days.
pub const LIFETIMES: [i64; 3] = [30, 90, 365];

/// A key's requests that may come at once, and those a second from then on.
const BURST: i64 = 1_000;
const A_SECOND: i64 = 20;

text_enum!(
    /// Whether a key was switched off.
    StoredState {
        /// It was not.
        Active = "active",
        /// It was.
        Deactivated = "deactivated",
    }
);

/// How a key stands at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Scripts come in with it.
    Active,
    /// Switched off by somebody.
    Deactivated,
    /// Its time is over.
    Expired,
    /// Its maker cannot do at this moment what keys are for.
    Stopped,
}

impl Standing {
    /// Color, shape and word of its badge.
    pub const fn look(self) -> (Tone, Icon, &'static str) {
        match self {
            Self::Active => (Tone::Good, Icon::Check, "Active"),
            Self::Deactivated => (Tone::Quiet, Icon::Dash, "Deactivated"),
            Self::Expired => (Tone::Warn, Icon::Clock, "Expired"),
            Self::Stopped => (Tone::Warn, Icon::Pause, "Stopped"),
        }
    }
}

/// Whose key it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Maker {
    /// The account.
    pub account: AccountId,
    /// First and last name.
    pub name: String,
    /// The e-mail.
    pub email: String,
    /// The role now.
    pub role: Role,
    /// Whether the account is active now.
    pub active: bool,
    /// EMP-4: how much of the partner they see now.
    pub reach: Reach,
}

impl Maker {
    /// Whether keys of theirs work now.
    const fn may_have_keys(&self) -> bool {
        self.active && self.role.may(Right::RunPortal)
    }
}

/// A key as it is kept, but for its secret's hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    /// Its id.
    pub id: KeyId,
    /// The partner.
    pub partner: PartnerId,
    /// The one organization it is for, with its name; none for the whole partner.
    pub organization: Option<(OrganizationId, String)>,
    /// EMP-4: whether that organization is in its maker's access groups, if those limit the maker.
    pub in_groups: bool,
    /// Whose.
    pub maker: Maker,
    /// Its name.
    pub name: String,
    /// The part that is no secret.
    pub public: String,
    /// Whether it was switched off.
    pub state: StoredState,
    /// From this moment on it is good for nothing.
    pub expires_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a script last came in with it, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl Key {
    /// How it stands at `now`; what was done by somebody is told first.
    pub fn standing(&self, now: Timestamp) -> Standing {
        if self.state == StoredState::Deactivated {
            Standing::Deactivated
        } else if self.expires_at <= now {
            Standing::Expired
        } else if self.maker.may_have_keys() && self.is_in_sight() {
            Standing::Active
        } else {
            Standing::Stopped
        }
    }

    /// EMP-4: whether its maker sees the organization that it is for.
    pub const fn is_in_sight(&self) -> bool {
        self.organization.is_none() || matches!(self.maker.reach, Reach::All) || self.in_groups
    }

    /// Whether somebody may switch it off, bring it back and delete it: their own, and those of roles beneath (EMP-2).
    pub fn may_be_handled_by(&self, hand: Hand) -> bool {
        self.is_of(hand) || hand.role.may_act_on(self.maker.role)
    }

    /// Whether it is their own.
    pub fn is_of(&self, hand: Hand) -> bool {
        hand.account == Some(self.maker.account)
    }
}

/// Whose hand it is: the role, and the account; none for the operator of the machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hand {
    /// The role.
    pub role: Role,
    /// The account.
    pub account: Option<AccountId>,
}

/// What a new key is to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewKey {
    /// Its name.
    pub name: String,
    /// The one organization it is for.
    pub organization: Option<OrganizationId>,
    /// From when on it is good for nothing.
    pub expires_at: Timestamp,
}

/// What was entered for a new key.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entered {
    /// The name.
    pub name: String,
    /// `partner` or `organization`.
    pub reach: String,
    /// An organization's ID or its whole name.
    pub organization: String,
    /// A number of days, or `date`.
    pub lifetime: String,
    /// The date, such as 2026-12-31.
    pub date: String,
}

impl Entered {
    /// Name and expiry parsed, or a sentence for each that is not right; the organization is for the database to find.
    pub fn parse(&self, zone: &Zone, now: Timestamp) -> Result<(String, Timestamp)> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", name(&self.name));
        let expires_at = match self.lifetime.as_str() {
            "date" => errors.take("date", date(&self.date, zone, now)),
            days => errors.take("lifetime", offered(days, now)),
        };
        if !matches!(self.reach.as_str(), "partner" | "organization") {
            errors.add("reach", "Choose what the key is for.");
        }
        errors.or(name.zip(expires_at))
    }
}

fn name(raw: &str) -> Result<String, String> {
    let name = text::line(raw, NAME)?;
    if text::key(&name).is_empty() { Err("Enter a name, such as the script's.".to_owned()) } else { Ok(name) }
}

fn offered(days: &str, now: Timestamp) -> Result<Timestamp, String> {
    let known = LIFETIMES.into_iter().find(|known| known.to_string() == days);
    known.map(|days| now + Span::days(days)).ok_or_else(|| "Choose how long the key is good for.".to_owned())
}

/// The end of that day.
fn date(raw: &str, zone: &Zone, now: Timestamp) -> Result<Timestamp, String> {
    let (_, end) = zone.day(raw.trim()).ok_or_else(|| "Enter a date such as 2026-12-31.".to_owned())?;
    good_until(end, now)
}

fn good_until(end: Timestamp, now: Timestamp) -> Result<Timestamp, String> {
    if end <= now {
        Err("This is over already. Enter a later one.".to_owned())
    } else if now + LONGEST < end {
        Err("A key is good for two years at most.".to_owned())
    } else {
        Ok(end)
    }
}

impl NewKey {
    /// From the command line: whole days from now.
    pub fn of_days(raw: &str, organization: Option<OrganizationId>, days: i64, now: Timestamp) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let name = errors.take("--name", name(raw));
        let within = if (1..=LONGEST.0 / Span::days(1).0).contains(&days) {
            Ok(now + Span::days(days))
        } else {
            Err("give a number of days from 1 to 730.".to_owned())
        };
        let expires_at = errors.take("--expires", within);
        errors.or(name.zip(expires_at).map(|(name, expires_at)| Self { name, organization, expires_at }))
    }
}

/// A secret that was just made, to be shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Fresh {
    /// The key.
    pub key: KeyId,
    /// Its name.
    pub name: String,
    /// The part that is no secret.
    pub public: String,
    /// The secret.
    pub secret: String,
}

impl std::fmt::Debug for Fresh {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Fresh").field("public", &self.public).finish_non_exhaustive()
    }
}

/// A new public part: a word that says what it is, and eighty random bits.
pub fn new_public(tokens: Tokens) -> Result<String> {
    Ok(format!("pk_{}", text::base32(&tokens.bytes::<10>()?).to_lowercase()))
}

/// A new secret: 256 random bits between a word that says what it is and a checksum, by which those who look for lost secrets know it.
pub fn new_secret(tokens: Tokens) -> Result<String> {
    let body = format!("sk_{}", text::base32(&tokens.bytes::<32>()?).to_lowercase());
    let check: Vec<u8> = token_hash(&body).into_iter().take(4).collect();
    Ok(format!("{body}_{}", text::base32(&check).to_lowercase()))
}

/// What is stored of a secret.
pub fn hash(vault: &Vault, public: &str, secret: &str) -> Vec<u8> {
    vault.keyed_hash("API key", &[public.as_bytes(), secret.as_bytes()])
}

/// What came with a request.
#[derive(Clone, PartialEq, Eq)]
pub struct Given {
    /// As user name.
    pub public: String,
    /// As password.
    pub secret: String,
}

/// What is kept under the public part that a script gave, if anything is.
#[derive(Clone, Debug)]
pub struct Tried(pub Option<Found>);

/// A key with what else decides whether it lets in.
#[derive(Clone, Debug)]
pub struct Found {
    /// The key.
    pub key: Key,
    /// The hash of its secret.
    pub hash: Vec<u8>,
    /// SEC-3: where the partner's employees may come from; nothing for everywhere.
    pub addresses: Vec<Range>,
}

/// Why a script was not let in, and by which key. It hears nothing of this.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// The key's partner, its id and its name, if there is such a key.
    pub key: Option<(PartnerId, KeyId, String)>,
    /// In words that follow "and was refused: ".
    pub why: &'static str,
}

impl Tried {
    /// The script, if this is its key and the key works at this moment from this address. The secret is hashed and compared whether or
    /// not there is such a key.
    pub fn open(&self, given: &Given, vault: &Vault, now: Timestamp, address: IpAddr) -> std::result::Result<Script, Refused> {
        let hash = hash(vault, &given.public, &given.secret);
        let known = self.0.as_ref().map_or(hash.len().to_le_bytes().as_slice(), |found| found.hash.as_slice()).to_vec();
        let right = same(&hash, &known);
        let Some(found) = &self.0 else { return Err(Refused { key: None, why: "there is no such key" }) };
        let why = match (right, found.key.standing(now)) {
            (false, _) => "the secret was wrong",
            (true, Standing::Deactivated) => "it is deactivated",
            (true, Standing::Expired) => "it has expired",
            (true, Standing::Stopped) => "whoever made it may not do this now",
            (true, Standing::Active) if !admits(&found.addresses, address) => "it came from an address that is not allowed",
            (true, Standing::Active) => return Ok(script(&found.key, address)),
        };
        Err(Refused { key: Some((found.key.partner, found.key.id, found.key.name.clone())), why })
    }
}

fn script(key: &Key, address: IpAddr) -> Script {
    Script {
        key: key.id,
        key_name: key.name.clone(),
        only: key.organization.as_ref().map(|(organization, _)| *organization),
        last_used_at: key.last_used_at,
        partner: key.partner,
        account: key.maker.account,
        name: key.maker.name.clone(),
        email: key.maker.email.clone(),
        role: key.maker.role,
        reach: key.maker.reach,
        address,
    }
}

/// How many requests a key has left at a moment, in thousandths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bucket {
    left: i64,
    at: Timestamp,
}

impl Bucket {
    /// Of a key that has rested.
    pub const fn full(now: Timestamp) -> Self {
        Self { left: BURST * 1_000, at: now }
    }

    fn left_at(self, now: Timestamp) -> i64 {
        let rested = (now - self.at).0.clamp(0, BURST * 1_000 / A_SECOND);
        (self.left + rested * A_SECOND).min(BURST * 1_000)
    }

    /// Whether it has rested long enough to be forgotten.
    pub fn is_full(self, now: Timestamp) -> bool {
        self.left_at(now) == BURST * 1_000
    }

    /// Takes one request out; else how long to wait for the next.
    pub fn take(&mut self, now: Timestamp) -> std::result::Result<(), Span> {
        let left = self.left_at(now);
        *self = Self { left, at: now };
        if left < 1_000 {
            return Err(Span((1_000 - left + A_SECOND - 1) / A_SECOND));
        }
        self.left -= 1_000;
        Ok(())
    }
}
