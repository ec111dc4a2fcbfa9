//! Random histories of a room, judged by what must hold in all of them.
//!
//! The room's decisions run against clients and connections that are values, without
//! cryptography; so thousands of histories take seconds. A failing one names its seed.

mod client;
mod judge;
mod play;

use rand::SeedableRng;
use rand::rngs::StdRng;

use play::Play;

/// Each is a room with up to [`client::MOST`] clients.
const HISTORIES: u64 = 2_000;
const STEPS: usize = 120;
/// Where to begin; set it while building, to see a failure again.
const FIRST_SEED: Option<&str> = option_env!("CONCLAVE_SEED");

#[test]
fn whatever_happens_the_rules_hold_and_everybody_gets_what_they_may() {
    let first = FIRST_SEED.and_then(|seed| seed.parse().ok()).unwrap_or(0);
    for seed in first..first + HISTORIES {
        let told = Told(seed);
        let mut play = Play::new(StdRng::seed_from_u64(seed));
        for _ in 0..STEPS {
            play.step();
        }
        play.settle();
        drop(told);
    }
}

/// Prints the seed when a history panics.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("the history of seed {}", self.0);
        }
    }
}
