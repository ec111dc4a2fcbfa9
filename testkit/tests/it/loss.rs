use std::time::Duration;

use conclave_client::{AudioOptions, Topology, VideoOptions};
use conclave_testkit::{Conditions, GuestId, Way, World};

/// The share of the time that WebRTC's rule calls frozen.
const MOST_FROZEN: f64 = 0.05;
const TIME: Duration = Duration::from_secs(60);

#[test]
fn with_five_percent_random_loss_on_the_watchers_path_video_keeps_flowing() {
    for topology in [Topology::Single, Topology::Dual] {
        let (mut world, _, watcher) = call(1, topology);
        spoil(&mut world, watcher);
        judge(&mut world, watcher, &format!("{topology:?}"));
    }
}

#[test]
fn with_five_percent_random_loss_on_the_publishers_path_video_keeps_flowing() {
    for topology in [Topology::Single, Topology::Dual] {
        let (mut world, publisher, watcher) = call(2, topology);
        spoil(&mut world, publisher);
        judge(&mut world, watcher, &format!("{topology:?}"));
    }
}

/// Five percent of the guest's datagrams vanish in each direction.
fn spoil(world: &mut World, guest: GuestId) {
    let lossy = Conditions {
        delay: Duration::from_millis(25),
        jitter: Duration::from_millis(5),
        loss: 0.05,
        ..Conditions::default()
    };
    for way in [Way::Up, Way::Down] {
        world.set_line(guest, way, lossy);
    }
}

fn judge(world: &mut World, watcher: GuestId, what: &str) {
    world.run(TIME);

    let reports = world.reports(watcher);
    let video = reports.iter().find(|r| r.video).unwrap();
    let audio = reports.iter().find(|r| !r.video).unwrap();
    let what = format!("{what}: {video:?}, {audio:?}");
    assert!(world.network().counts().lost > 500, "{what}");
    assert!(video.motion.playing > TIME * 9 / 10, "{what}");
    let frozen = video.motion.frozen.as_secs_f64() / video.motion.playing.as_secs_f64();
    assert!(
        frozen <= MOST_FROZEN,
        "{frozen:.3} of the time frozen, {what}"
    );
    // 25 frames are made per second, 50 packets of audio.
    assert!(video.frames > 20 * TIME.as_secs(), "{what}");
    assert!(audio.frames > 45 * TIME.as_secs(), "{what}");
    assert_eq!((video.corrupt, audio.corrupt), (0, 0), "{what}");
}

/// One publishes 720p in three layers with audio, the other watches, and media flows.
fn call(seed: u64, topology: Topology) -> (World, GuestId, GuestId) {
    let mut world = World::new(seed);
    let publisher = world.enter("room", "publisher", topology, |_| {});
    let watcher = world.enter("room", "watcher", topology, |_| {});
    world.tell(publisher, |endpoint, now| {
        let camera = VideoOptions::simulcast_camera();
        endpoint.publish_video(now, &camera).unwrap();
        endpoint
            .publish_audio(now, &AudioOptions::default())
            .unwrap();
    });
    world.run_until("720p arrives", Duration::from_secs(20), |world| {
        world.reports(watcher).iter().any(|r| r.height == 720)
    });
    (world, publisher, watcher)
}
