//! The rules of Endpoint Backup Status and of file restores, one test a sentence.

use portico::access::model::Scope;
use portico::endpoints::model::{LATE_AFTER, OVERDUE_AFTER, Standing};
use portico::endpoints::status_model::Query;
use portico::endpoints::{status_store, store};
use portico::kernel::ids::{OrganizationId, PartnerId};
use portico::kernel::time::Span;

use crate::endpoints::computers;
use crate::support::estate::{ALDERINE, BIRCHINE, CEDARINE};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

const PAGE: &str = "/status/endpoints";
const SCOPE: Scope = Scope::all(PartnerId(1));

fn agent(portal: &Portal, uuid: &str) -> i64 {
    portal.sql("select id from endpoint_agent where uuid = ?1", [uuid])
}

fn new_page(portal: &Portal, uuid: &str) -> String {
    format!("{PAGE}/{}/restores/new", agent(portal, uuid))
}

/// Finn, who has Endpoint Backup access alone, asks for files of one of Alder Dental's computers.
fn ask(portal: &Portal) -> Visit {
    let mut finn = portal.sign_in(FINN);
    finn.visit(&new_page(portal, "u-1")).fill("Files or folders", "C:\\Plan.docx").fill("Note", "By Friday").press("Create File Restore");
    finn
}

fn state(portal: &Portal) -> String {
    portal.sql("select state from file_restore", [])
}

/// USR-4, USR-8: Home, Guides, Account Settings and this only.
#[test]
fn a_user_with_endpoint_backup_access_alone_sees_their_agents_and_nothing_else_of_status() {
    let portal = Portal::firm();
    computers(&portal);
    let mut finn = portal.sign_in(FINN);
    finn.visit("/").is_offered("Endpoint Backup Status").is_not_offered("SaaS Protection Status").is_not_offered("Device status");
    finn.visit(PAGE).sees("ana-laptop").sees("ben-laptop").does_not_see("cleo-laptop").does_not_see("Birch");
    finn.get(&format!("{PAGE}/{}", agent(&portal, "u-3"))).status(404);
    finn.get(&new_page(&portal, "u-3")).status(404);
    for other in ["/status/saas", "/status/devices", "/organizations", "/imports"] {
        finn.get(other).status(404);
    }
    for path in ["/guides", "/account", "/"] {
        finn.get(path).status(200);
    }
    for nobody in [OLU, NOOR, NIA] {
        portal.sign_in(nobody).get(PAGE).status(404);
    }
}

/// EMP-3: No access hides the page; a Tech has none unless it is given.
#[test]
fn employees_see_the_page_with_endpoint_backup_and_not_without() {
    let portal = Portal::firm();
    computers(&portal);
    portal.sign_in(ABE).visit(PAGE).sees("ana-laptop").sees("cleo-laptop");
    portal.sign_in(TESS).get(PAGE).status(404);
    portal.execute("update employee set endpoint_backup = 'full' where account = ?1", [TESS.account]);
    portal.sign_in(TESS).get(PAGE).status(200);
    portal.execute("update employee set endpoint_backup = 'none' where account = ?1", [ABE.account]);
    portal.sign_in(ABE).get(PAGE).status(404);
    portal.sign_in(BEA).get(PAGE).status(404);
}

/// EMP-4, PAR-1
#[test]
fn a_limited_employee_and_a_partner_beneath_see_their_own() {
    let portal = Portal::estate();
    portal.execute("insert into access_group_member (account, access_group, partner) values (?1, 495000000000001, 1)", [ABE.account]);
    portal.execute("update employee set limited = 1 where account = ?1", [ABE.account]);
    let mut abe = portal.sign_in(ABE);
    abe.visit(PAGE).sees("Alderine laptop").sees("Alderine plan.docx").does_not_see("Birchine laptop").does_not_see("Birchine plan.docx");
    abe.get(&format!("{PAGE}/{}", BIRCHINE.agent())).status(404);
    abe.get(&format!("/restores/{}/removal", BIRCHINE.file_restore())).status(404);
    portal.sign_in(MALLORY).visit(PAGE).sees("Cedarine laptop").does_not_see("Alderine laptop");
    portal.sign_in(ADA).visit(PAGE).sees("Cedarine laptop").sees("Alderine laptop");
    let tech = format!("{PAGE}/{}/restores/new", CEDARINE.agent());
    portal.execute("update employee set endpoint_backup = 'full' where account = ?1", [TESS.account]);
    let mut tess = portal.sign_in(TESS);
    tess.visit(&tech).fill("Files or folders", "x").press("Create File Restore").status(422).sees("held by a partner beneath yours");
    tess.get(&format!("{PAGE}/{}", ALDERINE.agent())).status(200);
}

/// What is ranked once between two changes is at every moment what a walk over all agents says: one moment before each edge of the clock, on it
/// and after it, and after a change.
#[test]
fn the_ranking_that_is_kept_is_what_a_walk_would_say() {
    let portal = Portal::firm();
    computers(&portal);
    let agrees = |why: &str| {
        let walked = portal.db().read(|db| status_store::list(db, &SCOPE, &Query::all(), 0, 100)).expect("a walk");
        let (count, ids) = portal.db().read(|db| Ok(status_store::ranking(db, &SCOPE)?.page(&Query::all(), 0, 100))).expect("a ranking");
        let expected: Vec<_> = walked.iter().map(|agent| agent.id).collect();
        assert_eq!((ids, count), (expected, i64::try_from(walked.len()).expect("few")), "{why}");
        let tally = portal.db().read(|db| Ok(status_store::ranking(db, &SCOPE)?.tally())).expect("a tally");
        for state in Standing::ALL {
            let here = walked.iter().filter(|agent| agent.standing(portal.now()) == *state).count();
            assert_eq!(tally.of(|standing| standing == *state), i64::try_from(here).expect("few"), "{why}: {state:?}");
        }
    };
    let last: i64 = portal.sql("select max(last_backup) from endpoint_agent", []);
    for after in [LATE_AFTER, OVERDUE_AFTER] {
        let edge = portico::kernel::time::Timestamp(last) + after;
        portal.wait((edge - Span(1)) - portal.now());
        agrees("before");
        portal.wait(Span(1));
        agrees("on the edge");
        portal.wait(Span(1));
        agrees("after");
    }
    portal.execute("update endpoint_agent set strip = 'gr' where uuid = 'u-2'", []);
    agrees("a change");
    portal.execute(
        "update organization_listing set state = 'unsubscribed', unsubscribed_at = ?2 where organization = ?1",
        (ALDER_ID, portal.now().0),
    );
    portal.execute("update subscription set state = 'unsubscribed' where organization = ?1", [ALDER_ID]);
    agrees("unsubscribed");
    portal.wait(Span(Span::days(45).0 - 1));
    agrees("the last moment of the 45 days");
    portal.wait(Span(1));
    agrees("the 45 days are over");
}

/// A search, an organization and states are answered from the ranking as a walk over all agents answers them, page by page; nothing is found
/// across an agent's words and its organization's name.
#[test]
fn a_search_in_the_ranking_finds_what_a_walk_would_find() {
    let portal = Portal::firm();
    computers(&portal);
    let whole = |words: &str| Query { words: words.to_owned(), ..Query::all() };
    let only = |organization: i64| Query { organization: Some(OrganizationId(organization)), ..whole("laptop") };
    let across: String = portal.sql(
        "select substr(e.search, -3) || ' ' || substr(o.name_key, 1, 3) from endpoint_agent e join organization o on o.id = e.organization limit 1",
        [],
    );
    let mut found = Vec::new();
    let queries = [
        whole("ANA-laptop"),
        whole("alder"),
        whole("laptop"),
        only(ALDER_ID),
        only(1),
        Query { states: vec![Standing::BackedUp, Standing::Failing], ..whole("a") },
        whole("%"),
        whole(&across),
        Query::all(),
    ];
    for query in queries {
        let (skipped, limit) = (1, 1);
        for (skipped, limit) in [(0, 100), (skipped, limit)] {
            let (walked, count) = portal
                .db()
                .read(|db| Ok((status_store::list(db, &SCOPE, &query, skipped, limit)?, status_store::count(db, &SCOPE, &query)?)))
                .expect("a walk");
            let ranked = portal.db().read(|db| Ok(status_store::ranking(db, &SCOPE)?.page(&query, skipped, limit))).expect("a ranking");
            assert_eq!(ranked, (count, walked.iter().map(|agent| agent.id).collect()), "{query:?} from {skipped}");
        }
        found.push(status_count(&portal, &query));
    }
    assert!(found.contains(&0) && found.contains(&1) && found.iter().any(|count| 1 < *count), "{found:?}");
}

/// How many agents the walk finds.
fn status_count(portal: &Portal, query: &Query) -> i64 {
    portal.db().read(|db| status_store::count(db, &SCOPE, query)).expect("a count")
}

/// A page of many agents reads that page in full and no more: between two changes the walk over all is made once.
#[test]
fn a_page_of_many_agents_is_fifty_of_them() {
    let portal = Portal::firm();
    computers(&portal);
    portal.execute(
        "with recursive number(n) as (select 1 union all select n + 1 from number where n < 120)
         insert into endpoint_agent (id, partner, organization, uuid, hostname, name_key, search, strip, created_at)
         select 900000 + n, partner, organization, 'm-' || n, 'many-' || substr('000' || n, -3), 'many-' || substr('000' || n, -3),
                'many-' || n, '', created_at from endpoint_agent, number where uuid = 'u-1'",
        [],
    );
    let mut ada = portal.sign_in(ADA);
    ada.visit(PAGE).sees("123 agents").sees("many-001").does_not_see("many-080");
    ada.open("Next").sees("many-080").does_not_see("many-001").open("Next").sees("many-120").does_not_see("many-080");
    ada.visit(&format!("{PAGE}?state=no_backup_yet")).sees("120 agents").sees("many-050").does_not_see("many-051");
}

/// Worst first; search, state and organization narrow; what SQL decides is what the rule says, at the edges too.
#[test]
fn the_list_is_worst_first_and_decides_states_as_the_rule_does() {
    let portal = Portal::firm();
    computers(&portal);
    let names = |query: &Query| -> Vec<String> {
        let found = portal.db().read(|db| status_store::list(db, &SCOPE, query, 0, 100)).expect("a list");
        found.into_iter().map(|agent| agent.hostname).collect()
    };
    assert_eq!(names(&Query::all()), ["cleo-laptop", "ana-laptop", "ben-laptop"]);
    let words = |words: &str| names(&Query { words: words.to_owned(), ..Query::all() });
    assert_eq!(
        (words("BEN"), words("sn-ana"), words("birch")),
        (vec!["ben-laptop".to_owned()], vec!["ana-laptop".to_owned()], vec!["cleo-laptop".to_owned()])
    );
    portal.execute("update endpoint_agent set shot_success = 0 where uuid = 'u-2'", []);
    for _ in 0..80 {
        for agent in portal.db().read(|db| status_store::list(db, &SCOPE, &Query::all(), 0, 100)).expect("a list") {
            let now = portal.now();
            let standing = agent.standing(now);
            for state in Standing::ALL {
                let query = Query { states: vec![*state], words: agent.hostname.clone(), ..Query::all() };
                assert_eq!(
                    portal.db().read(|db| status_store::count(db, &SCOPE, &query)).expect("a count"),
                    i64::from(*state == standing),
                    "{agent:?} {state:?}"
                );
            }
        }
        portal.wait(Span::hours(1));
    }
    let tally = portal.db().read(|db| Ok(status_store::ranking(db, &SCOPE)?.tally())).expect("a tally");
    assert_eq!((tally.all(), tally.of(|standing| standing == Standing::Overdue)), (3, 2));
    for table in ["subscription", "organization_listing"] {
        portal.execute(&format!("update {table} set state = 'suspended' where organization = ?1"), [ALDER_ID]);
    }
    let tally = portal.db().read(|db| Ok(status_store::ranking(db, &SCOPE)?.tally())).expect("a tally");
    assert_eq!(tally.of(|standing| standing == Standing::Suspended), 2);
}

/// The page by its own words: filters stand in the address, the strip is one picture with one name, and the export holds what is shown.
#[test]
fn the_page_filters_sorts_and_exports_what_it_shows() {
    let portal = Portal::firm();
    computers(&portal);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("{PAGE}?state=attention")).sees("cleo-laptop").sees("ana-laptop").does_not_see("ben-laptop");
    ada.visit(&format!("{PAGE}?organization={BIRCH_ID}")).sees("Only agents of Birch & Sons").does_not_see("ana-laptop");
    ada.visit(&format!("{PAGE}?q=nothing-like-it")).sees("Nothing fits");
    assert!(ada.visit(PAGE).body().contains("Last 10 backups, oldest first: 6 good, 1 failed, 3 good"));
    ada.visit(&format!("{PAGE}?q=cleo")).press("Export CSV");
    let file = ada.body();
    assert_eq!(file.lines().count(), 2, "{file}");
    assert!(file.contains("Birch & Sons,cleo-laptop,EP3,SN-cleo-laptop,Last backup failed"), "{file}");
    assert_eq!(portal.last_activity(), "exported Endpoint Backup Status");
    ada.visit(&format!("/organizations/{BIRCH_ID}")).open("Status");
}

/// END-2: created from a recovery point that there is; who asked, and when; an employee says what came of it.
#[test]
fn a_restore_is_asked_for_and_an_employee_says_what_came_of_it() {
    let portal = Portal::firm();
    computers(&portal);
    let mut finn = ask(&portal);
    finn.sees("Created the file restore of C:\\Plan.docx from ana-laptop").sees("Requested").sees("Finn Becker").sees("By Friday");
    finn.is_not_offered("Close");
    assert!(portal.last_activity().starts_with("asked for a file restore from ana-laptop"), "{}", portal.last_activity());
    let restore: i64 = portal.sql("select id from file_restore", []);
    finn.get(&format!("/restores/{restore}/completion")).status(404);
    finn.post(&format!("/restores/{restore}/completion"), &[("state", "done")]).status(404);
    assert_eq!(state(&portal), "requested");
    let mut abe = portal.sign_in(ABE);
    abe.visit(PAGE)
        .sees("C:\\Plan.docx")
        .sees("Finn Becker")
        .open("Close")
        .press("Close File Restore")
        .status(422)
        .sees("Choose what came of it");
    abe.post(&format!("/restores/{restore}/completion"), &[("state", "refused"), ("result", " ")]).status(422).sees("Say why");
    abe.post(&format!("/restores/{restore}/completion"), &[("state", "removed"), ("result", "x")]).status(422);
    abe.visit(&format!("/restores/{restore}/completion"))
        .fill("What came of it", "done")
        .fill("Result", "On the desktop")
        .press("Close File Restore");
    abe.sees("is closed: done").sees("On the desktop").sees("Abe Winter");
    assert_eq!(state(&portal), "done");
    abe.post(&format!("/restores/{restore}/completion"), &[("state", "refused"), ("result", "x")]).status(422).sees("over already");
    finn.visit(PAGE).sees("On the desktop");
}

/// END-2, USR-4
#[test]
fn a_restore_is_removed_once_and_stays_in_the_list_as_removed() {
    let portal = Portal::firm();
    computers(&portal);
    let mut finn = ask(&portal);
    let restore: i64 = portal.sql("select id from file_restore", []);
    let backups = portal.sql_count("endpoint_backup");
    portal.sign_in(NIA).post(&format!("/restores/{restore}/removal"), &[]).status(404);
    finn.visit(&format!("/restores/{restore}/removal"))
        .sees("The backups stay.")
        .press("Remove File Restore")
        .sees("Removed the file restore");
    assert_eq!(state(&portal), "removed");
    assert_eq!(portal.sql_count("endpoint_backup"), backups);
    finn.post(&format!("/restores/{restore}/removal"), &[]).status(422).sees("removed already");
    finn.get(&format!("/restores/{restore}/removal")).status(404);
    assert_eq!(portal.sql_count("activity where kind = 'file_restore.removed'"), 1);
}

/// END-2: nothing is asked for that there is no backup of, nor without saying what.
#[test]
fn a_restore_needs_a_backup_that_there_is_and_a_path() {
    let portal = Portal::firm();
    computers(&portal);
    let mut finn = portal.sign_in(FINN);
    let here = new_page(&portal, "u-1");
    let points = portal
        .db()
        .read(|db| portico::restores::store::points(db, portico::kernel::ids::EndpointAgentId(agent(&portal, "u-1"))))
        .expect("points");
    assert_eq!(points.len(), 19, "twenty backups, one of which failed");
    let foreign = portal
        .db()
        .read(|db| portico::restores::store::points(db, portico::kernel::ids::EndpointAgentId(agent(&portal, "u-3"))))
        .expect("points");
    finn.post(&here, &[("point", &points[0].value()), ("path", "  ")]).status(422).sees("Say which files or folders");
    for wrong in [foreign[0].value(), "1-2".to_owned(), String::new()] {
        finn.post(&here, &[("point", &wrong), ("path", "C:")]).status(422).sees("Choose the backup to restore from");
    }
    finn.post(&here, &[("point", &points[0].value()), ("path", &"x".repeat(501))]).status(422).sees("at most 500");
    assert_eq!(portal.sql_count("file_restore"), 0);
    finn.post(&here, &[("point", &points[0].value()), ("path", &"x".repeat(500))]).status(303);
    portal.execute("update endpoint_agent set last_snapshot = null where uuid = 'u-2'", []);
    finn.visit(&new_page(&portal, "u-2")).sees("No backup to restore from");
}

/// ORG-8, PAR-6: restores go with their organization's agents, to nothing or to another partner.
#[test]
fn restores_are_gone_with_their_organization_and_go_along_in_a_transfer() {
    let portal = Portal::firm();
    computers(&portal);
    ask(&portal);
    portal.sign_in(ADA).post(&format!("/organizations/{ALDER_ID}/deletion"), &[("backups", "keep"), ("typed", ALDER)]).status(303);
    assert_eq!((portal.sql_count("file_restore"), portal.sql_count("endpoint_agent")), (0, 1));
    let moving = crate::transfers::estate();
    crate::transfers::cedar_to_quay(&moving);
    let holder: i64 = moving.sql("select partner from file_restore where id = ?1", [CEDARINE.file_restore()]);
    assert_eq!(holder, crate::transfers::QUAY_ID);
    moving.sign_in(QUINN).visit(PAGE).sees("Cedarine plan.docx");
    assert!(
        moving.db().read(|db| store::find(db, &Scope::all(PartnerId(2)), portico::kernel::ids::EndpointAgentId(CEDARINE.agent()))).is_err()
    );
}

/// USR-3: at most one user of an organization has Endpoint Backup access; a second is refused by the first's name, one after the first is gone is not.
#[test]
fn a_second_endpoint_backup_user_is_refused_by_the_name_of_the_first() {
    let portal = Portal::firm();
    let new = format!("/organizations/{ALDER_ID}/users/new");
    let add = |visit: &mut Visit| {
        visit.visit(&new).fill("First name", "Ira").fill("Last name", "Moss").fill("Email", "ira@alder.example");
        visit.fill("Endpoint Backup Access", "file_restores").press("Add Organization User");
    };
    let mut ada = portal.sign_in(ADA);
    add(&mut ada);
    ada.status(422).sees("Finn Becker");
    assert_eq!(portal.sql_count("organization_user where endpoint_access = 'file_restores'"), 1);
    ada.post(&format!("/organizations/{ALDER_ID}/users/{}/removal", FINN.account), &[]).status(303);
    add(&mut ada);
    ada.sees("Ira Moss");
    assert_eq!(portal.sql_count("organization_user where endpoint_access = 'file_restores'"), 1);
}
