//! Throws a hundred million inputs at the parsers, or as many as are asked for.
//!
//! `cargo bench --profile endurance -p conclave-fuzz --bench endurance -- 1000000` throws a million. What is thrown is of a
//! target's corpus, mutated, or random, by a seed that `CONCLAVE_FUZZ_SEED` may name. Each target gets its share within [`LONGEST`]; the quick ones then get what the slow ones left. It
//! prints for each target how many it took, in which time, and the longest that one took; and ends with 1, and the input,
//! where one panics or takes longer than [`HANG`].

#![expect(clippy::print_stdout, reason = "what a benchmark is for")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::exit;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use conclave_fuzz::{TARGETS, Target};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngCore, SeedableRng};

const SEED: &str = "CONCLAVE_FUZZ_SEED";
const MANY: u64 = 100_000_000;
/// Of one target's share.
const LONGEST: Duration = Duration::from_secs(60);
const HANG: Duration = Duration::from_secs(10);
/// Of what is not from the corpus.
const LONGEST_RANDOM: usize = 300;
const MOST_MUTATIONS: usize = 8;

fn main() -> anyhow::Result<()> {
    let wanted = asked()?;
    let seed = seed()?;
    println!(
        "{wanted} inputs at {} parsers, {SEED}={seed}",
        TARGETS.len()
    );
    let mut ranges = Vec::new();
    for (target, number) in TARGETS.iter().zip(0..) {
        let corpus = target.corpus().context(target.name)?;
        let random = StdRng::seed_from_u64(seed ^ number);
        ranges.push(Mutex::new(Range::new(*target, corpus, random)));
    }
    loop {
        let left = wanted.saturating_sub(ranges.iter().map(|range| lock(range).thrown).sum());
        let quick = ranges.iter().filter(|range| !lock(range).is_slow);
        let quick: Vec<_> = quick.collect();
        if left == 0 || quick.is_empty() {
            break;
        }
        throw_at_all(&quick, left.div_ceil(quick.len() as u64));
    }
    ranges.iter().for_each(|range| println!("{}", lock(range)));
    let thrown: u64 = ranges.iter().map(|range| lock(range).thrown).sum();
    println!("{thrown} in all");
    if thrown < wanted {
        bail!("all parsers are slower than was thought: {thrown} of {wanted} were thrown");
    }
    Ok(())
}

/// `cargo bench` hands on a word of its own.
fn asked() -> anyhow::Result<u64> {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    words.next().map_or(Ok(MANY), |number| {
        number
            .parse()
            .with_context(|| format!("`{number}` is no number of inputs"))
    })
}

fn seed() -> anyhow::Result<u64> {
    match std::env::var(SEED) {
        Ok(seed) => seed
            .parse()
            .with_context(|| format!("{SEED} is no number: `{seed}`")),
        Err(_) => Ok(rand::random()),
    }
}

/// As many targets at once as there are cores.
fn throw_at_all(ranges: &[&Mutex<Range>], share: u64) {
    let next = AtomicUsize::new(0);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                let hand = watched();
                while let Some(range) = ranges.get(next.fetch_add(1, Ordering::Relaxed)) {
                    lock(range).throw(share, &hand);
                }
            });
        }
    });
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is thrown at this moment, since when.
#[derive(Default)]
struct Hand(Mutex<Option<(Instant, &'static str, Vec<u8>)>>);

/// Somebody ends all of it when a throw takes too long, for as long as there is the hand.
fn watched() -> Arc<Hand> {
    let hand = Arc::new(Hand::default());
    let seen = Arc::downgrade(&hand);
    thread::spawn(move || {
        while let Some(hand) = seen.upgrade() {
            if let Some((since, name, bytes)) = &*lock(&hand.0)
                && since.elapsed() > HANG
            {
                fail(name, "hangs", bytes);
            }
            drop(hand);
            thread::sleep(HANG / 10);
        }
    });
    hand
}

fn fail(name: &str, how: &str, bytes: &[u8]) -> ! {
    println!("{name} {how} on {bytes:02x?}");
    exit(1)
}

/// One target, and what was thrown at it.
struct Range {
    target: Target,
    corpus: Vec<Vec<u8>>,
    random: StdRng,
    thrown: u64,
    spent: Duration,
    longest: Duration,
    is_slow: bool,
}

impl Range {
    fn new(target: Target, corpus: Vec<Vec<u8>>, random: StdRng) -> Self {
        Self {
            target,
            corpus,
            random,
            thrown: 0,
            spent: Duration::ZERO,
            longest: Duration::ZERO,
            is_slow: false,
        }
    }

    fn throw(&mut self, share: u64, hand: &Hand) {
        let start = Instant::now();
        let mut bytes = Vec::new();
        for _ in 0..share {
            self.load(&mut bytes);
            let took = self.throw_one(&bytes, hand);
            self.thrown += 1;
            self.longest = self.longest.max(took);
            self.is_slow = start.elapsed() > LONGEST;
            if self.is_slow {
                break;
            }
        }
        self.spent += start.elapsed();
    }

    fn throw_one(&self, bytes: &[u8], hand: &Hand) -> Duration {
        let name = self.target.name;
        let before = Instant::now();
        *lock(&hand.0) = Some((before, name, bytes.to_vec()));
        if catch_unwind(AssertUnwindSafe(|| (self.target.run)(bytes))).is_err() {
            fail(name, "panics", bytes);
        }
        *lock(&hand.0) = None;
        let took = before.elapsed();
        if took > HANG {
            fail(name, "hangs", bytes);
        }
        took
    }

    fn load(&mut self, bytes: &mut Vec<u8>) {
        bytes.clear();
        let Some(seed) = self
            .corpus
            .choose(&mut self.random)
            .filter(|_| self.random.random_ratio(3, 4))
        else {
            bytes.resize(self.random.random_range(0..LONGEST_RANDOM), 0);
            self.random.fill_bytes(bytes);
            return;
        };
        bytes.extend_from_slice(seed);
        for _ in 0..self.random.random_range(1..=MOST_MUTATIONS) {
            mutate(bytes, &mut self.random);
        }
    }
}

fn mutate(bytes: &mut Vec<u8>, random: &mut StdRng) {
    let at = random.random_range(0..=bytes.len());
    match random.random_range(0..8) {
        0 => bytes.truncate(at),
        1 => bytes.insert(at, random.random()),
        2 if bytes.len() <= 2 * LONGEST_RANDOM => bytes.extend_from_within(at..),
        3 if at < bytes.len() => {
            bytes.remove(at);
        }
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = random.random();
            }
        }
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let each = self.spent.as_nanos() / u128::from(self.thrown.max(1));
        write!(
            f,
            "{:24} {:>11} in {:>6.1} s, {each} ns each, the longest {:.1} ms",
            self.target.name,
            self.thrown,
            self.spent.as_secs_f64(),
            self.longest.as_secs_f64() * 1e3
        )
    }
}
