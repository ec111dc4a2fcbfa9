//! Who is in the room, as the server says.

use std::collections::BTreeMap;

use livekit_protocol as proto;
use proto::participant_info::State;

/// The others, by their sid.
#[derive(Default)]
pub(crate) struct Roster {
    others: BTreeMap<String, proto::ParticipantInfo>,
}

/// What an update means.
#[derive(Debug, PartialEq)]
pub(crate) enum Change {
    Changed(Box<proto::ParticipantInfo>),
    Left(Box<proto::ParticipantInfo>),
}

/// More participants than any room has; those beyond are not remembered.
pub(crate) const MOST_OTHERS: usize = 10_000;

impl Roster {
    pub(crate) fn others(&self) -> impl Iterator<Item = &proto::ParticipantInfo> {
        self.others.values()
    }

    /// `None`: older than what is known, or nothing of interest.
    pub(crate) fn update(&mut self, info: proto::ParticipantInfo) -> Option<Change> {
        if info.state() == State::Disconnected {
            self.others.remove(&info.sid)?;
            return Some(Change::Left(Box::new(info)));
        }
        let known = self.others.get(&info.sid);
        let is_old = known.is_some_and(|known| info.version < known.version);
        if is_old || (known.is_none() && self.others.len() >= MOST_OTHERS) {
            return None;
        }
        self.others.insert(info.sid.clone(), info.clone());
        Some(Change::Changed(Box::new(info)))
    }

    /// With the identity of who publishes it.
    pub(crate) fn track(&self, track_sid: &str) -> Option<(&str, &proto::TrackInfo)> {
        let mut tracks = self.others.values().flat_map(|other| {
            let tracks = other.tracks.iter();
            tracks.map(|track| (other.identity.as_str(), track))
        });
        tracks.find(|(_, track)| track.sid == track_sid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_version_is_ignored() {
        let mut roster = Roster::default();
        assert!(roster.update(info("PA_a", 2, State::Active)).is_some());

        assert_eq!(roster.update(info("PA_a", 1, State::Active)), None);

        assert_eq!(roster.others().next().map(|other| other.version), Some(2));
    }

    #[test]
    fn somebody_leaves_once() {
        let mut roster = Roster::default();
        roster.update(info("PA_a", 1, State::Active));

        let left = roster.update(info("PA_a", 2, State::Disconnected));

        assert!(matches!(left, Some(Change::Left(_))));
        assert_eq!(roster.update(info("PA_a", 2, State::Disconnected)), None);
    }

    #[test]
    fn the_roster_is_bounded() {
        let mut roster = Roster::default();
        for number in 0..=MOST_OTHERS {
            roster.update(info(&format!("PA_{number}"), 1, State::Active));
        }

        assert_eq!(roster.others().count(), MOST_OTHERS);
    }

    fn info(sid: &str, version: u32, state: State) -> proto::ParticipantInfo {
        proto::ParticipantInfo {
            sid: sid.to_owned(),
            version,
            state: state as i32,
            ..Default::default()
        }
    }
}
