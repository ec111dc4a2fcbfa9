//! What a member does: follows commits, commits itself when it has a slot, and signs that it is here.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use zeroize::Zeroizing;

use super::epochs::Epochs;
use super::witnesses::{Beat, HEARTBEAT_AFTER_CHANGE, HEARTBEAT_INTERVAL, Witnesses, is_witness};
use super::{Opened, Output, Session, State, ToServer, Wish};
use crate::group::{Change, Failed, Group, Outgoing, Refusal};
use crate::heartbeat::{Challenge, Heartbeat, MOST_ECHOES, Place};
use crate::identity::ParticipantId;
use crate::meeting::{GroupEpoch, GroupId};
use crate::signer::Signer;

/// In the group.
pub(super) struct Member {
    pub(super) group: Group,
    /// The own commit that is with the server.
    pub(super) pending: Option<Pending>,
    pub(super) next_beat: Option<Duration>,
    /// Ascending.
    pub(super) people: Vec<ParticipantId>,
    /// A secret of each open epoch, which heartbeats sign.
    marks: BTreeMap<u64, Zeroizing<Vec<u8>>>,
    /// Challenges that the next heartbeats echo.
    challenges: VecDeque<u64>,
    /// Nobody has joined the group that this member created.
    is_untouched: bool,
    /// When to join anew after a commit that was refused: unless the server takes it back, the others are elsewhere.
    pub(super) rejoin_at: Option<Duration>,
}

pub(super) struct Pending {
    commit: Vec<u8>,
    /// It does what the host wanted first.
    is_wish: bool,
}

/// What a commit did, and whether it was the one that a host wanted.
pub(super) struct Applied {
    pub(super) change: Change,
    pub(super) fulfils: bool,
}

impl Member {
    pub(super) fn new(now: Duration, group: Group) -> Self {
        Self {
            is_untouched: group.epoch() == 0,
            group,
            pending: None,
            next_beat: Some(now),
            people: Vec::new(),
            marks: BTreeMap::new(),
            challenges: VecDeque::new(),
            rejoin_at: None,
        }
    }

    /// The server has not yet shown that it took the group.
    pub(super) fn is_alone_by_its_own_word(&self) -> bool {
        self.is_untouched
    }

    pub(super) fn apply(&mut self, commit: &[u8], now: Duration) -> Result<Applied, Refusal> {
        let own = self.pending.take_if(|own| own.commit == commit);
        let change = match own {
            Some(_) => self.group.accepted().map_err(|Failed| Refusal::Invalid)?,
            None => self.group.take_commit(commit, now)?,
        };
        self.pending = None;
        self.rejoin_at = None;
        self.is_untouched = false;
        let fulfils = own.is_some_and(|own| own.is_wish);
        Ok(Applied { change, fulfils })
    }

    pub(super) fn participant(&self, leaf: u32) -> Option<ParticipantId> {
        let roster = self.group.roster();
        let occupant = roster.iter().find(|occupant| occupant.leaf == leaf);
        occupant.map(|occupant| occupant.identity.participant)
    }

    /// Signature keys.
    pub(super) fn keys_by_leaf(&self) -> Vec<(u32, Vec<u8>)> {
        let roster = self.group.roster().into_iter();
        roster
            .map(|occupant| (occupant.leaf, occupant.signature_key))
            .collect()
    }

    /// The group is in an epoch that it wasn't in before.
    pub(super) fn enter(&mut self, now: Duration, epochs: &Epochs, witnesses: &mut Witnesses) {
        let (roster, leaf) = (self.group.roster(), self.group.leaf());
        let epoch = self.group.epoch();
        if self.marks.is_empty() {
            witnesses.follow_as_joiner(now, epoch, &roster, leaf);
        } else {
            witnesses.follow(now, epoch, &roster, leaf);
        }
        let signs = roster.len() > 1 && is_witness(&roster, leaf);
        let soon = now + HEARTBEAT_AFTER_CHANGE;
        let due = self.next_beat.map_or(soon, |due| due.min(soon));
        self.next_beat = signs.then_some(due);
        let people = roster.into_iter();
        self.people = people
            .map(|occupant| occupant.identity.participant)
            .collect();
        self.people.sort_unstable();
        self.forget_closed(epochs);
        if let Ok(mark) = self.group.epoch_mark() {
            self.marks.insert(self.group.epoch(), mark);
        }
    }

    /// The present epoch, as frames need it.
    pub(super) fn opened(&self) -> Result<Opened, Failed> {
        let roster = self.group.roster().into_iter();
        let leaves = roster.map(|occupant| (occupant.identity.participant, occupant.leaf));
        Ok(Opened {
            at: GroupEpoch {
                group: self.group.id(),
                epoch: self.group.epoch(),
            },
            leaf: self.group.leaf(),
            leaves: leaves.collect(),
            base_key: self.group.base_key()?,
        })
    }

    /// Whoever is stuck in an epoch that closed confirms nobody.
    pub(super) fn forget_closed(&mut self, epochs: &Epochs) {
        self.marks.retain(|epoch, _| epochs.is_open(*epoch));
    }

    /// A heartbeat, when one is due.
    pub(super) fn beat(&mut self, now: Duration, signer: &Signer) -> Option<Vec<u8>> {
        self.next_beat.filter(|due| *due <= now)?;
        let epoch = self.group.epoch();
        let place = Place {
            group: self.group.id(),
            epoch,
            leaf: self.group.leaf(),
            mark: self.marks.get(&epoch)?,
        };
        self.next_beat = Some(now + HEARTBEAT_INTERVAL);
        let echoes = self.challenges.drain(..).collect();
        Some(Heartbeat::sign(signer, place, echoes, now))
    }

    /// Whoever challenges again is taken when there is room.
    fn take_challenge(&mut self, now: Duration, nonce: u64) {
        let Some(due) = self.next_beat else {
            return;
        };
        if self.challenges.len() < MOST_ECHOES && !self.challenges.contains(&nonce) {
            self.challenges.push_back(nonce);
            self.next_beat = Some(due.min(now + HEARTBEAT_AFTER_CHANGE));
        }
    }

    /// Who signed a heartbeat in one of our epochs, and what it tells.
    fn read_beat(&self, bytes: &[u8], witnesses: &Witnesses) -> Option<(ParticipantId, Beat)> {
        let heartbeat = Heartbeat::read(bytes, self.group.id())?;
        let mark = self.marks.get(&heartbeat.epoch)?;
        let roster = self.group.roster();
        let occupant = roster
            .iter()
            .find(|occupant| occupant.leaf == heartbeat.leaf)?;
        // A signature costs more to verify than to send.
        if !witnesses.has(occupant.identity.participant) {
            return None;
        }
        let sent = heartbeat.verify(self.group.suite(), &occupant.signature_key, mark)?;
        let beat = Beat {
            epoch: heartbeat.epoch,
            sent,
            echoes: heartbeat.echoes,
        };
        Some((occupant.identity.participant, beat))
    }

    fn grant(&mut self, wish: &Wish, signer: &Signer) -> Result<Outgoing, Failed> {
        match wish {
            Wish::Rules(rules) => self.group.change_rules(signer, rules),
            Wish::Expel(key) => self.group.expel(signer, key),
            Wish::Close => self.group.close(signer),
        }
    }
}

impl Session {
    pub(super) fn hear(&mut self, now: Duration, bytes: &[u8]) {
        // Anybody can send anything: what is no heartbeat is no news.
        let State::Member(member) = &mut self.state else {
            return;
        };
        let group = member.group.id();
        if let Some(challenge) = Challenge::read(bytes, group) {
            member.take_challenge(now, challenge.nonce);
        } else if let Some((from, beat)) = member.read_beat(bytes, &self.witnesses) {
            self.witnesses.hear(now, from, &beat);
        }
        if self.witnesses.needs_challenge(now) {
            let nonce = u64::from_be_bytes(self.entropy.bytes());
            self.witnesses.challenge(now, nonce);
            let challenge = Challenge {
                group: group.0,
                nonce,
            };
            self.outputs
                .push_back(Output::Broadcast(challenge.to_bytes()));
        }
    }

    pub(super) fn want(&mut self, now: Duration, wish: Wish) {
        if self.wishes.len() >= MOST_WISHES || matches!(self.state, State::Over) {
            return self.outputs.push_back(Output::WishFailed);
        }
        self.wishes.push_back(wish);
        self.ask_for_turn(now);
    }

    /// Asks for a slot for what the host wants, until it has happened.
    pub(super) fn ask_for_turn(&mut self, now: Duration) {
        self.turn_again = None;
        let State::Member(member) = &self.state else {
            return;
        };
        if member.group.is_closed() {
            self.wishes.retain(|wish| !matches!(wish, Wish::Close));
        }
        if !self.wishes.is_empty() {
            let (group, epoch) = (member.group.id(), member.group.epoch());
            self.turn_again = Some(now + TURN_PATIENCE);
            self.send(ToServer::Turn { group, epoch });
        }
    }

    /// Uses a slot: for what the server proposed in this epoch, else for what the host wants.
    pub(super) fn commit(&mut self, group: GroupId, epoch: u64) {
        let State::Member(member) = &mut self.state else {
            return;
        };
        if member.group.id() != group || member.group.epoch() != epoch {
            return;
        }
        let signer = &self.config.signer;
        let is_wish = member.group.leaves_to_remove().is_empty();
        let outgoing = match self.wishes.front() {
            Some(wish) if is_wish => member.grant(wish, signer),
            _ => member.group.commit_removals(signer),
        };
        let Ok(outgoing) = outgoing else {
            // Only a host's wish is granted; a slot without anything to commit is left alone.
            let failed = self.wishes.pop_front_if(|_| is_wish);
            return self.outputs.extend(failed.map(|_| Output::WishFailed));
        };
        member.pending = Some(Pending {
            commit: outgoing.commit.clone(),
            is_wish,
        });
        self.send(ToServer::Commit {
            group,
            epoch,
            leaf: None,
            commit: outgoing.commit,
            group_info: outgoing.group_info,
        });
    }
}

/// A slot's lease, and a few before it.
const TURN_PATIENCE: Duration = Duration::from_secs(5);
/// What one host clicks in a moment.
const MOST_WISHES: usize = 32;
