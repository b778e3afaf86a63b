//! A server in a process of its own, and what the system says of it.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::Fallible;
use crate::client::{Connection, Requests, Sample, get, press};

/// The release program that is measured.
pub const PORTICO: &str = env!("CARGO_BIN_EXE_portico");

/// A running server; it ends with this value.
#[derive(Debug)]
pub struct Running {
    child: Child,
    /// Kept open: a server that prints to nobody would fail.
    _out: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Running {
    /// Starts a portal over a data folder.
    pub fn portal(data: &Path) -> Fallible<Self> {
        let mut command = Command::new(PORTICO);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        Self::start(command, |line| line.split_once("http://").map(|(_, address)| address.to_owned()))
    }

    /// Starts the bare server over a folder of recorded answers.
    pub fn bare(answers: &Path) -> Fallible<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--bare").arg(answers);
        Self::start(command, |line| Some(line.to_owned()))
    }

    /// The first line from which an address can be read says where it listens.
    fn start(mut command: Command, address: impl Fn(&str) -> Option<String>) -> Fallible<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut out = BufReader::new(child.stdout.take().ok_or("a child has no output")?);
        loop {
            let mut line = String::new();
            if out.read_line(&mut line)? == 0 {
                return Err(format!("{command:?} ended before it listened").into());
            }
            if let Some(address) = address(line.trim()).and_then(|address| address.trim_end_matches('/').parse().ok()) {
                return Ok(Self { child, _out: out, address });
            }
        }
    }

    /// Waits for the first answer to a page.
    pub fn first_page(&self, path: &str, lines: &str) -> Fallible<()> {
        let answer = Connection::open(self.address)?.ask(&get(self.address, path, lines), false)?;
        if answer.status == 200 { Ok(()) } else { Err(format!("{path} answers {}", answer.status).into()) }
    }

    /// Asks this server for a while, and sees what that costs it.
    pub fn press(&self, connections: usize, span: Duration, status: u16, requests: &Requests<'_>) -> Fallible<Sample> {
        let before = self.work()?;
        let sample = press(self.address, connections, span, status, requests)?;
        Ok(Sample { work: self.work()?.saturating_sub(before), ..sample })
    }

    /// Waits until what a start brings with it is done: the jobs that were due, the letters they write. At most a minute.
    pub fn settle(&self) -> Fallible<()> {
        let (begun, mut before) = (Instant::now(), self.work()?);
        while begun.elapsed() < Duration::from_mins(1) {
            std::thread::sleep(Duration::from_millis(500));
            let after = self.work()?;
            if after == before {
                return Ok(());
            }
            before = after;
        }
        Err("a started portal had no rest for a minute".into())
    }

    /// How long the process has computed, in its own code and in the system's.
    fn work(&self) -> Fallible<Duration> {
        let line = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<&str> = line.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = fields.iter().skip(11).take(2).map(|field| field.parse::<u64>()).sum::<Result<u64, _>>()?;
        // The system tells it in hundredths of a second.
        Ok(Duration::from_millis(ticks * 10))
    }

    /// Memory that is the process's own, in kilobytes (`RssAnon`).
    pub fn memory(&self) -> Fallible<u64> {
        memory_of(self.child.id())
    }

    /// Watches the memory from now on, every 50 ms.
    pub fn watch(&self) -> Watch {
        let (stop, peak, id) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)), self.child.id());
        let (stopping, seen) = (Arc::clone(&stop), Arc::clone(&peak));
        let thread = std::thread::spawn(move || {
            while !stopping.load(Ordering::Relaxed) {
                seen.fetch_max(memory_of(id).unwrap_or_default(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        Watch { stop, peak, thread }
    }
}

/// How much memory a process came to have.
#[derive(Debug)]
pub struct Watch {
    stop: Arc<AtomicBool>,
    peak: Arc<AtomicU64>,
    thread: JoinHandle<()>,
}

impl Watch {
    /// The most that was seen, in kilobytes.
    pub fn peak(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        drop(self.thread.join());
        self.peak.load(Ordering::Relaxed)
    }
}

fn memory_of(id: u32) -> Fallible<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).ok_or("the system does not tell RssAnon")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

/// Runs a command of portico's to its end; how long it took.
pub fn run(arguments: &[&str], data: &Path, input: &str) -> Fallible<Duration> {
    use std::io::Write as _;
    let begun = Instant::now();
    let mut child = Command::new(PORTICO).args(arguments).arg("--data").arg(data).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    child.stdin.take().ok_or("a child has no input")?.write_all(input.as_bytes())?;
    if child.wait()?.success() { Ok(begun.elapsed()) } else { Err(format!("portico {arguments:?} failed").into()) }
}
