//! Endpoint agents and assets on their way in.

use rusqlite::params;

use crate::endpoints::model::{Backup, ListedAgent, ListedAsset};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{EndpointAgentId, EndpointDatasetId, ImportId, OrganizationId};

/// Stages an agent: the one here that it was compared with, and where it is tied to.
pub fn agent(
    tx: &Tx<'_>,
    import: ImportId,
    listed: &ListedAgent,
    met: Option<EndpointAgentId>,
    organization: OrganizationId,
) -> Result<()> {
    tx.change_one(
        "insert into import_endpoint_agent (import, uuid, agent, organization, short_code, agent_type, hostname, client_name, last_snapshot, last_screenshot,
                                   screenshot_success, mac, serial)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        params![
            import,
            listed.uuid,
            met,
            organization,
            listed.short_code,
            listed.agent_type,
            listed.hostname,
            listed.client_name,
            listed.last_snapshot,
            listed.last_screenshot,
            listed.screenshot_success,
            listed.mac,
            listed.serial
        ],
    )
}

/// The staged agents, and where each is tied to.
pub fn agents(db: &impl Read, import: ImportId) -> Result<Vec<(ListedAgent, OrganizationId)>> {
    db.all(
        "select uuid, short_code, agent_type, hostname, client_name, last_snapshot, last_screenshot, screenshot_success, mac, serial, organization
           from import_endpoint_agent where import = ?1 order by uuid",
        [import],
        |row| {
            let listed = ListedAgent {
                uuid: row.get(0)?,
                short_code: row.get(1)?,
                agent_type: row.get(2)?,
                hostname: row.get(3)?,
                client_name: row.get(4)?,
                last_snapshot: row.get(5)?,
                last_screenshot: row.get(6)?,
                screenshot_success: row.get(7)?,
                mac: row.get(8)?,
                serial: row.get(9)?,
            };
            Ok((listed, row.get(10)?))
        },
    )
}

/// Stages an asset: the dataset here that it was compared with, and where its agent is tied to.
pub fn asset(
    tx: &Tx<'_>,
    import: ImportId,
    listed: &ListedAsset,
    met: Option<EndpointDatasetId>,
    organization: OrganizationId,
) -> Result<()> {
    tx.change_one(
        "insert into import_endpoint_asset (import, asset_uuid, dataset, organization, name, status, asset_type, last_backup, screenshot_success, reseller_id,
                                   backup_success, last_screenshot_url, hostname, mac_address, external_ip, agent_code, protected_volume, backups)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        params![
            import,
            listed.asset_uuid,
            met,
            organization,
            listed.name,
            listed.status,
            listed.asset_type,
            listed.last_backup,
            listed.screenshot_success,
            listed.reseller_id,
            listed.backup_success,
            listed.last_screenshot_url,
            listed.hostname,
            listed.mac_address,
            listed.external_ip,
            listed.agent_code,
            listed.protected_volume,
            serde_json::to_string(&listed.backups)?
        ],
    )
}

/// The staged assets, and where the agent of each is tied to.
pub fn assets(db: &impl Read, import: ImportId) -> Result<Vec<(ListedAsset, OrganizationId)>> {
    let staged: Vec<(ListedAsset, String, OrganizationId)> = db.all(
        "select asset_uuid, name, status, asset_type, last_backup, screenshot_success, reseller_id, backup_success, last_screenshot_url, hostname,
                mac_address, external_ip, agent_code, protected_volume, backups, organization
           from import_endpoint_asset where import = ?1 order by asset_uuid",
        [import],
        |row| {
            let listed = ListedAsset {
                asset_uuid: row.get(0)?,
                name: row.get(1)?,
                status: row.get(2)?,
                asset_type: row.get(3)?,
                last_backup: row.get(4)?,
                screenshot_success: row.get(5)?,
                reseller_id: row.get(6)?,
                backup_success: row.get(7)?,
                last_screenshot_url: row.get(8)?,
                hostname: row.get(9)?,
                mac_address: row.get(10)?,
                external_ip: row.get(11)?,
                agent_code: row.get(12)?,
                protected_volume: row.get(13)?,
                backups: Vec::new(),
            };
            Ok((listed, row.get(14)?, row.get(15)?))
        },
    )?;
    let whole = |(listed, backups, organization): (ListedAsset, String, OrganizationId)| {
        let backups: Vec<Backup> = serde_json::from_str(&backups)?;
        Ok((ListedAsset { backups, ..listed }, organization))
    };
    staged.into_iter().map(whole).collect()
}

/// Each finds a row that stands in the way: what was compared with another one than the move meets, or is tied to what is gone.
pub const STALE: &[&str] = &[
    "select 1 from import_endpoint_agent r
      where r.import = ?1 and r.agent is not coalesce(
        (select x.id from endpoint_agent x where x.partner = ?2 and x.uuid = r.uuid),
        (select min(y.id) from endpoint_agent y join endpoint_dataset d on d.agent = y.id and d.asset_uuid = y.uuid
          where y.partner = ?2 and y.short_code = r.short_code))",
    "select 1 from import_endpoint_asset r
      where r.import = ?1 and r.dataset is not (select d.id from endpoint_dataset d where d.partner = ?2 and d.asset_uuid = r.asset_uuid)",
    "select 1 from (select organization from import_endpoint_agent where import = ?1 union select organization from import_endpoint_asset where import = ?1) r
      where not exists (select 1 from organization o where o.id = r.organization and o.partner = ?2 and o.deleted_at is null)
        and not exists (select 1 from import_organization x where x.import = ?1 and x.organization = r.organization and x.verdict = 'new')",
];
