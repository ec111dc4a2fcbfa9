//! Offers and answers, in both topologies.

use std::time::Instant;

use livekit_protocol as proto;
use proto::signal_response::Message;

use super::{Alarm, Room};
use crate::connection::{ConnectionId, Order, Sendable, Side};
use crate::drops::Drop;
use crate::fact::EndReason;
use crate::leave;
use crate::negotiation::{Carried, Negotiation, PATIENCE};
use crate::participant::ParticipantKey;
use crate::peer::{LocalOffer, NegotiationError, NewSection, OfferChange, Reuse};
use crate::sdp::{AnswerPlan, Offer, Receive, Source};
use crate::track::TrackKey;

impl Room {
    /// The client offers what it sends and, in v1, on what it is ready to receive.
    pub(super) fn publisher_offer(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        description: proto::SessionDescription,
    ) {
        let Ok(offer) = Offer::parse(&description.sdp) else {
            self.drop_counted(Drop::Request);
            self.give_up_negotiation(now, key);
            return;
        };
        self.sections_offered(now, key, &offer);
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        if let Negotiation::Single(single) = &mut participant.negotiation {
            let lost = single.offered(&offer);
            for track in lost {
                self.detach(now, key, track);
            }
        }
        let plan = self.answer_plan(key, &offer);
        let id = ConnectionId {
            participant: key,
            side: Side::Publisher,
        };
        self.order(
            id,
            Order::AcceptOffer {
                id: description.id,
                sdp: description.sdp,
                plan,
            },
        );
    }

    fn answer_plan(&self, key: ParticipantKey, offer: &Offer) -> AnswerPlan {
        let mut plan = AnswerPlan::default();
        let Some(participant) = self.participant(key) else {
            return plan;
        };
        for bound in participant.publishing.bound() {
            let track = self.tracks.get(bound.track);
            if let Some(track) = track
                && let Some(encoding) = track.encoding(bound.codec)
                && offer.section(bound.mid).is_some()
            {
                let has = |feature| has_feature(&track.info, feature);
                plan.receive.insert(
                    bound.mid,
                    Receive {
                        codec: Some(encoding.codec),
                        red: !track.info.disable_red,
                        dtx: !has(proto::AudioTrackFeature::TfNoDtx),
                        stereo: has(proto::AudioTrackFeature::TfStereo),
                    },
                );
            }
        }
        if let Negotiation::Single(single) = &participant.negotiation {
            for (mid, track) in single.carried() {
                if let Some(source) = self.source_of(track) {
                    plan.send.insert(mid, source);
                }
            }
        }
        plan
    }

    /// `PA_…|camera`, so that a client knows whose the media are and keeps those of one source
    /// in step.
    fn source_of(&self, track: TrackKey) -> Option<Source> {
        let track = self.tracks.get(track)?;
        let publisher = &self.participant(track.publisher)?.card.sid;
        let stream = if track.info.stream.is_empty() {
            &track.info.sid
        } else {
            &track.info.stream
        };
        Some(Source {
            stream_id: format!("{publisher}|{stream}"),
            track_id: track.info.sid.clone(),
            stereo: has_feature(&track.info, proto::AudioTrackFeature::TfStereo),
        })
    }

    /// A browser's receiver keeps the track id that its section had first, so here the stream's
    /// name tells which track it is, and the media of one source are not kept in step.
    fn source_in_used_section(&self, track: TrackKey) -> Option<Source> {
        let source = self.source_of(track)?;
        let (publisher, _) = source.stream_id.split_once('|')?;
        Some(Source {
            stream_id: format!("{publisher}|{}", source.track_id),
            ..source
        })
    }

    pub(super) fn answer_made(
        &mut self,
        now: Instant,
        from: ConnectionId,
        id: u32,
        result: Result<(String, Sendable), NegotiationError>,
    ) {
        let key = from.participant;
        let Ok((sdp, sendable)) = result else {
            self.drop_counted(Drop::Request);
            self.give_up_negotiation(now, key);
            return;
        };
        let map = match self.participant(key).map(|p| &p.negotiation) {
            Some(Negotiation::Single(_)) => self.mid_to_track_id(key),
            _ => Vec::new(),
        };
        let answer = description("answer", id, sdp, map);
        self.tell(key, Message::Answer(answer));
        if let Some(participant) = self.roster.get_mut(key)
            && let Negotiation::Single(single) = &mut participant.negotiation
        {
            let starting = single.answered();
            self.attach_all(now, key, &starting, &sendable);
            self.negotiate(now, key);
        }
    }

    /// A description that can't be used: only a new session can help.
    fn give_up_negotiation(&mut self, now: Instant, key: ParticipantKey) {
        let reason = EndReason::Failed;
        self.remove(now, key, reason, Some(leave::reconnect(reason)));
    }

    /// Says the next step, if there is one to take and somebody to take it with.
    pub(super) fn negotiate(&mut self, now: Instant, key: ParticipantKey) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        if participant.presence.session().is_none() {
            return;
        }
        match &mut participant.negotiation {
            Negotiation::Single(single) => {
                if let Some(extra) = single.request() {
                    self.tell(
                        key,
                        Message::MediaSectionsRequirement(proto::MediaSectionsRequirement {
                            num_audios: extra.audios,
                            num_videos: extra.videos,
                        }),
                    );
                    self.schedule.set(Alarm::Answer(key), now + PATIENCE);
                }
            }
            Negotiation::Dual(dual) => {
                let Some(proposal) = dual.propose(now) else {
                    return;
                };
                let reuse = |carried: &Carried| {
                    Some(Reuse {
                        mid: carried.mid,
                        source: self.source_in_used_section(carried.track)?,
                    })
                };
                let add = |(track, kind): &(TrackKey, _)| {
                    Some(NewSection {
                        kind: *kind,
                        source: self.source_of(*track)?,
                    })
                };
                let change = OfferChange {
                    add: proposal.add.iter().filter_map(add).collect(),
                    reuse: proposal.reuse.iter().filter_map(reuse).collect(),
                    deactivate: proposal.deactivate,
                    ice_restart: proposal.ice_restart,
                };
                let id = ConnectionId {
                    participant: key,
                    side: Side::Subscriber,
                };
                self.order(id, Order::CreateOffer(change));
            }
        }
    }

    pub(super) fn offer_made(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        result: Result<LocalOffer, NegotiationError>,
    ) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        let Negotiation::Dual(dual) = &mut participant.negotiation else {
            return;
        };
        match result {
            Ok(offer) => {
                if let Some(id) = dual.offered(offer.sdp.clone(), &offer.added) {
                    self.say_offer(now, key, id, offer.sdp);
                }
            }
            Err(NegotiationError::NothingToOffer) => dual.not_offered(),
            Err(_) => self.give_up_negotiation(now, key),
        }
    }

    pub(super) fn say_offer(&mut self, now: Instant, key: ParticipantKey, id: u32, sdp: String) {
        let map = self.mid_to_track_id(key);
        self.tell(key, Message::Offer(description("offer", id, sdp, map)));
        self.schedule.set(Alarm::Answer(key), now + PATIENCE);
    }

    /// The client answers our offer. An answer to an earlier one is late and means nothing.
    pub(super) fn subscriber_answer(
        &mut self,
        key: ParticipantKey,
        answer: proto::SessionDescription,
    ) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        let is_fitting = match &mut participant.negotiation {
            Negotiation::Dual(dual) => dual.is_answer_to_pending(answer.id),
            Negotiation::Single(_) => false,
        };
        if !is_fitting {
            self.drop_counted(Drop::Request);
            return;
        }
        let sections = participant.negotiation.carried().into_keys().collect();
        let id = ConnectionId {
            participant: key,
            side: Side::Subscriber,
        };
        self.order(
            id,
            Order::AcceptAnswer {
                sdp: answer.sdp,
                sections,
            },
        );
    }

    pub(super) fn answer_accepted(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        result: Result<Sendable, NegotiationError>,
    ) {
        let sendable = match result {
            Ok(sendable) => sendable,
            Err(NegotiationError::NoOffer) => return,
            Err(_) => {
                self.drop_counted(Drop::Request);
                self.give_up_negotiation(now, key);
                return;
            }
        };
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        let Negotiation::Dual(dual) = &mut participant.negotiation else {
            return;
        };
        let starting = dual.answered();
        self.schedule.clear(Alarm::Answer(key));
        self.attach_all(now, key, &starting, &sendable);
        self.negotiate(now, key);
    }

    pub(super) fn trickle(&mut self, key: ParticipantKey, trickle: &proto::TrickleRequest) {
        let Some(candidate) = conclave_livekit::candidate::read(&trickle.candidate_init) else {
            self.drop_counted(Drop::Candidate);
            return;
        };
        let side = match trickle.target() {
            proto::SignalTarget::Publisher => Side::Publisher,
            proto::SignalTarget::Subscriber => Side::Subscriber,
        };
        let id = ConnectionId {
            participant: key,
            side,
        };
        self.order(id, Order::AddCandidate(candidate));
    }

    fn mid_to_track_id(&self, key: ParticipantKey) -> Vec<(String, String)> {
        let Some(participant) = self.participant(key) else {
            return Vec::new();
        };
        let carried = participant.negotiation.carried().into_iter();
        carried
            .filter_map(|(mid, track)| {
                let sid = self.tracks.get(track)?.info.sid.clone();
                Some((mid.to_string(), sid))
            })
            .collect()
    }
}

fn has_feature(info: &proto::TrackInfo, feature: proto::AudioTrackFeature) -> bool {
    info.audio_features.contains(&(feature as i32))
}

fn description(
    kind: &str,
    id: u32,
    sdp: String,
    map: Vec<(String, String)>,
) -> proto::SessionDescription {
    proto::SessionDescription {
        r#type: kind.to_owned(),
        sdp,
        id,
        mid_to_track_id: map.into_iter().collect(),
    }
}
