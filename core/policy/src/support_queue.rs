//! The queue for support: who may ask for help, who takes them, and for how long somebody waits.
//!
//! Whoever asks has no account, so the organisation's own word decides for them, and a bound for each machine keeps one from
//! filling the queue. A technician says first that they are about to take somebody: so no two of them open sessions for one.

use std::net::IpAddr;
use std::time::Duration;

use conclave_protocol::Timestamp;
use conclave_protocol::account::AccountRole;
use conclave_protocol::policy::Permitted;

use crate::decision::{Decision, Reason};
use crate::guesses::{Guesses, Patience, Throttled};
use crate::source::Machine;
use crate::support::{CODE_LASTS, may_hold};

/// The longest that somebody waits to be taken.
pub const WAITS_FOR: Duration = Duration::from_secs(30 * 60);
/// Whose page has not asked for so long is gone. It asks every few seconds, but a page that nobody looks at, while its person is
/// on the telephone, is let do something once a minute by its browser.
pub const GONE_AFTER: Duration = Duration::from_secs(2 * 60);
/// How long nobody else takes whom a technician is about to: as long as it takes a page to open a session.
pub const CLAIMED_FOR: Duration = Duration::from_secs(30);
/// How long a sealed link waits for whom it is for: as long as it is good.
pub const LINK_KEPT: Duration = CODE_LASTS;
/// How long a page can hear that its person was turned away: also one that had no connection, or that nobody looked at.
pub const DECLINED_KEPT: Duration = LINK_KEPT;
/// In one organisation.
pub const MOST_WAITING: u32 = 50;

/// What is on record of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    pub asked_at: Timestamp,
    /// When its page last asked.
    pub seen_at: Timestamp,
    pub taken_at: Option<Timestamp>,
}

/// How it stands with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    Waiting,
    Taken,
    /// Nobody took it in time, its page is gone, or its link is good no longer.
    Over,
}

/// Whether somebody without an account may ask for help. `permitted`: what a guest of the organisation is.
pub fn may_ask(permitted: &Permitted) -> Decision {
    let is_open = permitted.support && permitted.support_queue;
    Decision::when(is_open, Reason::SwitchedOff)
}

/// Whether a technician may see who waits, and take them or turn them away.
pub fn may_take(role: AccountRole, permitted: &Permitted) -> Decision {
    match may_hold(role, permitted) {
        Decision::Allow => Decision::when(permitted.support_queue, Reason::SwitchedOff),
        decision => decision,
    }
}

pub fn state(request: &Request, now: Timestamp) -> RequestState {
    let waits = now.since(request.asked_at) < WAITS_FOR && now.since(request.seen_at) < GONE_AFTER;
    match request.taken_at {
        Some(at) if now.since(at) < LINK_KEPT => RequestState::Taken,
        None if waits => RequestState::Waiting,
        Some(_) | None => RequestState::Over,
    }
}

/// The requests of late, by machine.
pub struct AskedForHelp {
    machines: Guesses<Machine>,
}

impl AskedForHelp {
    /// Charges one request.
    pub fn admit(&mut self, from: IpAddr, now: Timestamp) -> Result<(), Throttled> {
        self.machines.charge(from.into(), now)
    }
}

impl Default for AskedForHelp {
    fn default() -> Self {
        Self {
            machines: Guesses::new(OF_A_MACHINE),
        }
    }
}

/// A ward shares an address. Of one address fewer than [`MOST_WAITING`] ask within [`WAITS_FOR`].
const OF_A_MACHINE: Patience = Patience {
    free: 20,
    first_lock: Duration::from_secs(10),
    longest_lock: Duration::from_secs(90),
    forget_after: Duration::from_secs(60 * 60),
};

#[cfg(test)]
mod tests {
    use AccountRole::{AccountManager, Admin, Auditor, Member, Owner, Representative};

    use super::*;

    const ASKED: Timestamp = Timestamp::from_micros(1_000_000_000_000);

    fn at(seconds: u64) -> Timestamp {
        ASKED.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn somebody_waits_for_half_an_hour_and_two_minutes_without_their_page() {
        use RequestState::{Over, Taken, Waiting};
        for (seen, taken, now, expected) in [
            (0, None, 0, Waiting),
            (0, None, 119, Waiting),
            (0, None, 120, Over),
            (1_790, None, 1_799, Waiting),
            (1_790, None, 1_800, Over),
            (30, Some(40), 639, Taken),
            (30, Some(40), 640, Over),
        ] {
            let request = Request {
                asked_at: ASKED,
                seen_at: at(seen),
                taken_at: taken.map(at),
            };
            assert_eq!(state(&request, at(now)), expected, "{seen} {taken:?} {now}");
        }
    }

    #[test]
    fn help_is_asked_for_and_given_where_policy_has_a_queue() {
        let on = Permitted::default();
        let off = [
            Permitted {
                support: false,
                ..on
            },
            Permitted {
                support_queue: false,
                ..on
            },
        ];
        assert_eq!(may_ask(&on), Decision::Allow);
        for permitted in off {
            assert_eq!(may_ask(&permitted), Decision::Deny(Reason::SwitchedOff));
            let taken = may_take(Owner, &permitted);
            assert_eq!(taken, Decision::Deny(Reason::SwitchedOff));
        }
        for role in [
            Owner,
            Admin,
            AccountManager,
            Representative,
            Auditor,
            Member,
        ] {
            let helps = matches!(role, Owner | Admin | Representative);
            let expected = Decision::when(helps, Reason::Role);
            assert_eq!(may_take(role, &on), expected, "{role:?}");
        }
    }

    #[test]
    fn one_machine_never_fills_the_queue() {
        let mut asked = AskedForHelp::default();
        let here = "192.0.2.1".parse().unwrap();

        let half_an_hour = 0..WAITS_FOR.as_secs();
        let admitted = half_an_hour.filter(|now| asked.admit(here, at(*now)).is_ok());

        let admitted = u32::try_from(admitted.count()).unwrap();
        assert!((20..MOST_WAITING).contains(&admitted), "{admitted}");
        let elsewhere = "192.0.2.2".parse().unwrap();
        assert!(asked.admit(elsewhere, at(0)).is_ok());
    }
}
