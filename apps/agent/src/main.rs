//! The `conclave-agent` program: reads its arguments and does what they say.
#![forbid(unsafe_code)]

use std::process::ExitCode;

#[cfg(not(target_os = "linux"))]
use conclave_agent::check_alone::run;
#[cfg(target_os = "linux")]
use conclave_agent::cli::run;

fn main() -> ExitCode {
    run(std::env::args_os())
}
