//! Quality of service of one media session, overwritten as its totals grow.

use std::time::Duration;

use conclave_protocol::{ParticipantId, Timestamp};

use super::{Apply, Failure, Upkeep};
use crate::engine::{Link, statements};
use crate::read::quality::{Direction, SessionQuality};

/// Keeps a session's record so far: the last one of a session stays.
pub struct KeepQuality(pub SessionQuality);

impl Upkeep for KeepQuality {}

impl Apply for KeepQuality {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let Self(session) = self;
        keep_session(
            link,
            session.participant,
            session.sid.clone(),
            session.path,
            session.dtls,
            session.srtp,
            session.round_trip,
            session.estimate,
            session.connected_for,
            session.recorded_at,
        )
        .await?;
        for track in session.tracks {
            keep_track(
                link,
                session.participant,
                session.sid.clone(),
                track.sid,
                track.direction,
                track.kind,
                track.codec,
                track.layer,
                track.packets,
                track.bytes,
                track.bitrate,
                track.lost,
                track.jitter,
                track.round_trip,
                track.nacks,
                track.key_frame_requests,
            )
            .await?;
        }
        Ok(())
    }
}

statements! {
    execute keep_session(
        participant: ParticipantId, sid: String, path: String, dtls: String, srtp: String,
        round_trip: Option<Duration>, estimate: Option<u64>, connected_for: Duration,
        recorded_at: Timestamp,
    )
        = "INSERT INTO quality_session
             (participant, sid, path, dtls, srtp, round_trip, estimate, connected_for, recorded_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (participant, sid) DO UPDATE SET
             path = excluded.path, dtls = excluded.dtls, srtp = excluded.srtp,
             round_trip = excluded.round_trip, estimate = excluded.estimate,
             connected_for = excluded.connected_for, recorded_at = excluded.recorded_at";

    execute keep_track(
        participant: ParticipantId, session: String, sid: String, direction: Direction,
        kind: String, codec: String, layer: String, packets: u64, bytes: u64, bitrate: u64,
        lost: u64, jitter: Duration, round_trip: Option<Duration>, nacks: u64,
        key_frame_requests: u64,
    )
        = "INSERT INTO quality_track
             (participant, session, sid, direction, kind, codec, layer, packets, bytes, bitrate,
              lost, jitter, round_trip, nacks, key_frame_requests)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
           ON CONFLICT (participant, session, sid, direction) DO UPDATE SET
             kind = excluded.kind, codec = excluded.codec, layer = excluded.layer,
             packets = excluded.packets, bytes = excluded.bytes, bitrate = excluded.bitrate,
             lost = excluded.lost, jitter = excluded.jitter, round_trip = excluded.round_trip,
             nacks = excluded.nacks, key_frame_requests = excluded.key_frame_requests";
}
