//! Slows down showing keys of programs that open nothing.
//!
//! Nobody guesses 256 bits; each refusal is on record though, and this bounds how many a stranger can make this server
//! write. A key that is right is not asked about here: whoever shares a machine with a stranger is not shut out by them.

use std::net::IpAddr;
use std::time::Duration;

use conclave_protocol::Timestamp;

use crate::guesses::{Guesses, Patience, Throttled};
use crate::source::Machine;

/// The wrong keys of late.
pub struct WrongKeys {
    machines: Guesses<Machine>,
}

impl WrongKeys {
    /// Charges one key that opened nothing.
    pub fn charge(&mut self, from: IpAddr, now: Timestamp) -> Result<(), Throttled> {
        self.machines.charge(from.into(), now)
    }
}

impl Default for WrongKeys {
    fn default() -> Self {
        Self {
            machines: Guesses::new(Patience {
                free: RETRIES,
                first_lock: Duration::from_secs(10),
                longest_lock: Duration::from_secs(10 * 60),
                forget_after: Duration::from_secs(60 * 60),
            }),
        }
    }
}

/// A program whose key has just ended tries again for a while.
const RETRIES: u32 = 20;

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn a_day_of_wrong_keys_leaves_few_refusals() {
        let mut keys = WrongKeys::default();
        let here = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
        let day = (0..24 * 60 * 60).map(|second| Timestamp::from_micros(second * 1_000_000));

        let charged = day.filter(|now| keys.charge(here, *now).is_ok()).count();

        assert!((20..200).contains(&charged), "{charged}");
    }
}
