//! What an account is, and what a link is good for. Pure.

use crate::access::roles_model::Role;
use crate::access::state_model::AccountState;
use crate::activity::model::Change;
use crate::kernel::ids::{AccountId, IdentityId, LinkId, OrganizationId, PartnerId};
use crate::kernel::text::{self, Email, PersonName};
use crate::kernel::time::{Span, Timestamp};
use crate::text_enum;

/// An account with its identity, at the moment it was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The partner it is at, or whose organization it is at.
    pub partner: PartnerId,
    /// What its person signs in with.
    pub identity: IdentityId,
    /// The organization of an organization user.
    pub organization: Option<OrganizationId>,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The identity's e-mail.
    pub email: String,
    /// Dialling code, digits only.
    pub country_code: Option<String>,
    /// Phone number, digits only.
    pub mobile_phone: Option<String>,
    /// What it is at this moment.
    pub state: AccountState,
    /// Whether the identity has a password (ACC-15).
    pub has_password: bool,
    /// Whether this account ever was active (ACC-4).
    pub set_up: bool,
}

impl Account {
    /// First and last name.
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// Who an account is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Details {
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// E-mail.
    pub email: Email,
    /// Dialling code, digits only.
    pub country_code: Option<String>,
    /// Phone number, digits only.
    pub mobile_phone: Option<String>,
}

impl Details {
    /// First and last name.
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name.as_str(), self.last_name.as_str())
    }

    /// What would be different of an account, in the words of its fields.
    pub fn changes(&self, account: &Account) -> Vec<Change> {
        let changes = [
            Change::between("First name", account.first_name.as_str(), self.first_name.as_str()),
            Change::between("Last name", account.last_name.as_str(), self.last_name.as_str()),
            Change::between("Email", account.email.as_str(), self.email.as_str()),
            Change::between(
                "Mobile Phone Number",
                phone(account.country_code.as_deref(), account.mobile_phone.as_deref()),
                phone(self.country_code.as_deref(), self.mobile_phone.as_deref()),
            ),
        ];
        changes.into_iter().flatten().collect()
    }
}

/// "+49 1701234567"; empty where there is none.
pub fn phone(country_code: Option<&str>, mobile_phone: Option<&str>) -> String {
    let code = country_code.map(|code| format!("+{code}")).unwrap_or_default();
    format!("{code} {}", mobile_phone.unwrap_or_default()).trim().to_owned()
}

/// Whether the letter goes out with the account, or when somebody sends it (IMP-4).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Invitation {
    /// With it.
    Send,
    /// Later.
    Later,
}

text_enum!(
    /// What a mailed link is good for.
    Purpose {
        /// Setting up an account.
        SetUp = "set_up",
        /// A new password.
        Reset = "reset",
        /// Nothing by itself: it keeps a one-time passcode for its letter (ACC-8). No token leads to it.
        Passcode = "passcode",
    }
);

/// A link that still works at the moment it was read.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// What for.
    pub purpose: Purpose,
    /// At which partner.
    pub partner: PartnerId,
    /// Whose.
    pub identity: IdentityId,
    /// The account to set up.
    pub account: Option<AccountId>,
    /// The identity's e-mail.
    pub email: String,
    /// The partner's name.
    pub partner_name: String,
    /// First and last name of the account's person; empty for a reset.
    pub name: String,
    /// The organization, or the partner, that the account is at.
    pub place: String,
    /// When its time is over.
    pub expires_at: Timestamp,
}

/// SEC-1: a browser is known until it was not used for so long; browsers keep a cookie no longer either.
pub const BROWSER_KEPT: Span = Span::days(400);

/// How reactivating went (ACC-4).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reactivated {
    /// It is active again.
    Active,
    /// It got a new letter and seven new days.
    Invited,
}

/// ACC-15: the highest role among an identity's accounts decides who may act on it; organization users have none.
pub fn may_act_on(actor: Role, highest: Option<Role>) -> bool {
    highest.is_none_or(|role| actor.may_act_on(role))
}

/// What a sign-in is checked against (ACC-11).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// What the person signs in with.
    pub identity: IdentityId,
    /// At which partner.
    pub partner: PartnerId,
    /// Its e-mail.
    pub email: String,
    /// The stored hash.
    pub password_hash: String,
    /// ACC-8: it is a one-time passcode's hash, good until then and used up afterwards; none for a password.
    pub passcode_until: Option<Timestamp>,
}

/// ACC-8: a new one-time passcode as its letter shows it, four groups of four letters and digits, made of ten random bytes.
pub fn passcode(bytes: [u8; 10]) -> String {
    text::groups_of_four(&text::base32(&bytes), '-')
}

/// A one-time passcode as it is checked, however it was typed: capitals alone, without what separates the groups.
pub fn passcode_key(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_uppercase()).collect()
}

/// An account that its person may enter now, or accept (ACC-11, ACC-15).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// Which.
    pub account: AccountId,
    /// Its person's first and last name.
    pub name: String,
    /// The partner.
    pub partner_name: String,
    /// The organization of an organization user.
    pub organization: Option<(OrganizationId, String)>,
    /// The role of an employee.
    pub role: Option<Role>,
    /// Active, or invited and waiting to be accepted.
    pub state: AccountState,
    /// ACC-10: when its person last signed in to it, set it up, or set a password.
    pub came_at: Timestamp,
}

impl Choice {
    /// "Organization (Partner)", or the partner alone for its staff.
    pub fn title(&self) -> String {
        match &self.organization {
            Some((_, organization)) => format!("{organization} ({})", self.partner_name),
            None => self.partner_name.clone(),
        }
    }

    /// The role as people read it.
    pub fn role_shown(&self) -> &'static str {
        self.role.map_or("Organization user", Role::shown)
    }
}
