//! Who is in the room, by the meeting's group: what the server says of them does not count.

use std::collections::BTreeMap;

use conclave_client::e2ee::group::{Occupant, Proof};
use conclave_client::e2ee::identity::{ParticipantId as Member, Standing};
use conclave_client::protocol::ParticipantId;
use conclave_client::protocol::personal::{DisplayName, Title};
use conclave_remote::Person;
use uuid::Uuid;

pub(super) struct Crowd {
    ourselves: ParticipantId,
    /// Of the technician, as the link vouches for them.
    organisation: Title,
    people: BTreeMap<ParticipantId, Person>,
    /// In a meeting: nobody else there counts.
    only: Option<ParticipantId>,
    /// By which key each is known who was here once: their account's, or their own where they have none.
    keys: BTreeMap<ParticipantId, Vec<u8>>,
}

/// What the session is told.
pub(super) enum Change {
    Joined(Person),
    Left(ParticipantId),
}

/// Whoever leads the room is not who was promised, or somebody has another's number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SomebodyElse;

impl Crowd {
    pub(super) fn new(ourselves: ParticipantId, organisation: Title) -> Self {
        Self {
            ourselves,
            organisation,
            people: BTreeMap::new(),
            only: None,
            keys: BTreeMap::new(),
        }
    }

    /// Of a meeting, this one alone is spoken with from here on, if they are there: its people are many, and hear and see
    /// each other whatever the person at this computer says.
    pub(super) fn lend_to(
        &mut self,
        roster: &[Occupant],
        who: ParticipantId,
    ) -> Result<Option<Person>, SomebodyElse> {
        let is_meant = |one: &&Occupant| participant(one.identity.participant) == who;
        // Nothing is permitted from one turn to the next: who was here before need not come with the same key.
        self.keys.clear();
        let Some(one) = roster.iter().find(is_meant) else {
            return Ok(None);
        };
        let person = self.person(one).ok_or(SomebodyElse)?;
        self.recognise(one)?;
        self.only = Some(who);
        self.people = BTreeMap::from([(who, person.clone())]);
        Ok(Some(person))
    }

    /// The technician, once they are there: a host whose account's key is in the link, with the name that the person at
    /// this computer agreed to.
    pub(super) fn technician(
        &mut self,
        roster: &[Occupant],
        promised: &DisplayName,
    ) -> Result<Option<Person>, SomebodyElse> {
        let is_vouched = |one: &&Occupant| one.is_host && one.proof == Proof::HostAccount;
        let Some(host) = roster.iter().find(is_vouched) else {
            return Ok(None);
        };
        let person = self.person(host).ok_or(SomebodyElse)?;
        if person.name != *promised {
            return Err(SomebodyElse);
        }
        self.recognise(host)?;
        self.people.insert(person.participant, person.clone());
        Ok(Some(person))
    }

    /// What is different from the roster before, but for ourselves. What was permitted to somebody is not permitted to
    /// whoever comes by their number with another key.
    pub(super) fn update(&mut self, roster: &[Occupant]) -> Result<Vec<Change>, SomebodyElse> {
        let mut there = BTreeMap::new();
        for one in roster {
            if !self.counts(one) {
                continue;
            }
            let person = self.person(one).ok_or(SomebodyElse)?;
            if person.participant != self.ourselves {
                self.recognise(one)?;
                there.insert(person.participant, person);
            }
        }
        let gone = self.people.keys().filter(|one| !there.contains_key(one));
        let mut changes: Vec<_> = gone.map(|one| Change::Left(*one)).collect();
        let new = there
            .iter()
            .filter(|(one, _)| !self.people.contains_key(one));
        changes.extend(new.map(|(_, person)| Change::Joined(person.clone())));
        self.people = there;
        Ok(changes)
    }

    fn counts(&self, one: &Occupant) -> bool {
        let who = participant(one.identity.participant);
        self.only.is_none_or(|only| only == who)
    }

    /// Whom the session knows.
    pub(super) fn there(&self) -> Vec<ParticipantId> {
        self.people.keys().copied().collect()
    }

    pub(super) fn is_there(&self, participant: ParticipantId) -> bool {
        self.people.contains_key(&participant)
    }

    /// Nobody else holds the keys of what is said to all.
    pub(super) fn holds_all(&self, roster: &[Occupant]) -> bool {
        roster.iter().all(|one| {
            let who = participant(one.identity.participant);
            who == self.ourselves || (self.is_there(who) && self.is_known(one))
        })
    }

    fn is_known(&self, one: &Occupant) -> bool {
        let known = self.keys.get(&participant(one.identity.participant));
        known.map(Vec::as_slice) == Some(key_of(one))
    }

    fn recognise(&mut self, occupant: &Occupant) -> Result<(), SomebodyElse> {
        let key = key_of(occupant);
        let who = participant(occupant.identity.participant);
        if self.keys.len() >= MOST_KNOWN && !self.keys.contains_key(&who) {
            return Err(SomebodyElse);
        }
        let known = self.keys.entry(who).or_insert_with(|| key.to_vec());
        (known.as_slice() == key).then_some(()).ok_or(SomebodyElse)
    }

    /// Nobody is left out for their name: who can't be called by it is here all the same.
    fn person(&self, occupant: &Occupant) -> Option<Person> {
        let identity = &occupant.identity;
        let organisation = match occupant.proof {
            Proof::HostAccount => self.organisation.clone(),
            Proof::Account | Proof::Guest => Title::parse(NOBODY_VOUCHES).ok()?,
        };
        Some(Person {
            participant: participant(identity.participant),
            name: DisplayName::parse(&identity.display_name)
                .or_else(|_| DisplayName::parse(NAMELESS))
                .ok()?,
            organisation,
        })
    }
}

/// In the organisation's place: it is not known.
const NOBODY_VOUCHES: &str = "not verified";
/// In the place of a name that is none here.
const NAMELESS: &str = "Somebody";
/// In one session: more than the session itself lets in.
const MOST_KNOWN: usize = 64;

/// Of their account, or their own where they have none.
fn key_of(occupant: &Occupant) -> &[u8] {
    match &occupant.identity.standing {
        Standing::Account { certificate, .. } => certificate.account_key.as_slice(),
        Standing::Guest => occupant.signature_key.as_slice(),
    }
}

fn participant(Member(bytes): Member) -> ParticipantId {
    ParticipantId(Uuid::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use conclave_client::e2ee::identity::Identity;

    use super::*;

    fn id(number: u8) -> ParticipantId {
        participant(Member([number; 16]))
    }

    fn occupant(number: u8, name: &str, proof: Proof) -> Occupant {
        Occupant {
            leaf: u32::from(number),
            identity: Identity {
                participant: Member([number; 16]),
                display_name: name.to_owned(),
                standing: Standing::Guest,
            },
            proof,
            signature_key: vec![number],
            is_host: proof != Proof::Guest,
        }
    }

    fn crowd() -> Crowd {
        Crowd::new(id(1), Title::parse("Practice").unwrap())
    }

    fn told(changes: &[Change]) -> Vec<(bool, ParticipantId)> {
        let told = changes.iter().map(|change| match change {
            Change::Joined(person) => (true, person.participant),
            Change::Left(who) => (false, *who),
        });
        told.collect()
    }

    #[test]
    fn whoever_the_session_has_not_heard_of_holds_keys_that_nobody_else_does() {
        let mut crowd = crowd();
        let amy = occupant(2, "Amy", Proof::HostAccount);
        let ourselves = occupant(1, "Guest", Proof::Guest);
        crowd.update(std::slice::from_ref(&amy)).unwrap();
        let known = [ourselves, amy.clone()];
        assert!(crowd.holds_all(&known));
        let by_their_number = Occupant {
            signature_key: vec![9],
            ..amy
        };
        assert!(!crowd.holds_all(&[by_their_number]));

        let another = [&known[..], &[occupant(3, "Bo", Proof::Account)]].concat();

        assert!(!crowd.holds_all(&another));
    }

    #[test]
    fn only_whom_the_link_vouches_for_is_the_technician() {
        let promised = DisplayName::parse("Amy").unwrap();
        let ourselves = occupant(1, "Guest", Proof::Guest);
        for proof in [Proof::Guest, Proof::Account] {
            let roster = [ourselves.clone(), occupant(2, "Amy", proof)];
            assert!(matches!(crowd().technician(&roster, &promised), Ok(None)));
        }

        let roster = [ourselves, occupant(2, "Amy", Proof::HostAccount)];
        let person = crowd().technician(&roster, &promised).unwrap().unwrap();
        assert_eq!(person.participant, id(2));
        assert_eq!(person.organisation.as_str(), "Practice");
    }

    #[test]
    fn a_technician_of_another_name_than_was_promised_is_somebody_else() {
        let promised = DisplayName::parse("Amy").unwrap();
        let roster = [occupant(2, "Eve", Proof::HostAccount)];

        assert!(crowd().technician(&roster, &promised).is_err());
    }

    #[test]
    fn whoever_comes_and_goes_is_told_once() {
        let mut crowd = crowd();
        let amy = occupant(2, "Amy", Proof::HostAccount);
        let promised = DisplayName::parse("Amy").unwrap();
        let alone = std::slice::from_ref(&amy);
        crowd.technician(alone, &promised).unwrap();
        let both = [occupant(1, "Guest", Proof::Guest), amy.clone()];

        assert_eq!(told(&crowd.update(&both).unwrap()), []);
        let three = [amy.clone(), occupant(3, "Bo", Proof::Account)];
        assert_eq!(told(&crowd.update(&three).unwrap()), [(true, id(3))]);
        assert_eq!(told(&crowd.update(&three).unwrap()), []);
        assert!(crowd.is_there(id(3)) && !crowd.is_there(id(1)));
        let joined = crowd.update(&[amy]).unwrap();
        assert_eq!(told(&joined), [(false, id(3))]);
    }

    // Shows: ABUSE-58.
    #[test]
    fn whoever_comes_by_the_number_of_another_is_nobody_that_was_agreed_to() {
        let promised = DisplayName::parse("Amy").unwrap();
        let amy = occupant(2, "Amy", Proof::HostAccount);
        let mut crowd = crowd();
        let alone = std::slice::from_ref(&amy);
        crowd.technician(alone, &promised).unwrap();
        assert_eq!(told(&crowd.update(&[]).unwrap()), [(false, id(2))]);
        let other = Occupant {
            signature_key: vec![9],
            ..amy.clone()
        };

        assert!(crowd.update(&[other]).is_err());
        assert_eq!(told(&crowd.update(&[amy]).unwrap()), [(true, id(2))]);
    }

    // Shows: ABUSE-58.
    #[test]
    fn nobody_is_unseen_for_their_name() {
        let changes = crowd().update(&[occupant(3, "", Proof::Guest)]).unwrap();

        assert_eq!(told(&changes), [(true, id(3))]);
    }

    #[test]
    fn nobody_vouches_for_where_others_are_from() {
        let changes = crowd().update(&[occupant(3, "Bo", Proof::Account)]);
        let changes = changes.unwrap();

        assert!(matches!(&changes[..], [Change::Joined(person)]
            if person.organisation.as_str() == NOBODY_VOUCHES));
    }
}
