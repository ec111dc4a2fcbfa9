//! One group as the delivery service knows it: whose leaf is whose, and how far each member has come.

use std::collections::{BTreeMap, BTreeSet};

use conclave_protocol::mls::{CurrentGroup, Epoch, GroupId, LeafIndex, Opaque};
use conclave_protocol::{ParticipantId, Timestamp};

use super::doubts::{Author, Doubts};
use super::log::{Log, LoggedCommit};
use super::trial::Trial;

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
    /// The sender is a host or co-host.
    pub(super) led: bool,
    pub(super) group_info: Opaque,
    pub(super) entered: Option<LeafIndex>,
    pub(super) removed: Vec<LeafIndex>,
}

pub(super) struct Group {
    pub(super) id: GroupId,
    pub(super) epoch: Epoch,
    pub(super) group_info: Opaque,
    /// Of the GroupInfo, as far as that is on record.
    pub(super) author: Option<Author>,
    pub(super) doubts: Doubts,
    pub(super) log: Log,
    pub(super) proposed: Option<Proposed>,
    /// Of each logged commit, by the epoch that it made. A later one does not end it: members who refuse an epoch
    /// see no other.
    trials: BTreeMap<Epoch, Trial>,
    /// When the latest commit is followed by the next, whoever is slow.
    settled_at: Option<Timestamp>,
    leaves: BTreeMap<LeafIndex, Leaf>,
    /// Leaves to remove. Their owners are gone, or have entered again at another leaf.
    removals: BTreeSet<LeafIndex>,
    /// Of these, those that were proposed in this epoch or an earlier one.
    known_removals: BTreeSet<LeafIndex>,
    /// Where removals are proposed one by one, since nobody has committed all of them: the last.
    single: Option<LeafIndex>,
    /// Who was asked for a commit of late and sent none: the others are asked before them.
    passed: BTreeSet<ParticipantId>,
    processed: BTreeMap<ParticipantId, Epoch>,
    /// That everybody has processed this epoch is told once.
    told_all_processed: bool,
}

/// The removals that are proposed for this epoch: a commit of any proposals is one of these at least.
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

#[derive(Clone, Copy, PartialEq, Eq)]
struct Leaf {
    participant: ParticipantId,
    since: Epoch,
}

impl Group {
    /// In epoch 0, with its creator at leaf 0 (RFC 9420, 11).
    pub(super) fn created(
        id: GroupId,
        group_info: Opaque,
        creator: ParticipantId,
        led: bool,
    ) -> Self {
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
        let participant = creator;
        group.author = Some(Author { participant, led });
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
            author: None,
            doubts: Doubts::default(),
            log: Log::restored(kept.epoch, kept.commits),
            proposed: None,
            trials: BTreeMap::new(),
            settled_at: None,
            leaves: leaves.collect(),
            removals: BTreeSet::new(),
            known_removals: BTreeSet::new(),
            single: None,
            passed: BTreeSet::new(),
            processed: BTreeMap::new(),
            told_all_processed: false,
        };
        group.removals = group.deserted().collect();
        group.author = group.recorded_author();
        let trials = group.log.iter().map(|commit| {
            let made = commit.epoch.next();
            let were_there = group.leaves.values().filter(|leaf| leaf.since < made);
            let judges = were_there.map(|leaf| leaf.participant);
            (made, Trial::of(commit.sender, false, judges))
        });
        group.trials = trials.collect();
        group
    }

    /// What the store does not have, of an earlier state of the group: who is gone, and of whom members were told so.
    pub(super) fn remember(&mut self, earlier: &Self) {
        if self.id != earlier.id {
            return;
        }
        let stays = |leaf: &&LeafIndex| {
            let (then, now) = (earlier.leaves.get(leaf), self.leaves.get(leaf));
            now.is_some() && now == then
        };
        let lost = earlier.removals.iter().filter(stays).copied();
        let known = earlier.known_removals.iter().filter(stays).copied();
        self.removals.extend(lost);
        self.known_removals.extend(known);
        self.passed.clone_from(&earlier.passed);
    }

    /// Who made the present epoch, or the group.
    fn recorded_author(&self) -> Option<Author> {
        let first = || self.owner_of(LeafIndex(0));
        let participant = match self.log.iter().last() {
            Some(commit) => Some(commit.sender),
            None if self.epoch == Epoch(0) => first(),
            None => None,
        };
        let led = false;
        participant.map(|participant| Author { participant, led })
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

    pub(super) fn leaves(&self) -> impl Iterator<Item = LeafIndex> {
        self.leaves.keys().copied()
    }

    /// Proposes removals one by one until all are committed: nobody has committed all at once, and one of them may be
    /// impossible.
    pub(super) fn propose_singly(&mut self) {
        self.single.get_or_insert(LeafIndex(u32::MAX));
        self.proposed = None;
    }

    /// What to propose next.
    pub(super) fn next_removals(&mut self) -> Vec<LeafIndex> {
        let Some(last) = self.single else {
            return self.removals.iter().copied().collect();
        };
        let later = self
            .removals
            .range(LeafIndex(last.0.saturating_add(1))..)
            .next();
        let next = later.or(self.removals.first()).copied();
        self.single = next.or(self.single);
        next.into_iter().collect()
    }

    pub(super) fn is_single(&self) -> bool {
        self.single.is_some()
    }

    /// `member` was asked for a commit and sent none. When all have been, it begins anew.
    pub(super) fn pass(&mut self, member: ParticipantId, present: &BTreeSet<ParticipantId>) {
        self.passed.insert(member);
        let there = |one: &ParticipantId| present.contains(one);
        let mut members = self.remaining().map(|(_, one)| one).filter(there);
        let all = members.all(|one| self.passed.contains(&one));
        drop(members);
        if all {
            self.passed.clear();
        }
    }

    pub(super) fn has_passed(&self, member: ParticipantId) -> bool {
        self.passed.contains(&member)
    }

    /// Whether `member` is known to be in this epoch.
    pub(super) fn follows(&self, member: ParticipantId) -> bool {
        self.processed.get(&member) == Some(&self.epoch)
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
        let trials = self.trials.values_mut();
        trials.for_each(|trial| trial.lose(participant));
        self.doubts.lose(participant);
        self.passed.remove(&participant);
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

    /// Makes the next epoch, which is settled at `settled_at` at the latest. Who made earlier ones so that nobody could
    /// enter, as whoever entered has shown.
    pub(super) fn apply(
        &mut self,
        accepted: Accepted,
        settled_at: Timestamp,
    ) -> Vec<ParticipantId> {
        self.epoch = accepted.commit.epoch.next();
        let sender = accepted.commit.sender;
        let author = self.author.map(|author| author.participant);
        let shown = accepted.entered.map(|_| self.doubts.settle(sender, author));
        self.doubts.replaced();
        self.author = Some(Author {
            participant: sender,
            led: accepted.led,
        });
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
        self.passed.remove(&sender);
        self.single = self.single.filter(|_| !self.removals.is_empty());
        let members: BTreeSet<_> = self.remaining().map(|(_, member)| member).collect();
        self.processed.retain(|member, _| members.contains(member));
        let trial = Trial::of(accepted.commit.sender, accepted.led, members.into_iter());
        self.trials.insert(self.epoch, trial);
        self.settled_at = Some(settled_at);
        self.group_info = accepted.group_info;
        self.log.push(accepted.commit);
        let oldest = self.log.oldest().unwrap_or(self.epoch);
        self.trials.retain(|made, _| *made > oldest);
        self.proposed = None;
        self.told_all_processed = false;
        shown.unwrap_or_default()
    }

    pub(super) fn process(&mut self, participant: ParticipantId, epoch: Epoch) {
        let processed = self.processed.entry(participant).or_insert(epoch);
        *processed = (*processed).max(epoch);
    }

    /// Whether everybody connected has processed this epoch, unless that was told before.
    pub(super) fn turns_out_processed(&mut self, present: &BTreeSet<ParticipantId>) -> bool {
        let turns_out = !self.told_all_processed && self.have_all_processed(present);
        self.told_all_processed |= turns_out;
        turns_out
    }

    fn have_all_processed(&self, present: &BTreeSet<ParticipantId>) -> bool {
        let members = self.remaining().map(|(_, member)| member);
        let mut connected =
            members.filter(|member| present.contains(member) && !self.refuses(*member));
        let first = connected.next();
        first.is_some_and(|first| self.follows(first))
            && connected.all(|member| self.follows(member))
    }

    /// Of the commit that made `epoch`, for as long as it is logged.
    pub(super) fn trial(&mut self, epoch: Epoch) -> Option<&mut Trial> {
        self.trials.get_mut(&epoch)
    }

    /// Of a commit that most refuse of those who can have judged it.
    pub(super) fn lost_trial(&self, present: &BTreeSet<ParticipantId>) -> Option<&Trial> {
        let lost = |made: Epoch, trial: &Trial| {
            let processed = |judge: &_| self.processed.get(judge).is_some_and(|at| *at >= made);
            trial.is_lost(|judge| present.contains(judge) || processed(judge))
        };
        let mut trials = self.trials.iter();
        trials.find_map(|(made, trial)| lost(*made, trial).then_some(trial))
    }

    /// Until when the next commit waits for most of those who are there to say what they think of the latest.
    /// `sender`, whose the next one is, has processed it.
    pub(super) fn unsettled_until(
        &self,
        now: Timestamp,
        present: &BTreeSet<ParticipantId>,
        sender: Option<ParticipantId>,
    ) -> Option<Timestamp> {
        let until = self.settled_at.filter(|at| now < *at)?;
        let trial = self.trials.get(&self.epoch)?;
        let (mut there, mut spoken) = (0, 0);
        for judge in trial.judges().filter(|judge| present.contains(judge)) {
            let has_spoken =
                self.follows(judge) || Some(judge) == sender || trial.is_refused_by(judge);
            there += 1;
            spoken += usize::from(has_spoken);
        }
        (there > 0 && spoken * 2 <= there).then_some(until)
    }

    /// Of joiners who can't enter, with nobody left to make it possible.
    pub(super) fn is_shut(&self, present: &BTreeSet<ParticipantId>) -> bool {
        if !self.doubts.are_any() {
            return false;
        }
        let members = self.remaining().map(|(_, member)| member);
        let there = members.filter(|member| present.contains(member));
        self.doubts.outweigh(&there.collect(), present)
    }

    /// Whether `member` does not follow to this epoch.
    fn refuses(&self, member: ParticipantId) -> bool {
        let trial = self.trials.get(&self.epoch);
        trial.is_some_and(|trial| trial.is_refused_by(member))
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
