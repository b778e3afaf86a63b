//! How organizations of the demo came to an end, or near it.

use crate::access::witness_model::Clockwork;
use crate::app::demo::firm::{self, Client, Health, RESTING, User};
use crate::app::demo::{Made, Story, devices, find_user, name, reports};
use crate::kernel::db::Read as _;
use crate::kernel::error::{Error, Result};
use crate::kernel::time::Span;
use crate::organizations;
use crate::organizations::model::Backups;
use crate::saas;
use crate::subscriptions;
use crate::users;

impl Story<'_> {
    /// Three organizations older than all others, one of which is on its way out.
    pub fn rest_before(&mut self) -> Result<()> {
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
    pub fn rest(&self) -> Result<()> {
        RESTING.iter().skip(1).try_for_each(|(client, ..)| self.change_state(client.name))
    }

    /// Takes the step of an organization in `RESTING`, at its time; what it was reported to have until then comes in.
    pub fn change_state(&self, name: &str) -> Result<()> {
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
    pub fn remind(&self) -> Result<()> {
        while self.db.write(|tx| subscriptions::countdown_actions::remind(tx, &Clockwork::ticking()))? {}
        Ok(())
    }

    /// An organization that was created, linked and deleted again this long ago.
    pub fn come_and_gone(&mut self, client: &'static Client, backups: Backups, ago: Span) -> Result<()> {
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
    pub fn last_days(&self) -> Result<()> {
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
}
