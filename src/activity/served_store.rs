//! The log as scripts read it: a partner's own events in sight, and what others did to what it holds, newest first.

use rusqlite::{Row, named_params};

use crate::access::model::{Named, Scope};
use crate::activity::served_model::{Asked, Served};
use crate::activity::store::{COLUMNS, SEEN, read};
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::text;

/// Accounts and organizations are known to scripts by the vendor's ids, devices by their serial numbers.
const TABLES: &str = "activity v left join organization o on o.id = v.organization
    left join saas_account a on v.target_kind = 'saas_account' and a.id = v.target_id
    left join device d on v.target_kind = 'bcdr_device' and d.id = v.target_id
    left join organization t on v.target_kind = 'organization' and t.id = v.target_id";
const TARGET: &str = "coalesce(d.serial, cast(coalesce(a.vendor_id, t.vendor_id, v.target_id) as text))";

/// So many events from the one at `skipped` on, and how many there are in all.
pub fn page(db: &impl Read, scope: &Scope, asked: &Asked, (skipped, limit): (i64, i64)) -> Result<(Vec<Served>, i64)> {
    // Numbers grow with time, and only they have an index: what is older than this is not looked at.
    let before: Option<i64> = db.maybe(
        "select seq from activity where partner = ?1 and at < ?2 order by seq desc limit 1",
        (scope.viewer(), asked.from),
        |row| row.get(0),
    )?;
    let pattern = |part: &str| format!("%{}%", part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let (user, target_name, client) = (pattern(&asked.user), pattern(&asked.target), pattern(&text::key(&asked.client_name)));
    let types = if asked.target_types.is_empty() { String::new() } else { format!(",{},", asked.target_types.join(",").replace('-', "_")) };
    let before = before.unwrap_or_default();
    let values: &[Named<'_>] = named_params! {
        ":before": before, ":from": asked.from, ":user": user, ":target": asked.target, ":target_name": target_name,
        ":client": client, ":any_client": asked.client_name.is_empty(), ":types": types
    };
    let fits = format!(
        "(v.partner = :viewer or v.holder = :viewer) and v.seq > :before and v.at >= :from and {SEEN} and v.actor like :user escape '\\'
         and (:target = '' or {TARGET} = :target or v.target_name like :target_name escape '\\')
         and (:any_client or o.name_key like :client escape '\\') and (:types = '' or instr(:types, ',' || v.target_kind || ',') > 0)"
    );
    let count = db.one(&format!("select count(*) from {TABLES} where {fits}"), scope.bind(values).as_slice(), |row| row.get(0))?;
    let mut of_page = values.to_vec();
    of_page.extend_from_slice(&[(":skipped", &skipped), (":limit", &limit)]);
    let found = db.all(
        &format!(
            "select {COLUMNS}, v.target_kind, {TARGET}, o.name from {TABLES} where {fits} order by v.seq desc limit :limit offset :skipped"
        ),
        scope.bind(&of_page).as_slice(),
        served,
    )?;
    Ok((found, count))
}

fn served(row: &Row<'_>) -> rusqlite::Result<Served> {
    Ok(Served { entry: read(row)?, target_kind: row.get(11)?, target_id: row.get(12)?, organization: row.get(13)? })
}
