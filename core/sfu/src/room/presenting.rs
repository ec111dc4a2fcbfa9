//! One screen at a time, of who may show one: decided here, where all of a room's announcements come one after another.

use std::time::Instant;

use livekit_protocol as proto;

use super::Room;
use crate::participant::ParticipantKey;
use crate::presenting::{Rule, Turns, is_screen};

impl Room {
    /// What somebody brings with them as they come. It may be older than what the room was told.
    pub(super) fn take_turns(&mut self, now: Instant, turns: Option<Turns>) {
        if let Some(Turns { rule, .. }) = turns {
            self.set_rule(now, rule);
        }
    }

    pub(super) fn set_rule(&mut self, now: Instant, rule: Rule) {
        let known = self.rule.as_ref();
        if known.is_some_and(|known| known.revision >= rule.revision) {
            return;
        }
        self.rule = Some(rule);
        for key in self.roster.keys() {
            self.end_what_may_not_be_shown(now, key);
        }
    }

    pub(super) fn set_leads(&mut self, now: Instant, key: ParticipantKey, leads: bool) {
        if let Some(participant) = self.roster.get_mut(key) {
            participant.card.leads = leads;
        }
        self.end_what_may_not_be_shown(now, key);
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
                .include(&card.identity, card.leads, is_there)
        })
    }

    /// Why this may not be announced at this moment.
    pub(super) fn refuses_screen(
        &self,
        key: ParticipantKey,
        request: &proto::AddTrackRequest,
    ) -> Option<&'static str> {
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
            return Some("a host decides who shows a screen");
        }
        let others = self.roster.keys().into_iter().filter(|other| *other != key);
        let is_taken = others.into_iter().any(|other| self.shows(other));
        is_taken.then_some("somebody else shows a screen")
    }

    /// Also what is only announced: whoever came first has the turn.
    fn shows(&self, key: ParticipantKey) -> bool {
        let published = self.tracks.of(key).into_iter();
        let mut published = published.filter_map(|track| Some(&self.tracks.get(track)?.info));
        let is_shown = |info: &proto::TrackInfo| is_screen(info.r#type(), info.source());
        published.any(is_shown)
            || self
                .participant(key)
                .is_some_and(|participant| participant.publishing.announced().any(is_shown))
    }
}
