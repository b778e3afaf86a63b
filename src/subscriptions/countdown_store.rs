//! Who hears of an unsubscribed organization's countdown (SUB-11).

use rusqlite::Row;

use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, IdentityId, OrganizationId, PartnerId};

/// Somebody to write to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// Their account.
    pub account: AccountId,
    /// What they sign in with.
    pub identity: IdentityId,
    /// First and last name.
    pub name: String,
    /// Their e-mail.
    pub email: String,
}

/// The organization's users who had access to something: those who are active.
pub fn users(db: &impl Read, organization: OrganizationId) -> Result<Vec<Told>> {
    db.all(
        "select a.id, a.identity, a.first_name || ' ' || a.last_name, i.email
           from organization_user u join account a on a.id = u.account join identity i on i.id = a.identity
          where u.organization = ?1 and a.state = 'active' and (u.access = 'full' or u.endpoint_access = 'file_restores')
          order by a.name_key, a.id",
        [organization],
        read,
    )
}

/// The partner's primary account, Security Admins and Admins who are active and see the organization (EMP-4).
pub fn admins(db: &impl Read, partner: PartnerId, organization: OrganizationId) -> Result<Vec<Told>> {
    db.all(
        "select a.id, a.identity, a.first_name || ' ' || a.last_name, i.email
           from employee e join account a on a.id = e.account join identity i on i.id = a.identity
          where e.partner = ?1 and a.state = 'active' and e.role in ('primary_account', 'security_admin', 'admin')
            and (e.limited = 0 or e.role <> 'admin'
                 or exists (select 1 from employee_sight g where g.account = e.account and g.organization = ?2))
          order by e.role = 'primary_account' desc, a.name_key, a.id",
        (partner, organization),
        read,
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<Told> {
    Ok(Told { account: row.get(0)?, identity: row.get(1)?, name: row.get(2)?, email: row.get(3)? })
}
