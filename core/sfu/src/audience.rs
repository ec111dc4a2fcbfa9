//! Who may receive a participant's tracks, as the participant says.

use std::collections::BTreeSet;

use livekit_protocol as proto;

/// LiveKit's `SubscriptionPermission`. Everybody, until the participant says otherwise.
#[derive(Default)]
pub(crate) enum Audience {
    #[default]
    Everybody,
    /// Nobody but these.
    Named(Vec<Named>),
}

pub(crate) struct Named {
    identity: String,
    sid: String,
    tracks: Tracks,
}

enum Tracks {
    All,
    Some(BTreeSet<String>),
}

/// Each names a participant and its tracks.
pub(crate) const MOST_ENTRIES: usize = 1_000;

impl Audience {
    /// `None`: more entries than are kept; what held before holds on.
    pub(crate) fn read(message: proto::SubscriptionPermission) -> Option<Self> {
        if message.all_participants {
            return Some(Self::Everybody);
        }
        let entries = &message.track_permissions;
        let tracks: usize = entries.iter().map(|entry| entry.track_sids.len()).sum();
        if entries.len() + tracks > MOST_ENTRIES {
            return None;
        }
        let named = message.track_permissions.into_iter().map(Named::read);
        Some(Self::Named(named.collect()))
    }

    pub(crate) fn admits(&self, identity: &str, sid: &str, track: &str) -> bool {
        match self {
            Self::Everybody => true,
            Self::Named(named) => named
                .iter()
                .any(|entry| entry.is(identity, sid) && entry.tracks.contain(track)),
        }
    }
}

impl Named {
    fn read(message: proto::TrackPermission) -> Self {
        let tracks = if message.all_tracks {
            Tracks::All
        } else {
            Tracks::Some(message.track_sids.into_iter().collect())
        };
        Self {
            identity: message.participant_identity,
            sid: message.participant_sid,
            tracks,
        }
    }

    /// An entry names a participant by identity, or by sid where it has no identity.
    fn is(&self, identity: &str, sid: &str) -> bool {
        if self.identity.is_empty() {
            return !self.sid.is_empty() && self.sid == sid;
        }
        self.identity == identity
    }
}

impl Tracks {
    fn contain(&self, track: &str) -> bool {
        match self {
            Self::All => true,
            Self::Some(tracks) => tracks.contains(track),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_admitted_until_something_is_said() {
        assert!(Audience::default().admits("ann", "PA_a", "TR_1"));
        assert!(read(true, vec![]).admits("ann", "PA_a", "TR_1"));
    }

    #[test]
    fn nobody_is_admitted_who_is_not_named() {
        let audience = read(false, vec![entry("ann", "", true, &[])]);

        assert!(audience.admits("ann", "PA_a", "TR_1"));
        assert!(!audience.admits("bob", "PA_b", "TR_1"));
        assert!(!read(false, vec![]).admits("ann", "PA_a", "TR_1"));
    }

    #[test]
    fn single_tracks_are_named_and_participants_by_sid_too() {
        let audience = read(false, vec![entry("", "PA_a", false, &["TR_1"])]);

        assert!(audience.admits("ann", "PA_a", "TR_1"));
        assert!(!audience.admits("ann", "PA_a", "TR_2"));
        assert!(!audience.admits("ann", "PA_b", "TR_1"));
    }

    #[test]
    fn an_entry_without_a_name_admits_nobody() {
        let audience = read(false, vec![entry("", "", true, &[])]);

        assert!(!audience.admits("", "", "TR_1"));
    }

    #[test]
    fn an_audience_is_bounded() {
        let list = |count| vec![entry("ann", "", true, &[]); count];
        let message = |count| proto::SubscriptionPermission {
            all_participants: false,
            track_permissions: list(count),
        };

        assert!(Audience::read(message(MOST_ENTRIES)).is_some());
        assert!(Audience::read(message(MOST_ENTRIES + 1)).is_none());
    }

    fn read(all_participants: bool, track_permissions: Vec<proto::TrackPermission>) -> Audience {
        Audience::read(proto::SubscriptionPermission {
            all_participants,
            track_permissions,
        })
        .unwrap()
    }

    fn entry(identity: &str, sid: &str, all: bool, tracks: &[&str]) -> proto::TrackPermission {
        proto::TrackPermission {
            participant_sid: sid.to_owned(),
            participant_identity: identity.to_owned(),
            all_tracks: all,
            track_sids: tracks.iter().map(|track| (*track).to_owned()).collect(),
        }
    }
}
