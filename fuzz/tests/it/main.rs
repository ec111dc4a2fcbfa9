//! Replays the corpora, and throws random and mutated bytes at each target.
//!
//! A failure prints the input, shrunk, and the seed that repeats it; the input belongs into the
//! corpus then.

#![expect(clippy::panic, reason = "a test fails so")]

use std::hash::{BuildHasher, RandomState};

use conclave_fuzz::{TARGETS, Target, corpora};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

#[test]
fn each_target_holds_on_its_corpus() {
    for target in TARGETS {
        let corpus = target.corpus().unwrap();
        assert!(!corpus.is_empty(), "{} has no corpus", target.name);
        corpus.iter().for_each(|bytes| (target.run)(bytes));
    }
}

#[test]
fn each_corpus_has_a_target() {
    for folder in std::fs::read_dir(corpora()).unwrap() {
        let name = folder.unwrap().file_name();
        assert!(TARGETS.iter().any(|target| name == target.name), "{name:?}");
    }
}

// Shows: REQ-IN-04.
#[test]
fn each_target_holds_on_random_bytes() {
    for target in TARGETS {
        let bytes = prop::collection::vec(any::<u8>(), 0..300);
        throw(target, 2_000, bytes);
    }
}

// Shows: REQ-IN-04.
#[test]
fn each_target_holds_on_mutations_of_its_corpus() {
    for target in TARGETS {
        let seed = prop::sample::select(target.corpus().unwrap());
        let mutations = prop::collection::vec(mutation(), 1..8);
        let mutated = (seed, mutations).prop_map(|(mut bytes, mutations)| {
            for mutation in &mutations {
                mutation.apply(&mut bytes);
            }
            bytes
        });
        throw(target, 2_000, mutated);
    }
}

fn throw(target: &Target, cases: u32, bytes: impl Strategy<Value = Vec<u8>>) {
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(cases)
    };
    let seed = seed();
    let mut bytes_of_seed = [0; 32];
    bytes_of_seed[..8].copy_from_slice(&seed.to_be_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes_of_seed);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let result = runner.run(&bytes, |bytes| {
        (target.run)(&bytes);
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{} with {SEED}={seed}: {failure}", target.name);
    }
}

/// Another one in each run, unless the environment names it.
fn seed() -> u64 {
    let named = std::env::var(SEED).ok().and_then(|seed| seed.parse().ok());
    named.unwrap_or_else(|| RandomState::new().hash_one(0))
}

const SEED: &str = "CONCLAVE_FUZZ_SEED";

#[derive(Clone, Debug)]
enum Mutation {
    Flip { at: prop::sample::Index, bits: u8 },
    Cut(prop::sample::Index),
    Insert { at: prop::sample::Index, byte: u8 },
    Remove(prop::sample::Index),
    Double,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = any::<prop::sample::Index>();
    prop_oneof![
        6 => (at.clone(), 1_u8..).prop_map(|(at, bits)| Mutation::Flip { at, bits }),
        1 => at.clone().prop_map(Mutation::Cut),
        2 => (at.clone(), any::<u8>()).prop_map(|(at, byte)| Mutation::Insert { at, byte }),
        2 => at.prop_map(Mutation::Remove),
        1 => Just(Mutation::Double),
    ]
}

impl Mutation {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let length = bytes.len();
        match self {
            Self::Insert { at, byte } => bytes.insert(at.index(length + 1), *byte),
            Self::Flip { at, bits } if length > 0 => bytes[at.index(length)] ^= bits,
            Self::Remove(at) if length > 0 => {
                bytes.remove(at.index(length));
            }
            Self::Cut(at) => bytes.truncate(at.index(length + 1)),
            Self::Double => bytes.extend_from_within(..),
            Self::Flip { .. } | Self::Remove(_) => {}
        }
    }
}
