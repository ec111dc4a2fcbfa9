//! Whoever is gone is removed by those who are there.

use super::*;
use crate::delivery::forge::{Change, ENTRANCE};

#[test]
fn who_left_is_removed_by_the_member_with_the_least_leaf() {
    let (mut world, people) = World::with_members(4);

    world.lose(people[0]);
    world.lose(people[2]);
    world.run();

    assert_eq!(
        world.tree().into_values().collect::<Vec<_>>(),
        [people[1], people[3]]
    );
    assert!(world.told(people[1]).contains(&"slot commit".to_owned()));
    assert!(!world.told(people[3]).contains(&"slot commit".to_owned()));
    assert_eq!(world.proposed, [people[0], people[2]]);
}

#[test]
fn a_removal_is_committed_whole_or_not_at_all() {
    let (mut world, people) = World::with_members(5);
    world.clients.get_mut(&people[0]).unwrap().silent = true;
    world.disconnect(people[1]);
    world.disconnect(people[3]);
    let turn = turn(&world);
    world.submit(people[0], turn);
    world.lose(people[2]);
    world.lose(people[4]);
    world.submit(people[0], Submission::Pass);

    let nothing = world.forged(Some(0), None, &[]);
    let unknown = world.forged(Some(0), None, &[Change::Reference([7; 48])]);
    let part = world.removal(0, &[2]);
    let twice = world.removal(0, &[2, 2, 4]);
    let more = [world.removal(0, &[2, 4]), world.removal(0, &[2, 4, 5])];
    for wrong in [nothing, unknown, part, twice] {
        world.submit(people[0], wrong);
    }
    let [_, unproposed] = &more;
    world.submit(people[0], unproposed.clone());
    world.run();

    assert_eq!(world.tree().len(), 5);
    let told = world.told(people[0]);
    let wrong = ["NoSlot", "Malformed", "Malformed", "Malformed", "Malformed"];
    assert_eq!(told[told.len() - 5..], wrong);
    let [whole, _] = more;
    world.submit(people[0], whole);
    assert_eq!(world.tree().len(), 3);
}

#[test]
fn removals_come_before_entrances_and_do_not_keep_them_out_for_ever() {
    let (mut world, people) = World::with_members(3);
    for somebody in &people[..2] {
        world.clients.get_mut(somebody).unwrap().silent = true;
    }
    world.lose(people[2]);
    let newcomer = world.newcomer();
    world.connect(newcomer, false);
    world.run();
    assert!(world.told(newcomer).iter().all(|told| told != "slot join"));

    world.wait(TAKE_OVER * 9);
    world.run();
    assert!(world.tree().into_values().any(|member| member == newcomer));

    world.wait(Duration::from_secs(3));
    world.run();
    assert!(!world.tree().into_values().any(|member| member == people[2]));
}

#[test]
fn one_removal_that_nobody_can_make_does_not_hold_up_the_others() {
    let (mut world, people) = World::with_members(5);
    world.impossible = BTreeSet::from([2]);
    world.lose(people[2]);
    world.lose(people[4]);
    world.run();
    for _ in 0..20 {
        world.wait(TAKE_OVER);
        world.run();
    }
    let members = |world: &World| world.tree().into_values().collect::<Vec<_>>();
    assert_eq!(members(&world), people[..4]);

    world.lose(people[3]);
    world.run();
    for _ in 0..4 {
        world.wait(TAKE_OVER);
        world.run();
    }

    assert_eq!(members(&world), people[..3]);
}

/// What the server forgets in a restart, members do not.
#[test]
fn a_removal_that_was_proposed_before_a_restart_may_be_committed_after_it() {
    let (mut world, people) = World::with_members(3);
    world.clients.get_mut(&people[0]).unwrap().silent = true;
    world.lose(people[2]);
    let removal = world.removal(0, &[2]);
    world.clients.get_mut(&people[2]).unwrap().gone = false;
    world.restart();
    world.connect(people[0], true);
    world.submit(people[0], removal);

    assert_eq!(world.tree().into_values().collect::<Vec<_>>(), people[..2]);
}

#[test]
fn silent_members_keep_a_removal_up_once() {
    let (mut world, people) = World::with_members(11);
    for somebody in &people[..8] {
        world.clients.get_mut(somebody).unwrap().silent = true;
    }
    let late = |world: &mut World, lost: usize| {
        world.lose(people[lost]);
        world.run();
        let left = |world: &World| world.tree().into_values().all(|one| one != people[lost]);
        let mut waits = 0;
        while !left(world) && waits < 40 {
            world.wait(TAKE_OVER);
            world.run();
            waits += 1;
        }
        waits
    };

    assert!(late(&mut world, 10) >= 8);
    assert_eq!(late(&mut world, 9), 0);
}

#[test]
fn who_comes_back_in_time_stays() {
    let (mut world, people) = World::with_members(2);
    world.disconnect(people[0]);
    world.disconnect(people[1]);
    world.input(Input::Gone {
        participant: people[1],
    });

    world.connect(people[1], true);
    world.connect(people[0], true);
    world.run();

    assert_eq!(world.tree().len(), 2);
    assert!(world.proposed.is_empty());
}

#[test]
fn a_leaf_that_its_owner_could_not_remove_is_proposed() {
    let (mut world, people) = World::with_members(3);
    world.clients.get_mut(&people[1]).unwrap().silent = true;
    world.submit(people[1], Submission::Join);

    let entrance = world.forged(None, Some(3), &ENTRANCE);
    world.submit(people[1], entrance);
    world.run();

    assert_eq!(world.proposed, [people[1]]);
    assert_eq!(world.leaf_of(people[1]), 3);
    assert_eq!(world.tree().len(), 3);
}

#[test]
fn a_removal_waits_for_no_lease_and_takes_nobodys_turn() {
    let (mut world, people) = World::with_members(3);
    let [slow, next] = [world.newcomer(), world.newcomer()];
    world.clients.get_mut(&slow).unwrap().silent = true;
    for somebody in [slow, next] {
        world.connect(somebody, false);
        world.run();
    }
    world.lose(people[2]);
    world.run();
    assert_eq!(world.tree().len(), 3);

    world.wait(TAKE_OVER);
    world.run();

    assert_eq!(world.tree().into_values().collect::<Vec<_>>(), people[..2]);
    let slots = world.told(slow);
    let slots = slots.iter().filter(|told| *told == "slot join");
    assert_eq!(slots.count(), 2);
    assert!(world.told(next).iter().all(|told| told != "slot join"));
}
