//! The rows of what partners chose.

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::PartnerId;
use crate::notifications::model::Notice;

/// NOT-1: whether a partner wants this letter written: ask before writing one; the event is recorded either way.
pub fn is_wanted(db: &impl Read, partner: PartnerId, notice: Notice) -> Result<bool> {
    let chosen = db.maybe("select wanted from notification where partner = ?1 and notice = ?2", (partner, notice), |row| row.get(0))?;
    Ok(chosen.unwrap_or(notice.default()))
}

/// Keeps what was chosen.
pub fn choose(tx: &Tx<'_>, partner: PartnerId, notice: Notice, wanted: bool) -> Result<()> {
    tx.change_one(
        "insert into notification (partner, notice, wanted) values (?1, ?2, ?3) on conflict (partner, notice) do update set wanted = excluded.wanted",
        (partner, notice, wanted),
    )
}
