//! Carrying out what is due (PAR-6, PAR-7, SUB-12): one transfer a transaction, in the order of its cut-off date, once.

use crate::access::model::Actor;
use crate::access::witness_model::Clockwork;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{OrganizationId, SaasAccountId};
use crate::kernel::month::Month;
use crate::kernel::queue::Queue;
use crate::kernel::text;
use crate::organizations::link_model::Reason;
use crate::transfers::actions::{obstacles, portico};
use crate::transfers::model::{Side, State, Thing, Transfer};
use crate::transfers::telling_actions::{tell, tell_users};
use crate::transfers::{letters, store};
use crate::{
    accounts, alerts, audits, devices, endpoints, groups, keys, networks, organizations, restores, saas, seats, subscriptions, tasks,
};

/// Carries out the transfer that was due first; whether there was one. One that cannot be any more is ended, with the reason.
pub fn carry_out_due(tx: &Tx<'_>, _: &Clockwork, queue: &mut Queue) -> Result<bool> {
    let Some(transfer) = queue.take(store::due(tx, queue.length())?, |transfer| transfer.id.0) else { return Ok(false) };
    let Some(receiver) = transfer.receiver.clone() else { return Err(Error::internal("a validated transfer has a receiver")) };
    if let Some(reason) = obstacle(tx, &transfer)? {
        give_up(tx, &transfer, &receiver, &reason)?;
        queue.lay_down();
        return Ok(true);
    }
    match transfer.thing {
        Thing::Organization(organization) => move_organization(tx, &transfer, &receiver, organization)?,
        Thing::SaasAccount(account) => move_account(tx, &transfer, &receiver, account)?,
    }
    store::end(tx, transfer.id, State::Done, "Portico", None)?;
    let after = store::find(tx, receiver.partner, transfer.id)?;
    tell(tx, after.holder.partner, &after, letters::done)?;
    tell(tx, receiver.partner, &after, letters::done)?;
    queue.lay_down();
    Ok(true)
}

/// Ends the transfer that was due first, after an attempt to carry it out failed and was taken back: so that the next one has its turn.
/// Whether there was one.
pub fn give_up_due(tx: &Tx<'_>, _: &Clockwork, queue: &mut Queue) -> Result<bool> {
    let Some(transfer) = queue.take(store::due(tx, queue.length())?, |transfer| transfer.id.0) else { return Ok(false) };
    let Some(receiver) = transfer.receiver.clone() else { return Err(Error::internal("a validated transfer has a receiver")) };
    give_up(tx, &transfer, &receiver, FAILED)?;
    queue.lay_down();
    Ok(true)
}

/// The reason that both sides read where only the operator can know more.
const FAILED: &str = "It could not be carried out. The operator of this portal finds in the log why.";

/// What came in between since it was validated.
fn obstacle(tx: &Tx<'_>, transfer: &Transfer) -> Result<Option<String>> {
    if let Thing::Organization(organization) = transfer.thing {
        // What ended before the cut-off date ended at the old partner, whichever job comes first.
        let ends = subscriptions::store::window_ends(tx, organization)?;
        let over = ends.zip(transfer.due_at).is_some_and(|(ends, due)| ends <= due);
        if over || organizations::moving_store::keys(tx, organization)?.0.is_none() {
            return Ok(Some(format!("{} was deleted meanwhile.", transfer.name)));
        }
    }
    // The names were kept free since it was validated; one that is taken after all ends it rather than being changed in silence.
    let found = obstacles(tx, transfer)?;
    Ok((!found.is_empty()).then(|| found.join(" ")))
}

fn give_up(tx: &Tx<'_>, transfer: &Transfer, receiver: &Side, reason: &str) -> Result<()> {
    store::end(tx, transfer.id, State::Refused, "Portico", Some(reason))?;
    let sentence = format!("could not transfer {}: {reason}", transfer.name);
    for partner in [transfer.holder.partner, receiver.partner] {
        let event = Event::new(Kind::TransferEnded, sentence.clone()).with(due(transfer));
        activity::store::record(tx, &portico(partner), &event.about("transfer", transfer.id.0, transfer.name.as_str()))?;
    }
    let after = store::find(tx, receiver.partner, transfer.id)?;
    tell(tx, after.holder.partner, &after, letters::failed)?;
    tell(tx, receiver.partner, &after, letters::failed)
}

/// SUB-12: what was due when, beside the event's own time.
fn due(transfer: &Transfer) -> Option<Change> {
    Change::between("Cut-off date", "", transfer.due_at?.iso())
}

/// PAR-6: everything of an organization that goes, and what stays behind goes from it.
fn move_organization(tx: &Tx<'_>, transfer: &Transfer, receiver: &Side, organization: OrganizationId) -> Result<()> {
    for other in store::open_of_services(tx, organization)? {
        store::end(tx, other.id, State::Refused, "Portico", Some("It went to another partner with its organization."))?;
        let event = Event::new(Kind::TransferEnded, format!("ended the transfer of {}: it goes with its organization", other.name));
        activity::store::record(tx, &portico(transfer.holder.partner), &event.about("transfer", other.id.0, other.name.as_str()))?;
    }
    let services = store::services(tx, organization)?;
    let (count, _, keys) = store::counted(tx, organization)?;
    let users = text::counted(count, "user", "users");
    let accounts = text::counted(i64::try_from(services.len()).unwrap_or(i64::MAX), "SaaS account", "SaaS accounts");
    let about = |event: Event, name: &str| event.about("organization", organization.0, name).at(organization).with(due(transfer));
    // Recorded while it is still the old partner's: the new one's log begins with its arrival.
    let gone = format!("transferred {} to {}: {users}, {accounts}", transfer.name, receiver.name);
    let mut event = about(Event::new(Kind::OrganizationTransferred, gone), &transfer.name);
    let left = networks::store::unlink_all(tx, organization, Reason::OrganizationTransferred)?;
    if 0 < left {
        event = event.with(Change::between("Networks that stay behind", left.to_string(), "unlinked"));
    }
    let left = devices::store::unlink_all(tx, organization, Reason::OrganizationTransferred)?;
    if 0 < left {
        event = event.with(Change::between("Devices that stay behind", left.to_string(), "unlinked"));
    }
    if 0 < keys {
        event = event.with(Change::between("API keys for it alone", keys.to_string(), "deleted"));
    }
    activity::store::record(tx, &portico(transfer.holder.partner), &event)?;
    for (account, _, _) in &services {
        saas::moving_store::move_to(tx, *account, receiver.partner, &transfer.holder.name)?;
        seats::store::move_to(tx, *account, receiver.partner)?;
    }
    endpoints::store::move_to(tx, organization, receiver.partner)?;
    alerts::store::forget_organization(tx, organization)?;
    restores::store::move_to(tx, organization, receiver.partner)?;
    groups::store::forget_organization(tx, organization)?;
    // The devices stay behind, and so does what was asked of them: nobody is left whose it would be.
    tasks::store::forget_organization(tx, organization)?;
    audits::store::forget_organization(tx, organization)?;
    keys::store::remove_of_organization(tx, organization)?;
    let moved = accounts::moving_actions::move_all(tx, organization, receiver.partner)?;
    subscriptions::store::move_to(tx, organization, receiver.partner)?;
    let name = organizations::moving_store::move_to(tx, organization, receiver.partner, Month::of(transfer.due_at.unwrap_or(tx.now())))?;
    tell_users(tx, receiver, organization, (&name, &transfer.holder.name))?;
    let came = format!("received {name} from {}: {users}, {accounts}", transfer.holder.name);
    let event = about(Event::new(Kind::OrganizationReceived, came), &name)
        .with(Change::between("Organization name", transfer.name.as_str(), name.as_str()))
        .with((0 < moved.anew).then(|| Change { field: "Users invited anew", from: String::new(), to: moved.anew.to_string() }));
    activity::store::record(tx, &portico(receiver.partner), &event).map(drop)
}

/// PAR-7: one account; its organization keeps everything else.
fn move_account(tx: &Tx<'_>, transfer: &Transfer, receiver: &Side, account: SaasAccountId) -> Result<()> {
    let organization = saas::store::organization_of(tx, account)?;
    let about = |event: Event| event.about("saas_account", account.0, transfer.name.as_str()).with(due(transfer));
    // Recorded while it is still the old partner's: the new one's log begins with its arrival.
    let mut gone = about(Event::new(Kind::SaasTransferred, format!("transferred {} to {}", transfer.name, receiver.name)));
    gone.organization = organization;
    activity::store::record(tx, &portico(transfer.holder.partner), &gone)?;
    saas::moving_store::move_to(tx, account, receiver.partner, &transfer.holder.name)?;
    seats::store::move_to(tx, account, receiver.partner)?;
    if let Some(organization) = organization {
        organizations::store::refresh(tx, organization)?;
    }
    let came = about(Event::new(Kind::SaasReceived, format!("received {} from {}", transfer.name, transfer.holder.name)));
    let actor: Actor = portico(receiver.partner);
    activity::store::record(tx, &actor, &came).map(drop)
}
