//! What managers do with a subscription: witness, scope, rule, store, event; in the caller's transaction.

use crate::access::witness_model::Manager;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganizationId;
use crate::organizations;
use crate::saas;
use crate::subscriptions::model::{Bought, EnteredPlan, Plan};
use crate::subscriptions::store;

/// SUB-1, SUB-7: chooses an organization's plan and seats; its name. `seen` is the fingerprint of what the dialog was drawn from: if
/// somebody changed that since, nothing is done. The same again changes and records nothing.
pub fn choose(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, seen: &str, entered: &EnteredPlan) -> Result<String> {
    let before = organizations::store::find(tx, by.scope(), organization)?;
    let name = before.name;
    let was = before.subscription;
    if EnteredPlan::of(&was).fingerprint() != seen {
        return Err(Error::Conflict(format!(
            "Somebody else changed the plan of {name} meanwhile. What you chose is still here; open the page anew to see how it stands."
        )));
    }
    let (plan, bought) = entered.parse(saas::store::used_of(tx, organization)?)?;
    let old = Bought { auto_license: was.auto_license, seats: was.seats };
    if was.plan == Some(plan) && old == bought {
        return Ok(name);
    }
    store::choose(tx, organization, plan, bought)?;
    organizations::store::refresh(tx, organization)?;
    let changes = [
        Change::between("Plan", was.plan.map_or("", Plan::shown), plan.shown()),
        Change::between("Seats", old.shown().unwrap_or_default(), bought.shown().unwrap_or_default()),
    ];
    let event = Event::new(Kind::SubscriptionChanged, format!("chose the plan {} for {name}", plan.shown()))
        .about("organization", organization.0, name.as_str())
        .at(organization)
        .with(changes.into_iter().flatten());
    activity::store::record(tx, by.actor(), &event)?;
    Ok(name)
}
