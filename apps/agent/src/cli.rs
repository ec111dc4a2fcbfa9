//! The command line: what can be asked of the program.

mod child;
mod enrol;
mod help;
mod key;
mod link;
mod pin;
mod policy;
mod present;
mod raised;
mod service;
mod update;
mod wayland;

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::SystemTime;

use clap::{Args, Parser, Subcommand};

use crate::check::{check, in_one_line};
use crate::pinned::Pinned;
use crate::policy::{InForce, POLICIES, own_caps};
use child::{Child, be};
use enrol::Enrol;
use help::Help;
use key::Key;
use pin::Pin;
use policy::Policy;
use present::Present;
use service::Serve;
use update::{Publish, Update};

/// Conclave's agent, for a computer that is helped.
#[derive(Parser)]
#[command(name = "conclave-agent", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tries whether this desktop can be seen and helped, and says what it lacks. It sends nothing and keeps nothing.
    Check(Check),
    /// Lets a technician help at this desktop, who is asked for by their code or link, and permitted each thing apart.
    Help(Help),
    /// Brings this desktop into the meeting of whoever presents it, who may let somebody there use it.
    Present(Present),
    /// Writes a copy of this program that helps with one server alone.
    Pin(Box<Pin>),
    /// Makes a key that signs an organisation's policy, or releases of this program.
    Key(Key),
    /// Signs or installs what an organisation caps, whatever its server says.
    #[command(subcommand)]
    Policy(Policy),
    /// Signs a release of this program, as its publisher.
    Release(Publish),
    /// Puts a later release in the place of this program, if the one that its pin names has signed it.
    Update(Update),
    /// Enrols this computer, so that technicians can help when nobody sits at it. By root alone.
    Enrol(Enrol),
    /// Serves an enrolled computer. By root alone, as the system starts.
    Service(Serve),
    #[command(hide = true)]
    Net,
    #[command(hide = true)]
    Desk,
    #[command(hide = true)]
    Ui,
    #[command(hide = true)]
    Line,
    #[command(hide = true)]
    Verify,
    #[command(hide = true)]
    Attend,
    #[command(hide = true)]
    Raiser,
    #[command(hide = true)]
    Raised,
    #[command(hide = true)]
    Return,
}

#[derive(Args)]
struct Check {
    /// Prints JSON, for programs.
    #[arg(long)]
    json: bool,
}

/// Does what the arguments say. 0: done, and the desktop lacks nothing. 1: a part of the agent failed. 2: the desktop
/// lacks something, or the arguments are bad. 3: this agent belongs to another server.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => return complain(&not_understood(&error)),
        Err(help) => {
            let _shown = help.print();
            return ExitCode::SUCCESS;
        }
    };
    match arguments.command {
        Command::Check(check) => check.run(),
        Command::Help(help) => help.run(),
        Command::Present(present) => present.run(),
        Command::Pin(pin) => pin.run(),
        Command::Key(key) => key.run(),
        Command::Policy(policy) => policy.run(),
        Command::Release(publish) => publish.run(),
        Command::Update(update) => update.run(),
        Command::Net => be(Child::Net),
        Command::Desk => be(Child::Desk),
        Command::Ui => be(Child::Ui),
        Command::Enrol(enrol) => enrol.run(),
        Command::Service(serve) => serve.run(),
        Command::Line => be(Child::Line),
        Command::Verify => be(Child::Verify),
        Command::Attend => be(Child::Attend),
        Command::Raiser => be(Child::Raiser),
        Command::Raised => raised::be_raised(),
        Command::Return => raised::be_back(),
    }
}

impl Check {
    fn run(self) -> ExitCode {
        let report = match check(wayland::is_here()) {
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

/// Whose this program is, and what the policy in force here caps at this moment. Or why it does nothing.
fn own() -> Result<(Option<Pinned>, Option<InForce>), String> {
    let pinned = Pinned::own().map_err(|fault| in_one_line(&fault))?;
    let caps = own_caps(
        pinned.as_ref(),
        Path::new(POLICIES),
        SystemTime::now().into(),
    );
    let caps = caps.map_err(|refused| in_one_line(&refused))?;
    Ok((pinned, caps))
}

/// What came of it, in lines, or why nothing did.
fn told(done: Result<String, String>) -> ExitCode {
    let said = match done {
        Ok(said) => std::io::stdout().write_all(said.as_bytes()),
        Err(why) => return complain(&why),
    };
    match said {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => complain("what was done can't be said"),
    }
}

/// One line for whoever runs it.
fn complain(what: &str) -> ExitCode {
    complain_with(what, LACKING)
}

fn complain_with(what: &str, code: u8) -> ExitCode {
    let _shown = writeln!(std::io::stderr(), "conclave-agent: {what}");
    code.into()
}

fn not_understood(error: &clap::Error) -> String {
    let text = error.to_string();
    let first = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("error: "));
    let what = first.unwrap_or("a command is missing");
    format!("{what}; `conclave-agent --help` tells more")
}

const FAILED: u8 = 1;
const LACKING: u8 = 2;
const OTHER_SERVER: u8 = 3;
