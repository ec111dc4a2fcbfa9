//! What an organisation's directory does to accounts and groups, by a program with the scope for it.
//!
//! Whether the program may, and whether whom it means is its to govern, is decided inside of each transaction.

use std::collections::BTreeSet;

use conclave_policy::directory::{
    Becomes, MOST_MEMBERS, MOST_PEOPLE, PROVISIONED_ROLE, PROVISIONED_STATE, Wish, fulfil,
    may_readdress,
};
use conclave_policy::program::ProgramAction;
use conclave_protocol::account::AccountState;
use conclave_protocol::personal::{DisplayName, EmailAddress, Title};
use conclave_protocol::scim::ExternalId;
use conclave_protocol::{AccountGroupId, AccountId, OrganisationId, ProgramId, Timestamp};

use super::account::{self, NewAccount};
use super::{Action, Apply, Failure, Revision, account_group, policy, program};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::directory::{self, DirectoryUser};

/// Makes an account that waits for approval, without a password. Refused: [`Refused::AccountExists`],
/// [`Refused::ExternalIdTaken`], [`Refused::TooManyPeople`], [`Refused::NotAllowed`].
pub struct ProvisionUser {
    pub program: ProgramId,
    pub account: AccountId,
    pub words: UserWords,
    pub active: bool,
    pub at: Timestamp,
}

/// Who somebody is, by their directory.
#[derive(Clone, PartialEq, Eq)]
pub struct UserWords {
    pub email: EmailAddress,
    pub display_name: DisplayName,
    pub external_id: Option<ExternalId>,
}

/// Changes who somebody is. The address is the directory's to change where it brought the account, until somebody here gives
/// it a role. Refused:
/// [`Refused::Conflict`] when they are not as `seen`, [`Refused::NotFound`], [`Refused::AddressIsTheirs`], and as
/// [`ProvisionUser`].
pub struct ChangeUser {
    pub program: ProgramId,
    pub account: AccountId,
    pub seen: UserWords,
    pub becomes: UserWords,
    pub at: Timestamp,
}

/// Gives somebody back what they had when the directory suspended them. Refused: [`Refused::NotAllowed`],
/// [`Refused::AccountState`].
pub struct RestoreUser {
    pub program: ProgramId,
    pub account: AccountId,
    pub at: Timestamp,
}

/// Makes a group that is the directory's. Refused: as [`super::CreateAccountGroup`], [`Refused::ExternalIdTaken`],
/// [`Refused::NotFound`] for members that are not there, [`Refused::TooManyMembers`], [`Refused::NotAllowed`].
pub struct MakeDirectoryGroup {
    pub program: ProgramId,
    pub id: AccountGroupId,
    pub name: Title,
    pub external_id: Option<ExternalId>,
    pub members: BTreeSet<AccountId>,
    pub at: Timestamp,
}

/// Changes of a group that is the directory's what it says anything of. Refused: [`Refused::Conflict`] when the policy's
/// revision is not the one that was seen, and as [`MakeDirectoryGroup`].
pub struct ChangeDirectoryGroup {
    pub program: ProgramId,
    pub id: AccountGroupId,
    pub seen: Option<u64>,
    pub name: Option<Title>,
    /// `Some(None)` takes it away.
    pub external_id: Option<Option<ExternalId>>,
    pub add: BTreeSet<AccountId>,
    pub remove: BTreeSet<AccountId>,
    pub at: Timestamp,
}

/// With what policy says of it. Refused: [`Refused::NotFound`], [`Refused::NotAllowed`].
pub struct DeleteDirectoryGroup {
    pub program: ProgramId,
    pub id: AccountGroupId,
    pub at: Timestamp,
}

impl DirectoryUser {
    pub fn words(&self) -> UserWords {
        UserWords {
            email: self.email.clone(),
            display_name: self.display_name.clone(),
            external_id: self.external_id.clone(),
        }
    }
}

impl Action for ProvisionUser {}

impl Apply for ProvisionUser {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let organisation = acts(link, self.program, self.at).await?;
        let people = count_people(link, organisation).await?;
        if people.is_none_or(|(count,)| count >= MOST_PEOPLE) {
            return Err(Refused::TooManyPeople.into());
        }
        let external_id = self.words.external_id;
        is_free(link, organisation, external_id.as_ref(), self.account).await?;
        let state = match self.active {
            true => PROVISIONED_STATE,
            false => AccountState::Suspended,
        };
        let new = NewAccount {
            id: self.account,
            organisation,
            email: self.words.email,
            display_name: self.words.display_name,
            role: PROVISIONED_ROLE,
            state,
            password: None,
            at: self.at,
        };
        account::insert(link, new).await?;
        know(link, self.account, organisation, true, self.at).await?;
        call(link, self.account, external_id, self.at).await?;
        if !self.active {
            suspended(link, self.account, PROVISIONED_STATE, self.at).await?;
        }
        Ok(())
    }
}

impl Action for ChangeUser {}

impl Apply for ChangeUser {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let organisation = acts(link, self.program, self.at).await?;
        let user = user(link, self.account, organisation).await?;
        if user.words() != self.seen {
            return Err(Refused::Conflict.into());
        }
        let becomes = self.becomes;
        is_free(
            link,
            organisation,
            becomes.external_id.as_ref(),
            self.account,
        )
        .await?;
        if becomes.email != user.email {
            move_to(link, &user, becomes.email).await?;
        }
        rename(link, self.account, becomes.display_name).await?;
        know(link, self.account, organisation, false, self.at).await?;
        call(link, self.account, becomes.external_id, self.at).await?;
        Ok(())
    }
}

impl Action for RestoreUser {}

impl Apply for RestoreUser {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let organisation = acts(link, self.program, self.at).await?;
        let user = user(link, self.account, organisation).await?;
        match fulfil(user.found(), Wish::Restore) {
            Ok(Becomes::State(state)) => account::set_state(link, self.account, state).await?,
            Ok(Becomes::Same) => return Err(Refused::AccountState.into()),
            Err(_) => return Err(Refused::NotAllowed.into()),
        };
        restored(link, self.account).await?;
        Ok(())
    }
}

impl Action for MakeDirectoryGroup {}

impl Apply for MakeDirectoryGroup {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let organisation = acts(link, self.program, self.at).await?;
        let made = super::CreateAccountGroup {
            id: self.id,
            organisation,
            name: self.name,
            at: self.at,
        };
        let revision = made.apply(link).await?;
        is_groups_free(link, organisation, self.external_id.as_ref(), self.id).await?;
        own(link, self.id, organisation, self.external_id, self.at).await?;
        put_in(link, organisation, self.id, self.members).await?;
        Ok(revision)
    }
}

impl Action for ChangeDirectoryGroup {}

impl Apply for ChangeDirectoryGroup {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let organisation = acts(link, self.program, self.at).await?;
        let revision = match self.seen {
            Some(seen) => policy::raise_from(link, organisation, seen).await?,
            None => policy::raise(link, organisation).await?,
        };
        if touch_group(link, self.id, organisation, self.at).await? == 0 {
            return Err(Refused::NotFound.into());
        }
        if let Some(external_id) = self.external_id {
            is_groups_free(link, organisation, external_id.as_ref(), self.id).await?;
            call_group(link, self.id, external_id).await?;
        }
        if let Some(name) = self.name {
            account_group::rename_to(link, self.id, organisation, name).await?;
        }
        for member in self.remove {
            account_group::remove(link, member, self.id, organisation).await?;
        }
        put_in(link, organisation, self.id, self.add).await?;
        Ok(revision)
    }
}

impl Action for DeleteDirectoryGroup {}

impl Apply for DeleteDirectoryGroup {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let organisation = acts(link, self.program, self.at).await?;
        if !owns(link, self.id, organisation).await? {
            return Err(Refused::NotFound.into());
        }
        let id = self.id;
        let delete = super::DeleteAccountGroup { id, organisation };
        delete.apply(link).await
    }
}

/// What suspending or removing somebody does to what is known of them here. Refused: [`Refused::NotAllowed`], and
/// [`Refused::AccountState`] for who is so already.
pub(super) async fn may_shut_out(
    link: &mut Link<'_>,
    program: ProgramId,
    account: AccountId,
    removes: bool,
    at: Timestamp,
) -> Result<(), Failure> {
    let organisation = acts(link, program, at).await?;
    let user = user(link, account, organisation).await?;
    let wish = match removes {
        true => Wish::Remove,
        false => Wish::Suspend,
    };
    match fulfil(user.found(), wish) {
        Ok(Becomes::State(AccountState::Suspended)) => {
            know(link, account, organisation, false, at).await?;
            suspended(link, account, user.state, at).await?;
            Ok(())
        }
        Ok(Becomes::State(_)) => Ok(()),
        Ok(Becomes::Same) => Err(Refused::AccountState.into()),
        Err(_) => Err(Refused::NotAllowed.into()),
    }
}

/// Whether a directory sees the account, and so may take it out of its groups.
pub(super) async fn sees(
    link: &mut Link<'_>,
    account: AccountId,
    organisation: OrganisationId,
) -> Result<bool, sqlx::Error> {
    let found = directory::user(link, account).await?;
    Ok(found.is_some_and(|user| user.organisation == organisation && user.is_seen()))
}

/// Refused: [`Refused::ManagedByDirectory`] for a group whose people and name a directory says.
pub(super) async fn is_local(
    link: &mut Link<'_>,
    group: AccountGroupId,
    organisation: OrganisationId,
) -> Result<(), Failure> {
    match owns(link, group, organisation).await? {
        true => Err(Refused::ManagedByDirectory.into()),
        false => Ok(()),
    }
}

async fn owns(
    link: &mut Link<'_>,
    group: AccountGroupId,
    organisation: OrganisationId,
) -> Result<bool, sqlx::Error> {
    Ok(owned(link, group, organisation).await?.is_some())
}

async fn acts(
    link: &mut Link<'_>,
    program: ProgramId,
    at: Timestamp,
) -> Result<OrganisationId, Failure> {
    program::acts(link, program, ProgramAction::Provision, at).await
}

/// Somebody who is the directory's to govern.
async fn user(
    link: &mut Link<'_>,
    account: AccountId,
    organisation: OrganisationId,
) -> Result<DirectoryUser, Failure> {
    let found = directory::user(link, account).await?;
    let seen = found.filter(|user| user.organisation == organisation && user.is_seen());
    Ok(seen.ok_or(Refused::NotFound)?)
}

/// What was mailed to the old address, or waits for another, is worth nothing from then on. Sessions go on: it is the same
/// person, and a name that changes puts nobody out of a visit.
async fn move_to(
    link: &mut Link<'_>,
    user: &DirectoryUser,
    email: EmailAddress,
) -> Result<(), Failure> {
    if !may_readdress(user.is_made(), user.role) {
        return Err(Refused::AddressIsTheirs.into());
    }
    let normalised = email.normalised();
    let taken = account::address_of(link, user.organisation, normalised.clone()).await?;
    if taken.is_some_and(|(holder,)| holder != user.account) {
        return Err(Refused::AccountExists.into());
    }
    readdress(link, user.account, email, normalised).await?;
    super::password_reset::forget_links(link, user.account).await?;
    super::email::forget_of(link, user.account).await?;
    Ok(())
}

async fn put_in(
    link: &mut Link<'_>,
    organisation: OrganisationId,
    group: AccountGroupId,
    members: BTreeSet<AccountId>,
) -> Result<(), Failure> {
    for member in members {
        user(link, member, organisation).await?;
        account_group::add(link, member, group).await?;
    }
    match count_members(link, group).await? {
        Some((count,)) if count <= MOST_MEMBERS => Ok(()),
        Some(_) | None => Err(Refused::TooManyMembers.into()),
    }
}

async fn is_free(
    link: &mut Link<'_>,
    organisation: OrganisationId,
    id: Option<&ExternalId>,
    account: AccountId,
) -> Result<(), Failure> {
    let Some(id) = id else {
        return Ok(());
    };
    match called(link, organisation, id.clone()).await? {
        Some((holder,)) if holder != account => Err(Refused::ExternalIdTaken.into()),
        Some(_) | None => Ok(()),
    }
}

async fn is_groups_free(
    link: &mut Link<'_>,
    organisation: OrganisationId,
    id: Option<&ExternalId>,
    group: AccountGroupId,
) -> Result<(), Failure> {
    let Some(id) = id else {
        return Ok(());
    };
    match group_called(link, organisation, id.clone()).await? {
        Some((holder,)) if holder != group => Err(Refused::ExternalIdTaken.into()),
        Some(_) | None => Ok(()),
    }
}

statements! {
    optional count_people(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM account WHERE organisation = $1 AND state <> 'removed'";

    optional count_members(group: AccountGroupId) -> (u32,)
        = "SELECT COUNT(*) FROM account_group_member WHERE account_group = $1";

    optional called(organisation: OrganisationId, id: ExternalId) -> (AccountId,)
        = "SELECT account FROM directory_account WHERE organisation = $1 AND external_id = $2";

    optional group_called(organisation: OrganisationId, id: ExternalId) -> (AccountGroupId,)
        = "SELECT account_group FROM directory_group WHERE organisation = $1 AND external_id = $2";

    execute know(account: AccountId, organisation: OrganisationId, made: bool, at: Timestamp)
        = "INSERT INTO directory_account (account, organisation, made, changed_at)
           VALUES ($1, $2, $3, $4) ON CONFLICT (account) DO UPDATE SET changed_at = excluded.changed_at";

    execute call(account: AccountId, id: Option<ExternalId>, at: Timestamp)
        = "UPDATE directory_account SET external_id = $2, changed_at = $3 WHERE account = $1";

    execute suspended(account: AccountId, from: AccountState, at: Timestamp)
        = "UPDATE directory_account SET suspended_from = $2, changed_at = $3 WHERE account = $1";

    execute restored(account: AccountId)
        = "UPDATE directory_account SET suspended_from = NULL WHERE account = $1";

    execute take_over(account: AccountId)
        = "UPDATE directory_account SET suspended_from = NULL
           WHERE account = $1 AND suspended_from IS NOT NULL";

    execute forget(account: AccountId)
        = "DELETE FROM directory_account WHERE account = $1";

    execute rename(account: AccountId, name: DisplayName)
        = "UPDATE account SET display_name = $2 WHERE id = $1";

    execute readdress(account: AccountId, email: EmailAddress, normalised: String)
        = "UPDATE account SET email = $2, email_normalised = $3 WHERE id = $1";

    optional owned(group: AccountGroupId, organisation: OrganisationId) -> (bool,)
        = "SELECT TRUE FROM directory_group WHERE account_group = $1 AND organisation = $2";

    execute own(
        group: AccountGroupId, organisation: OrganisationId, id: Option<ExternalId>, at: Timestamp,
    )
        = "INSERT INTO directory_group (account_group, organisation, external_id, changed_at)
           VALUES ($1, $2, $3, $4)";

    execute touch_group(group: AccountGroupId, organisation: OrganisationId, at: Timestamp)
        = "UPDATE directory_group SET changed_at = $3 WHERE account_group = $1 AND organisation = $2";

    execute call_group(group: AccountGroupId, id: Option<ExternalId>)
        = "UPDATE directory_group SET external_id = $2 WHERE account_group = $1";
}
