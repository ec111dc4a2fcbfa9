//! The router and clients of it, as a whole.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says where"
)]
#![expect(clippy::print_stdout, reason = "a history that fails prints its seed")]

mod bandwidth;
mod canary;
mod client;
mod displaced;
mod encryption;
mod flood;
mod histories;
mod lobby;
mod loss;
mod meeting;
mod memory;
mod names;
mod presented;
mod privacy;
mod silenced;
mod strayed;
mod stubborn;
mod support;
mod ten;
