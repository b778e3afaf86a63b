//! The rows of receipts. Nothing here changes or removes one.

use rusqlite::{Row, params};

use crate::access::model::Scope;
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::OrganizationId;
use crate::subscriptions::receipt_model::{Asked, Line, Receipt};

/// A seat `t` of which there are backups at the moment `?2`.
macro_rules! kept_seat {
    () => {
        "(t.state <> 'Unprotected' or t.data_until > ?2)"
    };
}

/// How many seats of an organization's SaaS accounts there are backups of: what its receipt would say now.
pub fn kept(db: &impl Read, organization: OrganizationId) -> Result<i64> {
    db.one(
        concat!("select count(*) from saas_account a join seat t on t.saas_account = a.id where a.organization = ?1 and ", kept_seat!()),
        params![organization, db.now()],
        |row| row.get(0),
    )
}

/// What there is to destroy of an organization's SaaS accounts, by name: before it is done.
pub fn lines_of(db: &impl Read, organization: OrganizationId) -> Result<Vec<Line>> {
    db.all(
        concat!(
            "select a.name, a.domain, a.product, (select count(*) from seat t where t.saas_account = a.id and ",
            kept_seat!(),
            "),
                (select count(distinct d.day) from backup_day d where d.saas_account = a.id),
                (select coalesce(sum(p.used_bytes), 0) from saas_application p where p.saas_account = a.id)
           from saas_account a where a.organization = ?1 order by a.name_key, a.id"
        ),
        params![organization, db.now()],
        line,
    )
}

fn line(row: &Row<'_>) -> rusqlite::Result<Line> {
    Ok(Line { name: row.get(0)?, domain: row.get(1)?, product: row.get(2)?, seats: row.get(3)?, days: row.get(4)?, bytes: row.get(5)? })
}

/// Keeps a receipt for good.
pub fn keep(tx: &Tx<'_>, receipt: &Receipt) -> Result<()> {
    let asked = receipt.asked.as_ref();
    tx.change_one(
        "insert into receipt (organization, partner, asked_by, asked_at, asked_event, due_at, done_at, done_by, event, users, api_keys,
                              agents, datasets, kept_accounts, dataset_names)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        params![
            receipt.organization,
            receipt.partner,
            asked.map(|asked| asked.by.as_str()),
            asked.map(|asked| asked.at),
            asked.map(|asked| asked.event),
            receipt.due_at,
            receipt.done_at,
            receipt.done_by,
            receipt.event,
            receipt.users,
            receipt.keys,
            receipt.agents,
            receipt.datasets,
            receipt.kept,
            serde_json::to_string(&receipt.dataset_names)?
        ],
    )?;
    for (number, line) in (1_i64..).zip(&receipt.lines) {
        tx.change_one(
            "insert into receipt_account (organization, partner, number, name, domain, product, seats, days, bytes)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![receipt.organization, receipt.partner, number, line.name, line.domain, line.product, line.seats, line.days, line.bytes],
        )?;
    }
    Ok(())
}

/// The receipt of an organization inside `scope`; `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<Receipt> {
    let (mut receipt, names) = db.one(
        concat!(
            "select r.organization, r.partner, o.name, r.asked_by, r.asked_at, r.asked_event, r.due_at, r.done_at, r.done_by, r.event,
                    r.users, r.api_keys, r.agents, r.datasets, r.kept_accounts, r.dataset_names
               from organization_listing l join receipt r on r.organization = l.organization join organization o on o.id = l.organization
              where l.viewer = :viewer and l.organization = :organization and ",
            in_sight!("l.organization")
        ),
        scope.bind(&[(":organization", &organization)]).as_slice(),
        read,
    )?;
    receipt.dataset_names = serde_json::from_str(&names)?;
    receipt.lines = db.all(
        "select name, domain, product, seats, days, bytes from receipt_account where organization = ?1 order by number",
        [organization],
        line,
    )?;
    Ok(receipt)
}

fn read(row: &Row<'_>) -> rusqlite::Result<(Receipt, String)> {
    let asked = match (row.get(3)?, row.get(4)?, row.get(5)?) {
        (Some(by), Some(at), Some(event)) => Some(Asked { by, at, event }),
        _ => None,
    };
    let receipt = Receipt {
        organization: row.get(0)?,
        partner: row.get(1)?,
        name: row.get(2)?,
        asked,
        due_at: row.get(6)?,
        done_at: row.get(7)?,
        done_by: row.get(8)?,
        event: row.get(9)?,
        users: row.get(10)?,
        keys: row.get(11)?,
        agents: row.get(12)?,
        datasets: row.get(13)?,
        dataset_names: Vec::new(),
        kept: row.get(14)?,
        lines: Vec::new(),
    };
    Ok((receipt, row.get(15)?))
}
