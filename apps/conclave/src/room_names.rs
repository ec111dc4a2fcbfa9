//! Names of rooms in the router: meetings and developers' rooms never meet.
//!
//! # Security
//! A developer's token names its room freely, a meeting's room is named by this server. One name
//! space for both would let a developer's key into a meeting; so a meeting's name carries a
//! prefix that no developer's word may begin with.

use conclave_protocol::id::MeetingId;
use conclave_sfu::RoomName;

const MEETING: &str = "meeting:";

/// The room of a meeting.
pub(crate) fn of_meeting(meeting: MeetingId) -> RoomName {
    RoomName(format!("{MEETING}{meeting}"))
}

/// The meeting that a room is of. `None`: it is a developer's.
pub(crate) fn meeting(room: &RoomName) -> Option<MeetingId> {
    room.0.strip_prefix(MEETING)?.parse().ok()
}

/// The room that a developer's token or request names. `None`: the word is reserved.
pub(crate) fn of_developer(word: &str) -> Option<RoomName> {
    let reserved = word.starts_with(MEETING);
    (!reserved).then(|| RoomName(word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meeting_is_found_by_its_room_and_by_no_developers_word() {
        let id: MeetingId = "0190b5c8-7f6e-7000-8000-000000000001".parse().unwrap();

        let room = of_meeting(id);

        assert_eq!(meeting(&room), Some(id));
        assert_eq!(of_developer(&room.0), None);
        assert_eq!(of_developer("meeting:anything"), None);
        let by_id = of_developer(&id.to_string()).unwrap();
        assert_ne!(by_id, room);
        assert_eq!(meeting(&by_id), None);
    }
}
