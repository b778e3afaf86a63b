//! Whom a partner's own letters go to.

use crate::access::model::{Beneath, Reach, Scope, Sight};
use crate::access::witness_model::Hand;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, IdentityId, PartnerId};

/// Somebody who gets a partner's own letters.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Their account.
    pub account: AccountId,
    /// Their first and last name.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// What they see (EMP-4).
    pub scope: Scope,
    /// Their role, and what they sign in with.
    pub hand: Hand,
    /// The latter.
    pub identity: IdentityId,
}

impl Reader {
    /// Whether access groups do not limit them.
    pub fn sees_all(&self) -> bool {
        self.scope.sight() == Sight::All
    }
}

/// A partner's primary account, Security Admins and Admins who are active.
pub fn readers(db: &impl Read, partner: PartnerId) -> Result<Vec<Reader>> {
    db.all(
        "select a.id, a.identity, a.first_name || ' ' || a.last_name, i.email, e.role, e.limited
           from employee e join account a on a.id = e.account join identity i on i.id = a.identity
          where e.partner = ?1 and a.state = 'active' and e.role in ('primary_account', 'security_admin', 'admin')
          order by e.role = 'primary_account' desc, a.name_key, a.id",
        [partner],
        |row| {
            let (account, identity, role) = (row.get(0)?, row.get(1)?, row.get(4)?);
            let sight = match Reach::of(role, row.get(5)?) {
                Reach::All => Sight::All,
                Reach::Groups => Sight::Groups(account),
            };
            let scope = Scope::new(partner, sight).with(Beneath::of(role));
            Ok(Reader { account, name: row.get(2)?, email: row.get(3)?, scope, hand: Hand { role, identity: Some(identity) }, identity })
        },
    )
}
