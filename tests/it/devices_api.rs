//! `/v1/bcdr/…` as scripts read it: API-1, API-2, EMP-3, EMP-4.

use std::fmt::Write as _;

use serde_json::json;

use crate::api::{bring_in, script};
use crate::support::devices::{asset, device, linked, list, unlinked};
use crate::support::estate::{ALDERINE, TENANTS};
use crate::support::golden;
use crate::support::people::*;
use crate::support::portal::Portal;
use crate::support::script::{Script, refusal};

const ALERTS: &[u8] =
    br#"[{"type":"LOCAL_STORAGE","threshold":80,"unit":"%","dateTriggered":"2026-11-21T10:00:00+00:00","dateSent":"2026-11-21T10:05:00+00:00"}]"#;
const RESTORES: &[u8] =
    br#"[{"restoreId":1,"assetId":7,"cpuCount":2,"ramSize":4096,"socketCount":1,"timezone":"UTC","networkName":"lab","storageBus":"virtio",
 "modelType":"standard","macAddress":"00:16:3e:00:00:01"}]"#;

/// Two devices with something of everything, one of them linked.
fn small() -> Portal {
    let portal = Portal::firm();
    let claimed = [("organizationId", "12345"), ("organizationName", r#""Alder Dental""#), ("clientCompanyName", r#""Alder""#)];
    let bare = [
        ("lastSeenDate", "null"),
        ("model", "null"),
        ("localStorageUsed", "null"),
        ("remoteWebUrl", "null"),
        ("hidden", "true"),
        ("uptime", "null"),
    ];
    let never = [("latestOffsite", "null"), ("lastSnapshot", "null"), ("backups", "[]"), ("type", r#""share""#), ("os", "null")];
    let files = [
        ("devices.json", list(&[device("D0123456789A", "acme-siris", &claimed), device("D0123456789B", "spare", &bare)])),
        ("assets-D0123456789A.json", list(&[asset(7, "srv01", &[]), asset(8, "files", &never)])),
        ("alerts-D0123456789A.json", ALERTS.to_vec()),
        ("vm-restores-D0123456789A.json", RESTORES.to_vec()),
    ];
    bring_in(&portal, &files.map(|(name, bytes)| (name.to_owned(), bytes)));
    portal
}

/// API-2: the bodies to the letter: names, types, order and envelopes.
#[test]
fn the_bodies_of_devices_are_the_vendors() {
    let portal = small();
    let script = script(&portal, None);
    let mut text = String::new();
    let one = "/v1/bcdr/device/D0123456789A";
    for url in [
        "/v1/bcdr/device",
        "/v1/bcdr/device?showHiddenDevices=0",
        "/v1/bcdr/device?_page=2&_perPage=1",
        "/v1/bcdr/device?showHiddenDevices=2",
        one,
        "/v1/bcdr/device/d0123456789b",
        &format!("{one}/asset"),
        &format!("{one}/asset/agent"),
        &format!("{one}/asset/share?_perPage=1"),
        &format!("{one}/asset/{:032x}", 7),
        &format!("{one}/asset/{:032x}", 9),
        &format!("{one}/alert"),
        &format!("{one}/vm-restores"),
        "/v1/bcdr/device/D0123456789B/asset",
        "/v1/bcdr/device/D0000000000F",
        "/v1/bcdr/device/D0000000000F/asset/agent",
    ] {
        let answer = script.get(url);
        writeln!(text, "GET {url}\n{}\n{}\n", answer.status, String::from_utf8_lossy(&answer.body)).expect("text");
    }
    golden::matches("devices-api.txt", &text);
}

/// Everything a script saves of a portal's devices.
fn saved(script: &Script) -> Vec<(String, Vec<u8>)> {
    let devices = script.read("/v1/bcdr/device?_perPage=250");
    let mut files = vec![("devices.json".to_owned(), devices.to_string().into_bytes())];
    for device in devices["items"].as_array().expect("items") {
        let serial = device["serialNumber"].as_str().expect("a serial number");
        for (path, name) in [("asset", "assets"), ("alert", "alerts"), ("vm-restores", "vm-restores")] {
            files.push((format!("{name}-{serial}.json"), script.get(&format!("/v1/bcdr/device/{serial}/{path}")).body));
        }
    }
    files
}

/// API-2: "what is served can be imported with nothing lost": again it changes nothing, and elsewhere everything is served as it was.
#[test]
fn devices_that_are_served_come_in_again_with_nothing_lost() {
    let portal = small();
    let script = script(&portal, None);
    let files = saved(&script);
    let (new, changed, unchanged) = bring_in(&portal, &files);
    assert_eq!((new, changed, unchanged), (0, 0, 2 + 2 + 1 + 1));
    let agents = script.get("/v1/bcdr/device/D0123456789A/asset/agent").body;
    assert_eq!(bring_in(&portal, &[("assets-D0123456789A.json".to_owned(), agents)]), (0, 0, 1));
    assert_eq!(portal.sql_count("asset"), 2, "a page of agents says nothing of shares");
    let other = Portal::firm();
    bring_in(&other, &files);
    assert_eq!(saved(&crate::api::script(&other, None)), files);
}

/// What was saved at the vendor is served as it was: the files of one MSP.
#[test]
fn what_was_saved_of_devices_at_the_vendor_is_served_as_it_was() {
    let portal = Portal::firm();
    let files: Vec<(String, Vec<u8>)> =
        crate::imports::harbor_msp().into_iter().filter(|(name, _)| name.starts_with("devices") || name.starts_with("assets-")).collect();
    bring_in(&portal, &files);
    let script = script(&portal, None);
    let mut compared = 0;
    for (name, bytes) in &files {
        let theirs: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
        if let Some(serial) = name.strip_prefix("assets-").and_then(|rest| rest.strip_suffix(".json")) {
            let ours = script.read(&format!("/v1/bcdr/device/{serial}/asset"));
            for asset in theirs.as_array().expect("a bare array") {
                compared += 1;
                assert!(ours.as_array().expect("a bare array").contains(asset), "{serial}: {asset} is not among {ours}");
            }
        } else {
            for device in theirs["items"].as_array().expect("items") {
                compared += 1;
                let ours = script.read(&format!("/v1/bcdr/device/{}", device["serialNumber"].as_str().expect("a serial number")));
                assert_eq!(&ours, device);
            }
        }
    }
    assert_eq!(compared, 12 + 22);
}

/// ALL-1: another tenant's serial numbers are missing ones, byte for byte, and nothing of theirs is ever said.
#[test]
fn another_tenants_serial_numbers_are_missing_ones() {
    let portal = Portal::estate();
    let serial = |device: i64| portal.sql::<String>("select serial from device where id = ?1", [device]);
    for mine in TENANTS {
        let script = Script::of(&portal, mine);
        let ask = |path: &str| {
            let answer = script.get(path);
            (answer.status, format!("{:?}", answer.headers), answer.body)
        };
        let missing = ask("/v1/bcdr/device/NOSUCHTHING");
        assert_eq!(missing.0, 404);
        let paths = |serial: &str| {
            ["", "/asset", "/asset/agent", "/asset/share", "/asset/0", "/alert", "/vm-restores"]
                .map(|end| format!("/v1/bcdr/device/{serial}{end}"))
        };
        for other in TENANTS.iter().filter(|other| **other != mine) {
            for device in [other.device(), other.spare_device(), mine.spare_device()] {
                for path in paths(&serial(device)) {
                    assert_eq!(ask(&path), missing, "{path} for {}", mine.word);
                }
            }
            let said = [script.get("/v1/bcdr/device").body, script.get(&paths(&serial(mine.device()))[1]).body].concat();
            let said = String::from_utf8_lossy(&said).to_lowercase();
            assert!(!said.contains(&other.word.to_lowercase()), "{} is told of {}", mine.word, other.word);
        }
        for path in paths(&serial(mine.device())) {
            assert_eq!(ask(&path).0, 200, "{path} for {}", mine.word);
        }
    }
}

/// api.md: a partner's key reads the devices of partners beneath, unless it says otherwise; of two of the same serial number, its own.
#[test]
fn devices_of_partners_beneath_are_listed_unless_the_script_says_otherwise() {
    let portal = Portal::firm();
    linked(&portal, ALDER_ID, "D1", "own-siris");
    unlinked(&portal, 2, "D1", "child-twin");
    unlinked(&portal, 2, "D2", "child-siris");
    let script = script(&portal, None);
    let names = |url: &str| -> Vec<String> {
        let items = script.read(url)["items"].clone();
        items.as_array().expect("items").iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names("/v1/bcdr/device"), ["child-siris", "child-twin", "own-siris"]);
    assert_eq!(names("/v1/bcdr/device?showChildResellerDevices=0"), ["own-siris"]);
    assert_eq!(script.read("/v1/bcdr/device/D1")["name"], json!("own-siris"));
    assert_eq!(script.read("/v1/bcdr/device/D2")["name"], json!("child-siris"));
    // What is a partner's beneath stays there when the whole list comes in again.
    portal.execute("delete from device where name = 'child-twin'", []);
    let whole = script.get("/v1/bcdr/device").body;
    bring_in(&portal, &[("devices.json".to_owned(), whole)]);
    assert_eq!(portal.sql_count("device where partner = 1 and serial = 'D2'"), 0);
}

/// API-1, EMP-3, EMP-4: a key does no more than its maker: not without BCDR access, and with what their groups hold.
#[test]
fn a_key_reads_devices_as_its_maker_may() {
    let portal = Portal::estate();
    let alderine = Script::of(&portal, ALDERINE);
    assert_eq!(alderine.status("/v1/bcdr/device"), 200);
    portal.execute("update employee set bcdr = 'none' where account = (select account from api_key where id = ?1)", [ALDERINE.key()]);
    assert_eq!(refusal(&alderine.get("/v1/bcdr/device")).0, 403);
    assert_eq!(refusal(&alderine.get("/v1/bcdr/device/ALDERINED1/asset")).0, 403);
    assert_eq!(alderine.status("/v1/saas/domains"), 200, "the other product is another matter");
    assert_eq!(refusal(&portal.guest().get("/v1/bcdr/device").response).0, 401);
}

/// API-2: the log names devices by their serial numbers.
#[test]
fn the_log_names_devices_by_their_serial_numbers() {
    let portal = Portal::firm();
    let id = unlinked(&portal, 1, "D0123456789A", "acme-siris");
    portal.sign_in(ADA).post(&format!("/organizations/{ALDER_ID}/devices/link"), &[("device", &id.to_string())]).status(303);
    let script = script(&portal, None);
    for query in ["targetType=bcdr-device", "target=D0123456789A", "target=acme"] {
        let found = script.read(&format!("/v1/report/activity-log?{query}"));
        let one = &found["items"][0];
        assert_eq!(
            (&one["targetType"], &one["targetId"], &one["targetDisplayName"], &one["action"]),
            (&json!("bcdr-device"), &json!("D0123456789A"), &json!("acme-siris"), &json!("device.linked")),
            "{query}: {found}"
        );
    }
}

/// IMP-1, IMP-2: alerts and running restores are all of their device's.
#[test]
fn alerts_and_restores_that_are_over_go() {
    let portal = small();
    let names = ["alerts-D0123456789A.json", "vm-restores-D0123456789A.json"];
    let over = names.map(|name| (name.to_owned(), b"[]".to_vec()));
    assert_eq!(bring_in(&portal, &over), (0, 2, 0));
    assert_eq!((portal.sql_count("device_alert"), portal.sql_count("vm_restore")), (0, 0));
    let (_, _, field, reason) = crate::imports::refusal(&portal, &[(names[0], br#"[{"type":"x","threshold":"80"}]"#)]);
    assert_eq!((field.as_str(), reason.contains("A whole number")), ("threshold", true), "{reason}");
    let unknown = crate::imports::refusal(&portal, &[("vm-restores-D7.json", RESTORES)]);
    assert!(unknown.3.starts_with("There is no device D7 here."), "{unknown:?}");
}
