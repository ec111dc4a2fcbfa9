//! The launcher's processes: none of them is for people to start.

use std::fs::read_to_string;
use std::io::{stdin, stdout};
use std::os::fd::{AsFd, OwnedFd};
use std::process::ExitCode;

use tracing::Level;

use super::{FAILED, complain_with, own};
use crate::check::in_one_line;
use crate::errand::Errand;
use crate::hardening::{end_with, harden, is_child_of, keep_memory};
use crate::ipc::Socket;
use crate::launcher::{LAUNCHER, launch, start_raiser};
use crate::policy::InForce;
use crate::raise::run_raiser;
use crate::service::{run_line, run_verify};
use crate::{desk, net, ui};

#[derive(Clone, Copy)]
pub(super) enum Child {
    Net,
    Desk,
    Ui,
    Line,
    Verify,
    Attend,
    Raiser,
}

/// Until the session is over.
pub(super) fn be(child: Child) -> ExitCode {
    match begun(child) {
        Some(code) => code,
        None => complain_with(
            "this is a part of the agent, which starts it itself",
            FAILED,
        ),
    }
}

/// `None`: it was not started by a launcher.
fn begun(child: Child) -> Option<ExitCode> {
    let launcher = std::env::var(LAUNCHER).ok()?.parse().ok()?;
    end_with(launcher).ok()?;
    let raiser = raiser_of(child);
    // What that one runs is to get more rights.
    let is_raiser = matches!(child, Child::Raiser);
    let guarded = if is_raiser { keep_memory() } else { harden() };
    guarded.ok()?;
    log();
    let (input, output) = (again(&stdin())?, again(&stdout())?);
    match child {
        Child::Net => Some(net::run(input, output, &Errand::read()?)),
        Child::Desk => Some(desk::run(input, output)),
        Child::Ui => Some(ui::run(input, output)),
        Child::Line => Some(run_line(input)),
        Child::Verify => Some(run_verify(input)),
        Child::Attend => attend(launcher, raiser),
        Child::Raiser => Some(run_raiser(input)),
    }
}

/// Where somebody sits: in a session that the computer came back to.
fn raiser_of(child: Child) -> Option<Socket> {
    let returns = || Errand::read().is_some_and(|errand| errand.returns.is_some());
    let is_wanted = matches!(child, Child::Attend) && returns();
    is_wanted.then(|| start_raiser().ok())?
}

/// A session where nobody need sit, or that the computer came back to: its agent, which root has started. `None`: somebody else
/// has.
fn attend(service: u32, raiser: Option<Socket>) -> Option<ExitCode> {
    let status = status_of_parent(service)?;
    let is_roots = |errand: &Errand| errand.unattended.is_some() || errand.returns.is_some();
    let errand = Errand::read().filter(is_roots)?;
    if !is_of_root(&status) {
        return None;
    }
    let errand = match capped(errand, || own().map(|(_, caps)| caps)) {
        Ok(errand) => errand,
        Err(why) => return Some(complain_with(&why, FAILED)),
    };
    let launched = launch(&errand, raiser);
    Some(launched.unwrap_or_else(|fault| complain_with(&in_one_line(&fault), FAILED)))
}

/// What is come back to is capped as ever: by the policy in force here, of which the way back says nothing. Where
/// nobody sits root has said what caps.
fn capped(
    errand: Errand,
    own: impl FnOnce() -> Result<Option<InForce>, String>,
) -> Result<Errand, String> {
    match errand.returns {
        Some(_) => own().map(|caps| Errand { caps, ..errand }),
        None => Ok(errand),
    }
}

/// `None`: it is gone, or none. As long as it is this process' parent, nobody else has its number.
fn status_of_parent(parent: u32) -> Option<String> {
    let status = read_to_string(format!("/proc/{parent}/status")).ok()?;
    is_child_of(parent).then_some(status)
}

/// By the four numbers of who it is and acts as.
fn is_of_root(status: &str) -> bool {
    let numbers = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    numbers.is_some_and(|numbers| numbers.split_whitespace().all(|number| number == "0"))
}

fn again(end: &impl AsFd) -> Option<OwnedFd> {
    end.as_fd().try_clone_to_owned().ok()
}

/// To standard error, which is the launcher's.
fn log() {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(Level::WARN)
        .with_target(false)
        .init();
}

#[cfg(test)]
mod tests {
    use conclave_client::protocol::Timestamp;
    use conclave_protocol::personal::{DisplayName, Title};
    use conclave_protocol::remote::{Capabilities, Capability};
    use conclave_protocol::{MeetingId, ParticipantId};
    use conclave_remote::Caps;
    use uuid::Uuid;

    use super::*;
    use crate::errand::Return;

    fn caps(capability: Capability) -> Option<InForce> {
        let caps = Caps {
            permitted: Capabilities::NONE.with(capability),
            must_record: false,
        };
        let until = Timestamp::from_micros(1_000);
        Some(InForce { caps, until })
    }

    /// It says itself what caps.
    fn errand(returns: Option<Return>) -> Errand {
        Errand {
            caps: caps(Capability::Control),
            returns,
            ..Errand::default()
        }
    }

    fn returns() -> Option<Return> {
        Some(Return {
            passcode: None,
            name: DisplayName::parse("Bo").unwrap(),
            technician: DisplayName::parse("Thea Nowak").unwrap(),
            organisation: Title::parse("Klinikum Nord").unwrap(),
            meeting: MeetingId(Uuid::from_u128(1)),
            participant: ParticipantId(Uuid::from_u128(2)),
            credential: "credential".to_owned(),
            device: vec![7; 33],
            number: 1,
        })
    }

    // Shows: REQ-AC-31, ABUSE-52.
    #[test]
    fn what_is_come_back_to_is_capped_by_the_policy_in_force_whatever_the_way_back_says() {
        for own in [caps(Capability::View), None] {
            let capped = capped(errand(returns()), || Ok(own)).unwrap();
            assert_eq!(capped.caps, own);
        }
        assert!(capped(errand(returns()), || Err("its time is over".into())).is_err());
    }

    // Shows: ABUSE-52.
    #[test]
    fn where_nobody_sits_root_says_what_caps() {
        let capped = capped(errand(None), || Err("nobody is asked".into())).unwrap();
        assert_eq!(capped.caps, caps(Capability::Control));
    }

    // Shows: REQ-AC-30, ABUSE-55.
    #[test]
    fn only_roots_service_says_that_nobody_need_sit_here() {
        let of = |numbers: &str| format!("Name:\tconclave-agent\nUid:\t{numbers}\nGid:\t0\n");

        assert!(is_of_root(&of("0\t0\t0\t0")));
        for numbers in ["1000\t1000\t1000\t1000", "1000\t0\t0\t0", "0\t0\t0\t1000"] {
            assert!(!is_of_root(&of(numbers)), "{numbers}");
        }
        assert!(!is_of_root("Name:\tconclave-agent\n"));
    }

    // Shows: REQ-AC-30, ABUSE-55.
    #[test]
    fn of_a_process_that_is_not_the_parent_nothing_is_believed() {
        let parent = rustix::process::getppid().unwrap();
        let parent = u32::try_from(parent.as_raw_nonzero().get()).unwrap();

        assert!(status_of_parent(parent).is_some());
        assert!(status_of_parent(std::process::id()).is_none());
    }
}
