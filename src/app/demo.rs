//! `portico demo`: a filled portal in a fresh temporary folder, made by calling the same actions as everybody. Its clock is set
//! back three months and moved on from step to step, so that each event, letter and deadline has the age it would have.

pub mod devices;
mod endpoints;
mod firm;
mod networks;
mod people;
mod reports;
mod support;
mod tasks;
mod terms;
pub mod vendor;

use std::io::Write as _;
use std::path::Path;

use crate::access::model::Person as SignedInPerson;
use crate::access::model::Scope;
use crate::access::witness_model::{Clockwork, Manager, Operator, Restorer};
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
use crate::kernel::db::{Db, Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, OrganizationId, PartnerId, SaasAccountId};
use crate::kernel::month::Month;
use crate::kernel::secret::Vault;
use crate::kernel::text::FirmName;
use crate::kernel::time::{Clock, Span, Timestamp};
use crate::organizations;
use crate::organizations::model::{Backups, CustomBranding};
use crate::restores;
use crate::saas;
use crate::subscriptions;
use crate::subscriptions::model::{EnteredPlan, Plan};
use crate::subscriptions::price_model::{EnteredPrices, PriceList, SHOWN, fingerprint};
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

    /// Three organizations older than all others, one of which is on its way out.
    fn rest_before(&mut self) -> Result<()> {
        for (turn, (client, ..)) in RESTING.iter().enumerate() {
            self.ago(Span::hours(88 * 24 - 8 * i64::try_from(turn).unwrap_or_default()));
            let by = self.manager(client.hand, turn)?;
            let made = self.db.write(|tx| {
                let organization = organizations::actions::create(tx, &by, &name(client.name)?)?;
                let accounts = reports::accounts(tx, by.scope().viewer(), client)?;
                saas::actions::link(tx, &by, organization, &accounts)?;
                Ok(Made { client, partner: by.scope().viewer(), organization, accounts })
            })?;
            self.db.write(|tx| client.users.iter().try_for_each(|user| self.add(tx, &by, &made, user)))?;
            self.sell_to(&made)?;
            self.made.push(made);
        }
        let Some((first, ..)) = RESTING.first() else { return Ok(()) };
        self.change_state(first.name)
    }

    /// SUB-2, SUB-3: the backups of the other two rest as well.
    fn rest(&self) -> Result<()> {
        RESTING.iter().skip(1).try_for_each(|(client, ..)| self.change_state(client.name))
    }

    /// Takes the step of an organization in `RESTING`, at its time; what it was reported to have until then comes in.
    fn change_state(&self, name: &str) -> Result<()> {
        let resting = self.made.iter().zip(&RESTING).enumerate().find(|(_, (made, _))| made.client.name == name);
        let Some((turn, (made, (client, operation, ago)))) = resting else { return Err(Error::NotFound) };
        self.ago(*ago);
        let by = self.manager(client.hand, turn)?;
        self.db.write(|tx| {
            for (place, account) in made.accounts.iter().enumerate() {
                reports::report(tx, made.partner, *account, client, place, self.now - *ago)?;
            }
            organizations::store::refresh(tx, made.organization)?;
            subscriptions::life_actions::change(tx, &by, made.organization, *operation).map(drop)
        })?;
        // The letters of that moment, and those of later ones, have the age they would have.
        self.remind()
    }

    /// SUB-11: the letters that are due at this moment.
    fn remind(&self) -> Result<()> {
        while self.db.write(|tx| subscriptions::countdown_actions::remind(tx, &Clockwork::ticking()))? {}
        Ok(())
    }

    /// SUB-1: a plan with two seats to spare.
    fn sell_to(&self, made: &Made) -> Result<()> {
        let by = self.manager(made.client.hand, 0)?;
        let entered = EnteredPlan { plan: Plan::Backup.word().to_owned(), auto_license: false, seats: (made.client.seats + 2).to_string() };
        self.db.write(|tx| {
            let seen = EnteredPlan::of(&subscriptions::store::find(tx, by.scope(), made.organization)?).fingerprint();
            subscriptions::actions::choose(tx, &by, made.organization, &seen, &entered).map(drop)
        })
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

    /// An organization that was created, linked and deleted again this long ago.
    fn come_and_gone(&mut self, client: &'static Client, backups: Backups, ago: Span) -> Result<()> {
        let by = self.manager(client.hand, 0)?;
        let made = self.db.write(|tx| {
            let organization = organizations::actions::create(tx, &by, &name(client.name)?)?;
            let accounts = reports::accounts(tx, by.scope().viewer(), client)?;
            saas::actions::link(tx, &by, organization, &accounts)?;
            if client.name == firm::GONE.name {
                devices::add_left_behind(tx, &by, organization)?;
            }
            // What a purge destroys was reported before.
            let client_then = Client { health: Health::Healthy, ..*client };
            for (place, account) in accounts.iter().enumerate().filter(|_| backups == Backups::Purge) {
                reports::report(tx, by.scope().viewer(), *account, &client_then, place, tx.now())?;
            }
            Ok(Made { client, partner: by.scope().viewer(), organization, accounts })
        })?;
        self.ago(ago);
        self.db.write(|tx| organizations::deletion_actions::delete(tx, &by, made.organization, backups, client.name))?;
        self.made.push(made);
        Ok(())
    }

    /// Set-ups that are about to lapse, a user who left, and fresh ones.
    fn last_days(&self) -> Result<()> {
        self.ago(Span::hours(6 * 24 - 3));
        self.let_in(|user| matches!(user, User::AboutToLapse(_)))?;
        self.ago(Span::days(3));
        self.db.write(|tx| {
            for (turn, made) in self.made.iter().enumerate() {
                for user in made.client.users.iter().filter(|user| matches!(user, User::Deactivated(_))) {
                    let by = self.manager(made.client.hand, turn)?;
                    let account = find_user(tx, &by, made.organization, &user.person().email())?;
                    users::actions::deactivate(tx, &by, made.organization, account)?;
                }
            }
            Ok(())
        })?;
        self.ago(Span::hours(44));
        self.ask_to_authorize()?;
        self.ago(Span::hours(20));
        self.remind()?;
        self.db.write(|tx| self.staff.let_in(tx))?;
        self.let_in(|user| matches!(user, User::Invited(_) | User::NotInvited(_)))
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

    /// SUB-1: prices of each partner, dearer from next month on, and plans for most of their clients.
    fn sell(&self) -> Result<()> {
        self.ago(Span::minutes(40));
        let month = Month::of(self.now);
        self.db.write(|tx| {
            for hand in [Hand::Lantern, Hand::Copperfield, Hand::Meridian] {
                let by = self.manager(hand, 0)?;
                for (from, [backup, archiver, personal]) in [(month, ["3.50", "1.20", "4.00"]), (month.plus(1), ["3.80", "1.20", "4.00"])] {
                    let [backup, archiver, personal] = [backup, archiver, personal].map(str::to_owned);
                    let seen = fingerprint(&subscriptions::price_store::lists(tx, by.scope().viewer(), SHOWN)?);
                    let entered =
                        EnteredPrices { from: from.iso(), currency: "USD".to_owned(), backup, archiver, personal, running: false, seen };
                    subscriptions::price_actions::set(tx, &by, &entered)?;
                }
            }
            let active = self.made.iter().skip(RESTING.len()).enumerate();
            for (turn, made) in active.filter(|(turn, made)| made.client.link == Link::Linked && turn % 6 != 5) {
                let by = self.manager(made.client.hand, turn)?;
                let used = saas::store::used_of(tx, made.organization)?;
                let plan = if turn % 9 == 4 { Plan::Archiver } else { Plan::Backup };
                let entered = EnteredPlan { plan: plan.word().to_owned(), auto_license: turn % 3 != 1, seats: (used + 3).to_string() };
                let seen = EnteredPlan::of(&subscriptions::store::find(tx, by.scope(), made.organization)?).fingerprint();
                subscriptions::actions::choose(tx, &by, made.organization, &seen, &entered)?;
            }
            Ok(())
        })
    }

    /// SAS-7: a client moved away from one of its two services.
    fn cancel_one(&self) -> Result<()> {
        self.ago(Span::minutes(35));
        let made = self.made.iter().find(|made| made.client.name == terms::LEFT_A_SERVICE).ok_or(Error::NotFound)?;
        let account = made.accounts.last().ok_or(Error::NotFound)?;
        self.db.write(|tx| terms::cancel(tx, &self.manager(made.client.hand, 0)?, *account))
    }

    /// SUB-9: the months before are billed as well, from the one in which a client came.
    fn bill(&self) -> Result<()> {
        const MONTHS: i64 = 3;
        let since = Month::of(self.now).plus(-MONTHS);
        self.db.write(|tx| {
            for hand in [Hand::Lantern, Hand::Copperfield, Hand::Meridian] {
                let partner = self.manager(hand, 0)?.scope().viewer();
                if let Some(now) = subscriptions::price_store::valid(tx, partner, Month::of(self.now))? {
                    subscriptions::price_store::save(tx, partner, &PriceList { from: since, ..now })?;
                }
            }
            // The firms grow: of three clients one got its plan in each of the months.
            for (turn, made) in self.made.iter().enumerate() {
                let chosen = since.plus(i64::try_from(turn % 3).unwrap_or(0));
                let came = match organizations::store::find(tx, &Scope::all(made.partner), made.organization) {
                    Ok(organization) => organization.created_at,
                    // Of one that is gone nothing is followed any more.
                    Err(Error::NotFound) => continue,
                    Err(error) => return Err(error),
                };
                organizations::usage_store::follow_since(tx, made.organization, chosen.max(Month::of(came)))?;
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

    /// SUP-1: Lantern's first two clients who sign in: one is authorized, the other's PIN waits.
    fn authorize_for_support(&self) -> Result<()> {
        self.ago(Span::minutes(25));
        let told = |user: &&User| matches!(user, User::Active(person) if person.told);
        let clients = self.made.iter().filter(|made| made.client.hand == Hand::Lantern);
        let named = clients.filter_map(|made| Some((made, made.client.users.iter().find(told)?)));
        self.db.write(|tx| {
            for ((made, user), reached) in named.zip([support::Reached::Confirmed, support::Reached::PinMade]) {
                let by = self.manager(made.client.hand, 0)?;
                let account = find_user(tx, &by, made.organization, &user.person().email())?;
                let user = users::store::find(tx, by.scope(), made.organization, account)?;
                support::authorize(tx, &by, made.organization, &user, reached)?;
            }
            Ok(())
        })
    }

    /// DEV-7: Lantern's clients who sign in ask for something on their devices, and so does a technician.
    fn ask_for_tasks(&self) -> Result<()> {
        self.ago(Span::minutes(20));
        let technician = self.staff.technician(Hand::Lantern)?;
        let made = |name: &str| self.made.iter().find(|made| made.client.name == name).ok_or(Error::NotFound);
        let (alder, cobalt, quarry) = (made("Alder Dental")?, made("Cobalt Logistics")?, made("Quarry Bank School")?);
        let user = |tx: &Tx<'_>, made: &Made, place: usize| -> Result<SignedInPerson> {
            let by = self.manager(made.client.hand, 0)?;
            let email = made.client.users.get(place).ok_or(Error::NotFound)?.person().email();
            let account = find_user(tx, &by, made.organization, &email)?;
            Ok(support::signed_in(made.organization, &users::store::find(tx, by.scope(), made.organization, account)?))
        };
        let done = self.db.write(|tx| {
            let olivia = user(tx, alder, 0)?;
            let [first, second] = tasks::AUTHORIZED;
            let done = tasks::ask(tx, &olivia, alder.organization, first)?;
            tasks::ask(tx, &olivia, alder.organization, second)?;
            tasks::ask(tx, &user(tx, alder, 1)?, alder.organization, tasks::UNAUTHORIZED)?;
            tasks::ask(tx, &user(tx, cobalt, 0)?, cobalt.organization, tasks::URGENT)?;
            tasks::ask(tx, &technician, quarry.organization, tasks::TECHNICIAN)?;
            tasks::restore(tx, &olivia, alder.organization)?;
            tasks::audit(tx, &olivia, alder.organization)?;
            Ok(done)
        })?;
        self.ago(Span::minutes(15));
        self.db.write(|tx| tasks::close(tx, &technician, &done))
    }

    /// END-2: a client's user asks for files of a computer: one is restored, the other waits.
    fn ask_for_files(&self) -> Result<()> {
        self.ago(Span::minutes(14));
        let made = self.made.iter().find(|made| made.client.users.iter().any(|user| user.person().email() == people::RESTORES.email()));
        let made = made.ok_or(Error::NotFound)?;
        let manager = self.manager(made.client.hand, 0)?;
        let first = self.db.write(|tx| {
            let account = find_user(tx, &manager, made.organization, &people::RESTORES.email())?;
            let user = users::store::find(tx, manager.scope(), made.organization, account)?;
            let by = Restorer::of(&support::signed_in(made.organization, &user)).ok_or(Error::NotFound)?;
            let [first, second] = FILES;
            let first = endpoints::ask_for_files(tx, &by, made.organization, first)?;
            endpoints::ask_for_files(tx, &by, made.organization, second)?;
            Ok(first)
        })?;
        self.ago(Span::minutes(10));
        let by = Restorer::operator(&Operator::of_this_machine(), made.partner);
        self.db.write(|tx| {
            restores::actions::close(tx, &by, first.id, (restores::model::State::Done, "It lies on the desktop again.")).map(drop)
        })
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
