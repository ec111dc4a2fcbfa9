//! Whoever comes enters the group, in their order.

use super::*;
use crate::delivery::forge::{Change, ENTRANCE};

#[test]
fn the_first_creates_the_group_and_others_enter_in_the_order_in_which_they_came() {
    let mut world = World::new();
    let [a, b, c] = [world.newcomer(), world.newcomer(), world.newcomer()];
    for somebody in [a, b, c] {
        world.connect(somebody, false);
        world.submit(somebody, Submission::Join);
    }

    world.run();

    let turns = |told: Vec<String>| {
        let mut turns = told;
        turns.retain(|told| !told.starts_with("all"));
        turns
    };
    assert_eq!(turns(world.told(a)), ["slot create", "epoch 1", "epoch 2"]);
    assert_eq!(turns(world.told(b)), ["slot join", "epoch 1", "epoch 2"]);
    assert_eq!(turns(world.told(c)), ["slot join", "epoch 2"]);
    assert_eq!(world.tree().into_values().collect::<Vec<_>>(), [a, b, c]);
}

#[test]
fn a_host_creates_the_group_before_those_who_came_earlier() {
    let mut world = World::new();
    let [first, guest, host] = [world.newcomer(), world.newcomer(), world.newcomer()];
    world.clients.get_mut(&first).unwrap().silent = true;
    world.clients.get_mut(&host).unwrap().leads = true;
    for somebody in [first, guest, host] {
        world.connect(somebody, false);
        world.run();
    }
    assert_eq!(world.told(first), ["slot create"]);

    world.wait(LEASE);
    world.run();

    assert_eq!(world.told(host)[0], "slot create");
    assert!(world.told(guest).contains(&"slot join".to_owned()));
}

#[test]
fn nobody_waits_at_two_places() {
    let (mut world, people) = World::with_members(2);
    let somebody = world.newcomer();
    world.clients.get_mut(&somebody).unwrap().silent = true;
    world.connect(somebody, false);
    world.run();
    let asked = turn(&world);
    world.submit(people[0], asked.clone());
    world.submit(people[0], Submission::Join);
    world.submit(people[0], asked);
    world.wait(LEASE);
    world.run();

    let told = world.told(people[0]);
    assert_eq!(told.iter().filter(|told| *told == "slot join").count(), 1);
    assert!(!told.contains(&"slot commit".to_owned()));
}

#[test]
fn a_reload_enters_anew_and_gives_the_old_leaf_up() {
    let (mut world, people) = World::with_members(3);
    world.clients.get_mut(&people[1]).unwrap().group = None;

    world.connect(people[1], false);
    world.run();

    assert_eq!(world.tree().len(), 3);
    assert!(world.clients[&people[1]].group == Some(world.current()));
    assert!(world.proposed.is_empty());
}

#[test]
fn nobody_enters_at_another_leaf_than_the_least_free_or_removes_anybody_on_the_way() {
    let (mut world, people) = World::with_members(3);
    world.clients.get_mut(&people[2]).unwrap().silent = true;
    let [init, psk] = ENTRANCE;
    let tricks = [
        (Some(1), vec![init, psk]),
        (Some(1), vec![init, psk, Change::Remove(1)]),
        (Some(3), vec![init, psk, Change::Remove(0)]),
        (Some(3), vec![init, psk, Change::Remove(9)]),
        (Some(1 << 16), vec![init, psk]),
        (Some(4), vec![init, psk]),
        (Some(500), vec![init, psk]),
        (Some(3), vec![init, psk, Change::Remove(2)]),
        (None, vec![init, psk]),
    ];

    for (leaf, changes) in tricks {
        world.wait(Duration::from_secs(10));
        world.submit(people[2], Submission::Join);
        let trick = world.forged(None, leaf, &changes);
        world.submit(people[2], trick);
        world.run();
        assert_eq!(world.told(people[2]), ["slot join", "Malformed"]);
    }
    assert_eq!(world.tree().len(), 3);
}

#[test]
fn a_full_group_takes_nobody() {
    let most = u32::try_from(MOST_MEMBERS).unwrap();
    let (mut world, mut people) = World::with_members(1);
    people.extend((1..most).map(|_| world.newcomer()));
    for newcomer in &people[1..] {
        world.connect(*newcomer, false);
    }
    world.run();
    let one_more = world.newcomer();
    world.connect(one_more, false);
    world.run();
    assert_eq!(world.told(one_more), ["Full"]);

    world.clients.get_mut(&people[7]).unwrap().group = None;
    world.connect(people[7], false);
    world.run();

    assert!(world.clients[&people[7]].group == Some(world.current()));
}
