//! Notices that many machines try one meeting's door.
//!
//! [`crate::wrong_codes`] slows down one machine; five hundred that try once each pass below it. Against the meeting that
//! they try all their guesses count. Once there are too many, the meeting is guarded for a while: strangers wait in its
//! lobby whatever they show, and its host is told. Whoever the server knows is not kept waiting by it, and nobody is turned
//! away, so that it is worth nothing as a way to shut a meeting.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use conclave_protocol::{MeetingId, Timestamp};

use crate::source::Machine;

/// As shipped: wrong guesses at one meeting within [`WINDOW`] that are too many.
pub const TOO_MANY: u32 = 20;

/// From at least so many machines: people behind one address mistype a link together, and one that guesses is slowed down
/// by itself.
pub const MACHINES: usize = 3;

/// How long a guess counts.
pub const WINDOW: Duration = Duration::from_secs(10 * 60);

/// How long a meeting is guarded, unless its host says otherwise. If it goes on, it begins anew.
pub const GUARDED: Duration = Duration::from_secs(30 * 60);

/// Meetings that are counted for; beyond them the one that was left alone for longest is forgotten.
pub const MOST_MEETINGS: usize = 4_096;

/// The wrong guesses of late, by meeting.
pub struct TriedMeetings {
    too_many: usize,
    meetings: BTreeMap<MeetingId, VecDeque<(Timestamp, Machine)>>,
}

impl TriedMeetings {
    /// So many wrong guesses guard a meeting.
    pub fn new(too_many: u32) -> Self {
        Self {
            too_many: usize::try_from(too_many).unwrap_or(usize::MAX),
            meetings: BTreeMap::new(),
        }
    }

    /// Counts one that was wrong. Until when the meeting is guarded, where this one was too many; its guesses then count
    /// from none.
    pub fn wrong(&mut self, meeting: MeetingId, from: IpAddr, now: Timestamp) -> Option<Timestamp> {
        if !self.meetings.contains_key(&meeting) {
            self.make_room(now);
        }
        let most_kept = self.most_kept();
        let guesses = self.meetings.entry(meeting).or_default();
        guesses.retain(|(at, _)| now.since(*at) < WINDOW);
        if guesses.len() >= most_kept {
            guesses.pop_front();
        }
        guesses.push_back((now, from.into()));
        let machines: BTreeSet<Machine> = guesses.iter().map(|(_, machine)| *machine).collect();
        let is_tried = guesses.len() >= self.too_many && machines.len() >= MACHINES;
        is_tried.then(|| {
            self.meetings.remove(&meeting);
            now.plus(GUARDED)
        })
    }

    /// Of one meeting: as many as decide, with room for machines that try often.
    fn most_kept(&self) -> usize {
        self.too_many.saturating_mul(2)
    }

    fn make_room(&mut self, now: Timestamp) {
        if self.meetings.len() < MOST_MEETINGS {
            return;
        }
        let last = |guesses: &VecDeque<(Timestamp, Machine)>| guesses.back().map(|(at, _)| *at);
        self.meetings
            .retain(|_, guesses| last(guesses).is_some_and(|at| now.since(at) < WINDOW));
        if self.meetings.len() >= MOST_MEETINGS {
            let quietest = self
                .meetings
                .iter()
                .min_by_key(|(_, guesses)| last(guesses));
            if let Some(meeting) = quietest.map(|(meeting, _)| *meeting) {
                self.meetings.remove(&meeting);
            }
        }
    }
}

impl Default for TriedMeetings {
    fn default() -> Self {
        Self::new(TOO_MANY)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use uuid::Uuid;

    use super::*;

    const VISIT: MeetingId = MeetingId(Uuid::from_u128(7));

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    fn machine(number: u32) -> IpAddr {
        Ipv4Addr::from_bits(0x7F00_0100 + number).into()
    }

    // Shows: REQ-AC-04, ABUSE-02.
    #[test]
    fn guesses_of_many_machines_count_together() {
        let mut tried = TriedMeetings::default();
        let guard = |tried: &mut TriedMeetings, number: u32, seconds| {
            tried.wrong(VISIT, machine(number), at(seconds))
        };

        let begun: Vec<_> = (0..500)
            .filter_map(|number| guard(&mut tried, number, 1))
            .collect();

        assert_eq!(begun, vec![at(1).plus(GUARDED); 500 / TOO_MANY as usize]);
        assert!((0..19).all(|number| guard(&mut tried, number, 1_000).is_none()));
        assert!(guard(&mut tried, 19, 1_600).is_none());
    }

    // Shows: REQ-AC-04.
    #[test]
    fn how_many_guesses_are_too_many_is_the_operators() {
        let mut tried = TriedMeetings::new(4);

        let guarded = (0..4).map(|number| tried.wrong(VISIT, machine(number), at(0)));
        let guarded: Vec<_> = guarded.map(|until| until.is_some()).collect();

        assert_eq!(guarded, [false, false, false, true]);
    }

    #[test]
    fn one_machine_and_its_neighbour_guard_nothing() {
        let mut tried = TriedMeetings::default();
        for guess in 0..10_000 {
            assert_eq!(tried.wrong(VISIT, machine(guess % 2), at(0)), None);
        }
        assert!(
            tried
                .meetings
                .values()
                .all(|guesses| guesses.len() <= tried.most_kept())
        );
        assert!(tried.wrong(VISIT, machine(2), at(0)).is_some());
    }

    #[test]
    fn guesses_at_other_meetings_are_not_this_one_s_and_the_table_is_bounded() {
        let mut tried = TriedMeetings::default();
        for number in 0..=MOST_MEETINGS {
            let other = MeetingId(Uuid::from_u128(1_000 + number as u128));
            assert_eq!(
                tried.wrong(other, machine(0), at(u64::from(number > 0))),
                None
            );
        }
        assert_eq!(tried.meetings.len(), MOST_MEETINGS);
        assert!(
            !tried
                .meetings
                .contains_key(&MeetingId(Uuid::from_u128(1_000)))
        );
    }
}
