//! The rules as they are set and those that are true: the only writer of these tables. What the rules look at is read from its own slices' rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::params;

use crate::access::model::Scope;
use crate::alerts::model::{DeviceFacts, Facts, Listed, Reader, ServiceFacts, Standing, Whose};
use crate::alerts::rules_model::{OF_DEVICES, OF_PARTNER, OF_SERVICES, Rule, Setting, Side, To};
use crate::backups::model::STALE_AFTER;
use crate::branding::model::DevicesNamed;
use crate::devices_named;
use crate::in_sight;
use crate::kernel::db::{self, Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{OrganizationId, PartnerId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::notifications::model::Notice;

/// The rules of an organization, or of a whole partner, as they stand, in the words of a reader of this partner (DEV-4). Found in scope by the caller. An organization that is not active has
/// nothing to be warned of (SUB-2).
pub fn standing(db: &impl Read, whose: Whose, reader: PartnerId) -> Result<Vec<Standing>> {
    let facts = facts(db, Some(whose), Some(reader))?.remove(&whose.of_provider()).unwrap_or_default();
    let raised: BTreeMap<Rule, Timestamp> = db
        .all(
            "select rule, since from alert_raised where partner = ?1 and coalesce(organization, 0) = coalesce(?2, 0) and side = ?3",
            params![whose.partner, whose.organization, whose.side],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?
        .into_iter()
        .collect();
    let settings = settings(db, whose)?;
    Ok(settings
        .into_iter()
        .map(|setting| Standing::of(setting, whose.side, &facts, raised.get(&setting.rule).copied(), db.now()))
        .collect())
}

/// The rules as they are set, each once, in the order of the page.
pub fn settings(db: &impl Read, whose: Whose) -> Result<Vec<Setting>> {
    let chosen: Vec<Setting> = db.all(
        "select rule, threshold, unit, told from alert_rule where partner = ?1 and coalesce(organization, 0) = coalesce(?2, 0)
            and side = ?3",
        params![whose.partner, whose.organization, whose.side],
        |row| Ok(Setting { rule: row.get(0)?, threshold: row.get(1)?, unit: row.get(2)?, to: row.get(3)? }),
    )?;
    Ok(all_of(whose, &chosen))
}

/// What was chosen, and the defaults of the rest.
fn all_of(whose: Whose, chosen: &[Setting]) -> Vec<Setting> {
    let rules: Vec<Rule> = match whose.organization {
        Some(_) => OF_DEVICES.iter().chain(OF_SERVICES).copied().collect(),
        None => OF_PARTNER.to_vec(),
    };
    rules
        .into_iter()
        .map(|rule| chosen.iter().find(|setting| setting.rule == rule).copied().unwrap_or_else(|| rule.default_of(whose.side)))
        .collect()
}

/// Sets a rule.
pub fn set(tx: &Tx<'_>, whose: Whose, setting: &Setting) -> Result<()> {
    tx.execute(
        "delete from alert_rule where partner = ?1 and coalesce(organization, 0) = coalesce(?2, 0) and side = ?3 and rule = ?4",
        params![whose.partner, whose.organization, whose.side, setting.rule],
    )?;
    tx.change_one(
        "insert into alert_rule (id, partner, organization, side, rule, threshold, unit, told) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            tx.tokens().id()?,
            whose.partner,
            whose.organization,
            whose.side,
            setting.rule,
            setting.threshold,
            setting.unit,
            setting.to
        ],
    )
}

/// Notes that a rule is true since now.
pub fn raise(tx: &Tx<'_>, whose: Whose, rule: Rule) -> Result<()> {
    tx.change_one(
        "insert into alert_raised (id, partner, organization, side, rule, since) values (?1, ?2, ?3, ?4, ?5, ?6)",
        params![tx.tokens().id()?, whose.partner, whose.organization, whose.side, rule, tx.now()],
    )
}

/// Notes that it is not true any more.
pub fn lower(tx: &Tx<'_>, whose: Whose, rule: Rule) -> Result<()> {
    tx.change_one(
        "delete from alert_raised where partner = ?1 and coalesce(organization, 0) = coalesce(?2, 0) and side = ?3 and rule = ?4",
        params![whose.partner, whose.organization, whose.side, rule],
    )
}

/// ORG-8, PAR-6: nothing of an organization that is deleted, or goes to another partner, stays.
pub fn forget_organization(tx: &Tx<'_>, organization: OrganizationId) -> Result<()> {
    tx.execute("delete from alert_rule where organization = ?1", [organization])?;
    tx.execute("delete from alert_raised where organization = ?1", [organization]).map(drop)
}

/// When all rules were last looked at.
pub fn last_round(db: &impl Read) -> Result<Option<Timestamp>> {
    db.maybe("select at from alert_round", [], |row| row.get(0))
}

/// Notes that all rules were looked at.
pub fn keep_round(tx: &Tx<'_>) -> Result<()> {
    tx.change_one("insert into alert_round (id, at) values (1, ?1) on conflict (id) do update set at = excluded.at", [tx.now()])
}

/// Everybody of whom what is known and what is true differ at this moment: a look at every rule of the portal.
pub fn unsettled(db: &impl Read) -> Result<Vec<Whose>> {
    let (facts, now) = (facts(db, None, None)?, db.now());
    let mut raised: BTreeMap<Whose, BTreeMap<Rule, Timestamp>> = BTreeMap::new();
    for (whose, rule, since) in db.all("select partner, organization, side, rule, since from alert_raised", [], |row| {
        Ok((Whose { partner: row.get(0)?, organization: row.get(1)?, side: row.get(2)? }, row.get(3)?, row.get(4)?))
    })? {
        raised.entry(whose).or_default().insert(rule, since);
    }
    let mut chosen: BTreeMap<Whose, Vec<Setting>> = BTreeMap::new();
    for (whose, setting) in db.all("select partner, organization, side, rule, threshold, unit, told from alert_rule", [], |row| {
        let setting = Setting { rule: row.get(3)?, threshold: row.get(4)?, unit: row.get(5)?, to: row.get(6)? };
        Ok((Whose { partner: row.get(0)?, organization: row.get(1)?, side: row.get(2)? }, setting))
    })? {
        chosen.entry(whose).or_default().push(setting);
    }
    let (nothing, none, default) = (Facts::default(), BTreeMap::new(), Vec::new());
    let differs = |whose: &Whose| {
        let (facts, raised) = (facts.get(&whose.of_provider()).unwrap_or(&nothing), raised.get(whose).unwrap_or(&none));
        let settings = all_of(*whose, chosen.get(whose).unwrap_or(&default));
        settings.into_iter().any(|setting| Standing::of(setting, whose.side, facts, raised.get(&setting.rule).copied(), now).is_unsettled())
    };
    // An organization's own rules count once somebody chose one.
    let all: BTreeSet<Whose> = facts.keys().chain(raised.keys()).chain(chosen.keys()).copied().collect();
    Ok(all.into_iter().filter(differs).collect())
}

/// What the rules of either side look at, by the provider's: of one, or of everybody who has anything. Devices are called what the reader's
/// partner calls them; without a reader, what their own does.
fn facts(db: &impl Read, of: Option<Whose>, reader: Option<PartnerId>) -> Result<BTreeMap<Whose, Facts>> {
    let mut all: BTreeMap<Whose, Facts> = BTreeMap::new();
    let only = match of {
        Some(Whose { organization: Some(_), .. }) => "d.organization = :organization",
        Some(Whose { organization: None, .. }) => "1 = 0",
        None => "d.organization is not null",
    };
    let organization = of.and_then(|whose| whose.organization);
    let sql = format!(
        "select d.partner, d.organization, d.name, d.last_seen, d.local_permille, d.oldest_snapshot, d.oldest_offsite, d.failed_screenshots,
                d.newest_screenshot, d.service_until, d.without_snapshot, d.created_at, d.serial,
                {named}
           from device d join subscription s on s.organization = d.organization
          where {only} and s.state = 'active' and (:organization is null or 1) order by d.name_key, d.id",
        named = devices_named!("coalesce(:reader, d.partner)")
    );
    for (whose, device) in db.all(&sql, rusqlite::named_params! { ":organization": organization, ":reader": reader }, |row| {
        let device = DeviceFacts {
            name: row.get::<_, DevicesNamed>(13)?.name(&row.get::<_, String>(2)?, &row.get::<_, String>(12)?),
            last_seen: row.get(3)?,
            local_permille: row.get(4)?,
            oldest_snapshot: row.get(5)?,
            oldest_offsite: row.get(6)?,
            failed_screenshots: row.get(7)?,
            newest_screenshot: row.get(8)?,
            service_until: row.get(9)?,
            without_snapshot: row.get(10)?,
            known_since: row.get(11)?,
        };
        Ok((Whose { partner: row.get(0)?, organization: row.get(1)?, side: Side::Provider }, device))
    })? {
        all.entry(whose).or_default().devices.push(device);
    }
    services(db, of, &mut all)?;
    Ok(all)
}

/// SaaS accounts: each counts for its organization, and for its partner as a whole.
fn services(db: &impl Read, of: Option<Whose>, all: &mut BTreeMap<Whose, Facts>) -> Result<()> {
    let only = match of {
        Some(Whose { organization: Some(_), .. }) => "a.organization = :organization and a.partner = :partner",
        // The partner's own rules are about what is linked to nothing, and about caps.
        Some(Whose { organization: None, .. }) => {
            "a.partner = :partner and (:organization is null) and (a.organization is null or a.licence_cap is not null)"
        }
        None => "(:organization is null and :partner is null)",
    };
    let (partner, organization) = (of.map(|whose| whose.partner), of.and_then(|whose| whose.organization));
    let recent = db.now() - STALE_AFTER;
    let sql = format!(
        "select a.partner, a.organization, a.name,
                case when l.standing in ('failing', 'some_missed', 'protected', 'too_little_history') and l.as_of >= :recent
                          and l.active_services > 0 then l.backed_services * 1000 / l.active_services end,
                case when a.organization is null then a.unlinked_at end, a.seats_billable, a.licence_cap, s.state
           from saas_account a join saas_listing l on l.saas_account = a.id and l.viewer = a.partner
           left join subscription s on s.organization = a.organization
          where {only} and a.cancelled_at is null order by a.name_key, a.id"
    );
    let rows = db.all(&sql, rusqlite::named_params! { ":organization": organization, ":partner": partner, ":recent": recent }, |row| {
        let service = ServiceFacts {
            name: row.get(2)?,
            success: row.get(3)?,
            unlinked_at: row.get(4)?,
            cap: row.get::<_, Option<i64>>(5)?.zip(row.get(6)?),
        };
        let state: Option<String> = row.get(7)?;
        Ok((Whose { partner: row.get(0)?, organization: row.get(1)?, side: Side::Provider }, service, state.as_deref() == Some("active")))
    })?;
    for (whose, service, active) in rows {
        let partner = Whose { organization: None, ..whose };
        if whose.organization.is_some() && active {
            all.entry(whose).or_default().services.push(service.clone());
        }
        if active || whose.organization.is_none() {
            all.entry(partner).or_default().services.push(service);
        }
    }
    Ok(())
}

/// Whom a letter goes to at this moment: who is active, and of the staff who sees the organization (EMP-4).
pub fn readers(db: &impl Read, whose: Whose, to: To, rule: Rule) -> Result<Vec<Reader>> {
    // EMP-3: of devices nobody reads who may not see them.
    let may = if OF_DEVICES.contains(&rule) { "e.bcdr = 'full'" } else { "1 = 1" };
    let staff = match to {
        To::Primary => "e.role = 'primary_account'",
        To::Staff | To::All => {
            "e.role in ('primary_account', 'security_admin', 'admin')
             and (e.limited = 0 or e.role <> 'admin' or exists (select 1 from employee_sight g where g.account = e.account and g.organization = ?2))"
        }
        To::Users | To::Nobody => "1 = 0",
    };
    let users = match to {
        To::Users | To::All => "u.access = 'full'",
        To::Primary | To::Staff | To::Nobody => "1 = 0",
    };
    let sql = format!(
        "select a.id, a.identity, a.first_name || ' ' || a.last_name, i.email
           from employee e join account a on a.id = e.account join identity i on i.id = a.identity
          where e.partner = ?1 and a.state = 'active' and {may} and {staff}
         union all
         select a.id, a.identity, a.first_name || ' ' || a.last_name, i.email
           from organization_user u join account a on a.id = u.account join identity i on i.id = a.identity
          where u.organization = ?2 and a.state = 'active' and {users}"
    );
    db.all(&sql, params![whose.partner, whose.organization], |row| {
        Ok(Reader { account: row.get(0)?, identity: row.get(1)?, name: row.get(2)?, email: row.get(3)? })
    })
}

/// Organizations on the page.
const LISTED: i64 = 50;

/// Organizations inside `scope` whose name holds `words`: those with rules that are true first, then by name; fifty at most.
pub fn organizations(db: &db::Reader<'_>, scope: &Scope, words: &str) -> Result<Arc<Vec<Listed>>> {
    let words = text::key(words);
    db.kept(format!("organizations with alerts for {scope:?}: {words}"), |_| true, || find_organizations(db, scope, &words))
}

fn find_organizations(db: &impl Read, scope: &Scope, words: &str) -> Result<Vec<Listed>> {
    const SEEN: &str = in_sight!("o.id");
    let counted =
        "(select count(*) from device d where d.organization = f.id), (select count(*) from saas_account a where a.organization = f.id),
                   (select count(*) from alert_raised r where r.organization = f.id and r.side = 'provider')";
    let wanted = format!(
        "o.partner in (select partner from partner_ancestor where ancestor = :viewer) and o.deleted_at is null and {SEEN}
         and (:words = '' or instr(o.name_key, :words) > 0)"
    );
    let find = |from: &str, limit: i64| {
        db.all(
            &format!("select f.id, f.name, {counted} from (select o.id, o.name, o.name_key from {from} where {wanted} order by o.name_key, o.id limit :limit) f"),
            scope.bind(rusqlite::named_params! { ":words": words, ":limit": limit }).as_slice(),
            |row| Ok(Listed { organization: row.get(0)?, name: row.get(1)?, devices: row.get(2)?, services: row.get(3)?, raised: row.get(4)?, told: false }),
        )
    };
    let mut listed: Vec<Listed> = find(
        "(select distinct organization from alert_raised where organization is not null and side = 'provider') r cross join organization o on o.id = r.organization",
        LISTED,
    )?;
    listed.sort_by_key(|one| std::cmp::Reverse(one.raised));
    let more = find("organization o", LISTED)?;
    listed.extend(more.into_iter().filter(|one| one.raised == 0));
    listed.truncate(usize::try_from(LISTED).unwrap_or(usize::MAX));
    for one in &mut listed {
        one.told = tells_anybody(db, one)?;
    }
    Ok(listed)
}

/// Whether any rule about what an organization has would write to anybody of its provider, at this moment.
fn tells_anybody(db: &impl Read, of: &Listed) -> Result<bool> {
    let partner = db.one("select partner from organization where id = ?1", [of.organization], |row| row.get(0))?;
    let whose = Whose { partner, organization: Some(of.organization), side: Side::Provider };
    let chosen =
        db.maybe("select wanted from notification where partner = ?1 and notice = ?2", (partner, Notice::AlertRaised), |row| row.get(0))?;
    if !chosen.unwrap_or(Notice::AlertRaised.default()) {
        return Ok(false);
    }
    let watches = |rule: Rule| if OF_DEVICES.contains(&rule) { 0 < of.devices } else { 0 < of.services };
    let mut asked: BTreeSet<(To, bool)> = BTreeSet::new();
    for setting in settings(db, whose)?.into_iter().filter(|setting| setting.to != To::Nobody && watches(setting.rule)) {
        // Readers differ by whom a rule tells, and by whether it is about devices.
        let new = asked.insert((setting.to, OF_DEVICES.contains(&setting.rule)));
        if new && !readers(db, whose, setting.to, setting.rule)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}
