//! The program itself, ended in the middle and on disks that are really full (security.md, "The measure" 3): the real binary, killed
//! under load; a limit on the size of files; a file system of one megabyte.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use portico::kernel::random::Tokens;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::faults::times;
use crate::support::disk::Chance;
use crate::support::people::ADA;
use crate::support::portal::{Portal, SESSION_COOKIE, temporary_folder};
use crate::support::workload::is_whole;

/// A data folder with Harbor MSP, and Ada's session in it.
struct Data {
    folder: TempDir,
    cookie: String,
}

impl Data {
    fn new() -> Self {
        let folder = temporary_folder();
        let cookie = Self::fill(folder.path());
        Self { folder, cookie }
    }

    /// Puts it into a folder; Ada's cookie.
    fn fill(folder: &Path) -> String {
        let portal = Portal::firm();
        let visit = portal.sign_in(ADA);
        portal.db().checkpoint().expect("its log is emptied");
        for file in ["portico.db", "portico.key"] {
            std::fs::copy(portal.folder().join(file), folder.join(file)).expect("a copy");
        }
        format!("{SESSION_COOKIE}={}", visit.cookie(SESSION_COOKIE).expect("she is signed in"))
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn database(&self) -> PathBuf {
        self.path().join("portico.db")
    }

    fn one<T: rusqlite::types::FromSql>(&self, sql: &str) -> T {
        let connection = Connection::open(self.database()).expect("the file opens");
        connection.busy_timeout(Duration::from_secs(5)).expect("a timeout");
        connection.query_row(sql, [], |row| row.get(0)).expect(sql)
    }
}

/// `portico` with these arguments, perhaps through a shell that says something first.
fn portico(data: &Path, before: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{before} exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_portico"), "--data"]).arg(data).args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PORTICO_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A running portal; killed when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    #[track_caller]
    fn start(data: &Data, before: &str) -> Self {
        // Sessions are as old as the machine's clock says.
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a time").as_millis().to_string();
        Connection::open(data.database())
            .expect("the file opens")
            .execute("update session set created_at = ?1, last_seen_at = ?1, proved_at = ?1", [now.parse::<i64>().expect("a number")])
            .expect("a session");
        let mut child = portico(data.path(), before, &["serve", "--listen", "127.0.0.1:0"]).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its words"));
        let mut line = String::new();
        lines.read_line(&mut line).expect("a line");
        let Some(address) = line.trim().strip_prefix("Portico answers at http://").map(ToOwned::to_owned) else {
            let mut why = String::new();
            child.stderr.take().expect("its complaints").read_to_string(&mut why).expect("words");
            panic!("it does not start: {line}{why}");
        };
        let mut complaints = child.stderr.take().expect("its complaints");
        std::thread::spawn(move || std::io::copy(&mut complaints, &mut std::io::sink()));
        Self { child, address }
    }

    /// Status and text of the answer, if there was a whole one.
    fn ask(&self, request: &str, cookie: &str, body: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
        write!(
            stream,
            "{request} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n",
            self.address
        )
        .ok()?;
        let kind = "Content-Type: application/x-www-form-urlencoded";
        let length = if request.starts_with("GET") { String::new() } else { format!("{kind}\r\nContent-Length: {}\r\n", body.len()) };
        write!(stream, "{length}\r\n{body}").ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        Some((status, answer))
    }

    /// Asks for an organization; the answer.
    fn create(&self, cookie: &str, name: &str) -> Option<(u16, String)> {
        let body = format!("form_id={}&name={}", Tokens.token().expect("chance"), name.replace(' ', "+"));
        self.ask("POST /organizations", cookie, &body)
    }

    #[track_caller]
    fn shows(&self, cookie: &str, path: &str, words: &str) {
        let (status, text) = self.ask(&format!("GET {path}"), cookie, "").expect("an answer");
        assert!(status == 200 && text.contains(words), "{path}: {status} {text}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn import_file(folder: &Path, number: u64) -> PathBuf {
    let path = folder.join("organizations.csv");
    let mut text = "name,contact_first_name,contact_last_name,contact_email,country,plan,auto_license,seats\n".to_owned();
    for row in 0..12 {
        writeln!(text, "Import {number} Firm {row},Jo,Doe,jo{row}@import{number}.example,DE,backup,yes,").expect("text");
    }
    std::fs::write(&path, text).expect("a file");
    path
}

/// A server under load, or an import, or both beside each other, killed after so many milliseconds; what was acknowledged until then.
fn killed(data: &Data, number: u64, chance: &mut Chance) -> Vec<String> {
    let acknowledged = Mutex::new(Vec::new());
    let files = tempfile::tempdir().expect("a folder");
    let server = (!number.is_multiple_of(3)).then(|| Server::start(data, ""));
    let file = import_file(files.path(), number);
    let import = (number % 3 != 1).then(|| {
        let file = file.to_str().expect("a path");
        portico(data.path(), "", &["import", file]).spawn().expect("it starts")
    });
    let patience = Duration::from_millis(5 + chance.below(if server.is_some() { 150 } else { 400 }));
    std::thread::scope(|scope| {
        for client in 0..if server.is_some() { 2 } else { 0 } {
            let (server, acknowledged) = (server.as_ref().expect("a server"), &acknowledged);
            scope.spawn(move || {
                for request in 0.. {
                    let name = format!("Day {number} Client {client} Firm {request}");
                    match server.create(&data.cookie, &name) {
                        Some((303, _)) => acknowledged.lock().expect("a list").push(name),
                        Some((status, text)) => panic!("{status}: {text}"),
                        None => return,
                    }
                }
            });
        }
        std::thread::sleep(patience);
        if let Some(server) = &server {
            let told = Command::new("kill").args(["-KILL", &server.child.id().to_string()]).status().expect("kill");
            assert!(told.success());
        }
        if let Some(mut import) = import {
            match import.try_wait().expect("a child") {
                Some(ended) if ended.success() => acknowledged.lock().expect("a list").push(format!("Import {number} Firm 11")),
                Some(ended) => panic!("the import ended with {ended}"),
                None => {
                    import.kill().expect("it is killed");
                    import.wait().expect("it is gone");
                }
            }
        }
    });
    acknowledged.into_inner().expect("a list")
}

/// security.md, "The measure" 3: 100 kills during imports and work over HTTP, on one data folder.
#[test]
fn no_kill_loses_what_was_acknowledged() {
    let (data, mut chance, mut all) = (Data::new(), Chance(1), 0);
    let kills = times(100, 300);
    for number in 0..kills {
        let acknowledged = killed(&data, number, &mut chance);
        all += acknowledged.len();
        for name in acknowledged {
            let found: i64 = data.one(&format!("select count(*) from organization where name = '{name}'"));
            assert_eq!(found, 1, "kill {number}: {name}");
        }
        is_whole(&data.database(), &format!("kill {number}"));
    }
    assert!(all as u64 > kills / 2, "something was acknowledged: {all}");
}

/// SUB-3, ORG-8: killed in the middle of purges, each organization is wholly before or wholly after; the next start does what is left, once.
#[test]
fn a_kill_in_the_middle_of_purges_leaves_each_organization_whole() {
    const ENDING: i64 = 120;
    let (data, mut chance) = (Data::new(), Chance(7));
    let folder = tempfile::tempdir().expect("a folder");
    unsubscribed_long_ago(&data, folder.path(), ENDING);
    let left = || -> i64 { data.one("select count(*) from subscription where state = 'unsubscribed'") };
    // What belongs together: state, date, users, accounts and their days, receipt, kept change and event.
    let halves = [
        "organization o join subscription s on s.organization = o.id where (o.deleted_at is null) = (s.state = 'deleted')",
        "organization o join subscription s on s.organization = o.id where s.state = 'deleted'
            and exists (select 1 from account a where a.organization = o.id)",
        "organization o join subscription s on s.organization = o.id where s.state = 'unsubscribed'
            and (select count(*) from account a where a.organization = o.id) <> 2",
        "subscription s where (s.state = 'deleted') <> exists (select 1 from receipt r where r.organization = s.organization)",
        "subscription s where (s.state = 'deleted') <>
            (1 = (select count(*) from subscription_change c where c.organization = s.organization and c.became = 'deleted'))",
        "subscription s where (s.state = 'deleted') <>
            (1 = (select count(*) from activity e where e.organization = s.organization and e.kind = 'organization.deleted'))",
        "organization_listing l join subscription s on s.organization = l.organization where l.state <> s.state",
    ];
    let mut kills = 0;
    while 0 < left() && kills < 200 {
        let server = Server::start(&data, "");
        std::thread::sleep(Duration::from_millis(20 + chance.below(60)));
        assert!(Command::new("kill").args(["-KILL", &server.child.id().to_string()]).status().expect("kill").success());
        drop(server);
        kills += 1;
        is_whole(&data.database(), &format!("kill {kills}"));
        for half in halves {
            assert_eq!(data.one::<i64>(&format!("select count(*) from {half}")), 0, "kill {kills}: {half}");
        }
    }
    assert_eq!(left(), 0, "all were purged in the end");
    assert!(1 < kills, "at least one kill came between two of them: {kills}");
    let in_order: i64 = data.one(
        "select count(*) from (select at, lag(at) over (order by event) as before from subscription_change where became = 'deleted') where at < before",
    );
    assert_eq!(in_order, 0, "in the order of their due times");
}

/// PAR-6: killed in the middle of transfers, each organization is wholly at the old partner or wholly at the new one; the next start does what
/// is left, once and in order.
#[test]
fn a_kill_in_the_middle_of_transfers_leaves_each_organization_whole() {
    const GOING: i64 = 120;
    let (data, mut chance) = (Data::new(), Chance(11));
    let folder = tempfile::tempdir().expect("a folder");
    unsubscribed_long_ago(&data, folder.path(), GOING);
    on_their_way(&data, GOING);
    let left = || -> i64 { data.one("select count(*) from transfer where state = 'validated'") };
    let before = data.one::<i64>("select count(*) from letter");
    // What belongs together: the transfer, the organization with its rows in every list, its subscription, its users and their identities.
    let halves = [
        "transfer t join organization o on o.id = t.organization where o.partner <> iif(t.state = 'done', 2, 1)",
        "transfer t join subscription s on s.organization = t.organization where s.partner <> iif(t.state = 'done', 2, 1)",
        "transfer t join account a on a.organization = t.organization where a.partner <> iif(t.state = 'done', 2, 1)",
        "transfer t join account a on a.organization = t.organization join identity i on i.id = a.identity where i.partner <> a.partner",
        "transfer t join organization_user u on u.organization = t.organization where u.partner <> iif(t.state = 'done', 2, 1)",
        "transfer t where (select count(*) from account a where a.organization = t.organization) <> 2",
        "transfer t where (t.state = 'done') <> exists (select 1 from organization_listing l where l.organization = t.organization and l.viewer = 2)",
        "transfer t where (t.state = 'done') <> (1 = (select count(*) from activity e where e.target_id = t.organization
            and e.kind = 'organization.transferred'))",
    ];
    let mut kills = 0;
    while 0 < left() && kills < 200 {
        let server = Server::start(&data, "");
        std::thread::sleep(Duration::from_millis(20 + chance.below(60)));
        assert!(Command::new("kill").args(["-KILL", &server.child.id().to_string()]).status().expect("kill").success());
        drop(server);
        kills += 1;
        is_whole(&data.database(), &format!("kill {kills}"));
        for half in halves {
            assert_eq!(data.one::<i64>(&format!("select count(*) from {half}")), 0, "kill {kills}: {half}");
        }
    }
    assert_eq!((left(), data.one::<i64>("select count(*) from transfer where state = 'done'")), (0, GOING), "all went in the end");
    assert!(1 < kills, "at least one kill came between two of them: {kills}");
    assert!(before < data.one::<i64>("select count(*) from letter"), "and both sides were told");
    let disordered: i64 = data.one(
        "select count(*) from (select t.due_at, lag(t.due_at) over (order by e.seq) as before from transfer t
            join activity e on e.target_id = t.organization and e.kind = 'organization.transferred') where due_at < before",
    );
    assert_eq!(disordered, 0, "in the order of their cut-off dates");
}

/// The same organizations, active, each with a validated transfer to Tidewater IT whose cut-off date has come, one after the other.
fn on_their_way(data: &Data, count: i64) {
    let connection = Connection::open(data.database()).expect("the file opens");
    let going = "(select id from organization where name like 'Ending Firm %')";
    for sql in [
        format!("update subscription set state = 'active' where organization in {going}"),
        format!("update organization_listing set state = 'active', unsubscribed_at = null where organization in {going}"),
    ] {
        connection.execute(&sql, []).expect("it runs");
    }
    let asked = connection
        .execute(
            &format!(
                "insert into transfer (id, partner, receiver, validator, receiver_id, organization, name, name_key, asked_by, asked_at, state,
                                       validated_by, due_at)
                 select id, 1, 2, 2, 'P-00000002', id, name, name_key, 'Ada', 1, 'validated', 'Pia', 1000000 + id % 1000
                   from organization where id in {going}"
            ),
            [],
        )
        .expect("it runs");
    assert_eq!(i64::try_from(asked).expect("a number"), count);
}

/// Organizations with two users each whose windows ended one after the other, all before now.
fn unsubscribed_long_ago(data: &Data, folder: &Path, count: i64) {
    let organizations = folder.join("organizations.csv");
    let users = folder.join("users.csv");
    let (mut firms, mut people) = ("name,plan,auto_license\n".to_owned(), "organization,first_name,last_name,email,access\n".to_owned());
    for row in 0..count {
        writeln!(firms, "Ending Firm {row},backup,yes").expect("text");
        for user in 0..2 {
            writeln!(people, "Ending Firm {row},Jo,Doe{user},jo{user}@ending{row}.example,full").expect("text");
        }
    }
    std::fs::write(&organizations, firms).expect("a file");
    std::fs::write(&users, people).expect("a file");
    let files = [organizations.to_str().expect("a path"), users.to_str().expect("a path")];
    assert!(portico(data.path(), "", &["import", files[0], files[1]]).status().expect("it runs").success());
    let connection = Connection::open(data.database()).expect("the file opens");
    let ending = "(select id from organization where name like 'Ending Firm %')";
    for (table, column) in [("subscription", "since"), ("organization_listing", "unsubscribed_at")] {
        let sql =
            format!("update {table} set state = 'unsubscribed', {column} = 1000000 + organization % 1000 where organization in {ending}");
        assert!(i64::try_from(connection.execute(&sql, []).expect("it runs")).expect("a number") >= count);
    }
}

/// OPS-4: files may not grow beyond so many bytes: refused with a sentence, reads go on, and nothing is lost.
#[test]
fn a_limit_on_the_size_of_files_refuses_and_reads_go_on() {
    let data = Data::new();
    let size = std::fs::metadata(data.database()).expect("a file").len();
    // In blocks of 512 bytes.
    let server = Server::start(&data, &format!("ulimit -f {};", size / 512 + 16));
    let refused_from = fill_up(&server, &data.cookie);
    server.shows(&data.cookie, "/", "Ada");
    server.shows(&data.cookie, "/organizations", "Alder Dental");
    drop(server);
    is_whole(&data.database(), "a limit on the size of files");
    let found: i64 = data.one("select count(*) from organization where name like 'Day %'");
    assert_eq!(found, refused_from, "what was acknowledged, and nothing else");
    let server = Server::start(&data, "");
    assert_eq!(server.create(&data.cookie, "Day after").expect("an answer").0, 303);
}

/// Creates organizations until one is refused, and a few more after it; how many were not.
#[track_caller]
fn fill_up(server: &Server, cookie: &str) -> i64 {
    let mut made = 0;
    for number in 0..2_000 {
        let (status, text) = server.create(cookie, &format!("Day {number} Firm")).expect("an answer");
        if status == 303 {
            made += 1;
            continue;
        }
        assert_eq!(status, 503, "{text}");
        assert!(text.contains("This could not be saved") || text.contains("It is not known yet"), "{text}");
        assert!(text.contains(&format!("Day {number} Firm")), "the form is filled in: {text}");
        assert!(made > 3, "it was full from the beginning");
        // A smaller change may still fit.
        for more in 0..5 {
            let (status, text) = server.create(cookie, &format!("Day of more {more}")).expect("an answer");
            assert!(status == 303 || status == 503, "{text}");
            made += i64::from(status == 303);
        }
        return made;
    }
    panic!("it is never full");
}

/// OPS-3: a first start without room is a sentence and leaves no half of anything; with room it is a first start.
#[test]
fn a_first_start_without_room_leaves_nothing_in_the_way() {
    let folder = temporary_folder();
    let init =
        ["init", "--partner", "Fjord IT", "--country", "NO", "--first-name", "Ada", "--last-name", "Lane", "--email", "ada@fjord.example"];
    let run = |blocks: &str| {
        let mut child = portico(folder.path(), &format!("ulimit -f {blocks};"), &init).stdin(Stdio::piped()).spawn().expect("it starts");
        drop(child.stdin.take().expect("its input").write_all(b"four unrelated harbor words\n"));
        let output = child.wait_with_output().expect("it ends");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for blocks in 0..8 {
        let (code, said) = run(&(blocks * blocks * 8).to_string());
        assert_eq!(code, Some(1), "{blocks}: {said}");
        assert!(said.starts_with("portico: ") && said.trim_end().lines().count() == 1, "{blocks}: one sentence: {said}");
    }
    let (code, said) = run("unlimited");
    assert_eq!(code, Some(0), "{said}");
}

/// A file system of a few megabytes, unmounted when dropped.
struct Mount(TempDir);

impl Mount {
    fn new() -> Option<Self> {
        let folder = temporary_folder();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]).arg(folder.path()).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(folder)),
            Ok(output) => {
                println!("skipped, nothing can be mounted here: {}", String::from_utf8_lossy(&output.stderr).trim());
                None
            }
            Err(error) => {
                println!("skipped, nothing can be mounted here: {error}");
                None
            }
        }
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(self.0.path()).status());
    }
}

/// OPS-4: a disk that is really full, and then has room again.
#[test]
fn a_full_file_system_refuses_and_works_again_when_there_is_room() {
    let Some(mount) = Mount::new() else { return };
    let folder = tempfile::tempdir_in(mount.0.path()).expect("a folder");
    let cookie = Data::fill(folder.path());
    let data = Data { folder, cookie };
    let filler = mount.0.path().join("filler");
    let server = Server::start(&data, "");
    assert_eq!(server.create(&data.cookie, "Day before").expect("an answer").0, 303);
    // Everything but a little room is taken by somebody else.
    let mut file = std::fs::File::create(&filler).expect("a file");
    while file.write_all(&[1; 4_096]).is_ok() {}
    file.set_len(file.metadata().expect("a file").len() - 800 * 1_024).expect("a little room");
    drop(file);
    let made = fill_up(&server, &data.cookie);
    server.shows(&data.cookie, "/organizations", "Alder Dental");
    std::fs::remove_file(&filler).expect("room");
    assert_eq!(server.create(&data.cookie, "Day after").expect("an answer").0, 303);
    drop(server);
    is_whole(&data.database(), "a full file system");
    let found: i64 = data.one("select count(*) from organization where name like 'Day %'");
    assert_eq!(found, made + 2);
}
