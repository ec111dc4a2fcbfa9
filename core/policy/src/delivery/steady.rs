//! A time that a clock which is set back neither stops nor turns round.

use conclave_protocol::Timestamp;

/// Goes on by what the wall clock advances between two looks; zero where it was set back.
#[derive(Default)]
pub(super) struct Steady {
    /// What the wall clock said last, and what time it is here.
    latest: Option<(Timestamp, Timestamp)>,
}

impl Steady {
    /// What time it is here when the wall clock says this.
    pub(super) fn at(&mut self, wall: Timestamp) -> Timestamp {
        let here = self
            .latest
            .map_or(wall, |(earlier, here)| here.plus(wall.since(earlier)));
        self.latest = Some((wall, here));
        here
    }

    /// What the wall clock says at a later time than the latest, for as long as it is not set.
    pub(super) fn on_the_wall(&self, later: Timestamp) -> Timestamp {
        let from_here = |(wall, here): (Timestamp, Timestamp)| wall.plus(later.since(here));
        self.latest.map_or(later, from_here)
    }
}
