use std::time::Duration;

use conclave_client::{AudioOptions, Event, Topology, VideoOptions, proto};
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

/// As a machine that is busy, or a radio. It leaves an estimate that our engine does not move by itself.
#[test]
fn a_line_that_stalled_now_and_then_carries_the_largest_layer_again() {
    for (delay, period, times) in [(200, 1_100, 4), (150, 1_100, 4), (250, 1_000, 2)] {
        let (mut world, watcher) = call();
        world.run_until("720p at first", Duration::from_secs(30), |world| {
            height(world, watcher) == 720
        });

        let stalled = Conditions {
            delay: Duration::from_millis(delay),
            ..Conditions::default()
        };
        for _ in 0..times {
            for conditions in [stalled, Conditions::default()] {
                world.set_line(watcher, Way::Down, conditions);
                world.run(Duration::from_millis(period / 2));
            }
        }

        world.run_until("720p again", Duration::from_secs(30), |world| {
            height(world, watcher) == 720
        });
    }
}

#[test]
fn a_line_too_narrow_for_any_layer_pauses_the_video_and_says_so() {
    let (mut world, watcher) = call();
    world.run_until("720p at first", Duration::from_secs(30), |world| {
        height(world, watcher) == 720
    });

    world.set_line(watcher, Way::Down, narrow(60_000));
    world.run_until("paused", Duration::from_secs(60), |world| {
        told(world, watcher, proto::StreamState::Paused)
    });

    world.set_line(watcher, Way::Down, Conditions::default());
    world.run_until("active again", Duration::from_secs(90), |world| {
        told(world, watcher, proto::StreamState::Active)
    });
    let before = frames(&mut world, watcher);
    world.run(Duration::from_secs(10));
    assert!(frames(&mut world, watcher) - before > 150);
}

#[test]
fn loss_that_retransmission_makes_up_for_pauses_nothing() {
    let (mut world, watcher) = call();
    world.run_until("720p at first", Duration::from_secs(30), |world| {
        height(world, watcher) == 720
    });
    world.events(watcher);

    let lossy = Conditions {
        loss: 0.15,
        ..Conditions::default()
    };
    world.set_line(watcher, Way::Down, lossy);
    world.run(Duration::from_secs(30));

    assert!(!told(&mut world, watcher, proto::StreamState::Paused));
    let before = frames(&mut world, watcher);
    world.run(Duration::from_secs(10));
    assert!(frames(&mut world, watcher) - before > 150);
}

/// One publishes 720p in three layers with sound, the other watches.
fn call() -> (World, GuestId) {
    let mut world = World::new(11);
    let publisher = world.enter("room", "publisher", Topology::Single, |_| {});
    let watcher = world.enter("room", "watcher", Topology::Single, |_| {});
    world.tell(publisher, |endpoint, now| {
        endpoint
            .publish_video(now, &VideoOptions::simulcast_camera())
            .unwrap();
        endpoint
            .publish_audio(now, &AudioOptions::default())
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
        .iter()
        .map(|report| report.height)
        .max()
        .unwrap_or(0)
}

fn frames(world: &mut World, watcher: GuestId) -> u64 {
    world
        .reports(watcher)
        .iter()
        .filter(|report| report.video)
        .map(|report| report.frames)
        .sum()
}

fn told(world: &mut World, watcher: GuestId, state: proto::StreamState) -> bool {
    world.events(watcher).iter().any(|event| match event {
        Event::StreamStates(states) => states.iter().any(|s| s.state() == state),
        _ => false,
    })
}
