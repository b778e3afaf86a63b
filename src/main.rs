//! The executable: arguments to `app::cli`, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    portico::app::cli::run(std::env::args_os())
}
