//! Second factors and recovery codes: the only writer of these tables.

use rusqlite::params;

use crate::factors::model::{Status, Typed};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{IdentityId, OrganizationId, PartnerId};
use crate::kernel::totp::Secret;

const SEALED: &str = "second factor";
const HASHED: &str = "recovery code";

/// How an identity's second factor stands; none when it has none.
pub fn status(db: &impl Read, identity: IdentityId) -> Result<Option<Status>> {
    db.maybe(
        "select f.set_up_at, (select count(*) from recovery_code c where c.identity = f.identity and c.used_at is null)
           from second_factor f where f.identity = ?1",
        [identity],
        |row| Ok(Status { since: row.get(0)?, codes_left: row.get(1)? }),
    )
}

/// Keeps a second factor, in the place of the old one if there is one; `step` is that of the code it was confirmed with.
pub fn save(tx: &Tx<'_>, partner: PartnerId, identity: IdentityId, secret: &Secret, step: i64) -> Result<()> {
    let sealed = tx.vault().seal(SEALED, &identity.0.to_le_bytes(), secret.bytes(), tx.tokens())?;
    tx.change_one(
        "insert into second_factor (identity, partner, sealed_secret, last_step, set_up_at) values (?1, ?2, ?3, ?4, ?5)
         on conflict (identity) do update set sealed_secret = ?3, last_step = ?4, set_up_at = ?5",
        params![identity, partner, sealed, step, tx.now()],
    )
}

/// Keeps new recovery codes; the old ones are void.
pub fn save_codes(tx: &Tx<'_>, partner: PartnerId, identity: IdentityId, codes: &[String]) -> Result<()> {
    tx.execute("delete from recovery_code where identity = ?1", [identity])?;
    for code in codes {
        let Typed::RecoveryCode(plain) = Typed::read(code) else { return Err(Error::internal("a recovery code looks like another code")) };
        tx.change_one(
            "insert into recovery_code (identity, partner, code_hash) values (?1, ?2, ?3)",
            params![identity, partner, hash(tx, identity, &plain)],
        )?;
    }
    Ok(())
}

fn hash(tx: &Tx<'_>, identity: IdentityId, plain: &str) -> Vec<u8> {
    tx.vault().keyed_hash(HASHED, &[&identity.0.to_le_bytes(), plain.as_bytes()])
}

/// ACC-7: takes a code of the app, once: whether it is one of this moment, of a later step than any before.
pub fn take_code(tx: &Tx<'_>, identity: IdentityId, code: &str) -> Result<bool> {
    let sealed: Option<Vec<u8>> = tx.maybe("select sealed_secret from second_factor where identity = ?1", [identity], |row| row.get(0))?;
    let Some(sealed) = sealed else { return Ok(false) };
    let opened = tx.vault().open(SEALED, &identity.0.to_le_bytes(), &sealed);
    let secret = opened.as_deref().and_then(Secret::of).ok_or_else(|| Error::internal("a second factor was sealed with another key"))?;
    let Some(step) = secret.step_of(code, tx.now()) else { return Ok(false) };
    Ok(tx.execute("update second_factor set last_step = ?2 where identity = ?1 and last_step < ?2", (identity, step))? == 1)
}

/// ACC-7: takes a recovery code, once: whether it is one that was not used.
pub fn take_recovery_code(tx: &Tx<'_>, identity: IdentityId, plain: &str) -> Result<bool> {
    let taken = tx.execute(
        "update recovery_code set used_at = ?3 where identity = ?1 and code_hash = ?2 and used_at is null",
        params![identity, hash(tx, identity, plain), tx.now()],
    )?;
    Ok(taken == 1)
}

/// Takes a second factor away with its recovery codes; whether there was one.
pub fn remove(tx: &Tx<'_>, identity: IdentityId) -> Result<bool> {
    tx.execute("delete from recovery_code where identity = ?1", [identity])?;
    Ok(tx.execute("delete from second_factor where identity = ?1", [identity])? == 1)
}

/// Takes away those of everybody who has accounts at this organization and nowhere else, before they go with it (ORG-8).
pub fn remove_all_of(tx: &Tx<'_>, organization: OrganizationId) -> Result<()> {
    let alone = "identity in (select a.identity from account a where a.organization = ?1
        and not exists (select 1 from account o where o.identity = a.identity and o.organization is not ?1))";
    tx.execute(&format!("delete from recovery_code where {alone}"), [organization])?;
    tx.execute(&format!("delete from second_factor where {alone}"), [organization])?;
    Ok(())
}

/// Takes away all, once the key is lost that could open them (OPS-1).
pub fn forget_all(tx: &Tx<'_>) -> Result<()> {
    tx.execute("delete from recovery_code", [])?;
    tx.execute("delete from second_factor", [])?;
    Ok(())
}

/// PAR-6: a second factor and its recovery codes go along to another partner.
pub fn move_to(tx: &Tx<'_>, identity: IdentityId, partner: PartnerId) -> Result<()> {
    tx.execute("update second_factor set partner = ?2 where identity = ?1", (identity, partner))?;
    tx.execute("update recovery_code set partner = ?2 where identity = ?1", (identity, partner))?;
    Ok(())
}
