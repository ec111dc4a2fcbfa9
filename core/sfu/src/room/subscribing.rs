//! Who receives which track: wanted, permitted, there, and in a codec that the client takes.

use std::time::Instant;

use livekit_protocol as proto;
use proto::signal_response::Message;

use super::Room;
use crate::connection::Sendable;
use crate::forwarding::Forwarder;
use crate::negotiation::Carried;
use crate::participant::ParticipantKey;
use crate::sdp::Codec;
use crate::track::{Outlet, TrackKey};

impl Room {
    /// Brings one participant's subscriptions in line. The caller negotiates.
    pub(super) fn subscribe_to_all(&mut self, now: Instant, subscriber: ParticipantKey) {
        for track in self.tracks.keys() {
            self.reconcile(now, subscriber, track);
        }
    }

    /// Brings everybody's subscription to one track in line.
    pub(super) fn offer_track(&mut self, now: Instant, track: TrackKey) {
        for subscriber in self.roster.keys() {
            if self.reconcile(now, subscriber, track) {
                self.negotiate(now, subscriber);
            }
        }
    }

    /// True: the next description has to change.
    fn reconcile(&mut self, now: Instant, subscriber: ParticipantKey, track_key: TrackKey) -> bool {
        let Some(standing) = self.standing(subscriber, track_key) else {
            return false;
        };
        self.say_admission(subscriber, track_key, &standing);
        let is_permitted = standing.may_subscribe && standing.is_admitted;
        if let Some(track) = self.tracks.get_mut(track_key)
            && let Some(outlet) = track.outlet_mut(subscriber)
        {
            outlet.is_permitted = is_permitted;
        }
        if !(is_permitted && standing.is_desired && standing.is_there && standing.is_supported) {
            let changed = self.withdraw(now, subscriber, track_key);
            if changed {
                self.allocate_soon(now, subscriber);
            }
            return changed;
        }
        let (Some(participant), Some(track)) =
            (self.roster.get_mut(subscriber), self.tracks.get(track_key))
        else {
            return false;
        };
        participant.subscriptions.found(&track.info.sid);
        let changed = !participant.negotiation.wants(track_key);
        participant.negotiation.want(track_key, track.kind);
        changed
    }

    fn standing(&self, subscriber: ParticipantKey, track_key: TrackKey) -> Option<Standing> {
        let track = self.tracks.get(track_key)?;
        let participant = self.participant(subscriber)?;
        let publisher = self.participant(track.publisher)?;
        if track.publisher == subscriber {
            return None;
        }
        let card = &participant.card;
        Some(Standing {
            may_subscribe: card.permission.can_subscribe,
            is_admitted: publisher
                .audience
                .admits(&card.identity, &card.sid, &track.info.sid),
            is_desired: participant.subscriptions.is_desired(&track.info.sid),
            is_there: publisher.is_visible(),
            is_supported: !participant.unsupported.contains(&track_key),
        })
    }

    /// Tells a subscriber when a publisher refuses it a track that it wants, and when not any more.
    fn say_admission(
        &mut self,
        subscriber: ParticipantKey,
        track_key: TrackKey,
        standing: &Standing,
    ) {
        let Some(participant) = self.roster.get_mut(subscriber) else {
            return;
        };
        let refused = standing.is_desired && standing.is_there && !standing.is_admitted;
        let changed = if refused {
            participant.denied.insert(track_key)
        } else {
            standing.is_admitted && participant.denied.remove(&track_key)
        };
        if changed {
            self.say_permission(subscriber, track_key, standing.is_admitted);
        }
    }

    /// Again, after a resume.
    pub(super) fn say_denials(&mut self, subscriber: ParticipantKey) {
        let denied = self.participant(subscriber).map(|p| p.denied.clone());
        for track in denied.unwrap_or_default() {
            self.say_permission(subscriber, track, false);
        }
    }

    fn say_permission(&mut self, subscriber: ParticipantKey, track_key: TrackKey, allowed: bool) {
        let Some(track) = self.tracks.get(track_key) else {
            return;
        };
        let Some(publisher) = self.participant(track.publisher) else {
            return;
        };
        let message = Message::SubscriptionPermissionUpdate(proto::SubscriptionPermissionUpdate {
            participant_sid: publisher.card.sid.clone(),
            track_sid: track.info.sid.clone(),
            allowed,
        });
        self.tell(subscriber, message);
    }

    /// Media stop at once; the description follows. True: it has to change.
    pub(super) fn withdraw(
        &mut self,
        now: Instant,
        subscriber: ParticipantKey,
        track: TrackKey,
    ) -> bool {
        self.detach(now, subscriber, track);
        let Some(participant) = self.roster.get_mut(subscriber) else {
            return false;
        };
        let changed = participant.negotiation.wants(track);
        participant.negotiation.drop(track);
        changed
    }

    /// Stops sending a track to a subscriber, whatever the description says.
    pub(super) fn detach(&mut self, now: Instant, subscriber: ParticipantKey, track: TrackKey) {
        if let Some(carried) = self.tracks.get_mut(track)
            && carried.take_outlet(subscriber).is_some()
        {
            self.wishes_changed(now, track);
        }
    }

    /// The participant goes: nothing is sent to it any more.
    pub(super) fn leave_audience(&mut self, now: Instant, subscriber: ParticipantKey) {
        for track in self.tracks.keys() {
            self.detach(now, subscriber, track);
        }
    }

    /// Sections carry their tracks from here on.
    pub(super) fn attach_all(
        &mut self,
        now: Instant,
        subscriber: ParticipantKey,
        starting: &[Carried],
        sendable: &Sendable,
    ) {
        for carried in starting {
            let codecs = sendable.get(&carried.mid).map_or(&[][..], Vec::as_slice);
            if !self.attach(now, subscriber, *carried, codecs) {
                self.refuse_codec(subscriber, carried.track);
            }
        }
        if !starting.is_empty() {
            self.settings_changed(now, subscriber);
        }
    }

    /// False: the client takes none of the track's codecs.
    fn attach(
        &mut self,
        _now: Instant,
        subscriber: ParticipantKey,
        carried: Carried,
        codecs: &[Codec],
    ) -> bool {
        let is_permitted = self
            .standing(subscriber, carried.track)
            .is_some_and(|standing| standing.may_subscribe && standing.is_admitted);
        let Some(track) = self.tracks.get_mut(carried.track) else {
            return true;
        };
        let Some(encoding) = track.encoding_for(codecs) else {
            return false;
        };
        let encoding = encoding.index;
        let mode = Outlet::mode(track.kind, codecs.contains(&Codec::Red));
        track.outlets.push(Outlet {
            subscriber,
            mid: carried.mid,
            encoding,
            forwarder: Forwarder::new(mode),
            codecs: codecs.to_vec(),
            wanted: None,
            is_paused: false,
            is_permitted,
        });
        if !track.was_subscribed {
            track.was_subscribed = true;
            let publisher = track.publisher;
            let message = Message::TrackSubscribed(proto::TrackSubscribed {
                track_sid: track.info.sid.clone(),
            });
            self.tell(publisher, message);
        }
        true
    }

    fn refuse_codec(&mut self, subscriber: ParticipantKey, track_key: TrackKey) {
        let Some(track) = self.tracks.get(track_key) else {
            return;
        };
        let message = Message::SubscriptionResponse(proto::SubscriptionResponse {
            track_sid: track.info.sid.clone(),
            err: proto::SubscriptionError::SeCodecUnsupported as i32,
        });
        self.tell(subscriber, message);
        if let Some(participant) = self.roster.get_mut(subscriber) {
            participant.unsupported.insert(track_key);
            participant.negotiation.drop(track_key);
            // A backup codec may help.
            self.say_wanted_quality(track_key);
        }
    }

    /// The track has more or fewer codecs: everybody gets the first that suits.
    pub(super) fn encodings_changed(&mut self, now: Instant, track_key: TrackKey) {
        let Some(track) = self.tracks.get_mut(track_key) else {
            return;
        };
        let mut outlets = std::mem::take(&mut track.outlets);
        let mut left = Vec::new();
        outlets.retain_mut(|outlet| match track.encoding_for(&outlet.codecs) {
            Some(encoding) => {
                outlet.encoding = encoding.index;
                true
            }
            None => {
                left.push(outlet.subscriber);
                false
            }
        });
        track.outlets = outlets;
        for subscriber in left {
            self.refuse_codec(subscriber, track_key);
            self.negotiate(now, subscriber);
        }
        for subscriber in self.roster.keys() {
            if let Some(participant) = self.roster.get_mut(subscriber) {
                participant.unsupported.remove(&track_key);
            }
        }
        self.offer_track(now, track_key);
        self.wishes_changed(now, track_key);
        self.track_changed(now, track_key);
    }

    pub(super) fn update_subscription(
        &mut self,
        now: Instant,
        subscriber: ParticipantKey,
        request: &proto::UpdateSubscription,
    ) {
        let of_participants = request
            .participant_tracks
            .iter()
            .flat_map(|tracks| &tracks.track_sids);
        for sid in request.track_sids.iter().chain(of_participants) {
            self.desire(now, subscriber, sid, request.subscribe);
        }
        self.schedule_missing(subscriber);
        self.negotiate(now, subscriber);
    }

    fn desire(&mut self, now: Instant, subscriber: ParticipantKey, sid: &str, desired: bool) {
        let track = self.tracks.by_sid(sid);
        let Some(participant) = self.roster.get_mut(subscriber) else {
            return;
        };
        if !participant.subscriptions.desire(sid, desired) {
            self.drop_counted(crate::drops::Drop::Request);
            return;
        }
        match track {
            Some(track) => {
                self.reconcile(now, subscriber, track);
            }
            None if desired => {
                participant.subscriptions.miss(now, sid);
            }
            None => {}
        }
    }

    /// Who may receive the participant's tracks has changed.
    pub(super) fn audience_changed(&mut self, now: Instant, publisher: ParticipantKey) {
        for track in self.tracks.of(publisher) {
            self.offer_track(now, track);
        }
    }
}

/// Everything that decides whether a subscriber gets a track.
struct Standing {
    may_subscribe: bool,
    is_admitted: bool,
    is_desired: bool,
    is_there: bool,
    is_supported: bool,
}
