//! What the demo's vendor looks at: the devices of the whole portal. A real install never asks for them.

use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::PartnerId;
use crate::kernel::time::Timestamp;

/// Up to `limit` devices that were last seen at this moment or before, the longest ago first: the partner that holds each, and its hostname.
pub fn seen_until(db: &impl Read, moment: Timestamp, names: &[String], limit: usize) -> Result<Vec<(PartnerId, String)>> {
    let names = serde_json::to_string(names)?;
    db.all(
        "select d.partner, d.name from device d
          where d.last_seen <= ?1 and d.name in (select value from json_each(?2)) order by d.last_seen, d.id limit ?3",
        (moment, names, i64::try_from(limit).unwrap_or(i64::MAX)),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
