//! Who asked for a technician's help.

use conclave_policy::support_queue::Request;
use conclave_protocol::personal::{DisplayName, Matter};
use conclave_protocol::support_queue::{RequestKey, SealedLink};
use conclave_protocol::{AccountId, OrganisationId, SupportRequestId, SupportSessionId, Timestamp};

use crate::engine::{row, statements};
use crate::secret::TokenHash;

row! {
    /// One request.
    #[derive(Clone)]
    pub struct SupportRequest {
        pub id: SupportRequestId,
        pub organisation: OrganisationId,
        pub public_key: RequestKey,
        /// Of who waits; of who was taken it is not kept.
        pub name: Option<DisplayName>,
        pub matter: Option<Matter>,
        pub asked_at: Timestamp,
        pub seen_at: Timestamp,
        /// The technician who is about to take them, or was.
        pub claimed_by: Option<AccountId>,
        pub claimed_at: Option<Timestamp>,
        pub session: Option<SupportSessionId>,
        pub sealed: Option<SealedLink>,
        pub taken_at: Option<Timestamp>,
    }
}

impl SupportRequest {
    /// As policy looks at it.
    pub fn standing(&self) -> Request {
        Request {
            asked_at: self.asked_at,
            seen_at: self.seen_at,
            taken_at: self.taken_at,
        }
    }
}

/// Requests, whole.
macro_rules! requests {
    ($which:literal) => {
        concat!(
            "SELECT id, organisation, public_key, name, matter, asked_at, seen_at, claimed_by,
               claimed_at, session, sealed, taken_at
             FROM support_request ",
            $which
        )
    };
}

statements! {
    optional with_token(id: SupportRequestId, token: TokenHash) -> SupportRequest
        = requests!("WHERE id = $1 AND token = $2");

    optional declined(id: SupportRequestId, token: TokenHash, after: Timestamp) -> (Timestamp,)
        = "SELECT declined_at FROM support_request_declined
           WHERE id = $1 AND token = $2 AND declined_at > $3";

    all waiting(
        organisation: OrganisationId, asked_after: Timestamp, seen_after: Timestamp, most: u32,
    ) -> SupportRequest
        = requests!(
            "WHERE organisation = $1 AND taken_at IS NULL AND asked_at > $2 AND seen_at > $3
             ORDER BY asked_at, id LIMIT $4"
        );

    optional before(
        organisation: OrganisationId, id: SupportRequestId, asked_at: Timestamp,
        asked_after: Timestamp, seen_after: Timestamp,
    ) -> (u32,)
        = "SELECT COUNT(*) FROM support_request
           WHERE organisation = $1 AND taken_at IS NULL AND asked_at > $4 AND seen_at > $5
             AND (asked_at < $3 OR (asked_at = $3 AND id < $2))";

    all over(asked_before: Timestamp, seen_before: Timestamp, most: u32) -> (SupportRequestId, OrganisationId)
        = "SELECT id, organisation FROM support_request
           WHERE taken_at IS NULL AND (asked_at <= $1 OR seen_at <= $2) ORDER BY asked_at, id LIMIT $3";
}
