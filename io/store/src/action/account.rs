//! Somebody's account after it was made: approved, restored, of another role.

use conclave_policy::Decision;
use conclave_policy::capability::{AccountAction, account_may};
use conclave_policy::people::{Change, Somebody, is_last_owner, may_change};
use conclave_policy::program::may_have;
use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::personal::{DisplayName, EmailAddress};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};

use super::password::distrust;
use super::shut_out::{Reach, put_out};
use super::{
    Action, Apply, Failure, WasShutOut, directory, email, invitation, program, second_factor,
};
use crate::engine::{Link, row, statements};
use crate::error::Refused;
use crate::secret::PasswordHash;

/// Approves or restores an account, voids its second factors, which ends its sessions, or gives it another role, which does
/// so too; with a role that hosts nothing it is put out of the meetings that it hosts, which end where no co-host is there.
/// Its programs end with the right to make any. Unlocking writes nothing: the locks are in memory. Suspending and removing is
/// [`super::ShutOut`]. Refused: [`Refused::AccountState`], [`Refused::LastOwner`], [`Refused::NotFound`],
/// [`Refused::NotAllowed`].
pub struct ChangeAccount {
    pub account: AccountId,
    pub by: AccountId,
    /// None that takes the account's every right.
    pub change: Change,
    pub at: Timestamp,
}

/// An account that is about to be made.
pub(super) struct NewAccount {
    pub(super) id: AccountId,
    pub(super) organisation: OrganisationId,
    pub(super) email: EmailAddress,
    pub(super) display_name: DisplayName,
    pub(super) role: AccountRole,
    pub(super) state: AccountState,
    /// Absent where the identity provider alone signs in.
    pub(super) password: Option<PasswordHash>,
    pub(super) at: Timestamp,
}

row! {
    /// What a change of an account rests on.
    pub(super) struct Target {
        pub(super) organisation: OrganisationId,
        pub(super) role: AccountRole,
        pub(super) state: AccountState,
    }
}

impl Action for ChangeAccount {}

impl Apply for ChangeAccount {
    type Done = WasShutOut;

    async fn apply(self, link: &mut Link<'_>) -> Result<WasShutOut, Failure> {
        let target = check(link, self.account, self.change).await?;
        if self.change.ends_an_owner() {
            keep_an_owner(link, self.account, &target).await?;
        }
        decide_again(link, self.by, self.account, &target, self.change).await?;
        let mut done = WasShutOut::default();
        match self.change {
            Change::Approve | Change::Restore => {
                set_state(link, self.account, AccountState::Active).await?;
                directory::restored(link, self.account).await?;
            }
            Change::Role(role) => {
                set_role(link, self.account, role).await?;
                end_sessions(link, self.account).await?;
                invitation::void(link, self.account, Some(role)).await?;
                if !account_may(role, AccountAction::CreateMeeting).is_allowed() {
                    done = put_out(link, self.account, HOSTS_NO_MORE, self.at).await?;
                }
                if !may_have(role, AccountState::Active).is_allowed() {
                    done.programs = program::end_of(link, self.account, self.at).await?;
                }
            }
            Change::ResetFactors => {
                second_factor::void(link, self.account).await?;
                end_sessions(link, self.account).await?;
                distrust(link, self.account).await?;
                email::forget_of(link, self.account).await?;
            }
            Change::Unlock => {}
            Change::Suspend | Change::Remove => return Err(Refused::AccountState.into()),
        }
        Ok(done)
    }
}

const HOSTS_NO_MORE: Reach = Reach {
    hosting_only: true,
    scheduled: true,
};

/// The account as the change finds it.
pub(super) async fn check(
    link: &mut Link<'_>,
    account: AccountId,
    change: Change,
) -> Result<Target, Failure> {
    let found = target(link, account).await?.ok_or(Refused::NotFound)?;
    match change.fits(found.state) {
        true => Ok(found),
        false => Err(Refused::AccountState.into()),
    }
}

/// Refuses what whoever does it may not do as both accounts stand at this moment.
pub(super) async fn decide_again(
    link: &mut Link<'_>,
    by: AccountId,
    account: AccountId,
    target: &Target,
    change: Change,
) -> Result<(), Failure> {
    let role = active_role(link, by).await?;
    let actor = Somebody { account: by, role };
    let whom = Somebody {
        account,
        role: target.role,
    };
    match may_change(actor, whom, change) {
        Decision::Allow => Ok(()),
        Decision::Deny(_) => Err(Refused::NotAllowed.into()),
    }
}

/// Refused: [`Refused::NotAllowed`] unless its holder may act.
pub(super) async fn active_role(
    link: &mut Link<'_>,
    account: AccountId,
) -> Result<AccountRole, Failure> {
    match target(link, account).await? {
        Some(found) if found.state == AccountState::Active => Ok(found.role),
        Some(_) | None => Err(Refused::NotAllowed.into()),
    }
}

/// Refuses to take the last active owner's rights: nobody could give any back.
pub(super) async fn keep_an_owner(
    link: &mut Link<'_>,
    account: AccountId,
    target: &Target,
) -> Result<(), Failure> {
    match is_last(link, account, target).await? {
        true => Err(Refused::LastOwner.into()),
        false => Ok(()),
    }
}

/// Whether nobody else could give anybody their rights.
pub(super) async fn is_last(
    link: &mut Link<'_>,
    account: AccountId,
    target: &Target,
) -> Result<bool, sqlx::Error> {
    let others = other_owner(link, target.organisation, account).await?;
    Ok(is_last_owner(target.role, target.state, others.is_some()))
}

/// Refused: [`Refused::AccountExists`].
pub(super) async fn insert(link: &mut Link<'_>, new: NewAccount) -> Result<(), Failure> {
    let normalised = new.email.normalised();
    let inserted = insert_account(
        link,
        new.id,
        new.organisation,
        new.email,
        normalised,
        new.display_name,
        new.role,
        new.state,
        new.password,
        new.at,
    )
    .await?;
    match inserted {
        0 => Err(Refused::AccountExists.into()),
        _ => Ok(()),
    }
}

/// Refused: [`Refused::AccountState`] unless its holder may act.
pub(super) async fn is_active(link: &mut Link<'_>, account: AccountId) -> Result<(), Failure> {
    match target(link, account).await? {
        Some(found) if found.state == AccountState::Active => Ok(()),
        Some(_) | None => Err(Refused::AccountState.into()),
    }
}

statements! {
    optional target(id: AccountId) -> Target
        = "SELECT organisation, role, state FROM account WHERE id = $1";

    optional other_owner(organisation: OrganisationId, id: AccountId) -> (bool,)
        = "SELECT TRUE FROM account
           WHERE organisation = $1 AND role = 'owner' AND state = 'active' AND id <> $2 LIMIT 1";

    execute set_state(id: AccountId, state: AccountState)
        = "UPDATE account SET state = $2 WHERE id = $1";

    execute set_role(id: AccountId, role: AccountRole)
        = "UPDATE account SET role = $2 WHERE id = $1";

    execute set_password(id: AccountId, password: PasswordHash)
        = "UPDATE account SET password = $2 WHERE id = $1";

    execute end_sessions(account: AccountId)
        = "DELETE FROM web_session WHERE account = $1";

    optional address_is_taken(organisation: OrganisationId, normalised: String) -> (bool,)
        = "SELECT TRUE FROM account WHERE organisation = $1 AND email_normalised = $2";

    optional address_of(organisation: OrganisationId, normalised: String) -> (AccountId,)
        = "SELECT id FROM account WHERE organisation = $1 AND email_normalised = $2";

    execute insert_account(
        id: AccountId, organisation: OrganisationId, email: EmailAddress, normalised: String,
        display_name: DisplayName, role: AccountRole, state: AccountState,
        password: Option<PasswordHash>,
        at: Timestamp,
    )
        = "INSERT INTO account
             (id, organisation, email, email_normalised, display_name, role, state, password, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (organisation, email_normalised) DO NOTHING";
}
