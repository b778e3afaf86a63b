//! What Endpoint Backup Status reads: agents in sight, narrowed, sorted and counted.

use std::sync::Arc;

use crate::access::model::Scope;
use crate::endpoints::model::{Agent, LATE_AFTER, OVERDUE_AFTER, Standing};
use crate::endpoints::status_model::{Query, Ranked, Ranking, Sort};
use crate::endpoints::store::{self, COLUMNS, IN_SCOPE, TABLES, read};
use crate::kernel::db::{Read, Reader};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::EndpointAgentId;
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::subscriptions::model::over_since;

/// `Agent::standing` in SQL; a test compares the two.
const STANDING: &str = "case when s.state = 'suspended' then 'suspended' when s.state <> 'active' then 'unsubscribed'
    when substr(e.strip, -1) = 'r' then 'failing' when e.last_backup is null then 'no_backup_yet'
    when e.last_backup < :overdue then 'overdue' when e.last_backup < :late then 'late' when e.shot_success = 0 then 'screenshot_failed'
    when instr(e.strip, 'r') > 0 then 'some_failed' else 'backed_up' end";

/// The values of `STANDING` and `IN_SCOPE`.
struct Moments {
    over: Timestamp,
    overdue: Timestamp,
    late: Timestamp,
}

impl Moments {
    fn of(now: Timestamp) -> Self {
        Self { over: over_since(now), overdue: now - OVERDUE_AFTER, late: now - LATE_AFTER }
    }
}

/// Narrows by what was asked for; `:words`, `:states` and `:only` are bound.
const WANTED: &str = "(:words = '' or instr(e.search, :words) > 0 or instr(o.name_key, :words) > 0)
    and (:only is null or l.organization = :only)";

/// The states asked for as a text in which each stands between bars; empty for all.
fn states(query: &Query) -> String {
    let words: Vec<&str> = query.states.iter().map(|state| state.word()).collect();
    if words.is_empty() { String::new() } else { format!("|{}|", words.join("|")) }
}

/// Agents inside `scope` that the query finds, in its order: `limit` from `skipped` on.
pub fn list(db: &impl Read, scope: &Scope, query: &Query, skipped: i64, limit: i64) -> Result<Vec<Agent>> {
    let (moments, words, states) = (Moments::of(db.now()), text::key(&query.words), states(query));
    let sql = format!(
        "select {COLUMNS}, {STANDING} as standing from {TABLES}
          where {IN_SCOPE} and {WANTED} and (:states = '' or instr(:states, '|' || standing || '|') > 0)
          order by {} limit :limit offset :skipped",
        order(query)
    );
    db.all(
        &sql,
        scope
            .bind(&[
                (":over", &moments.over),
                (":overdue", &moments.overdue),
                (":late", &moments.late),
                (":words", &words),
                (":only", &query.organization),
                (":states", &states),
                (":limit", &limit),
                (":skipped", &skipped),
            ])
            .as_slice(),
        read,
    )
}

/// By the column asked for, and then by organization and name.
fn order(query: &Query) -> String {
    let direction = if query.descending { "desc" } else { "asc" };
    let first = match query.sort {
        Sort::State => format!("{} {direction}", rank()),
        Sort::Agent => format!("e.name_key {direction}"),
        Sort::Organization => format!("o.name_key {direction}"),
        // What has no backup yet waits longest.
        Sort::LastBackup => format!("coalesce(e.last_backup, 0) {direction}"),
    };
    format!("{first}, o.name_key, e.name_key, e.id")
}

/// The states in the order of the code, worst first.
fn rank() -> String {
    let ranks: Vec<String> =
        Standing::ALL.iter().enumerate().map(|(place, state)| format!("when '{}' then {place}", state.word())).collect();
    format!("case standing {} end", ranks.join(" "))
}

/// How many agents inside `scope` the query finds.
pub fn count(db: &impl Read, scope: &Scope, query: &Query) -> Result<i64> {
    let (moments, words, states) = (Moments::of(db.now()), text::key(&query.words), states(query));
    db.one(
        &format!(
            "select count(*) from {TABLES}
              where {IN_SCOPE} and {WANTED} and (:states = '' or instr(:states, '|' || {STANDING} || '|') > 0)"
        ),
        scope
            .bind(&[
                (":over", &moments.over),
                (":overdue", &moments.overdue),
                (":late", &moments.late),
                (":words", &words),
                (":only", &query.organization),
                (":states", &states),
            ])
            .as_slice(),
        |row| row.get(0),
    )
}

/// All agents inside `scope`, worst first. Ten thousand of them are walked once between two changes, or between two moments at which the clock
/// turns one, and not at every look or search.
pub fn ranking(db: &Reader<'_>, scope: &Scope) -> Result<Arc<Ranking>> {
    let now = db.now();
    db.kept(format!("endpoint agents ranked for {scope:?}"), |ranking: &Ranking| ranking.holds_at(now), || rank_all(db, scope))
}

fn rank_all(db: &Reader<'_>, scope: &Scope) -> Result<Ranking> {
    let moments = Moments::of(db.now());
    let agents = db.all(
        &format!(
            "select e.id, {STANDING} as standing, e.last_backup, l.unsubscribed_at, l.organization, e.search || char(10) || o.name_key from {TABLES} where {IN_SCOPE}
              order by {}, o.name_key, e.name_key, e.id",
            rank()
        ),
        scope.bind(&[(":over", &moments.over), (":overdue", &moments.overdue), (":late", &moments.late)]).as_slice(),
        |row| {
            Ok(Ranked {
                id: row.get(0)?,
                standing: row.get(1)?,
                last_backup: row.get(2)?,
                unsubscribed_at: row.get(3)?,
                organization: row.get(4)?,
                search: row.get(5)?,
            })
        },
    )?;
    Ok(Ranking::of(agents, db.now()))
}

/// These agents in full, in this order; those that are outside `scope` by now are left out.
pub fn in_full(db: &impl Read, scope: &Scope, ids: &[EndpointAgentId]) -> Result<Vec<Agent>> {
    let mut agents = Vec::with_capacity(ids.len());
    for id in ids {
        match store::find(db, scope, *id) {
            Ok(agent) => agents.push(agent),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(agents)
}
