//! The rows of e-mails that other products use: the only writer of this table.

use rusqlite::{named_params, params};

use crate::addresses::model::{Address, Listed, PAGE};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AddressId, PartnerId};
use crate::kernel::text;

/// The products that use an e-mail, as far as the partner has listed them.
pub fn products(db: &impl Read, partner: PartnerId, email_key: &str) -> Result<Vec<String>> {
    db.all(
        "select product from other_product_address where partner = ?1 and email_key = ?2 order by product_key",
        params![partner, email_key],
        |row| row.get(0),
    )
}

/// How many a partner has listed.
pub fn count(db: &impl Read, partner: PartnerId) -> Result<i64> {
    db.one("select count(*) from other_product_address where partner = ?1", [partner], |row| row.get(0))
}

/// A page of a partner's list by e-mail, and the place where the next one begins, if there is one: those with these words in e-mail or
/// product.
pub fn page(db: &impl Read, partner: PartnerId, words: &str, after: &str) -> Result<(Vec<Listed>, Option<String>)> {
    let (email, product) = after.split_once('\n').unwrap_or_default();
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let mut rows = db.all(
        "select id, email, product, email_key || char(10) || product_key from other_product_address
          where partner = :partner and (email_key, product_key) > (:email, :product)
            and (:words = '' or instr(email_key, :words) > 0 or instr(product_key, :words) > 0)
          order by email_key, product_key limit :limit",
        named_params! { ":partner": partner, ":email": email, ":product": product, ":words": text::key(words), ":limit": limit + 1 },
        |row| Ok((Listed { id: row.get(0)?, email: row.get(1)?, product: row.get(2)? }, row.get::<_, String>(3)?)),
    )?;
    let more = PAGE < rows.len();
    rows.truncate(PAGE);
    let next = rows.last().map(|(_, place)| place.clone()).filter(|_| more);
    Ok((rows.into_iter().map(|(listed, _)| listed).collect(), next))
}

/// One of a partner's own; `NotFound` for any other.
pub fn find(db: &impl Read, partner: PartnerId, address: AddressId) -> Result<Listed> {
    db.one("select id, email, product from other_product_address where id = ?1 and partner = ?2", params![address, partner], |row| {
        Ok(Listed { id: row.get(0)?, email: row.get(1)?, product: row.get(2)? })
    })
}

/// Adds one; `None` when this product's use of this e-mail is listed already.
pub fn add(tx: &Tx<'_>, partner: PartnerId, address: &Address) -> Result<Option<AddressId>> {
    let id = AddressId(tx.tokens().id()?);
    let added = tx.execute(
        "insert into other_product_address (id, partner, email, email_key, product, product_key, created_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         on conflict (partner, email_key, product_key) do nothing",
        params![
            id,
            partner,
            address.email.as_str(),
            address.email.key(),
            address.product,
            text::key(&address.product),
            tx.now()
        ],
    )?;
    Ok((added == 1).then_some(id))
}

/// Takes one of a partner's own off the list; `NotFound` for any other.
pub fn remove(tx: &Tx<'_>, partner: PartnerId, address: AddressId) -> Result<()> {
    match tx.execute("delete from other_product_address where id = ?1 and partner = ?2", params![address, partner])? {
        1 => Ok(()),
        _ => Err(Error::NotFound),
    }
}
