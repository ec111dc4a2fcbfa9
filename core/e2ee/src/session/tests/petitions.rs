//! Vouchers: who asks, who answers, and what the server can do in between.

use std::collections::BTreeSet;
use std::time::Duration;

use super::world::{World, id, key};
use crate::identity::{Identity, Standing};
use crate::letter::{Letter, Petition};
use crate::session::{Input, Output};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Three of four are left, and the meeting is `signed`.
fn world() -> World {
    let mut world = World::with_members(4);
    world.expel(4);
    world.run_for(seconds(2));
    world.check_agreement(BTreeSet::from([1, 2, 3]));
    world
}

/// What somebody with this key writes in the name of a participant.
fn petition(world: &World, number: u8, name: &str, key: Vec<u8>) -> Vec<u8> {
    let group = world.people[&1].session.group().unwrap().id();
    let identity = Identity {
        participant: id(number),
        display_name: name.to_owned(),
        standing: Standing::Guest,
    };
    Letter::petition(&Petition {
        group,
        signature_key: key,
        identity,
    })
    .to_bytes()
}

fn generation(world: &World) -> u32 {
    let group = world.people[&1].session.group().unwrap();
    group.rules().generation
}

/// What the host writes when it has read a letter.
fn answers(world: &mut World, from: u8, bytes: &[u8]) -> usize {
    let now = world.now;
    let host = &mut world.person(1).session;
    let from = id(from);
    host.handle_input(now, Input::Letter { from, bytes });
    let mut letters = 0;
    loop {
        match host.poll_output() {
            Output::Wait(_) => return letters,
            Output::Letter { to, .. } => letters += usize::from(to == from),
            _ => {}
        }
    }
}

#[test]
fn whoever_the_host_lets_in_asks_for_a_voucher_and_comes_in() {
    let mut world = world();
    world.host_admits = false;
    world.enter(5);
    world.run_for(seconds(20));
    assert_eq!(world.person(1).asked_by.len(), 1, "shown once");
    world.host_admits = true;
    world.run_for(seconds(4));
    world.check_agreement(BTreeSet::from([1, 2, 3, 5]));
    world.check_calm();
}

#[test]
fn whoever_was_a_member_comes_back_without_being_let_in_again() {
    let mut world = world();
    world.host_admits = false;
    world.leave(2);
    world.run_for(seconds(5));
    world.check_agreement(BTreeSet::from([1, 3]));

    world.enter(2);
    world.run_for(seconds(10));

    world.check_agreement(BTreeSet::from([1, 2, 3]));
    world.check_calm();
}

#[test]
fn whoever_was_let_in_and_turned_away_after_all_gets_no_voucher() {
    let mut world = world();
    world.host_admits = false;
    let bytes = petition(&world, 5, "Guest 5", key(5));
    world.input(1, Input::Admitted(id(5)));
    assert_eq!(answers(&mut world, 5, &bytes), 1);
    let before = generation(&world);

    world.input(1, Input::TurnAway(id(5)));
    world.run_for(seconds(2));

    assert_eq!(answers(&mut world, 5, &bytes), 0);
    assert_eq!(generation(&world), before + 1, "the voucher is void");
}

#[test]
fn whoever_was_put_out_has_to_be_let_in_again() {
    let mut world = world();
    world.enter(5);
    world.run_for(seconds(10));
    world.check_agreement(BTreeSet::from([1, 2, 3, 5]));
    world.expel(5);
    world.run_for(seconds(2));
    world.enter(5);
    world.run_for(seconds(60));
    world.check_agreement(BTreeSet::from([1, 2, 3]));
}

#[test]
fn a_host_answers_for_whom_its_person_let_in_alone() {
    let mut world = world();
    world.input(1, Input::Admitted(id(7)));
    for (sender, named) in [(8, 8), (7, 8), (8, 7)] {
        let letter = petition(&world, named, "Seven", key(sender));
        assert_eq!(answers(&mut world, sender, &letter), 0);
    }
    let letter = petition(&world, 7, "Seven", key(7));
    assert_eq!(answers(&mut world, 7, &letter), 1);
    assert_eq!(answers(&mut world, 7, &letter), 1, "it may have been lost");
    let another = petition(&world, 7, "Seven", key(8));
    assert_eq!(answers(&mut world, 7, &another), 0, "another device's key");
}

// Shows: REQ-IN-04.
#[test]
fn no_bytes_of_a_letter_make_anybody_answer_or_panic() {
    let mut world = world();
    world.input(1, Input::Admitted(id(7)));
    let letter = petition(&world, 7, "Seven", key(7));
    for length in 0..letter.len() {
        assert_eq!(answers(&mut world, 7, &letter[..length]), 0);
    }
    for at in 0..17 {
        let mut other = letter.clone();
        other[at] ^= 0x40;
        assert_eq!(answers(&mut world, 7, &other), 0, "another kind or group");
    }
    assert_eq!(answers(&mut world, 7, &[3; 5_000]), 0);
}
