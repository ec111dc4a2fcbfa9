//! A meeting's end, and with it that of the support session that takes place in it: on record together.

use conclave_audit::{Code, Entry, Event};
use conclave_policy::support::{Session, state};
use conclave_protocol::Timestamp;
use conclave_protocol::meeting::EndCause;
use conclave_protocol::support::SupportState;
use conclave_store::action::{EndMeeting, Revision};
use conclave_store::read::support::SupportSession;
use conclave_store::{Durability, Once, Record, Store, WriteError};

use crate::recorded;

/// Ends the meeting. Of an end that waits in the spool, that of its session is recorded as soon as the store writes again.
pub(crate) async fn write(
    store: &Store,
    once: Option<Once>,
    act: EndMeeting,
    entry: Entry,
) -> Result<Durability<Revision>, WriteError> {
    let Some(over) = session_ends(store, &act, &entry).await else {
        return store.write_or_spool(once, act, entry).await;
    };
    let record = Record::from([entry.clone(), over.clone()]);
    let written = store.write_or_spool_as(once, act, entry, record).await?;
    if let Durability::Spooled(answer) = &written
        && !answer.replayed
    {
        drop(tokio::spawn(record_apart(store.clone(), over)));
    }
    Ok(written)
}

/// What the record says of a session that ends with its meeting.
pub(crate) fn of_session(session: &SupportSession, cause: EndCause, at: Timestamp) -> Event {
    Event::SupportEnded {
        session: session.id.0,
        cause: word(&session.standing(), cause, at),
        was_connected: session.joined_at.is_some(),
    }
}

fn word(session: &Session, cause: EndCause, at: Timestamp) -> Code {
    match (state(session, at), recorded::end_cause(cause)) {
        (SupportState::Expired, _) => Code::new("expired"),
        (_, Some(cause)) => cause,
        (_, None) => Code::new("host"),
    }
}

/// The meeting ends also where nobody can say whether a session takes place in it.
async fn session_ends(store: &Store, act: &EndMeeting, entry: &Entry) -> Option<Entry> {
    let found = store.support_of(act.meeting).await;
    let found = found.inspect_err(|error| {
        tracing::error!(
            error = error as &dyn std::error::Error,
            "whether a support session ends was not read"
        );
    });
    let session = found.ok()??;
    let event = of_session(&session, act.cause, act.at);
    recorded::following(entry, act.at, event).ok()
}

async fn record_apart(store: Store, entry: Entry) {
    if let Err(error) = store.record(entry).await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the end of a support session was not recorded"
        );
    }
}
