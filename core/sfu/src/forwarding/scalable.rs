//! Properties of layer dropping: what is sent can be decoded, whatever is chosen when.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::test_time::start;

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sent_of_vp9_can_be_decoded(
        structure in any_structure(), upward in any::<bool>(), pictures in pictures(),
    ) {
        let mut world = World::new(Codec::Vp9, structure, upward);
        world.live(&pictures);
        world.check()?;
    }

    #[test]
    fn what_is_sent_of_av1_can_be_decoded(structure in any_structure(), pictures in pictures()) {
        let mut world = World::new(Codec::Av1, structure, false);
        world.live(&pictures);
        world.check()?;
    }
}

#[test]
fn the_wanted_layer_is_reached_at_a_key_picture() {
    for codec in [Codec::Vp9, Codec::Av1] {
        for structure in [Structure::Full, Structure::KeyOnly] {
            for target in all_layers() {
                let mut world = World::new(codec, structure, true);
                world.live(&[picture(false, Some(target)), picture(true, None)]);

                assert_eq!(
                    world.forwarder.current(),
                    Some(target),
                    "{codec:?} {structure:?}"
                );
                assert_eq!(world.forwarder.wants_key_frame(), None);
            }
        }
    }
}

#[test]
fn a_lower_layer_of_a_fully_scalable_stream_needs_no_key_picture() {
    for codec in [Codec::Vp9, Codec::Av1] {
        let mut world = World::new(codec, Structure::Full, true);
        world.live(&[picture(true, Some(at(2, 2)))]);

        world.live(&[picture(false, Some(at(0, 1))), picture(false, None)]);

        assert_eq!(world.forwarder.current(), Some(at(0, 1)), "{codec:?}");
        assert_eq!(world.forwarder.wants_key_frame(), None);
    }
}

#[test]
fn an_upper_spatial_layer_asks_for_a_key_picture() {
    for codec in [Codec::Vp9, Codec::Av1] {
        let mut world = World::new(codec, Structure::Full, true);
        world.live(&[picture(true, Some(at(0, 2)))]);

        world.live(&[picture(false, Some(at(2, 2))), picture(false, None)]);

        assert_eq!(world.forwarder.wants_key_frame(), Some(0), "{codec:?}");
        world.live(&[picture(true, None)]);
        assert_eq!(world.forwarder.wants_key_frame(), None);
    }
}

#[test]
fn an_upper_temporal_layer_is_reached_without_a_key_picture() {
    for codec in [Codec::Vp9, Codec::Av1] {
        let mut world = World::new(codec, Structure::Full, true);
        world.live(&[picture(true, Some(at(1, 0)))]);

        world.live(&[picture(false, Some(at(1, 2)))]);
        world.live(&vec![picture(false, None); 4]);

        assert_eq!(world.forwarder.current(), Some(at(1, 2)), "{codec:?}");
    }
}

#[test]
fn lower_layers_that_nobody_needs_are_dropped_from_av1() {
    let mut world = World::new(Codec::Av1, Structure::KeyOnly, false);
    world.live(&[picture(true, Some(at(2, 2))), picture(false, None)]);

    let second: Vec<u8> = world
        .sent
        .iter()
        .filter(|sent| sent.frame.picture == 1)
        .map(|sent| sent.frame.spatial)
        .collect();

    assert_eq!(second, [2, 2]);
}

/// How pictures of three spatial and three temporal layers depend on each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Structure {
    /// L3T3: upper layers build on the lower ones in each picture.
    Full,
    /// L3T3_KEY: in key pictures only.
    KeyOnly,
}

#[derive(Clone, Debug)]
struct Picture {
    key: bool,
    target: Option<Layer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Frame {
    picture: u64,
    spatial: u8,
}

#[derive(Debug)]
struct Sent {
    frame: Frame,
    marker: bool,
    sequence: u64,
}

struct World {
    codec: Codec,
    structure: Structure,
    /// VP9: base layer pictures say that upper temporal layers can begin there.
    upward: bool,
    source: Source,
    forwarder: Forwarder,
    picture: u64,
    since_key: u64,
    sequence: u64,
    frame_number: u64,
    /// Of each chain, the number of its last frame.
    chains: [u64; 3],
    numbers: BTreeMap<Frame, u64>,
    references: BTreeMap<Frame, Vec<Frame>>,
    sent: Vec<Sent>,
}

impl World {
    fn new(codec: Codec, structure: Structure, upward: bool) -> Self {
        let mut forwarder = Forwarder::new(Mode::Video);
        forwarder.set_target(Some(Layer::HIGHEST));
        Self {
            codec,
            structure,
            upward,
            source: Source::new(codec, Scalability::Svc),
            forwarder,
            picture: 0,
            since_key: 0,
            sequence: 1_000,
            frame_number: 65_500,
            chains: [0; 3],
            numbers: BTreeMap::new(),
            references: BTreeMap::new(),
            sent: Vec::new(),
        }
    }

    fn live(&mut self, pictures: &[Picture]) {
        for picture in pictures {
            if let Some(target) = picture.target {
                self.forwarder.set_target(Some(target));
            }
            let key = picture.key || self.picture == 0;
            self.since_key = if key { 0 } else { self.since_key + 1 };
            (0..3).for_each(|spatial| self.encode(spatial));
            self.picture += 1;
        }
    }

    /// One layer frame in two packets.
    fn encode(&mut self, spatial: u8) {
        let key = self.since_key == 0;
        let temporal = [0, 2, 1, 2][(self.since_key % 4) as usize];
        let back = [4, 1, 2, 1][(self.since_key % 4) as usize];
        let frame = Frame {
            picture: self.picture,
            spatial,
        };
        let mut references = Vec::new();
        if !key {
            references.push(Frame {
                picture: self.picture - back,
                spatial,
            });
        }
        if spatial > 0 && (key || self.structure == Structure::Full) {
            references.push(Frame {
                spatial: spatial - 1,
                ..frame
            });
        }
        self.frame_number += 1;
        self.numbers.insert(frame, self.frame_number);
        for starts in [true, false] {
            let (payload, extension) = match self.codec {
                Codec::Av1 => (
                    vec![0x10],
                    Some(self.descriptor(frame, temporal, &references, starts)),
                ),
                _ => (self.vp9(spatial, temporal, starts), None),
            };
            self.send(frame, &payload, extension.as_deref(), starts);
        }
        if temporal == 0 {
            for chain in 0..3_u8 {
                let lower = key || self.structure == Structure::Full;
                if chain == spatial || lower && spatial < chain {
                    self.chains[usize::from(chain)] = self.frame_number;
                }
            }
        }
        self.references.insert(frame, references);
    }

    fn send(&mut self, frame: Frame, payload: &[u8], extension: Option<&[u8]>, starts: bool) {
        self.sequence += 1;
        let packet = self.source.parse(&Incoming {
            ssrc: 1,
            stream: 0,
            sequence: self.sequence,
            timestamp: frame.picture as u32 * 3_000,
            marker: frame.spatial == 2 && !starts,
            payload,
            dependency_descriptor: extension,
            arrived: start(),
            sender_report: None,
        });
        if let Verdict::Forward(outgoing) = self.forwarder.forward(&packet.unwrap()) {
            self.sent.push(Sent {
                frame,
                marker: outgoing.marker,
                sequence: outgoing.sequence,
            });
        }
    }

    fn vp9(&self, spatial: u8, temporal: u8, starts: bool) -> Vec<u8> {
        let key = self.since_key == 0;
        let flags = 0xa0 | u8::from(!key) << 6 | u8::from(starts) << 3 | u8::from(!starts) << 2;
        let [high, low] = (self.picture as u16 & 0x7fff).to_be_bytes();
        let switches = match temporal {
            0 => self.upward,
            _ => self.since_key % 4 != 3,
        };
        let inter_layer = spatial > 0 && (key || self.structure == Structure::Full);
        let layer = temporal << 5 | u8::from(switches) << 4 | spatial << 1 | u8::from(inter_layer);
        vec![flags, high | 0x80, low, layer, 0, 0x86]
    }

    fn descriptor(
        &self,
        frame: Frame,
        temporal: u8,
        references: &[Frame],
        starts: bool,
    ) -> Vec<u8> {
        let key = self.since_key == 0;
        let mut bits = Bits::default();
        bits.put(u32::from(starts), 1).put(u32::from(!starts), 1);
        bits.put(u32::from(frame.spatial * 3 + temporal), 6);
        bits.put(self.frame_number as u32 & 0xffff, 16);
        let attaches = key && frame.spatial == 0 && starts;
        bits.put(if attaches { 0b10111 } else { 0b00111 }, 5);
        if attaches {
            self.attach(&mut bits);
        }
        for target in all_layers() {
            bits.put(self.indication(frame.spatial, temporal, target), 2);
        }
        for reference in references {
            let difference = self.frame_number - self.numbers[reference];
            bits.put(2, 2).put(difference as u32 - 1, 8);
        }
        bits.put(0, 2);
        for chain in self.chains {
            let starts = key && frame.spatial == 0;
            let difference = if starts { 0 } else { self.frame_number - chain };
            bits.put(difference as u32, 8);
        }
        bits.bytes()
    }

    /// Nine templates and decode targets, three chains.
    fn attach(&self, bits: &mut Bits) {
        bits.put(0, 6).put(8, 5);
        for next in [1, 1, 2, 1, 1, 2, 1, 1, 3] {
            bits.put(next, 2);
        }
        for layer in all_layers() {
            for target in all_layers() {
                let same = layer.spatial == target.spatial && layer.temporal <= target.temporal;
                bits.put(if same { 2 } else { 0 }, 2);
            }
        }
        bits.put(0, 9);
        // 3 of at most 9 chains, and which protects each decode target.
        bits.put(3, 3);
        for target in all_layers() {
            match target.spatial {
                0 => bits.put(0, 1),
                1 => bits.put(0b10, 2),
                _ => bits.put(0b11, 2),
            };
        }
        bits.put(0, 9 * 3 * 4 / 4)
            .put(0, 27)
            .put(0, 27)
            .put(0, 27)
            .put(0, 1);
    }

    fn indication(&self, spatial: u8, temporal: u8, target: Layer) -> u32 {
        let lower = self.since_key == 0 || self.structure == Structure::Full;
        let in_spatial = spatial == target.spatial || lower && spatial < target.spatial;
        if !in_spatial || temporal > target.temporal {
            return 0;
        }
        match (temporal, target.temporal) {
            (0, _) | (1, 2) => 2,
            _ => 1,
        }
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let sent: BTreeSet<Frame> = self.sent.iter().map(|sent| sent.frame).collect();
        for frame in &sent {
            for reference in &self.references[frame] {
                prop_assert!(sent.contains(reference), "{frame:?} lacks {reference:?}");
            }
        }
        for (expected, sent) in (1..).zip(&self.sent) {
            prop_assert_eq!(sent.sequence, expected);
        }
        for pair in self.sent.windows(2) {
            let ends = pair[0].frame.picture != pair[1].frame.picture;
            prop_assert_eq!(pair[0].marker, ends, "{:?}", pair);
        }
        Ok(())
    }
}

#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn put(&mut self, number: u32, count: u32) -> &mut Self {
        let bits = (0..count).rev().map(|bit| (number >> bit) & 1 == 1);
        self.0.extend(bits);
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let pack = |bits: &[bool]| {
            let packed = bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
            packed << (8 - bits.len())
        };
        self.0.chunks(8).map(pack).collect()
    }
}

fn pictures() -> impl Strategy<Value = Vec<Picture>> {
    let layer = (0_u8..3, 0_u8..3).prop_map(|(spatial, temporal)| at(spatial, temporal));
    let target = prop::option::weighted(0.2, layer);
    let picture = (prop::bool::weighted(0.1), target);
    let picture = picture.prop_map(|(key, target)| Picture { key, target });
    prop::collection::vec(picture, 1..80)
}

fn any_structure() -> impl Strategy<Value = Structure> {
    prop_oneof![Just(Structure::Full), Just(Structure::KeyOnly)]
}

fn all_layers() -> Vec<Layer> {
    (0..9).map(|index| at(index / 3, index % 3)).collect()
}

fn picture(key: bool, target: Option<Layer>) -> Picture {
    Picture { key, target }
}

fn at(spatial: u8, temporal: u8) -> Layer {
    Layer { spatial, temporal }
}
