//! Who gets in, who waits, who is turned away at the door.
//!
//! Whoever proves to hold the invitation link is let in as soon as a host has come; whoever
//! only typed the code waits for a host's decision. Once a host has turned somebody away or put them
//! out, who may have the link too, whoever holds it waits as well. A link of another meeting does not
//! fall back to the code: it is refused, and counts as a guess.
//!
//! A host may say otherwise: that everybody waits, or that those come in, by link or code, who are signed in and on the
//! meeting's list. Whoever is not on it waits, or is told what somebody is told who has no code.
//!
//! While a meeting is guarded because many machines tried its door ([`crate::tried_meetings`]), the link alone lets nobody
//! straight in: strangers wait, and whoever the server knows comes in as before.
//!
//! Where the meeting's host has to keep its key to the passcode, whoever has no link waits, and no host lets them in before
//! they have shown to a host's page that they know it ([`let_in`]).
//!
//! In front of a meeting that is locked, code and link are one: nobody comes in but its host, who can lift the lock.

use std::time::Duration;

use conclave_protocol::meeting::{Admission, EntryRule, MeetingState, ParticipantRole, Uninvited};

use crate::decision::{Decision, Reason};
use crate::join_ticket;
use crate::meeting::{MOST_WAITING, MOST_WAITING_WITH_LINK};

/// Who stands at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub account: Standing,
    pub proof: Proof,
    /// Signed in to the meeting's organisation, and on the meeting's list.
    pub invited: bool,
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

impl Entrance {
    /// Whether whoever comes straight in so does it by the meeting's list: its host needs to be on none.
    pub fn is_by_list(self, entry: EntryRule) -> bool {
        entry == EntryRule::Invited
            && self.admission != Admission::Waiting
            && self.role != ParticipantRole::Host
    }
}

/// Whether somebody who guesses codes could ask the same. Nobody guesses an invitation, or a host's session.
pub fn could_be_a_guess(arrival: Arrival) -> bool {
    arrival.proof != Proof::Matches && arrival.account != Standing::Host
}

/// Whether a refusal says that somebody tried this meeting's invitation. Who has none, or is on no list, tries nothing.
pub fn tries_the_door(reason: Reason) -> bool {
    reason == Reason::WrongInvitation
}

/// The places of one kind, and when one that is taken is free for somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    pub most: u32,
    /// Whoever has been without a connection for this long gives their place to who comes, once all
    /// are taken. So nobody can fill a meeting, or its lobby, by coming and going.
    pub kept_for: Duration,
}

/// Who waits in the lobby can't keep the invited out, nor the other way round; nor those who only have the code those
/// who have the link from waiting.
pub fn places(admission: Admission, proof: Proof, most_participants: u32) -> Places {
    match admission {
        Admission::Waiting => Places {
            most: match proof {
                Proof::Matches => MOST_WAITING_WITH_LINK,
                Proof::Absent | Proof::Differs => MOST_WAITING,
            },
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
    /// Many machines have tried this door a short while ago.
    pub guarded: bool,
    /// By policy, people without an account of the organisation come in.
    pub guests: bool,
    /// By policy, nobody comes in by code who has not shown that they know the passcode.
    pub needs_passcode: bool,
    pub entry: EntryRule,
    pub uninvited: Uninvited,
}

/// The one decision about who comes in.
pub fn arrive(door: Door, arrival: Arrival) -> Answer {
    if door.state == MeetingState::Ended {
        return Answer::Refuse(Reason::MeetingEnded);
    }
    let role = match arrival.account {
        Standing::Host => ParticipantRole::Host,
        Standing::Colleague => ParticipantRole::Participant,
        Standing::Stranger => ParticipantRole::Guest,
    };
    match admission(door, arrival) {
        Err(reason) => Answer::Refuse(reason),
        Ok(admission) => Answer::Enter(Entrance {
            role,
            admission,
            opens: arrival.account == Standing::Host && door.state == MeetingState::Scheduled,
        }),
    }
}

fn admission(door: Door, arrival: Arrival) -> Result<Admission, Reason> {
    let invited = arrival.invited && arrival.account == Standing::Colleague;
    if arrival.account == Standing::Host {
        return Ok(Admission::Admitted);
    }
    if arrival.proof == Proof::Differs {
        return Err(Reason::WrongInvitation);
    }
    let hides = door.entry == EntryRule::Invited && door.uninvited == Uninvited::Refuse;
    if hides && !invited {
        return Err(Reason::NotInvited);
    }
    if arrival.account == Standing::Stranger && !door.guests {
        return Err(Reason::NoGuests);
    }
    if door.locked {
        return Err(Reason::MeetingLocked);
    }
    let straight_in = match door.entry {
        EntryRule::Link => {
            let known = arrival.account != Standing::Stranger;
            arrival.proof == Proof::Matches && door.link_admits && (known || !door.guarded)
        }
        EntryRule::Lobby => false,
        EntryRule::Invited => invited && (arrival.proof == Proof::Matches || !door.needs_passcode),
    };
    Ok(match (straight_in, door.state) {
        (false, _) => Admission::Waiting,
        (true, MeetingState::Live) => Admission::Admitted,
        (true, MeetingState::Scheduled | MeetingState::Ended) => Admission::HostAbsent,
    })
}

/// Whether a host may let in somebody who waits. `proven`: they came with the link, or a host's page has said since that
/// they know the passcode. What they know is judged between the pages: the server takes the word of whoever may let them in.
pub fn let_in(needs_passcode: bool, proven: bool) -> Decision {
    Decision::when(proven || !needs_passcode, Reason::Passcode)
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
            guarded: false,
            guests: true,
            needs_passcode: false,
            entry: EntryRule::Link,
            uninvited: Uninvited::Wait,
        }
    }

    // Shows: REQ-AC-02.
    #[test]
    fn nobody_is_let_in_without_the_passcode_where_it_is_needed() {
        for (needs_passcode, proven, expected) in [
            (false, false, Decision::Allow),
            (false, true, Decision::Allow),
            (true, false, Decision::Deny(Reason::Passcode)),
            (true, true, Decision::Allow),
        ] {
            assert_eq!(let_in(needs_passcode, proven), expected);
        }
    }

    #[test]
    fn where_no_guests_come_in_only_the_organisations_own_do_by_code_and_link_alike() {
        for (state, locked) in [(Scheduled, false), (Live, false), (Live, true)] {
            let door = Door {
                guests: false,
                locked,
                ..open(state)
            };
            for proof in [Absent, Matches] {
                let by = |door, account| arrive(door, arrival(account, proof));
                assert_eq!(by(door, Stranger), Answer::Refuse(Reason::NoGuests));
                for account in [Colleague, Host] {
                    let with_guests = Door {
                        guests: true,
                        ..door
                    };
                    assert_eq!(by(door, account), by(with_guests, account));
                }
            }
            let (account, proof) = (Stranger, Differs);
            let wrong = arrive(door, arrival(account, proof));
            assert_eq!(wrong, Answer::Refuse(Reason::WrongInvitation));
        }
    }

    fn arrival(account: Standing, proof: Proof) -> Arrival {
        Arrival {
            account,
            proof,
            invited: false,
        }
    }

    /// Every combination there is, against the rules one by one.
    // Shows: REQ-AC-02, REQ-AC-28.
    #[test]
    fn the_door_answers_every_combination() {
        let mut combinations = 0;
        for state in [Scheduled, Live, Ended] {
            for entry in [EntryRule::Link, EntryRule::Lobby, EntryRule::Invited] {
                for uninvited in [Uninvited::Wait, Uninvited::Refuse] {
                    for bits in 0..16_u8 {
                        let [link_admits, locked, guarded, needs_passcode] =
                            [1, 2, 4, 8].map(|bit| bits & bit != 0);
                        for account in [Stranger, Colleague, Host] {
                            for proof in [Absent, Matches, Differs] {
                                for (invited, guests) in
                                    [(true, true), (true, false), (false, true), (false, false)]
                                {
                                    let door = Door {
                                        state,
                                        link_admits,
                                        locked,
                                        guarded,
                                        guests,
                                        needs_passcode,
                                        entry,
                                        uninvited,
                                    };
                                    let arrival = Arrival {
                                        account,
                                        proof,
                                        invited,
                                    };
                                    check(door, arrival);
                                    combinations += 1;
                                }
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(combinations, 3 * 3 * 2 * 16 * 3 * 3 * 4);
    }

    fn check(door: Door, arrival: Arrival) {
        let listed = arrival.invited && arrival.account == Colleague;
        let by_list = door.entry == EntryRule::Invited;
        let by_link = door.entry == EntryRule::Link
            && door.link_admits
            && (!door.guarded || arrival.account == Colleague);
        let expected = if door.state == Ended {
            Err(Reason::MeetingEnded)
        } else if arrival.account == Host {
            Ok(Admitted)
        } else if arrival.proof == Differs {
            Err(Reason::WrongInvitation)
        } else if by_list && door.uninvited == Uninvited::Refuse && !listed {
            Err(Reason::NotInvited)
        } else if arrival.account == Stranger && !door.guests {
            Err(Reason::NoGuests)
        } else if door.locked {
            Err(Reason::MeetingLocked)
        } else if (by_list && listed && (!door.needs_passcode || arrival.proof == Matches))
            || (by_link && arrival.proof == Matches)
        {
            Ok(if door.state == Live {
                Admitted
            } else {
                HostAbsent
            })
        } else {
            Ok(Waiting)
        };
        let answer = match arrive(door, arrival) {
            Answer::Enter(entrance) => {
                assert_eq!(
                    entrance.opens,
                    arrival.account == Host && door.state == Scheduled
                );
                Ok(entrance.admission)
            }
            Answer::Refuse(reason) => Err(reason),
        };
        assert_eq!(answer, expected, "{door:?} {arrival:?}");
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
                let by = |proof| arrive(door, arrival(account, proof));
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
            let wrong = arrive(door, arrival(account, proof));
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
                let by = |proof| arrive(door, arrival(account, proof));
                assert_eq!(by(Matches), by(Absent), "{account:?} {state:?}");
                assert_eq!(by(Differs), arrive(open(state), arrival(account, Differs)));
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
                let answer = match arrive(open(state), arrival(account, proof)) {
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
                let guess = could_be_a_guess(arrival(account, proof));
                assert_eq!(guess, account != Host && proof != Matches);
            }
        }
    }

    #[test]
    fn the_lobby_has_places_of_its_own() {
        for proof in [Absent, Matches, Differs] {
            let lobby = places(Waiting, proof, 5);
            let most = match proof {
                Matches => 2 * MOST_WAITING,
                _ => MOST_WAITING,
            };
            assert_eq!((lobby.most, lobby.kept_for), (most, LOBBY_GRACE));
            for admission in [HostAbsent, Admitted] {
                let inside = places(admission, proof, 5);
                assert_eq!((inside.most, inside.kept_for), (5, join_ticket::GRACE));
            }
        }
    }

    #[test]
    fn only_the_first_hosts_arrival_opens_a_meeting() {
        for account in [Stranger, Colleague, Host] {
            for state in [Scheduled, Live] {
                let proof = Matches;
                let Answer::Enter(entrance) = arrive(open(state), arrival(account, proof)) else {
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
                let answer = arrive(open(Live), arrival(account, proof));
                assert!(matches!(answer, Answer::Enter(entrance) if entrance.role == role));
            }
        }
    }
}
