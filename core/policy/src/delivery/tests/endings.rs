//! A group ends with those who were in it.

use super::*;

#[test]
fn an_empty_meetings_group_ends_and_the_next_one_is_another() {
    let (mut world, people) = World::with_members(2);
    let old = world.current().id;

    people.iter().for_each(|somebody| world.lose(*somebody));
    assert!(world.store.is_none() && world.delivery.state().group.is_none());
    let next = world.newcomer();
    world.connect(next, false);
    world.run();

    assert_ne!(world.current().id, old);
}

#[test]
fn who_was_about_to_enter_a_group_that_ends_creates_the_next() {
    let (mut world, people) = World::with_members(1);
    let newcomer = world.newcomer();
    world.connect(newcomer, false);
    world.step(newcomer);

    world.lose(people[0]);
    world.run();

    assert_eq!(
        world.told(newcomer)[..3],
        ["slot join", "ended", "slot create"]
    );
    assert_eq!(world.tree().into_values().collect::<Vec<_>>(), [newcomer]);
}

#[test]
fn the_meetings_end_ends_the_group() {
    let (mut world, people) = World::with_members(2);

    world.input(Input::MeetingEnded);
    world.submit(people[0], Submission::Join);
    world.run();

    assert!(world.store.is_none());
    assert_eq!(world.told(people[0]), ["ended"]);
}
