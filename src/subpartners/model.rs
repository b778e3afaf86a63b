//! What a partner is to those above it, and what is typed about one. Pure.

use crate::access::state_model::AccountState;
use crate::accounts::model::Details;
use crate::accounts::newcomers_model::PersonEntry;
use crate::activity::model::Change;
use crate::kernel::countries;
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::form::Form;
use crate::kernel::ids::{AccountId, IdentityId, PartnerId};
use crate::kernel::text::FirmName;
use crate::kernel::time::Timestamp;

/// Rows on a page of the list.
pub const PER_PAGE: usize = 50;

/// PAR-5: whether a partner's people may ask for transfers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TransferRight {
    /// They may.
    Granted,
    /// Only the partner above enters transfers.
    Revoked,
}

impl TransferRight {
    /// As it is stored.
    pub const fn of(granted: bool) -> Self {
        if granted { Self::Granted } else { Self::Revoked }
    }

    /// Whether they may.
    pub const fn is_granted(self) -> bool {
        matches!(self, Self::Granted)
    }

    /// In the log.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Revoked => "revoked",
        }
    }
}

/// The first account of a sub-partner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Primary {
    /// Its id.
    pub account: AccountId,
    /// What its person signs in with.
    pub identity: IdentityId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The e-mail.
    pub email: String,
    /// What it is at this moment.
    pub state: AccountState,
    /// Whether it ever was set up.
    pub set_up: bool,
}

impl Primary {
    /// First and last name.
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// ACC-14: until when its letter's link works; nothing once that has lapsed, or is set up.
    pub const fn link_until(&self) -> Option<Timestamp> {
        match self.state {
            AccountState::Invited { until } => Some(until),
            AccountState::NotInvited | AccountState::Active { .. } | AccountState::Lapsed { .. } | AccountState::Deactivated { .. } => None,
        }
    }
}

/// What a partner holds, and what the partners beneath it hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Active organizations.
    pub active: i64,
    /// Suspended ones.
    pub suspended: i64,
    /// Unsubscribed ones.
    pub unsubscribed: i64,
    /// Users of all of them.
    pub users: i64,
    /// SaaS accounts.
    pub services: i64,
    /// Billable seats in them (SEA-4).
    pub seats: i64,
}

/// A partner beneath the viewer's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SubPartner {
    /// Its id.
    pub partner: PartnerId,
    /// Its Partner ID (PAR-2).
    pub public_id: String,
    /// Its name.
    pub name: String,
    /// Its country's code.
    pub country: String,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// The partner right above it.
    pub above: String,
    /// Whether that is the viewer's own.
    pub direct: bool,
    /// PAR-5.
    pub right: TransferRight,
    /// Its first account.
    pub primary: Option<Primary>,
    /// What it holds.
    pub totals: Totals,
}

impl SubPartner {
    /// ACC-14: its primary account, while it was never set up.
    pub fn waiting(&self) -> Option<&Primary> {
        self.primary.as_ref().filter(|primary| !primary.set_up)
    }

    /// Why it is not the viewer's to change, if so.
    pub fn refusal(&self) -> Option<String> {
        (!self.direct).then(|| format!("{} is directly beneath {}, which looks after it.", self.name, self.above))
    }

    /// What an edit's form is drawn from.
    pub fn fingerprint(&self) -> String {
        let person = self.waiting().map(|primary| (primary.name(), primary.email.clone()));
        format!("{}|{}|{person:?}", self.name, self.country)
    }
}

/// What was typed about a sub-partner, not yet looked at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its country's code.
    pub country: String,
    /// Its primary account.
    pub person: PersonEntry,
}

impl Entry {
    /// From a form.
    pub fn of_form(form: &Form) -> Self {
        let get = |name: &str| form.get(name).to_owned();
        let person =
            PersonEntry { first_name: get("first_name"), last_name: get("last_name"), email: get("email"), ..PersonEntry::default() };
        Self { name: get("name"), country: get("country"), person }
    }

    /// As it is now, to be edited.
    pub fn of(partner: &SubPartner) -> Self {
        let person = partner.waiting().map_or_else(PersonEntry::default, |primary| PersonEntry {
            first_name: primary.first_name.clone(),
            last_name: primary.last_name.clone(),
            email: primary.email.clone(),
            ..PersonEntry::default()
        });
        Self { name: partner.name.clone(), country: partner.country.clone(), person }
    }

    /// The partner that was meant, with its primary account where `person` is asked for; else what is wrong with each field.
    pub fn parse(&self, person: Asked) -> Result<Wanted> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", FirmName::parse(&self.name));
        let country = errors.take("country", countries::parse(&self.country));
        let primary = match person {
            Asked::Person => self.person.parse(&mut errors).map(Some),
            Asked::Firm => Some(None),
        };
        let wanted = match (name, country, primary) {
            (Some(name), Some(country), Some(primary)) => Some(Wanted { name, country, primary }),
            _ => None,
        };
        errors.or(wanted)
    }
}

/// Whether a form asks for the primary account as well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// Name and country alone.
    Firm,
    /// The primary account as well.
    Person,
}

/// A sub-partner as it is to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// Its name.
    pub name: FirmName,
    /// Its country's code.
    pub country: String,
    /// Its primary account, where that was asked for.
    pub primary: Option<Details>,
}

impl Wanted {
    /// What would be different.
    pub fn changes(&self, now: &SubPartner) -> Vec<Change> {
        let primary = |of: fn(&Primary) -> String| now.waiting().map(of).unwrap_or_default();
        let mut changes: Vec<Option<Change>> = vec![
            Change::between("Name", now.name.as_str(), self.name.as_str()),
            Change::between("Country", now.country.as_str(), self.country.as_str()),
        ];
        if let Some(wanted) = &self.primary {
            changes.push(Change::between("Primary account", primary(Primary::name), wanted.name()));
            changes.push(Change::between("Email", primary(|primary| primary.email.clone()), wanted.email.as_str()));
        }
        changes.into_iter().flatten().collect()
    }
}
