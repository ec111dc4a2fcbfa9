//! How long a technician's input goes on after the person took control back, while a thousand events are on their way.
//!
//! The agent's process with the desktop is the real one; its network and its windows are the benchmark's, so that the
//! word of the person and the events come at one moment.

use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use conclave_agent::ipc::{DeskToNet, DeskToUi, NetToDesk, Socket, UiToDesk, Way};
use conclave_agent::launcher::LAUNCHER;
use conclave_client::protocol::ParticipantId;
use conclave_client::protocol::personal::{DisplayName, Title};
use conclave_client::protocol::remote::{
    Answer, Capabilities, Capability, FromAgent, FromTechnician, InputEvent, Key, Turn,
};
use conclave_remote::{FileRules, Limits, Person, Surface};
use conclave_testkit::Figures;
use tempfile::TempDir;
use uuid::Uuid;

use crate::display::Display;
use crate::echo::Echo;

const ROUNDS: usize = 10;
const EVENTS: u32 = 1_000;
const LETTER: u8 = 0x04;
const PATIENCE: Duration = Duration::from_secs(60);
const SHORTLY: Duration = Duration::from_millis(5);
const AGAIN: Duration = Duration::from_millis(300);
/// Longer than anything that was on its way.
const QUIET: Duration = Duration::from_millis(500);

/// From the person's word to the last key that a program heard.
pub(crate) fn last_input(display: &Display, echo: &Echo) -> anyhow::Result<Figures> {
    let mut figures = Figures::default();
    for _ in 0..ROUNDS {
        let mut desk = Desk::controlled(display)?;
        echo.focus()?;
        let before = echo.presses();
        let typing = desk.types(EVENTS)?;
        let begun = Instant::now();
        while echo.presses() == before {
            desk.hears(SHORTLY)?;
            ensure!(begun.elapsed() < PATIENCE, "nothing is typed");
        }
        let start = Instant::now();
        desk.ui.send(&UiToDesk::Withdraw(Capability::Control))?;
        let quiet = Instant::now() + QUIET;
        while desk.turn.is_some() || Instant::now() < quiet || !typing.is_finished() {
            desk.hears(SHORTLY)?;
            ensure!(start.elapsed() < PATIENCE, "control does not end");
        }
        let last = echo.last_press().context("nothing was pressed")?;
        figures.add(last.saturating_duration_since(start));
    }
    Ok(figures)
}

/// The process with the desktop.
struct Desk {
    process: Child,
    net: Socket,
    ui: Socket,
    question: Option<u32>,
    permitted: Capabilities,
    turn: Option<Turn>,
    /// When the windows said last that they are there.
    alive: Instant,
    _folder: TempDir,
}

impl Desk {
    fn controlled(display: &Display) -> anyhow::Result<Self> {
        let mut desk = Self::start(display)?;
        for capability in [Capability::View, Capability::Control] {
            desk.permits(capability)?;
        }
        let start = Instant::now();
        while desk.turn.is_none() {
            desk.hears(SHORTLY)?;
            ensure!(start.elapsed() < PATIENCE, "there is no control");
        }
        Ok(desk)
    }

    fn start(display: &Display) -> anyhow::Result<Self> {
        let (net, desk_to_net) = Socket::pair()?;
        let (ui, desk_to_ui) = Socket::pair()?;
        let folder = tempfile::tempdir()?;
        let process = Command::new(std::env::current_exe()?)
            .arg("desk")
            .env("DISPLAY", display.name())
            .envs(["HOME", "XDG_RUNTIME_DIR"].map(|name| (name, folder.path())))
            .env(LAUNCHER, std::process::id().to_string())
            .stdin(Stdio::from(OwnedFd::from(desk_to_net)))
            .stdout(Stdio::from(OwnedFd::from(desk_to_ui)))
            .spawn()?;
        ui.send(&UiToDesk::Ready)?;
        let (technician, limits) = (technician()?, limits());
        net.send(&NetToDesk::Begin { technician, limits })?;
        Ok(Self {
            process,
            net,
            ui,
            question: None,
            permitted: Capabilities::NONE,
            turn: None,
            alive: Instant::now(),
            _folder: folder,
        })
    }

    /// A yes counts a moment after the question.
    fn permits(&mut self, capability: Capability) -> anyhow::Result<()> {
        let start = Instant::now();
        while !self.permitted.contains(capability) {
            match self.question {
                None => say(&self.net, &FromTechnician::Ask(capability))?,
                Some(question) => self.ui.send(&UiToDesk::Answer {
                    question,
                    yes: true,
                    minutes: 10,
                    surface: Surface::Desktop,
                })?,
            }
            let again = Instant::now() + AGAIN;
            while Instant::now() < again {
                self.hears(SHORTLY)?;
            }
            ensure!(start.elapsed() < PATIENCE, "nothing is permitted");
        }
        Ok(())
    }

    /// One key, down and up, as fast as they are taken.
    fn types(&self, events: u32) -> anyhow::Result<std::thread::JoinHandle<()>> {
        let turn = self.turn.context("there is no control")?;
        let key = Key::new(LETTER).context("no key")?;
        let net = self.net.again()?;
        Ok(std::thread::spawn(move || {
            for number in 0..events {
                let down = number % 2 == 0;
                let event = InputEvent::Key { key, down };
                let input = FromTechnician::Input {
                    turn,
                    number,
                    event,
                };
                if say(&net, &input).is_err() {
                    return;
                }
            }
        }))
    }

    /// What is told meanwhile.
    fn hears(&mut self, time: Duration) -> anyhow::Result<()> {
        if self.alive.elapsed() > Duration::from_secs(1) {
            let _is_there = self.ui.try_send(&UiToDesk::Alive);
            self.alive = Instant::now();
        }
        match self.ui.try_receive()? {
            Some(DeskToUi::Ask(question)) => self.question = Some(question.id),
            Some(DeskToUi::CloseQuestion) => self.question = None,
            Some(_) | None => {}
        }
        if let Some(DeskToNet::Say { way, bytes, .. }) = self.net.receive_within(time)?
            && way == Way::Remote
        {
            let message = FromAgent::decode(&bytes);
            self.heeds(&message.ok().context("no message")?);
        }
        Ok(())
    }

    fn heeds(&mut self, message: &FromAgent) {
        match message {
            FromAgent::Answer {
                to,
                answer: Answer::Granted { .. },
            } => self.permitted = self.permitted.with(*to),
            FromAgent::ControlBegins(turn) => self.turn = Some(*turn),
            FromAgent::ControlEnds(_) => self.turn = None,
            _ => {}
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _status = self.process.wait();
    }
}

fn say(net: &Socket, message: &FromTechnician) -> anyhow::Result<()> {
    let way = match message {
        FromTechnician::Input { .. } => Way::Input,
        _ => Way::Remote,
    };
    let (from, bytes) = (TECHNICIAN, message.encode());
    let bytes = bytes.into();
    Ok(net.send(&NetToDesk::Heard { from, way, bytes })?)
}

const TECHNICIAN: ParticipantId = ParticipantId(Uuid::from_u128(7));

fn technician() -> anyhow::Result<Person> {
    let (name, organisation) = (DisplayName::parse("Thea Nowak"), Title::parse("Klinikum"));
    Ok(Person {
        participant: TECHNICIAN,
        name: name.ok().context("no name")?,
        organisation: organisation.ok().context("no name")?,
    })
}

fn limits() -> Limits {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    Limits {
        permitted: Capability::ALL.iter().copied().collect(),
        idle: minutes(15),
        longest: minutes(240),
        longest_consent: minutes(30),
        files: FileRules {
            largest: 1 << 24,
            most: 8,
            programs: false,
        },
        must_record: false,
        sealed_to: None,
    }
}
