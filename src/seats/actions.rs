//! What is done with seats: witness, rule, store, activity; in the caller's transaction.

use std::collections::BTreeSet;

use crate::access::model::Scope;
use crate::access::witness_model::{Clockwork, Manager, SeatManager};
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{SaasAccountId, SeatId};
use crate::kernel::text::counted;
use crate::kernel::time::{Span, Timestamp, Zone};
use crate::organizations;
use crate::saas;
use crate::saas::model::SaasAccount;
use crate::saas::terms_model::AutoAdd;
use crate::seats::changes_model::{Action, Backups, Changed, DESTROYED_AT_ONCE, Hand, KEPT, Outcome, Refusal, Room, Standing};
use crate::seats::model::{Seat, SeatState, SeatType, Tally, billable};
use crate::seats::store;
use crate::seats::store::{Due, Pick};
use crate::subscriptions;

/// What doing this with each of these seats of an account would come to, in their order (SEA-2, SUB-2, SUB-7): a seat that may not is
/// refused by itself. The account was found within the manager's scope by the caller.
pub fn foresee(db: &impl Read, by: &SeatManager, account: &SaasAccount, action: Action, picks: &[Pick]) -> Result<Outcome> {
    let mut seats = store::picked(db, account.id, picks)?;
    let mut room = room(db, by.scope(), account)?;
    let before = room.billable();
    let mut results = Vec::with_capacity(picks.len());
    for (place, pick) in picks.iter().enumerate() {
        let named = pick.shown();
        let Some(seat) = seats.get(place).cloned().flatten() else {
            results.push(Changed { named, seat: None, result: Err(Refusal::NotFound) });
            continue;
        };
        let result = room.change(seat.seat_type, seat.state, action);
        if let Ok(next) = result {
            // Somebody may name the same seat twice.
            for other in seats.iter_mut().flatten().filter(|other| other.id == seat.id) {
                other.state = next;
            }
        }
        results.push(Changed { named, seat: Some(seat), result });
    }
    Ok(Outcome { action, seats: results, billable: (before, room.billable()) })
}

/// SEA-2, SEA-3, SEA-6: does it, as `foresee` says it in this very transaction; what may be done is done, and one event for all of it.
pub fn change(tx: &Tx<'_>, by: &SeatManager, account: &SaasAccount, action: Action, picks: &[Pick]) -> Result<Vec<Changed>> {
    change_by(tx, by, account, (action, action.done()), picks)
}

/// The same in other words for the log.
fn change_by(tx: &Tx<'_>, by: &SeatManager, account: &SaasAccount, (action, done): (Action, &str), picks: &[Pick]) -> Result<Vec<Changed>> {
    // As it stands in this transaction: the caller may have found it before.
    let account = saas::store::find(tx, by.scope(), account.id)?;
    let outcome = foresee(tx, by, &account, action, picks)?;
    let mut changes = Vec::new();
    for (seat, next) in outcome.changing() {
        store::set_state(tx, seat, next, action)?;
        changes.push(said(seat, next, tx.now()));
    }
    if !changes.is_empty() {
        if outcome.changing().any(|(seat, _)| seat.seat_type.is_site()) {
            store::bill_sites(tx, account.id)?;
        }
        settle(tx, &account)?;
        record(tx, by, &account, done, changes)?;
    }
    Ok(outcome.seats)
}

/// The seats of an account whose newcomers Auto-add will protect, as they are before a report comes in; none where it is off.
pub fn known_to_auto_add(tx: &Tx<'_>, by: &Manager, account: SaasAccountId) -> Result<Vec<Seat>> {
    match saas::terms_store::find(tx, by.scope(), account)?.auto_add {
        AutoAdd::On => store::all(tx, account),
        AutoAdd::Off => Ok(Vec::new()),
    }
}

/// SEA-5: Auto-add protects the users that a report discovered: those that were not among the known ones, as far as cap and bought seats
/// allow. The first report of an account discovers nobody, since it says how the vendor has them. How many were protected.
pub fn auto_add(tx: &Tx<'_>, by: &Manager, account: SaasAccountId, known: &[Seat]) -> Result<usize> {
    if known.is_empty() {
        return Ok(0);
    }
    let known: BTreeSet<SeatId> = known.iter().map(|seat| seat.id).collect();
    let new = |seat: &Seat| seat.seat_type == SeatType::User && seat.state == SeatState::Unprotected && !known.contains(&seat.id);
    let picks: Vec<Pick> = store::all(tx, account)?.into_iter().filter(new).map(|seat| Pick::Id(seat.id)).collect();
    if picks.is_empty() {
        return Ok(0);
    }
    // What is used is counted anew: the report may have brought more than newcomers.
    saas::store::refresh_summary(tx, account)?;
    let found = saas::store::find(tx, by.scope(), account)?;
    let results = change_by(tx, &SeatManager::of_manager(by), &found, (Action::License, "protected by Auto-add:"), &picks)?;
    Ok(results.iter().filter(|changed| changed.result.is_ok()).count())
}

/// A seat whose backups are gone begins anew, and the log says so: its days may have been up without anybody having carried it out.
fn said(seat: &Seat, next: SeatState, now: Timestamp) -> Change {
    let to = match seat.backups(now) {
        Backups::Gone(at) => format!("{}, without backups: they were destroyed on {}", next.word(), Zone::utc().exact(at)),
        Backups::There | Backups::Until(_) | Backups::Unknown => next.word().to_owned(),
    };
    Change { field: "Seat", from: format!("{}: {}", seat.main_id, seat.state.word()), to }
}

/// SEA-3, SUB-12: carries out what has become true of unprotected seats: a batch of those whose days are up, in the order in which they were,
/// one event an account with the moment each was due. How many there were. From that moment on they read as gone, whenever this runs.
pub fn destroy_due(tx: &Tx<'_>, clock: &Clockwork) -> Result<usize> {
    let due = store::due(tx, DESTROYED_AT_ONCE)?;
    for seat in &due {
        store::destroy(tx, seat.seat)?;
    }
    let mut by_account: Vec<Vec<&Due>> = Vec::new();
    for seat in &due {
        match by_account.iter_mut().find(|own| own.first().is_some_and(|first| first.account.0 == seat.account.0)) {
            Some(own) => own.push(seat),
            None => by_account.push(vec![seat]),
        }
    }
    by_account.iter().try_for_each(|own| record_destroyed(tx, *clock, own))?;
    Ok(due.len())
}

fn record_destroyed(tx: &Tx<'_>, clock: Clockwork, seats: &[&Due]) -> Result<()> {
    let Some(first) = seats.first() else { return Ok(()) };
    let count = i64::try_from(seats.len()).unwrap_or(i64::MAX);
    let (account, name) = &first.account;
    let sentence = format!(
        "destroyed the backups of {} of {name}, unprotected for {} days: due {}, done {}",
        counted(count, "seat", "seats"),
        KEPT.0 / Span::days(1).0,
        Zone::utc().exact(first.at),
        Zone::utc().exact(tx.now())
    );
    let changes = seats.iter().map(|seat| Change {
        field: "Backups",
        from: format!("{}: kept until {}", seat.main_id, Zone::utc().exact(seat.at)),
        to: "destroyed".to_owned(),
    });
    let mut event = Event::new(Kind::SeatBackupsDestroyed, sentence).about("saas_account", account.0, name.as_str()).with(changes);
    event.organization = first.organization;
    activity::store::record(tx, &clock.actor(first.partner), &event).map(drop)
}

/// SEA-5: how many of so many newcomers Auto-add will protect once the account's seats stand as `tallies` say, and what keeps the others from
/// it. Nothing where Auto-add is off.
pub fn foresee_auto_add(
    db: &impl Read,
    scope: &Scope,
    account: SaasAccountId,
    tallies: Vec<Tally>,
    newcomers: usize,
) -> Result<Option<(usize, Option<Refusal>)>> {
    if saas::terms_store::find(db, scope, account)?.auto_add == AutoAdd::Off {
        return Ok(None);
    }
    let mut room = room(db, scope, &saas::store::find(db, scope, account)?)?;
    room.used += billable(&tallies) - billable(&room.tallies);
    room.tallies = tallies;
    for done in 0..newcomers {
        if let Err(refusal) = room.change(SeatType::User, SeatState::Unprotected, Action::License) {
            return Ok(Some((done, Some(refusal))));
        }
    }
    Ok(Some((newcomers, None)))
}

/// What stands in the way of protecting seats of this account.
fn room(db: &impl Read, scope: &Scope, account: &SaasAccount) -> Result<Room> {
    let (tallies, terms) = (store::tallies(db, account.id)?, saas::terms_store::find(db, scope, account.id)?);
    let standing = match (&terms.cancelled, account.facts.authorized) {
        (Some(_), _) => Standing::Cancelled,
        (None, true) => Standing::Authorized,
        (None, false) => Standing::Pending,
    };
    let hand = match account.refuses_changes_by(scope) {
        Some(_) if !scope.acts_on(account.partner) => Hand::AtHome,
        Some(_) => Hand::ForLinked,
        None => Hand::Free,
    };
    let mut room = Room { hand, standing, state: None, bought: None, used: 0, cap: terms.licence_cap, tallies };
    if let Some((organization, _)) = &account.organization {
        let subscription = subscriptions::store::find(db, scope, *organization)?;
        room.state = Some(subscription.state);
        room.bought = if subscription.auto_license { None } else { subscription.seats };
        room.used = saas::store::used_of(db, *organization)?;
    }
    Ok(room)
}

/// What lists keep of the account and its organization follows.
fn settle(tx: &Tx<'_>, account: &SaasAccount) -> Result<()> {
    saas::store::refresh_summary(tx, account.id)?;
    match &account.organization {
        Some((organization, _)) => organizations::store::refresh(tx, *organization),
        None => Ok(()),
    }
}

fn record(tx: &Tx<'_>, by: &SeatManager, account: &SaasAccount, done: &str, changes: Vec<Change>) -> Result<()> {
    let count = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    let sentence = format!("{done} {} of {}", counted(count, "seat", "seats"), account.name);
    let mut event = Event::new(Kind::SeatsChanged, sentence).about("saas_account", account.id.0, account.name.as_str()).with(changes);
    event.organization = account.organization.as_ref().map(|(organization, _)| *organization);
    activity::store::record(tx, by.actor(), &event).map(drop)
}
