//! What is done with groups: witness, rule, store, activity; in the caller's transaction.

use crate::access::model::{Actor, Reach, Scope};
use crate::access::state_model::AccountState;
use crate::access::witness_model::SecurityAdmin;
use crate::accounts;
use crate::accounts::links_store;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::employees;
use crate::groups::model::{Colleague, Gone, Group, Sees};
use crate::groups::store;
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AccountId, GroupId, OrganizationId, PartnerId};
use crate::kernel::text::{self, FirmName};
use crate::organizations;

/// Makes a group, empty.
pub fn create(tx: &Tx<'_>, by: &SecurityAdmin, name: &FirmName) -> Result<GroupId> {
    let id = store::create(tx, partner(by), name)?;
    let event = Event::new(Kind::GroupCreated, format!("created the access group {}", name.as_str()));
    activity::store::record(tx, by.actor(), &event.about("access_group", id.0, name.as_str()))?;
    Ok(id)
}

const fn partner(by: &SecurityAdmin) -> PartnerId {
    by.scope().viewer()
}

/// Changes the name; the same name again changes and records nothing.
pub fn rename(tx: &Tx<'_>, by: &SecurityAdmin, group: GroupId, name: &FirmName) -> Result<()> {
    let before = store::find(tx, partner(by), group)?;
    let Some(change) = Change::between("Name", before.name.as_str(), name.as_str()) else { return Ok(()) };
    store::rename(tx, partner(by), group, name)?;
    let sentence = format!("renamed the access group {} to {}", before.name, name.as_str());
    record(tx, by, &before, Event::new(Kind::GroupRenamed, sentence).with([change]))
}

fn record(tx: &Tx<'_>, by: &SecurityAdmin, group: &Group, event: Event) -> Result<()> {
    activity::store::record(tx, by.actor(), &event.about("access_group", group.id.0, group.name.as_str())).map(drop)
}

/// EMP-4: deletes a group. Its members stay limited: who is in no other group with an organization sees nothing, and is named. `typed`
/// must be its name, compared as names are.
pub fn delete(tx: &Tx<'_>, by: &SecurityAdmin, group: GroupId, typed: &str) -> Result<Gone> {
    let before = store::find(tx, partner(by), group)?;
    if text::key(typed) != text::key(&before.name) {
        return Err(Error::field("typed", format!("Type {} to confirm that this is the group to delete.", before.name)));
    }
    let members = store::members(tx, group)?;
    store::delete(tx, group)?;
    let stranded = stranded(tx, partner(by), &members)?;
    let mut event = Event::new(Kind::GroupDeleted, format!("deleted the access group {}", before.name));
    event = event.with(stranded.iter().map(|name| Change { field: "Sees", from: before.name.clone(), to: format!("{name}: nothing") }));
    record(tx, by, &before, event)?;
    Ok(Gone { name: before.name, stranded })
}

/// Who of them sees nothing now.
fn stranded(tx: &Tx<'_>, partner: PartnerId, members: &[Colleague]) -> Result<Vec<String>> {
    let now = members.iter().map(|member| store::colleague(tx, partner, member.account)).collect::<Result<Vec<_>>>()?;
    Ok(now.into_iter().filter(|member| member.sees() == Sees::Nothing).map(|member| member.name).collect())
}

/// Puts organizations into a group, all or none; how many were not there yet. `NotFound` for one outside of the scope or deleted.
pub fn add_organizations(tx: &Tx<'_>, by: &SecurityAdmin, group: GroupId, chosen: &[OrganizationId]) -> Result<usize> {
    let group = store::find(tx, partner(by), group)?;
    if chosen.is_empty() {
        return Err(Error::refused("Tick at least one organization. Nothing was added."));
    }
    let mut added = 0;
    for organization in chosen {
        let organization = organizations::store::find(tx, by.scope(), *organization)?;
        if store::add_organization(tx, partner(by), group.id, organization.id)? {
            let sentence = format!("put {} into the access group {}", organization.name, group.name);
            record(tx, by, &group, Event::new(Kind::GroupOrganizationAdded, sentence).at(organization.id))?;
            added += 1;
        }
    }
    Ok(added)
}

/// Takes an organization out of a group. Its name, and who sees nothing now.
pub fn remove_organization(tx: &Tx<'_>, by: &SecurityAdmin, group: GroupId, organization: OrganizationId) -> Result<(String, Vec<String>)> {
    let group = store::find(tx, partner(by), group)?;
    let organization = organizations::store::find(tx, by.scope(), organization)?;
    if !store::remove_organization(tx, group.id, organization.id)? {
        return Err(Error::NotFound);
    }
    let sentence = format!("took {} out of the access group {}", organization.name, group.name);
    record(tx, by, &group, Event::new(Kind::GroupOrganizationRemoved, sentence).at(organization.id))?;
    Ok((organization.name, stranded(tx, partner(by), &store::members(tx, group.id)?)?))
}

/// Puts employees into a group, all or none; how many were not there yet. From now on groups limit them (EMP-4). `NotFound` for one of
/// another partner.
pub fn add_members(tx: &Tx<'_>, by: &SecurityAdmin, group: GroupId, chosen: &[AccountId]) -> Result<usize> {
    let group = store::find(tx, partner(by), group)?;
    if chosen.is_empty() {
        return Err(Error::refused("Tick at least one employee. Nothing was added."));
    }
    let mut added = 0;
    for account in chosen {
        let colleague = store::colleague(tx, partner(by), *account)?;
        if store::add_member(tx, partner(by), group.id, *account)? {
            employees::store::save_limit(tx, *account, Reach::Groups)?;
            if colleague.limited {
                void_letters(tx, partner(by), *account)?;
            }
            let sentence = format!("put {} ({}) into the access group {}", colleague.name, colleague.email, group.name);
            record(tx, by, &group, Event::new(Kind::GroupMemberAdded, sentence))?;
            added += 1;
        }
    }
    Ok(added)
}

/// EMP-4: takes an employee out of a group; out of the last one, they see all organizations again. Who it is, as they are now.
pub fn remove_member(tx: &Tx<'_>, by: &SecurityAdmin, group: GroupId, account: AccountId) -> Result<Colleague> {
    let group = store::find(tx, partner(by), group)?;
    let before = store::colleague(tx, partner(by), account)?;
    if !store::remove_member(tx, group.id, account)? {
        return Err(Error::NotFound);
    }
    let mut event =
        Event::new(Kind::GroupMemberRemoved, format!("took {} ({}) out of the access group {}", before.name, before.email, group.name));
    if before.is_last_group() {
        employees::store::save_limit(tx, account, Reach::All)?;
        void_letters(tx, partner(by), account)?;
        event = event.with([Change { field: "Sees", from: group.name.clone(), to: "All organizations".to_owned() }]);
    }
    record(tx, by, &group, event)?;
    store::colleague(tx, partner(by), account)
}

/// MAI-3: who sees more from now on has letters that people may have read who see less. Their links are void; one who still has to choose
/// a password gets a new letter.
fn void_letters(tx: &Tx<'_>, partner: PartnerId, account: AccountId) -> Result<()> {
    let account = employees::store::find(tx, &Scope::all(partner), account)?.account;
    links_store::void_of_identity(tx, account.identity)?;
    if !account.has_password && matches!(account.state, AccountState::Invited { .. }) {
        accounts::actions::invite(tx, &account)?;
    }
    Ok(())
}

/// EMP-4: lets an employee who is limited see all organizations, out of every group. Who it is.
pub fn release(tx: &Tx<'_>, by: &SecurityAdmin, account: AccountId) -> Result<Colleague> {
    let colleague = store::colleague(tx, partner(by), account)?;
    if !colleague.limited {
        return Err(Error::refused(format!("{} sees all organizations already.", colleague.name)));
    }
    let groups = store::of_member(tx, account)?;
    store::forget_member(tx, account)?;
    employees::store::save_limit(tx, account, Reach::All)?;
    void_letters(tx, partner(by), account)?;
    let from = groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>().join(", ");
    let event = Event::new(Kind::GroupMemberReleased, format!("let {} ({}) see all organizations", colleague.name, colleague.email))
        .about("account", account.0, colleague.name.as_str())
        .with([Change { field: "Access groups", from, to: String::new() }]);
    activity::store::record(tx, by.actor(), &event)?;
    Ok(colleague)
}

/// EMP-4: what a limited employee creates joins all their groups. The groups, before anything is created; none for everybody else. Refused
/// where there is none: they could not see what they made.
pub fn of_creator(tx: &Tx<'_>, scope: &Scope) -> Result<Vec<Group>> {
    let Some(member) = scope.member() else { return Ok(Vec::new()) };
    let groups = store::of_member(tx, member)?;
    if groups.is_empty() {
        return Err(Error::refused(
            "You are in no access group at the moment, so you would not see what you add. Ask a Security Admin to put you into one.",
        ));
    }
    Ok(groups)
}

/// Puts an organization that a limited employee has made into their groups.
pub fn join_organization(tx: &Tx<'_>, by: &Actor, groups: &[Group], (organization, name): (OrganizationId, &str)) -> Result<()> {
    for group in groups {
        store::add_organization(tx, by.partner, group.id, organization)?;
        let event = Event::new(Kind::GroupOrganizationAdded, format!("put {name} into the access group {} by creating it", group.name));
        activity::store::record(tx, by, &event.about("access_group", group.id.0, group.name.as_str()).at(organization))?;
    }
    Ok(())
}

/// Puts an employee whom a limited one has added into that one's groups.
pub fn join_member(tx: &Tx<'_>, by: &Actor, groups: &[Group], (account, name): (AccountId, &str)) -> Result<()> {
    for group in groups {
        store::add_member(tx, by.partner, group.id, account)?;
        let event = Event::new(Kind::GroupMemberAdded, format!("put {name} into the access group {} by adding them", group.name));
        activity::store::record(tx, by, &event.about("access_group", group.id.0, group.name.as_str()))?;
    }
    if !groups.is_empty() {
        employees::store::save_limit(tx, account, Reach::Groups)?;
    }
    Ok(())
}
