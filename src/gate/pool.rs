//! The inner connections: a fixed number, opened and proven one by one, kept open and used again. A request waits its turn for one.

use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use crate::gate::answer::{Answer, Wish};
use crate::gate::hall::{Engine, Hall, Inner, Left, Line, Way};
use crate::gate::refusal::Refusal;
use crate::gate::stream::Raw as _;
use crate::gate::tray::Tray;

/// The inner connections.
pub struct Pool {
    hall: Hall,
    lines: Mutex<Lines>,
    freed: Condvar,
}

#[derive(Default)]
struct Lines {
    open: Vec<Line>,
    /// How many were lost and may be opened again.
    lost: usize,
    /// The newest listener's number; lines to older ones are not used again.
    generation: u64,
    closing: bool,
    all: Vec<Weak<Inner>>,
}

impl Pool {
    /// Starts the server behind and opens a line to it; `fill` opens the rest, up to `size`.
    pub fn open(engine: Arc<dyn Engine>, way: Way, size: usize) -> io::Result<Self> {
        let lines = Mutex::new(Lines { lost: size.saturating_sub(1), ..Lines::default() });
        let pool = Self { hall: Hall::new(engine, way)?, lines, freed: Condvar::new() };
        let line = pool.enter(pool.hall.open_line()?);
        pool.give_back(Some(line));
        Ok(pool)
    }

    /// Opens every line that is not open yet, one by one. The gate answers meanwhile: whoever needs one that is not there opens it.
    pub fn fill(&self) {
        while self.take_lost() {
            let line = self.hall.open_line().map(|line| self.enter(line));
            let failed = line.is_err();
            self.give_back(line.ok());
            if failed {
                // Whoever needs one tries again, and says what is wrong.
                return;
            }
        }
    }

    fn take_lost(&self) -> bool {
        let mut lines = self.lines();
        let some = lines.lost > 0 && !lines.closing;
        lines.lost -= usize::from(some);
        some
    }

    /// What every request behind the gate must show, if anything.
    pub const fn pass(&self) -> Option<&str> {
        self.hall.pass()
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has a whole request answered before `until`, its answer's body on the tray or behind the head. `again`: since it only reads, it may be asked a second time when the first got
    /// no answer.
    pub fn exchange(&self, request: (&[u8], &Tray<'_>), wish: Wish, again: bool, until: Instant) -> Result<Answer, Refusal> {
        match self.exchange_once(request, wish, until) {
            Err(refusal) if refusal == Refusal::BROKEN && again => self.exchange_once(request, wish, until),
            result => result,
        }
    }

    fn exchange_once(&self, request: (&[u8], &Tray<'_>), wish: Wish, until: Instant) -> Result<Answer, Refusal> {
        let mut line = self.take(until)?;
        match line.ask(request.0, Some(request.1), wish, self.hall.folder(), until) {
            Ok(answer) => {
                self.give_back(Some(line));
                Ok(answer)
            }
            Err(error) => {
                self.give_back(None);
                Err(if error.kind() == ErrorKind::TimedOut { Refusal::SLOW } else { Refusal::BROKEN })
            }
        }
    }

    fn take(&self, until: Instant) -> Result<Line, Refusal> {
        let mut lines = self.lines();
        loop {
            if lines.closing {
                return Err(Refusal::FULL);
            }
            if let Some(line) = lines.open.pop() {
                return Ok(line);
            }
            if lines.lost > 0 {
                lines.lost -= 1;
                break;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Refusal::FULL);
            }
            lines = self.freed.wait_timeout(lines, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(lines);
        self.hall.open_line().map(|line| self.enter(line)).map_err(|error| {
            eprintln!("no inner connection: {error}");
            self.give_back(None);
            Refusal::FULL
        })
    }

    /// Writes a line into the book. One to a newer listener makes those to older ones useless.
    fn enter(&self, line: Line) -> Line {
        let mut lines = self.lines();
        if line.generation > lines.generation {
            lines.generation = line.generation;
            lines.lost += lines.open.len();
            lines.open.clear();
        }
        lines.all.retain(|line| line.strong_count() > 0);
        lines.all.push(Arc::downgrade(line.socket()));
        line
    }

    fn give_back(&self, line: Option<Line>) {
        let mut lines = self.lines();
        match line {
            Some(line) if line.generation == lines.generation => lines.open.push(line),
            Some(_) | None => lines.lost += 1,
        }
        drop(lines);
        self.freed.notify_one();
    }

    /// Ends every line, those at work too, and the server behind. Nothing is answered any more.
    pub fn close(&self) -> Left {
        let mut lines = self.lines();
        lines.closing = true;
        lines.open.clear();
        for line in lines.all.drain(..).filter_map(|line| line.upgrade()) {
            drop(line.end(Shutdown::Both));
        }
        drop(lines);
        self.freed.notify_all();
        self.hall.close()
    }
}
