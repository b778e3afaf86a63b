//! What whoever runs the portal tells it by signals (OPS-5).

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};

use crate::kernel::error::Result;

/// What the portal is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// To finish what is in flight and end (SIGTERM, SIGINT, or SIGHUP because the terminal it ran in was closed).
    End,
    /// To read again what may have changed on the disk (SIGHUP).
    ReadAgain,
}

/// Listens from the moment it is made.
#[derive(Debug)]
pub struct Ear {
    #[cfg(unix)]
    signals: signal_hook::iterator::Signals,
    #[cfg(unix)]
    at_a_terminal: bool,
    #[cfg(not(unix))]
    told: Arc<AtomicBool>,
}

impl Ear {
    /// Begins to listen. After the first signal to end, a second one ends the process at once with 130; the database is safe whenever
    /// that happens.
    pub fn open() -> Result<Self> {
        let told = Arc::new(AtomicBool::new(false));
        for signal in [SIGTERM, SIGINT] {
            signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&told))?;
            signal_hook::flag::register(signal, Arc::clone(&told))?;
        }
        Self::listening(told)
    }

    #[cfg(unix)]
    fn listening(_: Arc<AtomicBool>) -> Result<Self> {
        let signals = signal_hook::iterator::Signals::new([SIGTERM, SIGINT, signal_hook::consts::SIGHUP])?;
        Ok(Self { signals, at_a_terminal: std::io::stdout().is_terminal() })
    }

    #[cfg(not(unix))]
    fn listening(told: Arc<AtomicBool>) -> Result<Self> {
        Ok(Self { told })
    }

    /// Waits until the portal is told something.
    #[cfg(unix)]
    pub fn hear(&mut self) -> Told {
        match self.signals.forever().next() {
            // A terminal that was closed is none any more, and whoever closed it expects what ran in it to be over.
            Some(signal_hook::consts::SIGHUP) if self.at_a_terminal && !std::io::stdout().is_terminal() => Told::End,
            Some(signal_hook::consts::SIGHUP) => Told::ReadAgain,
            Some(_) | None => Told::End,
        }
    }

    /// Waits until the portal is told something. Where signals wake nobody, somebody has to look.
    #[cfg(not(unix))]
    pub fn hear(&mut self) -> Told {
        while !self.told.load(std::sync::atomic::Ordering::SeqCst) {
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        Told::End
    }
}
