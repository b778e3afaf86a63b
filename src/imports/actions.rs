//! From files to rows: parse, check and stage in small transactions; carry out in one.

mod devices;
mod endpoints;
mod linking;
mod networks;
mod people;
mod services;
mod stager;

use std::time::Duration;

use crate::access::witness_model::{Clockwork, Manager};
use crate::accounts;
use crate::accounts::model::Invitation;
use crate::activity;
use crate::activity::model::{Event, Kind as EventKind};
use crate::addresses;
use crate::backups;
use crate::imports::actions::stager::Stager;
use crate::imports::model::{self, Counts, File, FileCounts, Import, Item, KEPT_WAITING, Kind, Recognised, State};
use crate::imports::store::{self, here, staging};
use crate::kernel::db::{Db, Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, IdentityId, ImportId, PartnerId, SaasAccountId};
use crate::kernel::text::counted;
use crate::organizations;
use crate::saas;
use crate::saas::model::Taken;
use crate::seats;
use crate::subscriptions;
use crate::users;

/// So many rows are staged in one transaction: others write in between.
const CHUNK: usize = 5_000;
/// So many rows of each kind are indexed in one transaction.
const INDEXED_AT_ONCE: i64 = 5_000;
/// So many rows are swept in one transaction.
const SWEPT_AT_ONCE: i64 = 10_000;
/// How long others have the database to themselves between two of the transactions that follow on each other most closely.
pub const PAUSE: Duration = Duration::from_millis(25);

/// Reads files, checks every row against what is here, and stages what would change: a preview, found by the id that comes back.
/// `progress` hears the file's name and how many of its rows were read. Nothing but the import's own tables is written.
pub fn stage(db: &Db, by: &Manager, files: &[File<'_>], progress: &mut dyn FnMut(&str, i64)) -> Result<ImportId> {
    if files.is_empty() {
        return Err(Error::field("files", "Choose at least one file."));
    }
    let partner = by.scope().viewer();
    let import = db.write(|tx| store::begin(tx, partner, &by.actor().name))?;
    let mut stager = db.read(|reader| Ok(Stager::new(import, partner, here::any_held_email(reader, partner)?)))?;
    let recognised: Vec<(File<'_>, Recognised)> = files.iter().map(|file| (*file, model::recognise(*file))).collect();
    // Organizations come first, since what follows may name them; SaaS accounts before their seats. Reports are only collected, and what a
    // cancelled account becomes depends on them.
    let mut in_order: Vec<&(File<'_>, Recognised)> = recognised.iter().collect();
    in_order.sort_by_key(|(file, recognised)| (order(recognised), file.name));
    for (file, recognised) in in_order {
        stager.begin_file(file.name);
        match recognised {
            Recognised::Kind(kind) => stage_file(db, &mut stager, *file, *kind, progress)?,
            Recognised::Unknown(reason) => db.write(|tx| stager.refuse_file(tx, reason))?,
        }
    }
    for reports in services::take_reports(&mut stager).chunks(20) {
        db.write(|tx| reports.iter().try_for_each(|report| services::report(tx, &mut stager, report)))?;
    }
    db.write(|tx| {
        people::check_endpoint_access(tx, &mut stager)?;
        let mut files = stager.file_counts();
        // Reports were read early; people look for them after the seats.
        files.sort_by_key(|file| match file.kind {
            Some(Kind::Organizations | Kind::Accounts | Kind::Users | Kind::Seats) => 0,
            Some(Kind::Reports) => 1,
            Some(Kind::Devices | Kind::Assets | Kind::DeviceAlerts | Kind::VmRestores) => 2,
            Some(Kind::OtherProducts | Kind::Agents | Kind::Networks) | None => 3,
        });
        store::finish_staging(tx, import, &files, stager.refused)
    })?;
    Ok(import)
}

fn order(recognised: &Recognised) -> u8 {
    match recognised {
        Recognised::Kind(Kind::Organizations) => 0,
        Recognised::Kind(Kind::Reports) => 1,
        Recognised::Kind(Kind::Accounts) => 2,
        Recognised::Kind(Kind::Users) => 3,
        Recognised::Kind(Kind::Seats) => 4,
        Recognised::Kind(Kind::OtherProducts) => 5,
        Recognised::Kind(Kind::Devices) => 6,
        Recognised::Kind(Kind::Assets | Kind::DeviceAlerts | Kind::VmRestores) => 7,
        Recognised::Kind(Kind::Agents | Kind::Networks) => 8,
        Recognised::Unknown(_) => 9,
    }
}

fn stage_file(db: &Db, stager: &mut Stager, file: File<'_>, kind: Kind, progress: &mut dyn FnMut(&str, i64)) -> Result<()> {
    if kind == Kind::Seats && !db.write(|tx| services::begin_seats(tx, stager, file.name))? {
        return Ok(());
    }
    if model::of_device(kind).is_some() && !db.write(|tx| devices::begin(tx, stager, file, kind))? {
        return Ok(());
    }
    stager.count_kind(kind);
    if kind == Kind::Users {
        stager.expect_users(model::newlines(file.bytes));
    }
    let mut rows = 0;
    let mut chunk: Vec<(i64, Item)> = Vec::with_capacity(CHUNK);
    model::read(file, kind, &mut |line, item| {
        chunk.push((line, item));
        if chunk.len() == CHUNK {
            rows += i64::try_from(chunk.len()).unwrap_or_default();
            db.write_in_turn(Duration::ZERO, |tx| chunk.drain(..).try_for_each(|(line, item)| stager.take(tx, line, item)))?;
            progress(file.name, rows);
        }
        Ok(())
    })?;
    rows += i64::try_from(chunk.len()).unwrap_or_default();
    db.write(|tx| {
        chunk.drain(..).try_for_each(|(line, item)| stager.take(tx, line, item))?;
        match kind {
            Kind::Seats => services::end_seats(tx, stager),
            Kind::Assets => devices::end_assets(tx, stager),
            Kind::DeviceAlerts | Kind::VmRestores => devices::end_part(tx, stager, kind),
            Kind::Organizations
            | Kind::Accounts
            | Kind::Users
            | Kind::Reports
            | Kind::Devices
            | Kind::Agents
            | Kind::Networks
            | Kind::OtherProducts => Ok(()),
        }
    })?;
    progress(file.name, rows);
    Ok(())
}

/// Fills the search indexes with the rows that `carry_out` will move in, a batch in each transaction: what takes longest is done
/// before, and others write in between. What is indexed and not moved in finds nothing, and is swept with its import.
pub fn index_ahead(db: &Db, by: &Manager, import: ImportId) -> Result<()> {
    let partner = by.scope().viewer();
    while db.write_in_turn(PAUSE, |tx| Ok(store::find(tx, partner, import)?.state == State::Ready && index_batch(tx, partner, import)?))? {}
    Ok(())
}

/// Whether there was anything left to index.
fn index_batch(tx: &Tx<'_>, partner: PartnerId, import: ImportId) -> Result<bool> {
    let (organization, account) = store::indexed(tx, import)?;
    let next = (
        organizations::store::index_ahead(tx, import, partner, organization, INDEXED_AT_ONCE)?,
        accounts::imported_store::index_ahead(tx, import, partner, account, INDEXED_AT_ONCE)?,
    );
    store::set_indexed(tx, import, (next.0.unwrap_or(organization), next.1.unwrap_or(account)))?;
    Ok(next != (None, None))
}

/// IMP-2: carries out what was staged, all of it, in the caller's one transaction. What somebody changed meanwhile so that it no
/// longer fits is a `Conflict`, and nothing happens. The rows that came, counted by file.
pub fn carry_out(tx: &Tx<'_>, by: &Manager, import: ImportId, letters: Invitation) -> Result<Vec<FileCounts>> {
    let partner = by.scope().viewer();
    let found = store::find(tx, partner, import)?;
    match found.state {
        State::Ready => {}
        State::Done => return Err(Error::Conflict("This import was carried out already.".to_owned())),
        State::Refused | State::Staging => return Err(Error::refused("Something in these files is refused, so nothing of them comes in.")),
    }
    if let Some(name) = here::moved_since(tx, import, partner)? {
        return Err(Error::Conflict(format!(
            "“{name}” went to another partner by transfer since the preview was made, so nothing was imported. Bring the files in again."
        )));
    }
    if staging::lacks_target(tx, import)? || (here::changed_since_check(tx, import)? && staging::is_stale(tx, import, partner)?) {
        return Err(Error::Conflict(
            "Somebody changed something these files meet since the preview was made, so nothing was imported. Bring the files in again."
                .to_owned(),
        ));
    }
    // The rows that `index_ahead` did not come to.
    while index_batch(tx, partner, import)? {}
    store::set_moving(tx, import, true)?;
    tx.without_looking(|| move_people(tx, by, import))?;
    store::set_moving(tx, import, false)?;
    move_services(tx, by, import)?;
    devices::carry_out(tx, partner, import)?;
    for address in staging::other_products(tx, import)? {
        addresses::store::add(tx, partner, &address)?;
    }
    endpoints::carry_out(tx, partner, import)?;
    for network in staging::networks(tx, import)? {
        crate::networks::store::upsert(tx, partner, &network)?;
    }
    for organization in staging::to_refresh(tx, import, partner)? {
        organizations::store::refresh(tx, organization)?;
    }
    store::finish(tx, import, letters == Invitation::Send)?;
    let files = store::files(tx, import)?;
    record(tx, by, import, &files)?;
    Ok(files)
}

fn move_people(tx: &Tx<'_>, by: &Manager, import: ImportId) -> Result<()> {
    let partner = by.scope().viewer();
    organizations::store::change_imported(tx, import)?;
    subscriptions::store::change_imported(tx, import)?;
    organizations::store::add_imported(tx, import, partner, &by.actor().name)?;
    subscriptions::store::begin_imported(tx, import, partner)?;
    accounts::imported_store::change_imported(tx, import)?;
    users::store::change_imported(tx, import)?;
    accounts::imported_store::add_imported(tx, import, partner)?;
    users::store::add_imported(tx, import, partner)?;
    organizations::store::list_imported(tx, import, partner)?;
    organizations::store::relist_imported(tx, import).map(drop)
}

fn move_services(tx: &Tx<'_>, by: &Manager, import: ImportId) -> Result<()> {
    let partner = by.scope().viewer();
    let mut touched = take_on_again(tx, by, import)?;
    for (reported, organization) in staging::accounts(tx, import)? {
        let (account, taken) = saas::store::upsert(tx, partner, &reported)?;
        if let (Taken::New, Some(organization)) = (taken, organization) {
            saas::store::link(tx, organization, account)?;
        }
        touched.push(account);
    }
    let known = |vendor_id: i64| saas::store::by_vendor_id(tx, partner, vendor_id)?.ok_or(Error::NotFound);
    for vendor_id in staging::seat_lists(tx, import)? {
        let account = known(vendor_id)?;
        let known = seats::actions::known_to_auto_add(tx, by, account)?;
        seats::store::replace(tx, partner, account, &staging::seats(tx, import, vendor_id)?)?;
        seats::actions::auto_add(tx, by, account, &known)?;
        touched.push(account);
    }
    for vendor_id in staging::reported(tx, import)? {
        let account = known(vendor_id)?;
        move_reports(tx, import, vendor_id, account)?;
        touched.push(account);
    }
    touched.sort_unstable();
    touched.dedup();
    touched.into_iter().try_for_each(|account| saas::store::refresh_summary(tx, account).map(drop))
}

/// SAS-7: accounts that were cancelled and of which a report shows backups made after that.
fn take_on_again(tx: &Tx<'_>, by: &Manager, import: ImportId) -> Result<Vec<SaasAccountId>> {
    let mut again = Vec::new();
    for vendor_id in staging::reported(tx, import)? {
        let newest = staging::days(tx, import, vendor_id)?.iter().map(|day| day.until).max();
        if let (Some(account), Some(newest)) = (saas::store::by_vendor_id(tx, by.scope().viewer(), vendor_id)?, newest)
            && saas::terms_actions::take_on_again(tx, by, account, newest)?
        {
            again.push(account);
        }
    }
    Ok(again)
}

/// The report with the newest data wins; another one only adds days that nothing is known of.
fn move_reports(tx: &Tx<'_>, import: ImportId, vendor_id: i64, account: SaasAccountId) -> Result<()> {
    let days = staging::days(tx, import, vendor_id)?;
    let newest = days.iter().map(|day| day.until).max();
    if backups::store::newest(tx, account)?.is_some_and(|here| newest.is_some_and(|newest| newest < here)) {
        return days.iter().try_for_each(|day| backups::store::add_day(tx, account, day).map(drop));
    }
    for application in staging::applications(tx, import, vendor_id)? {
        backups::store::keep_application(tx, account, &application)?;
    }
    days.iter().try_for_each(|day| backups::store::keep_day(tx, account, day).map(drop))
}

/// LOG-1: one event for the whole, with its counts; an import that changed nothing leaves none.
fn record(tx: &Tx<'_>, by: &Manager, import: ImportId, files: &[FileCounts]) -> Result<()> {
    let all = total(files);
    if all.new + all.changed == 0 {
        return Ok(());
    }
    let mut kinds: Vec<String> = Vec::new();
    for kind in Kind::ALL {
        let of_kind = files.iter().filter(|file| file.kind == Some(*kind)).fold(Counts::default(), |sum, file| sum.plus(file.counts));
        if of_kind.new + of_kind.changed > 0 {
            kinds.push(format!("{}: {} new, {} changed", kind.shown(), of_kind.new, of_kind.changed));
        }
    }
    let count = i64::try_from(files.iter().map(|file| &file.name).collect::<std::collections::BTreeSet<_>>().len()).unwrap_or_default();
    let sentence = format!("imported {} ({})", counted(count, "file", "files"), kinds.join("; "));
    let event = Event::new(EventKind::Imported, sentence).about("import", import.0, counted(count, "file", "files"));
    activity::store::record(tx, by.actor(), &event).map(drop)
}

/// The rows of all files together.
pub fn total(files: &[FileCounts]) -> Counts {
    files.iter().fold(Counts::default(), |sum, file| sum.plus(file.counts))
}

/// Gives up an import of this partner's own that was not carried out; `NotFound` for any other.
pub fn discard(tx: &Tx<'_>, by: &Manager, import: ImportId) -> Result<Import> {
    let found = store::find(tx, by.scope().viewer(), import)?;
    store::discard(tx, import)?;
    Ok(found)
}

/// Sweeps a batch of what imports staged and do not need any more: carried out, discarded, or left for a day. How many rows went.
pub fn sweep(tx: &Tx<'_>) -> Result<usize> {
    let before = tx.now() - KEPT_WAITING;
    if let Some((import, partner)) = store::indexed_in_vain(tx, before)? {
        let (organization, account) = store::indexed(tx, import)?;
        let organization = organizations::store::unindex(tx, import, partner, organization, INDEXED_AT_ONCE)?;
        let account = accounts::imported_store::unindex(tx, import, partner, account, INDEXED_AT_ONCE)?;
        store::set_indexed(tx, import, (organization, account))?;
        return Ok(1);
    }
    store::sweep(tx, before, SWEPT_AT_ONCE)
}

/// IMP-4: sends the letters that were asked for with an import, a batch at a time; their seven days start now. How many were handled.
pub fn send_letters(tx: &Tx<'_>, clock: &Clockwork) -> Result<usize> {
    let waiting = store::take_letters(tx, 100)?;
    for (partner, identity, account) in &waiting {
        let account = match accounts::store::own(tx, IdentityId(*identity), AccountId(*account)) {
            Ok(account) if account.state == crate::access::state_model::AccountState::NotInvited => account,
            // Invited, removed or changed by somebody meanwhile.
            Ok(_) | Err(Error::NotFound) => continue,
            Err(error) => return Err(error),
        };
        accounts::actions::invite(tx, &account)?;
        let sentence = format!("sent {} the letter asked for with their import", account.name());
        let mut event = Event::new(EventKind::UserInvited, sentence).about("user", account.id.0, account.name());
        event.organization = account.organization;
        activity::store::record(tx, &clock.actor(*partner), &event)?;
    }
    Ok(waiting.len())
}
