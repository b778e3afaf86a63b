//! Creating an organization with contact, country and plan at once (ORG-2): witness, rule, store, activity; in the caller's transaction.

use crate::access::witness_model::Manager;
use crate::activity;
use crate::activity::model::{Change, Event, Kind};
use crate::groups;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, FieldErrors, Result};
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::text::FirmName;
use crate::notifications;
use crate::notifications::model::Notice;
use crate::organizations::model::Settings;
use crate::organizations::new_model::{Choice, Wanted, personal_name};
use crate::organizations::{actions, moving_store, new_store, store};
use crate::subscriptions;
use crate::subscriptions::model::Plan;

/// What was created.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Created {
    /// Its id.
    pub id: OrganizationId,
    /// Its name, which the system filled in under a personal plan.
    pub name: FirmName,
}

/// PAR-1, NOT-1: whom the manager may create an organization for, and which of them send sign-ins.
pub fn choices(db: &impl Read, by: &Manager) -> Result<Vec<Choice>> {
    let mut choices = new_store::choices(db, by.scope())?;
    for choice in &mut choices {
        choice.sends_sign_in = notifications::store::is_wanted(db, choice.partner, Notice::OrganizationCreated)?;
    }
    Ok(choices)
}

/// ORG-2: creates an organization for the manager's partner or one beneath it, with contact, country and plan; in all groups of a limited
/// manager (EMP-4). A name or an e-mail that is taken is a refusal of its field that names it (ORG-4), and nothing else of the other one.
pub fn create(tx: &Tx<'_>, by: &Manager, wanted: &Wanted) -> Result<Created> {
    let choices = new_store::choices(tx, by.scope())?;
    let Some(partner) = choices.iter().find(|choice| choice.partner == wanted.partner) else {
        return Err(Error::field("partner", "Choose a partner of the list."));
    };
    refuse_taken(tx, wanted)?;
    let name = match &wanted.name {
        Some(name) => name.clone(),
        None => free_name(tx, wanted)?,
    };
    let groups = groups::actions::of_creator(tx, by.scope())?;
    let id = store::create(tx, wanted.partner, &name, actions::creator(by))?;
    subscriptions::store::begin(tx, wanted.partner, id)?;
    subscriptions::store::choose(tx, id, wanted.plan, wanted.bought)?;
    let mut event = Event::new(Kind::OrganizationCreated, format!("created the organization {}", name.as_str()))
        .about("organization", id.0, name.as_str())
        .at(id)
        .with(told(wanted));
    if wanted.partner != by.scope().viewer() {
        event = event.with(Change::between("Partner", "", partner.name.as_str()));
    }
    activity::store::record(tx, by.actor(), &event)?;
    groups::actions::join_organization(tx, by.actor(), &groups, (id, name.as_str()))?;
    let settings = Settings {
        name: name.clone(),
        first_name: Some(wanted.first_name.clone()),
        last_name: Some(wanted.last_name.clone()),
        email: Some(wanted.email.clone()),
        country: Some(wanted.country.clone()),
    };
    store::save_settings(tx, &store::find(tx, by.scope(), id)?, &settings)?;
    Ok(Created { id, name })
}

/// What the log says of it beside its name.
fn told(wanted: &Wanted) -> impl Iterator<Item = Change> {
    let fields = [
        ("First name", wanted.first_name.as_str().to_owned()),
        ("Last name", wanted.last_name.as_str().to_owned()),
        ("E-mail", wanted.email.as_str().to_owned()),
        ("Country", wanted.country.clone()),
        ("Plan", Plan::shown(wanted.plan).to_owned()),
        ("Seats", wanted.bought.shown().unwrap_or_default()),
    ];
    fields.into_iter().filter_map(|(field, to)| Change::between(field, "", to))
}

/// ORG-4: both at once, so that nobody mends one to hear of the other.
fn refuse_taken(tx: &Tx<'_>, wanted: &Wanted) -> Result<()> {
    let mut errors = FieldErrors::default();
    if let Some(name) = &wanted.name
        && !is_free(tx, wanted.partner, name)?
    {
        errors.add("name", format!("There is already an organization named “{}”. Choose another name.", name.as_str()));
    }
    let email = wanted.email.key();
    if store::by_contact(tx, wanted.partner, &email)?.is_some() || moving_store::contact_reserved(tx, wanted.partner, &email, None)? {
        errors
            .add("email", format!("There is already an organization whose contact has the e-mail “{}”. Enter another one.", wanted.email));
    }
    errors.or(Some(()))
}

/// ORG-3: the contact's name, with " (2)" and so on where that is taken.
fn free_name(tx: &Tx<'_>, wanted: &Wanted) -> Result<FirmName> {
    /// Nobody has so many customers of one name.
    const ATTEMPTS: usize = 10_000;
    for attempt in 1..=ATTEMPTS {
        let name = personal_name(wanted, attempt)?;
        if is_free(tx, wanted.partner, &name)? {
            return Ok(name);
        }
    }
    Err(Error::field("last_name", "Too many organizations have this contact's name. Tell this one apart by its last name."))
}

fn is_free(tx: &Tx<'_>, partner: PartnerId, name: &FirmName) -> Result<bool> {
    Ok(store::by_name(tx, partner, &name.key())?.is_none() && !moving_store::name_reserved(tx, partner, &name.key(), None)?)
}
