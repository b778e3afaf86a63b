//! What organizations use and have bought, followed as it happens (SUB-9): the highest counts of the running month, and a line for each
//! month that is over. The only writer of these tables.

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{ImportId, OrganizationId, PartnerId};
use crate::kernel::month::Month;
use crate::kernel::time::Timestamp;
use crate::subscriptions::model::{State, WINDOW};

/// Begins to follow a new organization.
pub(super) fn begin(tx: &Tx<'_>, partner: PartnerId, organization: OrganizationId) -> Result<()> {
    tx.change_one(
        "insert into organization_usage (organization, partner, month, used, committed, most_used, most_committed)
         values (?1, ?2, ?3, 0, 0, 0, 0)",
        (organization, partner, Month::of(tx.now())),
    )
}

/// The same for the new organizations of an import, with the plans that were staged.
pub(super) fn begin_imported(tx: &Tx<'_>, import: ImportId, partner: PartnerId) -> Result<usize> {
    tx.execute(
        "insert into organization_usage (organization, partner, name_key, month, plan_now, plan, used, committed, most_used, most_committed)
         select organization, ?2, name_key, ?3, plan, plan, 0, bought, 0, bought
           from (select organization, name_key, plan, case when plan is null or auto_license = 1 then 0 else coalesce(seats, 0) end as bought
                   from import_organization where import = ?1 and verdict = 'new' order by organization)",
        (import, partner, Month::of(tx.now())),
    )
}

/// Goes on as if an organization had been followed since an earlier month, the way it stands now: the demo. One that has lines of months
/// that are over stays as it is.
pub fn follow_since(tx: &Tx<'_>, organization: OrganizationId, month: Month) -> Result<()> {
    tx.execute(
        "update organization_usage as u set month = ?2
          where organization = ?1 and month > ?2 and not exists (select 1 from usage_month m where m.organization = u.organization)",
        (organization, month),
    )
    .map(drop)
}

/// Takes over how an organization stands after a change. Counts without a plan are nobody's bill (ORG-1).
pub(super) fn follow(tx: &Tx<'_>, organization: OrganizationId) -> Result<()> {
    let month = Month::of(tx.now());
    let late = tx.maybe("select month < ?2 from organization_usage where organization = ?1", (organization, month), |row| row.get(0))?;
    match late {
        // Deleted, and the month of that is over: nothing follows any more.
        None => return Ok(()),
        Some(true) => turn(tx, organization, month)?,
        Some(false) => {}
    }
    tx.execute(
        "update organization_usage as u
            set plan_now = n.plan, plan = coalesce(n.plan, u.plan), used = n.used, committed = n.committed,
                most_used = case when n.plan is null then u.most_used else max(u.most_used, n.used) end,
                most_committed = max(u.most_committed, n.committed)
           from (select s.plan, case when s.plan is null or s.auto_license = 1 then 0 else coalesce(s.seats, 0) end as committed,
                        coalesce((select sum(a.seats_used) from saas_account a where a.organization = ?1), 0) as used
                   from subscription s where s.organization = ?1) n
          where u.organization = ?1",
        [organization],
    )
    .map(drop)
}

/// Organizations that are still followed in a month before this one, up to `limit`.
pub fn behind(db: &impl Read, month: Month, limit: i64) -> Result<Vec<OrganizationId>> {
    db.all("select organization from organization_usage where month < ?1 order by month, organization limit ?2", (month, limit), |row| {
        row.get(0)
    })
}

/// Goes on to `month`: a line for each month before it that is billed, and the counts of now as the first of the new one. Whoever gives an
/// organization to another partner calls this first, so that the months before stay with the one it leaves.
pub fn turn(tx: &Tx<'_>, organization: OrganizationId, month: Month) -> Result<()> {
    let (kept, planned, state, since) = tx.one(
        "select u.month, u.plan_now is not null, s.state, s.since
           from organization_usage u join subscription s on s.organization = u.organization where u.organization = ?1",
        [organization],
        |row| Ok((row.get::<_, Month>(0)?, row.get::<_, bool>(1)?, row.get::<_, State>(2)?, row.get::<_, Timestamp>(3)?)),
    )?;
    let over = match state {
        State::Active | State::Suspended => None,
        State::Unsubscribed => Some(since + WINDOW),
        State::Deleted => Some(since),
    };
    // SUB-5: the month that it ends in is billed.
    let billed = |month: Month| over.is_none_or(|over| month.begins() <= over);
    if Month(0) < kept && billed(kept) {
        keep(tx, organization, kept, "plan, most_used, most_committed")?;
        let mut next = kept.plus(1);
        while planned && next < month && billed(next) {
            keep(tx, organization, next, "plan_now, used, committed")?;
            next = next.plus(1);
        }
    }
    if state == State::Deleted && !billed(month) {
        return tx.change_one("delete from organization_usage where organization = ?1", [organization]);
    }
    tx.change_one(
        "update organization_usage set month = ?2, plan = plan_now, most_used = iif(plan_now is null, 0, used), most_committed = committed
          where organization = ?1",
        (organization, month),
    )
}

/// PAR-6: an organization is another partner's from the beginning of this month on: the months before stay with the one it leaves, and none
/// of its accounts is linked yet where it arrives.
pub(super) fn give(tx: &Tx<'_>, organization: OrganizationId, receiver: PartnerId, month: Month) -> Result<()> {
    let behind = tx.maybe("select month < ?2 from organization_usage where organization = ?1", (organization, month), |row| row.get(0))?;
    if behind == Some(true) {
        turn(tx, organization, month)?;
    }
    tx.execute(
        "update organization_usage set partner = ?2, used = 0, most_used = 0, most_committed = committed where organization = ?1",
        (organization, receiver),
    )
    .map(drop)
}

/// A line that is there stays as it is: it may stand in a closed statement.
fn keep(tx: &Tx<'_>, organization: OrganizationId, month: Month, counts: &str) -> Result<()> {
    tx.execute(
        &format!(
            "insert into usage_month (plan, used, committed, partner, month, organization, name, name_key)
             select * from (select {counts}, u.partner, ?2, u.organization, o.name, o.name_key
                              from organization_usage u join organization o on o.id = u.organization where u.organization = ?1) l
              where l.{} is not null on conflict do nothing",
            counts.split(',').next().unwrap_or_default()
        ),
        (organization, month),
    )
    .map(drop)
}
