//! Web sessions: whose cookie this is.

use conclave_policy::second_factor::Assurance;
use conclave_protocol::factor::BrowserKind;
use conclave_protocol::{AccountId, OrganisationId, Timestamp};

use crate::engine::{row, statements};
use crate::secret::TokenHash;

row! {
    /// A session on record. Whether it still holds is policy's to say.
    pub struct WebSession {
        pub account: AccountId,
        pub created_at: Timestamp,
        /// The last time that its holder did something.
        pub last_active_at: Timestamp,
        pub expires_at: Timestamp,
        pub assurance: Assurance,
        /// The last time that its holder proved who they are.
        pub authenticated_at: Timestamp,
        pub browser: BrowserKind,
    }
}

row! {
    /// One of an account's sessions.
    pub struct SessionOf {
        pub id: TokenHash,
        pub created_at: Timestamp,
        pub last_active_at: Timestamp,
        pub browser: BrowserKind,
    }
}

row! {
    /// A session whose time is over, whatever its holder did.
    pub struct ExpiredSession {
        pub id: TokenHash,
        pub account: AccountId,
        pub organisation: OrganisationId,
    }
}

row! {
    /// A one-time link that makes the owner, on record.
    pub struct SetupLink {
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
        pub used_at: Option<Timestamp>,
    }
}

statements! {
    optional session(id: TokenHash) -> WebSession
        = "SELECT account, created_at, last_active_at, expires_at, assurance, authenticated_at, browser
           FROM web_session WHERE id_hash = $1";

    all sessions_of(account: AccountId, now: Timestamp) -> SessionOf
        = "SELECT id_hash AS id, created_at, last_active_at, browser
           FROM web_session WHERE account = $1 AND expires_at > $2
           ORDER BY last_active_at DESC, id_hash";

    all expired_sessions(now: Timestamp, most: u32) -> ExpiredSession
        = "SELECT s.id_hash AS id, s.account AS account, a.organisation AS organisation
           FROM web_session s JOIN account a ON a.id = s.account
           WHERE s.expires_at <= $1 ORDER BY s.expires_at, s.id_hash LIMIT $2";

    optional setup_link(token: TokenHash) -> SetupLink
        = "SELECT created_at, expires_at, used_at FROM setup_link WHERE token_hash = $1";
}
