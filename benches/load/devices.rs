//! 2,000 devices with 10,000 agents, as the vendor's API writes them: each of the organization of the same number, but one in fifty, which
//! waits to be linked. One in ten is nearly full, one in thirteen has a failed backup, one in seventeen has not checked in for days. And 10,000
//! computers with Endpoint Backup, five of each organization.

use crate::estate::now;
use crate::names;

/// Devices.
pub const DEVICES: usize = 2_000;
/// Agents of each.
const AGENTS: usize = 5;
/// Recovery points of each agent.
const POINTS: i64 = 10;

/// A device's serial number.
pub fn serial(number: usize) -> String {
    format!("D{:011X}", 7_919 * (number + 1))
}

/// `devices.json`; the organizations are known by the vendor's ids from `first_organization` on.
pub fn devices(first_organization: usize) -> String {
    let each = |number: usize| {
        let (name, whole) = (names::organization(number), 4_000_000_000_i64);
        let silent = if number % 17 == 5 { 3 * 86_400_000 } else { 0 };
        let seen = rfc3339(now() - silent - 240_000);
        let used =
            if number % 10 == 3 { whole / 100 * 91 } else { whole / 1_000 * (150 + i64::try_from(number % 500).unwrap_or_default()) };
        let (id, organization) = if number % 50 == 49 {
            ("null".to_owned(), "null".to_owned())
        } else {
            ((first_organization + number).to_string(), format!("\"{name}\""))
        };
        format!(
            r#"{{"serialNumber":"{}","name":"siris-{number}","region":{{"location":"US-East","provider":null}},"model":"S4P4000",
"lastSeenDate":"{seen}","organizationId":{id},"clientCompanyName":{organization},"organizationName":{organization},"hidden":false,
"servicePlan":"1 Year Cloud Retention","registrationDate":"2024-12-22T00:00:00+00:00","servicePeriod":"2027-10-27T00:00:00+00:00",
"warrantyExpire":"2027-10-05T00:00:00+00:00","localStorageUsed":{{"size":{used},"units":"KB"}},
"localStorageAvailable":{{"size":{},"units":"KB"}},"offsiteStorageUsed":{{"size":{},"units":"B"}},
"totalManagedDisk":{{"size":{},"units":"B"}},"internalIP":"10.0.0.2","activeTickets":0,"resellerCompanyName":"Large Partner",
"agentCount":{AGENTS},"shareCount":0,"alertCount":0,"uptime":864000,"remoteWebUrl":"https://device-{number}.example/"}}"#,
            serial(number),
            whole - used,
            used * 900,
            used * 700
        )
    };
    list((0..DEVICES).map(each))
}

/// `assets-….json` of one device.
pub fn assets(number: usize) -> String {
    let each = |turn: usize| {
        let silent = if number % 17 == 5 { 3 * 86_400 } else { 0 };
        let last = now() / 1_000 - 1_800 - silent;
        let failed = number % 13 == 4 && turn == 0;
        let points = (0..POINTS).map(|back| {
            let (status, message) = if failed && back == 0 { ("failure", "The agent could not be reached.") } else { ("success", "") };
            format!(
                r#"{{"timestamp":{},"backup":{{"status":"{status}","errorMessage":"{message}"}},"localVerification":{{"status":"success","errors":[]}},
"advancedVerification":{{"screenshotVerification":{{"status":"1","image":""}}}}}}"#,
                last - back * 3_600
            )
        });
        let id = number * AGENTS + turn;
        format!(
            r#"{{"name":"srv{turn}-{number}","assetId":{id},"volume":"{id:032x}","localIp":"10.1.0.{turn}","os":"Windows Server 2022",
"protectedVolumesCount":1,"unprotectedVolumesCount":0,"protectedVolumeNames":["C"],"unprotectedVolumeNames":[],"agentVersion":"3.0.14",
"isPaused":false,"isArchived":false,"latestOffsite":{},"localSnapshots":221,"lastSnapshot":{last},"lastScreenshotAttempt":{},
"lastScreenshotAttemptStatus":{},"lastScreenshotUrl":"","fqdn":"srv{turn}.d{number}.example","type":"agent","backups":{}}}"#,
            last - 7_200,
            last - 3_600,
            number % 29 != 7,
            list(points)
        )
    };
    list((0..AGENTS).map(each))
}

/// Computers with Endpoint Backup of each organization.
const COMPUTERS: usize = 5;

/// `agents.json`: five computers of each of the organizations, of which one in eleven has had no backup for days and one in seven no screenshot.
pub fn computers(first_organization: usize) -> String {
    let organization = |number: usize| {
        let name = names::organization(number);
        let computer = |turn: usize| {
            let id = number * COMPUTERS + turn;
            let silent = if id % 11 == 6 { 5 * 86_400 } else { 0 };
            let last = now() / 1_000 - 1_800 - silent;
            let (shot, success) = if id % 7 == 3 { ("null".to_owned(), "null") } else { (last.to_string(), "true") };
            format!(
                r#"{{"uuid":"e-{id:08}","shortCode":"EP{id}","type":"endpoint","hostname":"pc{turn}-{number}","lastSnapshot":{last},
"lastScreenshot":{shot},"screenshotSuccess":{success},"protectedMachine":{{"mac":"02:00:00:00:00:01","serial":"SN{id}"}}}}"#
            )
        };
        format!(
            r#"{{"organizationId":{},"organizationName":"{name}","clientName":"{name}","agents":{}}}"#,
            first_organization + number,
            list((0..COMPUTERS).map(computer))
        )
    };
    let items = list((0..DEVICES).map(organization));
    format!(r#"{{"pagination":{{"page":1,"perPage":{DEVICES},"totalPages":1,"count":{DEVICES}}},"items":{items}}}"#)
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(",\n"))
}

fn rfc3339(millis: i64) -> String {
    portico::kernel::time::Timestamp(millis / 1_000 * 1_000).with_offset()
}
