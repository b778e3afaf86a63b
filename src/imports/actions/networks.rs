//! Networks: each row against what is here.

use crate::imports::actions::stager::Stager;
use crate::imports::model::{Kind, Verdict};
use crate::imports::store::staging;
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::text;
use crate::networks::model::Listed;
use crate::networks::store;

/// A row of `networks.csv`. An empty cell leaves what is here; a link is never touched.
pub fn network(tx: &Tx<'_>, stager: &mut Stager, line: i64, row: Listed) -> Result<()> {
    let key = text::key(&row.dna_serial);
    if !stager.networks.insert(key.clone()) {
        let reason = format!("The network {} stands in these files already.", row.dna_serial);
        return stager.refuse(tx, Kind::Networks, line, "dna_serial", &reason);
    }
    let known = store::by_serial(tx, stager.partner, &key)?;
    let (verdict, after) = match &known {
        None => (Verdict::New, row),
        Some((_, here)) => {
            let after = Listed {
                group_name: row.group_name.or_else(|| here.group_name.clone()),
                dna_hostname: row.dna_hostname.or_else(|| here.dna_hostname.clone()),
                ..row
            };
            (if after == *here { Verdict::Unchanged } else { Verdict::Changed }, after)
        }
    };
    if verdict != Verdict::Unchanged {
        staging::network(tx, stager.import, &after, known.map(|(id, _)| id))?;
    }
    stager.count(Kind::Networks, verdict);
    Ok(())
}
