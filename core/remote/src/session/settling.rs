//! Brings a session into the state that its permissions, its people and its connection leave it.

use std::time::{Duration, Instant};

use conclave_protocol::remote::{
    Answer, Capability, EndReason, FileOutcome, FromAgent, PauseReason, Turn,
};

use super::ending::KEY_WITHIN;
use super::{MOST_OUTPUTS, Session};
use crate::fact::{Fact, Topic};
use crate::indicator::Indicator;
use crate::io::Output;
use crate::permissions::Scope;
use crate::question::Subject;
use crate::rights::Standing;
use crate::state::State;
use crate::turn::ControlTurn;

/// Longer than a message is on its way, and the word that the turn is over.
pub(super) const LATE: Duration = Duration::from_secs(5);

impl Session {
    /// After whatever happened.
    pub(super) fn settle(&mut self, now: Instant) {
        self.age(now);
        self.settle_state(now);
        self.settle_key(now);
        self.settle_recording();
        self.settle_questions(now);
        self.settle_rest(now);
        self.settle_pause(now);
        self.settle_turn(now);
        self.settle_indicator();
        if self.outputs.len() > MOST_OUTPUTS {
            self.end(EndReason::AgentStopped);
        }
    }

    /// As far as it goes: what is permitted no longer, and what stands on it, is over before anything else happens.
    pub(super) fn settle_state(&mut self, now: Instant) {
        let sees = self.may(Capability::View);
        if !sees {
            self.withdraw(Capability::Control);
        }
        let controls = sees && self.permissions.covers(Capability::Control, Scope::Ongoing);
        if !controls {
            self.end_turn(now);
        }
        match (&self.state, sees) {
            (State::Requested { .. } | State::Consented, true) => self.begin_view(),
            (State::Viewing(_), false) => self.end_view(),
            _ => {}
        }
        if controls {
            self.begin_turn(now);
        }
    }

    fn begin_turn(&mut self, now: Instant) {
        let State::Viewing(viewing) = self.state else {
            return;
        };
        self.turn = Turn(self.turn.0.saturating_add(1));
        self.is_stray_said = false;
        let turn = Box::new(ControlTurn::new(now, self.turn));
        self.state = State::Controlled(viewing, turn);
        self.fact(Fact::ControlBegan(self.turn));
        self.say(FromAgent::ControlBegins(self.turn));
        if let Some(reason) = self.pause {
            self.say(FromAgent::Paused(reason));
        }
    }

    /// What waits is gone with the turn.
    fn end_turn(&mut self, now: Instant) {
        let State::Controlled(viewing, _) = self.state else {
            return;
        };
        self.record_turn();
        self.state = State::Viewing(viewing);
        self.late_until = Some(now + LATE);
        self.push(Output::ReleaseAll);
        self.say(FromAgent::ControlEnds(self.turn));
    }

    /// What came of it, with what is forgotten.
    pub(super) fn record_turn(&mut self) {
        let Some(turn) = self.state.turn_mut() else {
            return;
        };
        turn.flush();
        let fact = Fact::ControlEnded {
            turn: turn.id(),
            injected: turn.injected(),
            dropped: turn.dropped(),
        };
        self.fact(fact);
    }

    /// What must be recorded, and can't be sealed, is not waited for longer than that.
    fn settle_key(&mut self, now: Instant) {
        let until = self.keyless_until.unwrap_or(now + KEY_WITHIN);
        self.keyless_until = (!self.limits.names_key()).then_some(until);
    }

    /// From the yes on until it is over, whether anything is seen or not.
    fn settle_recording(&mut self) {
        let records = self
            .permissions
            .covers(Capability::Recording, Scope::Ongoing);
        if self.is_recorded != records {
            self.is_recorded = records;
            self.push(match records {
                true => Output::StartRecording,
                false => Output::StopRecording,
            });
        }
    }

    /// A question without its ground is closed; then the next one that waits is asked.
    fn settle_questions(&mut self, now: Instant) {
        if self.is_over() {
            return;
        }
        let mut questions = std::mem::take(&mut self.questions);
        let closed = questions.close_if(now, |subject| !self.has_ground(subject));
        self.questions = questions;
        if let Some(subject) = closed {
            self.push(Output::CloseQuestion);
            self.groundless(&subject);
        }
        self.asks_at = None;
        if !self.questions.is_open() && self.connection.is_up() {
            self.ask_next(now);
        }
    }

    fn has_ground(&self, subject: &Subject) -> bool {
        let is_there = |transfer| self.transfers.get(transfer).is_some();
        self.connection.is_up()
            && match subject {
                Subject::Capability(capability) => self.is_permitted(*capability),
                Subject::FileIn(offer) => is_there(offer.transfer),
                Subject::FileOut(transfer) => is_there(*transfer),
                Subject::Diagnostics(_) => self.is_permitted(Capability::Diagnostics),
                Subject::Watcher(person) => self.people.next_waiting() == Some(person),
                Subject::HandOver(person) => self.people.watcher(person.participant).is_some(),
                Subject::Restart => self.rights.standing() == Standing::Raised,
            }
    }

    fn groundless(&mut self, subject: &Subject) {
        match subject {
            Subject::FileIn(offer) => self.end_file(offer.transfer, FileOutcome::Cancelled),
            Subject::FileOut(transfer) => self.end_file(*transfer, FileOutcome::Cancelled),
            Subject::Capability(capability) => self.say_unasked(*capability),
            Subject::Diagnostics(_) => self.say_unasked(Capability::Diagnostics),
            Subject::HandOver(_) => self.say(FromAgent::HandOver(false)),
            Subject::Restart => self.say(FromAgent::NoRestart),
            Subject::Watcher(_) => {}
        }
    }

    /// The local person is not asked any more, be it for want of a connection alone.
    fn say_unasked(&mut self, capability: Capability) {
        let answer = match self.is_permitted(capability) {
            true => Answer::Busy,
            false => Answer::NotPermitted,
        };
        self.say_answer(capability, answer);
    }

    /// Whoever came in comes before what ran out.
    fn ask_next(&mut self, now: Instant) {
        let watcher = self.people.next_waiting().cloned().map(Subject::Watcher);
        let renewal = || self.renewals.iter().next().map(Subject::Capability);
        let Some(subject) = watcher.or_else(renewal) else {
            return;
        };
        let rested_at = self.questions.rests_until().filter(|until| now < *until);
        if rested_at.is_some() {
            self.asks_at = rested_at;
            return;
        }
        if let Topic::Capability(capability) = subject.topic() {
            self.renewals = self.renewals.without(capability);
            if self.refusal(now, capability).is_some() {
                return;
            }
        }
        self.question(now, subject);
    }

    /// The technician hears when the local person can be asked something, and need not guess.
    fn settle_rest(&mut self, now: Instant) {
        let rests = self.questions.are_at_rest(now);
        if self.connection.is_up() && self.rest_told != Some(rests) {
            self.rest_told = Some(rests);
            self.say(FromAgent::Rests(rests));
        }
    }

    /// When the technician is to hear that the local person can be asked again.
    pub(super) fn rest_ends_at(&self) -> Option<Instant> {
        let is_told = self.rest_told == Some(true) && self.connection.is_up();
        let waits = is_told && !self.questions.is_open();
        self.questions.rests_until().filter(|_| waits)
    }

    /// Whoever is asked something, or uses the computer, is not interfered with.
    pub(super) fn settle_pause(&mut self, now: Instant) {
        let is_local = self.local_until.is_some_and(|until| now < until);
        let pause = match self.questions.is_open() || self.screen.has_prompt() {
            true => Some(PauseReason::Question),
            false => is_local.then_some(PauseReason::LocalInput),
        };
        if pause == self.pause {
            return;
        }
        self.pause = pause;
        let Some(turn) = self.state.turn_mut() else {
            return;
        };
        match pause {
            Some(reason) => {
                turn.flush();
                self.push(Output::ReleaseAll);
                self.say(FromAgent::Paused(reason));
            }
            None => self.say(FromAgent::Resumed),
        }
    }

    fn settle_turn(&mut self, now: Instant) {
        let lets_go = self.state.turn_mut().is_some_and(|turn| turn.run(now));
        if lets_go {
            self.push(Output::ReleaseAll);
        }
    }

    fn settle_indicator(&mut self) {
        let indicator = Indicator {
            phase: self.phase(),
            technician: self.people.technician().clone(),
            watching: self.people.watching().to_vec(),
            permitted: self.permissions.in_force(),
            is_raised: self.is_raised(),
            pause: self.pause,
            is_unattended: self.is_unattended,
        };
        if self.shown.as_ref() != Some(&indicator) {
            self.shown = Some(indicator.clone());
            self.push(Output::Indicate(indicator));
        }
    }
}
