//! The part with root's rights: lays the way back, restarts the computer, and does nothing else.
//!
//! # Security
//!
//! For whom it lays the way is not said by anybody: the kernel says whose process is at the other end. Where that is gone before it
//! was told to restart, what it laid is taken away.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::net::sockopt::socket_peercred;

use super::way_back::{Ticket, lay, remove};
use crate::errand::Errand;
use crate::ipc::{RaiserToRoot, RootToRaiser, Socket};

/// Where it works.
pub struct Root {
    /// Of everything that it writes.
    below: PathBuf,
    restart: fn() -> bool,
}

const SYSTEMCTL: &str = "/usr/bin/systemctl";

impl Root {
    #[must_use]
    pub fn of_computer(below: &Path) -> Self {
        Self {
            below: below.to_owned(),
            restart,
        }
    }

    /// Until whoever asked for the rights is gone.
    pub fn serve(&self, raiser: &Socket) {
        let Ok(person) = socket_peercred(raiser) else {
            return;
        };
        if raiser.send(&RootToRaiser::Ready).is_err() {
            return;
        }
        let (is_laid, restarts) = self.hear(raiser, person.uid.as_raw());
        if is_laid && !(restarts && (self.restart)()) {
            remove(&self.below);
        }
    }

    /// Whether the way back is laid, and whether the computer is to restart.
    fn hear(&self, raiser: &Socket, uid: u32) -> (bool, bool) {
        let (mut is_laid, mut restarts) = (false, false);
        while let Ok(message) = raiser.receive::<RaiserToRoot>() {
            match message {
                RaiserToRoot::LayWayBack(errand) => {
                    is_laid = self.lays(uid, *errand);
                    restarts = false;
                    if raiser.send(&RootToRaiser::WayBack { is_laid }).is_err() {
                        break;
                    }
                }
                RaiserToRoot::Restart => restarts = is_laid,
            }
        }
        (is_laid, restarts)
    }

    /// To a session where somebody sits, and to nothing else.
    fn lays(&self, uid: u32, errand: Errand) -> bool {
        if errand.returns.is_none() {
            return false;
        }
        let errand = Errand {
            unattended: None,
            presents: None,
            ..errand
        };
        lay(&self.below, &Ticket::new(errand, uid)).is_ok()
    }
}

/// As logind does it, which tells everybody first. What is killed while it asks is killed by the restart.
fn restart() -> bool {
    let mut command = Command::new(SYSTEMCTL);
    command.arg("reboot").env_clear().current_dir("/");
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::null());
    let status = command.status();
    status.is_ok_and(|status| status.code().is_none_or(|code| code == 0))
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::super::way_back::take;
    use super::super::way_back::tests::{computer, errand, is_clean};
    use super::*;

    /// A part that would restart as it says, and whoever asked for it.
    fn part(below: &Path, restart: fn() -> bool) -> (Socket, thread::JoinHandle<()>) {
        let (raiser, theirs) = Socket::pair().unwrap();
        let root = Root {
            below: below.to_owned(),
            restart,
        };
        let serves = thread::spawn(move || root.serve(&theirs));
        let ready = raiser.receive::<RootToRaiser>().unwrap();
        assert!(matches!(ready, RootToRaiser::Ready));
        (raiser, serves)
    }

    fn lays(raiser: &Socket, errand: Errand) -> bool {
        let errand = Box::new(errand);
        raiser.send(&RaiserToRoot::LayWayBack(errand)).unwrap();
        let answer = raiser.receive::<RootToRaiser>().unwrap();
        matches!(answer, RootToRaiser::WayBack { is_laid: true })
    }

    // Shows: REQ-AC-31.
    #[test]
    fn it_restarts_when_the_agent_is_gone_and_leaves_the_way_back() {
        let computer = computer();
        let (raiser, serves) = part(computer.path(), || true);

        assert!(lays(&raiser, errand()));
        raiser.send(&RaiserToRoot::Restart).unwrap();
        drop(raiser);
        serves.join().unwrap();

        let ticket = take(computer.path()).unwrap().unwrap();
        assert_eq!(ticket.uid, rustix::process::getuid().as_raw());
        assert!(is_clean(computer.path()));
    }

    // Shows: REQ-AC-31.
    #[test]
    fn nothing_of_it_stays_without_a_restart() {
        for (restarts, works) in [(false, true), (true, false)] {
            let computer = computer();
            let restart: fn() -> bool = if works { || true } else { || false };
            let (raiser, serves) = part(computer.path(), restart);
            assert!(lays(&raiser, errand()));

            if restarts {
                raiser.send(&RaiserToRoot::Restart).unwrap();
            }
            drop(raiser);
            serves.join().unwrap();

            assert!(is_clean(computer.path()), "{restarts} {works}");
        }
    }

    // Shows: REQ-AC-31.
    #[test]
    fn it_restarts_nothing_that_does_not_come_back_and_does_nothing_else() {
        let computer = computer();
        let (raiser, serves) = part(computer.path(), || panic!("it restarts"));
        let elsewhere = Errand {
            returns: None,
            ..errand()
        };

        assert!(!lays(&raiser, elsewhere));
        raiser.send(&RaiserToRoot::Restart).unwrap();
        drop(raiser);

        serves.join().unwrap();
        assert!(is_clean(computer.path()));

        let (raiser, serves) = part(computer.path(), || panic!("it restarts"));
        raiser.send(&"rm -r /".to_owned()).unwrap();
        serves.join().unwrap();
        assert!(raiser.receive::<RootToRaiser>().is_err());
    }
}
