//! What SaaS accounts were taken on for, and how their authorization stands; columns of `saas_account`.

use rusqlite::{Row, params};

use crate::access::model::Scope;
use crate::backups::model::{Health, STRIP_DAYS};
use crate::kernel::db::{Read, Tx};
use crate::kernel::error::Result;
use crate::kernel::ids::{AccountId, IdentityId, OrganizationId, PartnerId, SaasAccountId};
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::saas::adding_model::Service;
use crate::saas::model::{Commitment, Product, Retention};
use crate::saas::store::{IN_SCOPE, search_text, tags};
use crate::saas::terms_model::{AutoAdd, Conditions, ManagedBy, Resale, Terms};

/// The terms of an account inside `scope`; `NotFound` for any other, existing or not.
pub fn find(db: &impl Read, scope: &Scope, account: SaasAccountId) -> Result<Terms> {
    db.one(
        &format!(
            "select a.commitment, a.committed_until, a.retention, a.not_for_resale, a.auto_add, a.licence_cap, a.seats_billable, a.authorized,
                    a.managed_by, a.asked_name, a.asked_at, a.consent_by, a.consent_at, a.cancelled_at, a.cancelled_because
               from saas_account a where a.id = :account and {IN_SCOPE}"
        ),
        scope.bind(&[(":account", &account)]).as_slice(),
        read,
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<Terms> {
    Ok(Terms {
        commitment: row.get(0)?,
        committed_until: row.get(1)?,
        retention: row.get(2)?,
        resale: if row.get(3)? { Resale::NotForResale } else { Resale::ForResale },
        auto_add: if row.get(4)? { AutoAdd::On } else { AutoAdd::Off },
        licence_cap: row.get(5)?,
        billable: row.get(6)?,
        authorized: row.get(7)?,
        managed_by: row.get(8)?,
        asked: row.get::<_, Option<String>>(9)?.zip(row.get(10)?),
        consent: row.get::<_, Option<String>>(11)?.zip(row.get(12)?),
        cancelled: row.get::<_, Option<Timestamp>>(13)?.zip(row.get(14)?),
    })
}

/// SAS-6: commitment and retention of the organization's accounts, as far as they are known; a further account takes both over. The
/// organization was found in scope by the caller.
pub fn fixed(db: &impl Read, organization: OrganizationId) -> Result<(Option<Commitment>, Option<Retention>)> {
    let one = |column: &str| {
        format!(
            "select {column} from saas_account where organization = ?1 and {column} is not null and cancelled_at is null
              order by created_at, id limit 1"
        )
    };
    Ok((db.maybe(&one("commitment"), [organization], |row| row.get(0))?, db.maybe(&one("retention"), [organization], |row| row.get(0))?))
}

/// The partner's account of this product and domain that is not cancelled.
pub fn holder(db: &impl Read, partner: PartnerId, product: Product, domain: &str) -> Result<Option<SaasAccountId>> {
    db.maybe(
        "select id from saas_account
          where partner = ?1 and domain_key = ?2 and product = ?3 and cancelled_at is null order by created_at limit 1",
        params![partner, text::key(domain), product],
        |row| row.get(0),
    )
}

/// SAS-6: an account that waits for its authorization, linked to its organization from the beginning.
pub fn add(
    tx: &Tx<'_>,
    (partner, organization): (PartnerId, OrganizationId),
    name: &str,
    service: &Service,
    conditions: &Conditions,
    (managed_by, asked_by): (ManagedBy, Option<AccountId>),
) -> Result<SaasAccountId> {
    let id = SaasAccountId(tx.tokens().id()?);
    tx.change_one(
        "insert into saas_account (id, partner, organization, linked_at, name, name_key, domain, domain_key, product, region, retention,
                                   commitment, authorized, not_for_resale, auto_add, licence_cap, managed_by, severity, created_at, tags, search,
                                   asked_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, ?13, ?14, ?15, ?16, ?17, ?4, ?18, ?19, ?20)",
        params![
            id,
            partner,
            organization,
            tx.now(),
            name,
            text::key(name),
            service.domain,
            text::key(&service.domain),
            service.product,
            service.region,
            conditions.retention,
            conditions.commitment,
            service.resale == Resale::NotForResale,
            conditions.auto_add == AutoAdd::On,
            conditions.licence_cap,
            managed_by,
            Health::NoData.severity(),
            tags(tx, partner)?,
            search_text(name, &service.domain, None, service.product),
            asked_by
        ],
    )?;
    Ok(id)
}

/// Keeps whom the letter to authorize went to, and who asked for it.
pub fn note_asked(tx: &Tx<'_>, account: SaasAccountId, name: &str, asked_by: Option<AccountId>) -> Result<()> {
    tx.change_one(
        "update saas_account set managed_by = 'organization', asked_name = ?2, asked_at = ?3, asked_by = ?4 where id = ?1 and authorized = 0",
        params![account, name, tx.now(), asked_by],
    )
}

/// An employee who hears of an account's authorization.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asker {
    /// The account on the staff.
    pub account: AccountId,
    /// What they sign in with.
    pub identity: IdentityId,
    /// Their partner: the one that holds the account, or one above.
    pub partner: PartnerId,
    /// First and last name.
    pub name: String,
    /// The e-mail.
    pub email: String,
}

/// MAI-1: who asked for an account's authorization last, or added it, as long as they are active, may authorize it and see its
/// organization (EMP-4); else the primary account of the partner that holds it. The account was found in scope by the caller.
pub fn asker(db: &impl Read, account: SaasAccountId) -> Result<Option<Asker>> {
    db.maybe(
        "select a.id, a.identity, a.partner, a.first_name || ' ' || a.last_name, i.email
           from saas_account x join employee e on e.account = x.asked_by or (e.partner = x.partner and e.role = 'primary_account')
           join account a on a.id = e.account join identity i on i.id = a.identity
          where x.id = ?1
            and (e.role = 'primary_account' and e.partner = x.partner
                 or a.state = 'active' and e.role in ('primary_account', 'security_admin', 'admin')
                    and (e.limited = 0 or e.role <> 'admin'
                         or exists (select 1 from employee_sight g where g.account = e.account and g.organization = x.organization)))
          order by e.account is not x.asked_by limit 1",
        [account],
        |row| Ok(Asker { account: row.get(0)?, identity: row.get(1)?, partner: row.get(2)?, name: row.get(3)?, email: row.get(4)? }),
    )
}

/// Keeps who of the organization consented; the first consent stays.
pub fn note_consent(tx: &Tx<'_>, account: SaasAccountId, name: &str) -> Result<()> {
    tx.change_one(
        "update saas_account set consent_by = ?2, consent_at = ?3 where id = ?1 and authorized = 0 and consent_at is null",
        params![account, name, tx.now()],
    )
}

/// SAS-6: authorized under this customer id of the vendor's; a committed year begins. `Conflict` if it was authorized meanwhile.
pub fn authorize(tx: &Tx<'_>, account: SaasAccountId, customer_id: i64, committed_until: Option<Timestamp>) -> Result<()> {
    let (name, domain, product): (String, String, Product) =
        tx.one("select name, domain, product from saas_account where id = ?1", [account], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    tx.change_one(
        "update saas_account set authorized = 1, vendor_id = ?2, committed_until = ?3, search = ?4 where id = ?1 and authorized = 0",
        params![account, customer_id, committed_until, search_text(&name, &domain, Some(customer_id), product)],
    )
}

/// SAS-6: whether an account was authorized by hand and nothing of the vendor's came in since, so that its customer id may be a slip.
pub fn is_unfilled(db: &impl Read, account: SaasAccountId) -> Result<bool> {
    db.one(
        "select authorized = 1 and cancelled_at is null and external_subscription_id is null and stats_active is null and as_of is null
                and purged_at is null and not exists (select 1 from seat t where t.saas_account = a.id)
           from saas_account a where id = ?1",
        [account],
        |row| row.get(0),
    )
}

/// SAS-6: another customer id in the place of the one that was entered. `Conflict` if that is another by now.
pub fn correct(tx: &Tx<'_>, account: SaasAccountId, (was, will): (i64, i64)) -> Result<()> {
    let (name, domain, product): (String, String, Product) =
        tx.one("select name, domain, product from saas_account where id = ?1", [account], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    tx.change_one(
        "update saas_account set vendor_id = ?3, search = ?4 where id = ?1 and vendor_id = ?2",
        params![account, was, will, search_text(&name, &domain, Some(will), product)],
    )
}

/// SAS-7, SEA-5: sets what can be set; `until` is the end of the committed year.
pub fn set(tx: &Tx<'_>, account: SaasAccountId, conditions: &Conditions, until: Option<Timestamp>) -> Result<()> {
    tx.change_one(
        "update saas_account set commitment = ?2, committed_until = ?3, retention = ?4, auto_add = ?5, licence_cap = ?6 where id = ?1",
        params![account, conditions.commitment, until, conditions.retention, conditions.auto_add == AutoAdd::On, conditions.licence_cap],
    )
}

/// SAS-7: cancelled for this reason; what this row keeps of its backups goes. Seats, days and sizes went before, by
/// `seats::store::unprotect_all_of` and `backups::store::purge`.
pub fn cancel(tx: &Tx<'_>, account: SaasAccountId, reason: &str) -> Result<()> {
    tx.change_one(
        "update saas_account
            set cancelled_at = ?2, cancelled_because = ?3, purged_at = ?2, auto_add = 0, seats_used = 0,
                seats_unprotected = seats_active + seats_kept + seats_unprotected, seats_active = 0, seats_kept = 0, seats_billable = 0,
                paused = 0, stats_active = null, stats_recent = null, stats_percentage = null, as_of = null, used_bytes = null,
                active_services = 0, backed_services = 0, perfect_services = 0, last_fully_protected = null, strip = ?4,
                health = 'no_data', severity = ?5
          where id = ?1 and cancelled_at is null",
        params![account, tx.now(), reason, "-".repeat(STRIP_DAYS), Health::NoData.severity()],
    )
}

/// SAS-7: a report of backups that were made after the cancellation shows that the account is backed up again, so it is not cancelled any
/// more; whether it was.
pub fn take_on_again(tx: &Tx<'_>, account: SaasAccountId, newest: Timestamp) -> Result<bool> {
    let changed = tx.execute(
        "update saas_account set cancelled_at = null, cancelled_because = null where id = ?1 and cancelled_at < ?2",
        (account, newest),
    )?;
    Ok(changed == 1)
}

/// Takes back an account that was never authorized: nothing of it was anywhere.
pub fn withdraw(tx: &Tx<'_>, account: SaasAccountId) -> Result<()> {
    tx.change_one("delete from saas_account where id = ?1 and authorized = 0 and vendor_id is null", [account])
}
