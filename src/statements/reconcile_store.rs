//! What the billing system's files said, and which names mean whom.

use crate::access::model::Scope;
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::month::Month;
use crate::statements::reconcile_model::{Billed, Matched};

/// Keeps what a file says of a month, in the place of an earlier one.
pub fn keep(tx: &Tx<'_>, partner: PartnerId, month: Month, rows: &[Billed]) -> Result<()> {
    forget(tx, partner, month)?;
    for row in rows {
        tx.change_one(
            "insert into billed_row (partner, month, name_key, name, quantity) values (?1, ?2, ?3, ?4, ?5)",
            (partner, month, row.key(), &row.name, row.quantity),
        )?;
    }
    Ok(())
}

/// Forgets what a file said of a month; how many rows.
pub fn forget(tx: &Tx<'_>, partner: PartnerId, month: Month) -> Result<usize> {
    tx.execute("delete from billed_row where partner = ?1 and month = ?2", (partner, month))
}

/// The rows of a month with the organizations they mean: by hand, else a line of that month by its name then, else an organization that has
/// the name now, or had it when it was deleted in that month or later.
pub fn rows(db: &impl Read, partner: PartnerId, month: Month) -> Result<Vec<Matched>> {
    db.all(
        "select r.name, r.quantity, coalesce(h.organization, m.organization, o.id, g.id), h.organization is not null,
                case when h.organization is null then coalesce(m.name, o.name, g.name) else coalesce(
                     (select name from usage_month x where x.partner = r.partner and x.month = r.month and x.organization = h.organization),
                     (select name from organization where id = h.organization and partner = r.partner)) end
           from billed_row r
           left join billing_name h on h.partner = r.partner and h.name_key = r.name_key
           left join usage_month m on m.partner = r.partner and m.month = r.month and m.name_key = r.name_key
           left join organization o on o.partner = r.partner and o.name_key = r.name_key and o.deleted_at is null
           left join organization g on g.partner = r.partner and g.name_key = r.name_key and g.deleted_at >= ?3
          where r.partner = ?1 and r.month = ?2 group by r.name_key order by r.name_key",
        (partner, month, month.begins()),
        |row| {
            let meant = row.get::<_, Option<OrganizationId>>(2)?.zip(row.get::<_, Option<String>>(4)?);
            let by_hand: bool = row.get(3)?;
            Ok((Billed { name: row.get(0)?, quantity: row.get(1)? }, meant.map(|(id, name)| (id, name, by_hand))))
        },
    )
}

/// The name of a row as the file wrote it; `NotFound` where the month has no such row.
pub fn row_named(db: &impl Read, partner: PartnerId, month: Month, key: &str) -> Result<String> {
    db.one("select name from billed_row where partner = ?1 and month = ?2 and name_key = ?3", (partner, month, key), |row| row.get(0))
}

/// Remembers whom a name means; whether that is news.
pub fn remember(tx: &Tx<'_>, partner: PartnerId, name: &str, key: &str, organization: OrganizationId) -> Result<bool> {
    let changed = tx.execute(
        "insert into billing_name (partner, name_key, name, organization) values (?1, ?2, ?3, ?4)
             on conflict (partner, name_key) do update set name = excluded.name, organization = excluded.organization
                where organization <> excluded.organization",
        (partner, key, name, organization),
    )?;
    Ok(changed == 1)
}

/// Forgets it; `Conflict` if nothing was remembered.
pub fn forget_name(tx: &Tx<'_>, partner: PartnerId, key: &str) -> Result<()> {
    tx.change_one("delete from billing_name where partner = ?1 and name_key = ?2", (partner, key))
}

/// The organization of a partner that an ID or a whole name means, with its name.
pub fn meant(db: &impl Read, scope: &Scope, id: Option<OrganizationId>, key: &str) -> Result<Option<(OrganizationId, String)>> {
    db.maybe(
        concat!(
            "select o.id, o.name from organization o join organization_listing l on l.organization = o.id and l.viewer = :viewer
              where o.partner = :viewer and (o.id = :id or (o.name_key = :key and o.deleted_at is null)) and ",
            in_sight!("o.id"),
            " order by o.id = :id desc limit 1"
        ),
        scope.bind(&[(":id", &id), (":key", &key)]).as_slice(),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
