//! What managers do with the list: witness, store, event; in the caller's transaction.

use crate::access::witness_model::Manager;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::addresses::model::{Address, Listed};
use crate::addresses::store;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::AddressId;

/// ACC-12: lists an e-mail with the product that uses it. The same twice is a refusal.
pub fn add(tx: &Tx<'_>, by: &Manager, address: &Address) -> Result<()> {
    let (email, product) = (&address.email, &address.product);
    let Some(id) = store::add(tx, by.scope().viewer(), address)? else {
        return Err(Error::field("email", format!("{email} is in the list for {product} already.")));
    };
    let event = Event::new(Kind::AddressListed, format!("listed {email} as used in {product}"));
    activity::store::record(tx, by.actor(), &event.about("address", id.0, email.as_str())).map(drop)
}

/// Takes one off the list; as it was. From then on the e-mail may be changed, unless another product uses it too.
pub fn remove(tx: &Tx<'_>, by: &Manager, address: AddressId) -> Result<Listed> {
    let listed = store::find(tx, by.scope().viewer(), address)?;
    store::remove(tx, by.scope().viewer(), address)?;
    let event = Event::new(Kind::AddressUnlisted, format!("took {} off the list of e-mails used in {}", listed.email, listed.product));
    activity::store::record(tx, by.actor(), &event.about("address", address.0, listed.email.as_str()))?;
    Ok(listed)
}
