//! A meeting's MLS group, as its delivery service goes on from it.

use conclave_policy::delivery::{Kept, KeptLeaf, LoggedCommit};
use conclave_protocol::mls::{Epoch, GroupId, LeafIndex, Opaque};
use conclave_protocol::{MeetingId, ParticipantId};

use crate::engine::{Link, row, statements};

row! {
    pub(crate) struct LeafRow {
        leaf: LeafIndex,
        participant: ParticipantId,
        since: Epoch,
    }
}

row! {
    pub(crate) struct CommitRow {
        epoch: Epoch,
        sender: ParticipantId,
        message: Opaque,
    }
}

pub(crate) async fn of_meeting(
    link: &mut Link<'_>,
    meeting: MeetingId,
) -> Result<Option<Kept>, sqlx::Error> {
    let Some((group, epoch, group_info)) = group_of(link, meeting).await? else {
        return Ok(None);
    };
    let leaves = leaves_of(link, group).await?.into_iter();
    let commits = commits_of(link, group).await?.into_iter();
    Ok(Some(Kept {
        group,
        epoch,
        group_info,
        leaves: leaves
            .map(|row| KeptLeaf {
                leaf: row.leaf,
                participant: row.participant,
                since: row.since,
            })
            .collect(),
        commits: commits
            .map(|row| LoggedCommit {
                epoch: row.epoch,
                sender: row.sender,
                message: row.message,
            })
            .collect(),
    }))
}

statements! {
    optional group_of(meeting: MeetingId) -> (GroupId, Epoch, Opaque)
        = "SELECT id, epoch, group_info FROM mls_group WHERE meeting = $1 AND ended_at IS NULL";

    all leaves_of(group: GroupId) -> LeafRow
        = "SELECT leaf, participant, since FROM mls_leaf WHERE mls_group = $1 ORDER BY leaf";

    all commits_of(group: GroupId) -> CommitRow
        = "SELECT epoch, sender, message FROM mls_commit WHERE mls_group = $1 ORDER BY epoch";
}
