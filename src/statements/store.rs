//! What statements are read from, and the rows of closed ones. What organizations use is followed by their own slice.

use rusqlite::{Row, named_params, params};

use crate::access::model::Scope;
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::month::Month;
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::statements::model::{Line, OwnLine, Statement, Sums};
use crate::subscriptions::model::{Plan, State};
use crate::subscriptions::price_model::PriceList;

/// The lines of a month that is over.
const KEPT: &str =
    "select partner, organization, name, name_key, plan, used, committed from usage_month where partner = :partner and month = :month";

/// The lines of the month that runs. Where nothing has happened in it yet, the counts of now are the highest; what ended before it is not
/// billed, though nobody may have carried that out yet.
const RUNNING: &str = "select partner, organization, name, name_key, plan, used, committed from (
    select u.partner, u.organization, o.name, u.name_key, iif(u.month < :month, u.plan_now, u.plan) as plan,
           iif(u.month < :month, u.used, u.most_used) as used, iif(u.month < :month, u.committed, u.most_committed) as committed
      from organization_usage u cross join organization o on o.id = u.organization
     where u.partner = :partner and (u.plan is not null or u.plan_now is not null) and (u.over is null or :begins <= u.over))
     where plan is not null";

/// What those lines come to, by plan: sums that are kept, without what ended before the month.
const RUNNING_SUMS: &str = "select plan, sum(lines), sum(seats) from (
    select plan, lines, seats from usage_sum
     where partner = :partner and (:month <= month and lasting = 0 or month < :month and lasting = 1)
    union all
    select iif(u.month < :month, u.plan_now, u.plan), -1, -iif(u.month < :month, max(u.used, u.committed), max(u.most_used, u.most_committed))
      from organization_usage u indexed by organization_usage_over where u.partner = :partner and u.over is not null and u.over < :begins)
    where plan is not null group by plan having sum(lines) <> 0";

/// Which month of a partner is meant, and whether it runs.
#[derive(Clone, Copy, Debug)]
pub struct Which {
    /// Whose.
    pub partner: PartnerId,
    /// Which.
    pub month: Month,
    /// Whether it is the month of now.
    pub runs: bool,
}

/// A line's place in the order of names.
pub type Place = (String, OrganizationId);

/// A part of the lines, in the order of names.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// What the name holds.
    pub words: String,
    /// Behind this line.
    pub after: Option<Place>,
    /// So many at most; all without it.
    pub limit: Option<i64>,
}

/// Lines of a month, each with its place in the order of names.
pub fn lines(db: &impl Read, which: Which, part: &Part) -> Result<Vec<(Line, Place)>> {
    let (after, beyond) = part.after.clone().unwrap_or((String::new(), OrganizationId(0)));
    db.all(
        &format!(
            "select organization, name, plan, used, committed, name_key from ({})
              where (name_key, organization) > (:after, :beyond) and (:words = '' or instr(name_key, :words) > 0) and :begins is not null
              order by name_key, organization limit :limit",
            if which.runs { RUNNING } else { KEPT }
        ),
        named_params! {
            ":partner": which.partner, ":month": which.month, ":begins": which.month.begins(),
            ":after": after, ":beyond": beyond, ":words": text::key(&part.words), ":limit": part.limit.unwrap_or(-1)
        },
        |row| Ok((read(row)?, (row.get(5)?, row.get(0)?))),
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<Line> {
    Ok(Line { organization: row.get(0)?, name: row.get(1)?, plan: row.get(2)?, used: row.get(3)?, committed: row.get(4)? })
}

/// One organization's line of a month; `None` if it has none.
pub fn line_of(db: &impl Read, which: Which, organization: OrganizationId) -> Result<Option<Line>> {
    db.maybe(
        &format!(
            "select organization, name, plan, used, committed from ({})
              where organization = :organization and :begins is not null",
            if which.runs { RUNNING } else { KEPT }
        ),
        named_params! {
            ":partner": which.partner, ":month": which.month, ":begins": which.month.begins(), ":organization": organization
        },
        read,
    )
}

/// What the lines of a month come to.
pub fn sums(db: &impl Read, which: Which, prices: Option<&PriceList>) -> Result<Sums> {
    let counted = format!("select plan, count(*), sum(max(used, committed)) from ({KEPT}) where :begins is not null group by plan");
    let by_plan: Vec<(Plan, i64, i64)> = db.all(
        if which.runs { RUNNING_SUMS } else { &counted },
        named_params! { ":partner": which.partner, ":month": which.month, ":begins": which.month.begins() },
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    Ok(Sums::of(&by_plan, prices))
}

const CLOSED: &str = "month, currency, backup, archiver, personal, lines, seats, total, unpriced, closed_at";

fn read_closed(row: &Row<'_>) -> rusqlite::Result<Statement> {
    let month = row.get(0)?;
    let currency: Option<_> = row.get(1)?;
    let (backup, archiver, personal) = (row.get(2)?, row.get(3)?, row.get(4)?);
    Ok(Statement {
        month,
        prices: currency.map(|currency| PriceList { from: month, currency, backup, archiver, personal }),
        sums: Sums { lines: row.get(5)?, seats: row.get(6)?, total: row.get(7)?, unpriced: row.get(8)? },
        closed_at: Some(row.get(9)?),
    })
}

/// A partner's closed statements, the latest first.
pub fn closed(db: &impl Read, partner: PartnerId, limit: i64) -> Result<Vec<Statement>> {
    db.all(&format!("select {CLOSED} from statement where partner = ?1 order by month desc limit ?2"), (partner, limit), read_closed)
}

/// NOT-1: the statements that were closed after this moment, the earliest month first.
pub fn closed_after(db: &impl Read, partner: PartnerId, since: Timestamp) -> Result<Vec<Statement>> {
    db.all(&format!("select {CLOSED} from statement where partner = ?1 and closed_at > ?2 order by month"), (partner, since), read_closed)
}

/// The closed statement of a month; `None` while it is open, or if there is none.
pub fn closed_one(db: &impl Read, partner: PartnerId, month: Month) -> Result<Option<Statement>> {
    db.maybe(&format!("select {CLOSED} from statement where partner = ?1 and month = ?2"), (partner, month), read_closed)
}

/// The next month that is over, has lines, and is not closed. Months are closed in their order, when all their lines are there.
pub fn open(db: &impl Read, now: Month) -> Result<Option<(PartnerId, Month)>> {
    db.maybe(
        "select id, month from (
            select p.id, (select min(m.month) from usage_month m where m.partner = p.id and m.month < ?1
                             and m.month > coalesce((select max(s.month) from statement s where s.partner = p.id), 0)) as month
              from partner p)
          where month is not null order by month, id limit 1",
        [now],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Closes a statement for good; `Conflict` if it is closed.
pub fn close(tx: &Tx<'_>, partner: PartnerId, statement: &Statement) -> Result<()> {
    let (prices, sums) = (statement.prices, statement.sums);
    tx.change_one(
        "insert into statement (partner, month, currency, backup, archiver, personal, lines, seats, total, unpriced, closed_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) on conflict do nothing",
        params![
            partner,
            statement.month,
            prices.map(|list| list.currency),
            prices.and_then(|list| list.backup),
            prices.and_then(|list| list.archiver),
            prices.and_then(|list| list.personal),
            sums.lines,
            sums.seats,
            sums.total,
            sums.unpriced,
            tx.now()
        ],
    )
}

/// The latest closed months of an organization inside `scope`, the newest first: with the partner that holds it now.
pub fn of_organization(db: &impl Read, scope: &Scope, organization: OrganizationId, limit: i64) -> Result<Vec<OwnLine>> {
    db.all(
        concat!(
            "select m.organization, m.name, m.plan, m.used, m.committed, m.month, t.currency, t.backup, t.archiver, t.personal
               from organization_listing l join organization o on o.id = l.organization
               join usage_month m on m.organization = l.organization and m.partner = o.partner
               join statement t on t.partner = m.partner and t.month = m.month
              where l.viewer = :viewer and l.organization = :organization and ",
            in_sight!("l.organization"),
            " order by m.month desc limit :limit"
        ),
        scope.bind(&[(":organization", &organization), (":limit", &limit)]).as_slice(),
        |row| {
            let (line, month) = (read(row)?, row.get(5)?);
            let (backup, archiver, personal) = (row.get(7)?, row.get(8)?, row.get(9)?);
            let prices = row.get::<_, Option<_>>(6)?.map(|currency| PriceList { from: month, currency, backup, archiver, personal });
            let amount = prices.and_then(|list| line.amount(Some(&list)).map(|amount| list.currency.shown(amount)));
            Ok(OwnLine { month, line, amount, closed: true })
        },
    )
}

/// What is true of states in a month, a line for each change: when it came to hold, and what the state became (SUB-9). Before them the state
/// that the month began with, where that is another one than Active.
pub fn state_changes(db: &impl Read, organization: OrganizationId, month: Month) -> Result<Vec<(Timestamp, State)>> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let begins = month.begins();
    let before: Option<(Timestamp, State)> = db.maybe(
        "select at, became from subscription_change where organization = ?1 and at < ?2 order by at desc, id desc limit 1",
        (organization, begins),
        read,
    )?;
    let within = db.all(
        "select at, became from subscription_change where organization = ?1 and at >= ?2 and at < ?3 order by at, id",
        (organization, begins, month.plus(1).begins()),
        read,
    )?;
    Ok(before.filter(|(_, state)| *state != State::Active).into_iter().chain(within).collect())
}

/// Whether an organization is to be found by somebody with this scope.
pub fn in_sight(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<bool> {
    let found: Option<i64> = db.maybe(
        concat!(
            "select 1 from organization_listing l where l.viewer = :viewer and l.organization = :organization and ",
            in_sight!("l.organization")
        ),
        scope.bind(&[(":organization", &organization)]).as_slice(),
        |row| row.get(0),
    )?;
    Ok(found.is_some())
}
