//! The figures above the status page's table: sums that are kept, and the little that the clock decides.

use rusqlite::{Row, named_params};

use crate::access::model::{Scope, Sight};
use crate::backups::model::STALE_AFTER;
use crate::in_sight;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::PartnerId;
use crate::kernel::time::{Span, Timestamp};
use crate::saas::model::{Product, Shown};
use crate::saas::status_model::{Capped, SeatTotals, Totals};
use crate::saas::status_store::{SEEN, SHOWN};

/// Accounts are summed up by so much time that their data is from.
const SLOT: Span = Span::minutes(5);

/// Accounts of one state, and their services.
#[derive(Clone, Copy, Debug)]
struct Sum {
    shown: Shown,
    accounts: i64,
    active: i64,
    backed: i64,
}

/// How many of a viewer's accounts are shown in one of these states at this moment, or in any when there is none of them.
pub fn count(db: &impl Read, viewer: PartnerId, product: Option<Product>, states: &[Shown]) -> Result<i64> {
    let asked = |shown: Shown| states.is_empty() || states.contains(&shown);
    Ok(sums(db, viewer, product)?.iter().filter(|sum| asked(sum.shown)).map(|sum| sum.accounts).sum())
}

/// What a viewer's accounts amount to at this moment, a row or two a state.
fn sums(db: &impl Read, viewer: PartnerId, product: Option<Product>) -> Result<Vec<Sum>> {
    let standing = of_all_ages(db, viewer, product)?;
    let recent = recent(db, viewer, product)?;
    let mut sums: Vec<Sum> = standing.iter().filter(|sum| !sum.shown.is_dated()).copied().collect();
    let with_old: i64 = standing.iter().filter(|sum| sum.shown.is_dated()).map(|sum| sum.accounts).sum();
    let old = with_old - recent.iter().map(|sum| sum.accounts).sum::<i64>();
    sums.extend(recent);
    sums.push(Sum { shown: Shown::NoRecentData, accounts: old, active: 0, backed: 0 });
    Ok(sums)
}

/// The standings and products that a sum is made of, as rows of a statement: one statement looks at each pair, instead of one for each.
fn pairs(product: Option<Product>, dated: bool) -> String {
    let standings = Shown::ALL.iter().filter(|shown| !dated || shown.is_dated());
    let products = || Product::ALL.iter().filter(|each| product.is_none_or(|product| product == **each));
    let pairs: Vec<String> =
        standings.flat_map(|shown| products().map(move |each| format!("('{}', '{}')", shown.word(), each.word()))).collect();
    format!("with pair (standing, product) as (values {})", pairs.join(", "))
}

fn of_all_ages(db: &impl Read, viewer: PartnerId, product: Option<Product>) -> Result<Vec<Sum>> {
    let sql = format!(
        "{} select t.standing, t.accounts, t.active_services, t.backed_services
             from pair p cross join saas_tally t on t.viewer = ?1 and t.standing = p.standing and t.product = p.product and t.slot = -1",
        pairs(product, false)
    );
    db.all(&sql, [viewer], sum)
}

fn sum(row: &Row<'_>) -> rusqlite::Result<Sum> {
    Ok(Sum { shown: row.get(0)?, accounts: row.get(1)?, active: row.get(2)?, backed: row.get(3)? })
}

/// SAS-10: those of which the data is up to 48 hours old. Whole slots are summed up already; in the one that the moment falls into, each
/// account is looked at.
fn recent(db: &impl Read, viewer: PartnerId, product: Option<Product>) -> Result<Vec<Sum>> {
    let stale = db.now() - STALE_AFTER;
    let slot = stale.0.div_euclid(SLOT.0);
    let next = Timestamp((slot + 1) * SLOT.0);
    let sql = format!(
        "{} select standing, sum(accounts), sum(active_services), sum(backed_services)
             from (select t.standing, t.accounts, t.active_services, t.backed_services
                     from pair p cross join saas_tally t
                       on t.viewer = :viewer and t.standing = p.standing and t.product = p.product and t.slot > :slot
                    union all
                   select l.standing, 1, l.active_services, l.backed_services
                     from pair p cross join saas_listing l indexed by saas_listing_age
                       on l.viewer = :viewer and l.standing = p.standing and l.product = p.product and l.as_of >= :stale and l.as_of < :next)
            group by standing",
        pairs(product, true)
    );
    db.all(&sql, named_params! { ":viewer": viewer, ":slot": slot, ":stale": stale, ":next": next }, sum)
}

/// The figures over everything in scope, whatever the table is narrowed to.
pub fn totals(db: &impl Read, scope: &Scope) -> Result<Totals> {
    let totals = match scope.sight() {
        Sight::All => of_viewer(db, scope.viewer()),
        Sight::Organization(_) => of_some(db, scope, "with seen (id) as (select id from saas_account where organization = :whose)"),
        Sight::Groups(_) => of_some(db, scope, SEEN),
    }?;
    Ok(Totals { capped: capped(db, scope)?, ..totals })
}

/// SEA-5: how much of their caps the accounts use that have one: a walk of the index of just these.
fn capped(db: &impl Read, scope: &Scope) -> Result<Option<Capped>> {
    const SUM: &str = concat!(
        "select count(*), coalesce(sum(a.seats_billable), 0), coalesce(sum(a.licence_cap), 0), coalesce(sum(a.seats_billable >= a.licence_cap), 0)
           from partner_ancestor p cross join saas_account a indexed by saas_account_capped on a.partner = p.partner
          where p.ancestor = :viewer and a.licence_cap is not null and a.cancelled_at is null and ",
        in_sight!("a.organization" or_none "a.partner")
    );
    db.one(SUM, scope.bind(&[]).as_slice(), |row| {
        let capped = Capped { used: row.get(1)?, cap: row.get(2)?, reached: row.get(3)? };
        Ok((0 < row.get::<_, i64>(0)?).then_some(capped))
    })
}

fn of_viewer(db: &impl Read, viewer: PartnerId) -> Result<Totals> {
    let sums = sums(db, viewer, None)?;
    let counted = || sums.iter().filter(|sum| sum.shown.has_figures());
    let mut totals = Totals {
        accounts: sums.iter().map(|sum| sum.accounts).sum(),
        as_of: newest(db, viewer)?,
        counted: counted().map(|sum| sum.accounts).sum(),
        active: counted().map(|sum| sum.active).sum(),
        backed: counted().map(|sum| sum.backed).sum(),
        pending: sums.iter().filter(|sum| sum.shown == Shown::PendingAuthorization).map(|sum| sum.accounts).sum(),
        ..Totals::default()
    };
    let kept = db.maybe(
        "select unlinked, seats_active, seats_kept, seats_unprotected, seats_billable, billable_committed,
                case when committing > 0 then committed end
           from saas_total where viewer = ?1",
        [viewer],
        |row| {
            let seats = SeatTotals {
                active: row.get(1)?,
                kept: row.get(2)?,
                unprotected: row.get(3)?,
                billable: row.get(4)?,
                billable_committed: row.get(5)?,
            };
            Ok((row.get(0)?, seats, row.get(6)?))
        },
    )?;
    if let Some((unlinked, seats, committed)) = kept {
        (totals.unlinked, totals.seats, totals.committed) = (unlinked, seats, committed);
    }
    Ok(totals)
}

/// The newest moment that any account's data was true at.
fn newest(db: &impl Read, viewer: PartnerId) -> Result<Option<Timestamp>> {
    let standings: Vec<String> = Shown::ALL.iter().map(|shown| format!("('{}')", shown.word())).collect();
    let sql = format!(
        "with each (standing) as (values {})
         select max((select max(l.as_of) from saas_listing l indexed by saas_listing_age
                      where l.viewer = ?1 and l.standing = each.standing)) from each",
        standings.join(", ")
    );
    db.one(&sql, [viewer], |row| row.get(0))
}

/// The same of the accounts that `seen` selects, one after the other.
fn of_some(db: &impl Read, scope: &Scope, seen: &str) -> Result<Totals> {
    let figures = "('failing', 'some_missed', 'protected', 'too_little_history')";
    let sql = format!(
        "{seen}, lines as (select l.*, ({SHOWN}) as shown from seen cross join saas_listing l on l.saas_account = seen.id and l.viewer = :viewer)
         select count(*), max(as_of), coalesce(sum(shown in {figures}), 0),
                coalesce(sum(case when shown in {figures} then active_services end), 0),
                coalesce(sum(case when shown in {figures} then backed_services end), 0),
                coalesce(sum(standing = 'pending_authorization'), 0), coalesce(sum(seats_active), 0), coalesce(sum(seats_kept), 0),
                coalesce(sum(seats_unprotected), 0), coalesce(sum(seats_billable), 0), coalesce(sum(billable_committed), 0), sum(committed),
                coalesce(sum(unlinked), 0)
           from lines"
    );
    let stale = db.now() - STALE_AFTER;
    let mut values = scope.bind(&[(":stale", &stale)]);
    values.retain(|(name, _)| sql.contains(name));
    db.one(&sql, values.as_slice(), |row| {
        Ok(Totals {
            accounts: row.get(0)?,
            as_of: row.get(1)?,
            counted: row.get(2)?,
            active: row.get(3)?,
            backed: row.get(4)?,
            pending: row.get(5)?,
            unlinked: row.get(12)?,
            seats: SeatTotals {
                active: row.get(6)?,
                kept: row.get(7)?,
                unprotected: row.get(8)?,
                billable: row.get(9)?,
                billable_committed: row.get(10)?,
            },
            committed: row.get(11)?,
            capped: None,
        })
    })
}
