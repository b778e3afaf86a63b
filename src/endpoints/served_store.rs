//! Agents and assets for scripts: those of the key's own partner.

use rusqlite::Row;

use crate::access::model::Scope;
use crate::endpoints::imported_store::{AGENT, ASSET, backups, read_agent, read_asset};
use crate::endpoints::model::{ListedAgent, ListedAsset};
use crate::endpoints::served_model::Owner;
use crate::endpoints::store::{IN_SCOPE, TABLES};
use crate::in_sight;
use crate::kernel::db::Read;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganizationId;
use crate::kernel::json::Paging;
use crate::not_over;
use crate::subscriptions::model::over_since;

/// Two partners may hold the same id: each key's is its own partner's.
const OWN: &str = "e.partner = :viewer";
const OWNER: &str = "coalesce(o.vendor_id, o.id), o.name";

/// An organization, what the vendor calls it beside its name, and its agents.
pub type Client = (Owner, Option<String>, Vec<ListedAgent>);

/// The organizations with agents inside `scope`, by name, and what the vendor calls each: one page of them, with their agents by name; and how
/// many there are in all.
pub fn clients(db: &impl Read, scope: &Scope, paging: Paging) -> Result<(Vec<Client>, i64)> {
    let over = over_since(db.now());
    let groups = format!(
        "select l.organization as organization, e.client_name as client_name, o.name_key as name_key
           from {TABLES} where {OWN} and {IN_SCOPE} group by l.organization, e.client_name"
    );
    let count = db.one(&format!("select count(*) from ({groups})"), scope.bind(&[(":over", &over)]).as_slice(), |row| row.get(0))?;
    let (skipped, most) = (paging.skipped(), paging.per_page);
    let rows: Vec<(Owner, Option<String>, ListedAgent)> = db.all(
        &format!(
            "select {AGENT}, {OWNER} from ({groups} order by name_key, organization, coalesce(client_name, '') limit :most offset :skipped) g
               cross join endpoint_agent e on e.organization = g.organization and e.client_name is g.client_name
               cross join organization o on o.id = g.organization
              order by g.name_key, g.organization, coalesce(g.client_name, ''), e.name_key, e.uuid"
        ),
        scope.bind(&[(":over", &over), (":skipped", &skipped), (":most", &most)]).as_slice(),
        |row| {
            let agent = read_agent(row)?;
            Ok((Owner { id: row.get(10)?, name: row.get(11)? }, agent.client_name.clone(), agent))
        },
    )?;
    let mut clients: Vec<Client> = Vec::new();
    for (owner, client_name, agent) in rows {
        match clients.last_mut() {
            Some((known, called, agents)) if *known == owner && *called == client_name => agents.push(agent),
            _ => clients.push((owner, client_name, vec![agent])),
        }
    }
    Ok((clients, count))
}

/// The organization of the key's own partner with this id for scripts, inside `scope`: the vendor's, else the digits of its ID; `NotFound` for
/// any other, existing or not (ALL-1).
pub fn organization(db: &impl Read, scope: &Scope, client: i64) -> Result<OrganizationId> {
    db.one(
        concat!(
            "select o.id from organization_listing l cross join organization o on o.id = l.organization
              where l.viewer = :viewer and o.partner = :viewer and coalesce(o.vendor_id, o.id) = :client and ",
            not_over!("l"),
            " and ",
            in_sight!("l.organization")
        ),
        scope.bind(&[(":client", &client), (":over", &over_since(db.now()))]).as_slice(),
        |row| row.get(0),
    )
}

const ASSETS: &str = "cross join endpoint_dataset d on d.agent = e.id";

/// One page of the assets inside `scope`, of one organization or of all, by organization and name; and how many there are in all.
pub fn assets(db: &impl Read, scope: &Scope, only: Option<OrganizationId>, paging: Paging) -> Result<(Vec<(Owner, ListedAsset)>, i64)> {
    let over = over_since(db.now());
    let wanted = format!("{OWN} and {IN_SCOPE} and d.asset_uuid is not null and (:only is null or l.organization = :only)");
    let count = db.one(
        &format!("select count(*) from {TABLES} {ASSETS} where {wanted}"),
        scope.bind(&[(":over", &over), (":only", &only)]).as_slice(),
        |row| row.get(0),
    )?;
    let (skipped, most) = (paging.skipped(), paging.per_page);
    let found = db.all(
        &format!(
            "select {ASSET}, {OWNER}, d.id from {TABLES} {ASSETS} where {wanted}
              order by o.name_key, o.id, e.name_key, e.uuid, d.name, d.asset_uuid limit :most offset :skipped"
        ),
        scope.bind(&[(":over", &over), (":only", &only), (":skipped", &skipped), (":most", &most)]).as_slice(),
        owned,
    )?;
    let mut assets = Vec::with_capacity(found.len());
    for (dataset, owner, asset) in found {
        assets.push((owner, ListedAsset { backups: backups(db, dataset)?, ..asset }));
    }
    Ok((assets, count))
}

fn owned(row: &Row<'_>) -> rusqlite::Result<(crate::kernel::ids::EndpointDatasetId, Owner, ListedAsset)> {
    Ok((row.get(16)?, Owner { id: row.get(14)?, name: row.get(15)? }, read_asset(row)?))
}

/// The asset of an organization that was found in scope by the caller; `NotFound` for any other.
pub fn asset(db: &impl Read, organization: OrganizationId, asset_uuid: &str) -> Result<(Owner, ListedAsset)> {
    let found = db.maybe(
        &format!(
            "select {ASSET}, {OWNER}, d.id from endpoint_agent e cross join endpoint_dataset d on d.agent = e.id
               cross join organization o on o.id = e.organization
              where e.organization = ?1 and d.asset_uuid = ?2"
        ),
        (organization, asset_uuid),
        owned,
    )?;
    let (dataset, owner, asset) = found.ok_or(Error::NotFound)?;
    Ok((owner, ListedAsset { backups: backups(db, dataset)?, ..asset }))
}
