//! What is done with seats: witness, rule, store, activity; in the caller's transaction.

use crate::access::witness_model::SeatManager;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::text::counted;
use crate::organizations;
use crate::saas;
use crate::saas::model::SaasAccount;
use crate::seats::changes_model::{Action, Refusal, Room, Standing};
use crate::seats::model::{Seat, SeatState};
use crate::seats::store;
use crate::seats::store::Pick;
use crate::subscriptions;

/// What became of one seat that was named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// The seat as it was, if there is one.
    pub seat: Option<Seat>,
    /// How it stands now, or why it stays as it was.
    pub result: std::result::Result<SeatState, Refusal>,
}

/// SEA-2, SEA-3, SEA-6, SUB-2, SUB-7: does this with each of these seats of an account, in their order; a seat that may not is refused by
/// itself, and the others go through. One event for all that changed. The account was found within the manager's scope by the caller.
pub fn change(tx: &Tx<'_>, by: &SeatManager, account: &SaasAccount, action: Action, picks: &[Pick]) -> Result<Vec<Changed>> {
    // As it stands in this transaction: the caller may have found it before.
    let account = saas::store::find(tx, by.scope(), account.id)?;
    let mut seats = store::picked(tx, account.id, picks)?;
    let mut room = room(tx, by, &account)?;
    let mut results = Vec::with_capacity(picks.len());
    let (mut changes, mut billed) = (Vec::new(), 0);
    for place in 0..seats.len() {
        let Some(seat) = seats.get(place).cloned().flatten() else {
            results.push(Changed { seat: None, result: Err(Refusal::NotFound) });
            continue;
        };
        let result = room.change(seat.seat_type, seat.state, action);
        if let Ok(next) = result {
            billed += store::set_state(tx, &seat, next, action)?;
            changes.push(said(&seat, next));
            // Somebody may name the same seat twice.
            for other in seats.iter_mut().flatten().filter(|other| other.id == seat.id) {
                other.state = next;
            }
        }
        results.push(Changed { seat: Some(seat), result });
    }
    if !changes.is_empty() {
        settle(tx, &account, billed)?;
        record(tx, by, &account, action, changes)?;
    }
    Ok(results)
}

fn said(seat: &Seat, next: SeatState) -> Change {
    Change { field: "Seat", from: format!("{}: {}", seat.main_id, seat.state.word()), to: next.word().to_owned() }
}

/// What stands in the way of protecting seats of this account.
pub fn room(tx: &Tx<'_>, by: &SeatManager, account: &SaasAccount) -> Result<Room> {
    let (tallies, terms) = (store::tallies(tx, account.id)?, saas::terms_store::find(tx, by.scope(), account.id)?);
    let standing = match (&terms.cancelled, account.facts.authorized) {
        (Some(_), _) => Standing::Cancelled,
        (None, true) => Standing::Authorized,
        (None, false) => Standing::Pending,
    };
    let mut room = Room { standing, state: None, bought: None, used: 0, cap: terms.licence_cap, tallies };
    if let Some((organization, _)) = &account.organization {
        let subscription = subscriptions::store::find(tx, by.scope(), *organization)?;
        room.state = Some(subscription.state);
        room.bought = if subscription.auto_license { None } else { subscription.seats };
        room.used = saas::store::billable_of(tx, *organization)?;
    }
    Ok(room)
}

/// What lists keep of the account and its organization follows.
fn settle(tx: &Tx<'_>, account: &SaasAccount, billed: i64) -> Result<()> {
    saas::store::refresh_summary(tx, account.id)?;
    if billed != 0 {
        saas::store::add_seats_used(tx, account.id, billed)?;
    }
    match &account.organization {
        Some((organization, _)) => organizations::store::refresh(tx, *organization),
        None => Ok(()),
    }
}

fn record(tx: &Tx<'_>, by: &SeatManager, account: &SaasAccount, action: Action, changes: Vec<Change>) -> Result<()> {
    let count = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    let sentence = format!("{} {} of {}", action.done(), counted(count, "seat", "seats"), account.name);
    let mut event = Event::new(Kind::SeatsChanged, sentence).about("saas_account", account.id.0, account.name.as_str()).with(changes);
    event.organization = account.organization.as_ref().map(|(organization, _)| *organization);
    activity::store::record(tx, by.actor(), &event).map(drop)
}
