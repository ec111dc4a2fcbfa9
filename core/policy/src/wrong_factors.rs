//! Slows down guessing the codes of one account's second factor.
//!
//! Whoever guesses here knows the password already. The codes lock, for everybody; a passkey of the
//! account opens it meanwhile, since nobody guesses that.

use std::time::Duration;

use conclave_protocol::{AccountId, Timestamp};

use crate::guesses::{Guesses, Patience, Throttled};

/// The wrong codes of late, by account.
pub struct WrongFactors {
    accounts: Guesses<AccountId>,
}

impl WrongFactors {
    /// Charges one guess. Ask before the code is checked.
    pub fn admit(&mut self, account: AccountId, now: Timestamp) -> Result<(), Throttled> {
        self.accounts.charge(account, now)
    }

    /// Whether the account's codes are locked at this moment.
    pub fn is_locked(&self, account: AccountId, now: Timestamp) -> bool {
        self.accounts.look(&account, now).is_err()
    }

    /// The code was right, or somebody who may has ended the lock.
    pub fn was_right(&mut self, account: AccountId) {
        self.accounts.clear(&account);
    }
}

impl Default for WrongFactors {
    fn default() -> Self {
        Self {
            accounts: Guesses::new(Patience {
                free: MISTYPED - 1,
                first_lock: FIRST_LOCK,
                longest_lock: Duration::from_secs(60 * 60),
                forget_after: Duration::from_secs(24 * 60 * 60),
            }),
        }
    }
}

/// The last of them locks the codes. A code is one of 10⁶, of which three are good at a time.
pub const MISTYPED: u32 = 5;
pub const FIRST_LOCK: Duration = Duration::from_secs(5 * 60);

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const AMY: AccountId = AccountId(Uuid::from_u128(1));

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    #[test]
    fn five_wrong_codes_lock_the_codes_of_that_account_for_five_minutes() {
        let mut wrong = WrongFactors::default();
        for _ in 0..MISTYPED {
            assert!(wrong.admit(AMY, at(0)).is_ok());
        }

        let locked = wrong.admit(AMY, at(299)).err();
        assert_eq!(locked.map(|throttled| throttled.until), Some(at(300)));
        assert!(wrong.admit(AccountId(Uuid::from_u128(2)), at(0)).is_ok());
        assert!(wrong.admit(AMY, at(300)).is_ok());
        assert!(wrong.admit(AMY, at(899)).is_err());
    }

    #[test]
    fn a_year_of_guesses_finds_a_code_with_a_chance_of_few_percent() {
        let mut wrong = WrongFactors::default();
        let (mut now, mut guesses) = (at(0), 0_u32);

        while now < at(365 * 24 * 60 * 60) {
            match wrong.admit(AMY, now) {
                Ok(()) => guesses += 1,
                Err(throttled) => now = throttled.until,
            }
        }

        assert!(f64::from(guesses) * 3.0 / 1e6 < 0.03, "{guesses}");
    }
}
