//! The latest moment that is remembered: what a server's time does not begin before.

use conclave_audit::Entry;
use conclave_protocol::Timestamp;

use crate::engine::{Link, statements};
use crate::read::audit::last_recorded;

/// The latest that a server told, or the time of the last entry on record, whichever is later. Only the last in order counts:
/// one before it may be of a time that the operator has taken back.
pub(crate) async fn remembered(link: &mut Link<'_>) -> Result<Option<Timestamp>, sqlx::Error> {
    let told = told(link).await?.map(|(at,)| at);
    let last = last_recorded(link).await?;
    let entry = last.and_then(|(bytes,)| Entry::from_canonical(&bytes).ok());
    let recorded = entry.map(|entry| micros(entry.time.as_unix_millis()));
    Ok(told.max(recorded))
}

fn micros(millis: i64) -> Timestamp {
    Timestamp::from_micros(millis.saturating_mul(1_000))
}

statements! {
    optional told() -> (Timestamp,)
        = "SELECT at FROM server_time";
}
