//! Who gets in, who waits, who is turned away at the door.
//!
//! Whoever proves to hold the invitation link is let in as soon as a host has come; whoever
//! only typed the code waits for a host's decision. Once a host has turned somebody away or put them
//! out, who may have the link too, whoever holds it waits as well. A link of another meeting does not
//! fall back to the code: it is refused, and counts as a guess.
//!
//! In front of a meeting that is locked, code and link are one: nobody comes in but its host, who can lift the lock.

use std::time::Duration;

use conclave_protocol::meeting::{Admission, MeetingState, ParticipantRole};

use crate::decision::Reason;
use crate::join_ticket;
use crate::meeting::MOST_WAITING;

/// Who stands at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub account: Standing,
    pub proof: Proof,
}

/// How the arrival's web session relates to the meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not signed in, or signed in to another organisation.
    Stranger,
    /// Signed in to the meeting's organisation.
    Colleague,
    /// Signed in as the meeting's host.
    Host,
}

/// What the invitation proof, hashed, is to the meeting's verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    Absent,
    Matches,
    Differs,
}

/// The answer at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Enter(Entrance),
    Refuse(Reason),
}

/// How somebody comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entrance {
    pub role: ParticipantRole,
    pub admission: Admission,
    /// The first host's arrival: the meeting goes live, and whoever waited for a host is let in.
    pub opens: bool,
}

/// Whether somebody who guesses codes could ask the same. Nobody guesses an invitation, or a host's session.
pub fn could_be_a_guess(arrival: Arrival) -> bool {
    arrival.proof != Proof::Matches && arrival.account != Standing::Host
}

/// The places of one kind, and when one that is taken is free for somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    pub most: u32,
    /// Whoever has been without a connection for this long gives their place to who comes, once all
    /// are taken. So nobody can fill a meeting, or its lobby, by coming and going.
    pub kept_for: Duration,
}

/// Who waits in the lobby can't keep the invited out, nor the other way round.
pub fn places(admission: Admission, most_participants: u32) -> Places {
    match admission {
        Admission::Waiting => Places {
            most: MOST_WAITING,
            kept_for: LOBBY_GRACE,
        },
        Admission::HostAbsent
        | Admission::Admitted
        | Admission::Denied
        | Admission::Expelled
        | Admission::Left => Places {
            most: most_participants,
            kept_for: join_ticket::GRACE,
        },
    }
}

/// How long somebody who waits may be without a connection and is still shown to hosts: a reload, a
/// lift. Longer shows hosts people who have given up.
pub const LOBBY_GRACE: Duration = Duration::from_secs(20);

/// How long somebody who was never let in is remembered after they went: their entries say it for good.
pub const KNOCKS_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// A meeting as its door knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door {
    pub state: MeetingState,
    /// Whoever holds the link comes straight in.
    pub link_admits: bool,
    /// A host lets nobody new in.
    pub locked: bool,
}

pub fn arrive(door: Door, arrival: Arrival) -> Answer {
    let Door {
        state,
        link_admits,
        locked,
    } = door;
    if state == MeetingState::Ended {
        return Answer::Refuse(Reason::MeetingEnded);
    }
    let role = match arrival.account {
        Standing::Host => ParticipantRole::Host,
        Standing::Colleague => ParticipantRole::Participant,
        Standing::Stranger => ParticipantRole::Guest,
    };
    let admission = match (arrival.account, arrival.proof) {
        (Standing::Host, _) => Admission::Admitted,
        (_, Proof::Differs) => return Answer::Refuse(Reason::WrongInvitation),
        (_, Proof::Absent | Proof::Matches) if locked => {
            return Answer::Refuse(Reason::MeetingLocked);
        }
        (_, Proof::Matches) if !link_admits => Admission::Waiting,
        (_, Proof::Matches) => match state {
            MeetingState::Live => Admission::Admitted,
            MeetingState::Scheduled | MeetingState::Ended => Admission::HostAbsent,
        },
        (_, Proof::Absent) => Admission::Waiting,
    };
    Answer::Enter(Entrance {
        role,
        admission,
        opens: arrival.account == Standing::Host && state == MeetingState::Scheduled,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Admission::{Admitted, HostAbsent, Waiting};
    use MeetingState::{Ended, Live, Scheduled};
    use Proof::{Absent, Differs, Matches};
    use Standing::{Colleague, Host, Stranger};

    fn open(state: MeetingState) -> Door {
        Door {
            state,
            link_admits: true,
            locked: false,
        }
    }

    #[test]
    fn a_locked_door_opens_for_the_host_alone_and_answers_code_and_link_alike() {
        for link_admits in [true, false] {
            let door = Door {
                link_admits,
                locked: true,
                ..open(Live)
            };
            for account in [Stranger, Colleague, Host] {
                let by = |proof| arrive(door, Arrival { account, proof });
                let expected = match account {
                    Host => by(Absent),
                    _ => Answer::Refuse(Reason::MeetingLocked),
                };
                assert!(account != Host || matches!(by(Absent), Answer::Enter(_)));
                assert_eq!((by(Absent), by(Matches)), (expected, expected));
            }
            // A link of another meeting learns nothing of this one.
            let proof = Differs;
            let account = Stranger;
            let wrong = arrive(door, Arrival { account, proof });
            assert_eq!(wrong, Answer::Refuse(Reason::WrongInvitation));
        }
    }

    #[test]
    fn whoever_holds_a_link_that_admits_nobody_waits_like_who_has_none() {
        for state in [Scheduled, Live, Ended] {
            for account in [Stranger, Colleague, Host] {
                let door = Door {
                    link_admits: false,
                    ..open(state)
                };
                let by = |proof| arrive(door, Arrival { account, proof });
                assert_eq!(by(Matches), by(Absent), "{account:?} {state:?}");
                assert_eq!(
                    by(Differs),
                    arrive(
                        open(state),
                        Arrival {
                            account,
                            proof: Differs
                        }
                    )
                );
            }
        }
    }

    #[test]
    fn the_door_follows_its_table() {
        let wrong = Err(Reason::WrongInvitation);
        let over = Err(Reason::MeetingEnded);
        let table = [
            (Host, Absent, [Ok(Admitted), Ok(Admitted), over]),
            (Host, Matches, [Ok(Admitted), Ok(Admitted), over]),
            (Host, Differs, [Ok(Admitted), Ok(Admitted), over]),
            (Colleague, Absent, [Ok(Waiting), Ok(Waiting), over]),
            (Colleague, Matches, [Ok(HostAbsent), Ok(Admitted), over]),
            (Colleague, Differs, [wrong, wrong, over]),
            (Stranger, Absent, [Ok(Waiting), Ok(Waiting), over]),
            (Stranger, Matches, [Ok(HostAbsent), Ok(Admitted), over]),
            (Stranger, Differs, [wrong, wrong, over]),
        ];

        for (account, proof, expected) in table {
            for (state, expected) in [Scheduled, Live, Ended].into_iter().zip(expected) {
                let answer = match arrive(open(state), Arrival { account, proof }) {
                    Answer::Enter(entrance) => Ok(entrance.admission),
                    Answer::Refuse(reason) => Err(reason),
                };
                assert_eq!(answer, expected, "{account:?} {proof:?} {state:?}");
            }
        }
    }

    #[test]
    fn whoever_holds_the_invitation_or_hosts_guesses_nothing() {
        for account in [Stranger, Colleague, Host] {
            for proof in [Absent, Matches, Differs] {
                let guess = could_be_a_guess(Arrival { account, proof });
                assert_eq!(guess, account != Host && proof != Matches);
            }
        }
    }

    #[test]
    fn the_lobby_has_places_of_its_own() {
        let lobby = places(Waiting, 5);
        assert_eq!((lobby.most, lobby.kept_for), (MOST_WAITING, LOBBY_GRACE));
        for admission in [HostAbsent, Admitted] {
            let inside = places(admission, 5);
            assert_eq!((inside.most, inside.kept_for), (5, join_ticket::GRACE));
        }
    }

    #[test]
    fn only_the_first_hosts_arrival_opens_a_meeting() {
        for account in [Stranger, Colleague, Host] {
            for state in [Scheduled, Live] {
                let proof = Matches;
                let Answer::Enter(entrance) = arrive(open(state), Arrival { account, proof })
                else {
                    panic!("a proof that matches is no reason to refuse");
                };
                assert_eq!(entrance.opens, account == Host && state == Scheduled);
            }
        }
    }

    #[test]
    fn the_role_comes_from_the_account_and_not_from_the_link() {
        for (account, role) in [
            (Stranger, ParticipantRole::Guest),
            (Colleague, ParticipantRole::Participant),
            (Host, ParticipantRole::Host),
        ] {
            for proof in [Absent, Matches] {
                let answer = arrive(open(Live), Arrival { account, proof });
                assert!(matches!(answer, Answer::Enter(entrance) if entrance.role == role));
            }
        }
    }
}
