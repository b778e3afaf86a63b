//! Setting the address of the vendor's own console (SAS-11).

use crate::access::witness_model::Manager;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::web::WebAddress;
use crate::partners;

/// Sets it for the manager's own partner, or takes it away; whether it was another before.
pub fn set(tx: &Tx<'_>, by: &Manager, console: Option<&WebAddress>) -> Result<bool> {
    let partner = by.scope().viewer();
    let before = partners::store::vendor_console(tx, partner)?.unwrap_or_default();
    let after = console.map_or("", WebAddress::as_str);
    let Some(change) = Change::between("Vendor console", before, after) else { return Ok(false) };
    partners::store::set_vendor_console(tx, partner, console.map(WebAddress::as_str))?;
    let sentence =
        if after.is_empty() { "took away the address of the vendor's console" } else { "set the address of the vendor's console" };
    activity::store::record(tx, by.actor(), &Event::new(Kind::ConsoleSet, sentence).with([change]))?;
    Ok(true)
}
