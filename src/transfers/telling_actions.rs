//! Who is written to about a transfer (PAR-4, PAR-6, NOT-1), in the caller's transaction.

use crate::access::model::{Actor, Scope};
use crate::kernel::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, IdentityId, OrganizationId, PartnerId};
use crate::mail::model::{Content, Letter, LetterKind};
use crate::notifications::model::Notice;
use crate::notifications::readers_store;
use crate::subscriptions::countdown_store;
use crate::subscriptions::model::State;
use crate::transfers::letters::{self, Moved, Told};
use crate::transfers::model::{Side, Transfer};
use crate::{accounts, employees, mail, notifications, partners, subscriptions, users};

/// PAR-4: submitting is the informing: a letter to a partner's primary account.
pub(super) fn tell(tx: &Tx<'_>, partner: PartnerId, transfer: &Transfer, write: fn(&Told<'_>) -> Content) -> Result<()> {
    let Some(primary) = employees::store::primary_account(tx, partner)? else { return Ok(()) };
    let Some(identity) = users::store::identity_of(tx, primary)? else { return Ok(()) };
    let account = accounts::store::own(tx, identity, primary)?;
    let signature = partners::store::signature(tx, partner)?;
    let name = account.name();
    let content = write(&Told { name: &name, partner: &signature.name, reader: partner, transfer });
    enqueue(tx, partner, (account.id, identity), (&name, &account.email), content)
}

fn enqueue(
    tx: &Tx<'_>,
    partner: PartnerId,
    (account, identity): (AccountId, IdentityId),
    (name, email): (&str, &str),
    content: Content,
) -> Result<()> {
    let letter = Letter {
        partner,
        organization: None,
        account: Some(account),
        identity: Some(identity),
        kind: LetterKind::Notice,
        to_name: name.to_owned(),
        to_email: email.to_owned(),
        content,
        link: None,
    };
    mail::store::enqueue(tx, &letter).map(drop)
}

/// Both sides but the one that did it, and the validator where it had still to decide, hear that it ended and why. `own` is told as well
/// where one of its organizations' people ended it.
pub(super) fn tell_ended(tx: &Tx<'_>, by: PartnerId, (before, after): (&Transfer, &Transfer), own: bool) -> Result<()> {
    let mut partners = vec![before.holder.partner];
    partners.extend(before.receiver.iter().map(|side| side.partner));
    partners.extend(before.validator.iter().filter(|_| before.validated_by.is_none()).map(|side| side.partner));
    partners.sort_unstable();
    partners.dedup();
    for partner in partners.into_iter().filter(|partner| own || *partner != by) {
        tell(tx, partner, after, letters::ended)?;
    }
    Ok(())
}

/// NOT-1: the admins of the partner that would lose it hear when it is asked for, but for whoever asked. Limited ones see no transfers (EMP-4).
pub(super) fn tell_holder(tx: &Tx<'_>, by: &Actor, transfer: &Transfer) -> Result<()> {
    let holder = transfer.holder.partner;
    if !notifications::store::is_wanted(tx, holder, Notice::TransferAsked)? {
        return Ok(());
    }
    let signature = partners::store::signature(tx, holder)?;
    for reader in readers_store::readers(tx, holder)?.iter().filter(|reader| reader.sees_all() && by.account != Some(reader.account)) {
        let content = letters::asked_of_yours(&Told { name: &reader.name, partner: &signature.name, reader: holder, transfer });
        enqueue(tx, holder, (reader.account, reader.identity), (&reader.name, &reader.email), content)?;
    }
    Ok(())
}

/// NOT-1, PAR-6: the users who kept what they sign in with hear from the new partner. Who begins anew is invited instead.
pub(super) fn tell_users(tx: &Tx<'_>, receiver: &Side, organization: OrganizationId, (name, from): (&str, &str)) -> Result<()> {
    if !notifications::store::is_wanted(tx, receiver.partner, Notice::Transferred)? {
        return Ok(());
    }
    let signature = partners::store::signature(tx, receiver.partner)?;
    let open = subscriptions::store::find(tx, &Scope::all(receiver.partner), organization)?.state == State::Active;
    for told in countdown_store::users(tx, organization)? {
        let content = letters::moved(Moved {
            name: &told.name,
            email: &told.email,
            partner: &signature.name,
            slug: &signature.slug,
            organization: name,
            from,
            open,
        });
        let letter = Letter {
            partner: receiver.partner,
            organization: Some(organization),
            account: Some(told.account),
            identity: Some(told.identity),
            kind: LetterKind::Notice,
            to_name: told.name.clone(),
            to_email: told.email.clone(),
            content,
            link: None,
        };
        mail::store::enqueue(tx, &letter)?;
    }
    Ok(())
}
