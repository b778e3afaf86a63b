//! What an organization's user is, and what may be done with one. Pure.

use crate::access::roles_model::{EndpointAccess, OrganizationAccess, Right, Role};
use crate::access::state_model::AccountState;
use crate::access::witness_model::Hand;
use crate::accounts::list_model::Part;
use crate::accounts::model::{Account, Details, may_act_on};
use crate::accounts::newcomers_model::{Newcomer, PersonEntry};
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::text::Email;
use crate::subscriptions::model::State;
use crate::users::support_model::Support;

/// A user of an organization at the moment of reading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// The account.
    pub account: Account,
    /// Left drop-down (USR-2).
    pub access: OrganizationAccess,
    /// Right drop-down (USR-2).
    pub endpoint_access: EndpointAccess,
    /// The role of this person on the partner's staff, if they have one too (ACC-15).
    pub staff_role: Option<Role>,
    /// EMP-4: whether this person has another account that the one who looks does not see.
    pub further: bool,
    /// SUB-8: whether this is the contact that Send sign in made the organization's first user.
    pub owner: bool,
    /// PAR-3: whether this user may ask for the organization's transfer as an owner may.
    pub full_administrator: FullAdministrator,
    /// SUP-1: how this user stands with support.
    pub support: Support,
}

/// PAR-3: whether a user is a full administrator of the organization.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FullAdministrator {
    /// The box is ticked.
    Yes,
    /// It is not.
    No,
}

impl FullAdministrator {
    /// As it is stored.
    pub const fn of(stored: bool) -> Self {
        if stored { Self::Yes } else { Self::No }
    }

    /// As the log and the box say it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::No => "No",
        }
    }
}

/// How a user comes to an organization.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// As one of its users.
    User,
    /// As its Owner (SUB-8).
    Owner,
}

/// A user to add.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewUser {
    /// Name, e-mail and phone.
    pub details: Details,
    /// Left drop-down.
    pub access: OrganizationAccess,
    /// Right drop-down.
    pub endpoint_access: EndpointAccess,
    /// The box in Edit Organization User (PAR-3).
    pub full_administrator: FullAdministrator,
}

/// What may be done with a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Name, phone and access.
    Edit,
    /// Another e-mail.
    ChangeEmail,
    /// A letter, for the first time or again.
    SendLetter,
    /// Switching off.
    Deactivate,
    /// Switching on again.
    Reactivate,
    /// Taking away.
    Remove,
    /// Reset MFA (ACC-8).
    ResetFactor,
    /// Authorize for Support (SUP-1).
    AuthorizeForSupport,
    /// Confirm support PIN.
    ConfirmPin,
    /// Withdraw the authorization.
    WithdrawSupport,
}

impl User {
    /// First and last name.
    pub fn name(&self) -> String {
        self.account.name()
    }

    /// USR-7: whether the vendor's consoles know this user as Super Administrator, the organization being in this state.
    pub const fn is_super_administrator(&self, organization: State) -> bool {
        matches!((self.access, organization), (OrganizationAccess::Full, State::Active)) && self.account.state.is_active()
    }

    /// Whether `hand` may take this step, or the sentence that says why not. Buttons and actions both ask here.
    pub fn check(&self, hand: Hand, step: Step) -> Result<(), String> {
        // EMP-2: never one's own.
        if hand.identity == Some(self.account.identity) {
            return Err("This is your own account. Somebody else has to change it.".to_owned());
        }
        let name = self.name();
        let fits = match step {
            Step::Edit | Step::ChangeEmail | Step::Remove => Ok(()),
            Step::SendLetter if self.account.state.may_be_invited() => Ok(()),
            Step::SendLetter => Err(match self.account.state {
                AccountState::Active { .. } => format!("{name} is set up already and needs no letter."),
                AccountState::NotInvited
                | AccountState::Invited { .. }
                | AccountState::Lapsed { .. }
                | AccountState::Deactivated { .. } => {
                    format!("{name} is deactivated. Reactivate the account; that sends a letter.")
                }
            }),
            Step::Deactivate if self.account.state.may_be_deactivated() => Ok(()),
            Step::Deactivate => Err(format!("{name} is deactivated already.")),
            Step::Reactivate if self.account.state.may_be_reactivated() => Ok(()),
            Step::Reactivate => Err(format!("{name} is not deactivated.")),
            Step::ResetFactor if !hand.role.may(Right::GroupsAndSecurity) => {
                Err("Only a Security Admin or the primary account resets how somebody signs in.".to_owned())
            }
            Step::ResetFactor if self.account.state.is_active() => Ok(()),
            Step::ResetFactor => Err(format!("{name} is not active, so there is nothing to reset.")),
            Step::AuthorizeForSupport | Step::ConfirmPin | Step::WithdrawSupport => self.check_support(step),
        };
        fits?;
        if self.touches_identity(step) && self.further {
            return Err(format!(
                "{name} has another account that your access groups do not show. Somebody who sees all of them has to do this."
            ));
        }
        if self.touches_identity(step) && !may_act_on(hand.role, self.staff_role) {
            let role = self.staff_role.map_or("", Role::shown);
            return Err(format!("{name} also works here as {role}. Only somebody above that role may do this."));
        }
        Ok(())
    }

    /// Whether a check answers yes.
    pub fn may(&self, hand: Hand, step: Step) -> bool {
        self.check(hand, step).is_ok()
    }

    /// SUP-1: only an active user with Full access is authorized; Endpoint Backup users never.
    fn check_support(&self, step: Step) -> Result<(), String> {
        let name = self.name();
        match (step, &self.support) {
            (Step::AuthorizeForSupport, Support::Not) if self.access == OrganizationAccess::NoAccess => Err(format!(
                "{name} has no Full access. Endpoint Backup users, and those without access, are never authorized for support."
            )),
            (Step::AuthorizeForSupport, Support::Not) if !self.account.state.is_active() => {
                Err(format!("{name} is not active. Only who can sign in can be authorized for support."))
            }
            (Step::AuthorizeForSupport, Support::Not)
            | (Step::ConfirmPin, Support::Given { .. })
            | (Step::WithdrawSupport, Support::Given { .. } | Support::InForce { .. }) => Ok(()),
            (Step::AuthorizeForSupport | Step::ConfirmPin, Support::InForce { .. }) => {
                Err(format!("{name} is authorized for support already."))
            }
            (Step::AuthorizeForSupport, Support::Given { .. }) => {
                Err(format!("{name} is authorized already. The support PIN is to be confirmed."))
            }
            (_, _) => Err(format!("{name} is not authorized for support.")),
        }
    }

    /// ACC-15, ACC-4: which steps reach beyond this account to what the person signs in with. Bringing back one that lapsed does not: it
    /// only gets a letter.
    const fn touches_identity(&self, step: Step) -> bool {
        match step {
            Step::ChangeEmail | Step::SendLetter | Step::ResetFactor => true,
            Step::Reactivate => !matches!(self.account.state, AccountState::Lapsed { .. }),
            Step::Edit | Step::Deactivate | Step::Remove | Step::AuthorizeForSupport | Step::ConfirmPin | Step::WithdrawSupport => false,
        }
    }
}

/// A page of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// The users, by last name.
    pub part: Part<User>,
    /// How many users the organization has.
    pub total: i64,
    /// How many of them wait for their first letter (IMP-4).
    pub not_invited: i64,
}

/// What was typed for one user, not yet looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Name, e-mail and phone.
    pub person: PersonEntry,
    /// Left drop-down.
    pub access: String,
    /// Right drop-down.
    pub endpoint_access: String,
    /// The box Full administrator: empty when it is not ticked.
    pub full_administrator: String,
}

impl Entry {
    /// What a user is now, to be edited.
    pub fn of(user: &User) -> Self {
        Self {
            person: PersonEntry::of(&user.account),
            access: user.access.word().to_owned(),
            endpoint_access: user.endpoint_access.word().to_owned(),
            full_administrator: if user.full_administrator == FullAdministrator::Yes { "yes" } else { "" }.to_owned(),
        }
    }
}

impl Newcomer for Entry {
    type Parsed = NewUser;
    const FIELDS: &'static [&'static str] =
        &["first_name", "last_name", "email", "country_code", "mobile_phone", "access", "endpoint_access", "full_administrator"];

    /// USR-2: left Full access, right No access.
    fn blank() -> Self {
        Self {
            person: PersonEntry::default(),
            access: OrganizationAccess::Full.word().to_owned(),
            endpoint_access: EndpointAccess::NoAccess.word().to_owned(),
            full_administrator: String::new(),
        }
    }

    fn from_values(values: &mut dyn Iterator<Item = String>) -> Self {
        let person = PersonEntry::from_values(values);
        let mut next = || values.next().unwrap_or_default();
        Self { person, access: next(), endpoint_access: next(), full_administrator: next() }
    }

    fn values(&self) -> Vec<&str> {
        self.person.values().into_iter().chain([self.access.as_str(), &self.endpoint_access, &self.full_administrator]).collect()
    }

    fn person(&self) -> &PersonEntry {
        &self.person
    }

    /// USR-1, USR-2, PAR-3.
    fn parse(&self) -> Result<NewUser> {
        let mut errors = FieldErrors::default();
        let details = self.person.parse(&mut errors);
        let choose = || "Choose one of the list.".to_owned();
        let access = errors.take("access", OrganizationAccess::from_word(&self.access).ok_or_else(choose));
        let endpoint_access = errors.take("endpoint_access", EndpointAccess::from_word(&self.endpoint_access).ok_or_else(choose));
        let full_administrator = FullAdministrator::of(!self.full_administrator.is_empty());
        if full_administrator == FullAdministrator::Yes && access == Some(OrganizationAccess::NoAccess) {
            errors.add("full_administrator", "A full administrator has Full access on the left. Choose it, or untick this.");
        }
        let user = match (details, access, endpoint_access) {
            (Some(details), Some(access), Some(endpoint_access)) => Some(NewUser { details, access, endpoint_access, full_administrator }),
            _ => None,
        };
        errors.or(user)
    }

    fn email(parsed: &NewUser) -> &Email {
        &parsed.details.email
    }
}
