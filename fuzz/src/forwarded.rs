//! A whole track of made-up packets, through to one subscriber.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use conclave_sfu::forwarding::{Codec, Forwarder, Incoming, Mode, Source, Verdict};
use conclave_sfu::layers::{Layer, Scalability};

/// The bytes are cut into packets: a length, a step of the sequence number, what the subscriber
/// wants, then payload and header extension alike. No number goes out twice.
pub(crate) fn forwarding(bytes: &[u8]) {
    let tracks = [
        (Codec::Vp8, Scalability::Simulcast),
        (Codec::H264, Scalability::Simulcast),
        (Codec::Vp9, Scalability::Svc),
        (Codec::Vp9, Scalability::Simulcast),
        (Codec::Av1, Scalability::Svc),
        (Codec::Opus, Scalability::Simulcast),
        (Codec::Red, Scalability::Simulcast),
    ];
    for (codec, scalability) in tracks {
        forward_all(codec, scalability, bytes);
    }
}

fn forward_all(codec: Codec, scalability: Scalability, bytes: &[u8]) {
    let mode = match codec {
        Codec::Opus | Codec::Red => Mode::Audio { unwrap_red: true },
        Codec::Vp8 | Codec::H264 | Codec::Vp9 | Codec::Av1 => Mode::Video,
    };
    let mut source = Source::new(codec, scalability);
    let mut forwarder = Forwarder::new(mode);
    forwarder.set_target(Some(Layer::HIGHEST));
    let mut sequence = 1_000_u64;
    let mut numbers = BTreeSet::new();
    let mut rest = bytes;
    let mut arrived = Instant::now();
    while let [length, step, wish, tail @ ..] = rest {
        let (payload, tail) = tail.split_at(usize::from(*length).min(tail.len()));
        rest = tail;
        arrived += Duration::from_millis(u64::from(*step));
        sequence = sequence.saturating_add_signed(i64::from(step.cast_signed()) / 16 + 1);
        forwarder.set_target((wish & 0x80 == 0).then_some(Layer {
            spatial: wish & 3,
            temporal: (wish >> 2) & 3,
        }));
        let incoming = Incoming {
            ssrc: u32::from(wish >> 6),
            stream: usize::from((wish >> 4) & 3),
            sequence,
            timestamp: sequence as u32,
            marker: wish & 1 == 0,
            payload,
            dependency_descriptor: Some(payload),
            arrived,
            sender_report: None,
        };
        let Ok(packet) = source.parse(&incoming) else {
            continue;
        };
        if let Verdict::Forward(outgoing) = forwarder.forward(&packet) {
            assert!(numbers.insert(outgoing.sequence), "a number went out twice");
            assert!(numbers.contains(&1), "the first number is low");
        }
    }
}
