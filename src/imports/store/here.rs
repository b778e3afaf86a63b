//! What is here already, as an import compares its rows with it. Everything is looked up inside one partner.

use std::collections::BTreeMap;

use rusqlite::params;

use crate::access::roles_model::{EndpointAccess, OrganizationAccess};
use crate::imports::model::{DAY_STATES, DayRow, SEAT_STATES, SeatRow};
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::{ImportId, PartnerId, SaasAccountId};
use crate::kernel::time::Timestamp;
use crate::saas::model::Reported;

/// An organization that is not deleted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Organization {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The vendor's id of it.
    pub vendor_id: Option<i64>,
    /// The contact's first name.
    pub contact_first_name: Option<String>,
    /// The contact's last name.
    pub contact_last_name: Option<String>,
    /// The contact's e-mail.
    pub contact_email: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Plan.
    pub plan: Option<String>,
    /// Auto License.
    pub auto_license: bool,
    /// Seats bought.
    pub seats: Option<i64>,
}

const ORGANIZATION: &str = "select o.id, o.name, o.vendor_id, o.contact_first_name, o.contact_last_name, o.contact_email, o.country,
        s.plan, s.auto_license, s.seats
   from organization o join subscription s on s.organization = o.id
  where o.partner = ?1 and o.deleted_at is null and ";

fn read_organization(row: &rusqlite::Row<'_>) -> rusqlite::Result<Organization> {
    Ok(Organization {
        id: row.get(0)?,
        name: row.get(1)?,
        vendor_id: row.get(2)?,
        contact_first_name: row.get(3)?,
        contact_last_name: row.get(4)?,
        contact_email: row.get(5)?,
        country: row.get(6)?,
        plan: row.get(7)?,
        auto_license: row.get(8)?,
        seats: row.get(9)?,
    })
}

/// The organization of this name (ORG-4).
pub fn organization_named(db: &impl Read, partner: PartnerId, name_key: &str) -> Result<Option<Organization>> {
    db.maybe(&format!("{ORGANIZATION} o.name_key = ?2"), params![partner, name_key], read_organization)
}

/// The organization with this id of the vendor's.
pub fn organization_of_vendor(db: &impl Read, partner: PartnerId, vendor_id: i64) -> Result<Option<Organization>> {
    db.maybe(&format!("{ORGANIZATION} o.vendor_id = ?2"), params![partner, vendor_id], read_organization)
}

/// The name of the organization that scripts know by its own id, since the vendor's is not known, if that is `id` (api.md, Basics).
pub fn organization_without_vendor(db: &impl Read, partner: PartnerId, id: i64) -> Result<Option<String>> {
    db.maybe(
        "select name from organization where partner = ?1 and id = ?2 and vendor_id is null and deleted_at is null",
        params![partner, id],
        |row| row.get(0),
    )
}

/// The id and name of the organization whose contact has this e-mail (ORG-4).
pub fn contact_holder(db: &impl Read, partner: PartnerId, email_key: &str) -> Result<Option<(i64, String)>> {
    db.maybe(
        "select id, name from organization where partner = ?1 and contact_email_key = ?2 and deleted_at is null",
        params![partner, email_key],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Whether this product's use of this e-mail is listed here (ACC-12).
pub fn has_other_product(db: &impl Read, partner: PartnerId, email_key: &str, product_key: &str) -> Result<bool> {
    db.one(
        "select exists (select 1 from other_product_address where partner = ?1 and email_key = ?2 and product_key = ?3)",
        params![partner, email_key, product_key],
        |row| row.get(0),
    )
}

/// PAR-6: the name and the day's moment of an organization that went from here to another partner, known by the vendor's id, or by its name
/// where it had none.
pub fn moved_away(db: &impl Read, partner: PartnerId, vendor_id: Option<i64>, name_key: &str) -> Result<Option<(String, Timestamp)>> {
    db.maybe(
        "select t.name, t.ended_at from transfer t join organization o on o.id = t.organization
          where t.partner = ?1 and t.state = 'done' and o.partner <> ?1
            and (o.vendor_id = ?2 or (o.name_key = ?3 and (o.vendor_id is null or ?2 is null)))
          order by t.ended_at desc limit 1",
        params![partner, vendor_id, name_key],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// PAR-6: the name of an organization that a checked import means and that went to another partner since.
pub fn moved_since(db: &impl Read, import: ImportId, partner: PartnerId) -> Result<Option<String>> {
    db.maybe(
        "select t.name from transfer t join organization o on o.id = t.organization
          where t.partner = ?2 and t.state = 'done' and o.partner <> ?2 and o.id in (
            select organization from import_organization where import = ?1 and verdict = 'changed'
            union all select organization from import_user where import = ?1
            union all select organization from import_account where import = ?1
            union all select organization from import_device where import = ?1
            union all select organization from import_endpoint_agent where import = ?1
            union all select organization from import_endpoint_asset where import = ?1)
          order by t.ended_at desc limit 1",
        params![import, partner],
        |row| row.get(0),
    )
}

/// Whether an organization of this name was deleted here.
pub fn was_deleted(db: &impl Read, partner: PartnerId, name_key: &str) -> Result<bool> {
    db.one(
        "select exists (select 1 from organization_listing l join organization o on o.id = l.organization
                         where l.viewer = ?1 and l.state = 'deleted' and l.name_key = ?2 and o.partner = ?1)",
        params![partner, name_key],
        |row| row.get(0),
    )
}

/// Whether an organization ID is free: unique in the portal, imports on their way in included (ORG-5).
pub fn organization_id_is_free(db: &impl Read, id: i64) -> Result<bool> {
    db.one(
        "select not exists (select 1 from organization where id = ?1) and not exists (select 1 from import_organization where organization = ?1)",
        [id],
        |row| row.get(0),
    )
}

/// A user of an organization.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// The account.
    pub account: i64,
    /// The identity.
    pub identity: i64,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Dialling code.
    pub country_code: Option<String>,
    /// Phone.
    pub mobile_phone: Option<String>,
    /// USR-2, left.
    pub access: OrganizationAccess,
    /// USR-2, right.
    pub endpoint_access: EndpointAccess,
}

/// The user of an organization with this e-mail.
pub fn user(db: &impl Read, partner: PartnerId, organization: i64, email_key: &str) -> Result<Option<User>> {
    db.maybe(
        "select a.id, a.identity, a.first_name, a.last_name, a.country_code, a.mobile_phone, u.access, u.endpoint_access
           from identity i join account a on a.identity = i.id and a.organization = ?3
           join organization_user u on u.account = a.id
          where i.partner = ?1 and i.email_key = ?2",
        params![partner, email_key, organization],
        |row| {
            Ok(User {
                account: row.get(0)?,
                identity: row.get(1)?,
                first_name: row.get(2)?,
                last_name: row.get(3)?,
                country_code: row.get(4)?,
                mobile_phone: row.get(5)?,
                access: row.get(6)?,
                endpoint_access: row.get(7)?,
            })
        },
    )
}

/// The identity of an e-mail (ACC-11).
pub fn identity(db: &impl Read, partner: PartnerId, email_key: &str) -> Result<Option<i64>> {
    db.maybe("select id from identity where partner = ?1 and email_key = ?2", params![partner, email_key], |row| row.get(0))
}

/// Whether any e-mail rests at the partner (ACC-6): where none does, none needs to be looked for.
pub fn any_held_email(db: &impl Read, partner: PartnerId) -> Result<bool> {
    db.one("select exists (select 1 from held_email where partner = ?1 and until > ?2)", params![partner, db.now()], |row| row.get(0))
}

/// USR-3: staged users whose Endpoint Backup access meets that of a user who keeps it: file, line, and who has it.
pub fn endpoint_clashes(db: &impl Read, import: ImportId) -> Result<Vec<(String, i64, String)>> {
    db.all(
        "select r.file, r.line, a.first_name || ' ' || a.last_name || ' (' || i.email || ')'
           from import_user r
           join organization_user u on u.organization = r.organization and u.endpoint_access = 'file_restores' and u.account <> r.account
           join account a on a.id = u.account join identity i on i.id = a.identity
          where r.import = ?1 and r.endpoint_access = 'file_restores'
            and not exists (select 1 from import_user x where x.import = ?1 and x.account = u.account and x.endpoint_access = 'none')
          order by r.file, r.line",
        [import],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// A SaaS account.
#[derive(Clone, PartialEq, Debug)]
pub struct Account {
    /// Its id.
    pub id: SaasAccountId,
    /// What the vendor reports of it; `stats` as far as they are known.
    pub reported: Reported,
    /// Whether it is authorized; a pending one has no vendor id (SAS-6).
    pub authorized: bool,
    /// Where it is linked: the organization's vendor id and its name.
    pub linked: Option<(Option<i64>, String)>,
    /// When its backups were destroyed.
    pub purged_at: Option<Timestamp>,
    /// When it was cancelled (SAS-7).
    pub cancelled_at: Option<Timestamp>,
    /// Whether its seats are known, so that those used are counted here.
    pub counted: bool,
}

/// The SaaS account of this vendor id, or else the one of this product and domain that waits to be authorized (SAS-6).
pub fn account(db: &impl Read, partner: PartnerId, vendor_id: i64, waiting: Option<(&str, &str)>) -> Result<Option<Account>> {
    let (product, domain_key) = waiting.unzip();
    db.maybe(
        "select a.id, coalesce(a.vendor_id, 0), a.name, a.domain, a.product, a.external_subscription_id, a.retention, a.seats_used,
                a.stats_active, a.stats_recent, a.stats_percentage, a.authorized, o.vendor_id, o.name, a.purged_at, a.cancelled_at,
                exists (select 1 from seat t where t.saas_account = a.id)
           from saas_account a left join organization o on o.id = a.organization
          where a.partner = ?1 and (a.vendor_id = ?2 or (a.vendor_id is null and a.authorized = 0 and a.product = ?3 and a.domain_key = ?4))
          order by a.vendor_id is null, a.created_at limit 1",
        params![partner, vendor_id, product, domain_key],
        |row| {
            let stats = match (row.get(8)?, row.get(9)?, row.get(10)?) {
                (Some(active), Some(recent), Some(percentage)) => Some((active, recent, percentage)),
                _ => None,
            };
            let reported = Reported {
                vendor_id: row.get(1)?,
                name: row.get(2)?,
                domain: row.get(3)?,
                product: row.get(4)?,
                external_subscription_id: row.get(5)?,
                retention: row.get(6)?,
                seats_used: row.get(7)?,
                stats,
            };
            let linked = match row.get::<_, Option<String>>(13)? {
                Some(name) => Some((row.get(12)?, name)),
                None => None,
            };
            let (purged_at, cancelled_at, counted) = (row.get(14)?, row.get(15)?, row.get(16)?);
            Ok(Account { id: row.get(0)?, reported, authorized: row.get(11)?, linked, purged_at, cancelled_at, counted })
        },
    )
}

/// What bounds the seats of an account (SEA-5, SUB-7).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bounds {
    /// Its license cap.
    pub cap: Option<i64>,
    /// The organization that it is linked to, or will be, with its name.
    pub organization: Option<(i64, String)>,
    /// Seats bought there with Auto License off.
    pub bought: Option<i64>,
    /// Seats that the organization uses by now, those of this account among them.
    pub used: i64,
}

/// What bounds an account that is here, or one that will be linked to this organization.
pub fn bounds(db: &impl Read, account: Option<SaasAccountId>, organization: Option<i64>) -> Result<Bounds> {
    let found = db.maybe(
        "select a.licence_cap, o.id, o.name, case when s.auto_license = 0 then s.seats end,
                (select coalesce(sum(x.seats_used), 0) from saas_account x where x.organization = o.id)
           from (select ?1 as id) w left join saas_account a on a.id = w.id
           left join organization o on o.id = coalesce(a.organization, ?2) left join subscription s on s.organization = o.id",
        params![account, organization],
        |row| {
            Ok(Bounds {
                cap: row.get(0)?,
                organization: row.get::<_, Option<i64>>(1)?.zip(row.get(2)?),
                bought: row.get(3)?,
                used: row.get(4)?,
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// A seat, and when its state was set here, as long as no import has shown that the vendor has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seat {
    /// The seat.
    pub row: SeatRow,
    /// When its state was set here.
    pub set_at: Option<Timestamp>,
}

/// The seats of an account by type and id at the vendor.
pub fn seats(db: &impl Read, account: SaasAccountId) -> Result<BTreeMap<(String, String), Seat>> {
    let rows = db.all(
        "select seat_type, main_id, name, state, billable, date_added, remote_id, set_at from seat where saas_account = ?1",
        [account],
        |row| {
            let state: String = row.get(3)?;
            let seat = SeatRow {
                seat_type: row.get(0)?,
                main_id: row.get(1)?,
                name: row.get(2)?,
                state: SEAT_STATES.iter().find(|word| **word == state).copied().unwrap_or_default(),
                billable: row.get(4)?,
                date_added: row.get(5)?,
                remote_id: row.get(6)?,
            };
            Ok(Seat { row: seat, set_at: row.get(7)? })
        },
    )?;
    Ok(rows.into_iter().map(|seat| ((seat.row.seat_type.clone(), seat.row.main_id.clone()), seat)).collect())
}

/// What is kept of an application: bytes, services not taken in, last fully protected.
pub type Standing = (i64, i64, Option<String>);

/// An application's row, if there is one.
pub fn application(db: &impl Read, account: SaasAccountId, application: &str) -> Result<Option<Standing>> {
    db.maybe(
        "select used_bytes, uningested_services, last_fully_protected from saas_application where saas_account = ?1 and application = ?2",
        params![account, application],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// The row of an application's day, if there is one.
pub fn day(db: &impl Read, account: SaasAccountId, application: &str, day: i64) -> Result<Option<DayRow>> {
    db.maybe(
        "select window_start, window_end, total_services, active_services, backed_services, perfect_services, status
           from backup_day where saas_account = ?1 and application = ?2 and day = ?3",
        params![account, application, day],
        |row| {
            let status: String = row.get(6)?;
            Ok(DayRow {
                window_start: row.get(0)?,
                window_end: row.get(1)?,
                total: row.get(2)?,
                active: row.get(3)?,
                backed: row.get(4)?,
                perfect: row.get(5)?,
                status: DAY_STATES.iter().find(|word| **word == status).copied().unwrap_or_default(),
            })
        },
    )
}

/// The later end of an account's newest day, if it has one.
pub fn newest_day(db: &impl Read, account: SaasAccountId) -> Result<Option<i64>> {
    db.one("select max(window_end) from backup_day where saas_account = ?1", [account], |row| row.get(0))
}

/// Whether somebody changed something since an import was checked that its rows could have met.
pub fn changed_since_check(db: &impl Read, import: ImportId) -> Result<bool> {
    db.one(
        "select exists (select 1 from activity a join import i on i.id = ?1
                         where a.seq > i.checked_seq
                           and (a.kind like 'organization.%' or a.kind like 'user.%' or a.kind like 'saas_account.%'
                                or a.kind like 'device.%'
                                or a.kind like 'employee.%' or a.kind like 'import.%'
                                or a.kind like 'transfer.%'))",
        [import],
        |row| row.get(0),
    )
}
