//! Whose place, and which rooms, are over: a connection that was decided on before comes too late.
//!
//! What follows from two decisions reaches a room in the order in which its queue was filled, which need not be the order
//! of the decisions. After a while nothing that was decided before is on its way any more, and only decisions count: where the
//! store has to take an end back that it acknowledged, the room opens again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::command::{ApiRequest, RoomName};
use crate::fact::EndReason;

/// The latest of each kind. What is older than these can't be on its way any more.
const MOST: usize = 16_384;
/// Longer shuts out for longer whom the store lets in again; shorter may be overtaken by what waits in a queue.
const KEPT_FOR: Duration = Duration::from_secs(10 * 60);

pub(crate) struct Departed {
    rooms: Latest<RoomName>,
    people: Latest<(RoomName, String)>,
}

impl Departed {
    pub(crate) fn new() -> Self {
        Self {
            rooms: Latest::new(MOST),
            people: Latest::new(MOST),
        }
    }

    /// Whether the room is there or not.
    pub(crate) fn note(&mut self, now: Instant, room: &RoomName, request: &ApiRequest) {
        match request {
            ApiRequest::End(_) => self.rooms.note(now, room.clone()),
            ApiRequest::PutOut { identity } => {
                let person = (room.clone(), identity.clone());
                self.people.note(now, person);
            }
            _ => {}
        }
    }

    /// What whoever comes too late is told.
    pub(crate) fn refuses(
        &self,
        now: Instant,
        room: &RoomName,
        identity: &str,
    ) -> Option<EndReason> {
        if self.rooms.holds(now, room) {
            return Some(EndReason::RoomClosed);
        }
        let person = (room.clone(), identity.to_owned());
        self.people
            .holds(now, &person)
            .then_some(EndReason::ParticipantRemoved)
    }
}

/// A set that forgets its oldest, and what has been in it for [`KEPT_FOR`].
struct Latest<T> {
    bound: usize,
    known: BTreeMap<T, Instant>,
    order: BTreeSet<(Instant, T)>,
}

impl<T: Clone + Ord> Latest<T> {
    fn new(bound: usize) -> Self {
        Self {
            bound,
            known: BTreeMap::new(),
            order: BTreeSet::new(),
        }
    }

    fn note(&mut self, now: Instant, value: T) {
        if let Some(before) = self.known.insert(value.clone(), now) {
            self.order.remove(&(before, value.clone()));
        }
        self.order.insert((now, value));
        while self.is_to_forget(now) {
            if let Some((_, oldest)) = self.order.pop_first() {
                self.known.remove(&oldest);
            }
        }
    }

    fn is_to_forget(&self, now: Instant) -> bool {
        let oldest = self.order.first();
        self.order.len() > self.bound || oldest.is_some_and(|(at, _)| is_over(now, *at))
    }

    fn holds(&self, now: Instant, value: &T) -> bool {
        self.known.get(value).is_some_and(|at| !is_over(now, *at))
    }
}

fn is_over(now: Instant, noted: Instant) -> bool {
    now.saturating_duration_since(noted) >= KEPT_FOR
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_time::start;

    fn room(name: &str) -> RoomName {
        RoomName(name.to_owned())
    }

    #[test]
    fn whoever_was_put_out_is_refused_in_that_room_alone() {
        let (mut departed, now) = (Departed::new(), start());
        let identity = "ann".to_owned();
        departed.note(now, &room("ward"), &ApiRequest::PutOut { identity });

        assert_eq!(
            departed.refuses(now, &room("ward"), "ann"),
            Some(EndReason::ParticipantRemoved)
        );
        assert_eq!(departed.refuses(now, &room("ward"), "bob"), None);
        assert_eq!(departed.refuses(now, &room("office"), "ann"), None);
    }

    #[test]
    fn nobody_comes_into_a_room_that_was_ended() {
        let (mut departed, now) = (Departed::new(), start());
        let end = ApiRequest::End(EndReason::RoomClosed);
        departed.note(now, &room("ward"), &end);

        let soon = now + KEPT_FOR - Duration::from_millis(1);
        assert_eq!(
            departed.refuses(soon, &room("ward"), "bob"),
            Some(EndReason::RoomClosed)
        );
    }

    #[test]
    fn after_ten_minutes_only_decisions_count() {
        let (mut departed, now) = (Departed::new(), start());
        let end = ApiRequest::End(EndReason::RoomClosed);
        departed.note(now, &room("ward"), &end);
        departed.note(now, &room("office"), &end);
        departed.note(now + KEPT_FOR / 2, &room("office"), &end);

        let later = now + KEPT_FOR;
        assert_eq!(departed.refuses(later, &room("ward"), "bob"), None);
        // It was ended once more.
        assert!(departed.refuses(later, &room("office"), "bob").is_some());
        departed.note(later, &room("attic"), &end);
        assert_eq!(departed.rooms.known.len(), 2);
        assert_eq!(departed.rooms.order.len(), 2);
    }

    #[test]
    fn the_latest_are_known_and_no_more() {
        let (mut latest, now) = (Latest::new(2), start());
        for value in [1, 2, 2, 3] {
            latest.note(now, value);
        }

        assert_eq!(
            [1, 2, 3].map(|value| latest.holds(now, &value)),
            [false, true, true]
        );
        assert_eq!(latest.order.len(), latest.known.len());
    }
}
