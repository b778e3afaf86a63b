//! `cargo bench`: what a portal's pages cost beside a bare `tiny_http` that serves the same bytes in the same run.
//!
//! `cargo bench -- [PART…] [--sizes 1000,100000] [--quick]`. Without a part everything is measured and `benches/results.md` is
//! written; with one (`list`, `search`, `write`, `start`, `memory`, …) only the lines whose name contains it, and only the table is
//! printed. Portals are made once and kept under `target/`, until the schema or what fills them changes.
//!
//! The machine's other work, and the clients here, take from both servers alike: read the ratios, not the figures.

#![allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "figures are rounded to be shown"
)]

mod backup;
mod bare;
mod client;
mod devices;
mod estate;
mod lines;
mod mass;
mod names;
mod pictures;
mod portal;
mod process;
mod purge;
mod report;
mod services;
mod sign_ins;
mod whole;
mod writes;

use std::time::Duration;

use crate::report::Report;

/// What went wrong: the bench stops at the first thing that is not as it should be.
pub type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Options {
    parts: Vec<String>,
    sizes: Vec<usize>,
    quick: bool,
}

impl Options {
    fn read(arguments: impl Iterator<Item = String>) -> Fallible<Self> {
        let mut options = Self { parts: Vec::new(), sizes: vec![1_000, 100_000, 1_000_000], quick: false };
        let mut arguments = arguments.peekable();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // What cargo itself adds.
                "--bench" => {}
                "--quick" => options.quick = true,
                "--sizes" => {
                    let sizes = arguments.next().ok_or("--sizes needs numbers, such as 1000,100000")?;
                    options.sizes = sizes.split(',').map(str::parse).collect::<Result<_, _>>()?;
                }
                other if other.starts_with('-') => return Err(format!("{other} is not known; see benches/load/main.rs").into()),
                part => options.parts.push(part.to_owned()),
            }
        }
        Ok(options)
    }

    /// Whether a line of this name is wanted.
    pub fn wants(&self, line: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|part| line.contains(part.as_str()))
    }

    /// Whether a size is measured.
    pub fn has(&self, size: usize) -> bool {
        self.sizes.contains(&size)
    }

    /// How many rounds of portal and bare server by turns.
    pub const fn rounds(&self) -> usize {
        if self.quick { 3 } else { 5 }
    }

    /// How long one of the two is asked in a round.
    pub const fn turn(&self) -> Duration {
        Duration::from_millis(if self.quick { 250 } else { 500 })
    }

    /// How long a started portal is left alone before its memory is read.
    pub const fn idle(&self) -> Duration {
        Duration::from_secs(if self.quick { 10 } else { 60 })
    }
}

fn main() -> Fallible<()> {
    let mut arguments = std::env::args().skip(1);
    if let (Some("--bare"), Some(folder)) = (arguments.next().as_deref(), arguments.next()) {
        return bare::serve(folder.as_ref());
    }
    let options = Options::read(std::env::args().skip(1))?;
    let mut report = Report::begin(&options)?;
    whole::size_of_binary(&options, &mut report)?;
    for size in options.sizes.clone() {
        lines::measure(&options, size, &mut report)?;
    }
    pictures::measure(&options, &mut report)?;
    services::measure(&options, &mut report)?;
    writes::measure(&options, &mut report)?;
    purge::measure(&options, &mut report)?;
    whole::measure(&options, &mut report)?;
    report.end(&options)
}
