//! The `conclave` program: reads its arguments and does what they say.

use std::process::ExitCode;

fn main() -> ExitCode {
    conclave::cli::run(std::env::args_os())
}
