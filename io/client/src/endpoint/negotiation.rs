//! Offers and answers between us and the server.

use std::time::{Duration, Instant};

use livekit_protocol as proto;
use proto::signal_request::Message;
use str0m::media::{MediaKind, Mid};

use super::Endpoint;
use crate::Topology;
use crate::event::Event;
use crate::link::{Link, NewSection, OfferPlan};
use crate::publication::Cid;
use crate::sections::{Pool, bindings};

/// What our next offer is to say, and what the last one said.
pub(super) struct Negotiation {
    pool: Pool,
    wanted: bool,
    restarts_ice: bool,
    channels_agreed: bool,
    /// Sections of tracks that are not published any more.
    stopped: Vec<Mid>,
    offered: Vec<(Mid, Purpose)>,
    offered_at: Option<Instant>,
}

enum Purpose {
    Receive(MediaKind),
    Publish(Cid),
}

/// A server that does not answer in this time does not work.
const ANSWER_TIME: Duration = Duration::from_secs(15);

impl Negotiation {
    pub(super) fn new(topology: Topology) -> Self {
        Self {
            pool: match topology {
                Topology::Single => Pool::new(),
                Topology::Dual => Pool::default(),
            },
            wanted: false,
            restarts_ice: false,
            channels_agreed: false,
            stopped: Vec::new(),
            offered: Vec::new(),
            offered_at: None,
        }
    }

    pub(super) fn want_offer(&mut self) {
        self.wanted = true;
    }

    pub(super) fn restart_ice(&mut self) {
        self.wanted = true;
        self.restarts_ice = true;
        self.offered_at = None;
    }

    pub(super) fn require(&mut self, audios: u32, videos: u32) {
        self.wanted = true;
        self.pool.require(audios, videos);
    }

    pub(super) fn stop(&mut self, section: Mid) {
        self.wanted = true;
        self.stopped.push(section);
    }
}

impl Endpoint {
    /// Offers, if there is something to say and the last offer was answered.
    pub(super) fn negotiate(&mut self) {
        if !self.session.is_open() {
            return;
        }
        if self.publisher.has_pending_offer() {
            let late = self
                .negotiation
                .offered_at
                .is_some_and(|at| at + ANSWER_TIME <= self.now);
            if late {
                self.restart();
            }
            return;
        }
        if std::mem::take(&mut self.negotiation.wanted)
            && let Some(offer) = self.make_offer()
        {
            self.signal(Message::Offer(offer));
        }
    }

    pub(super) fn make_offer(&mut self) -> Option<proto::SessionDescription> {
        let unpublished = self
            .publications
            .iter()
            .filter(|(_, of)| of.section.is_none());
        let (mut add, mut purposes) = (Vec::new(), Vec::new());
        for (cid, publication) in unpublished {
            add.push(NewSection::Send {
                kind: publication.kind(),
                cid: cid.0.clone(),
                rids: publication.rids(),
            });
            purposes.push(Purpose::Publish(cid.clone()));
        }
        for kind in self.negotiation.pool.missing() {
            add.push(NewSection::Receive(kind));
            purposes.push(Purpose::Receive(kind));
        }
        let plan = OfferPlan {
            add,
            receive: self.negotiation.pool.agreed().collect(),
            stop: std::mem::take(&mut self.negotiation.stopped),
            channels: !self.negotiation.channels_agreed,
            ice_restart: std::mem::take(&mut self.negotiation.restarts_ice),
        };
        let offer = self.publisher.offer(self.now, plan)?;
        self.negotiation.offered = offer.added.into_iter().zip(purposes).collect();
        self.negotiation.offered_at = Some(self.now);
        Some(proto::SessionDescription {
            r#type: "offer".to_owned(),
            sdp: offer.sdp,
            id: offer.id,
            ..Default::default()
        })
    }

    pub(super) fn answered(&mut self, answer: &proto::SessionDescription) {
        match self
            .publisher
            .accept_answer(self.now, answer.id, &answer.sdp)
        {
            Ok(true) => {}
            Ok(false) => return,
            Err(_) => return self.restart(),
        }
        self.negotiation.channels_agreed = true;
        self.negotiation.offered_at = None;
        let offered = std::mem::take(&mut self.negotiation.offered);
        for (mid, purpose) in offered {
            match purpose {
                Purpose::Receive(kind) => self.negotiation.pool.add([(mid, kind)]),
                Purpose::Publish(cid) => match self.publications.get_mut(&cid) {
                    Some(publication) => publication.section = Some(mid),
                    None => self.negotiation.stop(mid),
                },
            }
        }
        if self.options.topology == Topology::Single {
            self.bind(answer);
        }
    }

    /// The server offers on the subscriber connection.
    pub(super) fn offered(&mut self, offer: &proto::SessionDescription) {
        let Some(subscriber) = &mut self.subscriber else {
            return;
        };
        match subscriber.accept_offer(self.now, &offer.sdp) {
            Ok(sdp) => self.signal(Message::Answer(proto::SessionDescription {
                r#type: "answer".to_owned(),
                sdp,
                id: offer.id,
                ..Default::default()
            })),
            Err(_) => return self.restart(),
        }
        self.bind(offer);
    }

    /// Takes from the server's description which section carries which track.
    fn bind(&mut self, description: &proto::SessionDescription) {
        let link: &Link = self.subscriber.as_ref().unwrap_or(&self.publisher);
        let rebound = self
            .subscriptions
            .bind(&bindings(description), |mid| link.is_video(mid));
        for track_sid in rebound.lost {
            self.report(Event::Unsubscribed { track_sid });
        }
        for track_sid in rebound.gained {
            let known = self.roster.track(&track_sid);
            let muted = known.is_some_and(|(_, track)| track.muted);
            self.subscriptions.set_muted(&track_sid, muted);
            if let Some((from, track)) = known {
                self.subscriptions.expect(from, track);
            }
            self.report(Event::Subscribed { track_sid });
        }
    }

    pub(super) fn trickled(&mut self, trickle: &proto::TrickleRequest) {
        let link = match trickle.target() {
            proto::SignalTarget::Publisher => Some(&mut self.publisher),
            proto::SignalTarget::Subscriber => self.subscriber.as_mut(),
        };
        let init: Option<serde_json::Value> = serde_json::from_str(&trickle.candidate_init).ok();
        let candidate = init
            .as_ref()
            .and_then(|init| init.get("candidate")?.as_str());
        if let (Some(link), Some(candidate)) = (link, candidate) {
            link.add_remote_candidate(candidate);
        }
    }
}
