//! Asking for a task, approving it, taking it, reporting on it, closing it: witness, rule, store, activity, letter; in the caller's
//! transaction.

use crate::access::model::{Actor, Scope};
use crate::access::script_model::Script;
use crate::access::witness_model::{DeviceAsker, Technician};
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::devices::model::Device;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{DeviceId, OrganizationId, PartnerId, TaskId};
use crate::kernel::text;
use crate::mail::model::{Letter, LetterKind};
use crate::tasks::model::{End, MOST_OPEN, NewTask, Operation, State, Task, TaskKind, Urgency, said, written};
use crate::tasks::{letters, store};
use crate::{accounts, branding, devices, mail, partners, users};

/// PAR-1: why whoever sees what a partner holds may not act on it, if so.
fn refuses(scope: &Scope, holder: PartnerId) -> Option<String> {
    (!scope.acts_on(holder)).then(|| "This device is held by a partner beneath yours. Your Admins act on it, or that partner.".to_owned())
}

/// DEV-7: the device that somebody sees and the organization whose it is, or why nothing can be asked of it now. The button asks here too.
pub fn askable(db: &impl Read, by: &DeviceAsker, device: DeviceId) -> Result<(Device, std::result::Result<OrganizationId, String>)> {
    let device = devices::store::find(db, by.scope(), device)?;
    let verdict = match (&device.organization, refuses(by.scope(), device.partner)) {
        (_, Some(sentence)) => Err(sentence),
        (None, None) => Err(format!("{} is linked to no organization. Tasks are an organization's: link it to one first.", device.name())),
        (Some((organization, _)), None) => Ok(*organization),
    };
    Ok((device, verdict))
}

/// DEV-7, SUP-1: asks for something on a device. What an employee asks for is queued at once, and what a user does who is authorized for
/// support, with that authorization; a file
/// restore that claims no precedence as well. What else another user asks for waits for approval.
pub fn ask(tx: &Tx<'_>, by: &DeviceAsker, device: DeviceId, wanted: &NewTask) -> Result<Task> {
    let (device, verdict) = askable(tx, by, device)?;
    let organization = verdict.map_err(Error::refused)?;
    // Its users' own; nobody keeps an employee from asking.
    if by.user().is_some() && MOST_OPEN <= store::count_open(tx, organization)? {
        return Err(Error::refused(format!("{MOST_OPEN} tasks are open already. Wait until some of them are over.")));
    }
    let authorization = match by.user() {
        Some(account) => users::support_store::of_account(tx, account)?.recorded(),
        None => None,
    };
    let trusted = by.user().is_none() || authorization.is_some();
    // What starts a machine, or stands before everybody else's, is not for somebody to begin whom nobody confirmed.
    let harmless = wanted.kind == TaskKind::RestoreFiles && wanted.urgency == Urgency::Usual;
    let queued = trusted || harmless;
    let state = if queued { State::Queued } else { State::Waiting };
    let id = store::insert(tx, (&device, organization), wanted, by.actor(), (state, authorization.as_deref()))?;
    let task = store::find(tx, by.scope(), id)?;
    let sentence = format!("asked for {} on {}", lower(&task.title()), task.device.1);
    let event = Event::new(Kind::TaskAsked, sentence)
        .with(Change::between("State", "", state.shown()))
        .with(Change::between("Disaster recovery", "", if wanted.urgency == Urgency::DisasterRecovery { "Yes" } else { "" }))
        .with(Change::between("Authorized for support", "", authorization.unwrap_or_default()));
    record(tx, by.actor(), &task, event)?;
    Ok(task)
}

/// "deletion of local data".
fn lower(title: &str) -> String {
    let mut signs = title.chars();
    signs.next().map(|first| first.to_lowercase().chain(signs).collect()).unwrap_or_default()
}

/// The log calls a device by its hostname, however pages identify it: an entry stays as it was written, and is found by one word.
fn record(tx: &Tx<'_>, by: &Actor, task: &Task, event: Event) -> Result<()> {
    let event = event.about("device_task", task.id.0, task.title()).at(task.organization.0);
    activity::store::record(tx, by, &event).map(drop)
}

/// Why an employee may not take this step on a task they see; nothing when they may. The button asks here too.
pub fn refusal(by: &Technician, task: &Task, operation: Operation) -> Option<String> {
    task.check(operation).err().map(super::model::Refusal::sentence).or_else(|| refuses(by.scope(), task.partner))
}

fn find_for(tx: &Tx<'_>, by: &Technician, task: TaskId, operation: Operation) -> Result<Task> {
    let task = store::find(tx, by.scope(), task)?;
    match refusal(by, &task, operation) {
        Some(sentence) => Err(Error::Refused(sentence)),
        None => Ok(task),
    }
}

/// SUP-1: an employee approves what waits.
pub fn approve(tx: &Tx<'_>, by: &Technician, task: TaskId) -> Result<Task> {
    let task = find_for(tx, by, task, Operation::Approve)?;
    store::approve(tx, task.id, &by.actor().name)?;
    let sentence = format!("approved {} on {}", lower(&task.title()), task.device.1);
    record(tx, by.actor(), &task, Event::new(Kind::TaskApproved, sentence))?;
    Ok(task)
}

/// SUP-1: an employee refuses what waits, and says why.
pub fn decline(tx: &Tx<'_>, by: &Technician, task: TaskId, reason: &str) -> Result<Task> {
    let task = find_for(tx, by, task, Operation::Decline)?;
    let reason = written(reason).and_then(|text| said(text, "Say why, for whoever asked."));
    end(tx, by.actor(), &task, End::Refused, &reason.map_err(|sentence| Error::field("reason", sentence))?)
}

/// DEV-7: an employee closes a task by hand, and says what came of it.
pub fn close(tx: &Tx<'_>, by: &Technician, task: TaskId, outcome: Option<End>, result: &str) -> Result<Task> {
    let how = outcome.ok_or_else(|| Error::field("outcome", "Choose whether it was done."))?;
    let task = find_for(tx, by, task, Operation::Close(how))?;
    let result = written(result).and_then(|text| said(text, "Say what came of it, for whoever asked."));
    end(tx, by.actor(), &task, how, &result.map_err(|sentence| Error::field("result", sentence))?)
}

/// DEV-7: who asked takes back what no connector has; it never gets one then. `NotFound` for what they do not see.
pub fn withdraw(tx: &Tx<'_>, by: &DeviceAsker, task: TaskId) -> Result<Task> {
    let task = store::find(tx, by.scope(), task)?;
    if let Some(sentence) = keeps(by, &task) {
        return Err(Error::Refused(sentence));
    }
    store::withdraw(tx, &task, &by.actor().name)?;
    let after = store::find(tx, by.scope(), task.id)?;
    let event = Event::new(Kind::TaskWithdrawn, format!("withdrew {} on {}", lower(&task.title()), task.device.1)).with(Change::between(
        "State",
        task.state.shown(),
        after.state.shown(),
    ));
    record(tx, by.actor(), &after, event)?;
    Ok(after)
}

/// Why somebody may not withdraw a task they see; nothing when they may. The button asks here too.
pub fn keeps(by: &DeviceAsker, task: &Task) -> Option<String> {
    if task.asked_account.is_none() || task.asked_account != by.actor().account {
        return Some("A task is withdrawn by who asked for it.".to_owned());
    }
    task.check(Operation::Withdraw).err().map(super::model::Refusal::sentence)
}

/// DEV-7: an employee puts back into the queue what a connector took and fell silent about. What that one reports later is refused.
pub fn put_back(tx: &Tx<'_>, by: &Technician, task: TaskId) -> Result<Task> {
    let task = find_for(tx, by, task, Operation::PutBack)?;
    store::put_back(tx, &task)?;
    let after = store::find(tx, by.scope(), task.id)?;
    let connector = task.taken.as_ref().map_or("", |taken| taken.by.as_str());
    let event = Event::new(Kind::TaskPutBack, format!("put {} on {} back into the queue", lower(&task.title()), task.device.1))
        .with(Change::between("State", task.state.shown(), after.state.shown()))
        .with(Change::between("Taken by", connector, ""));
    record(tx, by.actor(), &after, event)?;
    Ok(after)
}

fn end(tx: &Tx<'_>, by: &Actor, task: &Task, how: End, result: &str) -> Result<Task> {
    store::end(tx, task, how, &by.name, result)?;
    let scope = Scope::all(task.partner);
    let after = store::find(tx, &scope, task.id)?;
    let verb = match how {
        End::Done => "closed as done",
        End::Refused => "refused",
    };
    let event = Event::new(Kind::TaskEnded, format!("{verb}: {} on {}", lower(&task.title()), task.device.1))
        .with(Change::between("State", task.state.shown(), after.state.shown()))
        .with(Change::between("Result", "", result));
    record(tx, by, &after, event)?;
    tell(tx, by, &after)?;
    Ok(after)
}

/// A letter to who asked, unless they ended it themselves or may not see it any more.
fn tell(tx: &Tx<'_>, by: &Actor, task: &Task) -> Result<()> {
    let Some((account, identity)) = store::asker(tx, task)?.filter(|(account, _)| by.account != Some(*account)) else { return Ok(()) };
    let reader = accounts::store::own(tx, identity, account)?;
    let partner = partners::store::signature(tx, reader.partner)?;
    let name = reader.name();
    let device = branding::store::devices_named(tx, reader.partner)?.name(&task.device.1, &task.device.2);
    let letter = Letter {
        partner: reader.partner,
        organization: reader.organization,
        account: Some(account),
        identity: Some(identity),
        kind: LetterKind::Notice,
        content: letters::ended(task, &device, (&name, &partner.name)),
        to_email: reader.email,
        to_name: name,
        link: None,
    };
    mail::store::enqueue(tx, &letter).map(drop)
}

/// DEV-7: a connector takes the next queued task; of one device, if its serial number is given. Nothing when none is queued. One taker wins.
pub fn take(tx: &Tx<'_>, by: &Technician, script: &Script, serial: Option<&str>) -> Result<Option<Task>> {
    let serial = serial.map(text::key);
    let Some(task) = store::next(tx, by.scope(), serial.as_deref())? else { return Ok(None) };
    store::take(tx, task.id, &script.key_name, script.key)?;
    let sentence = format!("took {} on {}", lower(&task.title()), task.device.1);
    record(tx, by.actor(), &task, Event::new(Kind::TaskTaken, sentence))?;
    store::find_own(tx, by.scope(), task.id).map(Some)
}

/// A task that this connector took; `NotFound` for one that is not its partner's, `Conflict` for one that is not its own, was put back into
/// the queue meanwhile, or is over. `take` is the take it reports on; a task that was taken once has but one.
fn taken(tx: &Tx<'_>, by: &Technician, script: &Script, (task, take): (TaskId, Option<i64>), operation: Operation) -> Result<Task> {
    let task = store::find_own(tx, by.scope(), task)?;
    if let Some(sentence) = late(&task, take) {
        return Err(Error::Conflict(sentence));
    }
    if let Err(refusal) = task.check(operation) {
        return Err(Error::Conflict(refusal.sentence()));
    }
    if task.taken_key != Some(script.key) {
        return Err(Error::Conflict("The connector of another key took this task.".to_owned()));
    }
    Ok(task)
}

/// Why a report on this take comes too late, if it does: the task was put back into the queue since.
fn late(task: &Task, take: Option<i64>) -> Option<String> {
    match (task.state, take) {
        (State::Queued, _) if 0 < task.takes => {
            Some("This task was put back into the queue, since nothing was heard of it. Take it anew before you report.".to_owned())
        }
        (State::InProgress, None) if 1 < task.takes => {
            Some("This task was taken more than once. Say with take which one this is: the number that taking it answered with.".to_owned())
        }
        (State::InProgress, Some(take)) if take != task.takes => {
            let now = task.takes;
            Some(format!("Take {take} of this task is over: it was put back into the queue, and take {now} is at it now."))
        }
        _ => None,
    }
}

/// DEV-7: the connector that took a task says how far it is.
pub fn report(tx: &Tx<'_>, by: &Technician, script: &Script, task: (TaskId, Option<i64>), words: &str) -> Result<Task> {
    let task = taken(tx, by, script, task, Operation::Report)?;
    let words = written(words).and_then(|words| said(words, "text is what to tell, and is empty.")).map_err(Error::Refused)?;
    store::report(tx, task.id, &words)?;
    let sentence = format!("reported on {} on {}", lower(&task.title()), task.device.1);
    record(tx, by.actor(), &task, Event::new(Kind::TaskReported, sentence).with(Change::between("Progress", "", words)))?;
    store::find_own(tx, by.scope(), task.id)
}

/// DEV-7: the connector that took a task says what came of it.
pub fn finish(tx: &Tx<'_>, by: &Technician, script: &Script, task: (TaskId, Option<i64>), (how, result): (End, &str)) -> Result<Task> {
    let task = taken(tx, by, script, task, Operation::Finish(how))?;
    let result = written(result).and_then(|words| said(words, "result is what came of it, and is empty.")).map_err(Error::Refused)?;
    end(tx, by.actor(), &task, how, &result)
}
