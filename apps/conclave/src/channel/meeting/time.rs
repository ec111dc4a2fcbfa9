//! A meeting's time: who leads it, and when it ends by itself.

use std::time::Duration;

use conclave_policy::capability::{MeetingAction, participant_may};
use conclave_policy::idle_share;
use conclave_policy::succession::{Officer, successor};
use conclave_policy::time_out::{Attendance, Outlook};
use conclave_protocol::meeting::EndCause;
use conclave_protocol::{ParticipantId, Timestamp};

use super::{MeetingChannels, Output};
use crate::channel::presence::Presence;
use crate::channel::view::{Course, Person};

impl MeetingChannels {
    pub(super) fn look_at_the_time(&mut self, now: Timestamp) {
        let Course { ending, .. } = std::mem::take(&mut self.course);
        self.looks_at = None;
        let Some(started_at) = self.snapshot.started_at else {
            return;
        };
        if self.ended() {
            return;
        }
        self.course.successor = successor(self.officers(now), now);
        let limits = self.limits.with(self.snapshot.time_outs);
        let attendance = self.attendance(now, started_at);
        self.looks_at = Some(match self.time_out.look(now, limits, attendance) {
            Outlook::GoesOn { until } => until,
            Outlook::EndsSoon { ending, until } => {
                self.course.ending = Some(ending);
                until
            }
            Outlook::Over(cause) => {
                self.course.ending = ending;
                self.end(now, cause)
            }
        });
        self.look_at_the_screen(now, limits.idle_share);
    }

    fn look_at_the_screen(&mut self, now: Timestamp, limit: Duration) {
        let until = match self.idle_share.look(now, limit) {
            idle_share::Outlook::NothingShown => None,
            idle_share::Outlook::GoesOn { until } => Some(until),
            idle_share::Outlook::StopsSoon(warning) => {
                self.course.idle_share = Some(warning);
                Some(warning.stops_at)
            }
            idle_share::Outlook::Over(presenter) => {
                self.outputs.push_back(Output::StopShare(presenter));
                None
            }
        };
        self.looks_at = [self.looks_at, until].into_iter().flatten().min();
    }

    /// Not at each change of a meeting that can't be ended.
    fn end(&mut self, now: Timestamp, cause: EndCause) -> Timestamp {
        let again = self.ends_again_at.filter(|at| now < *at);
        again.unwrap_or_else(|| {
            self.outputs.push_back(Output::End(cause));
            *self.ends_again_at.insert(now.plus(AGAIN))
        })
    }

    fn officers(&self, now: Timestamp) -> impl Iterator<Item = Officer> {
        let people = self.snapshot.people.iter();
        people.map(move |(participant, person)| Officer {
            participant: *participant,
            role: person.role,
            admission: person.admission,
            gone_since: self.gone_since(now, *participant, person),
            serves_since: person.serves_since,
        })
    }

    fn attendance(&self, now: Timestamp, started_at: Timestamp) -> Attendance {
        let people = self.snapshot.people.iter();
        let everybody = people.filter(|(_, person)| person.companion.is_none());
        let leaders = everybody.clone().filter(|(_, person)| leads(person));
        Attendance {
            started_at,
            empty_since: self.all_gone_since(now, started_at, everybody),
            unled_since: self.all_gone_since(now, started_at, leaders),
        }
    }

    /// When the last of them went; `None` while one is there.
    fn all_gone_since<'a>(
        &self,
        now: Timestamp,
        started_at: Timestamp,
        mut people: impl Iterator<Item = (&'a ParticipantId, &'a Person)>,
    ) -> Option<Timestamp> {
        people.try_fold(started_at, |last, (participant, person)| {
            let gone_since = self.gone_since(now, *participant, person)?;
            Some(last.max(gone_since))
        })
    }

    fn gone_since(
        &self,
        now: Timestamp,
        participant: ParticipantId,
        person: &Person,
    ) -> Option<Timestamp> {
        let presence = self.presence.get(&participant).copied();
        let presence = presence.unwrap_or(Presence::unseen(now));
        presence.gone_since(person.gone_since)
    }
}

fn leads(person: &Person) -> bool {
    participant_may(person.role, MeetingAction::Admit).is_allowed()
}

/// Between two tries to end a meeting that could not be ended.
const AGAIN: Duration = Duration::from_secs(10);
