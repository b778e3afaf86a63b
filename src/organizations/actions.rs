//! What managers do with organizations: witness, scope, rule, store, activity; in the caller's transaction.

use crate::access::witness_model::Manager;
use crate::accounts;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::addresses;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganizationId;
use crate::kernel::text::{self, Email, FirmName};
use crate::organizations::model::{CustomBranding, Entered, Organization, SecondFactor, Settings};
use crate::organizations::store;
use crate::{groups, subscriptions};

/// ORG-1: creates an organization for the manager's own partner: active, without a plan, and in all groups of a limited manager (EMP-4).
pub fn create(tx: &Tx<'_>, by: &Manager, name: &FirmName) -> Result<OrganizationId> {
    let partner = by.scope().viewer();
    let groups = groups::actions::of_creator(tx, by.scope())?;
    let id = store::create(tx, partner, name, creator(by))?;
    subscriptions::store::begin(tx, partner, id)?;
    let event = Event::new(Kind::OrganizationCreated, format!("created the organization {}", name.as_str()))
        .about("organization", id.0, name.as_str())
        .at(id);
    activity::store::record(tx, by.actor(), &event)?;
    groups::actions::join_organization(tx, by.actor(), &groups, (id, name.as_str()))?;
    Ok(id)
}

/// Who creates, as the organization's page says it: the name alone, where the log keeps the e-mail beside it.
pub(super) fn creator(by: &Manager) -> &str {
    by.actor().name.split(" (").next().unwrap_or_default()
}

/// ORG-6: changes the name; the same name again changes and records nothing.
pub fn rename(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, name: &FirmName) -> Result<()> {
    let before = store::find(tx, by.scope(), organization)?;
    store::rename(tx, &before, name)?;
    record_rename(tx, by, &before, name)
}

fn record_rename(tx: &Tx<'_>, by: &Manager, before: &Organization, name: &FirmName) -> Result<()> {
    let Some(change) = Change::between("Organization name", before.name.as_str(), name.as_str()) else { return Ok(()) };
    let event = Event::new(Kind::OrganizationRenamed, format!("renamed the organization {} to {}", before.name, name.as_str()))
        .about("organization", before.id.0, name.as_str())
        .at(before.id)
        .with([change]);
    activity::store::record(tx, by.actor(), &event).map(drop)
}

/// The card Settings: name, contact and country in one step, which is one event (LOG-1). Only what changed is recorded. `seen` is the
/// fingerprint of what the form was drawn from; if somebody changed that since, nothing is done.
pub fn save_settings(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, seen: &str, settings: &Settings) -> Result<()> {
    let before = store::find(tx, by.scope(), organization)?;
    if Entered::of(&before).fingerprint() != seen {
        return Err(Error::Conflict(format!(
            "Somebody else changed the settings of {} meanwhile. What you entered is still here; open the page anew to see how they stand.",
            before.name
        )));
    }
    if before.contact.email.as_deref() != settings.email.as_ref().map(Email::as_str)
        && let Some(reason) = locked_contact(tx, &before)?
    {
        return Err(Error::field("email", reason));
    }
    store::save_settings(tx, &before, settings)?;
    let after = store::find(tx, by.scope(), organization)?;
    let word = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut changes: Vec<Change> = [
        Change::between("First name", word(&before.contact.first_name), word(&after.contact.first_name)),
        Change::between("Last name", word(&before.contact.last_name), word(&after.contact.last_name)),
        Change::between("E-mail", word(&before.contact.email), word(&after.contact.email)),
        Change::between("Country", word(&before.country), word(&after.country)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if changes.is_empty() {
        return record_rename(tx, by, &before, &settings.name);
    }
    let renamed = Change::between("Organization name", before.name.as_str(), after.name.as_str());
    let sentence = match &renamed {
        Some(_) => format!("renamed the organization {} to {} and changed its contact or country", before.name, after.name),
        None => format!("changed contact or country of {}", after.name),
    };
    changes.splice(0..0, renamed);
    let event =
        Event::new(Kind::OrganizationChanged, sentence).about("organization", after.id.0, after.name).at(organization).with(changes);
    activity::store::record(tx, by.actor(), &event).map(drop)
}

/// ACC-12: why the contact's e-mail cannot be changed, if another product uses it.
pub fn locked_contact(db: &impl Read, organization: &Organization) -> Result<Option<String>> {
    let Some(email) = &organization.contact.email else { return Ok(None) };
    Ok(addresses::model::locked(email, &addresses::store::products(db, organization.partner, &text::key(email))?))
}

/// ORG-10: whether its users see their partner's look, from their next page on. The organization's name; nothing is recorded when nothing
/// changes.
pub fn use_custom_branding(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, wanted: CustomBranding) -> Result<String> {
    let before = store::find(tx, by.scope(), organization)?;
    if store::custom_branding(tx, by.scope(), organization)? == wanted {
        return Ok(before.name);
    }
    store::set_custom_branding(tx, organization, wanted)?;
    let sentence = match wanted {
        CustomBranding::On => format!("turned custom branding on for {}", before.name),
        CustomBranding::Off => format!("turned custom branding off for {}", before.name),
    };
    let event =
        Event::new(Kind::OrganizationChanged, sentence).about("organization", organization.0, before.name.as_str()).at(organization);
    let event = event.with(Change::between("Custom branding", wanted.other().word(), wanted.word()));
    activity::store::record(tx, by.actor(), &event)?;
    Ok(before.name)
}

/// ORG-9: whether its users must have a second factor, from their next step on. The organization's name; nothing is recorded when nothing
/// changes.
pub fn ask_second_factor(tx: &Tx<'_>, by: &Manager, organization: OrganizationId, wanted: SecondFactor) -> Result<String> {
    let before = store::find(tx, by.scope(), organization)?;
    if store::second_factor(tx, by.scope(), organization)? == wanted {
        return Ok(before.name);
    }
    store::set_second_factor(tx, organization, wanted)?;
    if wanted == SecondFactor::Optional {
        accounts::store::ask_no_factor(tx, organization)?;
    }
    let sentence = match wanted {
        SecondFactor::Required => format!("enabled multifactor authentication for {}", before.name),
        SecondFactor::Optional => format!("made multifactor authentication optional for {}", before.name),
    };
    let event =
        Event::new(Kind::OrganizationChanged, sentence).about("organization", organization.0, before.name.as_str()).at(organization);
    let from = if wanted == SecondFactor::Required { SecondFactor::Optional } else { SecondFactor::Required };
    let event = event.with(Change::between("Second factor", from.word(), wanted.word()));
    activity::store::record(tx, by.actor(), &event)?;
    Ok(before.name)
}
