//! The list's reads. Each is a walk of one index; nothing is counted and nothing is skipped by number.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use crate::access::model::Scope;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::OrganizationId;
use crate::kernel::text;
use crate::organizations::list_model::{Counts, Filter, PAGE, Part, PlanFilter, Sort, Turn};
use crate::organizations::model::{Organization, state_tag};
use crate::organizations::store::{COLUMNS, JOINS, read};
use crate::subscriptions::model::State;

/// How many organizations each tab holds; kept, not counted.
pub fn counts(db: &impl Read, scope: &Scope) -> Result<Counts> {
    let kept: Vec<(State, i64)> =
        db.all("select state, count from organization_count where viewer = ?1", [scope.viewer], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let of = |state: State| kept.iter().find(|(kept, _)| *kept == state).map_or(0, |(_, count)| *count);
    Ok(State::ALL.iter().map(|state| (*state, of(*state))).collect())
}

/// A part of the list, of `PAGE` rows.
pub fn part(db: &impl Read, scope: &Scope, filter: &Filter, turn: Turn) -> Result<Part> {
    let mut rows = if filter.query.is_empty() {
        sorted(db, scope, filter, turn, PAGE + 1)?
    } else {
        let after = match turn {
            Turn::After(id) => Some(id),
            Turn::First | Turn::Before(_) => None,
        };
        matching(db, scope, filter, after, PAGE + 1)?
    };
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let backwards = matches!(turn, Turn::Before(_)) && filter.query.is_empty();
    if backwards {
        rows.reverse();
    }
    let first = rows.first().map(|row| Turn::Before(row.id));
    let last = rows.last().map(|row| Turn::After(row.id));
    let (before, after) = match turn {
        Turn::First => (false, more),
        Turn::After(_) => (filter.query.is_empty(), more),
        Turn::Before(_) => (more, backwards),
    };
    Ok(Part { rows, previous: first.filter(|_| before), next: last.filter(|_| after) })
}

/// The whole filtered list, for the export.
pub fn whole(db: &impl Read, scope: &Scope, filter: &Filter) -> Result<Vec<Organization>> {
    if filter.query.is_empty() { sorted(db, scope, filter, Turn::First, usize::MAX) } else { matching(db, scope, filter, None, usize::MAX) }
}

/// The condition every part shares, with its values; the plan in a form that its index answers.
fn base(scope: &Scope, filter: &Filter) -> (String, Vec<Value>) {
    let mut values = vec![Value::Integer(scope.viewer.0), Value::Text(filter.tab.word().to_owned())];
    let plan = match filter.plan {
        PlanFilter::All => "",
        PlanFilter::Without => " and l.plan is null",
        PlanFilter::Of(plan) => {
            values.push(Value::Text(plan.word().to_owned()));
            " and l.plan = ?3"
        }
    };
    (format!("l.viewer = ?1 and l.state = ?2{plan}"), values)
}

/// Rows in the order of the column, from a row's key on.
fn sorted(db: &impl Read, scope: &Scope, filter: &Filter, turn: Turn, limit: usize) -> Result<Vec<Organization>> {
    let column = match filter.sort {
        Sort::Name => None,
        Sort::Users => Some("l.users"),
        Sort::Services => Some("l.services"),
        Sort::Seats => Some("l.seats_used"),
    };
    let backwards = matches!(turn, Turn::Before(_));
    let (sign, way) = if filter.descending == backwards { (">", "asc") } else { ("<", "desc") };
    let keys: Vec<&str> = column.into_iter().chain(["l.name_key", "l.organization"]).collect();
    let order: Vec<String> = keys.iter().map(|key| format!("{key} {way}")).collect();
    let (mut condition, mut values) = base(scope, filter);
    if let Turn::After(id) | Turn::Before(id) = turn
        && let Some(key) = key_of(db, scope, id, column)?
    {
        let from = values.len() + 1;
        let marks: Vec<String> = (from..from + key.len()).map(|mark| format!("?{mark}")).collect();
        condition = format!("{condition} and ({}) {sign} ({})", keys.join(", "), marks.join(", "));
        values.extend(key);
    }
    values.push(limit_of(limit));
    let sql = format!(
        "select {COLUMNS} from organization_listing l {JOINS} where {condition} order by {} limit ?{}",
        order.join(", "),
        values.len()
    );
    db.all(&sql, params_from_iter(values), read)
}

fn limit_of(limit: usize) -> Value {
    Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX))
}

/// Where a row stands in the order; nothing for one the viewer does not have, which makes the list begin at its beginning.
fn key_of(db: &impl Read, scope: &Scope, id: OrganizationId, column: Option<&str>) -> Result<Option<Vec<Value>>> {
    let first = column.map(|column| format!("{column}, ")).unwrap_or_default();
    let keys = usize::from(column.is_some()) + 2;
    db.maybe(
        &format!("select {first}l.name_key, l.organization from organization_listing l where l.viewer = ?1 and l.organization = ?2"),
        (scope.viewer, id),
        |row| (0..keys).map(|index| row.get(index)).collect(),
    )
}

/// Best match first: the organization with this very ID, then names that begin with the words, by name, then whatever contains
/// them. Under three characters only the beginnings of names are looked at.
fn matching(db: &impl Read, scope: &Scope, filter: &Filter, after: Option<OrganizationId>, limit: usize) -> Result<Vec<Organization>> {
    let key = text::key(&filter.query);
    let exact = exact_id(&key);
    let cursor = match after {
        Some(id) => key_of(db, scope, id, None)?.map(|key| (id, key)),
        None => None,
    };
    let past_names =
        cursor.as_ref().is_some_and(|(_, values)| !matches!(values.first(), Some(Value::Text(name)) if name.starts_with(&key)));
    let mut rows = Vec::new();
    if let (Some(id), None) = (exact, &cursor) {
        let (condition, mut values) = base(scope, filter);
        values.push(Value::Integer(id.0));
        let sql = format!("select {COLUMNS} from organization_listing l {JOINS} where {condition} and l.organization = ?{}", values.len());
        rows.extend(db.all(&sql, params_from_iter(values), read)?);
    }
    if !past_names {
        let from = cursor.as_ref().map(|(_, key)| key.as_slice());
        rows.extend(beginning_with(db, scope, filter, &key, from, limit)?.into_iter().filter(|row| Some(row.id) != exact));
    }
    if rows.len() < limit {
        let from = cursor.filter(|_| past_names).map_or(0, |(id, _)| id.0);
        let rest = containing(db, scope, filter, &key, from, limit - rows.len())?;
        rows.extend(rest.into_iter().filter(|row| Some(row.id) != exact));
    }
    Ok(rows)
}

/// The ID somebody typed, with or without its dash.
fn exact_id(key: &str) -> Option<OrganizationId> {
    let digits = match key.split_once('-') {
        Some((head, tail)) if head.len() == 6 && tail.len() == 2 => format!("{head}{tail}"),
        _ => key.to_owned(),
    };
    digits.parse().ok().filter(|_| digits.len() == 8)
}

fn beginning_with(
    db: &impl Read,
    scope: &Scope,
    filter: &Filter,
    key: &str,
    from: Option<&[Value]>,
    limit: usize,
) -> Result<Vec<Organization>> {
    let (mut condition, mut values) = base(scope, filter);
    let mut mark = |condition: &mut String, text: &str, value: Value| {
        values.push(value);
        *condition = format!("{condition}{text}?{}", values.len());
    };
    mark(&mut condition, " and l.name_key >= ", Value::Text(key.to_owned()));
    mark(&mut condition, " and l.name_key < ", Value::Text(format!("{key}\u{10ffff}")));
    if let Some([name, id]) = from {
        mark(&mut condition, " and (l.name_key, l.organization) > (", name.clone());
        mark(&mut condition, ", ", id.clone());
        condition.push(')');
    }
    mark(&mut condition, " order by l.name_key, l.organization limit ", limit_of(limit));
    db.all(&format!("select {COLUMNS} from organization_listing l {JOINS} where {condition}"), params_from_iter(values), read)
}

/// Whatever contains the words and does not begin with them, in the search index's own order.
fn containing(db: &impl Read, scope: &Scope, filter: &Filter, key: &str, from: i64, limit: usize) -> Result<Vec<Organization>> {
    let Some(mut wanted) = text::trigram_query(scope.viewer.0, key) else { return Ok(Vec::new()) };
    if let Some(tag) = state_tag(filter.tab) {
        wanted = format!("{wanted} AND tags : \"{tag}\"");
    }
    let (condition, mut values) = base(scope, filter);
    let next = values.len();
    values.extend([Value::Text(wanted), Value::Integer(from), Value::Text(key.to_owned()), limit_of(limit)]);
    let sql = format!(
        "select {COLUMNS} from organization_search cross join organization_listing l on l.organization = organization_search.rowid {JOINS}
          where organization_search match ?{} and organization_search.rowid > ?{} and {condition}
            and substr(l.name_key, 1, length(?{})) <> ?{} order by organization_search.rowid limit ?{}",
        next + 1,
        next + 2,
        next + 3,
        next + 3,
        next + 4
    );
    db.all(&sql, params_from_iter(values), read)
}
