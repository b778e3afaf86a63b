//! The program itself, as a process: what it holds, what it says, how it ends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portico::kernel::assets;
use tempfile::TempDir;

use super::wire::{Client, PATIENCE, Reply};

/// `portico serve` on an empty folder.
pub struct Process {
    pub address: SocketAddr,
    child: Child,
    words: Option<JoinHandle<String>>,
    /// Its data and its temporary files.
    pub folder: TempDir,
}

impl Process {
    pub fn start() -> Self {
        Self::start_at("127.0.0.1:0", None)
    }

    /// `descriptors` is the most it may ever have.
    pub fn start_at(listen: &str, descriptors: Option<usize>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let program = env!("CARGO_BIN_EXE_portico");
        let mut command = match descriptors {
            Some(most) => {
                let mut shell = Command::new("sh");
                shell.args(["-c", &format!("ulimit -n {most} && exec \"$0\" \"$@\""), program]);
                shell
            }
            None => Command::new(program),
        };
        let temporary = folder.path().join("temporary");
        std::fs::create_dir(&temporary).expect("a folder");
        command.args(["serve", "--listen", listen, "--data"]).arg(folder.path().join("data")).env("TMPDIR", &temporary);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut stderr = child.stderr.take().expect("its complaints");
        let words = std::thread::spawn(move || {
            let mut words = String::new();
            stderr.read_to_string(&mut words).expect("words");
            words
        });
        let mut stdout = BufReader::new(child.stdout.take().expect("its words")).lines().map(|line| line.expect("a line"));
        let address = stdout.find_map(|line| line.strip_prefix("Portico answers at http://").map(ToOwned::to_owned));
        std::thread::spawn(move || stdout.for_each(drop));
        let address = address.expect("it answers").parse().expect("an address");
        let process = Self { address, child, words: Some(words), folder };
        // The inner connections are opened one by one while it answers already.
        while process.holds().1 < 3 * process.inner_connections() {
            std::thread::sleep(Duration::from_millis(5));
        }
        process
    }

    /// How many it keeps: each is three sockets.
    fn inner_connections(&self) -> usize {
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", self.child.id())).expect("it runs");
        let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).expect("a line");
        (line.split_whitespace().next().expect("a limit").parse::<usize>().expect("a number") / 16).min(64)
    }

    /// A request for a file that never changes, after this many fields more.
    pub fn request(&self, method: &str, path: &str, fields: &str) -> String {
        format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n{fields}\r\n", self.address)
    }

    pub fn good(&self) -> String {
        self.request("GET", assets::href("app.css"), "")
    }

    pub fn ask(&self, request: &str) -> Reply {
        Client::connect(self.address).ask(request)
    }

    /// A page and a file are answered, and soon; how long that took.
    #[track_caller]
    pub fn is_well(&self) -> Duration {
        let begun = Instant::now();
        assert_eq!(self.ask(&self.good()).status, 200);
        assert!(self.ask(&self.request("GET", "/sign-in", "")).status < 400);
        assert!(begun.elapsed() < Duration::from_secs(5), "a good request took {:?}", begun.elapsed());
        begun.elapsed()
    }

    fn entries(&self, what: &str) -> impl Iterator<Item = std::path::PathBuf> {
        let folder = std::fs::read_dir(format!("/proc/{}/{what}", self.child.id())).expect("it runs");
        folder.filter_map(|entry| Some(entry.ok()?.path()))
    }

    /// Every descriptor.
    pub fn descriptors(&self) -> usize {
        self.entries("fd").count()
    }

    /// Threads and sockets. Connections to the database are no sockets: there are as many as ever read at once.
    pub fn holds(&self) -> (usize, usize) {
        let is_socket = |path: &std::path::PathBuf| std::fs::read_link(path).is_ok_and(|to| to.to_string_lossy().starts_with("socket:"));
        (self.entries("task").count(), self.entries("fd").filter(is_socket).count())
    }

    /// It comes back to holding no more than this.
    #[track_caller]
    pub fn comes_back_to(&self, before: (usize, usize)) {
        let begun = Instant::now();
        loop {
            let now = self.holds();
            if now.0 <= before.0 && now.1 <= before.1 {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "threads and sockets: {before:?} became {now:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Bytes of memory that are its own.
    pub fn memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("a line");
        line.trim().trim_end_matches(" kB").trim().parse::<usize>().expect("a number") * 1_024
    }

    /// From now on it may have this many descriptors.
    pub fn limit_descriptors(&self, soft: usize) {
        let limit = format!("--nofile={soft}:");
        let done = Command::new("prlimit").args(["--pid", &self.child.id().to_string(), &limit]).status().expect("prlimit");
        assert!(done.success());
    }

    pub fn tell(&self, signal: &str) {
        let told = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill");
        assert!(told.success());
    }

    /// Waits for its end: how it ended, and what it complained about.
    #[track_caller]
    pub fn ends(&mut self) -> (ExitStatus, String) {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        };
        (status, self.words.take().expect("it ends once").join().expect("its words"))
    }

    /// Tells it to end: it does so cleanly, with nothing to complain about, and leaves no temporary file.
    #[track_caller]
    pub fn ends_well(&mut self) {
        self.tell("-TERM");
        let (status, words) = self.ends();
        assert!(status.success(), "{status} {words}");
        assert_eq!(words, "");
        assert_eq!(std::fs::read_dir(self.folder.path().join("temporary")).expect("a folder").count(), 0);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
