//! The meeting's group among its channels.

use conclave_protocol::mls::{Epoch, LeafIndex, Opaque};
use rand::Rng;
use rand::rngs::StdRng;

use super::*;

#[path = "../../../../../../core/policy/src/delivery/forge.rs"]
#[expect(dead_code, reason = "only some of it is needed here")]
mod forge;

#[test]
fn of_the_group_only_those_hear_who_are_inside() {
    let mut meeting = Meeting::with_host();
    let guest = meeting.join(Admission::Waiting);
    meeting.open(HOST, None);
    meeting.open(guest, None);

    meeting.create();
    meeting.submit(guest, Submission::Join);

    assert!(meeting.client(HOST).knows_group);
    assert!(!meeting.client(guest).knows_group);
    assert_eq!(meeting.client(guest).messages, ["welcome"]);
    meeting.stand(guest, Admission::Admitted);
    assert!(meeting.client(guest).knows_group);
    meeting.submit(guest, Submission::Join);
    assert_eq!(meeting.client(guest).messages.last().unwrap(), "slot");
}

#[test]
fn a_reconnection_gets_the_commits_that_it_missed_among_the_other_events() {
    let mut meeting = Meeting::with_members();
    let known = meeting.client(HOST).seq;
    meeting.close(HOST);

    meeting.update(COLLEAGUE, 1, 1);
    meeting.join(Admission::Waiting);
    meeting.update(COLLEAGUE, 1, 2);
    meeting.open(HOST, Some(known));

    assert_eq!(
        meeting.client(HOST).messages,
        ["resumed", "roster", "commit", "lobby", "commit", "roster"]
    );
}

#[test]
fn who_left_is_proposed_for_removal_at_once() {
    let mut meeting = Meeting::with_members();

    meeting.stand(COLLEAGUE, Admission::Left);

    assert_eq!(meeting.proposed, [COLLEAGUE]);
    let messages = &meeting.client(HOST).messages;
    assert_eq!(messages[messages.len() - 2..], ["removal", "slot"]);
}

#[test]
fn who_is_away_keeps_their_leaf_for_as_long_as_their_place() {
    let mut meeting = Meeting::with_members();
    meeting.close(COLLEAGUE);

    meeting.wait(ROSTER_GRACE - Duration::from_millis(1));
    assert!(meeting.proposed.is_empty());
    meeting.wait(Duration::from_millis(1));
    assert_eq!(meeting.proposed, [COLLEAGUE]);
}

#[test]
fn a_connection_that_was_replaced_submits_nothing() {
    let mut meeting = Meeting::with_host();
    let first = meeting.open(HOST, None);
    meeting.open(HOST, None);

    meeting.input(Input::Submitted {
        connection: first,
        participant: HOST,
        submission: Submission::Join,
    });

    assert_eq!(meeting.client(HOST).messages, ["welcome"]);
}

#[test]
fn heartbeats_and_letters_reach_who_is_admitted_and_are_not_said_again() {
    let mut meeting = Meeting::with_members();
    let guest = meeting.join(Admission::Waiting);
    meeting.open(guest, None);
    let known = meeting.client(HOST).seq;
    let bytes = || opaque(vec![7; 100]);

    meeting.submit(COLLEAGUE, Submission::Heartbeat { bytes: bytes() });
    let letter = |to| Submission::Letter { to, bytes: bytes() };
    meeting.submit(COLLEAGUE, letter(HOST));
    meeting.submit(COLLEAGUE, letter(guest));
    meeting.submit(guest, letter(HOST));
    meeting.submit(guest, Submission::Heartbeat { bytes: bytes() });

    let messages = &meeting.client(HOST).messages;
    assert_eq!(messages[messages.len() - 2..], ["heartbeat", "letter"]);
    assert_eq!(meeting.client(guest).messages, ["welcome"]);
    assert_eq!(meeting.client(HOST).seq, known);
    meeting.close(HOST);
    meeting.submit(COLLEAGUE, letter(HOST));
    meeting.open(HOST, Some(known));
    assert!(!meeting.client(HOST).messages.contains(&"letter".to_owned()));
}

// Shows: REQ-AC-02.
#[test]
fn in_front_of_a_door_that_needs_the_passcode_hosts_are_named_who_are_there() {
    let mut meeting = Meeting::with_members();
    let guest = meeting.join(Admission::Waiting);
    meeting.open(guest, None);
    assert_eq!(meeting.client(guest).passcode, None);
    assert!(!meeting.client(HOST).lobby[&guest].needs_passcode);
    let wanted = |meeting: &Meeting| {
        let wanted = meeting.client(guest).passcode.clone();
        wanted.map(|wanted| wanted.hosts)
    };

    meeting.change(|snapshot| snapshot.needs_passcode = true);

    assert_eq!(wanted(&meeting), Some(vec![HOST]));
    assert!(meeting.client(HOST).lobby[&guest].needs_passcode);
    let letter = |to, kind| Submission::Letter {
        to,
        bytes: opaque(vec![kind]),
    };
    let letters = |meeting: &Meeting, of| {
        let messages = meeting.client(of).messages.iter();
        messages.filter(|message| *message == "letter").count()
    };
    for (to, kind) in [(HOST, 5), (COLLEAGUE, 5), (HOST, 1), (HOST, 3)] {
        meeting.submit(guest, letter(to, kind));
    }
    meeting.submit(HOST, letter(guest, 6));
    meeting.submit(HOST, letter(guest, 8));
    meeting.submit(COLLEAGUE, letter(guest, 6));
    assert_eq!(letters(&meeting, HOST), 1);
    assert_eq!(letters(&meeting, COLLEAGUE), 0);
    assert_eq!(letters(&meeting, guest), 1);

    meeting.close(HOST);
    assert_eq!(wanted(&meeting), Some(Vec::new()));
    meeting.open(HOST, None);
    assert_eq!(wanted(&meeting), Some(vec![HOST]));
    meeting.change(|snapshot| {
        snapshot.people.get_mut(&guest).unwrap().proven = true;
    });
    assert_eq!(wanted(&meeting), None);
    meeting.submit(guest, letter(HOST, 5));
    assert_eq!(letters(&meeting, HOST), 0);
}

// Shows: REQ-AC-02.
#[test]
fn in_front_of_the_door_three_of_many_hosts_are_named() {
    let mut meeting = Meeting::with_members();
    let guest = meeting.join(Admission::Waiting);
    meeting.open(guest, None);
    let mut co_hosts = Vec::new();
    for _ in 0..20 {
        let co_host = meeting.join(Admission::Admitted);
        meeting.change(|snapshot| {
            snapshot.people.get_mut(&co_host).unwrap().role = ParticipantRole::CoHost;
        });
        meeting.open(co_host, None);
        co_hosts.push(co_host);
    }
    meeting.change(|snapshot| snapshot.needs_passcode = true);
    let wanted = |meeting: &Meeting| {
        let wanted = meeting.client(guest).passcode.clone();
        wanted.map(|wanted| wanted.hosts)
    };

    let first = vec![HOST, co_hosts[0], co_hosts[1]];
    assert_eq!(wanted(&meeting), Some(first));
    meeting.close(HOST);
    assert_eq!(wanted(&meeting), Some(co_hosts[..3].to_vec()));
}

#[test]
fn a_role_that_changed_is_welcomed_with_the_group() {
    let mut meeting = Meeting::with_members();

    meeting.change(|snapshot| {
        let colleague = snapshot.people.get_mut(&COLLEAGUE).unwrap();
        colleague.role = ParticipantRole::CoHost;
    });

    assert_eq!(
        meeting.client(COLLEAGUE).messages.last().unwrap(),
        "welcome"
    );
    meeting.update(HOST, 0, 1);
    assert_eq!(meeting.client(COLLEAGUE).messages.last().unwrap(), "commit");
}

const COLLEAGUE: ParticipantId = ParticipantId(Uuid::from_u128(2));
const GROUP: GroupId = GroupId([7; 16]);

impl Meeting {
    /// The host at leaf 0 and a colleague at leaf 1, in epoch 1.
    fn with_members() -> Self {
        let mut meeting = Self::with_host();
        meeting.join(Admission::Admitted);
        meeting.open(HOST, None);
        meeting.open(COLLEAGUE, None);
        meeting.create();
        meeting.submit(COLLEAGUE, Submission::Join);
        let leaf = Some(LeafIndex(1));
        meeting.commit(COLLEAGUE, 0, None, leaf, &forge::ENTRANCE);
        meeting
    }

    fn create(&mut self) {
        self.submit(HOST, Submission::Join);
        let create = Submission::Create {
            group: GROUP,
            group_info: opaque(forge::group_info(GROUP.0, 0, 0)),
        };
        self.submit(HOST, create);
        let messages = &self.client(HOST).messages;
        assert_eq!(messages[messages.len() - 2..], ["slot", "all processed"]);
    }

    fn update(&mut self, participant: ParticipantId, leaf: u32, epoch: u64) {
        self.commit(participant, epoch, Some(leaf), None, &[]);
        let state = self.channels.delivery.state().group;
        assert_eq!(state.map(|group| group.epoch), Some(Epoch(epoch + 1)));
    }

    fn commit(
        &mut self,
        participant: ParticipantId,
        epoch: u64,
        member: Option<u32>,
        leaf: Option<LeafIndex>,
        changes: &[forge::Change],
    ) {
        let signer = member.unwrap_or(leaf.map_or(0, |LeafIndex(leaf)| leaf));
        let commit = Submission::Commit {
            group: GROUP,
            epoch: Epoch(epoch),
            commit: opaque(forge::commit(GROUP.0, epoch, member, changes)),
            group_info: opaque(forge::group_info(GROUP.0, epoch + 1, signer)),
            leaf,
        };
        self.submit(participant, commit);
    }

    fn submit(&mut self, participant: ParticipantId, submission: Submission) {
        let client = self.clients.get(&participant);
        if let Some(connection) = client.and_then(|client| client.connection) {
            self.input(Input::Submitted {
                connection,
                participant,
                submission,
            });
        }
    }

    /// Enters, creates, or says nonsense.
    pub(super) fn submit_at_random(&mut self, random: &mut StdRng, participant: ParticipantId) {
        let group = GroupId([random.random_range(0..3); 16]);
        let epoch = Epoch(random.random_range(0..3));
        let submission = match random.random_range(0..4) {
            0 => Submission::Create {
                group,
                group_info: opaque(forge::group_info(group.0, 0, 0)),
            },
            1 => Submission::Processed { group, epoch },
            2 => Submission::Invalid { group, epoch },
            _ => Submission::Join,
        };
        self.submit(participant, submission);
    }
}

fn opaque(bytes: Vec<u8>) -> Opaque {
    Opaque::new(bytes).unwrap()
}
