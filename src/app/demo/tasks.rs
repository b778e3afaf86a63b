//! DEV-7 in the demo: what clients and a technician asked for on devices, and what became of it.

use crate::access::model::Person;
use crate::access::witness_model::{DeviceAsker, Operator, Restorer, Technician};
use crate::app::demo::firm::Hand;
use crate::app::demo::{FILES, Made, Story, endpoints, find_user, people, support};
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganizationId;
use crate::kernel::time::Span;
use crate::tasks::actions;
use crate::tasks::model::{End, NewTask, Point, Task, TaskKind, Urgency};
use crate::{audits, devices, restores, users};

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

impl Story<'_> {
    /// DEV-7: Lantern's clients who sign in ask for something on their devices, and so does a technician.
    pub fn ask_for_tasks(&self) -> Result<()> {
        self.ago(Span::minutes(20));
        let technician = self.staff.technician(Hand::Lantern)?;
        let made = |name: &str| self.made.iter().find(|made| made.client.name == name).ok_or(Error::NotFound);
        let (alder, cobalt, quarry) = (made("Alder Dental")?, made("Cobalt Logistics")?, made("Quarry Bank School")?);
        let user = |tx: &Tx<'_>, made: &Made, place: usize| -> Result<Person> {
            let by = self.manager(made.client.hand, 0)?;
            let email = made.client.users.get(place).ok_or(Error::NotFound)?.person().email();
            let account = find_user(tx, &by, made.organization, &email)?;
            Ok(support::signed_in(made.organization, &users::store::find(tx, by.scope(), made.organization, account)?))
        };
        let done = self.db.write(|tx| {
            let olivia = user(tx, alder, 0)?;
            let [first, second] = AUTHORIZED;
            let done = ask(tx, &olivia, alder.organization, first)?;
            ask(tx, &olivia, alder.organization, second)?;
            ask(tx, &user(tx, alder, 1)?, alder.organization, UNAUTHORIZED)?;
            ask(tx, &user(tx, cobalt, 0)?, cobalt.organization, URGENT)?;
            ask(tx, &technician, quarry.organization, TECHNICIAN)?;
            restore(tx, &olivia, alder.organization)?;
            audit(tx, &olivia, alder.organization)?;
            Ok(done)
        })?;
        self.ago(Span::minutes(15));
        self.db.write(|tx| close(tx, &technician, &done))
    }

    /// END-2: a client's user asks for files of a computer: one is restored, the other waits.
    pub fn ask_for_files(&self) -> Result<()> {
        self.ago(Span::minutes(14));
        let made = self.made.iter().find(|made| made.client.users.iter().any(|user| user.person().email() == people::RESTORES.email()));
        let made = made.ok_or(Error::NotFound)?;
        let manager = self.manager(made.client.hand, 0)?;
        let first = self.db.write(|tx| {
            let account = find_user(tx, &manager, made.organization, &people::RESTORES.email())?;
            let user = users::store::find(tx, manager.scope(), made.organization, account)?;
            let by = Restorer::of(&support::signed_in(made.organization, &user)).ok_or(Error::NotFound)?;
            let [first, second] = FILES;
            let first = endpoints::ask_for_files(tx, &by, made.organization, first)?;
            endpoints::ask_for_files(tx, &by, made.organization, second)?;
            Ok(first)
        })?;
        self.ago(Span::minutes(10));
        let by = Restorer::operator(&Operator::of_this_machine(), made.partner);
        self.db.write(|tx| {
            restores::actions::close(tx, &by, first.id, (restores::model::State::Done, "It lies on the desktop again.")).map(drop)
        })
    }
}
