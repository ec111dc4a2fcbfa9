//! Slows down asking for mail: to one address, so that nobody's letterbox is flooded, and from one network.
//!
//! Addresses that have no account are counted alike, so that the refusal tells nobody who has one. Nobody keeps somebody
//! else from a link: mail that strangers ask for and links that change a password are counted apart, and of the latter an
//! address is counted for each network; what all networks together may ask for is more than one person needs.

use std::net::IpAddr;
use std::time::Duration;

use conclave_protocol::Timestamp;

use crate::guesses::{Guesses, Patience, Throttled};
use crate::sign_in_throttle::AccountKey;
use crate::source::Network;

/// The mails that strangers asked for lately.
pub struct AskedMail {
    addresses: Guesses<AccountKey>,
    networks: Guesses<Network>,
}

/// The links that change a password, and were asked for lately.
pub struct AskedResets {
    pairs: Guesses<(AccountKey, Network)>,
    addresses: Guesses<AccountKey>,
    networks: Guesses<Network>,
}

impl AskedMail {
    /// Charges one mail. Ask before the address is looked up.
    pub fn admit(
        &mut self,
        address: AccountKey,
        from: IpAddr,
        now: Timestamp,
    ) -> Result<(), Throttled> {
        self.networks.look(&from.into(), now)?;
        self.addresses.charge(address, now)?;
        self.networks.charge(from.into(), now)
    }
}

impl AskedResets {
    /// Charges one link. Ask before the address is looked up.
    pub fn admit(
        &mut self,
        address: AccountKey,
        from: IpAddr,
        now: Timestamp,
    ) -> Result<(), Throttled> {
        let network = from.into();
        self.networks.look(&network, now)?;
        self.addresses.look(&address, now)?;
        self.pairs.charge((address, network), now)?;
        self.addresses.charge(address, now)?;
        self.networks.charge(network, now)
    }
}

impl Default for AskedMail {
    fn default() -> Self {
        Self {
            addresses: Guesses::new(OF_ONE),
            networks: Guesses::new(OF_A_NETWORK),
        }
    }
}

impl Default for AskedResets {
    fn default() -> Self {
        Self {
            pairs: Guesses::new(OF_ONE),
            addresses: Guesses::new(OF_ALL_NETWORKS),
            networks: Guesses::new(OF_A_NETWORK),
        }
    }
}

const OF_ONE: Patience = Patience {
    free: ASKED_AGAIN,
    first_lock: Duration::from_secs(60),
    longest_lock: Duration::from_secs(15 * 60),
    forget_after: Duration::from_secs(60 * 60),
};

const OF_ALL_NETWORKS: Patience = Patience {
    free: 4 * ASKED_AGAIN,
    first_lock: Duration::from_secs(60),
    longest_lock: Duration::from_secs(5 * 60),
    forget_after: Duration::from_secs(60 * 60),
};

const OF_A_NETWORK: Patience = Patience {
    free: ASKED_BY_A_WARD,
    first_lock: Duration::from_secs(10),
    longest_lock: Duration::from_secs(60),
    forget_after: Duration::from_secs(60 * 60),
};

/// The first mail is late, or went astray.
const ASKED_AGAIN: u32 = 3;
/// A hospital's whole staff may come from one network.
const ASKED_BY_A_WARD: u32 = 50;

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::mailed_link::{ASKED_FOR, MOST_RESETS};

    const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const AMY: AccountKey = AccountKey([1; 32]);

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(seconds))
    }

    #[test]
    fn one_letterbox_gets_a_few_letters_an_hour() {
        let mut asked = AskedMail::default();

        let sent = (0..3_600).filter(|second| asked.admit(AMY, HOME, at(*second)).is_ok());

        assert!(sent.count() < 12);
    }

    #[test]
    fn one_network_does_not_write_to_everybody() {
        let mut asked = AskedMail::default();

        let sent = (0..=u8::MAX)
            .filter(|account| asked.admit(AccountKey([*account; 32]), HOME, at(0)).is_ok());

        assert_eq!(sent.count() as u32, ASKED_BY_A_WARD + 1);
    }

    #[test]
    fn nobody_keeps_somebody_from_another_network_from_their_link() {
        let mut asked = AskedResets::default();
        let stranger = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1));
        while asked.admit(AMY, stranger, at(0)).is_ok() {}

        assert!(asked.admit(AMY, HOME, at(0)).is_ok());
    }

    #[test]
    fn an_army_that_asks_pushes_out_no_link_that_still_holds() {
        let mut asked = AskedResets::default();
        let mut sent = 0;

        for second in 0..ASKED_FOR.as_secs() {
            for n in 0..=u8::MAX {
                let soldier = IpAddr::V4(Ipv4Addr::new(198, 51, n, 1));
                sent += u32::from(asked.admit(AMY, soldier, at(second)).is_ok());
            }
        }

        assert!(sent <= MOST_RESETS, "{sent}");
    }
}
