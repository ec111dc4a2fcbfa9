//! What members may commit: a host much, the others only what the server proposed.

use openmls::group::CommitBuilder;
use openmls::prelude::{KeyPackage, LeafNodeIndex, LeafNodeParameters};

use super::joiners::{Forger, honest};
use super::*;
use crate::context;
use crate::meeting::DataMode;

fn trio() -> Trio {
    Trio::new(Opening::ByHost(Admission::Open))
}

type Builder<'a> = CommitBuilder<'a, openmls::group::Initial>;

/// A commit past this crate's own checks, by the member at `index`.
fn forged(
    trio: &mut Trio,
    index: usize,
    shape: impl FnOnce(Builder<'_>) -> Builder<'_>,
) -> Vec<u8> {
    let Group { mls, provider, .. } = &mut trio.groups[index];
    shape(mls.commit_builder())
        .load_psks(provider.storage())
        .unwrap()
        .build(
            provider.rand(),
            provider.crypto(),
            &trio.people[index].signer,
            |_| true,
        )
        .unwrap()
        .stage_commit(provider)
        .unwrap()
        .into_commit()
        .to_bytes()
        .unwrap()
}

#[test]
fn a_guest_removes_nobody() {
    let mut trio = trio();
    let commit = forged(&mut trio, 2, |builder| {
        builder.propose_removals([LeafNodeIndex::new(0)])
    });
    assert_eq!(trio.judged(&commit), Err(Rule::Proposal.into()));
}

#[test]
fn a_guest_changes_no_rules() {
    let mut trio = trio();
    let rules = Rules {
        hosts: vec![trio.people[2].signer.public().to_vec()],
        ..trio.groups[2].rules()
    };
    assert!(
        trio.groups[2]
            .change_rules(&trio.people[2].signer, &rules)
            .is_err()
    );
    let extensions = context::extensions(&trio.meeting, &rules);
    let commit = forged(&mut trio, 2, |builder| {
        builder
            .propose_group_context_extensions(extensions)
            .unwrap()
    });
    assert_eq!(trio.judged(&commit), Err(Rule::Proposal.into()));
}

#[test]
fn a_host_changes_who_may_join_and_who_is_a_host() {
    let mut trio = trio();
    let rules = Rules {
        admission: Admission::Signed,
        hosts: trio.people[..2]
            .iter()
            .map(|person| person.signer.public().to_vec())
            .collect(),
        ..trio.groups[0].rules()
    };
    let ours = trio.groups[0]
        .change_rules(&trio.people[0].signer, &rules)
        .unwrap();
    for change in trio.deliver(0, &ours.commit) {
        assert!(change.unwrap().rules_changed);
    }
    trio.groups[0].accepted().unwrap();
    assert!(trio.groups.iter().all(|group| group.rules() == rules));
    let hosts = trio.groups[2]
        .roster()
        .iter()
        .filter(|occupant| occupant.is_host)
        .count();
    assert_eq!(hosts, 2);
}

#[test]
fn not_even_a_host_changes_the_terms() {
    let mut trio = trio();
    let rules = trio.groups[0].rules();
    let others = [
        Meeting {
            data_mode: DataMode::Archive,
            ..trio.meeting.clone()
        },
        Meeting {
            external_sender: ExternalSender {
                signature_key: trio.people[2].signer.public().to_vec(),
                identity: b"conclave".to_vec(),
            },
            ..trio.meeting.clone()
        },
    ];
    for terms in others {
        let extensions = context::extensions(&terms, &rules);
        let commit = forged(&mut trio, 0, |builder| {
            builder
                .propose_group_context_extensions(extensions)
                .unwrap()
        });
        assert_eq!(trio.judged(&commit), Err(Rule::Terms.into()));
        trio.groups[0].discard();
    }
}

#[test]
fn a_meeting_that_expelled_somebody_never_opens_again() {
    let mut trio = trio();
    let expel = trio.groups[0]
        .expel(&trio.people[0].signer, trio.people[2].signer.public())
        .unwrap();
    trio.deliver(0, &expel.commit);
    trio.groups[0].accepted().unwrap();
    let reopened = Rules {
        admission: Admission::Open,
        ..trio.groups[0].rules()
    };
    let forgotten = Rules {
        generation: 0,
        ..trio.groups[0].rules()
    };
    for rules in [reopened, forgotten] {
        assert!(
            trio.groups[0]
                .change_rules(&trio.people[0].signer, &rules)
                .is_err()
        );
        let extensions = context::extensions(&trio.meeting, &rules);
        let commit = forged(&mut trio, 0, |builder| {
            builder
                .propose_group_context_extensions(extensions)
                .unwrap()
        });
        assert_eq!(trio.judged(&commit), Err(Rule::Terms.into()));
        trio.groups[0].discard();
    }
}

#[test]
fn the_expelled_is_out_and_stays_out_with_the_secret_and_an_old_voucher() {
    let mut trio = Trio::new(Opening::ByHost(Admission::Signed));
    let old = trio.groups[0]
        .admit(
            &trio.people[0].signer,
            trio.people[2].oneself().as_joiner(),
            NOW,
        )
        .unwrap();
    let old_keys = trio.groups[2].base_key();
    let expel = trio.groups[0]
        .expel(&trio.people[0].signer, trio.people[2].signer.public())
        .unwrap();
    let changes = trio.deliver(0, &expel.commit);
    assert_eq!(changes[0].as_ref().unwrap().departed, [2]);
    assert!(changes[1].as_ref().unwrap().ends);
    trio.groups[0].accepted().unwrap();
    assert!(trio.groups[0].base_key() == trio.groups[1].base_key());
    assert!(trio.groups[0].base_key() != old_keys);
    assert_eq!(trio.groups[0].rules().admission, Admission::Signed);

    let info = trio.info();
    let cyd = &trio.people[2];
    let again = Joining::start(
        &trio.meeting,
        &secret(),
        cyd.oneself(),
        Papers {
            voucher: Some(&old),
            ..Papers::default()
        },
        &info,
        seed(8),
        NOW,
    );
    assert!(again.is_err());
    let forger = Forger {
        attached: old.to_bytes(),
        ..honest(&trio.meeting)
    };
    let commit = forger.commit(cyd, &info);
    assert_eq!(trio.judged(&commit), Err(Rule::Admission.into()));
}

#[test]
fn an_expel_closes_an_open_meeting() {
    let mut trio = trio();
    let expel = trio.groups[0]
        .expel(&trio.people[0].signer, trio.people[2].signer.public())
        .unwrap();
    trio.deliver(0, &expel.commit);
    trio.groups[0].accepted().unwrap();
    assert_eq!(trio.groups[1].rules().admission, Admission::Signed);
    let info = trio.info();
    let again = Joining::start(
        &trio.meeting,
        &secret(),
        trio.people[2].oneself(),
        Papers::default(),
        &info,
        seed(8),
        NOW,
    );
    assert!(again.is_err());
}

#[test]
fn an_expelled_host_is_a_host_no_longer() {
    let mut trio = trio();
    let key = |index: usize, trio: &Trio| trio.people[index].signer.public().to_vec();
    let rules = Rules {
        hosts: vec![key(0, &trio), key(2, &trio)],
        ..trio.groups[0].rules()
    };
    let ours = trio.groups[0]
        .change_rules(&trio.people[0].signer, &rules)
        .unwrap();
    trio.deliver(0, &ours.commit);
    trio.groups[0].accepted().unwrap();
    let expel = trio.groups[0]
        .expel(&trio.people[0].signer, trio.people[2].signer.public())
        .unwrap();
    trio.deliver(0, &expel.commit);
    trio.groups[0].accepted().unwrap();
    assert!(trio.groups[1].rules().hosts == [key(0, &trio)]);
}

#[test]
fn a_commit_of_nothing_renews_keys_and_changes_nobody() {
    let mut trio = trio();
    let guest = &trio.people[2].signer;
    let commit = trio.groups[2].renew(guest).unwrap().commit;
    let change = trio.judged(&commit).unwrap();
    assert!(change.joined.is_none() && change.departed.is_empty());
    assert!(!change.ends && !change.rules_changed);
}

#[test]
fn not_even_a_host_adds_anybody() {
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
    let package = package.key_package().clone();
    let commit = forged(&mut trio, 0, |builder| builder.propose_adds([package]));
    assert_eq!(trio.judged(&commit), Err(Rule::Proposal.into()));
}

#[test]
fn nobody_changes_their_name_with_a_commit() {
    let mut trio = trio();
    let mut renamed = Person::new(1, Suite::Fallback);
    renamed.identity.display_name = "Doctor 1".to_owned();
    let leaf = LeafNodeParameters::builder()
        .with_credential_with_key(renamed.oneself().credential())
        .build();
    let commit = forged(&mut trio, 0, |builder| {
        builder
            .propose_removals([LeafNodeIndex::new(2)])
            .leaf_node_parameters(leaf)
    });
    assert_eq!(trio.judged(&commit), Err(Rule::Leaf.into()));
}

#[test]
fn nothing_is_attached_to_a_members_commit() {
    let mut trio = trio();
    trio.groups[0].mls.set_aad(b"anything".to_vec());
    let commit = forged(&mut trio, 0, |builder| {
        builder.propose_removals([LeafNodeIndex::new(2)])
    });
    assert_eq!(trio.judged(&commit), Err(Rule::Proposal.into()));
}

#[test]
fn a_member_proposes_nothing_to_others() {
    let mut trio = trio();
    let Group { mls, provider, .. } = &mut trio.groups[2];
    let (proposal, _) = mls
        .propose_remove_member(provider, &trio.people[2].signer, LeafNodeIndex::new(0))
        .unwrap();
    let proposal = proposal.to_bytes().unwrap();
    assert_eq!(
        trio.groups[1].take_removal(&proposal),
        Err(Rule::Proposal.into())
    );
}

#[test]
fn a_host_who_is_away_is_expelled_as_a_host() {
    let mut trio = trio();
    let absent = Person::new(9, Suite::Fallback).signer.public().to_vec();
    let own = trio.people[0].signer.public().to_vec();
    let rules = Rules {
        hosts: vec![own.clone(), absent.clone()],
        ..trio.groups[0].rules()
    };
    let [host, ..] = &mut trio.groups;
    host.change_rules(&trio.people[0].signer, &rules).unwrap();
    host.accepted().unwrap();
    host.expel(&trio.people[0].signer, &absent).unwrap();
    host.accepted().unwrap();
    assert!(host.rules().hosts == [own]);
}
