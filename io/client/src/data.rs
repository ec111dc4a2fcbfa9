//! Data packets, as the SDKs' `publishData` sends and receives them.

use std::collections::BTreeMap;
use std::time::Instant;

use conclave_e2ee::frame::data::Channel;
use livekit_protocol as proto;
use prost::Message;
use proto::data_packet::Value;

use crate::cover::participant;
use crate::encryption::Encryption;

/// Something to say to others in the room.
#[derive(Clone, Default)]
pub struct DataMessage {
    /// Ordered and repeated until it arrives, else sent once.
    pub reliable: bool,
    pub topic: Option<String>,
    /// Identities; empty: everybody.
    pub to: Vec<String>,
    pub payload: Vec<u8>,
    /// Names the recipients as clients before 2025 do, inside the user packet alone.
    pub addressed_the_old_way: bool,
}

/// What somebody said, and who the server says it was.
pub struct Received {
    pub reliable: bool,
    pub sender_identity: String,
    pub sender_sid: String,
    /// Of reliable packets, 1 for a sender's first; 0 for lossy ones.
    pub sequence: u32,
    pub value: Value,
}

impl DataMessage {
    /// As it goes through the server: its topic and whom it is for stay readable. `None` without a key.
    pub(crate) fn sealed(&self, encryption: &Encryption, now: Instant) -> Option<Self> {
        let channel = if self.reliable {
            Channel::Reliable
        } else {
            Channel::Lossy
        };
        let topic = self.topic.as_deref().unwrap_or_default();
        let payload = encryption.seal_message(now, channel, topic, &self.payload);
        Some(Self {
            payload: payload.ok()?,
            ..self.clone()
        })
    }
}

impl Received {
    /// What its sender sealed. `None`: it counts as never sent.
    pub(crate) fn opened(mut self, encryption: &Encryption, now: Instant) -> Option<Self> {
        let from = participant(&self.sender_identity)?;
        let Value::User(user) = &mut self.value else {
            return None;
        };
        let topic = user.topic.as_deref().unwrap_or_default();
        let opened = encryption.open_message(now, from, topic, &user.payload);
        user.payload = opened.ok()?;
        Some(self)
    }

    /// The payload of a user packet.
    pub fn payload(&self) -> Option<&[u8]> {
        match &self.value {
            Value::User(user) => Some(&user.payload),
            _ => None,
        }
    }
}

/// What has been sent and received on the reliable channel.
#[derive(Default)]
pub(crate) struct Sequences {
    sent: u32,
    received: BTreeMap<String, u32>,
}

impl Sequences {
    /// The packet on the wire.
    pub(crate) fn encode(&mut self, message: &DataMessage) -> Vec<u8> {
        let (old, new) = if message.addressed_the_old_way {
            (message.to.clone(), Vec::new())
        } else {
            (Vec::new(), message.to.clone())
        };
        #[expect(deprecated, reason = "clients of the field address their packets here")]
        let user = proto::UserPacket {
            payload: message.payload.clone(),
            topic: message.topic.clone(),
            destination_identities: old,
            ..Default::default()
        };
        self.encode_value(message.reliable, new, Value::User(user))
    }

    pub(crate) fn encode_value(
        &mut self,
        reliable: bool,
        to: Vec<String>,
        value: Value,
    ) -> Vec<u8> {
        if reliable {
            self.sent = self.sent.wrapping_add(1);
        }
        proto::DataPacket {
            destination_identities: to,
            sequence: if reliable { self.sent } else { 0 },
            value: Some(value),
            ..Default::default()
        }
        .encode_to_vec()
    }

    /// `None`: unreadable, or a repetition after a resume.
    pub(crate) fn decode(&mut self, reliable: bool, bytes: &[u8]) -> Option<Received> {
        let packet = proto::DataPacket::decode(bytes).ok()?;
        if reliable && packet.sequence > 0 {
            if self.received.len() >= MOST_SENDERS {
                self.received.clear();
            }
            let last = self
                .received
                .entry(packet.participant_sid.clone())
                .or_default();
            if packet.sequence <= *last {
                return None;
            }
            *last = packet.sequence;
        }
        Some(Received {
            reliable,
            sender_identity: packet.participant_identity,
            sender_sid: packet.participant_sid,
            sequence: packet.sequence,
            value: packet.value?,
        })
    }

    /// For the server, to repeat what was missed.
    pub(crate) fn receive_states(&self) -> Vec<proto::DataChannelReceiveState> {
        let states = self.received.iter();
        states
            .map(|(sid, last)| proto::DataChannelReceiveState {
                publisher_sid: sid.clone(),
                last_seq: *last,
            })
            .collect()
    }
}

/// More than any room holds; a cleared table costs no more than a repetition.
const MOST_SENDERS: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_reliable_packet_is_dropped_and_a_lossy_one_is_not() {
        let mut sender = Sequences::default();
        let mut receiver = Sequences::default();
        for reliable in [true, false] {
            let message = DataMessage {
                reliable,
                payload: b"hello".to_vec(),
                ..Default::default()
            };
            let bytes = sender.encode(&message);

            let first = receiver.decode(reliable, &bytes).unwrap();
            assert_eq!(first.payload(), Some(b"hello".as_slice()));
            assert_eq!(receiver.decode(reliable, &bytes).is_none(), reliable);
        }
    }

    #[test]
    fn the_old_way_of_addressing_names_nobody_in_the_envelope() {
        let message = DataMessage {
            to: vec!["b".to_owned()],
            addressed_the_old_way: true,
            ..Default::default()
        };

        let bytes = Sequences::default().encode(&message);

        let packet = proto::DataPacket::decode(bytes.as_slice()).unwrap();
        assert!(packet.destination_identities.is_empty());
        #[expect(deprecated, reason = "this is the old place")]
        let old = match packet.value {
            Some(Value::User(user)) => user.destination_identities,
            _ => Vec::new(),
        };
        assert_eq!(old, ["b"]);
    }

    #[test]
    fn the_table_of_senders_is_bounded() {
        let mut receiver = Sequences::default();
        for sender in 0..=MOST_SENDERS {
            let packet = proto::DataPacket {
                participant_sid: format!("PA_{sender}"),
                sequence: 1,
                value: Some(Value::User(proto::UserPacket::default())),
                ..Default::default()
            };
            assert!(receiver.decode(true, &packet.encode_to_vec()).is_some());
        }

        assert!(receiver.receive_states().len() <= MOST_SENDERS);
    }
}
