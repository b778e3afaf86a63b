//! Scripts: who comes with an API key, and what such a key can see and do (API-1). Pure.

use std::net::IpAddr;

use crate::access::model::{Actor, Beneath, Reach, Scope, Sight};
use crate::access::roles_model::{Products, Right, Role};
use crate::kernel::ids::{AccountId, KeyId, OrganizationId, PartnerId};
use crate::kernel::time::Timestamp;

/// Between the maker's role and the key's name in the log.
pub const BY_KEY: &str = ", by API key ";

/// A script that came with a key: its maker as they are at this moment, and what the key narrows that to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Script {
    /// The key.
    pub key: KeyId,
    /// Its name.
    pub key_name: String,
    /// The one organization it is for, unless it is for the whole partner.
    pub only: Option<OrganizationId>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// The partner.
    pub partner: PartnerId,
    /// The maker's account.
    pub account: AccountId,
    /// The maker's first and last name.
    pub name: String,
    /// The maker's e-mail.
    pub email: String,
    /// The maker's role.
    pub role: Role,
    /// EMP-4: how much of the partner the maker sees.
    pub reach: Reach,
    /// EMP-3: which products the maker may open.
    pub products: Products,
    /// The other end.
    pub address: IpAddr,
}

impl Script {
    /// Whether the maker has this right, and may open the product that it is about (EMP-3).
    pub const fn may(&self, right: Right) -> bool {
        self.role.may(right) && self.products.open(right)
    }

    /// What it can see: what its maker can (EMP-4), or the key's one organization, which its maker can see at this moment.
    pub const fn scope(&self) -> Scope {
        let scope = match (self.only, self.reach) {
            (Some(organization), _) => Scope::new(self.partner, Sight::Organization(organization)),
            (None, Reach::All) => Scope::all(self.partner),
            (None, Reach::Groups) => Scope::new(self.partner, Sight::Groups(self.account)),
        };
        scope.with(Beneath::of(self.role))
    }

    /// For the activity log: the maker, and by which key.
    pub fn actor(&self) -> Actor {
        Actor {
            partner: self.partner,
            account: Some(self.account),
            name: format!("{} ({})", self.name, self.email),
            roles: format!("{}{BY_KEY}{}", self.role.shown(), self.key_name),
            address: self.address.to_string(),
        }
    }
}
