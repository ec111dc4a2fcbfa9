//! The part with root's rights: lays the way back, restarts the computer, and does nothing else.
//!
//! # Security
//!
//! For whom it lays the way is not said by anybody: the kernel says whose process is at the other end. Where that is gone before it
//! was told to restart, what it laid is taken away.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::net::sockopt::socket_peercred;

use super::way_back::{Ticket, lay, remove};
use crate::errand::Errand;
use crate::ipc::{RaiserToRoot, RootToRaiser, Socket};
use crate::service::said_by;

/// Where it works.
pub struct Root {
    /// Of everything that it writes.
    below: PathBuf,
    /// Whether the computer would let it.
    may_restart: fn() -> bool,
    /// False: it refuses.
    restart: fn() -> bool,
}

/// What becomes of the computer, and of what was laid.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plan {
    Nothing,
    /// It is taken away once whoever asked for the rights is gone.
    Laid,
    /// The computer restarts then.
    Leaves,
    Restarts,
}

const SYSTEMCTL: &str = "/usr/bin/systemctl";
const BUSCTL: &str = "/usr/bin/busctl";
/// Of logind, whom `systemctl` asks for the restart.
const CAN_REBOOT: [&str; 6] = [
    "--system",
    "call",
    "org.freedesktop.login1",
    "/org/freedesktop/login1",
    "org.freedesktop.login1.Manager",
    "CanReboot",
];
/// What it answers where root may.
const WILL_DO: [&str; 2] = ["s \"yes\"", "s \"challenge\""];
const PATIENCE: Duration = Duration::from_secs(5);

impl Root {
    #[must_use]
    pub fn of_computer(below: &Path) -> Self {
        Self {
            below: below.to_owned(),
            may_restart,
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
        match self.hear(raiser, person.uid.as_raw()) {
            Plan::Leaves if (self.restart)() => {}
            Plan::Laid | Plan::Leaves => remove(&self.below),
            Plan::Nothing | Plan::Restarts => {}
        }
    }

    fn hear(&self, raiser: &Socket, uid: u32) -> Plan {
        let mut plan = Plan::Nothing;
        while let Ok(message) = raiser.receive::<RaiserToRoot>() {
            let (next, answer) = self.heed(plan, uid, message);
            plan = next;
            if answer.is_some_and(|answer| raiser.send(&answer).is_err()) {
                break;
            }
        }
        plan
    }

    fn heed(&self, plan: Plan, uid: u32, message: RaiserToRoot) -> (Plan, Option<RootToRaiser>) {
        match message {
            RaiserToRoot::LayWayBack(errand) => {
                let is_laid = self.lays(uid, *errand);
                let plan = if is_laid { Plan::Laid } else { Plan::Nothing };
                (plan, Some(RootToRaiser::WayBack { is_laid }))
            }
            RaiserToRoot::Restart if plan == Plan::Laid => (Plan::Leaves, None),
            RaiserToRoot::Restart => (plan, None),
            RaiserToRoot::RestartNow if plan == Plan::Leaves && (self.restart)() => {
                (Plan::Restarts, None)
            }
            RaiserToRoot::RestartNow => (self.forget(plan), Some(RootToRaiser::NoRestart)),
            RaiserToRoot::Forget => (self.forget(plan), None),
        }
    }

    fn forget(&self, plan: Plan) -> Plan {
        if plan != Plan::Nothing {
            remove(&self.below);
        }
        Plan::Nothing
    }

    /// To a session where somebody sits, and to nothing else; and where the computer would go.
    fn lays(&self, uid: u32, errand: Errand) -> bool {
        if errand.returns.is_none() || !(self.may_restart)() {
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

/// As far as logind says beforehand, which knows who holds a restart up. Where it says nothing, the restart itself shows.
fn may_restart() -> bool {
    let said = said_by(BUSCTL, &CAN_REBOOT, PATIENCE).ok().flatten();
    said.is_none_or(|said| will_do(&said))
}

fn will_do(said: &str) -> bool {
    WILL_DO.contains(&said.trim())
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::super::way_back::take;
    use super::super::way_back::tests::{computer, errand, is_clean};
    use super::*;

    /// A part that would restart as it says, and whoever asked for it.
    fn part(below: &Path, restart: fn() -> bool) -> (Socket, thread::JoinHandle<()>) {
        serving(Root {
            below: below.to_owned(),
            may_restart: || true,
            restart,
        })
    }

    fn serving(root: Root) -> (Socket, thread::JoinHandle<()>) {
        let (raiser, theirs) = Socket::pair().unwrap();
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
    fn a_restart_that_is_refused_is_told_while_the_agent_is_there_and_nothing_of_it_stays() {
        let computer = computer();
        let (raiser, serves) = part(computer.path(), || false);
        assert!(lays(&raiser, errand()));

        raiser.send(&RaiserToRoot::Restart).unwrap();
        raiser.send(&RaiserToRoot::RestartNow).unwrap();

        let answer = raiser.receive::<RootToRaiser>().unwrap();
        assert!(matches!(answer, RootToRaiser::NoRestart));
        assert!(is_clean(computer.path()));
        drop(raiser);
        serves.join().unwrap();
    }

    // Shows: REQ-AC-31.
    #[test]
    fn a_restart_that_begins_leaves_the_way_back_unless_the_computer_stays_up() {
        for stays_up in [false, true] {
            let computer = computer();
            let (raiser, serves) = part(computer.path(), || true);
            assert!(lays(&raiser, errand()));
            raiser.send(&RaiserToRoot::Restart).unwrap();
            raiser.send(&RaiserToRoot::RestartNow).unwrap();

            if stays_up {
                raiser.send(&RaiserToRoot::Forget).unwrap();
            }
            drop(raiser);
            serves.join().unwrap();

            assert_eq!(is_clean(computer.path()), stays_up);
        }
    }

    // Shows: REQ-AC-31.
    #[test]
    fn a_computer_that_would_refuse_is_not_left() {
        let computer = computer();
        let (raiser, serves) = serving(Root {
            below: computer.path().to_owned(),
            may_restart: || false,
            restart: || panic!("it restarts"),
        });

        assert!(!lays(&raiser, errand()));
        drop(raiser);
        serves.join().unwrap();

        assert!(is_clean(computer.path()));
        assert!(will_do("s \"yes\"\n") && will_do("s \"challenge\"\n"));
        for refused in ["s \"no\"\n", "s \"na\"\n", "s \"inhibitor-blocked\"\n", ""] {
            assert!(!will_do(refused), "{refused}");
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
