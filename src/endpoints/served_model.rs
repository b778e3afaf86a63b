//! Agents and assets as scripts read them: the vendor's names and types, oddities included (API-2). Pure.

use serde::Serialize;

use crate::endpoints::model::{Backup, ListedAgent, ListedAsset};

/// The organization that something served belongs to: its id for scripts, and its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Owner {
    /// The vendor's id, else the digits of its ID.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// One item of `/v1/bcdr/agent`: an organization with its agents.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointClient {
    organization_id: i64,
    organization_name: String,
    client_name: Option<String>,
    agents: Vec<ServedAgent>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ServedAgent {
    uuid: String,
    short_code: Option<String>,
    #[serde(rename = "type")]
    agent_type: Option<String>,
    hostname: String,
    last_snapshot: Option<i64>,
    last_screenshot: Option<i64>,
    screenshot_success: Option<bool>,
    protected_machine: ProtectedMachine,
}

#[derive(Clone, Debug, Serialize)]
struct ProtectedMachine {
    mac: Option<String>,
    serial: Option<String>,
}

impl EndpointClient {
    /// Of an organization, as the vendor calls it, with its agents.
    pub fn of(owner: Owner, client_name: Option<String>, agents: Vec<ListedAgent>) -> Self {
        let seconds = |moment: crate::kernel::time::Timestamp| moment.0.div_euclid(1_000);
        let agents = agents.into_iter().map(|agent| ServedAgent {
            uuid: agent.uuid,
            short_code: agent.short_code,
            agent_type: agent.agent_type,
            hostname: agent.hostname,
            last_snapshot: agent.last_snapshot.map(seconds),
            last_screenshot: agent.last_screenshot.map(seconds),
            screenshot_success: agent.screenshot_success,
            protected_machine: ProtectedMachine { mac: agent.mac, serial: agent.serial },
        });
        Self { organization_id: owner.id, organization_name: owner.name, client_name, agents: agents.collect() }
    }
}

/// An item of `/v1/dtc/assets`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DtcAsset {
    name: String,
    status: Option<String>,
    #[serde(rename = "type")]
    asset_type: Option<String>,
    last_backup: Option<String>,
    screenshot_success: Option<bool>,
    asset_uuid: String,
    organization_id: i64,
    organization_name: String,
    reseller_id: Option<i64>,
    backup_state_successful: Option<bool>,
    last_screenshot_url: Option<String>,
    #[serde(rename = "last10Backups")]
    backups: Vec<Backup>,
    hostname: Option<String>,
    mac_address: Option<String>,
    external_ip: Option<String>,
    agent_code: Option<String>,
    protected_volume: Option<String>,
}

impl DtcAsset {
    /// Of an organization's dataset.
    pub fn of(owner: Owner, asset: ListedAsset) -> Self {
        Self {
            name: asset.name,
            status: asset.status,
            asset_type: asset.asset_type,
            last_backup: asset.last_backup,
            screenshot_success: asset.screenshot_success,
            asset_uuid: asset.asset_uuid,
            organization_id: owner.id,
            organization_name: owner.name,
            reseller_id: asset.reseller_id,
            backup_state_successful: asset.backup_success,
            last_screenshot_url: asset.last_screenshot_url,
            backups: asset.backups,
            hostname: asset.hostname,
            mac_address: asset.mac_address,
            external_ip: asset.external_ip,
            agent_code: asset.agent_code,
            protected_volume: asset.protected_volume,
        }
    }
}
