use std::time::Duration;

use conclave_client::{AudioOptions, DataMessage, End, Event, Topology, VideoOptions};
use conclave_sfu::Fact;
use conclave_testkit::{GuestId, World};

#[test]
fn both_topologies_meet() {
    let (mut world, old, new) = two_people();

    world.run(Duration::from_secs(10));

    for guest in [old, new] {
        let reports = world.reports(guest);
        assert_eq!(reports.len(), 2);
        for report in reports {
            let least = if report.video { 200 } else { 400 };
            assert!(report.frames > least, "{report:?}");
            assert_eq!((report.lost, report.corrupt), (0, 0), "{report:?}");
            assert_eq!(report.motion.freezes, 0, "{report:?}");
        }
        let profile = world
            .events(guest)
            .into_iter()
            .find_map(|event| match event {
                Event::Connected { srtp } => Some(srtp),
                _ => None,
            });
        assert_eq!(profile, Some("SRTP_AEAD_AES_256_GCM"));
    }
}

#[test]
fn words_reach_those_whom_they_are_for() {
    let (mut world, old, new) = two_people();
    let third = world.enter("room", "third", Topology::Single, |_| {});
    world.run(Duration::from_secs(5));
    for guest in [old, new, third] {
        world.events(guest);
    }

    let secret = DataMessage {
        reliable: true,
        to: vec!["new".to_owned()],
        payload: b"for you".to_vec(),
        ..DataMessage::default()
    };
    world
        .tell(old, |endpoint, now| endpoint.send_data(now, &secret))
        .unwrap();
    let old_fashioned = DataMessage {
        addressed_the_old_way: true,
        ..secret.clone()
    };
    world
        .tell(old, |endpoint, now| endpoint.send_data(now, &old_fashioned))
        .unwrap();
    let open = DataMessage {
        payload: b"for all".to_vec(),
        to: vec![],
        ..secret
    };
    world
        .tell(old, |endpoint, now| endpoint.send_data(now, &open))
        .unwrap();
    world.run(Duration::from_secs(1));

    assert_eq!(heard(&mut world, new), ["for you", "for you", "for all"]);
    assert_eq!(heard(&mut world, third), ["for all"]);
    assert_eq!(heard(&mut world, old), [""; 0]);
}

#[test]
fn a_broken_signal_is_resumed_while_the_media_go_on() {
    for topology in [Topology::Dual, Topology::Single] {
        let (mut world, old, new) = two_people();
        let (broken, other) = match topology {
            Topology::Dual => (old, new),
            Topology::Single => (new, old),
        };
        world.run(Duration::from_secs(5));
        let sid = world.endpoint(broken).participant_sid().map(str::to_owned);
        world.events(broken);

        world.cut_signal(broken);
        world.run(Duration::from_secs(15));

        let resumed = world
            .events(broken)
            .iter()
            .any(|e| matches!(e, Event::Resumed));
        assert!(resumed, "{topology:?}");
        assert_eq!(
            world.endpoint(broken).participant_sid().map(str::to_owned),
            sid
        );
        for guest in [broken, other] {
            let reports = world.reports(guest);
            for report in reports {
                assert!(
                    report.motion.longest_gap < Duration::from_secs(1),
                    "{report:?}"
                );
            }
        }
    }
}

#[test]
fn who_leaves_is_gone_for_the_others_and_for_the_record() {
    let (mut world, old, new) = two_people();
    world.run(Duration::from_secs(5));
    world.facts();

    world.tell(old, |endpoint, now| endpoint.leave(now));
    world.run(Duration::from_secs(2));

    assert!(
        world
            .events(old)
            .iter()
            .any(|e| matches!(e, Event::Ended(End::Left)))
    );
    let gone = world.events(new).into_iter().any(|event| match event {
        Event::ParticipantLeft(info) => info.identity == "old",
        _ => false,
    });
    assert!(gone);
    let quality = world.facts().into_iter().find_map(|fact| match fact {
        Fact::ParticipantLeft {
            identity, quality, ..
        } if identity == "old" => Some(quality),
        _ => None,
    });
    let quality = quality.unwrap();
    assert_eq!(quality.srtp, "SRTP_AEAD_AES_256_GCM");
    assert_eq!(quality.path, "udp");
    assert!(quality.tracks.iter().any(|t| t.published && t.packets > 0));
    assert!(quality.tracks.iter().any(|t| !t.published && t.packets > 0));
}

/// One speaks v0, one v1; both publish a camera and a microphone, and receive the other's.
fn two_people() -> (World, GuestId, GuestId) {
    let mut world = World::new(21);
    let old = world.enter("room", "old", Topology::Dual, |_| {});
    let new = world.enter("room", "new", Topology::Single, |_| {});
    for guest in [old, new] {
        world.tell(guest, |endpoint, now| {
            endpoint
                .publish_video(now, &VideoOptions::small_camera())
                .unwrap();
            endpoint
                .publish_audio(now, &AudioOptions::default())
                .unwrap();
        });
    }
    world.run_until("media arrives", Duration::from_secs(10), |world| {
        [old, new].into_iter().all(|guest| {
            let reports = world.reports(guest);
            reports.len() == 2 && reports.iter().all(|report| report.frames > 0)
        })
    });
    (world, old, new)
}

fn heard(world: &mut World, guest: GuestId) -> Vec<String> {
    world
        .events(guest)
        .into_iter()
        .filter_map(|event| match event {
            Event::Data(received) => received.payload().map(<[u8]>::to_vec),
            _ => None,
        })
        .map(|payload| String::from_utf8(payload).unwrap())
        .collect()
}
