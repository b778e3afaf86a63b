//! Reads for the list of unlinked accounts: the accounts, and organizations that may be theirs. Every look goes through an index and
//! takes a bounded number of rows, however large the portal is.

use rusqlite::ToSql;

use crate::access::model::Scope;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganizationId, PartnerId, SaasAccountId};
use crate::kernel::text;
use crate::saas::mapping_model::{Suggestion, Why, most_alike, telling_words};
use crate::saas::model::SaasAccount;
use crate::saas::store::in_sight;

/// Organizations looked at for each telling word of a name.
const CANDIDATES: i64 = 40;

/// Up to `limit` unlinked accounts inside `scope` in the order of their names, after the given one.
pub fn unmapped(db: &impl Read, scope: &Scope, after: Option<SaasAccountId>, limit: usize) -> Result<Vec<SaasAccount>> {
    if scope.only.is_some() {
        return Ok(Vec::new());
    }
    let place: Option<(String, SaasAccountId)> = match after {
        Some(id) => db.maybe(
            "select name_key, saas_account from saas_listing where saas_account = ?1 and viewer = ?2",
            (id, scope.viewer),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?,
        None => None,
    };
    let beyond = if place.is_some() { "and (name_key, saas_account) > (:key, :id)" } else { "" };
    let sql = format!(
        "select saas_account from saas_listing indexed by saas_listing_unlinked where viewer = :viewer and unlinked = 1 {beyond}
          order by name_key, saas_account limit :limit"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut values: Vec<(&str, &dyn ToSql)> = vec![(":viewer", &scope.viewer), (":limit", &limit)];
    if let Some((key, id)) = &place {
        values.push((":key", key));
        values.push((":id", id));
    }
    let found: Vec<SaasAccountId> = db.all(&sql, values.as_slice(), |row| row.get(0))?;
    found.into_iter().map(|id| in_sight(db, id)).collect()
}

/// SAS-5: the organization of the account's partner with the same domain, else with the same or the most alike name.
pub fn suggestion(db: &impl Read, account: &SaasAccount) -> Result<Option<Suggestion>> {
    let domain = text::key(&account.domain);
    if !domain.is_empty() {
        for look in [by_account_domain, by_contact_domain, by_user_domain] {
            if let Some(found) = look(db, account.partner, &domain)? {
                return Ok(Some(found));
            }
        }
    }
    let mut candidates = by_name(db, account.partner, &account.name)?;
    if !candidates.is_empty() {
        return Ok(most_alike(&account.name, &candidates));
    }
    for word in telling_words(&account.name, &account.domain) {
        candidates.extend(containing(db, account.partner, &word, CANDIDATES)?);
    }
    Ok(most_alike(&account.name, &candidates))
}

fn by_account_domain<R: Read>(db: &R, partner: PartnerId, domain: &str) -> Result<Option<Suggestion>> {
    db.maybe(
        "select o.id, o.name from saas_account a join organization o on o.id = a.organization
          where a.partner = ?1 and a.domain_key = ?2 and o.deleted_at is null order by o.name_key limit 1",
        (partner, domain),
        |row| Ok(Suggestion { organization: row.get(0)?, name: row.get(1)?, why: Why::AccountDomain }),
    )
}

fn by_contact_domain<R: Read>(db: &R, partner: PartnerId, domain: &str) -> Result<Option<Suggestion>> {
    let at = format!("@{domain}");
    let Some(wanted) = text::trigram_query(partner.0, &at) else { return Ok(None) };
    db.maybe(
        "select o.id, o.name from organization_search f join organization o on o.id = f.rowid
          where organization_search match ?1 and o.partner = ?2 and o.deleted_at is null
            and substr(o.contact_email_key, -length(?3)) = ?3 limit 1",
        (wanted, partner, at),
        |row| Ok(Suggestion { organization: row.get(0)?, name: row.get(1)?, why: Why::ContactDomain }),
    )
}

fn by_user_domain<R: Read>(db: &R, partner: PartnerId, domain: &str) -> Result<Option<Suggestion>> {
    let at = format!("@{domain}");
    let Some(wanted) = text::trigram_query(partner.0, &at) else { return Ok(None) };
    db.maybe(
        "select o.id, o.name from account_search f join account a on a.id = f.rowid join identity i on i.id = a.identity
           join organization o on o.id = a.organization
          where account_search match ?1 and a.partner = ?2 and o.deleted_at is null
            and substr(i.email_key, -length(?3)) = ?3 limit 1",
        (wanted, partner, at),
        |row| Ok(Suggestion { organization: row.get(0)?, name: row.get(1)?, why: Why::UserDomain }),
    )
}

fn by_name(db: &impl Read, partner: PartnerId, name: &str) -> Result<Vec<(OrganizationId, String)>> {
    db.all(
        "select id, name from organization where partner = ?1 and name_key = ?2 and deleted_at is null",
        (partner, text::key(name)),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Up to `limit` organizations of a partner that hold these words in name, ID, contact or domains.
fn containing(db: &impl Read, partner: PartnerId, words: &str, limit: i64) -> Result<Vec<(OrganizationId, String)>> {
    let Some(wanted) = text::trigram_query(partner.0, words) else { return Ok(Vec::new()) };
    db.all(
        "select o.id, o.name from organization_search f join organization o on o.id = f.rowid
          where organization_search match ?1 and o.partner = ?2 and o.deleted_at is null limit ?3",
        (wanted, partner, limit),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Organizations of the account's partner to choose from: those that hold the words, or begin with them when they are short.
pub fn choices(db: &impl Read, partner: PartnerId, words: &str, limit: i64) -> Result<Vec<(OrganizationId, String)>> {
    let key = text::key(words);
    if 3 <= key.chars().count() {
        return containing(db, partner, &key, limit);
    }
    db.all(
        "select id, name from organization where partner = ?1 and deleted_at is null and name_key >= ?2 and name_key < ?2 || char(1114111)
          order by name_key limit ?3",
        (partner, key, limit),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
