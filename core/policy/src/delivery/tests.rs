//! Stories of one meeting's group.

use conclave_protocol::mls::Slot;

use super::forge::{self, Change, ENTRANCE};
use super::world::{Heard, Trouble, View, World, broken, commit_to, opaque};
use super::*;

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

fn turn(world: &World) -> Submission {
    let View { id: group, epoch } = world.current();
    Submission::Turn { group, epoch }
}

/// Whoever commits once it has been told to.
fn expel(world: &World, host: u32, leaf: u32) -> Submission {
    world.forged(Some(host), None, &[Change::Remove(leaf)])
}

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
