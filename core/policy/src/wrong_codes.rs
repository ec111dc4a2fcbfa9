//! Slows down guessing meeting codes and invitations from one machine.
//!
//! A code is one of 10⁹ and opens no more than the lobby, so that patience can be longer than
//! with passwords: people read codes out on the telephone.

use std::net::IpAddr;
use std::time::Duration;

use conclave_protocol::Timestamp;

use crate::guesses::{Guesses, Patience, Throttled};
use crate::source::Machine;

/// The wrong codes of late.
pub struct WrongCodes {
    machines: Guesses<Machine>,
}

impl WrongCodes {
    /// After so many of one machine each further one locks it out.
    pub fn new(borne: u32) -> Self {
        Self {
            machines: Guesses::new(Patience {
                free: borne,
                first_lock: Duration::from_secs(10),
                longest_lock: Duration::from_secs(10 * 60),
                forget_after: Duration::from_secs(60 * 60),
            }),
        }
    }

    /// Charges one guess. Ask before the code is looked up.
    pub fn admit(&mut self, from: IpAddr, now: Timestamp) -> Result<(), Throttled> {
        self.machines.charge(from.into(), now)
    }

    /// The code was right: the guess was none.
    pub fn was_right(&mut self, from: IpAddr) {
        self.machines.refund(&from.into());
    }
}

impl Default for WrongCodes {
    fn default() -> Self {
        Self::new(MISHEARD)
    }
}

/// As shipped: a waiting room's patients share an address.
pub const MISHEARD: u32 = 20;

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    #[test]
    fn right_codes_are_never_slowed_down() {
        let mut codes = WrongCodes::default();

        for _ in 0..1_000 {
            assert!(codes.admit(HERE, at(0)).is_ok());
            codes.was_right(HERE);
        }
    }

    // Shows: ABUSE-01.
    #[test]
    fn of_a_hundred_thousand_guesses_at_once_a_few_are_looked_up() {
        let mut codes = WrongCodes::default();

        let looked_up = (0..100_000).filter(|_| codes.admit(HERE, at(0)).is_ok());

        assert_eq!(looked_up.count(), 1 + MISHEARD as usize);
    }

    // Shows: REQ-AC-04.
    #[test]
    fn how_many_wrong_codes_are_borne_is_the_operators() {
        let mut codes = WrongCodes::new(3);

        let looked_up = (0..100).filter(|_| codes.admit(HERE, at(0)).is_ok());

        assert_eq!(looked_up.count(), 4);
    }

    // Shows: REQ-AC-01, ABUSE-01.
    #[test]
    fn a_month_of_guesses_finds_no_meeting_among_a_thousand() {
        let mut codes = WrongCodes::default();
        let (mut now, mut guesses) = (at(0), 0_u32);

        while now < at(30 * 24 * 60 * 60) {
            match codes.admit(HERE, now) {
                Ok(()) => guesses += 1,
                Err(throttled) => now = throttled.until,
            }
        }

        let meetings = 1_000.0;
        let chance = f64::from(guesses) * meetings / 1e9;
        assert!(chance < 0.01, "{guesses} guesses");
    }
}
