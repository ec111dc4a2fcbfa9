//! Meetings, by id, code or host.

use std::time::Duration;

use conclave_policy::time_out::OwnTimeOuts;
use conclave_protocol::meeting::{
    DataMode, EndCause, EntryRule, MeetingCode, MeetingState, Sharing, Uninvited,
};
use conclave_protocol::personal::Title;
use conclave_protocol::schedule::Schedule;
use conclave_protocol::{AccountId, MeetingId, OrganisationId, ParticipantId, Timestamp};

use crate::engine::{row, statements};

/// The longest list of a host's meetings.
pub const MOST_LISTED: u32 = 100;

row! {
    /// One meeting.
    #[derive(Clone)]
    pub struct Meeting {
        pub id: MeetingId,
        pub organisation: OrganisationId,
        pub host: AccountId,
        pub code: MeetingCode,
        pub title: Title,
        pub state: MeetingState,
        pub revision: u64,
        /// SHA-256 of the invitation proof.
        pub invitation_verifier: [u8; 32],
        pub created_at: Timestamp,
        pub starts_at: Option<Timestamp>,
        pub started_at: Option<Timestamp>,
        pub ended_at: Option<Timestamp>,
        /// Whoever holds the invitation's link comes straight in.
        pub link_admits: bool,
        /// Nobody new comes in.
        pub locked: bool,
        pub sharing: Sharing,
        /// Handed the screen; they may be gone.
        pub presenter: Option<ParticipantId>,
        /// Of one that has ended; absent where that was long ago.
        pub ended_because: Option<EndCause>,
        pub empty_time_out: Option<Duration>,
        pub host_absent_time_out: Option<Duration>,
        pub longest_time_out: Option<Duration>,
        pub idle_share_time_out: Option<Duration>,
        pub entry: EntryRule,
        pub uninvited: Uninvited,
        pub schedule: Option<Schedule>,
        /// How often its title, time or rule was changed.
        pub sequence: u64,
        /// The first of those that follow each other; absent where this is it.
        pub series: Option<MeetingId>,
        /// Many machines tried its door.
        pub guarded_until: Option<Timestamp>,
        /// How often its passcode was changed.
        pub passcode_number: u32,
        /// A remote support session takes place in it.
        pub is_support: bool,
    }
}

impl Meeting {
    pub fn is_guarded(&self, now: Timestamp) -> bool {
        self.guarded_until.is_some_and(|until| now < until)
    }

    pub fn time_outs(&self) -> OwnTimeOuts {
        OwnTimeOuts {
            empty: self.empty_time_out,
            host_absent: self.host_absent_time_out,
            longest: self.longest_time_out,
            idle_share: self.idle_share_time_out,
        }
    }
}

statements! {
    optional data_mode(id: MeetingId) -> (DataMode,)
        = "SELECT data_mode FROM meeting WHERE id = $1";

    optional meeting(id: MeetingId) -> Meeting
        = "SELECT id, organisation, host, code, title, state, revision, invitation_verifier,
                  created_at, starts_at, started_at, ended_at, link_admits, locked, sharing, presenter,
                  ended_because, empty_time_out, host_absent_time_out, longest_time_out,
                  idle_share_time_out, entry, uninvited, schedule, sequence, series, guarded_until,
                  passcode_number,
                  EXISTS (SELECT 1 FROM support_session s WHERE s.meeting = meeting.id) AS is_support
           FROM meeting WHERE id = $1";

    optional meeting_by_code(code: MeetingCode) -> Meeting
        = "SELECT id, organisation, host, code, title, state, revision, invitation_verifier,
                  created_at, starts_at, started_at, ended_at, link_admits, locked, sharing, presenter,
                  ended_because, empty_time_out, host_absent_time_out, longest_time_out,
                  idle_share_time_out, entry, uninvited, schedule, sequence, series, guarded_until,
                  passcode_number,
                  EXISTS (SELECT 1 FROM support_session s WHERE s.meeting = meeting.id) AS is_support
           FROM meeting WHERE code = $1 AND state <> 'ended'";

    all meetings_of(host: AccountId, most: u32) -> Meeting
        = "SELECT id, organisation, host, code, title, state, revision, invitation_verifier,
                  created_at, starts_at, started_at, ended_at, link_admits, locked, sharing, presenter,
                  ended_because, empty_time_out, host_absent_time_out, longest_time_out,
                  idle_share_time_out, entry, uninvited, schedule, sequence, series, guarded_until,
                  passcode_number,
                  EXISTS (SELECT 1 FROM support_session s WHERE s.meeting = meeting.id) AS is_support
           FROM meeting WHERE host = $1
             AND NOT EXISTS (SELECT 1 FROM support_session s WHERE s.meeting = meeting.id)
           ORDER BY CASE state WHEN 'ended' THEN 1 ELSE 0 END, created_at DESC, id DESC LIMIT $2";

    all waiting_of(host: AccountId) -> (MeetingId, u64)
        = "SELECT m.id, COUNT(*) FROM meeting m JOIN participant p ON p.meeting = m.id
           WHERE m.host = $1 AND m.state <> 'ended' AND p.left_at IS NULL AND p.connected
             AND p.admission IN ('waiting', 'host_absent')
           GROUP BY m.id";

    all live_meetings() -> Meeting
        = "SELECT id, organisation, host, code, title, state, revision, invitation_verifier,
                  created_at, starts_at, started_at, ended_at, link_admits, locked, sharing, presenter,
                  ended_because, empty_time_out, host_absent_time_out, longest_time_out,
                  idle_share_time_out, entry, uninvited, schedule, sequence, series, guarded_until,
                  passcode_number,
                  EXISTS (SELECT 1 FROM support_session s WHERE s.meeting = meeting.id) AS is_support
           FROM meeting WHERE state = 'live' ORDER BY id";
}
