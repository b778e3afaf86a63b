//! The rows of devices' alerts and running restores: the only writer of these tables. Whoever asks has found the device in scope.

use rusqlite::params;

use crate::devices::report_model::{AlertReport, RestoreReport};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::DeviceId;

/// What a device raised alarm about, in the vendor's order.
pub fn alerts(db: &impl Read, device: DeviceId) -> Result<Vec<AlertReport>> {
    db.all("select kind, threshold, unit, triggered_at, sent_at from device_alert where device = ?1 order by place", [device], |row| {
        Ok(AlertReport { kind: row.get(0)?, threshold: row.get(1)?, unit: row.get(2)?, triggered_at: row.get(3)?, sent_at: row.get(4)? })
    })
}

/// The virtual machines that run on a device, in the vendor's order.
pub fn restores(db: &impl Read, device: DeviceId) -> Result<Vec<RestoreReport>> {
    db.all(
        "select vendor_id, asset_vendor_id, cpus, ram, sockets, time_zone, network_name, storage_bus, model_type, mac_address
           from vm_restore where device = ?1 order by place",
        [device],
        |row| {
            Ok(RestoreReport {
                vendor_id: row.get(0)?,
                asset_vendor_id: row.get(1)?,
                cpus: row.get(2)?,
                ram: row.get(3)?,
                sockets: row.get(4)?,
                time_zone: row.get(5)?,
                network_name: row.get(6)?,
                storage_bus: row.get(7)?,
                model_type: row.get(8)?,
                mac_address: row.get(9)?,
            })
        },
    )
}

/// Takes all alerts of a device; those of before go.
pub fn replace_alerts(tx: &Tx<'_>, device: DeviceId, alerts: &[AlertReport]) -> Result<()> {
    tx.execute("delete from device_alert where device = ?1", [device])?;
    for (place, alert) in (0_i64..).zip(alerts) {
        tx.change_one(
            "insert into device_alert (device, place, kind, threshold, unit, triggered_at, sent_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![device, place, alert.kind, alert.threshold, alert.unit, alert.triggered_at, alert.sent_at],
        )?;
    }
    Ok(())
}

/// Takes all virtual machines that run on a device; those of before go.
pub fn replace_restores(tx: &Tx<'_>, device: DeviceId, restores: &[RestoreReport]) -> Result<()> {
    tx.execute("delete from vm_restore where device = ?1", [device])?;
    for (place, restore) in (0_i64..).zip(restores) {
        tx.change_one(
            "insert into vm_restore (device, place, vendor_id, asset_vendor_id, cpus, ram, sockets, time_zone, network_name, storage_bus,
                                     model_type, mac_address)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                device,
                place,
                restore.vendor_id,
                restore.asset_vendor_id,
                restore.cpus,
                restore.ram,
                restore.sockets,
                restore.time_zone,
                restore.network_name,
                restore.storage_bus,
                restore.model_type,
                restore.mac_address
            ],
        )?;
    }
    Ok(())
}
