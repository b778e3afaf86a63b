//! The log's rows and its chain. Nothing here changes or removes an event; triggers refuse it too.

use rusqlite::{Row, ToSql, params};
use serde_json::json;

use crate::access::model::{Actor, Scope};
use crate::activity::model::{ChainCheck, Changed, Entry, Event, Filter, Kind, LOST_KEY, Page};
use crate::in_sight;
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
    holder: Option<i64>,
}

impl Link {
    /// The keyed hash of this row and of all before it (LOG-2).
    fn hash(&self, vault: &Vault, previous: &[u8]) -> Vec<u8> {
        let mut content = json!([
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
        // Events of before there were holders have none, and keep their marks.
        if let (Some(words), Some(holder)) = (content.as_array_mut(), self.holder) {
            words.push(json!(holder));
        }
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
        holder: holder(tx, event)?.filter(|holder| *holder != actor.partner.0),
    };
    let hash = link.hash(tx.vault(), &previous);
    tx.change_one(
        "insert into activity (seq, at, partner, organization, actor_account, actor, actor_roles, address, kind,
                               target_kind, target_id, target_name, sentence, changes, hash, holder)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
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
            hash,
            link.holder
        ],
    )?;
    Ok(EventId(link.seq))
}

/// The partner that holds what an event is about: its organization's, else its SaaS account's.
fn holder(tx: &Tx<'_>, event: &Event) -> Result<Option<i64>> {
    match (event.organization, event.target_kind, event.target_id) {
        (Some(organization), ..) => tx.maybe("select partner from organization where id = ?1", [organization], |row| row.get(0)),
        // What was done to a sub-partner stands in its own log as well.
        (None, "partner", Some(partner)) => Ok(Some(partner)),
        (None, "saas_account", Some(account)) => tx.maybe("select partner from saas_account where id = ?1", [account], |row| row.get(0)),
        (None, "bcdr_device", Some(device)) => tx.maybe("select partner from device where id = ?1", [device], |row| row.get(0)),
        (None, ..) => Ok(None),
    }
}

/// The last event's number and hash.
fn head(db: &impl Read) -> Result<(i64, Vec<u8>)> {
    let last = db.maybe("select seq, hash from activity order by seq desc limit 1", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(last.unwrap_or((0, BEGINNING.to_vec())))
}

/// What `read` reads, of `activity v`.
pub(super) const COLUMNS: &str =
    "v.seq, v.at, v.partner, v.organization, v.actor, v.actor_roles, v.address, v.kind, v.target_name, v.sentence, v.changes";

/// The newest events of an organization inside the scope, whoever did them; none of any other.
pub fn of_organization(db: &impl Read, scope: &Scope, organization: OrganizationId, limit: i64) -> Result<Vec<Entry>> {
    db.all(
        &format!(
            "select {COLUMNS} from activity v
               join organization_listing l on l.organization = v.organization and l.viewer = :viewer
              where v.organization = :organization and {SEEN} and {SINCE} order by v.seq desc limit :limit"
        ),
        scope.bind(&[(":organization", &organization), (":limit", &limit)]).as_slice(),
        read,
    )
}

/// Reads a row of `COLUMNS`.
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
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

/// What of an event has to be in sight. EMP-4: whom access groups limit sees what happened at their organizations, and of all else what they
/// did themselves; an event of nobody's organization may name any, and so may a group's name.
pub(super) const SEEN: &str = concat!(
    "(:sight <> 2 or v.kind not glob 'group.*') and (",
    in_sight!("v.organization"),
    " or (:sight = 2 and v.organization is null and v.actor_account = :whose))"
);

/// PAR-6: of an organization that came from another partner, what happened there is not for the new one's eyes: only the events of the viewer
/// and of partners beneath it, and whatever came after its arrival.
const SINCE: &str = "(v.partner in (select partner from partner_ancestor where ancestor = :viewer)
    or v.seq >= coalesce((select max(x.seq) from activity x where x.organization = :organization and x.kind = 'organization.received'), 0))";

/// A filter as SQL with its values.
struct Query {
    scope: Scope,
    /// Whose events: each a walk of an index by itself.
    whose: &'static [&'static str],
    sql: String,
    values: Vec<(&'static str, Box<dyn ToSql>)>,
}

impl Query {
    /// The viewing partner's own events, and what others did to what it holds; with an organization, that organization's, whoever did them
    /// (PAR-1).
    fn of(scope: &Scope, filter: &Filter) -> Self {
        let mut query = Self { scope: *scope, whose: &[""], sql: SEEN.to_owned(), values: Vec::new() };
        match filter.organization {
            Some(organization) => query.and(
                "v.organization = :organization and exists
                   (select 1 from organization_listing l where l.viewer = :viewer and l.organization = :organization)",
                ":organization",
                organization,
            ),
            None => query.whose = &["v.partner = :viewer and ", "v.holder = :viewer and "],
        }
        if filter.organization.is_some() {
            query.sql.push_str(" and ");
            query.sql.push_str(SINCE);
        }
        if let Some(kind) = filter.kind {
            query.and("v.kind = :kind", ":kind", kind);
        }
        if let Some(from) = filter.from {
            query.and("v.at >= :from", ":from", from);
        }
        if let Some(until) = filter.until {
            query.and("v.at < :until", ":until", until);
        }
        if !filter.person.is_empty() {
            let pattern = filter.person.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            query.and("v.actor like :person escape '\\'", ":person", format!("%{pattern}%"));
        }
        query
    }

    fn and(&mut self, condition: &str, name: &'static str, value: impl ToSql + 'static) {
        self.sql.push_str(" and ");
        self.sql.push_str(condition);
        self.values.push((name, Box::new(value)));
    }

    /// The events in an order of their numbers: SQLite merges the walks.
    fn select(&self, order: &str) -> String {
        let walks: Vec<String> =
            self.whose.iter().map(|whose| format!("select {COLUMNS} from activity v where {whose}{}", self.sql)).collect();
        format!("{} order by 1 {order}", walks.join(" union all "))
    }

    fn values(&self) -> Vec<(&str, &dyn ToSql)> {
        let values: Vec<(&str, &dyn ToSql)> = self.values.iter().map(|(name, value)| (*name, value.as_ref())).collect();
        self.scope.bind(&values)
    }
}

/// A page of the log, newest first, at most `limit` events.
pub fn list(db: &impl Read, scope: &Scope, filter: &Filter, page: Page, limit: i64) -> Result<Vec<Entry>> {
    let mut query = Query::of(scope, filter);
    let order = match page {
        Page::Newest => "desc",
        Page::Before(event) => {
            query.and("v.seq < :edge", ":edge", event);
            "desc"
        }
        Page::After(event) => {
            query.and("v.seq > :edge", ":edge", event);
            "asc"
        }
    };
    query.values.push((":limit", Box::new(limit)));
    let sql = format!("{} limit :limit", query.select(order));
    let mut entries = db.all(&sql, query.values().as_slice(), read)?;
    if order == "asc" {
        entries.reverse();
    }
    Ok(entries)
}

/// Every event that fits the filter, newest first, one after the other.
pub fn each(db: &impl Read, scope: &Scope, filter: &Filter, mut visit: impl FnMut(&Entry)) -> Result<()> {
    let query = Query::of(scope, filter);
    let sql = query.select("desc");
    let mut statement = db.connection().prepare_cached(&sql)?;
    let mut rows = statement.query(query.values().as_slice())?;
    while let Some(row) = rows.next()? {
        visit(&read(row)?);
    }
    Ok(())
}

/// The organization that a person means: its ID, or the first inside the scope whose name begins so. With its name.
pub fn meant(db: &impl Read, scope: &Scope, id: Option<OrganizationId>, name_key: &str) -> Result<Option<(OrganizationId, String)>> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    if let Some(id) = id {
        let found = db.maybe(
            concat!(
                "select o.id, o.name from organization_listing l join organization o on o.id = l.organization
                  where l.viewer = :viewer and l.organization = :organization and ",
                in_sight!("l.organization")
            ),
            scope.bind(&[(":organization", &id)]).as_slice(),
            read,
        )?;
        if found.is_some() {
            return Ok(found);
        }
    }
    db.maybe(
        concat!(
            "select o.id, o.name from organization_listing l join organization o on o.id = l.organization
              where l.viewer = :viewer and l.state in ('active', 'suspended', 'unsubscribed', 'deleted')
                and l.name_key >= :key and l.name_key < :end and ",
            in_sight!("l.organization"),
            " order by l.name_key, l.organization limit 1"
        ),
        scope.bind(&[(":key", &name_key), (":end", &format!("{name_key}\u{10ffff}"))]).as_slice(),
        read,
    )
}

/// The last look at the whole chain, if there was one.
pub fn last_check(db: &impl Read) -> Result<Option<ChainCheck>> {
    db.maybe("select checked_at, events, first_bad from chain_check", [], |row| {
        Ok(ChainCheck { at: row.get(0)?, events: row.get(1)?, first_bad: row.get(2)? })
    })
}

/// One event of a partner's own log, if it is in sight; nothing of anybody else's.
pub fn own(db: &impl Read, scope: &Scope, event: EventId) -> Result<Option<Entry>> {
    db.maybe(
        &format!("select {COLUMNS} from activity v where v.seq = :event and v.partner = :viewer and {SEEN}"),
        scope.bind(&[(":event", &event)]).as_slice(),
        read,
    )
}

/// The hash of the newest event, in hexadecimal: who writes it down can show later that nothing was cut off.
pub fn head_shown(db: &impl Read) -> Result<(EventId, String)> {
    let (seq, hash) = head(db)?;
    let shown = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect();
    Ok((EventId(seq), shown))
}

/// How far the chain was found to fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fitting {
    /// The last event that fits; 0 before the first.
    pub seq: i64,
    /// Its hash.
    hash: Vec<u8>,
    /// Whether the next event is missing or does not fit.
    pub broken: bool,
}

impl Fitting {
    fn beginning() -> Self {
        Self { seq: 0, hash: BEGINNING.to_vec(), broken: false }
    }
}

/// Where the chain begins: before the first event, or, once a key was lost, before the restore that told of it. That event must have
/// been made with the key in use, or anybody could cut the chain by adding one like it.
pub fn beginning(db: &impl Read, vault: &Vault) -> Result<Fitting> {
    let told: Option<i64> = db.maybe(
        "select seq from activity where partner = (select id from partner where parent is null) and kind = ?1 and target_kind = ?2
          order by seq desc limit 1",
        (Kind::PortalRestored, LOST_KEY),
        |row| row.get(0),
    )?;
    let Some(told) = told else { return Ok(Fitting::beginning()) };
    let before = before(db, told)?;
    Ok(if follow(db, vault, &before, 1)?.broken { Fitting::beginning() } else { before })
}

/// As if everything before this event fitted.
fn before(db: &impl Read, event: i64) -> Result<Fitting> {
    let hash = db.maybe("select hash from activity where seq = ?1", [event - 1], |row| row.get(0))?;
    Ok(Fitting { seq: event - 1, hash: hash.unwrap_or_else(|| BEGINNING.to_vec()), broken: false })
}

/// Goes on along the chain from where it fitted, at most `limit` events (LOG-2). Numbers have no gaps, so a missing event shows.
pub fn follow(db: &impl Read, vault: &Vault, from: &Fitting, limit: i64) -> Result<Fitting> {
    let mut at = from.clone();
    let mut statement = db.connection().prepare_cached(
        "select seq, at, partner, organization, actor_account, actor, actor_roles, address, kind,
                target_kind, target_id, target_name, sentence, changes, hash, holder
           from activity where seq > ?1 order by seq limit ?2",
    )?;
    let mut rows = statement.query((from.seq, limit))?;
    while let Some(row) = rows.next()? {
        let link = read_link(row)?;
        let stored: Vec<u8> = row.get(14)?;
        if link.seq != at.seq + 1 || link.hash(vault, &at.hash) != stored {
            at.broken = true;
            return Ok(at);
        }
        (at.seq, at.hash) = (link.seq, stored);
    }
    Ok(at)
}

/// Whether this key made the newest event's mark; true while there is none. A key that did is the database's own.
pub fn head_fits(db: &impl Read, vault: &Vault) -> Result<bool> {
    let (seq, _) = head(db)?;
    Ok(seq == 0 || !follow(db, vault, &before(db, seq)?, 1)?.broken)
}

fn read_link(row: &Row<'_>) -> rusqlite::Result<Link> {
    Ok(Link {
        seq: row.get(0)?,
        at: row.get(1)?,
        partner: row.get(2)?,
        organization: row.get(3)?,
        account: row.get(4)?,
        actor: row.get(5)?,
        roles: row.get(6)?,
        address: row.get(7)?,
        kind: row.get(8)?,
        target_kind: row.get(9)?,
        target_id: row.get(10)?,
        target_name: row.get(11)?,
        sentence: row.get(12)?,
        changes: row.get(13)?,
        holder: row.get(15)?,
    })
}

/// The highest number the log ever gave out, as far as the database remembers.
pub fn highest_number(db: &impl Read) -> Result<i64> {
    Ok(db.maybe("select seq from sqlite_sequence where name = 'activity'", [], |row| row.get(0))?.unwrap_or(0))
}

/// Keeps the result of a look at the whole chain.
pub fn keep_check(tx: &Tx<'_>, events: i64, first_bad: Option<EventId>) -> Result<()> {
    tx.change_one(
        "insert into chain_check (id, checked_at, events, first_bad) values (1, ?1, ?2, ?3)
         on conflict (id) do update set checked_at = excluded.checked_at, events = excluded.events, first_bad = excluded.first_bad",
        params![tx.now(), events, first_bad],
    )
}
