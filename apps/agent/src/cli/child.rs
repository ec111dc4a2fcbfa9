//! The launcher's processes: none of them is for people to start.

use std::io::{stdin, stdout};
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::process::ExitCode;

use tracing::Level;

use super::{FAILED, complain_with};
use crate::errand::Errand;
use crate::hardening::{end_with, harden};
use crate::launcher::{LAUNCHER, RUN_DIRECTORY};
use crate::{desk, net, ui};

#[derive(Clone, Copy)]
pub(super) enum Child {
    Net,
    Desk,
    Ui,
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
    harden().ok()?;
    log();
    let (input, output) = (again(&stdin())?, again(&stdout())?);
    match child {
        Child::Net => Some(net::run(input, output, &Errand::read()?)),
        Child::Desk => {
            let directory = PathBuf::from(std::env::var_os(RUN_DIRECTORY)?);
            Some(desk::run(input, output, &directory))
        }
        Child::Ui => Some(ui::run(input, output)),
    }
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
