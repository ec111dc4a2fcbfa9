//! Slows down guessing passwords: one account's from one machine, any account's from one network, and one
//! account's from everywhere at once.
//!
//! An account is never locked as a whole. Whoever guesses at it locks themselves out of it, from
//! their machine and for at most the longest lock; its owner signs in from anywhere else meanwhile.
//! Where many machines guess at one account together, machines that nobody vouches for are locked out of
//! it; a browser that its holder has signed in with before ([`Origin::Device`]) is not, nor is a passkey,
//! which nobody asks here for.
//! A name that no account has is throttled alike, so that the lock tells nobody who has one.

use std::net::{IpAddr, Ipv6Addr};
use std::ops::RangeInclusive;
use std::time::Duration;

use conclave_protocol::Timestamp;

use crate::guesses::{Guesses, Patience, Throttled};
use crate::source::{Machine, Network};

/// Whom somebody tries to be: a hash of the name as typed, normalised. Any name has one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountKey(pub [u8; 32]);

/// Where an attempt comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Machine(IpAddr),
    /// A browser in which this account was signed in before, by the hash of its cookie.
    Device([u8; 32]),
}

/// How many wrong passwords are borne, and how long a lock may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lockout {
    threshold: u32,
    longest_lock: Duration,
}

impl Lockout {
    /// Between [`LEAST_THRESHOLD`] and [`MOST_THRESHOLD`] wrong passwords, and [`SHORTEST_LONGEST_LOCK`] and
    /// [`LONGEST_LONGEST_LOCK`].
    pub fn new(threshold: u32, longest_lock: Duration) -> Option<Self> {
        let fits = (LEAST_THRESHOLD..=MOST_THRESHOLD).contains(&threshold)
            && (SHORTEST_LONGEST_LOCK..=LONGEST_LONGEST_LOCK).contains(&longest_lock);
        fits.then_some(Self {
            threshold,
            longest_lock,
        })
    }

    /// Wrong passwords from all machines together.
    fn of_all(self) -> u32 {
        self.threshold.saturating_mul(MACHINES_OF_ONE)
    }
}

impl Default for Lockout {
    fn default() -> Self {
        Self {
            threshold: DEFAULT_THRESHOLD,
            longest_lock: LONGEST_LOCK,
        }
    }
}

/// The sign-in attempts that failed lately.
pub struct SignInThrottle {
    lockout: Lockout,
    pairs: Guesses<(AccountKey, Guesser)>,
    accounts: Guesses<AccountKey>,
    networks: Guesses<Network>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Guesser {
    Machine(Machine),
    Device([u8; 32]),
}

/// Mistyping is human.
pub const DEFAULT_THRESHOLD: u32 = 5;
pub const LEAST_THRESHOLD: u32 = 3;
/// NIST SP 800-63B-4, 3.2.2: at most 100 failures in a row.
pub const MOST_THRESHOLD: u32 = 100;

/// Between two guesses at one account from one machine that keeps guessing: at most 35,040 a year.
pub const LONGEST_LOCK: Duration = Duration::from_secs(15 * 60);
pub const SHORTEST_LONGEST_LOCK: Duration = Duration::from_secs(60);
pub const LONGEST_LONGEST_LOCK: Duration = Duration::from_secs(24 * 60 * 60);

impl SignInThrottle {
    pub fn new(lockout: Lockout) -> Self {
        let of_one = |free| Patience {
            free,
            first_lock: FIRST_LOCK.min(lockout.longest_lock),
            longest_lock: lockout.longest_lock,
            forget_after: FORGET_AFTER.max(lockout.longest_lock.saturating_mul(2)),
        };
        Self {
            lockout,
            pairs: Guesses::new(of_one(lockout.threshold)),
            accounts: Guesses::new(of_one(lockout.of_all())),
            networks: Guesses::new(Patience {
                free: MISTYPED_IN_A_WARD,
                first_lock: Duration::from_secs(5),
                longest_lock: Duration::from_secs(15),
                forget_after: Duration::from_secs(60 * 60),
            }),
        }
    }

    /// Charges one attempt. Ask before the password is checked.
    pub fn admit(
        &mut self,
        account: AccountKey,
        from: Origin,
        now: Timestamp,
    ) -> Result<(), Throttled> {
        let pair = (account, from.guesser());
        let Origin::Machine(address) = from else {
            return self.pairs.charge(pair, now);
        };
        self.networks.look(&address.into(), now)?;
        self.accounts.look(&account, now)?;
        self.pairs.charge(pair, now)?;
        if self.counts_for_the_account(account, pair, now) {
            self.accounts.charge(account, now)?;
        }
        self.networks.charge(address.into(), now)
    }

    /// One machine alone, however long it guesses, brings no account to its lock; several do, and then each
    /// of their guesses keeps it there.
    fn counts_for_the_account(
        &self,
        account: AccountKey,
        pair: (AccountKey, Guesser),
        now: Timestamp,
    ) -> bool {
        let of_the_pair = self.pairs.guesses(&pair, now);
        let of_all = self.accounts.guesses(&account, now);
        of_the_pair <= self.lockout.threshold || of_all > self.lockout.of_all()
    }

    /// The password was right: the machine starts afresh with this account, and its network and the account
    /// get the one charge back.
    pub fn signed_in(&mut self, account: AccountKey, from: Origin) {
        self.pairs.clear(&(account, from.guesser()));
        if let Origin::Machine(address) = from {
            self.networks.refund(&address.into());
            self.accounts.refund(&account);
        }
    }

    /// Whether anybody is locked out of the account at this moment.
    pub fn is_locked(&self, account: AccountKey, now: Timestamp) -> bool {
        self.accounts.look(&account, now).is_err()
            || self.pairs.is_any_locked(everybody(account), now)
    }

    /// Everybody starts afresh with this account. What networks are locked out of for other accounts' sake stands.
    pub fn unlock(&mut self, account: AccountKey) {
        self.accounts.clear(&account);
        self.pairs.clear_all(everybody(account));
    }
}

/// Whoever may guess at an account.
fn everybody(account: AccountKey) -> RangeInclusive<(AccountKey, Guesser)> {
    let least = Guesser::Machine(IpAddr::V6(Ipv6Addr::UNSPECIFIED).into());
    let most = Guesser::Device([u8::MAX; 32]);
    (account, least)..=(account, most)
}

impl Origin {
    fn guesser(self) -> Guesser {
        match self {
            Self::Machine(address) => Guesser::Machine(address.into()),
            Self::Device(hash) => Guesser::Device(hash),
        }
    }
}

impl Default for SignInThrottle {
    fn default() -> Self {
        Self::new(Lockout::default())
    }
}

const FIRST_LOCK: Duration = Duration::from_secs(30);
const FORGET_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Machines on which one person may mistype at the same time; beyond it somebody has hired them.
const MACHINES_OF_ONE: u32 = 4;

/// A hospital's whole staff may come from one network.
const MISTYPED_IN_A_WARD: u32 = 100;

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const MISTYPED: u32 = DEFAULT_THRESHOLD;

    const OWNER: AccountKey = AccountKey([1; 32]);
    const ATTACKER: Origin = Origin::Machine(IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1)));
    const HOME: Origin = Origin::Machine(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)));

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

        throttle.signed_in(OWNER, HOME);

        for _ in 0..MISTYPED {
            assert!(throttle.admit(OWNER, HOME, at(0)).is_ok());
        }
    }

    // Shows: ABUSE-05.
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
                throttle.signed_in(own, ATTACKER);
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

    // Shows: REQ-AC-03.
    #[test]
    fn the_threshold_and_the_lock_are_the_operators_within_bounds() {
        let fifteen = Duration::from_secs(15 * 60);
        assert!(Lockout::new(2, fifteen).is_none());
        assert!(Lockout::new(101, fifteen).is_none());
        assert!(Lockout::new(3, Duration::from_secs(59)).is_none());
        let strict = Lockout::new(3, Duration::from_secs(24 * 60 * 60)).unwrap();
        let mut throttle = SignInThrottle::new(strict);

        let admitted = (0..10).filter(|_| throttle.admit(OWNER, HOME, at(0)).is_ok());

        assert_eq!(admitted.count(), 4);
    }

    #[test]
    fn one_machine_alone_never_brings_an_account_to_its_lock() {
        let mut throttle = SignInThrottle::default();
        let mut now = at(0);
        for _ in 0..1_000 {
            if let Err(throttled) = throttle.admit(OWNER, ATTACKER, now) {
                now = throttled.until;
            }
        }

        assert!(throttle.admit(OWNER, HOME, now).is_ok());
    }

    #[test]
    fn an_account_that_is_unlocked_is_open_to_everybody_again() {
        let mut throttle = SignInThrottle::default();
        let other = AccountKey([2; 32]);
        let browser = Origin::Device([u8::MAX; 32]);
        for from in [HOME, browser] {
            for account in [OWNER, other] {
                while throttle.admit(account, from, at(0)).is_ok() {}
            }
        }
        assert!(throttle.is_locked(OWNER, at(0)) && !throttle.is_locked(OWNER, at(30)));

        throttle.unlock(OWNER);

        assert!(!throttle.is_locked(OWNER, at(0)) && throttle.is_locked(other, at(0)));
        assert!(throttle.admit(OWNER, HOME, at(0)).is_ok());
        assert!(throttle.admit(OWNER, browser, at(0)).is_ok());
        assert!(throttle.admit(other, HOME, at(0)).is_err());
    }

    // Shows: ABUSE-04.
    #[test]
    fn an_army_is_locked_out_and_the_owners_own_browser_is_not() {
        let mut throttle = SignInThrottle::default();
        let soldier = |n: u8| Origin::Machine(IpAddr::V4(Ipv4Addr::new(198, 51, n, 1)));

        let admitted = (0..=u8::MAX).filter(|n| throttle.admit(OWNER, soldier(*n), at(0)).is_ok());

        assert_eq!(admitted.count(), 21);
        assert!(throttle.admit(OWNER, HOME, at(0)).is_err());
        assert!(
            throttle
                .admit(OWNER, Origin::Device([7; 32]), at(0))
                .is_ok()
        );
        let other = AccountKey([2; 32]);
        assert!(throttle.admit(other, HOME, at(0)).is_ok());
    }
}
