//! Reads for the status page: one page of the table. In the default order, and by organization, it is a walk of an index; what is
//! searched for is found by the search index, and other columns are sorted.

use rusqlite::Row;
use rusqlite::types::Value;

use crate::access::model::{Named, Scope, Sight};
use crate::backups::model::STALE_AFTER;
use crate::in_sight;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::{PartnerId, SaasAccountId};
use crate::kernel::text;
use crate::kernel::time::{Span, Timestamp};
use crate::saas::model::{SaasAccount, Shown};
use crate::saas::status_model::{Line, Place, Query, Sort};
use crate::saas::store::{COLUMNS, applications, read_for};
use crate::saas::walk_store::{self as walks, Column, Key, Walk};
use crate::saas::{store, totals_store};

/// What an account is shown as, from `saas_listing l`.
pub(super) const SHOWN: &str = "case when l.dated = 1 and l.as_of < :stale then 'no_recent_data' else l.standing end";
/// A page's rows; longer lists are one statement.
const WALKED: usize = 1_000;

/// A page of accounts inside `scope`, up to `limit` rows; before a place in the list's own order as well.
pub fn list(db: &impl Read, scope: &Scope, query: &Query, place: Place, limit: usize) -> Result<Vec<SaasAccount>> {
    if WALKED < limit {
        return sorted(db, scope, query, place, limit, COLUMNS, |row| read_for(scope, row));
    }
    let all = scope.sight() == Sight::All && query.organization.is_none() && text::key(&query.words).is_empty();
    let mut found: Vec<SaasAccountId> = match (query.sort, column(query.sort)) {
        (Sort::State | Sort::Organization, _) if all => walk(db, scope.viewer(), query, place, limit)?,
        (_, Some(column)) if all && query.finds_all() => walk_column(db, scope.viewer(), query, column, place, limit)?,
        _ => sorted(db, scope, query, place, limit, "l.saas_account", |row| row.get(0))?,
    };
    if matches!(place, Place::Before(_)) {
        found.reverse();
    }
    store::met(db, scope, &found)
}

/// The column whose order is a walk.
const fn column(sort: Sort) -> Option<Column> {
    match sort {
        Sort::Service => Some(Column::Product),
        Sort::Retention => Some(Column::Retention),
        Sort::Seats => Some(Column::SeatsUsed),
        Sort::Protected => Some(Column::Protected),
        Sort::Storage => Some(Column::UsedBytes),
        Sort::State | Sort::Organization | Sort::Success => None,
    }
}

/// A walk from the beginning of the list, or the end.
fn begin(viewer: PartnerId, query: &Query, place: Place, limit: usize) -> Walk<'static> {
    Walk {
        viewer,
        product: query.product,
        from: None,
        down: matches!(place, Place::Before(_)),
        limit: i64::try_from(limit).unwrap_or(i64::MAX),
    }
}

fn walk_column(db: &impl Read, viewer: PartnerId, query: &Query, column: Column, place: Place, limit: usize) -> Result<Vec<SaasAccountId>> {
    let from = match place {
        Place::First => None,
        Place::After(id) | Place::Before(id) => walks::place_by(db, viewer, id, column)?,
    };
    let walk = begin(viewer, query, place, limit);
    let keys = walks::by_column(db, walk, column, from.as_ref(), query.descending != walk.down)?;
    Ok(keys.into_iter().map(|(_, id)| id).collect())
}

/// The rows from the place on, the nearest first.
fn walk(db: &impl Read, viewer: PartnerId, query: &Query, place: Place, limit: usize) -> Result<Vec<SaasAccountId>> {
    let from = match place {
        Place::First => None,
        Place::After(id) | Place::Before(id) => walks::place(db, viewer, id)?,
    };
    let walk = begin(viewer, query, place, limit);
    let down = query.descending != walk.down;
    let keys = if query.sort == Sort::Organization {
        by_organization(db, Walk { down, ..walk }, query, from.as_ref().map(|(_, key)| key))?
    } else {
        by_state(db, walk, query, from.as_ref(), down)?
    };
    Ok(keys.into_iter().map(|(_, id)| id).collect())
}

/// The states one after the other, each by name.
fn by_state(db: &impl Read, walk: Walk<'_>, query: &Query, from: Option<&(Shown, Key)>, down: bool) -> Result<Vec<Key>> {
    let mut states: Vec<Shown> = Shown::ALL.to_vec();
    if down {
        states.reverse();
    }
    let passed = from.map(|(shown, _)| *shown);
    let mut keys: Vec<Key> = Vec::new();
    for shown in states.into_iter().skip_while(|shown| passed.is_some_and(|passed| passed != *shown)) {
        let left = walk.limit - i64::try_from(keys.len()).unwrap_or(i64::MAX);
        if left <= 0 {
            break;
        }
        if query.states.is_empty() || query.states.contains(&shown) {
            let from = from.filter(|(state, _)| *state == shown).map(|(_, key)| key);
            keys.extend(walks::shown(db, Walk { from, limit: left, ..walk }, shown)?);
        }
    }
    Ok(keys)
}

/// All of them by name, or those of each state asked for, brought together.
fn by_organization(db: &impl Read, walk: Walk<'_>, query: &Query, from: Option<&Key>) -> Result<Vec<Key>> {
    let walk = Walk { from, ..walk };
    if query.states.is_empty() {
        return walks::all(db, walk);
    }
    let mut keys: Vec<Key> = Vec::new();
    for shown in &query.states {
        keys.extend(walks::shown(db, walk, *shown)?);
    }
    keys.sort();
    if walk.down {
        keys.reverse();
    }
    keys.truncate(usize::try_from(walk.limit).unwrap_or(usize::MAX));
    Ok(keys)
}

/// The value a row sorts by. What is not known sorts below everything that is.
fn key(sort: Sort) -> String {
    match sort {
        Sort::State => rank(),
        // A bare number would name a column of the result.
        Sort::Organization => "0 + 0".to_owned(),
        Sort::Success => format!(
            "case when ({SHOWN}) in ('failing', 'some_missed', 'protected', 'too_little_history') and l.active_services > 0
                  then l.backed_services * 1000 / l.active_services else -1 end"
        ),
        Sort::Service | Sort::Retention | Sort::Seats | Sort::Protected | Sort::Storage => {
            format!("l.{}", column(sort).map_or("name_key", Column::name))
        }
    }
}

/// The states in the order of `Shown::ALL`, worst first.
fn rank() -> String {
    let whens: Vec<String> = Shown::ALL.iter().enumerate().map(|(place, shown)| format!("when '{}' then {place}", shown.word())).collect();
    format!("case {SHOWN} {} end", whens.join(" "))
}

/// Where the rows come from and what they must be, as far as `query` and `scope` say: from what is searched for, from what hangs on the
/// organizations in sight, or from all of the viewer's.
struct Source {
    with: &'static str,
    from: &'static str,
    wanted: String,
}

/// The accounts that a limited employee sees: those of their groups' organizations, and their own partner's that no organization has (EMP-4).
pub(super) const SEEN: &str = "with seen (id) as (
        select a.id from employee_sight g cross join saas_account a on a.organization = g.organization where g.account = :whose
        union
        select id from saas_account indexed by saas_account_unlinked where partner = :viewer and organization is null)";
/// The same of an account that was met.
const IN_SIGHT: &str = "exists (select 1 from saas_account x where x.id = l.saas_account
         and (x.organization is null and x.partner = :viewer
              or exists (select 1 from employee_sight g where g.organization = x.organization and g.account = :whose)))";

fn source(scope: &Scope, query: &Query) -> Source {
    let words = text::key(&query.words);
    let trigrams = text::trigram_query(scope.viewer().0, &words).is_some();
    let (with, from) = match scope.sight() {
        _ if trigrams => (FOUND, "found cross join saas_listing l on l.saas_account = found.id"),
        _ if !words.is_empty() => (BEGINNING, "found cross join saas_listing l on l.saas_account = found.id"),
        Sight::Groups(_) => (SEEN, "seen cross join saas_listing l on l.saas_account = seen.id"),
        Sight::Organization(_) => ("", "saas_listing l"),
        Sight::All if query.organization.is_some() => ("", "saas_listing l"),
        Sight::All => ("", "saas_listing l indexed by saas_listing_name"),
    };
    let mut wanted = "l.viewer = :viewer and (:product is null or l.product = :product)".to_owned();
    match scope.sight() {
        Sight::All => {}
        Sight::Organization(_) => wanted.push_str(" and l.saas_account in (select id from saas_account where organization = :whose)"),
        // Without words they come from those in sight already.
        Sight::Groups(_) if words.is_empty() => {}
        Sight::Groups(_) => wanted = format!("{wanted} and {IN_SIGHT}"),
    }
    if query.organization.is_some() {
        wanted.push_str(" and l.saas_account in (select id from saas_account where organization = :organization)");
    }
    if !query.states.is_empty() {
        let states: Vec<String> = query.states.iter().map(|shown| format!("'{}'", shown.word())).collect();
        wanted = format!("{wanted} and ({SHOWN}) in ({})", states.join(", "));
    }
    Source { with, from, wanted }
}

/// Accounts that hold the words, and those of organizations that do so in name or ID.
const FOUND: &str = "with found (id) as (
        select rowid from saas_account_search where saas_account_search match :match
        union
        select x.id from organization_search f cross join organization g on g.id = f.rowid cross join saas_account x on x.organization = g.id
         where organization_search match :match
           and (instr(g.name_key, :words) > 0 or instr(substr(g.id, 1, 6) || '-' || substr(g.id, 7), :words) > 0
                or instr(cast(g.id as text), :words) > 0))";
/// Fewer letters than the search index knows: accounts whose name, or whose organization's, begins with them.
const BEGINNING: &str = "with found (id) as (
        select saas_account from saas_listing indexed by saas_listing_name
         where viewer = :viewer and name_key >= :words and name_key < :words || char(1114111)
        union
        select x.id from partner_ancestor p cross join saas_account x indexed by saas_account_name on x.partner = p.partner
         where p.ancestor = :viewer and x.name_key >= :words and x.name_key < :words || char(1114111))";
/// What the rows of `COLUMNS` need beside the listing.
const JOINS: &str = "cross join saas_account a on a.id = l.saas_account left join organization o on o.id = a.organization
    left join subscription s on s.organization = a.organization";

/// The rows from the place on, the nearest first, by whatever column.
fn sorted<T>(
    db: &impl Read,
    scope: &Scope,
    query: &Query,
    place: Place,
    limit: usize,
    columns: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let backwards = matches!(place, Place::Before(_));
    let down = query.descending != backwards;
    let (name_down, id_down) = if query.sort == Sort::Organization { (down, down) } else { (backwards, backwards) };
    let Source { with, from, wanted } = source(scope, query);
    let sql = format!(
        "{with} select {columns} from {from} {joins} where {wanted}
            and (:id is null or {key} {beyond} :key
                 or ({key} = :key and (l.name_key {name_beyond} :name or (l.name_key = :name and l.saas_account {id_beyond} :id))))
          order by {key} {order}, l.name_key {name_order}, l.saas_account {id_order} limit :limit",
        joins = if columns == COLUMNS { JOINS } else { "" },
        key = key(query.sort),
        beyond = beyond(down),
        name_beyond = beyond(name_down),
        id_beyond = beyond(id_down),
        order = order(down),
        name_order = order(name_down),
        id_order = order(id_down),
    );
    run(db, scope, query, &sql, cursor(db, scope, query, place)?, limit, read)
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
    let sql = format!(
        "select {}, l.name_key, l.saas_account from saas_account a join saas_listing l on l.saas_account = a.id and l.viewer = :viewer
          where a.id = :id and {}",
        key(query.sort),
        in_sight!("a.organization" or_none "a.partner")
    );
    let stale = db.now() - STALE_AFTER;
    let mut params = scope.bind(&[(":id", &id)]);
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
    let (key, name, id) = cursor.map_or((Value::Null, None, None), |(key, name, id)| (key, Some(name), Some(id)));
    let found = text::trigram_query(scope.viewer().0, &words);
    let (stale, limit) = (db.now() - STALE_AFTER, i64::try_from(limit).unwrap_or(i64::MAX));
    let values: [Named<'_>; 9] = [
        (":product", &query.product),
        (":organization", &query.organization),
        (":words", &words),
        (":match", &found),
        (":stale", &stale),
        (":key", &key),
        (":name", &name),
        (":id", &id),
        (":limit", &limit),
    ];
    let mut params = scope.bind(&values);
    // A name that the statement does not use is an error to SQLite's binding.
    params.retain(|(name, _)| sql.contains(name));
    db.all(sql, params.as_slice(), read)
}

/// An account with its applications and what each did in the 24 hours before the account's newest data.
pub fn unfolded(db: &impl Read, account: SaasAccount) -> Result<Line> {
    let since = account.facts.as_of.unwrap_or(Timestamp(0)) - Span::hours(24);
    let applications = applications(db, account.id)?
        .into_iter()
        .map(|each| Ok((store::newest_day(db, account.id, &each.application)?.filter(|day| since < day.until), each)))
        .map(|found: Result<_>| found.map(|(day, each)| (each, day)))
        .collect::<Result<_>>()?;
    Ok(Line { account, applications })
}

/// How many accounts the query finds.
pub fn count(db: &impl Read, scope: &Scope, query: &Query) -> Result<i64> {
    if scope.sight() == Sight::All && query.organization.is_none() && query.words.trim().is_empty() {
        return totals_store::count(db, scope.viewer(), query.product, &query.states);
    }
    let Source { with, from, wanted } = source(scope, query);
    let counts: Vec<i64> = run(db, scope, query, &format!("{with} select count(*) from {from} where {wanted}"), None, 1, |row| row.get(0))?;
    Ok(counts.into_iter().sum())
}
