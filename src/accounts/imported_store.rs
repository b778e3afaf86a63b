//! Accounts that an import brings, many at a time (IMP-4).

use rusqlite::params;

use crate::accounts::store::tags;
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{ImportId, PartnerId};

/// Moves the new users of an import in, not invited (IMP-4), with identities for e-mails that had none. Their places at the
/// organizations follow by `users::store::add_imported`.
pub fn add_imported(tx: &Tx<'_>, import: ImportId, partner: PartnerId) -> Result<usize> {
    tx.execute(
        "insert into identity (id, partner, email, email_key, created_at)
         select identity, ?2, email, email_key, ?3 from import_user where import = ?1 and new_identity = 1 order by identity",
        params![import, partner, tx.now()],
    )?;
    tx.execute(
        "insert into account (id, partner, identity, organization, first_name, last_name, name_key, country_code, mobile_phone,
                              state, since, created_at, tags, search)
         select account, ?2, identity, organization, first_name, last_name, name_key, country_code, mobile_phone,
                'not_invited', ?3, ?3, ?4, search
           from import_user where import = ?1 and verdict = 'new' order by account",
        params![import, partner, tx.now(), tags(tx, partner)?],
    )
}

/// Changes names and phones of the accounts that an import found different.
pub fn change_imported(tx: &Tx<'_>, import: ImportId) -> Result<usize> {
    tx.execute(
        "update account as a
            set first_name = r.first_name, last_name = r.last_name, name_key = r.name_key, country_code = r.country_code,
                mobile_phone = r.mobile_phone, search = r.search
           from import_user r where r.import = ?1 and r.verdict = 'changed' and a.id = r.account",
        [import],
    )
}

/// Puts up to `limit` new users of an import beyond the account `after` into the search index, before they are moved in; the trigger
/// leaves them alone then. The last account, or nothing when there is none left.
pub fn index_ahead(tx: &Tx<'_>, import: ImportId, partner: PartnerId, after: i64, limit: i64) -> Result<Option<i64>> {
    let last = tx.one(
        "select max(account) from (select account from import_user
          where import = ?1 and verdict = 'new' and account > ?2 order by account limit ?3)",
        params![import, after, limit],
        |row| row.get(0),
    )?;
    tx.execute(
        "insert into account_search (rowid, tags, search)
         select account, ?4, search from import_user
          where import = ?1 and verdict = 'new' and account > ?2 and account <= ?3 order by account",
        params![import, after, last, tags(tx, partner)?],
    )?;
    Ok(last)
}

/// Takes out of the search index what `index_ahead` put there up to the account `up_to`, for an import that is not carried out: up to
/// `limit` rows from the end. The account up to which rows are still there.
pub fn unindex(tx: &Tx<'_>, import: ImportId, partner: PartnerId, up_to: i64, limit: i64) -> Result<i64> {
    let first: Option<i64> = tx.one(
        "select min(account) from (select account from import_user
          where import = ?1 and verdict = 'new' and account <= ?2 order by account desc limit ?3)",
        params![import, up_to, limit],
        |row| row.get(0),
    )?;
    tx.execute(
        "insert into account_search (account_search, rowid, tags, search)
         select 'delete', account, ?4, search from import_user
          where import = ?1 and verdict = 'new' and account >= ?2 and account <= ?3",
        params![import, first, up_to, tags(tx, partner)?],
    )?;
    Ok(first.map_or(0, |first| first - 1))
}
