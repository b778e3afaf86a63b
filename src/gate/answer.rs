//! The answer of the server behind, taken back whole before its client gets any of it.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::gate::limits::LONG_ANSWER;
use crate::gate::tray::{TRAY_FIELD, Tray};

/// Heads of our own answers are short.
const HEAD: usize = 16 * 1_024;
/// Fields that are this hop's affair.
const STAYS_HERE: &[&str] = &["connection", "content-length", "keep-alive", "server", "transfer-encoding", FILE_FIELD, TRAY_FIELD];
/// Names the file that holds the body, in place of the body itself: a large file goes to its client without being copied before.
pub const FILE_FIELD: &str = "x-portico-file";

/// A path as such a field carries it.
pub fn in_a_field(path: &Path) -> String {
    percent_encoding::percent_encode(path.as_os_str().as_encoded_bytes(), percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// A whole answer, ready to be sent.
#[derive(Debug)]
pub struct Answer {
    /// The head, and the body unless it is long.
    bytes: Vec<u8>,
    /// A long body.
    rest: Option<File>,
    status: u16,
    length: usize,
}

/// How an answer is asked for, as far as it matters to its form.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// To HEAD: there is a length, but no body.
    pub head_only: bool,
    /// Whether the connection ends after it.
    pub last: bool,
}

impl Answer {
    /// Reads an answer off an inner connection through `buffer`, or its body off the tray. Long ones go into a file without a name in
    /// `folder`.
    pub fn read(from: &mut impl Read, buffer: &mut [u8], tray: Option<&Tray<'_>>, wish: Wish, folder: &Path) -> io::Result<Self> {
        let (mut filled, end) = read_head(from, buffer)?;
        let head = buffer.get(..end).unwrap_or_default();
        let mut out = Vec::with_capacity(2 * 1_024);
        let Head { status, length, file, laid } = rebuild(head, wish, &mut out)?;
        let bodiless = wish.head_only || matches!(status, 204 | 304);
        if let Some(path) = file {
            if filled > end {
                return Err(broken("a body beside a file"));
            }
            let rest = if bodiless { None } else { Some(open(&path, length)?) };
            return Ok(Self { status, length: out.len() + if bodiless { 0 } else { length }, bytes: out, rest });
        }
        if laid {
            let body = tray.and_then(Tray::take).filter(|body| body.len() == length && filled == end && !bodiless);
            let mut bytes = body.ok_or_else(|| broken("a body that is not there"))?;
            // In one piece: the client would be woken twice for a page.
            drop(bytes.splice(0..0, out));
            return Ok(Self { status, length: bytes.len(), bytes, rest: None });
        }
        let length = if bodiless { 0 } else { length };
        filled -= end;
        let begun = buffer.get(end..end + filled).unwrap_or_default();
        if filled > length {
            return Err(broken("more than it announced"));
        }
        let missing = u64::try_from(length - filled).unwrap_or(u64::MAX);
        if length > LONG_ANSWER {
            let mut file = tempfile::tempfile_in(folder)?;
            file.write_all(begun)?;
            expect(missing, io::copy(&mut from.take(missing), &mut file)?)?;
            return Ok(Self { status, length: out.len() + length, bytes: out, rest: Some(file) });
        }
        out.reserve_exact(length);
        out.extend_from_slice(begun);
        let came = from.take(missing).read_to_end(&mut out)?;
        expect(missing, u64::try_from(came).unwrap_or_default())?;
        Ok(Self { status, length: out.len(), bytes: out, rest: None })
    }

    /// The status code.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Its length in bytes, head and body.
    pub const fn length(&self) -> usize {
        self.length
    }

    /// Sends it.
    pub fn write(mut self, to: &mut (impl Write + ?Sized)) -> io::Result<()> {
        to.write_all(&self.bytes)?;
        if let Some(file) = &mut self.rest {
            file.seek(SeekFrom::Start(0))?;
            let mut left = self.length - self.bytes.len();
            let mut piece = vec![0; 64 * 1_024];
            // Not a byte more than was announced, whatever has become of the file.
            while left > 0 {
                let room = piece.get_mut(..left.min(64 * 1_024)).unwrap_or_default();
                let count = file.read(room)?;
                if count == 0 {
                    return Err(ErrorKind::UnexpectedEof.into());
                }
                to.write_all(room.get(..count).unwrap_or_default())?;
                left -= count;
            }
        }
        to.flush()
    }
}

/// How much is in the buffer, and where the head in it ends.
fn read_head(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<(usize, usize)> {
    let mut filled = 0;
    loop {
        let room =
            buffer.get_mut(filled..).filter(|room| !room.is_empty() && filled < HEAD).ok_or_else(|| broken("a head without an end"))?;
        let count = match from.read(room) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let seen = filled.saturating_sub(3);
        filled += count;
        let fresh = buffer.get(seen..filled).unwrap_or_default();
        if let Some(place) = fresh.windows(4).position(|four| four == b"\r\n\r\n") {
            return Ok((filled, seen + place + 4));
        }
    }
}

/// A file of just the length that was announced.
fn open(path: &Path, length: usize) -> io::Result<File> {
    let file = File::open(path)?;
    expect(u64::try_from(length).unwrap_or(u64::MAX), file.metadata()?.len())?;
    Ok(file)
}

/// What a head says.
struct Head {
    status: u16,
    /// The length that was announced.
    length: usize,
    /// The file that holds the body.
    file: Option<PathBuf>,
    /// Whether the body lies on the tray.
    laid: bool,
}

/// Writes the head anew.
fn rebuild(head: &[u8], wish: Wish, out: &mut Vec<u8>) -> io::Result<Head> {
    let mut room = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut room);
    let whole = response.parse(head).is_ok_and(|parsed| parsed.is_complete());
    let Some(status) = response.code.filter(|status| whole && *status >= 200) else { return Err(broken("no head")) };
    write!(out, "HTTP/1.1 {status} {}\r\n", response.reason.unwrap_or_default())?;
    let (mut length, mut file, mut laid) = (None, None, false);
    for field in &*response.headers {
        let is = |name: &str| field.name.eq_ignore_ascii_case(name);
        if is("transfer-encoding") {
            return Err(broken("a transfer encoding"));
        }
        if is("content-length") {
            length = std::str::from_utf8(field.value).ok().and_then(|digits| digits.parse::<usize>().ok());
        }
        if is(FILE_FIELD) {
            let path = percent_encoding::percent_decode(field.value).decode_utf8().map_err(|_| broken("a file without a name"))?;
            file = Some(PathBuf::from(path.into_owned()));
        }
        laid |= is(TRAY_FIELD);
        if !STAYS_HERE.iter().any(|name| is(name)) {
            out.extend_from_slice(field.name.as_bytes());
            out.extend_from_slice(b": ");
            out.extend_from_slice(field.value);
            out.extend_from_slice(b"\r\n");
        }
    }
    let length = length.ok_or_else(|| broken("no length"))?;
    if !matches!(status, 204 | 304) {
        write!(out, "Content-Length: {length}\r\n")?;
    }
    out.extend_from_slice(if wish.last { b"Connection: close\r\n\r\n" } else { b"Connection: keep-alive\r\n\r\n" });
    Ok(Head { status, length, file, laid })
}

fn expect(announced: u64, came: u64) -> io::Result<()> {
    if announced == came { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) }
}

fn broken(how: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("the server behind answered with {how}"))
}
