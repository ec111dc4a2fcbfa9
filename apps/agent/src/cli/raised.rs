//! The two parts that root runs for an attended session: neither is for people to start.

use std::io::stdout;
use std::os::fd::AsFd;
use std::path::Path;
use std::process::ExitCode;

use tracing::Level;

use super::enrol::is_root;
use super::{FAILED, complain, complain_with};
use crate::hardening::{harden, keep_memory};
use crate::ipc::Socket;
use crate::raise::{Root, come_back};

const BELOW: &str = "/";

/// With an administrator's rights, until whoever asked for them is gone. Its socket is standard output: standard input is where
/// the password came from.
pub(super) fn be_raised() -> ExitCode {
    if !is_root() {
        return complain("only root has these rights");
    }
    let Ok(socket) = stdout().as_fd().try_clone_to_owned() else {
        return ExitCode::FAILURE;
    };
    if harden().is_err() {
        return ExitCode::FAILURE;
    }
    Root::of_computer(Path::new(BELOW)).serve(&Socket::from(socket));
    ExitCode::SUCCESS
}

/// After a restart, once.
pub(super) fn be_back() -> ExitCode {
    if !is_root() {
        return complain("only root comes back");
    }
    // No more than that: whom it starts the agent for may be raised again.
    if let Err(error) = keep_memory() {
        return complain_with(&format!("this kernel does not protect it: {error}"), FAILED);
    }
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(Level::INFO)
        .with_target(false)
        .init();
    match come_back(Path::new(BELOW)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the computer does not come back");
            ExitCode::FAILURE
        }
    }
}
