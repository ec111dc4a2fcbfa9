//! One screen at a time, of who may show one: decided here, where all of a room's announcements come one after another.

use std::time::Instant;

use livekit_protocol as proto;
use proto::signal_response::Message;

use super::Room;
use crate::fact::PublishRefusal;
use crate::participant::ParticipantKey;
use crate::presenting::{Rule, Turns, is_screen};

impl Room {
    /// What somebody brings with them as they come. It may be older than what the room was told.
    pub(super) fn take_turns(&mut self, now: Instant, turns: Option<Turns>) {
        if let Some(Turns { rule, .. }) = turns {
            self.set_rule(now, rule);
            // The screen may have been handed to them while they were away, and somebody who leads shows one since.
            self.end_what_nobody_may_show(now);
        }
    }

    pub(super) fn set_rule(&mut self, now: Instant, rule: Rule) {
        let known = self.rule.as_ref();
        if known.is_some_and(|known| known.revision >= rule.revision) {
            return;
        }
        self.rule = Some(rule);
        self.end_what_nobody_may_show(now);
    }

    /// Of what the meeting says at this revision: what it said before changes nothing.
    pub(super) fn set_leads(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        (leads, revision): (bool, u64),
    ) {
        if let Some(participant) = self.roster.get_mut(key) {
            participant.card.lead.set(leads, revision);
        }
        self.end_what_may_not_be_shown(now, key);
    }

    /// What they show ends. They may begin again.
    pub(super) fn stop_screen(&mut self, now: Instant, key: ParticipantKey) {
        self.take_off(now, key, |_, info| is_screen(info.r#type(), info.source()));
        self.announce(key);
    }

    fn end_what_nobody_may_show(&mut self, now: Instant) {
        for key in self.roster.keys() {
            self.end_what_may_not_be_shown(now, key);
        }
    }

    fn end_what_may_not_be_shown(&mut self, now: Instant, key: ParticipantKey) {
        if self.shows(key) {
            self.enforce_publishing(now, key);
            self.announce(key);
        }
    }

    /// As the rule has it. Cameras and microphones are none of its business.
    pub(super) fn may_show(&self, key: ParticipantKey, info: &proto::TrackInfo) -> bool {
        let Some(rule) = self.rule.as_ref() else {
            return true;
        };
        if !is_screen(info.r#type(), info.source()) {
            return true;
        }
        let is_there = |identity: &str| self.roster.by_identity(identity).is_some();
        self.participant(key).is_some_and(|participant| {
            let card = &participant.card;
            rule.presenters
                .include(&card.identity, card.lead.leads(), is_there)
        })
    }

    /// Why this may not be announced at this moment.
    pub(super) fn refuses_screen(
        &self,
        key: ParticipantKey,
        request: &proto::AddTrackRequest,
    ) -> Option<PublishRefusal> {
        self.rule.as_ref()?;
        if !is_screen(request.r#type(), request.source()) {
            return None;
        }
        let info = proto::TrackInfo {
            r#type: request.r#type,
            source: request.source,
            ..Default::default()
        };
        if !self.may_show(key, &info) {
            return Some(PublishRefusal::NotPresenter);
        }
        let is_taken = self.another_shows(key) || self.another_comes_first(key);
        is_taken.then_some(PublishRefusal::ScreenTaken)
    }

    /// Whoever leads waits for no announcement that brings no screen.
    pub(super) fn take_turn_from_who_shows_nothing(
        &mut self,
        now: Instant,
        key: ParticipantKey,
        request: &proto::AddTrackRequest,
    ) {
        let is_turn = self.rule.is_some() && is_screen(request.r#type(), request.source());
        if !is_turn || !self.leads(key) {
            return;
        }
        let others = self.roster.keys().into_iter().filter(|other| *other != key);
        for other in others {
            self.withdraw_screens(now, other);
        }
    }

    fn withdraw_screens(&mut self, now: Instant, key: ParticipantKey) {
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        let gone = participant
            .publishing
            .withdraw(|info| !is_screen(info.r#type(), info.source()));
        if gone.is_empty() {
            return;
        }
        for track_sid in gone {
            let gone = proto::TrackUnpublishedResponse { track_sid };
            self.tell(key, Message::TrackUnpublished(gone));
        }
        self.negotiate(now, key);
    }

    fn leads(&self, key: ParticipantKey) -> bool {
        self.participant(key)
            .is_some_and(|participant| participant.card.lead.leads())
    }

    fn another_shows(&self, key: ParticipantKey) -> bool {
        let mut others = self.tracks.values().filter(|track| track.publisher != key);
        others.any(|track| is_screen(track.info.r#type(), track.info.source()))
    }

    /// By an announcement. Who leads waits for nobody's who doesn't.
    fn another_comes_first(&self, key: ParticipantKey) -> bool {
        let leads = self.leads(key);
        let others = self.roster.keys().into_iter().filter(|other| *other != key);
        let mut others = others.filter(|other| self.announces_screen(*other));
        others.any(|other| !leads || self.leads(other))
    }

    /// Also what is only announced: whoever came first has the turn.
    fn shows(&self, key: ParticipantKey) -> bool {
        self.publishes_screen(key) || self.announces_screen(key)
    }

    fn publishes_screen(&self, key: ParticipantKey) -> bool {
        let published = self.tracks.of(key).into_iter();
        let mut published = published.filter_map(|track| Some(&self.tracks.get(track)?.info));
        published.any(|info| is_screen(info.r#type(), info.source()))
    }

    fn announces_screen(&self, key: ParticipantKey) -> bool {
        let is_shown = |info: &proto::TrackInfo| is_screen(info.r#type(), info.source());
        self.participant(key)
            .is_some_and(|participant| participant.publishing.announced().any(is_shown))
    }
}
