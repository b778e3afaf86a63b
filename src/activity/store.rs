//! The log's rows and its chain. Nothing here changes or removes an event; triggers refuse it too.

use rusqlite::{Row, named_params, params};
use serde_json::json;

use crate::access::model::{Actor, Scope};
use crate::activity::model::{Changed, Entry, Event};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{EventId, OrganizationId};
use crate::kernel::secret::Vault;
use crate::kernel::time::Timestamp;

/// What the first event's hash continues.
const BEGINNING: [u8; 32] = [0; 32];

/// A row word by word, as the chain hashes it.
struct Link {
    seq: i64,
    at: Timestamp,
    partner: i64,
    organization: Option<i64>,
    account: Option<i64>,
    actor: String,
    roles: String,
    address: String,
    kind: String,
    target_kind: String,
    target_id: Option<i64>,
    target_name: String,
    sentence: String,
    changes: String,
}

impl Link {
    /// The keyed hash of this row and of all before it (LOG-2).
    fn hash(&self, vault: &Vault, previous: &[u8]) -> Vec<u8> {
        let content = json!([
            self.seq,
            self.at.0,
            self.partner,
            self.organization,
            self.account,
            self.actor,
            self.roles,
            self.address,
            self.kind,
            self.target_kind,
            self.target_id,
            self.target_name,
            self.sentence,
            self.changes
        ]);
        vault.keyed_hash("activity chain", &[previous, content.to_string().as_bytes()])
    }
}

/// Records an event at the chain's end, in the caller's transaction (LOG-1, LOG-2).
pub fn record(tx: &Tx<'_>, actor: &Actor, event: &Event) -> Result<EventId> {
    let (last, previous): (i64, Vec<u8>) = head(tx)?;
    let changes: Vec<_> = event.changes.iter().map(|change| json!([change.field, change.from, change.to])).collect();
    let link = Link {
        seq: last + 1,
        at: tx.now(),
        partner: actor.partner.0,
        organization: event.organization.map(|id| id.0),
        account: actor.account.map(|id| id.0),
        actor: actor.name.clone(),
        roles: actor.roles.clone(),
        address: actor.address.clone(),
        kind: event.kind.word().to_owned(),
        target_kind: event.target_kind.to_owned(),
        target_id: event.target_id,
        target_name: event.target_name.clone(),
        sentence: event.sentence.clone(),
        changes: json!(changes).to_string(),
    };
    let hash = link.hash(tx.vault(), &previous);
    tx.change_one(
        "insert into activity (seq, at, partner, organization, actor_account, actor, actor_roles, address, kind,
                               target_kind, target_id, target_name, sentence, changes, hash)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        params![
            link.seq,
            link.at,
            link.partner,
            link.organization,
            link.account,
            link.actor,
            link.roles,
            link.address,
            link.kind,
            link.target_kind,
            link.target_id,
            link.target_name,
            link.sentence,
            link.changes,
            hash
        ],
    )?;
    Ok(EventId(link.seq))
}

/// The last event's number and hash.
fn head(db: &impl Read) -> Result<(i64, Vec<u8>)> {
    let last = db.maybe("select seq, hash from activity order by seq desc limit 1", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(last.unwrap_or((0, BEGINNING.to_vec())))
}

const COLUMNS: &str =
    "v.seq, v.at, v.partner, v.organization, v.actor, v.actor_roles, v.address, v.kind, v.target_name, v.sentence, v.changes";

/// The newest events of an organization inside the scope, whoever did them; none of any other.
pub fn of_organization(db: &impl Read, scope: &Scope, organization: OrganizationId, limit: i64) -> Result<Vec<Entry>> {
    db.all(
        &format!(
            "select {COLUMNS} from activity v
               join organization_listing l on l.organization = v.organization and l.viewer = :viewer
              where v.organization = :organization and (:only is null or v.organization = :only)
              order by v.seq desc limit :limit"
        ),
        named_params! { ":viewer": scope.viewer, ":only": scope.only, ":organization": organization, ":limit": limit },
        read,
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let changes: String = row.get(10)?;
    let changes: Vec<(String, String, String)> = serde_json::from_str(&changes)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(10, rusqlite::types::Type::Text, Box::new(error)))?;
    Ok(Entry {
        seq: row.get(0)?,
        at: row.get(1)?,
        partner: row.get(2)?,
        organization: row.get(3)?,
        actor: row.get(4)?,
        roles: row.get(5)?,
        address: row.get(6)?,
        kind: row.get(7)?,
        target_name: row.get(8)?,
        sentence: row.get(9)?,
        changes: changes.into_iter().map(|(field, from, to)| Changed { field, from, to }).collect(),
    })
}
