//! Who somebody is at an identity provider, and the sessions that it opened.

use conclave_protocol::{AccountId, OrganisationId, Timestamp};

use crate::engine::{row, statements};
use crate::secret::TokenHash;

row! {
    /// A session that a provider opened.
    pub struct FederatedSession {
        pub id: TokenHash,
        pub account: AccountId,
        pub organisation: OrganisationId,
    }
}

statements! {
    optional account_of(issuer: String, subject: String) -> (AccountId,)
        = "SELECT account FROM federated_identity WHERE issuer = $1 AND subject = $2";

    optional any(account: AccountId) -> (AccountId,)
        = "SELECT account FROM federated_identity WHERE account = $1 LIMIT 1";

    optional connected_since(account: AccountId, issuer: String) -> (Timestamp,)
        = "SELECT connected_at FROM federated_identity WHERE account = $1 AND issuer = $2";

    all of_subject(issuer: String, subject: String) -> FederatedSession
        = "SELECT s.id_hash AS id, s.account AS account, a.organisation AS organisation
           FROM federated_session f JOIN web_session s ON s.id_hash = f.session
             JOIN account a ON a.id = s.account
           WHERE f.issuer = $1 AND f.subject = $2 ORDER BY s.id_hash";

    all of_both(issuer: String, provider_session: String, subject: String) -> FederatedSession
        = "SELECT s.id_hash AS id, s.account AS account, a.organisation AS organisation
           FROM federated_session f JOIN web_session s ON s.id_hash = f.session
             JOIN account a ON a.id = s.account
           WHERE f.issuer = $1 AND f.subject = $3
             AND (f.provider_session = $2 OR f.provider_session IS NULL) ORDER BY s.id_hash";

    all of_session(issuer: String, provider_session: String) -> FederatedSession
        = "SELECT s.id_hash AS id, s.account AS account, a.organisation AS organisation
           FROM federated_session f JOIN web_session s ON s.id_hash = f.session
             JOIN account a ON a.id = s.account
           WHERE f.issuer = $1 AND f.provider_session = $2 ORDER BY s.id_hash";
}
