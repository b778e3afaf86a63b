//! Reads for Device Status: in brief every device in sight, each one row that is kept ready; and a page's devices in full.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rusqlite::Row;

use crate::access::model::Scope;
use crate::branding::model::DevicesNamed;
use crate::devices::model::Device;
use crate::devices::report_model::Summary;
use crate::devices::status_model::{Facts, Judged, Judgement, Query, Sort, worst_first};
use crate::devices::store::{self, IN_SCOPE};
use crate::devices_named;
use crate::in_sight;
use crate::kernel::db::{Read, Reader};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{DeviceId, OrganizationId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::settings::local_model::LocalView;

/// Every device inside `scope`, judged as this viewer does (BRA-3), worst first, else by name. What their data is measured by is the newest moment that
/// any device of the same partner knows: one that fell silent is told by the others. Between two changes the verdicts are worked out once.
pub fn judged(db: &Reader<'_>, scope: &Scope, view: &LocalView) -> Result<Arc<Judgement>> {
    let now = db.now();
    let name = format!("devices judged for {scope:?} by {}, {}", view.warn_hours, view.fail_hours);
    db.kept(name, |judgement: &Judgement| judgement.holds_at(now), || judge(db, scope, view))
}

fn judge(db: &Reader<'_>, scope: &Scope, view: &LocalView) -> Result<Judgement> {
    let (moments, resting, now) = (moments(db, scope.viewer())?, resting(db, scope)?, db.now());
    let from = match scope.only() {
        // An organization's few are found by it, not among all of its partner's.
        Some(_) => "device d indexed by device_linked where d.organization = :whose",
        None => "partner_ancestor p cross join device d indexed by device_judged on d.partner = p.partner where p.ancestor = :viewer",
    };
    // Serial numbers are in no index of what is judged: they are read where they are asked for.
    let name = match db.one(concat!("select ", devices_named!("?1")), [scope.viewer()], |row| row.get(0))? {
        DevicesNamed::Hostname => "d.name",
        DevicesNamed::Serial => "d.serial",
        DevicesNamed::Both => "d.name || ' (' || d.serial || ')'",
    };
    let sql = format!(
        "select d.id, {name}, d.partner, d.organization, d.as_of, d.last_seen, d.local_permille, d.service_until, d.active_assets, d.oldest_snapshot,
                d.oldest_offsite, d.failed_backups, d.without_snapshot, d.failed_screenshots from {from} and {SEEN}"
    );
    let all = db.all(&sql, scope.bind(&[]).as_slice(), |row| {
        let (partner, organization): (PartnerId, Option<OrganizationId>) = (row.get(2)?, row.get(3)?);
        let suspended = organization.is_some_and(|organization| resting.contains(&organization));
        let facts = read(row, suspended, moments.get(&partner).copied())?;
        Ok(Judged { id: row.get(0)?, name: row.get(1)?, linked: organization.is_some(), facts, verdict: facts.verdict(view, now) })
    })?;
    Ok(Judgement::of(worst_first(all), now))
}

/// What a scope sees of its partner's devices (EMP-4).
const SEEN: &str = in_sight!("d.organization" or_none "d.partner");

fn read(row: &Row<'_>, suspended: bool, known: Option<(Timestamp, bool)>) -> rusqlite::Result<Facts> {
    Ok(Facts {
        suspended,
        moment: known.map(|(moment, _)| moment),
        alone: known.is_some_and(|(_, alone)| alone),
        last_seen: row.get(5)?,
        local_permille: row.get(6)?,
        service_until: row.get(7)?,
        assets: Summary {
            as_of: row.get(4)?,
            active: row.get(8)?,
            oldest_snapshot: row.get(9)?,
            oldest_offsite: row.get(10)?,
            failed_backups: row.get(11)?,
            without_snapshot: row.get(12)?,
            failed_screenshots: row.get(13)?,
            ..Summary::default()
        },
    })
}

/// The newest moment that the data of each partner knows, of the viewer and those beneath, and whether it has but one device.
fn moments(db: &impl Read, viewer: PartnerId) -> Result<HashMap<PartnerId, (Timestamp, bool)>> {
    let rows = db.all(
        "select p.partner, (select max(d.as_of) from device d where d.partner = p.partner),
                (select count(*) from (select 1 from device d where d.partner = p.partner limit 2)) = 1
           from partner_ancestor p where p.ancestor = ?1",
        [viewer],
        |row| Ok((row.get(0)?, row.get::<_, Option<Timestamp>>(1)?, row.get(2)?)),
    )?;
    Ok(rows.into_iter().filter_map(|(partner, moment, alone)| moment.map(|moment| (partner, (moment, alone)))).collect())
}

/// The suspended and unsubscribed organizations inside `scope`.
fn resting(db: &impl Read, scope: &Scope) -> Result<HashSet<OrganizationId>> {
    const RESTING: &str = concat!(
        "select l.organization from organization_listing l where l.viewer = :viewer and l.state in ('suspended', 'unsubscribed') and ",
        in_sight!("l.organization")
    );
    Ok(db.all(RESTING, scope.bind(&[]).as_slice(), |row| row.get(0))?.into_iter().collect())
}

/// The devices inside `scope` that a query's words and organization find, in its order where that is by hostname, organization, model or what
/// lies offsite. What is looked through is read once between two changes.
pub fn looked_for(db: &Reader<'_>, scope: &Scope, query: &Query, view: &LocalView) -> Result<Vec<DeviceId>> {
    let all = db.kept(format!("devices to be found by {scope:?}"), |_| true, || findable(db, scope))?;
    let words = text::key(&query.words);
    let mut found: Vec<&Findable> = all.iter().filter(|one| one.fits(&words, query.organization)).collect();
    match query.sorted_by(view) {
        Sort::Organization => found.sort_by_key(|one| (one.organization_key.is_none(), one.organization_key.as_deref())),
        Sort::Model => found.sort_by_key(|one| one.model.as_deref()),
        Sort::Offsite => found.sort_by_key(|one| Reverse(one.offsite)),
        Sort::State | Sort::Name | Sort::Local | Sort::Seen => {}
    }
    Ok(found.into_iter().map(|one| one.id).collect())
}

/// What a device is found and sorted by.
#[derive(Debug)]
struct Findable {
    id: DeviceId,
    search: String,
    organization: Option<OrganizationId>,
    organization_key: Option<String>,
    model: Option<String>,
    model_key: String,
    offsite: Option<i64>,
}

impl Findable {
    /// Whether its hostname, serial number, model or organization's name holds the words.
    fn fits(&self, words: &str, organization: Option<OrganizationId>) -> bool {
        (organization.is_none() || organization == self.organization)
            && (self.search.contains(words)
                || self.organization_key.as_ref().is_some_and(|key| key.contains(words))
                || self.model_key.contains(words))
    }
}

/// Every device inside `scope` with what it is found by, in the order of their hostnames.
fn findable(db: &Reader<'_>, scope: &Scope) -> Result<Vec<Findable>> {
    db.all(
        &format!(
            "select d.id, d.search, d.organization, o.name_key, d.model, d.offsite_bytes
               from device d left join organization o on o.id = d.organization where {IN_SCOPE} order by d.name_key, d.id"
        ),
        scope.bind(&[]).as_slice(),
        |row| {
            let model: Option<String> = row.get(4)?;
            Ok(Findable {
                id: row.get(0)?,
                search: row.get(1)?,
                organization: row.get(2)?,
                organization_key: row.get(3)?,
                model_key: model.as_deref().map(text::key).unwrap_or_default(),
                model,
                offsite: row.get(5)?,
            })
        },
    )
}

/// What the state of one device follows from. It was found in scope by the caller.
pub fn facts(db: &impl Read, device: &Device) -> Result<Facts> {
    let (suspended, moment, alone) = db.one(
        "select coalesce((select s.state in ('suspended', 'unsubscribed') from subscription s where s.organization = d.organization), 0),
                (select max(x.as_of) from device x where x.partner = d.partner),
                (select count(*) from (select 1 from device x where x.partner = d.partner limit 2)) = 1
           from device d where d.id = ?1",
        [device.id],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    Ok(Facts {
        suspended,
        moment,
        alone,
        last_seen: device.report.last_seen,
        local_permille: device.local_permille,
        service_until: device.report.service_until,
        assets: device.summary,
    })
}

/// The same of a page's few, read once between two changes.
pub fn page_in_full(db: &Reader<'_>, scope: &Scope, ids: &[DeviceId]) -> Result<Arc<Vec<Device>>> {
    db.kept(format!("devices {ids:?} for {scope:?}"), |_| true, || in_full(db, scope, ids.iter().copied()))
}

/// These devices in full, in this order; those outside `scope` are left out.
pub fn in_full(db: &impl Read, scope: &Scope, ids: impl Iterator<Item = DeviceId>) -> Result<Vec<Device>> {
    let mut devices = Vec::new();
    for id in ids {
        match store::find(db, scope, id) {
            Ok(device) => devices.push(device),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(devices)
}
