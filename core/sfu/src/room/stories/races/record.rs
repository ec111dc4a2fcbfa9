//! What is on record of the meeting: policy decides on it, one act after the other, and what is done raises its revision.

use conclave_policy::admission::{Answer, Arrival, Door, Proof, Standing, arrive};
use conclave_policy::capability::{MeetingAction, participant_may};
use conclave_policy::join_ticket::{self, Holder, Ticket};
use conclave_policy::meeting::{self, Member};
use conclave_protocol::Timestamp;
use conclave_protocol::meeting::{
    Admission, EntryRule, MeetingState, ParticipantRole, Sharing, Uninvited,
};

use crate::presenting::{Presenters, Rule, Turns};

/// Of all who are ever there, the first.
pub(super) const HOST: usize = 0;
const NOW: Timestamp = Timestamp::from_micros(1_000_000_000);
const LATER: Timestamp = Timestamp::from_micros(1_060_000_000);

/// What somebody asks for; what is the host's, the host does.
#[derive(Clone, Copy)]
pub(super) enum Act {
    Arrive {
        whose: usize,
        by_link: bool,
    },
    Admit(usize),
    /// With a ticket: their first, or one to go on.
    Connect {
        whose: usize,
        resumes: bool,
    },
    Lock(bool),
    Expel(usize),
    SetSharing(Sharing),
    HandOver(usize),
    Appoint {
        whose: usize,
        leads: bool,
    },
    End,
}

/// What a decision asks of the room.
pub(super) enum Asked {
    Connect {
        whose: usize,
        resumes: bool,
        turns: Turns,
    },
    /// Their place is over for good.
    PutOut(usize),
    /// They have none at the moment.
    SendAway(usize),
    Present(Rule),
    Lead {
        whose: usize,
        leads: bool,
        revision: u64,
    },
    End,
}

pub(super) struct Record {
    revision: u64,
    state: MeetingState,
    locked: bool,
    link_admits: bool,
    sharing: Sharing,
    presenter: Option<usize>,
    people: Vec<Person>,
}

struct Person {
    role: ParticipantRole,
    /// `None`: has not come.
    admission: Option<Admission>,
    has_connected: bool,
}

impl Record {
    /// Of so many, those below `inside` are in.
    pub(super) fn new(people: usize, inside: usize) -> Self {
        let person = |whose| Person {
            role: match whose {
                HOST => ParticipantRole::Host,
                _ => ParticipantRole::Guest,
            },
            admission: (whose < inside).then_some(Admission::Admitted),
            has_connected: false,
        };
        Self {
            revision: 1,
            state: MeetingState::Live,
            locked: false,
            link_admits: true,
            sharing: Sharing::Everybody,
            presenter: None,
            people: (0..people).map(person).collect(),
        }
    }

    /// What follows in the room. `None`: refused, or nothing follows there.
    pub(super) fn decide(&mut self, act: Act) -> Option<Asked> {
        match act {
            Act::Arrive { whose, by_link } => {
                self.arrive(whose, by_link);
                None
            }
            Act::Admit(whose) => {
                self.admit(whose);
                None
            }
            Act::Connect { whose, resumes } => self.connect(whose, resumes),
            Act::Lock(locked) => {
                if self.host_may(MeetingAction::Lock) {
                    self.locked = locked;
                    self.revision += 1;
                }
                None
            }
            Act::Expel(whose) => self.expel(whose),
            Act::SetSharing(sharing) => self.set_sharing(sharing),
            Act::HandOver(whose) => self.hand_over(whose),
            Act::Appoint { whose, leads } => self.appoint(whose, leads),
            Act::End => self.end(),
        }
    }

    /// What the server answers when the room reports that somebody's media have come.
    pub(super) fn told_of_media(&self, whose: usize) -> Vec<Asked> {
        if !self.has_a_place(whose) {
            return vec![Asked::SendAway(whose)];
        }
        let (leads, revision) = (self.leads(whose), self.revision);
        let lead = Asked::Lead {
            whose,
            leads,
            revision,
        };
        vec![Asked::Present(self.rule()), lead]
    }

    pub(super) fn has_a_place(&self, whose: usize) -> bool {
        let holder = self.holder(whose);
        holder.is_some_and(|holder| join_ticket::stay(holder, NOW).is_allowed())
    }

    /// Was let in at some time.
    pub(super) fn was_inside(&self, whose: usize) -> bool {
        let admission = self.people[whose].admission;
        matches!(
            admission,
            Some(Admission::Admitted | Admission::Expelled | Admission::Left)
        )
    }

    pub(super) fn leads(&self, whose: usize) -> bool {
        participant_may(self.people[whose].role, MeetingAction::DirectSharing).is_allowed()
    }

    pub(super) fn rule(&self) -> Rule {
        Rule {
            revision: self.revision,
            presenters: Presenters::of(self.sharing, self.presenter.map(identity)),
        }
    }

    fn arrive(&mut self, whose: usize, by_link: bool) {
        let proof = match by_link {
            true => Proof::Matches,
            false => Proof::Absent,
        };
        let arrival = Arrival {
            account: Standing::Stranger,
            proof,
            invited: false,
        };
        if self.people[whose].admission.is_none()
            && let Answer::Enter(entrance) = arrive(self.door(), arrival)
        {
            assert!(!self.locked, "somebody came to a locked meeting");
            self.people[whose].admission = Some(entrance.admission);
            self.revision += 1;
        }
    }

    fn admit(&mut self, whose: usize) {
        let waits = self.people[whose].admission == Some(Admission::Waiting);
        if waits && meeting::admit(self.state, self.locked, host()).is_allowed() {
            self.people[whose].admission = Some(Admission::Admitted);
            self.revision += 1;
        }
    }

    fn connect(&mut self, whose: usize, resumes: bool) -> Option<Asked> {
        let ticket = Ticket {
            expires_at: LATER,
            spent_at: None,
        };
        let holder = self.holder(whose)?;
        let goes_on = self.people[whose].has_connected;
        let decision = match goes_on {
            true => join_ticket::resume(ticket, holder, NOW),
            false => join_ticket::join(ticket, holder, NOW),
        };
        if !decision.is_allowed() {
            return None;
        }
        self.people[whose].has_connected = true;
        Some(Asked::Connect {
            whose,
            resumes: goes_on && resumes,
            turns: Turns {
                rule: self.rule(),
                leads: self.leads(whose),
                permitted_at: 0,
            },
        })
    }

    fn expel(&mut self, whose: usize) -> Option<Asked> {
        let decision = meeting::expel(self.state, host(), self.people[whose].role);
        if !decision.is_allowed() || !self.is_inside(whose) {
            return None;
        }
        self.people[whose].admission = Some(Admission::Expelled);
        self.link_admits = false;
        self.revision += 1;
        Some(Asked::PutOut(whose))
    }

    fn set_sharing(&mut self, sharing: Sharing) -> Option<Asked> {
        if !self.host_may(MeetingAction::DirectSharing) {
            return None;
        }
        self.sharing = sharing;
        self.presenter = None;
        self.revision += 1;
        Some(Asked::Present(self.rule()))
    }

    fn hand_over(&mut self, whose: usize) -> Option<Asked> {
        let decision = meeting::hand_over(self.state, host(), false);
        if !decision.is_allowed() || !self.is_inside(whose) {
            return None;
        }
        self.presenter = Some(whose);
        self.revision += 1;
        Some(Asked::Present(self.rule()))
    }

    fn appoint(&mut self, whose: usize, leads: bool) -> Option<Asked> {
        let role = self.people[whose].role;
        let decision = match leads {
            true => meeting::make_co_host(self.state, host(), role),
            false => meeting::take_back_co_host(self.state, host(), role),
        };
        if !decision.is_allowed() || !self.is_inside(whose) {
            return None;
        }
        self.people[whose].role = match leads {
            true => ParticipantRole::CoHost,
            false => ParticipantRole::Guest,
        };
        self.revision += 1;
        let revision = self.revision;
        Some(Asked::Lead {
            whose,
            leads,
            revision,
        })
    }

    fn end(&mut self) -> Option<Asked> {
        if !meeting::end(self.state, host(), false).is_allowed() {
            return None;
        }
        self.state = MeetingState::Ended;
        self.revision += 1;
        Some(Asked::End)
    }

    fn host_may(&self, action: MeetingAction) -> bool {
        meeting::command(self.state, host(), action).is_allowed()
    }

    fn is_inside(&self, whose: usize) -> bool {
        self.people[whose].admission == Some(Admission::Admitted)
    }

    fn holder(&self, whose: usize) -> Option<Holder> {
        let person = &self.people[whose];
        Some(Holder {
            meeting: self.state,
            locked: self.locked,
            role: person.role,
            admission: person.admission?,
            gone_since: None,
        })
    }

    fn door(&self) -> Door {
        Door {
            state: self.state,
            link_admits: self.link_admits,
            locked: self.locked,
            guarded: false,
            guests: true,
            needs_passcode: false,
            entry: EntryRule::Link,
            uninvited: Uninvited::Wait,
        }
    }
}

pub(super) fn identity(whose: usize) -> String {
    format!("p{whose}")
}

pub(super) fn number(identity: &str) -> usize {
    identity[1..].parse().unwrap()
}

fn host() -> Member {
    Member {
        role: ParticipantRole::Host,
        admission: Admission::Admitted,
    }
}
