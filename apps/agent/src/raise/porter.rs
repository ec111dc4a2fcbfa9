//! The process that asks for rights: with the person's own, and the only one of the agent that gets more by what it runs.

use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use conclave_protocol::remote::Raising;
use rustix::process::getuid;
use zeroize::Zeroizing;

use super::own_program::{RUN, own_number};
use crate::errand::Errand;
use crate::ipc::{
    Broken, Credentials, DeskToRaiser, RaiserToDesk, RaiserToRoot, RootToRaiser, Socket,
};
use crate::service::Person;

const SU: &str = "/usr/bin/su";
const SUDO: &str = "/usr/bin/sudo";
const SHELL: &str = "/bin/sh";
/// Asked anew, whoever was asked before, and by the same password. Root's own name and password need nobody else's rules.
const BY_SUDO: &str = "exec /usr/bin/sudo -k -S -p '' -- /bin/sh -c \"$2\" \"$0\" \"$1\"";
/// What both programs, and the shell between them, have of the surroundings.
const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";
/// For all of it. PAM holds up what is wrong by a few seconds.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(100);
/// A no comes no sooner, also of a name that nobody has.
const NO_SOONER: Duration = Duration::from_secs(4);
/// For the way back to be laid.
const LAYING: Duration = Duration::from_secs(20);
/// For a computer to refuse a restart: shorter than it is waited for to go down.
const REFUSING: Duration = Duration::from_secs(45);
/// Lines that PAM's modules write besides.
const MOST_LINES: u32 = 32;
/// What a shell ends with that finds no such program, or may not run it.
const NOT_RUN: [i32; 2] = [126, 127];

/// Until the process with the desktop is gone.
pub(crate) fn run(desk: OwnedFd) -> ExitCode {
    let desk = Socket::from(desk);
    let mut part: Option<Part> = None;
    while let Ok(message) = desk.receive::<DeskToRaiser>() {
        let told = match message {
            DeskToRaiser::Raise(credentials) => {
                drop(part.take());
                let (outcome, raised) = asked(credentials);
                part = raised;
                desk.send(&RaiserToDesk::Raised(outcome))
            }
            DeskToRaiser::LayWayBack(errand) => {
                let is_laid = part.as_ref().is_some_and(|part| part.lays(errand));
                desk.send(&RaiserToDesk::WayBack { is_laid })
            }
            DeskToRaiser::Lower => {
                part.take().iter().for_each(Part::forget);
                Ok(())
            }
            DeskToRaiser::Restart => part.as_ref().map_or(Ok(()), Part::restart),
            DeskToRaiser::RestartNow if part.as_ref().is_some_and(Part::goes_down) => Ok(()),
            DeskToRaiser::RestartNow => desk.send(&RaiserToDesk::NoRestart),
        };
        if told.is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

fn asked(credentials: Credentials) -> (Raising, Option<Part>) {
    let began = Instant::now();
    let raised = Part::start(&credentials);
    drop(credentials);
    match raised {
        Ok(part) => (Raising::Raised, Some(part)),
        Err(why) => {
            thread::sleep(NO_SOONER.saturating_sub(began.elapsed()));
            (why, None)
        }
    }
}

/// What has root's rights. It ends when this is gone.
struct Part {
    socket: Socket,
    /// Ends after its socket.
    _running: Running,
}

/// Its number can't be killed from here: it is root's.
struct Running(Option<Child>);

impl Part {
    fn start(credentials: &Credentials) -> Result<Self, Raising> {
        let found = Person::find(&credentials.name);
        let person = found.map_err(|_| Raising::Impossible)?;
        let person = person.ok_or(Raising::Wrong)?;
        // `su` takes any password from root.
        if getuid().is_root() {
            return Err(Raising::Impossible);
        }
        // Nobody learns that a password was right which raises nobody.
        if person.uid != 0 && !Path::new(SUDO).exists() {
            return Err(Raising::Impossible);
        }
        let (socket, theirs) = Socket::pair().map_err(|_| Raising::Impossible)?;
        let running = begin(&person, &credentials.password, theirs);
        let mut running = running.map_err(|_| Raising::Impossible)?;
        wait_for(&socket, &mut running)?;
        Ok(Self {
            socket,
            _running: running,
        })
    }

    fn lays(&self, errand: Box<Errand>) -> bool {
        let asked = self.socket.send(&RaiserToRoot::LayWayBack(errand));
        let answer = asked.and_then(|()| self.socket.receive_within::<RootToRaiser>(LAYING));
        matches!(answer, Ok(Some(RootToRaiser::WayBack { is_laid: true })))
    }

    fn restart(&self) -> Result<(), Broken> {
        self.socket.send(&RaiserToRoot::Restart)
    }

    /// False: the computer refuses. What says nothing more goes down with it.
    fn goes_down(&self) -> bool {
        let asked = self.socket.send(&RaiserToRoot::RestartNow);
        let answer = asked.and_then(|()| self.socket.receive_within::<RootToRaiser>(REFUSING));
        !matches!(answer, Ok(Some(RootToRaiser::NoRestart)))
    }

    /// Also where the computer was told to restart.
    fn forget(&self) {
        let _gone = self.socket.send(&RaiserToRoot::Forget);
    }
}

/// What is typed goes by standard input, where no other program of the person's sees it; what is said comes by the socket, which
/// is standard output, as nothing else outlives `sudo`.
fn begin(person: &Person, password: &str, socket: Socket) -> io::Result<Running> {
    let (script, askers) = match person.uid {
        0 => (RUN, 1),
        _ => (BY_SUDO, 2),
    };
    let own = own_number()?;
    let mut command = Command::new(SU);
    command
        .args(["-s", SHELL, "-c", script, "--"])
        .arg(&person.name)
        .args(own)
        .arg(RUN)
        .env_clear()
        .env("PATH", PATH)
        .env("LC_ALL", "C")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::from(OwnedFd::from(socket)))
        .stderr(Stdio::null());
    let mut running = Running(Some(command.spawn()?));
    // One that grows is left where it was.
    let mut line = Zeroizing::new(String::with_capacity(password.len() + 1));
    line.push_str(password);
    line.push('\n');
    let input = running.0.as_mut().and_then(|child| child.stdin.take());
    let mut input = input.ok_or(io::ErrorKind::BrokenPipe)?;
    for _ in 0..askers {
        input.write_all(line.as_bytes())?;
    }
    Ok(running)
}

/// Until it says that it is there, or has ended.
fn wait_for(socket: &Socket, running: &mut Running) -> Result<(), Raising> {
    let until = Instant::now() + PATIENCE;
    let mut lines = 0;
    while Instant::now() < until {
        match socket.receive_within::<RootToRaiser>(LOOK) {
            Ok(Some(RootToRaiser::Ready)) => return Ok(()),
            Ok(_) => {}
            // A module of PAM said something to the person.
            Err(Broken::Malformed | Broken::TooLarge) if lines < MOST_LINES => lines += 1,
            Err(_) => thread::sleep(LOOK),
        }
        if let Some(status) = running.ended() {
            return Err(why(status));
        }
    }
    Err(Raising::Impossible)
}

fn why(status: ExitStatus) -> Raising {
    match status.code() {
        Some(code) if NOT_RUN.contains(&code) => Raising::Impossible,
        Some(_) => Raising::Wrong,
        None => Raising::Impossible,
    }
}

impl Running {
    fn ended(&mut self) -> Option<ExitStatus> {
        self.0.as_mut()?.try_wait().ok()?
    }
}

/// It ends by itself once its socket is closed, and is waited for where nobody waits for that.
impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            thread::spawn(move || child.wait());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials(name: &str, password: &str) -> Credentials {
        Credentials {
            name: name.to_owned().into(),
            password: password.to_owned().into(),
        }
    }

    // Shows: REQ-AC-31.
    #[test]
    fn a_name_that_nobody_has_is_wrong_and_runs_nothing() {
        for name in ["no.such.person.here", "-c", "root\nroot", ""] {
            let started = Part::start(&credentials(name, "correct horse"));
            assert_eq!(started.err(), Some(Raising::Wrong), "{name:?}");
        }
    }

    // Shows: REQ-AC-31.
    #[test]
    fn root_whom_su_asks_for_no_password_raises_nobody() {
        if getuid().is_root() {
            let started = Part::start(&credentials("root", "correct horse"));
            assert_eq!(started.err(), Some(Raising::Impossible));
        }
    }

    // Shows: REQ-AC-31.
    #[test]
    fn what_ended_without_a_word_raised_nobody() {
        let (own, theirs) = Socket::pair().unwrap();
        for (command, expected) in [
            ("exit 1", Raising::Wrong),
            ("exit 127", Raising::Impossible),
            ("echo hello; exit 1", Raising::Wrong),
        ] {
            let mut ends = Command::new(SHELL);
            let theirs = theirs.again().unwrap();
            ends.args(["-c", command]);
            ends.stdout(Stdio::from(OwnedFd::from(theirs)));
            let mut running = Running(Some(ends.spawn().unwrap()));

            assert_eq!(wait_for(&own, &mut running), Err(expected), "{command}");
        }
    }
}
