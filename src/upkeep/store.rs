//! The switch of automatic backups with how the last ones went, and what a copy holds.

use rusqlite::params;

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::time::Timestamp;
use crate::upkeep::model::{Daily, Failure, Upkeep};

/// How automatic backups are.
pub fn upkeep(db: &impl Read) -> Result<Upkeep> {
    db.one("select daily, made_at, failed_at, failure, asked_at from upkeep", [], |row| {
        let failure = match (row.get(2)?, row.get(3)?) {
            (Some(at), Some(why)) => Some(Failure { at, why }),
            _ => None,
        };
        Ok(Upkeep { daily: if row.get(0)? { Daily::On } else { Daily::Off }, made_at: row.get(1)?, failure, asked_at: row.get(4)? })
    })
}

/// Turns the switch.
pub fn set_daily(tx: &Tx<'_>, daily: Daily) -> Result<()> {
    tx.change_one("update upkeep set daily = ?1", [daily == Daily::On])
}

/// Notes that a copy is asked for; whether none was already.
pub fn ask(tx: &Tx<'_>) -> Result<bool> {
    Ok(tx.execute("update upkeep set asked_at = ?1 where asked_at is null", [tx.now()])? == 1)
}

/// Nobody waits for a copy any more.
pub fn answered(tx: &Tx<'_>) -> Result<()> {
    tx.change_one("update upkeep set asked_at = null", [])
}

/// Notes that a copy was made, at `daily` if it was the day's.
pub fn made(tx: &Tx<'_>, daily: Option<Timestamp>) -> Result<()> {
    tx.change_one("update upkeep set made_at = coalesce(?1, made_at), failed_at = null, failure = null", [daily])
}

/// Notes that none could be made.
pub fn failed(tx: &Tx<'_>, why: &str) -> Result<()> {
    tx.change_one("update upkeep set failed_at = ?1, failure = ?2", params![tx.now(), why])
}

/// Organizations that are not deleted, counted.
pub fn organizations(db: &impl Read) -> Result<i64> {
    db.one("select count(*) from organization where deleted_at is null", [], |row| row.get(0))
}
