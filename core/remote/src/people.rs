//! Who is in the room beside the person being helped: the technician, and who watches.

use conclave_protocol::ParticipantId;
use conclave_protocol::personal::{DisplayName, Title};
use serde::{Deserialize, Serialize};

/// Somebody whose name and organisation are verified. Without `Debug`: it names a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub participant: ParticipantId,
    pub name: DisplayName,
    pub organisation: Title,
}

/// While somebody is there to whom the local person has not agreed, nothing of the computer leaves it.
pub(crate) struct People {
    technician: Person,
    /// Agreed to.
    watching: Vec<Person>,
    /// Not yet.
    waiting: Vec<Person>,
}

/// More than anybody needs to help one person.
pub(crate) const MOST_WATCHERS: usize = 8;

/// There are more people than the local person can be asked about.
pub(crate) struct Crowd;

impl People {
    pub(crate) fn new(technician: Person) -> Self {
        Self {
            technician,
            watching: Vec::new(),
            waiting: Vec::new(),
        }
    }

    pub(crate) fn technician(&self) -> &Person {
        &self.technician
    }

    pub(crate) fn is_technician(&self, participant: ParticipantId) -> bool {
        self.technician.participant == participant
    }

    pub(crate) fn are_with(&self, participant: ParticipantId) -> bool {
        let is = |person: &Person| person.participant == participant;
        is(&self.technician) || self.everybody_else().any(is)
    }

    pub(crate) fn watching(&self) -> &[Person] {
        &self.watching
    }

    /// The technician, and who watches.
    pub(crate) fn agreed(&self) -> Vec<ParticipantId> {
        let all = [&self.technician].into_iter().chain(&self.watching);
        all.map(|person| person.participant).collect()
    }

    pub(crate) fn are_agreed(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(crate) fn next_waiting(&self) -> Option<&Person> {
        self.waiting.first()
    }

    pub(crate) fn join(&mut self, person: Person) -> Result<(), Crowd> {
        let is_there = |other: &Person| other.participant == person.participant;
        if is_there(&self.technician) || self.everybody_else().any(is_there) {
            return Ok(());
        }
        if self.everybody_else().count() >= MOST_WATCHERS {
            return Err(Crowd);
        }
        self.waiting.push(person);
        Ok(())
    }

    pub(crate) fn leave(&mut self, participant: ParticipantId) {
        self.watching
            .retain(|person| person.participant != participant);
        self.waiting
            .retain(|person| person.participant != participant);
    }

    /// The local person agrees; whether they are still there.
    pub(crate) fn admit(&mut self, participant: ParticipantId) -> bool {
        let place = self
            .waiting
            .iter()
            .position(|person| person.participant == participant);
        let admitted = place.map(|place| self.waiting.remove(place));
        let is_there = admitted.is_some();
        self.watching.extend(admitted);
        is_there
    }

    pub(crate) fn watcher(&self, participant: ParticipantId) -> Option<&Person> {
        self.watching
            .iter()
            .find(|person| person.participant == participant)
    }

    /// A watcher goes on in the technician's stead, who watches from here on. Whether they are still there.
    pub(crate) fn hand_over(&mut self, participant: ParticipantId) -> bool {
        let watcher = self
            .watching
            .iter_mut()
            .find(|person| person.participant == participant);
        let Some(watcher) = watcher else {
            return false;
        };
        std::mem::swap(watcher, &mut self.technician);
        true
    }

    fn everybody_else(&self) -> impl Iterator<Item = &Person> {
        self.watching.iter().chain(&self.waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{person, technician};

    #[test]
    fn whoever_joins_waits_until_the_local_person_agrees() {
        let mut people = People::new(technician());
        assert!(people.join(technician()).is_ok() && people.are_agreed());

        assert!(people.join(person(2)).is_ok() && people.join(person(2)).is_ok());
        assert!(!people.are_agreed());

        assert!(people.admit(person(2).participant));
        assert!(!people.admit(person(2).participant));
        assert!(people.are_agreed() && people.watching().len() == 1);
    }

    #[test]
    fn there_are_only_so_many() {
        let mut people = People::new(technician());
        for number in 0..MOST_WATCHERS {
            let number = u128::try_from(number).unwrap();
            assert!(people.join(person(10 + number)).is_ok());
        }

        assert!(people.join(person(99)).is_err());
    }

    #[test]
    fn a_session_is_handed_over_to_a_watcher_only() {
        let mut people = People::new(technician());
        assert!(people.join(person(2)).is_ok());
        assert!(!people.hand_over(person(2).participant));
        people.admit(person(2).participant);

        assert!(people.hand_over(person(2).participant));

        assert!(people.is_technician(person(2).participant));
        assert!(people.watcher(technician().participant).is_some());
    }
}
