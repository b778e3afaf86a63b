//! Reads for the list of unlinked accounts: the accounts, and organizations that may be theirs. Every look goes through an index and
//! takes a bounded number of rows, however large the portal is.

use std::collections::HashMap;

use rusqlite::{ToSql, named_params};

use crate::access::model::Scope;
use crate::in_sight;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganizationId, PartnerId, SaasAccountId};
use crate::kernel::text;
use crate::saas::mapping_model::{Suggestion, Why, most_alike, only, telling_words};
use crate::saas::model::SaasAccount;
use crate::saas::store::met;

/// A suggestion takes the first; who must know that it is the only one looks for a second.
const ONE: i64 = 1;
const TWO: i64 = 2;
/// Organizations looked at for each telling word of a name.
const CANDIDATES: i64 = 40;

/// Up to `limit` unlinked accounts inside `scope` in the order of their names, after the given one.
pub fn unmapped(db: &impl Read, scope: &Scope, after: Option<SaasAccountId>, limit: usize) -> Result<Vec<SaasAccount>> {
    if scope.only().is_some() {
        return Ok(Vec::new());
    }
    // EMP-4: whom groups limit sees those of their own partner alone.
    let (id, table, index, unlinked) = match scope.member() {
        Some(_) => ("id", "saas_account", "saas_account_unlinked", "partner = :viewer and organization is null"),
        None => ("saas_account", "saas_listing", "saas_listing_unlinked", "viewer = :viewer and unlinked = 1"),
    };
    let place: Option<(String, SaasAccountId)> = match after {
        // One that is linked has no place here, and tells nobody that it is there (ALL-1).
        Some(after) => db.maybe(
            &format!("select name_key, {id} from {table} where {id} = :after and {unlinked}"),
            named_params! { ":viewer": scope.viewer(), ":after": after },
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?,
        None => None,
    };
    let beyond = if place.is_some() { format!("and (name_key, {id}) > (:key, :id)") } else { String::new() };
    let sql = format!("select {id} from {table} indexed by {index} where {unlinked} {beyond} order by name_key, {id} limit :limit");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let viewer = scope.viewer();
    let mut values: Vec<(&str, &dyn ToSql)> = vec![(":viewer", &viewer), (":limit", &limit)];
    if let Some((key, id)) = &place {
        values.push((":key", key));
        values.push((":id", id));
    }
    let found: Vec<SaasAccountId> = db.all(&sql, values.as_slice(), |row| row.get(0))?;
    met(db, scope, &found)
}

/// What was found out on the way, while suggestions are looked for: names of one page have many words in common.
#[derive(Debug, Default)]
pub struct Looked {
    containing: HashMap<(PartnerId, String), Vec<(OrganizationId, String)>>,
    alone: HashMap<PartnerId, bool>,
}

impl Looked {
    /// SAS-5: the organization of the account's partner with the same domain, else with the same or the most alike name; of those in sight
    /// (EMP-4).
    pub fn suggestion(&mut self, db: &impl Read, scope: &Scope, account: &SaasAccount) -> Result<Option<Suggestion>> {
        let (partner, domain) = (account.partner, text::key(&account.domain));
        if !domain.is_empty() {
            if let Some(found) = by_account_domain(db, scope, partner, &domain, ONE)?.pop() {
                return Ok(Some(found));
            }
            if let Some(wanted) = self.query(db, partner, &format!("@{domain}"))? {
                for look in [by_contact_domain, by_user_domain] {
                    if let Some(found) = look(db, scope, partner, &wanted, &format!("@{domain}"), ONE)?.pop() {
                        return Ok(Some(found));
                    }
                }
            }
        }
        let mut candidates = by_name(db, scope, partner, &account.name)?;
        if !candidates.is_empty() {
            return Ok(most_alike(&account.name, &candidates));
        }
        for word in telling_words(&account.name, &account.domain) {
            let key = (partner, word);
            if !self.containing.contains_key(&key) {
                let found = match self.query(db, partner, &key.1)? {
                    Some(wanted) => containing(db, scope, partner, &wanted, CANDIDATES)?,
                    None => Vec::new(),
                };
                self.containing.insert(key.clone(), found);
            }
            candidates.extend(self.containing.get(&key).into_iter().flatten().cloned());
        }
        Ok(most_alike(&account.name, &candidates))
    }

    /// The one organization that has this account's domain or name, if it is one alone: of those in sight that have another account of the
    /// domain, a contact or user who writes from it, or the very name (SAS-5).
    pub fn exact(&mut self, db: &impl Read, scope: &Scope, account: &SaasAccount) -> Result<Option<Suggestion>> {
        let (partner, domain) = (account.partner, text::key(&account.domain));
        let mut found = Vec::new();
        if !domain.is_empty() {
            found.extend(by_account_domain(db, scope, partner, &domain, TWO)?);
            if let Some(wanted) = self.query(db, partner, &format!("@{domain}"))? {
                for look in [by_contact_domain, by_user_domain] {
                    found.extend(look(db, scope, partner, &wanted, &format!("@{domain}"), TWO)?);
                }
            }
        }
        let named = by_name(db, scope, partner, &account.name)?;
        found.extend(named.into_iter().map(|(organization, name)| Suggestion { organization, name, why: Why::SameName }));
        Ok(only(found))
    }

    /// The question to the search index. The partner's mark keeps it from reading what is a neighbour's; where at least half of all
    /// organizations are the partner's there is little to be kept from, and to look for the mark costs most of it.
    fn query(&mut self, db: &impl Read, partner: PartnerId, words: &str) -> Result<Option<String>> {
        let alone = if let Some(alone) = self.alone.get(&partner) {
            *alone
        } else {
            let own = "select coalesce(sum(count), 0) from organization_count where viewer";
            let sql = format!("select ({own} = ?1) * 2 >= ({own} in (select id from partner where parent is null))");
            let alone = db.one(&sql, [partner], |row| row.get(0))?;
            self.alone.insert(partner, alone);
            alone
        };
        Ok(if alone { text::unmarked_trigram_query(words) } else { text::trigram_query(partner.0, words) })
    }
}

fn by_account_domain<R: Read>(db: &R, scope: &Scope, partner: PartnerId, domain: &str, limit: i64) -> Result<Vec<Suggestion>> {
    db.all(
        concat!(
            "select distinct o.id, o.name from saas_account a join organization o on o.id = a.organization
              where a.partner = :partner and a.domain_key = :domain and o.deleted_at is null and ",
            in_sight!("o.id"),
            " order by o.name_key limit :limit"
        ),
        scope.bind_sight(&[(":partner", &partner), (":domain", &domain), (":limit", &limit)]).as_slice(),
        |row| Ok(Suggestion { organization: row.get(0)?, name: row.get(1)?, why: Why::AccountDomain }),
    )
}

fn by_contact_domain<R: Read>(db: &R, scope: &Scope, partner: PartnerId, wanted: &str, at: &str, limit: i64) -> Result<Vec<Suggestion>> {
    db.all(
        concat!(
            "select o.id, o.name from organization_search f join organization o on o.id = f.rowid
              where organization_search match :wanted and o.partner = :partner and o.deleted_at is null
                and substr(o.contact_email_key, -length(:at)) = :at and ",
            in_sight!("o.id"),
            " limit :limit"
        ),
        scope.bind_sight(&[(":wanted", &wanted), (":partner", &partner), (":at", &at), (":limit", &limit)]).as_slice(),
        |row| Ok(Suggestion { organization: row.get(0)?, name: row.get(1)?, why: Why::ContactDomain }),
    )
}

fn by_user_domain<R: Read>(db: &R, scope: &Scope, partner: PartnerId, wanted: &str, at: &str, limit: i64) -> Result<Vec<Suggestion>> {
    db.all(
        concat!(
            "select distinct o.id, o.name from account_search f join account a on a.id = f.rowid join identity i on i.id = a.identity
               join organization o on o.id = a.organization
              where account_search match :wanted and a.partner = :partner and o.deleted_at is null
                and substr(i.email_key, -length(:at)) = :at and ",
            in_sight!("o.id"),
            " limit :limit"
        ),
        scope.bind_sight(&[(":wanted", &wanted), (":partner", &partner), (":at", &at), (":limit", &limit)]).as_slice(),
        |row| Ok(Suggestion { organization: row.get(0)?, name: row.get(1)?, why: Why::UserDomain }),
    )
}

fn by_name(db: &impl Read, scope: &Scope, partner: PartnerId, name: &str) -> Result<Vec<(OrganizationId, String)>> {
    db.all(
        concat!(
            "select o.id, o.name from organization o
              where o.partner = :partner and o.name_key = :name and o.deleted_at is null and ",
            in_sight!("o.id")
        ),
        scope.bind_sight(&[(":partner", &partner), (":name", &text::key(name))]).as_slice(),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Up to `limit` organizations of a partner that are in sight and that the search index finds in name, ID, contact or domains.
fn containing(db: &impl Read, scope: &Scope, partner: PartnerId, wanted: &str, limit: i64) -> Result<Vec<(OrganizationId, String)>> {
    db.all(
        concat!(
            "select o.id, o.name from organization_search f join organization o on o.id = f.rowid
              where organization_search match :wanted and o.partner = :partner and o.deleted_at is null and ",
            in_sight!("o.id"),
            " limit :limit"
        ),
        scope.bind_sight(&[(":wanted", &wanted), (":partner", &partner), (":limit", &limit)]).as_slice(),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Organizations in sight of the account's partner to choose from: those that hold the words, or begin with them when they are short.
pub fn choices(db: &impl Read, scope: &Scope, partner: PartnerId, words: &str, limit: i64) -> Result<Vec<(OrganizationId, String)>> {
    let key = text::key(words);
    if let Some(wanted) = text::trigram_query(partner.0, &key) {
        return containing(db, scope, partner, &wanted, limit);
    }
    if 3 <= key.chars().count() {
        return Ok(Vec::new());
    }
    db.all(
        concat!(
            "select o.id, o.name from organization o
              where o.partner = :partner and o.deleted_at is null and o.name_key >= :key and o.name_key < :key || char(1114111)
                and ",
            in_sight!("o.id"),
            " order by o.name_key limit :limit"
        ),
        scope.bind_sight(&[(":partner", &partner), (":key", &key), (":limit", &limit)]).as_slice(),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
