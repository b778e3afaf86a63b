//! Names that are kept free for an organization on its way, and the moving of its own rows (PAR-4, PAR-6).

use rusqlite::params;

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::month::Month;
use crate::organizations::{store, usage_store};
use crate::subscriptions::model::State;

/// The keys of an organization's name and of its contact's e-mail; neither once it is deleted.
pub fn keys(db: &impl Read, organization: OrganizationId) -> Result<(Option<String>, Option<String>)> {
    let found =
        db.maybe("select name_key, contact_email_key from organization where id = ?1 and deleted_at is null", [organization], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(found.unwrap_or_default())
}

/// PAR-4: whether a name is kept free at a partner for another organization than `but`.
pub fn name_reserved(db: &impl Read, partner: PartnerId, name_key: &str, but: Option<OrganizationId>) -> Result<bool> {
    db.one(
        "select exists (select 1 from transfer where receiver = ?1 and name_key = ?2 and state = 'validated' and organization is not ?3)",
        params![partner, name_key, but],
        |row| row.get(0),
    )
}

/// The same of a contact's e-mail.
pub fn contact_reserved(db: &impl Read, partner: PartnerId, email_key: &str, but: Option<OrganizationId>) -> Result<bool> {
    db.one(
        "select exists (select 1 from transfer where receiver = ?1 and email_key = ?2 and state = 'validated' and organization is not ?3)",
        params![partner, email_key, but],
        |row| row.get(0),
    )
}

/// Whether a name is in use at a partner, or kept free there for another one than this organization.
pub fn name_taken(db: &impl Read, partner: PartnerId, name_key: &str, organization: OrganizationId) -> Result<bool> {
    Ok(store::by_name(db, partner, name_key)?.is_some() || name_reserved(db, partner, name_key, Some(organization))?)
}

/// The same of a contact's e-mail.
pub fn contact_taken(db: &impl Read, partner: PartnerId, email_key: &str, organization: OrganizationId) -> Result<bool> {
    Ok(store::by_contact(db, partner, email_key)?.is_some() || contact_reserved(db, partner, email_key, Some(organization))?)
}

/// PAR-6: the organization is another partner's from now on: in its lists and in those of every partner above it, and in nobody else's. Its
/// users, subscription and links are moved by their own stores before, and its names are free there, as the caller has looked. What it is
/// called. It is billed there `from` this month on.
pub fn move_to(tx: &Tx<'_>, organization: OrganizationId, receiver: PartnerId, from: Month) -> Result<String> {
    usage_store::give(tx, organization, receiver, from)?;
    tx.execute("delete from organization_listing where organization = ?1", [organization])?;
    tx.change_one("update organization set partner = ?2 where id = ?1 and deleted_at is null", (organization, receiver))?;
    let state: State = tx.one("select state from subscription where organization = ?1", [organization], |row| row.get(0))?;
    let (name, key): (String, String) =
        tx.one("select name, name_key from organization where id = ?1", [organization], |row| Ok((row.get(0)?, row.get(1)?)))?;
    tx.execute(
        "insert into organization_listing (viewer, organization, state, name_key)
         select ancestor, ?1, ?2, ?3 from partner_ancestor where partner = ?4",
        params![organization, state, key, receiver],
    )?;
    store::refresh(tx, organization)?;
    Ok(name)
}
