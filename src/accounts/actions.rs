//! The use cases every account shares. The slices `users` and `employees` check who may act and record their own events around them.

use crate::access::model::Actor;
use crate::access::roles_model::{OrganizationAccess, Role};
use crate::access::stage_model::{Demand, PASSCODE_WITHIN, Proof};
use crate::access::state_model::{AccountState, RESET_WITHIN, SET_UP_WITHIN, StoredState};
use crate::access::store as sessions;
use crate::access::store::Throttled;
use crate::access::throttle_model::{FAILURES_PER_ADDRESS, pause_after};
use crate::access::witness_model::{Clockwork, Operator};
use crate::accounts::letters::{self, Between};
use crate::accounts::model::{Account, Details, Invitation, Purpose, Reactivated};
use crate::accounts::{browsers_store, identities_store, links_store, notice_actions, store};
use crate::activity;
use crate::activity::model::{Event, Kind};
use crate::employees;
use crate::factors;
use crate::kernel::db::{Read as _, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, IdentityId, LinkId, OrganizationId, PartnerId};
use crate::kernel::text::{self, Email};
use crate::kernel::time::{Span, Zone};
use crate::mail;
use crate::mail::model::{Letter, LetterKind};
use crate::partners;
use crate::users;

/// Makes an account for the identity of this e-mail at the partner, and invites it if asked to (ACC-2, ACC-6, ACC-11).
pub fn create(
    tx: &Tx<'_>,
    partner: PartnerId,
    organization: Option<OrganizationId>,
    details: &Details,
    invitation: Invitation,
) -> Result<AccountId> {
    let identity = identities_store::identity_for(tx, partner, &details.email)?;
    let id = store::create(tx, partner, identity, organization, details)?;
    if invitation == Invitation::Send {
        invite(tx, &store::own(tx, identity, id)?)?;
    }
    Ok(id)
}

/// Sends the letter that lets an account set itself up, or accept itself if its identity has a password (ACC-2, ACC-15). Its seven
/// days begin now; an older letter's link is void. An employee's letter voids every other link of the identity too: letters from when it
/// had no role could be read by more people than may act on it now (MAI-3). So does any, where access groups limit somebody who could have
/// read about one organization and not of the other (EMP-4).
pub fn invite(tx: &Tx<'_>, account: &Account) -> Result<()> {
    let until = tx.now() + SET_UP_WITHIN;
    if account.organization.is_none() || (!account.has_password && store::any_limited(tx, account.partner)?) {
        links_store::void_of_identity(tx, account.identity)?;
    }
    store::save_state(tx, account.id, StoredState::Invited, Some(until))?;
    let link = if account.has_password { None } else { Some(links_store::make(tx, Purpose::SetUp, account, SET_UP_WITHIN)?) };
    let kind = match (account.has_password, account.organization) {
        (true, _) => LetterKind::FurtherAccount,
        (false, Some(_)) => LetterKind::Welcome,
        (false, None) => LetterKind::Invitation,
    };
    send(tx, account, kind, link, SET_UP_WITHIN)
}

fn send(tx: &Tx<'_>, account: &Account, kind: LetterKind, link: Option<(LinkId, String)>, life: Span) -> Result<()> {
    let partner = partners::store::signature(tx, account.partner)?;
    let organization = match account.organization {
        Some(organization) => Some(partners::store::organization_name(tx, organization)?),
        None => None,
    };
    let sees_status = users::store::access(tx, account.id)?.is_some_and(|(access, _)| access == OrganizationAccess::Full);
    let (name, until) = (account.name(), Zone::utc().exact(tx.now() + life));
    let between = Between {
        name: &name,
        partner: &partner.name,
        slug: &partner.slug,
        organization: organization.as_deref(),
        until: &until,
        sees_status,
    };
    let content = match kind {
        LetterKind::Reset => letters::reset(between),
        LetterKind::FurtherAccount => letters::further_account(between),
        LetterKind::Passcode => letters::passcode(between),
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

/// ACC-8: mails a one-time passcode, whose hash takes the password's place; a new password and a new second factor are owed from now on.
/// Every session of the identity ends. The caller has removed the old second factor.
pub fn send_passcode(tx: &Tx<'_>, account: &Account, passcode: &str, hash: &str) -> Result<()> {
    identities_store::set_passcode(tx, account.identity, hash, tx.now() + PASSCODE_WITHIN)?;
    let link = links_store::keep_passcode(tx, account, PASSCODE_WITHIN)?;
    send(tx, account, LetterKind::Passcode, Some((link, passcode.to_owned())), PASSCODE_WITHIN)?;
    sessions::end_other_sessions(tx, account.identity, None).map(drop)
}

/// ACC-5: from this commit on the account cannot be signed in to; its sessions end, its link is void, its details stay.
pub fn deactivate(tx: &Tx<'_>, account: &Account) -> Result<()> {
    spare_the_primary_account(tx, account)?;
    if !account.state.may_be_deactivated() {
        return Err(Error::refused(format!("{} is deactivated already.", account.name())));
    }
    store::save_state(tx, account.id, StoredState::Deactivated, None)?;
    links_store::void_of_account(tx, account.id)?;
    sessions::end_sessions_of_account(tx, account.id).map(drop)
}

/// ACC-14: the last way in is never lost.
fn spare_the_primary_account(tx: &Tx<'_>, account: &Account) -> Result<()> {
    if employees::store::role(tx, account.id)? == Some(Role::PrimaryAccount) {
        return Err(Error::refused(format!("{} is the primary account, which cannot be deactivated or removed.", account.name())));
    }
    Ok(())
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
    spare_the_primary_account(tx, account)?;
    sessions::end_sessions_of_account(tx, account.id)?;
    if store::of_identity(tx, account.identity)?.len() == 1 {
        end_identity(tx, account.identity)?;
    }
    mail::store::remove_of_account(tx, account.id)?;
    store::remove(tx, account)
}

/// What hangs on an identity that goes with its last account.
fn end_identity(tx: &Tx<'_>, identity: IdentityId) -> Result<()> {
    sessions::end_other_sessions(tx, identity, None)?;
    factors::store::remove(tx, identity).map(drop)
}

/// ACC-6, ORG-8: every account of an organization goes as `remove` says, in one sweep; how many.
pub fn remove_all_of(tx: &Tx<'_>, organization: OrganizationId) -> Result<usize> {
    sessions::end_sessions_of_organization(tx, organization)?;
    mail::store::remove_of_organization(tx, organization)?;
    users::store::remove_all(tx, organization)?;
    factors::store::remove_all_of(tx, organization)?;
    store::remove_all_of(tx, organization)
}

/// Changes an account's e-mail; whether a letter went out. When the identity is this account's alone and the new e-mail is free, the
/// identity takes the new e-mail and keeps its password. Else the account moves to the identity of the new e-mail, made if there is
/// none, and has to be set up or accepted there. One that waits for its first letter, or is switched off, gets none.
pub fn change_email(tx: &Tx<'_>, account: &Account, email: &Email) -> Result<Invitation> {
    let alone = store::of_identity(tx, account.identity)?.len() == 1;
    // Written with other capitals it is the same e-mail, and the same identity, however many accounts that has.
    let same = email.key() == text::key(&account.email);
    if (alone || same) && identities_store::rename_identity(tx, account, email)? {
        return match account.state {
            AccountState::Invited { .. } => reinvite(tx, account.identity, account),
            AccountState::NotInvited | AccountState::Active { .. } | AccountState::Lapsed { .. } | AccountState::Deactivated { .. } => {
                Ok(Invitation::Later)
            }
        };
    }
    let identity = identities_store::identity_for(tx, account.partner, email)?;
    sessions::end_sessions_of_account(tx, account.id)?;
    if alone {
        end_identity(tx, account.identity)?;
    }
    mail::store::remove_of_account(tx, account.id)?;
    store::move_to_identity(tx, account, identity, email)?;
    match account.state {
        AccountState::Invited { .. } | AccountState::Active { .. } => reinvite(tx, identity, account),
        AccountState::NotInvited | AccountState::Lapsed { .. } | AccountState::Deactivated { .. } => Ok(Invitation::Later),
    }
}

fn reinvite(tx: &Tx<'_>, identity: IdentityId, account: &Account) -> Result<Invitation> {
    invite(tx, &store::own(tx, identity, account.id)?)?;
    Ok(Invitation::Send)
}

/// ACC-15: an identity that gave its password accepts a further account, within its seven days, which go on for its second factor (ACC-2).
pub fn accept(tx: &Tx<'_>, identity: IdentityId, account: AccountId, actor: &Actor, demand: Demand) -> Result<Account> {
    let before = store::own(tx, identity, account)?;
    if !before.has_password || !matches!(before.state, AccountState::Invited { .. }) {
        return Err(Error::refused("This account can no longer be accepted. Ask whoever invited you for a new letter."));
    }
    store::activate(tx, account, demand)?;
    links_store::void_of_account(tx, account)?;
    notice_actions::tell_set_up(tx, &before)?;
    let mut event = Event::new(Kind::AccountAccepted, "accepted the account").about("account", account.0, before.name());
    event.organization = before.organization;
    activity::store::record(tx, actor, &event)?;
    store::own(tx, identity, account)
}

/// Sets a password through a mailed link; a set-up link also makes its account active (ACC-2, ACC-9). All sessions of the identity end.
/// The account that was set up, if one was.
fn set_password_by_link(tx: &Tx<'_>, arrival: &Arrival<'_>) -> Result<Option<Account>> {
    let link = links_store::find(tx, arrival.token)?;
    links_store::spend(tx, link.id)?;
    identities_store::set_password(tx, link.identity, arrival.password_hash)?;
    sessions::end_other_sessions(tx, link.identity, None)?;
    let account = match link.account {
        Some(account) => {
            store::activate(tx, account, arrival.demand)?;
            let account = store::own(tx, link.identity, account)?;
            notice_actions::tell_set_up(tx, &account)?;
            Some(account)
        }
        None => None,
    };
    let actor = Actor {
        partner: link.partner,
        account: account.as_ref().map(|account| account.id),
        name: link.email.clone(),
        roles: "By a mailed link".to_owned(),
        address: arrival.address.to_owned(),
    };
    let mut event = match &account {
        Some(account) => Event::new(Kind::AccountSetUp, "set up the account").about("account", account.id.0, account.name()),
        None => Event::new(Kind::PasswordSet, "set a new password").about("identity", link.identity.0, link.email),
    };
    event.organization = account.as_ref().and_then(|account| account.organization);
    activity::store::record(tx, &actor, &event)?;
    Ok(account)
}

/// Somebody who came by a mailed link and chose a password.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The link's token.
    pub token: &'a str,
    /// The chosen password's hash.
    pub password_hash: &'a str,
    /// The hash of the token of the session that may begin.
    pub session: &'a [u8],
    /// The other end.
    pub address: &'a str,
    /// The browser in a few words.
    pub browser: &'a str,
    /// The hash of the token by which the browser is known (SEC-1).
    pub browser_token: &'a [u8],
    /// How strictly second factors are asked for.
    pub demand: Demand,
}

/// Where a mailed link led.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The account that was set up, if one was.
    pub account: Option<Account>,
    /// Whether a session began at it.
    pub inside: bool,
    /// The partner's own sign-in address has this slug.
    pub slug: String,
}

/// Uses a mailed link. A set-up leads straight into the account with a session of its own, unless its organization is switched off at
/// the moment (SUB-2, SUB-3); a reset leads to the sign-in page. `NotFound` for a link that does not work.
pub fn arrive(tx: &Tx<'_>, arrival: &Arrival<'_>) -> Result<Arrived> {
    let link = links_store::find(tx, arrival.token)?;
    let slug = partners::store::signature(tx, link.partner)?.slug;
    let account = set_password_by_link(tx, arrival)?;
    let inside = match &account {
        Some(account) => store::may_enter(tx, account.id)?,
        None => false,
    };
    // Whoever comes by a mailed link reads the mailbox that a letter about a new browser would go to.
    browsers_store::greet(tx, link.partner, link.identity, arrival.browser_token)?;
    if let (Some(account), true) = (&account, inside) {
        let session = sessions::NewSession {
            token_hash: arrival.session,
            partner: account.partner,
            identity: account.identity,
            account: Some(account.id),
            address: arrival.address,
            browser: arrival.browser,
            proof: Proof::Password,
        };
        sessions::begin_session(tx, &session)?;
        identities_store::note_sign_in(tx, account.identity, Some(account.id))?;
        record_sign_in(tx, account, arrival.address)?;
    }
    Ok(Arrived { account, inside, slug })
}

/// LOG-1: going in by a set-up link is a sign-in as well.
fn record_sign_in(tx: &Tx<'_>, account: &Account, address: &str) -> Result<()> {
    let roles = employees::store::role(tx, account.id)?.map_or("Organization user", Role::shown);
    let actor = Actor {
        partner: account.partner,
        account: Some(account.id),
        name: format!("{} ({})", account.name(), account.email),
        roles: roles.to_owned(),
        address: address.to_owned(),
    };
    let mut event = Event::new(Kind::SignedIn, "signed in");
    event.organization = account.organization;
    activity::store::record(tx, &actor, &event).map(drop)
}

/// ACC-9: keeps that somebody asked to reset the password of this e-mail, known or not: the same row either way. Who asks too often, for
/// one e-mail or from one address, waits (SEC-1).
pub fn ask_reset(tx: &Tx<'_>, email: &Email, slug: Option<&str>, address: &str) -> Result<()> {
    let key = email.key();
    let subjects = [
        (Throttled::Email, tx.vault().keyed_hash("reset of an e-mail", &[key.as_bytes()])),
        (Throttled::Address, tx.vault().keyed_hash("reset from an address", &[address.as_bytes()])),
    ];
    for (kind, subject) in subjects {
        let mut failures = sessions::failures(tx, kind, &subject)?;
        if tx.now() < failures.blocked_until {
            return Err(asked_too_often(failures.blocked_until - tx.now()));
        }
        match kind {
            Throttled::Email => {
                failures.count += 1;
                failures.blocked_until = tx.now() + pause_after(failures.count);
            }
            Throttled::Address => {
                if tx.now() - failures.window_from >= Span::minutes(1) {
                    failures = sessions::Failures { count: 0, window_from: tx.now(), blocked_until: tx.now() };
                }
                failures.count += 1;
                if failures.count >= FAILURES_PER_ADDRESS {
                    failures.blocked_until = failures.window_from + Span::minutes(1);
                }
            }
        }
        sessions::keep_failures(tx, kind, &subject, failures)?;
    }
    links_store::ask_reset(tx, &key, slug, address)
}

fn asked_too_often(left: Span) -> Error {
    let seconds = left.0.max(0).div_euclid(1_000) + 1;
    Error::Unavailable {
        sentence: format!("This was asked too often. Try again in {}.", Span::seconds(seconds).words()),
        retry_after: u32::try_from(seconds).unwrap_or(60),
    }
}

/// ACC-9: writes the letters of the oldest reset request, one an identity; `false` when there was none.
pub fn answer_reset_request(tx: &Tx<'_>, clock: &Clockwork) -> Result<bool> {
    let Some((_, accounts)) = links_store::take_reset_request(tx)? else { return Ok(false) };
    for account in accounts {
        let link = links_store::make(tx, Purpose::Reset, &account, RESET_WITHIN)?;
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
        sessions::end_sessions_of_account(tx, account.id)?;
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

/// MAI-3: what is spent or expired goes, and the sealed copy in its letter with it; how many.
pub fn prune_links(tx: &Tx<'_>) -> Result<usize> {
    let dead = links_store::dead(tx, 500)?;
    for link in &dead {
        mail::store::forget_link(tx, *link)?;
        links_store::remove(tx, *link)?;
    }
    Ok(dead.len())
}

/// SEC-4: the operator of this machine sets a password. Every session ends, and a primary account never set up is active from now on
/// (ACC-14). The partner's name.
pub fn set_password_by_operator(
    tx: &Tx<'_>,
    operator: &Operator,
    email: &str,
    public_id: Option<&str>,
    password_hash: &str,
) -> Result<String> {
    let (identity, partner) = only_identity(tx, email, public_id)?;
    identities_store::set_password(tx, identity, password_hash)?;
    sessions::end_other_sessions(tx, identity, None)?;
    for account in store::of_identity(tx, identity)? {
        let primary = employees::store::role(tx, account.id)? == Some(Role::PrimaryAccount);
        if primary && !account.state.is_active() {
            store::save_state(tx, account.id, StoredState::Active, None)?;
        }
    }
    let event = Event::new(Kind::PasswordSet, format!("set the password of {email}")).about("identity", identity.0, email);
    activity::store::record(tx, &operator.actor(partner), &event)?;
    Ok(partners::store::signature(tx, partner)?.name)
}

/// The one identity with this e-mail, at the partner of this Partner ID if one is given, and its partner; a sentence where there is none
/// or more than one.
pub fn only_identity(tx: &Tx<'_>, email: &str, public_id: Option<&str>) -> Result<(IdentityId, PartnerId)> {
    match identities_store::identities(tx, &text::key(email), public_id)?.as_slice() {
        [] => Err(Error::refused(format!("Nobody signs in with {email} here. Look at the spelling and the Partner ID."))),
        [one] => Ok(*one),
        _ => Err(Error::refused(format!("Several partners know {email}. Say which one with --partner and its Partner ID."))),
    }
}
