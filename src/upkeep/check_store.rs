//! Counts kept against counts counted, and search indexes against what they index. It reads and writes nothing of its own.

use crate::backups::model::Summary;
use crate::kernel::db::Read;
use crate::kernel::error::Result;
use crate::kernel::ids::SaasAccountId;

/// How many rows of a kind are not as they should be; what they are, in the plural.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Odd {
    /// How many.
    pub count: i64,
    /// What.
    pub what: &'static str,
}

/// What the running month's statements keep, against what they keep it of.
fn of_statements() -> [(&'static str, String); 2] {
    [
        (
            "organizations whose bill ends at another moment, or stands under another name",
            "select count(*) from organization_usage u join organization o on o.id = u.organization join subscription s on s.organization = o.id
              where (u.name_key, u.over) is not
                    (o.name_key, case s.state when 'unsubscribed' then s.since + 3888000000 when 'deleted' then s.since end)"
                .to_owned(),
        ),
        (
            "sums of statements that are not those of their lines",
            "with counted as (
                select partner, month, 0, plan, count(*), sum(max(most_used, most_committed)) from organization_usage
                 where plan is not null group by 1, 2, 4
                union all
                select partner, month, 1, plan_now, count(*), sum(max(used, committed)) from organization_usage
                 where plan_now is not null group by 1, 2, 4)
             select (select count(*) from (select * from usage_sum except select * from counted))
                  + (select count(*) from (select * from counted except select * from usage_sum))"
                .to_owned(),
        ),
    ]
}

/// What the partners' tree and the list of organizations keep, against what they keep it of. Only what is odd.
pub fn kept(db: &impl Read) -> Result<Vec<Odd>> {
    /// The tree as the partners' parents tell it.
    const TREE: &str = "with recursive up (partner, ancestor, depth) as (
            select id, id, 0 from partner
            union all
            select up.partner, p.parent, up.depth + 1 from up join partner p on p.id = up.ancestor where p.parent is not null
        )";
    let questions: [(&'static str, String); 9] = [
        (
            "lines of the partners' tree",
            format!(
                "{TREE} select (select count(*) from (select ancestor, partner, depth from partner_ancestor
                                                      except select ancestor, partner, depth from up))
                             + (select count(*) from (select ancestor, partner, depth from up
                                                      except select ancestor, partner, depth from partner_ancestor))"
            ),
        ),
        (
            "organizations missing from a list",
            "select count(*) from organization o join partner_ancestor a on a.partner = o.partner
              where not exists (select 1 from organization_listing l where l.viewer = a.ancestor and l.organization = o.id)"
                .to_owned(),
        ),
        (
            "organizations on a list that is not theirs",
            "select count(*) from organization_listing l join organization o on o.id = l.organization
              where not exists (select 1 from partner_ancestor a where a.ancestor = l.viewer and a.partner = o.partner)"
                .to_owned(),
        ),
        (
            "organizations whose line on a list is out of date",
            "select count(*) from organization_listing l join organization o on o.id = l.organization
               join subscription s on s.organization = o.id
              where (l.name_key, l.state, l.plan, l.auto_license, l.seats) is not
                    (o.name_key, s.state, s.plan, s.auto_license, s.seats)
                 or l.users <> (select count(*) from organization_user u where u.organization = o.id)
                 or (l.services, l.seats_used) is not
                    (select count(*), coalesce(sum(a.seats_used), 0) from saas_account a where a.organization = o.id)"
                .to_owned(),
        ),
        (
            "organizations whose bill does not follow what they use",
            "select count(*) from organization o join subscription s on s.organization = o.id left join organization_usage u on u.organization = o.id
              where (s.state <> 'deleted' or u.organization is not null)
                and (u.partner, u.plan_now, u.committed, u.used) is not
                    (s.partner, s.plan, case when s.plan is null or s.auto_license = 1 then 0 else coalesce(s.seats, 0) end,
                     (select coalesce(sum(a.seats_used), 0) from saas_account a where a.organization = o.id))"
                .to_owned(),
        ),
        (
            "tabs with a wrong number",
            "with counted as (select viewer, state, count(*) as count from organization_listing group by viewer, state)
             select (select count(*) from (select viewer, state, count from organization_count where count <> 0 except select * from counted))
                  + (select count(*) from (select * from counted except select viewer, state, count from organization_count))"
                .to_owned(),
        ),
        (
            "SaaS accounts whose count of seats is wrong",
            "select count(*) from saas_account a
              where (a.seats_active, a.seats_kept, a.seats_unprotected, a.seats_billable) is not
                    (select coalesce(sum(t.state = 'Active'), 0), coalesce(sum(t.state in ('Paused', 'Archived')), 0),
                            coalesce(sum(t.state = 'Unprotected'), 0),
                            coalesce(sum(t.seat_type = 'User' and t.state <> 'Unprotected')
                                + max(t.seat_type in ('Site', 'TeamSite') and t.state <> 'Unprotected'), 0)
                       from seat t where t.saas_account = a.id)
                 or a.seats_used <> a.seats_billable and exists (select 1 from seat t where t.saas_account = a.id)"
                .to_owned(),
        ),
        (
            "SaaS accounts whose line on the status page is out of date",
            format!(
                "select (select count(*) from (select {LISTED} from saas_listing except select {LISTED} from saas_listed))
                      + (select count(*) from (select {LISTED} from saas_listed except select {LISTED} from saas_listing))"
            ),
        ),
        (
            "sums of the status page that are wrong",
            "with counted as (
                select viewer, standing, product, -1 as slot, count(*) as accounts, sum(active_services) as active, sum(backed_services) as backed
                  from saas_listing group by viewer, standing, product
                union all
                select viewer, standing, product, as_of / 300000, count(*), sum(active_services), sum(backed_services)
                  from saas_listing where dated = 1 group by viewer, standing, product, as_of / 300000),
             summed as (
                select viewer, sum(unlinked), sum(seats_active), sum(seats_kept), sum(seats_unprotected), sum(seats_billable),
                       sum(billable_committed), count(committed), coalesce(sum(committed), 0) from saas_listing group by viewer)
             select (select count(*) from (select * from saas_tally except select * from counted))
                  + (select count(*) from (select * from counted except select * from saas_tally))
                  + (select count(*) from (select * from summed except select * from saas_total))"
                .to_owned(),
        ),
    ];
    let mut odd = Vec::new();
    for (what, sql) in questions.into_iter().chain(of_statements()) {
        let count = db.one(&sql, [], |row| row.get(0))?;
        if count != 0 {
            odd.push(Odd { count, what });
        }
    }
    Ok(odd)
}

/// What a line of the status page holds.
const LISTED: &str =
    "viewer, saas_account, standing, dated, as_of, name_key, product, unlinked, active_services, backed_services, seats_active,
    seats_kept, seats_unprotected, seats_billable, billable_committed, committed, seats_used, retention, protected, used_bytes";

/// Up to `limit` SaaS accounts beyond this one, in the order of their ids.
pub fn saas_accounts(db: &impl Read, after: SaasAccountId, limit: i64) -> Result<Vec<SaasAccountId>> {
    db.all("select id from saas_account where id > ?1 order by id limit ?2", (after, limit), |row| row.get(0))
}

/// What an account's row keeps of its days, and whether its seats rest.
pub fn kept_summary(db: &impl Read, account: SaasAccountId) -> Result<(Summary, bool)> {
    db.one(
        "select as_of, used_bytes, active_services, backed_services, perfect_services, last_fully_protected, strip, health,
                exists (select 1 from seat where saas_account = ?1 and state = 'Paused')
                    and not exists (select 1 from seat where saas_account = ?1 and state = 'Active')
           from saas_account where id = ?1",
        [account],
        |row| {
            let summary = Summary {
                as_of: row.get(0)?,
                used_bytes: row.get(1)?,
                active: row.get(2)?,
                backed: row.get(3)?,
                perfect: row.get(4)?,
                last_fully_protected: row.get(5)?,
                strip: row.get(6)?,
                health: row.get(7)?,
            };
            Ok((summary, row.get(8)?))
        },
    )
}

/// Every table that has a search index; the index is its name and `_search`.
pub const SEARCHED: &[&str] = &["organization", "account", "saas_account"];

/// How far a search index and its table are apart: rows that cannot be found, and entries without a row. Entries of an import that is
/// on its way are ahead of their rows and count as neither.
pub fn search_gaps(db: &impl Read, table: &str) -> Result<(i64, i64)> {
    let ahead = match table {
        "organization" => "select r.organization from import_organization r where r.verdict = 'new'",
        "account" => "select r.account from import_user r where r.verdict = 'new'",
        _ => "select 0",
    };
    let missing = db.one(
        &format!("select count(*) from (select x.id from {table} x except select d.id from {table}_search_docsize d)"),
        [],
        |row| row.get(0),
    )?;
    let surplus = db.one(
        &format!("select count(*) from (select d.id from {table}_search_docsize d except select x.id from {table} x except {ahead})"),
        [],
        |row| row.get(0),
    )?;
    Ok((missing, surplus))
}

/// Whether so many rows of a table, spread over all of it, are found by their own words; how many are not.
pub fn search_misses(db: &impl Read, table: &str, sample: i64) -> Result<i64> {
    let rows: Vec<(i64, String)> = db.all(
        &format!(
            "with spread as (select min(id) as low, max((max(id) - min(id)) / ?1, 1) as step from {table}),
                  wanted (n) as (select 0 union all select n + 1 from wanted where n + 1 < ?1)
             select distinct x.id, x.search from wanted, spread
               join {table} x on x.id = (select y.id from {table} y where y.id >= spread.low + wanted.n * spread.step order by y.id limit 1)"
        ),
        [sample],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut missed = 0;
    for (id, search) in rows {
        let words: String = search.chars().take(40).collect();
        if words.chars().count() < 3 {
            continue;
        }
        let sql = format!("select exists (select 1 from {table}_search where {table}_search match ?1 and rowid = ?2)");
        let found: bool = db.one(&sql, (format!("search : \"{}\"", words.replace('"', "\"\"")), id), |row| row.get(0))?;
        missed += i64::from(!found);
    }
    Ok(missed)
}
