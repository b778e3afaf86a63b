//! What an organization is. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::kernel::countries;
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::secret::token_hash;
use crate::kernel::text::{self, Email, FirmName, PersonName};
use crate::kernel::time::Timestamp;
use crate::subscriptions::model::{State, Subscription};
use crate::text_enum;

text_enum!(
    /// ORG-7: what becomes of the backups of linked SaaS accounts when an organization is deleted.
    Backups {
        /// The trash can: the accounts are only unlinked.
        Keep = "keep",
        /// Subscriptions, Delete: their backups go too.
        Purge = "purge",
    }
);

text_enum!(
    /// ORG-9: whether an organization's users must have a second factor.
    SecondFactor {
        /// They must.
        Required = "required",
        /// They may.
        Optional = "optional",
    }
);

text_enum!(
    /// ORG-10: whether an organization's users see their partner's look (BRA-5).
    CustomBranding {
        /// They do.
        On = "on",
        /// They see Portico's own.
        Off = "off",
    }
);

impl CustomBranding {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::On => Self::Off,
            Self::Off => Self::On,
        }
    }
}

/// An organization that is not deleted, as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// The partner it belongs to.
    pub partner: PartnerId,
    /// That partner's name.
    pub partner_name: String,
    /// Its name.
    pub name: String,
    /// Whom to talk to.
    pub contact: Contact,
    /// ISO 3166-1 code.
    pub country: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// By whom, in words.
    pub created_by: String,
    /// Plan, seats and state.
    pub subscription: Subscription,
    /// Its users.
    pub users: i64,
    /// Its linked SaaS accounts.
    pub services: i64,
    /// Seats used in them.
    pub seats_used: i64,
}

/// An organization's contact, as stored; each part may be missing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Contact {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

impl Contact {
    /// First and last name, as far as they are known; empty when neither is.
    pub fn name(&self) -> String {
        match (&self.first_name, &self.last_name) {
            (Some(first), Some(last)) => format!("{first} {last}"),
            (Some(name), None) | (None, Some(name)) => name.clone(),
            (None, None) => String::new(),
        }
    }
}

/// What the card Settings changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// The name.
    pub name: FirmName,
    /// The contact's first name.
    pub first_name: Option<PersonName>,
    /// The contact's last name.
    pub last_name: Option<PersonName>,
    /// The contact's e-mail.
    pub email: Option<Email>,
    /// ISO 3166-1 code.
    pub country: Option<String>,
}

/// The mark of a state in the search index, so that a tab with few rows is not searched through all the others; active ones have
/// none. The numbers are far beyond any partner's.
pub fn state_tag(state: State) -> Option<String> {
    const BEYOND: i64 = 6_400 * 6_400 * 6_399;
    match state {
        State::Active => None,
        State::Suspended => Some(text::partner_tag(BEYOND + 1)),
        State::Unsubscribed => Some(text::partner_tag(BEYOND + 2)),
        State::Deleted => Some(text::partner_tag(BEYOND + 3)),
    }
}

/// The card Settings as somebody filled it in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entered {
    /// Organization name.
    pub name: String,
    /// The contact's first name.
    pub first_name: String,
    /// The contact's last name.
    pub last_name: String,
    /// The contact's e-mail.
    pub email: String,
    /// The country's code.
    pub country: String,
}

impl Entered {
    /// As it stands.
    pub fn of(organization: &Organization) -> Self {
        let word = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            name: organization.name.clone(),
            first_name: word(&organization.contact.first_name),
            last_name: word(&organization.contact.last_name),
            email: word(&organization.contact.email),
            country: word(&organization.country),
        }
    }

    /// A short text that differs when anything in it differs: what a form was drawn from.
    pub fn fingerprint(&self) -> String {
        let parts = [&self.name, &self.first_name, &self.last_name, &self.email, &self.country].map(String::as_str);
        URL_SAFE_NO_PAD.encode(token_hash(&parts.join("\n")))
    }

    /// All fields parsed, or a sentence for each that is not right.
    pub fn parse(&self) -> Result<Settings> {
        let mut errors = FieldErrors::default();
        let name = errors.take("name", FirmName::parse(&self.name));
        let first_name = optional(&mut errors, "first_name", &self.first_name, PersonName::parse);
        let last_name = optional(&mut errors, "last_name", &self.last_name, PersonName::parse);
        let email = optional(&mut errors, "email", &self.email, Email::parse);
        let country = optional(&mut errors, "country", &self.country, countries::parse);
        errors.or(name.map(|name| Settings { name, first_name, last_name, email, country }))
    }
}

/// A field that may stay empty.
fn optional<T>(errors: &mut FieldErrors, field: &str, raw: &str, parse: impl FnOnce(&str) -> std::result::Result<T, String>) -> Option<T> {
    if raw.trim().is_empty() { None } else { errors.take(field, parse(raw)) }
}

/// A SaaS account that is linked to an organization.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkedService {
    /// Its name.
    pub name: String,
    /// SAS-7: the end of the committed year that runs; none while none does.
    pub committed_until: Option<Timestamp>,
}

/// What a deletion took with it, for the alert and the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gone {
    /// The organization's name.
    pub name: String,
    /// Users removed.
    pub users: usize,
    /// API keys deleted that were for it alone.
    pub keys: usize,
    /// SaaS accounts unlinked.
    pub services: usize,
    /// What became of their backups.
    pub backups: Backups,
    /// Networks unlinked.
    pub networks: usize,
    /// Devices unlinked.
    pub devices: usize,
    /// Endpoint agents removed.
    pub agents: usize,
    /// Their datasets, destroyed.
    pub datasets: usize,
}

impl Gone {
    /// What happened, counted: "3 users removed, 2 SaaS accounts unlinked, their backups kept".
    pub fn counted(&self) -> String {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let users = text::counted(number(self.users), "user", "users");
        let services = text::counted(number(self.services), "SaaS account", "SaaS accounts");
        let backups = match (self.services, self.backups) {
            (0, _) => "",
            (_, Backups::Keep) => ", backups kept",
            (_, Backups::Purge) => ", backups purged",
        };
        let devices = match number(self.devices) {
            0 => String::new(),
            devices => format!(", {} unlinked", text::counted(devices, "device", "devices")),
        };
        let keys = match number(self.keys) {
            0 => String::new(),
            keys => format!(", {} deleted", text::counted(keys, "API key", "API keys")),
        };
        let networks = match number(self.networks) {
            0 => String::new(),
            networks => format!(", {} unlinked", text::counted(networks, "network", "networks")),
        };
        let endpoints = match (number(self.agents), number(self.datasets)) {
            (0, _) => String::new(),
            (agents, datasets) => {
                let (agents, datasets) =
                    (text::counted(agents, "endpoint agent", "endpoint agents"), text::counted(datasets, "dataset", "datasets"));
                format!(", {datasets} of {agents} destroyed")
            }
        };
        format!("{users} removed, {services} unlinked{backups}{devices}{networks}{endpoints}{keys}")
    }

    /// For the alert.
    pub fn sentence(&self) -> String {
        format!("Deleted {}. {}.", self.name, self.counted())
    }
}
