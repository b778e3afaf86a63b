//! Suspending, unsubscribing and reactivating: witness, scope, rule, store, event; in the caller's transaction. Deleting is the
//! organization's (`organizations::actions::delete`).

use crate::access;
use crate::access::model::Actor;
use crate::access::witness_model::Manager;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{EventId, OrganizationId};
use crate::kernel::time::Timestamp;
use crate::organizations;
use crate::subscriptions::countdown_actions;
use crate::subscriptions::life_model::{Changed, Operation, StateChange, after};
use crate::subscriptions::life_store::{self as store, Living};
use crate::subscriptions::model::State;

/// SUB-2, SUB-3, SUB-4: takes the step, if SUB-13 allows it at this moment. Its users' sessions end with a suspension and an
/// unsubscription.
pub fn change(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, operation: Operation) -> Result<Changed> {
    let found = store::find(tx, by.scope(), organization)?;
    let state = after(found.subscription.state_at(tx.now()), operation).map_err(|refusal| Error::refused(refusal.sentence(&found.name)))?;
    if state == State::Deleted {
        return Err(Error::internal("deleting takes the organization with it, and is not done here"));
    }
    let reached = store::reached(tx, organization)?;
    store::set(tx, &found.subscription, state)?;
    if state == State::Active {
        countdown_actions::tell_of_return(tx, &found)?;
    } else {
        access::store::end_sessions_at(tx, organization)?;
    }
    organizations::store::refresh(tx, organization)?;
    let event = record(tx, by.actor(), &found, operation, state)?;
    keep(tx, by.actor(), &found, (state, tx.now()), event)?;
    let ends = store::find(tx, by.scope(), organization)?.subscription.ends();
    Ok(Changed { name: found.name, operation, was: found.subscription.state, ends, reached, event })
}

fn record(tx: &Tx<'_>, actor: &Actor, found: &Living, operation: Operation, state: State) -> Result<EventId> {
    let kind = match operation {
        Operation::Suspend => Kind::SubscriptionSuspended,
        Operation::Unsubscribe => Kind::SubscriptionUnsubscribed,
        Operation::Reactivate => Kind::SubscriptionReactivated,
        Operation::Delete => Kind::OrganizationDeleted,
    };
    let organization = found.subscription.organization;
    let event = Event::new(kind, format!("{} {}", operation.done(), found.name))
        .about("organization", organization.0, found.name.as_str())
        .at(organization)
        .with(Change::between("State", found.subscription.state.word(), state.word()));
    activity::store::record(tx, actor, &event)
}

/// Keeps a change for statements (SUB-9): the state that begins, and from which moment on it holds.
pub fn keep(tx: &Tx<'_>, actor: &Actor, found: &Living, (became, at): (State, Timestamp), event: EventId) -> Result<()> {
    store::keep(
        tx,
        &StateChange {
            organization: found.subscription.organization,
            partner: found.partner,
            at,
            done_at: tx.now(),
            was: found.subscription.state,
            became,
            actor: actor.name.clone(),
            event,
        },
    )
}
