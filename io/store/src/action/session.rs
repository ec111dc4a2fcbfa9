//! Web sessions: signing in, out, and being seen.

use conclave_policy::second_factor::Assurance;
use conclave_policy::totp::Step;
use conclave_protocol::factor::BrowserKind;
use conclave_protocol::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

use super::federated_identity::{self, Identity};
use super::passkey::{self, UsedPasskey};
use super::{Action, Apply, Failure, Upkeep, emergency_code, second_factor};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::quality::INTERVALS_KEPT;
use crate::secret::{PasswordHash, TokenHash};

/// The hash of a session's cookie, whose it is, and when it ends at the latest.
#[derive(Clone)]
pub struct NewSession {
    pub id: TokenHash,
    pub account: AccountId,
    pub created_at: Timestamp,
    /// The beginning of its activity.
    pub last_active_at: Timestamp,
    pub expires_at: Timestamp,
    pub assurance: Assurance,
    /// When its holder proved who they are.
    pub authenticated_at: Timestamp,
    pub browser: BrowserKind,
}

/// Starts a session; passwords, codes and signatures were checked. Refused: [`Refused::AccountState`] unless the
/// account is active, [`Refused::PasswordChanged`], [`Refused::Conflict`] when what it rests on was used at the same
/// moment, [`Refused::NotFound`] when the session that it goes on with has ended.
pub struct SignIn {
    pub session: NewSession,
    /// Absent where a passkey was shown instead.
    pub shown: Option<Shown>,
    pub proof: Proof,
    /// The session that it goes on with, under another cookie.
    pub replaces: Option<TokenHash>,
    /// The browser, from then on.
    pub trusted: Option<TrustedDevice>,
}

/// What was shown first.
#[derive(Clone)]
pub enum Shown {
    Password(RightPassword),
    Identity(Identity),
}

/// A password as it was checked, which takes a while.
#[derive(Clone)]
pub struct RightPassword {
    /// The hash that it fits: the account's still when the session starts, or a reset that has ended every session would
    /// not have ended this one.
    pub checked: PasswordHash,
    /// Hashed again, where its parameters have grown.
    pub rehashed: Option<PasswordHash>,
}

/// What a sign-in rests on beside what was shown first, and uses up.
pub enum Proof {
    /// Nothing more.
    Shown,
    Totp(Step),
    RecoveryCode(TokenHash),
    Passkey(UsedPasskey),
    /// One of the organisation's, and nothing of the account's own.
    EmergencyCode(TokenHash),
}

/// A browser in which the account's holder has signed in.
pub struct TrustedDevice {
    pub token: TokenHash,
    pub expires_at: Timestamp,
}

/// A change of how an account signs in: whoever made it goes on under another cookie, everybody else's
/// sessions end.
pub struct Renewal {
    pub old: TokenHash,
    pub new: NewSession,
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

/// Deletes what is of no use any more at `now`: one-time and mailed links, tickets, idempotency keys, links that were sealed for
/// who asked for help, that somebody who asked was turned away, browsers' requests to be added, what is left of the groups of
/// meetings that have ended, old intervals of quality, and people who knocked, never came in, and went before `knocked_before`.
/// Sessions end with an entry: [`SignOut`].
pub struct ForgetExpired {
    pub now: Timestamp,
    pub knocked_before: Timestamp,
}

impl Action for SignIn {}

impl Apply for SignIn {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let account = self.session.account;
        super::account::is_active(link, account).await?;
        let identity = match self.shown {
            Some(Shown::Password(password)) => {
                check_again(link, account, password).await?;
                None
            }
            Some(Shown::Identity(identity)) => Some(identity),
            None => None,
        };
        match self.proof {
            Proof::Shown => {}
            Proof::Totp(step) => second_factor::use_step(link, account, step).await?,
            Proof::RecoveryCode(code) => second_factor::use_code(link, account, code).await?,
            Proof::Passkey(used) => passkey::use_passkey(link, used).await?,
            Proof::EmergencyCode(code) => {
                let at = self.session.authenticated_at;
                emergency_code::use_code(link, account, code, at).await?;
            }
        }
        let (new, at) = (self.session.id, self.session.last_active_at);
        insert(link, self.session).await?;
        if let Some(identity) = identity {
            federated_identity::use_identity(link, account, identity, new, at).await?;
        }
        if let Some(old) = self.replaces {
            hand_on(link, old, new).await?;
        }
        if let Some(device) = self.trusted {
            trust(link, device.token, account, at, device.expires_at).await?;
        }
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
        super::invitation::forget(link, self.now).await?;
        super::account_request::forget(link, self.now).await?;
        super::password_reset::forget(link, self.now).await?;
        super::program::forget(link, self.now).await?;
        super::email::forget(link, self.now).await?;
        super::unattended::forget(link, self.now).await?;
        super::support_queue::forget(link, self.now).await?;
        forget_tickets(link, self.now).await?;
        forget_answers(link, self.now).await?;
        forget_devices(link, self.now).await?;
        super::vault::forget_requests(link, self.now).await?;
        forget_knocks(link, self.knocked_before).await?;
        super::group::end_left_behind(link, self.now).await?;
        super::quality::forget_intervals(link, self.now.minus(INTERVALS_KEPT)).await?;
        Ok(())
    }
}

async fn check_again(
    link: &mut Link<'_>,
    account: AccountId,
    password: RightPassword,
) -> Result<(), Failure> {
    let RightPassword { checked, rehashed } = password;
    let kept = rehashed.unwrap_or_else(|| checked.clone());
    match exchange_password(link, account, checked, kept).await? {
        0 => Err(Refused::PasswordChanged.into()),
        _ => Ok(()),
    }
}

pub(super) async fn insert(link: &mut Link<'_>, session: NewSession) -> Result<(), sqlx::Error> {
    insert_session(
        link,
        session.id,
        session.account,
        session.created_at,
        session.last_active_at,
        session.authenticated_at,
        session.expires_at,
        session.assurance,
        session.browser,
    )
    .await?;
    signed_in(link, session.account, session.authenticated_at).await?;
    Ok(())
}

/// Refused: [`Refused::NotFound`] when the old session has ended.
pub(super) async fn renew(link: &mut Link<'_>, renewal: Renewal) -> Result<(), Failure> {
    let (account, new) = (renewal.new.account, renewal.new.id);
    insert(link, renewal.new).await?;
    hand_on(link, renewal.old, new).await?;
    delete_others(link, account, new).await?;
    Ok(())
}

/// What hangs on the old session hangs on the new one. Refused: [`Refused::NotFound`] when the old one has ended.
async fn hand_on(link: &mut Link<'_>, old: TokenHash, new: TokenHash) -> Result<(), Failure> {
    move_requests(link, old, new).await?;
    federated_identity::hand_on(link, old, new).await?;
    match delete_session(link, old).await? {
        0 => Err(Refused::NotFound.into()),
        _ => Ok(()),
    }
}

statements! {
    execute insert_session(
        id: TokenHash, account: AccountId, created_at: Timestamp, last_active_at: Timestamp,
        authenticated_at: Timestamp, expires_at: Timestamp, assurance: Assurance, browser: BrowserKind,
    )
        = "INSERT INTO web_session
             (id_hash, account, created_at, last_active_at, authenticated_at, expires_at, assurance, browser)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    execute signed_in(id: AccountId, at: Timestamp)
        = "UPDATE account SET last_sign_in_at = $2
           WHERE id = $1 AND (last_sign_in_at < $2 OR last_sign_in_at IS NULL)";

    optional holder(id: TokenHash) -> (AccountId,)
        = "SELECT account FROM web_session WHERE id_hash = $1";

    execute exchange_password(id: AccountId, checked: PasswordHash, kept: PasswordHash)
        = "UPDATE account SET password = $3 WHERE id = $1 AND password = $2";

    execute move_requests(old: TokenHash, new: TokenHash)
        = "UPDATE device_request SET session = $2 WHERE session = $1";

    execute delete_others(account: AccountId, kept: TokenHash)
        = "DELETE FROM web_session WHERE account = $1 AND id_hash <> $2";

    execute trust(token: TokenHash, account: AccountId, at: Timestamp, expires_at: Timestamp)
        = "INSERT INTO trusted_device (token_hash, account, created_at, expires_at)
           VALUES ($1, $2, $3, $4)
           ON CONFLICT (token_hash, account) DO UPDATE SET expires_at = excluded.expires_at";

    execute forget_devices(now: Timestamp)
        = "DELETE FROM trusted_device WHERE expires_at <= $1";

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
