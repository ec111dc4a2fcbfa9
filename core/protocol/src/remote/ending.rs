//! Why a remote session ends, and why input rests.

use super::wire::coded;

coded! {
    /// Why a session is over.
    EndReason {
        /// The local person stopped it.
        Stopped = 0,
        /// The technician closed it.
        TechnicianLeft = 1,
        /// The local person permitted nothing.
        Refused = 2,
        /// Nobody at the computer said anything.
        NotAnswered = 3,
        /// The technician did nothing for too long.
        Idle = 4,
        /// It lasted as long as a session may.
        TooLong = 5,
        /// The connection was gone for too long.
        ConnectionLost = 6,
        /// Policy permits nothing of it any more.
        NotPermitted = 7,
        /// Somebody else came in, and the local person did not agree.
        Unwelcome = 8,
        /// The technician's page did what no honest one does.
        Unexpected = 9,
        /// Too many messages.
        Flood = 10,
        /// The sign that shows the session, or the way to ask, is gone from the computer.
        SignLost = 11,
        /// The agent stopped, or did not keep up.
        AgentStopped = 12,
        /// The computer restarts, and may come back within a quarter of an hour.
        Restarting = 13,
        /// It was to restart, and did not. Said after [`EndReason::Restarting`].
        RestartRefused = 14,
        /// Every session is to be kept, and nothing keeps this one.
        NotKept = 15,
    }
}

impl EndReason {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::TechnicianLeft => "technician_left",
            Self::Refused => "refused",
            Self::NotAnswered => "not_answered",
            Self::Idle => "idle",
            Self::TooLong => "too_long",
            Self::ConnectionLost => "connection_lost",
            Self::NotPermitted => "not_permitted",
            Self::Unwelcome => "unwelcome",
            Self::Unexpected => "unexpected",
            Self::Flood => "flood",
            Self::SignLost => "sign_lost",
            Self::AgentStopped => "agent_stopped",
            Self::Restarting => "restarting",
            Self::RestartRefused => "restart_refused",
            Self::NotKept => "not_kept",
        }
    }
}

coded! {
    /// Why nothing that the technician does reaches the computer, though control is theirs.
    PauseReason {
        /// The local person used keyboard or mouse.
        LocalInput = 0,
        /// The local person is being asked something.
        Question = 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_crosses_the_wire_under_its_name() {
        for reason in EndReason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
    }
}
