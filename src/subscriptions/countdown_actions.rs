//! Telling how long an unsubscribed organization can still come back (SUB-11), and that one is back (SUB-4).

use crate::access::witness_model::Clockwork;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::text::counted;
use crate::kernel::time::{Timestamp, Zone};
use crate::mail;
use crate::mail::model::{Content, Letter, LetterKind};
use crate::notifications;
use crate::notifications::model::Notice;
use crate::partners;
use crate::subscriptions::countdown_letters::{self as letters, Back, Countdown, Receiver};
use crate::subscriptions::countdown_store::{self as receivers, Told};
use crate::subscriptions::life_model::{LETTERS_AT, letter_due};
use crate::subscriptions::life_store::{self as store, Living};

/// SUB-11: writes the letters about one organization that are due: the most urgent ones only, however many were missed. Whether there
/// was one.
pub fn remind(tx: &Tx<'_>, clock: &Clockwork) -> Result<bool> {
    let Some(found) = store::to_remind(tx)? else { return Ok(false) };
    store::set_reminded(tx, &found.subscription)?;
    let end = found.subscription.ends().ok_or_else(|| Error::internal("only of an unsubscribed organization a letter is due"))?;
    // What is over is told by the receipt: there is nobody left to write to.
    let Some(days) = letter_due(found.subscription.since, tx.now()) else { return Ok(true) };
    let told = tell(tx, &found, end, notice(days))?;
    let organization = found.subscription.organization;
    let sentence = format!(
        "told {} that {} can come back for {}, until {}",
        counted(told, "person", "people"),
        found.name,
        (end - tx.now()).left(),
        Zone::utc().exact(end)
    );
    let event =
        Event::new(Kind::SubscriptionReminded, sentence).about("organization", organization.0, found.name.as_str()).at(organization);
    activity::store::record(tx, &clock.actor(found.partner), &event)?;
    Ok(true)
}

/// NOT-1: the letter with so many days left, as Notification Settings name it.
const fn notice(days: i64) -> Notice {
    if days == LETTERS_AT[0] { Notice::Unsubscribed } else { Notice::GraceEnding }
}

/// Writes to everybody concerned; how many they are. The organization's users are left out where the partner does not want this letter.
fn tell(tx: &Tx<'_>, found: &Living, end: Timestamp, notice: Notice) -> Result<i64> {
    let organization = found.subscription.organization;
    let wanted = notifications::store::is_wanted(tx, found.partner, notice)?;
    let users = if wanted { receivers::users(tx, organization)? } else { Vec::new() };
    let admins = receivers::admins(tx, found.partner, organization)?;
    let count = users.len() + admins.len();
    let users = users.into_iter().map(|told| (told, Receiver::User));
    for (told, receiver) in users.chain(admins.into_iter().map(|told| (told, Receiver::Admin))) {
        write(tx, found, end, &told, receiver)?;
    }
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

fn write(tx: &Tx<'_>, found: &Living, end: Timestamp, told: &Told, receiver: Receiver) -> Result<()> {
    let partner = partners::store::signature(tx, found.partner)?;
    let utc = Zone::utc();
    let content = letters::countdown(Countdown {
        name: &told.name,
        receiver,
        partner: &partner.name,
        organization: found.subscription.organization,
        organization_name: &found.name,
        since: &utc.exact(found.subscription.since),
        end: &utc.exact(end),
        left: &(end - tx.now()).left(),
    });
    enqueue(tx, found, told, content)
}

fn enqueue(tx: &Tx<'_>, found: &Living, told: &Told, content: Content) -> Result<()> {
    let letter = Letter {
        partner: found.partner,
        organization: Some(found.subscription.organization),
        account: Some(told.account),
        identity: Some(told.identity),
        kind: LetterKind::Notice,
        to_name: told.name.clone(),
        to_email: told.email.clone(),
        content,
        link: None,
    };
    mail::store::enqueue(tx, &letter).map(drop)
}

/// NOT-1: tells the users of an organization that was just reactivated, and the partner's admins who see it. `found` is how it was before.
pub(super) fn tell_of_return(tx: &Tx<'_>, found: &Living) -> Result<()> {
    if !notifications::store::is_wanted(tx, found.partner, Notice::Reactivated)? {
        return Ok(());
    }
    let organization = found.subscription.organization;
    let partner = partners::store::signature(tx, found.partner)?;
    let users = receivers::users(tx, organization)?.into_iter().map(|told| (told, Receiver::User));
    let admins = receivers::admins(tx, found.partner, organization)?.into_iter().map(|told| (told, Receiver::Admin));
    for (told, receiver) in users.chain(admins) {
        let content = letters::back(Back {
            name: &told.name,
            receiver,
            partner: &partner.name,
            slug: &partner.slug,
            organization,
            organization_name: &found.name,
            was: found.subscription.state.word(),
            at: &Zone::utc().exact(tx.now()),
        });
        enqueue(tx, found, &told, content)?;
    }
    Ok(())
}
