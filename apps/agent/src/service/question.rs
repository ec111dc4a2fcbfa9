//! One try to be let in, on its way through PAM, in a process of its own.

use std::io;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use conclave_client::e2ee::computer::Admittance;
use conclave_protocol::unattended::DeviceAnswer;
use zeroize::Zeroizing;

use super::gate::Try;
use super::verify::{RIGHT, WRONG};
use crate::ipc::{Credentials, Socket};
use crate::launcher::LAUNCHER;

pub(super) struct Question {
    pub(super) asked: Try,
    /// Of the session, for when it was right.
    pub(super) link: Zeroizing<String>,
    child: Child,
    until: Instant,
}

const OWN: &str = "/proc/self/exe";
/// Shorter than the server waits.
const PATIENCE: Duration = Duration::from_secs(15);

impl Question {
    pub(super) fn ask(now: Instant, asked: Try, admittance: Admittance) -> io::Result<Self> {
        let Admittance {
            link,
            name,
            password,
        } = admittance;
        let (own, theirs) = Socket::pair().map_err(io::Error::other)?;
        let child = Command::new(OWN)
            .arg("verify")
            .env_clear()
            .env(LAUNCHER, std::process::id().to_string())
            .current_dir("/")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .spawn()?;
        let question = Self {
            asked,
            link,
            child,
            until: now + PATIENCE,
        };
        let sent = own.send(&Credentials { name, password });
        sent.map_err(io::Error::other)?;
        Ok(question)
    }

    /// `None`: it is not known yet.
    pub(super) fn answer(&mut self, now: Instant) -> Option<DeviceAnswer> {
        match self.child.try_wait() {
            Ok(None) if now < self.until => None,
            Ok(Some(status)) if status.code() == Some(RIGHT.into()) => Some(DeviceAnswer::Verified),
            Ok(Some(status)) if status.code() == Some(WRONG.into()) => Some(DeviceAnswer::Wrong),
            Ok(_) | Err(_) => Some(DeviceAnswer::Failed),
        }
    }
}

/// One that hangs is not waited for.
impl Drop for Question {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}
