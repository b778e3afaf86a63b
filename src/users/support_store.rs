//! The rows of support authorizations and PINs: the only writer of these tables. Whoever calls has found the user in scope.

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, ImportId, OrganizationId, PartnerId};
use crate::kernel::time::Timestamp;
use crate::users::model::User;
use crate::users::support_model::Support;

/// How an account stands with support at this moment: in force only for an active user with Full access.
pub fn of_account(db: &impl Read, account: AccountId) -> Result<Support> {
    let found = db.maybe(
        "select s.given_by, s.given_at, s.confirmed_by, s.confirmed_at
           from support_authorization s join account a on a.id = s.account join organization_user u on u.account = s.account
          where s.account = ?1 and a.state = 'active' and u.access = 'full'",
        [account],
        |row| {
            let confirmed: Option<String> = row.get(2)?;
            Ok(Support::of(Some((row.get(0)?, row.get(1)?)), confirmed.zip(row.get(3)?)))
        },
    )?;
    Ok(found.unwrap_or(Support::Not))
}

/// Keeps that somebody authorized a user.
pub fn give(tx: &Tx<'_>, user: &User, by: &str) -> Result<()> {
    tx.change_one(
        "insert into support_authorization (account, partner, organization, given_by, given_at) values (?1, ?2, ?3, ?4, ?5)",
        (user.account.id, user.account.partner, user.account.organization, by, tx.now()),
    )
}

/// Keeps that somebody confirmed the PIN, which is spent by it. `Conflict` when there is no authorization that waits for it.
pub fn confirm(tx: &Tx<'_>, account: AccountId, by: &str) -> Result<()> {
    tx.change_one(
        "update support_authorization set confirmed_by = ?2, confirmed_at = ?3 where account = ?1 and confirmed_at is null",
        (account, by, tx.now()),
    )?;
    tx.change_one("delete from support_pin where account = ?1", [account])
}

/// Ends an authorization, if there is one.
pub fn withdraw(tx: &Tx<'_>, account: AccountId) -> Result<()> {
    tx.execute("delete from support_authorization where account = ?1", [account]).map(drop)
}

/// Ends an authorization and forgets the PIN, if there are any.
pub fn forget(tx: &Tx<'_>, account: AccountId) -> Result<()> {
    withdraw(tx, account)?;
    tx.execute("delete from support_pin where account = ?1", [account]).map(drop)
}

/// The same for every user of an organization.
pub fn forget_all(tx: &Tx<'_>, organization: OrganizationId) -> Result<()> {
    for table in ["support_authorization", "support_pin"] {
        tx.execute(
            &format!("delete from {table} where account in (select account from organization_user where organization = ?1)"),
            [organization],
        )?;
    }
    Ok(())
}

/// The same for every user of whom an import took Full access.
pub fn forget_imported(tx: &Tx<'_>, import: ImportId) -> Result<()> {
    for table in ["support_authorization", "support_pin"] {
        tx.execute(
            &format!(
                "delete from {table} where account in (select account from import_user where import = ?1 and verdict = 'changed' and access <> 'full')"
            ),
            [import],
        )?;
    }
    Ok(())
}

/// OPS-1: a restored portal takes no PIN that was made before.
pub fn void_all_pins(tx: &Tx<'_>) -> Result<usize> {
    tx.execute("delete from support_pin", [])
}

/// A user's PIN: its hash and when it was made; nothing when there is none.
pub fn pin(db: &impl Read, account: AccountId) -> Result<Option<(Vec<u8>, Timestamp)>> {
    db.maybe("select pin_hash, made_at from support_pin where account = ?1", [account], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Gives a user this PIN in the place of any other.
pub fn keep_pin(tx: &Tx<'_>, account: AccountId, partner: PartnerId, hash: &[u8]) -> Result<()> {
    tx.change_one(
        "insert into support_pin (account, partner, pin_hash, made_at) values (?1, ?2, ?3, ?4)
         on conflict (account) do update set pin_hash = ?3, made_at = ?4",
        (account, partner, hash, tx.now()),
    )
}
