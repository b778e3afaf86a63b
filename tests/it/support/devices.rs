//! Devices as the vendor reports them, as text and put in by the stores.

use portico::devices::report_model::DeviceReport;
use portico::devices::store;
use portico::kernel::ids::{DeviceId, OrganizationId, PartnerId};
use portico::kernel::time::Timestamp;

use super::portal::Portal;

/// When the devices of `device` were last seen.
pub const SEEN: &str = "2026-11-22T00:42:53+00:00";

/// A line of `devices.json`: what `changed` says takes the place of the usual.
pub fn device(serial: &str, name: &str, changed: &[(&str, &str)]) -> String {
    let mut fields: Vec<(String, String)> = [
        ("serialNumber", format!("{serial:?}")),
        ("name", format!("{name:?}")),
        ("region", r#"{"location":"US-East","provider":null}"#.to_owned()),
        ("model", r#""S4P4000""#.to_owned()),
        ("lastSeenDate", format!("{SEEN:?}")),
        ("organizationId", "null".to_owned()),
        ("clientCompanyName", "null".to_owned()),
        ("organizationName", "null".to_owned()),
        ("hidden", "false".to_owned()),
        ("servicePlan", r#""1 Year Cloud Retention""#.to_owned()),
        ("registrationDate", r#""2024-12-22T00:00:00+00:00""#.to_owned()),
        ("servicePeriod", r#""2027-10-27T00:00:00+00:00""#.to_owned()),
        ("warrantyExpire", r#""2026-10-05T00:00:00+00:00""#.to_owned()),
        ("localStorageUsed", r#"{"size":970,"units":"KB"}"#.to_owned()),
        ("localStorageAvailable", r#"{"size":30,"units":"KB"}"#.to_owned()),
        ("offsiteStorageUsed", r#"{"size":1,"units":"B"}"#.to_owned()),
        ("totalManagedDisk", r#"{"size":1,"units":"B"}"#.to_owned()),
        ("internalIP", r#""10.0.0.2""#.to_owned()),
        ("activeTickets", "0".to_owned()),
        ("resellerCompanyName", r#""Example MSP""#.to_owned()),
        ("agentCount", "2".to_owned()),
        ("shareCount", "0".to_owned()),
        ("alertCount", "0".to_owned()),
        ("uptime", "864000".to_owned()),
        ("remoteWebUrl", format!("\"https://{}.example/\"", name.to_lowercase())),
    ]
    .into_iter()
    .map(|(field, value)| (field.to_owned(), value))
    .collect();
    for (field, value) in changed {
        match fields.iter_mut().find(|(name, _)| name == field) {
            Some((_, old)) => (*value).clone_into(old),
            None => fields.push(((*field).to_owned(), (*value).to_owned())),
        }
    }
    let fields: Vec<String> = fields.into_iter().map(|(field, value)| format!("\"{field}\":{value}")).collect();
    format!("{{{}}}", fields.join(","))
}

/// A line of `assets-….json`.
pub fn asset(number: i64, name: &str, changed: &[(&str, &str)]) -> String {
    let usual = format!(
        r#"{{"name":{name:?},"assetId":{number},"volume":"{number:032x}","localIp":"10.0.0.5","os":"Ubuntu","protectedVolumesCount":1,
 "unprotectedVolumesCount":1,"protectedVolumeNames":["C"],"unprotectedVolumeNames":["D"],"agentVersion":"3.0","isPaused":false,
 "isArchived":false,"latestOffsite":1790000000,"localSnapshots":120,"lastSnapshot":1790003600,"lastScreenshotAttempt":1790000000,
 "lastScreenshotAttemptStatus":true,"lastScreenshotUrl":"","fqdn":"{name}.example.test","type":"agent",
 "backups":[{{"timestamp":1790003600,"backup":{{"status":"success","errorMessage":""}},
   "localVerification":{{"status":"success","errors":[{{"errorType":"odd","errorMessage":"a volume is odd"}}]}},
   "advancedVerification":{{"screenshotVerification":{{"status":"1","image":""}}}}}}]}}"#
    );
    let mut value: serde_json::Value = serde_json::from_str(&usual).expect("an asset");
    for (field, text) in changed {
        value[*field] = serde_json::from_str(text).expect("a value");
    }
    value.to_string()
}

/// A list of them.
pub fn list(items: &[String]) -> Vec<u8> {
    format!("[{}]", items.join(",\n")).into_bytes()
}

/// A device at a partner, linked to nothing.
#[track_caller]
pub fn unlinked(portal: &Portal, partner: i64, serial: &str, name: &str) -> DeviceId {
    let report = DeviceReport {
        serial: serial.to_owned(),
        name: name.to_owned(),
        model: Some("S4P4000".to_owned()),
        last_seen: Timestamp::from_rfc3339(SEEN),
        agents: 2,
        ..DeviceReport::default()
    };
    portal.write(|tx| store::upsert(tx, PartnerId(partner), &report)).0
}

/// The same, linked to an organization.
#[track_caller]
pub fn linked(portal: &Portal, organization: i64, serial: &str, name: &str) -> DeviceId {
    let partner: i64 = portal.sql("select partner from organization where id = ?1", [organization]);
    let device = unlinked(portal, partner, serial, name);
    portal.write(|tx| store::link(tx, OrganizationId(organization), device));
    device
}
