//! What the search reads: first names that begin with the words, by index, then the trigram indexes, under the viewer's mark.

use rusqlite::named_params;

use crate::access::model::Scope;
use crate::branding::model::DevicesNamed;
use crate::devices_named;
use crate::in_sight;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::PartnerId;
use crate::kernel::text;
use crate::not_over;
use crate::search::model::{Device, Employee, Firm, Saas, User};
use crate::subscriptions::model::over_since;

/// Organizations in the viewer's sight that are neither deleted nor over: beginnings of names first, then whatever contains the words.
pub fn organizations(db: &impl Read, scope: &Scope, key: &str, limit: usize) -> Result<Vec<Firm>> {
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let over = over_since(db.now());
    let mut found: Vec<Firm> = Vec::new();
    for state in ["active", "suspended", "unsubscribed"] {
        found.extend(db.all(
            concat!(
                "select o.id, o.name from organization_listing l cross join organization o on o.id = l.organization
                  where l.viewer = :viewer and l.state = :state and l.name_key >= :key and l.name_key < :key || char(1114111) and ",
                not_over!("l"),
                " and ",
                in_sight!("l.organization"),
                " order by l.name_key, l.organization limit :most"
            ),
            scope.bind(named_params! { ":state": state, ":key": key, ":most": most, ":over": over }).as_slice(),
            |row| Ok(Firm { id: row.get(0)?, name: row.get(1)? }),
        )?);
    }
    if found.len() < limit
        && let Some(wanted) = text::trigram_query(scope.viewer().0, key)
    {
        let more = db.all(
            concat!(
                "select o.id, o.name from organization_search cross join organization_listing l
                     on l.viewer = :viewer and l.organization = organization_search.rowid
                   cross join organization o on o.id = l.organization
                  where organization_search match :wanted and substr(l.name_key, 1, length(:key)) <> :key and ",
                not_over!("l"),
                " and ",
                in_sight!("l.organization"),
                " order by organization_search.rowid limit :most"
            ),
            scope.bind(named_params! { ":wanted": wanted, ":key": key, ":most": most, ":over": over }).as_slice(),
            |row| Ok(Firm { id: row.get(0)?, name: row.get(1)? }),
        )?;
        found.extend(more);
    }
    found.truncate(limit);
    Ok(found)
}

/// Users of the organizations in the viewer's sight.
pub fn users(db: &impl Read, scope: &Scope, key: &str, limit: usize) -> Result<Vec<User>> {
    let Some(wanted) = text::trigram_query(scope.viewer().0, key) else { return Ok(Vec::new()) };
    db.all(
        concat!(
            "select a.id, o.id, a.first_name || ' ' || a.last_name, i.email, o.name
               from account_search cross join account a on a.id = account_search.rowid
               cross join organization_listing l on l.viewer = :viewer and l.organization = a.organization
               cross join organization o on o.id = a.organization cross join identity i on i.id = a.identity
              where account_search match :wanted and ",
            not_over!("l"),
            " and ",
            in_sight!("a.organization"),
            " order by account_search.rowid limit :limit"
        ),
        scope
            .bind(named_params! { ":wanted": wanted, ":over": over_since(db.now()), ":limit": i64::try_from(limit).unwrap_or(i64::MAX) })
            .as_slice(),
        |row| {
            Ok(User {
                account: row.get(0)?,
                organization: row.get(1)?,
                name: row.get(2)?,
                email: row.get(3)?,
                organization_name: row.get(4)?,
            })
        },
    )
}

/// A partner's own staff, by last name: those with a word that begins so, or from three letters on whoever contains them. No long list,
/// so it is walked.
pub fn employees(db: &impl Read, partner: PartnerId, key: &str, limit: usize) -> Result<Vec<Employee>> {
    db.all(
        "select a.first_name || ' ' || a.last_name, i.email, e.role
           from account a join employee e on e.account = a.id join identity i on i.id = a.identity
          where a.partner = :partner and a.organization is null
            and (instr(' ' || a.search || ' ' || a.name_key, ' ' || :key) > 0 or (length(:key) > 2 and instr(a.search, :key) > 0))
          order by a.name_key, a.id limit :limit",
        named_params! { ":partner": partner, ":key": key, ":limit": i64::try_from(limit).unwrap_or(i64::MAX) },
        |row| Ok(Employee { name: row.get(0)?, email: row.get(1)?, role: row.get(2)? }),
    )
}

/// SaaS accounts of the viewer and the partners beneath it; for an organization user, those linked to their own organization.
pub fn saas(db: &impl Read, scope: &Scope, key: &str, limit: usize) -> Result<Vec<Saas>> {
    const COLUMNS: &str = "s.id, s.name, s.domain, o.name";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let read =
        |row: &rusqlite::Row<'_>| Ok(Saas { id: row.get(0)?, name: row.get(1)?, domain: row.get(2)?, organization_name: row.get(3)? });
    if scope.only().is_some() {
        return db.all(
            &format!(
                "select {COLUMNS} from saas_account s join organization o on o.id = s.organization
                  where s.organization = :whose and s.partner in (select partner from partner_ancestor where ancestor = :viewer)
                    and :sight = 1 and instr(s.search, :key) > 0 order by s.name_key limit :limit"
            ),
            scope.bind(named_params! { ":key": key, ":limit": limit }).as_slice(),
            read,
        );
    }
    let Some(wanted) = text::trigram_query(scope.viewer().0, key) else { return Ok(Vec::new()) };
    db.all(
        &format!(
            "select {COLUMNS} from saas_account_search cross join saas_account s on s.id = saas_account_search.rowid
               left join organization o on o.id = s.organization
              where saas_account_search match :wanted
                and exists (select 1 from partner_ancestor p where p.ancestor = :viewer and p.partner = s.partner) and {sight}
              order by saas_account_search.rowid limit :limit",
            sight = in_sight!("s.organization" or_none "s.partner")
        ),
        scope.bind(named_params! { ":wanted": wanted, ":limit": limit }).as_slice(),
        read,
    )
}

/// Devices of the viewer and the partners beneath it, in sight, by hostname: those whose hostname or serial number holds the words. No long
/// list, so it is walked, along an index that holds what is looked at.
pub fn devices(db: &impl Read, scope: &Scope, key: &str, limit: usize) -> Result<Vec<Device>> {
    db.all(
        &format!(
            "select d.id, d.name, d.serial, o.name, {named} from device d left join organization o on o.id = d.organization
              where d.partner in (select partner from partner_ancestor where ancestor = :viewer) and instr(d.search, :key) > 0 and {sight}
              order by d.name_key, d.id limit :limit",
            named = devices_named!(":viewer"),
            sight = in_sight!("d.organization" or_none "d.partner")
        ),
        scope.bind(named_params! { ":key": key, ":limit": i64::try_from(limit).unwrap_or(i64::MAX) }).as_slice(),
        |row| {
            let (named, hostname, serial) = (row.get::<_, DevicesNamed>(4)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?);
            let (name, beneath) = (named.name(&hostname, &serial), named.beneath(&hostname, &serial).to_owned());
            Ok(Device { id: row.get(0)?, name, beneath, organization_name: row.get(3)? })
        },
    )
}
