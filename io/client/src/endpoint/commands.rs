//! What the owner of an endpoint wishes.
//!
//! After each of these, drain [`Endpoint::poll_output`].

use std::time::Instant;

use livekit_protocol as proto;
use proto::signal_request::Message;

use super::{Endpoint, Output};
use crate::data::DataMessage;
use crate::event::End;
use crate::link::{Channel, Unsent};
use crate::publication::{AudioOptions, Cid, LiveOptions, Publication, VideoOptions};

/// Why a command did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    #[error("there is no such track of ours")]
    NoTrack,
    #[error("at most {MOST_PUBLICATIONS} tracks can be published")]
    TooManyTracks,
    #[error("the data channel is not open")]
    NotOpen,
    #[error("the server reads too slowly")]
    Full,
    #[error("the packet is too long")]
    TooLong,
    #[error("there is no key to seal it with")]
    NoKey,
}

/// Of one endpoint at a time.
pub(crate) const MOST_PUBLICATIONS: usize = 64;

impl Endpoint {
    /// Sends made-up audio from here on.
    pub fn publish_audio(
        &mut self,
        now: Instant,
        options: &AudioOptions,
    ) -> Result<Cid, CommandError> {
        let (red, epoch) = (self.options.red, self.options.epoch);
        self.publish(now, |cid| Publication::audio(cid, options, red, epoch))
    }

    /// Sends made-up video from here on.
    pub fn publish_video(
        &mut self,
        now: Instant,
        options: &VideoOptions,
    ) -> Result<Cid, CommandError> {
        let epoch = self.options.epoch;
        self.publish(now, |cid| Publication::video(cid, options, epoch))
    }

    /// Sends what its owner encodes, from [`crate::Event::Flows`] on.
    pub fn publish_live(
        &mut self,
        now: Instant,
        options: &LiveOptions,
    ) -> Result<Cid, CommandError> {
        let epoch = self.options.epoch;
        self.publish(now, |cid| Publication::live(cid, options, epoch))
    }

    pub fn unpublish(&mut self, now: Instant, cid: &Cid) -> Result<(), CommandError> {
        self.now = self.now.max(now);
        let known = self.withdraw(cid);
        self.settle();
        if known {
            Ok(())
        } else {
            Err(CommandError::NoTrack)
        }
    }

    /// Stops sending, or starts again, and says so.
    pub fn mute(&mut self, now: Instant, cid: &Cid, muted: bool) -> Result<(), CommandError> {
        self.now = self.now.max(now);
        let publication = self
            .publications
            .get_mut(cid)
            .ok_or(CommandError::NoTrack)?;
        publication.muted = muted;
        publication.request.muted = muted;
        if let Some(sid) = publication.sid().map(str::to_owned) {
            self.signal(Message::Mute(proto::MuteTrackRequest { sid, muted }));
        }
        self.settle();
        Ok(())
    }

    /// Quality, size, frame rate or `disabled` of received tracks.
    pub fn set_track_settings(&mut self, now: Instant, settings: proto::UpdateTrackSettings) {
        self.subscriptions.set(&settings);
        self.request(now, Message::TrackSetting(settings));
    }

    pub fn subscribe(&mut self, now: Instant, track_sid: &str, wanted: bool) {
        self.subscriptions.want(track_sid.to_owned(), wanted);
        let subscription = proto::UpdateSubscription {
            track_sids: vec![track_sid.to_owned()],
            subscribe: wanted,
            ..Default::default()
        };
        self.request(now, Message::Subscription(subscription));
    }

    pub fn send_data(&mut self, now: Instant, message: &DataMessage) -> Result<(), CommandError> {
        self.now = self.now.max(now);
        let channel = Channel::of(message.reliable);
        if !self.publisher.has_channel(channel) {
            return Err(CommandError::NotOpen);
        }
        let bytes = match &self.options.encryption {
            None => self.sequences.encode(message),
            Some(encryption) => {
                let sealed = message.sealed(encryption, self.now);
                self.sequences.encode(&sealed.ok_or(CommandError::NoKey)?)
            }
        };
        self.write(channel, &bytes)
    }

    /// Any kind of packet, such as those of RPC and data streams, on the reliable channel. None of them can be
    /// sealed, so none goes out of a meeting.
    pub fn send_packet(
        &mut self,
        now: Instant,
        to: Vec<String>,
        value: proto::data_packet::Value,
    ) -> Result<(), CommandError> {
        self.now = self.now.max(now);
        if self.options.encryption.is_some() {
            return Err(CommandError::NoKey);
        }
        if !self.publisher.has_channel(Channel::Reliable) {
            return Err(CommandError::NotOpen);
        }
        let bytes = self.sequences.encode_value(true, to, value);
        self.write(Channel::Reliable, &bytes)
    }

    /// Answered by [`crate::Event::RequestAnswered`] with the returned number.
    pub fn update_metadata(
        &mut self,
        now: Instant,
        mut update: proto::UpdateParticipantMetadata,
    ) -> u32 {
        self.last_request += 1;
        update.request_id = self.last_request;
        self.request(now, Message::UpdateMetadata(update));
        self.last_request
    }

    pub fn simulate(&mut self, now: Instant, scenario: proto::simulate_scenario::Scenario) {
        let scenario = Some(scenario);
        self.request(now, Message::Simulate(proto::SimulateScenario { scenario }));
    }

    /// Says anything else to the server; waits while there is no connection.
    pub fn request(&mut self, now: Instant, message: Message) {
        self.now = self.now.max(now);
        self.signal(message);
        self.settle();
    }

    /// Drops the signal connection, and resumes.
    pub fn reconnect_signal(&mut self, now: Instant) {
        self.now = self.now.max(now);
        if self.session.is_open() {
            self.outputs.push_back(Output::CloseSignal);
            self.signal_lost();
        }
        self.settle();
    }

    pub fn leave(&mut self, now: Instant) {
        self.now = self.now.max(now);
        if self.session.is_open() {
            let leave = proto::LeaveRequest {
                reason: proto::DisconnectReason::ClientInitiated as i32,
                ..Default::default()
            };
            self.signal(Message::Leave(leave));
        }
        if !self.session.has_ended() {
            self.outputs.push_back(Output::CloseSignal);
        }
        self.end(End::Left);
    }

    /// Forgets a track, and its section if it had one. False: there is none.
    pub(super) fn withdraw(&mut self, cid: &Cid) -> bool {
        let Some(publication) = self.publications.remove(cid) else {
            return false;
        };
        publication.unseal();
        if let Some(section) = publication.section {
            self.negotiation.stop(section);
        }
        true
    }

    fn publish(
        &mut self,
        now: Instant,
        make: impl FnOnce(&Cid) -> Publication,
    ) -> Result<Cid, CommandError> {
        self.now = self.now.max(now);
        if self.publications.len() >= MOST_PUBLICATIONS {
            return Err(CommandError::TooManyTracks);
        }
        self.last_cid += 1;
        let cid = Cid(format!("track-{}", self.last_cid));
        let mut publication = make(&cid);
        if let Some(encryption) = &self.options.encryption
            && !publication.seal(encryption)
        {
            return Err(CommandError::TooManyTracks);
        }
        if self.session.has_joined() {
            self.signal(Message::AddTrack(publication.request.clone()));
            self.negotiation.want_offer();
        }
        self.publications.insert(cid.clone(), publication);
        self.settle();
        Ok(cid)
    }

    fn write(&mut self, channel: Channel, bytes: &[u8]) -> Result<(), CommandError> {
        if bytes.len() > self.options.longest_data {
            return Err(CommandError::TooLong);
        }
        let written = self.publisher.send_data(channel, bytes);
        self.settle();
        written.map_err(|unsent| match unsent {
            Unsent::NotOpen => CommandError::NotOpen,
            Unsent::Full => CommandError::Full,
        })
    }
}
