//! The agent's platform on desktops of the tests' own, with real programs on them.

#![cfg(target_os = "linux")]
#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper that fails is a test that fails"
)]

mod asking;
mod canvas;
mod capping;
mod checking;
mod client;
mod copying;
mod desktop;
mod editor;
mod filming;
mod helped;
mod helping;
mod holding;
mod memory;
mod office;
mod own_windows;
mod person;
mod pinning;
mod pressing;
mod raising;
mod restarting;
mod resting;
mod seeing;
mod seeing_a_window;
mod stirring;
mod stopping;
mod telling_apart;
mod typing;
mod updating;
mod windows;

use std::time::Duration;

/// Longer than anything takes on a busy machine; what goes right never waits for it.
const PATIENCE: Duration = Duration::from_secs(30);
