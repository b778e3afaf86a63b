//! The rows of SaaS accounts: the only writer of this table.

use std::collections::HashMap;

use rusqlite::{Row, named_params, params, params_from_iter};

use crate::access::model::Scope;
use crate::backups::model::{Application, BackupDay, FullyProtected, STRIP_DAYS, Summary, summarize};
use crate::in_sight;
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{OrganizationId, PartnerId, SaasAccountId};
use crate::kernel::text;
use crate::organizations::model::Backups;
use crate::saas::model::{Facts, Product, Reason, Reported, SaasAccount, Taken, Unlinked};
use crate::seats::model::{SeatState, Tally, billable};

/// What `read` reads, of `TABLES`; other slices' reads of accounts use the same two.
pub const COLUMNS: &str = "a.id, a.partner, a.organization, o.name, a.vendor_id, a.name, a.domain, a.product, a.external_subscription_id,
    a.region, a.retention, a.commitment, a.seats_used, a.linked_at, a.unlinked_reason, a.unlinked_detail, a.unlinked_at, a.authorized,
    s.state, a.as_of, a.health, a.active_services,
    a.health = 'no_data' and a.paused,
    a.purged_at, a.backed_services, a.used_bytes, a.last_fully_protected, a.strip, a.cancelled_at";
/// An account with its organization and that organization's subscription, if it is linked.
pub const TABLES: &str = "saas_account a left join organization o on o.id = a.organization
    left join subscription s on s.organization = a.organization";
/// The accounts inside a scope: an employee's partner and the partners beneath it; an organization user's organization alone. Whom access
/// groups limit sees what is linked to their organizations, and what their own partner holds that is linked to none (EMP-4).
pub const IN_SCOPE: &str = concat!(
    "a.partner in (select partner from partner_ancestor where ancestor = :viewer) and ",
    in_sight!("a.organization" or_none "a.partner")
);

/// An account inside `scope`; `NotFound` for any other, existing or not (ALL-1).
pub fn find(db: &impl Read, scope: &Scope, account: SaasAccountId) -> Result<SaasAccount> {
    db.one(
        &format!("select {COLUMNS} from {TABLES} where a.id = :account and {IN_SCOPE}"),
        scope.bind(&[(":account", &account)]).as_slice(),
        |row| read_for(scope, row),
    )
}

/// Accounts that were met in a list of the viewer's own, in the same order.
pub fn met(db: &impl Read, scope: &Scope, accounts: &[SaasAccountId]) -> Result<Vec<SaasAccount>> {
    let marks = vec!["?"; accounts.len()].join(", ");
    let sql = format!("select {COLUMNS} from {TABLES} where a.id in ({marks})");
    let found = db.all(&sql, params_from_iter(accounts), |row| read_for(scope, row))?;
    let mut found: HashMap<SaasAccountId, SaasAccount> = found.into_iter().map(|account| (account.id, account)).collect();
    Ok(accounts.iter().filter_map(|id| found.remove(id)).collect())
}

/// The accounts linked to an organization inside `scope`, by name; none for an organization outside.
pub fn linked(db: &impl Read, scope: &Scope, organization: OrganizationId) -> Result<Vec<SaasAccount>> {
    db.all(
        &format!("select {COLUMNS} from {TABLES} where a.organization = :organization and {IN_SCOPE} order by a.name_key, a.id"),
        scope.bind(&[(":organization", &organization)]).as_slice(),
        |row| read_for(scope, row),
    )
}

/// The unlinked accounts of one partner inside `scope` by name, up to `limit`: all of them, or those whose name, domain or id contains
/// `words` (SAS-3).
pub fn unlinked(db: &impl Read, scope: &Scope, partner: PartnerId, words: &str, limit: usize) -> Result<Vec<SaasAccount>> {
    let words = text::key(words);
    let found = text::trigram_query(partner.0, &words);
    db.all(
        &format!(
            "select {COLUMNS} from {TABLES}
              where a.partner = :partner and a.organization is null and {IN_SCOPE}
                and (:match is null or a.id in (select rowid from saas_account_search where saas_account_search match :match))
                and (:match is not null or :words = '' or instr(a.name_key, :words) > 0 or instr(a.domain_key, :words) > 0
                     or instr(cast(a.vendor_id as text), :words) > 0)
              order by a.name_key, a.id limit :limit"
        ),
        scope
            .bind(named_params! {
                ":partner": partner, ":match": found, ":words": words, ":limit": i64::try_from(limit).unwrap_or(i64::MAX)
            })
            .as_slice(),
        |row| read_for(scope, row),
    )
}

/// Whether a partner has any account, inside `scope`.
pub fn any_account(db: &impl Read, scope: &Scope, partner: PartnerId) -> Result<bool> {
    db.one(
        &format!("select exists (select 1 from saas_account a where a.partner = :partner and {IN_SCOPE})"),
        scope.bind(&[(":partner", &partner)]).as_slice(),
        |row| row.get(0),
    )
}

/// Up to `limit` accounts of a partner inside `scope` that hold the words and are linked already, by name.
pub fn linked_like(db: &impl Read, scope: &Scope, partner: PartnerId, words: &str, limit: usize) -> Result<Vec<SaasAccount>> {
    let words = text::key(words);
    let Some(wanted) = text::trigram_query(partner.0, &words) else { return Ok(Vec::new()) };
    db.all(
        &format!(
            "select {COLUMNS} from {TABLES}
              where a.partner = :partner and a.organization is not null and {IN_SCOPE}
                and a.id in (select rowid from saas_account_search where saas_account_search match :match)
              order by a.name_key, a.id limit :limit"
        ),
        scope.bind(named_params! { ":partner": partner, ":match": wanted, ":limit": i64::try_from(limit).unwrap_or(i64::MAX) }).as_slice(),
        |row| read_for(scope, row),
    )
}

/// How many accounts of the whole tree are linked to no organization; of their own partner for whom groups limit (EMP-4), none for an
/// organization user.
pub fn unlinked_count(db: &impl Read, scope: &Scope) -> Result<i64> {
    if scope.only().is_some() {
        return Ok(0);
    }
    if scope.member().is_some() {
        let own = "select count(*) from saas_account indexed by saas_account_unlinked where partner = ?1 and organization is null";
        return db.one(own, [scope.viewer()], |row| row.get(0));
    }
    let kept: Option<i64> = db.maybe("select unlinked from saas_total where viewer = ?1", [scope.viewer()], |row| row.get(0))?;
    Ok(kept.unwrap_or(0))
}

/// The users with Full access at an organization that is active: name, e-mail, and whether they are set up (USR-7). Deactivated and
/// lapsed ones administer nothing.
pub fn super_administrators(db: &impl Read, organization: OrganizationId) -> Result<Vec<(String, String, bool)>> {
    db.all(
        "select a.first_name || ' ' || a.last_name, i.email, a.state = 'active'
           from organization_user u join account a on a.id = u.account join identity i on i.id = a.identity
           join subscription s on s.organization = u.organization
          where u.organization = ?1 and u.access = 'full' and s.state = 'active'
            and (a.state in ('active', 'not_invited') or (a.state = 'invited' and a.invited_until > ?2))
          order by a.name_key, a.id",
        params![organization, db.now()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// The same as this scope sees it: an organization that was deleted is in nobody's access groups (EMP-4), so its name is not told.
pub fn read_for(scope: &Scope, row: &Row<'_>) -> rusqlite::Result<SaasAccount> {
    let mut account = read(row)?;
    if let (Some(_), Some(unlinked)) = (scope.member(), &mut account.unlinked) {
        unlinked.forget_organization();
    }
    Ok(account)
}

/// Reads a row of `COLUMNS`.
fn read(row: &Row<'_>) -> rusqlite::Result<SaasAccount> {
    let organization = match (row.get(2)?, row.get(3)?) {
        (Some(id), Some(name)) => Some((id, name)),
        _ => None,
    };
    let unlinked = match (row.get::<_, Option<Reason>>(14)?, row.get(16)?) {
        (Some(reason), Some(at)) => Some(Unlinked { reason, detail: row.get(15)?, at }),
        _ => None,
    };
    Ok(SaasAccount {
        id: row.get(0)?,
        partner: row.get(1)?,
        organization,
        vendor_id: row.get(4)?,
        name: row.get(5)?,
        domain: row.get(6)?,
        product: row.get(7)?,
        external_subscription_id: row.get(8)?,
        region: row.get(9)?,
        retention: row.get(10)?,
        commitment: row.get(11)?,
        seats_used: row.get(12)?,
        linked_at: row.get(13)?,
        unlinked,
        facts: Facts {
            authorized: row.get(17)?,
            subscription: row.get(18)?,
            as_of: row.get(19)?,
            health: row.get(20)?,
            active_services: row.get(21)?,
            paused: row.get(22)?,
            purged_at: row.get(23)?,
            cancelled_at: row.get(28)?,
        },
        backed_services: row.get(24)?,
        used_bytes: row.get(25)?,
        last_fully_protected: row.get(26)?,
        strip: row.get(27)?,
    })
}

/// The account of a partner with this customer id of the vendor's.
pub fn by_vendor_id(db: &impl Read, partner: PartnerId, vendor_id: i64) -> Result<Option<SaasAccountId>> {
    db.maybe("select id from saas_account where partner = ?1 and vendor_id = ?2", (partner, vendor_id), |row| row.get(0))
}

/// The organization an account is linked to, for those who already hold the account.
pub fn organization_of(db: &impl Read, account: SaasAccountId) -> Result<Option<OrganizationId>> {
    db.one("select organization from saas_account where id = ?1", [account], |row| row.get(0))
}

/// Takes an account as the vendor reports it: by its customer id, else into one that is pending with the same domain and product
/// (SAS-6), else as a new one, never linked. A link is never touched here; `link` makes one.
pub fn upsert(tx: &Tx<'_>, partner: PartnerId, reported: &Reported) -> Result<(SaasAccountId, Taken)> {
    let known = match by_vendor_id(tx, partner, reported.vendor_id)? {
        Some(id) => Some(id),
        None => pending(tx, partner, reported)?,
    };
    match known {
        Some(id) => Ok((id, if 0 < update(tx, id, reported)? { Taken::Changed } else { Taken::Unchanged })),
        None => insert(tx, partner, reported).map(|id| (id, Taken::New)),
    }
}

fn pending(tx: &Tx<'_>, partner: PartnerId, reported: &Reported) -> Result<Option<SaasAccountId>> {
    tx.maybe(
        "select id from saas_account
          where partner = ?1 and domain_key = ?2 and product = ?3 and vendor_id is null and authorized = 0 order by created_at limit 1",
        params![partner, text::key(&reported.domain), reported.product],
        |row| row.get(0),
    )
}

fn insert(tx: &Tx<'_>, partner: PartnerId, reported: &Reported) -> Result<SaasAccountId> {
    let id = SaasAccountId(tx.tokens().id()?);
    tx.change_one(
        "insert into saas_account (id, partner, vendor_id, name, name_key, domain, domain_key, product, external_subscription_id,
                                   retention, seats_used, stats_active, stats_recent, stats_percentage, unlinked_reason, unlinked_at,
                                   severity, created_at, tags, search)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?16, ?18, ?19)",
        params![
            id,
            partner,
            reported.vendor_id,
            reported.name,
            text::key(&reported.name),
            reported.domain,
            text::key(&reported.domain),
            reported.product,
            reported.external_subscription_id,
            reported.retention,
            reported.seats_used,
            reported.stats.map(|stats| stats.0),
            reported.stats.map(|stats| stats.1),
            reported.stats.map(|stats| stats.2),
            Reason::NeverLinked,
            tx.now(),
            crate::backups::model::Health::NoData.severity(),
            tags(tx, partner)?,
            search_text(&reported.name, &reported.domain, Some(reported.vendor_id), reported.product)
        ],
    )?;
    Ok(id)
}

/// A cancelled account takes over no figures (SAS-7).
fn update(tx: &Tx<'_>, id: SaasAccountId, reported: &Reported) -> Result<usize> {
    // The vendor's number, until the seats themselves are known.
    const SEATS_USED: &str = "iif(cancelled_at is not null or exists (select 1 from seat where saas_account = ?1), seats_used, ?10)";
    tx.execute(
        &format!(
        "update saas_account
            set vendor_id = ?2, name = ?3, name_key = ?4, domain = ?5, domain_key = ?6, product = ?7,
                external_subscription_id = coalesce(?8, external_subscription_id), retention = coalesce(?9, retention), seats_used = {SEATS_USED},
                stats_active = iif(cancelled_at is null, ?11, stats_active), stats_recent = iif(cancelled_at is null, ?12, stats_recent),
                stats_percentage = iif(cancelled_at is null, ?13, stats_percentage),
                committed_until = case when authorized = 0 and commitment = 'one_year' then ?15 else committed_until end, authorized = 1,
                search = ?14
          where id = ?1
            and ((vendor_id, name, domain, product, external_subscription_id, retention, authorized)
                    is not (?2, ?3, ?5, ?7, coalesce(?8, external_subscription_id), coalesce(?9, retention), 1)
                 or cancelled_at is null
                    and (seats_used, stats_active, stats_recent, stats_percentage) is not ({SEATS_USED}, ?11, ?12, ?13))"
        ),
        params![
            id,
            reported.vendor_id,
            reported.name,
            text::key(&reported.name),
            reported.domain,
            text::key(&reported.domain),
            reported.product,
            reported.external_subscription_id,
            reported.retention,
            reported.seats_used,
            reported.stats.map(|stats| stats.0),
            reported.stats.map(|stats| stats.1),
            reported.stats.map(|stats| stats.2),
            search_text(&reported.name, &reported.domain, Some(reported.vendor_id), reported.product),
            tx.now().a_year_later()
        ],
    )
}

/// The marks under which an account stands in the search index: its partner's and those of every partner above.
pub fn tags(db: &impl Read, partner: PartnerId) -> Result<String> {
    let ancestors: Vec<i64> =
        db.all("select ancestor from partner_ancestor where partner = ?1 order by depth", [partner], |row| row.get(0))?;
    Ok(ancestors.into_iter().map(text::partner_tag).collect::<Vec<_>>().join(" "))
}

/// What the search looks through: name, domain, customer id and every name of the product (SAS-1). One a line, and no query holds a
/// line's end, so that a match never spans two of them.
pub fn search_text(name: &str, domain: &str, vendor_id: Option<i64>, product: Product) -> String {
    let mut lines = vec![text::key(name), text::key(domain)];
    lines.extend(vendor_id.map(|id| id.to_string()));
    lines.push(product.names().to_owned());
    lines.join("\n")
}

/// Links an unlinked account to an organization of the same partner. When somebody else was faster nothing changes and `Conflict`
/// says who linked it to what (SAS-2).
pub fn link(tx: &Tx<'_>, organization: OrganizationId, account: SaasAccountId) -> Result<()> {
    let changed = tx.execute(
        "update saas_account set organization = ?1, linked_at = ?3, unlinked_reason = null, unlinked_detail = null, unlinked_at = null
          where id = ?2 and organization is null and partner = (select partner from organization where id = ?1 and deleted_at is null)",
        params![organization, account, tx.now()],
    )?;
    if changed == 1 { Ok(()) } else { Err(already_linked(tx, account)?) }
}

fn already_linked(tx: &Tx<'_>, account: SaasAccountId) -> Result<Error> {
    let (name, organization): (String, Option<String>) = tx.one(
        "select a.name, o.name from saas_account a left join organization o on o.id = a.organization where a.id = ?1",
        [account],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let Some(organization) = organization else { return Ok(Error::NotFound) };
    let who: Option<String> = tx.maybe(
        "select actor from activity where kind in ('saas_account.linked', 'saas_account.added') and target_id = ?1 order by seq desc limit 1",
        [account],
        |row| row.get(0),
    )?;
    let who = who.map(|who| format!(" by {who}")).unwrap_or_default();
    Ok(Error::Conflict(format!("{name} was linked to {organization}{who} in the meantime, so nothing was linked. Choose again.")))
}

/// Seats that all SaaS accounts linked to an organization use: those that are billed (SEA-4), or what the vendor reports of an account whose
/// seats are not known yet. The organization was found in scope by the caller.
pub fn used_of(db: &impl Read, organization: OrganizationId) -> Result<i64> {
    db.one("select coalesce(sum(seats_used), 0) from saas_account where organization = ?1", [organization], |row| row.get(0))
}

/// What ends with an account's link: whom of the organization was asked to authorize it, and who consented (SAS-6, ORG-8). Nobody of the
/// next organization said anything, and the letters of before lead nowhere.
pub(super) const NOBODY_ASKED: &str =
    "managed_by = 'partner', asked_by = null, asked_name = null, asked_at = null, consent_by = null, consent_at = null";

/// Takes an account's link to this organization away and keeps why (SAS-4). Seats and backups stay; what was asked and consented does not.
pub fn unlink(tx: &Tx<'_>, organization: OrganizationId, account: SaasAccountId, reason: Reason, detail: &str) -> Result<()> {
    tx.change_one(
        &format!(
            "update saas_account
                set organization = null, linked_at = null, unlinked_reason = ?3, unlinked_detail = ?4, unlinked_at = ?5, {NOBODY_ASKED}
              where id = ?1 and organization = ?2"
        ),
        params![account, organization, reason, detail, tx.now()],
    )
}

/// Unlinks every account of an organization that is being deleted (ORG-8); how many there were. `Purge` also empties what this table
/// keeps of their backups and notes when; days, sizes and seats are emptied before, by `backups::store::purge_of_organization` and
/// `seats::store::unprotect_all`.
pub fn unlink_all(tx: &Tx<'_>, organization: OrganizationId, backups: Backups) -> Result<usize> {
    let unlinked = format!(
        "unlinked_reason = ?2, unlinked_detail = (select name from organization where id = ?1), unlinked_at = ?3, linked_at = null,
         organization = null, {NOBODY_ASKED}"
    );
    let gone = params![organization, Reason::OrganizationDeleted, tx.now()];
    if backups == Backups::Keep {
        return tx.execute(&format!("update saas_account set {unlinked} where organization = ?1"), gone);
    }
    // In one statement: what lists keep of an account is written anew for each.
    let (strip, severity) = ("-".repeat(STRIP_DAYS), crate::backups::model::Health::NoData.severity());
    tx.execute(
        &format!(
            "update saas_account
                set {unlinked}, purged_at = ?3, auto_add = 0, licence_cap = null, seats_used = 0,
                    seats_unprotected = seats_active + seats_kept + seats_unprotected, seats_active = 0, seats_kept = 0,
                    seats_billable = 0, paused = 0, stats_active = null, stats_recent = null, stats_percentage = null, as_of = null,
                    used_bytes = null, active_services = 0, backed_services = 0, perfect_services = 0, last_fully_protected = null,
                    strip = ?4, health = 'no_data', severity = ?5
              where organization = ?1"
        ),
        params![organization, Reason::OrganizationDeleted, tx.now(), strip, severity],
    )
}

/// Brings what an account's row keeps of its days, applications and seats up to date. Twice changes nothing. Whoever adds days or
/// applications, or changes seats, calls this in the same transaction. Whether anything changed.
///
/// Seats used are what is billed of the seats (SEA-4), whatever the vendor's own number was; as long as no seat is known, that number stays.
pub fn refresh_summary(tx: &Tx<'_>, account: SaasAccountId) -> Result<bool> {
    let seats: Vec<Tally> =
        tx.all("select seat_type, state, count(*) from seat where saas_account = ?1 group by seat_type, state", [account], |row| {
            Ok(Tally { seat_type: row.get(0)?, state: row.get(1)?, count: row.get(2)? })
        })?;
    let of = |states: &[SeatState]| seats.iter().filter(|tally| states.contains(&tally.state)).map(|tally| tally.count).sum::<i64>();
    let paused = 0 < of(&[SeatState::Paused]) && of(&[SeatState::Active]) == 0;
    let counts = tx.execute(
        "update saas_account
            set seats_active = ?2, seats_kept = ?3, seats_unprotected = ?4, seats_billable = ?5, paused = ?6, seats_used = iif(?7, ?5, seats_used)
          where id = ?1 and (seats_active, seats_kept, seats_unprotected, seats_billable, paused, seats_used)
                        is not (?2, ?3, ?4, ?5, ?6, iif(?7, ?5, seats_used))",
        params![
            account,
            of(&[SeatState::Active]),
            of(&[SeatState::Paused, SeatState::Archived]),
            of(&[SeatState::Unprotected]),
            billable(&seats),
            paused,
            !seats.is_empty()
        ],
    )?;
    let summary = summarize(&days(tx, account)?, &applications(tx, account)?, paused);
    Ok(save_summary(tx, account, &summary)? || 0 < counts)
}

fn save_summary(tx: &Tx<'_>, account: SaasAccountId, summary: &Summary) -> Result<bool> {
    let changed = tx.execute(
        "update saas_account
            set as_of = ?2, used_bytes = ?3, active_services = ?4, backed_services = ?5, perfect_services = ?6, last_fully_protected = ?7,
                strip = ?8, health = ?9, severity = ?10
          where id = ?1
            and (as_of, used_bytes, active_services, backed_services, perfect_services, last_fully_protected, strip, health, severity)
             is not (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            account,
            summary.as_of,
            summary.used_bytes,
            summary.active,
            summary.backed,
            summary.perfect,
            summary.last_fully_protected,
            summary.strip,
            summary.health,
            summary.health.severity()
        ],
    )?;
    Ok(0 < changed)
}

/// An application's newest day. The account was found in scope by the caller.
pub fn newest_day(db: &impl Read, account: SaasAccountId, application: &str) -> Result<Option<BackupDay>> {
    db.maybe(
        &format!("select {DAY} from backup_day where saas_account = ?1 and application = ?2 order by day desc limit 1"),
        (account, application),
        read_day,
    )
}

const DAY: &str = "application, window_start, window_end, total_services, active_services, backed_services, perfect_services, status";

fn read_day(row: &Row<'_>) -> rusqlite::Result<BackupDay> {
    Ok(BackupDay {
        application: row.get(0)?,
        from: row.get(1)?,
        until: row.get(2)?,
        total: row.get(3)?,
        active: row.get(4)?,
        backed: row.get(5)?,
        perfect: row.get(6)?,
        status: row.get(7)?,
    })
}

/// An account's days up to a month before its newest, newest first. The account was found in scope by the caller.
pub fn days(db: &impl Read, account: SaasAccountId) -> Result<Vec<BackupDay>> {
    db.all(
        &format!(
            "select {DAY} from backup_day
              where saas_account = ?1 and day > (select max(day) from backup_day where saas_account = ?1) - 32
              order by window_end desc, application"
        ),
        [account],
        read_day,
    )
}

/// An account's applications by their word. The account was found in scope by the caller.
pub fn applications(db: &impl Read, account: SaasAccountId) -> Result<Vec<Application>> {
    db.all(
        "select application, used_bytes, uningested_services, last_fully_protected from saas_application
          where saas_account = ?1 order by application",
        [account],
        |row| {
            Ok(Application {
                application: row.get(0)?,
                used_bytes: row.get(1)?,
                uningested: row.get(2)?,
                last_fully_protected: row.get::<_, Option<String>>(3)?.as_deref().map(FullyProtected::parse),
            })
        },
    )
}

/// The search index of SaaS accounts.
pub const INDEX: &str = "saas_account_search";

/// Joins pieces of the search index, about so many pages; whether there were any to join.
pub fn join_index(tx: &Tx<'_>, pages: i64) -> Result<bool> {
    tx.join_index(INDEX, pages)
}
