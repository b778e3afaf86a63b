//! What managers do with an organization's users: witness, scope, rule, store, activity, letter; in the caller's transaction.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::access::roles_model::{EndpointAccess, OrganizationAccess};
use crate::access::witness_model::{Hand, Manager};
use crate::accounts;
use crate::accounts::model::{Details, Invitation, Reactivated};
use crate::accounts::newcomers_model::at_index;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::addresses;
use crate::factors;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, OrganizationId};
use crate::kernel::secret::token_hash;
use crate::kernel::text::{self, Email, PersonName};
use crate::notifications;
use crate::notifications::model::Notice;
use crate::organizations;
use crate::organizations::model::{Contact, Organization};
use crate::subscriptions::model::State;
use crate::users::model::{FullAdministrator, NewUser, Standing, Step, User};
use crate::users::{store, support_actions, support_store};

/// Whose hand a manager's is, for `User::check`.
pub fn hand(db: &impl Read, by: &Manager) -> Result<Hand> {
    let identity = match by.actor().account {
        Some(account) => store::identity_of(db, account)?,
        None => None,
    };
    Ok(Hand { role: by.role(), identity })
}

/// USR-5, USR-6: adds users to an organization, all or none, and invites them if asked to. What is wrong with one is a refusal of its
/// field, with the user's place in the list before it: `0.email`.
pub fn add(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, users: &[NewUser], invitation: Invitation) -> Result<Vec<AccountId>> {
    let organization = organizations::store::find(tx, by.scope(), organization)?;
    let mut added = Vec::with_capacity(users.len());
    for (index, user) in users.iter().enumerate() {
        let one = add_one(tx, by, &organization, (user, Standing::User), invitation);
        added.push(one.map_err(|error| at_index(error, index))?);
    }
    organizations::store::refresh(tx, organization.id)?;
    Ok(added)
}

fn add_one(
    tx: &Tx<'_>,
    by: &Manager,
    organization: &Organization,
    (user, standing): (&NewUser, Standing),
    invitation: Invitation,
) -> Result<AccountId> {
    refuse_second_endpoint_user(tx, organization.id, user.endpoint_access, None)?;
    let account = accounts::actions::create(tx, organization.partner, Some(organization.id), &user.details, Invitation::Later)?;
    store::insert(tx, account, organization, user, standing)?;
    let name = user.details.name();
    let role = if standing == Standing::Owner { " as Owner" } else { "" };
    let event = Event::new(Kind::UserAdded, format!("added {name} ({}){role}", user.details.email)).with([
        Change { field: "Organization Access", from: String::new(), to: user.access.shown().to_owned() },
        Change { field: "Endpoint Backup Access", from: String::new(), to: user.endpoint_access.shown().to_owned() },
    ]);
    activity::store::record(tx, by.actor(), &event.about("user", account.0, name).at(organization.id))?;
    if invitation == Invitation::Send {
        let user = store::find(tx, by.scope(), organization.id, account)?;
        accounts::actions::invite(tx, &user.account)?;
    }
    Ok(account)
}

/// SUB-8: makes an organization's contact its first user, Full access, marked Owner, with the letter that names the sign-in address and
/// has a link to set the password; the contact's name. Refused with the sentence of `owner`.
pub fn send_sign_in(tx: &Tx<'_>, by: &Manager, organization: OrganizationId) -> Result<String> {
    let organization = organizations::store::find(tx, by.scope(), organization)?;
    let owner = owner(tx, &organization)?.map_err(Error::Refused)?;
    let name = owner.details.name();
    add_one(tx, by, &organization, (&owner, Standing::Owner), Invitation::Send)?;
    organizations::store::refresh(tx, organization.id)?;
    Ok(name)
}

/// SUB-8: the user whom Send sign in would make of an organization's contact, or why it would make none. The button asks here too.
pub fn owner(db: &impl Read, organization: &Organization) -> Result<std::result::Result<NewUser, String>> {
    let incomplete = || "Enter first name, last name and e-mail of the contact first, under Settings.".to_owned();
    let parsed = |contact: &Contact| {
        let first_name = PersonName::parse(contact.first_name.as_deref()?).ok()?;
        let last_name = PersonName::parse(contact.last_name.as_deref()?).ok()?;
        let email = Email::parse(contact.email.as_deref()?).ok()?;
        Some(Details { first_name, last_name, email, country_code: None, mobile_phone: None })
    };
    if !notifications::store::is_wanted(db, organization.partner, Notice::OrganizationCreated)? {
        return Ok(Err("Send sign in is switched off in Notification Settings.".to_owned()));
    }
    let Some(details) = parsed(&organization.contact) else { return Ok(Err(incomplete())) };
    if organization.subscription.state != State::Active {
        return Ok(Err(format!("{} is not active. Reactivate it first.", organization.name)));
    }
    if store::has_owner_or(db, organization.id, &details.email.key())? {
        return Ok(Err(format!("{} has an Owner, or its contact is one of its users already.", organization.name)));
    }
    Ok(Ok(NewUser {
        details,
        access: OrganizationAccess::Full,
        endpoint_access: EndpointAccess::NoAccess,
        full_administrator: FullAdministrator::No,
    }))
}

/// USR-3: an organization has one user with Endpoint Backup access at most; the refusal names them.
fn refuse_second_endpoint_user(tx: &Tx<'_>, organization: OrganizationId, wanted: EndpointAccess, but: Option<AccountId>) -> Result<()> {
    if wanted == EndpointAccess::NoAccess {
        return Ok(());
    }
    match store::endpoint_user(tx, organization, but)? {
        Some((name, email)) => Err(Error::field(
            "endpoint_access",
            format!(
                "{name} ({email}) has Endpoint Backup access already, and an organization has one such user at most. Choose No access."
            ),
        )),
        None => Ok(()),
    }
}

/// A user and what is needed to act on them, once the rule has said yes.
pub(super) fn find_for(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, account: AccountId, step: Step) -> Result<User> {
    let user = store::find(tx, by.scope(), organization, account)?;
    user.check(hand(tx, by)?, step).map_err(Error::Refused)?;
    Ok(user)
}

pub(super) fn record(tx: &Tx<'_>, by: &Manager, user: &User, event: Event) -> Result<()> {
    let mut event = event.about("user", user.account.id.0, user.name());
    event.organization = user.account.organization;
    activity::store::record(tx, by.actor(), &event).map(drop)
}

/// What an edit did, for the sentence on the page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Edited {
    /// Nothing was different.
    Nothing,
    /// Saved.
    Saved,
    /// Saved, and a letter went to the new e-mail.
    SavedWithLetter,
}

/// USR-9: changes every field. `seen` is what `fingerprint` gave when the form was drawn; if somebody changed the user since, nothing is
/// done.
pub fn edit(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, account: AccountId, seen: &str, wanted: &NewUser) -> Result<Edited> {
    let before = find_for(tx, by, organization, account, Step::Edit)?;
    if fingerprint(&before) != seen {
        return Err(Error::Conflict(format!(
            "Somebody else changed {} meanwhile. Close this and open it again to see the user as it is now.",
            before.name()
        )));
    }
    let changes = changes(&before, wanted);
    if changes.is_empty() {
        return Ok(Edited::Nothing);
    }
    refuse_second_endpoint_user(tx, organization, wanted.endpoint_access, Some(account))?;
    store::save_access(tx, account, wanted)?;
    accounts::store::save_details(tx, &before.account, &wanted.details)?;
    let other_email = before.account.email != wanted.details.email.as_str();
    // SUP-1: what was confirmed was this person with this access.
    let ended = if other_email || wanted.access == OrganizationAccess::NoAccess {
        support_store::forget(tx, account)?;
        support_actions::ended(&before)
    } else {
        None
    };
    let mut letter = false;
    if other_email {
        if let Some(sentence) = email_locked(tx, by, &before)? {
            return Err(Error::field("email", sentence));
        }
        letter = accounts::actions::change_email(tx, &before.account, &wanted.details.email)? == Invitation::Send;
    }
    let name = wanted.details.name();
    let event = Event::new(Kind::UserChanged, format!("edited {name}")).with(changes).with(ended);
    activity::store::record(tx, by.actor(), &event.about("user", account.0, name).at(organization))?;
    Ok(if letter { Edited::SavedWithLetter } else { Edited::Saved })
}

/// ACC-12, ACC-15: why a user's e-mail cannot be changed by this hand; nothing when it can.
pub fn email_locked(db: &impl Read, by: &Manager, user: &User) -> Result<Option<String>> {
    if let Err(sentence) = user.check(hand(db, by)?, Step::ChangeEmail) {
        return Ok(Some(sentence));
    }
    let (email, partner) = (&user.account.email, user.account.partner);
    Ok(addresses::model::locked(email, &addresses::store::products(db, partner, &text::key(email))?))
}

/// A short text that differs when anything that Edit shows differs.
pub fn fingerprint(user: &User) -> String {
    let account = &user.account;
    let parts = [
        account.first_name.as_str(),
        &account.last_name,
        &account.email,
        account.country_code.as_deref().unwrap_or_default(),
        account.mobile_phone.as_deref().unwrap_or_default(),
        user.access.word(),
        user.endpoint_access.word(),
        user.full_administrator.shown(),
    ];
    URL_SAFE_NO_PAD.encode(token_hash(&parts.join("\n")))
}

fn changes(before: &User, wanted: &NewUser) -> Vec<Change> {
    let levels = [
        Change::between("Organization Access", before.access.shown(), wanted.access.shown()),
        Change::between("Endpoint Backup Access", before.endpoint_access.shown(), wanted.endpoint_access.shown()),
        Change::between("Full administrator", before.full_administrator.shown(), wanted.full_administrator.shown()),
    ];
    wanted.details.changes(&before.account).into_iter().chain(levels.into_iter().flatten()).collect()
}

/// IMP-4, ACC-2: sends the letter, for the first time or again; the seven days begin now. The user as they were.
pub fn send_letter(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, account: AccountId) -> Result<User> {
    let user = find_for(tx, by, organization, account, Step::SendLetter)?;
    send_letter_to(tx, by, &user)?;
    Ok(user)
}

fn send_letter_to(tx: &Tx<'_>, by: &Manager, user: &User) -> Result<()> {
    accounts::actions::invite(tx, &user.account)?;
    record(tx, by, user, Event::new(Kind::UserInvited, format!("sent a letter to {} ({})", user.name(), user.account.email)))
}

/// Whom a letter goes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Chosen {
    /// These.
    Ticked(Vec<AccountId>),
    /// All that are not invited yet.
    AllNotInvited,
}

/// IMP-4: sends letters to those chosen, all or none; how many. With `AllNotInvited`, those this manager may not act on are left out.
pub fn send_letters(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, chosen: &Chosen) -> Result<usize> {
    organizations::store::find(tx, by.scope(), organization)?;
    match chosen {
        Chosen::Ticked(accounts) => {
            let once: BTreeSet<AccountId> = accounts.iter().copied().collect();
            for account in &once {
                send_letter(tx, by, organization, *account)?;
            }
            Ok(once.len())
        }
        Chosen::AllNotInvited => {
            let hand = hand(tx, by)?;
            let mut users = store::not_invited(tx, by.scope(), organization)?;
            users.retain(|user| user.may(hand, Step::SendLetter));
            for user in &users {
                send_letter_to(tx, by, user)?;
            }
            Ok(users.len())
        }
    }
}

/// ACC-5: the user cannot sign in from this commit on.
pub fn deactivate(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, account: AccountId) -> Result<User> {
    let user = find_for(tx, by, organization, account, Step::Deactivate)?;
    accounts::actions::deactivate(tx, &user.account)?;
    support_store::forget(tx, account)?;
    record(tx, by, &user, Event::new(Kind::UserDeactivated, format!("deactivated {}", user.name())).with(support_actions::ended(&user)))?;
    Ok(user)
}

/// ACC-4: active again, or invited again.
pub fn reactivate(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, account: AccountId) -> Result<(User, Reactivated)> {
    let user = find_for(tx, by, organization, account, Step::Reactivate)?;
    let how = accounts::actions::reactivate(tx, &user.account)?;
    if how == Reactivated::Active {
        accounts::notice_actions::tell_reactivated(tx, &user.account)?;
    }
    let sentence = match how {
        Reactivated::Active => format!("reactivated {}", user.name()),
        Reactivated::Invited => format!("reactivated {}: a new letter, seven new days", user.name()),
    };
    record(tx, by, &user, Event::new(Kind::UserReactivated, sentence))?;
    Ok((user, how))
}

/// ACC-8, Reset MFA: password and second factor of the user are no longer taken, sessions end, and a letter carries a one-time passcode,
/// whose hash this is.
pub fn reset_factor(
    tx: &Tx<'_>,
    by: &Manager,
    organization: OrganizationId,
    account: AccountId,
    (passcode, hash): (&str, &str),
) -> Result<User> {
    let user = find_for(tx, by, organization, account, Step::ResetFactor)?;
    factors::actions::reset(tx, &user.account, passcode, hash)?;
    record(tx, by, &user, Event::new(Kind::FactorReset, format!("reset how {} signs in and sent a one-time passcode", user.name())))?;
    Ok(user)
}

/// ACC-6, USR-10: the user is gone; backup data stays.
pub fn remove(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, account: AccountId) -> Result<User> {
    let user = find_for(tx, by, organization, account, Step::Remove)?;
    store::remove(tx, account)?;
    accounts::actions::remove(tx, &user.account)?;
    record(tx, by, &user, Event::new(Kind::UserRemoved, format!("removed {} ({})", user.name(), user.account.email)))?;
    organizations::store::refresh(tx, organization)?;
    Ok(user)
}
