//! The use cases every account shares. The slices `users` and `employees` check who may act and record their own events around them.

use crate::access::model::{Actor, Clockwork, RESET_WITHIN, SET_UP_WITHIN, StoredState};
use crate::access::store as sessions;
use crate::accounts::letters::{self, Between};
use crate::accounts::model::{Account, Details, Invitation, Purpose, Reactivated};
use crate::accounts::store;
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, OrganizationId, PartnerId};
use crate::kernel::text::Email;
use crate::kernel::time::{Span, Zone};
use crate::mail;
use crate::mail::model::{Letter, LetterKind};
use crate::partners;

/// Makes an account for the identity of this e-mail at the partner, and invites it if asked to (ACC-2, ACC-6, ACC-11).
pub fn create(
    tx: &Tx<'_>,
    partner: PartnerId,
    organization: Option<OrganizationId>,
    details: &Details,
    invitation: Invitation,
) -> Result<AccountId> {
    let identity = store::identity_for(tx, partner, &details.email)?;
    let id = store::create(tx, partner, identity, organization, details)?;
    if invitation == Invitation::Send {
        invite(tx, &store::own(tx, identity, id)?)?;
    }
    Ok(id)
}

/// Sends the letter that lets an account set itself up, or accept itself if its identity has a password (ACC-2, ACC-15). Its seven
/// days begin now; an older letter's link is void.
pub fn invite(tx: &Tx<'_>, account: &Account) -> Result<()> {
    let until = tx.now() + SET_UP_WITHIN;
    store::save_state(tx, account.id, StoredState::Invited, Some(until))?;
    let link = if account.has_password { None } else { Some(store::make_link(tx, Purpose::SetUp, account, SET_UP_WITHIN)?) };
    let kind = match (account.has_password, account.organization) {
        (true, _) => LetterKind::FurtherAccount,
        (false, Some(_)) => LetterKind::Welcome,
        (false, None) => LetterKind::Invitation,
    };
    send(tx, account, kind, link, SET_UP_WITHIN)
}

fn send(tx: &Tx<'_>, account: &Account, kind: LetterKind, link: Option<(crate::kernel::ids::LinkId, String)>, life: Span) -> Result<()> {
    let partner = partners::store::signature(tx, account.partner)?;
    let organization = match account.organization {
        Some(organization) => Some(partners::store::organization_name(tx, organization)?),
        None => None,
    };
    let (name, until) = (account.name(), Zone::utc().exact(tx.now() + life));
    let between =
        Between { name: &name, partner: &partner.name, slug: &partner.slug, organization: organization.as_deref(), until: &until };
    let content = match kind {
        LetterKind::Reset => letters::reset(between),
        LetterKind::FurtherAccount => letters::further_account(between),
        LetterKind::Welcome | LetterKind::Invitation | LetterKind::Notice => letters::set_up(between),
    };
    let letter = Letter {
        partner: account.partner,
        organization: account.organization,
        account: Some(account.id),
        identity: Some(account.identity),
        kind,
        to_name: name,
        to_email: account.email.clone(),
        content,
        link,
    };
    mail::store::enqueue(tx, &letter).map(drop)
}

/// ACC-5: from this commit on the account cannot be signed in to; its sessions end, its link is void, its details stay.
pub fn deactivate(tx: &Tx<'_>, account: &Account) -> Result<()> {
    if !account.state.may_be_deactivated() {
        return Err(Error::refused(format!("{} is deactivated already.", account.name())));
    }
    store::save_state(tx, account.id, StoredState::Deactivated, None)?;
    store::void_links_of_account(tx, account.id)?;
    sessions::end_sessions_of_account(tx, account.id).map(drop)
}

/// ACC-4: one that was active is active again; one never set up gets a new letter and seven new days.
pub fn reactivate(tx: &Tx<'_>, account: &Account) -> Result<Reactivated> {
    if !account.state.may_be_reactivated() {
        return Err(Error::refused(format!("{} is not deactivated.", account.name())));
    }
    if account.set_up && account.has_password {
        store::save_state(tx, account.id, StoredState::Active, None)?;
        return Ok(Reactivated::Active);
    }
    invite(tx, account)?;
    Ok(Reactivated::Invited)
}

/// ACC-6: the account is gone, its sessions and letters with it; its e-mail rests for 24 hours at this partner. The caller has
/// removed the row of its own slice first.
pub fn remove(tx: &Tx<'_>, account: &Account) -> Result<()> {
    sessions::end_sessions_of_account(tx, account.id)?;
    if store::of_identity(tx, account.identity)?.len() == 1 {
        sessions::end_other_sessions(tx, account.identity, None)?;
    }
    mail::store::remove_of_account(tx, account.id)?;
    store::remove(tx, account)
}

/// Changes an account's e-mail: it moves to the identity of the new e-mail, made if there is none. An account that was active keeps
/// its password when the identity is its alone and the new e-mail is free, else it accepts or sets itself up anew.
pub fn change_email(tx: &Tx<'_>, account: &Account, email: &Email) -> Result<()> {
    let alone = store::of_identity(tx, account.identity)?.len() == 1;
    if alone && store::rename_identity(tx, account, email)? {
        store::void_links_of_account(tx, account.id)?;
        return reinvite_if_waiting(tx, account);
    }
    let identity = store::identity_for(tx, account.partner, email)?;
    sessions::end_sessions_of_account(tx, account.id)?;
    if alone {
        sessions::end_other_sessions(tx, account.identity, None)?;
    }
    mail::store::remove_of_account(tx, account.id)?;
    store::move_to_identity(tx, account, identity)?;
    invite(tx, &store::own(tx, identity, account.id)?)
}

fn reinvite_if_waiting(tx: &Tx<'_>, account: &Account) -> Result<()> {
    match account.state {
        crate::access::model::AccountState::Invited { .. } => invite(tx, &store::own(tx, account.identity, account.id)?),
        _ => Ok(()),
    }
}

/// Sets a password through a mailed link; a set-up link also makes its account active (ACC-2, ACC-9). All sessions of the identity end.
/// The account that was set up, if one was.
pub fn set_password_by_link(tx: &Tx<'_>, token: &str, password_hash: &str, address: &str) -> Result<Option<Account>> {
    let link = store::link(tx, token)?;
    store::spend_link(tx, link.id)?;
    store::set_password(tx, link.identity, password_hash)?;
    sessions::end_other_sessions(tx, link.identity, None)?;
    let account = match link.account {
        Some(account) => {
            store::save_state(tx, account, StoredState::Active, None)?;
            Some(store::own(tx, link.identity, account)?)
        }
        None => None,
    };
    let actor = Actor {
        partner: link.partner,
        account: account.as_ref().map(|account| account.id),
        name: link.email.clone(),
        roles: "By a mailed link".to_owned(),
        address: address.to_owned(),
    };
    let mut event = match &account {
        Some(account) => Event::new(Kind::AccountSetUp, "set up the account").about("account", account.id.0, account.name()),
        None => Event::new(Kind::PasswordSet, "set a new password").about("identity", link.identity.0, link.email),
    };
    event.organization = account.as_ref().and_then(|account| account.organization);
    activity::store::record(tx, &actor, &event)?;
    Ok(account)
}

/// ACC-9: writes the letters of the oldest reset request, one an identity; `false` when there was none.
pub fn answer_reset_request(tx: &Tx<'_>, clock: &Clockwork) -> Result<bool> {
    let Some((_, accounts)) = store::take_reset_request(tx)? else { return Ok(false) };
    for account in accounts {
        let link = store::make_link(tx, Purpose::Reset, &account, RESET_WITHIN)?;
        send(tx, &account, LetterKind::Reset, Some(link), RESET_WITHIN)?;
        let event = Event::new(Kind::PasswordResetAsked, format!("wrote a reset letter to {}", account.email)).about(
            "identity",
            account.identity.0,
            account.email.clone(),
        );
        activity::store::record(tx, &clock.actor(account.partner), &event)?;
    }
    Ok(true)
}

/// ACC-3: writes down what the clock has already decided; how many.
pub fn lapse_due(tx: &Tx<'_>, clock: &Clockwork) -> Result<usize> {
    let lapsed = store::lapse_due(tx, 200)?;
    for account in &lapsed {
        let mut event = Event::new(Kind::AccountLapsed, format!("deactivated {}: not set up within seven days", account.name())).about(
            "account",
            account.id.0,
            account.name(),
        );
        event.organization = account.organization;
        activity::store::record(tx, &clock.actor(account.partner), &event)?;
    }
    Ok(lapsed.len())
}
