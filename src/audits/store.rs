//! The rows of offsite audits: the only writer of this table.

use rusqlite::{Row, params};

use crate::access::model::Scope;
use crate::audits::model::{Audit, Report};
use crate::devices::model::Device;
use crate::devices_named;
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AuditId, DeviceId, OrganizationId};

const COLUMNS: &str = concat!(
    "v.id, v.partner, v.organization, o.name, v.device, v.device_name, v.device_serial, v.day, v.made_at, v.made_by, v.report, ",
    devices_named!(":viewer")
);
const TABLES: &str = "offsite_audit v join organization o on o.id = v.organization";
/// Those of the organizations inside a scope.
const IN_SCOPE: &str =
    concat!("v.partner in (select partner from partner_ancestor where ancestor = :viewer) and ", in_sight!("v.organization"));
/// How many of a device are shown at once.
const SHOWN: i64 = 60;

/// An audit inside `scope`; `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, audit: AuditId) -> Result<Audit> {
    let (mut found, report) = db.one(
        &format!("select {COLUMNS} from {TABLES} where v.id = :audit and {IN_SCOPE}"),
        scope.bind(&[(":audit", &audit)]).as_slice(),
        read,
    )?;
    found.report = serde_json::from_str(&report)?;
    Ok(found)
}

/// The audits inside `scope` of a device, the newest first; `SHOWN` at most.
pub fn of_device(db: &impl Read, scope: &Scope, device: DeviceId) -> Result<Vec<Audit>> {
    let rows = db.all(
        &format!("select {COLUMNS} from {TABLES} where v.device = :device and {IN_SCOPE} order by v.made_at desc, v.id limit :limit"),
        scope.bind(&[(":device", &device), (":limit", &SHOWN)]).as_slice(),
        read,
    )?;
    rows.into_iter()
        .map(|(mut audit, report)| {
            audit.report = serde_json::from_str(&report)?;
            Ok(audit)
        })
        .collect()
}

/// The audit of a device for an organization on a day, if there is one; the caller found both in scope.
pub fn of_day(db: &impl Read, device: DeviceId, organization: OrganizationId, day: i64) -> Result<Option<AuditId>> {
    db.maybe("select id from offsite_audit where device = ?1 and organization = ?2 and day = ?3", (device, organization, day), |row| {
        row.get(0)
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<(Audit, String)> {
    let nothing =
        Report { offsite_bytes: None, local_kb: None, as_of: None, counted: 0, datasets: Vec::new(), orphans: Vec::new(), before: None };
    let audit = Audit {
        id: row.get(0)?,
        partner: row.get(1)?,
        organization: (row.get(2)?, row.get(3)?),
        device: (row.get(4)?, row.get(5)?, row.get(6)?),
        named: row.get(11)?,
        day: row.get(7)?,
        made_at: row.get(8)?,
        made_by: row.get(9)?,
        report: nothing,
    };
    Ok((audit, row.get(10)?))
}

/// Keeps an audit of this day; its id.
pub fn insert(tx: &Tx<'_>, (device, organization): (&Device, OrganizationId), by: &str, report: &Report) -> Result<AuditId> {
    let id = AuditId(tx.tokens().id()?);
    tx.change_one(
        "insert into offsite_audit (id, partner, organization, device, day, made_at, made_by, report, device_name, device_serial)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            id,
            device.partner,
            organization,
            device.id,
            tx.now().utc_day(),
            tx.now(),
            by,
            serde_json::to_string(report)?,
            device.report.name,
            device.report.serial
        ],
    )?;
    Ok(id)
}

/// How many audits an organization has, which was found in scope by the caller.
pub fn count_of(db: &impl Read, organization: OrganizationId) -> Result<i64> {
    db.one("select count(*) from offsite_audit where organization = ?1", [organization], |row| row.get(0))
}

/// ORG-8, PAR-6: the audits of an organization that is deleted or goes to another partner; how many went.
pub fn forget_organization(tx: &Tx<'_>, organization: OrganizationId) -> Result<usize> {
    tx.execute("delete from offsite_audit where organization = ?1", [organization])
}
