//! The list's reads. Each is a walk of one index; nothing is counted and nothing is skipped by number.

use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use crate::access::model::Scope;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::text;
use crate::organizations::list_model::{Counts, Filter, Listed, Offered, PAGE, Part, PlanFilter, Sort, Texts, Turn};
use crate::organizations::model::state_tag;
use crate::subscriptions::model::{Bought, State};

/// What `read` reads, from `organization_listing l` and `JOIN`.
const COLUMNS: &str = "l.organization, o.partner, o.name, o.contact_first_name, o.contact_last_name, o.contact_email, o.created_at,
    o.deleted_at, l.plan, l.auto_license, l.seats, l.state, l.users, l.services, l.seats_used";
/// The rest of a listed row; `cross` keeps the listing's index in front.
const JOIN: &str = "cross join organization o on o.id = l.organization";

/// A row of `COLUMNS`.
fn read(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let text = |column: usize| -> rusqlite::Result<Option<&str>> { Ok(row.get_ref(column)?.as_str_or_null()?) };
    Ok(Listed {
        id: row.get(0)?,
        partner: row.get(1)?,
        words: Texts::of(text(2)?.unwrap_or_default(), text(3)?, text(4)?, text(5)?),
        created_at: row.get(6)?,
        deleted_at: row.get(7)?,
        plan: row.get(8)?,
        bought: Bought { auto_license: row.get(9)?, seats: row.get(10)? },
        state: row.get(11)?,
        users: row.get(12)?,
        services: row.get(13)?,
        seats_used: row.get(14)?,
    })
}

/// PAR-1: the viewer itself and every partner beneath it, by name; one alone when there is nothing to choose.
pub fn offered(db: &impl Read, scope: &Scope) -> Result<Vec<Offered>> {
    db.all(
        "select p.id, p.public_id, p.name from partner_ancestor a join partner p on p.id = a.partner
          where a.ancestor = ?1 order by a.depth > 0, p.name_key, p.id",
        [scope.viewer],
        |row| Ok(Offered { partner: row.get(0)?, public_id: row.get(1)?, name: row.get(2)? }),
    )
}

/// Whose listing is walked, and whether only the viewer's own rows of it count. A partner's listing holds what is beneath it too, so
/// that choosing one is walking that partner's index.
#[derive(Clone, Copy, Debug)]
struct Sight {
    listing: PartnerId,
    own: bool,
}

/// PAR-1: a partner that is not beneath the viewer narrows nothing, like one that does not exist.
fn sight(db: &impl Read, scope: &Scope, filter: &Filter) -> Result<Sight> {
    let chosen: Option<PartnerId> = match filter.partner.as_str() {
        "" => None,
        public_id => db.maybe(
            "select p.id from partner p join partner_ancestor a on a.partner = p.id where p.public_id = ?1 and a.ancestor = ?2",
            (public_id, scope.viewer),
            |row| row.get(0),
        )?,
    };
    Ok(Sight { listing: chosen.unwrap_or(scope.viewer), own: chosen == Some(scope.viewer) })
}

/// How many organizations each tab holds; kept, not counted. The viewer's own are what is left without those of its sub-partners.
pub fn counts(db: &impl Read, scope: &Scope, filter: &Filter) -> Result<Counts> {
    let sight = sight(db, scope, filter)?;
    let kept: Vec<(State, i64)> = db.all(
        "select c.state, c.count - case when ?2 then
                (select coalesce(sum(x.count), 0) from partner p join organization_count x on x.viewer = p.id and x.state = c.state
                  where p.parent = ?1) else 0 end
           from organization_count c where c.viewer = ?1",
        (sight.listing, sight.own),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let of = |state: State| kept.iter().find(|(kept, _)| *kept == state).map_or(0, |(_, count)| *count);
    Ok(State::ALL.iter().map(|state| (*state, of(*state))).collect())
}

/// A part of the list, of `PAGE` rows.
pub fn part(db: &impl Read, scope: &Scope, filter: &Filter, turn: Turn) -> Result<Part> {
    let mut rows = walk(db, scope, filter, turn, PAGE + 1)?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    if matches!(turn, Turn::Before(_)) {
        rows.reverse();
    }
    let first = rows.first().map(|row| Turn::Before(row.id));
    let last = rows.last().map(|row| Turn::After(row.id));
    let (before, after) = match turn {
        Turn::First => (false, more),
        Turn::After(_) => (true, more),
        Turn::Before(_) => (more, true),
    };
    Ok(Part { rows, previous: first.filter(|_| before), next: last.filter(|_| after) })
}

/// The whole filtered list, for the export.
pub fn whole(db: &impl Read, scope: &Scope, filter: &Filter) -> Result<Vec<Listed>> {
    walk(db, scope, filter, Turn::First, usize::MAX)
}

/// Rows from a turn on; from the nearest backwards when the turn is `Before`.
fn walk(db: &impl Read, scope: &Scope, filter: &Filter, turn: Turn, limit: usize) -> Result<Vec<Listed>> {
    let sight = sight(db, scope, filter)?;
    if filter.query.is_empty() { sorted(db, sight, filter, turn, limit) } else { matching(db, sight, filter, turn, limit) }
}

/// The condition every part shares, with its values; the plan in a form that its index answers.
fn base(sight: Sight, filter: &Filter) -> (String, Vec<Value>) {
    let mut values = vec![Value::Integer(sight.listing.0), Value::Text(filter.tab.word().to_owned())];
    let own = if sight.own { " and o.partner = ?1" } else { "" };
    let plan = match filter.plan {
        PlanFilter::All => "",
        PlanFilter::Without => " and l.plan is null",
        PlanFilter::Of(plan) => {
            values.push(Value::Text(plan.word().to_owned()));
            " and l.plan = ?3"
        }
    };
    (format!("l.viewer = ?1 and l.state = ?2{own}{plan}"), values)
}

/// Rows in the order of the column, from a row's key on.
fn sorted(db: &impl Read, sight: Sight, filter: &Filter, turn: Turn, limit: usize) -> Result<Vec<Listed>> {
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
    let (mut condition, mut values) = base(sight, filter);
    if let Turn::After(id) | Turn::Before(id) = turn
        && let Some(key) = key_of(db, sight, id, column)?
    {
        let from = values.len() + 1;
        let marks: Vec<String> = (from..from + key.len()).map(|mark| format!("?{mark}")).collect();
        condition = format!("{condition} and ({}) {sign} ({})", keys.join(", "), marks.join(", "));
        values.extend(key);
    }
    values.push(limit_of(limit));
    let sql = format!(
        "select {COLUMNS} from organization_listing l {JOIN} where {condition} order by {} limit ?{}",
        order.join(", "),
        values.len()
    );
    db.all(&sql, params_from_iter(values), read)
}

fn limit_of(limit: usize) -> Value {
    Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX))
}

/// Where a row stands in the order; nothing for one the viewer does not have, which makes the list begin at its beginning.
fn key_of(db: &impl Read, sight: Sight, id: OrganizationId, column: Option<&str>) -> Result<Option<Vec<Value>>> {
    let first = column.map(|column| format!("{column}, ")).unwrap_or_default();
    let keys = usize::from(column.is_some()) + 2;
    db.maybe(
        &format!("select {first}l.name_key, l.organization from organization_listing l where l.viewer = ?1 and l.organization = ?2"),
        (sight.listing, id),
        |row| (0..keys).map(|index| row.get(index)).collect(),
    )
}

/// Best match first: the organization with this very ID, then names that begin with the words, by name, then whatever contains
/// them. Under three characters only the beginnings of names are looked at. Each of the three is walked from the turn on, backwards
/// in the opposite order.
fn matching(db: &impl Read, sight: Sight, filter: &Filter, turn: Turn, limit: usize) -> Result<Vec<Listed>> {
    let key = text::key(&filter.query);
    let exact = exact_id(&key);
    let from = match turn {
        Turn::First => None,
        Turn::After(id) | Turn::Before(id) => key_of(db, sight, id, None)?.map(|key| (id, key)),
    };
    let zone = from.as_ref().map(|(id, values)| match values.first() {
        _ if Some(*id) == exact => Zone::Exact,
        Some(Value::Text(name)) if name.starts_with(&key) => Zone::Beginning,
        _ => Zone::Containing,
    });
    let backwards = matches!(turn, Turn::Before(_));
    let mut zones = [Zone::Exact, Zone::Beginning, Zone::Containing];
    if backwards {
        zones.reverse();
    }
    let look = Look { sight, filter, key: &key, way: if backwards { Way::Backwards } else { Way::Forwards } };
    let mut rows = Vec::new();
    for here in zones.into_iter().skip_while(|here| zone.is_some_and(|zone| zone != *here)) {
        if rows.len() >= limit {
            break;
        }
        let from = from.as_ref().filter(|_| zone == Some(here));
        // One more than wanted: the row of the very ID stands elsewhere.
        let left = limit.saturating_sub(rows.len()).saturating_add(1);
        let found = match here {
            Zone::Exact if from.is_none() => exactly(db, &look, exact)?,
            Zone::Exact => Vec::new(),
            Zone::Beginning => beginning_with(db, &look, from.map(|(_, key)| key.as_slice()), left)?,
            Zone::Containing => containing(db, &look, from.map(|(id, _)| *id), left)?,
        };
        rows.extend(found.into_iter().filter(|row| here == Zone::Exact || Some(row.id) != exact));
    }
    rows.truncate(limit);
    Ok(rows)
}

/// Why a row was found, the best match first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Zone {
    Exact,
    Beginning,
    Containing,
}

/// In which order a walk goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    Forwards,
    Backwards,
}

impl Way {
    /// How a row that comes later compares, and the order's word.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Forwards => (">", "asc"),
            Self::Backwards => ("<", "desc"),
        }
    }
}

/// What is looked for, where, and in which order.
struct Look<'a> {
    sight: Sight,
    filter: &'a Filter,
    key: &'a str,
    way: Way,
}

/// The ID somebody typed, with or without its dash.
fn exact_id(key: &str) -> Option<OrganizationId> {
    let digits = match key.split_once('-') {
        Some((head, tail)) if head.len() == 6 && tail.len() == 2 => format!("{head}{tail}"),
        _ => key.to_owned(),
    };
    digits.parse().ok().filter(|_| digits.len() == 8)
}

fn exactly(db: &impl Read, look: &Look<'_>, id: Option<OrganizationId>) -> Result<Vec<Listed>> {
    let Some(id) = id else { return Ok(Vec::new()) };
    let (condition, mut values) = base(look.sight, look.filter);
    values.push(Value::Integer(id.0));
    let sql = format!("select {COLUMNS} from organization_listing l {JOIN} where {condition} and l.organization = ?{}", values.len());
    db.all(&sql, params_from_iter(values), read)
}

fn beginning_with(db: &impl Read, look: &Look<'_>, from: Option<&[Value]>, limit: usize) -> Result<Vec<Listed>> {
    let (mut condition, mut values) = base(look.sight, look.filter);
    let (sign, order) = look.way.words();
    let mut mark = |condition: &mut String, text: &str, value: Value| {
        values.push(value);
        *condition = format!("{condition}{text}?{}", values.len());
    };
    mark(&mut condition, " and l.name_key >= ", Value::Text(look.key.to_owned()));
    mark(&mut condition, " and l.name_key < ", Value::Text(format!("{}\u{10ffff}", look.key)));
    if let Some([name, id]) = from {
        mark(&mut condition, &format!(" and (l.name_key, l.organization) {sign} ("), name.clone());
        mark(&mut condition, ", ", id.clone());
        condition.push(')');
    }
    mark(&mut condition, &format!(" order by l.name_key {order}, l.organization {order} limit "), limit_of(limit));
    db.all(&format!("select {COLUMNS} from organization_listing l {JOIN} where {condition}"), params_from_iter(values), read)
}

/// A tab of up to so many rows is looked through row by row: the search index is everybody's, and what it costs grows with the others'.
pub const FEW: i64 = 200;

/// Whatever contains the words and does not begin with them, in the search index's own order.
fn containing(db: &impl Read, look: &Look<'_>, from: Option<OrganizationId>, limit: usize) -> Result<Vec<Listed>> {
    let Some(wanted) = text::trigram_query(look.sight.listing.0, look.key) else { return Ok(Vec::new()) };
    let (condition, mut values) = base(look.sight, look.filter);
    let (sign, order) = look.way.words();
    let edge = if look.way == Way::Backwards { i64::MAX } else { 0 };
    let first = values.len() + 1;
    let (after, key, last) = (first + 1, first + 2, first + 3);
    let (source, id, fits, looked_for) = if is_short(db, look)? {
        ("organization_listing l", "l.organization", format!("instr(o.search, ?{first}) > 0"), look.key.to_owned())
    } else {
        let joined = "organization_search cross join organization_listing l on l.organization = organization_search.rowid";
        let tagged = state_tag(look.filter.tab).map(|tag| format!("{wanted} AND tags : \"{tag}\"")).unwrap_or(wanted);
        (joined, "organization_search.rowid", format!("organization_search match ?{first}"), tagged)
    };
    values.extend([
        Value::Text(looked_for),
        Value::Integer(from.map_or(edge, |id| id.0)),
        Value::Text(look.key.to_owned()),
        limit_of(limit),
    ]);
    let sql = format!(
        "select {COLUMNS} from {source} {JOIN} where {fits} and {id} {sign} ?{after} and {condition}
            and substr(l.name_key, 1, length(?{key})) <> ?{key} order by {id} {order} limit ?{last}"
    );
    db.all(&sql, params_from_iter(values), read)
}

fn is_short(db: &impl Read, look: &Look<'_>) -> Result<bool> {
    let kept: Option<i64> = db.maybe(
        "select count from organization_count where viewer = ?1 and state = ?2",
        (look.sight.listing, look.filter.tab.word()),
        |row| row.get(0),
    )?;
    Ok(kept.unwrap_or_default() <= FEW)
}
