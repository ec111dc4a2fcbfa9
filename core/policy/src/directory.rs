//! What an organisation's directory (SCIM) may govern: people's accounts, never what they may.
//!
//! It makes accounts that wait for approval, suspends and removes, and says who is in the groups that it made. Owners and
//! admins are not its own, nor is anybody's role.

use conclave_protocol::account::{AccountRole, AccountState};

use crate::decision::{Decision, Reason};

/// What a directory wants to make of an account that it governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Suspend,
    Restore,
    Remove,
}

/// An account as a directory finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub role: AccountRole,
    pub state: AccountState,
    /// It was the directory that suspended it, and how it stood before.
    pub suspended_from: Option<AccountState>,
}

/// What an account becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// It is so already.
    Same,
    State(AccountState),
}

/// The role of whoever a directory brings, until somebody gives them another.
pub const PROVISIONED_ROLE: AccountRole = AccountRole::Member;
/// Nobody hosts anything before a person has approved them.
pub const PROVISIONED_STATE: AccountState = AccountState::Pending;

/// Accounts in one answer. A larger page is a longer list of names in one stolen answer.
pub const MOST_USERS_LISTED: u32 = 200;
/// Each comes with its members.
pub const MOST_GROUPS_LISTED: u32 = 50;
/// Of one group.
pub const MOST_MEMBERS: u32 = 2_000;
/// People of an organisation, beyond which its directory brings nobody.
pub const MOST_PEOPLE: u32 = 5_000;
/// Of one group, in one request: each is an entry of the audit log.
pub const MOST_MEMBERS_CHANGED: usize = 1_000;

/// Whether accounts of this role are a directory's to see and change.
pub fn governs(role: AccountRole) -> Decision {
    use AccountRole as R;
    let governed = match role {
        R::Owner | R::Admin => false,
        R::AccountManager | R::Representative | R::Auditor | R::Member => true,
    };
    Decision::when(governed, Reason::Role)
}

/// Whether it may move an account to another address, by which a password can be chosen: of those that it `made`, until
/// somebody here has given one a role. Else a directory would have what people gave.
pub fn may_readdress(made: bool, role: AccountRole) -> bool {
    made && role == PROVISIONED_ROLE
}

/// Whether the identity provider's subject may be who the directory says by its external id, where the operator has said that
/// the two are one: as with an address, of those alone that it brought and nobody has given a role.
pub fn may_match(made: bool, role: AccountRole) -> bool {
    may_readdress(made, role)
}

/// Whether a directory sees somebody as active: whoever waits for approval is, until it says otherwise.
pub const fn is_active(state: AccountState) -> bool {
    match state {
        AccountState::Pending | AccountState::Active => true,
        AccountState::Suspended | AccountState::Removed => false,
    }
}

/// What becomes of an account. It restores only whom it suspended, to how they stood before: its own suspension is no way
/// around an approval, and somebody else's suspension is not its to lift.
pub fn fulfil(found: Found, wish: Wish) -> Result<Becomes, Reason> {
    use AccountState as S;
    if let Decision::Deny(reason) = governs(found.role) {
        return Err(reason);
    }
    Ok(match (wish, found.state) {
        (_, S::Removed) => return Err(Reason::Role),
        (Wish::Remove, S::Pending | S::Active | S::Suspended) => Becomes::State(S::Removed),
        (Wish::Suspend, S::Pending | S::Active) => Becomes::State(S::Suspended),
        (Wish::Suspend, S::Suspended) | (Wish::Restore, S::Pending | S::Active) => Becomes::Same,
        (Wish::Restore, S::Suspended) => {
            Becomes::State(found.suspended_from.ok_or(Reason::NeedsAnother)?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use AccountRole::{AccountManager, Admin, Auditor, Member, Owner, Representative};
    use AccountState::{Active, Pending, Removed, Suspended};

    const ROLES: [AccountRole; 6] = [
        Owner,
        Admin,
        AccountManager,
        Representative,
        Auditor,
        Member,
    ];

    fn found(state: AccountState, suspended_from: Option<AccountState>) -> Found {
        Found {
            role: Member,
            state,
            suspended_from,
        }
    }

    // Shows: ABUSE-16.
    #[test]
    fn owners_and_admins_are_nobodys_in_a_directory() {
        for role in ROLES {
            for state in [Pending, Active, Suspended] {
                for wish in [Wish::Suspend, Wish::Restore, Wish::Remove] {
                    let found = Found {
                        role,
                        state,
                        suspended_from: Some(Active),
                    };
                    let allowed = fulfil(found, wish).is_ok();
                    assert_eq!(allowed, !matches!(role, Owner | Admin), "{role:?} {wish:?}");
                }
            }
        }
    }

    #[test]
    fn a_directory_moves_the_address_of_nobody_whom_people_gave_a_role() {
        for role in ROLES {
            assert_eq!(may_readdress(true, role), role == Member);
            assert_eq!(may_match(true, role), role == Member);
            assert!(!may_readdress(false, role) && !may_match(false, role));
        }
    }

    // Shows: REQ-AC-10.
    #[test]
    fn a_directory_restores_whom_it_suspended_to_how_they_stood() {
        for before in [Pending, Active] {
            assert_eq!(
                fulfil(found(before, None), Wish::Suspend),
                Ok(Becomes::State(Suspended))
            );
            assert_eq!(
                fulfil(found(Suspended, Some(before)), Wish::Restore),
                Ok(Becomes::State(before))
            );
            assert_eq!(
                fulfil(found(before, None), Wish::Restore),
                Ok(Becomes::Same)
            );
        }
        assert_eq!(
            fulfil(found(Suspended, None), Wish::Restore),
            Err(Reason::NeedsAnother)
        );
        assert_eq!(
            fulfil(found(Suspended, None), Wish::Suspend),
            Ok(Becomes::Same)
        );
        assert!(fulfil(found(Removed, None), Wish::Restore).is_err());
    }
}
