//! Random histories: whatever people, networks and the store do, those who are there end in one group.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use super::forge::{Change, ENTRANCE};
use super::world::{Trouble, World, opaque};
use super::*;

#[test]
fn everybody_who_is_there_ends_in_the_same_epoch() {
    for seed in 0..HISTORIES {
        let mut random = StdRng::seed_from_u64(seed);
        let mut world = World::new();
        println!("seed {seed}");
        for _ in 0..STEPS {
            act(&mut world, &mut random);
        }
        settle(&mut world);
        check(&world);
    }
}

const HISTORIES: u64 = 200;
const STEPS: usize = 300;
const MOST_PEOPLE: usize = 9;

fn act(world: &mut World, random: &mut StdRng) {
    if world.clients.is_empty() {
        world.newcomer();
    }
    let people: Vec<_> = world.clients.keys().copied().collect();
    let somebody = people[random.random_range(0..people.len())];
    let client = &world.clients[&somebody];
    let (connected, gone) = (client.connected, client.gone);
    match random.random_range(0..24) {
        0 if people.len() < MOST_PEOPLE => drop(world.newcomer()),
        1 | 2 if !connected && !gone => world.connect(somebody, false),
        3 | 4 if !connected && !gone => world.connect(somebody, true),
        5 if connected => world.disconnect(somebody),
        6 if random.random_bool(0.15) && !gone => world.lose(somebody),
        7 => {
            let client = world.clients.get_mut(&somebody).unwrap();
            client.silent = random.random_bool(0.3);
        }
        8 => world.wait(Duration::from_millis(random.random_range(1..1_500))),
        9 if random.random_bool(0.1) => world.restart(),
        10 => {
            let troubles = [None, None, Some(Trouble::Fails), Some(Trouble::IsLate)];
            world.trouble = troubles[random.random_range(0..troubles.len())];
        }
        11 if random.random_bool(0.2) => {
            // A reload: what the page knew is gone.
            world.clients.get_mut(&somebody).unwrap().group = None;
            if connected {
                world.disconnect(somebody);
            }
        }
        12 if connected => misbehave(world, random, somebody),
        // Another server has ended the group.
        13 if random.random_bool(0.05) => world.store = None,
        _ => world.step(somebody),
    }
}

fn misbehave(world: &mut World, random: &mut StdRng, somebody: ParticipantId) {
    let Some(group) = world.delivery.state().group else {
        return world.submit(somebody, Submission::Join);
    };
    let leaf = random.random_range(0..6);
    let epoch = group.epoch;
    let id = group.id;
    let submission = match random.random_range(0..13) {
        8 => Submission::Turn { group: id, epoch },
        9 => Submission::Heartbeat {
            bytes: opaque(vec![7; 10]),
        },
        10 => Submission::Letter {
            to: ParticipantId(Uuid::from_u128(random.random_range(1..9))),
            bytes: opaque(vec![7; 10]),
        },
        11 => Submission::Pass,
        12 => world.shut(leaf),
        0 => Submission::Join,
        1 => Submission::Invalid { group: id, epoch },
        2 => Submission::Processed {
            group: id,
            epoch: Epoch(random.random_range(0..=epoch.0 + 1)),
        },
        3 => world.forged(Some(leaf), None, &[]),
        4 => world.forged(Some(leaf), None, &[Change::Reference([7; 48])]),
        5 => world.forged(Some(leaf), None, &[Change::Remove((leaf + 1) % 6)]),
        6 => world.forged(None, Some(leaf), &ENTRANCE),
        _ => world.forged(Some(leaf), Some(leaf), &[Change::Add]),
    };
    world.submit_as(somebody, random.random_bool(0.2), submission);
}

/// Networks and the store work, and everybody does what they should.
fn settle(world: &mut World) {
    world.trouble = None;
    let people: Vec<_> = world.clients.keys().copied().collect();
    for somebody in people {
        let client = world.clients.get_mut(&somebody).unwrap();
        client.silent = false;
        if client.connected {
            world.disconnect(somebody);
        }
        if !world.clients[&somebody].gone {
            world.connect(somebody, false);
        }
    }
    for _ in 0..3_000 {
        world.run();
        if is_settled(world) {
            return;
        }
        world.wait(Duration::from_millis(500));
    }
}

fn is_settled(world: &World) -> bool {
    let mut there = world.clients.values().filter(|client| !client.gone);
    let group = world.delivery.state().group;
    let tree = world.tree();
    there.all(|client| {
        let known = client.group.as_ref();
        known.is_some_and(|known| {
            group.is_some_and(|group| (known.id, known.epoch) == (group.id, group.epoch))
        })
    }) && tree.values().all(|owner| !world.clients[owner].gone)
}

fn check(world: &World) {
    assert!(
        is_settled(world),
        "somebody is left out, or somebody gone is left in"
    );
    let mut members: Vec<_> = world.tree().into_values().collect();
    members.sort_unstable();
    let there = world.clients.iter().filter(|(_, client)| !client.gone);
    let there: Vec<_> = there.map(|(id, _)| *id).collect();
    assert_eq!(members, there, "each of them has one leaf");
    let mut known: Vec<_> = world.delivery.members().collect();
    known.sort_unstable();
    assert_eq!(known, there);
    let kept = world.store.as_ref().map(|kept| (kept.group, kept.epoch));
    let group = world.delivery.state().group;
    assert_eq!(kept, group.map(|group| (group.id, group.epoch)));
}
