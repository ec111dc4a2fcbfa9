//! Groups of a few members, without a server: each test hands the messages over itself.
//!
//! The dishonest ones drive openmls directly, past this crate's own checks.

mod joiners;
mod members;
mod server;
mod vectors;

use std::time::Duration;

use zeroize::Zeroizing;

use super::*;
use crate::context::Admission;
use crate::identity::{AccountId, DeviceCertificate, ParticipantId, Standing};
use crate::meeting::{DataMode, ExternalSender, MeetingId, OrganisationId};
use crate::provider::Seed;
use crate::secret::MeetingSecret;

const NOW: Duration = Duration::from_secs(1_764_000_000);

struct Person {
    identity: Identity,
    signer: Signer,
    number: u8,
}

impl Person {
    fn new(number: u8, suite: Suite) -> Self {
        Self {
            identity: Identity {
                participant: ParticipantId([number; 16]),
                display_name: format!("Guest {number}"),
                standing: Standing::Guest,
            },
            signer: Signer::generate(suite, seed(number)),
            number,
        }
    }

    /// Says that `device` is a device of this account.
    fn certified(mut self, account_number: u8, device: &[u8]) -> Self {
        let account = AccountId([5; 16]);
        let account_key = Signer::generate(Suite::Fallback, seed(account_number));
        let content = DeviceCertificate::content(account, device);
        let signature = openmls_traits::signatures::Signer::sign(&account_key, &content).unwrap();
        self.identity.standing = Standing::Account {
            account,
            certificate: DeviceCertificate {
                account_key: account_key.public().try_into().unwrap(),
                signature: signature.try_into().unwrap(),
            },
        };
        self
    }

    fn oneself(&self) -> Oneself<'_> {
        Oneself {
            identity: &self.identity,
            signer: &self.signer,
        }
    }
}

fn seed(number: u8) -> Seed {
    Seed(Zeroizing::new([number; 32]))
}

fn secret() -> MeetingSecret {
    MeetingSecret::new(&[7; 16]).unwrap()
}

fn server(suite: Suite) -> Signer {
    Signer::generate(suite, seed(255))
}

fn meeting(suite: Suite) -> Meeting {
    Meeting {
        meeting: MeetingId([1; 16]),
        organisation: OrganisationId([2; 16]),
        data_mode: DataMode::Conduit,
        suite,
        external_sender: ExternalSender {
            signature_key: server(suite).public().to_vec(),
            identity: b"conclave".to_vec(),
        },
        host_accounts: Vec::new(),
        admission: Admission::Open,
    }
}

fn create(meeting: &Meeting, person: &Person, opening: Opening) -> Group {
    Group::create(
        meeting,
        &secret(),
        person.oneself(),
        opening,
        seed(person.number),
        NOW,
    )
    .unwrap()
}

/// Ann's group, with Bob and Cyd, all of them in one epoch.
struct Trio {
    meeting: Meeting,
    people: [Person; 3],
    groups: [Group; 3],
}

impl Trio {
    fn new(opening: Opening) -> Self {
        let suite = Suite::Fallback;
        let meeting = meeting(suite);
        let people = [1, 2, 3].map(|number| Person::new(number, suite));
        let [ann, bob, cyd] = &people;
        let mut first = create(&meeting, ann, opening);
        let mut second = admitted(&mut [&mut first], &meeting, ann, bob);
        let third = admitted(&mut [&mut first, &mut second], &meeting, ann, cyd);
        Self {
            meeting,
            groups: [first, second, third],
            people,
        }
    }

    fn info(&self) -> Vec<u8> {
        self.groups[0].group_info(&self.people[0].signer).unwrap()
    }

    /// Everybody but `sender` takes the commit.
    fn deliver(&mut self, sender: usize, commit: &[u8]) -> Vec<Result<Change, Refusal>> {
        let others = self.groups.iter_mut().enumerate();
        others
            .filter(|(index, _)| *index != sender)
            .map(|(_, group)| group.take_commit(commit, NOW))
            .collect()
    }

    /// What Bob says to a commit that is not his.
    fn judged(&mut self, commit: &[u8]) -> Result<Change, Refusal> {
        let before = self.groups[1].base_key();
        let judgement = self.groups[1].take_commit(commit, NOW);
        let stays = self.groups[1].base_key() == before;
        assert_eq!(stays, judgement.is_err(), "a refusal changes nothing");
        judgement
    }
}

/// A host, whose group is the first, lets a person in.
fn admitted(groups: &mut [&mut Group], meeting: &Meeting, host: &Person, person: &Person) -> Group {
    let voucher = groups[0].admit(&host.signer, person.oneself().as_joiner(), NOW);
    let info = groups[0].group_info(&host.signer).unwrap();
    let seed = seed(100 + person.number);
    let voucher = voucher.ok();
    let joining = Joining::start(
        meeting,
        &secret(),
        person.oneself(),
        Papers {
            voucher: voucher.as_ref(),
            ..Papers::default()
        },
        &info,
        seed,
        NOW,
    )
    .unwrap();
    for group in groups {
        group.take_commit(&joining.outgoing.commit, NOW).unwrap();
    }
    joining.accepted()
}

fn join(meeting: &Meeting, person: &Person, via: (&Group, &Person)) -> Joining {
    let (group, member) = via;
    let info = group.group_info(&member.signer).unwrap();
    let seed = seed(100 + person.number);
    Joining::start(
        meeting,
        &secret(),
        person.oneself(),
        Papers::default(),
        &info,
        seed,
        NOW,
    )
    .unwrap()
}

// Shows: REQ-CR-06.
#[test]
fn three_members_of_each_suite_share_an_epoch_its_keys_and_its_code() {
    for suite in Suite::ALL {
        let meeting = meeting(suite);
        let [ann, bob, cyd] = [1, 2, 3].map(|number| Person::new(number, suite));
        let mut first = create(&meeting, &ann, Opening::ByAnyone);

        let joining = join(&meeting, &bob, (&first, &ann));
        let change = first.take_commit(&joining.outgoing.commit, NOW).unwrap();
        assert_eq!(change.joined, Some(joining.leaf()));
        let mut second = joining.accepted();

        let joining = join(&meeting, &cyd, (&second, &bob));
        first.take_commit(&joining.outgoing.commit, NOW).unwrap();
        second.take_commit(&joining.outgoing.commit, NOW).unwrap();
        let third = joining.accepted();

        assert_eq!(third.epoch(), 2);
        for group in [&second, &third] {
            assert!(group.base_key() == first.base_key());
            assert_eq!(group.security_code(), first.security_code());
            assert!(group.roster() == first.roster());
        }
        assert_eq!(first.roster().len(), 3);
        assert_eq!(first.security_code().to_string().len(), 35);
    }
}

#[test]
fn a_member_keeps_no_private_key_of_an_epoch_that_ended() {
    let meeting = meeting(Suite::Fallback);
    let ann = Person::new(1, Suite::Fallback);
    let mut first = create(&meeting, &ann, Opening::ByAnyone);
    for number in 2..6 {
        let joining = join(
            &meeting,
            &Person::new(number, Suite::Fallback),
            (&first, &ann),
        );
        first.take_commit(&joining.outgoing.commit, NOW).unwrap();
        assert_eq!(
            first.provider.storage().len(),
            2,
            "the meeting's key and one epoch's"
        );
    }
}
