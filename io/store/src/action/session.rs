//! Web sessions: signing in, out, and being seen.

use conclave_protocol::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Action, Apply, Failure, Upkeep};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::secret::{PasswordHash, TokenHash};

/// The hash of a session's cookie, whose it is, and when it ends at the latest.
#[derive(Clone)]
pub struct NewSession {
    pub id: TokenHash,
    pub account: AccountId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Starts a session; the password was checked. Refused: [`Refused::NotFound`] without the account.
pub struct SignIn {
    pub session: NewSession,
    /// The password hashed again, where its parameters have grown.
    pub rehashed: Option<PasswordHash>,
}

/// Ends a session. Refused: [`Refused::NotFound`] when it has ended.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignOut {
    pub session: TokenHash,
}

/// The session's holder did something.
pub struct TouchSession {
    pub session: TokenHash,
    pub at: Timestamp,
}

/// Deletes what is of no use any more at `now`: one-time links, tickets, idempotency keys, browsers' requests to be
/// added, what is left of the groups of meetings that have ended, and people who knocked, never came in, and went before
/// `knocked_before`. Sessions end with an entry: [`SignOut`].
pub struct ForgetExpired {
    pub now: Timestamp,
    pub knocked_before: Timestamp,
}

impl Action for SignIn {}

impl Apply for SignIn {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let account = self.session.account;
        if account_exists(link, account).await?.is_none() {
            return Err(Refused::NotFound.into());
        }
        if let Some(password) = self.rehashed {
            set_password(link, account, password).await?;
        }
        insert(link, self.session).await?;
        Ok(())
    }
}

impl Action for SignOut {}

impl Apply for SignOut {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        match delete_session(link, self.session).await? {
            0 => Err(Refused::NotFound.into()),
            _ => Ok(()),
        }
    }
}

impl Upkeep for TouchSession {}

impl Apply for TouchSession {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        touch_session(link, self.session, self.at).await?;
        Ok(())
    }
}

impl Upkeep for ForgetExpired {}

impl Apply for ForgetExpired {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        forget_setup_links(link, self.now).await?;
        forget_tickets(link, self.now).await?;
        forget_answers(link, self.now).await?;
        super::vault::forget_requests(link, self.now).await?;
        forget_knocks(link, self.knocked_before).await?;
        super::group::end_left_behind(link, self.now).await?;
        Ok(())
    }
}

pub(super) async fn insert(link: &mut Link<'_>, session: NewSession) -> Result<(), sqlx::Error> {
    insert_session(
        link,
        session.id,
        session.account,
        session.created_at,
        session.expires_at,
    )
    .await?;
    Ok(())
}

statements! {
    optional account_exists(account: AccountId) -> (bool,)
        = "SELECT TRUE FROM account WHERE id = $1";

    execute set_password(account: AccountId, password: PasswordHash)
        = "UPDATE account SET password = $2 WHERE id = $1";

    execute insert_session(
        id: TokenHash, account: AccountId, created_at: Timestamp, expires_at: Timestamp,
    )
        = "INSERT INTO web_session (id_hash, account, created_at, last_active_at, expires_at)
           VALUES ($1, $2, $3, $3, $4)";

    execute delete_session(id: TokenHash)
        = "DELETE FROM web_session WHERE id_hash = $1";

    execute touch_session(id: TokenHash, at: Timestamp)
        = "UPDATE web_session SET last_active_at = $2 WHERE id_hash = $1 AND last_active_at < $2";

    execute forget_setup_links(now: Timestamp)
        = "DELETE FROM setup_link WHERE expires_at <= $1";

    execute forget_tickets(now: Timestamp)
        = "DELETE FROM ticket WHERE expires_at <= $1";

    execute forget_knocks(before: Timestamp)
        = "DELETE FROM participant WHERE admitted_at IS NULL AND left_at < $1";

    execute forget_answers(now: Timestamp)
        = "DELETE FROM idempotency WHERE expires_at <= $1";
}
