//! Who may change whose account. Owners change everybody's; admins everybody's but owners' and admins'; nobody their own.

use conclave_protocol::AccountId;
use conclave_protocol::account::{AccountRole, AccountState};

use crate::capability::{AccountAction, account_may};
use crate::decision::{Decision, Reason};

/// Somebody with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Somebody {
    pub account: AccountId,
    pub role: AccountRole,
}

/// What somebody wants to make of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Approve,
    /// Takes every right away until it is restored.
    Suspend,
    Restore,
    /// For good.
    Remove,
    Role(AccountRole),
    /// Voids its second factors: whoever lost them signs in with the password, and sets up others.
    ResetFactors,
    /// Ends the locks that wrong passwords and codes have put on it.
    Unlock,
}

impl Change {
    /// Whether all that it does is to take rights away. Such a change can't wait until somebody has proved anew who they
    /// are, which needs a server that can write.
    pub const fn only_takes(self) -> bool {
        match self {
            Self::Suspend | Self::Remove => true,
            Self::Approve | Self::Restore | Self::Role(_) | Self::ResetFactors | Self::Unlock => {
                false
            }
        }
    }

    /// Whether an owner who is changed so is none who acts afterwards.
    pub fn ends_an_owner(self) -> bool {
        match self {
            Self::Suspend | Self::Remove => true,
            Self::Role(role) => role != AccountRole::Owner,
            Self::Approve | Self::Restore | Self::ResetFactors | Self::Unlock => false,
        }
    }

    /// Whether an account that stands like this can be changed so.
    pub const fn fits(self, state: AccountState) -> bool {
        use AccountState as S;
        match self {
            Self::Approve => matches!(state, S::Pending),
            Self::Suspend => matches!(state, S::Active),
            Self::Restore => matches!(state, S::Suspended),
            Self::Remove => !matches!(state, S::Removed),
            Self::Role(_) => matches!(state, S::Active | S::Suspended),
            Self::ResetFactors | Self::Unlock => matches!(state, S::Active),
        }
    }
}

/// Whether `actor` may make that change to `target`'s account.
pub fn may_change(actor: Somebody, target: Somebody, change: Change) -> Decision {
    if actor.account == target.account {
        return Decision::Deny(Reason::OwnAccount);
    }
    let becomes = match change {
        Change::Role(role) => role,
        // Whoever may weaken an account could take it over, if they know its password.
        Change::ResetFactors if actor.role != AccountRole::Owner => {
            return Decision::Deny(Reason::Role);
        }
        Change::Approve
        | Change::Suspend
        | Change::Restore
        | Change::Remove
        | Change::ResetFactors
        | Change::Unlock => target.role,
    };
    match governs(actor.role, target.role) {
        Decision::Allow => governs(actor.role, becomes),
        denied @ Decision::Deny(_) => denied,
    }
}

/// Whether `actor` may give somebody an account of this role.
pub fn may_invite(actor: AccountRole, role: AccountRole) -> Decision {
    governs(actor, role)
}

/// Whether an account that stands like this is the last that can give anybody their rights back. `others`: whether there is
/// another active owner.
pub fn is_last_owner(role: AccountRole, state: AccountState, others: bool) -> bool {
    (role, state) == (AccountRole::Owner, AccountState::Active) && !others
}

/// Whether accounts of `role` are `actor`'s to make and change.
fn governs(actor: AccountRole, role: AccountRole) -> Decision {
    use AccountRole as R;
    match account_may(actor, AccountAction::ManagePeople) {
        Decision::Allow => {
            let manages_the_organisation = matches!(role, R::Owner | R::Admin);
            Decision::when(actor == R::Owner || !manages_the_organisation, Reason::Role)
        }
        denied @ Decision::Deny(_) => denied,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use AccountRole::{AccountManager, Admin, Auditor, Member, Owner, Representative};

    const ROLES: [AccountRole; 6] = [
        Owner,
        Admin,
        AccountManager,
        Representative,
        Auditor,
        Member,
    ];
    const STAFF: [AccountRole; 4] = [AccountManager, Representative, Auditor, Member];

    fn somebody(account: u128, role: AccountRole) -> Somebody {
        let account = AccountId(Uuid::from_u128(account));
        Somebody { account, role }
    }

    fn changes() -> Vec<Change> {
        let mut changes = vec![
            Change::Approve,
            Change::Suspend,
            Change::Restore,
            Change::Remove,
            Change::ResetFactors,
            Change::Unlock,
        ];
        changes.extend(ROLES.map(Change::Role));
        changes
    }

    // Shows: REQ-AC-11.
    #[test]
    fn every_role_changes_exactly_the_accounts_below_it() {
        for actor in ROLES {
            for target in ROLES {
                for change in changes() {
                    let becomes = match change {
                        Change::Role(role) => role,
                        _ => target,
                    };
                    let expected = match actor {
                        Owner => true,
                        Admin if change == Change::ResetFactors => false,
                        Admin => STAFF.contains(&target) && STAFF.contains(&becomes),
                        _ => false,
                    };
                    let decision = may_change(somebody(1, actor), somebody(2, target), change);
                    assert_eq!(
                        decision.is_allowed(),
                        expected,
                        "{actor:?} {target:?} {change:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn nobody_changes_their_own_account() {
        for role in ROLES {
            for change in changes() {
                let own = somebody(1, role);
                assert_eq!(
                    may_change(own, own, change),
                    Decision::Deny(Reason::OwnAccount)
                );
            }
        }
    }

    #[test]
    fn the_last_owner_who_acts_is_told_apart() {
        use AccountState::{Active, Suspended};
        assert!(is_last_owner(Owner, Active, false));
        assert!(!is_last_owner(Owner, Active, true));
        assert!(!is_last_owner(Owner, Suspended, false));
        assert!(!is_last_owner(Admin, Active, false));
        for change in changes() {
            let ends = change.only_takes() || matches!(change, Change::Role(role) if role != Owner);
            assert_eq!(change.ends_an_owner(), ends, "{change:?}");
        }
    }

    #[test]
    fn only_an_owner_invites_owners_and_admins() {
        for actor in ROLES {
            for role in ROLES {
                let expected = actor == Owner || (actor == Admin && STAFF.contains(&role));
                assert_eq!(may_invite(actor, role).is_allowed(), expected);
            }
        }
    }

    #[test]
    fn an_account_changes_only_from_a_state_that_the_change_leads_out_of() {
        use AccountState::{Active, Pending, Removed, Suspended};
        for (change, from) in [
            (Change::Approve, &[Pending][..]),
            (Change::Suspend, &[Active]),
            (Change::Restore, &[Suspended]),
            (Change::Remove, &[Pending, Active, Suspended]),
            (Change::Role(Member), &[Active, Suspended]),
            (Change::ResetFactors, &[Active]),
            (Change::Unlock, &[Active]),
        ] {
            for state in [Pending, Active, Suspended, Removed] {
                assert_eq!(
                    change.fits(state),
                    from.contains(&state),
                    "{change:?} {state:?}"
                );
            }
        }
    }
}
