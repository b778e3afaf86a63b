//! Whose accounts a backup would bring back. It reads and writes nothing of its own.

use std::collections::HashSet;

use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::AccountId;

/// Up to `limit` accounts beyond this one, in the order of their ids, that somebody can sign in to or be invited to.
pub fn usable(db: &impl Read, after: AccountId, limit: i64) -> Result<Vec<AccountId>> {
    db.all("select id from account where id > ?1 and state <> 'deactivated' order by id limit ?2", (after, limit), |row| row.get(0))
}

/// Which accounts from `first` to `last` are there, and which of those are deactivated.
pub fn there(db: &impl Read, first: AccountId, last: AccountId) -> Result<(HashSet<AccountId>, HashSet<AccountId>)> {
    let rows: Vec<(AccountId, bool)> =
        db.all("select id, state = 'deactivated' from account where id between ?1 and ?2", (first, last), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let deactivated = rows.iter().filter(|(_, deactivated)| *deactivated).map(|(account, _)| *account).collect();
    Ok((rows.into_iter().map(|(account, _)| account).collect(), deactivated))
}

/// An account as the operator reads it: "Olu Wolf (olu@alder.example), Alder Dental".
pub fn shown(db: &impl Read, account: AccountId) -> Result<String> {
    db.one(
        "select a.first_name || ' ' || a.last_name || ' (' || i.email || '), ' || coalesce(o.name, p.name)
           from account a join identity i on i.id = a.identity join partner p on p.id = a.partner
           left join organization o on o.id = a.organization where a.id = ?1",
        [account],
        |row| row.get(0),
    )
}
