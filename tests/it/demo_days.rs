//! The demo's days as they go on: issue "In the demo, authorization and daily backups are simulated". One test a sentence.

use std::collections::BTreeMap;

use portico::access::witness_model::{Clockwork, Manager, Operator};
use portico::app::demo::{self, vendor};
use portico::app::jobs;
use portico::kernel::db::Db;
use portico::kernel::ids::{OrganizationId, PartnerId, SaasAccountId};
use portico::kernel::secret::Vault;
use portico::kernel::text::FirmName;
use portico::kernel::time::{Clock, Span};
use portico::saas::adding_actions;
use portico::saas::adding_model::{Management, Place, Region, Service, Wanted};
use portico::saas::model::{Commitment, Product, Retention};
use portico::saas::terms_model::{AutoAdd, Conditions, Resale};
use rusqlite::Connection;

use crate::support::portal::{Portal, START, temporary_folder};

const KEY: [u8; 32] = [9; 32];

struct Demo {
    db: Db,
    look: Connection,
    _folder: tempfile::TempDir,
}

impl Demo {
    /// Filled at START, its clock at the test's hand.
    fn filled() -> Self {
        let folder = temporary_folder();
        let path = folder.path().join("portico.db");
        demo::fill(&path, Vault::new(KEY), START).expect("a filled database");
        let db = Db::open(&path, Clock::manual(START), Vault::new(KEY)).expect("it opens");
        Self { db, look: Connection::open(path).expect("it opens"), _folder: folder }
    }

    fn wait(&self, span: Span) -> &Self {
        self.db.clock().advance(span);
        self
    }

    /// The job, until nothing is left; how much it did.
    fn play(&self, seed: u64) -> usize {
        let mut all = 0;
        loop {
            match vendor::play(&self.db, &Clockwork::ticking(), seed).expect("a batch") {
                0 => return all,
                done => all += done,
            }
        }
    }

    fn sql<T: rusqlite::types::FromSql>(&self, sql: &str) -> T {
        self.look.query_row(sql, [], |row| row.get(0)).expect("one value")
    }

    fn count(&self, from: &str) -> i64 {
        self.sql(&format!("select count(*) from {from}"))
    }

    /// Adds an account for a new organization of the larger provider.
    fn add(&self, domain: &str, auto_add: AutoAdd, licence_cap: Option<i64>) -> (SaasAccountId, OrganizationId) {
        let partner: i64 = self.sql("select id from partner where parent is not null order by (select count(*) from organization o where o.partner = partner.id) desc limit 1");
        let by = Manager::operator(&Operator::of_this_machine(), PartnerId(partner));
        let wanted = Wanted {
            place: Place::New(FirmName::parse(domain).expect("a name")),
            service: Service {
                product: Product::Microsoft365,
                region: Region::Germany,
                domain: domain.to_owned(),
                resale: Resale::ForResale,
            },
            conditions: Conditions { commitment: Commitment::OneYear, retention: Retention::Icr, auto_add, licence_cap },
            management: Management::Partner,
        };
        let added = self.db.write(|tx| adding_actions::add(tx, &by, &wanted)).expect("added");
        (added.account.id, added.organization)
    }

    /// The days of each account, in words that are the same in every demo.
    fn days(&self) -> BTreeMap<String, String> {
        let mut found = self
            .look
            .prepare(
                "select a.domain || ' ' || a.product, group_concat(d.day || ' ' || d.application || ' ' || d.window_end || ' ' || d.backed_services || '/' || d.active_services || ' ' || d.status, '; ')
                   from (select * from backup_day order by saas_account, day, application) d join saas_account a on a.id = d.saas_account group by a.id",
            )
            .expect("SQL");
        found.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows").map(|row| row.expect("a row")).collect()
    }
}

/// Each UTC day brings a report of every account that is backed up, once; nothing comes twice, and each day has its own.
#[test]
fn every_day_brings_a_report_of_what_is_backed_up() {
    let demo = Demo::filled();
    let silent = "(select id from saas_account where as_of is null or as_of < 1795328760000 - 2 * 86400000)";
    let backed = format!("saas_account a where authorized = 1 and cancelled_at is null and seats_active > 0 and id not in {silent}");
    let wanted = demo.count(&backed);
    assert!(wanted > 30, "{wanted}");
    let unlinked = demo.count(&format!("{backed} and organization is null"));
    assert!(unlinked > 0, "linked or not");
    let day = |span: Span| (START + span).utc_day();
    for days in 1..=3 {
        demo.wait(Span::days(1));
        demo.play(1);
        let today = day(Span::days(days));
        let told = demo.count(&format!("(select distinct saas_account from backup_day where day = {today})"));
        assert_eq!(told, wanted, "day {days}");
        assert_eq!(demo.play(1), 0, "and once");
    }
    assert_eq!(
        demo.count(&format!("saas_account where id in (select id from {backed}) and as_of > {}", (START + Span::days(2)).0)),
        wanted
    );
    // A machine that slept for a week is told of each day of it.
    demo.wait(Span::days(7));
    demo.play(1);
    let first = day(Span::days(4));
    assert_eq!(demo.count(&format!("(select distinct saas_account, day from backup_day where day >= {first})")), wanted * 7);
    let bad = "(select a.id from saas_account a where (select count(distinct day) from backup_day d where d.saas_account = a.id) < 1 and as_of is not null)";
    assert_eq!(demo.count(bad), 0);
}

/// SUB-2, SUB-3, SAS-7: what is suspended, unsubscribed, cancelled, pending or without an active seat gets no report.
#[test]
fn nothing_is_reported_of_what_is_not_backed_up() {
    let demo = Demo::filled();
    let some = |place: i64| -> i64 {
        demo.sql(&format!("select id from saas_account where organization is not null and seats_active > 0 and as_of > {} order by id limit 1 offset {place}", START.0 - 86_400_000))
    };
    let (suspended, unsubscribed, cancelled, idle) = (some(0), some(3), some(6), some(9));
    // One of another organization than theirs.
    let control: i64 = demo.sql(&format!(
        "select id from saas_account where organization is not null and seats_active > 0 and as_of > {} and organization not in
            (select organization from saas_account where id in ({suspended}, {unsubscribed}, {cancelled}, {idle})) order by id limit 1",
        START.0 - 86_400_000
    ));
    let set = |sql: &str, id: i64| assert!(demo.look.execute(sql, [id]).expect("SQL") > 0);
    set(
        "update subscription set state = 'suspended' where organization = (select organization from saas_account where id = ?1)",
        suspended,
    );
    set(
        "update subscription set state = 'unsubscribed' where organization = (select organization from saas_account where id = ?1)",
        unsubscribed,
    );
    set("update saas_account set cancelled_at = 5, cancelled_because = 'over' where id = ?1", cancelled);
    set("update seat set state = 'Paused' where saas_account = ?1", idle);
    demo.db.write(|tx| portico::saas::store::refresh_summary(tx, SaasAccountId(idle))).expect("refreshed");
    demo.wait(Span::days(1));
    demo.play(1);
    let today = (START + Span::days(1)).utc_day();
    let told = |id: i64| demo.count(&format!("backup_day where saas_account = {id} and day = {today}"));
    assert_eq!([suspended, unsubscribed, cancelled, idle].map(told), [0; 4]);
    assert!(told(control) > 0);
    assert_eq!(
        demo.count(&format!("backup_day d join saas_account a on a.id = d.saas_account where a.authorized = 0 and d.day = {today}")),
        0
    );
    // Reactivated, it is told of again.
    set("update subscription set state = 'active' where organization = (select organization from saas_account where id = ?1)", suspended);
    demo.play(1);
    assert!(told(suspended) > 0);
}

/// SAS-6: an account that was added is authorized some moments later, with seats as far as Auto-add and the cap go, and its first report.
#[test]
fn an_added_account_is_authorized_some_moments_later() {
    let demo = Demo::filled();
    let asked = demo.count("saas_account where authorized = 0 and managed_by = 'organization'");
    assert!(asked > 0);
    let (all, _) = demo.add("willow.example", AutoAdd::On, None);
    let (capped, _) = demo.add("walnut.example", AutoAdd::On, Some(3));
    let (none, _) = demo.add("wattle.example", AutoAdd::Off, None);
    demo.wait(Span(vendor::FASTEST.0 - 1));
    demo.play(1);
    assert_eq!(demo.count("saas_account where authorized = 0 and managed_by = 'partner'"), 3, "not before");
    demo.wait(Span(vendor::SLOWEST.0 - vendor::FASTEST.0 + 1));
    demo.play(1);
    assert_eq!(demo.count("saas_account where authorized = 0 and managed_by = 'partner'"), 0);
    assert_eq!(demo.count("activity where kind = 'saas_account.authorized' and sentence like '%as the demo simulates it'"), 3);
    let seats = |id: SaasAccountId, state: &str| demo.count(&format!("seat where saas_account = {id} and state = '{state}'"));
    assert!(seats(all, "Active") >= 5 && seats(all, "Unprotected") == 0);
    assert!(seats(capped, "Active") == 3 && seats(capped, "Unprotected") > 0);
    assert!(seats(none, "Active") == 0 && seats(none, "Unprotected") > 0);
    assert_eq!(demo.count(&format!("(select distinct saas_account from backup_day where saas_account in ({all}, {capped}, {none}))")), 2);
    assert_eq!(demo.count(&format!("saas_account where id = {all} and committed_until > {}", START.0)), 1, "its year has begun");
    demo.wait(Span::days(2));
    demo.play(1);
    assert_eq!(demo.count(&format!("saas_account where id in ({all}, {capped}) and health in ('protected', 'some_missed')")), 2);
    assert_eq!(demo.count("saas_account where authorized = 0 and managed_by = 'organization'"), asked, "a consent is waited for");
}

/// The same seed brings the same days, whenever the job runs; another brings others.
#[test]
fn the_same_seed_brings_the_same_days() {
    let (one, same, other) = (Demo::filled(), Demo::filled(), Demo::filled());
    for hours in [5, 30, 41, 80] {
        one.wait(Span::hours(hours));
        one.play(7);
    }
    same.wait(Span::hours(156));
    same.play(7);
    other.wait(Span::hours(156));
    other.play(8);
    assert!(one.days() == same.days(), "the same days");
    assert_ne!(one.days(), other.days());
}

/// "Never on a real install": there the jobs authorize nothing and report nothing; with the demo's mark on the same portal they do.
#[test]
fn a_real_install_simulates_nothing() {
    let portal = Portal::firm();
    let id = crate::support::saas::account(&portal, 1, "Alder Mail").put(&portal);
    portal.execute("update saas_account set authorized = 0, vendor_id = null where id = ?1", [id.0]);
    let other = crate::support::saas::account(&portal, 2, "Birch Mail").put(&portal);
    let days = || portal.sql_count(&format!("backup_day where saas_account = {other}"));
    let before = days();
    portal.wait(Span::days(2)).run_jobs();
    assert_eq!((days(), portal.sql_count("saas_account where authorized = 0")), (before, 1));
    let mut demo = portal.app.portal().clone();
    demo.demo = true;
    jobs::run_all(&demo);
    assert!(before < days());
    assert_eq!(portal.sql_count("saas_account where authorized = 0"), 0);
}

/// SUB-9: the demo's months that are over are closed at its start, for each of its partners, whatever rests or ended there.
#[test]
fn the_months_before_the_demo_are_closed_at_its_start() {
    let demo = Demo::filled();
    loop {
        let done = demo.db.write(|tx| portico::statements::actions::close_due(tx, &Clockwork::ticking())).expect("a batch");
        if done == 0 {
            break;
        }
    }
    assert!(3 <= demo.count("statement where partner = (select max(partner) from statement)"), "three months of one partner");
    assert!(7 <= demo.count("statement"), "{} statements", demo.count("statement"));
    // SUB-9: nothing is billed of a month before its client came.
    let too_early = "usage_month m join organization o on o.id = m.organization
         where m.month < strftime('%Y', o.created_at / 1000, 'unixepoch') * 12 + strftime('%m', o.created_at / 1000, 'unixepoch') - 1";
    assert_eq!(demo.count(too_early), 0);
    let organizations = "organization o join subscription s on s.organization = o.id where s.state <> 'deleted'";
    let followed = "organization_usage u join subscription s on s.organization = u.organization where s.state <> 'deleted'";
    assert_eq!(demo.count(organizations), demo.count(followed));
}

/// SAS-10, DEV-4: the demo's devices go on checking in, and what they protect is backed up; the silent ones stay silent. Once a time.
#[test]
fn the_demos_devices_go_on_checking_in_but_the_silent_ones() {
    let demo = Demo::filled();
    let check_in = || {
        let mut all = 0;
        loop {
            match demo.db.write(portico::app::demo::devices::check_in).expect("a batch") {
                0 => return all,
                done => all += done,
            }
        }
    };
    check_in();
    let all = demo.count("device");
    let silent = "device where name in ('fablebooks-siris-1', 'summitcycles-siris-1')";
    let silent_seen = format!("select max(last_seen) from {silent}");
    let before: i64 = demo.sql(&silent_seen);
    demo.wait(Span::days(2));
    let now = demo.db.clock().now().0;
    assert_eq!(i64::try_from(check_in()).expect("a count"), all - demo.count(silent));
    assert_eq!(check_in(), 0, "and once");
    let late = "last_seen < ?1 or newest_snapshot < ?1".replace("?1", &(now - 3_600_000).to_string());
    assert_eq!(demo.count(&format!("{silent} and ({late})")), demo.count(silent), "the silent ones");
    assert_eq!(demo.count(&format!("device where ({late}) and alerts = 0")), 0, "all others that are well");
    assert_eq!(demo.sql::<i64>(&silent_seen), before);
    assert_eq!(demo.count("device where organization is null and unlinked_reason = 'organization_deleted'"), 1);
}
