//! SUP-1: authorizing a user for support, confirming their PIN, taking it back; the user's own PIN. In the caller's transaction.

use crate::access::store::{self as access, Failures, Throttled};
use crate::access::throttle_model::{FAILURES_FORGOTTEN, pause_after};
use crate::access::witness_model::{Manager, SignedIn};
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, OrganizationId};
use crate::kernel::secret::same;
use crate::kernel::time::{Span, Timestamp};
use crate::users::actions::{find_for, hand, record};
use crate::users::model::{Step, User};
use crate::users::support_model::{Support, new_pin, pin_hash, typed_pin};
use crate::users::{store, support_store};

/// SUP-1: authorizes a user; not in force before their PIN is confirmed. The user as they were.
pub fn authorize(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, account: AccountId) -> Result<User> {
    let user = find_for(tx, by, organization, account, Step::AuthorizeForSupport)?;
    support_store::give(tx, &user, by.actor().name_alone())?;
    record(tx, by, &user, Event::new(Kind::SupportAuthorized, format!("authorized {} for support", user.name())))?;
    Ok(user)
}

/// SUP-1, SEC-1: looks whether this is the PIN of a user whose authorization waits for it; nothing when it is. A wrong one is counted and
/// recorded, and after a few the next has to wait: the sentence says so, and the caller commits it.
pub fn try_pin(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, account: AccountId, typed: &str) -> Result<Option<String>> {
    let user = store::find(tx, by.scope(), organization, account)?;
    // A form sent again is answered as the first time, and what may not be done is refused by `confirm`: neither is a try.
    if !user.may(hand(tx, by)?, Step::ConfirmPin) {
        return Ok(None);
    }
    let subject = failures_of(tx, account);
    let known = access::failures(tx, Throttled::Email, &subject)?;
    if tx.now() < known.blocked_until {
        return Ok(Some(too_often(known.blocked_until - tx.now())));
    }
    let (pin, hash) = match (typed_pin(typed), support_store::pin(tx, account)?) {
        (Err(sentence), _) => return Ok(Some(sentence)),
        (Ok(_), None) => return Ok(Some(no_pin(&user))),
        (Ok(pin), Some((hash, _))) => (pin, hash),
    };
    if same(&pin_hash(tx.vault(), account, &pin), &hash) {
        return Ok(None);
    }
    let old = tx.now() - known.window_from.max(known.blocked_until) >= FAILURES_FORGOTTEN;
    let count = if old { 1 } else { known.count + 1 };
    let pause = pause_after(count);
    let failures = Failures { count, window_from: tx.now(), blocked_until: tx.now() + pause };
    access::keep_failures(tx, Throttled::Email, &subject, failures)?;
    let sentence = format!("entered a wrong support PIN for {}", user.name());
    record(tx, by, &user, Event::new(Kind::SupportPinRefused, sentence))?;
    let wrong = format!("This is not the support PIN of {}.", user.name());
    Ok(Some(if pause > Span(0) { format!("{wrong} {}", too_often(pause)) } else { wrong }))
}

fn failures_of(tx: &Tx<'_>, account: AccountId) -> Vec<u8> {
    tx.vault().keyed_hash("failures of a support PIN", &[&account.0.to_le_bytes()])
}

fn too_often(left: Span) -> String {
    format!("Too many wrong PINs: the next can be tried in {}.", Span::seconds((left.0 + 999) / 1_000).words())
}

fn no_pin(user: &User) -> String {
    format!("{} has no support PIN that could be confirmed. They make one under Account Settings → Security.", user.name())
}

/// SUP-1: the PIN is the user's, so the authorization is in force from now on, and the PIN is spent. `try_pin` has counted wrong ones before.
pub fn confirm(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, account: AccountId, typed: &str) -> Result<User> {
    let user = find_for(tx, by, organization, account, Step::ConfirmPin)?;
    let pin = typed_pin(typed).map_err(|sentence| Error::field("pin", sentence))?;
    let (hash, _) = support_store::pin(tx, account)?.ok_or_else(|| Error::field("pin", no_pin(&user)))?;
    if !same(&pin_hash(tx.vault(), account, &pin), &hash) {
        return Err(Error::field("pin", format!("This is not the support PIN of {}.", user.name())));
    }
    support_store::confirm(tx, account, by.actor().name_alone())?;
    access::forget_failures(tx, Throttled::Email, &failures_of(tx, account))?;
    record(tx, by, &user, Event::new(Kind::SupportConfirmed, format!("confirmed the support PIN of {}", user.name())))?;
    Ok(user)
}

/// SUP-1: takes an authorization back, confirmed or not.
pub fn withdraw(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, account: AccountId) -> Result<User> {
    let user = find_for(tx, by, organization, account, Step::WithdrawSupport)?;
    support_store::withdraw(tx, account)?;
    let event = Event::new(Kind::SupportWithdrawn, format!("withdrew the support authorization of {}", user.name()));
    record(tx, by, &user, event.with(ended(&user)))?;
    Ok(user)
}

/// What the log says of an authorization that ends with something else; nothing where there is none.
pub fn ended(user: &User) -> Option<Change> {
    Change::between("Support authorization", user.support.shown(), Support::Not.shown())
}

/// SUP-1: how one stands oneself, and when one's PIN was made.
pub fn own(db: &impl Read, by: &SignedIn) -> Result<Option<(Support, Option<Timestamp>)>> {
    let person = by.person();
    if !person.has_full_access() {
        return Ok(None);
    }
    let made = support_store::pin(db, person.account)?.map(|(_, made)| made);
    Ok(Some((support_store::of_account(db, person.account)?, made)))
}

/// SUP-1: makes a user's own PIN, to be shown once; an older one works no more. `NotFound` for who has no Full access.
pub fn make_pin(tx: &Tx<'_>, by: &SignedIn) -> Result<String> {
    let person = by.person();
    if !person.has_full_access() {
        return Err(Error::NotFound);
    }
    let pin = new_pin(tx.tokens())?;
    support_store::keep_pin(tx, person.account, person.partner, &pin_hash(tx.vault(), person.account, &pin))?;
    let mut event =
        Event::new(Kind::SupportPinMade, "made a support PIN of their own").about("user", person.account.0, person.name.clone());
    event.organization = by.scope().only();
    activity::store::record(tx, &person.actor(), &event)?;
    Ok(pin)
}
