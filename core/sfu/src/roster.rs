//! Who is in a room, found by place, by identity and by session.

use std::collections::BTreeMap;

use crate::command::SessionId;
use crate::participant::{Participant, ParticipantKey};
use crate::slab::Slab;

pub(crate) struct Roster {
    participants: Slab<Participant>,
    by_identity: BTreeMap<String, ParticipantKey>,
    by_session: BTreeMap<SessionId, ParticipantKey>,
}

impl Roster {
    pub(crate) fn new() -> Self {
        Self {
            participants: Slab::new(),
            by_identity: BTreeMap::new(),
            by_session: BTreeMap::new(),
        }
    }

    pub(crate) fn insert(&mut self, participant: Participant) -> ParticipantKey {
        let identity = participant.card.identity.clone();
        let session = participant.presence.session();
        let key = self.participants.insert_with(|_| participant);
        self.by_identity.insert(identity, key);
        if let Some(session) = session {
            self.by_session.insert(session, key);
        }
        key
    }

    pub(crate) fn remove(&mut self, key: ParticipantKey) -> Option<Participant> {
        let participant = self.participants.remove(key)?;
        self.by_identity.remove(&participant.card.identity);
        self.by_session.retain(|_, held| *held != key);
        Some(participant)
    }

    pub(crate) fn attach(&mut self, session: SessionId, key: ParticipantKey) {
        self.by_session.insert(session, key);
    }

    pub(crate) fn detach(&mut self, session: SessionId) {
        self.by_session.remove(&session);
    }

    pub(crate) fn get(&self, key: ParticipantKey) -> Option<&Participant> {
        self.participants.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: ParticipantKey) -> Option<&mut Participant> {
        self.participants.get_mut(key)
    }

    pub(crate) fn by_identity(&self, identity: &str) -> Option<ParticipantKey> {
        self.by_identity.get(identity).copied()
    }

    pub(crate) fn by_session(&self, session: SessionId) -> Option<ParticipantKey> {
        self.by_session.get(&session).copied()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (ParticipantKey, &Participant)> {
        self.participants.iter()
    }

    pub(crate) fn keys(&self) -> Vec<ParticipantKey> {
        self.participants.keys()
    }

    pub(crate) fn len(&self) -> usize {
        self.participants.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.participants.is_empty()
    }
}
