//! One group as the delivery service knows it: whose leaf is whose, and how far each member has come.

use std::collections::{BTreeMap, BTreeSet};

use conclave_protocol::mls::{CurrentGroup, Epoch, GroupId, LeafIndex, Opaque};
use conclave_protocol::{ParticipantId, Timestamp};

use super::log::{Log, LoggedCommit};

/// A group as the store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub group: GroupId,
    pub epoch: Epoch,
    /// Of this epoch.
    pub group_info: Opaque,
    pub leaves: Vec<KeptLeaf>,
    /// The latest, in any order.
    pub commits: Vec<LoggedCommit>,
}

/// A leaf that somebody entered at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeptLeaf {
    pub leaf: LeafIndex,
    pub participant: ParticipantId,
    /// The first epoch that they were in with this leaf. Of several leaves the latest is theirs.
    pub since: Epoch,
}

/// A commit that may be kept: what it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Accepted {
    pub(super) commit: LoggedCommit,
    pub(super) group_info: Opaque,
    pub(super) entered: Option<LeafIndex>,
    pub(super) removed: Vec<LeafIndex>,
}

pub(super) struct Group {
    pub(super) id: GroupId,
    pub(super) epoch: Epoch,
    pub(super) group_info: Opaque,
    pub(super) log: Log,
    pub(super) proposed: Option<Proposed>,
    /// Who refused the commit that made this epoch.
    pub(super) reports: BTreeSet<ParticipantId>,
    pub(super) reports_due: Option<Timestamp>,
    leaves: BTreeMap<LeafIndex, Leaf>,
    /// Leaves to remove. Their owners are gone, or have entered again at another leaf.
    removals: BTreeSet<LeafIndex>,
    /// Of these, those that were proposed in this epoch or an earlier one.
    known_removals: BTreeSet<LeafIndex>,
    processed: BTreeMap<ParticipantId, Epoch>,
    /// That everybody has processed this epoch is told once.
    told_all_processed: bool,
}

/// The removals that are proposed for this epoch: never fewer or others, so that a commit of them is one of all.
pub(super) struct Proposed {
    pub(super) leaves: Vec<LeafIndex>,
    pub(super) proposals: Vec<Opaque>,
    /// Who was asked last.
    pub(super) committer: Committer,
}

/// A member who commits removals.
#[derive(Clone, Copy)]
pub(super) struct Committer {
    pub(super) leaf: LeafIndex,
    pub(super) participant: ParticipantId,
}

#[derive(Clone, Copy)]
struct Leaf {
    participant: ParticipantId,
    since: Epoch,
}

impl Group {
    /// In epoch 0, with its creator at leaf 0 (RFC 9420, 11).
    pub(super) fn created(id: GroupId, group_info: Opaque, creator: ParticipantId) -> Self {
        let leaf = KeptLeaf {
            leaf: LeafIndex(0),
            participant: creator,
            since: Epoch(0),
        };
        let mut group = Self::restored(Kept {
            group: id,
            epoch: Epoch(0),
            group_info,
            leaves: vec![leaf],
            commits: Vec::new(),
        });
        group.processed.insert(creator, Epoch(0));
        group
    }

    pub(super) fn restored(kept: Kept) -> Self {
        let leaves = kept.leaves.into_iter().map(|kept| {
            let leaf = Leaf {
                participant: kept.participant,
                since: kept.since,
            };
            (kept.leaf, leaf)
        });
        let mut group = Self {
            id: kept.group,
            epoch: kept.epoch,
            group_info: kept.group_info,
            log: Log::restored(kept.epoch, kept.commits),
            proposed: None,
            reports: BTreeSet::new(),
            reports_due: None,
            leaves: leaves.collect(),
            removals: BTreeSet::new(),
            known_removals: BTreeSet::new(),
            processed: BTreeMap::new(),
            told_all_processed: false,
        };
        group.removals = group.deserted().collect();
        group
    }

    pub(super) fn current(&self) -> CurrentGroup {
        CurrentGroup {
            id: self.id,
            epoch: self.epoch,
            replays_from: self.log.oldest().unwrap_or(self.epoch),
        }
    }

    /// Members who stay, by ascending leaf.
    pub(super) fn remaining(&self) -> impl Iterator<Item = (LeafIndex, ParticipantId)> {
        self.leaves
            .iter()
            .filter(|(leaf, _)| !self.removals.contains(leaf))
            .map(|(leaf, owner)| (*leaf, owner.participant))
    }

    /// Where a member who stays is.
    pub(super) fn leaf_of(&self, participant: ParticipantId) -> Option<LeafIndex> {
        let mut remaining = self.remaining();
        remaining.find_map(|(leaf, owner)| (owner == participant).then_some(leaf))
    }

    pub(super) fn owner_of(&self, leaf: LeafIndex) -> Option<ParticipantId> {
        self.leaves.get(&leaf).map(|owner| owner.participant)
    }

    /// Where a joiner enters who removes these leaves of theirs.
    pub(super) fn least_free(&self, removed: &BTreeSet<LeafIndex>) -> LeafIndex {
        let taken = |leaf: &LeafIndex| self.leaves.contains_key(leaf) && !removed.contains(leaf);
        let taken = (0..).map(LeafIndex).take_while(taken).count();
        // No more are taken than a commit can name.
        LeafIndex(u32::try_from(taken).unwrap_or(u32::MAX))
    }

    pub(super) fn removals(&self) -> &BTreeSet<LeafIndex> {
        &self.removals
    }

    /// Whose removal is proposed for the first time.
    pub(super) fn first_proposed(&mut self, leaves: &[LeafIndex]) -> Vec<ParticipantId> {
        let mut first = Vec::new();
        for leaf in leaves {
            if self.known_removals.insert(*leaf) {
                first.extend(self.owner_of(*leaf));
            }
        }
        first
    }

    /// Their leaves are to be removed.
    pub(super) fn lose(&mut self, participant: ParticipantId) {
        let leaves = self.leaves.iter();
        let lost = leaves.filter(|(_, owner)| owner.participant == participant);
        self.removals.extend(lost.map(|(leaf, _)| *leaf));
        self.reports.remove(&participant);
    }

    /// Their leaf stays after all, unless members have been told to remove it.
    pub(super) fn find_again(&mut self, participant: ParticipantId) {
        let proposed = self.proposed.as_ref();
        let Some(leaf) = self.newest_leaf_of(participant) else {
            return;
        };
        if !proposed.is_some_and(|proposed| proposed.leaves.contains(&leaf)) {
            self.removals.remove(&leaf);
            self.known_removals.remove(&leaf);
        }
    }

    /// Makes the next epoch.
    pub(super) fn apply(&mut self, accepted: Accepted) {
        self.epoch = accepted.commit.epoch.next();
        for leaf in &accepted.removed {
            self.leaves.remove(leaf);
            self.removals.remove(leaf);
            self.known_removals.remove(leaf);
        }
        if let Some(leaf) = accepted.entered {
            let owner = Leaf {
                participant: accepted.commit.sender,
                since: self.epoch,
            };
            self.leaves.insert(leaf, owner);
            let deserted: Vec<_> = self.deserted().collect();
            self.removals.extend(deserted);
        }
        let members: BTreeSet<_> = self.remaining().map(|(_, member)| member).collect();
        self.processed.retain(|member, _| members.contains(member));
        self.group_info = accepted.group_info;
        self.log.push(accepted.commit);
        self.proposed = None;
        self.reports.clear();
        self.reports_due = None;
        self.told_all_processed = false;
    }

    pub(super) fn process(&mut self, participant: ParticipantId, epoch: Epoch) {
        let processed = self.processed.entry(participant).or_insert(epoch);
        *processed = (*processed).max(epoch);
    }

    /// Whether everybody connected has processed this epoch, unless that was told before.
    pub(super) fn turns_out_processed(&mut self, present: &BTreeSet<ParticipantId>) -> bool {
        let connected: Vec<_> = self
            .remaining()
            .map(|(_, member)| member)
            .filter(|member| present.contains(member) && !self.reports.contains(member))
            .collect();
        let has_processed = |member| self.processed.get(member) == Some(&self.epoch);
        let all = !connected.is_empty() && connected.iter().all(has_processed);
        let turns_out = all && !self.told_all_processed;
        self.told_all_processed |= turns_out;
        turns_out
    }

    /// Who can judge the commit that made this epoch: everybody connected but its sender.
    pub(super) fn judges(
        &self,
        present: &BTreeSet<ParticipantId>,
    ) -> impl Iterator<Item = ParticipantId> {
        let sender = self.log.last().map(|commit| commit.sender);
        self.remaining()
            .map(|(_, member)| member)
            .filter(move |member| present.contains(member) && Some(*member) != sender)
    }

    /// Whether most of them refused it.
    pub(super) fn is_refused(&self, present: &BTreeSet<ParticipantId>) -> bool {
        let judges: Vec<_> = self.judges(present).collect();
        let against = judges.iter().filter(|judge| self.reports.contains(judge));
        against.count() * 2 > judges.len()
    }

    /// Leaves of who has entered again at another one.
    fn deserted(&self) -> impl Iterator<Item = LeafIndex> {
        self.leaves
            .iter()
            .filter(|(leaf, owner)| self.newest_leaf_of(owner.participant) != Some(**leaf))
            .map(|(leaf, _)| *leaf)
    }

    fn newest_leaf_of(&self, participant: ParticipantId) -> Option<LeafIndex> {
        self.leaves
            .iter()
            .filter(|(_, owner)| owner.participant == participant)
            .max_by_key(|(_, owner)| owner.since)
            .map(|(leaf, _)| *leaf)
    }
}
