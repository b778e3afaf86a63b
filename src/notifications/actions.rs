//! Choosing which letters are written: witness, store, event; in the caller's transaction.

use crate::access::witness_model::Manager;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::notifications::digest_model::{self, Setting};
use crate::notifications::model::{Notice, change, offered};
use crate::notifications::{digest_store, store};

/// NOT-1: the manager's partner wants these letters and none of the others that are offered, and its own letters as often as `digests` say;
/// whether anything changed.
pub fn choose(tx: &Tx<'_>, by: &Manager, wanted: &[Notice], digests: &[Setting]) -> Result<bool> {
    let partner = by.scope().viewer();
    let mut changes = Vec::new();
    for notice in offered() {
        let (before, after) = (store::is_wanted(tx, partner, notice)?, wanted.contains(&notice));
        if let Some(change) = change(notice, before, after) {
            store::choose(tx, partner, notice, after)?;
            changes.push(change);
        }
    }
    for after in digests {
        let (before, _) = digest_store::setting(tx, partner, after.digest)?;
        if let Some(change) = digest_model::change(before, *after) {
            digest_store::set(tx, partner, *after)?;
            changes.push(change);
        }
    }
    if changes.is_empty() {
        return Ok(false);
    }
    let event = Event::new(Kind::NotificationsChanged, "changed the notification settings").with(changes);
    activity::store::record(tx, by.actor(), &event)?;
    Ok(true)
}
