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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    Published,
    Subscribed,
}

row! {
    /// How one track did in one minute.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Interval {
        pub sid: String,
        pub direction: Direction,
        pub kind: String,
        pub begins_at: Timestamp,
        /// How much of the minute was measured.
        pub covers: Duration,
        pub packets: u64,
        pub bytes: u64,
        pub lost: u64,
        /// The worst of the minute, as the round trip.
        pub jitter: Duration,
        pub round_trip: Option<Duration>,
    }
}

row! {
    /// How a participant's tracks in one direction did together.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Flow {
        pub participant: ParticipantId,
        pub direction: Direction,
        pub packets: u64,
        pub bytes: u64,
        pub lost: u64,
        /// The worst, as the round trip.
        pub jitter: Duration,
        pub round_trip: Option<Duration>,
        /// How long was measured.
        pub covers: Duration,
    }
}

/// The length of an interval.
pub const INTERVAL: Duration = Duration::from_secs(60);
/// Intervals are forgotten after so long. Totals stay.
pub const INTERVALS_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Of one participant, so many are told: 40 tracks for two hours.
pub const MOST_INTERVALS: u32 = 5_000;

/// The interval that an instant lies in.
pub(crate) fn minute(at: Timestamp) -> Timestamp {
    const MICROS: i64 = 60_000_000;
    Timestamp::from_micros(at.as_micros().div_euclid(MICROS) * MICROS)
}

impl Flow {
    /// Those of one participant in one direction as one, one after the other.
    pub(crate) fn joined(flows: Vec<Self>) -> Vec<Self> {
        let mut joined: Vec<Self> = Vec::new();
        for flow in flows {
            match joined.last_mut() {
                Some(last)
                    if (last.participant, last.direction) == (flow.participant, flow.direction) =>
                {
                    last.follow(&flow);
                }
                _ => joined.push(flow),
            }
        }
        joined
    }

    fn follow(&mut self, next: &Self) {
        self.packets += next.packets;
        self.bytes += next.bytes;
        self.lost += next.lost;
        self.jitter = self.jitter.max(next.jitter);
        self.round_trip = self.round_trip.max(next.round_trip);
        self.covers += next.covers;
    }
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

    all intervals_of(participant: ParticipantId, most: u32) -> Interval
        = "SELECT sid, direction, kind, begins_at, covers, packets, bytes, lost, jitter, round_trip
           FROM quality_interval WHERE participant = $1
           ORDER BY begins_at, sid, direction LIMIT $2";

    all flows_since(meeting: MeetingId, since: Timestamp) -> Flow
        = "SELECT i.participant AS participant, i.direction AS direction,
                  CAST(SUM(i.packets) AS BIGINT) AS packets, CAST(SUM(i.bytes) AS BIGINT) AS bytes,
                  CAST(SUM(i.lost) AS BIGINT) AS lost, MAX(i.jitter) AS jitter,
                  MAX(i.round_trip) AS round_trip, MAX(i.covers) AS covers
           FROM quality_interval i JOIN participant p ON p.id = i.participant
           WHERE p.meeting = $1 AND i.begins_at >= $2
           GROUP BY i.participant, i.direction, i.begins_at ORDER BY i.participant, i.direction";

    all flows_of(meeting: MeetingId) -> Flow
        = "SELECT t.participant AS participant, t.direction AS direction,
                  CAST(SUM(t.packets) AS BIGINT) AS packets, CAST(SUM(t.bytes) AS BIGINT) AS bytes,
                  CAST(SUM(t.lost) AS BIGINT) AS lost, MAX(t.jitter) AS jitter,
                  MAX(COALESCE(t.round_trip, q.round_trip)) AS round_trip, MAX(q.connected_for) AS covers
           FROM quality_track t
             JOIN quality_session q ON q.participant = t.participant AND q.sid = t.session
             JOIN participant p ON p.id = t.participant
           WHERE p.meeting = $1
           GROUP BY t.participant, t.direction, t.session ORDER BY t.participant, t.direction";

    all tracks_of(participant: ParticipantId, session: String) -> TrackQuality
        = "SELECT sid, direction, kind, codec, layer, packets, bytes, bitrate, lost, jitter,
                  round_trip, nacks, key_frame_requests
           FROM quality_track WHERE participant = $1 AND session = $2 ORDER BY sid, direction";
}
