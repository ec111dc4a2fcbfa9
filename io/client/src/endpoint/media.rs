//! Packets and data, in and out.

use std::net::SocketAddr;
use std::time::Instant;

use str0m::media::{Mid, Rid};

use super::{Endpoint, Output};
use crate::data::Received;
use crate::event::{End, Event};
use crate::link::{Channel, Link, LinkOutput, Outgoing};
use crate::publication::{Publication, RIDS, Source};
use crate::reception::Codec;

impl Endpoint {
    pub(super) fn handle_datagram(&mut self, local: SocketAddr, remote: SocketAddr, bytes: &[u8]) {
        let links = [Some(&mut self.publisher), self.subscriber.as_mut()];
        let link = links.into_iter().flatten().find(|link| link.is_at(local));
        if let Some(link) = link {
            link.handle_datagram(self.now, local, remote, bytes);
        }
    }

    pub(super) fn drain_links(&mut self) {
        while let Some(output) = self.publisher.poll() {
            self.link_output(output, true);
        }
        while let Some(output) = self.subscriber.as_mut().and_then(Link::poll) {
            self.link_output(output, false);
        }
    }

    fn link_output(&mut self, output: LinkOutput, of_publisher: bool) {
        match output {
            LinkOutput::Transmit {
                local,
                remote,
                bytes,
            } => self.outputs.push_back(Output::Transmit {
                local,
                remote,
                bytes,
            }),
            LinkOutput::Media { mid, arrival } => self.subscriptions.handle(self.now, mid, arrival),
            LinkOutput::KeyFrameRequest { mid, rid } => self.key_frame_requested(mid, rid),
            LinkOutput::ChannelOpen(channel) => {
                let reliable = channel == Channel::Reliable;
                if of_publisher {
                    self.report(Event::DataOpen { reliable });
                }
            }
            LinkOutput::Data { channel, bytes } => {
                let reliable = channel == Channel::Reliable;
                if let Some(received) = self.sequences.decode(reliable, &bytes) {
                    self.received(received);
                }
            }
            LinkOutput::Connected { srtp } => {
                if !std::mem::replace(&mut self.session.reported_connected, true) {
                    self.report(Event::Connected { srtp });
                }
            }
            // A resume restarts ICE.
            LinkOutput::Disconnected => {
                if self.session.is_open() && self.options.resume {
                    self.outputs.push_back(Output::CloseSignal);
                    self.signal_lost();
                }
            }
            LinkOutput::Closed => self.link_closed(),
        }
    }

    fn received(&mut self, received: Received) {
        let Some(encryption) = &self.options.encryption else {
            return self.report(Event::Data(Box::new(received)));
        };
        match received.opened(encryption, self.now) {
            Some(opened) => self.report(Event::Data(Box::new(opened))),
            None => self.unopened_messages += 1,
        }
    }

    /// The engine gave up, or the server closed the connection.
    fn link_closed(&mut self) {
        if !self.session.is_open() || self.links_are_alive() {
            return;
        }
        if self.options.resume {
            self.restart();
        } else {
            self.outputs.push_back(Output::CloseSignal);
            self.end(End::Failed);
        }
    }

    pub(super) fn links_are_alive(&self) -> bool {
        self.publisher.is_alive() && self.subscriber.as_ref().is_none_or(Link::is_alive)
    }

    fn key_frame_requested(&mut self, mid: Mid, rid: Option<Rid>) {
        let mut publications = self.publications.values_mut();
        let publication = publications.find(|publication| publication.section == Some(mid));
        if let Some(Source::Video(video)) = publication.map(|publication| &mut publication.source) {
            let layer = rid.and_then(|rid| RIDS.iter().position(|known| **known == *rid));
            video.request_key_frame(layer);
        }
    }

    /// Sends what is due of our tracks.
    pub(super) fn pump(&mut self) {
        let connected = self.publisher.is_connected() && !self.session.has_ended();
        for publication in self.publications.values_mut() {
            let section = publication
                .section
                .filter(|_| connected && !publication.muted);
            publication.run(self.now, section.is_some());
            if let Some(mid) = section {
                send_due(&mut self.publisher, publication, mid, self.now);
            }
        }
    }

    pub(super) fn request_key_frames(&mut self) {
        for mid in self.subscriptions.key_frames_due(self.now) {
            let link = self.subscriber.as_mut().unwrap_or(&mut self.publisher);
            link.request_key_frame(mid);
        }
    }

    pub(super) fn media_wake(&self) -> Option<Instant> {
        self.publications
            .values()
            .filter_map(Publication::wake)
            .min()
    }
}

fn send_due(link: &mut Link, publication: &mut Publication, mid: Mid, now: Instant) {
    if publication.wake().is_none_or(|wake| wake > now) {
        return;
    }
    let rids = publication.rids();
    let cover = &publication.cover;
    match &mut publication.source {
        Source::Audio(audio) => {
            while let Some(frame) = audio.poll(now, link.red(mid)) {
                let Some(payload) = cover.seal(now, frame.payload) else {
                    continue;
                };
                let codec = if link.red(mid).is_some() {
                    Codec::Red
                } else {
                    Codec::Opus
                };
                let packet = Outgoing {
                    codec,
                    timestamp: frame.timestamp,
                    marker: frame.starts_talk,
                    attenuation: Some(frame.attenuation),
                    payload,
                };
                link.send(mid, 0, None, packet);
            }
        }
        Source::Video(video) => {
            for mut frame in video.poll(now) {
                let Some(data) = cover.seal(now, std::mem::take(&mut frame.data)) else {
                    // What follows refers to what nobody got.
                    video.request_key_frame(Some(frame.layer));
                    continue;
                };
                frame.data = data;
                let rid = rids.get(frame.layer).copied();
                let packets = frame.packets();
                let count = packets.len();
                for (index, payload) in packets.into_iter().enumerate() {
                    let packet = Outgoing {
                        codec: Codec::Vp8,
                        timestamp: frame.timestamp,
                        marker: index + 1 == count,
                        attenuation: None,
                        payload,
                    };
                    link.send(mid, frame.layer, rid, packet);
                }
            }
        }
    }
    link.flush();
}
