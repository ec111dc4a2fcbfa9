//! What the server says.

use livekit_protocol as proto;
use proto::signal_response::Message;

use super::Endpoint;
use crate::event::Event;
use crate::publication::{Cid, Publication, RIDS, Source};
use crate::roster::Change;

impl Endpoint {
    pub(super) fn handle_signal(&mut self, message: Message) {
        if self.session.has_ended() {
            return;
        }
        self.session.heard(self.now);
        match (self.session.opening(), message) {
            (_, Message::Leave(leave)) => self.told_to_leave(&leave),
            (Some(false), Message::Join(join)) => self.joined(join),
            (Some(true), Message::Reconnect(_)) => self.resumed(),
            // Nothing counts before the first message.
            (Some(_), _) => {}
            (None, message) => self.handle_message(message),
        }
    }

    fn handle_message(&mut self, message: Message) {
        match message {
            Message::Answer(answer) => self.answered(&answer),
            Message::Offer(offer) => self.offered(&offer),
            Message::Trickle(trickle) => self.trickled(&trickle),
            Message::Update(update) => {
                update
                    .participants
                    .into_iter()
                    .for_each(|info| self.participant_changed(info));
            }
            Message::TrackPublished(published) => self.track_published(published),
            Message::TrackUnpublished(unpublished) => {
                self.track_unpublished(&unpublished.track_sid)
            }
            Message::Mute(mute) => self.muted(mute),
            Message::MediaSectionsRequirement(required) => {
                self.negotiation
                    .require(required.num_audios, required.num_videos);
            }
            Message::SubscribedQualityUpdate(update) => self.qualities_wanted(update),
            Message::StreamStateUpdate(update) => {
                for state in &update.stream_states {
                    let paused = state.state() == proto::StreamState::Paused;
                    self.subscriptions.set_paused(&state.track_sid, paused);
                }
                self.report(Event::StreamStates(update.stream_states));
            }
            Message::RefreshToken(token) => {
                self.session.set_token(token);
                self.report(Event::TokenRefreshed);
            }
            message => self.pass_on(message),
        }
    }

    /// What only the owner cares about.
    fn pass_on(&mut self, message: Message) {
        let event = match message {
            Message::SpeakersChanged(changed) => Event::SpeakersChanged(changed.speakers),
            Message::ConnectionQuality(update) => Event::ConnectionQuality(update.updates),
            Message::RoomUpdate(proto::RoomUpdate { room: Some(room) }) => {
                Event::RoomChanged(Box::new(room))
            }
            Message::SubscriptionPermissionUpdate(update) => {
                Event::SubscriptionPermission(Box::new(update))
            }
            Message::RequestResponse(response) => Event::RequestAnswered(Box::new(response)),
            Message::SubscriptionResponse(response) => {
                Event::SubscriptionFailed(Box::new(response))
            }
            Message::TrackSubscribed(subscribed) => Event::TrackSubscribed {
                track_sid: subscribed.track_sid,
            },
            _ => return,
        };
        self.report(event);
    }

    fn participant_changed(&mut self, info: proto::ParticipantInfo) {
        if info.sid == self.session.participant_sid() {
            return self.report(Event::SelfChanged(Box::new(info)));
        }
        match self.roster.update(info) {
            Some(Change::Changed(info)) => {
                for track in &info.tracks {
                    self.subscriptions.set_muted(&track.sid, track.muted);
                    self.subscriptions.expect(&info.identity, track);
                }
                self.report(Event::ParticipantChanged(info));
            }
            Some(Change::Left(info)) => self.report(Event::ParticipantLeft(info)),
            None => {}
        }
    }

    fn track_published(&mut self, published: proto::TrackPublishedResponse) {
        let cid = Cid(published.cid);
        let Some((publication, track)) = self.publications.get_mut(&cid).zip(published.track)
        else {
            return;
        };
        publication.info = Some(track.clone());
        let track = Box::new(track);
        self.report(Event::Published { cid, track });
    }

    fn track_unpublished(&mut self, track_sid: &str) {
        let mut publications = self.publications.iter();
        let found = publications.find(|(_, publication)| publication.sid() == Some(track_sid));
        if let Some(cid) = found.map(|(cid, _)| cid.clone()) {
            self.withdraw(&cid);
            let track_sid = track_sid.to_owned();
            self.report(Event::Unpublished { track_sid });
        }
    }

    fn muted(&mut self, mute: proto::MuteTrackRequest) {
        let proto::MuteTrackRequest { sid, muted } = mute;
        if let Some(publication) = self.own(&sid) {
            publication.muted = muted;
            self.report(Event::Muted {
                track_sid: sid,
                muted,
            });
        }
    }

    fn qualities_wanted(&mut self, update: proto::SubscribedQualityUpdate) {
        if self.options.dynacast
            && let Some(publication) = self.own(&update.track_sid)
            && let Source::Video(video) = &mut publication.source
        {
            let count = video.layer_count();
            video.want(|layer| is_wanted(&update, layer, count));
        }
        self.report(Event::WantedQualities(Box::new(update)));
    }

    fn own(&mut self, track_sid: &str) -> Option<&mut Publication> {
        let mut publications = self.publications.values_mut();
        publications.find(|publication| publication.sid() == Some(track_sid))
    }
}

/// The qualities of a codec's layers: with fewer than three, the last stands for all above it.
fn is_wanted(update: &proto::SubscribedQualityUpdate, layer: usize, count: usize) -> bool {
    let vp8 = update
        .subscribed_codecs
        .iter()
        .find(|codec| codec.codec == "vp8");
    let Some(vp8) = vp8 else {
        return true;
    };
    let enabled = |quality: usize| {
        let mut qualities = vp8.qualities.iter();
        qualities.any(|q| usize::try_from(q.quality) == Ok(quality) && q.enabled)
    };
    let last = if layer + 1 == count {
        RIDS.len() - 1
    } else {
        layer
    };
    let first = if count == 1 { 0 } else { layer };
    (first..=last).any(enabled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_layer_stands_for_the_qualities_above_it() {
        let high_only = update(&[(0, false), (1, false), (2, true)]);

        assert!(is_wanted(&high_only, 0, 1));
        assert!(!is_wanted(&high_only, 0, 2));
        assert!(is_wanted(&high_only, 1, 2));
        assert!(!is_wanted(&high_only, 1, 3));
        assert!(is_wanted(&high_only, 2, 3));
    }

    #[test]
    fn an_update_about_other_codecs_changes_nothing() {
        assert!(is_wanted(&proto::SubscribedQualityUpdate::default(), 0, 3));
    }

    fn update(qualities: &[(i32, bool)]) -> proto::SubscribedQualityUpdate {
        let quality = |(quality, enabled): &(i32, bool)| proto::SubscribedQuality {
            quality: *quality,
            enabled: *enabled,
        };
        proto::SubscribedQualityUpdate {
            subscribed_codecs: vec![proto::SubscribedCodec {
                codec: "vp8".to_owned(),
                qualities: qualities.iter().map(quality).collect(),
            }],
            ..Default::default()
        }
    }
}
