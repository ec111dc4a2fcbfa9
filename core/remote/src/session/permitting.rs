//! How something comes to be permitted, and ceases to be.

use std::time::{Duration, Instant};

use conclave_protocol::remote::{Answer, Capability, EndReason, FileOutcome, FromAgent};

use super::Session;
use super::ending::seconds_between;
use crate::fact::{Fact, Topic};
use crate::io::{Output, Reply, Surface, Terms};
use crate::permissions::Scope;
use crate::question::{QuestionId, Subject};
use crate::state::State;

impl Session {
    /// The technician wants something.
    pub(super) fn ask(&mut self, now: Instant, capability: Capability) {
        let answer = match self.permissions.until(capability) {
            Some(until) => Some(Answer::Granted {
                seconds: seconds_between(now, until),
            }),
            None if asks_by_itself(capability) => Some(Answer::NotPermitted),
            None => self.refusal(now, capability),
        };
        match answer {
            Some(answer) => self.say_answer(capability, answer),
            None => self.question(now, Subject::Capability(capability)),
        }
    }

    /// Why the local person is not even asked, if they are not.
    pub(super) fn refusal(&self, now: Instant, capability: Capability) -> Option<Answer> {
        if !self.is_permitted(capability) {
            return Some(Answer::NotPermitted);
        }
        if !self.flows() {
            return Some(Answer::Busy);
        }
        let topic = Topic::Capability(capability);
        self.questions.may_ask(now, topic).err()
    }

    /// By policy, and by what it stands on.
    pub(super) fn is_permitted(&self, capability: Capability) -> bool {
        let sees = || self.permissions.covers(Capability::View, Scope::Ongoing);
        let stands = match capability {
            Capability::Control => sees() && self.screen.is_whole_monitors(),
            // Nobody says yes to a key that they were not shown.
            Capability::Recording => {
                self.limits.sealed_to.is_some() && (self.limits.must_record || sees())
            }
            Capability::View
            | Capability::ClipboardIn
            | Capability::ClipboardOut
            | Capability::FileIn
            | Capability::FileOut
            | Capability::Diagnostics
            | Capability::Chat
            | Capability::Administrator => true,
        };
        stands && self.is_kept(capability) && self.limits.permitted.contains(capability)
    }

    /// Where everything is recorded, nothing is permitted that is not.
    fn is_kept(&self, capability: Capability) -> bool {
        !self.limits.must_record
            || capability == Capability::Recording
            || self
                .permissions
                .covers(Capability::Recording, Scope::Ongoing)
    }

    pub(super) fn question(&mut self, now: Instant, subject: Subject) {
        if self.is_let_in(&subject) {
            let length = self.limits.longest_consent;
            let surface = Surface::Desktop;
            self.granted(now, subject, Terms { length, surface });
            return;
        }
        let technician = self.people.technician().clone();
        let question = self.questions.open(now, technician, subject);
        // The technician's hands are off before it is seen.
        self.settle_pause(now);
        self.fact(Fact::Asked(question.subject.topic()));
        self.push(Output::Ask(question));
    }

    pub(super) fn answered(&mut self, now: Instant, id: QuestionId, reply: Reply) {
        let Some(subject) = self.questions.answer(now, id, reply) else {
            return;
        };
        self.push(Output::CloseQuestion);
        match reply {
            Reply::Yes(terms) if !self.length(terms).is_zero() => {
                self.granted(now, subject, terms);
            }
            Reply::Yes(_) | Reply::No => {
                self.fact(Fact::Refused(subject.topic()));
                self.refused(now, &subject, EndReason::Refused);
            }
        }
    }

    pub(super) fn unanswered(&mut self, now: Instant, subject: &Subject) {
        self.push(Output::CloseQuestion);
        self.fact(Fact::Unanswered(subject.topic()));
        self.refused(now, subject, EndReason::NotAnswered);
    }

    /// A no ends a session in which nothing was ever permitted.
    fn refused(&mut self, now: Instant, subject: &Subject, reason: EndReason) {
        self.questions.remember_no(now, subject.topic());
        match subject {
            Subject::Capability(capability) => {
                self.renewals = self.renewals.without(*capability);
                self.say_answer(*capability, Answer::Denied);
            }
            Subject::FileIn(offer) => self.end_file(offer.transfer, FileOutcome::Denied),
            Subject::FileOut(transfer) => self.end_file(*transfer, FileOutcome::Denied),
            Subject::Diagnostics(_) => self.say_answer(Capability::Diagnostics, Answer::Denied),
            Subject::Watcher(_) => self.end(EndReason::Unwelcome),
            Subject::HandOver(_) => self.say(FromAgent::HandOver(false)),
            Subject::Restart => self.say(FromAgent::NoRestart),
        }
        if let State::Requested { .. } = self.state {
            self.end(reason);
        }
    }

    fn granted(&mut self, now: Instant, subject: Subject, terms: Terms) {
        self.fact(Fact::Permitted(subject.topic()));
        let until = now + self.length(terms);
        match subject {
            Subject::Capability(capability) => self.permit(now, capability, until, terms.surface),
            Subject::FileIn(offer) => self.begin_coming(offer, until),
            Subject::FileOut(transfer) => self.begin_going(transfer, until),
            Subject::Diagnostics(report) => self.tell_diagnostics(report),
            Subject::Watcher(person) => self.admit(person.participant),
            Subject::HandOver(person) => self.hand_over(person.participant),
            Subject::Restart => self.lay_way_back(),
        }
    }

    fn permit(&mut self, now: Instant, capability: Capability, until: Instant, surface: Surface) {
        if !self.is_permitted(capability) {
            self.say_answer(capability, Answer::NotPermitted);
            return;
        }
        self.consented();
        self.renewals = self.renewals.without(capability);
        self.permissions.give(capability, Scope::Ongoing, until);
        if capability == Capability::View {
            self.screen.show(surface);
        }
        self.say_granted(now, capability);
    }

    /// The local person has permitted something.
    pub(super) fn consented(&mut self) {
        if let State::Requested { .. } = self.state {
            self.state = State::Consented;
        }
    }

    /// It is over, with what stands on it.
    pub(super) fn withdraw(&mut self, capability: Capability) {
        self.renewals = self.renewals.without(capability);
        if self.permissions.take(capability) {
            self.say(FromAgent::Withdrawn(capability));
            self.fact(Fact::Withdrawn(capability));
        }
        match capability {
            Capability::View => {
                self.withdraw(Capability::Control);
                // What must be recorded goes on without a picture.
                if !self.limits.must_record {
                    self.withdraw(Capability::Recording);
                }
            }
            Capability::Recording if self.limits.must_record => self.withdraw_others(),
            Capability::FileIn | Capability::FileOut => {
                for transfer in self.transfers.of(capability) {
                    self.end_file(transfer, FileOutcome::Denied);
                }
            }
            Capability::Administrator => self.lower(),
            Capability::Control
            | Capability::ClipboardIn
            | Capability::ClipboardOut
            | Capability::Diagnostics
            | Capability::Chat
            | Capability::Recording => {}
        }
    }

    /// All that is permitted only while it is recorded.
    fn withdraw_others(&mut self) {
        for other in self.permissions.in_force().iter() {
            if other != Capability::Recording {
                self.withdraw(other);
            }
        }
    }

    /// What ran out is over, and asked for again.
    pub(super) fn expire(&mut self, now: Instant) {
        for (capability, scope) in self.permissions.expire(now) {
            match scope {
                Scope::Ongoing => {
                    self.say(FromAgent::Withdrawn(capability));
                    self.fact(Fact::Withdrawn(capability));
                    self.withdraw(capability);
                    self.renewals = self.renewals.with(capability);
                }
                Scope::File(transfer) => self.end_file(transfer, FileOutcome::Denied),
            }
        }
    }

    pub(super) fn say_answer(&mut self, to: Capability, answer: Answer) {
        self.say(FromAgent::Answer { to, answer });
    }

    pub(super) fn say_granted(&mut self, now: Instant, capability: Capability) {
        if let Some(until) = self.permissions.until(capability) {
            let seconds = seconds_between(now, until);
            self.say_answer(capability, Answer::Granted { seconds });
        }
    }

    fn length(&self, terms: Terms) -> Duration {
        terms.length.min(self.limits.longest_consent)
    }
}

/// Each file, and each report, is a question of its own.
fn asks_by_itself(capability: Capability) -> bool {
    matches!(
        capability,
        Capability::FileIn | Capability::FileOut | Capability::Diagnostics
    )
}
