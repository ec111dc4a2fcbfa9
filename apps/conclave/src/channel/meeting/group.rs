//! The meeting's MLS group among its channels: who is there for the delivery service, and whom its words reach.

use conclave_policy::capability::MeetingAction;
use conclave_policy::delivery::{
    self, Audience, NotPassed, Submission, Words, goes_without_passcode,
};
use conclave_protocol::channel::Event;
use conclave_protocol::meeting::Admission;
use conclave_protocol::{ParticipantId, Timestamp};

use super::{ConnectionId, MeetingChannels, Output, told};

impl MeetingChannels {
    /// A connection that was replaced says nothing any more.
    pub(super) fn submit(
        &mut self,
        now: Timestamp,
        connection: ConnectionId,
        participant: ParticipantId,
        submission: Submission,
    ) {
        let seat = self.seats.get(&participant);
        if seat.is_none_or(|seat| seat.connection != Some(connection)) {
            return;
        }
        if let Submission::Letter { bytes, .. } = &submission
            && self.snapshot.needs_passcode
            && goes_without_passcode(bytes)
        {
            self.outputs
                .push_back(Output::NotPassed(NotPassed::Passcode));
            return;
        }
        let submission = match submission {
            Submission::Letter { to, bytes } if self.is_at_the_door(participant, to) => {
                let from = participant;
                return self.pass_at_the_door(now, Words { from, to, bytes });
            }
            other => other,
        };
        let person = self.snapshot.people.get(&participant);
        let leads = person.is_some_and(|person| person.may(MeetingAction::LeadGroup));
        let submitted = delivery::Input::Submitted {
            participant,
            leads,
            submission,
        };
        self.deliver(now, submitted);
    }

    /// Whether a letter goes out of the lobby, or into it.
    fn is_at_the_door(&self, from: ParticipantId, to: ParticipantId) -> bool {
        [from, to].into_iter().any(|one| self.waits(one))
    }

    fn waits(&self, participant: ParticipantId) -> bool {
        let person = self.snapshot.people.get(&participant);
        person.is_some_and(|person| person.admission == Admission::Waiting)
    }

    /// Between who is asked for the passcode and whoever may let them in.
    fn pass_at_the_door(&mut self, now: Timestamp, words: Words) {
        let (waits, host) = match self.waits(words.from) {
            true => (words.from, words.to),
            false => (words.to, words.from),
        };
        let people = &self.snapshot.people;
        let is_asked = people
            .get(&waits)
            .is_some_and(|person| self.snapshot.asks_passcode(person));
        let may_let_in = people
            .get(&host)
            .is_some_and(|person| person.may(MeetingAction::Admit));
        if !is_asked || !may_let_in || self.connection_of(words.to).is_none() {
            self.outputs.push_back(Output::NotPassed(NotPassed::Nobody));
            return;
        }
        self.deliver(now, delivery::Input::AtTheDoor { waits, words });
    }

    /// Tells the delivery service the time and who is gone for good.
    pub(super) fn look_after_the_group(&mut self, now: Timestamp) {
        let members: Vec<_> = self.delivery.members().collect();
        for participant in members {
            if !self.may_stay(now, participant) {
                self.deliver(now, delivery::Input::Gone { participant });
            }
        }
        let input = match self.ended() {
            true => delivery::Input::MeetingEnded,
            false => delivery::Input::Timeout,
        };
        self.deliver(now, input);
    }

    pub(super) fn deliver(&mut self, now: Timestamp, input: delivery::Input) {
        self.delivery.handle_input(now, input);
        loop {
            match self.delivery.poll_output() {
                delivery::Output::Tell {
                    participant,
                    message,
                } => {
                    if let Some(connection) = self.connection_of(participant) {
                        self.outputs.push_back(Output::Send {
                            connection,
                            message,
                        });
                    }
                }
                delivery::Output::Pass { to, message } => {
                    if let Some(connection) = self.connection_of(to) {
                        self.outputs.push_back(Output::Pass {
                            connection,
                            message,
                        });
                    }
                }
                delivery::Output::NotPassed(reason) => {
                    self.outputs.push_back(Output::NotPassed(reason));
                }
                delivery::Output::Publish { to, event } => self.publish(to, &event),
                delivery::Output::Write(write) => self.outputs.push_back(Output::Keep(write)),
                delivery::Output::Note {
                    group,
                    what,
                    participants,
                } => self.outputs.push_back(Output::Record {
                    group,
                    what,
                    participants,
                }),
                delivery::Output::Reload => self.outputs.push_back(Output::ReadGroup),
                delivery::Output::Wait(at) => {
                    self.delivery_at = at;
                    break;
                }
            }
        }
        self.hides_at = self.next_hiding(now);
        let moments = [self.next_view(), self.delivery_at];
        self.wake_at = moments.into_iter().flatten().min();
    }

    fn connection_of(&self, participant: ParticipantId) -> Option<ConnectionId> {
        self.seats.get(&participant)?.connection
    }

    /// Who is in the meeting, though perhaps without connection for a moment.
    fn may_stay(&self, now: Timestamp, participant: ParticipantId) -> bool {
        let person = self.snapshot.people.get(&participant);
        let inside = person.is_some_and(|person| person.admission == Admission::Admitted);
        let presence = self.presence.get(&participant);
        let shown = presence.is_some_and(|presence| presence.shown(now, self.grace(participant)));
        inside && shown
    }

    fn publish(&mut self, to: Audience, event: &Event) {
        let revision = self.snapshot.revision;
        let addressed = |participant: &ParticipantId| match to {
            Audience::Everybody => true,
            Audience::One(one) => one == *participant,
        };
        let seats = self.seats.iter_mut();
        let seats = seats.filter(|(id, seat)| addressed(id) && seat.view.is_inside());
        for (_, seat) in seats {
            let logged = seat.log.push(revision, event.clone());
            if let Some(connection) = seat.connection {
                self.outputs.push_back(Output::Send {
                    connection,
                    message: told(logged),
                });
            }
        }
    }
}
