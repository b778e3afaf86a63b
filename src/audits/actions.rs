//! Making an audit: witness, scope, rule, store, activity; in the caller's transaction.

use crate::access::witness_model::DeviceAsker;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::audits::model::audit;
use crate::audits::store;
use crate::devices;
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AuditId, DeviceId};
use crate::tasks::actions::askable;

/// Whether an audit was made, or was there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Made {
    /// Now.
    Now,
    /// Earlier on the same UTC day: it is shown instead.
    Earlier,
}

/// DEV-8: makes the audit of this UTC day, or finds the one that was made.
pub fn make(tx: &Tx<'_>, by: &DeviceAsker, device: DeviceId) -> Result<(AuditId, Made)> {
    let (device, verdict) = askable(tx, by, device)?;
    let organization = verdict.map_err(Error::refused)?;
    if let Some(known) = store::of_day(tx, device.id, organization, tx.now().utc_day())? {
        return Ok((known, Made::Earlier));
    }
    let assets: Vec<_> = devices::assets_store::of_device(tx, device.id)?.into_iter().map(|asset| asset.report).collect();
    let of_organization = store::of_device(tx, by.scope(), device.id)?.into_iter().find(|audit| audit.organization.0 == organization);
    let before = of_organization.as_ref().map(|audit| (&audit.report, audit.made_at));
    let report = audit(&device.report, device.summary.as_of, &assets, before);
    let id = store::insert(tx, (&device, organization), &by.actor().name, &report)?;
    let event = Event::new(Kind::AuditMade, format!("made an offsite audit of {}", device.report.name))
        .about("offsite_audit", id.0, device.report.name)
        .at(organization);
    activity::store::record(tx, by.actor(), &event)?;
    Ok((id, Made::Now))
}
