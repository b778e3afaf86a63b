//! Organizations and their users: each row against the rows before it and against what is here.

use crate::access::roles_model::{EndpointAccess, OrganizationAccess};
use crate::accounts;
use crate::accounts::model::Details;
use crate::addresses;
use crate::addresses::model::Address;
use crate::imports::actions::stager::{Named, Stager};
use crate::imports::model::{Kind, OrganizationRow, UserRow, Verdict};
use crate::imports::store::{here, staging};
use crate::kernel::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::OrganizationId;
use crate::kernel::text::{self, Email, FirmName, PersonName};
use crate::kernel::time::{Timestamp, Zone};
use crate::organizations;
use crate::organizations::model::Contact;

/// A row of `organizations.csv`.
pub fn organization(tx: &Tx<'_>, stager: &mut Stager, line: i64, row: &OrganizationRow) -> Result<()> {
    let key = row.name.key();
    if stager.names.contains_key(&key) {
        let reason = format!("“{}” stands in these files already.", row.name.as_str());
        return stager.refuse(tx, Kind::Organizations, line, "name", &reason);
    }
    let known = here::organization_named(tx, stager.partner, &key)?;
    if known.is_none() && organizations::moving_store::name_reserved(tx, stager.partner, &key, None)? {
        return stager.refuse(tx, Kind::Organizations, line, "name", &kept_free(row.name.as_str()));
    }
    if known.is_none()
        && let Some(gone) = here::moved_away(tx, stager.partner, None, &key)?
    {
        let reason = format!("{} If this is another firm of that name, create it first.", went_away(&gone));
        return stager.refuse(tx, Kind::Organizations, line, "name", &reason);
    }
    if let Some(reason) = contact_is_taken(tx, stager, row, known.as_ref().map(|known| known.id))? {
        return stager.refuse(tx, Kind::Organizations, line, "contact_email", &reason);
    }
    if let Some(reason) = contact_is_locked(tx, stager, row, known.as_ref())? {
        return stager.refuse(tx, Kind::Organizations, line, "contact_email", &reason);
    }
    if let Some(email) = &row.contact_email {
        stager.contacts.insert(email.key(), row.name.as_str().to_owned());
    }
    let before = known.as_ref().map(staged_as_it_is);
    let id = match &before {
        Some(before) => before.id,
        None => free_id(tx)?,
    };
    let after = with_row(before.clone().unwrap_or_default(), id, row);
    let verdict = match &before {
        None => Verdict::New,
        Some(before) if *before == after => Verdict::Unchanged,
        Some(_) => Verdict::Changed,
    };
    let differs = verdict != Verdict::Unchanged;
    stager.names.insert(key, Named { id, vendor_id: after.vendor_id, staged: differs });
    if differs {
        stage(tx, stager, line, verdict, after)?;
    }
    stager.count(Kind::Organizations, verdict);
    Ok(())
}

/// PAR-4: why a name or e-mail cannot be used.
pub fn kept_free(what: &str) -> String {
    format!("“{what}” is kept free for an organization that is on its way here by transfer.")
}

/// PAR-6: why there is nothing here any more to link to.
pub fn went_away((name, moment): &(String, Timestamp)) -> String {
    format!("“{name}” went to another partner by transfer on {}.", Zone::utc().date(*moment))
}

/// A row of `other-products.csv` (ACC-12).
pub fn other_product(tx: &Tx<'_>, stager: &mut Stager, line: i64, row: &Address) -> Result<()> {
    let key = (row.email.key(), text::key(&row.product));
    if !stager.other_products.insert(key.clone()) {
        let reason = format!("{} stands in these files for {} already.", row.email, row.product);
        return stager.refuse(tx, Kind::OtherProducts, line, "email", &reason);
    }
    let here = here::has_other_product(tx, stager.partner, &key.0, &key.1)?;
    if !here {
        staging::other_product(tx, stager.import, row)?;
    }
    stager.count(Kind::OtherProducts, if here { Verdict::Unchanged } else { Verdict::New });
    Ok(())
}

/// ACC-12: why a row may not give an organization another contact's e-mail.
fn contact_is_locked(tx: &Tx<'_>, stager: &Stager, row: &OrganizationRow, known: Option<&here::Organization>) -> Result<Option<String>> {
    let (Some(wanted), Some(email)) = (&row.contact_email, known.and_then(|known| known.contact_email.as_deref())) else {
        return Ok(None);
    };
    if wanted.key() == text::key(email) {
        return Ok(None);
    }
    Ok(addresses::model::locked(email, &addresses::store::products(tx, stager.partner, &text::key(email))?))
}

fn stage(tx: &Tx<'_>, stager: &Stager, line: i64, verdict: Verdict, mut row: staging::Organization) -> Result<()> {
    let contact =
        Contact { first_name: row.contact_first_name.clone(), last_name: row.contact_last_name.clone(), email: row.contact_email.clone() };
    row.search = organizations::store::search_text(row.id.to_string().parse()?, &row.name, &contact, &[]);
    let file = stager.file_name(stager.file_number());
    staging::organization(tx, stager.origin(&file, line), verdict, &row)
}

/// ORG-4: contact e-mails are unique within a partner.
fn contact_is_taken(tx: &Tx<'_>, stager: &Stager, row: &OrganizationRow, own: Option<i64>) -> Result<Option<String>> {
    let Some(email) = &row.contact_email else { return Ok(None) };
    let sentence = |name: &str| format!("The contact of “{name}” has this e-mail already.");
    if let Some(name) = stager.contacts.get(&email.key()) {
        return Ok(Some(sentence(name)));
    }
    let own_id = own.map(OrganizationId);
    if organizations::moving_store::contact_reserved(tx, stager.partner, &email.key(), own_id)? {
        return Ok(Some(kept_free(email.as_str())));
    }
    let holder = here::contact_holder(tx, stager.partner, &email.key())?;
    Ok(holder.filter(|(id, _)| Some(*id) != own).map(|(_, name)| sentence(&name)))
}

fn staged_as_it_is(known: &here::Organization) -> staging::Organization {
    staging::Organization {
        id: known.id,
        name: known.name.clone(),
        name_key: text::key(&known.name),
        vendor_id: known.vendor_id,
        contact_first_name: known.contact_first_name.clone(),
        contact_last_name: known.contact_last_name.clone(),
        contact_email: known.contact_email.clone(),
        contact_email_key: known.contact_email.as_deref().map(text::key),
        country: known.country.clone(),
        plan: known.plan.clone(),
        auto_license: known.auto_license,
        seats: known.seats,
        search: String::new(),
    }
}

/// What a row makes of an organization: an empty cell leaves what is there.
fn with_row(mut organization: staging::Organization, id: i64, row: &OrganizationRow) -> staging::Organization {
    if organization.name.is_empty() {
        row.name.as_str().clone_into(&mut organization.name);
        organization.name_key = row.name.key();
    }
    organization.id = id;
    let name = |given: &Option<PersonName>| given.as_ref().map(|name| name.as_str().to_owned());
    organization.contact_first_name = name(&row.contact_first_name).or(organization.contact_first_name);
    organization.contact_last_name = name(&row.contact_last_name).or(organization.contact_last_name);
    // The same address in another case is the same contact.
    if let Some(email) = &row.contact_email
        && organization.contact_email_key.as_ref() != Some(&email.key())
    {
        organization.contact_email = Some(email.as_str().to_owned());
        organization.contact_email_key = Some(email.key());
    }
    organization.country = row.country.clone().or(organization.country);
    if let Some(plan) = &row.plan {
        organization.plan = Some(plan.plan.to_owned());
        organization.auto_license = plan.auto_license;
        organization.seats = plan.seats;
    }
    organization
}

/// ORG-5: eight random digits, unique in the portal and among what is on its way in.
fn free_id(tx: &Tx<'_>) -> Result<i64> {
    for _ in 0..1_000 {
        let id = tx.tokens().number(10_000_000, 100_000_000)?;
        if here::organization_id_is_free(tx, id)? {
            return Ok(id);
        }
    }
    Err(Error::internal("no free organization ID was met in a thousand tries"))
}

/// Makes the organization that a SaaS account of `domains.json` names and nobody knows yet.
pub fn create_for_account(tx: &Tx<'_>, stager: &mut Stager, line: i64, name: &FirmName, vendor_id: i64) -> Result<i64> {
    let row = staging::Organization {
        id: free_id(tx)?,
        name: name.as_str().to_owned(),
        name_key: name.key(),
        vendor_id: Some(vendor_id),
        ..staging::Organization::default()
    };
    let id = row.id;
    stager.names.insert(name.key(), Named { id, vendor_id: Some(vendor_id), staged: true });
    stager.vendors.insert(vendor_id, id);
    stage(tx, stager, line, Verdict::New, row)?;
    stager.count(Kind::Organizations, Verdict::New);
    Ok(id)
}

/// Lets an organization that is known by name take the vendor's id.
pub fn take_vendor_id(tx: &Tx<'_>, stager: &mut Stager, line: i64, name_key: &str, named: Named, vendor_id: i64) -> Result<()> {
    stager.vendors.insert(vendor_id, named.id);
    stager.names.insert(name_key.to_owned(), Named { vendor_id: Some(vendor_id), staged: true, ..named });
    if named.staged {
        return staging::set_vendor_id(tx, stager.import, named.id, vendor_id).map(drop);
    }
    let Some(known) = here::organization_named(tx, stager.partner, name_key)? else { return Err(Error::NotFound) };
    let row = staging::Organization { vendor_id: Some(vendor_id), ..staged_as_it_is(&known) };
    stager.count(Kind::Organizations, Verdict::Changed);
    stage(tx, stager, line, Verdict::Changed, row)
}

/// A row of `users.csv`.
pub fn user(tx: &Tx<'_>, stager: &mut Stager, line: i64, row: &UserRow) -> Result<()> {
    let Some(organization) = organization_of(tx, stager, &row.organization)? else {
        let reason =
            format!("There is no organization named “{}”. Create it, or bring it in with organizations.csv.", row.organization.as_str());
        return stager.refuse(tx, Kind::Users, line, "organization", &reason);
    };
    if !stager.users.insert((organization, row.email.key())) {
        let reason = format!("{} stands in these files already as a user of this organization.", row.email);
        return stager.refuse(tx, Kind::Users, line, "email", &reason);
    }
    let known = here::user(tx, stager.partner, organization, &row.email.key())?;
    let after = match &known {
        Some(known) => changed_user(known, row),
        None => match new_user(tx, stager, row)? {
            Ok(user) => user,
            Err(reason) => return stager.refuse(tx, Kind::Users, line, "email", &reason),
        },
    };
    let after = staging::User { organization, ..after };
    if after.endpoint_access == EndpointAccess::FileRestores
        && let Some(first) = stager.endpoint.insert(organization, format!("{} {} ({})", after.first_name, after.last_name, after.email))
    {
        return stager.refuse(tx, Kind::Users, line, "endpoint_access", &only_one(&first));
    }
    let verdict = match &known {
        None => Verdict::New,
        Some(known) if is_same(known, &after) => Verdict::Unchanged,
        Some(_) => Verdict::Changed,
    };
    if verdict != Verdict::Unchanged {
        let file = stager.file_name(stager.file_number());
        staging::user(tx, stager.origin(&file, line), verdict, &after)?;
    }
    stager.count(Kind::Users, verdict);
    Ok(())
}

/// USR-3, in a sentence that names the first.
fn only_one(first: &str) -> String {
    format!("{first} has Endpoint Backup access at this organization. Only one of its users can.")
}

fn organization_of(tx: &Tx<'_>, stager: &Stager, name: &FirmName) -> Result<Option<i64>> {
    let key = name.key();
    match stager.names.get(&key) {
        Some(named) => Ok(Some(named.id)),
        None => Ok(here::organization_named(tx, stager.partner, &key)?.map(|known| known.id)),
    }
}

/// A user that is not here yet, or why the e-mail cannot be used.
fn new_user(tx: &Tx<'_>, stager: &mut Stager, row: &UserRow) -> Result<Result<staging::User, String>> {
    let key = row.email.key();
    if stager.any_held
        && let Some(until) = accounts::held_store::held_until(tx, stager.partner, &key)?
    {
        return Ok(Err(accounts::held_store::held_sentence(until)));
    }
    let known = match stager.identities.get(&key) {
        Some(identity) => Some(*identity),
        None => here::identity(tx, stager.partner, &key)?,
    };
    let identity = match known {
        Some(identity) => identity,
        None => stager.identity_ids.next(tx.tokens())?,
    };
    if known.is_none() {
        stager.identities.insert(key, identity);
    }
    let user = staged(row, (stager.account_ids.next(tx.tokens())?, identity), row.country_code.clone(), row.mobile_phone.clone());
    Ok(Ok(staging::User {
        new_identity: known.is_none(),
        access: row.access.unwrap_or(OrganizationAccess::Full),
        endpoint_access: row.endpoint_access.unwrap_or(EndpointAccess::NoAccess),
        ..user
    }))
}

/// What a row makes of a user that is here: an empty cell leaves what is there.
fn changed_user(known: &here::User, row: &UserRow) -> staging::User {
    let phone = row.mobile_phone.clone().or_else(|| known.mobile_phone.clone());
    let code = row.country_code.clone().or_else(|| known.country_code.clone());
    let user = staged(row, (known.account, known.identity), code, phone);
    staging::User {
        access: row.access.unwrap_or(known.access),
        endpoint_access: row.endpoint_access.unwrap_or(known.endpoint_access),
        ..user
    }
}

fn staged(row: &UserRow, (account, identity): (i64, i64), country_code: Option<String>, mobile_phone: Option<String>) -> staging::User {
    let details = Details {
        first_name: row.first_name.clone(),
        last_name: row.last_name.clone(),
        email: Email::clone(&row.email),
        country_code: country_code.clone(),
        mobile_phone: mobile_phone.clone(),
    };
    staging::User {
        account,
        organization: 0,
        identity,
        new_identity: false,
        email: row.email.as_str().to_owned(),
        email_key: row.email.key(),
        first_name: row.first_name.as_str().to_owned(),
        last_name: row.last_name.as_str().to_owned(),
        country_code,
        mobile_phone,
        access: OrganizationAccess::Full,
        endpoint_access: EndpointAccess::NoAccess,
        name_key: accounts::store::name_key(&details),
        search: accounts::store::search_text(&details),
    }
}

fn is_same(known: &here::User, after: &staging::User) -> bool {
    (known.first_name.as_str(), known.last_name.as_str()) == (after.first_name.as_str(), after.last_name.as_str())
        && (&known.country_code, &known.mobile_phone) == (&after.country_code, &after.mobile_phone)
        && (known.access, known.endpoint_access) == (after.access, after.endpoint_access)
}

/// USR-3: Endpoint Backup access that meets that of a user who is here and keeps it. Looked at once all rows are read, since access may
/// pass from one user to another within the files.
pub fn check_endpoint_access(tx: &Tx<'_>, stager: &mut Stager) -> Result<()> {
    for (file, line, first) in here::endpoint_clashes(tx, stager.import)? {
        let number = (0..=stager.file_number()).find(|number| stager.file_name(*number) == file).unwrap_or_default();
        stager.refuse_in(tx, Kind::Users, (number, line), "endpoint_access", &only_one(&first))?;
    }
    Ok(())
}
