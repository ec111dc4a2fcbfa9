//! The record of what the delivery service has said of participants: kept beside the meeting's work, which waits for
//! no record.

use std::time::Duration;

use conclave_audit::{Actor, Entry, Event};
use conclave_policy::delivery::Note;
use conclave_protocol::mls::GroupId;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::{Record, Store, WriteError};
use tokio::time::timeout;

use super::groups::name;
use crate::{Clock, recorded};

/// One note, of several.
pub(super) struct Notes {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) meeting: MeetingId,
    pub(super) group: GroupId,
    pub(super) what: Note,
    pub(super) participants: Vec<ParticipantId>,
}

impl Notes {
    /// In one write. What was said stands, whether it is recorded or not.
    pub(super) async fn keep(self) {
        match timeout(KEEP, self.write()).await {
            Ok(Some(Ok(()))) => {}
            Ok(Some(Err(error))) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "what the delivery service said could not be recorded"
            ),
            Ok(None) => tracing::error!("what the delivery service said could not be written down"),
            Err(_elapsed) => {
                tracing::error!("what the delivery service said was not recorded in time")
            }
        }
    }

    async fn write(&self) -> Option<Result<(), WriteError>> {
        let meeting = self.store.meeting(self.meeting).await.ok()?;
        let organisation = meeting.map(|meeting| meeting.organisation);
        let now = self.clock.now();
        let entry = |participant: &ParticipantId| {
            let entry = recorded::entry(now, Actor::System, self.event(*participant)).ok()?;
            Some(recorded::filed(entry, organisation))
        };
        let entries: Option<Vec<Entry>> = self.participants.iter().map(entry).collect();
        let entries = entries?;
        let record = Record::after(move |_: &()| entries);
        Some(self.store.record(record).await)
    }

    fn event(&self, ParticipantId(participant): ParticipantId) -> Event {
        let (meeting, group) = (self.meeting.0, name(self.group));
        match self.what {
            Note::Removal => Event::E2eeRemoval {
                meeting,
                group,
                participant,
            },
            Note::Distrust => Event::E2eeDistrust {
                meeting,
                group,
                participant,
            },
        }
    }
}

/// Longer keeps a server that stops waiting; shorter loses records while the database is merely slow.
const KEEP: Duration = Duration::from_secs(10);
