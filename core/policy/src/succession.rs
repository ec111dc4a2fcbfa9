//! Who leads a meeting whose host is gone: the co-host who has been one for longest, until a host is back.
//!
//! Nobody becomes a host by it, and nobody by waiting: only a host makes co-hosts, and the account that made the meeting
//! always comes in as its host. Where no co-host is there, nobody leads, and [`crate::time_out`] counts.

use conclave_protocol::meeting::{Admission, ParticipantRole};
use conclave_protocol::{ParticipantId, Timestamp};

use crate::join_ticket;

/// Somebody who leads, or could.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Officer {
    pub participant: ParticipantId,
    pub role: ParticipantRole,
    pub admission: Admission,
    /// Without a connection since then; `None` while there is one.
    pub gone_since: Option<Timestamp>,
    /// Made a co-host.
    pub serves_since: Option<Timestamp>,
}

impl Officer {
    /// Not gone for good: not by their own act, and not for longer than who lost a connection is waited for.
    fn is_there(self, now: Timestamp) -> bool {
        let waited_for = |since: Timestamp| now < since.plus(join_ticket::GRACE);
        self.admission == Admission::Admitted && self.gone_since.is_none_or(waited_for)
    }
}

/// Whether somebody of this role leads on where nobody is left to host: asking who does is worth the while.
pub fn may_lead_on(role: ParticipantRole) -> bool {
    role == ParticipantRole::CoHost
}

/// The co-host who leads at `now`, if no host is there.
pub fn successor(
    officers: impl IntoIterator<Item = Officer>,
    now: Timestamp,
) -> Option<ParticipantId> {
    let mut first: Option<(Option<Timestamp>, ParticipantId)> = None;
    for officer in officers.into_iter().filter(|one| one.is_there(now)) {
        match officer.role {
            ParticipantRole::Host => return None,
            ParticipantRole::CoHost => {
                let place = (officer.serves_since, officer.participant);
                first = Some(first.map_or(place, |known| known.min(place)));
            }
            ParticipantRole::Participant | ParticipantRole::Guest | ParticipantRole::Companion => {}
        }
    }
    first.map(|(_, participant)| participant)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use MeetingState::Live;
    use ParticipantRole::{CoHost, Guest, Host};
    use conclave_protocol::meeting::MeetingState;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::meeting::{Member, end, expel, make_co_host, take_back_co_host};

    // Shows: REQ-AC-12.
    #[test]
    fn the_longest_serving_co_host_leads_on_when_the_host_is_gone_for_good() {
        let host = officer(1, Host, None);
        let (second, first) = (
            officer(2, CoHost, Some(at(20))),
            officer(3, CoHost, Some(at(10))),
        );
        let gone = |officer: Officer, minute| Officer {
            gone_since: Some(at(minute)),
            ..officer
        };
        let left = Officer {
            admission: Admission::Left,
            ..gone(host, 30)
        };

        let among = |officers: &[Officer], minute| successor(officers.iter().copied(), at(minute));
        assert_eq!(among(&[host, second, first], 30), None);
        assert_eq!(among(&[left, second, first], 30), Some(id(3)));
        // A reload of the host's is no succession.
        assert_eq!(among(&[gone(host, 30), first], 31), None);
        assert_eq!(among(&[gone(host, 30), first], 32), Some(id(3)));
        assert_eq!(among(&[left, second, gone(first, 30)], 33), Some(id(2)));
        assert_eq!(among(&[left, officer(4, Guest, None)], 300), None);
    }

    /// A meeting that policy alone decides about.
    #[derive(Default)]
    struct World {
        now: i64,
        people: BTreeMap<u8, Officer>,
        /// Whom a host made a co-host, and is not taken back.
        appointed: BTreeMap<u8, Timestamp>,
    }

    impl World {
        fn member(&self, who: u8) -> Option<Member> {
            let person = self.people.get(&who)?;
            Some(Member {
                role: person.role,
                admission: person.admission,
            })
        }

        fn leader(&self) -> Option<ParticipantId> {
            successor(self.people.values().copied(), at(self.now))
        }

        fn act(&mut self, act: u8, by: u8, whom: u8) {
            let (now, leader) = (at(self.now), self.leader());
            let (Some(member), Some(other)) =
                (self.member(by), self.people.get(&whom).map(|one| one.role))
            else {
                return self.come(by);
            };
            match act {
                0 if make_co_host(Live, member, other).is_allowed() => {
                    assert_eq!(member.role, Host);
                    self.set(whom, |one| {
                        (one.role, one.serves_since) = (CoHost, Some(now));
                    });
                    self.appointed.insert(whom, now);
                }
                1 if take_back_co_host(Live, member, other).is_allowed() => {
                    assert_eq!(member.role, Host);
                    self.set(whom, |one| {
                        (one.role, one.serves_since) = (Guest, None);
                    });
                    self.appointed.remove(&whom);
                }
                2 if expel(Live, member, other).is_allowed() => {
                    self.set(whom, |one| one.admission = Admission::Expelled);
                }
                3 => self.set(by, |one| one.admission = Admission::Left),
                4 => self.set(by, |one| one.gone_since = Some(now)),
                5 => self.set(by, |one| one.gone_since = None),
                6 => self.come(by),
                _ => {
                    let leads_on = leader == Some(id(by));
                    let may = end(Live, member, leads_on).is_allowed();
                    let inside = member.admission == Admission::Admitted;
                    assert_eq!(may, inside && (member.role == Host || leads_on));
                }
            }
        }

        /// As whom they come is decided by their account: number 0 made the meeting.
        fn come(&mut self, who: u8) {
            let role = if who == 0 { Host } else { Guest };
            self.people.insert(who, officer(who, role, None));
            self.appointed.remove(&who);
        }

        fn set(&mut self, who: u8, change: impl FnOnce(&mut Officer)) {
            if let Some(person) = self.people.get_mut(&who) {
                change(person);
            }
        }

        fn check(&self) {
            let hosts = self.people.values().filter(|one| one.role == Host);
            assert!(hosts.map(|one| one.participant).all(|host| host == id(0)));
            for (who, person) in &self.people {
                assert_eq!(person.role == CoHost, self.appointed.contains_key(who));
            }
            let Some(leader) = self.leader() else { return };
            let host = self.people.get(&0);
            assert!(host.is_none_or(|host| !host.is_there(at(self.now))));
            let serving = |who: &u8| {
                self.people
                    .get(who)
                    .is_some_and(|one| one.is_there(at(self.now)))
            };
            let longest = self.appointed.iter().filter(|(who, _)| serving(who));
            let longest = longest.min_by_key(|(who, since)| (**since, **who));
            assert_eq!(longest.map(|(who, _)| id(*who)), Some(leader));
        }
    }

    proptest! {
        // Shows: REQ-AC-12, ABUSE-26.
        #[test]
        fn there_is_one_host_and_only_a_host_makes_co_hosts(
            acts in prop::collection::vec((0_u8..9, 0_u8..5, 0_u8..5, 0_i64..4), 1..200),
        ) {
            let mut world = World::default();
            for (act, by, whom, minutes) in acts {
                world.act(act, by, whom);
                world.now += minutes;
                world.check();
            }
        }
    }

    fn officer(number: u8, role: ParticipantRole, serves_since: Option<Timestamp>) -> Officer {
        Officer {
            participant: id(number),
            role,
            admission: Admission::Admitted,
            gone_since: None,
            serves_since,
        }
    }

    fn id(number: u8) -> ParticipantId {
        ParticipantId(Uuid::from_u128(number.into()))
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_micros(minute * 60_000_000)
    }
}
