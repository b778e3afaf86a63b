//! Linking and unlinking: witness, scope, rule, store, activity; in the caller's transaction.

use crate::access::witness_model::Manager;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::devices::model::Device;
use crate::devices::store;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{DeviceId, OrganizationId};
use crate::organizations;
use crate::organizations::model::Organization;

/// DEV-1, DEV-3. Links the devices to the organization, all or none; the devices as they were, and the organization. A device of another
/// partner is not found; one that is linked already is a conflict that says by whom.
pub fn link(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, devices: &[DeviceId]) -> Result<(Vec<Device>, Organization)> {
    let organization = organizations::store::find(tx, by.scope(), organization)?;
    let mut wanted = devices.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Err(Error::refused("Tick at least one device. Nothing was linked."));
    }
    let mut linked = Vec::with_capacity(wanted.len());
    for device in &wanted {
        let device = store::find(tx, by.scope(), *device)?;
        if device.partner != organization.partner {
            return Err(Error::NotFound);
        }
        store::link(tx, organization.id, device.id)?;
        record(tx, by, Kind::DeviceLinked, &device, &organization, &format!("linked {} to {}", device.name(), organization.name))?;
        linked.push(device);
    }
    Ok((linked, organization))
}

/// DEV-3. Takes the link away; the device and all that is known of it stay. The device as it was, and the organization.
pub fn unlink(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, device: DeviceId) -> Result<(Device, Organization)> {
    let organization = organizations::store::find(tx, by.scope(), organization)?;
    let device = store::find(tx, by.scope(), device)?;
    if device.organization.as_ref().is_none_or(|(linked, _)| *linked != organization.id) {
        return Err(Error::Conflict(format!("{} is not linked to {} any more.", device.name(), organization.name)));
    }
    store::unlink(tx, organization.id, device.id, by.actor().name_alone())?;
    record(tx, by, Kind::DeviceUnlinked, &device, &organization, &format!("unlinked {} from {}", device.name(), organization.name))?;
    Ok((device, organization))
}

fn record(tx: &Tx<'_>, by: &Manager, kind: Kind, device: &Device, organization: &Organization, sentence: &str) -> Result<()> {
    let event = Event::new(kind, sentence).about("bcdr_device", device.id.0, device.name()).at(organization.id);
    activity::store::record(tx, by.actor(), &event).map(drop)
}
