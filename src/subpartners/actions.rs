//! What is done with the partners beneath one's own: witness, rule, store, event, letter; in the caller's transaction.

use crate::access::model::Actor;
use crate::access::roles_model::Role;
use crate::access::witness_model::{Manager, SecurityAdmin};
use crate::accounts;
use crate::accounts::model::{Details, Invitation};
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::employees;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::PartnerId;
use crate::mail;
use crate::mail::model::Kept;
use crate::partners;
use crate::subpartners::model::{Primary, SubPartner, TransferRight, Wanted};
use crate::subpartners::store;

/// PAR-1: makes a partner beneath one's own, whose primary account gets a set-up letter (ACC-14). A name that another partner directly
/// beneath has is a refusal.
pub fn create(tx: &Tx<'_>, by: &Manager, wanted: &Wanted) -> Result<SubPartner> {
    let viewer = by.scope().viewer();
    refuse_taken(tx, viewer, wanted, None)?;
    let primary = wanted.primary.as_ref().ok_or_else(|| Error::internal("a sub-partner without a primary account"))?;
    let partner = partners::store::create(tx, Some(viewer), &wanted.name, &wanted.country)?;
    let event = Event::new(Kind::PartnerCreated, format!("created the sub-partner {}", wanted.name.as_str()));
    record(tx, by.actor(), (partner, wanted.name.as_str()), event)?;
    employees::actions::create(tx, by.actor(), partner, Role::PrimaryAccount, primary, Invitation::Send)?;
    store::find(tx, viewer, &partners::store::public_id(tx, partner)?)
}

fn refuse_taken(tx: &Tx<'_>, viewer: PartnerId, wanted: &Wanted, but: Option<PartnerId>) -> Result<()> {
    if store::is_taken(tx, viewer, wanted.name.as_str(), but)? {
        return Err(Error::field("name", format!("There is already a sub-partner named {}.", wanted.name.as_str())));
    }
    Ok(())
}

/// In the log of both: of who did it, and of the partner that it was done to.
fn record(tx: &Tx<'_>, by: &Actor, (partner, name): (PartnerId, &str), event: Event) -> Result<()> {
    activity::store::record(tx, by, &event.about("partner", partner.0, name)).map(drop)
}

/// A partner directly beneath; a refusal for one that is deeper, `NotFound` for any other.
fn find_own(tx: &Tx<'_>, viewer: PartnerId, public_id: &str) -> Result<SubPartner> {
    let found = store::find(tx, viewer, public_id)?;
    match found.refusal() {
        Some(sentence) => Err(Error::refused(sentence)),
        None => Ok(found),
    }
}

/// Changes name and country. `seen` is what `fingerprint` gave when the form was drawn. Whether anything was different.
pub fn edit(tx: &Tx<'_>, by: &Manager, public_id: &str, seen: &str, wanted: &Wanted) -> Result<bool> {
    let found = find_own(tx, by.scope().viewer(), public_id)?;
    if found.fingerprint() != seen {
        return Err(Error::Conflict(format!(
            "Somebody else changed {} meanwhile. Close this and open it again to see it as it is now.",
            found.name
        )));
    }
    refuse_taken(tx, by.scope().viewer(), wanted, Some(found.partner))?;
    let changes = wanted.changes(&found);
    if changes.is_empty() {
        return Ok(false);
    }
    partners::store::save(tx, found.partner, &wanted.name, &wanted.country)?;
    let event = Event::new(Kind::PartnerChanged, format!("changed the sub-partner {}", found.name)).with(changes);
    record(tx, by.actor(), (found.partner, wanted.name.as_str()), event)?;
    Ok(true)
}

/// ACC-14: the primary account that was never set up, directly beneath.
fn find_waiting(tx: &Tx<'_>, by: &SecurityAdmin, public_id: &str) -> Result<(SubPartner, Primary)> {
    let found = find_own(tx, by.scope().viewer(), public_id)?;
    match found.waiting().cloned() {
        Some(primary) => Ok((found, primary)),
        None => Err(Error::refused(format!("{} looks after its own accounts: its primary account is set up.", found.name))),
    }
}

/// ACC-14: mends the name and e-mail of a primary account that was never set up. With another e-mail it gets a new letter, and its older
/// link is void.
pub fn save_primary(tx: &Tx<'_>, by: &SecurityAdmin, public_id: &str, wanted: &Details) -> Result<()> {
    let (found, primary) = find_waiting(tx, by, public_id)?;
    let account = accounts::store::own(tx, primary.identity, primary.account)?;
    if wanted.changes(&account).is_empty() {
        return Ok(());
    }
    accounts::store::save_details(tx, &account, wanted)?;
    if account.email != wanted.email.as_str() {
        // Where its time was over, the letter comes with the new address all the same.
        if accounts::actions::change_email(tx, &account, &wanted.email)? == Invitation::Later {
            invite(tx, by, &found.public_id)?;
        }
        let change = Change::between("Email", account.email.as_str(), wanted.email.as_str());
        let event = Event::new(Kind::PartnerChanged, format!("changed the e-mail of the primary account of {}", found.name));
        record(tx, by.actor(), (found.partner, &found.name), event.with(change))?;
    }
    Ok(())
}

/// ACC-14: sends the set-up letter again, with seven new days; the older link is void. Who gets it.
pub fn invite(tx: &Tx<'_>, by: &SecurityAdmin, public_id: &str) -> Result<Primary> {
    let (found, primary) = find_waiting(tx, by, public_id)?;
    accounts::actions::invite(tx, &accounts::store::own(tx, primary.identity, primary.account)?)?;
    let event = Event::new(Kind::PartnerInvited, format!("sent {} the set-up letter of {} again", primary.email, found.name));
    record(tx, by.actor(), (found.partner, &found.name), event)?;
    Ok(primary)
}

/// ACC-14: opens the newest set-up letter; the event is in the same transaction (LOG-1), and in the logs of both (MAI-3).
pub fn open_letter(tx: &Tx<'_>, by: &SecurityAdmin, public_id: &str) -> Result<(SubPartner, Kept)> {
    let (found, primary) = find_waiting(tx, by, public_id)?;
    let kept = mail::store::newest_to(tx, tx.vault(), found.partner, primary.account)?;
    let sentence = format!("opened the letter \u{201c}{}\u{201d} to {}", kept.listed.subject, kept.listed.to_email);
    record(tx, by.actor(), (found.partner, &found.name), Event::new(Kind::LetterOpened, sentence))?;
    Ok((found, kept))
}

/// PAR-5: grants or revokes the right to transfer. The partner, and whether anything was different.
pub fn set_right(tx: &Tx<'_>, by: &Manager, public_id: &str, right: TransferRight) -> Result<(SubPartner, bool)> {
    let found = find_own(tx, by.scope().viewer(), public_id)?;
    if found.right == right {
        return Ok((found, false));
    }
    partners::store::set_may_transfer(tx, found.partner, right.is_granted())?;
    let event = Event::new(Kind::TransferRightChanged, format!("{} the right of {} to transfer", right.shown(), found.name));
    record(tx, by.actor(), (found.partner, &found.name), event)?;
    Ok((found, true))
}
