//! What a program may by its key, and for how long: its own scopes, never the rights of whoever made it.

use std::time::Duration;

use conclave_protocol::Timestamp;
use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::program::{ProgramScope, ProgramState};

use crate::capability::{AccountAction, account_may};
use crate::decision::{Decision, Reason};

/// What a program asks to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProgramAction {
    /// Read and govern accounts and groups for the organisation's directory ([`crate::directory`] says which).
    Provision,
    /// See which meetings of the organisation go on.
    SeeLiveMeetings,
    /// See the organisation's audit log, and prove its entries.
    ReadAudit,
}

/// A program on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    /// Of whoever made it, as they stand at this moment.
    pub maker: (AccountRole, AccountState),
}

/// Programs of an organisation whose keys open something at one time. More are hard to keep an eye on.
pub const MOST_PROGRAMS: u32 = 50;
/// While nobody says otherwise: a quarter, after which somebody looks whether the program is still needed.
pub const DEFAULT_DAYS: u16 = 90;
pub const LONGEST_DAYS: u16 = 365;
/// For how long one that ended is shown.
pub const SHOWN_AFTER_ITS_END: Duration = Duration::from_secs(365 * DAY);

const DAY: u64 = 24 * 60 * 60;

impl ProgramAction {
    const fn needs(self) -> ProgramScope {
        match self {
            Self::Provision => ProgramScope::Scim,
            Self::SeeLiveMeetings => ProgramScope::MeetingsRead,
            Self::ReadAudit => ProgramScope::AuditRead,
        }
    }
}

/// Whether a program with these scopes holds the capability.
pub fn program_may(scopes: &[ProgramScope], action: ProgramAction) -> Decision {
    Decision::when(scopes.contains(&action.needs()), Reason::Role)
}

/// When a program ends that is made at `now`. `None` for a lifetime that none may have.
pub fn expiry(days: Option<u16>, now: Timestamp) -> Option<Timestamp> {
    let days = days.unwrap_or(DEFAULT_DAYS);
    let lasts = Duration::from_secs(u64::from(days) * DAY);
    (1..=LONGEST_DAYS).contains(&days).then(|| now.plus(lasts))
}

/// Whether whoever stands so may have programs.
pub fn may_have(role: AccountRole, state: AccountState) -> Decision {
    match state {
        AccountState::Active => account_may(role, AccountAction::MakeProgram),
        AccountState::Pending | AccountState::Suspended | AccountState::Removed => {
            Decision::Deny(Reason::Role)
        }
    }
}

impl Standing {
    pub fn state(self, now: Timestamp) -> ProgramState {
        let (role, state) = self.maker;
        match may_have(role, state) {
            Decision::Deny(_) => ProgramState::Revoked,
            Decision::Allow if self.revoked_at.is_some() => ProgramState::Revoked,
            Decision::Allow if now >= self.expires_at => ProgramState::Expired,
            Decision::Allow => ProgramState::Active,
        }
    }
}

/// The day of an instant: all that is kept of when a program was used.
pub fn day(at: Timestamp) -> Timestamp {
    const MICROS: i64 = 24 * 60 * 60 * 1_000_000;
    Timestamp::from_micros(at.as_micros().div_euclid(MICROS) * MICROS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: Timestamp = Timestamp::from_micros(1_795_336_200_000_000);
    const OWNER: (AccountRole, AccountState) = (AccountRole::Owner, AccountState::Active);

    fn after(days: u64) -> Timestamp {
        MADE.plus(Duration::from_secs(days * DAY))
    }

    // Shows: REQ-AC-29.
    #[test]
    fn a_scope_opens_its_own_acts_and_no_others() {
        use ProgramAction::{Provision, ReadAudit, SeeLiveMeetings};
        for (scopes, action, expected) in [
            (&[][..], Provision, false),
            (&[], SeeLiveMeetings, false),
            (&[ProgramScope::Scim], Provision, true),
            (&[ProgramScope::Scim], SeeLiveMeetings, false),
            (&[ProgramScope::MeetingsRead], Provision, false),
            (&[ProgramScope::MeetingsRead], ReadAudit, false),
            (&[ProgramScope::AuditRead], ReadAudit, true),
            (&[ProgramScope::AuditRead], SeeLiveMeetings, false),
            (&ProgramScope::ALL, SeeLiveMeetings, true),
        ] {
            let decision = program_may(scopes, action);
            assert_eq!(decision.is_allowed(), expected, "{scopes:?} {action:?}");
        }
    }

    #[test]
    fn a_program_lasts_a_quarter_or_as_said_and_a_year_at_the_most() {
        assert_eq!(expiry(None, MADE), Some(after(90)));
        assert_eq!(expiry(Some(1), MADE), Some(after(1)));
        assert_eq!(expiry(Some(365), MADE), Some(after(365)));
        assert_eq!(expiry(Some(0), MADE), None);
        assert_eq!(expiry(Some(366), MADE), None);
    }

    // Shows: REQ-AC-29.
    #[test]
    fn a_program_ends_by_time_by_revocation_or_with_its_makers_right() {
        let active = Standing {
            expires_at: after(90),
            revoked_at: None,
            maker: OWNER,
        };
        let revoked = Standing {
            revoked_at: Some(MADE),
            ..active
        };
        let of = |maker| Standing { maker, ..active };

        assert_eq!(active.state(MADE), ProgramState::Active);
        assert_eq!(active.state(after(90)), ProgramState::Expired);
        assert_eq!(revoked.state(MADE), ProgramState::Revoked);
        for maker in [
            (AccountRole::Owner, AccountState::Suspended),
            (AccountRole::Owner, AccountState::Removed),
            (AccountRole::Admin, AccountState::Active),
            (AccountRole::Member, AccountState::Active),
        ] {
            assert_eq!(of(maker).state(MADE), ProgramState::Revoked, "{maker:?}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight() {
        assert_eq!(
            day(Timestamp::from_micros(86_400_000_001)).as_micros(),
            86_400_000_000
        );
        assert_eq!(day(Timestamp::from_micros(5)).as_micros(), 0);
    }
}
