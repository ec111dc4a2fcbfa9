//! Whoever can not enter by one group info gets another.

use super::*;
use crate::delivery::forge;
use crate::delivery::world::{broken, opaque};

#[test]
fn who_can_not_enter_by_a_members_group_info_gets_another_ones() {
    let (mut world, people) = World::with_members(3);
    let shut = world.shut(0);
    world.submit(people[0], shut);
    world.run();
    let [newcomer, next] = [world.newcomer(), world.newcomer()];
    for somebody in [newcomer, next] {
        world.connect(somebody, false);
    }

    world.run();

    let slots = world.told(newcomer);
    let slots = slots.iter().filter(|told| *told == "slot join");
    assert_eq!(slots.count(), 2);
    assert_eq!(world.tree().len(), 5);
    assert!(world.told(people[1]).contains(&"slot commit".to_owned()));
    assert!(!world.told(people[0]).contains(&"slot commit".to_owned()));
    // Of two sides that can't be told apart, both wait.
    assert_eq!(world.distrusted, [newcomer, people[0]]);
    for somebody in [people[0], newcomer] {
        world.submit(somebody, Submission::Join);
        world.run();
        assert!(world.told(somebody).contains(&"Throttled".to_owned()));
    }
}

#[test]
fn who_is_asked_for_another_group_info_and_says_nothing_is_followed_by_the_next() {
    let (mut world, people) = World::with_members(4);
    let shut = world.shut(2);
    world.submit(people[2], shut);
    world.run();
    world.clients.get_mut(&people[0]).unwrap().silent = true;
    let newcomer = world.newcomer();
    world.connect(newcomer, false);
    world.run();
    assert_eq!(world.tree().len(), 4);

    world.wait(TAKE_OVER);
    world.run();

    assert!(world.told(people[1]).contains(&"slot commit".to_owned()));
    assert_eq!(world.tree().len(), 5);
}

#[test]
fn a_group_that_nobody_can_enter_is_followed_by_another() {
    let mut world = World::new();
    let [liar, host] = [world.newcomer(), world.newcomer()];
    world.clients.get_mut(&liar).unwrap().silent = true;
    world.connect(liar, false);
    world.run();
    let group = GroupId([0x11; 16]);
    let group_info = broken(&opaque(forge::group_info(group.0, 0, 0)));
    world.submit(liar, Submission::Create { group, group_info });
    world.clients.get_mut(&host).unwrap().leads = true;
    world.connect(host, false);

    world.run();

    assert_ne!(world.current().id, group);
    assert_eq!(world.tree().into_values().collect::<Vec<_>>(), [host]);
    world.submit(liar, Submission::Join);
    world.run();
    assert!(world.told(liar).contains(&"Throttled".to_owned()));
}

#[test]
fn who_lies_about_a_group_info_ends_nothing_and_keeps_nobody_out() {
    let (mut world, people) = World::with_members(3);
    world.wait(Duration::from_secs(60));
    world.clients.get_mut(&people[0]).unwrap().leads = true;
    let old = world.current().id;
    let [liar, honest] = [world.newcomer(), world.newcomer()];
    world.clients.get_mut(&liar).unwrap().silent = true;
    world.connect(liar, true);
    for _ in 0..20 {
        world.submit(liar, Submission::Join);
        world.run();
        let View { id: group, epoch } = world.current();
        world.submit(liar, Submission::Invalid { group, epoch });
        world.run();
    }
    world.connect(honest, false);
    world.run();

    assert_eq!(world.current().id, old);
    assert!(world.told(liar).contains(&"Throttled".to_owned()));
    let members: Vec<_> = world.tree().into_values().collect();
    assert_eq!(members, [people[0], people[1], people[2], honest]);
    let asked = turn(&world);
    world.submit(people[0], asked);
    world.run();
    assert!(!world.told(people[0]).contains(&"Throttled".to_owned()));
}
