//! Devices and their assets: each row against what is here, and the move.

use std::collections::BTreeMap;

use crate::devices::assets_store::Asset;
use crate::devices::report_model::{AssetReport, DeviceReport};
use crate::devices::{assets_store, parts_store, store as kept};
use crate::imports::actions::linking::{Claim, Link, ahead, link, note_other_link};
use crate::imports::actions::stager::{AssetList, PartList, Stager};
use crate::imports::model::{self, DeviceRow, File, Kind, Verdict, json};
use crate::imports::store::devices as staging;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{DeviceId, ImportId, PartnerId};
use crate::kernel::text::{self, counted};
use crate::kernel::time::Zone;

/// A row of `devices.json`.
pub fn device(tx: &Tx<'_>, stager: &mut Stager, line: i64, row: &DeviceRow) -> Result<()> {
    let key = text::key(&row.report.serial);
    if !stager.devices.insert(key) {
        let reason = format!("The device {} stands in these files already.", row.report.serial);
        return stager.refuse(tx, Kind::Devices, line, "serialNumber", &reason);
    }
    if let Some((field, reason)) = ahead(tx.now(), &[("lastSeenDate", row.report.last_seen)]) {
        return stager.refuse(tx, Kind::Devices, line, field, &reason);
    }
    let claim = Claim { of: &row.report.name, organization_id: row.organization_id, organization_name: row.organization_name.as_deref() };
    let known = kept::by_serial(tx, stager.partner, &row.report.serial)?;
    if known.is_none()
        && let Some(holder) = staging::held_beneath(tx, stager.partner, &row.report.serial)?
    {
        let reason = format!("{} is held by {holder}, a partner beneath yours, and stays there.", row.report.name);
        stager.devices_beneath.insert(text::key(&row.report.serial));
        stager.count(Kind::Devices, Verdict::Unchanged);
        return stager.note(tx, stager.file_number(), line, "serialNumber", reason);
    }
    let (verdict, organization) = match known {
        Some(device) => {
            note_other_link(tx, stager, line, &claim, staging::linked(tx, device)?.as_ref())?;
            (compare(tx, stager, line, device, &row.report)?, None)
        }
        None => match link(tx, stager, line, &claim)? {
            Link::To(organization) => (Verdict::New, organization),
            Link::Refused(field, reason) => return stager.refuse(tx, Kind::Devices, line, field, &reason),
        },
    };
    if verdict != Verdict::Unchanged {
        let file = stager.file_name(stager.file_number());
        staging::device(tx, stager.origin(&file, line), verdict, &row.report, (known, organization))?;
    }
    stager.count(Kind::Devices, verdict);
    Ok(())
}

/// A report from before the device was last seen, as it is known here, is passed over, and the preview tells.
fn compare(tx: &Tx<'_>, stager: &mut Stager, line: i64, device: DeviceId, report: &DeviceReport) -> Result<Verdict> {
    let here = kept::report(tx, device)?;
    if here == *report {
        return Ok(Verdict::Unchanged);
    }
    match here.last_seen {
        Some(seen) if report.last_seen.is_none_or(|theirs| theirs < seen) => {
            let reason = format!(
                "{} was last seen on {} as it is known here. This file is older, so it is passed over.",
                report.name,
                Zone::utc().exact(seen)
            );
            stager.note(tx, stager.file_number(), line, "lastSeenDate", reason)?;
            Ok(Verdict::Unchanged)
        }
        Some(_) | None => Ok(Verdict::Changed),
    }
}

/// Begins a file that says something of one device; `false` when it is refused, or passed over, as a whole.
pub fn begin(tx: &Tx<'_>, stager: &mut Stager, file: File<'_>, kind: Kind) -> Result<bool> {
    let beginning = model::of_device(kind).unwrap_or_default();
    let Some(serial) = model::serial_in(file.name, beginning) else {
        let reason = format!(
            "This file does not say of which device it is. Name it {beginning}{{serialNumber}}.json, such as {beginning}D0123456789A.json."
        );
        return stager.refuse(tx, kind, 0, "", &reason).map(|()| false);
    };
    let serial_key = text::key(serial);
    let device = kept::by_serial(tx, stager.partner, serial)?;
    if device.is_none() && stager.devices_beneath.contains(&serial_key) {
        stager.count_kind(kind);
        return Ok(false);
    }
    let refused = if stager.device_files.contains(&(serial_key.clone(), kind)) {
        format!("The {} {serial} stand in another of these files.", kind.shown().replace("a device", "the device"))
    } else if device.is_none() && !stager.devices.contains(&serial_key) {
        format!("There is no device {serial} here. Bring it in with devices.json.")
    } else {
        stager.device_files.insert((serial_key.clone(), kind));
        if kind == Kind::Assets {
            // A page of a list, or one asset, says nothing of the others.
            let complete = json::is_bare_list(file.bytes);
            stager.asset_list = Some(AssetList { serial_key, device, complete, assets: BTreeMap::new() });
        } else {
            stager.part_list = Some(PartList { serial_key, device, alerts: Vec::new(), restores: Vec::new() });
        }
        return Ok(true);
    };
    stager.refuse(tx, kind, 0, "", &refused).map(|()| false)
}

/// Ends a file of alerts or of running restores: all of its device's, compared with what is here.
pub fn end_part(tx: &Tx<'_>, stager: &mut Stager, kind: Kind) -> Result<()> {
    let Some(list) = stager.part_list.take() else { return Ok(()) };
    let (alerts, restores) = match list.device {
        Some(device) => (parts_store::alerts(tx, device)?, parts_store::restores(tx, device)?),
        None => (Vec::new(), Vec::new()),
    };
    let (same, report) = if kind == Kind::DeviceAlerts {
        (compare_lists(stager, kind, &list.alerts, &alerts), serde_json::to_string(&list.alerts)?)
    } else {
        (compare_lists(stager, kind, &list.restores, &restores), serde_json::to_string(&list.restores)?)
    };
    if same { Ok(()) } else { staging::part(tx, stager.import, &list.serial_key, kind, &report) }
}

/// Counts what is new, and what is not in the file any more; whether both are the same.
fn compare_lists<T: PartialEq>(stager: &mut Stager, kind: Kind, theirs: &[T], here: &[T]) -> bool {
    for one in theirs {
        stager.count(kind, if here.contains(one) { Verdict::Unchanged } else { Verdict::New });
    }
    here.iter().filter(|one| !theirs.contains(one)).for_each(|_| stager.count(kind, Verdict::Changed));
    theirs == here
}

/// A row of a file of assets.
pub fn asset(tx: &Tx<'_>, stager: &mut Stager, line: i64, report: AssetReport) -> Result<()> {
    let Some(list) = &stager.asset_list else { return Ok(()) };
    if list.assets.contains_key(&report.volume) {
        let reason = format!("The volume {} stands in this file already.", report.volume);
        return stager.refuse(tx, Kind::Assets, line, "volume", &reason);
    }
    let moments = [
        ("lastSnapshot", report.last_snapshot),
        ("latestOffsite", report.latest_offsite),
        ("lastScreenshotAttempt", report.screenshot_at),
        ("backups", report.backups.iter().map(|point| point.at).max()),
    ];
    if let Some((field, reason)) = ahead(tx.now(), &moments) {
        return stager.refuse(tx, Kind::Assets, line, field, &reason);
    }
    if let Some(list) = stager.asset_list.as_mut() {
        list.assets.insert(report.volume.clone(), report);
    }
    Ok(())
}

/// Ends a file of assets, compared with what is here. Of a complete one, what is not in it any more goes.
pub fn end_assets(tx: &Tx<'_>, stager: &mut Stager) -> Result<()> {
    let Some(list) = stager.asset_list.take() else { return Ok(()) };
    let here = match list.device {
        Some(device) => assets_store::of_device(tx, device)?,
        None => Vec::new(),
    };
    if is_older(list.assets.values(), &here) {
        list.assets.values().for_each(|_| stager.count(Kind::Assets, Verdict::Unchanged));
        let reason = "What is known of these assets here is newer than this file, so it is passed over.";
        return stager.note(tx, stager.file_number(), 0, "", reason);
    }
    let known: BTreeMap<&str, &AssetReport> = here.iter().map(|asset| (asset.report.volume.as_str(), &asset.report)).collect();
    let mut differs = false;
    for (volume, asset) in &list.assets {
        let verdict = match known.get(volume.as_str()) {
            None => Verdict::New,
            Some(before) if *before == asset => Verdict::Unchanged,
            Some(_) => Verdict::Changed,
        };
        differs |= verdict != Verdict::Unchanged;
        stager.count(Kind::Assets, verdict);
    }
    let gone: Vec<&str> = known
        .iter()
        .filter(|(volume, _)| list.complete && !list.assets.contains_key(**volume))
        .map(|(_, asset)| asset.name.as_str())
        .collect();
    note_gone(tx, stager, &gone)?;
    if differs || !gone.is_empty() {
        staging::asset_list(tx, stager.import, &list.serial_key, list.complete)?;
        list.assets.values().try_for_each(|asset| staging::asset(tx, stager.import, &list.serial_key, asset))?;
    }
    Ok(())
}

/// Whether the newest moment that a file knows is before the newest that is known here.
fn is_older<'a>(theirs: impl Iterator<Item = &'a AssetReport>, here: &[Asset]) -> bool {
    let newest = theirs.filter_map(AssetReport::newest).max();
    newest.is_some_and(|newest| here.iter().filter_map(|asset| asset.report.newest()).max().is_some_and(|known| newest < known))
}

/// So many assets are named in a note.
const NAMED: usize = 5;

fn note_gone(tx: &Tx<'_>, stager: &mut Stager, gone: &[&str]) -> Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    for _ in gone {
        stager.count(Kind::Assets, Verdict::Changed);
    }
    let count = counted(i64::try_from(gone.len()).unwrap_or(i64::MAX), "asset is", "assets are");
    let more = if NAMED < gone.len() { format!(" and {} more", gone.len() - NAMED) } else { String::new() };
    let named = gone.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    stager.note(tx, stager.file_number(), 0, "", format!("{count} not in the file any more and go: {named}{more}."))
}

/// Moves what was staged in: devices, the links of new ones, and assets.
pub fn carry_out(tx: &Tx<'_>, partner: PartnerId, import: ImportId) -> Result<()> {
    let mut touched = Vec::new();
    for (report, organization) in staging::devices(tx, import)? {
        let (device, new) = kept::upsert(tx, partner, &report)?;
        if let (true, Some(organization)) = (new, organization) {
            kept::link(tx, organization, device)?;
        }
        touched.push(device);
    }
    for (serial_key, complete) in staging::asset_lists(tx, import)? {
        let device = kept::by_serial(tx, partner, &serial_key)?.ok_or(Error::NotFound)?;
        let assets = staging::assets(tx, import, &serial_key)?;
        if complete {
            assets_store::replace(tx, device, &assets)?;
        } else {
            assets.iter().try_for_each(|asset| assets_store::keep(tx, device, asset).map(drop))?;
        }
        touched.push(device);
    }
    for (serial_key, alerts) in staging::alerts(tx, import)? {
        let device = kept::by_serial(tx, partner, &serial_key)?.ok_or(Error::NotFound)?;
        parts_store::replace_alerts(tx, device, &alerts)?;
    }
    for (serial_key, restores) in staging::restores(tx, import)? {
        let device = kept::by_serial(tx, partner, &serial_key)?.ok_or(Error::NotFound)?;
        parts_store::replace_restores(tx, device, &restores)?;
    }
    touched.sort_unstable();
    touched.dedup();
    touched.into_iter().try_for_each(|device| kept::refresh_summary(tx, device))
}
