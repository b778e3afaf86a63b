//! The list's reads. Each is a walk of one index; nothing is counted and nothing is skipped by number.

use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};

use crate::access::model::{Scope, Sight};
use crate::kernel::db::Read;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::organizations::list_model::{Counts, Filter, Listed, Offered, PAGE, Part, PlanFilter, Sort, Texts, Turn};
use crate::organizations::model::state_tag;
use crate::subscriptions::model::{Bought, State, WINDOW, over_since};

/// What `read` reads, from `organization_listing l` and `JOIN`.
const COLUMNS: &str = "l.organization, o.partner, o.name, o.contact_first_name, o.contact_last_name, o.contact_email, o.created_at,
    o.deleted_at, l.plan, l.auto_license, l.seats, l.state, l.users, l.services, l.seats_used, l.unsubscribed_at,
    l.state = 'deleted' and exists (select 1 from receipt r where r.organization = l.organization)";
/// The rest of a listed row; `cross` keeps the listing's index in front.
const JOIN: &str = "cross join organization o on o.id = l.organization";
/// EMP-4: up to so many organizations of somebody's groups are taken one by one and sorted; of more, the listing is walked and what is
/// in no group passed by.
pub const TAKEN: i64 = 5_000;
/// Where a search meets no more than this in the whole listing, what is in no group is passed by in any case.
const MET: i64 = 2_000;

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
        ends: row.get::<_, Option<Timestamp>>(15)?.map(|since| since + WINDOW),
        receipt: row.get(16)?,
    })
}

/// PAR-1: the viewer itself and every partner beneath it, by name; one alone when there is nothing to choose. Whom access groups limit
/// is offered partners of which they see an organization, and their own.
pub fn offered(db: &impl Read, scope: &Scope) -> Result<Vec<Offered>> {
    db.all(
        "select p.id, p.public_id, p.name from partner_ancestor a join partner p on p.id = a.partner
          where a.ancestor = :viewer
            and (:sight = 0 or a.depth = 0 or p.id in (
                 select o.partner from employee_sight g join organization o on o.id = g.organization where :sight = 2 and g.account = :whose))
          order by a.depth > 0, p.name_key, p.id",
        scope.bind(&[]).as_slice(),
        |row| Ok(Offered { partner: row.get(0)?, public_id: row.get(1)?, name: row.get(2)? }),
    )
}

/// Whose listing is walked, whether only the viewer's own rows of it count, and whether only some of those. A partner's listing holds
/// what is beneath it too, so that choosing one is walking that partner's index.
#[derive(Clone, Copy, Debug)]
struct View {
    listing: PartnerId,
    own: bool,
    taken: Taken,
}

/// Which rows of a listing are in sight, and how they are come by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Taken {
    /// All.
    All,
    /// No more than `TAKEN`: those of this employee's groups, one by one.
    Few(AccountId),
    /// More: those of this employee's groups, met on a walk.
    Many(AccountId),
}

impl View {
    /// Where rows of `l` come from; the member stands at `?2`, if there is one.
    const fn source(self) -> &'static str {
        match self.taken {
            Taken::All | Taken::Many(_) => "organization_listing l",
            Taken::Few(_) => {
                "(select distinct organization from employee_sight where account = ?2) g
                 cross join organization_listing l on l.organization = g.organization"
            }
        }
    }

    /// What makes a row of `l` one of those in sight.
    const fn sifted(self) -> &'static str {
        match self.taken {
            Taken::All => "?2 is null",
            Taken::Few(_) => "?2 is not null",
            Taken::Many(_) => "exists (select 1 from employee_sight g where g.account = ?2 and g.organization = l.organization)",
        }
    }

    /// The same of one row, however the others are come by.
    const fn met(self) -> &'static str {
        match self.taken {
            Taken::All => "?2 is null",
            Taken::Few(account) | Taken::Many(account) => Self { taken: Taken::Many(account), ..self }.sifted(),
        }
    }

    /// The same where no more than `MET` rows are met: these are passed by.
    const fn where_few_are_met(self, met: i64) -> Self {
        match self.taken {
            Taken::Few(account) if met <= MET => Self { taken: Taken::Many(account), ..self },
            Taken::All | Taken::Few(_) | Taken::Many(_) => self,
        }
    }

    const fn member(self) -> Option<AccountId> {
        match self.taken {
            Taken::All => None,
            Taken::Few(account) | Taken::Many(account) => Some(account),
        }
    }
}

/// PAR-1: a partner that is not beneath the viewer narrows nothing, like one that does not exist.
fn view(db: &impl Read, scope: &Scope, filter: &Filter) -> Result<View> {
    let chosen: Option<PartnerId> = match filter.partner.as_str() {
        "" => None,
        public_id => db.maybe(
            "select p.id from partner p join partner_ancestor a on a.partner = p.id where p.public_id = ?1 and a.ancestor = ?2",
            (public_id, scope.viewer()),
            |row| row.get(0),
        )?,
    };
    let taken = match scope.sight() {
        Sight::All => Taken::All,
        Sight::Groups(account) if is_few(db, account)? => Taken::Few(account),
        Sight::Groups(account) => Taken::Many(account),
        // Who is no employee manages no list.
        Sight::Organization(_) => return Err(Error::NotFound),
    };
    Ok(View { listing: chosen.unwrap_or(scope.viewer()), own: chosen == Some(scope.viewer()), taken })
}

fn is_few(db: &impl Read, member: AccountId) -> Result<bool> {
    db.one("select count(*) <= ?2 from (select 1 from employee_sight where account = ?1 limit ?2 + 1)", (member, TAKEN), |row| row.get(0))
}

/// How many organizations each tab holds; kept, not counted. The viewer's own are what is left without those of its sub-partners.
pub fn counts(db: &impl Read, scope: &Scope, filter: &Filter) -> Result<Counts> {
    let view = view(db, scope, filter)?;
    if view.member().is_some() {
        return counted(db, view);
    }
    let kept: Vec<(State, i64)> = db.all(
        "select c.state, c.count - case when ?2 then
                (select coalesce(sum(x.count), 0) from partner p join organization_count x on x.viewer = p.id and x.state = c.state
                  where p.parent = ?1) else 0 end
           from organization_count c where c.viewer = ?1",
        (view.listing, view.own),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let of = |state: State| kept.iter().find(|(kept, _)| *kept == state).map_or(0, |(_, count)| *count);
    let over = over_in(db, view)?;
    let moved = |state: State| match state {
        State::Unsubscribed => of(state) - over,
        State::Deleted => of(state) + over,
        State::Active | State::Suspended => of(state),
    };
    Ok(State::ALL.iter().map(|state| (*state, moved(*state))).collect())
}

/// The same for somebody whom access groups limit, up to one more than `TAKEN`.
fn counted(db: &impl Read, view: View) -> Result<Counts> {
    if matches!(view.taken, Taken::Few(_)) {
        let (condition, values) = within(view);
        let sql = format!(
            "select case when l.unsubscribed_at <= {} then 'deleted' else l.state end as state, count(*) from {} where {condition} group by state",
            over_since(db.now()).0,
            view.source()
        );
        let met: Vec<(State, i64)> = db.all(&sql, params_from_iter(values), |row| Ok((row.get(0)?, row.get(1)?)))?;
        let of = |state: State| met.iter().find(|(met, _)| *met == state).map_or(0, |(_, count)| *count);
        return Ok(State::ALL.iter().map(|state| (*state, of(*state))).collect());
    }
    State::ALL
        .iter()
        .map(|state| {
            let (condition, mut values) = base(view, *state, PlanFilter::All, db.now());
            values.push(Value::Integer(TAKEN + 1));
            let sql = format!("select count(*) from (select 1 from {} where {condition} limit ?{})", view.source(), values.len());
            Ok((*state, db.one(&sql, params_from_iter(values), |row| row.get(0))?))
        })
        .collect()
}

/// SUB-3: how many are over and still to be destroyed, which is a matter of seconds: they count as deleted.
pub fn over(db: &impl Read, scope: &Scope, filter: &Filter) -> Result<i64> {
    over_in(db, view(db, scope, filter)?)
}

fn over_in(db: &impl Read, view: View) -> Result<i64> {
    let (condition, values) = within(view);
    let sql = format!("select count(*) from {} where {condition} and l.unsubscribed_at <= {}", view.source(), over_since(db.now()).0);
    db.one(&sql, params_from_iter(values), |row| row.get(0))
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
    let view = view(db, scope, filter)?;
    if filter.query.is_empty() { sorted(db, view, filter, turn, limit) } else { matching(db, view, filter, turn, limit) }
}

/// The condition every part shares, with its values; the plan in a form that its index answers.
fn base(view: View, tab: State, plan: PlanFilter, now: Timestamp) -> (String, Vec<Value>) {
    let (within, mut values) = within(view);
    values.push(Value::Text(tab.word().to_owned()));
    // SUB-3: what is over is no longer unsubscribed, whether or not a job wrote that down. A literal, so that the index is one of just these.
    let running = match tab {
        State::Unsubscribed => format!(" and l.unsubscribed_at > {}", over_since(now).0),
        State::Active | State::Suspended | State::Deleted => String::new(),
    };
    let plan = match plan {
        PlanFilter::All => "",
        PlanFilter::Without => " and l.plan is null",
        PlanFilter::Of(plan) => {
            values.push(Value::Text(plan.word().to_owned()));
            " and l.plan = ?4"
        }
    };
    (format!("{within} and l.state = ?3{running}{plan}"), values)
}

/// What makes a row one of the view's, whatever its state.
fn within(view: View) -> (String, Vec<Value>) {
    let member = view.member().map_or(Value::Null, |account| Value::Integer(account.0));
    let own = if view.own { " and (select x.partner from organization x where x.id = l.organization) = ?1" } else { "" };
    (format!("l.viewer = ?1 and {}{own}", view.sifted()), vec![Value::Integer(view.listing.0), member])
}

/// Rows in the order of the column, from a row's key on.
fn sorted(db: &impl Read, view: View, filter: &Filter, turn: Turn, limit: usize) -> Result<Vec<Listed>> {
    let column = match filter.sort {
        Sort::Name => None,
        Sort::Users => Some("l.users"),
        Sort::Services => Some("l.services"),
        Sort::Seats => Some("l.seats_used"),
        Sort::End => Some("l.unsubscribed_at"),
    };
    let backwards = matches!(turn, Turn::Before(_));
    let (sign, way) = if filter.descending == backwards { (">", "asc") } else { ("<", "desc") };
    let keys: Vec<&str> = column.into_iter().chain(["l.name_key", "l.organization"]).collect();
    let order = keys.iter().map(|key| format!("{key} {way}")).collect::<Vec<_>>().join(", ");
    let (mut condition, mut values) = base(view, filter.tab, filter.plan, db.now());
    if let Turn::After(id) | Turn::Before(id) = turn
        && let Some(key) = key_of(db, view, id, column)?
    {
        let from = values.len() + 1;
        let marks: Vec<String> = (from..from + key.len()).map(|mark| format!("?{mark}")).collect();
        condition = format!("{condition} and ({}) {sign} ({})", keys.join(", "), marks.join(", "));
        values.extend(key);
    }
    values.push(limit_of(limit));
    let sql = ordered(view, &condition, &order, values.len());
    db.all(&sql, params_from_iter(values), read)
}

/// Rows that fit, in this order, up to the value with the number `limit`. Where they are sorted rather than walked, each is looked up as an
/// organization after that.
fn ordered(view: View, condition: &str, order: &str, limit: usize) -> String {
    let source = view.source();
    if matches!(view.taken, Taken::Few(_)) {
        format!(
            "select {COLUMNS} from (select l.* from {source} where {condition} order by {order} limit ?{limit}) l {JOIN} order by {order}"
        )
    } else {
        format!("select {COLUMNS} from {source} {JOIN} where {condition} order by {order} limit ?{limit}")
    }
}

fn limit_of(limit: usize) -> Value {
    Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX))
}

/// Where a row stands in the order; nothing for one the viewer does not have, which makes the list begin at its beginning.
fn key_of(db: &impl Read, view: View, id: OrganizationId, column: Option<&str>) -> Result<Option<Vec<Value>>> {
    let first = column.map(|column| format!("{column}, ")).unwrap_or_default();
    let keys = usize::from(column.is_some()) + 2;
    db.maybe(
        &format!(
            "select {first}l.name_key, l.organization from organization_listing l where l.viewer = ?1 and l.organization = ?3 and {}",
            view.met()
        ),
        params![view.listing, view.member(), id],
        |row| (0..keys).map(|index| row.get(index)).collect(),
    )
}

/// Best match first: the organization with this very ID, then names that begin with the words, by name, then whatever contains
/// them. Under three characters only the beginnings of names are looked at. Each of the three is walked from the turn on, backwards
/// in the opposite order.
fn matching(db: &impl Read, view: View, filter: &Filter, turn: Turn, limit: usize) -> Result<Vec<Listed>> {
    let key = text::key(&filter.query);
    let exact = exact_id(&key);
    let from = match turn {
        Turn::First => None,
        Turn::After(id) | Turn::Before(id) => key_of(db, view, id, None)?.map(|key| (id, key)),
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
    let look = Look { view, filter, key: &key, way: if backwards { Way::Backwards } else { Way::Forwards } };
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
    view: View,
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
    let (condition, mut values) = base(look.view, look.filter.tab, look.filter.plan, db.now());
    values.push(Value::Integer(id.0));
    let from = look.view.source();
    let sql = format!("select {COLUMNS} from {from} {JOIN} where {condition} and l.organization = ?{}", values.len());
    db.all(&sql, params_from_iter(values), read)
}

fn beginning_with(db: &impl Read, look: &Look<'_>, from: Option<&[Value]>, limit: usize) -> Result<Vec<Listed>> {
    let met = match look.view.taken {
        Taken::Few(_) => db.one(
            "select count(*) from (select 1 from organization_listing
              where viewer = ?1 and state = ?2 and name_key >= ?3 and name_key < ?3 || char(1114111) limit ?4)",
            params![look.view.listing, look.filter.tab, look.key, MET + 1],
            |row| row.get(0),
        )?,
        Taken::All | Taken::Many(_) => 0,
    };
    let view = look.view.where_few_are_met(met);
    let (mut condition, mut values) = base(view, look.filter.tab, look.filter.plan, db.now());
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
    values.push(limit_of(limit));
    let order = format!("l.name_key {order}, l.organization {order}");
    db.all(&ordered(view, &condition, &order, values.len()), params_from_iter(values), read)
}

/// A tab of up to so many rows is looked through row by row: the search index is everybody's, and what it costs grows with the others'.
pub const FEW: i64 = 200;

/// Whatever contains the words and does not begin with them, in the search index's own order.
fn containing(db: &impl Read, look: &Look<'_>, from: Option<OrganizationId>, limit: usize) -> Result<Vec<Listed>> {
    let Some(wanted) = text::trigram_query(look.view.listing.0, look.key) else { return Ok(Vec::new()) };
    let met = match look.view.taken {
        Taken::Few(_) => db.one(
            "select count(*) from (select 1 from organization_search where organization_search match ?1 limit ?2)",
            params![wanted, MET + 1],
            |row| row.get(0),
        )?,
        Taken::All | Taken::Many(_) => 0,
    };
    let view = look.view.where_few_are_met(met);
    let (condition, mut values) = base(view, look.filter.tab, look.filter.plan, db.now());
    let (sign, order) = look.way.words();
    let edge = if look.way == Way::Backwards { i64::MAX } else { 0 };
    let first = values.len() + 1;
    let (after, key, last) = (first + 1, first + 2, first + 3);
    let (source, id, fits, looked_for) = if is_short(db, &Look { view, ..*look })? {
        (view.source(), "l.organization", format!("instr(o.search, ?{first}) > 0"), look.key.to_owned())
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
    if matches!(look.view.taken, Taken::Few(_)) {
        return Ok(true);
    }
    let kept: Option<i64> = db.maybe(
        "select count from organization_count where viewer = ?1 and state = ?2",
        (look.view.listing, look.filter.tab.word()),
        |row| row.get(0),
    )?;
    Ok(kept.unwrap_or_default() <= FEW)
}
