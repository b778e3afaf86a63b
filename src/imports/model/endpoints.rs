//! Endpoint agents and assets, as the vendor's API tells of them: items of `/v1/bcdr/agent`, and of `/v1/dtc/assets`.

use serde_json::Value;

use crate::endpoints::model::{Backup, ListedAgent, ListedAsset};
use crate::imports::model::Row;
use crate::imports::model::object::Object;

/// An organization with its agents (`EndpointClient`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientRow {
    /// Where they are tied to there.
    pub home: HomeRow,
    /// Its agents.
    pub agents: Vec<ListedAgent>,
}

/// The organization that something is tied to at the vendor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HomeRow {
    /// The vendor's id of it.
    pub organization_id: i64,
    /// Its name.
    pub organization_name: Option<String>,
}

/// More backups than a list of the last ten holds by any mistake.
const MOST_BACKUPS: usize = 100;

/// An item of either kind, told by its content (IMP-3).
pub fn item(value: Value) -> (Row, Vec<(String, String)>) {
    if value.get("assetUuid").is_some() { asset(value) } else { client(value) }
}

fn home(object: &mut Object) -> HomeRow {
    HomeRow { organization_id: object.vendor_id("organizationId"), organization_name: object.maybe_text("organizationName", 250) }
}

fn client(value: Value) -> (Row, Vec<(String, String)>) {
    let mut object = Object::of(value, "");
    let home = home(&mut object);
    let client_name = object.maybe_text("clientName", 250);
    let mut agents = Vec::new();
    for (index, value) in object.list("agents").into_iter().enumerate() {
        let mut inner = Object::of(value, &object.element("agents", index));
        agents.push(agent(&mut inner, client_name.clone()));
        object.absorb(inner, "an endpoint agent");
    }
    (Row::Agents(Box::new(ClientRow { home, agents })), object.finish("an organization's endpoint agents"))
}

fn agent(object: &mut Object, client_name: Option<String>) -> ListedAgent {
    let mut machine = object.inner("protectedMachine");
    let (mac, serial) = (machine.maybe_text("mac", 60), machine.maybe_text("serial", 100));
    object.absorb(machine, "a protected machine");
    ListedAgent {
        uuid: object.filled("uuid", 100),
        short_code: object.maybe_text("shortCode", 60),
        agent_type: object.maybe_text("type", 60),
        hostname: object.filled("hostname", 253),
        client_name,
        last_snapshot: object.maybe_seconds("lastSnapshot"),
        last_screenshot: object.maybe_seconds("lastScreenshot"),
        screenshot_success: object.maybe_truth("screenshotSuccess"),
        mac,
        serial,
    }
}

fn asset(value: Value) -> (Row, Vec<(String, String)>) {
    let mut object = Object::of(value, "");
    let home = home(&mut object);
    let mut backups = Vec::new();
    for (index, value) in object.maybe_list("last10Backups").into_iter().enumerate() {
        let mut inner = Object::of(value, &object.element("last10Backups", index));
        backups.push(Backup {
            timestamp: inner.seconds("timestamp").0.div_euclid(1_000),
            success: inner.maybe_truth("backupStatus"),
            screenshot_success: inner.maybe_truth("screenshotSuccess"),
        });
        object.absorb(inner, "a backup");
    }
    if MOST_BACKUPS < backups.len() {
        object.refuse("last10Backups", format!("At most {MOST_BACKUPS} backups belong here."));
    }
    let listed = ListedAsset {
        asset_uuid: object.filled("assetUuid", 100),
        name: object.filled("name", 250),
        status: object.maybe_text("status", 60),
        asset_type: object.maybe_text("type", 60),
        last_backup: object.maybe_text("lastBackup", 60),
        screenshot_success: object.maybe_truth("screenshotSuccess"),
        reseller_id: object.maybe_vendor_id("resellerId"),
        backup_success: object.maybe_truth("backupStateSuccessful"),
        last_screenshot_url: object.maybe_text("lastScreenshotUrl", 2_000),
        hostname: object.maybe_text("hostname", 253),
        mac_address: object.maybe_text("macAddress", 60),
        external_ip: object.maybe_text("externalIp", 60),
        agent_code: object.maybe_text("agentCode", 60),
        protected_volume: object.maybe_text("protectedVolume", 250),
        backups,
    };
    (Row::EndpointAsset(Box::new((home, listed))), object.finish("an endpoint asset"))
}
