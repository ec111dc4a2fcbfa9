//! A screen that somebody shows is on record from its beginning to its end, whoever ends it.

use std::time::Duration;

use conclave_audit::{Actor, Entry, Outcome};
use conclave_client::{Cid, Connection, VideoOptions, proto};
use tokio::time::{sleep, timeout};

use crate::displaced::{Served, Visitor};

const STARTED: &str = "meeting.present_start";
const STOPPED: &str = "meeting.present_stop";
const TIMED_OUT: &str = "meeting.share_timeout";

// Shows: REQ-AU-01, REQ-LO-01.
#[tokio::test]
async fn a_screen_that_comes_goes_and_is_taken_off_is_on_record_once_each_time() {
    let server = Served::with_places(5).await;
    let owner = Visitor::owner(&server).await;
    let meeting = owner.meet().await;
    let (amy, bo) = (
        owner.come(&meeting, "Amy").await,
        Visitor::of(&server).come(&meeting, "Bo").await,
    );
    let _host = amy.publish(&server, &meeting).await;
    let guest = bo.enter(&server, &meeting).await;

    let screen = show(&guest).await;
    until(&server, &[STARTED]).await;
    let gone = guest.with(move |endpoint, now| endpoint.unpublish(now, &screen));
    gone.await.unwrap().unwrap();
    until(&server, &[STARTED, STOPPED]).await;
    show(&guest).await;
    until(&server, &[STARTED, STOPPED, STARTED]).await;
    server.clock.advance(LONGER_THAN_IDLE);
    // The meeting looks at the clock as somebody comes.
    Visitor::of(&server).come(&meeting, "Cy").await;

    let all = [STARTED, STARTED, STOPPED, STOPPED, TIMED_OUT];
    let entries = until(&server, &all).await;

    for entry in &entries {
        let object = entry.event.object().unwrap();
        assert_eq!(object.id.to_string(), bo.participant);
        assert!(entry.outcome == Outcome::Done && entry.org.is_some());
        let by_themselves = entry.event.name() != TIMED_OUT;
        match &entry.actor {
            Actor::Participant { .. } => assert!(by_themselves),
            Actor::System => assert!(!by_themselves),
            _ => panic!("nobody else does anything with a screen"),
        }
    }
    server.running.stop().await;
}

/// A screen of which nothing moves, nor says anything.
async fn show(guest: &Connection) -> Cid {
    let screen = VideoOptions {
        name: "screen".to_owned(),
        source: proto::TrackSource::ScreenShare,
        muted: true,
        ..VideoOptions::small_camera()
    };
    let shown = guest.with(move |endpoint, now| endpoint.publish_video(now, &screen));
    shown.await.unwrap().unwrap()
}

/// Waits until exactly these are on record of screens, in whatever order, and gives them.
async fn until(server: &Served, expected: &[&str]) -> Vec<Entry> {
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    let comes = async {
        loop {
            let entries = of_screens(server).await;
            let mut names: Vec<_> = entries.iter().map(|entry| entry.event.name()).collect();
            names.sort_unstable();
            if names == expected {
                return entries;
            }
            assert!(names.len() <= expected.len(), "{names:?}");
            // Clients and the router have tasks of their own.
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, comes).await.unwrap()
}

async fn of_screens(server: &Served) -> Vec<Entry> {
    let recorded = server.running.store().recorded_after(0, 10_000).await;
    let recorded = recorded.unwrap().into_iter();
    let entries = recorded.map(|recorded| Entry::from_canonical(&recorded.bytes).unwrap());
    entries
        .filter(|entry| [STARTED, STOPPED, TIMED_OUT].contains(&entry.event.name()))
        .collect()
}

/// A screen is taken off after half an hour.
const LONGER_THAN_IDLE: Duration = Duration::from_secs(31 * 60);
const PATIENCE: Duration = Duration::from_secs(30);
