//! Who else comes into the room, and who goes on in the technician's stead.

use std::time::Instant;

use conclave_protocol::ParticipantId;
use conclave_protocol::remote::{Capabilities, EndReason, FromAgent};

use super::Session;
use super::ending::End;
use crate::fact::{Fact, Topic};
use crate::io::Output;
use crate::people::Person;
use crate::question::Subject;

impl Session {
    /// Until the local person agrees, nothing passes.
    pub(super) fn joined(&mut self, now: Instant, person: Person) {
        if self.people.is_technician(person.participant) {
            self.restored(now, End::Theirs);
        } else if self.people.join(person).is_err() {
            self.end(EndReason::Unwelcome);
        }
    }

    pub(super) fn left(&mut self, now: Instant, participant: ParticipantId) {
        if self.people.is_technician(participant) {
            self.lost(now, End::Theirs);
            return;
        }
        self.people.leave(participant);
        self.resume_files();
    }

    pub(super) fn admit(&mut self, participant: ParticipantId) {
        if self.people.admit(participant) {
            self.fact(Fact::WatcherAdmitted(participant));
            self.resume_files();
        }
    }

    pub(super) fn asked_to_hand_over(&mut self, now: Instant, to: ParticipantId) {
        let person = self.people.watcher(to).cloned();
        let may_ask = !self.is_unattended
            && self.flows()
            && self.questions.may_ask(now, Topic::HandOver).is_ok();
        match person.filter(|_| may_ask) {
            Some(person) => self.question(now, Subject::HandOver(person)),
            None => self.say(FromAgent::HandOver(false)),
        }
    }

    /// What was permitted to one person is not permitted to another.
    pub(super) fn hand_over(&mut self, to: ParticipantId) {
        if self.people.watcher(to).is_none() {
            self.say(FromAgent::HandOver(false));
            return;
        }
        for capability in self.permissions.in_force().iter() {
            self.withdraw(capability);
        }
        self.renewals = Capabilities::NONE;
        self.end_files();
        self.say(FromAgent::HandOver(true));
        let before = self.people.technician().participant;
        self.people.hand_over(to);
        self.fact(Fact::HandedOver { to });
        self.say_who_leads(to);
        self.say_who_leads(before);
    }

    /// To whoever asks and is in the room, whether they were agreed to or not: nothing of the computer is in it.
    pub(super) fn greeted(&mut self, now: Instant, from: ParticipantId) {
        if self.people.are_with(from) && self.greetings.admits(now, 1) {
            self.say_who_leads(from);
        }
    }

    /// Pages go by it alone, also those that were loaded again, which know of no question either.
    fn say_who_leads(&mut self, to: ParticipantId) {
        let message = match self.people.is_technician(to) {
            true => {
                self.rest_told = None;
                FromAgent::Leads(self.transfers.next_number())
            }
            false => FromAgent::Watches,
        };
        self.push(Output::Say { to, message });
    }
}
