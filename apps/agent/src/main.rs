//! The `conclave-agent` program: reads its arguments and does what they say.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    conclave_agent::cli::run(std::env::args_os())
}
