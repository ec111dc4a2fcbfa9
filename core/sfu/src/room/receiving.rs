//! What is sent to each subscriber: as much of what it wants as its path carries.

use std::time::{Duration, Instant};

use livekit_protocol as proto;
use proto::signal_response::Message;

use super::{Alarm, Room};
use crate::allocation::{Budget, Demand, RISE_HEADROOM_PERCENT, allocate, desired_bitrate};
use crate::connection::{ConnectionId, Order};
use crate::drops::Drop;
use crate::layers::Layer;
use crate::participant::{Participant, ParticipantKey, downstream};
use crate::sdp::Kind;
use crate::track::{Outlet, TrackKey};
use crate::wanted::wanted;

/// Layers come and go, and so does the estimate.
const ALLOCATION_INTERVAL: Duration = Duration::from_secs(1);
/// A tile that is scrolled out of sight may be back at once.
const LOWERING_DELAY: Duration = Duration::from_millis(500);
/// In bits per second: speech after a silence, which costs next to nothing until then.
const LEAST_AUDIO: u64 = 20_000;

impl Room {
    pub(super) fn track_setting(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        setting: proto::UpdateTrackSettings,
    ) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        let mut lowers = true;
        let mut refused = false;
        for sid in &setting.track_sids {
            let mut own = setting.clone();
            own.track_sids.clear();
            let before = participant.subscriptions.setting(sid);
            lowers &= before.is_some_and(|before| is_lower(&own, before));
            refused |= !participant.subscriptions.set(sid, own);
        }
        if refused {
            self.drop_counted(Drop::Request);
        }
        let delay = if lowers {
            LOWERING_DELAY
        } else {
            Duration::ZERO
        };
        self.schedule.set_by(Alarm::Allocate(key), now + delay);
    }

    pub(super) fn settings_changed(&mut self, now: Instant, key: ParticipantKey) {
        self.allocate(now, key);
    }

    pub(super) fn allocate_soon(&mut self, now: Instant, key: ParticipantKey) {
        self.schedule.set_by(Alarm::Allocate(key), now);
    }

    pub(super) fn bandwidth_estimated(&mut self, now: Instant, key: ParticipantKey, bitrate: u64) {
        if let Some(participant) = self.roster.get_mut(key) {
            participant.downlink.estimated(bitrate);
            self.allocate_soon(now, key);
        }
    }

    pub(super) fn simulate_bandwidth(&mut self, now: Instant, key: ParticipantKey, bitrate: i64) {
        if let Some(participant) = self.roster.get_mut(key) {
            let cap = u64::try_from(bitrate).ok().filter(|cap| *cap > 0);
            participant.downlink.set_cap(cap);
            self.allocate_soon(now, key);
        }
    }

    /// The connection on which a participant receives is up, or up again.
    pub(super) fn receives_again(&mut self, now: Instant, at: ConnectionId) {
        let Some(participant) = self.participant(at.participant) else {
            return;
        };
        if participant.downstream() == at.side {
            for track in self.carried_tracks(at.participant) {
                self.refresh_key_frames(now, track);
            }
            self.allocate_soon(now, at.participant);
        }
    }

    /// The track's own layers or codecs changed.
    pub(super) fn track_changed(&mut self, now: Instant, track_key: TrackKey) {
        let Some(track) = self.tracks.get(track_key) else {
            return;
        };
        let subscribers: Vec<ParticipantKey> = track.outlets.iter().map(|o| o.subscriber).collect();
        for subscriber in subscribers {
            self.allocate_soon(now, subscriber);
        }
    }

    /// Divides what the way to a subscriber carries among what it wants.
    pub(super) fn allocate(&mut self, now: Instant, key: ParticipantKey) {
        let carried = self.carried_tracks(key);
        let Some(participant) = self.participant(key) else {
            return;
        };
        if carried.is_empty() {
            if let Some(participant) = self.roster.get_mut(key) {
                participant.downlink.set_flow(now, 0, 0);
            }
            self.schedule.clear(Alarm::Allocate(key));
            return;
        }
        let allow_pause = participant.client.allow_pause;
        let estimate = participant.downlink.capacity();
        let mut audio = 0;
        let mut videos = Vec::new();
        let mut demands = Vec::new();
        for track in carried {
            match self.demand(now, key, track) {
                Some(demand) => {
                    videos.push(track);
                    demands.push(demand);
                }
                None => audio += self.audio_cost(now, key, track),
            }
        }
        let mut budget = Budget {
            estimate,
            audio,
            allow_pause,
        };
        let mut targets = Vec::new();
        allocate(&budget, &demands, &mut targets);
        let starved = !targets.is_empty() && targets.iter().all(Option::is_none);
        let needed = audio + first_cost(&demands);
        let tries =
            |participant: &mut Participant| participant.downlink.tries(now, starved, needed);
        if self.roster.get_mut(key).is_some_and(tries) {
            budget.estimate = Some(needed);
            allocate(&budget, &demands, &mut targets);
        }
        let current = audio + cost(&demands, &targets);
        let desired = desired_bitrate(audio, &demands);
        for (track, target) in videos.into_iter().zip(targets) {
            self.retarget(now, key, track, target);
        }
        if let Some(participant) = self.roster.get_mut(key) {
            let anew = participant.downlink.set_flow(now, current, desired);
            let id = downstream(key, participant);
            self.order(id, Order::SetBitrate { current, desired });
            if let Some(bitrate) = anew {
                self.order(id, Order::EstimateAnew { bitrate });
            }
        }
        self.schedule
            .set(Alarm::Allocate(key), now + ALLOCATION_INTERVAL);
    }

    /// `None`: not a video, or not wanted at the moment; whose target is set here.
    fn demand(&mut self, now: Instant, key: ParticipantKey, track_key: TrackKey) -> Option<Demand> {
        let participant = self.roster.get(key)?;
        let track = self.tracks.get_mut(track_key)?;
        let setting = participant.subscriptions.setting(&track.info.sid);
        if track.kind == Kind::Audio {
            let is_disabled = setting.is_some_and(|setting| setting.disabled);
            let outlet = track.outlet_mut(key)?;
            let target = (!is_disabled).then_some(Layer::HIGHEST);
            outlet.forwarder.set_target(target);
            return None;
        }
        let source = track.source();
        let index = track.outlet(key)?.encoding;
        let encoding = track.encoding_mut(index)?;
        let adaptive = participant.client.adaptive_stream;
        let wish = wanted(now, setting, &mut encoding.layers, adaptive, source);
        let bitrates = encoding.layers.bitrates(now);
        let outlet = track.outlet_mut(key)?;
        let given = outlet.forwarder.target();
        if outlet.wanted != wish.layer {
            outlet.wanted = wish.layer;
            self.schedule.set_by(Alarm::Track(track_key), now);
        }
        let Some(wanted) = wish.layer else {
            outlet.forwarder.set_target(None);
            outlet.is_paused = false;
            return None;
        };
        Some(Demand {
            priority: wish.priority,
            wanted,
            bitrates,
            given,
        })
    }

    /// In bits per second, as it arrives; nothing where none is sent.
    fn audio_cost(&mut self, now: Instant, key: ParticipantKey, track: TrackKey) -> u64 {
        let Some(track) = self.tracks.get_mut(track) else {
            return 0;
        };
        let is_sent = |outlet: &&Outlet| outlet.forwarder.target().is_some();
        let Some(outlet) = track.outlet(key).filter(is_sent) else {
            return 0;
        };
        let index = outlet.encoding;
        if track.kind != Kind::Audio || track.info.muted {
            return 0;
        }
        let arriving = track.encoding_mut(index).map_or(0, |encoding| {
            let bitrates = encoding.layers.bitrates(now);
            bitrates.arriving().map(|(_, cost)| cost).max().unwrap_or(0)
        });
        arriving.max(LEAST_AUDIO)
    }

    fn retarget(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        track_key: TrackKey,
        target: Option<Layer>,
    ) {
        let Some(track) = self.tracks.get_mut(track_key) else {
            return;
        };
        let Some(outlet) = track.outlet_mut(key) else {
            return;
        };
        let changed = outlet.forwarder.target() != target;
        outlet.forwarder.set_target(target);
        let paused = target.is_none();
        if outlet.is_paused != paused {
            outlet.is_paused = paused;
            self.say_stream_state(key, track_key, paused);
        }
        if changed {
            self.refresh_key_frames(now, track_key);
        }
    }

    fn say_stream_state(&mut self, key: ParticipantKey, track_key: TrackKey, paused: bool) {
        let Some(track) = self.tracks.get(track_key) else {
            return;
        };
        let Some(publisher) = self.participant(track.publisher) else {
            return;
        };
        let state = if paused {
            proto::StreamState::Paused
        } else {
            proto::StreamState::Active
        };
        let info = proto::StreamStateInfo {
            participant_sid: publisher.card.sid.clone(),
            track_sid: track.info.sid.clone(),
            state: state as i32,
        };
        self.tell(
            key,
            Message::StreamStateUpdate(proto::StreamStateUpdate {
                stream_states: vec![info],
            }),
        );
    }

    fn carried_tracks(&self, key: ParticipantKey) -> Vec<TrackKey> {
        self.participant(key)
            .map(|participant| participant.negotiation.carried().into_values().collect())
            .unwrap_or_default()
    }
}

/// What it takes to give the most important video its lowest layer.
fn first_cost(demands: &[Demand]) -> u64 {
    let first = demands.iter().rev().max_by_key(|demand| demand.priority);
    let lowest = first.and_then(|demand| demand.bitrates.arriving().next());
    let headroom = 100 - RISE_HEADROOM_PERCENT;
    // The allocation keeps a share of the budget back; a little more covers the rounding.
    lowest.map_or(0, |(_, cost)| cost * 102 / headroom)
}

fn cost(demands: &[Demand], targets: &[Option<Layer>]) -> u64 {
    demands
        .iter()
        .zip(targets)
        .filter_map(|(demand, target)| Some(demand.bitrates.of((*target)?)))
        .sum()
}

/// Asks for less than before, so that it can wait.
fn is_lower(setting: &proto::UpdateTrackSettings, before: &proto::UpdateTrackSettings) -> bool {
    if setting.disabled || before.disabled {
        return setting.disabled;
    }
    (setting.height, setting.quality) < (before.height, before.quality)
}
