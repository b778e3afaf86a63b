//! The rules of `saas` and `backups`, one test a sentence.

use portico::access::model::Scope;
use portico::access::witness_model::{Manager, Operator};
use portico::backups::model::{
    Application, BackupDay, DayStatus, FullyProtected, Grade, Health, LONG_AGO, account_days, health, summarize,
};
use portico::kernel::db::Read as _;
use portico::kernel::error::Error;
use portico::kernel::ids::{OrganizationId, PartnerId, SaasAccountId};
use portico::kernel::text;
use portico::kernel::time::{Span, Timestamp};
use portico::organizations::model::Backups;
use portico::saas::mapping_model::{Why, likeness, most_alike};
use portico::saas::model::{Facts, Product, SaasAccount, Shown, percent, permille};
use portico::saas::status_model::{Place, Query, Sort};
use portico::saas::{actions, mapping_store, status_store, store, totals_store};
use portico::seats::model::{SeatState, SeatType};
use portico::subscriptions::model::State;

use crate::support::people::*;
use crate::support::portal::{Portal, START};
use crate::support::saas::{MAIL, account, day};

const MOMENT: Timestamp = START;
const MILLI: Span = Span(1);
const HARBOR_SCOPE: Scope = Scope::all(PartnerId(1));
const ALDER_PLACE: OrganizationId = OrganizationId(ALDER_ID);

fn manager() -> Manager {
    Manager::operator(&Operator::of_this_machine(), PartnerId(1))
}

/// One application's days, newest first.
fn days(counts: &[(i64, i64, i64)]) -> Vec<BackupDay> {
    counts.iter().zip(0..).map(|(count, back)| day(MAIL, MOMENT - Span::days(back), *count)).collect()
}

const GOOD: (i64, i64, i64) = (10, 10, 10);
const MISSED: (i64, i64, i64) = (10, 9, 9);
const NONE: (i64, i64, i64) = (10, 0, 0);
const IDLE: (i64, i64, i64) = (0, 0, 0);

/// SAS-9
#[test]
fn all_backed_up_and_whole_is_green_some_missed_amber_none_red() {
    assert_eq!(health(&days(&[GOOD])), Health::Protected);
    assert_eq!(health(&days(&[MISSED, GOOD])), Health::SomeMissed);
    assert_eq!(health(&days(&[(10, 10, 9), GOOD])), Health::SomeMissed, "backed up but not whole");
    assert_eq!(health(&days(&[(10, 1, 0), GOOD])), Health::SomeMissed);
    assert_eq!(health(&days(&[NONE, GOOD])), Health::Failing);
    let complained = BackupDay { status: DayStatus::WithIssues, ..day(MAIL, MOMENT, GOOD) };
    assert_eq!(health(&[complained]), Health::SomeMissed, "the vendor's own complaint counts");
}

/// SAS-9: "three days running not perfect"
#[test]
fn the_third_day_running_that_is_not_perfect_is_red() {
    assert_eq!(health(&days(&[MISSED, MISSED, GOOD])), Health::SomeMissed);
    assert_eq!(health(&days(&[MISSED, MISSED, MISSED])), Health::Failing);
    assert_eq!(health(&days(&[MISSED, GOOD, MISSED, MISSED])), Health::SomeMissed, "a good day between ends the run");
    assert_eq!(health(&days(&[GOOD, MISSED, MISSED, MISSED])), Health::Protected);
    assert_eq!(health(&days(&[MISSED, MISSED, IDLE, MISSED])), Health::SomeMissed, "a day without services is none that went wrong");
}

/// SAS-9: "a day is as good as its worst application with active services"
#[test]
fn a_day_is_as_good_as_its_worst_application_with_active_services() {
    let pair = |mail, teams| vec![day(MAIL, MOMENT, mail), day("Office365Teams", MOMENT, teams)];
    assert_eq!(health(&pair(GOOD, GOOD)), Health::Protected);
    assert_eq!(health(&pair(GOOD, MISSED)), Health::SomeMissed);
    assert_eq!(health(&pair(GOOD, NONE)), Health::Failing);
    assert_eq!(health(&pair(GOOD, IDLE)), Health::Protected, "an application without active services says nothing");
    let days = account_days(&pair(GOOD, MISSED), MOMENT, 1);
    assert_eq!((days[0].grade, days[0].active, days[0].backed), (Grade::SomeMissed, 20, 19));
}

/// SAS-10: "the last 24 hours count back from as of"
#[test]
fn a_window_that_ended_24_hours_before_the_newest_is_yesterday_and_one_a_moment_later_is_today() {
    let late = |before: Span| vec![day(MAIL, MOMENT, GOOD), day("Office365Teams", MOMENT - before, NONE)];
    assert_eq!(health(&late(Span(Span::hours(24).0 - 1))), Health::Failing);
    assert_eq!(account_days(&late(Span(Span::hours(24).0 - 1)), MOMENT, 2)[0].active, 20);
    assert_eq!(account_days(&late(Span::hours(24)), MOMENT, 2)[0].active, 10);
    assert_eq!(account_days(&late(Span::hours(24)), MOMENT, 2)[1].grade, Grade::Failed);
}

/// SAS-9, SAS-10
#[test]
fn an_application_that_fell_silent_keeps_an_account_from_green_for_thirty_days() {
    let silent = |before: Span, count| vec![day(MAIL, MOMENT, GOOD), day("Office365Teams", MOMENT - before, count)];
    assert_eq!(health(&silent(Span::days(1), GOOD)), Health::SomeMissed);
    assert_eq!(health(&silent(Span::days(1), IDLE)), Health::Protected, "it had nothing to back up");
    assert_eq!(health(&silent(Span(Span::days(30).0 - 1), GOOD)), Health::SomeMissed);
    assert_eq!(health(&silent(Span::days(30), GOOD)), Health::Protected);
}

/// SAS-9: "too little history" is grey
#[test]
fn too_little_history_is_nothing_to_judge_by() {
    let young = |application| BackupDay { status: DayStatus::InsufficientHistory, ..day(application, MOMENT, GOOD) };
    assert_eq!(health(&[young(MAIL)]), Health::NoData);
    assert_eq!(health(&[young("Office365Teams"), day(MAIL, MOMENT, NONE)]), Health::Failing, "an old application still speaks");
    assert_eq!(health(&[young("Office365Teams"), day(MAIL, MOMENT, GOOD)]), Health::Protected);
}

fn facts() -> Facts {
    Facts {
        authorized: true,
        subscription: Some(State::Active),
        as_of: Some(MOMENT),
        health: Health::Protected,
        active_services: 10,
        paused: false,
        purged_at: None,
        cancelled_at: None,
    }
}

/// SAS-10: "data older than 48 hours is grey"
#[test]
fn data_is_recent_up_to_48_hours_and_not_a_millisecond_longer() {
    assert_eq!(facts().shown(MOMENT), Shown::Protected);
    assert_eq!(facts().shown(MOMENT + Span::hours(48)), Shown::Protected);
    assert_eq!(facts().shown(MOMENT + Span::hours(48) + MILLI), Shown::NoRecentData);
    let failing = Facts { health: Health::Failing, ..facts() };
    assert_eq!(failing.shown(MOMENT + Span::hours(48)), Shown::Failing);
    assert_eq!(failing.shown(MOMENT + Span::hours(48) + MILLI), Shown::NoRecentData);
}

/// SAS-9, SAS-10, SUB-2
#[test]
fn grey_has_a_word_for_each_of_its_reasons() {
    let grey = Facts { health: Health::NoData, ..facts() };
    assert_eq!(grey.shown(MOMENT), Shown::TooLittleHistory);
    assert_eq!(Facts { active_services: 0, ..grey }.shown(MOMENT), Shown::NoActiveServices);
    assert_eq!(Facts { paused: true, ..grey }.shown(MOMENT), Shown::Paused);
    assert_eq!(Facts { as_of: None, ..grey }.shown(MOMENT), Shown::NoDataYet);
    assert_eq!(Facts { as_of: None, purged_at: Some(MOMENT), ..grey }.shown(MOMENT), Shown::Purged);
    let over = Facts { as_of: None, purged_at: Some(MOMENT), cancelled_at: Some(MOMENT), ..grey };
    assert_eq!(over.shown(MOMENT), Shown::Cancelled);
    assert_eq!(Facts { subscription: Some(State::Suspended), ..over }.shown(MOMENT), Shown::Cancelled, "whatever else there is to say");
    assert_eq!(Facts { authorized: false, ..facts() }.shown(MOMENT), Shown::PendingAuthorization);
    assert_eq!(Facts { subscription: Some(State::Suspended), health: Health::Failing, ..facts() }.shown(MOMENT), Shown::Suspended);
    assert_eq!(Facts { subscription: Some(State::Unsubscribed), ..facts() }.shown(MOMENT), Shown::Unsubscribed);
    assert_eq!(Facts { subscription: None, ..facts() }.shown(MOMENT), Shown::Protected, "an unlinked account is backed up all the same");
}

/// SAS-10
#[test]
fn nothing_is_never_a_percentage_and_only_a_whole_is_100() {
    assert_eq!(permille(0, 0), None);
    assert_eq!(permille(0, 10).map(percent).as_deref(), Some("0 %"));
    assert_eq!(permille(9_999, 10_000).map(percent).as_deref(), Some("99.9 %"));
    assert_eq!(permille(10, 10).map(percent).as_deref(), Some("100 %"));
}

/// SAS-8
#[test]
fn an_account_was_last_whole_when_the_last_of_its_active_applications_was() {
    let app =
        |name: &str, last| Application { application: name.to_owned(), used_bytes: 5, uningested: 0, last_fully_protected: Some(last) };
    let rows = [day("a", MOMENT, GOOD), day("b", MOMENT, MISSED), day("c", MOMENT, IDLE)];
    let early = FullyProtected::At(MOMENT - Span::days(2));
    let apps = [app("a", FullyProtected::At(MOMENT)), app("b", early), app("c", FullyProtected::At(Timestamp(5)))];
    let summary = summarize(&rows, &apps, false);
    assert_eq!(summary.last_fully_protected, Some(MOMENT - Span::days(2)), "c has no active services");
    assert_eq!((summary.active, summary.backed, summary.used_bytes), (20, 19, Some(15)));
    assert_eq!(summary.strip, "---------a");
    let apps = [app("a", FullyProtected::At(MOMENT)), app("b", FullyProtected::parse("OVER_10_DAYS_AGO"))];
    assert_eq!(summarize(&rows, &apps, false).last_fully_protected, Some(LONG_AGO));
    assert_eq!(summarize(&[], &[], false).as_of, None);
    assert_eq!(summarize(&[], &[], false).used_bytes, None);
}

/// The same day again changes nothing; one of an older report comes only where nothing is known.
#[test]
fn a_day_of_the_newest_report_stays_and_older_ones_fill_gaps() {
    let portal = Portal::firm();
    let id = account(&portal, 7, "Ember").with_days(&[GOOD]).put(&portal);
    let keep = |day: &BackupDay| portal.write(|tx| portico::backups::store::keep_day(tx, id, day));
    assert!(!keep(&day(MAIL, START, GOOD)));
    let add = |day: &BackupDay| portal.write(|tx| portico::backups::store::add_day(tx, id, day));
    assert!(!add(&day(MAIL, START - Span::hours(1), NONE)));
    assert!(add(&day(MAIL, START - Span::days(40), NONE)));
    assert!(keep(&day(MAIL, START + Span::hours(1), NONE)));
    assert_eq!(portal.sql::<i64>("select backed_services from backup_day order by day desc", []), 0);
    assert!(portal.write(|tx| store::refresh_summary(tx, id)));
    assert!(!portal.write(|tx| store::refresh_summary(tx, id)));
}

/// SAS-9, SAS-10: what SQL sorts and filters by is what the rule says.
#[test]
fn the_list_decides_states_as_the_rule_does() {
    let portal = Portal::firm();
    let kinds: [&[(i64, i64, i64)]; 5] = [&[GOOD], &[MISSED], &[NONE], &[IDLE], &[]];
    for (place, kind) in kinds.iter().enumerate() {
        let number = i64::try_from(place).unwrap();
        account(&portal, 100 + number, &format!("Alder {place}")).with_days(kind).linked(&portal, ALDER_ID);
        account(&portal, 200 + number, &format!("Birch {place}")).with_days(kind).linked(&portal, BIRCH_ID);
        account(&portal, 300 + number, &format!("Free {place}")).with_days(kind).put(&portal);
        let mut stale = account(&portal, 400 + number, &format!("Stale {place}")).with_days(kind);
        stale.until = START - Span::hours(48) - Span(i64::from(place % 2 == 0));
        stale.put(&portal);
    }
    account(&portal, 500, "Paused").with_days(&[GOOD]).with_seats(&[(SeatType::User, SeatState::Paused, 1)]).put(&portal);
    portal.execute("update subscription set state = 'suspended' where organization = ?1", [BIRCH_ID]);
    portal.execute("update saas_account set authorized = 0 where vendor_id = 301", []);
    portal.execute("update saas_account set purged_at = 5 where vendor_id = 304", []);
    portal.execute("update saas_account set purged_at = 5, cancelled_at = 5, cancelled_because = 'over' where vendor_id in (204, 303)", []);
    let seen = portal.db().read(|db| {
        let mut seen = Vec::new();
        for shown in Shown::ALL {
            let query = Query {
                words: String::new(),
                states: vec![*shown],
                product: None,
                organization: None,
                sort: Sort::State,
                descending: false,
            };
            let found = status_store::list(db, &HARBOR_SCOPE, &query, Place::First, 100)?;
            assert_eq!(status_store::count(db, &HARBOR_SCOPE, &query)?, i64::try_from(found.len()).unwrap());
            assert!(found.iter().all(|account| account.facts.shown(db.now()) == *shown), "{shown:?}");
            seen.extend(found.iter().map(|account| (*shown, account.id)));
        }
        let all =
            Query { words: String::new(), states: Vec::new(), product: None, organization: None, sort: Sort::State, descending: false };
        let list = status_store::list(db, &HARBOR_SCOPE, &all, Place::First, 100)?;
        assert_eq!(list.iter().map(|account| account.id).collect::<Vec<_>>(), seen.iter().map(|(_, id)| *id).collect::<Vec<_>>());
        Ok(seen)
    });
    let seen = seen.expect("the lists");
    assert_eq!(seen.len(), 21);
    for shown in Shown::ALL.iter().filter(|shown| !matches!(shown, Shown::Unsubscribed | Shown::TooLittleHistory)) {
        assert!(seen.iter().any(|(each, _)| each == shown), "{shown:?} is among them");
    }
}

/// SAS-9, SUB-3: so it does for an organization that has ended, and for a young account.
#[test]
fn the_list_decides_the_rarer_states_as_the_rule_does() {
    let portal = Portal::firm();
    account(&portal, 100, "Alder").with_days(&[GOOD]).linked(&portal, ALDER_ID);
    account(&portal, 101, "Alder empty").linked(&portal, ALDER_ID);
    account(&portal, 102, "Young").with_days(&[GOOD]).put(&portal);
    portal.execute("update saas_account set health = 'no_data' where vendor_id = 102", []);
    for (state, wanted) in [("active", Shown::Protected), ("suspended", Shown::Suspended), ("unsubscribed", Shown::Unsubscribed)] {
        portal.execute("update subscription set state = ?2 where organization = ?1", (ALDER_ID, state));
        let found = |shown: Shown| {
            let query = Query {
                words: String::new(),
                states: vec![shown],
                product: None,
                organization: None,
                sort: Sort::State,
                descending: false,
            };
            portal.db().read(|db| status_store::list(db, &HARBOR_SCOPE, &query, Place::First, 100)).expect("a list")
        };
        assert!(found(wanted).iter().any(|account| account.name == "Alder"), "{state}");
        assert_eq!(found(Shown::TooLittleHistory).len(), 1);
        for shown in Shown::ALL {
            assert!(found(*shown).iter().all(|account| account.facts.shown(START) == *shown), "{state}: {shown:?}");
        }
    }
}

/// Accounts enough for every way in which the status page's order is found: of all ages, in all states, at three partners.
fn many_accounts(portal: &Portal, count: i64) {
    portal.execute(
        "with recursive each (n) as (select 1 union all select n + 1 from each where n < ?2),
              made as (select n, 1 + (n % 10 = 3) + 2 * (n % 10 = 7) as partner, n * 7919 % 1009 as word from each)
         insert into saas_account (id, partner, organization, vendor_id, name, name_key, domain, domain_key, product, authorized, unlinked_reason,
                                   unlinked_at, as_of, purged_at, health, active_services, backed_services, paused, seats_active, seats_billable,
                                   created_at, tags, search)
         select 700000 + n, partner, case when n % 4 = 1 then (select min(id) from organization where organization.partner = made.partner) end,
                700000 + n, 'Name ' || word, 'name ' || word, 'n' || n || '.example', 'n' || n || '.example',
                case when n % 5 = 2 then 'google_workspace' else 'microsoft_365' end, n % 89 <> 0,
                case when n % 4 <> 1 then 'never_linked' end, case when n % 4 <> 1 then 1 end,
                case when n % 83 <> 0 then ?1 - case when n % 50 < 2 then n % 5 * 86400000 else n % 37 * 3600000 end - n % 3 end,
                case when n % 166 = 0 then 1 end,
                case when n % 50 < 1 then 'protected' when n % 50 < 4 then 'some_missed' when n % 50 < 6 then 'no_data' else 'failing' end,
                n % 7, n % 6, n % 100 = 4, n % 3, n % 2, 1, '', ''
           from made",
        (START, count),
    );
}

/// Every account in sight.
fn everyone(portal: &Portal, viewer: i64) -> Vec<SaasAccount> {
    let found = portal.db().read(|db| {
        let tree = "select id from saas_account where partner in (select partner from partner_ancestor where ancestor = ?1)";
        let ids: Vec<SaasAccountId> = db.all(tree, [viewer], |row| row.get(0))?;
        store::met(db, &HARBOR_SCOPE, &ids)
    });
    found.expect("the accounts")
}

/// What the rule says of each at this moment, in the order of the rule.
fn in_naive_order(accounts: &[SaasAccount], now: Timestamp, descending: bool) -> Vec<(Shown, &SaasAccount)> {
    let mut found: Vec<(Shown, &SaasAccount)> = accounts.iter().map(|account| (account.facts.shown(now), account)).collect();
    found.sort_by_cached_key(|(shown, account)| {
        let rank = i64::try_from(Shown::ALL.iter().position(|each| each == shown).unwrap()).unwrap();
        (if descending { -rank } else { rank }, text::key(account.title()), account.id)
    });
    found
}

/// SAS-8, SAS-9, SAS-10: worst first is what the rule says at this very moment, whatever was kept and however it is found.
#[test]
fn worst_first_is_the_rules_order_at_every_moment() {
    let portal = Portal::estate();
    many_accounts(&portal, 4_000);
    let everyone = [1, 2].map(|viewer| everyone(&portal, viewer));
    // Between these, data of each age in turn becomes too old; at last all of it.
    for wait in [Span(0), Span::hours(12), Span::hours(1), Span(1), Span::hours(24), Span(1), Span::hours(9), Span(1), Span::hours(70)] {
        portal.wait(wait);
        for (viewer, descending) in [(1, false), (1, true), (2, false)] {
            let scope = Scope::all(PartnerId(viewer));
            let accounts = &everyone[usize::try_from(viewer - 1).unwrap()];
            let naive = in_naive_order(accounts, portal.now(), descending);
            let ids = |of: &[(Shown, &SaasAccount)]| of.iter().map(|(_, account)| account.id).collect::<Vec<_>>();
            let query = |states: &[Shown], product| Query {
                words: String::new(),
                states: states.to_vec(),
                product,
                organization: None,
                sort: Sort::State,
                descending,
            };
            let page = |query: &Query, place, limit| -> Vec<SaasAccountId> {
                let found = portal.db().read(|db| status_store::list(db, &scope, query, place, limit)).expect("a page");
                found.iter().map(|account| account.id).collect()
            };
            let all = query(&[], None);
            for from in (0..naive.len()).step_by(naive.len() / 9) {
                let place = if from == 0 { Place::First } else { Place::After(naive[from - 1].1.id) };
                assert_eq!(page(&all, place, 40), ids(&naive[from..naive.len().min(from + 40)]), "{viewer} {descending} from {from}");
                let before = page(&all, Place::Before(naive[from].1.id), 40);
                assert_eq!(before, ids(&naive[from.saturating_sub(40)..from]), "{viewer} {descending} before {from}");
            }
            for states in [&[Shown::NoRecentData][..], &[Shown::Protected, Shown::SomeMissed], &[Shown::Suspended]] {
                for product in [None, Some(Product::GoogleWorkspace)] {
                    let wanted: Vec<(Shown, &SaasAccount)> = naive
                        .iter()
                        .filter(|(shown, account)| states.contains(shown) && product.is_none_or(|product| product == account.product))
                        .copied()
                        .collect();
                    let narrowed = query(states, product);
                    assert_eq!(page(&narrowed, Place::First, 40), ids(&wanted[..wanted.len().min(40)]), "{states:?} {product:?}");
                    let count = portal.db().read(|db| status_store::count(db, &scope, &narrowed)).expect("a count");
                    assert_eq!(usize::try_from(count), Ok(wanted.len()), "{states:?} {product:?}");
                }
            }
        }
        figures_add_up(&portal, &everyone[0]);
    }
}

/// The figures above the table are those of the accounts below it.
#[track_caller]
fn figures_add_up(portal: &Portal, accounts: &[SaasAccount]) {
    let naive = in_naive_order(accounts, portal.now(), false);
    let sum = |of: &dyn Fn(&(Shown, &SaasAccount)) -> i64| naive.iter().map(of).sum::<i64>();
    let figures = |value: i64, shown: Shown| if shown.has_figures() { value } else { 0 };
    let totals = portal.db().read(|db| totals_store::totals(db, &HARBOR_SCOPE)).expect("the figures");
    assert_eq!(totals.accounts, sum(&|_| 1));
    assert_eq!(totals.as_of, naive.iter().map(|(_, account)| account.facts.as_of).max().flatten());
    assert_eq!(totals.counted, sum(&|(shown, _)| figures(1, *shown)));
    assert_eq!(totals.active, sum(&|(shown, account)| figures(account.facts.active_services, *shown)));
    assert_eq!(totals.backed, sum(&|(shown, account)| figures(account.backed_services.min(account.facts.active_services), *shown)));
    assert_eq!(totals.pending, sum(&|(_, account)| i64::from(!account.facts.authorized)));
    assert_eq!(totals.unlinked, sum(&|(_, account)| i64::from(account.organization.is_none())));
    let kept = portal.sql::<i64>(
        "select sum(seats_active) from saas_account where partner in (select partner from partner_ancestor where ancestor = 1)",
        [],
    );
    assert_eq!(totals.seats.active, kept);
}

/// SAS-8
#[test]
fn every_sort_pages_through_all_accounts_forwards_and_backwards() {
    let portal = Portal::firm();
    for number in 0..23 {
        let kind = [GOOD, MISSED, NONE][usize::try_from(number % 3).unwrap()];
        account(&portal, 100 + number, &format!("Name {}", number % 7)).with_days(&[kind]).put(&portal);
    }
    let walked = portal.db().read(|db| {
        for sort in Sort::ALL {
            for descending in [false, true] {
                let query = Query { words: String::new(), states: Vec::new(), product: None, organization: None, sort: *sort, descending };
                let all: Vec<_> = status_store::list(db, &HARBOR_SCOPE, &query, Place::First, 100)?.iter().map(|each| each.id).collect();
                assert_eq!(all.len(), 23);
                let (mut paged, mut place) = (Vec::new(), Place::First);
                loop {
                    let page: Vec<_> = status_store::list(db, &HARBOR_SCOPE, &query, place, 5)?.iter().map(|each| each.id).collect();
                    let Some(last) = page.last() else { break };
                    place = Place::After(*last);
                    paged.extend(page);
                }
                assert_eq!(paged, all, "{sort:?} {descending}");
                let before: Vec<_> =
                    status_store::list(db, &HARBOR_SCOPE, &query, Place::Before(all[10]), 5)?.iter().map(|each| each.id).collect();
                assert_eq!(before, all[5..10], "{sort:?} {descending}");
            }
        }
        Ok(())
    });
    walked.expect("every sort");
}

/// SAS-8, USR-8: an organization's users see the same page with just theirs.
#[test]
fn the_status_page_shows_employees_all_and_an_organizations_user_just_theirs() {
    let portal = Portal::firm();
    account(&portal, 1, "Alder Mail").linked(&portal, ALDER_ID);
    account(&portal, 2, "Birch Mail").with_days(&[MISSED]).linked(&portal, BIRCH_ID);
    let loose = account(&portal, 3, "Loose End").put(&portal);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/status/saas").status(200).sees("as of").sees("Total success rate, 24 hours").sees("Seat protection");
    ada.sees("Pending authorization").sees("License use").sees("Alder Mail").sees("Birch & Sons").sees("Loose End");
    ada.sees("1 SaaS account is not linked").is_offered("View Unmapped Organizations").is_offered("Export CSV");
    let mut olu = portal.sign_in(OLU);
    olu.visit("/status/saas").status(200).sees("Alder Mail").sees("100 %").does_not_see("Birch").does_not_see("Loose End");
    olu.does_not_see("not linked").is_not_offered("View Unmapped Organizations").sees("1 account");
    olu.visit("/status/saas?q=loose").does_not_see("Loose End").sees("Nothing fits");
    olu.get("/status/saas/unmapped").status(404);
    olu.get(&format!("/saas/{loose}")).status(404);
}

/// SAS-9: "the page links a guide that explains colours and columns"
#[test]
fn the_status_page_leads_to_the_guide_of_its_colors_and_columns() {
    let portal = Portal::firm();
    for member in [ADA, TESS, OLU] {
        portal
            .sign_in(member)
            .visit("/status/saas")
            .press("What the colors and columns mean")
            .status(200)
            .sees("Failing")
            .sees("Retention");
    }
}

/// SAS-10
#[test]
fn without_data_the_page_says_so_and_shows_no_percentage() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit("/status/saas").sees("no data yet").sees("No SaaS account yet").does_not_see("0 %");
    account(&portal, 1, "Fresh").with_days(&[]).with_seats(&[]).linked(&portal, ALDER_ID);
    ada.visit("/status/saas").sees("No data yet").sees("no data yet").does_not_see(" 0 %").does_not_see("100 %");
}

/// SAS-10: stale figures are not shown as today's.
#[test]
fn figures_older_than_48_hours_are_not_shown_as_todays() {
    let portal = Portal::firm();
    account(&portal, 1, "Alder Mail").linked(&portal, ALDER_ID);
    let mut ada = portal.sign_in(ADA);
    portal.wait(Span::hours(48));
    ada.visit("/status/saas").sees("100 %").sees("Protected");
    portal.wait(MILLI);
    ada.visit("/status/saas").does_not_see("100 %").sees("No recent data").sees("no recent data");
}

/// SAS-10: a day nobody reported is no good day.
#[test]
fn days_since_the_newest_data_are_empty_in_the_strip() {
    let portal = Portal::firm();
    let id = account(&portal, 1, "Alder Mail").linked(&portal, ALDER_ID);
    let mut ada = portal.sign_in(ADA);
    let strip = |words: &str| format!("class=strip role=img title=\"{words}\"");
    let (whole, passed) = (strip("13 Nov to 22 Nov: all backed up"), strip("14 Nov to 22 Nov: all backed up, 23 Nov: no data"));
    let body = ada.visit("/status/saas").body();
    assert!(body.contains(&whole) && body.contains(&"<i></i>".repeat(10)), "{body}");
    portal.wait(Span::hours(47));
    let body = ada.visit("/status/saas").body();
    assert!(body.contains(&passed) && body.contains(&format!("{}<i class=quiet></i></span>", "<i></i>".repeat(9))), "{body}");
    assert!(ada.visit(&format!("/saas/{id}")).body().contains(&passed));
    portal.wait(Span::days(9));
    let (none, empty) = (strip("23 Nov to 2 Dec: no data"), "<i class=quiet></i>".repeat(10));
    let body = ada.visit("/status/saas").body();
    assert!(body.contains(&none) && body.contains(&empty), "nothing is left of what was reported: {body}");
}

/// SAS-9: never by color alone: each day of a strip has a word, and what a row opens says it as text.
#[test]
fn each_day_of_a_strip_has_a_word() {
    let portal = Portal::firm();
    let days = [GOOD, MISSED, NONE, NONE, IDLE, GOOD];
    let id = account(&portal, 1, "Alder Mail").with_days(&days).linked(&portal, ALDER_ID);
    let words = "13 Nov to 16 Nov: nothing to judge by, 17 Nov: all backed up, 18 Nov: nothing to judge by, 19 Nov to 20 Nov: none backed up, \
                 21 Nov: some missed, 22 Nov: all backed up";
    let mut ada = portal.sign_in(ADA);
    let body = ada.visit("/status/saas").body();
    assert!(body.contains(&format!("title=\"{words}\"")), "{body}");
    ada.visit(&format!("/status/saas/{id}")).sees(&format!("Last ten days: {words}."));
    let fresh = account(&portal, 2, "Fresh").with_days(&[]).put(&portal);
    assert!(ada.visit(&format!("/saas/{fresh}")).body().contains("title=\"Last ten days: no data yet\""));
}

/// SAS-8: "a row opens its applications and services": a page of its own, found by whoever finds the row.
#[test]
fn a_row_opens_its_applications_and_services() {
    let portal = Portal::firm();
    let id = account(&portal, 1, "Alder Mail").with_days(&[MISSED, GOOD]).linked(&portal, ALDER_ID);
    let loose = account(&portal, 2, "Loose End").put(&portal);
    for member in [ADA, TESS, OLU] {
        let mut visit = portal.sign_in(member);
        visit.visit("/status/saas").open("Applications of Alder Mail").status(200);
        visit.sees("Exchange").sees("9 of 10 services backed up in 24 hours").sees("724 GB").open("Thirty days and seats of Alder Mail");
    }
    let page = |id| format!("/status/saas/{id}");
    portal.sign_in(ADA).get(&page(loose)).status(200);
    portal.sign_in(OLU).get(&page(loose)).status(404);
    for stranger in [NIA, MALLORY, SID] {
        portal.sign_in(stranger).get(&page(id)).status(404);
    }
}

/// SUB-2
#[test]
fn a_suspended_organizations_accounts_show_grey_suspended() {
    let portal = Portal::firm();
    account(&portal, 1, "Alder Mail").with_days(&[NONE]).linked(&portal, ALDER_ID);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/status/saas?state=failing").sees("Alder Mail");
    portal.execute("update subscription set state = 'suspended' where organization = ?1", [ALDER_ID]);
    ada.visit("/status/saas?state=failing").does_not_see("Alder Mail");
    ada.visit("/status/saas?state=suspended").sees("Alder Mail").sees("Suspended");
}

/// SAS-1, SAS-8
#[test]
fn the_search_finds_by_organization_name_domain_id_and_older_product_names() {
    let portal = Portal::firm();
    account(&portal, 54_007, "Ember Accounting").linked(&portal, BIRCH_ID);
    let mut google = account(&portal, 71_111, "Fjord Logistics");
    google.product = Product::GoogleWorkspace;
    google.put(&portal);
    let mut ada = portal.sign_in(ADA);
    for words in ["ember acc", "birch", "BIRCH %26", "emberaccounting.ex", "54007", "Office 365", "em"] {
        ada.visit(&format!("/status/saas?q={words}")).sees("Ember Accounting").does_not_see("Fjord Logistics");
    }
    for words in ["g suite", "fjordlog", "71111", "not linked"] {
        let finds = words != "not linked";
        assert_eq!(ada.visit(&format!("/status/saas?q={words}")).text().contains("Fjord Logistics"), finds, "{words}");
    }
    ada.visit("/status/saas?product=google_workspace").sees("Fjord Logistics").does_not_see("Ember Accounting");
}

/// SAS-8: "filter (state, product, organization, needs attention)", in the address, with the export and the search.
#[test]
fn the_table_can_be_narrowed_to_one_organization() {
    let portal = Portal::firm();
    account(&portal, 1, "Alder Mail").with_days(&[MISSED]).linked(&portal, ALDER_ID);
    account(&portal, 2, "Alder Spare").linked(&portal, ALDER_ID);
    account(&portal, 3, "Birch Mail").linked(&portal, BIRCH_ID);
    let mut ada = portal.sign_in(ADA);
    let here = format!("/status/saas?organization={ALDER_ID}");
    ada.visit(&here)
        .sees("Only accounts of Alder Dental.")
        .sees("2 accounts")
        .sees("Alder Mail")
        .sees("Alder Spare")
        .does_not_see("Birch Mail");
    for sort in ["organization", "service", "retention", "seats", "success", "protected", "storage"] {
        ada.visit(&format!("{here}&sort={sort}")).sees("Alder Spare").does_not_see("Birch Mail");
    }
    ada.visit(&format!("{here}&state=attention")).sees("1 account").sees("Alder Mail").does_not_see("Alder Spare");
    ada.visit(&format!("{here}&q=mail")).sees("Alder Mail").does_not_see("Birch Mail").does_not_see("Alder Spare");
    ada.visit(&here).press("Export CSV");
    assert!(ada.body().contains("Alder Spare") && !ada.body().contains("Birch"), "{}", ada.body());
    ada.visit(&here).open("Show all organizations").sees("Birch Mail");
    portal.sign_in(NIA).visit(&here).does_not_see("Alder").sees("an organization that is not here");
    portal.sign_in(MALLORY).visit(&here).does_not_see("Alder");
}

/// ALL-2, LOG-1
#[test]
fn the_export_is_what_is_shown_and_starts_no_formula() {
    let portal = Portal::firm();
    account(&portal, 1, "=Formula").with_days(&[MISSED]).linked(&portal, ALDER_ID);
    account(&portal, 2, "Birch Mail").linked(&portal, BIRCH_ID);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/status/saas?state=attention").press("Export CSV").status(200);
    let file = ada.body();
    assert!(file.contains("'=Formula") && !file.contains("Birch Mail"), "{file}");
    assert!(file.starts_with("Organization,Account,") && file.contains("90 %"), "{file}");
    assert_eq!(portal.last_activity(), "exported SaaS Protection Status");
    let mut olu = portal.sign_in(OLU);
    let file = olu.post("/status/saas/export", &[]).body();
    assert!(file.contains("Formula") && !file.contains("Birch"), "{file}");
}

/// What stands beside an account's tick in the Link dialog.
fn pick(name: &str, vendor_id: i64) -> String {
    let domain = name.to_lowercase().replace(' ', "");
    format!("{name} {domain}.example · Microsoft 365 · 3 seats · {vendor_id} Never linked")
}

/// SAS-3, seed 000: by its own words.
#[test]
fn the_link_dialog_links_what_is_ticked_and_offers_add_users_and_a_further_link() {
    let portal = Portal::firm();
    let ember = account(&portal, 54_000, "Ember Accounting").put(&portal);
    account(&portal, 54_001, "Ember Foods").put(&portal);
    account(&portal, 54_002, "Taken Already").linked(&portal, BIRCH_ID);
    let mut foreign = account(&portal, 54_003, "Foreign Mail");
    foreign.partner = 2;
    foreign.put(&portal);
    let mut ada = portal.sign_in(ADA);
    let dialog = format!("/organizations/{ALDER_ID}/services/link");
    ada.visit(&dialog).sees("Link SaaS Protection Services").sees("Never linked");
    ada.does_not_see("Taken Already").does_not_see("Foreign Mail");
    for words in ["ember acc", "emberaccounting", "54000"] {
        ada.visit(&dialog).fill("Name, domain or id", words).press("Search").sees("Ember Accounting").does_not_see("Ember Foods");
    }
    ada.tick(&pick("Ember Accounting", 54_000)).press("Link Services");
    ada.sees("Linked 1 SaaS account to Alder Dental: Ember Accounting.").is_offered("Add Users").is_offered("Link");
    ada.clone().open("Unlink").status(200).sees("Unlink Ember Accounting?");
    assert_eq!(portal.sql::<i64>("select organization from saas_account where id = ?1", [ember]), ALDER_ID);
    assert_eq!(portal.last_activity(), "linked Ember Accounting to Alder Dental");
    assert_eq!(portal.sql::<i64>("select services from organization_listing where organization = ?1 and viewer = 1", [ALDER_ID]), 1);
}

/// SAS-3
#[test]
fn nothing_ticked_is_a_clear_refusal() {
    let portal = Portal::firm();
    account(&portal, 1, "Ember").put(&portal);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/organizations/{ALDER_ID}/services/link")).press("Link Services").status(422).sees("Tick at least one account");
}

/// SAS-2, SAS-3: all or none; the second is told who did.
#[test]
fn of_two_who_link_the_same_account_the_second_is_told_who_did_and_nothing_of_theirs_is_linked() {
    let portal = Portal::firm();
    account(&portal, 1, "Ember").put(&portal);
    let other = account(&portal, 2, "Fjord").put(&portal);
    let (mut ada, mut sam) = (portal.sign_in(ADA), portal.sign_in(SAM));
    ada.visit(&format!("/organizations/{ALDER_ID}/services/link")).tick(&pick("Ember", 1)).tick(&pick("Fjord", 2));
    sam.visit(&format!("/organizations/{BIRCH_ID}/services/link"))
        .tick(&pick("Ember", 1))
        .press("Link Services")
        .sees("Linked 1 SaaS account");
    ada.press("Link Services").status(422).sees("Ember was linked to Birch & Sons by Sam Okafor").sees("nothing was linked");
    assert_eq!(portal.sql::<i64>("select count(*) from saas_account where id = ?1 and organization is null", [other]), 1);
}

/// SAS-2, ALL-1
#[test]
fn an_account_of_another_partner_cannot_be_linked_and_is_not_found() {
    let portal = Portal::firm();
    let own = account(&portal, 1, "Ember").put(&portal);
    let mut foreign = account(&portal, 2, "Foreign Mail");
    foreign.partner = 2;
    let foreign = foreign.put(&portal);
    let link = |accounts: &[SaasAccountId]| portal.db().write(|tx| actions::link(tx, &manager(), ALDER_PLACE, accounts).map(drop));
    assert!(matches!(link(&[own, foreign]), Err(Error::NotFound)), "a partner beneath has accounts of its own");
    assert!(matches!(link(&[own, SaasAccountId(99)]), Err(Error::NotFound)));
    assert_eq!(portal.sql_count("saas_account where organization is not null"), 0);
    assert!(link(&[own]).is_ok());
    let mut mallory = portal.sign_in(MALLORY);
    mallory.get(&format!("/saas/{own}")).status(404);
    mallory.get(&format!("/saas/{foreign}")).status(200);
    mallory.get(&format!("/organizations/{ALDER_ID}/services/link")).status(404);
}

/// SAS-4, USR-10
#[test]
fn unlinking_asks_once_keeps_everything_and_says_by_whom_and_when() {
    let portal = Portal::firm();
    let id = account(&portal, 1, "Ember").linked(&portal, ALDER_ID);
    let before = (portal.sql_count("seat"), portal.sql_count("backup_day"), portal.sql_count("saas_application"));
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/organizations/{ALDER_ID}/services/{id}/unlink")).sees("Unlink Ember?").sees("Nothing is deleted");
    ada.press("Unlink").sees("Unlinked Ember from Alder Dental.");
    assert_eq!((portal.sql_count("seat"), portal.sql_count("backup_day"), portal.sql_count("saas_application")), before);
    assert_eq!(portal.last_activity(), "unlinked Ember from Alder Dental");
    ada.visit("/status/saas/unmapped").sees("Unlinked by Ada Lane").sees("since 22 Nov 2026");
    ada.get(&format!("/organizations/{ALDER_ID}/services/{id}/unlink")).status(404);
    ada.post(&format!("/organizations/{ALDER_ID}/services/{id}/unlink"), &[]).status(422).sees("not linked to Alder Dental any more");
}

/// SAS-4
#[test]
fn the_unlinked_list_gives_each_reason() {
    let portal = Portal::firm();
    account(&portal, 1, "Never").put(&portal);
    account(&portal, 2, "Deleted").linked(&portal, ALDER_ID);
    portal.write(|tx| store::unlink_all(tx, ALDER_PLACE, Backups::Keep));
    account(&portal, 3, "Moved").put(&portal);
    portal.execute("update saas_account set unlinked_reason = 'received_by_transfer', unlinked_detail = 'Cedar' where vendor_id = 3", []);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/status/saas/unmapped").sees("Never linked").sees("Organization deleted: Alder Dental");
    ada.sees("Received by transfer from Cedar").sees("3 SaaS accounts without an organization");
}

/// ORG-8
#[test]
fn a_purge_empties_seats_history_and_sizes_and_keeping_does_not() {
    let portal = Portal::firm();
    let id = account(&portal, 1, "Ember").linked(&portal, ALDER_ID);
    let kept = account(&portal, 2, "Kept").linked(&portal, BIRCH_ID);
    portal.write(|tx| {
        portico::seats::store::unprotect_all(tx, ALDER_PLACE)?;
        portico::backups::store::purge_of_organization(tx, ALDER_PLACE)?;
        store::unlink_all(tx, ALDER_PLACE, Backups::Purge)?;
        store::unlink_all(tx, OrganizationId(BIRCH_ID), Backups::Keep)
    });
    assert_eq!(portal.sql_count(&format!("seat where saas_account = {id} and state <> 'Unprotected'")), 0);
    assert_eq!(portal.sql_count(&format!("backup_day where saas_account = {id}")), 0);
    assert_eq!(portal.sql_count(&format!("saas_application where saas_account = {id}")), 0);
    assert_eq!(portal.sql_count(&format!("saas_account where id = {id} and used_bytes is null and as_of is null")), 1);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/saas/{id}")).sees("Purged").sees("purged on 22 Nov 2026").does_not_see("724 GB");
    ada.visit(&format!("/saas/{kept}")).sees("Protected").sees("724 GB").does_not_see("purged on");
}

fn suggested(portal: &Portal, id: SaasAccountId) -> Option<(String, Why)> {
    let look = portal.db().read(|db| mapping_store::Looked::default().suggestion(db, &HARBOR_SCOPE, &store::find(db, &HARBOR_SCOPE, id)?));
    look.expect("a look").map(|found| (found.name, found.why))
}

/// SAS-5
#[test]
fn an_unlinked_account_is_suggested_the_organization_of_its_domain_or_of_the_most_alike_name() {
    let portal = Portal::firm();
    account(&portal, 1, "First").linked(&portal, BIRCH_ID);
    let mut twin = account(&portal, 2, "Alder Dental");
    twin.domain = "FIRST.example".to_owned();
    let twin = twin.put(&portal);
    assert_eq!(suggested(&portal, twin), Some((BIRCH.to_owned(), Why::AccountDomain)), "the domain goes before the name");
    let mut user = account(&portal, 3, "Something else");
    user.domain = "alder.example".to_owned();
    let user = user.put(&portal);
    assert_eq!(suggested(&portal, user), Some((ALDER.to_owned(), Why::UserDomain)));
    let same = account(&portal, 4, "ALDER  dental").put(&portal);
    assert_eq!(suggested(&portal, same), Some((ALDER.to_owned(), Why::SameName)));
    let alike = account(&portal, 5, "Aldor Dental").put(&portal);
    assert_eq!(suggested(&portal, alike), None, "the trade is the same, the name is not");
    let alike = account(&portal, 7, "Aldder Dental").put(&portal);
    assert!(matches!(suggested(&portal, alike), Some((name, Why::Alike(percent))) if name == ALDER && (80..100).contains(&percent)));
    let stranger = account(&portal, 6, "Zephyr Quarry").put(&portal);
    assert_eq!(suggested(&portal, stranger), None);
    assert_eq!((likeness("Alder Dental", "alderdental"), likeness("abc", "xyz")), (100, 0));
    assert!(likeness("aaab", "aab") < 100);
}

/// SAS-5, ALL-1: only organizations of the account's own partner are suggested, whoever else has its name or domain.
#[test]
fn another_partners_organization_is_never_suggested() {
    let portal = Portal::firm();
    account(&portal, 1, "Alder Group").linked(&portal, ALDER_ID);
    account(&portal, 2, ALDER).put(&portal);
    account(&portal, 3, "Something else").put(&portal);
    portal.execute("update saas_account set partner = 2 where vendor_id in (2, 3)", []);
    portal.execute("update saas_account set domain = 'alder.example', domain_key = 'alder.example' where vendor_id in (1, 3)", []);
    let mut mallory = portal.sign_in(MALLORY);
    mallory.visit("/status/saas/unmapped").sees("Something else").does_not_see("same domain").does_not_see("same name");
    portal.execute("update saas_account set partner = 1 where vendor_id in (2, 3)", []);
    portal.sign_in(ABE).visit("/status/saas/unmapped").sees("same domain").sees("same name");
}

/// SAS-5: a word in common does not make two firms one.
#[test]
fn only_names_that_are_really_alike_are_suggested() {
    let all: Vec<_> = ["Iris Logistics", "Harbor Foods GmbH", "Polaris", "North Bakery", "North Mill", "North Farm", "Alder Dental"]
        .into_iter()
        .zip(1..)
        .map(|(name, id)| (OrganizationId(id), name.to_owned()))
        .collect();
    let why = |name: &str| most_alike(name, &all).map(|found| (found.name, found.why));
    let found = |name: &str, why: Why| Some((name.to_owned(), why));
    assert_eq!(why("Summit Logistics"), None, "the trade alone");
    assert_eq!(why("Logistics"), None);
    assert_eq!(why("Alder Legal"), None, "another trade");
    assert_eq!(why("Harbor Foods Ltd"), found("Harbor Foods GmbH", Why::SameButFillers));
    assert_eq!(why("The Iris Logistics Group"), found("Iris Logistics", Why::SameButFillers));
    assert_eq!(why("Polaris Norge"), found("Polaris", Why::Holds));
    assert_eq!(why("Iris"), found("Iris Logistics", Why::Holds));
    assert_eq!(why("iris logistics"), found("Iris Logistics", Why::SameName));
    assert_eq!(why("North"), None, "many share this word");
    assert_eq!(why("North Mill Oslo"), found("North Mill", Why::Holds));
    let two: Vec<_> = all.iter().cloned().chain([(OrganizationId(9), "Iris Legal".to_owned())]).collect();
    assert_eq!(most_alike("Iris", &two), None, "nobody can say which");
}

/// SAS-3: who administers what was linked is said as it is.
#[test]
fn the_alert_after_linking_says_truthfully_who_administers_the_account() {
    let portal = Portal::firm();
    portal.execute("update subscription set auto_license = 1, seats = null", []);
    let ids: Vec<_> = (1..=5).map(|number| account(&portal, number, &format!("Mail {number}")).put(&portal)).collect();
    let mut ada = portal.sign_in(ADA);
    let mut link = |organization: i64, accounts: &[usize]| {
        let ticked: Vec<String> = accounts.iter().map(|place| ids[*place].to_string()).collect();
        let fields: Vec<_> = ticked.iter().map(|id| ("saas_account", id.as_str())).collect();
        ada.post(&format!("/organizations/{organization}/services/link"), &fields).follow().text()
    };
    let active = "update account set state = 'active' where organization = ?1";
    portal.execute(active, [ALDER_ID]);
    portal.execute("update organization_user set access = 'full' where organization = ?1", [ALDER_ID]);
    let users = portal.sql_count(&format!("organization_user where organization = {ALDER_ID}"));
    let said = link(ALDER_ID, &[0, 1]);
    assert!(said.contains(&format!("Linked 2 SaaS accounts to Alder Dental. Its {users} users with Full access are now their")), "{said}");
    portal.execute("update account set state = 'deactivated' where organization = ?1", [ALDER_ID]);
    let said = link(ALDER_ID, &[2]);
    assert!(said.contains("to Alder Dental: Mail 3. Users you add now become its Super Administrators."), "{said}");
    portal.execute("update subscription set state = 'suspended' where organization = ?1", [ALDER_ID]);
    let said = link(ALDER_ID, &[3]);
    assert!(!said.contains("Super Administrators."), "{said}");
}

/// SAS-3: where nothing can be ticked the dialog says why, and offers no button that can only fail.
#[test]
fn the_link_dialog_says_why_there_is_nothing_to_link() {
    let portal = Portal::firm();
    let dialog = format!("/organizations/{ALDER_ID}/services/link");
    let mut abe = portal.sign_in(ABE);
    abe.visit(&dialog).sees("There is no SaaS account yet").is_not_offered("Link Services").is_offered("Import");
    account(&portal, 1, "Birch Mail").linked(&portal, BIRCH_ID);
    abe.visit(&dialog).sees("No account is waiting to be linked").is_not_offered("Link Services");
    account(&portal, 2, "Ember").put(&portal);
    let mut foreign = account(&portal, 3, "Birch Foreign");
    foreign.partner = 2;
    foreign.linked(&portal, CEDAR_ID);
    abe.visit(&dialog).is_offered("Link Services").fill("Name, domain or id", "birch").press("Search");
    abe.sees("Birch Mail is linked to Birch & Sons already.").does_not_see("Birch Foreign").is_not_offered("Link Services");
    abe.visit(&format!("{dialog}?q=zephyr")).sees("Nothing found");
}

/// SAS-5
#[test]
fn one_click_links_to_the_suggested_organization_and_another_can_be_chosen() {
    let portal = Portal::firm();
    account(&portal, 1, "Aldder Dental").put(&portal);
    let second = account(&portal, 2, "Zephyr Quarry").put(&portal);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/status/saas").press("View Unmapped Organizations").sees("most alike name");
    ada.near("Aldder Dental").press("Link").sees("Linked 1 SaaS account to Alder Dental: Aldder Dental.").is_offered("Unlink");
    ada.near("Zephyr Quarry").open("Choose").press("Link Services").status(422).sees("Choose an organization");
    ada.post(&format!("/status/saas/unmapped/{second}"), &[("organization", &BIRCH_ID.to_string())]).follow().sees("Linked 1 SaaS account");
    ada.sees("Every SaaS account is linked");
    ada.visit("/status/saas").is_not_offered("View Unmapped Organizations");
}

/// SAS-5, EMP-1: a Tech sees the list, and only managers link.
#[test]
fn a_tech_sees_unlinked_accounts_and_links_none() {
    let portal = Portal::firm();
    let id = account(&portal, 1, "Aldder Dental").put(&portal);
    let mut tess = portal.sign_in(TESS);
    tess.visit("/status/saas").is_offered("View Unmapped Organizations");
    tess.visit("/status/saas/unmapped").sees("Aldder Dental").is_not_offered("Link Aldder Dental to Alder Dental");
    tess.post(&format!("/status/saas/unmapped/{id}"), &[("organization", &ALDER_ID.to_string())]).status(404);
    tess.get(&format!("/saas/{id}")).status(200);
    for member in [BEA, SID] {
        let mut visit = portal.sign_in(member);
        visit.get("/status/saas").status(404);
        visit.get(&format!("/saas/{id}")).status(404);
    }
}

/// USR-7
#[test]
fn full_access_users_are_super_administrators_until_the_link_or_the_active_state_ends() {
    let portal = Portal::firm();
    let id = account(&portal, 1, "Ember").linked(&portal, ALDER_ID);
    let page = format!("/saas/{id}");
    let (mut olu, mut ada) = (portal.sign_in(OLU), portal.sign_in(ADA));
    olu.visit(&page).status(200).sees("Super Administrators").sees("Olu Adeyemi").sees("Customer id").sees("ember.example");
    ada.visit(&page).sees("Olu Adeyemi");
    portal.execute("update subscription set state = 'suspended' where organization = ?1", [ALDER_ID]);
    assert_ne!(olu.get(&page).response.status, 200);
    ada.visit(&page).does_not_see("Olu Adeyemi").sees("Suspended");
    portal.execute("update subscription set state = 'active' where organization = ?1", [ALDER_ID]);
    olu.get(&page).status(200);
    portal.write(|tx| actions::unlink(tx, &manager(), ALDER_PLACE, id).map(drop));
    olu.get(&page).status(404);
    portal.write(|tx| actions::link(tx, &manager(), OrganizationId(BIRCH_ID), &[id]).map(drop));
    olu.get(&page).status(404);
    portal.sign_in(NIA).get(&page).status(200);
}

/// SAS-1, SAS-8: the account's own page.
#[test]
fn the_accounts_page_shows_every_field_each_application_and_its_numbers() {
    let portal = Portal::firm();
    let id = account(&portal, 54_000, "Ember").with_days(&[MISSED, GOOD]).linked(&portal, ALDER_ID);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/saas/{id}")).sees("54000").sees("Microsoft 365").sees("Classic:Office365:54000").sees("ICR").sees("Exchange");
    ada.sees("9 of 10 backed up, 9 whole; some missed");
    let body = ada.body();
    let cells = (body.matches("<td class=\"cell\"").count(), body.matches("<i class=\"warn\"></i><span").count());
    assert_eq!(cells, (30, 1), "a cell a day of its one application");
    ada.sees("Active users 3").sees("Fully protected, 24 h 9 of 10 services");
    ada.sees("9 of 10 services backed up in 24 hours")
        .sees("Numbers of thirty days")
        .sees("Backup With Issues")
        .sees("724 GB")
        .sees("90 %");
}
