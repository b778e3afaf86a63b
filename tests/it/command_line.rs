//! The command line, by the real binary: ACC-1, ACC-14, SEC-4, OPS-5 and the sentences of what goes wrong.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use portico::app::lock::{Lock, Purpose};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::support::older;
use crate::support::people::PASSWORD;

/// The binary over this data folder, with nothing from the test's own environment.
pub fn portico(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portico"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PORTICO_")) {
        command.env_remove(name);
    }
    command.arg("--data").arg(data).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end.
pub fn run(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = portico(data).args(arguments).spawn().expect("the binary starts");
    // It may refuse its arguments before it reads.
    drop(child.stdin.take().expect("its input").write_all(input.as_bytes()));
    // What should have been refused may be served instead, and would be for ever.
    let until = Instant::now() + Duration::from_mins(1);
    while child.try_wait().expect("it is looked after").is_none() {
        if Instant::now() > until {
            drop(child.kill());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().expect("it ends")
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// It ended with this code and a sentence with these words.
#[track_caller]
pub fn refused(output: &Output, code: i32, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(words), "{said}");
    if code == 1 {
        assert_eq!(said.trim_end().lines().count(), 1, "one sentence: {said}");
    }
}

pub const INIT: &[&str] =
    &["init", "--partner", "Fjord IT", "--country", "NO", "--first-name", "Ada", "--last-name", "Lane", "--email", "ada@fjord.example"];

/// Starts a program that was written a moment ago. Another test that starts one of its own at that moment hands our open file on to it until
/// it has begun, and so long the system calls ours busy.
fn spawn_when_written(command: &mut Command) -> Child {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        match command.spawn() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy && Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(20));
            }
            done => return done.expect("it starts"),
        }
    }
}

/// A portal that is being served, ended by SIGTERM at the latest when dropped.
pub struct Serving {
    pub child: Child,
    lines: BufReader<std::process::ChildStdout>,
    complaints: BufReader<std::process::ChildStderr>,
    /// Where it said it answers, with its scheme.
    pub url: String,
    /// The same without.
    pub address: String,
}

impl Serving {
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, &["--listen", "127.0.0.1:0"])
    }

    /// With these options of `serve`.
    #[track_caller]
    pub fn start_with(data: &Path, options: &[&str]) -> Self {
        let mut child = portico(data).arg("serve").args(options).spawn().expect("the binary starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output"));
        let mut complaints = BufReader::new(child.stderr.take().expect("its complaints"));
        let mut line = String::new();
        lines.read_line(&mut line).expect("a line");
        let Some(url) = line.trim().strip_prefix("Portico answers at ").map(ToOwned::to_owned) else {
            let mut why = String::new();
            complaints.read_to_string(&mut why).expect("its complaint");
            panic!("{line}{why}");
        };
        let address = url.split_once("://").expect("an address").1.to_owned();
        Self { child, lines, complaints, url, address }
    }

    /// The next line that it says.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line");
        line
    }

    /// The next line that it complains.
    pub fn complaint(&mut self) -> String {
        let mut line = String::new();
        self.complaints.read_line(&mut line).expect("a line");
        line
    }

    /// Sends it a signal: `HUP`, `TERM`.
    #[track_caller]
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(sent.success());
    }

    pub fn status(&self, request_line: &str, more: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        write!(stream, "{request_line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{more}", self.address).expect("the request is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer.lines().next().unwrap_or_default().to_owned()
    }

    pub fn post(&self, path: &str, body: &str) -> String {
        let kind = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin";
        self.status(&format!("POST {path}"), &format!("{kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
    }

    /// Ends it in order; its exit code.
    pub fn stop(mut self) -> Option<i32> {
        self.signal("TERM");
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Already over after `stop`.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// ACC-1, OPS-5: an empty folder prints a link that works once; SIGTERM ends the server with 0, and the next start prints none.
#[test]
fn an_empty_folder_is_served_with_a_link_to_set_it_up() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let mut serving = Serving::start(&data);
    let told = serving.line();
    let link = told.split_whitespace().last().expect("a link").to_owned();
    let path = link.strip_prefix(&format!("http://{}", serving.address)).unwrap_or_else(|| panic!("{told}")).to_owned();
    assert!(path.len() > "/set-up/".len() + 40, "{path}");
    assert!(serving.status(&format!("GET {path}"), "\r\n").contains("200"));
    assert!(serving.status("GET /set-up/another", "\r\n").contains("404"));
    let body = format!(
        "form_id=a-form-id-of-twenty-signs&partner=Fjord+IT&country=NO&first_name=Ada&last_name=Lane&email=ada%40fjord.example&password={0}&password_again={0}",
        PASSWORD.replace(' ', "+")
    );
    assert!(serving.post(&path, &body).contains("303"));
    assert!(serving.status(&format!("GET {path}"), "\r\n").contains("404"));
    assert_eq!(serving.stop(), Some(0));

    let serving = Serving::start(&data);
    let body = format!("email=ada%40fjord.example&password={}", PASSWORD.replace(' ', "+"));
    assert!(serving.post("/sign-in", &body).contains("303"));
    assert!(serving.post("/sign-in", &body.replace("four", "five")).contains("422"));
    assert_eq!(serving.stop(), Some(0));
}

/// The key file, the database and the folder are for this user alone.
#[cfg(unix)]
#[test]
fn the_key_and_the_database_are_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("deep/data");
    assert!(run(&data, INIT, PASSWORD).status.success());
    let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("portico.key")), 0o600);
    assert_eq!(mode(&data.join("portico.db")), 0o600);
    assert_eq!(std::fs::metadata(data.join("portico.key")).expect("it is there").len(), 32);
}

/// ACC-1: `init` sets up an empty portal and prints Partner ID and sign-in address; a second time it refuses.
#[test]
fn init_sets_an_empty_portal_up_once() {
    let folder = TempDir::new().expect("a folder");
    let output = run(folder.path(), INIT, &format!("{PASSWORD}\n"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let db = Connection::open(folder.path().join("portico.db")).expect("a database");
    let (id, slug): (String, String) =
        db.query_row("select public_id, slug from partner", [], |row| Ok((row.get(0)?, row.get(1)?))).expect("a partner");
    assert!(out(&output).contains(&id) && out(&output).contains(&format!("/p/{slug}/sign-in")), "{}", out(&output));
    let actor: String = db.query_row("select actor from activity", [], |row| row.get(0)).expect("an event");
    assert_eq!(actor, "The operator of this machine");
    refused(&run(folder.path(), INIT, PASSWORD), 1, "set up already");
}

/// `init` says what is wrong with an argument or the password, and leaves nothing behind.
#[test]
fn init_refuses_what_the_page_would_refuse() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    refused(&run(&data, INIT, "short"), 1, "Use at least 12 characters.");
    refused(&run(&data, INIT, ""), 1, "standard input");
    let wrong: Vec<&str> = INIT.iter().map(|word| if *word == "NO" { "Norge" } else { word }).collect();
    refused(&run(&data, &wrong, PASSWORD), 1, "--country");
    assert!(!data.exists());
}

/// Wrong usage is 2; asking for help is not wrong.
#[test]
fn wrong_usage_is_2() {
    let folder = TempDir::new().expect("a folder");
    for arguments in
        [&["nonsense"][..], &["serve", "--nonsense"], &["serve", "--listen", "here"], &["init"], &["account"], &["account", "set-password"]]
    {
        assert_eq!(run(folder.path(), arguments, "").status.code(), Some(2), "{arguments:?}");
    }
    for arguments in [&["--help"][..], &["--version"], &["serve", "--help"]] {
        assert_eq!(run(folder.path(), arguments, "").status.code(), Some(0), "{arguments:?}");
    }
}

/// SEC-4: whoever has the machine clears a second factor; sessions end, the password stays, and the log names the operator.
#[test]
fn the_operator_clears_a_second_factor() {
    let folder = TempDir::new().expect("a folder");
    assert!(run(folder.path(), INIT, PASSWORD).status.success());
    let clear = ["account", "clear-second-factor", "Ada@fjord.example"];
    refused(&run(folder.path(), &clear, ""), 1, "has no second factor");
    refused(&run(folder.path(), &["account", "clear-second-factor", "nobody@fjord.example"], ""), 1, "Nobody signs in with");
    let db = Connection::open(folder.path().join("portico.db")).expect("a database");
    db.execute_batch(
        "insert into second_factor select id, partner, x'00', 0, 0 from identity;
         insert into recovery_code select id, partner, x'00', null from identity;
         insert into session select 7, x'07', partner, id, null, 1, 1, 1, '', '', null from identity;",
    )
    .expect("a second factor");
    let output = run(folder.path(), &clear, "");
    assert!(output.status.success() && out(&output).contains("Fjord IT"), "{}", out(&output));
    let left = "select (select count(*) from second_factor) + (select count(*) from recovery_code) + (select count(*) from session)";
    assert_eq!(db.query_row(left, [], |row| row.get::<_, i64>(0)).expect("a count"), 0);
    let (actor, sentence): (String, String) = db
        .query_row("select actor, sentence from activity order by seq desc limit 1", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("an event");
    assert_eq!((actor.as_str(), sentence.as_str()), ("The operator of this machine", "cleared the second factor of Ada@fjord.example"));
}

/// ACC-14, SEC-4: whoever has the machine sets a password; sessions end, and the log names the operator.
#[test]
fn a_password_is_set_from_the_command_line() {
    let folder = TempDir::new().expect("a folder");
    assert!(run(folder.path(), INIT, PASSWORD).status.success());
    let serving = Serving::start(folder.path());
    let body = |password: &str| format!("email=ada%40fjord.example&password={}", password.replace(' ', "+"));
    assert!(serving.post("/sign-in", &body(PASSWORD)).contains("303"));
    let output = run(folder.path(), &["account", "set-password", "ADA@fjord.example"], "another unrelated set of words\r\n");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(out(&output).contains("Fjord IT"));
    let db = Connection::open(folder.path().join("portico.db")).expect("a database");
    let sessions: i64 = db.query_row("select count(*) from session", [], |row| row.get(0)).expect("a count");
    assert_eq!(sessions, 0);
    let (actor, kind): (String, String) = db
        .query_row("select actor, kind from activity order by seq desc limit 1", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("an event");
    assert_eq!((actor.as_str(), kind.as_str()), ("The operator of this machine", "password.set"));
    assert!(serving.post("/sign-in", &body(PASSWORD)).contains("422"));
    assert!(serving.post("/sign-in", &body("another unrelated set of words")).contains("303"));
    refused(&run(folder.path(), &["account", "set-password", "nobody@fjord.example"], PASSWORD), 1, "Nobody signs in with");
    refused(
        &run(folder.path(), &["account", "set-password", "ada@fjord.example", "--partner", "P-1"], PASSWORD),
        1,
        "Nobody signs in with",
    );
    refused(&run(folder.path(), &["account", "set-password", "ada@fjord.example"], "short"), 1, "12 characters");
    assert_eq!(serving.stop(), Some(0));
}

/// A folder without a portal has nobody whose password could be set.
#[test]
fn no_portal_no_password() {
    let folder = TempDir::new().expect("a folder");
    refused(&run(folder.path(), &["account", "set-password", "ada@fjord.example"], PASSWORD), 1, "no portal");
    assert!(!folder.path().join("portico.db").exists());
}

/// OPS-3: a foreign file, a newer file, a folder that is none: one sentence, 1, and nothing changed.
#[test]
fn a_folder_that_cannot_be_used_is_named_in_one_sentence() {
    let folder = TempDir::new().expect("a folder");
    let serve = &["serve", "--listen", "127.0.0.1:0"][..];

    let text = folder.path().join("text");
    std::fs::create_dir(&text).expect("a folder");
    std::fs::write(text.join("portico.db"), "this is no database, but a text that is long enough to be read as one ".repeat(20))
        .expect("a file");
    let before = std::fs::read(text.join("portico.db")).expect("a file");
    refused(&run(&text, serve, ""), 1, "not a Portico database");
    assert_eq!(std::fs::read(text.join("portico.db")).expect("a file"), before);
    assert!(!text.join("portico.key").exists());

    let foreign = folder.path().join("foreign");
    std::fs::create_dir(&foreign).expect("a folder");
    Connection::open(foreign.join("portico.db")).expect("a database").execute_batch("create table other (id integer);").expect("a table");
    let before = std::fs::read(foreign.join("portico.db")).expect("a file");
    refused(&run(&foreign, serve, ""), 1, "belongs to another program");
    assert_eq!(std::fs::read(foreign.join("portico.db")).expect("a file"), before);

    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    refused(&run(&file, serve, ""), 1, "cannot be used");
}

/// A database without its key is refused: a new key would open no letter and continue no chain.
#[test]
fn a_lost_or_wrong_key_is_named() {
    let folder = TempDir::new().expect("a folder");
    assert!(run(folder.path(), INIT, PASSWORD).status.success());
    let (key, away) = (folder.path().join("portico.key"), folder.path().join("away"));
    std::fs::rename(&key, &away).expect("it moves");
    refused(&run(folder.path(), &["serve", "--listen", "127.0.0.1:0"], ""), 1, "is missing");
    std::fs::write(&key, "too short").expect("a file");
    refused(&run(folder.path(), &["serve", "--listen", "127.0.0.1:0"], ""), 1, "not a key file");
    std::fs::rename(&away, &key).expect("it moves back");
    assert_eq!(Serving::start(folder.path()).stop(), Some(0));
}

/// A taken port and an address of the network are refused.
#[test]
fn an_address_that_cannot_be_used_is_named() {
    let folder = TempDir::new().expect("a folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    refused(&run(folder.path(), &["serve", "--listen", &address], ""), 1, "cannot listen");
}

/// What is no address and port is told what one looks like.
#[test]
fn an_address_that_is_none_is_told_what_one_looks_like() {
    let folder = TempDir::new().expect("a folder");
    for command in ["serve", "demo"] {
        for listen in ["localhost:8090", "18503", "127.0.0.1"] {
            refused(&run(folder.path(), &[command, "--listen", listen], ""), 2, "such as 127.0.0.1:8090");
        }
    }
}

/// A command whose output nobody reads has done its work all the same, and ends without a word.
#[test]
fn a_command_ends_quietly_when_nobody_reads_what_it_says() {
    let folder = TempDir::new().expect("a folder");
    for (arguments, input) in [(INIT, PASSWORD), (&["account", "set-password", "ada@fjord.example"], PASSWORD), (&["check"], "")] {
        let mut child = portico(folder.path()).args(arguments).spawn().expect("the binary starts");
        // It waits for its input, if it wants any, before it says anything.
        drop(child.stdout.take());
        child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), complaint.as_ref()), (Some(0), ""), "{arguments:?}");
    }
}

/// OPS-5: a portal without TLS has nothing to read again, and goes on.
#[cfg(unix)]
#[test]
fn a_hangup_does_not_end_a_portal_without_tls() {
    let folder = TempDir::new().expect("a folder");
    assert!(run(folder.path(), INIT, PASSWORD).status.success());
    let mut serving = Serving::start(folder.path());
    for _ in 0..2 {
        serving.signal("HUP");
        assert!(serving.line().starts_with("Nothing to read again: "));
    }
    assert!(serving.status("GET /sign-in", "\r\n").contains("200"));
    assert_eq!(serving.stop(), Some(0));
}

/// MAI-1: where letters leave with links that only this machine can open, the start says so; else it does not.
#[test]
fn links_that_only_this_machine_can_open_are_pointed_out_where_letters_leave() {
    let folder = TempDir::new().expect("a folder");
    assert!(run(folder.path(), INIT, PASSWORD).status.success());
    let letters = folder.path().join("letters");
    std::fs::create_dir(&letters).expect("a folder");
    let letters = letters.display().to_string();
    let complaint = |options: &[&str]| {
        let mut serving = Serving::start_with(folder.path(), &[&["--listen", "127.0.0.1:0"], options].concat());
        serving.signal("TERM");
        assert_eq!(serving.child.wait().expect("it ends").code(), Some(0));
        (serving.complaint(), serving.url.clone())
    };
    let (said, url) = complaint(&["--mail-folder", &letters]);
    assert_eq!(
        said,
        format!("Links in letters begin with {url}, which nobody on another machine can open. Start Portico with --public-url.\n")
    );
    assert_eq!(complaint(&[]).0, "", "letters are held");
    let behind = ["--mail-folder", &letters, "--public-url", "https://portal.example", "--trusted-proxy", "127.0.0.1"];
    assert_eq!(complaint(&behind).0, "");
}

/// Plain HTTP over a network has to be wanted; what cannot be guessed has to be said. Nothing is made before.
#[test]
fn a_way_in_that_is_not_safe_is_refused() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    let local = "127.0.0.1:0";
    for (options, words) in [
        (&["--listen", "0.0.0.0:0"][..], "--insecure-lan"),
        (&["--listen", "192.0.2.7:0"], "--insecure-lan"),
        (&["--listen", "[::]:0", "--public-url", "https://portal.example"], "--insecure-lan"),
        (&["--listen", local, "--public-url", "http://portal.example"], "--insecure-lan"),
        (&["--listen", "0.0.0.0:0", "--insecure-lan"], "--public-url"),
        (&["--listen", "[::]:0", "--insecure-lan"], "--public-url"),
        (&["--listen", local, "--public-url", "portal.example"], "https://"),
        (&["--listen", local, "--public-url", "https://portal.example/portico"], "at the top"),
        (&["--listen", local, "--public-url", "https://portal.example:0"], "port"),
    ] {
        let arguments: Vec<&str> = ["serve"].iter().chain(options).copied().collect();
        refused(&run(&data, &arguments, ""), 1, words);
        assert!(!data.exists(), "{options:?}");
    }
}

/// The same options come from the environment, for containers; the warning is said each time.
#[test]
fn the_environment_says_what_options_say() {
    let folder = TempDir::new().expect("a folder");
    let environment =
        [("PORTICO_LISTEN", "127.0.0.1:0"), ("PORTICO_PUBLIC_URL", "http://Portal.example:8090/"), ("PORTICO_INSECURE_LAN", "true")];
    let mut child = portico(folder.path()).arg("serve").envs(environment).spawn().expect("the binary starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    drop(child.kill());
    let mut warning = String::new();
    child.stderr.take().expect("its warnings").read_to_string(&mut warning).expect("text");
    drop(child.wait());
    assert_eq!(line, "Portico answers at http://portal.example:8090\n");
    assert!(warning.contains("without TLS") && warning.contains("passwords"), "{warning}");

    let output = portico(folder.path()).arg("serve").env("PORTICO_LISTEN", "0.0.0.0:0").output().expect("it runs");
    refused(&output, 1, "--insecure-lan");
    let help = out(&run(folder.path(), &["serve", "--help"], ""));
    for name in ["LISTEN", "PUBLIC_URL", "TRUSTED_PROXY", "INSECURE_LAN", "TLS_CERT", "TLS_KEY", "TLS_SELF_SIGNED", "DATA"] {
        assert!(help.contains(&format!("PORTICO_{name}")), "{help}");
    }
}

/// `portico` alone is `portico serve`, with its options; what is no command of any kind is wrong usage.
#[test]
fn serving_needs_no_word() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("a-file");
    std::fs::write(&file, "no folder").expect("a file");
    let told = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_portico")).args(arguments).output().expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, sentence) = told(&["--listen", "127.0.0.1:0", "--data", &file.display().to_string()]);
    assert_eq!(code, Some(1), "{sentence}");
    assert!(sentence.contains("cannot be used"), "{sentence}");
    assert_eq!(told(&["--listen", "here"]).0, Some(2));
    assert_eq!(told(&["nonsense"]).0, Some(2));
    assert_eq!(told(&["--help"]).0, Some(0));
}

/// OPS-1, LOG-2: beside a running server a backup is made and the portal looked at; the backup is noted, and nothing is overwritten.
#[test]
fn a_backup_and_a_check_work_beside_a_running_server() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data");
    assert!(run(&data, INIT, PASSWORD).status.success());
    let serving = Serving::start(&data);
    let file = folder.path().join("copy.db").display().to_string();
    let output = run(&data, &["backup", &file], "");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for words in ["0 organizations", &file, "mark", ".key"] {
        assert!(out(&output).contains(words), "{words}: {}", out(&output));
    }
    let copy = Connection::open(&file).expect("the copy");
    let told: String = copy.query_row("select sentence from activity order by seq desc limit 1", [], |row| row.get(0)).expect("an event");
    assert_eq!(told, "made a backup of the whole portal, copy.db");
    refused(&run(&data, &["backup", &file], ""), 1, "is there already");
    let elsewhere = folder.path().join("apart.key");
    let output = run(&data, &["backup", &format!("{file}.2"), "--key-file", &elsewhere.display().to_string()], "");
    assert!(output.status.success() && elsewhere.exists() && !folder.path().join("copy.db.2.key").exists(), "{}", out(&output));
    let output = run(&data, &["backup", &format!("{file}.3"), "--no-key"], "");
    assert!(output.status.success() && out(&output).contains("left out") && !folder.path().join("copy.db.3.key").exists());
    refused(&run(&data, &["backup", &format!("{file}.4"), "--no-key", "--key-file", "x"], ""), 2, "cannot be used with");

    let output = run(&data, &["check"], "");
    assert!(output.status.success() && !out(&output).contains("FAILED"), "{}", out(&output));
    assert_eq!(out(&output).lines().filter(|line| line.starts_with("ok ")).count(), 10, "{}", out(&output));
    Connection::open(data.join("portico.db"))
        .expect("a database")
        .execute("insert into organization_count (viewer, state, count) select id, 'active', 3 from partner", [])
        .expect("it is spoiled");
    let output = run(&data, &["check"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("FAILED  counts"), "{}", out(&output));
    assert_eq!(serving.stop(), Some(0));
}

/// OPS-3: one server a data folder; the lock goes with the process, and a file that was left is no obstacle.
#[test]
fn one_server_serves_a_folder() {
    let folder = TempDir::new().expect("a folder");
    assert!(run(folder.path(), INIT, PASSWORD).status.success());
    let serve = &["serve", "--listen", "127.0.0.1:0"][..];
    let mut serving = Serving::start(folder.path());
    let second = run(folder.path(), serve, "");
    refused(&second, 1, "A portal runs in");
    assert!(String::from_utf8_lossy(&second.stderr).contains(&serving.address), "it says where");
    serving.child.kill().expect("it is killed");
    serving.child.wait().expect("it is over");
    assert!(folder.path().join("portico.lock").exists() && folder.path().join("portico.address").exists());
    let serving = Serving::start(folder.path());
    assert_eq!(serving.stop(), Some(0));
    assert!(!folder.path().join("portico.address").exists());
}

/// Makes an older file of this one, of the schema before the newest.
pub fn age(database: &Path) {
    older::age(database, older::previous());
}

/// OPS-2: before the schema is brought up to date a verified copy with its key is kept and named.
#[test]
fn an_older_file_is_copied_before_it_is_brought_up_to_date() {
    let folder = TempDir::new().expect("a folder");
    assert!(run(folder.path(), INIT, PASSWORD).status.success());
    age(&folder.path().join("portico.db"));
    let newest = portico::kernel::db::migrations::newest();
    let output = run(folder.path(), &["account", "set-password", "ada@fjord.example"], PASSWORD);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let copies: Vec<_> =
        std::fs::read_dir(folder.path().join("backups")).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    assert_eq!(copies.len(), 2, "{copies:?}");
    let copy = copies.iter().find(|path| path.extension().is_some_and(|ending| ending == "db")).expect("a copy");
    assert!(
        out(&output).contains(&copy.display().to_string())
            && out(&output).contains(&format!("from schema {} to {newest}", older::previous())),
        "{}",
        out(&output)
    );
    let version = |path: &Path| {
        let sql = "select max(version) from refinery_schema_history";
        Connection::open(path).expect("a database").query_row(sql, [], |row| row.get::<_, i32>(0)).expect("a number")
    };
    assert_eq!((version(copy), version(&folder.path().join("portico.db"))), (older::previous(), newest));
}

/// OPS-3: beside a running server nothing brings the schema up to date.
#[test]
fn no_schema_is_brought_up_to_date_beside_a_running_server() {
    let folder = TempDir::new().expect("a folder");
    assert!(run(folder.path(), INIT, PASSWORD).status.success());
    age(&folder.path().join("portico.db"));
    let server = Lock::take(folder.path(), Purpose::Serve).expect("an older program serves it");
    refused(&run(folder.path(), &["account", "set-password", "ada@fjord.example"], PASSWORD), 1, "stop it first");
    assert!(!folder.path().join("backups").exists());
    let sql = "select max(version) from refinery_schema_history";
    let db = Connection::open(folder.path().join("portico.db")).expect("a database");
    let version: i32 = db.query_row(sql, [], |row| row.get(0)).expect("a number");
    assert_eq!(version, older::previous());
    drop(server);
    assert!(run(folder.path(), &["account", "set-password", "ada@fjord.example"], PASSWORD).status.success());
}

/// OPS-3: a folder that cannot be written, and a database that is a folder: one sentence, 1, nothing changed. Root may write
/// everywhere, so the program is run as somebody else.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named_in_one_sentence() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    let folder = TempDir::new().expect("a folder");
    let serve = &["serve", "--listen", "127.0.0.1:0"][..];
    let strange = folder.path().join("strange");
    std::fs::create_dir_all(strange.join("portico.db")).expect("a folder");
    refused(&run(&strange, serve, ""), 1, "cannot be opened");
    assert!(!strange.join("portico.key").exists());

    let closed = folder.path().join("closed");
    assert!(run(&closed, INIT, PASSWORD).status.success());
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("its mode");
    mode(folder.path(), 0o755);
    mode(&closed, 0o555);
    for name in ["portico.db", "portico.key", "portico.lock"] {
        mode(&closed.join(name), 0o444);
    }
    let before = std::fs::read(closed.join("portico.db")).expect("a database");
    let program = folder.path().join("portico");
    std::fs::copy(env!("CARGO_BIN_EXE_portico"), &program).expect("a copy");
    mode(&program, 0o755);
    for arguments in [serve, &["account", "set-password", "ada@fjord.example"]] {
        let mut command = Command::new(&program);
        command.arg("--data").arg(&closed).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if std::fs::write(closed.join("probe"), "").is_ok() {
            std::fs::remove_file(closed.join("probe")).expect("it goes");
            command.uid(65_534).gid(65_534);
        }
        let mut child = spawn_when_written(&mut command);
        drop(child.stdin.take().expect("its input").write_all(PASSWORD.as_bytes()));
        let output = child.wait_with_output().expect("it ends");
        refused(&output, 1, "portico");
    }
    mode(&closed, 0o755);
    assert_eq!(std::fs::read(closed.join("portico.db")).expect("a database"), before);
}

/// `portico healthcheck` finds the running portal by the data folder or by its address, over TLS too, and says when there is none.
#[test]
fn a_healthcheck_says_whether_the_portal_answers() {
    let folder = TempDir::new().expect("a folder");
    assert!(run(folder.path(), INIT, PASSWORD).status.success());
    refused(&run(folder.path(), &["healthcheck"], ""), 1, "No portal runs in");
    for options in [&["--listen", "127.0.0.1:0"][..], &["--listen", "127.0.0.1:0", "--tls-self-signed"]] {
        let serving = Serving::start_with(folder.path(), options);
        let output = run(folder.path(), &["healthcheck"], "");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(out(&output).contains("answers and can write"), "{}", out(&output));
        assert!(run(folder.path(), &["healthcheck", "--url", &serving.url], "").status.success());
        assert_eq!(serving.stop(), Some(0));
    }
    refused(&run(folder.path(), &["healthcheck"], ""), 1, "No portal runs in");
    let deaf = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = deaf.local_addr().expect("its address");
    drop(deaf);
    refused(&run(folder.path(), &["healthcheck", "--url", &format!("http://{address}")], ""), 1, "does not answer");
    refused(&run(folder.path(), &["healthcheck", "--url", "nonsense"], ""), 2, "https://");
}
