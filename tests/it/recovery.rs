//! Recovery Launchpad (DEV-9), one test a sentence.

use portico::kernel::http::Method;
use serde_json::json;

use crate::support::estate::{ALDERINE, BIRCHINE};
use crate::support::people::*;
use crate::support::portal::Portal;
use crate::support::script::json as body_of;

fn page() -> String {
    format!("/devices/{}/recovery", ALDERINE.device())
}

/// The estate without tasks, with a good recovery point of each device.
fn quiet() -> Portal {
    let portal = Portal::estate();
    portal.execute("delete from device_task", []);
    portal.execute("delete from asset_backup where place = 1", []);
    portal.execute("update asset_backup set status = 'success', error = null", []);
    portal
}

/// The fields of a request for the one point there is.
fn fields(portal: &Portal, kind: &'static str) -> Vec<(&'static str, String)> {
    let at: i64 = portal.sql("select at from asset_backup limit 1", []);
    let volume = format!("{:032x}", ALDERINE.number);
    vec![("volume", volume), ("at", at.to_string()), ("kind", kind.to_owned()), ("note", "The folder Letters, to a share".to_owned())]
}

fn post(portal: &Portal, member: Member, fields: &[(&str, String)]) -> u16 {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    portal.sign_in(member).post(&format!("{}/new", page()), &fields).response.status
}

/// DEV-9: a user sees the recovery points of their organization's agents, asks for a restore, and it is queued at once; who asked, when, state and
/// result stand there.
#[test]
fn a_user_asks_for_a_restore_of_a_point() {
    let portal = quiet();
    let mut olu = portal.sign_in(OLU);
    olu.visit("/recovery").sees("alderine-siris").sees("No restore requests").open("Recovery points");
    olu.sees("Alderine server").sees("Backup good").open("Restore").sees("From the recovery point of Alderine server of");
    olu.press("Ask for restore").status(422).sees("Choose what to restore.").sees("Say which files");
    olu.fill("What to restore", "restore_files").fill("Note", "The folder Letters").press("Ask for restore").status(200);
    olu.sees("File restore of Alderine server is queued.").sees("Queued").sees("Recovery point").sees("The folder Letters");
    olu.visit(&page()).sees("File restore of Alderine server");
    let asked = "select state || ' ' || asked_by from device_task";
    assert!(portal.sql::<String>(asked, []).starts_with("queued Olu"), "no approval is needed");
    portal.sign_in(TESS).visit("/tasks").sees("File restore of Alderine server");
}

/// DEV-9, SUP-1: what starts a machine, or would stand before everybody else's, waits for approval where nobody confirmed who asks.
#[test]
fn a_machine_or_precedence_waits_where_nobody_confirmed_who_asks() {
    let portal = quiet();
    let state = || portal.sql::<String>("select state from device_task order by asked_at desc, id desc limit 1", []);
    let urgent = || fields(&portal, "restore_files").into_iter().chain([("disaster_recovery", "1".to_owned())]).collect::<Vec<_>>();
    for (member, wanted, expected) in [
        (OLU, fields(&portal, "restore_files"), "queued"),
        (OLU, fields(&portal, "restore_machine"), "waiting"),
        (OLU, urgent(), "waiting"),
        (TESS, fields(&portal, "restore_machine"), "queued"),
        (TESS, urgent(), "queued"),
    ] {
        portal.execute("delete from device_task", []);
        assert_eq!(post(&portal, member, &wanted), 303);
        assert_eq!(state(), expected, "{} {wanted:?}", member.name());
    }
}

/// DEV-9: a connector carries a restore out by the same way as a task, and knows the point.
#[test]
fn a_connector_carries_a_restore_out() {
    let portal = quiet();
    assert_eq!(post(&portal, TESS, &fields(&portal, "restore_machine")), 303);
    let script = crate::api::script(&portal, None);
    let taken = body_of(&script.send(Method::Post, "/api/v1/tasks/take", b""));
    let task = &taken["task"];
    assert_eq!((task["kind"].as_str(), task["title"].as_str()), (Some("restore_machine"), Some("Virtual machine of Alderine server")));
    let at: i64 = portal.sql("select at from asset_backup limit 1", []);
    assert_eq!(task["recoveryPoint"]["timestamp"].as_i64(), Some(at / 1_000));
    assert_eq!(task["recoveryPoint"]["volume"].as_str(), Some(format!("{:032x}", ALDERINE.number).as_str()));
    let url = format!("/api/v1/tasks/{}/result", task["id"]);
    let said = json!({"state": "done", "result": "It runs at 10.0.0.9"}).to_string();
    assert_eq!(script.send(Method::Post, &url, said.as_bytes()).status, 200);
    portal.sign_in(OLU).visit(&page()).sees("Virtual machine of Alderine server").sees("Done");
    assert!(portal.letter_to(TESS.email).contains("It runs at 10.0.0.9"));
}

/// DEV-9: a point that failed, that is not there, or is another device's cannot be restored from; a task's kind is no restore.
#[test]
fn only_a_good_point_of_the_device_is_restored_from() {
    let portal = quiet();
    let with = |name: &str, value: String| -> Vec<(&'static str, String)> {
        fields(&portal, "restore_files").into_iter().map(|(field, old)| (field, if field == name { value.clone() } else { old })).collect()
    };
    for wrong in [
        with("volume", format!("{:032x}", BIRCHINE.number)),
        with("volume", String::new()),
        with("at", "1".to_owned()),
        with("at", "soon".to_owned()),
    ] {
        assert_eq!(post(&portal, OLU, &wrong), 404, "{wrong:?}");
    }
    assert_eq!(post(&portal, OLU, &with("kind", "local_data".to_owned())), 422);
    portal.execute("update asset_backup set status = 'failure'", []);
    assert_eq!(post(&portal, OLU, &fields(&portal, "restore_files")), 404);
    portal.sign_in(OLU).visit(&page()).sees("Backup failed").is_not_offered("Restore");
    assert_eq!(portal.sql_count("device_task"), 0);
    portal.execute("update asset_backup set status = 'success'", []);
    assert_eq!(post(&portal, OLU, &fields(&portal, "restore_files")), 303);
}

/// USR-8, EMP-3: who has no Full access, is of another organization or has no BCDR finds nothing of it.
#[test]
fn the_launchpad_is_for_who_may_see_devices() {
    let portal = quiet();
    for member in [FINN, NOOR, NIA, BEA] {
        portal.sign_in(member).get(&page()).status(404);
        assert_eq!(post(&portal, member, &fields(&portal, "restore_files")), 404, "{}", member.name());
    }
    portal.execute("update employee set bcdr = 'none' where account = ?1", [TESS.account]);
    portal.sign_in(TESS).get(&page()).status(404);
    portal.execute("update employee set bcdr = 'full' where account = ?1", [TESS.account]);
    portal.sign_in(TESS).visit(&page()).sees("Alderine server");
    assert_eq!(post(&portal, TESS, &fields(&portal, "restore_files")), 303);
}

/// DEV-9: an old request that is still open stands before all that are over, however many those are; the rest is read by pages, and each leads to
/// its own page.
#[test]
fn open_requests_never_drop_out() {
    let portal = quiet();
    assert_eq!(post(&portal, OLU, &fields(&portal, "restore_machine")), 303);
    let open: i64 = portal.sql("select id from device_task", []);
    portal.wait(portico::kernel::time::Span::days(1));
    portal.execute(
        "with recursive number(n) as (select 1 union all select n + 1 from number where n < 50)
         insert into device_task (id, partner, organization, device, device_name, device_serial, kind, asset_name, asset_volume, point_at, note,
                                  search, disaster_recovery, state, asked_by, asked_at, ended_by, ended_at, result)
         select 700000000000000 + n, partner, organization, device, device_name, device_serial, 'restore_files', 'Asset ' || n || '.', 'x', 1, '',
                '', 0, 'done', 'Olu', asked_at + n, 'Tess', asked_at + n, 'x' from device_task, number",
        [],
    );
    for (member, path) in [(OLU, "/recovery".to_owned()), (OLU, page()), (TESS, "/recovery".to_owned()), (TESS, page())] {
        let mut visit = portal.sign_in(member);
        visit.visit(&path).sees("Waits for approval").sees("Asset 50.").does_not_see("Asset 1.").sees("51 requests");
        visit.open("Next").sees("Asset 1.").does_not_see("Asset 2.").does_not_see("Waits for approval");
    }
    portal.sign_in(OLU).visit("/recovery").open("Virtual machine of Alderine server").sees("Waits for approval");
    assert_eq!(portal.sql_count(&format!("device_task where id = {open} and state = 'waiting'")), 1);
}

/// DEV-9, END-2, USR-4: who may ask for an endpoint agent's files sees those restores beside the others; who may not, nothing of them.
#[test]
fn the_launchpad_shows_endpoint_agents_restores_to_who_may_ask_for_them() {
    let portal = quiet();
    let path: String = portal.sql("select path from file_restore where organization = ?1", [ALDER_ID]);
    portal.sign_in(OLU).visit("/recovery").does_not_see(&path).does_not_see("File restores");
    // Only one user of an organization may have it.
    portal.execute("update organization_user set endpoint_access = 'none' where organization = ?1", [ALDER_ID]);
    portal.execute("update organization_user set endpoint_access = 'file_restores' where account = ?1", [OLU.account]);
    portal.sign_in(OLU).visit("/recovery").sees(&path).sees("File restores");
    portal.sign_in(ADA).visit("/recovery").sees(&path);
    portal.execute("update employee set endpoint_backup = 'none' where account = ?1", [ADA.account]);
    portal.sign_in(ADA).visit("/recovery").does_not_see(&path);
}

/// END-2: every endpoint restore that waits is on the launchpad, however many those are, and beside them the newest twenty of the others.
#[test]
fn every_waiting_endpoint_restore_is_on_the_launchpad() {
    let portal = quiet();
    let add = |state: &str, from: i64, asked_at: i64| {
        portal.execute(
            "with recursive number(n) as (select 1 union all select n + 1 from number where n < 25)
             insert into file_restore (id, partner, organization, agent, dataset, recovery_point, path, note, state, asked_by, asked_at)
             select ?1 + n, partner, organization, agent, dataset, recovery_point, ?2 || ' number ' || n || '.', '', ?2, 'Olu', ?3 + n
               from (select * from file_restore where organization = ?4 order by id limit 1), number",
            (from, state, asked_at, ALDER_ID),
        );
    };
    add("requested", 810_000_000_000_000, 1_000);
    add("done", 820_000_000_000_000, portal.now().0 - 1_000);
    let mut ada = portal.sign_in(ADA);
    ada.visit("/recovery");
    for number in 1..=25 {
        ada.sees(&format!("requested number {number}."));
    }
    ada.sees("done number 25.").sees("done number 6.").does_not_see("done number 5.");
}

/// DEV-8, DEV-9: an employee who opens the users' ways to the launchpad or to audits is led to the devices.
#[test]
fn employees_are_led_to_the_devices() {
    let portal = quiet();
    for path in ["/recovery", "/audits"] {
        portal.sign_in(TESS).visit(path).sees("Choose a device").open("Device Status").sees("alderine-siris");
        portal.execute("update employee set bcdr = 'none' where account = ?1", [TESS.account]);
        portal.sign_in(TESS).get(path).status(404);
        portal.execute("update employee set bcdr = 'full' where account = ?1", [TESS.account]);
    }
}
