//! What happens in meetings with an honest server.

use std::collections::BTreeSet;
use std::time::Duration;

use super::service::Mail;
use super::world::{World, id, key};
use crate::context::Admission;
use crate::session::{Input, Refused, Sending, Silence};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

fn epoch(world: &World, number: u8) -> u64 {
    world.people[&number].session.group().unwrap().epoch()
}

fn members(numbers: &[u8]) -> BTreeSet<u8> {
    numbers.iter().copied().collect()
}

#[test]
fn the_first_makes_the_group_and_the_others_join() {
    let mut world = World::with_members(4);
    world.run_for(seconds(60));
    world.check_agreement(members(&[1, 2, 3, 4]));
    world.check_secrecy();
    world.check_calm();
}

#[test]
fn a_crowd_is_in_within_a_second_of_its_own_time() {
    let mut world = World::with_members(1);
    (2..=30).for_each(|number| world.enter(number));
    world.run_for(seconds(2));
    world.check_agreement((1..=30).collect());
    world.check_calm();
}

#[test]
fn whoever_is_removed_is_cut_off_at_once() {
    let mut world = World::with_members(3);
    let before = epoch(&world, 1);
    world.leave(3);
    world.deliver();
    assert_eq!(world.sends_with(1), Some(before + 1));
    assert_eq!(world.sends_with(2), Some(before + 1));
    assert_eq!(world.person(3).sending, Sending::Stopped(Silence::Over));
    assert!(world.person(3).open.is_empty());
}

#[test]
fn a_silent_committer_is_taken_over() {
    let mut world = World::with_members(3);
    world.person(1).online = false;
    let before = epoch(&world, 2);
    world.leave(3);
    world.run_for(millis(299));
    assert_eq!(epoch(&world, 2), before);
    world.run_for(millis(2));
    assert_eq!(world.sends_with(2), Some(before + 1));
    world.reconnect(1, true);
    world.run_for(seconds(1));
    world.check_agreement(members(&[1, 2]));
}

#[test]
fn a_join_waits_for_those_who_follow_slowly_but_not_long() {
    let mut world = World::with_members(3);
    let before = epoch(&world, 1);
    world.person(3).online = false;
    world.enter(4);
    world.deliver();
    assert_eq!(epoch(&world, 1), before + 1);
    assert_eq!(world.sends_with(1), Some(before));
    assert_eq!(world.person(4).sending, Sending::Stopped(Silence::NoKey));
    world.run_for(seconds(1));
    for number in [1, 2, 4] {
        assert_eq!(world.sends_with(number), Some(before + 1));
    }
}

#[test]
fn keys_of_an_ended_epoch_go_after_ten_seconds() {
    let mut world = World::with_members(2);
    let before = epoch(&world, 1);
    world.enter(3);
    world.deliver();
    world.run_for(millis(9_999));
    assert!(world.has_open(1, before));
    world.run_for(millis(1));
    assert!(!world.has_open(1, before));
    assert!(world.has_open(1, before + 1));
}

#[test]
fn an_expel_closes_the_meeting_to_whoever_has_only_the_secret() {
    let mut world = World::with_members(3);
    world.expel(3);
    world.run_for(seconds(2));
    world.check_agreement(members(&[1, 2]));
    let rules = world.people[&2].session.group().unwrap().rules();
    assert_eq!(rules.admission, Admission::Signed);

    world.enter(3);
    world.enter(4);
    world.run_for(seconds(60));
    world.check_agreement(members(&[1, 2, 4]));
    world.check_secrecy();
    world.check_calm();
}

#[test]
fn somebody_who_was_denied_does_not_come_in_with_the_secret_and_the_servers_help() {
    let mut world = World::with_members(2);
    world.host_admits = false;
    world.input(1, Input::TurnAway(id(3)));
    world.input(1, Input::TurnAway(id(3)));
    world.run_for(seconds(2));

    world.enter(3);
    world.run_for(seconds(60));

    world.check_agreement(members(&[1, 2]));
    world.check_secrecy();
    let rules = world.people[&2].session.group().unwrap().rules();
    assert_eq!(rules.admission, Admission::Signed);
    assert_eq!(rules.generation, 1, "closed once");
    assert_eq!(world.people[&1].failed_wishes, 0);
}

#[test]
fn a_guest_closes_nothing() {
    let mut world = World::with_members(2);
    world.input(2, Input::TurnAway(id(3)));
    world.run_for(seconds(5));
    world.enter(3);
    world.run_for(seconds(5));
    world.check_agreement(members(&[1, 2, 3]));
    assert_eq!(world.people[&2].failed_wishes, 1);
}

#[test]
fn a_guest_puts_nobody_out() {
    let mut world = World::with_members(3);
    world.input(2, Input::Expel(&key(3)));
    world.run_for(seconds(5));
    world.check_agreement(members(&[1, 2, 3]));
}

#[test]
fn a_reload_changes_nobody_but_the_keys() {
    let mut world = World::with_members(3);
    world.enter(2);
    world.run_for(seconds(12));
    world.check_agreement(members(&[1, 2, 3]));
    world.check_secrecy();
    world.check_calm();
}

#[test]
fn whoever_fell_behind_comes_back_alone() {
    let mut world = World::with_members(3);
    world.disconnect(3);
    world.enter(4);
    world.run_for(seconds(5));
    world.reconnect(3, false);
    world.deliver();
    world.run_for(seconds(2));
    world.check_agreement(members(&[1, 2, 3, 4]));
    world.check_calm();
}

#[test]
fn whoever_resumes_follows_what_it_missed() {
    let mut world = World::with_members(3);
    let leaf = world.people[&3].session.group().unwrap().leaf();
    world.disconnect(3);
    world.enter(4);
    world.run_for(seconds(5));
    world.reconnect(3, true);
    world.run_for(seconds(2));
    world.check_agreement(members(&[1, 2, 3, 4]));
    assert_eq!(world.people[&3].session.group().unwrap().leaf(), leaf);
}

#[test]
fn a_group_that_ended_is_followed_by_another() {
    let mut world = World::with_members(2);
    let old = world.service.live.take().unwrap().id;
    for number in [1, 2] {
        world.take(number, &Mail::Ended(old));
    }
    assert!(world.person(1).open.is_empty());
    world.run_for(seconds(3));
    world.check_agreement(members(&[1, 2]));
    assert!(world.people[&1].session.group().unwrap().id() != old);
}

#[test]
fn a_creation_that_came_too_late_becomes_a_join() {
    let mut world = World::with_members(2);
    world.enter(3);
    world.person(3).inbox.clear();
    world.take(3, &Mail::SlotToCreate);
    world.run_for(seconds(60));
    world.check_agreement(members(&[1, 2, 3]));
}

#[test]
fn whoever_is_turned_away_stays_silent() {
    let mut world = World::with_members(2);
    world.enter(3);
    world.take(3, &Mail::Refused(Refused::NotRequired));
    assert_eq!(world.person(3).sending, Sending::Stopped(Silence::Over));
}

#[test]
fn a_full_group_is_asked_again() {
    let mut world = World::with_members(2);
    world.enter(3);
    world.person(3).inbox.clear();
    world.take(3, &Mail::Refused(Refused::Full));
    assert_eq!(world.person(3).sending, Sending::Stopped(Silence::NoKey));
    world.run_for(seconds(10));
    world.check_agreement(members(&[1, 2, 3]));
}

/// What the server had of the tree was another while it looked.
#[test]
fn whoever_brought_what_did_not_fit_comes_again() {
    let mut world = World::with_members(2);
    world.enter(3);
    let live = world.service.live.clone().unwrap();
    world.person(3).inbox.clear();
    world.person(3).online = false;
    world.take(3, &Mail::SlotToJoin(live.id, live.epoch, live.info));
    world.person(3).online = true;
    world.take(3, &Mail::Refused(Refused::Malformed));
    world.run_for(seconds(5));
    world.check_agreement(members(&[1, 2, 3]));
}

#[test]
fn a_lone_member_sends_on() {
    let mut world = World::with_members(2);
    world.leave(2);
    world.run_for(seconds(600));
    world.check_agreement(members(&[1]));
}

/// Cyd leaves while Bob is away. Bob is back, without the proposal, before it is committed.
#[test]
fn whoever_missed_a_proposal_joins_anew() {
    let mut world = World::with_members(3);
    world.disconnect(2);
    world.leave(3);
    world.reconnect(2, false);
    world.run_for(seconds(10));
    world.check_agreement(members(&[1, 2]));
    world.check_calm();
}
