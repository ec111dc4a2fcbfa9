//! Evidence: how claims come to stand, decisions, agreements, and signed reviews of all settings.

use conclave_policy::capability::{AccountAction, account_may};
use conclave_protocol::evidence::{AgreementState, ClaimState, DecisionChoice};
use conclave_protocol::personal::{Title, Words};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use uuid::Uuid;

use super::{Action, Apply, Failure, account};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::evidence::MOST_AGREEMENTS;

/// These claims stand so from `at` on.
pub struct ChangeClaims {
    pub organisation: OrganisationId,
    pub at: Timestamp,
    pub changes: Vec<(&'static str, ClaimState)>,
}

/// Replaces what was decided about the subject before. Refused: [`Refused::NotAllowed`].
pub struct Decide {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub subject: String,
    pub choice: DecisionChoice,
    pub reason: Words,
    pub risk: Words,
    pub size: Words,
    pub complexity: Words,
    pub infrastructure: Words,
    pub cost: Words,
    pub by: AccountId,
    pub at: Timestamp,
}

/// What is in the register about one contract.
pub struct AgreementWords {
    pub party: Title,
    pub state: AgreementState,
    pub signed_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub document: Option<String>,
}

/// Refused: [`Refused::NotAllowed`], [`Refused::TooManyAgreements`].
pub struct AddAgreement {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub words: AgreementWords,
    pub by: AccountId,
    pub at: Timestamp,
}

/// Refused: [`Refused::NotAllowed`], [`Refused::NotFound`].
pub struct ChangeAgreement {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub words: AgreementWords,
    pub by: AccountId,
    pub at: Timestamp,
}

/// Refused: [`Refused::NotAllowed`].
pub struct SignReview {
    pub organisation: OrganisationId,
    /// A hash of the settings as they are.
    pub settings: String,
    pub by: AccountId,
    pub at: Timestamp,
}

impl Action for ChangeClaims {}

impl Apply for ChangeClaims {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        for (claim, state) in self.changes {
            change(link, self.organisation, claim.to_owned(), self.at, state).await?;
        }
        Ok(())
    }
}

impl Action for Decide {}

impl Apply for Decide {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_decide(link, self.by).await?;
        replace(link, self.organisation, self.subject.clone(), self.at).await?;
        decide(
            link,
            self.id,
            self.organisation,
            self.subject,
            self.choice,
            self.reason,
            self.risk,
            self.size,
            self.complexity,
            self.infrastructure,
            self.cost,
            self.by,
            self.at,
        )
        .await?;
        Ok(())
    }
}

impl Action for AddAgreement {}

impl Apply for AddAgreement {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_decide(link, self.by).await?;
        let count = count(link, self.organisation).await?;
        if count.is_none_or(|(count,)| count >= MOST_AGREEMENTS) {
            return Err(Refused::TooManyAgreements.into());
        }
        let AgreementWords {
            party,
            state,
            signed_at,
            ends_at,
            document,
        } = self.words;
        add(
            link,
            self.id,
            self.organisation,
            party,
            state,
            signed_at,
            ends_at,
            document,
            self.at,
        )
        .await?;
        Ok(())
    }
}

impl Action for ChangeAgreement {}

impl Apply for ChangeAgreement {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_decide(link, self.by).await?;
        let AgreementWords {
            party,
            state,
            signed_at,
            ends_at,
            document,
        } = self.words;
        let changed = write(
            link,
            self.id,
            self.organisation,
            party,
            state,
            signed_at,
            ends_at,
            document,
            self.at,
        );
        match changed.await? {
            0 => Err(Refused::NotFound.into()),
            _ => Ok(()),
        }
    }
}

impl Action for SignReview {}

impl Apply for SignReview {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_decide(link, self.by).await?;
        sign(link, self.organisation, self.at, self.by, self.settings).await?;
        Ok(())
    }
}

async fn may_decide(link: &mut Link<'_>, by: AccountId) -> Result<(), Failure> {
    let role = account::active_role(link, by).await?;
    match account_may(role, AccountAction::DecideEvidence).is_allowed() {
        true => Ok(()),
        false => Err(Refused::NotAllowed.into()),
    }
}

statements! {
    execute change(organisation: OrganisationId, claim: String, at: Timestamp, state: ClaimState)
        = "INSERT INTO evidence_change (organisation, claim, at, state) VALUES ($1, $2, $3, $4)
           ON CONFLICT (organisation, claim, at) DO UPDATE SET state = excluded.state";

    execute replace(organisation: OrganisationId, subject: String, at: Timestamp)
        = "UPDATE evidence_decision SET replaced_at = $3
           WHERE organisation = $1 AND subject = $2 AND replaced_at IS NULL";

    execute decide(
        id: Uuid, organisation: OrganisationId, subject: String, choice: DecisionChoice, reason: Words,
        risk: Words, size: Words, complexity: Words, infrastructure: Words, cost: Words,
        by: AccountId, at: Timestamp,
    )
        = "INSERT INTO evidence_decision (id, organisation, subject, choice, reason, risk, size, complexity,
             infrastructure, cost, decided_by, decided_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

    optional count(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM agreement WHERE organisation = $1";

    execute add(
        id: Uuid, organisation: OrganisationId, party: Title, state: AgreementState,
        signed_at: Option<Timestamp>, ends_at: Option<Timestamp>, document: Option<String>, at: Timestamp,
    )
        = "INSERT INTO agreement (id, organisation, party, state, signed_at, ends_at, document, changed_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    execute write(
        id: Uuid, organisation: OrganisationId, party: Title, state: AgreementState,
        signed_at: Option<Timestamp>, ends_at: Option<Timestamp>, document: Option<String>, at: Timestamp,
    )
        = "UPDATE agreement SET party = $3, state = $4, signed_at = $5, ends_at = $6, document = $7,
             changed_at = $8
           WHERE id = $1 AND organisation = $2";

    execute sign(organisation: OrganisationId, at: Timestamp, by: AccountId, settings: String)
        = "INSERT INTO evidence_review (organisation, signed_at, signed_by, settings) VALUES ($1, $2, $3, $4)";
}
