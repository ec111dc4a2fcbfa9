//! Whose place, and which rooms, are over for good: a connection that was decided on before comes too late.
//!
//! What follows from two decisions reaches a room in the order in which its queue was filled, which need not be the order
//! of the decisions.

use std::collections::{BTreeSet, VecDeque};

use crate::command::{ApiRequest, RoomName};
use crate::fact::EndReason;

/// The latest of each kind. What is older than these can't be on its way any more.
const MOST: usize = 16_384;

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
    pub(crate) fn note(&mut self, room: &RoomName, request: &ApiRequest) {
        match request {
            ApiRequest::End(_) => self.rooms.note(room.clone()),
            ApiRequest::PutOut { identity } => self.people.note((room.clone(), identity.clone())),
            _ => {}
        }
    }

    /// What whoever comes too late is told.
    pub(crate) fn refuses(&self, room: &RoomName, identity: &str) -> Option<EndReason> {
        if self.rooms.holds(room) {
            return Some(EndReason::RoomClosed);
        }
        let person = (room.clone(), identity.to_owned());
        self.people
            .holds(&person)
            .then_some(EndReason::ParticipantRemoved)
    }
}

/// A set that forgets its oldest.
struct Latest<T> {
    bound: usize,
    known: BTreeSet<T>,
    order: VecDeque<T>,
}

impl<T: Clone + Ord> Latest<T> {
    fn new(bound: usize) -> Self {
        Self {
            bound,
            known: BTreeSet::new(),
            order: VecDeque::new(),
        }
    }

    fn note(&mut self, value: T) {
        if !self.known.insert(value.clone()) {
            return;
        }
        self.order.push_back(value);
        if self.order.len() > self.bound
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    fn holds(&self, value: &T) -> bool {
        self.known.contains(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(name: &str) -> RoomName {
        RoomName(name.to_owned())
    }

    #[test]
    fn whoever_was_put_out_is_refused_in_that_room_alone() {
        let mut departed = Departed::new();
        let identity = "ann".to_owned();
        departed.note(&room("ward"), &ApiRequest::PutOut { identity });

        assert_eq!(
            departed.refuses(&room("ward"), "ann"),
            Some(EndReason::ParticipantRemoved)
        );
        assert_eq!(departed.refuses(&room("ward"), "bob"), None);
        assert_eq!(departed.refuses(&room("office"), "ann"), None);
    }

    #[test]
    fn nobody_comes_into_a_room_that_was_ended() {
        let mut departed = Departed::new();
        departed.note(&room("ward"), &ApiRequest::End(EndReason::RoomClosed));

        assert_eq!(
            departed.refuses(&room("ward"), "bob"),
            Some(EndReason::RoomClosed)
        );
    }

    #[test]
    fn the_latest_are_known_and_no_more() {
        let mut latest = Latest::new(2);
        for value in [1, 2, 2, 3] {
            latest.note(value);
        }

        assert_eq!(
            [1, 2, 3].map(|value| latest.holds(&value)),
            [false, true, true]
        );
        assert_eq!(latest.order.len(), latest.known.len());
    }
}
