//! What the management centre asks: meetings by what is known of them, media minute by minute, and what the log says.

use std::time::Duration;

use conclave_audit::{EntryTime, Event, Stamp};
use conclave_protocol::meeting::{Admission, EndCause, MeetingState};
use conclave_protocol::meeting_session::ClientKind;
use conclave_protocol::{ParticipantId, Timestamp};
use conclave_store::action::{EndMeeting, ForgetExpired, Join, KeepQuality};
use conclave_store::read::meeting_session::Search;
use conclave_store::read::quality::{Direction, INTERVALS_KEPT, SessionQuality, TrackQuality};
use conclave_store::{LogSearch, LookBack, Store, UpkeepReason};
use uuid::{Builder, Uuid};

use crate::contract;
use crate::home::{Home, NOW, Owner, in_seconds};

contract!(
    a_search_finds_meetings_by_what_is_known_of_them_page_by_page,
    a_stream_is_kept_minute_by_minute_and_forgotten_after_a_month,
    the_log_is_looked_through_within_its_bounds,
    an_account_stands_with_its_factors_and_its_last_sign_in,
);

fn everything(owner: &Owner) -> Search {
    Search {
        organisation: owner.organisation,
        from: NOW,
        to: in_seconds(1_000),
        host: None,
        group: None,
        client: None,
        state: None,
        cause: None,
        before: None,
        most: 10,
    }
}

async fn a_search_finds_meetings_by_what_is_known_of_them_page_by_page(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let mut meetings = Vec::new();
    for second in [10, 20, 30] {
        let meeting = home.meeting(&store, &owner).await;
        let join = Join {
            at: in_seconds(second),
            client: match second {
                20 => ClientKind::Safari,
                _ => ClientKind::Firefox,
            },
            ..home.join_as_host(meeting, &owner)
        };
        store.write(join, home.some_entry()).await.unwrap();
        meetings.push(meeting);
    }
    // Has not begun: it is no session.
    home.meeting(&store, &owner).await;
    let guest = Join {
        decided_on: MeetingState::Live,
        ..home.join(meetings[0], Admission::Admitted)
    };
    store.write(guest, home.some_entry()).await.unwrap();
    let end = EndMeeting {
        meeting: meetings[0],
        cause: EndCause::Empty,
        at: in_seconds(40),
    };
    store.write(end, home.some_entry()).await.unwrap();
    let ids = async |search| {
        let found = store.meeting_sessions(search).await.unwrap();
        found.iter().map(|session| session.id).collect::<Vec<_>>()
    };
    let (first, second, third) = (meetings[0], meetings[1], meetings[2]);
    let all = everything(&owner);

    assert_eq!(ids(all).await, [third, second, first]);
    let client = Some(ClientKind::Safari);
    assert_eq!(ids(Search { client, ..all }).await, [second]);
    let state = Some(MeetingState::Live);
    assert_eq!(ids(Search { state, ..all }).await, [third, second]);
    let cause = Some(EndCause::Empty);
    assert_eq!(ids(Search { cause, ..all }).await, [first]);
    let from = in_seconds(20);
    assert_eq!(ids(Search { from, ..all }).await, [third, second]);
    let to = in_seconds(20);
    assert_eq!(ids(Search { to, ..all }).await, [first]);
    let host = Some(owner.account);
    assert_eq!(ids(Search { host, ..all }).await.len(), 3);
    let host = Some(conclave_protocol::AccountId(home.id()));
    assert!(ids(Search { host, ..all }).await.is_empty());
    let group = Some(conclave_protocol::AccountGroupId(home.id()));
    assert!(ids(Search { group, ..all }).await.is_empty());
    let page = Search {
        before: Some((in_seconds(30), third)),
        most: 1,
        ..all
    };
    assert_eq!(ids(page).await, [second]);
    let session = store.meeting_session(first).await.unwrap().unwrap();
    assert_eq!((session.people, session.guests), (2, 1));
    assert_eq!(session.ended_at, Some(in_seconds(40)));
    let inside = store.attendances(first, owner.organisation).await.unwrap();
    let names: Vec<_> = inside
        .iter()
        .map(|one| one.account_name.is_some())
        .collect();
    assert_eq!(names.iter().filter(|named| **named).count(), 1);
    assert_eq!(inside.len(), 2);
}

fn record(participant: ParticipantId, second: u64, packets: u64) -> SessionQuality {
    SessionQuality {
        participant,
        sid: "PA_1".to_owned(),
        path: "udp".to_owned(),
        dtls: "1.2".to_owned(),
        srtp: "AEAD_AES_256_GCM".to_owned(),
        round_trip: Some(Duration::from_millis(second)),
        estimate: None,
        connected_for: Duration::from_secs(second),
        recorded_at: in_seconds(second),
        tracks: vec![TrackQuality {
            sid: "TR_1".to_owned(),
            direction: Direction::Subscribed,
            kind: "audio".to_owned(),
            codec: "opus".to_owned(),
            layer: String::new(),
            packets,
            bytes: packets * 100,
            bitrate: 0,
            lost: packets / 10,
            jitter: Duration::from_micros(1_000 - second),
            round_trip: None,
            nacks: 0,
            key_frame_requests: 0,
        }],
    }
}

async fn keep(store: &Store, record: SessionQuality) {
    let written = store.write_unaudited(UpkeepReason::Measurement, KeepQuality(record));
    written.await.unwrap();
}

// Shows: REQ-AU-01.
async fn a_stream_is_kept_minute_by_minute_and_forgotten_after_a_month(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    // The test's time is the beginning of a minute. In the third nothing came.
    assert_eq!(NOW.as_micros() % 60_000_000, 0);
    for (second, packets) in [(10, 100), (20, 200), (70, 500), (130, 500), (190, 50)] {
        keep(&store, record(host, second, packets)).await;
    }

    let kept = store.quality_intervals(host).await.unwrap();

    let shown: Vec<_> = kept
        .iter()
        .map(|one| {
            (
                one.begins_at,
                one.packets,
                one.lost,
                one.bytes,
                one.covers.as_secs(),
            )
        })
        .collect();
    let expected = [
        (NOW, 200, 20, 20_000, 20),
        (in_seconds(60), 300, 30, 30_000, 50),
        // The track began anew.
        (in_seconds(180), 50, 5, 5_000, 60),
    ];
    assert_eq!(shown, expected);
    assert_eq!(kept[0].jitter, Duration::from_micros(990));
    assert_eq!(kept[0].round_trip, Some(Duration::from_millis(20)));
    let lately = store.flows_since(meeting, in_seconds(70)).await.unwrap();
    let lately = &lately[0];
    assert_eq!((lately.packets, lately.covers.as_secs()), (350, 110));
    let whole = store.flows(meeting).await.unwrap();
    assert_eq!(whole.len(), 1);
    let whole = &whole[0];
    assert_eq!(
        (whole.packets, whole.direction),
        (50, Direction::Subscribed)
    );
    let range = (NOW, in_seconds(1_000));
    let qualities = store.meeting_qualities(owner.organisation, range.0, range.1);
    assert_eq!(qualities.await.unwrap()[0].packets, 50);
    let forget = ForgetExpired {
        now: in_seconds(60).plus(INTERVALS_KEPT),
        knocked_before: NOW,
    };
    store
        .write_unaudited(UpkeepReason::Expiry, forget)
        .await
        .unwrap();
    assert_eq!(store.quality_intervals(host).await.unwrap().len(), 2);
}

async fn the_log_is_looked_through_within_its_bounds(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let entry = |second: u64, event, salt| {
        let at = in_seconds(second);
        let millis = u64::try_from(at.as_micros() / 1_000).unwrap();
        let stamp = Stamp {
            id: Builder::from_unix_timestamp_millis(millis, &[salt; 10]).into_uuid(),
            time: EntryTime::from_unix_micros(at.as_micros()),
            salt: [salt; 16],
        };
        let entry = conclave_audit::Entry::new(stamp, conclave_audit::Actor::System, event);
        entry.in_organisation(owner.organisation.0)
    };
    let lock = Event::MeetingLock { meeting: meeting.0 };
    let other = Event::MeetingLock {
        meeting: Uuid::nil(),
    };
    for (second, event, salt) in [
        (10, lock.clone(), 1),
        (20, other, 2),
        (30, lock.clone(), 3),
        (40, lock, 4),
    ] {
        store.record(entry(second, event, salt)).await.unwrap();
    }
    let words = meeting.0.to_string();
    let search = |from: Timestamp, to: Timestamp, most| LogSearch {
        log: Some(owner.organisation),
        from,
        to,
        words: &[],
        most,
    };
    let found = async |from, to, most| {
        let words = [words.as_str()];
        let search = LogSearch {
            words: &words,
            ..search(from, to, most)
        };
        let found = store.logged(search).await.unwrap();
        (found.entries.len(), found.is_cut)
    };

    assert_eq!(found(NOW, in_seconds(60), 10).await, (3, false));
    assert_eq!(found(in_seconds(30), in_seconds(60), 10).await, (2, false));
    assert_eq!(found(NOW, in_seconds(40), 10).await, (2, false));
    assert_eq!(found(NOW, in_seconds(60), 2).await, (2, true));

    // From its end on, the newest are never left out.
    let millis_of_first = NOW.as_micros() / 1_000 + 10_000;
    let all = |_: &conclave_audit::Entry| true;
    let later = move |entry: &conclave_audit::Entry| entry.time.as_unix_millis() > millis_of_first;
    let back = async |before, wanted: &(dyn Fn(&conclave_audit::Entry) -> bool + Sync), most| {
        let look = LookBack {
            log: owner.organisation,
            from: NOW,
            to: in_seconds(60),
            before,
            word: &words,
            wanted,
            most,
        };
        let found = store.looked_back(look).await.unwrap();
        let times = found.entries.iter();
        let times = times.map(|entry| entry.time.as_unix_millis() - NOW.as_micros() / 1_000);
        (times.collect::<Vec<_>>(), found.next)
    };
    let (times, next) = back(None, &all, 2).await;
    assert_eq!(times, [40_000, 30_000]);
    assert_eq!(back(next, &all, 2).await, (vec![10_000], None));
    assert_eq!(back(None, &all, 3).await.1, None);
    // What is not wanted takes no place.
    let newest = (vec![40_000, 30_000], None);
    assert_eq!(back(None, &later, 2).await, newest);
}

async fn an_account_stands_with_its_factors_and_its_last_sign_in(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;

    let standings = store.account_standings(owner.organisation).await.unwrap();

    assert_eq!(standings.len(), 1);
    let amy = &standings[0];
    assert_eq!(amy.last_sign_in_at, Some(NOW));
    assert!(amy.has_password && !amy.totp && amy.passkeys == 0 && !amy.single_sign_on);
}
