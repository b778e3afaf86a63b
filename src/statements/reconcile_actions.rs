//! What whoever does the bills does with the billing system's files.

use crate::access::witness_model::Accountant;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::month::Month;
use crate::kernel::text::{self, counted};
use crate::statements::reconcile_model::Billed;
use crate::statements::reconcile_store as store;

/// Keeps a file's rows for a month.
pub fn bring(tx: &Tx<'_>, by: &Accountant, month: Month, rows: &[Billed]) -> Result<()> {
    store::keep(tx, by.partner(), month, rows)?;
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let sentence = format!("compared the statement of {} with {} of the billing system", month.shown(), counted(count, "name", "names"));
    activity::store::record(tx, by.actor(), &Event::new(Kind::Reconciled, sentence)).map(drop)
}

/// Remembers which organization a name of the billing system means; its own name.
pub fn match_name(tx: &Tx<'_>, by: &Accountant, month: Month, key: &str, words: &str) -> Result<(String, String)> {
    let name = store::row_named(tx, by.partner(), month, key)?;
    let words = text::line(words, 250).map_err(|sentence| Error::field("organization", sentence))?;
    if words.is_empty() {
        return Err(Error::field("organization", "Enter the organization's ID or whole name."));
    }
    let id = words.replace('-', "").parse().ok();
    let meant = store::meant(tx, by.scope(), id, &text::key(&words))?;
    let (organization, own) =
        meant.ok_or_else(|| Error::field("organization", format!("No organization of yours has the ID or the name {words}.")))?;
    if !store::remember(tx, by.partner(), &name, key, organization)? {
        return Ok((name, own));
    }
    let sentence = format!("matched {name} of the billing system with {own}");
    let event = Event::new(Kind::Reconciled, sentence).about("organization", organization.0, own.as_str()).at(organization);
    activity::store::record(tx, by.actor(), &event)?;
    Ok((name, own))
}

/// Forgets whom a name means; the name.
pub fn forget_name(tx: &Tx<'_>, by: &Accountant, month: Month, key: &str) -> Result<String> {
    let name = store::row_named(tx, by.partner(), month, key)?;
    store::forget_name(tx, by.partner(), key)?;
    let event = Event::new(Kind::Reconciled, format!("forgot whom {name} of the billing system means"));
    activity::store::record(tx, by.actor(), &event)?;
    Ok(name)
}
