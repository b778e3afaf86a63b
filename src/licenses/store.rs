//! What Licenses reads: a partner's own accounts with the plans of their organizations. It writes nothing.

use crate::access::model::Scope;
use crate::in_sight;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::licenses::model::{Idle, PAUSED_LONG, Use};

const ACCOUNTS: &str = concat!(
    "saas_account a left join subscription s on s.organization = a.organization where a.partner = :viewer and ",
    in_sight!("a.organization" or_none)
);

/// Accounts that protect something, by plan, commitment and retention; those with the most billable seats first.
pub fn uses(db: &impl Read, scope: &Scope) -> Result<Vec<Use>> {
    db.all(
        &format!(
            "select s.plan, a.commitment, a.retention, count(*), coalesce(sum(a.seats_billable), 0) from {ACCOUNTS}
              group by 1, 2, 3 order by 5 desc, 4 desc, 1, 2, 3"
        ),
        scope.bind(&[]).as_slice(),
        |row| Ok(Use { plan: row.get(0)?, commitment: row.get(1)?, retention: row.get(2)?, accounts: row.get(3)?, billable: row.get(4)? }),
    )
}

/// Accounts with user seats that are archived, or paused for long, by name.
pub fn idle(db: &impl Read, scope: &Scope) -> Result<Vec<Idle>> {
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
