//! One WebRTC connection to the server: the only place that drives the engine.
//!
//! The engine wants one change at a time and a full drain after each ([`Link::change`]).

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::channel::{ChannelConfig, ChannelId, Reliability};
use str0m::media::{KeyframeRequestKind, MediaKind, Mid, Rid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite, Ssrc};
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc, RtcConfig, format};

use crate::reception::{Arrival, Codec};

mod handshake;
mod offer;

pub(crate) use offer::{NewSection, OfferPlan};

pub(crate) struct Link {
    rtc: Rtc,
    /// Its own: two connections to one server are told apart by them.
    addresses: Vec<SocketAddr>,
    now: Instant,
    wake: Instant,
    outputs: VecDeque<LinkOutput>,
    pending: Option<offer::Pending>,
    last_offer: u32,
    channels: BTreeMap<Channel, ChannelId>,
    /// By section and layer; each starts where SRTP's rollover counter is zero.
    sequences: BTreeMap<(Mid, usize), u64>,
    senders: BTreeMap<u32, Mid>,
    /// By section: it may have had others before.
    current: BTreeMap<Mid, Ssrc>,
    profile: Option<&'static str>,
}

pub(crate) enum LinkOutput {
    Transmit {
        local: SocketAddr,
        remote: SocketAddr,
        bytes: Vec<u8>,
    },
    Media {
        mid: Mid,
        arrival: Arrival,
    },
    KeyFrameRequest {
        mid: Mid,
        rid: Option<Rid>,
    },
    /// How the server receives what is sent on this section.
    Report {
        mid: Mid,
        loss: Option<f32>,
        round_trip: Option<Duration>,
    },
    ChannelOpen(Channel),
    Data {
        channel: Channel,
        bytes: Vec<u8>,
    },
    /// ICE and DTLS are up.
    Connected {
        srtp: &'static str,
    },
    /// Nothing is heard from the server.
    Disconnected,
    Closed,
}

/// LiveKit's data channels that carry packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Channel {
    Reliable,
    Lossy,
}

/// A packet to send.
pub(crate) struct Outgoing {
    pub(crate) codec: Codec,
    pub(crate) timestamp: u32,
    pub(crate) marker: bool,
    /// RFC 6464, in dB below full scale.
    pub(crate) attenuation: Option<u8>,
    pub(crate) payload: Vec<u8>,
}

/// The engine and the server do not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the description or the state of the connection does not fit")]
pub(crate) struct Disagreement;

/// Why a data packet was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsent {
    NotOpen,
    Full,
}

const FIRST_SEQUENCE: u64 = 1000;
const BETWEEN_REPORTS: Duration = Duration::from_secs(1);
/// In bytes; more waits only when the server does not read.
const MOST_BUFFERED: usize = 4 << 20;
/// Senders of a room; a cleared table is learnt again.
const MOST_SENDERS: usize = 4096;
/// The engine may ask to be woken at once, but not for ever.
const MOST_WAKES: usize = 16;
/// The engine says 'never' by a time in the far future.
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

impl Link {
    pub(crate) fn new(now: Instant, addresses: &[SocketAddr], red: bool, reports: bool) -> Self {
        let mut rtc = RtcConfig::new()
            .set_crypto_provider(handshake::provider())
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, red)
            .enable_vp8(true)
            .enable_vp9(true)
            .enable_av1(true)
            .enable_h264(true)
            .set_stats_interval(reports.then_some(BETWEEN_REPORTS))
            .set_sctp_max_buffered_amount(2 * MOST_BUFFERED)
            .build(now);
        for address in addresses {
            if let Ok(candidate) = Candidate::host(*address, Protocol::Udp) {
                rtc.add_local_candidate(candidate);
            }
        }
        let mut link = Self {
            rtc,
            addresses: addresses.to_vec(),
            now,
            wake: now,
            outputs: VecDeque::new(),
            pending: None,
            last_offer: 0,
            channels: BTreeMap::new(),
            sequences: BTreeMap::new(),
            senders: BTreeMap::new(),
            current: BTreeMap::new(),
            profile: None,
        };
        link.change(|_| ());
        link
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.rtc.is_alive()
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.rtc.is_connected()
    }

    /// `None`: there is no such section.
    pub(crate) fn is_video(&self, mid: Mid) -> Option<bool> {
        Some(self.rtc.media(mid)?.kind() == MediaKind::Video)
    }

    /// Datagrams to this local address are for this connection.
    pub(crate) fn is_at(&self, local: SocketAddr) -> bool {
        self.addresses.contains(&local)
    }

    pub(crate) fn handle_datagram(
        &mut self,
        now: Instant,
        local: SocketAddr,
        remote: SocketAddr,
        bytes: &[u8],
    ) {
        self.advance(now);
        if let Ok(received) = Receive::new(Protocol::Udp, remote, local, bytes) {
            // An error is about these bytes; if it is about more, the engine is not alive after it.
            let _ = self.change(|rtc| rtc.handle_input(Input::Receive(now, received)));
        }
    }

    /// Brings the engine to this time, and what was written on its way.
    pub(crate) fn advance(&mut self, now: Instant) {
        self.now = self.now.max(now);
        for _ in 0..MOST_WAKES {
            let now = self.now;
            if self.wake > now || !self.is_alive() {
                break;
            }
            let _ = self.change(|rtc| rtc.handle_input(Input::Timeout(now)));
        }
    }

    pub(crate) fn poll(&mut self) -> Option<LinkOutput> {
        self.outputs.pop_front()
    }

    pub(crate) fn wake(&self) -> Option<Instant> {
        (self.is_alive() && self.wake < self.now + NEVER).then_some(self.wake)
    }

    /// As in `candidate:… 1 udp …`; others than the engine knows are skipped.
    pub(crate) fn add_remote_candidate(&mut self, candidate: &str) {
        if let Ok(candidate) = Candidate::from_sdp_string(candidate) {
            self.change(|rtc| rtc.add_remote_candidate(candidate));
        }
    }

    /// Queues a packet; [`Self::flush`] sends it. False: the section is not agreed on.
    pub(crate) fn send(
        &mut self,
        mid: Mid,
        layer: usize,
        rid: Option<&str>,
        packet: Outgoing,
    ) -> bool {
        let Some(payload_type) = self.payload_type(mid, packet.codec) else {
            return false;
        };
        let now = self.now;
        let sequence = self.sequences.entry((mid, layer)).or_insert(FIRST_SEQUENCE);
        let number = *sequence;
        let values = ExtensionValues {
            audio_level: packet.attenuation.map(|a| -(a.min(127).cast_signed())),
            voice_activity: packet.attenuation.map(|a| a < 127),
            ..ExtensionValues::default()
        };
        let write = RtpWrite::new(
            payload_type.into(),
            number.into(),
            packet.timestamp,
            now,
            packet.payload,
        )
        .marker(packet.marker)
        .nackable(matches!(packet.codec, Codec::Vp8 | Codec::Vp9))
        .ext_vals(values);
        *sequence += 1;
        self.change(|rtc| {
            let mut api = rtc.direct_api();
            let stream = api.stream_tx_by_mid(mid, rid.map(Rid::from));
            stream.map(|stream| stream.write_rtp(write)).is_some()
        })
    }

    /// Lets queued packets go.
    pub(crate) fn flush(&mut self) {
        let now = self.now;
        let _ = self.change(|rtc| rtc.handle_input(Input::Timeout(now)));
    }

    /// The payload type of Opus, when RED was agreed on.
    pub(crate) fn red(&self, mid: Mid) -> Option<u8> {
        self.payload_type(mid, Codec::Red)?;
        self.payload_type(mid, Codec::Opus)
    }

    pub(crate) fn request_key_frame(&mut self, mid: Mid) {
        let Some(ssrc) = self.current.get(&mid).copied() else {
            return;
        };
        self.change(|rtc| {
            if let Some(stream) = rtc.direct_api().stream_rx(&ssrc) {
                stream.request_keyframe(KeyframeRequestKind::Pli);
            }
        });
        self.flush();
    }

    pub(crate) fn send_data(&mut self, channel: Channel, bytes: &[u8]) -> Result<(), Unsent> {
        let id = *self.channels.get(&channel).ok_or(Unsent::NotOpen)?;
        let written = self.change(|rtc| {
            let mut open = rtc.channel(id).ok_or(Unsent::NotOpen)?;
            if open.buffered_amount() + bytes.len() > MOST_BUFFERED {
                return Err(Unsent::Full);
            }
            match open.write(true, bytes) {
                Ok(true) => Ok(()),
                Ok(false) => Err(Unsent::Full),
                Err(_) => Err(Unsent::NotOpen),
            }
        });
        self.flush();
        written
    }

    /// In bytes: what was written and has not arrived.
    pub(crate) fn buffered(&mut self, channel: Channel) -> usize {
        let id = self.channels.get(&channel).copied();
        let open = id.and_then(|id| self.rtc.channel(id));
        open.map_or(0, |mut open| open.buffered_amount())
    }

    pub(crate) fn has_channel(&self, channel: Channel) -> bool {
        self.channels.contains_key(&channel)
    }

    /// Tells the server that the connection ends.
    pub(crate) fn close(&mut self) {
        let _ = self.change(Rtc::close);
        self.rtc.disconnect();
    }

    fn change<R>(&mut self, change: impl FnOnce(&mut Rtc) -> R) -> R {
        let result = change(&mut self.rtc);
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(wake)) => {
                    self.wake = wake;
                    break;
                }
                Ok(Output::Transmit(transmit)) => {
                    self.outputs.push_back(LinkOutput::Transmit {
                        local: transmit.source,
                        remote: transmit.destination,
                        bytes: transmit.contents.into(),
                    });
                }
                Ok(Output::Event(event)) => self.event(event),
                Err(_) => {
                    self.rtc.disconnect();
                    self.outputs.push_back(LinkOutput::Closed);
                    break;
                }
            }
        }
        self.profile = handshake::take_profile().or(self.profile);
        result
    }

    fn event(&mut self, event: Event) {
        let output = match event {
            Event::RtpPacket(packet) => self.media(packet),
            Event::KeyframeRequest(request) => Some(LinkOutput::KeyFrameRequest {
                mid: request.mid,
                rid: request.rid,
            }),
            Event::MediaEgressStats(sent) => Some(LinkOutput::Report {
                mid: sent.mid,
                loss: sent.loss,
                round_trip: sent.rtt,
            }),
            Event::Connected => {
                self.profile = handshake::take_profile().or(self.profile);
                let srtp = self.profile.unwrap_or("unknown");
                Some(LinkOutput::Connected { srtp })
            }
            Event::IceConnectionStateChange(IceConnectionState::Disconnected) => {
                Some(LinkOutput::Disconnected)
            }
            Event::ChannelOpen(id, label) => Channel::from_label(&label).map(|channel| {
                self.channels.insert(channel, id);
                LinkOutput::ChannelOpen(channel)
            }),
            Event::ChannelData(data) => {
                let mut channels = self.channels.iter();
                channels
                    .find(|(_, id)| **id == data.id)
                    .map(|(channel, _)| LinkOutput::Data {
                        channel: *channel,
                        bytes: data.data,
                    })
            }
            Event::ChannelClose(id) => {
                self.channels.retain(|_, open| *open != id);
                None
            }
            Event::Closed => Some(LinkOutput::Closed),
            _ => None,
        };
        self.outputs.extend(output);
    }

    fn media(&mut self, packet: RtpPacket) -> Option<LinkOutput> {
        let mid = self.section_of(packet.header.ssrc)?;
        self.current.insert(mid, packet.header.ssrc);
        let payload_type = *packet.header.payload_type;
        Some(LinkOutput::Media {
            mid,
            arrival: Arrival {
                codec: self.codec_of(payload_type),
                sequence: *packet.seq_no,
                timestamp: packet.header.timestamp,
                marker: packet.header.marker,
                payload: packet.payload,
            },
        })
    }

    fn section_of(&mut self, ssrc: Ssrc) -> Option<Mid> {
        if let Some(mid) = self.senders.get(&ssrc) {
            return Some(*mid);
        }
        let mid = self.rtc.direct_api().stream_rx(&ssrc)?.mid();
        if self.senders.len() >= MOST_SENDERS {
            self.senders.clear();
        }
        self.senders.insert(*ssrc, mid);
        Some(mid)
    }

    fn codec_of(&self, payload_type: u8) -> Codec {
        let of = |p: &format::PayloadParams| {
            *p.pt() == payload_type || p.red().is_some_and(|red| *red == payload_type)
        };
        match self.rtc.codec_config().find(of) {
            Some(p) if *p.pt() != payload_type => Codec::Red,
            Some(p) if p.spec().codec == format::Codec::Opus => Codec::Opus,
            Some(p) => match p.spec().codec {
                format::Codec::Vp8 => Codec::Vp8,
                format::Codec::Vp9 => Codec::Vp9,
                format::Codec::Av1 => Codec::Av1,
                format::Codec::H264 => Codec::H264,
                _ => Codec::Other,
            },
            None => Codec::Other,
        }
    }

    fn payload_type(&self, mid: Mid, codec: Codec) -> Option<u8> {
        let media = self
            .rtc
            .media(mid)
            .filter(|media| media.direction().is_sending())?;
        let wanted = match codec {
            Codec::Opus | Codec::Red => format::Codec::Opus,
            Codec::Vp8 => format::Codec::Vp8,
            Codec::Vp9 => format::Codec::Vp9,
            Codec::Av1 | Codec::H264 | Codec::Other => return None,
        };
        // Of VP9 with eight bits.
        let is_wanted = |p: &format::PayloadParams| {
            let spec = p.spec();
            spec.codec == wanted && spec.format.profile_id.unwrap_or_default() == 0
        };
        let accepted = self
            .rtc
            .codec_config()
            .find(|p| is_wanted(p) && media.remote_pts().contains(&p.pt()))?;
        if codec == Codec::Red {
            accepted.red().map(|red| *red)
        } else {
            Some(*accepted.pt())
        }
    }
}

impl Channel {
    pub(crate) const ALL: [Self; 2] = [Self::Reliable, Self::Lossy];

    pub(crate) fn of(reliable: bool) -> Self {
        if reliable {
            Self::Reliable
        } else {
            Self::Lossy
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Reliable => "_reliable",
            Self::Lossy => "_lossy",
        }
    }

    fn from_label(label: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.label() == label)
    }

    fn configuration(self) -> ChannelConfig {
        let (ordered, reliability) = match self {
            Self::Reliable => (true, Reliability::Reliable),
            Self::Lossy => (false, Reliability::MaxRetransmits { retransmits: 0 }),
        };
        ChannelConfig {
            label: self.label().to_owned(),
            ordered,
            reliability,
            ..ChannelConfig::default()
        }
    }
}
