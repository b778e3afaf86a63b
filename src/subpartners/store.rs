//! Reads of the partners beneath one. What they are is written by `partners::store`.

use rusqlite::{Row, named_params};

use crate::access::state_model::AccountState;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::subpartners::model::{Primary, SubPartner, Totals, TransferRight};

/// The partners beneath `:viewer`, each with its first account and what is kept of what it holds.
const BENEATH: &str = "select p.id, p.public_id, p.name, p.country, p.created_at, q.name, t.depth = 1, p.may_transfer,
        a.id, a.identity, a.first_name, a.last_name, i.email, a.state, a.since, a.invited_until, a.set_up_at is not null,
        coalesce((select c.count from organization_count c where c.viewer = p.id and c.state = 'active'), 0),
        coalesce((select c.count from organization_count c where c.viewer = p.id and c.state = 'suspended'), 0),
        coalesce((select c.count from organization_count c where c.viewer = p.id and c.state = 'unsubscribed'), 0),
        coalesce((select u.users from organization_user_count u where u.viewer = p.id), 0),
        coalesce((select s.seats_billable from saas_total s where s.viewer = p.id), 0)
   from partner_ancestor t join partner p on p.id = t.partner join partner q on q.id = p.parent
   left join employee e on e.partner = p.id and e.role = 'primary_account'
   left join account a on a.id = e.account left join identity i on i.id = a.identity
  where t.ancestor = :viewer and t.depth > 0";

/// A partner beneath `viewer` by its Partner ID; `NotFound` for any other, its own included (PAR-1).
pub fn find(db: &impl Read, viewer: PartnerId, public_id: &str) -> Result<SubPartner> {
    db.one(&format!("{BENEATH} and p.public_id = :public_id"), named_params! { ":viewer": viewer, ":public_id": public_id }, |row| {
        read(row, db.now())
    })
}

/// Partners beneath `viewer` by name, up to `limit` after the one with this Partner ID: all of them, or those whose name or Partner ID
/// contains `words`.
pub fn list(db: &impl Read, viewer: PartnerId, words: &str, after: &str, limit: usize) -> Result<Vec<SubPartner>> {
    db.all(
        &format!(
            "{BENEATH} and (:words = '' or instr(p.name_key, :words) > 0 or instr(lower(p.public_id), :words) > 0)
                and (:after = '' or (p.name_key, p.id) > (
                     select x.name_key, x.id from partner x join partner_ancestor y on y.partner = x.id and y.ancestor = :viewer and y.depth > 0
                      where x.public_id = :after))
              order by p.name_key, p.id limit :limit"
        ),
        named_params! {
            ":viewer": viewer, ":words": text::key(words), ":after": after, ":limit": i64::try_from(limit).unwrap_or(i64::MAX)
        },
        |row| read(row, db.now()),
    )
}

/// How many partners are beneath `viewer`.
pub fn count(db: &impl Read, viewer: PartnerId) -> Result<i64> {
    db.one("select count(*) from partner_ancestor where ancestor = ?1 and depth > 0", [viewer], |row| row.get(0))
}

/// Whether another partner directly beneath `viewer` has this name, compared without case.
pub fn is_taken(db: &impl Read, viewer: PartnerId, name: &str, but: Option<PartnerId>) -> Result<bool> {
    db.one(
        "select exists (select 1 from partner where parent = ?1 and name_key = ?2 and id is not ?3)",
        (viewer, text::key(name), but),
        |row| row.get(0),
    )
}

fn read(row: &Row<'_>, now: Timestamp) -> rusqlite::Result<SubPartner> {
    let primary = match row.get::<_, Option<AccountId>>(8)? {
        Some(account) => Some(Primary {
            account,
            identity: row.get(9)?,
            first_name: row.get(10)?,
            last_name: row.get(11)?,
            email: row.get(12)?,
            state: AccountState::at(row.get(13)?, row.get(14)?, row.get(15)?, row.get(16)?, now),
            set_up: row.get(16)?,
        }),
        None => None,
    };
    Ok(SubPartner {
        partner: row.get(0)?,
        public_id: row.get(1)?,
        name: row.get(2)?,
        country: row.get(3)?,
        created_at: row.get(4)?,
        above: row.get(5)?,
        direct: row.get(6)?,
        right: TransferRight::of(row.get(7)?),
        primary,
        totals: Totals {
            active: row.get(17)?,
            suspended: row.get(18)?,
            unsubscribed: row.get(19)?,
            users: row.get(20)?,
            services: 0,
            seats: row.get(21)?,
        },
    })
}
