//! What is told of a group is what the store keeps of it.

use super::*;
use crate::delivery::forge;
use crate::delivery::world::{Trouble, opaque};

#[test]
fn a_restart_forgets_neither_the_order_nor_who_is_gone() {
    let (mut world, people) = World::with_members(3);
    let commit = world.forged(Some(0), None, &[]);
    world.submit(people[0], commit);
    for client in world.clients.values_mut() {
        client.inbox.clear();
    }
    world.lose(people[2]);

    world.restart();
    for somebody in &people[..2] {
        world.connect(*somebody, false);
        world.step(*somebody);
    }
    world.run();
    // The first to come was asked to commit before it had caught up.
    world.wait(TAKE_OVER);
    world.run();

    let view = world.current();
    for somebody in &people[..2] {
        assert_eq!(world.clients[somebody].group, Some(view.clone()));
        assert!(!world.told(*somebody).contains(&"slot join".to_owned()));
    }
    assert_eq!(world.tree().into_values().collect::<Vec<_>>(), people[..2]);
}

#[test]
fn what_the_store_cannot_keep_is_not_told() {
    let (mut world, people) = World::with_members(2);
    let before = world.current();
    world.trouble = Some(Trouble::Fails);

    let commit = world.forged(Some(0), None, &[]);
    world.submit(people[0], commit.clone());
    world.run();
    assert_eq!(
        (world.current(), world.told(people[0])),
        (before.clone(), vec!["Throttled".to_owned()])
    );

    world.trouble = None;
    world.submit(people[0], commit);
    assert_eq!(world.current().epoch, before.epoch.next());
}

#[test]
fn what_the_store_kept_too_late_is_told_once_it_is_found() {
    let (mut world, people) = World::with_members(2);
    let view = world.current();
    world.trouble = Some(Trouble::IsLate);

    let commit = world.forged(Some(0), None, &[]);
    world.submit(people[0], commit);
    world.run();

    for client in world.clients.values() {
        let followed = client.group.as_ref().map(|group| group.epoch);
        assert_eq!(followed, Some(view.epoch.next()));
    }
}

#[test]
fn a_group_that_cannot_be_ended_is_ended_later() {
    let (mut world, people) = World::with_members(1);
    world.trouble = Some(Trouble::Fails);
    world.lose(people[0]);
    let next = world.newcomer();
    world.connect(next, false);
    world.run();
    assert!(world.told(next).is_empty());

    world.trouble = None;
    world.wait(Duration::from_secs(1));
    world.run();

    assert_eq!(world.tree().into_values().collect::<Vec<_>>(), [next]);
}

#[test]
fn another_writers_state_is_taken_over() {
    let (mut world, people) = World::with_members(2);
    let View { id: group, epoch } = world.current();
    let kept = world.store.as_mut().unwrap();
    kept.epoch = epoch.next();
    kept.commits.push(LoggedCommit {
        epoch,
        sender: people[1],
        message: opaque(forge::commit(group.0, epoch.0, Some(1), &[])),
    });

    let ours = world.forged(Some(0), None, &[]);
    world.submit(people[0], ours);
    world.run();

    assert!(world.told(people[0]).contains(&"Stale".to_owned()));
    for somebody in people {
        let view = View {
            id: group,
            epoch: epoch.next(),
        };
        assert_eq!(world.clients[&somebody].group, Some(view));
    }
}

#[test]
fn a_store_that_is_behind_its_members_begins_a_new_group() {
    let (mut world, people) = World::with_members(2);
    let earlier = world.store.clone();
    let update = world.forged(Some(0), None, &[]);
    world.submit(people[0], update);
    world.run();
    world.store = earlier;
    let old = world.current().id;

    let update = world.forged(Some(0), None, &[]);
    world.submit(people[0], update);
    world.run();
    world.wait(Duration::from_secs(1));
    world.run();

    assert_ne!(world.current().id, old);
    assert_eq!(world.tree().len(), 2);
}
