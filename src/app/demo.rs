//! `portico demo`: a filled portal in a fresh temporary folder, made by calling the same actions as everybody. Its clock is set
//! back three months and moved on from step to step, so that each event, letter and deadline has the age it would have.

pub mod devices;
mod endpoints;
mod ends;
mod firm;
mod money;
mod networks;
mod people;
mod reports;
mod support;
mod tasks;
mod terms;
pub mod vendor;

use std::io::Write as _;
use std::path::Path;

use crate::access::witness_model::{Clockwork, Manager};
use crate::accounts;
use crate::accounts::model::Invitation;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::app::demo::firm::{CLIENTS, Client, Hand, Health, Link, RESTING, User};
use crate::app::demo::people::{PASSWORD, Person, Staff};
use crate::branding;
use crate::branding::built_in_model::BuiltIn;
use crate::branding::model::{Background, Global};
use crate::kernel::color::Color;
use crate::kernel::db::{Db, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, OrganizationId, PartnerId, SaasAccountId};
use crate::kernel::secret::Vault;
use crate::kernel::text::FirmName;
use crate::kernel::time::{Clock, Span, Timestamp};
use crate::organizations;
use crate::organizations::model::{Backups, CustomBranding, Entered};
use crate::saas;
use crate::users;

/// What a client's user wants back, and what is said about it: the first is restored, the other waits.
const FILES: [(&str, &str); 2] =
    [("C:\\Users\\Desk\\Documents\\Class plan.xlsx", "As it was on Friday, please."), ("C:\\Users\\Desk\\Pictures\\Opening day", "")];

/// Makes the demo's data folder, gone with the value. Only this user can look into it.
pub fn folder() -> Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(<std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o700));
    builder.prefix("portico-demo-").tempdir().map_err(|error| Error::refused(format!("No temporary folder ({error}).")))
}

/// Fills a new database with a distributor, two partners and forty organizations; who can sign in.
pub fn fill(database: &Path, vault: Vault, now: Timestamp) -> Result<Vec<SignIn>> {
    let clock = Clock::manual(now - Span::days(89));
    let db = Db::open(database, clock, vault)?;
    let passwords = people::hash_passwords()?;
    let staff = db.write(|tx| people::found(tx, &passwords))?;
    let mut story = Story { db: &db, staff, passwords, now, made: Vec::new() };
    story.rest_before()?;
    story.clients()?;
    story.brand()?;
    story.lapse_some()?;
    story.wire()?;
    story.lose_some_links()?;
    story.rest()?;
    story.last_days()?;
    story.report()?;
    story.sell()?;
    story.cancel_one()?;
    story.bill()?;
    story.team_up()?;
    story.authorize_for_support()?;
    story.ask_for_tasks()?;
    story.ask_for_files()?;
    let signed = story.who_can_sign_in()?;
    db.checkpoint()?;
    Ok(signed)
}

/// Somebody who can sign in to the demo.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// What they may do, in a word.
    pub role: String,
    /// What they sign in with.
    pub email: String,
    /// Where they are.
    pub place: String,
    /// The Partner ID of an employee's partner.
    pub partner_id: Option<String>,
    /// The key for an authenticator app, of the one account that has a second factor here.
    pub second_factor: Option<String>,
}

/// Says who can sign in.
pub fn tell(signed: &[SignIn]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "Everybody's password: {PASSWORD}\n")?;
    writeln!(out, "Try first:")?;
    for (one, why) in first_to_try(signed) {
        writeln!(out, "  {}  {}: {why}", one.email, one.place)?;
    }
    writeln!(out, "\nEverybody who can sign in:")?;
    let width = |of: fn(&SignIn) -> &str| signed.iter().map(|one| of(one).chars().count()).max().unwrap_or_default();
    let (roles, emails, places) = (width(|one| &one.role), width(|one| &one.email), width(|one| &one.place));
    for one in signed {
        let id = one.partner_id.as_ref().map(|id| format!("  Partner ID {id}")).unwrap_or_default();
        writeln!(out, "  {:roles$}  {:emails$}  {:places$}{id}", one.role, one.email, one.place)?;
    }
    for (one, key) in signed.iter().filter_map(|one| Some((one, one.second_factor.as_ref()?))) {
        writeln!(
            out,
            "\nSecond factors are optional here. {} has one: an authenticator app makes its codes from the key {key}",
            one.email
        )?;
    }
    writeln!(out, "\nEverything is forgotten when it ends (Ctrl+C).")?;
    Ok(out.flush()?)
}

/// Whom to try first, and as what: the first person of a partner that has organizations, and one of an organization's own people.
pub fn first_to_try(signed: &[SignIn]) -> Vec<(&SignIn, &'static str)> {
    let distributor = signed.first().map(|one| one.place.as_str());
    let provider = signed.iter().find(|one| one.partner_id.is_some() && Some(one.place.as_str()) != distributor);
    let client = signed.iter().find(|one| one.partner_id.is_none());
    let provider = provider.map(|one| (one, "the primary account of a provider, who may do everything for their clients"));
    provider.into_iter().chain(client.map(|one| (one, "a client, who sees the state of their own backups"))).collect()
}

/// ORG-10: how many of Lantern's clients see its look.
const BRANDED: usize = 6;

/// What a client became.
struct Made {
    client: &'static Client,
    partner: PartnerId,
    organization: OrganizationId,
    accounts: Vec<SaasAccountId>,
}

/// The six weeks, step by step.
struct Story<'a> {
    db: &'a Db,
    staff: Staff,
    passwords: people::Passwords,
    now: Timestamp,
    made: Vec<Made>,
}

impl Story<'_> {
    /// Moves the clock to so long before now.
    fn ago(&self, span: Span) {
        let clock = self.db.clock();
        clock.advance((self.now - span) - clock.now());
    }

    /// Who looks after a client.
    fn manager(&self, hand: Hand, turn: usize) -> Result<Manager> {
        self.staff.manager(hand, turn)
    }

    /// Each client is created, gets its accounts and its first users, one after the other over three days.
    fn clients(&mut self) -> Result<()> {
        for (turn, client) in CLIENTS.iter().enumerate() {
            self.ago(Span::hours(87 * 24 - 2 * i64::try_from(turn).unwrap_or_default()));
            let by = self.manager(client.hand, turn)?;
            let made = self.db.write(|tx| {
                let organization = organizations::actions::create(tx, &by, &name(client.name)?)?;
                let pending = client.health == Health::Pending;
                let accounts = if pending {
                    vec![terms::pending(tx, &by, organization, client)?]
                } else {
                    reports::accounts(tx, by.scope().viewer(), client)?
                };
                if client.link == Link::Linked && !pending && !accounts.is_empty() {
                    saas::actions::link(tx, &by, organization, &accounts)?;
                }
                devices::add(tx, &by, client, organization)?;
                introduce(tx, &by, client, organization)?;
                Ok(Made { client, partner: by.scope().viewer(), organization, accounts })
            })?;
            self.made.push(made);
        }
        self.ago(Span::days(20));
        self.let_in(|user| matches!(user, User::Active(_) | User::Deactivated(_) | User::Lapsed(_)))
    }

    /// BRA-1, ORG-10: Lantern has a look of its own, which users of its first clients see.
    fn brand(&self) -> Result<()> {
        self.ago(Span::days(19));
        let by = self.staff.primary_account(Hand::Lantern)?;
        let look = Global {
            clients: Background::BuiltIn(BuiltIn::Harbor),
            accent: Color::parse("#0f6e6e"),
            title: Some("Lantern Care".to_owned()),
            support: Some("+1 555 0142".to_owned()),
            ..Global::default()
        };
        self.db.write(|tx| branding::actions::save(tx, &by, &look))?;
        let clients = self.made.iter().skip(RESTING.len()).filter(|made| made.client.hand == Hand::Lantern);
        for (turn, made) in clients.take(BRANDED).enumerate() {
            let by = self.manager(Hand::Lantern, turn)?;
            self.db.write(|tx| organizations::actions::use_custom_branding(tx, &by, made.organization, CustomBranding::On))?;
        }
        Ok(())
    }

    /// Adds the users that `wanted` picks; those who were quick set themselves up at once.
    fn let_in(&self, wanted: fn(&User) -> bool) -> Result<()> {
        self.db.write(|tx| {
            for (turn, made) in self.made.iter().enumerate().skip(RESTING.len()) {
                let by = self.manager(made.client.hand, turn)?;
                for user in made.client.users.iter().filter(|user| wanted(user)) {
                    self.add(tx, &by, made, user)?;
                }
            }
            Ok(())
        })
    }

    fn add(&self, tx: &Tx<'_>, by: &Manager, made: &Made, user: &User) -> Result<()> {
        let invitation = if matches!(user, User::NotInvited(_)) { Invitation::Later } else { Invitation::Send };
        let added = users::actions::add(tx, by, made.organization, &[people::user(user.person())?], invitation)?;
        if matches!(user, User::Active(_) | User::Deactivated(_)) {
            for account in added {
                people::set_up(tx, &self.passwords, user.person(), account, made.partner, Some(made.organization))?;
            }
        }
        Ok(())
    }

    /// ACC-3: what was not set up within seven days lapses.
    fn lapse_some(&self) -> Result<()> {
        self.ago(Span::days(12));
        self.db.write(|tx| accounts::actions::lapse_due(tx, &Clockwork::ticking()))?;
        self.ago(Span::hours(11 * 24 + 20));
        self.remind()
    }

    /// DEV-2: networks of some clients, and some that nobody has linked yet.
    fn wire(&self) -> Result<()> {
        self.ago(Span::days(10));
        self.db.write(|tx| {
            for (turn, wire) in networks::WIRES.iter().enumerate() {
                let client = self.made.iter().find(|made| made.client.name == wire.client).ok_or(Error::NotFound)?;
                let by = self.manager(client.client.hand, turn)?;
                networks::wire(tx, &by, client.organization, wire)?;
            }
            networks::SPARE.iter().try_for_each(|spare| networks::spare(tx, &self.manager(spare.hand, 0)?, spare))
        })
    }

    /// SAS-4: one account is unlinked by somebody, and an organization that had one is deleted.
    fn lose_some_links(&mut self) -> Result<()> {
        self.ago(Span::days(9));
        for (turn, made) in self.made.iter().enumerate().filter(|(_, made)| made.client.link == Link::TakenAway) {
            let by = self.manager(made.client.hand, turn)?;
            self.db.write(|tx| {
                saas::actions::link(tx, &by, made.organization, &made.accounts)?;
                for account in &made.accounts {
                    saas::actions::unlink(tx, &by, made.organization, *account)?;
                }
                Ok(())
            })?;
        }
        self.keep_spare_devices()?;
        self.come_and_gone(&firm::GONE, Backups::Keep, Span::days(8))?;
        self.come_and_gone(&firm::PURGED, Backups::Purge, Span::days(6))
    }

    /// DEV-3: devices that nobody has, or nobody has any more.
    fn keep_spare_devices(&self) -> Result<()> {
        for hand in [Hand::Lantern, Hand::Copperfield] {
            let by = self.manager(hand, 0)?;
            let borrower = self.made.iter().skip(RESTING.len()).find(|made| made.partner == by.scope().viewer());
            self.db.write(|tx| devices::add_spare(tx, &by, hand, borrower.map(|made| made.organization)))?;
        }
        Ok(())
    }

    /// SAS-6: the users of those whose account is pending get a letter.
    fn ask_to_authorize(&self) -> Result<()> {
        self.db.write(|tx| {
            for (turn, made) in self.made.iter().enumerate().filter(|(_, made)| made.client.health == Health::Pending) {
                let by = self.manager(made.client.hand, turn)?;
                for account in &made.accounts {
                    terms::ask(tx, &by, made.organization, *account)?;
                }
            }
            Ok(())
        })
    }

    /// Thirty days of reports, as of an hour ago, come in.
    fn report(&self) -> Result<()> {
        self.ago(Span::minutes(50));
        self.db.write(|tx| {
            for made in self.made.iter().skip(RESTING.len()) {
                for (place, account) in made.accounts.iter().enumerate() {
                    reports::report(tx, made.partner, *account, made.client, place, self.now)?;
                }
                if let Some(account) = made.accounts.first() {
                    terms::cap(tx, &self.manager(made.client.hand, 0)?, made.client, *account)?;
                }
                if made.client.link == Link::Linked {
                    organizations::store::refresh(tx, made.organization)?;
                }
                devices::report(tx, made.partner, made.client, self.now)?;
            }
            for computer in endpoints::COMPUTERS {
                let made = self.made.iter().find(|made| made.client.name == computer.client).ok_or(Error::NotFound)?;
                endpoints::register(tx, made.partner, made.organization, computer, self.now)?;
            }
            for hand in [Hand::Lantern, Hand::Copperfield, Hand::Meridian] {
                let by = self.manager(hand, 0)?;
                let count =
                    self.made.iter().filter(|made| made.partner == by.scope().viewer()).map(|made| made.accounts.len()).sum::<usize>();
                devices::report_spare(tx, by.scope().viewer(), hand, self.now)?;
                let event = Event::new(Kind::Imported, format!("imported backup reports of {count} SaaS accounts"));
                activity::store::record(tx, by.actor(), &event)?;
            }
            Ok(())
        })
    }

    /// EMP-4: some of Lantern's clients are one team's.
    fn team_up(&self) -> Result<()> {
        const CLIENTS_OF_A_TEAM: usize = 6;
        self.ago(Span::minutes(30));
        let linked =
            self.made.iter().skip(RESTING.len()).filter(|made| made.client.hand == Hand::Lantern && made.client.link == Link::Linked);
        let organizations: Vec<OrganizationId> = linked.map(|made| made.organization).take(CLIENTS_OF_A_TEAM).collect();
        self.db.write(|tx| self.staff.team_up(tx, &organizations))
    }

    fn who_can_sign_in(&self) -> Result<Vec<SignIn>> {
        let mut signed = self.db.read(|db| self.staff.sign_ins(db))?;
        for made in &self.made {
            for user in made.client.users.iter().filter(|user| matches!(user, User::Active(person) if person.told)) {
                let place = made.client.name.to_owned();
                let restores = user.person().email() == people::RESTORES.email();
                let role = if restores { "Endpoint Backup user" } else { "Organization user" };
                signed.push(SignIn { role: role.to_owned(), email: user.person().email(), place, partner_id: None, second_factor: None });
            }
        }
        Ok(signed)
    }
}

fn name(text: &str) -> Result<FirmName> {
    FirmName::parse(text).map_err(Error::internal)
}

/// The first user of a client is whom its technician calls.
fn introduce(tx: &Tx<'_>, by: &Manager, client: &Client, organization: OrganizationId) -> Result<()> {
    let Some(person) = client.users.first().map(User::person) else { return Ok(()) };
    let before = Entered::of(&organizations::store::find(tx, by.scope(), organization)?);
    let seen = before.fingerprint();
    let entered = Entered { first_name: person.first.to_owned(), last_name: person.last.to_owned(), email: person.email(), ..before };
    organizations::actions::save_settings(tx, by, organization, &seen, &entered.parse()?)
}

fn find_user(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, email: &str) -> Result<AccountId> {
    let found = users::store::list(tx, by.scope(), organization)?.into_iter().find(|user| user.account.email == email);
    found.map(|user| user.account.id).ok_or(Error::NotFound)
}

impl Person {
    /// What they sign in with.
    pub fn email(&self) -> String {
        format!("{}@{}", self.first.to_lowercase(), self.domain)
    }
}
