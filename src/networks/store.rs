//! The rows of networks: the only writer of this table.

use rusqlite::{Row, named_params, params};

use crate::access::model::Scope;
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{NetworkId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::networks::model::{Listed, Network};
use crate::organizations::link_model::{Reason, Unlinked};

/// What `read` reads, of `TABLES`.
const COLUMNS: &str = "n.id, n.partner, n.organization, o.name, n.name, n.group_name, n.dna_hostname, n.dna_serial, n.linked_at,
    n.unlinked_reason, n.unlinked_detail, n.unlinked_at";
const TABLES: &str = "network n left join organization o on o.id = n.organization";
/// The networks inside a scope: those of the partner and of the partners beneath it. Whom access groups limit sees what is linked to their
/// organizations, and what their own partner holds that is linked to none (EMP-4).
const IN_SCOPE: &str = concat!(
    "n.partner in (select partner from partner_ancestor where ancestor = :viewer) and ",
    in_sight!("n.organization" or_none "n.partner")
);

/// A network inside `scope`; `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, network: NetworkId) -> Result<Network> {
    db.one(
        &format!("select {COLUMNS} from {TABLES} where n.id = :network and {IN_SCOPE}"),
        scope.bind(&[(":network", &network)]).as_slice(),
        |row| read(scope, row),
    )
}

/// The networks linked to an organization inside `scope`, by name; none for an organization outside.
pub fn linked(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<Vec<Network>> {
    db.all(
        &format!("select {COLUMNS} from {TABLES} where n.organization = :organization and {IN_SCOPE} order by n.name_key, n.id"),
        scope.bind(&[(":organization", &organization)]).as_slice(),
        |row| read(scope, row),
    )
}

/// The unlinked networks of one partner inside `scope` by name, up to `limit`: all of them, or those whose name, group name, DNA hostname or
/// DNA serial number contains `words` (DEV-2).
pub fn unlinked(db: &impl Read, scope: &Scope, partner: PartnerId, words: &str, limit: usize) -> Result<Vec<Network>> {
    db.all(
        &format!(
            "select {COLUMNS} from {TABLES}
              where n.partner = :partner and n.organization is null and {IN_SCOPE} and (:words = '' or instr(n.search, :words) > 0)
              order by n.name_key, n.id limit :limit"
        ),
        scope.bind(named_params! { ":partner": partner, ":words": text::key(words), ":limit": most(limit) }).as_slice(),
        |row| read(scope, row),
    )
}

/// Up to `limit` networks of a partner inside `scope` that hold the words and are linked already, by name.
pub fn linked_like(db: &impl Read, scope: &Scope, partner: PartnerId, words: &str, limit: usize) -> Result<Vec<Network>> {
    db.all(
        &format!(
            "select {COLUMNS} from {TABLES}
              where n.partner = :partner and n.organization is not null and {IN_SCOPE} and instr(n.search, :words) > 0
              order by n.name_key, n.id limit :limit"
        ),
        scope.bind(named_params! { ":partner": partner, ":words": text::key(words), ":limit": most(limit) }).as_slice(),
        |row| read(scope, row),
    )
}

/// Networks of the whole tree inside `scope` that hold the words, by name.
pub fn like(db: &impl Read, scope: &Scope, words: &str, limit: usize) -> Result<Vec<Network>> {
    db.all(
        &format!("select {COLUMNS} from {TABLES} where {IN_SCOPE} and instr(n.search, :words) > 0 order by n.name_key, n.id limit :limit"),
        scope.bind(named_params! { ":words": text::key(words), ":limit": most(limit) }).as_slice(),
        |row| read(scope, row),
    )
}

/// Whether a partner has any network, inside `scope`.
pub fn any_network(db: &impl Read, scope: &Scope, partner: PartnerId) -> Result<bool> {
    db.one(
        &format!("select exists (select 1 from network n where n.partner = :partner and {IN_SCOPE})"),
        scope.bind(&[(":partner", &partner)]).as_slice(),
        |row| row.get(0),
    )
}

/// How many networks are linked to an organization, which was found in scope by the caller.
pub fn count_of(db: &impl Read, organization: OrganizationId) -> Result<i64> {
    db.one("select count(*) from network where organization = ?1", [organization], |row| row.get(0))
}

fn most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Reads a row of `COLUMNS` as this scope sees it: an organization that is gone is in nobody's access groups (EMP-4), so its name is not told.
fn read(scope: &Scope, row: &Row<'_>) -> rusqlite::Result<Network> {
    let organization = match (row.get(2)?, row.get(3)?) {
        (Some(id), Some(name)) => Some((id, name)),
        _ => None,
    };
    let mut unlinked = match (row.get::<_, Option<Reason>>(9)?, row.get(11)?) {
        (Some(reason), Some(at)) => Some(Unlinked { reason, detail: row.get(10)?, at }),
        _ => None,
    };
    if let (Some(_), Some(unlinked)) = (scope.member(), &mut unlinked) {
        unlinked.forget_organization();
    }
    Ok(Network {
        id: row.get(0)?,
        partner: row.get(1)?,
        organization,
        name: row.get(4)?,
        group_name: row.get(5)?,
        dna_hostname: row.get(6)?,
        dna_serial: row.get(7)?,
        linked_at: row.get(8)?,
        unlinked,
    })
}

/// The network of a partner with this serial number, and how it is listed.
pub fn by_serial(db: &impl Read, partner: PartnerId, serial_key: &str) -> Result<Option<(NetworkId, Listed)>> {
    db.maybe(
        "select id, name, group_name, dna_hostname, dna_serial from network where partner = ?1 and serial_key = ?2",
        params![partner, serial_key],
        |row| {
            let listed = Listed { name: row.get(1)?, group_name: row.get(2)?, dna_hostname: row.get(3)?, dna_serial: row.get(4)? };
            Ok((row.get(0)?, listed))
        },
    )
}

/// Takes a network as it is listed: by its serial number, else as a new one, never linked. A link is never touched here.
pub fn upsert(tx: &Tx<'_>, partner: PartnerId, listed: &Listed) -> Result<NetworkId> {
    let Some((id, _)) = by_serial(tx, partner, &text::key(&listed.dna_serial))? else { return insert(tx, partner, listed) };
    tx.change_one(
        "update network set name = ?2, name_key = ?3, group_name = ?4, dna_hostname = ?5, dna_serial = ?6, search = ?7 where id = ?1",
        params![id, listed.name, text::key(&listed.name), listed.group_name, listed.dna_hostname, listed.dna_serial, listed.search_text()],
    )?;
    Ok(id)
}

fn insert(tx: &Tx<'_>, partner: PartnerId, listed: &Listed) -> Result<NetworkId> {
    let id = NetworkId(tx.tokens().id()?);
    tx.change_one(
        "insert into network (id, partner, name, name_key, group_name, dna_hostname, dna_serial, serial_key, unlinked_reason, unlinked_at,
                              created_at, search)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11)",
        params![
            id,
            partner,
            listed.name,
            text::key(&listed.name),
            listed.group_name,
            listed.dna_hostname,
            listed.dna_serial,
            text::key(&listed.dna_serial),
            Reason::NeverLinked,
            tx.now(),
            listed.search_text()
        ],
    )?;
    Ok(id)
}

/// Links an unlinked network to an organization of the same partner. When somebody else was faster nothing changes and `Conflict` says who
/// linked it to what (DEV-3).
pub fn link(tx: &Tx<'_>, organization: OrganizationId, network: NetworkId) -> Result<()> {
    let changed = tx.execute(
        "update network set organization = ?1, linked_at = ?3, unlinked_reason = null, unlinked_detail = null, unlinked_at = null
          where id = ?2 and organization is null and partner = (select partner from organization where id = ?1 and deleted_at is null)",
        params![organization, network, tx.now()],
    )?;
    if changed == 1 { Ok(()) } else { Err(already_linked(tx, network)?) }
}

fn already_linked(tx: &Tx<'_>, network: NetworkId) -> Result<Error> {
    let (name, organization): (String, Option<String>) = tx.one(
        "select n.name, o.name from network n left join organization o on o.id = n.organization where n.id = ?1",
        [network],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let Some(organization) = organization else { return Ok(Error::NotFound) };
    let who: Option<String> = tx.maybe(
        "select actor from activity where kind = 'network.linked' and target_id = ?1 order by seq desc limit 1",
        [network],
        |row| row.get(0),
    )?;
    let who = who.map(|who| format!(" by {who}")).unwrap_or_default();
    Ok(Error::Conflict(format!("{name} was linked to {organization}{who} in the meantime, so nothing was linked. Choose again.")))
}

/// Takes a network's link to this organization away and keeps why (DEV-3).
pub fn unlink(tx: &Tx<'_>, organization: OrganizationId, network: NetworkId, who: &str) -> Result<()> {
    tx.change_one(
        "update network set organization = null, linked_at = null, unlinked_reason = ?3, unlinked_detail = ?4, unlinked_at = ?5
          where id = ?1 and organization = ?2",
        params![network, organization, Reason::ByPerson, who, tx.now()],
    )
}

/// Unlinks every network of an organization that is deleted (ORG-8) or goes to another partner (PAR-6); how many there were. How one was
/// called that went is no longer its old partner's to see.
pub fn unlink_all(tx: &Tx<'_>, organization: OrganizationId, reason: Reason) -> Result<usize> {
    let named = reason == Reason::OrganizationDeleted;
    tx.execute(
        "update network
            set unlinked_reason = ?2, unlinked_detail = case when ?4 then (select name from organization where id = ?1) end, unlinked_at = ?3,
                linked_at = null, organization = null
          where organization = ?1",
        params![organization, reason, tx.now(), named],
    )
}
