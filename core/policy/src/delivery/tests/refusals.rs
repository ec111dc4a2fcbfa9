//! Members refuse a commit that they cannot follow.

use super::*;

#[test]
fn a_commit_that_most_members_refuse_ends_the_group_and_its_sender_waits() {
    let (mut world, people) = World::with_members(6);
    let bad = world.forged(Some(1), None, &[]);
    let old = world.current().id;
    world.submit(people[1], bad);
    let View { id: group, epoch } = world.current();

    for honest in [people[0], people[2], people[4]] {
        world.submit(honest, Submission::Invalid { group, epoch });
    }
    world.run();

    assert_ne!(world.current().id, old);
    assert!(world.told(people[3]).contains(&"ended".to_owned()));
    assert!(world.told(people[1]).contains(&"Throttled".to_owned()));
    assert_eq!(world.tree().len(), 5);
    for _ in 0..12 {
        world.wait(Duration::from_secs(1));
        world.run();
    }
    assert_eq!(world.tree().len(), 6);
}

#[test]
fn a_second_commit_does_not_keep_the_first_from_its_judges() {
    let (mut world, people) = World::with_members(5);
    let old = world.current().id;

    for _ in 0..2 {
        let bad = world.broken(1);
        world.submit(people[1], bad);
        world.wait(Duration::from_secs(1));
    }
    assert_eq!(world.current().epoch, Epoch(6), "nobody has heard of them");
    world.run();

    assert!(world.store.as_ref().is_none_or(|kept| kept.group != old));
    assert!(world.told(people[1]).contains(&"Throttled".to_owned()));
    for _ in 0..20 {
        world.wait(Duration::from_secs(1));
        world.run();
    }
    assert_eq!(world.tree().len(), 5);
}

#[test]
fn the_next_commit_waits_until_most_have_seen_the_latest() {
    let (mut world, people) = World::with_members(4);
    let update = |world: &mut World| {
        let update = world.forged(Some(1), None, &[]);
        world.submit(people[1], update);
        world.current().epoch.0
    };

    assert_eq!([(); 3].map(|()| update(&mut world)), [4; 3]);
    world.step(people[0]);
    assert_eq!(update(&mut world), 4);
    world.step(people[2]);
    assert_eq!(update(&mut world), 5);
    world.wait(Duration::from_secs(1));
    assert_eq!(update(&mut world), 6);
}

#[test]
fn one_word_against_a_host_turns_away_who_said_it() {
    let (mut world, people) = World::with_members(2);
    world.clients.get_mut(&people[0]).unwrap().leads = true;
    let commit = world.forged(Some(0), None, &[]);
    world.submit(people[0], commit);
    let View { id: group, epoch } = world.current();

    world.submit(people[1], Submission::Invalid { group, epoch });
    world.run();

    assert_ne!(world.current().id, group);
    assert_eq!(world.tree().into_values().collect::<Vec<_>>(), people[..1]);
    assert!(world.told(people[1]).contains(&"Throttled".to_owned()));
    for _ in 0..12 {
        world.wait(Duration::from_secs(1));
        world.run();
    }
    assert_eq!(world.tree().len(), 2);
}

#[test]
fn of_two_who_are_no_hosts_both_wait_for_the_next_group() {
    let (mut world, people) = World::with_members(2);
    let commit = world.forged(Some(0), None, &[]);
    world.submit(people[0], commit);
    let View { id: group, epoch } = world.current();

    world.submit(people[1], Submission::Invalid { group, epoch });
    world.run();

    for somebody in people {
        assert!(world.told(somebody).contains(&"Throttled".to_owned()));
    }
    for _ in 0..12 {
        world.wait(Duration::from_secs(1));
        world.run();
    }
    assert_eq!(world.tree().len(), 2);
}

#[test]
fn who_alone_refuses_a_commit_is_told_nothing_and_enters_again() {
    let (mut world, people) = World::with_members(4);
    let commit = world.forged(Some(1), None, &[]);
    let old = world.current().id;
    world.submit(people[1], commit);
    let View { id: group, epoch } = world.current();

    world.submit(people[3], Submission::Invalid { group, epoch });
    world.wait(Duration::from_secs(1));
    world.run();

    assert_eq!(world.current().id, old);
    assert!(!world.told(people[3]).contains(&"ended".to_owned()));
    world.clients.get_mut(&people[3]).unwrap().group = None;
    world.submit(people[3], Submission::Join);
    world.run();
    assert!(world.told(people[3]).contains(&"slot join".to_owned()));
    assert_eq!(world.clients[&people[3]].group, Some(world.current()));
    assert_eq!(world.tree().len(), 4);
}

#[test]
fn nobody_speaks_against_another_epoch_or_their_own_commit() {
    let (mut world, people) = World::with_members(2);
    let commit = world.forged(Some(1), None, &[]);
    world.submit(people[1], commit);
    let View { id: group, epoch } = world.current();
    let stranger = world.newcomer();
    world.connect(stranger, true);

    for (who, epoch) in [
        (people[1], epoch),
        (stranger, epoch),
        (people[0], epoch.next()),
        (people[0], Epoch(0)),
    ] {
        world.submit(who, Submission::Invalid { group, epoch });
    }
    world.wait(Duration::from_secs(2));
    world.run();

    assert_eq!(world.current(), View { id: group, epoch });
    assert!(!world.told(people[0]).contains(&"ended".to_owned()));
}
