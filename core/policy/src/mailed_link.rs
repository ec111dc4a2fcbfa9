//! How long a link that proves an address is good for. Each works once.

use std::time::Duration;

/// An invitation. Using it sends nothing more: who has the mail has the address.
pub const INVITATION: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A link that somebody asked for a moment ago: to verify an address, or to choose another password. Also one that the
/// operator was printed.
pub const ASKED_FOR: Duration = Duration::from_secs(30 * 60);

/// Links that change one account's password and hold at a time; beyond it the oldest is void. More than can be asked for
/// while one holds.
pub const MOST_RESETS: u32 = 32;
