//! Whom a host silences is silent: at the router, whatever their client goes on sending.

use std::time::Duration;

use conclave_client::{AudioOptions, Connection, VideoOptions};
use tokio::time::timeout;

use crate::displaced::{Served, Visitor, heard_by};
use crate::stubborn::Stubborn;

// Shows: REQ-AC-18, ABUSE-25.
#[tokio::test]
async fn who_was_muted_with_all_is_heard_by_nobody_whatever_they_send() {
    let server = Served::with_places(5).await;
    let owner = Visitor::owner(&server).await;
    let meeting = owner.meet().await;
    let (amy, bo) = (
        owner.come(&meeting, "Amy").await,
        Visitor::of(&server).come(&meeting, "Bo").await,
    );
    let host = amy.enter(&server, &meeting).await;
    let ticket = bo.ticket(&meeting).await.unwrap();
    let guest = Stubborn::enter(server.address(), ticket, |endpoint, now| {
        let sound = AudioOptions::default();
        endpoint.publish_audio(now, &sound).unwrap();
    });
    let guest = guest.await;
    heard_by(&host, 1).await;

    amy.lead(&meeting, "mute-all").await;

    is_silent(&host, &guest).await;
    server.running.stop().await;
}

// Shows: REQ-AC-07, ABUSE-25.
#[tokio::test]
async fn who_was_put_out_is_neither_seen_nor_heard_whatever_they_send() {
    let server = Served::with_places(5).await;
    let owner = Visitor::owner(&server).await;
    let meeting = owner.meet().await;
    let (amy, bo) = (
        owner.come(&meeting, "Amy").await,
        Visitor::of(&server).come(&meeting, "Bo").await,
    );
    let host = amy.enter(&server, &meeting).await;
    let ticket = bo.ticket(&meeting).await.unwrap();
    let guest = Stubborn::enter(server.address(), ticket, |endpoint, now| {
        let (sound, picture) = (AudioOptions::default(), VideoOptions::small_camera());
        endpoint.publish_audio(now, &sound).unwrap();
        endpoint.publish_video(now, &picture).unwrap();
    });
    let guest = guest.await;
    heard_by(&host, 2).await;

    guest.stops_listening();
    let expel = format!("participants/{}/expel", bo.participant);
    amy.lead(&meeting, &expel).await;

    is_silent(&host, &guest).await;
    server.running.stop().await;
}

/// Nothing comes any more once what was on its way has come, while the guest sends on.
async fn is_silent(host: &Connection, guest: &Stubborn) {
    let falls_silent = async {
        loop {
            let before = received(host).await;
            guest.sends(ON_ITS_WAY).await;
            if received(host).await == before {
                return before;
            }
        }
    };
    let before = timeout(PATIENCE, falls_silent).await.unwrap();
    guest.sends(FOR_SECONDS).await;
    assert_eq!(received(host).await, before);
}

/// Packets of others' sound and pictures, also of tracks that are not theirs any more.
pub(crate) async fn received(person: &Connection) -> u64 {
    let counted = person.with(|endpoint, now| {
        let of_tracks = endpoint.track_reports(now).into_iter();
        let of_tracks: u64 = of_tracks.map(|report| report.packets).sum();
        of_tracks + endpoint.stray_packets()
    });
    counted.await.expect("the connection goes on")
}

/// In packets, of which fifty and more leave in a second.
const ON_ITS_WAY: u64 = 25;
const FOR_SECONDS: u64 = 150;
const PATIENCE: Duration = Duration::from_secs(30);
