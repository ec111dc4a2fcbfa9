//! Invitations: made, withdrawn, and accepted, which makes an account.

use conclave_policy::people::may_invite;
use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::personal::{DisplayName, EmailAddress};
use conclave_protocol::{AccountId, InvitationId, OrganisationId, Timestamp};

use super::account::{self, NewAccount};
use super::federated_identity::{self, Identity};
use super::session::{self, NewSession};
use super::{Action, Apply, Failure};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::secret::{PasswordHash, TokenHash};

/// Invites an address; answers its earlier invitation, which is void. Refused: [`Refused::AccountExists`], and
/// [`Refused::NotAllowed`] for whoever may not give that role, or the earlier one.
pub struct Invite {
    pub id: InvitationId,
    pub token: TokenHash,
    pub organisation: OrganisationId,
    pub email: EmailAddress,
    pub role: AccountRole,
    pub invited_by: AccountId,
    pub at: Timestamp,
    pub expires_at: Timestamp,
}

/// Makes an invitation's link void. Refused: [`Refused::NotFound`].
pub struct WithdrawInvitation {
    pub id: InvitationId,
}

/// Spends the link: makes an active account, and the session of whoever did it.
/// Refused: [`Refused::LinkSpent`], [`Refused::AccountExists`], [`Refused::IdentityTaken`].
pub struct AcceptInvitation {
    pub token: TokenHash,
    pub account: AccountId,
    pub display_name: DisplayName,
    pub chosen: Chosen,
    pub session: NewSession,
    pub at: Timestamp,
}

/// How a fresh account signs in.
pub enum Chosen {
    Password(PasswordHash),
    Identity(Identity),
}

impl Action for Invite {}

impl Apply for Invite {
    type Done = Option<InvitationId>;

    async fn apply(self, link: &mut Link<'_>) -> Result<Option<InvitationId>, Failure> {
        let inviter = account::active_role(link, self.invited_by).await?;
        let normalised = self.email.normalised();
        let taken = account::address_is_taken(link, self.organisation, normalised.clone());
        if taken.await?.is_some() {
            return Err(Refused::AccountExists.into());
        }
        let before = standing(link, self.organisation, normalised.clone(), self.at).await?;
        let roles = before.map(|(_, role)| role).into_iter().chain([self.role]);
        if roles
            .into_iter()
            .any(|role| !may_invite(inviter, role).is_allowed())
        {
            return Err(Refused::NotAllowed.into());
        }
        replace(link, self.organisation, normalised.clone()).await?;
        insert(
            link,
            self.id,
            self.token,
            self.organisation,
            self.email,
            normalised,
            self.role,
            self.invited_by,
            self.at,
            self.expires_at,
        )
        .await?;
        Ok(before.map(|(id, _)| id))
    }
}

impl Action for WithdrawInvitation {}

impl Apply for WithdrawInvitation {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        match withdraw(link, self.id).await? {
            0 => Err(Refused::NotFound.into()),
            _ => Ok(()),
        }
    }
}

impl Action for AcceptInvitation {}

impl Apply for AcceptInvitation {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let spent = spend(link, self.token, self.at).await?;
        let (organisation, email, role) = spent.ok_or(Refused::LinkSpent)?;
        let (password, identity) = match self.chosen {
            Chosen::Password(password) => (Some(password), None),
            Chosen::Identity(identity) => (None, Some(identity)),
        };
        let new = NewAccount {
            id: self.account,
            organisation,
            email,
            display_name: self.display_name,
            role,
            state: AccountState::Active,
            password,
            at: self.at,
        };
        account::insert(link, new).await?;
        let session = self.session.id;
        session::insert(link, self.session).await?;
        if let Some(identity) = identity {
            federated_identity::connect(link, self.account, &identity, self.at).await?;
            federated_identity::remember(link, session, identity).await?;
        }
        Ok(())
    }
}

/// Makes the links void of whom somebody invited and, in their role from then on, may not invite; with none, of everybody.
pub(super) async fn void(
    link: &mut Link<'_>,
    invited_by: AccountId,
    becomes: Option<AccountRole>,
) -> Result<(), Failure> {
    for (id, role) in of_inviter(link, invited_by).await? {
        if !becomes.is_some_and(|becomes| may_invite(becomes, role).is_allowed()) {
            withdraw(link, id).await?;
        }
    }
    Ok(())
}

/// Those that are too old.
pub(super) async fn forget(link: &mut Link<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    forget_expired(link, now).await?;
    Ok(())
}

statements! {
    optional standing(organisation: OrganisationId, normalised: String, now: Timestamp)
        -> (InvitationId, AccountRole)
        = "SELECT id, role FROM invitation
           WHERE organisation = $1 AND email_normalised = $2 AND expires_at > $3";

    execute replace(organisation: OrganisationId, normalised: String)
        = "DELETE FROM invitation WHERE organisation = $1 AND email_normalised = $2";

    execute insert(
        id: InvitationId, token: TokenHash, organisation: OrganisationId, email: EmailAddress,
        normalised: String, role: AccountRole, invited_by: AccountId, at: Timestamp,
        expires_at: Timestamp,
    )
        = "INSERT INTO invitation
             (id, token_hash, organisation, email, email_normalised, role, invited_by, invited_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    all of_inviter(invited_by: AccountId) -> (InvitationId, AccountRole)
        = "SELECT id, role FROM invitation WHERE invited_by = $1 ORDER BY id";

    execute withdraw(id: InvitationId)
        = "DELETE FROM invitation WHERE id = $1";

    optional spend(token: TokenHash, now: Timestamp) -> (OrganisationId, EmailAddress, AccountRole)
        = "DELETE FROM invitation WHERE token_hash = $1 AND expires_at > $2
           RETURNING organisation, email, role";

    execute forget_expired(now: Timestamp)
        = "DELETE FROM invitation WHERE expires_at <= $1";
}
