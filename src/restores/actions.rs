//! Asking for a restore, saying what came of it, removing it: witness, scope, rule, store, activity; in the caller's transaction.

use crate::access::witness_model::Restorer;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::endpoints;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{EndpointAgentId, FileRestoreId};
use crate::restores::model::{self, Entered, FileRestore, State, Step};
use crate::restores::store;

/// END-2. Asks for files of an agent inside the witness' scope; the restore.
pub fn ask(tx: &Tx<'_>, by: &Restorer, agent: EndpointAgentId, entered: &Entered) -> Result<FileRestore> {
    let agent = endpoints::store::find(tx, by.scope(), agent)?;
    if !by.scope().acts_on(agent.partner) {
        return Err(model::beneath(&agent.hostname));
    }
    let wanted = entered.parse(&store::points(tx, agent.id)?)?;
    let id = store::add(tx, (agent.partner, agent.organization.0), agent.id, &wanted, by.actor().name_alone())?;
    let restore = store::find(tx, by.scope(), id)?;
    let sentence = format!("asked for a file restore from {}", restore.dataset);
    let event = about(Kind::FileRestoreAsked, &restore, sentence)
        .with(Change::between("Path", "", restore.path.as_str()))
        .with(Change::between("Recovery point", "", restore.recovery_point.iso()))
        .with(Change::between("Note", "", restore.note.as_str()));
    activity::store::record(tx, by.actor(), &event)?;
    Ok(restore)
}

/// Says what came of a restore; for employees alone. The restore as it was.
pub fn close(tx: &Tx<'_>, by: &Restorer, restore: FileRestoreId, (state, result): (State, &str)) -> Result<FileRestore> {
    if !by.closes() {
        return Err(Error::NotFound);
    }
    let restore = ready(tx, by, restore, Step::Close)?;
    store::change(tx, &restore, state, by.actor().name_alone(), result)?;
    let event = about(
        Kind::FileRestoreClosed,
        &restore,
        format!("closed the file restore from {}: {}", restore.dataset, state.shown().to_lowercase()),
    )
    .with(Change::between("State", restore.state.shown(), state.shown()))
    .with(Change::between("Result", "", result));
    activity::store::record(tx, by.actor(), &event)?;
    Ok(restore)
}

/// END-2. Removes a restore; backups stay. The restore as it was.
pub fn remove(tx: &Tx<'_>, by: &Restorer, restore: FileRestoreId) -> Result<FileRestore> {
    let restore = ready(tx, by, restore, Step::Remove)?;
    store::change(tx, &restore, State::Removed, by.actor().name_alone(), &restore.result)?;
    let event = about(Kind::FileRestoreRemoved, &restore, format!("removed the file restore from {}", restore.dataset))
        .with(Change::between("State", restore.state.shown(), State::Removed.shown()));
    activity::store::record(tx, by.actor(), &event)?;
    Ok(restore)
}

fn ready(tx: &Tx<'_>, by: &Restorer, restore: FileRestoreId, step: Step) -> Result<FileRestore> {
    let restore = store::find(tx, by.scope(), restore)?;
    if !by.scope().acts_on(restore.partner) {
        return Err(model::beneath(&restore.dataset));
    }
    restore.check(step).map_err(Error::Conflict)?;
    Ok(restore)
}

fn about(kind: Kind, restore: &FileRestore, sentence: String) -> Event {
    Event::new(kind, sentence).about("file_restore", restore.id.0, restore.dataset.as_str()).at(restore.organization.0)
}
