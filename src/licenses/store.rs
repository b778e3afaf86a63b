//! What Licenses reads: a partner's own accounts with the plans of their organizations. It writes nothing.

use std::sync::Arc;

use crate::access::model::Scope;
use crate::in_sight;
use crate::kernel::db::{Read, Reader};
use crate::kernel::error::Result;
use crate::kernel::time::Timestamp;
use crate::licenses::model::{Idle, PAUSED_LONG, Share, Use, UseKind};

const ACCOUNTS: &str = concat!(
    "saas_account a left join subscription s on s.organization = a.organization where a.partner = :viewer and ",
    in_sight!("a.organization" or_none "a.partner")
);

/// Seats bought beyond those that the organization of the subscription `s` uses (SUB-9: billed is the larger of the two).
const UNUSED: &str = "case when s.auto_license = 0 and s.state <> 'deleted'
    then max(0, coalesce(s.seats, 0) - (select coalesce(sum(x.seats_used), 0) from saas_account x where x.organization = s.organization))
    else 0 end";

/// The account of an organization that its unused seats stand with: its first that is not cancelled.
const FIRST: &str =
    "(select x.id from saas_account x where x.organization = a.organization order by x.cancelled_at is not null, x.id limit 1)";

/// What is in use and what lies idle, worked out once between two changes.
#[derive(Debug)]
pub struct Counted {
    /// What is billed, by kind.
    pub uses: Vec<Use>,
    /// What lies idle, by name.
    pub idle: Vec<Idle>,
    from: Timestamp,
    /// Until when no further seat has been paused for long.
    until: Timestamp,
}

/// Everything that Licenses counts, inside `scope`.
pub fn counted(db: &Reader<'_>, scope: &Scope) -> Result<Arc<Counted>> {
    let now = db.now();
    let holds = |counted: &Counted| counted.from <= now && now <= counted.until;
    db.kept(format!("licenses for {scope:?}"), holds, || {
        let until = next_paused_for_long(db)?.unwrap_or(Timestamp(i64::MAX));
        Ok(Counted { uses: uses(db, scope)?, idle: idle(db, scope)?, from: now, until })
    })
}

/// When the next seat of the portal will have been paused for long, if nothing changes.
fn next_paused_for_long(db: &impl Read) -> Result<Option<Timestamp>> {
    let since: Option<Timestamp> = db.one(
        "select min(state_since) from seat indexed by seat_idle
          where seat_type = 'User' and state in ('Archived', 'Paused') and state = 'Paused' and state_since >= ?1",
        [db.now() - PAUSED_LONG],
        |row| row.get(0),
    )?;
    Ok(since.map(|since| since + PAUSED_LONG))
}

/// Accounts by plan, commitment and retention with the seats that are used and billed, and the seats of organizations that bought some
/// and have no account yet; those with the most billed seats first.
fn uses(db: &impl Read, scope: &Scope) -> Result<Vec<Use>> {
    db.all(
        &format!(
            "select plan, commitment, retention, sum(accounts), sum(billable), sum(billable + unused) from (
                select s.plan as plan, a.commitment as commitment, a.retention as retention, 1 as accounts, a.seats_used as billable,
                       case when s.seats > 0 and s.auto_license = 0 and a.id = {FIRST}
                            then {UNUSED} else 0 end as unused
                  from {ACCOUNTS}
                union all
                select s.plan, null, null, 0, 0, {UNUSED} from subscription s
                 where s.partner = :viewer and s.auto_license = 0 and s.seats > 0 and s.state <> 'deleted' and {}
                   and not exists (select 1 from saas_account x where x.organization = s.organization))
              group by 1, 2, 3 order by 6 desc, 4 desc, 1, 2, 3",
            in_sight!("s.organization")
        ),
        scope.bind(&[]).as_slice(),
        |row| {
            Ok(Use {
                plan: row.get(0)?,
                commitment: row.get(1)?,
                retention: row.get(2)?,
                accounts: row.get(3)?,
                billable: row.get(4)?,
                billed: row.get(5)?,
            })
        },
    )
}

/// The accounts of one kind, or all, each with what is used and billed of it, those with the most billed seats first; and with the kind of
/// a plan alone the organizations that bought seats and have no account.
pub fn shares(db: &impl Read, scope: &Scope, kind: Option<UseKind>) -> Result<Vec<Share>> {
    let (plan, commitment, retention) = kind.map_or((None, None, None), |kind| (kind.plan, kind.commitment, kind.retention));
    let any = kind.is_none();
    db.all(
        &format!(
            "select id, name, product, o_id, o_name, plan, commitment, retention, billable, billable + unused from (
                select a.id as id, a.name as name, a.name_key as key, a.product as product, o.id as o_id, o.name as o_name, s.plan as plan,
                       a.commitment as commitment, a.retention as retention, a.seats_used as billable,
                       case when s.seats > 0 and s.auto_license = 0 and a.id = {FIRST}
                            then {UNUSED} else 0 end as unused
                  from {}
                union all
                select null, null, o.name_key, null, o.id, o.name, s.plan, null, null, 0, {UNUSED} from subscription s
                  join organization o on o.id = s.organization
                 where s.partner = :viewer and s.auto_license = 0 and s.seats > 0 and s.state <> 'deleted' and {}
                   and not exists (select 1 from saas_account x where x.organization = s.organization))
              where :any or (plan is :plan and commitment is :commitment and retention is :retention)
              order by 10 desc, key, id",
            ACCOUNTS.replacen(" where ", " left join organization o on o.id = a.organization where ", 1),
            in_sight!("s.organization")
        ),
        scope.bind(&[(":any", &any), (":plan", &plan), (":commitment", &commitment), (":retention", &retention)]).as_slice(),
        |row| {
            Ok(Share {
                account: match (row.get::<_, Option<_>>(0)?, row.get::<_, Option<_>>(1)?, row.get::<_, Option<_>>(2)?) {
                    (Some(id), Some(name), Some(product)) => Some((id, name, product)),
                    _ => None,
                },
                organization: row.get::<_, Option<_>>(3)?.zip(row.get::<_, Option<_>>(4)?),
                kind: UseKind { plan: row.get(5)?, commitment: row.get(6)?, retention: row.get(7)? },
                billable: row.get(8)?,
                billed: row.get(9)?,
            })
        },
    )
}

/// Accounts with user seats that are archived, or paused for long, by name.
fn idle(db: &impl Read, scope: &Scope) -> Result<Vec<Idle>> {
    let long = db.now() - PAUSED_LONG;
    let count = "select count(*) from seat indexed by seat_idle where saas_account = a.id and seat_type = 'User' and state in ('Archived', 'Paused')";
    let rows = db.all(
        &format!(
            "select a.id, a.name, a.product, o.id, o.name, s.plan, ({count} and state = 'Archived'),
                    ({count} and state = 'Paused' and state_since < :long)
               from {} and a.seats_kept > 0 order by a.name_key, a.id",
            ACCOUNTS.replacen(" where ", " left join organization o on o.id = a.organization where ", 1)
        ),
        scope.bind(&[(":long", &long)]).as_slice(),
        |row| {
            Ok(Idle {
                account: row.get(0)?,
                name: row.get(1)?,
                product: row.get(2)?,
                organization: row.get::<_, Option<_>>(3)?.zip(row.get::<_, Option<_>>(4)?),
                plan: row.get(5)?,
                archived: row.get(6)?,
                paused: row.get(7)?,
            })
        },
    )?;
    Ok(rows.into_iter().filter(|idle| 0 < idle.archived + idle.paused).collect())
}
