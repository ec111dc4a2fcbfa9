//! Which commands a meeting takes from whom.

use conclave_protocol::meeting::{Admission, MeetingState, ParticipantRole};

use crate::capability::{MeetingAction, participant_may};
use crate::decision::{Decision, Reason};

/// People in a meeting's lobby. They have their own bound, so that strangers who guess a code
/// cannot keep the invited out. A host cannot look through a longer list.
pub const MOST_WAITING: u32 = 100;

/// With those who wait although they have the link, which people who guess have not: a full lobby of strangers keeps none of
/// them from waiting.
pub const MOST_WAITING_WITH_LINK: u32 = 2 * MOST_WAITING;

/// Who asks, as the server's own state has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    pub role: ParticipantRole,
    pub admission: Admission,
}

/// Whether `member` may do `action` in a meeting of this `state`.
pub fn command(state: MeetingState, member: Member, action: MeetingAction) -> Decision {
    if state == MeetingState::Ended {
        return Decision::Deny(Reason::MeetingEnded);
    }
    match member.admission {
        Admission::Admitted => participant_may(member.role, action),
        Admission::Waiting | Admission::HostAbsent => {
            let waits = matches!(action, MeetingAction::OpenChannel | MeetingAction::Leave);
            Decision::when(waits, Reason::NotAdmitted)
        }
        Admission::Denied | Admission::Expelled | Admission::Left => {
            Decision::Deny(Reason::NotAdmitted)
        }
    }
}

/// Whether `member` may let somebody in who waits. Not into a meeting that is locked: hosts lift the lock first.
pub fn admit(state: MeetingState, locked: bool, member: Member) -> Decision {
    match command(state, member, MeetingAction::Admit) {
        Decision::Allow => Decision::when(!locked, Reason::MeetingLocked),
        denied => denied,
    }
}

/// Whether `member` may put a participant of this role out. Nobody puts a host out: hosts end the meeting, or leave.
pub fn expel(state: MeetingState, member: Member, other: ParticipantRole) -> Decision {
    match (command(state, member, MeetingAction::Expel), other) {
        (Decision::Allow, ParticipantRole::Host) => Decision::Deny(Reason::Role),
        (decision, _) => decision,
    }
}

/// Whether whoever supervises the organisation's meetings may put a participant of this role out, without being there.
/// A host comes back at once: against one the meeting is ended.
pub fn expel_from_outside(state: MeetingState, other: ParticipantRole) -> Decision {
    match (state, other) {
        (MeetingState::Ended, _) => Decision::Deny(Reason::MeetingEnded),
        (MeetingState::Scheduled | MeetingState::Live, ParticipantRole::Host) => {
            Decision::Deny(Reason::Role)
        }
        (MeetingState::Scheduled | MeetingState::Live, _) => Decision::Allow,
    }
}

/// Whether they may end it.
pub fn end_from_outside(state: MeetingState) -> Decision {
    Decision::when(state != MeetingState::Ended, Reason::MeetingEnded)
}

/// Whether `member` may end it for everybody: hosts, and the co-host who leads on where none is there
/// ([`crate::succession`]).
pub fn end(state: MeetingState, member: Member, leads_on: bool) -> Decision {
    let action = match (member.role, leads_on) {
        (ParticipantRole::CoHost, true) => MeetingAction::Admit,
        _ => MeetingAction::End,
    };
    command(state, member, action)
}

/// Whether `member` may hand the screen to somebody: hosts, and whom it was handed to.
pub fn hand_over(state: MeetingState, member: Member, presents: bool) -> Decision {
    let action = match presents {
        true => MeetingAction::Publish,
        false => MeetingAction::DirectSharing,
    };
    command(state, member, action)
}

/// Whether a participant of this role can be handed the screen: who could not show one is nobody to wait for.
pub fn be_handed(other: ParticipantRole) -> Decision {
    participant_may(other, MeetingAction::Publish)
}

/// Whether `member` may make a participant of this role a co-host.
pub fn make_co_host(state: MeetingState, member: Member, other: ParticipantRole) -> Decision {
    match (command(state, member, MeetingAction::Appoint), other) {
        (
            Decision::Allow,
            ParticipantRole::Host | ParticipantRole::CoHost | ParticipantRole::Companion,
        ) => Decision::Deny(Reason::Role),
        (decision, _) => decision,
    }
}

/// Whether `member` may take back that a participant of this role is a co-host. Nobody takes a host's role.
pub fn take_back_co_host(state: MeetingState, member: Member, other: ParticipantRole) -> Decision {
    match (command(state, member, MeetingAction::Appoint), other) {
        (Decision::Allow, ParticipantRole::CoHost) => Decision::Allow,
        (Decision::Allow, _) => Decision::Deny(Reason::Role),
        (denied, _) => denied,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Admission::{Admitted, Denied, Expelled, HostAbsent, Left, Waiting};
    use MeetingState::{Ended, Live};

    const ACTIONS: [MeetingAction; 19] = [
        MeetingAction::OpenChannel,
        MeetingAction::Connect,
        MeetingAction::Publish,
        MeetingAction::Subscribe,
        MeetingAction::SendData,
        MeetingAction::LendComputer,
        MeetingAction::SeeDevices,
        MeetingAction::SeeLobby,
        MeetingAction::SeeCode,
        MeetingAction::Admit,
        MeetingAction::Deny,
        MeetingAction::Expel,
        MeetingAction::Lock,
        MeetingAction::Moderate,
        MeetingAction::DirectSharing,
        MeetingAction::Appoint,
        MeetingAction::LeadGroup,
        MeetingAction::Leave,
        MeetingAction::End,
    ];

    // Shows: ABUSE-28.
    #[test]
    fn whoever_waits_can_only_be_told_and_leave() {
        for admission in [Waiting, HostAbsent] {
            for action in ACTIONS {
                let role = ParticipantRole::Host;
                let allowed = command(Live, Member { role, admission }, action).is_allowed();
                let expected = matches!(action, MeetingAction::OpenChannel | MeetingAction::Leave);
                assert_eq!(allowed, expected, "{admission:?} {action:?}");
            }
        }
    }

    #[test]
    fn whoever_was_turned_away_or_left_can_do_nothing() {
        for admission in [Denied, Expelled, Left] {
            for action in ACTIONS {
                let role = ParticipantRole::Host;
                let decision = command(Live, Member { role, admission }, action);
                assert_eq!(decision, Decision::Deny(Reason::NotAdmitted));
            }
        }
    }

    #[test]
    fn a_meeting_that_has_ended_takes_no_command() {
        let host = Member {
            role: ParticipantRole::Host,
            admission: Admitted,
        };
        for action in ACTIONS {
            let decision = command(Ended, host, action);
            assert_eq!(decision, Decision::Deny(Reason::MeetingEnded));
        }
    }

    #[test]
    fn nobody_puts_a_host_out() {
        use ParticipantRole::{CoHost, Guest, Host, Participant};
        for role in [Host, CoHost, Participant, Guest] {
            for other in [Host, CoHost, Participant, Guest] {
                let admission = Admitted;
                let decision = expel(Live, Member { role, admission }, other);
                let leads = matches!(role, Host | CoHost);
                assert_eq!(decision.is_allowed(), leads && other != Host);
            }
        }
    }

    #[test]
    fn a_meeting_is_ended_by_hosts_and_by_the_co_host_who_leads_on() {
        use ParticipantRole::{CoHost, Guest, Host, Participant};
        for role in [Host, CoHost, Participant, Guest] {
            for leads_on in [true, false] {
                let admission = Admitted;
                let decision = end(Live, Member { role, admission }, leads_on);
                let may = role == Host || (role == CoHost && leads_on);
                assert_eq!(decision.is_allowed(), may, "{role:?} {leads_on}");
                let admission = Left;
                assert!(!end(Live, Member { role, admission }, leads_on).is_allowed());
                let from_outside = expel_from_outside(Live, role);
                assert_eq!(from_outside.is_allowed(), role != Host);
                assert!(!expel_from_outside(Ended, role).is_allowed());
            }
        }
        assert!(end_from_outside(Live).is_allowed() && !end_from_outside(Ended).is_allowed());
    }

    #[test]
    fn the_screen_is_handed_on_by_hosts_and_by_who_has_it() {
        use ParticipantRole::{CoHost, Guest, Host, Participant};
        for role in [Host, CoHost, Participant, Guest] {
            let admission = Admitted;
            let member = Member { role, admission };
            let leads = matches!(role, Host | CoHost);
            assert_eq!(hand_over(Live, member, false).is_allowed(), leads);
            assert!(hand_over(Live, member, true).is_allowed());
            let admission = Expelled;
            let member = Member { role, admission };
            assert!(!hand_over(Live, member, true).is_allowed());
        }
    }

    #[test]
    fn co_hosts_are_made_and_unmade_by_hosts_alone() {
        use ParticipantRole::{CoHost, Companion, Guest, Host, Participant};
        for role in [Host, CoHost, Participant, Guest] {
            let admission = Admitted;
            let member = Member { role, admission };
            for other in [Host, CoHost, Participant, Guest] {
                let may = |decision: Decision| decision.is_allowed() == (role == Host);
                let made = make_co_host(Live, member, other);
                let unmade = take_back_co_host(Live, member, other);
                match other {
                    Host => assert!(!made.is_allowed() && !unmade.is_allowed()),
                    CoHost => assert!(!made.is_allowed() && may(unmade)),
                    Participant | Guest => assert!(may(made) && !unmade.is_allowed()),
                    Companion => {}
                }
            }
        }
    }

    // Shows: REQ-AC-14.
    #[test]
    fn a_computer_is_made_nothing_else_and_can_be_put_out() {
        let (role, admission) = (ParticipantRole::Host, Admitted);
        let host = Member { role, admission };
        let companion = ParticipantRole::Companion;

        assert!(!make_co_host(Live, host, companion).is_allowed());
        assert!(!take_back_co_host(Live, host, companion).is_allowed());
        assert!(!be_handed(companion).is_allowed() && be_handed(role).is_allowed());
        assert!(expel(Live, host, companion).is_allowed());
        let role = companion;
        let itself = Member { role, admission };
        assert!(!end(Live, itself, true).is_allowed());
        assert!(!hand_over(Live, itself, true).is_allowed());
    }

    #[test]
    fn nobody_is_let_into_a_meeting_that_is_locked() {
        use ParticipantRole::{CoHost, Guest, Host, Participant};
        for role in [Host, CoHost, Participant, Guest] {
            let admission = Admitted;
            let member = Member { role, admission };
            let leads = matches!(role, Host | CoHost);
            let reason = if leads {
                Reason::MeetingLocked
            } else {
                Reason::Role
            };
            assert_eq!(admit(Live, false, member).is_allowed(), leads);
            assert_eq!(admit(Live, true, member), Decision::Deny(reason));
        }
    }

    #[test]
    fn whoever_is_admitted_may_what_their_role_may() {
        for role in [ParticipantRole::Host, ParticipantRole::Guest] {
            for action in ACTIONS {
                let admission = Admitted;
                assert_eq!(
                    command(Live, Member { role, admission }, action),
                    participant_may(role, action)
                );
            }
        }
    }
}
