//! The rows of devices' assets and of their recovery points: the only writer of these tables. Whoever asks has found the device in scope.

use std::collections::HashMap;

use rusqlite::{Row, params};

use crate::devices::report_model::{AssetReport, BackupReport};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AssetId, DeviceId};
use crate::kernel::text;

/// An asset as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asset {
    /// Its id.
    pub id: AssetId,
    /// What the vendor reports of it.
    pub report: AssetReport,
}

const COLUMNS: &str = "a.id, a.volume, a.vendor_id, a.kind, a.name, a.local_ip, a.os, a.protected_count, a.unprotected_count,
    a.protected_names, a.unprotected_names, a.agent_version, a.paused, a.archived, a.latest_offsite, a.local_snapshots, a.last_snapshot,
    a.screenshot_at, a.screenshot_ok, a.screenshot_url, a.fqdn";

/// The assets of a device by name, each with its recovery points.
pub fn of_device(db: &impl Read, device: DeviceId) -> Result<Vec<Asset>> {
    let mut points: HashMap<AssetId, Vec<BackupReport>> = HashMap::new();
    let rows = db.all(
        "select b.asset, b.at, b.status, b.error, b.verification, b.verification_errors, b.screenshot, b.screenshot_image
           from asset a join asset_backup b on b.asset = a.id where a.device = ?1 order by b.asset, b.place",
        [device],
        |row| Ok((row.get(0)?, read_backup(row)?, row.get::<_, String>(5)?)),
    )?;
    for (asset, mut point, errors) in rows {
        point.verification_errors = serde_json::from_str(&errors)?;
        points.entry(asset).or_default().push(point);
    }
    let mut assets = db.all(&format!("select {COLUMNS} from asset a where a.device = ?1 order by a.name_key, a.id"), [device], read)?;
    for asset in &mut assets {
        asset.report.backups = points.remove(&asset.id).unwrap_or_default();
    }
    Ok(assets)
}

fn read_backup(row: &Row<'_>) -> rusqlite::Result<BackupReport> {
    Ok(BackupReport {
        at: row.get(1)?,
        status: row.get(2)?,
        error: row.get(3)?,
        verification: row.get(4)?,
        verification_errors: Vec::new(),
        screenshot: row.get(6)?,
        screenshot_image: row.get(7)?,
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Asset> {
    let names = |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, String>(at)?.lines().map(ToOwned::to_owned).collect());
    let report = AssetReport {
        volume: row.get(1)?,
        vendor_id: row.get(2)?,
        kind: row.get(3)?,
        name: row.get(4)?,
        local_ip: row.get(5)?,
        os: row.get(6)?,
        protected_count: row.get(7)?,
        unprotected_count: row.get(8)?,
        protected_names: names(9)?,
        unprotected_names: names(10)?,
        agent_version: row.get(11)?,
        paused: row.get(12)?,
        archived: row.get(13)?,
        latest_offsite: row.get(14)?,
        local_snapshots: row.get(15)?,
        last_snapshot: row.get(16)?,
        screenshot_at: row.get(17)?,
        screenshot_ok: row.get(18)?,
        screenshot_url: row.get(19)?,
        fqdn: row.get(20)?,
        backups: Vec::new(),
    };
    Ok(Asset { id: row.get(0)?, report })
}

/// Takes a report of an asset: the one of its volume, else a new one. Its recovery points are those of the report.
pub fn keep(tx: &Tx<'_>, device: DeviceId, reported: &AssetReport) -> Result<AssetId> {
    let known: Option<AssetId> =
        tx.maybe("select id from asset where device = ?1 and volume = ?2", params![device, reported.volume], |row| row.get(0))?;
    let id = match known {
        Some(id) => id,
        None => AssetId(tx.tokens().id()?),
    };
    tx.change_one(
        "insert into asset (id, partner, device, volume, vendor_id, kind, name, name_key, local_ip, os, protected_count, unprotected_count,
                            protected_names, unprotected_names, agent_version, paused, archived, latest_offsite, local_snapshots, last_snapshot,
                            screenshot_at, screenshot_ok, screenshot_url, fqdn)
         select ?1, d.partner, d.id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23
           from device d where d.id = ?2
             on conflict (id) do update
            set vendor_id = excluded.vendor_id, kind = excluded.kind, name = excluded.name, name_key = excluded.name_key,
                local_ip = excluded.local_ip, os = excluded.os, protected_count = excluded.protected_count,
                unprotected_count = excluded.unprotected_count, protected_names = excluded.protected_names,
                unprotected_names = excluded.unprotected_names, agent_version = excluded.agent_version, paused = excluded.paused,
                archived = excluded.archived, latest_offsite = excluded.latest_offsite, local_snapshots = excluded.local_snapshots,
                last_snapshot = excluded.last_snapshot, screenshot_at = excluded.screenshot_at, screenshot_ok = excluded.screenshot_ok,
                screenshot_url = excluded.screenshot_url, fqdn = excluded.fqdn",
        params![
            id,
            device,
            reported.volume,
            reported.vendor_id,
            reported.kind,
            reported.name,
            text::key(&reported.name),
            reported.local_ip,
            reported.os,
            reported.protected_count,
            reported.unprotected_count,
            reported.protected_names.join("\n"),
            reported.unprotected_names.join("\n"),
            reported.agent_version,
            reported.paused,
            reported.archived,
            reported.latest_offsite,
            reported.local_snapshots,
            reported.last_snapshot,
            reported.screenshot_at,
            reported.screenshot_ok,
            reported.screenshot_url,
            reported.fqdn
        ],
    )?;
    keep_points(tx, id, &reported.backups)?;
    Ok(id)
}

fn keep_points(tx: &Tx<'_>, asset: AssetId, points: &[BackupReport]) -> Result<()> {
    tx.execute("delete from asset_backup where asset = ?1", [asset])?;
    for (place, point) in (0_i64..).zip(points) {
        tx.change_one(
            "insert into asset_backup (asset, place, at, status, error, verification, verification_errors, screenshot, screenshot_image)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                asset,
                place,
                point.at,
                point.status,
                point.error,
                point.verification,
                serde_json::to_string(&point.verification_errors)?,
                point.screenshot,
                point.screenshot_image
            ],
        )?;
    }
    Ok(())
}

/// Takes the full set of a device's assets: what is not in it any more goes, with its recovery points.
pub fn replace(tx: &Tx<'_>, device: DeviceId, reported: &[AssetReport]) -> Result<()> {
    let known: Vec<(AssetId, String)> =
        tx.all("select id, volume from asset where device = ?1", [device], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (asset, volume) in known {
        if !reported.iter().any(|asset| asset.volume == volume) {
            tx.execute("delete from asset_backup where asset = ?1", [asset])?;
            tx.change_one("delete from asset where id = ?1", [asset])?;
        }
    }
    reported.iter().try_for_each(|asset| keep(tx, device, asset).map(drop))
}
