//! The moment at which tests begin.

use std::time::Instant;

#[expect(
    clippy::disallowed_methods,
    reason = "an instant has no other source; tests only add to this one"
)]
pub(crate) fn start() -> Instant {
    Instant::now()
}
