//! Reads for the status page: one page of the table, and the figures above it.

use rusqlite::types::Value;
use rusqlite::{Row, ToSql, named_params};

use crate::access::model::Scope;
use crate::backups::model::STALE_AFTER;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::SaasAccountId;
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp};
use crate::saas::model::{SaasAccount, Shown};
use crate::saas::status_model::{Line, Place, Query, SeatTotals, Sort, Totals};
use crate::saas::store::{COLUMNS, IN_SCOPE, TABLES, applications, days, read};

/// The same decision as `Facts::shown`, for sorting and filtering where the rows are; a test compares the two.
const STATE: &str = "case
    when a.authorized = 0 then 'pending_authorization'
    when s.state = 'suspended' then 'suspended'
    when s.state in ('unsubscribed', 'deleted') then 'unsubscribed'
    when a.as_of is null then case when a.purged_at is not null then 'purged' else 'no_data_yet' end
    when a.as_of < :stale then 'no_recent_data'
    when a.health <> 'no_data' then a.health
    when exists (select 1 from seat where saas_account = a.id and state = 'Paused')
     and not exists (select 1 from seat where saas_account = a.id and state = 'Active') then 'paused'
    when a.active_services <= 0 then 'no_active_services'
    else 'too_little_history' end";
const NAME: &str = "coalesce(o.name_key, a.name_key)";
/// In scope, and what the reader asked for.
const WANTED: &str = "(:product is null or a.product = :product)
    and (:words = '' or instr(coalesce(o.name_key, ''), :words) > 0 or instr(substr(o.id, 1, 6) || '-' || substr(o.id, 7), :words) > 0
         or instr(cast(o.id as text), :words) > 0
         or case when :match is null then instr(a.name_key, :words) > 0 or instr(a.domain_key, :words) > 0 or instr(cast(a.vendor_id as text), :words) > 0
                 else a.id in (select rowid from saas_account_search where saas_account_search match :match) end)";

/// The value a row sorts by. What is not known sorts below everything that is.
fn key(sort: Sort) -> String {
    match sort {
        Sort::State => rank(),
        // A bare number would name a column of the result.
        Sort::Organization => "0 + 0".to_owned(),
        Sort::Service => "a.product".to_owned(),
        Sort::Retention => "coalesce(a.retention, '')".to_owned(),
        Sort::Seats => "a.seats_used".to_owned(),
        Sort::Success => format!(
            "case when ({STATE}) in ('failing', 'some_missed', 'protected', 'too_little_history') and a.active_services > 0
                  then a.backed_services * 1000 / a.active_services else -1 end"
        ),
        Sort::Protected => "coalesce(a.last_fully_protected, -1)".to_owned(),
        Sort::Storage => "coalesce(a.used_bytes, -1)".to_owned(),
    }
}

/// The states in the order of `Shown::ALL`, worst first.
fn rank() -> String {
    let whens: Vec<String> = Shown::ALL.iter().enumerate().map(|(place, shown)| format!("when '{}' then {place}", shown.word())).collect();
    format!("case ({STATE}) {} end", whens.join(" "))
}

/// A page of accounts inside `scope`, up to `limit` rows; before a place in the list's own order as well.
pub fn list(db: &impl Read, scope: &Scope, query: &Query, place: Place, limit: usize) -> Result<Vec<SaasAccount>> {
    let backwards = matches!(place, Place::Before(_));
    let down = query.descending != backwards;
    let (name_down, id_down) = if query.sort == Sort::Organization { (down, down) } else { (backwards, backwards) };
    let cursor = cursor(db, scope, query, place)?;
    let sql = format!(
        "select {COLUMNS} from {TABLES} where {IN_SCOPE} and {WANTED} and (:states is null or instr(:states, ',' || ({STATE}) || ',') > 0)
            and (:id is null or {key} {beyond} :key or ({key} = :key and ({NAME} {name_beyond} :name or ({NAME} = :name and a.id {id_beyond} :id))))
          order by {key} {order}, {NAME} {name_order}, a.id {id_order} limit :limit",
        key = key(query.sort),
        beyond = beyond(down),
        name_beyond = beyond(name_down),
        id_beyond = beyond(id_down),
        order = order(down),
        name_order = order(name_down),
        id_order = order(id_down),
    );
    let mut found = run(db, scope, query, &sql, cursor, limit, read)?;
    if backwards {
        found.reverse();
    }
    Ok(found)
}

const fn beyond(down: bool) -> &'static str {
    if down { "<" } else { ">" }
}

const fn order(down: bool) -> &'static str {
    if down { "desc" } else { "asc" }
}

type Cursor = Option<(Value, String, SaasAccountId)>;

/// What the place's own row sorts by; a row that is out of sight by now begins the list anew.
fn cursor(db: &impl Read, scope: &Scope, query: &Query, place: Place) -> Result<Cursor> {
    let (Place::After(id) | Place::Before(id)) = place else { return Ok(None) };
    let sql = format!("select {}, {NAME}, a.id from {TABLES} where {IN_SCOPE} and a.id = :id", key(query.sort));
    let stale = db.now() - STALE_AFTER;
    let mut params: Vec<(&str, &dyn ToSql)> = vec![(":viewer", &scope.viewer), (":only", &scope.only), (":id", &id)];
    if matches!(query.sort, Sort::State | Sort::Success) {
        params.push((":stale", &stale));
    }
    db.maybe(&sql, params.as_slice(), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

fn run<T>(
    db: &impl Read,
    scope: &Scope,
    query: &Query,
    sql: &str,
    cursor: Cursor,
    limit: usize,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let words = text::key(&query.words);
    let states =
        (!query.states.is_empty()).then(|| format!(",{},", query.states.iter().map(|shown| shown.word()).collect::<Vec<_>>().join(",")));
    let (key, name, id) = cursor.map_or((Value::Null, None, None), |(key, name, id)| (key, Some(name), Some(id)));
    let found = text::trigram_query(scope.viewer.0, &words);
    let (stale, limit) = (db.now() - STALE_AFTER, i64::try_from(limit).unwrap_or(i64::MAX));
    let mut params: Vec<(&str, &dyn ToSql)> = vec![
        (":viewer", &scope.viewer),
        (":only", &scope.only),
        (":product", &query.product),
        (":words", &words),
        (":match", &found),
        (":states", &states),
        (":stale", &stale),
        (":key", &key),
        (":name", &name),
        (":id", &id),
        (":limit", &limit),
    ];
    // A name that the statement does not use is an error to SQLite's binding.
    params.retain(|(name, _)| sql.contains(name));
    db.all(sql, params.as_slice(), read)
}

/// An account with its applications and what each did in the 24 hours before the account's newest data.
pub fn unfolded(db: &impl Read, account: SaasAccount) -> Result<Line> {
    let as_of = account.facts.as_of.unwrap_or(Timestamp(0));
    let rows = days(db, account.id)?;
    let newest = |name: &str| rows.iter().find(|row| row.application == name && as_of - Span::hours(24) < row.until).cloned();
    let applications =
        applications(db, account.id)?.into_iter().map(|each| (newest(&each.application), each)).map(|(day, each)| (each, day)).collect();
    Ok(Line { account, applications })
}

/// How many accounts the query finds.
pub fn count(db: &impl Read, scope: &Scope, query: &Query) -> Result<i64> {
    let sql = format!(
        "select count(*) from {TABLES} where {IN_SCOPE} and {WANTED} and (:states is null or instr(:states, ',' || ({STATE}) || ',') > 0)"
    );
    let counts: Vec<i64> = run(db, scope, query, &sql, None, 1, |row| row.get(0))?;
    Ok(counts.into_iter().sum())
}

/// The figures over everything in scope, whatever the table is narrowed to.
pub fn totals(db: &impl Read, scope: &Scope) -> Result<Totals> {
    let figures = "('failing', 'some_missed', 'protected', 'too_little_history')";
    let mut totals = db.one(
        &format!(
            "with seen as (select a.*, ({STATE}) as shown from {TABLES} where {IN_SCOPE})
             select count(*), max(as_of), coalesce(sum(shown in {figures}), 0),
                    coalesce(sum(case when shown in {figures} then active_services end), 0),
                    coalesce(sum(case when shown in {figures} then min(backed_services, active_services) end), 0),
                    coalesce(sum(authorized = 0), 0), coalesce(sum(organization is null), 0)
               from seen"
        ),
        named_params! { ":viewer": scope.viewer, ":only": scope.only, ":stale": db.now() - STALE_AFTER },
        |row| {
            Ok(Totals {
                accounts: row.get(0)?,
                as_of: row.get(1)?,
                counted: row.get(2)?,
                active: row.get(3)?,
                backed: row.get(4)?,
                pending: row.get(5)?,
                unlinked: row.get(6)?,
                ..Totals::default()
            })
        },
    )?;
    totals.seats = seat_totals(db, scope)?;
    totals.committed = db.one(
        &format!(
            "select sum(seats) from subscription
              where auto_license = 0 and seats is not null and state <> 'deleted'
                and organization in (select a.organization from saas_account a where a.organization is not null and {IN_SCOPE})"
        ),
        named_params! { ":viewer": scope.viewer, ":only": scope.only },
        |row| row.get(0),
    )?;
    Ok(totals)
}

/// One walk over the seats, a row an account; SEA-4 counts all SharePoint sites of an account as one.
fn seat_totals(db: &impl Read, scope: &Scope) -> Result<SeatTotals> {
    db.one(
        &format!(
            "with each as (
                select sum(t.state = 'Active') as active, sum(t.state in ('Paused', 'Archived')) as kept,
                       sum(t.state = 'Unprotected') as unprotected,
                       sum(t.seat_type = 'User' and t.state <> 'Unprotected')
                           + max(t.seat_type in ('Site', 'TeamSite') and t.state <> 'Unprotected') as billable,
                       coalesce(s.auto_license = 0 and s.seats is not null, 0) as committed
                  from {TABLES} join seat t on t.saas_account = a.id where {IN_SCOPE} group by a.id)
             select coalesce(sum(active), 0), coalesce(sum(kept), 0), coalesce(sum(unprotected), 0), coalesce(sum(billable), 0),
                    coalesce(sum(case when committed then billable end), 0) from each"
        ),
        named_params! { ":viewer": scope.viewer, ":only": scope.only },
        |row| {
            Ok(SeatTotals {
                active: row.get(0)?,
                kept: row.get(1)?,
                unprotected: row.get(2)?,
                billable: row.get(3)?,
                billable_committed: row.get(4)?,
            })
        },
    )
}
