//! The rows of file restores: the only writer of this table.

use rusqlite::{Row, params};

use crate::access::model::Scope;
use crate::endpoints::model::{dataset_name, written_moment};
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{EndpointAgentId, EndpointDatasetId, FileRestoreId, OrganizationId, PartnerId};
use crate::kernel::time::Timestamp;
use crate::not_over;
use crate::restores::model::{FileRestore, RecoveryPoint, State, Wanted};
use crate::subscriptions::model::over_since;

const COLUMNS: &str =
    "r.id, r.partner, r.organization, o.name, r.agent, e.hostname, d.name, d.protected_volume, r.recovery_point, r.path, r.note,
    r.state, r.asked_by, r.asked_at, r.changed_by, r.changed_at, r.result";
const TABLES: &str = "organization_listing l cross join file_restore r on r.organization = l.organization
    cross join organization o on o.id = l.organization cross join endpoint_agent e on e.id = r.agent
    cross join endpoint_dataset d on d.id = r.dataset";
/// The restores inside a scope: those of organizations that the viewer lists and that are not over (SUB-3).
const IN_SCOPE: &str = concat!("l.viewer = :viewer and ", not_over!("l"), " and ", in_sight!("l.organization"));

/// A restore inside `scope`; `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, restore: FileRestoreId) -> Result<FileRestore> {
    db.one(
        &format!("select {COLUMNS} from {TABLES} where r.id = :restore and {IN_SCOPE}"),
        scope.bind(&[(":restore", &restore), (":over", &over_since(db.now()))]).as_slice(),
        read,
    )
}

/// The newest restores inside `scope`, of one agent or of all, up to `limit`: those that wait first.
pub fn newest(db: &impl Read, scope: &Scope, agent: Option<EndpointAgentId>, limit: usize) -> Result<Vec<FileRestore>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    db.all(
        &format!(
            "select {COLUMNS} from {TABLES} where {IN_SCOPE} and (:agent is null or r.agent = :agent)
              order by r.state <> 'requested', r.asked_at desc, r.id limit :limit"
        ),
        scope.bind(&[(":over", &over_since(db.now())), (":agent", &agent), (":limit", &limit)]).as_slice(),
        read,
    )
}

/// How many restores inside `scope` wait for somebody.
pub fn count_waiting(db: &impl Read, scope: &Scope) -> Result<usize> {
    let count: i64 = db.one(
        &format!("select count(*) from {TABLES} where {IN_SCOPE} and r.state = 'requested'"),
        scope.bind(&[(":over", &over_since(db.now()))]).as_slice(),
        |row| row.get(0),
    )?;
    Ok(usize::try_from(count).unwrap_or(0))
}

fn read(row: &Row<'_>) -> rusqlite::Result<FileRestore> {
    let (name, volume): (String, Option<String>) = (row.get(6)?, row.get(7)?);
    Ok(FileRestore {
        id: row.get(0)?,
        partner: row.get(1)?,
        organization: (row.get(2)?, row.get(3)?),
        agent: (row.get(4)?, row.get(5)?),
        dataset: dataset_name(&name, volume.as_deref()),
        recovery_point: row.get(8)?,
        path: row.get(9)?,
        note: row.get(10)?,
        state: row.get(11)?,
        asked_by: row.get(12)?,
        asked_at: row.get(13)?,
        changed: row.get::<_, Option<String>>(14)?.zip(row.get(15)?),
        result: row.get(16)?,
    })
}

/// The backups of an agent's datasets that files can be taken from, the newest first. The agent was found in scope by the caller.
pub fn points(db: &impl Read, agent: EndpointAgentId) -> Result<Vec<RecoveryPoint>> {
    let read = |row: &Row<'_>| -> rusqlite::Result<(EndpointDatasetId, String, Option<Timestamp>)> {
        let (name, volume): (String, Option<String>) = (row.get(1)?, row.get(2)?);
        Ok((row.get(0)?, dataset_name(&name, volume.as_deref()), row.get(3)?))
    };
    let mut found = db.all(
        "select d.id, d.name, d.protected_volume, b.at from endpoint_dataset d join endpoint_backup b on b.dataset = d.id and b.success = 1
          where d.agent = ?1",
        [agent],
        read,
    )?;
    // Where no list of backups was told, there is the newest one.
    found.extend(db.all(
        "select d.id, d.name, d.protected_volume, e.last_snapshot from endpoint_dataset d join endpoint_agent e on e.id = d.agent
          where d.agent = ?1 and d.asset_uuid is null",
        [agent],
        read,
    )?);
    found.extend(db.all(
        "select d.id, d.name, d.protected_volume, d.last_backup from endpoint_dataset d where d.agent = ?1 and d.last_backup is not null
            and not exists (select 1 from endpoint_backup b where b.dataset = d.id and b.success = 1)",
        [agent],
        |row| {
            let (name, volume): (String, Option<String>) = (row.get(1)?, row.get(2)?);
            let written: Option<String> = row.get(3)?;
            Ok((row.get(0)?, dataset_name(&name, volume.as_deref()), written_moment(written.as_deref())))
        },
    )?);
    let mut points: Vec<RecoveryPoint> =
        found.into_iter().filter_map(|(dataset, shown, at)| Some(RecoveryPoint { dataset, shown, at: at? })).collect();
    points.sort_by(|one, other| other.at.cmp(&one.at).then_with(|| one.shown.cmp(&other.shown)));
    Ok(points)
}

/// Keeps a restore that was asked for of an agent, which was found in scope by the caller.
pub fn add(
    tx: &Tx<'_>,
    (partner, organization): (PartnerId, OrganizationId),
    agent: EndpointAgentId,
    wanted: &Wanted,
    asked_by: &str,
) -> Result<FileRestoreId> {
    let id = FileRestoreId(tx.tokens().id()?);
    tx.change_one(
        "insert into file_restore (id, partner, organization, agent, dataset, recovery_point, path, note, state, asked_by, asked_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            id,
            partner,
            organization,
            agent,
            wanted.point.dataset,
            wanted.point.at,
            wanted.path,
            wanted.note,
            State::Requested,
            asked_by,
            tx.now()
        ],
    )?;
    Ok(id)
}

/// Takes a restore from one state to another; `Conflict` if somebody was faster.
pub fn change(tx: &Tx<'_>, restore: &FileRestore, to: State, who: &str, result: &str) -> Result<()> {
    tx.change_one(
        "update file_restore set state = ?3, changed_by = ?4, changed_at = ?5, result = ?6 where id = ?1 and state = ?2",
        params![restore.id, restore.state, to, who, tx.now(), result],
    )
}

/// ORG-8: the restores of an organization that is deleted go, before its agents do.
pub fn forget_organization(tx: &Tx<'_>, organization: OrganizationId) -> Result<usize> {
    tx.execute("delete from file_restore where organization = ?1", [organization])
}

/// PAR-6: they go along with their agents.
pub fn move_to(tx: &Tx<'_>, organization: OrganizationId, receiver: PartnerId) -> Result<()> {
    tx.execute("update file_restore set partner = ?2 where organization = ?1", params![organization, receiver]).map(drop)
}
