//! Roles, rights, visitors, and the witnesses that actions ask for. Pure.

use std::net::IpAddr;

use crate::kernel::html::frame::Tone;
use crate::kernel::html::icons::Icon;
use crate::kernel::ids::{AccountId, IdentityId, OrganizationId, PartnerId, SessionId};
use crate::kernel::time::{Span, Timestamp};
use crate::text_enum;

text_enum!(
    /// An employee's role, highest first.
    Role {
        /// The partner's first account.
        PrimaryAccount = "primary_account",
        /// Guards access.
        SecurityAdmin = "security_admin",
        /// Runs the portal.
        Admin = "admin",
        /// Looks after backups.
        Tech = "tech",
        /// Looks after bills.
        Business = "business",
        /// Sells.
        SalesAndMarketing = "sales_and_marketing",
    }
);

impl Role {
    /// As people read it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::PrimaryAccount => "Primary account",
            Self::SecurityAdmin => "Security Admin",
            Self::Admin => "Admin",
            Self::Tech => "Tech",
            Self::Business => "Business",
            Self::SalesAndMarketing => "Sales & Marketing",
        }
    }

    const fn rank(self) -> u8 {
        match self {
            Self::PrimaryAccount => 0,
            Self::SecurityAdmin => 1,
            Self::Admin => 2,
            Self::Tech => 3,
            Self::Business => 4,
            Self::SalesAndMarketing => 5,
        }
    }

    /// EMP-2: one may act only on roles beneath one's own; nobody on an equal. Tech and below act on nobody.
    pub const fn may_act_on(self, other: Self) -> bool {
        matches!(self, Self::PrimaryAccount | Self::SecurityAdmin | Self::Admin) && self.rank() < other.rank()
    }

    /// The table "Employees and roles".
    pub const fn may(self, right: Right) -> bool {
        match right {
            Right::AccountSettings => matches!(self, Self::PrimaryAccount),
            Right::GroupsAndSecurity => matches!(self, Self::PrimaryAccount | Self::SecurityAdmin),
            Right::ManageOrganizations | Right::ManageEmployees | Right::RunPortal | Right::ChangeSaas => {
                matches!(self, Self::PrimaryAccount | Self::SecurityAdmin | Self::Admin)
            }
            Right::SeeLicenses | Right::SeeStatements => {
                matches!(self, Self::PrimaryAccount | Self::SecurityAdmin | Self::Admin | Self::Business)
            }
            Right::SeeSaasStatus | Right::SeeDevices | Right::SeeEndpointBackup => {
                matches!(self, Self::PrimaryAccount | Self::SecurityAdmin | Self::Admin | Self::Tech)
            }
            Right::SeePriceList => {
                matches!(self, Self::PrimaryAccount | Self::SecurityAdmin | Self::Admin | Self::Business | Self::SalesAndMarketing)
            }
        }
    }
}

/// One line of the table "Employees and roles".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Right {
    /// The partner's account settings; Global branding.
    AccountSettings,
    /// Access groups, security settings, Reset MFA.
    GroupsAndSecurity,
    /// Manage Organizations and everything on an organization's page (EMP-1).
    ManageOrganizations,
    /// Manage Employees (EMP-2 says whom).
    ManageEmployees,
    /// Subscriptions, transfers, sub-partners, API keys, import, activity log, notification settings, outbox.
    RunPortal,
    /// Add a SaaS account, change its commitment, cancel it.
    ChangeSaas,
    /// Licenses, to see.
    SeeLicenses,
    /// SaaS Protection Status, seats of an account.
    SeeSaasStatus,
    /// Device Status, device tasks, alert settings.
    SeeDevices,
    /// Endpoint Backup Status, file restores.
    SeeEndpointBackup,
    /// Statements.
    SeeStatements,
    /// The price list.
    SeePriceList,
}

text_enum!(
    /// USR-2, left: the level for all products but Endpoint Backup.
    OrganizationAccess {
        /// Super Administrator of every linked SaaS account (USR-7).
        Full = "full",
        /// Nothing of them.
        NoAccess = "none",
    }
);

impl OrganizationAccess {
    /// As the drop-down shows it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Full => "Full access",
            Self::NoAccess => "No access",
        }
    }
}

text_enum!(
    /// USR-2, right: the level for Endpoint Backup.
    EndpointAccess {
        /// Creates and removes file restores (USR-4).
        FileRestores = "file_restores",
        /// Nothing of it.
        NoAccess = "none",
    }
);

impl EndpointAccess {
    /// As the drop-down shows it.
    pub const fn shown(self) -> &'static str {
        match self {
            Self::FileRestores => "File restores",
            Self::NoAccess => "No access",
        }
    }
}

text_enum!(
    /// An account's state as it is stored; time may have moved on since, see `AccountState::at`.
    StoredState {
        /// Imported, no letter yet (IMP-4).
        NotInvited = "not_invited",
        /// Has a letter and seven days.
        Invited = "invited",
        /// Set up.
        Active = "active",
        /// Switched off.
        Deactivated = "deactivated",
    }
);

/// ACC-2: "seven days to set up".
pub const SET_UP_WITHIN: Span = Span::days(7);
/// ACC-6: a removed e-mail rests so long.
pub const EMAIL_HELD: Span = Span::hours(24);
/// ACC-9: a reset link's life.
pub const RESET_WITHIN: Span = Span::hours(1);
/// A session nobody used ends after this.
pub const SESSION_IDLE: Span = Span::minutes(30);
/// A session ends after this whatever happens.
pub const SESSION_LONGEST: Span = Span::hours(8);
/// SEC-2: a dangerous step wants a proof of the password that is no older than this.
pub const PROOF_LASTS: Span = Span::minutes(15);
/// A session that is not in yet (security.md, "Sessions").
pub const HALF_SESSION: Span = Span::minutes(10);
/// ACC-8: a one-time passcode's life.
pub const PASSCODE_WITHIN: Span = Span::hours(24);

/// An account's state at a moment. Each carries what only it has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AccountState {
    /// IMP-4: imported, waiting for somebody to send the letter.
    NotInvited,
    /// ACC-2.
    Invited {
        /// When the seven days are over.
        until: Timestamp,
    },
    /// Set up.
    Active {
        /// Since when.
        since: Timestamp,
    },
    /// ACC-3: the seven days passed.
    Lapsed {
        /// When.
        since: Timestamp,
    },
    /// ACC-5: by somebody.
    Deactivated {
        /// Since when.
        since: Timestamp,
    },
}

impl AccountState {
    /// ACC-3: what the stored state means at `now`; an invitation is over at seven days to the millisecond, job or no job.
    /// `set_up` tells whether the account ever was active.
    pub fn at(stored: StoredState, since: Timestamp, invited_until: Option<Timestamp>, set_up: bool, now: Timestamp) -> Self {
        match (stored, invited_until) {
            (StoredState::NotInvited, _) => Self::NotInvited,
            (StoredState::Invited, Some(until)) if now < until => Self::Invited { until },
            (StoredState::Invited, until) => Self::Lapsed { since: until.unwrap_or(since) },
            (StoredState::Active, _) => Self::Active { since },
            (StoredState::Deactivated, Some(_)) if !set_up => Self::Lapsed { since },
            (StoredState::Deactivated, _) => Self::Deactivated { since },
        }
    }

    /// Color, shape and word of its badge, the same everywhere.
    pub const fn look(self) -> (Tone, Icon, &'static str) {
        match self {
            Self::NotInvited => (Tone::Quiet, Icon::Mail, "Not invited"),
            Self::Invited { .. } => (Tone::Info, Icon::Clock, "Invited"),
            Self::Active { .. } => (Tone::Good, Icon::Check, "Active"),
            Self::Lapsed { .. } | Self::Deactivated { .. } => (Tone::Quiet, Icon::Dash, "Deactivated"),
        }
    }

    /// Whether it may be signed in to.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Active { .. })
    }

    /// ACC-5: active, invited and not yet invited ones can be switched off.
    pub const fn may_be_deactivated(self) -> bool {
        matches!(self, Self::NotInvited | Self::Invited { .. } | Self::Active { .. })
    }

    /// ACC-4: deactivated and lapsed ones can come back.
    pub const fn may_be_reactivated(self) -> bool {
        matches!(self, Self::Lapsed { .. } | Self::Deactivated { .. })
    }

    /// A letter can be sent (again) while the account is not set up.
    pub const fn may_be_invited(self) -> bool {
        matches!(self, Self::NotInvited | Self::Invited { .. })
    }
}

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

/// What stands between a session and its account, in the order in which it is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// A code of the second factor (ACC-7).
    Code,
    /// A new password, after a one-time passcode (ACC-8).
    Password,
    /// Setting up a second factor (ACC-7, ACC-8, ORG-9).
    SetUp,
    /// Choosing one of several accounts, or accepting one (ACC-11, ACC-15).
    Choice,
}

impl Stage {
    /// The page that asks for it.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Code => "/sign-in/code",
            Self::Password => "/sign-in/password",
            Self::SetUp => "/sign-in/second-factor",
            Self::Choice => "/choose-account",
        }
    }
}

/// How a session stands to its identity's second factor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Factor {
    /// The identity has none.
    Missing,
    /// It has one, and no code of it was given in this session.
    Asked,
    /// A code of it was given.
    Given,
}

/// What is known of a session when its next stage is decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The second factor.
    pub factor: Factor,
    /// ACC-8: whether the password was a one-time passcode, to be followed by a new password.
    pub owes_password: bool,
    /// ACC-7, ACC-8, ORG-9: whether there has to be a second factor.
    pub needs_factor: bool,
    /// Whether an account is chosen.
    pub chosen: bool,
}

impl Standing {
    /// The one place that decides what comes next; nothing when the session is in.
    pub const fn next(self) -> Option<Stage> {
        match self {
            Self { factor: Factor::Asked, .. } => Some(Stage::Code),
            Self { owes_password: true, .. } => Some(Stage::Password),
            Self { factor: Factor::Missing, needs_factor: true, .. } => Some(Stage::SetUp),
            Self { chosen: false, .. } => Some(Stage::Choice),
            Self { .. } => None,
        }
    }
}

/// How strictly ACC-7 and ORG-9 are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Demand {
    /// As the rules say.
    AsRuled,
    /// Nobody has to set one up; whoever has one is asked for it. The demo's way.
    Optional,
}

/// What a session begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Proof {
    /// A password, or a mailed link.
    Password,
    /// That, and a code of the second factor.
    Both,
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

/// May manage organizations: primary account, Security Admin or Admin (EMP-1). Also what the import and the demo act as.
#[derive(Clone, Debug)]
pub struct Manager {
    actor: Actor,
    scope: Scope,
    role: Role,
}

impl Manager {
    /// From a visitor with the right; `None` for anybody else.
    pub fn of(person: &Person) -> Option<Self> {
        let role = person.role().filter(|role| role.may(Right::ManageOrganizations))?;
        Some(Self { actor: person.actor(), scope: person.scope(), role })
    }

    /// The operator of this machine, acting for a partner.
    pub fn operator(operator: &Operator, partner: PartnerId) -> Self {
        Self { actor: operator.actor(partner), scope: Scope { viewer: partner, only: None }, role: Role::PrimaryAccount }
    }

    /// For the activity log.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
    /// What they can see.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }
    /// Their role, for EMP-2.
    pub const fn role(&self) -> Role {
        self.role
    }
}

/// Whose hand would do something to an account: their role, and what they sign in with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hand {
    /// The role.
    pub role: Role,
    /// The identity; none for the operator of the machine.
    pub identity: Option<IdentityId>,
}

/// May manage employees: primary account, Security Admin or Admin. Whom of them, EMP-2 says.
#[derive(Clone, Debug)]
pub struct StaffManager {
    actor: Actor,
    hand: Hand,
}

impl StaffManager {
    /// From a visitor with the right; `None` for anybody else.
    pub fn of(person: &Person) -> Option<Self> {
        let role = person.role().filter(|role| role.may(Right::ManageEmployees))?;
        Some(Self { actor: person.actor(), hand: Hand { role, identity: Some(person.identity) } })
    }

    /// For the activity log.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
    /// Whose employees: those of their own partner and of no other.
    pub const fn partner(&self) -> PartnerId {
        self.actor.partner
    }
    /// For EMP-2.
    pub const fn hand(&self) -> Hand {
        self.hand
    }
}

/// A partner's primary account itself.
#[derive(Clone, Debug)]
pub struct PrimaryAccount {
    actor: Actor,
    account: AccountId,
}

impl PrimaryAccount {
    /// From a visitor who is it; `None` for anybody else.
    pub fn of(person: &Person) -> Option<Self> {
        person.may(Right::AccountSettings).then(|| Self { actor: person.actor(), account: person.account })
    }

    /// For the activity log.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
    /// Whose primary account.
    pub const fn partner(&self) -> PartnerId {
        self.actor.partner
    }
    /// Their account.
    pub const fn account(&self) -> AccountId {
        self.account
    }
}

/// Guards access: primary account or Security Admin. Groups, security settings, Reset MFA.
#[derive(Clone, Debug)]
pub struct SecurityAdmin {
    actor: Actor,
    scope: Scope,
}

impl SecurityAdmin {
    /// From a visitor with the right; `None` for anybody else.
    pub fn of(person: &Person) -> Option<Self> {
        person.may(Right::GroupsAndSecurity).then(|| Self { actor: person.actor(), scope: person.scope() })
    }
    /// For the activity log.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
    /// What they can see.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }
}

/// Anybody signed in, acting on what is their own, or looking at what their scope holds.
#[derive(Clone, Debug)]
pub struct SignedIn {
    person: Person,
}

impl SignedIn {
    /// From a visitor who is signed in.
    pub fn of(person: &Person) -> Self {
        Self { person: person.clone() }
    }
    /// Who.
    pub const fn person(&self) -> &Person {
        &self.person
    }
    /// What they can see.
    pub const fn scope(&self) -> Scope {
        self.person.scope()
    }
}

/// Whoever has the machine: the command line, and the demo. Only `app` makes one.
#[derive(Clone, Copy, Debug)]
pub struct Operator(());

impl Operator {
    /// For `app` alone; a test sees to that.
    pub const fn of_this_machine() -> Self {
        Self(())
    }

    /// For the activity log.
    pub fn actor(&self, partner: PartnerId) -> Actor {
        Actor {
            partner,
            account: None,
            name: "The operator of this machine".to_owned(),
            roles: "Operator".to_owned(),
            address: "this machine".to_owned(),
        }
    }
}

/// Time itself: the scheduler's jobs. Only `app` makes one.
#[derive(Clone, Copy, Debug)]
pub struct Clockwork(());

impl Clockwork {
    /// For `app` alone; a test sees to that.
    pub const fn ticking() -> Self {
        Self(())
    }

    /// For the activity log.
    pub fn actor(&self, partner: PartnerId) -> Actor {
        Actor { partner, account: None, name: "Portico".to_owned(), roles: "Clock".to_owned(), address: "this machine".to_owned() }
    }
}

/// SEC-1: failures allowed per entered e-mail before pauses begin.
pub const FREE_FAILURES: i64 = 5;
/// SEC-1: failures allowed per address within a minute.
pub const FAILURES_PER_ADDRESS: i64 = 20;
/// SEC-1: the longest pause.
pub const LONGEST_PAUSE: Span = Span::minutes(15);

/// SEC-1: the pause after so many failures in a row: none up to five, then one second, doubling, up to fifteen minutes.
pub fn pause_after(failures: i64) -> Span {
    // Twenty doublings are beyond the longest pause already.
    let doublings = failures.saturating_sub(FREE_FAILURES).clamp(0, 20);
    if doublings == 0 {
        return Span(0);
    }
    Span::seconds((1_i64 << (doublings - 1)).min(LONGEST_PAUSE.0 / 1_000))
}

/// SEC-1: so long does the count of an entered e-mail's failures last after the latest of them.
pub const FAILURES_FORGOTTEN: Span = Span::days(1);

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
