//! Quality-of-service records.

use std::time::Duration;

use conclave_store::UpkeepReason;
use conclave_store::action::KeepQuality;
use conclave_store::read::quality::{Direction, SessionQuality, TrackQuality};

use crate::contract;
use crate::home::{Home, NOW, in_seconds, recorded};

contract!(a_session_keeps_its_last_record_with_its_tracks);

async fn a_session_keeps_its_last_record_with_its_tracks(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, participant) = home.live_meeting(&store, &owner).await;
    let entries = recorded(&store).await.len();
    let track = |sid: &str, packets| TrackQuality {
        sid: sid.to_owned(),
        direction: Direction::Published,
        kind: "video".to_owned(),
        codec: "VP8".to_owned(),
        layer: "2.1".to_owned(),
        packets,
        bytes: packets * 1_000,
        bitrate: 1_500_000,
        lost: 3,
        jitter: Duration::from_micros(1_250),
        round_trip: None,
        nacks: 4,
        key_frame_requests: 5,
    };
    let session = |packets| SessionQuality {
        participant,
        sid: "PA_1".to_owned(),
        path: "udp".to_owned(),
        dtls: "1.2".to_owned(),
        srtp: "AEAD_AES_256_GCM".to_owned(),
        round_trip: Some(Duration::from_millis(20)),
        estimate: Some(2_000_000),
        connected_for: Duration::from_secs(packets),
        recorded_at: in_seconds(packets),
        tracks: vec![track("TR_1", packets), track("TR_2", packets)],
    };

    for packets in [10, 20] {
        let keep = KeepQuality(session(packets));
        let written = store.write_unaudited(UpkeepReason::Measurement, keep);
        written.await.unwrap();
    }

    let kept = store.quality(meeting).await.unwrap();
    assert!(kept == [session(20)]);
    assert_eq!(recorded(&store).await.len(), entries);
    assert_ne!(kept[0].recorded_at, NOW);
}
