//! The organisation's sealed codes: what is known of them.

use conclave_protocol::personal::DisplayName;
use conclave_protocol::{AccountId, OrganisationId, Timestamp};

use crate::engine::{row, statements};
use crate::secret::TokenHash;

row! {
    /// The set that counts.
    pub struct EmergencyCodeSet {
        pub made_at: Timestamp,
        pub made_by: AccountId,
        pub made_by_name: DisplayName,
    }
}

row! {
    pub struct EmergencyCode {
        pub number: u32,
        pub used_at: Option<Timestamp>,
        pub used_by: Option<AccountId>,
        pub used_by_name: Option<DisplayName>,
    }
}

statements! {
    optional set(organisation: OrganisationId) -> EmergencyCodeSet
        = "SELECT s.made_at AS made_at, s.made_by AS made_by, a.display_name AS made_by_name
           FROM emergency_code_set s JOIN account a ON a.id = s.made_by
           WHERE s.organisation = $1";

    all codes(organisation: OrganisationId) -> EmergencyCode
        = "SELECT c.number AS number, c.used_at AS used_at, c.used_by AS used_by,
                  a.display_name AS used_by_name
           FROM emergency_code c LEFT JOIN account a ON a.id = c.used_by
           WHERE c.organisation = $1 ORDER BY c.number";

    optional unused(organisation: OrganisationId, code: TokenHash) -> (u32,)
        = "SELECT number FROM emergency_code
           WHERE organisation = $1 AND code_hash = $2 AND used_at IS NULL";
}
