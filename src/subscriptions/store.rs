//! The rows of subscriptions.

use crate::access::model::Scope;
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{ImportId, OrganizationId, PartnerId};
use crate::kernel::time::Timestamp;
use crate::subscriptions::model::{Bought, Plan, State, Subscription, WINDOW};

/// The subscription of an organization inside `scope`; `NotFound` for any other, existing or not.
pub fn find(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<Subscription> {
    db.one(
        concat!(
            "select s.organization, s.plan, s.auto_license, s.seats, s.state, s.since
               from organization_listing l join subscription s on s.organization = l.organization
              where l.viewer = :viewer and l.organization = :organization and ",
            in_sight!("l.organization")
        ),
        scope.bind(&[(":organization", &organization)]).as_slice(),
        |row| {
            Ok(Subscription {
                organization: row.get(0)?,
                plan: row.get(1)?,
                auto_license: row.get(2)?,
                seats: row.get(3)?,
                state: row.get(4)?,
                since: row.get(5)?,
            })
        },
    )
}

/// Begins the subscription of a new organization: active, without a plan (ORG-1).
pub fn begin(tx: &Tx<'_>, partner: PartnerId, organization: OrganizationId) -> Result<()> {
    tx.change_one(
        "insert into subscription (organization, partner, state, since) values (?1, ?2, ?3, ?4)",
        (organization, partner, State::Active, tx.now()),
    )
}

/// Chooses plan and seats (SUB-1, SUB-7). `Conflict` if the subscription is over. The caller refreshes the organization's listing.
pub fn choose(tx: &Tx<'_>, organization: OrganizationId, plan: Plan, bought: Bought) -> Result<()> {
    tx.change_one(
        "update subscription set plan = ?2, auto_license = ?3, seats = ?4 where organization = ?1 and state <> 'deleted'",
        (organization, plan, bought.auto_license, bought.seats),
    )
}

/// Ends a subscription for good as of the moment `at`; plan and seats are forgotten (ORG-8). `Conflict` if it was over already.
pub fn end(tx: &Tx<'_>, organization: OrganizationId, at: Timestamp) -> Result<()> {
    tx.change_one(
        "update subscription set plan = null, auto_license = 0, seats = null, state = ?2, since = ?3, next_letter_at = null
          where organization = ?1 and state <> ?2",
        (organization, State::Deleted, at),
    )
}

/// Begins the subscriptions of the new organizations of an import, with the plans that were staged.
pub fn begin_imported(tx: &Tx<'_>, import: ImportId, partner: PartnerId) -> Result<usize> {
    tx.execute(
        "insert into subscription (organization, partner, plan, auto_license, seats, state, since)
         select organization, ?2, plan, auto_license, seats, ?3, ?4 from import_organization
          where import = ?1 and verdict = 'new' order by organization",
        (import, partner, State::Active, tx.now()),
    )
}

/// Changes the plans and seats that an import found different; states stay.
pub fn change_imported(tx: &Tx<'_>, import: ImportId) -> Result<usize> {
    tx.execute(
        "update subscription as s set plan = r.plan, auto_license = r.auto_license, seats = r.seats
           from import_organization r
          where r.import = ?1 and r.verdict = 'changed' and s.organization = r.organization and s.state <> 'deleted'
            and (s.plan, s.auto_license, s.seats) is not (r.plan, r.auto_license, r.seats)",
        [import],
    )
}

/// PAR-6: plan, seats, state and any countdown go on at another partner.
pub fn move_to(tx: &Tx<'_>, organization: OrganizationId, partner: PartnerId) -> Result<()> {
    tx.change_one("update subscription set partner = ?2 where organization = ?1", (organization, partner))
}

/// SUB-3: when the 45 days of an unsubscribed organization end; nothing for one in another state.
pub fn window_ends(db: &impl Read, organization: OrganizationId) -> Result<Option<Timestamp>> {
    let since: Option<Timestamp> =
        db.maybe("select since from subscription where organization = ?1 and state = 'unsubscribed'", [organization], |row| row.get(0))?;
    Ok(since.map(|since| since + WINDOW))
}
