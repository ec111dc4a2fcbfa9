//! Slows down guessing passwords: one account's from one machine, and any account's from one network.
//!
//! An account is never locked as a whole. Whoever guesses at it locks themselves out of it, from
//! their machine and for at most [`LONGEST_LOCK`]; its owner signs in from anywhere else meanwhile.
//! A name that no account has is throttled alike, so that the lock tells nobody who has one.

use std::time::Duration;

use conclave_protocol::Timestamp;

use crate::guesses::{Guesses, Patience, Throttled};
use crate::source::{Machine, Network};

/// Whom somebody tries to be: a hash of the name as typed, normalised. Any name has one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountKey(pub [u8; 32]);

/// The sign-in attempts that failed lately.
pub struct SignInThrottle {
    pairs: Guesses<(AccountKey, Machine)>,
    networks: Guesses<Network>,
}

/// Between two guesses at one account from one machine that keeps guessing: at most 35,040 a year.
pub const LONGEST_LOCK: Duration = Duration::from_secs(15 * 60);

impl SignInThrottle {
    /// Charges one attempt. Ask before the password is checked.
    pub fn admit(
        &mut self,
        account: AccountKey,
        from: std::net::IpAddr,
        now: Timestamp,
    ) -> Result<(), Throttled> {
        self.networks.look(&from.into(), now)?;
        self.pairs.charge((account, from.into()), now)?;
        self.networks.charge(from.into(), now)
    }

    /// The password was right: the machine starts afresh with this account, and its network gets
    /// the one charge back.
    pub fn signed_in(&mut self, account: AccountKey, from: std::net::IpAddr, now: Timestamp) {
        self.pairs.clear(&(account, from.into()));
        self.networks.refund(&from.into(), now);
    }
}

impl Default for SignInThrottle {
    fn default() -> Self {
        Self {
            pairs: Guesses::new(Patience {
                free: MISTYPED,
                first_lock: Duration::from_secs(30),
                longest_lock: LONGEST_LOCK,
                forget_after: Duration::from_secs(24 * 60 * 60),
            }),
            networks: Guesses::new(Patience {
                free: MISTYPED_IN_A_WARD,
                first_lock: Duration::from_secs(5),
                longest_lock: Duration::from_secs(15),
                forget_after: Duration::from_secs(60 * 60),
            }),
        }
    }
}

/// Mistyping is human.
const MISTYPED: u32 = 5;

/// A hospital's whole staff may come from one network.
const MISTYPED_IN_A_WARD: u32 = 100;

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    const OWNER: AccountKey = AccountKey([1; 32]);
    const ATTACKER: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1));
    const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    #[test]
    fn a_few_typos_cost_nothing() {
        let mut throttle = SignInThrottle::default();

        for _ in 0..MISTYPED {
            assert!(throttle.admit(OWNER, HOME, at(0)).is_ok());
        }
    }

    #[test]
    fn an_attacker_locks_only_themselves_out() {
        let mut throttle = SignInThrottle::default();

        while throttle.admit(OWNER, ATTACKER, at(0)).is_ok() {}

        assert!(throttle.admit(OWNER, HOME, at(0)).is_ok());
    }

    #[test]
    fn nobody_is_locked_out_for_longer_than_the_longest_lock() {
        let mut throttle = SignInThrottle::default();
        let mut now = at(0);

        for _ in 0..1_000 {
            if let Err(throttled) = throttle.admit(OWNER, ATTACKER, now) {
                assert!(throttled.until.since(now) <= LONGEST_LOCK);
                now = throttled.until;
            }
        }
    }

    #[test]
    fn signing_in_starts_afresh() {
        let mut throttle = SignInThrottle::default();
        for _ in 0..MISTYPED {
            assert!(throttle.admit(OWNER, HOME, at(0)).is_ok());
        }

        throttle.signed_in(OWNER, HOME, at(0));

        for _ in 0..MISTYPED {
            assert!(throttle.admit(OWNER, HOME, at(0)).is_ok());
        }
    }

    #[test]
    fn one_password_tried_on_many_accounts_locks_the_network() {
        let mut throttle = SignInThrottle::default();
        let mut tried = 0;

        for account in 0..=u8::MAX {
            let key = AccountKey([account; 32]);
            tried += u32::from(throttle.admit(key, ATTACKER, at(0)).is_ok());
        }

        assert_eq!(tried, MISTYPED_IN_A_WARD + 1);
    }

    #[test]
    fn an_attackers_own_account_does_not_make_their_network_afresh() {
        let mut throttle = SignInThrottle::default();
        let own = AccountKey([9; 32]);
        let mut tried = 0;

        for account in 10..=u8::MAX {
            tried += u32::from(
                throttle
                    .admit(AccountKey([account; 32]), ATTACKER, at(0))
                    .is_ok(),
            );
            if throttle.admit(own, ATTACKER, at(0)).is_ok() {
                throttle.signed_in(own, ATTACKER, at(0));
            }
        }

        assert!(tried <= MISTYPED_IN_A_WARD + 1);
    }

    #[test]
    fn a_year_of_guesses_from_one_machine_stays_below_forty_thousand() {
        let mut throttle = SignInThrottle::default();
        let (mut now, mut guesses) = (at(0), 0);

        while now < at(365 * 24 * 60 * 60) {
            match throttle.admit(OWNER, ATTACKER, now) {
                Ok(()) => guesses += 1,
                Err(throttled) => now = throttled.until,
            }
        }

        assert!(guesses < 40_000, "{guesses}");
    }
}
