//! The log's rows and its chain. Nothing here changes or removes an event; triggers refuse it too.

use serde_json::json;

use crate::access::model::Actor;
use crate::activity::model::Event;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::EventId;

/// Records an event at the chain's end, in the caller's transaction (LOG-1, LOG-2).
pub fn record(tx: &Tx<'_>, actor: &Actor, event: &Event) -> Result<EventId> {
    let (last, previous): (i64, Vec<u8>) = tx
        .maybe("select seq, hash from activity order by seq desc limit 1", [], |row| Ok((row.get(0)?, row.get(1)?)))?
        .unwrap_or((0, vec![0; 32]));
    let seq = last + 1;
    let changes: Vec<_> = event.changes.iter().map(|change| json!([change.field, change.from, change.to])).collect();
    let changes = json!(changes).to_string();
    let organization = event.organization.map(|id| id.0);
    let account = actor.account.map(|id| id.0);
    let content = json!([
        seq,
        tx.now().0,
        actor.partner.0,
        organization,
        account,
        actor.name,
        actor.roles,
        actor.address,
        event.kind.word(),
        event.target_kind,
        event.target_id,
        event.target_name,
        event.sentence,
        changes
    ])
    .to_string();
    let hash = tx.vault().keyed_hash("activity chain", &[&previous, content.as_bytes()]);
    tx.change_one(
        "insert into activity (seq, at, partner, organization, actor_account, actor, actor_roles, address, kind,
                               target_kind, target_id, target_name, sentence, changes, hash)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        rusqlite::params![
            seq,
            tx.now(),
            actor.partner,
            organization,
            account,
            actor.name,
            actor.roles,
            actor.address,
            event.kind,
            event.target_kind,
            event.target_id,
            event.target_name,
            event.sentence,
            changes,
            hash
        ],
    )?;
    Ok(EventId(seq))
}
