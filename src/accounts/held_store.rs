//! E-mails that rest after their account was removed (ACC-6): the only writer of this table.

use rusqlite::params;

use crate::access::state_model::EMAIL_HELD;
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::PartnerId;
use crate::kernel::time::{Timestamp, Zone};

/// The sentence of ACC-6, with the moment in UTC.
pub fn held_sentence(until: Timestamp) -> String {
    let at = Zone::utc().exact(until);
    format!("This e-mail belonged to an account that was removed. It can be used again from {at}.")
}

/// Until when an e-mail rests at a partner, if it does (ACC-6).
pub fn held_until(db: &Tx<'_>, partner: PartnerId, email_key: &str) -> Result<Option<Timestamp>> {
    let hash = email_hash(db, partner, email_key);
    db.maybe(
        "select until from held_email where partner = ?1 and email_hash = ?2 and until > ?3",
        params![partner, hash, db.now()],
        |row| row.get(0),
    )
}

fn email_hash(tx: &Tx<'_>, partner: PartnerId, email_key: &str) -> Vec<u8> {
    tx.vault().keyed_hash("held email", &[&partner.0.to_le_bytes(), email_key.as_bytes()])
}

/// Lets an e-mail rest for 24 hours at a partner (ACC-6).
pub fn hold_email(tx: &Tx<'_>, partner: PartnerId, email_key: &str) -> Result<()> {
    let hash = email_hash(tx, partner, email_key);
    tx.change_one(
        "insert into held_email (partner, email_hash, until) values (?1, ?2, ?3)
         on conflict (partner, email_hash) do update set until = excluded.until",
        params![partner, hash, tx.now() + EMAIL_HELD],
    )
}

/// Removes rests that are over; how many went.
pub fn prune_held_emails(tx: &Tx<'_>) -> Result<usize> {
    tx.execute("delete from held_email where until <= ?1", [tx.now()])
}

/// Forgets which e-mails rest, once the key of their hashes is lost (OPS-1).
pub fn forget_held_emails(tx: &Tx<'_>) -> Result<usize> {
    tx.execute("delete from held_email", [])
}
