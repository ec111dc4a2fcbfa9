//! What changes in a meeting's MLS group, made durable together with its record.

use std::time::Duration;

use conclave_audit::{Actor, Code, Event};
use conclave_policy::delivery::{Outcome, Write};
use conclave_protocol::ParticipantId;
use conclave_protocol::mls::GroupId;
use conclave_store::action::{CreateGroup, EndGroup, KeepCommit};
use conclave_store::{ReadError, WriteError};
use tokio::time::timeout;
use uuid::Uuid;

use super::owner::Owner;
use crate::recorded;
use crate::secret::NoRandomness;

#[derive(Debug, thiserror::Error)]
enum KeepError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// What became of the change. Where the store does not say in time, its state is to be read; but to end a group
/// is tried again, which harms nothing where it has ended.
pub(super) async fn keep(owner: &Owner, write: Write) -> Outcome {
    let ends = matches!(write, Write::End { .. });
    match timeout(KEEP, write_down(owner, write)).await {
        Ok(Ok(())) => Outcome::Done,
        Ok(Err(KeepError::Write(WriteError::Refused(_)))) => Outcome::Conflict,
        Err(_elapsed) => {
            tracing::warn!("a change of a meeting's group was not kept in time");
            if ends {
                Outcome::Failed
            } else {
                Outcome::Conflict
            }
        }
        Ok(Err(error)) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a change of a meeting's group was not kept"
            );
            Outcome::Failed
        }
    }
}

async fn write_down(owner: &Owner, write: Write) -> Result<(), KeepError> {
    let at = owner.clock.now();
    let meeting = owner.meeting.0;
    match write {
        Write::Create {
            group,
            group_info,
            creator,
        } => {
            let event = Event::E2eeGroup {
                meeting,
                group: name(group),
            };
            let entry = entry(owner, actor(owner, creator).await?, event).await?;
            let create = CreateGroup {
                meeting: owner.meeting,
                group,
                group_info,
                creator,
                at,
            };
            owner.store.write(create, entry).await?;
        }
        Write::Commit {
            group,
            commit,
            group_info,
            entered,
            removed,
            keep_from,
        } => {
            let event = Event::E2eeEpoch {
                meeting,
                group: name(group),
                epoch: commit.epoch.next().0,
            };
            let entry = entry(owner, actor(owner, commit.sender).await?, event).await?;
            let keep = KeepCommit {
                group,
                commit,
                group_info,
                entered,
                removed,
                keep_from,
                at,
            };
            owner.store.write(keep, entry).await?;
        }
        Write::End { group, why } => {
            let event = Event::E2eeGroupEnd {
                meeting,
                group: name(group),
            };
            let mut entry = entry(owner, Actor::System, event).await?;
            entry.reason = Some(Code::new(why.code()));
            owner.store.write(EndGroup { group, at }, entry).await?;
        }
    }
    Ok(())
}

async fn actor(owner: &Owner, participant: ParticipantId) -> Result<Actor, ReadError> {
    let found = owner.store.participant(participant).await?;
    Ok(found.map_or(Actor::System, |found| recorded::participant(&found)))
}

async fn entry(
    owner: &Owner,
    actor: Actor,
    event: Event,
) -> Result<conclave_audit::Entry, KeepError> {
    let meeting = owner.store.meeting(owner.meeting).await?;
    let entry = recorded::entry(owner.clock.now(), actor, event)?;
    let organisation = meeting.map(|meeting| meeting.organisation);
    Ok(recorded::filed(entry, organisation))
}

/// A group's 16 bytes as the log writes ids.
pub(super) fn name(group: GroupId) -> Uuid {
    Uuid::from_bytes(group.0)
}

/// How long the meeting waits for the store. Longer delays everybody's news while the database hangs; shorter
/// refuses commits while it is merely slow, and each of those is made anew.
const KEEP: Duration = Duration::from_secs(1);
