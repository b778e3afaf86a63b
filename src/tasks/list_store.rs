//! What Device Tasks and the Recovery Launchpad list: tasks in sight, narrowed, sorted and counted.

use rusqlite::named_params;

use crate::access::model::Scope;
use crate::devices_named;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::DeviceId;
use crate::kernel::text;
use crate::tasks::list_model::{Query, Sort, Which};
use crate::tasks::model::{State, Task, TaskKind};
use crate::tasks::store::{COLUMNS, FIRST, IN_SCOPE, OPEN, TABLES, read};

/// Words between bars, so that one is found whole: `|waiting|queued|`.
fn barred<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.fold("|".to_owned(), |all, word| all + word + "|")
}

/// Narrows by what was asked for; `:words`, `:kinds`, `:states` and `:device` are bound.
const WANTED: &str = "instr(:states, '|' || t.state || '|') > 0 and (:device is null or t.device = :device)
    and (:words = '' or instr(t.search, :words) > 0 or instr(o.name_key, :words) > 0 or instr(:kinds, '|' || t.kind || '|') > 0)";

/// The values of `WANTED`: words, kinds, states.
fn values(query: &Query) -> (String, String, String) {
    let states = query.which.states().filter(|state| query.state.is_none_or(|wanted| wanted == *state));
    (text::key(&query.words), barred(query.kinds().into_iter().map(TaskKind::word)), barred(states.map(State::word)))
}

/// Tasks inside `scope` that the query finds, in its order: `limit` from `skipped` on.
pub fn list(db: &impl Read, scope: &Scope, query: &Query, skipped: i64, limit: i64) -> Result<Vec<Task>> {
    let (words, kinds, states) = values(query);
    db.all(
        &format!("select {COLUMNS} from {TABLES} where {WANTED} and {IN_SCOPE} order by {} limit :limit offset :skipped", order(query)),
        scope
            .bind(named_params! {
                ":words": words, ":kinds": kinds, ":states": states, ":device": query.device, ":limit": limit, ":skipped": skipped
            })
            .as_slice(),
        read,
    )
}

/// By the column asked for, and then by the default order.
fn order(query: &Query) -> String {
    let direction = if query.descending { "desc" } else { "asc" };
    let place = match query.which {
        // SUP-1: what waits for an answer before what runs by itself, but not before what is confirmed disaster recovery.
        Which::Open => format!("{FIRST} desc, t.state = 'waiting' desc, t.asked_at, t.id"),
        Which::Over => "t.ended_at desc, t.id".to_owned(),
    };
    let first = match query.sort {
        Sort::Place => return place,
        Sort::Task => format!("{} {direction}, t.asset_name {direction}", rank("t.kind", TaskKind::ALL.iter().map(|kind| kind.word()))),
        Sort::Device => format!(
            "case {} when 'serial' then t.device_serial else t.device_name end collate nocase {direction}",
            devices_named!(":viewer")
        ),
        Sort::Organization => format!("o.name_key {direction}"),
        Sort::Asked => format!("t.asked_at {direction}"),
        Sort::State => format!("{} {direction}", rank("t.state", State::ALL.iter().map(|state| state.word()))),
    };
    format!("{first}, {place}")
}

/// The words of a column in the order of the code.
fn rank<'a>(column: &str, words: impl Iterator<Item = &'a str>) -> String {
    let ranks: Vec<String> = words.enumerate().map(|(place, word)| format!("when '{word}' then {place}")).collect();
    format!("case {column} {} end", ranks.join(" "))
}

/// How many tasks inside `scope` the query finds.
pub fn count(db: &impl Read, scope: &Scope, query: &Query) -> Result<i64> {
    let (words, kinds, states) = values(query);
    db.one(
        &format!("select count(*) from {TABLES} where {WANTED} and {IN_SCOPE}"),
        scope.bind(named_params! { ":words": words, ":kinds": kinds, ":states": states, ":device": query.device }).as_slice(),
        |row| row.get(0),
    )
}

/// The kinds that are restores (DEV-9).
fn restores() -> String {
    barred(TaskKind::ALL.iter().filter(|kind| kind.is_restore()).map(|kind| kind.word()))
}

/// DEV-9: the restore requests inside `scope`, of one device if one is named: all open ones before any that is over, each the newest first;
/// `limit` from `skipped` on.
pub fn requests(db: &impl Read, scope: &Scope, device: Option<DeviceId>, (skipped, limit): (i64, i64)) -> Result<Vec<Task>> {
    db.all(
        &format!(
            "select {COLUMNS} from {TABLES}
              where instr(:kinds, '|' || t.kind || '|') > 0 and (:device is null or t.device = :device) and {IN_SCOPE}
              order by {OPEN} desc, coalesce(t.ended_at, t.asked_at) desc, t.id limit :limit offset :skipped"
        ),
        scope.bind(named_params! { ":kinds": restores(), ":device": device, ":limit": limit, ":skipped": skipped }).as_slice(),
        read,
    )
}

/// How many restore requests there are inside `scope`, of one device if one is named.
pub fn count_requests(db: &impl Read, scope: &Scope, device: Option<DeviceId>) -> Result<i64> {
    db.one(
        &format!(
            "select count(*) from device_task t
              where instr(:kinds, '|' || t.kind || '|') > 0 and (:device is null or t.device = :device) and {IN_SCOPE}"
        ),
        scope.bind(named_params! { ":kinds": restores(), ":device": device }).as_slice(),
        |row| row.get(0),
    )
}
