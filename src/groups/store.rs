//! The rows of access groups: the only writer of these tables.

use std::collections::HashMap;

use rusqlite::{Row, named_params, params};

use crate::access::model::Scope;
use crate::groups::model::{Colleague, Group, Held, PAGE, Part, Turn};
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, GroupId, OrganizationId, PartnerId};
use crate::kernel::text::{self, FirmName};
use crate::not_over;
use crate::subscriptions::model::over_since;

const GROUP: &str = "select g.id, g.name, (select count(*) from access_group_organization o where o.access_group = g.id),
        (select count(*) from access_group_member m where m.access_group = g.id)
   from access_group g";

fn read_group(row: &Row<'_>) -> rusqlite::Result<Group> {
    Ok(Group { id: row.get(0)?, name: row.get(1)?, organizations: row.get(2)?, members: row.get(3)? })
}

/// A partner's groups, by name.
pub fn list(db: &impl Read, partner: PartnerId) -> Result<Vec<Group>> {
    db.all(&format!("{GROUP} where g.partner = ?1 order by g.name_key, g.id"), [partner], read_group)
}

/// One of a partner's own groups; `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, partner: PartnerId, group: GroupId) -> Result<Group> {
    db.one(&format!("{GROUP} where g.id = ?1 and g.partner = ?2"), (group, partner), read_group)
}

/// The groups that an employee is in, by name.
pub fn of_member(db: &impl Read, account: AccountId) -> Result<Vec<Group>> {
    db.all(
        &format!("{GROUP} where g.id in (select access_group from access_group_member where account = ?1) order by g.name_key, g.id"),
        [account],
        read_group,
    )
}

/// The groups of a partner that hold an organization, by name.
pub fn of_organization(db: &impl Read, partner: PartnerId, organization: OrganizationId) -> Result<Vec<Group>> {
    db.all(
        &format!(
            "{GROUP} where g.partner = ?1 and g.id in (select access_group from access_group_organization where organization = ?2)
              order by g.name_key, g.id"
        ),
        (partner, organization),
        read_group,
    )
}

const COLLEAGUE: &str = "select a.id, a.first_name || ' ' || a.last_name, i.email, e.role, e.limited,
        (select count(*) from access_group_member m where m.account = a.id),
        exists (select 1 from employee_sight s where s.account = a.id)
   from account a join employee e on e.account = a.id join identity i on i.id = a.identity";

fn read_colleague(row: &Row<'_>) -> rusqlite::Result<Colleague> {
    Ok(Colleague {
        account: row.get(0)?,
        name: row.get(1)?,
        email: row.get(2)?,
        role: row.get(3)?,
        limited: row.get(4)?,
        groups: row.get(5)?,
        sees_any: row.get(6)?,
    })
}

/// One of a partner's own staff; `NotFound` for anybody else.
pub fn colleague(db: &impl Read, partner: PartnerId, account: AccountId) -> Result<Colleague> {
    db.one(&format!("{COLLEAGUE} where a.id = ?1 and e.partner = ?2"), (account, partner), read_colleague)
}

/// Somebody who is in a group; `NotFound` for anybody else.
pub fn member(db: &impl Read, group: GroupId, account: AccountId) -> Result<Colleague> {
    db.one(
        &format!(
            "{COLLEAGUE} where a.id = ?1 and exists (select 1 from access_group_member m where m.account = a.id and m.access_group = ?2)"
        ),
        (account, group),
        read_colleague,
    )
}

/// The members of a group who would see no organization without it, by last name.
pub fn stranded_without(db: &impl Read, group: GroupId) -> Result<Vec<Colleague>> {
    db.all(
        &format!(
            "{COLLEAGUE} where a.id in (select account from access_group_member where access_group = ?1)
                and not exists (select 1 from access_group_member m join access_group_organization o on o.access_group = m.access_group
                                 where m.account = a.id and m.access_group <> ?1)
              order by a.name_key, a.id"
        ),
        [group],
        read_colleague,
    )
}

/// What these employees of a partner see: each with their groups, by name.
pub fn standing(db: &impl Read, partner: PartnerId, accounts: &[AccountId]) -> Result<HashMap<AccountId, (Colleague, Vec<Group>)>> {
    accounts.iter().map(|account| Ok((*account, (colleague(db, partner, *account)?, of_member(db, *account)?)))).collect()
}

/// Who is in a group, by last name.
pub fn members(db: &impl Read, group: GroupId) -> Result<Vec<Colleague>> {
    db.all(
        &format!("{COLLEAGUE} where a.id in (select account from access_group_member where access_group = ?1) order by a.name_key, a.id"),
        [group],
        read_colleague,
    )
}

/// Those of a partner's staff whom groups limit, in whatever way, by last name.
pub fn limited(db: &impl Read, partner: PartnerId) -> Result<Vec<Colleague>> {
    db.all(&format!("{COLLEAGUE} where e.partner = ?1 and e.limited = 1 order by a.name_key, a.id"), [partner], read_colleague)
}

/// Those of a partner's staff who are not in a group and whose name or e-mail holds the words, by last name. No long list, so it is walked.
pub fn outsiders(db: &impl Read, partner: PartnerId, group: GroupId, words: &str, limit: usize) -> Result<Vec<Colleague>> {
    db.all(
        &format!(
            "{COLLEAGUE} where e.partner = :partner and a.id not in (select account from access_group_member where access_group = :group)
                and (:words = '' or instr(a.search || ' ' || a.name_key, :words) > 0)
              order by a.name_key, a.id limit :limit"
        ),
        named_params! {
            ":partner": partner, ":group": group, ":words": text::key(words), ":limit": i64::try_from(limit).unwrap_or(i64::MAX)
        },
        read_colleague,
    )
}

const HELD: &str =
    "o.id, o.name, case when o.partner <> :viewer then (select p.name from partner p where p.id = o.partner) end, l.state = 'active'";

fn read_held(row: &Row<'_>) -> rusqlite::Result<Held> {
    Ok(Held { organization: row.get(0)?, name: row.get(1)?, partner: row.get(2)?, active: row.get(3)? })
}

/// Part of what a group holds, by name.
pub fn organizations(db: &impl Read, scope: &Scope, group: GroupId, turn: Turn) -> Result<Part> {
    let (beyond, way, from) = match turn {
        Turn::First => (">", "asc", None),
        Turn::After(id) => (">", "asc", Some(id)),
        Turn::Before(id) => ("<", "desc", Some(id)),
    };
    let sql = format!(
        "select {HELD} from (select l.organization, l.state, l.name_key from access_group_organization x
              cross join organization_listing l on l.organization = x.organization and l.viewer = :viewer
              where x.access_group = :group and {sight}
                and (:from is null or (l.name_key, l.organization) {beyond}
                     (select y.name_key, y.organization from organization_listing y where y.organization = :from and y.viewer = :viewer))
              order by l.name_key {way}, l.organization {way} limit :limit) l
           cross join organization o on o.id = l.organization order by l.name_key {way}, l.organization {way}",
        sight = in_sight!("x.organization")
    );
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = db.all(&sql, scope.bind(named_params! { ":group": group, ":from": from, ":limit": limit }).as_slice(), read_held)?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let (earlier, later) = match turn {
        Turn::First => (false, more),
        Turn::After(_) => (true, more),
        Turn::Before(_) => {
            rows.reverse();
            (more, true)
        }
    };
    let (first, last) = (rows.first().map(|row| row.organization), rows.last().map(|row| row.organization));
    Ok(Part { rows, before: first.filter(|_| earlier), after: last.filter(|_| later) })
}

/// Organizations in scope that a group does not hold, up to `limit`: those whose name, ID, contact or domains hold the words; under three
/// characters, whose name begins with them.
pub fn offered(db: &impl Read, scope: &Scope, group: GroupId, words: &str, limit: usize) -> Result<Vec<Held>> {
    let key = text::key(words);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let over = over_since(db.now());
    let rest = concat!(
        "l.viewer = :viewer and ",
        not_over!("l"),
        " and ",
        in_sight!("l.organization"),
        " and not exists (select 1 from access_group_organization x where x.access_group = :group and x.organization = l.organization)"
    );
    if let Some(wanted) = text::trigram_query(scope.viewer().0, &key) {
        let sql = format!(
            "select {HELD} from organization_search cross join organization_listing l on l.organization = organization_search.rowid
               cross join organization o on o.id = l.organization
              where organization_search match :wanted and {rest} order by organization_search.rowid limit :limit"
        );
        return db.all(
            &sql,
            scope.bind(named_params! { ":group": group, ":wanted": wanted, ":limit": limit, ":over": over }).as_slice(),
            read_held,
        );
    }
    let mut found = Vec::new();
    for state in ["active", "suspended", "unsubscribed"] {
        let left = limit - i64::try_from(found.len()).unwrap_or(i64::MAX);
        let sql = format!(
            "select {HELD} from organization_listing l cross join organization o on o.id = l.organization
              where l.state = :state and l.name_key >= :key and l.name_key < :key || char(1114111) and {rest}
              order by l.name_key, l.organization limit :limit"
        );
        let values = named_params! { ":group": group, ":state": state, ":key": key, ":limit": left, ":over": over };
        found.extend(db.all(&sql, scope.bind(values).as_slice(), read_held)?);
    }
    Ok(found)
}

/// Makes a group. A name that is taken is a refusal of the field `name`.
pub fn create(tx: &Tx<'_>, partner: PartnerId, name: &FirmName) -> Result<GroupId> {
    refuse_taken(tx, partner, name, None)?;
    let id = GroupId(tx.tokens().id()?);
    tx.change_one(
        "insert into access_group (id, partner, name, name_key, created_at) values (?1, ?2, ?3, ?4, ?5)",
        params![id, partner, name.as_str(), name.key(), tx.now()],
    )?;
    Ok(id)
}

fn refuse_taken(tx: &Tx<'_>, partner: PartnerId, name: &FirmName, but: Option<GroupId>) -> Result<()> {
    let taken: Option<GroupId> =
        tx.maybe("select id from access_group where partner = ?1 and name_key = ?2", params![partner, name.key()], |row| row.get(0))?;
    match taken {
        Some(other) if Some(other) != but => {
            Err(Error::field("name", format!("There is already a group named “{}”. Choose another name.", name.as_str())))
        }
        _ => Ok(()),
    }
}

/// Gives a group another name. One that is taken is a refusal of the field `name`.
pub fn rename(tx: &Tx<'_>, partner: PartnerId, group: GroupId, name: &FirmName) -> Result<()> {
    refuse_taken(tx, partner, name, Some(group))?;
    tx.change_one("update access_group set name = ?2, name_key = ?3 where id = ?1", params![group, name.as_str(), name.key()])
}

/// Removes a group with what is in it. Whoever was a member stays limited.
pub fn delete(tx: &Tx<'_>, group: GroupId) -> Result<()> {
    tx.execute("delete from access_group_member where access_group = ?1", [group])?;
    tx.execute("delete from access_group_organization where access_group = ?1", [group])?;
    tx.change_one("delete from access_group where id = ?1", [group])
}

/// Puts an organization into a group; whether it was not there yet.
pub fn add_organization(tx: &Tx<'_>, partner: PartnerId, group: GroupId, organization: OrganizationId) -> Result<bool> {
    let added = tx.execute(
        "insert into access_group_organization (access_group, organization, partner) values (?1, ?2, ?3) on conflict do nothing",
        (group, organization, partner),
    )?;
    Ok(added == 1)
}

/// Takes an organization out of a group; whether it was there.
pub fn remove_organization(tx: &Tx<'_>, group: GroupId, organization: OrganizationId) -> Result<bool> {
    let gone = tx.execute("delete from access_group_organization where access_group = ?1 and organization = ?2", (group, organization))?;
    Ok(gone == 1)
}

/// Puts an employee into a group; whether they were not there yet. That groups limit them from now on is `employees::store::save_limit`.
pub fn add_member(tx: &Tx<'_>, partner: PartnerId, group: GroupId, account: AccountId) -> Result<bool> {
    let added = tx.execute(
        "insert into access_group_member (account, access_group, partner) values (?1, ?2, ?3) on conflict do nothing",
        (account, group, partner),
    )?;
    Ok(added == 1)
}

/// Takes an employee out of a group; whether they were there.
pub fn remove_member(tx: &Tx<'_>, group: GroupId, account: AccountId) -> Result<bool> {
    Ok(tx.execute("delete from access_group_member where access_group = ?1 and account = ?2", (group, account))? == 1)
}

/// Takes an organization that is being deleted out of every group (ORG-8); how many held it.
pub fn forget_organization(tx: &Tx<'_>, organization: OrganizationId) -> Result<usize> {
    tx.execute("delete from access_group_organization where organization = ?1", [organization])
}

/// Takes an employee out of every group; how many there were.
pub fn forget_member(tx: &Tx<'_>, account: AccountId) -> Result<usize> {
    tx.execute("delete from access_group_member where account = ?1", [account])
}
