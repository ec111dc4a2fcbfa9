//! Who comes in, and who doesn't.

use openmls::messages::proposals::PreSharedKeyProposal;

use super::*;
use crate::admission::{NotAdmitted, Voucher};
use crate::secret::psk_id;

/// An external commit of a joiner who doesn't use this crate's checks.
pub(super) struct Forger<'a> {
    pub(super) capabilities: Capabilities,
    pub(super) meeting: &'a Meeting,
    /// The terms that the joiner's keys are derived for.
    pub(super) keys: Vec<&'a Meeting>,
    pub(super) attached: Vec<u8>,
}

impl Forger<'_> {
    pub(super) fn commit(&self, person: &Person, info: &[u8]) -> Vec<u8> {
        let provider = Provider::new(seed(200 + person.number));
        let offered = join::read(info).unwrap();
        let builder = MlsGroup::external_commit_builder()
            .with_config(configuration())
            .with_aad(self.attached.clone())
            .skip_lifetime_validation()
            .build_group(&provider, offered, person.oneself().credential())
            .unwrap();
        let leaf = openmls::prelude::LeafNodeParameters::builder()
            .with_capabilities(self.capabilities.clone())
            .build();
        let keys = self.keys.iter().map(|terms| {
            let id = psk_id(self.meeting, provider.rand());
            id.store(&provider, &secret().pre_shared_key(terms))
                .unwrap();
            PreSharedKeyProposal::new(id)
        });
        let (_, bundle) = builder
            .leaf_node_parameters(leaf)
            .add_psk_proposals(keys.collect::<Vec<_>>())
            .load_psks(provider.storage())
            .unwrap()
            .build(provider.rand(), provider.crypto(), &person.signer, |_| true)
            .unwrap()
            .finalize(&provider)
            .unwrap();
        bundle.into_commit().to_bytes().unwrap()
    }
}

pub(super) fn honest(meeting: &Meeting) -> Forger<'_> {
    Forger {
        capabilities: capabilities(meeting.suite),
        meeting,
        keys: vec![meeting],
        attached: Vec::new(),
    }
}

fn dan() -> Person {
    Person::new(4, Suite::Fallback)
}

fn open_trio() -> Trio {
    Trio::new(Opening::ByHost(Admission::Open))
}

fn signed_trio() -> Trio {
    Trio::new(Opening::ByHost(Admission::Signed))
}

#[test]
fn the_forger_is_let_in_when_it_does_as_it_should() {
    let mut trio = open_trio();
    let commit = honest(&trio.meeting).commit(&dan(), &trio.info());
    assert!(trio.judged(&commit).is_ok());
}

#[test]
fn a_ghost_without_the_secret_stays_out() {
    let mut trio = open_trio();
    let guessed = MeetingSecret::new(&[8; 16]).unwrap();
    let info = trio.info();
    let ghost = Joining::start(
        &trio.meeting,
        &guessed,
        dan().oneself(),
        Papers::default(),
        &info,
        seed(9),
        NOW,
    )
    .unwrap();
    assert_eq!(trio.judged(&ghost.outgoing.commit), Err(Refusal::Invalid));
}

/// Else one leaf could make every later GroupInfo as large as a commit may be.
#[test]
fn a_joiners_leaf_says_what_ours_say_and_no_more() {
    let mut trio = open_trio();
    let meeting = trio.meeting.clone();
    let suites = [Suite::Fallback.mls(), Suite::P384.mls()];
    let larger = Capabilities::new(
        Some(&[ProtocolVersion::Mls10]),
        Some(&suites),
        Some(&[context::EXTENSION]),
        Some(&[] as &[ProposalType]),
        Some(&[CredentialType::Basic]),
    );
    let forger = Forger {
        capabilities: larger,
        ..honest(&meeting)
    };
    let commit = forger.commit(&dan(), &trio.info());
    assert_eq!(trio.judged(&commit), Err(Rule::Leaf.into()));
}

/// Bob reloads with another name: the others would refuse that, since the leaf that goes is another's then.
#[test]
fn whoever_returns_keeps_the_name_that_its_leaf_has() {
    let mut trio = open_trio();
    let mut bob = Person::new(2, Suite::Fallback);
    bob.identity.display_name = "Doctor 2".to_owned();
    let info = trio.info();
    let join = |bob: &Person| {
        let papers = Papers::default();
        Joining::start(
            &trio.meeting,
            &secret(),
            bob.oneself(),
            papers,
            &info,
            seed(8),
            NOW,
        )
    };
    let returned = join(&bob).unwrap();
    let commit = returned.outgoing.commit.clone();
    bob.identity.participant = ParticipantId([9; 16]);
    assert_eq!(join(&bob).err(), Some(JoinRefusal::EarlierSelf));
    trio.groups[0].take_commit(&commit, NOW).unwrap();
    let names = trio.groups[0].roster().into_iter();
    let names: Vec<String> = names.map(|one| one.identity.display_name).collect();
    assert_eq!(names, ["Guest 1", "Guest 2", "Guest 3"]);
}

#[test]
fn a_joiner_brings_exactly_one_key() {
    let mut trio = open_trio();
    let info = trio.info();
    for keys in [0, 2] {
        let meeting = trio.meeting.clone();
        let forger = Forger {
            keys: vec![&meeting; keys],
            ..honest(&meeting)
        };
        let commit = forger.commit(&dan(), &info);
        assert_eq!(
            trio.judged(&commit),
            Err(Rule::PreSharedKey.into()),
            "{keys} keys"
        );
    }
}

#[test]
fn a_key_of_other_terms_doesnt_fit() {
    let mut trio = open_trio();
    let meeting = trio.meeting.clone();
    let others = [
        Meeting {
            data_mode: DataMode::Archive,
            ..meeting.clone()
        },
        Meeting {
            suite: Suite::Hybrid,
            ..meeting.clone()
        },
        Meeting {
            organisation: OrganisationId([9; 16]),
            ..meeting.clone()
        },
        Meeting {
            meeting: MeetingId([9; 16]),
            ..meeting.clone()
        },
    ];
    for terms in &others {
        let forger = Forger {
            keys: vec![terms],
            ..honest(&meeting)
        };
        let commit = forger.commit(&dan(), &trio.info());
        assert_eq!(trio.judged(&commit), Err(Refusal::Invalid));
    }
}

#[test]
fn a_group_with_other_terms_is_not_joined() {
    let trio = open_trio();
    let info = trio.info();
    let meeting = &trio.meeting;
    let other_server = ExternalSender {
        identity: b"another".to_vec(),
        ..meeting.external_sender.clone()
    };
    let expected = [
        Meeting {
            data_mode: DataMode::Retain,
            ..meeting.clone()
        },
        Meeting {
            suite: Suite::Hybrid,
            ..meeting.clone()
        },
        Meeting {
            suite: Suite::P384,
            ..meeting.clone()
        },
        Meeting {
            meeting: MeetingId([9; 16]),
            ..meeting.clone()
        },
        Meeting {
            organisation: OrganisationId([9; 16]),
            ..meeting.clone()
        },
        Meeting {
            external_sender: other_server,
            ..meeting.clone()
        },
    ];
    for expected in expected {
        let person = Person::new(4, expected.suite);
        let refusal = Joining::start(
            &expected,
            &secret(),
            person.oneself(),
            Papers::default(),
            &info,
            seed(4),
            NOW,
        );
        assert_eq!(refusal.err(), Some(JoinRefusal::NotOurs));
    }
}

#[test]
fn a_group_info_that_was_touched_is_not_joined() {
    let trio = open_trio();
    let info = trio.info();
    for position in (0..info.len()).step_by(info.len() / 60) {
        let mut touched = info.clone();
        touched[position] ^= 1;
        let joining = Joining::start(
            &trio.meeting,
            &secret(),
            dan().oneself(),
            Papers::default(),
            &touched,
            seed(4),
            NOW,
        );
        assert!(joining.is_err(), "byte {position}");
    }
}

#[test]
fn a_group_info_that_carries_more_than_a_join_needs_is_not_joined() {
    use openmls::extensions::{Extension, UnknownExtension};
    let trio = open_trio();
    let more = Extension::Unknown(0xF0C1, UnknownExtension(vec![1]));
    let [group, ..] = &trio.groups;
    let info = group
        .mls
        .export_group_info_with_additional_extensions(
            group.provider.crypto(),
            &trio.people[0].signer,
            true,
            [more],
        )
        .unwrap();
    let info = info.to_bytes().unwrap();
    let joining = Joining::start(
        &trio.meeting,
        &secret(),
        dan().oneself(),
        Papers::default(),
        &info,
        seed(4),
        NOW,
    );
    assert_eq!(joining.err(), Some(JoinRefusal::NotOurs));
}

#[test]
fn a_commit_that_was_touched_is_refused() {
    let mut trio = open_trio();
    let commit = honest(&trio.meeting).commit(&dan(), &trio.info());
    for position in (0..commit.len()).step_by(commit.len() / 60) {
        let mut touched = commit.clone();
        touched[position] ^= 1;
        assert!(trio.judged(&touched).is_err(), "byte {position}");
    }
}

#[test]
fn a_commit_counts_once_in_its_turn_and_against_no_other() {
    let mut trio = open_trio();
    let info = trio.info();
    let first = honest(&trio.meeting).commit(&dan(), &info);
    let fork = honest(&trio.meeting).commit(&Person::new(5, Suite::Fallback), &info);
    trio.groups[0].take_commit(&first, NOW).unwrap();
    let later = honest(&trio.meeting).commit(&Person::new(6, Suite::Fallback), &trio.info());
    assert_eq!(
        trio.judged(&later),
        Err(Refusal::Invalid),
        "before its turn"
    );
    assert!(trio.judged(&first).is_ok());
    assert_eq!(trio.judged(&first), Err(Refusal::Invalid), "again");
    assert_eq!(
        trio.judged(&fork),
        Err(Refusal::Invalid),
        "against the first"
    );
    assert!(trio.judged(&later).is_ok());
}

#[test]
fn whoever_reloads_takes_the_place_of_the_leaf_they_had() {
    let mut trio = signed_trio();
    let before = trio.groups[0].roster();
    let info = trio.info();
    let back = Joining::start(
        &trio.meeting,
        &secret(),
        trio.people[2].oneself(),
        Papers::default(),
        &info,
        seed(4),
        NOW,
    )
    .unwrap();
    let changes = trio.deliver(2, &back.outgoing.commit);
    for change in changes {
        let change = change.unwrap();
        assert!(change.joined.is_some() && change.departed.is_empty());
    }
    let old = trio.groups[2]
        .take_commit(&back.outgoing.commit, NOW)
        .unwrap();
    assert!(old.ends, "the tab that was left behind is out");
    let back = back.accepted();
    assert!(back.roster() == before);
    assert!(back.base_key() == trio.groups[0].base_key());
}

#[test]
fn a_leaf_with_another_name_is_not_ones_own() {
    let mut trio = open_trio();
    let mut twin = Person::new(3, Suite::Fallback);
    twin.identity.display_name = "Doctor 3".to_owned();
    let commit = honest(&trio.meeting).commit(&twin, &trio.info());
    assert_eq!(trio.judged(&commit), Err(Rule::Leaf.into()));
}

#[test]
fn nobody_joins_as_somebody_who_is_here() {
    let mut trio = open_trio();
    let mut impostor = dan();
    impostor.identity = Person::new(1, Suite::Fallback).identity;
    let commit = honest(&trio.meeting).commit(&impostor, &trio.info());
    assert_eq!(trio.judged(&commit), Err(Rule::Identity.into()));
}

// Shows: REQ-ID-06.
#[test]
fn a_name_that_could_deceive_is_refused() {
    let mut trio = open_trio();
    for name in ["", " Ann", "Dr\u{202e}nnA", "A\u{200b}nn", "A\nnn"] {
        let mut person = dan();
        name.clone_into(&mut person.identity.display_name);
        let commit = honest(&trio.meeting).commit(&person, &trio.info());
        assert_eq!(trio.judged(&commit), Err(Rule::Identity.into()));
    }
}

// Shows: REQ-ID-05.
#[test]
fn an_account_is_shown_only_with_its_own_keys_word() {
    let certified = |device: &[u8]| dan().certified(77, device);
    let mut trio = open_trio();
    let stolen = certified(trio.people[0].signer.public());
    let commit = honest(&trio.meeting).commit(&stolen, &trio.info());
    assert_eq!(trio.judged(&commit), Err(Rule::Identity.into()));

    let own = certified(dan().signer.public());
    let commit = honest(&trio.meeting).commit(&own, &trio.info());
    let leaf = trio.judged(&commit).unwrap().joined;
    let roster = trio.groups[1].roster();
    let shown = roster
        .iter()
        .find(|occupant| Some(occupant.leaf) == leaf)
        .unwrap();
    assert!(shown.identity == own.identity);
}

#[test]
fn behind_a_lobby_the_secret_is_not_enough() {
    let mut trio = signed_trio();
    let info = trio.info();
    let refusal = Joining::start(
        &trio.meeting,
        &secret(),
        dan().oneself(),
        Papers::default(),
        &info,
        seed(4),
        NOW,
    )
    .err();
    assert_eq!(refusal, Some(JoinRefusal::NotAdmitted(NotAdmitted)));
    let commit = honest(&trio.meeting).commit(&dan(), &info);
    assert_eq!(trio.judged(&commit), Err(Rule::Admission.into()));
}

/// What Bob says to Dan with this voucher, at `now`.
fn with_voucher(trio: &mut Trio, voucher: &[u8], now: Duration) -> Result<Change, Refusal> {
    let meeting = trio.meeting.clone();
    let forger = Forger {
        attached: voucher.to_vec(),
        ..honest(&meeting)
    };
    let commit = forger.commit(&dan(), &trio.info());
    trio.groups[1].take_commit(&commit, now)
}

#[test]
fn a_voucher_is_a_hosts_for_one_key_in_one_group() {
    let mut trio = signed_trio();
    let [ann, bob, _] = trio.people.each_ref().map(|person| &person.signer);
    let dan = dan();
    let cyd = trio.people[2].oneself().as_joiner();
    let [host, guest, _] = &trio.groups;
    assert!(
        guest.admit(bob, dan.oneself().as_joiner(), NOW).is_err(),
        "a guest is no host"
    );

    let other_key = host.admit(ann, cyd, NOW).unwrap();
    let other_group = {
        let other = create(
            &trio.meeting,
            &trio.people[0],
            Opening::ByHost(Admission::Signed),
        );
        assert!(other.id() == host.id(), "the same seed");
        let seed = seed(50);
        let other = Group::create(
            &trio.meeting,
            &secret(),
            trio.people[0].oneself(),
            Opening::ByHost(Admission::Signed),
            seed,
            NOW,
        )
        .unwrap();
        other.admit(ann, dan.oneself().as_joiner(), NOW).unwrap()
    };
    let by_guest = {
        let grant = crate::admission::Grant {
            group: host.id(),
            joiner: dan.oneself().as_joiner(),
            generation: 0,
        };
        Voucher::sign(bob, guest.leaf(), grant, NOW)
    };
    for voucher in [other_key, other_group, by_guest] {
        let judgement = with_voucher(&mut trio, &voucher.to_bytes(), NOW);
        assert_eq!(judgement, Err(Rule::Admission.into()));
    }
    assert_eq!(
        with_voucher(&mut trio, &[0; 300], NOW),
        Err(Rule::Admission.into())
    );
}

#[test]
fn a_voucher_ends_but_not_for_a_clock_that_is_wrong_by_a_day() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let dan = dan();
    for (now, admitted) in [(NOW + DAY, true), (NOW - DAY, true), (NOW + 2 * DAY, false)] {
        let mut trio = signed_trio();
        let voucher = trio.groups[0]
            .admit(&trio.people[0].signer, dan.oneself().as_joiner(), NOW)
            .unwrap();
        let judgement = with_voucher(&mut trio, &voucher.to_bytes(), now);
        assert_eq!(judgement.is_ok(), admitted);
    }
}

#[test]
fn an_open_meeting_takes_nothing_attached() {
    let mut trio = open_trio();
    let judgement = with_voucher(&mut trio, b"anything", NOW);
    assert_eq!(judgement, Err(Rule::Proposal.into()));
}

/// A meeting whose invitation names the account that hosts it: number 77's.
fn hosted(admission: Admission) -> Meeting {
    let account_key = Signer::generate(Suite::Fallback, seed(77));
    Meeting {
        host_accounts: vec![account_key.public().try_into().unwrap()],
        admission,
        ..meeting(Suite::Fallback)
    }
}

fn host(number: u8, account: u8) -> Person {
    let person = Person::new(number, Suite::Fallback);
    let key = person.signer.public().to_vec();
    person.certified(account, &key)
}

fn try_join(meeting: &Meeting, papers: Papers<'_>, info: &[u8]) -> Option<JoinRefusal> {
    Joining::start(
        meeting,
        &secret(),
        dan().oneself(),
        papers,
        info,
        seed(4),
        NOW,
    )
    .err()
}

#[test]
fn a_group_that_no_host_of_the_invitation_made_is_neither_made_nor_joined() {
    let anyones = meeting(Suite::Fallback);
    let ours = hosted(Admission::Open);
    for person in [dan(), host(5, 78)] {
        let made = Group::create(
            &ours,
            &secret(),
            person.oneself(),
            Opening::ByHost(Admission::Open),
            seed(5),
            NOW,
        );
        assert!(made.is_err());
        let group = create(&anyones, &person, Opening::ByHost(Admission::Open));
        let info = group.group_info(&person.signer).unwrap();
        let refusal = try_join(&ours, Papers::default(), &info);
        assert_eq!(refusal, Some(JoinRefusal::Unfounded));
    }
    let host = host(1, 77);
    let group = create(&ours, &host, Opening::ByHost(Admission::Open));
    let info = group.group_info(&host.signer).unwrap();
    assert_eq!(try_join(&ours, Papers::default(), &info), None);
}

#[test]
fn an_invitation_to_a_lobby_leads_into_no_group_without_one() {
    let host = host(1, 77);
    let open = create(
        &hosted(Admission::Open),
        &host,
        Opening::ByHost(Admission::Open),
    );
    let info = open.group_info(&host.signer).unwrap();
    let ours = hosted(Admission::Signed);
    let refusal = try_join(&ours, Papers::default(), &info);
    assert_eq!(refusal, Some(JoinRefusal::NotOurs));
    let mut group = create(&ours, &host, Opening::ByHost(Admission::Open));
    assert_eq!(group.rules().admission, Admission::Signed);
    let reopened = Rules {
        admission: Admission::Open,
        ..group.rules()
    };
    assert!(group.change_rules(&host.signer, &reopened).is_err());
}

#[test]
fn a_voucher_of_a_host_whom_the_invitation_does_not_know_lets_nobody_in() {
    let ours = hosted(Admission::Signed);
    let host = host(1, 77);
    let mut first = create(&ours, &host, Opening::ByHost(Admission::Signed));
    let bob = Person::new(2, Suite::Fallback);
    let second = admitted(&mut [&mut first], &ours, &host, &bob);
    let named = Rules {
        hosts: vec![bob.signer.public().to_vec()],
        ..first.rules()
    };
    first.change_rules(&host.signer, &named).unwrap();
    first.accepted().unwrap();
    let dan = dan();
    let grant = crate::admission::Grant {
        group: first.id(),
        joiner: dan.oneself().as_joiner(),
        generation: 0,
    };
    let voucher = Voucher::sign(&bob.signer, second.leaf(), grant, NOW);
    let papers = Papers {
        voucher: Some(&voucher),
        ..Papers::default()
    };
    let info = first.group_info(&host.signer).unwrap();
    let refusal = try_join(&ours, papers, &info);
    assert_eq!(refusal, Some(JoinRefusal::NotAdmitted(NotAdmitted)));
    // Whoever tells of the rules may lie about them: the invitation says who leads.
    let leads: Vec<bool> = first.roster().iter().map(|it| it.is_host).collect();
    assert_eq!(leads, [true, false]);
}

#[test]
fn each_device_of_the_invitations_host_vouches() {
    let ours = hosted(Admission::Signed);
    let (host, other) = (host(1, 77), host(2, 77));
    let mut first = create(&ours, &host, Opening::ByHost(Admission::Signed));
    let second = admitted(&mut [&mut first], &ours, &host, &other);
    let dan = dan();
    let voucher = second.admit(&other.signer, dan.oneself().as_joiner(), NOW);
    let voucher = voucher.unwrap();
    let papers = Papers {
        voucher: Some(&voucher),
        ..Papers::default()
    };
    let info = first.group_info(&host.signer).unwrap();

    assert_eq!(try_join(&ours, papers, &info), None);
}

#[test]
fn whoever_was_admitted_comes_in_under_no_other_name() {
    let mut trio = signed_trio();
    let voucher = trio.groups[0]
        .admit(&trio.people[0].signer, dan().oneself().as_joiner(), NOW)
        .unwrap();
    let mut renamed = dan();
    renamed.identity.display_name = "Dr Y".to_owned();
    let mut other = dan();
    other.identity.participant = ParticipantId([44; 16]);
    let meeting = trio.meeting.clone();
    let forger = Forger {
        attached: voucher.to_bytes(),
        ..honest(&meeting)
    };
    for person in [renamed, other] {
        let commit = forger.commit(&person, &trio.info());
        assert_eq!(trio.judged(&commit), Err(Rule::Admission.into()));
    }
    let commit = forger.commit(&dan(), &trio.info());
    assert!(trio.judged(&commit).is_ok());
}
