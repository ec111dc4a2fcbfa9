//! The developer's commands: `cargo xtask run` and `cargo xtask test`.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line speaks to its terminal"
)]

mod built;
mod deny;
mod floors;
mod foreign;
mod lanes;
mod machine;
mod other_systems;
mod passed;
mod postgres;
mod processors;
mod report;
mod requirements;
mod run;
mod scratch;
mod sdks;
mod server;
mod shell;
mod test;
mod tidy;
mod wasm;
mod web;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  run [ARGS]       build the web application and the server, and serve on this machine (ARGS go to `conclave serve`)
  test [STEP ..]   all that CI runs, or only the named steps; `test --list` names them
  generate         write the files that are derived from the code again";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((command, rest)) if command == "run" => run::run(rest),
        Some((command, rest)) if command == "test" => test::test(rest),
        Some((command, [])) if command == "generate" => tidy::generate(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
