//! A computer with its person and a technician, for tests.

use std::time::{Duration, Instant};

use conclave_protocol::ParticipantId;
use conclave_protocol::personal::{DisplayName, Title};
use conclave_protocol::remote::{
    Capability, Chunk, Digest, FileName, FileOffer, FromAgent, FromTechnician, InputEvent, Key,
    Monitor, MonitorId, Monitors, Point, TransferId, Turn,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::io::{Display, Injection, Input, Local, Output, Reply, Terms};
use crate::limits::{FileRules, Limits};
use crate::people::Person;
use crate::question::{BEFORE_YES, BETWEEN_QUESTIONS, Question};
use crate::screen::Screen;
use crate::session::Session;

/// A session, its clock, and whatever came out of it last.
pub(crate) struct Scene {
    pub(crate) now: Instant,
    pub(crate) session: Session,
    /// The question that stands.
    pub(crate) question: Option<Question>,
    wake: Option<Instant>,
    /// The next number of the turn that goes on.
    number: u32,
    turn: Turn,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::within(limits())
    }

    pub(crate) fn within(limits: Limits) -> Self {
        let now = start();
        Self::of(now, Session::new(now, technician(), limits))
    }

    /// With a technician who is an administrator of the computer.
    pub(crate) fn unattended(limits: Limits) -> Self {
        let now = start();
        Self::of(now, Session::unattended(now, technician(), limits))
    }

    fn of(now: Instant, session: Session) -> Self {
        let mut scene = Self {
            now,
            session,
            question: None,
            wake: None,
            number: 0,
            turn: Turn(0),
        };
        for display in displays() {
            scene.happens(Input::Display(display));
        }
        scene
    }

    /// The technician sees the screen.
    pub(crate) fn viewing() -> Self {
        let mut scene = Self::new();
        scene.permits(Capability::View);
        scene
    }

    /// The technician has keyboard and mouse.
    pub(crate) fn controlled() -> Self {
        let mut scene = Self::viewing();
        scene.permits(Capability::Control);
        scene
    }

    pub(crate) fn happens(&mut self, input: Input) -> Vec<Output> {
        self.session.handle_input(self.now, input);
        self.drain()
    }

    pub(crate) fn says(&mut self, message: FromTechnician) -> Vec<Output> {
        self.happens(Input::Message {
            from: technician().participant,
            message,
        })
    }

    pub(crate) fn does(&mut self, local: Local) -> Vec<Output> {
        self.happens(Input::Local(local))
    }

    /// The next event of the turn that goes on.
    pub(crate) fn input(&mut self, event: InputEvent) -> Vec<Output> {
        let number = self.number;
        self.number += 1;
        self.says(FromTechnician::Input {
            turn: self.turn,
            number,
            event,
        })
    }

    /// An event whose number is not the next one.
    pub(crate) fn input_numbered(&mut self, step: i64, event: InputEvent) -> Vec<Output> {
        let number = u32::try_from(i64::from(self.number) + step).unwrap();
        self.says(FromTechnician::Input {
            turn: self.turn,
            number,
            event,
        })
    }

    /// The technician asks and the local person agrees.
    pub(crate) fn permits(&mut self, capability: Capability) -> Vec<Output> {
        self.pass(BETWEEN_QUESTIONS);
        self.says(FromTechnician::Ask(capability));
        assert!(self.question.is_some(), "{capability:?} was not asked");
        self.agrees()
    }

    pub(crate) fn agrees(&mut self) -> Vec<Output> {
        self.pass(BEFORE_YES);
        self.replies(Reply::Yes(Terms::default()))
    }

    pub(crate) fn replies(&mut self, reply: Reply) -> Vec<Output> {
        let question = self.question.as_ref().unwrap().id;
        self.does(Local::Answer { question, reply })
    }

    /// Time goes by, with each wake-up on its way.
    pub(crate) fn pass(&mut self, time: Duration) -> Vec<Output> {
        let end = self.now + time;
        let mut outputs = Vec::new();
        while let Some(wake) = self.wake.filter(|wake| *wake <= end) {
            assert!(wake > self.now, "it wakes for nothing");
            self.now = wake;
            outputs.extend(self.happens(Input::Timeout));
        }
        self.now = end;
        outputs.extend(self.happens(Input::Timeout));
        outputs
    }

    fn drain(&mut self) -> Vec<Output> {
        let mut outputs = Vec::new();
        loop {
            let output = self.session.poll_output();
            match &output {
                Output::Wait(wake) => {
                    self.wake = *wake;
                    return outputs;
                }
                Output::Ask(question) => self.question = Some(question.clone()),
                Output::CloseQuestion => self.question = None,
                Output::Say {
                    message: FromAgent::ControlBegins(turn),
                    ..
                } => {
                    self.turn = *turn;
                    self.number = 0;
                }
                _ => {}
            }
            outputs.push(output);
            assert!(outputs.len() < 5_000, "it comes to rest");
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "an instant has no other source; tests only add to this one"
)]
pub(crate) fn start() -> Instant {
    Instant::now()
}

pub(crate) fn limits() -> Limits {
    Limits {
        permitted: Capability::ALL.iter().copied().collect(),
        idle: Duration::from_secs(15 * 60),
        longest: Duration::from_secs(4 * 60 * 60),
        longest_consent: Duration::from_secs(60 * 60),
        files: FileRules {
            largest: 1 << 20,
            most: 20,
            programs: false,
        },
        must_record: false,
        sealed_to: Some([7; 32]),
    }
}

pub(crate) fn technician() -> Person {
    person(1)
}

pub(crate) fn person(number: u128) -> Person {
    Person {
        participant: ParticipantId(Uuid::from_u128(number)),
        name: DisplayName::parse(&format!("Person {number}")).unwrap(),
        organisation: Title::parse("Clinic").unwrap(),
    }
}

/// What a platform says at first: two monitors with nothing of ours on them.
pub(crate) fn displays() -> [Display; 5] {
    [
        Display::Monitors(monitors()),
        Display::OwnWindows(Vec::new()),
        Display::OwnFocus(false),
        Display::Prompt(false),
        Display::PasswordFocus(false),
    ]
}

pub(crate) fn screen() -> Screen {
    let mut screen = Screen::new();
    screen.set_monitors(monitors());
    screen.set_own_windows(Vec::new());
    screen.set_own_focus(false);
    screen
}

/// Two, side by side.
pub(crate) fn monitors() -> Monitors {
    let monitor = |id| Monitor {
        id: MonitorId(id),
        width: 1_920,
        height: 1_080,
    };
    Monitors::new(vec![monitor(0), monitor(1)]).unwrap()
}

pub(crate) fn point(monitor: u8, x: u16, y: u16) -> Point {
    Point {
        monitor: MonitorId(monitor),
        x,
        y,
    }
}

pub(crate) fn press(usage: u8) -> InputEvent {
    InputEvent::Key {
        key: Key::new(usage).unwrap(),
        down: true,
    }
}

pub(crate) fn release(usage: u8) -> InputEvent {
    InputEvent::Key {
        key: Key::new(usage).unwrap(),
        down: false,
    }
}

pub(crate) fn chunk(bytes: &[u8]) -> Chunk {
    Chunk::new(bytes.to_vec()).unwrap()
}

pub(crate) fn offer(transfer: u32, bytes: &[u8]) -> FileOffer {
    FileOffer {
        transfer: TransferId(transfer),
        name: FileName::parse("report.pdf").unwrap(),
        size: bytes.len() as u64,
        sha256: Digest(Sha256::digest(bytes).into()),
    }
}

pub(crate) fn has(outputs: &[Output], wanted: &Output) -> bool {
    outputs.contains(wanted)
}

/// Whether the technician is told.
pub(crate) fn told(outputs: &[Output], wanted: &FromAgent) -> bool {
    outputs
        .iter()
        .any(|output| matches!(output, Output::Say { message, .. } if message == wanted))
}

pub(crate) fn injected(outputs: &[Output]) -> Vec<Injection> {
    outputs
        .iter()
        .filter_map(|output| match output {
            Output::Inject(injection) => Some(injection.clone()),
            _ => None,
        })
        .collect()
}
