//! Data packets, whose sender is replaced and whose addressees are found.

use std::collections::BTreeSet;

use conclave_livekit::proto::data_packet::{Kind, Value};
use conclave_livekit::proto::{DataPacket, UserPacket};
use conclave_sfu::data::{Envelope, Recipients, Sender};
use prost::Message;

const SENDER: Sender<'_> = Sender {
    sid: "PA_sender",
    identity: "sender",
};

/// What comes out names the sender that we know, and what is addressed does not go to everybody.
pub(crate) fn data_packet(bytes: &[u8]) {
    let Ok(envelope) = Envelope::read(bytes) else {
        return;
    };
    let forwarded = envelope.forward(Kind::Reliable, SENDER);
    if let Ok(packet) = DataPacket::decode(forwarded.as_slice()) {
        assert_eq!(packet.participant_sid, SENDER.sid);
        assert_eq!(packet.participant_identity, SENDER.identity);
        if let Some(Value::User(user)) = &packet.value {
            assert!(claims_nothing(user));
        }
    }
    if let Ok(packet) = DataPacket::decode(bytes) {
        let named = addressees(&packet);
        let includes = |identity| envelope.recipients.include(identity, "");
        match &envelope.recipients {
            Recipients::Everybody => assert!(named.is_empty()),
            // Those of the user packet count where the packet itself names nobody.
            Recipients::Named { .. } if packet.destination_identities.is_empty() => {}
            Recipients::Named { identities, .. } => {
                assert!(
                    packet
                        .destination_identities
                        .iter()
                        .all(|name| includes(name))
                );
                assert!(identities.iter().all(|name| named.contains(name)));
            }
        }
    }
}

#[expect(deprecated, reason = "older clients still read these fields")]
fn claims_nothing(user: &UserPacket) -> bool {
    user.participant_sid.is_empty() && user.participant_identity.is_empty()
}

#[expect(deprecated, reason = "clients still address by these fields")]
fn addressees(packet: &DataPacket) -> BTreeSet<String> {
    let mut named: BTreeSet<String> = packet.destination_identities.iter().cloned().collect();
    if let Some(Value::User(user)) = &packet.value {
        named.extend(user.destination_identities.iter().cloned());
    }
    named
}
