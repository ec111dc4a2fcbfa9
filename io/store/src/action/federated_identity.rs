//! Who an account's holder is at an identity provider: connected, used, disconnected.

use conclave_policy::directory::may_match;
use conclave_protocol::{AccountId, Timestamp};

use super::session::{self, Renewal};
use super::{Action, Apply, Failure};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::directory;
use crate::read::federated_identity::any;
use crate::secret::TokenHash;

/// Somebody as the provider says, and its session where it named one.
#[derive(Clone)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    pub session: Option<String>,
}

/// From then on the identity signs in to the account; the account's other sessions end. Refused:
/// [`Refused::IdentityTaken`] for one that is connected already, or for an account that has one of this provider;
/// [`Refused::NotFound`] when the session has ended.
pub struct ConnectIdentity {
    pub account: AccountId,
    pub identity: Identity,
    pub renewal: Renewal,
    pub at: Timestamp,
}

/// From then on the identity signs in to the account that the organisation's directory brought under the same name. Refused:
/// [`Refused::NotFound`] where there is none such, or it has an identity; [`Refused::AccountState`] unless it is active;
/// [`Refused::IdentityTaken`].
pub struct MatchIdentity {
    pub account: AccountId,
    pub identity: Identity,
    pub at: Timestamp,
}

/// Takes away every identity that the account has. Refused: [`Refused::NotFound`], [`Refused::LastWay`].
pub struct DisconnectIdentity {
    pub account: AccountId,
    pub renewal: Renewal,
}

impl Action for ConnectIdentity {}

impl Apply for ConnectIdentity {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        connect(link, self.account, &self.identity, self.at).await?;
        session::renew(link, self.renewal).await
    }
}

impl Action for MatchIdentity {}

impl Apply for MatchIdentity {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        super::account::is_active(link, self.account).await?;
        let found = directory::user(link, self.account).await?;
        let user = found.ok_or(Refused::NotFound)?;
        let name = user.external_id.as_ref().map(|id| id.as_str());
        let is_theirs = name == Some(self.identity.subject.as_str());
        let has_one = any(link, self.account).await?.is_some();
        if !is_theirs || has_one || !may_match(user.is_made(), user.role) {
            return Err(Refused::NotFound.into());
        }
        connect(link, self.account, &self.identity, self.at).await
    }
}

impl Action for DisconnectIdentity {}

impl Apply for DisconnectIdentity {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        if forget(link, self.account).await? == 0 {
            return Err(Refused::NotFound.into());
        }
        keep_a_way(link, self.account).await?;
        session::renew(link, self.renewal).await
    }
}

/// Refused: [`Refused::IdentityTaken`].
pub(super) async fn connect(
    link: &mut Link<'_>,
    account: AccountId,
    identity: &Identity,
    at: Timestamp,
) -> Result<(), Failure> {
    let (issuer, subject) = (identity.issuer.clone(), identity.subject.clone());
    match insert(link, issuer, subject, account, at).await? {
        0 => Err(Refused::IdentityTaken.into()),
        _ => Ok(()),
    }
}

/// The session is one that the provider opened. Refused: [`Refused::Conflict`] when the identity is the account's no
/// longer.
pub(super) async fn use_identity(
    link: &mut Link<'_>,
    account: AccountId,
    identity: Identity,
    session: TokenHash,
    at: Timestamp,
) -> Result<(), Failure> {
    let (issuer, subject) = (identity.issuer.clone(), identity.subject.clone());
    if touch(link, issuer, subject, account, at).await? == 0 {
        return Err(Refused::Conflict.into());
    }
    remember(link, session, identity).await?;
    Ok(())
}

pub(super) async fn remember(
    link: &mut Link<'_>,
    session: TokenHash,
    identity: Identity,
) -> Result<(), sqlx::Error> {
    let Identity {
        issuer,
        subject,
        session: provider_session,
    } = identity;
    insert_session(link, session, issuer, subject, provider_session).await?;
    Ok(())
}

/// What the provider opened it still ends under another cookie.
pub(super) async fn hand_on(
    link: &mut Link<'_>,
    old: TokenHash,
    new: TokenHash,
) -> Result<(), sqlx::Error> {
    move_session(link, old, new).await?;
    Ok(())
}

/// After a way to sign in was taken away. Refused: [`Refused::LastWay`] when none is left.
pub(super) async fn keep_a_way(link: &mut Link<'_>, account: AccountId) -> Result<(), Failure> {
    match has_a_way(link, account).await? {
        true => Ok(()),
        false => Err(Refused::LastWay.into()),
    }
}

/// Whether there is anything to sign in with.
pub(super) async fn has_a_way(
    link: &mut Link<'_>,
    account: AccountId,
) -> Result<bool, sqlx::Error> {
    Ok(any_way(link, account).await?.is_some())
}

statements! {
    execute insert(issuer: String, subject: String, account: AccountId, at: Timestamp)
        = "INSERT INTO federated_identity (issuer, subject, account, connected_at)
           VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

    execute touch(issuer: String, subject: String, account: AccountId, at: Timestamp)
        = "UPDATE federated_identity SET last_used_at = $4
           WHERE issuer = $1 AND subject = $2 AND account = $3";

    execute insert_session(
        session: TokenHash, issuer: String, subject: String, provider_session: Option<String>,
    )
        = "INSERT INTO federated_session (session, issuer, subject, provider_session)
           VALUES ($1, $2, $3, $4)";

    execute move_session(old: TokenHash, new: TokenHash)
        = "UPDATE federated_session SET session = $2
           WHERE session = $1 AND NOT EXISTS (SELECT 1 FROM federated_session WHERE session = $2)";

    execute forget(account: AccountId)
        = "DELETE FROM federated_identity WHERE account = $1";

    optional any_way(account: AccountId) -> (bool,)
        = "SELECT TRUE WHERE EXISTS (SELECT 1 FROM account WHERE id = $1 AND password IS NOT NULL)
           OR EXISTS (SELECT 1 FROM passkey WHERE account = $1)
           OR EXISTS (SELECT 1 FROM federated_identity WHERE account = $1)";
}
