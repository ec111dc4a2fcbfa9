//! Offers and answers of one connection.

use std::collections::BTreeMap;
use std::time::Instant;

use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::media::{Direction, MediaKind};
use str0m::{Rtc, RtcError};

use super::channels;
use super::output::DataChannel;
use super::sinks::engine_mid;
use super::{Peer, Role};
use crate::sdp::{
    AnswerPlan, Kind, MAX_SDP_BYTES, MAX_SECTIONS, Mid, Offer, SdpError, SectionKind, Source,
    rewrite_answer, rewrite_offer,
};

/// What our next offer changes.
#[derive(Default)]
pub struct OfferChange {
    pub add: Vec<NewSection>,
    /// Sections of earlier offers that are inactive: they carry another track from here on, with
    /// fresh SSRCs, so that their sequence numbers start anew.
    pub reuse: Vec<Reuse>,
    /// Sections that carry nothing until they are reused.
    pub deactivate: Vec<Mid>,
    pub ice_restart: bool,
}

pub struct NewSection {
    pub kind: Kind,
    pub source: Source,
}

pub struct Reuse {
    pub mid: Mid,
    pub source: Source,
}

/// An offer to send to the client.
pub struct LocalOffer {
    pub sdp: String,
    /// The names of [`OfferChange::add`], in its order.
    pub added: Vec<Mid>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NegotiationError {
    #[error("the description can't be read")]
    Sdp(#[from] SdpError),
    /// The engine's own words, for the log; they quote no more than the description's syntax.
    #[error("the description is refused: {0}")]
    Refused(String),
    #[error("an offer is waiting for its answer")]
    OfferPending,
    #[error("no offer is waiting for an answer")]
    NoOffer,
    #[error("the offer would change nothing")]
    NothingToOffer,
    #[error("there is no such media section to reuse or deactivate")]
    NoSection,
    #[error("the connection is closed")]
    Closed,
}

/// A media section of our own offers (v0).
pub(super) struct Section {
    kind: Kind,
    /// `None`: it carries nothing.
    source: Option<Source>,
}

impl Peer {
    /// Answers the client's offer. `plan` says what each section is for; the room makes it from
    /// [`Offer`]. An offer with other ICE credentials restarts ICE. A section that carries
    /// something again gets fresh SSRCs: clients' receivers are not set up anew for the old ones,
    /// and sequence numbers start anew.
    ///
    /// # Errors
    ///
    /// [`NegotiationError`]; the connection may then be in no state to go on.
    pub fn accept_offer(
        &mut self,
        now: Instant,
        offer: &str,
        plan: &AnswerPlan,
    ) -> Result<String, NegotiationError> {
        self.advance(now);
        if self.pending.is_some() {
            return Err(NegotiationError::OfferPending);
        }
        let sections = Offer::parse(offer)?;
        let reused = self.reused(&sections, plan);
        let answer = self.change(|rtc| {
            let offer = SdpOffer::from_sdp_string(offer)?;
            for (mid, kind) in &reused {
                renew_stream(rtc, *mid, *kind);
            }
            let answer = rtc.sdp_api().accept_offer(offer)?;
            Ok(answer.to_sdp_string())
        });
        self.negotiated();
        let answer = answer.ok_or(NegotiationError::Closed)?.map_err(refused)?;
        Ok(rewrite_answer(&answer, &sections, plan))
    }

    /// Makes an offer. The first one of a subscriber connection opens the data channels.
    ///
    /// # Errors
    ///
    /// While an offer is unanswered, or when `change` is empty or names unknown sections; nothing
    /// is changed then.
    pub fn create_offer(
        &mut self,
        now: Instant,
        change: &OfferChange,
    ) -> Result<LocalOffer, NegotiationError> {
        self.advance(now);
        if self.pending.is_some() {
            return Err(NegotiationError::OfferPending);
        }
        if self.sections.len() + change.add.len() > MAX_SECTIONS {
            return Err(SdpError::TooManySections.into());
        }
        let mut named = change
            .reuse
            .iter()
            .map(|r| r.mid)
            .chain(change.deactivate.iter().copied());
        if !named.all(|mid| self.sections.contains_key(&mid)) {
            return Err(NegotiationError::NoSection);
        }

        let opens_channels = self.role == Role::Subscriber && !self.channels_offered;
        let reused: Vec<(Mid, Kind)> = change
            .reuse
            .iter()
            .filter_map(|r| Some((r.mid, self.sections.get(&r.mid)?.kind)))
            .collect();
        let made = self.change(|rtc| make_offer(rtc, change, &reused, opens_channels));
        let made = made.ok_or(NegotiationError::Closed)?;
        let (offer, pending, added, ufrag) = made.ok_or(NegotiationError::NothingToOffer)?;

        self.pending = Some(pending);
        self.channels_offered |= opens_channels;
        if let Some(ufrag) = ufrag {
            self.claims.add(ufrag, &mut self.events);
        }
        self.assign(change, &added);
        Ok(LocalOffer {
            sdp: rewrite_offer(&offer, &self.sources()),
            added,
        })
    }

    /// Takes the answer to the pending offer. The sections of [`LocalOffer`] can send from here on.
    ///
    /// # Errors
    ///
    /// [`NegotiationError::NoOffer`] without an effect; else as [`Self::accept_offer`].
    pub fn accept_answer(&mut self, now: Instant, answer: &str) -> Result<(), NegotiationError> {
        self.advance(now);
        if answer.len() > MAX_SDP_BYTES {
            return Err(SdpError::TooLong.into());
        }
        let pending = self.pending.take().ok_or(NegotiationError::NoOffer)?;
        let accepted = self.change(|rtc| {
            let answer = SdpAnswer::from_sdp_string(answer)?;
            rtc.sdp_api().accept_answer(pending, answer)
        });
        self.negotiated();
        accepted.ok_or(NegotiationError::Closed)?.map_err(refused)
    }

    pub fn has_pending_offer(&self) -> bool {
        self.pending.is_some()
    }

    /// Sections that carry something again after an answer in which they did not.
    fn reused(&mut self, offer: &Offer, plan: &AnswerPlan) -> Vec<(Mid, Kind)> {
        let mut reused = Vec::new();
        for section in &offer.sections {
            let kind = match section.kind {
                SectionKind::Audio => Kind::Audio,
                SectionKind::Video => Kind::Video,
                SectionKind::Data => continue,
            };
            let carries = plan.send.contains_key(&section.mid);
            match self.answered.get_mut(&section.mid) {
                Some(carried) => {
                    if carries && !*carried {
                        reused.push((section.mid, kind));
                    }
                    *carried = carries;
                }
                None if carries => {
                    self.answered.insert(section.mid, true);
                }
                None => {}
            }
        }
        reused
    }

    fn negotiated(&mut self) {
        self.sinks.forget();
        self.candidates = 0;
        let current = self.engine.ufrag();
        self.claims.keep_only(current, &mut self.events);
    }

    /// Remembers what each section of our offer carries.
    fn assign(&mut self, change: &OfferChange, added: &[Mid]) {
        for (mid, section) in added.iter().zip(&change.add) {
            self.sections.insert(
                *mid,
                Section {
                    kind: section.kind,
                    source: Some(section.source.clone()),
                },
            );
        }
        let reused = change.reuse.iter().map(|r| (r.mid, Some(r.source.clone())));
        let deactivated = change.deactivate.iter().map(|mid| (*mid, None));
        for (mid, source) in reused.chain(deactivated) {
            if let Some(section) = self.sections.get_mut(&mid) {
                section.source = source;
            }
        }
    }

    fn sources(&self) -> BTreeMap<Mid, Source> {
        self.sections
            .iter()
            .filter_map(|(mid, section)| Some((*mid, section.source.clone()?)))
            .collect()
    }
}

type Made = (String, SdpPendingOffer, Vec<Mid>, Option<String>);

/// The offer, its sections' names, and the user name fragment of an ICE restart.
fn make_offer(
    rtc: &mut Rtc,
    change: &OfferChange,
    reused: &[(Mid, Kind)],
    opens_channels: bool,
) -> Option<Made> {
    for (mid, kind) in reused {
        renew_stream(rtc, *mid, *kind);
    }
    let mut api = rtc.sdp_api();
    if opens_channels {
        for channel in DataChannel::ALL {
            api.add_channel_with_config(channels::configuration(channel));
        }
    }
    for mid in &change.deactivate {
        api.set_direction(engine_mid(*mid), Direction::Inactive);
    }
    for (mid, _) in reused {
        api.set_direction(engine_mid(*mid), Direction::SendOnly);
    }
    let added = change
        .add
        .iter()
        .filter_map(|section| {
            let kind = match section.kind {
                Kind::Audio => MediaKind::Audio,
                Kind::Video => MediaKind::Video,
            };
            let Source {
                stream_id,
                track_id,
                ..
            } = section.source.clone();
            let mid = api.add_media(
                kind,
                Direction::SendOnly,
                Some(stream_id),
                Some(track_id),
                None,
            );
            Mid::new(&mid)
        })
        .collect();
    let ufrag = change.ice_restart.then(|| api.ice_restart(true).ufrag);
    let (offer, pending) = api.apply()?;
    Some((offer.to_sdp_string(), pending, added, ufrag))
}

/// Gives a section fresh SSRCs. The engine can also rename a stream, but then no longer finds it
/// by its SSRC when a client asks for a retransmission.
fn renew_stream(rtc: &mut Rtc, mid: Mid, kind: Kind) {
    let mut api = rtc.direct_api();
    let mid = engine_mid(mid);
    if let Some(old) = api.stream_tx_by_mid(mid, None).map(|stream| stream.ssrc()) {
        api.remove_stream_tx(old);
    }
    let ssrc = api.new_ssrc();
    let rtx = (kind == Kind::Video).then(|| api.new_ssrc());
    api.declare_stream_tx(ssrc, rtx, mid, None);
}

fn refused(error: RtcError) -> NegotiationError {
    NegotiationError::Refused(error.to_string())
}
