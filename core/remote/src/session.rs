//! One session at the supported computer, from the request to its end.
//!
//! ```text
//! Requested ──► Consented ◄──► Viewing ◄──► Controlled
//!     └─────────────┴────────────┴─────────────┴──► Ended
//! ```
//!
//! # Security
//!
//! - Input leaves in state *Controlled* alone, which owns what waits to be done: with the state it is gone.
//! - The local person's stop is looked at before anything else, in every state; nothing follows the end.
//! - Time that has passed is looked at before what happened: a permission that is over permits nothing.
//! - Whatever is not foreseen leads towards the end, never away from it.

mod conversation;
mod ending;
mod files;
mod local;
mod people;
mod permitting;
mod raising;
mod seeing;
mod settling;
mod technician;
mod unattended;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use conclave_protocol::remote::{
    Capabilities, Capability, EndReason, FromAgent, PauseReason, Turn,
};

use crate::fact::Fact;
use crate::indicator::{Indicator, Phase};
use crate::io::{Input, Local, Output};
use crate::lifetime::Lifetime;
use crate::limits::Limits;
use crate::pace::Pace;
use crate::people::{People, Person};
use crate::permissions::{Permissions, Scope};
use crate::question::Questions;
use crate::rights::Rights;
use crate::screen::Screen;
use crate::state::State;
use crate::transfers::Transfers;

use conversation::Clipboard;
use ending::{Connection, End};

/// One technician's session with one person at one computer.
pub struct Session {
    state: State,
    limits: Limits,
    lifetime: Lifetime,
    connection: Connection,
    pace: Pace,
    greetings: Pace,
    people: People,
    /// The technician is an administrator of the computer, and nobody need sit at it.
    is_unattended: bool,
    /// What the local person took back: they are asked for it from then on.
    kept_back: Capabilities,
    permissions: Permissions,
    questions: Questions,
    /// What ran out and is asked for again.
    renewals: Capabilities,
    /// Of an administrator of the computer.
    rights: Rights,
    /// When the next question that waits can be asked.
    asks_at: Option<Instant>,
    /// As the technician last heard it; `None`: they are to be told anew.
    rest_told: Option<bool>,
    screen: Screen,
    is_recorded: bool,
    /// Until then the server has to name the key of what must be recorded, where it has not.
    keyless_until: Option<Instant>,
    transfers: Transfers,
    clipboard: Clipboard,
    /// The facts of the fixed list are being collected.
    is_diagnosing: bool,
    /// The newest that was given.
    turn: Turn,
    /// Until then the computer is the local person's alone.
    local_until: Option<Instant>,
    pause: Option<PauseReason>,
    /// Input of the turn that ended may have been on its way until then.
    late_until: Option<Instant>,
    /// Input without control is on record.
    is_stray_said: bool,
    shown: Option<Indicator>,
    /// What the technician could not hear, of what they would take for going on.
    missed: Vec<FromAgent>,
    outputs: VecDeque<Output>,
}

/// Whoever asks for nothing, or is answered nothing, in this time is gone.
const REQUEST: Duration = Duration::from_secs(120);
/// Five hundred messages in a second, as the media router passes on, and two thousand after an interruption.
const MESSAGE_EVERY: Duration = Duration::from_millis(2);
const MESSAGES_AT_ONCE: u32 = 2_000;
/// A page asks each two seconds who leads. What comes faster is not answered.
const GREETING_EVERY: Duration = Duration::from_millis(200);
const GREETINGS_AT_ONCE: u32 = 32;
/// The owner drains after every input, which makes a few dozen at most.
const MOST_OUTPUTS: usize = 1_024;
/// Without a connection nothing begins, so that there are as many ends as there were permissions, files and a question.
const MOST_MISSED: usize = 64;

impl Session {
    /// The technician has come into the room, with nothing permitted.
    pub fn new(now: Instant, technician: Person, limits: Limits) -> Self {
        Self::begin(now, technician, limits, false)
    }

    fn begin(now: Instant, technician: Person, limits: Limits, is_unattended: bool) -> Self {
        let participant = technician.participant;
        let mut session = Self {
            state: State::Requested {
                until: now + REQUEST,
            },
            limits: limits.bounded(),
            lifetime: Lifetime::new(now),
            connection: Connection::default(),
            pace: Pace::new(MESSAGE_EVERY, MESSAGES_AT_ONCE),
            greetings: Pace::new(GREETING_EVERY, GREETINGS_AT_ONCE),
            people: People::new(technician),
            is_unattended,
            kept_back: Capabilities::NONE,
            permissions: Permissions::default(),
            questions: Questions::default(),
            renewals: Capabilities::NONE,
            rights: Rights::default(),
            asks_at: None,
            rest_told: Some(false),
            screen: Screen::new(),
            is_recorded: false,
            keyless_until: None,
            transfers: Transfers::default(),
            clipboard: Clipboard::default(),
            is_diagnosing: false,
            turn: Turn(0),
            local_until: None,
            pause: None,
            late_until: None,
            is_stray_said: false,
            shown: None,
            missed: Vec::new(),
            outputs: VecDeque::new(),
        };
        session.fact(Fact::Requested {
            technician: participant,
        });
        if session.limits.permitted.is_empty() {
            session.end(EndReason::NotPermitted);
        }
        session.settle(now);
        session
    }

    /// Drain [`Session::poll_output`] after every input.
    pub fn handle_input(&mut self, now: Instant, input: Input) {
        if let Input::Local(Local::Stop) = input {
            self.end(EndReason::Stopped);
        }
        if self.is_over() {
            return;
        }
        self.elapse(now);
        if !self.is_over() {
            self.happen(now, input);
        }
        self.settle(now);
    }

    pub fn poll_output(&mut self) -> Output {
        if let Some(output) = self.outputs.pop_front() {
            return output;
        }
        let turn = self.state.turn_mut();
        match turn.and_then(|turn| turn.next()) {
            Some(injection) => Output::Inject(injection),
            None => Output::Wait(self.wake_at()),
        }
    }

    pub fn phase(&self) -> Phase {
        self.state.phase()
    }

    /// The fingerprint of the key that what is recorded is sealed to.
    pub fn sealed_to(&self) -> Option<[u8; 32]> {
        self.limits.sealed_to
    }

    /// What the local person permits at this moment, files one by one.
    pub fn permitted(&self) -> Capabilities {
        self.permissions.in_force()
    }

    fn happen(&mut self, now: Instant, input: Input) {
        match input {
            Input::Message { from, message } => self.heard(now, from, message),
            Input::Malformed { from } if self.people.is_technician(from) => {
                self.end(EndReason::Unexpected);
            }
            Input::Local(local) => self.local(now, local),
            Input::Display(display) => self.displayed(display),
            Input::Joined(person) => self.joined(now, person),
            Input::Left(participant) => self.left(now, participant),
            Input::ConnectionLost => self.lost(now, End::Ours),
            Input::ConnectionRestored => self.restored(now, End::Ours),
            Input::Limits(limits) => self.shrink(now, limits),
            Input::Done(done) => self.done(now, done),
            Input::RoomOver(reason) => self.end(reason),
            Input::RecordingLost if self.limits.must_record => self.end(EndReason::NotKept),
            Input::RecordingLost => self.withdraw(Capability::Recording),
            Input::SignLost => self.end(EndReason::SignLost),
            Input::Shutdown => self.end(EndReason::AgentStopped),
            Input::Malformed { .. } | Input::Timeout => {}
        }
    }

    fn wake_at(&self) -> Option<Instant> {
        if self.is_over() {
            return None;
        }
        let requested = match &self.state {
            State::Requested { until } => Some(*until),
            State::Consented | State::Viewing(_) | State::Controlled(..) | State::Ended(_) => None,
        };
        let rests = self.pause == Some(PauseReason::LocalInput);
        let times = [
            requested,
            Some(self.lifetime.wake_at(&self.limits)),
            self.connection.given_up_at(),
            self.keyless_until,
            self.questions.until(),
            self.asks_at,
            self.rest_ends_at(),
            self.permissions.next_expiry(),
            self.local_until.filter(|_| rests),
            self.state.turn().and_then(|turn| turn.wake_at()),
        ];
        times.into_iter().flatten().min()
    }

    fn is_over(&self) -> bool {
        matches!(self.state, State::Ended(_))
    }

    /// Whether anything of the computer, or for it, may pass: everybody who would get it was agreed to.
    fn flows(&self) -> bool {
        !self.is_over() && self.connection.is_up() && self.people.are_agreed()
    }

    /// Whether it is permitted at this moment.
    fn may(&self, capability: Capability) -> bool {
        self.flows() && self.permissions.covers(capability, Scope::Ongoing)
    }

    /// Nothing follows the end.
    fn push(&mut self, output: Output) {
        if !self.is_over() {
            self.outputs.push_back(output);
        }
    }

    fn fact(&mut self, fact: Fact) {
        self.push(Output::Fact(fact));
    }

    /// To the technician; what is said while they can't hear is said when they can, as far as it still holds.
    fn say(&mut self, message: FromAgent) {
        if self.connection.is_up() {
            let to = self.people.technician().participant;
            self.push(Output::Say { to, message });
        } else if is_an_end(&message) && self.missed.len() < MOST_MISSED {
            self.missed.push(message);
        }
    }
}

/// Of something that went on.
fn is_an_end(message: &FromAgent) -> bool {
    matches!(
        message,
        FromAgent::Answer { .. }
            | FromAgent::Withdrawn(_)
            | FromAgent::ControlEnds(_)
            | FromAgent::FileEnded { .. }
            | FromAgent::HandOver(false)
            | FromAgent::Raised(_)
            | FromAgent::Lowered
            | FromAgent::NoRestart
    )
}

#[cfg(test)]
mod tests;
