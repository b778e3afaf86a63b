//! Devices and their assets: what is here of them, and what an import would write, staged as reported.

use rusqlite::params;

use crate::devices::report_model::{AlertReport, AssetReport, DeviceReport, RestoreReport};
use crate::imports::model::{Kind, Verdict};
use crate::imports::store::staging::Origin;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{DeviceId, ImportId, OrganizationId, PartnerId};
use crate::kernel::text;

/// Where a device that is here is linked: the organization's vendor id and its name.
pub fn linked(db: &impl Read, device: DeviceId) -> Result<Option<(Option<i64>, String)>> {
    db.maybe("select o.vendor_id, o.name from device d join organization o on o.id = d.organization where d.id = ?1", [device], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// The name of the partner beneath this one that holds a device of this serial number, if one does.
pub fn held_beneath(db: &impl Read, partner: PartnerId, serial: &str) -> Result<Option<String>> {
    db.maybe(
        "select p.name from partner_ancestor a join device d on d.partner = a.partner and d.serial_key = ?2 join partner p on p.id = a.partner
          where a.ancestor = ?1 and a.partner <> ?1 order by a.depth, a.partner limit 1",
        params![partner, text::key(serial)],
        |row| row.get(0),
    )
}

/// Stages a device: the one here that it was compared with, and where a new one is linked.
pub fn device(
    tx: &Tx<'_>,
    from: Origin<'_>,
    verdict: Verdict,
    report: &DeviceReport,
    (met, organization): (Option<DeviceId>, Option<i64>),
) -> Result<()> {
    tx.change_one(
        "insert into import_device (import, serial_key, verdict, file, line, device, organization, report) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![from.import, text::key(&report.serial), verdict, from.file, from.line, met, organization, serde_json::to_string(report)?],
    )
}

/// Stages that this import brings assets of a device: `complete` says whether all of them.
pub fn asset_list(tx: &Tx<'_>, import: ImportId, serial_key: &str, complete: bool) -> Result<()> {
    tx.change_one("insert into import_asset_list (import, serial_key, complete) values (?1, ?2, ?3)", params![import, serial_key, complete])
}

/// Stages an asset.
pub fn asset(tx: &Tx<'_>, import: ImportId, serial_key: &str, report: &AssetReport) -> Result<()> {
    tx.change_one(
        "insert into import_asset (import, serial_key, volume, report) values (?1, ?2, ?3, ?4)",
        params![import, serial_key, report.volume, serde_json::to_string(report)?],
    )
}

/// The staged devices: what is reported, and where a new one is linked.
pub fn devices(db: &impl Read, import: ImportId) -> Result<Vec<(DeviceReport, Option<OrganizationId>)>> {
    let staged: Vec<(String, Option<OrganizationId>)> =
        db.all("select report, organization from import_device where import = ?1 order by serial_key", [import], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    staged.into_iter().map(|(report, organization)| Ok((serde_json::from_str(&report)?, organization))).collect()
}

/// The devices whose assets are staged, by the keys of their serial numbers, and whether all of each are.
pub fn asset_lists(db: &impl Read, import: ImportId) -> Result<Vec<(String, bool)>> {
    db.all("select serial_key, complete from import_asset_list where import = ?1 order by serial_key", [import], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// The staged assets of a device.
pub fn assets(db: &impl Read, import: ImportId, serial_key: &str) -> Result<Vec<AssetReport>> {
    let staged: Vec<String> = db.all(
        "select report from import_asset where import = ?1 and serial_key = ?2 order by volume",
        params![import, serial_key],
        |row| row.get(0),
    )?;
    staged.iter().map(|report| Ok(serde_json::from_str(report)?)).collect()
}

/// Stages all alerts, or all running restores, of a device, as JSON.
pub fn part(tx: &Tx<'_>, import: ImportId, serial_key: &str, kind: Kind, report: &str) -> Result<()> {
    tx.change_one(
        "insert into import_device_part (import, serial_key, kind, report) values (?1, ?2, ?3, ?4)",
        params![import, serial_key, kind, report],
    )
}

/// The staged alerts, by device.
pub fn alerts(db: &impl Read, import: ImportId) -> Result<Vec<(String, Vec<AlertReport>)>> {
    parts(db, import, Kind::DeviceAlerts)
}

/// The staged running restores, by device.
pub fn restores(db: &impl Read, import: ImportId) -> Result<Vec<(String, Vec<RestoreReport>)>> {
    parts(db, import, Kind::VmRestores)
}

fn parts<T: serde::de::DeserializeOwned>(db: &impl Read, import: ImportId, kind: Kind) -> Result<Vec<(String, Vec<T>)>> {
    let staged: Vec<(String, String)> = db.all(
        "select serial_key, report from import_device_part where import = ?1 and kind = ?2 order by serial_key",
        params![import, kind],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    staged.into_iter().map(|(serial_key, report)| Ok((serial_key, serde_json::from_str(&report)?))).collect()
}
