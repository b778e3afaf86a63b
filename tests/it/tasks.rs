//! What is asked for on devices, and what becomes of it (DEV-7, SUP-1), one test a sentence.

use portico::kernel::http::Method;
use portico::tasks::model::{End, Operation, Refusal, State, TaskKind, after};
use portico::users::support_model::pin_hash;
use serde_json::{Value, json};

use crate::support::estate::{ALDERINE, BIRCHINE, CEDARINE};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};
use crate::support::script::{Script, json as body_of, refusal};

const LIST: &str = "/tasks";

/// The estate without the tasks that each tenant has.
pub(crate) fn quiet() -> Portal {
    let portal = Portal::estate();
    portal.execute("delete from device_task", []);
    portal
}

pub(crate) fn form(device: i64) -> String {
    format!("/devices/{device}/tasks/new")
}

pub(crate) const DELETE: &[(&str, &str)] = &[("kind", "local_data"), ("note", "The oldest year")];

/// Asks for something and gives the task's id.
#[track_caller]
pub(crate) fn ask(visit: &mut Visit, fields: &[(&str, &str)]) -> i64 {
    visit.post(&form(ALDERINE.device()), fields).status(303);
    visit.location().strip_prefix("/tasks/").and_then(|id| id.parse().ok()).expect("the way to the task")
}

pub(crate) fn state(portal: &Portal, task: i64) -> String {
    portal.sql("select state from device_task where id = ?1", [task])
}

pub(crate) fn at(task: i64, rest: &str) -> String {
    format!("{LIST}/{task}{rest}")
}

/// Olu is authorized for support, with the PIN confirmed by Abe.
pub(crate) fn authorize_olu(portal: &Portal) {
    let account = portico::kernel::ids::AccountId(OLU.account);
    let hash = pin_hash(portal.db().vault(), account, "12345678");
    portal.execute("insert into support_pin (account, partner, pin_hash, made_at) values (?1, 1, ?2, 1)", (OLU.account, hash));
    let mut abe = portal.sign_in(ABE);
    let at = format!("/organizations/{ALDER_ID}/users/{}/support", OLU.account);
    abe.post(&at, &[]).status(303);
    abe.post(&format!("{at}/pin"), &[("pin", "12345678")]).status(303);
}

/// A key of Ada's for all of Harbor MSP.
pub(crate) fn connector(portal: &Portal) -> Script {
    crate::api::script(portal, None)
}

pub(crate) fn post(script: &Script, url: &str, body: &Value) -> portico::kernel::http::Response {
    script.send(Method::Post, url, body.to_string().as_bytes())
}

#[track_caller]
pub(crate) fn take(script: &Script) -> Option<i64> {
    let answer = script.send(Method::Post, "/api/v1/tasks/take", b"");
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    body_of(&answer)["task"]["id"].as_i64()
}

/// DEV-7: the kinds are the vendor's, shown so and in that order.
#[test]
fn the_kinds_are_shown_in_the_vendors_words() {
    let seed = [
        "Removal or stopping of virtual machines",
        "Removal of file restores",
        "Deletion of local data",
        "Networking configuration changes",
        "Device changes",
        "Device replacements",
        "Part replacements",
        "Offsite schedule changes",
        "Backup and screenshot schedule changes",
    ];
    assert_eq!(TaskKind::OFFERED.map(TaskKind::shown), seed);
    let portal = Portal::estate();
    let mut olu = portal.sign_in(OLU);
    olu.visit(LIST).open("Add device task").open("Add device task");
    for words in seed {
        olu.sees(words);
    }
    olu.does_not_see("Virtual machine ");
}

/// DEV-7: every state and every operation; what is not allowed says why.
#[test]
fn a_task_goes_only_where_the_rule_says() {
    use Operation::{Approve, Close, Decline, Finish, PutBack, Report, Take, Withdraw};
    let (done, refused) = (End::Done, End::Refused);
    let operations = [Approve, Decline, Take, Report, Finish(done), Finish(refused), Close(done), Close(refused), Withdraw, PutBack];
    let no = Err::<State, Refusal>;
    let unapproved = no(Refusal::Unapproved);
    let over = |state| no(Refusal::Over(state));
    let table = [
        (
            State::Waiting,
            [
                Ok(State::Queued),
                Ok(State::Refused),
                unapproved,
                unapproved,
                unapproved,
                unapproved,
                unapproved,
                unapproved,
                Ok(State::Withdrawn),
                unapproved,
            ],
        ),
        (
            State::Queued,
            [
                no(Refusal::Approved),
                no(Refusal::Approved),
                Ok(State::InProgress),
                no(Refusal::NotTaken),
                no(Refusal::NotTaken),
                no(Refusal::NotTaken),
                Ok(State::Done),
                Ok(State::Refused),
                Ok(State::Withdrawn),
                no(Refusal::NotTaken),
            ],
        ),
        (
            State::InProgress,
            [
                no(Refusal::Approved),
                no(Refusal::Approved),
                no(Refusal::Taken),
                Ok(State::InProgress),
                Ok(State::Done),
                Ok(State::Refused),
                Ok(State::Done),
                Ok(State::Refused),
                no(Refusal::Taken),
                Ok(State::Queued),
            ],
        ),
        (State::Done, [over(State::Done); 10]),
        (State::Refused, [over(State::Refused); 10]),
        (State::Withdrawn, [over(State::Withdrawn); 10]),
    ];
    assert_eq!(table.len(), State::ALL.len());
    for (state, expected) in table {
        for (operation, expected) in operations.into_iter().zip(expected) {
            assert_eq!(after(state, operation), expected, "{state:?} {operation:?}");
            assert!(expected.is_ok() || !expected.unwrap_err().sentence().is_empty());
        }
    }
}

/// SUP-1: what a user asks for who is not authorized waits for an employee, and goes on from the approval.
#[test]
fn what_an_unauthorized_user_asks_for_waits_for_approval() {
    let portal = quiet();
    let mut olu = portal.sign_in(OLU);
    olu.visit(&form(ALDERINE.device())).sees("You are not authorized for support, so it waits");
    olu.fill("What is to be done", "local_data").fill("Note", "The oldest year").press("Add device task");
    olu.status(200).sees("waits for your provider's approval.").sees("Waits for approval").sees("The oldest year");
    olu.is_not_offered("Approve");
    let task = portal.sql("select id from device_task", []);
    assert_eq!((state(&portal, task).as_str(), take(&connector(&portal))), ("waiting", None));
    let mut tess = portal.sign_in(TESS);
    tess.visit("/").sees("Deletion of local data").near("Deletion of local data").open("Decide");
    tess.press("Approve").sees("Approved. Deletion of local data on").does_not_see("Waits for approval");
    assert_eq!(state(&portal, task), "queued");
    tess.post(&at(task, "/approval"), &[]);
    tess.follow().sees("This task was approved already.");
    tess.visit("/").does_not_see("Decide");
    assert_eq!(take(&connector(&portal)), Some(task));
}

/// SUP-1: what an authorized user asks for is queued at once, with that authorization recorded; from the withdrawal on it waits.
#[test]
fn what_an_authorized_user_asks_for_is_queued_at_once() {
    let portal = quiet();
    authorize_olu(&portal);
    let mut olu = portal.sign_in(OLU);
    olu.visit(&form(ALDERINE.device())).sees("It is queued at once.");
    let task = ask(&mut olu, DELETE);
    assert_eq!(state(&portal, task), "queued");
    olu.visit(&at(task, "")).sees("authorized by Abe").sees("PIN confirmed by Abe");
    let changes: String = portal.sql("select changes from activity where kind = 'device_task.asked' order by seq desc limit 1", []);
    assert!(changes.contains("PIN confirmed by Abe"), "{changes}");
    portal.sign_in(ABE).post(&format!("/organizations/{ALDER_ID}/users/{}/support/withdrawal", OLU.account), &[]).status(303);
    portal.wait(portico::kernel::time::Span::minutes(1));
    let later = ask(&mut portal.sign_in(OLU), DELETE);
    assert_eq!((state(&portal, later).as_str(), state(&portal, task).as_str()), ("waiting", "queued"));
}

/// DEV-7: what an employee asks for is queued at once.
#[test]
fn what_an_employee_asks_for_is_queued_at_once() {
    let portal = quiet();
    let task = ask(&mut portal.sign_in(TESS), DELETE);
    assert_eq!(state(&portal, task), "queued");
    let authorization: Option<String> = portal.sql("select authorization from device_task", []);
    assert_eq!(authorization, None);
}

/// SUP-1: an employee refuses with a reason, which whoever asked reads on the page and in a letter.
#[test]
fn a_refusal_has_a_reason_and_a_letter() {
    let portal = quiet();
    let task = ask(&mut portal.sign_in(OLU), DELETE);
    let mut tess = portal.sign_in(TESS);
    tess.visit(&at(task, "")).open("Refuse").press("Refuse task").status(422).sees("Say why, for whoever asked.");
    assert_eq!(state(&portal, task), "waiting");
    tess.fill("Reason", "You need that year").press("Refuse task").status(200).sees("refused.");
    portal.sign_in(OLU).visit(&at(task, "")).sees("Why it was refused").sees("You need that year");
    let letter = portal.letter_to(OLU.email);
    assert!(letter.contains("was refused on") && letter.contains("You need that year") && letter.contains(&at(task, "")), "{letter}");
    assert_eq!(portal.sql_count("letter where kind = 'notice'"), 1);
}

/// DEV-7: an employee closes by hand what is queued or in progress; who closes what they asked for themselves gets no letter.
#[test]
fn an_employee_closes_a_task_by_hand() {
    let portal = quiet();
    let task = ask(&mut portal.sign_in(TESS), DELETE);
    let mut tess = portal.sign_in(TESS);
    tess.visit(&at(task, "")).open("Close by hand").press("Close task").status(422).sees("Choose whether it was done.");
    tess.fill("Outcome", "done").press("Close task").status(422).sees("Say what came of it");
    tess.fill("Result", "Deleted by hand").press("Close task").status(200).sees("done.").sees("Deleted by hand");
    assert_eq!((state(&portal, task).as_str(), portal.sql_count("letter where kind = 'notice'")), ("done", 0));
    tess.post(&at(task, "/closing"), &[("outcome", "done"), ("result", "Again")]).status(422).sees("This task is over: done.");
    let other = ask(&mut portal.sign_in(TESS), DELETE);
    assert_eq!(take(&connector(&portal)), Some(other));
    portal.sign_in(ABE).post(&at(other, "/closing"), &[("outcome", "refused"), ("result", "The connector is gone")]).status(303);
    assert_eq!(state(&portal, other), "refused");
    assert!(portal.letter_to(TESS.email).contains("The connector is gone"));
}

/// DEV-7: kind and note are asked for, and kept as they were entered when something is missing; a restore is asked for elsewhere.
#[test]
fn what_is_missing_comes_back_as_it_was_filled_in() {
    let portal = quiet();
    let mut olu = portal.sign_in(OLU);
    olu.post(&form(ALDERINE.device()), &[("note", "The oldest year"), ("disaster_recovery", "1")]).status(422);
    olu.sees("Choose what is to be done.").sees("The oldest year");
    olu.post(&form(ALDERINE.device()), &[("kind", "local_data"), ("note", " \n ")]).status(422).sees("Say what exactly is to be done.");
    olu.post(&form(ALDERINE.device()), &[("kind", "restore_files"), ("note", "x")]).status(422).sees("Choose what is to be done.");
    let long = "x".repeat(2_001);
    olu.post(&form(ALDERINE.device()), &[("kind", "local_data"), ("note", &long)]).status(422).sees("at most 2000 characters");
    assert_eq!(portal.sql_count("device_task"), 0);
    olu.post(&form(ALDERINE.device()), &[("kind", "local_data"), ("note", &long[..2_000])]).status(303);
}

/// DEV-7: a device that is linked to nobody has no tasks.
#[test]
fn nothing_is_asked_of_an_unlinked_device() {
    let portal = quiet();
    let mut tess = portal.sign_in(TESS);
    tess.visit(&form(ALDERINE.spare_device())).sees("is linked to no organization");
    tess.post(&form(ALDERINE.spare_device()), DELETE).status(422).sees("is linked to no organization");
    assert_eq!(portal.sql_count("device_task"), 0);
}

/// DEV-7: a user asks while fewer than fifty tasks of the organization are open, not for one more; what is over makes room, and an employee
/// always may.
#[test]
fn a_user_asks_for_no_more_while_fifty_tasks_are_open() {
    let portal = quiet();
    for number in 0..49 {
        portal.execute(
            "insert into device_task (id, partner, organization, device, device_name, device_serial, kind, note, search, disaster_recovery,
                                      state, asked_by, asked_at)
             values (?1, 1, ?2, ?3, 'd', 's', 'local_data', 'n', 'n', 0, 'queued', 'Ada', 1)",
            (number + 1, ALDER_ID, ALDERINE.device()),
        );
    }
    let mut olu = portal.sign_in(OLU);
    olu.post(&form(ALDERINE.device()), DELETE).status(303);
    olu.post(&form(ALDERINE.device()), DELETE).status(422).sees("50 tasks are open already.");
    portal.sign_in(TESS).post(&form(ALDERINE.device()), DELETE).status(303);
    portal.execute("update device_task set state = 'done', ended_by = 'Ada', ended_at = 2 where id in (1, 2)", []);
    olu.post(&form(ALDERINE.device()), DELETE).status(303);
    let turned = [("kind", "local_data"), ("note", "the \u{202e}oldest")];
    olu.post(&form(ALDERINE.device()), &turned).status(422).sees("signs that turn the direction of text");
}

/// SUP-1: what is marked disaster recovery stands first, in the list, on Home and in the queue; else the oldest is first.
#[test]
fn disaster_recovery_stands_first() {
    let portal = quiet();
    let urgent: &[(&str, &str)] = &[("kind", "virtual_machines"), ("note", "All is down"), ("disaster_recovery", "1")];
    let mut tess = portal.sign_in(TESS);
    let first = ask(&mut tess, DELETE);
    portal.wait(portico::kernel::time::Span(1));
    let second = ask(&mut tess, DELETE);
    portal.wait(portico::kernel::time::Span(1));
    let third = ask(&mut tess, urgent);
    tess.visit(LIST).sees("Disaster recovery");
    let text = tess.text();
    assert!(text.find("stopping of virtual").expect("the urgent one") < text.find("Deletion of local").expect("another"), "{text}");
    let script = connector(&portal);
    assert_eq!([take(&script), take(&script), take(&script), take(&script)], [Some(third), Some(first), Some(second), None]);
}

/// DEV-7: a connector takes, reports and finishes; who asked sees each step and gets a letter.
#[test]
fn a_connector_carries_a_task_out() {
    let portal = quiet();
    authorize_olu(&portal);
    let task = ask(&mut portal.sign_in(OLU), DELETE);
    let script = connector(&portal);
    let listed = script.read("/api/v1/tasks?state=queued");
    assert_eq!((listed["pagination"]["count"].as_i64(), listed["items"][0]["id"].as_i64()), (Some(1), Some(task)));
    assert_eq!(take(&script), Some(task));
    let url = format!("/api/v1/tasks/{task}");
    let answer = post(&script, &format!("{url}/progress"), &json!({"text": "Half of it"}));
    assert_eq!((answer.status, body_of(&answer)["progress"].as_str()), (200, Some("Half of it")));
    portal.sign_in(OLU).visit(&at(task, "")).sees("In progress").sees("Half of it");
    let answer = post(&script, &format!("{url}/result"), &json!({"state": "done", "result": "12 GB freed"}));
    assert_eq!((answer.status, body_of(&answer)["state"].as_str()), (200, Some("done")));
    let shown = script.read(&url);
    assert_eq!(
        (shown["result"].as_str(), shown["kind"].as_str(), shown["title"].as_str()),
        (Some("12 GB freed"), Some("local_data"), Some("Deletion of local data"))
    );
    assert!(shown["authorization"].as_str().is_some_and(|said| said.contains("Abe")) && shown.get("code").is_none());
    assert_eq!(shown["device"]["serialNumber"].as_str(), Some("ALDERINED1"));
    portal.sign_in(OLU).visit(&at(task, "")).sees("Done").sees("12 GB freed");
    assert!(portal.letter_to(OLU.email).contains("12 GB freed"));
    let kinds: String =
        portal.sql("select group_concat(kind, ' ') from (select kind from activity where kind like 'device_task.%' order by seq)", []);
    assert_eq!(kinds, "device_task.asked device_task.taken device_task.reported device_task.ended");
    assert_eq!(refusal(&post(&script, &format!("{url}/result"), &json!({"state": "done", "result": "x"}))), (409, "conflict".to_owned()));
}

/// DEV-7: of many connectors that ask at once each task has one taker.
#[test]
fn one_taker_wins() {
    let portal = quiet();
    let mut tess = portal.sign_in(TESS);
    let asked: std::collections::BTreeSet<i64> = (0..6).map(|_| ask(&mut tess, DELETE)).collect();
    assert_eq!(asked.len(), 6);
    let script = connector(&portal);
    let taken: Vec<i64> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..8).map(|_| scope.spawn(|| [take(&script), take(&script)])).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("answers")).flatten().collect()
    });
    assert_eq!(taken.len(), 6);
    assert_eq!(taken.into_iter().collect::<std::collections::BTreeSet<_>>(), asked);
}

/// DEV-7: only the connector that took a task reports on it; what nobody took is not reported on.
#[test]
fn another_key_does_not_report() {
    let portal = quiet();
    let task = ask(&mut portal.sign_in(TESS), DELETE);
    let (script, other) = (connector(&portal), Script::of(&portal, ALDERINE));
    let url = format!("/api/v1/tasks/{task}");
    assert_eq!(refusal(&post(&script, &format!("{url}/progress"), &json!({"text": "x"}))).0, 409);
    assert_eq!(take(&other), Some(task));
    for (path, body) in [("progress", json!({"text": "x"})), ("result", json!({"state": "done", "result": "x"}))] {
        let answer = post(&script, &format!("{url}/{path}"), &body);
        assert_eq!(refusal(&answer), (409, "conflict".to_owned()));
        assert_eq!(post(&other, &format!("{url}/{path}"), &body).status, 200, "{path}");
    }
}

/// DEV-7: a connector asks for the tasks of one device; a device that is no longer the organization's has none.
#[test]
fn a_connector_takes_for_one_device() {
    let portal = quiet();
    let task = ask(&mut portal.sign_in(TESS), DELETE);
    let script = connector(&portal);
    let one = |serial: &str| body_of(&post(&script, "/api/v1/tasks/take", &json!({"device": serial})))["task"]["id"].as_i64();
    assert_eq!(one("BIRCHINED1"), None);
    portal.execute("update device set organization = ?2 where id = ?1", (ALDERINE.device(), BIRCH_ID));
    assert_eq!(one("ALDERINED1"), None);
    portal.sign_in(TESS).visit(&at(task, "")).sees("no longer linked to");
    portal.sign_in(NIA).get(&at(task, "")).status(404);
    portal.execute("update device set organization = ?2 where id = ?1", (ALDERINE.device(), ALDER_ID));
    assert_eq!(one("alderined1"), Some(task));
}

/// DEV-7, api.md: what is no such JSON is refused in a sentence, and nothing is changed.
#[test]
fn what_a_connector_says_is_read_strictly() {
    let portal = quiet();
    let task = ask(&mut portal.sign_in(TESS), DELETE);
    let script = connector(&portal);
    assert_eq!(take(&script), Some(task));
    let url = format!("/api/v1/tasks/{task}");
    for (path, body) in [
        ("/progress", json!({})),
        ("/progress", json!({"text": ""})),
        ("/progress", json!({"text": "x", "more": 1})),
        ("/progress", json!({"text": "x".repeat(2_001)})),
        ("/result", json!({"state": "queued", "result": "x"})),
        ("/result", json!({"state": "Done", "result": "x"})),
        ("/result", json!({"state": "done", "result": " "})),
        ("/result", json!({"state": "done"})),
    ] {
        assert_eq!(refusal(&post(&script, &format!("{url}{path}"), &body)), (400, "bad_request".to_owned()), "{path} {body}");
    }
    assert_eq!(refusal(&script.send(Method::Post, "/api/v1/tasks/take", b"[]")).0, 400);
    assert_eq!(refusal(&script.get("/api/v1/tasks?state=lost")), (400, "bad_request".to_owned()));
    assert_eq!(state(&portal, task), "in_progress");
}

/// API-1, EMP-3, EMP-4, ALL-1: a key takes what its maker may look after: its own partner's, of its organization, with BCDR.
#[test]
fn a_key_takes_what_its_maker_looks_after() {
    let portal = Portal::estate();
    portal.execute("update device_task set state = 'queued'", []);
    let alder = Script::of(&portal, ALDERINE);
    let missing = alder.get("/api/v1/tasks/999999999999999");
    for tenant in [BIRCHINE, CEDARINE] {
        let other = alder.get(&format!("/api/v1/tasks/{}", tenant.task()));
        assert_eq!((other.status, &other.body), (404, &missing.body), "{}", tenant.word);
    }
    assert_eq!(
        connector(&portal).get(&format!("/api/v1/tasks/{}", CEDARINE.task())).status,
        404,
        "a partner beneath has its own connector"
    );
    assert_eq!([take(&alder), take(&alder)], [Some(ALDERINE.task()), None]);
    portal.execute("update employee set bcdr = 'none' where account = ?1", [ADA.account]);
    assert_eq!(refusal(&connector(&portal).send(Method::Post, "/api/v1/tasks/take", b"")), (403, "forbidden".to_owned()));
    portal.execute("update employee set bcdr = 'full' where account = ?1", [ADA.account]);
    assert_eq!(take(&connector(&portal)), Some(BIRCHINE.task()));
}

/// EMP-3: an employee without BCDR finds no task and is told of none; with it, they do.
#[test]
fn no_access_to_bcdr_hides_tasks() {
    let portal = Portal::estate();
    let mut tess = portal.sign_in(TESS);
    tess.visit("/").sees("Device Tasks").sees("Waits for approval");
    tess.get(&at(ALDERINE.task(), "")).status(200);
    portal.execute("update employee set bcdr = 'none' where account = ?1", [TESS.account]);
    tess.visit("/").does_not_see("Device Tasks").does_not_see("Waits for approval");
    for path in [LIST.to_owned(), at(ALDERINE.task(), ""), form(ALDERINE.device())] {
        tess.get(&path).status(404);
    }
    tess.post(&at(ALDERINE.task(), "/approval"), &[]).status(404);
    assert_eq!(state(&portal, ALDERINE.task()), "waiting");
}

/// USR-8: a user sees and asks for what is their own organization's; with File restores alone, or no access, nothing of it.
#[test]
fn users_see_their_own_organizations_tasks() {
    let portal = Portal::estate();
    portal.sign_in(OLU).visit(LIST).sees("Deletion of local data").sees("alderine-siris").does_not_see("birchine");
    for member in [FINN, NOOR] {
        let mut visit = portal.sign_in(member);
        for path in [LIST.to_owned(), "/tasks/new".to_owned(), at(ALDERINE.task(), ""), form(ALDERINE.device())] {
            visit.get(&path).status(404);
        }
        visit.post(&form(ALDERINE.device()), DELETE).status(404);
        visit.visit("/").does_not_see("Device Tasks");
    }
    portal.sign_in(OLU).post(&form(BIRCHINE.device()), DELETE).status(404);
    portal.sign_in(OLU).post(&at(ALDERINE.task(), "/approval"), &[]).status(404);
}

/// PAR-1: a Tech sees what a partner beneath holds and does not act on it; an Admin does.
#[test]
fn a_tech_does_not_act_on_what_a_partner_beneath_holds() {
    let portal = Portal::estate();
    let task = CEDARINE.task();
    let mut tess = portal.sign_in(TESS);
    tess.visit(&at(task, "")).is_not_offered("Approve");
    tess.post(&at(task, "/approval"), &[]);
    tess.follow().sees("held by a partner beneath yours");
    tess.post(&form(CEDARINE.device()), DELETE).status(422).sees("held by a partner beneath yours");
    assert_eq!(state(&portal, task), "waiting");
    tess.visit("/").does_not_see("cedarine");
    portal.sign_in(ABE).post(&at(task, "/approval"), &[]).status(303);
    assert_eq!(state(&portal, task), "queued");
}

/// ORG-8: tasks go with their organization.
#[test]
fn tasks_go_with_their_organization() {
    let portal = Portal::estate();
    // The estate has receipts of organizations that are still there.
    portal.execute("delete from receipt", []);
    let name: String = portal.sql("select name from organization where id = ?1", [ALDER_ID]);
    portal.sign_in(ADA).post(&format!("/organizations/{ALDER_ID}/deletion"), &[("typed", &name), ("backups", "keep")]).status(303);
    assert_eq!(portal.sql_count(&format!("device_task where organization = {ALDER_ID}")), 0);
    assert_eq!(portal.sql_count(&format!("device_task where organization = {BIRCH_ID}")), 1);
}

/// EMP-4: who asked and sees the organization no more gets no letter of it.
#[test]
fn who_may_not_see_it_any_more_gets_no_letter() {
    let portal = quiet();
    let task = ask(&mut portal.sign_in(TESS), DELETE);
    portal.execute("update employee set limited = 1 where account = ?1", [TESS.account]);
    portal.sign_in(ABE).post(&at(task, "/closing"), &[("outcome", "done"), ("result", "By hand")]).status(303);
    assert_eq!(portal.sql_count("letter where kind = 'notice'"), 0);
}
