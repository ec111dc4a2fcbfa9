//! Properties over random histories of loss, reordering, duplication, switches, pauses, restarts.
//!
//! A failing history is printed shrunk, with the seed that repeats it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::test_time::start;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn sequence_numbers_never_go_back_and_none_is_used_twice(history in history(true)) {
        let mut world = World::new();

        world.live(&history);

        let mut used = BTreeSet::new();
        let mut newest = 0;
        for sent in &world.sent {
            prop_assert!(used.insert(sent.outgoing.sequence), "used twice: {sent:?}");
            prop_assert!(
                sent.outgoing.sequence > newest || sent.late,
                "went back from {newest}: {sent:?}"
            );
            newest = newest.max(sent.outgoing.sequence);
        }
        if let Some(first) = world.sent.first() {
            prop_assert_eq!(first.outgoing.sequence, 1);
        }
    }

    #[test]
    fn without_loss_there_are_no_gaps(history in history(false)) {
        let mut world = World::new();

        world.live(&history);

        for (expected, sent) in (1..).zip(&world.sent) {
            prop_assert_eq!(sent.outgoing.sequence, expected);
        }
    }

    #[test]
    fn without_loss_picture_ids_have_no_gaps(history in history(false)) {
        let mut world = World::new();

        world.live(&history);

        let mut newest = 0;
        for sent in &world.sent {
            let picture = sent.outgoing.vp8.unwrap().picture_id.unwrap();
            prop_assert!(
                picture == newest && !sent.starts_frame || picture == newest + 1 && sent.starts_frame,
                "{picture} after {newest}: {sent:?}"
            );
            newest = picture;
        }
    }

    #[test]
    fn each_start_is_a_key_frame(history in history(true)) {
        let mut world = World::new();

        world.live(&history);

        let mut begun = None;
        for sent in &world.sent {
            let source = (sent.ssrc, sent.segment);
            if begun != Some(source) && !sent.late {
                prop_assert!(sent.key, "began in the middle: {sent:?}");
                begun = Some(source);
            }
        }
    }

    #[test]
    fn timestamps_never_go_back(history in history(false)) {
        let mut world = World::new();

        world.live(&history);

        for (before, after) in world.sent.iter().zip(world.sent.iter().skip(1)) {
            let step = after.outgoing.timestamp.wrapping_sub(before.outgoing.timestamp) as i32;
            prop_assert!(step >= 0, "{before:?} then {after:?}");
            prop_assert_eq!(step == 0, !after.starts_frame, "{:?} then {:?}", before, after);
        }
    }

    #[test]
    fn a_late_packet_of_a_picture_has_the_numbers_of_its_picture(history in history(true)) {
        let mut world = World::new();

        world.live(&history);

        let mut pictures = BTreeMap::new();
        for sent in world.sent.iter().filter(|sent| sent.outgoing.payload == Payload::Whole) {
            let outgoing = &sent.outgoing;
            let values = (outgoing.timestamp, outgoing.vp8);
            let known = *pictures.entry((sent.ssrc, sent.frame)).or_insert(values);
            prop_assert_eq!(known, values);
        }
    }
}

#[derive(Clone, Debug)]
enum Event {
    Frame {
        stream: usize,
        kind: Kind,
        packets: Vec<Fate>,
    },
    Target(Option<Layer>),
    /// The publisher starts the stream anew.
    Restart {
        stream: usize,
        sequence: u64,
    },
    /// The network is away while the publisher sends this many packets.
    Outage {
        stream: usize,
        packets: u64,
    },
    Wait(u64),
}

#[derive(Clone, Copy, Debug)]
struct Kind {
    key: bool,
    temporal: u8,
    sync: bool,
}

#[derive(Clone, Copy, Debug)]
enum Fate {
    Arrives,
    IsLost,
    ComesTwice,
    /// After this many further packets.
    ComesLate(usize),
}

fn history(unreliable: bool) -> impl Strategy<Value = Vec<Event>> {
    let fate = if unreliable {
        prop_oneof![
            12 => Just(Fate::Arrives),
            1 => Just(Fate::IsLost),
            1 => Just(Fate::ComesTwice),
            2 => (1_usize..40).prop_map(Fate::ComesLate),
        ]
        .boxed()
    } else {
        Just(Fate::Arrives).boxed()
    };
    let kind = (prop::bool::weighted(0.2), 0_u8..4, any::<bool>());
    let kind = kind.prop_map(|(key, temporal, sync)| Kind {
        key,
        temporal,
        sync,
    });
    let stream = 0_usize..3;
    let layer = (0_u8..3, 0_u8..4).prop_map(|(spatial, temporal)| Layer { spatial, temporal });
    let frame = (stream.clone(), kind, prop::collection::vec(fate, 1..4)).prop_map(
        |(stream, kind, packets)| Event::Frame {
            stream,
            kind,
            packets,
        },
    );
    let restart = (stream.clone(), 0_u64..70_000);
    let outage = (stream, 1_u64..3_000);
    let event = prop_oneof![
        60 => frame,
        6 => prop::option::weighted(0.8, layer).prop_map(Event::Target),
        1 => restart.prop_map(|(stream, sequence)| Event::Restart { stream, sequence }),
        u32::from(unreliable) => outage.prop_map(|(stream, packets)| Event::Outage { stream, packets }),
        2 => (0_u64..5_000).prop_map(Event::Wait),
    ];
    prop::collection::vec(event, 1..150)
}

/// A publisher with three VP8 streams, the way to us, and one subscriber.
struct World {
    source: Source,
    forwarder: Forwarder,
    streams: [Stream; 3],
    ssrcs: u32,
    now: Instant,
    /// With how many further packets each waits for.
    delayed: Vec<(usize, Sending)>,
    /// The newest packet that came, per SSRC.
    newest: BTreeMap<u32, u64>,
    /// Counts the pauses and targets.
    segment: u32,
    sent: Vec<Sent>,
}

#[derive(Clone, Copy)]
struct Stream {
    ssrc: u32,
    sequence: u64,
    frame: u64,
    base_layer: u8,
}

#[derive(Clone, Copy)]
struct Sending {
    stream: usize,
    ssrc: u32,
    sequence: u64,
    frame: u64,
    base_layer: u8,
    kind: Kind,
    starts: bool,
    ends: bool,
}

#[derive(Debug)]
struct Sent {
    outgoing: Outgoing,
    ssrc: u32,
    frame: u64,
    segment: u32,
    key: bool,
    starts_frame: bool,
    late: bool,
}

impl World {
    fn new() -> Self {
        let stream = |ssrc| Stream {
            ssrc,
            sequence: 65_000 + u64::from(ssrc),
            frame: 32_000,
            base_layer: 250,
        };
        let mut forwarder = Forwarder::new(Mode::Video);
        forwarder.set_target(Some(Layer::HIGHEST));
        Self {
            source: Source::new(Codec::Vp8, Scalability::Simulcast),
            forwarder,
            streams: [stream(0), stream(1), stream(2)],
            ssrcs: 3,
            now: start(),
            delayed: Vec::new(),
            newest: BTreeMap::new(),
            segment: 0,
            sent: Vec::new(),
        }
    }

    fn live(&mut self, history: &[Event]) {
        for event in history {
            match event {
                Event::Frame {
                    stream,
                    kind,
                    packets,
                } => self.publish(*stream, *kind, packets),
                Event::Target(target) => {
                    self.segment += u32::from(target.is_none());
                    self.forwarder.set_target(*target);
                }
                Event::Restart { stream, sequence } => self.restart(*stream, *sequence),
                Event::Outage { stream, packets } => {
                    self.streams[*stream].sequence += packets;
                    self.streams[*stream].frame += packets;
                }
                Event::Wait(milliseconds) => self.now += Duration::from_millis(*milliseconds),
            }
        }
    }

    fn restart(&mut self, stream: usize, sequence: u64) {
        self.streams[stream] = Stream {
            ssrc: self.ssrcs,
            sequence,
            frame: sequence % 30_000,
            base_layer: 7,
        };
        self.ssrcs += 1;
    }

    fn publish(&mut self, stream: usize, kind: Kind, packets: &[Fate]) {
        self.now += Duration::from_millis(10);
        let kind = Kind {
            temporal: if kind.key { 0 } else { kind.temporal },
            ..kind
        };
        let state = &mut self.streams[stream];
        state.frame += 1;
        state.base_layer = state.base_layer.wrapping_add(u8::from(kind.temporal == 0));
        let Stream {
            ssrc,
            frame,
            base_layer,
            ..
        } = *state;
        for (index, fate) in packets.iter().enumerate() {
            self.streams[stream].sequence += 1;
            let packet = Sending {
                stream,
                ssrc,
                sequence: self.streams[stream].sequence,
                frame,
                base_layer,
                kind,
                starts: index == 0,
                ends: index + 1 == packets.len(),
            };
            match fate {
                Fate::Arrives => self.deliver(packet),
                Fate::IsLost => {}
                Fate::ComesTwice => {
                    self.deliver(packet);
                    self.deliver(packet);
                }
                Fate::ComesLate(packets) => self.delayed.push((*packets, packet)),
            }
            self.deliver_delayed();
        }
    }

    fn deliver_delayed(&mut self) {
        for (wait, _) in &mut self.delayed {
            *wait -= 1;
        }
        let (due, delayed) = self.delayed.iter().partition(|(wait, _)| *wait == 0);
        self.delayed = delayed;
        let due: Vec<(usize, Sending)> = due;
        for (_, packet) in due {
            self.deliver(packet);
        }
    }

    fn deliver(&mut self, packet: Sending) {
        let newest = self.newest.entry(packet.ssrc).or_insert(0);
        let late = packet.sequence < *newest;
        *newest = packet.sequence.max(*newest);
        let [high, low] = (packet.frame as u16 & 0x7fff).to_be_bytes();
        let first = 0x80 | u8::from(packet.starts) << 4;
        let layer = packet.kind.temporal << 6 | u8::from(packet.kind.sync) << 5;
        let data = u8::from(!packet.kind.key);
        let payload = [
            first,
            0xe0,
            high | 0x80,
            low,
            packet.base_layer,
            layer,
            data,
        ];
        let parsed = self.source.parse(&Incoming {
            ssrc: packet.ssrc,
            stream: packet.stream,
            sequence: packet.sequence,
            timestamp: (packet.frame as u32).wrapping_mul(3_000),
            marker: packet.ends,
            payload: &payload,
            dependency_descriptor: None,
            arrived: self.now,
            sender_report: None,
        });
        let Ok(parsed) = parsed else {
            return;
        };
        if let Verdict::Forward(outgoing) = self.forwarder.forward(&parsed) {
            self.sent.push(Sent {
                outgoing,
                ssrc: packet.ssrc,
                frame: packet.frame,
                segment: self.segment,
                key: packet.kind.key && packet.starts,
                starts_frame: packet.starts,
                late,
            });
        }
    }
}
