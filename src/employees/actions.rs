//! What is done with employees: witness, rule, store, activity, letter; in the caller's transaction.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::access::model::{Actor, Scope};
use crate::access::roles_model::{Products, Role};
use crate::access::state_model::AccountState;
use crate::access::store as sessions;
use crate::access::witness_model::{PrimaryAccount, StaffManager};
use crate::accounts;
use crate::accounts::links_store;
use crate::accounts::model::{Details, Invitation, Reactivated};
use crate::accounts::newcomers_model::at_index;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::addresses;
use crate::employees::model::{Employee, NewEmployee, Step, assignable};
use crate::employees::store;
use crate::factors;
use crate::groups;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, PartnerId};
use crate::kernel::secret::token_hash;
use crate::kernel::text::{self, counted};
use crate::keys;

/// Adds an employee with the products of the role, and invites them if asked to (ACC-2, EMP-3). A second primary account is refused.
/// Whoever calls has asked whether this may be: the set-up of a partner, where nobody is there yet who could.
pub fn create(tx: &Tx<'_>, by: &Actor, partner: PartnerId, role: Role, details: &Details, invitation: Invitation) -> Result<AccountId> {
    if role == Role::PrimaryAccount && store::primary_account(tx, partner)?.is_some() {
        return Err(Error::refused("A partner has one primary account, and this one has it already."));
    }
    add_one(tx, by, partner, &NewEmployee { details: details.clone(), role, products: Products::of(role) }, invitation)
}

/// USR-5, EMP-2: adds employees, all or none, and invites them if asked to. What is wrong with one is a refusal of its field, with the
/// employee's place in the list before it: `0.email`. Whom somebody adds who is limited is limited by the same groups (EMP-4).
pub fn add(tx: &Tx<'_>, by: &StaffManager, employees: &[NewEmployee], invitation: Invitation) -> Result<Vec<AccountId>> {
    let groups = groups::actions::of_creator(tx, by.scope())?;
    let mut added = Vec::with_capacity(employees.len());
    for (index, employee) in employees.iter().enumerate() {
        let one = refuse_other_roles(by, employee.role).and_then(|()| add_one(tx, by.actor(), by.partner(), employee, invitation));
        let account = one.map_err(|error| at_index(error, index))?;
        groups::actions::join_member(tx, by.actor(), &groups, (account, &employee.details.name()))?;
        added.push(account);
    }
    Ok(added)
}

/// EMP-2: one gives only roles beneath one's own.
fn refuse_other_roles(by: &StaffManager, role: Role) -> Result<()> {
    if assignable(by.hand().role).contains(&role) {
        return Ok(());
    }
    Err(Error::field("role", format!("You cannot make somebody {}. Choose a role beneath your own.", role.shown())))
}

fn add_one(tx: &Tx<'_>, by: &Actor, partner: PartnerId, employee: &NewEmployee, invitation: Invitation) -> Result<AccountId> {
    let account = accounts::actions::create(tx, partner, None, &employee.details, Invitation::Later)?;
    store::insert(tx, account, partner, employee.role, employee.products)?;
    let name = employee.details.name();
    let sentence = format!("added {name} ({}) to the staff as {}", employee.details.email, employee.role.shown());
    let event = Event::new(Kind::EmployeeAdded, sentence).with([
        Change { field: "BCDR", from: String::new(), to: employee.products.bcdr.shown().to_owned() },
        Change { field: "Endpoint Backup", from: String::new(), to: employee.products.endpoint_backup.shown().to_owned() },
    ]);
    activity::store::record(tx, by, &event.about("account", account.0, name))?;
    if invitation == Invitation::Send {
        accounts::actions::invite(tx, &store::find(tx, &Scope::all(partner), account)?.account)?;
    }
    Ok(account)
}

/// An employee, once the rule has said yes.
fn find_for(tx: &Tx<'_>, by: &StaffManager, account: AccountId, step: Step) -> Result<Employee> {
    let employee = store::find(tx, by.scope(), account)?;
    employee.check(by.hand(), step).map_err(Error::Refused)?;
    Ok(employee)
}

pub(super) fn record(tx: &Tx<'_>, by: &Actor, employee: &Employee, event: Event) -> Result<()> {
    activity::store::record(tx, by, &event.about("account", employee.account.id.0, employee.name())).map(drop)
}

/// What an edit did, for the sentence on the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Edited {
    /// Nothing was different.
    Nothing,
    /// Saved.
    Saved,
    /// Saved, and a letter was written.
    SavedWithLetter,
}

/// Changes every field. `seen` is what `fingerprint` gave when the form was drawn; if somebody changed the employee since, nothing is
/// done. A new role ends their sessions (security.md, "Sessions"): what was stolen of somebody who may little is worth nothing later.
pub fn edit(tx: &Tx<'_>, by: &StaffManager, account: AccountId, seen: &str, wanted: &NewEmployee) -> Result<Edited> {
    let before = find_for(tx, by, account, Step::Edit)?;
    if fingerprint(&before) != seen {
        return Err(Error::Conflict(format!(
            "Somebody else changed {} meanwhile. Close this and open it again to see the employee as it is now.",
            before.name()
        )));
    }
    let changes = wanted.changes(&before);
    if changes.is_empty() {
        return Ok(Edited::Nothing);
    }
    refuse_other_roles(by, wanted.role)?;
    if wanted.role < before.role {
        refuse_with_passcode(tx, &before)?;
    }
    store::save_role(tx, account, wanted.role, wanted.products)?;
    if wanted.role != before.role {
        sessions::end_sessions_of_account(tx, account)?;
    }
    accounts::store::save_details(tx, &before.account, &wanted.details)?;
    let mut letter = Invitation::Later;
    if before.account.email != wanted.details.email.as_str() {
        if let Some(sentence) = email_locked(tx, &before)? {
            return Err(Error::field("email", sentence));
        }
        letter = accounts::actions::change_email(tx, &before.account, &wanted.details.email)?;
    }
    if wanted.role < before.role && letter == Invitation::Later {
        letter = void_letters(tx, &store::find(tx, by.scope(), account)?)?;
    }
    let event = Event::new(Kind::EmployeeChanged, format!("edited {}", wanted.details.name())).with(changes);
    activity::store::record(tx, by.actor(), &event.about("account", account.0, wanted.details.name()))?;
    Ok(if letter == Invitation::Send { Edited::SavedWithLetter } else { Edited::Saved })
}

/// ACC-12: why an employee's e-mail cannot be changed; nothing when it can.
pub fn email_locked(db: &impl Read, employee: &Employee) -> Result<Option<String>> {
    let (email, partner) = (&employee.account.email, employee.account.partner);
    Ok(addresses::model::locked(email, &addresses::store::products(db, partner, &text::key(email))?))
}

/// ACC-8, MAI-3: a one-time passcode may have been read by somebody who is not to come in with the new role.
fn refuse_with_passcode(tx: &Tx<'_>, rising: &Employee) -> Result<()> {
    let candidate = accounts::identities_store::candidate_again(tx, rising.account.identity)?;
    if candidate.is_some_and(|candidate| candidate.passcode_until.is_some()) {
        let name = rising.name();
        return Err(Error::refused(format!("{name} still has to choose a password after Reset MFA. A higher role can follow after that.")));
    }
    Ok(())
}

/// MAI-3: whoever rises has letters that people may have read who are now beneath them. Their links are void; one who still has to
/// choose a password gets a new letter.
fn void_letters(tx: &Tx<'_>, risen: &Employee) -> Result<Invitation> {
    links_store::void_of_identity(tx, risen.account.identity)?;
    if risen.account.has_password || !matches!(risen.account.state, AccountState::Invited { .. }) {
        return Ok(Invitation::Later);
    }
    accounts::actions::invite(tx, &risen.account)?;
    Ok(Invitation::Send)
}

/// A short text that differs when anything that Edit shows differs.
pub fn fingerprint(employee: &Employee) -> String {
    let account = &employee.account;
    let parts = [
        account.first_name.as_str(),
        &account.last_name,
        &account.email,
        account.country_code.as_deref().unwrap_or_default(),
        account.mobile_phone.as_deref().unwrap_or_default(),
        employee.role.word(),
        employee.products.bcdr.word(),
        employee.products.endpoint_backup.word(),
    ];
    URL_SAFE_NO_PAD.encode(token_hash(&parts.join("\n")))
}

/// ACC-2: sends the letter again; the seven days begin now. The employee as they were.
pub fn send_letter(tx: &Tx<'_>, by: &StaffManager, account: AccountId) -> Result<Employee> {
    let employee = find_for(tx, by, account, Step::SendLetter)?;
    accounts::actions::invite(tx, &employee.account)?;
    let sentence = format!("sent a letter to {} ({})", employee.name(), employee.account.email);
    record(tx, by.actor(), &employee, Event::new(Kind::EmployeeInvited, sentence))?;
    Ok(employee)
}

/// ACC-5: the employee cannot sign in from this commit on.
pub fn deactivate(tx: &Tx<'_>, by: &StaffManager, account: AccountId) -> Result<Employee> {
    let employee = find_for(tx, by, account, Step::Deactivate)?;
    accounts::actions::deactivate(tx, &employee.account)?;
    record(tx, by.actor(), &employee, Event::new(Kind::EmployeeDeactivated, format!("deactivated {}", employee.name())))?;
    Ok(employee)
}

/// ACC-8, Reset MFA: password and second factor of the employee are no longer taken, sessions end, and a letter carries a one-time
/// passcode, whose hash this is.
pub fn reset_factor(tx: &Tx<'_>, by: &StaffManager, account: AccountId, (passcode, hash): (&str, &str)) -> Result<Employee> {
    let employee = find_for(tx, by, account, Step::ResetFactor)?;
    factors::actions::reset(tx, &employee.account, passcode, hash)?;
    let sentence = format!("reset how {} signs in and sent a one-time passcode", employee.name());
    record(tx, by.actor(), &employee, Event::new(Kind::FactorReset, sentence))?;
    Ok(employee)
}

/// ACC-4: active again, or invited again.
pub fn reactivate(tx: &Tx<'_>, by: &StaffManager, account: AccountId) -> Result<(Employee, Reactivated)> {
    let employee = find_for(tx, by, account, Step::Reactivate)?;
    let how = accounts::actions::reactivate(tx, &employee.account)?;
    record(tx, by.actor(), &employee, Event::new(Kind::EmployeeReactivated, reactivated(&employee.name(), how)))?;
    Ok((employee, how))
}

/// The sentence of a reactivation.
pub(super) fn reactivated(name: &str, how: Reactivated) -> String {
    match how {
        Reactivated::Active => format!("reactivated {name}"),
        Reactivated::Invited => format!("reactivated {name}: a new letter, seven new days"),
    }
}

/// ACC-6: the employee is gone.
pub fn remove(tx: &Tx<'_>, by: &StaffManager, account: AccountId) -> Result<Employee> {
    let employee = find_for(tx, by, account, Step::Remove)?;
    groups::store::forget_member(tx, account)?;
    let keys = keys::store::remove_of_account(tx, account)?;
    store::remove(tx, account)?;
    accounts::actions::remove(tx, &employee.account)?;
    let sentence = format!("removed {} ({}) from the staff{}", employee.name(), employee.account.email, with_keys(keys));
    record(tx, by.actor(), &employee, Event::new(Kind::EmployeeRemoved, sentence))?;
    Ok(employee)
}

/// API-1: an employee's keys go with the account.
fn with_keys(keys: usize) -> String {
    match i64::try_from(keys).unwrap_or(i64::MAX) {
        0 => String::new(),
        keys => format!(", with {}", counted(keys, "API key", "API keys")),
    }
}

/// ACC-14: the primary account hands itself over to another active employee, and becomes Security Admin. Who it is now.
pub fn hand_over(tx: &Tx<'_>, by: &PrimaryAccount, to: AccountId) -> Result<Employee> {
    // Somebody else may have become it since the page was drawn.
    if store::primary_account(tx, by.partner())? != Some(by.account()) {
        return Err(Error::NotFound);
    }
    Ok(make_primary(tx, by.actor(), by.partner(), to)?.0)
}

/// Makes another active employee the partner's primary account; the old one, if there is one, becomes Security Admin and keeps its
/// products. The sessions of both end, but for those of who does it. Who it is now, and who it was.
pub(super) fn make_primary(tx: &Tx<'_>, by: &Actor, partner: PartnerId, to: AccountId) -> Result<(Employee, Option<Employee>)> {
    let scope = Scope::all(partner);
    let next = store::find(tx, &scope, to)?;
    let name = next.name();
    if next.role == Role::PrimaryAccount {
        return Err(Error::refused(format!("{name} is the primary account already.")));
    }
    if !next.account.state.is_active() {
        return Err(Error::refused(format!("{name} is not active. Only an active employee can become the primary account.")));
    }
    refuse_with_passcode(tx, &next)?;
    let mut changes = vec![Change { field: "Role", from: next.role.shown().to_owned(), to: Role::PrimaryAccount.shown().to_owned() }];
    let before = match store::primary_account(tx, partner)? {
        Some(before) => Some(store::find(tx, &scope, before)?),
        None => None,
    };
    if let Some(before) = &before {
        store::save_role(tx, before.account.id, Role::SecurityAdmin, before.products)?;
        changes.push(Change { field: "Primary account", from: before.name(), to: name.clone() });
    }
    for changed in before.iter().chain([&next]).filter(|changed| by.account != Some(changed.account.id)) {
        sessions::end_sessions_of_account(tx, changed.account.id)?;
    }
    store::save_role(tx, to, Role::PrimaryAccount, Products::of(Role::PrimaryAccount))?;
    accounts::store::never_lapse(tx, to)?;
    links_store::void_of_identity(tx, next.account.identity)?;
    let sentence = format!("handed the primary account over to {name} ({})", next.account.email);
    record(tx, by, &next, Event::new(Kind::PrimaryAccountHandedOver, sentence).with(changes))?;
    Ok((next, before))
}
