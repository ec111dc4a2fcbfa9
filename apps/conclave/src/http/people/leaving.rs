//! What somebody lost when their account was suspended or removed, as the log has it: what was recorded of the same request.

use std::time::Duration;

use conclave_audit::{Entry, Event, Outcome};
use conclave_protocol::timeline::Leaving;
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use conclave_store::{LookBack, ReadError, Store};

use super::timeline::{A_MOMENT, Names, by};

/// Of the last time that is among these entries, which are newest first.
pub(super) async fn of(
    store: &Store,
    log: OrganisationId,
    entries: &[Entry],
    whose: AccountId,
    names: &Names,
) -> Result<Option<Leaving>, ReadError> {
    let mut entries = entries.iter();
    let Some(left) = entries.find(|entry| is_leaving(entry, whose)) else {
        return Ok(None);
    };
    let at = Timestamp::from_micros(left.time.as_unix_millis().saturating_mul(1_000));
    let mut leaving = Leaving {
        at,
        event: left.event.name().to_owned(),
        by: by(left).and_then(|by| names.get(&by).cloned()),
        put_out: 0,
        meetings_ended: 0,
        support_ended: 0,
        programs_ended: 0,
    };
    let Some(request) = left.req_id else {
        return Ok(Some(leaving));
    };
    let word = request.to_string();
    let look = LookBack {
        log,
        from: at.minus(A_MOMENT),
        to: at.plus(FOLLOWS_WITHIN),
        before: None,
        word: &word,
        wanted: &|entry| entry.req_id == Some(request) && entry.outcome == Outcome::Done,
        most: MOST_FOLLOWED,
    };
    for entry in store.looked_back(look).await?.entries {
        count(&mut leaving, &entry.event);
    }
    Ok(Some(leaving))
}

fn is_leaving(entry: &Entry, whose: AccountId) -> bool {
    let of = match &entry.event {
        Event::UserSuspend { account } | Event::UserRemove { account } => Some(*account),
        _ => None,
    };
    of == Some(whose.0) && entry.outcome == Outcome::Done
}

fn count(leaving: &mut Leaving, event: &Event) {
    let counted = match event {
        Event::MeetingExpel { .. } | Event::MeetingDeny { .. } => &mut leaving.put_out,
        Event::MeetingEnd { .. } => &mut leaving.meetings_ended,
        Event::SupportEnded { .. } => &mut leaving.support_ended,
        Event::ProgramRevoke { .. } => &mut leaving.programs_ended,
        _ => return,
    };
    *counted = counted.saturating_add(1);
}

/// Entries are dated to the request's moment; while the database can't be written they come later, with the same date.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(1);
/// As many as one act reaches, and more than anybody is in.
const MOST_FOLLOWED: usize = 5_000;
