//! A meeting's MLS group: begun, led from epoch to epoch by one commit each, ended.

use conclave_policy::delivery::LoggedCommit;
use conclave_protocol::mls::{Epoch, GroupId, LeafIndex, Opaque};
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};

use super::{Action, Apply, Failure};
use crate::engine::{Link, statements};
use crate::error::Refused;

/// Begins the meeting's group, in epoch 0, with its creator at leaf 0. Refused: [`Refused::Conflict`] when
/// the meeting has a group or the id was used before, [`Refused::MeetingEnded`], [`Refused::NotFound`].
pub struct CreateGroup {
    pub meeting: MeetingId,
    pub group: GroupId,
    pub group_info: Opaque,
    pub creator: ParticipantId,
    pub at: Timestamp,
}

/// Makes the next epoch. Refused: [`Refused::Conflict`] when the group is not, or no longer, in the commit's epoch.
pub struct KeepCommit {
    pub group: GroupId,
    pub commit: LoggedCommit,
    /// Of the next epoch.
    pub group_info: Opaque,
    /// The leaf that the sender entered at.
    pub entered: Option<LeafIndex>,
    pub removed: Vec<LeafIndex>,
    /// Commits to epochs before this one are forgotten.
    pub keep_from: Epoch,
    pub at: Timestamp,
}

/// Ends a group and forgets everything of it but its id. Refused: [`Refused::NotFound`] for one that is not there, or has ended.
pub struct EndGroup {
    pub group: GroupId,
    pub at: Timestamp,
}

impl Action for CreateGroup {}

impl Apply for CreateGroup {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        match has_ended(link, self.meeting).await? {
            None => return Err(Refused::NotFound.into()),
            Some((true,)) => return Err(Refused::MeetingEnded.into()),
            Some((false,)) => {}
        }
        let begun = begin(link, self.group, self.meeting, self.group_info, self.at).await?;
        if begun == 0 {
            return Err(Refused::Conflict.into());
        }
        let (leaf, since) = (LeafIndex(0), Epoch(0));
        enter(link, self.group, leaf, self.creator, since).await?;
        Ok(())
    }
}

impl Action for KeepCommit {}

impl Apply for KeepCommit {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let Self { group, commit, .. } = self;
        let next = commit.epoch.next();
        if advance(link, group, commit.epoch, self.group_info, self.at).await? == 0 {
            return Err(Refused::Conflict.into());
        }
        for leaf in self.removed {
            remove(link, group, leaf).await?;
        }
        if let Some(leaf) = self.entered {
            enter(link, group, leaf, commit.sender, next).await?;
        }
        log(link, group, commit.epoch, commit.sender, commit.message).await?;
        forget_commits_before(link, group, self.keep_from).await?;
        Ok(())
    }
}

impl Action for EndGroup {}

impl Apply for EndGroup {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        if end(link, self.group, self.at, Vec::new()).await? == 0 {
            return Err(Refused::NotFound.into());
        }
        forget_commits_before(link, self.group, Epoch(u64::MAX)).await?;
        forget_leaves(link, self.group).await?;
        Ok(())
    }
}

/// Ends the groups of meetings that ended while nobody looked after them.
pub(super) async fn end_left_behind(
    link: &mut Link<'_>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    end_of_ended_meetings(link, now, Vec::new()).await?;
    forget_commits_of_ended(link).await?;
    forget_leaves_of_ended(link).await?;
    Ok(())
}

statements! {
    optional has_ended(meeting: MeetingId) -> (bool,)
        = "SELECT state = 'ended' FROM meeting WHERE id = $1";

    execute begin(id: GroupId, meeting: MeetingId, group_info: Opaque, at: Timestamp)
        = "INSERT INTO mls_group (id, meeting, epoch, group_info, created_at, changed_at)
           VALUES ($1, $2, 0, $3, $4, $4) ON CONFLICT DO NOTHING";

    execute advance(id: GroupId, epoch: Epoch, group_info: Opaque, at: Timestamp)
        = "UPDATE mls_group SET epoch = epoch + 1, group_info = $3, changed_at = $4
           WHERE id = $1 AND epoch = $2 AND ended_at IS NULL";

    execute enter(group: GroupId, leaf: LeafIndex, participant: ParticipantId, since: Epoch)
        = "INSERT INTO mls_leaf (mls_group, leaf, participant, since) VALUES ($1, $2, $3, $4)";

    execute remove(group: GroupId, leaf: LeafIndex)
        = "DELETE FROM mls_leaf WHERE mls_group = $1 AND leaf = $2";

    execute forget_leaves(group: GroupId)
        = "DELETE FROM mls_leaf WHERE mls_group = $1";

    execute log(group: GroupId, epoch: Epoch, sender: ParticipantId, message: Opaque)
        = "INSERT INTO mls_commit (mls_group, epoch, sender, message) VALUES ($1, $2, $3, $4)";

    execute forget_commits_before(group: GroupId, epoch: Epoch)
        = "DELETE FROM mls_commit WHERE mls_group = $1 AND epoch < $2";

    execute end(id: GroupId, at: Timestamp, nothing: Vec<u8>)
        = "UPDATE mls_group SET ended_at = $2, group_info = $3
           WHERE id = $1 AND ended_at IS NULL";

    execute end_of_ended_meetings(at: Timestamp, nothing: Vec<u8>)
        = "UPDATE mls_group SET ended_at = $1, group_info = $2
           WHERE ended_at IS NULL
             AND EXISTS (SELECT 1 FROM meeting m WHERE m.id = mls_group.meeting AND m.state = 'ended')";

    execute forget_commits_of_ended()
        = "DELETE FROM mls_commit
           WHERE mls_group IN (SELECT id FROM mls_group WHERE ended_at IS NOT NULL)";

    execute forget_leaves_of_ended()
        = "DELETE FROM mls_leaf
           WHERE mls_group IN (SELECT id FROM mls_group WHERE ended_at IS NOT NULL)";
}
