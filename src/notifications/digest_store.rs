//! The rows of how often partners want their own letters.

use rusqlite::params;

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::PartnerId;
use crate::kernel::time::Timestamp;
use crate::notifications::digest_model::{Digest, Every, Setting};

/// How a partner set one of its letters; and when the next one is due.
pub fn setting(db: &impl Read, partner: PartnerId, digest: Digest) -> Result<(Setting, Option<Timestamp>)> {
    let chosen = db.maybe("select every, next_at from digest where partner = ?1 and digest = ?2", (partner, digest), |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let (every, next) = chosen.unzip();
    Ok((Setting { digest, every }, next))
}

/// NOT-1: sets one, from the next edge on. One that is set anew tells what comes to be from now on.
pub fn set(tx: &Tx<'_>, partner: PartnerId, setting: Setting) -> Result<()> {
    let Some(every) = setting.every else {
        return tx.change_one("delete from digest where partner = ?1 and digest = ?2", (partner, setting.digest));
    };
    tx.change_one(
        "insert into digest (partner, digest, every, told_until, next_at) values (?1, ?2, ?3, ?4, ?5)
             on conflict (partner, digest) do update set every = excluded.every, next_at = excluded.next_at",
        params![partner, setting.digest, every, tx.now(), every.next(tx.now())],
    )
}

/// A letter that is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// Whose.
    pub partner: PartnerId,
    /// Which.
    pub digest: Digest,
    /// How often.
    pub every: Every,
    /// What came to be later is to be told.
    pub since: Timestamp,
}

/// SUB-12: the one that was due first. `but` waits for something.
pub fn due(db: &impl Read, but: Option<Digest>) -> Result<Option<Due>> {
    db.maybe(
        "select partner, digest, every, told_until from digest where next_at <= ?1 and digest is not ?2 order by next_at, partner, digest limit 1",
        params![db.now(), but],
        |row| Ok(Due { partner: row.get(0)?, digest: row.get(1)?, every: row.get(2)?, since: row.get(3)? }),
    )
}

/// Notes that everything until now is told, or was nothing to tell.
pub fn set_told(tx: &Tx<'_>, due: &Due) -> Result<()> {
    tx.change_one(
        "update digest set told_until = ?3, next_at = ?4 where partner = ?1 and digest = ?2",
        params![due.partner, due.digest, tx.now(), due.every.next(tx.now())],
    )
}
