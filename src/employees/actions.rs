//! What is done with employees. Whoever calls has asked `Role::may_act_on` (EMP-2).

use crate::access::model::{Actor, Role};
use crate::accounts;
use crate::accounts::model::{Details, Invitation};
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::employees::model::Products;
use crate::employees::store;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, PartnerId};

/// Adds an employee with the products of the role, and invites them if asked to (ACC-2, EMP-3). A second primary account is refused.
pub fn create(tx: &Tx<'_>, by: &Actor, partner: PartnerId, role: Role, details: &Details, invitation: Invitation) -> Result<AccountId> {
    if role == Role::PrimaryAccount && store::primary_account(tx, partner)?.is_some() {
        return Err(Error::refused("A partner has one primary account, and this one has it already."));
    }
    let account = accounts::actions::create(tx, partner, None, details, invitation)?;
    store::insert(tx, account, partner, role, Products::of(role))?;
    let name = format!("{} {}", details.first_name.as_str(), details.last_name.as_str());
    let event = Event::new(Kind::EmployeeAdded, format!("added {name} ({}) to the staff as {}", details.email, role.shown()));
    activity::store::record(tx, by, &event.about("account", account.0, name))?;
    Ok(account)
}
