//! Device Tasks as a list, taking back what was asked for, and what a connector left lying (DEV-7, SUP-1), one test a sentence.

use portico::kernel::time::Span;
use portico::tasks::model::SILENT_AFTER;
use serde_json::json;

use crate::support::estate::{ALDERINE, BIRCHINE};
use crate::support::people::*;
use crate::support::portal::Portal;
use crate::support::script::{Script, json as body_of, refusal};
use crate::tasks::{DELETE, ask, at, authorize_olu, connector, form, post, quiet, state, take};

const LIST: &str = "/tasks";

/// As many queued tasks of a device, the first asked for the longest ago.
fn fill(portal: &Portal, count: i64) {
    portal.execute(
        "with recursive number(n) as (select 1 union all select n + 1 from number where n < ?2)
         insert into device_task (id, partner, organization, device, device_name, device_serial, kind, note, search, disaster_recovery, state,
                                  asked_by, asked_at)
         select 700000000000000 + n, 1, ?3, ?1, 'rack-' || substr('000' || n, -3), 'S' || n, 'local_data', 'Number ' || n,
                'rack-' || substr('000' || n, -3) || ' s' || n || ' number ' || n, 0, 'queued', 'Olu', n from number",
        (ALDERINE.device(), count, ALDER_ID),
    );
}

/// DEV-7: the list is read by pages of fifty: fifty tasks are one page, the fifty-first begins another, and each stands on one.
#[test]
fn tasks_are_read_by_pages_of_fifty() {
    let portal = quiet();
    fill(&portal, 50);
    let mut tess = portal.sign_in(TESS);
    tess.visit(LIST).sees("rack-001").sees("rack-050").sees("50 tasks").does_not_see("Next");
    portal.execute("delete from device_task", []);
    fill(&portal, 51);
    tess.visit(LIST).sees("rack-001").sees("rack-050").does_not_see("rack-051").sees("1–50 of 51 tasks");
    tess.open("Next").sees("rack-051").does_not_see("rack-050").sees("51–51 of 51 tasks").open("Previous");
    tess.sees("rack-050").visit("/tasks?page=9").sees("51–51 of 51 tasks");
}

/// DEV-7: tasks are found by device, serial number, kind, who asked, note and organization, without case; by state; of one device.
#[test]
fn tasks_are_searched_and_narrowed() {
    let portal = quiet();
    portal.sign_in(TESS).post(&form(ALDERINE.device()), DELETE).status(303);
    let schedule = [("kind", "offsite_schedule"), ("note", "From ten on, 100% please")];
    portal.sign_in(NIA).post(&form(BIRCHINE.device()), &schedule).status(303);
    let mut ada = portal.sign_in(ADA);
    for (words, finds_first) in [
        ("ALDERINE-si", true),
        ("alderined1", true),
        ("deletion OF", true),
        ("tess", true),
        ("oldest year", true),
        ("Alder Dental", true),
        ("birchine", false),
        ("Offsite sched", false),
        ("100%25", false),
        ("nia", false),
    ] {
        let mut found = ada.visit(&format!("{LIST}?q={words}"));
        let (sees, not) = if finds_first { ("Deletion of local", "Offsite schedule") } else { ("Offsite schedule", "Deletion of local") };
        found = found.sees(sees).does_not_see(not);
        found.sees("1 task");
    }
    ada.visit("/tasks?q=_").sees("Nothing fits");
    ada.visit("/tasks?state=waiting").sees("Offsite schedule").does_not_see("Deletion of local");
    ada.visit("/tasks?state=queued").sees("Deletion of local").does_not_see("Offsite schedule");
    ada.visit("/tasks?state=done").sees("Offsite schedule").sees("Deletion of local");
    ada.visit(&format!("/tasks?device={}", BIRCHINE.device()))
        .sees("Only tasks of")
        .sees("Offsite schedule")
        .does_not_see("Deletion of local");
    portal.sign_in(OLU).visit("/tasks?q=offsite").sees("Nothing fits").does_not_see("birchine");
}

/// DEV-7: the columns sort both ways.
#[test]
fn tasks_are_sorted_by_column() {
    let portal = quiet();
    fill(&portal, 3);
    portal.execute("update device_task set device_name = 'zeta' where asked_at = 1", []);
    portal.execute("update device_task set state = 'waiting', kind = 'virtual_machines' where asked_at = 3", []);
    let mut tess = portal.sign_in(TESS);
    for (sort, expected) in [
        ("", ["rack-003", "zeta", "rack-002"]),
        ("?sort=device", ["rack-002", "rack-003", "zeta"]),
        ("?sort=device&order=desc", ["zeta", "rack-003", "rack-002"]),
        ("?sort=asked&order=desc", ["rack-003", "rack-002", "zeta"]),
        ("?sort=state&order=desc", ["zeta", "rack-002", "rack-003"]),
        ("?sort=task", ["rack-003", "zeta", "rack-002"]),
        ("?sort=task&order=desc", ["zeta", "rack-002", "rack-003"]),
    ] {
        let text = tess.visit(&format!("{LIST}{sort}")).text();
        let mut places = expected.map(|name| (text.find(name).expect(name), name));
        places.sort_unstable();
        assert_eq!(places.map(|(_, name)| name), expected, "{sort}");
    }
}

/// ALL-2, LOG-1: the export holds the whole filtered list, and is an event.
#[test]
fn the_export_is_what_the_filter_finds() {
    let portal = quiet();
    fill(&portal, 51);
    portal.execute("update device_task set note = '=1+1' where asked_at = 7", []);
    portal.sign_in(NIA).post(&form(BIRCHINE.device()), DELETE).status(303);
    let mut tess = portal.sign_in(TESS);
    tess.post("/tasks/export", &[]).status(200);
    let all = String::from_utf8(tess.response.body.clone()).expect("text");
    assert_eq!(all.lines().count(), 1 + 52, "{all}");
    assert!(all.contains("rack-051") && all.contains("birchine") && all.contains("'=1+1"), "{all}");
    tess.post("/tasks/export", &[("q", "rack-01")]).status(200);
    let some = String::from_utf8(tess.response.body.clone()).expect("text");
    assert_eq!(some.lines().count(), 1 + 10, "{some}");
    portal.sign_in(OLU).post("/tasks/export", &[("show", "over")]).status(200);
    assert_eq!(portal.sql_count("activity where kind = 'export.made' and sentence = 'exported Device Tasks'"), 3);
    assert_eq!(portal.sql_count(&format!("activity where sentence = 'exported Device Tasks' and organization = {ALDER_ID}")), 1);
}

/// DEV-7: who asked withdraws what waits or is queued; a connector never gets it, and nobody else is offered it.
#[test]
fn who_asked_withdraws_what_no_connector_has() {
    let portal = quiet();
    let mut olu = portal.sign_in(OLU);
    let waiting = ask(&mut olu, DELETE);
    let queued = ask(&mut portal.sign_in(TESS), DELETE);
    for member in [ADA, TESS] {
        let mut other = portal.sign_in(member);
        other.visit(&at(waiting, "")).is_not_offered("Withdraw");
        other.visit(&at(waiting, "/withdrawal")).sees("A task is withdrawn by who asked for it.");
        other.post(&at(waiting, "/withdrawal"), &[]);
        other.follow().sees("A task is withdrawn by who asked for it.");
    }
    assert_eq!(state(&portal, waiting), "waiting");
    olu.visit(&at(waiting, "")).open("Withdraw").press("Withdraw task").sees("is withdrawn.").sees("Withdrawn by");
    portal.sign_in(TESS).post(&at(queued, "/withdrawal"), &[]).status(303);
    assert_eq!([state(&portal, waiting), state(&portal, queued)], ["withdrawn", "withdrawn"]);
    assert_eq!(take(&connector(&portal)), None);
    portal.sign_in(ADA).post(&at(waiting, "/approval"), &[]);
    assert_eq!(state(&portal, waiting), "withdrawn", "what is withdrawn is not approved");
    assert_eq!(portal.sql_count("activity where kind = 'device_task.withdrawn'"), 2);
    olu.visit("/tasks?show=over").sees("Withdrawn");
}

/// DEV-7: what a connector has is withdrawn by nobody.
#[test]
fn what_a_connector_has_is_not_withdrawn() {
    let portal = quiet();
    let mut tess = portal.sign_in(TESS);
    let task = ask(&mut tess, DELETE);
    tess.visit(&at(task, "")).is_offered("Withdraw");
    assert_eq!(take(&connector(&portal)), Some(task));
    tess.visit(&at(task, "")).is_not_offered("Withdraw");
    tess.post(&at(task, "/withdrawal"), &[]);
    tess.follow().sees("A connector is at this task already.");
    assert_eq!((state(&portal, task).as_str(), portal.sql_count("activity where kind = 'device_task.withdrawn'")), ("in_progress", 0));
}

/// DEV-7: an employee puts back what a connector took and fell silent about; another take follows, and a late report of the first is refused
/// with the reason, even by the same key.
#[test]
fn a_lost_task_is_put_back_and_a_late_report_refused() {
    let portal = quiet();
    let mut tess = portal.sign_in(TESS);
    let task = ask(&mut tess, DELETE);
    let script = connector(&portal);
    let url = format!("/api/v1/tasks/{task}");
    let taken = body_of(&post(&script, "/api/v1/tasks/take", &json!({})));
    assert_eq!(taken["task"]["take"].as_i64(), Some(1));
    assert_eq!(post(&script, &format!("{url}/progress"), &json!({"text": "Begun"})).status, 200, "one take needs no number");
    tess.visit(&at(task, "")).open("Put back into the queue").sees("What this one still reports is refused");
    tess.press("Put back into the queue").sees("is queued again.").does_not_see("Begun");
    assert_eq!(state(&portal, task), "queued");
    let late = |body: serde_json::Value, path: &str| {
        let answer = post(&script, &format!("{url}/{path}"), &body);
        (refusal(&answer).0, body_of(&answer)["message"].as_str().unwrap_or_default().to_owned())
    };
    let done = |take: Option<i64>| match take {
        Some(take) => json!({"state": "done", "result": "x", "take": take}),
        None => json!({"state": "done", "result": "x"}),
    };
    let (status, why) = late(done(Some(1)), "result");
    assert_eq!((status, why.contains("put back into the queue")), (409, true), "{why}");
    assert_eq!(take(&script), Some(task));
    for (body, path, words) in [
        (done(Some(1)), "result", "Take 1 of this task is over"),
        (json!({"text": "x", "take": 1}), "progress", "Take 1 of this task is over"),
        (done(None), "result", "taken more than once"),
        (done(Some(3)), "result", "take 2 is at it now"),
    ] {
        let (status, why) = late(body, path);
        assert_eq!((status, why.contains(words)), (409, true), "{why}");
    }
    assert_eq!(state(&portal, task), "in_progress");
    assert_eq!(post(&script, &format!("{url}/result"), &done(Some(2))).status, 200);
    assert_eq!((state(&portal, task).as_str(), portal.sql_count("activity where kind = 'device_task.put_back'")), ("done", 1));
}

/// DEV-7, PAR-1: only an employee whose it is puts a task back, and only what a connector has.
#[test]
fn only_an_employee_puts_back_what_a_connector_has() {
    let portal = quiet();
    authorize_olu(&portal);
    let task = ask(&mut portal.sign_in(OLU), DELETE);
    let mut tess = portal.sign_in(TESS);
    tess.visit(&at(task, "")).is_not_offered("Put back into the queue");
    tess.post(&at(task, "/return"), &[]);
    tess.follow().sees("No connector has taken this task.");
    assert_eq!(take(&connector(&portal)), Some(task));
    portal.sign_in(OLU).post(&at(task, "/return"), &[]).status(404);
    portal.sign_in(MALLORY).post(&at(task, "/return"), &[]).status(404);
    assert_eq!(state(&portal, task), "in_progress");
    tess.post(&at(task, "/return"), &[]).status(303);
    assert_eq!(state(&portal, task), "queued");
}

/// DEV-7: a connector of which nothing was heard for longer than a day is said to be silent; what it says begins the day anew.
#[test]
fn a_connector_is_silent_after_a_day() {
    let portal = quiet();
    let task = ask(&mut portal.sign_in(TESS), DELETE);
    let script = connector(&portal);
    assert_eq!(take(&script), Some(task));
    portal.wait(SILENT_AFTER);
    portal.sign_in(TESS).visit(LIST).does_not_see("silent");
    portal.wait(Span(1));
    portal.sign_in(TESS).visit(LIST).sees("silent, last heard");
    portal.sign_in(TESS).visit(&at(task, "")).sees("Nothing was heard of the connector since");
    assert_eq!(post(&script, &format!("/api/v1/tasks/{task}/progress"), &json!({"text": "Half"})).status, 200);
    portal.sign_in(TESS).visit(LIST).does_not_see("silent");
}

/// SUP-1: disaster recovery that nobody has confirmed stands by its age, for approval, on the list and on Home; the approval, or the asker's
/// authorization, gives it the first place.
#[test]
fn an_unconfirmed_claim_of_disaster_recovery_stands_by_its_age() {
    let portal = quiet();
    let urgent: &[(&str, &str)] = &[("kind", "virtual_machines"), ("note", "All is down"), ("disaster_recovery", "1")];
    let mut olu = portal.sign_in(OLU);
    let first = ask(&mut olu, DELETE);
    portal.wait(Span(1));
    let claim = ask(&mut olu, urgent);
    let order = |path: &str| {
        let text = portal.sign_in(TESS).visit(path).text();
        text.find("Deletion of local").expect("the older") < text.find("stopping of virtual").expect("the claim")
    };
    assert!(order(LIST) && order("/"), "the older one first");
    portal.sign_in(TESS).visit("/").sees("asked for as disaster recovery");
    for task in [first, claim] {
        portal.sign_in(TESS).post(&at(task, "/approval"), &[]).status(303);
    }
    assert!(!order(LIST), "what was approved");
    assert_eq!(take(&connector(&portal)), Some(claim));
}

/// DEV-7, DEV-8: tasks and audits keep the name that the device had when they were asked for.
#[test]
fn tasks_and_audits_keep_the_devices_name_of_their_day() {
    let portal = quiet();
    let task = ask(&mut portal.sign_in(TESS), DELETE);
    let mut tess = portal.sign_in(TESS);
    tess.post(&format!("/devices/{}/audits", ALDERINE.device()), &[]).status(303);
    let audit = tess.location().to_owned();
    portal.execute("update device set name = 'renamed', name_key = 'renamed' where id = ?1", [ALDERINE.device()]);
    for path in [at(task, ""), LIST.to_owned(), audit] {
        portal.sign_in(TESS).visit(&path).sees("alderine-siris").does_not_see("renamed");
    }
    portal.sign_in(TESS).visit(&form(ALDERINE.device())).sees("renamed");
    assert_eq!(Script::of(&portal, ALDERINE).read(&format!("/api/v1/tasks/{task}"))["device"]["name"].as_str(), Some("alderine-siris"));
}
