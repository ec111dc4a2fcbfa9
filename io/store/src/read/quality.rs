//! Quality of service: a record per media session, with one per track in it.

use std::time::Duration;

use conclave_protocol::{MeetingId, ParticipantId, Timestamp};

use crate::engine::{Link, row, statements};

/// One media session of one participant. Totals are since its start.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionQuality {
    pub participant: ParticipantId,
    /// The media router's own id of the session: a participant who reconnects fully has several.
    pub sid: String,
    /// `udp` or `tcp`; empty before the connection is up.
    pub path: String,
    pub dtls: String,
    pub srtp: String,
    pub round_trip: Option<Duration>,
    /// Bits per second that the way to this participant is thought to carry.
    pub estimate: Option<u64>,
    pub connected_for: Duration,
    pub recorded_at: Timestamp,
    pub tracks: Vec<TrackQuality>,
}

row! {
    /// One track in one direction.
    #[derive(Clone, PartialEq, Eq)]
    pub struct TrackQuality {
        pub sid: String,
        pub direction: Direction,
        /// `audio` or `video`.
        pub kind: String,
        pub codec: String,
        /// Of video: the layer last received or sent, as `spatial.temporal`.
        pub layer: String,
        pub packets: u64,
        pub bytes: u64,
        /// Bits per second over the last interval.
        pub bitrate: u64,
        pub lost: u64,
        pub jitter: Duration,
        pub round_trip: Option<Duration>,
        pub nacks: u64,
        /// Requests for a key frame (PLI and FIR).
        pub key_frame_requests: u64,
    }
}

/// Whether the participant publishes the track or is sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Published,
    Subscribed,
}

row! {
    pub(crate) struct SessionRow {
        participant: ParticipantId,
        sid: String,
        path: String,
        dtls: String,
        srtp: String,
        round_trip: Option<Duration>,
        estimate: Option<u64>,
        connected_for: Duration,
        recorded_at: Timestamp,
    }
}

/// The records of everybody in a meeting, in the order in which they came.
pub(crate) async fn of_meeting(
    link: &mut Link<'_>,
    meeting: MeetingId,
) -> Result<Vec<SessionQuality>, sqlx::Error> {
    let mut sessions = Vec::new();
    for row in sessions_of(link, meeting).await? {
        let tracks = tracks_of(link, row.participant, row.sid.clone()).await?;
        sessions.push(SessionQuality {
            participant: row.participant,
            sid: row.sid,
            path: row.path,
            dtls: row.dtls,
            srtp: row.srtp,
            round_trip: row.round_trip,
            estimate: row.estimate,
            connected_for: row.connected_for,
            recorded_at: row.recorded_at,
            tracks,
        });
    }
    Ok(sessions)
}

statements! {
    all sessions_of(meeting: MeetingId) -> SessionRow
        = "SELECT q.participant, q.sid, q.path, q.dtls, q.srtp, q.round_trip, q.estimate,
                  q.connected_for, q.recorded_at
           FROM quality_session q JOIN participant p ON p.id = q.participant
           WHERE p.meeting = $1 ORDER BY p.joined_at, p.id, q.sid";

    all tracks_of(participant: ParticipantId, session: String) -> TrackQuality
        = "SELECT sid, direction, kind, codec, layer, packets, bytes, bitrate, lost, jitter,
                  round_trip, nacks, key_frame_requests
           FROM quality_track WHERE participant = $1 AND session = $2 ORDER BY sid, direction";
}
