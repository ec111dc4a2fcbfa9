//! The router and clients of it, as a whole.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod bandwidth;
mod client;
mod histories;
mod loss;
mod meeting;
mod memory;
mod ten;
