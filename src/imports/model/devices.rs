//! Devices, their assets, alerts and running restores, as the vendor's JSON has them.

use serde_json::Value;

use crate::devices::report_model::{AlertReport, AssetKind, AssetReport, BackupReport, DeviceReport, RestoreReport};
use crate::imports::model::json::Wrong;
use crate::imports::model::object::Object;
use crate::imports::model::{DeviceRow, Row};
use crate::kernel::web::WebAddress;

/// More recovery points than the vendor ever tells of an asset.
const MOST_POINTS: usize = 100;
/// More volumes than a machine has.
const MOST_VOLUMES: usize = 100;
/// Longest name of anything.
const NAME: usize = 250;
/// Longest message.
const MESSAGE: usize = 2_000;

/// Whether a text can be a serial number: letters, digits and what stands between them.
pub fn is_serial(text: &str) -> bool {
    (1..=60).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

/// A device of `devices.json`.
pub fn device(value: Value) -> (Row, Wrong) {
    let mut object = Object::of(value, "");
    let mut report = DeviceReport {
        serial: object.filled("serialNumber", 60),
        name: object.filled("name", NAME),
        model: object.maybe_text("model", NAME),
        last_seen: object.maybe_date("lastSeenDate"),
        client_name: object.maybe_text("clientCompanyName", NAME),
        hidden: object.maybe_truth("hidden").unwrap_or_default(),
        service_plan: object.maybe_text("servicePlan", NAME),
        registered_at: object.maybe_date("registrationDate"),
        service_until: object.maybe_date("servicePeriod"),
        warranty_until: object.maybe_date("warrantyExpire"),
        local_used_kb: object.size("localStorageUsed", "KB"),
        local_free_kb: object.size("localStorageAvailable", "KB"),
        offsite_bytes: object.size("offsiteStorageUsed", "B"),
        managed_bytes: object.size("totalManagedDisk", "B"),
        internal_ip: object.maybe_text("internalIP", 60),
        tickets: object.maybe_count("activeTickets").unwrap_or_default(),
        reseller: object.maybe_text("resellerCompanyName", NAME),
        agents: object.maybe_count("agentCount").unwrap_or_default(),
        shares: object.maybe_count("shareCount").unwrap_or_default(),
        alerts: object.maybe_count("alertCount").unwrap_or_default(),
        uptime_seconds: object.maybe_count("uptime"),
        web_address: web_address(&mut object),
        ..DeviceReport::default()
    };
    if !report.serial.is_empty() && !is_serial(&report.serial) {
        object.refuse("serialNumber", "A serial number of letters and digits belongs here.");
    }
    if let Some(mut region) = object.maybe_inner("region") {
        report.location = region.maybe_text("location", NAME);
        report.provider = region.maybe_text("provider", NAME);
        object.absorb(region, "a region");
    }
    let row = DeviceRow {
        report,
        organization_id: object.maybe_vendor_id("organizationId"),
        organization_name: object.maybe_text("organizationName", NAME),
    };
    (Row::Device(Box::new(row)), object.finish("a device"))
}

/// DEV-5, ALL-5: an address that a page will lead to is http or https.
fn web_address(object: &mut Object) -> Option<String> {
    let text = object.maybe_text("remoteWebUrl", MESSAGE)?;
    match WebAddress::parse(&text) {
        Ok(address) => address.map(|address| address.as_str().to_owned()),
        Err(reason) => {
            object.refuse("remoteWebUrl", reason);
            None
        }
    }
}

/// An asset of `assets-….json`.
pub fn asset(value: Value) -> (Row, Wrong) {
    let mut object = Object::of(value, "");
    let kind = object.word("type", &["agent", "share"]);
    let mut report = AssetReport {
        volume: object.filled("volume", 32).to_ascii_lowercase(),
        vendor_id: object.number("assetId"),
        kind: AssetKind::from_word(kind).unwrap_or(AssetKind::Agent),
        name: object.filled("name", NAME),
        local_ip: object.words("localIp", 60),
        os: object.words("os", NAME),
        protected_count: object.count("protectedVolumesCount"),
        unprotected_count: object.count("unprotectedVolumesCount"),
        protected_names: object.texts("protectedVolumeNames", NAME),
        unprotected_names: object.texts("unprotectedVolumeNames", NAME),
        agent_version: object.words("agentVersion", 60),
        paused: object.truth("isPaused"),
        archived: object.truth("isArchived"),
        latest_offsite: object.maybe_seconds("latestOffsite"),
        local_snapshots: object.maybe_count("localSnapshots").unwrap_or_default(),
        last_snapshot: object.maybe_seconds("lastSnapshot"),
        screenshot_at: object.maybe_seconds("lastScreenshotAttempt"),
        screenshot_ok: object.maybe_truth("lastScreenshotAttemptStatus"),
        screenshot_url: object.words("lastScreenshotUrl", MESSAGE),
        fqdn: object.words("fqdn", NAME),
        backups: Vec::new(),
    };
    let hexadecimal = report.volume.len() == 32 && report.volume.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !(hexadecimal || report.volume.is_empty()) {
        object.refuse("volume", "32 hexadecimal digits belong here.");
    }
    for (field, names) in [("protectedVolumeNames", &report.protected_names), ("unprotectedVolumeNames", &report.unprotected_names)] {
        if MOST_VOLUMES < names.len() || names.iter().any(String::is_empty) {
            object.refuse(field, format!("At most {MOST_VOLUMES} names belong here, none of them empty."));
        }
    }
    report.backups = points(&mut object);
    (Row::Asset(Box::new(report)), object.finish("an asset"))
}

fn points(object: &mut Object) -> Vec<BackupReport> {
    let elements = object.maybe_list("backups");
    if MOST_POINTS < elements.len() {
        object.refuse("backups", format!("At most {MOST_POINTS} recovery points belong here."));
        return Vec::new();
    }
    let mut points = Vec::with_capacity(elements.len());
    for (index, value) in elements.into_iter().enumerate() {
        let mut inner = Object::of(value, &object.element("backups", index));
        points.push(point(&mut inner));
        object.absorb(inner, "a recovery point");
    }
    points
}

fn point(object: &mut Object) -> BackupReport {
    let at = object.seconds("timestamp");
    let mut backup = object.inner("backup");
    let (status, error) = (backup.filled("status", 60), backup.words("errorMessage", MESSAGE));
    object.absorb(backup, "a backup");
    let mut point =
        BackupReport { at, status, error, verification: None, verification_errors: Vec::new(), screenshot: None, screenshot_image: None };
    if let Some(mut local) = object.maybe_inner("localVerification") {
        point.verification = local.words("status", 60);
        point.verification_errors = errors(&mut local);
        object.absorb(local, "a local verification");
    }
    if let Some(mut advanced) = object.maybe_inner("advancedVerification") {
        if let Some(mut screenshot) = advanced.maybe_inner("screenshotVerification") {
            point.screenshot = screenshot.words("status", 60);
            point.screenshot_image = screenshot.words("image", MESSAGE);
            advanced.absorb(screenshot, "a screenshot");
        }
        object.absorb(advanced, "an advanced verification");
    }
    point
}

fn errors(object: &mut Object) -> Vec<(Option<String>, Option<String>)> {
    let mut errors = Vec::new();
    for (index, value) in object.maybe_list("errors").into_iter().enumerate() {
        let mut inner = Object::of(value, &object.element("errors", index));
        errors.push((inner.words("errorType", NAME), inner.words("errorMessage", MESSAGE)));
        object.absorb(inner, "an error");
    }
    errors
}

/// An alert of `alerts-….json`.
pub fn alert(value: Value) -> (Row, Wrong) {
    let mut object = Object::of(value, "");
    let report = AlertReport {
        kind: object.filled("type", NAME),
        threshold: object.maybe_count("threshold"),
        unit: object.words("unit", 60),
        triggered_at: object.maybe_date("dateTriggered"),
        sent_at: object.maybe_date("dateSent"),
    };
    (Row::Alert(report), object.finish("an alert"))
}

/// A virtual machine of `vm-restores-….json`.
pub fn restore(value: Value) -> (Row, Wrong) {
    let mut object = Object::of(value, "");
    let report = RestoreReport {
        vendor_id: object.number("restoreId"),
        asset_vendor_id: object.maybe_count("assetId"),
        cpus: object.maybe_count("cpuCount"),
        ram: object.maybe_count("ramSize"),
        sockets: object.maybe_count("socketCount"),
        time_zone: object.words("timezone", NAME),
        network_name: object.words("networkName", NAME),
        storage_bus: object.words("storageBus", NAME),
        model_type: object.words("modelType", NAME),
        mac_address: object.words("macAddress", 60),
    };
    (Row::Restore(report), object.finish("a virtual machine"))
}
