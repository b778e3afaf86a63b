//! What scripts read and change under `/v1`, one test a sentence.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use portico::access::model::Access;
use portico::access::witness_model::{Manager, Operator};
use portico::accounts::model::Invitation;
use portico::app::routes;
use portico::imports::actions as imports;
use portico::imports::actions::total;
use portico::imports::model::File;
use portico::kernel::db::Read as _;
use portico::kernel::http::{Method, is_for_scripts};
use portico::kernel::ids::PartnerId;
use portico::kernel::text;
use portico::kernel::time::Span;
use portico::keys::actions::{Ordered, create_by_operator};
use portico::seats::changes_model::{Action, Refusal, after};
use portico::seats::model::{SeatState, SeatType};
use serde_json::{Value, json};

use crate::support::estate::{ALDERINE, BIRCHINE, CEDARINE, TENANTS};
use crate::support::golden;
use crate::support::people::*;
use crate::support::portal::Portal;
use crate::support::saas::account;
use crate::support::script::{Script, refusal};

/// With a key of Harbor MSP's primary account, for all of it or one organization.
#[track_caller]
pub fn script(portal: &Portal, organization: Option<&str>) -> Script {
    let operator = Operator::of_this_machine();
    let ordered = Ordered { name: "Nightly", organization, public_id: None, days: 90 };
    let made = portal.write(|tx| create_by_operator(tx, &operator, &ordered));
    Script { portal: portal.clone(), public: made.public, secret: made.secret }
}

/// What one MSP's script saved.
fn harbor_msp() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/harbor-msp");
    let files = std::fs::read_dir(folder).expect("the fixture").map(|entry| entry.expect("a file").path());
    let wanted = |name: &str| ["domains", "seats-", "applications-"].iter().any(|begin| name.starts_with(begin));
    let mut files: Vec<(String, Vec<u8>)> = files
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), path))
        .filter(|(name, _)| wanted(name))
        .map(|(name, path)| (name, std::fs::read(path).expect("a file")))
        .collect();
    files.sort();
    files
}

/// Takes files in; how many rows were new, changed and unchanged.
#[track_caller]
pub fn bring_in(portal: &Portal, files: &[(String, Vec<u8>)]) -> (i64, i64, i64) {
    let by = Manager::operator(&Operator::of_this_machine(), PartnerId(1));
    let files: Vec<File<'_>> = files.iter().map(|(name, bytes)| File { name, bytes }).collect();
    let import = imports::stage(portal.db(), &by, &files, &mut |_, _| {}).expect("staged");
    assert_eq!(portal.sql_count(&format!("import_problem where import = {} and level = 'refused'", import.0)), 0, "nothing is refused");
    imports::index_ahead(portal.db(), &by, import).expect("indexed");
    let counts = total(&portal.db().write(|tx| imports::carry_out(tx, &by, import, Invitation::Later)).expect("carried out"));
    (counts.new, counts.changed, counts.unchanged)
}

/// Everything a script saves of a portal, as files that an import takes.
#[track_caller]
pub fn saved(script: &Script) -> Vec<(String, Vec<u8>)> {
    let domains = script.read("/v1/saas/domains");
    let mut files = vec![("domains.json".to_owned(), domains.to_string().into_bytes())];
    for domain in domains.as_array().expect("a bare array") {
        let id = &domain["saasCustomerId"];
        files.push((format!("seats-{id}.json"), script.get(&format!("/v1/saas/{id}/seats")).body));
        files.push((
            format!("applications-{id}.json"),
            script.get(&format!("/v1/saas/{id}/applications?daysUntil=30&includeRemoteID=1")).body,
        ));
    }
    files
}

/// What is known of accounts, seats and days, without the ids that each portal makes itself.
pub fn known(portal: &Portal) -> String {
    let connection = portal.connection();
    let mut out = String::new();
    for sql in [
        "select a.vendor_id, a.name, a.domain, a.product, a.external_subscription_id, a.retention, a.authorized, a.seats_used, a.stats_active,
                a.stats_recent, a.stats_percentage, a.as_of, a.used_bytes, a.active_services, a.backed_services, a.perfect_services,
                a.last_fully_protected, a.strip, a.health, a.seats_active, a.seats_kept, a.seats_unprotected, a.seats_billable, o.name
           from saas_account a left join organization o on o.id = a.organization order by a.vendor_id",
        "select a.vendor_id, t.main_id, t.name, t.seat_type, t.state, t.billable, t.date_added, t.remote_id
           from seat t join saas_account a on a.id = t.saas_account order by 1, 4, 2",
        "select a.vendor_id, d.application, d.day, d.window_start, d.window_end, d.total_services, d.active_services, d.backed_services,
                d.perfect_services, d.status from backup_day d join saas_account a on a.id = d.saas_account order by 1, 2, 3",
        "select a.vendor_id, p.application, p.used_bytes, p.uningested_services, p.last_fully_protected
           from saas_application p join saas_account a on a.id = p.saas_account order by 1, 2",
    ] {
        let mut statement = connection.prepare(sql).expect("a statement");
        let width = statement.column_count();
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            for column in 0..width {
                write!(out, "{:?}|", row.get_ref(column).expect("a value")).expect("text");
            }
            out.push('\n');
        }
    }
    out
}

/// API-2: "what is served can be imported with nothing lost", for both products, unlinked accounts, all seat types and all history.
#[test]
fn what_is_served_comes_into_an_empty_portal_with_nothing_lost() {
    let portal = Portal::firm();
    bring_in(&portal, &harbor_msp());
    // What the fixture has none of: an account without a report, a bucket, strange names, a fraction of a second, a seat without the vendor's id.
    account(&portal, 99, "Quiet").with_days(&[]).with_seats(&[(SeatType::User, SeatState::Archived, 1)]).linked(&portal, ALDER_ID);
    let name = "\"Zoë\" & Søn 株 \\ </script>";
    portal.execute("update saas_account set name = ?1, name_key = ?2 where vendor_id = 99", (name, text::key(name)));
    portal.execute("update saas_application set last_fully_protected = 'OVER_10_DAYS_AGO' where application = 'GoogleAppsGmail'", []);
    portal.execute("update seat set date_added = date_added + 123 where seat_type = 'Team'", []);
    portal.execute("update seat set remote_id = null where seat_type = 'Site'", []);
    portal.execute("update seat set date_added = null where seat_type = 'SharedDrive'", []);
    portal.execute("update saas_account set stats_active = 0, stats_recent = 0, stats_percentage = 0 where vendor_id = 99", []);
    let first = saved(&script(&portal, None));
    let empty = Portal::firm();
    bring_in(&empty, &first);
    let second = saved(&script(&empty, None));
    assert_eq!(second.len(), first.len());
    for ((name, one), (_, other)) in first.iter().zip(&second) {
        assert!(one == other, "{name} is another one: {}", String::from_utf8_lossy(other));
    }
    // What is summed up follows from what was changed behind the portal's back.
    portal.write(|tx| {
        for id in tx.all("select vendor_id from saas_account", [], |row| row.get(0))? {
            let account = portico::saas::store::by_vendor_id(tx, PartnerId(1), id)?.expect("there");
            portico::saas::store::refresh_summary(tx, account)?;
        }
        Ok(())
    });
    let (here, there) = (known(&portal), known(&empty));
    let differs = here.lines().zip(there.lines()).find(|(one, other)| one != other);
    assert_eq!((differs, here.lines().count()), (None, there.lines().count()));
    // And where it came from, it changes nothing.
    let (new, changed, unchanged) = bring_in(&empty, &first);
    assert_eq!((new, changed), (0, 0));
    assert!(unchanged > 1_000, "{unchanged}");
    let kinds: BTreeSet<String> = first
        .iter()
        .filter(|(name, _)| name.starts_with("seats-"))
        .flat_map(|(_, body)| serde_json::from_slice::<Vec<Value>>(body).expect("seats"))
        .map(|seat| seat["seatType"].as_str().expect("a word").to_owned())
        .collect();
    assert_eq!(kinds.len(), SeatType::ALL.len(), "{kinds:?}");
}

/// API-2: what one script saved at the vendor, Portico serves as it was.
#[test]
fn what_a_script_saved_at_the_vendor_is_served_as_it_was() {
    let portal = Portal::firm();
    let files = harbor_msp();
    bring_in(&portal, &files);
    let script = script(&portal, None);
    let sorted = |value: &Value, field: &str| {
        let mut list = value.as_array().expect("a list").clone();
        list.sort_by_key(|one| one[field].to_string());
        list
    };
    for (name, body) in &files {
        let kept: Value = serde_json::from_slice(body).expect("JSON");
        let id = name.trim_end_matches(".json").rsplit('-').next().expect("an id");
        if name == "domains.json" {
            assert_eq!(sorted(&script.read("/v1/saas/domains"), "saasCustomerId"), sorted(&kept, "saasCustomerId"));
        } else if name.starts_with("seats-") {
            assert_eq!(sorted(&script.read(&format!("/v1/saas/{id}/seats")), "mainId"), sorted(&kept, "mainId"), "{name}");
        } else {
            let served = script.read(&format!("/v1/saas/{id}/applications?daysUntil=30"));
            assert_eq!(served["pagination"], json!({"page": 1, "perPage": 100, "totalPages": 1, "count": 1}));
            let (mut served, mut kept) = (served["items"][0].clone(), kept["items"][0].clone());
            // Portico was not asked for these, and the file's are empty.
            kept.as_object_mut().expect("an object").remove("remoteIds");
            for report in [&mut served, &mut kept] {
                for suite in report["suites"].as_array_mut().expect("suites") {
                    suite["appTypes"].as_array_mut().expect("applications").sort_by_key(|one| one["appType"].to_string());
                }
            }
            assert_eq!(served, kept, "{name}");
        }
    }
}

/// Two accounts, one of each product, with something of everything.
fn small() -> Portal {
    let portal = Portal::firm();
    let all = |types: &[SeatType]| -> Vec<(SeatType, SeatState, usize)> {
        types.iter().flat_map(|kind| SeatState::ALL.iter().map(move |state| (*kind, *state, 1))).collect()
    };
    let microsoft = all(&[SeatType::User, SeatType::SharedMailbox, SeatType::Site, SeatType::TeamSite, SeatType::Team]);
    account(&portal, 53_124, "Example Ltd").with_days(&[(89, 71, 70), (89, 0, 0)]).with_seats(&microsoft).linked(&portal, ALDER_ID);
    let mut google = account(&portal, 53_125, "Sample GmbH").with_days(&[]).with_seats(&all(&[SeatType::User, SeatType::SharedDrive]));
    google.product = portico::saas::model::Product::GoogleWorkspace;
    google.put(&portal);
    portal.execute("update organization set vendor_id = 12345 where id = ?1", [ALDER_ID]);
    portal.execute("update seat set remote_id = 'r-' || main_id", []);
    portal
}

/// API-2: the bodies to the letter: names, types, order and envelopes.
#[test]
fn the_bodies_are_the_vendors() {
    let portal = small();
    let script = script(&portal, None);
    let mut text = String::new();
    let change = json!({"seat_type": "User", "action_type": "License", "ids": ["r-user-paused-000@exampleltd.example", "r-nobody", "r-user-archived-000@exampleltd.example"]});
    for url in [
        "/v1/saas/domains",
        "/v1/saas/53124/seats",
        "/v1/saas/53125/seats?seatType=SharedDrive",
        "/v1/saas/53124/applications?includeRemoteID=1",
        "/v1/saas/53124/applications?daysUntil=1",
        "/v1/saas/53124/applications?_page=2&_perPage=25",
        "/v1/saas/53125/applications",
        "/v1/saas/53124/seats?seatType=Mailbox",
        "/v1/saas/53126/seats",
        "/v1/nothing",
    ] {
        let answer = script.get(url);
        writeln!(text, "GET {url}\n{}\n{}\n", answer.status, String::from_utf8_lossy(&answer.body)).expect("text");
    }
    let url = "/v1/saas/53124/Classic%3AOffice365%3A53124/bulkSeatChange";
    let answer = script.send(Method::Put, url, change.to_string().as_bytes());
    writeln!(text, "PUT {url}\n{change}\n{}\n{}", answer.status, String::from_utf8_lossy(&answer.body)).expect("text");
    golden::matches("api.txt", &text);
}

/// api.md: "no success body has a top-level `code`"; every answer is JSON, sets no cookie and may not be kept.
#[test]
fn no_success_has_a_code_and_every_refusal_has_one() {
    let portal = small();
    let script = script(&portal, None);
    for url in ["/v1/saas/domains", "/v1/saas/53124/seats", "/v1/saas/53124/applications"] {
        let answer = script.get(url);
        let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
        assert!(answer.status == 200 && body.get("code").is_none(), "{url}");
        assert_eq!((answer.header("set-cookie"), answer.header("cache-control")), (None, Some("no-store")));
        let head = script.send(Method::Head, url, b"");
        assert_eq!((head.status, head.header("content-type")), (200, Some("application/json")), "{url}");
    }
    for (url, expected) in [
        ("/v1", (404, "not_found")),
        ("/v1/", (404, "not_found")),
        ("/v1/saas", (404, "not_found")),
        ("/v1/saas/domains/", (404, "not_found")),
        ("/v1/saas/DOMAINS", (404, "not_found")),
        ("/v1/saas/0/seats", (404, "not_found")),
        ("/v1/saas/-1/seats", (404, "not_found")),
        ("/v1/saas/99999999999999999999/seats", (404, "not_found")),
        ("/v1/saas/053124/seats", (404, "not_found")),
        ("/v1/saas/53124/seats?seatType=user", (400, "bad_request")),
        ("/v1/saas/53124/seats?seatType=User,Mailbox", (400, "bad_request")),
        ("/v1/saas/53124/applications?daysUntil=0", (400, "bad_request")),
        ("/v1/saas/53124/applications?daysUntil=31", (400, "bad_request")),
        ("/v1/saas/53124/applications?daysUntil=ten", (400, "bad_request")),
        ("/v1/saas/53124/applications?includeRemoteID=yes", (400, "bad_request")),
        ("/v1/saas/53124/applications?_page=0", (400, "bad_request")),
        ("/v1/saas/53124/applications?page=-1", (400, "bad_request")),
        ("/v1/saas/53124/applications?perPage=1e3", (400, "bad_request")),
        ("/v1/saas/53124/applications?_perPage=", (400, "bad_request")),
    ] {
        let (status, code) = refusal(&script.get(url));
        assert_eq!((status, code.as_str()), expected, "{url}");
    }
    // An unknown address is not found without a key, too, and with any method.
    for method in [Method::Get, Method::Post, Method::Put, Method::Delete] {
        let answer = portal.guest().send(method, "/v1/nothing", &[], Vec::new()).response.clone();
        assert_eq!(refusal(&answer), (404, "not_found".to_owned()));
    }
    assert_eq!(refusal(&portal.guest().send(Method::Post, "/v1/saas/domains", &[], Vec::new()).response).0, 404);
}

/// api.md, paging: both spellings, and no more than 250 on a page.
#[test]
fn pages_are_asked_for_in_both_spellings() {
    let portal = small();
    let script = script(&portal, None);
    for (query, page, per_page, items) in [
        ("", 1, 100, 1),
        ("?_page=1&_perPage=250", 1, 250, 1),
        ("?page=2&perPage=1", 2, 1, 0),
        ("?_perPage=251", 1, 250, 1),
        ("?_page=1&page=2", 1, 100, 1),
        ("?daysUntil=30&_page=1000000", 1_000_000, 100, 0),
    ] {
        let body = script.read(&format!("/v1/saas/53124/applications{query}"));
        assert_eq!(body["pagination"], json!({"page": page, "perPage": per_page, "totalPages": 1, "count": 1}), "{query}");
        assert_eq!(body["items"].as_array().expect("a list").len(), items, "{query}");
    }
}

/// api.md: a page, and how much is on it, is a whole number from 1 on; the refusal names no bound that nobody meant.
#[test]
fn a_page_that_is_none_is_refused_in_a_sentence() {
    let portal = small();
    let script = script(&portal, None);
    for (query, said) in [
        ("_perPage=0", "_perPage is a whole number, 1 or more."),
        ("perPage=-1", "perPage is a whole number, 1 or more."),
        ("_perPage=9999999999999999999", "_perPage is a whole number, 1 or more."),
        ("_page=0", "_page is a whole number from 1 to 1000000."),
        ("daysUntil=31", "daysUntil is a whole number from 1 to 30."),
    ] {
        let answer = script.get(&format!("/v1/saas/53124/applications?{query}"));
        assert_eq!((answer.status, crate::support::script::json(&answer)["message"].as_str()), (400, Some(said)), "{query}");
    }
    assert_eq!(script.read("/v1/saas/53124/applications?_perPage=999999999999999999")["pagination"]["perPage"], 250);
}

/// SEA-6: a seat of another account of the same partner is refused as one that nobody has, and both stay as they are.
#[test]
fn a_seat_of_another_account_is_a_missing_seat() {
    let portal = small();
    let script = script(&portal, None);
    let (own, other) = ("r-user-active-000@exampleltd.example", "r-user-active-000@samplegmbh.example");
    assert_eq!(state(&portal, other), "Active");
    let said = change(&script, "User", "Pause", &[other, "r-nobody", own]);
    assert_eq!(said, ["There is no such seat in this account.", "There is no such seat in this account.", "success"]);
    assert_eq!((state(&portal, other).as_str(), state(&portal, own).as_str()), ("Active", "Paused"));
}

/// api.md: "Accounts pending authorization are left out."
#[test]
fn what_is_pending_is_left_out() {
    let portal = small();
    let pending = crate::support::saas::account(&portal, 777, "Pending").put(&portal);
    portal.execute("update saas_account set authorized = 0, vendor_id = null where id = ?1", [pending]);
    let script = script(&portal, None);
    assert_eq!(script.read("/v1/saas/domains").as_array().expect("a list").len(), 2);
    portal.execute("update saas_account set authorized = 0 where vendor_id = 53125", []);
    assert_eq!(script.read("/v1/saas/domains").as_array().expect("a list").len(), 1);
    assert_eq!(script.get("/v1/saas/53125/seats").body, script.get("/v1/saas/53129/seats").body);
}

/// api.md: `organizationId` is the vendor's id if there is one, else the digits of the organization's ID; null while unlinked.
#[test]
fn an_organization_is_named_by_the_vendors_id_or_by_its_own() {
    let portal = small();
    let script = script(&portal, None);
    let domains = script.read("/v1/saas/domains");
    assert_eq!((&domains[0]["organizationId"], &domains[0]["organizationName"]), (&json!(12_345), &json!(ALDER)));
    assert_eq!((&domains[1]["organizationId"], &domains[1]["organizationName"]), (&Value::Null, &Value::Null));
    portal.execute("update organization set vendor_id = null", []);
    assert_eq!(script.read("/v1/saas/domains")[0]["organizationId"], json!(ALDER_ID));
}

fn bulk(id: i64) -> String {
    format!("/v1/saas/{id}/Classic:Office365:{id}/bulkSeatChange")
}

/// The status of each id.
#[track_caller]
fn change(script: &Script, seat_type: &str, action: &str, ids: &[&str]) -> Vec<String> {
    let body = script.put(&bulk(53_124), &json!({"seat_type": seat_type, "action_type": action, "ids": ids}));
    body.as_array().expect("a bare array").iter().map(|one| one["status"].as_str().expect("text").to_owned()).collect()
}

fn state(portal: &Portal, remote_id: &str) -> String {
    portal.sql("select state from seat where remote_id = ?1", [remote_id])
}

/// SEA-2: every row, allowed and refused, over the API and in the rule itself.
#[test]
fn a_seat_goes_only_where_the_table_says() {
    use Action::{DeleteBackups, License, Pause, Unlicense};
    use SeatState::{Active, Archived, Paused, Unprotected};
    for from in SeatState::ALL {
        for action in Action::ALL {
            let expected = match (from, action) {
                (Active, Pause) => Some(Paused),
                (Active | Paused, Unlicense) => Some(Unprotected),
                (Paused | Unprotected, License) => Some(Active),
                (Archived, DeleteBackups) => Some(Unprotected),
                _ => None,
            };
            assert_eq!(after(*from, *action).ok(), expected, "{from:?} {action:?}");
            if *action == DeleteBackups {
                continue;
            }
            let portal = small();
            portal.execute("update subscription set seats = null", []);
            let script = script(&portal, None);
            for seat_type in ["User", "SharedMailbox", "Site", "TeamSite", "Team"] {
                let id = format!("r-{seat_type}-{}-000@exampleltd.example", from.word()).to_lowercase();
                let answer = change(&script, seat_type, action.word(), &[&id]);
                assert_eq!(answer[0] == "success", expected.is_some(), "{from:?} {action:?}: {answer:?}");
                assert_eq!(state(&portal, &id), expected.unwrap_or(*from).word(), "{from:?} {action:?}");
            }
        }
    }
    assert_eq!(after(Active, License), Err(Refusal::Already(Active)));
}

/// SEA-2, api.md: one result an id, in order; a refused one has its reason, and the others still happen; one event.
#[test]
fn a_refused_seat_has_its_reason_and_the_others_are_changed() {
    let portal = small();
    let script = script(&portal, None);
    let ids = [
        "r-user-active-000@exampleltd.example",
        "r-nobody",
        "r-user-archived-000@exampleltd.example",
        "r-user-paused-000@exampleltd.example",
        "r-site-active-000@exampleltd.example",
        "r-user-active-000@exampleltd.example",
    ];
    let body = script.put(&bulk(53_124), &json!({"seat_type": "User", "action_type": "Pause", "ids": ids}));
    let said: Vec<&str> = body.as_array().expect("a list").iter().map(|one| one["status"].as_str().expect("text")).collect();
    assert_eq!(
        said,
        [
            "success",
            "There is no such seat in this account.",
            "The seat is Archived; only its backups can be deleted.",
            "The seat is Paused already.",
            "There is no such seat in this account.",
            "The seat is Paused already.",
        ]
    );
    for (place, one) in body.as_array().expect("a list").iter().enumerate() {
        assert_eq!(
            (&one["id"], &one["action"], &one["appType"], &one["customerId"]),
            (&json!(place + 1), &json!("Pause"), &json!("Office365"), &json!(53_124))
        );
    }
    assert_eq!(portal.last_activity(), "paused 1 seat of Example Ltd");
    let (actor, roles, changes): (String, String, String) = portal
        .connection()
        .query_row("select actor, actor_roles, changes from activity order by seq desc limit 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .expect("an event");
    assert_eq!((actor.as_str(), roles.as_str()), ("Ada Lane (ada@harbor.example)", "Primary account, by API key Nightly"));
    assert_eq!(changes, r#"[["Seat","user-active-000@exampleltd.example: Active","Paused"]]"#);
    // What lists keep follows.
    let kept: (i64, i64) = portal
        .connection()
        .query_row("select seats_active, seats_kept from saas_account where vendor_id = 53124", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("an account");
    assert_eq!(kept, (4, 11));
    // Nothing but refusals is no event.
    let before = portal.sql_count("activity");
    change(&script, "User", "Pause", &["r-nobody"]);
    assert_eq!(portal.sql_count("activity"), before);
}

/// SEA-3: thirty days; protecting again in time keeps the data.
#[test]
fn unprotecting_starts_thirty_days() {
    let portal = small();
    let script = script(&portal, None);
    let id = "r-user-active-000@exampleltd.example";
    assert_eq!(change(&script, "User", "Unlicense", &[id]), ["success"]);
    let until = || portal.sql::<Option<i64>>("select data_until from seat where remote_id = ?1", [id]);
    assert_eq!(until(), Some((portal.now() + Span::days(30)).0));
    assert_eq!(change(&script, "User", "License", &[id]), ["success"]);
    assert_eq!(until(), None);
    // What the vendor bills follows.
    assert_eq!(portal.sql::<i64>("select billable from seat where remote_id = ?1", [id]), 1);
}

/// "A state set here stays until an import shows that the vendor has it, or 7 days pass".
#[test]
fn what_a_script_set_stays_for_seven_days_whatever_an_import_says() {
    let portal = small();
    let script = script(&portal, None);
    let id = "r-user-active-000@exampleltd.example";
    let before = script.get("/v1/saas/53124/seats").body;
    assert_eq!(change(&script, "User", "Pause", &[id]), ["success"]);
    let file = [("seats-53124.json".to_owned(), before)];
    portal.wait(Span(Span::days(7).0 - 1));
    bring_in(&portal, &file);
    assert_eq!(state(&portal, id), "Paused");
    portal.wait(Span(1));
    bring_in(&portal, &file);
    assert_eq!(state(&portal, id), "Active");
}

/// SUB-2: protecting a seat is refused while the organization is suspended or unsubscribed, with that reason; the rest is not.
#[test]
fn nothing_is_protected_while_the_organization_has_stopped() {
    for word in ["suspended", "unsubscribed"] {
        let portal = small();
        let script = script(&portal, None);
        portal.execute("update subscription set state = ?2 where organization = ?1", (ALDER_ID, word));
        let (paused, unprotected) = ("r-user-paused-000@exampleltd.example", "r-user-unprotected-000@exampleltd.example");
        let reason = format!("The organization is {word}, so its backups have stopped and no seat can be protected.");
        assert_eq!(change(&script, "User", "License", &[paused, unprotected]), [reason.as_str(), &reason]);
        assert_eq!(change(&script, "User", "Unlicense", &[paused]), ["success"]);
        portal.execute("update subscription set state = 'active'", []);
        assert_eq!(change(&script, "User", "License", &[paused]), ["success"]);
    }
}

/// SUB-7: with Auto License off, protecting more than the seats bought is refused; the seats of all accounts count (SEA-4).
#[test]
fn no_more_is_protected_than_was_bought() {
    let portal = small();
    let script = script(&portal, None);
    // Three users and the sites together are billed.
    let (paused, unprotected) = ("r-user-paused-000@exampleltd.example", "r-user-unprotected-000@exampleltd.example");
    let bought = |seats: i64, auto: i64| {
        portal.execute("update subscription set seats = ?2, auto_license = ?3 where organization = ?1", (ALDER_ID, seats, auto));
    };
    bought(4, 0);
    assert_eq!(change(&script, "User", "License", &[paused]), ["success"], "a paused seat is billed already");
    assert_eq!(
        change(&script, "User", "License", &[unprotected]),
        [
            "4 seats are bought with Auto License off, and with this 5 would be used. Buy 1 more first: Change plan, under Subscriptions on the organization's page."
        ]
    );
    assert_eq!(change(&script, "SharedMailbox", "License", &["r-sharedmailbox-unprotected-000@exampleltd.example"]), ["success"]);
    bought(4, 1);
    assert_eq!(change(&script, "User", "License", &[unprotected]), ["success"]);
    assert_eq!(change(&script, "User", "Unlicense", &[unprotected]), ["success"]);
    bought(5, 0);
    assert_eq!(change(&script, "User", "License", &[unprotected]), ["success"]);
    // Another account of the organization takes the room.
    assert_eq!(change(&script, "User", "Unlicense", &[unprotected]), ["success"]);
    account(&portal, 7, "Another").with_seats(&[(SeatType::User, SeatState::Active, 1)]).linked(&portal, ALDER_ID);
    assert_eq!(
        change(&script, "User", "License", &[unprotected]),
        [
            "5 seats are bought with Auto License off, and with this 6 would be used. Buy 1 more first: Change plan, under Subscriptions on the organization's page."
        ]
    );
    // In one call, only as many as there is room for.
    bought(6, 0);
    portal.execute("update seat set state = 'Unprotected' where remote_id = ?1", [paused]);
    portal.write(|tx| {
        let account = portico::saas::store::by_vendor_id(tx, PartnerId(1), 53_124)?.expect("there");
        portico::saas::store::refresh_summary(tx, account).map(drop)
    });
    let said = change(&script, "User", "License", &[unprotected, paused]);
    assert_eq!((said[0].as_str(), said[1].as_str()), ("success", "success"));
    bought(5, 0);
    change(&script, "User", "Unlicense", &[unprotected, paused]);
    let said = change(&script, "User", "License", &[unprotected, paused]);
    assert_eq!((said[0].as_str(), said[1].starts_with("5 seats are bought")), ("success", true));
}

/// SEA-6: a hundred ids a call, not one more, and not none.
#[test]
fn a_hundred_ids_go_through_and_one_more_does_not() {
    let portal = Portal::firm();
    let many = account(&portal, 53_124, "Example Ltd").with_seats(&[(SeatType::User, SeatState::Active, 120)]);
    many.put(&portal);
    portal.execute("update seat set remote_id = main_id", []);
    let script = script(&portal, None);
    let ids: Vec<String> = many.reported_seats().into_iter().map(|seat| seat.main_id).collect();
    let ask = |count: usize| {
        let body = json!({"seat_type": "User", "action_type": "Pause", "ids": ids[..count]});
        script.send(Method::Put, &bulk(53_124), body.to_string().as_bytes())
    };
    assert_eq!(refusal(&ask(101)), (400, "bad_request".to_owned()));
    assert_eq!(refusal(&ask(0)), (400, "bad_request".to_owned()));
    assert_eq!(portal.sql_count("seat where state = 'Paused'"), 0);
    assert_eq!(ask(100).status, 200);
    assert_eq!(portal.sql_count("seat where state = 'Paused'"), 100);
    assert_eq!(portal.last_activity(), "paused 100 seats of Example Ltd");
}

/// Whatever is sent instead of the JSON that belongs there, the answer is 400 in a sentence, and nothing is changed.
#[test]
fn what_is_no_such_json_is_refused_in_a_sentence() {
    let portal = small();
    let script = script(&portal, None);
    let id = "r-user-active-000@exampleltd.example";
    let good = format!(r#"{{"seat_type":"User","action_type":"Pause","ids":["{id}"]}}"#);
    let hostile: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"null".to_vec(),
        b"[]".to_vec(),
        format!(r#"["User","Pause",["{id}"]]"#).into_bytes(),
        format!("\u{feff}{good}").into_bytes(),
        b"{}".to_vec(),
        b"\"User\"".to_vec(),
        good.as_bytes()[..good.len() - 1].to_vec(),
        format!("{good}{good}").into_bytes(),
        vec![b'['; 200_000],
        format!("{{\"seat_type\":{}", "[".repeat(100_000)).into_bytes(),
        good.replace("\"Pause\"", "1").into_bytes(),
        good.replace("\"Pause\"", "1e999999").into_bytes(),
        good.replace("\"Pause\"", "99999999999999999999999999999999").into_bytes(),
        good.replace("\"Pause\"", "null").into_bytes(),
        good.replace("\"Pause\"", "\"pause\"").into_bytes(),
        good.replace("\"Pause\"", "\"DeleteBackups\"").into_bytes(),
        good.replace("\"User\"", "\"user\"").into_bytes(),
        good.replace("\"User\"", "\"User\\u0000\"").into_bytes(),
        good.replace("[\"", "\"").replace("\"]", "\"").into_bytes(),
        good.replace("[\"", "[1,\"").into_bytes(),
        good.replace("[\"", "[{\"a\":\"").replace("\"]", "\"}]").into_bytes(),
        good.replace("{\"seat", "{\"seat_type\":\"Site\",\"seat").into_bytes(),
        good.replace("{\"seat", "{\"ids\":[],\"seat").into_bytes(),
        good.replace("{\"seat", "{\"dry_run\":true,\"seat").into_bytes(),
        good.replace("seat_type", "seatType").into_bytes(),
        good.replace("User", "User\u{0}").into_bytes(),
        [good.as_bytes(), b"\xff"].concat(),
        good.replace("Pause", "\u{fffd}").into_bytes().into_iter().filter(|byte| *byte != 0xbf).collect(),
        b"seat_type=User&action_type=Pause&ids=1".to_vec(),
    ];
    for body in &hostile {
        let answer = script.send(Method::Put, &bulk(53_124), body);
        let shown = String::from_utf8_lossy(&body[..body.len().min(90)]).into_owned();
        assert_eq!(refusal(&answer), (400, "bad_request".to_owned()), "{shown}");
        assert!(answer.body.len() < 500, "{shown}");
    }
    assert_eq!(state(&portal, id), "Active");
    // Strange ids are no seats; they say so, each for itself.
    let strange = ["", "\u{0}", "'; drop table seat; --", "%", &"x".repeat(100_000)];
    assert!(change(&script, "User", "Pause", &strange).iter().all(|said| said.starts_with("There is no such seat")));
    assert_eq!(script.send(Method::Put, &bulk(53_124), good.as_bytes()).status, 200);
    assert_eq!(state(&portal, id), "Paused");
}

/// api.md: "Path segments may come percent-encoded or not"; a wrong subscription is not found.
#[test]
fn the_subscription_of_the_path_must_be_the_accounts() {
    let portal = small();
    let script = script(&portal, None);
    let good = json!({"seat_type": "User", "action_type": "Pause", "ids": ["r-nobody"]}).to_string();
    for (segment, status) in [
        ("Classic:Office365:53124", 200),
        ("Classic%3AOffice365%3A53124", 200),
        ("Classic%3aOffice365:53124", 200),
        ("%43lassic:Office365:53124", 200),
        ("classic:office365:53124", 404),
        ("Classic:Office365:53125", 404),
        ("Classic", 404),
        ("%", 404),
        ("%FF", 404),
        ("%00", 404),
    ] {
        let answer = script.send(Method::Put, &format!("/v1/saas/53124/{segment}/bulkSeatChange"), good.as_bytes());
        assert_eq!(answer.status, status, "{segment}");
    }
    portal.execute("update saas_account set external_subscription_id = null", []);
    assert_eq!(script.send(Method::Put, &bulk(53_124), good.as_bytes()).status, 404);
}

/// ALL-1: what is another tenant's is not found, byte for byte as what does not exist, and nothing of it is ever said.
#[test]
fn another_tenants_ids_are_missing_ids() {
    let portal = Portal::estate();
    portal.execute("update saas_account set external_subscription_id = 'Classic:Office365:' || vendor_id", []);
    portal.execute("update seat set remote_id = 'r-' || id", []);
    let id_of = |account: i64| portal.sql::<i64>("select vendor_id from saas_account where id = ?1", [account]);
    let good = json!({"seat_type": "User", "action_type": "Pause", "ids": ["r-1"]}).to_string();
    for mine in TENANTS {
        let script = Script::of(&portal, mine);
        let paths = |id: i64| [format!("/v1/saas/{id}/seats"), format!("/v1/saas/{id}/applications?includeRemoteID=1"), bulk(id)];
        let ask = |path: &str| {
            let method = if path.ends_with("Change") { Method::Put } else { Method::Get };
            let answer = script.send(method, path, good.as_bytes());
            (answer.status, format!("{:?}", answer.headers), answer.body)
        };
        let missing = ask("/v1/saas/77777/seats");
        assert_eq!(missing.0, 404);
        for other in TENANTS.iter().filter(|other| **other != mine) {
            for id in [id_of(other.linked()), id_of(other.unlinked()), id_of(mine.unlinked())] {
                for path in paths(id) {
                    assert_eq!(ask(&path), missing, "{path} for {}", mine.word);
                }
            }
            let everything = [script.get("/v1/saas/domains").body, script.get(&paths(id_of(mine.linked()))[0]).body].concat();
            assert!(!String::from_utf8_lossy(&everything).contains(other.word), "{} is told of {}", mine.word, other.word);
        }
        for path in paths(id_of(mine.linked())) {
            assert_eq!(ask(&path).0, 200, "{path} for {}", mine.word);
        }
        // Another tenant's seat is no seat.
        let theirs = if mine == ALDERINE { BIRCHINE } else { ALDERINE };
        let body = json!({"seat_type": "User", "action_type": "Pause", "ids": [format!("r-{}", theirs.seat()), "r-1"]});
        let said = script.put(&bulk(id_of(mine.linked())), &body);
        assert_eq!(said[0]["status"], said[1]["status"]);
    }
    assert_eq!(portal.sql_count("seat where state = 'Paused'"), 0);
}

/// api.md: two partners may hold the same vendor id; each key's is its own partner's.
#[test]
fn the_same_id_at_two_partners_is_two_accounts() {
    let portal = Portal::estate();
    portal.execute("update saas_account set vendor_id = 4711 where id in (?1, ?2)", (ALDERINE.linked(), CEDARINE.linked()));
    for tenant in [ALDERINE, CEDARINE] {
        let seats = Script::of(&portal, tenant).read("/v1/saas/4711/seats");
        assert!(seats.to_string().contains(tenant.word), "{seats}");
    }
    // A partner's key does not reach into the partners beneath it.
    let whole = script(&portal, None);
    let domains = whole.read("/v1/saas/domains").to_string();
    assert!(domains.contains("Alderine") && domains.contains("Birchine") && !domains.contains("Cedarine"), "{domains}");
}

/// SEA-5: not beyond the account's cap, even where seats follow use; SAS-7: nothing of a cancelled account.
#[test]
fn nothing_is_protected_beyond_the_cap_or_in_a_cancelled_account() {
    let portal = small();
    let script = script(&portal, None);
    let (paused, unprotected) = ("r-user-paused-000@exampleltd.example", "r-user-unprotected-000@exampleltd.example");
    portal.execute("update subscription set auto_license = 1, seats = null", []);
    portal.execute("update saas_account set licence_cap = 4 where vendor_id = 53124", []);
    assert_eq!(change(&script, "User", "License", &[unprotected]), ["The account's license cap of 4 is reached."]);
    assert_eq!(change(&script, "User", "License", &[paused]), ["success"]);
    portal.execute("update saas_account set licence_cap = 5 where vendor_id = 53124", []);
    assert_eq!(change(&script, "User", "License", &[unprotected]), ["success"]);
    portal.execute("update saas_account set cancelled_at = 1, cancelled_because = 'moved' where vendor_id = 53124", []);
    change(&script, "User", "Pause", &[paused]);
    assert_eq!(change(&script, "User", "License", &[paused]), ["The account was cancelled, so no seat can be protected."]);
}

const LOG: &str = "/v1/report/activity-log";

/// The messages of a page of the log.
#[track_caller]
fn log(script: &Script, query: &str) -> Vec<String> {
    let body = script.read(&format!("{LOG}{query}"));
    body["items"].as_array().expect("a list").iter().map(|one| one["messageEN"].as_str().expect("text").to_owned()).collect()
}

/// API-2, LOG-1: the log in the vendor's body, newest first, twenty-five a page.
#[test]
fn the_log_is_read_newest_first() {
    let portal = small();
    let script = script(&portal, None);
    change(&script, "User", "Pause", &["r-user-active-000@exampleltd.example"]);
    let body = script.read(LOG);
    assert_eq!(body["pagination"], json!({"page": 1, "perPage": 25, "totalPages": 1, "count": 2}));
    let seq: i64 = portal.sql("select max(seq) from activity", []);
    assert_eq!(
        body["items"][0],
        json!({
            "timestamp": "2026-11-22T06:26:00+00:00", "requestId": seq.to_string(), "targetType": "saas-account", "targetId": "53124",
            "targetDisplayName": "Example Ltd", "clientName": ALDER, "interface": "api", "user": "Ada Lane (ada@harbor.example)",
            "userRoles": ["Primary account", "API key Nightly"], "ipAddress": "127.0.0.1", "action": "seat.changed",
            "messageEN": "Ada Lane paused 1 seat of Example Ltd.", "success": true
        })
    );
    let key = &body["items"][1];
    assert_eq!((&key["interface"], &key["clientName"], &key["ipAddress"]), (&json!("command-line"), &Value::Null, &Value::Null));
    // Somebody who fails is told of, too.
    Script { secret: "wrong".to_owned(), ..script.clone() }.get(LOG);
    let failed = &script.read(LOG)["items"][0];
    assert_eq!((&failed["success"], &failed["action"], &failed["interface"]), (&json!(false), &json!("api_key.refused"), &json!("api")));
    for number in 0..60 {
        portal.sign_in(ADA).post("/organizations", &[("name", &format!("Firm {number:02}"))]).status(303);
    }
    let body = script.read(&format!("{LOG}?_page=3"));
    assert_eq!(body["pagination"], json!({"page": 3, "perPage": 25, "totalPages": 3, "count": 63}));
    assert_eq!(body["items"].as_array().expect("a list").len(), 13);
    assert_eq!(log(&script, "?_perPage=2"), ["Ada Lane created the organization Firm 59.", "Ada Lane created the organization Firm 58."]);
    assert_eq!(log(&script, "?page=60&perPage=1"), ["Ada Lane created the organization Firm 00."]);
}

/// LOG-3 for scripts: since when, who, what, which organization.
#[test]
fn the_log_is_narrowed_by_what_is_asked() {
    let portal = small();
    let script = script(&portal, None);
    portal.sign_in(ABE).post("/organizations", &[("name", "Elm 100%_Garage")]).status(303);
    let count = |query: &str| log(&script, query).len();
    assert_eq!(count(""), 2);
    for (query, found) in [
        ("?user=abe", 1),
        ("?user=ABE%40harbor", 1),
        ("?user=nobody", 0),
        ("?user=%25", 0),
        ("?targetType=organization", 1),
        ("?targetType=api-key,organization", 2),
        ("?targetType=api_key", 1),
        ("?targetType=device", 0),
        ("?clientName=elm", 1),
        ("?clientName=100%25_g", 1),
        ("?clientName=100xxg", 0),
        ("?clientName=alder", 0),
        ("?target=Nightly", 1),
        ("?target=nightly&user=abe", 0),
        ("?since=1&sinceUnits=minutes&target=&targetType=&user=&clientName=", 2),
    ] {
        assert_eq!(count(query), found, "{query}");
    }
    let elm: i64 = portal.sql("select id from organization where name_key like 'elm%'", []);
    assert_eq!(count(&format!("?target={elm}")), 1);
    for (units, span) in [("minutes", Span::minutes(1)), ("hours", Span::hours(1)), ("days", Span::days(1)), ("weeks", Span::days(7))] {
        let portal = small();
        let script = self::script(&portal, None);
        portal.wait(span);
        assert_eq!(log(&script, &format!("?since=1&sinceUnits={units}")).len(), 1, "{units}");
        portal.wait(Span(1));
        assert_eq!(log(&script, &format!("?since=1&sinceUnits={units}")).len(), 0, "{units}");
        assert_eq!(log(&script, &format!("?since=2&sinceUnits={units}")).len(), 1, "{units}");
    }
    for wrong in ["?since=0", "?since=x", "?sinceUnits=fortnights", "?sinceUnits=Days", &format!("?user={}", "x".repeat(255))] {
        assert_eq!(refusal(&script.get(&format!("{LOG}{wrong}"))).0, 400, "{wrong}");
    }
    assert_eq!(count("?since=1000000&sinceUnits=weeks"), 2);
}

/// API-1, EMP-4: a key of one organization reads that organization's events, a limited maker's key what its maker reads.
#[test]
fn the_log_holds_what_the_key_may_see() {
    let portal = Portal::estate();
    for mine in [ALDERINE, CEDARINE] {
        let body = Script::of(&portal, mine).read(&format!("{LOG}?since=52&sinceUnits=weeks&_perPage=250"));
        assert!(body.to_string().contains(mine.word), "{} sees its own", mine.word);
        for other in TENANTS.iter().filter(|other| **other != mine) {
            assert!(!body.to_string().contains(other.word), "{} is told of {}", mine.word, other.word);
        }
        for item in body["items"].as_array().expect("a list") {
            assert!(item["clientName"].as_str().is_some_and(|name| name.contains(mine.word)), "{item}");
        }
    }
    let whole = script(&portal, None);
    let text = whole.read(&format!("{LOG}?since=52&sinceUnits=weeks&_perPage=250")).to_string();
    assert!(text.contains("Alderine") && text.contains("Birchine") && !text.contains("Cedarine"));
}

/// API-1: every route for scripts is opened by a key alone, by the right that its row names, and listed here by name.
#[test]
fn every_route_for_scripts_stands_here() {
    let listed: Vec<String> = routes::for_scripts().map(|route| format!("{:?} {} {:?}", route.method, route.path, route.access)).collect();
    assert_eq!(
        listed,
        [
            "Get /v1/saas/domains Script(SeeSaasStatus)",
            "Get /v1/saas/{saasCustomerId}/applications Script(SeeSaasStatus)",
            "Get /v1/saas/{saasCustomerId}/seats Script(SeeSaasStatus)",
            "Put /v1/saas/{saasCustomerId}/{externalSubscriptionId}/bulkSeatChange Script(SeeSaasStatus)",
            "Get /v1/bcdr/device Script(SeeDevices)",
            "Get /v1/bcdr/device/{serialNumber} Script(SeeDevices)",
            "Get /v1/bcdr/device/{serialNumber}/asset Script(SeeDevices)",
            "Get /v1/bcdr/device/{serialNumber}/asset/agent Script(SeeDevices)",
            "Get /v1/bcdr/device/{serialNumber}/asset/share Script(SeeDevices)",
            "Get /v1/bcdr/device/{serialNumber}/asset/{volume} Script(SeeDevices)",
            "Get /v1/bcdr/device/{serialNumber}/alert Script(SeeDevices)",
            "Get /v1/bcdr/device/{serialNumber}/vm-restores Script(SeeDevices)",
            "Get /v1/bcdr/agent Script(SeeEndpointBackup)",
            "Get /v1/dtc/assets Script(SeeEndpointBackup)",
            "Get /v1/dtc/{clientId}/assets Script(SeeEndpointBackup)",
            "Get /v1/dtc/{clientId}/assets/{assetUuid} Script(SeeEndpointBackup)",
            "Get /v1/report/activity-log Script(RunPortal)",
            "Get /api/v1/tasks Script(SeeDevices)",
            "Get /api/v1/tasks/{task} Script(SeeDevices)",
            "Post /api/v1/tasks/take Script(SeeDevices)",
            "Post /api/v1/tasks/{task}/progress Script(SeeDevices)",
            "Post /api/v1/tasks/{task}/result Script(SeeDevices)",
        ]
    );
    assert!(routes::all().all(|route| !is_for_scripts(route.path) && !matches!(route.access, Access::Script(_))));
    assert!(routes::for_scripts().all(|route| is_for_scripts(route.path)));
    let portal = small();
    crate::support::devices::unlinked(&portal, 1, "D1", "acme-siris");
    let key = script(&portal, None);
    for route in routes::for_scripts() {
        // An organization without an endpoint agent; `endpoints.rs` reads an asset.
        let path = route.path.replace("{clientId}", "12345").replace("/{assetUuid}", "");
        let path = path
            .replace("{serialNumber}", "D1")
            .replace("{volume}", "0")
            .replace("{saasCustomerId}", "53124")
            .replace("{externalSubscriptionId}", "Classic:Office365:53124");
        let body = json!({"seat_type": "User", "action_type": "Pause", "ids": ["r-1"]}).to_string();
        // What comes of tasks is shown in `tasks.rs`.
        if !path.starts_with("/api/v1/tasks") {
            assert_eq!(key.send(route.method, &path, body.as_bytes()).status, 200, "{path}");
        }
        for member in [ADA, TESS, OLU] {
            assert_eq!(
                refusal(&portal.sign_in(member).send(route.method, &path, &[], body.clone().into_bytes()).response).0,
                401,
                "{path}"
            );
        }
        assert_eq!(refusal(&portal.guest().send(route.method, &path, &[], Vec::new()).response).0, 401, "{path}");
    }
}
