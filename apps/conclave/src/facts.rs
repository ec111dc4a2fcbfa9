//! What the media threads report, turned into presence, records and figures.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use conclave_audit::{Actor, Code, Event, QualitySummary, StreamSummary};
use conclave_policy::join_ticket::{self, Holder};
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use conclave_sfu::{Fact, PublishRefusal, Quality, RoomName, TrackQuality};
use conclave_store::action::KeepQuality;
use conclave_store::read::quality::{self, Direction, SessionQuality};
use conclave_store::{Store, UpkeepReason};
use tokio::sync::mpsc;

use crate::channel::Channels;
use crate::media::Busy;
use crate::metrics::MediaFigures;
use crate::policies::Policies;
use crate::rights::Gathering;
use crate::rooms::Room;
use crate::{Clock, companions, media, recorded, rights, room_names, screens};

/// Listens until the media threads have ended.
pub(crate) struct Facts {
    pub(crate) store: Store,
    pub(crate) policies: Policies,
    pub(crate) clock: Clock,
    pub(crate) channels: Channels,
    pub(crate) media: media::Handle,
    pub(crate) figures: MediaFigures,
}

impl Facts {
    pub(crate) async fn listen(self, mut facts: mpsc::Receiver<Fact>) {
        let mut latest = Latest::default();
        let mut showing = BTreeSet::new();
        while let Some(fact) = facts.recv().await {
            self.figures.count(&fact);
            match fact {
                Fact::ParticipantActive {
                    room,
                    identity,
                    sid,
                } => {
                    if let Some((meeting, participant)) = of_meeting(&room, &identity) {
                        latest.came(participant, sid);
                        self.active(meeting, participant).await;
                    }
                }
                Fact::ParticipantLeft {
                    room,
                    identity,
                    sid,
                    quality,
                    ..
                } => {
                    if let Some((meeting, participant)) = of_meeting(&room, &identity) {
                        let quality = session(participant, *quality, self.clock.now());
                        let summary = summary(&quality);
                        self.keep(quality).await;
                        if latest.went(participant, &sid) {
                            self.channels.media(meeting, participant, false).await;
                        }
                        self.left(meeting, participant, summary).await;
                    }
                }
                Fact::Quality {
                    room,
                    identity,
                    quality,
                } => {
                    if let Some((_, participant)) = of_meeting(&room, &identity) {
                        let quality = session(participant, *quality, self.clock.now());
                        self.keep(quality).await;
                    }
                }
                Fact::ScreenActive { room, identity } => {
                    self.presents(&room, &identity, true).await;
                    if let Some((meeting, participant)) = of_meeting(&room, &identity)
                        && showing.insert(participant)
                    {
                        self.record_screen(meeting, participant, true).await;
                    }
                }
                Fact::ScreenEnded { room, identity } => {
                    self.presents(&room, &identity, false).await;
                    if let Some((meeting, participant)) = of_meeting(&room, &identity)
                        && showing.remove(&participant)
                    {
                        self.record_screen(meeting, participant, false).await;
                    }
                }
                Fact::PublishRefused {
                    room,
                    identity,
                    refusal,
                } => {
                    if let Some((meeting, participant)) = of_meeting(&room, &identity) {
                        self.refused(meeting, participant, refusal).await;
                    }
                }
                Fact::StrayData { room, identity } => {
                    if let Some((meeting, participant)) = of_meeting(&room, &identity) {
                        self.strayed(meeting, participant).await;
                    }
                }
                Fact::PeerPanicked { .. } => {
                    tracing::error!("a media connection's code failed; that connection was ended");
                }
                Fact::RoomStarted { .. }
                | Fact::RoomEnded { .. }
                | Fact::ParticipantChanged { .. }
                | Fact::TrackPublished { .. }
                | Fact::TrackUnpublished { .. }
                | Fact::Dropped { .. } => {}
            }
        }
    }

    async fn presents(&self, room: &RoomName, identity: &str, is_active: bool) {
        if let Some((meeting, participant)) = of_meeting(room, identity) {
            self.channels
                .presents(meeting, participant, is_active)
                .await;
        }
    }

    async fn record_screen(&self, meeting: MeetingId, participant: ParticipantId, shows: bool) {
        let (MeetingId(id), ParticipantId(whose)) = (meeting, participant);
        let event = match shows {
            true => Event::MeetingPresentStart {
                meeting: id,
                participant: whose,
            },
            false => Event::MeetingPresentStop {
                meeting: id,
                participant: whose,
            },
        };
        if self.record_of(meeting, participant, event).await.is_none() {
            tracing::warn!("a screen that came or went was not recorded");
        }
    }

    /// What a participant did with their media.
    async fn record_of(
        &self,
        meeting: MeetingId,
        participant: ParticipantId,
        event: Event,
    ) -> Option<()> {
        let meeting = self.store.meeting(meeting).await.ok()??;
        let found = self.store.participant(participant).await.ok()??;
        let actor = recorded::participant(&found);
        let entry = recorded::entry(self.clock.now(), actor, event).ok()?;
        let entry = recorded::filed(entry, Some(meeting.organisation));
        self.store.record(entry).await.ok()
    }

    /// Somebody who lost their place between their ticket and their first packet is sent away again.
    async fn active(&self, meeting: MeetingId, participant: ParticipantId) {
        match self.has_a_place(meeting, participant).await {
            Some(false) => match Room::reserve(&self.media, meeting).await {
                Ok(room) => room.send_away(participant),
                Err(Busy) => tracing::error!("somebody without a place was not sent away"),
            },
            Some(true) => {
                self.tell_turns(meeting, participant).await;
                self.channels.media(meeting, participant, true).await;
            }
            None => self.channels.media(meeting, participant, true).await,
        }
    }

    /// What they came with was read before they were in the room: a change in between found nobody there.
    async fn tell_turns(&self, meeting: MeetingId, participant: ParticipantId) {
        let Ok(Some(now)) = self.store.meeting(meeting).await else {
            return;
        };
        let Ok(Some(who)) = self.store.participant(participant).await else {
            return;
        };
        if let Ok(room) = Room::reserve(&self.media, meeting).await {
            room.present(screens::rule_of(&now));
        }
        if let Ok(room) = Room::reserve(&self.media, meeting).await {
            room.lead(participant, screens::leads(who.role), now.revision);
        }
        let Ok(by_policy) = self.policies.of_participant(&now, &who).await else {
            return;
        };
        let Ok(gathering) = Gathering::of(&now, &self.policies).await else {
            return;
        };
        if let Ok(Some(line)) = companions::line_of(&self.store, &who).await
            && let Ok(room) = Room::reserve(&self.media, meeting).await
        {
            room.set_line(participant, line);
        }
        if let Ok(room) = Room::reserve(&self.media, meeting).await {
            let permission = rights::permission(who.role, &by_policy.permitted, gathering);
            room.permit(participant, permission, by_policy.revision);
        }
    }

    /// `None` when the store can't say.
    async fn has_a_place(&self, meeting: MeetingId, participant: ParticipantId) -> Option<bool> {
        let meeting = self.store.meeting(meeting).await.ok()?;
        let participant = self.store.participant(participant).await.ok()?;
        let (Some(meeting), Some(participant)) = (meeting, participant) else {
            return Some(false);
        };
        let accompanied = companions::is_accompanied(&self.store, &participant).await;
        if !accompanied.ok()? {
            return Some(false);
        }
        let holder = Holder {
            meeting: meeting.state,
            locked: meeting.locked,
            role: participant.role,
            admission: participant.admission,
            gone_since: None,
        };
        Some(join_ticket::stay(holder, self.clock.now()).is_allowed())
    }

    async fn left(
        &self,
        meeting: MeetingId,
        participant: ParticipantId,
        quality: Option<QualitySummary>,
    ) {
        let recorded = self.record_disconnect(meeting, participant, quality).await;
        if recorded.is_none() {
            tracing::warn!("the end of a media session was not recorded");
        }
    }

    async fn record_disconnect(
        &self,
        id: MeetingId,
        participant: ParticipantId,
        quality: Option<QualitySummary>,
    ) -> Option<()> {
        let meeting = self.store.meeting(id).await.ok()??;
        let event = Event::MeetingDisconnect {
            meeting: id.0,
            participant: participant.0,
            quality,
        };
        let entry = recorded::entry(self.clock.now(), Actor::System, event).ok()?;
        let entry = recorded::filed(entry, Some(meeting.organisation));
        self.store.record(entry).await.ok()
    }

    async fn refused(
        &self,
        meeting: MeetingId,
        participant: ParticipantId,
        refusal: PublishRefusal,
    ) {
        let recorded = self.record_refusal(meeting, participant, refusal).await;
        if recorded.is_none() {
            tracing::warn!("a refusal of media was not recorded");
        }
    }

    /// Somebody sent to a computer what nobody lets them: none of it came to it.
    async fn strayed(&self, meeting: MeetingId, participant: ParticipantId) {
        let event = Event::CompanionInputDropped {
            meeting: meeting.0,
            participant: participant.0,
        };
        if self.record_of(meeting, participant, event).await.is_none() {
            tracing::warn!("what was dropped on its way to a computer was not recorded");
        }
    }

    async fn record_refusal(
        &self,
        id: MeetingId,
        participant: ParticipantId,
        refusal: PublishRefusal,
    ) -> Option<()> {
        let meeting = self.store.meeting(id).await.ok()??;
        let found = self.store.participant(participant).await.ok()??;
        let event = Event::MeetingPublish {
            meeting: id.0,
            participant: participant.0,
        };
        let actor = recorded::participant(&found);
        let entry = recorded::entry(self.clock.now(), actor, event).ok()?;
        let entry = recorded::filed(entry, Some(meeting.organisation));
        let entry = entry.refused(code(refusal));
        self.store.record(entry).await.ok()
    }

    async fn keep(&self, quality: SessionQuality) {
        let record = KeepQuality(quality);
        let kept = self
            .store
            .write_unaudited(UpkeepReason::Measurement, record)
            .await;
        if let Err(error) = kept {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a quality record was not kept"
            );
        }
    }
}

/// Each participant's latest media session: one that replaced another is not over with it.
#[derive(Default)]
struct Latest(BTreeMap<ParticipantId, String>);

impl Latest {
    fn came(&mut self, participant: ParticipantId, sid: String) {
        self.0.insert(participant, sid);
    }

    /// Whether the participant has no media any more.
    fn went(&mut self, participant: ParticipantId, sid: &str) -> bool {
        let last = self.0.get(&participant).is_none_or(|latest| latest == sid);
        if last {
            self.0.remove(&participant);
        }
        last
    }
}

fn code(refusal: PublishRefusal) -> Code {
    Code::new(match refusal {
        PublishRefusal::NotAllowed => "not_allowed",
        PublishRefusal::NotPresenter => "not_presenter",
        PublishRefusal::ScreenTaken => "screen_taken",
        PublishRefusal::NotEncrypted => "not_encrypted",
    })
}

/// Developers' rooms have no meeting: nothing of them is kept.
fn of_meeting(room: &RoomName, identity: &str) -> Option<(MeetingId, ParticipantId)> {
    Some((room_names::meeting(room)?, identity.parse().ok()?))
}

fn session(participant: ParticipantId, quality: Quality, at: Timestamp) -> SessionQuality {
    SessionQuality {
        participant,
        sid: quality.participant_sid,
        path: quality.path,
        dtls: quality.dtls,
        srtp: quality.srtp,
        round_trip: quality.round_trip,
        estimate: quality.estimate,
        connected_for: quality.connected_for,
        recorded_at: at,
        tracks: quality.tracks.into_iter().map(track).collect(),
    }
}

/// `None` where no packet went either way.
fn summary(session: &SessionQuality) -> Option<QualitySummary> {
    let of = |direction| {
        let mut stream = StreamSummary::default();
        for track in session
            .tracks
            .iter()
            .filter(|track| track.direction == direction)
        {
            stream.packets = stream.packets.saturating_add(track.packets).min(EXACT);
            stream.lost = stream.lost.saturating_add(track.lost).min(EXACT);
            stream.jitter_ms = stream.jitter_ms.max(millis(track.jitter));
        }
        stream
    };
    let (sent, received) = (of(Direction::Published), of(Direction::Subscribed));
    let round_trips = session.tracks.iter().filter_map(|track| track.round_trip);
    let round_trip = round_trips.chain(session.round_trip).max();
    (sent.packets + received.packets > 0).then(|| QualitySummary {
        seconds: u32::try_from(session.connected_for.as_secs()).unwrap_or(u32::MAX),
        sent,
        received,
        round_trip_ms: round_trip.map(millis),
    })
}

fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

/// RFC 8785, section 2.2.2: the largest integer that JSON's readers hold exactly.
const EXACT: u64 = (1 << 53) - 1;

fn track(track: TrackQuality) -> quality::TrackQuality {
    quality::TrackQuality {
        sid: track.track_sid,
        direction: match track.published {
            true => Direction::Published,
            false => Direction::Subscribed,
        },
        kind: track.kind,
        codec: track.codec,
        layer: track.layer,
        packets: track.packets,
        bytes: track.bytes,
        bitrate: track.bitrate,
        lost: track.lost,
        jitter: track.jitter,
        round_trip: track.round_trip,
        nacks: track.nacks,
        key_frame_requests: track.key_frame_requests,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_session_that_replaced_another_is_not_over_with_it() {
        let participant = ParticipantId(Uuid::from_u128(1));
        let mut latest = Latest::default();
        latest.came(participant, "PA_old".to_owned());
        latest.came(participant, "PA_new".to_owned());

        assert!(!latest.went(participant, "PA_old"));
        assert!(latest.went(participant, "PA_new"));
        assert!(latest.0.is_empty());
    }
}
