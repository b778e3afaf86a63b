//! How letters leave by the options of `portico serve`, with the real program (MAI-1, MAI-2, OPS-5).

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::support::mail_server::{Act, MailServer, Step, Tls, authority};
use crate::support::people::PASSWORD;

fn portico(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portico"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PORTICO_")) {
        command.env_remove(name);
    }
    command.arg("--data").arg(data).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// An empty portal that is set up.
fn set_up() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let init =
        ["init", "--partner", "Fjord IT", "--country", "NO", "--first-name", "Ada", "--last-name", "Lane", "--email", "ada@fjord.example"];
    let mut child = portico(folder.path(), &init).spawn().expect("the binary starts");
    child.stdin.take().expect("its input").write_all(PASSWORD.as_bytes()).expect("a password");
    assert!(child.wait_with_output().expect("it ends").status.success());
    folder
}

fn serve(data: &Path, arguments: &[&str]) -> Output {
    let serve = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
    portico(data, &serve).output().expect("it ends")
}

/// A portal that runs, and is killed at the latest when dropped.
struct Running(Child);

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the binary starts");
        let mut line = String::new();
        let mut lines = BufReader::new(child.stdout.take().expect("its output"));
        lines.read_line(&mut line).expect("a line");
        assert!(line.starts_with("Portico answers at"), "{line}");
        std::thread::spawn(move || lines.lines().count());
        Self(child)
    }

    /// Its exit code after SIGTERM, and how long it took.
    fn stop(mut self) -> (Option<i32>, Duration) {
        let begun = Instant::now();
        let told = Command::new("kill").arg("-TERM").arg(self.0.id().to_string()).status().expect("kill runs");
        assert!(told.success());
        (self.0.wait().expect("it ends").code(), begun.elapsed())
    }

    fn kill(mut self) {
        self.0.kill().expect("it is killed");
        self.0.wait().expect("it is over");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already over after `stop` and `kill`.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn database(data: &Path) -> Connection {
    let connection = Connection::open(data.join("portico.db")).expect("a database");
    connection.execute_batch("pragma busy_timeout = 5000").expect("it listens");
    connection
}

/// A letter without a link, due now.
fn letter(data: &Path) {
    database(data)
        .execute(
            "insert into letter (id, partner, kind, to_name, to_email, subject, text, html, state, next_attempt_at, created_at)
             select 7, id, 'notice', 'Olu', 'olu@alder.example', 'A notice', 'Text', '<p>Text</p>', 'queued', created_at, created_at from partner",
            [],
        )
        .expect("a letter");
}

#[track_caller]
fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn state(data: &Path) -> String {
    database(data).query_row("select state from letter", [], |row| row.get(0)).expect("a letter")
}

/// MAI-1: options and environment say the same; the password comes from a file and stands nowhere else.
#[test]
fn letters_leave_through_the_server_that_options_or_environment_name() {
    let server = MailServer::plain().tls(Tls::Starts).wants("PLAIN", "harbor", "a password of its own").start();
    let port = server.port().to_string();
    for by_environment in [false, true] {
        let data = set_up();
        let (ca, password) = (data.path().join("ca.pem"), data.path().join("smtp-password"));
        std::fs::write(&ca, authority()).expect("a file");
        std::fs::write(&password, "a password of its own\n").expect("a file");
        letter(data.path());
        let options = [
            ("--smtp-host", "localhost"),
            ("--smtp-port", &port),
            ("--smtp-security", "starttls"),
            ("--smtp-user", "harbor"),
            ("--smtp-password-file", password.to_str().expect("a path")),
            ("--smtp-ca", ca.to_str().expect("a path")),
            ("--mail-from", "portal@fjord.example"),
            ("--mail-from-name", "Fjord Care"),
        ];
        let mut command = portico(data.path(), &["serve", "--listen", "127.0.0.1:0"]);
        for (option, value) in options {
            if by_environment {
                command.env(format!("PORTICO_{}", option.trim_start_matches('-').replace('-', "_").to_uppercase()), value);
            } else {
                command.args([option, value]);
            }
        }
        let running = Running::start(command);
        until("the letter arrives", || state(data.path()) == "delivered");
        let arrived = server.arrived();
        let mail = arrived.last().expect("a letter");
        assert!(mail.encrypted && mail.user.as_deref() == Some("harbor"));
        assert_eq!(mail.header("From"), "\"Fjord Care\" <portal@fjord.example>");
        assert_eq!(running.stop().0, Some(0));
    }
    assert_eq!(server.arrived().len(), 2);
}

/// MAI-1: what does not go together is said in a sentence before anything begins.
#[test]
fn options_that_cannot_work_are_refused_at_the_start() {
    let data = set_up();
    let empty = data.path().join("empty");
    std::fs::write(&empty, "\n").expect("a file");
    let empty = empty.to_str().expect("a path");
    let from = ["--mail-from", "portal@fjord.example"];
    for (arguments, code, words) in [
        (vec!["--smtp-host", "mail.example"], 2, "--mail-from"),
        (vec!["--smtp-port", "25"], 2, "--smtp-host"),
        (vec!["--smtp-password", "secret"], 2, "--smtp-password"),
        (vec!["--smtp-host", "mail.example", from[0], from[1], "--smtp-user", "harbor"], 2, "--smtp-password-file"),
        (vec!["--smtp-host", "mail.example", from[0], from[1], "--mail-folder", "/tmp"], 2, "--mail-folder"),
        (vec!["--smtp-host", "mail.example", "--mail-from", "nonsense"], 1, "--mail-from: Enter an e-mail address"),
        (vec!["--smtp-host", "https://mail.example", from[0], from[1]], 1, "--smtp-host: Enter a name"),
        (vec!["--smtp-host", "mail.example", from[0], from[1], "--smtp-security", "none"], 1, "Letters carry links that let people in."),
        (
            vec!["--smtp-host", "mail.example", from[0], from[1], "--smtp-user", "harbor", "--smtp-password-file", "/nowhere"],
            1,
            "/nowhere cannot be read",
        ),
        (
            vec!["--smtp-host", "mail.example", from[0], from[1], "--smtp-user", "harbor", "--smtp-password-file", empty],
            1,
            "holds no password on its first line",
        ),
        (vec!["--smtp-host", "mail.example", from[0], from[1], "--smtp-ca", empty], 1, "holds no certificate in PEM form"),
    ] {
        let output = serve(data.path(), &arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

fn plainly(data: &Path, server: &MailServer) -> Command {
    let port = server.port().to_string();
    let from = ["--mail-from", "portal@fjord.example"];
    portico(
        data,
        &[&["serve", "--listen", "127.0.0.1:0", "--smtp-host", "127.0.0.1", "--smtp-security", "none", "--smtp-port", &port], &from[..]]
            .concat(),
    )
}

/// MAI-2: the portal is killed after the server took the letter and before that was noted: it is sent once more as the same message.
#[test]
fn a_letter_is_not_lost_when_the_portal_is_killed_with_it_in_hand() {
    let server = MailServer::plain()
        .manner(|moment| if moment.step == Step::End && moment.taken == 0 { Act::TakeAndSilence } else { Act::Well })
        .start();
    let data = set_up();
    letter(data.path());
    let running = Running::start(plainly(data.path(), &server));
    until("it is taken", || server.arrived().len() == 1);
    running.kill();
    assert_eq!(state(data.path()), "queued");
    // The lease ends.
    database(data.path()).execute("update letter set claimed_until = 1 where claimed_until is not null", []).expect("it ends");
    let running = Running::start(plainly(data.path(), &server));
    until("it is sent once more", || state(data.path()) == "delivered");
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 2);
    assert_eq!(arrived[0].header("Message-ID"), arrived[1].header("Message-ID"));
    assert_eq!(running.stop().0, Some(0));
}

/// OPS-5: a mail server that says nothing holds neither the end nor the other jobs up.
#[test]
fn a_silent_mail_server_holds_nothing_up() {
    let server = MailServer::plain().at(Step::Receiver, Act::Silence).start();
    let data = set_up();
    letter(data.path());
    let running = Running::start(plainly(data.path(), &server));
    until("it came so far", || server.heard().iter().any(|command| command.starts_with("RCPT")));
    // A job of the other thread: what is asked for now is answered while the letter hangs.
    database(data.path())
        .execute(
            "insert into reset_request (email_key, slug, address, requested_at) values ('ada@fjord.example', null, '127.0.0.1', 1)",
            [],
        )
        .expect("a request");
    until("the other jobs go on", || {
        database(data.path()).query_row("select count(*) from letter", [], |row| row.get::<_, i64>(0)).expect("a number") == 2
    });
    let (code, took) = running.stop();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(10), "{took:?}");
    let free: i64 = database(data.path())
        .query_row("select count(*) from letter where claimed_until is not null", [], |row| row.get(0))
        .expect("a number");
    assert_eq!((state_of(data.path(), 7).as_str(), free), ("queued", 0), "the letter is free at once");
}

fn state_of(data: &Path, id: i64) -> String {
    database(data).query_row("select state from letter where id = ?1", [id], |row| row.get(0)).expect("a letter")
}
