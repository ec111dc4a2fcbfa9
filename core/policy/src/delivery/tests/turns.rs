//! A member who wishes to change the group gets a turn.

use conclave_protocol::mls::Slot;

use super::*;
use crate::delivery::forge::{Change, ENTRANCE};
use crate::delivery::world::Heard;

#[test]
fn a_members_turn_comes_after_those_who_waited_and_nobody_interrupts_it() {
    let (mut world, people) = World::with_members(3);
    let newcomer = world.newcomer();
    world.connect(newcomer, true);
    let asked = turn(&world);
    world.clients.get_mut(&newcomer).unwrap().silent = true;
    world.submit(newcomer, Submission::Join);
    world.submit(people[0], asked.clone());
    world.submit(people[0], asked);
    world.run();
    assert_eq!(world.told(newcomer), ["slot join"]);
    assert!(world.told(people[0]).is_empty());

    let entrance = world.forged(None, Some(3), &ENTRANCE);
    world.submit(newcomer, entrance);
    let view = world.current();
    world.step(people[0]);
    world.step(people[1]);
    let heard = world.clients[&people[0]]
        .inbox
        .iter()
        .any(|heard| match heard {
            Heard::Message(Downstream::MlsSlot(Slot::Commit { epoch, .. })) => *epoch == view.epoch,
            _ => false,
        });
    assert!(heard, "the slot is of the epoch that the entrance made");
    let interruption = world.forged(Some(1), None, &[]);
    world.submit(people[1], interruption);
    let wish = expel(&world, 0, 2);
    world.submit_as(people[0], true, wish);
    let members: Vec<_> = world.tree().into_values().collect();
    assert_eq!(members, [people[0], people[1], newcomer]);
    world.run();

    assert!(world.told(people[1]).contains(&"NoSlot".to_owned()));
    let slots = world.told(people[0]);
    let slots = slots.iter().filter(|told| *told == "slot commit");
    assert_eq!(slots.count(), 1, "a turn is asked for once");
}

#[test]
fn a_turn_that_nobody_uses_goes_to_the_next() {
    let (mut world, people) = World::with_members(2);
    world.clients.get_mut(&people[0]).unwrap().silent = true;
    let asked = turn(&world);
    world.submit(people[0], asked.clone());
    world.submit(people[1], asked);
    world.run();
    assert!(world.told(people[1]).is_empty());

    world.wait(LEASE);
    world.run();

    assert_eq!(world.told(people[0]), ["slot commit"]);
    assert_eq!(world.told(people[1]), ["slot commit"]);
}

#[test]
fn pending_removals_come_before_a_members_turn() {
    let (mut world, people) = World::with_members(4);
    for somebody in &people[..3] {
        world.clients.get_mut(somebody).unwrap().silent = true;
    }
    world.lose(people[3]);
    let asked = turn(&world);
    world.submit(people[1], asked);
    world.run();
    assert_eq!(world.told(people[0]), ["removal", "slot commit"]);
    assert_eq!(world.told(people[1]), ["removal"]);

    let removal = world.removal(0, &[3]);
    world.submit(people[0], removal);
    world.run();

    assert!(world.told(people[1]).contains(&"slot commit".to_owned()));
}

#[test]
fn only_a_member_in_the_groups_epoch_gets_a_turn() {
    let (mut world, people) = World::with_members(2);
    let newcomer = world.newcomer();
    world.connect(newcomer, true);
    let View { id: group, epoch } = world.current();
    let early = Submission::Turn {
        group,
        epoch: epoch.next(),
    };
    let elsewhere = Submission::Turn {
        group: GroupId([0xee; 16]),
        epoch,
    };

    world.submit(newcomer, Submission::Turn { group, epoch });
    world.submit(people[0], early);
    world.submit(people[1], elsewhere);
    world.run();

    assert_eq!(world.told(newcomer), ["NoSlot"]);
    assert_eq!(world.told(people[0]), ["Stale"]);
    assert_eq!(world.told(people[1])[0], "Stale");
}

#[test]
fn who_is_removed_while_they_wait_gets_no_turn() {
    let (mut world, people) = World::with_members(3);
    world.clients.get_mut(&people[0]).unwrap().silent = true;
    let asked = turn(&world);
    world.submit(people[0], asked.clone());
    world.submit(people[1], asked);
    let wish = expel(&world, 0, 1);
    world.submit_as(people[0], true, wish);
    world.run();

    assert!(!world.told(people[1]).contains(&"slot commit".to_owned()));
}

#[test]
fn a_member_who_fell_behind_enters_again_in_place_of_their_own_leaf() {
    let (mut world, people) = World::with_members(3);
    world.clients.get_mut(&people[1]).unwrap().group = None;

    world.submit(people[1], Submission::Join);
    world.run();

    assert_eq!(world.tree().into_values().collect::<Vec<_>>(), people);
    assert_eq!(world.clients[&people[1]].group, Some(world.current()));
    assert!(world.proposed.is_empty());
}

/// Whoever commits once it has been told to.
fn expel(world: &World, host: u32, leaf: u32) -> Submission {
    world.forged(Some(host), None, &[Change::Remove(leaf)])
}
