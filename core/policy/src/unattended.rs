//! Help at a computer when nobody is there: who may ask to be let in, and how often.
//!
//! The organisation says at which computers, and for each who. The computer itself asks for an administrator of its own
//! beside that, and this server never learns whom. Whether a name and password were right only the computer knows, so each
//! try counts, also a right one.

use std::collections::BTreeMap;
use std::time::Duration;

use conclave_protocol::account::AccountRole;
use conclave_protocol::policy::Permitted;
use conclave_protocol::{AccountId, SupportDeviceId, Timestamp};

use crate::decision::{Decision, Reason};
use crate::support::may_hold;

/// How long an enrolment link is good: as long as it takes to walk to the computer.
pub const LINK_LASTS: Duration = Duration::from_secs(10 * 60);
/// Computers of one organisation.
pub const MOST_DEVICES: u32 = 500;
/// People who may help at one computer.
pub const MOST_GRANTS: u32 = 50;
/// Links of one organisation that are good at one time.
pub const MOST_LINKS: u32 = 20;

/// For how long an enrolment lasts while nobody says otherwise: after a year somebody looks whether it is still needed.
const DEFAULT_DAYS: i64 = 365;
const LONGEST_DAYS: u16 = 730;

const DAY: u64 = 24 * 60 * 60;

/// Of one person at one computer.
pub const TRIES: usize = 5;
pub const TRIES_WITHIN: Duration = Duration::from_secs(15 * 60);
/// That go on record in that time, of those that a busy computer never got: they cost nothing, so there may be any number.
pub const BUSY_RECORDED: usize = 5;
/// Pairs of a person and a computer that are remembered: with more, nobody new is let try.
const MOST_PAIRS: usize = 10_000;

/// What is on record of a computer and somebody who would help there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The organisation took it out.
    pub is_revoked: bool,
    /// As [`has_ended`].
    pub has_ended: bool,
    pub is_granted: bool,
}

/// Whether somebody may be let into a computer at this moment, as far as the organisation says.
pub fn may_help(role: AccountRole, permitted: &Permitted, standing: Standing) -> Decision {
    match may_hold(role, permitted) {
        Decision::Allow if !permitted.support_unattended => Decision::Deny(Reason::SwitchedOff),
        Decision::Allow => {
            let is_over = standing.is_revoked || standing.has_ended;
            let may = standing.is_granted && !is_over;
            Decision::when(may, Reason::Role)
        }
        decision => decision,
    }
}

/// For how long an enrolment lasts, and when it ends so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    pub days: u16,
    pub ends_at: Timestamp,
}

/// Of an enrolment that is made, or renewed, at `now`. `None` for a time that none may have.
pub fn term(days: Option<i64>, now: Timestamp) -> Option<Term> {
    let days = u16::try_from(days.unwrap_or(DEFAULT_DAYS)).ok()?;
    let lasts = Duration::from_secs(u64::from(days) * DAY);
    let ends_at = now.plus(lasts);
    (1..=LONGEST_DAYS)
        .contains(&days)
        .then_some(Term { days, ends_at })
}

/// Whether an enrolment is over by its time. Those that were made before they had an end have none.
pub fn has_ended(ends_at: Option<Timestamp>, now: Timestamp) -> bool {
    ends_at.is_some_and(|at| now >= at)
}

/// What was tried of late.
#[derive(Default)]
pub struct CredentialTries {
    of: BTreeMap<(SupportDeviceId, AccountId), Vec<Timestamp>>,
    /// Those that were taken back, as far as they are remembered.
    busy: BTreeMap<(SupportDeviceId, AccountId), Vec<Timestamp>>,
}

/// Tried too often: not before `wait` is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TriedTooOften {
    pub wait: Duration,
}

impl CredentialTries {
    /// Charges one try, before it is passed on. One that is refused is not charged.
    pub fn charge(
        &mut self,
        device: SupportDeviceId,
        by: AccountId,
        now: Timestamp,
    ) -> Result<(), TriedTooOften> {
        self.forget(now);
        let is_full = self.of.len() >= MOST_PAIRS && !self.of.contains_key(&(device, by));
        if is_full {
            return Err(TriedTooOften { wait: TRIES_WITHIN });
        }
        let tries = self.of.entry((device, by)).or_default();
        if tries.len() >= TRIES {
            let first = tries.first().copied().unwrap_or(now);
            let wait = TRIES_WITHIN.saturating_sub(now.since(first));
            return Err(TriedTooOften { wait });
        }
        tries.push(now);
        Ok(())
    }

    /// Takes back what was charged at this time: the computer never got it, so nobody learned anything.
    pub fn uncharge(&mut self, device: SupportDeviceId, by: AccountId, charged: Timestamp) {
        if let Some(tries) = self.of.get_mut(&(device, by))
            && let Some(place) = tries.iter().rposition(|at| *at == charged)
        {
            tries.remove(place);
            self.remember_busy(device, by, charged);
        }
    }

    /// Whether as many as ever go on record were taken back of late.
    pub fn were_busy(&mut self, device: SupportDeviceId, by: AccountId, now: Timestamp) -> bool {
        self.forget(now);
        let busy = self.busy.get(&(device, by));
        busy.map_or(self.busy.len() >= MOST_PAIRS, |busy| {
            busy.len() >= BUSY_RECORDED
        })
    }

    fn remember_busy(&mut self, device: SupportDeviceId, by: AccountId, at: Timestamp) {
        let is_full = self.busy.len() >= MOST_PAIRS && !self.busy.contains_key(&(device, by));
        if is_full {
            return;
        }
        let busy = self.busy.entry((device, by)).or_default();
        if busy.len() < BUSY_RECORDED {
            busy.push(at);
        }
    }

    fn forget(&mut self, now: Timestamp) {
        for pairs in [&mut self.of, &mut self.busy] {
            pairs.retain(|_, tries| {
                tries.retain(|at| now.since(*at) < TRIES_WITHIN);
                !tries.is_empty()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use AccountRole::{AccountManager, Admin, Auditor, Member, Owner, Representative};
    use uuid::Uuid;

    use super::*;

    const GRANTED: Standing = Standing {
        is_revoked: false,
        has_ended: false,
        is_granted: true,
    };

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(1_000_000_000_000).plus(Duration::from_secs(seconds))
    }

    fn pair(device: u128, account: u128) -> (SupportDeviceId, AccountId) {
        let device = SupportDeviceId(Uuid::from_u128(device));
        (device, AccountId(Uuid::from_u128(account)))
    }

    // Shows: REQ-AC-25, REQ-AC-29, REQ-AC-30, ABUSE-57.
    #[test]
    fn somebody_is_let_in_where_they_were_granted_it_and_policy_and_their_role_permit_it() {
        let on = Permitted::default();
        let off = Permitted {
            support_unattended: false,
            ..on
        };
        for role in [
            Owner,
            Admin,
            AccountManager,
            Representative,
            Auditor,
            Member,
        ] {
            let holds = matches!(role, Owner | Admin | Representative);
            let expected = Decision::when(holds, Reason::Role);
            assert_eq!(may_help(role, &on, GRANTED), expected, "{role:?}");
            assert!(!may_help(role, &off, GRANTED).is_allowed());
        }
        for standing in [
            Standing {
                is_granted: false,
                ..GRANTED
            },
            Standing {
                is_revoked: true,
                ..GRANTED
            },
            Standing {
                has_ended: true,
                ..GRANTED
            },
        ] {
            let refused = may_help(Owner, &on, standing);
            assert_eq!(refused, Decision::Deny(Reason::Role));
        }
        let refused = may_help(Owner, &off, GRANTED);
        assert_eq!(refused, Decision::Deny(Reason::SwitchedOff));
    }

    // Shows: REQ-AC-29.
    #[test]
    fn an_enrolment_ends_at_its_time_and_lasts_two_years_at_the_most() {
        let days = |days: u64| at(days * DAY);
        let end = |days| term(days, at(0)).map(|term| term.ends_at);
        assert_eq!(end(Some(1)), Some(days(1)));
        assert_eq!(end(Some(730)), Some(days(730)));
        for none in [i64::MIN, -1, 0, 731, 65_537, i64::MAX] {
            assert_eq!(end(Some(none)), None, "{none}");
        }
        let ends_at = end(None);
        assert_eq!(ends_at, Some(days(365)));
        assert!(!has_ended(ends_at, at(365 * DAY - 1)));
        assert!(has_ended(ends_at, days(365)));
        assert!(!has_ended(None, days(100_000)));
    }

    // Shows: REQ-AC-25.
    #[test]
    fn somebody_tries_five_times_in_a_quarter_of_an_hour_at_one_computer() {
        let mut tries = CredentialTries::default();
        let (device, amy) = pair(1, 1);
        for second in 0..5 {
            assert!(tries.charge(device, amy, at(second)).is_ok());
        }

        let refused = tries.charge(device, amy, at(5));

        let wait = TRIES_WITHIN - Duration::from_secs(5);
        assert_eq!(refused, Err(TriedTooOften { wait }));
        // Neither another computer nor somebody else is in it.
        let (other, bo) = pair(2, 2);
        assert!(tries.charge(other, amy, at(5)).is_ok());
        assert!(tries.charge(device, bo, at(5)).is_ok());
        // What was refused is not charged: the first try is forgotten in its time.
        assert!(tries.charge(device, amy, at(15 * 60)).is_ok());
        assert!(tries.charge(device, amy, at(15 * 60)).is_err());
    }

    #[test]
    fn a_try_that_the_computer_never_got_costs_nothing() {
        let mut tries = CredentialTries::default();
        let (device, amy) = pair(1, 1);
        for second in 0..20 {
            assert!(tries.charge(device, amy, at(second)).is_ok());
            tries.uncharge(device, amy, at(second));
        }
        for second in 20..25 {
            assert!(tries.charge(device, amy, at(second)).is_ok());
        }

        // One that nobody charged takes no other back.
        tries.uncharge(device, amy, at(30));

        assert!(tries.charge(device, amy, at(31)).is_err());
    }

    // Shows: REQ-AC-25.
    #[test]
    fn of_tries_that_a_busy_computer_never_got_the_first_ones_go_on_record() {
        let mut tries = CredentialTries::default();
        let (device, amy) = pair(1, 1);
        for second in 0..5 {
            assert!(!tries.were_busy(device, amy, at(second)));
            assert!(tries.charge(device, amy, at(second)).is_ok());
            tries.uncharge(device, amy, at(second));
        }

        assert!(tries.were_busy(device, amy, at(5)));
        // Neither another computer nor somebody else is in it.
        let (other, bo) = pair(2, 2);
        assert!(!tries.were_busy(other, amy, at(5)));
        assert!(!tries.were_busy(device, bo, at(5)));
        assert!(!tries.were_busy(device, amy, at(15 * 60)));
    }

    #[test]
    fn no_more_is_remembered_than_has_a_bound() {
        let mut tries = CredentialTries::default();
        let most = u128::try_from(MOST_PAIRS).unwrap();
        for number in 0..most {
            let (device, by) = pair(number, 1);
            assert!(tries.charge(device, by, at(0)).is_ok());
        }

        let (device, by) = pair(most, 1);
        assert!(tries.charge(device, by, at(0)).is_err());
        assert!(tries.charge(device, by, at(15 * 60)).is_ok());
    }
}
