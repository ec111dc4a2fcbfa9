//! The other places of somebody's account, which go as a host turns them away or puts them out: each is on record and cut off.

use axum::Json;
use conclave_audit::{Code, Entry, Event};
use conclave_protocol::meeting::CommandDone;
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use conclave_store::action::{Also, Essential, Gone, Revision, Touched, WasShutOut};
use conclave_store::{Durability, Once, Record};

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
        let record = record(entry.clone(), meeting, at);
        let written = app
            .store
            .write_or_spool_as(Some(once), act, entry.clone(), record);
        let (answer, is_spooled) = match written.await {
            Err(error) => return Err(not_written(app, error, entry).await),
            Ok(Durability::Stored(answer)) => (answer, false),
            Ok(Durability::Spooled(answer)) => (answer, true),
        };
        app.channels.changed(meeting);
        let Gone { revision, also } = answer.done;
        if !answer.replayed {
            follow(app, &gone(meeting, &also), reserved);
            if is_spooled {
                record_apart(app, following(&entry, meeting, at, &also));
            }
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

/// The act's own entry, and one for each place.
fn record(entry: Entry, meeting: MeetingId, at: Timestamp) -> Record<Gone> {
    Record::after(move |gone: &Gone| {
        let more = following(&entry, meeting, at, &gone.also);
        // Without randomness there are no entries, and without entries no act.
        more.map_or_else(|_| Vec::new(), |more| [vec![entry], more].concat())
    })
}

/// Of an act that waits in the spool: as far as that can be written now. Nobody waits for it.
fn record_apart(app: &App, entries: Result<Vec<Entry>, NoRandomness>) {
    let Ok(entries) = entries else {
        tracing::error!("who went with somebody could not be recorded");
        return;
    };
    let app = app.clone();
    drop(tokio::spawn(async move {
        for entry in entries {
            app.record(entry).await;
        }
    }));
}

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
