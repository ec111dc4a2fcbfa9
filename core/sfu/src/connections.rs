//! The connections of one room: carries out orders, drains, reports.

use std::time::Instant;

use crate::connection::{ConnectionId, Order, Report, Sendable, Side};
use crate::io::{Config, Datagram, Transmit};
use crate::participant::ParticipantKey;
use crate::peer::{DataError, Peer, PeerOutput};

#[derive(Default)]
pub(crate) struct Connections {
    /// Two places per participant.
    links: Vec<Option<Link>>,
    /// Closed: another may have their place already. Dropped after the next drain.
    closed: Vec<(ConnectionId, Link)>,
    /// Those that have something to say.
    busy: Vec<ConnectionId>,
}

struct Link {
    participant: ParticipantKey,
    peer: Peer,
    is_busy: bool,
    /// When its time has come, as it said last.
    deadline: Option<Instant>,
    /// The earliest wake-up that the owner has in its queue.
    queued: Option<Instant>,
}

/// What a drain brings up.
pub(crate) enum Surfaced {
    Transmit(Transmit),
    Claim {
        ufrag: String,
        id: ConnectionId,
    },
    Release {
        ufrag: String,
    },
    Report(ConnectionId, Report),
    /// Wake the connection at this time; earlier wake-ups stay in the queue.
    Wake(ConnectionId, Instant),
}

impl Connections {
    /// Carries out one order; what comes of it at once goes to `report`.
    pub(crate) fn carry_out(
        &mut self,
        now: Instant,
        config: &Config,
        id: ConnectionId,
        order: Order,
        report: impl FnOnce(Report),
    ) {
        match order {
            Order::Open(role) => self.open(id, Peer::new(now, config, role)),
            Order::Close => self.close(now, id),
            Order::AcceptOffer {
                id: offer,
                sdp,
                plan,
            } => self.with_peer(id, |peer| {
                let result = peer.accept_offer(now, &sdp, &plan);
                let sendable = sendable(peer, plan.send.keys());
                report(Report::Answer {
                    id: offer,
                    result: result.map(|answer| (answer, sendable)),
                });
            }),
            Order::CreateOffer(change) => self.with_peer(id, |peer| {
                report(Report::Offer(peer.create_offer(now, &change)));
            }),
            Order::AcceptAnswer { sdp, sections } => self.with_peer(id, |peer| {
                let result = peer.accept_answer(now, &sdp);
                let sendable = sendable(peer, &sections);
                report(Report::AnswerAccepted(result.map(|()| sendable)));
            }),
            Order::AddCandidate(candidate) => self.with_peer(id, |peer| {
                if !peer.add_remote_candidate(now, &candidate) {
                    report(Report::CandidateSkipped);
                }
            }),
            Order::Send(packet) => self.with_peer(id, |peer| {
                // Between a decision and its packet a section can end: nothing is lost.
                let _ = peer.send(now, packet);
            }),
            Order::RequestKeyFrame { mid, rid } => {
                self.with_peer(id, |peer| {
                    peer.request_key_frame(now, mid, rid);
                });
            }
            Order::SendData { channel, bytes } => {
                self.with_peer(id, |peer| match peer.send_data(now, channel, &bytes) {
                    Ok(()) | Err(DataError::NotOpen) => {}
                    Err(error) => report(Report::DataRefused { channel, error }),
                });
            }
            Order::SetBitrate { current, desired } => {
                self.with_peer(id, |peer| peer.set_bitrate(now, current, desired));
            }
            Order::EstimateAnew { bitrate } => {
                self.with_peer(id, |peer| peer.estimate_anew(now, bitrate));
            }
        }
    }

    /// False: nobody took it.
    pub(crate) fn handle_datagram(
        &mut self,
        now: Instant,
        id: ConnectionId,
        datagram: Datagram<'_>,
    ) -> bool {
        self.touch(id)
            .is_some_and(|link| link.peer.handle_datagram(now, datagram))
    }

    /// A wake-up that was asked for at `at` has come.
    pub(crate) fn wake(&mut self, now: Instant, id: ConnectionId, at: Instant) {
        let Some(link) = self.link(id) else {
            return;
        };
        if link.queued == Some(at) {
            link.queued = None;
        }
        let Some(link) = self.touch(id) else {
            return;
        };
        if link.deadline.is_some_and(|deadline| deadline <= now) {
            link.peer.handle_timeout(now);
        }
    }

    /// Drains every connection that was touched.
    pub(crate) fn drain(&mut self, mut surface: impl FnMut(Surfaced)) {
        for (id, mut link) in self.closed.drain(..) {
            link.drain(id, &mut surface);
        }
        while let Some(id) = self.busy.pop() {
            let Some(link) = self.link(id) else {
                continue;
            };
            link.is_busy = false;
            link.drain(id, &mut surface);
        }
    }

    fn open(&mut self, id: ConnectionId, peer: Peer) {
        let place = place(id);
        if self.links.len() <= place {
            self.links.resize_with(place + 1, || None);
        }
        if let Some(link) = self.links.get_mut(place) {
            *link = Some(Link {
                participant: id.participant,
                peer,
                is_busy: true,
                deadline: None,
                queued: None,
            });
            self.busy.push(id);
        }
    }

    fn close(&mut self, now: Instant, id: ConnectionId) {
        if self.link(id).is_none() {
            return;
        }
        let link = self.links.get_mut(place(id)).and_then(Option::take);
        if let Some(mut link) = link {
            link.peer.close(now);
            self.closed.push((id, link));
        }
    }

    /// Nothing, when the connection is closed.
    fn with_peer(&mut self, id: ConnectionId, act: impl FnOnce(&mut Peer)) {
        if let Some(link) = self.touch(id) {
            act(&mut link.peer);
        }
    }

    fn link(&mut self, id: ConnectionId) -> Option<&mut Link> {
        let link = self.links.get_mut(place(id))?.as_mut()?;
        (link.participant == id.participant).then_some(link)
    }

    fn touch(&mut self, id: ConnectionId) -> Option<&mut Link> {
        let link = self.links.get_mut(place(id))?.as_mut()?;
        if link.participant != id.participant {
            return None;
        }
        if !link.is_busy {
            link.is_busy = true;
            self.busy.push(id);
        }
        Some(link)
    }
}

impl Link {
    fn drain(&mut self, id: ConnectionId, surface: &mut impl FnMut(Surfaced)) {
        loop {
            let report = match self.peer.poll_output() {
                PeerOutput::Transmit(transmit) => {
                    surface(Surfaced::Transmit(transmit));
                    continue;
                }
                PeerOutput::Claim { ufrag } => {
                    surface(Surfaced::Claim { ufrag, id });
                    continue;
                }
                PeerOutput::Release { ufrag } => {
                    surface(Surfaced::Release { ufrag });
                    continue;
                }
                PeerOutput::Wait(deadline) => {
                    self.deadline = deadline;
                    break;
                }
                PeerOutput::Media(packet) => Report::Media(packet),
                PeerOutput::ChannelOpen(channel) => Report::ChannelOpen(channel),
                PeerOutput::ChannelClosed(channel) => Report::ChannelClosed(channel),
                PeerOutput::Data { channel, bytes } => Report::Data { channel, bytes },
                PeerOutput::KeyFrameRequest { mid } => Report::KeyFrameRequest { mid },
                PeerOutput::BandwidthEstimate { bitrate } => Report::BandwidthEstimate { bitrate },
                PeerOutput::Ice(state) => Report::Ice(state),
                PeerOutput::Connected(security) => Report::Connected(security),
                PeerOutput::Stats(stats) => Report::Stats(stats),
                PeerOutput::Closed => Report::Closed,
                PeerOutput::Panicked => Report::Panicked,
            };
            surface(Surfaced::Report(id, report));
        }
        if let Some(deadline) = self.deadline
            && self.queued.is_none_or(|queued| deadline < queued)
        {
            self.queued = Some(deadline);
            surface(Surfaced::Wake(id, deadline));
        }
    }
}

fn sendable<'a>(
    peer: &mut Peer,
    sections: impl IntoIterator<Item = &'a crate::sdp::Mid>,
) -> Sendable {
    sections
        .into_iter()
        .map(|mid| (*mid, peer.sendable(*mid)))
        .collect()
}

fn place(id: ConnectionId) -> usize {
    let side = match id.side {
        Side::Publisher => 0,
        Side::Subscriber => 1,
    };
    id.participant.index() * 2 + side
}
