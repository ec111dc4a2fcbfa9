//! Reads a `DataPacket`'s envelope and replaces its sender, on the bytes.
//!
//! Only the few fields that the server needs are looked at. All others, known or not, keep their
//! bytes, so that what later versions of the protocol add reaches its reader.

use std::collections::BTreeSet;

use livekit_protocol as proto;
use prost::Message;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, encode_key, skip_field};

/// What the server has to know of one packet.
pub struct Envelope {
    pub recipients: Recipients,
    /// Of the reliable channel, from 1; 0: unnumbered.
    pub sequence: u32,
    pub content: Content,
    /// Top-level fields without those that the server writes, as they came.
    kept: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Figures of a client about itself, for the operator and not for participants.
    Metrics,
    Other,
}

/// For whom a packet is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipients {
    Everybody,
    Named {
        identities: BTreeSet<String>,
        sids: BTreeSet<String>,
    },
}

impl Recipients {
    pub(crate) fn of(identities: &[String], sids: &[String]) -> Self {
        if identities.is_empty() && sids.is_empty() {
            return Self::Everybody;
        }
        Self::Named {
            identities: identities.iter().cloned().collect(),
            sids: sids.iter().cloned().collect(),
        }
    }

    pub fn include(&self, identity: &str, sid: &str) -> bool {
        match self {
            Self::Everybody => true,
            Self::Named { identities, sids } => identities.contains(identity) || sids.contains(sid),
        }
    }
}

/// As whom a packet is forwarded. Both are empty for a hidden participant and for the server.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    pub sid: &'a str,
    pub identity: &'a str,
}

/// The bytes are not a `DataPacket`, or name more recipients than a room can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the data packet can't be read")]
pub struct Malformed;

/// Far more than a room holds; each costs memory.
const MOST_RECIPIENTS: usize = 1_000;

impl Envelope {
    pub fn read(packet: &[u8]) -> Result<Self, Malformed> {
        let mut top = Names::default();
        let mut user = Names::default();
        let mut user_sids = Names::default();
        let mut sequence = 0;
        let mut content = Content::Other;
        let mut kept = Vec::with_capacity(packet.len());

        for field in Fields(packet) {
            let field = field?;
            match field.number {
                KIND | PARTICIPANT_IDENTITY | PARTICIPANT_SID => continue,
                DESTINATION_IDENTITIES => top.add(field.text()?)?,
                SEQUENCE => sequence = field.number_value()? as u32,
                METRICS => content = Content::Metrics,
                USER => {
                    kept_user(field.bytes()?, &mut kept, &mut user, &mut user_sids)?;
                    continue;
                }
                _ => {}
            }
            kept.extend_from_slice(field.raw);
        }
        Ok(Self {
            recipients: recipients(top, user, user_sids),
            sequence,
            content,
            kept,
        })
    }

    /// The packet as its readers get it.
    pub fn forward(&self, kind: proto::data_packet::Kind, from: Sender<'_>) -> Vec<u8> {
        let mut packet = Vec::with_capacity(self.kept.len() + from.sid.len() + 64);
        packet.extend_from_slice(&self.kept);
        if kind != proto::data_packet::Kind::Reliable {
            prost::encoding::int32::encode(KIND, &(kind as i32), &mut packet);
        }
        append_text(PARTICIPANT_IDENTITY, from.identity, &mut packet);
        append_text(PARTICIPANT_SID, from.sid, &mut packet);
        packet
    }
}

/// A packet of the server's own API, without a sender.
pub(crate) fn compose(request: proto::SendDataRequest) -> Vec<u8> {
    let user = proto::UserPacket {
        payload: request.data,
        topic: request.topic,
        nonce: request.nonce,
        ..Default::default()
    };
    #[expect(deprecated, reason = "older clients read the channel's kind here")]
    let packet = proto::DataPacket {
        kind: request.kind,
        destination_identities: request.destination_identities,
        value: Some(proto::data_packet::Value::User(user)),
        ..Default::default()
    };
    packet.encode_to_vec()
}

/// livekit-client fills only the deprecated list inside of the user packet, others the upper one.
fn recipients(top: Names, user: Names, user_sids: Names) -> Recipients {
    let identities = if top.0.is_empty() { user.0 } else { top.0 };
    if identities.is_empty() && user_sids.0.is_empty() {
        return Recipients::Everybody;
    }
    Recipients::Named {
        identities,
        sids: user_sids.0,
    }
}

/// Copies a user packet without the sender that it claims (two deprecated fields).
fn kept_user(
    user: &[u8],
    kept: &mut Vec<u8>,
    identities: &mut Names,
    sids: &mut Names,
) -> Result<(), Malformed> {
    let mut inner = Vec::with_capacity(user.len());
    for field in Fields(user) {
        let field = field?;
        match field.number {
            USER_PARTICIPANT_SID | USER_PARTICIPANT_IDENTITY => continue,
            USER_DESTINATION_SIDS => sids.add(field.text()?)?,
            USER_DESTINATION_IDENTITIES => identities.add(field.text()?)?,
            _ => {}
        }
        inner.extend_from_slice(field.raw);
    }
    prost::encoding::bytes::encode(USER, &inner, kept);
    Ok(())
}

fn append_text(number: u32, text: &str, packet: &mut Vec<u8>) {
    if text.is_empty() {
        return;
    }
    encode_key(number, WireType::LengthDelimited, packet);
    prost::encoding::encode_varint(text.len() as u64, packet);
    packet.extend_from_slice(text.as_bytes());
}

#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn add(&mut self, name: &str) -> Result<(), Malformed> {
        if self.0.len() >= MOST_RECIPIENTS {
            return Err(Malformed);
        }
        self.0.insert(name.to_owned());
        Ok(())
    }
}

struct Field<'a> {
    number: u32,
    wire: WireType,
    /// Key and value.
    raw: &'a [u8],
    value: &'a [u8],
}

impl<'a> Field<'a> {
    fn bytes(&self) -> Result<&'a [u8], Malformed> {
        if self.wire != WireType::LengthDelimited {
            return Err(Malformed);
        }
        let mut value = self.value;
        decode_varint(&mut value).map_err(|_| Malformed)?;
        Ok(value)
    }

    fn text(&self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Malformed)
    }

    fn number_value(&self) -> Result<u64, Malformed> {
        if self.wire != WireType::Varint {
            return Err(Malformed);
        }
        let mut value = self.value;
        decode_varint(&mut value).map_err(|_| Malformed)
    }
}

/// Walks over the fields of one message.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = next_field(&mut self.0);
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

fn next_field<'a>(rest: &mut &'a [u8]) -> Result<Field<'a>, Malformed> {
    let start = *rest;
    let (number, wire) = decode_key(rest).map_err(|_| Malformed)?;
    let value = *rest;
    skip_field(wire, number, rest, DecodeContext::default()).map_err(|_| Malformed)?;
    let consumed = |from: &'a [u8]| from.split_at(from.len() - rest.len()).0;
    Ok(Field {
        number,
        wire,
        raw: consumed(start),
        value: consumed(value),
    })
}

// Field numbers of `DataPacket`.
const KIND: u32 = 1;
const USER: u32 = 2;
const PARTICIPANT_IDENTITY: u32 = 4;
const DESTINATION_IDENTITIES: u32 = 5;
const METRICS: u32 = 8;
const SEQUENCE: u32 = 16;
const PARTICIPANT_SID: u32 = 17;
// Field numbers of `UserPacket`.
const USER_PARTICIPANT_SID: u32 = 1;
const USER_DESTINATION_SIDS: u32 = 3;
const USER_PARTICIPANT_IDENTITY: u32 = 5;
const USER_DESTINATION_IDENTITIES: u32 = 6;

#[cfg(test)]
#[expect(deprecated, reason = "the deprecated fields are what is tested")]
mod tests {
    use proto::data_packet::{Kind, Value};

    use super::*;

    const ANN: Sender<'_> = Sender {
        sid: "PA_ann",
        identity: "ann",
    };

    #[test]
    fn the_sender_is_who_sent_it_not_who_the_packet_says() {
        let packet = proto::DataPacket {
            participant_identity: "host".to_owned(),
            participant_sid: "PA_host".to_owned(),
            kind: Kind::Reliable as i32,
            sequence: 7,
            value: Some(Value::User(proto::UserPacket {
                participant_sid: "PA_host".to_owned(),
                participant_identity: "host".to_owned(),
                payload: b"hello".to_vec(),
                topic: Some("chat".to_owned()),
                ..Default::default()
            })),
            ..Default::default()
        };

        let envelope = Envelope::read(&packet.encode_to_vec()).unwrap();
        let bytes = envelope.forward(Kind::Lossy, ANN);

        assert!(!bytes.windows(4).any(|window| window == b"host"));
        let forwarded = proto::DataPacket::decode(bytes.as_slice()).unwrap();
        assert_eq!(forwarded.participant_identity, "ann");
        assert_eq!(forwarded.participant_sid, "PA_ann");
        assert_eq!((forwarded.kind(), forwarded.sequence), (Kind::Lossy, 7));
        let Some(Value::User(user)) = forwarded.value else {
            panic!("not a user packet");
        };
        assert_eq!(
            (user.payload.as_slice(), user.topic.as_deref()),
            (b"hello".as_slice(), Some("chat"))
        );
        assert_eq!(envelope.sequence, 7);
    }

    #[test]
    fn unknown_fields_are_kept() {
        let mut packet = Vec::new();
        prost::encoding::string::encode(900, &"from the future".to_owned(), &mut packet);

        let bytes = Envelope::read(&packet)
            .unwrap()
            .forward(Kind::Reliable, ANN);

        assert!(bytes.starts_with(&packet));
    }

    #[test]
    fn a_packet_that_names_nobody_is_for_everybody() {
        assert_eq!(read(vec![], vec![], vec![]), Recipients::Everybody);
    }

    #[test]
    fn recipients_are_read_in_each_of_their_places() {
        let bob = named(&["bob"], &[]);

        assert_eq!(read(vec!["bob"], vec![], vec![]), bob);
        assert_eq!(read(vec![], vec!["bob"], vec![]), bob);
        assert_eq!(read(vec!["bob"], vec!["eve"], vec![]), bob);
        assert_eq!(read(vec![], vec![], vec!["PA_b"]), named(&[], &["PA_b"]));
    }

    #[test]
    fn recipients_in_a_repeated_user_packet_all_count() {
        let part = |name: &str| proto::DataPacket {
            value: Some(Value::User(proto::UserPacket {
                destination_identities: vec![name.to_owned()],
                ..Default::default()
            })),
            ..Default::default()
        };
        let mut packet = part("bob").encode_to_vec();
        packet.extend(part("cid").encode_to_vec());

        let envelope = Envelope::read(&packet).unwrap();

        assert_eq!(envelope.recipients, named(&["bob", "cid"], &[]));
    }

    #[test]
    fn metrics_are_told_apart() {
        let packet = proto::DataPacket {
            value: Some(Value::Metrics(proto::MetricsBatch::default())),
            ..Default::default()
        };

        let envelope = Envelope::read(&packet.encode_to_vec()).unwrap();

        assert_eq!(envelope.content, Content::Metrics);
    }

    #[test]
    fn strangers_bytes_are_an_error() {
        let wrong_type = [0x12 & !7, 1];
        let not_utf8 = [0x2a, 1, 0xff];
        for bytes in [
            &[0xff][..],
            &[0x12, 5, 1],
            &wrong_type,
            &not_utf8,
            &[0x12, 2, 0x0a, 9],
        ] {
            assert!(Envelope::read(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn too_many_recipients_are_refused() {
        let packet = |count: usize| {
            proto::DataPacket {
                destination_identities: (0..count).map(|n| n.to_string()).collect(),
                ..Default::default()
            }
            .encode_to_vec()
        };

        assert!(Envelope::read(&packet(MOST_RECIPIENTS)).is_ok());
        assert!(Envelope::read(&packet(MOST_RECIPIENTS + 1)).is_err());
    }

    #[test]
    fn the_server_s_own_packet_has_no_sender() {
        let packet = compose(proto::SendDataRequest {
            data: b"hello".to_vec(),
            kind: Kind::Lossy as i32,
            destination_identities: vec!["bob".to_owned()],
            ..Default::default()
        });

        let packet = proto::DataPacket::decode(packet.as_slice()).unwrap();

        assert_eq!(
            (packet.participant_identity.as_str(), packet.kind()),
            ("", Kind::Lossy)
        );
    }

    fn read(top: Vec<&str>, user: Vec<&str>, user_sids: Vec<&str>) -> Recipients {
        let own = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        let packet = proto::DataPacket {
            destination_identities: own(top),
            value: Some(Value::User(proto::UserPacket {
                destination_identities: own(user),
                destination_sids: own(user_sids),
                ..Default::default()
            })),
            ..Default::default()
        };
        Envelope::read(&packet.encode_to_vec()).unwrap().recipients
    }

    fn named(identities: &[&str], sids: &[&str]) -> Recipients {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Recipients::Named {
            identities: own(identities),
            sids: own(sids),
        }
    }
}
