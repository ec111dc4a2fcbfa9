//! What the server may propose, and how its removals are committed.

use openmls::messages::external_proposals::ExternalProposal;
use openmls::prelude::{KeyPackage, LeafNodeIndex, MlsMessageOut, SenderExtensionIndex};

use super::*;
use crate::context;

fn trio() -> Trio {
    Trio::new(Opening::ByAnyone)
}

fn bytes(message: Result<MlsMessageOut, impl std::fmt::Debug>) -> Vec<u8> {
    message.unwrap().to_bytes().unwrap()
}

/// A proposal to remove `leaf`, signed by `signer` as external sender `index`.
fn removal(trio: &Trio, leaf: u32, signer: &Signer, index: u32) -> Vec<u8> {
    let group = &trio.groups[0].mls;
    bytes(ExternalProposal::new_remove::<Provider>(
        LeafNodeIndex::new(leaf),
        group.group_id().clone(),
        group.epoch(),
        signer,
        SenderExtensionIndex::new(index),
    ))
}

fn by_server(trio: &Trio, leaf: u32) -> Vec<u8> {
    removal(trio, leaf, &server(Suite::Fallback), 0)
}

#[test]
fn a_guest_commits_what_the_server_proposed() {
    let mut trio = trio();
    let proposal = by_server(&trio, 2);
    for group in &mut trio.groups {
        assert_eq!(group.take_removal(&proposal), Ok(2));
    }
    let ours = trio.groups[1]
        .commit_removals(&trio.people[1].signer)
        .unwrap();
    let changes = trio.deliver(1, &ours.commit);
    assert_eq!(changes[0].as_ref().unwrap().departed, [2]);
    assert!(changes[1].as_ref().unwrap().ends);
    assert_eq!(trio.groups[1].accepted().unwrap().departed, [2]);
    assert!(trio.groups[0].base_key() == trio.groups[1].base_key());
    assert_eq!(trio.groups[0].rules().admission, Admission::Open);
}

#[test]
fn one_commit_removes_all_that_were_proposed_once_each() {
    let mut trio = trio();
    for leaf in [0, 2, 0] {
        let proposal = by_server(&trio, leaf);
        for group in &mut trio.groups {
            group.take_removal(&proposal).unwrap();
        }
    }
    assert_eq!(trio.groups[1].leaves_to_remove(), [0, 2]);
    trio.groups[1]
        .commit_removals(&trio.people[1].signer)
        .unwrap();
    assert_eq!(trio.groups[1].accepted().unwrap().departed, [0, 2]);
    assert_eq!(trio.groups[1].roster().len(), 1);
}

#[test]
fn nobody_commits_their_own_removal() {
    let mut trio = trio();
    let proposal = by_server(&trio, 1);
    trio.groups[1].take_removal(&proposal).unwrap();
    assert!(
        trio.groups[1]
            .commit_removals(&trio.people[1].signer)
            .is_err()
    );
    let other = by_server(&trio, 2);
    trio.groups[1].take_removal(&other).unwrap();
    trio.groups[1]
        .commit_removals(&trio.people[1].signer)
        .unwrap();
    assert_eq!(trio.groups[1].accepted().unwrap().departed, [2]);
}

#[test]
fn a_removal_that_the_server_did_not_sign_is_refused() {
    let mut trio = trio();
    let stranger = Person::new(9, Suite::Fallback);
    let forged = removal(&trio, 2, &stranger.signer, 0);
    assert_eq!(trio.groups[1].take_removal(&forged), Err(Refusal::Invalid));
    let second = removal(&trio, 2, &stranger.signer, 1);
    assert_eq!(trio.groups[1].take_removal(&second), Err(Refusal::Invalid));
    let nobody = by_server(&trio, 7);
    assert!(trio.groups[1].take_removal(&nobody).is_err());
    assert!(trio.groups[1].leaves_to_remove().is_empty());
}

#[test]
fn the_server_adds_nobody_and_changes_nothing() {
    let mut trio = trio();
    let dan = Person::new(4, Suite::Fallback);
    let server = server(Suite::Fallback);
    let package = KeyPackage::builder()
        .leaf_node_capabilities(capabilities(Suite::Fallback))
        .build(
            Suite::Fallback.mls(),
            &Provider::new(seed(30)),
            &dan.signer,
            dan.oneself().credential(),
        )
        .unwrap();
    let group = &trio.groups[0].mls;
    let index = SenderExtensionIndex::new(0);
    let add = bytes(ExternalProposal::new_add::<Provider>(
        package.key_package().clone(),
        group.group_id().clone(),
        group.epoch(),
        &server,
        index,
    ));
    let rules = Rules {
        admission: Admission::Signed,
        ..trio.groups[0].rules()
    };
    let change = bytes(ExternalProposal::new_group_context_extensions::<Provider>(
        context::extensions(&trio.meeting, &rules),
        group.group_id().clone(),
        group.epoch(),
        &server,
        index,
    ));
    for proposal in [add, change] {
        assert_eq!(
            trio.groups[1].take_removal(&proposal),
            Err(Rule::Proposal.into())
        );
    }
    assert!(trio.groups[1].leaves_to_remove().is_empty());
}

#[test]
fn an_addition_that_a_member_commits_for_the_server_is_refused() {
    let mut trio = trio();
    let dan = Person::new(4, Suite::Fallback);
    let package = KeyPackage::builder()
        .leaf_node_capabilities(capabilities(Suite::Fallback))
        .build(
            Suite::Fallback.mls(),
            &Provider::new(seed(30)),
            &dan.signer,
            dan.oneself().credential(),
        )
        .unwrap();
    let Group { mls, provider, .. } = &mut trio.groups[2];
    let bundle = mls
        .commit_builder()
        .propose_adds([package.key_package().clone()])
        .load_psks(provider.storage())
        .unwrap()
        .build(
            provider.rand(),
            provider.crypto(),
            &trio.people[2].signer,
            |_| true,
        )
        .unwrap()
        .stage_commit(provider)
        .unwrap();
    let commit = bundle.into_commit().to_bytes().unwrap();
    assert_eq!(trio.judged(&commit), Err(Rule::Proposal.into()));
}

#[test]
fn a_commit_of_a_removal_that_was_withheld_is_refused() {
    let mut trio = trio();
    let proposal = by_server(&trio, 2);
    trio.groups[0].take_removal(&proposal).unwrap();
    let ours = trio.groups[0]
        .commit_removals(&trio.people[0].signer)
        .unwrap();
    assert_eq!(trio.judged(&ours.commit), Err(Refusal::Missed));
}

#[test]
fn a_commit_that_lost_its_epoch_is_made_again() {
    let mut trio = trio();
    let proposal = by_server(&trio, 2);
    for group in &mut trio.groups {
        group.take_removal(&proposal).unwrap();
    }
    trio.groups[0]
        .commit_removals(&trio.people[0].signer)
        .unwrap();
    let winner = trio.groups[1]
        .commit_removals(&trio.people[1].signer)
        .unwrap();
    let change = trio.groups[0].take_commit(&winner.commit, NOW).unwrap();
    assert_eq!(change.departed, [2]);
    trio.groups[1].accepted().unwrap();
    assert!(trio.groups[0].base_key() == trio.groups[1].base_key());
    assert!(trio.groups[0].accepted().is_err());
}
