//! The rules of `organizations`, one test a sentence.

use std::collections::BTreeSet;

use portico::access::model::{Scope, Sight};
use portico::access::witness_model::{Manager, Operator};
use portico::kernel::db::Read as _;
use portico::kernel::error::Error;
use portico::kernel::ids::{OrganizationId, PartnerId};
use portico::kernel::text::FirmName;
use portico::organizations::list_model::{Filter, PAGE, Turn};
use portico::organizations::model::Backups;
use portico::organizations::{actions, deletion_actions, list_store, store};

use crate::support::people::*;
use crate::support::portal::{Portal, Visit, tables};

const HARBOR_ID: PartnerId = PartnerId(1);

fn manager() -> Manager {
    Manager::operator(&Operator::of_this_machine(), HARBOR_ID)
}

fn name(text: &str) -> FirmName {
    FirmName::parse(text).unwrap_or_else(|sentence| unreachable!("{sentence}"))
}

#[track_caller]
fn make(portal: &Portal, text: &str) -> OrganizationId {
    portal.write(|tx| actions::create(tx, &manager(), &name(text)))
}

/// The names on the page, in their order.
fn names(visit: &Visit) -> Vec<String> {
    let links = visit.links();
    let rows = links.iter().filter(|(text, href, _)| href.starts_with("/organizations/") && text.contains('-'));
    let is_id = |word: &&str| word.len() == 9 && word.split('-').all(|part| part.parse::<u32>().is_ok());
    rows.map(|(text, _, _)| text.split(' ').take_while(|word| !is_id(word)).collect::<Vec<_>>().join(" ")).collect()
}

fn filter(pairs: &[(&str, &str)]) -> Filter {
    Filter::from(|wanted| pairs.iter().find(|(key, _)| *key == wanted).map(|(_, value)| (*value).to_owned()).unwrap_or_default())
}

/// ORG-1, ORG-11, EMP-1, seed 000: by its own words, from the menu to the new page and back to the list that shows it.
#[test]
fn creating_an_organization_needs_a_name_and_leads_to_its_page() {
    let portal = Portal::firm();
    for member in [ADA, SAM, ABE] {
        let mut visit = portal.sign_in(member);
        let organization = format!("New Client of {}", member.first);
        visit.visit("/organizations").sees("Older guides call organizations clients").press("Create Organization");
        visit.fill("Organization name", &organization).press("Create Organization");
        visit.status(200).sees(&format!("Created {organization}.")).sees("None yet, so nothing is billed.").sees("Active");
        visit.sees(&format!("created just now by {}", member.name())).does_not_see(&format!("by {} (", member.name()));
        visit.press("Manage Organizations").sees(&organization);
        visit.visit("/organizations?q=new+client+of").sees(&organization);
    }
    assert_eq!(portal.last_activity(), "created the organization New Client of Abe");
}

/// EMP-1
#[test]
fn nobody_else_finds_manage_organizations() {
    let portal = Portal::firm();
    for member in [TESS, BEA, SID, OLU] {
        let mut visit = portal.sign_in(member);
        for path in ["/organizations", "/organizations/new", &format!("/organizations/{ALDER_ID}")] {
            visit.get(path).status(404);
        }
        visit.post("/organizations", &[("name", "Sneaky")]).status(404);
        visit.post("/organizations/export", &[]).status(404);
        visit.visit("/").is_not_offered("Manage Organizations");
    }
    assert_eq!(portal.sql_count("organization where name = 'Sneaky'"), 0);
    portal.sign_in(ABE).get("/organizations").status(200);
}

/// ORG-4: compared without case and surrounding space, whatever the alphabet; within a partner only.
#[test]
fn a_name_is_taken_once_at_a_partner() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    for taken in ["alder DENTAL", "  Alder  Dental ", "Alder\u{200b} Dental"] {
        ada.post("/organizations", &[("name", taken)]).status(422).sees("There is already an organization named");
        assert_eq!(ada.value_of("Organization name"), taken, "what was typed is still there");
    }
    portal.sign_in(MALLORY).post("/organizations", &[("name", ALDER)]).status(303);
    make(&portal, "Straße");
    assert!(matches!(portal.db().write(|tx| actions::create(tx, &manager(), &name("STRASSE"))), Err(Error::Invalid(_))));
    ada.post("/organizations", &[("name", "   ")]).status(422).sees("Enter a name.");
    ada.post("/organizations", &[("name", &"x".repeat(121))]).status(422).sees("Use at most 120 characters.");
    ada.post("/organizations", &[("name", &"x".repeat(120))]).status(303);
}

/// ORG-4: a deleted organization's name is free again.
#[test]
fn the_name_of_a_deleted_organization_can_be_used_again() {
    let portal = Portal::firm();
    portal.write(|tx| deletion_actions::delete(tx, &manager(), OrganizationId(ALDER_ID), Backups::Keep, ALDER));
    assert_ne!(make(&portal, ALDER), OrganizationId(ALDER_ID));
}

/// ORG-6, ORG-4
#[test]
fn the_name_changes_with_save_changes_and_list_and_search_follow() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let page = format!("/organizations/{ALDER_ID}");
    ada.visit(&page).fill("Organization name", "Aspen Dental").press("Save Changes").sees("Saved the settings of Aspen Dental.");
    assert_eq!(portal.last_activity(), "renamed the organization Alder Dental to Aspen Dental");
    assert_eq!(names(ada.visit("/organizations?q=pen+den")), ["Aspen Dental"]);
    assert!(names(ada.visit("/organizations?q=alder")).is_empty());
    ada.visit(&page).fill("Organization name", BIRCH).press("Save Changes").status(422).sees("There is already an organization named");
    assert_eq!(ada.value_of("Organization name"), BIRCH);
    ada.visit(&page).fill("Organization name", "ASPEN dental").press("Save Changes").sees("Saved the settings of ASPEN dental.");
}

/// ORG-6: of two who change the settings at the same time, the second is told, and nothing of the first is lost.
#[test]
fn settings_that_somebody_else_changed_meanwhile_are_not_overwritten() {
    let portal = Portal::firm();
    let page = format!("/organizations/{ALDER_ID}");
    let (mut ada, mut abe) = (portal.sign_in(ADA), portal.sign_in(ABE));
    ada.visit(&page);
    abe.visit(&page).fill("Contact first name", "Zoë").press("Save Changes").status(200);
    ada.fill("Organization name", "Aspen Dental")
        .press("Save Changes")
        .status(422)
        .sees("Somebody else changed the settings of Alder Dental");
    assert_eq!(ada.value_of("Organization name"), "Aspen Dental", "what was entered stays");
    assert_eq!(portal.sql_count("organization where name = 'Alder Dental' and contact_first_name = 'Zoë'"), 1);
    ada.visit(&page).fill("Organization name", "Aspen Dental").press("Save Changes").status(200);
    assert_eq!(portal.sql_count("organization where name = 'Aspen Dental' and contact_first_name = 'Zoë'"), 1);
}

/// ORG-4: contact e-mails are unique within a partner; ORG-5: contact is found.
#[test]
fn a_contact_is_found_and_its_e_mail_belongs_to_one_organization() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let save = |visit: &mut Visit, id: i64, email: &str| {
        visit.visit(&format!("/organizations/{id}")).fill("Contact first name", "Zoë").fill("Contact last name", "Quist");
        visit.fill("Contact e-mail", email).fill("Country", "Norway").press("Save Changes").response.status
    };
    assert_eq!(save(&mut ada, ALDER_ID, "Zoe@Alder.example"), 200);
    assert_eq!(save(&mut ada, BIRCH_ID, "zoe@alder.EXAMPLE"), 422);
    ada.sees("Another organization's contact has this e-mail already");
    assert_eq!(save(&mut ada, ALDER_ID, "zoe@alder.example"), 200, "its own e-mail is no obstacle");
    for words in ["zo%C3%AB+qui", "QUIST", "oe%40alder"] {
        assert_eq!(names(ada.visit(&format!("/organizations?q={words}"))), [ALDER], "{words}");
    }
    assert_eq!(save(&mut ada, ALDER_ID, "not an address"), 422);
}

/// ORG-5: the ID is found with and without its dash, and the prefix of a name comes before a name that only contains it.
#[test]
fn the_search_knows_the_id_and_puts_the_best_match_first() {
    let portal = Portal::firm();
    make(&portal, "The Ember House");
    make(&portal, "Ember Accounting");
    make(&portal, "Zz emberly");
    portal.write(|tx| store::refresh(tx, OrganizationId(ALDER_ID)));
    let mut ada = portal.sign_in(ADA);
    assert_eq!(names(ada.visit("/organizations?q=ember"))[0], "Ember Accounting");
    assert_eq!(names(&ada).len(), 3);
    assert_eq!(names(ada.visit("/organizations?q=em")), ["Ember Accounting"], "two letters find beginnings alone");
    for id in ["10000001", "100000-01", "000-01"] {
        assert_eq!(names(ada.visit(&format!("/organizations?q={id}"))), [ALDER], "{id}");
    }
    ada.visit("/organizations?q=nothing+like+this").sees("Nothing found");
    ada.visit("/organizations?q=%22+OR+search%3A%2A").status(200).sees("Nothing found");
}

/// ORG-5: pages are told by a row's key, in every order, both ways; nothing is left out and nothing twice.
#[test]
fn every_order_pages_through_the_whole_list_and_back() {
    let portal = Portal::firm();
    let scope = Scope::all(HARBOR_ID);
    for number in 0..2 * PAGE + 7 {
        let id = make(&portal, &format!("Firm {number:03}"));
        portal.execute(
            "update organization_listing set users = ?2 % 3, services = ?2 % 2 where organization = ?1",
            (id.0, i64::try_from(number).expect("a small number")),
        );
    }
    let total = usize::try_from(portal.sql_count("organization_listing where viewer = 1")).expect("a count");
    for order in ["", "-name", "users", "-users", "services", "-services", "seats", "-seats"] {
        let filter = filter(&[("sort", order)]);
        let part = |turn| portal.db().read(|db| list_store::part(db, &scope, &filter, turn)).expect("a part");
        let mut turn = Turn::First;
        let mut seen = Vec::new();
        let mut pages = Vec::new();
        loop {
            let page = part(turn);
            seen.extend(page.rows.iter().map(|row| row.id));
            pages.push(page.rows.iter().map(|row| row.id).collect::<Vec<_>>());
            let Some(next) = page.next else { break };
            turn = next;
        }
        assert_eq!(seen.len(), total, "{order}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), total, "{order}");
        let last = part(turn);
        let before = part(last.previous.expect("a way back"));
        assert_eq!(before.rows.iter().map(|row| row.id).collect::<Vec<_>>(), pages[pages.len() - 2], "{order}");
        let whole = portal.db().read(|db| list_store::whole(db, &scope, &filter)).expect("all");
        assert_eq!(whole.iter().map(|row| row.id).collect::<Vec<_>>(), seen, "{order}");
    }
}

/// ORG-5: a search pages there and back as well, over the border between best and further matches; nothing is left out, nothing twice.
#[test]
fn a_search_pages_through_everything_found_and_back() {
    search_pages(0);
}

/// ORG-5: the same in a list that is too long to be looked through row by row.
#[test]
fn a_search_in_a_long_list_pages_through_everything_found_and_back() {
    search_pages(list_store::FEW);
}

fn search_pages(others: i64) {
    let portal = Portal::firm();
    for number in 0..others {
        make(&portal, &format!("Other {number:03}"));
    }
    assert_eq!(
        portal.sql_count(&format!("organization_count where viewer = 1 and state = 'active' and count > {}", list_store::FEW)),
        i64::from(others > 0)
    );
    let scope = Scope::all(HARBOR_ID);
    for number in 0..PAGE + 12 {
        make(&portal, &format!("Firm {number:03}"));
        make(&portal, &format!("The firm {number:03}"));
    }
    let known = portal.sql::<i64>("select id from organization where name = 'Firm 007'", []).to_string();
    portal.execute("update organization set search = search || char(10) || ?1 where name like '%firm%'", [&known]);
    for (words, found) in [("firm", 2 * PAGE + 24), ("irm", 2 * PAGE + 24), (known.as_str(), 2 * PAGE + 24)] {
        let words = filter(&[("q", words)]);
        let part = |turn| portal.db().read(|db| list_store::part(db, &scope, &words, turn)).expect("a part");
        let ids = |turn| part(turn).rows.iter().map(|row| row.id).collect::<Vec<_>>();
        let (mut turns, mut seen) = (vec![Turn::First], Vec::new());
        loop {
            let page = part(turns[turns.len() - 1]);
            seen.extend(page.rows.iter().map(|row| row.id));
            let Some(next) = page.next else { break };
            turns.push(next);
        }
        let whole = portal.db().read(|db| list_store::whole(db, &scope, &words)).expect("all");
        assert_eq!(whole.iter().map(|row| row.id).collect::<Vec<_>>(), seen, "{words:?}");
        assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (found, found), "{words:?}");
        assert_eq!(part(Turn::First).previous, None);
        for pair in turns.windows(2).rev() {
            let back = part(pair[1]).previous.expect("a way back");
            assert_eq!(ids(back), ids(pair[0]), "{words:?}");
            assert!(part(back).next.is_some());
        }
    }
}

/// ORG-5: what the tabs count is kept, and agrees with counting.
#[test]
fn tabs_show_kept_counts() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit("/organizations").sees("Active 4").sees("Deleted 0");
    portal.write(|tx| deletion_actions::delete(tx, &manager(), OrganizationId(ALDER_ID), Backups::Keep, ALDER));
    ada.visit("/organizations").sees("Active 3").sees("Deleted 1").does_not_see(ALDER);
    ada.visit("/organizations?tab=deleted").sees(ALDER).sees("100000-01");
    assert_eq!(names(ada.visit("/organizations?tab=deleted&q=lder")), Vec::<String>::new(), "a deleted one has no page");
    ada.sees(ALDER);
}

/// ORG-5: each part of the list is a walk of an index: nothing is sorted, no table is scanned.
#[test]
fn the_list_walks_an_index_in_every_order() {
    let portal = Portal::firm();
    let connection = portal.connection();
    for column in ["name_key", "users", "services", "seats_used"] {
        for plan in ["", " and l.plan = 'backup'", " and l.plan is null"] {
            if !plan.is_empty() && column != "name_key" {
                continue;
            }
            let key = if column == "name_key" { String::new() } else { format!("l.{column}, ") };
            let sql = format!(
                "explain query plan select o.name from organization_listing l cross join organization o on o.id = l.organization
                  where l.viewer = 1 and l.state = 'active'{plan} and ({key}l.name_key, l.organization) > ({}'b', 2)
                  order by {key}l.name_key, l.organization limit 51",
                if key.is_empty() { "" } else { "0, " }
            );
            let mut statement = connection.prepare(&sql).expect("a plan");
            let lines: Vec<String> =
                statement.query_map([], |row| row.get(3)).expect("a plan").collect::<rusqlite::Result<_>>().expect("a plan");
            assert!(lines[0].contains("USING COVERING INDEX organization_listing_"), "{column}{plan}: {lines:?}");
            assert!(!lines.iter().any(|line| line.contains("TEMP B-TREE") || line.contains("SCAN")), "{column}{plan}: {lines:?}");
        }
    }
}

/// ALL-2, ORG-5: the whole filtered list, more than a page of it, and no cell begins a formula.
#[test]
fn the_export_holds_the_whole_filtered_list_and_no_formula() {
    let portal = Portal::firm();
    for number in 0..PAGE + 3 {
        make(&portal, &format!("Firm {number:03}"));
    }
    make(&portal, "=cmd()|firm");
    let mut ada = portal.sign_in(ADA);
    ada.visit("/organizations?q=firm").press("Export CSV").status(200);
    let file = ada.body();
    assert_eq!(file.lines().count(), PAGE + 3 + 1 + 1, "{file}");
    assert!(file.contains("'=cmd()|firm") && !file.contains("\n=cmd()"), "{file}");
    assert!(!file.contains(ALDER));
    assert_eq!(portal.last_activity(), "exported the list of active organizations");
    assert!(ada.response.header("content-disposition").is_some_and(|value| value.contains("organizations.csv")));
}

/// PAR-1: a partner sees the organizations beneath it with their partner's name; a sub-partner only its own, and creates its own.
#[test]
fn a_partner_sees_what_is_beneath_it_and_nothing_beside_it() {
    let portal = Portal::firm();
    portal.sign_in(ADA).visit("/organizations").sees(CEDAR).sees(TIDEWATER).sees(DOGWOOD);
    let mut mallory = portal.sign_in(MALLORY);
    mallory.visit("/organizations").sees(CEDAR).does_not_see(ALDER).does_not_see(DOGWOOD);
    mallory.visit("/organizations?q=den").does_not_see(ALDER);
    mallory.post("/organizations", &[("name", "Elm Bakery")]).status(303);
    portal.sign_in(ADA).visit("/organizations").sees("Elm Bakery");
    portal.sign_in(QUINN).visit("/organizations").does_not_see("Elm Bakery");
    portal.sign_in(ADA).visit(&format!("/organizations/{CEDAR_ID}")).status(200).sees(CEDAR);
}

/// PAR-1: with a partner filter, which rows, counts, search, export and paging follow; a stranger's Partner ID narrows nothing.
#[test]
fn a_partner_with_sub_partners_filters_by_partner() {
    let portal = Portal::firm();
    let id_of = |name: &str| portal.sql::<String>("select public_id from partner where name = ?1", [name]);
    make(&portal, "Cedar House");
    let mut ada = portal.sign_in(ADA);
    ada.visit("/organizations").sees("Active 5");
    ada.fill("Partner: All Harbor MSP only Quay Systems Tidewater IT", TIDEWATER)
        .press("Apply")
        .sees("Active 1")
        .sees(CEDAR)
        .does_not_see(ALDER)
        .does_not_see(DOGWOOD);
    assert_eq!(names(&ada), [CEDAR]);
    assert!(ada.links().iter().any(|(text, href, _)| text == "Deleted 0" && href.contains("partner=P-")), "tabs keep the filter");
    ada.press("Export CSV").status(200);
    assert!(ada.body().contains(CEDAR) && ada.body().lines().count() == 2, "{}", ada.body());
    let harbor = id_of(HARBOR);
    assert_eq!(names(ada.visit(&format!("/organizations?partner={harbor}"))), [ALDER, BIRCH, "Cedar House"]);
    ada.sees("Active 3").sees("Harbor MSP only");
    assert_eq!(names(ada.visit(&format!("/organizations?q=ced&partner={harbor}"))), ["Cedar House"]);
    assert_eq!(names(ada.visit(&format!("/organizations?q=edar&partner={}", id_of(TIDEWATER)))), [CEDAR]);
    ada.visit(&format!("/organizations?tab=deleted&partner={harbor}")).sees("Deleted 0").is_offered("Show all");
    ada.visit("/organizations?partner=P-00000000").sees("Active 5").sees(CEDAR).sees(ALDER);

    let mut mallory = portal.sign_in(MALLORY);
    for foreign in [harbor, id_of(QUAY), "P-00000000".to_owned()] {
        assert_eq!(names(mallory.visit(&format!("/organizations?partner={foreign}"))), [CEDAR], "{foreign}");
        mallory.does_not_see("Harbor MSP only").does_not_see(QUAY);
        let file = mallory.post("/organizations/export", &[("partner", foreign.as_str())]).status(200).body();
        assert!(file.contains(CEDAR) && file.lines().count() == 2, "{foreign}: {file}");
    }
    assert!(!mallory.body().contains("name=\"partner\""), "nothing to choose, no filter");
}

/// ALL-1: a stranger's organization is not found, exactly as one that does not exist.
#[test]
fn a_foreign_organization_is_not_found_like_a_missing_one() {
    let portal = Portal::firm();
    let mut mallory = portal.sign_in(MALLORY);
    for (method, path) in [("get", ""), ("get", "/deletion?backups=keep"), ("post", "/deletion"), ("post", "/settings")] {
        let mut answers = Vec::new();
        for id in [ALDER_ID, DOGWOOD_ID, 87_654_321] {
            let url = format!("/organizations/{id}{path}");
            if method == "get" {
                mallory.get(&url)
            } else {
                mallory.post(&url, &[("name", "Mine"), ("typed", ALDER), ("backups", "purge")])
            };
            mallory.status(404);
            let main = mallory.page().first("main").expect("a page").text();
            answers.push((mallory.response.headers.len(), main));
        }
        assert!(answers.iter().all(|answer| answer.0 == answers[0].0), "{method} {path}");
    }
    assert_eq!(portal.sql::<String>("select name from organization where id = ?1", [ALDER_ID]), ALDER);
    mallory.visit(&format!("/organizations/{CEDAR_ID}")).status(200);
    assert!(
        names(mallory.visit(&format!("/organizations?after={ALDER_ID}"))).contains(&CEDAR.to_owned()),
        "a foreign place in the list is none"
    );
}

fn with_backups(portal: &Portal) {
    portal.execute(
        "insert into saas_account (id, partner, organization, name, name_key, domain, domain_key, product, seats_used, linked_at, as_of,
            used_bytes, strip, created_at, tags, search)
         values (501, 1, ?1, 'Alder Mail', 'alder mail', 'aldermail.example', 'aldermail.example', 'microsoft_365', 2, 1, 1, 5000,
            'gggggggggg', 1, '', 'alder mail')",
        [ALDER_ID],
    );
    portal.execute(
        "insert into seat (id, partner, saas_account, main_id, name, name_key, seat_type, state, state_since, billable)
         values (601, 1, 501, 'm', 'Ada', 'ada', 'User', 'Active', 1, 1)",
        [],
    );
    portal.execute("insert into backup_day values (501, 'Exchange', 1, 1, 2, 1, 1, 1, 1, 'Perfect')", []);
    portal.write(|tx| store::refresh(tx, OrganizationId(ALDER_ID)));
}

/// ORG-5: the domain of a linked SaaS account finds its organization.
#[test]
fn a_domain_of_a_linked_account_finds_the_organization() {
    let portal = Portal::firm();
    with_backups(&portal);
    let mut ada = portal.sign_in(ADA);
    assert_eq!(names(ada.visit("/organizations?q=dermail.ex")), [ALDER]);
    portal.execute("update saas_account set organization = null, unlinked_reason = 'by_person' where id = 501", []);
    portal.write(|tx| store::refresh(tx, OrganizationId(ALDER_ID)));
    assert!(names(ada.visit("/organizations?q=dermail.ex")).is_empty());
}

/// ORG-7: the trash can keeps, Subscriptions purges; both say so, count, ask for the name, and offer to remove a user instead.
#[test]
fn the_dialog_says_what_will_happen_and_asks_for_the_name() {
    let portal = Portal::firm();
    with_backups(&portal);
    let mut ada = portal.sign_in(ADA);
    let page = format!("/organizations/{ALDER_ID}");
    ada.visit(&page).sees("also destroys its backups").near("7 bought").open("Delete");
    ada.sees("Delete Alder Dental and destroy its backups")
        .sees("This cannot be undone: it also destroys the backups")
        .is_offered("Keep the backups instead")
        .sees("3 users are removed")
        .sees("1 SaaS account is unlinked (Alder Mail)")
        .sees("1 seat is purged");
    ada.visit(&page);
    let called = |name: &str| ada.page().all(|element| element.attr("aria-label") == Some(name)).len();
    assert_eq!(called("Delete Alder Dental and keep its SaaS backups"), 1, "the two are told apart by what they are called");
    assert_eq!(called("Delete Alder Dental with its subscription and destroy its backups"), 1);
    ada.visit("/organizations").open("Delete Alder Dental");
    ada.sees("Delete Alder Dental and keep its SaaS backups")
        .sees("keeps the backups")
        .does_not_see("cannot be undone")
        .sees("cannot be registered again for 24 hours, until ")
        .sees("3 users are removed")
        .sees("Backup data of 1 seat is kept")
        .sees("This month is still billed (Backup)");
    ada.is_offered("Remove a user instead").sees("backups of this portal");
    ada.fill("Type the organization's name", "Alder").press("Yes, Continue").status(422).sees("Type Alder Dental to confirm");
    assert_eq!(portal.sql_count("organization where deleted_at is not null"), 0);
    ada.fill("Type the organization's name", "alder dental").press("Yes, Continue").status(200);
    ada.sees("Deleted Alder Dental.").sees("3 users removed, 1 SaaS account unlinked, backups kept");
    ada.get(&page).status(404);
}

/// ORG-7: where nothing is linked there is nothing to destroy, and no dialog speaks of destroying.
#[test]
fn without_a_saas_account_neither_dialog_speaks_of_destroying_backups() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let page = format!("/organizations/{ALDER_ID}");
    ada.visit(&page).does_not_see("destroys");
    for backups in [Backups::Keep, Backups::Purge] {
        ada.visit(&format!("{page}/deletion?backups={}", backups.word()));
        ada.sees("No SaaS account is linked to it, so there are no backups to keep or to destroy.");
        ada.does_not_see("cannot be undone").does_not_see("and destroy its backups").does_not_see("and keep its SaaS backups");
    }
    let empty = make(&portal, "Empty Firm");
    ada.visit(&format!("/organizations/{empty}/deletion")).sees("It has no users.").does_not_see("for 24 hours, until");
}

/// ORG-8: with every table that has an organization in it.
#[test]
fn nothing_of_a_deleted_organization_remains_but_id_name_and_dates() {
    for backups in [Backups::Keep, Backups::Purge] {
        let portal = Portal::firm();
        with_backups(&portal);
        portal.execute(
            "update organization set contact_first_name = 'Zora', contact_email = 'zora@alder.example', contact_email_key = 'zora@alder.example',
                country = 'NO', vendor_id = 77 where id = ?1",
            [ALDER_ID],
        );
        let mut olu = portal.sign_in(OLU);
        olu.get("/no-such-page").sees(&OLU.name());
        let mut ada = portal.sign_in(ADA);
        ada.post(&format!("/organizations/{ALDER_ID}/deletion"), &[("typed", ALDER), ("backups", backups.word())]).status(303);

        let connection = portal.connection();
        // What it used this month becomes its last line in a statement.
        let kept = match backups {
            Backups::Keep => ["activity", "organization_listing", "organization_usage", "subscription", "subscription_change"].as_slice(),
            Backups::Purge => &[
                "activity",
                "organization_listing",
                "organization_usage",
                "subscription",
                "subscription_change",
                "receipt",
                "receipt_account",
            ],
        };
        for table in tables(&connection) {
            let columns: i64 = portal.sql("select count(*) from pragma_table_info(?1) where name = 'organization'", [table.as_str()]);
            if columns == 0 || kept.contains(&table.as_str()) {
                continue;
            }
            let left: i64 = portal.sql(&format!("select count(*) from \"{table}\" where organization = ?1"), [ALDER_ID]);
            assert_eq!(left, 0, "{table} keeps rows of a deleted organization");
        }
        for gone in ["zora", OLU.email, NOOR.email, "Adeyemi"] {
            let found: Vec<String> = portal.mentions(gone).into_iter().filter(|place| !place.starts_with("activity.")).collect();
            assert!(found.is_empty(), "{gone} remains in {found:?}");
        }
        let row = "organization where id = 10000001 and name = 'Alder Dental' and deleted_at is not null and country is null
            and contact_first_name is null and contact_email_key is null and vendor_id is null and created_by = ''";
        assert_eq!(portal.sql_count(row), 1);
        assert_eq!(
            portal.sql_count("subscription where organization = 10000001 and state = 'deleted' and plan is null and seats is null"),
            1
        );
        assert_eq!(portal.sql_count("organization_listing where organization = 10000001 and state <> 'deleted'"), 0);
        assert_eq!(portal.sql_count("held_email where until > 0"), 3);
        olu.get("/no-such-page").does_not_see(&OLU.name());

        let reason: String = portal.sql("select unlinked_reason from saas_account where id = 501 and organization is null", []);
        assert_eq!(reason, "organization_deleted");
        let purged = backups == Backups::Purge;
        assert_eq!(portal.sql_count("saas_account where purged_at is not null and used_bytes is null"), i64::from(purged));
        assert_eq!(portal.sql_count("seat where state = 'Unprotected'"), i64::from(purged));
        assert_eq!(portal.sql_count("backup_day"), i64::from(!purged));
    }
}

/// ORG-8: one whose identity has a place elsewhere keeps it.
#[test]
fn somebody_with_a_place_elsewhere_keeps_it() {
    let portal = Portal::firm();
    let identity: i64 = portal.sql("select identity from account where id = ?1", [NIA.account]);
    portal.execute("update account set identity = ?1 where id = ?2", (identity, NOOR.account));
    portal.write(|tx| deletion_actions::delete(tx, &manager(), OrganizationId(ALDER_ID), Backups::Keep, ALDER));
    assert_eq!(portal.sql_count("account where id = 120000000000004"), 1);
    portal.sign_in(NIA).get("/no-such-page").sees(&NIA.name());
}

/// ALL-7
#[test]
fn a_form_sent_twice_creates_once() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let fields = [("form_id", "0123456789012345678901234567"), ("name", "Once Only")];
    let first = ada.post("/organizations", &fields).location().to_owned();
    assert_eq!(ada.post("/organizations", &fields).location(), first);
    assert_eq!(portal.sql_count("organization where name = 'Once Only'"), 1);
}

/// ORG-5: the ID is eight digits, and `find` answers inside the scope alone.
#[test]
fn ids_have_eight_digits_and_are_found_in_scope_only() {
    let portal = Portal::firm();
    let id = make(&portal, "Scoped");
    assert!((10_000_000..100_000_000).contains(&id.0));
    let find = |scope: Scope| portal.db().read(|db| store::find(db, &scope, id).map(|found| (found.name, db.now())));
    assert!(find(Scope::all(HARBOR_ID)).is_ok());
    assert!(find(Scope::new(HARBOR_ID, Sight::Organization(id))).is_ok());
    assert!(matches!(find(Scope::new(HARBOR_ID, Sight::Organization(OrganizationId(ALDER_ID)))), Err(Error::NotFound)));
    assert!(matches!(find(Scope::all(PartnerId(2))), Err(Error::NotFound)));
}
