//! Who is heard, told to those who can hear it.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use livekit_protocol as proto;
use proto::signal_response::Message;

use super::{Alarm, Room};
use crate::participant::ParticipantKey;
use crate::peer::AudioLevel;
use crate::sdp::Kind;
use crate::speakers::SpeakerChange;
use crate::track::TrackKey;

/// Of a simulated speech.
const LONGEST_SIMULATION: Duration = Duration::from_secs(60);

impl Room {
    pub(super) fn heard_speaking(&mut self, now: Instant, key: ParticipantKey, level: AudioLevel) {
        let Some(participant) = self.roster.get(key) else {
            return;
        };
        let was_idle = self.speakers.deadline().is_none();
        self.speakers
            .heard(now, &participant.card.sid, level.attenuation);
        if was_idle {
            self.schedule_speakers();
        }
    }

    pub(super) fn speakers_due(&mut self, now: Instant) {
        let changes = self.speakers.poll(now);
        self.schedule_speakers();
        self.say_speakers(&changes);
    }

    /// The participant's microphone was muted, or is gone.
    pub(super) fn falls_silent(&mut self, key: ParticipantKey) {
        let Some(participant) = self.participant(key) else {
            return;
        };
        let sid = participant.card.sid.clone();
        if let Some(change) = self.speakers.remove(&sid) {
            self.say_speakers(&[change]);
        }
    }

    pub(super) fn silenced(&mut self, track_key: TrackKey) {
        if let Some(track) = self.tracks.get(track_key)
            && track.kind == Kind::Audio
        {
            let publisher = track.publisher;
            self.falls_silent(publisher);
        }
    }

    /// Who speaks at this moment, for somebody who is back.
    pub(super) fn say_active_speakers(&mut self, to: ParticipantKey) {
        let active: Vec<SpeakerChange> = self.speakers.active().collect();
        let audible = self.audible(to);
        self.say_changes(to, &audible, &active);
    }

    fn say_speakers(&mut self, changes: &[SpeakerChange]) {
        if changes.is_empty() {
            return;
        }
        for key in self.roster.keys() {
            let audible = self.audible(key);
            self.say_changes(key, &audible, changes);
        }
    }

    fn say_changes(
        &mut self,
        to: ParticipantKey,
        audible: &BTreeSet<String>,
        changes: &[SpeakerChange],
    ) {
        let speakers: Vec<proto::SpeakerInfo> = changes
            .iter()
            .filter(|change| audible.contains(&change.participant))
            .map(|change| proto::SpeakerInfo {
                sid: change.participant.clone(),
                level: change.level,
                active: change.active,
            })
            .collect();
        if !speakers.is_empty() {
            self.tell(
                to,
                Message::SpeakersChanged(proto::SpeakersChanged { speakers }),
            );
        }
    }

    /// The sids of those whom a participant receives, and its own.
    pub(super) fn audible(&self, key: ParticipantKey) -> BTreeSet<String> {
        let Some(participant) = self.participant(key) else {
            return BTreeSet::new();
        };
        let publishers = participant.negotiation.carried().into_values();
        let mut sids: BTreeSet<String> = publishers
            .filter_map(|track| self.participant(self.tracks.get(track)?.publisher))
            .map(|publisher| publisher.card.sid.clone())
            .collect();
        sids.insert(participant.card.sid.clone());
        sids
    }

    fn schedule_speakers(&mut self) {
        match self.speakers.deadline() {
            Some(at) => self.schedule.set(Alarm::Speakers, at),
            None => self.schedule.clear(Alarm::Speakers),
        }
    }

    /// Tells the asker alone that it speaks, for some seconds.
    pub(super) fn simulate_speaker(&mut self, now: Instant, key: ParticipantKey, seconds: i32) {
        let length = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
        self.say_simulated(key, true);
        self.schedule.set(
            Alarm::SimulatedSilence(key),
            now + length.min(LONGEST_SIMULATION),
        );
    }

    pub(super) fn say_simulated(&mut self, key: ParticipantKey, active: bool) {
        let Some(participant) = self.participant(key) else {
            return;
        };
        let change = SpeakerChange {
            participant: participant.card.sid.clone(),
            level: if active { 1.0 } else { 0.0 },
            active,
        };
        let own = BTreeSet::from([participant.card.sid.clone()]);
        self.say_changes(key, &own, &[change]);
    }
}
