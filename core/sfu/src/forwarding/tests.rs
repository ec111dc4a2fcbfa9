//! Short stories of one subscriber and one track.

use std::time::{Duration, Instant};

use super::*;
use crate::test_time::start;

#[test]
fn audio_passes_from_the_first_packet() {
    let mut source = Source::new(Codec::Opus, Scalability::Simulcast);
    let mut forwarder = Forwarder::new(Mode::Audio { unwrap_red: false });

    let verdicts: Vec<_> = (700..703)
        .map(|sequence| {
            let packet = source.parse(&rtp(0, sequence, &[1])).unwrap();
            numbers(&forwarder.forward(&packet))
        })
        .collect();

    assert_eq!(verdicts, [Some(1), Some(2), Some(3)]);
    assert_eq!(forwarder.wants_key_frame(), None);
}

#[test]
fn redundant_audio_is_unwrapped_for_who_needs_it() {
    let mut source = Source::new(Codec::Red, Scalability::Simulcast);
    let payload = [0xef, 0x0f, 0x00, 0x01, 0x6f, 1, 7, 8];
    let packet = source.parse(&rtp(0, 5, &payload)).unwrap();

    let unwrapped = forwarded(Forwarder::new(Mode::Audio { unwrap_red: true }).forward(&packet));
    let whole = forwarded(Forwarder::new(Mode::Audio { unwrap_red: false }).forward(&packet));

    assert_eq!(unwrapped.payload, Payload::Part(6..8));
    assert_eq!(whole.payload, Payload::Whole);
}

#[test]
fn video_waits_for_a_target_and_a_key_frame() {
    let mut story = Vp8Story::new();

    assert_eq!(story.send(0, 1, KEY), None);
    story.forwarder.set_target(Some(LOW));
    assert_eq!(story.forwarder.wants_key_frame(), Some(0));
    assert_eq!(story.send(0, 2, DELTA), None);
    assert_eq!(story.send(0, 3, KEY), Some(1));
    assert_eq!(story.forwarder.wants_key_frame(), None);
    assert_eq!(story.forwarder.current(), Some(LOW));
}

#[test]
fn streams_are_switched_at_key_frames() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(HIGH));

    assert_eq!(story.send(0, 10, KEY), Some(1));
    assert_eq!(story.forwarder.wants_key_frame(), Some(2));
    assert_eq!(story.send(2, 7_000, DELTA), None);
    assert_eq!(story.send(0, 11, DELTA), Some(2));
    assert_eq!(story.send(2, 7_001, KEY), Some(3));
    assert_eq!(story.send(0, 12, DELTA), None);
    assert_eq!(story.send(0, 13, KEY), None);
    assert_eq!(story.send(2, 7_002, DELTA), Some(4));
    assert_eq!(story.forwarder.current(), Some(HIGH));
    assert_eq!(story.forwarder.wants_key_frame(), None);
}

#[test]
fn the_way_down_waits_for_the_lower_key_frame() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(HIGH));
    story.send(2, 1, KEY);

    story.forwarder.set_target(Some(LOW));

    assert_eq!(story.forwarder.wants_key_frame(), Some(0));
    assert_eq!(story.send(2, 2, DELTA), Some(2));
    assert_eq!(story.send(0, 90, KEY), Some(3));
    assert_eq!(story.send(2, 3, DELTA), None);
}

#[test]
fn a_publishers_padding_leaves_no_gap() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(LOW));
    story.send(0, 10, KEY);

    for sequence in 11..60 {
        let padding = story.source.parse(&rtp(0, sequence, &[])).unwrap();
        let verdict = story.forwarder.forward(&padding);
        assert_eq!(verdict, Verdict::Drop(DropReason::Padding));
    }

    assert_eq!(story.send(0, 60, DELTA), Some(2));
}

#[test]
fn padding_begins_nothing() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(LOW));

    let padding = story.source.parse(&rtp(0, 9, &[])).unwrap();

    let verdict = story.forwarder.forward(&padding);
    assert_eq!(verdict, Verdict::Drop(DropReason::Padding));
    assert_eq!(story.send(0, 10, KEY), Some(1));
}

#[test]
fn a_pause_leaves_no_gap() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(LOW));
    story.send(0, 1, KEY);
    story.forwarder.set_target(None);
    assert_eq!(story.send(0, 2, DELTA), None);
    assert_eq!(story.forwarder.current(), None);

    story.forwarder.set_target(Some(LOW));

    assert_eq!(story.send(0, 3, DELTA), None);
    assert_eq!(story.send(0, 4, KEY), Some(2));
}

#[test]
fn a_restarted_publisher_is_joined_at_its_key_frame() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(LOW));
    story.send(0, 60_000, KEY);

    story.ssrc = 9;

    assert_eq!(story.send(0, 5, DELTA), None);
    assert_eq!(story.send(0, 6, KEY), Some(2));
    assert_eq!(story.send(0, 7, DELTA), Some(3));
    story.ssrc = 1;
    let straggler = story.parse(0, 60_001, DELTA);
    assert_eq!(straggler.unwrap_err(), crate::codec::Malformed::Superseded);
}

#[test]
fn a_straggler_from_before_two_restarts_does_not_begin_anew() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(LOW));
    story.send(0, 60_000, KEY);
    for ssrc in [9, 10] {
        story.ssrc = ssrc;
        story.send(0, 5, DELTA);
    }

    story.ssrc = 1;

    let straggler = story.parse(0, 60_001, KEY);
    assert_eq!(straggler.unwrap_err(), crate::codec::Malformed::Superseded);
}

#[test]
fn an_outage_beyond_the_window_asks_for_a_key_frame() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(LOW));
    story.send(0, 1, KEY);

    assert_eq!(story.send(0, 2 + sequence::WINDOW, DELTA), None);
    assert_eq!(story.forwarder.wants_key_frame(), Some(0));
    assert_eq!(story.send(0, 3 + sequence::WINDOW, KEY), Some(2));
}

#[test]
fn a_key_frame_whose_rest_came_before_it_is_not_begun_with() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(LOW));

    assert_eq!(story.send(0, 11, DELTA), None);
    assert_eq!(story.send(0, 10, KEY), None);
    assert_eq!(story.forwarder.wants_key_frame(), Some(0));
}

#[test]
fn timestamps_and_picture_ids_continue_over_a_switch() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(HIGH));
    let low = story.outgoing(0, 10, KEY);
    story.now += Duration::from_millis(100);
    let high = story.outgoing(2, 7_000, KEY);

    let picture = |outgoing: &Outgoing| outgoing.vp8.unwrap().picture_id.unwrap();
    assert_eq!(high.timestamp.wrapping_sub(low.timestamp), 9_000);
    assert_eq!(picture(&high), picture(&low) + 1);
    assert_eq!(
        high.vp8.unwrap().tl0_pic_idx,
        Some(low.vp8.unwrap().tl0_pic_idx.unwrap() + 1)
    );
}

#[test]
fn temporal_layers_are_dropped_without_gaps() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(Layer {
        spatial: 0,
        temporal: 1,
    }));
    let pattern = [0, 2, 1, 2, 0, 2, 1, 2];

    let mut pictures = Vec::new();
    for (sequence, temporal) in (1..).zip(pattern) {
        let kind = if sequence == 1 { KEY } else { DELTA };
        let packet = story.parse(0, sequence, Kind { temporal, ..kind }).unwrap();
        if let Verdict::Forward(outgoing) = story.forwarder.forward(&packet) {
            pictures.push((outgoing.sequence, outgoing.vp8.unwrap().picture_id.unwrap()));
        }
    }

    assert_eq!(pictures, [(1, 1), (2, 2), (3, 3), (4, 4)]);
}

#[test]
fn a_temporal_layer_is_entered_at_a_synchronisation_frame() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(LOW));
    story.send(0, 1, KEY);
    story.forwarder.set_target(Some(HIGHEST_OF_LOW));

    let upper = |temporal, sync| Kind {
        temporal,
        sync,
        ..DELTA
    };

    assert_eq!(story.send(0, 2, upper(1, false)), None);
    assert_eq!(story.send(0, 3, upper(2, true)), None);
    assert_eq!(story.send(0, 4, upper(1, true)), Some(2));
    assert_eq!(story.send(0, 5, upper(2, false)), None);
    assert_eq!(story.send(0, 6, upper(2, true)), Some(3));
    assert_eq!(story.forwarder.current().unwrap().temporal, 2);
}

#[test]
fn a_late_packet_of_a_dropped_layer_fills_its_gap() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(LOW));
    story.send(0, 1, KEY);
    story.send(0, 3, DELTA);

    let late = story.outgoing(
        0,
        2,
        Kind {
            temporal: 1,
            ..DELTA
        },
    );

    assert_eq!((late.sequence, late.payload), (2, Payload::Empty));
}

#[test]
fn a_duplicate_is_dropped() {
    let mut story = Vp8Story::new();
    story.forwarder.set_target(Some(LOW));
    story.send(0, 1, KEY);
    let packet = story.parse(0, 1, KEY).unwrap();

    let verdict = story.forwarder.forward(&packet);

    assert_eq!(verdict, Verdict::Drop(DropReason::Duplicate));
}

/// One VP8 simulcast track, one packet per frame.
struct Vp8Story {
    source: Source,
    forwarder: Forwarder,
    ssrc: u32,
    now: Instant,
}

#[derive(Clone, Copy)]
struct Kind {
    key: bool,
    temporal: u8,
    sync: bool,
}

const KEY: Kind = Kind {
    key: true,
    temporal: 0,
    sync: false,
};
const DELTA: Kind = Kind { key: false, ..KEY };
const LOW: Layer = Layer {
    spatial: 0,
    temporal: 0,
};
const HIGH: Layer = Layer { spatial: 2, ..LOW };
const HIGHEST_OF_LOW: Layer = Layer { temporal: 3, ..LOW };

impl Vp8Story {
    fn new() -> Self {
        Self {
            source: Source::new(Codec::Vp8, Scalability::Simulcast),
            forwarder: Forwarder::new(Mode::Video),
            ssrc: 1,
            now: start(),
        }
    }

    fn parse(
        &mut self,
        stream: usize,
        sequence: u64,
        kind: Kind,
    ) -> Result<Packet, crate::codec::Malformed> {
        let [high, low] = (sequence as u16 & 0x7fff).to_be_bytes();
        let temporal = kind.temporal << 6 | u8::from(kind.sync) << 5;
        let frame = u8::from(!kind.key);
        let payload = [0x90, 0xe0, high | 0x80, low, 40, temporal, frame];
        self.source.parse(&Incoming {
            ssrc: self.ssrc + 100 * stream as u32,
            arrived: self.now,
            ..rtp(stream, sequence, &payload)
        })
    }

    /// The outgoing number, if the packet is sent.
    fn send(&mut self, stream: usize, sequence: u64, kind: Kind) -> Option<u64> {
        let packet = self.parse(stream, sequence, kind).unwrap();
        numbers(&self.forwarder.forward(&packet))
    }

    fn outgoing(&mut self, stream: usize, sequence: u64, kind: Kind) -> Outgoing {
        let packet = self.parse(stream, sequence, kind).unwrap();
        forwarded(self.forwarder.forward(&packet))
    }
}

fn rtp(stream: usize, sequence: u64, payload: &[u8]) -> Incoming<'_> {
    Incoming {
        ssrc: 1,
        stream,
        sequence,
        timestamp: sequence as u32 * 3_000,
        marker: true,
        payload,
        dependency_descriptor: None,
        arrived: start(),
        sender_report: None,
    }
}

fn numbers(verdict: &Verdict) -> Option<u64> {
    match verdict {
        Verdict::Forward(outgoing) => Some(outgoing.sequence),
        Verdict::Drop(_) => None,
    }
}

fn forwarded(verdict: Verdict) -> Outgoing {
    match verdict {
        Verdict::Forward(outgoing) => outgoing,
        Verdict::Drop(reason) => panic!("dropped: {reason:?}"),
    }
}
