//! The rows of devices: the only writer of this table.

use rusqlite::{Row, named_params, params};

use crate::access::model::Scope;
use crate::branding::model::DevicesNamed;
use crate::devices::assets_store;
use crate::devices::model::Device;
use crate::devices::report_model::{DeviceReport, Summary, summarize};
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{DeviceId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::organizations::link_model::{Reason, Unlinked};

/// DEV-4: how a partner identifies devices, as a column that a `DevicesNamed` is read from. The partner is an expression of SQL.
#[macro_export]
macro_rules! devices_named {
    ($partner:literal) => {
        concat!("coalesce((select b.devices_named from branding b where b.stage = 'live' and b.partner = ", $partner, "), 'hostname')")
    };
}

/// What `read_for` reads, of `TABLES`, before the columns of `REPORTED`.
pub const KEPT: &str = concat!(
    "d.id, d.partner, d.organization, o.name, d.linked_at, d.unlinked_reason, d.unlinked_detail, d.unlinked_at,
    d.local_permille, d.as_of, d.active_assets, d.newest_snapshot, d.oldest_snapshot, d.newest_offsite, d.oldest_offsite, d.failed_backups,
    d.without_snapshot, d.failed_screenshots, d.newest_screenshot, ",
    devices_named!(":viewer")
);
/// A device with its organization, if it is linked.
pub const TABLES: &str = "device d left join organization o on o.id = d.organization";
/// The devices inside a scope: an employee's partner and the partners beneath it; an organization user's organization alone. Whom access
/// groups limit sees what is linked to their organizations, and what their own partner holds that is linked to none (EMP-4).
pub const IN_SCOPE: &str = concat!(
    "d.partner in (select partner from partner_ancestor where ancestor = :viewer) and ",
    in_sight!("d.organization" or_none "d.partner")
);

/// A device inside `scope`; `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, device: DeviceId) -> Result<Device> {
    db.one(
        &format!("select {KEPT}, {REPORTED} from {TABLES} where d.id = :device and {IN_SCOPE}"),
        scope.bind(&[(":device", &device)]).as_slice(),
        |row| read_for(scope, row),
    )
}

/// The devices linked to an organization inside `scope`, by name; none for an organization outside.
pub fn linked(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<Vec<Device>> {
    db.all(
        &format!("select {KEPT}, {REPORTED} from {TABLES} where d.organization = :organization and {IN_SCOPE} order by d.name_key, d.id"),
        scope.bind(&[(":organization", &organization)]).as_slice(),
        |row| read_for(scope, row),
    )
}

/// The unlinked devices of one partner inside `scope` by name, up to `limit`: all of them, or those whose hostname or serial number contains
/// `words` (DEV-1).
pub fn unlinked(db: &impl Read, scope: &Scope, partner: PartnerId, words: &str, limit: usize) -> Result<Vec<Device>> {
    like(db, scope, partner, "d.organization is null", (words, limit))
}

/// The same of those that are linked already; none without words.
pub fn linked_like(db: &impl Read, scope: &Scope, partner: PartnerId, words: &str, limit: usize) -> Result<Vec<Device>> {
    if words.trim().is_empty() { Ok(Vec::new()) } else { like(db, scope, partner, "d.organization is not null", (words, limit)) }
}

fn like(db: &impl Read, scope: &Scope, partner: PartnerId, which: &str, (words, limit): (&str, usize)) -> Result<Vec<Device>> {
    db.all(
        &format!(
            "select {KEPT}, {REPORTED} from {TABLES}
              where d.partner = :partner and {which} and {IN_SCOPE} and (:words = '' or instr(d.search, :words) > 0)
              order by d.name_key, d.id limit :limit"
        ),
        scope
            .bind(named_params! { ":partner": partner, ":words": text::key(words), ":limit": i64::try_from(limit).unwrap_or(i64::MAX) })
            .as_slice(),
        |row| read_for(scope, row),
    )
}

/// Whether a partner has any device, inside `scope`.
pub fn any_device(db: &impl Read, scope: &Scope, partner: PartnerId) -> Result<bool> {
    db.one(
        &format!("select exists (select 1 from device d where d.partner = :partner and {IN_SCOPE})"),
        scope.bind(&[(":partner", &partner)]).as_slice(),
        |row| row.get(0),
    )
}

/// The device of a partner with this serial number, compared without case.
pub fn by_serial(db: &impl Read, partner: PartnerId, serial: &str) -> Result<Option<DeviceId>> {
    db.maybe("select id from device where partner = ?1 and serial_key = ?2", (partner, text::key(serial)), |row| row.get(0))
}

/// How many devices are linked to an organization, which was found in scope by the caller.
pub fn count_of(db: &impl Read, organization: OrganizationId) -> Result<i64> {
    db.one("select count(*) from device where organization = ?1", [organization], |row| row.get(0))
}

/// Reads a row of `KEPT` and `REPORTED` as this scope sees it: an organization that was deleted is in nobody's access groups (EMP-4), so its name is not
/// told.
pub fn read_for(scope: &Scope, row: &Row<'_>) -> rusqlite::Result<Device> {
    let (named, report) = (row.get::<_, DevicesNamed>(19)?, read_report(row, 20)?);
    let organization = row.get::<_, Option<OrganizationId>>(2)?.zip(row.get(3)?);
    let mut unlinked = match (row.get::<_, Option<Reason>>(5)?, row.get(7)?) {
        (Some(reason), Some(at)) => Some(Unlinked { reason, detail: row.get(6)?, at }),
        _ => None,
    };
    if let (Some(_), Some(unlinked)) = (scope.member(), &mut unlinked) {
        unlinked.forget_organization();
    }
    Ok(Device {
        id: row.get(0)?,
        partner: row.get(1)?,
        organization,
        linked_at: row.get(4)?,
        unlinked,
        local_permille: row.get(8)?,
        summary: Summary {
            as_of: row.get(9)?,
            active: row.get(10)?,
            newest_snapshot: row.get(11)?,
            oldest_snapshot: row.get(12)?,
            newest_offsite: row.get(13)?,
            oldest_offsite: row.get(14)?,
            failed_backups: row.get(15)?,
            without_snapshot: row.get(16)?,
            failed_screenshots: row.get(17)?,
            newest_screenshot: row.get(18)?,
        },
        called: named.name(&report.name, &report.serial),
        named,
        report,
    })
}

/// What `read_report` reads, of `device d`.
pub const REPORTED: &str = "d.serial, d.name, d.model, d.location, d.provider, d.last_seen, d.client_name, d.hidden, d.service_plan,
    d.registered_at, d.service_until, d.warranty_until, d.local_used_kb, d.local_free_kb, d.offsite_bytes, d.managed_bytes, d.internal_ip,
    d.tickets, d.reseller, d.agents, d.shares, d.alerts, d.uptime_seconds, d.web_address";

/// Reads the columns of `REPORTED`, the first of which stands at `at`.
pub fn read_report(row: &Row<'_>, at: usize) -> rusqlite::Result<DeviceReport> {
    Ok(DeviceReport {
        serial: row.get(at)?,
        name: row.get(at + 1)?,
        model: row.get(at + 2)?,
        location: row.get(at + 3)?,
        provider: row.get(at + 4)?,
        last_seen: row.get(at + 5)?,
        client_name: row.get(at + 6)?,
        hidden: row.get(at + 7)?,
        service_plan: row.get(at + 8)?,
        registered_at: row.get(at + 9)?,
        service_until: row.get(at + 10)?,
        warranty_until: row.get(at + 11)?,
        local_used_kb: row.get(at + 12)?,
        local_free_kb: row.get(at + 13)?,
        offsite_bytes: row.get(at + 14)?,
        managed_bytes: row.get(at + 15)?,
        internal_ip: row.get(at + 16)?,
        tickets: row.get(at + 17)?,
        reseller: row.get(at + 18)?,
        agents: row.get(at + 19)?,
        shares: row.get(at + 20)?,
        alerts: row.get(at + 21)?,
        uptime_seconds: row.get(at + 22)?,
        web_address: row.get(at + 23)?,
    })
}

/// What is kept of a device's report. The device was found in scope by the caller.
pub fn report(db: &impl Read, device: DeviceId) -> Result<DeviceReport> {
    db.one(&format!("select {REPORTED} from device d where d.id = ?1"), [device], |row| read_report(row, 0))
}

/// Takes a device as the vendor reports it: the one of its serial number, else a new one, never linked. A link is never touched here; `link`
/// makes one. The device, and whether it is new. Whoever calls this refreshes its summary afterwards.
pub fn upsert(tx: &Tx<'_>, partner: PartnerId, reported: &DeviceReport) -> Result<(DeviceId, bool)> {
    let (id, new) = match by_serial(tx, partner, &reported.serial)? {
        Some(id) => (id, false),
        None => (DeviceId(tx.tokens().id()?), true),
    };
    if new {
        tx.change_one(
            "insert into device (id, partner, serial, serial_key, name, name_key, hidden, tickets, agents, shares, alerts, unlinked_reason,
                                 unlinked_at, created_at, search)
             values (?1, ?2, '', ?3, '', '', 0, 0, 0, 0, 0, ?4, ?5, ?5, '')",
            params![id, partner, text::key(&reported.serial), Reason::NeverLinked, tx.now()],
        )?;
    }
    save(tx, id, reported)?;
    Ok((id, new))
}

fn save(tx: &Tx<'_>, device: DeviceId, reported: &DeviceReport) -> Result<()> {
    tx.change_one(
        "update device
            set serial = ?2, name = ?3, name_key = ?4, model = ?5, location = ?6, provider = ?7, last_seen = ?8, client_name = ?9, hidden = ?10,
                service_plan = ?11, registered_at = ?12, service_until = ?13, warranty_until = ?14, local_used_kb = ?15, local_free_kb = ?16,
                offsite_bytes = ?17, managed_bytes = ?18, internal_ip = ?19, tickets = ?20, reseller = ?21, agents = ?22, shares = ?23,
                alerts = ?24, uptime_seconds = ?25, web_address = ?26, search = ?27, local_permille = ?28
          where id = ?1",
        params![
            device,
            reported.serial,
            reported.name,
            text::key(&reported.name),
            reported.model,
            reported.location,
            reported.provider,
            reported.last_seen,
            reported.client_name,
            reported.hidden,
            reported.service_plan,
            reported.registered_at,
            reported.service_until,
            reported.warranty_until,
            reported.local_used_kb,
            reported.local_free_kb,
            reported.offsite_bytes,
            reported.managed_bytes,
            reported.internal_ip,
            reported.tickets,
            reported.reseller,
            reported.agents,
            reported.shares,
            reported.alerts,
            reported.uptime_seconds,
            reported.web_address,
            reported.search_text(),
            reported.local_permille()
        ],
    )
}

/// Brings what a device's row keeps of its assets up to date. Twice changes nothing. Whoever takes a report of a device, or of its assets, calls
/// this in the same transaction.
pub fn refresh_summary(tx: &Tx<'_>, device: DeviceId) -> Result<()> {
    let assets: Vec<_> = assets_store::of_device(tx, device)?.into_iter().map(|asset| asset.report).collect();
    let kept = summarize(report(tx, device)?.last_seen, &assets);
    tx.change_one(
        "update device
            set as_of = ?2, active_assets = ?3, newest_snapshot = ?4, oldest_snapshot = ?5, newest_offsite = ?6, oldest_offsite = ?7,
                failed_backups = ?8, without_snapshot = ?9, failed_screenshots = ?10, newest_screenshot = ?11
          where id = ?1",
        params![
            device,
            kept.as_of,
            kept.active,
            kept.newest_snapshot,
            kept.oldest_snapshot,
            kept.newest_offsite,
            kept.oldest_offsite,
            kept.failed_backups,
            kept.without_snapshot,
            kept.failed_screenshots,
            kept.newest_screenshot
        ],
    )
}

/// Links an unlinked device to an organization of the same partner. When somebody else was faster nothing changes and `Conflict` says who
/// linked it to what (DEV-3).
pub fn link(tx: &Tx<'_>, organization: OrganizationId, device: DeviceId) -> Result<()> {
    let changed = tx.execute(
        "update device set organization = ?1, linked_at = ?3, unlinked_reason = null, unlinked_detail = null, unlinked_at = null
          where id = ?2 and organization is null and partner = (select partner from organization where id = ?1 and deleted_at is null)",
        params![organization, device, tx.now()],
    )?;
    if changed == 1 { Ok(()) } else { Err(already_linked(tx, device)?) }
}

fn already_linked(tx: &Tx<'_>, device: DeviceId) -> Result<Error> {
    let (name, organization): (String, Option<String>) =
        tx.one("select d.name, o.name from device d left join organization o on o.id = d.organization where d.id = ?1", [device], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let Some(organization) = organization else { return Ok(Error::NotFound) };
    let who: Option<String> = tx.maybe(
        "select actor from activity where kind = 'device.linked' and target_id = ?1 order by seq desc limit 1",
        [device],
        |row| row.get(0),
    )?;
    let who = who.map(|who| format!(" by {who}")).unwrap_or_default();
    Ok(Error::Conflict(format!("{name} was linked to {organization}{who} in the meantime, so nothing was linked. Choose again.")))
}

/// Takes a device's link to this organization away and keeps by whom (DEV-3). Everything else of it stays.
pub fn unlink(tx: &Tx<'_>, organization: OrganizationId, device: DeviceId, by: &str) -> Result<()> {
    tx.change_one(
        "update device set organization = null, linked_at = null, unlinked_reason = ?3, unlinked_detail = ?4, unlinked_at = ?5
          where id = ?1 and organization = ?2",
        params![device, organization, Reason::ByPerson, by, tx.now()],
    )
}

/// Unlinks every device of an organization that is deleted (ORG-8) or goes to another partner (PAR-6); how many there were. How one was
/// called that went is no longer its old partner's to see.
pub fn unlink_all(tx: &Tx<'_>, organization: OrganizationId, reason: Reason) -> Result<usize> {
    let named = reason == Reason::OrganizationDeleted;
    tx.execute(
        "update device
            set unlinked_reason = ?2, unlinked_detail = case when ?4 then (select name from organization where id = ?1) end, unlinked_at = ?3,
                linked_at = null, organization = null
          where organization = ?1",
        params![organization, reason, tx.now(), named],
    )
}
