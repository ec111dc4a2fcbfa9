//! A delivery service that lies, alone or with somebody who was put out: members refuse, stop, or show it.
//!
//! Numbers of abuse cases are those of the list that the harness for browsers (`io/wasm/tests/lies.test.mjs`) names too.

use std::collections::BTreeSet;
use std::time::Duration;

use openmls::group::{GroupEpoch, GroupId as MlsGroupId};
use openmls::messages::external_proposals::ExternalProposal;
use openmls::prelude::SenderExtensionIndex;

use super::service::{Mail, removal};
use super::world::{SECRET, SUITE, World, config, id, key, meeting, seed};
use crate::context::{self, Admission};
use crate::group::{Group, JoinRefusal, Joining, Oneself, Opening, Papers, Refusal, Rule};
use crate::meeting::{DataMode, GroupId, Meeting};
use crate::provider::Provider;
use crate::secret::MeetingSecret;
use crate::session::{Alarm, Config, Input, Sending, Silence};
use crate::signer::Signer;
use crate::suite::Suite;

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn place(world: &World) -> (GroupId, u64) {
    let live = world.service.live.as_ref().unwrap();
    (live.id, live.epoch)
}

/// A commit onto the group as it is, by somebody who knows `secret`.
fn commit_of(world: &World, number: u8, secret: &[u8]) -> Vec<u8> {
    let config = config(number, meeting(), secret);
    let oneself = Oneself {
        identity: &config.identity,
        signer: &config.signer,
    };
    let info = &world.service.live.as_ref().unwrap().info;
    let joining = Joining::start(
        &meeting(),
        &config.secret,
        oneself,
        Papers::default(),
        info,
        seed(number, 99),
        world.now,
    );
    joining.unwrap().outgoing.commit
}

/// Abuse case 34.
// Shows: REQ-CR-08.
#[test]
fn a_ghost_without_the_secret_is_refused_and_shown() {
    let mut world = World::with_members(3);
    let (group, epoch) = place(&world);
    let ghost = Mail::Commit(group, epoch, id(9), commit_of(&world, 9, &[8; 32]));
    for number in 1..=3 {
        world.take(number, &ghost);
        let alarm = Alarm::Commit {
            sender: id(9),
            refusal: Refusal::Invalid,
        };
        assert!(world.person(number).alarms == [alarm]);
    }
    world.run_for(seconds(60));
    world.check_agreement(BTreeSet::from([1, 2, 3]));
}

/// Abuse case 35.
// Shows: REQ-CR-08.
#[test]
fn a_key_that_was_swapped_on_the_way_is_refused() {
    let mut world = World::with_members(2);
    let (group, epoch) = place(&world);
    let honest = commit_of(&world, 9, SECRET);
    let key = Signer::generate(SUITE, seed(9, 0)).public().to_vec();
    let at = honest
        .windows(key.len())
        .position(|window| window == key)
        .unwrap();
    let mut swapped = honest.clone();
    let other = Signer::generate(SUITE, seed(8, 0)).public().to_vec();
    swapped[at..at + key.len()].copy_from_slice(&other);
    world.take(1, &Mail::Commit(group, epoch, id(9), swapped));
    assert_eq!(world.person(1).alarms.len(), 1);
    assert_eq!(world.people[&1].session.group().unwrap().roster().len(), 2);
}

/// Abuse case 34.
#[test]
fn what_is_repeated_changes_nothing() {
    let mut world = World::with_members(2);
    let (group, epoch) = place(&world);
    let commit = Mail::Commit(group, epoch, id(9), commit_of(&world, 9, SECRET));
    world.take(1, &commit);
    let keys = world.people[&1].session.group().unwrap().base_key();
    world.take(1, &commit);
    let group = world.people[&1].session.group().unwrap();
    assert!(group.base_key() == keys);
    world.check_calm();
}

/// Abuse case 34.
#[test]
fn an_old_commit_that_is_said_to_be_new_is_refused_and_shown() {
    let mut world = World::with_members(3);
    let (group, epoch) = place(&world);
    let old = commit_of(&world, 9, SECRET);
    world.enter(4);
    world.run_for(seconds(2));
    assert_eq!(place(&world), (group, epoch + 1));
    world.take(2, &Mail::Commit(group, epoch + 1, id(9), old));
    let refused = |alarm: &Alarm| matches!(alarm, Alarm::Commit { sender, .. } if *sender == id(9));
    assert!(world.person(2).alarms.iter().all(refused));
    assert_eq!(world.person(2).alarms.len(), 1);
    world.run_for(seconds(12));
    world.check_agreement(BTreeSet::from([1, 2, 3, 4]));
}

#[test]
fn a_commit_before_its_turn_moves_nobody_on() {
    let mut world = World::with_members(3);
    let (group, epoch) = place(&world);
    let first = commit_of(&world, 9, SECRET);
    world.take(2, &Mail::Commit(group, epoch + 1, id(9), first));
    assert!(
        world.people[&2].session.group().is_none(),
        "it asks for a slot"
    );
    assert_eq!(world.person(2).sending, Sending::Stopped(Silence::NoKey));
    world.run_for(seconds(12));
    world.check_agreement(BTreeSet::from([1, 2, 3]));
    world.check_secrecy();
}

#[test]
fn a_dropped_commit_silences_and_the_member_comes_back() {
    let mut world = World::with_members(3);
    world.withheld.insert(3);
    world.enter(4);
    world.run_for(seconds(1));
    world.withheld.clear();
    world.enter(5);
    world.run_for(seconds(20));
    world.check_agreement(BTreeSet::from([1, 2, 3, 4, 5]));
}

/// Abuse case 37: Cyd is put out. The server hides that from Bob, and goes on forwarding his frames to Cyd, who goes on
/// signing.
#[test]
fn a_removal_that_is_withheld_stops_the_sender_though_the_removed_goes_on_signing() {
    let mut world = World::with_members(3);
    world.run_for(seconds(30));
    world.withheld = BTreeSet::from([2, 3]);
    let (_, before) = place(&world);
    world.expel(3);
    world.deliver();
    assert_eq!(world.sends_with(1), Some(before + 1));
    assert_eq!(world.sends_with(2), Some(before));
    world.run_for(seconds(10));
    assert_eq!(
        world.person(2).sending,
        Sending::Stopped(Silence::Unconfirmed)
    );
    assert!(world.person(2).silent == [id(1)], "and not Cyd");
    world.run_for(seconds(60));
    assert_eq!(
        world.person(2).sending,
        Sending::Stopped(Silence::Unconfirmed)
    );
}

/// Abuse case 34: The server shows one joiner to Ann and another to Bob, in the same epoch.
// Shows: REQ-CR-08.
#[test]
fn a_fork_shows_in_the_code_and_stops_both_sides() {
    let mut world = World::with_members(2);
    let (group, epoch) = place(&world);
    let [one, other] = [8, 9].map(|number| commit_of(&world, number, SECRET));
    world.take(1, &Mail::Commit(group, epoch, id(8), one));
    world.take(2, &Mail::Commit(group, epoch, id(9), other));
    let [ann, bob] = [1, 2].map(|number| world.people[&number].session.group().unwrap());
    assert_eq!(ann.epoch(), bob.epoch());
    assert_ne!(ann.security_code(), bob.security_code());
    assert!(ann.base_key() != bob.base_key());
    world.run_for(seconds(11));
    for number in [1, 2] {
        assert_eq!(
            world.person(number).sending,
            Sending::Stopped(Silence::Unconfirmed)
        );
    }
}

/// Abuse case 36.
// Shows: REQ-MODE-05.
#[test]
fn other_terms_lead_to_no_group() {
    let other_mode = Meeting {
        data_mode: DataMode::Archive,
        ..meeting()
    };
    let other_suite = Meeting {
        suite: Suite::Hybrid,
        ..meeting()
    };
    for terms in [other_mode, other_suite] {
        let mut world = World::with_members(2);
        world.enter_as(3, config(3, terms, SECRET));
        world.run_for(seconds(30));
        let person = world.person(3);
        assert!(person.session.group().is_none());
        assert!(
            person
                .alarms
                .iter()
                .all(|alarm| *alarm == Alarm::Group(JoinRefusal::NotOurs))
        );
        assert!(!person.alarms.is_empty());
        assert_eq!(person.sending, Sending::Stopped(Silence::NoKey));
    }
}

#[test]
fn a_group_info_of_another_epoch_or_group_is_not_joined() {
    let mut world = World::with_members(2);
    let live = world.service.live.clone().unwrap();
    let offers = [
        Mail::SlotToJoin(live.id, live.epoch + 1, live.info.clone()),
        Mail::SlotToJoin(GroupId([9; 16]), live.epoch, live.info.clone()),
        Mail::SlotToJoin(live.id, live.epoch, b"nothing".to_vec()),
    ];
    for (number, offer) in (3..).zip(offers) {
        world.enter(number);
        world.person(number).inbox.clear();
        world.take(number, &offer);
        assert!(world.person(number).alarms == [Alarm::Group(JoinRefusal::NotOurs)]);
        assert!(world.people[&number].session.group().is_none());
    }
}

/// Its author is a member who would have nobody come in.
#[test]
fn a_group_info_that_nobody_can_enter_by_is_replaced() {
    let mut world = World::with_members(3);
    let info = &mut world.service.live.as_mut().unwrap().info;
    *info.last_mut().unwrap() ^= 1;
    world.enter(4);
    world.run_for(seconds(3));
    world.check_agreement(BTreeSet::from([1, 2, 3, 4]));
    assert!(world.person(4).alarms == [Alarm::Group(JoinRefusal::NotOurs)]);
}

/// Whoever may not make the group after an expel keeps nobody waiting who may.
#[test]
fn a_slot_that_is_of_no_use_is_passed_on() {
    let mut world = World::with_members(4);
    world.expel(3);
    world.run_for(seconds(2));
    let old = world.service.live.take().unwrap().id;
    for number in [2, 4, 1] {
        world.person(number).inbox.clear();
        world.take(number, &Mail::Ended(old));
    }
    world.run_for(seconds(1));
    assert!(world.people[&1].session.group().is_some());
}

#[test]
fn a_joiner_under_another_name_is_shown() {
    let mut world = World::with_members(2);
    let (group, epoch) = place(&world);
    let commit = commit_of(&world, 9, SECRET);
    world.take(1, &Mail::Commit(group, epoch, id(8), commit));
    assert!(matches!(
        world.person(1).alarms[..],
        [Alarm::Mislabelled { .. }]
    ));
}

#[test]
fn proposals_that_are_no_removals_by_the_server_are_refused_and_shown() {
    let mut world = World::with_members(3);
    let (group, epoch) = place(&world);
    let rules = world.people[&1].session.group().unwrap().rules();
    let change = ExternalProposal::new_group_context_extensions::<Provider>(
        context::extensions(&meeting(), &rules),
        MlsGroupId::from_slice(&group.0),
        GroupEpoch::from(epoch),
        &world.service.signer,
        SenderExtensionIndex::new(0),
    );
    let change = change.unwrap().to_bytes().unwrap();
    let stranger = Signer::generate(SUITE, seed(77, 0));
    let forged = removal(&stranger, group, epoch, 2);
    let junk = vec![0; 5_000];
    world.take(2, &Mail::Removal(group, epoch, vec![change, forged, junk]));
    let expected = [
        Alarm::Proposal(Rule::Proposal.into()),
        Alarm::Proposal(Refusal::Invalid),
        Alarm::Proposal(Rule::Size.into()),
    ];
    assert!(world.person(2).alarms == expected);
    world.take(2, &Mail::SlotToCommit(group, epoch));
    assert_eq!(world.people[&2].session.group().unwrap().epoch(), epoch);
}

/// Abuse case 34.
#[test]
fn whoever_is_hidden_or_invented_in_the_servers_roster_is_shown() {
    let mut world = World::with_members(3);
    world.input(1, Input::Present(&[id(1), id(2), id(3)]));
    world.input(1, Input::Present(&[id(1), id(2), id(9)]));
    world.run_for(seconds(14));
    assert!(world.person(1).difference.strangers.is_empty());
    world.run_for(seconds(1));
    let difference = &world.person(1).difference;
    assert!(difference.strangers == [id(3)] && difference.outsiders == [id(9)]);
    world.input(1, Input::Present(&[id(1), id(2), id(3)]));
    assert!(world.person(1).difference.strangers.is_empty());
}

#[test]
fn whoever_the_host_does_not_admit_stays_out() {
    let mut world = World::new();
    let hosted = Config {
        opening: Opening::ByHost(Admission::Signed),
        ..config(1, meeting(), SECRET)
    };
    world.enter_as(1, hosted);
    world.run_for(seconds(1));
    world.host_admits = false;
    world.enter(2);
    world.run_for(seconds(60));
    world.check_agreement(BTreeSet::from([1]));
    assert!(world.person(2).wants_voucher);
    world.host_admits = true;
    world.run_for(seconds(60));
    world.check_agreement(BTreeSet::from([1, 2]));
    world.check_calm();
}

// Shows: REQ-IN-04.
#[test]
fn no_bytes_from_the_server_make_it_panic() {
    let mut world = World::with_members(2);
    let (group, epoch) = place(&world);
    let honest = commit_of(&world, 9, SECRET);
    for length in (0..honest.len()).step_by(7) {
        let cut = honest[..length].to_vec();
        world.take(1, &Mail::Commit(group, epoch, id(9), cut.clone()));
        world.take(1, &Mail::Removal(group, epoch, vec![cut.clone()]));
        world.take(1, &Mail::Heartbeat(cut));
    }
    world.check_agreement(BTreeSet::from([1, 2]));
    assert!(MeetingSecret::new(&[0; 15]).is_err());
}

/// Cyd is put out, and the server ends the group.
fn ended_after_an_expel() -> World {
    let mut world = World::with_members(4);
    world.expel(3);
    world.run_for(seconds(2));
    world.check_agreement(BTreeSet::from([1, 2, 4]));
    let old = world.service.live.take().unwrap().id;
    for number in [1, 2, 4] {
        world.take(number, &Mail::Ended(old));
        world.person(number).inbox.clear();
    }
    world
}

/// The expelled has made the group that the server offers next, with a lobby or without.
#[test]
fn the_expelled_does_not_return_through_a_group_of_their_own() {
    for admission in [Admission::Open, Admission::Signed] {
        let mut world = ended_after_an_expel();
        let config = config(3, meeting(), SECRET);
        let oneself = Oneself {
            identity: &config.identity,
            signer: &config.signer,
        };
        let opening = Opening::ByHost(admission);
        let group = Group::create(
            &meeting(),
            &config.secret,
            oneself,
            opening,
            seed(3, 77),
            world.now,
        );
        let group = group.unwrap();
        let info = group.group_info(&config.signer).unwrap();
        for number in [1, 2] {
            world.take(number, &Mail::SlotToJoin(group.id(), 0, info.clone()));
            let person = world.person(number);
            assert!(person.session.group().is_none());
            assert!(person.alarms == [Alarm::Group(JoinRefusal::Unfounded)]);
        }
    }
}

#[test]
fn a_group_after_an_expel_is_made_by_a_host_and_signed() {
    let mut world = ended_after_an_expel();
    world.take(2, &Mail::SlotToCreate);
    assert!(world.people[&2].session.group().is_none() && world.person(2).wants_host);
    world.take(1, &Mail::SlotToCreate);
    let rules = world.people[&1].session.group().unwrap().rules();
    assert_eq!(rules.admission, Admission::Signed);
}

/// Abuse case 34: Cyd is gone, and the server shows Bob the group from before.
#[test]
fn an_epoch_before_one_that_was_seen_is_not_joined() {
    let mut world = World::with_members(3);
    let before = world.service.live.clone().unwrap();
    world.leave(3);
    world.run_for(seconds(2));
    let (group, epoch) = place(&world);
    world.take(2, &Mail::State(group, epoch + 1));
    world.person(2).inbox.clear();
    world.take(2, &Mail::SlotToJoin(group, before.epoch, before.info));
    assert!(world.people[&2].session.group().is_none());
    assert!(world.person(2).alarms == [Alarm::Group(JoinRefusal::Rollback)]);
}

#[test]
fn a_joiner_sends_nothing_before_the_others_confirm_the_epoch() {
    let mut world = World::with_members(3);
    world.enter(4);
    for number in 1..=3 {
        world.person(number).online = false;
    }
    let (group, epoch) = place(&world);
    let live = world.service.live.clone().unwrap();
    world.take(4, &Mail::SlotToJoin(group, epoch, live.info));
    world.run_for(seconds(20));
    assert!(world.people[&4].session.group().is_some());
    assert_eq!(
        world.person(4).sending,
        Sending::Stopped(Silence::Unconfirmed)
    );
    for number in 1..=3 {
        world.person(number).online = true;
    }
    world.run_for(seconds(5));
    world.check_agreement(BTreeSet::from([1, 2, 3, 4]));
}

/// A commit that Bob alone got: the others are elsewhere, and nothing else comes.
#[test]
fn whoever_refuses_a_commit_joins_anew_unless_the_server_takes_it_back() {
    let mut world = World::with_members(3);
    let (group, epoch) = place(&world);
    let ghost = Mail::Commit(group, epoch, id(9), commit_of(&world, 9, &[8; 32]));
    world.take(2, &ghost);
    world.run_for(seconds(2));
    assert_eq!(place(&world).1, epoch, "Bob waits");
    world.run_for(seconds(4));
    assert_eq!(place(&world).1, epoch + 1, "Bob came again");
    world.check_agreement(BTreeSet::from([1, 2, 3]));

    let (group, epoch) = place(&world);
    let ghost = Mail::Commit(group, epoch, id(9), commit_of(&world, 9, &[8; 32]));
    world.take(2, &ghost);
    world.enter(4);
    world.run_for(seconds(10));
    assert_eq!(place(&world).1, epoch + 1, "the next commit was as good");
    world.check_agreement(BTreeSet::from([1, 2, 3, 4]));
}

#[test]
fn a_wish_that_can_not_be_granted_is_told() {
    let mut world = World::with_members(2);
    world.input(2, Input::Expel(&key(1)));
    world.run_for(seconds(5));
    assert_eq!(world.person(2).failed_wishes, 1, "Bob is no host");
    world.disconnect(1);
    for _ in 0..40 {
        world.input(1, Input::Expel(&key(9)));
    }
    assert_eq!(world.person(1).failed_wishes, 8, "32 wait");
    world.input(1, Input::Leave);
    assert_eq!(world.person(1).failed_wishes, 40);
}

/// Bob gets no commit any more, and goes on signing in the epoch that he has.
#[test]
fn whoever_stays_in_an_epoch_that_closed_confirms_nobody() {
    let mut world = World::with_members(2);
    world.run_for(seconds(10));
    world.withheld = BTreeSet::from([2]);
    world.enter(3);
    world.run_for(seconds(5));
    assert!(world.sends_with(1).is_some());
    world.run_for(seconds(20));
    assert_eq!(world.sends_with(1), None);
    assert!(world.person(1).silent == [id(2)]);
}
