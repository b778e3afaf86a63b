//! The rules of `imports`, one test a sentence.

use std::fmt::Write as _;
use std::path::PathBuf;

use portico::access::witness_model::{Manager, Operator};
use portico::accounts::model::Invitation;
use portico::imports::actions::{self, total};
use portico::imports::model::{Counts, File, FileCounts, Level, Problem, State};
use portico::imports::store;
use portico::kernel::db::Read as _;
use portico::kernel::error::{Error, Result};
use portico::kernel::ids::{ImportId, OrganizationId, PartnerId};
use portico::kernel::time::Span;

use crate::support::people::*;
use crate::support::portal::Portal;

pub(crate) fn harbor(portal: &Portal) -> PartnerId {
    PartnerId(portal.sql("select id from partner where name = ?1", [HARBOR]))
}

pub(crate) fn by(portal: &Portal) -> Manager {
    Manager::operator(&Operator::of_this_machine(), harbor(portal))
}

/// Files as they lie on a disk: name and content.
pub(crate) type Files<'a> = &'a [(&'a str, &'a [u8])];

#[track_caller]
pub(crate) fn stage(portal: &Portal, files: Files<'_>) -> ImportId {
    let files: Vec<File<'_>> = files.iter().map(|(name, bytes)| File { name, bytes }).collect();
    actions::stage(portal.db(), &by(portal), &files, &mut |_, _| {}).expect("the files are staged")
}

pub(crate) fn problems(portal: &Portal, import: ImportId, level: Level) -> Vec<Problem> {
    let found = portal.db().read(|db| store::problems(db, import, level, 0, 10_000)).expect("the problems");
    found.into_iter().map(|(_, problem)| problem).collect()
}

pub(crate) fn state(portal: &Portal, import: ImportId) -> State {
    portal.db().read(|db| store::find(db, harbor(portal), import)).expect("the import").state
}

pub(crate) fn carry_out(portal: &Portal, import: ImportId, letters: Invitation) -> Result<Vec<FileCounts>> {
    actions::index_ahead(portal.db(), &by(portal), import).expect("the index is filled");
    portal.db().write(|tx| actions::carry_out(tx, &by(portal), import, letters))
}

/// Stages and carries out; what came.
#[track_caller]
pub(crate) fn import(portal: &Portal, files: Files<'_>) -> Counts {
    let import = stage(portal, files);
    assert_eq!(problems(portal, import, Level::Refused), [], "nothing is refused");
    total(&carry_out(portal, import, Invitation::Later).expect("it is carried out"))
}

/// The one refusal: file, line, field and reason.
#[track_caller]
pub(crate) fn refusal(portal: &Portal, files: Files<'_>) -> (String, i64, String, String) {
    let import = stage(portal, files);
    assert_eq!(state(portal, import), State::Refused);
    let mut found = problems(portal, import, Level::Refused);
    assert_eq!(found.len(), 1, "one refusal: {found:?}");
    let problem = found.remove(0);
    (problem.file, problem.line, problem.field, problem.reason)
}

/// Everything an import could have changed, as text.
pub(crate) fn dump(portal: &Portal) -> String {
    let connection = portal.connection();
    let tables = [
        "organization",
        "subscription",
        "organization_listing",
        "organization_count",
        "identity",
        "account",
        "organization_user",
        "letter",
        "saas_account",
        "saas_application",
        "backup_day",
        "seat",
        "network",
        "device",
        "asset",
        "asset_backup",
        "endpoint_agent",
        "endpoint_dataset",
        "endpoint_backup",
        "activity",
    ];
    let mut out = String::new();
    for table in tables {
        let mut statement = connection.prepare(&format!("select * from {table} order by 1, 2, 3")).expect("a table");
        let width = statement.column_count();
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            write!(out, "{table}").expect("text");
            for column in 0..width {
                write!(out, "|{:?}", row.get_ref(column).expect("a value")).expect("text");
            }
            out.push('\n');
        }
    }
    out
}

pub(crate) fn harbor_msp() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/harbor-msp");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).expect("the fixture").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files
        .iter()
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), std::fs::read(path).expect("a file")))
        .collect()
}

pub(crate) fn borrowed(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

const ORGANIZATIONS: &str = "name,contact_first_name,contact_last_name,contact_email,country,plan,auto_license,seats\n";
const USERS: &str = "organization,first_name,last_name,email,country_code,mobile_phone,access,endpoint_access\n";

fn organizations(lines: &str) -> Vec<u8> {
    format!("{ORGANIZATIONS}{lines}").into_bytes()
}

fn users(lines: &str) -> Vec<u8> {
    format!("{USERS}{lines}").into_bytes()
}

fn domain(id: i64, name: &str, organization: Option<(i64, &str)>) -> String {
    let (organization_id, organization_name) =
        organization.map_or(("null".to_owned(), "null".to_owned()), |(id, name)| (id.to_string(), format!("{name:?}")));
    format!(
        r#"{{"backupStats":{{"activeServicesCount":3,"activeServicesWithRecentBackupCount":2,"backupPercentage":66.67}},
 "domain":"d{id}.example","saasCustomerId":{id},"saasCustomerName":{name:?},"organizationId":{organization_id},
 "organizationName":{organization_name},"seatsUsed":4,"productType":"Office365","externalSubscriptionId":"Classic:Office365:{id}","retentionType":"ICR"}}"#
    )
}

fn domains(accounts: &[String]) -> Vec<u8> {
    format!("[{}]", accounts.join(",\n")).into_bytes()
}

fn linked_to(portal: &Portal, vendor_id: i64) -> Option<String> {
    portal.sql("select (select name from organization where id = a.organization) from saas_account a where vendor_id = ?1", [vendor_id])
}

fn seat(main_id: &str, state: &str) -> String {
    format!(
        r#"{{"mainId":{main_id:?},"name":"Jo","seatType":"User","seatState":{state:?},"billable":"1","dateAdded":"2026-04-26T16:43:05+00:00","remoteId":"r-{main_id}"}}"#
    )
}

fn seats(list: &[String]) -> Vec<u8> {
    format!("[{}]", list.join(",\n")).into_bytes()
}

const DAY: i64 = 86_400_000;
const NOON: i64 = 1_795_305_600_000;

fn report(id: i64, windows: &[(i64, i64)]) -> Vec<u8> {
    let history: Vec<String> = windows
        .iter()
        .map(|(until, perfect)| {
            format!(
                r#"{{"timeWindow":"w","startTime":{until},"endTime":{},"totalServiceCount":9,"activeServiceCount":9,
                "activeServiceWithBackupCount":9,"activeServiceWithPerfectBackupCount":{perfect},"status":"Perfect"}}"#,
                until - DAY
            )
        })
        .collect();
    format!(
        r#"{{"pagination":{{"page":1,"perPage":25,"totalPages":1,"count":1}},"items":[{{"customerId":{id},"customerName":"X","usedBytes":7,
        "suites":[{{"suiteType":"Office365","appTypes":[{{"appType":"Office365Exchange","lastFullyProtectedTime":"OVER_10_DAYS_AGO",
        "uningestedServiceCount":0,"usedBytes":7,"backupHistory":[{}]}}]}}]}}]}}"#,
        history.join(",")
    )
    .into_bytes()
}

/// IMP-2, api.md "Import": one MSP's files as a script saved them.
#[test]
fn the_files_of_a_whole_msp_come_in_as_they_are() {
    let portal = Portal::firm();
    let files = harbor_msp();
    let import_id = stage(&portal, &borrowed(&files));
    assert_eq!(problems(&portal, import_id, Level::Refused), []);
    carry_out(&portal, import_id, Invitation::Later).expect("it is carried out");
    assert_eq!(portal.sql_count("saas_account where vendor_id between 54000 and 54023"), 24);
    assert_eq!(portal.sql_count("saas_account where vendor_id between 54000 and 54023 and organization is null"), 4);
    assert_eq!(portal.sql_count("seat s join saas_account a on a.id = s.saas_account where a.vendor_id between 54000 and 54023"), 520);
    assert_eq!(
        portal.sql_count("backup_day d join saas_account a on a.id = d.saas_account where a.vendor_id between 54000 and 54023"),
        2_432
    );
    assert_eq!((portal.sql_count("device"), portal.sql_count("device where organization is null")), (12, 5));
    assert_eq!((portal.sql_count("asset"), portal.sql_count("asset_backup")), (22, 110));
    assert_eq!(linked_to(&portal, 54_002).as_deref(), Some("Yarrow Accounting"));
    assert_eq!(portal.sql::<i64>("select vendor_id from organization where name = 'Yarrow Accounting'", []), 13_002);
    let listed: (i64, i64, i64) = portal
        .connection()
        .query_row(
            "select l.users, l.services, l.seats_used from organization_listing l join organization o on o.id = l.organization
              where o.name = 'Yarrow Accounting'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .expect("it is listed");
    assert_eq!(listed, (2, 1, 31));
    assert_eq!(portal.sql_count("letter"), Portal::firm().sql_count("letter"), "no letter is written");
    assert!(portal.last_activity().starts_with("imported "), "{}", portal.last_activity());
    let mut ada = portal.sign_in(ADA);
    ada.visit("/organizations?q=yarrow").sees("Yarrow Accounting");
    ada.visit("/organizations?q=rrow+acc").sees("Yarrow Accounting");
}

/// ORG-5: the list shows what is bought beside what is used, of what an import made and of what it changed.
#[test]
fn the_list_shows_the_seats_that_an_import_brought() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let shown = |portal: &Portal, lines: &str| {
        import(portal, &[("organizations.csv", &organizations(lines))]);
        let kept = "organization_listing l join subscription s on s.organization = l.organization
                     where (l.plan, l.auto_license, l.seats) is not (s.plan, s.auto_license, s.seats)";
        assert_eq!(portal.sql_count(kept), 0);
    };
    shown(&portal, "Many Seats,Jo,Doe,jo@many.example,US,backup,no,4321\nAs Used,Jo,Doe,jo@used.example,US,archiver,yes,\n");
    ada.visit("/organizations?q=many+seats").sees("0 / 4,321");
    ada.visit("/organizations?q=as+used").sees("0 / auto");
    shown(&portal, "Many Seats,Jo,Doe,jo@many.example,US,backup,yes,\nAs Used,Jo,Doe,jo@used.example,US,archiver,no,12\n");
    ada.visit("/organizations?q=many+seats").sees("0 / auto").does_not_see("4,321");
    ada.visit("/organizations?q=as+used").sees("0 / 12");
}

/// IMP-2
#[test]
fn the_same_import_twice_changes_nothing_the_second_time() {
    let portal = Portal::firm();
    let files = harbor_msp();
    let first = import(&portal, &borrowed(&files));
    assert_eq!((first.changed, first.unchanged), (0, 0));
    let before = dump(&portal);
    portal.wait(Span::hours(1));
    let second = import(&portal, &borrowed(&files));
    assert_eq!((second.new, second.changed, second.unchanged), (0, 0, first.new));
    assert!(before == dump(&portal), "not one row differs, and no event was added");
}

/// IMP-2
#[test]
fn a_bad_row_at_the_end_leaves_everything_as_it_was_and_is_named() {
    let portal = Portal::firm();
    let before = dump(&portal);
    let mut lines = String::new();
    for number in 0..4_999 {
        writeln!(lines, "Firm {number},Jo,Doe,jo{number}@firm.example,US,backup,no,3").expect("text");
    }
    lines.push_str("Firm 4999,Jo,Doe,not an address,US,backup,no,3\n");
    let (file, line, field, reason) = refusal(&portal, &[("organizations.csv", &organizations(&lines))]);
    assert_eq!((file.as_str(), line, field.as_str()), ("organizations.csv", 5_001, "contact_email"));
    assert!(reason.contains("e-mail"), "{reason}");
    let import = ImportId(portal.sql("select id from import", []));
    assert!(matches!(carry_out(&portal, import, Invitation::Later), Err(Error::Refused(_))));
    assert!(before == dump(&portal));
}

/// IMP-2, ORG-5
#[test]
fn five_thousand_rows_come_in_and_are_found() {
    let portal = Portal::firm();
    let (mut firms, mut people) = (String::new(), String::new());
    for number in 0..2_500 {
        writeln!(firms, "Firm {number:04},Jo,Doe,jo{number}@firm.example,DE,backup,yes,").expect("text");
        writeln!(people, "Firm {number:04},Una,Person{number},una{number}@firm.example,49,1701234567,,").expect("text");
    }
    let active = portal.sql::<i64>("select count from organization_count where viewer = ?1 and state = 'active'", [harbor(&portal).0]);
    let came = import(&portal, &[("users.csv", &users(&people)), ("organizations.csv", &organizations(&firms))]);
    assert_eq!(came.new, 5_000);
    assert_eq!(
        portal.sql::<i64>("select count from organization_count where viewer = ?1 and state = 'active'", [harbor(&portal).0]),
        active + 2_500
    );
    assert_eq!(portal.sql_count("organization where id between 10000000 and 99999999 and name like 'Firm %'"), 2_500);
    assert_eq!(portal.sql_count("organization_listing where users = 1 and name_key like 'firm %' and plan = 'backup'"), 2_500);
    for table in ["organization", "account"] {
        portal.execute(&format!("insert into {table}_search ({table}_search, rank) values ('integrity-check', 1)"), []);
    }
    portal.sign_in(ADA).visit("/organizations?q=irm+2345").sees("Firm 2345");
}

/// IMP-4
#[test]
fn imported_users_are_not_invited_and_get_no_letter() {
    let portal = Portal::firm();
    let letters = portal.sql_count("letter");
    import(&portal, &[("users.csv", &users("Alder Dental,Una,Moss,una@alder.example,49,1701234567,full,none\n"))]);
    portal.run_jobs();
    let sql = "select a.state from account a join identity i on i.id = a.identity where i.email = 'una@alder.example'";
    assert_eq!(portal.sql::<String>(sql, []), "not_invited");
    assert_eq!(portal.sql_count("letter"), letters);
    portal.wait(Span::days(8)).run_jobs();
    assert_eq!(portal.sql::<String>(sql, []), "not_invited", "their seven days have not begun");
}

/// IMP-4
#[test]
fn letters_go_with_an_import_when_asked_for_and_the_seven_days_start_then() {
    let portal = Portal::firm();
    let import = stage(&portal, &[("users.csv", &users("Alder Dental,Una,Moss,una@alder.example,,,,\n"))]);
    carry_out(&portal, import, Invitation::Send).expect("it is carried out");
    portal.run_jobs();
    assert!(portal.letter_to("una@alder.example").contains("Una"));
    let until: i64 =
        portal.sql("select a.invited_until from account a join identity i on i.id = a.identity where i.email = 'una@alder.example'", []);
    assert_eq!(until, (portal.now() + Span::days(7)).0);
    let letters = portal.sql_count("letter");
    portal.run_jobs();
    assert_eq!(portal.sql_count("letter"), letters, "each gets one");
    assert_eq!(portal.sql_count("import_user"), 0, "what was staged is swept");
}

/// IMP-3
#[test]
fn files_are_recognised_by_what_they_hold() {
    let portal = Portal::firm();
    let came =
        import(&portal, &[("export (3).txt", &organizations("New Firm,,,,,,,\n")), ("save.bak", &domains(&[domain(1, "Acct", None)]))]);
    assert_eq!(came.new, 2);
}

/// IMP-3
#[test]
fn an_unknown_file_is_named_and_refused() {
    let portal = Portal::firm();
    for content in
        [b"hello".as_slice(), b"{\"code\":\"x\",\"message\":\"y\"}", b"[1, 2]", b"", b"\x89PNG\r\n", b"[{\"a\":1}", b"a,b\n1,2\n"]
    {
        let (file, _, _, reason) = refusal(&portal, &[("notes.txt", content)]);
        assert_eq!(file, "notes.txt");
        assert!(!reason.is_empty());
    }
}

/// IMP-3
#[test]
fn a_later_version_of_a_format_says_which_field_is_not_known() {
    let portal = Portal::firm();
    let later = String::from_utf8(domains(&[domain(1, "A", None), domain(2, "B", None)]))
        .expect("text")
        .replace("\"saasCustomerId\":2", "\"tier\":\"gold\",\"saasCustomerId\":2");
    let (_, line, field, reason) = refusal(&portal, &[("domains.json", later.as_bytes())]);
    assert_eq!((line, field.as_str()), (4, "tier"), "the item begins on the fourth line");
    assert!(reason.contains("tier") && reason.contains("later version"), "{reason}");
    let (_, line, field, _) = refusal(&portal, &[("organizations.csv", b"name,plan,colour\nX,,\n")]);
    assert_eq!((line, field.as_str()), (1, "colour"));
}

/// api.md "Import": CSV with or without BOM, comma or semicolon, columns in any order.
#[test]
fn csv_may_have_a_byte_order_mark_semicolons_and_any_order() {
    let portal = Portal::firm();
    let content = "\u{feff}country;Name;contact_email\r\nde;\"Müller; Söhne\";a@b.example\r\n\r\nat;Zwei;\r\n";
    assert_eq!(import(&portal, &[("o.csv", content.as_bytes())]).new, 2);
    assert_eq!(portal.sql::<String>("select country from organization where name = 'Müller; Söhne'", []), "DE");
}

/// IMP-1
#[test]
fn every_field_of_a_list_is_checked_and_named_with_its_line() {
    let portal = Portal::firm();
    for (line, field) in [
        (",Jo,Doe,a@b.example,US,backup,no,3", "name"),
        ("X,Jo,Doe,a@b,c.example,US,backup,no,3", ""),
        ("X,Jo,Doe,a b@c.example,US,backup,no,3", "contact_email"),
        ("X,Jo,Doe,a@b.example,Atlantis,backup,no,3", "country"),
        ("X,Jo,Doe,a@b.example,US,gold,no,3", "plan"),
        ("X,Jo,Doe,a@b.example,US,backup,perhaps,3", "auto_license"),
        ("X,Jo,Doe,a@b.example,US,backup,no,-1", "seats"),
        ("X,Jo,Doe,a@b.example,US,backup,no,", "seats"),
        ("X,Jo,Doe,a@b.example,US,personal,yes,", "auto_license"),
        ("X,Jo,Doe,a@b.example,US,personal,no,2", "seats"),
        ("X,Jo,Doe,a@b.example,US,,no,2", "plan"),
    ] {
        let content = organizations(&format!("Fine,,,,,,,\n\n{line}\n"));
        let (_, at, named, reason) = refusal(&portal, &[("organizations.csv", &content)]);
        assert_eq!((at, named.as_str()), (4, field), "{line}: {reason}");
    }
    for (line, field) in [
        ("Nowhere,Jo,Doe,a@b.example,1,5551234,full,none", "organization"),
        ("Alder Dental,,Doe,a@b.example,1,5551234,full,none", "first_name"),
        ("Alder Dental,Jo,,a@b.example,1,5551234,full,none", "last_name"),
        ("Alder Dental,Jo,Doe,,1,5551234,full,none", "email"),
        ("Alder Dental,Jo,Doe,a@b.example,99999,5551234,full,none", "country_code"),
        ("Alder Dental,Jo,Doe,a@b.example,1,555-1234,full,none", "mobile_phone"),
        ("Alder Dental,Jo,Doe,a@b.example,1,5551234,some,none", "access"),
        ("Alder Dental,Jo,Doe,a@b.example,1,5551234,full,some", "endpoint_access"),
    ] {
        let (_, at, named, reason) = refusal(&portal, &[("users.csv", &users(&format!("{line}\n")))]);
        assert_eq!((at, named.as_str()), (2, field), "{line}: {reason}");
    }
}

/// IMP-1
#[test]
fn text_that_is_no_utf8_is_refused_with_its_line() {
    let portal = Portal::firm();
    let mut content = organizations("Fine,,,,,,,\n");
    content.extend_from_slice(b"M\xfcller,,,,,,,\n");
    let (_, line, field, reason) = refusal(&portal, &[("organizations.csv", &content)]);
    assert_eq!((line, field.as_str()), (3, "name"));
    assert!(reason.contains("UTF-8"), "{reason}");
    let (_, _, _, reason) = refusal(&portal, &[("domains.json", b"[\n{\"saasCustomerName\":\"\xfc\"}]")]);
    assert!(reason.contains("Line 2") && reason.contains("UTF-8"), "{reason}");
}

/// ORG-4
#[test]
fn what_stands_twice_in_the_files_is_refused() {
    let portal = Portal::firm();
    let (_, line, field, _) = refusal(&portal, &[("organizations.csv", &organizations("Twice,,,,,,,\n  TWICE ,,,,,,,\n"))]);
    assert_eq!((line, field.as_str()), (3, "name"));
    let (_, line, field, _) = refusal(&portal, &[("organizations.csv", &organizations("A,,,x@y.example,,,,\nB,,,X@Y.example,,,,\n"))]);
    assert_eq!((line, field.as_str()), (3, "contact_email"));
    let twice = users("Alder Dental,Jo,Doe,a@b.example,,,,\nalder dental,Jo,Doe,A@b.example,,,,\n");
    let (_, line, field, _) = refusal(&portal, &[("users.csv", &twice)]);
    assert_eq!((line, field.as_str()), (3, "email"));
    let (_, line, field, _) = refusal(&portal, &[("domains.json", &domains(&[domain(1, "A", None), domain(1, "B", None)]))]);
    assert_eq!((line, field.as_str()), (4, "saasCustomerId"));
}

/// USR-3
#[test]
fn a_second_user_with_endpoint_access_is_refused_and_it_can_pass_on() {
    let portal = Portal::firm();
    let one = users("Birch & Sons,Una,Moss,una@birch.example,,,full,file_restores\n");
    import(&portal, &[("users.csv", &one)]);
    let second = users("Birch & Sons,Ivo,Moss,ivo@birch.example,,,full,file_restores\n");
    let (_, line, field, reason) = refusal(&portal, &[("users.csv", &second)]);
    assert_eq!((line, field.as_str()), (2, "endpoint_access"));
    assert!(reason.contains("Una Moss"), "names the first: {reason}");
    let passed =
        users("Birch & Sons,Ivo,Moss,ivo@birch.example,,,full,file_restores\nBirch & Sons,Una,Moss,una@birch.example,,,full,none\n");
    let came = import(&portal, &[("users.csv", &passed)]);
    assert_eq!((came.new, came.changed), (1, 1));
}

/// ACC-6
#[test]
fn an_email_that_rests_is_refused_until_its_24_hours_are_over() {
    let portal = Portal::firm();
    let partner = harbor(&portal);
    portal.write(|tx| portico::accounts::held_store::hold_email(tx, partner, "una@alder.example"));
    let file = users("Alder Dental,Una,Moss,Una@alder.example,,,,\n");
    let (_, line, field, _) = refusal(&portal, &[("users.csv", &file)]);
    assert_eq!((line, field.as_str()), (2, "email"));
    portal.wait(Span::hours(24));
    assert_eq!(import(&portal, &[("users.csv", &file)]).new, 1);
}

/// api.md "Import": the link in the file counts when an account is first seen.
#[test]
fn an_account_first_seen_is_linked_by_vendor_id_else_by_name_else_to_a_new_organization() {
    let portal = Portal::firm();
    let file = domains(&[
        domain(1, "Unlinked", None),
        domain(2, "By name", Some((900, " alder DENTAL"))),
        domain(3, "New", Some((901, "Brand New"))),
    ]);
    import(&portal, &[("domains.json", &file)]);
    assert_eq!(linked_to(&portal, 1), None);
    assert_eq!(linked_to(&portal, 2).as_deref(), Some(ALDER));
    assert_eq!(portal.sql::<i64>("select vendor_id from organization where id = ?1", [ALDER_ID]), 900, "which takes the id");
    assert_eq!(linked_to(&portal, 3).as_deref(), Some("Brand New"));
    import(&portal, &[("domains.json", &domains(&[domain(4, "By id", Some((900, "Another name altogether")))]))]);
    assert_eq!(linked_to(&portal, 4).as_deref(), Some(ALDER));
    assert_eq!(
        portal
            .sql::<i64>("select services from organization_listing where organization = ?1 and viewer = ?2", (ALDER_ID, harbor(&portal).0)),
        portal.sql_count(&format!("saas_account where organization = {ALDER_ID}"))
    );
}

/// api.md "Import", ALL-1: "two partners may hold the same vendor id and never meet".
#[test]
fn two_partners_hold_the_same_vendor_id_and_never_meet() {
    let portal = Portal::firm();
    let tidewater = PartnerId(portal.sql("select id from partner where name = ?1", [TIDEWATER]));
    let theirs = Manager::operator(&Operator::of_this_machine(), tidewater);
    let bring = |name: &str, seat_name: &str| {
        let (accounts, list) = (domains(&[domain(7, name, Some((900, name)))]), seats(&[seat(seat_name, "Active")]));
        let report = report(7, &[(NOON, 9)]);
        let files = [
            File { name: "domains.json", bytes: &accounts },
            File { name: "seats-7.json", bytes: &list },
            File { name: "a.json", bytes: &report },
        ];
        let import = actions::stage(portal.db(), &theirs, &files, &mut |_, _| {}).expect("staged");
        actions::index_ahead(portal.db(), &theirs, import).expect("indexed");
        total(&portal.write(|tx| actions::carry_out(tx, &theirs, import, Invitation::Later)))
    };
    import(
        &portal,
        &[
            ("domains.json", &domains(&[domain(7, "Ours", Some((900, "Ours")))])),
            ("seats-7.json", &seats(&[seat("ours", "Active")])),
            ("a.json", &report(7, &[(NOON + DAY, 9)])),
        ],
    );
    assert_eq!(bring("Theirs", "theirs").changed, 0, "all of it is new to them");
    assert_eq!(bring("Theirs", "theirs").new, 0);
    let row = |partner: PartnerId| {
        let sql = "select a.name || '/' || o.name || '/' || (select group_concat(main_id) from seat where saas_account = a.id) || '/'
                          || (select count(*) from backup_day where saas_account = a.id)
                     from saas_account a join organization o on o.id = a.organization where a.vendor_id = 7 and a.partner = ?1";
        portal.sql::<String>(sql, [partner])
    };
    assert_eq!((row(harbor(&portal)).as_str(), row(tidewater).as_str()), ("Ours/Ours/ours/1", "Theirs/Theirs/theirs/1"));
}

/// api.md: "remoteId may be absent on import"; a file without it takes none away.
#[test]
fn a_seat_keeps_its_remote_id_when_a_file_leaves_it_out() {
    let portal = Portal::firm();
    let with = seat("a", "Active");
    import(&portal, &[("domains.json", &domains(&[domain(7, "Acct", None)])), ("seats-7.json", &seats(std::slice::from_ref(&with)))]);
    let without = with.replace(",\"remoteId\":\"r-a\"", "");
    assert!(!without.contains("remoteId"));
    assert_eq!(import(&portal, &[("seats-7.json", &seats(std::slice::from_ref(&without)))]).changed, 0);
    assert_eq!(import(&portal, &[("seats-7.json", &seats(&[without.replace("Active", "Paused")]))]).changed, 1);
    assert_eq!(portal.sql::<String>("select state || ' ' || remote_id from seat where main_id = 'a'", []), "Paused r-a");
}

/// api.md "Import"
#[test]
fn a_later_import_never_changes_a_link_and_the_preview_tells_the_difference() {
    let portal = Portal::firm();
    import(&portal, &[("domains.json", &domains(&[domain(1, "Acct", Some((900, ALDER)))]))]);
    let other = domains(&[domain(1, "Acct", Some((901, BIRCH)))]);
    let import_id = stage(&portal, &[("domains.json", &other)]);
    let notes = problems(&portal, import_id, Level::Note);
    assert!(notes.iter().any(|note| note.reason.contains(ALDER) && note.reason.contains(BIRCH)), "{notes:?}");
    carry_out(&portal, import_id, Invitation::Later).expect("it is carried out");
    assert_eq!(linked_to(&portal, 1).as_deref(), Some(ALDER));
}

/// api.md "Import"
#[test]
fn a_deleted_organization_matches_nothing() {
    let portal = Portal::firm();
    let by = by(&portal);
    portal.write(|tx| {
        let name = portico::kernel::text::FirmName::parse("Gone Ltd").expect("a name");
        let id = portico::organizations::actions::create(tx, &by, &name)?;
        portico::subscriptions::store::end(tx, id, tx.now())?;
        portico::organizations::store::erase(tx, id, tx.now())
    });
    import(&portal, &[("domains.json", &domains(&[domain(1, "Acct", Some((900, "Gone Ltd")))]))]);
    assert_eq!(linked_to(&portal, 1), None);
    assert_eq!(portal.sql_count("organization where name = 'Gone Ltd'"), 1, "and is not made again");
}

/// api.md "Import"
#[test]
fn a_file_of_seats_is_the_full_set_of_its_account() {
    let portal = Portal::firm();
    let accounts = domains(&[domain(7, "Acct", None)]);
    let all = seats(&[seat("a", "Active"), seat("p", "Paused"), seat("u", "Unprotected"), seat("x", "Archived")]);
    assert_eq!(import(&portal, &[("seats-7.json", &all), ("domains.json", &accounts)]).new, 5);
    let state = |id: &str| portal.sql_maybe::<String>("select state from seat where main_id = ?1", [id]);
    let came = import(&portal, &[("seats-7.json", b"[]")]);
    assert_eq!((came.new, came.changed), (0, 3));
    assert_eq!(state("a").as_deref(), Some("Archived"));
    assert_eq!(state("p").as_deref(), Some("Archived"));
    assert_eq!(state("u"), None);
    assert_eq!(state("x").as_deref(), Some("Archived"));
}

/// SEA-5: "Auto-add protects newly discovered users up to the licence cap, and never unprotects leavers."
#[test]
fn auto_add_protects_the_users_that_a_later_list_discovers_up_to_the_cap() {
    let portal = Portal::firm();
    let accounts = domains(&[domain(7, "Acct", None)]);
    let first = [seat("a", "Active"), seat("aa", "Unprotected")];
    let state = |id: &str| portal.sql_maybe::<String>("select state from seat where main_id = ?1", [id]);
    import(&portal, &[("domains.json", &accounts), ("seats-7.json", &seats(&first))]);
    portal.execute("update saas_account set auto_add = 1, licence_cap = 3", []);
    let shared = seat("shared", "Unprotected").replace("\"User\"", "\"SharedMailbox\"");
    let later = [&first[..], &["b", "c", "d"].map(|id| seat(id, "Unprotected")), &[shared]].concat();
    import(&portal, &[("seats-7.json", &seats(&later))]);
    assert_eq!(state("aa").as_deref(), Some("Unprotected"), "it was known before");
    assert_eq!(state("shared").as_deref(), Some("Unprotected"), "no user");
    let protected = ["b", "c", "d"].iter().filter(|id| state(id).as_deref() == Some("Active")).count();
    assert_eq!(protected, 2, "up to the cap of three");
    assert_eq!(portal.sql_count("activity where sentence = 'protected by Auto-add: 2 seats of Acct'"), 1);
    assert_eq!(portal.sql_count("saas_account where seats_billable = 3"), 1);
    assert_eq!(import(&portal, &[("seats-7.json", &seats(&later))]).changed, 0, "the same file again");
    portal.execute("update saas_account set licence_cap = 9", []);
    import(&portal, &[("seats-7.json", &seats(&later[1..]))]);
    assert_eq!(state("a").as_deref(), Some("Archived"), "a leaver is not unprotected");
    let more = [&later[..], &[seat("e", "Unprotected")]].concat();
    portal.execute("update saas_account set auto_add = 0", []);
    import(&portal, &[("seats-7.json", &seats(&more))]);
    assert_eq!(state("e").as_deref(), Some("Unprotected"), "Auto-add is off");
}

/// SEA-5: the preview says whom Auto-add will protect, what keeps the others from it, and exactly that happens.
#[test]
fn the_preview_says_whom_auto_add_will_protect() {
    let accounts = domains(&[domain(7, "Acct", Some((900, ALDER)))]);
    let first = [seat("a", "Active"), seat("aa", "Unprotected"), seat("p", "Active")];
    let all = [&first[..2], &["b", "c", "d"].map(|id| seat(id, "Unprotected"))].concat();
    // A cap or seats that are bought, whether Auto-add is on, and what the preview says of b, c and d; a stays, p leaves and is still billed.
    let cases: [(&str, Option<&str>, i64); 6] = [
        ("auto_add = 1", Some("Auto-add will protect 3 discovered users: b, c, d."), 3),
        ("auto_add = 1, licence_cap = 5", Some("Auto-add will protect 3 discovered users: b, c, d."), 3),
        (
            "auto_add = 1, licence_cap = 4",
            Some(
                "Auto-add will protect 2 of 3 discovered users: b, c. The others stay unprotected. The account's license cap of 4 is reached.",
            ),
            2,
        ),
        (
            "auto_add = 1, licence_cap = 2",
            Some("Auto-add will protect none of 3 discovered users. The account's license cap of 2 is reached."),
            0,
        ),
        ("auto_add = 0", None, 0),
        ("auto_add = 1, cancelled_at = null", Some("Auto-add will protect 3 discovered users: b, c, d."), 3),
    ];
    for (terms, said, protected) in cases {
        let portal = Portal::firm();
        portal.execute("update subscription set auto_license = 1, seats = null", []);
        import(&portal, &[("domains.json", &accounts), ("seats-7.json", &seats(&first))]);
        assert_eq!(portal.sql_count("import_problem where reason like 'Auto-add%'"), 0, "the first list discovers nobody");
        portal.execute(&format!("update saas_account set {terms}"), []);
        import(&portal, &[("seats-7.json", &seats(&all))]);
        assert_eq!(
            portal.sql_maybe::<String>("select reason from import_problem where reason like 'Auto-add%'", []).as_deref(),
            said,
            "{terms}"
        );
        assert_eq!(portal.sql_count("seat where state = 'Active' and main_id in ('b', 'c', 'd')"), protected, "{terms}");
    }
    // SUB-7: bought seats of the whole organization, of which another account uses one; a user who is unprotected by the file leaves room.
    for (first_state, protected) in [("Active", 1), ("Unprotected", 2)] {
        let portal = Portal::firm();
        let both = domains(&[domain(7, "Acct", Some((900, ALDER))), domain(8, "Other", Some((900, ALDER)))]);
        import(&portal, &[("domains.json", &both)]);
        import(&portal, &[("seats-7.json", &seats(&first)), ("seats-8.json", &seats(&[seat("o", "Active")]))]);
        portal.execute("update saas_account set auto_add = 1", []);
        portal.execute("update subscription set seats = 4, auto_license = 0", []);
        let list = [&[seat("a", first_state)], &all[1..]].concat();
        import(&portal, &[("seats-7.json", &seats(&list))]);
        let said: String = portal.sql("select reason from import_problem where reason like 'Auto-add%'", []);
        assert!(said.starts_with(&format!("Auto-add will protect {protected} of 3 discovered users: b")), "{said}");
        assert!(said.contains("The others stay unprotected. 4 seats are bought"), "{said}");
        assert_eq!(portal.sql_count("seat where state = 'Active' and main_id in ('b', 'c', 'd')"), protected);
    }
}

/// api.md "Import", ORG-8: "a state set here stays until an import shows that the vendor has it, or 7 days pass"; a purge sets one.
#[test]
fn a_state_set_here_stays_until_a_file_shows_it_or_seven_days_pass() {
    let portal = Portal::firm();
    let accounts = domains(&[domain(7, "Acct", Some((900, ALDER)))]);
    let active = seats(&[seat("a", "Active")]);
    let state = || portal.sql::<String>("select state from seat where main_id = 'a'", []);
    let billable = || portal.sql::<i64>("select billable from seat where main_id = 'a'", []);
    import(&portal, &[("domains.json", &accounts), ("seats-7.json", &active)]);
    let purge = || portal.write(|tx| portico::seats::store::unprotect_all(tx, portico::kernel::ids::OrganizationId(ALDER_ID)));

    purge();
    let set = portal.now();
    let import_id = stage(&portal, &[("seats-7.json", &active)]);
    let notes = problems(&portal, import_id, Level::Note);
    assert!(notes.iter().any(|note| note.reason.contains("a was made Unprotected here, the file says Active")), "{notes:?}");
    let came = import(&portal, &[("seats-7.json", &active)]);
    assert_eq!((came.changed, came.unchanged), (0, 1));
    portal.wait(Span(Span::days(7).0 - 1));
    import(&portal, &[("seats-7.json", &active)]);
    assert_eq!((state().as_str(), billable()), ("Unprotected", 0));
    portal.wait(Span(1));
    assert_eq!(portal.now(), set + Span::days(7));
    assert_eq!(import(&portal, &[("seats-7.json", &active)]).changed, 1);
    assert_eq!((state().as_str(), billable()), ("Active", 1));

    purge();
    let shown = seats(&[seat("a", "Unprotected")]);
    import(&portal, &[("seats-7.json", &shown)]);
    assert_eq!(import(&portal, &[("seats-7.json", &shown)]).changed, 0, "twice changes nothing");
    import(&portal, &[("seats-7.json", &active)]);
    assert_eq!(state(), "Active", "the vendor had it in between");
}

/// api.md "Import"
#[test]
fn seats_whose_account_is_not_said_or_not_known_are_refused() {
    let portal = Portal::firm();
    let (_, _, _, reason) = refusal(&portal, &[("seats.json", &seats(&[seat("a", "Active")]))]);
    assert!(reason.contains("seats-{saasCustomerId}.json"), "{reason}");
    let (_, _, _, reason) = refusal(&portal, &[("seats-8.json", &seats(&[seat("a", "Active")]))]);
    assert!(reason.contains("no SaaS account 8"), "{reason}");
}

/// api.md "Import": "1", "" for no; on import "0" is no as well, and nothing else.
#[test]
fn billable_is_one_nothing_or_zero_in_quotes() {
    let portal = Portal::firm();
    import(&portal, &[("domains.json", &domains(&[domain(7, "Acct", None)]))]);
    let with = |main_id: &str, billable: &str| seat(main_id, "Active").replace("\"billable\":\"1\"", &format!("\"billable\":{billable}"));
    import(&portal, &[("seats-7.json", &seats(&[with("a", "\"1\""), with("b", "\"\""), with("c", "\"0\"")]))]);
    assert_eq!(
        portal.sql::<String>(
            "select group_concat(billable, '') from (select billable from seat where main_id in ('a', 'b', 'c') order by main_id)",
            []
        ),
        "100"
    );
    for wrong in ["1", "\"yes\"", "null", "true"] {
        let (_, line, field, _) = refusal(&portal, &[("seats-7.json", &seats(&[with("a", wrong)]))]);
        assert_eq!((line, field.as_str()), (1, "billable"), "{wrong}");
    }
}

/// api.md "Import": one row per account, application and UTC day of the window's later end; the newest data wins.
#[test]
fn of_two_reports_the_one_with_the_newest_data_wins_whatever_their_order() {
    let portal = Portal::firm();
    let accounts = domains(&[domain(7, "Acct", None)]);
    let (older, newer) = (report(7, &[(NOON, 1), (NOON - DAY, 2)]), report(7, &[(NOON + 3_600_000, 8), (NOON - DAY, 2)]));
    let files: [(&str, &[u8]); 3] = [("domains.json", &accounts), ("applications-7.json", &newer), ("applications-7 (old).json", &older)];
    import(&portal, &files);
    let perfect = |day: i64| {
        portal.sql::<i64>(
            "select d.perfect_services from backup_day d join saas_account a on a.id = d.saas_account where a.vendor_id = 7 and d.day = ?1",
            [day],
        )
    };
    assert_eq!(perfect(NOON.div_euclid(DAY)), 8);
    assert_eq!(import(&portal, &[("a.json", &older)]).changed, 0, "older data changes nothing later either");
    assert_eq!(perfect(NOON.div_euclid(DAY)), 8);
    assert_eq!(portal.sql::<i64>("select as_of from saas_account where vendor_id = 7", []), NOON + 3_600_000);
}

/// api.md "Import": "the report with the newest data wins", for each of its days, whenever the older one comes.
#[test]
fn an_older_report_tells_nothing_of_days_that_a_newer_one_told_of() {
    let portal = Portal::firm();
    let accounts = domains(&[domain(7, "Acct", None)]);
    let newer = report(7, &[(NOON + DAY, 8), (NOON, 8), (NOON - DAY, 8)]);
    let older = report(7, &[(NOON, 1), (NOON - DAY, 1), (NOON - 2 * DAY, 1)]);
    let perfect = || {
        portal.sql::<String>("select group_concat(perfect_services, ',') from (select perfect_services from backup_day order by day)", [])
    };
    import(&portal, &[("domains.json", &accounts), ("newer.json", &newer)]);
    let came = import(&portal, &[("older.json", &older)]);
    assert_eq!((came.new, came.changed, came.unchanged), (1, 0, 2), "the day that nothing was known of");
    assert_eq!(perfect(), "1,8,8,8");
    let again = Portal::firm();
    import(&again, &[("domains.json", &accounts), ("a.json", &older), ("b.json", &newer)]);
    assert_eq!(
        again.sql::<String>("select group_concat(perfect_services, ',') from (select perfect_services from backup_day order by day)", []),
        "1,8,8,8",
        "together it is the same"
    );
}

/// api.md "Import", SAS-8: reports of different hours of the day leave no hole in the strip, since the newest tells all its days anew.
#[test]
fn a_report_of_another_hour_leaves_no_day_empty() {
    let portal = Portal::firm();
    let days = |from: i64| (0..10).map(|back| (from - back * DAY, 9)).collect::<Vec<_>>();
    let evening = NOON.div_euclid(DAY) * DAY + 20 * 3_600_000;
    import(&portal, &[("domains.json", &domains(&[domain(7, "Acct", None)])), ("a.json", &report(7, &days(evening)))]);
    import(&portal, &[("a.json", &report(7, &days(evening + 12 * 3_600_000)))]);
    assert_eq!(portal.sql::<String>("select strip from saas_account where vendor_id = 7", []), "g".repeat(10));
}

/// api.md "Import": of two previews the older one, carried out last, takes nothing of the newer one away.
#[test]
fn an_older_preview_carried_out_later_does_not_win() {
    let portal = Portal::firm();
    import(&portal, &[("domains.json", &domains(&[domain(7, "Acct", None)]))]);
    let older = stage(&portal, &[("a.json", &report(7, &[(NOON, 1), (NOON - DAY, 1)]))]);
    import(&portal, &[("b.json", &report(7, &[(NOON + DAY, 8), (NOON, 8)]))]);
    carry_out(&portal, older, Invitation::Later).expect("it still fits");
    assert_eq!(
        portal.sql::<String>("select group_concat(perfect_services, ',') from (select perfect_services from backup_day order by day)", []),
        "1,8,8"
    );
}

/// api.md "Import"
#[test]
fn days_older_than_a_purge_are_skipped() {
    let portal = Portal::firm();
    import(&portal, &[("domains.json", &domains(&[domain(7, "Acct", None)]))]);
    portal.execute("update saas_account set purged_at = ?1 where vendor_id = 7", [NOON]);
    let came = import(&portal, &[("applications-7.json", &report(7, &[(NOON + DAY, 5), (NOON, 5), (NOON - DAY, 5)]))]);
    assert_eq!(came.new, 2, "the application and the one day after the purge");
    assert_eq!(portal.sql_count("backup_day d join saas_account a on a.id = d.saas_account where a.vendor_id = 7"), 1);
}

/// IMP-2
#[test]
fn what_somebody_changed_since_the_preview_stops_the_import_only_where_it_no_longer_fits() {
    let portal = Portal::firm();
    let by = by(&portal);
    let name = |text: &str| portico::kernel::text::FirmName::parse(text).expect("a name");
    let fits = stage(&portal, &[("organizations.csv", &organizations("First Firm,,,,,,,\n"))]);
    let clashes = stage(&portal, &[("organizations.csv", &organizations("Second Firm,,,,,,,\n"))]);
    portal.write(|tx| portico::organizations::actions::create(tx, &by, &name("second FIRM")));
    carry_out(&portal, fits, Invitation::Later).expect("nothing stands in its way");
    let before = dump(&portal);
    assert!(matches!(carry_out(&portal, clashes, Invitation::Later), Err(Error::Conflict(_))));
    assert!(before == dump(&portal));
}

/// IMP-2
#[test]
fn an_import_is_carried_out_once() {
    let portal = Portal::firm();
    let import = stage(&portal, &[("organizations.csv", &organizations("First Firm,,,,,,,\n"))]);
    carry_out(&portal, import, Invitation::Later).expect("the first time");
    assert!(matches!(carry_out(&portal, import, Invitation::Later), Err(Error::Conflict(_))));
    assert_eq!(portal.sql_count("organization where name = 'First Firm'"), 1);
}

/// api.md "Import": a preview that nobody carries out goes after a day, from the search as well.
#[test]
fn a_preview_left_for_a_day_is_swept() {
    let portal = Portal::firm();
    let import = stage(
        &portal,
        &[
            ("organizations.csv", &organizations("Leftover Firm,,,,,,,\n")),
            ("users.csv", &users("Leftover Firm,Una,Moss,u@l.example,,,,\n")),
        ],
    );
    actions::index_ahead(portal.db(), &by(&portal), import).expect("indexed");
    portal.wait(Span(Span::days(1).0 - 1)).run_jobs();
    assert_eq!(portal.sql_count("import"), 1);
    portal.wait(Span(1)).run_jobs();
    for table in ["import", "import_file", "import_organization", "import_user"] {
        assert_eq!(portal.sql_count(table), 0, "{table}");
    }
    for table in ["organization", "account"] {
        portal.execute(&format!("insert into {table}_search ({table}_search, rank) values ('integrity-check', 1)"), []);
    }
}

/// IMP-1, ALL-3: files in, a preview, Import; by the words on the page.
#[test]
fn a_manager_previews_and_imports_on_the_page() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    abe.visit("/imports").attach("Files", "organizations.csv", &organizations("Page Firm,,,,US,backup,no,3\n")).press("Preview");
    abe.sees("Nothing is changed yet").sees("organizations.csv");
    assert_eq!(portal.sql_count("organization where name = 'Page Firm'"), 0);
    abe.press("Import").sees("Imported 1 new row");
    let boxes = abe.page().all(|element| element.attr("class").is_some_and(|class| class.split(' ').any(|word| word == "notice")));
    assert_eq!(boxes.len(), 1, "said once");
    assert_eq!(portal.sql_count("organization where name = 'Page Firm'"), 1);
    abe.visit("/imports").sees("Imported");
    abe.visit("/organizations").sees("Page Firm");
}

/// IMP-3: the page says what files hold, and its examples come in as they are.
#[test]
fn the_examples_of_the_import_page_come_in_and_hold_every_column_it_names() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    abe.visit("/imports").sees("What the files hold").sees("seats-{id}.json");
    let named: Vec<String> = abe.page().first("main").expect("a page").named("code").iter().map(|code| code.text()).collect();
    let links: Vec<String> = abe
        .page()
        .named("a")
        .iter()
        .filter(|link| link.has("download"))
        .filter_map(|link| link.attr("href").map(ToOwned::to_owned))
        .collect();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for link in &links {
        abe.get(link).status(200);
        assert_eq!(abe.response.header("content-type"), Some("text/csv; charset=utf-8"));
        files.push((link.clone(), abe.body().into_bytes()));
    }
    let columns: Vec<String> = files
        .iter()
        .flat_map(|(_, bytes)| {
            String::from_utf8_lossy(bytes).lines().next().unwrap_or_default().split(',').map(ToOwned::to_owned).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(columns, named, "each column is described, and none that is not there");
    let came = import(&portal, &borrowed(&files));
    assert_eq!((came.new, came.refused), (11, 0));
}

/// IMP-3: a refusal says what would be known, and what is no list at all is called so.
#[test]
fn an_unknown_list_is_told_the_known_columns_and_other_files_that_they_are_no_list() {
    let portal = Portal::firm();
    let (_, _, _, reason) = refusal(&portal, &[("a.csv", b"client,owner\nX,Y\n")]);
    assert!(reason.contains("contact_email") && reason.contains("endpoint_access"), "{reason}");
    for content in [b"# Notes, and more\n".as_slice(), b"\x89PNG\r\n\x1a\n,", b"hello", b""] {
        let (_, _, _, reason) = refusal(&portal, &[("notes.md", content)]);
        assert_eq!(reason, "This is neither JSON nor CSV.");
    }
}

/// IMP-1, IMP-3: the history names files and counts nothing of a refused import as new.
#[test]
fn the_history_is_true_of_refused_imports() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    let list = organizations("Page Firm,,,,US,backup,no,3\n");
    abe.visit("/imports").attach("Files", "organizations.csv", &list).press("Preview");
    abe.visit("/imports")
        .attach("Files", "refused.csv", &organizations("Page Firm,,,,US,backup,no,3\nOther,,,,Atlantis,,,\n"))
        .press("Preview");
    abe.visit("/imports").sees("refused.csv").sees("organizations.csv");
    let rows: Vec<String> =
        abe.page().named("tr").iter().map(|row| row.text()).filter(|row| row.contains(".csv") && row.contains("Abe")).collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows.iter().any(|row| row.contains("Refused") && row.trim_end().ends_with('–')), "{rows:?}");
}

/// IMP-1
#[test]
fn a_refused_import_cannot_be_carried_out_on_the_page_and_can_be_discarded() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    abe.visit("/imports").attach("Files", "organizations.csv", &organizations("Page Firm,,,,Atlantis,,,\n")).press("Preview");
    abe.sees("organizations.csv").sees("country").sees("A country's code");
    let page = abe.url.clone();
    abe.post(&format!("{page}/completion"), &[]).follow().sees("refused");
    assert_eq!(portal.sql_count("organization where name = 'Page Firm'"), 0);
    abe.get(&page).press("Discard").sees("Discarded");
    abe.get(&page).status(404);
}

/// ALL-1: another partner's import is not found.
#[test]
fn another_partners_import_is_not_found() {
    let portal = Portal::firm();
    let import = stage(&portal, &[("organizations.csv", &organizations("Page Firm,,,,,,,\n"))]);
    portal.sign_in(ABE).get(&format!("/imports/{import}")).status(200);
    let mut mallory = portal.sign_in(MALLORY);
    mallory.get(&format!("/imports/{import}")).status(404);
    mallory.visit("/imports");
    mallory.post(&format!("/imports/{import}/completion"), &[]).status(404);
    assert_eq!(portal.sql_count("organization where name = 'Page Firm'"), 0);
}

/// A search for a domain finds the organization that came with the account, indexed ahead of the move with it.
#[test]
fn an_organization_that_comes_with_its_account_is_found_by_the_accounts_domain() {
    let portal = Portal::firm();
    let account = |id: i64, organization: &str, domain: &str| {
        format!(
            r#"{{"backupStats":{{"activeServicesCount":1,"activeServicesWithRecentBackupCount":1,"backupPercentage":100.0}},"domain":"{domain}",
                "saasCustomerId":{id},"saasCustomerName":"{organization}","organizationId":{id},"organizationName":"{organization}","seatsUsed":1,
                "productType":"Office365","externalSubscriptionId":"Classic:Office365:{id}","retentionType":"ICR"}}"#
        )
    };
    let domains =
        [account(71, "Newt Pools", "Newt.example"), account(72, "Eft Ponds", "eft.example"), account(73, "Birch & Sons", "twig.example")];
    let domains = format!("[{}]", domains.join(","));
    import(&portal, &[("organizations.csv", b"name\nNewt Pools\n"), ("domains.json", domains.as_bytes())]);
    let mut ada = portal.sign_in(ADA);
    for (domain, name) in [("newt.example", "Newt Pools"), ("eft.example", "Eft Ponds"), ("twig.example", "Birch & Sons")] {
        ada.visit(&format!("/organizations?q={domain}")).sees(name);
    }
    portal.write(|tx| tx.execute("insert into organization_search (organization_search, rank) values ('integrity-check', 1)", []));
    let kept = dump(&portal);
    let all: Vec<i64> = portal
        .db()
        .read(|db| db.all("select id from organization where vendor_id is not null", [], |row| row.get(0)))
        .expect("the organizations");
    for organization in all {
        portal.write(|tx| portico::organizations::store::refresh(tx, OrganizationId(organization)));
    }
    assert_eq!(dump(&portal), kept, "nothing is left to be brought up to date");
}

/// SAS-6: a preview that was compared with a pending account holds as long as that account is there and pends; so does one that found none.
#[test]
fn an_import_is_stale_once_its_pending_account_is_another() {
    let pending = |portal: &Portal| {
        portal.execute(
            "insert into saas_account (id, partner, name, name_key, domain, domain_key, product, authorized, unlinked_reason, unlinked_at, severity,
                                       created_at, tags, search)
             values (777, 1, 'Waiting', 'waiting', 'd7.example', 'd7.example', 'microsoft_365', 0, 'never_linked', 5, 0, 5, '', 'waiting')",
            [],
        );
    };
    let happened = |portal: &Portal, sentence: &str| {
        let event = portico::activity::model::Event::new(portico::activity::model::Kind::SaasAuthorized, sentence);
        portal.write(|tx| portico::activity::store::record(tx, by(portal).actor(), &event));
    };
    let cases: [(bool, fn(&Portal), bool); 5] = [
        (true, |_| {}, true),
        (
            true,
            |portal| {
                portal.execute("delete from saas_account where id = 777", []);
            },
            false,
        ),
        (
            true,
            |portal| {
                portal.execute("update saas_account set authorized = 1, vendor_id = 8 where id = 777", []);
            },
            false,
        ),
        (false, |_| {}, true),
        (
            false,
            |portal| {
                portal.execute("update saas_account set domain_key = 'd7.example', authorized = 0, vendor_id = null where id = 778", []);
            },
            false,
        ),
    ];
    for (place, (waits, meanwhile, fits)) in cases.into_iter().enumerate() {
        let portal = Portal::firm();
        portal.execute(
            "insert into saas_account (id, partner, name, name_key, domain, domain_key, product, vendor_id, authorized, unlinked_reason, unlinked_at,
                                       severity, created_at, tags, search)
             values (778, 1, 'Other', 'other', 'o.example', 'o.example', 'microsoft_365', 6, 1, 'never_linked', 5, 0, 5, '', 'other')",
            [],
        );
        // Another one waits as well: that is no reason to look at none.
        portal.execute(
            "insert into saas_account (id, partner, name, name_key, domain, domain_key, product, authorized, unlinked_reason, unlinked_at, severity,
                                       created_at, tags, search)
             values (779, 1, 'Far', 'far', 'far.example', 'far.example', 'microsoft_365', 0, 'never_linked', 5, 0, 5, '', 'far')",
            [],
        );
        if waits {
            pending(&portal);
        }
        let import = stage(&portal, &[("domains.json", &domains(&[domain(7, "Seven", None)]))]);
        meanwhile(&portal);
        happened(&portal, "something");
        let done = carry_out(&portal, import, Invitation::Later);
        assert_eq!(done.is_ok(), fits, "{place}: {done:?}");
        assert_eq!(portal.sql_count("saas_account where vendor_id = 7"), i64::from(fits), "{place}");
    }
}

/// SEA-5, SUB-7: the vendor's truth comes in, and the preview says where it is more than the license cap or than was bought; what fits is no
/// news.
#[test]
fn the_preview_says_what_is_more_than_the_cap_or_than_was_bought() {
    let portal = Portal::firm();
    import(&portal, &[("domains.json", &domains(&[domain(7, "Seven", Some((70, ALDER)))]))]);
    portal.execute("update subscription set auto_license = 0, seats = 3 where organization = ?1", [ALDER_ID]);
    portal.execute("update saas_account set licence_cap = 2 where vendor_id = 7", []);
    let list = |count: usize| seats(&(0..count).map(|number| seat(&format!("u{number}@d7.example"), "Active")).collect::<Vec<_>>());
    let notes = |files: Files<'_>| {
        let import = stage(&portal, files);
        let reasons: Vec<String> = problems(&portal, import, Level::Note).into_iter().map(|note| note.reason).collect();
        reasons.join(" ")
    };
    assert_eq!(notes(&[("seats-7.json", &list(2))]), "");
    let three = notes(&[("seats-7.json", &list(3))]);
    assert!(
        three.contains("The license cap of Seven is 2, and with this file 3 seats are billed.") && !three.contains("bought"),
        "{three}"
    );
    let four = notes(&[("seats-7.json", &list(4))]);
    assert!(four.contains("“Alder Dental” then has 4 seats in use, 3 bought with Auto License off."), "{four}");
    // Who is gone from the list is archived, and billed.
    import(&portal, &[("seats-7.json", &list(3))]);
    let other = notes(&[("seats-7.json", &seats(&[seat("new@d7.example", "Active")]))]);
    assert!(other.contains("then has 4 seats in use, 3 bought"), "{other}");
    // A further account of the same organization, first seen in these files.
    let both = notes(&[
        ("domains.json", &domains(&[domain(7, "Seven", Some((70, ALDER))), domain(8, "Eight", Some((70, ALDER)))])),
        ("seats-8.json", &seats(&[seat("a@d8.example", "Active"), seat("b@d8.example", "Unprotected")])),
    ]);
    assert!(both.contains("“Alder Dental” then has 4 seats in use, 3 bought"), "{both}");
    portal.execute("update subscription set auto_license = 1, seats = null where organization = ?1", [ALDER_ID]);
    assert!(!notes(&[("seats-7.json", &list(9))]).contains("bought"));
}
