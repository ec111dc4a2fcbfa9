//! What one participant may see of their meeting, and how two such views differ.

use std::collections::{BTreeMap, BTreeSet};

use conclave_policy::admission::let_in;
use conclave_policy::capability::MeetingAction;
use conclave_policy::join_ticket::{Holder, come_back};
use conclave_policy::meeting::{Member, command};
use conclave_policy::time_out::OwnTimeOuts;
use conclave_policy::{Decision, Reason};
use conclave_protocol::channel::{
    Bye, Event, IdleShare, LobbyEntry, MeetingFacts, PasscodeWanted, RosterEntry, Welcome,
};
use conclave_protocol::companion::CompanionOf;
use conclave_protocol::meeting::{
    Admission, DataMode, EndCause, Ending, MeetingCode, MeetingState, ParticipantRole, Sharing,
};
use conclave_protocol::mls::MlsState;
use conclave_protocol::personal::{DisplayName, Title};
use conclave_protocol::{OrganisationId, ParticipantId, Timestamp};

/// A meeting as the store has it at one revision.
#[derive(Clone)]
pub(super) struct Snapshot {
    pub(super) revision: u64,
    pub(super) organisation: OrganisationId,
    pub(super) title: Title,
    pub(super) code: MeetingCode,
    pub(super) started_at: Option<Timestamp>,
    pub(super) ended: Option<EndCause>,
    pub(super) time_outs: OwnTimeOuts,
    pub(super) data_mode: DataMode,
    pub(super) link_admits: bool,
    pub(super) locked: bool,
    pub(super) guarded_until: Option<Timestamp>,
    pub(super) repeats: bool,
    /// By the policy of its host.
    pub(super) needs_passcode: bool,
    pub(super) passcode_number: u32,
    pub(super) sharing: Sharing,
    pub(super) presenter: Option<ParticipantId>,
    pub(super) people: BTreeMap<ParticipantId, Person>,
}

/// One participant as the store has them.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) display_name: DisplayName,
    pub(super) role: ParticipantRole,
    pub(super) signed_in: bool,
    pub(super) admission: Admission,
    pub(super) since: Timestamp,
    /// As the store has it; `None` while they are connected.
    pub(super) gone_since: Option<Timestamp>,
    /// Of a co-host.
    pub(super) serves_since: Option<Timestamp>,
    pub(super) by_emergency: bool,
    /// Holds the link, or knows the passcode by a host's word.
    pub(super) proven: bool,
    /// No person, but the computer of one.
    pub(super) companion: Option<CompanionOf>,
}

/// What follows of a meeting from who is there, and for how long.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Course {
    /// The co-host who leads in the host's stead.
    pub(super) successor: Option<ParticipantId>,
    pub(super) ending: Option<Ending>,
    pub(super) idle_share: Option<IdleShare>,
}

impl Snapshot {
    /// Why this participant has no channel (any more).
    pub(super) fn unwelcome(&self, participant: ParticipantId) -> Option<Bye> {
        let Some(person) = self.people.get(&participant) else {
            return Some(Bye::NotAuthenticated);
        };
        match (
            person.ask(self.state(), MeetingAction::OpenChannel),
            person.admission,
        ) {
            (Decision::Allow, _) => None,
            (Decision::Deny(_), Admission::Left) => Some(Bye::NotAuthenticated),
            (Decision::Deny(Reason::MeetingEnded), _) => Some(Bye::MeetingEnded),
            (Decision::Deny(_), Admission::Denied) => Some(Bye::Denied),
            (Decision::Deny(_), Admission::Expelled) => Some(Bye::Expelled),
            (Decision::Deny(_), _) => Some(Bye::NotAuthenticated),
        }
    }

    /// Why somebody who is in may not come back.
    pub(super) fn shuts_out(&self, participant: ParticipantId, now: Timestamp) -> Option<Bye> {
        let person = self.people.get(&participant)?;
        let holder = Holder {
            meeting: self.state(),
            locked: self.locked,
            role: person.role,
            admission: person.admission,
            gone_since: person.gone_since,
        };
        let shut = person.admission == Admission::Admitted && !come_back(holder, now).is_allowed();
        shut.then_some(Bye::MeetingLocked)
    }

    /// Waits, and is let in by nobody before they have shown that they know the passcode.
    pub(super) fn asks_passcode(&self, person: &Person) -> bool {
        let decision = let_in(self.needs_passcode, person.proven);
        person.admission == Admission::Waiting && !decision.is_allowed()
    }

    fn state(&self) -> MeetingState {
        match (self.ended, self.started_at) {
            (Some(_), _) => MeetingState::Ended,
            (None, Some(_)) => MeetingState::Live,
            (None, None) => MeetingState::Scheduled,
        }
    }
}

impl Person {
    /// A computer that is in.
    pub(super) fn is_companion(&self) -> bool {
        self.companion.is_some() && self.admission == Admission::Admitted
    }

    /// While the meeting goes on. Its end is told as an event, and takes nothing from view before it.
    pub(super) fn may(&self, action: MeetingAction) -> bool {
        self.ask(MeetingState::Live, action).is_allowed()
    }

    fn ask(&self, state: MeetingState, action: MeetingAction) -> Decision {
        let member = Member {
            role: self.role,
            admission: self.admission,
        };
        command(state, member, action)
    }
}

/// What the meeting's owner knows of a person's connections.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub(super) connected: bool,
    pub(super) shown: bool,
}

/// The state that a client holds after a [`Welcome`] and the events that followed it.
#[derive(Clone)]
pub(super) struct View {
    pub(super) admission: Admission,
    pub(super) you: RosterEntry,
    pub(super) ended: Option<EndCause>,
    /// In the lobby's line; 1 is next.
    place: Option<u32>,
    passcode: Option<PasscodeWanted>,
    data_mode: DataMode,
    facts: Option<MeetingFacts>,
    roster: BTreeMap<ParticipantId, RosterEntry>,
    lobby: BTreeMap<ParticipantId, LobbyEntry>,
}

impl View {
    /// What `viewer` sees. Who is not admitted sees their own standing and nothing else.
    pub(super) fn of(
        snapshot: &Snapshot,
        course: Course,
        viewer: ParticipantId,
        seen: impl Fn(ParticipantId) -> Seen,
    ) -> Option<Self> {
        let person = snapshot.people.get(&viewer)?;
        let inside = person.admission == Admission::Admitted;
        let (sees_code, sees_lobby) = (
            person.may(MeetingAction::SeeCode),
            person.may(MeetingAction::SeeLobby),
        );
        let mut view = Self {
            admission: person.admission,
            you: entry(viewer, person, seen(viewer)),
            ended: snapshot.ended,
            place: place(snapshot, viewer, person, &seen),
            passcode: passcode(snapshot, person, &seen),
            data_mode: snapshot.data_mode,
            facts: None,
            roster: BTreeMap::new(),
            lobby: BTreeMap::new(),
        };
        if inside {
            view.facts = Some(MeetingFacts {
                organisation: snapshot.organisation,
                data_mode: snapshot.data_mode,
                title: snapshot.title.clone(),
                code: sees_code.then_some(snapshot.code),
                started_at: snapshot.started_at,
                link_admits: snapshot.link_admits,
                locked: snapshot.locked,
                sharing: snapshot.sharing,
                presenter: snapshot.presenter,
                successor: course.successor,
                ending: course.ending,
                idle_share: course.idle_share,
                guarded_until: snapshot.guarded_until.filter(|_| sees_lobby),
                repeats: snapshot.repeats,
                needs_passcode: snapshot.needs_passcode,
                passcode_number: snapshot.passcode_number,
            });
            view.roster = people(snapshot, Admission::Admitted, &seen)
                .map(|(id, person)| (id, entry(id, person, seen(id))))
                .collect();
            view.roster.insert(viewer, view.you.clone());
        }
        if sees_lobby {
            view.lobby = people(snapshot, Admission::Waiting, &seen)
                .map(|(id, person)| (id, knock(id, person, snapshot.asks_passcode(person))))
                .collect();
        }
        Some(view)
    }

    /// Tells the whole of it. Of the group only those hear who are admitted.
    pub(super) fn welcome(&self, seq: u64, revision: u64, mls: MlsState) -> Welcome {
        let mut lobby: Vec<_> = self.lobby.values().cloned().collect();
        lobby.sort_by_key(|entry| (entry.since, entry.participant));
        Welcome {
            seq,
            revision,
            you: self.you.clone(),
            admission: self.admission,
            place: self.place,
            passcode: self.passcode.clone(),
            data_mode: Some(self.data_mode),
            meeting: self.facts.clone(),
            roster: self.roster.values().cloned().collect(),
            lobby,
            mls: self.is_inside().then_some(mls),
        }
    }

    /// The events that lead from this view to `next`, as long as [`Self::needs_welcome`] says no.
    pub(super) fn changes(&self, next: &Self) -> Vec<Event> {
        let mut events = Vec::new();
        if let Some(meeting) = self.changed_facts(next) {
            events.push(Event::MeetingChanged { meeting });
        }
        for participant in gone(&self.lobby, &next.lobby) {
            events.push(Event::LobbyLeft { participant });
        }
        for participant in gone(&self.roster, &next.roster) {
            events.push(Event::RosterLeft { participant });
        }
        events.extend(changed(&self.roster, &next.roster).map(|entry| Event::Roster { entry }));
        events.extend(changed(&self.lobby, &next.lobby).map(|entry| Event::Lobby { entry }));
        if self.admission != next.admission {
            events.push(Event::Admission {
                admission: next.admission,
            });
        }
        if let Some(place) = next.place.filter(|_| next.place != self.place) {
            events.push(Event::Place { place });
        }
        if self.passcode != next.passcode && !next.is_inside() {
            let wanted = next.passcode.clone();
            events.push(Event::Passcode { wanted });
        }
        if let Some(cause) = next.ended.filter(|_| self.ended.is_none()) {
            events.push(Event::MeetingEnded { cause });
        }
        events
    }

    /// Nothing else of a meeting changes while somebody is in it.
    fn changed_facts(&self, next: &Self) -> Option<MeetingFacts> {
        let changing = |facts: &MeetingFacts| {
            let door = (facts.link_admits, facts.locked, facts.guarded_until);
            let words = (
                facts.title.as_str().to_owned(),
                facts.repeats,
                facts.needs_passcode,
                facts.passcode_number,
            );
            let course = (facts.successor, facts.ending, facts.idle_share);
            (words, door, facts.sharing, facts.presenter, course)
        };
        let before = self.facts.as_ref().map(changing)?;
        let facts = next.facts.clone();
        facts.filter(|facts| changing(facts) != before)
    }

    pub(super) fn is_inside(&self) -> bool {
        self.admission == Admission::Admitted
    }

    /// What opens or closes parts of the meeting is told whole.
    pub(super) fn needs_welcome(&self, next: &Self) -> bool {
        let opens = next.admission == Admission::Admitted;
        opens && (self.admission != next.admission || self.you.role != next.you.role)
    }
}

/// Whoever's owner is not in is not in either, whatever the store has of them.
pub(super) fn leave_with_owners(people: &mut BTreeMap<ParticipantId, Person>) {
    let is_in = |(id, person): (&ParticipantId, &Person)| {
        (person.admission == Admission::Admitted).then_some(*id)
    };
    let inside: BTreeSet<_> = people.iter().filter_map(is_in).collect();
    for person in people.values_mut() {
        let owner = person.companion.map(|companion| companion.owner);
        if owner.is_some_and(|owner| !inside.contains(&owner)) {
            person.admission = Admission::Left;
        }
    }
}

fn people<'a>(
    snapshot: &'a Snapshot,
    admission: Admission,
    seen: &'a impl Fn(ParticipantId) -> Seen,
) -> impl Iterator<Item = (ParticipantId, &'a Person)> {
    snapshot
        .people
        .iter()
        .filter(move |(id, person)| person.admission == admission && seen(**id).shown)
        .map(|(id, person)| (*id, person))
}

/// Who came before, and is there still, is before.
fn place(
    snapshot: &Snapshot,
    viewer: ParticipantId,
    person: &Person,
    seen: &impl Fn(ParticipantId) -> Seen,
) -> Option<u32> {
    if person.admission != Admission::Waiting {
        return None;
    }
    let own = (person.since, viewer);
    let before = people(snapshot, Admission::Waiting, seen)
        .filter(|(id, other)| (other.since, *id) < own)
        .count();
    u32::try_from(before + 1).ok()
}

/// Whom somebody who waits shows that they know the passcode.
fn passcode(
    snapshot: &Snapshot,
    person: &Person,
    seen: &impl Fn(ParticipantId) -> Seen,
) -> Option<PasscodeWanted> {
    let asks = snapshot.asks_passcode(person);
    asks.then(|| PasscodeWanted {
        hosts: asked_hosts(snapshot, seen),
        passcode_number: snapshot.passcode_number,
    })
}

/// Of those who are there the meeting's host, then who came first.
fn asked_hosts(snapshot: &Snapshot, seen: &impl Fn(ParticipantId) -> Seen) -> Vec<ParticipantId> {
    let mut hosts: Vec<_> = people(snapshot, Admission::Admitted, seen)
        .filter(|(id, other)| other.may(MeetingAction::Admit) && seen(*id).connected)
        .collect();
    hosts.sort_by_key(|(id, other)| (other.role != ParticipantRole::Host, other.since, *id));
    let asked = hosts.into_iter().take(MOST_ASKED_HOSTS);
    asked.map(|(id, _)| id).collect()
}

fn entry(participant: ParticipantId, person: &Person, seen: Seen) -> RosterEntry {
    RosterEntry {
        participant,
        display_name: person.display_name.clone(),
        role: person.role,
        signed_in: person.signed_in,
        connected: seen.connected,
        by_emergency: person.by_emergency,
        companion: person.companion,
    }
}

fn knock(participant: ParticipantId, person: &Person, needs_passcode: bool) -> LobbyEntry {
    LobbyEntry {
        participant,
        display_name: person.display_name.clone(),
        since: person.since,
        needs_passcode,
    }
}

fn gone<'a, T>(
    before: &'a BTreeMap<ParticipantId, T>,
    after: &'a BTreeMap<ParticipantId, T>,
) -> impl Iterator<Item = ParticipantId> + 'a {
    before.keys().filter(|id| !after.contains_key(id)).copied()
}

fn changed<'a, T: PartialEq + Clone>(
    before: &'a BTreeMap<ParticipantId, T>,
    after: &'a BTreeMap<ParticipantId, T>,
) -> impl Iterator<Item = T> + 'a {
    after
        .iter()
        .filter(|(id, entry)| before.get(id) != Some(entry))
        .map(|(_, entry)| entry.clone())
}

/// Who waits shows each of them that they know the passcode: more use up what somebody may write there, fewer may all be pages
/// that can't answer.
const MOST_ASKED_HOSTS: usize = 3;
