//! Setting up the portal.

use crate::access::model::Actor;
use crate::access::roles_model::{Products, Role};
use crate::access::state_model::StoredState;
use crate::accounts;
use crate::accounts::model::Details;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::employees;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::partners::model::{Founded, Founding};
use crate::partners::store;

/// ACC-1: makes the operating partner and its active primary account. Refused once there is a partner, so that of two who set up at
/// the same moment one wins. `by` says who did it, given the partner and the account that came to be.
pub fn set_up(tx: &Tx<'_>, founding: &Founding, password_hash: &str, by: impl FnOnce(&Founded) -> Actor) -> Result<Founded> {
    if store::operating(tx)?.is_some() {
        return Err(Error::refused("This portal is set up already."));
    }
    let partner = store::create(tx, None, &founding.partner, &founding.country)?;
    let identity = accounts::identities_store::identity_for(tx, partner, &founding.email)?;
    let primary = Details {
        first_name: founding.first_name.clone(),
        last_name: founding.last_name.clone(),
        email: founding.email.clone(),
        country_code: None,
        mobile_phone: None,
    };
    let account = accounts::store::create(tx, partner, identity, None, &primary)?;
    employees::store::insert(tx, account, partner, Role::PrimaryAccount, Products::of(Role::PrimaryAccount))?;
    accounts::identities_store::set_password(tx, identity, password_hash)?;
    accounts::store::save_state(tx, account, StoredState::Active, None)?;
    let founded = Founded { partner, identity, account };
    let event = Event::new(Kind::PortalSetUp, format!("set up the portal for {}", founding.partner.as_str()));
    activity::store::record(tx, &by(&founded), &event.about("partner", partner.0, founding.partner.as_str()))?;
    Ok(founded)
}
