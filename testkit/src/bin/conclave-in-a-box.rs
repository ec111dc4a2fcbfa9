//! The `conclave` program under a name of the test kit's, so that its tests always run the
//! server of the same build.

use std::process::ExitCode;

fn main() -> ExitCode {
    conclave::cli::run(std::env::args_os())
}
