//! Evidence: how claims stood, and what the organisation decided, agreed and reviewed.

use conclave_protocol::evidence::{AgreementState, ClaimState, DecisionChoice};
use conclave_protocol::personal::{DisplayName, Title, Words};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::engine::{row, statements};

row! {
    /// How a claim stands since when.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ClaimStands {
        pub claim: String,
        pub at: Timestamp,
        pub state: ClaimState,
    }
}

row! {
    /// What the organisation decided about a subject.
    #[derive(Clone)]
    pub struct Decision {
        pub id: Uuid,
        pub subject: String,
        pub choice: DecisionChoice,
        pub reason: Words,
        pub risk: Words,
        pub size: Words,
        pub complexity: Words,
        pub infrastructure: Words,
        pub cost: Words,
        pub decided_by: AccountId,
        pub decided_by_name: DisplayName,
        pub decided_at: Timestamp,
    }
}

row! {
    /// A contract with a business associate.
    #[derive(Clone)]
    pub struct Agreement {
        pub id: Uuid,
        pub party: Title,
        pub state: AgreementState,
        pub signed_at: Option<Timestamp>,
        pub ends_at: Option<Timestamp>,
        pub document: Option<String>,
        pub changed_at: Timestamp,
    }
}

impl Agreement {
    /// Signed, begun, and not over.
    pub fn in_force(&self, now: Timestamp) -> bool {
        let begun = self.signed_at.is_some_and(|signed| signed <= now);
        let over = self.ends_at.is_some_and(|ends| ends <= now);
        self.state == AgreementState::Signed && begun && !over
    }
}

row! {
    /// Who signed that they went through all settings.
    #[derive(Clone)]
    pub struct Review {
        pub signed_at: Timestamp,
        pub signed_by: AccountId,
        pub signed_by_name: DisplayName,
        /// What they were, as a hash.
        pub settings: String,
    }
}

row! {
    /// How many media sessions came to an end since then, and how many by another protection than the one that is promised.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct MediaProfiles {
        pub sessions: u64,
        pub others: u64,
        pub last: Option<Timestamp>,
    }
}

/// The longest register of agreements.
pub const MOST_AGREEMENTS: u32 = 200;

statements! {
    all stood(organisation: OrganisationId, at: Timestamp) -> ClaimStands
        = "SELECT c.claim AS claim, c.at AS at, c.state AS state FROM evidence_change c
           WHERE c.organisation = $1 AND c.at = (
             SELECT MAX(o.at) FROM evidence_change o
             WHERE o.organisation = $1 AND o.claim = c.claim AND o.at <= $2)
           ORDER BY c.claim";

    optional evaluations(organisation: OrganisationId, since: i64, until: i64) -> (u32,)
        = "SELECT COUNT(*) FROM audit_entry e JOIN audit_log l ON l.number = e.log
           WHERE l.log = $1 AND e.event = 'evidence.evaluate' AND e.at > $2 AND e.at <= $3";

    all decisions(organisation: OrganisationId, at: Timestamp) -> Decision
        = "SELECT d.id AS id, d.subject AS subject, d.choice AS choice, d.reason AS reason, d.risk AS risk,
             d.size AS size, d.complexity AS complexity, d.infrastructure AS infrastructure, d.cost AS cost,
             d.decided_by AS decided_by, a.display_name AS decided_by_name, d.decided_at AS decided_at
           FROM evidence_decision d JOIN account a ON a.id = d.decided_by
           WHERE d.organisation = $1 AND d.decided_at <= $2 AND (d.replaced_at IS NULL OR d.replaced_at > $2)
           ORDER BY d.subject";

    all agreements(organisation: OrganisationId, most: u32) -> Agreement
        = "SELECT id, party, state, signed_at, ends_at, document, changed_at FROM agreement
           WHERE organisation = $1 ORDER BY id DESC LIMIT $2";

    optional last_review(organisation: OrganisationId, at: Timestamp) -> Review
        = "SELECT r.signed_at AS signed_at, r.signed_by AS signed_by, a.display_name AS signed_by_name,
             r.settings AS settings
           FROM evidence_review r JOIN account a ON a.id = r.signed_by
           WHERE r.organisation = $1 AND r.signed_at <= $2 ORDER BY r.signed_at DESC LIMIT 1";

    optional media_profiles(since: Timestamp, promised: String) -> MediaProfiles
        = "SELECT COUNT(*) AS sessions, COUNT(CASE WHEN srtp <> $2 THEN 1 END) AS others,
             MAX(recorded_at) AS last
           FROM quality_session WHERE recorded_at >= $1 AND srtp <> ''";
}
