//! What the organisation makes of a risk.

use conclave_protocol::personal::Words;
use conclave_protocol::risk::{RiskChoice, RiskLevel};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use uuid::Uuid;

use super::evidence::may_decide;
use super::{Action, Apply, Failure};
use crate::engine::{Link, statements};

/// Replaces what was said of the risk before, which is kept. Refused: [`crate::Refused::NotAllowed`].
pub struct AssessRisk {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub risk: String,
    pub choice: RiskChoice,
    pub likelihood: RiskLevel,
    pub impact: RiskLevel,
    pub reason: Words,
    pub next_look_at: Timestamp,
    pub by: AccountId,
    pub at: Timestamp,
}

impl Action for AssessRisk {}

impl Apply for AssessRisk {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_decide(link, self.by).await?;
        replace(link, self.organisation, self.risk.clone(), self.at).await?;
        assess(
            link,
            self.id,
            self.organisation,
            self.risk,
            self.choice,
            self.likelihood,
            self.impact,
            self.reason,
            self.next_look_at,
            self.by,
            self.at,
        )
        .await?;
        Ok(())
    }
}

statements! {
    execute replace(organisation: OrganisationId, risk: String, at: Timestamp)
        = "UPDATE risk_assessment SET replaced_at = $3
           WHERE organisation = $1 AND risk = $2 AND replaced_at IS NULL";

    execute assess(
        id: Uuid, organisation: OrganisationId, risk: String, choice: RiskChoice, likelihood: RiskLevel,
        impact: RiskLevel, reason: Words, next_look_at: Timestamp, by: AccountId, at: Timestamp,
    )
        = "INSERT INTO risk_assessment (id, organisation, risk, choice, likelihood, impact, reason,
             next_look_at, assessed_by, assessed_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
}
