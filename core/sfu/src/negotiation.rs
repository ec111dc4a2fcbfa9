//! Which track a client receives on which media section, and when that is settled.
//!
//! Neither of the two topologies ever has two offerers, so nothing collides. In both, a section
//! outlives the track that it carries: it is told inactive once and then carries another, so
//! that descriptions do not grow with coming and going.

mod dual;
mod single;

pub(crate) use dual::Dual;
pub(crate) use single::Single;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::sdp::{Kind, Mid};
use crate::track::TrackKey;

/// After this an offer, or a request for one, is said again. Shorter: a busy phone does the same
/// work twice. Longer: who joins waits where the first was lost.
pub(crate) const PATIENCE: Duration = Duration::from_secs(3);

/// The way of one participant's topology.
pub(crate) enum Negotiation {
    Dual(Dual),
    Single(Single),
}

/// A track begins to be carried by a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Carried {
    pub(crate) track: TrackKey,
    pub(crate) mid: Mid,
}

impl Negotiation {
    /// The track is to be carried; more than once is the same as once.
    pub(crate) fn want(&mut self, track: TrackKey, kind: Kind) {
        match self {
            Self::Dual(dual) => dual.want(track, kind),
            Self::Single(single) => single.want(track, kind),
        }
    }

    /// The track is not to be carried; its section becomes free with the next description.
    pub(crate) fn drop(&mut self, track: TrackKey) {
        match self {
            Self::Dual(dual) => dual.drop(track),
            Self::Single(single) => single.drop(track),
        }
    }

    pub(crate) fn wants(&self, track: TrackKey) -> bool {
        match self {
            Self::Dual(dual) => dual.wants(track),
            Self::Single(single) => single.wants(track),
        }
    }

    /// Every section that carries a track, for `mid_to_track_id`.
    pub(crate) fn carried(&self) -> BTreeMap<Mid, TrackKey> {
        match self {
            Self::Dual(dual) => dual.carried(),
            Self::Single(single) => single.carried(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::sdp::{Direction, Offer, Section, SectionKind};

    pub(crate) fn track(n: u32) -> TrackKey {
        TrackKey::numbered(n)
    }

    pub(crate) fn mid(name: &str) -> Mid {
        Mid::new(name).unwrap()
    }

    pub(crate) fn now() -> Instant {
        crate::test_time::start()
    }

    pub(crate) fn offer(sections: &[(&str, Kind)]) -> Offer {
        let section = |(name, kind): &(&str, Kind)| Section {
            mid: mid(name),
            kind: match kind {
                Kind::Audio => SectionKind::Audio,
                Kind::Video => SectionKind::Video,
            },
            direction: Direction::RecvOnly,
            rejected: false,
            stream_id: None,
            track_id: None,
            rids: Vec::new(),
            codecs: Vec::new(),
        };
        Offer {
            sections: sections.iter().map(section).collect(),
        }
    }
}
