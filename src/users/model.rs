//! What an organization's user is, and what may be done with one. Pure.

use crate::access::model::{AccountState, EndpointAccess, OrganizationAccess, Role};
use crate::accounts::model::{Account, Details, may_act_on};
use crate::kernel::countries;
use crate::kernel::error::{FieldErrors, Result};
use crate::kernel::ids::{AccountId, IdentityId};
use crate::kernel::text::{self, Email, PersonName};
use crate::subscriptions::model::State;

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
}

/// Whose hand would do something: their role, and what they sign in with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hand {
    /// The role.
    pub role: Role,
    /// The identity; none for the operator of the machine.
    pub identity: Option<IdentityId>,
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
        };
        fits?;
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

    /// ACC-15, ACC-4: which steps reach beyond this account to what the person signs in with. Bringing back one that lapsed does not: it
    /// only gets a letter.
    const fn touches_identity(&self, step: Step) -> bool {
        match step {
            Step::ChangeEmail | Step::SendLetter => true,
            Step::Reactivate => !matches!(self.account.state, AccountState::Lapsed { .. }),
            Step::Edit | Step::Deactivate | Step::Remove => false,
        }
    }
}

/// How many users a page of the list shows.
pub const PAGE: i64 = 50;

/// A place in the list: the sorting key and the id of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The sorting key of a name.
    pub key: String,
    /// The account.
    pub account: AccountId,
}

/// A page of the list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Page {
    /// The users, by last name.
    pub users: Vec<User>,
    /// Where the page before begins, if there is one.
    pub before: Option<Place>,
    /// Where the page after begins, if there is one.
    pub after: Option<Place>,
    /// How many users the organization has.
    pub total: i64,
    /// How many of them wait for their first letter (IMP-4).
    pub not_invited: i64,
}

/// Which page.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum From {
    /// The first.
    #[default]
    Start,
    /// What comes after a place.
    After(Place),
    /// What comes before a place.
    Before(Place),
}

impl Place {
    /// As the address of a page carries it.
    pub fn written(&self) -> String {
        format!("{}.{}", self.account, self.key)
    }

    /// From an address; nothing when it is no place.
    pub fn parse(written: &str) -> Option<Self> {
        let (account, key) = written.split_once('.')?;
        Some(Self { key: key.to_owned(), account: account.parse().ok()? })
    }
}

/// What was typed for one user, not yet looked at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entry {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail.
    pub email: String,
    /// Dialling code.
    pub country_code: String,
    /// Phone number.
    pub mobile_phone: String,
    /// Left drop-down.
    pub access: String,
    /// Right drop-down.
    pub endpoint_access: String,
}

impl Entry {
    /// The fields' names, in the order of the form.
    pub const FIELDS: [&'static str; 7] = ["first_name", "last_name", "email", "country_code", "mobile_phone", "access", "endpoint_access"];

    /// USR-2: nothing typed yet; left Full access, right No access.
    pub fn blank() -> Self {
        Self {
            access: OrganizationAccess::Full.word().to_owned(),
            endpoint_access: EndpointAccess::NoAccess.word().to_owned(),
            ..Self::default()
        }
    }

    /// From values in the order of `FIELDS`; what is missing is empty.
    pub fn from_values(values: impl IntoIterator<Item = String>) -> Self {
        let mut values = values.into_iter();
        let mut next = || values.next().unwrap_or_default();
        Self {
            first_name: next(),
            last_name: next(),
            email: next(),
            country_code: next(),
            mobile_phone: next(),
            access: next(),
            endpoint_access: next(),
        }
    }

    /// The values in the order of `FIELDS`.
    pub fn values(&self) -> [&str; 7] {
        [&self.first_name, &self.last_name, &self.email, &self.country_code, &self.mobile_phone, &self.access, &self.endpoint_access]
    }

    /// What a user is now, to be edited.
    pub fn of(user: &User) -> Self {
        let account = &user.account;
        Self {
            first_name: account.first_name.clone(),
            last_name: account.last_name.clone(),
            email: account.email.clone(),
            country_code: account.country_code.clone().unwrap_or_default(),
            mobile_phone: account.mobile_phone.clone().unwrap_or_default(),
            access: user.access.word().to_owned(),
            endpoint_access: user.endpoint_access.word().to_owned(),
        }
    }

    /// First and last name as typed.
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name.trim(), self.last_name.trim()).trim().to_owned()
    }

    /// Whether nobody was entered: no name, no e-mail, no phone.
    pub fn is_empty(&self) -> bool {
        [&self.first_name, &self.last_name, &self.email, &self.mobile_phone].into_iter().all(|value| value.trim().is_empty())
    }

    /// USR-1, USR-2: the user, or what is wrong with each field.
    pub fn parse(&self) -> Result<NewUser> {
        let mut errors = FieldErrors::default();
        let first_name = errors.take("first_name", PersonName::parse(&self.first_name));
        let last_name = errors.take("last_name", PersonName::parse(&self.last_name));
        let email = errors.take("email", Email::parse(&self.email));
        let country_code = errors.take("country_code", countries::parse_dialling_code(&self.country_code));
        let mobile_phone = errors.take("mobile_phone", text::phone(&self.mobile_phone));
        let choose = || "Choose one of the list.".to_owned();
        let access = errors.take("access", OrganizationAccess::from_word(&self.access).ok_or_else(choose));
        let endpoint_access = errors.take("endpoint_access", EndpointAccess::from_word(&self.endpoint_access).ok_or_else(choose));
        let user = match (first_name, last_name, email, country_code, mobile_phone, access, endpoint_access) {
            (Some(first_name), Some(last_name), Some(email), Some(country_code), Some(mobile_phone), Some(access), Some(endpoint)) => {
                let details = Details { first_name, last_name, email, country_code, mobile_phone };
                Some(NewUser { details, access, endpoint_access: endpoint })
            }
            _ => None,
        };
        errors.or(user)
    }
}
