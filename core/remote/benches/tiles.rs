//! What pictures cost at both ends: a page of text that comes first, a letter, a page that scrolls, a scan.

#[path = "../src/tiles/tests/pictures.rs"]
mod pictures;

use std::hint::black_box;
use std::time::{Duration, Instant};

use conclave_protocol::remote::MonitorId;
use conclave_remote::tiles::{
    Decoder, Encoder, Frame, FromViewer, LARGEST_MESSAGE, Received, Rect, Size,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pictures::Screen;

/// Shows the next picture, and says where.
type Next = fn(&mut Screen, usize) -> Rect;

#[derive(Clone, Copy)]
enum Side {
    Agent,
    Viewer,
}

fn tiles(criterion: &mut Criterion) {
    copied(criterion);
    let scenes = [
        (
            "first text",
            pictures::text as fn() -> Screen,
            again as Next,
        ),
        ("letter", pictures::text, letter),
        ("scroll", pictures::text, scroll),
        ("scan", || pictures::scan(1), again),
    ];
    for (name, first, next) in scenes {
        for (side, group) in [(Side::Agent, "encode"), (Side::Viewer, "decode")] {
            let mut pair = Pair::new(first());
            let mut group = criterion.benchmark_group(group);
            group.sample_size(20);
            group.bench_function(name, |bencher| {
                bencher.iter_custom(|times| (0..times).map(|_| pair.show(side, next)).sum());
            });
            group.finish();
        }
    }
}

/// What the others are compared with: one copy of the screen's bytes.
fn copied(criterion: &mut Criterion) {
    let screen = pictures::text();
    let mut to = screen.bytes.clone();
    let mut group = criterion.benchmark_group("copy");
    group.throughput(Throughput::Bytes(screen.bytes.len() as u64));
    group.bench_function("screen", |bencher| {
        bencher.iter(|| black_box(&mut to).copy_from_slice(black_box(&screen.bytes)));
    });
    group.finish();
}

/// The same again, for a viewer that comes anew.
fn again(screen: &mut Screen, _: usize) -> Rect {
    Rect::new(0, 0, screen.width, screen.height)
}

fn letter(screen: &mut Screen, at: usize) -> Rect {
    let [x, y, width, height] = pictures::type_letter(screen, at);
    Rect::new(x, y, width, height)
}

/// By three lines.
fn scroll(screen: &mut Screen, at: usize) -> Rect {
    pictures::scroll_code(screen, 3 + at * 3, 3);
    let [x, y, width, height] = pictures::CODE.map(|side| side as u16);
    Rect::new(x, y, width, height)
}

/// An agent and a viewer with nothing between them.
struct Pair {
    screen: Screen,
    encoder: Encoder,
    decoder: Decoder,
    shown: usize,
}

impl Pair {
    fn new(screen: Screen) -> Self {
        let mut pair = Self {
            encoder: Encoder::new(MonitorId(0), &frame(&screen)),
            screen,
            decoder: Decoder::new(),
            shown: 0,
        };
        pair.drain();
        pair
    }

    /// How long one side takes.
    fn show(&mut self, side: Side, next: Next) -> Duration {
        let damage = next(&mut self.screen, self.shown);
        self.shown += 1;
        if damage.area() == self.screen.bytes.len() / 4 {
            self.encoder.resync();
        }
        let start = now();
        self.encoder.update(&frame(&self.screen), &[damage]);
        let update = now() - start;
        let [agent, viewer] = self.drain();
        assert!(self.encoder.is_pixel_exact());
        match side {
            Side::Agent => update + agent,
            Side::Viewer => viewer,
        }
    }

    fn drain(&mut self) -> [Duration; 2] {
        let [mut agent, mut viewer] = [Duration::ZERO; 2];
        loop {
            let start = now();
            let batch = self.encoder.poll_batch(LARGEST_MESSAGE);
            agent += now() - start;
            let Some(bytes) = batch else {
                return [agent, viewer];
            };
            let start = now();
            let received = self.decoder.receive(&bytes);
            viewer += now() - start;
            if let Ok(Received::Batch(update)) = received {
                self.encoder.receive(&FromViewer::Receipt(update.receipt));
            }
        }
    }
}

fn frame(screen: &Screen) -> Frame<'_> {
    let size = Size::new(screen.width, screen.height).expect("it is within bounds");
    Frame::new(size, screen.stride(), &screen.bytes).expect("its rows are there")
}

#[expect(clippy::disallowed_methods, reason = "an instant has no other source")]
fn now() -> Instant {
    Instant::now()
}

criterion_group!(benches, tiles);
criterion_main!(benches);
