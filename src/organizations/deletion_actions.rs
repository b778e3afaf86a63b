//! The end of an organization: by hand (ORG-7), and at the end of its 45 days (SUB-3). Both destroy by the same code, in the caller's
//! transaction.

use crate::access::model::Actor;
use crate::access::witness_model::{Clockwork, Manager};
use crate::accounts;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganizationId;
use crate::kernel::queue::Queue;
use crate::kernel::text;
use crate::kernel::time::{Timestamp, Zone};
use crate::organizations::link_model::Reason;
use crate::organizations::model::{Backups, Gone};
use crate::organizations::store;
use crate::subscriptions::life_actions;
use crate::subscriptions::life_model::{Operation, after};
use crate::subscriptions::life_store::{self, Living};
use crate::subscriptions::model::State;
use crate::subscriptions::receipt_model::{Asked, NAMED_DATASETS, Receipt};
use crate::subscriptions::receipt_store;
use crate::{alerts, audits, backups, devices, endpoints, groups, keys, networks, restores, saas, seats, subscriptions, tasks, transfers};

/// ORG-7, ORG-8: deletes an organization in one step: users with their sessions and letters, links, with `Purge` the backups of its
/// SaaS accounts; ID, name and dates stay, and of what was destroyed a receipt (SUB-11). `typed` must be its name, compared as names are (ORG-4).
pub fn delete(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, backups: Backups, typed: &str) -> Result<Gone> {
    let found = life_store::find(tx, by.scope(), organization)?;
    after(found.subscription.state_at(tx.now()), Operation::Delete).map_err(|refusal| Error::refused(refusal.sentence(&found.name)))?;
    if text::key(typed) != text::key(&found.name) {
        return Err(Error::field("typed", format!("Type {} to confirm that this is the organization to delete.", found.name)));
    }
    end(tx, by.actor(), &found, &Ending { backups, at: tx.now(), asked: None })
}

/// SUB-3, SUB-12: carries out the end of the 45 days that ended first, as of the moment at which they ended. Whether there was one.
pub fn delete_over(tx: &Tx<'_>, clock: &Clockwork, queue: &mut Queue) -> Result<bool> {
    let due = life_store::over(tx, queue.length())?;
    let Some(found) = queue.take(due, |found| found.subscription.organization.0) else { return Ok(false) };
    let due = found.subscription.ends().ok_or_else(|| Error::internal("what is over was not unsubscribed"))?;
    let asked = life_store::asked(tx, found.subscription.organization)?;
    end(tx, &clock.actor(found.partner), &found, &Ending { backups: Backups::Purge, at: due, asked })?;
    queue.lay_down();
    Ok(true)
}

/// How an organization ends.
struct Ending {
    /// What becomes of the backups of its SaaS accounts.
    backups: Backups,
    /// As of which moment.
    at: Timestamp,
    /// Who had unsubscribed it, at the end of the 45 days.
    asked: Option<Asked>,
}

/// Destroys, unlinks, keeps what stays, and says so in the log.
fn end(tx: &Tx<'_>, actor: &Actor, found: &Living, ending: &Ending) -> Result<Gone> {
    let organization = found.subscription.organization;
    let lines = if ending.backups == Backups::Purge { receipt_store::lines_of(tx, organization)? } else { Vec::new() };
    let dataset_names = endpoints::store::names_of(tx, organization)?.into_iter().take(NAMED_DATASETS).collect();
    let gone = destroy(tx, found, ending)?;
    let event = Event::new(Kind::OrganizationDeleted, sentence(&gone, found, ending))
        .about("organization", organization.0, gone.name.as_str())
        .at(organization)
        .with(Change::between("State", found.subscription.state.word(), State::Deleted.word()));
    let event = activity::store::record(tx, actor, &event)?;
    life_actions::keep(tx, actor, found, (State::Deleted, ending.at), event)?;
    // END-1: datasets are destroyed either way.
    if ending.backups == Backups::Purge || 0 < gone.datasets {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let receipt = Receipt {
            organization,
            partner: found.partner,
            name: gone.name.clone(),
            asked: ending.asked.clone(),
            due_at: ending.at,
            done_at: tx.now(),
            done_by: actor.name.clone(),
            event,
            users: count(gone.users),
            keys: count(gone.keys),
            agents: count(gone.agents),
            datasets: count(gone.datasets),
            dataset_names,
            kept: if ending.backups == Backups::Keep { count(gone.services) } else { 0 },
            lines,
        };
        receipt_store::keep(tx, &receipt)?;
    }
    Ok(gone)
}

/// ORG-8: everything of an organization but what stays of one, in every slice that has something.
fn destroy(tx: &Tx<'_>, found: &Living, ending: &Ending) -> Result<Gone> {
    let organization = found.subscription.organization;
    let users = accounts::actions::remove_all_of(tx, organization)?;
    if ending.backups == Backups::Purge {
        seats::store::unprotect_all(tx, organization)?;
        backups::store::purge_of_organization(tx, organization)?;
    }
    let keys = keys::store::remove_of_organization(tx, organization)?;
    let services = saas::store::unlink_all(tx, organization, ending.backups)?;
    let networks = networks::store::unlink_all(tx, organization, Reason::OrganizationDeleted)?;
    let devices = devices::store::unlink_all(tx, organization, Reason::OrganizationDeleted)?;
    // END-1: what agents backed up hangs on the organization, whatever becomes of its SaaS accounts' backups.
    restores::store::forget_organization(tx, organization)?;
    let (agents, datasets) = endpoints::store::destroy_of_organization(tx, organization)?;
    alerts::store::forget_organization(tx, organization)?;
    groups::store::forget_organization(tx, organization)?;
    transfers::store::forget_organization(tx, organization)?;
    tasks::store::forget_organization(tx, organization)?;
    audits::store::forget_organization(tx, organization)?;
    subscriptions::store::end(tx, organization, ending.at)?;
    store::erase(tx, organization, ending.at)?;
    Ok(Gone { name: found.name.clone(), users, keys, services, backups: ending.backups, networks, devices, agents, datasets })
}

/// SUB-12: at the end of the 45 days the log says when that was due; when it was done is the event's own time.
fn sentence(gone: &Gone, found: &Living, ending: &Ending) -> String {
    match found.subscription.ends() {
        Some(end) if end == ending.at => {
            format!("deleted the organization {}, whose 45 days ended on {}: {}", gone.name, Zone::utc().exact(end), gone.counted())
        }
        Some(_) | None => format!("deleted the organization {}: {}", gone.name, gone.counted()),
    }
}
