//! Chooses spatial and temporal layers of VP9 by its payload descriptor.
//!
//! All spatial layers up to the chosen one are sent, those too that a decoder would not need for
//! the highest: so a lower one can be chosen at any picture, without a key frame.

use super::packet::Packet;
use super::{Choice, DropReason};
use crate::codec::vp9::Descriptor;
use crate::layers::Layer;

#[derive(Clone, Debug)]
pub(super) struct Vp9Selector {
    layer: Layer,
    /// What was sent before the packet of this number.
    earlier: Option<(u64, Layer)>,
    /// The newest picture, and the highest layer of it that was kept.
    picture: Option<(u32, Option<u8>)>,
    wants_key_frame: bool,
}

impl Vp9Selector {
    pub(super) fn new() -> Self {
        Self {
            layer: Layer::default(),
            earlier: None,
            picture: None,
            wants_key_frame: false,
        }
    }

    pub(super) fn layer(&self) -> Layer {
        self.layer
    }

    pub(super) fn wants_key_frame(&self, target: Layer) -> bool {
        self.wants_key_frame && self.layer.spatial < target.spatial
    }

    pub(super) fn choose(
        &mut self,
        packet: &Packet,
        descriptor: &Descriptor,
        target: Layer,
    ) -> Choice {
        if packet.newest {
            self.follow(packet, descriptor, target);
        }
        let layer = match self.earlier {
            Some((switched, earlier)) if packet.sequence < switched => earlier,
            _ => self.layer,
        };
        let spatial = descriptor.spatial();
        if spatial > layer.spatial || descriptor.temporal() > layer.temporal {
            return Choice::Drop(DropReason::Layer);
        }
        if packet.newest {
            self.picture = Some((packet.timestamp, Some(spatial)));
        }
        let ends_picture = descriptor.ends_frame && spatial == layer.spatial;
        Choice::keep(packet.marker || ends_picture, None)
    }

    /// Moves towards the target where the newest packet allows.
    fn follow(&mut self, packet: &Packet, descriptor: &Descriptor, target: Layer) {
        let before = self.layer;
        let same_picture = self
            .picture
            .filter(|(timestamp, _)| *timestamp == packet.timestamp);
        let kept = same_picture.and_then(|(_, kept)| kept);
        if same_picture.is_none() {
            self.picture = Some((packet.timestamp, None));
            self.begin_picture(descriptor, target);
        }
        if builds_on(descriptor, kept) && descriptor.spatial() <= target.spatial {
            self.layer.spatial = self.layer.spatial.max(descriptor.spatial());
        }
        if self.layer != before {
            self.earlier = Some((packet.sequence, before));
        }
    }

    fn begin_picture(&mut self, descriptor: &Descriptor, target: Layer) {
        if descriptor.starts_key_frame() {
            self.layer = Layer {
                spatial: target.spatial,
                temporal: target.temporal.max(descriptor.temporal()),
            };
            self.wants_key_frame = false;
            return;
        }
        self.layer.spatial = self.layer.spatial.min(target.spatial);
        self.layer.temporal = self.layer.temporal.min(target.temporal);
        if let Some(indices) = descriptor.layer
            && indices.switching_up
            && indices.temporal <= target.temporal
        {
            // RFC 9628: what follows needs no earlier picture of the upper layers. libwebrtc
            // marks so a frame of an upper layer that needs lower ones only.
            if indices.temporal == 0 {
                self.layer.temporal = target.temporal;
            } else if indices.temporal == self.layer.temporal + 1 {
                self.layer.temporal = indices.temporal;
            }
        }
        self.wants_key_frame = self.layer.spatial < target.spatial;
    }
}

/// The frame needs nothing but the layer of its own picture that was kept: an entry point to its
/// spatial layer.
fn builds_on(descriptor: &Descriptor, kept: Option<u8>) -> bool {
    descriptor.begins_frame
        && !descriptor.inter_predicted
        && kept.is_some_and(|kept| kept + 1 == descriptor.spatial())
}
