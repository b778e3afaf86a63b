//! Reads for Device Status: in brief every device in sight, each one row that is kept ready; and a page's devices in full.

use rusqlite::Row;

use crate::access::model::Scope;
use crate::devices::model::Device;
use crate::devices::report_model::Summary;
use crate::devices::status_model::{Brief, Facts};
use crate::devices::store::{self, IN_SCOPE};
use crate::kernel::db::Read;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{DeviceId, OrganizationId};

/// Every device inside `scope`, in no order. What their data is measured by is the newest moment that any device of the same partner knows: one
/// that fell silent is told by the others.
pub fn briefs(db: &impl Read, scope: &Scope) -> Result<Vec<Brief>> {
    // An organization's few are found by it, not among all of its partner's.
    let whose = if scope.only().is_some() { "d.organization = :whose and " } else { "" };
    let sql = format!(
        "select d.id, d.name, d.search, d.model, d.offsite_bytes, d.organization, o.name, o.name_key, s.state in ('suspended', 'unsubscribed'),
                (select max(x.as_of) from device x where x.partner = d.partner), d.last_seen, d.local_permille, d.service_until, d.as_of, d.active_assets, d.newest_snapshot, d.oldest_snapshot,
                d.newest_offsite, d.oldest_offsite, d.failed_backups, d.without_snapshot, d.failed_screenshots, d.newest_screenshot
           from device d left join organization o on o.id = d.organization left join subscription s on s.organization = d.organization
          where {whose}{IN_SCOPE}"
    );
    db.all(&sql, scope.bind(&[]).as_slice(), read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Brief> {
    let organization: Option<OrganizationId> = row.get(5)?;
    let organization = match organization {
        Some(id) => Some((id, row.get(6)?, row.get(7)?)),
        None => None,
    };
    Ok(Brief {
        id: row.get(0)?,
        name: row.get(1)?,
        search: row.get(2)?,
        model: row.get(3)?,
        offsite_bytes: row.get(4)?,
        organization,
        facts: Facts {
            suspended: row.get::<_, Option<bool>>(8)? == Some(true),
            moment: row.get(9)?,
            last_seen: row.get(10)?,
            local_permille: row.get(11)?,
            service_until: row.get(12)?,
            assets: Summary {
                as_of: row.get(13)?,
                active: row.get(14)?,
                newest_snapshot: row.get(15)?,
                oldest_snapshot: row.get(16)?,
                newest_offsite: row.get(17)?,
                oldest_offsite: row.get(18)?,
                failed_backups: row.get(19)?,
                without_snapshot: row.get(20)?,
                failed_screenshots: row.get(21)?,
                newest_screenshot: row.get(22)?,
            },
        },
    })
}

/// What the state of one device follows from. It was found in scope by the caller.
pub fn facts(db: &impl Read, device: &Device) -> Result<Facts> {
    let (suspended, moment) = db.one(
        "select coalesce((select s.state in ('suspended', 'unsubscribed') from subscription s where s.organization = d.organization), 0),
                (select max(x.as_of) from device x where x.partner = d.partner)
           from device d where d.id = ?1",
        [device.id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(Facts {
        suspended,
        moment,
        last_seen: device.report.last_seen,
        local_permille: device.local_permille,
        service_until: device.report.service_until,
        assets: device.summary,
    })
}

/// These devices in full, in this order; those outside `scope` are left out.
pub fn in_full(db: &impl Read, scope: &Scope, ids: impl Iterator<Item = DeviceId>) -> Result<Vec<Device>> {
    let mut devices = Vec::new();
    for id in ids {
        match store::find(db, scope, id) {
            Ok(device) => devices.push(device),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(devices)
}
