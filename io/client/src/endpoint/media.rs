//! Packets and data, in and out.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::media::{Mid, Rid};

use super::{CommandError, Endpoint, Output};
use crate::data::Received;
use crate::event::{End, Event};
use crate::link::{Channel, Link, LinkOutput, Outgoing};
use crate::live_source::LiveFrame;
use crate::publication::{Cid, Publication, RIDS, Source};
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
            LinkOutput::Report {
                mid,
                loss,
                round_trip,
            } => self.reported(mid, loss, round_trip),
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
        let mut publications = self.publications.iter_mut();
        let published = publications.find(|(_, publication)| publication.section == Some(mid));
        match published.map(|(cid, publication)| (cid, &mut publication.source)) {
            Some((_, Source::Video(video))) => {
                let layer = rid.and_then(|rid| RIDS.iter().position(|known| **known == *rid));
                video.request_key_frame(layer);
            }
            Some((cid, Source::Live(_))) => {
                let cid = cid.clone();
                self.report(Event::KeyFrameRequested { cid });
            }
            Some((_, Source::Audio(_))) | None => {}
        }
    }

    fn reported(&mut self, mid: Mid, loss: Option<f32>, round_trip: Option<Duration>) {
        let mut publications = self.publications.iter();
        let published = publications.find(|(_, publication)| publication.section == Some(mid));
        if let Some((cid, publication)) = published
            && let Source::Live(_) = publication.source
        {
            let cid = cid.clone();
            self.report(Event::Reported {
                cid,
                loss,
                round_trip,
            });
        }
    }

    /// Sends a frame of a track that was published with [`Endpoint::publish_live`], sealed where all is. What is not sent
    /// makes those useless that build on it: the next that is sent has to be a key frame.
    pub fn send_frame(
        &mut self,
        now: Instant,
        cid: &Cid,
        mut frame: LiveFrame,
    ) -> Result<(), CommandError> {
        self.now = self.now.max(now);
        let is_connected = self.publisher.is_connected() && !self.session.has_ended();
        let publication = self
            .publications
            .get_mut(cid)
            .ok_or(CommandError::NoTrack)?;
        let way = publication.way().filter(|_| is_connected);
        let Source::Live(live) = &mut publication.source else {
            return Err(CommandError::NoTrack);
        };
        let mid = way.ok_or(CommandError::NotOpen)?;
        let data = std::mem::take(&mut frame.data);
        let sealed = publication.cover.seal(self.now, data);
        let sealed = sealed.ok_or(CommandError::NoKey)?;
        let timestamp = live.timestamp(self.now);
        let packets = live.packets(&frame, &sealed);
        let count = packets.len();
        let mut is_sent = true;
        for (index, payload) in packets.into_iter().enumerate() {
            let packet = Outgoing {
                codec: Codec::Vp9,
                timestamp,
                marker: index + 1 == count,
                attenuation: None,
                payload,
            };
            is_sent &= self.publisher.send(mid, 0, None, packet);
        }
        self.publisher.flush();
        self.settle();
        is_sent.then_some(()).ok_or(CommandError::NotOpen)
    }

    /// Sends what is due of our tracks.
    pub(super) fn pump(&mut self) {
        let connected = self.publisher.is_connected() && !self.session.has_ended();
        for (cid, publication) in &mut self.publications {
            let section = publication.way().filter(|_| connected);
            if publication.run(self.now, section.is_some()) {
                let cid = cid.clone();
                self.outputs.push_back(Output::Event(Event::Flows { cid }));
            }
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
        // Its owner sends them.
        Source::Live(_) => {}
    }
    link.flush();
}
