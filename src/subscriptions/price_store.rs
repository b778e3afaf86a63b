//! The rows of price lists: the only writer of this table.

use rusqlite::{Row, params};

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::PartnerId;
use crate::kernel::month::Month;
use crate::subscriptions::price_model::PriceList;

const COLUMNS: &str = "month, currency, backup, archiver, personal";

fn read(row: &Row<'_>) -> rusqlite::Result<PriceList> {
    Ok(PriceList { from: row.get(0)?, currency: row.get(1)?, backup: row.get(2)?, archiver: row.get(3)?, personal: row.get(4)? })
}

/// A partner's lists, the latest first, up to `limit`.
pub fn lists(db: &impl Read, partner: PartnerId, limit: i64) -> Result<Vec<PriceList>> {
    db.all(&format!("select {COLUMNS} from price_list where partner = ?1 order by month desc limit ?2"), (partner, limit), read)
}

/// The list that holds in a month: the latest that begins with it or before.
pub fn valid(db: &impl Read, partner: PartnerId, month: Month) -> Result<Option<PriceList>> {
    db.maybe(
        &format!("select {COLUMNS} from price_list where partner = ?1 and month <= ?2 order by month desc limit 1"),
        (partner, month),
        read,
    )
}

/// The list that begins with this very month.
pub fn beginning(db: &impl Read, partner: PartnerId, month: Month) -> Result<Option<PriceList>> {
    db.maybe(&format!("select {COLUMNS} from price_list where partner = ?1 and month = ?2"), (partner, month), read)
}

/// Keeps a list, in the place of one that begins with the same month.
pub fn save(tx: &Tx<'_>, partner: PartnerId, list: &PriceList) -> Result<()> {
    tx.change_one(
        "insert into price_list (partner, month, currency, backup, archiver, personal) values (?1, ?2, ?3, ?4, ?5, ?6)
             on conflict (partner, month) do update set currency = excluded.currency, backup = excluded.backup,
                archiver = excluded.archiver, personal = excluded.personal",
        params![partner, list.from, list.currency, list.backup, list.archiver, list.personal],
    )
}

/// Takes a list away; `Conflict` if there is none.
pub fn remove(tx: &Tx<'_>, partner: PartnerId, month: Month) -> Result<()> {
    tx.change_one("delete from price_list where partner = ?1 and month = ?2", (partner, month))
}
