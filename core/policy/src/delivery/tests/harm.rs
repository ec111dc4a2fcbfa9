//! What a member must not send harms nobody else.

use super::*;
use crate::delivery::forge::{self, Change};
use crate::delivery::world::{commit_to, opaque};

#[test]
fn members_sign_as_themselves_and_only_hosts_change_others() {
    let (mut world, people) = World::with_members(3);
    let view = world.current();
    let another = commit_to(view.id, view.epoch, Some(1), None, 1, &[]);
    let unsigned = commit_to(view.id, view.epoch, Some(0), None, 1, &[]);
    let removes = world.forged(Some(0), None, &[Change::Remove(1)]);
    let opens = world.forged(Some(0), None, &[Change::Context]);

    for wrong in [another, unsigned, removes.clone(), opens] {
        world.submit(people[0], wrong);
    }
    world.run();
    assert_eq!(world.told(people[0]), ["Malformed"; 4]);

    world.submit_as(people[0], true, removes);
    assert_eq!(world.tree().len(), 2);
}

#[test]
fn a_large_commit_costs_more_and_a_malformed_one_is_never_free() {
    let (mut world, people) = World::with_members(3);
    world.wait(Duration::from_secs(60));
    let View { id: group, epoch } = world.current();
    let large = Submission::Commit {
        group,
        epoch,
        commit: opaque(vec![0xff; 500_000]),
        group_info: opaque(Vec::new()),
        leaf: None,
    };
    world.submit(people[1], large.clone());
    world.submit(people[1], large.clone());
    world.clients.get_mut(&people[0]).unwrap().silent = true;
    world.lose(people[2]);
    for _ in 0..2 {
        world.submit(people[0], large.clone());
    }
    world.submit(people[0], Submission::Join);
    world.run();

    assert_eq!(world.told(people[1])[..2], ["Malformed", "Throttled"]);
    assert_eq!(world.told(people[0]).last().unwrap(), "Throttled");
}

#[test]
fn what_is_too_large_is_not_looked_at() {
    let (mut world, people) = World::with_members(1);
    let View { id: group, epoch } = world.current();
    let small = opaque(forge::group_info(group.0, 1, 0));

    for (commit, group_info) in [
        (opaque(vec![0; LARGEST_COMMIT + 1]), small.clone()),
        (small, opaque(vec![0; LARGEST_GROUP_INFO + 1])),
    ] {
        let large = Submission::Commit {
            group,
            epoch,
            commit,
            group_info,
            leaf: None,
        };
        world.submit(people[0], large);
    }
    world.run();

    assert_eq!(world.told(people[0]), ["TooLarge"; 2]);
}

#[test]
fn the_group_info_of_a_large_group_fits() {
    let (mut world, people) = World::with_members(1);
    let View { id: group, epoch } = world.current();
    let large = forge::group_info_with_tree(group.0, epoch.0 + 1, 0, 900_000);

    let update = Submission::Commit {
        group,
        epoch,
        commit: opaque(forge::commit(group.0, epoch.0, Some(0), &[])),
        group_info: opaque(large),
        leaf: None,
    };
    world.submit(people[0], update);

    assert_eq!(world.current().epoch, epoch.next());
}

#[test]
fn garbage_harms_nobody_else() {
    let (mut world, people) = World::with_members(3);
    let View { id: group, epoch } = world.current();

    let garbage = Submission::Commit {
        group,
        epoch,
        commit: opaque(vec![0xff; 100]),
        group_info: opaque(Vec::new()),
        leaf: None,
    };
    world.submit(people[2], garbage);
    world.run();

    assert_eq!(world.told(people[2]), ["Malformed"]);
    assert!(world.told(people[0]).is_empty());
    let update = world.forged(Some(0), None, &[]);
    world.submit(people[0], update);
    assert_eq!(world.current().epoch, epoch.next());
}

#[test]
fn a_flood_of_commits_is_slowed_down() {
    let (mut world, people) = World::with_members(3);
    world.wait(Duration::from_secs(60));
    let before = world.current().epoch.0;

    for _ in 0..1_000 {
        let update = world.forged(Some(1), None, &[]);
        world.submit(people[1], update);
        world.run();
        world.wait(Duration::from_millis(10));
    }
    world.run();

    let made = world.current().epoch.0 - before;
    assert!((8..=14).contains(&made), "{made} epochs in ten seconds");
    assert!(world.told(people[1]).contains(&"Throttled".to_owned()));
    let update = world.forged(Some(0), None, &[]);
    world.submit(people[0], update);
    assert_eq!(world.current().epoch.0, before + made + 1);
}
