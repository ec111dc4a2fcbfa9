//! What the organisation makes of each risk.

use conclave_protocol::personal::{DisplayName, Words};
use conclave_protocol::risk::{RiskChoice, RiskLevel};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::engine::{row, statements};

row! {
    /// An assessment.
    #[derive(Clone)]
    pub struct Assessment {
        pub id: Uuid,
        pub risk: String,
        pub choice: RiskChoice,
        pub likelihood: RiskLevel,
        pub impact: RiskLevel,
        pub reason: Words,
        pub next_look_at: Timestamp,
        pub assessed_by: AccountId,
        pub assessed_by_name: DisplayName,
        pub assessed_at: Timestamp,
    }
}

statements! {
    all in_force(organisation: OrganisationId) -> Assessment
        = "SELECT r.id AS id, r.risk AS risk, r.choice AS choice, r.likelihood AS likelihood,
             r.impact AS impact, r.reason AS reason, r.next_look_at AS next_look_at,
             r.assessed_by AS assessed_by, a.display_name AS assessed_by_name, r.assessed_at AS assessed_at
           FROM risk_assessment r JOIN account a ON a.id = r.assessed_by
           WHERE r.organisation = $1 AND r.replaced_at IS NULL ORDER BY r.risk";

    all assessments(organisation: OrganisationId, at: Timestamp) -> Assessment
        = "SELECT r.id AS id, r.risk AS risk, r.choice AS choice, r.likelihood AS likelihood,
             r.impact AS impact, r.reason AS reason, r.next_look_at AS next_look_at,
             r.assessed_by AS assessed_by, a.display_name AS assessed_by_name, r.assessed_at AS assessed_at
           FROM risk_assessment r JOIN account a ON a.id = r.assessed_by
           WHERE r.organisation = $1 AND r.assessed_at <= $2
             AND (r.replaced_at IS NULL OR r.replaced_at > $2)
           ORDER BY r.risk";
}
