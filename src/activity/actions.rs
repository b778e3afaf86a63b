//! The look at the whole chain (LOG-2).

use crate::access::witness_model::Clockwork;
use crate::activity::model::CHECK_EVERY;
use crate::activity::store::{self, Fitting};
use crate::kernel::db::{Db, Read};
use crate::kernel::error::Result;
use crate::kernel::ids::EventId;
use crate::kernel::secret::Vault;

/// How many events are read at once; between two batches others get their turn.
const BATCH: i64 = 2_000;

/// Verifies the whole chain if that was not done within the last hour; how many checks were made.
pub fn verify_when_due(db: &Db, clock: &Clockwork) -> Result<usize> {
    let due = db.read(|db| Ok(store::last_check(db)?.is_none_or(|last| db.now() - last.at >= CHECK_EVERY || db.now() < last.at)))?;
    if !due {
        return Ok(0);
    }
    verify(db, clock)?;
    Ok(1)
}

/// Verifies the whole chain and keeps the result for the page. An event is missing at the end when fewer fit than the database
/// has given numbers for, or than fitted the last time.
pub fn verify(db: &Db, _: &Clockwork) -> Result<()> {
    let promised = db.read(|db| promised(db))?;
    let mut at = db.read(|reader| store::beginning(reader, db.vault()))?;
    loop {
        let next = db.read(|reader| store::follow(reader, db.vault(), &at, BATCH))?;
        let done = next.broken || next.seq == at.seq;
        at = next;
        if done {
            break;
        }
    }
    db.write(|tx| store::keep_check(tx, at.seq, first_bad(&at, promised)))
}

/// Looks at the whole chain in one go and keeps nothing: how many events fit, and the first that does not.
pub fn follow_all(db: &impl Read, vault: &Vault) -> Result<(i64, Option<EventId>)> {
    let at = store::follow(db, vault, &store::beginning(db, vault)?, i64::MAX)?;
    Ok((at.seq, first_bad(&at, promised(db)?)))
}

/// How many events there must be: as many as the database has given numbers for, or as fitted the last time.
fn promised(db: &impl Read) -> Result<i64> {
    let before = store::last_check(db)?.map_or(0, |last| last.events);
    Ok(store::highest_number(db)?.max(before))
}

fn first_bad(at: &Fitting, promised: i64) -> Option<EventId> {
    (at.broken || at.seq < promised).then_some(EventId(at.seq + 1))
}
