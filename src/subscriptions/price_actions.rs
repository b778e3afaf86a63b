//! What managers do with the price list: witness, rule, store, event; in the caller's transaction.

use crate::access::witness_model::Manager;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::month::Month;
use crate::subscriptions::model::Plan;
use crate::subscriptions::price_model::{EnteredPrices, PriceList, SHOWN, fingerprint};
use crate::subscriptions::price_store as store;

/// SUB-1: prices from a month on, this one or a later one. The same prices again change and record nothing. Other prices for the month that
/// runs change its bills at once, so they want to be told that this is meant.
pub fn set(tx: &Tx<'_>, by: &Manager, entered: &EnteredPrices) -> Result<PriceList> {
    let partner = by.scope().viewer();
    let list = entered.parse(Month::of(tx.now()))?;
    if fingerprint(&store::lists(tx, partner, SHOWN)?) != entered.seen {
        return Err(Error::Conflict(
            "Somebody else changed the price list meanwhile: it stands here as it is now. What you entered is still in the form; look at both, and \
             save again if it is meant."
                .to_owned(),
        ));
    }
    if store::beginning(tx, partner, list.from)? == Some(list) {
        return Ok(list);
    }
    let before = store::valid(tx, partner, list.from)?;
    if let Some(before) = before.filter(|_| list.from == Month::of(tx.now()) && !entered.running) {
        let differences = list.differences(&before);
        if !differences.is_empty() {
            return Err(Error::field("running", running(list.from, &differences)));
        }
    }
    store::save(tx, partner, &list)?;
    let price = |list: Option<&PriceList>, plan| list.and_then(|list| list.shown(plan, 1)).unwrap_or_default();
    let change = |field, plan| Change::between(field, price(before.as_ref(), plan), price(Some(&list), plan));
    let changes = [change("Backup", Plan::Backup), change("Archiver", Plan::Archiver), change("Personal", Plan::Personal)];
    let event = Event::new(Kind::PricesChanged, format!("set the prices from {} on", list.from.shown()))
        .about("price_list", list.from.0, list.from.shown())
        .with(changes.into_iter().flatten());
    activity::store::record(tx, by.actor(), &event)?;
    Ok(list)
}

fn running(month: Month, differences: &[String]) -> String {
    let month = month.shown();
    format!(
        "{month} runs already, so this changes its bills at once: {}. Tick \u{201c}Change the bills of {month}\u{201d} if that is meant, or choose a later month.",
        differences.join("; ")
    )
}

/// Takes prices back that are yet to come; those of a month that has begun stay, since it is billed by them.
pub fn take_back(tx: &Tx<'_>, by: &Manager, month: Month) -> Result<PriceList> {
    let partner = by.scope().viewer();
    let list = store::beginning(tx, partner, month)?.ok_or(Error::NotFound)?;
    if month <= Month::of(tx.now()) {
        return Err(Error::refused(format!("{} has begun and is billed by these prices, so they stay.", month.shown())));
    }
    store::remove(tx, partner, month)?;
    let event = Event::new(Kind::PricesChanged, format!("took the prices from {} on back", month.shown()));
    activity::store::record(tx, by.actor(), &event.about("price_list", month.0, month.shown()))?;
    Ok(list)
}
