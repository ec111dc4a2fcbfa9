//! What one packet of a publisher costs: read once, decided for fifty subscribers.

use std::hint::black_box;
use std::time::Instant;

use conclave_sfu::forwarding::{Codec, Forwarder, Incoming, Mode, Source};
use conclave_sfu::layers::{Layer, Scalability};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

const SUBSCRIBERS: usize = 50;
/// A second of one 720p stream; every tenth is lost on its way.
const PACKETS: u64 = 200;

/// The payload of the packet with this sequence number.
type Payload = fn(u64) -> Vec<u8>;

fn forwarding(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("forward to 50");
    let audio = Mode::Audio { unwrap_red: false };
    let tracks = [
        ("vp8", Codec::Vp8, Mode::Video, vp8 as Payload),
        ("vp9", Codec::Vp9, Mode::Video, vp9),
        ("opus", Codec::Opus, audio, opus),
    ];
    for (name, codec, mode, payload) in tracks {
        let packets: Vec<(u64, Vec<u8>)> = (0..PACKETS)
            .filter(|sequence| sequence % 10 != 9)
            .map(|sequence| (sequence, payload(sequence)))
            .collect();
        let decisions = packets.len() * SUBSCRIBERS;
        group.throughput(Throughput::Elements(decisions as u64));
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || track(codec, mode),
                |(mut source, mut forwarders)| {
                    run(&mut source, &mut forwarders, &packets);
                    (source, forwarders)
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

fn track(codec: Codec, mode: Mode) -> (Source, Vec<Forwarder>) {
    let scalability = match codec {
        Codec::Vp9 | Codec::Av1 => Scalability::Svc,
        Codec::Opus | Codec::Red | Codec::Vp8 | Codec::H264 => Scalability::Simulcast,
    };
    let mut forwarder = Forwarder::new(mode);
    forwarder.set_target(Some(Layer {
        spatial: 0,
        temporal: 1,
    }));
    (
        Source::new(codec, scalability),
        vec![forwarder; SUBSCRIBERS],
    )
}

fn run(source: &mut Source, forwarders: &mut [Forwarder], packets: &[(u64, Vec<u8>)]) {
    let arrived = beginning();
    for (sequence, payload) in packets {
        let packet = source.parse(&Incoming {
            ssrc: 1,
            stream: 0,
            sequence: *sequence,
            timestamp: *sequence as u32 / 4 * 3_000,
            marker: sequence % 4 == 3,
            payload,
            dependency_descriptor: None,
            arrived,
            sender_report: None,
        });
        let packet = packet.expect("the payloads are well-formed");
        for forwarder in &mut *forwarders {
            black_box(forwarder.forward(&packet));
        }
    }
}

fn opus(_: u64) -> Vec<u8> {
    vec![0; 120]
}

/// Four packets per picture, temporal layers 0 2 1 2.
fn vp8(sequence: u64) -> Vec<u8> {
    let picture = sequence / 4;
    let temporal = [0, 2, 1, 2][(picture % 4) as usize];
    let starts = u8::from(sequence.is_multiple_of(4)) << 4;
    let [high, low] = (picture as u16).to_be_bytes();
    let key = u8::from(sequence != 0);
    let head = [0x80 | starts, 0xe0, 0x80 | high, low, 0, temporal << 6, key];
    [head.as_slice(), &[0; 1_100]].concat()
}

/// Two spatial layers of two packets each.
fn vp9(sequence: u64) -> Vec<u8> {
    let picture = sequence / 4;
    let spatial = (sequence % 4 / 2) as u8;
    let begins = u8::from(sequence.is_multiple_of(2));
    let delta = u8::from(picture != 0) << 6;
    let [high, low] = (picture as u16).to_be_bytes();
    let flags = 0xa0 | delta | begins << 3 | (1 - begins) << 2;
    let layer = spatial << 1 | u8::from(spatial > 0);
    let head = [flags, 0x80 | high, low, layer, 0];
    [head.as_slice(), &[0; 1_100]].concat()
}

#[expect(clippy::disallowed_methods, reason = "an instant has no other source")]
fn beginning() -> Instant {
    Instant::now()
}

criterion_group!(benches, forwarding);
criterion_main!(benches);
