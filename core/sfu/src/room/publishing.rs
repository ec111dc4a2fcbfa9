//! What a participant publishes: announced, bound to its sections, muted, ended.

use std::collections::BTreeSet;
use std::time::Instant;

use conclave_livekit::sid;
use livekit_protocol as proto;
use proto::request_response::{Reason, Request};
use proto::signal_response::Message;

use super::Room;
use super::activity::is_picture_of_screen;
use crate::fact::{Fact, PublishRefusal};
use crate::negotiation::Negotiation;
use crate::participant::{Participant, ParticipantKey};
use crate::publication;
use crate::publishing::{Bound, Claim, MOST_PENDING, Pending};
use crate::sdp::{Codec, Kind, Offer, Section};
use crate::track::{Encoding, Track, TrackKey};

impl Room {
    pub(super) fn add_track(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        request: proto::AddTrackRequest,
    ) {
        match self.try_add_track(now, key, &request) {
            Ok(()) => {}
            Err((reason, text)) => {
                self.respond(key, 0, reason, text, Some(Request::AddTrack(request)));
            }
        }
    }

    fn try_add_track(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        request: &proto::AddTrackRequest,
    ) -> Result<(), (Reason, &'static str)> {
        let Some(participant) = self.participant(key) else {
            return Ok(());
        };
        if !participant
            .card
            .may_publish(request.r#type(), request.source())
        {
            return Err(self.refuse_track(key, PublishRefusal::NotAllowed));
        }
        if let Some(refusal) = self.refuses_screen(key, request) {
            return Err(self.refuse_track(key, refusal));
        }
        self.take_turn_from_who_shows_nothing(now, key, request);
        let Some(participant) = self.participant(key) else {
            return Ok(());
        };
        let kind = publication::check(request).map_err(|_| {
            (
                Reason::InvalidRequest,
                "the request to publish is not valid",
            )
        })?;
        // What is added to a published track has its encryption.
        if request.sid.is_empty() && !participant.card.takes(request.encryption()) {
            return Err(self.refuse_track(key, PublishRefusal::NotEncrypted));
        }
        if !request.sid.is_empty() {
            return self.add_codecs(now, key, kind, request);
        }
        if participant.publishing.is_pending(&request.cid) {
            return Err((Reason::Queued, "the track is announced already"));
        }
        let most = self.config.max_tracks_per_participant;
        let pending = participant.publishing.pending();
        if pending >= MOST_PENDING || pending + self.tracks.of(key).len() >= most {
            return Err((Reason::LimitExceeded, "too many tracks"));
        }
        let sid = sid::track(request.r#type(), request.source(), &mut self.rng);
        let info = publication::track_info(request, sid);
        self.tell(key, track_published(&request.cid, &info));
        if let Some(participant) = self.roster.get_mut(key)
            && let Some(claim) = participant.publishing.announce(kind, info)
        {
            // The section was answered without a word about how to encode this track.
            if let Negotiation::Single(single) = &mut participant.negotiation {
                single.outdate_answer();
            }
            self.settle_claims(now, key, vec![claim]);
            self.negotiate(now, key);
        }
        Ok(())
    }

    fn refuse_track(
        &mut self,
        key: ParticipantKey,
        refusal: PublishRefusal,
    ) -> (Reason, &'static str) {
        self.record_refusal(key, refusal);
        let text = match refusal {
            PublishRefusal::NotAllowed => "this source may not be published",
            PublishRefusal::NotPresenter => "a host decides who shows a screen",
            PublishRefusal::ScreenTaken => "somebody else shows a screen",
            PublishRefusal::NotEncrypted => "media is encrypted end to end here",
        };
        (Reason::NotAllowed, text)
    }

    /// Each once in a session: whoever asks on and on fills no record.
    fn record_refusal(&mut self, key: ParticipantKey, refusal: PublishRefusal) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        if !participant.publish_refusals.insert(refusal) {
            return;
        }
        let fact = Fact::PublishRefused {
            room: self.name.clone(),
            identity: participant.card.identity.clone(),
            refusal,
        };
        self.record(fact);
    }

    /// The client will send a published track in other codecs too.
    fn add_codecs(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        kind: Kind,
        request: &proto::AddTrackRequest,
    ) -> Result<(), (Reason, &'static str)> {
        let track_key = self.tracks.by_sid(&request.sid);
        let own = track_key.and_then(|track_key| {
            let track = self.tracks.get_mut(track_key)?;
            (track.publisher == key && track.kind == kind).then_some((track_key, track))
        });
        let Some((track_key, track)) = own else {
            return Err((Reason::NotFound, "there is no such track"));
        };
        publication::merge_backup(&mut track.info, request);
        let info = track.info.clone();
        self.tell(key, track_published(&request.cid, &info));
        if let Some(participant) = self.roster.get_mut(key) {
            let claims = participant
                .publishing
                .announce_codecs(track_key, kind, &info);
            self.settle_claims(now, key, claims);
        }
        Ok(())
    }

    /// Compares an offer's sections with what is published.
    pub(super) fn sections_offered(&mut self, now: Instant, key: ParticipantKey, offer: &Offer) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        let tracks = &self.tracks;
        let changes = participant
            .publishing
            .offered(offer, |track| tracks.get(track).map(|track| &track.info));
        self.sections_ended(now, key, &changes.ended);
        self.settle_claims(now, key, changes.claims);
    }

    fn sections_ended(&mut self, now: Instant, key: ParticipantKey, ended: &[Bound]) {
        if ended.is_empty() {
            return;
        }
        let mut affected = Vec::new();
        for bound in ended {
            let Some(track) = self.tracks.get_mut(bound.track) else {
                continue;
            };
            track
                .encodings
                .retain(|encoding| encoding.index != bound.codec);
            if bound.codec == 0 || track.encodings.is_empty() {
                affected.extend(self.end_track(now, bound.track));
            } else {
                self.encodings_changed(now, bound.track);
            }
        }
        self.announce(key);
        for subscriber in affected {
            self.negotiate(now, subscriber);
        }
    }

    fn settle_claims(&mut self, now: Instant, key: ParticipantKey, claims: Vec<Claim>) {
        for claim in claims {
            match claim {
                Claim::Track(pending, section) => self.publish(now, key, *pending, &section),
                Claim::Codec(track, index, section) => {
                    self.add_encoding(now, key, track, index, &section);
                }
            }
        }
    }

    /// An announced track has its section: others learn of it, before any media.
    fn publish(&mut self, now: Instant, key: ParticipantKey, pending: Pending, section: &Section) {
        let Pending { kind, mut info } = pending;
        let Some(codec) = codec(&info, 0, kind, section) else {
            return;
        };
        publication::bind(&mut info, 0, section, codec);
        let sid = info.sid.clone();
        let is_screen = is_picture_of_screen(kind, &info);
        let encoding = Encoding::new(0, &info, section, codec);
        let track = self.tracks.insert(Track::new(key, kind, info, encoding));
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        participant.publishing.bind(track, 0, section);
        let is_silenced = participant.publishing.is_silenced(&sid);
        let fact = Fact::TrackPublished {
            room: self.name.clone(),
            identity: participant.card.identity.clone(),
            sid: sid.clone(),
        };
        self.record(fact);
        if is_screen {
            self.screen_shown(now, key);
        }
        if is_silenced {
            self.tell_muted(key, &sid);
        }
        self.announce(key);
        self.offer_track(now, track);
        self.wishes_changed(now, track);
    }

    fn add_encoding(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        track_key: TrackKey,
        index: usize,
        section: &Section,
    ) {
        let Some(track) = self.tracks.get_mut(track_key) else {
            return;
        };
        let Some(codec) = codec(&track.info, index, track.kind, section) else {
            return;
        };
        publication::bind(&mut track.info, index, section, codec);
        let encoding = Encoding::new(index, &track.info, section, codec);
        track.encodings.push(encoding);
        track.encodings.sort_by_key(|encoding| encoding.index);
        if let Some(participant) = self.roster.get_mut(key) {
            participant.publishing.bind(track_key, index, section);
        }
        self.announce(key);
        self.encodings_changed(now, track_key);
    }

    /// Takes a track away from everybody; who has to be offered less. Does not announce it.
    pub(super) fn end_track(&mut self, now: Instant, track_key: TrackKey) -> Vec<ParticipantKey> {
        let mut affected = Vec::new();
        for subscriber in self.roster.keys() {
            if self.withdraw(now, subscriber, track_key) {
                affected.push(subscriber);
            }
        }
        let Some(track) = self.tracks.remove(track_key) else {
            return affected;
        };
        for subscriber in self.roster.keys() {
            if let Some(participant) = self.roster.get_mut(subscriber) {
                participant.subscriptions.forget(&track.info.sid);
                participant.denied.remove(&track_key);
                participant.unsupported.remove(&track_key);
            }
        }
        if let Some(participant) = self.roster.get_mut(track.publisher) {
            participant.publishing.unbind(track_key);
            let fact = Fact::TrackUnpublished {
                room: self.name.clone(),
                identity: participant.card.identity.clone(),
                sid: track.info.sid,
            };
            self.record(fact);
        }
        self.screen_ended(track.publisher);
        affected
    }

    /// False: the participant has no such track.
    pub(super) fn set_muted(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        sid: &str,
        muted: bool,
    ) -> bool {
        if let Some(participant) = self.roster.get_mut(key)
            && let Some(info) = participant.publishing.pending_mut(sid)
        {
            info.muted = muted;
            return true;
        }
        let Some(track_key) = self.tracks.own(key, sid) else {
            return false;
        };
        let Some(track) = self.tracks.get_mut(track_key) else {
            return false;
        };
        if track.info.muted != muted {
            track.info.muted = muted;
            self.announce(key);
            self.muted_changed(now, track_key);
        }
        true
    }

    /// By their rights, and by the rule of who shows a screen.
    pub(super) fn may_publish(&self, key: ParticipantKey, info: &proto::TrackInfo) -> bool {
        let may =
            |participant: &Participant| participant.card.may_publish(info.r#type(), info.source());
        self.participant(key).is_some_and(may) && self.may_show(key, info)
    }

    /// Ends what the participant may not publish any more.
    pub(super) fn enforce_publishing(&mut self, now: Instant, key: ParticipantKey) {
        self.take_off(now, key, |room, info| !room.may_publish(key, info));
    }

    /// Ends what somebody has announced or publishes and is meant.
    pub(super) fn take_off(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        is_meant: impl Fn(&Self, &proto::TrackInfo) -> bool,
    ) {
        let refused: BTreeSet<String> = self
            .participant(key)
            .into_iter()
            .flat_map(|participant| participant.publishing.announced())
            .filter(|info| is_meant(self, info))
            .map(|info| info.sid.clone())
            .collect();
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        let mut gone = participant
            .publishing
            .withdraw(|info| !refused.contains(&info.sid));
        let mut affected = Vec::new();
        for track_key in self.tracks.of(key) {
            let track = self.tracks.get(track_key);
            let may_stay = track.is_none_or(|track| !is_meant(self, &track.info));
            if !may_stay {
                gone.extend(
                    self.tracks
                        .get(track_key)
                        .map(|track| track.info.sid.clone()),
                );
                affected.extend(self.end_track(now, track_key));
            }
        }
        for track_sid in gone {
            self.tell(
                key,
                Message::TrackUnpublished(proto::TrackUnpublishedResponse { track_sid }),
            );
        }
        for subscriber in affected {
            self.negotiate(now, subscriber);
        }
    }
}

/// The announced codec where the section has it, else what the section lists first. Audio is
/// RED unless the client asked for none.
fn codec(info: &proto::TrackInfo, index: usize, kind: Kind, section: &Section) -> Option<Codec> {
    let announced = info
        .codecs
        .get(index)
        .and_then(|codec| Codec::from_mime(&codec.mime_type));
    let red = (kind == Kind::Audio && !info.disable_red).then_some(Codec::Red);
    let has = |codec: &Codec| section.codecs.contains(codec);
    announced.filter(has).or(red.filter(has)).or_else(|| {
        section
            .codecs
            .iter()
            .copied()
            .find(|codec| *codec != Codec::Red)
    })
}

fn track_published(cid: &str, info: &proto::TrackInfo) -> Message {
    Message::TrackPublished(proto::TrackPublishedResponse {
        cid: cid.to_owned(),
        track: Some(info.clone()),
    })
}
