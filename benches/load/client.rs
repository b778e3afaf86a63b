//! A client that costs little: one thread and one kept-alive connection each, one request after the other.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::Fallible;

/// Kept-alive connections.
pub const CONNECTIONS: usize = 16;

/// An answer: its status, the head as it came, and how long the body was.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Status line and fields.
    pub head: String,
    /// The body, its transfer encoding taken off.
    pub body: Vec<u8>,
}

impl Answer {
    /// A field's value, by its name in lower case.
    pub fn field(&self, name: &str) -> Option<&str> {
        let is = |line: &&str| line.split_once(':').is_some_and(|(field, _)| field.eq_ignore_ascii_case(name));
        self.head.lines().find(is).and_then(|line| line.split_once(':')).map(|(_, value)| value.trim())
    }
}

/// A kept-alive connection.
#[derive(Debug)]
pub struct Connection {
    address: SocketAddr,
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

impl Connection {
    /// Connects.
    pub fn open(address: SocketAddr) -> Fallible<Self> {
        let stream = connect(address)?;
        Ok(Self { address, stream, buffer: vec![0; 1 << 18], filled: 0 })
    }

    /// Sends a request and reads its whole answer; with `keep` head and body are kept too, else only the status is right.
    pub fn ask(&mut self, request: &[u8], keep: bool) -> Fallible<Answer> {
        self.stream.write_all(request)?;
        self.filled = 0;
        let end = loop {
            if let Some(end) = find(self.bytes(0), b"\r\n\r\n") {
                break end + 4;
            }
            self.more()?;
        };
        let mut answer =
            Answer { head: String::from_utf8_lossy(self.bytes(0).get(..end).unwrap_or_default()).into_owned(), ..Answer::default() };
        answer.status = answer.head.get(9..12).unwrap_or_default().parse()?;
        let closes = answer.field("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        match answer.field("content-length") {
            Some(length) => self.read_length(end, length.parse()?, keep, &mut answer)?,
            None if answer.field("transfer-encoding").is_some() => self.read_chunks(end, keep, &mut answer)?,
            None => {}
        }
        if closes {
            self.stream = connect(self.address)?;
        }
        Ok(answer)
    }

    fn read_length(&mut self, from: usize, length: usize, keep: bool, answer: &mut Answer) -> Fallible<()> {
        while self.filled < from + length {
            self.more()?;
        }
        if keep {
            answer.body = self.bytes(from).get(..length).unwrap_or_default().to_vec();
        }
        Ok(())
    }

    fn read_chunks(&mut self, mut from: usize, keep: bool, answer: &mut Answer) -> Fallible<()> {
        loop {
            let line = loop {
                if let Some(end) = find(self.bytes(from), b"\r\n") {
                    break end;
                }
                self.more()?;
            };
            let length = usize::from_str_radix(std::str::from_utf8(self.bytes(from).get(..line).unwrap_or_default())?.trim(), 16)?;
            let begin = from + line + 2;
            while self.filled < begin + length + 2 {
                self.more()?;
            }
            if keep {
                answer.body.extend_from_slice(self.bytes(begin).get(..length).unwrap_or_default());
            }
            from = begin + length + 2;
            if length == 0 {
                return Ok(());
            }
        }
    }

    fn bytes(&self, from: usize) -> &[u8] {
        self.buffer.get(from..self.filled).unwrap_or_default()
    }

    fn more(&mut self) -> Fallible<()> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        match self.stream.read(self.buffer.get_mut(self.filled..).unwrap_or_default())? {
            0 => Err("the server closed the connection in the middle of an answer".into()),
            count => {
                self.filled += count;
                Ok(())
            }
        }
    }
}

fn connect(address: SocketAddr) -> Fallible<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    Ok(stream)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// A GET with these further lines in its head, each ended by CR LF.
pub fn get(address: SocketAddr, path: &str, lines: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{lines}\r\n").into_bytes()
}

/// A form sent by a page of ours.
pub fn post(address: SocketAddr, path: &str, lines: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let kind = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin";
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nHost: {address}\r\n{lines}{kind}\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}

/// What was seen of a server for a while.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// How long each answer took.
    pub took: Vec<Duration>,
    /// For how long the server was asked.
    pub span: Duration,
    /// What the server computed meanwhile.
    pub work: Duration,
}

impl Sample {
    /// Answers a second.
    pub fn rate(&self) -> f64 {
        self.took.len() as f64 / self.span.as_secs_f64()
    }

    /// What an answer costs the server's process, in microseconds of a processor.
    pub fn cost(&self) -> f64 {
        self.work.as_secs_f64() * 1_000_000.0 / self.took.len() as f64
    }

    /// Adds what was seen in another round.
    pub fn add(&mut self, other: Self) {
        self.took.extend(other.took);
        self.span += other.span;
        self.work += other.work;
    }
}

/// What a connection asks next, given its number and how often it asked before.
pub type Requests<'a> = dyn Fn(usize, usize) -> Vec<u8> + Sync + 'a;

/// Asks over all connections at once for so long. Every answer must have this status.
pub fn press(address: SocketAddr, connections: usize, span: Duration, status: u16, requests: &Requests<'_>) -> Fallible<Sample> {
    let stop = AtomicBool::new(false);
    let begun = Instant::now();
    let took = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..connections)
            .map(|number| {
                let stop = &stop;
                scope.spawn(move || ask_until(stop, address, status, |turn| requests(number, turn)).map_err(|error| error.to_string()))
            })
            .collect();
        std::thread::sleep(span);
        stop.store(true, Ordering::SeqCst);
        let mut took = Vec::new();
        for one in asking {
            took.extend(one.join().map_err(|_| "a client panicked")??);
        }
        Ok::<_, Box<dyn std::error::Error>>(took)
    })?;
    Ok(Sample { took, span: begun.elapsed(), work: Duration::ZERO })
}

/// Asks over one connection until told to stop; how long each answer took.
pub fn ask_until(stop: &AtomicBool, address: SocketAddr, status: u16, request: impl Fn(usize) -> Vec<u8>) -> Fallible<Vec<Duration>> {
    let mut connection = Connection::open(address)?;
    let mut took = Vec::with_capacity(1 << 14);
    for turn in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let request = request(turn);
        let begun = Instant::now();
        let answer = connection.ask(&request, false)?;
        took.push(begun.elapsed());
        if answer.status != status {
            return Err(format!("{} instead of {status} for {}", answer.status, String::from_utf8_lossy(&request)).into());
        }
    }
    Ok(took)
}
