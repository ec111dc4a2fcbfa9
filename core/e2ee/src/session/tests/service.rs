//! An honest delivery service: one commit per epoch, slots in turn, removals first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use openmls::group::{GroupEpoch, GroupId as MlsGroupId};
use openmls::messages::external_proposals::ExternalProposal;
use openmls::prelude::{LeafNodeIndex, SenderExtensionIndex};

use crate::identity::ParticipantId;
use crate::meeting::GroupId;
use crate::provider::Provider;
use crate::session::{FromServer, Refused, ToServer};
use crate::signer::Signer;

/// A message on its way to one member.
#[derive(Clone)]
pub(super) enum Mail {
    SlotToCreate,
    SlotToJoin(GroupId, u64, Vec<u8>),
    SlotToCommit(GroupId, u64),
    Refused(Refused),
    Commit(GroupId, u64, ParticipantId, Vec<u8>),
    Removal(GroupId, u64, Vec<Vec<u8>>),
    AllProcessed(GroupId, u64),
    State(GroupId, u64),
    Ended(GroupId),
    Heartbeat(Vec<u8>),
    Letter(ParticipantId, Vec<u8>),
}

impl Mail {
    pub(super) fn as_message(&self) -> Option<FromServer<'_>> {
        Some(match self {
            Self::SlotToCreate => FromServer::SlotToCreate,
            Self::SlotToJoin(group, epoch, info) => FromServer::SlotToJoin {
                group: *group,
                epoch: *epoch,
                group_info: info,
            },
            Self::SlotToCommit(group, epoch) => FromServer::SlotToCommit {
                group: *group,
                epoch: *epoch,
            },
            Self::Refused(reason) => FromServer::Refused(*reason),
            Self::Commit(group, epoch, sender, commit) => FromServer::Commit {
                group: *group,
                epoch: *epoch,
                sender: *sender,
                commit,
            },
            Self::Removal(group, epoch, proposals) => FromServer::Removal {
                group: *group,
                epoch: *epoch,
                proposals,
            },
            Self::AllProcessed(group, epoch) => FromServer::AllProcessed {
                group: *group,
                epoch: *epoch,
            },
            Self::State(group, epoch) => FromServer::State {
                group: *group,
                epoch: *epoch,
            },
            Self::Ended(group) => FromServer::Ended { group: *group },
            Self::Heartbeat(_) | Self::Letter(..) => return None,
        })
    }

    /// Whether it is kept for whoever is away.
    pub(super) fn is_numbered(&self) -> bool {
        matches!(
            self,
            Self::Commit(..) | Self::Removal(..) | Self::AllProcessed(..) | Self::Ended(..)
        )
    }
}

pub(super) struct Service {
    pub(super) signer: Signer,
    pub(super) live: Option<Live>,
    pub(super) online: BTreeSet<ParticipantId>,
    joins: VecDeque<ParticipantId>,
    turns: VecDeque<ParticipantId>,
    slot: Option<Slot>,
    removals: BTreeSet<ParticipantId>,
    outbox: VecDeque<(ParticipantId, Mail)>,
}

/// The group, as far as the service sees it.
#[derive(Clone)]
pub(super) struct Live {
    pub(super) id: GroupId,
    pub(super) epoch: u64,
    pub(super) info: Vec<u8>,
    /// Of the group info.
    author: ParticipantId,
    pub(super) leaves: BTreeMap<u32, ParticipantId>,
    processed: BTreeSet<ParticipantId>,
    proposed: BTreeSet<ParticipantId>,
    /// Committers that let their turn pass.
    silent: BTreeSet<ParticipantId>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Slot {
    holder: ParticipantId,
    kind: Kind,
    until: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Create,
    Join,
    Removals,
    Turn,
}

impl Service {
    pub(super) fn new(signer: Signer) -> Self {
        Self {
            signer,
            live: None,
            online: BTreeSet::new(),
            joins: VecDeque::new(),
            turns: VecDeque::new(),
            slot: None,
            removals: BTreeSet::new(),
            outbox: VecDeque::new(),
        }
    }

    pub(super) fn remove(&mut self, participant: ParticipantId) {
        self.removals.insert(participant);
        self.joins.retain(|joiner| *joiner != participant);
    }

    pub(super) fn handle(&mut self, now: Duration, from: ParticipantId, message: ToServer) {
        match message {
            ToServer::Join => {
                self.removals.remove(&from);
                if !self.joins.contains(&from) {
                    self.joins.push_back(from);
                }
            }
            ToServer::Create { group, group_info } => self.create(from, group, group_info),
            ToServer::Commit {
                group,
                epoch,
                leaf,
                commit,
                group_info,
            } => self.commit(from, (group, epoch), leaf, commit, group_info),
            ToServer::Processed { group, epoch } => self.processed(from, group, epoch),
            ToServer::Turn { .. } if self.turns.contains(&from) => {}
            ToServer::Turn { .. } => self.turns.push_back(from),
            ToServer::Invalid { .. } => self.renew(from),
            ToServer::Pass => self.end_slot_of(from),
        }
        self.settle(now);
    }

    pub(super) fn poll(&mut self) -> Option<(ParticipantId, Mail)> {
        self.outbox.pop_front()
    }

    pub(super) fn wake_at(&self) -> Option<Duration> {
        self.slot.map(|slot| slot.until)
    }

    fn create(&mut self, from: ParticipantId, id: GroupId, info: Vec<u8>) {
        if !self.slot_is(from, &[Kind::Create]) {
            return self
                .outbox
                .push_back((from, Mail::Refused(Refused::NoSlot)));
        }
        self.slot = None;
        self.live = Some(Live {
            id,
            epoch: 0,
            info,
            author: from,
            leaves: BTreeMap::from([(0, from)]),
            processed: BTreeSet::from([from]),
            proposed: BTreeSet::new(),
            silent: BTreeSet::new(),
        });
    }

    fn commit(
        &mut self,
        from: ParticipantId,
        (group, epoch): (GroupId, u64),
        leaf: Option<u32>,
        commit: Vec<u8>,
        info: Vec<u8>,
    ) {
        let fits = self.slot_is(from, &[Kind::Join, Kind::Removals, Kind::Turn]);
        let Some(live) = self.live.as_mut().filter(|live| fits && live.id == group) else {
            return self
                .outbox
                .push_back((from, Mail::Refused(Refused::NoSlot)));
        };
        if live.epoch != epoch {
            return self.outbox.push_back((from, Mail::Refused(Refused::Stale)));
        }
        let members = live.leaves.clone();
        live.epoch += 1;
        live.info = info;
        live.author = from;
        live.processed.clear();
        live.silent.clear();
        match leaf {
            Some(leaf) => {
                live.leaves.retain(|_, participant| *participant != from);
                live.leaves.insert(leaf, from);
            }
            None => {
                let gone = std::mem::take(&mut live.proposed);
                live.leaves
                    .retain(|_, participant| !gone.contains(participant));
                self.removals
                    .retain(|participant| !gone.contains(participant));
            }
        }
        live.proposed.clear();
        self.slot = None;
        let mail = Mail::Commit(group, epoch, from, commit);
        let receivers: BTreeSet<ParticipantId> = members.into_values().chain([from]).collect();
        for receiver in receivers {
            self.outbox.push_back((receiver, mail.clone()));
        }
    }

    /// A host's commit removed somebody: the real service learns it from the roster of its own database.
    pub(super) fn forget(&mut self, participant: ParticipantId) {
        if let Some(live) = &mut self.live {
            live.leaves.retain(|_, member| *member != participant);
        }
    }

    fn processed(&mut self, from: ParticipantId, group: GroupId, epoch: u64) {
        let online = &self.online;
        let Some(live) = self
            .live
            .as_mut()
            .filter(|live| live.id == group && live.epoch == epoch)
        else {
            return;
        };
        live.processed.insert(from);
        let mut members = live
            .leaves
            .values()
            .filter(|member| online.contains(member));
        if members.all(|member| live.processed.contains(member)) {
            for member in live.leaves.values() {
                self.outbox
                    .push_back((*member, Mail::AllProcessed(group, epoch)));
            }
        }
    }

    /// Has another member than the author commit, where a joiner can't enter by the group info.
    fn renew(&mut self, from: ParticipantId) {
        let enters = self.slot_is(from, &[Kind::Join]);
        let Some(live) = self.live.as_ref().filter(|_| enters) else {
            return;
        };
        let mut members = live.leaves.values();
        let able = members.find(|one| **one != live.author && self.online.contains(one));
        self.turns.extend(able);
        self.slot = None;
    }

    fn end_slot_of(&mut self, holder: ParticipantId) {
        if let Some(slot) = self.slot.take_if(|slot| slot.holder == holder)
            && let (Some(live), Kind::Removals) = (&mut self.live, slot.kind)
        {
            live.silent.insert(holder);
        }
    }

    fn slot_is(&self, holder: ParticipantId, kinds: &[Kind]) -> bool {
        self.slot
            .is_some_and(|slot| slot.holder == holder && kinds.contains(&slot.kind))
    }

    /// Ends slots that ran out, and gives the next: pending removals, then turns, then joins.
    pub(super) fn settle(&mut self, now: Duration) {
        if let Some(slot) = self.slot.filter(|slot| slot.until <= now) {
            self.end_slot_of(slot.holder);
        }
        if self.slot.is_some() {
            return;
        }
        if self.live.is_none() {
            return self.offer_creation(now);
        }
        if !self.offer_removals(now) && !self.offer_turn(now) {
            self.offer_join(now);
        }
    }

    fn offer_creation(&mut self, now: Duration) {
        let Some(holder) = self.next_joiner() else {
            return;
        };
        self.grant(now, holder, Kind::Create, LEASE, Mail::SlotToCreate);
    }

    fn offer_removals(&mut self, now: Duration) -> bool {
        let Some(live) = &mut self.live else {
            return false;
        };
        let going: Vec<(u32, ParticipantId)> = live
            .leaves
            .iter()
            .filter(|(_, member)| self.removals.contains(member))
            .map(|(leaf, member)| (*leaf, *member))
            .collect();
        let mut able = live.leaves.values().filter(|member| {
            self.online.contains(member)
                && !self.removals.contains(member)
                && !live.silent.contains(member)
        });
        let (false, Some(holder)) = (going.is_empty(), able.next().copied()) else {
            live.silent.clear();
            return false;
        };
        let (id, epoch) = (live.id, live.epoch);
        live.proposed = going.iter().map(|(_, member)| *member).collect();
        let members: Vec<ParticipantId> = live.leaves.values().copied().collect();
        let proposals: Vec<Vec<u8>> = going
            .iter()
            .map(|(leaf, _)| removal(&self.signer, id, epoch, *leaf))
            .collect();
        for member in members {
            self.outbox
                .push_back((member, Mail::Removal(id, epoch, proposals.clone())));
        }
        self.grant(
            now,
            holder,
            Kind::Removals,
            TAKE_OVER,
            Mail::SlotToCommit(id, epoch),
        );
        true
    }

    fn offer_turn(&mut self, now: Duration) -> bool {
        let Some((id, epoch)) = self.live.as_ref().map(|live| (live.id, live.epoch)) else {
            return false;
        };
        while let Some(holder) = self.turns.pop_front() {
            if self.online.contains(&holder) {
                self.grant(
                    now,
                    holder,
                    Kind::Turn,
                    LEASE,
                    Mail::SlotToCommit(id, epoch),
                );
                return true;
            }
        }
        false
    }

    fn offer_join(&mut self, now: Duration) {
        let Some(holder) = self.next_joiner() else {
            return;
        };
        if let Some(live) = &self.live {
            let mail = Mail::SlotToJoin(live.id, live.epoch, live.info.clone());
            self.grant(now, holder, Kind::Join, LEASE, mail);
        }
    }

    fn next_joiner(&mut self) -> Option<ParticipantId> {
        let online = &self.online;
        let at = self
            .joins
            .iter()
            .position(|joiner| online.contains(joiner))?;
        self.joins.remove(at)
    }

    fn grant(
        &mut self,
        now: Duration,
        holder: ParticipantId,
        kind: Kind,
        lease: Duration,
        mail: Mail,
    ) {
        let until = now + lease;
        self.slot = Some(Slot {
            holder,
            kind,
            until,
        });
        self.outbox.push_back((holder, mail));
    }
}

/// The server's proposal to remove a leaf.
pub(super) fn removal(signer: &Signer, group: GroupId, epoch: u64, leaf: u32) -> Vec<u8> {
    ExternalProposal::new_remove::<Provider>(
        LeafNodeIndex::new(leaf),
        MlsGroupId::from_slice(&group.0),
        GroupEpoch::from(epoch),
        signer,
        SenderExtensionIndex::new(0),
    )
    .unwrap()
    .to_bytes()
    .unwrap()
}

const LEASE: Duration = Duration::from_secs(2);
const TAKE_OVER: Duration = Duration::from_millis(300);
