//! Which safeguards hold, what shows it, and what the organisation decided.

pub(super) mod decide;
pub(super) mod export;
pub(super) mod read;
pub(super) mod review;

use std::time::Duration;

use conclave_protocol::evidence::Decision;
use conclave_protocol::{OrganisationId, Timestamp};

use super::problem::Refusal;
use crate::app::App;
use crate::evidence::{Inquiry, Statement, decided};

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
            let stood = app.store.claims_stood(organisation, now).await?;
            Ok(Statement::of_now(inquiry, stood, now))
        }
        Some(at) => {
            let stood = app.store.claims_stood(organisation, at).await?;
            let decisions = app.store.decisions(organisation, at).await?;
            let last_review = app.store.last_review(organisation, at).await?;
            let since = at.minus(JUDGED_EVERY);
            let was_judged = app.store.were_claims_judged(organisation, since, at);
            let was_judged = was_judged.await?;
            Ok(Statement::of_past(
                stood,
                decisions,
                last_review,
                was_judged,
                at,
            ))
        }
    }
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

/// A server that runs, and whose rounds finish, judges all claims for the log once a day: at the latest a round after that,
/// which is an hour after another, and takes a while.
const JUDGED_EVERY: Duration = Duration::from_secs(26 * 60 * 60);
