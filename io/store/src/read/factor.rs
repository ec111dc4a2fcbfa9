//! How an account signs in, beside its password.

use conclave_protocol::personal::Label;
use conclave_protocol::{AccountId, Timestamp};
use uuid::Uuid;

use crate::engine::{Link, row, statements};
use crate::secret::TokenHash;

/// What an account has.
pub struct Factors {
    pub totp: Option<Totp>,
    /// Oldest first.
    pub passkeys: Vec<Passkey>,
    /// That are left.
    pub recovery_codes: u32,
}

row! {
    /// An authenticator program.
    pub struct Totp {
        pub sealed: Vec<u8>,
        pub last_step: u64,
        pub set_up_at: Timestamp,
    }
}

row! {
    pub struct Passkey {
        pub id: Uuid,
        pub account: AccountId,
        pub credential: String,
        pub label: Label,
        pub created_at: Timestamp,
        pub last_used_at: Option<Timestamp>,
    }
}

impl Factors {
    /// Whether the password alone does not open the account.
    pub fn has_second(&self) -> bool {
        self.totp.is_some() || !self.passkeys.is_empty()
    }
}

pub(crate) async fn of_account(
    link: &mut Link<'_>,
    account: AccountId,
) -> Result<Factors, sqlx::Error> {
    let left = codes(link, account).await?;
    Ok(Factors {
        totp: totp(link, account).await?,
        passkeys: passkeys(link, account).await?,
        recovery_codes: left.map_or(0, |(left,)| left),
    })
}

statements! {
    optional totp(account: AccountId) -> Totp
        = "SELECT sealed, last_step, set_up_at FROM account_totp WHERE account = $1";

    optional codes(account: AccountId) -> (u32,)
        = "SELECT COUNT(*) FROM recovery_code WHERE account = $1";

    all passkeys(account: AccountId) -> Passkey
        = "SELECT id, account, credential, label, created_at, last_used_at
           FROM passkey WHERE account = $1 ORDER BY created_at, id";

    optional passkey(credential_id: Vec<u8>) -> Passkey
        = "SELECT id, account, credential, label, created_at, last_used_at
           FROM passkey WHERE credential_id = $1";

    optional of_other_domains(domain: String) -> (u32,)
        = "SELECT COUNT(*) FROM passkey WHERE domain <> $1";

    optional knows(token: TokenHash, now: Timestamp) -> (bool,)
        = "SELECT TRUE FROM trusted_device WHERE token_hash = $1 AND expires_at > $2 LIMIT 1";

    optional trusts(account: AccountId, token: TokenHash, now: Timestamp) -> (bool,)
        = "SELECT TRUE FROM trusted_device
           WHERE token_hash = $2 AND account = $1 AND expires_at > $3";
}
