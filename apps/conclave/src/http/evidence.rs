//! Which safeguards hold, what shows it, and what the organisation decided.

pub(super) mod decide;
pub(super) mod export;
pub(super) mod exports;
mod proofs;
pub(super) mod read;
pub(super) mod review;

use conclave_protocol::evidence::Decision;
use conclave_protocol::{OrganisationId, Timestamp};
use conclave_store::ReadError;

use super::problem::Refusal;
use crate::app::App;
use crate::evidence::{Inquiry, Past, Registers, Statement, decided};

/// As things are, or as they were on record at a moment before: one that no finished round has seen is judged as this one.
async fn statement(
    app: &App,
    organisation: OrganisationId,
    now: Timestamp,
    at: Option<Timestamp>,
) -> Result<Statement, Refusal> {
    match at.filter(|at| app.evidence.is_on_record(*at, now)) {
        None => {
            let inquiry = Inquiry::make(app, organisation, now).await?;
            let inquiry = inquiry.look_through_log(app, organisation).await?;
            let stood = app.store.claims_stood(organisation, now).await?;
            Ok(Statement::of_now(inquiry, stood, now))
        }
        Some(at) => Ok(Statement::of_past(past(app, organisation, at).await?, at)),
    }
}

async fn past(app: &App, organisation: OrganisationId, at: Timestamp) -> Result<Past, ReadError> {
    let store = &app.store;
    Ok(Past {
        stood: store.claims_stood(organisation, at).await?,
        decisions: store.decisions(organisation, at).await?,
        last_review: store.last_review(organisation, at).await?,
        registers: Registers {
            versions: store.agreement_versions(organisation, at).await?,
            assessments: store.risk_assessments(organisation, at).await?,
            complaints: store.complaint_counts(organisation, at).await?,
        },
        was_watched: store.was_evidence_watched(organisation, at).await?,
    })
}

/// The decision in force about something.
async fn in_force(
    app: &App,
    organisation: OrganisationId,
    subject: &str,
    now: Timestamp,
) -> Result<Option<Decision>, Refusal> {
    let decisions = app.store.decisions(organisation, now).await?;
    let found = decisions
        .iter()
        .find(|decision| decision.subject == subject);
    Ok(found.map(decided))
}
