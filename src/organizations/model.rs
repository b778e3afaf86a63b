//! What an organization is. Pure.

use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::text::{Email, FirmName, PersonName};
use crate::kernel::time::Timestamp;
use crate::subscriptions::model::Subscription;
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
        [self.first_name.as_deref(), self.last_name.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
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
