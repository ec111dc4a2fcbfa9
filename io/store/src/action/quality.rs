//! Quality of service of one media session: totals, overwritten as they grow, and what each minute added to them.

use std::collections::BTreeMap;
use std::time::Duration;

use conclave_protocol::{ParticipantId, Timestamp};

use super::{Apply, Failure, Upkeep};
use crate::engine::{Link, statements};
use crate::read::quality::{self, Direction, SessionQuality, TrackQuality, minute};

/// Keeps a session's record so far: the last one of a session stays, and its growth in the minute that it ends in.
pub struct KeepQuality(pub SessionQuality);

impl Upkeep for KeepQuality {}

impl Apply for KeepQuality {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let Self(session) = self;
        keep_growth(link, &session).await?;
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

/// What a track did since its last record.
struct Growth {
    packets: u64,
    bytes: u64,
    lost: u64,
}

impl Growth {
    /// A track whose totals have fallen began anew.
    fn of(track: &TrackQuality, before: Option<&TrackQuality>) -> Self {
        let before = before.filter(|before| before.packets <= track.packets);
        let since =
            |now: u64, then: fn(&TrackQuality) -> u64| now.saturating_sub(before.map_or(0, then));
        Self {
            packets: since(track.packets, |track| track.packets),
            bytes: since(track.bytes, |track| track.bytes),
            lost: since(track.lost, |track| track.lost),
        }
    }

    fn is_none(&self) -> bool {
        self.packets == 0 && self.lost == 0
    }
}

async fn keep_growth(link: &mut Link<'_>, session: &SessionQuality) -> Result<(), sqlx::Error> {
    let (participant, sid) = (session.participant, &session.sid);
    let last = last_record(link, participant, sid.clone()).await?;
    let covers = match last {
        Some((last,)) => session.recorded_at.since(last),
        None => session.connected_for,
    };
    let before = quality::tracks_of(link, participant, sid.clone()).await?;
    let before: BTreeMap<_, _> = before
        .iter()
        .map(|track| ((track.sid.as_str(), track.direction), track))
        .collect();
    for track in &session.tracks {
        let before = before.get(&(track.sid.as_str(), track.direction)).copied();
        let growth = Growth::of(track, before);
        if growth.is_none() {
            continue;
        }
        keep_interval(
            link,
            participant,
            sid.clone(),
            track.sid.clone(),
            track.direction,
            minute(session.recorded_at),
            track.kind.clone(),
            covers.min(quality::INTERVAL),
            growth.packets,
            growth.bytes,
            growth.lost,
            track.jitter,
            track.round_trip.or(session.round_trip),
        )
        .await?;
    }
    Ok(())
}

statements! {
    optional last_record(participant: ParticipantId, sid: String) -> (Timestamp,)
        = "SELECT recorded_at FROM quality_session WHERE participant = $1 AND sid = $2";

    execute keep_interval(
        participant: ParticipantId, session: String, sid: String, direction: Direction,
        begins_at: Timestamp, kind: String, covers: Duration, packets: u64, bytes: u64, lost: u64,
        jitter: Duration, round_trip: Option<Duration>,
    )
        = "INSERT INTO quality_interval
             (participant, session, sid, direction, begins_at, kind, covers, packets, bytes, lost,
              jitter, round_trip)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
           ON CONFLICT (participant, session, sid, direction, begins_at) DO UPDATE SET
             covers = quality_interval.covers + excluded.covers,
             packets = quality_interval.packets + excluded.packets,
             bytes = quality_interval.bytes + excluded.bytes,
             lost = quality_interval.lost + excluded.lost,
             jitter = CASE WHEN excluded.jitter > quality_interval.jitter
                           THEN excluded.jitter ELSE quality_interval.jitter END,
             round_trip = CASE WHEN quality_interval.round_trip > excluded.round_trip
                               THEN quality_interval.round_trip
                               ELSE COALESCE(excluded.round_trip, quality_interval.round_trip) END";

    execute forget_intervals(before: Timestamp)
        = "DELETE FROM quality_interval WHERE begins_at < $1";

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
