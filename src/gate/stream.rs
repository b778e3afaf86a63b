//! Sockets that know until when they may wait. A deadline is a moment, not a pause: before each read and write the socket's timeout
//! is set to what is left, so that a byte now and then buys nobody more time.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A timeout that is at most this much longer than what is left stays as it was: one system call less for each request.
const SLACK: Duration = Duration::from_millis(250);

/// A socket as the system gives it.
pub trait Raw: Send + Sync {
    /// Reads what is there, waiting at most for the timeout.
    fn receive(&self, into: &mut [u8]) -> io::Result<usize>;
    /// Writes what fits, waiting at most for the timeout.
    fn send(&self, bytes: &[u8]) -> io::Result<usize>;
    /// How long a read may wait.
    fn receive_within(&self, left: Duration) -> io::Result<()>;
    /// How long a write may wait.
    fn send_within(&self, left: Duration) -> io::Result<()>;
    /// Ends one direction or both; whoever waits in it wakes up.
    fn end(&self, how: Shutdown) -> io::Result<()>;
}

impl Raw for TcpStream {
    fn receive(&self, into: &mut [u8]) -> io::Result<usize> {
        (&mut &*self).read(into)
    }
    fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        (&mut &*self).write(bytes)
    }
    fn receive_within(&self, left: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(left))
    }
    fn send_within(&self, left: Duration) -> io::Result<()> {
        self.set_write_timeout(Some(left))
    }
    fn end(&self, how: Shutdown) -> io::Result<()> {
        self.shutdown(how)
    }
}

#[cfg(unix)]
impl Raw for UnixStream {
    fn receive(&self, into: &mut [u8]) -> io::Result<usize> {
        (&mut &*self).read(into)
    }
    fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        (&mut &*self).write(bytes)
    }
    fn receive_within(&self, left: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(left))
    }
    fn send_within(&self, left: Duration) -> io::Result<()> {
        self.set_write_timeout(Some(left))
    }
    fn end(&self, how: Shutdown) -> io::Result<()> {
        self.shutdown(how)
    }
}

/// A socket with the moment until which it may wait. Reads and writes after that moment fail with `TimedOut`.
#[derive(Debug)]
pub struct Timed<R> {
    raw: Arc<R>,
    until: Instant,
    receiving: Duration,
    sending: Duration,
}

impl<R: Raw> Timed<R> {
    /// A socket that may wait until `until`. It is shared with whoever may have to end it from outside.
    pub const fn new(raw: Arc<R>, until: Instant) -> Self {
        Self { raw, until, receiving: Duration::ZERO, sending: Duration::ZERO }
    }

    /// From now on it may wait until this moment.
    pub const fn wait_until(&mut self, until: Instant) {
        self.until = until;
    }

    /// The socket itself.
    pub const fn raw(&self) -> &Arc<R> {
        &self.raw
    }

    fn left(&self) -> io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::Error::from(ErrorKind::TimedOut)) } else { Ok(left) }
    }
}

/// Whether a timeout set earlier still does for what is left.
fn still_fits(set: Duration, left: Duration) -> bool {
    set >= left && set.saturating_sub(left) < SLACK
}

/// The system says "try again" of a socket whose timeout has passed.
fn name_the_timeout(result: io::Result<usize>) -> io::Result<usize> {
    result.map_err(|error| if error.kind() == ErrorKind::WouldBlock { ErrorKind::TimedOut.into() } else { error })
}

impl<R: Raw> Read for Timed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.left()?;
        if !still_fits(self.receiving, left) {
            self.raw.receive_within(left)?;
            self.receiving = left;
        }
        name_the_timeout(self.raw.receive(into))
    }
}

impl<R: Raw> Write for Timed<R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.left()?;
        if !still_fits(self.sending, left) {
            self.raw.send_within(left)?;
            self.sending = left;
        }
        name_the_timeout(self.raw.send(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A client's bytes, plain or encrypted.
pub trait Wire: Read + Write + Send {
    /// From now on reads and writes may wait until this moment; after it they fail with `TimedOut`.
    fn wait_until(&mut self, until: Instant);
    /// Nothing more will be written: says so in the protocol's own words, if it has any, and ends the sending direction. What the
    /// client still sends can be read. Failures do not matter any more.
    fn finish(&mut self);
}

impl Wire for Timed<TcpStream> {
    fn wait_until(&mut self, until: Instant) {
        self.wait_until(until);
    }

    fn finish(&mut self) {
        // A client that is gone already is as finished as can be.
        drop(self.raw.end(Shutdown::Write));
    }
}

/// How a client's socket becomes its bytes, such as TLS. It is called in the connection's own thread, under the deadline of the head.
pub trait Wrap: Send + Sync {
    /// Does what is needed before the first byte of HTTP. An error costs this connection only.
    fn wrap(&self, socket: Timed<TcpStream>) -> io::Result<Box<dyn Wire>>;
}
