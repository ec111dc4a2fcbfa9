//! One WebRTC connection to a participant, in our own words.
//!
//! The only module that names `str0m`. A [`Peer`] is a value: it is fed datagrams, descriptions,
//! media to send and time, and says through [`Peer::poll_output`] what to transmit and what
//! arrived. Drain it to [`PeerOutput::Wait`] after each call. It keeps the engine's own rule, one
//! change and then a full drain, inside, so that no caller can break it.
//!
//! A panic of the engine costs this connection alone: it is caught, [`PeerOutput::Panicked`]
//! says so once, and every later call does nothing.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use str0m::bwe::Bitrate;
use str0m::change::SdpPendingOffer;
use str0m::media::KeyframeRequestKind;
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Input, Rtc};

use crate::io::{Config, Datagram, Transport};
use crate::sdp::{Codec, Mid, Rid};

mod channels;
mod claims;
mod engine;
mod events;
mod extensions;
mod handshake;
mod negotiation;
mod output;
mod packet;
mod setup;
mod sinks;
mod sources;
mod statistics;
mod writing;

use claims::Claims;
use engine::{End, Engine};
use events::Events;
use negotiation::Section;
use sinks::{Sinks, engine_mid};

pub use negotiation::{LocalOffer, NegotiationError, NewSection, OfferChange, Reuse};
pub use output::{DataChannel, IceState, PeerOutput, PeerStats, Security, StreamStats};
pub use packet::{AudioLevel, CaptureTime, MediaPacket, OutgoingPacket, SenderReport, Vp8Rewrite};

/// What the connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// v0: the client offers and sends media and data; nothing but data may come back.
    Publisher,
    /// v0: we offer, and send media and data.
    Subscriber,
    /// v1: the client offers; media and data go both ways.
    Single,
}

/// One WebRTC connection.
pub struct Peer {
    role: Role,
    engine: Engine,
    events: Events,
    /// The latest time that was said, and how often the engine has been woken at it.
    now: Instant,
    wakes: usize,
    claims: Claims,
    candidates: usize,
    pending: Option<SdpPendingOffer>,
    channels_offered: bool,
    /// Of our own offers (v0).
    sections: BTreeMap<Mid, Section>,
    /// Of the client's offers (v1): whether those that ever carried something do.
    answered: BTreeMap<Mid, bool>,
    sinks: Sinks,
}

/// Why data was not taken for sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    #[error("the channel is not open")]
    NotOpen,
    #[error("the client reads too slowly: {MAX_BUFFERED_DATA} bytes are waiting")]
    Full,
    #[error("a message is at most {MAX_DATA_MESSAGE} bytes")]
    TooLong,
}

/// Why a packet was not taken for sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    #[error("there is no such media section, or it does not send")]
    NoSection,
    #[error("the client did not accept this codec")]
    NoCodec,
    #[error("a payload is at most {MAX_RTP_PAYLOAD} bytes")]
    TooLong,
    #[error("the connection is closed")]
    Closed,
}

/// Above it a reader is too slow, and reliable data to it is a reason to end the session.
pub const MAX_BUFFERED_DATA: usize = 4 << 20;
/// LiveKit's clients keep below 64 000 bytes.
pub const MAX_DATA_MESSAGE: usize = 256 << 10;
/// A packet with more was not made for the Internet, and would not fit what it is sealed in.
pub const MAX_RTP_PAYLOAD: usize = 1460;
/// More candidates than any machine has interfaces, times the protocols.
pub const MAX_REMOTE_CANDIDATES: usize = 64;

impl Peer {
    /// Claims its user name fragment with the first outputs.
    pub fn new(now: Instant, config: &Config, role: Role) -> Self {
        let mut peer = Self {
            role,
            engine: Engine::new(setup::configuration(role).build(now), now),
            events: Events::default(),
            now,
            wakes: 0,
            claims: Claims::default(),
            candidates: 0,
            pending: None,
            channels_offered: false,
            sections: BTreeMap::new(),
            answered: BTreeMap::new(),
            sinks: Sinks::default(),
        };
        for candidate in setup::host_candidates(config) {
            peer.change(|rtc| rtc.add_local_candidate(candidate).is_some());
        }
        let current = peer.engine.ufrag();
        peer.claims.keep_only(current, &mut peer.events);
        peer
    }

    /// One candidate of the client, as in `candidate:… 1 udp …`. Those that can't be used (mDNS
    /// names, other syntax, more than [`MAX_REMOTE_CANDIDATES`]) are skipped: false.
    pub fn add_remote_candidate(&mut self, now: Instant, candidate: &str) -> bool {
        self.advance(now);
        if self.candidates >= MAX_REMOTE_CANDIDATES || candidate.len() > MAX_CANDIDATE_BYTES {
            return false;
        }
        self.candidates += 1;
        let Ok(candidate) = Candidate::from_sdp_string(candidate) else {
            return false;
        };
        self.change(|rtc| rtc.add_remote_candidate(candidate))
            .is_some()
    }

    /// False: malformed, or too late; dropped.
    pub fn handle_datagram(&mut self, now: Instant, datagram: Datagram<'_>) -> bool {
        self.advance(now);
        let protocol = match datagram.transport {
            Transport::Udp => Protocol::Udp,
            Transport::Tcp => Protocol::Tcp,
        };
        if datagram.bytes.len() > MAX_DATAGRAM {
            return false;
        }
        let received = Receive::new(protocol, datagram.remote, datagram.local, datagram.bytes);
        let Ok(received) = received else {
            return false;
        };
        // An error of the engine is about these bytes; if it is about more, the engine closes.
        self.change(|rtc| rtc.handle_input(Input::Receive(now, received)).is_ok())
            .unwrap_or_default()
    }

    /// Harmless at any time.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.advance(now);
    }

    pub fn poll_output(&mut self) -> PeerOutput {
        while self.events.is_empty() && self.engine.is_due(self.now) && self.wakes < MAX_WAKES {
            self.wakes += 1;
            let now = self.now;
            self.change(|rtc| rtc.handle_input(Input::Timeout(now)).is_ok());
        }
        self.events.pop().unwrap_or_else(|| {
            let wake = self.engine.wake(self.now);
            PeerOutput::Wait(wake.map(|wake| wake.max(self.now + SHORTEST_SLEEP)))
        })
    }

    /// Takes one packet for sending; it leaves with the next drain.
    ///
    /// # Errors
    ///
    /// When this packet can't be sent, which the next one may.
    pub fn send(&mut self, now: Instant, packet: OutgoingPacket) -> Result<(), SendError> {
        self.advance(now);
        writing::check(&packet)?;
        let Self {
            engine,
            events,
            sinks,
            ..
        } = self;
        let written = engine.change(
            |rtc| writing::write(rtc, sinks, packet),
            |rtc, drained| events.take(rtc, drained),
        );
        self.settle(written).unwrap_or(Err(SendError::Closed))
    }

    /// Asks the client for a key frame of one layer. False: no such stream is known yet.
    pub fn request_key_frame(&mut self, now: Instant, mid: Mid, rid: Option<Rid>) -> bool {
        self.advance(now);
        let rid = rid.map(|rid| rid.as_str().into());
        self.change(|rtc| {
            let mut api = rtc.direct_api();
            let stream = api.stream_rx_by_mid(engine_mid(mid), rid);
            stream.map(|stream| stream.request_keyframe(KeyframeRequestKind::Pli))
        })
        .flatten()
        .is_some()
    }

    /// # Errors
    ///
    /// When the message is not sent: it is dropped, and never kept for later.
    pub fn send_data(
        &mut self,
        now: Instant,
        channel: DataChannel,
        bytes: &[u8],
    ) -> Result<(), DataError> {
        self.advance(now);
        let id = self.events.channels.id(channel).ok_or(DataError::NotOpen)?;
        self.change(|rtc| channels::write(rtc, channel, id, bytes))
            .unwrap_or(Err(DataError::NotOpen))
    }

    pub fn is_open(&self, channel: DataChannel) -> bool {
        !self.is_dead() && self.events.channels.is_open(channel)
    }

    /// Tells the estimator what is sent (`current`: bits per second to sustain, with padding if
    /// need be) and what would be sent if there were room (`desired`: probed for).
    pub fn set_bitrate(&mut self, now: Instant, current: u64, desired: u64) {
        self.advance(now);
        self.change(|rtc| {
            rtc.bwe()
                .set_bitrate(Bitrate::from(current), Bitrate::from(desired));
        });
    }

    /// Forgets what the estimator went by, and has it begin at `bitrate` (bits per second), with
    /// probes above it as far as something is wanted.
    pub fn estimate_anew(&mut self, now: Instant, bitrate: u64) {
        self.advance(now);
        self.change(|rtc| rtc.bwe().reset(Bitrate::from(bitrate)));
    }

    /// The codecs that can be sent on this section.
    pub fn sendable(&self, mid: Mid) -> Vec<Codec> {
        self.engine
            .look(|rtc| sinks::sendable(rtc, mid))
            .unwrap_or_default()
    }

    /// Ended, panicked or closed: it never does anything again.
    pub fn is_dead(&self) -> bool {
        self.engine.is_ended()
    }

    pub fn is_connected(&self) -> bool {
        !self.is_dead() && self.events.connected
    }

    /// Says good-bye and releases its user name fragments. Drain once more, then drop it.
    pub fn close(&mut self, now: Instant) {
        self.advance(now);
        self.change(|rtc| rtc.close().is_ok());
        self.engine.end();
        self.claims.release_all(&mut self.events);
    }

    fn advance(&mut self, now: Instant) {
        self.now = self.now.max(now);
        self.wakes = 0;
    }

    /// Makes one change of the engine. `None`: it is dead, by this or from before.
    fn change<R>(&mut self, change: impl FnOnce(&mut Rtc) -> R) -> Option<R> {
        let Self { engine, events, .. } = self;
        let changed = engine.change(change, |rtc, drained| events.take(rtc, drained));
        self.settle(changed)
    }

    /// What follows from a change: reports that are complete, and the end if it was the last.
    fn settle<R>(&mut self, changed: Result<R, End>) -> Option<R> {
        self.events.at_rest();
        match changed {
            Ok(result) => Some(result),
            Err(end) => {
                // Only the first end finds anything claimed.
                if self.claims.release_all(&mut self.events) {
                    self.events.push(match end {
                        End::Closed => PeerOutput::Closed,
                        End::Panicked => PeerOutput::Panicked,
                    });
                }
                None
            }
        }
    }
}

/// The engine may ask to be woken at once, but not for ever: then the owner waits a turn.
const MAX_WAKES: usize = 8;
const SHORTEST_SLEEP: Duration = Duration::from_micros(100);
const MAX_CANDIDATE_BYTES: usize = 512;
/// RTP with the largest payload that is forwarded, its headers and its seal.
const MAX_DATAGRAM: usize = 2_000;

#[cfg(test)]
mod tests;
