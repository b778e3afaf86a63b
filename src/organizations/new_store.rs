//! Whom an organization may be created for.

use crate::access::model::{Scope, Sight};
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::organizations::new_model::Choice;

/// PAR-1: the viewer itself, and every partner beneath it by name. Whom access groups limit has their own alone (EMP-4).
pub fn choices(db: &impl Read, scope: &Scope) -> Result<Vec<Choice>> {
    db.all(
        "select p.id, p.public_id, p.name, p.country from partner_ancestor a join partner p on p.id = a.partner
          where a.ancestor = ?1 and (a.depth = 0 or ?2) order by a.depth > 0, p.name_key, p.id",
        (scope.viewer(), scope.sight() == Sight::All),
        |row| Ok(Choice { partner: row.get(0)?, public_id: row.get(1)?, name: row.get(2)?, country: row.get(3)?, sends_sign_in: true }),
    )
}
