//! Changing security settings: witness, store, event; in the caller's transaction.

use crate::access::witness_model::SecurityAdmin;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::security::model::Settings;
use crate::security::store;

/// SEC-3: keeps what was set; whether anything changed. The event tells each change from what to what.
pub fn save(tx: &Tx<'_>, by: &SecurityAdmin, wanted: &Settings) -> Result<bool> {
    let partner = by.scope().viewer();
    let changes = wanted.changes(&store::settings(tx, partner)?);
    if changes.is_empty() {
        return Ok(false);
    }
    store::keep(tx, partner, wanted)?;
    let event = Event::new(Kind::SecurityChanged, "changed the security settings").with(changes);
    activity::store::record(tx, by.actor(), &event)?;
    Ok(true)
}
