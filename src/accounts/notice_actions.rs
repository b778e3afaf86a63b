//! Letters about accounts that a partner may want or not (NOT-1); in the caller's transaction. They hold no secret.

use crate::accounts::letters::{self, Between};
use crate::accounts::model::Account;
use crate::accounts::store;
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::Result;
use crate::kernel::time::Zone;
use crate::mail;
use crate::mail::model::{Content, Letter, LetterKind};
use crate::notifications;
use crate::notifications::model::Notice;
use crate::partners;
use crate::users;

/// ACC-4: tells a user who was deactivated that they can sign in again; not while their organization is switched off.
pub fn tell_reactivated(tx: &Tx<'_>, account: &Account) -> Result<()> {
    if notifications::store::is_wanted(tx, account.partner, Notice::AccountReactivated)? && store::may_enter(tx, account.id)? {
        write(tx, account, letters::reactivated)?;
    }
    Ok(())
}

/// ACC-2: tells the Owners of a user's organization that the user has set a password, or accepted the account.
pub fn tell_set_up(tx: &Tx<'_>, user: &Account) -> Result<()> {
    let Some(organization) = user.organization else { return Ok(()) };
    if notifications::store::is_wanted(tx, user.partner, Notice::UserSetUp)? {
        for owner in users::store::owners(tx, organization)? {
            let owner = store::own(tx, owner.1, owner.0)?;
            if owner.state.is_active() && owner.id != user.id {
                write(tx, &owner, |between| letters::user_set_up(between, &user.name(), &user.email))?;
            }
        }
    }
    Ok(())
}

fn write(tx: &Tx<'_>, account: &Account, content: impl FnOnce(Between<'_>) -> Content) -> Result<()> {
    let partner = partners::store::signature(tx, account.partner)?;
    let organization = match account.organization {
        Some(organization) => Some(partners::store::organization_name(tx, organization)?),
        None => None,
    };
    let (name, now) = (account.name(), Zone::utc().exact(tx.now()));
    let between = Between {
        name: &name,
        partner: &partner.name,
        slug: &partner.slug,
        organization: organization.as_deref(),
        until: &now,
        sees_status: false,
    };
    let letter = Letter {
        partner: account.partner,
        organization: account.organization,
        account: Some(account.id),
        identity: Some(account.identity),
        kind: LetterKind::Notice,
        content: content(between),
        to_email: account.email.clone(),
        to_name: name,
        link: None,
    };
    mail::store::enqueue(tx, &letter).map(drop)
}
