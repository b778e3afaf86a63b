//! The rows of people whose organization goes to another partner (PAR-6).

use rusqlite::params;

use crate::accounts::model::Account;
use crate::accounts::store::{COLUMNS, read, tags};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, IdentityId, OrganizationId, PartnerId};
use crate::kernel::text;

/// Every account of an organization.
pub fn of_organization(tx: &Tx<'_>, organization: OrganizationId) -> Result<Vec<Account>> {
    tx.all(
        &format!("select {COLUMNS} from account a join identity i on i.id = a.identity where a.organization = ?1 order by a.id"),
        [organization],
        |row| read(row, tx.now()),
    )
}

/// Whether a partner has an identity with this e-mail.
pub fn has_identity(tx: &Tx<'_>, partner: PartnerId, email_key: &str) -> Result<bool> {
    tx.one("select exists (select 1 from identity where partner = ?1 and email_key = ?2)", params![partner, email_key], |row| row.get(0))
}

/// The identity with this e-mail at a partner, made if there is none. An e-mail that rests there (ACC-6) may come back this way: nobody
/// registers it.
pub fn identity_at(tx: &Tx<'_>, partner: PartnerId, email: &str) -> Result<IdentityId> {
    let key = text::key(email);
    let found = tx.maybe("select id from identity where partner = ?1 and email_key = ?2", params![partner, key], |row| row.get(0))?;
    if let Some(identity) = found {
        return Ok(identity);
    }
    let identity = IdentityId(tx.tokens().id()?);
    tx.change_one(
        "insert into identity (id, partner, email, email_key, created_at) values (?1, ?2, ?3, ?4, ?5)",
        params![identity, partner, email, key, tx.now()],
    )?;
    Ok(identity)
}

/// What somebody signs in with is the new partner's from now on, with the links that were mailed and the browsers that are known.
pub fn move_identity(tx: &Tx<'_>, identity: IdentityId, partner: PartnerId) -> Result<()> {
    tx.change_one("update identity set partner = ?2 where id = ?1", (identity, partner))?;
    tx.execute("update link set partner = ?2 where identity = ?1", (identity, partner))?;
    tx.execute("update known_browser set partner = ?2 where identity = ?1", (identity, partner))?;
    Ok(())
}

/// An account is the new partner's from now on, and found by its searches alone. At another identity than before it was never set up, and
/// its links are void.
pub fn move_account(tx: &Tx<'_>, account: AccountId, identity: IdentityId, partner: PartnerId) -> Result<()> {
    let same: bool = tx.one("select identity = ?2 from account where id = ?1", (account, identity), |row| row.get(0))?;
    if !same {
        tx.execute("delete from link where account = ?1", [account])?;
        tx.change_one("update account set identity = ?2, set_up_at = null where id = ?1", (account, identity))?;
    }
    tx.change_one("update account set partner = ?2, tags = ?3 where id = ?1", params![account, partner, tags(tx, partner)?])
}
