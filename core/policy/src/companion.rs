//! A presenter's computer in their meeting: who may bring one, when, and who may lend it to whom.
//!
//! What is done at the computer, the person in front of it decides; here is who may come that far. The computer is in the
//! meeting for its owner: where the owner is not, it is not, and it is nobody whose word or presence counts.

use std::time::Duration;

use conclave_protocol::meeting::{MeetingState, ParticipantRole, Sharing};
use conclave_protocol::policy::Permitted;
use conclave_protocol::remote::Capability;
use conclave_protocol::support::SupportTerms;
use conclave_protocol::{ParticipantId, Timestamp};

use crate::capability::{MeetingAction, participant_may};
use crate::decision::{Decision, Reason};
use crate::meeting::{Member, command};
use crate::support;

/// How long its code, and the link with it, is good.
pub const CODE_LASTS: Duration = Duration::from_secs(10 * 60);
/// Facts of one computer. An honest one has some dozens in a turn.
pub const MOST_FACTS: u32 = 2_000;
/// Beyond these, of reports that tell of a turn's end: that is heard whatever was told before.
pub const LAST_FACTS: u32 = 256;

/// A meeting's screen, as its rule has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    pub sharing: Sharing,
    /// Whom it was handed to, while they are there.
    pub handed_to: Option<ParticipantId>,
}

impl Stage {
    /// Whether somebody may show a screen at this moment.
    pub fn is_open_to(self, who: ParticipantId, role: ParticipantRole) -> bool {
        let shows = participant_may(role, MeetingAction::Publish).is_allowed();
        let leads = participant_may(role, MeetingAction::DirectSharing).is_allowed();
        shows
            && match (self.handed_to, self.sharing) {
                (Some(presenter), _) => presenter == who,
                (None, Sharing::Everybody) => true,
                (None, Sharing::Hosts) => leads,
            }
    }
}

/// A computer's owner, as the server's own state has them at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner<'a> {
    pub member: Member,
    /// They may show a screen.
    pub presents: bool,
    pub permitted: &'a Permitted,
}

/// Whether somebody may ask for a code, for the computer that they present.
pub fn may_offer(state: MeetingState, owner: Owner<'_>) -> Decision {
    match command(state, owner.member, MeetingAction::LendComputer) {
        Decision::Allow if !owner.permitted.meeting_control => Decision::Deny(Reason::SwitchedOff),
        Decision::Allow => Decision::when(owner.presents, Reason::Role),
        denied => denied,
    }
}

/// What is on record of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    pub code_until: Timestamp,
    /// A computer came by it.
    pub is_spent: bool,
}

/// Whether its computer may come in at this moment.
pub fn may_bring(
    state: MeetingState,
    locked: bool,
    owner: Owner<'_>,
    offer: Offer,
    now: Timestamp,
) -> Decision {
    if offer.is_spent {
        return Decision::Deny(Reason::Spent);
    }
    if offer.code_until <= now {
        return Decision::Deny(Reason::Expired);
    }
    match may_offer(state, owner) {
        Decision::Allow => Decision::when(!locked, Reason::MeetingLocked),
        denied => denied,
    }
}

/// Whether its owner may let somebody of this standing use it. To take it back, see [`may_take_back`].
pub fn may_give(state: MeetingState, owner: Owner<'_>, other: Member) -> Decision {
    match may_offer(state, owner) {
        Decision::Allow => command(state, other, MeetingAction::LendComputer),
        denied => denied,
    }
}

/// Whether its owner may take it back: as long as the meeting goes on, whatever else has changed.
pub fn may_take_back(state: MeetingState) -> Decision {
    Decision::when(state != MeetingState::Ended, Reason::MeetingEnded)
}

/// What whoever uses the computer may ask for. Its picture goes with it: nobody uses what they don't see.
pub fn terms(permitted: &Permitted) -> SupportTerms {
    let both = [Capability::View, Capability::Control];
    SupportTerms {
        permitted: both
            .into_iter()
            .filter(|_| permitted.meeting_control)
            .collect(),
        must_record: false,
        ..support::terms(permitted)
    }
}

/// Whether a participant of this role is a computer, and no person.
pub fn is_computer(role: ParticipantRole) -> bool {
    role == ParticipantRole::Companion
}

/// Whether what somebody of this role sends as data passes: a person's words, or a computer's picture.
pub fn may_send(role: ParticipantRole, permitted: &Permitted) -> bool {
    let by_policy = match is_computer(role) {
        true => permitted.meeting_control,
        false => permitted.messages,
    };
    by_policy && participant_may(role, MeetingAction::SendData).is_allowed()
}

/// As many facts as there are of a computer when its agent may report no more. `of_end`: that a turn is over is among them.
pub fn most_facts(of_end: bool) -> u32 {
    match of_end {
        true => MOST_FACTS + LAST_FACTS,
        false => MOST_FACTS,
    }
}

#[cfg(test)]
mod tests {
    use ParticipantRole::{CoHost, Companion, Guest, Host, Participant};
    use conclave_protocol::meeting::Admission::{self, Admitted, Left};
    use uuid::Uuid;

    use super::*;

    const OPEN: Offer = Offer {
        code_until: Timestamp::from_micros(10),
        is_spent: false,
    };

    fn id(number: u128) -> ParticipantId {
        ParticipantId(Uuid::from_u128(number))
    }

    fn owner<'a>(
        role: ParticipantRole,
        admission: Admission,
        presents: bool,
        permitted: &'a Permitted,
    ) -> Owner<'a> {
        Owner {
            member: Member { role, admission },
            presents,
            permitted,
        }
    }

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros)
    }

    #[test]
    fn the_screen_is_open_to_whom_it_was_handed_or_to_whom_the_meeting_lets_share() {
        let stage = |sharing, handed_to: Option<u128>| Stage {
            sharing,
            handed_to: handed_to.map(id),
        };
        for (stage, guest, host) in [
            (stage(Sharing::Everybody, None), true, true),
            (stage(Sharing::Hosts, None), false, true),
            (stage(Sharing::Hosts, Some(1)), true, false),
            (stage(Sharing::Everybody, Some(2)), false, true),
        ] {
            assert_eq!(stage.is_open_to(id(1), Guest), guest);
            assert_eq!(stage.is_open_to(id(2), Host), host);
            assert!(!stage.is_open_to(id(1), Companion));
        }
    }

    // Shows: REQ-AC-14.
    #[test]
    fn whoever_presents_brings_their_computer_where_policy_lets_them() {
        let on = Permitted::default();
        let off = Permitted {
            meeting_control: false,
            ..on
        };
        let offer = |owner| may_offer(MeetingState::Live, owner);
        for role in [Host, CoHost, Participant, Guest] {
            assert_eq!(offer(owner(role, Admitted, true, &on)), Decision::Allow);
            let not_presenting = offer(owner(role, Admitted, false, &on));
            assert_eq!(not_presenting, Decision::Deny(Reason::Role));
            let switched_off = offer(owner(role, Admitted, true, &off));
            assert_eq!(switched_off, Decision::Deny(Reason::SwitchedOff));
            let gone = offer(owner(role, Left, true, &on));
            assert_eq!(gone, Decision::Deny(Reason::NotAdmitted));
        }
        let companion = offer(owner(Companion, Admitted, true, &on));
        assert_eq!(companion, Decision::Deny(Reason::Role));
        let ended = may_offer(MeetingState::Ended, owner(Host, Admitted, true, &on));
        assert_eq!(ended, Decision::Deny(Reason::MeetingEnded));
    }

    // Shows: REQ-AC-14.
    #[test]
    fn a_code_brings_one_computer_in_its_time_while_its_owner_may() {
        let on = Permitted::default();
        let host = owner(Host, Admitted, true, &on);
        let bring = |locked, owner, offer, now| {
            may_bring(MeetingState::Live, locked, owner, offer, at(now))
        };
        let spent = Offer {
            is_spent: true,
            ..OPEN
        };
        let gone = owner(Host, Left, true, &on);
        for (found, expected) in [
            (bring(false, host, OPEN, 9), Decision::Allow),
            (
                bring(false, host, OPEN, 10),
                Decision::Deny(Reason::Expired),
            ),
            (bring(false, host, spent, 9), Decision::Deny(Reason::Spent)),
            (
                bring(true, host, OPEN, 9),
                Decision::Deny(Reason::MeetingLocked),
            ),
            (
                bring(false, gone, OPEN, 9),
                Decision::Deny(Reason::NotAdmitted),
            ),
        ] {
            assert_eq!(found, expected);
        }
    }

    // Shows: REQ-AC-14.
    #[test]
    fn a_computer_is_lent_to_people_who_are_in_and_taken_back_whatever_policy_says() {
        let on = Permitted::default();
        let host = owner(Host, Admitted, true, &on);
        let give = |role, admission| may_give(MeetingState::Live, host, Member { role, admission });

        for role in [Host, CoHost, Participant, Guest] {
            assert_eq!(give(role, Admitted), Decision::Allow);
            let waiting = give(role, Admission::Waiting);
            assert_eq!(waiting, Decision::Deny(Reason::NotAdmitted));
        }
        assert_eq!(give(Companion, Admitted), Decision::Deny(Reason::Role));
        assert_eq!(may_take_back(MeetingState::Live), Decision::Allow);
        assert!(!may_take_back(MeetingState::Ended).is_allowed());
    }

    #[test]
    fn a_computer_s_picture_goes_by_control_and_a_person_s_words_by_messages() {
        let only_control = Permitted {
            messages: false,
            ..Permitted::default()
        };
        let only_messages = Permitted {
            meeting_control: false,
            ..Permitted::default()
        };
        for (role, permitted, passes) in [
            (Companion, &only_control, true),
            (Companion, &only_messages, false),
            (Guest, &only_control, false),
            (Guest, &only_messages, true),
        ] {
            assert_eq!(may_send(role, permitted), passes, "{role:?}");
            assert_eq!(is_computer(role), role == Companion);
        }
    }

    // Shows: REQ-AC-14.
    #[test]
    fn a_picture_and_hands_pass_and_nothing_else() {
        let mut permitted = Permitted {
            support: false,
            support_control: false,
            ..Permitted::default()
        };
        let both = [Capability::View, Capability::Control];
        assert_eq!(terms(&permitted).permitted, both);

        permitted.meeting_control = false;
        assert!(terms(&permitted).permitted.is_empty());
    }
}
