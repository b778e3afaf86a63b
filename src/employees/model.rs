//! What an employee has besides an account. Pure.

use crate::access::model::Role;
use crate::text_enum;

text_enum!(
    /// EMP-3: how far an employee sees a product.
    ProductAccess {
        /// Its status page is hidden.
        NoAccess = "none",
        /// All of it.
        Full = "full",
    }
);

/// EMP-3: an employee's two products.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Products {
    /// Devices and what runs on them.
    pub bcdr: ProductAccess,
    /// Endpoint Backup.
    pub endpoint_backup: ProductAccess,
}

impl Products {
    /// EMP-3: Admin and above see both, Tech sees BCDR, the others neither.
    pub const fn of(role: Role) -> Self {
        let (bcdr, endpoint_backup) = match role {
            Role::PrimaryAccount | Role::SecurityAdmin | Role::Admin => (ProductAccess::Full, ProductAccess::Full),
            Role::Tech => (ProductAccess::Full, ProductAccess::NoAccess),
            Role::Business | Role::SalesAndMarketing => (ProductAccess::NoAccess, ProductAccess::NoAccess),
        };
        Self { bcdr, endpoint_backup }
    }
}
