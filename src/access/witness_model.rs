//! The witnesses that actions ask for: each can be had only from somebody who has the right. Pure.

use crate::access::model::{Actor, Person, Place, Scope};
use crate::access::roles_model::{EndpointAccess, OrganizationAccess, Right, Role};
use crate::access::script_model::Script;
use crate::kernel::ids::{AccountId, IdentityId, PartnerId};

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
        Self { actor: operator.actor(partner), scope: Scope::all(partner), role: Role::PrimaryAccount }
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
    scope: Scope,
    hand: Hand,
}

impl StaffManager {
    /// From a visitor with the right; `None` for anybody else.
    pub fn of(person: &Person) -> Option<Self> {
        let role = person.role().filter(|role| role.may(Right::ManageEmployees))?;
        Some(Self { actor: person.actor(), scope: person.scope(), hand: Hand { role, identity: Some(person.identity) } })
    }

    /// For the activity log.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
    /// What they can see.
    pub const fn scope(&self) -> &Scope {
        &self.scope
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

/// May change the seats of the SaaS accounts they see: primary account, Security Admin, Admin and Tech; a Super Administrator those of
/// their organization (USR-7); a script whose key's maker may.
#[derive(Clone, Debug)]
pub struct SeatManager {
    actor: Actor,
    scope: Scope,
}

impl SeatManager {
    /// From a visitor with the right; `None` for anybody else.
    pub fn of(person: &Person) -> Option<Self> {
        let may = match &person.place {
            Place::Employee { role, .. } => role.may(Right::SeeSaasStatus),
            Place::OrganizationUser { access, .. } => *access == OrganizationAccess::Full,
        };
        may.then(|| Self { actor: person.actor(), scope: person.scope() })
    }
    /// The operator of this machine, acting for a partner: the demo.
    pub fn operator(operator: &Operator, partner: PartnerId) -> Self {
        Self { actor: operator.actor(partner), scope: Scope::all(partner) }
    }
    /// The hand of whoever brings in what was discovered (SEA-5).
    pub fn of_manager(by: &Manager) -> Self {
        Self { actor: by.actor().clone(), scope: *by.scope() }
    }
    /// From a script whose key's maker has the right; `None` for any other.
    pub fn of_script(script: &Script) -> Option<Self> {
        script.may(Right::SeeSaasStatus).then(|| Self { actor: script.actor(), scope: script.scope() })
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

/// May look after the devices they see: primary account, Security Admin, Admin and Tech with BCDR (EMP-3); a script whose key's maker may.
#[derive(Clone, Debug)]
pub struct Technician {
    actor: Actor,
    scope: Scope,
}

impl Technician {
    /// From a visitor with the right; `None` for anybody else.
    pub fn of(person: &Person) -> Option<Self> {
        person.may(Right::SeeDevices).then(|| Self { actor: person.actor(), scope: person.scope() })
    }
    /// From a script whose key's maker has the right; `None` for any other.
    pub fn of_script(script: &Script) -> Option<Self> {
        script.may(Right::SeeDevices).then(|| Self { actor: script.actor(), scope: script.scope() })
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

/// May ask for something to be done about the devices they see: who looks after them, and an organization user with Full access (USR-8).
#[derive(Clone, Debug)]
pub struct DeviceAsker {
    actor: Actor,
    scope: Scope,
    user: Option<AccountId>,
}

impl DeviceAsker {
    /// From a visitor who may; `None` for anybody else.
    pub fn of(person: &Person) -> Option<Self> {
        let user = person.has_full_access().then_some(person.account);
        (user.is_some() || person.may(Right::SeeDevices)).then(|| Self { actor: person.actor(), scope: person.scope(), user })
    }
    /// For the activity log.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
    /// What they can see.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }
    /// The account of an organization's user; none for an employee.
    pub const fn user(&self) -> Option<AccountId> {
        self.user
    }
}

/// May ask for file restores of the endpoint agents they see, and remove them: employees with Endpoint Backup (EMP-3), an organization's user
/// with that access (USR-4).
#[derive(Clone, Debug)]
pub struct Restorer {
    actor: Actor,
    scope: Scope,
    closes: bool,
}

impl Restorer {
    /// From a visitor with the right; `None` for anybody else.
    pub fn of(person: &Person) -> Option<Self> {
        let closes = person.may(Right::SeeEndpointBackup);
        let may = match &person.place {
            Place::Employee { .. } => closes,
            Place::OrganizationUser { endpoint_access, .. } => *endpoint_access == EndpointAccess::FileRestores,
        };
        may.then(|| Self { actor: person.actor(), scope: person.scope(), closes })
    }
    /// The operator of this machine, acting for a partner: the demo.
    pub fn operator(operator: &Operator, partner: PartnerId) -> Self {
        Self { actor: operator.actor(partner), scope: Scope::all(partner), closes: true }
    }
    /// For the activity log.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
    /// What they can see.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }
    /// Whether they say what came of a restore: employees alone.
    pub const fn closes(&self) -> bool {
        self.closes
    }
}

/// May see statements and compare them with what is billed: primary account, Security Admin, Admin or Business.
#[derive(Clone, Debug)]
pub struct Accountant {
    actor: Actor,
    scope: Scope,
}

impl Accountant {
    /// From a visitor with the right; `None` for anybody else.
    pub fn of(person: &Person) -> Option<Self> {
        person.may(Right::SeeStatements).then(|| Self { actor: person.actor(), scope: person.scope() })
    }
    /// For the activity log.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
    /// What they can see.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }
    /// Whose statements.
    pub const fn partner(&self) -> PartnerId {
        self.scope.viewer()
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
