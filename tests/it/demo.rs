//! The demo, one test a sentence.

#![allow(clippy::expect_used, reason = "what cannot be read fails its test")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use portico::access::model::Scope;
use portico::app::demo;
use portico::kernel::db::Db;
use portico::kernel::ids::PartnerId;
use portico::kernel::secret::Vault;
use portico::kernel::time::{Clock, Timestamp};
use portico::saas::model::Shown;
use portico::saas::status_model::{Query, Sort};
use portico::saas::status_store;
use rusqlite::Connection;

use crate::support::portal::START;

const KEY: [u8; 32] = [9; 32];

fn filled(now: Timestamp) -> (tempfile::TempDir, Vec<demo::SignIn>, Connection) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("portico.db");
    let signed = demo::fill(&path, Vault::new(KEY), now).expect("a filled database");
    let connection = Connection::open(&path).expect("it opens");
    (folder, signed, connection)
}

/// One demo for the tests that only look.
fn shared() -> (&'static [demo::SignIn], Connection) {
    static DEMO: OnceLock<(tempfile::TempDir, Vec<demo::SignIn>)> = OnceLock::new();
    let (folder, signed) = DEMO.get_or_init(|| {
        let (folder, signed, _) = filled(START);
        (folder, signed)
    });
    (signed, Connection::open(folder.path().join("portico.db")).expect("it opens"))
}

fn count(connection: &Connection, from: &str) -> i64 {
    connection.query_row(&format!("select count(*) from {from}"), [], |row| row.get(0)).expect("a number")
}

/// The states that no account of the demo is shown in, without those that nothing leads to yet.
fn states_missing() -> Vec<Shown> {
    let (folder, _, _) = filled(START);
    let db = Db::open(&folder.path().join("portico.db"), Clock::manual(START), Vault::new(KEY)).expect("it opens");
    let scope = Scope::all(PartnerId(1));
    let missing = |shown: &Shown| {
        let query =
            Query { words: String::new(), states: vec![*shown], product: None, organization: None, sort: Sort::State, descending: false };
        db.read(|db| status_store::count(db, &scope, &query)).expect("a count") == 0
    };
    Shown::ALL.iter().copied().filter(missing).collect()
}

/// The "portico demo": a distributor with two partners, forty organizations, a realistic mix.
#[test]
fn the_demo_holds_a_distributor_two_partners_forty_organizations_and_some_of_everything() {
    let (signed, connection) = shared();
    let count = |from: &str| count(&connection, from);
    assert_eq!(count("partner where parent is null"), 1);
    assert_eq!(count("partner where parent is not null"), 2);
    assert_eq!(count("subscription where state = 'active'"), 40);
    assert_eq!((count("subscription where state = 'suspended'"), count("subscription where state = 'unsubscribed'")), (1, 2));
    // SUB-11: one has two days left, and the letters of three moments were written.
    let end = |days: i64| START.0 - 45 * 86_400_000 + days * 86_400_000;
    assert_eq!(count(&format!("subscription where state = 'unsubscribed' and since between {} and {}", end(2), end(3))), 1);
    assert_eq!(count("activity where kind = 'subscription.reminded'"), 4);
    for health in ["protected", "some_missed", "failing", "no_data"] {
        assert!(count(&format!("saas_account where health = '{health}'")) > 0, "{health}");
    }
    for reason in ["never_linked", "by_person", "organization_deleted"] {
        assert!(count(&format!("saas_account where unlinked_reason = '{reason}'")) > 0, "{reason}");
    }
    assert!(count("saas_account where authorized = 0") > 0);
    assert_eq!(states_missing(), Vec::<Shown>::new(), "every state that an account can be in today is in the demo");
    for state in ["not_invited", "invited", "active"] {
        assert!(count(&format!("account where state = '{state}' and organization is not null")) > 0, "{state}");
    }
    assert!(count("account where state = 'deactivated' and set_up_at is null") > 0, "lapsed");
    assert!(count("account where state = 'deactivated' and set_up_at is not null") > 0, "switched off");
    let soon = START.0 - 5 * 86_400_000;
    assert!(count(&format!("account where state = 'invited' and since < {soon} and invited_until > {}", START.0)) > 0, "about to lapse");
    assert_eq!(count("seat where remote_id is null"), 0, "a script can name every seat");
    assert_eq!(count("seat"), count("(select distinct saas_account, remote_id from seat)"));
    assert!(signed.len() > 10);
}

/// The "prints who can sign in with which role".
#[test]
fn everybody_the_demo_names_can_sign_in_and_all_six_roles_are_among_them() {
    let (signed, connection) = shared();
    for one in signed {
        let able = format!(
            "account a join identity i on i.id = a.identity where i.email = '{}' and a.state = 'active' and i.password_hash like '$argon2id$v=19$m=19456%'",
            one.email
        );
        assert_eq!(count(&connection, &able), 1, "{}", one.email);
    }
    for role in ["Primary account", "Security Admin", "Admin", "Tech", "Business", "Sales & Marketing", "Organization user"] {
        assert!(signed.iter().any(|one| one.role == role), "{role}");
    }
    assert!(signed.iter().all(|one| one.partner_id.is_some() != one.role.ends_with(" user")));
    // EMP-4: one of them is limited, and is told to be.
    let limited = signed.iter().find(|one| one.role == "Tech, limited to an access group").expect("one who is limited");
    let sees = "employee_sight s join account a on a.id = s.account join identity i on i.id = a.identity where i.email = ";
    assert_eq!(count(&connection, &format!("{sees}'{}'", limited.email)), 6);
    let first = portico::app::demo::first_to_try(signed);
    let first: Vec<(&str, &str)> = first.iter().map(|(one, _)| (one.email.as_str(), one.role.as_str())).collect();
    assert_eq!(first.first(), Some(&("ada@lantern.example", "Primary account")), "Ada first, of a provider with clients");
    assert_eq!(first.get(1).map(|(_, role)| *role), Some("Organization user"));
}

/// SAS-10, LOG-2: its reports are of today, whenever that is, and its log is a whole chain.
#[test]
fn the_demos_reports_are_of_today_and_its_log_is_whole() {
    let now = Timestamp(START.0 + 400 * 86_400_000);
    let (folder, _, connection) = filled(now);
    let (newest, days): (i64, i64) = connection
        .query_row("select max(window_end), count(distinct day) from backup_day", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("days");
    assert!(now.0 - newest <= 2 * 3_600_000 && newest <= now.0);
    assert!(days >= 30);
    let latest: i64 = connection.query_row("select max(at) from activity", [], |row| row.get(0)).expect("events");
    assert!(latest <= now.0);
    let db = Db::open(&folder.path().join("portico.db"), Clock::manual(now), Vault::new(KEY)).expect("it opens");
    portico::activity::actions::verify(&db, &portico::access::witness_model::Clockwork::ticking()).expect("it is read");
    let (events, bad): (i64, Option<i64>) =
        connection.query_row("select events, first_bad from chain_check", [], |row| Ok((row.get(0)?, row.get(1)?))).expect("a check");
    assert_eq!((events, bad), (count(&connection, "activity"), None));
}

/// Ends the demo whatever happens to the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn folders(place: &Path) -> usize {
    std::fs::read_dir(place).expect("it lists").count()
}

/// The "starts in a temporary folder … and forgets everything at the end"; OPS-5.
#[test]
fn the_demo_answers_lets_people_in_and_leaves_nothing_behind() {
    let place = tempfile::tempdir().expect("a folder");
    let mut running = Running(
        Command::new(env!("CARGO_BIN_EXE_portico"))
            .args(["demo", "--listen", "127.0.0.1:0"])
            .env("TMPDIR", place.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts"),
    );
    let mut told = Vec::new();
    let mut address = String::new();
    for line in BufReader::new(running.0.stdout.take().expect("its words")).lines().map(|line| line.expect("a line")) {
        if let Some(found) = line.strip_prefix("Portico answers at ") {
            found.clone_into(&mut address);
            break;
        }
        told.push(line);
    }
    let told = told.join("\n");
    let password = told.lines().find_map(|line| line.strip_prefix("Everybody's password: ")).expect("the password");
    assert!(told.contains("Tech ") && told.contains("tess@lantern.example") && told.contains("Partner ID P-"), "{told}");
    assert_eq!(folders(place.path()), 2, "the data, and the gate's private socket");
    assert!(signs_in(&address, "tess@lantern.example", password));
    assert!(!signs_in(&address, "tess@lantern.example", "not the password at all"));
    let ended = Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().expect("it is told");
    assert!(ended.success());
    assert!(running.0.wait().expect("it ends").success());
    assert_eq!(folders(place.path()), 0);
}

/// Whether the sign-in page lets them in.
fn signs_in(address: &str, email: &str, password: &str) -> bool {
    let agent: ureq::Agent = ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into();
    let form_id = format!("{:x>43}", password.len());
    let fields = [("form_id", form_id.as_str()), ("email", email), ("password", password)];
    let answer = agent.post(format!("{address}/sign-in")).header("Origin", address).send_form(fields).expect("an answer");
    answer.status() == 303 && answer.headers().get_all("set-cookie").iter().any(|cookie| cookie.as_bytes().starts_with(b"__Host-portico="))
}
