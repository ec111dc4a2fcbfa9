//! The other places of somebody's account, which go as a host turns them away or puts them out: each is on record and cut off.

use axum::Json;
use conclave_audit::{Code, Entry, Event};
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use conclave_store::action::{Also, Essential, Gone, Revision, Touched, WasShutOut};
use conclave_store::{Durability, Once};

use crate::app::App;
use crate::http::command::done;
use crate::http::people::put_out::{Reserved, follow};
use crate::http::present::not_written;
use crate::http::problem::Refusal;
use crate::recorded;
use crate::secret::NoRandomness;

/// A command that takes an account's other places along.
pub(super) struct Sending<A> {
    pub(super) act: A,
    pub(super) once: Once,
    pub(super) entry: Entry,
    pub(super) meeting: MeetingId,
    pub(super) at: Timestamp,
    /// As it was foreseen.
    pub(super) also: Also,
}

impl<A: Essential<Done = Gone>> Sending<A> {
    /// Writes it with an entry for each place, and tells whom it reaches.
    pub(super) async fn write(self, app: &App) -> Result<Json<CommandDone>, Refusal> {
        let Self {
            act,
            once,
            entry,
            meeting,
            at,
            also,
        } = self;
        let reserved = Reserved::of(app, &[touched(meeting, also)]).await;
        let told = entry.clone();
        let more = move |gone: &Gone| following(&told, meeting, at, &gone.also).ok();
        let written = app
            .store
            .write_or_spool_with(Some(once), act, entry.clone(), more);
        let answer = match written.await {
            Err(error) => return Err(not_written(app, error, entry).await),
            Ok(Durability::Stored(answer) | Durability::Spooled(answer)) => answer,
        };
        app.channels.changed(meeting);
        let Gone { revision, also } = answer.done;
        if !answer.replayed {
            follow(app, &gone(meeting, &also), reserved);
        }
        Ok(done(revision))
    }
}

/// So that places in the room's queue are taken before.
fn touched(meeting: MeetingId, also: Also) -> Touched {
    Touched {
        meeting,
        shuts: true,
        participants: also.put_out,
        waiting: also.turned_away,
        ends: false,
        raised: Revision::default(),
    }
}

fn gone(meeting: MeetingId, also: &Also) -> WasShutOut {
    let place = |participant: &ParticipantId| (meeting, *participant);
    WasShutOut {
        put_out: also.put_out.iter().map(place).collect(),
        turned_away: also.turned_away.iter().map(place).collect(),
        ..WasShutOut::default()
    }
}

/// An entry for each place.
fn following(
    entry: &Entry,
    MeetingId(meeting): MeetingId,
    at: Timestamp,
    also: &Also,
) -> Result<Vec<Entry>, NoRandomness> {
    let put_out = also
        .put_out
        .iter()
        .map(|ParticipantId(participant)| Event::MeetingExpel {
            meeting,
            participant: *participant,
        });
    let turned_away =
        also.turned_away
            .iter()
            .map(|ParticipantId(participant)| Event::MeetingDeny {
                meeting,
                participant: *participant,
            });
    let entry = |event| {
        let mut following = recorded::following(entry, at, event)?;
        following.reason = Some(Code::new("same_account"));
        Ok(following)
    };
    put_out.chain(turned_away).map(entry).collect()
}
