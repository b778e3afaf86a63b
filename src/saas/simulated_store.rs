//! What the demo's vendor looks at: the accounts of the whole portal. A real install never asks for them.

use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::{PartnerId, SaasAccountId};
use crate::kernel::time::Timestamp;
use crate::saas::model::Product;
use crate::saas::terms_model::AutoAdd;

/// An account that the vendor has to do with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AtVendor {
    /// The account.
    pub account: SaasAccountId,
    /// The partner that holds it.
    pub partner: PartnerId,
    /// Its domain.
    pub domain: String,
    /// What is protected.
    pub product: Product,
    /// When it was added.
    pub created_at: Timestamp,
    /// When its newest data was true.
    pub as_of: Option<Timestamp>,
    /// Whether newly discovered users are protected, and how many at most.
    pub auto_add: (AutoAdd, Option<i64>),
}

fn accounts(db: &impl Read, wanted: &str) -> Result<Vec<AtVendor>> {
    db.all(
        &format!(
            "select a.id, a.partner, a.domain, a.product, a.created_at, a.as_of, a.auto_add, a.licence_cap
               from saas_account a left join subscription s on s.organization = a.organization
              where a.cancelled_at is null and (a.organization is null or s.state = 'active') and {wanted} order by a.domain_key, a.product, a.id"
        ),
        [],
        |row| {
            Ok(AtVendor {
                account: row.get(0)?,
                partner: row.get(1)?,
                domain: row.get(2)?,
                product: row.get(3)?,
                created_at: row.get(4)?,
                as_of: row.get(5)?,
                auto_add: (if row.get(6)? { AutoAdd::On } else { AutoAdd::Off }, row.get(7)?),
            })
        },
    )
}

/// Accounts that wait for the partner's authorization; those that wait for a consent of their organization's users do not come.
pub fn waiting(db: &impl Read) -> Result<Vec<AtVendor>> {
    accounts(db, "a.authorized = 0 and a.managed_by = 'partner'")
}

/// Authorized accounts of active organizations, and of none, with an active seat (SUB-2, SAS-7).
pub fn backed_up(db: &impl Read) -> Result<Vec<AtVendor>> {
    accounts(db, "a.authorized = 1 and a.seats_active > 0")
}

/// Authorized accounts whose seats the vendor has not told of yet.
pub fn without_seats(db: &impl Read) -> Result<Vec<AtVendor>> {
    accounts(db, "a.authorized = 1 and not exists (select 1 from seat t where t.saas_account = a.id)")
}
