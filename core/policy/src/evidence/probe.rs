//! What a server tries on itself while it runs, and how long one look is good for.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use conclave_protocol::Timestamp;

use crate::session::{SessionLimits, SessionState, SessionTimes};
use crate::sign_in_throttle::{AccountKey, Lockout, Origin, SignInThrottle};

/// A closed vocabulary of trials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Probe {
    /// The server opens a connection to itself: TLS 1.3, with an AEAD.
    TlsHandshake,
    /// The server's certificate is valid for two weeks more.
    Certificate,
    /// A made-up account is guessed at, by the lock-out as it is set, at an accelerated clock.
    LockOut,
    /// A made-up session is left alone for as long as policy permits anybody, at an accelerated clock.
    IdleExpiry,
    /// The media sessions on record since a month all negotiated `AEAD_AES_256_GCM`.
    MediaProfile,
    /// The newest entries on record are whole, and in their canonical form.
    Record,
    /// The logs were derived again from their entries, and are as they were signed.
    Log,
    /// No recording that is kept is known to be damaged.
    Recordings,
    /// Nobody but the server's own user can read what lies in its data directory.
    Files,
    /// AES-256-GCM and SHA-256 answer as their standards say.
    TestVectors,
}

/// What a trial came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    pub at: Timestamp,
    pub passed: bool,
}

impl Probe {
    /// Every one, in their order.
    pub const ALL: [Self; 10] = [
        Self::TlsHandshake,
        Self::Certificate,
        Self::LockOut,
        Self::IdleExpiry,
        Self::MediaProfile,
        Self::Record,
        Self::Log,
        Self::Recordings,
        Self::Files,
        Self::TestVectors,
    ];

    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TlsHandshake => "tls_handshake",
            Self::Certificate => "certificate",
            Self::LockOut => "lock_out",
            Self::IdleExpiry => "idle_expiry",
            Self::MediaProfile => "media_profile",
            Self::Record => "record",
            Self::Log => "log",
            Self::Recordings => "recordings",
            Self::Files => "files",
            Self::TestVectors => "test_vectors",
        }
    }

    /// How long a look is good for at the most: until then, and while rounds go on. Media is seen when people meet; the logs are
    /// derived by hours; all else is tried in each round.
    pub const fn good_for(self) -> Duration {
        match self {
            Self::MediaProfile => Duration::from_secs(30 * 24 * 60 * 60),
            // A million entries take twenty minutes, and a round is an hour after another.
            Self::Log => Duration::from_secs(6 * 60 * 60),
            Self::TlsHandshake
            | Self::Certificate
            | Self::LockOut
            | Self::IdleExpiry
            | Self::Record
            | Self::Recordings
            | Self::Files
            | Self::TestVectors => Duration::from_secs(2 * 60 * 60),
        }
    }
}

/// Whether a machine that guesses at an account which nobody has is locked out within the threshold that is set, also with
/// the right password, and not for ever.
pub fn locks_out(lockout: Lockout, threshold: u32, start: Timestamp) -> bool {
    let mut throttle = SignInThrottle::new(lockout);
    let account = AccountKey([0x5a; 32]);
    let from = Origin::Machine(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)));
    // The guess after the last that is borne is charged with a lock, and those after it are refused.
    let borne = (0..=threshold).all(|_| throttle.admit(account, from, start).is_ok());
    let refused = throttle.admit(account, from, start).is_err();
    let later = start.plus(Duration::from_secs(25 * 60 * 60));
    borne && refused && throttle.admit(account, from, later).is_ok()
}

/// Whether a session that is left alone is over at its limit, and not a second earlier.
pub fn idle_sessions_end(idle: Duration, start: Timestamp) -> bool {
    let Some(limits) = SessionLimits::with_idle(idle) else {
        return false;
    };
    let times = SessionTimes {
        created_at: start,
        last_active_at: start,
    };
    let early = idle.saturating_sub(Duration::from_secs(1));
    limits.state(times, start.plus(early)) == SessionState::Open
        && limits.state(times, start.plus(idle)) == SessionState::Idle
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    #[test]
    fn the_lock_out_is_tried_as_it_is_set() {
        for threshold in [3, 5, 100] {
            let lockout = Lockout::new(threshold, Duration::from_secs(900)).unwrap();
            assert!(locks_out(lockout, threshold, START), "{threshold}");
            // One that locks earlier or later than it is said to is found out.
            assert!(!locks_out(lockout, threshold + 1, START), "{threshold}");
        }
    }

    #[test]
    fn a_limit_that_no_policy_permits_is_none() {
        assert!(idle_sessions_end(Duration::from_secs(15 * 60), START));
        assert!(!idle_sessions_end(Duration::from_secs(61 * 60), START));
        assert!(!idle_sessions_end(Duration::ZERO, START));
    }
}
