//! What commands say on standard output and standard error.
//!
//! The macros stand in the place of the standard ones in this whole crate. Those panic when nobody reads any more (`portico init … | head
//! -1`, a terminal that was closed), in the middle of a command that has done its work, or of a portal that is at it.

use std::fmt::Arguments;
use std::io::{ErrorKind, Result, Write};

/// To standard output, with or without the end of a line. Whoever stopped reading is told nothing more; another failure, such as a full
/// disk, is said on standard error.
pub fn say(words: Arguments<'_>, end: &str) {
    if let Err(error) = write(&mut std::io::stdout().lock(), words, end)
        && error.kind() != ErrorKind::BrokenPipe
    {
        complain(format_args!("standard output cannot be written: {error}"), "\n");
    }
}

/// To standard error, with or without the end of a line.
pub fn complain(words: Arguments<'_>, end: &str) {
    // Where it cannot be written, there is nobody left to tell.
    drop(write(&mut std::io::stderr().lock(), words, end));
}

fn write(out: &mut impl Write, words: Arguments<'_>, end: &str) -> Result<()> {
    // In one piece, so that lines of several threads do not mix.
    out.write_all(format!("{words}{end}").as_bytes())?;
    out.flush()
}

macro_rules! println {
    ($($words:tt)*) => { $crate::kernel::output::say(format_args!($($words)*), "\n") };
}

macro_rules! eprintln {
    ($($words:tt)*) => { $crate::kernel::output::complain(format_args!($($words)*), "\n") };
}

macro_rules! eprint {
    ($($words:tt)*) => { $crate::kernel::output::complain(format_args!($($words)*), "") };
}
