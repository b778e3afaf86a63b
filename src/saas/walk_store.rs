//! Accounts in the orders of the status page, as walks of indexes: what they cost does not grow with the number of accounts.
//!
//! What an account is shown as depends on when one looks: data older than 48 hours is "no recent data" (SAS-10). So its standing, which
//! does not depend on that, is kept in `saas_listing`, and its age is looked at here. Accounts of one standing can be walked by name,
//! those of the wrong age passed by, or by age, those found sorted by name. The first is quick where many have the right age, the second
//! where few have; which of the two it is is counted first, and no further than to `FEW`.

use rusqlite::types::Value;
use rusqlite::{Row, ToSql, named_params};

use crate::backups::model::STALE_AFTER;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::{PartnerId, SaasAccountId};
use crate::kernel::time::Timestamp;
use crate::saas::model::{Product, Shown};

/// Up to so many accounts are sorted rather than passed by.
const FEW: i64 = 2_000;
/// How many accounts are looked at, for each that is wanted, before any are counted.
const NEAREST: i64 = 4;

/// What an account is sorted by within its state: its organization's name, or its own, and its id.
pub type Key = (String, SaasAccountId);

/// What to walk over, from where, and how far.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a> {
    /// Whose accounts.
    pub viewer: PartnerId,
    /// Only this product.
    pub product: Option<Product>,
    /// Where to begin: beyond this one.
    pub from: Option<&'a Key>,
    /// From the last name to the first.
    pub down: bool,
    /// So many at most.
    pub limit: i64,
}

/// The words of the standings that the age of the data turns into `NoRecentData`, for SQL.
pub fn dated() -> String {
    let words: Vec<String> = Shown::ALL.iter().filter(|shown| shown.is_dated()).map(|shown| format!("'{}'", shown.word())).collect();
    words.join(", ")
}

/// What an account is shown as, and its key; nothing where the viewer does not see it.
pub fn place(db: &impl Read, viewer: PartnerId, account: SaasAccountId) -> Result<Option<(Shown, Key)>> {
    db.maybe(
        "select case when dated = 1 and as_of < :stale then 'no_recent_data' else standing end, name_key, saas_account
           from saas_listing where saas_account = :account and viewer = :viewer",
        named_params! { ":account": account, ":viewer": viewer, ":stale": db.now() - STALE_AFTER },
        |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))),
    )
}

/// A column that accounts are sorted by and that does not depend on when one looks. Its index has its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// What is protected.
    Product,
    /// How long backups are kept.
    Retention,
    /// Licensed seats.
    SeatsUsed,
    /// When all of it was last whole.
    Protected,
    /// What its backups take up.
    UsedBytes,
}

impl Column {
    /// In `saas_listing`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Retention => "retention",
            Self::SeatsUsed => "seats_used",
            Self::Protected => "protected",
            Self::UsedBytes => "used_bytes",
        }
    }
}

/// What an account has in a column, and its key; nothing where the viewer does not see it.
pub fn place_by(db: &impl Read, viewer: PartnerId, account: SaasAccountId, column: Column) -> Result<Option<(Value, Key)>> {
    db.maybe(
        &format!("select {}, name_key, saas_account from saas_listing where saas_account = ?1 and viewer = ?2", column.name()),
        (account, viewer),
        |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))),
    )
}

/// Accounts by a column, largest first when `down`, and by name where they have the same in it: each value's accounts are a walk.
pub fn by_column(db: &impl Read, walk: Walk<'_>, column: Column, from: Option<&(Value, Key)>, down: bool) -> Result<Vec<Key>> {
    let (name, index) = (column.name(), format!("saas_listing_{}", column.name()));
    let (beyond, end) = if down { ("<", "max") } else { (">", "min") };
    let mut keys: Vec<Key> = Vec::new();
    let mut value = if let Some((value, _)) = from {
        value.clone()
    } else {
        let sql = format!("select {end}({name}) from saas_listing indexed by {index} where viewer = ?1");
        db.one(&sql, [walk.viewer], |row| row.get(0))?
    };
    while value != Value::Null {
        let limit = walk.limit - i64::try_from(keys.len()).unwrap_or(i64::MAX);
        if limit <= 0 {
            break;
        }
        let from = from.filter(|(begun, _)| *begun == value).map(|(_, key)| key);
        keys.extend(run(db, Walk { from, limit, ..walk }, &index, &format!("and {name} = :value"), &[(":value", &value)])?);
        let sql = format!("select {end}({name}) from saas_listing indexed by {index} where viewer = ?1 and {name} {beyond} ?2");
        value = db.one(&sql, (walk.viewer, &value), |row| row.get(0))?;
    }
    Ok(keys)
}

/// Accounts in whatever state, by name.
pub fn all(db: &impl Read, walk: Walk<'_>) -> Result<Vec<Key>> {
    run(db, walk, "saas_listing_name", "", &[])
}

/// Accounts shown in this state at this moment, by name.
pub fn shown(db: &impl Read, walk: Walk<'_>, shown: Shown) -> Result<Vec<Key>> {
    let stale = db.now() - STALE_AFTER;
    let standing = shown.word();
    if shown == Shown::NoRecentData {
        let standings = dated();
        let aged = format!("standing in ({standings}) and as_of < :stale");
        if few(db, walk.viewer, &aged, &[(":stale", &stale)])? {
            return run(db, walk, "saas_listing_age", &format!("and {aged}"), &[(":stale", &stale)]);
        }
        return run(db, walk, "saas_listing_name", "and dated = 1 and as_of < :stale", &[(":stale", &stale)]);
    }
    if !shown.is_dated() {
        return run(db, walk, "saas_listing_standing", "and standing = :standing", &[(":standing", &standing)]);
    }
    let aged = "standing = :standing and as_of >= :stale";
    let values: [(&str, &dyn ToSql); 2] = [(":standing", &standing), (":stale", &stale)];
    if let Some(nearest) = nearest(db, walk, standing, stale)? {
        return Ok(nearest);
    }
    if few(db, walk.viewer, aged, &values)? {
        return run(db, walk, "saas_listing_age", &format!("and {aged}"), &values);
    }
    run(db, walk, "saas_listing_standing", &format!("and {aged}"), &values)
}

/// The accounts of a dated standing among the nearest few by name: where most are of the right age these are enough, and nothing needs
/// to be counted. Nothing if they are not enough.
fn nearest(db: &impl Read, walk: Walk<'_>, standing: &str, stale: Timestamp) -> Result<Option<Vec<Key>>> {
    // Mostly all of them fit.
    for window in [walk.limit, walk.limit.saturating_mul(NEAREST)] {
        if let Some(keys) = within(db, walk, standing, stale, window)? {
            return Ok(Some(keys));
        }
    }
    Ok(None)
}

/// The same among so many.
fn within(db: &impl Read, walk: Walk<'_>, standing: &str, stale: Timestamp, window: i64) -> Result<Option<Vec<Key>>> {
    let columns = "name_key, saas_account, as_of >= :stale";
    let values: [(&str, &dyn ToSql); 2] = [(":standing", &standing), (":stale", &stale)];
    let near: Vec<(Key, bool)> =
        select(db, Walk { limit: window, ..walk }, columns, "saas_listing_standing", "and standing = :standing", &values, |row| {
            Ok(((row.get(0)?, row.get(1)?), row.get(2)?))
        })?;
    let whole = i64::try_from(near.len()).is_ok_and(|seen| seen < window);
    let mut keys: Vec<Key> = near.into_iter().filter(|(_, fits)| *fits).map(|(key, _)| key).collect();
    let limit = usize::try_from(walk.limit).unwrap_or(usize::MAX);
    keys.truncate(limit);
    Ok((whole || keys.len() == limit).then_some(keys))
}

type Values<'v> = [(&'v str, &'v dyn ToSql)];

fn few(db: &impl Read, viewer: PartnerId, aged: &str, values: &Values<'_>) -> Result<bool> {
    let mut params: Vec<(&str, &dyn ToSql)> = vec![(":viewer", &viewer), (":few", &FEW)];
    params.extend_from_slice(values);
    let sql = format!(
        "select count(*) < :few from (select 1 from saas_listing indexed by saas_listing_age where viewer = :viewer and {aged} limit :few)"
    );
    db.one(&sql, params.as_slice(), |row| row.get(0))
}

/// The accounts of an index that fit, by name; SQLite sorts them where the index does not.
fn run(db: &impl Read, walk: Walk<'_>, index: &str, condition: &str, values: &Values<'_>) -> Result<Vec<Key>> {
    select(db, walk, "name_key, saas_account", index, condition, values, |row| Ok((row.get(0)?, row.get(1)?)))
}

fn select<T>(
    db: &impl Read,
    walk: Walk<'_>,
    columns: &str,
    index: &str,
    condition: &str,
    values: &Values<'_>,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let (beyond, order) = if walk.down { ("<", "desc") } else { (">", "asc") };
    let mut params: Vec<(&str, &dyn ToSql)> = vec![(":viewer", &walk.viewer), (":limit", &walk.limit)];
    params.extend_from_slice(values);
    let mut narrowed = condition.to_owned();
    if let Some(product) = &walk.product {
        narrowed.push_str(" and product = :product");
        params.push((":product", product));
    }
    if let Some((name, id)) = walk.from {
        narrowed = format!("{narrowed} and (name_key, saas_account) {beyond} (:name, :id)");
        params.push((":name", name));
        params.push((":id", id));
    }
    let sql = format!(
        "select {columns} from saas_listing indexed by {index} where viewer = :viewer {narrowed}
          order by name_key {order}, saas_account {order} limit :limit"
    );
    db.all(&sql, params.as_slice(), read)
}
