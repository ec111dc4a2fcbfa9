//! What a frame costs: sealed and opened, as audio, as one packet of video, as a key frame.

use std::hint::black_box;

use conclave_e2ee::frame::codec::Codec;
use conclave_e2ee::frame::{
    BaseKey, Context, EpochKeys, Leaf, Leaves, Opener, Sealer, Source, Track, TrackKind,
};
use conclave_e2ee::identity::ParticipantId;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

const SIZES: [(&str, Codec, usize); 6] = [
    ("opus 120 B", Codec::Opus, 120),
    ("vp8 1200 B", Codec::Vp8, 1_200),
    ("vp8 20 kB", Codec::Vp8, 20_000),
    ("vp9 20 kB", Codec::Vp9, 20_000),
    ("av1 20 kB", Codec::Av1, 20_000),
    ("h264 20 kB", Codec::H264, 20_000),
];

fn sealing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("seal");
    for (name, codec, size) in SIZES {
        let frame = frame(codec, size);
        let (mut sealer, track) = sealer(codec);
        let mut out = Vec::new();
        group.throughput(Throughput::Bytes(size as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let sealed = sealer.seal_frame(track, black_box(&frame), &mut out);
                sealed.expect("the frame is well-formed");
            });
        });
    }
    group.finish();
}

fn opening(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("open");
    for (name, codec, size) in SIZES {
        let frame = frame(codec, size);
        let (mut sealer, context) = sealer(codec);
        let mut opener = Opener::new();
        let leaves = Leaves::from([(SENDER, leaf())]);
        let installed = opener.install(&keys(), leaves);
        installed.expect("it is the first epoch");
        let mut source = Source::new(SENDER, track(codec, 0));
        let mut out = Vec::new();
        group.throughput(Throughput::Bytes(size as u64));
        group.bench_function(name, |bencher| {
            bencher.iter_batched_ref(
                || {
                    let mut sealed = Vec::new();
                    let done = sealer.seal_frame(context, &frame, &mut sealed);
                    done.expect("the frame is well-formed");
                    sealed
                },
                |sealed| {
                    let opened = opener.open_frame(&mut source, black_box(sealed), &mut out);
                    opened.expect("the frame is genuine");
                },
                // No more than fit into the replay window.
                BatchSize::NumIterations(500),
            );
        });
    }
    group.finish();
}

/// What a sender does when the epoch changes.
fn entering(criterion: &mut Criterion) {
    let keys = keys();
    criterion.bench_function("enter an epoch with ten tracks", |bencher| {
        let (mut sealer, _) = sealer(Codec::Vp8);
        for number in 1..10 {
            let added = sealer.add_track(track(Codec::Vp8, number));
            added.expect("there is room");
        }
        bencher.iter(|| sealer.switch(black_box(&keys)));
    });
}

const SENDER: ParticipantId = ParticipantId([7; 16]);

fn track(codec: Codec, number: u8) -> Track {
    let name = format!("{number:016x}");
    Track::new(TrackKind::Camera, codec, &name).expect("the name is short")
}

fn sealer(codec: Codec) -> (Sealer, Context) {
    let mut sealer = Sealer::new(leaf());
    sealer.switch(&keys()).expect("it is the first epoch");
    let track = sealer.add_track(track(codec, 0));
    let track = track.expect("it is the first track");
    (sealer, track)
}

fn leaf() -> Leaf {
    Leaf::new(7).expect("the group is small")
}

fn keys() -> EpochKeys {
    EpochKeys::new(1, &BaseKey::new([7; 32]))
}

fn frame(codec: Codec, size: usize) -> Vec<u8> {
    let head: &[u8] = match codec {
        Codec::Opus | Codec::Vp9 => &[0x82],
        Codec::Vp8 => &[0x51, 0x02, 0x00],
        Codec::Av1 => &[0x12, 0x00, 0x30],
        Codec::H264 => &[0, 0, 0, 1, 0x41, 0x9a, 0x21, 0x80],
    };
    let mut frame = head.to_vec();
    // An encoder's output looks random.
    let mut state = 1_u32;
    frame.extend((head.len()..size).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    }));
    frame
}

criterion_group!(benches, sealing, opening, entering);
criterion_main!(benches);
