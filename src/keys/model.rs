//! Keys, whose they are, and how they stand. Pure.

use crate::access::model::Reach;
use crate::access::roles_model::{Products, Right, Role};
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::ids::{AccountId, KeyId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp, Zone};
use crate::text_enum;

/// The longest name, in characters.
const NAME: usize = 80;
/// The most keys of a partner.
pub const MOST: i64 = 100;
/// API-1: no key is good for longer.
pub const LONGEST: Span = Span::days(730);
/// What a form offers, in days.
pub const LIFETIMES: [i64; 3] = [30, 90, 365];

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
    /// EMP-3: which products they may open now.
    pub products: Products,
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
    /// Who switched it off, and in which role they did; nobody for one that is on or that a restore switched off.
    pub switched_off_by: Option<(String, Role)>,
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

    /// EMP-2: why somebody may not switch it on again, if so: it was switched off by a role above theirs.
    pub fn refuses_reactivation(&self, hand: Hand) -> Option<String> {
        let (name, role) = self.switched_off_by.as_ref().filter(|(_, role)| !hand.role.reaches(*role))?;
        Some(format!(
            "{} was deactivated by {name} ({}). Only somebody of that role, or one above, can reactivate it.",
            self.name,
            role.shown()
        ))
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
        // Whoever names an organization does not mean a key that reaches all of them.
        if self.reach == "partner" && !self.organization.trim().is_empty() {
            errors.add(
                "organization",
                "This names an organization, and the key would be for the whole partner. Choose One organization, or empty this field.",
            );
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
