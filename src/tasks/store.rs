//! The rows of device tasks: the only writer of this table.

use rusqlite::{Row, named_params, params};

use crate::access::model::{Actor, Scope};
use crate::devices::model::Device;
use crate::devices_named;
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, IdentityId, KeyId, OrganizationId, TaskId};
use crate::kernel::json::Paging;
use crate::kernel::text;
use crate::tasks::model::{End, NewTask, Point, Stamp, State, Task, Urgency};

/// What is read of a task.
pub(super) const COLUMNS: &str = concat!(
    "t.id, t.partner, t.organization, o.name, t.device, t.device_name, t.device_serial,
    d.organization is t.organization, t.kind, t.asset_name, t.asset_volume, t.point_at, t.note, t.disaster_recovery, t.state, t.asked_by, t.asked_at, t.asked_account,
    t.authorization, t.approved_by, t.approved_at, t.taken_by, t.taken_at, t.taken_key, t.progress, t.progress_at, t.ended_by, t.ended_at,
    t.result, t.takes, ",
    devices_named!(":viewer")
);
/// Where it is read from.
pub(super) const TABLES: &str = "device_task t join organization o on o.id = t.organization join device d on d.id = t.device";
/// Those of the organizations inside a scope.
pub(super) const IN_SCOPE: &str =
    concat!("t.partner in (select partner from partner_ancestor where ancestor = :viewer) and ", in_sight!("t.organization"));
/// Scripts work for their own partner.
const OWN: &str = concat!("t.partner = :viewer and ", in_sight!("t.organization"));
/// What still waits for somebody.
pub(super) const OPEN: &str = "t.state in ('waiting', 'queued', 'in_progress')";
/// SUP-1: what stands first. A claim of disaster recovery that nobody has confirmed, by the asker's authorization or by an approval, stands
/// before nothing: else whoever is not authorized had the first place for a tick.
pub(super) const FIRST: &str = "(t.disaster_recovery = 1 and t.state <> 'waiting')";

/// A task inside `scope`; `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, task: TaskId) -> Result<Task> {
    db.one(&format!("select {COLUMNS} from {TABLES} where t.id = :task and {IN_SCOPE}"), scope.bind(&[(":task", &task)]).as_slice(), read)
}

/// HOM-1: the tasks inside `scope` that wait for the approval of somebody of these hands (PAR-1), the oldest on top, up to `limit`; how many
/// there are.
pub fn waiting(db: &impl Read, scope: &Scope, limit: i64) -> Result<(Vec<Task>, i64)> {
    let wanted = format!("t.state = 'waiting' and (:acts or t.partner = :viewer) and {IN_SCOPE}");
    let acts = scope.acts_beneath();
    let tasks = db.all(
        &format!("select {COLUMNS} from {TABLES} where {wanted} order by t.asked_at, t.id limit :limit"),
        scope.bind(&[(":limit", &limit), (":acts", &acts)]).as_slice(),
        read,
    )?;
    let count =
        db.one(&format!("select count(*) from device_task t where {wanted}"), scope.bind(&[(":acts", &acts)]).as_slice(), |row| {
            row.get(0)
        })?;
    Ok((tasks, count))
}

/// For scripts: a task of their own partner inside `scope`; `NotFound` for any other.
pub fn find_own(db: &impl Read, scope: &Scope, task: TaskId) -> Result<Task> {
    db.one(&format!("select {COLUMNS} from {TABLES} where t.id = :task and {OWN}"), scope.bind(&[(":task", &task)]).as_slice(), read)
}

/// For scripts: a page of their own partner's tasks inside `scope`, of one state if one is named, in the order of the queue; how many there
/// are.
pub fn page_of_own(db: &impl Read, scope: &Scope, state: Option<State>, paging: Paging) -> Result<(Vec<Task>, i64)> {
    let wanted = format!("(:state is null or t.state = :state) and {OWN}");
    let tasks = db.all(
        &format!("select {COLUMNS} from {TABLES} where {wanted} order by {FIRST} desc, t.asked_at, t.id limit :limit offset :skipped"),
        scope.bind(named_params! { ":state": state, ":limit": paging.per_page, ":skipped": paging.skipped() }).as_slice(),
        read,
    )?;
    let count =
        db.one(&format!("select count(*) from device_task t where {wanted}"), scope.bind(&[(":state", &state)]).as_slice(), |row| {
            row.get(0)
        })?;
    Ok((tasks, count))
}

/// For scripts: the next queued task of their own partner inside `scope`: disaster recovery first, then the oldest. Of one device, if its
/// serial number is given. A device that is no longer the organization's has no next task.
pub fn next(db: &impl Read, scope: &Scope, serial_key: Option<&str>) -> Result<Option<Task>> {
    db.maybe(
        &format!(
            "select {COLUMNS} from {TABLES}
              where t.state = 'queued' and d.organization = t.organization and (:serial is null or d.serial_key = :serial) and {OWN}
              order by t.disaster_recovery desc, t.asked_at, t.id limit 1"
        ),
        scope.bind(&[(":serial", &serial_key)]).as_slice(),
        read,
    )
}

/// How many tasks an organization has, and how many of them are open. The caller found it in scope.
pub fn count_of(db: &impl Read, organization: OrganizationId) -> Result<(i64, i64)> {
    let sql = format!("select count(*), count(case when {OPEN} then 1 end) from device_task t where t.organization = ?1");
    db.one(&sql, [organization], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// How many tasks of an organization are open, which was found in scope by the caller.
pub fn count_open(db: &impl Read, organization: OrganizationId) -> Result<i64> {
    db.one(&format!("select count(*) from device_task t where t.organization = ?1 and {OPEN}"), [organization], |row| row.get(0))
}

/// A row of `COLUMNS`.
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Task> {
    let stamp = |by: usize, at: usize| -> rusqlite::Result<Option<Stamp>> {
        let by: Option<String> = row.get(by)?;
        Ok(by.zip(row.get(at)?).map(|(by, at)| Stamp { by, at }))
    };
    let point = match (row.get(9)?, row.get(10)?, row.get(11)?) {
        (Some(asset), Some(volume), Some(at)) => Some(Point { asset, volume, at }),
        _ => None,
    };
    Ok(Task {
        id: row.get(0)?,
        partner: row.get(1)?,
        organization: (row.get(2)?, row.get(3)?),
        device: (row.get(4)?, row.get(5)?, row.get(6)?),
        linked: row.get(7)?,
        kind: row.get(8)?,
        point,
        note: row.get(12)?,
        urgency: Urgency::of(row.get(13)?),
        state: row.get(14)?,
        asked: Stamp { by: row.get(15)?, at: row.get(16)? },
        asked_account: row.get(17)?,
        authorization: row.get(18)?,
        approved: stamp(19, 20)?,
        taken: stamp(21, 22)?,
        taken_key: row.get(23)?,
        progress: row.get::<_, Option<String>>(24)?.zip(row.get(25)?),
        ended: stamp(26, 27)?,
        result: row.get(28)?,
        takes: row.get(29)?,
        named: row.get(30)?,
    })
}

/// Keeps what was asked of a device, which is linked to this organization; its id.
pub fn insert(
    tx: &Tx<'_>,
    (device, organization): (&Device, OrganizationId),
    wanted: &NewTask,
    by: &Actor,
    (state, authorization): (State, Option<&str>),
) -> Result<TaskId> {
    let id = TaskId(tx.tokens().id()?);
    let point = wanted.point.as_ref();
    tx.change_one(
        "insert into device_task (id, partner, organization, device, kind, asset_name, asset_volume, point_at, note, disaster_recovery, state,
                                  asked_by, asked_account, asked_at, authorization, device_name, device_serial, search)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        params![
            id,
            device.partner,
            organization,
            device.id,
            wanted.kind,
            point.map(|point| point.asset.as_str()),
            point.map(|point| point.volume.as_str()),
            point.map(|point| point.at),
            wanted.note,
            wanted.urgency.is_marked(),
            state,
            by.name,
            by.account,
            tx.now(),
            authorization,
            device.report.name,
            device.report.serial,
            searched(device, wanted, by)
        ],
    )?;
    Ok(id)
}

/// What a task is found by.
fn searched(device: &Device, wanted: &NewTask, by: &Actor) -> String {
    let asset = wanted.point.as_ref().map_or("", |point| point.asset.as_str());
    text::key(&[device.report.name.as_str(), &device.report.serial, asset, &by.name, &wanted.note].join(" "))
}

/// Compare and set: what waits is queued. `Conflict` when it waits no more.
pub fn approve(tx: &Tx<'_>, task: TaskId, by: &str) -> Result<()> {
    tx.change_one(
        "update device_task set state = 'queued', approved_by = ?2, approved_at = ?3 where id = ?1 and state = 'waiting'",
        (task, by, tx.now()),
    )
}

/// Compare and set: what is queued is taken by a connector. `Conflict` when another one was first.
pub fn take(tx: &Tx<'_>, task: TaskId, by: &str, key: KeyId) -> Result<()> {
    tx.change_one(
        "update device_task set state = 'in_progress', takes = takes + 1, taken_by = ?2, taken_key = ?3, taken_at = ?4
          where id = ?1 and state = 'queued'",
        (task, by, key, tx.now()),
    )
}

/// Compare and set: this take is over, and the task is queued again. `Conflict` when it was ended or put back meanwhile.
pub fn put_back(tx: &Tx<'_>, task: &Task) -> Result<()> {
    tx.change_one(
        "update device_task set state = 'queued', taken_by = null, taken_key = null, taken_at = null, progress = null, progress_at = null
          where id = ?1 and state = 'in_progress' and takes = ?2",
        (task.id, task.takes),
    )
}

/// Compare and set: who asked takes back what no connector has. `Conflict` when one was faster.
pub fn withdraw(tx: &Tx<'_>, task: &Task, by: &str) -> Result<()> {
    tx.change_one(
        "update device_task set state = 'withdrawn', ended_by = ?3, ended_at = ?4 where id = ?1 and state = ?2",
        params![task.id, task.state, by, tx.now()],
    )
}

/// What a connector says on the way.
pub fn report(tx: &Tx<'_>, task: TaskId, text: &str) -> Result<()> {
    tx.change_one("update device_task set progress = ?2, progress_at = ?3 where id = ?1 and state = 'in_progress'", (task, text, tx.now()))
}

/// Compare and set: ends what is open in this state. `Conflict` when it is not.
pub fn end(tx: &Tx<'_>, task: &Task, end: End, by: &str, result: &str) -> Result<()> {
    tx.change_one(
        "update device_task set state = ?3, ended_by = ?4, ended_at = ?5, result = ?6 where id = ?1 and state = ?2",
        params![task.id, task.state, end.state(), by, tx.now(), result],
    )
}

/// Whom a letter may tell what came of a task: who asked, as long as they may see it. The account and what it signs in with.
pub fn asker(db: &impl Read, task: &Task) -> Result<Option<(AccountId, IdentityId)>> {
    db.maybe(
        "select a.id, a.identity
           from account a left join organization_user u on u.account = a.id left join employee e on e.account = a.id
          where a.id = ?1 and a.state = 'active'
            and ((u.organization = ?2 and u.access = 'full')
              or (e.bcdr = 'full' and (e.limited = 0 or e.role in ('primary_account', 'security_admin')
                  or exists (select 1 from employee_sight g where g.account = a.id and g.organization = ?2))))",
        (task.asked_account, task.organization.0),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// ORG-8, PAR-6: the tasks of an organization that is deleted or goes to another partner; how many went.
pub fn forget_organization(tx: &Tx<'_>, organization: OrganizationId) -> Result<usize> {
    tx.execute("delete from device_task where organization = ?1", [organization])
}
