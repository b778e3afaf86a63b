//! DEV-7 in the demo: what clients and a technician asked for on devices, and what became of it.

use crate::access::model::Person;
use crate::access::witness_model::{DeviceAsker, Technician};
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganizationId;
use crate::tasks::actions;
use crate::tasks::model::{End, NewTask, Point, Task, TaskKind, Urgency};
use crate::{audits, devices};

/// Who asks for what, on the first device of an organization.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// What.
    pub kind: TaskKind,
    /// What is said about it.
    pub note: &'static str,
    /// Whether it stands first.
    pub urgency: Urgency,
}

/// What the authorized user asks for: the first is done, the second is queued.
pub const AUTHORIZED: [Wish; 2] = [
    Wish {
        kind: TaskKind::FileRestores,
        note: "The restore of last Tuesday is still mounted. Please take it away.",
        urgency: Urgency::Usual,
    },
    Wish {
        kind: TaskKind::OffsiteSchedule,
        note: "From Monday on the practice is open until nine in the evening: send offsite from ten on.",
        urgency: Urgency::Usual,
    },
];
/// What a colleague without the authorization asks for.
pub const UNAUTHORIZED: Wish =
    Wish { kind: TaskKind::LocalData, note: "Everything of the old reception computer can go.", urgency: Urgency::Usual };
/// What somebody asks for whose PIN is not confirmed yet.
pub const URGENT: Wish = Wish {
    kind: TaskKind::VirtualMachines,
    note: "The warehouse server runs on the device since the fire. The new one stands; stop the old one at six.",
    urgency: Urgency::DisasterRecovery,
};
/// What a technician asks for.
pub const TECHNICIAN: Wish =
    Wish { kind: TaskKind::PartReplacement, note: "Disk 2 reports errors. A new one lies at the front desk.", urgency: Urgency::Usual };

/// Somebody asks, on an organization's first device.
pub fn ask(tx: &Tx<'_>, person: &Person, organization: OrganizationId, wish: Wish) -> Result<Task> {
    let by = DeviceAsker::of(person).ok_or(Error::NotFound)?;
    let device = devices::store::linked(tx, by.scope(), organization)?.into_iter().next().ok_or(Error::NotFound)?;
    let wanted = NewTask { kind: wish.kind, point: None, note: wish.note.to_owned(), urgency: wish.urgency };
    actions::ask(tx, &by, device.id, &wanted)
}

/// DEV-9: somebody asks for a virtual machine from the newest good recovery point of an organization's first device.
pub fn restore(tx: &Tx<'_>, person: &Person, organization: OrganizationId) -> Result<()> {
    let by = DeviceAsker::of(person).ok_or(Error::NotFound)?;
    let device = devices::store::linked(tx, by.scope(), organization)?.into_iter().next().ok_or(Error::NotFound)?;
    for asset in devices::assets_store::of_device(tx, device.id)? {
        if let Some(good) = asset.report.backups.iter().find(|point| point.is_good()) {
            let point = Point { asset: asset.report.name.clone(), volume: asset.report.volume.clone(), at: good.at };
            let note = "To look up what stood in the appointments of that day. Until tomorrow evening.".to_owned();
            let wanted = NewTask { kind: TaskKind::RestoreMachine, point: Some(point), note, urgency: Urgency::Usual };
            return actions::ask(tx, &by, device.id, &wanted).map(drop);
        }
    }
    Ok(())
}

/// DEV-8: an audit of an organization's first device.
pub fn audit(tx: &Tx<'_>, person: &Person, organization: OrganizationId) -> Result<()> {
    let by = DeviceAsker::of(person).ok_or(Error::NotFound)?;
    let device = devices::store::linked(tx, by.scope(), organization)?.into_iter().next().ok_or(Error::NotFound)?;
    audits::actions::make(tx, &by, device.id).map(drop)
}

/// A technician closes what was asked for.
pub fn close(tx: &Tx<'_>, technician: &Person, task: &Task) -> Result<()> {
    let by = Technician::of(technician).ok_or(Error::NotFound)?;
    actions::close(tx, &by, task.id, Some(End::Done), "Unmounted. 14 GB are free again.").map(drop)
}
