//! Chooses the frames of one decode target by the dependency descriptor (AV1, SVC).
//!
//! A decode target can be shown while the chain that protects it is unbroken: no frame of the
//! chain was dropped. A frame that is only missing may come late and breaks nothing yet. Another
//! decode target begins at a frame that says so, or anywhere if all it needs was sent already.

use super::frames::{Fate, Frames};
use super::packet::{Frame, Packet};
use super::{Choice, DropReason};
use crate::layers::Layer;

#[derive(Clone, Debug)]
pub(super) struct DecodeTargets {
    current: Option<Current>,
    frames: Frames,
    /// One bit per chain that is unbroken.
    unbroken: u32,
    /// One bit per decode target of which everything was sent that later frames may need.
    complete: u32,
    /// The timestamp of a picture of which a frame was sent. Its end is marked by the decode
    /// target, which therefore stays until the next picture.
    begun_picture: Option<u32>,
    wants_key_frame: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Current {
    index: u8,
    layer: Layer,
}

impl DecodeTargets {
    /// Begins with this key frame.
    pub(super) fn new(frame: &Frame) -> Self {
        Self {
            current: None,
            frames: Frames::starting_at(frame.number),
            unbroken: 0,
            complete: 0,
            begun_picture: None,
            wants_key_frame: false,
        }
    }

    pub(super) fn layer(&self) -> Layer {
        self.current
            .map_or(Layer::default(), |current| current.layer)
    }

    pub(super) fn wants_key_frame(&self) -> bool {
        self.current.is_none() || self.wants_key_frame
    }

    pub(super) fn choose(&mut self, packet: &Packet, frame: &Frame, target: Layer) -> Choice {
        let keep = match self.frames.fate(frame.number) {
            Fate::Kept => true,
            Fate::Dropped => false,
            Fate::Missing => self.decide(frame),
            Fate::New => {
                self.follow_chains(frame);
                if self.begun_picture != Some(packet.timestamp) {
                    self.follow_target(frame, target, packet.starts_key_frame);
                }
                let keep = self.decide(frame);
                if keep {
                    self.begun_picture = Some(packet.timestamp);
                }
                keep
            }
        };
        if !keep {
            return Choice::Drop(DropReason::Layer);
        }
        let ends_picture = frame.ends && frame.spatial == self.layer().spatial;
        Choice::keep(packet.marker || ends_picture, None)
    }

    fn decide(&mut self, frame: &Frame) -> bool {
        let keep = self
            .current
            .is_some_and(|current| has(frame.present, current.index));
        if !keep {
            self.complete &= !frame.needed;
        } else if self.can_be_decoded(frame) {
            self.complete |= frame.switches;
        }
        self.frames.decide(frame.number, keep);
        keep
    }

    fn can_be_decoded(&self, frame: &Frame) -> bool {
        frame.references.differences().all(|difference| {
            let reference = frame.number.checked_sub(u64::from(difference));
            reference.is_some_and(|reference| self.frames.fate(reference) != Fate::Dropped)
        })
    }

    fn follow_chains(&mut self, frame: &Frame) {
        let chains = frame.structure.chains();
        for (chain, difference) in frame.chain_differences.iter().take(chains).enumerate() {
            let previous = frame.number.checked_sub(u64::from(*difference));
            if *difference == 0 {
                self.unbroken |= 1 << chain;
            } else if previous.is_none_or(|previous| self.frames.fate(previous) == Fate::Dropped) {
                self.unbroken &= !(1 << chain);
            }
        }
    }

    /// Takes the best decode target up to the wanted layer that can be shown from here on. If
    /// there is none, what is sent goes on while it can be shown.
    fn follow_target(&mut self, frame: &Frame, target: Layer, key_frame: bool) {
        if key_frame {
            self.current = None;
        }
        let mut wished = None;
        let mut best = None;
        let enterable = if key_frame {
            u32::MAX
        } else if self.can_be_decoded(frame) {
            self.complete | frame.switches
        } else {
            self.complete
        };
        for index in 0..frame.structure.decode_targets() {
            let Some(candidate) = self.candidate(frame, index) else {
                continue;
            };
            let layer = candidate.current.layer;
            let wanted = layer.spatial <= target.spatial && layer.temporal <= target.temporal;
            if !wanted || !candidate.active {
                continue;
            }
            wished = better(wished, candidate);
            if candidate.unbroken && has(enterable, index) {
                best = better(best, candidate);
            }
        }
        self.wants_key_frame = wished.is_some_and(|wished| !wished.unbroken);
        if let Some(best) = best {
            self.current = Some(best.current);
        } else {
            let goes_on = |current: &Current| {
                self.candidate(frame, current.index)
                    .is_some_and(|same| same.unbroken)
            };
            self.current = self.current.filter(goes_on);
        }
    }

    fn candidate(&self, frame: &Frame, index: u8) -> Option<Candidate> {
        let target = frame.structure.decode_target(index)?;
        let layer = Layer {
            spatial: target.spatial,
            temporal: target.temporal,
        };
        Some(Candidate {
            current: Current { index, layer },
            active: has(frame.active_decode_targets, index),
            unbroken: target.chain.is_none_or(|chain| has(self.unbroken, chain)),
        })
    }
}

fn has(mask: u32, index: u8) -> bool {
    mask.checked_shr(u32::from(index)).unwrap_or(0) & 1 == 1
}

#[derive(Clone, Copy)]
struct Candidate {
    current: Current,
    active: bool,
    unbroken: bool,
}

fn better(best: Option<Candidate>, candidate: Candidate) -> Option<Candidate> {
    let layer = candidate.current.layer;
    match best {
        Some(best) if best.current.layer > layer => Some(best),
        _ => Some(candidate),
    }
}
