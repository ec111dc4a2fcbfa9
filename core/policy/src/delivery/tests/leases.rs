//! Whoever is told to commit has a while for it.

use super::*;
use crate::delivery::forge::ENTRANCE;

#[test]
fn of_two_commits_for_one_epoch_one_wins_and_the_other_is_told_so() {
    let (mut world, people) = World::with_members(3);
    let [first, second] = [0, 1].map(|leaf| world.forged(Some(leaf), None, &[]));

    world.submit(people[0], first);
    world.submit(people[1], second);
    world.run();

    assert!(world.told(people[1]).contains(&"Stale".to_owned()));
    assert!(!world.told(people[0]).contains(&"Stale".to_owned()));
    let view = world.current();
    assert_eq!(
        world.accepted[&(view.id, Epoch(view.epoch.0 - 1))],
        people[0]
    );
    for client in world.clients.values() {
        assert_eq!(client.group, Some(view.clone()));
    }
}

#[test]
fn a_silent_committer_is_taken_over() {
    let (mut world, people) = World::with_members(4);
    world.clients.get_mut(&people[0]).unwrap().silent = true;

    world.lose(people[3]);
    world.run();
    world.wait(TAKE_OVER - Duration::from_millis(1));
    world.run();
    assert_eq!(world.tree().len(), 4);
    world.wait(Duration::from_millis(1));
    world.run();

    assert_eq!(world.tree().len(), 3);
    let last = world.accepted.values().last();
    assert_eq!(last, Some(&people[1]));
    assert!(!world.told(people[2]).contains(&"slot commit".to_owned()));
}

#[test]
fn a_committer_who_is_late_may_still_win() {
    let (mut world, people) = World::with_members(3);
    world.clients.get_mut(&people[0]).unwrap().silent = true;
    world.lose(people[2]);
    world.wait(TAKE_OVER);

    let late = world.removal(0, &[2]);
    world.submit(people[0], late);

    assert_eq!(world.tree().len(), 2);
}

#[test]
fn a_slot_that_nobody_uses_goes_to_the_next() {
    let (mut world, _) = World::with_members(1);
    let [slow, next] = [world.newcomer(), world.newcomer()];
    world.clients.get_mut(&slow).unwrap().silent = true;
    world.connect(slow, false);
    world.run();
    world.connect(next, false);
    world.run();
    assert!(world.told(next).is_empty());

    world.wait(LEASE);
    world.run();

    assert_eq!(world.told(next)[0], "slot join");
    let late = world.forged(None, Some(2), &ENTRANCE);
    world.submit(slow, late);
    world.run();
    let told = world.told(slow);
    assert_eq!((&*told[0], &*told[told.len() - 1]), ("slot join", "NoSlot"));
}

#[test]
fn a_slot_that_is_passed_goes_to_the_next_at_once() {
    let (mut world, people) = World::with_members(2);
    for somebody in &people {
        world.clients.get_mut(somebody).unwrap().silent = true;
    }
    let [first, second] = [world.newcomer(), world.newcomer()];
    world.clients.get_mut(&first).unwrap().silent = true;
    for somebody in [first, second] {
        world.connect(somebody, false);
        world.run();
    }
    world.submit(first, Submission::Pass);
    world.run();
    assert_eq!(world.told(second)[0], "slot join");

    world.lose(second);
    world.run();
    world.submit(people[1], Submission::Pass);
    assert_eq!(world.told(people[1]).last().unwrap(), "removal");
    world.submit(people[0], Submission::Pass);
    world.run();
    assert_eq!(world.told(people[1]).last().unwrap(), "slot commit");
}

#[test]
fn who_lets_turns_lapse_waits_longer_for_the_next() {
    let (mut world, _) = World::with_members(1);
    let idle = world.newcomer();
    world.clients.get_mut(&idle).unwrap().silent = true;
    world.connect(idle, true);
    let mut turns = 0;
    for _ in 0..30 {
        world.submit(idle, Submission::Join);
        world.wait(LEASE);
        world.run();
        let told = world.told(idle);
        turns += told.iter().filter(|told| *told == "slot join").count();
    }

    // A minute, of which less than half.
    assert!((8..15).contains(&turns), "{turns}");
}

#[test]
fn a_clock_that_is_set_back_holds_nobody_up() {
    let (mut world, _) = World::with_members(1);
    let [slow, next] = [world.newcomer(), world.newcomer()];
    world.clients.get_mut(&slow).unwrap().silent = true;
    for somebody in [slow, next] {
        world.connect(somebody, false);
        world.run();
    }

    world.now = world.now.minus(Duration::from_secs(3_600));
    world.wait(Duration::ZERO);
    world.wait(LEASE);
    world.run();

    assert_eq!(world.told(next)[0], "slot join");
}
