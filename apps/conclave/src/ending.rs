//! A meeting's end, and with it that of the support session that takes place in it: on record together.

use conclave_audit::{Code, Entry, Event};
use conclave_policy::support::{Session, state};
use conclave_protocol::Timestamp;
use conclave_protocol::meeting::EndCause;
use conclave_protocol::support::SupportState;
use conclave_store::action::{EndMeeting, Revision};
use conclave_store::read::support::SupportSession;
use conclave_store::{Durability, Once, Store, WriteError};

use crate::recorded;

/// Ends the meeting. Where its end waits in the spool, that of its session waits with it.
pub(crate) async fn write(
    store: &Store,
    once: Option<Once>,
    act: EndMeeting,
    entry: Entry,
) -> Result<Durability<Revision>, WriteError> {
    let over = session_ends(store, &act, &entry).await;
    let over: Vec<Entry> = over.into_iter().collect();
    let following = move |_: &Revision| Some(over.clone());
    store.write_or_spool_with(once, act, entry, following).await
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
