//! Devices for scripts, by serial number.

use rusqlite::{Row, named_params};

use crate::access::model::Scope;
use crate::devices::served_model::{Asked, Served};
use crate::devices::store::{IN_SCOPE, KEPT, REPORTED, TABLES, read_for};
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::text;

/// Which devices of a scope are asked for.
const ASKED: &str = "(:hidden or d.hidden = 0) and (:children or d.partner = :viewer)";

/// So many devices inside `scope` from the one at `skipped` on, by name, and how many there are in all.
pub fn page(db: &impl Read, scope: &Scope, asked: Asked, (skipped, limit): (i64, i64)) -> Result<(Vec<Served>, i64)> {
    let count = db.one(
        &format!("select count(*) from device d where {ASKED} and {IN_SCOPE}"),
        scope.bind(named_params! { ":hidden": asked.hidden, ":children": asked.children }).as_slice(),
        |row| row.get(0),
    )?;
    let found = db.all(
        &format!(
            "select {KEPT}, {REPORTED}, o.vendor_id as organization_vendor_id from {TABLES} where {ASKED} and {IN_SCOPE}
              order by d.name_key, d.id limit :limit offset :skipped"
        ),
        scope.bind(named_params! { ":hidden": asked.hidden, ":children": asked.children, ":limit": limit, ":skipped": skipped }).as_slice(),
        |row| served(scope, row),
    )?;
    Ok((found, count))
}

/// The device of this serial number inside `scope`: the one of the key's own partner, else one of a partner beneath; `NotFound` for any other,
/// existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, serial: &str) -> Result<Served> {
    let serial = text::key(serial);
    db.one(
        &format!(
            "select {KEPT}, {REPORTED}, o.vendor_id as organization_vendor_id from {TABLES} where d.serial_key = :serial and {IN_SCOPE}
              order by d.partner <> :viewer, d.id limit 1"
        ),
        scope.bind(&[(":serial", &serial)]).as_slice(),
        |row| served(scope, row),
    )
}

fn served(scope: &Scope, row: &Row<'_>) -> rusqlite::Result<Served> {
    Ok(Served { device: read_for(scope, row)?, organization_vendor_id: row.get("organization_vendor_id")? })
}
