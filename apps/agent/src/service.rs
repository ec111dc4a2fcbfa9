//! Help where nobody need sit: the service of an enrolled computer.
//!
//! ```text
//! server ◄── line (nobody's) ◄──► service (root) ──► verify (root): PAM, for one try
//!                                    └──► agent (whoever's desktop it is): net, desk, ui
//! ```
//!
//! # Security
//!
//! Root has the computer's keys, and reads no network: what it is sent it opens with them, and what does not open is dropped.
//! It asks the computer's own PAM, starts an agent as whoever's desktop is on the screen, and does nothing else. Nothing
//! listens: no other program of the computer can speak with it.

mod desktop;
mod enrolment;
mod gate;
mod guests;
mod line;
mod person;
mod question;
mod said;
mod tries;
mod verify;

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use conclave_protocol::SupportSessionId;
use conclave_protocol::unattended::{DeviceAnswer, NotCome, line_content};
use zeroize::Zeroizing;

pub use self::desktop::Desktop;
pub use self::enrolment::{DIRECTORY, Enrolment, NotKept};
pub(crate) use self::guests::agent_at;
pub use self::line::run as run_line;
pub use self::person::Person;
pub(crate) use self::said::said_by;
pub use self::verify::{SERVICE, is_administrator, run as run_verify};

use self::gate::{Gate, Try};
use self::guests::Guests;
use self::line::{LINE, LineErrand};
use self::question::Question;
use crate::check::in_one_line;
use crate::errand::Errand;
use crate::ipc::{Broken, LineToService, ServiceToLine, Socket};
use crate::launcher::LAUNCHER;
use crate::pinned::{PinFault, Pinned};
use crate::policy::{InForce, NotInForce, POLICIES, caps_at};
use crate::signals::Signals;

/// What the service was told.
pub struct Service {
    /// Where the enrolment is kept.
    pub directory: PathBuf,
    /// `None`: what is on the screen is asked for.
    pub user: Option<String>,
    pub display: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Unserved {
    #[error(transparent)]
    Enrolment(#[from] NotKept),
    #[error(transparent)]
    Pin(#[from] PinFault),
    #[error("the system gives no randomness")]
    Randomness,
    #[error("it can't be told to end")]
    Signals(#[source] io::Error),
    #[error("the process with the network can't be started")]
    Line(#[source] io::Error),
    #[error("the process with the network is gone")]
    Gone(#[from] Broken),
}

/// This very file, whatever lies at its path by then.
const OWN: &str = "/proc/self/exe";
/// Between two looks at what ends by itself.
const LOOK: Duration = Duration::from_millis(200);
/// Of the account that has nothing.
const NOBODY: &str = "nobody";
const NOBODYS_NUMBER: u32 = 65_534;
/// Tries on their way through PAM at one time.
const MOST_QUESTIONS: usize = 2;

impl Service {
    /// Until the system says so, or the computer is taken out.
    pub fn run(self) -> Result<ExitCode, Unserved> {
        let pinned = Pinned::own()?;
        let (enrolment, keys) = Enrolment::read(&self.directory)?;
        let run = random()?;
        let stop = stop_by(Signals::catch().map_err(Unserved::Signals)?);
        let (own, theirs) = Socket::pair()?;
        let line = start_line(&enrolment, &run, theirs).map_err(Unserved::Line)?;
        let keeper = Keeper {
            gate: Gate::new(keys, enrolment.device, run),
            run: hexadecimal(&run),
            questions: Vec::new(),
            guests: Guests::default(),
            line: LineProcess { own, child: line },
            enrolment,
            pinned,
            service: self,
        };
        keeper.say_what_caps();
        keeper.keep(&stop)
    }
}

struct LineProcess {
    own: Socket,
    child: Child,
}

impl Drop for LineProcess {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

struct Keeper {
    gate: Gate,
    run: String,
    questions: Vec<Question>,
    guests: Guests,
    line: LineProcess,
    enrolment: Enrolment,
    pinned: Option<Pinned>,
    service: Service,
}

impl Keeper {
    fn keep(mut self, stop: &AtomicBool) -> Result<ExitCode, Unserved> {
        let kept = self.until_over(stop);
        self.questions.clear();
        self.guests.end_all();
        kept
    }

    fn until_over(&mut self, stop: &AtomicBool) -> Result<ExitCode, Unserved> {
        while !stop.load(Ordering::Relaxed) {
            match self.line.own.receive_within::<LineToService>(LOOK)? {
                Some(LineToService::Revoked) => {
                    tracing::warn!("the organisation took this computer out");
                    Enrolment::remove(&self.service.directory);
                    return Ok(ExitCode::SUCCESS);
                }
                Some(message) => self.hear(message)?,
                None => {}
            }
            self.look()?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn hear(&mut self, message: LineToService) -> Result<(), Unserved> {
        match message {
            LineToService::Challenged { nonce } => self.prove(&nonce),
            LineToService::Online => {
                tracing::info!("the server can ask this computer");
                Ok(())
            }
            LineToService::Asked {
                session,
                technician,
                attempt,
                sealed,
            } => {
                let asked = Try {
                    session,
                    technician,
                    attempt,
                };
                match self.asked(asked, &sealed) {
                    Ok(()) => Ok(()),
                    Err(answer) => self.tell(asked, answer),
                }
            }
            LineToService::Begin { session, hears } => match self.begin(session, hears) {
                Err(why) if hears => self.not_come(session, why),
                Ok(()) | Err(_) => Ok(()),
            },
            LineToService::End(session) => {
                self.gate.end(session);
                self.questions
                    .retain(|question| question.asked.session != session);
                self.guests.end(session);
                Ok(())
            }
            LineToService::Revoked => Ok(()),
        }
    }

    fn prove(&mut self, nonce: &[u8]) -> Result<(), Unserved> {
        let content = line_content(self.enrolment.device, nonce, &self.run);
        let signature = self.gate.sign(&content).to_vec();
        Ok(self.line.own.send(&ServiceToLine::Signed { signature })?)
    }

    /// To PAM, in a process of its own.
    fn asked(&mut self, asked: Try, sealed: &[u8]) -> Result<(), DeviceAnswer> {
        let now = Instant::now();
        if self.questions.len() >= MOST_QUESTIONS {
            return Err(DeviceAnswer::Failed);
        }
        let admittance = self.gate.open(now, asked, sealed)?;
        let question = Question::ask(now, asked, admittance).map_err(|error| {
            tracing::error!(%error, "PAM can't be asked");
            DeviceAnswer::Failed
        })?;
        self.questions.push(question);
        Ok(())
    }

    fn look(&mut self) -> Result<(), Unserved> {
        let now = Instant::now();
        for session in self.guests.look(now) {
            self.not_come(session, NotCome::Ended)?;
        }
        let mut answered = Vec::new();
        self.questions.retain_mut(|question| {
            let answer = question.answer(now);
            answered.extend(answer.map(|answer| (question.asked, question.link.clone(), answer)));
            answer.is_none()
        });
        for (asked, link, answer) in answered {
            let answer = self.judged(now, asked, link, answer);
            self.tell(asked, answer)?;
        }
        Ok(())
    }

    /// Somebody who is let in needs a desktop to be shown.
    fn judged(
        &mut self,
        now: Instant,
        asked: Try,
        link: Zeroizing<String>,
        answer: DeviceAnswer,
    ) -> DeviceAnswer {
        if answer != DeviceAnswer::Verified {
            return answer;
        }
        if self.desktop().is_none() {
            return DeviceAnswer::NoDesktop;
        }
        match self.gate.verified(now, asked.session, link) {
            true => DeviceAnswer::Verified,
            false => DeviceAnswer::Failed,
        }
    }

    fn tell(&self, asked: Try, answer: DeviceAnswer) -> Result<(), Unserved> {
        let answered = ServiceToLine::Answered {
            session: asked.session,
            attempt: asked.attempt,
            answer,
        };
        Ok(self.line.own.send(&answered)?)
    }

    /// Of a session that it came into, the server knows better.
    fn not_come(&self, session: SupportSessionId, why: NotCome) -> Result<(), Unserved> {
        let message = ServiceToLine::NotCome { session, why };
        Ok(self.line.own.send(&message)?)
    }

    /// What nobody was verified for does not begin, and is nothing that a technician waits for. `hears`: the server tells
    /// them why it does not come.
    fn begin(&mut self, session: SupportSessionId, hears: bool) -> Result<(), NotCome> {
        let Some(link) = self.gate.begin(Instant::now(), session) else {
            return Ok(());
        };
        let Some(desktop) = self.desktop() else {
            tracing::warn!("the desktop is gone");
            return Err(NotCome::NoDesktop);
        };
        let caps = self.caps().map_err(|why| {
            tracing::error!("nothing is permitted: {}", in_one_line(&why));
            NotCome::NotStarted
        })?;
        let errand = Errand {
            wanted: Some(link.as_str().to_owned()),
            unattended: Some(self.enrolment.name.clone()),
            caps,
            ..errand_of(&self.enrolment)
        };
        let begun = self.guests.begin(session, &desktop, &errand, hears);
        begun.map_err(|error| {
            tracing::error!(%error, "the agent can't be started");
            NotCome::NotStarted
        })
    }

    /// By the organisation's own policy, as it was installed last. `None`: there is none.
    fn caps(&self) -> Result<Option<InForce>, NotInForce> {
        let policy = self.pinned.as_ref();
        let Some(policy) = policy.and_then(|pinned| pinned.policy.as_ref()) else {
            return Ok(None);
        };
        let (now, directory) = (SystemTime::now().into(), Path::new(POLICIES));
        caps_at(now, directory, policy, &self.enrolment.server).map(Some)
    }

    /// Before a technician finds out.
    fn say_what_caps(&self) {
        match self.caps() {
            Ok(Some(_)) => tracing::info!("the organisation's policy is in force"),
            Ok(None) => tracing::info!("no policy caps what the server permits"),
            Err(why) => tracing::error!("nothing is permitted: {}", in_one_line(&why)),
        }
    }

    fn desktop(&self) -> Option<Desktop> {
        match &self.service.user {
            Some(user) => Desktop::of(user, self.service.display.clone()),
            None => Desktop::on_screen(),
        }
    }
}

fn errand_of(enrolment: &Enrolment) -> Errand {
    Errand {
        server: Some(enrolment.server.clone()),
        key: enrolment.key,
        trust: enrolment.trust.clone(),
        ..Errand::default()
    }
}

/// As nobody, who can read none of root's files.
fn start_line(enrolment: &Enrolment, run: &[u8], theirs: Socket) -> io::Result<Child> {
    let errand = LineErrand {
        server: errand_of(enrolment),
        device: enrolment.device,
        run: hexadecimal(run),
    };
    let nobody = Person::find(NOBODY).ok().flatten();
    let (uid, gid) = nobody.map_or((NOBODYS_NUMBER, NOBODYS_NUMBER), |it| (it.uid, it.gid));
    let mut command = Command::new(OWN);
    command
        .arg("line")
        .env_clear()
        .env(LINE, serde_json::to_string(&errand)?)
        .env(LAUNCHER, std::process::id().to_string())
        .current_dir("/")
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::null())
        .gid(gid)
        .uid(uid);
    for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.spawn()
}

/// True once the system says that it is to end.
fn stop_by(signals: Signals) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    thread::spawn(move || {
        signals.wait();
        told.store(true, Ordering::Relaxed);
    });
    stop
}

fn random() -> Result<[u8; 16], Unserved> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Unserved::Randomness)?;
    Ok(bytes)
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}

/// What PAM asks for the service where the computer's administrator has said nothing else.
pub fn keep_rules(rules: &Path) -> io::Result<()> {
    let (debian, others) = (Path::new("/etc/pam.d/common-auth"), "system-auth");
    let text = match debian.exists() {
        true => "@include common-auth\n@include common-account\n".to_owned(),
        false => format!("auth include {others}\naccount include {others}\n"),
    };
    match rules.exists() {
        true => Ok(()),
        false => std::fs::write(rules, text),
    }
}
