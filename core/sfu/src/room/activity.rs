//! Whether somebody who shows a screen does anything: its picture changes, they speak, or they send data.
//!
//! What is shown is encrypted, so a change is known by its weight: an encoder sends little of what stands still.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use livekit_protocol as proto;

use super::{Alarm, Room};
use crate::fact::Fact;
use crate::participant::ParticipantKey;
use crate::presenting::is_screen;
use crate::sdp::Kind;
use crate::track::TrackKey;

/// Those who show a screen.
pub(super) type Presented = BTreeMap<ParticipantKey, Activity>;

/// Of one presenter, since it was judged last.
pub(super) struct Activity {
    identity: String,
    bytes: u64,
    has_written: bool,
}

/// Between two judgements.
const INTERVAL: Duration = Duration::from_secs(10);
/// In an interval. Encoders refresh a picture that stands still with some hundred bytes a second; a page that is
/// scrolled, or a key frame, weighs more. Larger misses a moving pointer.
const BYTES_OF_A_CHANGE: u64 = 20_000;

impl Room {
    /// Developers' rooms have no such rule.
    pub(super) fn screen_shown(&mut self, now: Instant, key: ParticipantKey) {
        let Some(participant) = self.participant(key).filter(|_| self.rule.is_some()) else {
            return;
        };
        let identity = participant.card.identity.clone();
        let activity = Activity {
            identity: identity.clone(),
            bytes: 0,
            has_written: false,
        };
        self.presented.insert(key, activity);
        self.say_active(identity);
        self.schedule.set_by(Alarm::Presenters, now + INTERVAL);
    }

    /// Of somebody whose last screen that was.
    pub(super) fn screen_ended(&mut self, key: ParticipantKey) {
        let published = self.tracks.of(key).into_iter();
        let mut published = published.filter_map(|track| self.tracks.get(track));
        if published.any(|track| is_picture_of_screen(track.kind, &track.info)) {
            return;
        }
        if let Some(Activity { identity, .. }) = self.presented.remove(&key) {
            let room = self.name.clone();
            self.record(Fact::ScreenEnded { room, identity });
        }
    }

    pub(super) fn screen_sent(&mut self, key: ParticipantKey, track: TrackKey, bytes: usize) {
        let Some(activity) = self.presented.get_mut(&key) else {
            return;
        };
        let track = self.tracks.get(track);
        if track.is_some_and(|track| is_picture_of_screen(track.kind, &track.info)) {
            activity.bytes += bytes as u64;
        }
    }

    pub(super) fn presenter_wrote(&mut self, key: ParticipantKey) {
        if let Some(activity) = self.presented.get_mut(&key) {
            activity.has_written = true;
        }
    }

    pub(super) fn judge_presenters(&mut self, now: Instant) {
        let speaking: BTreeSet<String> = self
            .speakers
            .active()
            .map(|change| change.participant)
            .collect();
        let mut active = Vec::new();
        for (key, activity) in &mut self.presented {
            let participant = self.roster.get(*key);
            let speaks = participant.is_some_and(|one| speaking.contains(&one.card.sid));
            if activity.is_fresh() || speaks {
                active.push(activity.identity.clone());
            }
        }
        for identity in active {
            self.say_active(identity);
        }
        if !self.presented.is_empty() {
            self.schedule.set(Alarm::Presenters, now + INTERVAL);
        }
    }

    fn say_active(&mut self, identity: String) {
        let room = self.name.clone();
        self.record(Fact::ScreenActive { room, identity });
    }
}

impl Activity {
    /// Counts anew.
    fn is_fresh(&mut self) -> bool {
        let bytes = std::mem::take(&mut self.bytes);
        let has_written = std::mem::take(&mut self.has_written);
        bytes >= BYTES_OF_A_CHANGE || has_written
    }
}

pub(super) fn is_picture_of_screen(kind: Kind, info: &proto::TrackInfo) -> bool {
    kind == Kind::Video && is_screen(info.r#type(), info.source())
}
