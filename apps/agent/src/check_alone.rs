//! The command line on a system where nobody can be helped yet: `check`, and no other command.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::check::{check, in_one_line};

/// Conclave's agent. It helps at computers with Linux; here it looks what the desktop offers.
#[derive(Parser)]
#[command(name = "conclave-agent", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tries whether this desktop could be seen and helped, and says what it lacks. It sends nothing and keeps nothing.
    Check(Check),
}

#[derive(Args)]
struct Check {
    /// Prints JSON, for programs.
    #[arg(long)]
    json: bool,
}

/// Does what the arguments say. 0: the desktop lacks nothing. 2: it does, or something else is asked than this.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match Arguments::try_parse_from(arguments) {
        Ok(Arguments {
            command: Command::Check(check),
        }) => check.run(),
        Err(error) if error.use_stderr() => complain(CHECK_ALONE),
        Err(help) => {
            let _shown = help.print();
            ExitCode::SUCCESS
        }
    }
}

impl Check {
    fn run(self) -> ExitCode {
        let report = match check() {
            Ok(report) => report,
            Err(fault) => return complain(&in_one_line(&fault)),
        };
        let text = report.text(self.json);
        let said = text.map(|text| std::io::stdout().write_all(text.as_bytes()));
        if !matches!(said, Ok(Ok(()))) {
            return complain("the report can't be written");
        }
        let lacking = report.lacking();
        let lines = lacking.map(|ability| complain(&format!("{}: {}", ability.name, ability.what)));
        lines.last().unwrap_or(ExitCode::SUCCESS)
    }
}

/// One line for whoever runs it.
fn complain(what: &str) -> ExitCode {
    let _shown = writeln!(std::io::stderr(), "conclave-agent: {what}");
    LACKING.into()
}

const CHECK_ALONE: &str = "this agent can't help a computer with this system, it only looks what its desktop offers: \
                           `conclave-agent check`";

const LACKING: u8 = 2;
