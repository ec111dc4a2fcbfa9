//! Requests that overlap: each reads, policy decides on what it read, and what was decided is written later. A seed says whose
//! step comes next, so that each history can be had again. In whatever order: what was written tells one story.

use std::collections::BTreeSet;

use conclave_policy::admission::{Answer, Arrival, Door, Entrance, Proof, Standing, arrive};
use conclave_policy::join_ticket::{self, Holder};
use conclave_policy::meeting::{Member, expel};
use conclave_protocol::meeting::{Admission, EndCause, MeetingState, ParticipantRole};
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::action::{
    Also, EndMeeting, Expel, IssueTicket, Join, LockMeeting, SpendTicket,
};
use conclave_store::read::meeting::Meeting;
use conclave_store::{Refused, Store, TokenHash, WriteError};

use crate::contract;
use crate::home::{Home, NOW, Owner, in_seconds};

contract!(histories_of_overlapping_requests_can_be_told_one_after_the_other);

const SEEDS: u64 = 24;
const GUESTS: usize = 3;

/// What somebody asks for.
#[derive(Clone, Copy)]
enum Act {
    /// By the link.
    Join,
    /// By the code.
    Knock,
    Lock(bool),
    Expel(usize),
    /// With a ticket that was issued before.
    Reconnect(usize),
    End,
}

/// How far a request is.
enum Stage {
    Comes,
    /// Policy has said yes, on this.
    Decided(Box<Meeting>, Option<Entrance>),
    Over,
}

struct Request {
    act: Act,
    stage: Stage,
}

struct Scene {
    meeting: MeetingId,
    guests: Vec<(ParticipantId, TokenHash)>,
}

/// The meeting as what was written tells it.
struct Story {
    locked: bool,
    ended: bool,
    link_admits: bool,
    inside: BTreeSet<usize>,
    spent: BTreeSet<usize>,
}

/// How often something was refused that had been decided: what a test of races is about.
#[derive(Default)]
struct Overtaken {
    joins: u32,
    others: u32,
}

// Shows: ABUSE-20.
async fn histories_of_overlapping_requests_can_be_told_one_after_the_other(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let mut overtaken = Overtaken::default();
    for seed in 0..SEEDS {
        let _told = Told(seed);
        let mut dice = Dice(seed);
        let scene = Scene::set(&home, &store, &owner).await;
        let mut story = Story {
            locked: false,
            ended: false,
            link_admits: true,
            inside: (0..GUESTS).collect(),
            spent: BTreeSet::new(),
        };
        let mut acts = vec![Act::Lock(true), Act::Lock(false), Act::Lock(true), Act::End];
        acts.extend([Act::Join; 4]);
        acts.extend([Act::Knock; 2]);
        acts.extend([0, 1, 1].map(Act::Expel));
        acts.extend([0, 1, 2, 2].map(Act::Reconnect));
        let mut requests: Vec<_> = acts.into_iter().map(Request::new).collect();
        while !requests.is_empty() {
            let next = dice.below(requests.len());
            let request = &mut requests[next];
            match std::mem::replace(&mut request.stage, Stage::Over) {
                Stage::Comes => request.stage = scene.decide(&store, request.act).await,
                Stage::Decided(read, entrance) => {
                    let act = request.act;
                    let written = scene.write(&home, &store, act, &read, entrance).await;
                    match written {
                        Ok(()) => story.tell(act),
                        Err(WriteError::Refused(refused)) => {
                            story.explains(act, &read, refused, &mut overtaken);
                            if refused == Refused::Conflict {
                                request.stage = Stage::Comes;
                            }
                        }
                        Err(error) => unreachable!("the database is well: {error}"),
                    }
                }
                Stage::Over => {}
            }
            requests.retain(|request| !matches!(request.stage, Stage::Over));
        }
        let meeting = store.meeting(scene.meeting).await.unwrap().unwrap();
        assert_eq!(meeting.locked, story.locked);
        assert_eq!(meeting.state == MeetingState::Ended, story.ended);
    }
    assert!(overtaken.joins > 0 && overtaken.others > 0);
}

impl Request {
    fn new(act: Act) -> Self {
        let stage = Stage::Comes;
        Self { act, stage }
    }
}

impl Scene {
    async fn set(home: &Home, store: &Store, owner: &Owner) -> Self {
        let (meeting, _) = home.live_meeting(store, owner).await;
        let mut guests = Vec::new();
        for _ in 0..GUESTS {
            let join = Join {
                decided_on: MeetingState::Live,
                places: 100,
                ..home.join(meeting, Admission::Admitted)
            };
            let (participant, id) = (join.participant, home.token());
            let ticket = IssueTicket {
                id,
                participant,
                at: NOW,
                expires_at: in_seconds(60),
            };
            store.write(join, home.some_entry()).await.unwrap();
            store.write(ticket, home.some_entry()).await.unwrap();
            guests.push((participant, id));
        }
        Self { meeting, guests }
    }

    /// By what is stored at this moment.
    async fn decide(&self, store: &Store, act: Act) -> Stage {
        let meeting = store.meeting(self.meeting).await.unwrap().unwrap();
        let entrance = match act {
            Act::Join | Act::Knock => match arrive(door(&meeting), arrival(act)) {
                Answer::Enter(entrance) => Some(entrance),
                Answer::Refuse(_) => return Stage::Over,
            },
            Act::Expel(_) => {
                let host = Member {
                    role: ParticipantRole::Host,
                    admission: Admission::Admitted,
                };
                if !expel(meeting.state, host, ParticipantRole::Guest).is_allowed() {
                    return Stage::Over;
                }
                None
            }
            Act::Reconnect(guest) => {
                if !self.comes_back(store, &meeting, guest).await {
                    return Stage::Over;
                }
                None
            }
            Act::Lock(_) | Act::End if meeting.state == MeetingState::Ended => return Stage::Over,
            Act::Lock(_) | Act::End => None,
        };
        Stage::Decided(Box::new(meeting), entrance)
    }

    async fn comes_back(&self, store: &Store, meeting: &Meeting, guest: usize) -> bool {
        let (participant, id) = self.guests[guest];
        let ticket = store.ticket(id).await.unwrap().unwrap();
        let person = store.participant(participant).await.unwrap().unwrap();
        let ticket = join_ticket::Ticket {
            expires_at: ticket.expires_at,
            spent_at: ticket.spent_at,
        };
        let holder = Holder {
            meeting: meeting.state,
            locked: meeting.locked,
            role: person.role,
            admission: person.admission,
            gone_since: Some(person.connection_changed_at),
        };
        join_ticket::join(ticket, holder, in_seconds(1)).is_allowed()
    }

    async fn write(
        &self,
        home: &Home,
        store: &Store,
        act: Act,
        read: &Meeting,
        entrance: Option<Entrance>,
    ) -> Result<(), WriteError> {
        let (meeting, at, entry) = (self.meeting, in_seconds(1), home.some_entry());
        match act {
            Act::Join | Act::Knock => {
                let entrance = entrance.expect("whoever comes in was decided about");
                let join = Join {
                    decided_on: read.state,
                    link_admitted: read.link_admits,
                    was_locked: read.locked,
                    places: 100,
                    ..home.join(meeting, entrance.admission)
                };
                store.write(join, entry).await.map(drop)
            }
            Act::Lock(locked) => {
                let lock = LockMeeting { meeting, locked };
                store.write(lock, entry).await.map(drop)
            }
            Act::Expel(guest) => {
                let (participant, _) = self.guests[guest];
                let expel = Expel {
                    meeting,
                    participant,
                    by: None,
                    also: Also::default(),
                    at,
                };
                store.write(expel, entry).await.map(drop)
            }
            Act::Reconnect(guest) => {
                let (_, id) = self.guests[guest];
                store.write(SpendTicket { id, at }, entry).await.map(drop)
            }
            Act::End => {
                let cause = EndCause::Host;
                let end = EndMeeting { meeting, cause, at };
                store.write(end, entry).await.map(drop)
            }
        }
    }
}

impl Story {
    /// Each that was written was allowed as it was written, whatever it was decided on.
    fn tell(&mut self, act: Act) {
        assert!(!self.ended, "something after the end");
        match act {
            Act::Join | Act::Knock => assert!(!self.locked, "somebody came to a locked meeting"),
            Act::Lock(locked) => self.locked = locked,
            Act::Expel(guest) => {
                assert!(self.inside.remove(&guest), "put out twice");
                self.link_admits = false;
            }
            Act::Reconnect(guest) => {
                assert!(self.inside.contains(&guest), "back after being put out");
                assert!(self.spent.insert(guest), "a ticket was spent twice");
            }
            Act::End => self.ended = true,
        }
    }

    /// What was refused was overtaken.
    fn explains(&self, act: Act, read: &Meeting, refused: Refused, overtaken: &mut Overtaken) {
        let is_other = (read.link_admits, read.locked) != (self.link_admits, self.locked);
        let is_overtaken = match act {
            Act::Join | Act::Knock => is_other || self.ended,
            Act::Lock(_) | Act::End => self.ended,
            Act::Expel(guest) => self.ended || !self.inside.contains(&guest),
            Act::Reconnect(guest) => {
                self.ended || self.spent.contains(&guest) || !self.inside.contains(&guest)
            }
        };
        assert!(is_overtaken, "refused without a reason: {}", refused.code());
        match act {
            Act::Join | Act::Knock => overtaken.joins += 1,
            _ => overtaken.others += 1,
        }
    }
}

fn door(meeting: &Meeting) -> Door {
    Door {
        state: meeting.state,
        link_admits: meeting.link_admits,
        locked: meeting.locked,
        guarded: meeting.is_guarded(NOW),
        guests: true,
        needs_passcode: false,
        entry: meeting.entry,
        uninvited: meeting.uninvited,
    }
}

fn arrival(act: Act) -> Arrival {
    Arrival {
        account: Standing::Stranger,
        proof: match act {
            Act::Join => Proof::Matches,
            _ => Proof::Absent,
        },
        invited: false,
    }
}

/// The same numbers for the same seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        let bound = u64::try_from(bound).unwrap();
        usize::try_from(mixed % bound).unwrap()
    }
}

/// Prints the seed when a history fails.
struct Told(u64);

impl Drop for Told {
    #[expect(clippy::print_stdout, reason = "a history that fails says its seed")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("the history of seed {}", self.0);
        }
    }
}
