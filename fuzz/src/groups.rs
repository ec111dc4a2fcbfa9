//! What members and the server of an encrypted meeting say.
//!
//! The corpora hold what members of the group below said: a joiner's commit, its group info, vouchers and letters.

use std::time::Duration;

use conclave_e2ee::Seed;
use conclave_e2ee::admission::Voucher;
use conclave_e2ee::asker::{Answered, SecretAsker};
use conclave_e2ee::context::Admission;
use conclave_e2ee::device::DeviceKeys;
use conclave_e2ee::giver::{Given, SecretGiver};
use conclave_e2ee::group::{Group, Joining, Oneself, Opening, Papers};
use conclave_e2ee::identity::{Identity, ParticipantId};
use conclave_e2ee::letter::Passage;
use conclave_e2ee::meeting::{DataMode, ExternalSender, Meeting, MeetingId, OrganisationId};
use conclave_e2ee::passcode::Passcode;
use conclave_e2ee::seat::Seat;
use conclave_e2ee::secret::MeetingSecret;
use conclave_e2ee::session::{Config, FromServer, Input, Output};
use conclave_e2ee::suite::Suite;

/// What is refused changes nothing; what is taken ends the epoch.
pub(crate) fn commit(bytes: &[u8]) {
    let mut group = founded();
    match group.take_commit(bytes, NOW) {
        Ok(change) => assert!(group.epoch() == 1 && change.joined.is_some()),
        Err(_) => assert!(group.epoch() == 0 && group.roster().len() == 1),
    }
}

/// No change of a group info leaves it one that is joined.
pub(crate) fn group_info(bytes: &[u8]) {
    let (keys, identity) = person(3);
    let signer = keys.signer();
    let oneself = Oneself {
        identity: &identity,
        signer: &signer,
    };
    let joined = Joining::start(
        &meeting(),
        &secret(),
        oneself,
        Papers::default(),
        bytes,
        seed(2),
        NOW,
    );
    if let Ok(joined) = joined {
        let epoch = joined.epoch();
        assert_eq!(joined.accepted().roster().len() as u64, epoch + 1);
    }
}

/// Nobody is made to answer, or to send otherwise, by what is no heartbeat of a member.
pub(crate) fn heartbeat(bytes: &[u8]) {
    let mut seat = hosting();
    let before = seat.sending();
    seat.handle_input(NOW, Input::Heartbeat(bytes));
    assert!(seat.sending() == before);
}

/// A host answers nobody whom its person has not let in.
pub(crate) fn letter(bytes: &[u8]) {
    let mut seat = hosting();
    let from = ParticipantId([9; 16]);
    seat.handle_input(NOW, Input::Letter { from, bytes });
    let mut outputs = std::iter::from_fn(|| match seat.poll_output() {
        Output::Wait(_) => None,
        output => Some(output),
    });
    assert!(!outputs.any(|output| matches!(output, Output::Letter { .. })));
    let passage = Passage {
        meeting: meeting().meeting,
        from,
        to: ParticipantId([2; 16]),
    };
    let mut asker = SecretAsker::new(seed(3), None);
    let mut giver = SecretGiver::new(passage.meeting, from, "fragment", None, seed(7), 0);
    if let Some(Given::Secret { letter: answer, .. }) = giver.take(passage.to, bytes) {
        assert!(giver.take(passage.to, &answer).is_none());
        let is_ours = bytes == asker.ask();
        assert_eq!(asker.take(passage, &answer).is_some(), is_ours);
    }
    assert!(asker.take(passage, bytes).is_none(), "it was for another");
    by_passcode(passage, bytes);
}

/// Nobody gets a link, or takes one, who hasn't shown that they know the passcode.
fn by_passcode(passage: Passage, bytes: &[u8]) {
    let passcode = || Some(Passcode::read("123456").expect("six digits are one"));
    let (meeting, host) = (passage.meeting, passage.from);
    let mut giver = SecretGiver::new(meeting, host, "fragment", passcode(), seed(5), 0);
    let given = giver.take(passage.to, bytes);
    assert!(!matches!(given, Some(Given::Secret { .. })));
    let mut asker = SecretAsker::new(seed(6), passcode());
    let answered = asker.take(passage, bytes);
    assert!(!matches!(answered, Some(Answered::Secret { .. })));
}

/// Each voucher and each identity has one spelling.
pub(crate) fn voucher(bytes: &[u8]) {
    if let Ok(voucher) = Voucher::from_bytes(bytes) {
        assert_eq!(voucher.to_bytes(), bytes);
    }
}

pub(crate) fn identity(bytes: &[u8]) {
    if let Ok(identity) = Identity::decode(bytes) {
        assert_eq!(identity.encode(), bytes);
    }
}

const NOW: Duration = Duration::from_secs(1_764_000_000);

fn seed(number: u8) -> Seed {
    Seed([number; 32].into())
}

fn secret() -> MeetingSecret {
    MeetingSecret::new(&[7; 32]).expect("32 bytes are a secret")
}

fn person(number: u8) -> (DeviceKeys, Identity) {
    let keys = DeviceKeys::generate(seed(number));
    let participant = ParticipantId([number; 16]);
    let identity = keys.identity(participant, format!("Guest {number}"), None);
    (keys, identity.expect("the name is honest"))
}

fn meeting() -> Meeting {
    Meeting {
        meeting: MeetingId([1; 16]),
        organisation: OrganisationId([2; 16]),
        data_mode: DataMode::Conduit,
        suite: Suite::Fallback,
        external_sender: ExternalSender {
            signature_key: person(255).0.signer().public().to_vec(),
            identity: b"conclave".to_vec(),
        },
        host_accounts: Vec::new(),
        admission: Admission::Open,
    }
}

/// The same group each time, of one host.
fn founded() -> Group {
    let (keys, identity) = person(1);
    let signer = keys.signer();
    let oneself = Oneself {
        identity: &identity,
        signer: &signer,
    };
    let opening = Opening::ByHost(Admission::Open);
    let founded = Group::create(&meeting(), &secret(), oneself, opening, seed(1), NOW);
    founded.expect("a host may make a group")
}

/// A host who is alone.
fn hosting() -> Seat {
    let (keys, identity) = person(1);
    let config = Config {
        meeting: meeting(),
        secret: secret(),
        identity,
        signer: keys.signer(),
        opening: Opening::ByHost(Admission::Open),
    };
    let mut seat = Seat::new(config, seed(4));
    seat.handle_input(NOW, Input::Enter);
    seat.handle_input(NOW, Input::Server(FromServer::SlotToCreate));
    while !matches!(seat.poll_output(), Output::Wait(_)) {}
    seat
}
