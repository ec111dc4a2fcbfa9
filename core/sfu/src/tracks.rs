//! The published tracks of a room, found by place and by sid.

use std::collections::BTreeMap;

use crate::participant::ParticipantKey;
use crate::slab::Slab;
use crate::track::{Track, TrackKey};

pub(crate) struct Tracks {
    tracks: Slab<Track>,
    by_sid: BTreeMap<String, TrackKey>,
}

impl Tracks {
    pub(crate) fn new() -> Self {
        Self {
            tracks: Slab::new(),
            by_sid: BTreeMap::new(),
        }
    }

    pub(crate) fn insert(&mut self, track: Track) -> TrackKey {
        let sid = track.info.sid.clone();
        let key = self.tracks.insert_with(|_| track);
        self.by_sid.insert(sid, key);
        key
    }

    pub(crate) fn remove(&mut self, key: TrackKey) -> Option<Track> {
        let track = self.tracks.remove(key)?;
        self.by_sid.remove(&track.info.sid);
        Some(track)
    }

    pub(crate) fn get(&self, key: TrackKey) -> Option<&Track> {
        self.tracks.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: TrackKey) -> Option<&mut Track> {
        self.tracks.get_mut(key)
    }

    pub(crate) fn by_sid(&self, sid: &str) -> Option<TrackKey> {
        self.by_sid.get(sid).copied()
    }

    /// The track, if this participant publishes it.
    pub(crate) fn own(&self, publisher: ParticipantKey, sid: &str) -> Option<TrackKey> {
        let key = self.by_sid(sid)?;
        (self.get(key)?.publisher == publisher).then_some(key)
    }

    pub(crate) fn of(&self, publisher: ParticipantKey) -> Vec<TrackKey> {
        self.tracks
            .iter()
            .filter(|(_, track)| track.publisher == publisher)
            .map(|(key, _)| key)
            .collect()
    }

    pub(crate) fn keys(&self) -> Vec<TrackKey> {
        self.tracks.keys()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Track> {
        self.tracks.values()
    }
}
