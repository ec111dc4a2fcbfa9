//! Who is let in, as a value: opens what was sealed for this computer, once, and begins nothing before it was verified and
//! the server looked again.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use conclave_client::e2ee::computer::{Admittance, ComputerKeys, Occasion};
use conclave_protocol::unattended::DeviceAnswer;
use conclave_protocol::{AccountId, SupportDeviceId, SupportSessionId};
use zeroize::Zeroizing;

use super::tries::Tries;

pub(super) struct Gate {
    keys: ComputerKeys,
    device: SupportDeviceId,
    run: [u8; 16],
    tries: Tries,
    /// The newest try of each session: an older one was seen before.
    seen: BTreeMap<SupportSessionId, u8>,
    verified: BTreeMap<SupportSessionId, Verified>,
}

/// Waits for the server's word.
struct Verified {
    until: Instant,
    link: Zeroizing<String>,
}

/// What one try is.
#[derive(Clone, Copy)]
pub(super) struct Try {
    pub(super) session: SupportSessionId,
    pub(super) technician: AccountId,
    pub(super) attempt: u8,
}

/// Of one run: years of a busy computer. Whoever sends more is asked nothing.
const MOST_SEEN: usize = 65_536;
/// For the server's word.
const WAITS: Duration = Duration::from_secs(30);
const MOST_WAITING: usize = 8;

impl Gate {
    pub(super) fn new(keys: ComputerKeys, device: SupportDeviceId, run: [u8; 16]) -> Self {
        Self {
            keys,
            device,
            run,
            tries: Tries::default(),
            seen: BTreeMap::new(),
            verified: BTreeMap::new(),
        }
    }

    pub(super) fn sign(&self, content: &[u8]) -> [u8; 64] {
        self.keys.sign(content)
    }

    /// What was typed for this computer, to be looked at. It opens once.
    pub(super) fn open(
        &mut self,
        now: Instant,
        asked: Try,
        sealed: &[u8],
    ) -> Result<Admittance, DeviceAnswer> {
        let Try {
            session,
            technician,
            attempt,
        } = asked;
        let newest = self.seen.get(&session).copied();
        let is_full = newest.is_none() && self.seen.len() >= MOST_SEEN;
        if is_full || newest.is_some_and(|newest| attempt <= newest) {
            return Err(DeviceAnswer::NotOpened);
        }
        if !self.tries.admit(now, technician) {
            return Err(DeviceAnswer::TooMany);
        }
        let occasion = Occasion {
            computer: *self.device.0.as_bytes(),
            run: self.run,
            session: *session.0.as_bytes(),
            attempt,
        };
        let opened = self.keys.open(&occasion, sealed);
        let opened = opened.ok_or(DeviceAnswer::NotOpened)?;
        self.seen.insert(session, attempt);
        Ok(opened)
    }

    /// It was an administrator of the computer. False: too many wait.
    pub(super) fn verified(
        &mut self,
        now: Instant,
        session: SupportSessionId,
        link: Zeroizing<String>,
    ) -> bool {
        self.verified.retain(|_, verified| now < verified.until);
        if self.verified.len() >= MOST_WAITING {
            return false;
        }
        let until = now + WAITS;
        self.verified.insert(session, Verified { until, link });
        true
    }

    /// The server looked again: the session's link, once. `None`: nobody was verified for it, or too long ago.
    pub(super) fn begin(
        &mut self,
        now: Instant,
        session: SupportSessionId,
    ) -> Option<Zeroizing<String>> {
        let verified = self.verified.remove(&session)?;
        (now < verified.until).then_some(verified.link)
    }

    pub(super) fn end(&mut self, session: SupportSessionId) {
        self.verified.remove(&session);
    }
}

#[cfg(test)]
mod tests {
    use conclave_client::e2ee::Seed;
    use uuid::Uuid;

    use super::*;

    const RUN: [u8; 16] = [7; 16];
    const DEVICE: SupportDeviceId = SupportDeviceId(Uuid::from_u128(1));

    fn session(number: u128) -> SupportSessionId {
        SupportSessionId(Uuid::from_u128(number))
    }

    fn asked(number: u128, attempt: u8) -> Try {
        Try {
            session: session(number),
            technician: AccountId(Uuid::from_u128(9)),
            attempt,
        }
    }

    fn keys() -> ComputerKeys {
        ComputerKeys::generate(Seed(Zeroizing::new([1; 32])))
    }

    fn gate() -> Gate {
        Gate::new(keys(), DEVICE, RUN)
    }

    fn sealed(asked: Try) -> Vec<u8> {
        let occasion = Occasion {
            computer: *DEVICE.0.as_bytes(),
            run: RUN,
            session: *asked.session.0.as_bytes(),
            attempt: asked.attempt,
        };
        let text = |text: &str| Zeroizing::new(text.to_owned());
        let admittance = Admittance {
            link: text("a link"),
            name: text("techadmin"),
            password: text("hunter2"),
        };
        let sealed = keys().public().seal(&occasion, &admittance);
        sealed.unwrap().unwrap()
    }

    // Shows: REQ-AC-25.
    #[test]
    fn what_was_typed_opens_once_and_for_its_own_session_and_try() {
        let (mut gate, now) = (gate(), Instant::now());
        let first = asked(1, 1);
        let opened = gate.open(now, first, &sealed(first)).unwrap();
        assert_eq!(opened.password.as_str(), "hunter2");

        let again = gate.open(now, first, &sealed(first)).err();
        let elsewhere = gate.open(now, asked(2, 1), &sealed(first)).err();
        let renumbered = gate.open(now, asked(1, 2), &sealed(first)).err();

        for refused in [again, elsewhere, renumbered] {
            assert_eq!(refused, Some(DeviceAnswer::NotOpened));
        }
    }

    // Shows: REQ-AC-25.
    #[test]
    fn the_computer_counts_tries_itself_also_those_that_do_not_open() {
        let (mut gate, now) = (gate(), Instant::now());
        for number in 1..=5 {
            let opened = gate.open(now, asked(number, 1), b"what a server made up");
            assert_eq!(opened.err(), Some(DeviceAnswer::NotOpened));
        }

        let right = asked(6, 1);
        let refused = gate.open(now, right, &sealed(right)).err();

        assert_eq!(refused, Some(DeviceAnswer::TooMany));
        let later = now + Duration::from_secs(15 * 60);
        assert!(gate.open(later, right, &sealed(right)).is_ok());
    }

    // Shows: REQ-AC-25, ABUSE-57.
    #[test]
    fn nothing_begins_that_was_not_verified_or_waited_too_long_or_was_taken_back() {
        let (mut gate, now) = (gate(), Instant::now());
        let link = || Zeroizing::new("a link".to_owned());
        assert!(gate.begin(now, session(1)).is_none());
        assert!(gate.verified(now, session(1), link()));
        assert!(gate.begin(now, session(1)).is_some());
        assert!(gate.begin(now, session(1)).is_none());

        assert!(gate.verified(now, session(2), link()));
        assert!(gate.begin(now + WAITS, session(2)).is_none());
        assert!(gate.verified(now, session(3), link()));
        gate.end(session(3));

        assert!(gate.begin(now, session(3)).is_none());
    }
}
