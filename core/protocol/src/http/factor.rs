//! Bodies of second factors, of passkeys, and of the places where somebody is signed in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::personal::{EmailAddress, Label, Secret};
use crate::{AccountId, Timestamp};

/// Answers `POST /api/v1/session` with status 202: the password was right, and the account asks for more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecondFactorAsked {
    /// What the account has.
    pub ways: Vec<Way>,
}

/// A way to prove that one has something, beside knowing the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Passkey,
    Totp,
    RecoveryCode,
}

/// `POST /api/v1/session/second-factor`, and part of a step-up.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SecondFactor {
    /// Six digits of an authenticator program.
    Totp(Secret),
    /// One of those that were written down; spaces and hyphens don't count.
    RecoveryCode(Secret),
}

/// `POST /api/v1/session/step-up`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    pub password: Secret,
    /// Needed where the account has one.
    #[serde(default)]
    pub second_factor: Option<SecondFactor>,
}

/// How an account signs in.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SignInWays {
    /// Whether its role may not do without a second factor.
    pub second_factor_mandatory: bool,
    /// Since when an authenticator program is set up.
    pub totp: Option<Timestamp>,
    pub passkeys: Vec<Passkey>,
    /// That are left.
    pub recovery_codes: u32,
    /// The domain that passkeys of this server are for (WebAuthn's RP ID); absent where it has none.
    pub passkey_domain: Option<String>,
    /// Whether changing any of it needs proof of who sits there first.
    pub step_up_due: bool,
    /// Absent for who signs in by the identity provider alone.
    pub has_password: bool,
    /// That a link was mailed to which makes it the account's, while that is good.
    pub asked_email: Option<EmailAddress>,
    /// Absent where the organisation has no identity provider.
    pub single_sign_on: Option<crate::single_sign_on::SingleSignOnWay>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Passkey {
    pub id: Uuid,
    pub label: Label,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// An authenticator program's secret, which counts once a code of it was shown.
#[derive(Serialize, ToSchema)]
pub struct TotpBegun {
    /// Base32.
    pub secret: String,
    /// `otpauth://totp/…`, for a QR code.
    pub uri: String,
}

/// `PUT /api/v1/account/totp`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmTotp {
    pub code: Secret,
}

/// A second factor is set up, or codes were made anew.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Shown this once; empty where the account has some already.
    pub recovery_codes: Vec<String>,
}

/// `PUT /api/v1/account/password`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// 15 to 256 characters, not a well-known one.
    pub password: Secret,
}

/// What a browser is asked to do with a passkey, as WebAuthn defines it (its `…OptionsJSON`).
#[derive(Serialize, ToSchema)]
pub struct PasskeyCeremony {
    /// Goes back with the browser's answer; good for five minutes, once.
    pub ceremony: String,
    #[schema(value_type = Object)]
    pub options: serde_json::Value,
}

/// `POST /api/v1/session/passkey`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UsePasskey {
    pub ceremony: Secret,
    /// WebAuthn's `AuthenticationResponseJSON`.
    #[schema(value_type = Object)]
    pub credential: serde_json::Value,
    /// Whose passkey it must be, where somebody who is signed in proves again who they are.
    #[serde(default)]
    pub account: Option<AccountId>,
}

/// `POST /api/v1/account/passkeys`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPasskey {
    pub ceremony: Secret,
    pub label: Label,
    /// WebAuthn's `RegistrationResponseJSON`.
    #[schema(value_type = Object)]
    pub credential: serde_json::Value,
}

/// `PUT /api/v1/account/passkeys/{passkey}`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenamePasskey {
    pub label: Label,
}

/// Where somebody is signed in.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct OpenSession {
    pub id: String,
    pub browser: BrowserKind,
    pub since: Timestamp,
    pub last_active_at: Timestamp,
    /// Whether it is the one that asks.
    pub this: bool,
}

/// What a browser says it is, coarsely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BrowserKind {
    Chrome,
    Edge,
    Firefox,
    Safari,
    Other,
}
