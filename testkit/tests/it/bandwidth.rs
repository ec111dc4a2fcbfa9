use std::time::Duration;

use conclave_client::{Topology, VideoOptions};
use conclave_testkit::{Conditions, GuestId, Way, World};

#[test]
fn a_narrow_line_gets_a_smaller_layer_and_a_wide_one_the_largest_again() {
    let (mut world, watcher) = call();
    world.run_until("720p at first", Duration::from_secs(30), |world| {
        height(world, watcher) == 720
    });

    world.set_line(watcher, Way::Down, narrow(700_000));
    world.run_until("a smaller layer", Duration::from_secs(20), |world| {
        (1..720).contains(&height(world, watcher))
    });
    world.run(Duration::from_secs(20));
    let before = frames(&mut world, watcher);
    world.run(Duration::from_secs(10));
    let while_narrow = frames(&mut world, watcher) - before;
    assert!(while_narrow > 150, "{while_narrow} frames in 10 seconds");
    assert!(height(&mut world, watcher) < 720);

    world.set_line(watcher, Way::Down, Conditions::default());
    world.run_until("720p again", Duration::from_secs(60), |world| {
        height(world, watcher) == 720
    });
}

/// One publishes 720p in three layers, the other watches.
fn call() -> (World, GuestId) {
    let mut world = World::new(11);
    let publisher = world.enter("room", "publisher", Topology::Single, |_| {});
    let watcher = world.enter("room", "watcher", Topology::Single, |_| {});
    world.tell(publisher, |endpoint, now| {
        endpoint
            .publish_video(now, &VideoOptions::simulcast_camera())
            .unwrap();
    });
    (world, watcher)
}

fn narrow(bandwidth: u64) -> Conditions {
    Conditions {
        bandwidth: Some(bandwidth),
        queue: Duration::from_millis(300),
        ..Conditions::default()
    }
}

fn height(world: &mut World, watcher: GuestId) -> u16 {
    world
        .reports(watcher)
        .first()
        .map_or(0, |report| report.height)
}

fn frames(world: &mut World, watcher: GuestId) -> u64 {
    world
        .reports(watcher)
        .iter()
        .map(|report| report.frames)
        .sum()
}
