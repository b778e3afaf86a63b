//! What somebody with bad intentions tries, and what does not happen.

use std::sync::Barrier;

use portico::kernel::http::Method;

use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

/// What the database, the letters and the demo keep is for this user alone, whatever was there before.
#[cfg(unix)]
#[test]
fn nobody_else_on_the_machine_reads_the_database_or_the_letters() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use portico::kernel::db::Db;
    use portico::kernel::secret::Vault;
    use portico::kernel::time::Clock;
    use portico::kernel::world::into_folder;

    use crate::support::portal::START;

    let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    let portal = Portal::firm();
    let (database, log) = (portal.folder().join("portico.db"), portal.folder().join("portico.db-wal"));
    for file in [&database, &log] {
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).expect("an older program left it so");
    }
    Db::open(&database, Clock::manual(START), Vault::new([7; 32])).expect("it opens");
    assert_eq!((mode(&database), mode(&log)), (0o600, 0o600));

    into_folder(portal.folder(), "7", b"a letter with a link").expect("it is written");
    assert_eq!(mode(&portal.folder().join("7.eml")), 0o600);

    let folder = portico::app::demo::folder().expect("a folder");
    assert_eq!(mode(folder.path()), 0o700);
}

/// ALL-7, ACC-13: a double click on Change password leaves its owner inside, whichever answer the browser keeps.
#[test]
fn a_double_click_on_change_password_signs_nobody_out() {
    let portal = Portal::firm();
    for round in 0..12 {
        let visit = portal.sign_in(ABE);
        let old = if round == 0 { PASSWORD.to_owned() } else { format!("another long password {}", round - 1) };
        let new = format!("another long password {round}");
        let form_id = format!("the-form-of-round-number-{round}");
        let fields = [("current_password", old.as_str()), ("new_password", new.as_str()), ("form_id", form_id.as_str())];
        let start = Barrier::new(2);
        let click = |mut visit: Visit| {
            start.wait();
            visit.post("/account/password", &fields);
            // Whoever came too late to be known is led to sign in, and keeps the other answer's cookie.
            if visit.response.header("location") == Some("/account/security") {
                visit.get("/account").status(200);
            }
        };
        let (first, second) = (visit.clone(), visit);
        std::thread::scope(|scope| {
            scope.spawn(|| click(first));
            scope.spawn(|| click(second));
        });
    }
}

/// A short body of plain fields costs many times its bytes in memory: only files may be long, and their number has an end.
#[test]
fn a_flood_of_fields_is_refused() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    for flood in ["a&".repeat(200_000), "a&".repeat(10_001), format!("name={}", "x".repeat(300_000))] {
        visit.send(Method::Post, "/imports", &headers, flood.into_bytes()).status(422);
        visit.sees("more than Portico reads at once");
    }
    let fields = vec![("a", ""); 10_001];
    visit.upload("/imports", &fields, &[]).status(422).sees("more than Portico reads at once");
    let name = "x".repeat(200_000);
    visit.send(Method::Post, "/organizations", &headers, format!("name={name}&form_id=a-form-of-its-own-00001").into_bytes());
    visit.status(422).sees("Use at most 120 characters.");
}

/// IMP-1: what is well-formed but cannot be read is a refusal with its line, not an error of the portal's.
#[test]
fn an_item_beyond_bounds_is_refused_with_its_line() {
    let portal = Portal::firm();
    let deep = format!("[\n{{\"saasCustomerId\": 1, \"domain\": {}{}}}]", "[".repeat(5_000), "]".repeat(5_000));
    let huge = "[\n{\"saasCustomerId\": 1e999, \"domain\": \"a.example\"}]".to_owned();
    let lone = "[\n{\"saasCustomerId\": 1, \"domain\": \"\\ud800\"}]".to_owned();
    for file in [deep, huge, lone] {
        let mut visit = portal.sign_in(ADA);
        visit.upload("/imports", &[], &[("files", "domains.json", file.as_bytes())]).status(303);
        visit.follow().status(200).sees("This item cannot be read");
        assert_eq!(portal.sql::<i64>("select line from import_problem order by import desc limit 1", []), 2);
    }
}

/// A file's name and the names of its columns and fields come from outside: what turns or hides text does not get onto the page.
#[test]
fn names_from_a_file_cannot_turn_the_page_around() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    let files: [(&str, &str, &[u8]); 2] = [
        ("files", "a\u{202e}vsc.exe\u{e101}.csv", "name,plan,evil\u{202e}column\u{2028}x\nA,,1\n".as_bytes()),
        ("files", "x.json", "{\"items\": [], \"evil\u{202e}field\": 1}".as_bytes()),
    ];
    visit.upload("/imports", &[], &files).status(303);
    visit.follow().status(200);
    let body = visit.body();
    assert!(body.contains("avsc.exe.csv") && body.contains("evilcolumnx") && body.contains("evilfield"), "{body}");
    assert!(!body.contains(['\u{202e}', '\u{2028}', '\u{e101}']), "{body}");
}

/// ORG-4: an invisible character inside a name makes no second organization of it.
#[test]
fn a_name_that_looks_taken_is_taken() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    visit.post("/organizations", &[("name", "Étude Notariale")]).status(303);
    for twin in ["E\u{200b}\u{301}tude Notariale", "Étude\u{fe0f} Notariale", "Étude\u{3164} Notariale", "ÉTUDE\u{e0041} NOTARIALE"] {
        visit.post("/organizations", &[("name", twin)]).status(422).sees("There is already an organization named");
    }
    visit.post("/organizations", &[("name", "\u{2800}\u{3164}")]).status(422).sees("Enter a name.");
}

/// A partner's account as the vendor would report it, with this many of everything.
fn reported(id: i64, count: &str) -> String {
    format!(
        r#"{{"saasCustomerId":{id},"domain":"a{id}.example","saasCustomerName":"Account {id}","productType":"Office365","retentionType":"ICR",
        "seatsUsed":{count},"backupStats":{{"activeServicesCount":{count},"activeServicesWithRecentBackupCount":{count},"backupPercentage":1.0}},
        "organizationId":7,"organizationName":"Numberless","externalSubscriptionId":"x{id}"}}"#
    )
}

/// A report of that account, with this many of everything, this many bytes, and a newest window that ends then.
fn history(id: i64, count: &str, bytes: &str, until: &str) -> String {
    format!(
        r#"{{"customerId":{id},"customerName":"Account {id}","usedBytes":{bytes},"suites":[{{"suiteType":"Office365","appTypes":[{{
        "appType":"Office365Exchange","lastFullyProtectedTime":{until},"uningestedServiceCount":{count},"usedBytes":{bytes},"backupHistory":[{{
        "timeWindow":"Between0dAnd1d","startTime":{until},"endTime":1,"totalServiceCount":{count},"activeServiceCount":{count},
        "activeServiceWithBackupCount":{count},"activeServiceWithPerfectBackupCount":{count},"status":"Perfect"}}]}}]}}]}}"#
    )
}

/// No number that a file brings in can make a sum run over, on the partner's own pages or on those of the partner above.
#[test]
fn the_largest_numbers_of_a_file_break_no_page() {
    let portal = Portal::firm();
    let mut visit = portal.sign_in(ADA);
    let bring = |visit: &mut Visit, count: &str, bytes: &str, until: &str| {
        let accounts = format!("[{},{}]", reported(1, count), reported(2, count));
        let reports: Vec<String> = (1..=2).map(|id| history(id, count, bytes, until)).collect();
        let mut files = vec![("files", "domains.json", accounts.as_bytes())];
        files.extend(reports.iter().map(|report| ("files", "applications.json", report.as_bytes())));
        visit.upload("/imports", &[], &files).status(303);
        let at = visit.location().to_owned();
        visit.follow().status(200);
        at
    };
    bring(&mut visit, "9223372036854775807", "5", "1790035200000");
    visit.sees("A number of at most 1,000,000,000 belongs here.");
    bring(&mut visit, "5", "9223372036854775807", "1790035200000");
    visit.sees("A number of at most 1,000,000,000,000,000 belongs here.");
    bring(&mut visit, "5", "5", "9223372036854775807");
    visit.sees("A number of at most 253,370,764,799,999 belongs here.");
    let at = bring(&mut visit, "1000000000", "1000000000000000", "253370764799999");
    visit.post(&format!("{at}/completion"), &[]).follow().status(200).sees("Imported");
    assert_eq!(portal.sql_count("saas_account where name like 'Account %' and organization is not null"), 2);
    for page in ["/", "/organizations?sort=seats", "/status/saas", "/status/saas?sort=storage", "/imports", "/activity"] {
        visit.get(page).status(200);
    }
    for account in 1..=2 {
        let id: i64 = portal.sql("select id from saas_account where vendor_id = ?1 and name like 'Account %'", [account]);
        visit.get(&format!("/saas/{id}")).status(200);
    }
    visit.post("/status/saas/export", &[]).status(200);
}
