//! Names that are kept free for an organization on its way, and the moving of its own rows (PAR-4, PAR-6).

use rusqlite::params;

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::month::Month;
use crate::kernel::text::{self, FirmName};
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
/// users, subscription and links are moved by their own stores before. A name that was taken there after all, by an import, gets " (2)" and
/// so on, and a contact's e-mail that was is forgotten; what it is called now. It is billed there `from` this month on.
pub fn move_to(tx: &Tx<'_>, organization: OrganizationId, receiver: PartnerId, from: Month) -> Result<String> {
    usage_store::give(tx, organization, receiver, from)?;
    let name: String = tx.one("select name from organization where id = ?1 and deleted_at is null", [organization], |row| row.get(0))?;
    let name = free_name(tx, receiver, &name, organization)?;
    let email: Option<String> = tx.one("select contact_email_key from organization where id = ?1", [organization], |row| row.get(0))?;
    let lost = match email {
        Some(email) => store::by_contact(tx, receiver, &email)?.is_some(),
        None => false,
    };
    tx.execute("delete from organization_listing where organization = ?1", [organization])?;
    tx.change_one(
        "update organization
            set partner = ?2, name = ?3, name_key = ?4, contact_email = case when ?5 then null else contact_email end,
                contact_email_key = case when ?5 then null else contact_email_key end
          where id = ?1 and deleted_at is null",
        params![organization, receiver, name.as_str(), name.key(), lost],
    )?;
    let state: State = tx.one("select state from subscription where organization = ?1", [organization], |row| row.get(0))?;
    tx.execute(
        "insert into organization_listing (viewer, organization, state, name_key)
         select ancestor, ?1, ?2, ?3 from partner_ancestor where partner = ?4",
        params![organization, state, name.key(), receiver],
    )?;
    store::refresh(tx, organization)?;
    Ok(name.as_str().to_owned())
}

fn free_name(tx: &Tx<'_>, receiver: PartnerId, name: &str, organization: OrganizationId) -> Result<FirmName> {
    for attempt in 1..=10_000 {
        let end = if attempt < 2 { String::new() } else { format!(" ({attempt})") };
        let room = FirmName::MAX.saturating_sub(end.chars().count());
        let tried: String = name.chars().take(room).collect();
        let tried = FirmName::parse(&format!("{}{end}", tried.trim_end())).map_err(Error::internal)?;
        if !name_taken(tx, receiver, &text::key(tried.as_str()), organization)? {
            return Ok(tried);
        }
    }
    Err(Error::internal("no free name was found for a transferred organization"))
}
