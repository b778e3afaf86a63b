//! What sets up a portal. Pure.

use crate::kernel::ids::{AccountId, IdentityId, PartnerId};
use crate::kernel::text::{Email, FirmName, PersonName};

/// What ACC-1 asks for: the operating partner and its primary account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Founding {
    /// The operating partner's name.
    pub partner: FirmName,
    /// Its country's ISO code.
    pub country: String,
    /// The primary account's first name.
    pub first_name: PersonName,
    /// Its last name.
    pub last_name: PersonName,
    /// What it signs in with.
    pub email: Email,
}

/// What a set-up made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Founded {
    /// The operating partner.
    pub partner: PartnerId,
    /// What the primary account's person signs in with.
    pub identity: IdentityId,
    /// The primary account.
    pub account: AccountId,
}
