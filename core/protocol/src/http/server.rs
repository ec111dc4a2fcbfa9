//! What anybody may know about this server.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::mls::ExternalSender;

/// The body of `GET /api/v1/server`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServerInfo {
    pub version: String,
    /// No owner exists; the one-time link that the server printed makes one.
    pub needs_owner: bool,
    /// Started with `--dev`.
    pub dev: bool,
    /// As meetings' groups name this server. The same for as long as the installation lives.
    pub external_sender: ExternalSender,
    /// It mails links, so that who forgot their password can choose another.
    pub sends_mail: bool,
    /// Anybody may ask for an account.
    pub takes_account_requests: bool,
    /// Anybody may ask for a technician's help, and wait for it.
    pub takes_support_requests: bool,
    /// What people call the organisation's identity provider; absent where it has none.
    pub single_sign_on: Option<String>,
    /// Where complaints about privacy go: `https://` or `mailto:`; absent where the operator names nothing.
    pub complaints: Option<String>,
}
