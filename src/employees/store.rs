//! The rows of employees.

use rusqlite::params;

use crate::access::model::Role;
use crate::employees::model::Products;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, PartnerId};

/// Makes an account an employee's.
pub fn insert(tx: &Tx<'_>, account: AccountId, partner: PartnerId, role: Role, products: Products) -> Result<()> {
    tx.change_one(
        "insert into employee (account, partner, role, bcdr, endpoint_backup) values (?1, ?2, ?3, ?4, ?5)",
        params![account, partner, role, products.bcdr, products.endpoint_backup],
    )
}

/// The role of an account, if it is an employee's.
pub fn role(db: &impl Read, account: AccountId) -> Result<Option<Role>> {
    db.maybe("select role from employee where account = ?1", [account], |row| row.get(0))
}

/// The partner's primary account, once it has one.
pub fn primary_account(db: &impl Read, partner: PartnerId) -> Result<Option<AccountId>> {
    db.maybe("select account from employee where partner = ?1 and role = 'primary_account'", [partner], |row| row.get(0))
}
