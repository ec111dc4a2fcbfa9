//! Meetings: made, joined, commanded.

pub(super) mod admit;
pub(super) mod admit_all;
pub(super) mod ask_to_unmute;
pub(super) mod channel;
pub(super) mod create;
pub(super) mod deny;
pub(super) mod devices;
pub(super) mod end;
pub(super) mod expel;
pub(super) mod hand_over;
pub(super) mod join;
mod knock;
pub(super) mod leave;
pub(super) mod list;
pub(super) mod lock;
pub(super) mod lock_sharing;
pub(super) mod make_co_host;
mod moderation;
pub(super) mod mute;
pub(super) mod mute_all;
mod newcomer;
pub(super) mod read;
mod repeat;
pub(super) mod stop_video;
pub(super) mod take_back_co_host;
pub(super) mod ticket;
pub(super) mod unlock;
pub(super) mod unlock_sharing;

use conclave_protocol::meeting as wire;
use conclave_store::read::meeting::Meeting;

/// A meeting as its host sees it.
fn of_host(meeting: Meeting) -> wire::Meeting {
    wire::Meeting {
        id: meeting.id,
        code: meeting.code,
        title: meeting.title,
        state: meeting.state,
        created_at: meeting.created_at,
        starts_at: meeting.starts_at,
        ended_at: meeting.ended_at,
        revision: meeting.revision,
    }
}
