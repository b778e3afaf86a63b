//! Devices and their assets: what is here of them, and what an import would write, staged as reported.

use rusqlite::params;

use crate::devices::report_model::{AssetReport, DeviceReport};
use crate::imports::model::Verdict;
use crate::imports::store::staging::Origin;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{DeviceId, ImportId, OrganizationId};
use crate::kernel::text;

/// Where a device that is here is linked: the organization's vendor id and its name.
pub fn linked(db: &impl Read, device: DeviceId) -> Result<Option<(Option<i64>, String)>> {
    db.maybe("select o.vendor_id, o.name from device d join organization o on o.id = d.organization where d.id = ?1", [device], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
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
