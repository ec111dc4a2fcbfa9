//! What must hold of everything that a room says.

use std::collections::BTreeSet;

use livekit_protocol as proto;
use prost::Message as _;
use proto::data_packet::Value;
use proto::participant_info::State;
use proto::signal_response::Message;

use super::client::Client;
use crate::connection::Side;
use crate::peer::{OfferChange, OutgoingPacket};
use crate::sdp::{AnswerPlan, Mid};

/// The first message of a session says how it begins, or that it does not.
pub(super) fn opens_a_session(message: &Message) -> bool {
    matches!(
        message,
        Message::Join(_) | Message::Reconnect(_) | Message::Leave(_)
    )
}

/// Who hides from others, and who ever did: to them it went, and may be back.
pub(super) struct Hidden {
    pub(super) present: BTreeSet<String>,
    pub(super) ever: BTreeSet<String>,
}

/// Versions rise, an end is told once, and nobody learns of who is hidden.
pub(super) fn judge_update(told: &mut Client, update: &proto::ParticipantUpdate, hidden: &Hidden) {
    for info in &update.participants {
        let is_over = info.state() == State::Disconnected;
        let own = info.sid == told.sid;
        assert!(
            own || is_over || !hidden.present.contains(&info.sid),
            "{} learns of a hidden participant",
            told.identity
        );
        if let Some(before) = told.known.get(&info.sid) {
            assert!(info.version >= before.version, "a version went back");
            let same = info.version == before.version;
            assert!(!same || before == info, "one version says two things");
        }
        if is_over {
            told.known.remove(&info.sid);
            let first = told.departed.insert(info.sid.clone());
            assert!(
                first || hidden.ever.contains(&info.sid),
                "an end was told twice"
            );
        } else {
            let again = told.departed.contains(&info.sid);
            assert!(
                !again || hidden.ever.contains(&info.sid),
                "back from the end"
            );
            told.known.insert(info.sid.clone(), info.clone());
        }
    }
}

/// The packet goes to who may have it, under the name that it was announced by, in order.
pub(super) fn judge_packet(
    to: &mut Client,
    side: Side,
    packet: &OutgoingPacket,
    track: &str,
    may_receive: bool,
) {
    let identity = to.identity.clone();
    assert!(
        may_receive,
        "{identity} is sent {track}, which it may not receive"
    );
    let connection = to.connections.get_mut(&side).expect("an open connection");
    assert!(
        connection.is_up,
        "{identity} is sent media before it is connected"
    );
    let carries = connection
        .carries
        .get_mut(&packet.mid)
        .expect("a section that was described");
    let announced = carries.track.as_deref();
    assert_eq!(
        announced,
        Some(track),
        "{identity} takes one track for another"
    );
    assert!(
        carries
            .last_sequence
            .is_none_or(|last| packet.sequence > last),
        "a sequence number of {identity} went back"
    );
    let is_first = carries.last_sequence.is_none();
    assert!(
        !is_first || packet.sequence < 65_536,
        "a first number is too high"
    );
    carries.last_sequence = Some(packet.sequence);
}

/// Sections of an answer go from one track to another only over inactive.
pub(super) fn judge_plan(client: &mut Client, plan: &AnswerPlan) {
    let connection = client
        .connections
        .get_mut(&Side::Publisher)
        .expect("an open connection");
    for carries in connection
        .carries
        .iter_mut()
        .filter(|(mid, _)| !plan.send.contains_key(mid))
    {
        carries.1.track = None;
    }
    for (mid, source) in &plan.send {
        let carries = connection.carries.entry(*mid).or_default();
        match carries.track.replace(source.track_id.clone()) {
            // A section that carries something again has fresh SSRCs.
            None => carries.last_sequence = None,
            Some(before) => {
                let kept = before == source.track_id;
                assert!(kept, "a section changed its track without a rest");
            }
        }
    }
}

/// What an answered offer of ours says.
pub(super) fn apply_offer(client: &mut Client, change: OfferChange, added: &[Mid]) {
    let connection = client
        .connections
        .get_mut(&Side::Subscriber)
        .expect("an open connection");
    for mid in change.deactivate {
        let carries = connection.carries.entry(mid).or_default();
        carries.track = None;
    }
    for reuse in change.reuse {
        let carries = connection.carries.entry(reuse.mid).or_default();
        assert!(
            carries.track.is_none(),
            "a section changed its track without a rest"
        );
        carries.track = Some(reuse.source.track_id);
        carries.last_sequence = None;
    }
    for (section, mid) in change.add.into_iter().zip(added) {
        let carries = connection.carries.entry(*mid).or_default();
        carries.track = Some(section.source.track_id);
    }
}

/// Data goes to whom they are for, under the name of who sent them.
pub(super) fn judge_data(to: &str, bytes: &[u8]) {
    let packet = proto::DataPacket::decode(bytes).expect("a data packet");
    let Some(Value::User(user)) = packet.value else {
        panic!("not a user packet");
    };
    let text = String::from_utf8(user.payload).expect("text");
    let (from, recipients) = text.split_once('>').expect("who sends to whom");
    assert!(
        packet.participant_identity == from || packet.participant_identity.is_empty(),
        "data under a false name"
    );
    assert_ne!(from, to, "data came back to its sender");
    let is_meant = recipients == "*" || recipients.split(',').any(|name| name == to);
    assert!(is_meant, "{to} reads what {from} told {recipients}");
}
