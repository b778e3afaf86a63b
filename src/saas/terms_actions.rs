//! Changing what an account was taken on for, and cancelling it (SAS-7, SEA-5): witness, scope, rule, store, activity.

use crate::access::witness_model::Manager;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::backups;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::SaasAccountId;
use crate::kernel::text;
use crate::kernel::time::{Timestamp, Zone};
use crate::organizations;
use crate::saas::model::{Commitment, Retention, SaasAccount};
use crate::saas::terms_model::{Conditions, Terms, cancelling};
use crate::saas::{store, terms_store};
use crate::seats;
use crate::seats::model::{SeatState, billable};

/// Sets commitment, retention, Auto-add and cap in one step, which is one event; whether anything changed. `seen` is the fingerprint of
/// what the form was drawn from; if somebody changed that since, nothing is done.
pub fn save(tx: &Tx<'_>, by: &Manager, account: SaasAccountId, seen: &str, wanted: &Conditions) -> Result<bool> {
    let found = store::find(tx, by.scope(), account)?;
    check_hand(by, &found)?;
    check_not_emptied(&found)?;
    let before = terms_store::find(tx, by.scope(), account)?;
    if before.fingerprint() != seen {
        return Err(Error::Conflict(format!(
            "Somebody else changed {} meanwhile. What you entered is still here; open the page anew to see how it stands.",
            found.name
        )));
    }
    if before.cancelled.is_some() {
        return Err(Error::refused(format!("{} was cancelled, so there is nothing to set.", found.name)));
    }
    check(&before, wanted, tx.now())?;
    terms_store::set(tx, account, wanted, before.until(wanted.commitment, tx.now()))?;
    let changes = changes(&before, wanted);
    if changes.is_empty() {
        return Ok(false);
    }
    let event = Event::new(Kind::SaasChanged, format!("changed the terms of {}", found.name)).with(changes);
    record(tx, by, &found, event)?;
    Ok(true)
}

/// EMP-4: an account of no organization is for those whom no group limits.
pub fn check_hand(by: &Manager, account: &SaasAccount) -> Result<()> {
    account.refuses_changes_by(by.scope()).map_or(Ok(()), |sentence| Err(Error::refused(sentence)))
}

/// ORG-8: of an account whose backups were destroyed there is nothing to set or to cancel until it is backed up again.
fn check_not_emptied(account: &SaasAccount) -> Result<()> {
    if account.facts.is_emptied() {
        return Err(Error::refused(format!("{} was purged, so it has no terms until a report shows new backups.", account.name)));
    }
    Ok(())
}

/// SAS-7, SEA-5: what the rules refuse, by field.
fn check(before: &Terms, wanted: &Conditions, now: Timestamp) -> Result<()> {
    if let Some(held) = before.refuses(wanted.commitment, now) {
        let until = Zone::utc().exact(held.until);
        return Err(Error::field("commitment", format!("One year is committed until {until}. It can become month to month from then on.")));
    }
    match wanted.licence_cap {
        Some(cap) if cap < before.billable => Err(Error::field(
            "licence_cap",
            format!(
                "{} protected now, so the cap cannot be below that. Unprotect some first.",
                text::counted(before.billable, "billable seat is", "billable seats are")
            ),
        )),
        _ => Ok(()),
    }
}

fn changes(before: &Terms, wanted: &Conditions) -> Vec<Change> {
    let number = |cap: Option<i64>| cap.map(|cap| cap.to_string()).unwrap_or_default();
    [
        Change::between("Commitment", before.commitment.map_or("", Commitment::shown), wanted.commitment.shown()),
        Change::between("Retention", before.retention.map_or("", Retention::word), wanted.retention.word()),
        Change::between("Auto-add", before.auto_add.shown(), wanted.auto_add.shown()),
        Change::between("License cap", number(before.licence_cap), number(wanted.licence_cap)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What cancelling destroyed, in words for the receipt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// The account as it was.
    pub account: SaasAccount,
    /// As `at_stake` says it before; nothing for an account that was never authorized.
    pub destroyed: Option<String>,
}

/// SAS-7: why an account cannot be cancelled, if so.
pub fn refuses_cancelling(account: &SaasAccount, terms: &Terms) -> Option<String> {
    if terms.cancelled.is_some() {
        return Some(format!("{} was cancelled already.", account.name));
    }
    if account.facts.is_emptied() {
        return Some(format!("{} was purged already, so there is nothing to cancel or to destroy.", account.name));
    }
    match (terms.authorized, terms.commitment) {
        (false, _) | (true, Some(Commitment::MonthToMonth)) => None,
        (true, Some(Commitment::OneYear)) => Some(match terms.committed_until {
            Some(until) => format!(
                "{} is committed for one year, until {}. Only a month-to-month account can be cancelled.",
                account.name,
                Zone::utc().date(until)
            ),
            None => format!("{} is committed for one year. Only a month-to-month account can be cancelled.", account.name),
        }),
        (true, None) => {
            Some(format!("The commitment of {} is not known. Set it to month to month first, if that is what was agreed.", account.name))
        }
    }
}

/// SAS-7: what cancelling destroys, in the same words before it and on the receipt: "11 protected seats (8 billable), 30 days of backups of
/// 4 applications, 281 GB". The account was found in scope by the caller.
pub fn at_stake(db: &impl Read, account: SaasAccountId) -> Result<String> {
    let tallies = seats::store::tallies(db, account)?;
    let kept: i64 = tallies.iter().filter(|tally| tally.state != SeatState::Unprotected).map(|tally| tally.count).sum();
    let (seats, billed) = (text::counted(kept, "protected seat", "protected seats"), text::thousands(billable(&tallies)));
    Ok(format!("{seats} ({billed} billable), {}", backups::store::stock(db, account)?.counted()))
}

/// SAS-7: cancels for a reason and destroys the account's backups at once. One that was never authorized is taken back instead: there is
/// nothing of it anywhere.
pub fn cancel(tx: &Tx<'_>, by: &Manager, account: SaasAccountId, typed: &str, reason: &str) -> Result<Receipt> {
    let found = store::find(tx, by.scope(), account)?;
    check_hand(by, &found)?;
    let terms = terms_store::find(tx, by.scope(), account)?;
    let reason = cancelling(terms.authorized, typed, reason)?;
    if let Some(sentence) = refuses_cancelling(&found, &terms) {
        return Err(Error::refused(sentence));
    }
    let destroyed = if terms.authorized {
        let stake = at_stake(tx, account)?;
        seats::store::unprotect_all_of(tx, account)?;
        backups::store::purge(tx, account)?;
        terms_store::cancel(tx, account, &reason)?;
        Some(format!("destroyed {stake}"))
    } else {
        None
    };
    let sentence = match &destroyed {
        Some(what) => format!("cancelled the subscription of {}: {what}", found.name),
        None => format!("took back {}, which was never authorized", found.name),
    };
    record(tx, by, &found, Event::new(Kind::SaasCancelled, sentence).with(Change::between("Reason", "", reason)))?;
    if !terms.authorized {
        // After the event, which looks up who held it.
        terms_store::withdraw(tx, account)?;
    }
    if let Some((organization, _)) = &found.organization {
        organizations::store::refresh(tx, *organization)?;
    }
    Ok(Receipt { account: found, destroyed })
}

/// SAS-7: an import's report whose data is newer than the cancellation takes the account on again: it is backed up, whatever was wanted here.
/// Lists of accounts and seats alone do not, since they say nothing of when. Whether it was cancelled.
pub fn take_on_again(tx: &Tx<'_>, by: &Manager, account: SaasAccountId, newest: Timestamp) -> Result<bool> {
    if !terms_store::take_on_again(tx, account, newest)? {
        return Ok(false);
    }
    seats::store::forget_set_here(tx, account)?;
    let found = store::find(tx, by.scope(), account)?;
    let sentence = format!("took {} on again: an import shows backups made after it was cancelled", found.name);
    record(tx, by, &found, Event::new(Kind::SaasTakenOnAgain, sentence))?;
    if let Some((organization, _)) = &found.organization {
        organizations::store::refresh(tx, *organization)?;
    }
    Ok(true)
}

fn record(tx: &Tx<'_>, by: &Manager, account: &SaasAccount, event: Event) -> Result<()> {
    let mut event = event.about("saas_account", account.id.0, &account.name);
    event.organization = account.organization.as_ref().map(|(id, _)| *id);
    activity::store::record(tx, by.actor(), &event).map(drop)
}
