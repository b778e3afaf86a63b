//! Who is asking, what they can see, and what a route asks of them. Pure.

use std::net::IpAddr;

use crate::access::roles_model::{EndpointAccess, OrganizationAccess, Products, Right, Role};
use crate::access::script_model::Script;
use crate::access::stage_model::{PROOF_LASTS, Stage};
use crate::kernel::html::frame::Look;
use crate::kernel::ids::{AccountId, IdentityId, OrganizationId, PartnerId, SessionId};
use crate::kernel::time::Timestamp;

/// Which of the organizations of a partner, and of the partners beneath it, are in sight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sight {
    /// All of them.
    All,
    /// One, for its users.
    Organization(OrganizationId),
    /// EMP-4: those of the access groups that this employee is a member of; none for a member of no group.
    Groups(AccountId),
}

/// What a visitor can see. A store's statement says `in_sight!` of the organization it reads and takes its values from `bind`; one that
/// says it and is not given them finds nothing, and one that is given them and does not say it is an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scope {
    viewer: PartnerId,
    sight: i64,
    whose: Option<i64>,
    beneath: Beneath,
}

/// PAR-1: what somebody may do with what the partners beneath theirs hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Beneath {
    /// All that they may do at home: primary account, Security Admin and Admin.
    Acts,
    /// Look at it.
    Looks,
}

impl Beneath {
    /// For somebody of this role.
    pub const fn of(role: Role) -> Self {
        if role.may(Right::ManageOrganizations) { Self::Acts } else { Self::Looks }
    }
}

/// Values by name, as a statement takes them.
pub type Named<'a> = (&'a str, &'a dyn rusqlite::ToSql);

impl Scope {
    /// What `sight` lets be seen of a partner and of the partners beneath it.
    pub const fn new(viewer: PartnerId, sight: Sight) -> Self {
        // The numbers are those of `in_sight!`.
        let (sight, whose) = match sight {
            Sight::All => (0, None),
            Sight::Organization(organization) => (1, Some(organization.0)),
            Sight::Groups(account) => (2, Some(account.0)),
        };
        Self { viewer, sight, whose, beneath: Beneath::Acts }
    }

    /// The same eyes with these hands.
    #[must_use]
    pub const fn with(self, beneath: Beneath) -> Self {
        Self { beneath, ..self }
    }

    /// PAR-1: whether what this partner holds may be acted upon, if it is seen.
    pub fn acts_on(&self, holder: PartnerId) -> bool {
        holder == self.viewer || self.beneath == Beneath::Acts
    }

    /// PAR-1: whether what the partners beneath hold may be acted upon.
    pub fn acts_beneath(&self) -> bool {
        self.beneath == Beneath::Acts
    }

    /// All that a partner sees.
    pub const fn all(viewer: PartnerId) -> Self {
        Self::new(viewer, Sight::All)
    }

    /// The partner whose eyes are used. A statement that binds it alone sees what all of that partner's staff may.
    pub const fn viewer(&self) -> PartnerId {
        self.viewer
    }

    /// How far they see.
    pub const fn sight(&self) -> Sight {
        match (self.sight, self.whose) {
            (0, _) => Sight::All,
            (1, Some(organization)) => Sight::Organization(OrganizationId(organization)),
            (_, account) => Sight::Groups(AccountId(match account {
                Some(account) => account,
                None => 0,
            })),
        }
    }

    /// The one organization of an organization's user.
    pub const fn only(&self) -> Option<OrganizationId> {
        match self.sight() {
            Sight::Organization(organization) => Some(organization),
            Sight::All | Sight::Groups(_) => None,
        }
    }

    /// EMP-4: the employee whose groups decide, if any do.
    pub const fn member(&self) -> Option<AccountId> {
        match self.sight() {
            Sight::Groups(account) => Some(account),
            Sight::All | Sight::Organization(_) => None,
        }
    }

    /// The values of a statement that says `in_sight!`, with its others: `:viewer`, `:sight` and `:whose` are this scope's.
    pub fn bind<'a>(&'a self, values: &[Named<'a>]) -> Vec<Named<'a>> {
        let mut all: Vec<Named<'a>> = vec![(":viewer", &self.viewer)];
        all.extend(self.bind_sight(values));
        all
    }

    /// The same for a statement that knows its partner from something that was found in this scope, and does not ask for the viewer.
    pub fn bind_sight<'a>(&'a self, values: &[Named<'a>]) -> Vec<Named<'a>> {
        let mut all: Vec<Named<'a>> = vec![(":sight", &self.sight), (":whose", &self.whose)];
        all.extend_from_slice(values);
        all
    }
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

impl Actor {
    /// The name without the e-mail that the log keeps with it: "Ada Lane".
    pub fn name_alone(&self) -> &str {
        self.name.split_once(" (").map_or(&self.name, |(name, _)| name)
    }
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
    /// BRA-5: how their pages look.
    pub look: Look,
    /// The end of their partner's own sign-in address.
    pub slug: String,
}

/// EMP-4: how much of a partner somebody on its staff sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// All of it.
    All,
    /// What is in their access groups.
    Groups,
}

impl Reach {
    /// Of somebody with this role, whom groups limit or do not: they never limit the primary account and Security Admins.
    pub const fn of(role: Role, limited: bool) -> Self {
        if limited && !role.may(Right::GroupsAndSecurity) { Self::Groups } else { Self::All }
    }
}

/// An account's place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// On the partner's staff.
    Employee {
        /// With this role.
        role: Role,
        /// How much of the partner they see.
        reach: Reach,
        /// EMP-3: which products they may open.
        products: Products,
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
            Place::Employee { role, .. } => Some(*role),
            Place::OrganizationUser { .. } => None,
        }
    }

    /// SEC-2: whether the password was given lately enough for a dangerous step.
    pub fn proved_lately(&self, now: Timestamp) -> bool {
        now <= self.proved_at + PROOF_LASTS
    }

    /// Whether an employee of a role with this right, who may open the product that it is about (EMP-3).
    pub const fn may(&self, right: Right) -> bool {
        match &self.place {
            Place::Employee { role, products, .. } => role.may(right) && products.open(right),
            Place::OrganizationUser { .. } => false,
        }
    }

    /// USR-8: whether an organization user with Full access.
    pub const fn has_full_access(&self) -> bool {
        matches!(&self.place, Place::OrganizationUser { access: OrganizationAccess::Full, .. })
    }

    /// What they can see.
    pub const fn scope(&self) -> Scope {
        match &self.place {
            Place::Employee { reach: Reach::All, role, .. } => Scope::all(self.partner).with(Beneath::of(*role)),
            Place::Employee { reach: Reach::Groups, role, .. } => {
                Scope::new(self.partner, Sight::Groups(self.account)).with(Beneath::of(*role))
            }
            Place::OrganizationUser { organization, .. } => Scope::new(self.partner, Sight::Organization(*organization)),
        }
    }

    /// As the menu shows their role.
    pub const fn role_shown(&self) -> &'static str {
        match &self.place {
            Place::Employee { role, .. } => role.shown(),
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
        /// When the password was last given.
        proved_at: Timestamp,
        /// BRA-5: how their pages look.
        look: Box<Look>,
    },
    /// Signed in.
    Person(Box<Person>),
    /// Not a person: a script with an API key.
    Script(Box<Script>),
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
    /// An employee with this right whom no access group limits (EMP-4).
    Unlimited(Right),
    /// An employee of any role.
    AnyEmployee,
    /// Who may see SaaS accounts: employees with the right, organization users with Full access (USR-8).
    SaasViewer,
    /// Who may see devices: employees with the right and BCDR (EMP-3), organization users with Full access (USR-8).
    DeviceViewer,
    /// Who may see endpoint agents: employees with the right and Endpoint Backup (EMP-3), the organization user with that access (USR-4).
    EndpointViewer,
    /// An organization user with Full access (USR-8).
    FullUser,
    /// The operating partner's primary account (OPS-6).
    Operating,
    /// A script whose key's maker has this right (API-1).
    Script(Right),
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
            (Self::Unlimited(right), Visitor::Person(person)) => person.may(right) && person.scope().sight() == Sight::All,
            (Self::AnyEmployee, Visitor::Person(person)) => person.role().is_some(),
            (Self::SaasViewer, Visitor::Person(person)) => match &person.place {
                Place::Employee { role, .. } => role.may(Right::SeeSaasStatus),
                Place::OrganizationUser { access, .. } => *access == OrganizationAccess::Full,
            },
            (Self::DeviceViewer, Visitor::Person(person)) => person.may(Right::SeeDevices) || person.has_full_access(),
            (Self::EndpointViewer, Visitor::Person(person)) => match &person.place {
                Place::Employee { .. } => person.may(Right::SeeEndpointBackup),
                Place::OrganizationUser { endpoint_access, .. } => *endpoint_access == EndpointAccess::FileRestores,
            },
            (Self::FullUser, Visitor::Person(person)) => person.has_full_access(),
            (Self::Operating, Visitor::Person(person)) => person.operating && person.role() == Some(Role::PrimaryAccount),
            (Self::Script(right), Visitor::Script(script)) => script.may(right),
            (Self::At(_) | Self::Script(_), Visitor::Person(_)) | (_, Visitor::Guest | Visitor::Half { .. } | Visitor::Script(_)) => false,
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
