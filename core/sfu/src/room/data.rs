//! Data packets from one participant to those whom they are for.

use std::sync::Arc;
use std::time::Instant;

use livekit_protocol as proto;
use proto::data_packet::Kind;

use super::Room;
use crate::command::{ApiRefusal, ApiResponse};
use crate::connection::{ConnectionId, Order};
use crate::data::{CachedPacket, Content, Envelope, Recipients, Sender, compose};
use crate::drops::Drop;
use crate::fact::{EndReason, Fact};
use crate::leave;
use crate::line::{Former, Line, passes};
use crate::participant::{ParticipantKey, downstream};
use crate::peer::{DataChannel, DataError};

/// In bytes; clients refuse larger ones.
const LONGEST_MESSAGE: usize = 64_000;

impl Room {
    pub(super) fn route_data(
        &mut self,
        now: Instant,
        from: ParticipantKey,
        channel: DataChannel,
        bytes: &[u8],
    ) {
        let Some(kind) = kind(channel) else {
            self.drop_counted(Drop::Data);
            return;
        };
        let Some(participant) = self.roster.get_mut(from) else {
            return;
        };
        if !participant.card.permission.can_publish_data {
            self.drop_counted(Drop::DataNotAllowed);
            return;
        }
        if !participant.data.pace.admits(now) {
            self.drop_counted(Drop::DataTooFast);
            return;
        }
        let Ok(envelope) = Envelope::read(bytes) else {
            self.drop_counted(Drop::Data);
            return;
        };
        if kind == Kind::Reliable && !participant.data.is_fresh(envelope.sequence) {
            self.drop_counted(Drop::Data);
            return;
        }
        let packet: Arc<[u8]> = envelope.forward(kind, sender(&participant.card)).into();
        let recipients = Arc::new(envelope.recipients);
        for to in self.recipients(&recipients, Some(from), envelope.content) {
            self.deliver(to, channel, &packet);
        }
        self.look_for_strays(now, from, &recipients);
        if envelope.content == Content::Other {
            self.presenter_wrote(from);
        }
        if kind == Kind::Reliable
            && envelope.content == Content::Other
            && let Some(participant) = self.roster.get_mut(from)
        {
            participant.data.cache.add(CachedPacket {
                sequence: envelope.sequence,
                recipients,
                sent: now,
                bytes: packet,
            });
        }
    }

    /// Everybody who is meant and may read it, but the sender.
    fn recipients(
        &self,
        recipients: &Recipients,
        from: Option<ParticipantKey>,
        content: Content,
    ) -> Vec<ParticipantKey> {
        let sender = from.and_then(|from| self.participant(from));
        let sender = sender.map(|sender| sender.card.end());
        self.roster
            .iter()
            .filter(|(key, _)| Some(*key) != from)
            .filter(|(_, participant)| {
                let card = &participant.card;
                let may_read = content == Content::Other || card.permission.can_subscribe_metrics;
                may_read
                    && recipients.include(&card.identity, &card.sid)
                    && passes(sender, card.end(), recipients)
            })
            .map(|(key, _)| key)
            .collect()
    }

    /// What was meant for a computer, of somebody who may not use it, is counted, and on record once in a session unless they
    /// did until a moment ago. What a computer says to anybody else is counted.
    fn look_for_strays(&mut self, now: Instant, from: ParticipantKey, recipients: &Recipients) {
        let Some(sender) = self.participant(from) else {
            return;
        };
        if !matches!(recipients, Recipients::Named { .. }) {
            return;
        }
        let end = sender.card.end();
        let is_person = end.line.is_none();
        let refusing = self.roster.iter().filter(|(_, it)| {
            let card = &it.card;
            (card.line.is_some() || end.line.is_some())
                && recipients.include(&card.identity, &card.sid)
                && !passes(Some(end), card.end(), recipients)
        });
        let is_late = |former: &Former| former.is_late(end.identity, now);
        let strays = refusing.map(|(_, it)| !it.former.as_ref().is_some_and(is_late));
        let Some(is_stray) = strays.reduce(|one, other| one || other) else {
            return;
        };
        self.drop_counted(Drop::DataOffLine);
        if is_person && is_stray {
            self.record_stray(from);
        }
    }

    fn record_stray(&mut self, key: ParticipantKey) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        if std::mem::replace(&mut participant.has_strayed, true) {
            return;
        }
        let fact = Fact::StrayData {
            room: self.name.clone(),
            identity: participant.card.identity.clone(),
        };
        self.record(fact);
    }

    /// Whoever may use a computer is another from here on.
    pub(super) fn set_line(&mut self, now: Instant, key: ParticipantKey, line: Line) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        let known = participant.card.line.as_mut();
        if let Some(before) = known.and_then(|known| known.set(line)) {
            participant.former = Former::of(before, now).or(participant.former.take());
            participant.waiting.flush();
        }
    }

    fn deliver(&mut self, to: ParticipantKey, channel: DataChannel, packet: &Arc<[u8]>) {
        let Some(participant) = self.roster.get_mut(to) else {
            return;
        };
        if participant.channels.contains(&channel) {
            let id = downstream(to, participant);
            let bytes = packet.clone();
            self.order(id, Order::SendData { channel, bytes });
            return;
        }
        let waits = channel == DataChannel::Reliable;
        if !waits || !participant.waiting.add(packet.clone()) {
            self.drop_counted(Drop::DataUnread);
        }
    }

    pub(super) fn channel_open(&mut self, _now: Instant, from: ConnectionId, channel: DataChannel) {
        let Some(participant) = self.roster.get_mut(from.participant) else {
            return;
        };
        if participant.downstream() != from.side {
            return;
        }
        participant.channels.insert(channel);
        if channel == DataChannel::Reliable {
            for bytes in participant.waiting.take() {
                self.order(from, Order::SendData { channel, bytes });
            }
        }
    }

    pub(super) fn channel_closed(&mut self, from: ConnectionId, channel: DataChannel) {
        if let Some(participant) = self.roster.get_mut(from.participant)
            && participant.downstream() == from.side
        {
            participant.channels.remove(&channel);
        }
    }

    /// A reader who is there and too slow for reliable data has to start anew: it would miss some.
    pub(super) fn data_refused(
        &mut self,
        now: Instant,
        from: ConnectionId,
        channel: DataChannel,
        error: DataError,
    ) {
        self.drop_counted(Drop::DataUnread);
        let key = from.participant;
        let is_there = self
            .participant(key)
            .is_some_and(|p| p.presence.is_connected());
        if channel == DataChannel::Reliable && error == DataError::Full && is_there {
            let reason = EndReason::Failed;
            self.remove(now, key, reason, Some(leave::reconnect(reason)));
        }
    }

    /// What a resumed participant missed, by what it says it has. Clients drop what they have.
    pub(super) fn replay_data(
        &mut self,
        to: ParticipantKey,
        received: &[proto::DataChannelReceiveState],
    ) {
        let Some(participant) = self.participant(to) else {
            return;
        };
        let card = &participant.card;
        let since = participant.presence.joined();
        let id = downstream(to, participant);
        let mut missed = Vec::new();
        for (key, publisher) in self.roster.iter().filter(|(key, _)| *key != to) {
            let last = received
                .iter()
                .find(|state| state.publisher_sid == publisher.card.sid)
                .map_or(0, |state| state.last_seq);
            let packets = publisher.data.cache.after(last, since);
            let meant = packets.filter(|p| {
                p.recipients.include(&card.identity, &card.sid)
                    && passes(Some(publisher.card.end()), card.end(), &p.recipients)
            });
            debug_assert!(key != to);
            missed.extend(meant.map(|packet| packet.bytes.clone()));
        }
        for bytes in missed {
            let channel = DataChannel::Reliable;
            self.order(id, Order::SendData { channel, bytes });
        }
    }

    /// The server API's own message, without a sender.
    pub(super) fn send_data(
        &mut self,
        request: proto::SendDataRequest,
    ) -> Result<ApiResponse, ApiRefusal> {
        if request.data.len() > LONGEST_MESSAGE {
            return Err(ApiRefusal::Limit("message size"));
        }
        let channel = match request.kind() {
            Kind::Reliable => DataChannel::Reliable,
            Kind::Lossy => DataChannel::Lossy,
        };
        #[expect(deprecated, reason = "older SDKs address by sid")]
        let recipients = Recipients::of(&request.destination_identities, &request.destination_sids);
        let packet: Arc<[u8]> = compose(request).into();
        for to in self.recipients(&recipients, None, Content::Other) {
            self.deliver(to, channel, &packet);
        }
        Ok(ApiResponse::Done)
    }
}

fn kind(channel: DataChannel) -> Option<Kind> {
    match channel {
        DataChannel::Reliable => Some(Kind::Reliable),
        DataChannel::Lossy => Some(Kind::Lossy),
        DataChannel::Track => None,
    }
}

/// Nobody is told who a hidden participant is.
fn sender(card: &crate::card::Card) -> Sender<'_> {
    if card.permission.hidden {
        return Sender {
            sid: "",
            identity: "",
        };
    }
    Sender {
        sid: &card.sid,
        identity: &card.identity,
    }
}
