//! How a client is told to go, and what to do then.

use livekit_protocol as proto;
use proto::leave_request::Action;
use proto::signal_response::Message;

use crate::card::disconnect_reason;
use crate::fact::EndReason;

/// Give up.
pub(crate) fn disconnect(reason: EndReason) -> Message {
    leave(reason, Action::Disconnect)
}

/// Join anew, with another session.
pub(crate) fn reconnect(reason: EndReason) -> Message {
    leave(reason, Action::Reconnect)
}

/// Come back to this session.
pub(crate) fn resume(reason: EndReason) -> Message {
    leave(reason, Action::Resume)
}

fn leave(reason: EndReason, action: Action) -> Message {
    Message::Leave(proto::LeaveRequest {
        // What clients before protocol 13 read.
        can_reconnect: action != Action::Disconnect,
        reason: disconnect_reason(reason) as i32,
        action: action as i32,
        regions: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_young_clients_are_told_the_same() {
        let told = [
            disconnect(EndReason::RoomDeleted),
            reconnect(EndReason::StateMismatch),
            resume(EndReason::MediaLost),
        ]
        .map(|message| match message {
            Message::Leave(leave) => (leave.can_reconnect, leave.action()),
            _ => panic!("not a leave"),
        });

        assert_eq!(
            told,
            [
                (false, Action::Disconnect),
                (true, Action::Reconnect),
                (true, Action::Resume)
            ]
        );
    }
}
