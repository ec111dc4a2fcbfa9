//! Slows down guessing, per whatever key the guesses share.
//!
//! The first few guesses are free. After them each guess locks its key, each time for twice as
//! long up to a longest lock. A guess is charged before it is checked, so guesses made in
//! parallel all count. A refused guess is not charged, so hammering a locked key does not
//! extend its lock.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use conclave_protocol::Timestamp;

/// How patient a table is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// Guesses without any lock.
    pub(crate) free: u32,
    pub(crate) first_lock: Duration,
    pub(crate) longest_lock: Duration,
    /// A key that was quiet for this long starts afresh.
    pub(crate) forget_after: Duration,
}

/// The guesses of every key that made some lately.
pub(crate) struct Guesses<Key> {
    patience: Patience,
    keys: BTreeMap<Key, Charged>,
}

/// No guess is taken before `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttled {
    pub until: Timestamp,
}

#[derive(Clone, Copy)]
struct Charged {
    guesses: u32,
    last: Timestamp,
    /// `None` while guesses are free: requests at one time may come out of their order.
    locked_until: Option<Timestamp>,
}

/// Keys that a table remembers; beyond it the one that was quiet for longest is forgotten.
/// A larger table takes more memory (about 100 bytes each), a smaller one is easier to flush.
pub(crate) const MOST_KEYS: usize = 65_536;

impl<Key: Ord + Copy> Guesses<Key> {
    pub(crate) fn new(patience: Patience) -> Self {
        Self {
            patience,
            keys: BTreeMap::new(),
        }
    }

    /// Charges nothing: whether a guess would be taken.
    pub(crate) fn look(&self, key: &Key, now: Timestamp) -> Result<(), Throttled> {
        let lock = self.keys.get(key).and_then(|charged| charged.locked_until);
        match lock.filter(|until| now < *until) {
            Some(until) => Err(Throttled { until }),
            None => Ok(()),
        }
    }

    /// Those that count against the key at this moment.
    pub(crate) fn guesses(&self, key: &Key, now: Timestamp) -> u32 {
        let charged = self.keys.get(key);
        let recent = charged.filter(|old| now.since(old.last) < self.patience.forget_after);
        recent.map_or(0, |old| old.guesses)
    }

    /// Charges one guess, unless the key is locked.
    pub(crate) fn charge(&mut self, key: Key, now: Timestamp) -> Result<(), Throttled> {
        self.look(&key, now)?;
        if !self.keys.contains_key(&key) {
            self.make_room(now);
        }
        let guesses = self.guesses(&key, now).saturating_add(1);
        let charged = Charged {
            guesses,
            last: now,
            locked_until: self.patience.lock_after(guesses).map(|lock| now.plus(lock)),
        };
        self.keys.insert(key, charged);
        Ok(())
    }

    /// Takes the last charge back: the guess was right.
    pub(crate) fn refund(&mut self, key: &Key) {
        if let Some(charged) = self.keys.get_mut(key) {
            charged.guesses = charged.guesses.saturating_sub(1);
            charged.locked_until = None;
        }
    }

    pub(crate) fn clear(&mut self, key: &Key) {
        self.keys.remove(key);
    }

    /// Whether any key of these is locked.
    pub(crate) fn is_any_locked(&self, keys: RangeInclusive<Key>, now: Timestamp) -> bool {
        let mut locks = self
            .keys
            .range(keys)
            .map(|(_, charged)| charged.locked_until);
        locks.any(|until| until.is_some_and(|until| now < until))
    }

    pub(crate) fn clear_all(&mut self, keys: RangeInclusive<Key>) {
        let cleared: Vec<Key> = self.keys.range(keys).map(|(key, _)| *key).collect();
        for key in cleared {
            self.keys.remove(&key);
        }
    }

    fn make_room(&mut self, now: Timestamp) {
        if self.keys.len() < MOST_KEYS {
            return;
        }
        let forget_after = self.patience.forget_after;
        self.keys
            .retain(|_, charged| now.since(charged.last) < forget_after);
        if self.keys.len() >= MOST_KEYS {
            let quietest = self.keys.iter().min_by_key(|(_, charged)| charged.last);
            if let Some(key) = quietest.map(|(key, _)| *key) {
                self.keys.remove(&key);
            }
        }
    }
}

impl Patience {
    fn lock_after(self, guesses: u32) -> Option<Duration> {
        let doublings = guesses.checked_sub(self.free + 1)?;
        let lock = self
            .first_lock
            .saturating_mul(2_u32.saturating_pow(doublings));
        Some(lock.min(self.longest_lock))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience = Patience {
        free: 2,
        first_lock: Duration::from_secs(10),
        longest_lock: Duration::from_secs(40),
        forget_after: Duration::from_secs(100),
    };

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    fn charge_at(guesses: &mut Guesses<u32>, seconds: u64) -> Result<(), u64> {
        let until = |throttled: Throttled| throttled.until.since(at(0)).as_secs();
        guesses.charge(7, at(seconds)).map_err(until)
    }

    #[test]
    fn the_lock_doubles_up_to_its_longest() {
        let mut guesses = Guesses::new(PATIENCE);
        let mut now = 0;

        for lock in [0, 0, 10, 20, 40, 40, 40] {
            assert_eq!(charge_at(&mut guesses, now), Ok(()));
            if lock > 0 {
                assert_eq!(charge_at(&mut guesses, now + lock - 1), Err(now + lock));
            }
            now += lock;
        }
    }

    #[test]
    fn a_refused_guess_does_not_extend_the_lock() {
        let mut guesses = Guesses::new(PATIENCE);
        for _ in 0..3 {
            assert_eq!(charge_at(&mut guesses, 0), Ok(()));
        }

        for _ in 0..1_000 {
            assert_eq!(charge_at(&mut guesses, 9), Err(10));
        }

        assert_eq!(charge_at(&mut guesses, 10), Ok(()));
    }

    #[test]
    fn a_quiet_key_starts_afresh() {
        let mut guesses = Guesses::new(PATIENCE);
        for _ in 0..3 {
            assert_eq!(charge_at(&mut guesses, 0), Ok(()));
        }

        assert_eq!(charge_at(&mut guesses, 100), Ok(()));
        assert_eq!(charge_at(&mut guesses, 100), Ok(()));
    }

    #[test]
    fn a_refund_takes_one_charge_and_its_lock_back() {
        let mut guesses = Guesses::new(PATIENCE);
        for _ in 0..3 {
            assert_eq!(charge_at(&mut guesses, 0), Ok(()));
        }

        guesses.refund(&7);

        assert_eq!(charge_at(&mut guesses, 0), Ok(()));
        assert_eq!(charge_at(&mut guesses, 0), Err(10));
    }

    #[test]
    fn the_table_is_bounded_and_forgets_the_quietest_key() {
        let mut guesses = Guesses::new(PATIENCE);
        for key in 0..MOST_KEYS {
            assert!(guesses.charge(key, at(u64::from(key > 0))).is_ok());
        }

        assert!(guesses.charge(MOST_KEYS, at(2)).is_ok());

        assert_eq!(guesses.keys.len(), MOST_KEYS);
        assert!(!guesses.keys.contains_key(&0));
    }

    #[test]
    fn free_guesses_at_one_time_may_come_out_of_their_order() {
        let mut guesses = Guesses::new(PATIENCE);

        assert_eq!(charge_at(&mut guesses, 10), Ok(()));
        assert_eq!(charge_at(&mut guesses, 9), Ok(()));
    }
}
