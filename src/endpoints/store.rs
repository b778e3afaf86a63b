//! The rows of agents and datasets as people see them, and what becomes of them with their organization.

use rusqlite::{Row, params};

use crate::access::model::Scope;
use crate::endpoints::model::{Agent, Dataset, Summary, dataset_name, written_moment};
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{EndpointAgentId, OrganizationId, PartnerId};
use crate::kernel::time::Timestamp;
use crate::not_over;
use crate::subscriptions::model::over_since;

/// What `read` reads, of `TABLES`.
pub(super) const COLUMNS: &str =
    "e.id, e.partner, e.organization, o.name, s.state, e.hostname, e.short_code, e.serial, e.last_backup, e.strip,
    e.shot_at, e.shot_success, (select count(*) from endpoint_dataset d where d.agent = e.id)";
/// An agent with its organization as the viewer lists it, and that organization's subscription.
pub(super) const TABLES: &str = "organization_listing l cross join endpoint_agent e on e.organization = l.organization
    cross join organization o on o.id = l.organization cross join subscription s on s.organization = l.organization";
/// The agents inside a scope: those of organizations that the viewer lists and that are not over (SUB-3).
pub(super) const IN_SCOPE: &str = concat!("l.viewer = :viewer and ", not_over!("l"), " and ", in_sight!("l.organization"));

/// Agents of an organization inside `scope`, by name, up to `limit`; none for an organization outside.
pub fn of_organization(db: &impl Read, scope: &Scope, organization: OrganizationId, limit: usize) -> Result<Vec<Agent>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    db.all(
        &format!(
            "select {COLUMNS} from {TABLES} where l.organization = :organization and {IN_SCOPE} order by e.name_key, e.id limit :limit"
        ),
        scope.bind(&[(":organization", &organization), (":over", &over_since(db.now())), (":limit", &limit)]).as_slice(),
        read,
    )
}

/// An agent inside `scope`; `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, agent: EndpointAgentId) -> Result<Agent> {
    db.one(
        &format!("select {COLUMNS} from {TABLES} where e.id = :agent and {IN_SCOPE}"),
        scope.bind(&[(":agent", &agent), (":over", &over_since(db.now()))]).as_slice(),
        read,
    )
}

/// Reads a row of `COLUMNS`.
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Agent> {
    Ok(Agent {
        id: row.get(0)?,
        partner: row.get(1)?,
        organization: (row.get(2)?, row.get(3)?),
        subscription: row.get(4)?,
        hostname: row.get(5)?,
        short_code: row.get(6)?,
        serial: row.get(7)?,
        summary: Summary { last_backup: row.get(8)?, strip: row.get(9)?, shot_at: row.get(10)?, shot_success: row.get(11)? },
        datasets: row.get(12)?,
    })
}

/// The datasets of an agent, which was found in scope by the caller.
pub fn datasets(db: &impl Read, agent: EndpointAgentId) -> Result<Vec<Dataset>> {
    db.all(
        "select d.id, d.name, d.protected_volume, d.status, d.last_backup,
                case when d.asset_uuid is null then e.last_snapshot
                     else (select max(b.at) from endpoint_backup b where b.dataset = d.id and b.success = 1) end
           from endpoint_dataset d join endpoint_agent e on e.id = d.agent where d.agent = ?1 order by d.name, d.protected_volume, d.id",
        [agent],
        |row| {
            let (name, volume): (String, Option<String>) = (row.get(1)?, row.get(2)?);
            let (written, newest): (Option<String>, Option<Timestamp>) = (row.get(4)?, row.get(5)?);
            Ok(Dataset {
                id: row.get(0)?,
                shown: dataset_name(&name, volume.as_deref()),
                status: row.get(3)?,
                last_backup: written_moment(written.as_deref()).or(newest),
            })
        },
    )
}

/// How many agents an organization has, which was found in scope by the caller, and how many datasets these own.
pub fn count_of(db: &impl Read, organization: OrganizationId) -> Result<(i64, i64)> {
    db.one(
        "select count(distinct e.id), count(d.id) from endpoint_agent e left join endpoint_dataset d on d.agent = e.id where e.organization = ?1",
        [organization],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// ORG-7: the datasets of an organization's agents as people read them, by name. The organization was found in scope by the caller.
pub fn names_of(db: &impl Read, organization: OrganizationId) -> Result<Vec<String>> {
    db.all(
        "select d.name, d.protected_volume from endpoint_agent e join endpoint_dataset d on d.agent = e.id
          where e.organization = ?1 order by e.name_key, e.id, d.name, d.protected_volume, d.id",
        [organization],
        |row| Ok(dataset_name(&row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?.as_deref())),
    )
}

/// END-1, ORG-8: destroys the agents of an organization that is deleted, with their datasets; how many of each there were.
pub fn destroy_of_organization(tx: &Tx<'_>, organization: OrganizationId) -> Result<(usize, usize)> {
    const DATASETS: &str = "select d.id from endpoint_dataset d join endpoint_agent e on e.id = d.agent where e.organization = ?1";
    tx.execute(&format!("delete from endpoint_backup where dataset in ({DATASETS})"), [organization])?;
    let datasets = tx.execute(&format!("delete from endpoint_dataset where id in ({DATASETS})"), [organization])?;
    let agents = tx.execute("delete from endpoint_agent where organization = ?1", [organization])?;
    Ok((agents, datasets))
}

/// PAR-6: the agents of an organization are another partner's from now on, with their datasets.
pub fn move_to(tx: &Tx<'_>, organization: OrganizationId, receiver: PartnerId) -> Result<()> {
    const DATASETS: &str = "select d.id from endpoint_dataset d join endpoint_agent e on e.id = d.agent where e.organization = ?1";
    tx.execute(&format!("update endpoint_backup set partner = ?2 where dataset in ({DATASETS})"), params![organization, receiver])?;
    tx.execute(&format!("update endpoint_dataset set partner = ?2 where id in ({DATASETS})"), params![organization, receiver])?;
    tx.execute("update endpoint_agent set partner = ?2 where organization = ?1", params![organization, receiver]).map(drop)
}

/// PAR-6: whether a receiver holds one of the vendor's ids of an organization's agents or assets.
pub fn vendor_id_taken(db: &impl Read, receiver: PartnerId, organization: OrganizationId) -> Result<bool> {
    db.one(
        "select exists (select 1 from endpoint_agent a join endpoint_agent b on b.partner = ?1 and b.uuid = a.uuid where a.organization = ?2)
             or exists (select 1 from endpoint_agent a join endpoint_dataset d on d.agent = a.id
                          join endpoint_dataset x on x.partner = ?1 and x.asset_uuid = d.asset_uuid where a.organization = ?2)",
        params![receiver, organization],
        |row| row.get(0),
    )
}
