//! The browsers that people signed in with, each by the hash of a token it keeps (SEC-1): the only writer of this table.

use rusqlite::params;

use crate::accounts::model::BROWSER_KEPT;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{IdentityId, PartnerId};

/// Whether somebody has signed in to this identity with this browser before, as far as is remembered. It is remembered from now on.
pub fn greet(tx: &Tx<'_>, partner: PartnerId, identity: IdentityId, token_hash: &[u8]) -> Result<bool> {
    tx.execute("delete from known_browser where identity = ?1 and last_used_at <= ?2", (identity, tx.now() - BROWSER_KEPT))?;
    let known = "select exists (select 1 from known_browser where identity = ?1 and token_hash = ?2)";
    let known = tx.one(known, (identity, token_hash), |row| row.get(0))?;
    tx.change_one(
        "insert into known_browser (identity, token_hash, partner, last_used_at) values (?1, ?2, ?3, ?4)
         on conflict (identity, token_hash) do update set last_used_at = excluded.last_used_at",
        params![identity, token_hash, partner, tx.now()],
    )?;
    Ok(known)
}

/// Forgets the browsers of an identity that goes.
pub fn forget_of(tx: &Tx<'_>, identity: IdentityId) -> Result<()> {
    tx.execute("delete from known_browser where identity = ?1", [identity])?;
    Ok(())
}
