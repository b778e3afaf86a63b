//! Agents and datasets as files bring them. Everything is looked up inside one partner.

use rusqlite::{Row, params};

use crate::endpoints::model::{Backup, ListedAgent, ListedAsset, search_text, summarize};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{EndpointAgentId, EndpointDatasetId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;

/// The organization an agent is tied to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Home {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// The vendor's id of it.
    pub vendor_id: Option<i64>,
}

pub(super) const AGENT: &str =
    "e.uuid, e.short_code, e.agent_type, e.hostname, e.client_name, e.last_snapshot, e.last_screenshot, e.screenshot_success,
    e.mac, e.serial";

pub(super) fn read_agent(row: &Row<'_>) -> rusqlite::Result<ListedAgent> {
    Ok(ListedAgent {
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
    })
}

pub(super) const ASSET: &str =
    "d.asset_uuid, d.name, d.status, d.asset_type, d.last_backup, d.screenshot_success, d.reseller_id, d.backup_success,
    d.last_screenshot_url, d.hostname, d.mac_address, d.external_ip, d.agent_code, d.protected_volume";

pub(super) fn read_asset(row: &Row<'_>) -> rusqlite::Result<ListedAsset> {
    Ok(ListedAsset {
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
    })
}

pub(super) fn backups(db: &impl Read, dataset: EndpointDatasetId) -> Result<Vec<Backup>> {
    db.all("select at, success, screenshot_success from endpoint_backup where dataset = ?1 order by number", [dataset], |row| {
        let at: Timestamp = row.get(0)?;
        Ok(Backup { timestamp: at.0.div_euclid(1_000), success: row.get(1)?, screenshot_success: row.get(2)? })
    })
}

/// The agent of a partner with this uuid, else the one that was made of an asset of this short code; as it was listed, and where it is tied to.
pub fn agent(db: &impl Read, partner: PartnerId, uuid: &str, code: Option<&str>) -> Result<Option<(EndpointAgentId, Home, ListedAgent)>> {
    db.maybe(
        &format!(
            "select {AGENT}, e.id, o.id, o.name, o.vendor_id from endpoint_agent e join organization o on o.id = e.organization
              where e.id = coalesce((select x.id from endpoint_agent x where x.partner = ?1 and x.uuid = ?2),
                                    (select min(y.id) from endpoint_agent y join endpoint_dataset d on d.agent = y.id and d.asset_uuid = y.uuid
                                      where y.partner = ?1 and y.short_code = ?3))"
        ),
        params![partner, uuid, code],
        |row| Ok((row.get(10)?, Home { id: row.get(11)?, name: row.get(12)?, vendor_id: row.get(13)? }, read_agent(row)?)),
    )
}

/// The dataset of a partner with this asset uuid, as it was listed.
pub fn asset(db: &impl Read, partner: PartnerId, asset_uuid: &str) -> Result<Option<(EndpointDatasetId, ListedAsset)>> {
    let found = db.maybe(
        &format!("select {ASSET}, d.id from endpoint_dataset d where d.partner = ?1 and d.asset_uuid = ?2"),
        params![partner, asset_uuid],
        |row| Ok((row.get(14)?, read_asset(row)?)),
    )?;
    let Some((id, listed)) = found else { return Ok(None) };
    Ok(Some((id, ListedAsset { backups: backups(db, id)?, ..listed })))
}

/// The agent that an asset belongs to, and where that is tied to: the one of this asset already, else of its agent code, else of its uuid.
pub fn agent_of_asset(db: &impl Read, partner: PartnerId, asset: &ListedAsset) -> Result<Option<(EndpointAgentId, Home)>> {
    db.maybe(
        "select e.id, o.id, o.name, o.vendor_id from endpoint_agent e join organization o on o.id = e.organization
          where e.id = coalesce((select d.agent from endpoint_dataset d where d.partner = ?1 and d.asset_uuid = ?2),
                                (select min(x.id) from endpoint_agent x where x.partner = ?1 and x.short_code = ?3),
                                (select y.id from endpoint_agent y where y.partner = ?1 and y.uuid = ?2))",
        params![partner, asset.asset_uuid, asset.agent_code],
        |row| Ok((row.get(0)?, Home { id: row.get(1)?, name: row.get(2)?, vendor_id: row.get(3)? })),
    )
}

/// Takes an agent as it is listed: by its uuid, else as a new one of `organization`. Where an agent is tied to is never changed here (END-1).
pub fn upsert_agent(
    tx: &Tx<'_>,
    partner: PartnerId,
    listed: &ListedAgent,
    organization: Option<OrganizationId>,
) -> Result<EndpointAgentId> {
    let id = match agent(tx, partner, &listed.uuid, listed.short_code.as_deref())? {
        Some((id, ..)) => {
            tx.change_one(
                "update endpoint_agent
                    set short_code = ?2, agent_type = ?3, hostname = ?4, name_key = ?5, client_name = ?6, last_snapshot = ?7, last_screenshot = ?8,
                        screenshot_success = ?9, mac = ?10, serial = ?11, search = ?12, uuid = ?13
                  where id = ?1",
                params![
                    id,
                    listed.short_code,
                    listed.agent_type,
                    listed.hostname,
                    text::key(&listed.hostname),
                    listed.client_name,
                    listed.last_snapshot,
                    listed.last_screenshot,
                    listed.screenshot_success,
                    listed.mac,
                    listed.serial,
                    search_text(listed),
                    listed.uuid
                ],
            )?;
            id
        }
        None => insert_agent(tx, partner, listed, organization.ok_or(Error::NotFound)?)?,
    };
    own_a_dataset(tx, partner, id, listed)?;
    refresh(tx, id)?;
    Ok(id)
}

fn insert_agent(tx: &Tx<'_>, partner: PartnerId, listed: &ListedAgent, organization: OrganizationId) -> Result<EndpointAgentId> {
    let id = EndpointAgentId(tx.tokens().id()?);
    tx.change_one(
        "insert into endpoint_agent (id, partner, organization, uuid, short_code, agent_type, hostname, name_key, client_name, last_snapshot,
                                     last_screenshot, screenshot_success, mac, serial, created_at, search)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        params![
            id,
            partner,
            organization,
            listed.uuid,
            listed.short_code,
            listed.agent_type,
            listed.hostname,
            text::key(&listed.hostname),
            listed.client_name,
            listed.last_snapshot,
            listed.last_screenshot,
            listed.screenshot_success,
            listed.mac,
            listed.serial,
            tx.now(),
            search_text(listed)
        ],
    )?;
    Ok(id)
}

/// An agent that has backups owns a dataset, whether or not its asset was told.
fn own_a_dataset(tx: &Tx<'_>, partner: PartnerId, agent: EndpointAgentId, listed: &ListedAgent) -> Result<()> {
    if listed.last_snapshot.is_none() {
        return Ok(());
    }
    tx.execute(
        "update endpoint_dataset set name = ?2, hostname = ?2 where agent = ?1 and asset_uuid is null",
        params![agent, listed.hostname],
    )?;
    tx.execute(
        "insert into endpoint_dataset (id, partner, agent, name, hostname, created_at)
         select ?1, ?2, ?3, ?4, ?4, ?5 where not exists (select 1 from endpoint_dataset where agent = ?3)",
        params![tx.tokens().id()?, partner, agent, listed.hostname, tx.now()],
    )
    .map(drop)
}

/// Takes a dataset as its asset is listed: by the asset's uuid, else as the one of its agent of which no asset was told, else as a new one. An
/// asset of no agent that is known makes one, of `organization`.
pub fn upsert_asset(tx: &Tx<'_>, partner: PartnerId, listed: &ListedAsset, organization: Option<OrganizationId>) -> Result<()> {
    let agent = match agent_of_asset(tx, partner, listed)? {
        Some((agent, _)) => agent,
        None => insert_agent(tx, partner, &agent_made_of(listed), organization.ok_or(Error::NotFound)?)?,
    };
    let dataset = match asset(tx, partner, &listed.asset_uuid)? {
        Some((dataset, _)) => dataset,
        None => new_dataset(tx, partner, agent, listed)?,
    };
    tx.change_one(
        "update endpoint_dataset
            set asset_uuid = ?2, name = ?3, status = ?4, asset_type = ?5, last_backup = ?6, screenshot_success = ?7, reseller_id = ?8,
                backup_success = ?9, last_screenshot_url = ?10, hostname = ?11, mac_address = ?12, external_ip = ?13, agent_code = ?14,
                protected_volume = ?15
          where id = ?1",
        params![
            dataset,
            listed.asset_uuid,
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
            listed.protected_volume
        ],
    )?;
    tx.execute("delete from endpoint_backup where dataset = ?1", [dataset])?;
    for (number, backup) in (0_i64..).zip(&listed.backups) {
        tx.change_one(
            "insert into endpoint_backup (partner, dataset, number, at, success, screenshot_success) values (?1, ?2, ?3, ?4, ?5, ?6)",
            params![partner, dataset, number, backup.at(), backup.success, backup.screenshot_success],
        )?;
    }
    refresh(tx, agent)
}

fn new_dataset(tx: &Tx<'_>, partner: PartnerId, agent: EndpointAgentId, listed: &ListedAsset) -> Result<EndpointDatasetId> {
    let waiting: Option<EndpointDatasetId> =
        tx.maybe("select id from endpoint_dataset where agent = ?1 and asset_uuid is null", [agent], |row| row.get(0))?;
    if let Some(dataset) = waiting {
        return Ok(dataset);
    }
    let id = EndpointDatasetId(tx.tokens().id()?);
    tx.change_one(
        "insert into endpoint_dataset (id, partner, agent, name, created_at) values (?1, ?2, ?3, ?4, ?5)",
        params![id, partner, agent, listed.name, tx.now()],
    )?;
    Ok(id)
}

/// The agent of an asset that no list of agents told of.
pub fn agent_made_of(asset: &ListedAsset) -> ListedAgent {
    ListedAgent {
        uuid: asset.asset_uuid.clone(),
        short_code: asset.agent_code.clone(),
        agent_type: asset.asset_type.clone(),
        hostname: asset.hostname.clone().unwrap_or_else(|| asset.name.clone()),
        client_name: None,
        last_snapshot: None,
        last_screenshot: None,
        screenshot_success: None,
        mac: asset.mac_address.clone(),
        serial: None,
    }
}

/// Brings what an agent's row keeps of its backups up to date. Twice changes nothing.
fn refresh(tx: &Tx<'_>, agent: EndpointAgentId) -> Result<()> {
    let listed = tx.one(&format!("select {AGENT} from endpoint_agent e where e.id = ?1"), [agent], read_agent)?;
    let told = tx.all(
        &format!("select {ASSET}, d.id from endpoint_dataset d where d.agent = ?1 and d.asset_uuid is not null order by d.asset_uuid"),
        [agent],
        |row| Ok((row.get(14)?, read_asset(row)?)),
    )?;
    let mut assets = Vec::with_capacity(told.len());
    for (dataset, asset) in told {
        assets.push(ListedAsset { backups: backups(tx, dataset)?, ..asset });
    }
    let summary = summarize(&listed, &assets);
    tx.change_one(
        "update endpoint_agent set last_backup = ?2, strip = ?3, shot_at = ?4, shot_success = ?5 where id = ?1",
        params![agent, summary.last_backup, summary.strip, summary.shot_at, summary.shot_success],
    )
}
