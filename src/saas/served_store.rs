//! SaaS accounts for scripts: by the vendor's customer id, those of the key's own partner that are authorized.

use rusqlite::Row;

use crate::access::model::Scope;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::saas::served_model::Served;
use crate::saas::store::{COLUMNS, IN_SCOPE, TABLES, read_for};

/// What is served beside an account's own columns.
const BESIDE: &str = "a.vendor_id, o.vendor_id, a.stats_active, a.stats_recent, a.stats_percentage";
/// Two partners may hold the same id: each key's is its own partner's.
const OWN: &str = "a.partner = :viewer and a.vendor_id is not null and a.authorized = 1";

/// Every account inside `scope`, by name.
pub fn all(db: &impl Read, scope: &Scope) -> Result<Vec<Served>> {
    db.all(
        &format!("select {COLUMNS}, {BESIDE} from {TABLES} where {OWN} and {IN_SCOPE} order by a.name_key, a.id"),
        scope.bind(&[]).as_slice(),
        |row| served(scope, row),
    )
}

/// The account with this customer id inside `scope`; `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, customer: i64) -> Result<Served> {
    db.one(
        &format!("select {COLUMNS}, {BESIDE} from {TABLES} where a.vendor_id = :customer and {OWN} and {IN_SCOPE}"),
        scope.bind(&[(":customer", &customer)]).as_slice(),
        |row| served(scope, row),
    )
}

fn served(scope: &Scope, row: &Row<'_>) -> rusqlite::Result<Served> {
    // `BESIDE` follows the columns of an account.
    let stats = match (row.get("stats_active")?, row.get("stats_recent")?, row.get("stats_percentage")?) {
        (Some(active), Some(recent), Some(percentage)) => Some((active, recent, percentage)),
        _ => None,
    };
    Ok(Served { account: read_for(scope, row)?, customer: row.get(29)?, organization_vendor_id: row.get(30)?, stats })
}
