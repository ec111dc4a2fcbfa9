use std::time::Duration;

use conclave_client::{
    AudioOptions, Cid, Event, LiveFrame, LiveOptions, Topology, TrackReport, VideoLayer,
    VideoOptions, proto,
};
use conclave_testkit::{GuestId, World};

const BOTH: [Topology; 2] = [Topology::Dual, Topology::Single];

#[test]
fn more_cameras_than_sections_that_were_offered_at_first_all_arrive() {
    for topology in BOTH {
        let (mut world, publisher, watcher) = pair(topology, |_| {});
        for _ in 0..6 {
            publish(&mut world, publisher);
        }

        world.run(Duration::from_secs(6));

        let reports = reports(&mut world, watcher);
        assert_eq!(reports.len(), 6, "{topology:?}");
        for report in reports {
            assert!(report.frames > 60, "{topology:?}: {report:?}");
            assert_eq!(
                (report.lost, report.corrupt),
                (0, 0),
                "{topology:?}: {report:?}"
            );
        }
    }
}

#[test]
fn tracks_that_come_and_go_again_and_again_are_all_seen() {
    for topology in BOTH {
        let (mut world, publisher, watcher) = pair(topology, |_| {});
        for round in 1..=6 {
            let cid = publish(&mut world, publisher);
            world.run(Duration::from_secs(3));
            let seen = reports(&mut world, watcher);
            assert_eq!(seen.len(), round, "{topology:?}");
            let fresh = seen
                .iter()
                .filter(|report| report.motion.longest_gap < FRAMES_GAP);
            assert_eq!(fresh.count(), round, "{topology:?}: {seen:?}");
            assert!(
                seen.iter().all(|report| report.frames > 20),
                "{topology:?}: {seen:?}"
            );

            world
                .tell(publisher, |endpoint, now| endpoint.unpublish(now, &cid))
                .unwrap();
            world.run(Duration::from_secs(1));
        }
        assert_eq!(world.endpoint(watcher).stray_packets(), 0, "{topology:?}");
    }
}

#[test]
fn a_lower_quality_is_a_smaller_picture_and_none_is_no_picture() {
    for topology in BOTH {
        let (mut world, publisher, watcher) = pair(topology, |_| {});
        publish_simulcast(&mut world, publisher);
        settle_at(&mut world, watcher, 720);

        set(&mut world, watcher, |settings| {
            settings.quality = proto::VideoQuality::Low as i32
        });
        settle_at(&mut world, watcher, 180);
        set(&mut world, watcher, |settings| {
            (settings.width, settings.height) = (533, 300)
        });
        settle_at(&mut world, watcher, 360);

        set(&mut world, watcher, |settings| settings.disabled = true);
        world.run(Duration::from_secs(1));
        let before = only(&mut world, watcher).packets;
        world.run(Duration::from_secs(2));
        assert_eq!(only(&mut world, watcher).packets, before, "{topology:?}");

        set(&mut world, watcher, |settings| {
            settings.quality = proto::VideoQuality::High as i32
        });
        settle_at(&mut world, watcher, 720);
        assert_eq!(only(&mut world, watcher).corrupt, 0, "{topology:?}");
    }
}

#[test]
fn who_mutes_sends_nothing_and_is_seen_again_after() {
    for topology in BOTH {
        let (mut world, publisher, watcher) = pair(topology, |_| {});
        let cid = publish(&mut world, publisher);
        world.run(Duration::from_secs(3));

        world
            .tell(publisher, |endpoint, now| endpoint.mute(now, &cid, true))
            .unwrap();
        world.run(Duration::from_secs(1));
        let muted = only(&mut world, watcher);
        world.run(Duration::from_secs(5));
        assert_eq!(
            only(&mut world, watcher).packets,
            muted.packets,
            "{topology:?}"
        );
        world
            .tell(publisher, |endpoint, now| endpoint.mute(now, &cid, false))
            .unwrap();
        world.run(Duration::from_secs(2));

        let after = only(&mut world, watcher);
        assert!(after.frames > muted.frames + 30, "{topology:?}: {after:?}");
        assert!(
            after.motion.longest_gap < FRAMES_GAP,
            "{topology:?}: {after:?}"
        );
    }
}

#[test]
fn a_client_that_is_told_to_start_anew_publishes_again() {
    for topology in BOTH {
        let (mut world, publisher, watcher) = pair(topology, |_| {});
        publish(&mut world, publisher);
        world.run(Duration::from_secs(3));
        let before = world
            .endpoint(publisher)
            .participant_sid()
            .map(str::to_owned);

        world.tell(publisher, |endpoint, now| {
            let anew = proto::simulate_scenario::Scenario::LeaveRequestFullReconnect(true);
            endpoint.simulate(now, anew);
        });
        world.run(Duration::from_secs(6));

        let events = world.events(publisher);
        assert!(
            events
                .iter()
                .any(|event| matches!(event, Event::Restarting)),
            "{topology:?}"
        );
        assert_ne!(
            world.endpoint(publisher).participant_sid(),
            before.as_deref()
        );
        let reports = reports(&mut world, watcher);
        assert_eq!(reports.len(), 2, "{topology:?}");
        assert!(
            reports.iter().all(|report| report.frames > 50),
            "{topology:?}: {reports:?}"
        );
    }
}

#[test]
fn a_layer_that_nobody_wants_is_not_sent() {
    let (mut world, publisher, watcher) = pair(Topology::Single, |options| options.dynacast = true);
    publish_simulcast(&mut world, publisher);
    settle_at(&mut world, watcher, 720);

    set(&mut world, watcher, |settings| {
        settings.quality = proto::VideoQuality::Low as i32
    });
    world.run(Duration::from_secs(10));

    let wanted = world
        .events(publisher)
        .into_iter()
        .rev()
        .find_map(|event| match event {
            Event::WantedQualities(update) => Some(update),
            _ => None,
        });
    let enabled: Vec<_> = wanted.unwrap().subscribed_codecs[0]
        .qualities
        .iter()
        .filter(|quality| quality.enabled)
        .map(|quality| quality.quality())
        .collect();
    assert_eq!(enabled, [proto::VideoQuality::Low]);
    settle_at(&mut world, watcher, 180);
    set(&mut world, watcher, |settings| {
        settings.quality = proto::VideoQuality::High as i32
    });
    settle_at(&mut world, watcher, 720);
}

#[test]
fn audio_arrives_whether_its_sender_is_redundant_or_its_receiver_can_read_it() {
    for (sends, reads) in [(true, true), (true, false), (false, true), (false, false)] {
        let mut world = World::new(5);
        let speaker = world.enter("room", "speaker", Topology::Single, |o| o.red = sends);
        let listener = world.enter("room", "listener", Topology::Single, |o| o.red = reads);
        world.run(Duration::from_secs(2));
        world.tell(speaker, |endpoint, now| {
            endpoint
                .publish_audio(now, &AudioOptions::default())
                .unwrap();
        });

        world.run(Duration::from_secs(4));

        let report = only(&mut world, listener);
        assert!(report.frames > 100, "{sends} {reads}: {report:?}");
        assert_eq!(
            (report.corrupt, report.foreign, report.lost),
            (0, 0, 0),
            "{sends} {reads}"
        );
    }
}

/// Longer than any gap of a stream that flows.
const FRAMES_GAP: Duration = Duration::from_millis(500);

/// Two who are in the room: one to publish, one to watch.
#[test]
fn what_its_owner_encodes_arrives_whole_from_a_key_frame_on_after_each_pause() {
    for topology in BOTH {
        let (mut world, publisher, watcher) = pair(topology, |options| options.keep_frames = 500);
        let screen = LiveOptions {
            name: "screen".to_owned(),
            source: proto::TrackSource::ScreenShare,
            layer: VideoLayer::new(640, 480, 1_000_000),
        };
        let published = world.tell(publisher, |endpoint, now| {
            endpoint.publish_live(now, &screen)
        });
        let cid = published.unwrap();
        for turn in 1..=2 {
            film(&mut world, publisher, &cid, turn);

            let track_sid = only(&mut world, watcher).track_sid;
            let frames = world.tell(watcher, |endpoint, _| endpoint.take_frames(&track_sid));
            assert!(frames.len() > 20, "{topology:?}: {} frames", frames.len());
            assert_eq!(frames[0][..2], [turn, 1], "{topology:?}");
            let whole = |frame: &Vec<u8>| frame.len() == 3_000 && frame[0] == turn;
            assert!(frames.iter().all(whole), "{topology:?}");
            for muted in [true, false] {
                let told = world.tell(publisher, |endpoint, now| endpoint.mute(now, &cid, muted));
                told.unwrap();
                world.run(Duration::from_secs(1));
            }
        }
    }
}

/// Two seconds of it, once it flows: each frame says of which turn it is, and whether it is a key frame.
fn film(world: &mut World, publisher: GuestId, cid: &Cid, turn: u8) {
    let (mut flows, mut wants_key) = (false, true);
    for _ in 0..90 {
        for event in world.events(publisher) {
            flows |= matches!(event, Event::Flows { .. });
            wants_key |= matches!(event, Event::KeyFrameRequested { .. });
        }
        if flows {
            let is_key = std::mem::take(&mut wants_key);
            let mut data = vec![7; 3_000];
            data[..2].copy_from_slice(&[turn, is_key.into()]);
            let frame = LiveFrame {
                data,
                is_key,
                width: 640,
                height: 480,
            };
            let sent = world.tell(publisher, |endpoint, now| {
                endpoint.send_frame(now, cid, frame)
            });
            sent.unwrap();
        }
        world.run(Duration::from_millis(33));
    }
    // What is on its way arrives.
    world.run(Duration::from_secs(1));
    assert!(flows);
}

fn pair(
    topology: Topology,
    options: impl Fn(&mut conclave_client::Options),
) -> (World, GuestId, GuestId) {
    let mut world = World::new(4);
    let publisher = world.enter("room", "publisher", topology, &options);
    let watcher = world.enter("room", "watcher", topology, &options);
    world.run(Duration::from_secs(2));
    (world, publisher, watcher)
}

fn publish(world: &mut World, publisher: GuestId) -> Cid {
    let camera = VideoOptions::camera([VideoLayer::new(320, 180, 160_000)]);
    world
        .tell(publisher, |endpoint, now| {
            endpoint.publish_video(now, &camera)
        })
        .unwrap()
}

fn publish_simulcast(world: &mut World, publisher: GuestId) -> Cid {
    let camera = VideoOptions::simulcast_camera();
    world
        .tell(publisher, |endpoint, now| {
            endpoint.publish_video(now, &camera)
        })
        .unwrap()
}

fn set(world: &mut World, watcher: GuestId, change: impl FnOnce(&mut proto::UpdateTrackSettings)) {
    let mut settings = proto::UpdateTrackSettings {
        track_sids: vec![only(world, watcher).track_sid],
        quality: proto::VideoQuality::High as i32,
        ..Default::default()
    };
    change(&mut settings);
    world.tell(watcher, |endpoint, now| {
        endpoint.set_track_settings(now, settings)
    });
}

fn settle_at(world: &mut World, watcher: GuestId, height: u16) {
    world.run_until(
        &format!("{height} lines"),
        Duration::from_secs(20),
        |world| {
            reports(world, watcher)
                .iter()
                .any(|report| report.height == height)
        },
    );
}

fn only(world: &mut World, watcher: GuestId) -> TrackReport {
    let mut reports = reports(world, watcher);
    assert_eq!(reports.len(), 1);
    reports.remove(0)
}

fn reports(world: &mut World, watcher: GuestId) -> Vec<TrackReport> {
    world.tell(watcher, |endpoint, now| endpoint.track_reports(now))
}
