//! Starts the agent's processes, and ends them together.
//!
//! Each is this program again, with the two sockets that it needs as standard input and output, and no other way to the
//! others. No input of anybody reaches the launcher once they run.

mod children;

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

use rustix::fd::OwnedFd;

use crate::errand::{ERRAND, Errand};
use crate::ipc::{Broken, Socket};
use crate::signals::Signals;
use crate::{desk, net};
use children::Children;

/// Of the variable that tells a child who started it.
pub const LAUNCHER: &str = "CONCLAVE_AGENT_LAUNCHER";
/// That nobody need sit at the computer: the launcher's word, which the process with the network can't give.
pub const UNATTENDED: &str = "CONCLAVE_AGENT_UNATTENDED";
/// What the organisation's own policy caps, and until when, by the launcher's word too.
pub const CAPS: &str = "CONCLAVE_AGENT_CAPS";
/// That the first thing which the process with the desktop is given is the way to who asks for rights.
pub const RAISER: &str = "CONCLAVE_AGENT_RAISER";

#[derive(Debug, thiserror::Error)]
pub enum LaunchFault {
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
/// For those with the desktop to end, when one has: what is undone has the time that it takes, and something to spare.
const GRACE: Duration = desk::TIME_TO_END.saturating_add(SPARE);
/// For the one with the network, which has something to tell as long as the session goes on, and then.
const NET_GRACE: Duration = GRACE.saturating_add(net::TIME_TO_END).saturating_add(SPARE);
const SPARE: Duration = Duration::from_secs(3);
/// What the process with the network is told of its surroundings: where the system's authorities are.
const KEPT: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Runs until the session is over, or the system says that it be. Nothing of it is in the file system that would have to be
/// removed.
///
/// `raiser`: of [`start_raiser`].
pub fn launch(errand: &Errand, raiser: Option<Socket>) -> Result<ExitCode, LaunchFault> {
    let signals = Signals::catch().map_err(LaunchFault::Signals)?;
    let mut children = start(errand, raiser)?;
    children.heed(signals).map_err(LaunchFault::Wait)?;
    let ended = children.wait_for_one().map_err(LaunchFault::Wait)?;
    let all = children.end().map_err(LaunchFault::Wait)?;
    let are_well = ended && all;
    Ok(if are_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The process that can ask for an administrator's rights, because what it runs may have more than it: it has to be started
/// before that is given up. It ends with this process, and with whoever it is given to.
pub fn start_raiser() -> Result<Socket, LaunchFault> {
    let (own, theirs) = Socket::pair()?;
    let mut command = Command::new(OWN);
    command
        .arg("raiser")
        .process_group(0)
        .env_clear()
        .env(LAUNCHER, std::process::id().to_string())
        .current_dir("/")
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::null());
    let mut raiser = command.spawn().map_err(LaunchFault::Start)?;
    thread::spawn(move || raiser.wait());
    Ok(own)
}

fn start(errand: &Errand, raiser: Option<Socket>) -> Result<Children, LaunchFault> {
    let (net_to_desk, desk_to_net) = Socket::pair()?;
    let (net_to_ui, ui_to_net) = Socket::pair()?;
    let (desk_to_ui, ui_to_desk) = Socket::pair()?;
    let mut children = Children::default();
    let told = desk_environment(errand).map_err(io::Error::from);
    let errand = serde_json::to_string(errand).map_err(io::Error::from);
    let mut net = child("net", net_to_desk, net_to_ui);
    net.env_clear().envs(kept());
    net.env(ERRAND, errand.map_err(LaunchFault::Start)?);
    let mut desk = child("desk", desk_to_net, desk_to_ui);
    // Whatever the person's environment says.
    desk.env_remove(UNATTENDED)
        .env_remove(RAISER)
        .env_remove(CAPS)
        .envs(told.map_err(LaunchFault::Start)?);
    if let Some(raiser) = raiser {
        ui_to_desk.send_socket(&raiser)?;
        desk.env(RAISER, "1");
    }
    // The windows last: it is they who are ended where the system says so.
    let ui = child("ui", ui_to_desk, ui_to_net);
    for (mut command, grace) in [(net, NET_GRACE), (desk, GRACE), (ui, GRACE)] {
        command.env(LAUNCHER, std::process::id().to_string());
        children.add(command.spawn().map_err(LaunchFault::Start)?, grace);
    }
    Ok(children)
}

/// What the process with the desktop is told of the session, which the one with the network can't change.
fn desk_environment(errand: &Errand) -> Result<Vec<(&'static str, String)>, serde_json::Error> {
    let caps = errand.caps.map(|caps| serde_json::to_string(&caps));
    let caps = caps.transpose()?.map(|caps| (CAPS, caps));
    let unattended = errand.unattended.as_ref();
    let unattended = unattended.map(|_| (UNATTENDED, "1".to_owned()));
    Ok(caps.into_iter().chain(unattended).collect())
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

#[cfg(test)]
mod tests {
    use conclave_client::protocol::Timestamp;
    use conclave_protocol::remote::{Capabilities, Capability};
    use conclave_remote::Caps;

    use super::*;
    use crate::policy::InForce;

    // Shows: ABUSE-52.
    #[test]
    fn what_caps_reaches_the_process_with_the_desktop_as_it_is() {
        let caps = InForce {
            caps: Caps {
                permitted: Capabilities::NONE.with(Capability::View),
                must_record: true,
            },
            until: Timestamp::from_micros(1_000),
        };
        let capped = Errand {
            caps: Some(caps),
            ..Errand::default()
        };

        let told = desk_environment(&capped).unwrap();

        let [(CAPS, text)] = told.as_slice() else {
            panic!("it is told something else");
        };
        assert_eq!(serde_json::from_str::<InForce>(text).unwrap(), caps);
        let uncapped = desk_environment(&Errand::default()).unwrap();
        assert!(uncapped.is_empty());
    }

    // Shows: REQ-AC-30, ABUSE-55.
    #[test]
    fn that_nobody_need_sit_there_is_told_where_root_said_so_alone() {
        let unattended = Errand {
            unattended: Some("ward-3".to_owned()),
            ..Errand::default()
        };

        let told = desk_environment(&unattended).unwrap();

        assert_eq!(told, [(UNATTENDED, "1".to_owned())]);
    }
}
