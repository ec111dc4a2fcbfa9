//! What we want of the room's tracks, and what comes of them.

use std::collections::BTreeMap;
use std::time::Instant;

use livekit_protocol as proto;
use str0m::media::Mid;

use crate::Encryption;
use crate::cover::Opening;
use crate::reception::{Arrival, Reception, TrackReport};

pub(super) struct Subscriptions {
    epoch: Instant,
    encryption: Option<Encryption>,
    /// Which track each section carries.
    bindings: BTreeMap<Mid, String>,
    receptions: BTreeMap<String, Reception>,
    /// What was asked for, other than the server's default.
    wanted: BTreeMap<String, bool>,
    settings: BTreeMap<String, proto::UpdateTrackSettings>,
    keep_frames: usize,
    pub(super) stray_packets: u64,
}

/// What a description changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rebound {
    pub(super) gained: Vec<String>,
    pub(super) lost: Vec<String>,
}

/// Tracks in the life of a session that are reported on; the oldest names make room.
pub(super) const MOST_TRACKS: usize = 2000;

impl Subscriptions {
    pub(super) fn new(epoch: Instant, encryption: Option<Encryption>) -> Self {
        Self {
            epoch,
            encryption,
            bindings: BTreeMap::new(),
            receptions: BTreeMap::new(),
            wanted: BTreeMap::new(),
            settings: BTreeMap::new(),
            keep_frames: 0,
            stray_packets: 0,
        }
    }

    /// So many of each track's last frames stay.
    pub(super) fn keeping(mut self, frames: usize) -> Self {
        self.keep_frames = frames;
        self
    }

    pub(super) fn forget_session(&mut self) {
        let stray_packets = self.stray_packets;
        *self = Self::new(self.epoch, self.encryption.take()).keeping(self.keep_frames);
        self.stray_packets = stray_packets;
    }

    /// The sections and their tracks, as the server describes them; `is_video` tells the kinds.
    pub(super) fn bind(
        &mut self,
        tracks: &BTreeMap<String, String>,
        is_video: impl Fn(Mid) -> Option<bool>,
    ) -> Rebound {
        let named = tracks
            .iter()
            .filter(|(mid, _)| mid.len() <= LONGEST_MID && mid.is_ascii());
        // A section that is not there yet is bound when it is named again.
        let bindings: BTreeMap<_, _> = named
            .map(|(mid, track)| (Mid::from(mid.as_str()), track.clone()))
            .filter(|(mid, _)| is_video(*mid).is_some())
            .collect();
        let mut rebound = Rebound::default();
        for (mid, track) in &self.bindings {
            if bindings.get(mid) != Some(track) {
                rebound.lost.push(track.clone());
            }
        }
        for (mid, track) in &bindings {
            if self.bindings.get(mid) == Some(track) {
                continue;
            }
            let Some(video) = is_video(*mid) else {
                continue;
            };
            let known = self.receptions.entry(track.clone());
            known
                .or_insert_with(|| {
                    let opening = Opening::new(self.encryption.clone());
                    let reception = Reception::new(track.clone(), video, self.epoch, opening);
                    reception.keeping(self.keep_frames)
                })
                .rebind();
            rebound.gained.push(track.clone());
        }
        self.bindings = bindings;
        while self.receptions.len() > MOST_TRACKS {
            self.receptions.pop_first();
        }
        rebound
    }

    /// Whose track it is, and what, by the server's word.
    pub(super) fn expect(&mut self, from: &str, track: &proto::TrackInfo) {
        if let Some(reception) = self.receptions.get_mut(&track.sid) {
            reception.opening.expect(from, track);
        }
    }

    pub(super) fn handle(&mut self, now: Instant, mid: Mid, arrival: Arrival) {
        let track = self.bindings.get(&mid);
        match track.and_then(|track| self.receptions.get_mut(track)) {
            Some(reception) => reception.handle(now, arrival),
            None => self.stray_packets += 1,
        }
    }

    /// The sections whose tracks need a key frame.
    pub(super) fn key_frames_due(&mut self, now: Instant) -> Vec<Mid> {
        let bindings = self.bindings.iter();
        bindings
            .filter(|(_, track)| {
                let reception = self.receptions.get_mut(*track);
                reception.is_some_and(|reception| reception.needs_key_frame(now))
            })
            .map(|(mid, _)| *mid)
            .collect()
    }

    pub(super) fn wake(&self) -> Option<Instant> {
        let bound = self.bindings.values();
        bound
            .filter_map(|track| self.receptions.get(track)?.wake())
            .min()
    }

    pub(super) fn set_paused(&mut self, track: &str, paused: bool) {
        if let Some(reception) = self.receptions.get_mut(track) {
            reception.set_paused(paused);
        }
    }

    pub(super) fn set_muted(&mut self, track: &str, muted: bool) {
        if let Some(reception) = self.receptions.get_mut(track) {
            reception.set_muted(muted);
        }
    }

    pub(super) fn want(&mut self, track: String, wanted: bool) {
        self.wanted.insert(track, wanted);
        while self.wanted.len() > MOST_TRACKS {
            self.wanted.pop_first();
        }
    }

    pub(super) fn set(&mut self, settings: &proto::UpdateTrackSettings) {
        for track in &settings.track_sids {
            self.settings.insert(track.clone(), settings.clone());
            self.set_paused(track, settings.disabled);
        }
        while self.settings.len() > MOST_TRACKS {
            self.settings.pop_first();
        }
    }

    /// For the server to restore: the tracks for which its default does not hold.
    pub(super) fn exceptions(&self, default: bool) -> proto::UpdateSubscription {
        let differing = self.wanted.iter().filter(|(_, wanted)| **wanted != default);
        proto::UpdateSubscription {
            track_sids: differing.map(|(track, _)| track.clone()).collect(),
            subscribe: !default,
            ..Default::default()
        }
    }

    pub(super) fn disabled(&self) -> Vec<String> {
        let settings = self
            .settings
            .iter()
            .filter(|(_, settings)| settings.disabled);
        settings.map(|(track, _)| track.clone()).collect()
    }

    pub(super) fn take_frames(&mut self, track: &str) -> Vec<Vec<u8>> {
        let reception = self.receptions.get_mut(track);
        reception.map_or_else(Vec::new, Reception::take)
    }

    pub(super) fn reports(&self, now: Instant) -> Vec<TrackReport> {
        let reports = self.receptions.iter().map(|(track, reception)| {
            let bound = self.bindings.values().any(|bound| bound == track);
            reception.report(now, bound)
        });
        reports.collect()
    }
}

/// Of the engine's names.
const LONGEST_MID: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_tells_what_came_and_what_went() {
        let mut subscriptions = Subscriptions::new(Instant::now(), None);

        let first = subscriptions.bind(&tracks(&[("0", "TR_a"), ("1", "TR_b")]), |_| Some(true));
        let again = subscriptions.bind(&tracks(&[("0", "TR_a"), ("1", "TR_c")]), |_| Some(true));

        assert_eq!(first.gained, ["TR_a", "TR_b"]);
        assert_eq!(
            (again.gained, again.lost),
            (names(&["TR_c"]), names(&["TR_b"]))
        );
    }

    #[test]
    fn sections_that_do_not_exist_are_bound_when_they_do() {
        let mut subscriptions = Subscriptions::new(Instant::now(), None);

        let rebound = subscriptions.bind(&tracks(&[("0", "TR_a")]), |_| None);
        let later = subscriptions.bind(&tracks(&[("0", "TR_a")]), |_| Some(true));

        assert_eq!(rebound, Rebound::default());
        assert_eq!(later.gained, ["TR_a"]);
    }

    #[test]
    fn only_exceptions_from_the_default_are_restored() {
        let mut subscriptions = Subscriptions::new(Instant::now(), None);
        subscriptions.want("TR_a".to_owned(), false);
        subscriptions.want("TR_b".to_owned(), true);

        let exceptions = subscriptions.exceptions(true);

        assert_eq!(
            (exceptions.track_sids, exceptions.subscribe),
            (names(&["TR_a"]), false)
        );
    }

    #[test]
    fn the_tables_are_bounded() {
        let mut subscriptions = Subscriptions::new(Instant::now(), None);
        for number in 0..=MOST_TRACKS {
            let track = format!("TR_{number}");
            subscriptions.want(track.clone(), true);
            subscriptions.bind(&tracks(&[("0", &track)]), |_| Some(true));
            subscriptions.set(&proto::UpdateTrackSettings {
                track_sids: vec![track],
                ..Default::default()
            });
        }

        assert_eq!(subscriptions.wanted.len(), MOST_TRACKS);
        assert_eq!(subscriptions.settings.len(), MOST_TRACKS);
        assert_eq!(subscriptions.reports(Instant::now()).len(), MOST_TRACKS);
    }

    fn tracks(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(mid, track)| ((*mid).to_owned(), (*track).to_owned()))
            .collect()
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }
}
