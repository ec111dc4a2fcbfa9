//! Bodies of signing in by the organisation's identity provider.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Timestamp;
use crate::personal::{DisplayName, Secret};

/// `POST /api/v1/session/single-sign-on`: what somebody goes to the provider for.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub enum BeginSingleSignOn {
    SignIn {},
    /// To prove again who sits there.
    StepUp {},
    /// To have an account that needs no password.
    AcceptInvitation {
        /// From the link's fragment.
        token: Secret,
        display_name: DisplayName,
    },
}

/// Where the browser goes.
#[derive(Serialize, ToSchema)]
pub struct SingleSignOnBegun {
    /// The provider's, for a navigation; good for ten minutes, once, in this browser.
    pub address: String,
}

/// `POST /api/v1/session/single-sign-on/finish`: what the provider sent back with the browser (RFC 6749, 4.1.2; RFC 9207).
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishSingleSignOn {
    pub state: Secret,
    /// Absent where the provider refused.
    #[serde(default)]
    pub code: Option<Secret>,
    /// Who says so.
    #[serde(default)]
    pub iss: Option<String>,
}

/// `POST /api/v1/session/single-sign-on/logout`, as a form (OpenID Connect Back-Channel Logout 1.0, 2.5).
#[derive(ToSchema)]
pub struct ProviderLogout {
    pub logout_token: String,
}

/// How an account stands to the provider.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct SingleSignOnWay {
    /// What people call it.
    pub name: String,
    /// Absent while the account is not connected.
    pub connected_at: Option<Timestamp>,
}
