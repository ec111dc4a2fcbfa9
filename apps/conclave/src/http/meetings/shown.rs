//! A meeting as its host sees it.

use conclave_policy::schedule::{ahead, occurrences};
use conclave_protocol::Timestamp;
use conclave_protocol::meeting as wire;
use conclave_store::read::meeting::Meeting;

/// Occurrences that are shown of one meeting: two months of a daily one. A page has no use for more at one time.
const MOST_SHOWN: usize = 60;

/// `waiting`: how many are in its lobby.
pub(super) fn of_host(meeting: Meeting, waiting: u64, now: Timestamp) -> wire::Meeting {
    let time_outs = meeting.time_outs().into();
    let schedule = meeting.schedule.as_ref();
    let mut ahead = schedule.map_or_else(Vec::new, |schedule| ahead(schedule, now));
    ahead.truncate(MOST_SHOWN);
    let all = schedule.and_then(|schedule| occurrences(schedule).ok());
    let last_begins = all.and_then(|all| all.last().map(|last| last.begins));
    let next = ahead.first().map(|next| next.begins);
    wire::Meeting {
        id: meeting.id,
        code: meeting.code,
        title: meeting.title,
        state: meeting.state,
        created_at: meeting.created_at,
        starts_at: next.or(last_begins).or(meeting.starts_at),
        ended_at: meeting.ended_at,
        revision: meeting.revision,
        entry: meeting.entry,
        uninvited: meeting.uninvited,
        series: meeting.series.unwrap_or(meeting.id),
        schedule: meeting.schedule,
        sequence: meeting.sequence,
        occurrences: match meeting.state {
            wire::MeetingState::Ended => Vec::new(),
            wire::MeetingState::Scheduled | wire::MeetingState::Live => ahead,
        },
        last_begins,
        waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
        passcode_number: meeting.passcode_number,
        time_outs,
    }
}
