//! Tickets for the media connection: which still hold, for whom, at this moment.
//!
//! A ticket carries no rights. It says who comes; whether they may is read from the server's
//! state each time, so taking somebody's place away takes effect with the next connection.

use std::time::Duration;

use conclave_protocol::Timestamp;
use conclave_protocol::meeting::{Admission, MeetingState, ParticipantRole};

use crate::capability::{MeetingAction, participant_may};
use crate::decision::{Decision, Reason};

/// From the page's request to the first message on LiveKit's socket.
pub const JOIN_LIFETIME: Duration = Duration::from_secs(60);

/// A resume ticket is renewed at half of this while somebody is connected, so that it outlives
/// [`GRACE`] whenever the connection breaks.
pub const RESUME_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// How long somebody may be gone and come back as the same participant without asking anew.
pub const GRACE: Duration = Duration::from_secs(2 * 60);

/// What is on record of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub expires_at: Timestamp,
    pub spent_at: Option<Timestamp>,
}

/// Whose ticket it is, as the server's own state has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    pub meeting: MeetingState,
    /// A host lets nobody new in.
    pub locked: bool,
    pub role: ParticipantRole,
    pub admission: Admission,
    /// Since when they have no connection; `None` while they have one.
    pub gone_since: Option<Timestamp>,
}

/// Whether a join ticket still opens a connection.
pub fn join(ticket: Ticket, holder: Holder, now: Timestamp) -> Decision {
    if ticket.spent_at.is_some() {
        return Decision::Deny(Reason::Spent);
    }
    if now >= ticket.expires_at {
        return Decision::Deny(Reason::Expired);
    }
    place(holder, now)
}

/// Whether a resume ticket still brings somebody back. It is not spent by it.
pub fn resume(ticket: Ticket, holder: Holder, now: Timestamp) -> Decision {
    if now >= ticket.expires_at {
        return Decision::Deny(Reason::Expired);
    }
    if holder
        .gone_since
        .is_some_and(|since| now.since(since) >= GRACE)
    {
        return Decision::Deny(Reason::GraceOver);
    }
    place(holder, now)
}

/// Whether somebody who is in may come back: to a meeting that is locked, who is not gone for longer than the grace,
/// and who could lift the lock.
pub fn come_back(holder: Holder, now: Timestamp) -> Decision {
    let gone = holder
        .gone_since
        .is_some_and(|since| now.since(since) >= GRACE);
    let shut = holder.locked && gone;
    match participant_may(holder.role, MeetingAction::Lock) {
        Decision::Allow => Decision::Allow,
        Decision::Deny(_) => Decision::when(!shut, Reason::MeetingLocked),
    }
}

/// Whether whoever has come into the room has their place there at this moment: their ticket was checked before.
pub fn stay(holder: Holder, now: Timestamp) -> Decision {
    place(holder, now)
}

fn place(holder: Holder, now: Timestamp) -> Decision {
    match (holder.meeting, holder.admission) {
        (MeetingState::Ended, _) => Decision::Deny(Reason::MeetingEnded),
        (MeetingState::Scheduled, _) => Decision::Deny(Reason::MeetingNotLive),
        (MeetingState::Live, Admission::Admitted) => come_back(holder, now),
        (MeetingState::Live, _) => Decision::Deny(Reason::NotAdmitted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_000_000_000);

    const INSIDE: Holder = Holder {
        meeting: MeetingState::Live,
        locked: false,
        role: ParticipantRole::Guest,
        admission: Admission::Admitted,
        gone_since: None,
    };

    #[test]
    fn to_a_locked_meeting_only_those_come_back_who_are_not_long_gone() {
        use ParticipantRole::{CoHost, Guest, Host, Participant};
        for role in [Host, CoHost, Participant, Guest] {
            let gone = Holder {
                role,
                locked: true,
                gone_since: Some(NOW),
                ..INSIDE
            };
            let fresh = ticket(RESUME_LIFETIME);
            assert_eq!(join(fresh, gone, in_seconds(119)), Decision::Allow);
            let leads = matches!(role, Host | CoHost);
            let late = join(fresh, gone, in_seconds(120));
            assert_eq!(late, Decision::when(leads, Reason::MeetingLocked));
            let open = Holder {
                locked: false,
                ..gone
            };
            assert_eq!(join(fresh, open, in_seconds(120)), Decision::Allow);
        }
    }

    fn in_seconds(seconds: u64) -> Timestamp {
        NOW.plus(Duration::from_secs(seconds))
    }

    fn ticket(lifetime: Duration) -> Ticket {
        Ticket {
            expires_at: NOW.plus(lifetime),
            spent_at: None,
        }
    }

    #[test]
    fn a_join_ticket_holds_for_a_minute_and_one_join() {
        let mut fresh = ticket(JOIN_LIFETIME);
        assert_eq!(join(fresh, INSIDE, in_seconds(59)), Decision::Allow);
        assert_eq!(
            join(fresh, INSIDE, in_seconds(60)),
            Decision::Deny(Reason::Expired)
        );

        fresh.spent_at = Some(NOW);

        assert_eq!(join(fresh, INSIDE, NOW), Decision::Deny(Reason::Spent));
    }

    #[test]
    fn somebody_can_come_back_for_two_minutes() {
        let gone = Holder {
            gone_since: Some(NOW),
            ..INSIDE
        };
        let ticket = ticket(RESUME_LIFETIME);

        assert_eq!(resume(ticket, gone, in_seconds(119)), Decision::Allow);
        assert_eq!(
            resume(ticket, gone, in_seconds(120)),
            Decision::Deny(Reason::GraceOver)
        );
        assert_eq!(resume(ticket, INSIDE, in_seconds(599)), Decision::Allow);
        assert_eq!(
            resume(ticket, INSIDE, in_seconds(600)),
            Decision::Deny(Reason::Expired)
        );
    }

    #[test]
    fn a_ticket_renewed_at_half_its_life_outlives_the_grace() {
        assert!(RESUME_LIFETIME / 2 >= GRACE);
    }

    #[test]
    fn no_ticket_is_worth_more_than_its_holders_place() {
        use Admission::{Admitted, Denied, HostAbsent, Left, Waiting};
        for admission in [Waiting, HostAbsent, Admitted, Denied, Left] {
            for meeting in [
                MeetingState::Scheduled,
                MeetingState::Live,
                MeetingState::Ended,
            ] {
                let holder = Holder {
                    meeting,
                    admission,
                    ..INSIDE
                };
                let expected = admission == Admitted && meeting == MeetingState::Live;
                let fresh = ticket(JOIN_LIFETIME);
                assert_eq!(join(fresh, holder, NOW).is_allowed(), expected);
                assert_eq!(resume(fresh, holder, NOW).is_allowed(), expected);
                assert_eq!(stay(holder, NOW).is_allowed(), expected);
            }
        }
    }
}
