//! What members say to a commit that the service has taken, which can't judge it by itself.

use std::collections::{BTreeMap, BTreeSet};

use conclave_protocol::ParticipantId;

/// One commit, and those who can speak against it.
pub(super) struct Trial {
    sender: ParticipantId,
    /// The sender was a host or co-host.
    led: bool,
    /// Who was a member when it was taken, and is not gone.
    judges: BTreeSet<ParticipantId>,
    /// With whether they lead the meeting.
    against: BTreeMap<ParticipantId, bool>,
}

impl Trial {
    pub(super) fn of(
        sender: ParticipantId,
        led: bool,
        judges: impl Iterator<Item = ParticipantId>,
    ) -> Self {
        Self {
            sender,
            led,
            judges: judges.filter(|judge| *judge != sender).collect(),
            against: BTreeMap::new(),
        }
    }

    /// Nothing where `participant` is no judge of it.
    pub(super) fn report(&mut self, participant: ParticipantId, leads: bool) {
        if self.judges.contains(&participant) {
            self.against.insert(participant, leads);
        }
    }

    /// Whoever says it: only those can who have seen what it is about.
    pub(super) fn accuse(&mut self, participant: ParticipantId, leads: bool) {
        self.against.insert(participant, leads);
    }

    pub(super) fn accusers(&self) -> impl Iterator<Item = ParticipantId> {
        self.against.keys().copied()
    }

    pub(super) fn lose(&mut self, participant: ParticipantId) {
        self.judges.remove(&participant);
        self.against.remove(&participant);
    }

    pub(super) fn is_refused_by(&self, participant: ParticipantId) -> bool {
        self.against.contains_key(&participant)
    }

    pub(super) fn judges(&self) -> impl Iterator<Item = ParticipantId> {
        self.judges.iter().copied()
    }

    /// Whether most refuse it of those who have spoken or are heard.
    pub(super) fn is_lost(&self, is_heard: impl Fn(&ParticipantId) -> bool) -> bool {
        // Nobody has spoken against most commits, and each is asked about with everything that is said.
        if self.against.is_empty() {
            return false;
        }
        let counts = |judge: &&ParticipantId| self.is_refused_by(**judge) || is_heard(judge);
        self.against.len() * 2 > self.judges.iter().filter(counts).count()
    }

    /// Who waits before they enter again: the sender, where a host or more than one member speaks against somebody
    /// who doesn't lead the meeting, or many do against anybody. The word of a few may be a lie, and turns no host
    /// away: of two sides that can't be told apart, both wait, and whoever leads the meeting goes on without them.
    pub(super) fn blamed(&self) -> Vec<ParticipantId> {
        let led = self.against.values().any(|leads| *leads);
        let is_believed = !self.led && (led || self.against.len() >= SOME);
        if is_believed || self.against.len() >= MANY {
            return vec![self.sender];
        }
        let sides = self.against.iter().map(|(judge, leads)| (*judge, *leads));
        let sides = sides.chain([(self.sender, self.led)]);
        sides
            .filter(|(_, leads)| !leads)
            .map(|(side, _)| side)
            .collect()
    }
}

/// Judges whose word is enough against somebody who doesn't lead the meeting: a stranger who comes in again and
/// again would otherwise have the members wait with them.
const SOME: usize = 2;
/// Judges whose word is enough.
const MANY: usize = 3;
