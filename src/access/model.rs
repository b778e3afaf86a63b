//! Who is asking, what they can see, and what a route asks of them. Pure.

use std::net::IpAddr;

use crate::access::roles_model::{EndpointAccess, OrganizationAccess, Right, Role};
use crate::access::stage_model::{PROOF_LASTS, Stage};
use crate::kernel::ids::{AccountId, IdentityId, OrganizationId, PartnerId, SessionId};
use crate::kernel::time::Timestamp;

/// What a visitor can see: organizations of `viewer` and of the partners beneath it, or one alone.
/// Stores bind these two values; `only` narrows to one organization.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scope {
    /// The partner whose eyes are used.
    pub viewer: PartnerId,
    /// An organization user's organization.
    pub only: Option<OrganizationId>,
}

/// Who did something, as the activity log keeps it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// The partner in whose log it belongs.
    pub partner: PartnerId,
    /// The account; none for the command line and the clock.
    pub account: Option<AccountId>,
    /// Name and e-mail, or "the operator of this machine", or "Portico".
    pub name: String,
    /// "Admin", "Organization user", …
    pub roles: String,
    /// The other end's address, or "this machine".
    pub address: String,
}

/// Someone signed in to one account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// The session.
    pub session: SessionId,
    /// What they signed in with.
    pub identity: IdentityId,
    /// Where they are.
    pub account: AccountId,
    /// The partner.
    pub partner: PartnerId,
    /// Its name.
    pub partner_name: String,
    /// Its public Partner ID.
    pub partner_public_id: String,
    /// Whether the partner has no parent (OPS-6).
    pub operating: bool,
    /// First and last name.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// How many accounts they could switch between.
    pub active_accounts: i64,
    /// Employee or organization user.
    pub place: Place,
    /// When the password was last given.
    pub proved_at: Timestamp,
    /// IANA zone name.
    pub time_zone: String,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// The other end.
    pub address: IpAddr,
}

/// An account's place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// On the partner's staff.
    Employee {
        /// With this role.
        role: Role,
    },
    /// In an organization.
    OrganizationUser {
        /// Which.
        organization: OrganizationId,
        /// Its name.
        organization_name: String,
        /// Left drop-down.
        access: OrganizationAccess,
        /// Right drop-down.
        endpoint_access: EndpointAccess,
    },
}

impl Person {
    /// An employee's role.
    pub const fn role(&self) -> Option<Role> {
        match &self.place {
            Place::Employee { role } => Some(*role),
            Place::OrganizationUser { .. } => None,
        }
    }

    /// SEC-2: whether the password was given lately enough for a dangerous step.
    pub fn proved_lately(&self, now: Timestamp) -> bool {
        now <= self.proved_at + PROOF_LASTS
    }

    /// Whether an employee of a role with this right.
    pub fn may(&self, right: Right) -> bool {
        self.role().is_some_and(|role| role.may(right))
    }

    /// What they can see.
    pub const fn scope(&self) -> Scope {
        match &self.place {
            Place::Employee { .. } => Scope { viewer: self.partner, only: None },
            Place::OrganizationUser { organization, .. } => Scope { viewer: self.partner, only: Some(*organization) },
        }
    }

    /// As the menu shows their role.
    pub const fn role_shown(&self) -> &'static str {
        match &self.place {
            Place::Employee { role } => role.shown(),
            Place::OrganizationUser { .. } => "Organization user",
        }
    }

    /// For the activity log.
    pub fn actor(&self) -> Actor {
        Actor {
            partner: self.partner,
            account: Some(self.account),
            name: format!("{} ({})", self.name, self.email),
            roles: self.role_shown().to_owned(),
            address: self.address.to_string(),
        }
    }
}

/// Who is asking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Visitor {
    /// Nobody we know.
    Guest,
    /// Gave a password and is not in yet: reaches the pages of their stage only.
    Half {
        /// The session.
        session: SessionId,
        /// Who.
        identity: IdentityId,
        /// At which partner.
        partner: PartnerId,
        /// What is asked of them.
        stage: Stage,
    },
    /// Signed in.
    Person(Box<Person>),
}

/// What a route asks of its visitor; whoever does not have it meets "not found" (ALL-1), a guest the sign-in page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Everyone.
    Anyone,
    /// A session, whether it is in or not.
    AnySession,
    /// A session at this stage. Who is in may choose an account again (ACC-11).
    At(Stage),
    /// Anybody signed in.
    SignedIn,
    /// An employee with this right.
    Employee(Right),
    /// An employee of any role.
    AnyEmployee,
    /// Who may see SaaS accounts: employees with the right, organization users with Full access (USR-8).
    SaasViewer,
    /// The operating partner's primary account (OPS-6).
    Operating,
}

/// SEC-2: what a route's step may cost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Risk {
    /// Having signed in is enough.
    Usual,
    /// The password must have been given within `PROOF_LASTS`, or it is asked for again.
    Dangerous,
}

impl Access {
    /// Whether this visitor may pass.
    pub fn admits(self, visitor: &Visitor) -> bool {
        match (self, visitor) {
            (Self::Anyone, _)
            | (Self::AnySession, Visitor::Half { .. } | Visitor::Person(_))
            | (Self::At(Stage::Choice) | Self::SignedIn, Visitor::Person(_)) => true,
            (Self::At(asked), Visitor::Half { stage, .. }) => asked == *stage,
            (Self::Employee(right), Visitor::Person(person)) => person.may(right),
            (Self::AnyEmployee, Visitor::Person(person)) => person.role().is_some(),
            (Self::SaasViewer, Visitor::Person(person)) => match &person.place {
                Place::Employee { role } => role.may(Right::SeeSaasStatus),
                Place::OrganizationUser { access, .. } => *access == OrganizationAccess::Full,
            },
            (Self::Operating, Visitor::Person(person)) => person.operating && person.role() == Some(Role::PrimaryAccount),
            (Self::At(_), Visitor::Person(_)) | (_, Visitor::Guest | Visitor::Half { .. }) => false,
        }
    }
}

/// A browser in a few words, "Firefox on Linux", from what it says of itself.
pub fn browser(user_agent: &str) -> String {
    const BROWSERS: &[(&str, &str)] = &[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: &[(&str, &str)] = &[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let known = |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    match (known(BROWSERS), known(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "Unknown browser".to_owned(),
    }
}
