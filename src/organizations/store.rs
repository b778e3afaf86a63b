//! The rows of organizations, of their listing and of their search text: the only writer of these tables.

use rusqlite::{Row, params};

use crate::access::model::Scope;
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{ImportId, OrganizationId, PartnerId};
use crate::kernel::text::{self, FirmName};
use crate::kernel::time::Timestamp;
use crate::not_over;
use crate::organizations::model::{Contact, CustomBranding, LinkedService, Organization, SecondFactor, Settings, state_tag};
use crate::organizations::moving_store;
use crate::organizations::usage_store;
use crate::subscriptions::model::{State, Subscription, over_since};

/// What `read` reads, from `organization_listing l` and `JOINS`.
const COLUMNS: &str = "o.id, o.partner, p.name, o.name, o.contact_first_name, o.contact_last_name, o.contact_email, o.country,
    o.created_at, o.created_by, s.plan, s.auto_license, s.seats, s.state, s.since, l.users, l.services, l.seats_used";
/// The rest of a listed row; `cross` keeps the listing's index in front.
const JOINS: &str = "cross join organization o on o.id = l.organization
    cross join subscription s on s.organization = l.organization cross join partner p on p.id = o.partner";

/// An organization inside `scope` that is not deleted, nor over (SUB-3); `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<Organization> {
    db.one(
        &format!(
            "select {COLUMNS} from organization_listing l {JOINS}
              where l.viewer = :viewer and l.organization = :organization and {} and {}",
            in_sight!("l.organization"),
            not_over!("l")
        ),
        scope.bind(&[(":organization", &organization), (":over", &over_since(db.now()))]).as_slice(),
        read,
    )
}

/// A row of `COLUMNS`.
fn read(row: &Row<'_>) -> rusqlite::Result<Organization> {
    let id = row.get(0)?;
    Ok(Organization {
        id,
        partner: row.get(1)?,
        partner_name: row.get(2)?,
        name: row.get(3)?,
        contact: Contact { first_name: row.get(4)?, last_name: row.get(5)?, email: row.get(6)? },
        country: row.get(7)?,
        created_at: row.get(8)?,
        created_by: row.get(9)?,
        subscription: Subscription {
            organization: id,
            plan: row.get(10)?,
            auto_license: row.get(11)?,
            seats: row.get(12)?,
            state: row.get(13)?,
            since: row.get(14)?,
        },
        users: row.get(15)?,
        services: row.get(16)?,
        seats_used: row.get(17)?,
    })
}

/// What an organization inside `scope` says in a column of yes or no; `NotFound` for any other.
fn says(db: &impl Read, scope: &Scope, organization: OrganizationId, column: &'static str) -> Result<bool> {
    db.one(
        &format!(
            "select o.{column} from organization_listing l join organization o on o.id = l.organization
              where l.viewer = :viewer and l.organization = :organization and {} and {}",
            not_over!("l"),
            in_sight!("l.organization")
        ),
        scope.bind(&[(":organization", &organization), (":over", &over_since(db.now()))]).as_slice(),
        |row| row.get(0),
    )
}

/// ORG-9: what an organization inside `scope` asks of its users; `NotFound` for any other.
pub fn second_factor(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<SecondFactor> {
    let required = says(db, scope, organization, "require_second_factor")?;
    Ok(if required { SecondFactor::Required } else { SecondFactor::Optional })
}

/// Sets what an organization asks of its users.
pub fn set_second_factor(tx: &Tx<'_>, organization: OrganizationId, wanted: SecondFactor) -> Result<()> {
    tx.change_one("update organization set require_second_factor = ?2 where id = ?1", (organization, wanted == SecondFactor::Required))
}

/// ORG-10: whether the users of an organization inside `scope` see their partner's look; `NotFound` for any other.
pub fn custom_branding(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<CustomBranding> {
    let on = says(db, scope, organization, "custom_branding")?;
    Ok(if on { CustomBranding::On } else { CustomBranding::Off })
}

/// Sets whether its users do.
pub fn set_custom_branding(tx: &Tx<'_>, organization: OrganizationId, wanted: CustomBranding) -> Result<()> {
    tx.change_one("update organization set custom_branding = ?2 where id = ?1", (organization, wanted == CustomBranding::On))
}

/// The organization of a partner with this name, compared by key, if it is not deleted (ORG-4).
pub fn by_name(db: &impl Read, partner: PartnerId, name_key: &str) -> Result<Option<OrganizationId>> {
    db.maybe("select id from organization where partner = ?1 and name_key = ?2 and deleted_at is null", (partner, name_key), |row| {
        row.get(0)
    })
}

/// The organization of a partner that carries this number of the vendor's, if it is not deleted.
pub fn by_vendor_id(db: &impl Read, partner: PartnerId, vendor_id: i64) -> Result<Option<OrganizationId>> {
    db.maybe("select id from organization where partner = ?1 and vendor_id = ?2 and deleted_at is null", (partner, vendor_id), |row| {
        row.get(0)
    })
}

/// The organization of a partner whose contact has this e-mail, if it is not deleted (ORG-4).
pub fn by_contact(db: &impl Read, partner: PartnerId, email_key: &str) -> Result<Option<OrganizationId>> {
    db.maybe(
        "select id from organization where partner = ?1 and contact_email_key = ?2 and deleted_at is null",
        (partner, email_key),
        |row| row.get(0),
    )
}

/// Makes an organization with a random ID, listed for its partner and every partner above. A name that is taken is a refusal of the
/// field `name` (ORG-4); the transaction is the only writer, so looking first is safe. Its subscription is begun by the caller
/// (`subscriptions::store::begin`); `actions::create` does both.
pub fn create(tx: &Tx<'_>, partner: PartnerId, name: &FirmName, created_by: &str) -> Result<OrganizationId> {
    refuse_taken_name(tx, partner, name, None)?;
    let id = free_id(tx)?;
    tx.change_one(
        "insert into organization (id, partner, name, name_key, created_at, created_by, tags, search) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            id,
            partner,
            name.as_str(),
            name.key(),
            tx.now(),
            created_by,
            tags(tx, partner, State::Active)?,
            search_text(id, name.as_str(), &Contact::default(), &[])
        ],
    )?;
    tx.execute(
        "insert into organization_listing (viewer, organization, state, name_key)
         select ancestor, ?1, ?2, ?3 from partner_ancestor where partner = ?4",
        params![id, State::Active, name.key(), partner],
    )?;
    usage_store::begin(tx, partner, id)?;
    Ok(id)
}

fn refuse_taken_name(tx: &Tx<'_>, partner: PartnerId, name: &FirmName, but: Option<OrganizationId>) -> Result<()> {
    match by_name(tx, partner, &name.key())? {
        Some(other) if Some(other) != but => Err(name_taken(name)),
        _ if moving_store::name_reserved(tx, partner, &name.key(), but)? => Err(name_taken(name)),
        _ => Ok(()),
    }
}

fn name_taken(name: &FirmName) -> Error {
    Error::field("name", format!("There is already an organization named “{}”. Choose another name.", name.as_str()))
}

/// ORG-5: eight random digits, unique in the portal, deleted ones included.
fn free_id(tx: &Tx<'_>) -> Result<OrganizationId> {
    for _ in 0..1_000 {
        let id = OrganizationId(tx.tokens().number(10_000_000, 100_000_000)?);
        let taken: bool = tx.one("select exists (select 1 from organization where id = ?1)", [id], |row| row.get(0))?;
        if !taken {
            return Ok(id);
        }
    }
    Err(Error::internal("no free organization ID was met in a thousand tries"))
}

/// The marks under which an organization stands in the search index: its partner's and those of every partner above, and one for
/// each state but active, so that a tab with few rows is not searched through all the others.
fn tags(db: &impl Read, partner: PartnerId, state: State) -> Result<String> {
    let mut marks: Vec<String> = db.all("select ancestor from partner_ancestor where partner = ?1 order by depth", [partner], |row| {
        row.get(0).map(text::partner_tag)
    })?;
    marks.extend(state_tag(state));
    Ok(marks.join(" "))
}

/// What the search looks through: name, ID with and without its dash, contact, domains. One a line, and no query holds a line's
/// end, so that a match never spans two of them.
pub fn search_text(id: OrganizationId, name: &str, contact: &Contact, domains: &[String]) -> String {
    let mut lines = vec![text::key(name), id.to_string(), id.shown(), text::key(&contact.name())];
    lines.extend(contact.email.as_deref().map(text::key));
    lines.extend(domains.iter().map(|domain| text::key(domain)));
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// Brings what is kept about an organization up to date with the rows it is made of: in its listing the name, plan, state, since when it is
/// unsubscribed, seats bought, number of users, of linked SaaS accounts and of their seats; what it is billed by (SUB-9); in the search its contact and the domains of those accounts. Whoever adds or
/// removes a user, links or unlinks an account, changes an account's `seats_used` or domain, or a plan or state, calls this in the
/// same transaction. Twice changes nothing.
pub fn refresh(tx: &Tx<'_>, organization: OrganizationId) -> Result<()> {
    tx.execute(
        "update organization_listing as l
            set (name_key, plan, state, auto_license, seats, unsubscribed_at) =
                (select o.name_key, s.plan, s.state, s.auto_license, s.seats, case when s.state = 'unsubscribed' then s.since end
                   from organization o join subscription s on s.organization = o.id where o.id = ?1),
                users = (select count(*) from organization_user u where u.organization = ?1),
                (services, seats_used) =
                (select count(*), coalesce(sum(a.seats_used), 0) from saas_account a where a.organization = ?1)
          where l.organization = ?1",
        [organization],
    )?;
    let domains: Vec<String> =
        tx.all("select distinct domain from saas_account where organization = ?1 order by domain", [organization], |row| row.get(0))?;
    let (partner, state, name, contact) = tx.one(
        "select o.partner, s.state, o.name, o.contact_first_name, o.contact_last_name, o.contact_email
           from organization o join subscription s on s.organization = o.id where o.id = ?1",
        [organization],
        |row| {
            let contact = Contact { first_name: row.get(3)?, last_name: row.get(4)?, email: row.get(5)? };
            Ok((row.get::<_, PartnerId>(0)?, row.get::<_, State>(1)?, row.get::<_, String>(2)?, contact))
        },
    )?;
    tx.execute(
        "update organization set tags = ?2, search = ?3 where id = ?1 and (tags <> ?2 or search <> ?3)",
        (organization, tags(tx, partner, state)?, search_text(organization, &name, &contact, &domains)),
    )?;
    usage_store::follow(tx, organization)
}

/// ORG-6: changes the name. One that is taken is a refusal of the field `name`.
pub fn rename(tx: &Tx<'_>, before: &Organization, name: &FirmName) -> Result<()> {
    refuse_taken_name(tx, before.partner, name, Some(before.id))?;
    tx.change_one(
        "update organization set name = ?2, name_key = ?3 where id = ?1 and deleted_at is null",
        (before.id, name.as_str(), name.key()),
    )?;
    refresh(tx, before.id)
}

/// Changes name, contact and country. What is taken is a refusal of its field (ORG-4).
pub fn save_settings(tx: &Tx<'_>, before: &Organization, settings: &Settings) -> Result<()> {
    let email_key = settings.email.as_ref().map(text::Email::key);
    if let Some(key) = &email_key
        && (by_contact(tx, before.partner, key)?.is_some_and(|other| other != before.id)
            || moving_store::contact_reserved(tx, before.partner, key, Some(before.id))?)
    {
        return Err(Error::field("email", "Another organization's contact has this e-mail already. Enter another one."));
    }
    tx.change_one(
        "update organization set contact_first_name = ?2, contact_last_name = ?3, contact_email = ?4, contact_email_key = ?5, country = ?6
          where id = ?1 and deleted_at is null",
        params![
            before.id,
            settings.first_name.as_ref().map(text::PersonName::as_str),
            settings.last_name.as_ref().map(text::PersonName::as_str),
            settings.email.as_ref().map(text::Email::as_str),
            email_key,
            settings.country
        ],
    )?;
    rename(tx, before, &settings.name)
}

/// ORG-8: leaves ID, name and dates of an organization that ends as of the moment `at`. Its users, links, letters and plan are removed by their own stores before.
pub fn erase(tx: &Tx<'_>, organization: OrganizationId, at: Timestamp) -> Result<()> {
    tx.change_one(
        "update organization set vendor_id = null, contact_first_name = null, contact_last_name = null, contact_email = null,
                contact_email_key = null, country = null, custom_branding = 0, require_second_factor = 0, created_by = '', deleted_at = ?2
          where id = ?1 and deleted_at is null",
        (organization, at),
    )?;
    refresh(tx, organization)
}

/// The SaaS accounts linked to an organization inside `scope`, by name.
pub fn linked_services(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<Vec<LinkedService>> {
    let now = db.now();
    db.all(
        concat!(
            "select a.name, case when a.commitment = 'one_year' and a.authorized = 1 and a.cancelled_at is null and a.committed_until > :now
                                 then a.committed_until end
               from organization_listing l join saas_account a on a.organization = l.organization
              where l.viewer = :viewer and l.organization = :organization and ",
            in_sight!("l.organization"),
            " order by a.name_key"
        ),
        scope.bind(&[(":organization", &organization), (":now", &now)]).as_slice(),
        |row| Ok(LinkedService { name: row.get(0)?, committed_until: row.get(1)? }),
    )
}

/// Moves the new organizations of an import in, as they were staged, in the order of their IDs. Their subscriptions follow by
/// `subscriptions::store::begin_imported`, their listing by `list_imported`.
pub fn add_imported(tx: &Tx<'_>, import: ImportId, partner: PartnerId, created_by: &str) -> Result<usize> {
    tx.execute(
        "insert into organization (id, partner, name, name_key, vendor_id, contact_first_name, contact_last_name, contact_email,
                                   contact_email_key, country, created_at, created_by, tags, search)
         select organization, ?2, name, name_key, vendor_id, contact_first_name, contact_last_name, contact_email, contact_email_key,
                country, ?3, ?4, ?5, search
           from import_organization where import = ?1 and verdict = 'new' order by organization",
        params![import, partner, tx.now(), created_by, tags(tx, partner, State::Active)?],
    )
}

/// Changes the organizations that an import found different. The caller refreshes each afterwards.
pub fn change_imported(tx: &Tx<'_>, import: ImportId) -> Result<usize> {
    tx.execute(
        "update organization as o
            set vendor_id = r.vendor_id, contact_first_name = r.contact_first_name, contact_last_name = r.contact_last_name,
                contact_email = r.contact_email, contact_email_key = r.contact_email_key, country = r.country
           from import_organization r
          where r.import = ?1 and r.verdict = 'changed' and o.id = r.organization and o.deleted_at is null",
        [import],
    )
}

/// Lists the new organizations of an import for their partner and every partner above, with the users that came with them, in the
/// order of their names, as most of the listing's indexes have them; and counts them there.
pub fn list_imported(tx: &Tx<'_>, import: ImportId, partner: PartnerId) -> Result<usize> {
    usage_store::begin_imported(tx, import, partner)?;
    tx.execute(
        "insert into organization_count (viewer, state, count)
         select a.ancestor, ?3, r.count
           from partner_ancestor a cross join (select count(*) as count from import_organization where import = ?1 and verdict = 'new') r
          where a.partner = ?2 and r.count > 0
             on conflict (viewer, state) do update set count = count + excluded.count",
        params![import, partner, State::Active],
    )?;
    tx.execute(
        "insert into organization_listing (viewer, organization, state, name_key, plan, auto_license, seats, users)
         select a.ancestor, r.organization, ?3, r.name_key, r.plan, r.auto_license, r.seats,
                (select count(*) from organization_user u where u.organization = r.organization)
           from partner_ancestor a cross join import_organization r
          where a.partner = ?2 and r.import = ?1 and r.verdict = 'new' order by a.ancestor, r.name_key",
        params![import, partner, State::Active],
    )
}

/// Brings the listing of organizations up to date that were here before an import changed their plan or brought them users; what a
/// search looks through follows by `refresh`.
pub fn relist_imported(tx: &Tx<'_>, import: ImportId) -> Result<usize> {
    let plans = tx.execute(
        "update organization_listing as l set plan = r.plan, auto_license = r.auto_license, seats = r.seats from import_organization r
          where r.import = ?1 and r.verdict = 'changed' and l.organization = r.organization
            and (l.plan, l.auto_license, l.seats) is not (r.plan, r.auto_license, r.seats)",
        [import],
    )?;
    let users = tx.execute(
        "update organization_listing as l
            set users = (select count(*) from organization_user u where u.organization = l.organization)
          where l.organization in (
                select distinct r.organization from import_user r indexed by import_user_by_organization
                 where r.import = ?1 and not exists (
                       select 1 from import_organization o
                        where o.import = ?1 and o.organization = r.organization and o.verdict = 'new'))",
        [import],
    )?;
    Ok(plans + users)
}

/// Puts up to `limit` new organizations of an import beyond the id `after` into the search index, before they are moved in; the
/// trigger leaves them alone then. The id of the last one, or nothing when there is none left.
pub fn index_ahead(tx: &Tx<'_>, import: ImportId, partner: PartnerId, after: i64, limit: i64) -> Result<Option<i64>> {
    let last = tx.one(
        "select max(organization) from (select organization from import_organization
          where import = ?1 and verdict = 'new' and organization > ?2 order by organization limit ?3)",
        params![import, after, limit],
        |row| row.get(0),
    )?;
    tx.execute(
        "insert into organization_search (rowid, tags, search)
         select organization, ?4, search from import_organization
          where import = ?1 and verdict = 'new' and organization > ?2 and organization <= ?3 order by organization",
        params![import, after, last, tags(tx, partner, State::Active)?],
    )?;
    Ok(last)
}

/// Takes out of the search index what `index_ahead` put there up to the id `up_to`, for an import that is not carried out: up to
/// `limit` rows from the end. The id up to which rows are still there.
pub fn unindex(tx: &Tx<'_>, import: ImportId, partner: PartnerId, up_to: i64, limit: i64) -> Result<i64> {
    let first: Option<i64> = tx.one(
        "select min(organization) from (select organization from import_organization
          where import = ?1 and verdict = 'new' and organization <= ?2 order by organization desc limit ?3)",
        params![import, up_to, limit],
        |row| row.get(0),
    )?;
    tx.execute(
        "insert into organization_search (organization_search, rowid, tags, search)
         select 'delete', organization, ?4, search from import_organization
          where import = ?1 and verdict = 'new' and organization >= ?2 and organization <= ?3",
        params![import, first, up_to, tags(tx, partner, State::Active)?],
    )?;
    Ok(first.map_or(0, |first| first - 1))
}

/// The search index of organizations.
pub const INDEX: &str = "organization_search";

/// Joins pieces of the search index, about so many pages; whether there were any to join.
pub fn join_index(tx: &Tx<'_>, pages: i64) -> Result<bool> {
    tx.join_index(INDEX, pages)
}
