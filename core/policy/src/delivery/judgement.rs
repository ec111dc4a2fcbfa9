//! Whether a commit may be the one of its epoch.

use std::collections::BTreeSet;

use conclave_protocol::ParticipantId;
use conclave_protocol::mls::{GroupId, LeafIndex, Opaque, Reason};

use super::external_sender::ExternalSender;
use super::framing::{Changes, Malformed, Sender, read_commit, read_group_info, reference};
use super::group::{Accepted, Group};
use super::log::LoggedCommit;
use super::{LARGEST_COMMIT, LARGEST_GROUP_INFO, Submission};

/// What somebody may commit at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    /// Holds the slot to enter.
    Enter,
    /// Holds the slot of a member, or it is nobody's turn: members may change what is theirs.
    Change,
    /// Removals are to be committed, and nothing else.
    Remove,
    Nothing,
}

/// A commit as it was submitted.
pub(super) struct Submitted<'a> {
    pub(super) sender: ParticipantId,
    /// A host or co-host of the meeting.
    pub(super) leads: bool,
    pub(super) commit: &'a Opaque,
    pub(super) group_info: &'a Opaque,
    pub(super) leaf: Option<LeafIndex>,
}

/// Refuses what can't be kept, however right it may be.
pub(super) fn fits(submission: &Submission) -> bool {
    match submission {
        Submission::Create { group_info, .. } => group_info.as_bytes().len() <= LARGEST_GROUP_INFO,
        Submission::Commit {
            commit, group_info, ..
        } => {
            let fits = commit.as_bytes().len() <= LARGEST_COMMIT;
            fits && group_info.as_bytes().len() <= LARGEST_GROUP_INFO
        }
        Submission::Join
        | Submission::Processed { .. }
        | Submission::Invalid { .. }
        | Submission::Pass
        | Submission::Turn { .. }
        | Submission::Heartbeat { .. }
        | Submission::Letter { .. } => true,
    }
}

/// A group that somebody creates is in epoch 0, and signed by its first leaf.
pub(super) fn creation(id: GroupId, group_info: &Opaque) -> Result<(), Reason> {
    let info = read_group_info(group_info.as_bytes())?;
    let begins = info.group == id && info.epoch.0 == 0 && info.signer == LeafIndex(0);
    begins.then_some(()).ok_or(Reason::Malformed)
}

/// What the commit changes. It is for the group's epoch as far as its sender says.
pub(super) fn commit(
    group: &Group,
    right: Right,
    submitted: &Submitted<'_>,
    server: &ExternalSender,
) -> Result<Accepted, Reason> {
    let commit = read_commit(submitted.commit.as_bytes())?;
    let info = read_group_info(submitted.group_info.as_bytes())?;
    let belongs = (commit.group, commit.epoch) == (group.id, group.epoch);
    let follows = (info.group, info.epoch) == (group.id, group.epoch.next());
    if !belongs || !follows {
        return Err(Reason::Malformed);
    }
    let (leaf, removed) = match commit.sender {
        Sender::Joiner => entrance(group, right, submitted, &commit.changes)?,
        Sender::Member(leaf) => {
            let mut removed = change(group, right, submitted, leaf, &commit.changes)?;
            let named = referred(group, info.suite, &commit.changes.references, server);
            removed.extend(named.ok_or(Reason::Malformed)?);
            (leaf, removed)
        }
    };
    if info.signer != leaf {
        return Err(Reason::Malformed);
    }
    Ok(Accepted {
        commit: LoggedCommit {
            epoch: group.epoch,
            sender: submitted.sender,
            message: submitted.commit.clone(),
        },
        led: submitted.leads,
        group_info: submitted.group_info.clone(),
        entered: (commit.sender == Sender::Joiner).then_some(leaf),
        removed: removed.into_iter().collect(),
    })
}

/// Somebody enters at the least free leaf (RFC 9420, 7.7, 12.4.3.2), and removes no leaf but their own. Members know
/// of no other leaf: one that was named wrongly could never be removed, and would shut the next joiner out.
fn entrance(
    group: &Group,
    right: Right,
    submitted: &Submitted<'_>,
    changes: &Changes,
) -> Result<(LeafIndex, BTreeSet<LeafIndex>), Reason> {
    if right != Right::Enter {
        return Err(Reason::NoSlot);
    }
    let leaf = submitted.leaf.ok_or(Reason::Malformed)?;
    let removed: BTreeSet<_> = changes.removes.iter().copied().collect();
    let own = removed
        .iter()
        .all(|leaf| group.owner_of(*leaf) == Some(submitted.sender));
    match own && leaf == group.least_free(&removed) && leaf.0 < MOST_LEAVES {
        true => Ok((leaf, removed)),
        false => Err(Reason::Malformed),
    }
}

/// A member commits every proposed removal or none. Who leads the meeting may also remove members and change the group's extensions.
fn change(
    group: &Group,
    right: Right,
    submitted: &Submitted<'_>,
    leaf: LeafIndex,
    changes: &Changes,
) -> Result<BTreeSet<LeafIndex>, Reason> {
    match right {
        Right::Change => {}
        Right::Remove if !changes.references.is_empty() => {}
        Right::Enter | Right::Remove | Right::Nothing => return Err(Reason::NoSlot),
    }
    let own = group.leaf_of(submitted.sender) == Some(leaf) && submitted.leaf.is_none();
    let leads = submitted.leads || (changes.removes.is_empty() && !changes.context);
    let there = |leaf: &LeafIndex| group.owner_of(*leaf).is_some();
    if !own || !leads || !changes.removes.iter().all(there) {
        return Err(Reason::Malformed);
    }
    Ok(changes.removes.iter().copied().collect())
}

/// The leaves of the server's proposals that a commit refers to: each once, and of none or all that are proposed.
/// Those of an earlier word in this epoch count too. Members keep them, and nobody else can make their hashes.
fn referred(
    group: &Group,
    suite: u16,
    references: &[Vec<u8>],
    server: &ExternalSender,
) -> Option<BTreeSet<LeafIndex>> {
    if references.is_empty() {
        return Some(BTreeSet::new());
    }
    let proposed: &[LeafIndex] = group.proposed.as_ref().map_or(&[], |all| &all.leaves);
    let earlier = group.leaves().filter(|leaf| !proposed.contains(leaf));
    let mut hashes: BTreeSet<_> = references.iter().collect();
    let mut leaves = BTreeSet::new();
    for leaf in proposed.iter().copied().chain(earlier) {
        if hashes.is_empty() {
            break;
        }
        let proposal = server.propose_removal(group.id, group.epoch, leaf);
        let hash = reference(suite, proposal.as_bytes())?;
        if hashes.remove(&hash) {
            leaves.insert(leaf);
        }
    }
    let whole = proposed.iter().all(|leaf| leaves.contains(leaf));
    (whole && leaves.len() == references.len()).then_some(leaves)
}

impl From<Malformed> for Reason {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}

/// Media frames name their sender's leaf in 16 bits.
const MOST_LEAVES: u32 = 1 << 16;
