//! Starts the agent's three processes, and ends them together.
//!
//! Each is this program again, with the two sockets that it needs as standard input and output, and no other way to the
//! others. No input of anybody reaches the launcher once they run.

mod children;
mod run_directory;

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use rustix::fd::OwnedFd;

use crate::errand::{ERRAND, Errand};
use crate::ipc::{Broken, Socket};
use crate::signals::Signals;
use children::Children;
use run_directory::RunDirectory;

/// Of the variables that tell a child what it needs.
pub const RUN_DIRECTORY: &str = "CONCLAVE_AGENT_RUN_DIRECTORY";
pub const LAUNCHER: &str = "CONCLAVE_AGENT_LAUNCHER";

#[derive(Debug, thiserror::Error)]
pub enum LaunchFault {
    #[error("no directory for the session can be made")]
    RunDirectory(#[source] io::Error),
    #[error("the processes can't be connected")]
    Sockets(#[from] Broken),
    #[error("a process can't be started")]
    Start(#[source] io::Error),
    #[error("it can't be told to end")]
    Signals(#[source] io::Error),
    #[error("a process can't be waited for")]
    Wait(#[source] io::Error),
}

/// This very file, whatever lies at its path by then.
const OWN: &str = "/proc/self/exe";
/// For the others to end when one has.
const GRACE: Duration = Duration::from_secs(2);
/// What the process with the network is told of its surroundings: where the system's authorities are.
const KEPT: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Runs until the session is over, or the system says that it be. What is left of it in the file system is removed.
pub fn launch(errand: &Errand) -> Result<ExitCode, LaunchFault> {
    let signals = Signals::catch().map_err(LaunchFault::Signals)?;
    let directory = RunDirectory::make().map_err(LaunchFault::RunDirectory)?;
    let mut children = start(errand, &directory)?;
    children.heed(signals).map_err(LaunchFault::Wait)?;
    let ended = children.wait_for_one().map_err(LaunchFault::Wait)?;
    let all = children.end(GRACE).map_err(LaunchFault::Wait)?;
    drop(directory);
    let are_well = ended && all;
    Ok(if are_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn start(errand: &Errand, directory: &RunDirectory) -> Result<Children, LaunchFault> {
    let (net_to_desk, desk_to_net) = Socket::pair()?;
    let (net_to_ui, ui_to_net) = Socket::pair()?;
    let (desk_to_ui, ui_to_desk) = Socket::pair()?;
    let mut children = Children::default();
    let errand = serde_json::to_string(errand).map_err(io::Error::from);
    let mut net = child("net", net_to_desk, net_to_ui);
    net.env_clear().envs(kept());
    net.env(ERRAND, errand.map_err(LaunchFault::Start)?);
    let mut desk = child("desk", desk_to_net, desk_to_ui);
    desk.env(RUN_DIRECTORY, directory.path());
    // The windows last: it is they who are ended where the system says so.
    for mut command in [net, desk, child("ui", ui_to_desk, ui_to_net)] {
        command.env(LAUNCHER, std::process::id().to_string());
        children.add(command.spawn().map_err(LaunchFault::Start)?);
    }
    Ok(children)
}

/// Standard error is ours, for complaints. What a terminal tells all that run in it reaches the launcher alone, so that
/// no process ends without undoing what it did.
fn child(name: &str, input: Socket, output: Socket) -> Command {
    let mut command = Command::new(OWN);
    command
        .arg(name)
        .process_group(0)
        .stdin(Stdio::from(OwnedFd::from(input)))
        .stdout(Stdio::from(OwnedFd::from(output)));
    command
}

fn kept() -> impl Iterator<Item = (&'static str, std::ffi::OsString)> {
    let kept = KEPT.into_iter();
    kept.filter_map(|name| Some((name, std::env::var_os(name)?)))
}
