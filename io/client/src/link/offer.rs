//! Offers and answers of a connection.

use std::time::Instant;

use str0m::Rtc;
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::media::{Direction, MediaKind, Mid, Simulcast, SimulcastLayer};

use super::{Channel, Disagreement, Link};

/// What our next offer says.
#[derive(Default)]
pub(crate) struct OfferPlan {
    pub(crate) add: Vec<NewSection>,
    /// Sections that wait for media, whatever the last answer said of them.
    pub(crate) receive: Vec<Mid>,
    /// Sections that carry nothing any more.
    pub(crate) stop: Vec<Mid>,
    /// Opens the data channels.
    pub(crate) channels: bool,
    pub(crate) ice_restart: bool,
}

/// A media section to add.
pub(crate) enum NewSection {
    Receive(MediaKind),
    Send {
        kind: MediaKind,
        cid: String,
        rids: &'static [&'static str],
    },
}

/// An offer to send.
pub(crate) struct LocalOffer {
    pub(crate) id: u32,
    pub(crate) sdp: String,
    /// The names of [`OfferPlan::add`], in its order.
    pub(crate) added: Vec<Mid>,
}

/// An offer that waits for its answer.
pub(super) struct Pending {
    id: u32,
    offer: SdpPendingOffer,
}

impl Link {
    pub(crate) fn has_pending_offer(&self) -> bool {
        self.pending.is_some()
    }

    /// The answer will not come; the next offer says it all again.
    pub(crate) fn abandon_offer(&mut self) {
        self.pending = None;
    }

    /// Makes an offer, in place of one that was not answered.
    pub(crate) fn offer(&mut self, now: Instant, plan: OfferPlan) -> Option<LocalOffer> {
        self.advance(now);
        self.pending = None;
        let (offer, pending, added) = self.change(|rtc| make(rtc, plan))?;
        self.last_offer += 1;
        self.pending = Some(Pending {
            id: self.last_offer,
            offer: pending,
        });
        Some(LocalOffer {
            id: self.last_offer,
            sdp: offer.to_sdp_string(),
            added,
        })
    }

    /// False: it answers another offer than the last.
    pub(crate) fn accept_answer(
        &mut self,
        now: Instant,
        id: u32,
        sdp: &str,
    ) -> Result<bool, Disagreement> {
        self.advance(now);
        let Some(pending) = self.pending.take_if(|pending| id == 0 || pending.id == id) else {
            return Ok(false);
        };
        let answer = SdpAnswer::from_sdp_string(sdp).map_err(|_| Disagreement)?;
        self.change(|rtc| rtc.sdp_api().accept_answer(pending.offer, answer))
            .map_err(|_| Disagreement)?;
        self.senders.clear();
        self.flush();
        Ok(true)
    }

    /// The answer to the server's offer.
    pub(crate) fn accept_offer(&mut self, now: Instant, sdp: &str) -> Result<String, Disagreement> {
        self.advance(now);
        let offer = SdpOffer::from_sdp_string(sdp).map_err(|_| Disagreement)?;
        let answer = self
            .change(|rtc| rtc.sdp_api().accept_offer(offer))
            .map_err(|_| Disagreement)?;
        self.senders.clear();
        // The engine begins to check candidates when it is told the time.
        self.flush();
        Ok(answer.to_sdp_string())
    }
}

fn make(rtc: &mut Rtc, plan: OfferPlan) -> Option<(SdpOffer, SdpPendingOffer, Vec<Mid>)> {
    let mut api = rtc.sdp_api();
    let add = |section| add(&mut api, section);
    let added: Vec<_> = plan.add.into_iter().map(add).collect();
    if plan.channels {
        for channel in Channel::ALL {
            api.add_channel_with_config(channel.configuration());
        }
    }
    for mid in plan.receive {
        // The engine offers only what changes, and the server may wait for just another offer. By
        // way of a direction that receives too, what is on its way is not forgotten.
        api.set_direction(mid, Direction::SendRecv);
        api.set_direction(mid, Direction::RecvOnly);
    }
    for mid in plan.stop {
        api.set_direction(mid, Direction::Inactive);
    }
    if plan.ice_restart {
        api.ice_restart(true);
    }
    let (offer, pending) = api.apply()?;
    Some((offer, pending, added))
}

fn add(api: &mut str0m::change::SdpApi<'_>, section: NewSection) -> Mid {
    match section {
        NewSection::Receive(kind) => api.add_media(kind, Direction::RecvOnly, None, None, None),
        NewSection::Send { kind, cid, rids } => {
            let simulcast = (!rids.is_empty()).then(|| Simulcast {
                send: rids.iter().map(|rid| SimulcastLayer::new(rid)).collect(),
                recv: Vec::new(),
            });
            let stream = Some(cid.clone());
            api.add_media(kind, Direction::SendOnly, stream, Some(cid), simulcast)
        }
    }
}
