//! What Home reads: walks of indexes that end early, so that it is quick at any size. It reads and writes nothing of its own.

use rusqlite::named_params;

use crate::access::model::Scope;
use crate::access::state_model::SET_UP_WITHIN;
use crate::backups::model::STALE_AFTER;
use crate::home::model::{
    ABOUT_TO_LAPSE, COUNTED, ClosedMail, Ending, FailedLetter, Failing, Found, Full, GIVEN_UP_FOR, LAPSED_FOR, Loose, Over, READ, SHOWN,
    Unauthorized, Users, Waiting,
};
use crate::in_sight;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::time::Timestamp;
use crate::letter_in_sight;
use crate::saas::model::{Shown, Unlinked};
use crate::subscriptions::model::{WINDOW, over_since};

const IN_TREE: &str = "a.partner in (select partner from partner_ancestor where ancestor = :viewer)";

/// Of very many red accounts, so many are compared with each other.
const WEIGHED: i64 = 40;

fn first() -> i64 {
    i64::try_from(READ).unwrap_or(i64::MAX)
}

/// EMP-4: whether access groups leave an employee without a single organization.
pub fn sees_nothing(db: &impl Read, scope: &Scope) -> Result<bool> {
    let Some(member) = scope.member() else { return Ok(false) };
    db.one("select not exists (select 1 from employee_sight where account = ?1)", [member], |row| row.get(0))
}

/// SAS-9: accounts shown red at this moment, those that miss most first. Where very many are red, those with the oldest data are weighed.
pub fn failing(db: &impl Read, scope: &Scope) -> Result<Found<Failing>> {
    troubled(db, scope, "l.standing = 'failing' and l.as_of >= :recent")
}

/// SAS-9: the same of those shown amber.
pub fn missing(db: &impl Read, scope: &Scope) -> Result<Found<Failing>> {
    troubled(db, scope, "l.standing = 'some_missed' and l.as_of >= :recent")
}

/// SAS-10: the same of those whose data is older than 48 hours, which nobody knows to be well.
pub fn silent(db: &impl Read, scope: &Scope) -> Result<Found<Failing>> {
    let dated: Vec<String> = Shown::ALL.iter().filter(|shown| shown.is_dated()).map(|shown| format!("'{}'", shown.word())).collect();
    troubled(db, scope, &format!("l.standing in ({}) and l.as_of < :recent", dated.join(", ")))
}

fn troubled(db: &impl Read, scope: &Scope, how: &str) -> Result<Found<Failing>> {
    const SEEN: &str = in_sight!("(select x.organization from saas_account x where x.id = l.saas_account)" or_none
                                 "(select x.partner from saas_account x where x.id = l.saas_account)");
    let these = format!("saas_listing l where l.viewer = :viewer and {how} and {SEEN}");
    let recent = db.now() - STALE_AFTER;
    let total = db.one(
        &format!("select count(*) from (select 1 from {these} limit :most)"),
        scope.bind(named_params! { ":recent": recent, ":most": COUNTED + 1 }).as_slice(),
        |row| row.get(0),
    )?;
    let first = db.all(
        &format!(
            "select a.id, a.name, o.name, a.as_of, a.backed_services, a.active_services
               from (select l.saas_account from (select * from {these} order by l.as_of limit :weighed) l
                      order by l.unlinked, l.active_services - l.backed_services desc, l.name_key, l.saas_account limit :first) w
               join saas_account a on a.id = w.saas_account left join organization o on o.id = a.organization
              order by a.organization is null, a.active_services - a.backed_services desc, a.name_key, a.id"
        ),
        scope.bind(named_params! { ":recent": recent, ":weighed": WEIGHED, ":first": first() }).as_slice(),
        |row| {
            Ok(Failing {
                account: row.get(0)?,
                name: row.get(1)?,
                organization: row.get(2)?,
                as_of: row.get(3)?,
                backed: row.get(4)?,
                active: row.get(5)?,
            })
        },
    )?;
    Ok(Found::new(first, total))
}

/// SUB-3: unsubscribed organizations that can still come back, the next to end first. A walk of the index of just these.
pub fn ending(db: &impl Read, scope: &Scope) -> Result<Found<Ending>> {
    const ENDING: &str = concat!(
        "organization_listing l indexed by organization_listing_window cross join organization o on o.id = l.organization
          where l.viewer = :viewer and l.unsubscribed_at > :over and ",
        in_sight!("l.organization")
    );
    let over = over_since(db.now());
    let total = db.one(
        &format!("select count(*) from (select 1 from {ENDING} limit :most)"),
        scope.bind(named_params! { ":over": over, ":most": COUNTED + 1 }).as_slice(),
        |row| row.get(0),
    )?;
    let first = db.all(
        &format!(
            "select o.id, o.name, l.unsubscribed_at from {ENDING} order by l.unsubscribed_at, l.name_key, l.organization limit :first"
        ),
        scope.bind(named_params! { ":over": over, ":first": first() }).as_slice(),
        |row| Ok(Ending { organization: row.get(0)?, name: row.get(1)?, end: row.get::<_, Timestamp>(2)? + WINDOW }),
    )?;
    Ok(Found::new(first, total))
}

/// SAS-6: accounts that wait for their authorization, those that a user of their organization consented to first.
pub fn unauthorized(db: &impl Read, scope: &Scope) -> Result<Found<Unauthorized>> {
    const WAITING: &str = concat!(
        "saas_listing l indexed by saas_listing_standing cross join saas_account a on a.id = l.saas_account
          where l.viewer = :viewer and l.standing = 'pending_authorization' and ",
        in_sight!("a.organization" or_none "a.partner")
    );
    let total = db.one(
        &format!("select count(*) from (select 1 from {WAITING} limit :most)"),
        scope.bind(named_params! { ":most": COUNTED + 1 }).as_slice(),
        |row| row.get(0),
    )?;
    let first = db.all(
        &format!(
            "select id, name, domain, consent_by, consent_at, asked_name, asked_at
               from (select a.id, a.name, a.name_key, a.domain, a.consent_by, a.consent_at, a.asked_name, a.asked_at from {WAITING}
                      order by l.name_key, l.saas_account limit :weighed)
              order by consent_at is null, name_key, id limit :first"
        ),
        scope.bind(named_params! { ":weighed": WEIGHED, ":first": first() }).as_slice(),
        |row| {
            Ok(Unauthorized {
                account: row.get(0)?,
                name: row.get(1)?,
                domain: row.get(2)?,
                consent: row.get::<_, Option<String>>(3)?.zip(row.get(4)?),
                asked: row.get::<_, Option<String>>(5)?.zip(row.get(6)?),
            })
        },
    )?;
    Ok(Found::new(first, total))
}

/// SEA-5: accounts that use as many licenses as their cap allows, so that Auto-add protects nobody new. A walk of the index of just these.
pub fn full(db: &impl Read, scope: &Scope) -> Result<Found<Full>> {
    const REACHED: &str = concat!(
        "partner_ancestor p cross join saas_account a indexed by saas_account_cap_reached on a.partner = p.partner
          where p.ancestor = :viewer and a.licence_cap is not null and a.seats_billable >= a.licence_cap and a.cancelled_at is null and ",
        in_sight!("a.organization" or_none "a.partner")
    );
    let total = db.one(
        &format!("select count(*) from (select 1 from {REACHED} limit :most)"),
        scope.bind(named_params! { ":most": COUNTED + 1 }).as_slice(),
        |row| row.get(0),
    )?;
    let first = db.all(
        &format!("select a.id, a.name, a.seats_billable, a.licence_cap from {REACHED} limit :first"),
        scope.bind(named_params! { ":first": first() }).as_slice(),
        |row| Ok(Full { account: row.get(0)?, name: row.get(1)?, used: row.get(2)?, cap: row.get(3)? }),
    )?;
    Ok(Found::new(first, total))
}

/// SUB-7: organizations that use more seats than were bought with Auto License off. A walk of the index of just these.
pub fn over(db: &impl Read, scope: &Scope) -> Result<Found<Over>> {
    const OVER: &str = concat!(
        "organization_listing l indexed by organization_listing_over
          where l.viewer = :viewer and l.auto_license = 0 and l.seats_used > l.seats and ",
        in_sight!("l.organization")
    );
    let total = db.one(
        &format!("select count(*) from (select 1 from {OVER} limit :most)"),
        scope.bind(named_params! { ":most": COUNTED + 1 }).as_slice(),
        |row| row.get(0),
    )?;
    let first = db.all(
        &format!(
            "select l.organization, o.name, l.seats_used, l.seats
               from (select * from {OVER} order by l.name_key, l.organization limit :first) l join organization o on o.id = l.organization
              order by l.name_key, l.organization"
        ),
        scope.bind(named_params! { ":first": first() }).as_slice(),
        |row| Ok(Over { organization: row.get(0)?, name: row.get(1)?, used: row.get(2)?, bought: row.get(3)? }),
    )?;
    Ok(Found::new(first, total))
}

/// SAS-5: accounts that no organization has; for whom groups limit, those of their own partner (EMP-4).
pub fn loose(db: &impl Read, scope: &Scope) -> Result<Found<Loose>> {
    const OWN: &str = "saas_account a indexed by saas_account_unlinked where a.partner = :viewer and a.organization is null";
    let (total, from) = if scope.member().is_some() {
        let count = format!("select count(*) from (select 1 from {OWN} limit :most)");
        let total = db.one(&count, named_params! { ":viewer": scope.viewer(), ":most": COUNTED + 1 }, |row| row.get(0))?;
        (total, format!("{OWN} order by a.name_key, a.id"))
    } else {
        let kept: Option<i64> = db.maybe("select unlinked from saas_total where viewer = ?1", [scope.viewer()], |row| row.get(0))?;
        let tree = "saas_listing l cross join saas_account a on a.id = l.saas_account
                     where l.viewer = :viewer and l.unlinked = 1 order by l.name_key, l.saas_account";
        (kept.unwrap_or(0).min(COUNTED + 1), tree.to_owned())
    };
    let first = db.all(
        &format!("select a.id, a.name, a.unlinked_reason, a.unlinked_detail, a.unlinked_at from {from} limit :first"),
        named_params! { ":viewer": scope.viewer(), ":first": first() },
        |row| {
            let mut unlinked = Unlinked { reason: row.get(2)?, detail: row.get(3)?, at: row.get(4)? };
            if scope.member().is_some() {
                unlinked.forget_organization();
            }
            Ok(Loose { account: row.get(0)?, name: row.get(1)?, since: unlinked.at, why: unlinked.shown() })
        },
    )?;
    Ok(Found::new(first, total))
}

/// Set-ups with less than two days left, the next to lapse first. The seven days begin with the state, so its moment tells them.
pub fn lapsing(db: &impl Read, scope: &Scope) -> Result<Found<Waiting>> {
    let from = db.now() - SET_UP_WITHIN;
    let window = "a.state = 'invited' and a.since > :from and a.since < :until";
    waiting(db, scope, &[window], from, from + ABOUT_TO_LAPSE, "until")
}

/// Set-ups that lapsed within the last thirty days, the latest first, whether or not a job wrote it down (ACC-3).
pub fn lapsed(db: &impl Read, scope: &Scope) -> Result<Found<Waiting>> {
    let days = SET_UP_WITHIN.0;
    let unwritten = format!("a.state = 'invited' and a.since > :from - {days} and a.since <= :until - {days} and a.set_up_at is null");
    let written =
        "a.state = 'deactivated' and a.since > :from and a.since <= :until and a.set_up_at is null and a.invited_until is not null";
    waiting(db, scope, &[&unwritten, written], db.now() - LAPSED_FOR, db.now(), "until desc")
}

/// Accounts within windows of (state, since), one index walk each.
fn waiting(db: &impl Read, scope: &Scope, windows: &[&str], from: Timestamp, until: Timestamp, order: &str) -> Result<Found<Waiting>> {
    let walks: Vec<String> = windows
        .iter()
        .map(|window| {
            format!(
                "select a.id as id, a.first_name || ' ' || a.last_name as name, o.id as organization, o.name as organization_name,
                        a.invited_until as until
                   from account a join organization o on o.id = a.organization where {IN_TREE} and {window} and {sight}",
                sight = in_sight!("a.organization")
            )
        })
        .collect();
    let rows = walks.join(" union all ");
    let total = db.one(
        &format!("select count(*) from (select 1 from ({rows}) limit :most)"),
        scope.bind(named_params! { ":from": from, ":until": until, ":most": COUNTED + 1 }).as_slice(),
        |row| row.get(0),
    )?;
    let first = db.all(
        &format!("select id, name, organization, organization_name, until from ({rows}) order by {order}, id limit :first"),
        scope.bind(named_params! { ":from": from, ":until": until, ":first": first() }).as_slice(),
        |row| {
            Ok(Waiting {
                account: row.get(0)?,
                name: row.get(1)?,
                organization: row.get(2)?,
                organization_name: row.get(3)?,
                until: row.get(4)?,
            })
        },
    )?;
    Ok(Found::new(first, total))
}

/// IMP-4: users who wait for their first letter, by organization, those with most first.
pub fn not_invited(db: &impl Read, scope: &Scope) -> Result<Found<Users>> {
    const WAITING: &str = concat!("a.state = 'not_invited' and a.organization is not null and ", in_sight!("a.organization"));
    by_organization(db, scope, WAITING)
}

/// ORG-9: users who have no second factor while their organization requires one, by organization, those with most first. Those of an
/// organization that is switched off cannot sign in and set one up.
pub fn unguarded(db: &impl Read, scope: &Scope) -> Result<Found<Users>> {
    const UNGUARDED: &str = concat!(
        "a.state = 'active' and a.factor_due = 1 and a.organization is not null
         and exists (select 1 from subscription s where s.organization = a.organization and s.state = 'active') and ",
        in_sight!("a.organization")
    );
    by_organization(db, scope, UNGUARDED)
}

fn by_organization(db: &impl Read, scope: &Scope, which: &str) -> Result<Found<Users>> {
    let met = db.all(
        &format!(
            "select o.id, o.name, count(*)
               from (select a.organization from account a where {IN_TREE} and {which} limit :most) w
               join organization o on o.id = w.organization
              group by o.id order by count(*) desc, o.name_key, o.id"
        ),
        scope.bind(&[(":most", &(COUNTED + 1))]).as_slice(),
        |row| Ok(Users { organization: row.get(0)?, organization_name: row.get(1)?, users: row.get(2)? }),
    )?;
    let total = met.iter().map(|one| one.users).sum();
    let shown = if met.len() <= READ { READ } else { SHOWN };
    Ok(Found { first: met.into_iter().take(shown).collect(), total })
}

/// MAI-2: a partner's own letters of the last thirty days that could not be delivered and that no later one made up for, the newest
/// first.
pub fn failed_letters(db: &impl Read, scope: &Scope) -> Result<Found<FailedLetter>> {
    let from = concat!(
        "from letter m where m.partner = :viewer and m.state = 'failed' and m.created_at > :since
           and not exists (select 1 from letter later where later.account = m.account and later.kind = m.kind and later.created_at > m.created_at)
           and ",
        letter_in_sight!("m.id")
    );
    let since = db.now() - GIVEN_UP_FOR;
    let total = db.one(
        &format!("select count(*) from (select 1 {from} limit :most)"),
        scope.bind(named_params! { ":since": since, ":most": COUNTED + 1 }).as_slice(),
        |row| row.get(0),
    )?;
    let first = db.all(
        &format!("select m.to_name, m.subject, coalesce(m.last_error, ''), m.created_at {from} order by m.created_at desc, m.id desc limit :first"),
        scope.bind(named_params! { ":since": since, ":first": first() }).as_slice(),
        |row| Ok(FailedLetter { to_name: row.get(0)?, subject: row.get(1)?, reason: row.get(2)?, written: row.get(3)? }),
    )?;
    Ok(Found::new(first, total))
}

/// MAI-2: since when and why letters do not leave, while that is so.
pub fn closed_mail(db: &impl Read) -> Result<Option<ClosedMail>> {
    let closed =
        db.maybe("select failing_since, coalesce(last_failure, '') from mail_status where failing_since is not null limit 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let Some((since, reason)) = closed else { return Ok(None) };
    let waiting = db.one("select count(*) from (select 1 from letter where state = 'queued' limit ?1)", [COUNTED + 1], |row| row.get(0))?;
    Ok(Some(ClosedMail { since, reason, waiting }))
}
