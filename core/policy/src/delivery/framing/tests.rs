//! Messages of the right form, of each wrong one, and those that openmls made.

use super::*;
use crate::delivery::ExternalSender;
use crate::delivery::forge::{self, Change, ENTRANCE};

const GROUP: [u8; 16] = [7; 16];
const REFERENCE: Change = Change::Reference([7; 48]);

fn joiners(changes: &[Change]) -> Result<Commit, Malformed> {
    read_commit(&forge::commit(GROUP, 5, None, changes))
}

fn members(changes: &[Change]) -> Result<Commit, Malformed> {
    read_commit(&forge::commit(GROUP, 5, Some(2), changes))
}

#[test]
fn a_joiners_commit_says_what_it_does() {
    let [init, psk] = ENTRANCE;

    let commit = joiners(&[init, psk, Change::Remove(3)]).unwrap();

    assert_eq!((commit.group, commit.epoch), (GroupId(GROUP), Epoch(5)));
    assert_eq!(commit.sender, Sender::Joiner);
    assert_eq!(commit.changes.removes, [LeafIndex(3)]);
}

#[test]
fn a_members_commit_says_what_it_does() {
    let commit = members(&[REFERENCE, REFERENCE, Change::Context]).unwrap();

    assert_eq!(commit.sender, Sender::Member(LeafIndex(2)));
    assert_eq!(commit.changes.references, [[7; 48], [7; 48]]);
    assert!(commit.changes.context);
}

#[test]
fn a_joiner_brings_exactly_what_entering_takes() {
    use Change::{Context, ExternalInit, Psk, Remove};

    for wrong in [
        &[][..],
        &[ExternalInit],
        &[Psk],
        &[ExternalInit, Psk, Psk],
        &[ExternalInit, ExternalInit, Psk],
        &[ExternalInit, Psk, Remove(1), Remove(2)],
        &[ExternalInit, Psk, REFERENCE],
        &[ExternalInit, Psk, Context],
    ] {
        assert_eq!(joiners(wrong), Err(Malformed));
    }
}

#[test]
fn nobody_adds_and_no_member_enters() {
    for wrong in [
        Change::Add,
        Change::ExternalInit,
        Change::Psk,
        Change::Remove(2),
    ] {
        assert_eq!(members(&[wrong]), Err(Malformed));
    }
    assert_eq!(members(&[REFERENCE; MOST_PROPOSALS + 1]), Err(Malformed));
}

#[test]
fn every_byte_counts() {
    let commit = forge::commit(GROUP, 5, Some(2), &[Change::Remove(1)]);
    let info = forge::group_info(GROUP, 6, 2);

    for length in 0..commit.len() {
        assert_eq!(read_commit(&commit[..length]), Err(Malformed), "{length}");
    }
    for length in 0..info.len() {
        assert_eq!(read_group_info(&info[..length]), Err(Malformed), "{length}");
    }
    assert_eq!(read_commit(&[commit, vec![0]].concat()), Err(Malformed));
    assert_eq!(read_group_info(&[info, vec![0]].concat()), Err(Malformed));
}

#[test]
fn one_kind_of_message_is_not_taken_for_another() {
    let commit = forge::commit(GROUP, 5, Some(2), &[]);
    let info = forge::group_info(GROUP, 5, 2);

    assert_eq!(read_commit(&info), Err(Malformed));
    assert_eq!(read_group_info(&commit), Err(Malformed));
}

#[test]
fn a_group_info_says_what_it_is_of() {
    let info = read_group_info(&forge::group_info(GROUP, 6, 2)).unwrap();

    assert_eq!((info.group, info.epoch), (GroupId(GROUP), Epoch(6)));
    assert_eq!(info.signer, LeafIndex(2));
}

/// An independent implementation's messages are read for what they are.
#[test]
fn the_messages_of_openmls_are_understood() {
    let entrance = read_commit(&openmls("external_commit")).unwrap();
    assert_eq!(
        (entrance.sender, entrance.epoch),
        (Sender::Joiner, Epoch(0))
    );
    assert!(entrance.changes.removes.is_empty());
    let again = read_commit(&openmls("resync_commit")).unwrap();
    assert_eq!((again.sender, again.epoch), (Sender::Joiner, Epoch(1)));
    assert_eq!(again.changes.removes, [LeafIndex(1)]);
    let removal = read_commit(&openmls("member_commit")).unwrap();
    assert_eq!(removal.sender, Sender::Member(LeafIndex(0)));
    assert_eq!(removal.epoch, Epoch(2));
    let named = reference(0x0001, &openmls("removal")).unwrap();
    assert_eq!(removal.changes.references, [named]);
    for (name, epoch, signer) in [("group_info", 0, 0), ("group_info_1", 1, 1)] {
        let expected = GroupInfo {
            suite: 0x0001,
            group: GroupId(GROUP),
            epoch: Epoch(epoch),
            signer: LeafIndex(signer),
        };
        assert_eq!(read_group_info(&openmls(name)), Ok(expected));
    }
}

/// The proposal that openmls took from its external sender and committed; its signature is checked where the key is.
#[test]
fn a_proposal_is_written_as_openmls_reads_it() {
    let accepted = openmls("removal");
    let (_, signature) = accepted.split_last_chunk().unwrap();
    let signature = *signature;
    let sender = ExternalSender::new([0; 32], move |_| signature);

    let written = sender.propose_removal(GroupId(GROUP), Epoch(2), LeafIndex(1));

    assert_eq!(written.as_bytes(), accepted);
    assert_eq!(read_commit(&accepted), Err(Malformed));
}

fn openmls(name: &str) -> Vec<u8> {
    let lines = include_str!("openmls.txt").lines();
    let mut messages = lines.filter_map(|line| line.split_once(' '));
    let (_, hex) = messages.find(|(found, _)| *found == name).unwrap();
    let (pairs, _) = hex.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16);
    pairs.iter().map(|pair| byte(pair).unwrap()).collect()
}
