//! Two members of one group, with a server between them that does what they ask.

use conclave_e2ee::context::Admission;
use conclave_e2ee::device::DeviceKeys;
use conclave_e2ee::frame::TrackKind;
use conclave_e2ee::frame::codec::Codec;
use conclave_e2ee::group::Opening;
use conclave_e2ee::meeting::{
    DataMode, ExternalSender, GroupId, Meeting, MeetingId, OrganisationId,
};
use conclave_e2ee::secret::MeetingSecret;
use conclave_e2ee::session::{FromServer, ToServer};
use conclave_e2ee::suite::Suite;
use livekit_protocol as proto;
use uuid::Uuid;

use super::*;

/// Who can seal and open for each other from this moment on.
pub(crate) fn pair() -> ([Encryption; 2], Instant) {
    let start = Instant::now();
    let mut room = Room {
        members: [member(0, start), member(1, start)],
        live: None,
    };
    for number in 0..2 {
        room.input(start, number, Input::Enter);
    }
    let mut now = start;
    while !room.all_send() {
        now += Duration::from_millis(500);
        assert!(now < start + Duration::from_secs(30), "they do not meet");
        for number in 0..2 {
            room.input(now, number, Input::Timeout);
        }
    }
    (room.members, now)
}

/// Somebody who is in no group.
pub(crate) fn outsider() -> Encryption {
    member(2, Instant::now())
}

/// A track that this member of the pair has announced, and the identity under which the server knows them.
pub(crate) fn announced(number: u8, name: &str, is_audio: bool) -> (String, proto::TrackInfo) {
    let (kind, source, mime_type) = if is_audio {
        let source = proto::TrackSource::Microphone;
        (proto::TrackType::Audio, source, "audio/opus")
    } else {
        let source = proto::TrackSource::Camera;
        (proto::TrackType::Video, source, "video/VP8")
    };
    let track = proto::TrackInfo {
        sid: "TR_a".to_owned(),
        name: name.to_owned(),
        r#type: kind as i32,
        source: source as i32,
        mime_type: mime_type.to_owned(),
        ..Default::default()
    };
    (Uuid::from_bytes([number; 16]).to_string(), track)
}

struct Room {
    members: [Encryption; 2],
    live: Option<(GroupId, u64, Vec<u8>)>,
}

impl Room {
    fn all_send(&self) -> bool {
        let mut members = self.members.iter();
        members.all(|member| matches!(member.sending(), Sending::With(at) if at.epoch == 1))
    }

    fn input(&mut self, now: Instant, number: usize, input: Input<'_>) {
        self.members[number].handle_input(now, input);
        while let Ok(output) = self.members[number].poll_output() {
            match output {
                Output::Broadcast(bytes) => {
                    self.input(now, 1 - number, Input::Heartbeat(&bytes));
                }
                Output::Send(message) => self.take(now, number, message),
                _ => {}
            }
        }
    }

    fn take(&mut self, now: Instant, number: usize, message: ToServer) {
        match message {
            ToServer::Join => match self.live.clone() {
                None => self.hear(now, number, FromServer::SlotToCreate),
                Some((group, epoch, info)) => {
                    let slot = FromServer::SlotToJoin {
                        group,
                        epoch,
                        group_info: &info,
                    };
                    self.hear(now, number, slot);
                }
            },
            ToServer::Create { group, group_info } => self.live = Some((group, 0, group_info)),
            ToServer::Commit {
                group,
                epoch,
                commit,
                group_info,
                ..
            } => {
                self.live = Some((group, epoch + 1, group_info));
                for other in 0..2 {
                    let accepted = FromServer::Commit {
                        group,
                        epoch,
                        sender: id(number),
                        commit: &commit,
                    };
                    self.hear(now, other, accepted);
                }
            }
            ToServer::Processed { .. }
            | ToServer::Invalid { .. }
            | ToServer::Turn { .. }
            | ToServer::Pass => {}
        }
    }

    fn hear(&mut self, now: Instant, number: usize, message: FromServer<'_>) {
        self.input(now, number, Input::Server(message));
    }
}

fn id(number: usize) -> ParticipantId {
    ParticipantId([number as u8; 16])
}

fn member(number: usize, now: Instant) -> Encryption {
    let seed = |round: u8| Seed([number as u8 ^ round; 32].into());
    let keys = DeviceKeys::generate(seed(0x10));
    let server = DeviceKeys::generate(Seed([0xff; 32].into()));
    let meeting = Meeting {
        meeting: MeetingId([1; 16]),
        organisation: OrganisationId([2; 16]),
        data_mode: DataMode::Conduit,
        suite: Suite::Hybrid,
        external_sender: ExternalSender {
            signature_key: server.signer().public().to_vec(),
            identity: b"conclave".to_vec(),
        },
        host_accounts: Vec::new(),
        admission: Admission::Open,
    };
    let identity = keys.identity(id(number), format!("Member {number}"), None);
    let identity = identity.unwrap();
    let config = Config {
        opening: Opening::of(&meeting, &identity),
        meeting,
        secret: MeetingSecret::new(&[7; 32]).unwrap(),
        identity,
        signer: keys.signer(),
    };
    let zero = Zero {
        instant: now,
        since_1970: Duration::from_secs(1_764_000_000),
    };
    Encryption::new(config, seed(0x30), [number as u8; 32], zero)
}

const MICROPHONE: Kind = Kind {
    source: TrackKind::Microphone,
    codec: Codec::Opus,
};

#[test]
fn a_frame_opens_as_what_its_sender_announced() {
    let ([ann, bo], now) = pair();
    let (track, name) = ann.add_track(MICROPHONE).unwrap();
    let sealed = ann.seal(now, track, b"spoken").unwrap();
    let source = |name: &str| {
        let track = Track::new(MICROPHONE.source, MICROPHONE.codec, name).unwrap();
        Source::new(id(0), track)
    };

    assert!(bo.open(now, &mut source("another"), &sealed).is_err());
    let opened = bo.open(now, &mut source(&name), &sealed);
    assert_eq!(opened.unwrap(), b"spoken");
}

#[test]
fn whoever_is_in_no_group_seals_nothing_and_opens_nothing() {
    let ([ann, _], now) = pair();
    let outsider = outsider();
    let (track, name) = ann.add_track(MICROPHONE).unwrap();
    let sealed = ann.seal(now, track, b"spoken").unwrap();
    let said = Track::new(MICROPHONE.source, MICROPHONE.codec, &name).unwrap();

    assert!(
        outsider
            .open(now, &mut Source::new(id(0), said), &sealed)
            .is_err()
    );
    let (track, _) = outsider.add_track(MICROPHONE).unwrap();
    assert_eq!(outsider.seal(now, track, b"spoken"), Err(Unsealed::NoKey));
}

#[test]
fn a_message_passes_for_one_of_no_other_topic() {
    let ([ann, bo], now) = pair();
    let sealed = ann.seal_message(now, Channel::Reliable, "conclave.chat", b"hello");
    let sealed = sealed.unwrap();

    assert!(
        bo.open_message(now, id(0), "conclave.file", &sealed)
            .is_err()
    );
    assert!(
        bo.open_message(now, id(1), "conclave.chat", &sealed)
            .is_err()
    );
    let opened = bo.open_message(now, id(0), "conclave.chat", &sealed);
    assert_eq!(opened.unwrap(), b"hello");
}

#[test]
fn no_two_tracks_have_one_name() {
    let ([ann, _], _) = pair();
    let names = (0..8).map(|_| ann.add_track(MICROPHONE).unwrap().1);
    let names: std::collections::BTreeSet<_> = names.collect();
    assert_eq!(names.len(), 8);
}
