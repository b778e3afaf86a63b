//! The rows of states and of their changes.

use rusqlite::{Row, params};

use crate::access::model::Scope;
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::subscriptions::life_model::{Reached, StateChange, next_letter};
use crate::subscriptions::model::{State, Subscription, over_since};
use crate::subscriptions::receipt_model::Asked;
use crate::subscriptions::receipt_store;

/// An organization whatever its state, as far as its life goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Living {
    /// The partner it belongs to.
    pub partner: PartnerId,
    /// Its name.
    pub name: String,
    /// Plan, seats and state.
    pub subscription: Subscription,
}

const LIVING: &str = "o.partner, o.name, s.organization, s.plan, s.auto_license, s.seats, s.state, s.since";

/// An organization inside `scope`, deleted ones included; `NotFound` for any other, existing or not.
pub fn find(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<Living> {
    db.one(
        &format!(
            "select {LIVING} from organization_listing l join organization o on o.id = l.organization
               join subscription s on s.organization = l.organization
              where l.viewer = :viewer and l.organization = :organization and {}",
            in_sight!("l.organization")
        ),
        scope.bind(&[(":organization", &organization)]).as_slice(),
        read,
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<Living> {
    Ok(Living {
        partner: row.get(0)?,
        name: row.get(1)?,
        subscription: Subscription {
            organization: row.get(2)?,
            plan: row.get(3)?,
            auto_license: row.get(4)?,
            seats: row.get(5)?,
            state: row.get(6)?,
            since: row.get(7)?,
        },
    })
}

/// SUB-12: the unsubscribed whose 45 days are over, in the order of their ends, up to so many.
pub fn over(db: &impl Read, at_most: i64) -> Result<Vec<Living>> {
    db.all(
        &format!(
            "select {LIVING} from subscription s indexed by subscription_window cross join organization o on o.id = s.organization
              where s.state = 'unsubscribed' and s.since <= ?1 order by s.since, s.organization limit ?2"
        ),
        params![over_since(db.now()), at_most],
        read,
    )
}

/// SUB-12: the next of the unsubscribed to whom a letter is due.
pub fn to_remind(db: &impl Read) -> Result<Option<Living>> {
    db.maybe(
        &format!(
            "select {LIVING} from subscription s indexed by subscription_letter cross join organization o on o.id = s.organization
              where s.next_letter_at <= ?1 order by s.next_letter_at, s.organization limit 1"
        ),
        [db.now()],
        read,
    )
}

/// Puts a subscription into another state, from now on; `Conflict` if it is not as it was found. The caller records the change and refreshes
/// what is kept about the organization.
pub fn set(tx: &Tx<'_>, found: &Subscription, state: State) -> Result<()> {
    let letter = (state == State::Unsubscribed).then_some(tx.now());
    tx.change_one(
        "update subscription set state = ?4, since = ?5, next_letter_at = ?6 where organization = ?1 and state = ?2 and since = ?3",
        params![found.organization, found.state, found.since, state, tx.now(), letter],
    )
}

/// SUB-11: notes that the letter that was due is written.
pub fn set_reminded(tx: &Tx<'_>, found: &Subscription) -> Result<()> {
    tx.change_one(
        "update subscription set next_letter_at = ?3 where organization = ?1 and since = ?2",
        params![found.organization, found.since, next_letter(found.since, tx.now())],
    )
}

/// Keeps a change of state for good.
pub fn keep(tx: &Tx<'_>, change: &StateChange) -> Result<()> {
    tx.change_one(
        "insert into subscription_change (organization, partner, at, done_at, was, became, actor, event)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![change.organization, change.partner, change.at, change.done_at, change.was, change.became, change.actor, change.event],
    )
}

/// The changes of an organization, which the caller found in scope, from the first on.
pub fn changes(db: &impl Read, organization: OrganizationId) -> Result<Vec<StateChange>> {
    db.all(
        "select organization, partner, at, done_at, was, became, actor, event from subscription_change
          where organization = ?1 order by at, id",
        [organization],
        |row| {
            Ok(StateChange {
                organization: row.get(0)?,
                partner: row.get(1)?,
                at: row.get(2)?,
                done_at: row.get(3)?,
                was: row.get(4)?,
                became: row.get(5)?,
                actor: row.get(6)?,
                event: row.get(7)?,
            })
        },
    )
}

/// What a change of state reaches at an organization, which the caller found in scope.
pub fn reached(db: &impl Read, organization: OrganizationId) -> Result<Reached> {
    let (accounts, seats) =
        db.one("select count(*), coalesce(sum(seats_active), 0) from saas_account where organization = ?1", [organization], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let kept = receipt_store::kept(db, organization)?;
    let (users, administrators) = db.one(
        "select count(*), coalesce(sum(u.access = 'full'), 0) from organization_user u join account a on a.id = u.account
          where u.organization = ?1 and a.state = 'active' and (u.access = 'full' or u.endpoint_access = 'file_restores')",
        [organization],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let sessions = db.one(
        "select count(*) from account a cross join session s on s.account = a.id where a.organization = ?1",
        [organization],
        |row| row.get(0),
    )?;
    Ok(Reached { accounts, seats, kept, users, administrators, sessions })
}

/// By whom, when and with which event an organization was unsubscribed last; nothing where that was never noted.
pub fn asked(db: &impl Read, organization: OrganizationId) -> Result<Option<Asked>> {
    db.maybe(
        "select actor, at, event from subscription_change where organization = ?1 and became = 'unsubscribed' order by at desc, id desc limit 1",
        [organization],
        |row| Ok(Asked { by: row.get(0)?, at: row.get(1)?, event: row.get(2)? }),
    )
}
