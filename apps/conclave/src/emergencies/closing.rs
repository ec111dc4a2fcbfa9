//! The end of a use: on record, and whoever is in a meeting by it is out at once.

use conclave_audit::{Actor, Code, Entry, Event};
use conclave_protocol::emergency::EmergencyEnd;
use conclave_protocol::{EmergencyUseId, Timestamp};
use conclave_store::action::{EmergencyEnded, EndEmergency};
use conclave_store::read::emergency::EmergencyUse;
use conclave_store::{ReadError, Record, Refused, WriteError};

use crate::app::App;
use crate::media::Busy;
use crate::recorded;
use crate::rooms::Room;
use crate::secret::NoRandomness;

/// Ends one use.
pub(crate) struct Closing<Stamp> {
    pub(crate) id: EmergencyUseId,
    pub(crate) by: EmergencyEnd,
    pub(crate) at: Timestamp,
    pub(crate) entry: Entry,
    /// Makes the entries of what follows.
    pub(crate) stamp: Stamp,
}

impl<Stamp> Closing<Stamp>
where
    Stamp: Fn(Actor, Event) -> Result<Entry, NoRandomness> + Send + 'static,
{
    pub(crate) async fn write(self, app: &App) -> Result<(), WriteError> {
        let Self {
            id,
            by,
            at,
            entry,
            stamp,
        } = self;
        let record = Record::after(move |ended: &EmergencyEnded| {
            let left = ended.left.iter().map(|(meeting, participant)| {
                let event = Event::MeetingLeave {
                    meeting: meeting.0,
                    participant: participant.0,
                };
                let mut left = stamp(Actor::System, event)?;
                left.reason = Some(Code::new("emergency_over"));
                Ok(left)
            });
            let left: Result<Vec<_>, NoRandomness> = left.collect();
            // Without randomness there are no entries, and without entries no end.
            left.map_or_else(|_| Vec::new(), |left| [vec![entry], left].concat())
        });
        let ended = app.store.write(EndEmergency { id, by, at }, record).await?;
        for (meeting, participant) in ended.left {
            match Room::reserve(&app.media, meeting).await {
                Ok(room) => room.put_out(participant),
                Err(Busy) => tracing::error!("a room was not told that emergency access is over"),
            }
            app.channels.changed(meeting);
        }
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
enum NotEnded {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// Ends those whose time is over. Policy opens nothing by them from then on, whether this is done or not.
pub(crate) async fn end_those_over(app: &App) {
    if let Err(error) = end_all(app).await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "emergency access whose time is over was not ended"
        );
    }
}

async fn end_all(app: &App) -> Result<(), NotEnded> {
    let now = app.clock.now();
    for used in app.store.emergencies_over(now).await? {
        match end(app, &used, now).await {
            // Its holder may have ended it a moment ago.
            Ok(()) | Err(NotEnded::Write(WriteError::Refused(Refused::NoEmergency))) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn end(app: &App, used: &EmergencyUse, now: Timestamp) -> Result<(), NotEnded> {
    let organisation = Some(used.organisation);
    let stamp = move |actor, event| {
        let entry = recorded::entry(now, actor, event)?;
        Ok(recorded::filed(entry, organisation))
    };
    let event = Event::EmergencyEnd {
        invoked: Some(used.id.0),
    };
    let mut entry = stamp(Actor::System, event)?;
    entry.reason = Some(Code::new("time"));
    let closing = Closing {
        id: used.id,
        by: EmergencyEnd::Time,
        at: used.expires_at,
        entry,
        stamp,
    };
    Ok(closing.write(app).await?)
}
