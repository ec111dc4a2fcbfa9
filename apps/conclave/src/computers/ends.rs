//! Enrolments that end by their time: what goes on at such a computer ends, and its line.

use conclave_audit::{Actor, Code, Entry, Event};
use conclave_protocol::meeting::EndCause;
use conclave_protocol::unattended::ToDevice;
use conclave_protocol::{MeetingId, Timestamp};
use conclave_store::action::EndMeeting;
use conclave_store::read::unattended::Unattended;
use conclave_store::{ReadError, WriteError};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::media::Busy;
use crate::next_end::patience;
use crate::rooms::Room;
use crate::secret::NoRandomness;
use crate::{ending, recorded};

#[derive(Debug, thiserror::Error)]
enum NotEnded {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    #[error(transparent)]
    Busy(#[from] Busy),
}

/// Ends each when its time is over, until the server stops. Policy opens nothing there from then on, whether this is done or not.
pub(crate) async fn watch(app: App, stopping: CancellationToken) {
    loop {
        if let Err(error) = end_those_over(&app).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "what goes on at computers whose enrolment is over was not ended"
            );
        }
        let now = app.clock.now();
        let next = app.store.next_computer_end(now).await;
        let wait = patience(now, next.ok().flatten());
        tokio::select! {
            () = stopping.cancelled() => return,
            () = app.computers.ending.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// What can't be ended keeps nothing else from its end; the first failure is answered.
async fn end_those_over(app: &App) -> Result<(), NotEnded> {
    let now = app.clock.now();
    let mut outcome = Ok(());
    for running in app.store.running_past_their_end(now).await? {
        let session = running.session;
        app.computers
            .tell(running.device, ToDevice::End { session });
        outcome = outcome.and(end(app, &running, now).await);
    }
    for device in app.store.computers_past_their_end(now).await? {
        if app.computers.is_online(device) {
            app.computers.cut_off(device);
        }
    }
    outcome
}

async fn end(app: &App, running: &Unattended, now: Timestamp) -> Result<(), NotEnded> {
    let event = Event::MeetingEnd {
        meeting: running.meeting.0,
    };
    let computer = app.store.computer(running.device).await?;
    let organisation = computer.map(|computer| computer.organisation);
    let mut entry = recorded::filed(recorded::entry(now, Actor::System, event)?, organisation);
    entry.reason = Some(Code::new("enrolment_over"));
    end_from_outside(app, running.meeting, entry, now).await
}

/// Ends a session at a computer by nobody who is in it, with `entry` on record.
pub(crate) async fn end_from_outside<E: From<Busy> + From<WriteError>>(
    app: &App,
    meeting: MeetingId,
    entry: Entry,
    at: Timestamp,
) -> Result<(), E> {
    let act = EndMeeting {
        meeting,
        cause: EndCause::Administrator,
        at,
    };
    let room = Room::reserve(&app.media, meeting).await?;
    match ending::write(&app.store, None, act, entry).await {
        Ok(_) => {
            room.end();
            app.channels.changed(meeting);
            Ok(())
        }
        // Somebody may have ended it a moment ago.
        Err(WriteError::Refused(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
