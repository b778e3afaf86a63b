//! The rows of partners and of their tree.

use rusqlite::params;

use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::text::{self, FirmName};

/// What a letter says of the partner that sends it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// Its name.
    pub name: String,
    /// Its own sign-in address is `/p/{slug}/sign-in`.
    pub slug: String,
}

/// Name and slug of a partner.
pub fn signature(db: &impl Read, partner: PartnerId) -> Result<Signature> {
    db.one("select name, slug from partner where id = ?1", [partner], |row| Ok(Signature { name: row.get(0)?, slug: row.get(1)? }))
}

/// The partner of a sign-in address, if the slug is one (ACC-11).
pub fn of_slug(db: &impl Read, slug: &str) -> Result<Option<(PartnerId, String)>> {
    db.maybe("select id, name from partner where slug = ?1", [slug], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The operating partner, once the portal is set up (OPS-6).
pub fn operating(db: &impl Read) -> Result<Option<PartnerId>> {
    db.maybe("select id from partner where parent is null", [], |row| row.get(0))
}

/// A partner by its public Partner ID; `NotFound` when there is none.
pub fn of_public_id(db: &impl Read, public_id: &str) -> Result<PartnerId> {
    db.one("select id from partner where public_id = ?1", [public_id], |row| row.get(0))
}

/// A partner's public Partner ID (PAR-2).
pub fn public_id(db: &impl Read, partner: PartnerId) -> Result<String> {
    db.one("select public_id from partner where id = ?1", [partner], |row| row.get(0))
}

/// An organization's name, for a letter.
pub fn organization_name(db: &impl Read, organization: OrganizationId) -> Result<String> {
    db.one("select name from organization where id = ?1", [organization], |row| row.get(0))
}

/// Makes a partner beneath `parent`, with a Partner ID and a slug of its own, and its rows in the tree.
pub fn create(tx: &Tx<'_>, parent: Option<PartnerId>, name: &FirmName, country: &str) -> Result<PartnerId> {
    let public_id = format!("P-{}", tx.tokens().number(10_000_000, 100_000_000)?);
    let slug: String = tx.tokens().token()?.chars().filter(char::is_ascii_alphanumeric).take(16).collect::<String>().to_lowercase();
    tx.change_one(
        "insert into partner (public_id, parent, name, name_key, country, slug, created_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![public_id, parent, name.as_str(), text::key(name.as_str()), country, slug, tx.now()],
    )?;
    let partner = PartnerId(tx.connection().last_insert_rowid());
    tx.change_one("insert into partner_ancestor (ancestor, partner, depth) values (?1, ?1, 0)", [partner])?;
    tx.execute(
        "insert into partner_ancestor (ancestor, partner, depth)
         select ancestor, ?2, depth + 1 from partner_ancestor where partner = ?1",
        params![parent, partner],
    )?;
    Ok(partner)
}

/// Name and public Partner ID of a partner.
pub fn introduction(db: &impl Read, partner: PartnerId) -> Result<(String, String)> {
    db.one("select name, public_id from partner where id = ?1", [partner], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// A partner's country.
pub fn country(db: &impl Read, partner: PartnerId) -> Result<String> {
    db.one("select country from partner where id = ?1", [partner], |row| row.get(0))
}

/// Changes a partner's name and country.
pub fn save(tx: &Tx<'_>, partner: PartnerId, name: &FirmName, country: &str) -> Result<()> {
    tx.change_one(
        "update partner set name = ?2, name_key = ?3, country = ?4 where id = ?1",
        params![partner, name.as_str(), text::key(name.as_str()), country],
    )
}

/// PAR-5: grants or revokes the right to ask for transfers.
pub fn set_may_transfer(tx: &Tx<'_>, partner: PartnerId, granted: bool) -> Result<()> {
    tx.change_one("update partner set may_transfer = ?2 where id = ?1", params![partner, granted])
}

/// SAS-11: where a partner's people open the vendor's console.
pub fn vendor_console(db: &impl Read, partner: PartnerId) -> Result<Option<String>> {
    db.one("select vendor_console from partner where id = ?1", [partner], |row| row.get(0))
}

/// Sets it, or takes it away.
pub fn set_vendor_console(tx: &Tx<'_>, partner: PartnerId, address: Option<&str>) -> Result<()> {
    tx.change_one("update partner set vendor_console = ?2 where id = ?1", params![partner, address])
}

/// PAR-5: whether a partner's people may ask for transfers: neither it nor one above it lost the right.
pub fn may_transfer(db: &impl Read, partner: PartnerId) -> Result<bool> {
    db.one(
        "select not exists (select 1 from partner_ancestor a join partner p on p.id = a.ancestor where a.partner = ?1 and p.may_transfer = 0)",
        [partner],
        |row| row.get(0),
    )
}
