//! The demo's people: staff of three partners in all six roles, and how anybody in it comes to be.

use std::collections::HashMap;

use crate::access::model::{self as access, Actor, Place};
use crate::access::roles_model::{EndpointAccess, OrganizationAccess, Products, Right, Role};
use crate::access::state_model::StoredState;
use crate::access::witness_model::{Manager, PrimaryAccount, SecurityAdmin, StaffManager};
use crate::accounts;
use crate::accounts::model::{Details, Invitation};
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::app::demo::SignIn;
use crate::app::demo::firm::{CLIENTS, Hand, RESTING, User};
use crate::employees;
use crate::employees::model::NewEmployee;
use crate::factors;
use crate::groups;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, IdentityId, OrganizationId, PartnerId, SessionId};
use crate::kernel::random::Tokens;
use crate::kernel::secret::{Hasher, PasswordCost};
use crate::kernel::text::{self, Email, FirmName, PersonName};
use crate::kernel::totp::Secret;
use crate::partners;
use crate::partners::model::Founding;
use crate::users::model::{FullAdministrator, NewUser};

/// Everybody's.
pub const PASSWORD: &str = "quiet lantern over water";

/// Somebody.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// First name.
    pub first: &'static str,
    /// Last name.
    pub last: &'static str,
    /// Where their e-mail is.
    pub domain: &'static str,
    /// Whether the terminal names them.
    pub told: bool,
}

/// Somebody.
pub const fn person(first: &'static str, last: &'static str, domain: &'static str, told: bool) -> Person {
    Person { first, last, domain, told }
}

const DISTRIBUTOR: &str = "Meridian Distribution";
const LANTERN: &str = "Lantern IT";
const COPPERFIELD: &str = "Copperfield Networks";

/// EMP-4: sees the organizations of an access group, and no others.
const THEO: Person = person("Theo", "Brandt", "lantern.example", true);
const TEAM: &str = "Harbor street team";

/// END-2, USR-4: restores files of a client's computers, and sees nothing else.
pub const RESTORES: Person = person("Marco", "Price", "granitegym.example", true);

/// The staff: whose, role, who.
const STAFF: &[(Hand, Role, Person)] = &[
    (Hand::Meridian, Role::PrimaryAccount, person("Dana", "Whitlock", "meridian.example", true)),
    (Hand::Lantern, Role::PrimaryAccount, person("Ada", "Lane", "lantern.example", true)),
    (Hand::Lantern, Role::SecurityAdmin, person("Sam", "Okafor", "lantern.example", true)),
    (Hand::Lantern, Role::Admin, person("Abe", "Winter", "lantern.example", true)),
    (Hand::Lantern, Role::Tech, person("Tess", "Moreau", "lantern.example", true)),
    (Hand::Lantern, Role::Tech, THEO),
    (Hand::Lantern, Role::Business, person("Bea", "Lindqvist", "lantern.example", true)),
    (Hand::Lantern, Role::SalesAndMarketing, person("Sid", "Castellan", "lantern.example", true)),
    (Hand::Copperfield, Role::PrimaryAccount, person("Priya", "Raman", "copperfield.example", true)),
    (Hand::Copperfield, Role::Admin, person("Max", "Ferreira", "copperfield.example", true)),
];

/// Who joined yesterday and has not set up the account yet.
const NEWCOMERS: &[(Hand, Role, Person)] = &[(Hand::Lantern, Role::Tech, person("Ivo", "Marsh", "lantern.example", false))];

/// Password hashes by e-mail.
pub type Passwords = HashMap<String, String>;

/// Hashes the password once for each person who can sign in, on both hasher threads.
pub fn hash_passwords() -> Result<Passwords> {
    let hasher = Hasher::start(PasswordCost::Full)?;
    let users = CLIENTS.iter().chain(RESTING.iter().map(|(client, ..)| client)).flat_map(|client| client.users);
    let signing = users.filter(|user| matches!(user, User::Active(_) | User::Deactivated(_))).map(|user| user.person().email());
    let emails: Vec<String> = STAFF.iter().map(|(_, _, person)| person.email()).chain(signing).collect();
    let hash = |emails: &[String]| {
        emails.iter().map(|email| Ok((email.clone(), hasher.hash(PASSWORD, Tokens)?))).collect::<Result<Vec<(String, String)>>>()
    };
    let (left, right) = emails.split_at(emails.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| hash(right));
        let mut all = hash(left)?;
        all.extend(other.join().map_err(|_| Error::internal("a hashing thread ended in a panic"))??);
        Ok(all.into_iter().collect())
    })
}

fn hash_of<'p>(passwords: &'p Passwords, email: &str) -> Result<&'p str> {
    passwords.get(email).map(String::as_str).ok_or_else(|| Error::internal(format!("no password was made for {email}")))
}

/// One of the staff, once they are there.
struct Member {
    hand: Hand,
    role: Role,
    person: &'static Person,
    partner: PartnerId,
    account: AccountId,
    identity: IdentityId,
    second_factor: Option<String>,
}

/// The staff of all three partners.
pub struct Staff(Vec<Member>);

/// Who shows how a second factor works; nobody else has one.
const WITH_FACTOR: (Hand, Role) = (Hand::Lantern, Role::SecurityAdmin);

/// Sets up a second factor as its owner would; the key for an authenticator app.
fn give_factor(tx: &Tx<'_>, member: &Member) -> Result<String> {
    let secret = Secret::of(&tx.tokens().bytes::<20>()?).ok_or_else(|| Error::internal("a secret is too short"))?;
    factors::store::save(tx, member.partner, member.identity, &secret, 0)?;
    factors::store::save_codes(tx, member.partner, member.identity, &factors::model::recovery_codes(tx.tokens())?)?;
    let event = Event::new(Kind::FactorSetUp, "set up a second factor").about("identity", member.identity.0, full_name(member.person));
    activity::store::record(tx, &actor(member.partner, member.account, member.person, member.role), &event)?;
    Ok(text::groups_of_four(&secret.text(), ' '))
}

/// Founds the distributor and its two partners, each with its staff.
pub fn found(tx: &Tx<'_>, passwords: &Passwords) -> Result<Staff> {
    let (_, _, dana) = STAFF.first().ok_or_else(|| Error::internal("the demo has no staff"))?;
    let founding = Founding {
        partner: firm(DISTRIBUTOR)?,
        country: "US".to_owned(),
        first_name: name(dana.first)?,
        last_name: name(dana.last)?,
        email: email(&dana.email())?,
    };
    let founded = partners::actions::set_up(tx, &founding, hash_of(passwords, &dana.email())?, |founded| {
        actor(founded.partner, founded.account, dana, Role::PrimaryAccount)
    })?;
    let mut staff = Staff(vec![Member {
        hand: Hand::Meridian,
        role: Role::PrimaryAccount,
        person: dana,
        partner: founded.partner,
        account: founded.account,
        identity: founded.identity,
        second_factor: None,
    }]);
    let by = actor(founded.partner, founded.account, dana, Role::PrimaryAccount);
    for (hand, called) in [(Hand::Lantern, LANTERN), (Hand::Copperfield, COPPERFIELD)] {
        let partner = partners::store::create(tx, Some(founded.partner), &firm(called)?, "US")?;
        let event = Event::new(Kind::PartnerCreated, format!("created the partner {called}")).about("partner", partner.0, called);
        activity::store::record(tx, &by, &event)?;
        for (_, role, person) in STAFF.iter().filter(|(whose, _, _)| *whose == hand) {
            staff.hire(tx, passwords, (hand, partner), *role, person, &by)?;
        }
    }
    Ok(staff)
}

impl Staff {
    /// A partner's first account is made from above, everybody else by that first account.
    fn hire(
        &mut self,
        tx: &Tx<'_>,
        passwords: &Passwords,
        (hand, partner): (Hand, PartnerId),
        role: Role,
        person: &'static Person,
        above: &Actor,
    ) -> Result<()> {
        let first = self.0.iter().find(|member| member.hand == hand);
        let by = first.map_or_else(|| above.clone(), |first| actor(partner, first.account, first.person, first.role));
        let account = employees::actions::create(tx, &by, partner, role, &details(person)?, Invitation::Send)?;
        let identity = set_up(tx, passwords, person, account, partner, None)?;
        let mut member = Member { hand, role, person, partner, account, identity, second_factor: None };
        if (hand, role) == WITH_FACTOR {
            member.second_factor = Some(give_factor(tx, &member)?);
        }
        self.0.push(member);
        Ok(())
    }

    /// ACC-2: colleagues who are let in by their partner's first account, and still have to set up their own.
    pub fn let_in(&self, tx: &Tx<'_>) -> Result<()> {
        for (hand, role, person) in NEWCOMERS {
            let first = self.0.iter().find(|member| member.hand == *hand).ok_or(Error::NotFound)?;
            let by = StaffManager::of(&first.signed_in()).ok_or(Error::NotFound)?;
            let newcomer = NewEmployee { details: details(person)?, role: *role, products: Products::of(*role) };
            employees::actions::add(tx, &by, &[newcomer], Invitation::Send)?;
        }
        Ok(())
    }

    /// EMP-4: an access group with these organizations of Lantern's, and the one who sees just them.
    pub fn team_up(&self, tx: &Tx<'_>, organizations: &[OrganizationId]) -> Result<()> {
        let of_role = |role: Role| self.0.iter().find(|member| member.hand == Hand::Lantern && member.role == role).ok_or(Error::NotFound);
        let by = SecurityAdmin::of(&of_role(Role::SecurityAdmin)?.signed_in()).ok_or(Error::NotFound)?;
        let theo = self.0.iter().find(|member| member.person.email() == THEO.email()).ok_or(Error::NotFound)?;
        let group = groups::actions::create(tx, &by, &firm(TEAM)?)?;
        groups::actions::add_organizations(tx, &by, group, organizations)?;
        groups::actions::add_members(tx, &by, group, &[theo.account]).map(drop)
    }

    /// Somebody of a partner's who may manage organizations, by turns.
    pub fn manager(&self, hand: Hand, turn: usize) -> Result<Manager> {
        let able: Vec<&Member> =
            self.0.iter().filter(|member| member.hand == hand && member.role.may(Right::ManageOrganizations)).collect();
        let member = able.get(turn % able.len().max(1)).ok_or(Error::NotFound)?;
        Manager::of(&member.signed_in()).ok_or(Error::NotFound)
    }

    /// A partner's primary account.
    pub fn primary_account(&self, hand: Hand) -> Result<PrimaryAccount> {
        let member = self.0.iter().find(|member| member.hand == hand && member.role == Role::PrimaryAccount).ok_or(Error::NotFound)?;
        PrimaryAccount::of(&member.signed_in()).ok_or(Error::NotFound)
    }

    /// A partner's first technician, as if they had just signed in.
    pub fn technician(&self, hand: Hand) -> Result<access::Person> {
        let member = self.0.iter().find(|member| member.hand == hand && member.role == Role::Tech).ok_or(Error::NotFound)?;
        Ok(member.signed_in())
    }

    /// How the staff sign in.
    pub fn sign_ins(&self, db: &impl Read) -> Result<Vec<SignIn>> {
        let line = |member: &Member| {
            let (place, id) = partners::store::introduction(db, member.partner)?;
            Ok(SignIn {
                role: if member.person.email() == THEO.email() {
                    format!("{}, limited to an access group", member.role.shown())
                } else {
                    member.role.shown().to_owned()
                },
                email: member.person.email(),
                place,
                partner_id: Some(id),
                second_factor: member.second_factor.clone(),
            })
        };
        self.0.iter().filter(|member| member.person.told).map(line).collect()
    }
}

impl Member {
    /// As if they had just signed in.
    fn signed_in(&self) -> access::Person {
        access::Person {
            session: SessionId(0),
            identity: self.identity,
            account: self.account,
            partner: self.partner,
            partner_name: String::new(),
            partner_public_id: String::new(),
            operating: self.hand == Hand::Meridian,
            name: format!("{} {}", self.person.first, self.person.last),
            email: self.person.email(),
            active_accounts: 1,
            place: Place::Employee { role: self.role, reach: access::Reach::All, products: Products::of(self.role) },
            proved_at: crate::kernel::time::Timestamp(0),
            time_zone: "UTC".to_owned(),
            theme: "auto".to_owned(),
            address: std::net::Ipv4Addr::LOCALHOST.into(),
            look: crate::kernel::html::frame::Look::default(),
            slug: String::new(),
        }
    }
}

/// An account is set up by its owner: password, active, and the event; the identity.
pub fn set_up(
    tx: &Tx<'_>,
    passwords: &Passwords,
    person: &Person,
    account: AccountId,
    partner: PartnerId,
    organization: Option<OrganizationId>,
) -> Result<IdentityId> {
    let identity = accounts::identities_store::identity_for(tx, partner, &email(&person.email())?)?;
    accounts::identities_store::set_password(tx, identity, hash_of(passwords, &person.email())?)?;
    accounts::store::save_state(tx, account, StoredState::Active, None)?;
    let by = Actor {
        partner,
        account: Some(account),
        name: person.email(),
        roles: "By a mailed link".to_owned(),
        address: "127.0.0.1".to_owned(),
    };
    let mut event = Event::new(Kind::AccountSetUp, "set up the account").about("account", account.0, full_name(person));
    event.organization = organization;
    activity::store::record(tx, &by, &event)?;
    Ok(identity)
}

/// Somebody as a user to add, with the usual access.
pub fn user(person: &Person) -> Result<NewUser> {
    let restores = person.email() == RESTORES.email();
    Ok(NewUser {
        details: details(person)?,
        access: if restores { OrganizationAccess::NoAccess } else { OrganizationAccess::Full },
        endpoint_access: if restores { EndpointAccess::FileRestores } else { EndpointAccess::NoAccess },
        full_administrator: if person.told && !restores { FullAdministrator::Yes } else { FullAdministrator::No },
    })
}

fn details(person: &Person) -> Result<Details> {
    Ok(Details {
        first_name: name(person.first)?,
        last_name: name(person.last)?,
        email: email(&person.email())?,
        country_code: None,
        mobile_phone: None,
    })
}

fn actor(partner: PartnerId, account: AccountId, person: &Person, role: Role) -> Actor {
    Actor {
        partner,
        account: Some(account),
        name: format!("{} ({})", full_name(person), person.email()),
        roles: role.shown().to_owned(),
        address: "127.0.0.1".to_owned(),
    }
}

fn full_name(person: &Person) -> String {
    format!("{} {}", person.first, person.last)
}

fn name(text: &str) -> Result<PersonName> {
    PersonName::parse(text).map_err(Error::internal)
}

fn email(text: &str) -> Result<Email> {
    Email::parse(text).map_err(Error::internal)
}

fn firm(text: &str) -> Result<FirmName> {
    FirmName::parse(text).map_err(Error::internal)
}
