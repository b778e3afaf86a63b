//! What the demo's organizations are sold, and billed for.

use crate::access::model::Scope;
use crate::app::demo::firm::{Hand, Link, RESTING};
use crate::app::demo::{Made, Story, terms};
use crate::kernel::error::{Error, Result};
use crate::kernel::month::Month;
use crate::kernel::time::Span;
use crate::organizations;
use crate::saas;
use crate::subscriptions;
use crate::subscriptions::model::{EnteredPlan, Plan};
use crate::subscriptions::price_model::{EnteredPrices, PriceList, SHOWN, fingerprint};

impl Story<'_> {
    /// SUB-1: a plan with two seats to spare.
    pub fn sell_to(&self, made: &Made) -> Result<()> {
        let by = self.manager(made.client.hand, 0)?;
        let entered = EnteredPlan { plan: Plan::Backup.word().to_owned(), auto_license: false, seats: (made.client.seats + 2).to_string() };
        self.db.write(|tx| {
            let seen = EnteredPlan::of(&subscriptions::store::find(tx, by.scope(), made.organization)?).fingerprint();
            subscriptions::actions::choose(tx, &by, made.organization, &seen, &entered).map(drop)
        })
    }

    /// SUB-1: prices of each partner, dearer from next month on, and plans for most of their clients.
    pub fn sell(&self) -> Result<()> {
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
    pub fn cancel_one(&self) -> Result<()> {
        self.ago(Span::minutes(35));
        let made = self.made.iter().find(|made| made.client.name == terms::LEFT_A_SERVICE).ok_or(Error::NotFound)?;
        let account = made.accounts.last().ok_or(Error::NotFound)?;
        self.db.write(|tx| terms::cancel(tx, &self.manager(made.client.hand, 0)?, *account))
    }

    /// SUB-9: the months before are billed as well, from the one in which a client came.
    pub fn bill(&self) -> Result<()> {
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
}
