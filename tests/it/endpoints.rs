//! The rules of `endpoints`, one test a sentence.

use std::fmt::Write as _;

use portico::access::witness_model::{Manager, Operator};
use portico::accounts::model::Invitation;
use portico::endpoints::model::{Agent, Backup, LATE_AFTER, ListedAgent, ListedAsset, OVERDUE_AFTER, Standing, Summary, summarize};
use portico::endpoints::views::strip_words;
use portico::imports::actions::total;
use portico::imports::model::{Counts, File, Level};
use portico::kernel::error::Error;
use portico::kernel::ids::{EndpointAgentId, ImportId, OrganizationId, PartnerId};
use portico::kernel::time::{Span, Timestamp};
use portico::organizations::model::Backups;
use portico::subscriptions::model::State;
use portico::{imports, transfers};
use serde_json::{Value, json};

use crate::api::script;
use crate::support::estate::{ALDERINE, BIRCHINE, CEDARINE, DOGWOODINE, TENANTS};
use crate::support::golden;
use crate::support::people::*;
use crate::support::portal::{Portal, START};
use crate::support::script::Script;

const AGENTS: &[u8] = include_bytes!("../fixtures/harbor-msp/agents.json");

fn manager_of(partner: i64) -> Manager {
    Manager::operator(&Operator::of_this_machine(), PartnerId(partner))
}

type Files<'a> = &'a [(&'a str, &'a [u8])];

fn stage(portal: &Portal, partner: i64, files: Files<'_>) -> ImportId {
    let files: Vec<File<'_>> = files.iter().map(|(name, bytes)| File { name, bytes }).collect();
    imports::actions::stage(portal.db(), &manager_of(partner), &files, &mut |_, _| {}).expect("it is staged")
}

fn told(portal: &Portal, import: ImportId, level: Level) -> Vec<(String, String)> {
    let found = portal.db().read(|db| imports::store::problems(db, import, level, 0, 100)).expect("the problems");
    found.into_iter().map(|(_, problem)| (problem.field, problem.reason)).collect()
}

fn carry_out(portal: &Portal, partner: i64, import: ImportId) -> Result<Counts, Error> {
    let by = manager_of(partner);
    imports::actions::index_ahead(portal.db(), &by, import)?;
    portal.db().write(|tx| imports::actions::carry_out(tx, &by, import, Invitation::Later)).map(|files| total(&files))
}

#[track_caller]
fn bring_in(portal: &Portal, files: Files<'_>) -> (i64, i64, i64) {
    let import = stage(portal, 1, files);
    assert_eq!(told(portal, import, Level::Refused), [], "nothing is refused");
    let counts = carry_out(portal, 1, import).expect("it is carried out");
    (counts.new, counts.changed, counts.unchanged)
}

fn client(organization: (i64, &str), agents: &[Value]) -> Value {
    json!({"organizationId": organization.0, "organizationName": organization.1, "clientName": organization.1, "agents": agents})
}

fn agent(uuid: &str, code: &str, host: &str) -> Value {
    json!({"uuid": uuid, "shortCode": code, "type": "endpoint", "hostname": host, "lastSnapshot": seconds(START), "lastScreenshot": null,
           "screenshotSuccess": null, "protectedMachine": {"mac": "02:00:00:00:00:01", "serial": format!("SN-{host}")}})
}

fn asset(uuid: &str, organization: (i64, &str), code: &str, host: &str, volume: &str, letters: &str) -> Value {
    let backups: Vec<Value> = letters
        .chars()
        .rev()
        .zip(0..)
        .map(|(letter, back)| {
            json!({"timestamp": seconds(START - Span::hours(1 + 12 * back)), "backupStatus": letter != 'r',
                   "screenshotSuccess": match letter { 'g' => json!(true), 's' => json!(false), _ => Value::Null }})
        })
        .collect();
    json!({"name": host, "status": "Active", "type": "endpoint", "lastBackup": (START - Span::hours(1)).iso(), "screenshotSuccess": true,
           "assetUuid": uuid, "organizationId": organization.0, "organizationName": organization.1, "resellerId": 7,
           "backupStateSuccessful": true, "lastScreenshotUrl": "https://pictures.vendor.example/1.png", "last10Backups": backups,
           "hostname": host, "macAddress": "02:00:00:00:00:01", "externalIp": "192.0.2.7", "agentCode": code, "protectedVolume": volume})
}

const fn seconds(moment: Timestamp) -> i64 {
    moment.0.div_euclid(1_000)
}

fn envelope(items: &[Value]) -> Vec<u8> {
    let count = items.len();
    json!({"pagination": {"page": 1, "perPage": 100, "totalPages": 1, "count": count}, "items": items}).to_string().into_bytes()
}

pub const ALDERS: (i64, &str) = (11_001, ALDER);
const BIRCHES: (i64, &str) = (11_002, BIRCH);

/// Two computers at Alder Dental, one with two datasets; one at Birch & Sons.
pub fn computers(portal: &Portal) {
    let agents = envelope(&[
        client(ALDERS, &[agent("u-1", "EP1", "ana-laptop"), agent("u-2", "EP2", "ben-laptop")]),
        client(BIRCHES, &[agent("u-3", "EP3", "cleo-laptop")]),
    ]);
    let assets = envelope(&[
        asset("a-1", ALDERS, "EP1", "ana-laptop", "C:", "gggggggggg"),
        asset("a-2", ALDERS, "EP1", "ana-laptop", "D:", "ggggggggrg"),
        asset("a-3", BIRCHES, "EP3", "cleo-laptop", "C:", "ggr"),
    ]);
    assert_eq!(
        bring_in(portal, &[("agents.json", &agents), ("dtc.json", &assets)]),
        (6, 2, 0),
        "and two organizations take the vendor's ids"
    );
}

fn counts(portal: &Portal) -> (i64, i64, i64) {
    (portal.sql_count("endpoint_agent"), portal.sql_count("endpoint_dataset"), portal.sql_count("endpoint_backup"))
}

/// END-1, IMP-2: the vendor's list as a script saved it; organizations by vendor's id, name, or created; twice changes nothing.
#[test]
fn the_vendors_agents_come_in_tied_to_their_organizations_and_again_change_nothing() {
    let portal = Portal::firm();
    portal.execute("update organization set name = 'Maple Accounting', name_key = 'maple accounting' where id = ?1", [ALDER_ID]);
    portal.execute("update organization set vendor_id = 13002 where id = ?1", [BIRCH_ID]);
    bring_in(&portal, &[("agents.json", AGENTS)]);
    let whole: Value = serde_json::from_slice(AGENTS).expect("JSON");
    let all: usize = whole["items"].as_array().expect("a list").iter().map(|item| item["agents"].as_array().expect("a list").len()).sum();
    assert_eq!(portal.sql_count("endpoint_agent"), i64::try_from(all).expect("few"));
    let home = |uuid: &str| portal.sql::<i64>("select organization from endpoint_agent where uuid = ?1", [uuid]);
    assert_eq!(home("c9851cea-8944-481c-8cdb-b8e283a33a95"), BIRCH_ID, "by the vendor's id");
    assert_eq!(home("b798c4f9-859f-4895-8d38-79730c88a463"), ALDER_ID, "by name, which takes the id");
    assert_eq!(portal.sql::<i64>("select vendor_id from organization where id = ?1", [ALDER_ID]), 13_003);
    let quarry = home("2fc0da5d-026a-4906-a89e-5ac4a3ebab1e");
    assert_eq!(portal.sql::<String>("select name from organization where id = ?1", [quarry]), "Quarry Motors", "created");
    let events = portal.sql_count("activity");
    let (new, changed, unchanged) = bring_in(&portal, &[("agents.json", AGENTS)]);
    assert_eq!((new, changed), (0, 0));
    assert_eq!(unchanged, i64::try_from(all).expect("few"));
    assert_eq!(portal.sql_count("activity"), events, "nothing changed, nothing is told");
    assert_eq!(portal.sql_count("endpoint_dataset"), portal.sql_count("endpoint_agent where last_snapshot is not null"));
}

/// IMP-3: an envelope of assets is known by its content, whatever it is called; each is a dataset of the agent of its code.
#[test]
fn assets_are_datasets_of_the_agent_of_their_code_and_twice_changes_nothing() {
    let portal = Portal::firm();
    computers(&portal);
    assert_eq!(counts(&portal), (3, 4, 23));
    let of = |code: &str| {
        portal.sql::<i64>("select count(*) from endpoint_dataset d join endpoint_agent e on e.id = d.agent where e.short_code = ?1", [code])
    };
    assert_eq!((of("EP1"), of("EP2"), of("EP3")), (2, 1, 1), "one of which no asset was told owns that of its machine");
    let strip = |code: &str| portal.sql::<String>("select strip from endpoint_agent where short_code = ?1", [code]);
    assert_eq!((strip("EP1").as_str(), strip("EP2").as_str(), strip("EP3").as_str()), ("ggggggrggg", "", "ggr"));
    let again = envelope(&[asset("a-1", ALDERS, "EP1", "ana-laptop", "C:", "gggggggggg")]);
    assert_eq!(bring_in(&portal, &[("anything.json", &again)]), (0, 0, 1));
    let failed = envelope(&[asset("a-1", ALDERS, "EP1", "ana-laptop", "C:", "gggggggggr")]);
    assert_eq!(bring_in(&portal, &[("anything.json", &failed)]), (0, 1, 0));
    assert!(strip("EP1").ends_with('r'), "{}", strip("EP1"));
    // An asset of no agent that is known makes one, which a list of agents then finds again by its code.
    let lone = envelope(&[asset("a-9", ALDERS, "EP9", "dora-laptop", "C:", "g")]);
    assert_eq!(bring_in(&portal, &[("assets.json", &lone)]), (1, 0, 0));
    assert_eq!(portal.sql::<String>("select uuid from endpoint_agent where short_code = 'EP9'", []), "a-9");
    let listed = envelope(&[client(ALDERS, &[agent("u-9", "EP9", "dora-laptop")])]);
    assert_eq!(bring_in(&portal, &[("agents.json", &listed)]), (0, 1, 0));
    assert_eq!(portal.sql::<String>("select uuid from endpoint_agent where short_code = 'EP9'", []), "u-9");
    assert_eq!(bring_in(&portal, &[("agents.json", &listed), ("assets.json", &lone)]), (0, 0, 2));
    assert_eq!(of("EP9"), 1);
}

/// END-1: tied at registration: a later file never moves an agent, and the preview says so.
#[test]
fn an_agent_stays_tied_to_its_organization_whatever_a_later_file_says() {
    let portal = Portal::firm();
    computers(&portal);
    let elsewhere = envelope(&[client(BIRCHES, &[agent("u-1", "EP1", "ana-laptop")])]);
    let import = stage(&portal, 1, &[("agents.json", &elsewhere)]);
    let notes = told(&portal, import, Level::Note);
    assert_eq!(
        notes,
        [(
            "organizationId".to_owned(),
            format!("ana-laptop is linked to “{ALDER}” here, the file says linked to “{BIRCH}”. The link here stays.")
        )]
    );
    carry_out(&portal, 1, import).expect("it is carried out");
    assert_eq!(portal.sql::<i64>("select organization from endpoint_agent where uuid = 'u-1'", []), ALDER_ID);
}

/// api.md "Import": a deleted organization matches nothing; agents have nowhere else to be.
#[test]
fn agents_of_an_organization_that_was_deleted_here_do_not_come_in_again() {
    let portal = Portal::firm();
    computers(&portal);
    let mut ada = portal.sign_in(ADA);
    ada.post(&format!("/organizations/{ALDER_ID}/deletion"), &[("backups", "keep"), ("typed", ALDER)]).status(303);
    assert_eq!(counts(&portal), (1, 1, 3), "those of Birch & Sons");
    let again = envelope(&[client(ALDERS, &[agent("u-1", "EP1", "ana-laptop")])]);
    let import = stage(&portal, 1, &[("agents.json", &again)]);
    assert!(told(&portal, import, Level::Note).iter().any(|(_, reason)| reason.starts_with("ana-laptop does not come in")));
    carry_out(&portal, 1, import).expect("it is carried out");
    assert_eq!(counts(&portal), (1, 1, 3));
}

/// IMP-1, IMP-3: what is not right is refused by its field, and nothing of the file comes in.
#[test]
fn what_is_not_right_in_a_list_of_agents_is_refused_by_its_field() {
    let portal = Portal::firm();
    let refused = |item: Value| {
        let import = stage(&portal, 1, &[("agents.json", &envelope(&[item]))]);
        let found = told(&portal, import, Level::Refused);
        assert!(carry_out(&portal, 1, import).is_err());
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].0.clone()
    };
    let with = |mut value: Value, path: &str, new: Value| {
        *value.pointer_mut(path).expect("a place") = new;
        value
    };
    let fine = || client(ALDERS, &[agent("u-1", "EP1", "ana-laptop")]);
    assert_eq!(refused(with(fine(), "/agents/0/uuid", json!(""))), "agents[0].uuid");
    assert_eq!(refused(with(fine(), "/agents/0/lastSnapshot", json!(-1))), "agents[0].lastSnapshot");
    assert_eq!(refused(with(fine(), "/agents/0/screenshotSuccess", json!("yes"))), "agents[0].screenshotSuccess");
    assert_eq!(refused(with(fine(), "/organizationId", Value::Null)), "organizationId");
    assert_eq!(refused(client(ALDERS, &[agent("u-1", "EP1", "ana"), agent("u-1", "EP2", "ben")])), "uuid");
    let mut later = fine();
    later["agents"][0]["color"] = json!("red");
    assert_eq!(refused(later), "agents[0].color");
    let whole = || asset("a-1", ALDERS, "EP1", "ana-laptop", "C:", "g");
    assert_eq!(refused(with(whole(), "/assetUuid", json!(7))), "assetUuid");
    assert_eq!(refused(with(whole(), "/last10Backups/0/timestamp", Value::Null)), "last10Backups[0].timestamp");
    assert_eq!(counts(&portal), (0, 0, 0));
    assert_eq!(portal.sql_count("organization where vendor_id is not null"), 0, "nor does an organization take the id");
}

/// IMP-2: a preview that no longer holds is not carried out.
#[test]
fn agents_of_an_organization_that_went_since_the_preview_stop_the_import() {
    let portal = Portal::firm();
    let agents = envelope(&[client(ALDERS, &[agent("u-1", "EP1", "ana-laptop")])]);
    let import = stage(&portal, 1, &[("agents.json", &agents)]);
    portal.sign_in(ADA).post(&format!("/organizations/{ALDER_ID}/deletion"), &[("backups", "keep"), ("typed", ALDER)]).status(303);
    assert!(matches!(carry_out(&portal, 1, import), Err(Error::Conflict(_))));
    assert_eq!(counts(&portal), (0, 0, 0));
}

/// PAR-6, IMP-1: an organization that went to another partner is no new one in a later import: the reason names it, for its agents, its devices
/// and its own row.
#[test]
fn what_went_to_another_partner_is_told_by_name_in_an_import() {
    let portal = Portal::estate();
    portal.execute("delete from transfer", []);
    portal.execute("update organization set vendor_id = 71717 where id = ?1", [CEDARINE.organization]);
    let agents = envelope(&[client((71_717, "Cedar Clinic Cedarine"), &[agent("u-1", "EP1", "ana-laptop")])]);
    let row = b"name\nCedar Clinic Cedarine\n";
    let own = stage(&portal, 2, &[("organizations.csv", row)]);
    assert_eq!(told(&portal, own, Level::Refused), []);
    crate::transfers::cedar_to_quay(&portal);
    // It went between preview and import.
    let home = |partner: i64| portal.execute("update organization set partner = ?2 where id = ?1", (CEDARINE.organization, partner));
    let receiver: i64 = portal.sql("select partner from organization where id = ?1", [CEDARINE.organization]);
    home(2);
    let before = stage(&portal, 2, &[("agents.json", &agents)]);
    home(receiver);
    let Err(Error::Conflict(reason)) = carry_out(&portal, 2, before) else { panic!("it is carried out") };
    assert!(reason.contains("“Cedar Clinic Cedarine” went to another partner by transfer since"), "{reason}");
    let organizations = portal.sql_count("organization");
    let after = stage(&portal, 2, &[("agents.json", &agents)]);
    let notes = told(&portal, after, Level::Note);
    assert!(notes.iter().any(|(_, reason)| reason.contains("“Cedar Clinic Cedarine” went to another partner by transfer on")), "{notes:?}");
    carry_out(&portal, 2, after).expect("nothing of it comes in");
    let refused = told(&portal, stage(&portal, 2, &[("organizations.csv", row)]), Level::Refused);
    assert!(refused.iter().any(|(field, reason)| field == "name" && reason.contains("went to another partner")), "{refused:?}");
    assert_eq!(portal.sql_count("organization"), organizations);
    assert_eq!(portal.sql_count("endpoint_agent where uuid = 'u-1'"), 0);
}

/// ORG-7, END-1, SUB-11: the dialog that keeps the SaaS backups says in title and text that datasets go all the same, counts tasks and audits,
/// and leaves a receipt of what was destroyed; where nothing is, there is none.
#[test]
fn keeping_saas_backups_destroys_datasets_and_leaves_a_receipt() {
    let portal = Portal::estate();
    // The estate has receipts of organizations that are still there.
    portal.execute("delete from receipt", []);
    let name: String = portal.sql("select name from organization where id = ?1", [ALDER_ID]);
    let mut ada = portal.sign_in(ADA);
    let dialog = format!("/organizations/{ALDER_ID}/deletion?backups=keep");
    ada.visit(&dialog).sees(&format!("Delete {name} and keep its SaaS backups"));
    ada.sees("What its endpoint agents backed up is destroyed all the same.");
    ada.sees("1 device task (1 open) and 1 offsite audit are deleted; no connector gets what is still queued.");
    ada.post(&format!("/organizations/{ALDER_ID}/deletion"), &[("backups", "keep"), ("typed", &name)]).status(303);
    ada.visit("/organizations?tab=deleted").is_offered(&format!("Receipt of {name}"));
    ada.visit(&format!("/receipts/{ALDER_ID}")).sees("Endpoint datasets destroyed").sees("unlinked, with all backups kept.");
    ada.sees("SaaS accounts purged 0");
    portal.execute("delete from file_restore where organization = ?1", [BIRCH_ID]);
    portal.execute("delete from endpoint_backup", []);
    let of_birch = "agent in (select id from endpoint_agent where organization = 10000002)";
    portal.execute(&format!("delete from endpoint_dataset where {of_birch}"), []);
    let other: String = portal.sql("select name from organization where id = ?1", [BIRCH_ID]);
    ada.post(&format!("/organizations/{BIRCH_ID}/deletion"), &[("backups", "keep"), ("typed", &other)]).status(303);
    ada.get(&format!("/receipts/{BIRCH_ID}")).status(404);
}

/// ORG-7, ORG-8, END-1: both ways of deletion count and name the datasets, and destroy exactly those.
#[test]
fn deleting_an_organization_names_the_datasets_of_its_agents_and_destroys_exactly_those() {
    for backups in [Backups::Keep, Backups::Purge] {
        let portal = Portal::firm();
        computers(&portal);
        let mut ada = portal.sign_in(ADA);
        ada.visit(&format!("/organizations/{ALDER_ID}/deletion?backups={}", backups.word()));
        ada.sees("3 datasets of 2 endpoint agents are destroyed, for good");
        for name in ["ana-laptop C:", "ana-laptop D:", "ben-laptop"] {
            ada.sees(name);
        }
        ada.does_not_see("cleo-laptop");
        ada.fill("Type the organization's name", ALDER).press("Yes, Continue").sees("3 datasets of 2 endpoint agents destroyed");
        assert_eq!(counts(&portal), (1, 1, 3), "{backups:?}: what is Birch & Sons' stays");
        assert_eq!(portal.sql::<String>("select uuid from endpoint_agent", []), "u-3");
        assert!(
            portal
                .sql::<String>("select sentence from activity where kind = 'organization.deleted'", [])
                .contains("3 datasets of 2 endpoint agents destroyed")
        );
        if backups == Backups::Purge {
            ada.visit(&format!("/receipts/{ALDER_ID}")).sees("3 of 2 agents");
        }
        // The receipt names them, those and no others.
        ada.visit(&format!("/receipts/{ALDER_ID}"))
            .sees("ana-laptop C: ana-laptop D: ben-laptop")
            .does_not_see("cleo")
            .does_not_see(" more");
    }
}

/// SUB-11: a receipt names twenty datasets, and counts those beyond.
#[test]
fn a_receipt_names_twenty_datasets_and_counts_the_rest() {
    for (added, rest) in [(17, None), (18, Some("and 1 more"))] {
        let portal = Portal::firm();
        computers(&portal);
        portal.execute(
            "with recursive number(n) as (select 1 union all select n + 1 from number where n < ?1)
             insert into endpoint_dataset (id, partner, agent, name, created_at)
             select 800000000000000 + n, partner, id, 'ben-laptop set ' || (100 + n), 1 from endpoint_agent, number where uuid = 'u-2'",
            [added],
        );
        let mut ada = portal.sign_in(ADA);
        ada.post(&format!("/organizations/{ALDER_ID}/deletion"), &[("backups", "keep"), ("typed", ALDER)]).status(303);
        ada.visit(&format!("/receipts/{ALDER_ID}")).sees("ben-laptop set 117");
        match rest {
            Some(rest) => ada.sees("21 of 2 agents").sees(rest).does_not_see("ben-laptop set 118"),
            None => ada.sees("20 of 2 agents").does_not_see(" more"),
        };
    }
}

/// SUB-3, SUB-11: the end of the 45 days destroys them at its moment and not before, and the receipt counts them.
#[test]
fn at_the_end_of_the_45_days_the_datasets_go_and_the_receipt_counts_them() {
    let portal = Portal::firm();
    computers(&portal);
    portal.sign_in(ADA).post(&format!("/organizations/{ALDER_ID}/unsubscription"), &[]).status(303);
    portal.wait(Span(Span::days(45).0 - 1_000)).run_jobs();
    assert_eq!(counts(&portal), (3, 4, 23));
    portal.wait(Span(1_000)).run_jobs();
    assert_eq!(counts(&portal), (1, 1, 3));
    portal.sign_in(ADA).visit(&format!("/receipts/{ALDER_ID}")).sees("3 of 2 agents").sees("No SaaS account was linked to it.");
}

/// END-1: removing the Endpoint Backup user destroys nothing, and the dialog says so.
#[test]
fn removing_the_endpoint_backup_user_destroys_nothing_and_the_dialog_says_so() {
    let portal = Portal::firm();
    computers(&portal);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/organizations/{ALDER_ID}/users/{}/removal", FINN.account))
        .sees("Endpoint Backup datasets stay: they belong to the organization.");
    ada.press("Remove User").sees("Removed");
    assert_eq!(counts(&portal), (3, 4, 23));
    ada.visit(&format!("/organizations/{ALDER_ID}")).sees("Deleting it destroys them; removing a user does not.");
}

/// The organization's page shows each agent with its datasets, its last ten backups as one picture with one name, and how it stands.
#[test]
fn the_card_shows_agents_their_datasets_and_last_backups() {
    let portal = Portal::firm();
    computers(&portal);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/organizations/{ALDER_ID}")).sees("Endpoint Backup").sees("ana-laptop").sees("EP1 · SN-ana-laptop");
    ada.sees("Dataset ana-laptop C:").sees("Dataset ana-laptop D:").sees("Dataset ben-laptop").does_not_see("cleo-laptop");
    assert!(ada.body().contains("Last 10 backups, oldest first: 6 good, 1 failed, 3 good"), "one name for the strip");
    ada.sees("Some failed").does_not_see("pictures.vendor.example");
    ada.visit(&format!("/organizations/{BIRCH_ID}")).sees("Last backup failed");
    portal.sign_in(PIA).visit(&format!("/organizations/{CEDAR_ID}")).sees("No endpoint agent");
}

/// PAR-6: agents and datasets go along.
#[test]
fn agents_go_along_when_their_organization_goes_to_another_partner() {
    use crate::transfers::{QUAY_ID, cedar_to_quay, estate};
    let portal = estate();
    cedar_to_quay(&portal);
    let of = |table: &str, column: &str, id: i64| portal.sql::<i64>(&format!("select partner from {table} where {column} = ?1"), [id]);
    assert_eq!(of("endpoint_agent", "id", CEDARINE.agent()), QUAY_ID);
    assert_eq!(
        (of("endpoint_dataset", "id", CEDARINE.dataset()), of("endpoint_backup", "dataset", CEDARINE.dataset())),
        (QUAY_ID, QUAY_ID)
    );
    assert_eq!(of("endpoint_agent", "id", ALDERINE.agent()), 1, "the others stay");
    portal.sign_in(QUINN).visit(&format!("/organizations/{CEDAR_ID}")).sees("Cedarine laptop");
    portal.sign_in(PIA).get(&format!("/organizations/{CEDAR_ID}")).status(404);
}

/// PAR-6: a receiver that holds one of their ids already is a refusal at validation; what goes is told before.
#[test]
fn a_receiver_that_holds_an_agent_of_the_same_id_cannot_have_the_organization() {
    use crate::transfers::{QUAY_ID, ask, estate};
    let moving = estate();
    moving.execute("update endpoint_agent set uuid = 'agent-Cedarine' where id = ?1", [DOGWOODINE.agent()]);
    let transfer = ask(&moving, CARL, QUAY_ID);
    moving.sign_in(ADA).visit(&format!("/transfers/{transfer}")).sees("holds an endpoint agent with the same id already");
    moving.sign_in(ADA).post(&format!("/transfers/{transfer}/validation"), &[]);
    assert_eq!(moving.sql::<String>("select state from transfer where id = ?1", [transfer]), "waiting");
    let portal = Portal::firm();
    computers(&portal);
    let thing = transfers::model::Thing::Organization(OrganizationId(ALDER_ID));
    let run = portal.db().read(|db| transfers::actions::dry_run(db, thing)).expect("a dry run");
    assert!(run.moves.contains(&"2 endpoint agents with 3 datasets. Backup data is not touched.".to_owned()), "{run:?}");
    let taken = |receiver: i64| {
        portal
            .db()
            .read(|db| portico::endpoints::store::vendor_id_taken(db, PartnerId(receiver), OrganizationId(ALDER_ID)))
            .expect("an answer")
    };
    assert!(!taken(2));
    // The same ids at the receiver stand in the way.
    let other = envelope(&[client((5, CEDAR), &[agent("u-3", "EP3", "cleo-laptop")])]);
    let import = stage(&portal, 2, &[("agents.json", &other)]);
    carry_out(&portal, 2, import).expect("two partners may hold the same ids");
    let birch =
        portal.db().read(|db| portico::endpoints::store::vendor_id_taken(db, PartnerId(2), OrganizationId(BIRCH_ID))).expect("an answer");
    assert!(birch);
}

fn listed() -> ListedAgent {
    ListedAgent {
        uuid: "u".to_owned(),
        short_code: None,
        agent_type: None,
        hostname: "ana".to_owned(),
        client_name: None,
        last_snapshot: Some(START),
        last_screenshot: None,
        screenshot_success: None,
        mac: None,
        serial: None,
    }
}

fn told_of(letters: &str) -> ListedAsset {
    let (_, asset): (portico::imports::model::endpoints::HomeRow, ListedAsset) =
        match portico::imports::model::endpoints::item(asset("a", ALDERS, "EP", "ana", "C:", letters)).0 {
            portico::imports::model::Row::EndpointAsset(both) => *both,
            other => panic!("{other:?}"),
        };
    asset
}

fn standing(summary: Summary, state: State, now: Timestamp) -> Standing {
    let agent = Agent {
        id: EndpointAgentId(1),
        partner: PartnerId(1),
        organization: (OrganizationId(1), "X".to_owned()),
        subscription: state,
        hostname: "ana".to_owned(),
        short_code: None,
        serial: None,
        summary,
        datasets: 1,
    };
    agent.standing(now)
}

/// The states and both sides of their edges; a rested organization says that first.
#[test]
fn an_agent_is_late_after_a_day_overdue_after_three_and_red_when_its_newest_backup_failed() {
    let fresh = summarize(&listed(), &[]);
    let at = |now| standing(fresh.clone(), State::Active, now);
    assert_eq!(at(START + LATE_AFTER), Standing::BackedUp);
    assert_eq!(at(START + LATE_AFTER + Span(1)), Standing::Late);
    assert_eq!(at(START + OVERDUE_AFTER), Standing::Late);
    assert_eq!(at(START + OVERDUE_AFTER + Span(1)), Standing::Overdue);
    assert_eq!(standing(fresh.clone(), State::Suspended, START), Standing::Suspended);
    assert_eq!(standing(fresh, State::Unsubscribed, START), Standing::Unsubscribed);
    let of = |letters: &str| standing(summarize(&listed(), &[told_of(letters)]), State::Active, START);
    assert_eq!(of("gggr"), Standing::Failing);
    assert_eq!(of("grgg"), Standing::SomeFailed);
    assert_eq!(of("ggs"), Standing::ScreenshotFailed);
    assert_eq!(of("gsg"), Standing::BackedUp, "the newest screenshot counts");
    assert_eq!(standing(Summary::default(), State::Active, START), Standing::NoBackupYet);
    let alone = ListedAsset { backups: Vec::new(), backup_success: Some(false), ..told_of("g") };
    assert_eq!(standing(summarize(&listed(), &[alone]), State::Active, START), Standing::Failing, "an asset may tell of its newest alone");
}

/// The newest of all datasets stand in the strip, ten at most; times with or without a zone are read.
#[test]
fn an_agents_last_ten_are_the_newest_of_all_its_datasets() {
    let summary = summarize(&listed(), &[told_of("gggggggggg"), told_of("rrrrrrrrrr")]);
    assert_eq!(summary.strip.len(), 10);
    assert_eq!(summary.strip.chars().filter(|letter| *letter == 'r').count(), 5);
    assert_eq!(strip_words(""), "Last ten backups: not told");
    let asset = |written: Option<&str>| ListedAsset { last_backup: written.map(ToOwned::to_owned), ..told_of("g") };
    assert_eq!(asset(Some("2026-11-22T06:26:00+00:00")).last_backup_at(), Some(START));
    assert_eq!(asset(Some("2026-11-22 06:26:00")).last_backup_at(), Some(START));
    assert_eq!(asset(Some("some day")).last_backup_at(), Some(START - Span::hours(1)), "else the newest that went well");
    assert_eq!(
        ListedAsset { backups: vec![Backup { timestamp: 5, success: Some(false), screenshot_success: None }], ..asset(None) }
            .last_backup_at(),
        None
    );
}

/// API-2: the bodies to the letter: names, types, order and envelopes.
#[test]
fn the_bodies_of_agents_and_assets_are_the_vendors() {
    let portal = Portal::firm();
    computers(&portal);
    let script = script(&portal, None);
    let mut text = String::new();
    for url in [
        "/v1/bcdr/agent",
        "/v1/bcdr/agent?_page=2&_perPage=1",
        "/v1/dtc/assets?_perPage=1",
        "/v1/dtc/assets?clientId=11002",
        "/v1/dtc/11002/assets",
        "/v1/dtc/11001/assets/a-1",
        "/v1/dtc/11002/assets/a-1",
        "/v1/dtc/11003/assets",
        "/v1/dtc/assets?clientId=x",
    ] {
        let answer = script.get(url);
        writeln!(text, "GET {url}\n{}\n{}\n", answer.status, String::from_utf8_lossy(&answer.body)).expect("text");
    }
    golden::matches("endpoints-api.txt", &text);
}

/// API-2: what is served comes into an empty portal with nothing lost.
#[test]
fn what_is_served_of_agents_and_assets_comes_into_an_empty_portal_with_nothing_lost() {
    let portal = Portal::firm();
    computers(&portal);
    bring_in(&portal, &[("agents.json", AGENTS)]);
    let lone = envelope(&[asset("a-9", (77, "Only Here"), "EP9", "Zoë's “laptop”", "/home", "-")]);
    bring_in(&portal, &[("assets.json", &lone)]);
    let saved = |portal: &Portal| {
        let script = script(portal, None);
        ["/v1/bcdr/agent?_perPage=250", "/v1/dtc/assets?_perPage=250"].map(|url| script.get(url).body)
    };
    let [agents, assets] = saved(&portal);
    let empty = Portal::firm();
    bring_in(&empty, &[("agents.json", &agents), ("assets.json", &assets)]);
    let again = saved(&empty);
    assert_eq!(String::from_utf8_lossy(&again[0]), String::from_utf8_lossy(&agents));
    assert_eq!(String::from_utf8_lossy(&again[1]), String::from_utf8_lossy(&assets));
    let known = |portal: &Portal| {
        portal.sql::<String>(
            "select group_concat(e.uuid || '|' || coalesce(e.last_backup, '-') || '|' || e.strip || '|' || coalesce(e.shot_at, '-') || '|' || o.name || '|'
                    || (select count(*) from endpoint_dataset d where d.agent = e.id) , char(10) order by e.uuid)
               from endpoint_agent e join organization o on o.id = e.organization",
            [],
        )
    };
    assert_eq!(known(&empty), known(&portal));
    assert_eq!(bring_in(&empty, &[("agents.json", &agents), ("assets.json", &assets)]).0, 0);
}

/// EMP-3, EMP-4, API-1: a key opens agents as far as its maker's products, groups and organization reach.
#[test]
fn a_key_reads_what_its_maker_may_see_of_endpoint_backup() {
    let portal = Portal::estate();
    for mine in [ALDERINE, CEDARINE] {
        let key = Script::of(&portal, mine);
        for url in ["/v1/bcdr/agent", "/v1/dtc/assets"] {
            let body = key.read(url).to_string();
            assert!(body.contains(mine.word), "{} sees its own at {url}", mine.word);
            for other in TENANTS.iter().filter(|other| **other != mine) {
                assert!(!body.contains(other.word), "{} is told of {}", mine.word, other.word);
            }
        }
        assert_eq!(key.status(&format!("/v1/dtc/{}/assets", mine.organization)), 200);
        assert_eq!(key.status(&format!("/v1/dtc/{}/assets", BIRCHINE.organization)), 404);
        assert_eq!(key.status(&format!("/v1/dtc/{}/assets/asset-{}", mine.organization, BIRCHINE.word)), 404);
    }
    let whole = script(&portal, None).read("/v1/bcdr/agent").to_string();
    assert!(whole.contains("Alderine") && whole.contains("Birchine") && !whole.contains("Cedarine"), "its own partner's alone");
    let key = script(&portal, None);
    assert_eq!(key.status("/v1/bcdr/agent"), 200);
    portal.execute("update employee set endpoint_backup = 'none' where account = ?1", [ADA.account]);
    for url in ["/v1/bcdr/agent", "/v1/dtc/assets", "/v1/dtc/10000001/assets", "/v1/dtc/10000001/assets/x"] {
        assert_eq!(key.status(url), 403, "{url}");
    }
}

/// SUB-3: what is over is not served any more, whether or not a job ran.
#[test]
fn agents_of_an_organization_whose_45_days_are_over_are_not_served() {
    let portal = Portal::firm();
    computers(&portal);
    let key = script(&portal, None);
    portal.sign_in(ADA).post(&format!("/organizations/{ALDER_ID}/unsubscription"), &[]).status(303);
    portal.wait(Span(Span::days(45).0 - 1_000));
    assert!(key.read("/v1/bcdr/agent").to_string().contains("ana-laptop"));
    portal.wait(Span(1_000));
    assert!(!key.read("/v1/bcdr/agent").to_string().contains("ana-laptop"));
    assert_eq!(key.status("/v1/dtc/11001/assets"), 404);
}
