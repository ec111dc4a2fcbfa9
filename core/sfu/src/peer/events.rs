//! The engine's events in our words.

use std::collections::VecDeque;

use str0m::bwe::BweKind;
use str0m::net::Protocol;
use str0m::rtp::RtpPacket;
use str0m::{Event, IceConnectionState, Rtc, net};

use super::channels::Channels;
use super::engine::Drained;
use super::extensions;
use super::handshake;
use super::output::{IceState, PeerOutput, Security};
use super::packet::{MediaPacket, SenderReport};
use super::sinks::codec_of;
use super::sources::Sources;
use super::statistics::Statistics;
use crate::io::{Transmit, Transport};
use crate::sdp::Mid;

/// What came out of the engine, until the owner takes it.
#[derive(Default)]
pub(super) struct Events {
    outputs: VecDeque<PeerOutput>,
    pub(super) sources: Sources,
    pub(super) channels: Channels,
    statistics: Statistics,
    security: Option<Security>,
    pub(super) connected: bool,
}

impl Events {
    pub(super) fn push(&mut self, output: PeerOutput) {
        self.outputs.push_back(output);
    }

    pub(super) fn pop(&mut self) -> Option<PeerOutput> {
        self.outputs.pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.outputs.is_empty()
    }

    pub(super) fn take(&mut self, rtc: &mut Rtc, drained: Drained) {
        match drained {
            Drained::Transmit(transmit) => self.push(PeerOutput::Transmit(translate(transmit))),
            Drained::Event(event) => self.event(rtc, event),
        }
    }

    /// The engine is at rest: what it said in pieces is complete.
    pub(super) fn at_rest(&mut self) {
        self.security = handshake::take_agreed().or(self.security.take());
        if let Some(stats) = self.statistics.take() {
            self.push(PeerOutput::Stats(stats));
        }
    }

    fn event(&mut self, rtc: &mut Rtc, event: Event) {
        match event {
            Event::RtpPacket(packet) => self.packet(rtc, packet),
            Event::Connected => self.connect(),
            Event::IceConnectionStateChange(state) => self.ice(state),
            Event::ChannelOpen(id, label) => match self.channels.opened(id, &label) {
                Some(channel) => self.push(PeerOutput::ChannelOpen(channel)),
                None if self.channels.are_too_many() => rtc.disconnect(),
                None => {}
            },
            Event::ChannelClose(id) => {
                if let Some(channel) = self.channels.closed(id) {
                    self.push(PeerOutput::ChannelClosed(channel));
                }
            }
            Event::ChannelData(data) => {
                if let Some(channel) = self.channels.channel(data.id) {
                    self.push(PeerOutput::Data {
                        channel,
                        bytes: data.data,
                    });
                }
            }
            Event::KeyframeRequest(request) => {
                if let Some(mid) = Mid::new(&request.mid) {
                    self.push(PeerOutput::KeyFrameRequest { mid });
                }
            }
            Event::EgressBitrateEstimate(
                BweKind::Twcc { estimate, .. } | BweKind::Remb { estimate, .. },
            ) => {
                let bitrate = estimate.as_u64();
                self.push(PeerOutput::BandwidthEstimate { bitrate });
            }
            Event::PeerStats(stats) => self.statistics.peer(&stats),
            Event::MediaIngressStats(stats) => self.statistics.received(&stats, &self.sources),
            Event::MediaEgressStats(stats) => self.statistics.sent(&stats),
            _ => {}
        }
    }

    fn packet(&mut self, rtc: &mut Rtc, packet: RtpPacket) {
        let sequence = *packet.seq_no;
        let Some((mid, rid)) = self.sources.receive(rtc, packet.header.ssrc, sequence) else {
            return;
        };
        let Some(codec) = codec_of(rtc, packet.header.payload_type) else {
            return;
        };
        let values = &packet.header.ext_vals;
        self.push(PeerOutput::Media(MediaPacket {
            mid,
            rid,
            ssrc: *packet.header.ssrc,
            codec,
            sequence,
            timestamp: packet.header.timestamp,
            marker: packet.header.marker,
            audio_level: extensions::audio_level(values),
            dependency_descriptor: extensions::dependency_descriptor(values),
            rotation: extensions::rotation(values),
            capture_time: extensions::capture_time(values),
            payload: packet.payload,
            arrival: packet.timestamp,
            sender_report: packet.last_sender_info.map(|info| SenderReport {
                ntp: info.ntp_time,
                // The extended time's lower half is what the packets carry.
                rtp: info.rtp_time.numer() as u32,
            }),
        }));
    }

    fn connect(&mut self) {
        self.connected = true;
        let agreed = handshake::take_agreed().or(self.security.take());
        let security = agreed.expect("keys come out of a handshake before it is complete");
        self.push(PeerOutput::Connected(security));
    }

    fn ice(&mut self, state: IceConnectionState) {
        let state = match state {
            IceConnectionState::New | IceConnectionState::Checking => IceState::Checking,
            IceConnectionState::Connected | IceConnectionState::Completed => IceState::Connected,
            IceConnectionState::Disconnected => IceState::Disconnected,
        };
        self.push(PeerOutput::Ice(state));
    }
}

fn translate(transmit: net::Transmit) -> Transmit {
    Transmit {
        transport: match transmit.proto {
            Protocol::Udp => Transport::Udp,
            Protocol::Tcp | Protocol::SslTcp | Protocol::Tls => Transport::Tcp,
        },
        local: transmit.source,
        remote: transmit.destination,
        bytes: transmit.contents.into(),
    }
}
