//! The sessions that run at the computer, each an agent of its own in the name of whoever's desktop it is.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use conclave_protocol::SupportSessionId;
use rustix::process::{Pid, Signal, kill_process};

use super::desktop::Desktop;
use crate::errand::{ERRAND, Errand};
use crate::launcher::LAUNCHER;

#[derive(Default)]
pub(super) struct Guests(BTreeMap<SupportSessionId, Guest>);

struct Guest {
    child: Child,
    /// It was told to end, and is killed then.
    until: Option<Instant>,
    /// The server hears that it ended by itself.
    is_told_of: bool,
}

/// This very file, whatever lies at its path by then.
const OWN: &str = "/proc/self/exe";
const MOST: usize = 4;
/// For a session to end as if its sign were gone, which it does at once, and to tell so; then it is killed. Longer than the
/// agent gives its own processes.
const GRACE: Duration = Duration::from_secs(20);
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// What whoever's desktop it is has of the system, and nothing of root's.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

impl Guests {
    /// Its agent has no right of root's: it runs as whoever's desktop it is.
    pub(super) fn begin(
        &mut self,
        session: SupportSessionId,
        desktop: &Desktop,
        errand: &Errand,
        is_told_of: bool,
    ) -> io::Result<()> {
        if self.0.len() >= MOST || self.0.contains_key(&session) {
            return Err(io::ErrorKind::ResourceBusy.into());
        }
        let child = agent_at(desktop, errand)?.spawn()?;
        let until = None;
        let guest = Guest {
            child,
            until,
            is_told_of,
        };
        self.0.insert(session, guest);
        Ok(())
    }

    /// Those that have ended are forgotten, and those that should have are killed. Of which the server hears that they
    /// ended by themselves.
    pub(super) fn look(&mut self, now: Instant) -> Vec<SupportSessionId> {
        let mut told = Vec::new();
        self.0.retain(|session, guest| {
            if guest.until.is_some_and(|until| now >= until) {
                // It may have ended by itself in between.
                let _ended = guest.child.kill();
            }
            let runs = matches!(guest.child.try_wait(), Ok(None));
            if !runs && guest.until.is_none() && guest.is_told_of {
                told.push(*session);
            }
            runs
        });
        told
    }

    pub(super) fn end(&mut self, session: SupportSessionId) {
        if let Some(guest) = self.0.get_mut(&session) {
            guest.end(Instant::now());
        }
    }

    /// Waits for all of them.
    pub(super) fn end_all(&mut self) {
        let now = Instant::now();
        self.0.values_mut().for_each(|guest| guest.end(now));
        while !self.0.is_empty() {
            self.look(Instant::now());
            thread::sleep(BETWEEN_LOOKS);
        }
    }
}

impl Guest {
    fn end(&mut self, now: Instant) {
        let number = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        // It may have ended by itself in between.
        let _told = number.map(|number| kill_process(number, Signal::TERM));
        self.until.get_or_insert(now + GRACE);
    }
}

/// As whoever's desktop it is, by a process of root's.
pub(crate) fn agent_at(desktop: &Desktop, errand: &Errand) -> io::Result<Command> {
    let person = &desktop.person;
    let runtime = format!("/run/user/{}", person.uid);
    let mut command = Command::new(OWN);
    command
        .arg("attend")
        .env_clear()
        .env(ERRAND, serde_json::to_string(errand)?)
        .env(LAUNCHER, std::process::id().to_string())
        .env("DISPLAY", &desktop.display)
        .env("HOME", &person.home)
        .env("USER", &person.name)
        .env("LOGNAME", &person.name)
        .env("PATH", PATH)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        // The groups of root go with its number.
        .gid(person.gid)
        .uid(person.uid);
    if let Some(authority) = &desktop.authority {
        command.env("XAUTHORITY", authority);
    }
    if Path::new(&runtime).is_dir() {
        command.env("XDG_RUNTIME_DIR", runtime);
    }
    for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    Ok(command)
}
