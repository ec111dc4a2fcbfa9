//! `PUT /api/v1/evidence/decisions/{subject}`: what the organisation does about a safeguard, and why.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use conclave_audit::{Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::evidence::{is_decidable, may_be_decided, may_be_due, usual_due};
use conclave_protocol::evidence::{Decide, Decision, DecisionChoice};
use conclave_protocol::problem::Problem;
use conclave_store::action;

use super::in_force;
use crate::app::App;
use crate::evidence::{coded, digest};
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::{named, not_written};
use crate::http::problem::{
    DECISION_INVALID, INTERNAL, Refusal, SAFEGUARD_NOT_FOUND, SAFEGUARD_REQUIRED,
};
use crate::http::signed_in::SignedIn;
use crate::id;

/// What the address names: an addressable safeguard by its code, or a claim about what people do by its id.
pub(crate) struct Subject(Option<Code>);

impl FromRequestParts<App> for Subject {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Refusal> {
        let text: Option<String> = named(parts, "subject").await;
        let known = text.filter(|text| is_decidable(text));
        Ok(Self(known.and_then(|text| Code::parse(&text))))
    }
}

/// Replaces what was decided about it before, which stays on record by its hash. Reasons and what was weighed are kept
/// beside the record. What the rule requires can be implemented only. From the day on that it names, within a year, what it
/// stands for is stale. To owners and admins only.
#[utoipa::path(
    put,
    operation_id = "decideAboutSafeguard",
    path = "/evidence/decisions/{subject}",
    tag = "evidence",
    params(("subject" = String, Path)),
    request_body = Decide,
    responses(
        (status = 200, body = Decision),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 422, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    occasion: Occasion,
    Subject(subject): Subject,
    Body(body): Body<Decide>,
) -> Result<Json<Decision>, Refusal> {
    let id = id::fresh(occasion.now)?;
    let due = body.due.unwrap_or_else(|| usual_due(occasion.now));
    let body = Decide {
        due: Some(due),
        ..body
    };
    let event = Event::EvidenceDecide {
        decision: id,
        subject: subject.clone().unwrap_or(Code::new("unknown")),
        choice: choice(body.choice),
        words: coded(&digest(&body)),
    };
    let action = AccountAction::DecideEvidence;
    signed_in.may(&app, action, &occasion, &event).await?;
    let subject = subject.ok_or(SAFEGUARD_NOT_FOUND)?;
    if !may_be_decided(subject.as_str(), body.choice) {
        return Err(SAFEGUARD_REQUIRED.into());
    }
    if !may_be_due(occasion.now, due) {
        return Err(DECISION_INVALID.into());
    }
    signed_in.stepped_up(&app, &occasion, &event).await?;
    let organisation = signed_in.account.organisation;
    let entry = occasion.entry(Some(organisation), signed_in.actor(), event)?;
    let act = action::Decide {
        id,
        organisation,
        subject: subject.as_str().to_owned(),
        choice: body.choice,
        reason: body.reason,
        risk: body.risk,
        size: body.size,
        complexity: body.complexity,
        infrastructure: body.infrastructure,
        cost: body.cost,
        owner: body.owner,
        due,
        by: signed_in.account.id,
        at: occasion.now,
    };
    if let Err(error) = app.store.write(act, entry.clone()).await {
        return Err(not_written(&app, error, entry).await);
    }
    let kept = in_force(&app, organisation, subject.as_str(), occasion.now).await?;
    Ok(Json(kept.ok_or(INTERNAL)?))
}

const fn choice(choice: DecisionChoice) -> Code {
    match choice {
        DecisionChoice::Implemented => Code::new("implemented"),
        DecisionChoice::Equivalent => Code::new("equivalent"),
        DecisionChoice::NotReasonable => Code::new("not_reasonable"),
    }
}
